/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/dpi_encode.h"

#include <math.h>

#include "goldenspike/fix.h"

static const double LN_2 = 0.693147180559945309417;

/* A decay's mantissa has 16 bits: 2^15 <= d * 2^ds. */
enum { DM_FRACTION = 15, DS_MAX = 56 };

void gsp_dpi_si_default(gsp_dpi_si *si) {
    const gsp_dpi_si typical = {
        .dt = 100e-6,
        .i0 = 0.5e-12,
        .kappa = 0.705,
        .ut = 25e-3,
        .c_mem = 3e-12,
        .itau_mem = 3e-12 * 25e-3 / (0.705 * 20e-3), /* tau_mem 20 ms */
        .igain_mem = 4 * 3e-12 * 25e-3 / (0.705 * 20e-3),
        .ispkthr = 100e-9,
        .ireset = 0.5e-12,
        .t_ref = 1e-3,
        .tau_ampa = 10e-3,
        .tau_nmda = 10e-3,
        .tau_gaba_b = 10e-3,
        .tau_gaba_a = 10e-3,
        .tau_ahp = 50e-3,
        .ahp_jump = 0.0,
        .inmda_thr = 0.5e-12,
        .feedback = GSP_DPI_FEEDBACK_POWER,
        .ia_gain = 100e-12, /* unused unless the feedback is logistic */
        .ia_th = 1e-9,
        .ia_norm = 20e-12,
    };
    *si = typical;
}

size_t gsp_dpi_t_words(const gsp_dpi_params *params) {
    return ((size_t)GSP_DPI_T_OCTAVES << params->segment_bits) + 1;
}

size_t gsp_dpi_a_words(const gsp_dpi_params *params) {
    return ((size_t)GSP_DPI_A_OCTAVES << params->segment_bits) + 1;
}

double gsp_dpi_k(const gsp_dpi_si *si) {
    return si->dt * si->kappa / (si->c_mem * si->ut * LN_2);
}

double gsp_dpi_jump(double i_gain, double i_tau, double i_w, double t_pulse, double tau) {
    return i_gain / i_tau * i_w * -expm1(-t_pulse / tau);
}

/* value lies in min..max (a NaN does not); else says so in fault. */
static bool within(const char *quantity, double value, double min, double max, gsp_dpi_fault *fault) {
    if (value >= min && value <= max)
        return true;
    if (fault)
        *fault = (gsp_dpi_fault){quantity, value, min, max};
    return false;
}

static bool positive(const char *quantity, double value, gsp_dpi_fault *fault) {
    return within(quantity, value, 1e-30, 1e30, fault);
}

/* What every conversion divides or multiplies by. */
static bool scales(const gsp_dpi_si *si, gsp_dpi_fault *fault) {
    return positive("dt", si->dt, fault) && positive("i0", si->i0, fault) &&
           positive("kappa", si->kappa, fault) && positive("ut", si->ut, fault) &&
           positive("c_mem", si->c_mem, fault);
}

/* round(value * scale), halves away from zero, in 0..max of a field of `width` bits. */
static bool quantise(const char *quantity, double value, double scale, unsigned width, uint64_t *raw,
                     gsp_dpi_fault *fault) {
    const double max = (double)gsp_max_u(width);
    const double rounded = round(value * scale);
    if (!(value >= 0.0 && rounded <= max)) {
        if (fault)
            *fault = (gsp_dpi_fault){quantity, value, 0.0, max / scale};
        return false;
    }
    *raw = (uint64_t)rounded;
    return true;
}

/* round(log2(value / i0) * 2^F) in min..max. */
static bool logarithm(const gsp_dpi_si *si, const gsp_dpi_params *p, const char *quantity, double value,
                      int64_t min, int64_t max, int64_t *raw, gsp_dpi_fault *fault) {
    const double one = ldexp(1.0, p->l_fraction);
    const double least = si->i0 * exp2((double)min / one), most = si->i0 * exp2((double)max / one);
    const double rounded = value > 0.0 ? round(log2(value / si->i0) * one) : -INFINITY;
    if (!(rounded >= (double)min && rounded <= (double)max)) {
        if (fault)
            *fault = (gsp_dpi_fault){quantity, value, least, most};
        return false;
    }
    *raw = (int64_t)rounded;
    return true;
}

/* The share lost per step, d = 1 - exp(-dt/tau), as dm / 2^ds. */
static bool decay(const gsp_dpi_si *si, const char *quantity, double tau, uint32_t *dm, uint8_t *ds,
                  gsp_dpi_fault *fault) {
    /* d = 2^-41 still takes the largest shift. */
    const double longest = si->dt * ldexp(1.0, DS_MAX - DM_FRACTION) * (1.0 - 1e-9);
    if (!within(quantity, tau, 0.0, longest, fault))
        return false;
    const double lost = -expm1(-si->dt / tau);
    int shift = DM_FRACTION;
    while (ldexp(lost, shift) < ldexp(1.0, DM_FRACTION))
        shift++;
    *ds = (uint8_t)shift;
    *dm = (uint32_t)round(ldexp(lost, shift));
    return true;
}

/* I_a(I_0 * 2^x) in amperes. */
static double feedback_current(const gsp_dpi_si *si, double x) {
    switch (si->feedback) {
    case GSP_DPI_FEEDBACK_POWER: return si->i0 * exp2(x * si->kappa / (si->kappa + 1.0));
    case GSP_DPI_FEEDBACK_LOGISTIC:
        return si->ia_gain / (1.0 + exp(-(si->i0 * exp2(x) - si->ia_th) / si->ia_norm));
    default: return 0.0;
    }
}

