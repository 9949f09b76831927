/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700 /* realpath */
#include "goldenspike/encode.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"

typedef struct encode_options {
    const char *out, *tables;
    uint64_t steps;
    bool args;
} encode_options;

/* ---- what the verbs with real quantities share ---------------------------- */

bool cli_quantity(const gsp_verb *verb, const gsp_model *model, const char *where, const char *name,
                  const char *text, double *value) {
    const gsp_encoder *encoder = model->encoder;
    char why[240];
    if (!encoder) {
        cli_error(verb, "%s: model %s has no real quantities", where, model->name);
        return false;
    }
    const int q = gsp_quantity_find(encoder, name);
    if (q < 0) {
        const char *nearest = NULL;
        unsigned best = 1 + (unsigned)strlen(name) / 2;
        best = best < 4 ? best : 4;
        for (int i = 0; i < encoder->n_quantities; i++) {
            const unsigned d = gsp_text_distance(name, encoder->quantities[i].name);
            if (d < best) {
                best = d;
                nearest = encoder->quantities[i].name;
            }
        }
        if (nearest)
            cli_error(verb, "%s: model %s has no quantity '%.60s' (did you mean '%s'?)", where, model->name,
                      name, nearest);
        else
            cli_error(verb, "%s: model %s has no quantity '%.60s'; `gsp describe %s` lists them", where,
                      model->name, name, model->name);
        return false;
    }
    if (gsp_quantity_parse(&encoder->quantities[q], text, &value[q], why))
        return true;
    cli_error(verb, "%s: quantity '%s': %s", where, encoder->quantities[q].name, why);
    return false;
}

void cli_caution(const gsp_verb *verb, const gsp_model *model, const double *value, double held) {
    char why[240];
    const gsp_encoder *encoder = model->encoder;
    if (encoder && encoder->caution && encoder->caution(value, held, why, sizeof why))
        fprintf(stderr, "gsp %s: warning: %s\n", verb->name, why);
}

int cli_encode(const gsp_verb *verb, cli_common *common, const double *value, cli_encoded *e) {
    const gsp_model *model = common->model;
    gsp_error error;
    gsp_encode_fault fault;
    bool fixed[GSP_MAX_FIELDS] = {false};
    uint64_t *words[GSP_MAX_FIELDS] = {NULL};
    memset(e, 0, sizeof *e);
    if (!gsp_settings_apply(&common->settings, model, &e->frame.params, fixed, &error))
        return cli_error(verb, "%s", error.text);
    gsp_resolve(model, &e->frame.params, e->fields);
    gsp_default_inputs(model, &e->frame.params, &e->frame.in);
    size_t total = 0;
    for (int i = 0; i < model->n_fields; i++)
        total += e->fields[i].words;
    e->words = (uint64_t *)calloc(total + 1, sizeof *e->words);
    if (!e->words)
        return cli_environment(verb, "out of memory");
    total = 0;
    for (int i = 0; i < model->n_fields; i++) {
        words[i] = e->words + total;
        total += e->fields[i].words;
    }
    const gsp_struct given = e->frame.params;
    if (!model->encoder->encode(value, &e->frame.params, &e->frame.in, words, &fault)) {
        free(e->words);
        e->words = NULL;
        return cli_error(verb, "quantity '%s': %s", model->encoder->quantities[fault.quantity].name,
                         fault.reason);
    }
    /* Two masters for one register: the one who set it by hand should know. */
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &e->fields[i];
        const bool by_hand =
            (f->kind == GSP_PARAM && fixed[i] && gsp_get(f, &given) != gsp_get(f, &e->frame.params)) ||
            (f->kind == GSP_TABLE && gsp_settings_table(&common->settings, f->name) &&
             gsp_table_get(f, &given) != gsp_table_get(f, &e->frame.params));
        if (by_hand) {
            free(e->words);
            e->words = NULL;
            return cli_error(verb, "--set: field '%s' follows from the quantities; leave it out", f->name);
        }
    }
    return EXIT_PASS;
}

