/* SPDX-License-Identifier: Apache-2.0 */
/*
 * truenorth: the digital neuron of Cassidy et al., IJCNN 2013.
 *
 * One step is one operation: a synaptic event, or the leak, threshold and
 * reset that end a tick. A tick is its events in ascending axon order and then
 * one GSP_TRUENORTH_TICK. The chip's random generator is not public, so every
 * random number is an input; truenorth_lfsr.h has a replaceable source. The
 * numbered step, a source for each line and the corner cases are in
 * docs/models/truenorth.md.
 *
 * Argument order: step(params, in, state, out[, internal]), reset(state, params).
 */
#ifndef GOLDENSPIKE_TRUENORTH_H
#define GOLDENSPIKE_TRUENORTH_H

#include <stddef.h>
#include <stdint.h>

#include "goldenspike/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Operations: the input `op`. */
enum { GSP_TRUENORTH_IDLE = 0, GSP_TRUENORTH_EVENT = 1, GSP_TRUENORTH_TICK = 2 };

/* What happens to v at a threshold: the param `gamma`. */
enum { GSP_TRUENORTH_RESET_TO = 0, GSP_TRUENORTH_RESET_LINEAR = 1, GSP_TRUENORTH_RESET_NONE = 2 };

/* How v is limited: the param `overflow`. */
enum { GSP_TRUENORTH_SATURATE = 0, GSP_TRUENORTH_WRAP = 1, GSP_TRUENORTH_NEMO = 2 };

/* Bits of the flag `draws_used`, in the order in which one stream of numbers serves them. */
enum { GSP_TRUENORTH_DREW_RHO = 1, GSP_TRUENORTH_DREW_THRESHOLD = 2 };

typedef struct gsp_truenorth_params {
    int16_t s0, s1, s2, s3;  /* weight of an event of axon type 0..3, -255..255 */
    int16_t leak;            /* lambda, added once per tick, -255..255 */
    uint8_t b0, b1, b2, b3;  /* 1: the weight of that type is a probability of +-1 */
    uint8_t leak_stochastic; /* c: 1: leak is a probability of +-1 */
    uint8_t epsilon;         /* leak reversal: 1: the leak has the sign of v, none at v = 0 */
    uint8_t kappa;           /* negative saturation: 1: v stops at -beta, 0: it is reset as gamma says */
    uint8_t gamma;           /* 0 to r, 1 linear, 2 none */
    uint8_t overflow;        /* 0 saturate, 1 wrap, 2 NeMo's clamp */
    uint8_t ringing_rule;    /* 1: a reversed leak that crosses zero stops at zero */
    uint8_t negative_le;     /* 1: the negative threshold is met at equality already */
    uint32_t alpha;          /* threshold, u18 */
    uint32_t beta;           /* negative threshold, acts at -beta, u18 */
    uint32_t mask;           /* threshold noise mask, 2^TM - 1, TM 0..17 */
    int32_t r;               /* reset potential, -(2^19 - 1)..2^19 - 1 */
} gsp_truenorth_params;

typedef struct gsp_truenorth_in {
    uint8_t op;             /* 0 idle, 1 synaptic event, 2 tick */
    uint8_t axon_type;      /* type of the event's axon, 0..3 */
    uint8_t rho;            /* random byte for a stochastic weight or leak */
    uint32_t rho_threshold; /* random number for the threshold, u17, masked by `mask` */
} gsp_truenorth_in;

typedef struct gsp_truenorth_state {
    int32_t v; /* membrane potential, s20, 0 after reset */
} gsp_truenorth_state;

typedef struct gsp_truenorth_out {
    uint8_t spike;      /* the tick reached the threshold */
    uint8_t negative;   /* the tick went below the negative threshold */
    uint8_t draws_used; /* random numbers this operation consumed: bit 0 rho, bit 1 rho_threshold */
} gsp_truenorth_out;

