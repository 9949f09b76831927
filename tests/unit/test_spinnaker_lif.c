/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spinnaker_lif by hand: corner cases with expectations worked out on paper
 * from the equations; the shared s16.15 arithmetic, exponentials, ring buffer
 * and derived registers against recordings of sPyNNaker; check, batch, encode.
 */
#include "spinnaker_test.h"

#include <math.h>

#include "goldenspike/spinnaker_lif.h"

enum { ONE = 32768, N_WORDS = 5 };

/* Exponential currents of an idle neuron at 0 that keeps nothing: v = current + v_rest. */
static gsp_spinnaker_lif_params plain(void) {
    gsp_spinnaker_lif_params p;
    memset(&p, 0, sizeof p);
    p.r_membrane = ONE;
    p.v_thresh = INT32_MAX;
    p.decay_exc = p.decay_inh = p.init_exc = p.init_inh = UINT32_MAX;
    p.scale = ONE;
    assert_int_equal(gsp_spinnaker_lif_check(&p), 0);
    return p;
}

static gsp_spinnaker_lif_state at(int32_t v) {
    const gsp_spinnaker_lif_state s = {.v = v};
    return s;
}

/* One sub-step; explain must agree. */
static gsp_spinnaker_lif_internal run(const gsp_spinnaker_lif_params *p, const gsp_spinnaker_lif_in *in,
                                      gsp_spinnaker_lif_state *s, gsp_spinnaker_lif_out *out) {
    gsp_spinnaker_lif_state explained = *s;
    gsp_spinnaker_lif_out again = {0xEE, 0xEE};
    gsp_spinnaker_lif_internal internal;
    assert_int_equal(gsp_spinnaker_lif_check(p), 0);
    gsp_spinnaker_lif_step(p, in, s, out);
    gsp_spinnaker_lif_explain(p, in, &explained, &again, &internal);
    assert_memory_equal(s, &explained, sizeof *s);
    assert_int_equal(out->spike, again.spike);
    assert_int_equal(out->draws_used, again.draws_used);
    return internal;
}

/* A first sub-step with this current and no input; returns the spike. */
static int drive(const gsp_spinnaker_lif_params *p, gsp_spinnaker_lif_state *s, int32_t current) {
    const gsp_spinnaker_lif_in in = {.current_offset = current, .first_substep = 1};
    gsp_spinnaker_lif_out out = {0xEE, 0xEE};
    run(p, &in, s, &out);
    return out.spike;
}

static void defaults_are_if_curr_exp(void **unused) {
    (void)unused;
    gsp_spinnaker_lif_params p, encoded;
    gsp_default_config(&gsp_spinnaker_lif_model, &p);
    gsp_default_params(&gsp_spinnaker_lif_model, &p);
    assert_int_equal(gsp_spinnaker_lif_check(&p), 0);
    const gsp_spinnaker_lif_cell cell = {.time_step = 1.0,
                                         .tau_m = 20.0,
                                         .c_m = 1.0,
                                         .v_rest = -65.0,
                                         .v_reset = -65.0,
                                         .v_thresh = -50.0,
                                         .tau_refrac = 0.1,
                                         .i_offset = 0.0,
                                         .tau_syn_exc = 5.0,
                                         .tau_syn_inh = 5.0,
                                         .n_steps = 1};
    encoded = p;
    encoded.exp_tc = encoded.v_rest = encoded.r_membrane = 77;
    encoded.decay_exc = encoded.init_inh = encoded.t_refract = 77;
    assert_true(gsp_spinnaker_lif_encode(&cell, &encoded));
    for (int i = 0; i < gsp_spinnaker_lif_model.n_fields; i++)
        if (gsp_spinnaker_lif_model.fields[i].kind == GSP_PARAM)
            assert_int_equal(gsp_get(&gsp_spinnaker_lif_model.fields[i], &p),
                             gsp_get(&gsp_spinnaker_lif_model.fields[i], &encoded));
    assert_int_equal(p.r_membrane, 655360);
    assert_int_equal(p.exp_tc, 31170);
    assert_int_equal(p.t_refract, 1);
    assert_true(p.decay_exc == 3516490311u);
    assert_true(p.init_exc == 3892384920u);

    gsp_spinnaker_lif_state s = {1, 2, 3, 4, 5};
    p.v_rest = -12345;
    gsp_spinnaker_lif_reset(&s, &p);
    assert_int_equal(s.v, -12345);
    assert_int_equal(s.refract_timer | s.syn_exc | s.syn_inh | s.ca2, 0);
}

