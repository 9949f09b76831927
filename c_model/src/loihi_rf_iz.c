/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/loihi_rf_iz.h"

#include "goldenspike/fix.h"
#include "loihi_voltage.h"
#include "stretch.h"
#include "vector.h"

#define PARAM(name, ...) GSP_FIELD(GSP_PARAM, gsp_loihi_rf_iz_params, name, __VA_ARGS__)
#define INPUT(name, ...) GSP_FIELD(GSP_INPUT, gsp_loihi_rf_iz_in, name, __VA_ARGS__)
#define STATE(name, ...) GSP_FIELD(GSP_STATE, gsp_loihi_rf_iz_state, name, __VA_ARGS__)
#define OUTPUT(name, ...) GSP_FIELD(GSP_OUTPUT, gsp_loihi_rf_iz_out, name, __VA_ARGS__)
#define INTERNAL(name, ...) \
    GSP_FIELD(GSP_INTERNAL, gsp_loihi_rf_iz_internal, name, .width = 64, .is_signed = true, __VA_ARGS__)

static const gsp_field fields[] = {
    PARAM(cos_decay, .width = 18, .is_signed = true, .initial = 3778,
          .meaning = "(1 - alpha) * cos(2 pi / period), times 2^decay_bits"),
    PARAM(sin_decay, .width = 18, .is_signed = true, .initial = 1227,
          .meaning = "(1 - alpha) * sin(2 pi / period), times 2^decay_bits"),
    PARAM(decay_bits, .width = 5, .max = 16, .initial = 12, .meaning = "b, fraction bits of the two decays"),
    PARAM(state_exp, .width = 4, .initial = 6, .meaning = "e, inputs are shifted left by it"),
    PARAM(vth, .width = 24, .is_signed = true, .min = -(VOLTAGE_MAX - 1), .max = VOLTAGE_MAX, .initial = 64,
          .meaning = "threshold, in units of the state"),
    INPUT(a_re, .width = 24, .is_signed = true, .meaning = "real input, before the shift by state_exp"),
    INPUT(a_im, .width = 24, .is_signed = true, .meaning = "imaginary input, before the shift by state_exp"),
    STATE(re, .width = 24, .is_signed = true, .min = -VOLTAGE_MAX, .max = VOLTAGE_MAX,
          .meaning = "real part"),
    STATE(im, .width = 24, .is_signed = true, .min = -VOLTAGE_MAX, .max = VOLTAGE_MAX,
          .meaning = "imaginary part"),
    OUTPUT(spike, .width = 1, .meaning = "im_next >= vth"),
    INTERNAL(re_cos, .meaning = "tz(cos_decay * re, b)"),
    INTERNAL(im_sin, .meaning = "tz(sin_decay * im, b)"),
    INTERNAL(re_sin, .meaning = "tz(sin_decay * re, b)"),
    INTERNAL(im_cos, .meaning = "tz(cos_decay * im, b)"),
    INTERNAL(re_sum, .meaning = "re_cos - im_sin + (a_re << e)"),
    INTERNAL(im_sum, .meaning = "re_sin + im_cos + (a_im << e)"),
    INTERNAL(re_next, .meaning = "re_sum clipped to +-(2^23 - 1)"),
    INTERNAL(im_next, .meaning = "im_sum clipped to +-(2^23 - 1)"),
};

static const char *const equations[] = {
    "(1) re_sum = tz(cos_decay * re, b) - tz(sin_decay * im, b) + (a_re << e)    b = decay_bits, e = state_exp",
    "(2) im_sum = tz(sin_decay * re, b) + tz(cos_decay * im, b) + (a_im << e)    each product is shifted by itself",
    "(3) re_next = clip(re_sum), im_next = clip(im_sum)                          clip to +-(2^23 - 1)",
    "(4) spike = im_next >= vth",
    "(5) re = spike ? 0 : re_next, im = spike ? vth - 1 : im_next",
    NULL,
};

