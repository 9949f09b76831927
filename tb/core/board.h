/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A board that holds a neuron: the registers that gsp_board_core.v has and the
 * host uses, and the model's part of the design. docs/fpga.md tells both.
 */
#ifndef GSP_BOARD_H
#define GSP_BOARD_H

#include "lockstep.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Word addresses. */
enum {
    GSP_BOARD_ID = 0x00,
    GSP_BOARD_MAP = 0x01,
    GSP_BOARD_SIZES = 0x02,
    GSP_BOARD_HASH = 0x03,
    GSP_BOARD_CONTROL = 0x04, /* read: status; any write clears what the run counts */
    GSP_BOARD_TICKS = 0x05,
    GSP_BOARD_SUM_IN = 0x06,
    GSP_BOARD_SUM_OUT = 0x07,
    GSP_BOARD_RECORD = 0x08,
    GSP_BOARD_RUN = 0x09,  /* so many updates at full speed */
    GSP_BOARD_SEED = 0x0a, /* of what chooses from the pool; the next word for the pool is its first */
    GSP_BOARD_POOL = 0x0b,
    GSP_BOARD_RUN_RECORDED = 0x0c, /* the same as a run, but the records go into the queue too */
    GSP_BOARD_IN = 0x10, /* | GSP_BOARD_EN | GSP_BOARD_RESET: what the edge after the last word is */
    GSP_BOARD_EN = 1,
    GSP_BOARD_RESET = 2,
    GSP_BOARD_OBS = 0x40, /* read: observed words; write: state, where the board has that */
    GSP_BOARD_PARAMS = 0x80
};

enum {
    GSP_BOARD_IDENTITY = 0x47535048, /* "GSPH" */
    GSP_BOARD_MAP_VERSION = 2,
    GSP_BOARD_LOST_BYTE = 1,
    GSP_BOARD_LOST_RECORD = 2,
    GSP_BOARD_NO_RECORD = 4,
    GSP_BOARD_BUSY = 8,
    GSP_BOARD_MAX_PARAMS = 128, /* words */
    GSP_BOARD_MAX_WORDS = 64    /* of inputs, of observed, of state: each */
};

/*
 * What a board holds. Places are those of words, -1: none. `observe` is in the order of the field table;
 * form array has the neuron's number as last input and last observed word.
 */
typedef struct gsp_board {
    const gsp_model *model;
    gsp_form form;    /* step: its state can be written */
    uint32_t neurons; /* 1 but for form array */
    uint32_t hash;
    gsp_field fields[GSP_MAX_FIELDS];
    int16_t param[GSP_MAX_FIELDS], in[GSP_MAX_FIELDS], state[GSP_MAX_FIELDS], observe[GSP_MAX_FIELDS];
    unsigned n_params, n_in, n_state, n_obs;   /* words */
    uint32_t param_mask[GSP_BOARD_MAX_PARAMS]; /* bits that the registers have */
} gsp_board;

/* False when the model has more words than the map, or the form is none of a board. */
bool gsp_board_make(gsp_board *board, const gsp_model *model, const void *params, gsp_form form,
                    uint32_t neurons, gsp_error *error);

/* The signatures: sum over words written (with the address in its top byte added) or observed. */
static inline uint32_t gsp_board_sum(uint32_t sum, uint32_t word) {
    return (sum << 1) ^ (sum >> 31 ? UINT32_C(0x04C11DB7) : 0) ^ word;
}

/* A field's words at words[place], extended to 32 or 64 bits, and back. */
void gsp_board_pack(const gsp_field *field, const void *part, int place, uint32_t *words);
void gsp_board_unpack(const gsp_field *field, void *part, int place, const uint32_t *words);

/*
 * Writes module gsp_board_dut around the bench of the form, and the macros of its sizes.
 * `options`: parameters and images of tables.
 */
void gsp_board_write(FILE *file, const gsp_board *board, gsp_bench_options *options);

#ifdef __cplusplus
}
#endif
#endif
