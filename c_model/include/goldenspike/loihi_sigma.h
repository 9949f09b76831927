/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loihi_sigma: the sigma decoder of the Loihi 2 family.
 *
 * It sends the running sum of its graded input; the sum wraps to 32 bits.
 *
 * The numbered step, a source for each line and the corner cases are in
 * docs/models/loihi_sigma.md.
 *
 * Argument order: step(params, in, state, out[, internal]), reset(state, params).
 */
#ifndef GOLDENSPIKE_LOIHI_SIGMA_H
#define GOLDENSPIKE_LOIHI_SIGMA_H

#include <stddef.h>
#include <stdint.h>

#include "goldenspike/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gsp_loihi_sigma_params {
    uint8_t none; /* no parameter: C has no empty struct */
} gsp_loihi_sigma_params;

typedef struct gsp_loihi_sigma_in {
    int32_t a_in; /* graded input */
} gsp_loihi_sigma_in;

typedef struct gsp_loihi_sigma_state {
    int32_t sigma; /* sum of the inputs */
} gsp_loihi_sigma_state;

typedef struct gsp_loihi_sigma_out {
    int32_t spike; /* graded: sigma after the step */
} gsp_loihi_sigma_out;

/* Intermediates of one step. */
typedef struct gsp_loihi_sigma_internal {
    int64_t sum; /* sigma + a_in, before it is wrapped */
} gsp_loihi_sigma_internal;

extern const gsp_model gsp_loihi_sigma_model;

/* 0, or 1 + the index in gsp_loihi_sigma_model.fields of the first illegal field. */
int gsp_loihi_sigma_check(const gsp_loihi_sigma_params *params);
/* sigma = 0. */
void gsp_loihi_sigma_reset(gsp_loihi_sigma_state *state, const gsp_loihi_sigma_params *params);
/* One step. Total for params that pass gsp_loihi_sigma_check and inputs and state within their ranges. */
void gsp_loihi_sigma_step(const gsp_loihi_sigma_params *params, const gsp_loihi_sigma_in *in,
                          gsp_loihi_sigma_state *state, gsp_loihi_sigma_out *out);
/* The same step, keeping its intermediates. */
void gsp_loihi_sigma_explain(const gsp_loihi_sigma_params *params, const gsp_loihi_sigma_in *in,
                             gsp_loihi_sigma_state *state, gsp_loihi_sigma_out *out,
                             gsp_loihi_sigma_internal *internal);

/*
 * One step of n neurons that share their parameters; bit-equal to n calls of
 * gsp_loihi_sigma_step. Arrays hold n elements each and must not overlap.
 */
typedef struct gsp_loihi_sigma_arrays {
    const int32_t *a_in;
    int32_t *sigma;
    int32_t *spike;
} gsp_loihi_sigma_arrays;

void gsp_loihi_sigma_batch(const gsp_loihi_sigma_params *params, const gsp_loihi_sigma_arrays *arrays,
                           size_t n);

#ifdef __cplusplus
}
#endif
#endif
