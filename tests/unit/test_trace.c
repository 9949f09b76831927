/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The functions of trace.h: settings, the reader and the writer. Every model's
 * generated steps go through a file and come back as they were; what a trace
 * may not be is refused with the place and the reason. tests/cli has the same
 * messages as a user meets them.
 */
#define _XOPEN_SOURCE 700 /* mkdtemp, symlink, setrlimit */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "goldenspike/lif.h"
#include "goldenspike/stim.h"
#include "goldenspike/trace.h"

static char folder[200];

static const char *in_folder(const char *name) {
    static char path[2][500];
    static int turn;
    turn = !turn;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

static unsigned files_in_folder(void) {
    DIR *dir = opendir(folder);
    unsigned n = 0;
    assert_non_null(dir);
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;)
        n += entry->d_name[0] != '.';
    closedir(dir);
    return n;
}

static int make_folder(void **state) {
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/gsp_trace.XXXXXX", base && *base ? base : "/tmp");
    return mkdtemp(folder) ? 0 : -1;
}

static int empty_folder(void **state) {
    (void)state;
    DIR *dir = opendir(folder);
    for (const struct dirent *entry; dir && (entry = readdir(dir)) != NULL;)
        if (entry->d_name[0] != '.')
            remove(in_folder(entry->d_name));
    if (dir)
        closedir(dir);
    return 0;
}

static int remove_folder(void **state) {
    return empty_folder(state) || rmdir(folder);
}

static void write_text(const char *name, const char *text, size_t size) {
    FILE *file = fopen(in_folder(name), "wb");
    assert_non_null(file);
    assert_true(fwrite(text, 1, size, file) == size);
    assert_int_equal(fclose(file), 0);
}

/* ---- the checksum ---------------------------------------------------------- */

static void crc32_is_zlibs(void **state) {
    (void)state;
    /* The check value of CRC-32/ISO-HDLC. */
    assert_int_equal(gsp_crc32(0, "123456789", 9), 0xCBF43926);
    assert_int_equal(gsp_crc32(0, "", 0), 0);
    assert_int_equal(gsp_crc32(0, "\0", 1), 0xD202EF8D);
    assert_int_equal(gsp_crc32(0, "\xFF\xFF\xFF\xFF", 4), 0xFFFFFFFF);
    for (size_t cut = 0; cut <= 9; cut++)
        assert_int_equal(gsp_crc32(gsp_crc32(0, "123456789", cut), &"123456789"[cut], 9 - cut), 0xCBF43926);
}

/* ---- settings --------------------------------------------------------------- */

static gsp_lif_params apply(const char *const *texts, const bool *ties, bool *fixed, gsp_error *error,
                            bool *ok) {
    gsp_settings settings = {NULL, 0, 0, NULL, 0};
    gsp_struct params;
    memset(&params, 0, sizeof params);
    for (size_t k = 0; texts[k]; k++)
        assert_true(gsp_settings_add_text(&settings, texts[k], "--set", !ties || ties[k], error));
    *ok = gsp_settings_apply(&settings, &gsp_lif_model, &params, fixed, error);
    gsp_settings_free(&settings);
    gsp_lif_params lif;
    memcpy(&lif, &params, sizeof lif);
    return lif;
}

static void settings_apply_in_order(void **state) {
    (void)state;
    gsp_error error;
    bool ok, fixed[GSP_MAX_FIELDS] = {false};
    static const char *const none[] = {NULL};
    gsp_lif_params p = apply(none, NULL, fixed, &error, &ok);
    assert_true(ok && p.data_width == 16 && p.fraction == 8 && p.v_threshold == 256 &&
                p.refractory_period == 2);

    /* The later wins; a width is known before the values that need it, wherever it stands. */
    static const char *const some[] = {"v_rest=40000",    "v_rest=100000", "data_width=24",
                                       "reset_mode=none", "i_t=5",         NULL};
    static const bool ties[] = {false, true, false, false, true};
    p = apply(some, ties, fixed, &error, &ok);
    assert_true(ok && p.data_width == 24 && p.v_rest == 100000 && p.reset_mode == GSP_LIF_RESET_NONE);
    for (int i = 0; i < gsp_lif_model.n_fields; i++)
        assert_int_equal(fixed[i], i == gsp_field_find(&gsp_lif_model, "v_rest"));

    /* So with two config fields, one of which bounds the other. */
    static const char *const wide[] = {"fraction=20", "data_width=24", NULL};
    p = apply(wide, NULL, NULL, &error, &ok);
    assert_true(ok && p.data_width == 24 && p.fraction == 20);

    /* Defaults follow the configuration. */
    static const char *const narrow[] = {"fraction=3", "data_width=4", NULL};
    p = apply(narrow, NULL, NULL, &error, &ok);
    assert_true(ok && p.v_threshold == 7);
}

