/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dpi by hand: the corners, with expectations worked out on paper; random
 * tables and configurations against the oracle; the encoder; and, in the
 * second group, the accuracy against double-precision solutions of the circuit
 * equation, of files (tests/data/dpi) and of a solver written here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "goldenspike/cases.h"
#include "goldenspike/dpi_encode.h"
#include "goldenspike/stim.h"
#include "oracle.h"

enum { MAX_T = (16 << 8) + 1, MAX_A = (32 << 8) + 1 };

static uint64_t t_words[MAX_T], a_words[MAX_A];

static void set_config(gsp_dpi_params *p, unsigned f, unsigned g, unsigned seg, unsigned sw, unsigned e_syn,
                       unsigned e_ahp) {
    gsp_default_config(&gsp_dpi_model, p);
    p->l_fraction = (uint8_t)f;
    p->i_fraction = (uint8_t)g;
    p->segment_bits = (uint8_t)seg;
    p->state_width = (uint8_t)sw;
    p->e_syn = (uint8_t)e_syn;
    p->e_ahp = (uint8_t)e_ahp;
}

/* The default neuron with tables of one value each, all currents 0 and out of reach of a spike. */
static gsp_dpi_params flat(uint64_t t, uint64_t a) {
    gsp_dpi_params p;
    set_config(&p, 19, 26, 4, 32, 4, 6);
    gsp_default_params(&gsp_dpi_model, &p);
    for (size_t j = 0; j < gsp_dpi_t_words(&p); j++)
        t_words[j] = t;
    for (size_t j = 0; j < gsp_dpi_a_words(&p); j++)
        a_words[j] = a;
    p.t_table = t_words;
    p.a_table = a_words;
    p.itau = p.io = 0;
    p.lth = p.lnm = 0;
    p.lspk = (1u << 24) - 1;
    p.refractory_steps = 0;
    assert_int_equal(gsp_dpi_check(&p), 0);
    return p;
}

static const gsp_dpi_in nothing = {0, 0, 0, 0, 0};

/* One step from l: the l after it. */
static uint32_t l_after(const gsp_dpi_params *p, uint32_t l, uint64_t idc) {
    gsp_dpi_in in = nothing;
    gsp_dpi_state s = {.l = l};
    gsp_dpi_out out = {.spike = 0xEE};
    in.idc = idc;
    gsp_dpi_step(p, &in, &s, &out);
    assert_in_range(out.spike, 0, 1);
    return s.l;
}

static void net_is_rounded_and_clamped(void **state) {
    (void)state;
    gsp_dpi_params p = flat(65536, 0);            /* drive = iin / 2, 2^7 of it move l by 1 */
    assert_int_equal(l_after(&p, 100, 127), 100); /* net 63 */
    assert_int_equal(l_after(&p, 100, 128), 101); /* 64: half, up */
    assert_int_equal(l_after(&p, 100, 383), 101); /* 191 */
    assert_int_equal(l_after(&p, 100, 384), 102);
    p.itau = 64;
    assert_int_equal(l_after(&p, 100, 0), 100); /* -64: half, up */
    p.itau = 65;
    assert_int_equal(l_after(&p, 100, 0), 99);
    p.itau = 65 + 128;
    assert_int_equal(l_after(&p, 1, 0), 0);
    assert_int_equal(l_after(&p, 0, 0), 0); /* the bottom */
    p.itau = (UINT64_C(1) << 32) - 1;
    assert_int_equal(l_after(&p, 0xFFFFFE, 0), 0xFFFFFE - (1 << 21)); /* -4 octaves at most */
    p.itau = UINT64_C(1) << 28;
    assert_int_equal(l_after(&p, 1 << 22, 0), 1 << 21);
    p.itau = 0;
    assert_int_equal(l_after(&p, 5, (UINT64_C(1) << 32) - 1), 5 + (1 << 19)); /* 1 octave at most */
    assert_int_equal(l_after(&p, 5, (UINT64_C(1) << 27) - 2), 5 + (1 << 19)); /* 2^26 - 1, rounded */
    assert_int_equal(l_after(&p, 0xFFFF00, UINT64_C(1) << 30), 0); /* the top: lspk, and lrst is 0 */
}

static void input_is_clamped(void **state) {
    (void)state;
    gsp_dpi_params p = flat(65536, 0);
    gsp_dpi_state s = {.gaba_b = 1 << 20};
    gsp_dpi_out out;
    gsp_dpi_internal x;
    gsp_dpi_in in = nothing;
    p.io = 512;
    in.idc = 1000;
    gsp_dpi_explain(&p, &in, &s, &out, &x);
    assert_int_equal(x.iin, 512);
    in.idc = (UINT64_C(1) << 32) - 1;
    in.add_ampa = 16;
    s.gaba_b = 0;
    gsp_dpi_explain(&p, &in, &s, &out, &x);
    assert_int_equal(x.i_ampa, 1);
    assert_int_equal(x.iin, (INT64_C(1) << 32) - 1);
    in = nothing;
    in.add_gaba_a = 1 << 20; /* the shunt acts on the leak, not on the input */
    s.ampa = 0;
    gsp_dpi_explain(&p, &in, &s, &out, &x);
    assert_int_equal(x.iin, 512);
    assert_int_equal(x.net, 256 - (1 << 16));
}

static void threshold_reset_and_silence(void **state) {
    (void)state;
    gsp_dpi_params p = flat(65536, 0);
    gsp_dpi_in in = nothing;
    gsp_dpi_state s = {.l = 998};
    gsp_dpi_out out;
    p.lspk = 1000;
    p.lrst = 7;
    p.refractory_steps = 2;
    p.ahp_jump = (UINT64_C(1) << 32) - 3;
    in.idc = 256; /* one up */
    gsp_dpi_step(&p, &in, &s, &out);
    assert_int_equal(out.spike, 0);
    assert_int_equal(s.l, 999);
    gsp_dpi_step(&p, &in, &s, &out); /* l = lspk fires */
    assert_int_equal(out.spike, 1);
    assert_int_equal(s.l, 7);
    assert_int_equal(s.refractory_count, 2);
    assert_int_equal(s.ahp, (UINT64_C(1) << 32) - 3);
    in.add_nmda = 77;
    in.idc = (UINT64_C(1) << 32) - 1;
    for (unsigned left = 2; left-- > 0;) {
        const uint64_t ahp = s.ahp;
        gsp_dpi_step(&p, &in, &s, &out);
        assert_int_equal(out.spike, 0);
        assert_int_equal(s.l, 7);
        assert_int_equal(s.refractory_count, left);
        assert_true(s.ahp < ahp); /* decays and events go on */
    }
    assert_int_equal(s.nmda, 77 - 1 + 77);
    /* ahp + jump saturates; lrst >= lspk fires in every step without refractoriness. */
    p.refractory_steps = 0;
    p.lrst = 2000;
    s = (gsp_dpi_state){.l = 2000, .ahp = 10};
    p.itau = 0;
    for (int k = 0; k < 3; k++) {
        in = nothing;
        in.idc = UINT64_C(1) << 31;
        gsp_dpi_step(&p, &in, &s, &out);
        assert_int_equal(out.spike, 1);
        assert_int_equal(s.l, 2000);
        assert_int_equal(s.ahp, (UINT64_C(1) << 32) - 1);
        s.ahp = 10;
    }
    p.refractory_steps = UINT16_MAX;
    gsp_dpi_step(&p, &in, &s, &out);
    assert_int_equal(s.refractory_count, UINT16_MAX);
    p.refractory_steps = 0; /* the running count stays */
    gsp_dpi_step(&p, &in, &s, &out);
    assert_int_equal(s.refractory_count, UINT16_MAX - 1);
    /* lspk 0: every step fires. */
    p = flat(0, 0);
    p.lspk = 0;
    s = (gsp_dpi_state){.l = 0};
    gsp_dpi_step(&p, &nothing, &s, &out);
    assert_int_equal(out.spike, 1);
}

