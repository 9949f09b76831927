/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loihi a second time, in another style than the model's: 128-bit integers,
 * magnitudes for whatever rounds toward zero, remainders for whatever wraps,
 * powers of two by multiplication, and the step as its documents tell it: the
 * clear of LIFReset first, then input, current, voltage, threshold. Slow; it
 * shares no operation with the model.
 */
#include "oracle.h"

#include "goldenspike/loihi.h"

__extension__ typedef __int128 wide;

static wide two_to(int n) {
    wide power = 1;
    for (int i = 0; i < n; i++)
        power *= 2;
    return power;
}

/* The value within -2^(bits-1) .. 2^(bits-1)-1 that differs from x by a multiple of 2^bits. */
static wide in_register(wide x, int bits) {
    const wide half = two_to(bits - 1);
    wide rest = (x + half) % (2 * half);
    if (rest < 0)
        rest += 2 * half;
    return rest - half;
}

static wide decayed(wide s, wide k) {
    /* C's division is toward zero, as the emulators' sign times floor of the magnitude. */
    return s * k / 4096;
}

static wide noise_value(const gsp_loihi_params *p, int rnd) {
    wide numerator = rnd + (wide)64 * p->noise_offset;
    wide denominator = 1;
    for (int e = p->noise_exp; e > 7; e--)
        numerator *= 2;
    for (int e = p->noise_exp; e < 7; e++)
        denominator *= 2;
    return p->noise_enable == 1 ? numerator / denominator : 0;
}

static wide bias_value(const gsp_loihi_params *p) {
    if (p->bias_exp >= 0)
        return p->bias_mant * two_to(p->bias_exp);
    const wide divisor = two_to(-p->bias_exp);
    wide quotient = p->bias_mant / divisor;
    if (quotient * divisor > p->bias_mant)
        quotient -= 1;
    return quotient;
}

static wide wrapped_current(const gsp_loihi_params *p, wide u) {
    if (p->u_wrap == 0)
        return in_register(u, 24);
    if (u > two_to(23))
        u = u - two_to(24);
    else if (u <= -two_to(23))
        u = u + two_to(24);
    return in_register(u, 28);
}

void gsp_oracle_loihi(const gsp_loihi_params *p, const gsp_loihi_in *in, gsp_loihi_state *state,
                      gsp_loihi_out *out) {
    wide u = state->u;
    wide v = state->v;
    int refractory = state->refractory_count;

    int t = 0;
    if (p->reset_interval != 0) {
        t = state->reset_count + 1;
        if (t >= p->reset_interval)
            t = 0;
        if (t == p->reset_offset)
            u = v = 0;
    }

    const wide noise = noise_value(p, in->rnd);

    wide q = in->a_in * two_to(p->act_shift);
    if (p->noise_at_v == 0)
        q += noise;
    out->q_overflow = q != in_register(q, 22);
    if (p->q_wrap22 == 1)
        q = in_register(q, 22);
    out->q = (int32_t)q;

    u = decayed(u, 4096 - ((wide)p->decay_u + p->ds_offset)) + q;
    out->u_overflow = u != in_register(u, 24);
    u = wrapped_current(p, u);

    wide x = u + bias_value(p);
    if (p->noise_at_v == 1)
        x += noise;
    out->u2_overflow = x != in_register(x, 24);
    if (p->u2_wrap24 == 1)
        x = in_register(x, 24);

    v = decayed(v, 4096 - ((wide)p->decay_v + p->dm_offset)) + x;
    out->v_clipped = 0;
    if (v > p->vmax) {
        v = p->vmax;
        out->v_clipped = 1;
    } else if (v < p->vmin) {
        v = p->vmin;
        out->v_clipped = 1;
    }
    if (refractory > 0)
        v = 0;

    int spike = 0;
    if (v > p->vth)
        spike += 1;
    if (p->ternary == 1 && v < p->vth_lo)
        spike -= 1;

    out->v_readback = (int32_t)v;
    if (spike != 0) {
        v = 0;
        refractory = p->refract_delay;
        out->v_readback = refractory == 0 ? 128 : 128 * refractory;
    }
    if (refractory > 0)
        refractory -= 1;

    state->u = (int32_t)u;
    state->v = (int32_t)v;
    state->refractory_count = (uint8_t)refractory;
    state->reset_count = (uint16_t)t;
    out->spike = (int8_t)spike;
}
