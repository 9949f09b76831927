/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loihi_delta: the delta encoder of the Loihi 2 family.
 *
 * It sends the change of its input where the change, or with cum_error its
 * accumulation, reaches a threshold; what is not sent stays in a residue.
 *
 * The numbered step, a source for each line and the corner cases are in
 * docs/models/loihi_delta.md.
 *
 * Argument order: step(params, in, state, out[, internal]), reset(state, params).
 */
#ifndef GOLDENSPIKE_LOIHI_DELTA_H
#define GOLDENSPIKE_LOIHI_DELTA_H

#include <stddef.h>
#include <stdint.h>

#include "goldenspike/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gsp_loihi_delta_params {
    int32_t vth;       /* threshold of |delta|, scaled to the state */
    uint8_t spike_exp; /* input is shifted left by spike_exp + state_exp */
    uint8_t state_exp; /* fraction bits of the state that are not sent */
    uint8_t cum_error; /* 1 compares the accumulated error instead of the delta */
} gsp_loihi_delta_params;

typedef struct gsp_loihi_delta_in {
    int32_t a_in; /* value to be encoded */
} gsp_loihi_delta_in;

typedef struct gsp_loihi_delta_state {
    int32_t act;     /* the last input, scaled */
    int32_t residue; /* what was not sent */
    int32_t error;   /* with cum_error: sum of the deltas since the last send; else not touched */
} gsp_loihi_delta_state;

typedef struct gsp_loihi_delta_out {
    int32_t spike; /* graded: the delta sent, shifted right by state_exp */
} gsp_loihi_delta_out;

/* Intermediates of one step. */
typedef struct gsp_loihi_delta_internal {
    int64_t act_new;   /* a_in, scaled */
    int64_t delta;     /* change to be sent */
    int64_t error_sum; /* error with delta added, where cum_error does so */
    int64_t sent;      /* delta where the threshold is reached, else 0; before the shift */
} gsp_loihi_delta_internal;

extern const gsp_model gsp_loihi_delta_model;

/* 0, or 1 + the index in gsp_loihi_delta_model.fields of the first illegal field. */
int gsp_loihi_delta_check(const gsp_loihi_delta_params *params);
/* act = residue = error = 0. */
void gsp_loihi_delta_reset(gsp_loihi_delta_state *state, const gsp_loihi_delta_params *params);
/* One step. Total for params that pass gsp_loihi_delta_check and inputs and state within their ranges. */
void gsp_loihi_delta_step(const gsp_loihi_delta_params *params, const gsp_loihi_delta_in *in,
                          gsp_loihi_delta_state *state, gsp_loihi_delta_out *out);
/* The same step, keeping its intermediates. */
void gsp_loihi_delta_explain(const gsp_loihi_delta_params *params, const gsp_loihi_delta_in *in,
                             gsp_loihi_delta_state *state, gsp_loihi_delta_out *out,
                             gsp_loihi_delta_internal *internal);

/*
 * One step of n neurons that share their parameters; bit-equal to n calls of
 * gsp_loihi_delta_step. Arrays hold n elements each and must not overlap.
 */
typedef struct gsp_loihi_delta_arrays {
    const int32_t *a_in;
    int32_t *act, *residue, *error;
    int32_t *spike;
} gsp_loihi_delta_arrays;

void gsp_loihi_delta_batch(const gsp_loihi_delta_params *params, const gsp_loihi_delta_arrays *arrays,
                           size_t n);

#ifdef __cplusplus
}
#endif
#endif
