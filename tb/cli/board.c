/* SPDX-License-Identifier: Apache-2.0 */
#include "board.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "cosim.h"
#include "place.h"

enum { MAX_PARAMETERS = 16 };

static int write_board(const gsp_verb *verb, cli_common *common, const char *folder, char *const parameters[],
                       unsigned n_parameters) {
    const gsp_model *model = common->model;
    gsp_struct params;
    gsp_field fields[GSP_MAX_FIELDS];
    gsp_bench_options o;
    gsp_layout layout;
    gsp_file file;
    gsp_error error;
    char path[2 * PLACE_MAX], *image[GSP_MAX_FIELDS] = {NULL};
    bool ok = true;
    memset(&o, 0, sizeof o);
    memset(&params, 0, sizeof params);
    if (!gsp_settings_apply(&common->settings, model, &params, NULL, &error))
        return cli_error(verb, "%s", error.text);
    gsp_resolve(model, &params, fields);
    gsp_layout_make(&layout, model, fields, GSP_FORM_NEURON, NULL);
    if (layout.n_params > GSP_BOARD_MAX_WORDS || layout.n_in > GSP_BOARD_MAX_WORDS ||
        layout.n_obs > GSP_BOARD_MAX_WORDS)
        return cli_error(verb, "model %s has more than %d words of one kind", model->name,
                         GSP_BOARD_MAX_WORDS);
    if (strlen(folder) >= PLACE_MAX)
        return cli_error(verb, "--out: path too long");
    if (!gsp_make_folder(folder, &error))
        return cli_environment(verb, "%s", error.text);
    for (int i = 0; i < model->n_fields && ok; i++) {
        if (fields[i].kind != GSP_TABLE)
            continue;
        const size_t size = strlen(folder) + strlen(fields[i].name) + 8;
        image[i] = (char *)malloc(size);
        ok = image[i] || gsp_fail(&error, "out of memory");
        if (ok)
            snprintf(image[i], size, "%s/%s.hex", folder, fields[i].name);
        ok = ok && gsp_table_write(image[i], model, &fields[i], gsp_table_get(&fields[i], &params), &error);
        o.image[i] = image[i];
    }
    snprintf(path, sizeof path, "%s/gsp_board_dut.v", folder);
    ok = ok && gsp_file_create(&file, path, &error);
    if (ok) {
        o.model = model;
        o.params = &params;
        o.parameters = parameters;
        o.n_parameters = n_parameters;
        gsp_board_write(file.stream, &o);
        ok = gsp_file_close(&file, &error);
    }
    for (int i = 0; i < GSP_MAX_FIELDS; i++)
        free(image[i]);
    if (!ok)
        return cli_environment(verb, "%s", error.text);
    printf("%s: %s, %u parameter, %u input and %u observed words, hash %08" PRIx32 "\n", path, model->name,
           layout.n_params, layout.n_in, layout.n_obs, gsp_board_hash(model, &params));
    return EXIT_PASS;
}

static int board(const gsp_verb *verb, int argc, char **argv) {
    enum { OPT_OUT = OPT_FIRST, OPT_PARAMETER };
    static const struct option options[] = {CLI_COMMON_OPTIONS,
                                            {"out", required_argument, NULL, OPT_OUT},
                                            {"parameter", required_argument, NULL, OPT_PARAMETER},
                                            {NULL, 0, NULL, 0}};
    cli_common common;
    const char *out = ".";
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
        code = write_board(verb, &common, out, parameters, n_parameters);
    cli_common_free(&common);
    return code;
}

const gsp_verb gsp_verb_board = {
    .name = "board",
    .summary = "write the model's part of a board design",
    .usage =
        "usage: gsp board MODEL [--set NAME=VALUE] [--preset NAME] [--parameter NAME=VALUE] [--out DIR]\n\n"
        "  --set NAME=VALUE  configuration (params are registers of the board, written by `gsp hil`)\n"
        "  --parameter N=V   a further Verilog parameter of the neuron (MULTIPLIER=1)\n"
        "  --out DIR         takes gsp_board_dut.v and the images of tables (.)\n\n"
        "scripts/bitstream.sh calls it; docs/fpga.md tells what is around the module it writes.\n",
    .run = board,
};
