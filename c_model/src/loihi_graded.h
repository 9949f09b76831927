/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private to the graded models of the Loihi 2 family: int32 arithmetic as in
 * numpy's arrays, and the threshold compares.
 */
#ifndef GSP_LOIHI_GRADED_H
#define GSP_LOIHI_GRADED_H

#include "goldenspike/fix.h"

/* |x| of an int32: that of -2^31 does not fit and stays negative, so it reaches no positive threshold. */
static inline int64_t abs_int32(int64_t x) {
    return gsp_wrap(x < 0 ? gsp_sub(0, x) : x, 32);
}

/* x where |x| >= vth, else 0: the delta neurons. */
static inline int64_t where_reached(int64_t test, int64_t vth, int64_t x) {
    return abs_int32(test) >= vth ? x : 0;
}

/* x where |x| > vth, else 0: the graded neurons. */
static inline int64_t where_exceeded(int64_t x, int64_t vth) {
    return abs_int32(x) > vth ? x : 0;
}

#endif
