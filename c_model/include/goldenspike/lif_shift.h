/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lif_shift: leaky integrate-and-fire neuron whose leak is a shift, made for few LUTs.
 *
 * The contract is this project's own. The numbered step and the corner cases
 * are in docs/models/lif_shift.md.
 *
 * Argument order: step(params, in, state, out[, internal]), reset(state, params).
 * W = data_width, K = leak_shift. "sW": signed W-bit value, held sign-extended
 * in an int32_t.
 */
#ifndef GOLDENSPIKE_LIF_SHIFT_H
#define GOLDENSPIKE_LIF_SHIFT_H

#include <stddef.h>
#include <stdint.h>

#include "goldenspike/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gsp_lif_shift_params {
    uint8_t data_width;        /* W, 2..32; config, default 16 */
    uint8_t leak_shift;        /* K, 1..W-1; config, default 4 */
    uint8_t refractory_period; /* silent steps after a spike, 0..255, default 0 */
    int32_t v_reset;           /* sW, default 0 */
    int32_t v_threshold;       /* sW, default 2^(W-2) */
} gsp_lif_shift_params;

typedef struct gsp_lif_shift_in {
    int32_t i_t; /* sW: added to v */
} gsp_lif_shift_in;

typedef struct gsp_lif_shift_state {
    int32_t v;                /* sW, v_reset after reset */
    uint8_t refractory_count; /* silent steps left, 0 after reset */
} gsp_lif_shift_state;

typedef struct gsp_lif_shift_out {
    uint8_t spike; /* 1 in the step that reached v_threshold */
} gsp_lif_shift_out;

/* Intermediates of one step; zero where a silent step skips them. */
typedef struct gsp_lif_shift_internal {
    int64_t leak;  /* v >> K, floor */
    int64_t sum;   /* v - leak + i_t */
    int64_t v_sum; /* sum wrapped to W bits */
} gsp_lif_shift_internal;

extern const gsp_model gsp_lif_shift_model;

/* 0, or 1 + the index in gsp_lif_shift_model.fields of the first illegal field. */
int gsp_lif_shift_check(const gsp_lif_shift_params *params);
/* v = v_reset, refractory_count = 0. */
void gsp_lif_shift_reset(gsp_lif_shift_state *state, const gsp_lif_shift_params *params);
/* One step. Total for params that pass gsp_lif_shift_check and inputs and state within their widths. */
void gsp_lif_shift_step(const gsp_lif_shift_params *params, const gsp_lif_shift_in *in,
                        gsp_lif_shift_state *state, gsp_lif_shift_out *out);
/* The same step, keeping its intermediates. */
void gsp_lif_shift_explain(const gsp_lif_shift_params *params, const gsp_lif_shift_in *in,
                           gsp_lif_shift_state *state, gsp_lif_shift_out *out,
                           gsp_lif_shift_internal *internal);

/*
 * One step of n neurons that share their parameters; bit-equal to n calls of
 * gsp_lif_shift_step. Arrays hold n elements each and must not overlap.
 */
typedef struct gsp_lif_shift_arrays {
    const int32_t *i_t;
    int32_t *v;
    uint8_t *refractory_count;
    uint8_t *spike;
} gsp_lif_shift_arrays;

void gsp_lif_shift_batch(const gsp_lif_shift_params *params, const gsp_lif_shift_arrays *arrays, size_t n);

#ifdef __cplusplus
}
#endif
#endif
