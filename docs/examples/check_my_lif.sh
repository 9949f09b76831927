#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# docs/examples/check_my_lif.sh [OPTIONS of gsp cosim]
#
# Runs my_lif.v (or the file named by $RTL) in lockstep with the golden model `lif`. Each --port
# says what a field is called there; FIELD= alone says that there is no such port.
# GSP names the gsp program. Exit codes: those of gsp.
set -euo pipefail
rtl=${RTL:-$(dirname "${BASH_SOURCE[0]}")/my_lif.v}

exec "${GSP:-gsp}" cosim lif --rtl "$rtl" --top my_lif --no-parameters \
    --port rst_n=~reset --port en= \
    --port leak_k=leak --port gain_k=weight --port i_t=current --port noise_in=noise \
    --port v=membrane --port spike=fire --port refractory_count= --port v_out= \
    --port v_rest= --port v_reset= --port v_threshold= \
    --port refractory_period= --port reset_mode= --port saturate= \
    "$@"
