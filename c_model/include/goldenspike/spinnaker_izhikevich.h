/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spinnaker_izhikevich: the Izhikevich neuron of SpiNNaker, in the s16.15
 * arithmetic of sPyNNaker: one second-order Runge-Kutta step per sub-step.
 *
 * One step is one SUB-STEP, inputs and synapses are those of spinnaker_lif.
 * gcc reorders one product of the published source; the reordered step is what
 * runs on the boards and the default here, source_order = 1 takes the other.
 * The numbered step, a source for each line and the corner cases are in
 * docs/models/spinnaker_izhikevich.md.
 *
 * Argument order: step(params, in, state, out[, internal]), reset(state, params).
 * "k" is s16.15, "u032" unsigned 0.32. The defaults are those of Izhikevich
 * at 1 ms.
 */
#ifndef GOLDENSPIKE_SPINNAKER_IZHIKEVICH_H
#define GOLDENSPIKE_SPINNAKER_IZHIKEVICH_H

#include <stddef.h>
#include <stdint.h>

#include "goldenspike/model.h"
#include "goldenspike/spinnaker.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gsp_spinnaker_izhikevich_params {
    int32_t a;            /* k, default 0.02 */
    int32_t b;            /* k, default 0.2 */
    int32_t c;            /* k, v after a spike, default -65 */
    int32_t d;            /* k, added to u by a spike, default 2 */
    int32_t i_offset;     /* k */
    int32_t reset_h;      /* k, the sub-step in ms, default 1 */
    int32_t next_h;       /* k, h after reset: the full time step in ms, default 1 */
    uint32_t decay_exc;   /* u032, factor of syn_exc per sub-step */
    uint32_t init_exc;    /* u032, share of in_exc that is taken up */
    uint32_t decay_inh;   /* u032 */
    uint32_t init_inh;    /* u032 */
    uint8_t input_kind;   /* 0 exp, 1 delta, 2 conductance */
    int32_t scale;        /* k, delta: factor of the charge, 1 / substep; default 1 */
    int32_t v_rev_exc;    /* k, conductance: reversal potential, default 0 */
    int32_t v_rev_inh;    /* k, conductance: reversal potential, default -70 */
    uint8_t source_order; /* 1: products in the order of the C source */
    uint8_t rounding;     /* of the multiplies, see goldenspike/spinnaker.h; default floor_wrap */
} gsp_spinnaker_izhikevich_params;

typedef struct gsp_spinnaker_izhikevich_in {
    int32_t in_exc;         /* k, ring buffer << shift; taken when > 0 and first_substep = 1 */
    int32_t in_inh;         /* k */
    int32_t current_offset; /* k, of a current source, beside i_offset */
    uint8_t first_substep;  /* 1: the first sub-step of a time step; default 1 */
    /* Random words of the multiplies, in the order of the step; used by stochastic_sat alone. */
    uint32_t rnd0, rnd1, rnd2, rnd3, rnd4, rnd5, rnd6, rnd7, rnd8;
    uint32_t rnd9, rnd10, rnd11, rnd12, rnd13, rnd14, rnd15, rnd16;
} gsp_spinnaker_izhikevich_in;

typedef struct gsp_spinnaker_izhikevich_state {
    int32_t v;       /* k, -70 after reset */
    int32_t u;       /* k, -14 after reset */
    int32_t h;       /* k, length of the next sub-step, next_h after reset */
    int32_t syn_exc; /* k */
    int32_t syn_inh; /* k */
} gsp_spinnaker_izhikevich_state;

typedef struct gsp_spinnaker_izhikevich_out {
    uint8_t spike;
    uint32_t draws_used; /* bit i: rnd<i> was used */
} gsp_spinnaker_izhikevich_out;

