/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The updates that a board makes by itself, and what the golden model makes of them.
 *
 * A run is cut into legs. A leg begins with a reset and has params and a pool of its own, both drawn as
 * lockstep draws its stimulus: 2^pool_bits words for each input word. Each update takes of each pool the
 * word that a shift register with feedback points to, the same in C and in gsp_board_core.v. A leg is a
 * function of seed and number, an update one of its leg and its place in it.
 */
#ifndef GSP_STREAM_H
#define GSP_STREAM_H

#include "board.h"
#include "goldenspike/cases.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { GSP_POOL_BITS_MAX = 6 };

typedef struct gsp_stream {
    const gsp_board *board;
    const gsp_cases *cases;
    const void *start; /* params as the user gave them */
    const bool *fixed; /* params that stay */
    int level;
    uint64_t seed;
    unsigned pool_bits;

    /* The leg. */
    uint64_t leg, at; /* updates of it that are done */
    uint32_t random_start, random;
    uint32_t pool[GSP_BOARD_MAX_WORDS << GSP_POOL_BITS_MAX];

    /* The update before `at`. */
    gsp_frame frame;   /* params, inputs, outputs, the state after it */
    gsp_struct before; /* the state before it */
    uint32_t neuron;   /* whose it is */
    uint32_t in[GSP_BOARD_MAX_WORDS], record[GSP_BOARD_MAX_WORDS];

    unsigned char *states;          /* one per neuron */
    uint64_t bins, events, updates; /* of all legs so far */
} gsp_stream;

/* `start` and `fixed` must stay. False and a message: out of memory, inputs wider than a word. */
bool gsp_stream_open(gsp_stream *stream, const gsp_board *board, const void *start, const bool *fixed,
                     int level, uint64_t seed, unsigned pool_bits, gsp_error *error);
void gsp_stream_close(gsp_stream *stream);

/* Begins a leg. `record` becomes what a device shows after the reset. */
void gsp_stream_leg(gsp_stream *stream, uint64_t leg);
/* Takes the next update. */
void gsp_stream_next(gsp_stream *stream);
/* Takes updates until so many of the leg are done; without counting them once more. */
void gsp_stream_seek(gsp_stream *stream, uint64_t leg, uint64_t at);
/* The words of the params. */
void gsp_stream_params(const gsp_stream *stream, uint32_t *words);

#ifdef __cplusplus
}
#endif
#endif
