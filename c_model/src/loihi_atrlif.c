/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/loihi_atrlif.h"

#include "goldenspike/fix.h"
#include "loihi_voltage.h"
#include "stretch.h"
#include "vector.h"

#define PARAM(name, ...) GSP_FIELD(GSP_PARAM, gsp_loihi_atrlif_params, name, __VA_ARGS__)
#define INPUT(name, ...) GSP_FIELD(GSP_INPUT, gsp_loihi_atrlif_in, name, __VA_ARGS__)
#define STATE(name, ...) GSP_FIELD(GSP_STATE, gsp_loihi_atrlif_state, name, __VA_ARGS__)
#define OUTPUT(name, ...) GSP_FIELD(GSP_OUTPUT, gsp_loihi_atrlif_out, name, __VA_ARGS__)
#define INTERNAL(name, ...) \
    GSP_FIELD(GSP_INTERNAL, gsp_loihi_atrlif_internal, name, .width = 64, .is_signed = true, __VA_ARGS__)

/* lava wraps once, and unlike two's complement it keeps +2^23 and moves -2^23. */
static inline int64_t wrap_lava(int64_t x) {
    const int64_t half = INT64_C(1) << 23;
    return x > half ? x - 2 * half : x <= -half ? x + 2 * half : x;
}

/* state * (1 - delta), toward zero. */
static inline int64_t decayed(int64_t state, int64_t delta) {
    return gsp_shr_zero(gsp_mul(state, 4096 - delta), 12);
}

static const gsp_field fields[] = {
    PARAM(delta_i, .width = 13, .max = 4096, .initial = 1638,
          .meaning = "decay of i, in 1/4096; one more 1/4096 is added"),
    PARAM(delta_i_frac, .width = 16, .initial = 26214,
          .meaning = "fraction of delta_i, in 1/65536 of its unit"),
    PARAM(delta_v, .width = 13, .max = 4096, .initial = 1639, .meaning = "decay of v, in 1/4096"),
    PARAM(delta_theta, .width = 13, .max = 4096, .initial = 820,
          .meaning = "decay of th toward th0, in 1/4096"),
    PARAM(delta_r, .width = 13, .max = 4096, .initial = 820, .meaning = "decay of r, in 1/4096"),
    PARAM(th0, .width = 32, .is_signed = true, .initial = 320, .meaning = "resting threshold, in units of v"),
    PARAM(th_step, .width = 32, .is_signed = true, .initial = 240,
          .meaning = "added to th by a spike, in units of v"),
    PARAM(bias_mant, .width = 13, .is_signed = true, .meaning = "mantissa of the bias"),
    PARAM(bias_exp, .width = 4, .is_signed = true,
          .meaning = "exponent of the bias; negative: floor shift to the right"),
    INPUT(a_in, .width = 19, .is_signed = true, .min = -131072, .max = 131072,
          .meaning = "synaptic input, before the shift by 6"),
    STATE(i, .width = 25, .is_signed = true, .min = -VOLTAGE_MAX, .max = VOLTAGE_MAX + 1,
          .meaning = "current, after lava's wrap"),
    STATE(v, .width = 24, .is_signed = true, .min = -VOLTAGE_MAX, .max = VOLTAGE_MAX, .meaning = "voltage"),
    STATE(th, .width = 32, .is_signed = true, .initial_of = "th0", .meaning = "threshold"),
    STATE(r, .width = 32, .is_signed = true, .meaning = "refractory state, subtracted from v in the compare"),
    OUTPUT(spike, .width = 1, .meaning = "v - r >= th"),
    INTERNAL(ki, .meaning = "decay factor of i, times 2^28"),
    INTERNAL(i_sum, .meaning = "decayed i + a_in * 64, before lava's wrap"),
    INTERNAL(bias, .meaning = "bias_mant scaled by bias_exp"),
    INTERNAL(v_sum, .meaning = "decayed v + i + bias, before the clip"),
    INTERNAL(th_decayed, .meaning = "threshold of the compare"),
    INTERNAL(r_decayed, .meaning = "refractory state of the compare"),
    INTERNAL(margin, .meaning = "v - r_decayed - th_decayed, exact: spikes where it is not negative"),
};

static const char *const equations[] = {
    "(1) i = wrap(tz(i * ki, 28) + a_in * 64)           ki = (4096 - delta_i - 1) * 2^16 - delta_i_frac: only i has the - 1",
    "(2) v = clip(tz(v * (4096 - delta_v), 12) + i + bias)  bias = bias_exp >= 0 ? bias_mant << bias_exp : bias_mant >> -bias_exp, floor",
    "(3) th_decayed = tz((th - th0) * (4096 - delta_theta), 12) + th0",
    "(4) r_decayed = tz(r * (4096 - delta_r), 12)",
    "(5) spike = v - r_decayed >= th_decayed                exact, v of this step",
    "(6) r = int32(r_decayed + (spike ? 2 * th_decayed : 0))   the threshold before it is raised; wrapped to 32 bits",
    "(7) th = int32(th_decayed + (spike ? th_step : 0))     wrapped to 32 bits; v is not reset",
    "wrap(x) = x - 2^24 where x > 2^23, x + 2^24 where x <= -2^23, else x; clip to +-(2^23 - 1); tz(x, n) = x / 2^n toward zero",
    NULL,
};