/* Intermediates of one step. */
typedef struct gsp_spinnaker_izhikevich_internal {
    int64_t syn_exc_in; /* syn_exc after the input was added */
    int64_t syn_inh_in;
    int64_t gsyn_exc; /* what sPyNNaker records as gsyn: syn, conductance: syn >> 10 */
    int64_t gsyn_inh;
    int64_t exc;     /* excitatory current */
    int64_t inh;     /* inhibitory current, subtracted */
    int64_t current; /* I */
    int64_t pre;     /* 140 + I - u */
    int64_t alpha;   /* pre + (5 + 0.04 v) v */
    int64_t eta;     /* v + h alpha / 2 */
    int64_t ah;      /* a h */
    int64_t beta;    /* a h (b v - u) / 2 */
    int64_t v_next;  /* v before the reset by a spike */
    int64_t u_next;  /* u before d is added */
} gsp_spinnaker_izhikevich_internal;

extern const gsp_model gsp_spinnaker_izhikevich_model;
/* ms, mV, nA, nF, as PyNN states a neuron. */
extern const struct gsp_encoder gsp_spinnaker_izhikevich_encoder;

/* 0, or 1 + the index in gsp_spinnaker_izhikevich_model.fields of the first illegal field. */
int gsp_spinnaker_izhikevich_check(const gsp_spinnaker_izhikevich_params *params);
/* v = -70, u = -14, h = next_h, synapses 0. */
void gsp_spinnaker_izhikevich_reset(gsp_spinnaker_izhikevich_state *state,
                                    const gsp_spinnaker_izhikevich_params *params);
/* One sub-step. Total for params that pass gsp_spinnaker_izhikevich_check. */
void gsp_spinnaker_izhikevich_step(const gsp_spinnaker_izhikevich_params *params,
                                   const gsp_spinnaker_izhikevich_in *in,
                                   gsp_spinnaker_izhikevich_state *state, gsp_spinnaker_izhikevich_out *out);
/* The same step, keeping its intermediates. */
void gsp_spinnaker_izhikevich_explain(const gsp_spinnaker_izhikevich_params *params,
                                      const gsp_spinnaker_izhikevich_in *in,
                                      gsp_spinnaker_izhikevich_state *state,
                                      gsp_spinnaker_izhikevich_out *out,
                                      gsp_spinnaker_izhikevich_internal *internal);

/*
 * One sub-step of n neurons that share their parameters; bit-equal to n calls
 * of gsp_spinnaker_izhikevich_step. Arrays hold n elements each and must not
 * overlap. rnd0 to rnd16 are read for rounding = stochastic_sat only and may
 * otherwise be NULL.
 */
typedef struct gsp_spinnaker_izhikevich_arrays {
    const int32_t *in_exc, *in_inh, *current_offset;
    const uint8_t *first_substep;
    const uint32_t *rnd0, *rnd1, *rnd2, *rnd3, *rnd4, *rnd5, *rnd6, *rnd7, *rnd8;
    const uint32_t *rnd9, *rnd10, *rnd11, *rnd12, *rnd13, *rnd14, *rnd15, *rnd16;
    int32_t *v, *u, *h, *syn_exc, *syn_inh;
    uint8_t *spike;
    uint32_t *draws_used; /* may be NULL */
} gsp_spinnaker_izhikevich_arrays;

void gsp_spinnaker_izhikevich_batch(const gsp_spinnaker_izhikevich_params *params,
                                    const gsp_spinnaker_izhikevich_arrays *arrays, size_t n);

/* A neuron as a PyNN user states it: ms, mV, nA; n_steps sub-steps per time step. */
typedef struct gsp_spinnaker_izhikevich_cell {
    double time_step, a, b, c, d, i_offset;
    double tau_syn_exc, tau_syn_inh; /* not read for delta */
    double v_rev_exc, v_rev_inh;     /* read for conductance */
    uint32_t n_steps;                /* 1..65535 */
    uint8_t input_kind;
} gsp_spinnaker_izhikevich_cell;

/*
 * Derives the registers with sPyNNaker's rounding. source_order, rounding and
 * the params that the cell does not use are left as they are. False, with
 * nothing written, when a value is beyond s16.15, a time that divides is 0
 * after rounding, or a param comes out illegal.
 */
bool gsp_spinnaker_izhikevich_encode(const gsp_spinnaker_izhikevich_cell *cell,
                                     gsp_spinnaker_izhikevich_params *params);

#ifdef __cplusplus
}
#endif
#endif