/* Intermediates of one operation; v_leak and eta are zero outside a tick. */
typedef struct gsp_truenorth_internal {
    int64_t inc;    /* what was added to v, after the leak's reversal */
    int64_t v_leak; /* l: v after the leak, its limit and the ringing rule */
    int64_t eta;    /* threshold noise */
} gsp_truenorth_internal;

extern const gsp_model gsp_truenorth_model;

/* 0, or 1 + the index in gsp_truenorth_model.fields of the first illegal field. */
int gsp_truenorth_check(const gsp_truenorth_params *params);
/* v = 0. */
void gsp_truenorth_reset(gsp_truenorth_state *state, const gsp_truenorth_params *params);
/* One operation. Total for params that pass gsp_truenorth_check and inputs and state within their ranges. */
void gsp_truenorth_step(const gsp_truenorth_params *params, const gsp_truenorth_in *in,
                        gsp_truenorth_state *state, gsp_truenorth_out *out);
/* The same operation, keeping its intermediates. */
void gsp_truenorth_explain(const gsp_truenorth_params *params, const gsp_truenorth_in *in,
                           gsp_truenorth_state *state, gsp_truenorth_out *out,
                           gsp_truenorth_internal *internal);
/*
 * The random numbers an operation will consume, as in `draws_used`. It depends
 * on no random number, so that a source can ask before it draws.
 */
uint8_t gsp_truenorth_draws(const gsp_truenorth_params *params, uint8_t op, uint8_t axon_type);

/*
 * One operation of each of n neurons that share their parameters; bit-equal
 * to n calls of gsp_truenorth_step. Arrays hold n elements each and must not
 * overlap.
 */
typedef struct gsp_truenorth_arrays {
    const uint8_t *op, *axon_type, *rho;
    const uint32_t *rho_threshold;
    int32_t *v;
    uint8_t *spike, *negative, *draws_used;
} gsp_truenorth_arrays;

void gsp_truenorth_batch(const gsp_truenorth_params *params, const gsp_truenorth_arrays *arrays, size_t n);

/*
 * A neuron as the chip's tools write it (the names of pytruenorth): signs
 * apart from magnitudes, the mask as a number of bits, the reset potential as
 * an exponent.
 */
typedef struct gsp_truenorth_chip {
    int8_t sigma[4];      /* sign of the weight, -1 or +1 */
    uint8_t s[4];         /* its magnitude */
    uint8_t b[4];         /* 0 or 1 */
    int8_t sigma_lambda;  /* sign of the leak, -1 or +1 */
    uint8_t lambda;       /* its magnitude */
    uint8_t c_lambda;     /* 0 or 1 */
    uint8_t epsilon;      /* 0 or 1 */
    uint32_t alpha, beta; /* 0..2^18 - 1 */
    uint8_t tm;           /* TM, bits of threshold noise, 0..17 */
    uint8_t gamma;        /* 0..2 */
    uint8_t kappa;        /* 0 or 1 */
    int8_t sigma_vr;      /* sign of the reset potential, -1 or +1 */
    uint8_t vr;           /* VR, 0..19: its magnitude is 2^VR - 1 */
    int32_t v;            /* initial potential */
} gsp_truenorth_chip;

/* sigma * magnitude: a weight or the leak. */
int16_t gsp_truenorth_weight(int8_t sigma, uint8_t magnitude);
/* 2^tm - 1 for tm 0..17: the mask of TM bits of threshold noise. */
uint32_t gsp_truenorth_mask(uint8_t tm);
/* sigma_vr * (2^vr - 1) for vr 0..19: the reset potential. */
int32_t gsp_truenorth_reset_potential(int8_t sigma_vr, uint8_t vr);
/*
 * Fills params and state; the options overflow, ringing_rule and negative_le,
 * which the chip's encoding does not have, are left as they are. False, with
 * nothing changed, when a sign is not +-1 or a value is outside its range.
 */
bool gsp_truenorth_decode(const gsp_truenorth_chip *chip, gsp_truenorth_params *params,
                          gsp_truenorth_state *state);

#ifdef __cplusplus
}
#endif
#endif
