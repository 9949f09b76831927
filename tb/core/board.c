/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"

#include <inttypes.h>
#include <string.h>

/*
 * CRC-32 over what the bitstream fixes, as text: the resolved field table, a line each, "KIND NAME WIDTH
 * SIGNED", for config fields also "=VALUE", for tables " WORD" for each word in hexadecimal; then the form.
 */
static uint32_t hash_of(const gsp_board *board, const void *params) {
    uint32_t hash = 0;
    char line[160];
    for (int i = 0; i < board->model->n_fields; i++) {
        const gsp_field *f = &board->fields[i];
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
    snprintf(line, sizeof line, "form %s %" PRIu32 "\n", gsp_form_name(board->form), board->neurons);
    return gsp_crc32(hash, line, strlen(line));
}

static uint32_t mask_of(int bits) {
    return bits <= 0 ? 0 : bits >= 32 ? UINT32_MAX : (UINT32_C(1) << bits) - 1;
}

bool gsp_board_make(gsp_board *board, const gsp_model *model, const void *params, gsp_form form,
                    uint32_t neurons, gsp_error *error) {
    gsp_layout layout;
    if (form == GSP_FORM_SERIAL)
        return gsp_fail(error, "a board takes forms neuron, step and array");
    memset(board, 0, sizeof *board);
    board->model = model;
    board->form = form;
    board->neurons = form == GSP_FORM_ARRAY ? neurons : 1;
    gsp_resolve(model, params, board->fields);
    gsp_layout_make(&layout, model, board->fields, form, NULL);
    board->n_params = layout.n_params;
    board->n_in = layout.n_in - (form == GSP_FORM_ARRAY); /* no write of params of one neuron */
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &board->fields[i];
        const int words = f->width > 32 ? 2 : 1;
        board->param[i] = f->kind == GSP_PARAM ? layout.drive[i] : -1;
        board->in[i] = f->kind == GSP_INPUT ? layout.drive[i] : -1;
        board->state[i] = f->kind == GSP_STATE ? layout.drive[i] : -1;
        board->observe[i] = layout.observe[i];
        if (board->state[i] >= 0)
            board->n_state += (unsigned)words;
        if (board->observe[i] >= 0)
            board->n_obs += (unsigned)words;
        for (int k = 0; k < words && board->param[i] >= 0 && board->param[i] < GSP_BOARD_MAX_PARAMS - 1; k++)
            board->param_mask[board->param[i] + k] = mask_of(f->width - 32 * k);
    }
    board->n_obs += form == GSP_FORM_ARRAY;
    board->n_obs += board->n_obs == 0;
    if (board->n_params > GSP_BOARD_MAX_PARAMS || board->n_in > GSP_BOARD_MAX_WORDS ||
        board->n_obs > GSP_BOARD_MAX_WORDS || board->n_state > GSP_BOARD_MAX_WORDS)
        return gsp_fail(error, "model %s has more words than the registers of a board", model->name);
    board->hash = hash_of(board, params);
    return true;
}

void gsp_board_pack(const gsp_field *f, const void *part, int place, uint32_t *words) {
    const uint64_t value = (uint64_t)gsp_get(f, part);
    words[place] = (uint32_t)value;
    if (f->width > 32)
        words[place + 1] = (uint32_t)(value >> 32);
}

void gsp_board_unpack(const gsp_field *f, void *part, int place, const uint32_t *words) {
    if (f->width > 32)
        gsp_set(f, part, (int64_t)((uint64_t)words[place + 1] << 32 | words[place]));
    else
        gsp_set(f, part, f->is_signed ? (int32_t)words[place] : (int64_t)words[place]);
}

/* ---- the design --------------------------------------------------------- */

