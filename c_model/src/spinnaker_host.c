/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/spinnaker.h"

#include <math.h>
#include <string.h>

#include "goldenspike/spinnaker_izhikevich.h"
#include "goldenspike/spinnaker_lif.h"

enum { ONE = GSP_SPINNAKER_ONE, SLOT_MAX = 65535, N_STEPS_MAX = 65535 };

bool gsp_spinnaker_accum(double value, int32_t *raw) {
    const double scaled = value * ONE; /* exact: a power of two */
    if (!(scaled >= -2147483649.0 && scaled <= 2147483648.0))
        return false;
    /* Whatever rounding mode the caller has set. */
    const double below = floor(scaled);
    const double rest = scaled - below;
    const bool up = rest > 0.5 || (rest == 0.5 && fmod(below, 2.0) != 0.0);
    const double rounded = up ? below + 1.0 : below;
    if (!(rounded >= INT32_MIN && rounded <= INT32_MAX))
        return false;
    *raw = (int32_t)rounded;
    return true;
}

int32_t gsp_spinnaker_kdivk(int32_t a, int32_t b) {
    if (b == 0)
        return 0;
    /* Sign-extended, then divided as unsigned numbers: a quotient of two signs is meaningless, as upstream.
     */
    return (int32_t)(uint32_t)(((uint64_t)(int64_t)a << GSP_SPINNAKER_FRACTION) / (uint64_t)(int64_t)b);
}

/*
 * e^n = e^z * e^-f with a whole z and 0 <= f < 1: e^z and e^(-k/16) by table,
 * the rest of f by a polynomial. Tables: HI[k] = round(e^(k - 13) * 2^32),
 * MID[k] = round((1 - e^(-k/16)) * 2^32).
 */
static const uint64_t HI[26] = {UINT64_C(9708),
                                UINT64_C(26389),
                                UINT64_C(71733),
                                UINT64_C(194991),
                                UINT64_C(530041),
                                UINT64_C(1440801),
                                UINT64_C(3916503),
                                UINT64_C(10646160),
                                UINT64_C(28939262),
                                UINT64_C(78665070),
                                UINT64_C(213833830),
                                UINT64_C(581260615),
                                UINT64_C(1580030169),
                                UINT64_C(4294967296),
                                UINT64_C(11674931555),
                                UINT64_C(31735754293),
                                UINT64_C(86266724208),
                                UINT64_C(234497268814),
                                UINT64_C(637429664642),
                                UINT64_C(1732713474316),
                                UINT64_C(4710003551159),
                                UINT64_C(12803117065094),
                                UINT64_C(34802480465680),
                                UINT64_C(94602950235157),
                                UINT64_C(257157480542844),
                                UINT64_C(699026506411923)};
static const uint32_t MID[16] = {0,          260218914,  504671961,  734314346,  950043403,  1152702096,
                                 1343082321, 1521927990, 1689937949, 1847768698, 1996036966, 2135322113,
                                 2266168400, 2389087112, 2504558555, 2613033936};
enum { EXP_MAX = 363408, EXP_MIN = -340695 };

/* High word of a 32 x 32-bit product. */
static uint32_t high(uint32_t a, uint32_t b) {
    return (uint32_t)((uint64_t)a * b >> 32);
}

/* x * y / 2^32; the low half is rounded up from 0x7FFFFFFF, as upstream. */
static uint64_t scale64(uint64_t x, uint32_t y) {
    const uint64_t low = (x & UINT32_MAX) * y;
    return (low >> 32) + ((uint32_t)low >= UINT32_C(0x7FFFFFFF)) + (x >> 32) * y;
}

/* e^n * 2^32 for EXP_MIN <= n <= EXP_MAX */
static uint64_t exp_u3232(int32_t n) {
    const int32_t z = (int32_t)gsp_shr_floor(n, GSP_SPINNAKER_FRACTION);
    const int32_t f = n - z * ONE;
    if (f == 0)
        return HI[13 + z];
    /* The nearest whole number above, and the distance down from it. */
    const uint32_t down = (uint32_t)(ONE - f);
    uint64_t t = HI[13 + z + 1];
    t -= scale64(t, MID[down >> 11]);
    const uint32_t y = (down & 0x7FFu) << 17;
    const uint32_t s = high(UINT32_C(4293434720) - high(UINT32_C(2081624032), y), y) + 5294u;
    return t - scale64(t, s);
}

