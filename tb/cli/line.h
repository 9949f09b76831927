/* SPDX-License-Identifier: Apache-2.0 */
/* A serial line and the uartbone protocol on it. Nothing here blocks longer than it is told. */
#ifndef GSP_LINE_H
#define GSP_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "goldenspike/trace.h"

enum { LINE_BUFFER = 1 << 16, LINE_MAX_BURST = 255 };

typedef enum line_state { LINE_OK, LINE_SILENT, LINE_GONE } line_state;

typedef struct gsp_line {
    int fd;
    char port[200];
    uint8_t out[LINE_BUFFER], in[LINE_BUFFER]; /* to be sent, received */
    size_t out_n, out_at, in_n, in_at;
    uint64_t sent, received; /* bytes, ever */
} gsp_line;

/* False and a message: no such port, no permission, in use, no terminal, a speed it does not have. */
bool line_open(gsp_line *line, const char *port, uint64_t baud, gsp_error *error);
void line_close(gsp_line *line);
/* Speeds that line_open knows. */
bool line_has_speed(uint64_t baud);

/* Sends and receives what is possible now, or within the time. GONE: the port hung up. */
line_state line_pump(gsp_line *line, int milliseconds);
/* Receives nothing for that long; what came is thrown away. A half command on the other side dies meanwhile.
 */
line_state line_quiet(gsp_line *line, int milliseconds);

/* Commands. The data of a write follow by line_put_word(). */
void line_put_command(gsp_line *line, bool write, bool counts_up, unsigned words, uint32_t address);
void line_put_word(gsp_line *line, uint32_t word);
/* The next received word; false when there is none yet. */
bool line_take_word(gsp_line *line, uint32_t *word);
/* Reads n registers, or one n times: SILENT when they did not come in time. */
line_state line_read(gsp_line *line, bool counts_up, uint32_t address, unsigned n, uint32_t *words,
                     int milliseconds);

#endif
