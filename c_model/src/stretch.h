/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop of a lockstep run, compiled for one model: gsp_model.stretch.
 *
 * Lockstep is to run nearly as fast as the device alone, so the golden side must be faster than the device.
 * What its general loop spends on looking up offsets and sizes in the field table is more than the step of a
 * small model; here that table is constant, and every loop over it unrolled. The general loop gives the same
 * steps and the same words: tests/unit/test_stim.c.
 */
#ifndef GSP_STRETCH_H
#define GSP_STRETCH_H

#include <string.h>

#include "goldenspike/stim.h"
#include "stim_inputs.h"

#if defined(__clang__)
#define GSP_UNROLL _Pragma("clang loop unroll(full)")
#elif defined(__GNUC__)
#define GSP_UNROLL _Pragma("GCC unroll 96") /* GSP_MAX_FIELDS */
#else
#define GSP_UNROLL
#endif

#ifdef __GNUC__
#define GSP_ALWAYS_INLINE static inline __attribute__((always_inline))
#else
#define GSP_ALWAYS_INLINE static inline
#endif

/*
 * Words of the steps to come: the processor that read them last has their cache lines, and to take one back
 * at the time of writing costs as much as half a step. gcc makes a plain prefetch, which does not take
 * them, of __builtin_prefetch for writing where it may not use instructions that the first x86-64 lacked.
 */
enum { GSP_STRETCH_AHEAD = 16 };
GSP_ALWAYS_INLINE void gsp_stretch_fetch(const uint32_t *words) {
#if defined(__x86_64__) && defined(__GNUC__)
    __asm__ volatile("prefetchw %0" : : "m"(*words));
#elif defined(__GNUC__)
    __builtin_prefetch(words, 1);
#else
    (void)words;
#endif
}

/* Draws the inputs as gsp_stim_next does when none of them is tied. */
GSP_ALWAYS_INLINE void gsp_stretch_draw(gsp_stim *s, const gsp_field *table, int n_fields, void *in) {
    unsigned k = 0;
    uint64_t bits = 0;
    GSP_UNROLL
    for (int i = 0; i < n_fields; i++) {
        if (table[i].kind != GSP_INPUT)
            continue;
        bits = k % GSP_STIM_INPUTS_PER_WORD == 0 ? gsp_rng_next(&s->rng) : bits >> GSP_STIM_INPUT_BITS;
        gsp_stim_draw_input(&s->input[k++], s->hold, bits, table[i].size,
                            (unsigned char *)in + table[i].offset);
    }
}

/* The words of one field. */
GSP_ALWAYS_INLINE unsigned gsp_stretch_pack(const gsp_field *f, const void *part, uint32_t *words) {
    const unsigned char *at = (const unsigned char *)part + f->offset;
    switch (f->size) {
    case 1: {
        uint8_t u;
        memcpy(&u, at, sizeof u);
        *words = f->c_signed ? (uint32_t)(int8_t)u : u;
        return 1;
    }
    case 2: {
        uint16_t u;
        memcpy(&u, at, sizeof u);
        *words = f->c_signed ? (uint32_t)(int16_t)u : u;
        return 1;
    }
    case 4: memcpy(words, at, sizeof *words); return 1;
    default: {
        uint64_t u;
        memcpy(&u, at, sizeof u);
        words[0] = (uint32_t)u;
        if (f->width <= 32)
            return 1;
        words[1] = (uint32_t)(u >> 32);
        return 2;
    }
    }
}

GSP_ALWAYS_INLINE bool gsp_stretch_event(const gsp_field *f, const void *out) {
    const unsigned char *at = (const unsigned char *)out + f->offset;
    uint64_t u = 0;
    memcpy(&u, at, f->size);
    return u != 0;
}

/* Draws the next step of a stretch: gsp_stim_next without a change of params. */
GSP_ALWAYS_INLINE void gsp_stretch_next(gsp_stim *s, const gsp_field *table, int n_fields, const void *params,
                                        const void *state, void *in) {
    gsp_stim_advance(s, params);
    if (s->special)
        s->draw_special(s, in);
    else
        gsp_stretch_draw(s, table, n_fields, in);
    if (s->aimed && !s->special && s->cases->aim)
        s->cases->aim(&s->rng, params, state, in);
}

/* Writes the words of a step; tells whether it was an event. */
GSP_ALWAYS_INLINE bool gsp_stretch_words(const gsp_stretch *x, const gsp_field *table, int n_fields,
                                         const void *in, const void *state, const void *out,
                                         uint32_t *words) {
    uint32_t *observed = words + x->observed;
    bool event = false, seen = false;
    words[x->stride - 1] = x->mark;
    GSP_UNROLL
    for (int i = 0; i < n_fields; i++) {
        const gsp_field *f = &table[i];
        if (f->kind == GSP_INPUT)
            words += gsp_stretch_pack(f, in, words);
        else if (f->kind == GSP_STATE)
            observed += gsp_stretch_pack(f, state, observed);
        else if (f->kind == GSP_OUTPUT || f->kind == GSP_FLAG)
            observed += gsp_stretch_pack(f, out, observed);
        if (f->kind == GSP_OUTPUT && !seen) {
            event = gsp_stretch_event(f, out);
            seen = true;
        }
    }
    return event;
}

/* `table`: the field table of model `m`; after GSP_MODEL_ENTRIES(m). */
#define GSP_MODEL_STRETCH(m, table)                                                   \
    static uint64_t m##_stretch(gsp_stretch *x) {                                     \
        enum { N = sizeof(table) / sizeof((table)[0]) };                              \
        const gsp_##m##_params *params = (const gsp_##m##_params *)&x->frame->params; \
        gsp_##m##_in *in = (gsp_##m##_in *)&x->frame->in;                             \
        gsp_##m##_state *state = (gsp_##m##_state *)&x->frame->state;                 \
        gsp_##m##_out *out = (gsp_##m##_out *)&x->frame->out;                         \
        const uint64_t n = x->n < x->stim->epoch_left ? x->n : x->stim->epoch_left;   \
        uint32_t *words = x->words;                                                   \
        uint64_t events = 0;                                                          \
        for (uint64_t k = 0; k < n; k++, words += x->stride) {                        \
            gsp_stretch_fetch(words + GSP_STRETCH_AHEAD * x->stride);                 \
            gsp_stretch_next(x->stim, (table), N, params, state, in);                 \
            gsp_##m##_step(params, in, state, out);                                   \
            events += gsp_stretch_words(x, (table), N, in, state, out, words);        \
        }                                                                             \
        x->events += events;                                                          \
        return n;                                                                     \
    }

#endif
