/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The generic functions of model.h: on a table made for this test, with a
 * member of every size and sign, and on lif. Every registered model's table
 * is checked for what the tools rely on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "goldenspike/cases.h"
#include "goldenspike/lif.h"
#include "goldenspike/model.h"

/* A model of nothing: its table is what is tested. */

typedef struct toy_params {
    uint8_t width; /* config */
    int8_t s8;
    uint16_t u16;
    int16_t s16;
    uint32_t u32;
    int32_t s32;
    uint64_t u64;
    int64_t s64;
    uint8_t mode;
    uint8_t even; /* the constraint: even */
} toy_params;

typedef struct toy_in {
    uint8_t before, x, after;
} toy_in;

/* The config field stands in the middle: what it decides comes before and after it. */
enum { T_S8, T_U16, T_S16, T_U32, T_S32, T_WIDTH, T_U64, T_S64, T_MODE, T_EVEN, T_X, T_COUNT };

#define PARAM(name, ...) GSP_FIELD(GSP_PARAM, toy_params, name, __VA_ARGS__)
static const gsp_field toy_fields[] = {
    PARAM(s8, .width = 8, .is_signed = true, .initial = -3),
    PARAM(u16, .width = 16),
    PARAM(s16, .width = 12, .is_signed = true, .min = -7, .max = 2000),
    PARAM(u32, .width = 32, .initial = 4000000000),
    PARAM(s32, .width_of = "width", .is_signed = true, .initial = 5),
    GSP_FIELD(GSP_CONFIG, toy_params, width, .width = 6, .min = 4, .max = 32, .initial = 12),
    PARAM(u64, .width = 64),
    PARAM(s64, .width = 64, .is_signed = true, .initial = INT64_MIN),
    PARAM(mode, .width = 2, .max = 2, .labels = "to|subtract|none"),
    PARAM(even, .width = 4),
    GSP_FIELD(GSP_INPUT, toy_in, x, .width = 7, .initial = 9),
};

static void toy_resolve(const void *params, gsp_field *f) {
    f[T_U16].max = ((const toy_params *)params)->width * 100;
}

static int toy_check(const void *params) {
    return ((const toy_params *)params)->even % 2 == 0 ? -1 : T_EVEN;
}

static const gsp_model toy = {
    .name = "toy",
    .fields = toy_fields,
    .n_fields = T_COUNT,
    .params_size = sizeof(toy_params),
    .in_size = sizeof(toy_in),
    .resolve = toy_resolve,
    .check = toy_check,
};

static toy_params toy_defaults(void) {
    toy_params p;
    gsp_default_config(&toy, &p);
    gsp_default_params(&toy, &p);
    return p;
}

static void table_rows_describe_their_members(void **state) {
    (void)state;
    static const struct {
        int size, is_signed;
        size_t offset;
    } expected[] = {
        {1, 1, offsetof(toy_params, s8)},   {2, 0, offsetof(toy_params, u16)},
        {2, 1, offsetof(toy_params, s16)},  {4, 0, offsetof(toy_params, u32)},
        {4, 1, offsetof(toy_params, s32)},  {1, 0, offsetof(toy_params, width)},
        {8, 0, offsetof(toy_params, u64)},  {8, 1, offsetof(toy_params, s64)},
        {1, 0, offsetof(toy_params, mode)}, {1, 0, offsetof(toy_params, even)},
        {1, 0, offsetof(toy_in, x)},
    };
    for (int i = 0; i < T_COUNT; i++) {
        assert_int_equal(toy_fields[i].size, expected[i].size);
        assert_int_equal(toy_fields[i].c_signed, expected[i].is_signed);
        assert_int_equal(toy_fields[i].offset, expected[i].offset);
    }
}

