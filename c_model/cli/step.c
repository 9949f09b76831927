/* SPDX-License-Identifier: Apache-2.0 */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "goldenspike/report.h"

/* Sets the input, state and dut.<field> values given on the command line. */
static bool apply_values(const gsp_settings *values, const gsp_model *model, const gsp_field *fields,
                         gsp_frame *frame, gsp_seen seen[GSP_MAX_FIELDS], gsp_error *error) {
    for (size_t k = 0; k < values->n; k++) {
        const gsp_setting *s = &values->list[k];
        const bool dut = strncmp(s->name, "dut.", 4) == 0;
        const int i = gsp_field_find(model, dut ? s->name + 4 : s->name);
        if (i < 0)
            return gsp_unknown_field(model, dut ? s->name + 4 : s->name, "argument", error);
        const gsp_field *f = &fields[i];
        int64_t value;
        if (dut) {
            if (f->kind < GSP_STATE)
                return gsp_fail(error, "dut.%s: a field of kind %s is given to the device, not shown by it",
                                f->name, gsp_kind_name(f->kind));
            seen[i].present = true;
            seen[i].unknown = strcmp(s->value, "x") == 0;
            /* What a device shows may be outside the legal range: that is what is to be seen. */
            if (!seen[i].unknown && !gsp_parse_value(f, s->value, &seen[i].value))
                return gsp_fail(error, "dut.%s: '%s' is not an integer", f->name, s->value);
            continue;
        }
        if (f->kind <= GSP_PARAM)
            continue;
        if (f->kind != GSP_INPUT && f->kind != GSP_STATE)
            return gsp_fail(error,
                            "'%s' is a field of kind %s: it is computed; to compare it give dut.%s=VALUE",
                            f->name, gsp_kind_name(f->kind), f->name);
        if (!gsp_value(f, s->value, "argument", &value, error))
            return false;
        gsp_frame_set(frame, f, value);
    }
    return true;
}

static void add_values(cJSON *object, const gsp_model *model, const gsp_frame *frame, gsp_kind kind) {
    for (int i = 0; i < model->n_fields; i++) {
        char number[24];
        if (model->fields[i].kind != kind)
            continue;
        snprintf(number, sizeof number, "%" PRId64, gsp_frame_get(frame, &model->fields[i]));
        cJSON_AddRawToObject(object, model->fields[i].name, number);
    }
}

static void print_json(const gsp_model *model, const gsp_frame *frame, bool compared, int wrong) {
    static const gsp_kind kinds[] = {GSP_STATE, GSP_OUTPUT, GSP_FLAG, GSP_INTERNAL};
    cJSON *root = cJSON_CreateObject();
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        add_values(cJSON_AddObjectToObject(root, gsp_kind_name(kinds[k])), model, frame, kinds[k]);
    if (compared)
        cJSON_AddStringToObject(root, "verdict", wrong ? "MISMATCH" : "PASS");
    char *text = cJSON_PrintUnformatted(root);
    printf("%s\n", text);
    free(text);
    cJSON_Delete(root);
}

