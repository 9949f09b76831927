/* SPDX-License-Identifier: Apache-2.0 */
/* loihi_rf_zero by hand: its corner cases with expectations worked out on paper; reset, check, explain,
 * batch. */
#include "loihi_test.h"

#include "goldenspike/loihi_rf_zero.h"

static gsp_loihi_rf_zero_params defaults(void) {
    gsp_loihi_rf_zero_params p;
    gsp_default_config(&gsp_loihi_rf_zero_model, &p);
    gsp_default_params(&gsp_loihi_rf_zero_model, &p);
    return p;
}

static gsp_loihi_rf_zero_state fresh(const gsp_loihi_rf_zero_params *p) {
    gsp_loihi_rf_zero_state s;
    memset(&s, 0x5A, sizeof s);
    gsp_loihi_rf_zero_reset(&s, p);
    return s;
}

/* One step: inputs, then the state and outputs it must leave; explain must agree. */
static void step_is(const gsp_loihi_rf_zero_params *p, gsp_loihi_rf_zero_state *s, int64_t u_in, int64_t v_in,
                    int64_t u, int64_t v, int64_t spike) {
    const gsp_loihi_rf_zero_in in = {.u_in = (int32_t)u_in, .v_in = (int32_t)v_in};
    gsp_loihi_rf_zero_out out, out_explained;
    gsp_loihi_rf_zero_state explained = *s;
    gsp_loihi_rf_zero_internal internal;
    memset(&out, 0xEE, sizeof out);
    memset(&out_explained, 0x33, sizeof out_explained);
    gsp_loihi_rf_zero_step(p, &in, s, &out);
    gsp_loihi_rf_zero_explain(p, &in, &explained, &out_explained, &internal);
    assert_int_equal(s->u, u);
    assert_int_equal(explained.u, u);
    assert_int_equal(s->v, v);
    assert_int_equal(explained.v, v);
    assert_int_equal(out.spike, spike);
    assert_int_equal(out_explained.spike, spike);
}

static void test_products_wrap(void **unused) {
    (void)unused;
    gsp_loihi_rf_zero_params p = defaults();
    gsp_loihi_rf_zero_state s = fresh(&p);
    p.lct = 32768;
    p.lst = 0;
    p.uth = 100;

    s.u = 65536;
    /* 65536 * 32768 = 2^31 is -2^31 in 32 bits; >> 15 gives -65536. Exact it would be 65536. */
    step_is(&p, &s, 0, 0, -65536, 0, 0);
    step_is(&p, &s, 0, 0, -65536, 0, 0);
    s.u = 131072; /* 2^32 wraps to 0 */
    step_is(&p, &s, 0, 0, 0, 0, 0);
    s.v = 65536;
    step_is(&p, &s, 0, 0, 0, -65536, 0);
    p.lct = 0;
    p.lst = 32768;
    s.u = 65536;
    s.v = 65536;
    step_is(&p, &s, 0, 0, 65536, -65536, 0); /* minus the wrapped -65536 */
}

static void test_strictly_above(void **unused) {
    (void)unused;
    gsp_loihi_rf_zero_params p = defaults();
    gsp_loihi_rf_zero_state s = fresh(&p);
    p.lct = 32768;
    p.lst = 0;
    p.uth = 100;

    step_is(&p, &s, 100, -1, 100, -1, 0);
    step_is(&p, &s, 0, 1, 100, 0, 0); /* u = uth */
    step_is(&p, &s, 1, -1, 101, -1, 0);
    step_is(&p, &s, 0, 1, 101, 0, 101); /* u = uth + 1, v = 0 */
    step_is(&p, &s, 0, 1, 101, 1, 0);   /* v was 0 */
    step_is(&p, &s, 0, -4, 101, -3, 0);
    step_is(&p, &s, 0, 2, 101, -1, 0);  /* v still negative */
    step_is(&p, &s, 5, 9, 106, 8, 106); /* the new u is sent */
}

static void test_floor(void **unused) {
    (void)unused;
    gsp_loihi_rf_zero_params p = defaults();
    gsp_loihi_rf_zero_state s = fresh(&p);
    p.lct = 1;
    p.lst = -1;
    p.uth = 0;
    s.u = 1;
    s.v = -1;
    /* u*lct = 1 -> 0, v*lst = 1 -> 0; v*lct = -1 -> -1, u*lst = -1 -> -1 */
    step_is(&p, &s, 0, 0, 0, -2, 0);
}

