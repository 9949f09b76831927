/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lif_shift by hand: the cases that implementations get wrong, with
 * expectations worked out on paper from the equations; reset, check, explain,
 * batch, and which bins a small neuron can reach.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "goldenspike/cases.h"
#include "goldenspike/lif_shift.h"
#include "goldenspike/rng.h"

static const int32_t MAX32 = INT32_MAX;
static const int32_t MIN32 = INT32_MIN;

static gsp_lif_shift_params with(unsigned data_width, unsigned leak_shift) {
    gsp_lif_shift_params p;
    gsp_default_config(&gsp_lif_shift_model, &p);
    p.data_width = (uint8_t)data_width;
    p.leak_shift = (uint8_t)leak_shift;
    gsp_default_params(&gsp_lif_shift_model, &p);
    assert_int_equal(gsp_lif_shift_check(&p), 0);
    return p;
}

static gsp_lif_shift_state at(int32_t v, int count) {
    const gsp_lif_shift_state s = {.v = v, .refractory_count = (uint8_t)count};
    return s;
}

/* One step from `s`; everything it leaves is compared. */
static void expect_step(const gsp_lif_shift_params *p, int32_t i_t, gsp_lif_shift_state *s, int spike,
                        int32_t v, int count) {
    const gsp_lif_shift_in in = {i_t};
    gsp_lif_shift_out out = {.spike = 0xEE}, out_explained = {.spike = 0xDD};
    gsp_lif_shift_state explained = *s;
    gsp_lif_shift_internal x;

    gsp_lif_shift_step(p, &in, s, &out);
    gsp_lif_shift_explain(p, &in, &explained, &out_explained, &x);
    assert_int_equal(out.spike, spike);
    assert_int_equal(s->v, v);
    assert_int_equal(s->refractory_count, count);
    assert_int_equal(out_explained.spike, spike);
    assert_int_equal(explained.v, v);
    assert_int_equal(explained.refractory_count, count);
}

static void expect_internals(const gsp_lif_shift_params *p, int32_t i_t, gsp_lif_shift_state s, int64_t leak,
                             int64_t sum, int64_t v_sum) {
    const gsp_lif_shift_in in = {i_t};
    gsp_lif_shift_out out;
    gsp_lif_shift_internal x = {1, 1, 1};
    gsp_lif_shift_explain(p, &in, &s, &out, &x);
    assert_true(x.leak == leak && x.sum == sum && x.v_sum == v_sum);
}

static void defaults(void **state) {
    (void)state;
    const gsp_lif_shift_params p = with(16, 4);
    assert_int_equal(p.v_threshold, 16384);
    assert_int_equal(p.v_reset, 0);
    assert_int_equal(p.refractory_period, 0);
    assert_int_equal(with(2, 1).v_threshold, 1);
    assert_int_equal(with(32, 1).v_threshold, 1 << 30);
    gsp_lif_shift_params config;
    gsp_default_config(&gsp_lif_shift_model, &config);
    assert_int_equal(config.data_width, 16);
    assert_int_equal(config.leak_shift, 4);
}

static void leaks_and_integrates(void **state) {
    (void)state;
    const gsp_lif_shift_params p = with(16, 4);
    gsp_lif_shift_state s = at(1000, 0);
    expect_step(&p, 7, &s, 0, 945, 0); /* 1000 - 62 + 7 */
    s = at(-1000, 0);
    expect_step(&p, 0, &s, 0, -937, 0); /* -1000 / 16 = -62.5, floor -63 */
    s = at(-1, 0);
    expect_step(&p, 0, &s, 0, 0, 0);
    s = at(15, 0);
    expect_step(&p, 0, &s, 0, 15, 0);
    expect_internals(&p, 7, at(1000, 0), 62, 945, 945);
    expect_internals(&p, 32767, at(32767, 0), 2047, 63487, -2049);
}

static void wraps_before_it_compares(void **state) {
    (void)state;
    gsp_lif_shift_params p = with(16, 15);
    p.v_threshold = 32767;
    gsp_lif_shift_state s = at(32767, 0);
    expect_step(&p, 1, &s, 0, -32768, 0);
    expect_step(&p, -2, &s, 1, 0, 0); /* -32768 + 1 - 2 */
    p.v_threshold = -32768;
    p.v_reset = 9;
    s = at(-32768, 0);
    expect_step(&p, -1, &s, 1, 9, 0);
}

