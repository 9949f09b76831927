/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/spinnaker_izhikevich.h"
#include "stretch.h"

#include <string.h>

#include "vector.h"

#define PARAM(name, ...) GSP_FIELD(GSP_PARAM, gsp_spinnaker_izhikevich_params, name, __VA_ARGS__)
#define INPUT(name, ...) GSP_FIELD(GSP_INPUT, gsp_spinnaker_izhikevich_in, name, __VA_ARGS__)
#define STATE(name, ...) GSP_FIELD(GSP_STATE, gsp_spinnaker_izhikevich_state, name, __VA_ARGS__)
#define OUTPUT(name, ...) GSP_FIELD(GSP_OUTPUT, gsp_spinnaker_izhikevich_out, name, __VA_ARGS__)
#define FLAG(name, ...) GSP_FIELD(GSP_FLAG, gsp_spinnaker_izhikevich_out, name, __VA_ARGS__)
#define INTERNAL(name, ...)                                                                          \
    GSP_FIELD(GSP_INTERNAL, gsp_spinnaker_izhikevich_internal, name, .width = 64, .is_signed = true, \
              __VA_ARGS__)
#define ACCUM .width = 32, .is_signed = true
#define WORD .width = 32

/* Constants of the C source, s16.15. */
enum {
    C_140 = 4587520,
    C_5 = 163840,
    C_0_04 = 1311,
    HALF = GSP_SPINNAKER_HALF,
    V_THRESH = 983040,     /* 30 mV */
    H_AFTER_SPIKE = 60620, /* 1.85: a longer step right after a spike */
    V_INITIAL = -2293760,
    U_INITIAL = -458752,
};

