/* SPDX-License-Identifier: Apache-2.0 */
/* spinnaker_lif and spinnaker_izhikevich in the units of PyNN, for `gsp encode`. */
#include <math.h>
#include <string.h>

#include "goldenspike/encode.h"
#include "goldenspike/spinnaker_izhikevich.h"
#include "goldenspike/spinnaker_lif.h"

#define LSB (1.0 / GSP_SPINNAKER_ONE)
/* What s16.15 holds; a divisor must not round to 0. */
#define ACCUM .min = -65536.0, .max = 65536.0 - LSB
#define TIME .min = LSB, .max = 65536.0 - LSB
#define NOT_NEGATIVE .min = 0.0, .max = 65536.0 - LSB

#define SYNAPSES                                                                                            \
    {.name = "input_kind",                                                                                  \
     .unit = "",                                                                                            \
     .labels = "exp|delta|conductance",                                                                     \
     .max = 2,                                                                                              \
     .meaning = "synapses: currents that decay, charges, conductances"},                                    \
        {.name = "tau_syn_E", .unit = "ms", .initial = 5, TIME, .meaning = "decay; not read for delta"},    \
        {.name = "tau_syn_I", .unit = "ms", .initial = 5, TIME, .meaning = "decay; not read for delta"},    \
        {.name = "e_rev_E", .unit = "mV", ACCUM, .meaning = "reversal, read for conductance"}, {            \
        .name = "e_rev_I", .unit = "mV", .initial = -70, ACCUM, .meaning = "reversal, read for conductance" \
    }
#define STEPS                                                                                           \
    {.name = "timestep", .unit = "ms", .initial = 1, TIME, .meaning = "time step of the simulation"}, { \
        .name = "n_steps", .unit = "", .initial = 1, .min = 1, .max = 65535, .whole = true,             \
        .meaning = "sub-steps, of which each is one step of the model"                                  \
    }

/* Places of the quantities that both neurons begin with. */
enum { Q_TIMESTEP, Q_N_STEPS, Q_INPUT_KIND, Q_TAU_E, Q_TAU_I, Q_REV_E, Q_REV_I, Q_I_OFFSET, Q_OWN };
enum { Q_TAU_M = Q_OWN, Q_C_M, Q_V_REST, Q_V_RESET, Q_V_THRESH, Q_TAU_REFRAC, Q_CA2, Q_TAU_CA2, Q_CA2_ALPHA };
enum { Q_A = Q_OWN, Q_B, Q_C, Q_D };

static const gsp_quantity lif_quantities[] = {
    STEPS,
    SYNAPSES,
    {.name = "i_offset", .unit = "nA", ACCUM, .meaning = "constant current"},
    {.name = "tau_m", .unit = "ms", .initial = 20, TIME, .meaning = "membrane time constant"},
    {.name = "cm", .unit = "nF", .initial = 1, TIME, .meaning = "membrane capacitance"},
    {.name = "v_rest", .unit = "mV", .initial = -65, ACCUM, .meaning = "resting potential"},
    {.name = "v_reset", .unit = "mV", .initial = -65, ACCUM, .meaning = "potential after a spike"},
    {.name = "v_thresh", .unit = "mV", .initial = -50, ACCUM, .meaning = "threshold"},
    {.name = "tau_refrac",
     .unit = "ms",
     .initial = 0.1,
     NOT_NEGATIVE,
     .meaning = "refractory time, rounded up to whole sub-steps"},
    {.name = "ca2_enable", .unit = "", .labels = "off|on", .max = 1, .meaning = "calcium adaptation"},
    {.name = "tau_ca2", .unit = "ms", .initial = 50, TIME, .meaning = "decay of the adaptation"},
    {.name = "ca2_alpha", .unit = "nA", .initial = 0.1, ACCUM, .meaning = "added to it by a spike"},
};

static const gsp_quantity izhikevich_quantities[] = {
    STEPS,
    SYNAPSES,
    {.name = "i_offset", .unit = "nA", ACCUM, .meaning = "constant current"},
    {.name = "a", .unit = "1/ms", .initial = 0.02, ACCUM, .meaning = "rate of the recovery variable"},
    {.name = "b", .unit = "1/ms", .initial = 0.2, ACCUM, .meaning = "its sensitivity to v"},
    {.name = "c", .unit = "mV", .initial = -65, ACCUM, .meaning = "v after a spike"},
    {.name = "d",
     .unit = "mV/ms",
     .initial = 2,
     ACCUM,
     .meaning = "added to the recovery variable by a spike"},
};

/* The sub-step as the host rounds it; 0: it rounds to nothing. */
static int32_t substep_of(const double *value) {
    int32_t whole = 0;
    return gsp_spinnaker_accum(value[Q_TIMESTEP], &whole)
               ? gsp_spinnaker_substep(whole, (uint32_t)value[Q_N_STEPS])
               : 0;
}

