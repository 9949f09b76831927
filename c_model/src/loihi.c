/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/loihi.h"

#include "goldenspike/fix.h"
#include "stretch.h"
#include "vector.h"

#define PARAM(name, ...) GSP_FIELD(GSP_PARAM, gsp_loihi_params, name, __VA_ARGS__)
#define INPUT(name, ...) GSP_FIELD(GSP_INPUT, gsp_loihi_in, name, __VA_ARGS__)
#define STATE(name, ...) GSP_FIELD(GSP_STATE, gsp_loihi_state, name, __VA_ARGS__)
#define OUTPUT(name, ...) GSP_FIELD(GSP_OUTPUT, gsp_loihi_out, name, __VA_ARGS__)
#define FLAG(name, ...) GSP_FIELD(GSP_FLAG, gsp_loihi_out, name, __VA_ARGS__)
#define INTERNAL(name, ...) \
    GSP_FIELD(GSP_INTERNAL, gsp_loihi_internal, name, .width = 64, .is_signed = true, __VA_ARGS__)
#define SIGNED(bits) .width = (bits), .is_signed = true

enum {
    U_BITS = 28, /* of the state u: s24 on the chip, more for lava's wrap */
    V_BITS = 24, /* of the chip's u and v registers */
    Q_BITS = 22, /* of the chip's input accumulator: 21 bits and sign */
    V_TOP = 1 << (V_BITS - 1),
    V_PERIOD = 1 << V_BITS,
    DECAY_BITS = 12,
    DECAY_ONE = 1 << DECAY_BITS,
    BIAS_EXP_MIN = -8,
    NOISE_FRACTION = 7, /* noise_exp 7 adds rnd itself */
};

enum { F_DECAY_U, F_ACT_SHIFT = 10, F_RESET_OFFSET = 21 };

static const gsp_field fields[] = {
    PARAM(decay_u, SIGNED(14), .min = -1, .max = 4096, .initial = 4095,
          .meaning = "u loses (decay_u + ds_offset)/4096 per step; chip 0..4095"),
    PARAM(decay_v, SIGNED(14), .min = 0, .max = 4096, .initial = 128,
          .meaning = "v loses (decay_v + dm_offset)/4096 per step; chip 0..4095"),
    PARAM(ds_offset, .width = 1, .initial = 1, .meaning = "added to decay_u; decay_u = -1 needs 1"),
    PARAM(dm_offset, .width = 1, .initial = 0, .meaning = "added to decay_v"),
    PARAM(vth, .width = 23, .initial = 6400,
          .meaning = "spike when v > vth: the full threshold, on the chip a multiple of 64"),
    PARAM(vth_lo, SIGNED(24), .initial = -6400, .meaning = "spike of -1 when v < vth_lo, if ternary"),
    PARAM(ternary, .width = 1, .meaning = "spikes are -1, 0, +1"),
    PARAM(bias_mant, SIGNED(13), .meaning = "bias = bias_mant * 2^bias_exp, floor"),
    PARAM(bias_exp, SIGNED(4), .meaning = "chip 0..7; below 0 only in lava"),
    PARAM(refract_delay, .width = 6, .initial = 1,
          .meaning = "n gives n - 1 steps of v = 0 after the spike; 0 as 1"),
    PARAM(act_shift, .width = 3, .min = 0, .max = 6, .meaning = "0 or 6: a_in << act_shift"),
    PARAM(q_wrap22, .width = 1, .initial = 1, .meaning = "q wraps to 22 bits"),
    PARAM(u_wrap, .width = 1, .labels = "tc|lava",
          .meaning = "u: low 24 bits sign-extended, or one +-2^24 above 2^23 and from -2^23 down"),
    PARAM(u2_wrap24, .width = 1, .initial = 1, .meaning = "u + bias wraps to 24 bits"),
    PARAM(vmin, SIGNED(24), .min = -V_TOP, .max = 0, .initial = 1 - V_TOP, .meaning = "least v"),
    PARAM(vmax, SIGNED(24), .min = 0, .max = V_TOP - 1, .initial = V_TOP - 1, .meaning = "greatest v"),
    PARAM(noise_enable, .width = 1, .meaning = "noise is added"),
    PARAM(noise_at_v, .width = 1, .labels = "q|v", .meaning = "where: to q, or to u + bias"),
    PARAM(noise_exp, .width = 4,
          .meaning = "noise = (rnd + 64 noise_offset) * 2^(noise_exp - 7), toward zero"),
    PARAM(noise_offset, SIGNED(8), .meaning = "mean of the noise, in units of 64 of rnd"),
    PARAM(reset_interval, .width = 16, .meaning = "u = v = 0 every so many steps; 0 off"),
    PARAM(reset_offset, .width = 16,
          .meaning = "in the steps t with t mod reset_interval = reset_offset; below reset_interval"),
    INPUT(a_in, SIGNED(24), .meaning = "synaptic input, before act_shift"),
    INPUT(rnd, SIGNED(8), .min = -127, .max = 127, .meaning = "random number of the step"),
    STATE(u, SIGNED(U_BITS), .meaning = "current; only u_wrap lava leaves s24"),
    STATE(v, SIGNED(V_BITS), .meaning = "voltage, vmin..vmax"),
    STATE(refractory_count, .width = 6, .meaning = "steps of v = 0 still to come"),
    STATE(reset_count, .width = 16, .meaning = "t mod reset_interval"),
    OUTPUT(spike, SIGNED(2), .min = -1, .max = 1, .meaning = "(v > vth) - (ternary and v < vth_lo)"),
    OUTPUT(v_readback, SIGNED(24),
           .meaning = "the chip's v register: max(refract_delay, 1) * 128 in the step of a spike, else v"),
    OUTPUT(q, SIGNED(31), .meaning = "input of the step after noise and wrap"),
    FLAG(q_overflow, .width = 1, .meaning = "q did not fit the chip's 22 bits before its wrap"),
    FLAG(u_overflow, .width = 1, .meaning = "u did not fit the chip's 24 bits before its wrap"),
    FLAG(u2_overflow, .width = 1, .meaning = "u + bias did not fit the chip's 24 bits before its wrap"),
    FLAG(v_clipped, .width = 1, .meaning = "v was clipped to vmin or vmax"),
    INTERNAL(noise, .meaning = "noise of the step"),
    INTERNAL(q_sum, .meaning = "(a_in << act_shift) + noise"),
    INTERNAL(u_decayed, .meaning = "dec(u)"),
    INTERNAL(u_sum, .meaning = "dec(u) + q"),
    INTERNAL(bias, .meaning = "bias_mant * 2^bias_exp, floor"),
    INTERNAL(u2_sum, .meaning = "u + bias + noise"),
    INTERNAL(x, .meaning = "u2_sum as added to v"),
    INTERNAL(v_decayed, .meaning = "dec(v)"),
    INTERNAL(v_sum, .meaning = "dec(v) + x"),
    INTERNAL(v_live, .meaning = "v before the reset by a spike"),
};

