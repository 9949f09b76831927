/* SPDX-License-Identifier: Apache-2.0 */
/*
 * truenorth by hand: the cases that implementations get wrong, with
 * expectations worked out from the equations; known networks; the chip's
 * encoding; the LFSR; check, explain, batch.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "goldenspike/cases.h"
#include "goldenspike/rng.h"
#include "goldenspike/truenorth.h"
#include "goldenspike/truenorth_lfsr.h"
#include "oracle.h"

enum { NEVER = 262143 }; /* the highest threshold */

/* No weights, no leak, thresholds out of the way. */
static gsp_truenorth_params neuron(void) {
    gsp_truenorth_params p;
    gsp_default_config(&gsp_truenorth_model, &p);
    gsp_default_params(&gsp_truenorth_model, &p);
    p.s0 = 0;
    p.alpha = NEVER;
    p.beta = NEVER;
    assert_int_equal(gsp_truenorth_check(&p), 0);
    return p;
}

static gsp_truenorth_in event(unsigned axon_type, unsigned rho) {
    const gsp_truenorth_in in = {
        .op = GSP_TRUENORTH_EVENT, .axon_type = (uint8_t)axon_type, .rho = (uint8_t)rho, .rho_threshold = 0};
    return in;
}

static gsp_truenorth_in tick(unsigned rho, uint32_t rho_threshold) {
    const gsp_truenorth_in in = {
        .op = GSP_TRUENORTH_TICK, .axon_type = 0, .rho = (uint8_t)rho, .rho_threshold = rho_threshold};
    return in;
}

/* One operation from v: what it leaves in v, and its outputs; explain must agree. */
static void expect(const gsp_truenorth_params *p, gsp_truenorth_in in, int32_t v, int32_t v_next, int spike,
                   int negative) {
    gsp_truenorth_state s = {v};
    gsp_truenorth_state explained = s;
    gsp_truenorth_out out = {.spike = 0xEE, .negative = 0xEE, .draws_used = 0xEE};
    gsp_truenorth_out out_explained = {.spike = 0xDD, .negative = 0xDD, .draws_used = 0xDD};
    gsp_truenorth_internal internal;

    assert_int_equal(gsp_truenorth_check(p), 0);
    gsp_truenorth_step(p, &in, &s, &out);
    gsp_truenorth_explain(p, &in, &explained, &out_explained, &internal);
    assert_int_equal(s.v, v_next);
    assert_int_equal(out.spike, spike);
    assert_int_equal(out.negative, negative);
    assert_int_equal(explained.v, v_next);
    assert_int_equal(out_explained.spike, spike);
    assert_int_equal(out_explained.negative, negative);
    assert_int_equal(out.draws_used, gsp_truenorth_draws(p, in.op, in.axon_type));
    assert_int_equal(out_explained.draws_used, out.draws_used);
}

static void expect_event(const gsp_truenorth_params *p, unsigned type, unsigned rho, int32_t v,
                         int32_t v_next) {
    expect(p, event(type, rho), v, v_next, 0, 0);
}

/* A tick that spikes, takes the negative branch, or neither. */
static void expect_spike(const gsp_truenorth_params *p, uint32_t rho_threshold, int32_t v, int32_t v_next) {
    expect(p, tick(0, rho_threshold), v, v_next, 1, 0);
}

static void expect_negative(const gsp_truenorth_params *p, uint32_t rho_threshold, int32_t v,
                            int32_t v_next) {
    expect(p, tick(0, rho_threshold), v, v_next, 0, 1);
}

static void expect_quiet(const gsp_truenorth_params *p, unsigned rho, int32_t v, int32_t v_next) {
    expect(p, tick(rho, 0), v, v_next, 0, 0);
}

static void threshold_at_equality(void **state) {
    (void)state;
    gsp_truenorth_params p = neuron();
    p.alpha = 10;
    p.r = -4;
    expect_spike(&p, 0, 10, -4);
    expect_quiet(&p, 0, 9, 9);
    p.alpha = 0;
    p.r = 0;
    for (int k = 0; k < 3; k++)
        expect_spike(&p, 0, 0, 0);
}

static void negative_threshold(void **state) {
    (void)state;
    gsp_truenorth_params p = neuron();
    p.beta = 10;
    p.r = 3;
    expect_quiet(&p, 0, -10, -10);
    expect_negative(&p, 0, -11, -3);
    p.negative_le = 1;
    expect_negative(&p, 0, -10, -3);
    expect_quiet(&p, 0, -9, -9);
    p.negative_le = 0;
    p.kappa = 1;
    for (uint8_t gamma = 0; gamma <= 2; gamma++) {
        p.gamma = gamma;
        expect_negative(&p, 0, -11, -10);
    }
    p.kappa = 0;
    p.gamma = GSP_TRUENORTH_RESET_NONE;
    expect_negative(&p, 0, -11, -11);
    p.r = 524287;
    p.gamma = GSP_TRUENORTH_RESET_TO;
    expect_negative(&p, 0, -11, -524287);
    p.r = -524287;
    expect_negative(&p, 0, -11, 524287);
}

