/* SPDX-License-Identifier: Apache-2.0 */
/* loihi_graded by hand: its corner cases with expectations worked out on paper; reset, check, explain, batch.
 */
#include "loihi_test.h"

#include "goldenspike/loihi_graded.h"

static gsp_loihi_graded_params defaults(void) {
    gsp_loihi_graded_params p;
    gsp_default_config(&gsp_loihi_graded_model, &p);
    gsp_default_params(&gsp_loihi_graded_model, &p);
    return p;
}

static gsp_loihi_graded_state fresh(const gsp_loihi_graded_params *p) {
    gsp_loihi_graded_state s;
    memset(&s, 0x5A, sizeof s);
    gsp_loihi_graded_reset(&s, p);
    return s;
}

/* One step: inputs, then the state and outputs it must leave; explain must agree. */
static void step_is(const gsp_loihi_graded_params *p, gsp_loihi_graded_state *s, int64_t a_in,
                    int64_t spike) {
    const gsp_loihi_graded_in in = {.a_in = (int32_t)a_in};
    gsp_loihi_graded_out out, out_explained;
    gsp_loihi_graded_state explained = *s;
    gsp_loihi_graded_internal internal;
    memset(&out, 0xEE, sizeof out);
    memset(&out_explained, 0x33, sizeof out_explained);
    gsp_loihi_graded_step(p, &in, s, &out);
    gsp_loihi_graded_explain(p, &in, &explained, &out_explained, &internal);
    assert_int_equal(out.spike, spike);
    assert_int_equal(out_explained.spike, spike);
}

static void test_magnitude(void **unused) {
    (void)unused;
    gsp_loihi_graded_params p = defaults();
    gsp_loihi_graded_state s = fresh(&p);
    p.vth = 20;
    step_is(&p, &s, 20, 0);
    step_is(&p, &s, 21, 21);
    step_is(&p, &s, -20, 0);
    step_is(&p, &s, -21, -21);
    step_is(&p, &s, -2147483647, -2147483647);
    step_is(&p, &s, -2147483648, 0); /* no magnitude */
}

static void test_relu(void **unused) {
    (void)unused;
    gsp_loihi_graded_params p = defaults();
    gsp_loihi_graded_state s = fresh(&p);
    p.vth = 20;
    p.relu = 1;
    step_is(&p, &s, 20, 0);
    step_is(&p, &s, 21, 21);
    step_is(&p, &s, -21, 0);
    p.vth = -5;
    step_is(&p, &s, -4, -4);
    step_is(&p, &s, -5, 0);
}

static void test_check(void **unused) {
    (void)unused;
    expect_ranges_checked(&gsp_loihi_graded_model);
    const gsp_loihi_graded_params p = defaults();
    assert_int_equal(gsp_loihi_graded_check(&p), 0);
}

static void test_batch(void **unused) {
    (void)unused;
    static int32_t a_in[BATCH];
    static int32_t spike[BATCH];
    gsp_loihi_graded_state scalar[BATCH];
    gsp_rng rng;
    gsp_rng_seed(&rng, 1);

    for (int k = 0; k < BATCH; k++) {
        memset(&scalar[k], 0, sizeof scalar[k]);
    }
    for (int t = 0; t < BATCH_STEPS; t++) {
        gsp_loihi_graded_params p = defaults();
        any_params(&rng, &gsp_loihi_graded_model, &p);
        for (int k = 0; k < BATCH; k++) {
            a_in[k] = (int32_t)any_value(&rng, &gsp_loihi_graded_model, "a_in");
        }
        const gsp_loihi_graded_arrays arrays = {.a_in = a_in, .spike = spike};
        gsp_loihi_graded_batch(&p, &arrays, BATCH);
        for (int k = 0; k < BATCH; k++) {
            const gsp_loihi_graded_in in = {.a_in = a_in[k]};
            gsp_loihi_graded_out out;
            gsp_loihi_graded_step(&p, &in, &scalar[k], &out);
            assert_int_equal(spike[k], out.spike);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_magnitude),
        cmocka_unit_test(test_relu),
        cmocka_unit_test(test_check),
        cmocka_unit_test(test_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
