/* SPDX-License-Identifier: Apache-2.0 */
#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "goldenspike/cases.h"

static void range(const gsp_field *f, char *text, size_t size) {
    if (f->kind == GSP_TABLE)
        snprintf(text, size, "%u words", f->words);
    else if (f->kind == GSP_INTERNAL)
        snprintf(text, size, " ");
    else if (f->width == 64 && f->min == INT64_MIN && !f->is_signed)
        snprintf(text, size, "0..%" PRIu64, UINT64_MAX);
    else
        snprintf(text, size, "%" PRId64 "..%" PRId64, f->min, f->max);
}

static void initial(const gsp_field *f, char *text, size_t size) {
    if (f->initial_of)
        snprintf(text, size, "%s", f->initial_of);
    else if (f->kind <= GSP_STATE && f->kind != GSP_TABLE)
        snprintf(text, size, "%" PRId64, f->initial);
    else
        snprintf(text, size, " ");
}

static void describe_table(const gsp_model *model, const gsp_field *fields, bool markdown) {
    const char *const row =
        markdown ? "| %s | `%s` | %s%u | %s | %s | %s%s%s%s |\n" : "%-9s %-20s %s%-3u %-26s %-12s %s%s%s%s\n";
    if (markdown)
        printf("| kind | name | width | range | default | meaning |\n|---|---|---|---|---|---|\n");
    else
        printf("%-9s %-20s %-4s %-26s %-12s %s\n", "kind", "name", "bits", "range", "default", "meaning");
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &fields[i];
        char range_text[64], initial_text[64];
        range(f, range_text, sizeof range_text);
        initial(f, initial_text, sizeof initial_text);
        printf(row, gsp_kind_name(f->kind), f->name, f->is_signed ? "s" : "u", f->width, range_text,
               initial_text, f->meaning ? f->meaning : "", f->labels ? " (" : "", f->labels ? f->labels : "",
               f->labels ? ")" : "");
    }
}

static void describe_quantities(const gsp_encoder *encoder) {
    printf("\nreal quantities of `gsp encode`: %s\n", encoder->note);
    printf("  %-16s %-6s %-28s %-12s %s\n", "name", "unit", "range", "default", "meaning");
    for (int i = 0; i < encoder->n_quantities; i++) {
        const gsp_quantity *q = &encoder->quantities[i];
        char range_text[64], initial_text[64];
        snprintf(range_text, sizeof range_text, "%.12g..%.12g", q->min, q->max);
        gsp_quantity_text(q, q->initial, initial_text, sizeof initial_text);
        printf("  %-16s %-6s %-28s %-12s %s\n", q->name, q->unit, q->labels ? q->labels : range_text,
               initial_text, q->meaning);
    }
}

static void describe_text(const gsp_model *model, const gsp_field *fields) {
    printf("%s: %s\nsource: %s\n\n", model->name, model->title, model->source);
    describe_table(model, fields, false);
    printf("\none step:\n");
    for (const char *const *line = model->equations; line && *line; line++)
        printf("  %s\n", *line);
    for (const gsp_preset *p = model->presets; p && p->name; p++)
        printf("%spreset %-14s %s%s%s\n", p == model->presets ? "\n" : "", p->name, p->settings,
               *p->settings ? ": " : "", p->meaning);
    if (model->encoder)
        describe_quantities(model->encoder);
    const gsp_cases *cases = gsp_cases_of(model);
    printf("\n%u coverage bins; `gsp describe %s --bins` lists them\n", cases->n_bins, model->name);
}

