#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# scripts/area.sh [MODEL...]
#
# Synthesises what fpga/budgets.json lists for the models (default: all) with Yosys, prints
# what each entry takes and compares it with its budget. Exit: 0 within, 1 over budget,
# 2 usage or bad data, 3 a tool is missing or crashed.
set -u
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
case ${1-} in -h | --help) gsp_usage "$0"; exit 0 ;; esac
gsp_need yosys python3
gsp_tmpdir
python3 "$GSP_ROOT/scripts/area.py" "$GSP_ROOT" "$GSP_TMP" "$GSP_JOBS" "$@"
