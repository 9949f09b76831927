/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stimulus must reach in loihi, and how to reach it.
 */
#include "goldenspike/loihi.h"
#include "goldenspike/cases.h"
#include "goldenspike/fix.h"

/* clang-format off */
#define BINS(BIN) \
    BIN(spike_plus,           "a spike of +1") \
    BIN(spike_minus,          "a spike of -1") \
    BIN(spike_both,           "v > vth and v < vth_lo: no spike") \
    BIN(threshold_equal,      "v = vth does not fire") \
    BIN(threshold_above,      "v = vth + 1 fires") \
    BIN(low_equal,            "ternary: v = vth_lo does not fire") \
    BIN(low_below,            "ternary: v = vth_lo - 1 fires") \
    BIN(low_off,              "v < vth_lo without ternary") \
    BIN(silent,               "a refractory step zeroes v") \
    BIN(silent_suppresses,    "a refractory step in which v would have passed vth") \
    BIN(silent_minus,         "a refractory spike of -1, for vth_lo > 0") \
    BIN(refract_0,            "a spike with refract_delay 0") \
    BIN(refract_1,            "a spike with refract_delay 1") \
    BIN(refract_63,           "a spike with refract_delay 63") \
    BIN(u_toward_zero,        "dec(u) negative with a fraction: floor would be one less") \
    BIN(v_toward_zero,        "dec(v) negative with a fraction: floor would be one less") \
    BIN(u_stalls_at_zero,     "dec(u) = 0 for u != 0 and a factor above 0") \
    BIN(u_factor_one,         "factor 4096: u does not decay") \
    BIN(u_factor_zero,        "factor 0: u is gone in one step") \
    BIN(u_factor_minus,       "factor -1 of u: the sign turns") \
    BIN(v_factor_minus,       "factor -1 of v: the sign turns") \
    BIN(q_wraps,              "q left 22 bits and wraps") \
    BIN(q_kept,               "q left 22 bits and is kept") \
    BIN(q_highest,            "q = 2^21 - 1 before its wrap") \
    BIN(q_high_by_one,        "q = 2^21 before its wrap") \
    BIN(u_wraps_high,         "tc: u > 2^23 - 1 wraps") \
    BIN(u_wraps_low,          "tc: u < -2^23 wraps") \
    BIN(u_lava_high,          "lava: u > 2^23") \
    BIN(u_lava_low,           "lava: u < -2^23") \
    BIN(u_lava_keeps,         "lava: u = +2^23 stays") \
    BIN(u_lava_turns,         "lava: u = -2^23 becomes +2^23") \
    BIN(u_lava_far,           "lava: u leaves s24 even after its wrap") \
    BIN(u_old_wide,           "u of the step before is not within s24") \
    BIN(u2_wraps,             "u + bias left 24 bits and wraps") \
    BIN(u2_kept,              "u + bias left 24 bits and is kept") \
    BIN(clip_high,            "v clipped to vmax") \
    BIN(clip_low,             "v clipped to vmin") \
    BIN(clip_exact_high,      "v = vmax before the clip") \
    BIN(clip_exact_low,       "v = vmin before the clip") \
    BIN(clip_zero,            "v clipped to a bound of 0") \
    BIN(clip_far,             "v clipped from beyond 24 bits") \
    BIN(bias_left,            "a bias shifted left") \
    BIN(bias_floor,           "a negative bias that loses bits to the right: floor") \
    BIN(noise_q,              "noise to q") \
    BIN(noise_v,              "noise to u + bias") \
    BIN(noise_toward_zero,    "negative noise with a fraction: floor would be one less") \
    BIN(noise_v_before_wrap,  "noise carries u + bias out of 24 bits: it comes before the wrap") \
    BIN(reset_clears,         "an interval reset of u != 0 and v != 0") \
    BIN(reset_at_zero,        "an interval reset in the step where the count wraps") \
    BIN(reset_count_beyond,   "reset_count was at reset_interval or beyond") \
    BIN(reset_every_step,     "reset_interval 1")
/* clang-format on */

#define BIN_INDEX(name, meaning) BIN_##name,
#define BIN_ROW(name, meaning) {#name, meaning},

