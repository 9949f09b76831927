/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stimulus must reach in lif, and how to reach it.
 */
#include "goldenspike/lif.h"
#include "goldenspike/cases.h"
#include "goldenspike/fix.h"

/* clang-format off */
#define BINS(BIN) \
    BIN(silent_counting,     "a refractory step with more to come") \
    BIN(silent_last,         "the last refractory step") \
    BIN(silent_longest,      "the first of 255 refractory steps") \
    BIN(silent_to_rest,      "a refractory step moves v to v_rest") \
    BIN(silent_suppresses,   "a refractory step ignores inputs that would have fired") \
    BIN(refractory_entered,  "a spike with refractory_period > 0") \
    BIN(refractory_longest,  "a spike with refractory_period 255") \
    BIN(refractory_none,     "a spike with refractory_period 0") \
    BIN(spike_from_rest,     "a spike from v = v_rest, as right after refractoriness") \
    BIN(spike_from_reset,    "a spike from v = v_reset, as right after a spike without refractoriness") \
    BIN(spike_refires,       "a spike resets v to v_reset >= v_threshold") \
    BIN(spike_rest_above,    "a spike with v_rest >= v_threshold") \
    BIN(spike_below_zero,    "a spike with v_next and v_threshold negative") \
    BIN(threshold_equal,     "v_next = v_threshold fires") \
    BIN(threshold_missed,    "v_next = v_threshold - 1 does not fire") \
    BIN(threshold_lowest,    "a spike with v_threshold at the lower end of the range") \
    BIN(threshold_highest,   "a spike with v_threshold at the upper end of the range") \
    BIN(noise_fires,         "without noise_in the step would not have fired") \
    BIN(noise_prevents,      "without noise_in the step would have fired") \
    BIN(reset_to,            "a spike in reset_mode 'to'") \
    BIN(reset_subtract,      "a spike in reset_mode 'subtract'") \
    BIN(reset_none,          "a spike in reset_mode 'none'") \
    BIN(subtract_wraps,      "v_next - v_threshold needs W+1 bits and wraps") \
    BIN(subtract_saturates,  "v_next - v_threshold needs W+1 bits and saturates") \
    BIN(sum_wraps_high,      "sum > 2^(W-1) - 1 wraps") \
    BIN(sum_wraps_low,       "sum < -2^(W-1) wraps") \
    BIN(sum_wraps_far,       "sum does not even fit W+1 bits and wraps") \
    BIN(sum_saturates_high,  "sum > 2^(W-1) - 1 saturates") \
    BIN(sum_saturates_low,   "sum < -2^(W-1) saturates") \
    BIN(sum_highest,         "sum = 2^(W-1) - 1") \
    BIN(sum_lowest,          "sum = -2^(W-1)") \
    BIN(sum_high_by_one,     "sum = 2^(W-1): narrowed by one") \
    BIN(sum_low_by_one,      "sum = -2^(W-1) - 1: narrowed by one") \
    BIN(wrap_prevents_spike, "sum >= v_threshold, but wrapped below it") \
    BIN(wrap_makes_spike,    "sum < v_threshold, but wrapped to it or above") \
    BIN(difference_high,     "v_rest - v > 2^(W-1) - 1: needs W+1 bits") \
    BIN(difference_low,      "v_rest - v < -2^(W-1): needs W+1 bits") \
    BIN(difference_extreme,  "v_rest - v needs W+1 bits and leak_k = -2^(W-1)") \
    BIN(leak_outward,        "a negative leak_k drives v away from v_rest") \
    BIN(leak_floor,          "a negative leak product with a fraction: floor is not toward zero") \
    BIN(leak_stalls,         "a positive leak product too small to move v") \
    BIN(input_floor,         "a negative input product with a fraction: floor is not toward zero") \
    BIN(input_extreme,       "i_t = gain_k = -2^(W-1): the product needs 2W bits")
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

/*
 * This runs at every step of a lockstep run. Conditions are joined by & and |,
 * not && and ||, so that only two branches remain: most steps are silent, and
 * most of the others do not fire.
 */
