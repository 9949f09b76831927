/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/truenorth.h"

#include "goldenspike/fix.h"
#include "stretch.h"
#include "vector.h"

#define PARAM(name, ...) GSP_FIELD(GSP_PARAM, gsp_truenorth_params, name, __VA_ARGS__)
#define INPUT(name, ...) GSP_FIELD(GSP_INPUT, gsp_truenorth_in, name, __VA_ARGS__)
#define STATE(name, ...) GSP_FIELD(GSP_STATE, gsp_truenorth_state, name, __VA_ARGS__)
#define OUTPUT(name, ...) GSP_FIELD(GSP_OUTPUT, gsp_truenorth_out, name, __VA_ARGS__)
#define FLAG(name, ...) GSP_FIELD(GSP_FLAG, gsp_truenorth_out, name, __VA_ARGS__)
#define INTERNAL(name, ...) GSP_FIELD(GSP_INTERNAL, gsp_truenorth_internal, name, __VA_ARGS__)
/* A sign and an 8-bit magnitude: -256 does not exist. */
#define WEIGHT .width = 9, .is_signed = true, .min = -255, .max = 255

enum {
    V_WIDTH = 20,
    NEMO_LIMIT = 393216, /* 2^18 + 2^17 */
    F_MASK = 14          /* index of `mask` in the table */
};

static const gsp_field fields[] = {
    PARAM(s0, WEIGHT, .initial = 1, .meaning = "weight of an event of axon type 0"),
    PARAM(s1, WEIGHT, .meaning = "weight of an event of axon type 1"),
    PARAM(s2, WEIGHT, .meaning = "weight of an event of axon type 2"),
    PARAM(s3, WEIGHT, .meaning = "weight of an event of axon type 3"),
    PARAM(b0, .width = 1, .meaning = "1: type 0 adds sgn(s0) where |s0| >= rho, else 0"),
    PARAM(b1, .width = 1, .meaning = "1: type 1 adds sgn(s1) where |s1| >= rho, else 0"),
    PARAM(b2, .width = 1, .meaning = "1: type 2 adds sgn(s2) where |s2| >= rho, else 0"),
    PARAM(b3, .width = 1, .meaning = "1: type 3 adds sgn(s3) where |s3| >= rho, else 0"),
    PARAM(leak, WEIGHT, .meaning = "lambda, added once per tick"),
    PARAM(leak_stochastic, .width = 1, .meaning = "1: a tick adds sgn(leak) where |leak| >= rho, else 0"),
    PARAM(epsilon, .width = 1, .meaning = "leak reversal: 1: the leak is multiplied by sgn(v)"),
    PARAM(kappa, .width = 1, .meaning = "negative saturation: 1: v stops at -beta, 0: reset by gamma"),
    PARAM(alpha, .width = 18, .initial = 1, .meaning = "threshold: spike when v_leak >= alpha + eta"),
    PARAM(beta, .width = 18, .meaning = "negative threshold, acts at -beta"),
    PARAM(mask, .width = 17, .meaning = "threshold noise mask, 2^TM - 1"),
    PARAM(gamma, .width = 2, .max = 2, .labels = "to|linear|none",
          .meaning = "v at a threshold: r, v_leak less the threshold, v_leak"),
    PARAM(r, .width = V_WIDTH, .is_signed = true, .min = -524287, .max = 524287,
          .meaning = "reset potential; -r at the negative threshold"),
    PARAM(overflow, .width = 2, .max = 2, .labels = "saturate|wrap|nemo",
          .meaning = "limit of v: to 20 bits after every addition, or to +-393216 once per tick"),
    PARAM(ringing_rule, .width = 1, .meaning = "1: a reversed leak that crosses zero stops at zero"),
    PARAM(negative_le, .width = 1, .meaning = "1: the negative threshold is met at equality"),
    INPUT(op, .width = 2, .max = 2, .labels = "idle|event|tick", .meaning = "operation"),
    INPUT(axon_type, .width = 2, .meaning = "axon type of the event"),
    INPUT(rho, .width = 8, .meaning = "random byte for a stochastic weight or leak"),
    INPUT(rho_threshold, .width = 17, .meaning = "random number for the threshold, masked by mask"),
    STATE(v, .width = V_WIDTH, .is_signed = true, .meaning = "membrane potential"),
    OUTPUT(spike, .width = 1, .meaning = "this tick reached the threshold"),
    OUTPUT(negative, .width = 1, .meaning = "this tick went below the negative threshold"),
    FLAG(draws_used, .width = 2, .labels = "none|rho|threshold|both",
         .meaning = "random numbers this operation consumed: bit 0 rho, bit 1 rho_threshold"),
    INTERNAL(inc, .width = 64, .is_signed = true, .meaning = "what was added to v"),
    INTERNAL(v_leak, .width = 64, .is_signed = true,
             .meaning = "l, v after leak, limit and ringing rule; 0 outside a tick"),
    INTERNAL(eta, .width = 64, .is_signed = true, .meaning = "threshold noise; 0 outside a tick"),
};