/* Both thresholds at zero: the spike comes first; with negative_le l = 0 is below, too. */
static void thresholds_at_zero(void **state) {
    (void)state;
    gsp_truenorth_params p = neuron();
    p.beta = 0;
    p.r = 5;
    p.alpha = 7;
    p.mask = 1;
    expect_quiet(&p, 0, 0, 0);
    p.negative_le = 1;
    expect_negative(&p, 0, 0, -5);
    expect(&p, tick(0, 1), 0, 0, 0, 0);
    p.kappa = 1;
    expect_negative(&p, 1, 0, 0);
    p.kappa = 0;
    p.gamma = GSP_TRUENORTH_RESET_LINEAR;
    expect_negative(&p, 0, 0, 0);
    p.alpha = 0;
    expect_spike(&p, 0, 0, 0);
}

static void threshold_noise(void **state) {
    (void)state;
    gsp_truenorth_params p = neuron();
    p.gamma = GSP_TRUENORTH_RESET_LINEAR;
    p.mask = 7;
    p.alpha = 20;
    expect_spike(&p, 7, 50, 23);
    expect_spike(&p, 0x1FFF8 | 7, 50, 23); /* bits beyond the mask do not matter */
    expect(&p, tick(0, 7), 26, 26, 0, 0);
    expect_spike(&p, 7, 27, 0);

    p.beta = 21;
    expect_negative(&p, 5, -50, -24);
    expect(&p, tick(0, 5), -26, -26, 0, 0);
    expect_negative(&p, 5, -27, -1);
    p.kappa = 1; /* the noise does not move a saturating threshold */
    expect_negative(&p, 5, -22, -21);
    expect(&p, tick(0, 5), -21, -21, 0, 0);

    p.alpha = NEVER; /* the highest threshold of all: 2^18 - 1 + 2^17 - 1 */
    p.mask = 0x1FFFF;
    expect_spike(&p, 0x1FFFF, 393214, 0);
    expect(&p, tick(0, 0x1FFFF), 393213, 393213, 0, 0);
}

static void linear_reset_spikes_once_per_tick(void **state) {
    (void)state;
    gsp_truenorth_params p = neuron();
    p.gamma = GSP_TRUENORTH_RESET_LINEAR;
    p.alpha = 20;
    for (int32_t v = 100; v >= 20; v -= 20)
        expect_spike(&p, 0, v, v - 20);
    expect_quiet(&p, 0, 0, 0);
}

static void leak_reversal(void **state) {
    (void)state;
    gsp_truenorth_params p = neuron();
    p.leak = -3;
    expect_quiet(&p, 0, 2, -1);
    expect_quiet(&p, 0, 0, -3);
    p.epsilon = 1;
    expect_quiet(&p, 0, 2, -1);
    expect_quiet(&p, 0, -1, 2);
    expect_quiet(&p, 0, 0, 0);
    p.ringing_rule = 1;
    expect_quiet(&p, 0, 2, 0);
    expect_quiet(&p, 0, -1, 0);
    expect_quiet(&p, 0, 3, 0);
    expect_quiet(&p, 0, 4, 1);
    p.leak = 3;
    expect_quiet(&p, 0, -2, -5);
    expect_quiet(&p, 0, 2, 5);
    p.epsilon = 0; /* the rule belongs to the reversal */
    p.leak = -3;
    expect_quiet(&p, 0, 2, -1);
}

static void stochastic_synapse(void **state) {
    (void)state;
    gsp_truenorth_params p = neuron();
    p.b0 = p.b1 = p.b2 = 1;
    p.s1 = -255;
    p.s2 = 128;
    p.s3 = 128;
    expect_event(&p, 0, 0, 7, 7); /* sgn(0) = 0 */
    expect_event(&p, 1, 255, 7, 6);
    expect_event(&p, 2, 128, 7, 8);
    expect_event(&p, 2, 129, 7, 7);
    expect_event(&p, 3, 129, 7, 135); /* b3 = 0 */

    /* |s| + 1 of 256 random bytes. */
    int taken = 0;
    for (unsigned rho = 0; rho < 256; rho++) {
        gsp_truenorth_state s = {0};
        gsp_truenorth_out out;
        const gsp_truenorth_in in = event(2, rho);
        gsp_truenorth_step(&p, &in, &s, &out);
        taken += s.v;
    }
    assert_int_equal(taken, 129);
}

static void stochastic_leak(void **state) {
    (void)state;
    gsp_truenorth_params p = neuron();
    p.leak_stochastic = 1;
    p.leak = -100;
    expect_quiet(&p, 100, 5, 4);
    expect_quiet(&p, 101, 5, 5);
    p.epsilon = 1;
    expect_quiet(&p, 100, -5, -4);
    expect_quiet(&p, 0, 0, 0);
    p.leak = 100;
    expect_quiet(&p, 100, -5, -6);
}

static void overflow_saturates(void **state) {
    (void)state;
    gsp_truenorth_params p = neuron();
    p.gamma = GSP_TRUENORTH_RESET_NONE;
    p.s0 = 255;
    p.s1 = -255;
    p.leak = 1;
    expect_event(&p, 0, 0, 524200, 524287);
    expect_event(&p, 1, 0, -524200, -524288);
    expect_spike(&p, 0, 524287, 524287);
    p.leak = -1;
    expect_negative(&p, 0, -524288, -524288);
}

