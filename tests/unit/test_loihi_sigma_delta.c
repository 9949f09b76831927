/* SPDX-License-Identifier: Apache-2.0 */
/* loihi_sigma_delta by hand: its corner cases with expectations worked out on paper; reset, check, explain,
 * batch. */
#include "loihi_test.h"

#include "goldenspike/loihi_sigma_delta.h"

static gsp_loihi_sigma_delta_params defaults(void) {
    gsp_loihi_sigma_delta_params p;
    gsp_default_config(&gsp_loihi_sigma_delta_model, &p);
    gsp_default_params(&gsp_loihi_sigma_delta_model, &p);
    return p;
}

static gsp_loihi_sigma_delta_state fresh(const gsp_loihi_sigma_delta_params *p) {
    gsp_loihi_sigma_delta_state s;
    memset(&s, 0x5A, sizeof s);
    gsp_loihi_sigma_delta_reset(&s, p);
    return s;
}

/* One step: inputs, then the state and outputs it must leave; explain must agree. */
static void step_is(const gsp_loihi_sigma_delta_params *p, gsp_loihi_sigma_delta_state *s, int64_t a_in,
                    int64_t sigma, int64_t act, int64_t residue, int64_t error, int64_t spike) {
    const gsp_loihi_sigma_delta_in in = {.a_in = (int32_t)a_in};
    gsp_loihi_sigma_delta_out out, out_explained;
    gsp_loihi_sigma_delta_state explained = *s;
    gsp_loihi_sigma_delta_internal internal;
    memset(&out, 0xEE, sizeof out);
    memset(&out_explained, 0x33, sizeof out_explained);
    gsp_loihi_sigma_delta_step(p, &in, s, &out);
    gsp_loihi_sigma_delta_explain(p, &in, &explained, &out_explained, &internal);
    assert_int_equal(s->sigma, sigma);
    assert_int_equal(explained.sigma, sigma);
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
    gsp_loihi_sigma_delta_params p = defaults();
    gsp_loihi_sigma_delta_state s = fresh(&p);
    p.vth = 10;
    p.relu = 0;
    p.state_exp = 0;
    p.variant = GSP_LOIHI_SIGMA_DELTA_CORRECTED;

    step_is(&p, &s, 9, 9, 0, 0, 0, 0);
    step_is(&p, &s, 1, 10, 10, 0, 0, 10);
    step_is(&p, &s, -9, 1, 10, 0, 0, 0);
    step_is(&p, &s, -1, 0, 0, 0, 0, -10);
}

static void test_corrected_keeps_lost_bits(void **unused) {
    (void)unused;
    gsp_loihi_sigma_delta_params p = defaults();
    gsp_loihi_sigma_delta_state s = fresh(&p);
    p.vth = 10;
    p.relu = 0;
    p.state_exp = 3;
    p.variant = GSP_LOIHI_SIGMA_DELTA_CORRECTED;

    step_is(&p, &s, 12, 12, 8, 0, 0, 1);    /* 12 >> 3 = 1: act knows 8 */
    step_is(&p, &s, 5, 17, 8, 0, 0, 0);     /* 9 */
    step_is(&p, &s, 1, 18, 16, 0, 0, 1);    /* 10 */
    step_is(&p, &s, -19, -1, -8, 0, 0, -3); /* -17 >> 3 = -3: act 16 - 24 */
}

static void test_legacy_loses_bits(void **unused) {
    (void)unused;
    gsp_loihi_sigma_delta_params p = defaults();
    gsp_loihi_sigma_delta_state s = fresh(&p);
    p.vth = 10;
    p.relu = 0;
    p.state_exp = 3;
    p.variant = GSP_LOIHI_SIGMA_DELTA_LEGACY;

    step_is(&p, &s, 12, 12, 12, 0, 0, 1);
    step_is(&p, &s, 5, 17, 17, 5, 0, 0);
    step_is(&p, &s, 1, 18, 18, 6, 0, 0);
    step_is(&p, &s, 4, 22, 22, 0, 0, 1);    /* 4 + 6 = 10, sent as 1 */
    step_is(&p, &s, -11, 11, 11, 0, 0, -2); /* floor of -11 / 8 */
}

static void test_cum_error(void **unused) {
    (void)unused;
    gsp_loihi_sigma_delta_params p = defaults();
    gsp_loihi_sigma_delta_state s = fresh(&p);
    p.vth = 10;
    p.relu = 0;
    p.state_exp = 0;
    p.variant = GSP_LOIHI_SIGMA_DELTA_LEGACY;

    p.cum_error = 1;
    step_is(&p, &s, 4, 4, 4, 4, 4, 0);
    step_is(&p, &s, 0, 4, 4, 4, 8, 0); /* the residue enters the delta again */
    step_is(&p, &s, 0, 4, 4, 0, 0, 4); /* error 12: a delta of 4 is sent */
    s.error = 50;
    step_is(&p, &s, 0, 4, 4, 0, 50, 0); /* delta 0: nothing to send, the error stays */
    step_is(&p, &s, 1, 5, 5, 0, 0, 1);
}

static void test_corrected_ignores_cum_error(void **unused) {
    (void)unused;
    gsp_loihi_sigma_delta_params p = defaults();
    gsp_loihi_sigma_delta_state s = fresh(&p);
    p.vth = 10;
    p.relu = 0;
    p.state_exp = 0;
    p.variant = GSP_LOIHI_SIGMA_DELTA_CORRECTED;

    p.cum_error = 1;
    s.error = 99;
    s.residue = 7;
    step_is(&p, &s, 5, 5, 0, 7, 99, 0);
    step_is(&p, &s, 5, 10, 10, 7, 99, 10);
}

