/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A replaceable source of random numbers for truenorth, bit for bit the twin
 * of rtl/truenorth/gsp_truenorth_lfsr.v. IBM's generator is not public; this
 * is not it.
 *
 * A linear feedback shift register of 31 bits, s[n+31] = s[n+3] ^ s[n]: the
 * polynomial x^31 + x^3 + 1 is primitive and 2^31 - 1 is prime, so 2^31 - 1
 * draws pass before the sequence repeats. One draw is the next 17 bits, so
 * that draws share no bit. Three bits of the sequence add up to 0 wherever one
 * looks: good enough to drive a neuron, too regular for statistics.
 */
#ifndef GOLDENSPIKE_TRUENORTH_LFSR_H
#define GOLDENSPIKE_TRUENORTH_LFSR_H

#include "goldenspike/truenorth.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gsp_truenorth_lfsr {
    uint32_t state; /* 31 bits, s[n] in bit 0; never 0 */
} gsp_truenorth_lfsr;

/*
 * Starts from the low 31 bits of seed, some of them inverted (the first 31
 * fraction bits of pi): the sequence takes thousands of draws to forget a
 * start with few ones, as small seeds would be. The seed that would give 0
 * gives 1.
 */
static inline void gsp_truenorth_lfsr_seed(gsp_truenorth_lfsr *lfsr, uint32_t seed) {
    const uint32_t state = (seed ^ UINT32_C(0x121FB544)) & UINT32_C(0x7FFFFFFF);
    lfsr->state = state ? state : 1;
}

/* One draw: 17 bits. rho is the low byte of a draw. */
static inline uint32_t gsp_truenorth_lfsr_draw(gsp_truenorth_lfsr *lfsr) {
    const uint32_t s = lfsr->state;
    const uint32_t fresh = ((s >> 3) ^ s) & UINT32_C(0x1FFFF);
    lfsr->state = (fresh << 14) | (s >> 17);
    return s & UINT32_C(0x1FFFF);
}

/*
 * Fills in->rho and in->rho_threshold for the operation in->op, and draws what
 * it consumes: rho first. A number that is not consumed shows the next draw.
 */
static inline void gsp_truenorth_lfsr_feed(gsp_truenorth_lfsr *lfsr, const gsp_truenorth_params *params,
                                           gsp_truenorth_in *in) {
    const uint8_t draws = gsp_truenorth_draws(params, in->op, in->axon_type);
    gsp_truenorth_lfsr next = *lfsr;
    in->rho = (uint8_t)gsp_truenorth_lfsr_draw(&next);
    if (draws & GSP_TRUENORTH_DREW_RHO)
        *lfsr = next;
    next = *lfsr;
    in->rho_threshold = gsp_truenorth_lfsr_draw(&next);
    if (draws & GSP_TRUENORTH_DREW_THRESHOLD)
        *lfsr = next;
}

#ifdef __cplusplus
}
#endif
#endif