/* Each member takes the ends of its type, reads back, and leaves its neighbours alone. */
static void get_and_set_every_size_and_sign(void **state) {
    (void)state;
    static const int64_t low[] = {INT8_MIN, 0, INT16_MIN, 0, INT32_MIN, 0, INT64_MIN, INT64_MIN, 0, 0};
    static const int64_t high[] = {INT8_MAX,  UINT16_MAX, INT16_MAX, UINT32_MAX, INT32_MAX,
                                   UINT8_MAX, INT64_MAX,  INT64_MAX, UINT8_MAX,  UINT8_MAX};
    for (int i = 0; i < T_X; i++) {
        const gsp_field *f = &toy_fields[i];
        const int64_t values[] = {low[i], low[i] + 1, 0, 1, 77, high[i] - 1, high[i]};
        for (size_t k = 0; k < sizeof values / sizeof values[0]; k++)
            for (int fill = 0; fill <= 0xFF; fill += 0xFF) {
                unsigned char bytes[sizeof(toy_params)], untouched[sizeof(toy_params)];
                memset(bytes, fill, sizeof bytes);
                memset(untouched, fill, sizeof untouched);
                gsp_set(f, bytes, values[k]);
                assert_true(gsp_get(f, bytes) == values[k]);
                assert_memory_equal(bytes, untouched, f->offset);
                assert_memory_equal(bytes + f->offset + f->size, untouched + f->offset + f->size,
                                    sizeof bytes - f->offset - f->size);
            }
    }
    /* Through the members themselves: the table means them. */
    toy_params p = toy_defaults();
    gsp_set(&toy_fields[T_S16], &p, -1234);
    assert_int_equal(p.s16, -1234);
    p.u32 = UINT32_MAX;
    assert_true(gsp_get(&toy_fields[T_U32], &p) == UINT32_MAX);
    p.u64 = UINT64_MAX; /* travels as its bit pattern */
    assert_true(gsp_get(&toy_fields[T_U64], &p) == -1);
    p.s8 = -128;
    assert_int_equal(gsp_get(&toy_fields[T_S8], &p), -128);
}

static void frames_have_a_part_for_every_kind(void **state) {
    (void)state;
    gsp_frame frame;
    memset(&frame, 0, sizeof frame);
    assert_ptr_equal(gsp_frame_part(&frame, GSP_CONFIG), &frame.params);
    assert_ptr_equal(gsp_frame_part(&frame, GSP_PARAM), &frame.params);
    assert_ptr_equal(gsp_frame_part(&frame, GSP_INPUT), &frame.in);
    assert_ptr_equal(gsp_frame_part(&frame, GSP_STATE), &frame.state);
    assert_ptr_equal(gsp_frame_part(&frame, GSP_OUTPUT), &frame.out);
    assert_ptr_equal(gsp_frame_part(&frame, GSP_FLAG), &frame.out);
    assert_ptr_equal(gsp_frame_part(&frame, GSP_INTERNAL), &frame.internal);
    for (int kind = 0; kind < GSP_KIND_COUNT; kind++)
        assert_ptr_equal(gsp_frame_part_const(&frame, (gsp_kind)kind),
                         gsp_frame_part(&frame, (gsp_kind)kind));
    gsp_frame_set(&frame, &toy_fields[T_X], 100);
    assert_int_equal(gsp_frame_get(&frame, &toy_fields[T_X]), 100);
    assert_int_equal(((const toy_in *)&frame.in)->x, 100);
}

static void kinds_have_names(void **state) {
    (void)state;
    static const char *const names[] = {"config", "table",  "param", "input",
                                        "state",  "output", "flag",  "internal"};
    for (int kind = 0; kind < GSP_KIND_COUNT; kind++)
        assert_string_equal(gsp_kind_name((gsp_kind)kind), names[kind]);
}

static void models_and_fields_are_found_by_name(void **state) {
    (void)state;
    assert_ptr_equal(gsp_model_find("lif"), &gsp_lif_model);
    assert_null(gsp_model_find("LIF"));
    assert_null(gsp_model_find("li"));
    assert_null(gsp_model_find("lif2"));
    assert_null(gsp_model_find(""));
    assert_int_equal(gsp_field_find(&toy, "width"), T_WIDTH);
    assert_int_equal(gsp_field_find(&toy, "x"), T_X);
    assert_int_equal(gsp_field_find(&toy, "widt"), -1);
    assert_int_equal(gsp_field_find(&toy, "widths"), -1);
    assert_int_equal(gsp_field_find(&toy, ""), -1);
}