static void settings_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *texts[3], *message;
    } cases[] = {
        {{"data_width=33"}, "--set: field 'data_width': value 33 is outside the legal range 2..32"},
        {{"fraction=16"}, "--set: field 'fraction': value 16 is outside the legal range 0..15"},
        {{"data_width=8"}, "default: field 'fraction': value 8 is outside the legal range 0..7"},
        {{"v_rest=32768"}, "--set: field 'v_rest': value 32768 is outside the legal range -32768..32767"},
        {{"v_rest=-0x8001"}, "--set: field 'v_rest': value -0x8001 is outside the legal range -32768..32767"},
        {{"saturate=maybe"},
         "--set: field 'saturate': 'maybe' is not an integer (legal: 0..1 or wrap|saturate)"},
        {{"v_rest="}, "--set: field 'v_rest': '' is not an integer (legal: -32768..32767)"},
        /* A wrong value is wrong even where a later one replaces it. */
        {{"v_rest=99999", "v_rest=1"}, "--set: field 'v_rest': value 99999 is outside the legal range"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        const char *texts[4] = {cases[k].texts[0], cases[k].texts[1], cases[k].texts[2], NULL};
        gsp_error error;
        bool ok;
        (void)apply(texts, NULL, NULL, &error, &ok);
        assert_false(ok);
        if (strncmp(error.text, cases[k].message, strlen(cases[k].message)) != 0)
            fail_msg("'%s', wanted '%s'", error.text, cases[k].message);
    }
    static const char *const texts[] = {
        "v_rest", "=5", "", "a_name_that_is_longer_than_any_field_of_any_model_may_ever_be_here=1"};
    for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++) {
        gsp_settings settings = {NULL, 0, 0, NULL, 0};
        gsp_error error;
        assert_false(gsp_settings_add_text(&settings, texts[k], "here", true, &error));
        assert_non_null(strstr(error.text, "is not NAME=VALUE"));
        assert_int_equal(settings.n, 0);
        gsp_settings_free(&settings);
    }
}

/* Every preset of every model is legal and ties what it names. */
static void presets_apply(void **state) {
    (void)state;
    unsigned n = 0;
    for (const gsp_model *const *m = gsp_models; *m; m++) {
        gsp_settings settings = {NULL, 0, 0, NULL, 0};
        gsp_error error;
        assert_false(gsp_settings_add_preset(&settings, *m, "no such preset", &error));
        assert_non_null(strstr(error.text, "has no preset 'no such preset'"));
        for (const gsp_preset *p = (*m)->presets; p && p->name; p++, n++) {
            gsp_struct params;
            bool fixed[GSP_MAX_FIELDS] = {false};
            memset(&params, 0, sizeof params);
            if (!gsp_settings_add_preset(&settings, *m, p->name, &error) ||
                !gsp_settings_apply(&settings, *m, &params, fixed, &error))
                fail_msg("%s, preset %s: %s", (*m)->name, p->name, error.text);
            for (size_t k = 0; k < settings.n; k++) {
                const int i = gsp_field_find(*m, settings.list[k].name);
                if (i < 0)
                    fail_msg("%s, preset %s: no field %s", (*m)->name, p->name, settings.list[k].name);
                assert_true(fixed[i]);
            }
            gsp_settings_free(&settings);
        }
        gsp_settings_free(&settings);
    }
    assert_true(n > 0);
}

static void suggestions(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"v_thresold", "did you mean 'v_threshold'?"},
        {"V_rest", "did you mean 'v_rest'?"},
        {"vv", "did you mean 'v'?"},
        {"refractory", "`gsp describe lif`"},
        {"foo", "`gsp describe lif`"},
        {"", "`gsp describe lif`"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        gsp_error error;
        assert_false(gsp_unknown_field(&gsp_lif_model, cases[k][0], "here", &error));
        if (!strstr(error.text, cases[k][1]))
            fail_msg("'%s' lacks '%s'", error.text, cases[k][1]);
    }
}

/* ---- there and back --------------------------------------------------------- */

enum { ROWS = 300 };

static bool is_expected(const gsp_field *f) {
    return f->kind == GSP_STATE || f->kind == GSP_OUTPUT || f->kind == GSP_FLAG;
}

/* Each expected cell changed on its own is found, in its own column. */
static void changed_cells_are_found(gsp_trace *t, size_t row, const gsp_frame *after) {
    size_t compared = 0;
    assert_int_equal(gsp_trace_compare(t, row, 0, after, &compared), -1);
    for (size_t c = 0; c < t->n_columns; c++) {
        const int i = t->columns[c].field;
        if (i < 0 || t->columns[c].is_init || !is_expected(&t->fields[i]))
            continue;
        int64_t *cell = &t->values[row * t->n_columns + c];
        *cell ^= 1;
        assert_int_equal(gsp_trace_compare(t, row, 0, after, &compared), (int)c);
        assert_int_equal(gsp_trace_compare(t, row, (int)c + 1, after, &compared), -1);
        *cell ^= 1;
    }
}

