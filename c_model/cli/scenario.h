/* SPDX-License-Identifier: Apache-2.0 */
/* `gsp run --si`: a run that is described in real quantities, and its comparison with a reference. */
#ifndef GSP_SCENARIO_H
#define GSP_SCENARIO_H

#include "cli.h"

typedef struct cli_scenario {
    const char *path;
    const char *dt;  /* in place of the file's time step, or NULL */
    const char *out; /* "-": standard output */
    uint64_t steps;  /* 0: as long as the file says */
    bool summary;
} cli_scenario;

int cli_scenario_run(const gsp_verb *verb, cli_common *common, const cli_scenario *scenario);

#endif
