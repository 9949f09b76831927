/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loihi by hand: the cases in which emulators of the chip disagree and those
 * that no reference trace pins, with expectations worked out on paper from
 * the equations; presets, check, batch; weights and register encoders, with
 * the recorded weights and inputs of nengo-loihi and lava.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "goldenspike/loihi.h"
#include "goldenspike/loihi_encode.h"
#include "goldenspike/rng.h"
#include "goldenspike/trace.h"

enum { TOP = 1 << 23, VTH_MAX = TOP - 1 };

static gsp_loihi_params preset(const char *name) {
    gsp_settings settings;
    gsp_error error;
    gsp_loihi_params p;
    memset(&settings, 0, sizeof settings);
    memset(&p, 0xA5, sizeof p);
    assert_true(gsp_settings_add_preset(&settings, &gsp_loihi_model, name, &error));
    assert_true(gsp_settings_apply(&settings, &gsp_loihi_model, &p, NULL, &error));
    gsp_settings_free(&settings);
    assert_int_equal(gsp_loihi_check(&p), 0);
    return p;
}

static gsp_loihi_state at(int32_t u, int32_t v) {
    const gsp_loihi_state s = {.u = u, .v = v, .refractory_count = 0, .reset_count = 0};
    return s;
}

/* One step; explain must agree with step in every byte that counts. */
static gsp_loihi_out step(const gsp_loihi_params *p, gsp_loihi_state *s, int32_t a_in, int8_t rnd) {
    const gsp_loihi_in in = {.a_in = a_in, .rnd = rnd};
    gsp_loihi_state explained = *s;
    gsp_loihi_out out, again;
    gsp_loihi_internal internal;
    memset(&out, 0x11, sizeof out);
    memset(&again, 0x22, sizeof again);
    gsp_loihi_step(p, &in, s, &out);
    gsp_loihi_explain(p, &in, &explained, &again, &internal);
    assert_int_equal(s->u, explained.u);
    assert_int_equal(s->v, explained.v);
    assert_int_equal(s->refractory_count, explained.refractory_count);
    assert_int_equal(s->reset_count, explained.reset_count);
    assert_int_equal(out.spike, again.spike);
    assert_int_equal(out.v_readback, again.v_readback);
    assert_int_equal(out.q, again.q);
    if (!p->q_wrap22)
        assert_int_equal(out.q, internal.q_sum);
    return out;
}

static void presets_differ_as_documented(void **unused) {
    (void)unused;
    const gsp_loihi_params chip = preset("loihi1");
    assert_int_equal(chip.act_shift, 0);
    assert_int_equal(chip.q_wrap22, 1);
    assert_int_equal(chip.u_wrap, GSP_LOIHI_WRAP_TC);
    assert_int_equal(chip.u2_wrap24, 1);
    assert_int_equal(chip.ds_offset, 1);
    assert_int_equal(chip.dm_offset, 0);
    assert_int_equal(chip.vmin, -8388607);
    assert_int_equal(chip.vmax, 8388607);

    const char *const like_lava[] = {"lava", "lava_dl"};
    for (int i = 0; i < 2; i++) {
        const gsp_loihi_params lava = preset(like_lava[i]);
        assert_int_equal(lava.act_shift, 6);
        assert_int_equal(lava.q_wrap22, 0);
        assert_int_equal(lava.u_wrap, GSP_LOIHI_WRAP_LAVA);
        assert_int_equal(lava.u2_wrap24, 0);
    }

    const gsp_loihi_params brian = preset("brian2loihi");
    assert_int_equal(brian.act_shift, 0);
    assert_int_equal(brian.q_wrap22, 0);
    assert_int_equal(brian.u2_wrap24, 0);
    assert_int_equal(brian.bias_mant, 0);

    gsp_loihi_params defaults;
    gsp_default_config(&gsp_loihi_model, &defaults);
    gsp_default_params(&gsp_loihi_model, &defaults);
    assert_int_equal(gsp_loihi_check(&defaults), 0);
    for (int i = 0; i < gsp_loihi_model.n_fields; i++)
        if (gsp_loihi_model.fields[i].kind == GSP_PARAM)
            assert_int_equal(gsp_get(&gsp_loihi_model.fields[i], &defaults),
                             gsp_get(&gsp_loihi_model.fields[i], &chip));
}

