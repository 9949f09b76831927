/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "cosim.h"
#include "place.h"

enum { MAX_PARAMETERS = 16 };

static int write_board(const gsp_verb *verb, cli_common *common, gsp_form form, const char *folder,
                       char *const parameters[], unsigned n_parameters) {
    const gsp_model *model = common->model;
    gsp_struct params;
    gsp_bench_options o;
    gsp_board b;
    uint32_t neurons;
    gsp_file file;
    gsp_error error;
    char path[2 * PLACE_MAX], *image[GSP_MAX_FIELDS] = {NULL};
    bool ok = true;
    memset(&o, 0, sizeof o);
    memset(&params, 0, sizeof params);
    if (!gsp_settings_apply(&common->settings, model, &params, NULL, &error))
        return cli_error(verb, "%s", error.text);
    if (!gsp_array_parameters(verb, form, parameters, n_parameters, &neurons, NULL))
        return EXIT_USAGE;
    if (!gsp_board_make(&b, model, &params, form, neurons, &error))
        return cli_error(verb, "%s", error.text);
    if (strlen(folder) >= PLACE_MAX)
        return cli_error(verb, "--out: path too long");
    if (!gsp_make_folder(folder, &error))
        return cli_environment(verb, "%s", error.text);
    for (int i = 0; i < model->n_fields && ok; i++) {
        if (b.fields[i].kind != GSP_TABLE)
            continue;
        const size_t size = strlen(folder) + strlen(b.fields[i].name) + 8;
        image[i] = (char *)malloc(size);
        ok = image[i] || gsp_fail(&error, "out of memory");
        if (ok)
            snprintf(image[i], size, "%s/%s.hex", folder, b.fields[i].name);
        ok = ok &&
             gsp_table_write(image[i], model, &b.fields[i], gsp_table_get(&b.fields[i], &params), &error);
        o.image[i] = image[i];
    }
    snprintf(path, sizeof path, "%s/gsp_board_dut.v", folder);
    ok = ok && gsp_file_create(&file, path, &error);
    if (ok) {
        o.model = model;
        o.params = &params;
        o.parameters = parameters;
        o.n_parameters = n_parameters;
        gsp_board_write(file.stream, &b, &o);
        ok = gsp_file_close(&file, &error);
    }
    for (int i = 0; i < GSP_MAX_FIELDS; i++)
        free(image[i]);
    if (!ok)
        return cli_environment(verb, "%s", error.text);
    printf("%s: %s, form %s, %u parameter, %u input and %u observed words, hash %08" PRIx32 "\n", path,
           model->name, gsp_form_name(form), b.n_params, b.n_in, b.n_obs, b.hash);
    return EXIT_PASS;
}

int cli_board_form(const gsp_verb *verb, const char *text, gsp_form *form) {
    *form = gsp_form_find(text);
    return *form == GSP_FORM_NEURON || *form == GSP_FORM_STEP || *form == GSP_FORM_ARRAY
               ? EXIT_PASS
               : cli_error(verb, "--form: '%s' is none of neuron, step, array", text);
}

static int board(const gsp_verb *verb, int argc, char **argv) {
    enum { OPT_OUT = OPT_FIRST, OPT_PARAMETER, OPT_FORM };
    static const struct option options[] = {CLI_COMMON_OPTIONS,
                                            {"out", required_argument, NULL, OPT_OUT},
                                            {"parameter", required_argument, NULL, OPT_PARAMETER},
                                            {"form", required_argument, NULL, OPT_FORM},
                                            {NULL, 0, NULL, 0}};
    cli_common common;
    const char *out = ".";
    gsp_form form = GSP_FORM_NEURON;
    char *parameters[MAX_PARAMETERS];
    unsigned n_parameters = 0;
    bool done;
    int code = cli_model(verb, &argc, &argv, &common, &done);
    for (int option;
         code == 0 && !done && (option = getopt_long(argc, argv, CLI_COMMON_SHORT, options, NULL)) != -1;) {
        code = cli_common_option(verb, option, &common, &done);
        if (code >= 0)
            continue;
        code = EXIT_PASS;
        if (option == OPT_OUT)
            out = optarg;
        else if (option == OPT_FORM)
            code = cli_board_form(verb, optarg, &form);
        else if (option != OPT_PARAMETER)
            code = cli_bad_option(verb, argv);
        else if (n_parameters == MAX_PARAMETERS)
            code = cli_error(verb, "--parameter: more than %d", MAX_PARAMETERS);
        else if (!gsp_is_parameter(optarg))
            code = cli_error(verb, "--parameter: '%s' is not NAME=INTEGER", optarg);
        else
            parameters[n_parameters++] = optarg;
    }
    if (code == 0 && !done && optind < argc)
        code = cli_error(verb, "unexpected argument '%s'", argv[optind]);
    if (code == 0 && !done)
        code = write_board(verb, &common, form, out, parameters, n_parameters);
    cli_common_free(&common);
    return code;
}

const gsp_verb gsp_verb_board = {
    .name = "board",
    .summary = "write the model's part of a board design",
    .usage =
        "usage: gsp board MODEL [--form neuron|step|array] [--set NAME=VALUE] [--preset NAME]\n"
        "                 [--parameter NAME=VALUE] [--out DIR]\n\n"
        "  --form FORM       neuron (default); step: the step alone between registers of the board, so that\n"
        "                    its state can be written; array: many neurons (--parameter NEURONS=256)\n"
        "  --set NAME=VALUE  configuration (params are registers of the board, written by `gsp hil`)\n"
        "  --parameter N=V   a further Verilog parameter of the neuron (MULTIPLIER=1)\n"
        "  --out DIR         takes gsp_board_dut.v and the images of tables (.)\n\n"
        "scripts/bitstream.sh calls it; docs/fpga.md tells what is around the module it writes.\n",
    .run = board,
};
