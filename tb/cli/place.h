/* SPDX-License-Identifier: Apache-2.0 */
/* Where the parts of the project lie, and how programs are run. */
#ifndef GSP_PLACE_H
#define GSP_PLACE_H

#include <stdbool.h>
#include <stddef.h>

#include "goldenspike/trace.h"

enum { PLACE_MAX = 480 };

typedef struct gsp_place {
    char home[PLACE_MAX]; /* holds rtl/ and tb/: the source tree, or share/goldenspike of an installation */
    char lib[PLACE_MAX];  /* holds the static libraries and gsp.vpi */
    char work[PLACE_MAX]; /* benches and runs */
} gsp_place;

/*
 * Home is $GSP_HOME, an installation's share/goldenspike, or the sources of a build tree.
 * `work`: NULL for $GSP_WORK, else ./gsp-work.
 */
bool gsp_place_find(gsp_place *place, const char *work, gsp_error *error);

bool gsp_exists(const char *path);
/* mkdir -p */
bool gsp_make_folder(const char *path, gsp_error *error);
/* rm -r */
void gsp_remove_folder(const char *path);
/* Path of a program in $PATH, or false. */
bool gsp_which(const char *program, char path[PLACE_MAX]);

/*
 * Runs a program and waits; its output goes to `log` (NULL: ours). Returns
 * its exit code, 128 + signal, or 127 when it could not be started.
 */
int gsp_run_program(char *const argv[], const char *log);
/* The first line a program prints, without its newline; false when it cannot run. */
bool gsp_program_line(char *const argv[], char *line, size_t size);

#endif