static void threshold_at_equality(void **unused) {
    (void)unused;
    gsp_spinnaker_lif_params p = plain();
    p.v_thresh = 1000;
    p.v_reset = -7;
    gsp_spinnaker_lif_state s = at(0);
    assert_int_equal(drive(&p, &s, 999), 0);
    assert_int_equal(s.v, 999);
    assert_int_equal(drive(&p, &s, 1000), 1);
    assert_int_equal(s.v, -7);
    /* Both ends of the range. */
    p.v_thresh = INT32_MAX;
    s = at(0);
    assert_int_equal(drive(&p, &s, INT32_MAX - 1), 0);
    assert_int_equal(drive(&p, &s, INT32_MAX), 1);
    p.v_thresh = INT32_MIN;
    s = at(0);
    assert_int_equal(drive(&p, &s, INT32_MIN), 1);
}

static void floor_leaves_a_dead_zone(void **unused) {
    (void)unused;
    /* tau_m = 100 ms: exp_tc = 32442, 326 short of 1. v - floor(326 v / 32768): stays up to v = 100. */
    gsp_spinnaker_lif_params p = plain();
    p.exp_tc = gsp_spinnaker_exp_tc(ONE, 100 * ONE);
    assert_int_equal(p.exp_tc, 32442);
    gsp_spinnaker_lif_state s = at(100);
    for (int i = 0; i < 1000; i++)
        drive(&p, &s, 0);
    assert_int_equal(s.v, 100);
    s = at(101);
    drive(&p, &s, 0);
    assert_int_equal(s.v, 100);
    /* Below rest there is none: -1 goes to 0 as alpha - v = 1 keeps floor(32442/32768) = 0. */
    s = at(-1);
    drive(&p, &s, 0);
    assert_int_equal(s.v, 0);
    /* Nearest: 50.26 LSB. 326 * 50 = 16300 keeps, 326 * 51 = 16626 does not. */
    p.rounding = GSP_SPINNAKER_NEAREST_WRAP;
    s = at(50);
    drive(&p, &s, 0);
    assert_int_equal(s.v, 50);
    s = at(51);
    drive(&p, &s, 0);
    assert_int_equal(s.v, 50);
}

static void sums_wrap(void **unused) {
    (void)unused;
    gsp_spinnaker_lif_params p = plain();
    gsp_spinnaker_lif_state s = at(0);
    /* Currents: 2^31 - 1 + 1. */
    p.i_offset = 1;
    drive(&p, &s, INT32_MAX);
    assert_int_equal(s.v, INT32_MIN);
    /* alpha: -2^31 + (-1) wraps to the threshold and fires. */
    p = plain();
    p.v_rest = -1;
    p.v_reset = 3;
    s = at(5);
    assert_int_equal(drive(&p, &s, INT32_MIN), 1);
    assert_int_equal(s.v, 3);
    /* alpha - v: 2^30 - (-2^30 - 2^30) = 3 * 2^30 wraps to -2^30, halved: -2^29; v = 2^30 + 2^29. */
    p = plain();
    p.exp_tc = ONE / 2;
    s = at(INT32_MIN);
    drive(&p, &s, 1 << 30);
    assert_int_equal(s.v, (1 << 30) + (1 << 29));
    /* The product: 2^30 * 2.0 = 2^31 wraps, or saturates. */
    p = plain();
    p.r_membrane = 2 * ONE;
    s = at(0);
    drive(&p, &s, 1 << 30);
    assert_int_equal(s.v, INT32_MIN);
    p.rounding = GSP_SPINNAKER_FLOOR_SAT;
    p.v_rest = -5;
    s = at(0);
    drive(&p, &s, 1 << 30);
    assert_int_equal(s.v, INT32_MAX - 5);
    /* A synapse: (2^31 - 1) + 2^31 * (1 - 2^-32) of 2^31 - 1. */
    p = plain();
    s = at(0);
    s.syn_exc = INT32_MAX;
    const gsp_spinnaker_lif_in in = {.in_exc = 3, .first_substep = 1};
    gsp_spinnaker_lif_out out;
    p.v_thresh = 0;                                                     /* keep v out of it */
    assert_int_equal(run(&p, &in, &s, &out).syn_exc_in, INT32_MIN + 1); /* 3 is taken up as 2 */
}

static void inputs_only_positive_and_first(void **unused) {
    (void)unused;
    gsp_spinnaker_lif_params p = plain();
    p.init_exc = 0x80000000u;
    gsp_spinnaker_lif_state s = at(0);
    gsp_spinnaker_lif_out out;
    gsp_spinnaker_lif_in in = {.in_exc = 1001, .in_inh = -5, .first_substep = 1};
    gsp_spinnaker_lif_internal x = run(&p, &in, &s, &out);
    assert_int_equal(x.syn_exc_in, 500); /* half of it, floor */
    assert_int_equal(x.syn_inh_in, 0);   /* a negative input is none */
    assert_int_equal(s.v, 500);
    assert_int_equal(s.syn_exc, 499); /* 500 * (1 - 2^-32), floor */
    in.first_substep = 0;
    x = run(&p, &in, &s, &out);
    assert_int_equal(x.syn_exc_in, 499);
    assert_int_equal(s.syn_exc, 498);
    /* W(65535 << 16) is negative: a shift that large loses the input. */
    assert_int_equal(gsp_spinnaker_input(65535, 16), -65536);
    assert_int_equal(gsp_spinnaker_input(65535, 15), 65535 << 15);
    in.first_substep = 1;
    in.in_exc = gsp_spinnaker_input(65535, 16);
    assert_int_equal(run(&p, &in, &s, &out).syn_exc_in, 498);
    /* The floor: -1 never dies, +1 does. */
    s.syn_exc = -1;
    s.syn_inh = 1;
    in.in_exc = in.in_inh = 0;
    run(&p, &in, &s, &out);
    assert_int_equal(s.syn_exc, -1);
    assert_int_equal(s.syn_inh, 0);
}