/* The four cases in which lava and the chip's emulator part, both with mantissas as input. */
static void emulators_disagree(void **unused) {
    (void)unused;
    gsp_loihi_params lava = preset("lava");
    gsp_loihi_params chip = preset("loihi1");
    chip.act_shift = 6;
    gsp_loihi_params *const both[] = {&lava, &chip};
    gsp_loihi_state s;
    gsp_loihi_out o;

    for (int i = 0; i < 2; i++) {
        both[i]->decay_u = both[i]->decay_v = 100;
        both[i]->vth = VTH_MAX;
    }
    s = at(0, 0);
    o = step(&lava, &s, 32768, 0);
    assert_int_equal(s.u, 2097152);
    assert_int_equal(o.q_overflow, 1); /* the chip would have wrapped */
    s = at(0, 0);
    o = step(&chip, &s, 32768, 0);
    assert_int_equal(s.u, -2097152);
    assert_int_equal(o.q, -2097152);
    assert_int_equal(o.q_overflow, 1);

    for (int i = 0; i < 2; i++)
        both[i]->decay_u = both[i]->decay_v = 4095;
    lava.vth = chip.vth = 6400;
    s = at(0, 0);
    o = step(&lava, &s, 131072, 0);
    assert_int_equal(s.u, 8388608);
    assert_int_equal(o.spike, 1);
    s = at(0, 0);
    o = step(&chip, &s, 131072, 0);
    assert_int_equal(s.u, 0);
    assert_int_equal(o.spike, 0);

    lava.vth = chip.vth = 131071 * 64;
    s = at(0, 0);
    o = step(&lava, &s, 600000, 0);
    assert_int_equal(s.u, 21622784);
    assert_int_equal(o.u_overflow, 1);
    assert_int_equal(o.v_clipped, 1);
    assert_int_equal(o.spike, 1);
    s = at(0, 0);
    o = step(&chip, &s, 600000, 0);
    assert_int_equal(s.u, 651264);
    assert_int_equal(s.v, 651264);
    assert_int_equal(o.spike, 0);

    for (int i = 0; i < 2; i++) {
        both[i]->decay_u = 0;
        both[i]->bias_mant = 4095;
        both[i]->bias_exp = 7;
    }
    s = at(0, 0);
    for (int t = 1; t <= 3; t++)
        assert_int_equal(step(&lava, &s, 32767, 0).spike, 0);
    assert_int_equal(step(&lava, &s, 32767, 0).spike, 1);
    assert_int_equal(s.v, 0);
    s = at(0, 0);
    for (int t = 1; t <= 3; t++)
        assert_int_equal(step(&chip, &s, 32767, 0).u2_overflow, 0);
    o = step(&chip, &s, 32767, 0);
    assert_int_equal(o.u2_overflow, 1);
    assert_int_equal(o.spike, 0);
    assert_int_equal(s.v, -7866113);
}

static void lava_wraps_at_the_very_ends(void **unused) {
    (void)unused;
    gsp_loihi_params p = preset("lava");
    p.decay_u = 4095;
    p.vth = VTH_MAX;
    static const struct {
        int32_t u, expected;
    } ends[] = {{TOP - 64, TOP - 64}, {TOP, TOP},  {TOP + 64, 64 - TOP},
                {64 - TOP, 64 - TOP}, {-TOP, TOP}, {-TOP - 64, TOP - 64}};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        gsp_loihi_state s = at(0, 0);
        const gsp_loihi_out o = step(&p, &s, ends[i].u / 64, 0);
        assert_int_equal(s.u, ends[i].expected);
        assert_int_equal(o.u_overflow, ends[i].u > TOP - 1 || ends[i].u < -TOP);
    }
    /* act_shift 0 reaches the values between. */
    p.act_shift = 0;
    p.decay_u = -1; /* a factor of 4096: u as it was */
    gsp_loihi_state s = at(TOP, 0);
    step(&p, &s, 1, 0);
    assert_int_equal(s.u, 1 - TOP);
    s = at(1 - TOP, 0);
    step(&p, &s, -1, 0);
    assert_int_equal(s.u, TOP);
}

static void noise_comes_before_the_wraps(void **unused) {
    (void)unused;
    gsp_loihi_params p = preset("loihi1");
    p.decay_v = 4096;
    p.vth = VTH_MAX;
    p.noise_enable = 1;
    p.noise_exp = 7;

    /* To q: 2^21 - 100 + 100 wraps to -2^21. */
    gsp_loihi_state s = at(0, 0);
    gsp_loihi_out o = step(&p, &s, 2097152 - 100, 100);
    assert_int_equal(o.q, -2097152);
    assert_int_equal(o.q_overflow, 1);

    /* To u + bias: 8388508 + 100 wraps to -2^23, clipped to vmin; u itself keeps no noise. */
    p.noise_at_v = 1;
    p.decay_u = -1;
    s = at(8388508, 0);
    o = step(&p, &s, 0, 100);
    assert_int_equal(s.u, 8388508);
    assert_int_equal(o.u2_overflow, 1);
    assert_int_equal(s.v, -8388607);
    assert_int_equal(o.v_clipped, 1);
    assert_int_equal(o.q, 0);

    /* Without the wrap the same noise only adds. */
    p.u2_wrap24 = 0;
    s = at(8388508, 0);
    o = step(&p, &s, 0, 100);
    assert_int_equal(o.u2_overflow, 1);
    assert_int_equal(o.spike, 0);
    assert_int_equal(s.v, 8388607);

    /* (rnd + 64 offset) * 2^(exp - 7), toward zero. */
    static const struct {
        int8_t rnd, offset;
        uint8_t exp;
        int32_t noise;
    } values[] = {{-1, 0, 0, 0},
                  {-127, 0, 0, 0},
                  {-127, -1, 0, -1},
                  {127, 1, 0, 1},
                  {-3, 0, 6, -1},
                  {3, 0, 6, 1},
                  {-127, 0, 7, -127},
                  {1, 0, 15, 256},
                  {-5, 2, 8, 246},
                  {127, 127, 15, 2113280},
                  {-127, -128, 15, -2129664}};
    p.noise_at_v = 0;
    p.q_wrap22 = 0;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        p.noise_offset = values[i].offset;
        p.noise_exp = values[i].exp;
        s = at(0, 0);
        assert_int_equal(step(&p, &s, 0, values[i].rnd).q, values[i].noise);
    }
    p.noise_enable = 0;
    s = at(0, 0);
    assert_int_equal(step(&p, &s, 5, 127).q, 5);
}

