/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/loihi_rf_zero.h"

#include "goldenspike/fix.h"
#include "stretch.h"
#include "vector.h"

#define PARAM(name, ...) GSP_FIELD(GSP_PARAM, gsp_loihi_rf_zero_params, name, __VA_ARGS__)
#define INPUT(name, ...) GSP_FIELD(GSP_INPUT, gsp_loihi_rf_zero_in, name, __VA_ARGS__)
#define STATE(name, ...) GSP_FIELD(GSP_STATE, gsp_loihi_rf_zero_state, name, __VA_ARGS__)
#define OUTPUT(name, ...) GSP_FIELD(GSP_OUTPUT, gsp_loihi_rf_zero_out, name, __VA_ARGS__)
#define INTERNAL(name, ...) \
    GSP_FIELD(GSP_INTERNAL, gsp_loihi_rf_zero_internal, name, .width = 64, .is_signed = true, __VA_ARGS__)

/* int32(state * decay) >> 15: the product wraps before the floor shift, as in an int32 array. */
static inline int64_t turn(int64_t state, int64_t decay) {
    return gsp_shr_floor(gsp_wrap(gsp_mul(state, decay), 32), 15);
}

static const gsp_field fields[] = {
    PARAM(lct, .width = 18, .is_signed = true, .initial = 32186,
          .meaning = "exp(-dt / tau) * cos(2 pi f dt), times 2^15"),
    PARAM(lst, .width = 18, .is_signed = true, .initial = 4066,
          .meaning = "exp(-dt / tau) * sin(2 pi f dt), times 2^15"),
    PARAM(uth, .width = 32, .is_signed = true, .initial = 1, .meaning = "threshold that u must exceed"),
    INPUT(u_in, .width = 32, .is_signed = true, .meaning = "input to u"),
    INPUT(v_in, .width = 32, .is_signed = true, .meaning = "input to v"),
    STATE(u, .width = 32, .is_signed = true, .meaning = "in-phase part"),
    STATE(v, .width = 32, .is_signed = true, .meaning = "quadrature part"),
    OUTPUT(spike, .width = 32, .is_signed = true, .meaning = "graded: the new u where it is sent, else 0"),
    INTERNAL(u_cos, .meaning = "int32(u * lct) >> 15, floor"),
    INTERNAL(v_sin, .meaning = "int32(v * lst) >> 15, floor"),
    INTERNAL(v_cos, .meaning = "int32(v * lct) >> 15, floor"),
    INTERNAL(u_sin, .meaning = "int32(u * lst) >> 15, floor"),
    INTERNAL(u_sum, .meaning = "u_cos - v_sin + u_in, before it is wrapped"),
    INTERNAL(v_sum, .meaning = "v_cos + u_sin + v_in, before it is wrapped"),
};

static const char *const equations[] = {
    "(1) u_sum = asr(int32(u * lct), 15) - asr(int32(v * lst), 15) + u_in     int32: wrapped to 32 bits, before the floor shift",
    "(2) v_sum = asr(int32(v * lct), 15) + asr(int32(u * lst), 15) + v_in     old u and v on the right",
    "(3) u_next = int32(u_sum), v_next = int32(v_sum)                         wrapped",
    "(4) spike = u_next > uth and v_next >= 0 and v < 0 ? u_next : 0          graded",
    "(5) u = u_next, v = v_next                                               no reset, no clip",
    NULL,
};

