/* SPDX-License-Identifier: Apache-2.0 */
/* lif as the discretisation of tau_m dv/dt = v_rest - v + r_m i, for `gsp encode`. */
#include <math.h>
#include <string.h>

#include "goldenspike/encode.h"
#include "goldenspike/lif.h"

#define VOLTAGE .unit = "mV", .min = -1e6, .max = 1e6

enum { Q_DT, Q_TAU_M, Q_R_M, Q_V_REST, Q_V_RESET, Q_V_THRESHOLD, Q_T_REF, Q_I, Q_V_UNIT, Q_METHOD };

static const gsp_quantity quantities[] = {
    {.name = "dt", .unit = "ms", .initial = 1, .min = 1e-6, .max = 1e6, .meaning = "time of one step"},
    {.name = "tau_m",
     .unit = "ms",
     .initial = 20,
     .min = 1e-6,
     .max = 1e9,
     .meaning = "membrane time constant"},
    {.name = "r_m", .unit = "MOhm", .initial = 10, .min = 0, .max = 1e9, .meaning = "membrane resistance"},
    {.name = "v_rest", VOLTAGE, .initial = -65, .meaning = "resting potential"},
    {.name = "v_reset",
     VOLTAGE,
     .initial = -65,
     .meaning = "potential after a spike; silent steps show v_rest"},
    {.name = "v_threshold", VOLTAGE, .initial = -50, .meaning = "threshold"},
    {.name = "t_ref",
     .unit = "ms",
     .initial = 2,
     .min = 0,
     .max = 1e9,
     .meaning = "refractory time, in whole steps"},
    {.name = "i", .unit = "nA", .initial = 0, .min = -1e6, .max = 1e6, .meaning = "constant current"},
    {.name = "v_unit",
     .unit = "mV",
     .initial = 1,
     .min = 1e-9,
     .max = 1e9,
     .meaning = "what 1.0 of v stands for"},
    {.name = "method",
     .unit = "",
     .labels = "exact|euler",
     .max = 1,
     .meaning = "share lost per step: 1 - exp(-dt/tau_m), or dt/tau_m"},
};

/* Share of the distance to the steady state that one step covers. */
static double leak(const double *value) {
    const double x = value[Q_DT] / value[Q_TAU_M];
    return (int)value[Q_METHOD] ? x : -expm1(-x);
}

static bool narrow(const gsp_lif_params *p, double real, int quantity, int32_t *word,
                   gsp_encode_fault *fault) {
    const double limit = ldexp(1, p->data_width - 1), scaled = round(ldexp(real, p->fraction));
    if (!(scaled >= -limit && scaled < limit))
        return gsp_encode_refuse(fault, quantity, "%.9g does not fit Q%d.%d (legal: %.9g..%.9g)", real,
                                 p->data_width - p->fraction, p->fraction, ldexp(-limit, -p->fraction),
                                 ldexp(limit - 1, -p->fraction));
    *word = (int32_t)scaled;
    return true;
}

static bool encode(const double *value, void *params, void *in, uint64_t *const *words,
                   gsp_encode_fault *fault) {
    gsp_lif_params *p = (gsp_lif_params *)params;
    gsp_lif_in *i = (gsp_lif_in *)in;
    const double unit = value[Q_V_UNIT], share = leak(value), silent = round(value[Q_T_REF] / value[Q_DT]);
    (void)words;
    if (!narrow(p, value[Q_V_REST] / unit, Q_V_REST, &p->v_rest, fault) ||
        !narrow(p, value[Q_V_RESET] / unit, Q_V_RESET, &p->v_reset, fault) ||
        !narrow(p, value[Q_V_THRESHOLD] / unit, Q_V_THRESHOLD, &p->v_threshold, fault) ||
        !narrow(p, share, Q_TAU_M, &i->leak_k, fault) ||
        !narrow(p, value[Q_R_M] / unit * share, Q_R_M, &i->gain_k, fault) ||
        !narrow(p, value[Q_I], Q_I, &i->i_t, fault))
        return false;
    if (i->leak_k == 0)
        return gsp_encode_refuse(fault, Q_TAU_M, "the leak of a step, %.9g, is 0 with %d fraction bits",
                                 share, p->fraction);
    if (silent > UINT8_MAX)
        return gsp_encode_refuse(fault, Q_T_REF, "%.9g steps (legal: 0..%d)", silent, UINT8_MAX);
    p->refractory_period = (uint8_t)silent;
    return true;
}

static bool real(const double *value, const void *params, const gsp_field *field, size_t index, int64_t word,
                 gsp_real *r) {
    const gsp_lif_params *p = (const gsp_lif_params *)params;
    const double x = ldexp((double)word, -p->fraction);
    static const struct {
        const char *field;
        int quantity;
    } voltages[] = {{"v_rest", Q_V_REST}, {"v_reset", Q_V_RESET}, {"v_threshold", Q_V_THRESHOLD}};
    (void)index;
    for (size_t i = 0; i < sizeof voltages / sizeof voltages[0]; i++)
        if (strcmp(field->name, voltages[i].field) == 0) {
            r->unit = "mV";
            r->value = x * value[Q_V_UNIT];
            r->wanted = value[voltages[i].quantity];
            return true;
        }
    if (strcmp(field->name, "leak_k") == 0) {
        r->unit = "ms";
        r->value = (int)value[Q_METHOD] ? value[Q_DT] / x : -value[Q_DT] / log1p(-x);
        r->wanted = value[Q_TAU_M];
    } else if (strcmp(field->name, "gain_k") == 0) {
        r->unit = "mV/nA per step";
        r->value = x * value[Q_V_UNIT];
        r->wanted = value[Q_R_M] * leak(value);
    } else if (strcmp(field->name, "i_t") == 0) {
        r->unit = "nA";
        r->value = x;
        r->wanted = value[Q_I];
    } else if (strcmp(field->name, "refractory_period") == 0) {
        r->unit = "ms";
        r->value = (double)word * value[Q_DT];
        r->wanted = value[Q_T_REF];
    } else {
        return false;
    }
    return true;
}

const gsp_encoder gsp_lif_encoder = {
    .quantities = quantities,
    .n_quantities = (uint16_t)(sizeof quantities / sizeof quantities[0]),
    .note = "tau_m dv/dt = v_rest - v + r_m i; rounded to nearest, halves away from zero",
    .encode = encode,
    .real = real,
};