static void overflow_wraps(void **state) {
    (void)state;
    gsp_truenorth_params p = neuron();
    p.overflow = GSP_TRUENORTH_WRAP;
    p.gamma = GSP_TRUENORTH_RESET_NONE;
    p.s0 = 255;
    p.s1 = -255;
    p.leak = 1;
    expect_event(&p, 0, 0, 524287, -524034);
    expect_event(&p, 1, 0, -524034, 524287);
    expect_negative(&p, 0, 524287, -524288);
    p.leak = -1;
    expect_spike(&p, 0, -524288, 524287);
    p.leak = 1; /* the ringing rule sees the sign that wrapping changed */
    p.epsilon = p.ringing_rule = 1;
    expect_quiet(&p, 0, 524287, 0);
}

static void overflow_of_nemo(void **state) {
    (void)state;
    gsp_truenorth_params p = neuron();
    p.overflow = GSP_TRUENORTH_NEMO;
    p.s0 = 255;
    p.gamma = GSP_TRUENORTH_RESET_NONE;
    p.mask = 0x1FFFF;
    expect_event(&p, 0, 0, 393200, 393455);
    expect_event(&p, 0, 0, 524287, -524034); /* the state has 20 bits */
    const gsp_truenorth_in idle = {.op = GSP_TRUENORTH_IDLE, .axon_type = 0, .rho = 0, .rho_threshold = 0};
    expect(&p, idle, 524287, 524287, 0, 0);
    expect_spike(&p, 0x1FFFF, 393217, 393216); /* above every alpha + eta */
    expect_spike(&p, 0, 393216, 393216);
    expect_negative(&p, 0, -393217, -393216);
    expect_negative(&p, 0, -393216, -393216);
    p.gamma = GSP_TRUENORTH_RESET_LINEAR;
    expect_spike(&p, 0, 500000, 393216 - NEVER);
}

static void idle_does_nothing(void **state) {
    (void)state;
    gsp_truenorth_params p = neuron();
    p.s0 = 9;
    p.b0 = 1;
    p.leak = 9;
    p.leak_stochastic = 1;
    p.mask = 255;
    p.alpha = 0;
    const gsp_truenorth_in idle = {.op = GSP_TRUENORTH_IDLE, .axon_type = 0, .rho = 0, .rho_threshold = 5};
    expect(&p, idle, 100, 100, 0, 0);
    assert_int_equal(gsp_truenorth_draws(&p, GSP_TRUENORTH_IDLE, 0), 0);
    assert_int_equal(gsp_truenorth_draws(&p, GSP_TRUENORTH_EVENT, 0), 1);
    assert_int_equal(gsp_truenorth_draws(&p, GSP_TRUENORTH_EVENT, 1), 0);
    assert_int_equal(gsp_truenorth_draws(&p, GSP_TRUENORTH_TICK, 1), 3);
    p.leak_stochastic = 0;
    assert_int_equal(gsp_truenorth_draws(&p, GSP_TRUENORTH_TICK, 0), 2);
    p.mask = 0;
    assert_int_equal(gsp_truenorth_draws(&p, GSP_TRUENORTH_TICK, 0), 0);
}

/* pytruenorth's example examples/tonic_spiking.py: alpha 10, leak +1, r 0. */
static void tonic_spiking_has_period_10(void **state) {
    (void)state;
    gsp_truenorth_params p = neuron();
    p.alpha = 10;
    p.leak = 1;
    gsp_truenorth_state s;
    gsp_truenorth_reset(&s, &p);
    for (int t = 1; t <= 100; t++) {
        gsp_truenorth_out out;
        const gsp_truenorth_in in = tick(0, 0);
        gsp_truenorth_step(&p, &in, &s, &out);
        assert_int_equal(out.spike, t % 10 == 0);
    }
}

/* What every step leaves in the intermediates. */
static void explain_keeps_the_intermediates(void **state) {
    (void)state;
    gsp_truenorth_params p = neuron();
    p.leak = -3;
    p.epsilon = 1;
    p.mask = 15;
    gsp_truenorth_state s = {-10};
    gsp_truenorth_out out;
    gsp_truenorth_internal x;
    const gsp_truenorth_in in = tick(0, 0x1C);
    gsp_truenorth_explain(&p, &in, &s, &out, &x);
    assert_int_equal(x.inc, 3);
    assert_int_equal(x.v_leak, -7);
    assert_int_equal(x.eta, 12);
    p.s2 = 40;
    gsp_truenorth_in synapse = event(2, 0);
    synapse.rho_threshold = 15; /* of no concern to an event */
    gsp_truenorth_explain(&p, &synapse, &s, &out, &x);
    assert_int_equal(x.inc, 40);
    assert_int_equal(x.v_leak, 0);
    assert_int_equal(x.eta, 0);
}

