/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "cli.h"

#ifndef GSP_VERSION
#define GSP_VERSION "unknown"
#endif

static const gsp_verb *const verbs[] = {
#define GSP_VERB(name) &gsp_verb_##name,
#include "verbs.def"
#undef GSP_VERB
};

static void help(FILE *file) {
    fprintf(file, "gsp: bit-exact golden models of neuromorphic neurons, and their RTL in lockstep\n\n"
                  "usage: gsp VERB [MODEL] [OPTIONS]\n\n");
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        fprintf(file, "  %-10s %s\n", verbs[i]->name, verbs[i]->summary);
    fprintf(file, "\n`gsp VERB --help` tells more. Exit codes: 0 pass, 1 mismatch, 2 usage or bad data,\n"
                  "3 environment (a tool is missing, a simulator crashed).\n");
}

static int run_verb(int argc, char **argv) {
    if (argc < 2) {
        help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        help(stdout);
        return EXIT_PASS;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("gsp (Goldenspike) %s\n", GSP_VERSION);
        return EXIT_PASS;
    }
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(argv[1], verbs[i]->name) == 0)
            return verbs[i]->run(verbs[i], argc - 1, argv + 1);
    fprintf(stderr, "gsp: no verb '%s'; `gsp --help` lists them\n", argv[1]);
    return EXIT_USAGE;
}

int main(int argc, char **argv) {
    const int code = run_verb(argc, argv);
    /* An answer that did not arrive (a full disk) was not given. */
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fprintf(stderr, "gsp: standard output: cannot write: %s\n", strerror(errno));
    return EXIT_ENVIRONMENT;
}