static const gsp_preset presets[] = {
    {"cassidy2013", "overflow=saturate ringing_rule=0 negative_le=0",
     "the equations of the paper; saturation to 20 bits is this project's choice"},
    {"tn_nbr", "overflow=nemo ringing_rule=1 negative_le=0",
     "ringing rule and clamp that NeMo takes from a TrueNorth Neuron Behavior Reference"},
    {"ranc",
     "overflow=wrap ringing_rule=0 negative_le=1 b0=0 b1=0 b2=0 b3=0 leak_stochastic=0 epsilon=0 kappa=0 mask=0",
     "RANC's simulator in reset_type 1, its constructor's default: <= at the negative threshold"},
    {"ranc_rtl",
     "overflow=wrap ringing_rule=0 negative_le=0 b0=0 b1=0 b2=0 b3=0 leak_stochastic=0 epsilon=0 kappa=0 mask=0",
     "RANC's Verilog, and its simulator in reset_type 0: < at the negative threshold"},
    {NULL, NULL, NULL},
};

static const char *const equations[] = {
    "(1)  op 0:  v stays, spike = negative = 0",
    "(2)  op 1:  g = axon_type;  inc = b[g] ? (|s[g]| >= rho ? sgn(s[g]) : 0) : s[g]",
    "(3)         v = lim(v + inc), spike = negative = 0",
    "(4)  op 2:  inc = leak_stochastic ? (|leak| >= rho ? sgn(leak) : 0) : leak",
    "(5)         inc = epsilon ? sgn(v) * inc : inc                          sgn(0) = 0; v after the events",
    "(6)         l = lim(v + inc);  if ringing_rule and epsilon and sgn(l) != sgn(v): l = 0",
    "(7)         eta = rho_threshold & mask",
    "(8)         if l >= alpha + eta: spike;  v = gamma: r | l - (alpha + eta) | l",
    "(9)         else if l < -(beta + (kappa ? 0 : eta)), or equal with negative_le: negative;",
    "                v = kappa ? -beta : gamma: -r | l + beta + eta | l",
    "(10)        else v = l",
    "(11) lim:   saturate or wrap to 20 bits; nemo: op 1 none, op 2 clamp to +-393216",
    "(12) draws_used:  bit 0 = b[g] (op 1) or leak_stochastic (op 2), bit 1 = mask != 0 (op 2)",
    NULL,
};

/* A mask is 2^TM - 1: only its lowest bits are set. */
static int check(const void *params) {
    const gsp_truenorth_params *p = (const gsp_truenorth_params *)params;
    return (p->mask & (p->mask + 1u)) == 0 ? -1 : F_MASK;
}

/* gsp_sgn and gsp_clamp in the 32 bits that hold every value of this model. */
static inline int32_t sgn32(int32_t x) {
    return (x > 0) - (x < 0);
}

static inline int32_t clamp32(int32_t x, int32_t lo, int32_t hi) {
    return x < lo ? lo : x > hi ? hi : x;
}

/* x where the condition, 0 or 1, holds, else 0: the paper's Kronecker deltas. */
static inline int32_t when(int32_t condition, int32_t x) {
    return x & -condition;
}

/* (12) `noisy` is what a tick draws for its threshold. */
static inline __attribute__((always_inline)) int32_t draws_of(const gsp_truenorth_params *p, int32_t op,
                                                              int32_t g) {
    const int32_t b = g == 0 ? p->b0 : g == 1 ? p->b1 : g == 2 ? p->b2 : p->b3;
    const int32_t noisy = p->mask != 0 ? GSP_TRUENORTH_DREW_THRESHOLD : 0;
    return op == GSP_TRUENORTH_EVENT ? b : op == GSP_TRUENORTH_TICK ? p->leak_stochastic | noisy : 0;
}

typedef struct step_internal {
    int32_t inc, v_leak, eta;
} step_internal;

/*
 * The step. 32 bits hold every sum: |v| <= 2^19, |inc| <= 2^8 and
 * alpha + eta < 2^19. Both branches of every choice are computed, and a
 * parameter enters as a number rather than as one of several joined
 * conditions, so that gcc makes vectors of the batch loop.
 */