/* The step between registers: reset, written by the host, or the next state. */
static void write_registers(FILE *file, const gsp_board *b) {
    const gsp_model *model = b->model;
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &b->fields[i];
        const int place = b->observe[i], words = f->width > 32 ? 2 : 1;
        const char *sign = f->is_signed ? "signed " : "";
        if (place < 0)
            continue;
        const int from = f->initial_of ? gsp_field_find(model, f->initial_of) : -1;
        if (f->kind == GSP_OUTPUT && from >= 0) { /* shows a state */
            fprintf(file, "    assign obs[%d:%d] = w_%s;\n", 32 * (place + words) - 1, 32 * place,
                    f->initial_of);
            continue;
        }
        fprintf(file, "    reg %s[%d:0] r_%s;\n    wire %s[%d:0] w_%s = r_%s;\n", sign, f->width - 1, f->name,
                sign, 32 * words - 1, f->name, f->name);
        fprintf(file, "    assign obs[%d:%d] = w_%s;\n", 32 * (place + words) - 1, 32 * place, f->name);
        if (b->state[i] >= 0)
            fprintf(file, "    assign state[%d:%d] = w_%s;\n", 32 * (b->state[i] + words) - 1,
                    32 * b->state[i], f->name);
        fprintf(file, "    always @(posedge clk)\n        if (!rst_n) r_%s <= ", f->name);
        if (b->state[i] >= 0 && from >= 0)
            fprintf(file, "params[%d:%d];\n", 32 * b->param[from] + f->width - 1, 32 * b->param[from]);
        else
            fprintf(file, "%d'h%" PRIx64 ";\n", f->width,
                    (uint64_t)(b->state[i] >= 0 ? f->initial : 0) & (UINT64_MAX >> (64 - f->width)));
        fprintf(file, "        else if (valid) r_%s <= next[%d:%d];\n", f->name, 32 * place + f->width - 1,
                32 * place);
        for (int k = 0; k < words && b->state[i] >= 0; k++)
            fprintf(file, "        else if (load && load_place == 6'd%d) r_%s[%d:%d] <= load_word[%d:0];\n",
                    b->state[i] + k, f->name, k + 1 < words ? 31 : f->width - 1, 32 * k,
                    (k + 1 < words ? 31 : f->width - 1) - 32 * k);
    }
}

void gsp_board_write(FILE *file, const gsp_board *b, gsp_bench_options *options) {
    const bool array = b->form == GSP_FORM_ARRAY, step = b->form == GSP_FORM_STEP;
    gsp_layout layout;
    gsp_layout_make(&layout, b->model, b->fields, b->form, NULL);
    options->form = b->form;
    options->neurons = b->neurons;
    options->module = "gsp_board_bench";
    options->live = true;
    gsp_bench_write(file, options);
    fprintf(file,
            "\n// What gsp_board.v takes.\n`define GSP_MODEL_HASH 32'h%08" PRIx32
            "\n`define GSP_BOARD_STREAM %d\n`define GSP_BOARD_STATE_WORDS %u\n"
            "`undef GSP_OBS_BITS\n`define GSP_OBS_BITS %u\n`define GSP_PARAM_MASK {",
            b->hash, array, b->n_state, 32 * b->n_obs);
    for (unsigned k = b->n_params; k-- > 0;)
        fprintf(file, "32'h%08" PRIx32 "%s", b->param_mask[k], k ? ", " : "}\n");
    fprintf(file,
            "`default_nettype none\n/* verilator lint_off UNUSED */\n"
            "module gsp_board_dut (\n"
            "    input wire clk, input wire rst_n, input wire valid, output wire in_ready,\n"
            "    input wire [%u:0] params, input wire [%u:0] in,\n"
            "    input wire load, input wire [5:0] load_place, input wire [31:0] load_word,\n"
            "    output wire [%u:0] obs, output wire out_valid, input wire ready\n);\n"
            "    wire [%u:0] next;\n    wire [%u:0] state;\n"
            "    gsp_board_bench bench (\n"
            "        .clk(clk), .rst_n(rst_n), .valid(valid), .ready(ready), .params(params), .in(in),\n"
            "        .state(state), .obs(next), .in_ready(in_ready), .out_valid(out_valid)\n    );\n",
            32 * b->n_params - 1, 32 * b->n_in - 1, 32 * b->n_obs - 1, 32 * layout.n_obs - 1,
            32 * layout.n_state - 1);
    if (!step || b->n_state == 0)
        fprintf(file, "    assign state = %u'b0;\n", 32 * layout.n_state);
    if (step)
        write_registers(file, b);
    else if (array) /* the neuron's number is the last word but one */
        fprintf(file, "    assign obs = {next[%u:%u], next[%u:0]};\n", 32 * (layout.n_obs - 1) - 1,
                32 * (layout.n_obs - 2), 32 * (b->n_obs - 1) - 1);
    else
        fprintf(file, "    assign obs = next;\n");
    fprintf(file, "endmodule\n`default_nettype wire\n");
}
