/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static void complain(const gsp_verb *verb, const char *format, va_list arguments) {
    fprintf(stderr, "gsp %s: ", verb->name);
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
}

int cli_error(const gsp_verb *verb, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    complain(verb, format, arguments);
    va_end(arguments);
    return EXIT_USAGE;
}

int cli_environment(const gsp_verb *verb, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    complain(verb, format, arguments);
    va_end(arguments);
    return EXIT_ENVIRONMENT;
}

int cli_help(const gsp_verb *verb) {
    printf("gsp %s: %s\n\n%s", verb->name, verb->summary, verb->usage);
    return EXIT_PASS;
}

int cli_model(const gsp_verb *verb, int *argc, char ***argv, cli_common *common, bool *done) {
    memset(common, 0, sizeof *common);
    *done = false;
    opterr = 0;
    for (int i = 1; i < *argc; i++)
        if (strcmp((*argv)[i], "--help") == 0 || strcmp((*argv)[i], "-h") == 0) {
            *done = true;
            return cli_help(verb);
        }
    if (*argc < 2 || (*argv)[1][0] == '-')
        return cli_error(verb, "name a model first: gsp %s MODEL ...; `gsp list` shows them", verb->name);
    common->model = gsp_model_find((*argv)[1]);
    if (!common->model) {
        char known[600] = "";
        for (const gsp_model *const *m = gsp_models; *m; m++)
            snprintf(known + strlen(known), sizeof known - strlen(known), " %s", (*m)->name);
        return cli_error(verb, "no model '%s'; there are:%s", (*argv)[1], known);
    }
    ++*argv;
    --*argc;
    return EXIT_PASS;
}

int cli_common_option(const gsp_verb *verb, int option, cli_common *common, bool *done) {
    gsp_error error;
    switch (option) {
    case OPT_SET:
        if (!gsp_settings_add_text(&common->settings, optarg, "--set", true, &error))
            return cli_error(verb, "%s", error.text);
        const gsp_setting *last = &common->settings.list[common->settings.n - 1];
        const int i = gsp_field_find(common->model, last->name);
        if (i < 0) {
            gsp_unknown_field(common->model, last->name, "--set", &error);
            return cli_error(verb, "%s", error.text);
        }
        if (common->model->fields[i].kind > GSP_PARAM)
            return cli_error(verb,
                             "--set: '%s' is a field of kind %s; --set takes config, table and param fields",
                             last->name, gsp_kind_name(common->model->fields[i].kind));
        return EXIT_PASS;
    case OPT_PRESET:
        return gsp_settings_add_preset(&common->settings, common->model, optarg, &error)
                   ? EXIT_PASS
                   : cli_error(verb, "%s", error.text);
    case OPT_JSON: common->json = true; return EXIT_PASS;
    case OPT_HELP: *done = true; return cli_help(verb);
    default: return -1;
    }
}

int cli_bad_option(const gsp_verb *verb, char **argv) {
    const char *word = argv[optind - 1];
    if (optopt && optopt < OPT_FIRST && word[0] == '-' && word[1] != '-')
        return cli_error(verb, "option -%c is unknown or lacks its value; `gsp %s --help`", optopt,
                         verb->name);
    return cli_error(verb, "option %s is unknown or lacks its value; `gsp %s --help`", word, verb->name);
}

void cli_common_free(cli_common *common) {
    gsp_settings_free(&common->settings);
}

bool cli_number(const gsp_verb *verb, const char *option, const char *text, uint64_t min, uint64_t max,
                uint64_t *value) {
    char *end;
    errno = 0;
    /* As field values are read: decimal or 0x, never octal. */
    *value = strtoull(text, &end, strncmp(text, "0x", 2) == 0 ? 16 : 10);
    if (*text >= '0' && *text <= '9' && *end == '\0' && errno == 0 && *value >= min && *value <= max)
        return true;
    cli_error(verb, "%s: '%s' is not a number in %" PRIu64 "..%" PRIu64, option, text, min, max);
    return false;
}
