/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loihi_norm_vec: the normalisation vector of the Loihi 2 family (lava's
 * NormVecDelay).
 *
 * It sends the square of its first input, and its first input of the step
 * before times the second input where that exceeds a threshold.
 *
 * The numbered step, a source for each line and the corner cases are in
 * docs/models/loihi_norm_vec.md.
 *
 * Argument order: step(params, in, state, out[, internal]), reset(state, params).
 */
#ifndef GOLDENSPIKE_LOIHI_NORM_VEC_H
#define GOLDENSPIKE_LOIHI_NORM_VEC_H

#include <stddef.h>
#include <stdint.h>

#include "goldenspike/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gsp_loihi_norm_vec_params {
    int32_t vth; /* threshold that the magnitude of the product must exceed */
} gsp_loihi_norm_vec_params;

typedef struct gsp_loihi_norm_vec_in {
    int32_t a_in1; /* value to be normalised */
    int32_t a_in2; /* factor, usually the inverse square root */
} gsp_loihi_norm_vec_in;

typedef struct gsp_loihi_norm_vec_state {
    int32_t v; /* a_in1 of the last step */
} gsp_loihi_norm_vec_state;

typedef struct gsp_loihi_norm_vec_out {
    int32_t spike;  /* graded: v of before the step times a_in2 where it is sent, else 0 */
    int32_t s2_out; /* a_in1 squared, wrapped to 32 bits */
} gsp_loihi_norm_vec_out;

/* Intermediates of one step. */
typedef struct gsp_loihi_norm_vec_internal {
    int64_t product; /* int32(v * a_in2), v of the step before */
} gsp_loihi_norm_vec_internal;

extern const gsp_model gsp_loihi_norm_vec_model;

/* 0, or 1 + the index in gsp_loihi_norm_vec_model.fields of the first illegal field. */
int gsp_loihi_norm_vec_check(const gsp_loihi_norm_vec_params *params);
/* v = 0. */
void gsp_loihi_norm_vec_reset(gsp_loihi_norm_vec_state *state, const gsp_loihi_norm_vec_params *params);
/* One step. Total for params that pass gsp_loihi_norm_vec_check and inputs and state within their ranges. */
void gsp_loihi_norm_vec_step(const gsp_loihi_norm_vec_params *params, const gsp_loihi_norm_vec_in *in,
                             gsp_loihi_norm_vec_state *state, gsp_loihi_norm_vec_out *out);
/* The same step, keeping its intermediates. */
void gsp_loihi_norm_vec_explain(const gsp_loihi_norm_vec_params *params, const gsp_loihi_norm_vec_in *in,
                                gsp_loihi_norm_vec_state *state, gsp_loihi_norm_vec_out *out,
                                gsp_loihi_norm_vec_internal *internal);

/*
 * One step of n neurons that share their parameters; bit-equal to n calls of
 * gsp_loihi_norm_vec_step. Arrays hold n elements each and must not overlap.
 */
typedef struct gsp_loihi_norm_vec_arrays {
    const int32_t *a_in1, *a_in2;
    int32_t *v;
    int32_t *spike, *s2_out;
} gsp_loihi_norm_vec_arrays;

void gsp_loihi_norm_vec_batch(const gsp_loihi_norm_vec_params *params,
                              const gsp_loihi_norm_vec_arrays *arrays, size_t n);

#ifdef __cplusplus
}
#endif
#endif