/* Every state falls by 1 at least and ends at 0, never below it. */
static void decays_to_zero(void **state) {
    (void)state;
    static const uint32_t mantissas[] = {1 << 15, 41734, (1 << 16) - 1, 1 << 16};
    gsp_dpi_params p = flat(0, 0);
    for (unsigned m = 0; m < 4; m++)
        for (unsigned ds = 15; ds <= 56; ds++) {
            p.dm_ampa = p.dm_nmda = p.dm_gaba_b = p.dm_gaba_a = p.dm_ahp = mantissas[m];
            p.ds_ampa = p.ds_nmda = p.ds_gaba_b = p.ds_gaba_a = p.ds_ahp = (uint8_t)ds;
            gsp_dpi_out out;
            gsp_dpi_state s = {0};
            s.ampa = (UINT64_C(1) << 32) - 1;
            s.nmda = UINT64_C(1) << 31;
            s.gaba_b = 3;
            s.gaba_a = 1;
            s.ahp = 50;
            for (int k = 0; k < 50; k++) {
                const gsp_dpi_state b = s;
                gsp_dpi_step(&p, &nothing, &s, &out);
                assert_true(b.ampa == 0 ? s.ampa == 0 : s.ampa < b.ampa);
                assert_true(b.nmda == 0 ? s.nmda == 0 : s.nmda < b.nmda);
                assert_true(k < 3 || s.gaba_b == 0);
                assert_int_equal(s.gaba_a, 0);
            }
            assert_int_equal(s.ahp, 0);
            if (ds > 22)
                continue;
            for (int k = 0; k < 5000 && s.ampa > 0; k++)
                gsp_dpi_step(&p, &nothing, &s, &out);
            assert_int_equal(s.ampa, 0);
        }
    /* The decrement is rounded up, then the event added, then clamped; it may exceed the state. */
    p.dm_ampa = 1 << 15;
    p.ds_ampa = 16;
    p.dm_nmda = 1 << 16;
    p.ds_nmda = 15;
    gsp_dpi_state s = {.ampa = 101, .nmda = 50};
    gsp_dpi_out out;
    gsp_dpi_in in = nothing;
    in.add_ampa = 7;
    in.add_nmda = 60;
    gsp_dpi_step(&p, &in, &s, &out);
    assert_int_equal(s.ampa, 57);
    assert_int_equal(s.nmda, 10);
    in.add_ampa = in.add_nmda = (UINT64_C(1) << 32) - 1;
    gsp_dpi_step(&p, &in, &s, &out);
    assert_int_equal(s.ampa, (UINT64_C(1) << 32) - 1);
    assert_int_equal(s.nmda, (UINT64_C(1) << 32) - 1 - 10);
}

/* sig as drive shows it: iin 2^17, so that drive = sig. */
static int64_t sig_gain(const gsp_dpi_params *p, uint32_t l) {
    gsp_dpi_in in = nothing;
    gsp_dpi_state s = {.l = l};
    gsp_dpi_out out;
    gsp_dpi_internal x;
    in.idc = 1 << 17;
    gsp_dpi_explain(p, &in, &s, &out, &x);
    assert_int_equal(x.drive, x.sig_gain);
    return x.sig_gain;
}

static void tables_end_where_they_end(void **state) {
    (void)state;
    gsp_dpi_params p = flat(0, 0);
    gsp_dpi_out out;
    gsp_dpi_internal x;
    t_words[0] = 65536;
    t_words[1] = 32768;
    t_words[255] = 20000;
    t_words[256] = 131071;
    const int64_t far = INT64_C(16) << 19;
    assert_int_equal(sig_gain(&p, 0), 65536);
    assert_int_equal(sig_gain(&p, 1), 65536); /* fr drops the last bit: 15 bits of segment, 14 of fraction */
    assert_int_equal(sig_gain(&p, 2), 65534); /* 32768 * 1 >> 14 */
    assert_int_equal(sig_gain(&p, (uint32_t)far), 131071);
    assert_int_equal(sig_gain(&p, (uint32_t)far - 1), 20000 + 111065); /* floor of -111071 * 16383 / 2^14 */
    p.lth = far;
    assert_int_equal(sig_gain(&p, 0), 131072 - 131071); /* exactly 16 octaves below */
    p.lth = far + 12345;
    assert_int_equal(sig_gain(&p, 0), 1);
    p.lth = far - 1;
    assert_int_equal(sig_gain(&p, 0), 131072 - (20000 + 111065));
    p.lth = -(INT64_C(1) << 24); /* the least: above l = 0 by 32 octaves */
    assert_int_equal(sig_gain(&p, 0), 131071);
    p.lth = (INT64_C(1) << 24) - 1;
    assert_int_equal(sig_gain(&p, (1 << 24) - 1), 65536);
    p.lth = 2;
    assert_int_equal(sig_gain(&p, 0), 131072 - 65534);

    /* The NMDA gate is open far above lnm, closed far below it. */
    p = flat(0, 0);
    t_words[256] = 0;
    p.lnm = -far;
    gsp_dpi_state s = {.l = 0, .nmda = 1617};
    gsp_dpi_explain(&p, &nothing, &s, &out, &x);
    assert_int_equal(x.nmda_gated, 100);
    p.lnm = far;
    s = (gsp_dpi_state){.l = 0, .nmda = 1617};
    gsp_dpi_explain(&p, &nothing, &s, &out, &x);
    assert_int_equal(x.sig_nmda, 131072);
    assert_int_equal(x.nmda_gated, 0);

    /* Feedback: both neighbours, rising and falling, first and last. */
    p = flat(0, 0);
    a_words[0] = 100;
    a_words[1] = 100 + (1 << 14);
    a_words[511] = (UINT64_C(1) << 32) - 1;
    s = (gsp_dpi_state){.l = 4};
    gsp_dpi_explain(&p, &nothing, &s, &out, &x);
    assert_int_equal(x.ia, 102);
    s = (gsp_dpi_state){.l = (1 << 24) - 1};
    gsp_dpi_explain(&p, &nothing, &s, &out, &x);
    assert_int_equal(x.ia, (INT64_C(1) << 18) - 1); /* 2^32 - 1 - ceil((2^32 - 1) * 16383 / 2^14) */
}

static void expect_rejected(const gsp_dpi_params *p, const char *name) {
    const int code = gsp_dpi_check(p);
    assert_in_range(code, 1, gsp_dpi_model.n_fields);
    assert_string_equal(gsp_dpi_model.fields[code - 1].name, name);
}

