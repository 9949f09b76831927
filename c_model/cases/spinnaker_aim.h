/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the cases of the SpiNNaker models: values that s16.15 neurons meet, and products. */
#ifndef GSP_SPINNAKER_AIM_H
#define GSP_SPINNAKER_AIM_H

#include "goldenspike/rng.h"
#include "goldenspike/spinnaker.h"

/* A potential of a usual size: -90..40 mV. */
static inline int64_t usual_potential(gsp_rng *rng) {
    return gsp_rng_range(rng, -90 * GSP_SPINNAKER_ONE, 40 * GSP_SPINNAKER_ONE);
}

/* A decay or an uptake: of 5 ms, none, all, or in between. */
static inline int64_t usual_rate(gsp_rng *rng) {
    static const uint32_t rates[] = {3516490311u, 3892384920u, UINT32_MAX, 0u, 0x80000000u, 0x7FFFFFFFu};
    return rates[gsp_rng_below(rng, 6)];
}

/* A ring buffer slot after its shift, or nothing. */
static inline int64_t usual_input(gsp_rng *rng) {
    const int64_t slot = gsp_rng_one_in(rng, 3) ? 0 : gsp_rng_range(rng, 0, 65535);
    return gsp_shl(slot, gsp_rng_below(rng, 7));
}

/* A word that stochastic rounding compares as equal with the fraction of a product, or as one less. */
static inline uint32_t word_at_fraction(gsp_rng *rng, int64_t product) {
    const uint32_t fraction = (uint32_t)gsp_wrap_u(product, GSP_SPINNAKER_FRACTION);
    const uint32_t below = gsp_rng_one_in(rng, 2) && fraction > 0 ? 1u : 0u;
    return (fraction - below) << 17 | gsp_rng_below(rng, 1u << 17);
}

/* What a product meets when it is narrowed; bins of both models. */
/* clang-format off */
#define PRODUCT_BINS(BIN) \
    BIN(floor_negative,      "floor_wrap: a negative product with a fraction: floor is not toward zero") \
    BIN(product_wraps,       "floor_wrap: a product leaves s32 and wraps") \
    BIN(nearest_up,          "nearest: a product with a fraction of a half or more") \
    BIN(nearest_down,        "nearest: a product with a fraction below a half") \
    BIN(nearest_wraps,       "nearest_wrap: a product leaves s32 and wraps") \
    BIN(nearest_over,        "nearest_wrap: rounding up carries 2^31 - 1 over the limit") \
    BIN(nearest_over_sat,    "nearest_sat: rounding up would carry 2^31 - 1 over the limit") \
    BIN(saturates_high,      "a product stops at 2^31 - 1") \
    BIN(saturates_low,       "a product stops at -2^31") \
    BIN(stochastic_up,       "stochastic_sat: rounded up") \
    BIN(stochastic_down,     "stochastic_sat: a fraction, and not rounded up") \
    BIN(stochastic_equal,    "stochastic_sat: the word equals the fraction: not rounded up")
/* clang-format on */

typedef struct product_facts {
    bool floor_negative, product_wraps, nearest_up, nearest_down, nearest_wraps, nearest_over,
        nearest_over_sat, saturates_high, saturates_low, stochastic_up, stochastic_down, stochastic_equal;
} product_facts;

static inline product_facts facts_of(int64_t product, unsigned rounding, uint32_t rnd) {
    const int64_t below = gsp_shr_floor(product, GSP_SPINNAKER_FRACTION);
    const uint32_t fraction = (uint32_t)gsp_wrap_u(product, GSP_SPINNAKER_FRACTION);
    const bool fits = gsp_fits_s(below, 32);
    const bool half = fraction >= GSP_SPINNAKER_HALF;
    const bool over = (below == INT32_MAX) & half;
    const bool nearest = (rounding == GSP_SPINNAKER_NEAREST_WRAP) | (rounding == GSP_SPINNAKER_NEAREST_SAT);
    const bool stochastic = rounding == GSP_SPINNAKER_STOCHASTIC_SAT;
    const bool saturates =
        (rounding == GSP_SPINNAKER_FLOOR_SAT) | (rounding == GSP_SPINNAKER_NEAREST_SAT) | stochastic;
    const bool floors = rounding == GSP_SPINNAKER_FLOOR_WRAP;
    const product_facts f = {
        .floor_negative = floors & (product < 0) & (fraction != 0),
        .product_wraps = floors & !fits,
        .nearest_up = nearest & half,
        .nearest_down = nearest & !half & (fraction != 0),
        .nearest_wraps = (rounding == GSP_SPINNAKER_NEAREST_WRAP) & !fits,
        .nearest_over = (rounding == GSP_SPINNAKER_NEAREST_WRAP) & over,
        .nearest_over_sat = (rounding == GSP_SPINNAKER_NEAREST_SAT) & over,
        .saturates_high = saturates & (below > INT32_MAX),
        .saturates_low = saturates & (below < INT32_MIN),
        .stochastic_up = stochastic & (rnd >> 17 < fraction),
        .stochastic_down = stochastic & (rnd >> 17 >= fraction) & (fraction != 0),
        .stochastic_equal = stochastic & (rnd >> 17 == fraction) & (fraction != 0),
    };
    return f;
}

#define PRODUCT_HITS(f)                                                                      \
    (HIT((f).floor_negative, floor_negative) | HIT((f).product_wraps, product_wraps) |       \
     HIT((f).nearest_up, nearest_up) | HIT((f).nearest_down, nearest_down) |                 \
     HIT((f).nearest_wraps, nearest_wraps) | HIT((f).nearest_over, nearest_over) |           \
     HIT((f).nearest_over_sat, nearest_over_sat) | HIT((f).saturates_high, saturates_high) | \
     HIT((f).saturates_low, saturates_low) | HIT((f).stochastic_up, stochastic_up) |         \
     HIT((f).stochastic_down, stochastic_down) | HIT((f).stochastic_equal, stochastic_equal))

/* current * 1.5 = 2^31 - 1/2: where nearest rounding carries over the limit. */
enum { OVER_CURRENT = 1431655765, OVER_FACTOR = 49152 };

#endif