static void refractoriness(void **unused) {
    (void)unused;
    gsp_spinnaker_lif_params p = plain();
    p.v_thresh = 100;
    p.v_reset = 10;
    p.t_refract = 3;
    gsp_spinnaker_lif_state s = at(0);
    assert_int_equal(drive(&p, &s, 100), 1);
    for (int left = 2; left >= 0; left--) { /* exactly three silent sub-steps, v stays */
        assert_int_equal(drive(&p, &s, 500), 0);
        assert_int_equal(s.v, 10);
        assert_int_equal(s.refract_timer, left);
    }
    assert_int_equal(drive(&p, &s, 500), 1);
    p.t_refract = 0;
    s = at(0);
    for (int k = 0; k < 3; k++)
        assert_int_equal(drive(&p, &s, 100), 1);
    /* v_reset >= v_thresh: a spike in every sub-step, the refractory ones too, and the timer starts anew. */
    p.t_refract = 3;
    p.v_reset = 100;
    s = at(0);
    assert_int_equal(drive(&p, &s, 100), 1);
    for (int k = 0; k < 5; k++) {
        assert_int_equal(drive(&p, &s, -1000), 1);
        assert_int_equal(s.v, 100);
        assert_int_equal(s.refract_timer, 3);
    }
    /* A negative timer integrates and is not counted. */
    p.v_reset = 10;
    s = at(0);
    s.refract_timer = -4;
    assert_int_equal(drive(&p, &s, 50), 0);
    assert_int_equal(s.v, 50);
    assert_int_equal(s.refract_timer, -4);
    /* The longest is legal and is copied; 2^31 would be negative there, and is not. */
    p.t_refract = INT32_MAX;
    assert_int_equal(drive(&p, &s, 100), 1);
    assert_int_equal(s.refract_timer, INT32_MAX);
    p.t_refract = UINT32_C(1) << 31;
    assert_int_equal(gsp_spinnaker_lif_check(&p), gsp_field_find(&gsp_spinnaker_lif_model, "t_refract") + 1);
}

static void time_constants_below_the_step(void **unused) {
    (void)unused;
    /* tau = 0.05 ms at 1 ms: e^-20 is below 2^-15: v = alpha at once, the synapse is gone in one step. */
    assert_int_equal(gsp_spinnaker_exp_tc(ONE, 1638), 0);
    uint32_t decay, init;
    gsp_spinnaker_synapse(ONE, 1638, &decay, &init);
    assert_true(decay == 0);
    /* tau / ts * (1 - 0): 0.04998779 of one */
    assert_true(init == 214695935u);
    gsp_spinnaker_lif_params p = plain();
    p.exp_tc = 0;
    gsp_spinnaker_lif_state s = at(-777);
    drive(&p, &s, 4242);
    assert_int_equal(s.v, 4242);
    /* exp_tc = 1: v = alpha - (alpha - v). */
    p.exp_tc = ONE;
    drive(&p, &s, 99);
    assert_int_equal(s.v, 4242);
}

static void delta_and_conductance(void **unused) {
    (void)unused;
    gsp_spinnaker_lif_params p = plain();
    gsp_spinnaker_lif_out out;
    p.input_kind = GSP_SPINNAKER_DELTA;
    p.scale = gsp_spinnaker_delta_scale(3277); /* 0.1 ms */
    assert_int_equal(p.scale, 327660);
    gsp_spinnaker_lif_state s = at(0);
    const gsp_spinnaker_lif_in in = {.in_exc = 1000, .in_inh = 100, .first_substep = 1};
    gsp_spinnaker_lif_internal x = run(&p, &in, &s, &out);
    assert_int_equal(x.gsyn_exc, 1000);
    assert_int_equal(x.exc, 9999); /* 1000 * 327660 / 32768 = 9999.4 */
    assert_int_equal(x.inh, 999);
    assert_int_equal(s.v, 9000);
    assert_int_equal(s.syn_exc, 0);
    assert_int_equal(s.syn_inh, 0);

    p = plain();
    p.input_kind = GSP_SPINNAKER_CONDUCTANCE;
    p.v_rev_exc = 10 * ONE;
    p.v_rev_inh = -20 * ONE;
    s = at(-10 * ONE);
    s.syn_exc = -1;   /* >> 10: -1, floor */
    s.syn_inh = 1023; /* >> 10: nothing */
    const gsp_spinnaker_lif_in none = {.first_substep = 1};
    x = run(&p, &none, &s, &out);
    assert_int_equal(x.gsyn_exc, -1);
    assert_int_equal(x.exc, -20); /* -2^-15 * 20 mV */
    assert_int_equal(x.inh, 0);
    s = at(-10 * ONE);
    s.syn_exc = 0;
    s.syn_inh = 3 * 1024;
    x = run(&p, &none, &s, &out);
    assert_int_equal(x.inh, 30); /* -3 * (-20 - -10) */
    assert_int_equal(s.v, -30);
    /* The difference wraps: 10 - (-65535.something). */
    s = at(INT32_MIN);
    s.syn_exc = 1024;
    x = run(&p, &none, &s, &out);
    assert_int_equal(x.exc, (INT32_MIN + 10 * ONE) >> 15);
}