static const char *const equations[] = {
    "(1)  reset_count = reset_interval and reset_count + 1 < reset_interval ? reset_count + 1 : 0",
    "     reset_interval and reset_count = reset_offset:  u = v = 0",
    "(2)  noise  = noise_enable ? ((rnd + 64 noise_offset) * 2^(noise_exp - 7), toward zero) : 0",
    "(3)  q      = (a_in << act_shift) + (noise_at_v ? 0 : noise);   q_wrap22: wrap(q, 22)",
    "(4)  u      = dec(u, 4096 - decay_u - ds_offset) + q            dec(s, k) = s * k / 4096, exact product, toward zero",
    "(5)  u_wrap tc:   u = wrap(u, 24)",
    "     u_wrap lava: u > 2^23: u - 2^24;  u <= -2^23: u + 2^24;  then wrap(u, 28)",
    "(6)  x      = u + floor(bias_mant * 2^bias_exp) + (noise_at_v ? noise : 0);   u2_wrap24: wrap(x, 24)",
    "(7)  v      = clamp(dec(v, 4096 - decay_v - dm_offset) + x, vmin, vmax)",
    "(8)  refractory_count > 0:  v = 0",
    "(9)  spike  = (v > vth) - (ternary and v < vth_lo)              strict",
    "(10) spike: v = 0, refractory_count = refract_delay",
    "(11) refractory_count > 0:  refractory_count -= 1",
    "(12) v_readback = spike ? max(refract_delay, 1) * 128 : v",
    NULL,
};

