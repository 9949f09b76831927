/* SPDX-License-Identifier: Apache-2.0 */
#include "stream.h"

#include <stdlib.h>
#include <string.h>

#include "goldenspike/rng.h"
#include "goldenspike/stim.h"

enum { RANDOM_BITS = 31, TAP = 28 }; /* x^31 + x^28 + 1 */

bool gsp_stream_open(gsp_stream *s, const gsp_board *board, const void *start, const bool *fixed, int level,
                     uint64_t seed, unsigned pool_bits, gsp_error *error) {
    memset(s, 0, sizeof *s);
    for (int i = 0; i < board->model->n_fields; i++)
        if (board->in[i] >= 0 && board->fields[i].width > 32)
            return gsp_fail(error, "input %s is wider than a word", board->fields[i].name);
    s->board = board;
    s->cases = gsp_cases_of(board->model);
    s->start = start;
    s->fixed = fixed;
    s->level = level;
    s->seed = seed;
    s->pool_bits = pool_bits;
    s->states = (unsigned char *)calloc(board->neurons, board->model->state_size + 1u);
    return s->states || gsp_fail(error, "out of memory");
}

void gsp_stream_close(gsp_stream *s) {
    free(s->states);
    s->states = NULL;
}

static unsigned char *state_of(const gsp_stream *s, uint32_t neuron) {
    return s->states + (size_t)neuron * s->board->model->state_size;
}

static void make_record(gsp_stream *s) {
    const gsp_board *b = s->board;
    for (int i = 0; i < b->model->n_fields; i++)
        if (b->observe[i] >= 0)
            gsp_board_pack(&b->fields[i], gsp_frame_part_const(&s->frame, b->fields[i].kind), b->observe[i],
                           s->record);
    if (b->form == GSP_FORM_ARRAY)
        s->record[b->n_obs - 1] = s->neuron;
}

static void reset(gsp_stream *s) {
    const gsp_board *b = s->board;
    gsp_frame *f = &s->frame;
    b->model->reset(&f->state, &f->params);
    for (uint32_t n = 0; n < b->neurons; n++)
        memcpy(state_of(s, n), &f->state, b->model->state_size);
    memset(&f->out, 0, b->model->out_size);
    for (int i = 0; i < b->model->n_fields; i++) {
        const gsp_field *field = &b->fields[i];
        if (field->kind == GSP_OUTPUT && field->initial_of)
            gsp_set(field, &f->out,
                    gsp_get(&b->fields[gsp_field_find(b->model, field->initial_of)], &f->state));
    }
    make_record(s);
}

/* The pool of neurons: half of it close together, so that many updates of one are in flight. */
static void draw_neurons(const gsp_stream *s, gsp_rng *rng, uint32_t *pool) {
    const uint32_t neurons = s->board->neurons, n = UINT32_C(1) << s->pool_bits;
    const uint32_t base = gsp_rng_below(rng, neurons), span = 1 + gsp_rng_below(rng, 8);
    for (uint32_t k = 0; k < n; k++)
        pool[k] = k < n / 2 ? (base + gsp_rng_below(rng, span)) % neurons : gsp_rng_below(rng, neurons);
    pool[n - 1] = neurons - 1;
}

void gsp_stream_leg(gsp_stream *s, uint64_t leg) {
    const gsp_board *b = s->board;
    gsp_stim stim;
    gsp_rng rng;
    gsp_struct params, in;
    gsp_rng_seed(&rng, s->seed);
    const uint64_t seed = gsp_rng_next(&rng) + leg;
    gsp_rng_seed(&rng, ~seed);
    s->leg = leg;
    s->at = 0;
    s->neuron = 0;
    s->random_start = s->random = 1 + gsp_rng_below(&rng, (UINT32_C(1) << RANDOM_BITS) - 1);
    memset(&s->frame, 0, sizeof s->frame);
    memcpy(&s->frame.params, s->start, sizeof s->frame.params);
    memset(&in, 0, sizeof in);
    gsp_default_inputs(b->model, s->start, &in);
    memcpy(&params, s->start, sizeof params);
    gsp_stim_start(&stim, b->model, s->start, s->fixed, s->level, seed, false);
    b->model->reset(&s->frame.state, &params);
    for (unsigned k = 0; k < 1u << s->pool_bits; k++) {
        /* Later changes of params are those of later legs. */
        (void)gsp_stim_next(&stim, &params, &s->frame.state, &in);
        if (k == 0)
            memcpy(&s->frame.params, &params, sizeof params);
        for (int i = 0; i < b->model->n_fields; i++)
            if (b->in[i] >= 0)
                gsp_board_pack(&b->fields[i], &in, b->in[i] * (1 << s->pool_bits) + (int)k, s->pool);
    }
    if (b->form == GSP_FORM_ARRAY)
        draw_neurons(s, &rng, &s->pool[(b->n_in - 1) << s->pool_bits]);
    reset(s);
}

void gsp_stream_next(gsp_stream *s) {
    const gsp_board *b = s->board;
    gsp_frame *f = &s->frame;
    const unsigned bits = s->pool_bits;
    for (unsigned k = 0; k < b->n_in; k++) {
        s->in[k] = s->pool[k << bits | (s->random & ((1u << bits) - 1))];
        const uint32_t fresh = (s->random >> (RANDOM_BITS - bits)) ^ (s->random >> (TAP - bits));
        s->random = (s->random << bits | (fresh & ((1u << bits) - 1))) & ((UINT32_C(1) << RANDOM_BITS) - 1);
    }
    for (int i = 0; i < b->model->n_fields; i++)
        if (b->in[i] >= 0)
            gsp_board_unpack(&b->fields[i], &f->in, b->in[i], s->in);
    if (b->form == GSP_FORM_ARRAY)
        s->neuron = s->in[b->n_in - 1];
    memcpy(&f->state, state_of(s, s->neuron), b->model->state_size);
    memcpy(&s->before, &f->state, b->model->state_size);
    b->model->explain(&f->params, &f->in, &f->state, &f->out, &f->internal);
    memcpy(state_of(s, s->neuron), &f->state, b->model->state_size);
    s->bins |= s->cases->cover(&f->params, &f->in, &s->before, &f->state, &f->out, &f->internal);
    for (int i = 0; i < b->model->n_fields; i++)
        if (b->fields[i].kind == GSP_OUTPUT) { /* the first output is the model's spike */
            s->events += gsp_get(&b->fields[i], &f->out) != 0;
            break;
        }
    s->updates++;
    s->at++;
    make_record(s);
}

void gsp_stream_seek(gsp_stream *s, uint64_t leg, uint64_t at) {
    const uint64_t bins = s->bins, events = s->events, updates = s->updates;
    gsp_stream_leg(s, leg);
    while (s->at < at)
        gsp_stream_next(s);
    s->bins = bins;
    s->events = events;
    s->updates = updates;
}

void gsp_stream_params(const gsp_stream *s, uint32_t *words) {
    const gsp_board *b = s->board;
    memset(words, 0, b->n_params * sizeof *words);
    for (int i = 0; i < b->model->n_fields; i++)
        if (b->param[i] >= 0)
            gsp_board_pack(&b->fields[i], &s->frame.params, b->param[i], words);
}
