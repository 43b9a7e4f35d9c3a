/* `OpenCvWindows` in vcam/matte/windows.py.
 *
 * A window's sum is that of its columns' sums, and those change by one pixel from row to row. All
 * are whole numbers below 2^24, so floats hold them exactly, whatever is added and taken away. */

#include "native.h"

#define MOST 3 /* the largest radius */

/* Planes of floats, one behind the other; all of a row's pixels have MOST more on both sides. */
typedef struct {
    ptrdiff_t pitch; /* from row to row */
    ptrdiff_t plane; /* from plane to plane */
    float *colors;   /* 3: blue, green, red */
    float *windows;  /* 9: means of the colours; l1, l2, l3 of L; one over each of D */
    float *lines;    /* 4: slopes and offset of the function that fits best */
    float *smooth;   /* 4: the means of those that cover a pixel */
    float *rows;     /* ROWS rows for what is under way */
} Memory;

#define PLANES (3 + 9 + 4 + 4)
#define ROWS (9 + 9 + 1)

VISIBLE ptrdiff_t vcam_guided_memory(ptrdiff_t width, ptrdiff_t height)
{
    return (width + 2 * MOST) * (PLANES * height + ROWS);
}

PART Memory laid_out(float *memory, ptrdiff_t width, ptrdiff_t height)
{
    ptrdiff_t pitch = width + 2 * MOST, plane = pitch * height;
    return (Memory){
        .pitch = pitch,
        .plane = plane,
        .colors = memory + MOST,
        .windows = memory + 3 * plane + MOST,
        .lines = memory + 12 * plane + MOST,
        .smooth = memory + 16 * plane + MOST,
        .rows = memory + PLANES * plane + MOST,
    };
}

/* An index beyond an end, mirrored there without repeating the last one. */
PART ptrdiff_t mirrored(ptrdiff_t index, ptrdiff_t count)
{
    if (count == 1)
        return 0;
    while (index < 0 || index >= count)
        index = index < 0 ? -index : 2 * (count - 1) - index;
    return index;
}

PART void mirror_ends(float *row, ptrdiff_t width)
{
    for (ptrdiff_t k = 1; k <= MOST; k++) {
        row[-k] = row[mirrored(-k, width)];
        row[width - 1 + k] = row[mirrored(width - 1 + k, width)];
    }
}

PART void add_up(
    const float *columns, float *sums, ptrdiff_t width, ptrdiff_t radius, float scale)
{
    if (radius == 3) /* written out, or the compiler would go through the row seven times */
        EACH(x, width)
            sums[x] = scale * (columns[x - 3] + columns[x - 2] + columns[x - 1] + columns[x]
                + columns[x + 1] + columns[x + 2] + columns[x + 3]);
    else if (radius == 2)
        EACH(x, width)
            sums[x] = scale * (columns[x - 2] + columns[x - 1] + columns[x] + columns[x + 1]
                + columns[x + 2]);
    else
        EACH(x, width)
            sums[x] = scale * (columns[x - 1] + columns[x] + columns[x + 1]);
}

PART float scale_of(ptrdiff_t radius)
{
    return 1.0f / (float)((2 * radius + 1) * (2 * radius + 1));
}

/* Add a row's colours and their products to nine rows of sums, or take them away. */
PART void count_colors(Memory m, ptrdiff_t y, ptrdiff_t height, float sign, ptrdiff_t width)
{
    const float *b = m.colors + mirrored(y, height) * m.pitch - MOST;
    const float *g = b + m.plane, *r = g + m.plane;
    float *sums = m.rows - MOST;
    EACH(x, width + 2 * MOST) {
        float sb = sign * b[x], sg = sign * g[x], sr = sign * r[x];
        sums[x] += sb;
        sums[x + m.pitch] += sg;
        sums[x + 2 * m.pitch] += sr;
        sums[x + 3 * m.pitch] += sb * b[x];
        sums[x + 4 * m.pitch] += sg * g[x];
        sums[x + 5 * m.pitch] += sr * r[x];
        sums[x + 6 * m.pitch] += sb * g[x];
        sums[x + 7 * m.pitch] += sg * r[x];
        sums[x + 8 * m.pitch] += sr * b[x];
    }
}

