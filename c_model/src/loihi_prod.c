/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/loihi_prod.h"

#include "goldenspike/fix.h"
#include "loihi_graded.h"
#include "stretch.h"
#include "vector.h"

#define PARAM(name, ...) GSP_FIELD(GSP_PARAM, gsp_loihi_prod_params, name, __VA_ARGS__)
#define INPUT(name, ...) GSP_FIELD(GSP_INPUT, gsp_loihi_prod_in, name, __VA_ARGS__)
#define OUTPUT(name, ...) GSP_FIELD(GSP_OUTPUT, gsp_loihi_prod_out, name, __VA_ARGS__)
#define INTERNAL(name, ...) \
    GSP_FIELD(GSP_INTERNAL, gsp_loihi_prod_internal, name, .width = 64, .is_signed = true, __VA_ARGS__)

static const gsp_field fields[] = {
    PARAM(vth, .width = 32, .is_signed = true, .initial = 1, .meaning = "threshold that |v| must exceed"),
    PARAM(exp, .width = 5, .meaning = "the product is shifted right by it"),
    INPUT(a_in1, .width = 32, .is_signed = true, .meaning = "first factor"),
    INPUT(a_in2, .width = 32, .is_signed = true, .meaning = "second factor"),
    OUTPUT(spike, .width = 32, .is_signed = true,
           .meaning = "graded: the scaled product where it is sent, else 0"),
    INTERNAL(product, .meaning = "int32(a_in1 * a_in2)"),
    INTERNAL(v, .meaning = "product >> exp, floor"),
};

static const char *const equations[] = {
    "(1) product = int32(a_in1 * a_in2)          wrapped to 32 bits",
    "(2) v = asr(product, exp)                   floor",
    "(3) spike = |v| > vth ? v : 0               strictly; |-2^31| = -2^31",
    NULL,
};

static inline __attribute__((always_inline)) gsp_loihi_prod_internal step(const gsp_loihi_prod_params *p,
                                                                          const gsp_loihi_prod_in *in,
                                                                          gsp_loihi_prod_state *state,
                                                                          gsp_loihi_prod_out *out) {
    gsp_loihi_prod_internal x;
    (void)state;
    x.product = gsp_wrap(gsp_mul(in->a_in1, in->a_in2), 32); /* (1) */
    x.v = gsp_shr_floor(x.product, p->exp);                  /* (2) */
    out->spike = (int32_t)where_exceeded(x.v, p->vth);       /* (3) */
    return x;
}

int gsp_loihi_prod_check(const gsp_loihi_prod_params *params) {
    return gsp_check(&gsp_loihi_prod_model, params);
}

void gsp_loihi_prod_reset(gsp_loihi_prod_state *state, const gsp_loihi_prod_params *params) {
    (void)params;
    state->none = 0;
}

void gsp_loihi_prod_step(const gsp_loihi_prod_params *params, const gsp_loihi_prod_in *in,
                         gsp_loihi_prod_state *state, gsp_loihi_prod_out *out) {
    (void)step(params, in, state, out);
}

void gsp_loihi_prod_explain(const gsp_loihi_prod_params *params, const gsp_loihi_prod_in *in,
                            gsp_loihi_prod_state *state, gsp_loihi_prod_out *out,
                            gsp_loihi_prod_internal *internal) {
    *internal = step(params, in, state, out);
}

/* Only restrict PARAMETERS let the compiler drop its run-time alias tests. */
GSP_VECTOR_CLONES static void batch(const gsp_loihi_prod_params *params, const int32_t *restrict a_in1,
                                    const int32_t *restrict a_in2, int32_t *restrict spike, size_t n) {
    const gsp_loihi_prod_params p = *params;
    for (size_t k = 0; k < n; k++) {
        const gsp_loihi_prod_in in = {.a_in1 = a_in1[k], .a_in2 = a_in2[k]};
        gsp_loihi_prod_state state = {0};
        gsp_loihi_prod_out out;
        (void)step(&p, &in, &state, &out);
        spike[k] = out.spike;
    }
}

void gsp_loihi_prod_batch(const gsp_loihi_prod_params *params, const gsp_loihi_prod_arrays *a, size_t n) {
    batch(params, a->a_in1, a->a_in2, a->spike, n);
}

GSP_MODEL_ENTRIES(loihi_prod)
GSP_MODEL_STRETCH(loihi_prod, fields)
GSP_MODEL_BATCH(loihi_prod, GSP_ARRAY(loihi_prod, a_in1), GSP_ARRAY(loihi_prod, a_in2),
                GSP_ARRAY(loihi_prod, spike))

const gsp_model gsp_loihi_prod_model = {
    GSP_MODEL_HEAD(loihi_prod, fields),
    GSP_BATCH(loihi_prod),
    .stretch = loihi_prod_stretch,
    .title = "Loihi 2 product neuron",
    .source = "lava-nc/lava PyProdNeuronModelFixed (src/lava/proc/prodneuron)",
    .equations = equations,
};