static uint64_t cover(const void *params, const void *in, const void *before, const void *after,
                      const void *out, const void *internal) {
    const gsp_lif_params *p = (const gsp_lif_params *)params;
    const gsp_lif_in *i = (const gsp_lif_in *)in;
    const gsp_lif_state *s = (const gsp_lif_state *)before;
    const bool spike = ((const gsp_lif_out *)out)->spike != 0;
    const bool wraps = !p->saturate;
    (void)after;
    (void)internal; /* A silent step shows none, and its suppressed spike is a case. */

    const unsigned w = p->data_width;
    const unsigned f = p->fraction;
    const int64_t v = s->v;
    const int64_t v_rest = p->v_rest;
    const int64_t v_reset = p->v_reset;
    const int64_t v_threshold = p->v_threshold;

    const int64_t difference = v_rest - v;
    const int64_t leak_product = gsp_mul(difference, i->leak_k);
    const int64_t in_product = gsp_mul(i->i_t, i->gain_k);
    const int64_t dv_leak = gsp_shr_floor(leak_product, f);
    const int64_t quiet = v + gsp_shr_floor(in_product, f);
    const int64_t others = quiet + i->noise_in;

    /* Saturated to 64 bits, a sum keeps its order with every W-bit value. */
    const int64_t sum = gsp_add_sat(others, dv_leak);
    const int64_t v_next = wraps ? gsp_wrap(gsp_add_wrap(others, dv_leak), w) : gsp_sat(sum, w);
    const bool fires = v_next >= v_threshold;

    /* clang-format off */
    if (s->refractory_count > 0)
        return HIT(s->refractory_count > 1, silent_counting) |
               HIT(s->refractory_count == 1, silent_last) |
               HIT(s->refractory_count == 255, silent_longest) |
               HIT(v != v_rest, silent_to_rest) |
               HIT(fires, silent_suppresses);

    const int64_t max = gsp_max_s(w);
    const int64_t min = gsp_min_s(w);
    const int64_t fraction_mask = gsp_max_u(f);
    const int64_t sum_quiet = gsp_add_sat(quiet, dv_leak);
    const int64_t v_quiet = wraps ? gsp_wrap(gsp_add_wrap(quiet, dv_leak), w) : gsp_sat(sum_quiet, w);
    const bool fires_quiet = v_quiet >= v_threshold;
    const bool high = sum > max;
    const bool low = sum < min;
    const bool difference_high = difference > max;
    const bool difference_low = difference < min;
    const bool difference_wide = difference_high | difference_low;

    const uint64_t hits_active = HIT(!spike & (v_next == v_threshold - 1), threshold_missed) |
                                 HIT(!spike & fires_quiet, noise_prevents) |
                                 HIT(high & wraps, sum_wraps_high) |
                                 HIT(low & wraps, sum_wraps_low) |
                                 HIT(wraps & ((sum > 2 * max + 1) | (sum < 2 * min)), sum_wraps_far) |
                                 HIT(high & !wraps, sum_saturates_high) |
                                 HIT(low & !wraps, sum_saturates_low) |
                                 HIT(sum == max, sum_highest) |
                                 HIT(sum == min, sum_lowest) |
                                 HIT(sum == max + 1, sum_high_by_one) |
                                 HIT(sum == min - 1, sum_low_by_one) |
                                 HIT(high & wraps & !spike, wrap_prevents_spike) |
                                 HIT(low & wraps & spike, wrap_makes_spike) |
                                 HIT(difference_high, difference_high) |
                                 HIT(difference_low, difference_low) |
                                 HIT(difference_wide & (i->leak_k == min), difference_extreme) |
                                 HIT((i->leak_k < 0) & (difference != 0), leak_outward) |
                                 HIT((leak_product < 0) & ((leak_product & fraction_mask) != 0), leak_floor) |
                                 HIT((leak_product > 0) & (dv_leak == 0), leak_stalls) |
                                 HIT((in_product < 0) & ((in_product & fraction_mask) != 0), input_floor) |
                                 HIT((i->i_t == min) & (i->gain_k == min), input_extreme);
    if (!spike)
        return hits_active;

    const bool never_silent = p->refractory_period == 0;
    const bool subtracts = p->reset_mode == GSP_LIF_RESET_SUBTRACT;
    const bool resets_to = p->reset_mode == GSP_LIF_RESET_TO;
    const bool wide_over = v_next - v_threshold > max;
    return hits_active | HIT(!never_silent, refractory_entered) |
                         HIT(p->refractory_period == 255, refractory_longest) |
                         HIT(never_silent, refractory_none) |
                         HIT(!never_silent & (v == v_rest), spike_from_rest) |
                         HIT(resets_to & never_silent & (v == v_reset), spike_from_reset) |
                         HIT(resets_to & (v_reset >= v_threshold), spike_refires) |
                         HIT(v_rest >= v_threshold, spike_rest_above) |
                         HIT((v_next < 0) & (v_threshold < 0), spike_below_zero) |
                         HIT(v_next == v_threshold, threshold_equal) |
                         HIT(v_threshold == min, threshold_lowest) |
                         HIT(v_threshold == max, threshold_highest) |
                         HIT(!fires_quiet, noise_fires) |
                         HIT(resets_to, reset_to) |
                         HIT(subtracts, reset_subtract) |
                         HIT(p->reset_mode == GSP_LIF_RESET_NONE, reset_none) |
                         HIT(subtracts & wide_over & wraps, subtract_wraps) |
                         HIT(subtracts & wide_over & !wraps, subtract_saturates);
    /* clang-format on */
}

