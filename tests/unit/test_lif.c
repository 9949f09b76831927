/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lif by hand: the cases that implementations get wrong, with expectations
 * worked out on paper from the equations; reset, check, explain, batch.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "goldenspike/cases.h"
#include "goldenspike/lif.h"
#include "goldenspike/rng.h"

static const int32_t MAX32 = INT32_MAX;
static const int32_t MIN32 = INT32_MIN;

static gsp_lif_params with_widths(unsigned data_width, unsigned fraction) {
    gsp_lif_params p;
    gsp_default_config(&gsp_lif_model, &p);
    p.data_width = (uint8_t)data_width;
    p.fraction = (uint8_t)fraction;
    gsp_default_params(&gsp_lif_model, &p);
    assert_int_equal(gsp_lif_check(&p), 0);
    return p;
}

static gsp_lif_in noise(int32_t noise_in) {
    const gsp_lif_in in = {.leak_k = 0, .gain_k = 0, .i_t = 0, .noise_in = noise_in};
    return in;
}

static gsp_lif_in leak(int32_t leak_k) {
    const gsp_lif_in in = {.leak_k = leak_k, .gain_k = 0, .i_t = 0, .noise_in = 0};
    return in;
}

static gsp_lif_in current(int32_t gain_k, int32_t i_t) {
    const gsp_lif_in in = {.leak_k = 0, .gain_k = gain_k, .i_t = i_t, .noise_in = 0};
    return in;
}

/* One step from `s`; everything it leaves is compared. */
static void expect_step(const gsp_lif_params *p, gsp_lif_in in, gsp_lif_state *s, int spike, int32_t v,
                        int count) {
    gsp_lif_out out = {.spike = 0xEE, .v_out = 0x5A5A5A5A};
    gsp_lif_out out_explained = {.spike = 0xDD, .v_out = 0x3C3C3C3C};
    gsp_lif_state explained = *s;
    gsp_lif_internal internal;

    gsp_lif_step(p, &in, s, &out);
    gsp_lif_explain(p, &in, &explained, &out_explained, &internal);
    assert_int_equal(out.spike, spike);
    assert_int_equal(s->v, v);
    assert_int_equal(out.v_out, v);
    assert_int_equal(s->refractory_count, count);
    assert_int_equal(out_explained.spike, spike);
    assert_int_equal(explained.v, v);
    assert_int_equal(out_explained.v_out, v);
    assert_int_equal(explained.refractory_count, count);
}

static gsp_lif_state at(int32_t v, int count) {
    const gsp_lif_state s = {.v = v, .refractory_count = (uint8_t)count};
    return s;
}

/* Decay and drive by hand, Q8.8: v = 512, leak 20/256 of (0 - 512) = -40, drive 3 * 100 = 300 at gain 3.0. */
static void leaks_and_integrates(void **state) {
    (void)state;
    gsp_lif_params p = with_widths(16, 8);
    p.v_threshold = 1000;
    gsp_lif_state s = at(512, 0);
    const gsp_lif_in in = {.leak_k = 20, .gain_k = 768, .i_t = 100, .noise_in = -2};
    expect_step(&p, in, &s, 0, 770, 0); /* 512 - 40 + 300 - 2 */

    gsp_lif_internal x;
    gsp_lif_out out;
    s = at(512, 0);
    gsp_lif_explain(&p, &in, &s, &out, &x);
    assert_int_equal(x.dv_leak, -40);
    assert_int_equal(x.dv_in, 300);
    assert_int_equal(x.sum, 770);
    assert_int_equal(x.v_next, 770);

    /* The sum is shown as it is before it is narrowed. */
    s = at(32767, 0);
    const gsp_lif_in over = noise(3);
    gsp_lif_explain(&p, &over, &s, &out, &x);
    assert_int_equal(x.sum, 32770);
    assert_int_equal(x.v_next, -32766);
}

