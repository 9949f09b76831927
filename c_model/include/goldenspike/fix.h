/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exact fixed-point operations, each by its name.
 *
 * A model computes wide and narrows once, by name; nothing here rounds or
 * wraps unless its name says so. The Verilog twins in rtl/common carry the
 * same names.
 *
 *   x, a, b   signed 64-bit values
 *   n         shift distance, 0..63
 *   w         width in bits, 1..63 (1..64 for wrap)
 *
 * Built with GSP_CHECKED, every operation checks its operands and the
 * exactness of its result and calls gsp_fix_trap() when a model breaks the
 * contract. Without it the operations are total: no undefined behaviour for
 * any operand in the ranges above.
 */
#ifndef GOLDENSPIKE_FIX_H
#define GOLDENSPIKE_FIX_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#define GSP_STATIC_ASSERT(condition, text) static_assert(condition, text)
#else
#define GSP_STATIC_ASSERT(condition, text) _Static_assert(condition, text)
#endif

/* What C leaves to the implementation and this code stands on. */
GSP_STATIC_ASSERT((-1 & 3) == 3, "signed integers are two's complement");
GSP_STATIC_ASSERT((-5 >> 1) == -3, "right shift of a negative value is arithmetic (floor)");
GSP_STATIC_ASSERT((int32_t)UINT32_C(0xFFFFFFFE) == -2, "unsigned to signed conversion wraps");
GSP_STATIC_ASSERT(sizeof(int) == 4, "int has 32 bits");

#ifdef GSP_CHECKED
/* Reports a broken contract and does not return. A test may define its own. */
void gsp_fix_trap(const char *operation, int64_t a, int64_t b);
#define GSP_FIX_CHECK(condition, operation, a, b) \
    do {                                          \
        if (!(condition))                         \
            gsp_fix_trap((operation), (a), (b));  \
    } while (0)
#else
#define GSP_FIX_CHECK(condition, operation, a, b) ((void)0)
#endif

/* Least and greatest value of a signed or unsigned field of w bits. */
static inline int64_t gsp_min_s(unsigned w) {
    GSP_FIX_CHECK(w >= 1 && w <= 64, "min_s: width", 0, (int64_t)w);
    return w >= 64 ? INT64_MIN : -(INT64_C(1) << (w - 1));
}

static inline int64_t gsp_max_s(unsigned w) {
    GSP_FIX_CHECK(w >= 1 && w <= 64, "max_s: width", 0, (int64_t)w);
    return w >= 64 ? INT64_MAX : (INT64_C(1) << (w - 1)) - 1;
}

static inline int64_t gsp_max_u(unsigned w) {
    return w >= 63 ? INT64_MAX : (INT64_C(1) << w) - 1;
}

/* x lies in the range of a signed / unsigned field of w bits. */
static inline bool gsp_fits_s(int64_t x, unsigned w) {
    return x >= gsp_min_s(w) && x <= gsp_max_s(w);
}

static inline bool gsp_fits_u(int64_t x, unsigned w) {
    return x >= 0 && x <= gsp_max_u(w);
}

/* floor(x / 2^n) */
static inline int64_t gsp_shr_floor(int64_t x, unsigned n) {
    GSP_FIX_CHECK(n < 64, "shr_floor: shift", x, (int64_t)n);
    return x >> n;
}

/* x / 2^n toward zero */
static inline int64_t gsp_shr_zero(int64_t x, unsigned n) {
    GSP_FIX_CHECK(n < 64, "shr_zero: shift", x, (int64_t)n);
    /* Adding 2^n - 1 to a negative x moves the floor to the ceiling. */
    const uint64_t bias = x < 0 ? (UINT64_C(1) << n) - 1u : 0u;
    return (int64_t)((uint64_t)x + bias) >> n;
}

/* floor(x / 2^n + 1/2): round to nearest, halves up */
static inline int64_t gsp_shr_round(int64_t x, unsigned n) {
    GSP_FIX_CHECK(n < 64, "shr_round: shift", x, (int64_t)n);
    /* The bit shifted out last decides; no addition can overflow. */
    return n == 0 ? x : (x >> n) + ((x >> (n - 1)) & 1);
}

/* x * 2^n, exact */
static inline int64_t gsp_shl(int64_t x, unsigned n) {
    GSP_FIX_CHECK(n < 64 && (int64_t)((uint64_t)x << n) >> n == x, "shl: overflow", x, (int64_t)n);
    return (int64_t)((uint64_t)x << n);
}

/* a * b, exact: the product must fit 64 bits */
static inline int64_t gsp_mul(int64_t a, int64_t b) {
#ifdef GSP_CHECKED
    int64_t product;
    GSP_FIX_CHECK(!__builtin_mul_overflow(a, b, &product), "mul: overflow", a, b);
#endif
    return (int64_t)((uint64_t)a * (uint64_t)b);
}

