/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/lif_shift.h"

#include "goldenspike/fix.h"
#include "stretch.h"
#include "vector.h"

#define CONFIG(name, ...) GSP_FIELD(GSP_CONFIG, gsp_lif_shift_params, name, __VA_ARGS__)
#define PARAM(name, ...) GSP_FIELD(GSP_PARAM, gsp_lif_shift_params, name, __VA_ARGS__)
#define INPUT(name, ...) GSP_FIELD(GSP_INPUT, gsp_lif_shift_in, name, __VA_ARGS__)
#define STATE(name, ...) GSP_FIELD(GSP_STATE, gsp_lif_shift_state, name, __VA_ARGS__)
#define OUTPUT(name, ...) GSP_FIELD(GSP_OUTPUT, gsp_lif_shift_out, name, __VA_ARGS__)
#define INTERNAL(name, ...) GSP_FIELD(GSP_INTERNAL, gsp_lif_shift_internal, name, __VA_ARGS__)
#define SIGNED_W .width_of = "data_width", .is_signed = true

/* Places in the table. */
enum { F_DATA_WIDTH, F_LEAK_SHIFT, F_V_RESET, F_V_THRESHOLD };

static const gsp_field fields[] = {
    CONFIG(data_width, .width = 6, .min = 2, .max = 32, .initial = 16,
           .meaning = "W, bits of v and of every sW field"),
    CONFIG(leak_shift, .width = 5, .min = 1, .max = 31, .initial = 4,
           .meaning = "K: v loses v / 2^K per step; less than data_width"),
    PARAM(v_reset, SIGNED_W, .meaning = "potential after a spike and in silent steps"),
    PARAM(v_threshold, SIGNED_W, .meaning = "spike when v_sum >= v_threshold; default 2^(W-2)"),
    PARAM(refractory_period, .width = 8, .meaning = "silent steps after a spike; 0 ends silence at once"),
    INPUT(i_t, SIGNED_W, .meaning = "input current, added to v"),
    STATE(v, SIGNED_W, .initial_of = "v_reset", .meaning = "membrane potential"),
    STATE(refractory_count, .width = 8, .meaning = "silent steps left"),
    OUTPUT(spike, .width = 1, .meaning = "v_sum reached v_threshold in this step"),
    INTERNAL(leak, .width = 64, .is_signed = true, .meaning = "v >> K, floor"),
    INTERNAL(sum, .width = 64, .is_signed = true, .meaning = "v - leak + i_t"),
    INTERNAL(v_sum, .width = 64, .is_signed = true, .meaning = "sum wrapped to W bits"),
};

static const char *const equations[] = {
    "(1) silent = refractory_period > 0 and refractory_count > 0",
    "(2) leak   = v >> K                                             floor",
    "(3) sum    = v - leak + i_t, v_sum = wrap(sum, W)               the one narrowing",
    "(4) fires  = v_sum >= v_threshold                               signed",
    "(5) v      = silent or fires ? v_reset : v_sum,  spike = fires and not silent",
    "(6) refractory_count = refractory_period = 0 ? 0 : silent ? refractory_count - 1 : fires ? refractory_period : 0",
    NULL,
};

static void resolve(const void *params, gsp_field *f) {
    const gsp_lif_shift_params *p = (const gsp_lif_shift_params *)params;
    f[F_LEAK_SHIFT].max = p->data_width - 1;
    f[F_V_THRESHOLD].initial = gsp_shl(1, p->data_width - 2u);
}

/* One 32-bit lane does for every width: the one addition that can leave it wraps modulo 2^32,
 * and W bits of that are W bits of the sum. Truth values have the lane's width so that gcc
 * vectorises the batch. */