static void check_names_the_field(void **state) {
    (void)state;
    const gsp_dpi_params good = flat(0, 0);
    gsp_dpi_params p;
#define REJECTED(name, value) (p = good, p.name = (value), expect_rejected(&p, #name))
#define ACCEPTED(name, value) (p = good, p.name = (value), assert_int_equal(gsp_dpi_check(&p), 0))
    REJECTED(l_fraction, 11);
    REJECTED(l_fraction, 28);
    REJECTED(i_fraction, 13);
    REJECTED(i_fraction, 31);
    REJECTED(i_fraction, 19); /* must exceed l_fraction */
    REJECTED(segment_bits, 1);
    REJECTED(segment_bits, 9);
    REJECTED(state_width, 23);
    REJECTED(state_width, 41);
    REJECTED(e_syn, 13);
    REJECTED(e_ahp, 13);
    REJECTED(t_table, NULL);
    REJECTED(a_table, NULL);
    REJECTED(itau, UINT64_C(1) << 32);
    REJECTED(io, UINT64_C(1) << 32);
    REJECTED(lth, INT64_C(1) << 24);
    REJECTED(lth, -(INT64_C(1) << 24) - 1);
    REJECTED(lnm, INT64_C(1) << 24);
    REJECTED(lspk, 1u << 24);
    REJECTED(lrst, 1u << 24);
    REJECTED(dm_ampa, (1u << 15) - 1);
    REJECTED(dm_nmda, (1u << 16) + 1);
    REJECTED(dm_gaba_b, 0);
    REJECTED(dm_gaba_a, 0);
    REJECTED(dm_ahp, 1u << 17);
    REJECTED(ds_ampa, 14);
    REJECTED(ds_nmda, 57);
    REJECTED(ds_gaba_b, 0);
    REJECTED(ds_gaba_a, 64);
    REJECTED(ds_ahp, 14);
    REJECTED(ahp_jump, UINT64_C(1) << 32);
    ACCEPTED(itau, (UINT64_C(1) << 32) - 1);
    ACCEPTED(lth, -(INT64_C(1) << 24));
    ACCEPTED(lspk, 0);
    ACCEPTED(dm_ahp, 1u << 16);
    ACCEPTED(ds_ahp, 56);
#undef REJECTED
#undef ACCEPTED
    set_config(&p, 27, 30, 4, 40, 8, 10);
    gsp_default_params(&gsp_dpi_model, &p);
    assert_int_equal(gsp_dpi_check(&p), 0);
    p.ahp_jump = (UINT64_C(1) << 40) - 1;
    p.lspk = UINT32_MAX;
    assert_int_equal(gsp_dpi_check(&p), 0);
}

/* Words of the whole range, or of its two ends only. */
static void random_tables(gsp_rng *rng, gsp_dpi_params *p, bool ends) {
    const uint64_t t_max = (1u << 17) - 1, a_max = (UINT64_C(1) << (p->i_fraction + 6)) - 1;
    for (size_t j = 0; j < gsp_dpi_t_words(p); j++)
        t_words[j] = ends ? (gsp_rng_one_in(rng, 2) ? 0 : t_max) : gsp_rng_next(rng) & t_max;
    for (size_t j = 0; j < gsp_dpi_a_words(p); j++)
        a_words[j] = ends ? (gsp_rng_one_in(rng, 2) ? 0 : a_max) : gsp_rng_next(rng) & a_max;
    p->t_table = t_words;
    p->a_table = a_words;
}

static void any_configuration(gsp_rng *rng, unsigned k, gsp_dpi_params *p) {
    const unsigned f = k % 5 == 0 ? 12 : k % 5 == 1 ? 27 : 12 + gsp_rng_below(rng, 16);
    const unsigned least = f + 1 > 14 ? f + 1 : 14;
    const unsigned g = k % 3 == 0 ? least : k % 3 == 1 ? 30 : least + gsp_rng_below(rng, 31 - least);
    set_config(p, f, g, 2 + gsp_rng_below(rng, 7),
               k % 4 == 0   ? 40
               : k % 4 == 1 ? 24
                            : 24 + gsp_rng_below(rng, 17),
               gsp_rng_below(rng, 13), gsp_rng_below(rng, 13));
    gsp_default_params(&gsp_dpi_model, p);
    random_tables(rng, p, k % 4 == 3);
    assert_int_equal(gsp_dpi_check(p), 0);
}

static void same_state(const gsp_dpi_state *a, const gsp_dpi_state *b) {
    assert_int_equal(a->l, b->l);
    assert_int_equal(a->refractory_count, b->refractory_count);
    assert_true(a->ampa == b->ampa && a->nmda == b->nmda && a->gaba_b == b->gaba_b && a->gaba_a == b->gaba_a);
    assert_true(a->ahp == b->ahp);
}

static void any_table_equals_oracle(void **state) {
    (void)state;
    enum { CONFIGS = 80, STEPS = 5000 };
    static gsp_stim stim;
    gsp_rng rng;
    gsp_rng_seed(&rng, 11);
    for (unsigned k = 0; k < CONFIGS; k++) {
        gsp_dpi_params p;
        gsp_field fields[GSP_MAX_FIELDS];
        any_configuration(&rng, k, &p);
        gsp_resolve(&gsp_dpi_model, &p, fields);
        gsp_stim_start(&stim, &gsp_dpi_model, &p, NULL, GSP_LEVEL_RANDOM, k, k % 2 == 0);
        gsp_dpi_state s;
        gsp_dpi_in in = nothing;
        gsp_dpi_reset(&s, &p);
        for (int n = 0; n < STEPS; n++) {
            assert_true(gsp_stim_next(&stim, &p, &s, &in));
            gsp_dpi_state other = s;
            gsp_dpi_out out = {0x5A}, other_out = {0xA5};
            gsp_dpi_step(&p, &in, &s, &out);
            gsp_oracle_dpi(&p, &in, &other, &other_out);
            same_state(&s, &other);
            assert_int_equal(out.spike, other_out.spike);
            for (int i = 0; i < gsp_dpi_model.n_fields; i++)
                if (fields[i].kind == GSP_STATE)
                    assert_true(gsp_in_range(&fields[i], gsp_get(&fields[i], &s)));
        }
    }
}

static void batch_equals_scalar(void **state) {
    (void)state;
    enum { N = 65 };
    static gsp_stim stim;
    gsp_rng rng;
    gsp_rng_seed(&rng, 12);
    for (unsigned k = 0; k < 40; k++) {
        gsp_dpi_params p;
        any_configuration(&rng, k, &p);
        bool fixed[GSP_MAX_FIELDS] = {false};
        gsp_stim_start(&stim, &gsp_dpi_model, &p, NULL, GSP_LEVEL_RANDOM, k, true);
        gsp_dpi_state s[N];
        gsp_dpi_in in[N];
        memset(in, 0, sizeof in);
        memset(s, 0, sizeof s);
        assert_true(gsp_stim_next(&stim, &p, &s[0], &in[0]));
        for (int i = 0; i < gsp_dpi_model.n_fields; i++)
            fixed[i] = gsp_dpi_model.fields[i].kind == GSP_PARAM;
        gsp_stim_start(&stim, &gsp_dpi_model, &p, fixed, GSP_LEVEL_RANDOM, k, true);
        uint64_t u[10][N + 1];
        uint32_t l[N + 1];
        uint16_t count[N + 1];
        uint8_t spike[N + 1];
        const gsp_dpi_arrays arrays = {u[0], u[1], u[2], u[3], u[4], l,    count,
                                       u[5], u[6], u[7], u[8], u[9], spike};
        for (int n = 0; n < N; n++) {
            assert_true(gsp_stim_next(&stim, &p, &s[n], &in[n]));
            const uint64_t values[10] = {in[n].idc,        in[n].add_ampa, in[n].add_nmda, in[n].add_gaba_b,
                                         in[n].add_gaba_a, s[n].ampa,      s[n].nmda,      s[n].gaba_b,
                                         s[n].gaba_a,      s[n].ahp};
            for (int i = 0; i < 10; i++)
                u[i][n] = values[i];
            l[n] = s[n].l;
            count[n] = s[n].refractory_count;
        }
        l[N] = count[N] = spike[N] = 0x5C;
        u[5][N] = u[9][N] = 0x5C;
        gsp_dpi_batch(&p, &arrays, N);
        for (int n = 0; n < N; n++) {
            gsp_dpi_out out;
            gsp_dpi_step(&p, &in[n], &s[n], &out);
            const gsp_dpi_state b = {l[n], count[n], u[5][n], u[6][n], u[7][n], u[8][n], u[9][n]};
            same_state(&s[n], &b);
            assert_int_equal(out.spike, spike[n]);
        }
        assert_true(l[N] == 0x5C && count[N] == 0x5C && spike[N] == 0x5C && u[5][N] == 0x5C &&
                    u[9][N] == 0x5C);
    }
}

