/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/loihi_sigma_delta.h"

#include "goldenspike/fix.h"
#include "loihi_graded.h"
#include "stretch.h"
#include "vector.h"

#define PARAM(name, ...) GSP_FIELD(GSP_PARAM, gsp_loihi_sigma_delta_params, name, __VA_ARGS__)
#define INPUT(name, ...) GSP_FIELD(GSP_INPUT, gsp_loihi_sigma_delta_in, name, __VA_ARGS__)
#define STATE(name, ...) GSP_FIELD(GSP_STATE, gsp_loihi_sigma_delta_state, name, __VA_ARGS__)
#define OUTPUT(name, ...) GSP_FIELD(GSP_OUTPUT, gsp_loihi_sigma_delta_out, name, __VA_ARGS__)
#define INTERNAL(name, ...) \
    GSP_FIELD(GSP_INTERNAL, gsp_loihi_sigma_delta_internal, name, .width = 64, .is_signed = true, __VA_ARGS__)

static const gsp_field fields[] = {
    PARAM(vth, .width = 32, .is_signed = true, .initial = 320,
          .meaning = "threshold of |delta|, scaled to the state"),
    PARAM(bias, .width = 32, .is_signed = true, .meaning = "added to sigma, scaled to the state"),
    PARAM(state_exp, .width = 4, .meaning = "fraction bits of the state that are not sent"),
    PARAM(relu, .width = 1, .labels = "unit|relu", .initial = 1,
          .meaning = "activation: unit passes, relu clears negative values"),
    PARAM(variant, .width = 1, .labels = "corrected|legacy",
          .meaning = "corrected: act follows what was sent; legacy: residue and error"),
    PARAM(cum_error, .width = 1, .labels = "off|on", .meaning = "legacy only: compare the accumulated error"),
    INPUT(a_in, .width = 32, .is_signed = true, .meaning = "graded input, summed in sigma"),
    STATE(sigma, .width = 32, .is_signed = true, .meaning = "sum of the inputs"),
    STATE(act, .width = 32, .is_signed = true,
          .meaning = "corrected: what the receivers know; legacy: the last activation"),
    STATE(residue, .width = 32, .is_signed = true,
          .meaning = "legacy: what was not sent; corrected: not touched"),
    STATE(error, .width = 32, .is_signed = true,
          .meaning = "legacy with cum_error: sum of the deltas since the last send; else not touched"),
    OUTPUT(spike, .width = 32, .is_signed = true,
           .meaning = "graded: the delta sent, shifted right by state_exp"),
    INTERNAL(act_new, .meaning = "activation of sigma + bias"),
    INTERNAL(delta, .meaning = "change to be sent"),
    INTERNAL(error_sum, .meaning = "error with delta added, where cum_error does so"),
    INTERNAL(sent, .meaning = "delta where the threshold is reached, else 0; before the shift"),
};

static const char *const equations[] = {
    "(1) sigma = int32(sigma + a_in)                           int32: every sum wraps to 32 bits",
    "(2) act_new = int32(sigma + bias); relu: max(act_new, 0)",
    "(3) delta = int32(act_new - act), legacy: int32(act_new - act + residue)",
    "(4) legacy and cum_error: error_sum = int32(error + delta); else error_sum = error",
    "(5) test = legacy and cum_error ? error_sum : delta; sent = |test| >= vth ? delta : 0     |-2^31| = -2^31",
    "(6) spike = asr(sent, state_exp)                          floor",
    "(7) corrected: act = int32(act + (spike << state_exp)), residue and error stay",
    "(8) legacy: act = act_new, residue = int32(delta - sent), error = cum_error and |sent| > 0 ? 0 : error_sum",
    NULL,
};

static inline __attribute__((always_inline)) gsp_loihi_sigma_delta_internal
step(const gsp_loihi_sigma_delta_params *p, const gsp_loihi_sigma_delta_in *in,
     gsp_loihi_sigma_delta_state *state, gsp_loihi_sigma_delta_out *out) {
    gsp_loihi_sigma_delta_internal x;
    const bool legacy = p->variant == GSP_LOIHI_SIGMA_DELTA_LEGACY;
    const bool cum = legacy && p->cum_error;
    const int64_t act = state->act;

    const int64_t sigma = gsp_wrap(gsp_add(state->sigma, in->a_in), 32); /* (1) */
    const int64_t biased = gsp_wrap(gsp_add(sigma, p->bias), 32);        /* (2) */
    x.act_new = p->relu && biased < 0 ? 0 : biased;

    const int64_t change = gsp_sub(x.act_new, act); /* (3) */
    x.delta = gsp_wrap(legacy ? gsp_add(change, state->residue) : change, 32);
    const int64_t error = gsp_wrap(gsp_add(state->error, x.delta), 32); /* (4) */
    x.error_sum = cum ? error : state->error;
    x.sent = where_reached(cum ? x.error_sum : x.delta, p->vth, x.delta); /* (5) */
    const int64_t spike = gsp_shr_floor(x.sent, p->state_exp);            /* (6) */

    /* (7), (8) */
    const int64_t followed = gsp_wrap(gsp_add(act, gsp_shl(spike, p->state_exp)), 32);
    const int64_t residue = gsp_wrap(gsp_sub(x.delta, x.sent), 32);
    const bool clears = cum && abs_int32(x.sent) > 0;
    state->sigma = (int32_t)sigma;
    state->act = (int32_t)(legacy ? x.act_new : followed);
    state->residue = (int32_t)(legacy ? residue : state->residue);
    state->error = (int32_t)(clears ? 0 : x.error_sum);
    out->spike = (int32_t)spike;
    return x;
}

