/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/lif.h"

#include "goldenspike/fix.h"
#include "stretch.h"
#include "vector.h"

#define CONFIG(name, ...) GSP_FIELD(GSP_CONFIG, gsp_lif_params, name, __VA_ARGS__)
#define PARAM(name, ...) GSP_FIELD(GSP_PARAM, gsp_lif_params, name, __VA_ARGS__)
#define INPUT(name, ...) GSP_FIELD(GSP_INPUT, gsp_lif_in, name, __VA_ARGS__)
#define STATE(name, ...) GSP_FIELD(GSP_STATE, gsp_lif_state, name, __VA_ARGS__)
#define OUTPUT(name, ...) GSP_FIELD(GSP_OUTPUT, gsp_lif_out, name, __VA_ARGS__)
#define INTERNAL(name, ...) GSP_FIELD(GSP_INTERNAL, gsp_lif_internal, name, __VA_ARGS__)
#define SIGNED_W .width_of = "data_width", .is_signed = true

/* Places in the table. */
enum { F_DATA_WIDTH, F_FRACTION, F_V_REST, F_V_RESET, F_V_THRESHOLD };

static const gsp_field fields[] = {
    CONFIG(data_width, .width = 6, .min = 2, .max = 32, .initial = 16,
           .meaning = "W, bits of v and of every sW field"),
    CONFIG(fraction, .width = 5, .min = 0, .max = 31, .initial = 8,
           .meaning = "F, fraction bits; less than data_width"),
    PARAM(v_rest, SIGNED_W, .meaning = "resting potential, QF"),
    PARAM(v_reset, SIGNED_W, .meaning = "potential after a spike in reset_mode 'to', QF"),
    PARAM(v_threshold, SIGNED_W,
          .meaning =
              "spike when v_next >= v_threshold, QF; default 1.0 where it fits, else the largest value"),
    PARAM(refractory_period, .width = 8, .initial = 2, .meaning = "silent steps after a spike"),
    PARAM(reset_mode, .width = 2, .max = 2, .labels = "to|subtract|none",
          .meaning = "v after a spike: v_reset, v_next - v_threshold, v_next"),
    PARAM(saturate, .width = 1, .labels = "wrap|saturate", .meaning = "narrowing of the sum to W bits"),
    INPUT(leak_k, SIGNED_W, .initial = 0, .meaning = "share of (v_rest - v) added, QF"),
    INPUT(gain_k, SIGNED_W, .initial = 0, .meaning = "gain of i_t, QF"),
    INPUT(i_t, SIGNED_W, .meaning = "input current, QF"),
    INPUT(noise_in, SIGNED_W, .meaning = "noise, added last and unscaled, QF"),
    STATE(v, SIGNED_W, .initial_of = "v_rest", .meaning = "membrane potential, QF"),
    STATE(refractory_count, .width = 8, .meaning = "silent steps left"),
    OUTPUT(spike, .width = 1, .meaning = "v_next reached v_threshold in this step"),
    OUTPUT(v_out, SIGNED_W, .initial_of = "v", .meaning = "v after the step, QF"),
    INTERNAL(dv_leak, .width = 64, .is_signed = true, .meaning = "(v_rest - v) * leak_k >> F, floor"),
    INTERNAL(dv_in, .width = 64, .is_signed = true, .meaning = "i_t * gain_k >> F, floor"),
    INTERNAL(sum, .width = 64, .is_signed = true, .meaning = "v + dv_leak + dv_in + noise_in"),
    INTERNAL(v_next, .width = 64, .is_signed = true, .meaning = "sum narrowed to W bits"),
};

static const char *const equations[] = {
    "(1) refractory_count > 0:  refractory_count -= 1, v = v_rest, spike = 0, inputs ignored; else",
    "(2) dv_leak = ((v_rest - v) * leak_k) >> F                      exact product, floor",
    "(3) dv_in   = (i_t * gain_k) >> F                               exact product, floor",
    "(4) sum     = v + dv_leak + dv_in + noise_in                    exact",
    "(5) v_next  = saturate ? sat(sum, W) : wrap(sum, W)             the one narrowing",
    "(6) spike   = v_next >= v_threshold                             signed",
    "(7) spike:  v = v_reset | narrow(v_next - v_threshold) | v_next by reset_mode, refractory_count = refractory_period",
    "(8) else:   v = v_next",
    NULL,
};

