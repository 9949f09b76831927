/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stimulus must reach in truenorth, and how to reach it.
 */
#include "goldenspike/truenorth.h"
#include "goldenspike/cases.h"
#include "goldenspike/fix.h"

/* clang-format off */
#define BINS(BIN) \
    BIN(idle,                  "an idle operation at v other than 0") \
    BIN(idle_beyond_clamp,     "an idle operation of option nemo with |v| > 393216") \
    BIN(event_type0,           "a deterministic event of axon type 0") \
    BIN(event_type1,           "a deterministic event of axon type 1") \
    BIN(event_type2,           "a deterministic event of axon type 2") \
    BIN(event_type3,           "a deterministic event of axon type 3") \
    BIN(event_chance_equal,    "a stochastic event with |s| = rho: taken") \
    BIN(event_chance_missed,   "a stochastic event with |s| = rho - 1: not taken") \
    BIN(event_chance_negative, "a stochastic event of a negative weight is taken") \
    BIN(event_chance_zero,     "a stochastic event with s = 0 and rho = 0 adds nothing") \
    BIN(event_chance_255,      "a stochastic event with s = -255 and rho = 255") \
    BIN(event_saturates_high,  "an event saturates v at 2^19 - 1") \
    BIN(event_saturates_low,   "an event saturates v at -2^19") \
    BIN(event_wraps_high,      "an event wraps v upward") \
    BIN(event_wraps_low,       "an event wraps v downward") \
    BIN(event_beyond_clamp,    "an event of option nemo leaves |v| > 393216") \
    BIN(event_above_alpha,     "an event above alpha does not spike") \
    BIN(leak_positive,         "a deterministic positive leak") \
    BIN(leak_negative,         "a deterministic negative leak") \
    BIN(leak_chance_equal,     "a stochastic leak with |leak| = rho: taken") \
    BIN(leak_chance_missed,    "a stochastic leak with |leak| = rho - 1: not taken") \
    BIN(leak_saturates_high,   "the leak saturates v at 2^19 - 1") \
    BIN(leak_saturates_low,    "the leak saturates v at -2^19") \
    BIN(leak_wraps_high,       "the leak wraps v upward") \
    BIN(leak_wraps_low,        "the leak wraps v downward") \
    BIN(clamped_high,          "option nemo clamps l to 393216") \
    BIN(clamped_low,           "option nemo clamps l to -393216") \
    BIN(clamp_kept,            "option nemo with l = 393216 before the clamp") \
    BIN(reversed_leak,         "leak reversal at v < 0") \
    BIN(reversed_chance,       "leak reversal of a stochastic leak at v < 0") \
    BIN(reversal_at_zero,      "leak reversal at v = 0: no leak") \
    BIN(rings_up,              "a reversed leak carries v from below zero to above") \
    BIN(rings_down,            "a reversed leak carries v from above zero to below") \
    BIN(ring_stopped,          "the ringing rule stops a crossing at zero") \
    BIN(ring_stopped_wrapped,  "the ringing rule sees a sign that wrapping changed") \
    BIN(threshold_equal,       "l = alpha + eta spikes") \
    BIN(threshold_missed,      "l = alpha + eta - 1 does not spike") \
    BIN(threshold_zero,        "a spike at l = alpha = eta = 0") \
    BIN(noise_prevents,        "l >= alpha, but eta > 0 keeps the spike back") \
    BIN(spike_to,              "a spike with gamma 'to'") \
    BIN(spike_linear,          "a spike with gamma 'linear'") \
    BIN(spike_linear_noise,    "a spike with gamma 'linear' and eta > 0") \
    BIN(spike_linear_again,    "a linear reset leaves v >= alpha") \
    BIN(spike_none,            "a spike with gamma 'none'") \
    BIN(negative_equal,        "l = -(beta + eta) stays under the strict compare") \
    BIN(negative_just,         "l = -(beta + eta) - 1 is reset") \
    BIN(negative_le_equal,     "l = -(beta + eta) is reset with negative_le") \
    BIN(negative_le_missed,    "l = -(beta + eta) + 1 stays with negative_le") \
    BIN(negative_at_zero,      "the negative branch at l = beta = eta = 0 with negative_le") \
    BIN(negative_noise,        "l < -beta, but eta > 0 keeps the reset back") \
    BIN(negative_to,           "a negative reset with gamma 'to'") \
    BIN(negative_linear,       "a negative reset with gamma 'linear'") \
    BIN(negative_linear_noise, "a negative reset with gamma 'linear' and eta > 0") \
    BIN(negative_none,         "a negative reset with gamma 'none'") \
    BIN(floor_to,              "negative saturation with gamma 'to'") \
    BIN(floor_linear,          "negative saturation with gamma 'linear'") \
    BIN(floor_none,            "negative saturation with gamma 'none'") \
    BIN(floor_without_noise,   "negative saturation between -beta and -(beta + eta)") \
    BIN(spike_and_below,       "a spike where option negative_le would have met the negative threshold too") \
    BIN(highest_threshold,     "alpha + eta = 393214 with a mask of 17 bits") \
    BIN(draws_both,            "a tick consumes both random numbers")