static bool check_feedback(const gsp_dpi_si *si, gsp_dpi_fault *fault) {
    if (!within("feedback", si->feedback, GSP_DPI_FEEDBACK_POWER, GSP_DPI_FEEDBACK_NONE, fault))
        return false;
    return si->feedback != GSP_DPI_FEEDBACK_LOGISTIC ||
           (within("ia_gain", si->ia_gain, 0.0, 1e30, fault) &&
            within("ia_th", si->ia_th, -1e30, 1e30, fault) && positive("ia_norm", si->ia_norm, fault));
}

static void encode_tables(const gsp_dpi_si *si, const gsp_dpi_params *p, uint64_t *t, uint64_t *a) {
    const double segments = ldexp(1.0, p->segment_bits);
    const double one = gsp_dpi_k(si) * ldexp(1.0, p->i_fraction);
    const double most = ldexp(1.0, p->i_fraction + 5);
    for (size_t j = 0; j < gsp_dpi_t_words(p); j++)
        t[j] = (uint64_t)round(ldexp(1.0, GSP_DPI_SIGMA_FRACTION) / (1.0 + exp2((double)j / segments)));
    for (size_t j = 0; j < gsp_dpi_a_words(p); j++)
        a[j] = (uint64_t)fmin(round(feedback_current(si, (double)j / segments) * one), most);
}

static double current_scale(const gsp_dpi_si *si, const gsp_dpi_params *p) {
    return gsp_dpi_k(si) * ldexp(1.0, p->i_fraction);
}

static double state_scale(const gsp_dpi_si *si, const gsp_dpi_params *p, gsp_dpi_synapse synapse) {
    return current_scale(si, p) * ldexp(1.0, synapse == GSP_DPI_AHP ? p->e_ahp : p->e_syn);
}

bool gsp_dpi_encode(const gsp_dpi_si *si, gsp_dpi_params *p, uint64_t *t_words, uint64_t *a_words,
                    gsp_dpi_fault *fault) {
    if (!scales(si, fault) || !check_feedback(si, fault))
        return false;
    const double one = current_scale(si, p);
    const unsigned current_width = p->i_fraction + 6u, log_width = p->l_fraction + 6u;
    const int64_t l_max = gsp_max_u(p->l_fraction + 5u);
    int64_t lspk, lrst;
    uint64_t io;
    if (!quantise("i0", si->i0, one, current_width, &io, fault) ||
        !quantise("itau_mem", si->itau_mem, one, current_width, &p->itau, fault) ||
        !logarithm(si, p, "igain_mem", si->igain_mem, gsp_min_s(log_width), gsp_max_s(log_width), &p->lth,
                   fault) ||
        !logarithm(si, p, "inmda_thr", si->inmda_thr, gsp_min_s(log_width), gsp_max_s(log_width), &p->lnm,
                   fault) ||
        !logarithm(si, p, "ispkthr", si->ispkthr, 0, l_max, &lspk, fault) ||
        !logarithm(si, p, "ireset", si->ireset, 0, l_max, &lrst, fault) ||
        !decay(si, "tau_ampa", si->tau_ampa, &p->dm_ampa, &p->ds_ampa, fault) ||
        !decay(si, "tau_nmda", si->tau_nmda, &p->dm_nmda, &p->ds_nmda, fault) ||
        !decay(si, "tau_gaba_b", si->tau_gaba_b, &p->dm_gaba_b, &p->ds_gaba_b, fault) ||
        !decay(si, "tau_gaba_a", si->tau_gaba_a, &p->dm_gaba_a, &p->ds_gaba_a, fault) ||
        !decay(si, "tau_ahp", si->tau_ahp, &p->dm_ahp, &p->ds_ahp, fault))
        return false;
    uint64_t refractory_steps;
    if (!quantise("t_ref", si->t_ref, 1.0 / si->dt, 16, &refractory_steps, fault) ||
        !quantise("ahp_jump", si->ahp_jump, state_scale(si, p, GSP_DPI_AHP), p->state_width, &p->ahp_jump,
                  fault))
        return false;
    p->io = io > 0 ? io : 1;
    p->lspk = (uint32_t)lspk;
    p->lrst = (uint32_t)lrst;
    p->refractory_steps = (uint16_t)refractory_steps;
    encode_tables(si, p, t_words, a_words);
    p->t_table = t_words;
    p->a_table = a_words;
    return true;
}

bool gsp_dpi_encode_current(const gsp_dpi_si *si, const gsp_dpi_params *p, double amperes, uint64_t *idc,
                            gsp_dpi_fault *fault) {
    return scales(si, fault) &&
           quantise("amperes", amperes, current_scale(si, p), p->i_fraction + 6u, idc, fault);
}

bool gsp_dpi_encode_event(const gsp_dpi_si *si, const gsp_dpi_params *p, gsp_dpi_synapse synapse, double jump,
                          uint64_t *add, gsp_dpi_fault *fault) {
    return scales(si, fault) &&
           quantise("jump", jump, state_scale(si, p, synapse), p->state_width, add, fault);
}

double gsp_dpi_decode_i_mem(const gsp_dpi_si *si, const gsp_dpi_params *p, uint32_t l) {
    return si->i0 * exp2(ldexp(l, -p->l_fraction));
}

double gsp_dpi_decode_synapse(const gsp_dpi_si *si, const gsp_dpi_params *p, gsp_dpi_synapse synapse,
                              uint64_t state) {
    return (double)state / state_scale(si, p, synapse);
}

double gsp_dpi_decode_current(const gsp_dpi_si *si, const gsp_dpi_params *p, int64_t current) {
    return (double)current / current_scale(si, p);
}
