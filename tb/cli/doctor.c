/* SPDX-License-Identifier: Apache-2.0 */
#include <cjson/cJSON.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "place.h"

/* The tools, what each is for, its floor, and the Debian package that brings it. */
typedef struct tool {
    const char *name, *option, *purpose, *package, *floor;
    bool required;
} tool;

static const tool tools[] = {
    {"cc", "--version", "the C library and the command", "gcc", "", true},
    {"c++", "--version", "benches under Verilator", "g++", "", true},
    {"cmake", "--version", "the build", "cmake", "3.21", true},
    {"verilator", "--version", "lockstep, lint", "verilator", "5.006", true},
    {"iverilog", "-V", "lockstep", "iverilog", "11", true},
    {"vvp", "-V", "lockstep", "iverilog", "11", true},
    {"yosys", "-V", "area, lint", "yosys", "0.23", true},
    {"python3", "--version", "reports", "python3", "3.8", true},
    {"nextpnr-ice40", "--version", "place and route", "nextpnr-ice40", "0.4", false},
    {"icepack", NULL, "bitstreams", "fpga-icestorm", "", false},
    {"clang", "--version", "second compiler, lint", "clang", "", false},
    {"clang-format", "--version", "lint", "clang-format", "", false},
    {"clang-tidy", "--version", "lint", "clang-tidy", "", false},
};

/* The first number with a dot, or else the first number, of a version line. */
static const char *version_in(const char *line, char version[32]) {
    const char *best = NULL;
    for (const char *c = line; *c; c++) {
        if (!isdigit((unsigned char)*c) || (c > line && (isalnum((unsigned char)c[-1]) || c[-1] == '.')))
            continue;
        const size_t n = strspn(c, "0123456789.");
        if (!best || (memchr(c, '.', n) && !memchr(best, '.', strspn(best, "0123456789."))))
            best = c;
        c += n - 1;
    }
    snprintf(version, 32, "%.*s", best ? (int)strspn(best, "0123456789.") : 0, best ? best : "");
    return version;
}

static bool below(const char *version, const char *floor) {
    while (*floor) {
        char *v_end, *f_end;
        const long v = strtol(version, &v_end, 10), f = strtol(floor, &f_end, 10);
        if (v != f)
            return v < f;
        version = *v_end == '.' ? v_end + 1 : v_end;
        floor = *f_end == '.' ? f_end + 1 : f_end;
    }
    return false;
}

static int doctor(const gsp_verb *verb, int argc, char **argv) {
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

    int missing = 0;
    char packages[400] = "";
    cJSON *root = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(root, "tools");
    for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++) {
        const tool *t = &tools[i];
        char path[PLACE_MAX], line[200] = "", version[32] = "", name[32], option[16];
        snprintf(name, sizeof name, "%s", t->name);
        snprintf(option, sizeof option, "%s", t->option ? t->option : "");
        char *const command[] = {name, option, NULL};
        const bool found = gsp_which(t->name, path);
        const bool runs = found && (!t->option || gsp_program_line(command, line, sizeof line));
        if (runs)
            (void)version_in(line, version);
        /* What does not tell its version cannot be trusted to be new enough. */
        const bool broken = !runs || (*t->floor && !*version);
        const bool old = !broken && *t->floor && below(version, t->floor);
        const char *state = !found ? "missing" : broken ? "broken" : old ? "too old" : "ok";
        if (broken || old) {
            missing += t->required;
            if (!strstr(packages, t->package))
                snprintf(packages + strlen(packages), sizeof packages - strlen(packages), " %s", t->package);
        }
        if (json) {
            cJSON *item = cJSON_CreateObject();
            cJSON_AddStringToObject(item, "name", t->name);
            cJSON_AddStringToObject(item, "state", state);
            cJSON_AddStringToObject(item, "version", version);
            cJSON_AddStringToObject(item, "floor", t->floor);
            cJSON_AddStringToObject(item, "package", t->package);
            cJSON_AddBoolToObject(item, "required", t->required);
            cJSON_AddItemToArray(list, item);
        } else {
            printf("%-14s %-8s %-12s %s%s%s%s\n", t->name, state, *version ? version : "-", t->purpose,
                   *t->floor ? " (at least " : "", t->floor, *t->floor ? ")" : "");
        }
    }
    gsp_place place;
    gsp_error error = {""};
    char vpi[PLACE_MAX + 16] = "";
    /* The work folder is not made here: a look changes nothing. */
    const bool placed = gsp_place_find(&place, ".", &error);
    if (placed)
        snprintf(vpi, sizeof vpi, "%s/gsp.vpi", place.lib);
    const bool has_vpi = placed && gsp_exists(vpi);
    missing += !has_vpi;
    if (json) {
        cJSON_AddBoolToObject(root, "icarus_module", has_vpi);
        cJSON_AddNumberToObject(root, "missing", missing);
        char *text = cJSON_Print(root);
        printf("%s\n", text);
        free(text);
    } else {
        printf("%-14s %-8s %-12s Icarus adapter of this build%s\n", "gsp.vpi", has_vpi ? "ok" : "missing",
               "-", has_vpi ? "" : ": install iverilog, then configure and build again");
        if (*packages)
            printf("\nto get what is missing: scripts/setup.sh --fpga, or install the Debian packages:%s\n",
                   packages);
        printf("%s\n", missing ? "not ready" : "ready");
    }
    cJSON_Delete(root);
    return missing ? EXIT_ENVIRONMENT : EXIT_PASS;
}

const gsp_verb gsp_verb_doctor = {
    .name = "doctor",
    .summary = "the tools, their versions, what is missing and how to get it",
    .usage = "usage: gsp doctor [--json]\n\nExit code 3 when a required tool is missing or too old.\n",
    .run = doctor,
};