static const gsp_field fields[] = {
    PARAM(a, ACCUM, .initial = 655, .meaning = "rate of u, 1/ms, s16.15"),
    PARAM(b, ACCUM, .initial = 6554, .meaning = "coupling of u to v, s16.15"),
    PARAM(c, ACCUM, .initial = -2129920, .meaning = "v after a spike, mV, s16.15"),
    PARAM(d, ACCUM, .initial = 65536, .meaning = "added to u by a spike, s16.15"),
    PARAM(i_offset, ACCUM, .meaning = "constant current, nA, s16.15"),
    PARAM(reset_h, ACCUM, .initial = 32768, .meaning = "sub-step, ms, s16.15"),
    PARAM(next_h, ACCUM, .initial = 32768, .meaning = "h after reset: the full time step, ms, s16.15"),
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
    PARAM(source_order, .width = 1, .labels = "gcc|source",
          .meaning = "order of the product beta: as compiled, or as written"),
    PARAM(rounding, .width = 3, .max = 4,
          .labels = "floor_wrap|nearest_wrap|floor_sat|nearest_sat|stochastic_sat",
          .meaning = "how the multiply narrows its product"),
    INPUT(in_exc, ACCUM, .meaning = "excitatory ring buffer slot << shift; taken when > 0, s16.15"),
    INPUT(in_inh, ACCUM, .meaning = "inhibitory ring buffer slot << shift; taken when > 0, s16.15"),
    INPUT(current_offset, ACCUM, .meaning = "current of a source beside i_offset, nA, s16.15"),
    INPUT(first_substep, .width = 1, .initial = 1,
          .meaning = "1: first sub-step of a time step, which takes in_exc and in_inh"),
    INPUT(rnd0, WORD, .meaning = "random word of exc; each for stochastic_sat only"),
    INPUT(rnd1, WORD, .meaning = "random word of inh"),
    INPUT(rnd2, WORD, .meaning = "random word of 0.04 * v"),
    INPUT(rnd3, WORD, .meaning = "random word of (5 + 0.04 v) * v"),
    INPUT(rnd4, WORD, .meaning = "random word of h * alpha"),
    INPUT(rnd5, WORD, .meaning = "random word of its half"),
    INPUT(rnd6, WORD, .meaning = "random word of a * h"),
    INPUT(rnd7, WORD, .meaning = "random word of b * v"),
    INPUT(rnd8, WORD, .meaning = "random word of (b v - u) * ah; source order: h * (b v - u)"),
    INPUT(rnd9, WORD, .meaning = "random word of h (b v - u) * a; source order only"),
    INPUT(rnd10, WORD, .meaning = "random word of its half"),
    INPUT(rnd11, WORD, .meaning = "random word of 0.04 * eta"),
    INPUT(rnd12, WORD, .meaning = "random word of (5 + 0.04 eta) * eta"),
    INPUT(rnd13, WORD, .meaning = "random word of h * (the change of v)"),
    INPUT(rnd14, WORD, .meaning = "random word of b * eta"),
    INPUT(rnd15, WORD, .meaning = "random word of ah * (the change of u)"),
    INPUT(rnd16, WORD, .meaning = "random word of reset_h * 1.85, after a spike"),
    STATE(v, ACCUM, .initial = V_INITIAL, .meaning = "membrane potential, mV, s16.15"),
    STATE(u, ACCUM, .initial = U_INITIAL, .meaning = "recovery variable, s16.15"),
    STATE(h, ACCUM, .initial_of = "next_h", .meaning = "length of the next sub-step, ms, s16.15"),
    STATE(syn_exc, ACCUM, .meaning = "excitatory synapse, s16.15"),
    STATE(syn_inh, ACCUM, .meaning = "inhibitory synapse, s16.15"),
    OUTPUT(spike, .width = 1, .meaning = "v reached 30 mV in this sub-step"),
    FLAG(draws_used, .width = 17, .meaning = "bit i: rnd<i> was used"),
    INTERNAL(syn_exc_in, .meaning = "syn_exc with its input"),
    INTERNAL(syn_inh_in, .meaning = "syn_inh with its input"),
    INTERNAL(gsyn_exc, .meaning = "syn_exc_in as sPyNNaker records it: conductance: >> 10"),
    INTERNAL(gsyn_inh, .meaning = "syn_inh_in as sPyNNaker records it: conductance: >> 10"),
    INTERNAL(exc, .meaning = "excitatory current"),
    INTERNAL(inh, .meaning = "inhibitory current"),
    INTERNAL(current, .meaning = "I = exc - inh + i_offset + current_offset, wrapped"),
    INTERNAL(pre, .meaning = "140 + I - u, wrapped"),
    INTERNAL(alpha, .meaning = "pre + (5 + 0.04 v) v"),
    INTERNAL(eta, .meaning = "v + h alpha / 2"),
    INTERNAL(ah, .meaning = "a h"),
    INTERNAL(beta, .meaning = "a h (b v - u) / 2"),
    INTERNAL(v_next, .meaning = "v before the reset by a spike"),
    INTERNAL(u_next, .meaning = "u before d is added"),
};

