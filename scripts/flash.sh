#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# scripts/flash.sh BOARD MODEL [--out DIR]
#
# Writes the bitstream that scripts/bitstream.sh made into the flash of the board, through USB.
#
#   --out DIR  where design.bin is; default: build/fpga/BOARD-MODEL
#
# Exit codes: 0 written and verified, 2 wrong usage or no bitstream, 3 iceprog is missing, no board
# answers, or writing failed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

words=() out=''
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) gsp_usage "${BASH_SOURCE[0]}" && exit 0 ;;
    --out)
        [ $# -ge 2 ] || gsp_die 2 "--out needs a value"
        out=$2
        shift
        ;;
    -*) gsp_die 2 "unknown option '$1'; see scripts/flash.sh --help" ;;
    *) words+=("$1") ;;
    esac
    shift
done
[ ${#words[@]} -eq 2 ] || gsp_die 2 "name a board and a model; see scripts/flash.sh --help"
board=${words[0]} model=${words[1]}
[[ $board =~ ^[a-z0-9_]+$ && -f $GSP_ROOT/fpga/boards/$board/board.txt ]] ||
    gsp_die 2 "no board '$board'; there are: $(cd "$GSP_ROOT/fpga/boards" && echo *)"
: "${out:=$GSP_ROOT/build/fpga/$board-$model}"
[ -f "$out/design.bin" ] || gsp_die 2 "$out/design.bin: missing; run scripts/bitstream.sh $board $model"
command -v iceprog >/dev/null || gsp_die 3 "iceprog is missing. Run scripts/setup.sh --fpga (package fpga-icestorm)"
gsp_tmpdir
if ! iceprog "$out/design.bin" >"$GSP_TMP/log" 2>&1; then
    tail -n 5 "$GSP_TMP/log" >&2
    if grep -qi "can't find iCE FTDI" "$GSP_TMP/log"; then
        gsp_die 3 "no board answers: is it plugged in, and may you use it (udev rule for the FTDI chip, group plugdev)?"
    fi
    gsp_die 3 "iceprog failed"
fi
baud=$(sed -n 's/^baud=//p' "$GSP_ROOT/fpga/boards/$board/board.txt")
echo "PASS flash $board $model: now  gsp hil $model --port /dev/ttyUSB1 --baud $baud"