/* One step of a frame that holds its params. */
static int explain_step(const gsp_verb *verb, const cli_common *common, const gsp_settings *values,
                        const gsp_frame *at) {
    const gsp_model *model = common->model;
    gsp_field fields[GSP_MAX_FIELDS];
    gsp_seen seen[GSP_MAX_FIELDS];
    gsp_frame frame = *at;
    gsp_error error;
    memset(seen, 0, sizeof seen);
    gsp_resolve(model, &frame.params, fields);
    gsp_default_inputs(model, &frame.params, &frame.in);
    model->reset(&frame.state, &frame.params);
    if (!apply_values(values, model, fields, &frame, seen, &error))
        return cli_error(verb, "%s", error.text);

    const gsp_struct before = frame.state;
    model->explain(&frame.params, &frame.in, &frame.state, &frame.out, &frame.internal);
    bool compared = false;
    int wrong = 0;
    for (int i = 0; i < model->n_fields; i++) {
        compared = compared || seen[i].present;
        wrong += seen[i].present && (seen[i].unknown || seen[i].value != gsp_frame_get(&frame, &fields[i]));
    }
    if (common->json) {
        print_json(model, &frame, compared, wrong);
        return wrong ? EXIT_MISMATCH : EXIT_PASS;
    }
    gsp_report_fields(stdout, model, fields, GSP_CONFIG, &frame.params, "configuration:");
    gsp_report_fields(stdout, model, fields, GSP_PARAM, &frame.params, "parameters:");
    gsp_report_fields(stdout, model, fields, GSP_STATE, &before, "state before:");
    gsp_report_fields(stdout, model, fields, GSP_INPUT, &frame.in, "inputs:");
    printf("one step:\n");
    for (const char *const *line = model->equations; line && *line; line++)
        printf("  %s\n", *line);
    gsp_report_fields(stdout, model, fields, GSP_INTERNAL, &frame.internal, "intermediates:");
    gsp_report_fields(stdout, model, fields, GSP_STATE, &frame.state, "state after:");
    gsp_report_fields(stdout, model, fields, GSP_OUTPUT, &frame.out, "outputs:");
    gsp_report_fields(stdout, model, fields, GSP_FLAG, &frame.out, "flags:");
    if (compared) {
        printf("\ncomparison with the device:\n");
        (void)gsp_report_comparison(stdout, model, fields, &frame, seen, "DUT");
        printf("%s: %d field%s differ%s\n", wrong ? "MISMATCH" : "PASS", wrong, wrong == 1 ? "" : "s",
               wrong == 1 ? "s" : "");
    }
    return wrong ? EXIT_MISMATCH : EXIT_PASS;
}

static int explain(const gsp_verb *verb, const cli_common *common, const gsp_settings *values) {
    const gsp_model *model = common->model;
    gsp_frame frame;
    gsp_error error;
    memset(&frame, 0, sizeof frame);
    gsp_settings all = {NULL, 0, 0, NULL, 0};
    bool ok = true;
    for (size_t k = 0; ok && k < common->settings.n + values->n; k++) {
        const gsp_setting *s =
            k < common->settings.n ? &common->settings.list[k] : &values->list[k - common->settings.n];
        ok = gsp_settings_add(&all, s->name, s->value, s->where, true);
    }
    ok = ok && gsp_settings_apply(&all, model, &frame.params, NULL, &error);
    const int code = ok ? explain_step(verb, common, values, &frame) : cli_error(verb, "%s", error.text);
    gsp_settings_free(&all);
    return code;
}
static int step(const gsp_verb *verb, int argc, char **argv) {
    static const struct option options[] = {CLI_COMMON_OPTIONS, {NULL, 0, NULL, 0}};
    cli_common common;
    gsp_settings values = {NULL, 0, 0, NULL, 0};
    gsp_error error;
    bool done;
    int code = cli_model(verb, &argc, &argv, &common, &done);
    for (int option;
         code == 0 && !done && (option = getopt_long(argc, argv, CLI_COMMON_SHORT, options, NULL)) != -1;) {
        code = cli_common_option(verb, option, &common, &done);
        if (code < 0)
            code = cli_bad_option(verb, argv);
    }
    for (int i = optind; code == 0 && !done && i < argc; i++)
        if (!gsp_settings_add_text(&values, argv[i], "argument", true, &error))
            code = cli_error(verb, "%s", error.text);
    if (code == 0 && !done)
        code = explain(verb, &common, &values);
    gsp_settings_free(&values);
    cli_common_free(&common);
    return code;
}

const gsp_verb gsp_verb_step = {
    .name = "step",
    .summary = "one step, explained with its intermediates",
    .usage = "usage: gsp step MODEL [--preset NAME] [--json] [FIELD=VALUE...] [dut.FIELD=VALUE...]\n\n"
             "Any config, param, input or state field may be given; the rest has its default, and the\n"
             "state its reset value. With dut.FIELD=VALUE, what a device showed after the step is\n"
             "compared with the model (x stands for an unknown value); exit code 1 when it differs.\n\n"
             "example: gsp step lif i_t=100 gain_k=256 leak_k=20 v=192\n",
    .run = step,
};
