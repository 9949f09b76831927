/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Slow arithmetic for the oracles of the Loihi 2 family: 128-bit integers,
 * powers of two by multiplication, shifts by division, wrapping by remainder.
 * No operation is shared with the models.
 */
#ifndef GSP_ORACLE_LOIHI_SLOW_H
#define GSP_ORACLE_LOIHI_SLOW_H

#include <stdint.h>

__extension__ typedef __int128 wide;

static inline wide power_of_two(int n) {
    wide power = 1;
    while (n-- > 0)
        power = power * 2;
    return power;
}

/* x / 2^n toward zero, as C's division goes: lava's sign * (abs >> n). */
static inline wide toward_zero(wide x, int n) {
    return x / power_of_two(n);
}

/* x / 2^n toward minus infinity: numpy's right_shift and //. */
static inline wide toward_floor(wide x, int n) {
    const wide quotient = x / power_of_two(n);
    return quotient * power_of_two(n) > x ? quotient - 1 : quotient;
}

/* The 32-bit integer that numpy's int32 would hold. */
static inline int32_t int32(wide x) {
    const wide period = power_of_two(32);
    wide rest = x % period;
    if (rest < -power_of_two(31))
        rest += period;
    if (rest >= power_of_two(31))
        rest -= period;
    return (int32_t)rest;
}

/* numpy's abs of an int32: that of -2^31 does not fit and stays negative. */
static inline int32_t abs_int32(int32_t x) {
    return x < 0 ? int32(-(wide)x) : x;
}

/* np.clip to the 24-bit voltage limits of lava. */
static inline int32_t clip_voltage(wide x) {
    const wide limit = power_of_two(23) - 1;
    return (int32_t)(x > limit ? limit : x < -limit ? -limit : x);
}

#endif