static inline __attribute__((always_inline)) step_internal step(const gsp_truenorth_params *p,
                                                                const gsp_truenorth_in *in,
                                                                gsp_truenorth_state *state,
                                                                gsp_truenorth_out *out) {
    const int32_t v = state->v;
    const int32_t op = in->op;
    const int32_t g = in->axon_type;
    const bool tick = op == GSP_TRUENORTH_TICK;
    const int32_t draws = draws_of(p, op, g);
    step_internal x;

    /* (2), (4) The weight of an event and the leak of a tick are taken alike. */
    const int32_t s = g == 0 ? p->s0 : g == 1 ? p->s1 : g == 2 ? p->s2 : p->s3;
    const int32_t weight = tick ? p->leak : op == GSP_TRUENORTH_EVENT ? s : 0;
    const int32_t magnitude = weight < 0 ? gsp_sub32(0, weight) : weight;
    const int32_t chance = magnitude >= in->rho ? sgn32(weight) : 0;
    const int32_t taken = draws & GSP_TRUENORTH_DREW_RHO ? chance : weight;

    /* (5) */
    const int32_t reverses = tick ? p->epsilon : 0;
    x.inc = gsp_mul32(reverses ? sgn32(v) : 1, taken);

    /* (3), (6), (11) The state's own 20 bits bound the events that `nemo` leaves unlimited. */
    const int32_t sum = gsp_add32(v, x.inc);
    const int32_t wrapped = gsp_wrap32(sum, V_WIDTH);
    const int32_t clamped = tick ? clamp32(sum, -NEMO_LIMIT, NEMO_LIMIT) : wrapped;
    const int32_t limited = p->overflow == GSP_TRUENORTH_SATURATE ? gsp_sat32(sum, V_WIDTH)
                            : p->overflow == GSP_TRUENORTH_WRAP   ? wrapped
                                                                  : clamped;
    const int32_t stops = reverses & p->ringing_rule;
    const int32_t l = stops ? (sgn32(limited) == sgn32(v) ? limited : 0) : limited;

    /* (7) */
    const int32_t eta = (int32_t)(in->rho_threshold & p->mask);
    const int32_t alpha = (int32_t)p->alpha;
    const int32_t beta = (int32_t)p->beta;

    /* (8), (9) In the branch that takes it, each linear reset lies between 0 and l: no limit is needed. */
    const int32_t above = gsp_sub32(l, gsp_add32(alpha, eta));
    const int32_t below = gsp_add32(l, gsp_add32(beta, p->kappa ? 0 : eta));
    const int32_t spike = above >= 0 ? tick : 0;
    const int32_t under = below < p->negative_le ? tick : 0; /* < 0, or <= 0 */
    const int32_t negative = spike ? 0 : under;
    const int32_t to = p->gamma == GSP_TRUENORTH_RESET_TO;
    const int32_t linear = p->gamma == GSP_TRUENORTH_RESET_LINEAR;
    const int32_t none = p->gamma == GSP_TRUENORTH_RESET_NONE;
    const int32_t v_spike = when(to, p->r) | when(linear, above) | when(none, l);
    const int32_t v_reset = when(to, gsp_sub32(0, p->r)) | when(linear, below) | when(none, l);
    const int32_t v_negative = when(p->kappa, gsp_sub32(0, beta)) | when(!p->kappa, v_reset);

    /* (1), (10) */
    state->v = spike ? v_spike : negative ? v_negative : l;
    out->spike = (uint8_t)spike;
    out->negative = (uint8_t)negative;
    out->draws_used = (uint8_t)draws;
    x.v_leak = tick ? l : 0;
    x.eta = tick ? eta : 0;
    return x;
}

int gsp_truenorth_check(const gsp_truenorth_params *params) {
    return gsp_check(&gsp_truenorth_model, params);
}

void gsp_truenorth_reset(gsp_truenorth_state *state, const gsp_truenorth_params *params) {
    (void)params;
    state->v = 0;
}

void gsp_truenorth_step(const gsp_truenorth_params *params, const gsp_truenorth_in *in,
                        gsp_truenorth_state *state, gsp_truenorth_out *out) {
    (void)step(params, in, state, out);
}

void gsp_truenorth_explain(const gsp_truenorth_params *params, const gsp_truenorth_in *in,
                           gsp_truenorth_state *state, gsp_truenorth_out *out,
                           gsp_truenorth_internal *internal) {
    const step_internal x = step(params, in, state, out);
    internal->inc = x.inc;
    internal->v_leak = x.v_leak;
    internal->eta = x.eta;
}