/* Encoder. */

static void encoder_gives_the_published_values(void **state) {
    (void)state;
    gsp_dpi_si si;
    gsp_dpi_params p;
    uint64_t add;
    gsp_dpi_si_default(&si);
    set_config(&p, 19, 26, 4, 32, 4, 6);
    assert_true(gsp_dpi_encode(&si, &p, t_words, a_words, NULL));
    assert_int_equal(gsp_dpi_check(&p), 0);
    assert_int_equal(llround(gsp_dpi_k(&si) * 10), 13561333384);
    assert_int_equal(p.itau, 484088);
    assert_int_equal(p.io, 45504);
    assert_int_equal(p.lth, 2837025);
    assert_int_equal(p.lnm, 0);
    assert_int_equal(p.lspk, 9232523);
    assert_int_equal(p.lrst, 0);
    assert_int_equal(p.refractory_steps, 10);
    assert_int_equal(p.dm_ampa, 41734);
    assert_int_equal(p.ds_ampa, 22);
    assert_int_equal(p.dm_ahp, 33521);
    assert_int_equal(p.ds_ahp, 24);
    assert_true(gsp_dpi_encode_event(&si, &p, GSP_DPI_AHP, 1e-17, &add, NULL));
    assert_int_equal(add, 58);
    assert_int_equal(gsp_dpi_t_words(&p), 257);
    assert_int_equal(gsp_dpi_a_words(&p), 513);
    assert_int_equal(t_words[0], 65536);
    assert_int_equal(t_words[1], 64117);
    assert_int_equal(t_words[256], 2);
    assert_int_equal(a_words[0], 45504);
    assert_int_equal(a_words[1], 46327);
    assert_int_equal(a_words[2], 47164);
    assert_int_equal(a_words[512], 437705813);
    si.feedback = GSP_DPI_FEEDBACK_NONE;
    assert_true(gsp_dpi_encode(&si, &p, t_words, a_words, NULL));
    assert_int_equal(a_words[0] | a_words[512], 0);
    si.feedback = GSP_DPI_FEEDBACK_LOGISTIC;
    si.ia_gain = 1e-3; /* beyond the range: clipped to 2^(G+5) */
    si.inmda_thr = 0.25e-12;
    assert_true(gsp_dpi_encode(&si, &p, t_words, a_words, NULL));
    assert_int_equal(a_words[512], UINT64_C(1) << 31);
    assert_int_equal(p.lnm, -(1 << 19));
    /* A quarter of a tau is lost in no time at all: d = 1. */
    si.tau_ampa = 0.0;
    assert_true(gsp_dpi_encode(&si, &p, t_words, a_words, NULL));
    assert_int_equal(p.dm_ampa, 1 << 15);
    assert_int_equal(p.ds_ampa, 15);
}

static void encoder_inverts(void **state) {
    (void)state;
    gsp_dpi_si si;
    gsp_dpi_params p;
    uint64_t raw;
    gsp_dpi_si_default(&si);
    set_config(&p, 19, 26, 4, 32, 4, 6);
    assert_true(gsp_dpi_encode(&si, &p, t_words, a_words, NULL));
    assert_true(fabs(gsp_dpi_decode_i_mem(&si, &p, p.lspk) / si.ispkthr - 1) < 1e-6);
    assert_true(gsp_dpi_encode_current(&si, &p, 30e-12, &raw, NULL));
    assert_true(fabs(gsp_dpi_decode_current(&si, &p, (int64_t)raw) / 30e-12 - 1) < 1e-6);
    for (int q = GSP_DPI_AMPA; q <= GSP_DPI_AHP; q++) {
        assert_true(gsp_dpi_encode_event(&si, &p, (gsp_dpi_synapse)q, 20e-12, &raw, NULL));
        assert_true(fabs(gsp_dpi_decode_synapse(&si, &p, (gsp_dpi_synapse)q, raw) / 20e-12 - 1) < 1e-6);
    }
    /* 0.2 nA through a gain of 100 for 10 us at 10 ms: the AMPA step of the reference train. */
    assert_true(fabs(gsp_dpi_jump(100.0, 1.0, 0.2e-9, 10e-6, 10e-3) - 1.99900033325e-11) < 1e-21);
}

static void expect_refused(const gsp_dpi_si *si, const char *quantity) {
    gsp_dpi_params p;
    gsp_dpi_fault fault = {NULL, 0, 0, 0};
    set_config(&p, 19, 26, 4, 32, 4, 6);
    assert_false(gsp_dpi_encode(si, &p, t_words, a_words, NULL));
    assert_false(gsp_dpi_encode(si, &p, t_words, a_words, &fault));
    assert_non_null(fault.quantity);
    assert_string_equal(fault.quantity, quantity);
    assert_true(fault.min < fault.max);
    assert_false(fault.value >= fault.min && fault.value <= fault.max);
}

static void encoder_refuses_what_does_not_fit(void **state) {
    (void)state;
    gsp_dpi_si good, si;
    gsp_dpi_params p;
    gsp_dpi_fault fault;
    uint64_t raw;
    gsp_dpi_si_default(&good);
#define REFUSED(member, bad) (si = good, si.member = (bad), expect_refused(&si, #member))
    REFUSED(dt, 0.0);
    REFUSED(dt, -1e-4);
    REFUSED(dt, (double)NAN);
    REFUSED(i0, 0.0);
    REFUSED(kappa, -0.7);
    REFUSED(ut, 0.0);
    REFUSED(c_mem, (double)INFINITY);
    REFUSED(itau_mem, 50e-9);
    REFUSED(itau_mem, -1e-12);
    REFUSED(igain_mem, 0.0);
    REFUSED(igain_mem, 1.0);
    REFUSED(inmda_thr, -1e-12);
    REFUSED(ispkthr, 0.4e-12);
    REFUSED(ispkthr, 3e-3);
    REFUSED(ireset, 0.0);
    REFUSED(t_ref, 7.0);
    REFUSED(t_ref, -1e-3);
    REFUSED(tau_ampa, -1.0);
    REFUSED(tau_nmda, (double)NAN);
    REFUSED(tau_gaba_b, 1e9);
    REFUSED(tau_gaba_a, (double)INFINITY);
    REFUSED(tau_ahp, -1.0);
    REFUSED(ahp_jump, 1e-9);
    REFUSED(feedback, 3);
    REFUSED(feedback, -1);
#undef REFUSED
    si = good;
    si.feedback = GSP_DPI_FEEDBACK_LOGISTIC;
    si.ia_norm = 0.0;
    expect_refused(&si, "ia_norm");

    set_config(&p, 19, 26, 4, 32, 4, 6);
    assert_true(gsp_dpi_encode(&good, &p, t_words, a_words, NULL));
    assert_false(gsp_dpi_encode_event(&good, &p, GSP_DPI_AMPA, 3e-9, &raw, &fault));
    assert_string_equal(fault.quantity, "jump");
    assert_true(fault.max > 2.94e-9 && fault.max < 2.96e-9);
    assert_true(gsp_dpi_encode_event(&good, &p, GSP_DPI_AMPA, fault.max, &raw, &fault));
    assert_false(gsp_dpi_encode_event(&good, &p, GSP_DPI_AHP, 0.75e-9, &raw, &fault));
    assert_true(fault.max > 0.73e-9 && fault.max < 0.75e-9);
    assert_false(gsp_dpi_encode_event(&good, &p, GSP_DPI_NMDA, -1e-12, &raw, NULL));
    assert_false(gsp_dpi_encode_current(&good, &p, 50e-9, &raw, &fault));
    assert_string_equal(fault.quantity, "amperes");
    assert_false(gsp_dpi_encode_current(&good, &p, -1e-12, &raw, NULL));
}

