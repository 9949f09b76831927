/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stimulus must reach in spinnaker_lif, and how to reach it.
 */
#include "goldenspike/spinnaker_lif.h"
#include "goldenspike/cases.h"
#include "spinnaker_aim.h"

/* clang-format off */
#define BINS(BIN) \
    BIN(kind_exp,            "a step with exponential currents that are not 0") \
    BIN(kind_delta,          "a step with delta synapses that are not 0") \
    BIN(kind_conductance,    "a step with conductances that are not 0") \
    BIN(exc_taken,           "an excitatory input is added") \
    BIN(inh_taken,           "an inhibitory input is added") \
    BIN(input_negative,      "a negative input in a first sub-step is ignored") \
    BIN(input_later,         "an input in a later sub-step is ignored") \
    BIN(syn_wraps,           "syn + input leaves s32 and wraps") \
    BIN(syn_negative,        "a negative synapse decays: floor") \
    BIN(syn_stays,           "a synapse of -1 stays at -1: floor") \
    BIN(syn_vanishes,        "a synapse of +1 becomes 0") \
    BIN(delta_clears,        "a delta synapse is 0 after the step") \
    BIN(conductance_floor,   "syn >> 10 of a negative synapse with bits below") \
    BIN(conductance_none,    "syn >> 10 is 0 of a synapse above 0") \
    BIN(reversal_wraps,      "v_rev_exc - v leaves s32 and wraps") \
    BIN(ca2_decays,          "ca2 decays") \
    BIN(ca2_silent,          "ca2 decays in a refractory step") \
    BIN(ca2_grows,           "a spike adds ca2_alpha") \
    BIN(ca2_wraps,           "ca2 + ca2_alpha leaves s32 and wraps") \
    BIN(ca2_off,             "ca2 is kept without ca2_enable, through a spike") \
    BIN(current_wraps,       "the sum of the currents leaves s32 and wraps") \
    BIN(alpha_wraps,         "product + v_rest leaves s32 and wraps") \
    BIN(difference_wraps,    "alpha - v leaves s32 and wraps") \
    BIN(v_wraps,             "alpha - product leaves s32 and wraps") \
    BIN(dead_zone,           "0 < exp_tc < 1, v above alpha, and v stays") \
    BIN(decay_none,          "exp_tc = 1: v stays") \
    BIN(decay_all,           "exp_tc = 0: v = alpha") \
    BIN(silent_counting,     "a refractory step with more to come") \
    BIN(silent_last,         "the last refractory step") \
    BIN(silent_spikes,       "a spike in a refractory step") \
    BIN(refract_0,           "a spike with t_refract 0") \
    BIN(refract_1,           "a spike with t_refract 1") \
    BIN(refract_longest,     "a spike with t_refract 2^31 - 1") \
    BIN(refires,             "a spike with v_reset >= v_thresh") \
    BIN(threshold_equal,     "v = v_thresh fires") \
    BIN(threshold_missed,    "v = v_thresh - 1 does not fire") \
    BIN(threshold_lowest,    "a spike with v_thresh = -2^31") \
    BIN(threshold_highest,   "a spike with v_thresh = 2^31 - 1") \
    BIN(spike_below_zero,    "a spike with v and v_thresh negative") \
    PRODUCT_BINS(BIN)
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

static bool wide(int64_t x) {
    return !gsp_fits_s(x, 32);
}