enum { BINS(BIN_INDEX) N_BINS };
static const gsp_bin bins[] = {BINS(BIN_ROW)};
GSP_STATIC_ASSERT(N_BINS <= GSP_MAX_BINS, "a mask of bins fits 64 bits");

#define TOP23 (INT64_C(1) << 23)
#define TOP21 (INT64_C(1) << 21)

static uint64_t bit(bool condition, unsigned bin) {
    return (uint64_t)condition << bin;
}
#define HIT(condition, bin) bit((condition), BIN_##bin)

/* s * k < 0 and not a multiple of 4096 */
static bool rounds_up(int64_t s, int64_t k) {
    const int64_t product = gsp_mul(s, k);
    return (product < 0) & ((product & 4095) != 0);
}

/* Conditions are joined by & and |, not && and ||: this runs at every step of a lockstep run. */
static uint64_t cover(const void *params, const void *in, const void *before, const void *after,
                      const void *out, const void *internal) {
    const gsp_loihi_params *p = (const gsp_loihi_params *)params;
    const gsp_loihi_in *i = (const gsp_loihi_in *)in;
    const gsp_loihi_state *b = (const gsp_loihi_state *)before;
    const gsp_loihi_state *a = (const gsp_loihi_state *)after;
    const gsp_loihi_out *o = (const gsp_loihi_out *)out;
    const gsp_loihi_internal *x = (const gsp_loihi_internal *)internal;

    const int64_t k_u = 4096 - p->decay_u - p->ds_offset;
    const int64_t k_v = 4096 - p->decay_v - p->dm_offset;
    const bool clears = (p->reset_interval > 0) & (a->reset_count == p->reset_offset);
    const bool kept = !clears;
    const bool silent = b->refractory_count > 0;
    const bool active = !silent;
    const bool fired = o->spike != 0;
    const bool lava = p->u_wrap == GSP_LOIHI_WRAP_LAVA;
    const bool tern = p->ternary != 0;
    const bool noisy_q = (p->noise_enable != 0) & !p->noise_at_v & (x->noise != 0);
    const bool noisy_v = (p->noise_enable != 0) & (p->noise_at_v != 0) & (x->noise != 0);
    const int64_t drawn = i->rnd + INT64_C(64) * p->noise_offset;
    const int64_t spread = gsp_shl(drawn, p->noise_exp);
    const int64_t v = x->v_live;
    const int64_t clamped = gsp_clamp(x->v_sum, p->vmin, p->vmax);
    const bool clipped = o->v_clipped != 0;
    const int64_t lost_bias = p->bias_exp < 0 ? p->bias_mant & ((1 << -p->bias_exp) - 1) : 0;

    /* clang-format off */
    return HIT(o->spike == 1, spike_plus) |
           HIT(o->spike == -1, spike_minus) |
           HIT(tern & (v > p->vth) & (v < p->vth_lo), spike_both) |
           HIT(active & (v == p->vth), threshold_equal) |
           HIT(active & (v == (int64_t)p->vth + 1), threshold_above) |
           HIT(tern & active & (v == p->vth_lo), low_equal) |
           HIT(tern & active & (v == (int64_t)p->vth_lo - 1) & fired, low_below) |
           HIT(!tern & (v < p->vth_lo) & !fired, low_off) |
           HIT(silent & (clamped != 0), silent) |
           HIT(silent & (clamped > p->vth), silent_suppresses) |
           HIT(silent & (o->spike == -1), silent_minus) |
           HIT(fired & (p->refract_delay == 0), refract_0) |
           HIT(fired & (p->refract_delay == 1), refract_1) |
           HIT(fired & (p->refract_delay == 63), refract_63) |
           HIT(kept & rounds_up(b->u, k_u), u_toward_zero) |
           HIT(kept & rounds_up(b->v, k_v), v_toward_zero) |
           HIT(kept & (b->u != 0) & (x->u_decayed == 0) & (k_u > 0), u_stalls_at_zero) |
           HIT(kept & (k_u == 4096) & (b->u != 0), u_factor_one) |
           HIT((k_u == 0) & (b->u != 0), u_factor_zero) |
           HIT((k_u == -1) & (x->u_decayed != 0), u_factor_minus) |
           HIT((k_v == -1) & (x->v_decayed != 0), v_factor_minus) |
           HIT((o->q_overflow != 0) & (p->q_wrap22 != 0), q_wraps) |
           HIT((o->q_overflow != 0) & !p->q_wrap22, q_kept) |
           HIT(x->q_sum == TOP21 - 1, q_highest) |
           HIT(x->q_sum == TOP21, q_high_by_one) |
           HIT(!lava & (x->u_sum >= TOP23), u_wraps_high) |
           HIT(!lava & (x->u_sum < -TOP23), u_wraps_low) |
           HIT(lava & (x->u_sum > TOP23), u_lava_high) |
           HIT(lava & (x->u_sum < -TOP23), u_lava_low) |
           HIT(lava & (x->u_sum == TOP23), u_lava_keeps) |
           HIT(lava & (x->u_sum == -TOP23), u_lava_turns) |
           HIT(lava & ((a->u > TOP23) | (a->u < -TOP23)), u_lava_far) |
           HIT(kept & ((b->u >= TOP23) | (b->u < -TOP23)), u_old_wide) |
           HIT((o->u2_overflow != 0) & (p->u2_wrap24 != 0), u2_wraps) |
           HIT((o->u2_overflow != 0) & !p->u2_wrap24, u2_kept) |
           HIT(x->v_sum > p->vmax, clip_high) |
           HIT(x->v_sum < p->vmin, clip_low) |
           HIT((x->v_sum == p->vmax) & active, clip_exact_high) |
           HIT((x->v_sum == p->vmin) & active, clip_exact_low) |
           HIT(clipped & (clamped == 0), clip_zero) |
           HIT(clipped & ((x->v_sum >= TOP23) | (x->v_sum < -TOP23)), clip_far) |
           HIT((p->bias_exp > 0) & (p->bias_mant != 0), bias_left) |
           HIT((p->bias_mant < 0) & (lost_bias != 0), bias_floor) |
           HIT(noisy_q, noise_q) |
           HIT(noisy_v, noise_v) |
           HIT((p->noise_enable != 0) & (spread < 0) & ((spread & 127) != 0), noise_toward_zero) |
           HIT(noisy_v & (p->u2_wrap24 != 0) & (o->u2_overflow != 0) &
                   gsp_fits_s(x->u2_sum - x->noise, 24), noise_v_before_wrap) |
           HIT(clears & (b->u != 0) & (b->v != 0), reset_clears) |
           HIT(clears & (a->reset_count == 0), reset_at_zero) |
           HIT((p->reset_interval > 0) & (b->reset_count >= p->reset_interval), reset_count_beyond) |
           HIT(p->reset_interval == 1, reset_every_step);
    /* clang-format on */
}

