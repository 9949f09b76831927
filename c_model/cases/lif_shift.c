/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stimulus must reach in lif_shift, and how to reach it.
 */
#include "goldenspike/lif_shift.h"
#include "goldenspike/cases.h"
#include "goldenspike/fix.h"

/* clang-format off */
#define BINS(BIN) \
    BIN(silent_counting,     "a silent step with more to come") \
    BIN(silent_last,         "the last silent step") \
    BIN(silent_longest,      "the first of 255 silent steps") \
    BIN(silent_to_reset,     "a silent step moves v to v_reset") \
    BIN(silent_suppresses,   "a silent step ignores an input that would have fired") \
    BIN(silent_ended,        "refractory_period 0 ends silence early: the step integrates") \
    BIN(silent_ended_fires,  "refractory_period 0 ends silence early: the step fires") \
    BIN(refractory_entered,  "a spike with refractory_period > 0") \
    BIN(refractory_longest,  "a spike with refractory_period 255") \
    BIN(refractory_none,     "a spike with refractory_period 0") \
    BIN(spike_from_reset,    "a spike from v = v_reset") \
    BIN(spike_refires,       "a spike resets v to v_reset >= v_threshold") \
    BIN(spike_below_zero,    "a spike with v_sum and v_threshold negative") \
    BIN(threshold_equal,     "v_sum = v_threshold fires") \
    BIN(threshold_missed,    "v_sum = v_threshold - 1 does not fire") \
    BIN(threshold_lowest,    "a spike with v_threshold at the lower end of the range") \
    BIN(threshold_highest,   "a spike with v_threshold at the upper end of the range") \
    BIN(difference_wraps,    "v_sum - v_threshold needs W+1 bits") \
    BIN(leak_floor,          "a negative v with bits below the shift: floor is not toward zero") \
    BIN(leak_stalls,         "a positive v too small to leak") \
    BIN(leak_from_lowest,    "v = -2^(W-1) leaks") \
    BIN(leak_prevents,       "without the leak the step would have fired") \
    BIN(leak_fires,          "a negative v: without the leak the step would not have fired") \
    BIN(input_lowest,        "i_t = -2^(W-1)") \
    BIN(sum_wraps_high,      "sum > 2^(W-1) - 1 wraps") \
    BIN(sum_wraps_low,       "sum < -2^(W-1) wraps") \
    BIN(sum_highest,         "sum = 2^(W-1) - 1") \
    BIN(sum_lowest,          "sum = -2^(W-1)") \
    BIN(sum_high_by_one,     "sum = 2^(W-1): wraps by one") \
    BIN(sum_low_by_one,      "sum = -2^(W-1) - 1: wraps by one") \
    BIN(wrap_prevents_spike, "sum >= v_threshold, but wrapped below it") \
    BIN(wrap_makes_spike,    "sum < v_threshold, but wrapped to it or above")
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