/* Conditions are joined by & and |, not && and ||: this runs at every step of a lockstep run. */
static uint64_t cover(const void *params, const void *in, const void *before, const void *after,
                      const void *out, const void *internal) {
    const gsp_spinnaker_lif_params *p = (const gsp_spinnaker_lif_params *)params;
    const gsp_spinnaker_lif_in *i = (const gsp_spinnaker_lif_in *)in;
    const gsp_spinnaker_lif_state *b = (const gsp_spinnaker_lif_state *)before;
    const gsp_spinnaker_lif_state *a = (const gsp_spinnaker_lif_state *)after;
    const gsp_spinnaker_lif_internal *x = (const gsp_spinnaker_lif_internal *)internal;
    const bool spike = ((const gsp_spinnaker_lif_out *)out)->spike != 0;

    const bool delta = p->input_kind == GSP_SPINNAKER_DELTA;
    const bool conductance = p->input_kind == GSP_SPINNAKER_CONDUCTANCE;
    const bool exponential = p->input_kind == GSP_SPINNAKER_EXP;
    const bool some = (x->syn_exc_in != 0) | (x->syn_inh_in != 0);
    const bool first = i->first_substep != 0;
    const bool takes_exc = first & (i->in_exc > 0);
    const int64_t share = delta ? i->in_exc : gsp_shr_floor(gsp_mul(i->in_exc, p->init_exc), 32);
    const bool silent = b->refract_timer > 0;
    const bool active = !silent;
    const bool ca2 = p->ca2_enable != 0;
    const int64_t currents = x->exc - x->inh + x->bias + p->i_offset + i->current_offset;
    const int64_t driven = gsp_mul(x->current, p->r_membrane);
    const int64_t product = gsp_spinnaker_sub((int32_t)x->alpha, p->v_rest);
    const int64_t difference = x->alpha - b->v;
    const int64_t kept = gsp_spinnaker_sub((int32_t)x->alpha, (int32_t)x->v_next);
    const int64_t v = silent ? b->v : x->v_next;
    product_facts facts = facts_of(driven, p->rounding, i->rnd3);

    /* clang-format off */
    const uint64_t hits_always =
        HIT(exponential & some, kind_exp) |
        HIT(delta & some, kind_delta) |
        HIT(conductance & some, kind_conductance) |
        HIT(takes_exc, exc_taken) |
        HIT(first & (i->in_inh > 0), inh_taken) |
        HIT(first & (i->in_exc < 0), input_negative) |
        HIT(!first & (i->in_exc > 0), input_later) |
        HIT(takes_exc & wide(b->syn_exc + share), syn_wraps) |
        HIT(!delta & (x->syn_exc_in < -1) & (a->syn_exc != 0), syn_negative) |
        HIT(!delta & (x->syn_exc_in == -1) & (a->syn_exc == -1), syn_stays) |
        HIT(!delta & (x->syn_exc_in == 1), syn_vanishes) |
        HIT(delta & some, delta_clears) |
        HIT(conductance & (x->syn_exc_in < 0) & ((x->syn_exc_in & 1023) != 0), conductance_floor) |
        HIT(conductance & (x->syn_exc_in > 0) & (x->gsyn_exc == 0), conductance_none) |
        HIT(conductance & wide((int64_t)p->v_rev_exc - b->v), reversal_wraps) |
        HIT(ca2 & (b->ca2 != 0) & (x->bias != -(int64_t)b->ca2), ca2_decays) |
        HIT(ca2 & silent & (b->ca2 != 0), ca2_silent) |
        HIT(ca2 & spike & (p->ca2_alpha != 0), ca2_grows) |
        HIT(ca2 & spike & wide(p->ca2_alpha - x->bias), ca2_wraps) |
        HIT(!ca2 & spike & (b->ca2 != 0), ca2_off) |
        HIT(b->refract_timer > 1, silent_counting) |
        HIT(b->refract_timer == 1, silent_last) |
        HIT(silent & spike, silent_spikes);

    const uint64_t hits_active =
        HIT(wide(currents), current_wraps) |
        HIT(wide(product + p->v_rest), alpha_wraps) |
        HIT(wide(difference), difference_wraps) |
        HIT(wide(x->alpha - kept), v_wraps) |
        HIT((p->exp_tc > 0) & (p->exp_tc < GSP_SPINNAKER_ONE) & (difference < 0) & (x->v_next == b->v), dead_zone) |
        HIT((p->exp_tc == GSP_SPINNAKER_ONE) & (difference != 0), decay_none) |
        HIT((p->exp_tc == 0) & (difference != 0), decay_all) |
        PRODUCT_HITS(facts);

    const uint64_t hits_spike =
        HIT(p->t_refract == 0, refract_0) |
        HIT(p->t_refract == 1, refract_1) |
        HIT(p->t_refract == INT32_MAX, refract_longest) |
        HIT(p->v_reset >= p->v_thresh, refires) |
        HIT(active & (v == p->v_thresh), threshold_equal) |
        HIT(p->v_thresh == INT32_MIN, threshold_lowest) |
        HIT(p->v_thresh == INT32_MAX, threshold_highest) |
        HIT((v < 0) & (p->v_thresh < 0), spike_below_zero);
    /* clang-format on */

    return hits_always | (hits_active & -(uint64_t)active) | (hits_spike & -(uint64_t)spike) |
           HIT(!spike & active & (v == (int64_t)p->v_thresh - 1), threshold_missed);
}