static void there_and_back(const gsp_model *m, gsp_frame *frame, bool free_state, bool vary, int level) {
    static gsp_stim stim;
    static gsp_frame frames[ROWS];
    static gsp_struct befores[ROWS];
    bool fixed[GSP_MAX_FIELDS] = {false};
    gsp_field fields[GSP_MAX_FIELDS];
    gsp_trace_writer writer;
    gsp_trace trace;
    gsp_error error;
    gsp_resolve(m, &frame->params, fields);
    for (int i = 0; i < m->n_fields; i++)
        fixed[i] = !vary && fields[i].kind == GSP_PARAM;
    m->reset(&frame->state, &frame->params);
    gsp_default_inputs(m, &frame->params, &frame->in);
    gsp_stim_start(&stim, m, &frame->params, fixed, level, 21, free_state);

    const char *path = in_folder("round.csv");
    assert_true(gsp_trace_create(&writer, path, m, &frame->params, &frame->state, vary, free_state, &error));
    gsp_trace_note(&writer, "seed", "21");
    size_t rows = 0, n_expected = 0;
    while (rows < ROWS && gsp_stim_next(&stim, &frame->params, &frame->state, &frame->in)) {
        befores[rows] = frame->state;
        m->step(&frame->params, &frame->in, &frame->state, &frame->out);
        gsp_trace_row(&writer, frame, &befores[rows]);
        frames[rows++] = *frame;
    }
    assert_true(rows == ROWS);
    if (!gsp_trace_close(&writer, &error))
        fail_msg("%s", error.text);

    if (!gsp_trace_read(&trace, path, m, NULL, true, &error))
        fail_msg("%s: %s", m->name, error.text);
    for (int i = 0; i < m->n_fields; i++)
        n_expected += is_expected(&fields[i]);
    assert_true(trace.n_rows == rows && trace.has_end);
    assert_true(trace.n_expected == rows * n_expected);
    assert_true(vary || !trace.varies);
    gsp_frame replayed;
    memset(&replayed, 0, sizeof replayed);
    size_t compared = 0;
    for (size_t r = 0; r < rows; r++) {
        gsp_trace_load(&trace, r, &replayed);
        assert_memory_equal(&replayed.params, &frames[r].params, m->params_size);
        for (int i = 0; i < m->n_fields; i++) {
            const gsp_field *f = &fields[i];
            if (f->kind == GSP_INPUT)
                assert_true(gsp_frame_get(&replayed, f) == gsp_frame_get(&frames[r], f));
            if (f->kind == GSP_STATE)
                assert_true(gsp_frame_get(&replayed, f) == gsp_get(f, &befores[r]));
        }
        m->explain(&replayed.params, &replayed.in, &replayed.state, &replayed.out, &replayed.internal);
        assert_int_equal(gsp_trace_compare(&trace, r, 0, &replayed, &compared), -1);
        if (r % 100 == 99)
            changed_cells_are_found(&trace, r, &replayed);
    }
    assert_true(compared == rows * n_expected);
    gsp_trace_free(&trace);
}

static void every_model_there_and_back(void **state) {
    (void)state;
    for (const gsp_model *const *m = gsp_models; *m; m++)
        for (int variant = 0; variant < 8; variant++) {
            static gsp_stim stim;
            gsp_frame frame;
            memset(&frame, 0, sizeof frame);
            gsp_default_config(*m, &frame.params);
            gsp_default_params(*m, &frame.params);
            if (!(variant & 2)) {
                /* Params that stand still are not the defaults. */
                gsp_stim_start(&stim, *m, &frame.params, NULL, GSP_LEVEL_RANDOM, (uint64_t)variant, false);
                assert_true(gsp_stim_next(&stim, &frame.params, &frame.state, &frame.in));
            }
            there_and_back(*m, &frame, variant & 1, variant & 2,
                           variant & 4 ? GSP_LEVEL_CROSSED : GSP_LEVEL_RANDOM);
        }
}

/* The widest and the narrowest values of lif. */
static void wide_and_narrow_there_and_back(void **state) {
    (void)state;
    static const uint8_t widths[] = {2, 32};
    for (int k = 0; k < 2; k++) {
        gsp_frame frame;
        memset(&frame, 0, sizeof frame);
        gsp_default_config(&gsp_lif_model, &frame.params);
        gsp_lif_params *p = (gsp_lif_params *)(void *)&frame.params;
        p->data_width = widths[k];
        p->fraction = 0;
        gsp_default_params(&gsp_lif_model, &frame.params);
        there_and_back(&gsp_lif_model, &frame, true, true, GSP_LEVEL_CROSSED);
    }
}

/* ---- the reader -------------------------------------------------------------- */

static bool read_as(gsp_trace *trace, const char *text, size_t size, bool strict, gsp_error *error) {
    write_text("t.csv", text, size);
    return gsp_trace_read(trace, in_folder("t.csv"), &gsp_lif_model, NULL, strict, error);
}

static void reads(gsp_trace *trace, const char *text) {
    gsp_error error;
    if (!read_as(trace, text, strlen(text), false, &error))
        fail_msg("%s", error.text);
}

static void refuses(const char *text, size_t size, bool strict, const char *message) {
    gsp_trace trace;
    gsp_error error;
    memset(&trace, 0xAA, sizeof trace);
    if (read_as(&trace, text, size, strict, &error)) {
        gsp_trace_free(&trace);
        fail_msg("'%s' was read", text);
    }
    if (!strstr(error.text, message))
        fail_msg("'%s': '%s' lacks '%s'", text, error.text, message);
    gsp_trace_free(&trace); /* nothing is kept, and that may be freed */
}

