/* SPDX-License-Identifier: Apache-2.0 */
/* loihi_norm_vec by hand: its corner cases with expectations worked out on paper; reset, check, explain,
 * batch. */
#include "loihi_test.h"

#include "goldenspike/loihi_norm_vec.h"

static gsp_loihi_norm_vec_params defaults(void) {
    gsp_loihi_norm_vec_params p;
    gsp_default_config(&gsp_loihi_norm_vec_model, &p);
    gsp_default_params(&gsp_loihi_norm_vec_model, &p);
    return p;
}

static gsp_loihi_norm_vec_state fresh(const gsp_loihi_norm_vec_params *p) {
    gsp_loihi_norm_vec_state s;
    memset(&s, 0x5A, sizeof s);
    gsp_loihi_norm_vec_reset(&s, p);
    return s;
}

/* One step: inputs, then the state and outputs it must leave; explain must agree. */
static void step_is(const gsp_loihi_norm_vec_params *p, gsp_loihi_norm_vec_state *s, int64_t a_in1,
                    int64_t a_in2, int64_t v, int64_t spike, int64_t s2_out) {
    const gsp_loihi_norm_vec_in in = {.a_in1 = (int32_t)a_in1, .a_in2 = (int32_t)a_in2};
    gsp_loihi_norm_vec_out out, out_explained;
    gsp_loihi_norm_vec_state explained = *s;
    gsp_loihi_norm_vec_internal internal;
    memset(&out, 0xEE, sizeof out);
    memset(&out_explained, 0x33, sizeof out_explained);
    gsp_loihi_norm_vec_step(p, &in, s, &out);
    gsp_loihi_norm_vec_explain(p, &in, &explained, &out_explained, &internal);
    assert_int_equal(s->v, v);
    assert_int_equal(explained.v, v);
    assert_int_equal(out.spike, spike);
    assert_int_equal(out_explained.spike, spike);
    assert_int_equal(out.s2_out, s2_out);
    assert_int_equal(out_explained.s2_out, s2_out);
}

static void test_delay_and_threshold(void **unused) {
    (void)unused;
    gsp_loihi_norm_vec_params p = defaults();
    gsp_loihi_norm_vec_state s = fresh(&p);
    p.vth = 6;
    step_is(&p, &s, 2, 100, 2, 0, 4); /* v was 0 */
    step_is(&p, &s, 3, 3, 3, 0, 9);   /* 2 * 3 = vth */
    step_is(&p, &s, -7, 3, -7, 9, 49);
    step_is(&p, &s, 1, 1, 1, -7, 1);
}

static void test_wraps(void **unused) {
    (void)unused;
    gsp_loihi_norm_vec_params p = defaults();
    gsp_loihi_norm_vec_state s = fresh(&p);
    p.vth = 0;
    step_is(&p, &s, 65536, 0, 65536, 0, 0);               /* 2^32 */
    step_is(&p, &s, 46341, 32768, 46341, 0, -2147479015); /* product -2^31: no magnitude */
    step_is(&p, &s, 0, 46341, 0, -2147479015, 0);
}

static void test_reset(void **unused) {
    (void)unused;
    gsp_loihi_norm_vec_params p = defaults();
    gsp_loihi_norm_vec_state s = fresh(&p);
    s.v = 9;
    gsp_loihi_norm_vec_reset(&s, &p);
    assert_int_equal(s.v, 0);
}

static void test_check(void **unused) {
    (void)unused;
    expect_ranges_checked(&gsp_loihi_norm_vec_model);
    const gsp_loihi_norm_vec_params p = defaults();
    assert_int_equal(gsp_loihi_norm_vec_check(&p), 0);
}

static void test_batch(void **unused) {
    (void)unused;
    static int32_t a_in1[BATCH];
    static int32_t a_in2[BATCH];
    static int32_t v[BATCH];
    static int32_t spike[BATCH];
    static int32_t s2_out[BATCH];
    gsp_loihi_norm_vec_state scalar[BATCH];
    gsp_rng rng;
    gsp_rng_seed(&rng, 1);

    for (int k = 0; k < BATCH; k++) {
        memset(&scalar[k], 0, sizeof scalar[k]);
        scalar[k].v = v[k] = (int32_t)any_value(&rng, &gsp_loihi_norm_vec_model, "v");
    }
    for (int t = 0; t < BATCH_STEPS; t++) {
        gsp_loihi_norm_vec_params p = defaults();
        any_params(&rng, &gsp_loihi_norm_vec_model, &p);
        for (int k = 0; k < BATCH; k++) {
            a_in1[k] = (int32_t)any_value(&rng, &gsp_loihi_norm_vec_model, "a_in1");
            a_in2[k] = (int32_t)any_value(&rng, &gsp_loihi_norm_vec_model, "a_in2");
        }
        const gsp_loihi_norm_vec_arrays arrays = {
            .a_in1 = a_in1, .a_in2 = a_in2, .v = v, .spike = spike, .s2_out = s2_out};
        gsp_loihi_norm_vec_batch(&p, &arrays, BATCH);
        for (int k = 0; k < BATCH; k++) {
            const gsp_loihi_norm_vec_in in = {.a_in1 = a_in1[k], .a_in2 = a_in2[k]};
            gsp_loihi_norm_vec_out out;
            gsp_loihi_norm_vec_step(&p, &in, &scalar[k], &out);
            assert_int_equal(v[k], scalar[k].v);
            assert_int_equal(spike[k], out.spike);
            assert_int_equal(s2_out[k], out.s2_out);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_delay_and_threshold),
        cmocka_unit_test(test_wraps),
        cmocka_unit_test(test_reset),
        cmocka_unit_test(test_check),
        cmocka_unit_test(test_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
