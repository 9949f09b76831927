/* SPDX-License-Identifier: Apache-2.0 */
/* What the verbs of the gsp command share. */
#ifndef GSP_CLI_H
#define GSP_CLI_H

#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "goldenspike/encode.h"
#include "goldenspike/model.h"
#include "goldenspike/trace.h"

/* Exit codes, everywhere in the project. */
enum { EXIT_PASS = 0, EXIT_MISMATCH = 1, EXIT_USAGE = 2, EXIT_ENVIRONMENT = 3 };

typedef struct gsp_verb {
    const char *name;
    const char *summary;
    const char *usage; /* the text of --help, after the first line */
    int (*run)(const struct gsp_verb *verb, int argc, char **argv);
} gsp_verb;

#define GSP_VERB(name) extern const gsp_verb gsp_verb_##name;
#include "verbs.def"
#undef GSP_VERB

/* "gsp VERB: message" on stderr; returns EXIT_USAGE. */
int cli_error(const gsp_verb *verb, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same for a problem of the machine; returns EXIT_ENVIRONMENT. */
int cli_environment(const gsp_verb *verb, const char *format, ...) __attribute__((format(printf, 2, 3)));
int cli_help(const gsp_verb *verb);

/* Options that most verbs take, and what they were given. */
typedef struct cli_common {
    const gsp_model *model;
    gsp_settings settings; /* --preset and --set, in their order */
    bool json;
} cli_common;

enum { OPT_SET = 's', OPT_PRESET = 'p', OPT_JSON = 'j', OPT_HELP = 'h', OPT_FIRST = 256 };
#define CLI_COMMON_OPTIONS                                                                      \
    {"set", required_argument, NULL, OPT_SET}, {"preset", required_argument, NULL, OPT_PRESET}, \
        {"json", no_argument, NULL, OPT_JSON}, {                                                \
        "help", no_argument, NULL, OPT_HELP                                                     \
    }
#define CLI_COMMON_SHORT "s:p:jh"

/*
 * Finds the model named by argv[1] and takes it out of the arguments, so that
 * getopt_long can follow. 0, or an exit code after a message; `*done` is set
 * when the verb has nothing left to do (--help).
 */
int cli_model(const gsp_verb *verb, int *argc, char ***argv, cli_common *common, bool *done);
/* Handles a common option. -1: it was none of them; else an exit code (0: go on), --help sets *done. */
int cli_common_option(const gsp_verb *verb, int option, cli_common *common, bool *done);
/* The message for an option getopt_long refused. */
int cli_bad_option(const gsp_verb *verb, char **argv);
void cli_common_free(cli_common *common);

/* Parses an unsigned number with a legal range; false after a message. */
bool cli_number(const gsp_verb *verb, const char *option, const char *text, uint64_t min, uint64_t max,
                uint64_t *value);

/* Reads quantity `name` of a model with an encoder into its place in value; false after a message. */
bool cli_quantity(const gsp_verb *verb, const gsp_model *model, const char *where, const char *name,
                  const char *text, double *value);

/* Registers that follow from real quantities. */
typedef struct cli_encoded {
    gsp_frame frame; /* params and in */
    gsp_field fields[GSP_MAX_FIELDS];
    uint64_t *words; /* of the tables; params points into them */
} cli_encoded;

/* Settings, then the quantities. 0, or an exit code after a message, and then there is nothing to free. */
int cli_encode(const gsp_verb *verb, cli_common *common, const double *value, cli_encoded *encoded);
void cli_encoded_free(cli_encoded *encoded);
/* A warning on standard error where legal values give a poor model; `held` as for gsp_encoder.caution. */
void cli_caution(const gsp_verb *verb, const gsp_model *model, const double *value, double held);

#endif
