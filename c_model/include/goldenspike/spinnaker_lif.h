/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spinnaker_lif: the leaky integrate-and-fire neuron of SpiNNaker, in the
 * s16.15 arithmetic of sPyNNaker.
 *
 * One step is one SUB-STEP: a time step of the simulation is n_steps model
 * steps, of which only the first carries first_substep = 1 and the inputs.
 * Synapses are exponential currents, deltas or conductances; calcium
 * adaptation can be switched on. The numbered step, a source for each line
 * and the corner cases are in docs/models/spinnaker_lif.md.
 *
 * Argument order: step(params, in, state, out[, internal]), reset(state, params).
 * "k" is s16.15, "u032" unsigned 0.32. The defaults are those of IF_curr_exp
 * at 1 ms.
 */
#ifndef GOLDENSPIKE_SPINNAKER_LIF_H
#define GOLDENSPIKE_SPINNAKER_LIF_H

#include <stddef.h>
#include <stdint.h>

#include "goldenspike/model.h"
#include "goldenspike/spinnaker.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bits of the flag draws_used: the multiplies that took their random word. */
enum {
    GSP_SPINNAKER_LIF_DREW_INPUTS = 3, /* rnd0, rnd1 */
    GSP_SPINNAKER_LIF_DREW_CA2 = 4,    /* rnd2 */
    GSP_SPINNAKER_LIF_DREW_V = 24      /* rnd3, rnd4 */
};

typedef struct gsp_spinnaker_lif_params {
    int32_t v_rest;     /* k, default -65 */
    int32_t r_membrane; /* k, tau_m / c_m, default 20 */
    int32_t exp_tc;     /* k, e^(-substep / tau_m), default 31170 raw */
    int32_t i_offset;   /* k */
    int32_t v_reset;    /* k, default -65 */
    int32_t v_thresh;   /* k, default -50 */
    uint32_t t_refract; /* sub-steps, 0..2^31 - 1: copied into the signed refract_timer; default 1 */
    uint32_t decay_exc; /* u032, factor of syn_exc per sub-step */
    uint32_t init_exc;  /* u032, share of in_exc that is taken up */
    uint32_t decay_inh; /* u032 */
    uint32_t init_inh;  /* u032 */
    uint8_t input_kind; /* 0 exp, 1 delta, 2 conductance */
    int32_t scale;      /* k, delta: factor of the charge, 1 / substep; default 1 */
    int32_t v_rev_exc;  /* k, conductance: reversal potential, default 0 */
    int32_t v_rev_inh;  /* k, conductance: reversal potential, default -70 */
    uint8_t ca2_enable; /* 1: calcium adaptation */
    int32_t ca2_decay;  /* k, factor of ca2 per sub-step, default 32119 raw (50 ms) */
    int32_t ca2_alpha;  /* k, added to ca2 by a spike, default 0.1 */
    uint8_t rounding;   /* of the multiplies, see goldenspike/spinnaker.h; default floor_wrap */
} gsp_spinnaker_lif_params;

typedef struct gsp_spinnaker_lif_in {
    int32_t in_exc;         /* k, ring buffer << shift; taken when > 0 and first_substep = 1 */
    int32_t in_inh;         /* k */
    int32_t current_offset; /* k, of a current source, beside i_offset */
    uint8_t first_substep;  /* 1: the first sub-step of a time step; default 1 */
    /* Random words of the multiplies, in the order of the step; used by stochastic_sat alone. */
    uint32_t rnd0, rnd1, rnd2, rnd3, rnd4;
} gsp_spinnaker_lif_in;

typedef struct gsp_spinnaker_lif_state {
    int32_t v;             /* k, v_rest after reset */
    int32_t refract_timer; /* sub-steps left; the neuron integrates when <= 0 */
    int32_t syn_exc;       /* k */
    int32_t syn_inh;       /* k */
    int32_t ca2;           /* k */
} gsp_spinnaker_lif_state;

typedef struct gsp_spinnaker_lif_out {
    uint8_t spike;
    uint8_t draws_used; /* bit i: rnd<i> was used */
} gsp_spinnaker_lif_out;

