/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stimulus must reach in loihi_rf_iz, and how to reach it.
 */
#include "goldenspike/loihi_rf_iz.h"
#include "goldenspike/cases.h"
#include "goldenspike/fix.h"
#include "loihi_voltage.h"

/* clang-format off */
#define BINS(BIN) \
    BIN(spike,              "the neuron fires") \
    BIN(spike_at_threshold, "fires with im_next = vth") \
    BIN(threshold_missed,   "im_next = vth - 1 does not fire") \
    BIN(spike_clears_re,    "a spike resets a re_next other than 0") \
    BIN(spike_lowers_im,    "a spike resets im_next > vth") \
    BIN(spike_again,        "fires again right after a spike") \
    BIN(spike_below_zero,   "fires with a negative im_next and vth") \
    BIN(spike_clipped,      "fires with im_sum beyond the limit") \
    BIN(threshold_lowest,   "a spike with the lowest vth: im becomes -(2^23 - 1)") \
    BIN(threshold_highest,  "a spike with the highest vth") \
    BIN(re_clipped_high,    "re_sum > 2^23 - 1") \
    BIN(re_clipped_low,     "re_sum < -(2^23 - 1)") \
    BIN(re_highest,         "re_sum = 2^23 - 1") \
    BIN(re_low_by_one,      "re_sum = -2^23: fits 24 bits but is clipped") \
    BIN(im_clipped_high,    "im_sum > 2^23 - 1") \
    BIN(im_clipped_low,     "im_sum < -(2^23 - 1)") \
    BIN(im_highest,         "im_sum = 2^23 - 1") \
    BIN(im_low_by_one,      "im_sum = -2^23: fits 24 bits but is clipped") \
    BIN(re_cos_rounds,      "a negative cos_decay * re with a fraction: floor is not toward zero") \
    BIN(im_sin_rounds,      "a negative sin_decay * im with a fraction") \
    BIN(re_sin_rounds,      "a negative sin_decay * re with a fraction") \
    BIN(im_cos_rounds,      "a negative cos_decay * im with a fraction") \
    BIN(re_shifts_apart,    "shifting the difference of the products once would give another re") \
    BIN(im_shifts_apart,    "shifting the sum of the products once would give another im") \
    BIN(decay_bits_0,       "no fraction bits") \
    BIN(decay_bits_16,      "most fraction bits") \
    BIN(cos_negative,       "a rotation by more than a quarter of the circle") \
    BIN(input_shifted,      "an input with state_exp > 0")
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
    const gsp_loihi_rf_iz_params *p = (const gsp_loihi_rf_iz_params *)params;
    const gsp_loihi_rf_iz_in *i = (const gsp_loihi_rf_iz_in *)in;
    const gsp_loihi_rf_iz_state *s = (const gsp_loihi_rf_iz_state *)before;
    (void)after;
    const gsp_loihi_rf_iz_out *o = (const gsp_loihi_rf_iz_out *)out;
    const gsp_loihi_rf_iz_internal *x = (const gsp_loihi_rf_iz_internal *)internal;
    const unsigned bits = p->decay_bits;
    const int64_t low = gsp_max_u(bits);
    const int64_t re_cos = gsp_mul(s->re, p->cos_decay), im_sin = gsp_mul(s->im, p->sin_decay);
    const int64_t re_sin = gsp_mul(s->re, p->sin_decay), im_cos = gsp_mul(s->im, p->cos_decay);
    const bool spike = o->spike != 0;
    /* clang-format off */
    return HIT(spike, spike) |
           HIT(spike & (x->im_next == p->vth), spike_at_threshold) |
           HIT(!spike & (x->im_next == p->vth - 1), threshold_missed) |
           HIT(spike & (x->re_next != 0), spike_clears_re) |
           HIT(spike & (x->im_next > p->vth), spike_lowers_im) |
           HIT(spike & (s->re == 0) & (s->im == p->vth - 1), spike_again) |
           HIT(spike & (x->im_next < 0), spike_below_zero) |
           HIT(spike & (x->im_sum > VOLTAGE_MAX), spike_clipped) |
           HIT(spike & (p->vth == -(VOLTAGE_MAX - 1)), threshold_lowest) |
           HIT(spike & (p->vth == VOLTAGE_MAX), threshold_highest) |
           HIT(x->re_sum > VOLTAGE_MAX, re_clipped_high) |
           HIT(x->re_sum < -VOLTAGE_MAX, re_clipped_low) |
           HIT(x->re_sum == VOLTAGE_MAX, re_highest) |
           HIT(x->re_sum == -VOLTAGE_MAX - 1, re_low_by_one) |
           HIT(x->im_sum > VOLTAGE_MAX, im_clipped_high) |
           HIT(x->im_sum < -VOLTAGE_MAX, im_clipped_low) |
           HIT(x->im_sum == VOLTAGE_MAX, im_highest) |
           HIT(x->im_sum == -VOLTAGE_MAX - 1, im_low_by_one) |
           HIT((re_cos < 0) & ((re_cos & low) != 0), re_cos_rounds) |
           HIT((im_sin < 0) & ((im_sin & low) != 0), im_sin_rounds) |
           HIT((re_sin < 0) & ((re_sin & low) != 0), re_sin_rounds) |
           HIT((im_cos < 0) & ((im_cos & low) != 0), im_cos_rounds) |
           HIT(gsp_shr_zero(re_cos - im_sin, bits) != x->re_cos - x->im_sin, re_shifts_apart) |
           HIT(gsp_shr_zero(re_sin + im_cos, bits) != x->re_sin + x->im_cos, im_shifts_apart) |
           HIT(bits == 0, decay_bits_0) |
           HIT(bits == 16, decay_bits_16) |
           HIT(p->cos_decay < 0, cos_negative) |
           HIT((p->state_exp > 0) & (i->a_re != 0) & (i->a_im != 0), input_shifted);
    /* clang-format on */
}