static void test_old_values_on_the_right(void **unused) {
    (void)unused;
    gsp_loihi_rf_zero_params p = defaults();
    gsp_loihi_rf_zero_state s = fresh(&p);
    p.lct = 0;
    p.lst = 32767;
    s.u = 1000;
    s.v = 0;
    step_is(&p, &s, 0, 0, 0, 999, 0); /* 1000 * 32767 >> 15 = 999; the new u would give 0 */
}

static void test_sums_wrap(void **unused) {
    (void)unused;
    gsp_loihi_rf_zero_params p = defaults();
    gsp_loihi_rf_zero_state s = fresh(&p);
    p.lct = 32768;
    p.lst = 0;
    p.uth = 100;

    p.lct = 32767;
    step_is(&p, &s, 2147483647, -1, 2147483647, -1, 0);
    /* (2^31 - 1) * 32767 = 2147450881 modulo 2^32, >> 15 = 65535; -1 * 32767 >> 15 = -1 */
    step_is(&p, &s, 2147483647, -2147483648, -2147418114, 2147483647, 0);
}

static void test_negative_threshold(void **unused) {
    (void)unused;
    gsp_loihi_rf_zero_params p = defaults();
    gsp_loihi_rf_zero_state s = fresh(&p);
    p.lct = 32768;
    p.lst = 0;
    p.uth = 100;

    p.uth = -5;
    step_is(&p, &s, -4, -1, -4, -1, 0);
    step_is(&p, &s, 0, 1, -4, 0, -4);
}

static void test_reset(void **unused) {
    (void)unused;
    gsp_loihi_rf_zero_params p = defaults();
    gsp_loihi_rf_zero_state s = fresh(&p);
    s.u = 5;
    s.v = -7;
    gsp_loihi_rf_zero_reset(&s, &p);
    assert_int_equal(s.u, 0);
    assert_int_equal(s.v, 0);
}

static void test_check(void **unused) {
    (void)unused;
    expect_ranges_checked(&gsp_loihi_rf_zero_model);
    const gsp_loihi_rf_zero_params p = defaults();
    assert_int_equal(gsp_loihi_rf_zero_check(&p), 0);
}

static void test_batch(void **unused) {
    (void)unused;
    static int32_t u_in[BATCH];
    static int32_t v_in[BATCH];
    static int32_t u[BATCH];
    static int32_t v[BATCH];
    static int32_t spike[BATCH];
    gsp_loihi_rf_zero_state scalar[BATCH];
    gsp_rng rng;
    gsp_rng_seed(&rng, 1);

    for (int k = 0; k < BATCH; k++) {
        memset(&scalar[k], 0, sizeof scalar[k]);
        scalar[k].u = u[k] = (int32_t)any_value(&rng, &gsp_loihi_rf_zero_model, "u");
        scalar[k].v = v[k] = (int32_t)any_value(&rng, &gsp_loihi_rf_zero_model, "v");
    }
    for (int t = 0; t < BATCH_STEPS; t++) {
        gsp_loihi_rf_zero_params p = defaults();
        any_params(&rng, &gsp_loihi_rf_zero_model, &p);
        for (int k = 0; k < BATCH; k++) {
            u_in[k] = (int32_t)any_value(&rng, &gsp_loihi_rf_zero_model, "u_in");
            v_in[k] = (int32_t)any_value(&rng, &gsp_loihi_rf_zero_model, "v_in");
        }
        const gsp_loihi_rf_zero_arrays arrays = {.u_in = u_in, .v_in = v_in, .u = u, .v = v, .spike = spike};
        gsp_loihi_rf_zero_batch(&p, &arrays, BATCH);
        for (int k = 0; k < BATCH; k++) {
            const gsp_loihi_rf_zero_in in = {.u_in = u_in[k], .v_in = v_in[k]};
            gsp_loihi_rf_zero_out out;
            gsp_loihi_rf_zero_step(&p, &in, &scalar[k], &out);
            assert_int_equal(u[k], scalar[k].u);
            assert_int_equal(v[k], scalar[k].v);
            assert_int_equal(spike[k], out.spike);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_products_wrap), cmocka_unit_test(test_strictly_above),
        cmocka_unit_test(test_floor),         cmocka_unit_test(test_old_values_on_the_right),
        cmocka_unit_test(test_sums_wrap),     cmocka_unit_test(test_negative_threshold),
        cmocka_unit_test(test_reset),         cmocka_unit_test(test_check),
        cmocka_unit_test(test_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