static inline __attribute__((always_inline)) void step(const gsp_lif_shift_params *p,
                                                       const gsp_lif_shift_in *in, gsp_lif_shift_state *state,
                                                       gsp_lif_shift_out *out) {
    const int32_t v = state->v;
    const int32_t count = state->refractory_count;
    const int32_t period = p->refractory_period;

    const int32_t leak = gsp_shr_floor32(v, p->leak_shift);                                       /* (2) */
    const int32_t v_sum = gsp_wrap32(gsp_add_wrap32(gsp_sub32(v, leak), in->i_t), p->data_width); /* (3) */
    const int32_t fires = v_sum >= p->v_threshold ? 1 : 0;                                        /* (4) */

    const int32_t left = period > 0 ? count : 0; /* (1) */
    const int32_t count_fires = fires ? period : 0;
    const int32_t v_active = fires ? p->v_reset : v_sum;
    state->v = left > 0 ? p->v_reset : v_active;                            /* (5) */
    out->spike = (uint8_t)(left > 0 ? 0 : fires);                           /* (5) */
    state->refractory_count = (uint8_t)(left > 0 ? left - 1 : count_fires); /* (6) */
}

int gsp_lif_shift_check(const gsp_lif_shift_params *params) {
    return gsp_check(&gsp_lif_shift_model, params);
}

void gsp_lif_shift_reset(gsp_lif_shift_state *state, const gsp_lif_shift_params *params) {
    state->v = params->v_reset;
    state->refractory_count = 0;
}

void gsp_lif_shift_step(const gsp_lif_shift_params *params, const gsp_lif_shift_in *in,
                        gsp_lif_shift_state *state, gsp_lif_shift_out *out) {
    step(params, in, state, out);
}

void gsp_lif_shift_explain(const gsp_lif_shift_params *params, const gsp_lif_shift_in *in,
                           gsp_lif_shift_state *state, gsp_lif_shift_out *out,
                           gsp_lif_shift_internal *internal) {
    const bool silent = params->refractory_period > 0 && state->refractory_count > 0;
    const int64_t v = state->v;
    const int64_t leak = gsp_shr_floor(v, params->leak_shift);
    const int64_t sum = v - leak + in->i_t;
    internal->leak = silent ? 0 : leak;
    internal->sum = silent ? 0 : sum;
    internal->v_sum = silent ? 0 : gsp_wrap(sum, params->data_width);
    step(params, in, state, out);
}

/* Restrict parameters, as the arrays struct has none: gcc's alias tests would be too many. */
GSP_VECTOR_CLONES static void batch(const gsp_lif_shift_params *params, const int32_t *restrict i_t,
                                    int32_t *restrict v, uint8_t *restrict refractory_count,
                                    uint8_t *restrict spike, size_t n) {
    const gsp_lif_shift_params p = *params;
    for (size_t k = 0; k < n; k++) {
        const gsp_lif_shift_in in = {i_t[k]};
        gsp_lif_shift_state state = {v[k], refractory_count[k]};
        gsp_lif_shift_out out;
        step(&p, &in, &state, &out);
        v[k] = state.v;
        refractory_count[k] = state.refractory_count;
        spike[k] = out.spike;
    }
}

void gsp_lif_shift_batch(const gsp_lif_shift_params *params, const gsp_lif_shift_arrays *a, size_t n) {
    batch(params, a->i_t, a->v, a->refractory_count, a->spike, n);
}

GSP_MODEL_ENTRIES(lif_shift)
GSP_MODEL_STRETCH(lif_shift, fields)
GSP_MODEL_BATCH(lif_shift, GSP_ARRAY(lif_shift, i_t), GSP_ARRAY(lif_shift, v),
                GSP_ARRAY(lif_shift, refractory_count), GSP_ARRAY(lif_shift, spike))

const gsp_model gsp_lif_shift_model = {
    GSP_MODEL_HEAD(lif_shift, fields),
    GSP_BATCH(lif_shift),
    .stretch = lif_shift_stretch,
    .title = "leaky integrate-and-fire whose leak is a shift, in few LUTs",
    .source = "this project's own contract; a right shift as leak is common in FPGA neurons",
    .equations = equations,
    .resolve = resolve,
};