static void fires_and_stays_silent(void **state) {
    (void)state;
    gsp_lif_params p = with_widths(16, 8);
    p.v_rest = 10;
    p.v_reset = -50;
    p.refractory_period = 2;
    gsp_lif_state s = at(0, 0);
    expect_step(&p, noise(255), &s, 0, 255, 0);
    expect_step(&p, noise(1), &s, 1, -50, 2);
    expect_step(&p, noise(32767), &s, 0, 10, 1);
    expect_step(&p, noise(32767), &s, 0, 10, 0);
    expect_step(&p, noise(246), &s, 1, -50, 2);
}

static void silent_steps_show_no_internals(void **state) {
    (void)state;
    const gsp_lif_params p = with_widths(16, 8);
    const gsp_lif_in in = {.leak_k = 256, .gain_k = 256, .i_t = 99, .noise_in = 77};
    gsp_lif_state s = at(5, 1);
    gsp_lif_out out;
    gsp_lif_internal x = {1, 1, 1, 1};
    gsp_lif_explain(&p, &in, &s, &out, &x);
    assert_true(x.dv_leak == 0 && x.dv_in == 0 && x.sum == 0 && x.v_next == 0);
}

static void longest_refractoriness(void **state) {
    (void)state;
    gsp_lif_params p = with_widths(16, 8);
    p.refractory_period = 255;
    p.v_rest = 3;
    gsp_lif_state s = at(0, 0);
    expect_step(&p, noise(256), &s, 1, 0, 255);
    for (int left = 254; left >= 0; left--)
        expect_step(&p, noise(300), &s, 0, 3, left);
    expect_step(&p, noise(253), &s, 1, 0, 255);
}

static void fires_back_to_back_without_refractoriness(void **state) {
    (void)state;
    gsp_lif_params p = with_widths(16, 8);
    p.refractory_period = 0;
    p.v_reset = 256; /* refires on its own */
    gsp_lif_state s = at(256, 0);
    expect_step(&p, noise(0), &s, 1, 256, 0);
    expect_step(&p, noise(0), &s, 1, 256, 0);
    expect_step(&p, noise(-1), &s, 0, 255, 0);
}

/* 20000 - -20000 = 40000 needs 17 bits; wrapped to 16 it would be -25536. */
static void difference_needs_one_more_bit(void **state) {
    (void)state;
    gsp_lif_params p = with_widths(16, 8);
    p.v_rest = 20000;
    p.v_reset = -20000;
    p.v_threshold = 25000;
    gsp_lif_state s = at(-20000, 0);
    expect_step(&p, leak(64), &s, 0, -10000, 0);
    s = at(32767, 0);
    p.v_rest = -32768;
    p.v_threshold = 32767;
    expect_step(&p, leak(128), &s, 0, -1, 0); /* -65535 / 2 = -32767.5, floor -32768 */
}

static void wraps_before_it_compares(void **state) {
    (void)state;
    gsp_lif_params p = with_widths(16, 8);
    gsp_lif_state s = at(32767, 0);
    p.v_threshold = 32767;
    expect_step(&p, noise(1), &s, 0, -32768, 0);
    expect_step(&p, noise(-1), &s, 1, 0, 2);
    /* -32768 * -32768 / 256 = 2^22 is 64 turns: nothing is left of it. */
    s = at(5, 0);
    expect_step(&p, current(-32768, -32768), &s, 0, 5, 0);
}

static void saturates_at_both_ends(void **state) {
    (void)state;
    gsp_lif_params p = with_widths(16, 8);
    p.saturate = 1;
    p.v_threshold = 32767;
    p.reset_mode = GSP_LIF_RESET_NONE;
    p.refractory_period = 0;
    gsp_lif_state s = at(32766, 0);
    expect_step(&p, noise(0), &s, 0, 32766, 0);
    expect_step(&p, noise(2), &s, 1, 32767, 0);
    expect_step(&p, current(-32768, -32768), &s, 1, 32767, 0);
    expect_step(&p, current(32767, -32768), &s, 0, -32768, 0);
    expect_step(&p, noise(-1), &s, 0, -32768, 0);
    expect_step(&p, noise(1), &s, 0, -32767, 0);
}