static void layout_is_free(void **state) {
    (void)state;
    static const char *const same[] = {
        "i_t,gain_k,v\n3,256,3\n4,256,7\n",
        "i_t,gain_k,v\r\n3,256,3\r\n4,256,7\r\n",
        "i_t,gain_k,v\n3,256,3\n4,256,7", /* no newline at the end */
        "\n\n  i_t ,\tgain_k, v \n\n 3 , 256,3\n# a remark: v=1\n\t\n4,+256,0x7\n\n\n",
        "# model=lif\n#\n# = \n#note\n# source = a = b\n# x_n=5\n# seed=7\nv,gain_k,i_t\n3,0x100,3\n7,0X100,4\n",
        "#model=lif\ni_t,x_,x_v,step,gain_k,v\n3,,one,9,256,3\n4,\"q\",,9,256,7\n",
    };
    for (size_t k = 0; k < sizeof same / sizeof same[0]; k++) {
        gsp_trace t;
        gsp_frame frame;
        size_t compared = 0;
        reads(&t, same[k]);
        assert_true(t.n_rows == 2 && t.n_expected == 2 && !t.varies && !t.custom_init && !t.has_end);
        memset(&frame, 0, sizeof frame);
        for (size_t r = 0; r < 2; r++) {
            gsp_trace_load(&t, r, &frame);
            gsp_lif_model.step(&frame.params, &frame.in, &frame.state, &frame.out);
            assert_int_equal(gsp_trace_compare(&t, r, 0, &frame, &compared), -1);
        }
        assert_int_equal(compared, 2);
        gsp_trace_free(&t);
    }
}

/* What a header, a column and an empty cell mean for a row. */
static void rows_load_what_they_say(void **state) {
    (void)state;
    gsp_trace t;
    gsp_frame frame;
    reads(&t, "# v_threshold=300\n# init.v=-5\n"
              "i_t,v_threshold,init.v,init.refractory_count,v,spike\n"
              "1,,,,,\n"
              "2,400,70,,,1\n"
              "3,,,9,0,\n");
    assert_true(t.varies && t.custom_init && t.n_rows == 3 && t.n_expected == 2);
    memset(&frame, 0x5A, sizeof frame);
    const gsp_lif_params *p = (const gsp_lif_params *)(const void *)&frame.params;
    const gsp_lif_in *in = (const gsp_lif_in *)(const void *)&frame.in;
    gsp_lif_state *s = (gsp_lif_state *)(void *)&frame.state;
    gsp_trace_load(&t, 0, &frame);
    assert_true(p->v_threshold == 300 && in->i_t == 1 && in->gain_k == 0 && s->v == -5 &&
                s->refractory_count == 0);
    s->v = 11; /* as if a step had been taken */
    s->refractory_count = 3;
    gsp_trace_load(&t, 1, &frame);
    assert_true(p->v_threshold == 400 && in->i_t == 2 && s->v == 70 && s->refractory_count == 3);
    s->v = 12;
    gsp_trace_load(&t, 2, &frame);
    assert_true(p->v_threshold == 300 && in->i_t == 3 && s->v == 12 && s->refractory_count == 9);
    assert_true(gsp_trace_value(&t, 1, 1) == 400 && t.lines[0] == 4 && t.lines[2] == 6);
    gsp_trace_free(&t);

    /* An initial state that is the reset state is no custom one. */
    reads(&t, "# v_rest=9\n# init.v=9\ni_t,v\n0,9\n");
    assert_false(t.custom_init);
    gsp_trace_free(&t);
    reads(&t, "# init.v=9\n# v_rest=8\ni_t,v\n0,9\n");
    assert_true(t.custom_init);
    gsp_trace_free(&t);
}

/* Settings from outside come before the header's. */
static void the_header_wins(void **state) {
    (void)state;
    gsp_settings extra = {NULL, 0, 0, NULL, 0};
    gsp_error error;
    gsp_trace t;
    assert_true(gsp_settings_add_text(&extra, "v_rest=5", "--set", true, &error));
    assert_true(gsp_settings_add_text(&extra, "v_reset=6", "--set", true, &error));
    static const char text[] = "# v_rest=7\ni_t,v\n0,7\n";
    write_text("t.csv", text, strlen(text));
    assert_true(gsp_trace_read(&t, in_folder("t.csv"), &gsp_lif_model, &extra, false, &error));
    const gsp_lif_params *p = (const gsp_lif_params *)(const void *)&t.params;
    assert_true(p->v_rest == 7 && p->v_reset == 6);
    gsp_trace_free(&t);
    gsp_settings_free(&extra);
}

