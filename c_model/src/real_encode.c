/* SPDX-License-Identifier: Apache-2.0 */
/* What every encoder shares: reading and printing real quantities. */
#include "goldenspike/encode.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WHY = 240 };

bool gsp_encode_refuse(gsp_encode_fault *fault, int quantity, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault->reason, sizeof fault->reason, format, arguments);
    va_end(arguments);
    fault->quantity = quantity;
    return false;
}

void gsp_quantities_default(const gsp_encoder *encoder, double value[GSP_MAX_QUANTITIES]) {
    for (int i = 0; i < encoder->n_quantities; i++)
        value[i] = encoder->quantities[i].initial;
}

int gsp_quantity_find(const gsp_encoder *encoder, const char *name) {
    for (int i = 0; i < encoder->n_quantities; i++) {
        const gsp_quantity *q = &encoder->quantities[i];
        if (strcmp(q->name, name) == 0 || (q->key && strcmp(q->key, name) == 0))
            return i;
    }
    return -1;
}

/* Place of the label in a|b|c, or -1. */
static int label_place(const char *labels, const char *text) {
    const size_t n = strlen(text);
    int place = 0;
    for (const char *label = labels;; place++) {
        const size_t length = strcspn(label, "|");
        if (length == n && strncmp(label, text, n) == 0)
            return place;
        if (label[length] == '\0')
            return -1;
        label += length + 1;
    }
}

bool gsp_quantity_parse(const gsp_quantity *q, const char *text, double *value, char *why) {
    if (q->labels) {
        const int place = label_place(q->labels, text);
        *value = place;
        if (place < 0)
            snprintf(why, WHY, "'%.40s' is none of %s", text, q->labels);
        return place >= 0;
    }
    char *end;
    const double x = strtod(text, &end);
    const char *const unit = *q->unit ? " " : "";
    if (end == text || *end != '\0' || strchr(text, 'x') || !isfinite(x))
        snprintf(why, WHY, "'%.40s' is not a number (legal: %.12g..%.12g%s%s)", text, q->min, q->max, unit,
                 q->unit);
    else if (q->whole && x != floor(x))
        snprintf(why, WHY, "'%.40s' is not a whole number (legal: %.12g..%.12g)", text, q->min, q->max);
    else if (!(x >= q->min && x <= q->max))
        snprintf(why, WHY, "value %.9g is outside the legal range %.12g..%.12g%s%s", x, q->min, q->max, unit,
                 q->unit);
    else {
        *value = x;
        return true;
    }
    return false;
}

void gsp_quantity_text(const gsp_quantity *q, double value, char *text, size_t size) {
    const char *label = q->labels;
    for (int place = 0; label && place < (int)value; place++)
        label += strcspn(label, "|") + 1;
    if (label)
        snprintf(text, size, "%.*s", (int)strcspn(label, "|"), label);
    else
        snprintf(text, size, "%.9g", value);
}