static void shifts_are_floors(void **state) {
    (void)state;
    gsp_lif_params p = with_widths(16, 8);
    gsp_lif_state s = at(0, 0);
    expect_step(&p, current(1, -1), &s, 0, -1, 0);
    s = at(1, 0);
    expect_step(&p, leak(1), &s, 0, 0, 0); /* (0 - 1) * 1 >> 8 = -1 */
    s = at(-1, 0);
    expect_step(&p, leak(1), &s, 0, -1, 0); /* (0 + 1) * 1 >> 8 = 0: the decay stalls */
    /* Two floors of -1/256 are -2; the floor of their sum would be -1. */
    s = at(1, 0);
    const gsp_lif_in both = {.leak_k = 1, .gain_k = 1, .i_t = -1, .noise_in = 0};
    expect_step(&p, both, &s, 0, -1, 0);
}

static void resets_by_subtraction(void **state) {
    (void)state;
    gsp_lif_params p = with_widths(16, 8);
    p.reset_mode = GSP_LIF_RESET_SUBTRACT;
    p.v_reset = -99; /* not used */
    p.refractory_period = 0;
    gsp_lif_state s = at(0, 0);
    expect_step(&p, noise(300), &s, 1, 44, 0);
    expect_step(&p, noise(212), &s, 1, 0, 0);
    /* 32000 - -1000 = 33000: 33000 - 65536 = -32536, or the end of the range. */
    p.v_threshold = -1000;
    s = at(32000, 0);
    expect_step(&p, noise(0), &s, 1, -32536, 0);
    p.saturate = 1;
    s = at(32000, 0);
    expect_step(&p, noise(0), &s, 1, 32767, 0);
}

static void resets_to_nothing(void **state) {
    (void)state;
    gsp_lif_params p = with_widths(16, 8);
    p.reset_mode = GSP_LIF_RESET_NONE;
    p.v_reset = -99; /* not used */
    p.refractory_period = 1;
    gsp_lif_state s = at(0, 0);
    expect_step(&p, noise(300), &s, 1, 300, 1);
    expect_step(&p, noise(300), &s, 0, 0, 0);
}

static void threshold_at_both_ends(void **state) {
    (void)state;
    gsp_lif_params p = with_widths(16, 8);
    p.refractory_period = 0;
    p.v_threshold = -32768;
    gsp_lif_state s = at(-32768, 0);
    expect_step(&p, noise(0), &s, 1, 0, 0);
    p.v_threshold = 32767;
    s = at(32766, 0);
    expect_step(&p, noise(0), &s, 0, 32766, 0);
    expect_step(&p, noise(1), &s, 1, 0, 0);
}

static void narrowest(void **state) {
    (void)state;
    gsp_lif_params p = with_widths(2, 1);
    assert_int_equal(p.v_threshold, 1); /* 1.0 does not fit */
    p.refractory_period = 0;
    p.v_rest = 1;
    p.v_reset = -2;
    gsp_lif_state s = at(-2, 0);
    /* (1 + 2) * -2 >> 1 = -3, (-2 * -2) >> 1 = 2, -2 - 3 + 2 + 1 = -2 */
    const gsp_lif_in in = {.leak_k = -2, .gain_k = -2, .i_t = -2, .noise_in = 1};
    expect_step(&p, in, &s, 0, -2, 0);
    expect_step(&p, noise(-1), &s, 1, -2, 0); /* -3 wraps to 1 and fires */
    p.saturate = 1;
    expect_step(&p, noise(-1), &s, 0, -2, 0);

    p = with_widths(2, 0);
    assert_int_equal(p.v_threshold, 1);
}