/* From the means of colours and products to covariances + epsilon, factored as L D L^T. */
PART void factor(
    const float *mean, ptrdiff_t pitch, float *window, ptrdiff_t plane, ptrdiff_t width,
    float epsilon)
{
    EACH(x, width) {
        float b = mean[x], g = mean[x + pitch], r = mean[x + 2 * pitch];
        float bb = mean[x + 3 * pitch] - b * b + epsilon;
        float gg = mean[x + 4 * pitch] - g * g + epsilon;
        float rr = mean[x + 5 * pitch] - r * r + epsilon;
        float bg = mean[x + 6 * pitch] - b * g;
        float gr = mean[x + 7 * pitch] - g * r;
        float br = mean[x + 8 * pitch] - r * b;
        float d0 = 1 / bb, l1 = bg * d0, l2 = br * d0;
        gg -= l1 * bg;
        gr -= l1 * br;
        rr -= l2 * br;
        float d1 = 1 / gg, l3 = gr * d1;
        rr -= l3 * gr;
        window[x] = b;
        window[x + plane] = g;
        window[x + 2 * plane] = r;
        window[x + 3 * plane] = l1;
        window[x + 4 * plane] = l2;
        window[x + 5 * plane] = l3;
        window[x + 6 * plane] = d0;
        window[x + 7 * plane] = d1;
        window[x + 8 * plane] = 1 / rr;
    }
}

/* Look at a picture, uint8 (height, width, 3) in rows that lie `step` bytes apart, before masks
 * are fitted to it. `memory` has room for `vcam_guided_memory` floats. */
EXPORT void vcam_guided_look_at(
    const uint8_t *picture, ptrdiff_t step, ptrdiff_t width, ptrdiff_t height, ptrdiff_t radius,
    float epsilon, float *memory)
{
    Memory m = laid_out(memory, width, height);
    for (ptrdiff_t y = 0; y < height; y++) {
        const uint8_t *pixels = picture + y * step;
        float *b = m.colors + y * m.pitch, *g = b + m.plane, *r = g + m.plane;
        EACH(x, width) {
            b[x] = pixels[3 * x];
            g[x] = pixels[3 * x + 1];
            r[x] = pixels[3 * x + 2];
        }
        mirror_ends(b, width);
        mirror_ends(g, width);
        mirror_ends(r, width);
    }
    for (ptrdiff_t x = -MOST; x < 9 * m.pitch - MOST; x++)
        m.rows[x] = 0;
    for (ptrdiff_t y = -radius; y < radius; y++)
        count_colors(m, y, height, 1, width);
    float *means = m.rows + 9 * m.pitch;
    for (ptrdiff_t y = 0; y < height; y++) {
        count_colors(m, y + radius, height, 1, width);
        for (ptrdiff_t n = 0; n < 9; n++)
            add_up(m.rows + n * m.pitch, means + n * m.pitch, width, radius, scale_of(radius));
        factor(means, m.pitch, m.windows + y * m.pitch, m.plane, width, epsilon);
        count_colors(m, y - radius, height, -1, width);
    }
}

/* The same for a row of the mask and its products with the colours. */
PART void count_mask(
    Memory m, const uint8_t *mask, ptrdiff_t y, ptrdiff_t height, float sign, ptrdiff_t width)
{
    ptrdiff_t from = mirrored(y, height);
    const float *b = m.colors + from * m.pitch, *g = b + m.plane, *r = g + m.plane;
    mask += from * width;
    EACH(x, width) {
        float level = sign * (float)mask[x];
        m.rows[x] += level;
        m.rows[x + m.pitch] += level * b[x];
        m.rows[x + 2 * m.pitch] += level * g[x];
        m.rows[x + 3 * m.pitch] += level * r[x];
    }
}