static void resolve(const void *params, gsp_field *f) {
    const gsp_lif_params *p = (const gsp_lif_params *)params;
    f[F_FRACTION].max = p->data_width - 1;
    /* sc-neurocore's RTL default; 1.0 does not fit when every bit but the sign is fraction. */
    f[F_V_THRESHOLD].initial =
        p->fraction < p->data_width - 1 ? gsp_shl(1, p->fraction) : gsp_max_s(p->data_width);
}

#define LANE int64_t
#define OP(name) gsp_##name
#define NAME(name) lif64_##name
#include "lif_step.inc"
#undef LANE
#undef OP
#undef NAME

#define LANE int32_t
#define OP(name) gsp_##name##32
#define NAME(name) lif32_##name
#include "lif_step.inc"
#undef LANE
#undef OP
#undef NAME

int gsp_lif_check(const gsp_lif_params *params) {
    return gsp_check(&gsp_lif_model, params);
}

void gsp_lif_reset(gsp_lif_state *state, const gsp_lif_params *params) {
    state->v = params->v_rest;
    state->refractory_count = 0;
}

void gsp_lif_step(const gsp_lif_params *params, const gsp_lif_in *in, gsp_lif_state *state,
                  gsp_lif_out *out) {
    (void)lif64_step(params, in, state, out);
}

void gsp_lif_explain(const gsp_lif_params *params, const gsp_lif_in *in, gsp_lif_state *state,
                     gsp_lif_out *out, gsp_lif_internal *internal) {
    const lif64_internal x = lif64_step(params, in, state, out);
    internal->dv_leak = x.dv_leak;
    internal->dv_in = x.dv_in;
    internal->sum = x.sum;
    internal->v_next = x.v_next;
}

/*
 * One loop per lane width and narrowing: copy neuron k into structs, step,
 * store back. gcc vectorises it given restrict PARAMETERS (else its alias
 * tests are too many) and a constant `saturate` (else it turns the two
 * selections into control flow).
 */
#define BATCH(name, step, saturate_)                                                                  \
    GSP_VECTOR_CLONES static void name(                                                               \
        const gsp_lif_params *params, const int32_t *restrict leak_k, const int32_t *restrict gain_k, \
        const int32_t *restrict i_t, const int32_t *restrict noise_in, int32_t *restrict v,           \
        uint8_t *restrict refractory_count, uint8_t *restrict spike, size_t n) {                      \
        gsp_lif_params p = *params;                                                                   \
        p.saturate = (saturate_);                                                                     \
        for (size_t k = 0; k < n; k++) {                                                              \
            const gsp_lif_in in = {leak_k[k], gain_k[k], i_t[k], noise_in[k]};                        \
            gsp_lif_state state = {v[k], refractory_count[k]};                                        \
            gsp_lif_out out;                                                                          \
            (void)step(&p, &in, &state, &out);                                                        \
            v[k] = state.v;                                                                           \
            refractory_count[k] = state.refractory_count;                                             \
            spike[k] = out.spike;                                                                     \
        }                                                                                             \
    }
BATCH(batch64_wrap, lif64_step, 0)
BATCH(batch64_saturate, lif64_step, 1)
BATCH(batch32_wrap, lif32_step, 0)
BATCH(batch32_saturate, lif32_step, 1)

void gsp_lif_batch(const gsp_lif_params *params, const gsp_lif_arrays *a, size_t n) {
    /* 32-bit lanes hold every intermediate of W <= 16. */
    const bool narrow = params->data_width <= 16;
    (params->saturate ? (narrow ? batch32_saturate : batch64_saturate)
                      : (narrow ? batch32_wrap : batch64_wrap))(
        params, a->leak_k, a->gain_k, a->i_t, a->noise_in, a->v, a->refractory_count, a->spike, n);
}

GSP_MODEL_ENTRIES(lif)
GSP_MODEL_STRETCH(lif, fields)
GSP_MODEL_BATCH(lif, GSP_ARRAY(lif, leak_k), GSP_ARRAY(lif, gain_k), GSP_ARRAY(lif, i_t),
                GSP_ARRAY(lif, noise_in), GSP_ARRAY(lif, v), GSP_ARRAY(lif, refractory_count),
                GSP_ARRAY(lif, spike))

const gsp_model gsp_lif_model = {
    GSP_MODEL_HEAD(lif, fields),
    GSP_BATCH(lif),
    .stretch = lif_stretch,
    .title = "fixed-point leaky integrate-and-fire",
    .source =
        "sc-neurocore FixedPointLIFNeuron and sc_lif_neuron (Q8.8 by default), with reset and overflow options",
    .equations = equations,
    .resolve = resolve,
    .encoder = &gsp_lif_encoder,
};
