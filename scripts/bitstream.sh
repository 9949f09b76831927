#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# scripts/bitstream.sh BOARD MODEL [OPTIONS]
#
# Makes the bitstream of a board of fpga/boards with the neuron of the model in it, for `gsp hil`.
# Prints what it takes of the device, and the highest clock against the board's.
#
#   --form FORM             neuron (default), step or array, as for gsp board
#   --set NAME=VALUE        configuration of the model, as for gsp board
#   --preset NAME           likewise
#   --parameter NAME=VALUE  a Verilog parameter of the neuron: MULTIPLIER=1 is for boards without DSP blocks
#   --small                 without full speed, for a small device
#   --seed N                of the placer (1)
#   --out DIR               where design.bin goes; default: build/fpga/BOARD-MODEL
#
# GSP  the gsp program; default: build/release/bin/gsp
#
# Exit codes: 0 made, 1 it does not fit or misses the board's clock (no design.bin then), 2 wrong
# usage, 3 a tool is missing or crashed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

words=() options=() out='' seed=1 small=
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) gsp_usage "${BASH_SOURCE[0]}" && exit 0 ;;
    --form | --set | --preset | --parameter | --seed | --out)
        [ $# -ge 2 ] || gsp_die 2 "$1 needs a value"
        case $1 in
        --seed) seed=$2 ;;
        --out) out=$2 ;;
        *) options+=("$1" "$2") ;;
        esac
        shift
        ;;
    --small) small=-DGSP_BOARD_SMALL ;;
    -*) gsp_die 2 "unknown option '$1'; see scripts/bitstream.sh --help" ;;
    *) words+=("$1") ;;
    esac
    shift
done
[ ${#words[@]} -eq 2 ] || gsp_die 2 "name a board and a model; see scripts/bitstream.sh --help"
board=${words[0]} model=${words[1]}
folder=$GSP_ROOT/fpga/boards/$board
[[ $board =~ ^[a-z0-9_]+$ && -f $folder/board.txt ]] ||
    gsp_die 2 "no board '$board'; there are: $(cd "$GSP_ROOT/fpga/boards" && echo *)"
[[ $seed =~ ^[0-9]{1,9}$ ]] || gsp_die 2 "--seed: '$seed' is not a number"
: "${GSP:=$GSP_ROOT/build/release/bin/gsp}"
[ -x "$GSP" ] || gsp_die 3 "$GSP: not a program; build first (cmake --preset release && cmake --build --preset release)"
missing=()
for tool in yosys nextpnr-ice40 icepack; do
    command -v "$tool" >/dev/null || missing+=("$tool")
done
[ ${#missing[@]} -eq 0 ] || gsp_die 3 "missing: ${missing[*]}. Run scripts/setup.sh --fpga"
gsp_tmpdir

value() { # value KEY: of the board
    sed -n "s/^$1=//p" "$folder/board.txt"
}
clock=$(value clock_mhz)
read -ra device <<<"$(value nextpnr)"

"$GSP" board "$model" --out "$GSP_TMP/dut" "${options[@]}" >"$GSP_TMP/log" || exit $?
sed 's|^[^:]*: ||' "$GSP_TMP/log"
rtl=$GSP_ROOT/rtl
files=("$GSP_TMP/dut/gsp_board_dut.v" "$GSP_ROOT/fpga/gsp_board.v" "$folder/top.v"
    "$rtl"/common/*.v "$rtl"/board/*.v "$rtl/$model"/*.v)
yosys -q -p "read_verilog $small -I$rtl/common ${files[*]}; synth_ice40 $(value synth) -top top -json $GSP_TMP/design.json" \
    >"$GSP_TMP/log" 2>&1 || {
    tail -n 5 "$GSP_TMP/log" >&2
    if grep -q 'does not have a parameter' "$GSP_TMP/log"; then gsp_die 2 "--parameter: see above"; fi
    gsp_die 3 "yosys failed"
}
code=0
nextpnr-ice40 "${device[@]}" --json "$GSP_TMP/design.json" --pcf "$folder/$board.pcf" --asc "$GSP_TMP/design.asc" \
    --freq "$clock" --seed "$seed" --timing-allow-fail >"$GSP_TMP/log" 2>&1 || code=$?
sed -n 's/^Info: *\t* *\(ICESTORM_LC\|ICESTORM_RAM\|ICESTORM_DSP\): */  \1 /p' "$GSP_TMP/log"
if [ $code -ne 0 ]; then
    grep '^ERROR' "$GSP_TMP/log" >&2 || tail -n 5 "$GSP_TMP/log" >&2
    # A device that is full is an answer; anything else is not.
    if grep -qE 'Unable to place cell|failed to place|Failed to expand region|Unable to find legal placement|no BELs remaining' "$GSP_TMP/log"; then
        echo "FAIL bitstream $board $model: does not fit"
        exit 1
    fi
    gsp_die 3 "nextpnr-ice40 failed"
fi
# The slowest clock; of several lines for one, as of placement and of routing, the last counts. One that is
# missed is a warning.
reached=$(sed -n "s/^[A-Za-z]*: Max frequency for clock *'\(.*\)': *\([0-9.]*\) MHz.*/\1 \2/p" "$GSP_TMP/log" |
    awk '{ last[$1] = $2 } END { for (c in last) if (!n++ || last[c] < min) min = last[c]; if (n) print min }')
[ -n "$reached" ] || gsp_die 3 "nextpnr-ice40 told no frequency"
if awk "BEGIN { exit !($reached < $clock) }"; then
    echo "FAIL bitstream $board $model: $reached MHz, the board's clock is $clock MHz"
    exit 1
fi
icepack "$GSP_TMP/design.asc" "$GSP_TMP/design.bin" || gsp_die 3 "icepack failed"
: "${out:=$GSP_ROOT/build/fpga/$board-$model}"
{ mkdir -p "$out" && mv "$GSP_TMP/design.bin" "$out/design.bin"; } || gsp_die 3 "$out: cannot write"
echo "PASS bitstream $board $model: $reached MHz (the board's clock is $clock MHz), ${out#"$GSP_ROOT"/}/design.bin"