static void fires_and_stays_silent(void **state) {
    (void)state;
    gsp_lif_shift_params p = with(16, 4);
    p.v_threshold = 10;
    p.v_reset = -20;
    p.refractory_period = 2;
    gsp_lif_shift_state s = at(0, 0);
    expect_step(&p, 9, &s, 0, 9, 0);
    expect_step(&p, 1, &s, 1, -20, 2);
    expect_internals(&p, 100, s, 0, 0, 0);
    expect_step(&p, 100, &s, 0, -20, 1);
    expect_step(&p, 100, &s, 0, -20, 0);
    expect_step(&p, 28, &s, 1, -20, 2); /* -20 + 2 + 28 */
    p.v_reset = 5;                      /* a silent step shows v_reset as it is now */
    expect_step(&p, 0, &s, 0, 5, 1);
    p.refractory_period = 0; /* ends silence at once */
    expect_step(&p, 4, &s, 0, 9, 0);
    s = at(0, 200);
    expect_step(&p, 10, &s, 1, 5, 0);
}

static void longest_refractoriness(void **state) {
    (void)state;
    gsp_lif_shift_params p = with(16, 4);
    p.refractory_period = 255;
    gsp_lif_shift_state s = at(0, 0);
    expect_step(&p, 16384, &s, 1, 0, 255);
    for (int left = 254; left >= 0; left--)
        expect_step(&p, 20000, &s, 0, 0, left);
    expect_step(&p, 16384, &s, 1, 0, 255);
}

static void ends_of_the_width(void **state) {
    (void)state;
    gsp_lif_shift_params p = with(32, 31);
    p.v_threshold = MAX32;
    gsp_lif_shift_state s = at(MIN32, 0);
    expect_step(&p, MIN32, &s, 0, 1, 0); /* -2^31 + 1 - 2^31 */
    s = at(MAX32, 0);
    expect_step(&p, MAX32, &s, 0, -2, 0);
    p = with(32, 1);
    s = at(MIN32, 0);
    expect_step(&p, MIN32, &s, 1, 0, 0); /* -2^30 - 2^31 wraps to 2^30, the threshold */
    p = with(2, 1);
    s = at(-2, 0);
    expect_step(&p, -2, &s, 1, 0, 0); /* -1 - 2 = -3 wraps to 1 */
    expect_step(&p, -1, &s, 0, -1, 0);
    expect_step(&p, 0, &s, 0, 0, 0);
}

static void reset_loads_v_reset(void **state) {
    (void)state;
    gsp_lif_shift_params p = with(16, 4);
    p.v_reset = -1234;
    gsp_lif_shift_state s = at(55, 44);
    gsp_lif_shift_reset(&s, &p);
    assert_int_equal(s.v, -1234);
    assert_int_equal(s.refractory_count, 0);
}

static void check_names_the_field(void **state) {
    (void)state;
    static const struct {
        unsigned w, k;
        int32_t v_reset, v_threshold;
        const char *field; /* NULL: legal */
    } rows[] = {
        {1, 1, 0, 0, "data_width"},    {33, 1, 0, 0, "data_width"},          {16, 0, 0, 0, "leak_shift"},
        {16, 16, 0, 0, "leak_shift"},  {2, 2, 0, 0, "leak_shift"},           {16, 4, 32768, 0, "v_reset"},
        {16, 4, -32769, 0, "v_reset"}, {16, 4, 0, 32768, "v_threshold"},     {2, 1, 0, -3, "v_threshold"},
        {16, 15, 32767, -32768, NULL}, {32, 31, INT32_MIN, INT32_MAX, NULL}, {2, 1, -2, 1, NULL},
    };
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        gsp_lif_shift_params p = with(16, 4);
        p.data_width = (uint8_t)rows[k].w;
        p.leak_shift = (uint8_t)rows[k].k;
        p.v_reset = rows[k].v_reset;
        p.v_threshold = rows[k].v_threshold;
        const int code = gsp_lif_shift_check(&p);
        if (rows[k].field) {
            assert_in_range(code, 1, gsp_lif_shift_model.n_fields);
            assert_string_equal(gsp_lif_shift_model.fields[code - 1].name, rows[k].field);
        } else {
            assert_int_equal(code, 0);
        }
    }
}

