/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One table of instances: prints the Verilog that holds them, the vectors and
 * the checks of the Icarus bench, and answers the Verilator bench directly.
 */
#include "cells.h"

#include <stdio.h>
#include <string.h>

#include "goldenspike/fix.h"

/* What an operation looks like: operands and how its widths are named. */
typedef enum shape { SHIFT, UNARY, BINARY, NARROW, CLAMP, MUL } shape;

typedef struct operation {
    const char *name;
    shape shape;
    int w_min, w_max; /* width of an operand; of the result for NARROW */
    int n_min, n_max; /* N, X_WIDTH - WIDTH, B_WIDTH or nothing */
    int form;
} operation;

static const operation operations[] = {
    {"shr_floor", SHIFT, 1, 8, 0, 7, 0}, {"shr_zero", SHIFT, 1, 8, 0, 7, 0},
    {"shr_round", SHIFT, 1, 8, 0, 7, 0}, {"shl", SHIFT, 1, 8, 0, 7, 0},
    {"extend", NARROW, 1, 6, -5, 0, 0},  {"add", BINARY, 1, 6, 0, 0, 0},
    {"sub", BINARY, 1, 6, 0, 0, 0},      {"add_wrap", BINARY, 1, 6, 0, 0, 0},
    {"add_sat", BINARY, 1, 6, 0, 0, 0},  {"clamp", CLAMP, 1, 4, 0, 0, 0},
    {"sat", NARROW, 1, 7, 0, 5, 0},      {"sat_u", NARROW, 1, 7, 1, 5, 0},
    {"wrap", NARROW, 1, 7, 0, 5, 0},     {"wrap_u", NARROW, 1, 7, 0, 5, 0},
    {"sgn", UNARY, 1, 8, 0, 0, 0},       {"mul", MUL, 2, 6, 2, 6, 0},
    {"mul", MUL, 2, 6, 2, 6, 1},         {"mul", MUL, 2, 6, 2, 6, 2},
};

typedef struct cell {
    const operation *op;
    int w, n;
} cell;

enum { MAX_CELLS = 1024 };

/* The table of instances, filled on first use. */
static const cell *cells_table(int *count) {
    static cell table[MAX_CELLS];
    static int filled;
    int k = filled;
    for (size_t i = 0; filled == 0 && i < sizeof operations / sizeof *operations; i++) {
        const operation *op = &operations[i];
        for (int w = op->w_min; w <= op->w_max; w++) {
            for (int n = op->n_min; n <= op->n_max && k < MAX_CELLS; n++) {
                const bool shl = strcmp(op->name, "shl") == 0;
                if ((op->shape == SHIFT && n >= w && !shl) || (op->shape == NARROW && w + n < 1))
                    continue;
                table[k++] = (cell){op, w, n};
            }
        }
    }
    filled = k;
    *count = k;
    return table;
}

static bool cell_at(int k, cell *c) {
    int count;
    const cell *table = cells_table(&count);
    if (k < 0 || k >= count)
        return false;
    *c = table[k];
    return true;
}

int cells_count(void) {
    int count;
    (void)cells_table(&count);
    return count;
}

int cells_bits(int k) {
    cell c;
    if (!cell_at(k, &c))
        return 0;
    switch (c.op->shape) {
    case SHIFT:
    case UNARY: return c.w;
    case BINARY: return 2 * c.w;
    case NARROW: return c.w + c.n;
    case CLAMP: return 3 * c.w;
    case MUL: return c.w + c.n;
    }
    return 0;
}

const char *cells_name(int k) {
    cell c;
    return cell_at(k, &c) ? c.op->name : "";
}

static int64_t slice(uint32_t x, int at, int w) {
    return gsp_wrap((int64_t)(x >> at), (unsigned)w);
}

uint32_t cells_expected(int k, uint32_t x) {
    cell c;
    if (!cell_at(k, &c))
        return 0;
    const char *name = c.op->name;
    const unsigned w = (unsigned)c.w, n = (unsigned)c.n;
    const int64_t a = slice(x, 0, c.op->shape == NARROW ? c.w + c.n : c.w);
    int64_t b = 0, y = 0;
    if (c.op->shape == BINARY || c.op->shape == CLAMP)
        b = slice(x, c.w, c.w);
    if (c.op->shape == MUL)
        b = slice(x, c.w, c.n);
    if (strcmp(name, "shr_floor") == 0)
        y = gsp_shr_floor(a, n);
    else if (strcmp(name, "shr_zero") == 0)
        y = gsp_shr_zero(a, n);
    else if (strcmp(name, "shr_round") == 0)
        y = gsp_shr_round(a, n);
    else if (strcmp(name, "shl") == 0)
        y = gsp_shl(a, n);
    else if (strcmp(name, "extend") == 0)
        y = a;
    else if (strcmp(name, "add") == 0)
        y = gsp_add(a, b);
    else if (strcmp(name, "sub") == 0)
        y = gsp_sub(a, b);
    else if (strcmp(name, "add_wrap") == 0)
        y = gsp_wrap(gsp_add_wrap(a, b), w);
    else if (strcmp(name, "add_sat") == 0)
        /* fix.h saturates at 64 bits: put the operands at the top of them. */
        y = gsp_shr_floor(gsp_add_sat(gsp_shl(a, 64 - w), gsp_shl(b, 64 - w)), 64 - w);
    else if (strcmp(name, "clamp") == 0) {
        const int64_t hi = slice(x, 2 * c.w, c.w);
        y = b > hi ? 0 : gsp_clamp(a, b, hi); /* an empty range is outside the contract; the bench masks it */
    } else if (strcmp(name, "sat") == 0)
        y = gsp_sat(a, w);
    else if (strcmp(name, "sat_u") == 0)
        y = gsp_sat_u(a, w);
    else if (strcmp(name, "wrap") == 0)
        y = gsp_wrap(a, w);
    else if (strcmp(name, "wrap_u") == 0)
        y = gsp_wrap_u(a, w);
    else if (strcmp(name, "sgn") == 0)
        y = gsp_sgn(a);
    else if (strcmp(name, "mul") == 0)
        y = gsp_mul(a, b);
    return (uint32_t)y & 0xFFFFu;
}

