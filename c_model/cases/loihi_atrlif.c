/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stimulus must reach in loihi_atrlif, and how to reach it.
 */
#include "goldenspike/loihi_atrlif.h"
#include "goldenspike/cases.h"
#include "goldenspike/fix.h"
#include "loihi_voltage.h"

/* clang-format off */
#define BINS(BIN) \
    BIN(spike,              "the neuron fires") \
    BIN(spike_at_threshold, "fires with v - r = th") \
    BIN(threshold_missed,   "v - r = th - 1 does not fire") \
    BIN(spike_with_r,       "fires with r > 0") \
    BIN(r_prevents,         "no spike: v reaches th, v - r does not") \
    BIN(th_raised_prevents, "no spike: v - r reaches th0, not the raised th") \
    BIN(negative_r_fires,   "fires only because r is negative") \
    BIN(spike_below_zero,   "fires with a negative threshold") \
    BIN(i_highest,          "i_sum = 2^23 stays") \
    BIN(i_wraps_first,      "i_sum = 2^23 + 1 wraps to -2^23 + 1") \
    BIN(i_lowest,           "i_sum = -2^23 + 1 stays") \
    BIN(i_wraps_low_first,  "i_sum = -2^23 wraps to +2^23") \
    BIN(i_wraps_high,       "i_sum > 2^23") \
    BIN(i_wraps_low,        "i_sum <= -2^23") \
    BIN(v_clipped_high,     "v_sum > 2^23 - 1") \
    BIN(v_clipped_low,      "v_sum < -(2^23 - 1)") \
    BIN(v_low_by_one,       "v_sum = -2^23: fits 24 bits but is clipped") \
    BIN(i_rounds,           "a negative i * ki with a fraction: floor is not toward zero") \
    BIN(v_rounds,           "a negative product of v with a fraction") \
    BIN(th_rounds,          "a negative product of th - th0 with a fraction") \
    BIN(r_rounds,           "a negative product of r with a fraction") \
    BIN(fraction_counts,    "delta_i_frac changes the decayed i") \
    BIN(ki_negative,        "delta_i = 4096: the added 1/4096 turns the factor negative") \
    BIN(ki_highest,         "delta_i = 0: the factor is 4095/4096, never 1") \
    BIN(kv_one,             "delta_v = 0: v integrates without leak") \
    BIN(th_wide,            "th - th0 needs 33 bits") \
    BIN(margin_wide,        "v - r needs 33 bits") \
    BIN(r_wraps,            "r + 2 * th does not fit 32 bits") \
    BIN(th_wraps,           "th + th_step does not fit 32 bits") \
    BIN(bias_left,          "a bias with a positive exponent") \
    BIN(bias_right_floors,  "a negative mantissa shifted to the right, with a fraction")
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
    const gsp_loihi_atrlif_params *p = (const gsp_loihi_atrlif_params *)params;
    (void)in;
    const gsp_loihi_atrlif_state *s = (const gsp_loihi_atrlif_state *)before;
    const gsp_loihi_atrlif_state *a = (const gsp_loihi_atrlif_state *)after;
    const gsp_loihi_atrlif_out *o = (const gsp_loihi_atrlif_out *)out;
    const gsp_loihi_atrlif_internal *x = (const gsp_loihi_atrlif_internal *)internal;
    const int64_t half = INT64_C(1) << 23;
    const int64_t i_product = gsp_mul(s->i, x->ki), v_product = gsp_mul(s->v, 4096 - p->delta_v);
    const int64_t th_product = gsp_mul((int64_t)s->th - p->th0, 4096 - p->delta_theta);
    const int64_t r_product = gsp_mul(s->r, 4096 - p->delta_r);
    const int64_t whole = gsp_shr_zero(gsp_mul(s->i, 4095 - p->delta_i), 12);
    const int64_t right = p->bias_exp < 0 ? -p->bias_exp : 0;
    const int64_t bias_lost = p->bias_mant & gsp_max_u((unsigned)right);
    const bool r_fits = gsp_fits_s(x->r_decayed + 2 * x->th_decayed, 32);
    const bool th_fits = gsp_fits_s(x->th_decayed + p->th_step, 32);
    const bool spike = o->spike != 0;
    /* clang-format off */
    return HIT(spike, spike) |
           HIT(x->margin == 0, spike_at_threshold) |
           HIT(x->margin == -1, threshold_missed) |
           HIT(spike & (x->r_decayed > 0), spike_with_r) |
           HIT(!spike & (a->v >= x->th_decayed), r_prevents) |
           HIT(!spike & (a->v - x->r_decayed >= p->th0) & (x->th_decayed > p->th0), th_raised_prevents) |
           HIT(spike & (a->v < x->th_decayed), negative_r_fires) |
           HIT(spike & (x->th_decayed < 0), spike_below_zero) |
           HIT(x->i_sum == half, i_highest) |
           HIT(x->i_sum == half + 1, i_wraps_first) |
           HIT(x->i_sum == -half + 1, i_lowest) |
           HIT(x->i_sum == -half, i_wraps_low_first) |
           HIT(x->i_sum > half, i_wraps_high) |
           HIT(x->i_sum <= -half, i_wraps_low) |
           HIT(x->v_sum > VOLTAGE_MAX, v_clipped_high) |
           HIT(x->v_sum < -VOLTAGE_MAX, v_clipped_low) |
           HIT(x->v_sum == -VOLTAGE_MAX - 1, v_low_by_one) |
           HIT((i_product < 0) & ((i_product & 268435455) != 0), i_rounds) |
           HIT((v_product < 0) & ((v_product & 4095) != 0), v_rounds) |
           HIT((th_product < 0) & ((th_product & 4095) != 0), th_rounds) |
           HIT((r_product < 0) & ((r_product & 4095) != 0), r_rounds) |
           HIT(gsp_shr_zero(i_product, 28) != whole, fraction_counts) |
           HIT((x->ki < 0) & (s->i != 0), ki_negative) |
           HIT((p->delta_i == 0) & (p->delta_i_frac == 0), ki_highest) |
           HIT(p->delta_v == 0, kv_one) |
           HIT(!gsp_fits_s((int64_t)s->th - p->th0, 32), th_wide) |
           HIT(!gsp_fits_s(a->v - x->r_decayed, 32), margin_wide) |
           HIT(spike & !r_fits, r_wraps) |
           HIT(spike & !th_fits, th_wraps) |
           HIT((p->bias_exp > 0) & (x->bias != 0), bias_left) |
           HIT((p->bias_mant < 0) & (bias_lost != 0), bias_right_floors);
    /* clang-format on */
}