/* clang-format on */

#define BIN_INDEX(name, meaning) BIN_##name,
#define BIN_ROW(name, meaning) {#name, meaning},

enum { BINS(BIN_INDEX) N_BINS };
static const gsp_bin bins[] = {BINS(BIN_ROW)};
GSP_STATIC_ASSERT(N_BINS <= GSP_MAX_BINS, "a mask of bins fits 64 bits");

enum { CLAMP = 393216, END = 524287 };

static uint64_t bit(bool condition, unsigned bin) {
    return (uint64_t)condition << bin;
}
#define HIT(condition, bin) bit((condition), BIN_##bin)

static int weight_of(const gsp_truenorth_params *p, unsigned type) {
    return type == 0 ? p->s0 : type == 1 ? p->s1 : type == 2 ? p->s2 : p->s3;
}

static bool chance_of(const gsp_truenorth_params *p, unsigned type) {
    return (type == 0 ? p->b0 : type == 1 ? p->b1 : type == 2 ? p->b2 : p->b3) != 0;
}

static int magnitude(int x) {
    return x < 0 ? -x : x;
}

/* Conditions are joined by & and |, not && and ||: this runs at every step of a lockstep run. */
static uint64_t cover(const void *params, const void *in, const void *before, const void *after,
                      const void *out, const void *internal) {
    const gsp_truenorth_params *p = (const gsp_truenorth_params *)params;
    const gsp_truenorth_in *i = (const gsp_truenorth_in *)in;
    const gsp_truenorth_out *o = (const gsp_truenorth_out *)out;
    const gsp_truenorth_internal *x = (const gsp_truenorth_internal *)internal;
    const int64_t v = ((const gsp_truenorth_state *)before)->v;
    const int64_t v_next = ((const gsp_truenorth_state *)after)->v;
    const int64_t max = gsp_max_s(20);
    const int64_t min = gsp_min_s(20);
    const int64_t sum = v + x->inc;
    const bool saturates = p->overflow == GSP_TRUENORTH_SATURATE;
    const bool wraps = p->overflow == GSP_TRUENORTH_WRAP;
    const bool nemo = p->overflow == GSP_TRUENORTH_NEMO;
    const bool high = sum > max;
    const bool low = sum < min;

    if (i->op == GSP_TRUENORTH_IDLE)
        return HIT(v != 0, idle) | HIT(nemo & ((v > CLAMP) | (v < -CLAMP)), idle_beyond_clamp);

    if (i->op == GSP_TRUENORTH_EVENT) {
        const int s = weight_of(p, i->axon_type);
        const int size = magnitude(s);
        const int rho = i->rho;
        const bool chance = chance_of(p, i->axon_type);
        const bool moves = !chance & (s != 0);
        return HIT(moves & (i->axon_type == 0), event_type0) | HIT(moves & (i->axon_type == 1), event_type1) |
               HIT(moves & (i->axon_type == 2), event_type2) | HIT(moves & (i->axon_type == 3), event_type3) |
               HIT(chance & (s != 0) & (size == rho), event_chance_equal) |
               HIT(chance & (s != 0) & (size == rho - 1), event_chance_missed) |
               HIT(chance & (x->inc < 0), event_chance_negative) |
               HIT(chance & (s == 0) & (rho == 0), event_chance_zero) |
               HIT(chance & (s == -255) & (rho == 255), event_chance_255) |
               HIT(saturates & high, event_saturates_high) | HIT(saturates & low, event_saturates_low) |
               HIT(wraps & high, event_wraps_high) | HIT(wraps & low, event_wraps_low) |
               HIT(nemo & ((v_next > CLAMP) | (v_next < -CLAMP)), event_beyond_clamp) |
               HIT(v_next >= p->alpha, event_above_alpha);
    }

    const bool spike = o->spike != 0;
    const bool negative = o->negative != 0;
    const bool reset = negative & (p->kappa == 0);
    const bool held = negative & (p->kappa != 0);
    const bool quiet = !spike & !negative;
    const bool chance = p->leak_stochastic != 0;
    const bool reverses = p->epsilon != 0;
    const bool le = p->negative_le != 0;
    const bool to = p->gamma == GSP_TRUENORTH_RESET_TO;
    const bool linear = p->gamma == GSP_TRUENORTH_RESET_LINEAR;
    const bool none = p->gamma == GSP_TRUENORTH_RESET_NONE;
    const int size = magnitude(p->leak);
    const int64_t l = x->v_leak;
    const int64_t upper = (int64_t)p->alpha + x->eta;
    const int64_t lower = -((int64_t)p->beta + (p->kappa ? 0 : x->eta));
    const bool up = reverses & (v < 0) & (sum > 0);
    const bool down = reverses & (v > 0) & (sum < 0);
    const bool rule = p->ringing_rule != 0;
    const bool leak_moves = !chance & !reverses;

    return HIT(leak_moves & (x->inc > 0), leak_positive) | HIT(leak_moves & (x->inc < 0), leak_negative) |
           HIT(chance & (size > 0) & (size == i->rho), leak_chance_equal) |
           HIT(chance & (size > 0) & (size == i->rho - 1), leak_chance_missed) |
           HIT(saturates & high, leak_saturates_high) | HIT(saturates & low, leak_saturates_low) |
           HIT(wraps & high, leak_wraps_high) | HIT(wraps & low, leak_wraps_low) |
           HIT(nemo & (sum > CLAMP), clamped_high) | HIT(nemo & (sum < -CLAMP), clamped_low) |
           HIT(nemo & (sum == CLAMP), clamp_kept) |
           HIT(reverses & !chance & (v < 0) & (x->inc != 0), reversed_leak) |
           HIT(reverses & chance & (v < 0) & (x->inc != 0), reversed_chance) |
           HIT(reverses & (v == 0) & (p->leak != 0), reversal_at_zero) | HIT(up & !rule, rings_up) |
           HIT(down & !rule, rings_down) | HIT((up | down) & rule, ring_stopped) |
           HIT(reverses & rule & wraps & (high | low), ring_stopped_wrapped) |
           HIT(spike & (l == upper) & (upper > 0), threshold_equal) |
           HIT(!spike & (l == upper - 1), threshold_missed) |
           HIT(spike & (upper == 0) & (l == 0), threshold_zero) |
           HIT(!spike & (l >= p->alpha), noise_prevents) | HIT(spike & to, spike_to) |
           HIT(spike & linear, spike_linear) | HIT(spike & linear & (x->eta > 0), spike_linear_noise) |
           HIT(spike & linear & (v_next >= p->alpha), spike_linear_again) | HIT(spike & none, spike_none) |
           HIT(quiet & !le & (l == lower), negative_equal) | HIT(reset & (l == lower - 1), negative_just) |
           HIT(negative & (l == lower), negative_le_equal) |
           HIT(quiet & le & (l == lower + 1), negative_le_missed) |
           HIT(negative & (l == 0), negative_at_zero) |
           HIT(quiet & (p->kappa == 0) & (l < -(int64_t)p->beta), negative_noise) |
           HIT(reset & to, negative_to) | HIT(reset & linear, negative_linear) |
           HIT(reset & linear & (x->eta > 0), negative_linear_noise) | HIT(reset & none, negative_none) |
           HIT(held & to, floor_to) | HIT(held & linear, floor_linear) | HIT(held & none, floor_none) |
           HIT(held & (l >= lower - x->eta), floor_without_noise) |
           HIT(spike & le & (l == 0) & (lower == 0), spike_and_below) |
           HIT(upper == 393214, highest_threshold) | HIT(o->draws_used == 3, draws_both);
}