/* Ends of the range, and uniform values. */
static int32_t draw(gsp_rng *rng, unsigned width) {
    const int64_t max = (INT64_C(1) << (width - 1)) - 1;
    const int64_t ends[] = {-max - 1, -max, -1, 0, 1, max};
    const uint32_t choice = gsp_rng_below(rng, 12);
    return (int32_t)(choice < 6 ? ends[choice] : gsp_rng_range(rng, -max - 1, max));
}

enum { BATCH_MAX = 203, GUARD = 0x5C };

static void compare_batch(gsp_rng *rng, const gsp_lif_shift_params *p, size_t n) {
    int32_t i_t[BATCH_MAX], v[BATCH_MAX + 1];
    uint8_t count[BATCH_MAX + 1], spike[BATCH_MAX + 1];
    gsp_lif_shift_state scalar[BATCH_MAX];
    const gsp_lif_shift_arrays arrays = {i_t, v, count, spike};

    for (size_t k = 0; k < n; k++) {
        v[k] = draw(rng, p->data_width);
        count[k] = (uint8_t)(gsp_rng_one_in(rng, 2) ? 0 : gsp_rng_below(rng, 256));
        scalar[k] = at(v[k], count[k]);
    }
    v[n] = GUARD;
    count[n] = spike[n] = GUARD;
    for (int step = 0; step < 6; step++) {
        for (size_t k = 0; k < n; k++)
            i_t[k] = draw(rng, p->data_width);
        memset(spike, 0xEE, n);
        gsp_lif_shift_batch(p, &arrays, n);
        for (size_t k = 0; k < n; k++) {
            const gsp_lif_shift_in in = {i_t[k]};
            gsp_lif_shift_out out;
            gsp_lif_shift_step(p, &in, &scalar[k], &out);
            assert_int_equal(v[k], scalar[k].v);
            assert_int_equal(count[k], scalar[k].refractory_count);
            assert_int_equal(spike[k], out.spike);
        }
    }
    assert_int_equal(v[n], GUARD);
    assert_int_equal(count[n], GUARD);
    assert_int_equal(spike[n], GUARD);
}

/* Every width, the ends and the middle of the shift; lengths beside those of vectors. */
static void batch_equals_scalar(void **state) {
    (void)state;
    static const size_t lengths[] = {0, 1, 3, 7, 8, 9, 15, 17, 31, 33, 64, 65, BATCH_MAX};
    static const uint8_t periods[] = {0, 1, 2, 255};
    gsp_rng rng;
    gsp_rng_seed(&rng, 7);
    for (unsigned w = 2; w <= 32; w++) {
        const unsigned shifts[] = {1, w / 2, w - 1};
        for (unsigned k = 0; k < 3; k++)
            for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++) {
                gsp_lif_shift_params p = with(w, shifts[k]);
                p.v_reset = draw(&rng, w);
                p.v_threshold = draw(&rng, w);
                p.refractory_period = periods[gsp_rng_below(&rng, 4)];
                assert_int_equal(gsp_lif_shift_check(&p), 0);
                compare_batch(&rng, &p, lengths[l]);
            }
    }
}