#define IS(field, kind_, type, member) ((field)->kind == (kind_) && (field)->offset == offsetof(type, member))

static bool draw(gsp_rng *rng, const void *params, const gsp_field *field, int64_t *value) {
    const gsp_loihi_atrlif_params *p = (const gsp_loihi_atrlif_params *)params;
    const uint32_t choice = gsp_rng_below(rng, 8);
    /* Mostly thresholds of the size that v can reach. */
    if (IS(field, GSP_PARAM, gsp_loihi_atrlif_params, th0) ||
        IS(field, GSP_PARAM, gsp_loihi_atrlif_params, th_step)) {
        /* Twice a threshold of -2^30 takes r to where v - r needs 33 bits. */
        *value = choice < 3   ? gsp_rng_range(rng, -1000, 40000)
                 : choice < 5 ? gsp_rng_range(rng, -VOLTAGE_MAX, VOLTAGE_MAX)
                              : gsp_rng_range(rng, -2, 2000) - (INT64_C(1) << 30);
        return choice < 5 || (choice == 5 && field->offset == offsetof(gsp_loihi_atrlif_params, th0));
    }
    if (IS(field, GSP_STATE, gsp_loihi_atrlif_state, th)) {
        *value = p->th0;
        return choice < 3;
    }
    if (IS(field, GSP_STATE, gsp_loihi_atrlif_state, r)) {
        *value = choice < 2 ? 0 : gsp_rng_range(rng, -100000, 100000);
        return choice < 4;
    }
    return false;
}

static void aim(gsp_rng *rng, const void *params, const void *state, void *in) {
    const gsp_loihi_atrlif_params *p = (const gsp_loihi_atrlif_params *)params;
    gsp_loihi_atrlif_in *inputs = (gsp_loihi_atrlif_in *)in;
    gsp_loihi_atrlif_state s = *(const gsp_loihi_atrlif_state *)state;
    gsp_loihi_atrlif_out out;
    gsp_loihi_atrlif_internal x;
    inputs->a_in = 0;
    gsp_loihi_atrlif_explain(p, inputs, &s, &out, &x);

    /* a_in moves i and v in steps of 64: the nearest is often exact, as lava's units are multiples of 64. */
    const int64_t near = gsp_rng_range(rng, -1, 1);
    const int64_t half = INT64_C(1) << 23;
    int64_t distance;
    switch (gsp_rng_below(rng, 6)) {
    case 0: distance = half - x.i_sum + 64 * near; break;
    case 1: distance = -half - x.i_sum + 64 * near; break;
    case 2: distance = -VOLTAGE_MAX - 1 - x.v_sum; break;
    default: distance = x.th_decayed + x.r_decayed - x.v_sum + 64 * near; break;
    }
    inputs->a_in = (int32_t)gsp_clamp(gsp_shr_floor(distance + 63, 6), -131072, 131072);
}

const gsp_cases gsp_loihi_atrlif_cases = {
    .bins = bins,
    .n_bins = N_BINS,
    .cover = cover,
    .draw = draw,
    .aim = aim,
};
