/* SPDX-License-Identifier: Apache-2.0 */
/* loihi_atrlif by hand: its corner cases with expectations worked out on paper; reset, check, explain, batch.
 */
#include "loihi_test.h"

#include "goldenspike/loihi_atrlif.h"

static gsp_loihi_atrlif_params defaults(void) {
    gsp_loihi_atrlif_params p;
    gsp_default_config(&gsp_loihi_atrlif_model, &p);
    gsp_default_params(&gsp_loihi_atrlif_model, &p);
    return p;
}

static gsp_loihi_atrlif_state fresh(const gsp_loihi_atrlif_params *p) {
    gsp_loihi_atrlif_state s;
    memset(&s, 0x5A, sizeof s);
    gsp_loihi_atrlif_reset(&s, p);
    return s;
}

/* One step: inputs, then the state and outputs it must leave; explain must agree. */
static void step_is(const gsp_loihi_atrlif_params *p, gsp_loihi_atrlif_state *s, int64_t a_in, int64_t i,
                    int64_t v, int64_t th, int64_t r, int64_t spike) {
    const gsp_loihi_atrlif_in in = {.a_in = (int32_t)a_in};
    gsp_loihi_atrlif_out out, out_explained;
    gsp_loihi_atrlif_state explained = *s;
    gsp_loihi_atrlif_internal internal;
    memset(&out, 0xEE, sizeof out);
    memset(&out_explained, 0x33, sizeof out_explained);
    gsp_loihi_atrlif_step(p, &in, s, &out);
    gsp_loihi_atrlif_explain(p, &in, &explained, &out_explained, &internal);
    assert_int_equal(s->i, i);
    assert_int_equal(explained.i, i);
    assert_int_equal(s->v, v);
    assert_int_equal(explained.v, v);
    assert_int_equal(s->th, th);
    assert_int_equal(explained.th, th);
    assert_int_equal(s->r, r);
    assert_int_equal(explained.r, r);
    assert_int_equal(out.spike, spike);
    assert_int_equal(out_explained.spike, spike);
}

static void test_wrap_edges(void **unused) {
    (void)unused;
    gsp_loihi_atrlif_params p = defaults();
    gsp_loihi_atrlif_state s = fresh(&p);
    p.delta_i = 4096;
    p.delta_i_frac = 0;
    p.delta_v = 4096;
    p.delta_theta = 0;
    p.delta_r = 0;

    p.th0 = 2147483647;
    s = fresh(&p);
    step_is(&p, &s, 131072, 8388608, 8388607, 2147483647, 0, 0); /* +2^23 stays */
    /* delta_i = 4096: i decays by the factor -1/4096, to -2048 */
    step_is(&p, &s, 0, -2048, -2048, 2147483647, 0, 0);
    step_is(&p, &s, -131072, 8388608, 8388607, 2147483647, 0, 0); /* -2048 / -4096 rounds to 0; -2^23 turns */
    s.i = 4096;
    step_is(&p, &s, -131072, 8388607, 8388607, 2147483647, 0, 0); /* -1 - 2^23 turns to 2^23 - 1 */
    s.i = -4096;
    step_is(&p, &s, 131072, -8388607, -8388607, 2147483647, 0, 0); /* 2^23 + 1 turns to -2^23 + 1 */
}

static void test_only_i_has_the_offset(void **unused) {
    (void)unused;
    gsp_loihi_atrlif_params p = defaults();
    gsp_loihi_atrlif_state s = fresh(&p);
    p.delta_i = 0;
    p.delta_i_frac = 0;
    p.delta_v = 0;
    p.delta_theta = 0;
    p.delta_r = 0;
    p.th0 = 1000000;
    s = fresh(&p);
    s.i = 4096;
    s.v = 4096;
    s.r = 4096;
    s.th = 999999;
    step_is(&p, &s, 0, 4095, 8191, 999999, 4096, 0);
}