/* a + b, exact: the sum must fit 64 bits */
static inline int64_t gsp_add(int64_t a, int64_t b) {
#ifdef GSP_CHECKED
    int64_t sum;
    GSP_FIX_CHECK(!__builtin_add_overflow(a, b, &sum), "add: overflow", a, b);
#endif
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

/* a - b, exact: the difference must fit 64 bits */
static inline int64_t gsp_sub(int64_t a, int64_t b) {
#ifdef GSP_CHECKED
    int64_t difference;
    GSP_FIX_CHECK(!__builtin_sub_overflow(a, b, &difference), "sub: overflow", a, b);
#endif
    return (int64_t)((uint64_t)a - (uint64_t)b);
}

/* a + b modulo 2^64: for a sum that is wrapped to w <= 64 bits afterwards */
static inline int64_t gsp_add_wrap(int64_t a, int64_t b) {
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

/* a + b, saturated to 64 bits: for a sum that is saturated to w < 64 bits afterwards */
static inline int64_t gsp_add_sat(int64_t a, int64_t b) {
    const int64_t sum = gsp_add_wrap(a, b);
    /* Overflow: both operands have the sign the sum has not. */
    return ((a ^ sum) & (b ^ sum)) < 0 ? (a < 0 ? INT64_MIN : INT64_MAX) : sum;
}

/* x clamped to lo..hi */
static inline int64_t gsp_clamp(int64_t x, int64_t lo, int64_t hi) {
    GSP_FIX_CHECK(lo <= hi, "clamp: empty range", lo, hi);
    return x < lo ? lo : x > hi ? hi : x;
}

/* x saturated to a signed / unsigned field of w bits */
static inline int64_t gsp_sat(int64_t x, unsigned w) {
    GSP_FIX_CHECK(w >= 1 && w <= 64, "sat: width", x, (int64_t)w);
    return gsp_clamp(x, gsp_min_s(w), gsp_max_s(w));
}

static inline int64_t gsp_sat_u(int64_t x, unsigned w) {
    GSP_FIX_CHECK(w >= 1 && w <= 63, "sat_u: width", x, (int64_t)w);
    return gsp_clamp(x, 0, gsp_max_u(w));
}

/* x wrapped to a signed / unsigned field of w bits (two's complement) */
static inline int64_t gsp_wrap(int64_t x, unsigned w) {
    GSP_FIX_CHECK(w >= 1 && w <= 64, "wrap: width", x, (int64_t)w);
    return (int64_t)((uint64_t)x << (64 - w)) >> (64 - w);
}

static inline int64_t gsp_wrap_u(int64_t x, unsigned w) {
    GSP_FIX_CHECK(w >= 1 && w <= 63, "wrap_u: width", x, (int64_t)w);
    return x & gsp_max_u(w);
}

/* x is stored in a field that must hold it: exact by contract, no narrowing */
static inline int64_t gsp_exact_s(int64_t x, unsigned w) {
    GSP_FIX_CHECK(gsp_fits_s(x, w), "exact_s: out of range", x, (int64_t)w);
    (void)w;
    return x;
}

static inline int64_t gsp_exact_u(int64_t x, unsigned w) {
    GSP_FIX_CHECK(gsp_fits_u(x, w), "exact_u: out of range", x, (int64_t)w);
    (void)w;
    return x;
}

/* -1, 0 or +1 */
static inline int64_t gsp_sgn(int64_t x) {
    return (x > 0) - (x < 0);
}

/*
 * The same operations on 32-bit values. Batch loops use them where a model's
 * widths prove that every intermediate fits, to fill more vector lanes.
 */
static inline int32_t gsp_shr_floor32(int32_t x, unsigned n) {
    GSP_FIX_CHECK(n < 32, "shr_floor32: shift", x, (int64_t)n);
    return x >> n;
}

static inline int32_t gsp_mul32(int32_t a, int32_t b) {
    GSP_FIX_CHECK(gsp_fits_s((int64_t)a * b, 32), "mul32: overflow", a, b);
    return (int32_t)((uint32_t)a * (uint32_t)b);
}

static inline int32_t gsp_add32(int32_t a, int32_t b) {
    GSP_FIX_CHECK(gsp_fits_s((int64_t)a + b, 32), "add32: overflow", a, b);
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

static inline int32_t gsp_sub32(int32_t a, int32_t b) {
    GSP_FIX_CHECK(gsp_fits_s((int64_t)a - b, 32), "sub32: overflow", a, b);
    return (int32_t)((uint32_t)a - (uint32_t)b);
}

static inline int32_t gsp_add_wrap32(int32_t a, int32_t b) {
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

static inline int32_t gsp_add_sat32(int32_t a, int32_t b) {
    const int32_t sum = gsp_add_wrap32(a, b);
    return ((a ^ sum) & (b ^ sum)) < 0 ? (a < 0 ? INT32_MIN : INT32_MAX) : sum;
}

static inline int32_t gsp_sat32(int32_t x, unsigned w) {
    GSP_FIX_CHECK(w >= 1 && w <= 32, "sat32: width", x, (int64_t)w);
    const int32_t max = INT32_MAX >> (32 - w);
    const int32_t min = -max - 1;
    return x < min ? min : x > max ? max : x;
}

static inline int32_t gsp_wrap32(int32_t x, unsigned w) {
    GSP_FIX_CHECK(w >= 1 && w <= 32, "wrap32: width", x, (int64_t)w);
    return (int32_t)((uint32_t)x << (32 - w)) >> (32 - w);
}

#ifdef __cplusplus
}
#endif
#endif
