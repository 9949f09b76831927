/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/dpi.h"

#include "goldenspike/fix.h"
#include "stretch.h"

#include "dpi_tables.inc"

#define CONFIG(name, ...) GSP_FIELD(GSP_CONFIG, gsp_dpi_params, name, __VA_ARGS__)
#define TABLE(name, ...) GSP_FIELD(GSP_TABLE, gsp_dpi_params, name, __VA_ARGS__)
#define PARAM(name, ...) GSP_FIELD(GSP_PARAM, gsp_dpi_params, name, __VA_ARGS__)
#define INPUT(name, ...) GSP_FIELD(GSP_INPUT, gsp_dpi_in, name, __VA_ARGS__)
#define STATE(name, ...) GSP_FIELD(GSP_STATE, gsp_dpi_state, name, __VA_ARGS__)
#define OUTPUT(name, ...) GSP_FIELD(GSP_OUTPUT, gsp_dpi_out, name, __VA_ARGS__)
#define INTERNAL(name, ...) \
    GSP_FIELD(GSP_INTERNAL, gsp_dpi_internal, name, .width = 64, .is_signed = true, __VA_ARGS__)

/* Widths of the default configuration; resolve() puts in those of the one at hand. */
#define WIDTH_I .width = 32                      /* G+6 */
#define WIDTH_L .width = 24                      /* F+5 */
#define WIDTH_LOG .width = 25, .is_signed = true /* F+6 */
#define WIDTH_STATE .width_of = "state_width"

/* Decays of the typical neuron at dt 100 us: tau 10 ms and 50 ms. */
#define DM(name, initial_, of)                                                           \
    PARAM(dm_##name, .width = 17, .min = 1 << 15, .max = 1 << 16, .initial = (initial_), \
          .meaning = "share of " of " lost per step: mantissa")
#define DS(name, initial_, of)                                                \
    PARAM(ds_##name, .width = 6, .min = 15, .max = 56, .initial = (initial_), \
          .meaning = "share of " of " lost per step is dm / 2^ds")

/* Places in the table. */
enum {
    F_L_FRACTION,
    F_I_FRACTION,
    F_SEGMENT_BITS,
    F_STATE_WIDTH,
    F_E_SYN,
    F_E_AHP,
    F_T_TABLE,
    F_A_TABLE,
    F_ITAU,
    F_IO,
    F_LTH,
    F_LNM,
    F_LSPK,
    F_LRST,
    F_REFRACTORY_STEPS,
    F_DECAYS,
    F_AHP_JUMP = F_DECAYS + 10,
    F_IDC,
    F_ADDS,
    F_L = F_ADDS + 4
};