/* check() names the field that is wrong. */
static void check_names_the_field(void **state) {
    (void)state;
    const struct {
        const char *name;
        int64_t bad, worse, good;
    } rows[] = {
        {"s0", -256, 256, -255},
        {"s1", -256, 256, 255},
        {"s2", -256, 256, -255},
        {"s3", -256, 256, 255},
        {"b0", 2, 255, 1},
        {"b1", 2, 255, 1},
        {"b2", 2, 255, 1},
        {"b3", 2, 255, 1},
        {"leak", -256, 256, -255},
        {"leak_stochastic", 2, 3, 1},
        {"epsilon", 2, 3, 1},
        {"kappa", 2, 3, 1},
        {"alpha", 262144, -1, NEVER},
        {"beta", 262144, -1, NEVER},
        {"mask", 131072, 6, 131071},
        {"gamma", 3, 4, 2},
        {"r", -524288, 524288, -524287},
        {"overflow", 3, 4, 2},
        {"ringing_rule", 2, 3, 1},
        {"negative_le", 2, 3, 1},
    };
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        gsp_truenorth_params p = neuron();
        const int field = gsp_field_find(&gsp_truenorth_model, rows[k].name);
        assert_true(field >= 0);
        gsp_set(&gsp_truenorth_model.fields[field], &p, rows[k].bad);
        assert_int_equal(gsp_truenorth_check(&p), field + 1);
        gsp_set(&gsp_truenorth_model.fields[field], &p, rows[k].worse);
        assert_int_equal(gsp_truenorth_check(&p), field + 1);
        gsp_set(&gsp_truenorth_model.fields[field], &p, rows[k].good);
        assert_int_equal(gsp_truenorth_check(&p), 0);
    }
    /* A mask is 2^TM - 1. */
    const int mask = gsp_field_find(&gsp_truenorth_model, "mask");
    int legal = 0;
    for (uint32_t m = 0; m < 131072; m++) {
        gsp_truenorth_params p = neuron();
        p.mask = m;
        const int wrong = gsp_truenorth_check(&p);
        assert_true(wrong == 0 || wrong == mask + 1);
        legal += wrong == 0;
    }
    assert_int_equal(legal, 18);
}

static gsp_truenorth_chip chip_neuron(void) {
    const gsp_truenorth_chip chip = {.sigma = {1, -1, 1, -1},
                                     .s = {255, 255, 0, 7},
                                     .b = {0, 1, 0, 1},
                                     .sigma_lambda = -1,
                                     .lambda = 200,
                                     .c_lambda = 1,
                                     .epsilon = 1,
                                     .alpha = 1000,
                                     .beta = 262143,
                                     .tm = 8,
                                     .gamma = 2,
                                     .kappa = 1,
                                     .sigma_vr = -1,
                                     .vr = 5,
                                     .v = -77};
    return chip;
}

static void decodes_the_chip(void **state) {
    (void)state;
    gsp_truenorth_chip chip = chip_neuron();
    gsp_truenorth_params p = neuron();
    gsp_truenorth_state s = {0};
    p.overflow = GSP_TRUENORTH_NEMO;
    p.ringing_rule = 1;
    assert_true(gsp_truenorth_decode(&chip, &p, &s));
    assert_int_equal(p.s0, 255);
    assert_int_equal(p.s1, -255);
    assert_int_equal(p.s2, 0);
    assert_int_equal(p.s3, -7);
    assert_int_equal(p.b0, 0);
    assert_int_equal(p.b1, 1);
    assert_int_equal(p.b2, 0);
    assert_int_equal(p.b3, 1);
    assert_int_equal(p.leak, -200);
    assert_int_equal(p.leak_stochastic, 1);
    assert_int_equal(p.epsilon, 1);
    assert_int_equal(p.kappa, 1);
    assert_int_equal(p.alpha, 1000);
    assert_int_equal(p.beta, 262143);
    assert_int_equal(p.mask, 255);
    assert_int_equal(p.gamma, 2);
    assert_int_equal(p.r, -31);
    assert_int_equal(s.v, -77);
    assert_int_equal(p.overflow, GSP_TRUENORTH_NEMO); /* not in the encoding */
    assert_int_equal(p.ringing_rule, 1);

    assert_int_equal(gsp_truenorth_mask(0), 0);
    assert_int_equal(gsp_truenorth_mask(1), 1);
    assert_int_equal(gsp_truenorth_mask(17), 131071);
    assert_int_equal(gsp_truenorth_reset_potential(1, 0), 0);
    assert_int_equal(gsp_truenorth_reset_potential(1, 19), 524287);
    assert_int_equal(gsp_truenorth_reset_potential(-1, 1), -1);
    assert_int_equal(gsp_truenorth_weight(-1, 0), 0);
}

static void decode_rejects(void **state) {
    (void)state;
    const gsp_truenorth_params untouched = neuron();
    for (int wrong = 0; wrong < 18; wrong++) {
        gsp_truenorth_chip chip = chip_neuron();
        switch (wrong) {
        case 0: chip.sigma[0] = 0; break;
        case 1: chip.sigma[3] = 2; break;
        case 2: chip.sigma_lambda = 0; break;
        case 3: chip.sigma_vr = -2; break;
        case 4: chip.tm = 18; break;
        case 5: chip.vr = 20; break;
        case 6: chip.v = 524288; break;
        case 7: chip.v = -524289; break;
        case 8: chip.b[0] = 2; break;
        case 9: chip.b[3] = 2; break;
        case 10: chip.alpha = 262144; break;
        case 11: chip.beta = 262144; break;
        case 12: chip.gamma = 3; break;
        case 13: chip.kappa = 2; break;
        case 14: chip.epsilon = 2; break;
        case 15: chip.tm = 255; break;
        case 16: chip.vr = 255; break;
        default: chip.c_lambda = 2; break;
        }
        gsp_truenorth_params p = untouched;
        gsp_truenorth_state s = {123};
        assert_false(gsp_truenorth_decode(&chip, &p, &s));
        assert_memory_equal(&p, &untouched, sizeof p);
        assert_int_equal(s.v, 123);
    }
}

/* ---- the LFSR ---- */

