/* SPDX-License-Identifier: Apache-2.0 */
/* dpi in SI units, for `gsp encode` and `gsp run --si`. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "goldenspike/dpi.h"
#include "goldenspike/dpi_encode.h"
#include "goldenspike/encode.h"

#define CURRENT .unit = "A", .min = 1e-18, .max = 1e-3
#define CURRENT_OR_NONE .unit = "A", .min = 0, .max = 1e-3
#define TAU .unit = "s", .initial = 0.01, .min = 1e-6, .max = 1e3

enum {
    Q_DT,
    Q_I0,
    Q_KAPPA,
    Q_UT,
    Q_C_MEM,
    Q_ITAU_MEM,
    Q_IGAIN_MEM,
    Q_ISPKTHR,
    Q_IRESET,
    Q_T_REF,
    Q_TAU_AMPA,
    Q_TAU_NMDA,
    Q_TAU_GABA_B,
    Q_TAU_GABA_A,
    Q_TAU_AHP,
    Q_AHP_JUMP,
    Q_INMDA_THR,
    Q_FEEDBACK,
    Q_IA_GAIN,
    Q_IA_TH,
    Q_IA_NORM,
    Q_IDC
};

/* I_tau of 20 ms with the other defaults: C U_T / (kappa tau). */
#define ITAU (3e-12 * 0.025 / (0.705 * 0.02))

/* Names are the members of gsp_dpi_si, keys those of the scenario files. */
static const gsp_quantity quantities[] = {
    {.name = "dt",
     .key = "dt_s",
     .unit = "s",
     .initial = 1e-4,
     .min = 1e-7,
     .max = 1e-3,
     .meaning = "time of one step"},
    {.name = "i0", .key = "I0_A", CURRENT, .initial = 0.5e-12, .meaning = "leakage current, unit of I_mem"},
    {.name = "kappa",
     .key = "kappa",
     .unit = "",
     .initial = 0.705,
     .min = 0.01,
     .max = 1,
     .meaning = "subthreshold slope factor"},
    {.name = "ut",
     .key = "Ut_V",
     .unit = "V",
     .initial = 0.025,
     .min = 1e-3,
     .max = 0.1,
     .meaning = "thermal voltage"},
    {.name = "c_mem",
     .key = "C_mem_F",
     .unit = "F",
     .initial = 3e-12,
     .min = 1e-15,
     .max = 1e-6,
     .meaning = "membrane capacitance"},
    {.name = "itau_mem",
     .key = "Itau_mem_A",
     CURRENT,
     .initial = ITAU,
     .meaning = "leak; tau_mem = c_mem ut / (kappa itau_mem), 20 ms by default"},
    {.name = "igain_mem", .key = "Igain_mem_A", CURRENT, .initial = 4 * ITAU, .meaning = "gain"},
    {.name = "ispkthr",
     .key = "Ispkthr_A",
     CURRENT,
     .initial = 100e-9,
     .meaning = "spike threshold of I_mem"},
    {.name = "ireset", .key = "Ireset_A", CURRENT, .initial = 0.5e-12, .meaning = "I_mem after a spike"},
    {.name = "t_ref",
     .key = "t_ref_s",
     .unit = "s",
     .initial = 1e-3,
     .min = 0,
     .max = 1e3,
     .meaning = "refractory time"},
    {.name = "tau_ampa", .key = "tau_ampa_s", TAU, .meaning = "decay of the AMPA current"},
    {.name = "tau_nmda", .key = "tau_nmda_s", TAU, .meaning = "decay of the NMDA current"},
    {.name = "tau_gaba_b", .key = "tau_gaba_b_s", TAU, .meaning = "decay of the subtractive inhibition"},
    {.name = "tau_gaba_a", .key = "tau_gaba_a_shunt_s", TAU, .meaning = "decay of the shunt inhibition"},
    {.name = "tau_ahp",
     .key = "tau_ahp_s",
     .unit = "s",
     .initial = 0.05,
     .min = 1e-6,
     .max = 1e3,
     .meaning = "decay of the after-hyperpolarisation"},
    {.name = "ahp_jump",
     .key = "ahp_jump_A",
     CURRENT_OR_NONE,
     .initial = 0,
     .meaning = "added to the after-hyperpolarisation by a spike"},
    {.name = "inmda_thr",
     .key = "Inmda_thr_A",
     CURRENT,
     .initial = 0.5e-12,
     .meaning = "I_mem that opens NMDA"},
    {.name = "feedback",
     .key = "feedback",
     .unit = "",
     .labels = "power|logistic|none",
     .max = 2,
     .meaning = "positive feedback near the threshold"},
    {.name = "ia_gain", .key = "Ia_gain_A", CURRENT, .initial = 1e-10, .meaning = "of the logistic feedback"},
    {.name = "ia_th", .key = "Ia_th_A", CURRENT, .initial = 1e-9, .meaning = "of the logistic feedback"},
    {.name = "ia_norm", .key = "Ia_norm_A", CURRENT, .initial = 2e-11, .meaning = "of the logistic feedback"},
    {.name = "idc", CURRENT_OR_NONE, .initial = 0.5e-12, .meaning = "input idc: the direct current"},
};

