/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arithmetic that spinnaker_lif and spinnaker_izhikevich share, and what
 * a SpiNNaker host does before a run: sPyNNaker's s16.15 numbers.
 *
 *   accum   s16.15: an int32_t, least bit 2^-15 (C's `accum` on ARM)
 *   u032    unsigned 0.32: a uint32_t, least bit 2^-32 (`unsigned long fract`)
 *
 * Sums of accum wrap to 32 bits. The rules of the multiplies and their sources
 * are in docs/models/spinnaker_lif.md.
 */
#ifndef GOLDENSPIKE_SPINNAKER_H
#define GOLDENSPIKE_SPINNAKER_H

#include <stdbool.h>
#include <stdint.h>

#include "goldenspike/fix.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How mulk narrows its 64-bit product: the param `rounding`. */
enum {
    GSP_SPINNAKER_FLOOR_WRAP = 0,    /* floor, wrap: what gcc compiles for ARM; the default */
    GSP_SPINNAKER_NEAREST_WRAP = 1,  /* nearest, halves up, wrap */
    GSP_SPINNAKER_FLOOR_SAT = 2,     /* floor, saturate */
    GSP_SPINNAKER_NEAREST_SAT = 3,   /* nearest, halves up, saturate */
    GSP_SPINNAKER_STOCHASTIC_SAT = 4 /* up with the probability of the fraction, saturate */
};

/* What a synapse is: the param `input_kind`. */
enum { GSP_SPINNAKER_EXP = 0, GSP_SPINNAKER_DELTA = 1, GSP_SPINNAKER_CONDUCTANCE = 2 };

enum {
    GSP_SPINNAKER_FRACTION = 15,
    GSP_SPINNAKER_ONE = 1 << GSP_SPINNAKER_FRACTION,
    GSP_SPINNAKER_HALF = 1 << (GSP_SPINNAKER_FRACTION - 1)
};

/* a + b, a - b and -a of accum: wrapped. */
static inline int32_t gsp_spinnaker_add(int32_t a, int32_t b) {
    return gsp_add_wrap32(a, b);
}

static inline int32_t gsp_spinnaker_sub(int32_t a, int32_t b) {
    return (int32_t)((uint32_t)a - (uint32_t)b);
}

static inline int32_t gsp_spinnaker_neg(int32_t a) {
    return gsp_spinnaker_sub(0, a);
}

/*
 * a * b of accum, narrowed as `rounding` says. Only stochastic_sat uses the
 * random word, of which the upper 15 bits count.
 */
static inline int32_t gsp_spinnaker_mulk(int32_t a, int32_t b, unsigned rounding, uint32_t rnd) {
    const int64_t product = gsp_mul(a, b);
    const int64_t below = gsp_shr_floor(product, GSP_SPINNAKER_FRACTION);
    const int64_t nearest = gsp_shr_round(product, GSP_SPINNAKER_FRACTION);
    const uint32_t fraction = (uint32_t)gsp_wrap_u(product, GSP_SPINNAKER_FRACTION);
    switch (rounding) {
    case GSP_SPINNAKER_FLOOR_WRAP: return (int32_t)gsp_wrap(below, 32);
    case GSP_SPINNAKER_NEAREST_WRAP: return (int32_t)gsp_wrap(nearest, 32);
    case GSP_SPINNAKER_FLOOR_SAT: return (int32_t)gsp_sat(below, 32);
    case GSP_SPINNAKER_NEAREST_SAT: return (int32_t)gsp_sat(nearest, 32);
    default: return (int32_t)gsp_sat(gsp_add(below, rnd >> 17 < fraction), 32);
    }
}

/* x * d of accum and u032: floor in every rounding mode. The result is within +-|x|. */
static inline int32_t gsp_spinnaker_decay32(int32_t x, uint32_t d) {
    return (int32_t)gsp_exact_s(gsp_shr_floor(gsp_mul(x, d), 32), 32);
}

/*
 * Host side. Nothing below belongs to a step; only gsp_spinnaker_accum and the
 * encoders of the models, which call it, use floating point.
 */

/* value to accum, halves to even, as sPyNNaker writes a parameter. False, with nothing written, beyond the
   range. */
bool gsp_spinnaker_accum(double value, int32_t *raw);
/* a / b of accum as the C code of sPyNNaker computes it; 0 for b = 0, which upstream leaves undefined. */
int32_t gsp_spinnaker_kdivk(int32_t a, int32_t b);
/* e^n of accum: as accum, saturated above e^11.09; as u032, which is meant for n < 0. */
int32_t gsp_spinnaker_expk(int32_t n);
uint32_t gsp_spinnaker_expulr(int32_t n);

/* The sub-step: time_step / n_steps, as every derived register below takes it. */
int32_t gsp_spinnaker_substep(int32_t time_step, uint32_t n_steps);
/* tau_m / c_m */
int32_t gsp_spinnaker_r_membrane(int32_t tau_m, int32_t c_m);
/* e^(-substep / tau), as accum: exp_tc of tau_m, ca2_decay of tau_ca2 */
int32_t gsp_spinnaker_exp_tc(int32_t substep, int32_t tau);
/* Refractory sub-steps: tau_refrac / substep, rounded up. May be negative for a negative time. */
int32_t gsp_spinnaker_t_refract(int32_t substep, int32_t tau_refrac);
/* Decay per sub-step and the share of an input that a synapse takes up, both u032. */
void gsp_spinnaker_synapse(int32_t substep, int32_t tau, uint32_t *decay, uint32_t *init);
/* 1 / substep: what scales the charge of a delta synapse to a current. */
int32_t gsp_spinnaker_delta_scale(int32_t substep);

/* What a slot of the ring buffer becomes as an input: W(slot << shift). */
static inline int32_t gsp_spinnaker_input(uint16_t slot, unsigned shift) {
    return (int32_t)gsp_wrap(gsp_shl(slot, shift & 31u), 32);
}

/* The ring buffer of one neuron: 16 slots of 16 bits for each receptor. */
typedef struct gsp_spinnaker_ring {
    uint16_t slot[2][16];      /* [0] excitatory, [1] inhibitory */
    uint32_t saturation_count; /* additions that stopped at 65535, so far */
    uint32_t late_skipped;     /* events that came too late, so far */
} gsp_spinnaker_ring;

/* All slots and counts 0. */
void gsp_spinnaker_ring_clear(gsp_spinnaker_ring *ring);
/* The inputs of time step t; their slots are zeroed. Take before the events of step t are added. */
void gsp_spinnaker_ring_take(gsp_spinnaker_ring *ring, uint32_t t, uint16_t *exc, uint16_t *inh);
/*
 * One event of time step t. `word` is the synaptic word: weight [31:16], delay
 * [4:1] (0 stands for 16), type [0] (0 excitatory, 1 inhibitory). colour_delay,
 * 0..3, is how many steps ago the spike was sent; an event whose delay has
 * passed is dropped and counted.
 */
void gsp_spinnaker_ring_add(gsp_spinnaker_ring *ring, uint32_t t, uint32_t word, unsigned colour_delay);

#ifdef __cplusplus
}
#endif
#endif
