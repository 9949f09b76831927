#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/fpga_scripts/run.sh BUILD_DIR
#
# How scripts/bitstream.sh and scripts/flash.sh judge: with stand-ins for the tools, which print what
# the real ones print when a clock is met, is missed, a design does not fit, a tool crashes or is
# missing, or no board answers.
#
# GSP   the gsp program; default: BUILD_DIR/bin/gsp
#
# Exit codes: 0 pass, 1 a case failed, 2 wrong usage.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
case ${1:-} in -h | --help) gsp_usage "${BASH_SOURCE[0]}" && exit 0 ;; esac
[ $# -eq 1 ] || gsp_die 2 "usage: tests/fpga_scripts/run.sh BUILD_DIR"
GSP=$(realpath "${GSP:-$1/bin/gsp}")
[ -x "$GSP" ] || gsp_die 2 "GSP=$GSP: not a program"
export GSP
gsp_tmpdir

# tool NAME TEXT [CODE]: a stand-in that prints TEXT.
tool() {
    printf '%s\n' "$2" >"$GSP_TMP/$1.txt"
    # shellcheck disable=SC2016 # for the stand-in to expand
    printf '#!/bin/sh\ncat "%s"\nfor last; do :; done\n[ %s = icepack ] && echo bits >"$last"\nexit %s\n' \
        "$GSP_TMP/$1.txt" "$1" "${3:-0}" >"$GSP_TMP/bin/$1"
    chmod +x "$GSP_TMP/bin/$1"
}
mkdir "$GSP_TMP/bin"
cases=0 failed=0
# expect CODE PATTERN SCRIPT ARGUMENT...
expect() {
    local wanted=$1 pattern=$2 script=$3 code=0
    shift 3
    cases=$((cases + 1))
    PATH=$GSP_TMP/bin:$PATH "$GSP_ROOT/scripts/$script.sh" "$@" >"$GSP_TMP/out" 2>&1 || code=$?
    if [ $code -ne "$wanted" ] || ! grep -qE -- "$pattern" "$GSP_TMP/out" ||
        { [ "$wanted" -ne 0 ] && grep -q PASS "$GSP_TMP/out"; }; then
        failed=$((failed + 1))
        echo "FAILED: $script $*: exit code $code, wanted $wanted and '$pattern'"
        sed 's/^/    /' "$GSP_TMP/out"
    fi
}
out=$GSP_TMP/made
met="Info: Max frequency for clock 'clk': 4.00 MHz (FAIL at 6.00 MHz)
Info: Max frequency for clock 'clk': 14.36 MHz (PASS at 6.00 MHz)"
missed="Info: Max frequency for clock 'clk': 13.00 MHz (PASS at 6.00 MHz)
Info: Max frequency for clock       'other': 275.25 MHz (PASS at 6.00 MHz)
Warning: Max frequency for clock 'clk': 5.01 MHz (FAIL at 6.00 MHz)
Info: Max frequency for clock       'other': 263.16 MHz (PASS at 6.00 MHz)"

tool yosys '' && tool icepack ''
tool nextpnr-ice40 "$missed"
expect 1 'FAIL bitstream icebreaker lif: 5.01 MHz' bitstream icebreaker lif --out "$out"
cases=$((cases + 1))
[ ! -e "$out/design.bin" ] || { failed=$((failed + 1)); echo 'FAILED: a bitstream that misses its clock'; }
expect 2 'design.bin: missing' flash icebreaker lif --out "$out"
tool nextpnr-ice40 "$met"
expect 0 '^PASS bitstream icebreaker lif: 14.36 MHz' bitstream icebreaker lif --out "$out"
expect 0 '^lif, form array' bitstream icebreaker lif --form array --parameter NEURONS=16 --small --out "$out"
expect 2 'none of neuron, step, array' bitstream icebreaker lif --form serial
tool nextpnr-ice40 'Info: nothing'
expect 3 'told no frequency' bitstream icebreaker lif --out "$out"
tool nextpnr-ice40 'ERROR: Failed to expand region (0, 0) |_> (13, 17) of 1857 ICESTORM_LCs' 255
expect 1 'does not fit' bitstream icestick lif --out "$out"
tool nextpnr-ice40 'ERROR: terminate called' 134
expect 3 'nextpnr-ice40 failed' bitstream icestick lif --out "$out"
tool nextpnr-ice40 "$met" && tool icepack 'crash' 1
expect 3 'icepack failed' bitstream icebreaker lif --out "$out"
tool yosys 'ERROR: syntax error' 1
expect 3 'yosys failed' bitstream icebreaker lif --out "$out"
expect 2 "no board 'x'; there are:.*icebreaker" bitstream x lif
expect 2 "no model 'x'" bitstream icebreaker x
expect 2 'no field|unknown field|fractoin' bitstream icebreaker lif --set fractoin=1
expect 2 'name a board and a model' bitstream icebreaker
expect 2 "unknown option '--fast'" bitstream icebreaker lif --fast
expect 0 'Exit codes' bitstream --help
GSP=$GSP_TMP/none expect 3 'build first' bitstream icebreaker lif

tool iceprog "init..
Can't find iCE FTDI USB device (vendor_id 0x0403, device_id 0x6010 or 0x6014)." 2
expect 3 'no board answers' flash icebreaker lif --out "$out"
tool iceprog 'VERIFY failed' 3
expect 3 'iceprog failed' flash icebreaker lif --out "$out"
tool iceprog 'VERIFY OK'
expect 0 'gsp hil lif --port' flash icebreaker lif --out "$out"
expect 2 "no board 'x'" flash x lif
expect 0 'Exit codes' flash --help

[ $failed -eq 0 ] || { echo "FAIL fpga_scripts: $failed of $cases cases"; exit 1; }
echo "PASS fpga_scripts: $cases cases"
