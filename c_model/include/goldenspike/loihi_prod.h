/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loihi_prod: the product neuron of the Loihi 2 family.
 *
 * It sends the scaled product of its two inputs where its magnitude exceeds
 * a threshold. Memoryless.
 *
 * The numbered step, a source for each line and the corner cases are in
 * docs/models/loihi_prod.md.
 *
 * Argument order: step(params, in, state, out[, internal]), reset(state, params).
 */
#ifndef GOLDENSPIKE_LOIHI_PROD_H
#define GOLDENSPIKE_LOIHI_PROD_H

#include <stddef.h>
#include <stdint.h>

#include "goldenspike/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gsp_loihi_prod_params {
    int32_t vth; /* threshold that |v| must exceed */
    uint8_t exp; /* the product is shifted right by it */
} gsp_loihi_prod_params;

typedef struct gsp_loihi_prod_in {
    int32_t a_in1; /* first factor */
    int32_t a_in2; /* second factor */
} gsp_loihi_prod_in;

typedef struct gsp_loihi_prod_state {
    uint8_t none; /* memoryless: C has no empty struct */
} gsp_loihi_prod_state;

typedef struct gsp_loihi_prod_out {
    int32_t spike; /* graded: the scaled product where it is sent, else 0 */
} gsp_loihi_prod_out;

/* Intermediates of one step. */
typedef struct gsp_loihi_prod_internal {
    int64_t product; /* int32(a_in1 * a_in2) */
    int64_t v;       /* product >> exp, floor */
} gsp_loihi_prod_internal;

extern const gsp_model gsp_loihi_prod_model;

/* 0, or 1 + the index in gsp_loihi_prod_model.fields of the first illegal field. */
int gsp_loihi_prod_check(const gsp_loihi_prod_params *params);
/* There is no state. */
void gsp_loihi_prod_reset(gsp_loihi_prod_state *state, const gsp_loihi_prod_params *params);
/* One step. Total for params that pass gsp_loihi_prod_check and inputs and state within their ranges. */
void gsp_loihi_prod_step(const gsp_loihi_prod_params *params, const gsp_loihi_prod_in *in,
                         gsp_loihi_prod_state *state, gsp_loihi_prod_out *out);
/* The same step, keeping its intermediates. */
void gsp_loihi_prod_explain(const gsp_loihi_prod_params *params, const gsp_loihi_prod_in *in,
                            gsp_loihi_prod_state *state, gsp_loihi_prod_out *out,
                            gsp_loihi_prod_internal *internal);

/*
 * One step of n neurons that share their parameters; bit-equal to n calls of
 * gsp_loihi_prod_step. Arrays hold n elements each and must not overlap.
 */
typedef struct gsp_loihi_prod_arrays {
    const int32_t *a_in1, *a_in2;
    int32_t *spike;
} gsp_loihi_prod_arrays;

void gsp_loihi_prod_batch(const gsp_loihi_prod_params *params, const gsp_loihi_prod_arrays *arrays, size_t n);

#ifdef __cplusplus
}
#endif
#endif
