/* SPDX-License-Identifier: Apache-2.0 */
/* loihi_sigma by hand: its corner cases with expectations worked out on paper; reset, check, explain, batch.
 */
#include "loihi_test.h"

#include "goldenspike/loihi_sigma.h"

static gsp_loihi_sigma_params defaults(void) {
    gsp_loihi_sigma_params p;
    gsp_default_config(&gsp_loihi_sigma_model, &p);
    gsp_default_params(&gsp_loihi_sigma_model, &p);
    return p;
}

static gsp_loihi_sigma_state fresh(const gsp_loihi_sigma_params *p) {
    gsp_loihi_sigma_state s;
    memset(&s, 0x5A, sizeof s);
    gsp_loihi_sigma_reset(&s, p);
    return s;
}

/* One step: inputs, then the state and outputs it must leave; explain must agree. */
static void step_is(const gsp_loihi_sigma_params *p, gsp_loihi_sigma_state *s, int64_t a_in, int64_t sigma,
                    int64_t spike) {
    const gsp_loihi_sigma_in in = {.a_in = (int32_t)a_in};
    gsp_loihi_sigma_out out, out_explained;
    gsp_loihi_sigma_state explained = *s;
    gsp_loihi_sigma_internal internal;
    memset(&out, 0xEE, sizeof out);
    memset(&out_explained, 0x33, sizeof out_explained);
    gsp_loihi_sigma_step(p, &in, s, &out);
    gsp_loihi_sigma_explain(p, &in, &explained, &out_explained, &internal);
    assert_int_equal(s->sigma, sigma);
    assert_int_equal(explained.sigma, sigma);
    assert_int_equal(out.spike, spike);
    assert_int_equal(out_explained.spike, spike);
}

static void test_sums(void **unused) {
    (void)unused;
    gsp_loihi_sigma_params p = defaults();
    gsp_loihi_sigma_state s = fresh(&p);
    step_is(&p, &s, 5, 5, 5);
    step_is(&p, &s, -7, -2, -2);
    step_is(&p, &s, 0, -2, -2);
}

static void test_wraps(void **unused) {
    (void)unused;
    gsp_loihi_sigma_params p = defaults();
    gsp_loihi_sigma_state s = fresh(&p);
    s.sigma = 2147483647;
    step_is(&p, &s, 1, -2147483648, -2147483648);
    step_is(&p, &s, -1, 2147483647, 2147483647);
}

static void test_reset(void **unused) {
    (void)unused;
    gsp_loihi_sigma_params p = defaults();
    gsp_loihi_sigma_state s = fresh(&p);
    s.sigma = 9;
    gsp_loihi_sigma_reset(&s, &p);
    assert_int_equal(s.sigma, 0);
}

static void test_check(void **unused) {
    (void)unused;
    expect_ranges_checked(&gsp_loihi_sigma_model);
    const gsp_loihi_sigma_params p = defaults();
    assert_int_equal(gsp_loihi_sigma_check(&p), 0);
}

static void test_batch(void **unused) {
    (void)unused;
    static int32_t a_in[BATCH];
    static int32_t sigma[BATCH];
    static int32_t spike[BATCH];
    gsp_loihi_sigma_state scalar[BATCH];
    gsp_rng rng;
    gsp_rng_seed(&rng, 1);

    for (int k = 0; k < BATCH; k++) {
        memset(&scalar[k], 0, sizeof scalar[k]);
        scalar[k].sigma = sigma[k] = (int32_t)any_value(&rng, &gsp_loihi_sigma_model, "sigma");
    }
    for (int t = 0; t < BATCH_STEPS; t++) {
        gsp_loihi_sigma_params p = defaults();
        any_params(&rng, &gsp_loihi_sigma_model, &p);
        for (int k = 0; k < BATCH; k++) {
            a_in[k] = (int32_t)any_value(&rng, &gsp_loihi_sigma_model, "a_in");
        }
        const gsp_loihi_sigma_arrays arrays = {.a_in = a_in, .sigma = sigma, .spike = spike};
        gsp_loihi_sigma_batch(&p, &arrays, BATCH);
        for (int k = 0; k < BATCH; k++) {
            const gsp_loihi_sigma_in in = {.a_in = a_in[k]};
            gsp_loihi_sigma_out out;
            gsp_loihi_sigma_step(&p, &in, &scalar[k], &out);
            assert_int_equal(sigma[k], scalar[k].sigma);
            assert_int_equal(spike[k], out.spike);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums),  cmocka_unit_test(test_wraps), cmocka_unit_test(test_reset),
        cmocka_unit_test(test_check), cmocka_unit_test(test_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
