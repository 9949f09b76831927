/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"

#include <inttypes.h>
#include <string.h>

uint32_t gsp_board_sum(uint32_t sum, uint32_t word) {
    return (sum << 1) ^ (sum >> 31 ? UINT32_C(0x04C11DB7) : 0) ^ word;
}

uint32_t gsp_board_hash(const gsp_model *model, const void *params) {
    gsp_field fields[GSP_MAX_FIELDS];
    uint32_t hash = 0;
    gsp_resolve(model, params, fields);
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &fields[i];
        char line[160];
        if (f->kind == GSP_INTERNAL) /* no device has them */
            continue;
        snprintf(line, sizeof line, "%s %.80s %d %d", gsp_kind_name(f->kind), f->name, f->width,
                 f->is_signed);
        hash = gsp_crc32(hash, line, strlen(line));
        line[0] = '\0';
        if (f->kind == GSP_CONFIG)
            snprintf(line, sizeof line, "=%" PRId64, gsp_get(f, params));
        if (f->kind == GSP_TABLE)
            for (unsigned k = 0; k < f->words; k++) {
                snprintf(line, sizeof line, " %" PRIx64, gsp_table_get(f, params)[k]);
                hash = gsp_crc32(hash, line, k + 1 < f->words ? strlen(line) : 0);
            }
        strcat(line, "\n");
        hash = gsp_crc32(hash, line, strlen(line));
    }
    return hash;
}

void gsp_board_write(FILE *file, gsp_bench_options *options) {
    options->form = GSP_FORM_NEURON;
    options->module = "gsp_board_dut";
    fprintf(file, "`define GSP_MODEL_HASH 32'h%08" PRIx32 "\n",
            gsp_board_hash(options->model, options->params));
    gsp_bench_write(file, options);
}