#define NAME(type) gsp_loihi_rf_iz_##type
#include "loihi_rf_core.inc"
#undef NAME

static inline __attribute__((always_inline)) gsp_loihi_rf_iz_internal step(const gsp_loihi_rf_iz_params *p,
                                                                           const gsp_loihi_rf_iz_in *in,
                                                                           gsp_loihi_rf_iz_state *state,
                                                                           gsp_loihi_rf_iz_out *out) {
    const gsp_loihi_rf_iz_internal x = rotate(p, in, state); /* (1) to (3) */
    const bool spike = x.im_next >= p->vth;                  /* (4) */
    /* (5) vth - 1 is a legal state: vth is at least -(2^23 - 2). */
    state->re = (int32_t)(spike ? 0 : x.re_next);
    state->im = (int32_t)(spike ? gsp_sub(p->vth, 1) : x.im_next);
    out->spike = spike;
    return x;
}

int gsp_loihi_rf_iz_check(const gsp_loihi_rf_iz_params *params) {
    return gsp_check(&gsp_loihi_rf_iz_model, params);
}

void gsp_loihi_rf_iz_reset(gsp_loihi_rf_iz_state *state, const gsp_loihi_rf_iz_params *params) {
    (void)params;
    state->re = 0;
    state->im = 0;
}

void gsp_loihi_rf_iz_step(const gsp_loihi_rf_iz_params *params, const gsp_loihi_rf_iz_in *in,
                          gsp_loihi_rf_iz_state *state, gsp_loihi_rf_iz_out *out) {
    (void)step(params, in, state, out);
}

void gsp_loihi_rf_iz_explain(const gsp_loihi_rf_iz_params *params, const gsp_loihi_rf_iz_in *in,
                             gsp_loihi_rf_iz_state *state, gsp_loihi_rf_iz_out *out,
                             gsp_loihi_rf_iz_internal *internal) {
    *internal = step(params, in, state, out);
}

/* Only restrict PARAMETERS let the compiler drop its run-time alias tests. */
GSP_VECTOR_CLONES static void batch(const gsp_loihi_rf_iz_params *params, const int32_t *restrict a_re,
                                    const int32_t *restrict a_im, int32_t *restrict re, int32_t *restrict im,
                                    uint8_t *restrict spike, size_t n) {
    const gsp_loihi_rf_iz_params p = *params;
    for (size_t k = 0; k < n; k++) {
        const gsp_loihi_rf_iz_in in = {.a_re = a_re[k], .a_im = a_im[k]};
        gsp_loihi_rf_iz_state state = {.re = re[k], .im = im[k]};
        gsp_loihi_rf_iz_out out;
        (void)step(&p, &in, &state, &out);
        re[k] = state.re;
        im[k] = state.im;
        spike[k] = out.spike;
    }
}

void gsp_loihi_rf_iz_batch(const gsp_loihi_rf_iz_params *params, const gsp_loihi_rf_iz_arrays *a, size_t n) {
    batch(params, a->a_re, a->a_im, a->re, a->im, a->spike, n);
}

GSP_MODEL_ENTRIES(loihi_rf_iz)
GSP_MODEL_STRETCH(loihi_rf_iz, fields)
GSP_MODEL_BATCH(loihi_rf_iz, GSP_ARRAY(loihi_rf_iz, a_re), GSP_ARRAY(loihi_rf_iz, a_im),
                GSP_ARRAY(loihi_rf_iz, re), GSP_ARRAY(loihi_rf_iz, im), GSP_ARRAY(loihi_rf_iz, spike))

const gsp_model gsp_loihi_rf_iz_model = {
    GSP_MODEL_HEAD(loihi_rf_iz, fields),
    GSP_BATCH(loihi_rf_iz),
    .stretch = loihi_rf_iz_stretch,
    .title = "Loihi 2 resonate-and-fire, Izhikevich form",
    .source = "lava-nc/lava PyRF_IZModelFixed (src/lava/proc/rf_iz)",
    .equations = equations,
};