static void same_params(const gsp_dpi_params *a, const gsp_dpi_params *b) {
    for (int i = 0; i < gsp_dpi_model.n_fields; i++) {
        const gsp_field *f = &gsp_dpi_model.fields[i];
        if (f->kind == GSP_PARAM && gsp_get(f, a) != gsp_get(f, b))
            fail_msg("F = %u, G = %u: %s is %lld by default, %lld encoded", a->l_fraction, a->i_fraction,
                     f->name, (long long)gsp_get(f, a), (long long)gsp_get(f, b));
    }
}

static void defaults_are_the_typical_neuron(void **state) {
    (void)state;
    gsp_dpi_si si;
    gsp_dpi_si_default(&si);
    unsigned compared = 0;
    for (unsigned f = 12; f <= 27; f++)
        for (unsigned g = f < 13 ? 14 : f + 1; g <= 30; g++, compared++) {
            gsp_dpi_params p, q;
            set_config(&p, f, g, 2, 40, 8, 10);
            q = p;
            gsp_default_params(&gsp_dpi_model, &p);
            assert_true(gsp_dpi_encode(&si, &q, t_words, a_words, NULL));
            same_params(&p, &q);
        }
    assert_int_equal(compared, 167);
}

static void shipped_tables_are_the_encoder_s(void **state) {
    (void)state;
    gsp_dpi_si si;
    unsigned images = 0;
    gsp_dpi_si_default(&si);
    for (unsigned seg = 2; seg <= 8; seg++)
        for (unsigned g = 20; g <= 30; g++) {
            gsp_dpi_params p, q;
            set_config(&p, 19, g, seg, 32, 4, 6);
            gsp_default_params(&gsp_dpi_model, &p);
            q = p;
            assert_true(gsp_dpi_encode(&si, &q, t_words, a_words, NULL));
            assert_true((p.t_table != NULL) == (seg == 4 || seg == 6));
            assert_true((p.a_table != NULL) == ((seg == 4 || seg == 6) && (g == 26 || g == 30)));
            if (p.t_table)
                assert_memory_equal(p.t_table, t_words, gsp_dpi_t_words(&p) * sizeof t_words[0]);
            if (!p.a_table)
                continue;
            assert_memory_equal(p.a_table, a_words, gsp_dpi_a_words(&p) * sizeof a_words[0]);
            images++;
        }
    assert_int_equal(images, 4);
}

/* Accuracy. */

enum { MAX_EVENTS = 128, MAX_ROWS = 2100, MAX_COLUMNS = 7, MAX_SPIKES = 4096 };

typedef struct event {
    double t, amp;
    int kind; /* a gsp_dpi_synapse, or -1 for the direct current */
} event;

typedef struct scenario {
    gsp_dpi_si si; /* without dt */
    double t_end, idc0, pulse, i_w;
    event events[MAX_EVENTS];
    unsigned n_events, n_rows, n_columns;
    char columns[160];
    double row[MAX_ROWS][MAX_COLUMNS];
} scenario;

static int kind_of(const char *name) {
    static const char *const names[] = {"ampa", "nmda", "gaba_b", "gaba_a_shunt"};
    for (int i = 0; i < 4; i++)
        if (strcmp(name, names[i]) == 0)
            return i;
    assert_string_equal(name, "Idc");
    return -1;
}

static void read_key(scenario *c, const char *key, const char *value) {
    const struct {
        const char *key;
        double *to;
    } numbers[] = {{"C_mem_F", &c->si.c_mem},
                   {"Ut_V", &c->si.ut},
                   {"kappa", &c->si.kappa},
                   {"I0_A", &c->si.i0},
                   {"Itau_mem_A", &c->si.itau_mem},
                   {"Igain_mem_A", &c->si.igain_mem},
                   {"Ispkthr_A", &c->si.ispkthr},
                   {"Ireset_A", &c->si.ireset},
                   {"t_ref_s", &c->si.t_ref},
                   {"Ia_gain_A", &c->si.ia_gain},
                   {"Ia_th_A", &c->si.ia_th},
                   {"Ia_norm_A", &c->si.ia_norm},
                   {"tau_ahp_s", &c->si.tau_ahp},
                   {"ahp_jump_A", &c->si.ahp_jump},
                   {"tau_ampa_s", &c->si.tau_ampa},
                   {"tau_nmda_s", &c->si.tau_nmda},
                   {"tau_gaba_b_s", &c->si.tau_gaba_b},
                   {"tau_gaba_a_shunt_s", &c->si.tau_gaba_a},
                   {"Inmda_thr_A", &c->si.inmda_thr},
                   {"T_s", &c->t_end},
                   {"Idc0_A", &c->idc0},
                   {"tau_s", &c->si.tau_ampa},
                   {"Itau_A", &c->si.itau_mem},
                   {"Igain_A", &c->si.igain_mem},
                   {"Iw_A", &c->i_w},
                   {"t_pulse_s", &c->pulse}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (strcmp(key, numbers[i].key) == 0)
            *numbers[i].to = strtod(value, NULL);
    if (strcmp(key, "feedback") == 0)
        c->si.feedback = strncmp(value, "power", 5) == 0      ? GSP_DPI_FEEDBACK_POWER
                         : strncmp(value, "logistic", 8) == 0 ? GSP_DPI_FEEDBACK_LOGISTIC
                                                              : GSP_DPI_FEEDBACK_NONE;
    if (strncmp(key, "event", 5) == 0) {
        char kind[32];
        event *e = &c->events[c->n_events++];
        assert_true(c->n_events <= MAX_EVENTS);
        assert_int_equal(sscanf(value, "t:%lf,%31[a-zA-Z_],amp_A:%lf", &e->t, kind, &e->amp), 3);
        e->kind = kind_of(kind);
    }
}

static scenario *read_scenario(const char *name) {
    static scenario c;
    char path[128], line[512];
    (void)snprintf(path, sizeof path, "tests/data/dpi/%s.csv", name);
    FILE *file = fopen(path, "r");
    if (!file)
        fail_msg("%s cannot be read; tests run in the root of the sources", path);
    memset(&c, 0, sizeof c);
    gsp_dpi_si_default(&c.si);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\r\n")] = '\0';
        char *equals = strchr(line, '=');
        if (line[0] == '#' && equals) {
            *equals = '\0';
            read_key(&c, line + 2, equals + 1);
        } else if (line[0] != '#' && !c.columns[0]) {
            (void)snprintf(c.columns, sizeof c.columns, "%.150s", line);
        } else if (line[0] != '#') {
            assert_true(c.n_rows < MAX_ROWS);
            unsigned n = 0;
            for (char *at = line; *at && n < MAX_COLUMNS; n++) {
                c.row[c.n_rows][n] = strtod(at, &at);
                at += *at == ',';
            }
            assert_true(c.n_rows == 0 || n == c.n_columns);
            c.n_columns = n;
            c.n_rows++;
        }
    }
    (void)fclose(file);
    assert_true(c.columns[0] != '\0');
    return &c;
}

