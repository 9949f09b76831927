/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stimulus must reach in loihi_prod, and how to reach it.
 */
#include "goldenspike/loihi_prod.h"
#include "goldenspike/cases.h"
#include "goldenspike/fix.h"
#include "loihi_aim.h"

/* clang-format off */
#define BINS(BIN) \
    BIN(sent,               "a product is sent") \
    BIN(sent_negative,      "a negative product is sent") \
    BIN(just_above,         "|v| = vth + 1 is sent") \
    BIN(at_threshold,       "|v| = vth is not sent") \
    BIN(product_wraps,      "a_in1 * a_in2 does not fit 32 bits") \
    BIN(floors,             "a negative product loses bits: floor is not toward zero") \
    BIN(lowest,             "v = -2^31 is not sent") \
    BIN(exp_31,             "only the sign is left") \
    BIN(negative_threshold, "a negative vth lets everything pass")
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
    const gsp_loihi_prod_params *p = (const gsp_loihi_prod_params *)params;
    const gsp_loihi_prod_in *i = (const gsp_loihi_prod_in *)in;
    (void)before;
    (void)after;
    const gsp_loihi_prod_out *o = (const gsp_loihi_prod_out *)out;
    const gsp_loihi_prod_internal *x = (const gsp_loihi_prod_internal *)internal;
    const int64_t vth = p->vth;
    const int64_t exact = gsp_mul(i->a_in1, i->a_in2);
    const bool sent = o->spike != 0;
    /* clang-format off */
    return HIT(sent, sent) |
           HIT(o->spike < 0, sent_negative) |
           HIT(sent & ((x->v == vth + 1) | (x->v == -vth - 1)), just_above) |
           HIT(!sent & (x->v != 0) & ((x->v == vth) | (x->v == -vth)), at_threshold) |
           HIT(exact != x->product, product_wraps) |
           HIT((x->product < 0) & ((x->product & gsp_max_u(p->exp)) != 0), floors) |
           HIT(!sent & (x->v == INT32_MIN) & (vth >= 0), lowest) |
           HIT(p->exp == 31, exp_31) |
           HIT((vth < 0) & sent, negative_threshold);
    /* clang-format on */
}

#define IS(field, kind_, type, member) ((field)->kind == (kind_) && (field)->offset == offsetof(type, member))

static bool draw(gsp_rng *rng, const void *params, const gsp_field *field, int64_t *value) {
    (void)params;
    if (IS(field, GSP_PARAM, gsp_loihi_prod_params, vth)) {
        *value = usual_threshold(rng);
        return gsp_rng_one_in(rng, 2);
    }
    if (field->kind == GSP_INPUT) {
        *value = gsp_rng_range(rng, -5000, 5000);
        return gsp_rng_one_in(rng, 2);
    }
    return false;
}

/* A factor of 1, or of a power of two that undoes the shift, makes v what the other input says. */
static void aim(gsp_rng *rng, const void *params, const void *state, void *in) {
    const gsp_loihi_prod_params *p = (const gsp_loihi_prod_params *)params;
    gsp_loihi_prod_in *i = (gsp_loihi_prod_in *)in;
    (void)state;
    if (gsp_rng_one_in(rng, 2))
        return;
    i->a_in1 = (int32_t)around_threshold(rng, p->vth);
    i->a_in2 = (int32_t)gsp_wrap(gsp_shl(1, p->exp), 32);
    if (p->exp == 0 && gsp_rng_one_in(rng, 2))
        i->a_in2 = -1;
}

const gsp_cases gsp_loihi_prod_cases = {
    .bins = bins,
    .n_bins = N_BINS,
    .cover = cover,
    .draw = draw,
    .aim = aim,
};