#define IS(field, kind_, type, member) ((field)->kind == (kind_) && (field)->offset == offsetof(type, member))

static int64_t within(const gsp_field *field, int64_t value) {
    return gsp_clamp(value, field->min, field->max);
}

static bool draw(gsp_rng *rng, const void *params, const gsp_field *field, int64_t *value) {
    const gsp_truenorth_params *p = (const gsp_truenorth_params *)params;

    if (IS(field, GSP_PARAM, gsp_truenorth_params, mask)) {
        *value = gsp_max_u(gsp_rng_one_in(rng, 3) ? 0 : gsp_rng_below(rng, 18));
        return true;
    }
    if (IS(field, GSP_PARAM, gsp_truenorth_params, alpha) ||
        IS(field, GSP_PARAM, gsp_truenorth_params, beta)) {
        if (field->offset == offsetof(gsp_truenorth_params, beta) &&
            gsp_rng_one_in(rng, p->alpha == 0 ? 2 : 6)) {
            *value = 0; /* with negative_le a membrane of zero is below it; alpha may be zero too */
            return true;
        }
        /* Within reach of a few events. */
        *value = gsp_rng_below(rng, gsp_rng_one_in(rng, 2) ? 4 : 300);
        return gsp_rng_one_in(rng, 2);
    }
    if (IS(field, GSP_PARAM, gsp_truenorth_params, r)) {
        /* A reset that a leak or an event later stands at a threshold, or at an end of the range. */
        const int step = gsp_rng_one_in(rng, 2) ? p->leak : weight_of(p, gsp_rng_below(rng, 4));
        const int64_t off = gsp_rng_range(rng, -1, 1);
        const int64_t sign = gsp_rng_one_in(rng, 2) ? -1 : 1;
        /* A leak that drives v outward meets an end only from within its own reach. */
        const bool outward = p->epsilon && p->leak > 0 && p->gamma == GSP_TRUENORTH_RESET_TO;
        switch (outward && gsp_rng_one_in(rng, 3) ? 2 : gsp_rng_below(rng, 8)) {
        case 0: *value = within(field, (int64_t)p->alpha - step + off); return true;
        case 1: *value = within(field, (int64_t)p->beta + step + off); return true;
        case 2: *value = sign * (field->max - gsp_rng_below(rng, 1 + (uint32_t)magnitude(step))); return true;
        case 3: *value = within(field, sign * CLAMP - step + off); return true;
        default: return false;
        }
    }
    const bool at_end = magnitude(p->r) > END - 300;
    if (IS(field, GSP_PARAM, gsp_truenorth_params, overflow)) {
        *value = at_end ? GSP_TRUENORTH_WRAP : GSP_TRUENORTH_NEMO;
        return (at_end || magnitude(magnitude(p->r) - CLAMP) < 300) && gsp_rng_one_in(rng, 2);
    }
    if (IS(field, GSP_PARAM, gsp_truenorth_params, ringing_rule)) {
        /* Drawn after r and overflow: a wrap that changes the sign under the rule is rare by itself. */
        *value = 1;
        return at_end && p->epsilon && p->overflow == GSP_TRUENORTH_WRAP && !gsp_rng_one_in(rng, 4);
    }
    if (IS(field, GSP_PARAM, gsp_truenorth_params, negative_le)) {
        *value = 1;
        return p->beta == 0 && gsp_rng_one_in(rng, 2);
    }
    if (IS(field, GSP_STATE, gsp_truenorth_state, v)) {
        /* A leak or an event away from a threshold, zero, the clamp or an end. */
        const int64_t step = gsp_rng_one_in(rng, 2) ? p->leak : weight_of(p, gsp_rng_below(rng, 4));
        const int64_t off = gsp_rng_range(rng, -1, 1);
        const int64_t sign = gsp_rng_one_in(rng, 2) ? -1 : 1;
        switch (gsp_rng_below(rng, 8)) {
        case 0: *value = within(field, (int64_t)p->alpha - step + off); return true;
        case 1: *value = within(field, -(int64_t)p->beta - step + off); return true;
        case 2: *value = within(field, sign * (field->max - gsp_rng_below(rng, 300))); return true;
        case 3: *value = within(field, sign * CLAMP - step + off); return true;
        case 4: *value = gsp_rng_range(rng, -255, 255); return true;
        default: return false;
        }
    }
    return false;
}

