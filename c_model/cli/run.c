/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "cli.h"
#include "scenario.h"

typedef struct run_options {
    uint64_t steps;
    const char *in, *out, *si, *dt;
    bool summary;
} run_options;

/* Column of a field in the trace, or -1. */
static int find_column(const gsp_trace *trace, int field, bool is_init) {
    for (size_t c = 0; c < trace->n_columns; c++)
        if (trace->columns[c].field == field && trace->columns[c].is_init == is_init)
            return (int)c;
    return -1;
}

static int write_run(const gsp_verb *verb, cli_common *common, const run_options *o,
                     const gsp_settings *values) {
    const gsp_model *model = common->model;
    gsp_trace trace;
    gsp_frame frame;
    gsp_field fields[GSP_MAX_FIELDS];
    gsp_error error;
    memset(&frame, 0, sizeof frame);
    memset(&trace, 0, sizeof trace);
    if (o->in) {
        if (!gsp_trace_read(&trace, o->in, model, &common->settings, false, &error))
            return cli_error(verb, "%s", error.text);
        if (o->steps > trace.n_rows) {
            const size_t rows = trace.n_rows;
            gsp_trace_free(&trace);
            return cli_error(verb, "--steps %" PRIu64 ": %s has only %zu rows", o->steps, o->in, rows);
        }
        gsp_trace_load(&trace, 0, &frame);
    } else {
        if (!gsp_settings_apply(&common->settings, model, &frame.params, NULL, &error))
            return cli_error(verb, "%s", error.text);
        gsp_default_inputs(model, &frame.params, &frame.in);
        model->reset(&frame.state, &frame.params);
    }
    gsp_resolve(model, &frame.params, fields);
    for (size_t k = 0; k < values->n; k++) {
        const int i = gsp_field_find(model, values->list[k].name);
        int64_t value;
        if (i < 0)
            gsp_unknown_field(model, values->list[k].name, "argument", &error);
        else if (fields[i].kind != GSP_INPUT && fields[i].kind != GSP_STATE)
            gsp_fail(&error,
                     "'%s' is a field of kind %s; arguments set inputs and the initial state, --set the rest",
                     fields[i].name, gsp_kind_name(fields[i].kind));
        else if (find_column(&trace, i, fields[i].kind == GSP_STATE) >= 0)
            gsp_fail(&error, "'%s' has a column in %s, which sets it in every row", fields[i].name, o->in);
        else if (gsp_value(&fields[i], values->list[k].value, "argument", &value, &error)) {
            gsp_frame_set(&frame, &fields[i], value);
            continue;
        }
        gsp_trace_free(&trace);
        return cli_error(verb, "%s", error.text);
    }

    const uint64_t steps = o->steps ? o->steps : trace.n_rows;
    /* A trace that replaces the state before its rows gives one that does so too. */
    bool with_init = false;
    for (int i = 0; i < model->n_fields; i++)
        with_init = with_init || find_column(&trace, i, true) >= 0;
    const gsp_field *event = NULL;
    for (int i = 0; i < model->n_fields && !event; i++)
        if (fields[i].kind == GSP_OUTPUT)
            event = &fields[i];
    gsp_trace_writer writer;
    if (!o->summary && !gsp_trace_create(&writer, o->out, model, &frame.params, &frame.state, trace.varies,
                                         with_init, &error)) {
        gsp_trace_free(&trace);
        return cli_error(verb, "%s", error.text);
    }
    if (!o->summary)
        gsp_trace_tables(&writer, o->in ? &trace.settings : &common->settings);
    uint64_t events = 0, first = 0, last = 0;
    for (uint64_t k = 0; k < steps; k++) {
        if (o->in && k > 0)
            gsp_trace_load(&trace, (size_t)k, &frame);
        const gsp_struct before = frame.state;
        model->explain(&frame.params, &frame.in, &frame.state, &frame.out, &frame.internal);
        if (event && gsp_frame_get(&frame, event) != 0) {
            first = events == 0 ? k : first;
            last = k;
            events++;
        }
        if (!o->summary)
            gsp_trace_row(&writer, &frame, &before);
    }
    gsp_trace_free(&trace);
    if (!o->summary)
        return gsp_trace_close(&writer, &error) ? EXIT_PASS : cli_environment(verb, "%s", error.text);
    printf("%s: %" PRIu64 " steps, %" PRIu64 " spikes", model->name, steps, events);
    if (events > 1)
        printf(", first in step %" PRIu64 ", mean interval %.3f steps", first,
               (double)(last - first) / (double)(events - 1));
    printf("\n");
    return EXIT_PASS;
}