/* A run of the model on a scenario. */
typedef struct trial {
    double dt;
    unsigned seg;
    bool wide;
    double spikes[MAX_SPIKES];
    unsigned n_spikes;
    double *i_mem; /* optional: I_mem at n * dt, and the AMPA current there before its event */
    double *i_ampa;
} trial;

static void run_trial(const scenario *c, double idc, trial *t) {
    gsp_dpi_params p;
    gsp_dpi_si si = c->si;
    gsp_dpi_fault fault = {"", 0, 0, 0};
    si.dt = t->dt;
    if (t->wide)
        set_config(&p, 27, 30, t->seg, 40, 8, 10);
    else
        set_config(&p, 19, 26, t->seg, 32, 4, 6);
    if (!gsp_dpi_encode(&si, &p, t_words, a_words, &fault))
        fail_msg("%s = %g is outside %g..%g", fault.quantity, fault.value, fault.min, fault.max);
    assert_int_equal(gsp_dpi_check(&p), 0);
    gsp_dpi_state s;
    gsp_dpi_out out;
    gsp_dpi_in in = nothing;
    gsp_dpi_reset(&s, &p);
    assert_true(gsp_dpi_encode_current(&si, &p, idc, &in.idc, NULL));
    const long steps = lround(c->t_end / t->dt);
    unsigned next = 0;
    t->n_spikes = 0;
    for (long n = 0; n < steps; n++) {
        in.add_ampa = in.add_nmda = in.add_gaba_b = in.add_gaba_a = 0;
        uint64_t *const adds[4] = {&in.add_ampa, &in.add_nmda, &in.add_gaba_b, &in.add_gaba_a};
        for (; next < c->n_events && lround(c->events[next].t / t->dt) == n; next++) {
            const event *e = &c->events[next];
            uint64_t add;
            if (e->kind < 0) {
                assert_true(gsp_dpi_encode_current(&si, &p, e->amp, &in.idc, NULL));
                continue;
            }
            assert_true(gsp_dpi_encode_event(&si, &p, (gsp_dpi_synapse)e->kind, e->amp, &add, NULL));
            *adds[e->kind] += add;
        }
        if (t->i_mem)
            t->i_mem[n] = gsp_dpi_decode_i_mem(&si, &p, s.l);
        gsp_dpi_step(&p, &in, &s, &out);
        if (t->i_ampa)
            t->i_ampa[n] = gsp_dpi_decode_synapse(&si, &p, GSP_DPI_AMPA, s.ampa - in.add_ampa);
        if (out.spike) {
            assert_true(t->n_spikes < MAX_SPIKES);
            t->spikes[t->n_spikes++] = (double)(n + 1) * t->dt;
        }
    }
    assert_int_equal(next, c->n_events);
}

/* The four ways a neuron is run here. */
static const struct {
    const char *name;
    double dt;
    unsigned seg;
    bool wide;
    double spike_bound; /* s, of spike lists */
    double isi_bound;   /* relative, of f-I curves */
} ways[] = {
    {"24 bits, 100 us", 100e-6, 4, false, 2.6e-3, 8.4e-4},
    {"24 bits, 20 us", 20e-6, 4, false, 0.54e-3, 1.03e-3},
    {"32 bits, 10 us", 10e-6, 4, true, 0.29e-3, 5.8e-4},
    {"32 bits, 10 us, 64 segments", 10e-6, 6, true, 0.24e-3, 5.8e-4},
};
enum { WAYS = 4 };

static double compare_spikes(const char *what, const trial *t, const double *expected, unsigned n) {
    double worst = 0.0;
    if (t->n_spikes != n)
        fail_msg("%s: %u spikes, expected %u", what, t->n_spikes, n);
    for (unsigned i = 0; i < n; i++)
        worst = fmax(worst, fabs(t->spikes[i] - expected[i]));
    return worst;
}

static void spike_lists_agree(void **state) {
    (void)state;
    static const char *const names[] = {"step_sub_4pA",   "step_spk_10pA",    "step_spk_20pA",
                                        "step_spk_100pA", "sfa_ahp_jump_1pA", "ampa_train_100Hz"};
    static trial t;
    for (unsigned w = 0; w < WAYS; w++) {
        double worst = 0.0;
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
            const scenario *c = read_scenario(names[k]);
            double expected[MAX_ROWS];
            for (unsigned i = 0; i < c->n_rows; i++)
                expected[i] = c->row[i][1];
            t = (trial){.dt = ways[w].dt, .seg = ways[w].seg, .wide = ways[w].wide};
            run_trial(c, c->idc0, &t);
            const double off = compare_spikes(names[k], &t, expected, c->n_rows);
            worst = fmax(worst, off);
            if (off > ways[w].spike_bound)
                fail_msg("%s, %s: a spike is off by %g s", names[k], ways[w].name, off);
        }
        printf("%s: spike times within %.3g ms\n", ways[w].name, worst * 1e3);
    }
}

static void logistic_feedback_agrees(void **state) {
    (void)state;
    static const double dts[] = {100e-6, 20e-6, 10e-6}, bounds[] = {1.4e-3, 1.2e-3, 1.2e-3};
    static trial t;
    for (int w = 0; w < 3; w++) {
        const scenario *c = read_scenario("logistic_spk_400pA");
        double expected[MAX_ROWS];
        for (unsigned i = 0; i < c->n_rows; i++)
            expected[i] = c->row[i][1];
        t = (trial){.dt = dts[w], .seg = 6, .wide = w == 2};
        run_trial(c, c->idc0, &t);
        const double off = compare_spikes("logistic", &t, expected, c->n_rows);
        printf("logistic, %g us: spike times within %.3g ms\n", dts[w] * 1e6, off * 1e3);
        assert_true(off <= bounds[w]);
    }
}

/* f-I curves: the last interval and the first spike, where I_in * k * ln 2 <= 1. */
static void rates_agree(void **state) {
    (void)state;
    static const char *const names[] = {"fi_curve_rockpool_default", "refractory_fi_tref_2ms"};
    static trial t;
    for (unsigned w = 0; w < WAYS; w++) {
        double worst_isi = 0.0, worst_first = 0.0;
        unsigned compared = 0;
        for (int k = 0; k < 2; k++) {
            const scenario *c = read_scenario(names[k]);
            for (unsigned i = 0; i < c->n_rows; i++) {
                const double *r = c->row[i], idc = r[0];
                if (idc > 1.001e-9)
                    continue;
                t = (trial){.dt = ways[w].dt, .seg = ways[w].seg, .wide = ways[w].wide};
                run_trial(c, idc, &t);
                /* A last spike may fall on the other side of the end. */
                assert_true(fabs(t.n_spikes - r[1]) <= (r[1] > 0 ? 1 : 0));
                if (r[1] < 2 || idc < 7.4e-12)
                    continue;
                assert_true(t.n_spikes >= 2);
                const double isi = t.spikes[t.n_spikes - 1] - t.spikes[t.n_spikes - 2];
                worst_isi = fmax(worst_isi, fabs(isi / r[5] - 1));
                worst_first = fmax(worst_first, fabs(t.spikes[0] - r[2]));
                compared++;
            }
        }
        printf("%s: intervals within %.3g, first spikes within %.3g ms, %u inputs\n", ways[w].name, worst_isi,
               worst_first * 1e3, compared);
        assert_true(compared >= 15);
        assert_true(worst_isi <= ways[w].isi_bound);
        assert_true(worst_first <= 0.31e-3);
    }
}

