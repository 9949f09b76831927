/* SPDX-License-Identifier: Apache-2.0 */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static int list(const gsp_verb *verb, int argc, char **argv) {
    static const struct option options[] = {
        {"json", no_argument, NULL, OPT_JSON}, {"help", no_argument, NULL, OPT_HELP}, {NULL, 0, NULL, 0}};
    bool json = false;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, "jh", options, NULL)) != -1;) {
        if (option == OPT_HELP)
            return cli_help(verb);
        if (option != OPT_JSON)
            return cli_bad_option(verb, argv);
        json = true;
    }
    if (optind < argc)
        return cli_error(verb, "unexpected argument '%s'", argv[optind]);
    if (!json) {
        for (const gsp_model *const *m = gsp_models; *m; m++)
            printf("%-22s %s\n", (*m)->name, (*m)->title);
        return EXIT_PASS;
    }
    cJSON *array = cJSON_CreateArray();
    for (const gsp_model *const *m = gsp_models; *m; m++) {
        cJSON *item = cJSON_CreateObject();
        cJSON_AddStringToObject(item, "name", (*m)->name);
        cJSON_AddStringToObject(item, "title", (*m)->title);
        cJSON_AddStringToObject(item, "source", (*m)->source);
        cJSON_AddItemToArray(array, item);
    }
    char *text = cJSON_Print(array);
    printf("%s\n", text);
    free(text);
    cJSON_Delete(array);
    return EXIT_PASS;
}

const gsp_verb gsp_verb_list = {
    .name = "list",
    .summary = "the models",
    .usage = "usage: gsp list [--json]\n",
    .run = list,
};