/* From the means of mask and products to the slopes and the offset. */
PART void solve(
    const float *mean, ptrdiff_t pitch, const float *window, float *line, ptrdiff_t plane,
    ptrdiff_t width)
{
    EACH(x, width) {
        float p = mean[x], b = window[x], g = window[x + plane], r = window[x + 2 * plane];
        float l1 = window[x + 3 * plane], l2 = window[x + 4 * plane], l3 = window[x + 5 * plane];
        float x0 = mean[x + pitch] - b * p;
        float x1 = mean[x + 2 * pitch] - g * p;
        float x2 = mean[x + 3 * pitch] - r * p;
        x1 -= l1 * x0;
        x2 -= l2 * x0;
        x2 -= l3 * x1;
        x2 *= window[x + 8 * plane];
        x1 = x1 * window[x + 7 * plane] - l3 * x2;
        x0 = x0 * window[x + 6 * plane] - l1 * x1 - l2 * x2;
        line[x] = x0;
        line[x + plane] = x1;
        line[x + 2 * plane] = x2;
        line[x + 3 * plane] = p - x0 * b - x1 * g - x2 * r;
    }
}

/* The sums of all columns of floats round row `y`: anew each time, for these are no whole numbers
 * that could be taken away again. */
PART void add_rows(
    Memory m, const float *plane, ptrdiff_t y, ptrdiff_t height, ptrdiff_t radius, float *columns)
{
    const float *at[2 * MOST + 1];
    for (ptrdiff_t k = -radius; k <= radius; k++)
        at[k + radius] = plane + mirrored(y + k, height) * m.pitch;
    const float *a = at[0], *b = at[1], *c = at[2];
    if (radius == 3) {
        const float *d = at[3], *e = at[4], *f = at[5], *g = at[6];
        EACH(x, m.pitch)
            columns[x] = a[x] + b[x] + c[x] + d[x] + e[x] + f[x] + g[x];
    } else if (radius == 2) {
        const float *d = at[3], *e = at[4];
        EACH(x, m.pitch)
            columns[x] = a[x] + b[x] + c[x] + d[x] + e[x];
    } else {
        EACH(x, m.pitch)
            columns[x] = a[x] + b[x] + c[x];
    }
}

/* Fit functions to a mask, uint8 (height, width), of the picture that was looked at last. */
EXPORT void vcam_guided_fit(
    const uint8_t *mask, ptrdiff_t width, ptrdiff_t height, ptrdiff_t radius, float *memory)
{
    Memory m = laid_out(memory, width, height);
    float *means = m.rows + 9 * m.pitch;
    for (ptrdiff_t x = -MOST; x < 4 * m.pitch - MOST; x++)
        m.rows[x] = 0;
    for (ptrdiff_t y = -radius; y < radius; y++)
        count_mask(m, mask, y, height, 1, width);
    for (ptrdiff_t y = 0; y < height; y++) {
        count_mask(m, mask, y + radius, height, 1, width);
        for (ptrdiff_t n = 0; n < 4; n++) {
            mirror_ends(m.rows + n * m.pitch, width);
            add_up(m.rows + n * m.pitch, means + n * m.pitch, width, radius, scale_of(radius));
        }
        float *line = m.lines + y * m.pitch;
        solve(means, m.pitch, m.windows + y * m.pitch, line, m.plane, width);
        for (ptrdiff_t n = 0; n < 4; n++)
            mirror_ends(line + n * m.plane, width);
        count_mask(m, mask, y - radius, height, -1, width);
    }
    float *columns = m.rows + 18 * m.pitch;
    for (ptrdiff_t y = 0; y < height; y++)
        for (ptrdiff_t n = 0; n < 4; n++) {
            float *smooth = m.smooth + n * m.plane + y * m.pitch;
            add_rows(m, m.lines + n * m.plane - MOST, y, height, radius, columns - MOST);
            add_up(columns, smooth, width, radius, scale_of(radius));
            smooth[-1] = smooth[0]; /* for `stretch` */
            smooth[width] = smooth[width - 1];
        }
}