/* Just above rheobase the neuron lingers, and small errors grow: the first spike of 1 to 2 s. */
static void near_rheobase(void **state) {
    (void)state;
    static const struct {
        double dt, bound;
        unsigned seg;
    } rows[] = {{100e-6, 3.45e-3, 4}, {20e-6, 7.75e-3, 4}, {100e-6, 0.21e-3, 6}, {20e-6, 0.39e-3, 6}};
    static trial t;
    scenario *c = read_scenario("fi_curve_rockpool_default");
    c->t_end = 2.1; /* the spike at 1.998 s must not be lost for being late */
    for (int k = 0; k < 4; k++) {
        double worst = 0.0;
        unsigned compared = 0;
        for (unsigned i = 0; i < c->n_rows; i++) {
            const double *r = c->row[i];
            if (r[0] < 6.7e-12 || r[0] > 7.1e-12)
                continue;
            t = (trial){.dt = rows[k].dt, .seg = rows[k].seg};
            run_trial(c, r[0], &t);
            assert_true(t.n_spikes >= 1);
            worst = fmax(worst, fabs(t.spikes[0] - r[2]));
            compared++;
        }
        printf("6.75 and 7 pA, %g us, SEG %u: first spike within %.3g ms\n", rows[k].dt * 1e6, rows[k].seg,
               worst * 1e3);
        assert_int_equal(compared, 2);
        assert_true(worst <= rows[k].bound);
    }
}

/* Without feedback the intervals are short; they are a whole number of steps. */
static void no_feedback_agrees(void **state) {
    (void)state;
    static trial t;
    for (unsigned w = 0; w < 2; w++) {
        const scenario *c = read_scenario("fi_curve_no_feedback");
        double worst = 0.0;
        unsigned compared = 0;
        assert_int_equal(c->si.feedback, GSP_DPI_FEEDBACK_NONE);
        for (unsigned i = 0; i < c->n_rows; i++) {
            const double *r = c->row[i];
            if (r[0] > 1.001e-9)
                continue;
            t = (trial){.dt = ways[w].dt, .seg = ways[w].seg};
            run_trial(c, r[0], &t);
            if (r[1] == 0)
                assert_int_equal(t.n_spikes, 0);
            if (r[1] < 2)
                continue;
            assert_true(t.n_spikes >= 2);
            worst = fmax(worst, fabs(t.spikes[t.n_spikes - 1] - t.spikes[t.n_spikes - 2] - r[5]));
            compared++;
        }
        printf("no feedback, %s: intervals within %.3g steps, %u inputs\n", ways[w].name, worst / ways[w].dt,
               compared);
        assert_true(compared >= 5);
        assert_true(worst <= 1.5 * ways[w].dt);
    }
}

static int ascending(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* I_mem and the AMPA current, sampled each ms: the AMPA current everywhere, I_mem in the median. */
static void traces_agree(void **state) {
    (void)state;
    static const char *const names[] = {"ampa_train_100Hz_trace", "sfa_ahp_jump_1pA_trace"};
    static trial t;
    static double i_mem[20000], i_ampa[20000], errors[MAX_ROWS];
    for (int k = 0; k < 2; k++) {
        const scenario *c = read_scenario(names[k]);
        unsigned n = 0;
        t = (trial){.dt = 100e-6, .seg = 4, .i_mem = i_mem, .i_ampa = i_ampa};
        run_trial(c, c->idc0, &t);
        for (unsigned i = 0; i < c->n_rows; i++) {
            const long at = lround(c->row[i][0] / t.dt);
            if (at >= lround(c->t_end / t.dt))
                continue;
            errors[n++] = fabs(i_mem[at] / c->row[i][1] - 1);
            /* The file has a sample at the time of an event now before it, now after it. */
            bool at_event = false;
            for (unsigned e = 0; e < c->n_events; e++)
                at_event = at_event || fabs(c->events[e].t - c->row[i][0]) < 1e-9;
            if (at_event)
                continue;
            if (fabs(i_ampa[at] - c->row[i][3]) > 1e-3 * c->row[i][3] + 1e-14)
                fail_msg("%s: I_ampa %g A at %g s, in the file %g", names[k], i_ampa[at], c->row[i][0],
                         c->row[i][3]);
        }
        qsort(errors, n, sizeof errors[0], ascending);
        printf("%s: median error of I_mem %.3g in %u samples\n", names[k], errors[n / 2], n);
        assert_true(n > 500);
        assert_true(errors[n / 2] <= 3.6e-2);
    }
}

/* The linear DPI synapse, pulses of one step: the file's value at the end of a step is the state's after it.
 */
static void synapse_agrees(void **state) {
    (void)state;
    const scenario *c = read_scenario("synapse_train_trace");
    gsp_dpi_si si = c->si;
    gsp_dpi_params p;
    gsp_dpi_state s = {.l = 0};
    gsp_dpi_out out;
    uint64_t jump;
    double peak = 0.0;
    set_config(&p, 19, 26, 4, 32, 4, 6);
    const double amperes = gsp_dpi_jump(si.igain_mem, si.itau_mem, c->i_w, c->pulse, si.tau_ampa);
    gsp_dpi_si_default(&si);
    si.tau_ampa = c->si.tau_ampa;
    si.dt = c->pulse;
    assert_true(gsp_dpi_encode(&si, &p, t_words, a_words, NULL));
    assert_true(gsp_dpi_encode_event(&si, &p, GSP_DPI_AMPA, amperes, &jump, NULL));
    for (unsigned n = 0; n + 1 < c->n_rows; n++) {
        gsp_dpi_in in = nothing;
        const bool pulse = n == 100 || n == 120 || n == 140 || n == 160 || n == 180;
        in.add_ampa = pulse ? jump : 0;
        gsp_dpi_step(&p, &in, &s, &out);
        const double expected = c->row[n + 1][1];
        assert_true(fabs(gsp_dpi_decode_synapse(&si, &p, GSP_DPI_AMPA, s.ampa) - expected) <=
                    1e-4 * expected + 1e-14);
        peak = fmax(peak, expected);
    }
    assert_true(peak > amperes);
}

/*
 * The circuit equation once more: Runge-Kutta of order 4 in ln(I_mem), steps of
 * 4 us, the crossing of the threshold by bisection of its step. Spikes of the
 * scenario from I_mem = I_0.
 */
typedef struct circuit {
    const gsp_dpi_si *si;
    double idc, t0, q[5]; /* synapses and AHP as of t0 */
} circuit;

static double tau_of(const gsp_dpi_si *si, int k) {
    const double taus[5] = {si->tau_ampa, si->tau_nmda, si->tau_gaba_b, si->tau_gaba_a, si->tau_ahp};
    return taus[k];
}

static double slope(const circuit *m, double t, double y) {
    const gsp_dpi_si *si = m->si;
    const double i = exp(y);
    double q[5];
    for (int k = 0; k < 5; k++)
        q[k] = m->q[k] == 0.0 ? 0.0 : m->q[k] * exp(-(t - m->t0) / tau_of(si, k));
    const double in = fmax(m->idc + q[0] + q[1] / (1 + si->inmda_thr / i) - q[2], si->i0);
    const double power = si->kappa / (si->kappa + 1);
    const double ia = si->feedback == GSP_DPI_FEEDBACK_POWER ? pow(si->i0, 1 - power) * pow(i, power)
                      : si->feedback == GSP_DPI_FEEDBACK_LOGISTIC
                          ? si->ia_gain / (1 + exp(-(i - si->ia_th) / si->ia_norm))
                          : 0.0;
    return (in / (1 + i / si->igain_mem) - si->itau_mem - q[4] - q[3] + ia) * si->kappa /
           (si->c_mem * si->ut);
}

static double advance(const circuit *m, double t, double y, double h) {
    const double k1 = slope(m, t, y), k2 = slope(m, t + h / 2, y + h / 2 * k1);
    const double k3 = slope(m, t + h / 2, y + h / 2 * k2), k4 = slope(m, t + h, y + h * k3);
    return fmax(y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4), log(m->si->i0));
}

