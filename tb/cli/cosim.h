/* SPDX-License-Identifier: Apache-2.0 */
/* What `gsp cosim` shares with the other verbs that run the lockstep core or write a bench. */
#ifndef GSP_COSIM_H
#define GSP_COSIM_H

#include "cli.h"
#include "lockstep.h"

/* report.txt of the run's folder, to standard output. */
void gsp_print_report(const char *folder);
/* The verdict in one line. */
void gsp_print_line(const gsp_job *job, const gsp_record *record);
/* What the verdicts other than PASS and MISMATCH mean. */
void gsp_explain_verdict(const gsp_record *record);
/* command.txt, from which `gsp replay` repeats the run: `words` are arguments of `gsp cosim`, NULL last. */
bool gsp_save_command(const gsp_job *job, char *const *words);
/* NAME=INTEGER, both as Verilog takes them. */
bool gsp_is_parameter(const char *text);
/*
 * The array form's parameters that the golden side knows too: NEURONS and OWN_PARAMS; NULL where that
 * must be 0. False and a message when one is out of range.
 */
bool gsp_array_parameters(const gsp_verb *verb, gsp_form form, char *const parameters[],
                          unsigned n_parameters, uint32_t *neurons, bool *own_params);
/* A form that boards take. */
int cli_board_form(const gsp_verb *verb, const char *text, gsp_form *form);

#endif
