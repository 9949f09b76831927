/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spinnaker_izhikevich by hand: corner cases with expectations worked out on
 * paper from the equations; derived registers and spikes of sub-steps against
 * recordings of sPyNNaker; check, batch, encode. The arithmetic it shares with
 * spinnaker_lif is tested there.
 */
#include "spinnaker_test.h"

#include <math.h>

#include "goldenspike/spinnaker_izhikevich.h"

enum { ONE = 32768, N_WORDS = 17, V_THRESH = 983040 };

/* Nothing but the quadratic of v; h = 0 keeps v as it is. */
static gsp_spinnaker_izhikevich_params plain(void) {
    gsp_spinnaker_izhikevich_params p;
    memset(&p, 0, sizeof p);
    assert_int_equal(gsp_spinnaker_izhikevich_check(&p), 0);
    return p;
}

/* One sub-step; explain must agree. */
static gsp_spinnaker_izhikevich_internal run(const gsp_spinnaker_izhikevich_params *p,
                                             const gsp_spinnaker_izhikevich_in *in,
                                             gsp_spinnaker_izhikevich_state *s,
                                             gsp_spinnaker_izhikevich_out *out) {
    gsp_spinnaker_izhikevich_state explained = *s;
    gsp_spinnaker_izhikevich_out again = {0xEE, 0xEE};
    gsp_spinnaker_izhikevich_internal internal;
    assert_int_equal(gsp_spinnaker_izhikevich_check(p), 0);
    gsp_spinnaker_izhikevich_step(p, in, s, out);
    gsp_spinnaker_izhikevich_explain(p, in, &explained, &again, &internal);
    assert_memory_equal(s, &explained, sizeof *s);
    assert_int_equal(out->spike, again.spike);
    assert_int_equal(out->draws_used, again.draws_used);
    return internal;
}

static const gsp_spinnaker_izhikevich_in quiet = {.first_substep = 1};

static void threshold_at_equality(void **unused) {
    (void)unused;
    gsp_spinnaker_izhikevich_params p = plain();
    gsp_spinnaker_izhikevich_out out;
    p.c = -100;
    p.d = 7;
    p.reset_h = ONE;
    gsp_spinnaker_izhikevich_state s = {.v = V_THRESH - 1, .u = 50};
    run(&p, &quiet, &s, &out);
    assert_int_equal(out.spike, 0);
    assert_int_equal(s.v, V_THRESH - 1);
    assert_int_equal(s.u, 50);
    assert_int_equal(s.h, ONE);
    s.v = V_THRESH;
    s.h = 0;
    run(&p, &quiet, &s, &out);
    assert_int_equal(out.spike, 1);
    assert_int_equal(s.v, -100);
    assert_int_equal(s.u, 57);
    assert_int_equal(s.h, 60620); /* 1.85 of reset_h, not of h */
    /* c >= 30 mV fires for ever; u + d wraps. */
    p.c = V_THRESH;
    p.reset_h = 0;
    p.d = 1;
    s = (gsp_spinnaker_izhikevich_state){.v = V_THRESH, .u = INT32_MAX};
    for (int k = 0; k < 3; k++) {
        run(&p, &quiet, &s, &out);
        assert_int_equal(out.spike, 1);
    }
    assert_int_equal(s.u, INT32_MIN + 2);
}

