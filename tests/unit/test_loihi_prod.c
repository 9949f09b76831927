/* SPDX-License-Identifier: Apache-2.0 */
/* loihi_prod by hand: its corner cases with expectations worked out on paper; reset, check, explain, batch.
 */
#include "loihi_test.h"

#include "goldenspike/loihi_prod.h"

static gsp_loihi_prod_params defaults(void) {
    gsp_loihi_prod_params p;
    gsp_default_config(&gsp_loihi_prod_model, &p);
    gsp_default_params(&gsp_loihi_prod_model, &p);
    return p;
}

static gsp_loihi_prod_state fresh(const gsp_loihi_prod_params *p) {
    gsp_loihi_prod_state s;
    memset(&s, 0x5A, sizeof s);
    gsp_loihi_prod_reset(&s, p);
    return s;
}

/* One step: inputs, then the state and outputs it must leave; explain must agree. */
static void step_is(const gsp_loihi_prod_params *p, gsp_loihi_prod_state *s, int64_t a_in1, int64_t a_in2,
                    int64_t spike) {
    const gsp_loihi_prod_in in = {.a_in1 = (int32_t)a_in1, .a_in2 = (int32_t)a_in2};
    gsp_loihi_prod_out out, out_explained;
    gsp_loihi_prod_state explained = *s;
    gsp_loihi_prod_internal internal;
    memset(&out, 0xEE, sizeof out);
    memset(&out_explained, 0x33, sizeof out_explained);
    gsp_loihi_prod_step(p, &in, s, &out);
    gsp_loihi_prod_explain(p, &in, &explained, &out_explained, &internal);
    assert_int_equal(out.spike, spike);
    assert_int_equal(out_explained.spike, spike);
}

static void test_threshold(void **unused) {
    (void)unused;
    gsp_loihi_prod_params p = defaults();
    gsp_loihi_prod_state s = fresh(&p);
    p.vth = 100;
    step_is(&p, &s, 25, 4, 0);
    step_is(&p, &s, 101, 1, 101);
    step_is(&p, &s, -25, 4, 0);
    step_is(&p, &s, -101, 1, -101);
}

static void test_floor(void **unused) {
    (void)unused;
    gsp_loihi_prod_params p = defaults();
    gsp_loihi_prod_state s = fresh(&p);
    p.vth = 0;
    p.exp = 12;
    step_is(&p, &s, -1, 1, -1);
    step_is(&p, &s, 4095, 1, 0);
    step_is(&p, &s, -4097, 1, -2);
    p.exp = 31;
    step_is(&p, &s, -1, 1, -1);
    step_is(&p, &s, 2147483647, 1, 0);
}

static void test_wraps(void **unused) {
    (void)unused;
    gsp_loihi_prod_params p = defaults();
    gsp_loihi_prod_state s = fresh(&p);
    p.vth = 100;
    step_is(&p, &s, 65536, 65536, 0);
    step_is(&p, &s, 65536, 32768, 0);           /* -2^31 has no magnitude */
    step_is(&p, &s, 46341, 46341, -2147479015); /* 2147488281 - 2^32 */
    p.exp = 4;
    step_is(&p, &s, 65536, 32768, -134217728);
}

static void test_negative_threshold(void **unused) {
    (void)unused;
    gsp_loihi_prod_params p = defaults();
    gsp_loihi_prod_state s = fresh(&p);
    p.vth = -1;
    step_is(&p, &s, 1, 1, 1);
    step_is(&p, &s, 1, -1, -1);
}

static void test_check(void **unused) {
    (void)unused;
    expect_ranges_checked(&gsp_loihi_prod_model);
    const gsp_loihi_prod_params p = defaults();
    assert_int_equal(gsp_loihi_prod_check(&p), 0);
}

static void test_batch(void **unused) {
    (void)unused;
    static int32_t a_in1[BATCH];
    static int32_t a_in2[BATCH];
    static int32_t spike[BATCH];
    gsp_loihi_prod_state scalar[BATCH];
    gsp_rng rng;
    gsp_rng_seed(&rng, 1);

    for (int k = 0; k < BATCH; k++) {
        memset(&scalar[k], 0, sizeof scalar[k]);
    }
    for (int t = 0; t < BATCH_STEPS; t++) {
        gsp_loihi_prod_params p = defaults();
        any_params(&rng, &gsp_loihi_prod_model, &p);
        for (int k = 0; k < BATCH; k++) {
            a_in1[k] = (int32_t)any_value(&rng, &gsp_loihi_prod_model, "a_in1");
            a_in2[k] = (int32_t)any_value(&rng, &gsp_loihi_prod_model, "a_in2");
        }
        const gsp_loihi_prod_arrays arrays = {.a_in1 = a_in1, .a_in2 = a_in2, .spike = spike};
        gsp_loihi_prod_batch(&p, &arrays, BATCH);
        for (int k = 0; k < BATCH; k++) {
            const gsp_loihi_prod_in in = {.a_in1 = a_in1[k], .a_in2 = a_in2[k]};
            gsp_loihi_prod_out out;
            gsp_loihi_prod_step(&p, &in, &scalar[k], &out);
            assert_int_equal(spike[k], out.spike);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threshold),          cmocka_unit_test(test_floor), cmocka_unit_test(test_wraps),
        cmocka_unit_test(test_negative_threshold), cmocka_unit_test(test_check), cmocka_unit_test(test_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
