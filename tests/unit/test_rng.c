/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The random numbers are the published ones, so a seed means the same
 * stimulus everywhere. Known outputs:
 *   splitmix64, seed 1234567: Rosetta Code, "Pseudo-random numbers/Splitmix64"
 *   xoshiro256**, state 1 2 3 4: the test vector of the Rust crate rand_xoshiro,
 *     made with the authors' xoshiro256starstar.c
 * Both, and the seeded streams below, were also computed by an implementation
 * of the two algorithms in Python integers, apart from rng.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "goldenspike/rng.h"

static void splitmix64_is_the_published_one(void **state) {
    (void)state;
    static const uint64_t expected[] = {
        UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),  UINT64_C(9817491932198370423),
        UINT64_C(4593380528125082431), UINT64_C(16408922859458223821),
    };
    uint64_t s = 1234567;
    for (int i = 0; i < 5; i++)
        assert_true(gsp_splitmix64(&s) == expected[i]);
}

static void xoshiro256_is_the_published_one(void **state) {
    (void)state;
    static const uint64_t expected[] = {
        UINT64_C(11520),
        UINT64_C(0),
        UINT64_C(1509978240),
        UINT64_C(1215971899390074240),
        UINT64_C(1216172134540287360),
        UINT64_C(607988272756665600),
        UINT64_C(16172922978634559625),
        UINT64_C(8476171486693032832),
        UINT64_C(10595114339597558777),
        UINT64_C(2904607092377533576),
    };
    gsp_rng rng = {{1, 2, 3, 4}};
    for (int i = 0; i < 10; i++)
        assert_true(gsp_rng_next(&rng) == expected[i]);
}

static void seeds_are_expanded_by_splitmix64(void **state) {
    (void)state;
    static const struct {
        uint64_t seed, first[4];
    } streams[] = {
        {0,
         {UINT64_C(11091344671253066420), UINT64_C(13793997310169335082), UINT64_C(1900383378846508768),
          UINT64_C(7684712102626143532)}},
        {1,
         {UINT64_C(12966619160104079557), UINT64_C(9600361134598540522), UINT64_C(10590380919521690900),
          UINT64_C(7218738570589545383)}},
        {UINT64_MAX,
         {UINT64_C(10328197420357168392), UINT64_C(14156678507024973869), UINT64_C(9357971779955476126),
          UINT64_C(13791585006304312367)}},
    };
    gsp_rng rng;
    for (size_t k = 0; k < sizeof streams / sizeof streams[0]; k++) {
        gsp_rng_seed(&rng, streams[k].seed);
        for (int i = 0; i < 4; i++)
            assert_true(gsp_rng_next(&rng) == streams[k].first[i]);
    }
    uint64_t last = 0;
    gsp_rng_seed(&rng, 42);
    for (int i = 0; i < 1000; i++)
        last = gsp_rng_next(&rng);
    assert_true(last == UINT64_C(10224724267483498856));
}

/* Every value of a small range comes up, none outside it. */
static void below_covers_its_range(void **state) {
    (void)state;
    gsp_rng rng;
    gsp_rng_seed(&rng, 5);
    for (uint32_t n = 1; n <= 33; n++) {
        uint64_t seen = 0;
        for (int i = 0; i < 2000; i++) {
            const uint32_t x = gsp_rng_below(&rng, n);
            assert_true(x < n);
            seen |= UINT64_C(1) << x;
        }
        assert_true(seen == (UINT64_C(1) << n) - 1u);
    }
    /* n = 2^32 yields the upper word itself. */
    gsp_rng copy = rng;
    assert_true(gsp_rng_below(&rng, UINT64_C(0x100000000)) == gsp_rng_next(&copy) >> 32);
}

static void below_is_even(void **state) {
    (void)state;
    gsp_rng rng;
    uint32_t counts[10] = {0};
    gsp_rng_seed(&rng, 6);
    for (int i = 0; i < 100000; i++)
        counts[gsp_rng_below(&rng, 10)]++;
    for (int i = 0; i < 10; i++)
        assert_in_range(counts[i], 9500, 10500); /* five standard deviations are 474 */
}