static void resolve_fills_in_what_the_config_decides(void **state) {
    (void)state;
    gsp_field f[GSP_MAX_FIELDS];
    toy_params p = toy_defaults();
    gsp_resolve(&toy, &p, f);
    assert_int_equal(f[T_S32].width, 12);
    assert_true(f[T_S32].min == -2048 && f[T_S32].max == 2047);
    assert_true(f[T_S8].min == -128 && f[T_S8].max == 127);
    assert_true(f[T_U16].min == 0 && f[T_U16].max == 1200); /* toy_resolve */
    assert_true(f[T_S16].min == -7 && f[T_S16].max == 2000);
    assert_true(f[T_U32].min == 0 && f[T_U32].max == UINT32_MAX);
    assert_true(f[T_U64].min == INT64_MIN && f[T_U64].max == INT64_MAX);
    assert_true(f[T_S64].min == INT64_MIN && f[T_S64].max == INT64_MAX);
    assert_true(f[T_MODE].min == 0 && f[T_MODE].max == 2);
    assert_true(f[T_X].min == 0 && f[T_X].max == 127);
    p.width = 32;
    gsp_resolve(&toy, &p, f);
    assert_int_equal(f[T_S32].width, 32);
    assert_true(f[T_S32].min == INT32_MIN && f[T_S32].max == INT32_MAX);
    assert_true(f[T_U16].max == 3200);
}

static void lif_resolves_width_range_and_threshold(void **state) {
    (void)state;
    static const struct {
        uint8_t w, f;
        int64_t threshold;
    } rows[] = {{16, 8, 256}, {2, 1, 1},           {32, 31, INT32_MAX}, {8, 0, 1},
                {2, 0, 1},    {32, 30, 1 << 30},   {3, 2, 3},           {3, 1, 2},
                {32, 0, 1},   {16, 15, INT16_MAX}, {16, 14, 1 << 14}};
    const int threshold = gsp_field_find(&gsp_lif_model, "v_threshold");
    const int fraction = gsp_field_find(&gsp_lif_model, "fraction");
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        gsp_lif_params p;
        gsp_field f[GSP_MAX_FIELDS];
        gsp_default_config(&gsp_lif_model, &p);
        p.data_width = rows[k].w;
        p.fraction = rows[k].f;
        gsp_resolve(&gsp_lif_model, &p, f);
        assert_true(f[threshold].initial == rows[k].threshold);
        assert_int_equal(f[fraction].max, rows[k].w - 1);
        static const char *const fields[] = {"v_rest", "v_reset",  "v_threshold", "leak_k", "gain_k",
                                             "i_t",    "noise_in", "v",           "v_out"};
        for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
            const gsp_field *field = &f[gsp_field_find(&gsp_lif_model, fields[i])];
            assert_int_equal(field->width, rows[k].w);
            assert_true(field->max == (INT64_C(1) << (rows[k].w - 1)) - 1);
            assert_true(field->min == -field->max - 1);
        }
        gsp_default_params(&gsp_lif_model, &p);
        assert_true(p.v_threshold == rows[k].threshold);
        assert_int_equal(gsp_lif_check(&p), 0);
    }
}

static void defaults_are_set_by_kind(void **state) {
    (void)state;
    toy_params p;
    memset(&p, 0xFF, sizeof p);
    gsp_default_config(&toy, &p);
    assert_int_equal(p.width, 12);
    assert_int_equal(p.s8, 0); /* the rest is cleared */
    assert_true(p.u64 == 0 && p.s64 == 0);
    p.width = 20;
    gsp_default_params(&toy, &p);
    assert_int_equal(p.width, 20); /* config stays */
    assert_int_equal(p.s8, -3);
    assert_true(p.u32 == 4000000000);
    assert_true(p.s64 == INT64_MIN);
    assert_int_equal(p.s32, 5);
    assert_int_equal(p.mode, 0);
    toy_in in = {1, 2, 3};
    gsp_default_inputs(&toy, &p, &in);
    assert_int_equal(in.x, 9);
    assert_int_equal(in.before, 0);
    assert_int_equal(in.after, 0);

    gsp_lif_params lif;
    gsp_default_config(&gsp_lif_model, &lif);
    gsp_default_params(&gsp_lif_model, &lif);
    assert_int_equal(lif.data_width, 16);
    assert_int_equal(lif.fraction, 8);
    assert_int_equal(lif.refractory_period, 2);
    assert_int_equal(lif.v_threshold, 256);
    assert_int_equal(lif.v_rest, 0);
    assert_int_equal(lif.v_reset, 0);
    assert_int_equal(lif.reset_mode, 0);
    assert_int_equal(lif.saturate, 0);
}