static const gsp_preset presets[] = {
    {"loihi1",
     "act_shift=0 q_wrap22=1 u_wrap=tc u2_wrap24=1 ds_offset=1 dm_offset=0 vmin=-8388607 vmax=8388607",
     "the chip, as nengo-loihi emulates it; a_in in chip units (act_shift=6 feeds mantissas)"},
    {"lava",
     "act_shift=6 q_wrap22=0 u_wrap=lava u2_wrap24=0 ds_offset=1 dm_offset=0 vmin=-8388607 vmax=8388607",
     "lava's bit-accurate LIF, TernaryLIF (ternary=1) and LIFReset (reset_interval)"},
    {"brian2loihi",
     "act_shift=0 q_wrap22=0 u_wrap=tc u2_wrap24=0 ds_offset=1 dm_offset=0 bias_mant=0 vmin=-8388608 vmax=8388607",
     "brian2_loihi inside the registers' ranges, where alone it agrees with a chip; decay_u is its decay_I - 1"},
    {"lava_dl",
     "act_shift=6 q_wrap22=0 u_wrap=lava u2_wrap24=0 ds_offset=1 dm_offset=0 vmin=-8388607 vmax=8388607",
     "lava-dl's CUBA neuron; decay_u is its current decay - 1"},
    {NULL, NULL, NULL},
};

/* Constraints the table cannot state. */
static int check_between(const void *params) {
    const gsp_loihi_params *p = (const gsp_loihi_params *)params;
    if (p->decay_u + p->ds_offset < 0)
        return F_DECAY_U;
    if (p->act_shift != 0 && p->act_shift != 6)
        return F_ACT_SHIFT;
    /* lava takes the modulo when it builds the process; a divider per step would be dear in hardware. */
    if (p->reset_interval > 0 && p->reset_offset >= p->reset_interval)
        return F_RESET_OFFSET;
    return -1;
}

int gsp_loihi_check(const gsp_loihi_params *params) {
    return gsp_check(&gsp_loihi_model, params);
}

void gsp_loihi_reset(gsp_loihi_state *state, const gsp_loihi_params *params) {
    (void)params;
    state->u = 0;
    state->v = 0;
    state->refractory_count = 0;
    state->reset_count = 0;
}

/*
 * dec(s, k) = s * k / 4096 toward zero, k = -1..4096, in two shapes of one
 * value. The plain one is the contract (and the shape of the RTL).
 */
static inline int32_t decay_plain(int32_t s, int32_t k) {
    return (int32_t)gsp_exact_s(gsp_shr_zero(gsp_mul(s, k), DECAY_BITS), U_BITS);
}

/*
 * For vectors: s = high * 4096 + low with low = 0..4095, so that no product
 * needs more than 32 bits: |high| <= 2^15 and |k| <= 2^12. The floor of the
 * whole is high * k + floor(low * k / 4096); one more where it is negative and
 * not exact goes toward zero.
 */
static inline int32_t decay_split(int32_t s, int32_t k) {
    const int32_t high = gsp_mul32(gsp_shr_floor32(s, DECAY_BITS), k);
    const int32_t low = gsp_mul32(s & (DECAY_ONE - 1), k);
    const int32_t floor = gsp_add32(high, gsp_shr_floor32(low, DECAY_BITS));
    return floor + ((floor < 0) & ((low & (DECAY_ONE - 1)) != 0));
}

/* What does not change from neuron to neuron. */
typedef struct constants {
    int32_t k_u, k_v, bias;
} constants;

static inline constants constants_of(const gsp_loihi_params *p) {
    constants c;
    c.k_u = DECAY_ONE - p->decay_u - p->ds_offset;
    c.k_v = DECAY_ONE - p->decay_v - p->dm_offset;
    c.bias =
        (int32_t)gsp_shr_floor(gsp_shl(p->bias_mant, (unsigned)(p->bias_exp - BIAS_EXP_MIN)), -BIAS_EXP_MIN);
    return c;
}

static inline int32_t noise_of(const gsp_loihi_params *p, int32_t rnd) {
    const int64_t drawn = gsp_add(rnd, gsp_shl(p->noise_offset, 6));
    return p->noise_enable ? (int32_t)gsp_shr_zero(gsp_shl(drawn, p->noise_exp), NOISE_FRACTION) : 0;
}

/* Widths: q_sum s31, u_sum s32, u2_sum s30, v_sum s31; all fit 32-bit lanes. */
typedef struct intermediates {
    int32_t noise, q_sum, u_decayed, u_sum, u2_sum, x, v_decayed, v_sum, v_live;
} intermediates;

