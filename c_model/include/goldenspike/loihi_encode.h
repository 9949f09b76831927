/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Host-side helpers of loihi: real quantities to registers and back, with the
 * error that this costs, and the weight discretisations of nengo-loihi and
 * lava. They use floating point and belong to no step.
 *
 * Each encoder returns false, and writes nothing, when no register value is
 * nearer than one beyond the range, or when an argument is not a number. Ties
 * round to even, as numpy rounds.
 */
#ifndef GOLDENSPIKE_LOIHI_ENCODE_H
#define GOLDENSPIKE_LOIHI_ENCODE_H

#include "goldenspike/loihi.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Time constant in steps, > 0 (0: the value is gone in one step; INFINITY: no
 * decay), to the register decay_u or decay_v: (decay + offset)/4096 is nearest
 * to 1 - exp(-1/tau). `offset` is ds_offset or dm_offset. *error is the time
 * constant that results less the one asked for. Where the exact answer lies
 * below the register's 0 (tau too long for offset 1), 0 is taken.
 */
bool gsp_loihi_encode_tau(double tau, int offset, int16_t *decay, double *error);
/* The time constant of a register: 0 and INFINITY as above, NAN for a factor below 0. */
double gsp_loihi_decode_tau(int decay, int offset);

/* Threshold in units of v, to the full threshold vth, a multiple of 64; 0..131071 * 64. */
bool gsp_loihi_encode_threshold(double threshold, int32_t *vth, double *error);

/* Bias in units of v, to mantissa and the least exponent 0..7 that holds it. */
bool gsp_loihi_encode_bias(double bias, int16_t *mant, int8_t *exp, double *error);
/* mant * 2^exp, floor. */
int32_t gsp_loihi_decode_bias(int mant, int exp);

/* lava's reset_offset, which it takes modulo the interval when it builds the process. */
uint16_t gsp_loihi_encode_reset_offset(uint32_t offset, uint16_t interval);

/*
 * The mantissa that nengo-loihi (discretize_weights) stores for a weight in
 * 8-bit units, -255..255: rounded to the mantissa's unit, and, where the chip's
 * shift to the right would lose bits, rounded so that it loses none. Clipped
 * to +-(2^(8-s) - 1) as there, s = gsp_loihi_mantissa_shift().
 */
int gsp_loihi_nengo_mantissa(const gsp_loihi_synapse *synapse, double weight);

/* lava's Dense: a weight clipped to its sign mode and truncated to num_weight_bits, in 8-bit units. */
int gsp_loihi_lava_weight(const gsp_loihi_synapse *synapse, int weight);
/* lava's Dense: the sum of weight * payload as sent: << weight_exp, or >> -weight_exp (floor, on the sum). */
int64_t gsp_loihi_lava_a_out(const gsp_loihi_synapse *synapse, int64_t sum);

#ifdef __cplusplus
}
#endif
#endif
