/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/spinnaker_lif.h"
#include "stretch.h"

#include <string.h>

#include "vector.h"

#define PARAM(name, ...) GSP_FIELD(GSP_PARAM, gsp_spinnaker_lif_params, name, __VA_ARGS__)
#define INPUT(name, ...) GSP_FIELD(GSP_INPUT, gsp_spinnaker_lif_in, name, __VA_ARGS__)
#define STATE(name, ...) GSP_FIELD(GSP_STATE, gsp_spinnaker_lif_state, name, __VA_ARGS__)
#define OUTPUT(name, ...) GSP_FIELD(GSP_OUTPUT, gsp_spinnaker_lif_out, name, __VA_ARGS__)
#define FLAG(name, ...) GSP_FIELD(GSP_FLAG, gsp_spinnaker_lif_out, name, __VA_ARGS__)
#define INTERNAL(name, ...) \
    GSP_FIELD(GSP_INTERNAL, gsp_spinnaker_lif_internal, name, .width = 64, .is_signed = true, __VA_ARGS__)
#define ACCUM .width = 32, .is_signed = true

static const gsp_field fields[] = {
    PARAM(v_rest, ACCUM, .initial = -2129920, .meaning = "resting potential, mV, s16.15"),
    PARAM(r_membrane, ACCUM, .initial = 655360, .meaning = "tau_m / c_m, s16.15"),
    PARAM(exp_tc, ACCUM, .initial = 31170, .meaning = "e^(-substep / tau_m), s16.15"),
    PARAM(i_offset, ACCUM, .meaning = "constant current, nA, s16.15"),
    PARAM(v_reset, ACCUM, .initial = -2129920, .meaning = "v after a spike, mV, s16.15"),
    PARAM(v_thresh, ACCUM, .initial = -1638400, .meaning = "spike when v >= v_thresh, mV, s16.15"),
    PARAM(t_refract, .width = 32, .max = INT32_MAX, .initial = 1,
          .meaning = "refract_timer after a spike, in sub-steps"),
    PARAM(decay_exc, .width = 32, .initial = INT64_C(3516490311),
          .meaning = "factor of syn_exc per sub-step, u0.32"),
    PARAM(init_exc, .width = 32, .initial = INT64_C(3892384920),
          .meaning = "share of in_exc added to syn_exc, u0.32"),
    PARAM(decay_inh, .width = 32, .initial = INT64_C(3516490311),
          .meaning = "factor of syn_inh per sub-step, u0.32"),
    PARAM(init_inh, .width = 32, .initial = INT64_C(3892384920),
          .meaning = "share of in_inh added to syn_inh, u0.32"),
    PARAM(input_kind, .width = 2, .max = 2, .labels = "exp|delta|conductance",
          .meaning = "exponential current, charge of one sub-step, exponential conductance"),
    PARAM(scale, ACCUM, .initial = 32768, .meaning = "delta: factor of syn, 1 / substep, s16.15"),
    PARAM(v_rev_exc, ACCUM, .initial = 0, .meaning = "conductance: reversal potential, mV, s16.15"),
    PARAM(v_rev_inh, ACCUM, .initial = -2293760, .meaning = "conductance: reversal potential, mV, s16.15"),
    PARAM(ca2_enable, .width = 1, .meaning = "1: calcium adaptation"),
    PARAM(ca2_decay, ACCUM, .initial = 32119, .meaning = "factor of ca2 per sub-step, s16.15"),
    PARAM(ca2_alpha, ACCUM, .initial = 3277, .meaning = "added to ca2 by a spike, nA, s16.15"),
    PARAM(rounding, .width = 3, .max = 4,
          .labels = "floor_wrap|nearest_wrap|floor_sat|nearest_sat|stochastic_sat",
          .meaning = "how the multiply narrows its product"),
    INPUT(in_exc, ACCUM, .meaning = "excitatory ring buffer slot << shift; taken when > 0, s16.15"),
    INPUT(in_inh, ACCUM, .meaning = "inhibitory ring buffer slot << shift; taken when > 0, s16.15"),
    INPUT(current_offset, ACCUM, .meaning = "current of a source beside i_offset, nA, s16.15"),
    INPUT(first_substep, .width = 1, .initial = 1,
          .meaning = "1: first sub-step of a time step, which takes in_exc and in_inh"),
    INPUT(rnd0, .width = 32, .meaning = "random word of exc; each for stochastic_sat only"),
    INPUT(rnd1, .width = 32, .meaning = "random word of inh"),
    INPUT(rnd2, .width = 32, .meaning = "random word of ca2"),
    INPUT(rnd3, .width = 32, .meaning = "random word of current * r_membrane"),
    INPUT(rnd4, .width = 32, .meaning = "random word of exp_tc * (alpha - v)"),
    STATE(v, ACCUM, .initial_of = "v_rest", .meaning = "membrane potential, mV, s16.15"),
    STATE(refract_timer, ACCUM, .meaning = "refractory sub-steps left; integrates when <= 0"),
    STATE(syn_exc, ACCUM, .meaning = "excitatory synapse, s16.15"),
    STATE(syn_inh, ACCUM, .meaning = "inhibitory synapse, s16.15"),
    STATE(ca2, ACCUM, .meaning = "calcium trace, nA, s16.15"),
    OUTPUT(spike, .width = 1, .meaning = "v reached v_thresh in this sub-step"),
    FLAG(draws_used, .width = 5, .meaning = "bit i: rnd<i> was used"),
    INTERNAL(syn_exc_in, .meaning = "syn_exc with its input"),
    INTERNAL(syn_inh_in, .meaning = "syn_inh with its input"),
    INTERNAL(gsyn_exc, .meaning = "syn_exc_in as sPyNNaker records it: conductance: >> 10"),
    INTERNAL(gsyn_inh, .meaning = "syn_inh_in as sPyNNaker records it: conductance: >> 10"),
    INTERNAL(exc, .meaning = "excitatory current"),
    INTERNAL(inh, .meaning = "inhibitory current"),
    INTERNAL(bias, .meaning = "-ca2, or 0"),
    INTERNAL(current, .meaning = "exc - inh + bias + i_offset + current_offset, wrapped"),
    INTERNAL(alpha, .meaning = "mulk(current, r_membrane) + v_rest, wrapped"),
    INTERNAL(v_next, .meaning = "v before the reset by a spike; 0 in a refractory step"),
};