static inline __attribute__((always_inline)) gsp_loihi_rf_zero_internal
step(const gsp_loihi_rf_zero_params *p, const gsp_loihi_rf_zero_in *in, gsp_loihi_rf_zero_state *state,
     gsp_loihi_rf_zero_out *out) {
    const int64_t u = state->u;
    const int64_t v = state->v;
    gsp_loihi_rf_zero_internal x;
    x.u_cos = turn(u, p->lct);
    x.v_sin = turn(v, p->lst);
    x.v_cos = turn(v, p->lct);
    x.u_sin = turn(u, p->lst);
    x.u_sum = gsp_add(gsp_sub(x.u_cos, x.v_sin), in->u_in); /* (1) */
    x.v_sum = gsp_add(gsp_add(x.v_cos, x.u_sin), in->v_in); /* (2) */

    /* (3) */
    const int64_t u_next = gsp_wrap(x.u_sum, 32);
    const int64_t v_next = gsp_wrap(x.v_sum, 32);

    /* (4) */
    const bool sends = u_next > p->uth && v_next >= 0 && v < 0;
    out->spike = (int32_t)(sends ? u_next : 0);

    /* (5) */
    state->u = (int32_t)u_next;
    state->v = (int32_t)v_next;
    return x;
}

int gsp_loihi_rf_zero_check(const gsp_loihi_rf_zero_params *params) {
    return gsp_check(&gsp_loihi_rf_zero_model, params);
}

void gsp_loihi_rf_zero_reset(gsp_loihi_rf_zero_state *state, const gsp_loihi_rf_zero_params *params) {
    (void)params;
    state->u = 0;
    state->v = 0;
}

void gsp_loihi_rf_zero_step(const gsp_loihi_rf_zero_params *params, const gsp_loihi_rf_zero_in *in,
                            gsp_loihi_rf_zero_state *state, gsp_loihi_rf_zero_out *out) {
    (void)step(params, in, state, out);
}

void gsp_loihi_rf_zero_explain(const gsp_loihi_rf_zero_params *params, const gsp_loihi_rf_zero_in *in,
                               gsp_loihi_rf_zero_state *state, gsp_loihi_rf_zero_out *out,
                               gsp_loihi_rf_zero_internal *internal) {
    *internal = step(params, in, state, out);
}

/* Only restrict PARAMETERS let the compiler drop its run-time alias tests. */
GSP_VECTOR_CLONES static void batch(const gsp_loihi_rf_zero_params *params, const int32_t *restrict u_in,
                                    const int32_t *restrict v_in, int32_t *restrict u, int32_t *restrict v,
                                    int32_t *restrict spike, size_t n) {
    const gsp_loihi_rf_zero_params p = *params;
    for (size_t k = 0; k < n; k++) {
        const gsp_loihi_rf_zero_in in = {.u_in = u_in[k], .v_in = v_in[k]};
        gsp_loihi_rf_zero_state state = {.u = u[k], .v = v[k]};
        gsp_loihi_rf_zero_out out;
        (void)step(&p, &in, &state, &out);
        u[k] = state.u;
        v[k] = state.v;
        spike[k] = out.spike;
    }
}

void gsp_loihi_rf_zero_batch(const gsp_loihi_rf_zero_params *params, const gsp_loihi_rf_zero_arrays *a,
                             size_t n) {
    batch(params, a->u_in, a->v_in, a->u, a->v, a->spike, n);
}

GSP_MODEL_ENTRIES(loihi_rf_zero)
GSP_MODEL_STRETCH(loihi_rf_zero, fields)
GSP_MODEL_BATCH(loihi_rf_zero, GSP_ARRAY(loihi_rf_zero, u_in), GSP_ARRAY(loihi_rf_zero, v_in),
                GSP_ARRAY(loihi_rf_zero, u), GSP_ARRAY(loihi_rf_zero, v), GSP_ARRAY(loihi_rf_zero, spike))

const gsp_model gsp_loihi_rf_zero_model = {
    GSP_MODEL_HEAD(loihi_rf_zero, fields),
    GSP_BATCH(loihi_rf_zero),
    .stretch = loihi_rf_zero_stretch,
    .title = "Loihi 2 resonate-and-fire with graded spikes at zero phase",
    .source = "lava-nc/lava PyRFZeroModelFixed (src/lava/proc/resfire)",
    .equations = equations,
};