int32_t gsp_spinnaker_expk(int32_t n) {
    if (n > EXP_MAX)
        return INT32_MAX;
    return n < EXP_MIN ? 0 : (int32_t)(exp_u3232(n) >> 17);
}

uint32_t gsp_spinnaker_expulr(int32_t n) {
    if (n > EXP_MAX)
        return INT32_MAX; /* the accum's largest value, as upstream */
    return n < EXP_MIN ? 0 : (uint32_t)exp_u3232(n);
}

int32_t gsp_spinnaker_substep(int32_t time_step, uint32_t n_steps) {
    return gsp_spinnaker_kdivk(time_step, (int32_t)(n_steps << GSP_SPINNAKER_FRACTION));
}

int32_t gsp_spinnaker_r_membrane(int32_t tau_m, int32_t c_m) {
    return gsp_spinnaker_kdivk(tau_m, c_m);
}

int32_t gsp_spinnaker_exp_tc(int32_t substep, int32_t tau) {
    return gsp_spinnaker_expk(gsp_spinnaker_neg(gsp_spinnaker_kdivk(substep, tau)));
}

int32_t gsp_spinnaker_t_refract(int32_t substep, int32_t tau_refrac) {
    const int32_t steps = gsp_spinnaker_kdivk(tau_refrac, substep);
    return (int32_t)gsp_shr_floor(gsp_spinnaker_add(steps, ONE - 1), GSP_SPINNAKER_FRACTION);
}

void gsp_spinnaker_synapse(int32_t substep, int32_t tau, uint32_t *decay, uint32_t *init) {
    *decay = gsp_spinnaker_expulr(gsp_spinnaker_neg(gsp_spinnaker_kdivk(substep, tau)));
    const uint64_t steps = (uint64_t)(int64_t)gsp_spinnaker_kdivk(tau, substep);
    *init = (uint32_t)(steps * (UINT32_MAX - *decay) >> GSP_SPINNAKER_FRACTION);
}

int32_t gsp_spinnaker_delta_scale(int32_t substep) {
    return gsp_spinnaker_kdivk(ONE, substep);
}

void gsp_spinnaker_ring_clear(gsp_spinnaker_ring *ring) {
    memset(ring, 0, sizeof *ring);
}

void gsp_spinnaker_ring_take(gsp_spinnaker_ring *ring, uint32_t t, uint16_t *exc, uint16_t *inh) {
    *exc = ring->slot[0][t & 15u];
    *inh = ring->slot[1][t & 15u];
    ring->slot[0][t & 15u] = 0;
    ring->slot[1][t & 15u] = 0;
}

void gsp_spinnaker_ring_add(gsp_spinnaker_ring *ring, uint32_t t, uint32_t word, unsigned colour_delay) {
    const uint32_t field = word >> 1 & 15u;
    const uint32_t delay = field == 0 ? 16 : field;
    if (delay <= colour_delay) {
        ring->late_skipped++;
        return;
    }
    uint16_t *slot = &ring->slot[word & 1u][(t + delay - colour_delay) & 15u];
    const uint32_t sum = *slot + (word >> 16);
    ring->saturation_count += sum > SLOT_MAX;
    *slot = (uint16_t)(sum > SLOT_MAX ? SLOT_MAX : sum);
}

/* A time that something is divided by: 0 after rounding is no time. */
static bool divisor(double value, int32_t *raw) {
    return gsp_spinnaker_accum(value, raw) && *raw != 0;
}

/* n_steps << 15 must stay an accum. */
static bool substep_of(double time_step, uint32_t n_steps, int32_t *whole, int32_t *substep) {
    if (n_steps < 1 || n_steps > N_STEPS_MAX || !divisor(time_step, whole))
        return false;
    *substep = gsp_spinnaker_substep(*whole, n_steps);
    return *substep != 0;
}