static void decay_is_one_truncation_toward_zero(void **unused) {
    (void)unused;
    gsp_loihi_params p = preset("loihi1");
    p.vth = VTH_MAX;
    static const struct {
        int32_t s;
        int16_t decay;
        uint8_t offset;
        int32_t result;
    } cases[] = {{1, 0, 1, 0},
                 {-1, 0, 1, 0},
                 {-4096, 0, 1, -4095},
                 {-4097, 0, 1, -4095},
                 {5000, 4095, 1, 0},
                 {5000, 4095, 0, 1},
                 {-5000, 4095, 0, -1},
                 {5000, 4096, 1, -1},
                 {-5000, 4096, 1, 1},
                 {-4095, 4096, 1, 0},
                 {8388607, 0, 0, 8388607},
                 {-8388608, 0, 0, -8388608},
                 {-8388608, 0, 1, -8386560},
                 {8388607, 1, 0, 8386559},
                 {-8388608, 4096, 1, 2048},
                 {3, 2048, 0, 1},
                 {-3, 2048, 0, -1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        p.decay_u = p.decay_v = cases[i].decay;
        p.ds_offset = p.dm_offset = cases[i].offset;
        gsp_loihi_state s = at(cases[i].s, 0);
        step(&p, &s, 0, 0);
        assert_int_equal(s.u, cases[i].result);
        /* v decays alike; u = 0 adds nothing. */
        s = at(0, cases[i].s);
        p.vmin = -8388608;
        step(&p, &s, 0, 0);
        assert_int_equal(s.v, cases[i].result);
    }
}

static void threshold_is_strict_and_readback_shows_the_counter(void **unused) {
    (void)unused;
    gsp_loihi_params p = preset("loihi1");
    p.decay_u = p.decay_v = 4095;
    p.vth = 1000; /* not a multiple of 64: accepted */
    gsp_loihi_state s = at(0, 0);
    gsp_loihi_out o = step(&p, &s, 1000, 0);
    assert_int_equal(o.spike, 0);
    assert_int_equal(s.v, 1000);
    assert_int_equal(o.v_readback, 1000);

    static const uint8_t delays[] = {0, 1, 2, 5, 63};
    for (size_t i = 0; i < sizeof delays; i++) {
        const int delay = delays[i];
        const int silent = delay > 0 ? delay - 1 : 0;
        p.refract_delay = (uint8_t)delay;
        s = at(0, 0);
        o = step(&p, &s, 1001, 0);
        assert_int_equal(o.spike, 1);
        assert_int_equal(s.v, 0);
        assert_int_equal(s.u, 1001); /* not reset by the spike */
        assert_int_equal(s.refractory_count, silent);
        assert_int_equal(o.v_readback, (delay > 0 ? delay : 1) * 128);
        for (int t = 0; t < silent; t++) {
            o = step(&p, &s, 1001, 0);
            assert_int_equal(o.spike, 0);
            assert_int_equal(s.v, 0);
            assert_int_equal(s.u, 1001);
            assert_int_equal(o.v_readback, 0);
            assert_int_equal(s.refractory_count, silent - 1 - t);
        }
        assert_int_equal(step(&p, &s, 1001, 0).spike, 1);
    }
}

static void ternary_spikes(void **unused) {
    (void)unused;
    gsp_loihi_params p = preset("lava");
    p.decay_u = p.decay_v = 4095;
    p.ternary = 1;
    p.vth = 640;
    p.vth_lo = -640;
    static const int expected[] = {-1, 0, 0, 0, 1}; /* a_in -11, -10, 0, 10, 11 */
    static const int inputs[] = {-11, -10, 0, 10, 11};
    for (int i = 0; i < 5; i++) {
        gsp_loihi_state s = at(0, 0);
        const gsp_loihi_out o = step(&p, &s, inputs[i], 0);
        assert_int_equal(o.spike, expected[i]);
        assert_int_equal(s.v, expected[i] ? 0 : inputs[i] * 64);
        assert_int_equal(o.v_readback, expected[i] ? 128 : s.v);
    }
    /* Both thresholds passed: the difference is 0, no reset. */
    p.vth_lo = 6400;
    gsp_loihi_state s = at(0, 0);
    assert_int_equal(step(&p, &s, 20, 0).spike, 0);
    assert_int_equal(s.v, 1280);
    /* A refractory v of 0 lies below a positive vth_lo. */
    s = at(0, 0);
    s.refractory_count = 2;
    p.refract_delay = 3;
    assert_int_equal(step(&p, &s, 1000, 0).spike, -1);
    assert_int_equal(s.refractory_count, 2);
    /* Not ternary: vth_lo does nothing. */
    p.ternary = 0;
    s = at(0, 0);
    assert_int_equal(step(&p, &s, -20, 0).spike, 0);
    assert_int_equal(s.v, -1280);
}

static void interval_reset(void **unused) {
    (void)unused;
    gsp_loihi_params p = preset("lava");
    p.decay_u = -1;
    p.decay_v = 0;
    p.vth = VTH_MAX;
    for (int interval = 1; interval <= 5; interval++)
        for (int offset = 0; offset < interval; offset++) {
            p.reset_interval = (uint16_t)interval;
            p.reset_offset = (uint16_t)offset;
            assert_int_equal(gsp_loihi_check(&p), 0);
            gsp_loihi_state s;
            memset(&s, 0x5A, sizeof s);
            gsp_loihi_reset(&s, &p);
            int32_t u = 0, v = 0;
            for (int t = 1; t <= 3 * interval + 2; t++) {
                if (t % interval == offset)
                    u = v = 0;
                u += 64;
                v += u;
                step(&p, &s, 1, 0);
                assert_int_equal(s.u, u);
                assert_int_equal(s.v, v);
                assert_int_equal(s.reset_count, t % interval);
            }
        }
    /* Off: the count stays 0. A count beyond a shortened interval starts anew. */
    p.reset_interval = p.reset_offset = 0;
    gsp_loihi_state s = at(64, 64);
    s.reset_count = 9;
    step(&p, &s, 0, 0);
    assert_int_equal(s.reset_count, 0);
    assert_int_equal(s.u, 64);
    p.reset_interval = 5;
    s.reset_count = 9;
    step(&p, &s, 0, 0);
    assert_int_equal(s.reset_count, 0);
    assert_int_equal(s.u, 0);
    assert_int_equal(gsp_loihi_encode_reset_offset(10, 7), 3);
    assert_int_equal(gsp_loihi_encode_reset_offset(10, 0), 0);
}

static void bias_and_clip(void **unused) {
    (void)unused;
    gsp_loihi_params p = preset("lava");
    p.decay_u = 4095;
    p.decay_v = 4096;
    p.vth = VTH_MAX;
    static const struct {
        int16_t mant;
        int8_t exp;
        int32_t bias;
    } biases[] = {{4095, 7, 524160}, {-4096, 7, -524288}, {-3, -1, -2}, {3, -1, 1},      {-1, -8, -1},
                  {255, -8, 0},      {-257, -8, -2},      {1, 0, 1},    {-4096, -8, -16}};
    for (size_t i = 0; i < sizeof biases / sizeof biases[0]; i++) {
        p.bias_mant = biases[i].mant;
        p.bias_exp = biases[i].exp;
        gsp_loihi_state s = at(0, 0);
        step(&p, &s, 0, 0);
        assert_int_equal(s.v, biases[i].bias);
        assert_int_equal(gsp_loihi_decode_bias(biases[i].mant, biases[i].exp), biases[i].bias);
    }
    p.bias_mant = 0;
    p.act_shift = 0;
    p.vmin = 0;
    p.vmax = 511;
    static const struct {
        int32_t a, v;
        int clipped;
    } clips[] = {{511, 511, 0}, {512, 511, 1}, {0, 0, 0}, {-1, 0, 1}, {4194303, 511, 1}, {-4194304, 0, 1}};
    for (size_t i = 0; i < sizeof clips / sizeof clips[0]; i++) {
        gsp_loihi_state s = at(0, 0);
        const gsp_loihi_out o = step(&p, &s, clips[i].a, 0);
        assert_int_equal(s.v, clips[i].v);
        assert_int_equal(o.v_clipped, clips[i].clipped);
    }
}

static void rejected(const gsp_loihi_params *p, const char *field) {
    const int code = gsp_loihi_check(p);
    assert_true(code > 0);
    assert_string_equal(gsp_loihi_model.fields[code - 1].name, field);
}

static void check_names_the_field(void **unused) {
    (void)unused;
#define REJECT(member, value)                  \
    do {                                       \
        gsp_loihi_params p = preset("loihi1"); \
        p.member = (value);                    \
        rejected(&p, #member);                 \
    } while (0)
    REJECT(decay_u, -2);
    REJECT(decay_u, 4097);
    REJECT(decay_v, -1);
    REJECT(decay_v, 4097);
    REJECT(ds_offset, 2);
    REJECT(dm_offset, 2);
    REJECT(vth, -1);
    REJECT(vth, 1 << 23);
    REJECT(vth_lo, 1 << 23);
    REJECT(ternary, 2);
    REJECT(bias_mant, 4096);
    REJECT(bias_mant, -4097);
    REJECT(bias_exp, 8);
    REJECT(bias_exp, -9);
    REJECT(refract_delay, 64);
    REJECT(act_shift, 1);
    REJECT(act_shift, 5);
    REJECT(act_shift, 7);
    REJECT(q_wrap22, 2);
    REJECT(u_wrap, 2);
    REJECT(u2_wrap24, 2);
    REJECT(vmin, 1);
    REJECT(vmin, -8388609);
    REJECT(vmax, -1);
    REJECT(vmax, 8388608);
    REJECT(noise_enable, 2);
    REJECT(noise_at_v, 2);
    REJECT(noise_exp, 16);

    gsp_loihi_params p = preset("loihi1");
    p.decay_u = -1;
    assert_int_equal(gsp_loihi_check(&p), 0);
    p.ds_offset = 0;
    rejected(&p, "decay_u");

    p = preset("loihi1");
    p.reset_offset = 9; /* of no meaning while the interval is 0 */
    assert_int_equal(gsp_loihi_check(&p), 0);
    p.reset_interval = 9;
    rejected(&p, "reset_offset");
    p.reset_interval = 10;
    assert_int_equal(gsp_loihi_check(&p), 0);
}

enum { NEURONS = 533, STEPS = 300 };

static void batch_equals_scalar(void **unused) {
    (void)unused;
    static int32_t a_in[NEURONS], u[NEURONS], v[NEURONS];
    static int8_t rnd[NEURONS], spike[NEURONS];
    static uint8_t refractory_count[NEURONS];
    static uint16_t reset_count[NEURONS];
    static gsp_loihi_state states[NEURONS];
    const gsp_loihi_arrays arrays = {a_in, rnd, u, v, refractory_count, reset_count, spike};
    gsp_rng rng;
    gsp_rng_seed(&rng, 7);

    int spikes = 0;
    for (int variant = 0; variant < 8; variant++) {
        gsp_loihi_params p = preset(variant & 1 ? "lava" : "loihi1");
        p.noise_enable = (uint8_t)(variant >> 1 & 1);
        p.noise_at_v = (uint8_t)(variant >> 2);
        p.noise_exp = 12;
        p.ternary = (uint8_t)(variant >> 2);
        p.reset_interval = variant >> 2 ? 7 : 0;
        p.refract_delay = 3;
        p.bias_mant = -77;
        p.bias_exp = 2;
        for (int k = 0; k < NEURONS; k++) {
            /* Any state of the registers. */
            u[k] = (int32_t)gsp_rng_range(&rng, -(1 << 27), (1 << 27) - 1);
            v[k] = (int32_t)gsp_rng_range(&rng, -TOP, TOP - 1);
            refractory_count[k] = (uint8_t)gsp_rng_below(&rng, 64);
            reset_count[k] = (uint16_t)gsp_rng_below(&rng, 65536);
            const gsp_loihi_state s = {u[k], v[k], refractory_count[k], reset_count[k]};
            states[k] = s;
        }
        for (int t = 0; t < STEPS; t++) {
            p.decay_u = (int16_t)gsp_rng_range(&rng, -1, 4096);
            p.decay_v = (int16_t)gsp_rng_range(&rng, 0, 4096);
            p.vth = (int32_t)gsp_rng_below(&rng, 1u << gsp_rng_range(&rng, 4, 22));
            const int64_t reach = INT64_C(1) << gsp_rng_range(&rng, 4, 22);
            for (int k = 0; k < NEURONS; k++) {
                a_in[k] = (int32_t)gsp_rng_range(&rng, -reach, reach);
                rnd[k] = (int8_t)gsp_rng_range(&rng, -127, 127);
            }
            gsp_loihi_batch(&p, &arrays, NEURONS);
            for (int k = 0; k < NEURONS; k++) {
                const gsp_loihi_in in = {a_in[k], rnd[k]};
                gsp_loihi_out out;
                gsp_loihi_step(&p, &in, &states[k], &out);
                assert_int_equal(u[k], states[k].u);
                assert_int_equal(v[k], states[k].v);
                assert_int_equal(refractory_count[k], states[k].refractory_count);
                assert_int_equal(reset_count[k], states[k].reset_count);
                assert_int_equal(spike[k], out.spike);
                spikes += out.spike != 0;
            }
        }
    }
    assert_true(spikes > 10000);
}

static gsp_loihi_synapse synapse(int bits_code, int sign_mode, int weight_exp) {
    const gsp_loihi_synapse s = {(uint8_t)bits_code, (uint8_t)sign_mode, (int8_t)weight_exp};
    assert_int_equal(gsp_loihi_synapse_check(&s), 0);
    return s;
}

static void weights_by_hand(void **unused) {
    (void)unused;
    static const struct {
        int code, mode, exp, mantissa, w8, weight;
    } cases[] = {
        {7, GSP_LOIHI_MIXED, 0, -128, -256, -16384},
        {7, GSP_LOIHI_MIXED, 0, 127, 254, 16256},
        {7, GSP_LOIHI_MIXED, 7, -128, -256, -2097088}, /* -2^21 is clipped */
        {7, GSP_LOIHI_MIXED, 7, 127, 254, 2080768},
        {7, GSP_LOIHI_EXCITATORY, 7, 255, 255, 2088960},
        {7, GSP_LOIHI_INHIBITORY, 7, -255, -255, -2088960},
        {7, GSP_LOIHI_EXCITATORY, -3, 7, 7, 0}, /* bits lost per synapse: toward minus infinity */
        {7, GSP_LOIHI_INHIBITORY, -3, -7, -7, -64},
        {7, GSP_LOIHI_MIXED, -8, -1, -2, -64},
        {7, GSP_LOIHI_MIXED, -8, 127, 254, 0},
        {1, GSP_LOIHI_MIXED, 0, -1, -256, -16384},
        {1, GSP_LOIHI_EXCITATORY, 0, 1, 128, 8192},
        {0, GSP_LOIHI_EXCITATORY, 0, 0, 0, 0},
        {6, GSP_LOIHI_EXCITATORY, 0, 63, 252, 16128},
        {6, GSP_LOIHI_MIXED, -4, 31, 248, 960},
        {4, GSP_LOIHI_INHIBITORY, 0, -15, -240, -15360},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const gsp_loihi_synapse s = synapse(cases[i].code, cases[i].mode, cases[i].exp);
        int min, max;
        gsp_loihi_mantissa_range(&s, &min, &max);
        assert_in_range(cases[i].mantissa - min, 0, max - min);
        const gsp_loihi_weight w = gsp_loihi_weight_decode(&s, cases[i].mantissa);
        assert_int_equal(w.w8, cases[i].w8);
        assert_int_equal(w.weight, cases[i].weight);
    }
    static const struct {
        int code, mode, min, max;
    } ranges[] = {{7, GSP_LOIHI_MIXED, -128, 127},    {7, GSP_LOIHI_EXCITATORY, 0, 255},
                  {7, GSP_LOIHI_INHIBITORY, -255, 0}, {6, GSP_LOIHI_MIXED, -32, 31},
                  {1, GSP_LOIHI_MIXED, -1, 0},        {0, GSP_LOIHI_MIXED, 0, 0}};
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        const gsp_loihi_synapse s = synapse(ranges[i].code, ranges[i].mode, 0);
        int min, max;
        gsp_loihi_mantissa_range(&s, &min, &max);
        assert_int_equal(min, ranges[i].min);
        assert_int_equal(max, ranges[i].max);
    }
    gsp_loihi_synapse s = {8, GSP_LOIHI_MIXED, 0};
    assert_int_equal(gsp_loihi_synapse_check(&s), 1);
    s.bits_code = 7;
    s.sign_mode = 0;
    assert_int_equal(gsp_loihi_synapse_check(&s), 2);
    s.sign_mode = 4;
    assert_int_equal(gsp_loihi_synapse_check(&s), 2);
    s.sign_mode = GSP_LOIHI_INHIBITORY;
    s.weight_exp = 8;
    assert_int_equal(gsp_loihi_synapse_check(&s), 3);
    s.weight_exp = -9;
    assert_int_equal(gsp_loihi_synapse_check(&s), 3);
}

static void weight_discretisation_by_hand(void **unused) {
    (void)unused;
    /* nengo-loihi: halves to even, +-(2^(8-s) - 1), nothing lost by the chip's shift. */
    gsp_loihi_synapse s = synapse(7, GSP_LOIHI_MIXED, 0);
    assert_int_equal(gsp_loihi_nengo_mantissa(&s, 179), 90);
    assert_int_equal(gsp_loihi_nengo_mantissa(&s, -203), -102);
    assert_int_equal(gsp_loihi_nengo_mantissa(&s, 1), 0);
    assert_int_equal(gsp_loihi_nengo_mantissa(&s, 3), 2);
    assert_int_equal(gsp_loihi_nengo_mantissa(&s, -256), -127);
    assert_int_equal(gsp_loihi_nengo_mantissa(&s, 255), 127);
    s = synapse(7, GSP_LOIHI_MIXED, -4);                    /* s + exp = -3: to multiples of 8 */
    assert_int_equal(gsp_loihi_nengo_mantissa(&s, 24), 16); /* 12 = 1.5 * 8: to the even 2 */
    assert_int_equal(gsp_loihi_nengo_mantissa(&s, 40), 16); /* 20 = 2.5 * 8: to the even 2 */
    assert_int_equal(gsp_loihi_nengo_mantissa(&s, -24), -16);
    assert_int_equal(gsp_loihi_nengo_mantissa(&s, 255), 127); /* 128 is clipped, as there */
    s = synapse(7, GSP_LOIHI_EXCITATORY, 0);
    assert_int_equal(gsp_loihi_nengo_mantissa(&s, 254.5), 254);
    assert_int_equal(gsp_loihi_nengo_mantissa(&s, 255), 255);
    s = synapse(0, GSP_LOIHI_MIXED, 0);
    assert_int_equal(gsp_loihi_nengo_mantissa(&s, 200), 0);

    /* lava: floor for mixed and excitatory, toward zero for inhibitory. */
    s = synapse(7, GSP_LOIHI_MIXED, 0);
    assert_int_equal(gsp_loihi_lava_weight(&s, -151), -152);
    assert_int_equal(gsp_loihi_lava_weight(&s, 151), 150);
    assert_int_equal(gsp_loihi_lava_weight(&s, -300), -256);
    assert_int_equal(gsp_loihi_lava_weight(&s, 300), 254);
    s = synapse(4, GSP_LOIHI_INHIBITORY, 0);
    assert_int_equal(gsp_loihi_lava_weight(&s, -31), -16);
    assert_int_equal(gsp_loihi_lava_weight(&s, -300), -240);
    assert_int_equal(gsp_loihi_lava_weight(&s, 5), 0);
    s = synapse(4, GSP_LOIHI_EXCITATORY, 0);
    assert_int_equal(gsp_loihi_lava_weight(&s, 31), 16);
    assert_int_equal(gsp_loihi_lava_weight(&s, -5), 0);
    /* Its shift is on the sum: 3 + 3 + 3 = 9 >> 2 = 2, where three shifts would give 0. */
    s = synapse(7, GSP_LOIHI_EXCITATORY, -2);
    assert_int_equal(gsp_loihi_lava_a_out(&s, 9), 2);
    assert_int_equal(gsp_loihi_lava_a_out(&s, -9), -3);
    s = synapse(7, GSP_LOIHI_EXCITATORY, 3);
    assert_int_equal(gsp_loihi_lava_a_out(&s, -9), -72);
}

/* The recordings of tests/data/loihi: `# key=a b c` lines, a header row, rows of integers. */
enum { INPUTS = 8, COLUMNS = 10, MAX_ROWS = 2000, LINE = 1024 };

typedef struct recording {
    char header[16][LINE];
    int n_header, n_columns, n_rows;
    long cells[MAX_ROWS][COLUMNS];
} recording;

static void read_recording(recording *r, const char *path) {
    char line[LINE];
    uint32_t crc = 0;
    bool ended = false;
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("cannot open %s", path);
    memset(r, 0, sizeof *r);
    while (fgets(line, sizeof line, file)) {
        assert_false(ended);
        if (strncmp(line, "# end ", 6) == 0) {
            int rows;
            unsigned expected;
            assert_int_equal(sscanf(line, "# end rows=%d crc32=%x", &rows, &expected), 2);
            assert_int_equal(rows, r->n_rows);
            assert_int_equal(expected, crc);
            ended = true;
            continue;
        }
        crc = gsp_crc32(crc, line, strlen(line));
        if (line[0] == '#') {
            assert_in_range(r->n_header, 0, 15);
            line[strcspn(line, "\n")] = '\0';
            memcpy(r->header[r->n_header++], line + 2, strlen(line) - 1);
        } else if (r->n_columns == 0) {
            r->n_columns = 1;
            for (const char *c = line; *c; c++)
                r->n_columns += *c == ',';
            assert_in_range(r->n_columns, INPUTS + 1, COLUMNS);
        } else {
            assert_in_range(r->n_rows, 0, MAX_ROWS - 1);
            char *at_text = line;
            for (int c = 0; c < r->n_columns; c++)
                r->cells[r->n_rows][c] = strtol(at_text + (c > 0), &at_text, 10);
            assert_int_equal(*at_text, '\n');
            r->n_rows++;
        }
    }
    fclose(file);
    assert_true(ended);
}

static const char *header_value(const recording *r, const char *key) {
    const size_t n = strlen(key);
    for (int i = 0; i < r->n_header; i++)
        if (strncmp(r->header[i], key, n) == 0 && r->header[i][n] == '=')
            return r->header[i] + n + 1;
    fail_msg("no %s", key);
    return NULL;
}

static void header_numbers(const recording *r, const char *key, long numbers[INPUTS]) {
    char *end = (char *)(uintptr_t)header_value(r, key);
    for (int i = 0; i < INPUTS; i++)
        numbers[i] = strtol(end, &end, 10);
    assert_int_equal(*end, '\0');
}

static gsp_loihi_synapse header_synapse(const recording *r) {
    int code, mode, exponent;
    assert_int_equal(sscanf(header_value(r, "synapse"), "bits_code=%d sign_mode=%d weight_exp=%d", &code,
                            &mode, &exponent),
                     3);
    return synapse(code, mode, exponent);
}

/* nengo-loihi: weights to mantissas to chip weights, and their sums to the inputs of the recorded neuron. */
static void recorded_weights_of_nengo(void **unused) {
    (void)unused;
    static recording r;
    long weights[INPUTS], chip[INPUTS];
    read_recording(&r, "tests/data/loihi/nengo_net_wexp0.csv");
    const gsp_loihi_synapse s = header_synapse(&r);
    header_numbers(&r, "weights_mant", weights);
    header_numbers(&r, "weights_chip", chip);
    for (int i = 0; i < INPUTS; i++) {
        const int mantissa = gsp_loihi_nengo_mantissa(&s, (double)weights[i]);
        assert_int_equal(gsp_loihi_weight_decode(&s, mantissa).weight, chip[i]);
    }

    gsp_trace trace;
    gsp_error error;
    static gsp_frame frame;
    if (!gsp_trace_read(&trace, "tests/traces/loihi/nengo_net_wexp0.csv", &gsp_loihi_model, NULL, true,
                        &error))
        fail_msg("%s", error.text);
    assert_int_equal(trace.n_rows, r.n_rows);
    int32_t q = 0;
    for (int row = 0; row < r.n_rows; row++) {
        gsp_trace_load(&trace, (size_t)row, &frame);
        assert_int_equal(((const gsp_loihi_in *)&frame.in)->a_in, q);
        q = 0;
        for (int i = 0; i < INPUTS; i++)
            if (r.cells[row][1 + i])
                q += gsp_loihi_weight_decode(&s, gsp_loihi_nengo_mantissa(&s, (double)weights[i])).weight;
    }
    gsp_trace_free(&trace);
}

static void recorded_dense_of_lava(void **unused) {
    (void)unused;
    static recording r;
    long weights[INPUTS], truncated[INPUTS];
    read_recording(&r, "tests/data/loihi/lava_dense_mixed_nb8.csv");
    assert_int_equal(r.n_rows, 2000);
    const gsp_loihi_synapse s = header_synapse(&r);
    header_numbers(&r, "weights_in", weights);
    header_numbers(&r, "weights_truncated", truncated);
    for (int i = 0; i < INPUTS; i++)
        assert_int_equal(gsp_loihi_lava_weight(&s, (int)weights[i]), truncated[i]);
    int64_t sent = 0;
    for (int row = 0; row < r.n_rows; row++) {
        assert_int_equal(r.cells[row][1 + INPUTS], sent);
        int64_t sum = 0;
        for (int i = 0; i < INPUTS; i++)
            sum += gsp_loihi_lava_weight(&s, (int)weights[i]) * r.cells[row][1 + i];
        sent = gsp_loihi_lava_a_out(&s, sum);
    }
}

static bool near(double a, double b) {
    return fabs(a - b) < 1e-9 * fmax(1.0, fabs(b));
}

static void registers_and_back(void **unused) {
    (void)unused;
    int16_t decay, mant;
    int8_t exponent;
    int32_t vth;
    double error;

    /* Every register is its own nearest, with either offset. */
    for (int offset = 0; offset <= 1; offset++)
        for (int d = 0; d <= 4095; d++) {
            const double tau = gsp_loihi_decode_tau(d, offset);
            assert_true(gsp_loihi_encode_tau(tau, offset, &decay, &error));
            assert_int_equal(decay, d);
            assert_true(fabs(error) < 1e-6 * fmax(1.0, isinf(tau) ? 1.0 : tau));
        }
    /* 4096 (1 - e^-(1/10)) = 389.79 */
    assert_true(gsp_loihi_encode_tau(10.0, 0, &decay, &error));
    assert_int_equal(decay, 390);
    assert_true(near(error, -1.0 / log(3706.0 / 4096.0) - 10.0));
    assert_true(gsp_loihi_encode_tau(10.0, 1, &decay, &error));
    assert_int_equal(decay, 389);
    /* No decay at all is out of reach of offset 1: the slowest is taken, and the error says so. */
    assert_true(gsp_loihi_encode_tau((double)INFINITY, 1, &decay, &error));
    assert_int_equal(decay, 0);
    assert_true(error < 0);
    assert_true(gsp_loihi_encode_tau((double)INFINITY, 0, &decay, &error));
    assert_int_equal(decay, 0);
    assert_true(error == 0.0);
    assert_true(isnan(gsp_loihi_decode_tau(4096, 1)));
    assert_false(gsp_loihi_encode_tau(-1.0, 0, &decay, &error));
    assert_false(gsp_loihi_encode_tau((double)NAN, 0, &decay, &error));
    assert_false(gsp_loihi_encode_tau(1.0, 2, &decay, &error));

    assert_true(gsp_loihi_encode_threshold(1000.0, &vth, &error));
    assert_int_equal(vth, 1024); /* 15.6 to 16 */
    assert_true(near(error, 24.0));
    assert_true(gsp_loihi_encode_threshold(32.0, &vth, &error));
    assert_int_equal(vth, 0); /* a half: to even */
    assert_true(gsp_loihi_encode_threshold(8388544.0, &vth, &error));
    assert_int_equal(vth, 8388544);
    vth = 77;
    assert_false(gsp_loihi_encode_threshold(8388577.0, &vth, &error));
    assert_false(gsp_loihi_encode_threshold(-64.0, &vth, &error));
    assert_false(gsp_loihi_encode_threshold((double)NAN, &vth, &error));
    assert_int_equal(vth, 77);

    static const struct {
        double bias;
        int mant, exp;
    } biases[] = {{4095.0, 4095, 0}, {-4096.0, -4096, 0}, {4095.4, 4095, 0},   {4096.0, 2048, 1},
                  {4097.0, 2048, 1}, {-0.5, 0, 0},        {524160.0, 4095, 7}, {100000.0, 3125, 5}};
    for (size_t i = 0; i < sizeof biases / sizeof biases[0]; i++) {
        assert_true(gsp_loihi_encode_bias(biases[i].bias, &mant, &exponent, &error));
        assert_int_equal(mant, biases[i].mant);
        assert_int_equal(exponent, biases[i].exp);
        assert_true(near(gsp_loihi_decode_bias(mant, exponent) - biases[i].bias, error));
    }
    assert_false(gsp_loihi_encode_bias(524288.0, &mant, &exponent, &error));
    assert_true(gsp_loihi_encode_bias(-524288.0, &mant, &exponent, &error));
    assert_false(gsp_loihi_encode_bias((double)NAN, &mant, &exponent, &error));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(presets_differ_as_documented),
        cmocka_unit_test(emulators_disagree),
        cmocka_unit_test(lava_wraps_at_the_very_ends),
        cmocka_unit_test(noise_comes_before_the_wraps),
        cmocka_unit_test(decay_is_one_truncation_toward_zero),
        cmocka_unit_test(threshold_is_strict_and_readback_shows_the_counter),
        cmocka_unit_test(ternary_spikes),
        cmocka_unit_test(interval_reset),
        cmocka_unit_test(bias_and_clip),
        cmocka_unit_test(check_names_the_field),
        cmocka_unit_test(batch_equals_scalar),
        cmocka_unit_test(weights_by_hand),
        cmocka_unit_test(weight_discretisation_by_hand),
        cmocka_unit_test(recorded_weights_of_nengo),
        cmocka_unit_test(recorded_dense_of_lava),
        cmocka_unit_test(registers_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