static const gsp_field fields[] = {
    CONFIG(l_fraction, .width = 5, .min = 12, .max = 27, .initial = 19,
           .meaning = "F, fraction bits of l, in octaves"),
    CONFIG(i_fraction, .width = 5, .min = 14, .max = 30, .initial = 26,
           .meaning = "G, fraction bits of currents, in octaves per step; greater than l_fraction"),
    CONFIG(segment_bits, .width = 4, .min = 2, .max = 8, .initial = 4,
           .meaning = "SEG, the tables have 2^SEG segments per octave"),
    CONFIG(state_width, .width = 6, .min = 24, .max = 40, .initial = 32,
           .meaning = "SW, bits of the decaying states"),
    CONFIG(e_syn, .width = 4, .max = 12, .initial = 4, .meaning = "a synaptic current is its state >> e_syn"),
    CONFIG(e_ahp, .width = 4, .max = 12, .initial = 6, .meaning = "the AHP current is its state >> e_ahp"),
    TABLE(t_table, .width = 17, .words = 257, .meaning = "1 / (1 + 2^x) over x = 0..16 octaves, Q17"),
    TABLE(a_table, WIDTH_I, .words = 513, .meaning = "feedback current over l = 0..32 octaves, QG"),
    PARAM(itau, WIDTH_I, .meaning = "leak current, QG"),
    PARAM(io, WIDTH_I, .meaning = "least input current, QG"),
    PARAM(lth, WIDTH_LOG, .meaning = "log2 of the gain current over I_0, QF"),
    PARAM(lnm, WIDTH_LOG, .meaning = "log2 of the threshold of the NMDA gate over I_0, QF"),
    PARAM(lspk, WIDTH_L, .meaning = "spike when l >= lspk, QF"),
    PARAM(lrst, WIDTH_L, .meaning = "l after a spike, QF"),
    PARAM(refractory_steps, .width = 16, .initial = 10, .meaning = "steps in which l is held after a spike"),
    DM(ampa, 41734, "ampa"),
    DS(ampa, 22, "ampa"),
    DM(nmda, 41734, "nmda"),
    DS(nmda, 22, "nmda"),
    DM(gaba_b, 41734, "gaba_b"),
    DS(gaba_b, 22, "gaba_b"),
    DM(gaba_a, 41734, "gaba_a"),
    DS(gaba_a, 22, "gaba_a"),
    DM(ahp, 33521, "ahp"),
    DS(ahp, 24, "ahp"),
    PARAM(ahp_jump, WIDTH_STATE, .meaning = "added to ahp at a spike, Q(G+e_ahp)"),
    INPUT(idc, WIDTH_I, .meaning = "direct input current, QG"),
    INPUT(add_ampa, WIDTH_STATE, .meaning = "events on ampa in this step, Q(G+e_syn)"),
    INPUT(add_nmda, WIDTH_STATE, .meaning = "events on nmda in this step, Q(G+e_syn)"),
    INPUT(add_gaba_b, WIDTH_STATE, .meaning = "events on gaba_b in this step, Q(G+e_syn)"),
    INPUT(add_gaba_a, WIDTH_STATE, .meaning = "events on gaba_a in this step, Q(G+e_syn)"),
    STATE(l, WIDTH_L, .meaning = "log2 of the membrane current over I_0, QF"),
    STATE(refractory_count, .width = 16, .meaning = "steps left in which l is held"),
    STATE(ampa, WIDTH_STATE, .meaning = "excitatory synapse, Q(G+e_syn)"),
    STATE(nmda, WIDTH_STATE, .meaning = "excitatory synapse behind the gate of l, Q(G+e_syn)"),
    STATE(gaba_b, WIDTH_STATE, .meaning = "inhibitory synapse, subtracts from the input, Q(G+e_syn)"),
    STATE(gaba_a, WIDTH_STATE, .meaning = "inhibitory synapse, a shunt: adds to the leak, Q(G+e_syn)"),
    STATE(ahp, WIDTH_STATE, .meaning = "after-hyperpolarisation, Q(G+e_ahp)"),
    OUTPUT(spike, .width = 1, .meaning = "l reached lspk in this step"),
    INTERNAL(i_ampa, .meaning = "ampa as a current, QG"),
    INTERNAL(i_nmda, .meaning = "nmda as a current, QG"),
    INTERNAL(i_gaba_b, .meaning = "gaba_b as a current, QG"),
    INTERNAL(i_gaba_a, .meaning = "gaba_a as a current, QG"),
    INTERNAL(i_ahp, .meaning = "ahp as a current, QG"),
    INTERNAL(sig_nmda, .meaning = "share of the NMDA current that the gate stops, Q17"),
    INTERNAL(nmda_gated, .meaning = "NMDA current that passes, QG"),
    INTERNAL(iin, .meaning = "input current, clamped to io..2^(G+6)-1, QG"),
    INTERNAL(sig_gain, .meaning = "1 / (1 + I_mem / I_gain), Q17"),
    INTERNAL(drive, .meaning = "iin * sig_gain, QG"),
    INTERNAL(ia, .meaning = "feedback current, QG"),
    INTERNAL(net, .meaning = "net current, clamped to -2^(G+2)..2^G, QG"),
    INTERNAL(dl, .meaning = "net rounded to QF"),
    INTERNAL(l_next, .meaning = "l + dl, clamped; before the reset of a spike"),
};

static const char *const equations[] = {
    "(1) s = sat(s - ((s * dm + 2^ds - 1) >> ds) + add, 0, 2^SW - 1)     s each of ampa, nmda, gaba_b, gaba_a; ahp without add",
    "(2) refractory_count > 0:  refractory_count -= 1, l held, spike = 0; else",
    "(3) i_x = x >> e_syn, i_ahp = ahp >> e_ahp                          x each of ampa, nmda, gaba_b, gaba_a",
    "(4) nmda_gated = (i_nmda * (2^17 - sig(l - lnm))) >> 17",
    "(5) iin   = sat(idc + i_ampa + nmda_gated - i_gaba_b, io, 2^(G+6) - 1)",
    "(6) drive = (iin * sig(l - lth)) >> 17",
    "(7) ia    = A[j] + (((A[j+1] - A[j]) * fr) >> FB)                   j = l >> (F-SEG), fr = the next FB bits, FB = min(F-SEG, 14)",
    "(8) net   = sat(drive + ia - itau - i_gaba_a - i_ahp, -2^(G+2), 2^G)",
    "(9) l     = sat(l + ((net + 2^(G-F-1)) >> (G-F)), 0, 2^(F+5) - 1)",
    "(10) l >= lspk:  l = lrst, refractory_count = refractory_steps, ahp = sat(ahp + ahp_jump, 0, 2^SW - 1), spike = 1",
    "sig(x): |x| >= 2^(F+4): v = T[2^(SEG+4)], else v = T[i] - (((T[i] - T[i+1]) * fr) >> FB), i and fr of |x| as in (7);  x < 0 ? 2^17 - v : v",
    NULL,
};