void cli_encoded_free(cli_encoded *e) {
    free(e->words);
    e->words = NULL;
}

/* ---- the answer ------------------------------------------------------------ */

/* Whether the field differs from its default and must be set. */
static bool to_set(const cli_encoded *e, const gsp_field *f) {
    return (f->kind == GSP_CONFIG || f->kind == GSP_PARAM || f->kind == GSP_INPUT) &&
           gsp_frame_get(&e->frame, f) != f->initial;
}

static void set_line(FILE *file, const gsp_model *model, const cli_encoded *e, const encode_options *o) {
    const char *separator = "";
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &e->fields[i];
        if (to_set(e, f)) {
            fprintf(file, "%s%s%s=%" PRId64, separator, f->kind == GSP_INPUT ? "" : "--set ", f->name,
                    gsp_frame_get(&e->frame, f));
            separator = " ";
        } else if (f->kind == GSP_TABLE && o->tables) {
            fprintf(file, "%s--set %s=%s/%s.hex", separator, f->name, o->tables, f->name);
            separator = " ";
        }
    }
    fprintf(file, "\n");
}

/* The first table that is not the default image, which other verbs take unless they are told; NULL: none. */
static const gsp_field *other_table(const gsp_model *model, const cli_encoded *e) {
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &e->fields[i];
        if (f->kind != GSP_TABLE)
            continue;
        const uint64_t *usual = model->table(&e->frame.params, i);
        if (!usual || memcmp(usual, gsp_table_get(f, &e->frame.params), f->words * sizeof *usual) != 0)
            return f;
    }
    return NULL;
}

static double relative(const gsp_real *r) {
    const double error = r->value - r->wanted;
    return error == 0.0 ? 0.0 : error / fabs(r->wanted);
}

/* The worst word of a table, by its absolute error; its place, or -1. */
static long worst_word(const gsp_model *model, const double *value, const cli_encoded *e, const gsp_field *f,
                       gsp_real *worst) {
    const uint64_t *words = gsp_table_get(f, &e->frame.params);
    long place = -1;
    for (size_t k = 0; k < f->words; k++) {
        gsp_real r;
        if (model->encoder->real(value, &e->frame.params, f, k, (int64_t)words[k], &r) &&
            (place < 0 || fabs(r.value - r.wanted) > fabs(worst->value - worst->wanted))) {
            *worst = r;
            place = (long)k;
        }
    }
    return place;
}

static void print_text(const gsp_model *model, const double *value, const cli_encoded *e,
                       const encode_options *o) {
    const gsp_encoder *encoder = model->encoder;
    char text[64];
    printf("%s:", model->name);
    for (int i = 0; i < encoder->n_quantities; i++) {
        gsp_quantity_text(&encoder->quantities[i], value[i], text, sizeof text);
        printf(" %s=%s", encoder->quantities[i].name, text);
    }
    printf("\n%s\n\n%-16s %14s   %-22s %-22s %-10s %s\n", encoder->note, "register", "integer", "stands for",
           "wanted", "error", "relative");
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &e->fields[i];
        gsp_real r;
        char is[64], wanted[64];
        if (f->kind == GSP_TABLE) {
            const long k = worst_word(model, value, e, f, &r);
            printf("%-16s %8u words", f->name, f->words);
            if (k >= 0)
                printf("   worst word %ld: error %.2g %s", k, r.value - r.wanted, r.unit);
            printf("\n");
            continue;
        }
        if (f->kind != GSP_PARAM && f->kind != GSP_INPUT)
            continue;
        const int64_t word = gsp_frame_get(&e->frame, f);
        if (!encoder->real(value, &e->frame.params, f, 0, word, &r) || isnan(r.wanted))
            continue;
        snprintf(is, sizeof is, "%.9g %s", r.value, r.unit);
        snprintf(wanted, sizeof wanted, "%.9g %s", r.wanted, r.unit);
        printf("%-16s %14" PRId64 "   %-22s %-22s %-10.2g %.2g\n", f->name, word, is, wanted,
               r.value - r.wanted, relative(&r));
    }
    printf("\n");
    const gsp_field *other = o->tables ? NULL : other_table(model, e);
    if (other)
        printf("%s is not the default image: --tables DIR writes it and prints the arguments\n", other->name);
    else
        set_line(stdout, model, e, o);
}