static inline __attribute__((always_inline)) intermediates step(const gsp_loihi_params *p, const constants *c,
                                                                int32_t noise, bool split,
                                                                const gsp_loihi_in *in,
                                                                gsp_loihi_state *state, gsp_loihi_out *out) {
    intermediates x;

    /* (1) */
    const int32_t count = state->reset_count + 1;
    const int32_t t = count < p->reset_interval ? count : 0;
    const bool clears = p->reset_interval > 0 && t == p->reset_offset;
    const int32_t u_old = clears ? 0 : state->u;
    const int32_t v_old = clears ? 0 : state->v;

    x.noise = noise; /* (2) */

    /* (3) */
    const int32_t a = (int32_t)gsp_shl(in->a_in, p->act_shift);
    x.q_sum = gsp_add32(a, p->noise_at_v ? 0 : x.noise);
    const int32_t q_wrapped = gsp_wrap32(x.q_sum, Q_BITS);
    const int32_t q = p->q_wrap22 ? q_wrapped : x.q_sum;

    /* (4) */
    x.u_decayed = split ? decay_split(u_old, c->k_u) : decay_plain(u_old, c->k_u);
    x.u_sum = gsp_add32(x.u_decayed, q);

    /* (5) lava compares with 2^23 on both sides, so that +2^23 stays and -2^23 becomes +2^23. */
    const int32_t u_tc = gsp_wrap32(x.u_sum, V_BITS);
    const int32_t u_once = x.u_sum > V_TOP     ? x.u_sum - V_PERIOD
                           : x.u_sum <= -V_TOP ? x.u_sum + V_PERIOD
                                               : x.u_sum;
    const int32_t u = p->u_wrap == GSP_LOIHI_WRAP_LAVA ? gsp_wrap32(u_once, U_BITS) : u_tc;

    /* (6) */
    x.u2_sum = gsp_add32(gsp_add32(u, c->bias), p->noise_at_v ? x.noise : 0);
    const int32_t x_wrapped = gsp_wrap32(x.u2_sum, V_BITS);
    x.x = p->u2_wrap24 ? x_wrapped : x.u2_sum;

    /* (7) */
    x.v_decayed = split ? decay_split(v_old, c->k_v) : decay_plain(v_old, c->k_v);
    x.v_sum = gsp_add32(x.v_decayed, x.x);
    const int32_t v_clamped = x.v_sum < p->vmin ? p->vmin : x.v_sum > p->vmax ? p->vmax : x.v_sum;

    x.v_live = state->refractory_count > 0 ? 0 : v_clamped; /* (8) */

    /* (9) */
    const int32_t high = x.v_live > p->vth;
    const int32_t low = p->ternary & (x.v_live < p->vth_lo);
    const int32_t spike = high - low;

    /* (10), (11) */
    const int32_t refractory = spike != 0 ? p->refract_delay : state->refractory_count;
    const int32_t v = spike != 0 ? 0 : x.v_live;
    state->u = u;
    state->v = v;
    state->refractory_count = (uint8_t)(refractory > 0 ? refractory - 1 : 0);
    state->reset_count = (uint16_t)t;

    out->spike = (int8_t)spike;
    out->v_readback = spike != 0 ? (p->refract_delay > 0 ? p->refract_delay : 1) * 128 : v; /* (12) */
    out->q = q;
    out->q_overflow = x.q_sum != q_wrapped;
    out->u_overflow = x.u_sum != u_tc;
    out->u2_overflow = x.u2_sum != x_wrapped;
    out->v_clipped = x.v_sum != v_clamped;
    return x;
}

void gsp_loihi_step(const gsp_loihi_params *params, const gsp_loihi_in *in, gsp_loihi_state *state,
                    gsp_loihi_out *out) {
    const constants c = constants_of(params);
    (void)step(params, &c, noise_of(params, in->rnd), false, in, state, out);
}

void gsp_loihi_explain(const gsp_loihi_params *params, const gsp_loihi_in *in, gsp_loihi_state *state,
                       gsp_loihi_out *out, gsp_loihi_internal *internal) {
    const constants c = constants_of(params);
    const intermediates x = step(params, &c, noise_of(params, in->rnd), false, in, state, out);
    internal->noise = x.noise;
    internal->q_sum = x.q_sum;
    internal->u_decayed = x.u_decayed;
    internal->u_sum = x.u_sum;
    internal->bias = c.bias;
    internal->u2_sum = x.u2_sum;
    internal->x = x.x;
    internal->v_decayed = x.v_decayed;
    internal->v_sum = x.v_sum;
    internal->v_live = x.v_live;
}