/* The numbers of the typical neuron at dt 100 us with 40 fraction bits (dpi_encode.h says what they are). */
enum { CONSTANT_FRACTION = 40 };
static const int64_t TYPICAL_ITAU = INT64_C(7931299864), TYPICAL_IO = INT64_C(745542187),
                     TYPICAL_LTH = INT64_C(5949672298735), TYPICAL_LSPK = INT64_C(19362004462598);

static int64_t typical(int64_t constant, unsigned fraction) {
    return gsp_shr_round(constant, CONSTANT_FRACTION - fraction);
}

static void set_width(gsp_field *f, unsigned width) {
    f->width = (uint8_t)width;
    f->min = f->is_signed ? gsp_min_s(width) : 0;
    f->max = f->is_signed ? gsp_max_s(width) : gsp_max_u(width);
}

static void resolve(const void *params, gsp_field *f) {
    const gsp_dpi_params *p = (const gsp_dpi_params *)params;
    const unsigned l_fraction = p->l_fraction, i_fraction = p->i_fraction;
    static const uint8_t currents[] = {F_A_TABLE, F_ITAU, F_IO, F_IDC};
    for (unsigned k = 0; k < sizeof currents; k++)
        set_width(&f[currents[k]], i_fraction + 6);
    set_width(&f[F_LTH], l_fraction + 6);
    set_width(&f[F_LNM], l_fraction + 6);
    set_width(&f[F_LSPK], l_fraction + 5);
    set_width(&f[F_LRST], l_fraction + 5);
    set_width(&f[F_L], l_fraction + 5);
    if (f[F_I_FRACTION].min <= l_fraction)
        f[F_I_FRACTION].min = l_fraction + 1;
    f[F_T_TABLE].words = (uint16_t)((GSP_DPI_T_OCTAVES << p->segment_bits) + 1);
    f[F_A_TABLE].words = (uint16_t)((GSP_DPI_A_OCTAVES << p->segment_bits) + 1);
    f[F_ITAU].initial = typical(TYPICAL_ITAU, i_fraction);
    f[F_IO].initial = typical(TYPICAL_IO, i_fraction);
    f[F_LTH].initial = typical(TYPICAL_LTH, l_fraction);
    f[F_LSPK].initial = typical(TYPICAL_LSPK, l_fraction);
}

static const uint64_t *table(const void *params, int index) {
    const gsp_dpi_params *p = (const gsp_dpi_params *)params;
    static const uint64_t *const t_tables[] = {t_table_4, t_table_6};
    static const uint64_t *const a_tables[2][2] = {{a_table_4_26, a_table_4_30},
                                                   {a_table_6_26, a_table_6_30}};
    const int s = p->segment_bits == 4 ? 0 : p->segment_bits == 6 ? 1 : -1;
    const int g = p->i_fraction == 26 ? 0 : p->i_fraction == 30 ? 1 : -1;
    if (s < 0)
        return NULL;
    if (index == F_T_TABLE)
        return t_tables[s];
    return g < 0 ? NULL : a_tables[s][g];
}

static const gsp_preset presets[] = {
    {"fine", "segment_bits=6",
     "64 segments per octave: steep logistic feedback, and inputs just above rheobase"},
    {"wide", "l_fraction=27 i_fraction=30 segment_bits=4 state_width=40 e_syn=8 e_ahp=10",
     "the 32-bit variant, for dt 10 us"},
    {NULL, NULL, NULL},
};

int gsp_dpi_check(const gsp_dpi_params *params) {
    return gsp_check(&gsp_dpi_model, params);
}

void gsp_dpi_reset(gsp_dpi_state *state, const gsp_dpi_params *params) {
    static const gsp_dpi_state cleared = {.l = 0};
    (void)params;
    *state = cleared;
}

