/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lif: fixed-point leaky integrate-and-fire neuron.
 *
 * The digital contract of sc-neurocore's FixedPointLIFNeuron / sc_lif_neuron
 * (default Q8.8), with reset and overflow options added. The numbered step,
 * a source for each line and the corner cases are in docs/models/lif.md.
 *
 * Argument order: step(params, in, state, out[, internal]), reset(state, params).
 * W = data_width, F = fraction. "sW QF": signed W-bit value with F fraction
 * bits, held sign-extended in an int32_t.
 */
#ifndef GOLDENSPIKE_LIF_H
#define GOLDENSPIKE_LIF_H

#include <stddef.h>
#include <stdint.h>

#include "goldenspike/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What happens to v on a spike. */
enum { GSP_LIF_RESET_TO = 0, GSP_LIF_RESET_SUBTRACT = 1, GSP_LIF_RESET_NONE = 2 };

typedef struct gsp_lif_params {
    uint8_t data_width;        /* W, 2..32; config, default 16 */
    uint8_t fraction;          /* F, 0..W-1; config, default 8 */
    uint8_t refractory_period; /* silent steps after a spike, 0..255, default 2 */
    uint8_t reset_mode;        /* 0 to v_reset, 1 subtract v_threshold, 2 none; default 0 */
    uint8_t saturate;          /* narrowing of the sum: 0 wraps, 1 saturates; default 0 */
    int32_t v_rest;            /* sW QF, default 0 */
    int32_t v_reset;           /* sW QF, default 0 */
    int32_t v_threshold;       /* sW QF, default 1.0 = 1 << F where it fits, else 2^(W-1) - 1 */
} gsp_lif_params;

typedef struct gsp_lif_in {
    int32_t leak_k;   /* sW QF: share of (v_rest - v) added per step */
    int32_t gain_k;   /* sW QF: gain of i_t */
    int32_t i_t;      /* sW QF: input current */
    int32_t noise_in; /* sW QF: added last, unscaled */
} gsp_lif_in;

typedef struct gsp_lif_state {
    int32_t v;                /* sW QF, v_rest after reset */
    uint8_t refractory_count; /* silent steps left, 0 after reset */
} gsp_lif_state;

typedef struct gsp_lif_out {
    uint8_t spike; /* 1 in the step that reached v_threshold */
    int32_t v_out; /* state v after the step */
} gsp_lif_out;

/* Intermediates of one step; zero where a refractory step skips them. */
typedef struct gsp_lif_internal {
    int64_t dv_leak; /* ((v_rest - v) * leak_k) >> F, floor */
    int64_t dv_in;   /* (i_t * gain_k) >> F, floor */
    int64_t sum;     /* v + dv_leak + dv_in + noise_in; beyond 64 bits it is shown wrapped or saturated,
                        as `saturate` says (possible only for W = 32, F = 0) */
    int64_t v_next;  /* sum narrowed to W bits */
} gsp_lif_internal;

extern const gsp_model gsp_lif_model;
/* Membrane equation in ms, mV, MOhm, nA. */
extern const struct gsp_encoder gsp_lif_encoder;

/* 0, or 1 + the index in gsp_lif_model.fields of the first illegal field. */
int gsp_lif_check(const gsp_lif_params *params);
/* v = v_rest, refractory_count = 0. */
void gsp_lif_reset(gsp_lif_state *state, const gsp_lif_params *params);
/* One step. Total for params that pass gsp_lif_check and inputs and state within their widths. */
void gsp_lif_step(const gsp_lif_params *params, const gsp_lif_in *in, gsp_lif_state *state, gsp_lif_out *out);
/* The same step, keeping its intermediates. */
void gsp_lif_explain(const gsp_lif_params *params, const gsp_lif_in *in, gsp_lif_state *state,
                     gsp_lif_out *out, gsp_lif_internal *internal);

/*
 * One step of n neurons that share their parameters; bit-equal to n calls of
 * gsp_lif_step. Arrays hold n elements each and must not overlap.
 */
typedef struct gsp_lif_arrays {
    const int32_t *leak_k, *gain_k, *i_t, *noise_in;
    int32_t *v;
    uint8_t *refractory_count;
    uint8_t *spike;
} gsp_lif_arrays;

void gsp_lif_batch(const gsp_lif_params *params, const gsp_lif_arrays *arrays, size_t n);

#ifdef __cplusplus
}
#endif
#endif
