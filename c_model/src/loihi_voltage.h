/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the models of the Loihi 2 family: the limits of a 24-bit voltage. */
#ifndef GSP_LOIHI_VOLTAGE_H
#define GSP_LOIHI_VOLTAGE_H

#include "goldenspike/fix.h"

/* lava clips to +-(2^23 - 1): -2^23 fits 24 bits, yet is never reached. */
#define VOLTAGE_MAX 8388607

static inline int64_t voltage_clip(int64_t x) {
    return gsp_clamp(x, -VOLTAGE_MAX, VOLTAGE_MAX);
}

#endif
