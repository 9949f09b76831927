/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dpi a second time, from the equations as they are printed and in another
 * style than the model's: 128-bit integers, powers of two by multiplication,
 * shifts by floor division, bit fields by remainders, the five decaying states
 * in one loop. Slow; it shares no operation with the model.
 */
#include "oracle.h"

#include "goldenspike/dpi.h"

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

static wide limit(wide x, wide least, wide greatest) {
    if (x > greatest)
        return greatest;
    if (x < least)
        return least;
    return x;
}

/*
 * A table at x octaves (QF, not negative), where down is +1 for a table read as
 * "word minus a share of the fall" and -1 for "word plus a share of the rise".
 */
static wide look_up(const gsp_dpi_params *p, const uint64_t *table, wide x, int down) {
    const wide segment = power_of_two(p->l_fraction) / power_of_two(p->segment_bits);
    const wide steps = segment < 16384 ? segment : 16384; /* 2^FB */
    const wide i = x / segment;
    const wide fr = (x % segment) / (segment / steps);
    const wide here = (wide)table[i], next = (wide)table[i + 1];
    const wide change = down > 0 ? here - next : next - here;
    return here - down * floor_divide(change * fr, steps);
}

static wide sigma(const gsp_dpi_params *p, wide x) {
    const wide distance = x < 0 ? -x : x;
    const wide end = 16 * power_of_two(p->l_fraction);
    const wide v = distance < end ? look_up(p, p->t_table, distance, 1)
                                  : (wide)p->t_table[(int)(16 * power_of_two(p->segment_bits))];
    return x < 0 ? 131072 - v : v;
}

void gsp_oracle_dpi(const gsp_dpi_params *p, const gsp_dpi_in *in, gsp_dpi_state *state, gsp_dpi_out *out) {
    const wide top = power_of_two(p->state_width) - 1;
    const wide one = power_of_two(p->i_fraction);
    uint64_t *const held[5] = {&state->ampa, &state->nmda, &state->gaba_b, &state->gaba_a, &state->ahp};
    const uint64_t added[5] = {in->add_ampa, in->add_nmda, in->add_gaba_b, in->add_gaba_a, 0};
    const uint32_t mantissa[5] = {p->dm_ampa, p->dm_nmda, p->dm_gaba_b, p->dm_gaba_a, p->dm_ahp};
    const int shift[5] = {p->ds_ampa, p->ds_nmda, p->ds_gaba_b, p->ds_gaba_a, p->ds_ahp};
    wide current[5];

    for (int k = 0; k < 5; k++) { /* (1), (3) */
        const wide s = (wide)*held[k];
        const wide product = s * mantissa[k], divisor = power_of_two(shift[k]);
        const wide lost = product / divisor + (product % divisor != 0);
        const wide left = limit(s - lost + (wide)added[k], 0, top);
        *held[k] = (uint64_t)left;
        current[k] = left / power_of_two(k < 4 ? p->e_syn : p->e_ahp);
    }
    out->spike = 0;
    if (state->refractory_count != 0) { /* (2) */
        state->refractory_count--;
        return;
    }

    const wide l = state->l;
    const wide gated = current[1] * (131072 - sigma(p, l - p->lnm)) / 131072; /* (4) */
    const wide input =
        limit((wide)in->idc + current[0] + gated - current[2], (wide)p->io, 64 * one - 1); /* (5) */
    const wide drive = input * sigma(p, l - p->lth) / 131072;                              /* (6) */
    const wide feedback = look_up(p, p->a_table, l, -1);                                   /* (7) */
    const wide net =
        limit(drive + feedback - (wide)p->itau - current[3] - current[4], -4 * one, one); /* (8) */
    const wide unit = power_of_two(p->i_fraction - p->l_fraction);
    const wide moved = l + floor_divide(2 * net + unit, 2 * unit); /* (9) */
    const wide reached = limit(moved, 0, power_of_two(p->l_fraction + 5) - 1);

    state->l = (uint32_t)reached;
    if (reached >= p->lspk) { /* (10) */
        state->l = p->lrst;
        state->refractory_count = p->refractory_steps;
        state->ahp = (uint64_t)limit((wide)state->ahp + (wide)p->ahp_jump, 0, top);
        out->spike = 1;
    }
}
