/* SPDX-License-Identifier: Apache-2.0 */
/* loihi_rf by hand: its corner cases with expectations worked out on paper; reset, check, explain, batch. */
#include "loihi_test.h"

#include "goldenspike/loihi_rf.h"

static gsp_loihi_rf_params defaults(void) {
    gsp_loihi_rf_params p;
    gsp_default_config(&gsp_loihi_rf_model, &p);
    gsp_default_params(&gsp_loihi_rf_model, &p);
    return p;
}

static gsp_loihi_rf_state fresh(const gsp_loihi_rf_params *p) {
    gsp_loihi_rf_state s;
    memset(&s, 0x5A, sizeof s);
    gsp_loihi_rf_reset(&s, p);
    return s;
}

/* One step: inputs, then the state and outputs it must leave; explain must agree. */
static void step_is(const gsp_loihi_rf_params *p, gsp_loihi_rf_state *s, int64_t a_re, int64_t a_im,
                    int64_t re, int64_t im, int64_t spike) {
    const gsp_loihi_rf_in in = {.a_re = (int32_t)a_re, .a_im = (int32_t)a_im};
    gsp_loihi_rf_out out, out_explained;
    gsp_loihi_rf_state explained = *s;
    gsp_loihi_rf_internal internal;
    memset(&out, 0xEE, sizeof out);
    memset(&out_explained, 0x33, sizeof out_explained);
    gsp_loihi_rf_step(p, &in, s, &out);
    gsp_loihi_rf_explain(p, &in, &explained, &out_explained, &internal);
    assert_int_equal(s->re, re);
    assert_int_equal(explained.re, re);
    assert_int_equal(s->im, im);
    assert_int_equal(explained.im, im);
    assert_int_equal(out.spike, spike);
    assert_int_equal(out_explained.spike, spike);
}

static void test_first_steps(void **unused) {
    (void)unused;
    gsp_loihi_rf_params p = defaults();
    gsp_loihi_rf_state s = fresh(&p);
    p.vth = 5120;
    step_is(&p, &s, 41, 0, 2624, 0, 0);   /* 41 << 6 */
    step_is(&p, &s, 0, 0, 2420, 786, 0);  /* 2624 * 3778 / 4096 = 2420.3, 2624 * 1227 / 4096 = 786.04 */
    step_is(&p, &s, 0, 0, 1997, 1448, 0); /* 2232 - 235, 724 + 724: each part truncated by itself */
}

static void test_products_round_apart(void **unused) {
    (void)unused;
    gsp_loihi_rf_params p = defaults();
    gsp_loihi_rf_state s = fresh(&p);
    p.cos_decay = 3072;
    p.sin_decay = 3072;
    p.state_exp = 0;

    s.re = -1;
    s.im = 1;
    /* -0.75 and 0.75 are 0 each; their difference -1.5 would be -1, floors -1 and 0. */
    step_is(&p, &s, 0, 0, 0, 0, 0);
    s.im = -1; /* -0.75 in both parts: floors would give 1 and -1 */
    step_is(&p, &s, 0, 0, 0, 0, 0);
}

static void test_limits(void **unused) {
    (void)unused;
    gsp_loihi_rf_params p = defaults();
    gsp_loihi_rf_state s = fresh(&p);
    p.cos_decay = 4096;
    p.sin_decay = 0;
    p.state_exp = 0;

    p.vth = 8388607;
    step_is(&p, &s, 8388607, -8388607, 8388607, -8388607, 0);
    step_is(&p, &s, 1, -1, 8388607, -8388607, 0); /* -2^23 is clipped */
    step_is(&p, &s, 0, 8388607, 8388607, 0, 1);   /* vth at the limit fires */
    step_is(&p, &s, -8388608, 0, -1, 0, 0);
    step_is(&p, &s, -8388607, 0, -8388607, 0, 0); /* -2^23 again */
}