/* A mask is a number of low bits. */
static void legalise(gsp_rng *rng, void *params) {
    gsp_truenorth_params *p = (gsp_truenorth_params *)params;
    (void)rng;
    if (p->mask & (p->mask + 1u))
        for (unsigned shift = 1; shift < 32; shift *= 2)
            p->mask |= p->mask >> shift;
}

/* Random numbers next to the probability they meet, and noise that puts a threshold at l or beside it. */
static void aim(gsp_rng *rng, const void *params, const void *state, void *in) {
    const gsp_truenorth_params *p = (const gsp_truenorth_params *)params;
    gsp_truenorth_in *i = (gsp_truenorth_in *)in;
    const int32_t v = ((const gsp_truenorth_state *)state)->v;

    /* Near an end of the range the next addition matters, and mostly an outward one. */
    if (magnitude(v) > END - 256 && !gsp_rng_one_in(rng, 4)) {
        i->op = gsp_rng_one_in(rng, 2) ? GSP_TRUENORTH_TICK : GSP_TRUENORTH_EVENT;
        i->rho = 0;
        for (int k = 0; k < 4 && (weight_of(p, i->axon_type) < 0) != (v < 0); k++)
            i->axon_type = (i->axon_type + 1) & 3;
    }
    const int weight = i->op == GSP_TRUENORTH_TICK ? p->leak : weight_of(p, i->axon_type);

    if (gsp_rng_one_in(rng, 2))
        i->rho = (uint8_t)gsp_clamp(magnitude(weight) + gsp_rng_range(rng, 0, 1), 0, 255);
    if (i->op != GSP_TRUENORTH_TICK)
        return;

    gsp_truenorth_state after = *(const gsp_truenorth_state *)state;
    gsp_truenorth_out out;
    gsp_truenorth_internal internal;
    gsp_truenorth_explain(p, i, &after, &out, &internal);
    const int64_t l = internal.v_leak;
    const int64_t eta = (l < 0 ? -l - (int64_t)p->beta : l - (int64_t)p->alpha) + gsp_rng_range(rng, -1, 1);
    if (eta >= 0 && eta <= p->mask) {
        /* Bits that the mask removes must not matter. */
        const uint32_t noise = gsp_rng_below(rng, 1u << 17) & ~p->mask;
        i->rho_threshold = noise | (uint32_t)eta;
    }
}

const gsp_cases gsp_truenorth_cases = {
    .bins = bins,
    .n_bins = N_BINS,
    .cover = cover,
    .draw = draw,
    .legalise = legalise,
    .aim = aim,
};