/* The place of an output pixel's middle between two pixels, as a share of the way to the later. */
typedef struct {
    ptrdiff_t before, after;
    float share;
} Place;

PART Place place_of(ptrdiff_t index, ptrdiff_t count, ptrdiff_t wanted)
{
    float at = ((float)index + 0.5f) * (float)count / (float)wanted - 0.5f;
    ptrdiff_t before = (ptrdiff_t)(at + 1) - 1; /* rounded down, also below 0 */
    float share = at - (float)before;
    ptrdiff_t after = before + 1 < count ? before + 1 : count - 1;
    return (Place){before < 0 ? 0 : before, after, share};
}

/* A row at another width, linearly interpolated; by the usual factors many pixels at a time. */
PART void stretch(const float *row, ptrdiff_t width, float *out, ptrdiff_t wanted)
{
    if (wanted == width)
        EACH(x, width)
            out[x] = row[x];
    else if (wanted == 2 * width)
        EACH(x, width) {
            out[2 * x] = 0.25f * row[x - 1] + 0.75f * row[x];
            out[2 * x + 1] = 0.75f * row[x] + 0.25f * row[x + 1];
        }
    else if (wanted == 4 * width)
        EACH(x, width) {
            out[4 * x] = 0.375f * row[x - 1] + 0.625f * row[x];
            out[4 * x + 1] = 0.125f * row[x - 1] + 0.875f * row[x];
            out[4 * x + 2] = 0.875f * row[x] + 0.125f * row[x + 1];
            out[4 * x + 3] = 0.625f * row[x] + 0.375f * row[x + 1];
        }
    else
        for (ptrdiff_t x = 0; x < wanted; x++) {
            Place place = place_of(x, width, wanted);
            out[x] = row[place.before] + place.share * (row[place.after] - row[place.before]);
        }
}

/* Write the functions' values, with a gain and a base, for the colours of `picture`, uint8
 * (wanted_height, wanted_width, 3), which may be larger; `rows` has room for four rows of it and
 * four of the smaller one with two pixels more. */
EXPORT void vcam_guided_draw(
    float *memory, ptrdiff_t width, ptrdiff_t height, const uint8_t *picture, ptrdiff_t step,
    ptrdiff_t wanted_width, ptrdiff_t wanted_height, float gain, float base, float *rows,
    uint8_t *out)
{
    Memory m = laid_out(memory, width, height);
    float *between = rows + 4 * wanted_width + 1;
    for (ptrdiff_t y = 0; y < wanted_height; y++) {
        Place place = place_of(y, height, wanted_height);
        for (ptrdiff_t n = 0; n < 4; n++) {
            const float *before = m.smooth + n * m.plane + place.before * m.pitch - 1;
            const float *after = m.smooth + n * m.plane + place.after * m.pitch - 1;
            float *row = between + n * (width + 2) - 1;
            EACH(x, width + 2)
                row[x] = before[x] + place.share * (after[x] - before[x]);
            stretch(row + 1, width, rows + n * wanted_width, wanted_width);
        }
        const uint8_t *pixels = picture + y * step;
        uint8_t *to = out + y * wanted_width;
        EACH(x, wanted_width) {
            float level = rows[x] * pixels[3 * x] + rows[x + wanted_width] * pixels[3 * x + 1]
                + rows[x + 2 * wanted_width] * pixels[3 * x + 2] + rows[x + 3 * wanted_width];
            level = gain * level + base + 0.5f;
            level = level < 0 ? 0 : level > 255 ? 255 : level;
            to[x] = (uint8_t)(int)level;
        }
    }
}