static uint64_t cover(const void *params, const void *in, const void *before, const void *after,
                      const void *out, const void *internal) {
    const gsp_lif_shift_params *p = (const gsp_lif_shift_params *)params;
    const gsp_lif_shift_in *i = (const gsp_lif_shift_in *)in;
    const gsp_lif_shift_state *s = (const gsp_lif_shift_state *)before;
    const bool spike = ((const gsp_lif_shift_out *)out)->spike != 0;
    (void)after;
    (void)internal; /* A silent step shows none, and its suppressed spike is a case. */

    const unsigned w = p->data_width;
    const int64_t v = s->v;
    const int64_t v_reset = p->v_reset;
    const int64_t v_threshold = p->v_threshold;
    const int64_t leak = gsp_shr_floor(v, p->leak_shift);
    const int64_t sum = v - leak + i->i_t;
    const int64_t v_sum = gsp_wrap(sum, w);
    const bool fires = v_sum >= v_threshold;
    const bool counting = s->refractory_count > 0;
    const bool refractory = p->refractory_period > 0;

    /* clang-format off */
    if (counting & refractory)
        return HIT(s->refractory_count > 1, silent_counting) |
               HIT(s->refractory_count == 1, silent_last) |
               HIT(s->refractory_count == 255, silent_longest) |
               HIT(v != v_reset, silent_to_reset) |
               HIT(fires, silent_suppresses);

    const int64_t max = gsp_max_s(w);
    const int64_t min = gsp_min_s(w);
    const bool fires_unleaked = gsp_wrap(v + i->i_t, w) >= v_threshold;
    const int64_t over = v_sum - v_threshold;
    const bool high = sum > max;
    const bool low = sum < min;
    const uint64_t hits_active = HIT(counting & !spike, silent_ended) |
                                 HIT(!spike & (v_sum == v_threshold - 1), threshold_missed) |
                                 HIT((over > max) | (over < min), difference_wraps) |
                                 HIT((v < 0) & (((uint64_t)v & (uint64_t)gsp_max_u(p->leak_shift)) != 0), leak_floor) |
                                 HIT((v > 0) & (leak == 0), leak_stalls) |
                                 HIT(v == min, leak_from_lowest) |
                                 HIT((leak > 0) & !spike & fires_unleaked, leak_prevents) |
                                 HIT(i->i_t == min, input_lowest) |
                                 HIT(high, sum_wraps_high) |
                                 HIT(low, sum_wraps_low) |
                                 HIT(sum == max, sum_highest) |
                                 HIT(sum == min, sum_lowest) |
                                 HIT(sum == max + 1, sum_high_by_one) |
                                 HIT(sum == min - 1, sum_low_by_one) |
                                 HIT(high & !spike, wrap_prevents_spike) |
                                 HIT(low & spike, wrap_makes_spike);
    if (!spike)
        return hits_active;

    return hits_active | HIT(counting, silent_ended_fires) |
                         HIT(refractory, refractory_entered) |
                         HIT(p->refractory_period == 255, refractory_longest) |
                         HIT(!refractory, refractory_none) |
                         HIT(v == v_reset, spike_from_reset) |
                         HIT(v_reset >= v_threshold, spike_refires) |
                         HIT((v_sum < 0) & (v_threshold < 0), spike_below_zero) |
                         HIT(v_sum == v_threshold, threshold_equal) |
                         HIT(v_threshold == min, threshold_lowest) |
                         HIT(v_threshold == max, threshold_highest) |
                         HIT((leak < 0) & !fires_unleaked, leak_fires);
    /* clang-format on */
}

/* With the longest shift no positive v leaks. */
static uint64_t reachable(const void *params) {
    const gsp_lif_shift_params *p = (const gsp_lif_shift_params *)params;
    const uint64_t all = (UINT64_C(1) << N_BINS) - 1u;
    return p->leak_shift < p->data_width - 1 ? all : all & ~HIT(true, leak_prevents);
}

#define IS(field, kind_, type, member) ((field)->kind == (kind_) && (field)->offset == offsetof(type, member))

static bool draw(gsp_rng *rng, const void *params, const gsp_field *field, int64_t *value) {
    static const uint8_t periods[] = {0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 7, 8, 16};
    const gsp_lif_shift_params *p = (const gsp_lif_shift_params *)params;

    if (IS(field, GSP_PARAM, gsp_lif_shift_params, refractory_period)) {
        /* 255 is rare: one such spike silences more steps than most parameter sets live. */
        *value = gsp_rng_one_in(rng, 48) ? 255 : periods[gsp_rng_below(rng, sizeof(periods))];
        return true;
    }
    if (IS(field, GSP_STATE, gsp_lif_shift_state, refractory_count)) {
        /* A uniform count would be silent in 255 of 256 states. */
        const uint32_t choice = gsp_rng_below(rng, 8);
        if (choice == 0)
            return false;
        *value = choice == 1 ? 1 : choice == 2 ? 255 : 0;
        return true;
    }
    if (IS(field, GSP_STATE, gsp_lif_shift_state, v)) {
        *value = p->v_reset; /* as a spike leaves it */
        return gsp_rng_one_in(rng, 8);
    }
    return false;
}

/* Solves i_t so that the sum, or its wrapped value, is the target. */
static void aim(gsp_rng *rng, const void *params, const void *state, void *in) {
    const gsp_lif_shift_params *p = (const gsp_lif_shift_params *)params;
    const gsp_lif_shift_state *s = (const gsp_lif_shift_state *)state;
    gsp_lif_shift_in *i = (gsp_lif_shift_in *)in;
    const int64_t max = gsp_max_s(p->data_width);
    const int64_t min = gsp_min_s(p->data_width);
    const int64_t v_threshold = p->v_threshold;
    const int64_t targets[8] = {max,         min,        max + 1, min - 1, v_threshold - 1, v_threshold - 1,
                                v_threshold, v_threshold};
    const int64_t target = targets[gsp_rng_below(rng, 8)];
    const int64_t leaked = s->v - gsp_shr_floor(s->v, p->leak_shift);

    i->i_t = (int32_t)gsp_wrap(target - leaked, p->data_width);
}

const gsp_cases gsp_lif_shift_cases = {
    .bins = bins,
    .n_bins = N_BINS,
    .cover = cover,
    .reachable = reachable,
    .draw = draw,
    .aim = aim,
};