static void one_step_by_hand(void **unused) {
    (void)unused;
    gsp_spinnaker_izhikevich_params p = plain();
    gsp_spinnaker_izhikevich_out out;
    /* v = -1, u = 2, h = 1/2, a = 1/2, b = 1/4, I = 3, all in units of 2^15. */
    p.a = ONE / 2;
    p.b = ONE / 4;
    p.i_offset = ONE;
    p.reset_h = 77;
    const gsp_spinnaker_izhikevich_in in = {.current_offset = 2 * ONE, .first_substep = 0};
    gsp_spinnaker_izhikevich_state s = {.v = -ONE, .u = 2 * ONE, .h = ONE / 2};
    const gsp_spinnaker_izhikevich_internal x = run(&p, &in, &s, &out);
    assert_int_equal(x.current, 3 * ONE);
    assert_int_equal(x.pre, 141 * ONE);
    assert_int_equal(x.alpha, 141 * ONE - (5 * ONE - 1311));
    /* alpha = 4457759; h alpha = 2228879 (floor), half 1114439; eta = 1081671 */
    assert_int_equal(x.eta, 1081671);
    assert_int_equal(x.ah, ONE / 4);
    /* b v - u = -2.25: -73728; by 1/4 -18432; half -9216 */
    assert_int_equal(x.beta, -9216);
    /* 1311 eta: 43276; 5 + that: 207116; by eta: 6836894; + 141 - beta: 11466398; by 1/2: 5733199 */
    assert_int_equal(x.v_next, -ONE + 5733199);
    /* b eta = 270417 (.75); less u + beta = 56320: 214097; by 1/4 53524 (.25) */
    assert_int_equal(x.u_next, 2 * ONE + 53524);
    assert_int_equal(out.spike, 1);
    assert_int_equal(s.h, (77 * 60620) >> 15);
}

static void order_of_products(void **unused) {
    (void)unused;
    /* b v - u = 18, a = h = 0.75: gcc 18 * 0.5625 = 10, half 5; source 13, 9, half 4. */
    gsp_spinnaker_izhikevich_params p = plain();
    gsp_spinnaker_izhikevich_out out;
    p.a = 24576;
    gsp_spinnaker_izhikevich_state s = {.u = -18, .h = 24576};
    assert_int_equal(run(&p, &quiet, &s, &out).beta, 5);
    p.source_order = 1;
    s = (gsp_spinnaker_izhikevich_state){.u = -18, .h = 24576};
    assert_int_equal(run(&p, &quiet, &s, &out).beta, 4);
}

static void reset_and_first_step(void **unused) {
    (void)unused;
    /* Four sub-steps: h starts with the whole time step, and is the sub-step from then on. */
    gsp_spinnaker_izhikevich_params p;
    gsp_spinnaker_izhikevich_out out;
    gsp_default_config(&gsp_spinnaker_izhikevich_model, &p);
    gsp_default_params(&gsp_spinnaker_izhikevich_model, &p);
    p.reset_h = 8192;
    gsp_spinnaker_izhikevich_state s;
    gsp_spinnaker_izhikevich_reset(&s, &p);
    assert_int_equal(s.v, -70 * ONE);
    assert_int_equal(s.u, -14 * ONE);
    assert_int_equal(s.h, ONE);
    assert_int_equal(s.syn_exc | s.syn_inh, 0);
    run(&p, &quiet, &s, &out);
    assert_int_equal(s.h, 8192);
}

static void synapses_as_in_lif(void **unused) {
    (void)unused;
    gsp_spinnaker_izhikevich_params p = plain();
    gsp_spinnaker_izhikevich_out out;
    p.init_exc = p.init_inh = p.decay_exc = p.decay_inh = 0x80000000u;
    gsp_spinnaker_izhikevich_in in = {.in_exc = 1001, .in_inh = 600, .first_substep = 1};
    gsp_spinnaker_izhikevich_state s = {.v = 0};
    gsp_spinnaker_izhikevich_internal x = run(&p, &in, &s, &out);
    assert_int_equal(x.current, 500 - 300);
    assert_int_equal(s.syn_exc, 250);
    assert_int_equal(s.syn_inh, 150);
    in.first_substep = 0;
    x = run(&p, &in, &s, &out);
    assert_int_equal(x.current, 250 - 150);
    p.input_kind = GSP_SPINNAKER_DELTA;
    p.scale = 2 * ONE;
    in.first_substep = 1;
    in.in_inh = -1;
    s = (gsp_spinnaker_izhikevich_state){.v = 0};
    x = run(&p, &in, &s, &out);
    assert_int_equal(x.current, 2002);
    assert_int_equal(s.syn_exc, 0);
    p.input_kind = GSP_SPINNAKER_CONDUCTANCE;
    p.v_rev_exc = 10 * ONE;
    p.v_rev_inh = -20 * ONE;
    in.in_exc = 0;
    s = (gsp_spinnaker_izhikevich_state){.v = -10 * ONE, .syn_exc = 5 * 1024, .syn_inh = 3 * 1024};
    x = run(&p, &in, &s, &out);
    assert_int_equal(x.exc, 100);
    assert_int_equal(x.inh, 30);
    assert_int_equal(x.gsyn_exc, 5);
}