/* Products of 2^62 and 2^63 - 2^31 are exact; a sum beyond 64 bits keeps its residue, or its side. */
static void widest(void **state) {
    (void)state;
    gsp_lif_params p = with_widths(32, 31);
    assert_int_equal(p.v_threshold, MAX32);
    gsp_lif_state s = at(MIN32, 0);
    expect_step(&p, current(MIN32, MIN32), &s, 0, 0, 0); /* + 2^62 >> 31 = 2^31 */

    p = with_widths(32, 0);
    p.v_rest = MIN32;
    p.v_threshold = MAX32;
    /* v_rest - v = -(2^32 - 1), times -2^31: 2^63 - 2^31; and 2^62 from the input */
    const gsp_lif_in up = {.leak_k = MIN32, .gain_k = MIN32, .i_t = MIN32, .noise_in = MAX32};
    s = at(MAX32, 0);
    expect_step(&p, up, &s, 0, MAX32 - 1, 0); /* (2^31 - 1) - 2^31 + (2^31 - 1) modulo 2^32 */
    p.saturate = 1;
    p.reset_mode = GSP_LIF_RESET_NONE;
    s = at(MAX32, 0);
    expect_step(&p, up, &s, 1, MAX32, 2);
    /* -(2^32 - 1) * (2^31 - 1) = -2^63 + 2^32 + 2^31 - 1; and -2^62 + 2^31 from the input */
    const gsp_lif_in down = {.leak_k = MAX32, .gain_k = MAX32, .i_t = MIN32, .noise_in = MIN32};
    s = at(MAX32, 0);
    expect_step(&p, down, &s, 0, MIN32, 0);
}

static void params_may_change_between_steps(void **state) {
    (void)state;
    gsp_lif_params p = with_widths(16, 8);
    gsp_lif_state s = at(0, 0);
    p.refractory_period = 3;
    expect_step(&p, noise(256), &s, 1, 0, 3);
    p.refractory_period = 0; /* the running count stays */
    p.v_rest = 7;
    expect_step(&p, noise(0), &s, 0, 7, 2);
    p.v_rest = -7;
    expect_step(&p, noise(0), &s, 0, -7, 1);
    expect_step(&p, noise(0), &s, 0, -7, 0);
    p.v_threshold = -7;
    expect_step(&p, noise(0), &s, 1, 0, 0);
}

static void reset_loads_v_rest(void **state) {
    (void)state;
    gsp_lif_params p = with_widths(16, 8);
    p.v_rest = -1234;
    p.v_reset = 99;
    gsp_lif_state s = at(55, 44);
    gsp_lif_reset(&s, &p);
    assert_int_equal(s.v, -1234);
    assert_int_equal(s.refractory_count, 0);
}

static void expect_rejected(const gsp_lif_params *p, const char *name) {
    const int code = gsp_lif_check(p);
    assert_in_range(code, 1, gsp_lif_model.n_fields);
    assert_string_equal(gsp_lif_model.fields[code - 1].name, name);
}

static void check_names_the_field(void **state) {
    (void)state;
    const gsp_lif_params good = with_widths(16, 8);
    gsp_lif_params p;
#define REJECTED(name, value) (p = good, p.name = (value), expect_rejected(&p, #name))
#define ACCEPTED(name, value) (p = good, p.name = (value), assert_int_equal(gsp_lif_check(&p), 0))
    REJECTED(data_width, 0);
    REJECTED(data_width, 1);
    REJECTED(data_width, 33);
    REJECTED(data_width, 255);
    REJECTED(fraction, 16);
    REJECTED(fraction, 32);
    REJECTED(fraction, 255); /* what -1 becomes */
    REJECTED(v_rest, 32768);
    REJECTED(v_rest, -32769);
    REJECTED(v_reset, 32768);
    REJECTED(v_reset, -32769);
    REJECTED(v_threshold, 32768);
    REJECTED(v_threshold, -32769);
    REJECTED(reset_mode, 3);
    REJECTED(reset_mode, 4);
    REJECTED(saturate, 2);
    ACCEPTED(fraction, 15);
    ACCEPTED(fraction, 0);
    ACCEPTED(v_rest, 32767);
    ACCEPTED(v_rest, -32768);
    ACCEPTED(v_threshold, 32767);
    ACCEPTED(v_threshold, -32768);
    ACCEPTED(refractory_period, 0);
    ACCEPTED(refractory_period, 255);
    ACCEPTED(reset_mode, 2);
    ACCEPTED(saturate, 1);
#undef REJECTED
#undef ACCEPTED
    /* A width that is illegal is named before the fields whose ranges it decides. */
    p = good;
    p.data_width = 33;
    p.v_rest = MAX32;
    expect_rejected(&p, "data_width");
    p = with_widths(32, 31);
    p.v_rest = MIN32;
    p.v_threshold = MAX32;
    assert_int_equal(gsp_lif_check(&p), 0);
    p = with_widths(2, 1);
    p.v_reset = 2;
    expect_rejected(&p, "v_reset");
    p.v_reset = -2;
    assert_int_equal(gsp_lif_check(&p), 0);
    p.fraction = 2;
    expect_rejected(&p, "fraction");
}

