/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/loihi_sigma.h"

#include "goldenspike/fix.h"
#include "stretch.h"
#include "vector.h"

#define INPUT(name, ...) GSP_FIELD(GSP_INPUT, gsp_loihi_sigma_in, name, __VA_ARGS__)
#define STATE(name, ...) GSP_FIELD(GSP_STATE, gsp_loihi_sigma_state, name, __VA_ARGS__)
#define OUTPUT(name, ...) GSP_FIELD(GSP_OUTPUT, gsp_loihi_sigma_out, name, __VA_ARGS__)
#define INTERNAL(name, ...) \
    GSP_FIELD(GSP_INTERNAL, gsp_loihi_sigma_internal, name, .width = 64, .is_signed = true, __VA_ARGS__)

static const gsp_field fields[] = {
    INPUT(a_in, .width = 32, .is_signed = true, .meaning = "graded input"),
    STATE(sigma, .width = 32, .is_signed = true, .meaning = "sum of the inputs"),
    OUTPUT(spike, .width = 32, .is_signed = true, .meaning = "graded: sigma after the step"),
    INTERNAL(sum, .meaning = "sigma + a_in, before it is wrapped"),
};

static const char *const equations[] = {
    "(1) sigma = int32(sigma + a_in)             wrapped to 32 bits",
    "(2) spike = sigma",
    NULL,
};

static inline __attribute__((always_inline)) gsp_loihi_sigma_internal step(const gsp_loihi_sigma_params *p,
                                                                           const gsp_loihi_sigma_in *in,
                                                                           gsp_loihi_sigma_state *state,
                                                                           gsp_loihi_sigma_out *out) {
    gsp_loihi_sigma_internal x;
    (void)p;
    x.sum = gsp_add(state->sigma, in->a_in); /* (1) */
    state->sigma = (int32_t)gsp_wrap(x.sum, 32);
    out->spike = state->sigma; /* (2) */
    return x;
}

int gsp_loihi_sigma_check(const gsp_loihi_sigma_params *params) {
    return gsp_check(&gsp_loihi_sigma_model, params);
}

void gsp_loihi_sigma_reset(gsp_loihi_sigma_state *state, const gsp_loihi_sigma_params *params) {
    (void)params;
    state->sigma = 0;
}

void gsp_loihi_sigma_step(const gsp_loihi_sigma_params *params, const gsp_loihi_sigma_in *in,
                          gsp_loihi_sigma_state *state, gsp_loihi_sigma_out *out) {
    (void)step(params, in, state, out);
}

void gsp_loihi_sigma_explain(const gsp_loihi_sigma_params *params, const gsp_loihi_sigma_in *in,
                             gsp_loihi_sigma_state *state, gsp_loihi_sigma_out *out,
                             gsp_loihi_sigma_internal *internal) {
    *internal = step(params, in, state, out);
}

/* Only restrict PARAMETERS let the compiler drop its run-time alias tests. */
GSP_VECTOR_CLONES static void batch(const gsp_loihi_sigma_params *params, const int32_t *restrict a_in,
                                    int32_t *restrict sigma, int32_t *restrict spike, size_t n) {
    const gsp_loihi_sigma_params p = *params;
    for (size_t k = 0; k < n; k++) {
        const gsp_loihi_sigma_in in = {.a_in = a_in[k]};
        gsp_loihi_sigma_state state = {.sigma = sigma[k]};
        gsp_loihi_sigma_out out;
        (void)step(&p, &in, &state, &out);
        sigma[k] = state.sigma;
        spike[k] = out.spike;
    }
}

void gsp_loihi_sigma_batch(const gsp_loihi_sigma_params *params, const gsp_loihi_sigma_arrays *a, size_t n) {
    batch(params, a->a_in, a->sigma, a->spike, n);
}

GSP_MODEL_ENTRIES(loihi_sigma)
GSP_MODEL_STRETCH(loihi_sigma, fields)
GSP_MODEL_BATCH(loihi_sigma, GSP_ARRAY(loihi_sigma, a_in), GSP_ARRAY(loihi_sigma, sigma),
                GSP_ARRAY(loihi_sigma, spike))

const gsp_model gsp_loihi_sigma_model = {
    GSP_MODEL_HEAD(loihi_sigma, fields),
    GSP_BATCH(loihi_sigma),
    .stretch = loihi_sigma_stretch,
    .title = "Loihi 2 sigma decoder",
    .source = "lava-nc/lava PySigmaModelFixed (src/lava/proc/sdn)",
    .equations = equations,
};