/* Product in GF(2)[x] modulo x^31 + x^3 + 1. */
static uint32_t multiply(uint32_t a, uint32_t b) {
    uint64_t product = 0;
    for (int i = 0; i < 31; i++)
        if (b >> i & 1u)
            product ^= (uint64_t)a << i;
    for (int i = 61; i >= 31; i--)
        if (product >> i & 1u)
            product ^= (UINT64_C(1) << i) ^ (UINT64_C(1) << (i - 28)) ^ (UINT64_C(1) << (i - 31));
    return (uint32_t)product;
}

/*
 * x^(2^31) = x modulo the polynomial, which has no root: all its factors have
 * degree 31, it is irreducible, and as 2^31 - 1 is prime it is primitive.
 */
static void lfsr_polynomial_is_primitive(void **state) {
    (void)state;
    uint32_t power = 2; /* x */
    for (int k = 0; k < 31; k++)
        power = multiply(power, power);
    assert_int_equal(power, 2);
    power = 2;
    for (int k = 0; k < 30; k++) {
        power = multiply(power, power);
        assert_int_not_equal(power, 2);
    }
}

/* Draws are the successive 17-bit groups of s[n+31] = s[n+3] ^ s[n], computed bit by bit. */
static void lfsr_is_its_recurrence(void **state) {
    (void)state;
    enum { DRAWS = 2000, BITS = 17 * DRAWS };
    static uint8_t s[BITS + 31];
    const uint32_t seed = 0x5EEDBEEF;
    gsp_truenorth_lfsr lfsr;
    gsp_truenorth_lfsr_seed(&lfsr, seed);
    for (int n = 0; n < 31; n++)
        s[n] = lfsr.state >> n & 1u;
    for (int n = 0; n < BITS; n++)
        s[n + 31] = s[n + 3] ^ s[n];
    for (int d = 0; d < DRAWS; d++) {
        uint32_t expected = 0;
        for (int i = 0; i < 17; i++)
            expected |= (uint32_t)s[17 * d + i] << i;
        assert_int_equal(gsp_truenorth_lfsr_draw(&lfsr), expected);
    }
    gsp_truenorth_lfsr_seed(&lfsr, 0);
    assert_int_equal(lfsr.state, 0x121FB544);
    gsp_truenorth_lfsr_seed(&lfsr, 0x80000001);
    assert_int_equal(lfsr.state, 0x121FB545);
    gsp_truenorth_lfsr_seed(&lfsr, 0x121FB544); /* the register must not be 0 */
    assert_int_equal(lfsr.state, 1);
}

/* One stream in the order rho, rho_threshold, and nothing drawn that is not consumed. */
static void lfsr_feeds_what_is_consumed(void **state) {
    (void)state;
    gsp_truenorth_params p = neuron();
    p.b1 = 1;
    gsp_truenorth_lfsr feeder, stream;
    gsp_truenorth_lfsr_seed(&feeder, 99);
    stream = feeder;

    gsp_truenorth_in in = event(0, 0); /* deterministic */
    gsp_truenorth_lfsr_feed(&feeder, &p, &in);
    assert_int_equal(feeder.state, stream.state);
    in = event(1, 0);
    gsp_truenorth_lfsr_feed(&feeder, &p, &in);
    assert_int_equal(in.rho, gsp_truenorth_lfsr_draw(&stream) & 0xFF);
    assert_int_equal(feeder.state, stream.state);
    p.mask = 255;
    in = tick(0, 0);
    gsp_truenorth_lfsr_feed(&feeder, &p, &in);
    assert_int_equal(in.rho_threshold, gsp_truenorth_lfsr_draw(&stream));
    assert_int_equal(feeder.state, stream.state);
    p.leak_stochastic = 1;
    in = tick(0, 0);
    gsp_truenorth_lfsr_feed(&feeder, &p, &in);
    assert_int_equal(in.rho, gsp_truenorth_lfsr_draw(&stream) & 0xFF);
    assert_int_equal(in.rho_threshold, gsp_truenorth_lfsr_draw(&stream));
    assert_int_equal(feeder.state, stream.state);
    in.op = GSP_TRUENORTH_IDLE;
    gsp_truenorth_lfsr_feed(&feeder, &p, &in);
    assert_int_equal(feeder.state, stream.state);
}

/* A stochastic weight fed by it is taken with a probability of (|s| + 1) / 256, within 4 standard deviations.
 */
static void lfsr_meets_the_probability(void **state) {
    (void)state;
    enum { TRIALS = 65536 };
    gsp_truenorth_params p = neuron();
    p.b0 = 1;
    p.s0 = 63; /* 1/4: 16384 expected, standard deviation 111 */
    gsp_truenorth_lfsr lfsr;
    gsp_truenorth_lfsr_seed(&lfsr, 1);
    gsp_truenorth_state s = {0};
    gsp_truenorth_out out;
    for (int k = 0; k < TRIALS; k++) {
        gsp_truenorth_in in = event(0, 0);
        gsp_truenorth_lfsr_feed(&lfsr, &p, &in);
        gsp_truenorth_step(&p, &in, &s, &out);
    }
    assert_in_range(s.v, 16384 - 444, 16384 + 444);
}

/* ---- networks ---- */

static FILE *open_data(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("cannot open %s (the tests run in the project's own directory)", path);
    return file;
}