static void what_is_no_trace(void **state) {
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "empty file: no header row"},
        {"\n\n", "no trace: no header row"},
        {"# model=lif\n", "no trace: no header row"},
        {"i_t,v\n", "no rows"},
        {"i_t,v\n# nothing\n", "no rows"},
        {"i_t,v\n1,2\n3\n", ":3: 1 cells, the header row has 2 columns (truncated?)"},
        {"i_t,v\n1,2,3\n", ":2: 3 cells, the header row has 2 columns"},
        {"i_t,v\n1,2,\n", ":2: 3 cells"},
        {"i_t,v,\n1,2,\n", ":1: column 3 has no name"},
        {"i_t;v\n1;2\n", "no field 'i_t;v'"},
        {"\"i_t\",v\n1,2\n", "no field '\"i_t\"'"},
        {"i_t,v,i_t\n1,2,3\n", "column 'i_t' appears twice"},
        {"init.v,v,init.v\n1,2,3\n", "column 'init.v' appears twice"},
        {"i_t,data_width,v\n1,16,3\n", "a config field is fixed for the whole trace"},
        {"init.i_t,v\n1,2\n", "'i_t' is not a state"},
        {"init.,v\n1,2\n", "no field"},
        {"i_t,v\n,2\n", ":2: field 'i_t': empty"},
        {"i_t,v\n1,2.0\n", ":2: field 'v': '2.0' is not an integer (legal: -32768..32767)"},
        {"i_t,v\n1,-0x\n", "is not an integer"},
        {"i_t,v\n1,40000\n", ":2: field 'v': value 40000 is outside the legal range -32768..32767"},
        {"i_t,v\n1,9223372036854775808\n", "value 9223372036854775808 is outside the legal range"},
        {"i_t,v\n1,-0x8000000000000001\n", "is outside the legal range"},
        {"i_t,reset_mode,v\n1,subtract,2\n1,subtrac,2\n",
         ":3: field 'reset_mode': 'subtrac' is not an integer"},
        {"i_t,init.refractory_count,v\n1,256,2\n", ":2: field 'refractory_count': value 256 is outside"},
        {"# model=loihi\ni_t,v\n1,2\n", ":1: this is a trace of model 'loihi', not of 'lif'"},
        {"# model=\ni_t,v\n1,2\n", ":1: this is a trace of model ''"},
        {"# fraction=16\ni_t,v\n1,2\n", ":1: field 'fraction': value 16 is outside the legal range 0..15"},
        {"# data_width=8\ni_t,v\n1,2\n", "default: field 'fraction': value 8"},
        {"# v_rest=one\ni_t,v\n1,2\n", ":1: field 'v_rest': 'one' is not an integer"},
        {"# i_t=1\nv\n1\n", "the header takes config, table and param fields"},
        {"# spike=1\nv\n1\n", "the header takes config, table and param fields"},
        {"# init.spike=1\nv\n1\n", "'init.spike' is not a state field"},
        {"# init.foo=1\nv\n1\n", "no field 'foo'"},
        {"# init.v=40000\nv\n1\n", ":1: field 'v': value 40000 is outside"},
        {"# v_rset=1\nv\n1\n", "no field 'v_rset' (did you mean 'v_reset'?)"},
        {"# v_rset=-0x1\nv\n1\n", "did you mean 'v_reset'?"},
        {"# mode=subtract\nv\n1\n", "no field 'mode'"},
        {"v\n# v_rest=1\n1\n", ":2: 'v_rest=' after the header row"},
        {"v\n1\n# init.v=1\n1\n", ":3: 'init.v=' after the header row"},
        {"v\n1\n# model=loihi\n", "this is a trace of model 'loihi'"},
        {"v\n0\n# end rows=2 crc32=00000000\n", ":3: truncated: the end record says 2 rows, the file has 1"},
        {"v\n0\n# end rows=1 crc32=00000000\n", ":3: damaged: the end record says crc32=00000000"},
        {"v\n0\n# end rows=1\n", ":3: bad end record"},
        {"v\n0\n# end rows=1 crc32=1234567\n", ":3: bad end record"},
        {"v\n0\n# end rows=1 crc32=123456789\n", ":3: bad end record"},
        {"v\n0\n# end rows=1 crc32=ABCDEF01\n", ":3: bad end record"},
        {"v\n0\n# end rows= crc32=12345678\n", ":3: bad end record"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++)
        refuses(cases[k].text, strlen(cases[k].text), false, cases[k].message);
    refuses("v\n0\n", 4, true, "no end record");
    refuses("v\n\0\n", 4, false, ":2: byte 0x00: this is not a text file");
    refuses("v\n0\n\x1b[m", 7, false, ":3: byte 0x1b: this is not a text file");

    gsp_trace t;
    gsp_error error;
    assert_false(gsp_trace_read(&t, in_folder("absent.csv"), &gsp_lif_model, NULL, false, &error));
    assert_non_null(strstr(error.text, "absent.csv: No such file"));
    assert_false(gsp_trace_read(&t, folder, &gsp_lif_model, NULL, false, &error));
    assert_non_null(strstr(error.text, "Is a directory"));
}

/* Params of a row that contradict each other, for a model that has such a rule. */
static void rows_obey_constraints(void **state) {
    (void)state;
    const gsp_model *m = gsp_model_find("truenorth");
    gsp_trace t;
    gsp_error error;
    assert_non_null(m);
    assert_true(m->check != NULL && gsp_field_find(m, "mask") >= 0);
    static const char text[] = "mask,v\n1,\n5,\n";
    write_text("t.csv", text, strlen(text));
    assert_false(gsp_trace_read(&t, in_folder("t.csv"), m, NULL, false, &error));
    assert_non_null(strstr(error.text, "t.csv:3: field 'mask': value 5 contradicts another field"));
    static const char header[] = "# mask=5\nv\n0\n";
    write_text("t.csv", header, strlen(header));
    assert_false(gsp_trace_read(&t, in_folder("t.csv"), m, NULL, false, &error));
    assert_non_null(strstr(error.text, "t.csv:1: field 'mask': value 5 contradicts another field"));
}

