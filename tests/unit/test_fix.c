/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every operation of fix.h against a naive definition in 128-bit integers:
 * all small values and all corners of 64 (32) bits, all shifts, all widths.
 *
 * Where the contract asks for an exact result, operands that break it are
 * used only without GSP_CHECKED: the operations must stay total, and their
 * result is the exact one modulo 2^64 (2^32).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>

#include "goldenspike/fix.h"

__extension__ typedef __int128 wide;

#ifdef GSP_CHECKED
enum { BROKEN_CONTRACTS = 0 };
#else
enum { BROKEN_CONTRACTS = 1 };
#endif

/* Naive definitions. */

static wide power(unsigned n) {
    wide p = 1;
    for (unsigned i = 0; i < n; i++)
        p *= 2;
    return p;
}

static wide floor_div(wide a, wide b) {
    wide q = a / b;
    if (q * b > a)
        q -= 1;
    return q;
}

static wide modulo_signed(wide x, unsigned w) {
    const wide r = x - floor_div(x, power(w)) * power(w);
    return r >= power(w - 1) ? r - power(w) : r;
}

static wide limited(wide x, wide lo, wide hi) {
    if (x < lo)
        return lo;
    if (x > hi)
        return hi;
    return x;
}

static bool within(wide x, unsigned w) {
    return x >= -power(w - 1) && x < power(w - 1);
}

static void same(const char *operation, int64_t a, int64_t b, int64_t got, wide expected) {
    if (got != expected)
        fail_msg("%s(%" PRId64 ", %" PRId64 ") = %" PRId64 ", expected %" PRId64, operation, a, b, got,
                 (int64_t)expected);
}

/* All values around 0, and 2^k, 2^k +- 1 with both signs up to the ends. */
enum { SMALL = 70, MAX_VALUES = 2 * SMALL + 1 + 64 * 6 };

static unsigned values_of(unsigned bits, int64_t values[MAX_VALUES]) {
    unsigned n = 0;
    for (int x = -SMALL; x <= SMALL; x++)
        values[n++] = x;
    for (unsigned k = 6; k < bits; k++)
        for (int d = -1; d <= 1; d++) {
            if (within(power(k) + d, bits))
                values[n++] = (int64_t)(power(k) + d);
            if (within(-power(k) + d, bits))
                values[n++] = (int64_t)(-power(k) + d);
        }
    return n;
}

static int64_t values[MAX_VALUES], values32[MAX_VALUES];
static unsigned n_values, n_values32;

static int setup(void **state) {
    (void)state;
    n_values = values_of(64, values);
    n_values32 = values_of(32, values32);
    return 0;
}

static void corners_are_there(void **state) {
    (void)state;
    int ends = 0;
    for (unsigned i = 0; i < n_values; i++)
        ends += values[i] == INT64_MIN || values[i] == INT64_MAX;
    assert_int_equal(ends, 2);
    for (unsigned i = 0; i < n_values32; i++)
        ends += values32[i] == INT32_MIN || values32[i] == INT32_MAX;
    assert_int_equal(ends, 4);
}

static void ranges_of_fields(void **state) {
    (void)state;
    for (unsigned w = 1; w <= 64; w++) {
        same("min_s", w, 0, gsp_min_s(w), -power(w - 1));
        same("max_s", w, 0, gsp_max_s(w), power(w - 1) - 1);
    }
    for (unsigned w = 1; w <= 63; w++)
        same("max_u", w, 0, gsp_max_u(w), power(w) - 1);
    for (unsigned i = 0; i < n_values; i++) {
        for (unsigned w = 1; w <= 64; w++)
            same("fits_s", values[i], w, gsp_fits_s(values[i], w), within(values[i], w));
        for (unsigned w = 1; w <= 63; w++)
            same("fits_u", values[i], w, gsp_fits_u(values[i], w), values[i] >= 0 && values[i] < power(w));
    }
}

static void shifts(void **state) {
    (void)state;
    for (unsigned i = 0; i < n_values; i++) {
        const int64_t x = values[i];
        for (unsigned n = 0; n < 64; n++) {
            same("shr_floor", x, n, gsp_shr_floor(x, n), floor_div(x, power(n)));
            same("shr_round", x, n, gsp_shr_round(x, n), floor_div(2 * (wide)x + power(n), power(n + 1)));
            if (n < 63)
                same("shr_zero", x, n, gsp_shr_zero(x, n), x / power(n));
            if (BROKEN_CONTRACTS || within(x * power(n), 64))
                same("shl", x, n, gsp_shl(x, n), modulo_signed(x * power(n), 64));
        }
    }
}

static void sums_and_products(void **state) {
    (void)state;
    for (unsigned i = 0; i < n_values; i++)
        for (unsigned k = 0; k < n_values; k++) {
            const int64_t a = values[i], b = values[k];
            const wide sum = (wide)a + b, difference = (wide)a - b, product = (wide)a * b;
            if (BROKEN_CONTRACTS || within(sum, 64))
                same("add", a, b, gsp_add(a, b), modulo_signed(sum, 64));
            if (BROKEN_CONTRACTS || within(difference, 64))
                same("sub", a, b, gsp_sub(a, b), modulo_signed(difference, 64));
            if (BROKEN_CONTRACTS || within(product, 64))
                same("mul", a, b, gsp_mul(a, b), modulo_signed(product, 64));
            same("add_wrap", a, b, gsp_add_wrap(a, b), modulo_signed(sum, 64));
            same("add_sat", a, b, gsp_add_sat(a, b), limited(sum, INT64_MIN, INT64_MAX));
        }
}

