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
    GSP_BOARD_IN = 0x10, /* | GSP_BOARD_EN | GSP_BOARD_RESET: what the edge after the last word is */
    GSP_BOARD_EN = 1,
    GSP_BOARD_RESET = 2,
    GSP_BOARD_PARAMS = 0x80
};

enum {
    GSP_BOARD_IDENTITY = 0x47535048, /* "GSPH" */
    GSP_BOARD_MAP_VERSION = 1,
    GSP_BOARD_LOST_BYTE = 1,
    GSP_BOARD_LOST_RECORD = 2,
    GSP_BOARD_NO_RECORD = 4,
    GSP_BOARD_MAX_WORDS = 128 /* params, inputs, observed: each */
};

/* The signatures: sum over words written (with the address in its top byte added) or observed. */
uint32_t gsp_board_sum(uint32_t sum, uint32_t word);

/*
 * CRC-32 over the resolved field table as text, a line each: "KIND NAME WIDTH
 * SIGNED", for config fields also "=VALUE", for tables " WORD" for each word in
 * hexadecimal.
 */
uint32_t gsp_board_hash(const gsp_model *model, const void *params);

/* Writes module gsp_board_dut, the bench of form neuron under another name, and the macros of its sizes. */
void gsp_board_write(FILE *file, gsp_bench_options *options);

#ifdef __cplusplus
}
#endif
#endif
