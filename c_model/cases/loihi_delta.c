/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stimulus must reach in loihi_delta, and how to reach it.
 */
#include "goldenspike/loihi_delta.h"
#include "goldenspike/cases.h"
#include "goldenspike/fix.h"
#include "loihi_aim.h"

/* clang-format off */
#define BINS(BIN) \
    BIN(sends,                 "a delta other than 0 is sent") \
    BIN(sends_negative,        "a negative delta is sent") \
    BIN(at_threshold,          "|delta| = vth is sent") \
    BIN(below_threshold,       "|delta| = vth - 1 is not sent") \
    BIN(delta_lowest,          "delta = -2^31: its magnitude wraps, nothing is sent") \
    BIN(delta_zero_sent,       "delta = 0 reaches a threshold of 0 or less") \
    BIN(out_floors,            "a negative delta loses bits below state_exp: floor") \
    BIN(out_vanishes,          "a positive delta is sent, but is shifted to 0") \
    BIN(residue_kept,          "what is not sent stays in residue") \
    BIN(residue_sends,         "sent only because of the residue") \
    BIN(residue_cleared,       "a send clears the residue") \
    BIN(error_grows,           "cum_error: not sent, error accumulates") \
    BIN(error_at_threshold,    "cum_error: |error| = vth sends") \
    BIN(error_below_threshold, "cum_error: |error| = vth - 1 does not send") \
    BIN(error_sends_small,     "cum_error: a delta below vth is sent because error reached it") \
    BIN(error_kept_by_zero,    "cum_error: error reaches vth with delta = 0: nothing is sent, error stays") \
    BIN(error_wraps,           "cum_error: error + delta does not fit 32 bits") \
    BIN(input_shifted,         "a scaled input other than 0") \
    BIN(input_wraps,           "the scaled input does not fit 32 bits") \
    BIN(delta_wraps,           "act_new - act + residue does not fit 32 bits") \
    BIN(input_shift_30,        "the largest shift")
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
    const gsp_loihi_delta_params *p = (const gsp_loihi_delta_params *)params;
    const gsp_loihi_delta_in *i = (const gsp_loihi_delta_in *)in;
    const gsp_loihi_delta_state *s = (const gsp_loihi_delta_state *)before;
    const gsp_loihi_delta_state *a = (const gsp_loihi_delta_state *)after;
    const gsp_loihi_delta_out *o = (const gsp_loihi_delta_out *)out;
    const gsp_loihi_delta_internal *x = (const gsp_loihi_delta_internal *)internal;
    const int64_t vth = p->vth;
    const bool cum = p->cum_error != 0;
    const bool plain = !cum;
    const int64_t abs_error = gsp_wrap(x->error_sum < 0 ? -x->error_sum : x->error_sum, 32);
    const unsigned shift = (unsigned)p->spike_exp + p->state_exp;
    const int64_t exact = x->act_new - s->act + s->residue;
    /* clang-format off */
    return HIT(o->spike != 0, sends) |
           HIT(o->spike < 0, sends_negative) |
           HIT(plain & (x->sent != 0) & ((x->delta == vth) | (x->delta == -vth)), at_threshold) |
           HIT(plain & (x->delta != 0) & ((x->delta == vth - 1) | (x->delta == 1 - vth)), below_threshold) |
           HIT(plain & (vth > 0) & (x->delta == INT32_MIN), delta_lowest) |
           HIT(plain & (vth <= 0) & (x->delta == 0), delta_zero_sent) |
           HIT((x->sent < 0) & ((x->sent & gsp_max_u(p->state_exp)) != 0), out_floors) |
           HIT((x->sent > 0) & (o->spike == 0), out_vanishes) |
           HIT((a->residue != 0), residue_kept) |
           HIT(plain & (x->sent != 0) & (s->residue != 0) & (x->delta - s->residue > -vth) & (x->delta - s->residue < vth), residue_sends) |
           HIT((x->sent != 0) & (s->residue != 0), residue_cleared) |
           HIT(cum & (x->sent == 0) & (x->delta != 0), error_grows) |
           HIT(cum & (x->sent != 0) & ((x->error_sum == vth) | (x->error_sum == -vth)), error_at_threshold) |
           HIT(cum & (x->sent == 0) & (x->delta != 0) & ((x->error_sum == vth - 1) | (x->error_sum == 1 - vth)), error_below_threshold) |
           HIT(cum & (x->sent > -vth) & (x->sent < vth) & (x->sent != 0), error_sends_small) |
           HIT(cum & (x->delta == 0) & (abs_error >= vth) & (a->error != 0), error_kept_by_zero) |
           HIT(cum & (x->error_sum != s->error + x->delta), error_wraps) |
           HIT((shift > 0) & (i->a_in != 0) & (x->act_new != 0), input_shifted) |
           HIT(gsp_shr_floor(x->act_new, shift) != i->a_in, input_wraps) |
           HIT(exact != x->delta, delta_wraps) |
           HIT(shift == 30, input_shift_30);
    /* clang-format on */
}

#define IS(field, kind_, type, member) ((field)->kind == (kind_) && (field)->offset == offsetof(type, member))

static bool draw(gsp_rng *rng, const void *params, const gsp_field *field, int64_t *value) {
    (void)params;
    if (IS(field, GSP_PARAM, gsp_loihi_delta_params, vth)) {
        *value = usual_threshold(rng);
        return !gsp_rng_one_in(rng, 4);
    }
    /* Small shifts mostly: after large ones only multiples of large powers of two remain. */
    if (IS(field, GSP_PARAM, gsp_loihi_delta_params, spike_exp) ||
        IS(field, GSP_PARAM, gsp_loihi_delta_params, state_exp)) {
        *value = gsp_rng_below(rng, 3);
        return gsp_rng_one_in(rng, 2);
    }
    if (IS(field, GSP_STATE, gsp_loihi_delta_state, residue) ||
        IS(field, GSP_STATE, gsp_loihi_delta_state, error)) {
        *value = gsp_rng_range(rng, -1000, 1000);
        return gsp_rng_one_in(rng, 2);
    }
    return false;
}

static void aim(gsp_rng *rng, const void *params, const void *state, void *in) {
    const gsp_loihi_delta_params *p = (const gsp_loihi_delta_params *)params;
    gsp_loihi_delta_in *i = (gsp_loihi_delta_in *)in;
    gsp_loihi_delta_state s = *(const gsp_loihi_delta_state *)state;
    gsp_loihi_delta_out out;
    gsp_loihi_delta_internal x;
    gsp_loihi_delta_explain(p, i, &s, &out, &x);

    /* Exact without shifts, modulo 2^32; else the nearest. */
    const int64_t test = p->cum_error ? x.error_sum : x.delta;
    const int64_t target = gsp_rng_one_in(rng, 8) ? test - x.delta : around_threshold(rng, p->vth);
    const int64_t act_new = gsp_wrap(x.act_new + target - test, 32);
    i->a_in = (int32_t)gsp_shr_floor(act_new, (unsigned)p->spike_exp + p->state_exp);
}

const gsp_cases gsp_loihi_delta_cases = {
    .bins = bins,
    .n_bins = N_BINS,
    .cover = cover,
    .draw = draw,
    .aim = aim,
};