/* The next line that is no comment, or NULL. */
static char *next_line(FILE *file, char *line, int size) {
    do
        if (!fgets(line, size, file))
            return NULL;
    while (line[0] == '#');
    assert_non_null(strchr(line, '\n')); /* none is longer than the buffer, none is cut off */
    return line;
}

static long number(char **text) {
    char *end;
    const long value = strtol(*text, &end, 10);
    if (end == *text)
        fail_msg("not a number: '%s'", *text);
    *text = end;
    return value;
}

/* Two neurons that feed back on each other, closed loop against the recorded run. */
static void nemo_tonic_bursting_pair(void **state) {
    (void)state;
    gsp_truenorth_params p[2] = {neuron(), neuron()};
    p[0].s0 = 1;
    p[0].s1 = -100;
    p[0].leak = 1;
    p[0].alpha = 18;
    p[0].r = 1;
    p[1].s0 = 1;
    p[1].alpha = 6;
    for (int k = 0; k < 2; k++) {
        p[k].epsilon = 1;
        p[k].kappa = 1;
        p[k].beta = 0;
    }
    FILE *file = open_data("tests/data/truenorth/nemo_tonic_bursting.txt");
    gsp_truenorth_state s[2] = {{0}, {0}};
    uint8_t fired[2] = {0, 0};
    int ticks = 0;
    int spikes[2] = {0, 0};
    char line[200];
    while (next_line(file, line, sizeof line)) {
        char *text = line;
        assert_int_equal(number(&text), ++ticks);
        const long external = number(&text);
        gsp_truenorth_out out[2];
        const gsp_truenorth_in excite = event(0, 0);
        const gsp_truenorth_in inhibit = event(1, 0);
        const gsp_truenorth_in end = tick(0, 0);
        for (long e = 0; e < external; e++)
            gsp_truenorth_step(&p[0], &excite, &s[0], &out[0]);
        if (fired[1])
            gsp_truenorth_step(&p[0], &inhibit, &s[0], &out[0]);
        if (fired[0])
            gsp_truenorth_step(&p[1], &excite, &s[1], &out[1]);
        for (int k = 0; k < 2; k++) {
            gsp_truenorth_step(&p[k], &end, &s[k], &out[k]);
            assert_int_equal(s[k].v, number(&text));
            assert_int_equal(out[k].spike, number(&text));
            fired[k] = out[k].spike;
            spikes[k] += out[k].spike;
        }
    }
    fclose(file);
    assert_int_equal(ticks, 1000);
    assert_true(spikes[0] > spikes[1] && spikes[1] > 0);
}

/* A core after RANC's rule: a crossbar and 16 slots of one bit per axon. */
enum { AXONS = 32, NEURONS = 4, SLOTS = 16 };

typedef struct core {
    uint8_t type[AXONS];
    uint32_t crossbar[NEURONS]; /* bit per axon */
    gsp_truenorth_params params[NEURONS];
    gsp_truenorth_state state[NEURONS];
    uint32_t slot[SLOTS];
} core;

/* A packet sent in tick `now` for `dest_tick` is integrated in tick now + 1 + dest_tick. */
static void core_send(core *c, long now, long axon, long dest_tick) {
    assert_in_range(axon, 0, AXONS - 1);
    assert_in_range(dest_tick, 0, SLOTS - 2);
    c->slot[(now + 1 + dest_tick) % SLOTS] |= UINT32_C(1) << axon;
}

static void core_tick(core *c, long now, gsp_truenorth_internal internal[NEURONS],
                      gsp_truenorth_out out[NEURONS]) {
    const uint32_t arrived = c->slot[now % SLOTS];
    c->slot[now % SLOTS] = 0;
    const gsp_truenorth_in end = tick(0, 0);
    for (int k = 0; k < NEURONS; k++) {
        for (int axon = 0; axon < AXONS; axon++) {
            const gsp_truenorth_in in = event(c->type[axon], 0);
            if ((arrived & c->crossbar[k]) >> axon & 1u)
                gsp_truenorth_step(&c->params[k], &in, &c->state[k], &out[k]);
        }
        gsp_truenorth_explain(&c->params[k], &end, &c->state[k], &out[k], &internal[k]);
    }
}

/* Reads "word " at the start of the line; returns the rest. */
static char *after_word(char *line, const char *word) {
    const size_t n = strlen(word);
    return strncmp(line, word, n) == 0 && line[n] == ' ' ? line + n + 1 : NULL;
}

static void read_neuron(core *c, int k, char *text) {
    gsp_truenorth_params *p = &c->params[k];
    *p = neuron();
    p->leak = (int16_t)number(&text);
    p->alpha = (uint32_t)number(&text);
    p->beta = (uint32_t)number(&text);
    p->gamma = (uint8_t)number(&text);
    p->r = (int32_t)number(&text);
    p->negative_le = (uint8_t)number(&text);
    p->s0 = (int16_t)number(&text);
    p->s1 = (int16_t)number(&text);
    p->s2 = (int16_t)number(&text);
    p->s3 = (int16_t)number(&text);
    p->overflow = GSP_TRUENORTH_WRAP;
    assert_int_equal(gsp_truenorth_check(p), 0);
    text++;
    for (int axon = 0; axon < AXONS; axon++)
        c->crossbar[k] |= (uint32_t)(text[axon] == '1') << axon;
}