static const char *const equations[] = {
    "(1)  first_substep, for each receptor with in > 0:  syn = W(syn + (input_kind = delta ? in : decay32(in, init)))",
    "(2)  exc, inh = exp:          syn_exc, syn_inh",
    "                delta:        mulk(syn_exc, scale), mulk(syn_inh, scale)",
    "                conductance:  mulk(syn_exc >> 10, W(v_rev_exc - v)), mulk(W(-(syn_inh >> 10)), W(v_rev_inh - v))",
    "(3)  ca2_enable:  ca2 = mulk(ca2, ca2_decay), bias = W(-ca2);   else bias = 0",
    "(4)  refract_timer <= 0:  alpha = W(mulk(W(exc - inh + bias + i_offset + current_offset), r_membrane) + v_rest)",
    "                          v     = W(alpha - mulk(exp_tc, W(alpha - v)))",
    "     else                 refract_timer -= 1",
    "(5)  spike = v >= v_thresh                                      also while refractory",
    "(6)  spike:  v = v_reset, refract_timer = t_refract;   ca2_enable: ca2 = W(ca2 + ca2_alpha)",
    "(7)  syn = input_kind = delta ? 0 : decay32(syn, decay)",
    "(8)  W wraps to s32;  decay32(x, d) = x * d >> 32, floor;  mulk(a, b) = p = a * b, by rounding:",
    "     floor_wrap W(p >> 15) | nearest_wrap W((p >> 15) + (p >> 14 & 1)) | floor_sat, nearest_sat: sat32 of the same",
    "     stochastic_sat sat32((p >> 15) + (rnd >> 17 < (p & 0x7FFF)))",
    "(9)  draws_used, in stochastic_sat:  rnd0, rnd1 of (2), rnd2 of (3), rnd3, rnd4 of (4), each where its mulk is executed",
    NULL,
};

#define RATES "decay_exc=3516490311 init_exc=3892384920 decay_inh=3516490311 init_inh=3892384920"
static const gsp_preset presets[] = {
    {"if_curr_exp", "input_kind=exp ca2_enable=0 rounding=floor_wrap " RATES,
     "sPyNNaker's IF_curr_exp; tau_syn 5 ms at 1 ms"},
    {"if_cond_exp",
     "input_kind=conductance v_rev_exc=0 v_rev_inh=-2293760 ca2_enable=0 rounding=floor_wrap " RATES,
     "sPyNNaker's IF_cond_exp; reversal 0 and -70 mV; the host scales weights by 1024"},
    {"if_curr_delta", "input_kind=delta scale=32768 ca2_enable=0 rounding=floor_wrap",
     "sPyNNaker's IF_curr_delta at 1 ms"},
    {"if_curr_exp_ca2_adaptive",
     "input_kind=exp ca2_enable=1 ca2_decay=32119 ca2_alpha=3277 rounding=floor_wrap " RATES,
     "sPyNNaker's IF_curr_exp_ca2_adaptive; tau_ca2 50 ms, i_alpha 0.1 nA"},
    {NULL, NULL, NULL},
};