static void describe_json(const gsp_model *model, const gsp_field *fields) {
    cJSON *root = cJSON_CreateObject();
    cJSON_AddStringToObject(root, "name", model->name);
    cJSON_AddStringToObject(root, "title", model->title);
    cJSON_AddStringToObject(root, "source", model->source);
    cJSON *list = cJSON_AddArrayToObject(root, "fields");
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &fields[i];
        cJSON *item = cJSON_CreateObject();
        char number[24];
        cJSON_AddStringToObject(item, "kind", gsp_kind_name(f->kind));
        cJSON_AddStringToObject(item, "name", f->name);
        cJSON_AddNumberToObject(item, "width", f->width);
        cJSON_AddBoolToObject(item, "signed", f->is_signed);
        /* As raw text: a double would lose the low bits of a 64-bit bound. */
        snprintf(number, sizeof number, "%" PRId64, f->min);
        cJSON_AddRawToObject(item, "min", number);
        snprintf(number, sizeof number, "%" PRId64, f->max);
        cJSON_AddRawToObject(item, "max", number);
        if (f->kind == GSP_TABLE)
            cJSON_AddNumberToObject(item, "words", f->words);
        else if (f->kind <= GSP_STATE) {
            snprintf(number, sizeof number, "%" PRId64, f->initial);
            if (f->initial_of)
                cJSON_AddStringToObject(item, "default", f->initial_of);
            else
                cJSON_AddRawToObject(item, "default", number);
        }
        if (f->labels)
            cJSON_AddStringToObject(item, "labels", f->labels);
        cJSON_AddStringToObject(item, "meaning", f->meaning ? f->meaning : "");
        cJSON_AddItemToArray(list, item);
    }
    list = cJSON_AddArrayToObject(root, "step");
    for (const char *const *line = model->equations; line && *line; line++)
        cJSON_AddItemToArray(list, cJSON_CreateString(*line));
    list = cJSON_AddArrayToObject(root, "presets");
    for (const gsp_preset *p = model->presets; p && p->name; p++) {
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "name", p->name);
        cJSON_AddStringToObject(item, "settings", p->settings);
        cJSON_AddStringToObject(item, "meaning", p->meaning);
        cJSON_AddItemToArray(list, item);
    }
    list = cJSON_AddArrayToObject(root, "quantities");
    for (int i = 0; model->encoder && i < model->encoder->n_quantities; i++) {
        const gsp_quantity *q = &model->encoder->quantities[i];
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "name", q->name);
        cJSON_AddStringToObject(item, "unit", q->unit);
        if (q->key)
            cJSON_AddStringToObject(item, "key", q->key);
        cJSON_AddNumberToObject(item, "min", q->min);
        cJSON_AddNumberToObject(item, "max", q->max);
        cJSON_AddNumberToObject(item, "default", q->initial);
        if (q->labels)
            cJSON_AddStringToObject(item, "labels", q->labels);
        cJSON_AddStringToObject(item, "meaning", q->meaning);
        cJSON_AddItemToArray(list, item);
    }
    list = cJSON_AddArrayToObject(root, "bins");
    const gsp_cases *cases = gsp_cases_of(model);
    for (unsigned b = 0; b < cases->n_bins; b++) {
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "name", cases->bins[b].name);
        cJSON_AddStringToObject(item, "meaning", cases->bins[b].meaning);
        cJSON_AddItemToArray(list, item);
    }
    char *text = cJSON_Print(root);
    printf("%s\n", text);
    free(text);
    cJSON_Delete(root);
}

static int describe(const gsp_verb *verb, int argc, char **argv) {
    enum { OPT_MARKDOWN = OPT_FIRST, OPT_BINS };
    static const struct option options[] = {CLI_COMMON_OPTIONS,
                                            {"markdown", no_argument, NULL, OPT_MARKDOWN},
                                            {"bins", no_argument, NULL, OPT_BINS},
                                            {NULL, 0, NULL, 0}};
    cli_common common;
    bool done, markdown = false, bins = false;
    int code = cli_model(verb, &argc, &argv, &common, &done);
    for (int option;
         code == 0 && !done && (option = getopt_long(argc, argv, CLI_COMMON_SHORT, options, NULL)) != -1;) {
        code = cli_common_option(verb, option, &common, &done);
        if (code >= 0)
            continue;
        code = EXIT_PASS;
        if (option == OPT_MARKDOWN)
            markdown = true;
        else if (option == OPT_BINS)
            bins = true;
        else
            code = cli_bad_option(verb, argv);
    }
    if (code == 0 && !done && optind < argc)
        code = cli_error(verb, "unexpected argument '%s'", argv[optind]);
    gsp_struct params;
    gsp_error error;
    if (code == 0 && !done && !gsp_settings_apply(&common.settings, common.model, &params, NULL, &error))
        code = cli_error(verb, "%s", error.text);
    if (code == 0 && !done) {
        gsp_field fields[GSP_MAX_FIELDS];
        const gsp_cases *cases = gsp_cases_of(common.model);
        gsp_resolve(common.model, &params, fields);
        if (common.json)
            describe_json(common.model, fields);
        else if (markdown)
            describe_table(common.model, fields, true);
        else if (bins)
            for (unsigned b = 0; b < cases->n_bins; b++)
                printf("%-34s %s\n", cases->bins[b].name, cases->bins[b].meaning);
        else
            describe_text(common.model, fields);
    }
    cli_common_free(&common);
    return code;
}

const gsp_verb gsp_verb_describe = {
    .name = "describe",
    .summary = "the fields, the step and the presets of a model",
    .usage = "usage: gsp describe MODEL [--set CONFIG=VALUE] [--json | --markdown | --bins]\n\n"
             "  --set NAME=VALUE  the table under this configuration (data_width=24 ...)\n"
             "  --json            for programs\n"
             "  --markdown        the field table for a documentation page\n"
             "  --bins            the coverage bins of generated stimulus\n",
    .run = describe,
};