static void test_spike(void **unused) {
    (void)unused;
    gsp_loihi_atrlif_params p = defaults();
    gsp_loihi_atrlif_state s = fresh(&p);
    p.delta_i = 4095; /* ki = 0 */
    p.delta_i_frac = 0;
    p.delta_v = 0;
    p.delta_theta = 0;
    p.delta_r = 0;
    p.th0 = 640;
    p.th_step = 64;
    s = fresh(&p);
    step_is(&p, &s, 9, 576, 576, 640, 0, 0);
    step_is(&p, &s, 1, 64, 640, 704, 1280, 1);     /* v = th; r += 2 * 640, v stays */
    step_is(&p, &s, 20, 1280, 1920, 704, 1280, 0); /* v - r = 640 < 704 */
    step_is(&p, &s, 1, 64, 1984, 768, 2688, 1);    /* v - r = 704 */
}

static void test_bias(void **unused) {
    (void)unused;
    gsp_loihi_atrlif_params p = defaults();
    gsp_loihi_atrlif_state s = fresh(&p);
    p.delta_i = 4096;
    p.delta_i_frac = 0;
    p.delta_v = 4096;
    p.delta_theta = 0;
    p.delta_r = 0;

    p.delta_i = 4095;
    p.th0 = 2147483647;
    s = fresh(&p);
    p.bias_mant = -1;
    p.bias_exp = -8;
    step_is(&p, &s, 0, 0, -1, 2147483647, 0, 0); /* floor */
    p.bias_mant = 4095;
    step_is(&p, &s, 0, 0, 15, 2147483647, 0, 0);
    p.bias_exp = 7;
    step_is(&p, &s, 0, 0, 524160, 2147483647, 0, 0);
    p.bias_mant = -4096;
    step_is(&p, &s, 0, 0, -524288, 2147483647, 0, 0);
}

static void test_limits(void **unused) {
    (void)unused;
    gsp_loihi_atrlif_params p = defaults();
    gsp_loihi_atrlif_state s = fresh(&p);
    p.delta_v = 0;
    p.delta_i = 4095;
    p.delta_i_frac = 0;
    p.th0 = 2147483647;
    p.delta_theta = 0;
    s = fresh(&p);
    step_is(&p, &s, 131072, 8388608, 8388607, 2147483647, 0, 0);
    s.v = -4194304;
    step_is(&p, &s, -65536, -4194304, -8388607, 2147483647, 0, 0); /* -2^23 is clipped */
}

static void test_beyond_32_bits(void **unused) {
    (void)unused;
    gsp_loihi_atrlif_params p = defaults();
    gsp_loihi_atrlif_state s = fresh(&p);
    p.delta_i = 4096;
    p.delta_i_frac = 0;
    p.delta_v = 4096;
    p.delta_theta = 0;
    p.delta_r = 0;

    p.delta_i = 4095;
    p.th0 = -2000000000;
    p.th_step = -2000000000;
    s = fresh(&p);
    /* r = 0 - 4000000000 + 2^32, th = -4000000000 + 2^32 */
    step_is(&p, &s, 0, 0, 0, 294967296, 294967296, 1);
    s.r = 2147483647;
    s.v = 0;
    s.th = 1;
    p.bias_mant = -2; /* v - r = -2^31 - 1 would wrap to a spike in 32 bits */
    step_is(&p, &s, 0, 0, -2, 1, 2147483647, 0);
    s.th = 2147483647;
    p.th0 = -2147483648;
    p.delta_theta = 4095; /* 4294967295 / 4096 = 1048575 */
    step_is(&p, &s, 0, 0, -2, -2146435073, 2147483647, 0);
}

