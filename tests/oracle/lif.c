/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lif a second time, from the equations as they are printed and in another
 * style than the model's: 128-bit integers, so that nothing can overflow, and
 * powers of two by multiplication, shifts by floor division, wrapping by
 * remainder. Slow; it shares no operation with the model.
 */
#include "oracle.h"

#include "goldenspike/lif.h"

__extension__ typedef __int128 wide;

static wide power_of_two(int n) {
    wide power = 1;
    while (n-- > 0)
        power = power * 2;
    return power;
}

static wide floor_divide(wide dividend, wide divisor) {
    const wide quotient = dividend / divisor; /* toward zero; the divisor is positive */
    const bool rounded_up = dividend < 0 && dividend % divisor != 0;
    return rounded_up ? quotient - 1 : quotient;
}

/* The value of the field's range that is meant by x. */
static wide narrow(const gsp_lif_params *p, wide x) {
    const wide lowest = -power_of_two(p->data_width - 1);
    const wide highest = power_of_two(p->data_width - 1) - 1;
    const wide period = power_of_two(p->data_width);

    if (p->saturate == 1) {
        if (x < lowest)
            return lowest;
        if (x > highest)
            return highest;
        return x;
    }
    wide distance = (x - lowest) % period;
    if (distance < 0)
        distance += period;
    return lowest + distance;
}

void gsp_oracle_lif(const gsp_lif_params *p, const gsp_lif_in *in, gsp_lif_state *state, gsp_lif_out *out) {
    wide v = state->v;
    int count = state->refractory_count;
    int spike = 0;

    if (count > 0) { /* (1) */
        count = count - 1;
        v = p->v_rest;
    } else {
        const wide one = power_of_two(p->fraction);
        const wide leak = floor_divide(((wide)p->v_rest - v) * in->leak_k, one); /* (2) */
        const wide drive = floor_divide((wide)in->i_t * in->gain_k, one);        /* (3) */
        v = narrow(p, v + leak + drive + in->noise_in);                          /* (4), (5) */
        if (v >= p->v_threshold) {                                               /* (6) */
            spike = 1;
            switch (p->reset_mode) { /* (7) */
            case 0: v = p->v_reset; break;
            case 1: v = narrow(p, v - p->v_threshold); break;
            default: break;
            }
            count = p->refractory_period;
        }
    }

    state->v = (int32_t)v;
    state->refractory_count = (uint8_t)count;
    out->spike = (uint8_t)spike;
    out->v_out = (int32_t)v;
}