static void narrowing(void **state) {
    (void)state;
    for (unsigned i = 0; i < n_values; i++) {
        const int64_t x = values[i];
        for (unsigned w = 1; w <= 64; w++) {
            same("sat", x, w, gsp_sat(x, w), limited(x, -power(w - 1), power(w - 1) - 1));
            same("wrap", x, w, gsp_wrap(x, w), modulo_signed(x, w));
            if (BROKEN_CONTRACTS || within(x, w))
                same("exact_s", x, w, gsp_exact_s(x, w), x);
        }
        for (unsigned w = 1; w <= 63; w++) {
            same("sat_u", x, w, gsp_sat_u(x, w), limited(x, 0, power(w) - 1));
            same("wrap_u", x, w, gsp_wrap_u(x, w), x - floor_div(x, power(w)) * power(w));
            if (BROKEN_CONTRACTS || (x >= 0 && x < power(w)))
                same("exact_u", x, w, gsp_exact_u(x, w), x);
        }
    }
}

static void clamps_and_signs(void **state) {
    (void)state;
    static const int64_t bounds[] = {INT64_MIN, INT64_MIN + 1, -7, -1, 0, 1, 5, INT64_MAX - 1, INT64_MAX};
    for (unsigned i = 0; i < n_values; i++) {
        const int64_t x = values[i];
        for (unsigned l = 0; l < 9; l++)
            for (unsigned h = l; h < 9; h++)
                same("clamp", x, bounds[l], gsp_clamp(x, bounds[l], bounds[h]),
                     limited(x, bounds[l], bounds[h]));
        same("sgn", x, 0, gsp_sgn(x), x > 0 ? 1 : x < 0 ? -1 : 0);
    }
}

static void operations_of_32_bits(void **state) {
    (void)state;
    for (unsigned i = 0; i < n_values32; i++) {
        const int32_t a = (int32_t)values32[i];
        for (unsigned n = 0; n < 32; n++)
            same("shr_floor32", a, n, gsp_shr_floor32(a, n), floor_div(a, power(n)));
        for (unsigned w = 1; w <= 32; w++) {
            same("sat32", a, w, gsp_sat32(a, w), limited(a, -power(w - 1), power(w - 1) - 1));
            same("wrap32", a, w, gsp_wrap32(a, w), modulo_signed(a, w));
        }
        for (unsigned k = 0; k < n_values32; k++) {
            const int32_t b = (int32_t)values32[k];
            const wide sum = (wide)a + b, difference = (wide)a - b, product = (wide)a * b;
            if (BROKEN_CONTRACTS || within(sum, 32))
                same("add32", a, b, gsp_add32(a, b), modulo_signed(sum, 32));
            if (BROKEN_CONTRACTS || within(difference, 32))
                same("sub32", a, b, gsp_sub32(a, b), modulo_signed(difference, 32));
            if (BROKEN_CONTRACTS || within(product, 32))
                same("mul32", a, b, gsp_mul32(a, b), modulo_signed(product, 32));
            same("add_wrap32", a, b, gsp_add_wrap32(a, b), modulo_signed(sum, 32));
            same("add_sat32", a, b, gsp_add_sat32(a, b), limited(sum, INT32_MIN, INT32_MAX));
        }
    }
}

/* By hand: what each name promises for a value that tells it from its neighbours. */
static void by_hand(void **state) {
    (void)state;
    assert_int_equal(gsp_shr_floor(-5, 1), -3);
    assert_int_equal(gsp_shr_zero(-5, 1), -2);
    assert_int_equal(gsp_shr_round(-5, 1), -2);
    assert_int_equal(gsp_shr_round(5, 1), 3);
    assert_int_equal(gsp_shr_round(-6, 2), -1); /* -1.5 goes up */
    assert_int_equal(gsp_shr_floor(5, 1), 2);
    assert_int_equal(gsp_shr_zero(-1, 62), 0);
    assert_int_equal(gsp_shr_floor(-1, 63), -1);
    assert_int_equal(gsp_wrap(32768, 16), -32768);
    assert_int_equal(gsp_sat(32768, 16), 32767);
    assert_int_equal(gsp_wrap_u(-1, 8), 255);
    assert_int_equal(gsp_sat_u(-1, 8), 0);
    assert_int_equal(gsp_add_sat32(INT32_MIN, -1), INT32_MIN);
    assert_int_equal(gsp_add_wrap32(INT32_MIN, -1), INT32_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(corners_are_there), cmocka_unit_test(by_hand),
        cmocka_unit_test(ranges_of_fields),  cmocka_unit_test(shifts),
        cmocka_unit_test(sums_and_products), cmocka_unit_test(narrowing),
        cmocka_unit_test(clamps_and_signs),  cmocka_unit_test(operations_of_32_bits),
    };
    return cmocka_run_group_tests_name("fix", tests, setup, NULL);
}
