/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/loihi_graded.h"

#include "goldenspike/fix.h"
#include "loihi_graded.h"
#include "stretch.h"
#include "vector.h"

#define PARAM(name, ...) GSP_FIELD(GSP_PARAM, gsp_loihi_graded_params, name, __VA_ARGS__)
#define INPUT(name, ...) GSP_FIELD(GSP_INPUT, gsp_loihi_graded_in, name, __VA_ARGS__)
#define OUTPUT(name, ...) GSP_FIELD(GSP_OUTPUT, gsp_loihi_graded_out, name, __VA_ARGS__)
#define INTERNAL(name, ...) \
    GSP_FIELD(GSP_INTERNAL, gsp_loihi_graded_internal, name, .width = 64, .is_signed = true, __VA_ARGS__)

static const gsp_field fields[] = {
    PARAM(vth, .width = 32, .is_signed = true, .initial = 1, .meaning = "threshold to be exceeded"),
    PARAM(relu, .width = 1, .labels = "magnitude|relu",
          .meaning = "compared with vth: |a_in|, or a_in itself"),
    INPUT(a_in, .width = 32, .is_signed = true, .meaning = "graded input"),
    OUTPUT(spike, .width = 32, .is_signed = true, .meaning = "graded: a_in where it is sent, else 0"),
    INTERNAL(compared, .meaning = "what is compared with vth"),
};

static const char *const equations[] = {
    "(1) compared = relu ? a_in : |a_in|         |-2^31| = -2^31",
    "(2) spike = compared > vth ? a_in : 0       strictly",
    NULL,
};

static inline __attribute__((always_inline)) gsp_loihi_graded_internal step(const gsp_loihi_graded_params *p,
                                                                            const gsp_loihi_graded_in *in,
                                                                            gsp_loihi_graded_state *state,
                                                                            gsp_loihi_graded_out *out) {
    gsp_loihi_graded_internal x;
    (void)state;
    x.compared = p->relu ? in->a_in : abs_int32(in->a_in); /* (1) */
    out->spike = x.compared > p->vth ? in->a_in : 0;       /* (2) */
    return x;
}

int gsp_loihi_graded_check(const gsp_loihi_graded_params *params) {
    return gsp_check(&gsp_loihi_graded_model, params);
}

void gsp_loihi_graded_reset(gsp_loihi_graded_state *state, const gsp_loihi_graded_params *params) {
    (void)params;
    state->none = 0;
}

void gsp_loihi_graded_step(const gsp_loihi_graded_params *params, const gsp_loihi_graded_in *in,
                           gsp_loihi_graded_state *state, gsp_loihi_graded_out *out) {
    (void)step(params, in, state, out);
}

void gsp_loihi_graded_explain(const gsp_loihi_graded_params *params, const gsp_loihi_graded_in *in,
                              gsp_loihi_graded_state *state, gsp_loihi_graded_out *out,
                              gsp_loihi_graded_internal *internal) {
    *internal = step(params, in, state, out);
}

/* Only restrict PARAMETERS let the compiler drop its run-time alias tests. */
GSP_VECTOR_CLONES static void batch(const gsp_loihi_graded_params *params, const int32_t *restrict a_in,
                                    int32_t *restrict spike, size_t n) {
    const gsp_loihi_graded_params p = *params;
    for (size_t k = 0; k < n; k++) {
        const gsp_loihi_graded_in in = {.a_in = a_in[k]};
        gsp_loihi_graded_state state = {0};
        gsp_loihi_graded_out out;
        (void)step(&p, &in, &state, &out);
        spike[k] = out.spike;
    }
}

void gsp_loihi_graded_batch(const gsp_loihi_graded_params *params, const gsp_loihi_graded_arrays *a,
                            size_t n) {
    batch(params, a->a_in, a->spike, n);
}

GSP_MODEL_ENTRIES(loihi_graded)
GSP_MODEL_STRETCH(loihi_graded, fields)
GSP_MODEL_BATCH(loihi_graded, GSP_ARRAY(loihi_graded, a_in), GSP_ARRAY(loihi_graded, spike))

const gsp_model gsp_loihi_graded_model = {
    GSP_MODEL_HEAD(loihi_graded, fields),
    GSP_BATCH(loihi_graded),
    .stretch = loihi_graded_stretch,
    .title = "Loihi 2 graded vector",
    .source = "lava-nc/lava PyGradedVecModelFixed, PyGradedReluVecModelFixed (src/lava/proc/graded)",
    .equations = equations,
};
