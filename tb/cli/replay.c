/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "lockstep.h"
#include "place.h"

enum { MAX_WORDS = 128, BEFORE = 24, AFTER = 2 };

/* A line without its newline; false at the end and when it does not fit. */
static bool read_line(FILE *file, char line[600]) {
    if (!fgets(line, 600, file) || !strchr(line, '\n'))
        return false;
    line[strcspn(line, "\n")] = '\0';
    return true;
}

static int replay_folder(const gsp_verb *verb, const char *folder, const char *wave) {
    char path[2 * PLACE_MAX], window[64], target[2 * PLACE_MAX], words[MAX_WORDS][600], here[600];
    char name[] = "cosim", wave_option[] = "--wave", folder_option[] = "--folder";
    gsp_record first, second;
    gsp_error error;
    snprintf(path, sizeof path, "%.900s/record.txt", folder);
    if (!gsp_record_read(&first, path, &error))
        return cli_error(verb, "%s is not the folder of a finished run: %s", folder, error.text);
    snprintf(path, sizeof path, "%.900s/command.txt", folder);
    FILE *file = fopen(path, "r");
    if (!file)
        return cli_error(verb, "%s: missing", path);
    char *argv[MAX_WORDS + 8];
    int argc = 0;
    argv[argc++] = name;
    const bool placed = read_line(file, here);
    for (; argc < MAX_WORDS && read_line(file, words[argc]); argc++)
        argv[argc] = words[argc];
    const bool whole = feof(file) != 0;
    fclose(file);
    /* Paths in the command are as they were given. */
    if (!placed || !whole || chdir(here) != 0)
        return cli_error(verb, "%s: cannot repeat this command from here", path);
    const uint64_t from = first.fail_cycle > BEFORE ? first.fail_cycle - BEFORE : 0;
    snprintf(window, sizeof window, "%" PRIu64 ":%" PRIu64, from, first.fail_cycle + AFTER);
    if (wave)
        snprintf(window, sizeof window, "%.60s", wave);
    snprintf(target, sizeof target, "%.900s/replay", folder);
    char *const extra[] = {wave_option, window, folder_option, target};
    for (size_t i = 0; i < sizeof extra / sizeof extra[0]; i++)
        argv[argc++] = extra[i];
    argv[argc] = NULL;
    gsp_remove_folder(target);
    optind = 1;
    const int code = gsp_verb_cosim.run(&gsp_verb_cosim, argc, argv);
    if (code > EXIT_MISMATCH)
        return code;
    snprintf(path, sizeof path, "%.900s/record.txt", target);
    if (!gsp_record_read(&second, path, &error))
        return cli_environment(verb, "%s", error.text);
    if (strcmp(first.verdict, second.verdict) == 0 && first.fail_cycle == second.fail_cycle)
        printf("reproduced: %s at cycle %" PRIu64 ", as recorded\n", second.verdict, second.fail_cycle);
    else
        printf("NOT reproduced: recorded %s at cycle %" PRIu64 ", now %s at cycle %" PRIu64 "\n",
               first.verdict, first.fail_cycle, second.verdict, second.fail_cycle);
    return code;
}

static int replay(const gsp_verb *verb, int argc, char **argv) {
    enum { OPT_WAVE = OPT_FIRST };
    static const struct option options[] = {{"wave", required_argument, NULL, OPT_WAVE},
                                            {"help", no_argument, NULL, OPT_HELP},
                                            {NULL, 0, NULL, 0}};
    const char *wave = NULL;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        if (option == OPT_HELP)
            return cli_help(verb);
        if (option != OPT_WAVE)
            return cli_bad_option(verb, argv);
        wave = optarg;
    }
    if (optind + 1 != argc)
        return cli_error(verb, "name one failure folder");
    char *folder = realpath(argv[optind], NULL);
    if (!folder)
        return cli_error(verb, "%s: %s", argv[optind], strerror(errno));
    const int code = replay_folder(verb, folder, wave);
    free(folder);
    return code;
}

const gsp_verb gsp_verb_replay = {
    .name = "replay",
    .summary = "run a failure folder again, with a waveform of the window around the mismatch",
    .usage =
        "usage: gsp replay FOLDER [--wave A:B]\n\n"
        "FOLDER is what a failed `gsp cosim` left. The run is repeated, the waveform of the cycles before\n"
        "the mismatch is written to FOLDER/replay/wave.vcd, and it is said whether the mismatch came again.\n"
        "Exit codes: 1 it fails (again), 0 it passes now.\n",
    .run = replay,
};
