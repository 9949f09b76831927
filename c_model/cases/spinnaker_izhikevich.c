/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stimulus must reach in spinnaker_izhikevich, and how to reach it.
 */
#include "goldenspike/spinnaker_izhikevich.h"
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
    BIN(delta_clears,        "a delta synapse is 0 after the step") \
    BIN(conductance_floor,   "syn >> 10 of a negative synapse with bits below") \
    BIN(reversal_wraps,      "v_rev_exc - v leaves s32 and wraps") \
    BIN(current_wraps,       "the sum of the currents leaves s32 and wraps") \
    BIN(pre_wraps,           "140 + I - u leaves s32 and wraps") \
    BIN(square_wraps,        "(5 + 0.04 v) v leaves s32") \
    BIN(alpha_wraps,         "pre + (5 + 0.04 v) v leaves s32 and wraps") \
    BIN(eta_wraps,           "v + h alpha / 2 leaves s32 and wraps") \
    BIN(orders_agree,        "beta is the same in both orders") \
    BIN(orders_differ,       "beta differs between the orders, gcc order taken") \
    BIN(orders_differ_source, "beta differs between the orders, source order taken") \
    BIN(v_wraps,             "v + h (...) leaves s32 and wraps") \
    BIN(u_wraps,             "u + ah (...) leaves s32 and wraps") \
    BIN(d_wraps,             "a spike: u + d leaves s32 and wraps") \
    BIN(h_first,             "h is not reset_h, as in a first step of several sub-steps") \
    BIN(h_longer,            "a step with the longer h that a spike leaves") \
    BIN(h_zero,              "h = 0: v stays") \
    BIN(h_negative,          "h < 0") \
    BIN(threshold_equal,     "v = 30 mV fires") \
    BIN(threshold_missed,    "v one below 30 mV does not fire") \
    BIN(spike_quiet,         "a spike from a v below 0") \
    BIN(refires,             "a spike with c >= 30 mV") \
    PRODUCT_BINS(BIN)
/* clang-format on */

#define BIN_INDEX(name, meaning) BIN_##name,
#define BIN_ROW(name, meaning) {#name, meaning},

enum { BINS(BIN_INDEX) N_BINS };
static const gsp_bin bins[] = {BINS(BIN_ROW)};
GSP_STATIC_ASSERT(N_BINS <= GSP_MAX_BINS, "a mask of bins fits 64 bits");

enum { V_THRESH = 983040, C_140 = 4587520, C_5 = 163840, C_0_04 = 1311, H_AFTER_SPIKE = 60620 };

static uint64_t bit(bool condition, unsigned bin) {
    return (uint64_t)condition << bin;
}
#define HIT(condition, bin) bit((condition), BIN_##bin)

static bool wide(int64_t x) {
    return !gsp_fits_s(x, 32);
}

/* A product without rounding up: near enough to say what wraps. */
static int32_t floor_mulk(int64_t a, int64_t b) {
    return gsp_spinnaker_mulk((int32_t)a, (int32_t)b, GSP_SPINNAKER_FLOOR_WRAP, 0);
}