/* Without fraction bits no shift can round. */
static uint64_t reachable(const void *params) {
    const gsp_lif_params *p = (const gsp_lif_params *)params;
    const uint64_t rounding = HIT(true, leak_floor) | HIT(true, leak_stalls) | HIT(true, input_floor);
    const uint64_t all = (UINT64_C(1) << N_BINS) - 1u;
    return p->fraction > 0 ? all : all & ~rounding;
}

#define IS(field, kind_, type, member) ((field)->kind == (kind_) && (field)->offset == offsetof(type, member))

static bool draw(gsp_rng *rng, const void *params, const gsp_field *field, int64_t *value) {
    static const uint8_t periods[] = {0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 7, 8, 16};
    const gsp_lif_params *p = (const gsp_lif_params *)params;

    if (IS(field, GSP_PARAM, gsp_lif_params, refractory_period)) {
        /* 255 is rare: one such spike silences more steps than most parameter sets live. */
        *value = gsp_rng_one_in(rng, 48) ? 255 : periods[gsp_rng_below(rng, sizeof(periods))];
        return true;
    }
    if (IS(field, GSP_STATE, gsp_lif_state, refractory_count)) {
        /* A uniform count would be silent in 255 of 256 states. */
        const uint32_t choice = gsp_rng_below(rng, 8);
        if (choice == 0)
            return false;
        *value = choice == 1 ? 1 : choice == 2 ? 255 : 0;
        return true;
    }
    if (IS(field, GSP_STATE, gsp_lif_state, v)) {
        /* The states in which refractoriness and a reset leave the neuron. */
        const uint32_t choice = gsp_rng_below(rng, 8);
        *value = choice == 0 ? p->v_rest : p->v_reset;
        return choice < 2;
    }
    if (IS(field, GSP_INPUT, gsp_lif_in, leak_k)) {
        /* A leak that decays: a factor of 0..1. */
        *value = gsp_rng_range(rng, 0, gsp_sat(gsp_shl(1, p->fraction), p->data_width));
        return gsp_rng_one_in(rng, 3);
    }
    return false;
}

/*
 * Solves noise_in so that the sum, or its narrowed value, is the target. The
 * other inputs stay as drawn where they allow it; where they carry the sum too
 * far, the leak is switched off and the current passes with a gain of +-1.
 */
static void aim(gsp_rng *rng, const void *params, const void *state, void *in) {
    const gsp_lif_params *p = (const gsp_lif_params *)params;
    const gsp_lif_state *s = (const gsp_lif_state *)state;
    gsp_lif_in *i = (gsp_lif_in *)in;
    const unsigned w = p->data_width;
    const unsigned f = p->fraction;
    const int64_t max = gsp_max_s(w);
    const int64_t min = gsp_min_s(w);
    const uint32_t choice = gsp_rng_below(rng, 64);

    if (choice < 4)
        i->leak_k = (int32_t)(choice == 0 ? max : min);
    else if (choice == 4)
        i->i_t = i->gain_k = (int32_t)min;

    /* The ends of the range, just beyond them, just below the threshold, the threshold. */
    static const int8_t base_of[8] = {0, 1, 0, 1, 2, 2, 2, 2}, plus[8] = {0, 0, 1, -1, -1, -1, 0, 0};
    const int64_t bases[3] = {max, min, p->v_threshold};
    const uint32_t r = gsp_rng_below(rng, 8);
    const int64_t target = bases[base_of[r]] + plus[r];

    const int64_t dv_in = gsp_shr_floor(gsp_mul(i->i_t, i->gain_k), f);
    const int64_t dv_leak = gsp_shr_floor(gsp_mul((int64_t)p->v_rest - s->v, i->leak_k), f);
    /* Modulo 2^64 is enough to solve modulo 2^W. */
    const int64_t sum = gsp_add_wrap((int64_t)s->v + dv_in, dv_leak);
    const int64_t noise = gsp_add_wrap(target, (int64_t)(0 - (uint64_t)sum));

    if (gsp_fits_s(noise, w)) {
        i->noise_in = (int32_t)noise;
    } else if (!p->saturate && (choice & 1)) {
        i->noise_in = (int32_t)gsp_wrap(noise, w);
    } else {
        const int64_t need = target - s->v;
        const bool inverted = f == w - 1; /* +1.0 does not fit, -1.0 does */
        i->leak_k = 0;
        i->gain_k = (int32_t)(inverted ? min : gsp_shl(1, f));
        i->i_t = (int32_t)gsp_sat(inverted ? -need : need, w);
        i->noise_in = (int32_t)gsp_sat(need - (inverted ? -(int64_t)i->i_t : i->i_t), w);
    }
}

const gsp_cases gsp_lif_cases = {
    .bins = bins,
    .n_bins = N_BINS,
    .cover = cover,
    .reachable = reachable,
    .draw = draw,
    .aim = aim,
};