static void calcium(void **unused) {
    (void)unused;
    gsp_spinnaker_lif_params p = plain();
    p.ca2_decay = ONE / 2;
    p.ca2_alpha = 100;
    p.v_thresh = 1000;
    p.t_refract = 2;
    gsp_spinnaker_lif_state s = at(0);
    s.ca2 = 41;
    /* Off: held, a spike included. */
    assert_int_equal(drive(&p, &s, 1000), 1);
    assert_int_equal(s.ca2, 41);
    /* On: halves with floor and is subtracted, also while refractory; a spike adds to what is left. */
    p.ca2_enable = 1;
    s = at(0);
    s.ca2 = 41;
    assert_int_equal(drive(&p, &s, 500), 0);
    assert_int_equal(s.ca2, 20);
    assert_int_equal(s.v, 480);
    assert_int_equal(drive(&p, &s, 1010), 1); /* 1010 - 10 */
    assert_int_equal(s.ca2, 110);
    drive(&p, &s, 1010);
    assert_int_equal(s.ca2, 55);
    drive(&p, &s, 1010);
    assert_int_equal(s.ca2, 27);
    assert_int_equal(s.refract_timer, 0);
    assert_int_equal(drive(&p, &s, 1012), 0);
    assert_int_equal(s.v, 999);
    /* Wrap of the growth and of the sign. */
    p.ca2_decay = ONE;
    p.v_thresh = INT32_MIN;
    s = at(0);
    s.ca2 = INT32_MAX;
    drive(&p, &s, 0);
    assert_int_equal(s.ca2, INT32_MIN + 99);
    s.ca2 = INT32_MIN;
    s.refract_timer = 0;
    const gsp_spinnaker_lif_in in = {.first_substep = 1};
    gsp_spinnaker_lif_out out;
    assert_int_equal(run(&p, &in, &s, &out).bias, INT32_MIN);
}

