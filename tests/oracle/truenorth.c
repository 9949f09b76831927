/* SPDX-License-Identifier: Apache-2.0 */
/*
 * truenorth a second time, from the published equations and in another style
 * than the model's: 64-bit sums wrapped by counting periods, numbers masked bit
 * by bit, and resets looked up in the paper's table of six modes. It shares no
 * operation with the model.
 */
#include "oracle.h"

#include <stdlib.h>

#include "goldenspike/truenorth.h"

enum { LOWEST = -524288, HIGHEST = 524287, PERIOD = 1048576, CLAMP = 393216 };

static long long signum(long long x) {
    if (x == 0)
        return 0;
    return x / llabs(x);
}

/* lim of Cassidy's sum in the three options; `once` is the place where NeMo looks. */
static long long limit(int option, int once, long long x) {
    switch (option) {
    case 0:
        if (x > HIGHEST)
            return HIGHEST;
        return x < LOWEST ? LOWEST : x;
    case 2:
        if (once)
            return x > CLAMP ? CLAMP : x < -CLAMP ? -CLAMP : x;
        break;
    default: break;
    }
    while (x > HIGHEST)
        x -= PERIOD;
    while (x < LOWEST)
        x += PERIOD;
    return x;
}

/* The synaptic and the leak term have one form: deterministic, or a coin of |value| + 1 in 256. */
static long long term(int stochastic, int value, int rho) {
    const int heads = abs(value) >= rho;
    const long long table[2][2] = {{value, value}, {0, signum(value)}};
    return table[stochastic][heads];
}

static long long masked(uint32_t number, uint32_t mask) {
    long long result = 0;
    long long weight = 1;
    for (int bit = 0; bit < 17; bit++) {
        if (number % 2 == 1 && mask % 2 == 1)
            result += weight;
        number /= 2;
        mask /= 2;
        weight *= 2;
    }
    return result;
}

void gsp_oracle_truenorth(const gsp_truenorth_params *p, const gsp_truenorth_in *in,
                          gsp_truenorth_state *state, gsp_truenorth_out *out) {
    const int s[4] = {p->s0, p->s1, p->s2, p->s3};
    const int b[4] = {p->b0, p->b1, p->b2, p->b3};
    long long v = state->v;

    out->spike = 0;
    out->negative = 0;
    out->draws_used = 0;
    if (in->op == 1) {
        out->draws_used = (uint8_t)b[in->axon_type];
        v = limit(p->overflow, 0, v + term(b[in->axon_type], s[in->axon_type], in->rho));
    } else if (in->op == 2) {
        out->draws_used = (uint8_t)(p->leak_stochastic + (p->mask > 0 ? 2 : 0));

        /* Omega = (1 - epsilon) + epsilon * sgn(V) */
        const long long omega = (1 - p->epsilon) + p->epsilon * signum(v);
        long long l = limit(p->overflow, 1, v + omega * term(p->leak_stochastic, p->leak, in->rho));
        if (p->ringing_rule == 1 && p->epsilon == 1 && signum(l) != signum(v))
            l = 0;

        const long long eta = masked(in->rho_threshold, p->mask);
        const long long upper = (long long)p->alpha + eta;
        const long long lower = -((long long)p->beta + (1 - p->kappa) * eta);
        /* Rows: gamma; columns: positive reset, negative reset for kappa 0 and 1. */
        const long long reset[3][3] = {
            {p->r, -(long long)p->r, -(long long)p->beta},
            {l - upper, l + p->beta + eta, -(long long)p->beta},
            {l, l, -(long long)p->beta},
        };
        v = l;
        if (l >= upper) {
            out->spike = 1;
            v = reset[p->gamma][0];
        } else if (p->negative_le ? l <= lower : l < lower) {
            out->negative = 1;
            v = reset[p->gamma][1 + p->kappa];
        }
        /* A linear reset is an addition too. */
        if (p->gamma == 1 && v != l)
            v = limit(p->overflow == 2 ? 0 : p->overflow, 0, v);
    }
    state->v = (int32_t)v;
}