/* The result is a signal of its exact width, extended to the slot by its own sign. */
static void print_cell(int k) {
    cell c;
    if (!cell_at(k, &c))
        return;
    const char *name = c.op->name;
    const bool is_unsigned = strcmp(name, "sat_u") == 0 || strcmp(name, "wrap_u") == 0;
    int width = c.w;
    if (strcmp(name, "shr_floor") == 0 || strcmp(name, "shr_zero") == 0)
        width = c.w - c.n;
    else if (strcmp(name, "shr_round") == 0)
        width = c.w - c.n + 1;
    else if (strcmp(name, "shl") == 0 || c.op->shape == MUL)
        width = c.w + c.n;
    else if (strcmp(name, "add") == 0 || strcmp(name, "sub") == 0)
        width = c.w + 1;
    else if (c.op->shape == UNARY)
        width = 2;
    printf("    wire [%d:0] y%d;\n    gsp_%s #(", width - 1, k, name);
    if (c.op->shape == MUL)
        printf(".A_WIDTH(%d), .B_WIDTH(%d), .FORM(%d)", c.w, c.n, c.op->form);
    else
        printf(".WIDTH(%d)", c.w);
    if (c.op->shape == SHIFT)
        printf(", .N(%d)", c.n);
    if (c.op->shape == NARROW)
        printf(", .X_WIDTH(%d)", c.w + c.n);
    printf(") u%d (", k);
    switch (c.op->shape) {
    case SHIFT:
    case UNARY: printf(".x(x[%d:0])", c.w - 1); break;
    case NARROW: printf(".x(x[%d:0])", c.w + c.n - 1); break;
    case BINARY: printf(".a(x[%d:0]), .b(x[%d:%d])", c.w - 1, 2 * c.w - 1, c.w); break;
    case MUL: printf(".a(x[%d:0]), .b(x[%d:%d])", c.w - 1, c.w + c.n - 1, c.w); break;
    case CLAMP:
        printf(".x(x[%d:0]), .lo(x[%d:%d]), .hi(x[%d:%d])", c.w - 1, 2 * c.w - 1, c.w, 3 * c.w - 1, 2 * c.w);
        break;
    }
    printf(", .y(y%d));\n    wire [%d:0] s%d = ", k, SLOT_BITS - 1, k);
    if (c.op->shape == CLAMP)
        printf("($signed(x[%d:%d]) > $signed(x[%d:%d])) ? 16'd0 : ", 2 * c.w - 1, c.w, 3 * c.w - 1, 2 * c.w);
    if (is_unsigned)
        printf("{%d'd0, y%d};\n", SLOT_BITS - width, k);
    else
        printf("{{%d{y%d[%d]}}, y%d};\n", SLOT_BITS - width, k, width - 1, k);
}

#ifdef CELLS_MAIN
int main(int argc, char **argv) {
    const int count = cells_count();
    if (argc == 2 && strcmp(argv[1], "verilog") == 0) {
        printf("module cells (input wire [%d:0] x, output wire [%d:0] out);\n", CELL_BITS - 1,
               SLOT_BITS * count - 1);
        for (int k = 0; k < count; k++)
            print_cell(k);
        /* Icarus would pass the whole bus on at each change of a slot: its bench looks inside. */
        printf("`ifndef CELLS_SLOTS_ONLY\n");
        for (int k = 0; k < count; k++)
            printf("    assign out[%d:%d] = s%d;\n", SLOT_BITS * (k + 1) - 1, SLOT_BITS * k, k);
        printf("`endif\nendmodule\n");
    } else if (argc == 2 && strcmp(argv[1], "checks") == 0) {
        for (int k = 0; k < count; k++)
            printf("check(%d, dut.s%d);\n", k, k);
    } else if (argc == 2 && strcmp(argv[1], "vectors") == 0) {
        for (uint32_t x = 0; x < 1u << CELL_BITS; x++) {
            for (int k = 0; k < count; k++)
                printf("%04x\n", (unsigned)cells_expected(k, x));
        }
    } else if (argc == 2 && strcmp(argv[1], "count") == 0) {
        printf("%d\n", count);
    } else {
        fprintf(stderr, "usage: cells verilog|vectors|checks|count\n");
        return 2;
    }
    return 0;
}
#endif