static gsp_dpi_si si_of(const double *v) {
    const gsp_dpi_si si = {
        .dt = v[Q_DT],
        .i0 = v[Q_I0],
        .kappa = v[Q_KAPPA],
        .ut = v[Q_UT],
        .c_mem = v[Q_C_MEM],
        .itau_mem = v[Q_ITAU_MEM],
        .igain_mem = v[Q_IGAIN_MEM],
        .ispkthr = v[Q_ISPKTHR],
        .ireset = v[Q_IRESET],
        .t_ref = v[Q_T_REF],
        .tau_ampa = v[Q_TAU_AMPA],
        .tau_nmda = v[Q_TAU_NMDA],
        .tau_gaba_b = v[Q_TAU_GABA_B],
        .tau_gaba_a = v[Q_TAU_GABA_A],
        .tau_ahp = v[Q_TAU_AHP],
        .ahp_jump = v[Q_AHP_JUMP],
        .inmda_thr = v[Q_INMDA_THR],
        .feedback = (int)v[Q_FEEDBACK],
        .ia_gain = v[Q_IA_GAIN],
        .ia_th = v[Q_IA_TH],
        .ia_norm = v[Q_IA_NORM],
    };
    return si;
}

/* quantity < 0: the amount of a stimulus, in amperes. */
static bool refuse(const gsp_dpi_fault *found, int quantity, gsp_encode_fault *fault) {
    for (int i = 0; i < (int)(sizeof quantities / sizeof quantities[0]); i++)
        if (found->quantity && strcmp(quantities[i].name, found->quantity) == 0)
            quantity = i;
    return gsp_encode_refuse(
        fault, quantity, "value %.9g is outside what this configuration can hold, %.9g..%.9g %s",
        found->value, found->min, found->max, quantity < 0 ? "A" : quantities[quantity].unit);
}

static bool encode(const double *value, void *params, void *in, uint64_t *const *words,
                   gsp_encode_fault *fault) {
    gsp_dpi_params *p = (gsp_dpi_params *)params;
    gsp_dpi_in *i = (gsp_dpi_in *)in;
    const gsp_dpi_si si = si_of(value);
    gsp_dpi_fault found;
    memset(&found, 0, sizeof found);
    if (!gsp_dpi_encode(&si, p, words[gsp_field_find(&gsp_dpi_model, "t_table")],
                        words[gsp_field_find(&gsp_dpi_model, "a_table")], &found))
        return refuse(&found, Q_DT, fault);
    return gsp_dpi_encode_current(&si, p, value[Q_IDC], &i->idc, &found) || refuse(&found, Q_IDC, fault);
}

static double feedback(const gsp_dpi_si *si, double i_mem) {
    switch (si->feedback) {
    case GSP_DPI_FEEDBACK_POWER:
        return pow(si->i0, 1 / (si->kappa + 1)) * pow(i_mem, si->kappa / (si->kappa + 1));
    case GSP_DPI_FEEDBACK_LOGISTIC: return si->ia_gain / (1 + exp(-(i_mem - si->ia_th) / si->ia_norm));
    default: return 0;
    }
}

/* The synapse whose name ends a field's: dm_ampa, add_nmda, gaba_b. */
static bool synapse_of(const char *name, gsp_dpi_synapse *synapse) {
    static const char *const names[] = {"ampa", "nmda", "gaba_b", "gaba_a", "ahp"};
    for (int i = 0; i < 5; i++) {
        const size_t n = strlen(names[i]), length = strlen(name);
        if (length >= n && strcmp(name + length - n, names[i]) == 0) {
            *synapse = (gsp_dpi_synapse)i;
            return true;
        }
    }
    return false;
}