static void check_names_the_first_illegal_field(void **state) {
    (void)state;
    const toy_params good = toy_defaults();
    toy_params p = good;
    assert_int_equal(gsp_check(&toy, &p), 0);
#define REJECTED(name, value, index) \
    (p = good, p.name = (value), assert_int_equal(gsp_check(&toy, &p), 1 + (index)))
#define ACCEPTED(name, value) (p = good, p.name = (value), assert_int_equal(gsp_check(&toy, &p), 0))
    REJECTED(width, 3, T_WIDTH);
    REJECTED(width, 33, T_WIDTH);
    REJECTED(width, 0, T_WIDTH);
    ACCEPTED(width, 4);
    ACCEPTED(width, 32);
    REJECTED(u16, 1201, T_U16);
    ACCEPTED(u16, 1200);
    REJECTED(s16, -8, T_S16);
    REJECTED(s16, 2001, T_S16);
    ACCEPTED(s16, -7);
    REJECTED(s32, 2048, T_S32);
    REJECTED(s32, -2049, T_S32);
    ACCEPTED(s32, -2048);
    ACCEPTED(u64, UINT64_MAX);
    ACCEPTED(s64, INT64_MAX);
    REJECTED(mode, 3, T_MODE);
    REJECTED(even, 16, T_EVEN);
    REJECTED(even, 3, T_EVEN); /* toy_check */
    ACCEPTED(even, 14);
#undef REJECTED
#undef ACCEPTED
    /* The first of several; config before params, wherever it stands. */
    p = good;
    p.mode = 3;
    p.even = 3;
    assert_int_equal(gsp_check(&toy, &p), 1 + T_MODE);
    p.width = 63;
    p.s32 = INT32_MAX;
    assert_int_equal(gsp_check(&toy, &p), 1 + T_WIDTH);
}

static void lif_is_checked(void **state) {
    (void)state;
    static const struct {
        const char *field;
        int64_t value, legal;
    } rows[] = {
        {"data_width", 33, 32}, {"data_width", 1, 16}, {"data_width", 0, 10},  {"fraction", 16, 15},
        {"fraction", 31, 0},    {"fraction", 255, 7},  {"reset_mode", 3, 2},   {"reset_mode", 255, 1},
        {"saturate", 2, 1},     {"v_rest", 32768, -1}, {"v_reset", -32769, 1}, {"v_threshold", 1 << 20, 9},
    };
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        gsp_lif_params p;
        const int index = gsp_field_find(&gsp_lif_model, rows[k].field);
        assert_true(index >= 0);
        gsp_default_config(&gsp_lif_model, &p);
        gsp_default_params(&gsp_lif_model, &p);
        gsp_set(&gsp_lif_model.fields[index], &p, rows[k].value);
        assert_int_equal(gsp_check(&gsp_lif_model, &p), 1 + index);
        assert_int_equal(gsp_lif_check(&p), 1 + index);
        gsp_set(&gsp_lif_model.fields[index], &p, rows[k].legal);
        assert_int_equal(gsp_check(&gsp_lif_model, &p), 0);
    }
}

static void in_range_includes_both_ends(void **state) {
    (void)state;
    const gsp_field f = {.min = -7, .max = 5};
    assert_true(gsp_in_range(&f, -7) && gsp_in_range(&f, 5) && gsp_in_range(&f, 0));
    assert_false(gsp_in_range(&f, -8) || gsp_in_range(&f, 6));
    assert_false(gsp_in_range(&f, INT64_MIN) || gsp_in_range(&f, INT64_MAX));
}