int gsp_spinnaker_lif_check(const gsp_spinnaker_lif_params *params) {
    return gsp_check(&gsp_spinnaker_lif_model, params);
}

void gsp_spinnaker_lif_reset(gsp_spinnaker_lif_state *state, const gsp_spinnaker_lif_params *params) {
    state->v = params->v_rest;
    state->refract_timer = 0;
    state->syn_exc = 0;
    state->syn_inh = 0;
    state->ca2 = 0;
}

typedef struct intermediates {
    int32_t syn_exc_in, syn_inh_in, exc, inh, bias, current, alpha, v_next;
} intermediates;

/* (1) */
static inline int32_t take(int32_t syn, int32_t in, uint32_t init, bool delta, bool first) {
    const int32_t share = delta ? in : gsp_spinnaker_decay32(in, init);
    const int32_t with = gsp_spinnaker_add(syn, share);
    return (first & (in > 0)) ? with : syn;
}

static inline __attribute__((always_inline)) intermediates step(const gsp_spinnaker_lif_params *p,
                                                                const gsp_spinnaker_lif_in *in,
                                                                gsp_spinnaker_lif_state *state,
                                                                gsp_spinnaker_lif_out *out) {
    const unsigned rounding = p->rounding;
    const bool delta = p->input_kind == GSP_SPINNAKER_DELTA;
    const bool conductance = p->input_kind == GSP_SPINNAKER_CONDUCTANCE;
    const bool first = in->first_substep != 0;
    const int32_t v = state->v;
    intermediates x;

    /* (1) */
    x.syn_exc_in = take(state->syn_exc, in->in_exc, p->init_exc, delta, first);
    x.syn_inh_in = take(state->syn_inh, in->in_inh, p->init_inh, delta, first);

    /* (2) */
    x.exc = x.syn_exc_in;
    x.inh = x.syn_inh_in;
    if (delta) {
        x.exc = gsp_spinnaker_mulk(x.syn_exc_in, p->scale, rounding, in->rnd0);
        x.inh = gsp_spinnaker_mulk(x.syn_inh_in, p->scale, rounding, in->rnd1);
    } else if (conductance) {
        x.exc = gsp_spinnaker_mulk(gsp_shr_floor32(x.syn_exc_in, 10), gsp_spinnaker_sub(p->v_rev_exc, v),
                                   rounding, in->rnd0);
        x.inh = gsp_spinnaker_mulk(gsp_spinnaker_neg(gsp_shr_floor32(x.syn_inh_in, 10)),
                                   gsp_spinnaker_sub(p->v_rev_inh, v), rounding, in->rnd1);
    }

    /* (3) */
    int32_t ca2 = state->ca2;
    x.bias = 0;
    if (p->ca2_enable) {
        ca2 = gsp_spinnaker_mulk(ca2, p->ca2_decay, rounding, in->rnd2);
        x.bias = gsp_spinnaker_neg(ca2);
    }

    /* (4) Computed in refractory steps too, and left unused: that costs a vector less than a branch. */
    const bool integrates = state->refract_timer <= 0;
    const int32_t constant = gsp_spinnaker_add(p->i_offset, in->current_offset);
    x.current = gsp_spinnaker_add(gsp_spinnaker_add(gsp_spinnaker_sub(x.exc, x.inh), x.bias), constant);
    x.alpha = gsp_spinnaker_add(gsp_spinnaker_mulk(x.current, p->r_membrane, rounding, in->rnd3), p->v_rest);
    x.v_next = gsp_spinnaker_sub(
        x.alpha, gsp_spinnaker_mulk(p->exp_tc, gsp_spinnaker_sub(x.alpha, v), rounding, in->rnd4));
    const int32_t v_live = integrates ? x.v_next : v;
    const int32_t timer = gsp_spinnaker_sub(state->refract_timer, integrates ? 0 : 1);

    /* (5), (6) */
    const bool spike = v_live >= p->v_thresh;
    state->v = spike ? p->v_reset : v_live;
    state->refract_timer = spike ? (int32_t)p->t_refract : timer;
    if (p->ca2_enable)
        state->ca2 = gsp_spinnaker_add(ca2, spike ? p->ca2_alpha : 0);

    /* (7) */
    state->syn_exc = delta ? 0 : gsp_spinnaker_decay32(x.syn_exc_in, p->decay_exc);
    state->syn_inh = delta ? 0 : gsp_spinnaker_decay32(x.syn_inh_in, p->decay_inh);

    /* (9) */
    const unsigned drew = ((delta | conductance) ? GSP_SPINNAKER_LIF_DREW_INPUTS : 0u) |
                          (p->ca2_enable ? GSP_SPINNAKER_LIF_DREW_CA2 : 0u) |
                          (integrates ? GSP_SPINNAKER_LIF_DREW_V : 0u);
    out->spike = spike;
    out->draws_used = (uint8_t)(rounding == GSP_SPINNAKER_STOCHASTIC_SAT ? drew : 0u);
    if (!integrates)
        x.current = x.alpha = x.v_next = 0;
    return x;
}