/* Where a logarithm falls in a table: the segment, and FB bits of the way through it. */
typedef struct place {
    unsigned i;
    int64_t fr;
} place;

static inline place locate(const gsp_dpi_params *p, int64_t x) {
    const unsigned below = (unsigned)p->l_fraction - p->segment_bits;
    const unsigned fb = below < 14 ? below : 14;
    const place at = {(unsigned)gsp_shr_floor(x, below), gsp_wrap_u(gsp_shr_floor(x, below - fb), fb)};
    return at;
}

/* The share `fr` of a difference of two words. */
static inline int64_t part(const gsp_dpi_params *p, int64_t difference, int64_t fr) {
    const unsigned below = (unsigned)p->l_fraction - p->segment_bits;
    return gsp_shr_floor(gsp_mul(difference, fr), below < 14 ? below : 14);
}

static inline int64_t sig(const gsp_dpi_params *p, int64_t x) {
    const int64_t ax = x < 0 ? gsp_sub(0, x) : x;
    int64_t v;
    if (ax >= gsp_shl(GSP_DPI_T_OCTAVES, p->l_fraction)) {
        v = (int64_t)p->t_table[(unsigned)GSP_DPI_T_OCTAVES << p->segment_bits];
    } else {
        const place at = locate(p, ax);
        const int64_t t0 = (int64_t)p->t_table[at.i], t1 = (int64_t)p->t_table[at.i + 1];
        v = gsp_sub(t0, part(p, gsp_sub(t0, t1), at.fr));
    }
    return x < 0 ? gsp_sub(gsp_shl(1, GSP_DPI_SIGMA_FRACTION), v) : v;
}

/* (1) The decrement is rounded up, so that every state reaches 0; it may exceed the state by rounding. */
static inline uint64_t decay(const gsp_dpi_params *p, uint64_t state, uint32_t dm, uint8_t ds, uint64_t add) {
    const int64_t s = (int64_t)state;
    const int64_t lost = gsp_shr_floor(gsp_add(gsp_mul(s, dm), gsp_sub(gsp_shl(1, ds), 1)), ds);
    return (uint64_t)gsp_sat_u(gsp_add(gsp_sub(s, lost), (int64_t)add), p->state_width);
}

static inline __attribute__((always_inline)) gsp_dpi_internal
step(const gsp_dpi_params *p, const gsp_dpi_in *in, gsp_dpi_state *s, gsp_dpi_out *out) {
    gsp_dpi_internal x = {.iin = 0};

    /* (1) */
    s->ampa = decay(p, s->ampa, p->dm_ampa, p->ds_ampa, in->add_ampa);
    s->nmda = decay(p, s->nmda, p->dm_nmda, p->ds_nmda, in->add_nmda);
    s->gaba_b = decay(p, s->gaba_b, p->dm_gaba_b, p->ds_gaba_b, in->add_gaba_b);
    s->gaba_a = decay(p, s->gaba_a, p->dm_gaba_a, p->ds_gaba_a, in->add_gaba_a);
    s->ahp = decay(p, s->ahp, p->dm_ahp, p->ds_ahp, 0);

    /* (2) */
    out->spike = 0;
    if (s->refractory_count > 0) {
        s->refractory_count = (uint16_t)(s->refractory_count - 1);
        return x;
    }

    /* (3) */
    const unsigned f = p->l_fraction, g = p->i_fraction;
    const int64_t l = s->l;
    x.i_ampa = gsp_shr_floor((int64_t)s->ampa, p->e_syn);
    x.i_nmda = gsp_shr_floor((int64_t)s->nmda, p->e_syn);
    x.i_gaba_b = gsp_shr_floor((int64_t)s->gaba_b, p->e_syn);
    x.i_gaba_a = gsp_shr_floor((int64_t)s->gaba_a, p->e_syn);
    x.i_ahp = gsp_shr_floor((int64_t)s->ahp, p->e_ahp);

    /* (4) */
    x.sig_nmda = sig(p, gsp_sub(l, p->lnm));
    const int64_t passes = gsp_sub(gsp_shl(1, GSP_DPI_SIGMA_FRACTION), x.sig_nmda);
    x.nmda_gated = gsp_shr_floor(gsp_mul(x.i_nmda, passes), GSP_DPI_SIGMA_FRACTION);

    /* (5), (6) */
    const int64_t excitation = gsp_add(gsp_add((int64_t)in->idc, x.i_ampa), x.nmda_gated);
    x.iin = gsp_clamp(gsp_sub(excitation, x.i_gaba_b), (int64_t)p->io, gsp_max_u(g + 6));
    x.sig_gain = sig(p, gsp_sub(l, p->lth));
    x.drive = gsp_shr_floor(gsp_mul(x.iin, x.sig_gain), GSP_DPI_SIGMA_FRACTION);

    /* (7) */
    const place at = locate(p, l);
    const int64_t a0 = (int64_t)p->a_table[at.i], a1 = (int64_t)p->a_table[at.i + 1];
    x.ia = gsp_add(a0, part(p, gsp_sub(a1, a0), at.fr));

    /* (8) */
    const int64_t leaks = gsp_add(gsp_add((int64_t)p->itau, x.i_gaba_a), x.i_ahp);
    x.net = gsp_clamp(gsp_sub(gsp_add(x.drive, x.ia), leaks), -gsp_shl(1, g + 2), gsp_shl(1, g));

    /* (9) */
    x.dl = gsp_shr_round(x.net, g - f);
    x.l_next = gsp_sat_u(gsp_add(l, x.dl), f + 5);

    /* (10) */
    s->l = (uint32_t)x.l_next;
    if (x.l_next >= (int64_t)p->lspk) {
        s->l = p->lrst;
        s->refractory_count = p->refractory_steps;
        s->ahp = (uint64_t)gsp_sat_u(gsp_add((int64_t)s->ahp, (int64_t)p->ahp_jump), p->state_width);
        out->spike = 1;
    }
    return x;
}