static void random_words_by_position(void **unused) {
    (void)unused;
    gsp_spinnaker_izhikevich_params p = plain();
    gsp_spinnaker_izhikevich_out out;
    gsp_spinnaker_izhikevich_state s = {.v = 0};
    p.rounding = GSP_SPINNAKER_STOCHASTIC_SAT;
    run(&p, &quiet, &s, &out);
    assert_int_equal(out.draws_used, 0xFDFC); /* 2 to 15 without 9 */
    p.source_order = 1;
    run(&p, &quiet, &s, &out);
    assert_int_equal(out.draws_used, 0xFFFC);
    p.input_kind = GSP_SPINNAKER_DELTA;
    s.v = V_THRESH;
    s.h = 0;
    run(&p, &quiet, &s, &out);
    assert_int_equal(out.draws_used, 0x1FFFF);
    p.rounding = GSP_SPINNAKER_FLOOR_SAT;
    run(&p, &quiet, &s, &out);
    assert_int_equal(out.draws_used, 0);

    /* A word of 0 rounds its product up, and those that end in a sum or a state show it as such. */
    static const struct {
        int word;
        size_t at;
    } shown[] = {{0, offsetof(gsp_spinnaker_izhikevich_internal, exc)},
                 {1, offsetof(gsp_spinnaker_izhikevich_internal, inh)},
                 {3, offsetof(gsp_spinnaker_izhikevich_internal, alpha)},
                 {6, offsetof(gsp_spinnaker_izhikevich_internal, ah)},
                 {13, offsetof(gsp_spinnaker_izhikevich_internal, v_next)},
                 {15, offsetof(gsp_spinnaker_izhikevich_internal, u_next)}};
    p.rounding = GSP_SPINNAKER_STOCHASTIC_SAT;
    p.a = p.b = p.scale = p.reset_h = 24577;
    const gsp_spinnaker_izhikevich_state start = {
        .v = V_THRESH + 12345, .u = 54321, .h = 20481, .syn_exc = 1001, .syn_inh = 333};
    gsp_spinnaker_izhikevich_in in;
    memset(&in, 0xFF, sizeof in);
    in.in_exc = in.in_inh = in.current_offset = 0;
    in.first_substep = 1;
    s = start;
    const gsp_spinnaker_izhikevich_internal down = run(&p, &in, &s, &out);
    const int32_t h_down = s.h;
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        uint32_t *const words[N_WORDS] = {&in.rnd0,  &in.rnd1,  &in.rnd2,  &in.rnd3,  &in.rnd4,  &in.rnd5,
                                          &in.rnd6,  &in.rnd7,  &in.rnd8,  &in.rnd9,  &in.rnd10, &in.rnd11,
                                          &in.rnd12, &in.rnd13, &in.rnd14, &in.rnd15, &in.rnd16};
        int64_t before, after;
        *words[shown[i].word] = 0;
        s = start;
        const gsp_spinnaker_izhikevich_internal up = run(&p, &in, &s, &out);
        *words[shown[i].word] = UINT32_MAX;
        memcpy(&before, (const char *)&down + shown[i].at, sizeof before);
        memcpy(&after, (const char *)&up + shown[i].at, sizeof after);
        assert_int_equal(after, before + 1);
    }
    in.rnd16 = 0;
    s = start;
    run(&p, &in, &s, &out);
    assert_int_equal(s.h, h_down + 1);
}

static void recorded_registers(void **unused) {
    (void)unused;
    static const char *const names[] = {"default_ioffset10", "default_ioffset10_srcorder", "nsteps4",
                                        "overflow"};
    static recording r;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[128];
        uint32_t decay, init;
        snprintf(path, sizeof path, "tests/traces/spinnaker_izhikevich/spynnaker_curr_exp_%s.csv", names[i]);
        recording_open(&r, path, "");
        const int32_t whole = (int32_t)recording_key(&r, "x_time_step");
        const int32_t ts = gsp_spinnaker_substep(whole, (uint32_t)recording_key(&r, "x_n_steps"));
        assert_int_equal(ts, recording_key(&r, "reset_h"));
        assert_int_equal(whole, recording_key(&r, "next_h"));
        gsp_spinnaker_synapse(ts, (int32_t)recording_key(&r, "x_tau_syn_exc"), &decay, &init);
        assert_true(decay == recording_key(&r, "decay_exc") && init == recording_key(&r, "init_exc"));
        gsp_spinnaker_synapse(ts, (int32_t)recording_key(&r, "x_tau_syn_inh"), &decay, &init);
        assert_true(decay == recording_key(&r, "decay_inh") && init == recording_key(&r, "init_inh"));
        fclose(r.file);
    }
}