void gsp_spinnaker_lif_step(const gsp_spinnaker_lif_params *params, const gsp_spinnaker_lif_in *in,
                            gsp_spinnaker_lif_state *state, gsp_spinnaker_lif_out *out) {
    (void)step(params, in, state, out);
}

void gsp_spinnaker_lif_explain(const gsp_spinnaker_lif_params *params, const gsp_spinnaker_lif_in *in,
                               gsp_spinnaker_lif_state *state, gsp_spinnaker_lif_out *out,
                               gsp_spinnaker_lif_internal *internal) {
    const intermediates x = step(params, in, state, out);
    const unsigned recorded = params->input_kind == GSP_SPINNAKER_CONDUCTANCE ? 10 : 0;
    internal->syn_exc_in = x.syn_exc_in;
    internal->syn_inh_in = x.syn_inh_in;
    internal->gsyn_exc = gsp_shr_floor(x.syn_exc_in, recorded);
    internal->gsyn_inh = gsp_shr_floor(x.syn_inh_in, recorded);
    internal->exc = x.exc;
    internal->inh = x.inh;
    internal->bias = x.bias;
    internal->current = x.current;
    internal->alpha = x.alpha;
    internal->v_next = x.v_next;
}

/*
 * One loop per kind of synapse, without and with adaptation, in the boards'
 * rounding: gcc makes vectors of it where these are constant. Only restrict
 * PARAMETERS let it drop its run-time alias tests. `ca2_` names the calcium of
 * neuron k, or a local variable that stands for none.
 */
#define BATCH(name, kind, enable, ca2_)                                                               \
    GSP_VECTOR_CLONES static void name(                                                               \
        const gsp_spinnaker_lif_params *params, const int32_t *restrict in_exc,                       \
        const int32_t *restrict in_inh, const int32_t *restrict current_offset,                       \
        const uint8_t *restrict first_substep, int32_t *restrict v, int32_t *restrict refract_timer,  \
        int32_t *restrict syn_exc, int32_t *restrict syn_inh, int32_t *restrict ca2,                  \
        uint8_t *restrict spike, size_t n) {                                                          \
        gsp_spinnaker_lif_params p = *params;                                                         \
        int32_t none = 0;                                                                             \
        p.input_kind = (kind);                                                                        \
        p.ca2_enable = (enable);                                                                      \
        p.rounding = GSP_SPINNAKER_FLOOR_WRAP;                                                        \
        (void)ca2;                                                                                    \
        (void)none;                                                                                   \
        for (size_t k = 0; k < n; k++) {                                                              \
            const gsp_spinnaker_lif_in in = {                                                         \
                in_exc[k], in_inh[k], current_offset[k], first_substep[k], 0, 0, 0, 0, 0};            \
            gsp_spinnaker_lif_state state = {v[k], refract_timer[k], syn_exc[k], syn_inh[k], (ca2_)}; \
            gsp_spinnaker_lif_out out;                                                                \
            (void)step(&p, &in, &state, &out);                                                        \
            v[k] = state.v;                                                                           \
            refract_timer[k] = state.refract_timer;                                                   \
            syn_exc[k] = state.syn_exc;                                                               \
            syn_inh[k] = state.syn_inh;                                                               \
            (ca2_) = state.ca2;                                                                       \
            spike[k] = out.spike;                                                                     \
        }                                                                                             \
    }
