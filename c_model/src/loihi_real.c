/* SPDX-License-Identifier: Apache-2.0 */
/* loihi as the discretisation of tau_v dv/dt = -v + r_m i, v above rest, for `gsp encode`. */
#include <math.h>
#include <string.h>

#include "goldenspike/encode.h"
#include "goldenspike/loihi.h"
#include "goldenspike/loihi_encode.h"

enum { Q_DT, Q_TAU_U, Q_TAU_V, Q_R_M, Q_V_THRESHOLD, Q_T_REF, Q_I, Q_V_UNIT };

static const gsp_quantity quantities[] = {
    {.name = "dt", .unit = "ms", .initial = 1, .min = 1e-6, .max = 1e6, .meaning = "time of one step"},
    {.name = "tau_u",
     .unit = "ms",
     .initial = 5,
     .min = 0,
     .max = 1e9,
     .meaning = "decay of the synaptic current"},
    {.name = "tau_v", .unit = "ms", .initial = 20, .min = 0, .max = 1e9, .meaning = "membrane time constant"},
    {.name = "r_m", .unit = "MOhm", .initial = 10, .min = 0, .max = 1e9, .meaning = "membrane resistance"},
    {.name = "v_threshold",
     .unit = "mV",
     .initial = 15,
     .min = 0,
     .max = 1e6,
     .meaning = "threshold above rest"},
    {.name = "t_ref",
     .unit = "ms",
     .initial = 0,
     .min = 0,
     .max = 1e9,
     .meaning = "refractory time, in whole steps"},
    {.name = "i",
     .unit = "nA",
     .initial = 0,
     .min = -1e6,
     .max = 1e6,
     .meaning = "constant current, as the bias"},
    {.name = "v_unit",
     .unit = "mV",
     .initial = 0.001,
     .min = 1e-9,
     .max = 1e9,
     .meaning = "what 1 of v stands for"},
};

static double bias_of(const double *value) {
    const double share = value[Q_TAU_V] > 0 ? -expm1(-value[Q_DT] / value[Q_TAU_V]) : 1;
    return value[Q_R_M] * value[Q_I] * share / value[Q_V_UNIT];
}

static bool encode(const double *value, void *params, void *in, uint64_t *const *words,
                   gsp_encode_fault *fault) {
    gsp_loihi_params *p = (gsp_loihi_params *)params;
    const double bias = bias_of(value), delay = round(value[Q_T_REF] / value[Q_DT]) + 1;
    double error;
    (void)in;
    (void)words;
    if (!gsp_loihi_encode_tau(value[Q_TAU_U] / value[Q_DT], p->ds_offset, &p->decay_u, &error))
        return gsp_encode_refuse(fault, Q_TAU_U, "no decay_u stands for it");
    if (!gsp_loihi_encode_tau(value[Q_TAU_V] / value[Q_DT], p->dm_offset, &p->decay_v, &error))
        return gsp_encode_refuse(fault, Q_TAU_V, "no decay_v stands for it");
    if (!gsp_loihi_encode_threshold(value[Q_V_THRESHOLD] / value[Q_V_UNIT], &p->vth, &error))
        return gsp_encode_refuse(fault, Q_V_THRESHOLD, "%.9g units of v (legal: 0..8388544)",
                                 value[Q_V_THRESHOLD] / value[Q_V_UNIT]);
    if (!gsp_loihi_encode_bias(bias, &p->bias_mant, &p->bias_exp, &error))
        return gsp_encode_refuse(fault, Q_I, "a bias of %.9g units of v a step (legal: -524288..524160)",
                                 bias);
    if (delay > 63)
        return gsp_encode_refuse(fault, Q_T_REF, "%.9g steps (legal: 0..62)", delay - 1);
    p->refract_delay = (uint8_t)delay;
    return true;
}

static bool real(const double *value, const void *params, const gsp_field *field, size_t index, int64_t word,
                 gsp_real *r) {
    const gsp_loihi_params *p = (const gsp_loihi_params *)params;
    (void)index;
    r->unit = "ms";
    if (strcmp(field->name, "decay_u") == 0) {
        r->value = gsp_loihi_decode_tau((int)word, p->ds_offset) * value[Q_DT];
        r->wanted = value[Q_TAU_U];
    } else if (strcmp(field->name, "decay_v") == 0) {
        r->value = gsp_loihi_decode_tau((int)word, p->dm_offset) * value[Q_DT];
        r->wanted = value[Q_TAU_V];
    } else if (strcmp(field->name, "refract_delay") == 0) {
        r->value = (double)(word - 1) * value[Q_DT];
        r->wanted = value[Q_T_REF];
    } else if (strcmp(field->name, "vth") == 0) {
        r->unit = "mV";
        r->value = (double)word * value[Q_V_UNIT];
        r->wanted = value[Q_V_THRESHOLD];
    } else if (strcmp(field->name, "bias_mant") == 0) {
        r->unit = "mV per step";
        r->value = gsp_loihi_decode_bias((int)word, p->bias_exp) * value[Q_V_UNIT];
        r->wanted = bias_of(value) * value[Q_V_UNIT];
    } else {
        return false;
    }
    return true;
}

const gsp_encoder gsp_loihi_encoder = {
    .quantities = quantities,
    .n_quantities = (uint16_t)(sizeof quantities / sizeof quantities[0]),
    .note = "tau_v dv/dt = -v + r_m i, v above rest; rounded to nearest, halves to even",
    .encode = encode,
    .real = real,
};