/* The bins that a neuron of two or three bits can reach, by trying every step it can take. */
static void reachable_bins_are_exact(void **state) {
    (void)state;
    const gsp_cases *cases = gsp_cases_of(&gsp_lif_shift_model);
    static const uint8_t periods[] = {0, 1, 255};
    static const uint8_t counts[] = {0, 1, 2, 255};
    static const uint8_t configs[][2] = {{2, 1}, {3, 1}, {3, 2}};
    for (size_t c = 0; c < 3; c++) {
        const unsigned w = configs[c][0];
        const int32_t half = 1 << (w - 1);
        gsp_lif_shift_params p = with(w, configs[c][1]);
        uint64_t hits = 0;
        for (unsigned word = 0; word < 1u << (4 * w); word++)
            for (unsigned period = 0; period < 3; period++)
                for (unsigned count = 0; count < 4; count++) {
                    int32_t value[4];
                    for (unsigned i = 0; i < 4; i++)
                        value[i] = (int32_t)(word >> (w * i) & (2u * (unsigned)half - 1u)) - half;
                    p.v_reset = value[0];
                    p.v_threshold = value[1];
                    p.refractory_period = periods[period];
                    const gsp_lif_shift_in in = {value[2]};
                    const gsp_lif_shift_state before = at(value[3], counts[count]);
                    gsp_lif_shift_state s = before;
                    gsp_lif_shift_out out;
                    gsp_lif_shift_internal x;
                    gsp_lif_shift_explain(&p, &in, &s, &out, &x);
                    hits |= cases->cover(&p, &in, &before, &s, &out, &x);
                }
        const uint64_t expected = cases->reachable(&p);
        for (unsigned i = 0; i < cases->n_bins; i++)
            if ((hits ^ expected) >> i & 1)
                fail_msg("W = %u, K = %u: bin %s", w, configs[c][1], cases->bins[i].name);
    }
}

/* Exactly these bins, by name. */
static void expect_bins(const gsp_lif_shift_params *p, int32_t i_t, gsp_lif_shift_state before,
                        const char *names) {
    const gsp_cases *cases = gsp_cases_of(&gsp_lif_shift_model);
    const gsp_lif_shift_in in = {i_t};
    gsp_lif_shift_state s = before;
    gsp_lif_shift_out out;
    gsp_lif_shift_internal x;
    gsp_lif_shift_explain(p, &in, &s, &out, &x);
    const uint64_t hits = cases->cover(p, &in, &before, &s, &out, &x);
    char found[2048] = "";
    for (unsigned i = 0; i < cases->n_bins; i++)
        if (hits >> i & 1) {
            assert_true(strlen(found) + strlen(cases->bins[i].name) + 2 < sizeof found);
            strcat(found, found[0] ? " " : "");
            strcat(found, cases->bins[i].name);
        }
    assert_string_equal(found, names);
}

static void bins_mean_what_they_say(void **state) {
    (void)state;
    gsp_lif_shift_params p = with(16, 4);
    p.v_reset = -50;
    expect_bins(&p, 0, at(16, 0), "");
    expect_bins(&p, 0, at(15, 0), "leak_stalls");
    expect_bins(&p, 0, at(-15, 0), "leak_floor");
    expect_bins(&p, 0, at(-16, 0), "");
    expect_bins(&p, 0, at(-32768, 0), "difference_wraps leak_from_lowest");
    expect_bins(&p, 16383, at(0, 0), "threshold_missed");
    expect_bins(&p, 16384, at(0, 0), "refractory_none threshold_equal");
    expect_bins(&p, 16000, at(400, 0), "leak_prevents");
    expect_bins(&p, 16384, at(-1, 0), "refractory_none threshold_equal leak_floor leak_fires");
    expect_bins(&p, 32767, at(1, 0),
                "difference_wraps leak_stalls sum_wraps_high sum_high_by_one wrap_prevents_spike");
    expect_bins(&p, 0, at(1, 9), "silent_ended leak_stalls");
    p.refractory_period = 255;
    expect_bins(&p, 0, at(1, 255), "silent_counting silent_longest silent_to_reset");
    expect_bins(&p, 20000, at(-50, 1), "silent_last silent_suppresses");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults),
        cmocka_unit_test(leaks_and_integrates),
        cmocka_unit_test(wraps_before_it_compares),
        cmocka_unit_test(fires_and_stays_silent),
        cmocka_unit_test(longest_refractoriness),
        cmocka_unit_test(ends_of_the_width),
        cmocka_unit_test(reset_loads_v_reset),
        cmocka_unit_test(check_names_the_field),
        cmocka_unit_test(batch_equals_scalar),
        cmocka_unit_test(reachable_bins_are_exact),
        cmocka_unit_test(bins_mean_what_they_say),
    };
    return cmocka_run_group_tests_name("lif_shift", tests, NULL, NULL);
}