static void parses(const gsp_field *f, const char *text, int64_t expected) {
    int64_t value = 0x5A5A;
    if (!gsp_parse_value(f, text, &value))
        fail_msg("%s: '%s' is refused", f->name, text);
    assert_true(value == expected);
}

static void refuses(const gsp_field *f, const char *text) {
    int64_t value = 0;
    if (gsp_parse_value(f, text, &value))
        fail_msg("%s: '%s' is taken for %lld", f->name, text, (long long)value);
}

static void values_are_parsed(void **state) {
    (void)state;
    const gsp_field *s32 = &toy_fields[T_S32];
    const gsp_field *s64 = &toy_fields[T_S64];
    const gsp_field *u64 = &toy_fields[T_U64];
    const gsp_field *mode = &toy_fields[T_MODE];

    parses(s32, "0", 0);
    parses(s32, "-1", -1);
    parses(s32, "+17", 17);
    parses(s32, "010", 10); /* decimal, not octal */
    parses(s32, "0x10", 16);
    parses(s32, "0XfF", 255);
    parses(s32, "-0x10", -16);
    parses(s32, "99999999999", 99999999999); /* the range is the caller's */
    parses(s64, "9223372036854775807", INT64_MAX);
    parses(s64, "-9223372036854775808", INT64_MIN);
    parses(s64, "0x7FFFFFFFFFFFFFFF", INT64_MAX);
    parses(u64, "18446744073709551615", -1);
    parses(u64, "0xFFFFFFFFFFFFFFFF", -1);
    parses(u64, "9223372036854775808", INT64_MIN);
    parses(mode, "to", 0);
    parses(mode, "subtract", 1);
    parses(mode, "none", 2);
    parses(mode, "1", 1);
    parses(mode, "3", 3); /* a number, whatever its legality */

    errno = ERANGE; /* what an earlier call left */
    parses(s32, "5", 5);
    errno = ERANGE;
    parses(u64, "18446744073709551614", -2);

    static const char *const garbage[] = {
        "",
        " ",
        "-",
        "+",
        "x",
        "0x",
        "0xg",
        "-0x",
        "1.5",
        "1e3",
        "1 ",
        " 1",
        "--1",
        "+-1",
        "1,2",
        "1_0",
        "\t1",
        "1\n",
        "ten",
        "0b1",
        "0x1p3",
        "- 1",
        "9223372036854775808",
        "-9223372036854775809",
        "0x8000000000000000",
        "99999999999999999999999",
    };
    for (size_t i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
        refuses(s32, garbage[i]);
        refuses(s64, garbage[i]);
        refuses(mode, garbage[i]);
    }
    refuses(u64, "18446744073709551616");
    refuses(u64, "0x10000000000000000");
    refuses(u64, "-9223372036854775809");
    refuses(s32, "to"); /* no labels there */
    static const char *const not_labels[] = {"t",         "too", "sub",   "subtractx", "TO",   "to|subtract",
                                             "subtract|", "|",   "none ", "non",       "none|"};
    for (size_t i = 0; i < sizeof not_labels / sizeof not_labels[0]; i++)
        refuses(mode, not_labels[i]);
}

/* What the tools take for granted in every table. */

static size_t part_size(const gsp_model *m, gsp_kind kind) {
    switch (kind) {
    case GSP_CONFIG:
    case GSP_TABLE:
    case GSP_PARAM: return m->params_size;
    case GSP_INPUT: return m->in_size;
    case GSP_STATE: return m->state_size;
    case GSP_OUTPUT:
    case GSP_FLAG: return m->out_size;
    default: return m->internal_size;
    }
}

static bool is_word(const char *name) {
    if (!(*name >= 'a' && *name <= 'z'))
        return false;
    for (; *name; name++)
        if (!((*name >= 'a' && *name <= 'z') || (*name >= '0' && *name <= '9') || *name == '_'))
            return false;
    return true;
}