static void test_crossing(void **unused) {
    (void)unused;
    gsp_loihi_rf_params p = defaults();
    gsp_loihi_rf_state s = fresh(&p);
    p.cos_decay = 4096;
    p.sin_decay = 0;
    p.state_exp = 0;

    p.vth = 100;
    step_is(&p, &s, 99, -1, 99, -1, 0);
    step_is(&p, &s, 0, 1, 99, 0, 0);    /* re one below vth */
    step_is(&p, &s, 1, 1, 100, 1, 0);   /* im was 0, not negative */
    step_is(&p, &s, 0, -2, 100, -1, 0); /* im is negative */
    step_is(&p, &s, 0, 1, 100, 0, 1);   /* re = vth, im = 0 */
    step_is(&p, &s, 0, 0, 100, 0, 0);   /* once */
}

static void test_extremes(void **unused) {
    (void)unused;
    gsp_loihi_rf_params p = defaults();
    gsp_loihi_rf_state s = fresh(&p);
    p.cos_decay = 131071;
    p.sin_decay = -131072;
    p.decay_bits = 0;
    p.state_exp = 15;
    p.vth = -8388608;
    s.re = 8388607;
    s.im = -8388607;
    step_is(&p, &s, -8388608, 8388607, -8388607, -8388607, 0);
}

static void test_reset(void **unused) {
    (void)unused;
    gsp_loihi_rf_params p = defaults();
    gsp_loihi_rf_state s = fresh(&p);
    s.re = 5;
    s.im = -7;
    gsp_loihi_rf_reset(&s, &p);
    assert_int_equal(s.re, 0);
    assert_int_equal(s.im, 0);
}

static void test_check(void **unused) {
    (void)unused;
    expect_ranges_checked(&gsp_loihi_rf_model);
    const gsp_loihi_rf_params p = defaults();
    assert_int_equal(gsp_loihi_rf_check(&p), 0);
}

static void test_batch(void **unused) {
    (void)unused;
    static int32_t a_re[BATCH];
    static int32_t a_im[BATCH];
    static int32_t re[BATCH];
    static int32_t im[BATCH];
    static uint8_t spike[BATCH];
    gsp_loihi_rf_state scalar[BATCH];
    gsp_rng rng;
    gsp_rng_seed(&rng, 1);

    for (int k = 0; k < BATCH; k++) {
        memset(&scalar[k], 0, sizeof scalar[k]);
        scalar[k].re = re[k] = (int32_t)any_value(&rng, &gsp_loihi_rf_model, "re");
        scalar[k].im = im[k] = (int32_t)any_value(&rng, &gsp_loihi_rf_model, "im");
    }
    for (int t = 0; t < BATCH_STEPS; t++) {
        gsp_loihi_rf_params p = defaults();
        any_params(&rng, &gsp_loihi_rf_model, &p);
        for (int k = 0; k < BATCH; k++) {
            a_re[k] = (int32_t)any_value(&rng, &gsp_loihi_rf_model, "a_re");
            a_im[k] = (int32_t)any_value(&rng, &gsp_loihi_rf_model, "a_im");
        }
        const gsp_loihi_rf_arrays arrays = {.a_re = a_re, .a_im = a_im, .re = re, .im = im, .spike = spike};
        gsp_loihi_rf_batch(&p, &arrays, BATCH);
        for (int k = 0; k < BATCH; k++) {
            const gsp_loihi_rf_in in = {.a_re = a_re[k], .a_im = a_im[k]};
            gsp_loihi_rf_out out;
            gsp_loihi_rf_step(&p, &in, &scalar[k], &out);
            assert_int_equal(re[k], scalar[k].re);
            assert_int_equal(im[k], scalar[k].im);
            assert_int_equal(spike[k], out.spike);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_steps), cmocka_unit_test(test_products_round_apart),
        cmocka_unit_test(test_limits),      cmocka_unit_test(test_crossing),
        cmocka_unit_test(test_extremes),    cmocka_unit_test(test_reset),
        cmocka_unit_test(test_check),       cmocka_unit_test(test_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
