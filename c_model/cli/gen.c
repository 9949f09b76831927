/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "goldenspike/report.h"
#include "goldenspike/stim.h"

typedef struct gen_options {
    uint64_t steps, seed, level;
    const char *out;
    bool hex, free_state;
} gen_options;

/* ---- vectors: one word per step for $readmemh --------------------------- */

/* Fields of a word in order: params, inputs, state before, state after, outputs, flags. */
enum { PART_PARAM, PART_INPUT, PART_BEFORE, PART_AFTER, PART_OUTPUT, PART_FLAG, PARTS };
static const gsp_kind part_kind[PARTS] = {GSP_PARAM, GSP_INPUT, GSP_STATE, GSP_STATE, GSP_OUTPUT, GSP_FLAG};

static unsigned vector_bits(const gsp_model *model, const gsp_field *fields) {
    unsigned bits = 0;
    for (int part = 0; part < PARTS; part++)
        for (int i = 0; i < model->n_fields; i++)
            if (fields[i].kind == part_kind[part])
                bits += 4u * ((fields[i].width + 3u) / 4u);
    return bits;
}

static void vectors_head(FILE *file, const gsp_model *model, const gsp_field *fields,
                         const gsp_struct *params, const gen_options *o) {
    fprintf(file, "// model=%s level=%" PRIu64 " seed=%" PRIu64 "\n", model->name, o->level, o->seed);
    for (int i = 0; i < model->n_fields; i++)
        if (fields[i].kind == GSP_CONFIG)
            fprintf(file, "// %s=%" PRId64 "\n", fields[i].name, gsp_get(&fields[i], params));
    /* Each field fills whole hex digits; the offsets are bit positions in the word. */
    const unsigned bits = vector_bits(model, fields);
    unsigned at = bits;
    fprintf(file, "// bits=%u, most significant field first: name [msb:lsb]\n", bits);
    for (int part = 0; part < PARTS; part++)
        for (int i = 0; i < model->n_fields; i++)
            if (fields[i].kind == part_kind[part]) {
                at -= 4u * ((fields[i].width + 3u) / 4u);
                fprintf(file, "//   %s%s [%u:%u]\n", fields[i].name, part == PART_BEFORE ? " (before)" : "",
                        at + fields[i].width - 1u, at);
            }
}

static void vectors_row(FILE *file, const gsp_model *model, const gsp_field *fields, const gsp_frame *frame,
                        const gsp_struct *before) {
    const char *separator = "";
    for (int part = 0; part < PARTS; part++)
        for (int i = 0; i < model->n_fields; i++) {
            if (fields[i].kind != part_kind[part])
                continue;
            char text[24];
            const int64_t value =
                part == PART_BEFORE ? gsp_get(&fields[i], before) : gsp_frame_get(frame, &fields[i]);
            gsp_hex(&fields[i], value, text);
            fprintf(file, "%s%s", separator, text + 2);
            separator = "_";
        }
    fprintf(file, "\n");
}

/* ---- both formats -------------------------------------------------------- */

static int generate(const gsp_verb *verb, cli_common *common, const gen_options *o) {
    const gsp_model *model = common->model;
    gsp_field fields[GSP_MAX_FIELDS];
    bool fixed[GSP_MAX_FIELDS] = {false};
    gsp_frame frame;
    gsp_error error;
    memset(&frame, 0, sizeof frame);
    if (!gsp_settings_apply(&common->settings, model, &frame.params, fixed, &error))
        return cli_error(verb, "%s", error.text);
    gsp_resolve(model, &frame.params, fields);
    gsp_default_inputs(model, &frame.params, &frame.in);
    model->reset(&frame.state, &frame.params);

    const bool free_state = o->free_state || o->level == GSP_LEVEL_EXHAUSTIVE;
    gsp_stim *stim = (gsp_stim *)malloc(sizeof *stim);
    if (!stim)
        return cli_environment(verb, "out of memory");
    gsp_stim_start(stim, model, &frame.params, fixed, (int)o->level, o->seed, free_state);
    uint64_t steps = o->steps;
    if (o->level == GSP_LEVEL_EXHAUSTIVE && steps == 0) {
        steps = gsp_stim_count(stim);
        if (steps > 100000000) {
            free(stim);
            return cli_error(verb,
                             "an exhaustive run of %s has %" PRIu64
                             " steps under this configuration; reduce the "
                             "widths with --set, tie fields with --set, or limit it with --steps",
                             model->name, steps);
        }
    }

    gsp_trace_writer csv;
    gsp_file hex;
    char number[24];
    if (o->hex
            ? !gsp_file_create(&hex, o->out, &error)
            : !gsp_trace_create(&csv, o->out, model, &frame.params, &frame.state, true, free_state, &error)) {
        free(stim);
        return cli_error(verb, "%s", error.text);
    }
    if (o->hex) {
        vectors_head(hex.stream, model, fields, &frame.params, o);
    } else {
        gsp_trace_tables(&csv, &common->settings);
        snprintf(number, sizeof number, "%" PRIu64, o->level);
        gsp_trace_note(&csv, "level", number);
        snprintf(number, sizeof number, "%" PRIu64, o->seed);
        gsp_trace_note(&csv, "seed", number);
    }
    uint64_t rows = 0;
    for (; rows < steps && gsp_stim_next(stim, &frame.params, &frame.state, &frame.in); rows++) {
        const gsp_struct before = frame.state;
        model->explain(&frame.params, &frame.in, &frame.state, &frame.out, &frame.internal);
        if (o->hex)
            vectors_row(hex.stream, model, fields, &frame, &before);
        else
            gsp_trace_row(&csv, &frame, &before);
    }
    free(stim);
    if (o->hex)
        fprintf(hex.stream, "// end rows=%" PRIu64 "\n", rows);
    if (o->hex ? !gsp_file_close(&hex, &error) : !gsp_trace_close(&csv, &error))
        return cli_environment(verb, "%s", error.text);
    fprintf(stderr, "gsp gen: %s: %" PRIu64 " steps, level %" PRIu64 ", seed %" PRIu64 "\n", model->name,
            rows, o->level, o->seed);
    return EXIT_PASS;
}

