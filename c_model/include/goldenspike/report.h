/* SPDX-License-Identifier: Apache-2.0 */
/* How one step is shown to a person: the same in `gsp check`, `gsp step` and every lockstep report. */
#ifndef GOLDENSPIKE_REPORT_H
#define GOLDENSPIKE_REPORT_H

#include <stdio.h>

#include "goldenspike/trace.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a device under test showed for one field. */
typedef struct gsp_seen {
    bool present; /* the field was observed at all */
    bool unknown; /* with x or z bits */
    int64_t value;
} gsp_seen;

/*
 * The fields of the given kind, one per line: name, decimal, hexadecimal,
 * label, meaning. `heading` is printed first when there is a field at all.
 */
void gsp_report_fields(FILE *file, const gsp_model *model, const gsp_field *fields, gsp_kind kind,
                       const void *part, const char *heading);

/*
 * Table of the fields that were seen (state, outputs, flags; from a trace also intermediates): field, seen
 * and expected in hexadecimal and decimal, the mismatches marked. Returns how many fields differ.
 */
int gsp_report_comparison(FILE *file, const gsp_model *model, const gsp_field *fields,
                          const gsp_frame *expected, const gsp_seen *seen, const char *seen_title);

/*
 * One line that repeats the step: `gsp step MODEL field=value ...`, with
 * dut.<field>=value for every field seen, so that it shows the same mismatch.
 * `tables` names the files of tables that are not the default.
 */
void gsp_report_reproducer(FILE *file, const gsp_model *model, const gsp_field *fields,
                           const gsp_frame *frame, const void *before, const gsp_seen *seen,
                           const gsp_settings *tables);

/* A value in hexadecimal, as wide as the field. */
void gsp_hex(const gsp_field *field, int64_t value, char text[24]);
/* The label of a value, or NULL. */
const char *gsp_label(const gsp_field *field, int64_t value, char text[40]);

#ifdef __cplusplus
}
#endif
#endif