static void check_field(const gsp_model *m, const gsp_field *table, const gsp_field *resolved, int i) {
    const gsp_field *f = &resolved[i];
    assert_true(is_word(f->name));
    assert_true(f->meaning && f->meaning[0]);
    for (int k = 0; k < i; k++)
        assert_string_not_equal(f->name, resolved[k].name);
    if (strcmp(f->name, "step") == 0 || strncmp(f->name, "x_", 2) == 0)
        fail_msg("%s: a trace column %s is no field", m->name, f->name);
    assert_true(f->size == 1 || f->size == 2 || f->size == 4 || f->size == 8);
    assert_in_range(f->width, 1, 64);
    assert_true(f->offset + f->size <= part_size(m, f->kind));
    assert_true(f->offset % f->size == 0);
    if (f->kind != GSP_INTERNAL) {
        /* The member holds every value of the field. */
        const int bits = f->size * 8 - (f->c_signed && !f->is_signed);
        assert_true(f->width <= bits);
        assert_true(f->c_signed || !f->is_signed);
        assert_true(f->min <= f->max);
    }
    if (f->kind == GSP_CONFIG || f->kind == GSP_PARAM || f->kind == GSP_INPUT)
        assert_true(gsp_in_range(f, f->initial));
    if (f->width_of) {
        const int config = gsp_field_find(m, f->width_of);
        assert_true(config >= 0);
        assert_true(table[config].kind == GSP_CONFIG);
    }
    if (f->initial_of) {
        /* A state loads a param at reset; an output shows a state. */
        const int origin = gsp_field_find(m, f->initial_of);
        assert_true(f->kind == GSP_STATE || f->kind == GSP_OUTPUT || f->kind == GSP_FLAG);
        assert_true(origin >= 0);
        assert_int_equal(table[origin].kind, f->kind == GSP_STATE ? GSP_PARAM : GSP_STATE);
    }
    if (f->labels) {
        int64_t labels = 1;
        for (const char *c = f->labels; *c; c++)
            labels += *c == '|';
        assert_true(f->min == 0 && labels == f->max + 1);
    }
}

/* Members that share a byte would show one field under two names. */
static void check_overlap(const gsp_model *m) {
    for (int i = 0; i < m->n_fields; i++)
        for (int k = 0; k < i; k++) {
            const gsp_field *a = &m->fields[i], *b = &m->fields[k];
            gsp_frame frame;
            if (gsp_frame_part(&frame, a->kind) != gsp_frame_part(&frame, b->kind))
                continue;
            if (!(a->offset + a->size <= b->offset || b->offset + b->size <= a->offset))
                fail_msg("%s: %s and %s share bytes", m->name, a->name, b->name);
        }
}

static void tables_are_sound(void **state) {
    (void)state;
    unsigned n = 0;
    for (; gsp_models[n]; n++) {
        const gsp_model *m = gsp_models[n];
        assert_true(is_word(m->name));
        assert_ptr_equal(gsp_model_find(m->name), m);
        assert_true(m->title && m->title[0] && m->source && m->source[0]);
        assert_non_null(m->equations);
        assert_non_null(m->equations[0]);
        assert_true(m->reset && m->step && m->explain);
        assert_in_range(m->n_fields, 1, GSP_MAX_FIELDS);
        assert_true(m->params_size <= GSP_MAX_STRUCT && m->in_size <= GSP_MAX_STRUCT &&
                    m->state_size <= GSP_MAX_STRUCT && m->out_size <= GSP_MAX_STRUCT &&
                    m->internal_size <= GSP_MAX_STRUCT);
        gsp_frame frame;
        gsp_field fields[GSP_MAX_FIELDS];
        memset(&frame, 0, sizeof frame);
        gsp_default_config(m, &frame.params);
        gsp_default_params(m, &frame.params);
        assert_int_equal(gsp_check(m, &frame.params), 0);
        gsp_resolve(m, &frame.params, fields);
        for (int i = 0; i < m->n_fields; i++)
            check_field(m, m->fields, fields, i);
        check_overlap(m);
        assert_non_null(gsp_cases_of(m));
    }
    assert_true(n > 0);
    printf("%u tables\n", n);
}