/* A whole recorded run of RANC's simulator: packets in, every potential and spike compared. */
static void replay_ranc(const char *path) {
    FILE *file = open_data(path);
    core c;
    memset(&c, 0, sizeof c);
    int neurons = 0;
    int ticks = 0;
    int spikes = 0;
    int packets = 0;
    int ended = 0;
    static char line[2000];
    while (next_line(file, line, sizeof line)) {
        char *text;
        if ((text = after_word(line, "types")) != NULL) {
            for (int axon = 0; axon < AXONS; axon++)
                c.type[axon] = (uint8_t)(text[axon] - '0');
        } else if ((text = after_word(line, "neuron")) != NULL) {
            assert_true(neurons < NEURONS);
            read_neuron(&c, neurons++, text);
        } else if ((text = after_word(line, "send")) != NULL) {
            const long now = number(&text);
            assert_int_equal(now, ticks);
            while (*text != '\n') {
                const long axon = number(&text);
                assert_int_equal(*text, ':');
                text++;
                core_send(&c, now, axon, number(&text));
                packets++;
            }
        } else if ((text = after_word(line, "expect")) != NULL) {
            gsp_truenorth_internal internal[NEURONS];
            gsp_truenorth_out out[NEURONS];
            assert_int_equal(number(&text), ++ticks);
            core_tick(&c, ticks, internal, out);
            for (int k = 0; k < NEURONS; k++) {
                assert_int_equal(internal[k].v_leak, number(&text));
                assert_int_equal(out[k].spike, number(&text));
                assert_int_equal(c.state[k].v, number(&text));
                spikes += out[k].spike;
            }
        } else {
            assert_string_equal(line, "end\n");
            ended++;
        }
    }
    fclose(file);
    assert_int_equal(neurons, NEURONS);
    assert_int_equal(ticks, 1000);
    assert_int_equal(ended, 1);
    assert_true(packets > 1000);
    assert_true(spikes > 10);
}

static void ranc_absolute_reset(void **state) {
    (void)state;
    replay_ranc("tests/data/truenorth/ranc_abs_reset_R.txt");
}

static void ranc_linear_reset(void **state) {
    (void)state;
    replay_ranc("tests/data/truenorth/ranc_linear_reset.txt");
}

static void ranc_reset_type_1(void **state) {
    (void)state;
    replay_ranc("tests/data/truenorth/ranc_neg_threshold_type1.txt");
}

/* The recorded runs send everything with dest_tick 0: the other delays, and two packets that share a bit. */
static void core_delivers_after_1_plus_dest_tick(void **state) {
    (void)state;
    core c;
    memset(&c, 0, sizeof c);
    for (int k = 0; k < NEURONS; k++) {
        c.params[k] = neuron();
        c.params[k].s0 = 1;
        c.crossbar[k] = UINT32_C(1) << k;
    }
    core_send(&c, 3, 0, 0);
    core_send(&c, 3, 1, 14);
    core_send(&c, 3, 2, 5);
    core_send(&c, 4, 2, 4); /* the same slot and axon: one event */
    for (long now = 4; now <= 40; now++) {
        gsp_truenorth_internal internal[NEURONS];
        gsp_truenorth_out out[NEURONS];
        core_tick(&c, now, internal, out);
        assert_int_equal(c.state[0].v, now >= 4);
        assert_int_equal(c.state[1].v, now >= 18);
        assert_int_equal(c.state[2].v, now >= 9);
        assert_int_equal(c.state[3].v, 0);
    }
}

/* ---- batch and the sweep ---- */

static int64_t draw(gsp_rng *rng, const gsp_truenorth_params *p, const gsp_field *field) {
    int64_t value;
    return gsp_cases_of(&gsp_truenorth_model)->draw(rng, p, field, &value)
               ? value
               : gsp_rng_range(rng, field->min, field->max);
}

static gsp_truenorth_params random_params(gsp_rng *rng) {
    gsp_field fields[GSP_MAX_FIELDS];
    gsp_truenorth_params p = neuron();
    gsp_resolve(&gsp_truenorth_model, &p, fields);
    for (int i = 0; i < gsp_truenorth_model.n_fields; i++)
        if (fields[i].kind == GSP_PARAM)
            gsp_set(&fields[i], &p, draw(rng, &p, &fields[i]));
    assert_int_equal(gsp_truenorth_check(&p), 0);
    return p;
}

