/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stimulus must reach in loihi_rf_zero, and how to reach it.
 */
#include "goldenspike/loihi_rf_zero.h"
#include "goldenspike/cases.h"
#include "goldenspike/fix.h"

/* clang-format off */
#define BINS(BIN) \
    BIN(sends,                   "u is sent") \
    BIN(sends_next_to_threshold, "u_next = uth + 1 is sent") \
    BIN(threshold_equal,         "u_next = uth is not sent") \
    BIN(sends_at_v_zero,         "u is sent with v_next = 0") \
    BIN(v_stays_negative,        "not sent: v_next = -1") \
    BIN(v_was_zero,              "not sent: v was 0, not negative") \
    BIN(v_was_positive,          "not sent: v was positive") \
    BIN(sends_negative,          "a negative u is sent") \
    BIN(sends_zero,              "u = 0 is sent, which shows as no spike") \
    BIN(sends_highest,           "u = 2^31 - 1 is sent") \
    BIN(u_cos_wraps,             "u * lct does not fit 32 bits") \
    BIN(v_sin_wraps,             "v * lst does not fit 32 bits") \
    BIN(v_cos_wraps,             "v * lct does not fit 32 bits") \
    BIN(u_sin_wraps,             "u * lst does not fit 32 bits") \
    BIN(u_cos_floors,            "a negative u * lct with a fraction: floor is not toward zero") \
    BIN(v_sin_floors,            "a negative v * lst with a fraction") \
    BIN(v_cos_floors,            "a negative v * lct with a fraction") \
    BIN(u_sin_floors,            "a negative u * lst with a fraction") \
    BIN(no_product_wraps,        "a state other than 0 whose four products all fit 32 bits") \
    BIN(u_wraps_down,            "u_sum > 2^31 - 1") \
    BIN(u_wraps_up,              "u_sum < -2^31") \
    BIN(v_wraps_down,            "v_sum > 2^31 - 1") \
    BIN(v_wraps_up,              "v_sum < -2^31") \
    BIN(wrap_sends,              "a v_sum below -2^31 wraps to a crossing") \
    BIN(cos_negative,            "a rotation by more than a quarter of the circle")
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
    const gsp_loihi_rf_zero_params *p = (const gsp_loihi_rf_zero_params *)params;
    (void)in;
    const gsp_loihi_rf_zero_state *s = (const gsp_loihi_rf_zero_state *)before;
    const gsp_loihi_rf_zero_state *a = (const gsp_loihi_rf_zero_state *)after;
    const gsp_loihi_rf_zero_out *o = (const gsp_loihi_rf_zero_out *)out;
    const gsp_loihi_rf_zero_internal *x = (const gsp_loihi_rf_zero_internal *)internal;
    const int64_t u_cos = gsp_mul(s->u, p->lct), v_sin = gsp_mul(s->v, p->lst);
    const int64_t v_cos = gsp_mul(s->v, p->lct), u_sin = gsp_mul(s->u, p->lst);
    const bool u_cos_fits = gsp_fits_s(u_cos, 32), v_sin_fits = gsp_fits_s(v_sin, 32);
    const bool v_cos_fits = gsp_fits_s(v_cos, 32), u_sin_fits = gsp_fits_s(u_sin, 32);
    const bool all_fit = u_cos_fits & v_sin_fits & v_cos_fits & u_sin_fits;
    const bool crosses = (a->v >= 0) & (s->v < 0);
    const bool sends = crosses & (a->u > p->uth);
    /* clang-format off */
    return HIT(sends, sends) |
           HIT(sends & ((int64_t)a->u == (int64_t)p->uth + 1), sends_next_to_threshold) |
           HIT(crosses & (a->u == p->uth), threshold_equal) |
           HIT(sends & (a->v == 0), sends_at_v_zero) |
           HIT((a->u > p->uth) & (s->v < 0) & (a->v == -1), v_stays_negative) |
           HIT((a->u > p->uth) & (s->v == 0) & (a->v >= 0), v_was_zero) |
           HIT((a->u > p->uth) & (s->v > 0) & (a->v >= 0), v_was_positive) |
           HIT(o->spike < 0, sends_negative) |
           HIT(sends & (a->u == 0), sends_zero) |
           HIT(o->spike == INT32_MAX, sends_highest) |
           HIT(!u_cos_fits, u_cos_wraps) |
           HIT(!v_sin_fits, v_sin_wraps) |
           HIT(!v_cos_fits, v_cos_wraps) |
           HIT(!u_sin_fits, u_sin_wraps) |
           HIT(u_cos_fits & (u_cos < 0) & ((u_cos & 32767) != 0), u_cos_floors) |
           HIT(v_sin_fits & (v_sin < 0) & ((v_sin & 32767) != 0), v_sin_floors) |
           HIT(v_cos_fits & (v_cos < 0) & ((v_cos & 32767) != 0), v_cos_floors) |
           HIT(u_sin_fits & (u_sin < 0) & ((u_sin & 32767) != 0), u_sin_floors) |
           HIT(((s->u != 0) | (s->v != 0)) & all_fit, no_product_wraps) |
           HIT(x->u_sum > INT32_MAX, u_wraps_down) |
           HIT(x->u_sum < INT32_MIN, u_wraps_up) |
           HIT(x->v_sum > INT32_MAX, v_wraps_down) |
           HIT(x->v_sum < INT32_MIN, v_wraps_up) |
           HIT(sends & (x->v_sum < INT32_MIN), wrap_sends) |
           HIT(p->lct < 0, cos_negative);
    /* clang-format on */
}

