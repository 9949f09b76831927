#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# scripts/area.sh [OPTIONS] [MODEL...]
#
# Synthesises what fpga/budgets.json lists for the models (default: all) with Yosys for
# iCE40, prints what each entry takes and compares it with its budget.
#
#   --fmax           also place and route for iCE40 hx8k (ct256) and up5k (sg48), and for
#                    ECP5 (25k) where nextpnr-ecp5 is installed: the clock that is reached,
#                    median of three seeds, and the updates per second
#   --recorded       only entries with a recorded clock, and the devices it is recorded for
#   --changed        every entry, and the clock of those with a recorded one whose netlist is not
#                    the one it is recorded for: the same netlist, seed and nextpnr give the
#                    same clock. The digest to record is printed, and is in the output of --json.
#                    An entry is not even synthesised where all that decides what Yosys makes of it
#                    is as it is recorded in fpga/recorded.json: its row says "(recorded)"
#   --synthesise M   with --changed: the entries of model M are synthesised all the same. May be repeated
#   --record         write what was synthesised into fpga/recorded.json, with a digest of all that decides
#                    it: the Verilog, the entry, Yosys, its ABC and its cell libraries, scripts/area.py
#   --all-targets    also what ECP5 (synth_ecp5) and Xilinx 7 (synth_xilinx) take; not judged
#   --json           one JSON object instead of the tables
#   --budgets FILE   instead of fpga/budgets.json
#
# Judged are the caps in an entry's `budget` and, against its `measured` values, +2 % LUT4
# and -5 % clock; all of it only with the tool versions named in the file: with others the
# figures are printed, not judged, and the last line says so. What is synthesised of the recorded
# inputs has to be what is recorded.
# For the clock the module stands between shift registers: one drives every input, one
# captures every output.
# nextpnr-ice40 0.4 takes the ports of a DSP block for registers: with DSP blocks the delay
# through a multiplier is not in the clock.
#
# Exit: 0 within (or not judged), 1 over budget, 2 usage or bad data, 3 a tool is missing
# or crashed.
set -u
# shellcheck source=scripts/lib.sh
. "$(dirname "$0")/lib.sh"
fmax=0
for arg; do
    case $arg in
    -h | --help) gsp_usage "$0"; exit 0 ;;
    --fmax | --changed) fmax=1 ;;
    esac
done
gsp_need yosys python3
if [ $fmax = 1 ] && ! command -v nextpnr-ice40 >/dev/null; then
    gsp_die 3 "missing: nextpnr-ice40. Run scripts/setup.sh --timing"
fi
gsp_tmpdir
python3 "$GSP_ROOT/scripts/area.py" "$GSP_ROOT" "$GSP_TMP" "$GSP_JOBS" "$@"
