/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How inputs are drawn, inline for the two loops that do it: gsp_stim_next and stretch.h.
 * Not public.
 */
#ifndef GSP_STIM_INPUTS_H
#define GSP_STIM_INPUTS_H

#include "field.h"
#include "goldenspike/stim.h"

/* An input's choices take so many bits of a random word: 4 whether it is held, 6 which of the pool it takes.
 */
enum { GSP_STIM_INPUT_BITS = 10, GSP_STIM_INPUTS_PER_WORD = 6 };

/* Counts the step, and begins the next GSP_STIM_RENEW ones where they begin. The epoch has steps left. */
static inline void gsp_stim_advance(gsp_stim *s, const void *params) {
    s->epoch_left--;
    if (++s->position % GSP_STIM_RENEW == 0) {
        s->aimed = gsp_rng_next(&s->rng) >> 63;
        if (s->n_inputs > 0)
            s->renew(s, params);
    }
}

static inline void gsp_stim_draw_input(gsp_stim_input *input, unsigned hold, uint64_t bits, unsigned size,
                                       void *at) {
    /* A selection by mask, because no branch predictor foresees it. */
    const unsigned keep = 0u - (unsigned)((bits & 15) < hold);
    const unsigned fresh = (unsigned)(bits >> 4) % GSP_STIM_POOL;
    const unsigned taken = fresh ^ ((fresh ^ input->taken) & keep);
    input->taken = (uint8_t)taken;
    gsp_store(size, at, input->pool[taken]);
}

#endif
