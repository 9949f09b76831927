/* SPDX-License-Identifier: Apache-2.0 */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "goldenspike/report.h"

typedef struct tally {
    size_t steps, compared, wrong_steps, events;
    int first_column; /* -1: everything agrees */
    size_t first_row;
} tally;

/* The first mismatch, with everything needed to repeat it. */
static void report(const gsp_trace *t, const tally *n) {
    const gsp_field *f = &t->fields[t->columns[n->first_column].field];
    gsp_frame frame;
    gsp_struct before;
    gsp_seen seen[GSP_MAX_FIELDS];
    memset(&frame, 0, sizeof frame);
    memset(seen, 0, sizeof seen);
    for (size_t row = 0; row <= n->first_row; row++) {
        gsp_trace_load(t, row, &frame);
        before = frame.state;
        t->model->explain(&frame.params, &frame.in, &frame.state, &frame.out, &frame.internal);
    }
    for (size_t c = 0; c < t->n_columns; c++) {
        const int i = t->columns[c].field;
        if (i < 0 || t->columns[c].is_init || !t->present[n->first_row * t->n_columns + c])
            continue;
        seen[i].present = t->fields[i].kind >= GSP_STATE;
        seen[i].value = gsp_trace_value(t, n->first_row, (int)c);
    }
    printf("MISMATCH %s %s:%u: field '%s': the trace has %" PRId64 ", the model %" PRId64 "\n\n",
           t->model->name, t->path, t->lines[n->first_row], f->name,
           gsp_trace_value(t, n->first_row, n->first_column), gsp_frame_get(&frame, f));
    (void)gsp_report_comparison(stdout, t->model, t->fields, &frame, seen, "trace");
    printf("\n");
    gsp_report_fields(stdout, t->model, t->fields, GSP_STATE, &before, "state before:");
    gsp_report_fields(stdout, t->model, t->fields, GSP_INPUT, &frame.in, "inputs:");
    gsp_report_fields(stdout, t->model, t->fields, GSP_INTERNAL, &frame.internal, "golden intermediates:");
    gsp_report_fields(stdout, t->model, t->fields, GSP_PARAM, &frame.params, "parameters:");
    gsp_report_fields(stdout, t->model, t->fields, GSP_CONFIG, &frame.params, "configuration:");
    printf("\nreproduce the step:\n  ");
    gsp_report_reproducer(stdout, t->model, t->fields, &frame, &before, seen, &t->settings);
    printf("\n");
}

static tally replay(const gsp_trace *t) {
    tally n = {0, 0, 0, 0, -1, 0};
    gsp_frame frame;
    const gsp_field *event = NULL;
    for (int i = 0; i < t->model->n_fields && !event; i++)
        if (t->fields[i].kind == GSP_OUTPUT)
            event = &t->fields[i];
    memset(&frame, 0, sizeof frame);
    for (size_t row = 0; row < t->n_rows; row++) {
        gsp_trace_load(t, row, &frame);
        t->model->explain(&frame.params, &frame.in, &frame.state, &frame.out, &frame.internal);
        n.steps++;
        n.events += event && gsp_frame_get(&frame, event) != 0;
        int column = gsp_trace_compare(t, row, 0, &frame, &n.compared);
        if (column >= 0) {
            if (n.first_column < 0) {
                n.first_column = column;
                n.first_row = row;
            }
            n.wrong_steps++;
        }
        for (; column >= 0; column = gsp_trace_compare(t, row, column + 1, &frame, &n.compared)) {
        }
    }
    return n;
}

static void print_json(const gsp_trace *t, const tally *n) {
    cJSON *root = cJSON_CreateObject();
    cJSON_AddStringToObject(root, "verdict", n->wrong_steps ? "MISMATCH" : "PASS");
    cJSON_AddStringToObject(root, "model", t->model->name);
    cJSON_AddStringToObject(root, "file", t->path);
    cJSON_AddNumberToObject(root, "steps", (double)n->steps);
    cJSON_AddNumberToObject(root, "values", (double)n->compared);
    cJSON_AddNumberToObject(root, "events", (double)n->events);
    cJSON_AddNumberToObject(root, "wrong_steps", (double)n->wrong_steps);
    if (n->wrong_steps) {
        cJSON_AddNumberToObject(root, "line", t->lines[n->first_row]);
        cJSON_AddStringToObject(root, "field", t->fields[t->columns[n->first_column].field].name);
    }
    char *text = cJSON_PrintUnformatted(root);
    printf("%s\n", text);
    free(text);
    cJSON_Delete(root);
}

static int check_file(const gsp_verb *verb, const cli_common *common, const char *path, bool strict) {
    gsp_trace trace;
    gsp_error error;
    if (!gsp_trace_read(&trace, path, common->model, &common->settings, strict, &error))
        return cli_error(verb, "%s", error.text);
    int code = EXIT_PASS;
    if (trace.n_expected == 0) {
        code = cli_error(
            verb, "%s: nothing to compare: no state, output, flag or internal column has a value", path);
    } else {
        const tally n = replay(&trace);
        code = n.wrong_steps ? EXIT_MISMATCH : EXIT_PASS;
        if (common->json)
            print_json(&trace, &n);
        else if (n.wrong_steps)
            report(&trace, &n);
        if (!common->json)
            printf("%s %s %s: %zu steps, %zu values compared, %zu spikes%s",
                   n.wrong_steps ? "MISMATCH" : "PASS", common->model->name, path, n.steps, n.compared,
                   n.events, n.wrong_steps ? "" : "\n");
        if (!common->json && n.wrong_steps)
            printf(", %zu steps differ\n", n.wrong_steps);
    }
    gsp_trace_free(&trace);
    return code;
}

static int check(const gsp_verb *verb, int argc, char **argv) {
    enum { OPT_STRICT = OPT_FIRST };
    static const struct option options[] = {
        CLI_COMMON_OPTIONS, {"strict", no_argument, NULL, OPT_STRICT}, {NULL, 0, NULL, 0}};
    cli_common common;
    bool done, strict = false;
    int code = cli_model(verb, &argc, &argv, &common, &done);
    for (int option;
         code == 0 && !done && (option = getopt_long(argc, argv, CLI_COMMON_SHORT, options, NULL)) != -1;) {
        code = cli_common_option(verb, option, &common, &done);
        if (code >= 0)
            continue;
        code = option == OPT_STRICT ? EXIT_PASS : cli_bad_option(verb, argv);
        strict = true;
    }
    if (code == 0 && !done && optind >= argc)
        code = cli_error(verb, "name a trace file");
    /* Every file is judged; the worst verdict is the exit code. */
    const bool go = code == EXIT_PASS && !done;
    for (int i = optind; go && i < argc; i++) {
        const int one = check_file(verb, &common, argv[i], strict);
        code = one > code ? one : code;
    }
    cli_common_free(&common);
    return code;
}

const gsp_verb gsp_verb_check = {
    .name = "check",
    .summary = "replay a trace file through the golden model and compare every value in it",
    .usage = "usage: gsp check MODEL [--preset NAME] [--set NAME=VALUE] [--strict] [--json] FILE...\n\n"
             "  --preset NAME     a preset of the model; the file's header comes after it and wins\n"
             "  --set NAME=VALUE  likewise for one config or param field\n"
             "  --strict          demand the end record (# end rows=N crc32=...)\n"
             "  --json            one line of JSON per file\n\n"
             "The format is described in docs/formats.md. Exit codes: 0 all equal, 1 a value differs,\n"
             "2 the file cannot be read as a trace of the model, or holds nothing to compare.\n",
    .run = check,
};
