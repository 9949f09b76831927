#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/hil/run.sh BUILD_DIR
#
# `gsp hil` over a pseudo-terminal against the Verilated top of a board, serial pins and all:
# runs that pass, named bugs of the neuron, bytes that are changed, lost or added in either
# direction, noise, a board that is unplugged, falls silent or holds another model. None of these
# may end as a pass, and no fault of the line may end as a mismatch of the neuron.
#
# GSP   the gsp program; default: BUILD_DIR/bin/gsp
#
# Exit codes: 0 pass, 1 a case failed, 2 wrong usage, 3 a tool is missing or a board does not build.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
case ${1:-} in -h | --help) gsp_usage "${BASH_SOURCE[0]}" && exit 0 ;; esac
[ $# -eq 1 ] || gsp_die 2 "usage: tests/hil/run.sh BUILD_DIR"
GSP=$(realpath "${GSP:-$1/bin/gsp}")
[ -x "$GSP" ] || gsp_die 2 "GSP=$GSP: not a program"
gsp_need verilator c++ make timeout
gsp_tmpdir
cd "$GSP_TMP"
export GSP_WORK=$GSP_TMP/work
unset GSP_HOME

divider=12 # pin clocks a bit, of every board at hand
least_share=70 # of the line rate, in simulated time
pid=

# build BOARD MODEL: MODEL/obj/board
build() {
    local board=$1 model=$2 fpga=$GSP_ROOT/fpga rtl=$GSP_ROOT/rtl cache=
    if command -v ccache >/dev/null; then cache=ccache; fi
    "$GSP" board "$model" --out "$model" &&
        verilator --cc --exe -O3 -DGSP_TEST_BUGS --x-assign fast --x-initial fast -Wno-fatal -Wno-lint \
            --top-module top --Mdir "$model/obj" -o board "+incdir+$rtl/common" -y "$rtl/common" -y "$rtl/board" \
            -y "$rtl/$model" -CFLAGS -std=c++17 "$model/gsp_board_dut.v" "$fpga/gsp_board.v" \
            "$fpga/boards/$board/top.v" "$GSP_ROOT/tests/hil/main.cpp" &&
        make -s OBJCACHE=$cache OPT_FAST=-O2 OPT_SLOW=-O0 OPT_GLOBAL=-O1 -C "$model/obj" -f Vtop.mk
}

# The two at once.
build icebreaker lif >lif.log 2>&1 &
job=$!
build hx8k loihi >loihi.log 2>&1 || { tail -n 20 loihi.log >&2; gsp_die 3 "the board of loihi does not build"; }
wait $job || { tail -n 20 lif.log >&2; gsp_die 3 "the board of lif does not build"; }

cases=0 failed=0
fail() {
    failed=$((failed + 1))
    printf 'FAILED: %s: %s\n' "$what" "$1"
    sed 's/^/    out: /' out | head -n 20
    sed 's/^/    err: /' err | head -n 20
}
# plug MODEL [FAULT...]: a board on $tty.
plug() {
    local model=$1
    shift
    : >name
    "$model/obj/board" $divider "$@" >name 2>board.log &
    pid=$!
    for _ in $(seq 100); do
        tty=$(head -n 1 name)
        [ -z "$tty" ] || return 0
        sleep 0.05
    done
    gsp_die 3 "the board of $model did not start: $(cat board.log)"
}
unplug() {
    # It ends by itself when the port is closed, unless nobody ever opened it.
    for _ in $(seq 40); do
        kill -0 $pid 2>/dev/null || break
        sleep 0.05
    done
    kill $pid 2>/dev/null || :
    wait $pid 2>/dev/null || :
}
# expect CODE STREAM PATTERN WHAT ARGUMENT...: one run of `gsp hil`.
expect() {
    local wanted=$1 stream=$2 pattern=$3 code=0
    what=$4
    shift 4
    cases=$((cases + 1))
    timeout 60 "$GSP" hil "$@" >out 2>err </dev/null || code=$?
    if [ $code -ne "$wanted" ]; then
        fail "exit code $code, wanted $wanted"
    elif ! grep -qE -- "$pattern" "$stream"; then
        fail "std$stream lacks '$pattern'"
    elif [ "$wanted" -ne 0 ] && grep -q PASS out; then
        fail 'not good, and yet a PASS'
    elif [ "$wanted" -gt 1 ] && grep -q MISMATCH out; then
        fail 'no verdict, and yet a MISMATCH'
    fi
}
# run CODE STREAM PATTERN MODEL "FAULTS" ARGUMENT...: the same with a board of its own.
run() {
    local code=$1 stream=$2 pattern=$3 model=$4 faults=$5
    shift 5
    # shellcheck disable=SC2086 # several words
    plug "$model" $faults
    expect "$code" "$stream" "$pattern" "$model${faults:+ $faults} $*" "$model" --port "$tty" "$@"
    unplug
}
share() { # of the board's last run
    sed -n 's/.* \([0-9.]*\) % of the line rate.*/\1/p' board.log
}

# What is right passes, and uses the line.
for model in lif loihi; do
    run 0 out "^PASS $model board 1500 steps" $model '' --steps 1500 --seed 7
    got=$(share)
    what="$model: line rate"
    cases=$((cases + 1))
    awk "BEGIN { exit !(\"$got\" + 0 >= $least_share) }" || fail "used ${got:-nothing} %, wanted $least_share %"
    echo "hil: $model: $got % of the line rate"
done
run 0 out '^PASS lif board 300 steps' lif '' --steps 300 --level 1 --set refractory_period=3
"$GSP" run lif --steps 400 --out push.csv i_t=100 gain_k=256 leak_k=20
run 0 out '^PASS lif board 400 steps, trace push.csv, 1600 trace values' lif '' --in push.csv

# Faults of the neuron are mismatches, with the report of every lockstep run.
run 1 out '^MISMATCH lif board' lif +gsp_bug=3 --steps 2000
cases=$((cases + 1)) what='report of lif'
for pattern in '<-- differs' '^  gsp step lif ' '^  gsp replay '; do
    grep -qE -- "$pattern" out || fail "lacks '$pattern'"
done
cases=$((cases + 1)) what='reproducer of lif' code=0
PATH=$(dirname "$GSP"):$PATH bash -c "$(sed -n '/^reproduce/{n;s/^ *//p}' out)" >again 2>&1 || code=$?
[ "$code" -eq 1 ] || fail "exit code $code, wanted 1"
run 1 out '^MISMATCH lif board' lif +gsp_bug=17 --steps 2000 # en is not looked at
run 1 out '^MISMATCH loihi board' loihi +gsp_bug=1 --steps 2000
sed 's/^\([0-9]*,\(.*,\)\?\)/\1/; 100,$s/,0$/,1/' push.csv | grep -v '^# end' >wrong.csv
run 1 out 'GOLDEN MODEL DIFFERS FROM THE TRACE' lif '' --in wrong.csv

# Faults of the line are neither passes nor mismatches.
for fault in flip drop add; do
    for way in in out; do
        run 3 err 'bytes were lost or changed|stopped answering|not as a Goldenspike board' lif $fault-$way=2000 --steps 300
    done
done
run 3 err 'bytes were lost or changed' loihi flip-in=150 --steps 100 # in a param
# Before the run the board is found again.
run 0 out '^PASS lif board 100 steps' lif noise=300 --steps 100
run 0 out '^PASS lif board 100 steps' lif flip-in=3 --steps 100
run 0 out '^PASS lif board 100 steps' lif drop-out=5 --steps 100
run 0 out '^PASS lif board 100 steps' lif add-out=1 --steps 100
run 3 err 'the port hung up' lif die=3000 --steps 1000
run 3 err 'stopped answering' lif deaf=3000 --steps 1000
run 3 err 'no answer at 1000000 baud' lif deaf=1 --steps 10

# The wrong board, and no board.
plug loihi
expect 3 err 'another model or configuration is on the board: its hash is' 'wrong model' lif --port "$tty" --steps 10
unplug
run 3 err 'another model or configuration' lif '' --steps 10 --set fraction=7
expect 3 err 'No such file' 'no port' lif --port "$GSP_TMP/none"
expect 3 err "no serial port" "no terminal" lif --port push.csv
expect 2 err 'name the serial port' 'no --port' lif
expect 2 err 'not a speed' 'odd speed' lif --port x --baud 12345

if [ $failed -gt 0 ]; then
    echo "FAIL hil: $failed of $cases cases ($(gsp_elapsed))"
    exit 1
fi
echo "PASS hil: $cases cases ($(gsp_elapsed))"