/* Ends of the range, and uniform values. */
static int32_t draw(gsp_rng *rng, unsigned width) {
    const int64_t max = (INT64_C(1) << (width - 1)) - 1;
    const int64_t ends[] = {-max - 1, -max, -1, 0, 1, max};
    const uint32_t choice = gsp_rng_below(rng, 12);
    return (int32_t)(choice < 6 ? ends[choice] : gsp_rng_range(rng, -max - 1, max));
}

enum { BATCH_MAX = 203, GUARD = 0x5C };

static void compare_batch(gsp_rng *rng, const gsp_lif_params *p, size_t n) {
    int32_t in[4][BATCH_MAX];
    int32_t v[BATCH_MAX + 1], v_scalar[BATCH_MAX];
    uint8_t count[BATCH_MAX + 1], count_scalar[BATCH_MAX], spike[BATCH_MAX + 1];
    const gsp_lif_arrays arrays = {in[0], in[1], in[2], in[3], v, count, spike};

    for (size_t k = 0; k < n; k++) {
        v[k] = v_scalar[k] = draw(rng, p->data_width);
        count[k] = count_scalar[k] = (uint8_t)(gsp_rng_one_in(rng, 2) ? 0 : gsp_rng_below(rng, 256));
    }
    v[n] = GUARD;
    count[n] = spike[n] = GUARD;
    for (int step = 0; step < 6; step++) {
        for (size_t k = 0; k < n; k++)
            for (int i = 0; i < 4; i++)
                in[i][k] = draw(rng, p->data_width);
        memset(spike, 0xEE, n);
        gsp_lif_batch(p, &arrays, n);
        for (size_t k = 0; k < n; k++) {
            const gsp_lif_in one = {in[0][k], in[1][k], in[2][k], in[3][k]};
            gsp_lif_state s = at(v_scalar[k], count_scalar[k]);
            gsp_lif_out out;
            gsp_lif_step(p, &one, &s, &out);
            assert_int_equal(v[k], s.v);
            assert_int_equal(count[k], s.refractory_count);
            assert_int_equal(spike[k], out.spike);
            v_scalar[k] = s.v;
            count_scalar[k] = s.refractory_count;
        }
    }
    assert_int_equal(v[n], GUARD);
    assert_int_equal(count[n], GUARD);
    assert_int_equal(spike[n], GUARD);
}

