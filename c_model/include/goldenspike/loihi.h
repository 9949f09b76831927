/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loihi: the current-based leaky integrate-and-fire neuron of Intel's Loihi
 * (Loihi 1, and the built-in neuron of Loihi 2).
 *
 * One parameterised step is lava's bit-accurate classes (LIF, TernaryLIF,
 * LIFReset) or nengo-loihi's chip emulator, by configuration. The numbered
 * step, a source for each line and what is not public are in
 * docs/models/loihi.md.
 *
 * Argument order: step(params, in, state, out[, internal]), reset(state, params).
 * The defaults below are those of the preset loihi1.
 */
#ifndef GOLDENSPIKE_LOIHI_H
#define GOLDENSPIKE_LOIHI_H

#include <stddef.h>
#include <stdint.h>

#include "goldenspike/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How u is wrapped to its register. */
enum { GSP_LOIHI_WRAP_TC = 0, GSP_LOIHI_WRAP_LAVA = 1 };

typedef struct gsp_loihi_params {
    int16_t decay_u;   /* u loses (decay_u + ds_offset)/4096 a step; -1..4096, chip 0..4095; default 4095 */
    int16_t decay_v;   /* v loses (decay_v + dm_offset)/4096 a step; 0..4096, chip 0..4095; default 128 */
    uint8_t ds_offset; /* 0 or 1, added to decay_u; default 1. decay_u = -1 needs 1 */
    uint8_t dm_offset; /* 0 or 1, added to decay_v; default 0 */
    int32_t vth;       /* full threshold, 0..8388607; on the chip a multiple of 64; default 6400 */
    int32_t vth_lo;    /* s24, lower threshold of a ternary neuron; default -6400 */
    uint8_t ternary;   /* 1: spikes are -1, 0, +1 */
    int16_t bias_mant; /* s13 */
    int8_t bias_exp;   /* bias = bias_mant * 2^bias_exp, floor; -8..7, chip 0..7 */
    uint8_t refract_delay;   /* n: n - 1 steps with v = 0 after the spike; 0..63, 0 as 1; default 1 */
    uint8_t act_shift;       /* 0 or 6: a_in << act_shift; default 0 */
    uint8_t q_wrap22;        /* 1: q wraps to the accumulator's 22 bits; default 1 */
    uint8_t u_wrap;          /* 0 tc: sign-extends the low 24 bits; 1 lava: one +-2^24; default 0 */
    uint8_t u2_wrap24;       /* 1: u + bias wraps to 24 bits; default 1 */
    int32_t vmin;            /* -8388608..0, default -8388607 */
    int32_t vmax;            /* 0..8388607, default 8388607 */
    uint8_t noise_enable;    /* 1: noise is added */
    uint8_t noise_at_v;      /* 0: to q; 1: to u + bias */
    uint8_t noise_exp;       /* 0..15 */
    int8_t noise_offset;     /* in units of 64 of rnd */
    uint16_t reset_interval; /* u = v = 0 every so many steps; 0 off */
    uint16_t reset_offset; /* in the steps t with t mod reset_interval = reset_offset; below reset_interval */
} gsp_loihi_params;

typedef struct gsp_loihi_in {
    int32_t a_in; /* s24: synaptic input of the step, scaled by 2^act_shift */
    int8_t rnd;   /* -127..127: the random number of the step; the chip's generator is not public */
} gsp_loihi_in;

typedef struct gsp_loihi_state {
    int32_t u;                /* s28: current. Only u_wrap lava leaves s24 */
    int32_t v;                /* s24: voltage, vmin..vmax */
    uint8_t refractory_count; /* u6: steps with v = 0 still to come */
    uint16_t reset_count;     /* u16: t mod reset_interval */
} gsp_loihi_state;

typedef struct gsp_loihi_out {
    int8_t spike;        /* -1, 0, +1 */
    int32_t v_readback;  /* s24: what the chip's v register shows */
    int32_t q;           /* s31: input of the step after noise and wrap */
    uint8_t q_overflow;  /* q left the chip's 22 bits before the wrap */
    uint8_t u_overflow;  /* u left the chip's 24 bits before the wrap */
    uint8_t u2_overflow; /* u + bias left the chip's 24 bits before the wrap */
    uint8_t v_clipped;   /* v was clipped to vmin or vmax */
} gsp_loihi_out;

