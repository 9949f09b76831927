/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loihi_rf_zero: the resonate-and-fire neuron of the Loihi 2 family that
 * sends graded spikes at zero phase.
 *
 * A pair u, v is rotated and shrunk in 32-bit integers; where v turns from
 * negative to not negative with u above the threshold, u is sent. There is
 * no clip: products and sums wrap to 32 bits as lava's int32 arrays do.
 *
 * The numbered step, a source for each line and the corner cases are in
 * docs/models/loihi_rf_zero.md.
 *
 * Argument order: step(params, in, state, out[, internal]), reset(state, params).
 */
#ifndef GOLDENSPIKE_LOIHI_RF_ZERO_H
#define GOLDENSPIKE_LOIHI_RF_ZERO_H

#include <stddef.h>
#include <stdint.h>

#include "goldenspike/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gsp_loihi_rf_zero_params {
    int32_t lct; /* exp(-dt / tau) * cos(2 pi f dt), times 2^15 */
    int32_t lst; /* exp(-dt / tau) * sin(2 pi f dt), times 2^15 */
    int32_t uth; /* threshold that u must exceed */
} gsp_loihi_rf_zero_params;

typedef struct gsp_loihi_rf_zero_in {
    int32_t u_in; /* input to u */
    int32_t v_in; /* input to v */
} gsp_loihi_rf_zero_in;

typedef struct gsp_loihi_rf_zero_state {
    int32_t u; /* in-phase part */
    int32_t v; /* quadrature part */
} gsp_loihi_rf_zero_state;

typedef struct gsp_loihi_rf_zero_out {
    int32_t spike; /* graded: the new u where it is sent, else 0 */
} gsp_loihi_rf_zero_out;

/* Intermediates of one step. */
typedef struct gsp_loihi_rf_zero_internal {
    int64_t u_cos; /* int32(u * lct) >> 15, floor */
    int64_t v_sin; /* int32(v * lst) >> 15, floor */
    int64_t v_cos; /* int32(v * lct) >> 15, floor */
    int64_t u_sin; /* int32(u * lst) >> 15, floor */
    int64_t u_sum; /* u_cos - v_sin + u_in, before it is wrapped */
    int64_t v_sum; /* v_cos + u_sin + v_in, before it is wrapped */
} gsp_loihi_rf_zero_internal;

extern const gsp_model gsp_loihi_rf_zero_model;

/* 0, or 1 + the index in gsp_loihi_rf_zero_model.fields of the first illegal field. */
int gsp_loihi_rf_zero_check(const gsp_loihi_rf_zero_params *params);
/* u = v = 0. */
void gsp_loihi_rf_zero_reset(gsp_loihi_rf_zero_state *state, const gsp_loihi_rf_zero_params *params);
/* One step. Total for params that pass gsp_loihi_rf_zero_check and inputs and state within their ranges. */
void gsp_loihi_rf_zero_step(const gsp_loihi_rf_zero_params *params, const gsp_loihi_rf_zero_in *in,
                            gsp_loihi_rf_zero_state *state, gsp_loihi_rf_zero_out *out);
/* The same step, keeping its intermediates. */
void gsp_loihi_rf_zero_explain(const gsp_loihi_rf_zero_params *params, const gsp_loihi_rf_zero_in *in,
                               gsp_loihi_rf_zero_state *state, gsp_loihi_rf_zero_out *out,
                               gsp_loihi_rf_zero_internal *internal);

/*
 * One step of n neurons that share their parameters; bit-equal to n calls of
 * gsp_loihi_rf_zero_step. Arrays hold n elements each and must not overlap.
 */
typedef struct gsp_loihi_rf_zero_arrays {
    const int32_t *u_in, *v_in;
    int32_t *u, *v;
    int32_t *spike;
} gsp_loihi_rf_zero_arrays;

void gsp_loihi_rf_zero_batch(const gsp_loihi_rf_zero_params *params, const gsp_loihi_rf_zero_arrays *arrays,
                             size_t n);

#ifdef __cplusplus
}
#endif
#endif
