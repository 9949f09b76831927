/* SPDX-License-Identifier: Apache-2.0 */
/* loihi_delta by hand: its corner cases with expectations worked out on paper; reset, check, explain, batch.
 */
#include "loihi_test.h"

#include "goldenspike/loihi_delta.h"

static gsp_loihi_delta_params defaults(void) {
    gsp_loihi_delta_params p;
    gsp_default_config(&gsp_loihi_delta_model, &p);
    gsp_default_params(&gsp_loihi_delta_model, &p);
    return p;
}

static gsp_loihi_delta_state fresh(const gsp_loihi_delta_params *p) {
    gsp_loihi_delta_state s;
    memset(&s, 0x5A, sizeof s);
    gsp_loihi_delta_reset(&s, p);
    return s;
}

/* One step: inputs, then the state and outputs it must leave; explain must agree. */
static void step_is(const gsp_loihi_delta_params *p, gsp_loihi_delta_state *s, int64_t a_in, int64_t act,
                    int64_t residue, int64_t error, int64_t spike) {
    const gsp_loihi_delta_in in = {.a_in = (int32_t)a_in};
    gsp_loihi_delta_out out, out_explained;
    gsp_loihi_delta_state explained = *s;
    gsp_loihi_delta_internal internal;
    memset(&out, 0xEE, sizeof out);
    memset(&out_explained, 0x33, sizeof out_explained);
    gsp_loihi_delta_step(p, &in, s, &out);
    gsp_loihi_delta_explain(p, &in, &explained, &out_explained, &internal);
    assert_int_equal(s->act, act);
    assert_int_equal(explained.act, act);
    assert_int_equal(s->residue, residue);
    assert_int_equal(explained.residue, residue);
    assert_int_equal(s->error, error);
    assert_int_equal(explained.error, error);
    assert_int_equal(out.spike, spike);
    assert_int_equal(out_explained.spike, spike);
}

static void test_threshold(void **unused) {
    (void)unused;
    gsp_loihi_delta_params p = defaults();
    gsp_loihi_delta_state s = fresh(&p);
    p.vth = 10;
    step_is(&p, &s, 9, 9, 9, 0, 0);
    step_is(&p, &s, 10, 10, 0, 0, 10);
    step_is(&p, &s, 1, 1, -9, 0, 0);
    step_is(&p, &s, 0, 0, 0, 0, -10);
}

static void test_scaling(void **unused) {
    (void)unused;
    gsp_loihi_delta_params p = defaults();
    gsp_loihi_delta_state s = fresh(&p);
    p.vth = 10;
    p.spike_exp = 1;
    p.state_exp = 3;
    step_is(&p, &s, 1, 16, 0, 0, 2); /* 16 sent as 16 >> 3 */
    step_is(&p, &s, -3, -48, 0, 0, -8);
    p.spike_exp = 0;
    p.state_exp = 0;
    step_is(&p, &s, -43, -43, 5, 0, 0);
    p.state_exp = 2;
    step_is(&p, &s, -16, -64, 0, 0, -4); /* -21 + 5 = -16 */
    p.state_exp = 1;
    step_is(&p, &s, -38, -76, 0, 0, -6);
    p.state_exp = 3;
    step_is(&p, &s, -12, -96, 0, 0, -3); /* -20 >> 3: floor */
}

static void test_cum_error(void **unused) {
    (void)unused;
    gsp_loihi_delta_params p = defaults();
    gsp_loihi_delta_state s = fresh(&p);
    p.vth = 10;
    p.cum_error = 1;
    step_is(&p, &s, 4, 4, 4, 4, 0);
    step_is(&p, &s, 4, 4, 4, 8, 0);
    step_is(&p, &s, 4, 4, 0, 0, 4);
    s.error = -50;
    step_is(&p, &s, 4, 4, 0, -50, 0);
    step_is(&p, &s, 5, 5, 0, 0, 1);
    p.cum_error = 0;
    s.error = 7;
    step_is(&p, &s, 30, 30, 0, 7, 25); /* without cum_error it is not touched */
}

static void test_wraps(void **unused) {
    (void)unused;
    gsp_loihi_delta_params p = defaults();
    gsp_loihi_delta_state s = fresh(&p);
    p.vth = 1;
    p.spike_exp = 15;
    p.state_exp = 15;
    step_is(&p, &s, 1, 1073741824, 0, 0, 32768);
    step_is(&p, &s, 2, -2147483648, 0, 0, 32768); /* the delta wraps to 2^30 */
    step_is(&p, &s, 4, 0, -2147483648, 0, 0);     /* 2^31 is -2^31: no magnitude */
    step_is(&p, &s, 2, -2147483648, 0, 0, 0);     /* -2^31 - 2^31 = 0 */
}

static void test_reset(void **unused) {
    (void)unused;
    gsp_loihi_delta_params p = defaults();
    gsp_loihi_delta_state s = fresh(&p);
    memset(&s, 1, sizeof s);
    gsp_loihi_delta_reset(&s, &p);
    assert_int_equal(s.act, 0);
    assert_int_equal(s.residue, 0);
    assert_int_equal(s.error, 0);
}

static void test_check(void **unused) {
    (void)unused;
    expect_ranges_checked(&gsp_loihi_delta_model);
    const gsp_loihi_delta_params p = defaults();
    assert_int_equal(gsp_loihi_delta_check(&p), 0);
}

static void test_batch(void **unused) {
    (void)unused;
    static int32_t a_in[BATCH];
    static int32_t act[BATCH];
    static int32_t residue[BATCH];
    static int32_t error[BATCH];
    static int32_t spike[BATCH];
    gsp_loihi_delta_state scalar[BATCH];
    gsp_rng rng;
    gsp_rng_seed(&rng, 1);

    for (int k = 0; k < BATCH; k++) {
        memset(&scalar[k], 0, sizeof scalar[k]);
        scalar[k].act = act[k] = (int32_t)any_value(&rng, &gsp_loihi_delta_model, "act");
        scalar[k].residue = residue[k] = (int32_t)any_value(&rng, &gsp_loihi_delta_model, "residue");
        scalar[k].error = error[k] = (int32_t)any_value(&rng, &gsp_loihi_delta_model, "error");
    }
    for (int t = 0; t < BATCH_STEPS; t++) {
        gsp_loihi_delta_params p = defaults();
        any_params(&rng, &gsp_loihi_delta_model, &p);
        for (int k = 0; k < BATCH; k++) {
            a_in[k] = (int32_t)any_value(&rng, &gsp_loihi_delta_model, "a_in");
        }
        const gsp_loihi_delta_arrays arrays = {
            .a_in = a_in, .act = act, .residue = residue, .error = error, .spike = spike};
        gsp_loihi_delta_batch(&p, &arrays, BATCH);
        for (int k = 0; k < BATCH; k++) {
            const gsp_loihi_delta_in in = {.a_in = a_in[k]};
            gsp_loihi_delta_out out;
            gsp_loihi_delta_step(&p, &in, &scalar[k], &out);
            assert_int_equal(act[k], scalar[k].act);
            assert_int_equal(residue[k], scalar[k].residue);
            assert_int_equal(error[k], scalar[k].error);
            assert_int_equal(spike[k], out.spike);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threshold), cmocka_unit_test(test_scaling), cmocka_unit_test(test_cum_error),
        cmocka_unit_test(test_wraps),     cmocka_unit_test(test_reset),   cmocka_unit_test(test_check),
        cmocka_unit_test(test_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