/* A quotient of two quantities must fit s16.15: the host's division would wrap. */
static bool fits(double quotient, int quantity, const char *what, gsp_encode_fault *fault) {
    return quotient <= 65536.0 - LSB ||
           gsp_encode_refuse(fault, quantity, "%s = %.9g is beyond s16.15 (at most %.12g)", what, quotient,
                             65536.0 - LSB);
}

static bool common_fits(const double *value, gsp_encode_fault *fault) {
    const double ts = substep_of(value) * LSB;
    if (ts == 0.0)
        return gsp_encode_refuse(fault, Q_N_STEPS,
                                 "timestep / n_steps = %.9g ms is below the least s16.15 step",
                                 value[Q_TIMESTEP] / value[Q_N_STEPS]);
    if ((int)value[Q_INPUT_KIND] == GSP_SPINNAKER_DELTA)
        return true;
    for (int q = Q_TAU_E; q <= Q_TAU_I; q++)
        if (!fits(value[q] / ts, q, "tau / sub-step", fault) ||
            !fits(ts / value[q], q, "sub-step / tau", fault))
            return false;
    return true;
}

static bool lif_encode(const double *value, void *params, void *in, uint64_t *const *words,
                       gsp_encode_fault *fault) {
    (void)in;
    (void)words;
    const double ts = substep_of(value) * LSB;
    if (!common_fits(value, fault) || !fits(value[Q_TAU_M] / value[Q_C_M], Q_C_M, "tau_m / cm", fault) ||
        !fits(ts / value[Q_TAU_M], Q_TAU_M, "sub-step / tau_m", fault) ||
        !fits(value[Q_TAU_REFRAC] / ts, Q_TAU_REFRAC, "tau_refrac / sub-step", fault) ||
        ((int)value[Q_CA2] && !fits(ts / value[Q_TAU_CA2], Q_TAU_CA2, "sub-step / tau_ca2", fault)))
        return false;
    const gsp_spinnaker_lif_cell cell = {
        .time_step = value[Q_TIMESTEP],
        .tau_m = value[Q_TAU_M],
        .c_m = value[Q_C_M],
        .v_rest = value[Q_V_REST],
        .v_reset = value[Q_V_RESET],
        .v_thresh = value[Q_V_THRESH],
        .tau_refrac = value[Q_TAU_REFRAC],
        .i_offset = value[Q_I_OFFSET],
        .tau_syn_exc = value[Q_TAU_E],
        .tau_syn_inh = value[Q_TAU_I],
        .v_rev_exc = value[Q_REV_E],
        .v_rev_inh = value[Q_REV_I],
        .tau_ca2 = value[Q_TAU_CA2],
        .ca2_alpha = value[Q_CA2_ALPHA],
        .n_steps = (uint32_t)value[Q_N_STEPS],
        .input_kind = (uint8_t)value[Q_INPUT_KIND],
        .ca2_enable = (uint8_t)value[Q_CA2],
    };
    return gsp_spinnaker_lif_encode(&cell, (gsp_spinnaker_lif_params *)params) ||
           gsp_encode_refuse(fault, Q_TAU_M, "the registers that result are not legal");
}

static bool izhikevich_encode(const double *value, void *params, void *in, uint64_t *const *words,
                              gsp_encode_fault *fault) {
    (void)in;
    (void)words;
    if (!common_fits(value, fault))
        return false;
    const gsp_spinnaker_izhikevich_cell cell = {
        .time_step = value[Q_TIMESTEP],
        .a = value[Q_A],
        .b = value[Q_B],
        .c = value[Q_C],
        .d = value[Q_D],
        .i_offset = value[Q_I_OFFSET],
        .tau_syn_exc = value[Q_TAU_E],
        .tau_syn_inh = value[Q_TAU_I],
        .v_rev_exc = value[Q_REV_E],
        .v_rev_inh = value[Q_REV_I],
        .n_steps = (uint32_t)value[Q_N_STEPS],
        .input_kind = (uint8_t)value[Q_INPUT_KIND],
    };
    return gsp_spinnaker_izhikevich_encode(&cell, (gsp_spinnaker_izhikevich_params *)params) ||
           gsp_encode_refuse(fault, Q_TIMESTEP, "the registers that result are not legal");
}

/* How a register stands for a quantity. */
typedef enum reading_kind {
    PLAIN,   /* s16.15 */
    RATIO,   /* s16.15 of tau_m / cm */
    DECAY15, /* e^(-ts/tau) with 15 fraction bits */
    DECAY32, /* with 32 */
    SHARE,   /* tau/ts (1 - e^(-ts/tau)) with 32 */
    STEPS_,  /* sub-steps */
    RATE     /* 1 / ts, s16.15 */
} reading_kind;

typedef struct reading {
    const char *field;
    reading_kind how;
    int quantity;
    int only; /* input_kind that uses it, -1 all, -2 all but delta, -3 with ca2 */
} reading;