static int run(const gsp_verb *verb, int argc, char **argv) {
    enum { OPT_STEPS = OPT_FIRST, OPT_IN, OPT_OUT, OPT_SUMMARY, OPT_SI, OPT_DT };
    static const struct option options[] = {CLI_COMMON_OPTIONS,
                                            {"steps", required_argument, NULL, OPT_STEPS},
                                            {"in", required_argument, NULL, OPT_IN},
                                            {"out", required_argument, NULL, OPT_OUT},
                                            {"summary", no_argument, NULL, OPT_SUMMARY},
                                            {"si", required_argument, NULL, OPT_SI},
                                            {"dt", required_argument, NULL, OPT_DT},
                                            {NULL, 0, NULL, 0}};
    cli_common common;
    gsp_settings values = {NULL, 0, 0, NULL, 0};
    gsp_error error;
    run_options o = {0, NULL, "-", NULL, NULL, false};
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
        else if (option == OPT_IN)
            o.in = optarg;
        else if (option == OPT_OUT)
            o.out = optarg;
        else if (option == OPT_SUMMARY)
            o.summary = true;
        else if (option == OPT_SI)
            o.si = optarg;
        else if (option == OPT_DT)
            o.dt = optarg;
        else
            code = cli_bad_option(verb, argv);
    }
    for (int i = optind; code == 0 && !done && i < argc; i++)
        if (!gsp_settings_add_text(&values, argv[i], "argument", true, &error))
            code = cli_error(verb, "%s", error.text);
    if (code == 0 && !done && o.si && (o.in || values.n))
        code = cli_error(verb, "--si: the file sets the inputs; not with --in or FIELD=VALUE");
    if (code == 0 && !done && o.dt && !o.si)
        code = cli_error(verb, "--dt: it is the time step of a scenario, which --si names");
    if (code == 0 && !done && o.steps == 0 && !o.in && !o.si)
        o.steps = 100;
    const cli_scenario scenario = {o.si, o.dt, o.out, o.steps, o.summary};
    if (code == 0 && !done && o.si)
        code = cli_scenario_run(verb, &common, &scenario);
    else if (code == 0 && !done)
        code = write_run(verb, &common, &o, &values);
    gsp_settings_free(&values);
    cli_common_free(&common);
    return code;
}

const gsp_verb gsp_verb_run = {
    .name = "run",
    .summary = "run a neuron and write its trace",
    .usage =
        "usage: gsp run MODEL [--preset NAME] [--set NAME=VALUE] [--steps N] [--in TRACE] [--out FILE]\n"
        "               [--summary] [FIELD=VALUE...]\n"
        "       gsp run MODEL --si FILE [--dt SECONDS] [--set CONFIG=VALUE] [--steps N] [--out FILE] [--summary]\n\n"
        "  FIELD=VALUE    an input, constant over the run, or an initial state\n"
        "  --steps N      steps to run (100; with --in the rows of the trace)\n"
        "  --in TRACE     take params and inputs from this trace; what it expects is not compared\n"
        "  --out FILE     where the trace goes (standard output)\n"
        "  --summary      print spikes and their mean interval instead of the trace\n"
        "  --si FILE      a scenario in SI units: quantities, events, and a reference to compare with\n"
        "  --dt SECONDS   its time step\n\n"
        "example: gsp run lif --steps 1000 i_t=100 gain_k=256 leak_k=20 --summary\n",
    .run = run,
};