/* The end record covers every byte: any single change is found. */
static void every_changed_byte_is_found(void **state) {
    (void)state;
    char text[400];
    int n =
        snprintf(text, sizeof text, "# model=lif\n# source=x\ni_t,gain_k,v,x_\n3,256,3,a b\n\n4,256,7,\n");
    const int body = n;
    n += snprintf(text + n, sizeof text - (size_t)n, "# end rows=2 crc32=%08" PRIx32 "\n",
                  gsp_crc32(0, text, (size_t)n));
    gsp_trace t;
    gsp_error error;
    assert_true(read_as(&t, text, (size_t)n, true, &error));
    gsp_trace_free(&t);
    for (int k = 0; k < n - 1; k++) {
        /* In the record itself a blank may stand for a blank; its words and digits may not change. */
        if (k >= body && text[k] == ' ')
            continue;
        const char kept = text[k];
        text[k] = (char)(kept ^ 1);
        if (read_as(&t, text, (size_t)n, true, &error))
            fail_msg("byte %d, '%c' for '%c', was not noticed", k, text[k], kept);
        text[k] = kept;
    }
    for (int k = 0; k < n - 1; k++)
        assert_false(read_as(&t, text, (size_t)k, true, &error));
    /* Nothing may follow but blank lines. */
    snprintf(text + n, sizeof text - (size_t)n, "\n \n");
    assert_true(read_as(&t, text, strlen(text), true, &error));
    gsp_trace_free(&t);
    snprintf(text + n, sizeof text - (size_t)n, "\n5,256,12,\n");
    assert_false(read_as(&t, text, strlen(text), true, &error));
    assert_non_null(strstr(error.text, ":9: text after the end record"));
}

static void large_traces(void **state) {
    (void)state;
    enum { MANY = 200000, COLUMNS = 3000 };
    gsp_trace t;
    gsp_error error;
    FILE *file = fopen(in_folder("long.csv"), "w");
    assert_non_null(file);
    fprintf(file, "noise_in,v\n");
    for (int k = 1; k <= MANY; k++)
        fprintf(file, "%d,%d\n", k % 2 ? 1 : -1, k % 2);
    fclose(file);
    assert_true(gsp_trace_read(&t, in_folder("long.csv"), &gsp_lif_model, NULL, false, &error));
    assert_true(t.n_rows == MANY && t.n_expected == MANY && t.lines[MANY - 1] == MANY + 1);
    assert_true(gsp_trace_value(&t, MANY - 2, 0) == 1 && gsp_trace_value(&t, MANY - 1, 0) == -1);
    gsp_trace_free(&t);

    file = fopen(in_folder("wide.csv"), "w");
    assert_non_null(file);
    for (int line = 0; line < 2; line++) {
        for (int k = 0; k < COLUMNS; k++)
            fprintf(file, line ? "%d," : "x_%d,", k);
        fprintf(file, line ? "5\n" : "v\n");
    }
    fclose(file);
    assert_true(gsp_trace_read(&t, in_folder("wide.csv"), &gsp_lif_model, NULL, false, &error));
    assert_true(t.n_columns == COLUMNS + 1 && gsp_trace_value(&t, 0, COLUMNS) == 5 && t.n_expected == 1);
    gsp_trace_free(&t);
}

/* ---- the writer ---------------------------------------------------------------- */

static void begin(gsp_trace_writer *w, const char *path) {
    gsp_struct params;
    gsp_error error;
    memset(&params, 0, sizeof params);
    gsp_default_config(&gsp_lif_model, &params);
    gsp_default_params(&gsp_lif_model, &params);
    if (!gsp_trace_create(w, path, &gsp_lif_model, &params, NULL, false, false, &error))
        fail_msg("%s", error.text);
}

static long size_of(const char *name) {
    struct stat info;
    return stat(in_folder(name), &info) == 0 ? (long)info.st_size : -1;
}

/* A file appears whole or not at all, and the one before stays until then. */
static void files_appear_whole(void **state) {
    (void)state;
    gsp_trace_writer w;
    gsp_frame frame;
    gsp_error error;
    memset(&frame, 0, sizeof frame);
    write_text("out.csv", "before", 6);
    begin(&w, in_folder("out.csv"));
    gsp_trace_row(&w, &frame, NULL);
    fflush(w.file.stream);
    assert_int_equal(size_of("out.csv"), 6);
    gsp_trace_abandon(&w);
    assert_int_equal(size_of("out.csv"), 6);
    assert_int_equal(files_in_folder(), 1);

    begin(&w, in_folder("out.csv"));
    gsp_trace_row(&w, &frame, NULL);
    assert_int_equal(files_in_folder(), 2);
    assert_true(gsp_trace_close(&w, &error));
    assert_int_equal(files_in_folder(), 1);
    assert_true(size_of("out.csv") > 100);
    gsp_trace t;
    assert_true(gsp_trace_read(&t, in_folder("out.csv"), &gsp_lif_model, NULL, true, &error));
    gsp_trace_free(&t);

    /* No row at all: the file says so, and is no trace. */
    begin(&w, in_folder("out.csv"));
    assert_true(gsp_trace_close(&w, &error));
    assert_false(gsp_trace_read(&t, in_folder("out.csv"), &gsp_lif_model, NULL, true, &error));
    assert_non_null(strstr(error.text, "no rows"));

    gsp_struct params;
    memset(&params, 0, sizeof params);
    gsp_default_config(&gsp_lif_model, &params);
    assert_false(
        gsp_trace_create(&w, in_folder("no/such/file"), &gsp_lif_model, &params, NULL, false, false, &error));
    assert_non_null(strstr(error.text, "cannot write: No such file"));
    assert_false(gsp_trace_create(&w, folder, &gsp_lif_model, &params, NULL, false, false, &error));
    assert_non_null(strstr(error.text, "cannot write: Is a directory"));
}