static void add_real(cJSON *item, const gsp_real *r) {
    cJSON_AddStringToObject(item, "unit", r->unit);
    cJSON_AddNumberToObject(item, "real", r->value);
    cJSON_AddNumberToObject(item, "wanted", r->wanted);
    cJSON_AddNumberToObject(item, "error", r->value - r->wanted);
    cJSON_AddNumberToObject(item, "relative", relative(r));
}

static void print_json(const gsp_model *model, const double *value, const cli_encoded *e) {
    const gsp_encoder *encoder = model->encoder;
    cJSON *root = cJSON_CreateObject();
    char number[24];
    cJSON_AddStringToObject(root, "model", model->name);
    cJSON *list = cJSON_AddObjectToObject(root, "quantities");
    for (int i = 0; i < encoder->n_quantities; i++) {
        char text[64];
        gsp_quantity_text(&encoder->quantities[i], value[i], text, sizeof text);
        if (encoder->quantities[i].labels)
            cJSON_AddStringToObject(list, encoder->quantities[i].name, text);
        else
            cJSON_AddNumberToObject(list, encoder->quantities[i].name, value[i]);
    }
    list = cJSON_AddArrayToObject(root, "registers");
    cJSON *tables = cJSON_AddArrayToObject(root, "tables");
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &e->fields[i];
        gsp_real r;
        if (f->kind == GSP_TABLE) {
            cJSON *item = cJSON_CreateObject();
            cJSON_AddStringToObject(item, "name", f->name);
            cJSON_AddNumberToObject(item, "words", f->words);
            const long k = worst_word(model, value, e, f, &r);
            cJSON_AddNumberToObject(item, "worst_word", (double)k);
            if (k >= 0)
                add_real(item, &r);
            cJSON_AddItemToArray(tables, item);
        }
        if (f->kind != GSP_CONFIG && f->kind != GSP_PARAM && f->kind != GSP_INPUT)
            continue;
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "name", f->name);
        cJSON_AddStringToObject(item, "kind", gsp_kind_name(f->kind));
        /* As raw text: a double would lose the low bits of a wide register. */
        snprintf(number, sizeof number, "%" PRId64, gsp_frame_get(&e->frame, f));
        cJSON_AddRawToObject(item, "integer", number);
        if (f->kind != GSP_CONFIG &&
            encoder->real(value, &e->frame.params, f, 0, gsp_frame_get(&e->frame, f), &r) && !isnan(r.wanted))
            add_real(item, &r);
        cJSON_AddItemToArray(list, item);
    }
    char *text = cJSON_Print(root);
    printf("%s\n", text);
    free(text);
    cJSON_Delete(root);
}

/* ---- files ------------------------------------------------------------------ */

static int write_tables(const gsp_verb *verb, const gsp_model *model, const cli_encoded *e,
                        const char *folder) {
    gsp_error error;
    int n = 0;
    for (int i = 0; i < model->n_fields; i++)
        n += e->fields[i].kind == GSP_TABLE;
    if (n == 0)
        return cli_error(verb, "--tables: model %s has no tables", model->name);
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return cli_error(verb, "--tables: %s: %s", folder, strerror(errno));
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &e->fields[i];
        if (f->kind != GSP_TABLE)
            continue;
        char path[4096];
        if (snprintf(path, sizeof path, "%s/%s.hex", folder, f->name) >= (int)sizeof path)
            return cli_error(verb, "--tables: the path is too long");
        if (!gsp_table_write(path, model, f, gsp_table_get(f, &e->frame.params), &error))
            return cli_environment(verb, "%s", error.text);
    }
    return EXIT_PASS;
}