/* Intermediates of one step; current, alpha and v_next are zero where a refractory step skips them. */
typedef struct gsp_spinnaker_lif_internal {
    int64_t syn_exc_in; /* syn_exc after the input was added */
    int64_t syn_inh_in;
    int64_t gsyn_exc; /* what sPyNNaker records as gsyn: syn, conductance: syn >> 10 */
    int64_t gsyn_inh;
    int64_t exc;     /* excitatory current */
    int64_t inh;     /* inhibitory current, subtracted */
    int64_t bias;    /* -ca2 */
    int64_t current; /* exc - inh + bias + i_offset + current_offset, wrapped */
    int64_t alpha;   /* current * r_membrane + v_rest */
    int64_t v_next;  /* v before the reset by a spike */
} gsp_spinnaker_lif_internal;

extern const gsp_model gsp_spinnaker_lif_model;
/* ms, mV, nA, nF, as PyNN states a neuron. */
extern const struct gsp_encoder gsp_spinnaker_lif_encoder;

/* 0, or 1 + the index in gsp_spinnaker_lif_model.fields of the first illegal field. */
int gsp_spinnaker_lif_check(const gsp_spinnaker_lif_params *params);
/* v = v_rest, everything else 0. */
void gsp_spinnaker_lif_reset(gsp_spinnaker_lif_state *state, const gsp_spinnaker_lif_params *params);
/* One sub-step. Total for params that pass gsp_spinnaker_lif_check. */
void gsp_spinnaker_lif_step(const gsp_spinnaker_lif_params *params, const gsp_spinnaker_lif_in *in,
                            gsp_spinnaker_lif_state *state, gsp_spinnaker_lif_out *out);
/* The same step, keeping its intermediates. */
void gsp_spinnaker_lif_explain(const gsp_spinnaker_lif_params *params, const gsp_spinnaker_lif_in *in,
                               gsp_spinnaker_lif_state *state, gsp_spinnaker_lif_out *out,
                               gsp_spinnaker_lif_internal *internal);

/*
 * One sub-step of n neurons that share their parameters; bit-equal to n calls
 * of gsp_spinnaker_lif_step. Arrays hold n elements each and must not overlap.
 * rnd0 to rnd4 are read for rounding = stochastic_sat only and may otherwise be
 * NULL; ca2 may be NULL unless ca2_enable.
 */
typedef struct gsp_spinnaker_lif_arrays {
    const int32_t *in_exc, *in_inh, *current_offset;
    const uint8_t *first_substep;
    const uint32_t *rnd0, *rnd1, *rnd2, *rnd3, *rnd4;
    int32_t *v, *refract_timer, *syn_exc, *syn_inh, *ca2;
    uint8_t *spike;
    uint8_t *draws_used; /* may be NULL */
} gsp_spinnaker_lif_arrays;

void gsp_spinnaker_lif_batch(const gsp_spinnaker_lif_params *params, const gsp_spinnaker_lif_arrays *arrays,
                             size_t n);

/* A neuron as a PyNN user states it: ms, mV, nA, nF; n_steps sub-steps per time step. */
typedef struct gsp_spinnaker_lif_cell {
    double time_step, tau_m, c_m, v_rest, v_reset, v_thresh, tau_refrac, i_offset;
    double tau_syn_exc, tau_syn_inh; /* not read for delta */
    double v_rev_exc, v_rev_inh;     /* read for conductance */
    double tau_ca2, ca2_alpha;       /* read for ca2_enable */
    uint32_t n_steps;                /* 1..65535 */
    uint8_t input_kind, ca2_enable;
} gsp_spinnaker_lif_cell;

/*
 * Derives the registers with sPyNNaker's rounding. `rounding` and the params
 * that the cell does not use are left as they are. False, with nothing
 * written, when a value is beyond s16.15, a time that divides is 0 after
 * rounding, or a param comes out illegal.
 */
bool gsp_spinnaker_lif_encode(const gsp_spinnaker_lif_cell *cell, gsp_spinnaker_lif_params *params);

#ifdef __cplusplus
}
#endif
#endif
