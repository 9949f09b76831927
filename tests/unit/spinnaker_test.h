/* SPDX-License-Identifier: Apache-2.0 */
/* What the unit tests of the SpiNNaker models share: a reader for restated recordings. */
#ifndef GSP_SPINNAKER_TEST_H
#define GSP_SPINNAKER_TEST_H

#include "loihi_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "goldenspike/spinnaker.h"
#include "goldenspike/trace.h"

/* `# key=value` lines, a header row, rows of cells, an end record that is checked. */
typedef struct recording {
    FILE *file;
    char key[32][64];
    char value[32][64];
    int n_keys;
    char line[2048];
    const char *cell[32];
    int n_cells, n_rows;
    uint32_t crc;
} recording;

static inline bool recording_line(recording *r) {
    if (!fgets(r->line, sizeof r->line, r->file))
        fail_msg("no end record");
    int rows;
    unsigned expected;
    if (sscanf(r->line, "# end rows=%d crc32=%x", &rows, &expected) == 2) {
        assert_int_equal(rows, r->n_rows);
        assert_int_equal(expected, r->crc);
        fclose(r->file);
        return false;
    }
    r->crc = gsp_crc32(r->crc, r->line, strlen(r->line));
    r->line[strcspn(r->line, "\n")] = '\0';
    return true;
}

/* `columns`: the expected header row; "" takes any. */
static inline void recording_open(recording *r, const char *path, const char *columns) {
    memset(r, 0, sizeof *r);
    r->file = fopen(path, "rb");
    if (!r->file)
        fail_msg("cannot open %s", path);
    for (;;) {
        assert_true(recording_line(r));
        if (r->line[0] != '#')
            break;
        assert_in_range(r->n_keys, 0, 31);
        if (sscanf(r->line, "# %63[^=]=%63[^\n]", r->key[r->n_keys], r->value[r->n_keys]) != 2)
            fail_msg("%s: no key: %s", path, r->line);
        r->n_keys++;
    }
    if (strcmp(r->line, columns) != 0 && columns[0] != '\0')
        fail_msg("%s: the columns are %s", path, r->line);
}

/* False after the last row. */
static inline bool recording_row(recording *r) {
    if (!recording_line(r))
        return false;
    r->n_rows++;
    r->n_cells = 0;
    for (char *c = r->line; c; r->n_cells++) {
        assert_in_range(r->n_cells, 0, 31);
        r->cell[r->n_cells] = c;
        c = strchr(c, ',');
        if (c)
            *c++ = '\0';
    }
    return true;
}

static inline long recording_number(const recording *r, int cell) {
    char *end;
    const long number = strtol(r->cell[cell], &end, 10);
    assert_true(end != r->cell[cell] && *end == '\0');
    return number;
}

/* A key of the header. */
static inline long recording_key(const recording *r, const char *key) {
    for (int i = 0; i < r->n_keys; i++)
        if (strcmp(r->key[i], key) == 0)
            return strtol(r->value[i], NULL, 10);
    fail_msg("no %s", key);
    return 0;
}

/*
 * A run of several sub-steps per time step: the recording knows how many spikes
 * a time step had, not in which sub-step. They stand in the last column.
 */
static inline void count_spikes(const char *path, const gsp_model *model, int expected_rows) {
    gsp_trace trace;
    gsp_error error;
    static gsp_frame frame;
    static recording r;
    if (!gsp_trace_read(&trace, path, model, NULL, true, &error))
        fail_msg("%s", error.text);
    assert_int_equal(trace.n_rows, expected_rows);
    recording_open(&r, path, "");
    const long n_steps = recording_key(&r, "x_n_steps");
    const gsp_field *spike = &model->fields[gsp_field_find(model, "spike")];
    long spikes = 0;
    int compared = 0;
    for (size_t row = 0; recording_row(&r); row++) {
        gsp_trace_load(&trace, row, &frame);
        model->step(&frame.params, &frame.in, &frame.state, &frame.out);
        spikes += gsp_frame_get(&frame, spike);
        if ((long)(row + 1) % n_steps == 0) {
            assert_int_equal(spikes, recording_number(&r, r.n_cells - 1));
            spikes = 0;
            compared++;
        }
    }
    assert_int_equal(compared, expected_rows / n_steps);
    gsp_trace_free(&trace);
}

#endif
