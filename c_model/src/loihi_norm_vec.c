/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/loihi_norm_vec.h"

#include "goldenspike/fix.h"
#include "loihi_graded.h"
#include "stretch.h"
#include "vector.h"

#define PARAM(name, ...) GSP_FIELD(GSP_PARAM, gsp_loihi_norm_vec_params, name, __VA_ARGS__)
#define INPUT(name, ...) GSP_FIELD(GSP_INPUT, gsp_loihi_norm_vec_in, name, __VA_ARGS__)
#define STATE(name, ...) GSP_FIELD(GSP_STATE, gsp_loihi_norm_vec_state, name, __VA_ARGS__)
#define OUTPUT(name, ...) GSP_FIELD(GSP_OUTPUT, gsp_loihi_norm_vec_out, name, __VA_ARGS__)
#define INTERNAL(name, ...) \
    GSP_FIELD(GSP_INTERNAL, gsp_loihi_norm_vec_internal, name, .width = 64, .is_signed = true, __VA_ARGS__)

static const gsp_field fields[] = {
    PARAM(vth, .width = 32, .is_signed = true, .initial = 1,
          .meaning = "threshold that the magnitude of the product must exceed"),
    INPUT(a_in1, .width = 32, .is_signed = true, .meaning = "value to be normalised"),
    INPUT(a_in2, .width = 32, .is_signed = true, .meaning = "factor, usually the inverse square root"),
    STATE(v, .width = 32, .is_signed = true, .meaning = "a_in1 of the last step"),
    OUTPUT(spike, .width = 32, .is_signed = true,
           .meaning = "graded: v of before the step times a_in2 where it is sent, else 0"),
    OUTPUT(s2_out, .width = 32, .is_signed = true, .meaning = "a_in1 squared, wrapped to 32 bits"),
    INTERNAL(product, .meaning = "int32(v * a_in2), v of the step before"),
};

static const char *const equations[] = {
    "(1) s2_out = int32(a_in1 * a_in1)           wrapped to 32 bits",
    "(2) product = int32(v * a_in2)              v of the step before",
    "(3) spike = |product| > vth ? product : 0   strictly; |-2^31| = -2^31",
    "(4) v = a_in1",
    NULL,
};

static inline __attribute__((always_inline)) gsp_loihi_norm_vec_internal
step(const gsp_loihi_norm_vec_params *p, const gsp_loihi_norm_vec_in *in, gsp_loihi_norm_vec_state *state,
     gsp_loihi_norm_vec_out *out) {
    gsp_loihi_norm_vec_internal x;
    out->s2_out = (int32_t)gsp_wrap(gsp_mul(in->a_in1, in->a_in1), 32); /* (1) */
    x.product = gsp_wrap(gsp_mul(state->v, in->a_in2), 32);             /* (2) */
    out->spike = (int32_t)where_exceeded(x.product, p->vth);            /* (3) */
    state->v = in->a_in1;                                               /* (4) */
    return x;
}

int gsp_loihi_norm_vec_check(const gsp_loihi_norm_vec_params *params) {
    return gsp_check(&gsp_loihi_norm_vec_model, params);
}

void gsp_loihi_norm_vec_reset(gsp_loihi_norm_vec_state *state, const gsp_loihi_norm_vec_params *params) {
    (void)params;
    state->v = 0;
}

void gsp_loihi_norm_vec_step(const gsp_loihi_norm_vec_params *params, const gsp_loihi_norm_vec_in *in,
                             gsp_loihi_norm_vec_state *state, gsp_loihi_norm_vec_out *out) {
    (void)step(params, in, state, out);
}

void gsp_loihi_norm_vec_explain(const gsp_loihi_norm_vec_params *params, const gsp_loihi_norm_vec_in *in,
                                gsp_loihi_norm_vec_state *state, gsp_loihi_norm_vec_out *out,
                                gsp_loihi_norm_vec_internal *internal) {
    *internal = step(params, in, state, out);
}

/* Only restrict PARAMETERS let the compiler drop its run-time alias tests. */
GSP_VECTOR_CLONES static void batch(const gsp_loihi_norm_vec_params *params, const int32_t *restrict a_in1,
                                    const int32_t *restrict a_in2, int32_t *restrict v,
                                    int32_t *restrict spike, int32_t *restrict s2_out, size_t n) {
    const gsp_loihi_norm_vec_params p = *params;
    for (size_t k = 0; k < n; k++) {
        const gsp_loihi_norm_vec_in in = {.a_in1 = a_in1[k], .a_in2 = a_in2[k]};
        gsp_loihi_norm_vec_state state = {.v = v[k]};
        gsp_loihi_norm_vec_out out;
        (void)step(&p, &in, &state, &out);
        v[k] = state.v;
        spike[k] = out.spike;
        s2_out[k] = out.s2_out;
    }
}

void gsp_loihi_norm_vec_batch(const gsp_loihi_norm_vec_params *params, const gsp_loihi_norm_vec_arrays *a,
                              size_t n) {
    batch(params, a->a_in1, a->a_in2, a->v, a->spike, a->s2_out, n);
}

GSP_MODEL_ENTRIES(loihi_norm_vec)
GSP_MODEL_STRETCH(loihi_norm_vec, fields)
GSP_MODEL_BATCH(loihi_norm_vec, GSP_ARRAY(loihi_norm_vec, a_in1), GSP_ARRAY(loihi_norm_vec, a_in2),
                GSP_ARRAY(loihi_norm_vec, v), GSP_ARRAY(loihi_norm_vec, spike),
                GSP_ARRAY(loihi_norm_vec, s2_out))

const gsp_model gsp_loihi_norm_vec_model = {
    GSP_MODEL_HEAD(loihi_norm_vec, fields),
    GSP_BATCH(loihi_norm_vec),
    .stretch = loihi_norm_vec_stretch,
    .title = "Loihi 2 normalisation vector with delay",
    .source = "lava-nc/lava NormVecDelayModel (src/lava/proc/graded)",
    .equations = equations,
};
