/* `_blend` in vcam/pipeline/compositor.py. */

#include "native.h"

/* out = (alpha * fore + (255 - alpha) * out) / 255, rounded, in `height` rows of `width` bytes;
 * the steps are from row to row. */
EXPORT void vcam_blend(
    const uint8_t *alpha, ptrdiff_t alpha_step, const uint8_t *fore, ptrdiff_t fore_step,
    uint8_t *out, ptrdiff_t out_step, ptrdiff_t width, ptrdiff_t height)
{
    for (ptrdiff_t y = 0; y < height; y++) {
        EACH(x, width) {
            uint16_t sum = (uint16_t)(alpha[x] * fore[x] + (255 - alpha[x]) * out[x] + 128);
            out[x] = (uint8_t)((uint16_t)(sum + (sum >> 8)) >> 8);
        }
        alpha += alpha_step;
        fore += fore_step;
        out += out_step;
    }
}