#define IS(field, kind_, type, member) ((field)->kind == (kind_) && (field)->offset == offsetof(type, member))

static bool draw(gsp_rng *rng, const void *params, const gsp_field *field, int64_t *value) {
    static const uint8_t delays[] = {0, 0, 1, 1, 1, 1, 2, 2, 3, 4, 5, 8, 63};
    static const uint8_t intervals[] = {1, 2, 3, 7, 10, 100};
    const gsp_loihi_params *p = (const gsp_loihi_params *)params;

    if (IS(field, GSP_PARAM, gsp_loihi_params, act_shift)) {
        *value = gsp_rng_one_in(rng, 2) ? 6 : 0;
        return true;
    }
    if (IS(field, GSP_PARAM, gsp_loihi_params, refract_delay)) {
        *value = delays[gsp_rng_below(rng, sizeof delays)];
        return true;
    }
    if (IS(field, GSP_PARAM, gsp_loihi_params, reset_interval)) {
        /* Off for most parameter sets: a neuron that is cleared all the time gets nowhere. */
        *value = gsp_rng_one_in(rng, 4) ? intervals[gsp_rng_below(rng, sizeof intervals)] : 0;
        return !gsp_rng_one_in(rng, 16);
    }
    if (IS(field, GSP_PARAM, gsp_loihi_params, decay_u) || IS(field, GSP_PARAM, gsp_loihi_params, decay_v)) {
        /* The ends, where the factor is 4096, 0 or -1. */
        static const int16_t ends[] = {-1, 0, 1, 4094, 4095, 4096};
        *value = ends[gsp_rng_below(rng, 6)];
        return gsp_rng_one_in(rng, 4) && *value >= field->min;
    }
    if (IS(field, GSP_PARAM, gsp_loihi_params, vmin) || IS(field, GSP_PARAM, gsp_loihi_params, vmax)) {
        *value = field->initial;
        return gsp_rng_one_in(rng, 2);
    }
    if (IS(field, GSP_STATE, gsp_loihi_state, u)) {
        *value = gsp_rng_range(rng, -TOP23, TOP23 - 1);
        return !gsp_rng_one_in(rng, 4);
    }
    if (IS(field, GSP_STATE, gsp_loihi_state, refractory_count)) {
        *value = gsp_rng_one_in(rng, 4) ? 1 : 0;
        return !gsp_rng_one_in(rng, 8);
    }
    if (IS(field, GSP_STATE, gsp_loihi_state, reset_count) && p->reset_interval > 0) {
        *value = gsp_rng_range(rng, 0, p->reset_interval - 1);
        return !gsp_rng_one_in(rng, 8);
    }
    return false;
}