/* Every width, the ends and the middle of the fraction, every mode; lengths beside those of vectors. */
static void batch_equals_scalar(void **state) {
    (void)state;
    static const size_t lengths[] = {0, 1, 3, 7, 8, 9, 15, 17, 31, 33, 64, 65, BATCH_MAX};
    static const uint8_t periods[] = {0, 1, 2, 255};
    gsp_rng rng;
    gsp_rng_seed(&rng, 7);
    for (unsigned w = 2; w <= 32; w++) {
        const unsigned fractions[] = {0, w / 2, w - 1};
        for (unsigned f = 0; f < 3; f++)
            for (unsigned mode = 0; mode < 6; mode++) {
                gsp_lif_params p = with_widths(w, fractions[f]);
                p.reset_mode = (uint8_t)(mode / 2);
                p.saturate = (uint8_t)(mode % 2);
                for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++) {
                    p.v_rest = draw(&rng, w);
                    p.v_reset = draw(&rng, w);
                    p.v_threshold = draw(&rng, w);
                    p.refractory_period = periods[gsp_rng_below(&rng, 4)];
                    assert_int_equal(gsp_lif_check(&p), 0);
                    compare_batch(&rng, &p, lengths[l]);
                }
            }
    }
}

/* The bins that a two-bit neuron can reach, by trying every step it can take. */
static void reachable_bins_are_exact(void **state) {
    (void)state;
    const gsp_cases *cases = gsp_cases_of(&gsp_lif_model);
    static const uint8_t periods[] = {0, 1, 255};
    static const uint8_t counts[] = {0, 1, 2, 255};
    for (unsigned f = 0; f < 2; f++) {
        gsp_lif_params p = with_widths(2, f);
        uint64_t hits = 0;
        for (unsigned mode = 0; mode < 6 * 3; mode++) {
            p.reset_mode = (uint8_t)(mode % 3);
            p.saturate = (uint8_t)(mode / 3 % 2);
            p.refractory_period = periods[mode / 6];
            for (unsigned word = 0; word < 1u << 16; word++) {
                int32_t value[8];
                for (int i = 0; i < 8; i++)
                    value[i] = (int32_t)(word >> (2 * i) & 3u) - 2;
                p.v_rest = value[0];
                p.v_reset = value[1];
                p.v_threshold = value[2];
                const gsp_lif_in in = {value[3], value[4], value[5], value[6]};
                for (unsigned c = 0; c < 4; c++) {
                    const gsp_lif_state before = at(value[7], counts[c]);
                    gsp_lif_state s = before;
                    gsp_lif_out out;
                    gsp_lif_internal x;
                    gsp_lif_explain(&p, &in, &s, &out, &x);
                    hits |= cases->cover(&p, &in, &before, &s, &out, &x);
                }
            }
        }
        const uint64_t expected = cases->reachable(&p);
        for (unsigned i = 0; i < cases->n_bins; i++)
            if ((hits ^ expected) >> i & 1)
                fail_msg("W = 2, F = %u: bin %s", f, cases->bins[i].name);
        assert_true(hits == expected);
    }
}

static uint64_t bins_of(const gsp_lif_params *p, gsp_lif_in in, gsp_lif_state before) {
    gsp_lif_state s = before;
    gsp_lif_out out;
    gsp_lif_internal x;
    gsp_lif_explain(p, &in, &s, &out, &x);
    return gsp_cases_of(&gsp_lif_model)->cover(p, &in, &before, &s, &out, &x);
}