static const char *const equations[] = {
    "(1)  first_substep, for each receptor with in > 0:  syn = W(syn + (input_kind = delta ? in : decay32(in, init)))",
    "(2)  exc, inh = exp:          syn_exc, syn_inh",
    "                delta:        mulk(syn_exc, scale), mulk(syn_inh, scale)",
    "                conductance:  mulk(syn_exc >> 10, W(v_rev_exc - v)), mulk(W(-(syn_inh >> 10)), W(v_rev_inh - v))",
    "(3)  I     = W(exc - inh + i_offset + current_offset)",
    "     pre   = W(140 + I - u)                                      140 is 4587520, 5 is 163840",
    "     alpha = W(pre + mulk(W(5 + mulk(1311, v)), v))",
    "(4)  eta   = W(v + mulk(mulk(h, alpha), 16384))",
    "(5)  ah    = mulk(a, h)",
    "     beta  = mulk(mulk(W(mulk(b, v) - u), ah), 16384)            gcc order",
    "             mulk(mulk(mulk(h, W(mulk(b, v) - u)), a), 16384)    source_order",
    "(6)  v     = W(v + mulk(h, W(W(pre - beta) + mulk(W(5 + mulk(1311, eta)), eta))))",
    "(7)  u     = W(u + mulk(ah, W(mulk(b, eta) - W(u + beta))))",
    "(8)  spike = v >= 983040",
    "(9)  h     = reset_h;   spike:  v = c, u = W(u + d), h = mulk(reset_h, 60620)",
    "(10) syn   = input_kind = delta ? 0 : decay32(syn, decay)",
    "(11) W wraps to s32;  decay32(x, d) = x * d >> 32, floor;  mulk(a, b) = p = a * b, by rounding:",
    "     floor_wrap W(p >> 15) | nearest_wrap W((p >> 15) + (p >> 14 & 1)) | floor_sat, nearest_sat: sat32 of the same",
    "     stochastic_sat sat32((p >> 15) + (rnd >> 17 < (p & 0x7FFF)))",
    "(12) draws_used, in stochastic_sat:  rnd0, rnd1 of (2); rnd2 to rnd15 of (3) to (7), inner products first and",
    "     rnd9 only in source_order; rnd16 of (9); each where its mulk is executed",
    NULL,
};

#define RATES "decay_exc=3516490311 init_exc=3892384920 decay_inh=3516490311 init_inh=3892384920"
static const gsp_preset presets[] = {
    {"izk_curr_exp", "input_kind=exp source_order=gcc rounding=floor_wrap " RATES,
     "sPyNNaker's Izhikevich with exponential currents; tau_syn 5 ms at 1 ms"},
    {"izk_cond_exp",
     "input_kind=conductance v_rev_exc=0 v_rev_inh=-2293760 source_order=gcc rounding=floor_wrap " RATES,
     "sPyNNaker's Izhikevich_cond; the host scales weights by 1024"},
    {NULL, NULL, NULL},
};

int gsp_spinnaker_izhikevich_check(const gsp_spinnaker_izhikevich_params *params) {
    return gsp_check(&gsp_spinnaker_izhikevich_model, params);
}

void gsp_spinnaker_izhikevich_reset(gsp_spinnaker_izhikevich_state *state,
                                    const gsp_spinnaker_izhikevich_params *params) {
    state->v = V_INITIAL;
    state->u = U_INITIAL;
    state->h = params->next_h;
    state->syn_exc = 0;
    state->syn_inh = 0;
}

typedef struct intermediates {
    int32_t syn_exc_in, syn_inh_in, exc, inh, current, pre, alpha, eta, ah, beta, v_next, u_next;
} intermediates;

/* (1) */
static inline int32_t take(int32_t syn, int32_t in, uint32_t init, bool delta, bool first) {
    const int32_t share = delta ? in : gsp_spinnaker_decay32(in, init);
    const int32_t with = gsp_spinnaker_add(syn, share);
    return (first & (in > 0)) ? with : syn;
}

#define MUL(a, b, n) gsp_spinnaker_mulk((a), (b), rounding, in->rnd##n)