/* A disk that fills, early or late: the file before stays, and nothing else. */
static void full_disks_leave_the_old_file(void **state) {
    (void)state;
    struct rlimit kept, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &kept), 0);
    void (*const handler)(int) = signal(SIGXFSZ, SIG_IGN);
    write_text("out.csv", "before", 6);
    for (int rows = 1; rows <= 100001; rows += 100000) {
        gsp_trace_writer w;
        gsp_frame frame;
        gsp_error error = {""};
        memset(&frame, 0, sizeof frame);
        begin(&w, in_folder("out.csv"));
        small = kept;
        small.rlim_cur = 64; /* less than the header of a trace */
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
        for (int row = 0; row < rows; row++)
            gsp_trace_row(&w, &frame, NULL);
        const bool closed = gsp_trace_close(&w, &error);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &kept), 0);
        assert_false(closed);
        assert_non_null(strstr(error.text, "out.csv: cannot write: File too large"));
        assert_int_equal(size_of("out.csv"), 6);
        assert_int_equal(files_in_folder(), 1);
    }
    /* What was lost stays lost, even if there is room again by the end. */
    gsp_file file;
    gsp_error error;
    static char block[100000];
    memset(block, 'x', sizeof block);
    assert_true(gsp_file_create(&file, in_folder("out.csv"), &error));
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    (void)fwrite(block, 1, sizeof block, file.stream);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &kept), 0);
    assert_false(gsp_file_close(&file, &error));
    assert_int_equal(size_of("out.csv"), 6);
    assert_int_equal(files_in_folder(), 1);
    (void)signal(SIGXFSZ, handler);
}

/*
 * A device is written as it stands; what it does not take is an error. Each is named by a link:
 * a writer that replaces what it is given would, run by root, take the device from the whole machine.
 */
static void devices_stay_devices(void **state) {
    (void)state;
    static const char *const devices[] = {"/dev/null", "/dev/full"};
    for (int k = 0; k < 2; k++) {
        gsp_trace_writer w;
        gsp_frame frame;
        gsp_error error = {""};
        struct stat info;
        memset(&frame, 0, sizeof frame);
        assert_int_equal(symlink(devices[k], in_folder("link")), 0);
        begin(&w, in_folder("link"));
        for (int row = 0; row < 5000; row++)
            gsp_trace_row(&w, &frame, NULL);
        assert_int_equal(gsp_trace_close(&w, &error), k == 0);
        assert_true(k == 0 ? !*error.text : strstr(error.text, "link: cannot write: No space left") != NULL);
        assert_int_equal(lstat(in_folder("link"), &info), 0);
        assert_true(S_ISLNK(info.st_mode));
        assert_int_equal(remove(in_folder("link")), 0);
    }
}

/* ---- tables ------------------------------------------------------------------ */

typedef struct curve_params {
    uint8_t points; /* config */
    const uint64_t *curve;
} curve_params;
typedef struct curve_in {
    uint8_t x;
} curve_in;
typedef struct curve_state {
    uint16_t y;
} curve_state;
typedef struct curve_out {
    uint8_t spike;
} curve_out;

static const gsp_field curve_fields[] = {
    GSP_FIELD(GSP_CONFIG, curve_params, points, .width = 3, .min = 2, .max = 4, .initial = 4),
    GSP_FIELD(GSP_TABLE, curve_params, curve, .width = 12, .meaning = "y of x"),
    GSP_FIELD(GSP_INPUT, curve_in, x, .width = 2),
    GSP_FIELD(GSP_STATE, curve_state, y, .width = 12),
    GSP_FIELD(GSP_OUTPUT, curve_out, spike, .width = 1),
};

static void curve_resolve(const void *params, gsp_field *fields) {
    fields[1].words = ((const curve_params *)params)->points;
    fields[2].max = fields[1].words - 1;
}

static const uint64_t *curve_table(const void *params, int index) {
    static const uint64_t image[4] = {1, 2, 3, 4};
    assert_int_equal(index, 1);
    return ((const curve_params *)params)->points == 4 ? image : NULL;
}

static void curve_reset(void *state, const void *params) {
    (void)params;
    ((curve_state *)state)->y = 0;
}

static void curve_step(const void *params, const void *in, void *state, void *out) {
    const curve_params *p = (const curve_params *)params;
    ((curve_state *)state)->y = (uint16_t)p->curve[((const curve_in *)in)->x];
    ((curve_out *)out)->spike = 0;
}

static const gsp_model curve = {.name = "curve",
                                .fields = curve_fields,
                                .n_fields = 5,
                                .params_size = sizeof(curve_params),
                                .in_size = sizeof(curve_in),
                                .state_size = sizeof(curve_state),
                                .out_size = sizeof(curve_out),
                                .resolve = curve_resolve,
                                .table = curve_table,
                                .reset = curve_reset,
                                .step = curve_step};