static bool real(const double *value, const void *params, const gsp_field *field, size_t index, int64_t word,
                 gsp_real *r) {
    const gsp_dpi_params *p = (const gsp_dpi_params *)params;
    const gsp_dpi_si si = si_of(value);
    const char *const name = field->name;
    static const struct {
        const char *field;
        int quantity;
    } logs[] = {{"lth", Q_IGAIN_MEM}, {"lnm", Q_INMDA_THR}, {"lspk", Q_ISPKTHR}, {"lrst", Q_IRESET}};
    static const struct {
        const char *field;
        int quantity;
    } currents[] = {{"itau", Q_ITAU_MEM}, {"io", Q_I0}, {"idc", Q_IDC}};
    r->unit = "A";
    for (size_t i = 0; i < sizeof logs / sizeof logs[0]; i++)
        if (strcmp(name, logs[i].field) == 0) {
            r->value = si.i0 * exp2(ldexp((double)word, -p->l_fraction));
            r->wanted = value[logs[i].quantity];
            return true;
        }
    for (size_t i = 0; i < sizeof currents / sizeof currents[0]; i++)
        if (strcmp(name, currents[i].field) == 0) {
            r->value = gsp_dpi_decode_current(&si, p, word);
            r->wanted = value[currents[i].quantity];
            return true;
        }
    if (strcmp(name, "refractory_steps") == 0) {
        r->unit = "s";
        r->value = (double)word * si.dt;
        r->wanted = si.t_ref;
        return true;
    }
    if (strcmp(name, "t_table") == 0) {
        r->unit = "";
        r->value = ldexp((double)word, -GSP_DPI_SIGMA_FRACTION);
        r->wanted = 1 / (1 + exp2(ldexp((double)index, -p->segment_bits)));
        return true;
    }
    if (strcmp(name, "a_table") == 0) {
        r->value = gsp_dpi_decode_current(&si, p, word);
        /* Words are capped at half the range; beyond it no error is meant. */
        r->wanted = fmin(feedback(&si, si.i0 * exp2(ldexp((double)index, -p->segment_bits))),
                         gsp_dpi_decode_current(&si, p, INT64_C(1) << (p->i_fraction + 5)));
        return true;
    }
    if (strcmp(name, "l") == 0) {
        r->value = gsp_dpi_decode_i_mem(&si, p, (uint32_t)word);
        r->wanted = (double)NAN;
        return true;
    }
    if (strcmp(name, "ahp_jump") == 0) {
        r->value = gsp_dpi_decode_synapse(&si, p, GSP_DPI_AHP, (uint64_t)word);
        r->wanted = si.ahp_jump;
        return true;
    }
    gsp_dpi_synapse synapse;
    if (!synapse_of(name, &synapse))
        return false;
    if (strncmp(name, "dm_", 3) == 0) {
        /* Mantissa and shift together stand for one time constant. */
        static const int taus[] = {Q_TAU_AMPA, Q_TAU_NMDA, Q_TAU_GABA_B, Q_TAU_GABA_A, Q_TAU_AHP};
        const uint8_t shifts[] = {p->ds_ampa, p->ds_nmda, p->ds_gaba_b, p->ds_gaba_a, p->ds_ahp};
        r->unit = "s";
        r->value = -si.dt / log1p(-ldexp((double)word, -shifts[synapse]));
        r->wanted = value[taus[synapse]];
        return true;
    }
    if (strncmp(name, "ds_", 3) == 0)
        return false;
    r->value = gsp_dpi_decode_synapse(&si, p, synapse, (uint64_t)word);
    r->wanted = (double)NAN;
    return true;
}

static const gsp_stimulus stimuli[] = {
    {"Idc", "idc", "Idc0_A", true},
    {"ampa", "add_ampa", NULL, false},
    {"nmda", "add_nmda", NULL, false},
    {"gaba_b", "add_gaba_b", NULL, false},
    {"gaba_a_shunt", "add_gaba_a", NULL, false},
};

static bool stimulus(const double *value, const void *params, int s, double amount, int64_t *word,
                     gsp_encode_fault *fault) {
    const gsp_dpi_params *p = (const gsp_dpi_params *)params;
    const gsp_dpi_si si = si_of(value);
    gsp_dpi_fault found;
    uint64_t w = 0;
    memset(&found, 0, sizeof found);
    const bool ok = s == 0 ? gsp_dpi_encode_current(&si, p, amount, &w, &found)
                           : gsp_dpi_encode_event(&si, p, (gsp_dpi_synapse)(s - 1), amount, &w, &found);
    *word = (int64_t)w;
    return ok || refuse(&found, -1, fault);
}

/* The limits of the contract: docs/models/dpi.md. */
static bool caution(const double *value, double held, char *why, size_t size) {
    const gsp_dpi_si si = si_of(value);
    const double current = held > value[Q_IDC] ? held : value[Q_IDC];
    const double most = 1 / (gsp_dpi_k(&si) * log(2));
    const double tau = si.c_mem * si.ut / (si.kappa * si.itau_mem);
    if (si.dt > tau / 40)
        snprintf(why, size,
                 "dt %.3g s is too coarse for tau_mem %.3g s: spike times may be off by tens of dt", si.dt,
                 tau);
    else if (current > most)
        snprintf(why, size,
                 "an input of %.3g A needs a smaller dt: at %.3g s the step is accurate up to %.3g A",
                 current, si.dt, most);
    else
        return false;
    return true;
}

const gsp_encoder gsp_dpi_encoder = {
    .quantities = quantities,
    .n_quantities = (uint16_t)(sizeof quantities / sizeof quantities[0]),
    .note = "SI units; rounded to nearest, halves away from zero",
    .encode = encode,
    .real = real,
    .caution = caution,
    .stimuli = stimuli,
    .n_stimuli = (uint16_t)(sizeof stimuli / sizeof stimuli[0]),
    .time_step = Q_DT,
    .observed = "l",
    .column = "Imem_A",
    .stimulus = stimulus,
};