static bool synapse_of(double tau_value, int32_t substep, uint32_t *decay, uint32_t *init) {
    int32_t tau;
    if (!divisor(tau_value, &tau))
        return false;
    gsp_spinnaker_synapse(substep, tau, decay, init);
    return true;
}

bool gsp_spinnaker_lif_encode(const gsp_spinnaker_lif_cell *cell, gsp_spinnaker_lif_params *params) {
    gsp_spinnaker_lif_params p = *params;
    int32_t whole, substep, tau_m, c_m, tau_refrac, tau_ca2;
    if (!substep_of(cell->time_step, cell->n_steps, &whole, &substep) || !divisor(cell->tau_m, &tau_m) ||
        !divisor(cell->c_m, &c_m) || !gsp_spinnaker_accum(cell->v_rest, &p.v_rest) ||
        !gsp_spinnaker_accum(cell->v_reset, &p.v_reset) ||
        !gsp_spinnaker_accum(cell->v_thresh, &p.v_thresh) ||
        !gsp_spinnaker_accum(cell->i_offset, &p.i_offset) ||
        !gsp_spinnaker_accum(cell->tau_refrac, &tau_refrac))
        return false;
    p.r_membrane = gsp_spinnaker_r_membrane(tau_m, c_m);
    p.exp_tc = gsp_spinnaker_exp_tc(substep, tau_m);
    p.t_refract = (uint32_t)gsp_spinnaker_t_refract(substep, tau_refrac);
    p.input_kind = cell->input_kind;
    if (cell->input_kind == GSP_SPINNAKER_DELTA)
        p.scale = gsp_spinnaker_delta_scale(substep);
    else if (!synapse_of(cell->tau_syn_exc, substep, &p.decay_exc, &p.init_exc) ||
             !synapse_of(cell->tau_syn_inh, substep, &p.decay_inh, &p.init_inh))
        return false;
    if (cell->input_kind == GSP_SPINNAKER_CONDUCTANCE &&
        (!gsp_spinnaker_accum(cell->v_rev_exc, &p.v_rev_exc) ||
         !gsp_spinnaker_accum(cell->v_rev_inh, &p.v_rev_inh)))
        return false;
    p.ca2_enable = cell->ca2_enable;
    if (cell->ca2_enable) {
        if (!divisor(cell->tau_ca2, &tau_ca2) || !gsp_spinnaker_accum(cell->ca2_alpha, &p.ca2_alpha))
            return false;
        p.ca2_decay = gsp_spinnaker_exp_tc(substep, tau_ca2);
    }
    if (gsp_spinnaker_lif_check(&p) != 0)
        return false;
    *params = p;
    return true;
}

bool gsp_spinnaker_izhikevich_encode(const gsp_spinnaker_izhikevich_cell *cell,
                                     gsp_spinnaker_izhikevich_params *params) {
    gsp_spinnaker_izhikevich_params p = *params;
    if (!substep_of(cell->time_step, cell->n_steps, &p.next_h, &p.reset_h) ||
        !gsp_spinnaker_accum(cell->a, &p.a) || !gsp_spinnaker_accum(cell->b, &p.b) ||
        !gsp_spinnaker_accum(cell->c, &p.c) || !gsp_spinnaker_accum(cell->d, &p.d) ||
        !gsp_spinnaker_accum(cell->i_offset, &p.i_offset))
        return false;
    p.input_kind = cell->input_kind;
    if (cell->input_kind == GSP_SPINNAKER_DELTA)
        p.scale = gsp_spinnaker_delta_scale(p.reset_h);
    else if (!synapse_of(cell->tau_syn_exc, p.reset_h, &p.decay_exc, &p.init_exc) ||
             !synapse_of(cell->tau_syn_inh, p.reset_h, &p.decay_inh, &p.init_inh))
        return false;
    if (cell->input_kind == GSP_SPINNAKER_CONDUCTANCE &&
        (!gsp_spinnaker_accum(cell->v_rev_exc, &p.v_rev_exc) ||
         !gsp_spinnaker_accum(cell->v_rev_inh, &p.v_rev_inh)))
        return false;
    if (gsp_spinnaker_izhikevich_check(&p) != 0)
        return false;
    *params = p;
    return true;
}