#define IS(field, kind_, type, member) \
    ((field)->kind == (kind_) && (field)->offset == offsetof(gsp_spinnaker_lif_##type, member))

static bool draw(gsp_rng *rng, const void *params, const gsp_field *field, int64_t *value) {
    static const uint8_t periods[] = {0, 0, 1, 1, 1, 1, 2, 2, 3, 5, 8};
    static const int32_t resistances[] = {32768, 32768,       655360,      655360,
                                          20480, OVER_FACTOR, OVER_FACTOR, -32768};
    static const int32_t decays[] = {31170, 31170, 32119, 32442, 32442, 0, 0, 32767, 32768};
    (void)params;

    if (IS(field, GSP_PARAM, params, t_refract)) {
        /* Long ones, of any magnitude, are rare: such a spike silences the run up to its next reset. */
        *value = periods[gsp_rng_below(rng, sizeof periods)];
        if (gsp_rng_one_in(rng, 64))
            *value = INT32_MAX;
        else if (gsp_rng_one_in(rng, 64))
            *value = (int64_t)(gsp_rng_next(rng) >> (33 + gsp_rng_below(rng, 31)));
        return true;
    }
    if (IS(field, GSP_PARAM, params, r_membrane)) {
        *value = resistances[gsp_rng_below(rng, sizeof resistances / sizeof resistances[0])];
        return !gsp_rng_one_in(rng, 4);
    }
    if (IS(field, GSP_PARAM, params, exp_tc) || IS(field, GSP_PARAM, params, ca2_decay)) {
        *value = decays[gsp_rng_below(rng, sizeof decays / sizeof decays[0])];
        return !gsp_rng_one_in(rng, 4);
    }
    if (IS(field, GSP_PARAM, params, decay_exc) || IS(field, GSP_PARAM, params, init_exc) ||
        IS(field, GSP_PARAM, params, decay_inh) || IS(field, GSP_PARAM, params, init_inh)) {
        *value = usual_rate(rng);
        return !gsp_rng_one_in(rng, 4);
    }
    if (IS(field, GSP_PARAM, params, v_rest) || IS(field, GSP_PARAM, params, v_reset) ||
        IS(field, GSP_PARAM, params, v_thresh) || IS(field, GSP_STATE, state, v)) {
        *value = usual_potential(rng);
        return gsp_rng_one_in(rng, 2);
    }
    if (IS(field, GSP_PARAM, params, i_offset) || IS(field, GSP_PARAM, params, ca2_alpha)) {
        *value = gsp_rng_range(rng, -GSP_SPINNAKER_ONE, 4 * GSP_SPINNAKER_ONE);
        return gsp_rng_one_in(rng, 2);
    }
    if (IS(field, GSP_STATE, state, refract_timer)) {
        static const int16_t timers[] = {0, 0, 0, 0, -1, 1, 1, 2};
        *value = timers[gsp_rng_below(rng, sizeof timers / sizeof timers[0])];
        return !gsp_rng_one_in(rng, 8);
    }
    if (IS(field, GSP_INPUT, in, in_exc) || IS(field, GSP_INPUT, in, in_inh)) {
        *value = usual_input(rng);
        return gsp_rng_one_in(rng, 2);
    }
    return false;
}

/* Solves current_offset so that v, alpha or a product lands on a corner; sets random words to the fraction.
 */
static void aim(gsp_rng *rng, const void *params, const void *state, void *in) {
    const gsp_spinnaker_lif_params *p = (const gsp_spinnaker_lif_params *)params;
    const gsp_spinnaker_lif_state *s = (const gsp_spinnaker_lif_state *)state;
    gsp_spinnaker_lif_in *i = (gsp_spinnaker_lif_in *)in;
    const int64_t factor = GSP_SPINNAKER_ONE - (int64_t)p->exp_tc;
    gsp_spinnaker_lif_state next = *s;
    gsp_spinnaker_lif_out out;
    gsp_spinnaker_lif_internal x;

    if (s->refract_timer > 0)
        return;
    int64_t target = p->v_thresh;
    int64_t current = 0;
    bool solve_v = false;
    switch (gsp_rng_below(rng, 8)) {
    case 0: current = OVER_CURRENT; break;
    case 1: current = INT32_MIN - gsp_rng_range(rng, -1, 1); break;
    case 2: /* the dead zone: alpha a little below v */
        if (p->r_membrane != 0)
            current =
                ((int64_t)s->v - gsp_rng_range(rng, 1, 20) - p->v_rest) * GSP_SPINNAKER_ONE / p->r_membrane;
        break;
    case 3:
        target = gsp_rng_one_in(rng, 2) ? INT32_MAX : INT32_MIN;
        solve_v = true;
        break;
    case 4:
    case 5:
        target = target - 1;
        solve_v = true;
        break;
    default: solve_v = true; break;
    }
    /* v_next = alpha - exp_tc (alpha - v) and alpha = current r_membrane + v_rest, in reals, then corrected.
     */
    const int64_t slope = gsp_mul(p->r_membrane, factor); /* of v_next by current, times 2^30 */
    if (solve_v && slope != 0) {
        const int64_t alpha = s->v + (target - s->v) * GSP_SPINNAKER_ONE / factor;
        current = gsp_fits_s(alpha, 33) ? (alpha - p->v_rest) * GSP_SPINNAKER_ONE / p->r_membrane : 0;
    }
    for (int attempt = 0; attempt < 3; attempt++) {
        next = *s;
        gsp_spinnaker_lif_explain(p, i, &next, &out, &x);
        const int64_t others = gsp_sub(x.current, i->current_offset);
        i->current_offset = (int32_t)gsp_wrap(gsp_sub(current, others), 32);
        if (!solve_v || slope == 0)
            break;
        next = *s;
        gsp_spinnaker_lif_explain(p, i, &next, &out, &x);
        const int64_t error = target - x.v_next;
        if (error == 0 || !gsp_fits_s(error, 32))
            break;
        const int64_t change = gsp_shl(error, 30) / slope;
        current += change != 0 ? change : (error < 0) == (slope < 0) ? 1 : -1;
    }
    if (p->rounding == GSP_SPINNAKER_STOCHASTIC_SAT && gsp_rng_one_in(rng, 2)) {
        next = *s;
        gsp_spinnaker_lif_explain(p, i, &next, &out, &x);
        i->rnd3 = word_at_fraction(rng, gsp_mul(x.current, p->r_membrane));
        next = *s;
        gsp_spinnaker_lif_explain(p, i, &next, &out, &x);
        i->rnd4 = word_at_fraction(rng, gsp_mul(p->exp_tc, gsp_spinnaker_sub((int32_t)x.alpha, s->v)));
    }
}

const gsp_cases gsp_spinnaker_lif_cases = {
    .bins = bins,
    .n_bins = N_BINS,
    .cover = cover,
    .draw = draw,
    .aim = aim,
};