#define IS(field, kind_, type, member) ((field)->kind == (kind_) && (field)->offset == offsetof(type, member))

static bool draw(gsp_rng *rng, const void *params, const gsp_field *field, int64_t *value) {
    const uint32_t choice = gsp_rng_below(rng, 8);
    (void)params;
    /* Mostly decays of magnitude 1 or less, and states whose products fit 32 bits. */
    if (IS(field, GSP_PARAM, gsp_loihi_rf_zero_params, lct) ||
        IS(field, GSP_PARAM, gsp_loihi_rf_zero_params, lst)) {
        *value = gsp_rng_range(rng, -32768, 32768);
        return choice < 5;
    }
    if (IS(field, GSP_STATE, gsp_loihi_rf_zero_state, u) ||
        IS(field, GSP_STATE, gsp_loihi_rf_zero_state, v)) {
        *value = gsp_rng_range(rng, -65536, 65535);
        return choice < 3;
    }
    if (field->kind == GSP_INPUT) {
        *value = gsp_rng_range(rng, -1000, 1000);
        return choice < 3;
    }
    return false;
}

static void aim(gsp_rng *rng, const void *params, const void *state, void *in) {
    const gsp_loihi_rf_zero_params *p = (const gsp_loihi_rf_zero_params *)params;
    gsp_loihi_rf_zero_in *i = (gsp_loihi_rf_zero_in *)in;
    gsp_loihi_rf_zero_state s = *(const gsp_loihi_rf_zero_state *)state;
    gsp_loihi_rf_zero_out out;
    gsp_loihi_rf_zero_internal x;
    gsp_loihi_rf_zero_explain(p, i, &s, &out, &x);

    /* Modulo 2^32 every target can be reached. */
    const int64_t near = gsp_rng_range(rng, -1, 1);
    const int64_t u_turned = x.u_cos - x.v_sin;
    const int64_t v_turned = x.v_cos + x.u_sin;
    const uint32_t choice = gsp_rng_below(rng, 8);
    const int64_t u_target = choice < 5    ? p->uth + near
                             : choice == 5 ? 0
                             : choice == 6 ? INT32_MAX
                                           : INT32_MIN;
    i->u_in = (int32_t)gsp_wrap(u_target - u_turned, 32);
    if (gsp_rng_one_in(rng, 4))
        i->v_in = (int32_t)gsp_wrap(-1 - (int64_t)gsp_rng_below(rng, 100) - v_turned, 32);
    else if (gsp_rng_one_in(rng, 2))
        i->v_in = (int32_t)gsp_wrap(gsp_rng_range(rng, -1, 1) - v_turned, 32);
}

const gsp_cases gsp_loihi_rf_zero_cases = {
    .bins = bins,
    .n_bins = N_BINS,
    .cover = cover,
    .draw = draw,
    .aim = aim,
};
