/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The contract of fix.h under GSP_CHECKED: an operation traps exactly when its
 * operands or its result break the contract, which is stated here a second
 * time in 128-bit integers.
 */
#ifndef GSP_CHECKED
#define GSP_CHECKED
#endif

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "goldenspike/fix.h"

__extension__ typedef __int128 wide;

static jmp_buf escape;
static const char *trapped; /* the operation that the last trap named */
static int64_t trapped_a, trapped_b;

void gsp_fix_trap(const char *operation, int64_t a, int64_t b) {
    trapped = operation;
    trapped_a = a;
    trapped_b = b;
    longjmp(escape, 1);
}

static wide power(unsigned n) {
    wide p = 1;
    while (n-- > 0)
        p *= 2;
    return p;
}

static bool within(wide x, unsigned w) {
    return x >= -power(w - 1) && x < power(w - 1);
}

/* n is a shift distance, a width, or not used. */
typedef struct operation {
    const char *name;
    int64_t (*call)(int64_t a, int64_t b, unsigned n);
    bool (*legal)(int64_t a, int64_t b, unsigned n);
    unsigned n_min, n_max; /* what n runs over */
    bool narrow;           /* takes 32-bit operands */
} operation;

#define OPERATION(op, expression, contract)                      \
    static int64_t call_##op(int64_t a, int64_t b, unsigned n) { \
        (void)a, (void)b, (void)n;                               \
        return (expression);                                     \
    }                                                            \
    static bool legal_##op(int64_t a, int64_t b, unsigned n) {   \
        (void)a, (void)b, (void)n;                               \
        return (contract);                                       \
    }
#define A32 ((int32_t)a)
#define B32 ((int32_t)b)

OPERATION(shr_floor, gsp_shr_floor(a, n), n < 64)
OPERATION(shr_zero, gsp_shr_zero(a, n), n < 63)
OPERATION(shr_round, gsp_shr_round(a, n), n < 64)
OPERATION(shl, gsp_shl(a, n), n < 64 && within(a * power(n), 64))
OPERATION(mul, gsp_mul(a, b), within((wide)a *b, 64))
OPERATION(add, gsp_add(a, b), within((wide)a + b, 64))
OPERATION(sub, gsp_sub(a, b), within((wide)a - b, 64))
OPERATION(add_wrap, gsp_add_wrap(a, b), true)
OPERATION(add_sat, gsp_add_sat(a, b), true)
OPERATION(clamp, gsp_clamp(0, a, b), a <= b)
OPERATION(sat, gsp_sat(a, n), n >= 1 && n <= 64)
OPERATION(sat_u, gsp_sat_u(a, n), n >= 1 && n <= 63)
OPERATION(wrap, gsp_wrap(a, n), n >= 1 && n <= 64)
OPERATION(wrap_u, gsp_wrap_u(a, n), n >= 1 && n <= 63)
OPERATION(exact_s, gsp_exact_s(a, n), within(a, n))
OPERATION(exact_u, gsp_exact_u(a, n), a >= 0 && a < power(n))
OPERATION(sgn, gsp_sgn(a), true)
OPERATION(shr_floor32, gsp_shr_floor32(A32, n), n < 32)
OPERATION(mul32, gsp_mul32(A32, B32), within((wide)a *b, 32))
OPERATION(add32, gsp_add32(A32, B32), within((wide)a + b, 32))
OPERATION(sub32, gsp_sub32(A32, B32), within((wide)a - b, 32))
OPERATION(add_wrap32, gsp_add_wrap32(A32, B32), true)
OPERATION(add_sat32, gsp_add_sat32(A32, B32), true)
OPERATION(sat32, gsp_sat32(A32, n), n >= 1 && n <= 32)
OPERATION(wrap32, gsp_wrap32(A32, n), n >= 1 && n <= 32)