/* Only restrict PARAMETERS let the compiler drop its run-time alias tests. */
#define BATCH(name, noise)                                                                                   \
    GSP_VECTOR_CLONES static void name(const gsp_loihi_params *params, const int32_t *restrict a_in,         \
                                       const int8_t *restrict rnd, int32_t *restrict u, int32_t *restrict v, \
                                       uint8_t *restrict refractory_count, uint16_t *restrict reset_count,   \
                                       int8_t *restrict spike, size_t n) {                                   \
        const gsp_loihi_params p = *params;                                                                  \
        const constants c = constants_of(&p);                                                                \
        for (size_t k = 0; k < n; k++) {                                                                     \
            const gsp_loihi_in in = {a_in[k], rnd[k]};                                                       \
            gsp_loihi_state state = {u[k], v[k], refractory_count[k], reset_count[k]};                       \
            gsp_loihi_out out;                                                                               \
            (void)step(&p, &c, (noise), true, &in, &state, &out);                                            \
            u[k] = state.u;                                                                                  \
            v[k] = state.v;                                                                                  \
            refractory_count[k] = state.refractory_count;                                                    \
            reset_count[k] = state.reset_count;                                                              \
            spike[k] = out.spike;                                                                            \
        }                                                                                                    \
    }
BATCH(batch_noisy, noise_of(&p, in.rnd))
BATCH(batch_quiet, 0)

void gsp_loihi_batch(const gsp_loihi_params *params, const gsp_loihi_arrays *a, size_t n) {
    (params->noise_enable ? batch_noisy : batch_quiet)(params, a->a_in, a->rnd, a->u, a->v,
                                                       a->refractory_count, a->reset_count, a->spike, n);
}

int gsp_loihi_synapse_check(const gsp_loihi_synapse *synapse) {
    if (synapse->bits_code > 7)
        return 1;
    if (synapse->sign_mode < GSP_LOIHI_MIXED || synapse->sign_mode > GSP_LOIHI_INHIBITORY)
        return 2;
    return synapse->weight_exp < -8 || synapse->weight_exp > 7 ? 3 : 0;
}

unsigned gsp_loihi_mantissa_bits(const gsp_loihi_synapse *synapse) {
    return synapse->bits_code == 7 ? 8 : synapse->bits_code;
}

unsigned gsp_loihi_mantissa_shift(const gsp_loihi_synapse *synapse) {
    /* The sign of a mixed mantissa takes one of its bits; 8-bit units are kept by one shift more. */
    return 8 - gsp_loihi_mantissa_bits(synapse) + (synapse->sign_mode == GSP_LOIHI_MIXED);
}

void gsp_loihi_mantissa_range(const gsp_loihi_synapse *synapse, int *min, int *max) {
    const int values = 1 << gsp_loihi_mantissa_bits(synapse);
    const bool mixed = synapse->sign_mode == GSP_LOIHI_MIXED;
    *min = mixed ? -(values / 2) : synapse->sign_mode == GSP_LOIHI_INHIBITORY ? 1 - values : 0;
    *max = mixed ? (values - 1) / 2 : synapse->sign_mode == GSP_LOIHI_EXCITATORY ? values - 1 : 0;
}

gsp_loihi_weight gsp_loihi_weight_decode(const gsp_loihi_synapse *synapse, int mantissa) {
    const int64_t w8 = gsp_shl(mantissa, gsp_loihi_mantissa_shift(synapse));
    const int exponent = (int)synapse->weight_exp;
    /* The shift to the right is made per synapse, and its lost bits are lost. */
    const int64_t scaled =
        exponent >= 0 ? gsp_shl(w8, (unsigned)exponent) : gsp_shr_floor(w8, (unsigned)-exponent);
    const int64_t limit = (INT64_C(1) << (Q_BITS - 1)) - 64;
    gsp_loihi_weight result;
    result.w8 = (int16_t)w8;
    result.weight = (int32_t)gsp_clamp(gsp_shl(scaled, 6), -limit, limit);
    return result;
}

GSP_MODEL_ENTRIES(loihi)
GSP_MODEL_STRETCH(loihi, fields)
GSP_MODEL_BATCH(loihi, GSP_ARRAY(loihi, a_in), GSP_ARRAY(loihi, rnd), GSP_ARRAY(loihi, u),
                GSP_ARRAY(loihi, v), GSP_ARRAY(loihi, refractory_count), GSP_ARRAY(loihi, reset_count),
                GSP_ARRAY(loihi, spike))

const gsp_model gsp_loihi_model = {
    GSP_MODEL_HEAD(loihi, fields),
    GSP_BATCH(loihi),
    .stretch = loihi_stretch,
    .title = "current-based leaky integrate-and-fire neuron of Intel Loihi",
    .source = "lava-nc/lava PyLifModelBitAcc, PyTernLifModelFixed, PyLifResetModelBitAcc; nengo/nengo-loihi "
              "CompartmentState; Davies et al., IEEE Micro 38(1), 2018; a Loihi 2 recording of the NIR paper",
    .presets = presets,
    .equations = equations,
    .check = check_between,
    .encoder = &gsp_loihi_encoder,
};