/* The folder of the tables as the trace's reader finds it: from the trace where it lies below, else absolute.
 */
static bool seen_from(const char *trace, const char *tables, char *text, size_t size) {
    const char *slash = strrchr(trace, '/');
    const size_t n = slash ? (size_t)(slash - trace) + 1 : 0;
    if (strncmp(tables, trace, n) == 0 && (n > 0 || tables[0] != '/')) {
        snprintf(text, size, "%s", tables + n);
        return true;
    }
    char *absolute = realpath(tables, NULL);
    if (!absolute)
        return false;
    snprintf(text, size, "%s", absolute);
    free(absolute);
    return true;
}

/* The trace of a run from reset with these registers and constant inputs. */
static int write_trace(const gsp_verb *verb, const gsp_model *model, const double *value, cli_encoded *e,
                       const encode_options *o) {
    const gsp_encoder *encoder = model->encoder;
    gsp_trace_writer writer;
    gsp_error error;
    char folder[4096] = "";
    if (o->tables && !seen_from(o->out, o->tables, folder, sizeof folder))
        return cli_error(verb, "--tables: %s: %s", o->tables, strerror(errno));
    model->reset(&e->frame.state, &e->frame.params);
    if (!gsp_trace_create(&writer, o->out, model, &e->frame.params, &e->frame.state, false, false, &error))
        return cli_environment(verb, "%s", error.text);
    for (int i = 0; i < model->n_fields && o->tables; i++)
        if (e->fields[i].kind == GSP_TABLE) {
            char path[sizeof folder + 64];
            snprintf(path, sizeof path, "%s/%s.hex", folder, e->fields[i].name);
            gsp_trace_note(&writer, e->fields[i].name, path);
        }
    for (int i = 0; i < encoder->n_quantities; i++) {
        char text[64], key[96];
        gsp_quantity_text(&encoder->quantities[i], value[i], text, sizeof text);
        snprintf(key, sizeof key, "x_%s%s%s", encoder->quantities[i].name,
                 *encoder->quantities[i].unit ? "_" : "", encoder->quantities[i].unit);
        gsp_trace_note(&writer, key, text);
    }
    for (uint64_t k = 0; k < o->steps; k++) {
        const gsp_struct before = e->frame.state;
        model->explain(&e->frame.params, &e->frame.in, &e->frame.state, &e->frame.out, &e->frame.internal);
        gsp_trace_row(&writer, &e->frame, &before);
    }
    return gsp_trace_close(&writer, &error) ? EXIT_PASS : cli_environment(verb, "%s", error.text);
}

static int answer(const gsp_verb *verb, cli_common *common, const encode_options *o, const double *value) {
    const gsp_model *model = common->model;
    cli_encoded e;
    int code = cli_encode(verb, common, value, &e);
    if (code != EXIT_PASS)
        return code;
    cli_caution(verb, model, value, 0);
    /* Without its tables it would be another neuron. */
    const gsp_field *other = o->tables ? NULL : other_table(model, &e);
    if (other && (o->args || o->out))
        code = cli_error(verb, "%s: %s is not the default image: say with --tables where it goes",
                         o->args ? "--args" : "--out", other->name);
    if (code == 0 && o->tables)
        code = write_tables(verb, model, &e, o->tables);
    if (code == 0 && o->out)
        code = write_trace(verb, model, value, &e, o);
    if (code == 0 && o->args)
        set_line(stdout, model, &e, o);
    else if (code == 0 && common->json)
        print_json(model, value, &e);
    else if (code == 0 && !(o->out && strcmp(o->out, "-") == 0))
        print_text(model, value, &e, o);
    cli_encoded_free(&e);
    return code;
}

