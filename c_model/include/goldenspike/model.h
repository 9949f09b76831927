/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The contract of a model: its field table.
 *
 * Each model declares its fields once. From that table come range checks,
 * trace columns, vector layout, reports, `gsp describe`, the documentation's
 * tables and the packed port of the lockstep bench. The RTL ports carry the
 * field names.
 *
 * Argument order of every step: params, in, state, out, internal (what is
 * only read comes first); reset(state, params).
 *
 * Nothing here allocates or keeps a global; every function is pure in its
 * arguments.
 */
#ifndef GOLDENSPIKE_MODEL_H
#define GOLDENSPIKE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum gsp_kind {
    GSP_CONFIG, /* fixed at elaboration: widths. Lives in the params struct */
    GSP_TABLE,  /* ROM image, fixed during a run. The params struct holds a `const uint64_t *` to its words */
    GSP_PARAM,  /* run-time register */
    GSP_INPUT,  /* consumed by one step */
    GSP_STATE,  /* carried from step to step; the values AFTER the step */
    GSP_OUTPUT, /* result of one step */
    GSP_FLAG,   /* status output of one step; may stay unconnected */
    GSP_INTERNAL, /* golden intermediate: reported, never compared */
    GSP_KIND_COUNT
} gsp_kind;

/*
 * One field. A table row states either a width or the config field that
 * carries it; min == max == 0 stands for "the whole range of the width".
 * gsp_resolve() fills in what depends on the configuration.
 */
typedef struct gsp_field {
    const char *name;     /* the field's one name, everywhere */
    const char *meaning;  /* one line, plain text, with the unit */
    const char *width_of; /* name of the config field that holds the width, or NULL */
    const char *labels;   /* names of the values 0, 1, 2... joined by '|', or NULL */
    const char
        *initial_of;  /* state: the param that reset loads; output: the state it always shows; or NULL */
    int64_t min, max; /* legal range, inclusive */
    int64_t initial;  /* default (config, param, input) or value after reset (state) */
    gsp_kind kind;
    uint8_t width; /* bits, 1..64; internals: 64 */
    bool is_signed;
    uint8_t size;    /* bytes of the C member: 1, 2, 4 or 8 */
    bool c_signed;   /* the C member is signed */
    uint16_t offset; /* of the C member in its struct */
    uint16_t words;  /* table: how many words of `width` bits; 0 in all others */
} gsp_field;

/* Rows of a field table; `type` is the struct the kind lives in. */
#define GSP_FIELD(kind_, type, name_, ...)                                                        \
    {                                                                                             \
        .name = #name_, .kind = (kind_), .size = (uint8_t)sizeof(((type *)0)->name_),             \
        .c_signed = GSP_IS_SIGNED(((type *)0)->name_), .offset = (uint16_t)offsetof(type, name_), \
        __VA_ARGS__                                                                               \
    }
/* clang-format off: version 14 does not know _Generic */
#define GSP_IS_SIGNED(member) \
    _Generic((member), int8_t : true, int16_t : true, int32_t : true, int64_t : true, default : false)
/* clang-format on */

/* A named set of parameters: "act_shift=6 q_wrap22=0". */
typedef struct gsp_preset {
    const char *name;
    const char *settings;
    const char *meaning;
} gsp_preset;

#define GSP_MAX_FIELDS 96
/* Upper bound of each struct of a model, in bytes. */
#define GSP_MAX_STRUCT 1024

/* One member of a model's arrays struct: a pointer to n values of the field of that name. */
typedef struct gsp_array {
    const char *name;
    uint16_t offset;
} gsp_array;

struct gsp_stretch;

typedef struct gsp_model {
    const char *name;
    const char *title;
    const char *source; /* where the arithmetic is published */
    const gsp_field *fields;
    const gsp_preset *presets;    /* ends with a NULL name; NULL when there is none */
    const char *const *equations; /* the numbered step, one line each, NULL at the end */
    uint16_t n_fields;
    uint16_t params_size, in_size, state_size, out_size, internal_size;

    /* Adapts a copied table to the configuration: defaults and ranges that depend on it. May be NULL. */
    void (*resolve)(const void *params, gsp_field *fields);
    /* The image that table field `index` has by default under the configuration in params; NULL: none is
     * shipped for it. Needed where there are table fields. */
    const uint64_t *(*table)(const void *params, int index);
    /* Constraints between fields: index of the offending field, or -1. May be NULL. */
    int (*check)(const void *params);
    void (*reset)(void *state, const void *params);
    void (*step)(const void *params, const void *in, void *state, void *out);
    /* The same step, keeping its intermediates. */
    void (*explain)(const void *params, const void *in, void *state, void *out, void *internal);
    /* The batch form, behind gsp_batch(): its arrays struct and the members by field name. Optional. */
    void (*batch)(const void *params, const void *arrays, size_t n);
    const struct gsp_array *arrays;
    uint16_t n_arrays;
    /* The loop of lockstep runs, compiled for this model; goldenspike/stim.h. Returns the steps taken, of
     * which there may be none. NULL: the general loop does it. */
    uint64_t (*stretch)(struct gsp_stretch *stretch);
    /* Real quantities to registers, see goldenspike/encode.h. Optional. */
    const struct gsp_encoder *encoder;
} gsp_model;

/*
 * Type-erased entries of model `m` for its descriptor, so that no function is
 * called through a pointer of another type.
 */