static int gen(const gsp_verb *verb, int argc, char **argv) {
    enum { OPT_STEPS = OPT_FIRST, OPT_SEED, OPT_LEVEL, OPT_FORMAT, OPT_OUT, OPT_FREE };
    static const struct option options[] = {CLI_COMMON_OPTIONS,
                                            {"steps", required_argument, NULL, OPT_STEPS},
                                            {"seed", required_argument, NULL, OPT_SEED},
                                            {"level", required_argument, NULL, OPT_LEVEL},
                                            {"format", required_argument, NULL, OPT_FORMAT},
                                            {"out", required_argument, NULL, OPT_OUT},
                                            {"free-state", no_argument, NULL, OPT_FREE},
                                            {NULL, 0, NULL, 0}};
    cli_common common;
    gen_options o = {0, 1, GSP_LEVEL_RANDOM, "-", false, false};
    bool done;
    int code = cli_model(verb, &argc, &argv, &common, &done);
    for (int option;
         code == 0 && !done && (option = getopt_long(argc, argv, CLI_COMMON_SHORT, options, NULL)) != -1;) {
        code = cli_common_option(verb, option, &common, &done);
        if (code >= 0)
            continue;
        code = EXIT_PASS;
        if (option == OPT_STEPS)
            code = cli_number(verb, "--steps", optarg, 1, UINT64_MAX, &o.steps) ? EXIT_PASS : EXIT_USAGE;
        else if (option == OPT_SEED)
            code = cli_number(verb, "--seed", optarg, 0, UINT64_MAX, &o.seed) ? EXIT_PASS : EXIT_USAGE;
        else if (option == OPT_LEVEL)
            code = cli_number(verb, "--level", optarg, 1, 3, &o.level) ? EXIT_PASS : EXIT_USAGE;
        else if (option == OPT_OUT)
            o.out = optarg;
        else if (option == OPT_FREE)
            o.free_state = true;
        else if (option == OPT_FORMAT && (strcmp(optarg, "hex") == 0 || strcmp(optarg, "csv") == 0))
            o.hex = strcmp(optarg, "hex") == 0;
        else if (option == OPT_FORMAT)
            code = cli_error(verb, "--format: '%s' is neither csv nor hex", optarg);
        else
            code = cli_bad_option(verb, argv);
    }
    if (code == 0 && !done && optind < argc)
        code = cli_error(verb, "unexpected argument '%s'", argv[optind]);
    if (code == 0 && !done && o.steps == 0 && o.level != GSP_LEVEL_EXHAUSTIVE)
        o.steps = 1000;
    if (code == 0 && !done)
        code = generate(verb, &common, &o);
    cli_common_free(&common);
    return code;
}

const gsp_verb gsp_verb_gen = {
    .name = "gen",
    .summary = "generate test vectors with the golden model's answers",
    .usage = "usage: gsp gen MODEL [--level 1|2|3] [--steps N] [--seed S] [--format csv|hex] [--out FILE]\n"
             "               [--set NAME=VALUE] [--preset NAME] [--free-state]\n\n"
             "  --level 1      special values of every field, crossed at random\n"
             "  --level 2      weighted random, parameters redrawn, corners aimed at (default)\n"
             "  --level 3      exhaustive: every value of each field of at most 4 bits, special values of\n"
             "                 wider ones, state included; use reduced widths (--set data_width=3)\n"
             "  --steps N      how many (1000; level 3: all)\n"
             "  --seed S       the same seed gives the same vectors everywhere (1)\n"
             "  --format csv   a trace, as `gsp check` reads it (default)\n"
             "  --format hex   one word per step for $readmemh, its layout in the header\n"
             "  --free-state   draw the state before each step as well, for combinational devices\n"
             "  --set NAME=V   configuration; a param given here stays as it is\n",
    .run = gen,
};