static void test_relu_after_bias(void **unused) {
    (void)unused;
    gsp_loihi_sigma_delta_params p = defaults();
    gsp_loihi_sigma_delta_state s = fresh(&p);
    p.vth = 10;
    p.relu = 0;
    p.state_exp = 0;
    p.variant = GSP_LOIHI_SIGMA_DELTA_CORRECTED;

    p.relu = 1;
    p.bias = 5;
    step_is(&p, &s, -6, -6, 0, 0, 0, 0);
    step_is(&p, &s, 16, 10, 15, 0, 0, 15);
    step_is(&p, &s, -100, -90, 0, 0, 0, -15);
}

static void test_wraps(void **unused) {
    (void)unused;
    gsp_loihi_sigma_delta_params p = defaults();
    gsp_loihi_sigma_delta_state s = fresh(&p);
    p.vth = 10;
    p.relu = 0;
    p.state_exp = 0;
    p.variant = GSP_LOIHI_SIGMA_DELTA_CORRECTED;

    p.bias = 1;
    step_is(&p, &s, 2147483647, 2147483647, 0, 0, 0, 0); /* sigma + 1 = -2^31: no magnitude, not sent */
    step_is(&p, &s, 1, -2147483648, -2147483647, 0, 0, -2147483647);
    step_is(&p, &s, 1, -2147483647, -2147483647, 0, 0, 0);
    s.act = 2147483647;
    step_is(&p, &s, 7, -2147483640, -2147483639, 0, 0, 10); /* -2147483639 - 2147483647 = 10 modulo 2^32 */
}

static void test_residue_wraps(void **unused) {
    (void)unused;
    gsp_loihi_sigma_delta_params p = defaults();
    gsp_loihi_sigma_delta_state s = fresh(&p);
    p.vth = 10;
    p.relu = 0;
    p.state_exp = 0;
    p.variant = GSP_LOIHI_SIGMA_DELTA_LEGACY;

    p.vth = 2147483647;
    s.residue = 2147483647;
    step_is(&p, &s, 1, 1, 1, -2147483648, 0, 0); /* no magnitude: stays as residue */
    step_is(&p, &s, 0, 1, 1, -2147483648, 0, 0);
    step_is(&p, &s, 1, 2, 2, 0, 0, -2147483647);
}

static void test_reset(void **unused) {
    (void)unused;
    gsp_loihi_sigma_delta_params p = defaults();
    gsp_loihi_sigma_delta_state s = fresh(&p);
    memset(&s, 1, sizeof s);
    gsp_loihi_sigma_delta_reset(&s, &p);
    assert_int_equal(s.sigma, 0);
    assert_int_equal(s.act, 0);
    assert_int_equal(s.residue, 0);
    assert_int_equal(s.error, 0);
}

static void test_check(void **unused) {
    (void)unused;
    expect_ranges_checked(&gsp_loihi_sigma_delta_model);
    const gsp_loihi_sigma_delta_params p = defaults();
    assert_int_equal(gsp_loihi_sigma_delta_check(&p), 0);
}

static void test_batch(void **unused) {
    (void)unused;
    static int32_t a_in[BATCH];
    static int32_t sigma[BATCH];
    static int32_t act[BATCH];
    static int32_t residue[BATCH];
    static int32_t error[BATCH];
    static int32_t spike[BATCH];
    gsp_loihi_sigma_delta_state scalar[BATCH];
    gsp_rng rng;
    gsp_rng_seed(&rng, 1);

    for (int k = 0; k < BATCH; k++) {
        memset(&scalar[k], 0, sizeof scalar[k]);
        scalar[k].sigma = sigma[k] = (int32_t)any_value(&rng, &gsp_loihi_sigma_delta_model, "sigma");
        scalar[k].act = act[k] = (int32_t)any_value(&rng, &gsp_loihi_sigma_delta_model, "act");
        scalar[k].residue = residue[k] = (int32_t)any_value(&rng, &gsp_loihi_sigma_delta_model, "residue");
        scalar[k].error = error[k] = (int32_t)any_value(&rng, &gsp_loihi_sigma_delta_model, "error");
    }
    for (int t = 0; t < BATCH_STEPS; t++) {
        gsp_loihi_sigma_delta_params p = defaults();
        any_params(&rng, &gsp_loihi_sigma_delta_model, &p);
        for (int k = 0; k < BATCH; k++) {
            a_in[k] = (int32_t)any_value(&rng, &gsp_loihi_sigma_delta_model, "a_in");
        }
        const gsp_loihi_sigma_delta_arrays arrays = {
            .a_in = a_in, .sigma = sigma, .act = act, .residue = residue, .error = error, .spike = spike};
        gsp_loihi_sigma_delta_batch(&p, &arrays, BATCH);
        for (int k = 0; k < BATCH; k++) {
            const gsp_loihi_sigma_delta_in in = {.a_in = a_in[k]};
            gsp_loihi_sigma_delta_out out;
            gsp_loihi_sigma_delta_step(&p, &in, &scalar[k], &out);
            assert_int_equal(sigma[k], scalar[k].sigma);
            assert_int_equal(act[k], scalar[k].act);
            assert_int_equal(residue[k], scalar[k].residue);
            assert_int_equal(error[k], scalar[k].error);
            assert_int_equal(spike[k], out.spike);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threshold),
        cmocka_unit_test(test_corrected_keeps_lost_bits),
        cmocka_unit_test(test_legacy_loses_bits),
        cmocka_unit_test(test_cum_error),
        cmocka_unit_test(test_corrected_ignores_cum_error),
        cmocka_unit_test(test_relu_after_bias),
        cmocka_unit_test(test_wraps),
        cmocka_unit_test(test_residue_wraps),
        cmocka_unit_test(test_reset),
        cmocka_unit_test(test_check),
        cmocka_unit_test(test_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