static inline __attribute__((always_inline)) gsp_loihi_atrlif_internal step(const gsp_loihi_atrlif_params *p,
                                                                            const gsp_loihi_atrlif_in *in,
                                                                            gsp_loihi_atrlif_state *state,
                                                                            gsp_loihi_atrlif_out *out) {
    gsp_loihi_atrlif_internal x;

    /* (1) 25 + 29 bits; |a_in| <= 2^17 keeps the sum within reach of the single wrap. */
    x.ki = gsp_sub(gsp_shl(4096 - p->delta_i - 1, 16), p->delta_i_frac);
    x.i_sum = gsp_add(gsp_shr_zero(gsp_mul(state->i, x.ki), 28), gsp_shl(in->a_in, 6));
    const int64_t i = wrap_lava(x.i_sum);

    /* (2) Both shifts stay in range whichever is taken. */
    const unsigned left = p->bias_exp >= 0 ? (unsigned)p->bias_exp : 0;
    const unsigned right = p->bias_exp < 0 ? (unsigned)-p->bias_exp : 0;
    x.bias = gsp_shr_floor(gsp_shl(p->bias_mant, left), right);
    x.v_sum = gsp_add(gsp_add(decayed(state->v, p->delta_v), i), x.bias);
    const int64_t v = voltage_clip(x.v_sum);

    /* (3), (4) A decay never leaves the 32 bits it started in. */
    x.th_decayed = gsp_exact_s(gsp_add(decayed(gsp_sub(state->th, p->th0), p->delta_theta), p->th0), 32);
    x.r_decayed = gsp_exact_s(decayed(state->r, p->delta_r), 32);

    /* (5) */
    x.margin = gsp_sub(gsp_sub(v, x.r_decayed), x.th_decayed);
    const bool spike = x.margin >= 0;

    /* (6), (7) */
    const int64_t r_raised = gsp_add(x.r_decayed, gsp_shl(x.th_decayed, 1));
    const int64_t th_raised = gsp_add(x.th_decayed, p->th_step);
    state->r = (int32_t)gsp_wrap(spike ? r_raised : x.r_decayed, 32);
    state->th = (int32_t)gsp_wrap(spike ? th_raised : x.th_decayed, 32);
    state->i = (int32_t)i;
    state->v = (int32_t)v;
    out->spike = spike;
    return x;
}

int gsp_loihi_atrlif_check(const gsp_loihi_atrlif_params *params) {
    return gsp_check(&gsp_loihi_atrlif_model, params);
}

void gsp_loihi_atrlif_reset(gsp_loihi_atrlif_state *state, const gsp_loihi_atrlif_params *params) {
    state->i = 0;
    state->v = 0;
    state->th = params->th0;
    state->r = 0;
}

void gsp_loihi_atrlif_step(const gsp_loihi_atrlif_params *params, const gsp_loihi_atrlif_in *in,
                           gsp_loihi_atrlif_state *state, gsp_loihi_atrlif_out *out) {
    (void)step(params, in, state, out);
}

void gsp_loihi_atrlif_explain(const gsp_loihi_atrlif_params *params, const gsp_loihi_atrlif_in *in,
                              gsp_loihi_atrlif_state *state, gsp_loihi_atrlif_out *out,
                              gsp_loihi_atrlif_internal *internal) {
    *internal = step(params, in, state, out);
}

/* Only restrict PARAMETERS let the compiler drop its run-time alias tests. */
GSP_VECTOR_CLONES static void batch(const gsp_loihi_atrlif_params *params, const int32_t *restrict a_in,
                                    int32_t *restrict i, int32_t *restrict v, int32_t *restrict th,
                                    int32_t *restrict r, uint8_t *restrict spike, size_t n) {
    const gsp_loihi_atrlif_params p = *params;
    for (size_t k = 0; k < n; k++) {
        const gsp_loihi_atrlif_in in = {.a_in = a_in[k]};
        gsp_loihi_atrlif_state state = {.i = i[k], .v = v[k], .th = th[k], .r = r[k]};
        gsp_loihi_atrlif_out out;
        (void)step(&p, &in, &state, &out);
        i[k] = state.i;
        v[k] = state.v;
        th[k] = state.th;
        r[k] = state.r;
        spike[k] = out.spike;
    }
}

void gsp_loihi_atrlif_batch(const gsp_loihi_atrlif_params *params, const gsp_loihi_atrlif_arrays *a,
                            size_t n) {
    batch(params, a->a_in, a->i, a->v, a->th, a->r, a->spike, n);
}

GSP_MODEL_ENTRIES(loihi_atrlif)
GSP_MODEL_STRETCH(loihi_atrlif, fields)
GSP_MODEL_BATCH(loihi_atrlif, GSP_ARRAY(loihi_atrlif, a_in), GSP_ARRAY(loihi_atrlif, i),
                GSP_ARRAY(loihi_atrlif, v), GSP_ARRAY(loihi_atrlif, th), GSP_ARRAY(loihi_atrlif, r),
                GSP_ARRAY(loihi_atrlif, spike))

const gsp_model gsp_loihi_atrlif_model = {
    GSP_MODEL_HEAD(loihi_atrlif, fields),
    GSP_BATCH(loihi_atrlif),
    .stretch = loihi_atrlif_stretch,
    .title = "Loihi 2 adaptive-threshold LIF with relative refractoriness",
    .source = "lava-nc/lava PyATRLIFModelFixed (src/lava/proc/atrlif)",
    .equations = equations,
};
