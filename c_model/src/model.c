/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/model.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "field.h"
#include "goldenspike/fix.h"

#define GSP_MODEL(m) extern const gsp_model gsp_##m##_model;
#include "models.def"
#undef GSP_MODEL

const gsp_model *const gsp_models[] = {
#define GSP_MODEL(m) &gsp_##m##_model,
#include "models.def"
#undef GSP_MODEL
    NULL,
};

const gsp_model *gsp_model_find(const char *name) {
    for (const gsp_model *const *model = gsp_models; *model; model++)
        if (strcmp((*model)->name, name) == 0)
            return *model;
    return NULL;
}

const char *gsp_kind_name(gsp_kind kind) {
    static const char *const names[GSP_KIND_COUNT] = {"config", "table",  "param", "input",
                                                      "state",  "output", "flag",  "internal"};
    return kind < GSP_KIND_COUNT ? names[kind] : "?";
}

const void *gsp_frame_part_const(const gsp_frame *frame, gsp_kind kind) {
    switch (kind) {
    case GSP_CONFIG:
    case GSP_TABLE:
    case GSP_PARAM: return &frame->params;
    case GSP_INPUT: return &frame->in;
    case GSP_STATE: return &frame->state;
    case GSP_OUTPUT:
    case GSP_FLAG: return &frame->out;
    case GSP_INTERNAL:
    case GSP_KIND_COUNT: break;
    }
    return &frame->internal;
}

void *gsp_frame_part(gsp_frame *frame, gsp_kind kind) {
    /* The frame is the caller's own and not const: casting the const away again is sound. */
    return (void *)(uintptr_t)gsp_frame_part_const(frame, kind);
}

int64_t gsp_get(const gsp_field *field, const void *part) {
    return gsp_field_load(field, part);
}

void gsp_set(const gsp_field *field, void *part, int64_t value) {
    gsp_field_store(field, part, value);
}

const uint64_t *gsp_table_get(const gsp_field *field, const void *params) {
    const uint64_t *image;
    memcpy(&image, (const unsigned char *)params + field->offset, sizeof image);
    return image;
}

void gsp_table_set(const gsp_field *field, void *params, const uint64_t *image) {
    memcpy((unsigned char *)params + field->offset, &image, sizeof image);
}

int64_t gsp_frame_get(const gsp_frame *frame, const gsp_field *field) {
    return gsp_get(field, gsp_frame_part_const(frame, field->kind));
}

void gsp_frame_set(gsp_frame *frame, const gsp_field *field, int64_t value) {
    gsp_set(field, gsp_frame_part(frame, field->kind), value);
}

int gsp_field_find(const gsp_model *model, const char *name) {
    for (int i = 0; i < model->n_fields; i++)
        if (strcmp(model->fields[i].name, name) == 0)
            return i;
    return -1;
}

void gsp_resolve(const gsp_model *model, const void *params, gsp_field fields[GSP_MAX_FIELDS]) {
    memcpy(fields, model->fields, model->n_fields * sizeof fields[0]);
    for (int i = 0; i < model->n_fields; i++) {
        gsp_field *f = &fields[i];
        if (f->width_of)
            f->width = (uint8_t)gsp_get(&model->fields[gsp_field_find(model, f->width_of)], params);
        if (f->min == 0 && f->max == 0) {
            f->min = f->is_signed ? gsp_min_s(f->width) : f->width >= 64 ? INT64_MIN : 0;
            f->max = f->is_signed ? gsp_max_s(f->width) : gsp_max_u(f->width);
        }
    }
    if (model->resolve)
        model->resolve(params, fields);
}

void gsp_default_config(const gsp_model *model, void *params) {
    memset(params, 0, model->params_size);
    for (int i = 0; i < model->n_fields; i++)
        if (model->fields[i].kind == GSP_CONFIG)
            gsp_set(&model->fields[i], params, model->fields[i].initial);
}

static void set_defaults(const gsp_model *model, const void *params, gsp_kind kind, void *part) {
    gsp_field fields[GSP_MAX_FIELDS];
    gsp_resolve(model, params, fields);
    for (int i = 0; i < model->n_fields; i++)
        if (fields[i].kind == kind)
            gsp_set(&fields[i], part, fields[i].initial);
}

void gsp_default_params(const gsp_model *model, void *params) {
    set_defaults(model, params, GSP_PARAM, params);
    for (int i = 0; i < model->n_fields; i++)
        if (model->fields[i].kind == GSP_TABLE)
            gsp_table_set(&model->fields[i], params, model->table(params, i));
}

void gsp_default_inputs(const gsp_model *model, const void *params, void *in) {
    memset(in, 0, model->in_size);
    set_defaults(model, params, GSP_INPUT, in);
}

bool gsp_batch(const gsp_model *model, const void *params, void *const array[], size_t n) {
    gsp_struct arrays;
    if (!model->batch)
        return false;
    for (unsigned k = 0; k < model->n_arrays; k++)
        memcpy(arrays.bytes + model->arrays[k].offset, &array[gsp_field_find(model, model->arrays[k].name)],
               sizeof array[0]);
    model->batch(params, &arrays, n);
    return true;
}

bool gsp_in_range(const gsp_field *field, int64_t value) {
    return value >= field->min && value <= field->max;
}

int gsp_check(const gsp_model *model, const void *params) {
    gsp_field fields[GSP_MAX_FIELDS];
    /* Config first: an illegal width must not decide the ranges of the others. */
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &model->fields[i];
        if (f->kind == GSP_CONFIG && !gsp_in_range(f, gsp_get(f, params)))
            return i + 1;
    }
    gsp_resolve(model, params, fields);
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &fields[i];
        if ((f->kind == GSP_CONFIG || f->kind == GSP_PARAM) && !gsp_in_range(f, gsp_get(f, params)))
            return i + 1;
        if (f->kind == GSP_TABLE && !gsp_table_get(f, params))
            return i + 1;
    }
    return model->check ? model->check(params) + 1 : 0;
}

bool gsp_parse_value(const gsp_field *field, const char *text, int64_t *value) {
    if (field->labels) {
        const size_t length = strlen(text);
        int64_t index = 0;
        for (const char *label = field->labels; *label; index++) {
            const size_t n = strcspn(label, "|");
            if (n == length && strncmp(label, text, n) == 0) {
                *value = index;
                return true;
            }
            label += n + (label[n] == '|');
        }
    }
    const char *digits = text + (*text == '-' || *text == '+');
    if (!(*digits >= '0' && *digits <= '9'))
        return false;
    const int base = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X') ? 16 : 10;
    char *end;
    errno = 0;
    *value = strtoll(text, &end, base);
    if (*end != '\0')
        return false;
    if (errno == 0)
        return true;
    /* Unsigned 64-bit fields use the upper half of the range as their bit pattern. */
    if (field->width == 64 && !field->is_signed && *text != '-') {
        errno = 0;
        *value = (int64_t)strtoull(text, &end, base);
        return errno == 0 && *end == '\0';
    }
    return false;
}
