/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loihi_graded: the graded-spike neurons without dynamics of the Loihi 2
 * family.
 *
 * The input is sent where its magnitude, or in the relu form its value,
 * exceeds a threshold. Memoryless.
 *
 * The numbered step, a source for each line and the corner cases are in
 * docs/models/loihi_graded.md.
 *
 * Argument order: step(params, in, state, out[, internal]), reset(state, params).
 */
#ifndef GOLDENSPIKE_LOIHI_GRADED_H
#define GOLDENSPIKE_LOIHI_GRADED_H

#include <stddef.h>
#include <stdint.h>

#include "goldenspike/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gsp_loihi_graded_params {
    int32_t vth;  /* threshold to be exceeded */
    uint8_t relu; /* 0 compares |a_in| with vth, 1 compares a_in */
} gsp_loihi_graded_params;

typedef struct gsp_loihi_graded_in {
    int32_t a_in; /* graded input */
} gsp_loihi_graded_in;

typedef struct gsp_loihi_graded_state {
    uint8_t none; /* memoryless: C has no empty struct */
} gsp_loihi_graded_state;

typedef struct gsp_loihi_graded_out {
    int32_t spike; /* graded: a_in where it is sent, else 0 */
} gsp_loihi_graded_out;

/* Intermediates of one step. */
typedef struct gsp_loihi_graded_internal {
    int64_t compared; /* what is compared with vth */
} gsp_loihi_graded_internal;

extern const gsp_model gsp_loihi_graded_model;

/* 0, or 1 + the index in gsp_loihi_graded_model.fields of the first illegal field. */
int gsp_loihi_graded_check(const gsp_loihi_graded_params *params);
/* There is no state. */
void gsp_loihi_graded_reset(gsp_loihi_graded_state *state, const gsp_loihi_graded_params *params);
/* One step. Total for params that pass gsp_loihi_graded_check and inputs and state within their ranges. */
void gsp_loihi_graded_step(const gsp_loihi_graded_params *params, const gsp_loihi_graded_in *in,
                           gsp_loihi_graded_state *state, gsp_loihi_graded_out *out);
/* The same step, keeping its intermediates. */
void gsp_loihi_graded_explain(const gsp_loihi_graded_params *params, const gsp_loihi_graded_in *in,
                              gsp_loihi_graded_state *state, gsp_loihi_graded_out *out,
                              gsp_loihi_graded_internal *internal);

/*
 * One step of n neurons that share their parameters; bit-equal to n calls of
 * gsp_loihi_graded_step. Arrays hold n elements each and must not overlap.
 */
typedef struct gsp_loihi_graded_arrays {
    const int32_t *a_in;
    int32_t *spike;
} gsp_loihi_graded_arrays;

void gsp_loihi_graded_batch(const gsp_loihi_graded_params *params, const gsp_loihi_graded_arrays *arrays,
                            size_t n);

#ifdef __cplusplus
}
#endif
#endif