typedef struct gsp_loihi_internal {
    int64_t noise;     /* of the step, 0 when disabled */
    int64_t q_sum;     /* (a_in << act_shift) + noise */
    int64_t u_decayed; /* dec(u) */
    int64_t u_sum;     /* dec(u) + q */
    int64_t bias;      /* bias_mant * 2^bias_exp, floor */
    int64_t u2_sum;    /* u + bias + noise */
    int64_t x;         /* u2_sum as added to v */
    int64_t v_decayed; /* dec(v) */
    int64_t v_sum;     /* dec(v) + x */
    int64_t v_live;    /* v before the reset by a spike */
} gsp_loihi_internal;

extern const gsp_model gsp_loihi_model;
/* Membrane equation in ms, mV, MOhm, nA. */
extern const struct gsp_encoder gsp_loihi_encoder;

/* 0, or 1 + the index in gsp_loihi_model.fields of the first illegal field. */
int gsp_loihi_check(const gsp_loihi_params *params);
/* Every state field 0; the next step is t = 1. */
void gsp_loihi_reset(gsp_loihi_state *state, const gsp_loihi_params *params);
/* One step. Total for params that pass gsp_loihi_check and inputs and state within their ranges. */
void gsp_loihi_step(const gsp_loihi_params *params, const gsp_loihi_in *in, gsp_loihi_state *state,
                    gsp_loihi_out *out);
/* The same step, keeping its intermediates. */
void gsp_loihi_explain(const gsp_loihi_params *params, const gsp_loihi_in *in, gsp_loihi_state *state,
                       gsp_loihi_out *out, gsp_loihi_internal *internal);

/*
 * One step of n neurons that share their parameters; bit-equal to n calls of
 * gsp_loihi_step. Arrays hold n elements each and must not overlap.
 */
typedef struct gsp_loihi_arrays {
    const int32_t *a_in;
    const int8_t *rnd;
    int32_t *u, *v;
    uint8_t *refractory_count;
    uint16_t *reset_count;
    int8_t *spike;
} gsp_loihi_arrays;

void gsp_loihi_batch(const gsp_loihi_params *params, const gsp_loihi_arrays *arrays, size_t n);

/* Synaptic weights: what the chip makes of a stored mantissa. */

enum { GSP_LOIHI_MIXED = 1, GSP_LOIHI_EXCITATORY = 2, GSP_LOIHI_INHIBITORY = 3 };

typedef struct gsp_loihi_synapse {
    uint8_t bits_code; /* 0..7: the mantissa has 0, 1, 2, 3, 4, 5, 6, 8 bits */
    uint8_t sign_mode; /* GSP_LOIHI_MIXED, _EXCITATORY or _INHIBITORY */
    int8_t weight_exp; /* -8..7 */
} gsp_loihi_synapse;

typedef struct gsp_loihi_weight {
    int16_t w8;     /* the weight in 8-bit units, -256..255 */
    int32_t weight; /* what one spike adds to q: +-(2^21 - 64), a multiple of 64 */
} gsp_loihi_weight;

/* 0; 1, 2, 3 when bits_code, sign_mode, weight_exp is illegal. */
int gsp_loihi_synapse_check(const gsp_loihi_synapse *synapse);
/* Bits of the mantissa: 0, 1, 2, 3, 4, 5, 6, 8. */
unsigned gsp_loihi_mantissa_bits(const gsp_loihi_synapse *synapse);
/* Zero bits the chip puts below the mantissa to make 8-bit units. */
unsigned gsp_loihi_mantissa_shift(const gsp_loihi_synapse *synapse);
/* The mantissas that such a synapse can store: *min..*max. */
void gsp_loihi_mantissa_range(const gsp_loihi_synapse *synapse, int *min, int *max);
/* The weight of a mantissa within that range; rtl/loihi/gsp_loihi_weight.v is its twin. */
gsp_loihi_weight gsp_loihi_weight_decode(const gsp_loihi_synapse *synapse, int mantissa);

#ifdef __cplusplus
}
#endif
#endif