static inline __attribute__((always_inline)) intermediates step(const gsp_spinnaker_izhikevich_params *p,
                                                                const gsp_spinnaker_izhikevich_in *in,
                                                                gsp_spinnaker_izhikevich_state *state,
                                                                gsp_spinnaker_izhikevich_out *out) {
    const unsigned rounding = p->rounding;
    const bool delta = p->input_kind == GSP_SPINNAKER_DELTA;
    const bool conductance = p->input_kind == GSP_SPINNAKER_CONDUCTANCE;
    const bool first = in->first_substep != 0;
    const int32_t v = state->v, u = state->u, h = state->h;
    intermediates x;

    /* (1) */
    x.syn_exc_in = take(state->syn_exc, in->in_exc, p->init_exc, delta, first);
    x.syn_inh_in = take(state->syn_inh, in->in_inh, p->init_inh, delta, first);

    /* (2) */
    x.exc = x.syn_exc_in;
    x.inh = x.syn_inh_in;
    if (delta) {
        x.exc = MUL(x.syn_exc_in, p->scale, 0);
        x.inh = MUL(x.syn_inh_in, p->scale, 1);
    } else if (conductance) {
        x.exc = MUL(gsp_shr_floor32(x.syn_exc_in, 10), gsp_spinnaker_sub(p->v_rev_exc, v), 0);
        x.inh =
            MUL(gsp_spinnaker_neg(gsp_shr_floor32(x.syn_inh_in, 10)), gsp_spinnaker_sub(p->v_rev_inh, v), 1);
    }

    /* (3) */
    const int32_t constant = gsp_spinnaker_add(p->i_offset, in->current_offset);
    x.current = gsp_spinnaker_add(gsp_spinnaker_sub(x.exc, x.inh), constant);
    x.pre = gsp_spinnaker_sub(gsp_spinnaker_add(C_140, x.current), u);
    const int32_t slope_v = gsp_spinnaker_add(C_5, MUL(C_0_04, v, 2));
    x.alpha = gsp_spinnaker_add(x.pre, MUL(slope_v, v, 3));

    /* (4) */
    x.eta = gsp_spinnaker_add(v, MUL(MUL(h, x.alpha, 4), HALF, 5));

    /* (5) */
    x.ah = MUL(p->a, h, 6);
    const int32_t pull = gsp_spinnaker_sub(MUL(p->b, v, 7), u);
    const int32_t as_compiled = MUL(pull, x.ah, 8);
    const int32_t as_written = MUL(MUL(h, pull, 8), p->a, 9);
    x.beta = MUL(p->source_order ? as_written : as_compiled, HALF, 10);

    /* (6) */
    const int32_t slope_eta = gsp_spinnaker_add(C_5, MUL(C_0_04, x.eta, 11));
    const int32_t change = gsp_spinnaker_add(gsp_spinnaker_sub(x.pre, x.beta), MUL(slope_eta, x.eta, 12));
    x.v_next = gsp_spinnaker_add(v, MUL(h, change, 13));

    /* (7) */
    const int32_t recovery = gsp_spinnaker_sub(MUL(p->b, x.eta, 14), gsp_spinnaker_add(u, x.beta));
    x.u_next = gsp_spinnaker_add(u, MUL(x.ah, recovery, 15));

    /* (8), (9) */
    const bool spike = x.v_next >= V_THRESH;
    const int32_t longer = MUL(p->reset_h, H_AFTER_SPIKE, 16);
    state->v = spike ? p->c : x.v_next;
    state->u = gsp_spinnaker_add(x.u_next, spike ? p->d : 0);
    state->h = spike ? longer : p->reset_h;

    /* (10) */
    state->syn_exc = delta ? 0 : gsp_spinnaker_decay32(x.syn_exc_in, p->decay_exc);
    state->syn_inh = delta ? 0 : gsp_spinnaker_decay32(x.syn_inh_in, p->decay_inh);

    /* (12) */
    const uint32_t drew = 0xFDFCu | ((delta | conductance) ? 3u : 0u) | (p->source_order ? 1u << 9 : 0u) |
                          (spike ? 1u << 16 : 0u);
    out->spike = spike;
    out->draws_used = rounding == GSP_SPINNAKER_STOCHASTIC_SAT ? drew : 0;
    return x;
}

void gsp_spinnaker_izhikevich_step(const gsp_spinnaker_izhikevich_params *params,
                                   const gsp_spinnaker_izhikevich_in *in,
                                   gsp_spinnaker_izhikevich_state *state, gsp_spinnaker_izhikevich_out *out) {
    (void)step(params, in, state, out);
}

