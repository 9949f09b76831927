/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dpi: the differential-pair-integrator neuron of DYNAP-SE, in log-domain
 * fixed point.
 *
 * The membrane current is held as its logarithm, so every non-linearity is a
 * table of one dimension and no divider is needed. The numbered step, a
 * source for each line and the corner cases are in docs/models/dpi.md; SI
 * units become registers in dpi_encode.h.
 *
 * F = l_fraction, G = i_fraction, SEG = segment_bits, SW = state_width.
 * "uN QG": unsigned N-bit value with G fraction bits. Currents are octaves of
 * the membrane current per step.
 */
#ifndef GOLDENSPIKE_DPI_H
#define GOLDENSPIKE_DPI_H

#include <stddef.h>
#include <stdint.h>

#include "goldenspike/model.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    GSP_DPI_SIGMA_FRACTION = 17, /* S: fraction bits of t_table */
    GSP_DPI_T_OCTAVES = 16,      /* octaves that t_table spans */
    GSP_DPI_A_OCTAVES = 32       /* octaves that a_table spans: the range of l */
};

typedef struct gsp_dpi_params {
    uint8_t l_fraction;      /* F, 12..27; config, default 19 */
    uint8_t i_fraction;      /* G, 14..30, greater than F; config, default 26 */
    uint8_t segment_bits;    /* SEG, 2..8, less than F: 2^SEG table segments per octave; config, default 4 */
    uint8_t state_width;     /* SW, 24..40: bits of the decaying states; config, default 32 */
    uint8_t e_syn;           /* 0..12: a synaptic current is its state >> e_syn; config, default 4 */
    uint8_t e_ahp;           /* 0..12: the AHP current is its state >> e_ahp; config, default 6 */
    const uint64_t *t_table; /* 16 * 2^SEG + 1 words of 17 bits: 1 / (1 + 2^x), Q17 */
    const uint64_t *a_table; /* 32 * 2^SEG + 1 words of G+6 bits: feedback current over l, QG */
    uint64_t itau;           /* u(G+6) QG: leak */
    uint64_t io;             /* u(G+6) QG: least input current */
    int64_t lth;             /* s(F+6) QF: log2 of the gain current */
    int64_t lnm;             /* s(F+6) QF: log2 of the NMDA gate's threshold */
    uint32_t lspk;           /* u(F+5) QF: spike at or above it */
    uint32_t lrst;           /* u(F+5) QF: l after a spike */
    uint16_t refractory_steps;                               /* steps in which l is held after a spike */
    uint32_t dm_ampa, dm_nmda, dm_gaba_b, dm_gaba_a, dm_ahp; /* 2^15..2^16: share lost per step, mantissa */
    uint8_t ds_ampa, ds_nmda, ds_gaba_b, ds_gaba_a, ds_ahp;  /* 15..56: share lost per step is dm / 2^ds */
    uint64_t ahp_jump;                                       /* u(SW): added to ahp at a spike */
} gsp_dpi_params;

typedef struct gsp_dpi_in {
    uint64_t idc;        /* u(G+6) QG: direct input current */
    uint64_t add_ampa;   /* u(SW): events of this step, as the jump of the state */
    uint64_t add_nmda;   /* u(SW) */
    uint64_t add_gaba_b; /* u(SW) */
    uint64_t add_gaba_a; /* u(SW) */
} gsp_dpi_in;

typedef struct gsp_dpi_state {
    uint32_t l;                /* u(F+5) QF: log2(I_mem / I_0) */
    uint16_t refractory_count; /* steps left in which l is held */
    uint64_t ampa, nmda;       /* u(SW) Q(G+e_syn): excitatory */
    uint64_t gaba_b;           /* u(SW) Q(G+e_syn): subtracts from the input current */
    uint64_t gaba_a;           /* u(SW) Q(G+e_syn): shunt, adds to the leak */
    uint64_t ahp;              /* u(SW) Q(G+e_ahp): after-hyperpolarisation */
} gsp_dpi_state;

typedef struct gsp_dpi_out {
    uint8_t spike; /* 1 in the step that reached lspk */
} gsp_dpi_out;

/* Intermediates of one step; zero where a refractory step skips them. */
typedef struct gsp_dpi_internal {
    int64_t i_ampa, i_nmda, i_gaba_b, i_gaba_a, i_ahp; /* states as currents, QG */
    int64_t sig_nmda;   /* share of the NMDA current that the gate stops, Q17 */
    int64_t nmda_gated; /* what passes, QG */
    int64_t iin;        /* input current, clamped to io..2^(G+6)-1, QG */
    int64_t sig_gain;   /* 1 / (1 + I_mem / I_gain), Q17 */
    int64_t drive;      /* iin * sig_gain, QG */
    int64_t ia;         /* feedback current, QG */
    int64_t net;        /* net current, clamped to -2^(G+2)..2^G, QG */
    int64_t dl;         /* net rounded to QF */
    int64_t l_next;     /* l + dl, clamped to u(F+5); before the reset of a spike */
} gsp_dpi_internal;

extern const gsp_model gsp_dpi_model;
/* SI units. */
extern const struct gsp_encoder gsp_dpi_encoder;

/* 0, or 1 + the index in gsp_dpi_model.fields of the first illegal field. */
int gsp_dpi_check(const gsp_dpi_params *params);
/* Everything 0: I_mem = I_0, no synaptic current. */
void gsp_dpi_reset(gsp_dpi_state *state, const gsp_dpi_params *params);
/* One step. Total for params that pass gsp_dpi_check, table words, inputs and state within their widths. */
void gsp_dpi_step(const gsp_dpi_params *params, const gsp_dpi_in *in, gsp_dpi_state *state, gsp_dpi_out *out);
/* The same step, keeping its intermediates. */
void gsp_dpi_explain(const gsp_dpi_params *params, const gsp_dpi_in *in, gsp_dpi_state *state,
                     gsp_dpi_out *out, gsp_dpi_internal *internal);

/*
 * One step of n neurons that share their parameters; bit-equal to n calls of
 * gsp_dpi_step. Arrays hold n elements each and must not overlap.
 */
typedef struct gsp_dpi_arrays {
    const uint64_t *idc, *add_ampa, *add_nmda, *add_gaba_b, *add_gaba_a;
    uint32_t *l;
    uint16_t *refractory_count;
    uint64_t *ampa, *nmda, *gaba_b, *gaba_a, *ahp;
    uint8_t *spike;
} gsp_dpi_arrays;

void gsp_dpi_batch(const gsp_dpi_params *params, const gsp_dpi_arrays *arrays, size_t n);

#ifdef __cplusplus
}
#endif
#endif
