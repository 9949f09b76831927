/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/report.h"

#include <inttypes.h>
#include <string.h>

#include "goldenspike/fix.h"

void gsp_hex(const gsp_field *f, int64_t value, char text[24]) {
    const unsigned digits = (f->width + 3u) / 4u;
    const uint64_t mask = f->width >= 64 ? UINT64_MAX : (UINT64_C(1) << f->width) - 1u;
    snprintf(text, 24, "0x%0*" PRIx64, (int)digits, (uint64_t)value & mask);
}

const char *gsp_label(const gsp_field *f, int64_t value, char text[40]) {
    const char *label = f->labels;
    for (int64_t i = 0; label && *label; i++) {
        const size_t n = strcspn(label, "|");
        if (i == value) {
            snprintf(text, 40, "%.*s", (int)n, label);
            return text;
        }
        label += n + (label[n] == '|');
    }
    return NULL;
}

static void decimal(const gsp_field *f, int64_t value, char text[24]) {
    if (f->width == 64 && !f->is_signed)
        snprintf(text, 24, "%" PRIu64, (uint64_t)value);
    else
        snprintf(text, 24, "%" PRId64, value);
}

void gsp_report_fields(FILE *file, const gsp_model *model, const gsp_field *fields, gsp_kind kind,
                       const void *part, const char *heading) {
    bool any = false;
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &fields[i];
        if (f->kind != kind)
            continue;
        if (!any && heading)
            fprintf(file, "%s\n", heading);
        any = true;
        char hex[24], dec[24], label[40];
        const int64_t value = gsp_get(f, part);
        gsp_hex(f, value, hex);
        decimal(f, value, dec);
        const char *name = gsp_label(f, value, label);
        fprintf(file, "  %-18s %20s  %-18s %s%s%s\n", f->name, dec, kind == GSP_INTERNAL ? "" : hex,
                name ? name : "", name ? ": " : "", f->meaning ? f->meaning : "");
    }
}

int gsp_report_comparison(FILE *file, const gsp_model *model, const gsp_field *fields,
                          const gsp_frame *expected, const gsp_seen *seen, const char *seen_title) {
    int wrong = 0;
    fprintf(file, "  %-18s %20s %20s  %-18s %s\n", "field", seen_title, "expected", seen_title, "expected");
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &fields[i];
        if (f->kind < GSP_STATE || !seen[i].present)
            continue;
        char hex_seen[24] = "x", hex_expected[24], dec_seen[24] = "x", dec_expected[24];
        const int64_t value = gsp_frame_get(expected, f);
        gsp_hex(f, value, hex_expected);
        decimal(f, value, dec_expected);
        if (!seen[i].unknown) {
            gsp_hex(f, seen[i].value, hex_seen);
            decimal(f, seen[i].value, dec_seen);
        }
        const bool differs = seen[i].unknown || seen[i].value != value;
        wrong += differs;
        fprintf(file, "%s %-18s %20s %20s  %-18s %*s%s\n", differs ? ">" : " ", f->name, dec_seen,
                dec_expected, hex_seen, differs ? -18 : 0, hex_expected, differs ? "  <-- differs" : "");
    }
    return wrong;
}

void gsp_report_reproducer(FILE *file, const gsp_model *model, const gsp_field *fields,
                           const gsp_frame *frame, const void *before, const gsp_seen *seen,
                           const gsp_settings *tables) {
    fprintf(file, "gsp step %s", model->name);
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &fields[i];
        const bool is_state = f->kind == GSP_STATE;
        const char *image = f->kind == GSP_TABLE ? gsp_settings_table(tables, f->name) : NULL;
        if (f->kind == GSP_TABLE && image)
            fprintf(file, " %s=%s", f->name, image);
        else if (f->kind != GSP_TABLE && f->kind <= GSP_INPUT)
            fprintf(file, " %s=%" PRId64, f->name, gsp_frame_get(frame, f));
        else if (is_state)
            fprintf(file, " %s=%" PRId64, f->name, gsp_get(f, before));
    }
    for (int i = 0; seen && i < model->n_fields; i++)
        if (seen[i].present && seen[i].unknown)
            fprintf(file, " dut.%s=x", fields[i].name);
        else if (seen[i].present)
            fprintf(file, " dut.%s=%" PRId64, fields[i].name, seen[i].value);
    fprintf(file, "\n");
}