static void multiply_by_hand(void **unused) {
    (void)unused;
    /* product, then floor_wrap, nearest_wrap, floor_sat, nearest_sat, and stochastic_sat of words 0 and all
     * ones */
    static const struct {
        int32_t a, b, expected[6];
    } cases[] = {
        {1, 1, {0, 0, 0, 0, 1, 0}},
        {-1, 1, {-1, 0, -1, 0, 0, -1}},
        {1, 16384, {0, 1, 0, 1, 1, 0}},
        {-1, 16384, {-1, 0, -1, 0, 0, -1}}, /* -1/2: halves up */
        {-3, 16384, {-2, -1, -2, -1, -1, -2}},
        {32768, -5, {-5, -5, -5, -5, -5, -5}}, /* no fraction: never up */
        {INT32_MAX, INT32_MAX, {-131072, -131072, INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX}},
        {INT32_MIN, INT32_MIN, {0, 0, INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX}},
        {INT32_MIN, INT32_MAX, {65536, 65536, INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN}},
        /* 1431655765 * 1.5 = 2^31 - 1/2: rounding carries over the limit */
        {1431655765, 49152, {INT32_MAX, INT32_MIN, INT32_MAX, INT32_MAX, INT32_MAX, INT32_MAX}},
        {INT32_MIN, 32768, {INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (unsigned k = 0; k < 6; k++)
            assert_int_equal(
                gsp_spinnaker_mulk(cases[i].a, cases[i].b, k < 4 ? k : 4, k == 5 ? UINT32_MAX : 0),
                cases[i].expected[k]);
    /* Stochastic: up where word >> 17 is below the fraction, 3/4 here: 24576. */
    assert_int_equal(gsp_spinnaker_mulk(3, 8192, 4, (24575u << 17) | 0x1FFFF), 1);
    assert_int_equal(gsp_spinnaker_mulk(3, 8192, 4, 24576u << 17), 0);
    assert_int_equal(gsp_spinnaker_decay32(-1, 1), -1);
    assert_int_equal(gsp_spinnaker_decay32(INT32_MIN, UINT32_MAX), INT32_MIN + 0);
    assert_int_equal(gsp_spinnaker_decay32(INT32_MAX, UINT32_MAX), INT32_MAX - 1);
}

static void random_words_by_position(void **unused) {
    (void)unused;
    /* 3 * 1/2 in each product but that of r_membrane; its word decides. */
    gsp_spinnaker_lif_params p = plain();
    gsp_spinnaker_lif_out out;
    p.rounding = GSP_SPINNAKER_STOCHASTIC_SAT;
    p.input_kind = GSP_SPINNAKER_DELTA;
    p.scale = p.ca2_decay = p.r_membrane = p.exp_tc = ONE / 2;
    p.ca2_enable = 1;
    for (unsigned mask = 0; mask < 32; mask++) {
        gsp_spinnaker_lif_state s = {.v = 0, .syn_exc = 3, .syn_inh = -1, .ca2 = 5};
        gsp_spinnaker_lif_in in = {.first_substep = 1, .current_offset = 100};
        uint32_t *const words[N_WORDS] = {&in.rnd0, &in.rnd1, &in.rnd2, &in.rnd3, &in.rnd4};
        for (int i = 0; i < N_WORDS; i++)
            *words[i] = (mask >> i & 1u) ? 0 : UINT32_MAX; /* bit set: up */
        const gsp_spinnaker_lif_internal x = run(&p, &in, &s, &out);
        const int32_t exc = 1 + (int32_t)(mask & 1u), inh = -1 + (int32_t)(mask >> 1 & 1u);
        const int32_t ca2 = 2 + (int32_t)(mask >> 2 & 1u);
        const int32_t current = exc - inh - ca2 + 100;
        const int32_t alpha = (current >> 1) + ((current & 1) ? (int32_t)(mask >> 3 & 1u) : 0);
        const int32_t kept = (alpha >> 1) + ((alpha & 1) ? (int32_t)(mask >> 4 & 1u) : 0);
        assert_int_equal(x.exc, exc);
        assert_int_equal(x.inh, inh);
        assert_int_equal(s.ca2, ca2);
        assert_int_equal(x.alpha, alpha);
        assert_int_equal(s.v, alpha - kept);
        assert_int_equal(out.draws_used, 31);
    }
    gsp_spinnaker_lif_state s = {.refract_timer = 1};
    const gsp_spinnaker_lif_in in = {.first_substep = 1};
    run(&p, &in, &s, &out);
    assert_int_equal(out.draws_used, 7); /* refractory */
    p.input_kind = GSP_SPINNAKER_EXP;
    p.ca2_enable = 0;
    run(&p, &in, &s, &out);
    assert_int_equal(out.draws_used, 24);
    p.rounding = GSP_SPINNAKER_NEAREST_SAT;
    run(&p, &in, &s, &out);
    assert_int_equal(out.draws_used, 0);
}

static void recorded_exponentials(void **unused) {
    (void)unused;
    static recording r;
    recording_open(&r, "tests/data/spinnaker/vectors_exp.csv", "n,x,expk,expulr");
    while (recording_row(&r)) {
        const int32_t x = (int32_t)recording_number(&r, 1);
        assert_int_equal(gsp_spinnaker_expk(x), recording_number(&r, 2));
        assert_int_equal(gsp_spinnaker_expulr(x), recording_number(&r, 3));
    }
    assert_int_equal(r.n_rows, 1811);
}

static void recorded_products(void **unused) {
    (void)unused;
    static recording r;
    recording_open(&r, "tests/data/spinnaker/vectors_fxmul.csv",
                   "n,a,b,d,r,floor_wrap,nearest_sat,stochastic_sat,gcc_plain,decay32,decay32_nearest,"
                   "decay32_stochastic");
    while (recording_row(&r)) {
        const int32_t a = (int32_t)recording_number(&r, 1), b = (int32_t)recording_number(&r, 2);
        const uint32_t word = (uint32_t)recording_number(&r, 4);
        assert_int_equal(gsp_spinnaker_mulk(a, b, GSP_SPINNAKER_FLOOR_WRAP, word), recording_number(&r, 5));
        assert_int_equal(gsp_spinnaker_mulk(a, b, GSP_SPINNAKER_NEAREST_SAT, word), recording_number(&r, 6));
        assert_int_equal(gsp_spinnaker_mulk(a, b, GSP_SPINNAKER_STOCHASTIC_SAT, word),
                         recording_number(&r, 7));
        assert_int_equal(gsp_spinnaker_decay32(a, (uint32_t)recording_number(&r, 3)),
                         recording_number(&r, 9));
        /* The two modes without a column, from plain divisions. */
        const int64_t product = (int64_t)a * b;
        const int64_t whole = product / 32768 - (product % 32768 < 0);
        const int64_t nearest = whole + (product - whole * 32768 >= 16384);
        assert_int_equal(gsp_spinnaker_mulk(a, b, GSP_SPINNAKER_NEAREST_WRAP, word),
                         (int32_t)(uint32_t)(uint64_t)nearest);
        assert_int_equal(gsp_spinnaker_mulk(a, b, GSP_SPINNAKER_FLOOR_SAT, word),
                         whole > INT32_MAX   ? INT32_MAX
                         : whole < INT32_MIN ? INT32_MIN
                                             : whole);
    }
    assert_int_equal(r.n_rows, 2000);
}

static void recorded_ring_buffer(void **unused) {
    (void)unused;
    static recording r;
    gsp_spinnaker_ring ring;
    memset(&ring, 0xA5, sizeof ring);
    gsp_spinnaker_ring_clear(&ring);
    recording_open(&r, "tests/data/spinnaker/ring_buffer.csv",
                   "step,rb_exc,rb_inh,saturation_count,late_skipped,n_words,colour_delay,words_hex");
    while (recording_row(&r)) {
        const uint32_t t = (uint32_t)recording_number(&r, 0);
        uint16_t exc, inh;
        gsp_spinnaker_ring_take(&ring, t, &exc, &inh);
        assert_int_equal(exc, recording_number(&r, 1));
        assert_int_equal(inh, recording_number(&r, 2));
        const char *word = r.cell[7];
        for (long k = recording_number(&r, 5); k > 0; k--) {
            char *end;
            gsp_spinnaker_ring_add(&ring, t, (uint32_t)strtoul(word, &end, 16),
                                   (unsigned)recording_number(&r, 6));
            assert_true(end != word);
            word = end;
        }
        assert_int_equal(*word, '\0');
        assert_int_equal(ring.saturation_count, recording_number(&r, 3));
        assert_int_equal(ring.late_skipped, recording_number(&r, 4));
    }
    assert_int_equal(r.n_rows, 2000);
}

static void ring_buffer_by_hand(void **unused) {
    (void)unused;
    gsp_spinnaker_ring ring;
    uint16_t exc, inh;
    gsp_spinnaker_ring_clear(&ring);
    /* Delay 0 stands for 16: the slot of this very step, taken before. */
    gsp_spinnaker_ring_add(&ring, 5, 7u << 16 | 0u << 1, 0);
    gsp_spinnaker_ring_take(&ring, 20, &exc, &inh);
    assert_int_equal(exc, 0);
    gsp_spinnaker_ring_take(&ring, 21, &exc, &inh);
    assert_int_equal(exc, 7);
    /* Colour delay 3: a delay of 3 is over, 4 is due in the next step. */
    gsp_spinnaker_ring_add(&ring, 0, 9u << 16 | 3u << 1 | 1u, 3);
    assert_int_equal(ring.late_skipped, 1);
    gsp_spinnaker_ring_add(&ring, 0, 9u << 16 | 4u << 1 | 1u, 3);
    gsp_spinnaker_ring_take(&ring, 1, &exc, &inh);
    assert_int_equal(inh, 9);
    /* 65535 is no saturation, one more is. */
    gsp_spinnaker_ring_add(&ring, 0, 65535u << 16 | 1u << 1, 0);
    assert_int_equal(ring.saturation_count, 0);
    gsp_spinnaker_ring_add(&ring, 0, 1u << 16 | 1u << 1, 0);
    assert_int_equal(ring.saturation_count, 1);
    gsp_spinnaker_ring_take(&ring, 1, &exc, &inh);
    assert_int_equal(exc, 65535);
}

/* What sPyNNaker derived from the host's parameters stands in each trace beside them. */
static void recorded_registers(void **unused) {
    (void)unused;
    static const char *const names[] = {"ca2_adaptive_default", "cond_exp_default", "curr_delta_default",
                                        "curr_exp_default",     "curr_exp_nsteps3", "curr_exp_refrac5",
                                        "curr_exp_extreme_wrap"};
    static recording r;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[128];
        snprintf(path, sizeof path, "tests/traces/spinnaker_lif/spynnaker_%s.csv", names[i]);
        recording_open(&r, path, "");
        const int32_t ts = gsp_spinnaker_substep((int32_t)recording_key(&r, "x_time_step"),
                                                 (uint32_t)recording_key(&r, "x_n_steps"));
        const int32_t tau_m = (int32_t)recording_key(&r, "x_tau_m");
        assert_int_equal(gsp_spinnaker_r_membrane(tau_m, (int32_t)recording_key(&r, "x_c_m")),
                         recording_key(&r, "r_membrane"));
        assert_int_equal(gsp_spinnaker_exp_tc(ts, tau_m), recording_key(&r, "exp_tc"));
        assert_int_equal(gsp_spinnaker_t_refract(ts, (int32_t)recording_key(&r, "x_tau_refrac")),
                         recording_key(&r, "t_refract"));
        if (strcmp(names[i], "curr_delta_default") == 0) {
            assert_int_equal(gsp_spinnaker_delta_scale(ts), recording_key(&r, "scale"));
        } else {
            uint32_t decay, init;
            gsp_spinnaker_synapse(ts, (int32_t)recording_key(&r, "x_tau_syn_exc"), &decay, &init);
            assert_true(decay == recording_key(&r, "decay_exc") && init == recording_key(&r, "init_exc"));
            gsp_spinnaker_synapse(ts, (int32_t)recording_key(&r, "x_tau_syn_inh"), &decay, &init);
            assert_true(decay == recording_key(&r, "decay_inh") && init == recording_key(&r, "init_inh"));
        }
        if (i == 0)
            assert_int_equal(gsp_spinnaker_exp_tc(ts, (int32_t)recording_key(&r, "x_tau_ca2")),
                             recording_key(&r, "ca2_decay"));
        fclose(r.file);
    }
}

static void recorded_spikes_of_sub_steps(void **unused) {
    (void)unused;
    count_spikes("tests/traces/spinnaker_lif/spynnaker_curr_exp_nsteps3.csv", &gsp_spinnaker_lif_model, 6000);
}

static void encode(void **unused) {
    (void)unused;
    int32_t raw = 77;
    assert_true(gsp_spinnaker_accum(-65.0, &raw));
    assert_int_equal(raw, -2129920);
    assert_true(gsp_spinnaker_accum(0.5 / ONE, &raw)); /* halves to even */
    assert_int_equal(raw, 0);
    assert_true(gsp_spinnaker_accum(1.5 / ONE, &raw));
    assert_int_equal(raw, 2);
    assert_true(gsp_spinnaker_accum(-2.5 / ONE, &raw));
    assert_int_equal(raw, -2);
    assert_true(gsp_spinnaker_accum(-65536.0, &raw));
    assert_int_equal(raw, INT32_MIN);
    assert_true(gsp_spinnaker_accum(65535.99998, &raw));
    assert_int_equal(raw, INT32_MAX);
    raw = 77;
    assert_false(gsp_spinnaker_accum(65536.0, &raw));
    assert_false(gsp_spinnaker_accum(-65536.1, &raw));
    assert_false(gsp_spinnaker_accum((double)NAN, &raw));
    assert_false(gsp_spinnaker_accum((double)INFINITY, &raw));
    assert_int_equal(raw, 77);
    assert_int_equal(gsp_spinnaker_substep(ONE, 3), 10922);
    assert_int_equal(gsp_spinnaker_kdivk(5, 0), 0);
    assert_int_equal(gsp_spinnaker_t_refract(ONE, 0), 0);
    assert_int_equal(gsp_spinnaker_t_refract(ONE, 1), 1);
    assert_int_equal(gsp_spinnaker_t_refract(ONE, ONE), 1);
    assert_int_equal(gsp_spinnaker_t_refract(ONE, ONE + 1), 2);

    const gsp_spinnaker_lif_cell good = {.time_step = 1.0,
                                         .tau_m = 20.0,
                                         .c_m = 1.0,
                                         .v_rest = -65.0,
                                         .v_reset = -70.0,
                                         .v_thresh = -50.0,
                                         .tau_refrac = 2.0,
                                         .i_offset = 0.25,
                                         .tau_syn_exc = 5.0,
                                         .tau_syn_inh = 5.0,
                                         .v_rev_exc = 0.0,
                                         .v_rev_inh = -70.0,
                                         .tau_ca2 = 50.0,
                                         .ca2_alpha = 0.1,
                                         .n_steps = 2,
                                         .input_kind = GSP_SPINNAKER_CONDUCTANCE,
                                         .ca2_enable = 1};
    gsp_spinnaker_lif_params p = plain();
    assert_true(gsp_spinnaker_lif_encode(&good, &p));
    assert_int_equal(p.t_refract, 4);
    assert_int_equal(p.v_rev_inh, -70 * ONE);
    assert_int_equal(p.ca2_alpha, 3277);
    assert_int_equal(p.i_offset, 8192);

    gsp_spinnaker_lif_cell bad[10];
    for (int i = 0; i < 10; i++)
        bad[i] = good;
    bad[0].n_steps = 0;
    bad[1].n_steps = 65536;
    bad[2].tau_m = 0.0;
    bad[3].c_m = 0.00001;
    bad[4].v_thresh = 70000.0;
    bad[5].tau_syn_inh = 0.0;
    bad[6].tau_ca2 = 0.0;
    bad[7].input_kind = 3;
    bad[8].tau_refrac = -5.0;
    bad[9].v_rev_exc = (double)NAN;
    const gsp_spinnaker_lif_params before = p;
    for (int i = 0; i < 10; i++) {
        assert_false(gsp_spinnaker_lif_encode(&bad[i], &p));
        assert_memory_equal(&p, &before, sizeof p);
    }
}

static void check_names_the_field(void **unused) {
    (void)unused;
    expect_ranges_checked(&gsp_spinnaker_lif_model);
}

/* Every kind, rounding and adaptation; through the header and through the descriptor. */
static void batch_equals_scalar(void **unused) {
    (void)unused;
    static int32_t in_exc[BATCH], in_inh[BATCH], offset[BATCH], v[BATCH], timer[BATCH], exc[BATCH],
        inh[BATCH], ca2[BATCH];
    static uint8_t first[BATCH], spike[BATCH], draws[BATCH];
    static uint32_t word[N_WORDS][BATCH];
    const gsp_model *model = &gsp_spinnaker_lif_model;
    gsp_rng rng;
    gsp_rng_seed(&rng, 5);
    for (unsigned set = 0; set < 3 * 5 * 2 * 2; set++) {
        gsp_spinnaker_lif_params p;
        memset(&p, 0, sizeof p);
        any_params(&rng, model, &p);
        p.input_kind = (uint8_t)(set % 3);
        p.rounding = (uint8_t)(set / 3 % 5);
        p.ca2_enable = (uint8_t)(set / 15 % 2);
        const bool described = set / 30 != 0;
        gsp_spinnaker_lif_state s[BATCH];
        for (int k = 0; k < BATCH; k++) {
            gsp_spinnaker_lif_reset(&s[k], &p);
            v[k] = s[k].v;
            timer[k] = exc[k] = inh[k] = ca2[k] = 0;
        }
        gsp_spinnaker_lif_arrays a = {.in_exc = in_exc,
                                      .in_inh = in_inh,
                                      .current_offset = offset,
                                      .first_substep = first,
                                      .v = v,
                                      .refract_timer = timer,
                                      .syn_exc = exc,
                                      .syn_inh = inh,
                                      .ca2 = p.ca2_enable ? ca2 : NULL,
                                      .spike = spike,
                                      .draws_used = set % 2 ? draws : NULL};
        void *array[GSP_MAX_FIELDS] = {NULL};
        void *const known[] = {in_exc,  in_inh, offset, first, word[0], word[1], word[2], word[3],
                               word[4], v,      timer,  exc,   inh,     ca2,     spike,   draws};
        const int in_at = gsp_field_find(model, "in_exc");
        for (int i = 0; i < 16; i++)
            array[in_at + i] = known[i];
        if (p.rounding == GSP_SPINNAKER_STOCHASTIC_SAT) {
            a.rnd0 = word[0];
            a.rnd1 = word[1];
            a.rnd2 = word[2];
            a.rnd3 = word[3];
            a.rnd4 = word[4];
        }
        for (int t = 0; t < BATCH_STEPS; t++) {
            for (int k = 0; k < BATCH; k++) {
                in_exc[k] = (int32_t)any_value(&rng, model, "in_exc");
                in_inh[k] = (int32_t)any_value(&rng, model, "in_inh");
                offset[k] = (int32_t)any_value(&rng, model, "current_offset");
                first[k] = (uint8_t)gsp_rng_below(&rng, 2);
                for (int i = 0; i < N_WORDS; i++)
                    word[i][k] = (uint32_t)gsp_rng_next(&rng);
            }
            memset(draws, 0xEE, sizeof draws);
            if (described)
                assert_true(gsp_batch(model, &p, array, BATCH));
            else
                gsp_spinnaker_lif_batch(&p, &a, BATCH);
            for (int k = 0; k < BATCH; k++) {
                const gsp_spinnaker_lif_in in = {in_exc[k],  in_inh[k],  offset[k],  first[k],  word[0][k],
                                                 word[1][k], word[2][k], word[3][k], word[4][k]};
                gsp_spinnaker_lif_out out;
                gsp_spinnaker_lif_step(&p, &in, &s[k], &out);
                assert_int_equal(v[k], s[k].v);
                assert_int_equal(timer[k], s[k].refract_timer);
                assert_int_equal(exc[k], s[k].syn_exc);
                assert_int_equal(inh[k], s[k].syn_inh);
                assert_int_equal(ca2[k], s[k].ca2);
                assert_int_equal(spike[k], out.spike);
                if (described || a.draws_used)
                    assert_int_equal(draws[k], out.draws_used);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_if_curr_exp),
        cmocka_unit_test(threshold_at_equality),
        cmocka_unit_test(floor_leaves_a_dead_zone),
        cmocka_unit_test(sums_wrap),
        cmocka_unit_test(inputs_only_positive_and_first),
        cmocka_unit_test(refractoriness),
        cmocka_unit_test(time_constants_below_the_step),
        cmocka_unit_test(delta_and_conductance),
        cmocka_unit_test(calcium),
        cmocka_unit_test(multiply_by_hand),
        cmocka_unit_test(random_words_by_position),
        cmocka_unit_test(recorded_exponentials),
        cmocka_unit_test(recorded_products),
        cmocka_unit_test(recorded_ring_buffer),
        cmocka_unit_test(ring_buffer_by_hand),
        cmocka_unit_test(recorded_registers),
        cmocka_unit_test(recorded_spikes_of_sub_steps),
        cmocka_unit_test(encode),
        cmocka_unit_test(check_names_the_field),
        cmocka_unit_test(batch_equals_scalar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
