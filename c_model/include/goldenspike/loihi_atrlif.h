/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loihi_atrlif: the leaky integrate-and-fire neuron of the Loihi 2 family
 * with an adaptive threshold and relative refractoriness.
 *
 * A spike raises the threshold th by th_step and the refractory state r by
 * twice the threshold; both decay. The voltage v is not reset.
 *
 * The numbered step, a source for each line and the corner cases are in
 * docs/models/loihi_atrlif.md.
 *
 * Argument order: step(params, in, state, out[, internal]), reset(state, params).
 */
#ifndef GOLDENSPIKE_LOIHI_ATRLIF_H
#define GOLDENSPIKE_LOIHI_ATRLIF_H

#include <stddef.h>
#include <stdint.h>

#include "goldenspike/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gsp_loihi_atrlif_params {
    uint16_t delta_i;      /* decay of i in 1/4096, 0..4096; one more 1/4096 is added */
    uint16_t delta_i_frac; /* fraction of delta_i, in 1/65536 of its unit */
    uint16_t delta_v;      /* decay of v in 1/4096, 0..4096 */
    uint16_t delta_theta;  /* decay of th toward th0 in 1/4096, 0..4096 */
    uint16_t delta_r;      /* decay of r in 1/4096, 0..4096 */
    int32_t th0;           /* resting threshold, in units of v */
    int32_t th_step;       /* added to th by a spike, in units of v */
    int16_t bias_mant;     /* mantissa of the bias */
    int8_t bias_exp;       /* exponent of the bias; negative: floor shift to the right */
} gsp_loihi_atrlif_params;

typedef struct gsp_loihi_atrlif_in {
    int32_t a_in; /* synaptic input before the shift by 6, within +-2^17 */
} gsp_loihi_atrlif_in;

typedef struct gsp_loihi_atrlif_state {
    int32_t i;  /* current, -(2^23 - 1)..2^23: the upper end is what lava's wrap leaves */
    int32_t v;  /* voltage, within +-(2^23 - 1); not reset by a spike */
    int32_t th; /* threshold, th0 after reset */
    int32_t r;  /* refractory state, subtracted from v in the compare */
} gsp_loihi_atrlif_state;

typedef struct gsp_loihi_atrlif_out {
    uint8_t spike; /* v - r >= th */
} gsp_loihi_atrlif_out;

/* Intermediates of one step. */
typedef struct gsp_loihi_atrlif_internal {
    int64_t ki;         /* decay factor of i, times 2^28 */
    int64_t i_sum;      /* decayed i + a_in * 64, before lava's wrap */
    int64_t bias;       /* bias_mant scaled by bias_exp */
    int64_t v_sum;      /* decayed v + i + bias, before the clip */
    int64_t th_decayed; /* threshold of the compare */
    int64_t r_decayed;  /* refractory state of the compare */
    int64_t margin;     /* v - r_decayed - th_decayed, exact: spikes where it is not negative */
} gsp_loihi_atrlif_internal;

extern const gsp_model gsp_loihi_atrlif_model;

/* 0, or 1 + the index in gsp_loihi_atrlif_model.fields of the first illegal field. */
int gsp_loihi_atrlif_check(const gsp_loihi_atrlif_params *params);
/* i = v = r = 0, th = th0. */
void gsp_loihi_atrlif_reset(gsp_loihi_atrlif_state *state, const gsp_loihi_atrlif_params *params);
/* One step. Total for params that pass gsp_loihi_atrlif_check and inputs and state within their ranges. */
void gsp_loihi_atrlif_step(const gsp_loihi_atrlif_params *params, const gsp_loihi_atrlif_in *in,
                           gsp_loihi_atrlif_state *state, gsp_loihi_atrlif_out *out);
/* The same step, keeping its intermediates. */
void gsp_loihi_atrlif_explain(const gsp_loihi_atrlif_params *params, const gsp_loihi_atrlif_in *in,
                              gsp_loihi_atrlif_state *state, gsp_loihi_atrlif_out *out,
                              gsp_loihi_atrlif_internal *internal);

/*
 * One step of n neurons that share their parameters; bit-equal to n calls of
 * gsp_loihi_atrlif_step. Arrays hold n elements each and must not overlap.
 */
typedef struct gsp_loihi_atrlif_arrays {
    const int32_t *a_in;
    int32_t *i, *v, *th, *r;
    uint8_t *spike;
} gsp_loihi_atrlif_arrays;

void gsp_loihi_atrlif_batch(const gsp_loihi_atrlif_params *params, const gsp_loihi_atrlif_arrays *arrays,
                            size_t n);

#ifdef __cplusplus
}
#endif
#endif