static void recorded_spikes_of_sub_steps(void **unused) {
    (void)unused;
    count_spikes("tests/traces/spinnaker_izhikevich/spynnaker_curr_exp_nsteps4.csv",
                 &gsp_spinnaker_izhikevich_model, 8000);
}

static void encode(void **unused) {
    (void)unused;
    const gsp_spinnaker_izhikevich_cell good = {.time_step = 1.0,
                                                .a = 0.02,
                                                .b = 0.2,
                                                .c = -65.0,
                                                .d = 2.0,
                                                .tau_syn_exc = 5.0,
                                                .tau_syn_inh = 5.0,
                                                .n_steps = 1};
    gsp_spinnaker_izhikevich_params p, defaults;
    gsp_default_config(&gsp_spinnaker_izhikevich_model, &defaults);
    gsp_default_params(&gsp_spinnaker_izhikevich_model, &defaults);
    assert_int_equal(gsp_spinnaker_izhikevich_check(&defaults), 0);
    p = defaults;
    p.a = p.b = p.c = p.d = p.reset_h = p.next_h = p.i_offset = 77;
    p.decay_exc = p.decay_inh = p.init_exc = p.init_inh = 77;
    assert_true(gsp_spinnaker_izhikevich_encode(&good, &p));
    for (int i = 0; i < gsp_spinnaker_izhikevich_model.n_fields; i++)
        if (gsp_spinnaker_izhikevich_model.fields[i].kind == GSP_PARAM)
            assert_int_equal(gsp_get(&gsp_spinnaker_izhikevich_model.fields[i], &p),
                             gsp_get(&gsp_spinnaker_izhikevich_model.fields[i], &defaults));
    assert_int_equal(p.a, 655);
    assert_int_equal(p.b, 6554);

    gsp_spinnaker_izhikevich_cell bad[6];
    for (int i = 0; i < 6; i++)
        bad[i] = good;
    bad[0].n_steps = 0;
    bad[1].time_step = 0.0;
    bad[2].d = -70000.0;
    bad[3].tau_syn_exc = 0.0;
    bad[4].input_kind = 3;
    bad[5].input_kind = GSP_SPINNAKER_CONDUCTANCE;
    bad[5].v_rev_inh = (double)NAN;
    const gsp_spinnaker_izhikevich_params before = p;
    for (int i = 0; i < 6; i++) {
        assert_false(gsp_spinnaker_izhikevich_encode(&bad[i], &p));
        assert_memory_equal(&p, &before, sizeof p);
    }
    gsp_spinnaker_izhikevich_cell other = good;
    other.input_kind = GSP_SPINNAKER_DELTA;
    other.n_steps = 4;
    assert_true(gsp_spinnaker_izhikevich_encode(&other, &p));
    assert_int_equal(p.scale, 4 * ONE);
    assert_int_equal(p.reset_h, 8192);
    assert_int_equal(p.next_h, ONE);
}

static void check_names_the_field(void **unused) {
    (void)unused;
    expect_ranges_checked(&gsp_spinnaker_izhikevich_model);
}