/* Conditions are joined by & and |, not && and ||: this runs at every step of a lockstep run. */
static uint64_t cover(const void *params, const void *in, const void *before, const void *after,
                      const void *out, const void *internal) {
    const gsp_spinnaker_izhikevich_params *p = (const gsp_spinnaker_izhikevich_params *)params;
    const gsp_spinnaker_izhikevich_in *i = (const gsp_spinnaker_izhikevich_in *)in;
    const gsp_spinnaker_izhikevich_state *b = (const gsp_spinnaker_izhikevich_state *)before;
    const gsp_spinnaker_izhikevich_state *a = (const gsp_spinnaker_izhikevich_state *)after;
    const gsp_spinnaker_izhikevich_internal *x = (const gsp_spinnaker_izhikevich_internal *)internal;
    const bool spike = ((const gsp_spinnaker_izhikevich_out *)out)->spike != 0;

    const bool delta = p->input_kind == GSP_SPINNAKER_DELTA;
    const bool conductance = p->input_kind == GSP_SPINNAKER_CONDUCTANCE;
    const bool exponential = p->input_kind == GSP_SPINNAKER_EXP;
    const bool some = (x->syn_exc_in != 0) | (x->syn_inh_in != 0);
    const bool first = i->first_substep != 0;
    const bool takes_exc = first & (i->in_exc > 0);
    const int64_t share = delta ? i->in_exc : gsp_shr_floor(gsp_mul(i->in_exc, p->init_exc), 32);
    const int64_t currents = x->exc - x->inh + p->i_offset + i->current_offset;
    const int32_t slope = gsp_spinnaker_add(C_5, floor_mulk(C_0_04, b->v));
    const int64_t square = gsp_shr_floor(gsp_mul(slope, b->v), GSP_SPINNAKER_FRACTION);
    const int64_t eta_change = gsp_spinnaker_sub((int32_t)x->eta, b->v);
    const int64_t v_change = gsp_spinnaker_sub((int32_t)x->v_next, b->v);
    const int64_t u_change = gsp_spinnaker_sub((int32_t)x->u_next, b->u);
    const int64_t alpha_change = gsp_spinnaker_sub((int32_t)x->alpha, (int32_t)x->pre);

    /* Both orders of beta, where no rounding up enters. */
    const int32_t pull = gsp_spinnaker_sub(floor_mulk(p->b, b->v), b->u);
    const int32_t compiled = floor_mulk(floor_mulk(pull, floor_mulk(p->a, b->h)), GSP_SPINNAKER_HALF);
    const int32_t written = floor_mulk(floor_mulk(floor_mulk(b->h, pull), p->a), GSP_SPINNAKER_HALF);
    const bool floors = p->rounding == GSP_SPINNAKER_FLOOR_WRAP;
    const product_facts facts = facts_of(gsp_mul(b->h, x->alpha), p->rounding, i->rnd4);
    const bool again = b->h == floor_mulk(p->reset_h, H_AFTER_SPIKE);
    (void)a;

    /* clang-format off */
    return HIT(exponential & some, kind_exp) |
           HIT(delta & some, kind_delta) |
           HIT(conductance & some, kind_conductance) |
           HIT(takes_exc, exc_taken) |
           HIT(first & (i->in_inh > 0), inh_taken) |
           HIT(first & (i->in_exc < 0), input_negative) |
           HIT(!first & (i->in_exc > 0), input_later) |
           HIT(takes_exc & wide(b->syn_exc + share), syn_wraps) |
           HIT(!delta & (x->syn_exc_in < -1), syn_negative) |
           HIT(delta & some, delta_clears) |
           HIT(conductance & (x->syn_exc_in < 0) & ((x->syn_exc_in & 1023) != 0), conductance_floor) |
           HIT(conductance & wide((int64_t)p->v_rev_exc - b->v), reversal_wraps) |
           HIT(wide(currents), current_wraps) |
           HIT(wide(C_140 + x->current - b->u), pre_wraps) |
           HIT(wide(square), square_wraps) |
           HIT(wide(x->pre + alpha_change), alpha_wraps) |
           HIT(wide(b->v + eta_change), eta_wraps) |
           HIT(floors & (compiled == written) & (compiled != 0), orders_agree) |
           HIT(floors & (compiled != written) & !p->source_order, orders_differ) |
           HIT(floors & (compiled != written) & (p->source_order != 0), orders_differ_source) |
           HIT(wide(b->v + v_change), v_wraps) |
           HIT(wide(b->u + u_change), u_wraps) |
           HIT(spike & wide(x->u_next + p->d), d_wraps) |
           HIT((b->h == p->next_h) & (b->h != p->reset_h), h_first) |
           HIT(again & (b->h > p->reset_h), h_longer) |
           HIT(b->h == 0, h_zero) |
           HIT(b->h < 0, h_negative) |
           HIT(x->v_next == V_THRESH, threshold_equal) |
           HIT(x->v_next == V_THRESH - 1, threshold_missed) |
           HIT(spike & (b->v < 0), spike_quiet) |
           HIT(spike & (p->c >= V_THRESH), refires) |
           PRODUCT_HITS(facts);
    /* clang-format on */
}