#define ROW(op, n_min, n_max, narrow) \
    { #op, call_##op, legal_##op, n_min, n_max, narrow }

static const operation operations[] = {
    ROW(shr_floor, 0, 70, false), ROW(shr_zero, 0, 62, false),
    ROW(shr_zero, 64, 70, false), /* 63 is left open: outside the contract, yet exact */
    ROW(shr_round, 0, 70, false), ROW(shl, 0, 70, false),
    ROW(mul, 0, 0, false),        ROW(add, 0, 0, false),
    ROW(sub, 0, 0, false),        ROW(add_wrap, 0, 0, false),
    ROW(add_sat, 0, 0, false),    ROW(clamp, 0, 0, false),
    ROW(sat, 0, 70, false),       ROW(sat_u, 0, 70, false),
    ROW(wrap, 0, 70, false),      ROW(wrap_u, 0, 70, false),
    ROW(exact_s, 1, 64, false),   ROW(exact_u, 1, 63, false),
    ROW(sgn, 0, 0, false),        ROW(shr_floor32, 0, 40, true),
    ROW(mul32, 0, 0, true),       ROW(add32, 0, 0, true),
    ROW(sub32, 0, 0, true),       ROW(add_wrap32, 0, 0, true),
    ROW(add_sat32, 0, 0, true),   ROW(sat32, 0, 40, true),
    ROW(wrap32, 0, 40, true),
};

static bool traps(const operation *op, int64_t a, int64_t b, unsigned n) {
    if (setjmp(escape) != 0)
        return true;
    (void)op->call(a, b, n);
    return false;
}

enum { SMALL = 20, MAX_VALUES = 2 * SMALL + 1 + 64 * 6 };

static unsigned values_of(unsigned bits, int64_t values[MAX_VALUES]) {
    unsigned count = 0;
    for (int x = -SMALL; x <= SMALL; x++)
        values[count++] = x;
    for (unsigned k = 4; k < bits; k++)
        for (int d = -1; d <= 1; d++) {
            if (within(power(k) + d, bits))
                values[count++] = (int64_t)(power(k) + d);
            if (within(-power(k) + d, bits))
                values[count++] = (int64_t)(-power(k) + d);
        }
    return count;
}

static void traps_exactly_when_the_contract_breaks(void **state) {
    const operation *op = (const operation *)*state;
    int64_t values[MAX_VALUES];
    const unsigned count = values_of(op->narrow ? 32 : 64, values);
    unsigned long caught = 0, passed = 0;
    const bool unary = op->n_max > 0; /* operations with a distance or a width take one value */
    for (unsigned i = 0; i < count; i++)
        for (unsigned k = 0; k < (unary ? 1 : count); k++)
            for (unsigned n = op->n_min; n <= op->n_max; n++) {
                const bool legal = op->legal(values[i], values[k], n);
                trapped = NULL;
                if (traps(op, values[i], values[k], n) == legal)
                    fail_msg("%s(%" PRId64 ", %" PRId64 ", %u) %s", op->name, values[i], values[k], n,
                             legal ? "traps" : "does not trap");
                if (!legal) /* "mul: overflow" names mul */
                    assert_true(trapped && strncmp(trapped, op->name, strlen(op->name)) == 0 &&
                                trapped[strlen(op->name)] == ':');
                caught += !legal;
                passed += legal;
            }
    printf("%s: %lu contracts broken and caught, %lu kept\n", op->name, caught, passed);
    assert_true(caught + passed >= count);
}

/* The report carries the operands. */
static void reports_operands(void **state) {
    (void)state;
    const operation mul = ROW(mul, 0, 0, false);
    assert_true(traps(&mul, INT64_MAX, 2, 0));
    assert_string_equal(trapped, "mul: overflow");
    assert_true(trapped_a == INT64_MAX && trapped_b == 2);
    const operation shl = ROW(shl, 0, 0, false);
    assert_true(traps(&shl, 3, 0, 63));
    assert_string_equal(trapped, "shl: overflow");
    assert_true(trapped_a == 3 && trapped_b == 63);
}

int main(void) {
    enum { N = sizeof operations / sizeof operations[0] };
    struct CMUnitTest tests[1 + N] = {cmocka_unit_test(reports_operands)};
    for (unsigned i = 0; i < N; i++) {
        /* cmocka hands the pre-state on as void *, and the test only reads it. */
        void *op = (void *)(uintptr_t)&operations[i];
        tests[1 + i] =
            (struct CMUnitTest){operations[i].name, traps_exactly_when_the_contract_breaks, NULL, NULL, op};
    }
    return _cmocka_run_group_tests("fix_checked", tests, 1 + N, NULL, NULL);
}