/* The reset value that a table states is the one that reset() gives. */
static void reset_does_what_the_table_says(void **state) {
    (void)state;
    for (unsigned n = 0; gsp_models[n]; n++) {
        const gsp_model *m = gsp_models[n];
        gsp_frame frame;
        gsp_field fields[GSP_MAX_FIELDS];
        gsp_rng rng;
        gsp_rng_seed(&rng, n);
        memset(&frame, 0, sizeof frame);
        gsp_default_config(m, &frame.params);
        gsp_default_params(m, &frame.params);
        gsp_resolve(m, &frame.params, fields);
        for (int i = 0; i < m->n_fields; i++)
            if (fields[i].kind == GSP_STATE && fields[i].initial_of) {
                const gsp_field *param = &fields[gsp_field_find(m, fields[i].initial_of)];
                gsp_frame_set(&frame, param, gsp_rng_range(&rng, param->min, param->max));
            }
        memset(&frame.state, 0x5A, sizeof frame.state);
        m->reset(&frame.state, &frame.params);
        for (int i = 0; i < m->n_fields; i++) {
            const gsp_field *f = &fields[i];
            if (f->kind != GSP_STATE)
                continue;
            const int64_t expected =
                f->initial_of ? gsp_frame_get(&frame, &fields[gsp_field_find(m, f->initial_of)]) : f->initial;
            if (gsp_frame_get(&frame, f) != expected)
                fail_msg("%s: reset gives another %s than the table", m->name, f->name);
        }
    }
}

/* Every preset names fields, in range, and leaves a legal parameter set. */
static void presets_are_legal(void **state) {
    (void)state;
    for (unsigned n = 0; gsp_models[n]; n++) {
        const gsp_model *m = gsp_models[n];
        for (const gsp_preset *preset = m->presets; preset && preset->name; preset++) {
            gsp_struct params;
            gsp_default_config(m, &params);
            /* Config first, then defaults under it, then params. */
            for (int pass = 0; pass < 2; pass++) {
                for (const char *at = preset->settings; *at;) {
                    char name[64], value[64];
                    int length = 0;
                    if (sscanf(at, " %63[a-z0-9_]=%63[^ ] %n", name, value, &length) != 2 || length == 0)
                        fail_msg("%s preset %s: '%s'", m->name, preset->name, at);
                    at += length;
                    const int index = gsp_field_find(m, name);
                    if (index < 0)
                        fail_msg("%s preset %s: no field %s", m->name, preset->name, name);
                    const gsp_field *f = &m->fields[index];
                    int64_t number;
                    assert_true(f->kind == GSP_CONFIG || f->kind == GSP_PARAM);
                    assert_true(gsp_parse_value(f, value, &number));
                    if ((f->kind == GSP_CONFIG) == (pass == 0)) {
                        gsp_set(f, &params, number);
                        assert_true(gsp_get(f, &params) == number); /* not cut by the member */
                    }
                }
                if (pass == 0)
                    gsp_default_params(m, &params);
            }
            const int code = gsp_check(m, &params);
            if (code != 0)
                fail_msg("%s preset %s: illegal %s", m->name, preset->name, m->fields[code - 1].name);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_rows_describe_their_members),
        cmocka_unit_test(get_and_set_every_size_and_sign),
        cmocka_unit_test(frames_have_a_part_for_every_kind),
        cmocka_unit_test(kinds_have_names),
        cmocka_unit_test(models_and_fields_are_found_by_name),
        cmocka_unit_test(resolve_fills_in_what_the_config_decides),
        cmocka_unit_test(lif_resolves_width_range_and_threshold),
        cmocka_unit_test(defaults_are_set_by_kind),
        cmocka_unit_test(check_names_the_first_illegal_field),
        cmocka_unit_test(lif_is_checked),
        cmocka_unit_test(in_range_includes_both_ends),
        cmocka_unit_test(values_are_parsed),
        cmocka_unit_test(tables_are_sound),
        cmocka_unit_test(reset_does_what_the_table_says),
        cmocka_unit_test(presets_are_legal),
    };
    return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
