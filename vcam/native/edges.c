/* `Foreground.clean` in vcam/finish/foreground.py. */

#include "native.h"

#define CELL 4 /* samples of the alpha to a side of a cell */
#define ROOM 7
#define PERSON 248
#define HARDLY 1e-4f

PART ptrdiff_t at_least_one(ptrdiff_t count) { return count > 0 ? count : 1; }
PART ptrdiff_t lesser(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

/* Means of `side` x `side` bytes. */
PART void in_cells(
    const uint8_t *plane, ptrdiff_t step, ptrdiff_t width, ptrdiff_t height, ptrdiff_t side,
    ptrdiff_t across, ptrdiff_t down, float *cells, uint16_t *columns)
{
    for (ptrdiff_t row = 0; row < down; row++) {
        ptrdiff_t first = row * side, last = lesser(first + side, height);
        EACH(x, width)
            columns[x] = plane[first * step + x];
        for (ptrdiff_t y = first + 1; y < last; y++)
            EACH(x, width)
                columns[x] = (uint16_t)(columns[x] + plane[y * step + x]);
        for (ptrdiff_t n = 0; n < across; n++) {
            ptrdiff_t size = lesser(side, width - n * side);
            const uint16_t *cell = columns + n * side;
            uint32_t sum = 0;
            if (size == side) /* a number that the compiler knows */
                for (ptrdiff_t x = 0; x < side; x++)
                    sum += cell[x];
            else
                for (ptrdiff_t x = 0; x < size; x++)
                    sum += cell[x];
            cells[row * across + n] = (float)sum / (float)((last - first) * size);
        }
    }
}

/* The person's colour and the room's, round a cell. */
typedef struct {
    float person, room;
} Colors;

PART Colors round_cell(
    const float *alpha, const float *mean, ptrdiff_t across, ptrdiff_t down, ptrdiff_t x,
    ptrdiff_t y)
{
    float person = 0, room = 0, of_person = 0, of_room = 0;
    for (ptrdiff_t dy = -1; dy <= 1; dy++)
        for (ptrdiff_t dx = -1; dx <= 1; dx++) {
            ptrdiff_t row = lesser(y + dy < 0 ? 0 : y + dy, down - 1);
            ptrdiff_t n = row * across + lesser(x + dx < 0 ? 0 : x + dx, across - 1);
            float a = alpha[n] / 255, b = 1 - a;
            float wa = a * a + HARDLY, wb = b * b + HARDLY;
            of_person += wa;
            of_room += wb;
            person += wa * mean[n];
            room += wb * mean[n];
        }
    return (Colors){person / of_person, room / of_room};
}

/* What becomes of up to CELL samples of a row: pixel * kept + added. */
PART void change(
    const uint8_t *level, ptrdiff_t count, Colors colors, float strength, float *kept,
    float *added)
{
    for (ptrdiff_t n = 0; n < count; n++) {
        float missing = (float)(255 - level[n]) * strength;
        float share = (float)level[n] * (missing / 255);
        int is_between = level[n] > ROOM && level[n] < PERSON;
        kept[n] = is_between ? 1 - missing : 1;
        added[n] = is_between
            ? missing * colors.person + share * (colors.person - colors.room) + 0.5f
            : 0;
    }
}

PART uint8_t rounded_down(float level)
{
    return (uint8_t)(int)(level < 0 ? 0 : level > 255 ? 255 : level);
}

/* Apply it to a row of the plane, where each sample stands for `fold` pixels. */
PART void apply(
    uint8_t *pixels, ptrdiff_t count, ptrdiff_t fold, const float *kept, const float *added)
{
    for (ptrdiff_t n = 0; n < count; n++)
        pixels[n] = rounded_down((float)pixels[n] * kept[n / fold] + added[n / fold]);
}

/* What is known of the cells. */
typedef struct {
    ptrdiff_t across, down;
    float *alpha, *mean; /* of each */
    float *is_edge;      /* 1 where a sample is in between */
    uint16_t *columns;   /* for what is under way */
} Cells;

PART Cells laid_out(float *memory, ptrdiff_t half_width, ptrdiff_t half_height)
{
    ptrdiff_t across = at_least_one(half_width / CELL), down = at_least_one(half_height / CELL);
    return (Cells){
        .across = across,
        .down = down,
        .alpha = memory,
        .mean = memory + across * down,
        .is_edge = memory + 2 * across * down,
        .columns = (uint16_t *)(memory + 3 * across * down),
    };
}

/* Floats of memory that the two functions below want for an alpha of that size. */
VISIBLE ptrdiff_t vcam_edges_memory(ptrdiff_t half_width, ptrdiff_t half_height)
{
    return 3 * at_least_one(half_width / CELL) * at_least_one(half_height / CELL) + half_width;
}

/* Look at an alpha before planes are cleaned by it. */
EXPORT void vcam_edges_look_at(
    const uint8_t *half_alpha, ptrdiff_t step, ptrdiff_t width, ptrdiff_t height, float *memory)
{
    Cells cells = laid_out(memory, width, height);
    in_cells(
        half_alpha, step, width, height, CELL, cells.across, cells.down, cells.alpha,
        cells.columns);
    uint8_t *is_between = (uint8_t *)cells.columns;
    for (ptrdiff_t row = 0; row < cells.down; row++) {
        ptrdiff_t first = row * CELL, last = row + 1 < cells.down ? first + CELL : height;
        EACH(x, width)
            is_between[x] = 0;
        for (ptrdiff_t y = first; y < last; y++) {
            const uint8_t *level = half_alpha + y * step;
            EACH(x, width)
                is_between[x] |= (uint8_t)(level[x] - ROOM - 1) < PERSON - ROOM - 1;
        }
        for (ptrdiff_t n = 0; n < cells.across; n++) {
            ptrdiff_t end = n + 1 < cells.across ? (n + 1) * CELL : width;
            uint8_t any = 0;
            for (ptrdiff_t x = n * CELL; x < end; x++)
                any |= is_between[x];
            cells.is_edge[row * cells.across + n] = any;
        }
    }
}

/* Give the samples of `plane` in which that alpha is in between the person's own colour. The plane
 * has the alpha's size, or twice that; `strength` is from 0 to 1 / 255. */
EXPORT void vcam_edges_clean(
    uint8_t *plane, ptrdiff_t step, ptrdiff_t width, ptrdiff_t height, const uint8_t *half_alpha,
    ptrdiff_t half_step, ptrdiff_t half_width, ptrdiff_t half_height, float strength,
    float *memory)
{
    Cells cells = laid_out(memory, half_width, half_height);
    ptrdiff_t across = cells.across, down = cells.down;
    ptrdiff_t fold = width == half_width && height == half_height ? 1 : 2;
    if (fold == 1)
        in_cells(plane, step, width, height, CELL, across, down, cells.mean, cells.columns);
    else
        in_cells(plane, step, width, height, 2 * CELL, across, down, cells.mean, cells.columns);
    for (ptrdiff_t row = 0; row < down; row++) {
        ptrdiff_t first = row * CELL, last = row + 1 < down ? first + CELL : half_height;
        for (ptrdiff_t n = 0; n < across; n++) {
            if (cells.is_edge[row * across + n] == 0)
                continue;
            ptrdiff_t begin = n * CELL, end = n + 1 < across ? begin + CELL : half_width;
            Colors colors = round_cell(cells.alpha, cells.mean, across, down, n, row);
            for (ptrdiff_t y = first; y < last; y++)
                for (ptrdiff_t x = begin; x < end; x += CELL) {
                    float kept[CELL], added[CELL];
                    ptrdiff_t samples = lesser(CELL, end - x);
                    ptrdiff_t pixels = lesser(fold * samples, width - fold * x);
                    change(half_alpha + y * half_step + x, samples, colors, strength, kept, added);
                    for (ptrdiff_t line = fold * y; line < lesser(fold * (y + 1), height); line++) {
                        uint8_t *at = plane + line * step + fold * x;
                        /* Thrice, with numbers that the compiler knows where it can. */
                        if (fold == 2 && pixels == 2 * CELL)
                            apply(at, 2 * CELL, 2, kept, added);
                        else if (fold == 1 && pixels == CELL)
                            apply(at, CELL, 1, kept, added);
                        else
                            apply(at, pixels, fold, kept, added);
                    }
                }
        }
    }
}