#define GSP_MODEL_ENTRIES(m)                                                                                 \
    static void m##_reset_any(void *state, const void *params) {                                             \
        gsp_##m##_reset((gsp_##m##_state *)state, (const gsp_##m##_params *)params);                         \
    }                                                                                                        \
    static void m##_step_any(const void *params, const void *in, void *state, void *out) {                   \
        gsp_##m##_step((const gsp_##m##_params *)params, (const gsp_##m##_in *)in, (gsp_##m##_state *)state, \
                       (gsp_##m##_out *)out);                                                                \
    }                                                                                                        \
    static void m##_explain_any(const void *params, const void *in, void *state, void *out,                  \
                                void *internal) {                                                            \
        gsp_##m##_explain((const gsp_##m##_params *)params, (const gsp_##m##_in *)in,                        \
                          (gsp_##m##_state *)state, (gsp_##m##_out *)out, (gsp_##m##_internal *)internal);   \
    }

#define GSP_MODEL_HEAD(m, table)                                                                         \
    .name = #m, .fields = (table), .n_fields = (uint16_t)(sizeof(table) / sizeof((table)[0])),           \
    .params_size = (uint16_t)sizeof(gsp_##m##_params), .in_size = (uint16_t)sizeof(gsp_##m##_in),        \
    .state_size = (uint16_t)sizeof(gsp_##m##_state), .out_size = (uint16_t)sizeof(gsp_##m##_out),        \
    .internal_size = (uint16_t)sizeof(gsp_##m##_internal), .reset = m##_reset_any, .step = m##_step_any, \
    .explain = m##_explain_any

/* The batch form of model `m`: GSP_MODEL_BATCH(m, GSP_ARRAY(m, v), ...) before the descriptor, GSP_BATCH(m)
 * in it. */
#define GSP_ARRAY(m, member) \
    { #member, (uint16_t)offsetof(gsp_##m##_arrays, member) }
#define GSP_MODEL_BATCH(m, ...)                                                                 \
    static const gsp_array m##_arrays_table[] = {__VA_ARGS__};                                  \
    static void m##_batch_any(const void *params, const void *arrays, size_t n) {               \
        gsp_##m##_batch((const gsp_##m##_params *)params, (const gsp_##m##_arrays *)arrays, n); \
    }
#define GSP_BATCH(m)                                    \
    .batch = m##_batch_any, .arrays = m##_arrays_table, \
    .n_arrays = (uint16_t)(sizeof(m##_arrays_table) / sizeof(m##_arrays_table[0]))

/* Every model, in registry order; NULL ends the list. */
extern const gsp_model *const gsp_models[];
/* The model of that name, or NULL. */
const gsp_model *gsp_model_find(const char *name);

/*
 * One neuron's structs behind type-erased storage: what the generic tools
 * (trace, vectors, lockstep) work on.
 */
typedef union gsp_struct {
    int64_t align;
    unsigned char bytes[GSP_MAX_STRUCT];
} gsp_struct;

typedef struct gsp_frame {
    gsp_struct params, in, state, out, internal;
} gsp_frame;

/* Storage of the field's kind within a frame. */
void *gsp_frame_part(gsp_frame *frame, gsp_kind kind);
const void *gsp_frame_part_const(const gsp_frame *frame, gsp_kind kind);

/* Value of a field in its struct. Unsigned 64-bit fields travel as their bit pattern. */
int64_t gsp_get(const gsp_field *field, const void *part);
void gsp_set(const gsp_field *field, void *part, int64_t value);
/* The words a table field points to, NULL when it has none. */
const uint64_t *gsp_table_get(const gsp_field *field, const void *params);
void gsp_table_set(const gsp_field *field, void *params, const uint64_t *image);
int64_t gsp_frame_get(const gsp_frame *frame, const gsp_field *field);
void gsp_frame_set(gsp_frame *frame, const gsp_field *field, int64_t value);

/* Index of the field of that name, or -1. */
int gsp_field_find(const gsp_model *model, const char *name);

/* Copies the table with widths, ranges and defaults for the configuration in params, which must be legal. */
void gsp_resolve(const gsp_model *model, const void *params, gsp_field fields[GSP_MAX_FIELDS]);

/* Sets the config fields of params to their defaults, clears the rest. */
void gsp_default_config(const gsp_model *model, void *params);
/* Sets every param and table to its default under the configuration already in params. */
void gsp_default_params(const gsp_model *model, void *params);
/* Sets every input to its default. */
void gsp_default_inputs(const gsp_model *model, const void *params, void *in);

/*
 * 0 when every config and param field is legal and every table is there, else
 * 1 + index of the first field that is not. The words of a table are checked
 * by who reads them from a file.
 */
int gsp_check(const gsp_model *model, const void *params);

/*
 * Reads a value: decimal, 0x hexadecimal, or one of the field's labels.
 * Returns false when the text is none of these or does not fit 64 bits.
 * The legal range is the caller's to check, with gsp_in_range().
 */
bool gsp_parse_value(const gsp_field *field, const char *text, int64_t *value);
bool gsp_in_range(const gsp_field *field, int64_t value);

/*
 * One step of n neurons that share their params: array[i] holds n values of
 * field i, each of the C type of its member, for each input, state, output
 * and flag. False when the model has no batch form. An output that only shows
 * a state may be left unwritten.
 */
bool gsp_batch(const gsp_model *model, const void *params, void *const array[], size_t n);

const char *gsp_kind_name(gsp_kind kind);

#ifdef __cplusplus
}
#endif
#endif
