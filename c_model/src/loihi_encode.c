/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/loihi_encode.h"

#include <math.h>

#include "goldenspike/fix.h"

enum { DECAY_MAX = 4095, VTH_MANT_MAX = 131071, BIAS_MANT_MAX = 4095, BIAS_EXP_MAX = 7 };

/* Nearest integer, halves to even, whatever rounding mode the caller has set. */
static double round_half_even(double x) {
    const double below = floor(x);
    const double rest = x - below;
    if (rest != 0.5)
        return rest < 0.5 ? below : below + 1.0;
    return fmod(below, 2.0) == 0.0 ? below : below + 1.0;
}

double gsp_loihi_decode_tau(int decay, int offset) {
    const int factor = 4096 - decay - offset;
    if (factor < 0)
        return (double)NAN;
    return factor == 0 ? 0.0 : factor >= 4096 ? (double)INFINITY : -1.0 / log(factor / 4096.0);
}

bool gsp_loihi_encode_tau(double tau, int offset, int16_t *decay, double *error) {
    if (!(tau >= 0.0) || offset < 0 || offset > 1)
        return false;
    const double lost = tau > 0.0 ? -expm1(-1.0 / tau) : 1.0;
    const double rounded = round_half_even(4096.0 * lost) - offset;
    const double chosen = rounded < 0.0 ? 0.0 : rounded > DECAY_MAX ? (double)DECAY_MAX : rounded;
    const double reached = gsp_loihi_decode_tau((int)chosen, offset);
    *decay = (int16_t)chosen;
    *error = isinf(tau) && isinf(reached) ? 0.0 : reached - tau;
    return true;
}

bool gsp_loihi_encode_threshold(double threshold, int32_t *vth, double *error) {
    const double mant = round_half_even(threshold / 64.0);
    if (!(mant >= 0.0 && mant <= VTH_MANT_MAX))
        return false;
    *vth = (int32_t)mant * 64;
    *error = *vth - threshold;
    return true;
}

bool gsp_loihi_encode_bias(double bias, int16_t *mant, int8_t *exp, double *error) {
    for (int e = 0; e <= BIAS_EXP_MAX; e++) {
        const double m = round_half_even(ldexp(bias, -e));
        if (m >= -BIAS_MANT_MAX - 1 && m <= BIAS_MANT_MAX) {
            *mant = (int16_t)m;
            *exp = (int8_t)e;
            *error = ldexp(m, e) - bias;
            return true;
        }
    }
    return false;
}

int32_t gsp_loihi_decode_bias(int mant, int exp) {
    return (int32_t)(exp >= 0 ? gsp_shl(mant, (unsigned)exp) : gsp_shr_floor(mant, (unsigned)-exp));
}

uint16_t gsp_loihi_encode_reset_offset(uint32_t offset, uint16_t interval) {
    if (interval == 0)
        return 0;
    return (uint16_t)(offset % interval);
}

int gsp_loihi_nengo_mantissa(const gsp_loihi_synapse *synapse, double weight) {
    const int shift = (int)gsp_loihi_mantissa_shift(synapse);
    const double limit = ldexp(1.0, 8 - shift) - 1.0;
    const int both = shift + synapse->weight_exp;
    double mantissa = fmin(fmax(round_half_even(ldexp(weight, -shift)), -limit), limit);
    if (both < 0)
        mantissa = fmin(fmax(ldexp(round_half_even(ldexp(mantissa, both)), -both), -limit), limit);
    return (int)mantissa;
}

int gsp_loihi_lava_weight(const gsp_loihi_synapse *synapse, int weight) {
    const unsigned shift = gsp_loihi_mantissa_shift(synapse);
    const int64_t least = synapse->sign_mode == GSP_LOIHI_MIXED        ? -256
                          : synapse->sign_mode == GSP_LOIHI_INHIBITORY ? -255
                                                                       : 0;
    const int64_t clipped = gsp_clamp(weight, least, synapse->sign_mode == GSP_LOIHI_INHIBITORY ? 0 : 255);
    return (int)(synapse->sign_mode == GSP_LOIHI_INHIBITORY ? -gsp_shl(gsp_shr_floor(-clipped, shift), shift)
                                                            : gsp_shl(gsp_shr_floor(clipped, shift), shift));
}

int64_t gsp_loihi_lava_a_out(const gsp_loihi_synapse *synapse, int64_t sum) {
    return synapse->weight_exp >= 0 ? gsp_shl(sum, (unsigned)synapse->weight_exp)
                                    : gsp_shr_floor(sum, (unsigned)-synapse->weight_exp);
}
