/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loihi_rf_iz: the resonate-and-fire neuron of the Loihi 2 family with
 * Izhikevich's spike and reset.
 *
 * The state turns as in loihi_rf; the neuron spikes where im reaches the
 * threshold and is then put to re = 0, im = vth - 1.
 *
 * The numbered step, a source for each line and the corner cases are in
 * docs/models/loihi_rf_iz.md.
 *
 * Argument order: step(params, in, state, out[, internal]), reset(state, params).
 */
#ifndef GOLDENSPIKE_LOIHI_RF_IZ_H
#define GOLDENSPIKE_LOIHI_RF_IZ_H

#include <stddef.h>
#include <stdint.h>

#include "goldenspike/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gsp_loihi_rf_iz_params {
    int32_t cos_decay;  /* (1 - alpha) * cos(2 pi / period), times 2^decay_bits */
    int32_t sin_decay;  /* (1 - alpha) * sin(2 pi / period), times 2^decay_bits */
    uint8_t decay_bits; /* b, 0..16: fraction bits of the two decays */
    uint8_t state_exp;  /* e, inputs are shifted left by it */
    int32_t vth;        /* threshold, in units of the state */
} gsp_loihi_rf_iz_params;

typedef struct gsp_loihi_rf_iz_in {
    int32_t a_re; /* real input, before the shift by state_exp */
    int32_t a_im; /* imaginary input, before the shift by state_exp */
} gsp_loihi_rf_iz_in;

typedef struct gsp_loihi_rf_iz_state {
    int32_t re; /* real part, within +-(2^23 - 1) */
    int32_t im; /* imaginary part, within +-(2^23 - 1) */
} gsp_loihi_rf_iz_state;

typedef struct gsp_loihi_rf_iz_out {
    uint8_t spike; /* 1 where im_next >= vth */
} gsp_loihi_rf_iz_out;

/* Intermediates of one step. */
typedef struct gsp_loihi_rf_iz_internal {
    int64_t re_cos;  /* tz(cos_decay * re, b) */
    int64_t im_sin;  /* tz(sin_decay * im, b) */
    int64_t re_sin;  /* tz(sin_decay * re, b) */
    int64_t im_cos;  /* tz(cos_decay * im, b) */
    int64_t re_sum;  /* re_cos - im_sin + (a_re << e) */
    int64_t im_sum;  /* re_sin + im_cos + (a_im << e) */
    int64_t re_next; /* re_sum clipped to +-(2^23 - 1) */
    int64_t im_next; /* im_sum clipped to +-(2^23 - 1) */
} gsp_loihi_rf_iz_internal;

extern const gsp_model gsp_loihi_rf_iz_model;

/* 0, or 1 + the index in gsp_loihi_rf_iz_model.fields of the first illegal field. */
int gsp_loihi_rf_iz_check(const gsp_loihi_rf_iz_params *params);
/* re = im = 0. */
void gsp_loihi_rf_iz_reset(gsp_loihi_rf_iz_state *state, const gsp_loihi_rf_iz_params *params);
/* One step. Total for params that pass gsp_loihi_rf_iz_check and inputs and state within their ranges. */
void gsp_loihi_rf_iz_step(const gsp_loihi_rf_iz_params *params, const gsp_loihi_rf_iz_in *in,
                          gsp_loihi_rf_iz_state *state, gsp_loihi_rf_iz_out *out);
/* The same step, keeping its intermediates. */
void gsp_loihi_rf_iz_explain(const gsp_loihi_rf_iz_params *params, const gsp_loihi_rf_iz_in *in,
                             gsp_loihi_rf_iz_state *state, gsp_loihi_rf_iz_out *out,
                             gsp_loihi_rf_iz_internal *internal);

/*
 * One step of n neurons that share their parameters; bit-equal to n calls of
 * gsp_loihi_rf_iz_step. Arrays hold n elements each and must not overlap.
 */
typedef struct gsp_loihi_rf_iz_arrays {
    const int32_t *a_re, *a_im;
    int32_t *re, *im;
    uint8_t *spike;
} gsp_loihi_rf_iz_arrays;

void gsp_loihi_rf_iz_batch(const gsp_loihi_rf_iz_params *params, const gsp_loihi_rf_iz_arrays *arrays,
                           size_t n);

#ifdef __cplusplus
}
#endif
#endif