void gsp_spinnaker_izhikevich_explain(const gsp_spinnaker_izhikevich_params *params,
                                      const gsp_spinnaker_izhikevich_in *in,
                                      gsp_spinnaker_izhikevich_state *state,
                                      gsp_spinnaker_izhikevich_out *out,
                                      gsp_spinnaker_izhikevich_internal *internal) {
    const intermediates x = step(params, in, state, out);
    const unsigned recorded = params->input_kind == GSP_SPINNAKER_CONDUCTANCE ? 10 : 0;
    internal->syn_exc_in = x.syn_exc_in;
    internal->syn_inh_in = x.syn_inh_in;
    internal->gsyn_exc = gsp_shr_floor(x.syn_exc_in, recorded);
    internal->gsyn_inh = gsp_shr_floor(x.syn_inh_in, recorded);
    internal->exc = x.exc;
    internal->inh = x.inh;
    internal->current = x.current;
    internal->pre = x.pre;
    internal->alpha = x.alpha;
    internal->eta = x.eta;
    internal->ah = x.ah;
    internal->beta = x.beta;
    internal->v_next = x.v_next;
    internal->u_next = x.u_next;
}

/*
 * One loop per kind of synapse and order of products, in the boards' rounding:
 * gcc makes vectors of it where these are constant. Only restrict PARAMETERS
 * let it drop its run-time alias tests.
 */
#define BATCH(name, kind, order)                                                                            \
    GSP_VECTOR_CLONES static void name(const gsp_spinnaker_izhikevich_params *params,                       \
                                       const int32_t *restrict in_exc, const int32_t *restrict in_inh,      \
                                       const int32_t *restrict current_offset,                              \
                                       const uint8_t *restrict first_substep, int32_t *restrict v,          \
                                       int32_t *restrict u, int32_t *restrict h, int32_t *restrict syn_exc, \
                                       int32_t *restrict syn_inh, uint8_t *restrict spike, size_t n) {      \
        gsp_spinnaker_izhikevich_params p = *params;                                                        \
        p.input_kind = (kind);                                                                              \
        p.source_order = (order);                                                                           \
        p.rounding = GSP_SPINNAKER_FLOOR_WRAP;                                                              \
        for (size_t k = 0; k < n; k++) {                                                                    \
            const gsp_spinnaker_izhikevich_in in = {.in_exc = in_exc[k],                                    \
                                                    .in_inh = in_inh[k],                                    \
                                                    .current_offset = current_offset[k],                    \
                                                    .first_substep = first_substep[k]};                     \
            gsp_spinnaker_izhikevich_state state = {v[k], u[k], h[k], syn_exc[k], syn_inh[k]};              \
            gsp_spinnaker_izhikevich_out out;                                                               \
            (void)step(&p, &in, &state, &out);                                                              \
            v[k] = state.v;                                                                                 \
            u[k] = state.u;                                                                                 \
            h[k] = state.h;                                                                                 \
            syn_exc[k] = state.syn_exc;                                                                     \
            syn_inh[k] = state.syn_inh;                                                                     \
            spike[k] = out.spike;                                                                           \
        }                                                                                                   \
    }
BATCH(batch_exp, GSP_SPINNAKER_EXP, 0)
BATCH(batch_exp_source, GSP_SPINNAKER_EXP, 1)
BATCH(batch_delta, GSP_SPINNAKER_DELTA, 0)
BATCH(batch_delta_source, GSP_SPINNAKER_DELTA, 1)
BATCH(batch_conductance, GSP_SPINNAKER_CONDUCTANCE, 0)
BATCH(batch_conductance_source, GSP_SPINNAKER_CONDUCTANCE, 1)