/* Every kind, rounding and order; through the header and through the descriptor. */
static void batch_equals_scalar(void **unused) {
    (void)unused;
    static int32_t in_exc[BATCH], in_inh[BATCH], offset[BATCH], v[BATCH], u[BATCH], h[BATCH], exc[BATCH],
        inh[BATCH];
    static uint8_t first[BATCH], spike[BATCH];
    static uint32_t word[N_WORDS][BATCH], draws[BATCH];
    const gsp_model *model = &gsp_spinnaker_izhikevich_model;
    gsp_rng rng;
    gsp_rng_seed(&rng, 5);
    for (unsigned set = 0; set < 3 * 5 * 2 * 2; set++) {
        gsp_spinnaker_izhikevich_params p;
        memset(&p, 0, sizeof p);
        any_params(&rng, model, &p);
        p.input_kind = (uint8_t)(set % 3);
        p.rounding = (uint8_t)(set / 3 % 5);
        p.source_order = (uint8_t)(set / 15 % 2);
        const bool described = set / 30 != 0;
        gsp_spinnaker_izhikevich_state s[BATCH];
        for (int k = 0; k < BATCH; k++) {
            gsp_spinnaker_izhikevich_reset(&s[k], &p);
            v[k] = s[k].v;
            u[k] = s[k].u;
            h[k] = s[k].h;
            exc[k] = inh[k] = 0;
        }
        gsp_spinnaker_izhikevich_arrays a = {.in_exc = in_exc,
                                             .in_inh = in_inh,
                                             .current_offset = offset,
                                             .first_substep = first,
                                             .v = v,
                                             .u = u,
                                             .h = h,
                                             .syn_exc = exc,
                                             .syn_inh = inh,
                                             .spike = spike,
                                             .draws_used = set % 2 ? draws : NULL};
        void *array[GSP_MAX_FIELDS] = {NULL};
        void *const before_words[] = {in_exc, in_inh, offset, first};
        void *const after_words[] = {v, u, h, exc, inh, spike, draws};
        const int in_at = gsp_field_find(model, "in_exc");
        for (int i = 0; i < 4; i++)
            array[in_at + i] = before_words[i];
        for (int i = 0; i < N_WORDS; i++)
            array[in_at + 4 + i] = word[i];
        for (int i = 0; i < 7; i++)
            array[in_at + 4 + N_WORDS + i] = after_words[i];
        if (p.rounding == GSP_SPINNAKER_STOCHASTIC_SAT) {
            a.rnd0 = word[0];
            a.rnd1 = word[1];
            a.rnd2 = word[2];
            a.rnd3 = word[3];
            a.rnd4 = word[4];
            a.rnd5 = word[5];
            a.rnd6 = word[6];
            a.rnd7 = word[7];
            a.rnd8 = word[8];
            a.rnd9 = word[9];
            a.rnd10 = word[10];
            a.rnd11 = word[11];
            a.rnd12 = word[12];
            a.rnd13 = word[13];
            a.rnd14 = word[14];
            a.rnd15 = word[15];
            a.rnd16 = word[16];
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
                gsp_spinnaker_izhikevich_batch(&p, &a, BATCH);
            for (int k = 0; k < BATCH; k++) {
                const gsp_spinnaker_izhikevich_in in = {
                    in_exc[k],   in_inh[k],   offset[k],   first[k],    word[0][k],  word[1][k],
                    word[2][k],  word[3][k],  word[4][k],  word[5][k],  word[6][k],  word[7][k],
                    word[8][k],  word[9][k],  word[10][k], word[11][k], word[12][k], word[13][k],
                    word[14][k], word[15][k], word[16][k]};
                gsp_spinnaker_izhikevich_out out;
                gsp_spinnaker_izhikevich_step(&p, &in, &s[k], &out);
                assert_int_equal(v[k], s[k].v);
                assert_int_equal(u[k], s[k].u);
                assert_int_equal(h[k], s[k].h);
                assert_int_equal(exc[k], s[k].syn_exc);
                assert_int_equal(inh[k], s[k].syn_inh);
                assert_int_equal(spike[k], out.spike);
                if (described || a.draws_used)
                    assert_int_equal(draws[k], out.draws_used);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threshold_at_equality),
        cmocka_unit_test(one_step_by_hand),
        cmocka_unit_test(order_of_products),
        cmocka_unit_test(reset_and_first_step),
        cmocka_unit_test(synapses_as_in_lif),
        cmocka_unit_test(random_words_by_position),
        cmocka_unit_test(recorded_registers),
        cmocka_unit_test(recorded_spikes_of_sub_steps),
        cmocka_unit_test(encode),
        cmocka_unit_test(check_names_the_field),
        cmocka_unit_test(batch_equals_scalar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
