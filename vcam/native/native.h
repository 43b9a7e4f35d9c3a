/* What the files here share. Each function does what some Python here does too, and the tests
 * hold the two together: that says what is computed, and why; this only does it quicker. */
#ifndef VCAM_NATIVE_H
#define VCAM_NATIVE_H

#include <stddef.h>
#include <stdint.h>

/* To be raised, with _VERSION in __init__.py, when a function takes other arguments or
 * gives other results. */
#define VCAM_NATIVE_VERSION 1

#define VISIBLE __attribute__((visibility("default")))

/* For one computer's library to be of use to another: one machine code for all, and one for
 * those with AVX2, chosen when the library is loaded. */
#ifdef VCAM_CLONES
#define EXPORT VISIBLE __attribute__((target_clones("avx2", "default")))
#else
#define EXPORT VISIBLE
#endif

/* Inlined, so that a clone is made of it as well. */
#define PART static inline __attribute__((always_inline))

/* For a loop whose arrays do not overlap. */
#ifdef __clang__
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define INDEPENDENT _Pragma("GCC ivdep")
#endif
#define EACH(x, count) INDEPENDENT for (ptrdiff_t x = 0; x < (count); x++)

#endif