static int encode(const gsp_verb *verb, int argc, char **argv) {
    enum { OPT_OUT = OPT_FIRST, OPT_TABLES, OPT_STEPS, OPT_ARGS };
    static const struct option options[] = {CLI_COMMON_OPTIONS,
                                            {"out", required_argument, NULL, OPT_OUT},
                                            {"tables", required_argument, NULL, OPT_TABLES},
                                            {"steps", required_argument, NULL, OPT_STEPS},
                                            {"args", no_argument, NULL, OPT_ARGS},
                                            {NULL, 0, NULL, 0}};
    cli_common common;
    encode_options o = {NULL, NULL, 0, false};
    double value[GSP_MAX_QUANTITIES];
    bool done;
    int code = cli_model(verb, &argc, &argv, &common, &done);
    for (int option;
         code == 0 && !done && (option = getopt_long(argc, argv, CLI_COMMON_SHORT, options, NULL)) != -1;) {
        code = cli_common_option(verb, option, &common, &done);
        if (code >= 0)
            continue;
        code = EXIT_PASS;
        if (option == OPT_OUT)
            o.out = optarg;
        else if (option == OPT_TABLES)
            o.tables = optarg;
        else if (option == OPT_STEPS)
            code = cli_number(verb, "--steps", optarg, 1, UINT64_MAX, &o.steps) ? EXIT_PASS : EXIT_USAGE;
        else if (option == OPT_ARGS)
            o.args = true;
        else
            code = cli_bad_option(verb, argv);
    }
    if (code == 0 && !done && !common.model->encoder) {
        char known[300] = "";
        for (const gsp_model *const *m = gsp_models; *m; m++)
            if ((*m)->encoder)
                snprintf(known + strlen(known), sizeof known - strlen(known), " %s", (*m)->name);
        code = cli_error(verb, "model %s has no encoder; there are:%s", common.model->name, known);
    }
    if (code == 0 && !done && o.steps && !o.out)
        code = cli_error(verb, "--steps: it is the length of the trace, which --out names");
    if (code == 0 && !done)
        gsp_quantities_default(common.model->encoder, value);
    for (int i = optind; code == 0 && !done && i < argc; i++) {
        char name[64];
        const char *equals = strchr(argv[i], '=');
        if (!equals || equals == argv[i] || (size_t)(equals - argv[i]) >= sizeof name) {
            code = cli_error(verb, "argument: '%s' is not NAME=VALUE", argv[i]);
            break;
        }
        snprintf(name, sizeof name, "%.*s", (int)(equals - argv[i]), argv[i]);
        if (!cli_quantity(verb, common.model, "argument", name, equals + 1, value))
            code = EXIT_USAGE;
    }
    o.steps = o.steps ? o.steps : 1000;
    if (code == 0 && !done)
        code = answer(verb, &common, &o, value);
    cli_common_free(&common);
    return code;
}

const gsp_verb gsp_verb_encode = {
    .name = "encode",
    .summary = "real parameters to registers, with the rounding error",
    .usage =
        "usage: gsp encode MODEL [--set CONFIG=VALUE] [NAME=VALUE...] [--json | --args] [--tables DIR]\n"
        "                  [--out TRACE [--steps N]]\n\n"
        "  NAME=VALUE       a real quantity; `gsp describe MODEL` lists them, the rest have their defaults\n"
        "  --set NAME=VALUE the word lengths, and registers that no quantity decides\n"
        "  --json           for programs\n"
        "  --args           only the arguments that give another verb these registers\n"
        "  --tables DIR     write the table images there, for $readmemh and for --set TABLE=FILE\n"
        "  --out TRACE      write a trace with these registers and constant inputs, for --in\n"
        "  --steps N        its rows (1000)\n\n"
        "example: gsp run spinnaker_lif $(gsp encode spinnaker_lif --args tau_m=10 i_offset=2) --summary\n",
    .run = encode,
};
