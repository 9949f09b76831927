/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the cases of the graded models of the Loihi 2 family: values around a threshold. */
#ifndef GSP_LOIHI_AIM_H
#define GSP_LOIHI_AIM_H

#include "goldenspike/fix.h"
#include "goldenspike/rng.h"

/* One below, at or one above the threshold, of either sign; rarely an end of the int32 range. */
static inline int64_t around_threshold(gsp_rng *rng, int64_t vth) {
    const int64_t near = vth + gsp_rng_range(rng, -1, 1);
    switch (gsp_rng_below(rng, 16)) {
    case 0: return INT32_MIN;
    case 1: return INT32_MAX;
    case 2: return INT32_MIN + 1;
    default: return gsp_wrap(gsp_rng_one_in(rng, 2) ? near : -near, 32);
    }
}

/* A threshold of a usual size, not negative. */
static inline int64_t usual_threshold(gsp_rng *rng) {
    return gsp_rng_range(rng, 0, gsp_rng_one_in(rng, 2) ? 100 : 100000);
}

#endif
