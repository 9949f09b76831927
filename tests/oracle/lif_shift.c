/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lif_shift a second time, from the equations as they are printed: division
 * for the shift, remainder for the wrap, no operation shared with the model.
 */
#include "oracle.h"

#include "goldenspike/lif_shift.h"

static int64_t power_of_two(int n) {
    int64_t power = 1;
    while (n-- > 0)
        power = power * 2;
    return power;
}

/* v without its leak: v - floor(v / 2^K) = ceil(v * (2^K - 1) / 2^K), counted away from the model's form. */
static int64_t without_leak(int64_t v, int64_t divisor) {
    const int64_t kept = v * (divisor - 1);  /* |v| <= 2^31, divisor <= 2^31 */
    const int64_t quotient = kept / divisor; /* toward zero: right for the ceiling of a negative value */
    return kept > 0 && kept % divisor != 0 ? quotient + 1 : quotient;
}

void gsp_oracle_lif_shift(const gsp_lif_shift_params *p, const gsp_lif_shift_in *in,
                          gsp_lif_shift_state *state, gsp_lif_shift_out *out) {
    const int64_t lowest = -power_of_two(p->data_width - 1);
    const int64_t period = power_of_two(p->data_width);

    out->spike = 0;
    if (p->refractory_period > 0 && state->refractory_count > 0) {        /* (1) */
        state->v = p->v_reset;                                            /* (5) */
        state->refractory_count = (uint8_t)(state->refractory_count - 1); /* (6) */
        return;
    }
    int64_t v = without_leak(state->v, power_of_two(p->leak_shift)) + in->i_t; /* (2), (3) */
    while (v < lowest)
        v += period;
    while (v >= lowest + period)
        v -= period;
    state->v = (int32_t)v;
    state->refractory_count = 0;
    if (v >= p->v_threshold) { /* (4) */
        out->spike = 1;
        state->v = p->v_reset;                          /* (5) */
        state->refractory_count = p->refractory_period; /* (6) */
    }
}
