/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stimulus must reach in loihi_graded, and how to reach it.
 */
#include "goldenspike/loihi_graded.h"
#include "goldenspike/cases.h"
#include "loihi_aim.h"

/* clang-format off */
#define BINS(BIN) \
    BIN(sent_positive,           "a positive input is sent") \
    BIN(sent_negative,           "a negative input is sent by its magnitude") \
    BIN(just_above,              "|a_in| = vth + 1 is sent") \
    BIN(at_threshold,            "|a_in| = vth is not sent") \
    BIN(relu_just_above,         "relu: a_in = vth + 1 is sent") \
    BIN(relu_at_threshold,       "relu: a_in = vth is not sent") \
    BIN(relu_stops_negative,     "relu: a negative input beyond the threshold is not sent") \
    BIN(relu_negative_threshold, "relu: a negative input above a negative threshold is sent") \
    BIN(lowest,                  "a_in = -2^31: its magnitude wraps, it is not sent")
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
    const gsp_loihi_graded_params *p = (const gsp_loihi_graded_params *)params;
    const gsp_loihi_graded_in *i = (const gsp_loihi_graded_in *)in;
    (void)before;
    (void)after;
    const gsp_loihi_graded_out *o = (const gsp_loihi_graded_out *)out;
    const gsp_loihi_graded_internal *x = (const gsp_loihi_graded_internal *)internal;
    const int64_t vth = p->vth;
    const bool relu = p->relu != 0;
    const bool sent = o->spike != 0;
    /* clang-format off */
    return HIT(o->spike > 0, sent_positive) |
           HIT(!relu & (o->spike < 0), sent_negative) |
           HIT(!relu & sent & (x->compared == vth + 1), just_above) |
           HIT(!relu & (i->a_in != 0) & (x->compared == vth), at_threshold) |
           HIT(relu & sent & (x->compared == vth + 1), relu_just_above) |
           HIT(relu & (i->a_in != 0) & (x->compared == vth), relu_at_threshold) |
           HIT(relu & (vth >= 0) & (i->a_in < -vth), relu_stops_negative) |
           HIT(relu & (o->spike < 0), relu_negative_threshold) |
           HIT(!relu & (vth >= 0) & (i->a_in == INT32_MIN), lowest);
    /* clang-format on */
}

#define IS(field, kind_, type, member) ((field)->kind == (kind_) && (field)->offset == offsetof(type, member))

static bool draw(gsp_rng *rng, const void *params, const gsp_field *field, int64_t *value) {
    (void)params;
    if (IS(field, GSP_PARAM, gsp_loihi_graded_params, vth)) {
        *value = usual_threshold(rng);
        return gsp_rng_one_in(rng, 2);
    }
    return false;
}

static void aim(gsp_rng *rng, const void *params, const void *state, void *in) {
    const gsp_loihi_graded_params *p = (const gsp_loihi_graded_params *)params;
    gsp_loihi_graded_in *i = (gsp_loihi_graded_in *)in;
    (void)state;
    i->a_in = (int32_t)around_threshold(rng, p->vth);
}

const gsp_cases gsp_loihi_graded_cases = {
    .bins = bins,
    .n_bins = N_BINS,
    .cover = cover,
    .draw = draw,
    .aim = aim,
};
