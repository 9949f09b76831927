/* SPDX-License-Identifier: Apache-2.0 */
/* The instances of rtl/common under test and what fix.h says of each. */
#ifndef GSP_CELLS_H
#define GSP_CELLS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Every instance is driven by slices of one word of CELL_BITS bits and drives one slot of SLOT_BITS. */
enum { CELL_BITS = 12, SLOT_BITS = 16 };

int cells_count(void);
/* Operand bits that instance k reads: it has 2^bits different operands. */
int cells_bits(int k);
const char *cells_name(int k);
/* Content of slot k for the word x. */
uint32_t cells_expected(int k, uint32_t x);

#ifdef __cplusplus
}
#endif
#endif