/* Exactly these bins, by name. */
static void expect_bins(uint64_t hits, const char *names) {
    const gsp_cases *cases = gsp_cases_of(&gsp_lif_model);
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
    gsp_lif_params p = with_widths(16, 8);
    p.v_rest = 10;
    p.v_reset = -50;
    expect_bins(bins_of(&p, noise(0), at(0, 0)), "");
    expect_bins(bins_of(&p, noise(300), at(0, 255)),
                "silent_counting silent_longest silent_to_rest silent_suppresses");
    expect_bins(bins_of(&p, noise(0), at(10, 1)), "silent_last");
    expect_bins(bins_of(&p, noise(246), at(10, 0)),
                "refractory_entered spike_from_rest threshold_equal noise_fires reset_to");
    expect_bins(bins_of(&p, noise(-1), at(256, 0)), "threshold_missed noise_prevents");
    expect_bins(bins_of(&p, leak(-1), at(266, 0)), "refractory_entered reset_to leak_outward");
    expect_bins(bins_of(&p, leak(1), at(12, 0)), "leak_floor");
    expect_bins(bins_of(&p, leak(1), at(8, 0)), "leak_stalls");
    expect_bins(bins_of(&p, current(-1, 1), at(0, 0)), "input_floor");
    expect_bins(bins_of(&p, noise(32767), at(1, 0)), "sum_wraps_high sum_high_by_one wrap_prevents_spike");
    expect_bins(bins_of(&p, noise(-32768), at(-1, 0)),
                "refractory_entered noise_fires reset_to sum_wraps_low sum_low_by_one wrap_makes_spike");
    expect_bins(bins_of(&p, current(-32768, -32768), at(0, 0)),
                "sum_wraps_high sum_wraps_far wrap_prevents_spike "
                "input_extreme");
    p.refractory_period = 0;
    p.v_reset = 300;
    expect_bins(bins_of(&p, noise(0), at(300, 0)), "refractory_none spike_from_reset spike_refires reset_to");
    p.v_rest = 20000;
    p.v_reset = -20000;
    expect_bins(bins_of(&p, leak(64), at(-20000, 0)), "difference_high");
    p.v_rest = 32767;
    p.v_threshold = 25000;
    expect_bins(bins_of(&p, noise(0), at(0, 0)), ""); /* a difference of 32767 fits */
    expect_bins(bins_of(&p, noise(0), at(-1, 0)), "difference_high");
    expect_bins(bins_of(&p, noise(32767), at(0, 0)),
                "refractory_none spike_rest_above noise_fires reset_to sum_highest");
    expect_bins(bins_of(&p, noise(-32768), at(0, 0)), "sum_lowest");
    p.reset_mode = GSP_LIF_RESET_SUBTRACT;
    p.v_rest = 0;
    p.v_threshold = -1;
    expect_bins(bins_of(&p, noise(0), at(32766, 0)), "refractory_none spike_rest_above reset_subtract");
    expect_bins(bins_of(&p, noise(0), at(32767, 0)),
                "refractory_none spike_rest_above reset_subtract subtract_wraps sum_highest");
    p.reset_mode = GSP_LIF_RESET_TO;
    p.v_rest = 20000;
    p.v_threshold = 256;
    p.saturate = 1;
    expect_bins(bins_of(&p, leak(-32768), at(-20000, 0)),
                "sum_saturates_low difference_high difference_extreme leak_outward");
    p.reset_mode = GSP_LIF_RESET_SUBTRACT;
    p.v_threshold = -32768;
    p.v_rest = -32768;
    expect_bins(bins_of(&p, noise(0), at(0, 0)),
                "refractory_none spike_rest_above threshold_lowest reset_subtract subtract_saturates");
    expect_bins(
        bins_of(&p, noise(0), at(1, 0)),
        "refractory_none spike_rest_above threshold_lowest reset_subtract subtract_saturates difference_low");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaks_and_integrates),
        cmocka_unit_test(fires_and_stays_silent),
        cmocka_unit_test(silent_steps_show_no_internals),
        cmocka_unit_test(longest_refractoriness),
        cmocka_unit_test(fires_back_to_back_without_refractoriness),
        cmocka_unit_test(difference_needs_one_more_bit),
        cmocka_unit_test(wraps_before_it_compares),
        cmocka_unit_test(saturates_at_both_ends),
        cmocka_unit_test(shifts_are_floors),
        cmocka_unit_test(resets_by_subtraction),
        cmocka_unit_test(resets_to_nothing),
        cmocka_unit_test(threshold_at_both_ends),
        cmocka_unit_test(narrowest),
        cmocka_unit_test(widest),
        cmocka_unit_test(params_may_change_between_steps),
        cmocka_unit_test(reset_loads_v_rest),
        cmocka_unit_test(check_names_the_field),
        cmocka_unit_test(batch_equals_scalar),
        cmocka_unit_test(reachable_bins_are_exact),
        cmocka_unit_test(bins_mean_what_they_say),
    };
    return cmocka_run_group_tests_name("lif", tests, NULL, NULL);
}