static void legalise(gsp_rng *rng, void *params) {
    gsp_loihi_params *p = (gsp_loihi_params *)params;
    if (p->decay_u < 0)
        p->ds_offset = 1;
    if (p->act_shift != 0)
        p->act_shift = 6;
    if (p->reset_interval > 0 && p->reset_offset >= p->reset_interval)
        p->reset_offset = (uint16_t)gsp_rng_below(rng, p->reset_interval);
}

/* Solves a_in so that q, u, x or v lands on a corner; what a_in cannot reach keeps its draw. */
static void aim(gsp_rng *rng, const void *params, const void *state, void *in) {
    const gsp_loihi_params *p = (const gsp_loihi_params *)params;
    gsp_loihi_in *i = (gsp_loihi_in *)in;
    gsp_loihi_state s = *(const gsp_loihi_state *)state;
    gsp_loihi_out out;
    gsp_loihi_internal x;

    const gsp_loihi_in nothing = {.a_in = 0, .rnd = i->rnd};
    gsp_loihi_explain(p, &nothing, &s, &out, &x);
    const int64_t from_u = TOP23 + gsp_rng_range(rng, -1, 1);
    /* Everything but a_in that reaches q, u, x and v when nothing wraps. */
    const int64_t to_q = x.q_sum;
    const int64_t to_u = x.u_decayed + to_q;
    const int64_t to_x = to_u + x.bias + (p->noise_at_v ? x.noise : 0);
    const int64_t to_v = x.v_decayed + to_x;

    int64_t need;
    switch (gsp_rng_below(rng, 16)) {
    case 0: need = TOP21 - 1 - to_q; break;
    case 1: need = TOP21 - to_q; break;
    case 2: need = -TOP21 - gsp_rng_range(rng, 0, 1) - to_q; break;
    case 3: need = from_u - to_u; break;
    case 4: need = -from_u - to_u; break;
    case 5: need = from_u - to_x; break;
    case 6: need = -from_u - to_x; break;
    case 7: need = p->vmax + gsp_rng_range(rng, 0, 1) - to_v; break;
    case 8: need = p->vmin - gsp_rng_range(rng, 0, 1) - to_v; break;
    case 9: need = p->vth_lo - to_v; break;
    case 10: need = (int64_t)p->vth_lo - 1 - to_v; break;
    case 11:
    case 12: need = p->vth - to_v; break;
    default: need = (int64_t)p->vth + 1 - to_v; break;
    }
    const int64_t a = gsp_shr_floor(need, p->act_shift);
    if (gsp_fits_s(a, 24))
        i->a_in = (int32_t)a;
}

const gsp_cases gsp_loihi_cases = {
    .bins = bins,
    .n_bins = N_BINS,
    .cover = cover,
    .draw = draw,
    .legalise = legalise,
    .aim = aim,
};