static bool read_back(const reading *list, const gsp_quantity *quantities, const double *value,
                      const gsp_field *field, int64_t word, gsp_real *real) {
    while (list->field && strcmp(list->field, field->name) != 0)
        list++;
    const int kind = (int)value[Q_INPUT_KIND];
    if (!list->field || (list->only >= 0 && list->only != kind) ||
        (list->only == -2 && kind == GSP_SPINNAKER_DELTA) || (list->only == -3 && (int)value[Q_CA2] == 0))
        return false;
    const double ts = value[Q_TIMESTEP] / value[Q_N_STEPS];
    const double x = value[list->quantity];
    const double raw = (double)word;
    real->unit = quantities[list->quantity].unit;
    real->wanted = x;
    switch (list->how) {
    case PLAIN: real->value = raw * LSB; break;
    case RATIO:
        real->unit = "MOhm";
        real->value = raw * LSB;
        real->wanted = value[Q_TAU_M] / value[Q_C_M];
        break;
    case DECAY15: real->value = -ts / log(raw * LSB); break;
    case DECAY32: real->value = -ts / log(ldexp(raw, -32)); break;
    case SHARE:
        real->unit = "";
        real->value = ldexp(raw, -32);
        real->wanted = x / ts * -expm1(-ts / x);
        break;
    case STEPS_: real->value = raw * ts; break;
    case RATE:
        real->unit = "1/ms";
        real->value = raw * LSB;
        real->wanted = 1.0 / ts;
        break;
    }
    return true;
}

#define SYNAPSE_READINGS                                                                    \
    {"i_offset", PLAIN, Q_I_OFFSET, -1}, {"decay_exc", DECAY32, Q_TAU_E, -2},               \
        {"init_exc", SHARE, Q_TAU_E, -2}, {"decay_inh", DECAY32, Q_TAU_I, -2},              \
        {"init_inh", SHARE, Q_TAU_I, -2}, {"scale", RATE, Q_TIMESTEP, GSP_SPINNAKER_DELTA}, \
        {"v_rev_exc", PLAIN, Q_REV_E, GSP_SPINNAKER_CONDUCTANCE}, {                         \
        "v_rev_inh", PLAIN, Q_REV_I, GSP_SPINNAKER_CONDUCTANCE                              \
    }

static bool lif_real(const double *value, const void *params, const gsp_field *field, size_t index,
                     int64_t word, gsp_real *real) {
    static const reading list[] = {
        SYNAPSE_READINGS,
        {"v_rest", PLAIN, Q_V_REST, -1},
        {"r_membrane", RATIO, Q_TAU_M, -1},
        {"exp_tc", DECAY15, Q_TAU_M, -1},
        {"v_reset", PLAIN, Q_V_RESET, -1},
        {"v_thresh", PLAIN, Q_V_THRESH, -1},
        {"t_refract", STEPS_, Q_TAU_REFRAC, -1},
        {"ca2_decay", DECAY15, Q_TAU_CA2, -3},
        {"ca2_alpha", PLAIN, Q_CA2_ALPHA, -3},
        {NULL, PLAIN, 0, -1},
    };
    (void)params;
    (void)index;
    return read_back(list, lif_quantities, value, field, word, real);
}

static bool izhikevich_real(const double *value, const void *params, const gsp_field *field, size_t index,
                            int64_t word, gsp_real *real) {
    static const reading list[] = {
        SYNAPSE_READINGS,      {"a", PLAIN, Q_A, -1}, {"b", PLAIN, Q_B, -1},
        {"c", PLAIN, Q_C, -1}, {"d", PLAIN, Q_D, -1}, {"next_h", PLAIN, Q_TIMESTEP, -1},
        {NULL, PLAIN, 0, -1},
    };
    (void)params;
    (void)index;
    if (strcmp(field->name, "reset_h") == 0) {
        real->unit = "ms";
        real->value = (double)word * LSB;
        real->wanted = value[Q_TIMESTEP] / value[Q_N_STEPS];
        return true;
    }
    return read_back(list, izhikevich_quantities, value, field, word, real);
}

#define COUNT(list) (uint16_t)(sizeof(list) / sizeof((list)[0]))

const gsp_encoder gsp_spinnaker_lif_encoder = {
    .quantities = lif_quantities,
    .n_quantities = COUNT(lif_quantities),
    .note = "units of PyNN; rounded as sPyNNaker does: nearest s16.15, quotients and exponentials truncated",
    .encode = lif_encode,
    .real = lif_real,
};

const gsp_encoder gsp_spinnaker_izhikevich_encoder = {
    .quantities = izhikevich_quantities,
    .n_quantities = COUNT(izhikevich_quantities),
    .note = "units of PyNN; rounded as sPyNNaker does: nearest s16.15, quotients and exponentials truncated",
    .encode = izhikevich_encode,
    .real = izhikevich_real,
};