static void range_keeps_its_bounds(void **state) {
    (void)state;
    static const struct {
        int64_t lo, hi;
    } ranges[] = {
        {0, 0},
        {-1, 1},
        {-32768, 32767},
        {7, 8},
        {INT32_MIN, INT32_MAX}, /* 2^32 values: the last of the multiplicative method */
        {INT32_MIN, INT64_C(2147483648)},
        {INT64_MIN, INT64_MAX},
        {INT64_MIN, INT64_MIN},
        {INT64_MAX, INT64_MAX},
        {INT64_MIN, INT64_MIN + 1},
        {INT64_MAX - 1, INT64_MAX},
        {INT64_MIN, 0},
        {-1, INT64_MAX},
    };
    gsp_rng rng;
    gsp_rng_seed(&rng, 7);
    for (size_t k = 0; k < sizeof ranges / sizeof ranges[0]; k++) {
        const int64_t lo = ranges[k].lo, hi = ranges[k].hi;
        /* Halves of the range; a range of one value has only one. */
        const int64_t middle = (int64_t)((uint64_t)lo + ((uint64_t)hi - (uint64_t)lo) / 2);
        int low = 0, high = 0;
        for (int i = 0; i < 2000; i++) {
            const int64_t x = gsp_rng_range(&rng, lo, hi);
            assert_true(x >= lo && x <= hi);
            low += x <= middle;
            high += x > middle;
        }
        assert_true(low > 500);
        assert_true(lo == hi ? high == 0 : high > 500);
    }
}

/* The reduction is part of the stimulus too: upper word times span up to 2^32 values, remainder above. */
static void range_is_reduced_as_documented(void **state) {
    (void)state;
    gsp_rng rng;
    gsp_rng_seed(&rng, 10);
    for (int i = 0; i < 1000; i++) {
        gsp_rng copy = rng;
        const uint64_t x = gsp_rng_next(&copy);
        copy = rng;
        assert_true(gsp_rng_range(&copy, -5, 5) == (int64_t)((x >> 32) * 11 >> 32) - 5);
        copy = rng;
        assert_true(gsp_rng_range(&copy, INT32_MIN, INT32_MAX) == (int64_t)(x >> 32) + INT32_MIN);
        copy = rng;
        assert_true(gsp_rng_range(&copy, 0, INT64_C(4294967296)) == (int64_t)(x % UINT64_C(4294967297)));
        copy = rng;
        assert_true(gsp_rng_range(&copy, INT64_MIN, INT64_MAX) == (int64_t)x);
        rng = copy;
    }
}

static void small_range_reaches_both_ends(void **state) {
    (void)state;
    gsp_rng rng;
    unsigned seen = 0;
    gsp_rng_seed(&rng, 8);
    for (int i = 0; i < 1000; i++)
        seen |= 1u << (gsp_rng_range(&rng, -3, 4) + 3);
    assert_int_equal(seen, 0xFF);
}

static void one_in_is_about_one_in(void **state) {
    (void)state;
    gsp_rng rng;
    int hits = 0;
    gsp_rng_seed(&rng, 9);
    for (int i = 0; i < 64000; i++)
        hits += gsp_rng_one_in(&rng, 64);
    assert_in_range(hits, 850, 1150);
    for (int i = 0; i < 100; i++)
        assert_true(gsp_rng_one_in(&rng, 1));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splitmix64_is_the_published_one),
        cmocka_unit_test(xoshiro256_is_the_published_one),
        cmocka_unit_test(seeds_are_expanded_by_splitmix64),
        cmocka_unit_test(below_covers_its_range),
        cmocka_unit_test(below_is_even),
        cmocka_unit_test(range_keeps_its_bounds),
        cmocka_unit_test(range_is_reduced_as_documented),
        cmocka_unit_test(small_range_reaches_both_ends),
        cmocka_unit_test(one_in_is_about_one_in),
    };
    return cmocka_run_group_tests_name("rng", tests, NULL, NULL);
}