static void test_fractional_decay(void **unused) {
    (void)unused;
    gsp_loihi_atrlif_params p = defaults();
    gsp_loihi_atrlif_state s = fresh(&p);
    /* lava multiplies i by 4096 - (0.4 * 4096 + 1) = 2456.6 in float64. 16 fraction bits follow it, 8 do not.
     */
    int differs[2] = {0, 0};
    const uint16_t fraction[2] = {26214, 102 << 8};
    for (int which = 0; which < 2; which++) {
        gsp_rng rng;
        gsp_rng_seed(&rng, 5);
        p.delta_i_frac = fraction[which];
        s = fresh(&p);
        for (int t = 0; t < 100000; t++) {
            const gsp_loihi_atrlif_in in = {.a_in = (int32_t)gsp_rng_range(&rng, -300, 300)};
            const int64_t product = (int64_t)(s.i * (4096 - (0.4 * 4096 + 1)));
            const int64_t expected = product / 4096 + in.a_in * 64;
            gsp_loihi_atrlif_out out;
            gsp_loihi_atrlif_step(&p, &in, &s, &out);
            differs[which] += s.i != expected;
        }
    }
    print_message("i differs from lava's float64 in %d of 100000 steps with 16 fraction bits, %d with 8\n",
                  differs[0], differs[1]);
    assert_int_equal(differs[0], 0);
    assert_true(differs[1] > 0);
}

static void test_reset(void **unused) {
    (void)unused;
    gsp_loihi_atrlif_params p = defaults();
    gsp_loihi_atrlif_state s = fresh(&p);
    memset(&s, 1, sizeof s);
    p.th0 = -77;
    gsp_loihi_atrlif_reset(&s, &p);
    assert_int_equal(s.i, 0);
    assert_int_equal(s.v, 0);
    assert_int_equal(s.th, -77);
    assert_int_equal(s.r, 0);
}

static void test_check(void **unused) {
    (void)unused;
    expect_ranges_checked(&gsp_loihi_atrlif_model);
    const gsp_loihi_atrlif_params p = defaults();
    assert_int_equal(gsp_loihi_atrlif_check(&p), 0);
}

static void test_batch(void **unused) {
    (void)unused;
    static int32_t a_in[BATCH];
    static int32_t i[BATCH];
    static int32_t v[BATCH];
    static int32_t th[BATCH];
    static int32_t r[BATCH];
    static uint8_t spike[BATCH];
    gsp_loihi_atrlif_state scalar[BATCH];
    gsp_rng rng;
    gsp_rng_seed(&rng, 1);

    for (int k = 0; k < BATCH; k++) {
        memset(&scalar[k], 0, sizeof scalar[k]);
        scalar[k].i = i[k] = (int32_t)any_value(&rng, &gsp_loihi_atrlif_model, "i");
        scalar[k].v = v[k] = (int32_t)any_value(&rng, &gsp_loihi_atrlif_model, "v");
        scalar[k].th = th[k] = (int32_t)any_value(&rng, &gsp_loihi_atrlif_model, "th");
        scalar[k].r = r[k] = (int32_t)any_value(&rng, &gsp_loihi_atrlif_model, "r");
    }
    for (int t = 0; t < BATCH_STEPS; t++) {
        gsp_loihi_atrlif_params p = defaults();
        any_params(&rng, &gsp_loihi_atrlif_model, &p);
        for (int k = 0; k < BATCH; k++) {
            a_in[k] = (int32_t)any_value(&rng, &gsp_loihi_atrlif_model, "a_in");
        }
        const gsp_loihi_atrlif_arrays arrays = {
            .a_in = a_in, .i = i, .v = v, .th = th, .r = r, .spike = spike};
        gsp_loihi_atrlif_batch(&p, &arrays, BATCH);
        for (int k = 0; k < BATCH; k++) {
            const gsp_loihi_atrlif_in in = {.a_in = a_in[k]};
            gsp_loihi_atrlif_out out;
            gsp_loihi_atrlif_step(&p, &in, &scalar[k], &out);
            assert_int_equal(i[k], scalar[k].i);
            assert_int_equal(v[k], scalar[k].v);
            assert_int_equal(th[k], scalar[k].th);
            assert_int_equal(r[k], scalar[k].r);
            assert_int_equal(spike[k], out.spike);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrap_edges),
        cmocka_unit_test(test_only_i_has_the_offset),
        cmocka_unit_test(test_spike),
        cmocka_unit_test(test_bias),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_beyond_32_bits),
        cmocka_unit_test(test_fractional_decay),
        cmocka_unit_test(test_reset),
        cmocka_unit_test(test_check),
        cmocka_unit_test(test_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