uint8_t gsp_truenorth_draws(const gsp_truenorth_params *params, uint8_t op, uint8_t axon_type) {
    return (uint8_t)draws_of(params, op, axon_type);
}

/* Only restrict PARAMETERS let the compiler drop its run-time alias tests. */
GSP_VECTOR_CLONES static void batch(const gsp_truenorth_params *params, const uint8_t *restrict op,
                                    const uint8_t *restrict axon_type, const uint8_t *restrict rho,
                                    const uint32_t *restrict rho_threshold, int32_t *restrict v,
                                    uint8_t *restrict spike, uint8_t *restrict negative,
                                    uint8_t *restrict draws_used, size_t n) {
    const gsp_truenorth_params p = *params;
    for (size_t k = 0; k < n; k++) {
        const gsp_truenorth_in in = {op[k], axon_type[k], rho[k], rho_threshold[k]};
        gsp_truenorth_state state = {v[k]};
        gsp_truenorth_out out;
        (void)step(&p, &in, &state, &out);
        v[k] = state.v;
        spike[k] = out.spike;
        negative[k] = out.negative;
        draws_used[k] = out.draws_used;
    }
}

void gsp_truenorth_batch(const gsp_truenorth_params *params, const gsp_truenorth_arrays *a, size_t n) {
    batch(params, a->op, a->axon_type, a->rho, a->rho_threshold, a->v, a->spike, a->negative, a->draws_used,
          n);
}

int16_t gsp_truenorth_weight(int8_t sigma, uint8_t magnitude) {
    return (int16_t)(sigma * magnitude);
}

uint32_t gsp_truenorth_mask(uint8_t tm) {
    return (uint32_t)gsp_max_u(tm);
}

int32_t gsp_truenorth_reset_potential(int8_t sigma_vr, uint8_t vr) {
    return (int32_t)gsp_mul(sigma_vr, gsp_max_u(vr));
}

static bool is_sign(int8_t sigma) {
    return sigma == 1 || sigma == -1;
}

bool gsp_truenorth_decode(const gsp_truenorth_chip *c, gsp_truenorth_params *params,
                          gsp_truenorth_state *state) {
    bool legal = is_sign(c->sigma_lambda) && is_sign(c->sigma_vr) && c->tm <= 17 && c->vr <= V_WIDTH - 1 &&
                 gsp_fits_s(c->v, V_WIDTH);
    for (int g = 0; g < 4; g++)
        legal = legal && is_sign(c->sigma[g]);
    if (!legal)
        return false;

    gsp_truenorth_params p = *params;
    p.s0 = gsp_truenorth_weight(c->sigma[0], c->s[0]);
    p.s1 = gsp_truenorth_weight(c->sigma[1], c->s[1]);
    p.s2 = gsp_truenorth_weight(c->sigma[2], c->s[2]);
    p.s3 = gsp_truenorth_weight(c->sigma[3], c->s[3]);
    p.b0 = c->b[0];
    p.b1 = c->b[1];
    p.b2 = c->b[2];
    p.b3 = c->b[3];
    p.leak = gsp_truenorth_weight(c->sigma_lambda, c->lambda);
    p.leak_stochastic = c->c_lambda;
    p.epsilon = c->epsilon;
    p.kappa = c->kappa;
    p.alpha = c->alpha;
    p.beta = c->beta;
    p.mask = gsp_truenorth_mask(c->tm);
    p.gamma = c->gamma;
    p.r = gsp_truenorth_reset_potential(c->sigma_vr, c->vr);
    if (gsp_truenorth_check(&p) != 0)
        return false;
    *params = p;
    state->v = c->v;
    return true;
}

GSP_MODEL_ENTRIES(truenorth)
GSP_MODEL_STRETCH(truenorth, fields)
GSP_MODEL_BATCH(truenorth, GSP_ARRAY(truenorth, op), GSP_ARRAY(truenorth, axon_type),
                GSP_ARRAY(truenorth, rho), GSP_ARRAY(truenorth, rho_threshold), GSP_ARRAY(truenorth, v),
                GSP_ARRAY(truenorth, spike), GSP_ARRAY(truenorth, negative), GSP_ARRAY(truenorth, draws_used))

const gsp_model gsp_truenorth_model = {
    GSP_MODEL_HEAD(truenorth, fields),
    GSP_BATCH(truenorth),
    .stretch = truenorth_stretch,
    .title = "TrueNorth neuron, one operation per step",
    .source =
        "Cassidy et al., IJCNN 2013, as transcribed in public code that names the paper; random numbers are inputs",
    .presets = presets,
    .equations = equations,
    .check = check,
};