int gsp_loihi_sigma_delta_check(const gsp_loihi_sigma_delta_params *params) {
    return gsp_check(&gsp_loihi_sigma_delta_model, params);
}

void gsp_loihi_sigma_delta_reset(gsp_loihi_sigma_delta_state *state,
                                 const gsp_loihi_sigma_delta_params *params) {
    (void)params;
    state->sigma = 0;
    state->act = 0;
    state->residue = 0;
    state->error = 0;
}

void gsp_loihi_sigma_delta_step(const gsp_loihi_sigma_delta_params *params,
                                const gsp_loihi_sigma_delta_in *in, gsp_loihi_sigma_delta_state *state,
                                gsp_loihi_sigma_delta_out *out) {
    (void)step(params, in, state, out);
}

void gsp_loihi_sigma_delta_explain(const gsp_loihi_sigma_delta_params *params,
                                   const gsp_loihi_sigma_delta_in *in, gsp_loihi_sigma_delta_state *state,
                                   gsp_loihi_sigma_delta_out *out, gsp_loihi_sigma_delta_internal *internal) {
    *internal = step(params, in, state, out);
}

/*
 * Only restrict PARAMETERS let the compiler drop its run-time alias tests, and
 * only constant modes keep it from turning selections into control flow.
 */
#define BATCH(name, variant_, cum_error_)                                                            \
    GSP_VECTOR_CLONES static void name(const gsp_loihi_sigma_delta_params *params,                   \
                                       const int32_t *restrict a_in, int32_t *restrict sigma,        \
                                       int32_t *restrict act, int32_t *restrict residue,             \
                                       int32_t *restrict error, int32_t *restrict spike, size_t n) { \
        gsp_loihi_sigma_delta_params p = *params;                                                    \
        p.variant = (variant_);                                                                      \
        p.cum_error = (cum_error_);                                                                  \
        for (size_t k = 0; k < n; k++) {                                                             \
            const gsp_loihi_sigma_delta_in in = {.a_in = a_in[k]};                                   \
            gsp_loihi_sigma_delta_state state = {                                                    \
                .sigma = sigma[k], .act = act[k], .residue = residue[k], .error = error[k]};         \
            gsp_loihi_sigma_delta_out out;                                                           \
            (void)step(&p, &in, &state, &out);                                                       \
            sigma[k] = state.sigma;                                                                  \
            act[k] = state.act;                                                                      \
            residue[k] = state.residue;                                                              \
            error[k] = state.error;                                                                  \
            spike[k] = out.spike;                                                                    \
        }                                                                                            \
    }
BATCH(batch_corrected, GSP_LOIHI_SIGMA_DELTA_CORRECTED, 0)
BATCH(batch_legacy, GSP_LOIHI_SIGMA_DELTA_LEGACY, 0)
BATCH(batch_cum_error, GSP_LOIHI_SIGMA_DELTA_LEGACY, 1)

void gsp_loihi_sigma_delta_batch(const gsp_loihi_sigma_delta_params *params,
                                 const gsp_loihi_sigma_delta_arrays *a, size_t n) {
    const bool legacy = params->variant == GSP_LOIHI_SIGMA_DELTA_LEGACY;
    (!legacy ? batch_corrected
     : params->cum_error
         ? batch_cum_error
         : batch_legacy)(params, a->a_in, a->sigma, a->act, a->residue, a->error, a->spike, n);
}

GSP_MODEL_ENTRIES(loihi_sigma_delta)
GSP_MODEL_STRETCH(loihi_sigma_delta, fields)
GSP_MODEL_BATCH(loihi_sigma_delta, GSP_ARRAY(loihi_sigma_delta, a_in), GSP_ARRAY(loihi_sigma_delta, sigma),
                GSP_ARRAY(loihi_sigma_delta, act), GSP_ARRAY(loihi_sigma_delta, residue),
                GSP_ARRAY(loihi_sigma_delta, error), GSP_ARRAY(loihi_sigma_delta, spike))

const gsp_model gsp_loihi_sigma_delta_model = {
    GSP_MODEL_HEAD(loihi_sigma_delta, fields),
    GSP_BATCH(loihi_sigma_delta),
    .stretch = loihi_sigma_delta_stretch,
    .title = "Loihi 2 sigma-delta neuron",
    .source = "lava-nc/lava PySigmaDeltaModelFixedCorrected, PySigmaDeltaModelFixed (src/lava/proc/sdn)",
    .equations = equations,
};