BATCH(batch_exp, GSP_SPINNAKER_EXP, 0, none)
BATCH(batch_exp_ca2, GSP_SPINNAKER_EXP, 1, ca2[k])
BATCH(batch_delta, GSP_SPINNAKER_DELTA, 0, none)
BATCH(batch_delta_ca2, GSP_SPINNAKER_DELTA, 1, ca2[k])
BATCH(batch_conductance, GSP_SPINNAKER_CONDUCTANCE, 0, none)
BATCH(batch_conductance_ca2, GSP_SPINNAKER_CONDUCTANCE, 1, ca2[k])

/* Every other rounding: the step as it is. */
static void batch_rounded(const gsp_spinnaker_lif_params *p, const gsp_spinnaker_lif_arrays *a, size_t n) {
    const bool draws = p->rounding == GSP_SPINNAKER_STOCHASTIC_SAT;
    for (size_t k = 0; k < n; k++) {
        const gsp_spinnaker_lif_in in = {
            a->in_exc[k],           a->in_inh[k],           a->current_offset[k],
            a->first_substep[k],    draws ? a->rnd0[k] : 0, draws ? a->rnd1[k] : 0,
            draws ? a->rnd2[k] : 0, draws ? a->rnd3[k] : 0, draws ? a->rnd4[k] : 0};
        gsp_spinnaker_lif_state state = {a->v[k], a->refract_timer[k], a->syn_exc[k], a->syn_inh[k],
                                         p->ca2_enable ? a->ca2[k] : 0};
        gsp_spinnaker_lif_out out;
        (void)step(p, &in, &state, &out);
        a->v[k] = state.v;
        a->refract_timer[k] = state.refract_timer;
        a->syn_exc[k] = state.syn_exc;
        a->syn_inh[k] = state.syn_inh;
        if (p->ca2_enable)
            a->ca2[k] = state.ca2;
        a->spike[k] = out.spike;
        if (a->draws_used)
            a->draws_used[k] = out.draws_used;
    }
}

void gsp_spinnaker_lif_batch(const gsp_spinnaker_lif_params *params, const gsp_spinnaker_lif_arrays *a,
                             size_t n) {
    const bool ca2 = params->ca2_enable != 0;
    if (params->rounding != GSP_SPINNAKER_FLOOR_WRAP) {
        batch_rounded(params, a, n);
        return;
    }
    if (a->draws_used)
        memset(a->draws_used, 0, n * sizeof *a->draws_used);
    (params->input_kind == GSP_SPINNAKER_EXP     ? (ca2 ? batch_exp_ca2 : batch_exp)
     : params->input_kind == GSP_SPINNAKER_DELTA ? (ca2 ? batch_delta_ca2 : batch_delta)
                                                 : (ca2 ? batch_conductance_ca2 : batch_conductance))(
        params, a->in_exc, a->in_inh, a->current_offset, a->first_substep, a->v, a->refract_timer, a->syn_exc,
        a->syn_inh, a->ca2, a->spike, n);
}

GSP_MODEL_ENTRIES(spinnaker_lif)
GSP_MODEL_STRETCH(spinnaker_lif, fields)

#define ARRAY(member) GSP_ARRAY(spinnaker_lif, member)
GSP_MODEL_BATCH(spinnaker_lif, ARRAY(in_exc), ARRAY(in_inh), ARRAY(current_offset), ARRAY(first_substep),
                ARRAY(rnd0), ARRAY(rnd1), ARRAY(rnd2), ARRAY(rnd3), ARRAY(rnd4), ARRAY(v),
                ARRAY(refract_timer), ARRAY(syn_exc), ARRAY(syn_inh), ARRAY(ca2), ARRAY(spike),
                ARRAY(draws_used))

const gsp_model gsp_spinnaker_lif_model = {
    GSP_MODEL_HEAD(spinnaker_lif, fields),
    GSP_BATCH(spinnaker_lif),
    .stretch = spinnaker_lif_stretch,
    .title = "leaky integrate-and-fire neuron of SpiNNaker in s16.15",
    .source =
        "SpiNNakerManchester/sPyNNaker neural_modelling (neuron_model_lif_impl.h and its components) and "
        "spinn_common, as gcc compiles them for ARM",
    .presets = presets,
    .equations = equations,
    .encoder = &gsp_spinnaker_lif_encoder,
};