static void batch_is_scalar(void **state) {
    (void)state;
    enum { N = 1000 };
    static uint8_t op[N], axon_type[N], rho[N], spike[N], negative[N], draws_used[N];
    static uint32_t rho_threshold[N];
    static int32_t v[N], v_scalar[N];
    gsp_rng rng;
    gsp_rng_seed(&rng, 3);
    gsp_field fields[GSP_MAX_FIELDS];
    gsp_truenorth_params p = neuron();
    gsp_resolve(&gsp_truenorth_model, &p, fields);
    const gsp_field *f_v = &fields[gsp_field_find(&gsp_truenorth_model, "v")];
    unsigned spikes = 0;
    for (int round = 0; round < 400; round++) {
        /* Lengths that leave every remainder of a vector. */
        const size_t n = (size_t)(round < 70 ? round : N);
        p = random_params(&rng);
        for (size_t k = 0; k < n; k++) {
            op[k] = (uint8_t)gsp_rng_below(&rng, 3);
            axon_type[k] = (uint8_t)gsp_rng_below(&rng, 4);
            rho[k] = (uint8_t)gsp_rng_below(&rng, 256);
            rho_threshold[k] = gsp_rng_below(&rng, 1u << 17);
            v[k] = v_scalar[k] = (int32_t)draw(&rng, &p, f_v);
        }
        spike[n % N] = 0xAA;
        const gsp_truenorth_arrays arrays = {op, axon_type, rho,      rho_threshold,
                                             v,  spike,     negative, draws_used};
        gsp_truenorth_batch(&p, &arrays, n);
        for (size_t k = 0; k < n; k++) {
            const gsp_truenorth_in in = {op[k], axon_type[k], rho[k], rho_threshold[k]};
            gsp_truenorth_state s = {v_scalar[k]};
            gsp_truenorth_out out;
            gsp_truenorth_step(&p, &in, &s, &out);
            assert_int_equal(v[k], s.v);
            assert_int_equal(spike[k], out.spike);
            assert_int_equal(negative[k], out.negative);
            assert_int_equal(draws_used[k], out.draws_used);
            spikes += out.spike;
        }
        if (n < N)
            assert_int_equal(spike[n], 0xAA); /* nothing beyond n is touched */
    }
    assert_true(spikes > 1000);
}

/* A million corners crossed: the step agrees with the oracle and leaves the state within its range. */
static void corners_agree_with_the_oracle(void **state) {
    (void)state;
    static const int32_t potentials[] = {-524288, -524287, -393217, -393216, -262144, -1,    0,
                                         1,       262143,  393214,  393216,  393217,  524287};
    static const int16_t weights[] = {-255, -1, 0, 1, 255};
    static const uint32_t thresholds[] = {0, 1, 262143};
    uint64_t steps = 0;
    gsp_truenorth_params p = neuron();
    for (unsigned modes = 0; modes < 64; modes++)
        for (uint8_t gamma = 0; gamma <= 2; gamma++)
            for (uint8_t overflow = 0; overflow <= 2; overflow++)
                for (unsigned levels = 0; levels < 9; levels++)
                    for (unsigned w = 0; w < 5; w++)
                        for (unsigned k = 0; k < sizeof potentials / sizeof potentials[0]; k++)
                            for (uint8_t op = 0; op <= 2; op++) {
                                p.epsilon = modes & 1u;
                                p.kappa = modes >> 1 & 1u;
                                p.ringing_rule = modes >> 2 & 1u;
                                p.negative_le = modes >> 3 & 1u;
                                p.leak_stochastic = p.b0 = modes >> 4 & 1u;
                                p.mask = modes >> 5 & 1u ? 0x1FFFF : 0;
                                p.gamma = gamma;
                                p.overflow = overflow;
                                p.alpha = thresholds[levels % 3];
                                p.beta = thresholds[levels / 3];
                                p.r = levels % 2 ? 524287 : -524287;
                                p.leak = p.s0 = weights[w];
                                const gsp_truenorth_in in = {op, 0, 1, 0x1FFFF};
                                gsp_truenorth_state s = {potentials[k]};
                                gsp_truenorth_out out;
                                gsp_truenorth_state s_oracle = s;
                                gsp_truenorth_out out_oracle;
                                gsp_truenorth_step(&p, &in, &s, &out);
                                gsp_oracle_truenorth(&p, &in, &s_oracle, &out_oracle);
                                assert_int_equal(s.v, s_oracle.v);
                                assert_memory_equal(&out, &out_oracle, sizeof out);
                                assert_true(s.v >= -524288 && s.v <= 524287);
                                assert_true(out.spike + out.negative <= (op == GSP_TRUENORTH_TICK));
                                steps++;
                            }
    assert_int_equal(steps, 64 * 3 * 3 * 9 * 5 * 13 * 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threshold_at_equality),
        cmocka_unit_test(negative_threshold),
        cmocka_unit_test(thresholds_at_zero),
        cmocka_unit_test(threshold_noise),
        cmocka_unit_test(linear_reset_spikes_once_per_tick),
        cmocka_unit_test(leak_reversal),
        cmocka_unit_test(stochastic_synapse),
        cmocka_unit_test(stochastic_leak),
        cmocka_unit_test(overflow_saturates),
        cmocka_unit_test(overflow_wraps),
        cmocka_unit_test(overflow_of_nemo),
        cmocka_unit_test(idle_does_nothing),
        cmocka_unit_test(tonic_spiking_has_period_10),
        cmocka_unit_test(explain_keeps_the_intermediates),
        cmocka_unit_test(check_names_the_field),
        cmocka_unit_test(decodes_the_chip),
        cmocka_unit_test(decode_rejects),
        cmocka_unit_test(lfsr_polynomial_is_primitive),
        cmocka_unit_test(lfsr_is_its_recurrence),
        cmocka_unit_test(lfsr_feeds_what_is_consumed),
        cmocka_unit_test(lfsr_meets_the_probability),
        cmocka_unit_test(nemo_tonic_bursting_pair),
        cmocka_unit_test(ranc_absolute_reset),
        cmocka_unit_test(ranc_linear_reset),
        cmocka_unit_test(ranc_reset_type_1),
        cmocka_unit_test(core_delivers_after_1_plus_dest_tick),
        cmocka_unit_test(batch_is_scalar),
        cmocka_unit_test(corners_agree_with_the_oracle),
    };
    return cmocka_run_group_tests_name("truenorth", tests, NULL, NULL);
}