/* Applies "points=N" and an image file to the model; the message is empty when it took them. */
static void apply_curve(const char *points, const char *image, gsp_settings *settings, gsp_struct *params,
                        gsp_error *error) {
    memset(settings, 0, sizeof *settings);
    memset(params, 0, sizeof *params);
    assert_true(gsp_settings_add(settings, "points", points, "--set", true));
    if (image)
        assert_true(gsp_settings_add(settings, "curve", image, "--set", true));
    *error->text = '\0';
    const bool ok = gsp_settings_apply(settings, &curve, params, NULL, error);
    assert_int_equal(ok, *error->text == '\0');
}

static void tables_have_images(void **state) {
    (void)state;
    gsp_settings settings;
    gsp_struct params;
    gsp_error error;
    gsp_field fields[GSP_MAX_FIELDS];

    /* The default, and a configuration that has none. */
    apply_curve("4", NULL, &settings, &params, &error);
    assert_string_equal(error.text, "");
    assert_int_equal(gsp_table_get(&curve_fields[1], &params)[3], 4);
    gsp_settings_free(&settings);
    apply_curve("3", NULL, &settings, &params, &error);
    assert_string_equal(error.text, "field 'curve': no image is shipped for this configuration; give "
                                    "curve=FILE, 3 words of 12 bits");
    gsp_settings_free(&settings);

    /* There and back. */
    static const uint64_t words[3] = {0, 0xfff, 0x12};
    curve_params p = {3, words};
    char path[500];
    snprintf(path, sizeof path, "%s", in_folder("curve.hex"));
    gsp_resolve(&curve, &p, fields);
    assert_true(gsp_table_write(path, &curve, &fields[1], words, &error));
    apply_curve("3", path, &settings, &params, &error);
    assert_string_equal(error.text, "");
    assert_memory_equal(gsp_table_get(&curve_fields[1], &params), words, sizeof words);
    assert_string_equal(gsp_settings_table(&settings, "curve"), path);
    gsp_settings_free(&settings);

    /* From the header of a trace, the path seen from the trace. */
    static const char text[] = "# model=curve\n# points=3\n# curve=curve.hex\nx,y\n1,4095\n2,18\n0,1\n";
    write_text("t.csv", text, sizeof text - 1);
    gsp_trace trace;
    gsp_frame frame;
    size_t compared = 0;
    memset(&frame, 0, sizeof frame);
    assert_true(gsp_trace_read(&trace, in_folder("t.csv"), &curve, NULL, false, &error));
    for (size_t row = 0; row < 3; row++) {
        gsp_trace_load(&trace, row, &frame);
        curve_step(&frame.params, &frame.in, &frame.state, &frame.out);
        /* The last row is wrong. */
        assert_int_equal(gsp_trace_compare(&trace, row, 0, &frame, &compared), row == 2 ? 1 : -1);
    }
    assert_int_equal(compared, 3);
    gsp_trace_free(&trace);
}

static void images_are_refused(void **state) {
    (void)state;
    static const struct {
        const char *text, *why;
    } bad[] = {
        {"1\n2\n", "2 words; this configuration needs 3"},
        {"1 2 3 4", "4 words; this configuration needs 3"},
        {"", "0 words; this configuration needs 3"},
        {"1 // 2\n3", "2 words; this configuration needs 3"},
        {"1\n// a remark\n1000 2\n",
         ":3: field 'curve': word 1: value 1000 is outside the legal range 0..fff"},
        {"1 2 fffffffffffffffffff", "word 2: value fffffffffffffffffff is outside the legal range 0..fff"},
        {"1\n@2 3\n", ":2: field 'curve': '@2' is no hexadecimal word"},
        {"1 2 x", "'x' is no hexadecimal word"},
        {"1 2 -3", "'-3' is no hexadecimal word"},
        {"1 2 3\001", "this is not a text file"},
    };
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
        gsp_settings settings;
        gsp_struct params;
        gsp_error error;
        char path[500];
        snprintf(path, sizeof path, "%s", in_folder("bad.hex"));
        write_text("bad.hex", bad[k].text, strlen(bad[k].text));
        apply_curve("3", path, &settings, &params, &error);
        if (!strstr(error.text, bad[k].why) || !strstr(error.text, "bad.hex"))
            fail_msg("'%s': '%s' lacks '%s'", bad[k].text, error.text, bad[k].why);
        gsp_settings_free(&settings);
    }
    gsp_settings settings;
    gsp_struct params;
    gsp_error error;
    apply_curve("3", in_folder("none.hex"), &settings, &params, &error);
    assert_non_null(strstr(error.text, "none.hex: No such file"));
    gsp_settings_free(&settings);
}

int main(void) {
#define CLEAN(test) cmocka_unit_test_teardown(test, empty_folder)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc32_is_zlibs),
        cmocka_unit_test(settings_apply_in_order),
        cmocka_unit_test(settings_are_refused),
        cmocka_unit_test(presets_apply),
        cmocka_unit_test(suggestions),
        CLEAN(tables_have_images),
        CLEAN(images_are_refused),
        CLEAN(every_model_there_and_back),
        CLEAN(wide_and_narrow_there_and_back),
        CLEAN(layout_is_free),
        CLEAN(rows_load_what_they_say),
        CLEAN(the_header_wins),
        CLEAN(what_is_no_trace),
        CLEAN(rows_obey_constraints),
        CLEAN(every_changed_byte_is_found),
        CLEAN(large_traces),
        CLEAN(files_appear_whole),
        CLEAN(full_disks_leave_the_old_file),
        CLEAN(devices_stay_devices),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
