/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stimulus must reach in loihi_norm_vec, and how to reach it.
 */
#include "goldenspike/loihi_norm_vec.h"
#include "goldenspike/cases.h"
#include "goldenspike/fix.h"
#include "loihi_aim.h"

/* clang-format off */
#define BINS(BIN) \
    BIN(sent,             "a product is sent") \
    BIN(sent_negative,    "a negative product is sent") \
    BIN(just_above,       "|product| = vth + 1 is sent") \
    BIN(at_threshold,     "|product| = vth is not sent") \
    BIN(product_wraps,    "v * a_in2 does not fit 32 bits") \
    BIN(square_wraps,     "a_in1 squared does not fit 32 bits") \
    BIN(square_negative,  "a_in1 squared wraps to a negative value") \
    BIN(lowest,           "product = -2^31 is not sent") \
    BIN(old_value_counts, "a_in1 differs from v, and the product is sent")
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
    const gsp_loihi_norm_vec_params *p = (const gsp_loihi_norm_vec_params *)params;
    const gsp_loihi_norm_vec_in *i = (const gsp_loihi_norm_vec_in *)in;
    const gsp_loihi_norm_vec_state *s = (const gsp_loihi_norm_vec_state *)before;
    (void)after;
    const gsp_loihi_norm_vec_out *o = (const gsp_loihi_norm_vec_out *)out;
    const gsp_loihi_norm_vec_internal *x = (const gsp_loihi_norm_vec_internal *)internal;
    const int64_t vth = p->vth;
    const int64_t exact = gsp_mul(s->v, i->a_in2);
    const int64_t square = gsp_mul(i->a_in1, i->a_in1);
    const bool sent = o->spike != 0;
    /* clang-format off */
    return HIT(sent, sent) |
           HIT(o->spike < 0, sent_negative) |
           HIT(sent & ((x->product == vth + 1) | (x->product == -vth - 1)), just_above) |
           HIT(!sent & (x->product != 0) & ((x->product == vth) | (x->product == -vth)), at_threshold) |
           HIT(exact != x->product, product_wraps) |
           HIT(square != o->s2_out, square_wraps) |
           HIT(o->s2_out < 0, square_negative) |
           HIT(!sent & (x->product == INT32_MIN) & (vth >= 0), lowest) |
           HIT(sent & (i->a_in1 != s->v), old_value_counts);
    /* clang-format on */
}

#define IS(field, kind_, type, member) ((field)->kind == (kind_) && (field)->offset == offsetof(type, member))

static bool draw(gsp_rng *rng, const void *params, const gsp_field *field, int64_t *value) {
    (void)params;
    if (IS(field, GSP_PARAM, gsp_loihi_norm_vec_params, vth)) {
        *value = usual_threshold(rng);
        return gsp_rng_one_in(rng, 2);
    }
    if (IS(field, GSP_INPUT, gsp_loihi_norm_vec_in, a_in1) ||
        IS(field, GSP_STATE, gsp_loihi_norm_vec_state, v)) {
        *value = gsp_rng_range(rng, -2, 2);
        return gsp_rng_one_in(rng, 3);
    }
    return false;
}

/* Exact where v is +-1 or divides the target. */
static void aim(gsp_rng *rng, const void *params, const void *state, void *in) {
    const gsp_loihi_norm_vec_params *p = (const gsp_loihi_norm_vec_params *)params;
    const gsp_loihi_norm_vec_state *s = (const gsp_loihi_norm_vec_state *)state;
    gsp_loihi_norm_vec_in *i = (gsp_loihi_norm_vec_in *)in;
    if (s->v != 0)
        i->a_in2 = (int32_t)gsp_wrap(around_threshold(rng, p->vth) / s->v, 32);
}

const gsp_cases gsp_loihi_norm_vec_cases = {
    .bins = bins,
    .n_bins = N_BINS,
    .cover = cover,
    .draw = draw,
    .aim = aim,
};