#define IS(field, kind_, type, member) \
    ((field)->kind == (kind_) && (field)->offset == offsetof(gsp_spinnaker_izhikevich_##type, member))

static bool draw(gsp_rng *rng, const void *params, const gsp_field *field, int64_t *value) {
    static const int32_t steps[] = {32768, 32768, 8192, 8192, 3277, 0, OVER_FACTOR, -32768};
    static const int32_t values_c[] = {-2129920, -2129920, -1638400, V_THRESH, V_THRESH - 1};
    (void)params;

    if (IS(field, GSP_PARAM, params, a) || IS(field, GSP_PARAM, params, b)) {
        *value = gsp_rng_range(rng, -328, 9830); /* -0.01..0.3 */
        return !gsp_rng_one_in(rng, 4);
    }
    if (IS(field, GSP_PARAM, params, c)) {
        *value = values_c[gsp_rng_below(rng, 5)];
        return !gsp_rng_one_in(rng, 4);
    }
    if (IS(field, GSP_PARAM, params, d)) {
        *value = gsp_rng_range(rng, 0, 8 * GSP_SPINNAKER_ONE);
        return !gsp_rng_one_in(rng, 4);
    }
    if (IS(field, GSP_PARAM, params, reset_h) || IS(field, GSP_PARAM, params, next_h) ||
        IS(field, GSP_STATE, state, h)) {
        *value = steps[gsp_rng_below(rng, 8)];
        return !gsp_rng_one_in(rng, 8);
    }
    if (IS(field, GSP_PARAM, params, decay_exc) || IS(field, GSP_PARAM, params, init_exc) ||
        IS(field, GSP_PARAM, params, decay_inh) || IS(field, GSP_PARAM, params, init_inh)) {
        *value = usual_rate(rng);
        return !gsp_rng_one_in(rng, 4);
    }
    if (IS(field, GSP_PARAM, params, i_offset) || IS(field, GSP_INPUT, in, current_offset)) {
        *value = gsp_rng_range(rng, -10 * GSP_SPINNAKER_ONE, 20 * GSP_SPINNAKER_ONE);
        return gsp_rng_one_in(rng, 2);
    }
    if (IS(field, GSP_STATE, state, v)) {
        *value = usual_potential(rng);
        return gsp_rng_one_in(rng, 2);
    }
    if (IS(field, GSP_STATE, state, u)) {
        *value = gsp_rng_range(rng, -20 * GSP_SPINNAKER_ONE, 10 * GSP_SPINNAKER_ONE);
        return gsp_rng_one_in(rng, 2);
    }
    if (IS(field, GSP_INPUT, in, in_exc) || IS(field, GSP_INPUT, in, in_inh)) {
        *value = usual_input(rng);
        return gsp_rng_one_in(rng, 2);
    }
    return false;
}

/* Searches current_offset by secants so that v lands on the threshold, or sets alpha or a random word. */
static void aim(gsp_rng *rng, const void *params, const void *state, void *in) {
    const gsp_spinnaker_izhikevich_params *p = (const gsp_spinnaker_izhikevich_params *)params;
    const gsp_spinnaker_izhikevich_state *s = (const gsp_spinnaker_izhikevich_state *)state;
    gsp_spinnaker_izhikevich_in *i = (gsp_spinnaker_izhikevich_in *)in;
    gsp_spinnaker_izhikevich_state next = *s;
    gsp_spinnaker_izhikevich_out out;
    gsp_spinnaker_izhikevich_internal x;

    gsp_spinnaker_izhikevich_explain(p, i, &next, &out, &x);
    const uint32_t choice = gsp_rng_below(rng, 4);
    if (choice == 0) {
        i->current_offset = (int32_t)gsp_wrap(gsp_sub(gsp_add(i->current_offset, OVER_CURRENT), x.alpha), 32);
    } else if (choice == 1) {
        i->rnd4 = word_at_fraction(rng, gsp_mul(s->h, x.alpha));
    } else {
        const int64_t target = V_THRESH - (int64_t)gsp_rng_below(rng, 2);
        int64_t step = s->h != 0 ? gsp_shl(target - x.v_next, GSP_SPINNAKER_FRACTION) / s->h : 0;
        int64_t last = x.v_next;
        for (int attempt = 0; attempt < 5 && last != target && step != 0; attempt++) {
            i->current_offset =
                (int32_t)gsp_wrap(gsp_add(i->current_offset, gsp_clamp(step, INT32_MIN, INT32_MAX)), 32);
            next = *s;
            gsp_spinnaker_izhikevich_explain(p, i, &next, &out, &x);
            const int64_t gained = x.v_next - last;
            last = x.v_next;
            if (gained == 0)
                break;
            step = gsp_clamp(step, INT32_MIN, INT32_MAX) * gsp_clamp(target - last, -(1 << 28), 1 << 28) /
                   gained;
        }
    }
}

const gsp_cases gsp_spinnaker_izhikevich_cases = {
    .bins = bins,
    .n_bins = N_BINS,
    .cover = cover,
    .draw = draw,
    .aim = aim,
};