#define IS(field, kind_, type, member) ((field)->kind == (kind_) && (field)->offset == offsetof(type, member))

static bool draw(gsp_rng *rng, const void *params, const gsp_field *field, int64_t *value) {
    const gsp_loihi_rf_iz_params *p = (const gsp_loihi_rf_iz_params *)params;
    const uint32_t choice = gsp_rng_below(rng, 8);
    /* Mostly decays of magnitude 1 or less at the usual 12 bits, so that states stay off the limits. */
    if (IS(field, GSP_PARAM, gsp_loihi_rf_iz_params, cos_decay) ||
        IS(field, GSP_PARAM, gsp_loihi_rf_iz_params, sin_decay)) {
        *value = choice == 0 ? 4096 : gsp_rng_range(rng, -4096, 4096);
        return choice < 5;
    }
    if (IS(field, GSP_PARAM, gsp_loihi_rf_iz_params, decay_bits)) {
        *value = 12;
        return choice < 4;
    }
    if (IS(field, GSP_PARAM, gsp_loihi_rf_iz_params, state_exp)) {
        *value = choice < 3 ? 0 : 6;
        return choice < 6;
    }
    /* Where a spike leaves the neuron. */
    if (IS(field, GSP_STATE, gsp_loihi_rf_iz_state, im)) {
        *value = gsp_sub(p->vth, 1);
        return choice < 2;
    }
    if (IS(field, GSP_STATE, gsp_loihi_rf_iz_state, re)) {
        *value = 0;
        return choice < 2;
    }
    return false;
}

/* The input that brings one part to its target, as near as state_exp allows. */
static int32_t input_for(int64_t target, int64_t rotated, unsigned state_exp) {
    return (int32_t)gsp_sat(gsp_shr_floor(target - rotated, state_exp), 24);
}

static void aim(gsp_rng *rng, const void *params, const void *state, void *in) {
    const gsp_loihi_rf_iz_params *p = (const gsp_loihi_rf_iz_params *)params;
    gsp_loihi_rf_iz_in *i = (gsp_loihi_rf_iz_in *)in;
    gsp_loihi_rf_iz_state s = *(const gsp_loihi_rf_iz_state *)state;
    gsp_loihi_rf_iz_out out;
    gsp_loihi_rf_iz_internal x;
    gsp_loihi_rf_iz_explain(p, i, &s, &out, &x);

    const int64_t near = gsp_rng_range(rng, -1, 1);
    const int64_t limit = gsp_rng_one_in(rng, 2) ? VOLTAGE_MAX + near : -VOLTAGE_MAX + near;
    const int64_t re = x.re_cos - x.im_sin;
    const int64_t im = x.re_sin + x.im_cos;
    switch (gsp_rng_below(rng, 4)) {
    case 0: i->a_re = input_for(limit, re, p->state_exp); break;
    case 1: i->a_im = input_for(limit, im, p->state_exp); break;
    default: i->a_im = input_for(p->vth + near, im, p->state_exp); break;
    }
}

const gsp_cases gsp_loihi_rf_iz_cases = {
    .bins = bins,
    .n_bins = N_BINS,
    .cover = cover,
    .draw = draw,
    .aim = aim,
};
