/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/loihi_delta.h"

#include "goldenspike/fix.h"
#include "loihi_graded.h"
#include "stretch.h"
#include "vector.h"

#define PARAM(name, ...) GSP_FIELD(GSP_PARAM, gsp_loihi_delta_params, name, __VA_ARGS__)
#define INPUT(name, ...) GSP_FIELD(GSP_INPUT, gsp_loihi_delta_in, name, __VA_ARGS__)
#define STATE(name, ...) GSP_FIELD(GSP_STATE, gsp_loihi_delta_state, name, __VA_ARGS__)
#define OUTPUT(name, ...) GSP_FIELD(GSP_OUTPUT, gsp_loihi_delta_out, name, __VA_ARGS__)
#define INTERNAL(name, ...) \
    GSP_FIELD(GSP_INTERNAL, gsp_loihi_delta_internal, name, .width = 64, .is_signed = true, __VA_ARGS__)

static const gsp_field fields[] = {
    PARAM(vth, .width = 32, .is_signed = true, .initial = 20,
          .meaning = "threshold of |delta|, scaled to the state"),
    PARAM(spike_exp, .width = 4, .meaning = "input is shifted left by spike_exp + state_exp"),
    PARAM(state_exp, .width = 4, .meaning = "fraction bits of the state that are not sent"),
    PARAM(cum_error, .width = 1, .labels = "off|on",
          .meaning = "compare the accumulated error instead of the delta"),
    INPUT(a_in, .width = 32, .is_signed = true, .meaning = "value to be encoded"),
    STATE(act, .width = 32, .is_signed = true, .meaning = "the last input, scaled"),
    STATE(residue, .width = 32, .is_signed = true, .meaning = "what was not sent"),
    STATE(error, .width = 32, .is_signed = true,
          .meaning = "with cum_error: sum of the deltas since the last send; else not touched"),
    OUTPUT(spike, .width = 32, .is_signed = true,
           .meaning = "graded: the delta sent, shifted right by state_exp"),
    INTERNAL(act_new, .meaning = "a_in, scaled"),
    INTERNAL(delta, .meaning = "change to be sent"),
    INTERNAL(error_sum, .meaning = "error with delta added, where cum_error does so"),
    INTERNAL(sent, .meaning = "delta where the threshold is reached, else 0; before the shift"),
};

static const char *const equations[] = {
    "(1) act_new = int32(a_in << (spike_exp + state_exp))       int32: wrapped to 32 bits, as every sum",
    "(2) delta = int32(act_new - act + residue)",
    "(3) cum_error: error_sum = int32(error + delta); else error_sum = error",
    "(4) test = cum_error ? error_sum : delta; sent = |test| >= vth ? delta : 0     |-2^31| = -2^31",
    "(5) spike = asr(sent, state_exp)                           floor",
    "(6) act = act_new, residue = int32(delta - sent), error = cum_error and |sent| > 0 ? 0 : error_sum",
    NULL,
};

static inline __attribute__((always_inline)) gsp_loihi_delta_internal step(const gsp_loihi_delta_params *p,
                                                                           const gsp_loihi_delta_in *in,
                                                                           gsp_loihi_delta_state *state,
                                                                           gsp_loihi_delta_out *out) {
    gsp_loihi_delta_internal x;
    const bool cum = p->cum_error;

    x.act_new = gsp_wrap(gsp_shl(in->a_in, (unsigned)p->spike_exp + p->state_exp), 32); /* (1) */
    x.delta = gsp_wrap(gsp_add(gsp_sub(x.act_new, state->act), state->residue), 32);    /* (2) */
    x.error_sum = cum ? gsp_wrap(gsp_add(state->error, x.delta), 32) : state->error;    /* (3) */
    x.sent = where_reached(cum ? x.error_sum : x.delta, p->vth, x.delta);               /* (4) */
    out->spike = (int32_t)gsp_shr_floor(x.sent, p->state_exp);                          /* (5) */

    /* (6) */
    const bool clears = cum && abs_int32(x.sent) > 0;
    state->act = (int32_t)x.act_new;
    state->residue = (int32_t)gsp_wrap(gsp_sub(x.delta, x.sent), 32);
    state->error = (int32_t)(clears ? 0 : x.error_sum);
    return x;
}

int gsp_loihi_delta_check(const gsp_loihi_delta_params *params) {
    return gsp_check(&gsp_loihi_delta_model, params);
}

void gsp_loihi_delta_reset(gsp_loihi_delta_state *state, const gsp_loihi_delta_params *params) {
    (void)params;
    state->act = 0;
    state->residue = 0;
    state->error = 0;
}

void gsp_loihi_delta_step(const gsp_loihi_delta_params *params, const gsp_loihi_delta_in *in,
                          gsp_loihi_delta_state *state, gsp_loihi_delta_out *out) {
    (void)step(params, in, state, out);
}

void gsp_loihi_delta_explain(const gsp_loihi_delta_params *params, const gsp_loihi_delta_in *in,
                             gsp_loihi_delta_state *state, gsp_loihi_delta_out *out,
                             gsp_loihi_delta_internal *internal) {
    *internal = step(params, in, state, out);
}

/* Only restrict PARAMETERS let the compiler drop its run-time alias tests. */
GSP_VECTOR_CLONES static void batch(const gsp_loihi_delta_params *params, const int32_t *restrict a_in,
                                    int32_t *restrict act, int32_t *restrict residue, int32_t *restrict error,
                                    int32_t *restrict spike, size_t n) {
    const gsp_loihi_delta_params p = *params;
    for (size_t k = 0; k < n; k++) {
        const gsp_loihi_delta_in in = {.a_in = a_in[k]};
        gsp_loihi_delta_state state = {.act = act[k], .residue = residue[k], .error = error[k]};
        gsp_loihi_delta_out out;
        (void)step(&p, &in, &state, &out);
        act[k] = state.act;
        residue[k] = state.residue;
        error[k] = state.error;
        spike[k] = out.spike;
    }
}

void gsp_loihi_delta_batch(const gsp_loihi_delta_params *params, const gsp_loihi_delta_arrays *a, size_t n) {
    batch(params, a->a_in, a->act, a->residue, a->error, a->spike, n);
}

GSP_MODEL_ENTRIES(loihi_delta)
GSP_MODEL_STRETCH(loihi_delta, fields)
GSP_MODEL_BATCH(loihi_delta, GSP_ARRAY(loihi_delta, a_in), GSP_ARRAY(loihi_delta, act),
                GSP_ARRAY(loihi_delta, residue), GSP_ARRAY(loihi_delta, error), GSP_ARRAY(loihi_delta, spike))

const gsp_model gsp_loihi_delta_model = {
    GSP_MODEL_HEAD(loihi_delta, fields),
    GSP_BATCH(loihi_delta),
    .stretch = loihi_delta_stretch,
    .title = "Loihi 2 delta encoder",
    .source = "lava-nc/lava PyDeltaModelFixed (src/lava/proc/sdn)",
    .equations = equations,
};
