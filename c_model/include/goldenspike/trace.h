/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Traces: the CSV every tool here reads and writes. docs/formats.md has the
 * format; in short:
 *
 *   # model=lif
 *   # data_width=16              config and params by field name
 *   # init.v=5                   an initial state; else the state after reset
 *   # source=...                 provenance
 *   i_t,gain_k,v,spike           field names; x_... is ignored, `step` optional
 *   100,256,100,0                one row per step; state and output AFTER the step
 *   # end rows=1 crc32=...       demanded by --strict
 *
 * A param column overrides the header for its row, a column init.<state>
 * replaces the state before its row. An empty cell of a state, output, flag
 * or internal column is not compared.
 *
 * These functions allocate and report errors as text; the models do neither.
 */
#ifndef GOLDENSPIKE_TRACE_H
#define GOLDENSPIKE_TRACE_H

#include <stdio.h>

#include "goldenspike/model.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gsp_error {
    char text[600];
} gsp_error;

/* Writes a message, printf style. Returns false, for `return gsp_fail(...)`. */
bool gsp_fail(gsp_error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Settings by name, from a header, a preset or the command line, in order; a later one wins. */
typedef struct gsp_setting {
    char *name;
    char *value;
    char *where; /* "file:line" or "--set", for messages */
    bool tie;    /* the value is to stay as it is in generated stimulus */
} gsp_setting;

typedef struct gsp_settings {
    gsp_setting *list;
    size_t n, capacity;
    uint64_t **images; /* of table fields that were read from files; params point into them */
    size_t n_images;
} gsp_settings;

bool gsp_settings_add(gsp_settings *settings, const char *name, const char *value, const char *where,
                      bool tie);
/* Adds "NAME=VALUE". */
bool gsp_settings_add_text(gsp_settings *settings, const char *text, const char *where, bool tie,
                           gsp_error *error);
/* Adds the settings of the model's preset of that name. */
bool gsp_settings_add_preset(gsp_settings *settings, const gsp_model *model, const char *preset,
                             gsp_error *error);
void gsp_settings_free(gsp_settings *settings);

/*
 * Defaults, then every config, table and param setting, each checked, then the
 * constraints between fields. Settings of other kinds are left to the caller.
 * The value of a table is the path of its image; the words read from it belong
 * to `settings`, which must live as long as `params` is used.
 * `fixed` (may be NULL) gets a mark for each param that was tied.
 */
bool gsp_settings_apply(gsp_settings *settings, const gsp_model *model, void *params,
                        bool fixed[GSP_MAX_FIELDS], gsp_error *error);
/* The file that gave table field `name` its image, or NULL: its default. */
const char *gsp_settings_table(const gsp_settings *settings, const char *name);

/* Parses and range-checks one value for a resolved field. */
bool gsp_value(const gsp_field *field, const char *text, const char *where, int64_t *value, gsp_error *error);
/* Edit distance of two names, for "did you mean". */
unsigned gsp_text_distance(const char *a, const char *b);
/* "unknown field" with a suggestion. */
bool gsp_unknown_field(const gsp_model *model, const char *name, const char *where, gsp_error *error);

/*
 * Images of table fields: hexadecimal words apart by white space, as
 * `$readmemh` takes them, with // comments. `field` is resolved: it says how
 * many words there must be, and their width. False and a message naming file,
 * line, field, word and legal range.
 */
bool gsp_table_read(const char *path, const gsp_field *field, uint64_t *words, gsp_error *error);
bool gsp_table_write(const char *path, const gsp_model *model, const gsp_field *field, const uint64_t *words,
                     gsp_error *error);

typedef struct gsp_column {
    int16_t field; /* index in the table, or -1: ignored */
    bool is_init;  /* init.<state> */
} gsp_column;

typedef struct gsp_trace {
    const gsp_model *model;
    char *path;
    gsp_settings settings; /* of the header, which own the tables */
    gsp_struct params;     /* config, tables and header params */
    gsp_struct state;      /* initial state */
    bool custom_init;      /* the initial state is not the reset state, or a row replaces the state */
    bool varies;           /* some param has a column */
    gsp_field fields[GSP_MAX_FIELDS];
    gsp_column *columns;
    size_t n_columns, n_rows;
    int64_t *values;        /* n_rows * n_columns */
    unsigned char *present; /* likewise: the cell is not empty */
    unsigned *lines;        /* line number of each row */
    size_t n_expected;      /* cells to compare */
    bool has_end;
} gsp_trace;

/*
 * Reads a whole trace. `extra` (may be NULL) comes before the header: a
 * preset or defaults from the command line. With `strict` the end record is
 * demanded. False and a message naming file, line, field, value and legal
 * range when anything is wrong; nothing is kept then.
 */
bool gsp_trace_read(gsp_trace *trace, const char *path, const gsp_model *model, const gsp_settings *extra,
                    bool strict, gsp_error *error);
void gsp_trace_free(gsp_trace *trace);

/* Applies row r to the frame: params, initial state and inputs. */
void gsp_trace_load(const gsp_trace *trace, size_t row, gsp_frame *frame);
/* First column >= from whose expected cell differs from the frame; -1 when none does. Adds the cells
 * compared. */
int gsp_trace_compare(const gsp_trace *trace, size_t row, int from, const gsp_frame *frame, size_t *compared);
/* Value of a cell. */
int64_t gsp_trace_value(const gsp_trace *trace, size_t row, int column);

/*
 * A file being written: a temporary one beside it that takes its name when complete, so that
 * nobody finds half of it. What is no regular file (a device, a pipe) is written as it stands.
 */
typedef struct gsp_file {
    FILE *stream;
    char *path, *temporary; /* NULL: standard output; written as it stands */
} gsp_file;

/* path "-" is standard output. */
bool gsp_file_create(gsp_file *file, const char *path, gsp_error *error);
/* Gives the file its name; false when anything could not be written, and then there is no file. */
bool gsp_file_close(gsp_file *file, gsp_error *error);
/* Drops what was written. */
void gsp_file_abandon(gsp_file *file);

/* A trace being written. */
typedef struct gsp_trace_writer {
    const gsp_model *model;
    gsp_file file;
    uint32_t crc;
    uint64_t rows;
    bool params_vary, with_init;
    bool failed;
} gsp_trace_writer;

/* path "-" is standard output. `init`: the state before the first step, written when it is not NULL. */
bool gsp_trace_create(gsp_trace_writer *writer, const char *path, const gsp_model *model, const void *params,
                      const void *init, bool params_vary, bool with_init, gsp_error *error);
/* The files of the tables that are not the default; only before the first row. */
void gsp_trace_tables(gsp_trace_writer *writer, const gsp_settings *settings);
/* A "# key=value" line; only before the first row. */
void gsp_trace_note(gsp_trace_writer *writer, const char *key, const char *value);
/* One step; `before` is the state before it (used with with_init). */
void gsp_trace_row(gsp_trace_writer *writer, const gsp_frame *frame, const void *before);
/* Writes the end record and gives the file its name. */
bool gsp_trace_close(gsp_trace_writer *writer, gsp_error *error);
/* Drops what was written. */
void gsp_trace_abandon(gsp_trace_writer *writer);

uint32_t gsp_crc32(uint32_t crc, const void *data, size_t n);

#ifdef __cplusplus
}
#endif
#endif
