/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stimulus must reach in loihi_sigma, and how to reach it.
 */
#include "goldenspike/loihi_sigma.h"
#include "goldenspike/cases.h"
#include "goldenspike/fix.h"

/* clang-format off */
#define BINS(BIN) \
    BIN(grows,        "the sum grows") \
    BIN(falls,        "the sum falls") \
    BIN(holds,        "an input of 0") \
    BIN(wraps_down,   "the sum exceeds 2^31 - 1") \
    BIN(wraps_up,     "the sum is below -2^31") \
    BIN(highest,      "the sum is 2^31 - 1") \
    BIN(lowest,       "the sum is -2^31") \
    BIN(crosses_zero, "the sum changes its sign without wrapping")
/* clang-format on */

#define BIN_INDEX(name, meaning) BIN_##name,
#define BIN_ROW(name, meaning) {#name, meaning},

enum { BINS(BIN_INDEX) N_BINS };
static const gsp_bin bins[] = {BINS(BIN_ROW)};

static uint64_t bit(bool condition, unsigned bin) {
    return (uint64_t)condition << bin;
}
#define HIT(condition, bin) bit((condition), BIN_##bin)

static uint64_t cover(const void *params, const void *in, const void *before, const void *after,
                      const void *out, const void *internal) {
    (void)params;
    const gsp_loihi_sigma_in *i = (const gsp_loihi_sigma_in *)in;
    const gsp_loihi_sigma_state *s = (const gsp_loihi_sigma_state *)before;
    const gsp_loihi_sigma_state *a = (const gsp_loihi_sigma_state *)after;
    (void)out;
    const gsp_loihi_sigma_internal *x = (const gsp_loihi_sigma_internal *)internal;
    /* clang-format off */
    return HIT(x->sum > s->sigma, grows) |
           HIT(x->sum < s->sigma, falls) |
           HIT(i->a_in == 0, holds) |
           HIT(x->sum > INT32_MAX, wraps_down) |
           HIT(x->sum < INT32_MIN, wraps_up) |
           HIT(x->sum == INT32_MAX, highest) |
           HIT(x->sum == INT32_MIN, lowest) |
           HIT(((a->sigma < 0) != (s->sigma < 0)) & (x->sum == a->sigma), crosses_zero);
    /* clang-format on */
}

static void aim(gsp_rng *rng, const void *params, const void *state, void *in) {
    const gsp_loihi_sigma_state *s = (const gsp_loihi_sigma_state *)state;
    gsp_loihi_sigma_in *i = (gsp_loihi_sigma_in *)in;
    (void)params;
    const int64_t end = gsp_rng_one_in(rng, 2) ? INT32_MAX : INT32_MIN;
    i->a_in = (int32_t)gsp_wrap(end + gsp_rng_range(rng, -1, 1) - s->sigma, 32);
}

const gsp_cases gsp_loihi_sigma_cases = {
    .bins = bins,
    .n_bins = N_BINS,
    .cover = cover,
    .aim = aim,
};