void gsp_dpi_step(const gsp_dpi_params *params, const gsp_dpi_in *in, gsp_dpi_state *state,
                  gsp_dpi_out *out) {
    (void)step(params, in, state, out);
}

void gsp_dpi_explain(const gsp_dpi_params *params, const gsp_dpi_in *in, gsp_dpi_state *state,
                     gsp_dpi_out *out, gsp_dpi_internal *internal) {
    *internal = step(params, in, state, out);
}

void gsp_dpi_batch(const gsp_dpi_params *params, const gsp_dpi_arrays *a, size_t n) {
    const gsp_dpi_params p = *params; /* a copy, so that no store can change it */
    for (size_t k = 0; k < n; k++) {
        const gsp_dpi_in in = {a->idc[k], a->add_ampa[k], a->add_nmda[k], a->add_gaba_b[k], a->add_gaba_a[k]};
        gsp_dpi_state s = {a->l[k],      a->refractory_count[k], a->ampa[k], a->nmda[k],
                           a->gaba_b[k], a->gaba_a[k],           a->ahp[k]};
        gsp_dpi_out out;
        (void)step(&p, &in, &s, &out);
        a->l[k] = s.l;
        a->refractory_count[k] = s.refractory_count;
        a->ampa[k] = s.ampa;
        a->nmda[k] = s.nmda;
        a->gaba_b[k] = s.gaba_b;
        a->gaba_a[k] = s.gaba_a;
        a->ahp[k] = s.ahp;
        a->spike[k] = out.spike;
    }
}

GSP_MODEL_ENTRIES(dpi)
GSP_MODEL_STRETCH(dpi, fields)
GSP_MODEL_BATCH(dpi, GSP_ARRAY(dpi, idc), GSP_ARRAY(dpi, add_ampa), GSP_ARRAY(dpi, add_nmda),
                GSP_ARRAY(dpi, add_gaba_b), GSP_ARRAY(dpi, add_gaba_a), GSP_ARRAY(dpi, l),
                GSP_ARRAY(dpi, refractory_count), GSP_ARRAY(dpi, ampa), GSP_ARRAY(dpi, nmda),
                GSP_ARRAY(dpi, gaba_b), GSP_ARRAY(dpi, gaba_a), GSP_ARRAY(dpi, ahp), GSP_ARRAY(dpi, spike))

const gsp_model gsp_dpi_model = {
    GSP_MODEL_HEAD(dpi, fields),
    GSP_BATCH(dpi),
    .stretch = dpi_stretch,
    .title = "differential-pair-integrator neuron of DYNAP-SE, log-domain fixed point",
    .source =
        "Chicca, Stefanini, Bartolozzi, Indiveri 2014 (the circuit equation); the fixed-point form is this project's",
    .presets = presets,
    .equations = equations,
    .resolve = resolve,
    .table = table,
    .encoder = &gsp_dpi_encoder,
};
