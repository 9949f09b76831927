/* SPDX-License-Identifier: Apache-2.0 */
/*
 * s16.15 a second time, for the oracles: 128-bit integers, floors by division,
 * wraps by counting periods. It shares no operation with the models.
 */
#ifndef GSP_SPINNAKER_SLOW_H
#define GSP_SPINNAKER_SLOW_H

#include <stdint.h>

__extension__ typedef __int128 slow_wide;

#define SLOW_LIMIT ((slow_wide)2147483647)
#define SLOW_PERIOD ((slow_wide)4294967296)

static inline slow_wide slow_floor(slow_wide x, slow_wide divisor) {
    const slow_wide quotient = x / divisor;
    return x % divisor < 0 ? quotient - 1 : quotient;
}

/* W: the one number in -2^31..2^31 - 1 that differs from x by whole periods. */
static inline int32_t slow_wrap(slow_wide x) {
    const slow_wide wrapped = x - SLOW_PERIOD * slow_floor(x, SLOW_PERIOD);
    return (int32_t)(wrapped > SLOW_LIMIT ? wrapped - SLOW_PERIOD : wrapped);
}

static inline int32_t slow_saturate(slow_wide x) {
    return x > SLOW_LIMIT ? INT32_MAX : x < -SLOW_LIMIT - 1 ? INT32_MIN : (int32_t)x;
}

/* Rows of a table instead of a formula: which part of a product is added, and how it is narrowed. */
enum { SLOW_NEVER, SLOW_FROM_HALF, SLOW_BY_CHANCE };
static const struct {
    int up, saturates;
} slow_modes[5] = {
    {SLOW_NEVER, 0}, {SLOW_FROM_HALF, 0}, {SLOW_NEVER, 1}, {SLOW_FROM_HALF, 1}, {SLOW_BY_CHANCE, 1}};

static inline int32_t slow_mulk(int32_t a, int32_t b, int mode, uint32_t rnd) {
    const slow_wide product = (slow_wide)a * b;
    const slow_wide whole = slow_floor(product, 32768);
    const slow_wide rest = product - whole * 32768; /* 0..32767 of 32768 */
    slow_wide result = whole;
    if (slow_modes[mode].up == SLOW_FROM_HALF && rest >= 16384)
        result = result + 1;
    if (slow_modes[mode].up == SLOW_BY_CHANCE && rest > (slow_wide)(rnd / 131072))
        result = result + 1;
    return slow_modes[mode].saturates ? slow_saturate(result) : slow_wrap(result);
}

static inline int32_t slow_decay(int32_t x, uint32_t d) {
    return slow_wrap(slow_floor((slow_wide)x * (slow_wide)d, SLOW_PERIOD));
}

/* A receptor before the update and its current; `toward` is reversal - v, of a conductance. */
static inline int32_t slow_receive(int32_t syn, int32_t in, uint32_t init, int kind, int first) {
    if (!first || in <= 0)
        return syn;
    return slow_wrap((slow_wide)syn + (kind == 1 ? in : slow_decay(in, init)));
}

static inline int32_t slow_current(int32_t syn, int kind, int32_t scale, int sign, int32_t toward, int mode,
                                   uint32_t rnd) {
    switch (kind) {
    case 1: return slow_mulk(syn, scale, mode, rnd);
    case 2: return slow_mulk(slow_wrap(sign * slow_floor(syn, 1024)), toward, mode, rnd);
    default: return syn;
    }
}

#endif
