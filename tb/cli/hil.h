/* SPDX-License-Identifier: Apache-2.0 */
/* A run on a board: what its two ways of driving share (hil.c, hil_stream.c). */
#ifndef GSP_HIL_H
#define GSP_HIL_H

#include <time.h>

#include "cli.h"
#include "cosim.h"
#include "line.h"
#include "place.h"
#include "stream.h"

enum {
    ATTEMPTS = 4,      /* to find the board on a line with noise */
    QUIET_MS = 200,    /* longer than a half command lives on the board; doubled at each attempt */
    ANSWER_MS = 1000,  /* for a few registers */
    SILENCE_MS = 3000, /* within a run */
    MAX_CHUNKS = 64,   /* on their way */
    COMMAND_BYTES = 6
};

typedef struct hil_options {
    cli_common common;
    gsp_place place;
    const char *port, *trace, *work;
    uint64_t baud, steps, seed, level;
    gsp_form form;
    bool full_speed;
    char *parameters[16];
    unsigned n_parameters;
} hil_options;

typedef struct chunk {
    unsigned bytes, records;
} chunk;

/* A record that came, or is to come, back. */
typedef struct hil_past {
    uint64_t leg, at;
    uint32_t expected[GSP_BOARD_MAX_WORDS], seen[GSP_BOARD_MAX_WORDS];
} hil_past;

typedef struct hil_register {
    const char *name;
    uint32_t seen, wanted;
} hil_register;

typedef struct hil {
    const gsp_verb *verb;
    const hil_options *o;
    gsp_line line;
    gsp_board board;
    unsigned fifo, chunk_bytes; /* bytes the board queues; most in a chunk */
    unsigned pool_bits;
    struct timespec start;

    /* The run of the lockstep core, cycle by cycle. */
    gsp_lockstep *ls;
    const gsp_drive *drive; /* the one due; NULL at the end, or after a mismatch */

    /* The run of a stream of updates. */
    gsp_stream stream;
    hil_past *past; /* a ring of PAST updates */
    uint64_t drawn; /* updates that went into the ring */
    uint64_t steps; /* asked for */
    gsp_drive next; /* not sent yet, if has_next */
    bool has_next, was_reset, failed;
    uint32_t stream_params[GSP_BOARD_MAX_PARAMS];

    uint32_t params[GSP_BOARD_MAX_PARAMS];
    bool params_known;
    chunk chunks[MAX_CHUNKS];       /* on their way; the oldest first */
    unsigned n_chunks, outstanding; /* bytes of them */
    uint64_t cycles_sent, records_seen, compared;
    uint32_t sum_in, sum_out;
    uint64_t again, repeated; /* answers read again, legs repeated */
    bool from_state; /* the board comes to an update by a written state, not by a run from the reset */
    hil_register bad_register;
} hil;

double hil_seconds(const hil *h);
/* The port hung up: a message and the exit code. */
int hil_gone(const hil *h);
/* Data of a write, and its share of the signature. */
void hil_put_data(hil *h, uint32_t address, uint32_t word);
/* Queues one write of n words: the address counts up, or stays. */
void hil_put_write(hil *h, uint32_t address, bool counts_up, const uint32_t *words, unsigned n);
/* Sends and compares, record by record, until the source ends or something differs, and nothing is on its
 * way. */
line_state hil_run_cycles(hil *h);
/* Whether all arrived as it was sent, both ways: 0, or an exit code after a message. */
int hil_check_line(hil *h, line_state ended);

/* The next of a stream of single updates; false at the end. */
bool hil_stream_next(hil *h, gsp_drive *drive);
/* Compares a record with the stream's. */
void hil_stream_record(hil *h, const uint32_t *obs);
/* A run whose updates are a stream: at full speed, or one by one. `folder`: for a mismatch. */
int hil_stream_run(hil *h, gsp_job *job);

#endif