static void move_to(circuit *m, double t) {
    for (int k = 0; k < 5; k++)
        m->q[k] *= exp(-(t - m->t0) / tau_of(m->si, k));
    m->t0 = t;
}

static unsigned solve(const scenario *c, double spikes[MAX_SPIKES]) {
    circuit m = {.si = &c->si, .idc = c->idc0};
    const double threshold = log(c->si.ispkthr), longest = 4e-6;
    double t = 0.0, y = log(c->si.i0), held_until = 0.0;
    unsigned next = 0, n = 0;
    while (t < c->t_end - 1e-12) {
        for (; next < c->n_events && c->events[next].t <= t + 1e-12; next++) {
            move_to(&m, t);
            if (c->events[next].kind < 0)
                m.idc = c->events[next].amp;
            else
                m.q[c->events[next].kind] += c->events[next].amp;
        }
        double end = fmin(t + longest, c->t_end);
        if (next < c->n_events)
            end = fmin(end, c->events[next].t);
        if (t < held_until - 1e-12) {
            t = fmin(next < c->n_events ? c->events[next].t : c->t_end, held_until);
            continue;
        }
        const double reached = advance(&m, t, y, end - t);
        if (reached <= threshold) {
            y = reached;
            t = end;
            continue;
        }
        double low = 0.0, high = end - t;
        for (int k = 0; k < 40; k++) {
            const double middle = (low + high) / 2;
            *(advance(&m, t, y, middle) > threshold ? &high : &low) = middle;
        }
        t += high;
        move_to(&m, t);
        m.q[4] += c->si.ahp_jump;
        assert_true(n < MAX_SPIKES);
        spikes[n++] = t;
        y = log(c->si.ireset);
        held_until = t + c->si.t_ref;
    }
    return n;
}

static void solver_agrees_with_the_files(void **state) {
    (void)state;
    static const char *const names[] = {"step_spk_100pA", "sfa_ahp_jump_1pA", "ampa_train_100Hz",
                                        "logistic_spk_400pA"};
    static double spikes[MAX_SPIKES];
    for (int k = 0; k < 4; k++) {
        const scenario *c = read_scenario(names[k]);
        const unsigned n = solve(c, spikes);
        assert_int_equal(n, c->n_rows);
        for (unsigned i = 0; i < n; i++)
            if (fabs(spikes[i] - c->row[i][1]) > 1e-6)
                fail_msg("%s: spike %u at %.9g s, in the file %.9g s", names[k], i, spikes[i], c->row[i][1]);
    }
}

/* Inhibition and NMDA, of which there is no file: trains at 50 Hz against a direct current. */
static void inhibition_and_nmda_agree(void **state) {
    (void)state;
    static const struct {
        const char *name;
        int kind;
        double idc, jump, inmda_thr, ahp_jump;
    } rows[] = {{"gaba_b", GSP_DPI_GABA_B, 50e-12, 20e-12, 0.5e-12, 0},
                {"gaba_a", GSP_DPI_GABA_A, 50e-12, 2e-12, 0.5e-12, 0},
                {"nmda", GSP_DPI_NMDA, 8e-12, 40e-12, 0.25e-12, 0},
                {"nmda gate", GSP_DPI_NMDA, 12e-12, 20e-12, 20e-12, 0},
                {"nmda and ahp", GSP_DPI_NMDA, 20e-12, 20e-12, 2e-12, 0.5e-12}};
    static scenario c;
    static trial t;
    static double spikes[MAX_SPIKES];
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        memset(&c, 0, sizeof c);
        gsp_dpi_si_default(&c.si);
        c.si.inmda_thr = rows[r].inmda_thr;
        c.si.ahp_jump = rows[r].ahp_jump;
        c.t_end = 0.6;
        c.idc0 = rows[r].idc;
        for (int k = 0; k < 20; k++)
            c.events[c.n_events++] = (event){0.05 + 0.02 * k, rows[r].jump, rows[r].kind};
        const unsigned n = solve(&c, spikes);
        assert_true(n >= 2);
        for (unsigned w = 0; w < WAYS; w++) {
            t = (trial){.dt = ways[w].dt, .seg = ways[w].seg, .wide = ways[w].wide};
            run_trial(&c, c.idc0, &t);
            const double off = compare_spikes(rows[r].name, &t, spikes, n);
            printf("%s, %s: %u spikes within %.3g ms\n", rows[r].name, ways[w].name, n, off * 1e3);
            if (off > ways[w].spike_bound)
                fail_msg("%s, %s: a spike is off by %g s", rows[r].name, ways[w].name, off);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(net_is_rounded_and_clamped),
        cmocka_unit_test(input_is_clamped),
        cmocka_unit_test(threshold_reset_and_silence),
        cmocka_unit_test(decays_to_zero),
        cmocka_unit_test(tables_end_where_they_end),
        cmocka_unit_test(check_names_the_field),
        cmocka_unit_test(any_table_equals_oracle),
        cmocka_unit_test(batch_equals_scalar),
        cmocka_unit_test(encoder_gives_the_published_values),
        cmocka_unit_test(encoder_inverts),
        cmocka_unit_test(encoder_refuses_what_does_not_fit),
        cmocka_unit_test(defaults_are_the_typical_neuron),
        cmocka_unit_test(shipped_tables_are_the_encoder_s),
    };
    const struct CMUnitTest accuracy[] = {
        cmocka_unit_test(spike_lists_agree),
        cmocka_unit_test(logistic_feedback_agrees),
        cmocka_unit_test(rates_agree),
        cmocka_unit_test(near_rheobase),
        cmocka_unit_test(no_feedback_agrees),
        cmocka_unit_test(traces_agree),
        cmocka_unit_test(synapse_agrees),
        cmocka_unit_test(solver_agrees_with_the_files),
        cmocka_unit_test(inhibition_and_nmda_agree),
    };
    const int failed = cmocka_run_group_tests_name("dpi", tests, NULL, NULL);
    return failed + cmocka_run_group_tests_name("dpi accuracy", accuracy, NULL, NULL);
}
