/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stimulus must reach in dpi, and how to reach it.
 */
#include "goldenspike/dpi.h"
#include "goldenspike/cases.h"
#include "goldenspike/fix.h"

/* clang-format off */
#define SYNAPSE_BINS(BIN, q) \
    BIN(q##_event,     "an event on " #q) \
    BIN(q##_saturates, #q " plus its event is above 2^SW - 1") \
    BIN(q##_empties,   #q " decays to 0")

#define BINS(BIN) \
    SYNAPSE_BINS(BIN, ampa) \
    SYNAPSE_BINS(BIN, nmda) \
    SYNAPSE_BINS(BIN, gaba_b) \
    SYNAPSE_BINS(BIN, gaba_a) \
    BIN(ahp_decays,          "ahp decays and does not reach 0") \
    BIN(ahp_empties,         "ahp decays to 0") \
    BIN(ahp_jumps,           "a spike raises ahp") \
    BIN(ahp_saturates,       "ahp + ahp_jump is above 2^SW - 1") \
    BIN(decay_over,          "a decrement exceeds the state: dm > 2^ds") \
    BIN(decay_least,         "a decrement of 1, the least, from a state above 1") \
    BIN(silent_counting,     "a step of held l with more to come") \
    BIN(silent_last,         "the last step of held l") \
    BIN(silent_event,        "an event arrives while l is held") \
    BIN(silent_decays,       "synapses decay while l is held") \
    BIN(silent_above,        "l is held at lspk or above") \
    BIN(refractory_entered,  "a spike with refractory_steps > 0") \
    BIN(refractory_none,     "a spike with refractory_steps 0") \
    BIN(refractory_longest,  "a spike with refractory_steps 65535") \
    BIN(spike_from_reset,    "a spike from l = lrst, as right after a spike") \
    BIN(refires,             "a spike with lrst >= lspk") \
    BIN(threshold_equal,     "l = lspk fires") \
    BIN(threshold_missed,    "l = lspk - 1 does not fire") \
    BIN(threshold_lowest,    "a spike with lspk 0") \
    BIN(threshold_highest,   "a spike with lspk at the upper end of the range") \
    BIN(reset_zero,          "a spike with lrst 0") \
    BIN(iin_floor,           "the input current is clamped to io") \
    BIN(iin_negative,        "gaba_b exceeds all excitation") \
    BIN(iin_top,             "the input current is clamped to 2^(G+6) - 1") \
    BIN(gate_open,           "an NMDA current passes a gate 16 octaves open") \
    BIN(gate_closed,         "an NMDA current does not pass the gate") \
    BIN(gate_below,          "an NMDA current, l below lnm") \
    BIN(gate_above,          "an NMDA current, l above lnm") \
    BIN(gain_below,          "l below lth") \
    BIN(gain_above,          "l above lth") \
    BIN(gain_equal,          "l = lth") \
    BIN(gain_far_below,      "l 16 octaves below lth or more") \
    BIN(gain_far_above,      "l 16 octaves above lth or more") \
    BIN(gain_fraction_below, "l below lth, between two words of t_table") \
    BIN(gain_fraction_above, "l above lth, between two words of t_table") \
    BIN(gain_whole,          "l is a whole number of segments from lth") \
    BIN(feedback_fraction,   "l between two words of a_table") \
    BIN(feedback_whole,      "l on a word of a_table") \
    BIN(feedback_last,       "l in the last segment of a_table") \
    BIN(net_low,             "the net current is clamped to -2^(G+2)") \
    BIN(net_high,            "the net current is clamped to 2^G") \
    BIN(net_lost,            "a net current too small to move l") \
    BIN(net_half,            "a positive net current half way between two values of l: up") \
    BIN(net_half_negative,   "a negative net current half way between two values of l: up") \
    BIN(l_bottom,            "l is clamped to 0") \
    BIN(l_top,               "l is clamped to 2^(F+5) - 1")
/* clang-format on */

#define BIN_INDEX(name, meaning) BIN_##name,
#define BIN_ROW(name, meaning) {#name, meaning},

enum { BINS(BIN_INDEX) N_BINS };
static const gsp_bin bins[] = {BINS(BIN_ROW)};
GSP_STATIC_ASSERT(N_BINS <= GSP_MAX_BINS, "a mask of bins fits 64 bits");

static uint64_t bit(bool condition, unsigned bin) {
    return (uint64_t)condition << bin;
}
#define HIT(condition, bin) bit((condition), BIN_##bin)

/* What is left of a state before its event; below 0 where the decrement exceeds it. */
static int64_t left(uint64_t state, uint32_t dm, uint8_t ds) {
    const int64_t s = (int64_t)state;
    return s - gsp_shr_floor(gsp_mul(s, dm) + gsp_max_u(ds), ds);
}

/* This runs at every step of a lockstep run: few branches, conditions joined by & and |. */
static uint64_t cover(const void *params, const void *in, const void *before, const void *after,
                      const void *out, const void *internal) {
    const gsp_dpi_params *p = (const gsp_dpi_params *)params;
    const gsp_dpi_in *i = (const gsp_dpi_in *)in;
    const gsp_dpi_state *b = (const gsp_dpi_state *)before;
    const gsp_dpi_state *a = (const gsp_dpi_state *)after;
    const gsp_dpi_internal *x = (const gsp_dpi_internal *)internal;
    const bool spike = ((const gsp_dpi_out *)out)->spike != 0;

    const int64_t top = gsp_max_u(p->state_width);
    const int64_t ahp_left = left(b->ahp, p->dm_ahp, p->ds_ahp);
    const bool some_event = (i->add_ampa | i->add_nmda | i->add_gaba_b | i->add_gaba_a) != 0;

    /* clang-format off */
#define SYNAPSE_HITS(q) \
    HIT(i->add_##q != 0, q##_event) | \
    HIT(left(b->q, p->dm_##q, p->ds_##q) + (int64_t)i->add_##q > top, q##_saturates) | \
    HIT((b->q != 0) & (a->q == 0), q##_empties) | \
    HIT(left(b->q, p->dm_##q, p->ds_##q) < 0, decay_over) | \
    HIT((b->q > 1) & (left(b->q, p->dm_##q, p->ds_##q) == (int64_t)b->q - 1), decay_least)

    const uint64_t hits = SYNAPSE_HITS(ampa) | SYNAPSE_HITS(nmda) | SYNAPSE_HITS(gaba_b) | SYNAPSE_HITS(gaba_a) |
                          HIT((b->ahp != 0) & (ahp_left > 0), ahp_decays) |
                          HIT((b->ahp != 0) & (ahp_left <= 0), ahp_empties);
    if (b->refractory_count > 0)
        return hits | HIT(b->refractory_count > 1, silent_counting) |
                      HIT(b->refractory_count == 1, silent_last) |
                      HIT(some_event, silent_event) |
                      HIT((b->ampa > a->ampa) | (b->gaba_b > a->gaba_b), silent_decays) |
                      HIT(b->l >= p->lspk, silent_above);

    const unsigned f = p->l_fraction, segment = f - p->segment_bits, rounded = p->i_fraction - f;
    const int64_t l = b->l, distance = l - p->lth, gate = l - p->lnm;
    const int64_t far = gsp_shl(GSP_DPI_T_OCTAVES, f), one_segment = gsp_max_u(segment);
    const int64_t excitation = (int64_t)i->idc + x->i_ampa + x->nmda_gated;
    const int64_t balance = (int64_t)x->drive + x->ia - (int64_t)p->itau - x->i_gaba_a - x->i_ahp;
    const int64_t half = gsp_shl(1, rounded - 1), below = gsp_wrap_u(x->net, rounded);
    const bool nmda = x->i_nmda != 0;
    const bool between = ((distance < 0 ? -distance : distance) & one_segment) != 0;

    const uint64_t hits_active = hits |
        HIT(!spike & (x->l_next == (int64_t)p->lspk - 1), threshold_missed) |
        HIT(excitation - x->i_gaba_b < (int64_t)p->io, iin_floor) |
        HIT(excitation < x->i_gaba_b, iin_negative) |
        HIT(excitation - x->i_gaba_b > gsp_max_u(p->i_fraction + 6u), iin_top) |
        HIT(nmda & (gate >= far), gate_open) |
        HIT(nmda & (x->nmda_gated == 0), gate_closed) |
        HIT(nmda & (gate < 0), gate_below) |
        HIT(nmda & (gate > 0), gate_above) |
        HIT(distance < 0, gain_below) |
        HIT(distance > 0, gain_above) |
        HIT(distance == 0, gain_equal) |
        HIT(distance <= -far, gain_far_below) |
        HIT(distance >= far, gain_far_above) |
        HIT((distance < 0) & (distance > -far) & between, gain_fraction_below) |
        HIT((distance > 0) & (distance < far) & between, gain_fraction_above) |
        HIT((distance != 0) & (distance < far) & (distance > -far) & !between, gain_whole) |
        HIT((l & one_segment) != 0, feedback_fraction) |
        HIT((l & one_segment) == 0, feedback_whole) |
        HIT(l + one_segment >= gsp_max_u(f + 5), feedback_last) |
        HIT(balance < -gsp_shl(1, p->i_fraction + 2u), net_low) |
        HIT(balance > gsp_shl(1, p->i_fraction), net_high) |
        HIT((x->net != 0) & (x->dl == 0), net_lost) |
        HIT((x->net > 0) & (below == half), net_half) |
        HIT((x->net < 0) & (below == half), net_half_negative) |
        HIT(l + x->dl < 0, l_bottom) |
        HIT(l + x->dl > gsp_max_u(f + 5), l_top);
    if (!spike)
        return hits_active;

    return hits_active |
        HIT((p->ahp_jump != 0) & ((int64_t)a->ahp > ahp_left), ahp_jumps) |
        HIT((ahp_left > 0 ? ahp_left : 0) + (int64_t)p->ahp_jump > top, ahp_saturates) |
        HIT(p->refractory_steps > 0, refractory_entered) |
        HIT(p->refractory_steps == 0, refractory_none) |
        HIT(p->refractory_steps == UINT16_MAX, refractory_longest) |
        HIT(b->l == p->lrst, spike_from_reset) |
        HIT(p->lrst >= p->lspk, refires) |
        HIT(x->l_next == (int64_t)p->lspk, threshold_equal) |
        HIT(p->lspk == 0, threshold_lowest) |
        HIT((int64_t)p->lspk == gsp_max_u(f + 5), threshold_highest) |
        HIT(p->lrst == 0, reset_zero);
    /* clang-format on */
}

#define IS(field, kind_, type, member) \
    ((field)->kind == (kind_) && (field)->offset == offsetof(gsp_dpi_##type, member))
#define IS_PARAM(member) IS(field, GSP_PARAM, params, member)
#define IS_STATE(member) IS(field, GSP_STATE, state, member)
#define IS_INPUT(member) IS(field, GSP_INPUT, in, member)

static int64_t up_to(gsp_rng *rng, const gsp_field *field, unsigned bits) {
    const int64_t most = gsp_max_u(bits);
    return gsp_rng_range(rng, 0, most < field->max ? most : field->max);
}

/* Magnitudes at which the neuron moves, fires and is inhibited; the generic draw sees to the rest. */
static bool draw(gsp_rng *rng, const void *params, const gsp_field *field, int64_t *value) {
    static const uint8_t steps[] = {0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 5, 10};
    const gsp_dpi_params *p = (const gsp_dpi_params *)params;
    const unsigned f = p->l_fraction, g = p->i_fraction;

    if (IS_PARAM(refractory_steps)) {
        /* A long one is rare: a spike then silences more steps than most parameter sets live. */
        const uint32_t choice = gsp_rng_below(rng, 64);
        *value = choice == 0  ? UINT16_MAX
                 : choice < 4 ? up_to(rng, field, 4 + gsp_rng_below(rng, 13))
                              : steps[gsp_rng_below(rng, sizeof steps)];
        return true;
    }
    if (IS_STATE(refractory_count)) {
        const uint32_t choice = gsp_rng_below(rng, 8);
        *value = choice == 1 ? 1 : choice == 2 ? 2 : 0;
        return choice != 0;
    }
    if (IS_PARAM(ds_ampa) || IS_PARAM(ds_nmda) || IS_PARAM(ds_gaba_b) || IS_PARAM(ds_gaba_a) ||
        IS_PARAM(ds_ahp)) {
        *value = gsp_rng_range(rng, 15, 24);
        return !gsp_rng_one_in(rng, 4);
    }
    if (IS_PARAM(itau) || IS_PARAM(io)) {
        *value = up_to(rng, field, IS_PARAM(itau) ? g - 2 : g - 8);
        return !gsp_rng_one_in(rng, 4);
    }
    if (IS_PARAM(lth) || IS_PARAM(lnm)) {
        *value = gsp_rng_range(rng, -gsp_shl(2, f), gsp_shl(8, f));
        return gsp_rng_one_in(rng, 2);
    }
    if (IS_PARAM(lspk)) {
        const uint32_t choice = gsp_rng_below(rng, 8);
        *value = choice == 0 ? field->max : up_to(rng, field, f + 1 + gsp_rng_below(rng, 4));
        return choice < 6;
    }
    if (IS_PARAM(lrst)) {                    /* drawn after lspk */
        const int64_t octave = gsp_max_u(f); /* below lspk, half of the time: what a step can climb */
        *value =
            gsp_rng_range(rng, gsp_rng_one_in(rng, 2) && p->lspk > octave ? p->lspk - octave : 0, p->lspk);
        return gsp_rng_one_in(rng, 2);
    }
    if (IS_PARAM(ahp_jump)) {
        *value = up_to(rng, field, g + p->e_ahp - 6);
        return gsp_rng_one_in(rng, 2);
    }
    if (IS_INPUT(idc)) {
        *value = up_to(rng, field, g - 4 + gsp_rng_below(rng, 8));
        return !gsp_rng_one_in(rng, 4);
    }
    if (IS_INPUT(add_ampa) || IS_INPUT(add_nmda) || IS_INPUT(add_gaba_b) || IS_INPUT(add_gaba_a)) {
        const uint32_t choice = gsp_rng_below(rng, 8);
        *value = choice < 4 ? 0 : up_to(rng, field, g + p->e_syn - 2);
        return choice < 7;
    }
    if (IS_STATE(l)) {
        *value = gsp_clamp((int64_t)p->lspk + gsp_rng_range(rng, -gsp_shl(1, f), gsp_shl(1, f)), 0,
                           gsp_max_u(f + 5));
        return gsp_rng_one_in(rng, 2);
    }
    return false;
}

/* Solves idc so that the net current is `net`; leaves it where no current does. */
static void aim_net(const gsp_dpi_params *p, const gsp_dpi_internal *x, int64_t net, gsp_dpi_in *i) {
    const int64_t drive = net - x->ia + (int64_t)p->itau + x->i_gaba_a + x->i_ahp;
    if (drive < 0 || x->sig_gain <= 0)
        return;
    /* The least input whose share, floored, is that drive: one more input raises the drive by 1 at most. */
    const int64_t iin = gsp_add(gsp_shl(drive, GSP_DPI_SIGMA_FRACTION), x->sig_gain - 1) / x->sig_gain;
    const int64_t idc = iin - x->i_ampa - x->nmda_gated + x->i_gaba_b;
    if (iin >= (int64_t)p->io && gsp_fits_u(idc, p->i_fraction + 6u))
        i->idc = (uint64_t)idc;
}

/* Lands l on a threshold or an end of its range, the net current half way between two values, a state on its
 * top. */
static void aim(gsp_rng *rng, const void *params, const void *state, void *in) {
    const gsp_dpi_params *p = (const gsp_dpi_params *)params;
    const gsp_dpi_state *s = (const gsp_dpi_state *)state;
    gsp_dpi_in *i = (gsp_dpi_in *)in;
    const unsigned rounded = (unsigned)p->i_fraction - p->l_fraction;
    const uint32_t choice = gsp_rng_below(rng, 16);

    if (choice == 0) {
        const int64_t need = gsp_max_u(p->state_width) - left(s->ampa, p->dm_ampa, p->ds_ampa);
        i->add_ampa = (uint64_t)gsp_sat_u(need + gsp_rng_range(rng, -1, 1), p->state_width);
        return;
    }
    gsp_dpi_state next = *s;
    gsp_dpi_out out;
    gsp_dpi_internal x;
    gsp_dpi_explain(p, i, &next, &out, &x);
    const int64_t half = gsp_shl(1, rounded - 1);
    const int64_t targets[8] = {(int64_t)p->lspk,
                                (int64_t)p->lspk,
                                (int64_t)p->lspk - 1,
                                (int64_t)p->lspk - 1,
                                (int64_t)p->lspk + 1,
                                0,
                                gsp_max_u(p->l_fraction + 5u),
                                s->l};
    const int64_t move = targets[gsp_rng_below(rng, 8)] - (int64_t)s->l;
    aim_net(p, &x, gsp_shl(move, rounded) + (choice < 4 ? half : choice < 8 ? -half : 0), i);
}

const gsp_cases gsp_dpi_cases = {
    .bins = bins,
    .n_bins = N_BINS,
    .cover = cover,
    .draw = draw,
    .aim = aim,
};
