/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SI units to the registers and tables of dpi, and back. Host side: floating
 * point lives here and nowhere else in the model.
 *
 * The configuration (l_fraction ... e_ahp) is the caller's: set the config
 * fields of a gsp_dpi_params, then encode. Rounding is to nearest, halves away
 * from zero. What does not fit is refused, never clipped; `fault`, which may be
 * NULL, then says what and which values are legal.
 */
#ifndef GOLDENSPIKE_DPI_ENCODE_H
#define GOLDENSPIKE_DPI_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "goldenspike/dpi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Form of the feedback current I_a(I_mem). */
enum {
    GSP_DPI_FEEDBACK_POWER = 0,    /* I_0^(1/(kappa+1)) * I_mem^(kappa/(kappa+1)) */
    GSP_DPI_FEEDBACK_LOGISTIC = 1, /* ia_gain / (1 + exp(-(I_mem - ia_th) / ia_norm)) */
    GSP_DPI_FEEDBACK_NONE = 2
};

/* The decaying states. */
typedef enum gsp_dpi_synapse {
    GSP_DPI_AMPA = 0,
    GSP_DPI_NMDA = 1,
    GSP_DPI_GABA_B = 2, /* subtractive */
    GSP_DPI_GABA_A = 3, /* shunt */
    GSP_DPI_AHP = 4
} gsp_dpi_synapse;

/* A neuron in SI units. */
typedef struct gsp_dpi_si {
    double dt;        /* s per step */
    double i0;        /* A, leakage current: the unit of I_mem */
    double kappa;     /* subthreshold slope factor */
    double ut;        /* V, thermal voltage */
    double c_mem;     /* F */
    double itau_mem;  /* A, leak; tau_mem = c_mem * ut / (kappa * itau_mem) */
    double igain_mem; /* A */
    double ispkthr;   /* A, spike when I_mem reaches it */
    double ireset;    /* A, I_mem after a spike */
    double t_ref;     /* s */
    double tau_ampa, tau_nmda, tau_gaba_b, tau_gaba_a, tau_ahp; /* s */
    double ahp_jump;                                            /* A, added to I_ahp at a spike */
    double inmda_thr;                                           /* A */
    int feedback;                                               /* GSP_DPI_FEEDBACK_... */
    double ia_gain, ia_th, ia_norm;                             /* A, of the logistic feedback */
} gsp_dpi_si;

/* What an encoder refused. */
typedef struct gsp_dpi_fault {
    const char *quantity; /* member of gsp_dpi_si, or "amperes", "jump" */
    double value;         /* as given, SI units */
    double min, max;      /* legal range under this configuration, inclusive, SI units */
} gsp_dpi_fault;

/* The typical neuron, dt 100 us: i0 0.5 pA, tau_mem 20 ms, power feedback, AHP off. */
void gsp_dpi_si_default(gsp_dpi_si *si);

/* Words of the tables under the configuration in params. */
size_t gsp_dpi_t_words(const gsp_dpi_params *params);
size_t gsp_dpi_a_words(const gsp_dpi_params *params);

/* Octaves per ampere and step: dt * kappa / (c_mem * ut * ln 2). */
double gsp_dpi_k(const gsp_dpi_si *si);

/*
 * Every param and both tables. params->t_table and a_table then point to
 * t_words and a_words, which must outlive their use. False: nothing usable
 * was written. The configuration must be legal.
 */
bool gsp_dpi_encode(const gsp_dpi_si *si, gsp_dpi_params *params, uint64_t *t_words, uint64_t *a_words,
                    gsp_dpi_fault *fault);
/* Input idc for a direct current, 0 and above. */
bool gsp_dpi_encode_current(const gsp_dpi_si *si, const gsp_dpi_params *params, double amperes, uint64_t *idc,
                            gsp_dpi_fault *fault);
/* Input add_* (or ahp_jump) for an event that raises the current of `synapse` by `jump` amperes. */
bool gsp_dpi_encode_event(const gsp_dpi_si *si, const gsp_dpi_params *params, gsp_dpi_synapse synapse,
                          double jump, uint64_t *add, gsp_dpi_fault *fault);
/* The current step of one pulse on the linear DPI synapse: (Ig/Itau) * Iw * (1 - exp(-t_pulse/tau)), amperes.
 */
double gsp_dpi_jump(double i_gain, double i_tau, double i_w, double t_pulse, double tau);

/* I_mem of state l, amperes. */
double gsp_dpi_decode_i_mem(const gsp_dpi_si *si, const gsp_dpi_params *params, uint32_t l);
/* The current of a decaying state, amperes. */
double gsp_dpi_decode_synapse(const gsp_dpi_si *si, const gsp_dpi_params *params, gsp_dpi_synapse synapse,
                              uint64_t state);
/* A current in octaves per step, QG (idc, itau, internals), in amperes. */
double gsp_dpi_decode_current(const gsp_dpi_si *si, const gsp_dpi_params *params, int64_t current);

#ifdef __cplusplus
}
#endif
#endif