/* Every other rounding: the step as it is. */
static void batch_rounded(const gsp_spinnaker_izhikevich_params *p, const gsp_spinnaker_izhikevich_arrays *a,
                          size_t n) {
    const bool draws = p->rounding == GSP_SPINNAKER_STOCHASTIC_SAT;
#define DRAWN(i) .rnd##i = draws ? a->rnd##i[k] : 0
    for (size_t k = 0; k < n; k++) {
        const gsp_spinnaker_izhikevich_in in = {.in_exc = a->in_exc[k],
                                                .in_inh = a->in_inh[k],
                                                .current_offset = a->current_offset[k],
                                                .first_substep = a->first_substep[k],
                                                DRAWN(0),
                                                DRAWN(1),
                                                DRAWN(2),
                                                DRAWN(3),
                                                DRAWN(4),
                                                DRAWN(5),
                                                DRAWN(6),
                                                DRAWN(7),
                                                DRAWN(8),
                                                DRAWN(9),
                                                DRAWN(10),
                                                DRAWN(11),
                                                DRAWN(12),
                                                DRAWN(13),
                                                DRAWN(14),
                                                DRAWN(15),
                                                DRAWN(16)};
        gsp_spinnaker_izhikevich_state state = {a->v[k], a->u[k], a->h[k], a->syn_exc[k], a->syn_inh[k]};
        gsp_spinnaker_izhikevich_out out;
        (void)step(p, &in, &state, &out);
        a->v[k] = state.v;
        a->u[k] = state.u;
        a->h[k] = state.h;
        a->syn_exc[k] = state.syn_exc;
        a->syn_inh[k] = state.syn_inh;
        a->spike[k] = out.spike;
        if (a->draws_used)
            a->draws_used[k] = out.draws_used;
    }
}

void gsp_spinnaker_izhikevich_batch(const gsp_spinnaker_izhikevich_params *params,
                                    const gsp_spinnaker_izhikevich_arrays *a, size_t n) {
    const bool source = params->source_order != 0;
    if (params->rounding != GSP_SPINNAKER_FLOOR_WRAP) {
        batch_rounded(params, a, n);
        return;
    }
    if (a->draws_used)
        memset(a->draws_used, 0, n * sizeof *a->draws_used);
    (params->input_kind == GSP_SPINNAKER_EXP     ? (source ? batch_exp_source : batch_exp)
     : params->input_kind == GSP_SPINNAKER_DELTA ? (source ? batch_delta_source : batch_delta)
                                                 : (source ? batch_conductance_source : batch_conductance))(
        params, a->in_exc, a->in_inh, a->current_offset, a->first_substep, a->v, a->u, a->h, a->syn_exc,
        a->syn_inh, a->spike, n);
}

GSP_MODEL_ENTRIES(spinnaker_izhikevich)
GSP_MODEL_STRETCH(spinnaker_izhikevich, fields)

#define ARRAY(member) GSP_ARRAY(spinnaker_izhikevich, member)
GSP_MODEL_BATCH(spinnaker_izhikevich, ARRAY(in_exc), ARRAY(in_inh), ARRAY(current_offset),
                ARRAY(first_substep), ARRAY(rnd0), ARRAY(rnd1), ARRAY(rnd2), ARRAY(rnd3), ARRAY(rnd4),
                ARRAY(rnd5), ARRAY(rnd6), ARRAY(rnd7), ARRAY(rnd8), ARRAY(rnd9), ARRAY(rnd10), ARRAY(rnd11),
                ARRAY(rnd12), ARRAY(rnd13), ARRAY(rnd14), ARRAY(rnd15), ARRAY(rnd16), ARRAY(v), ARRAY(u),
                ARRAY(h), ARRAY(syn_exc), ARRAY(syn_inh), ARRAY(spike), ARRAY(draws_used))

const gsp_model gsp_spinnaker_izhikevich_model = {
    GSP_MODEL_HEAD(spinnaker_izhikevich, fields),
    GSP_BATCH(spinnaker_izhikevich),
    .stretch = spinnaker_izhikevich_stretch,
    .title = "Izhikevich neuron of SpiNNaker in s16.15",
    .source =
        "SpiNNakerManchester/sPyNNaker neural_modelling (neuron_model_izh_impl.h) and spinn_common, as gcc "
        "compiles them for ARM; Izhikevich, IEEE Trans. Neural Networks 14(6), 2003",
    .presets = presets,
    .equations = equations,
    .encoder = &gsp_spinnaker_izhikevich_encoder,
};
