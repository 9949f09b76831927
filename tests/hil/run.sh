#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/hil/run.sh BUILD_DIR
#
# `gsp hil` over a pseudo-terminal against the Verilated top of a board, serial pins and all:
# runs that pass, cycle by cycle and at full speed, of one neuron and of an array; named bugs of the
# neuron and of the board's registers, bytes that are changed, lost or added in either direction,
# noise, a board that is unplugged, falls silent or holds another model. None of these may end as a
# pass but what a repetition mends, and no fault of the line may end as a mismatch of the neuron.
#
# GSP   the gsp program; default: BUILD_DIR/bin/gsp
#
# Exit codes: 0 pass, 1 a case failed, 2 wrong usage, 3 a tool is missing or a board does not build.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
case ${1:-} in -h | --help) gsp_usage "${BASH_SOURCE[0]}" && exit 0 ;; esac
[ $# -eq 1 ] || gsp_die 2 "usage: tests/hil/run.sh BUILD_DIR"
build=$(realpath "$1")
GSP=$(realpath "${GSP:-$1/bin/gsp}")
[ -x "$GSP" ] || gsp_die 2 "GSP=$GSP: not a program"
gsp_need verilator c++ make timeout
gsp_tmpdir
cd "$GSP_TMP"
export GSP_WORK=$GSP_TMP/work
# Compiled once for all tests.
mkdir -p "$GSP_WORK" "$build/work/runtime"
ln -s "$build/work/runtime" "$GSP_WORK/runtime"
unset GSP_HOME

divider=12 # pin clocks a bit, of every board at hand
neurons=50
least_share=70 # of the line rate, in simulated time
pid=

# build BOARD NAME [VERILATOR_OPTION...]: NAME/obj/board; NAME is MODEL-FORM or MODEL-FORM-anything.
build() {
    local board=$1 name=$2 model=${2%%-*} form fpga=$GSP_ROOT/fpga rtl=$GSP_ROOT/rtl cache=
    shift 2
    form=$(form_of "$name")
    local options=(--form "$form")
    if [ "$form" = array ]; then options+=(--parameter "NEURONS=$neurons"); fi
    if command -v ccache >/dev/null; then cache=ccache; fi
    "$GSP" board "$model" "${options[@]}" --out "$name" &&
        verilator --cc --exe -O3 -DGSP_TEST_BUGS --x-assign fast --x-initial fast -Wno-fatal -Wno-lint \
            "$@" --top-module top --Mdir "$name/obj" -o board "+incdir+$rtl/common" -y "$rtl/common" -y "$rtl/board" \
            -y "$rtl/$model" -CFLAGS -std=c++17 -LDFLAGS "$PWD/libverilated.a" "$name/gsp_board_dut.v" "$fpga/gsp_board.v" \
            "$fpga/boards/$board/top.v" "$GSP_ROOT/tests/hil/main.cpp" &&
        make -s OBJCACHE=$cache OPT_FAST=-O2 OPT_SLOW=-O0 VM_GLOBAL_FAST= VM_GLOBAL_SLOW= -C "$name/obj" -f Vtop.mk
}

form_of() { # form_of NAME
    local form=${1#*-}
    echo "${form%%-*}"
}

# Verilator's runtime, compiled once for all of them.
runtime=$(verilator --getenv VERILATOR_ROOT)/include
for source in verilated verilated_threads; do
    c++ -O1 -std=c++17 -w "-I$runtime" "-I$runtime/vltstd" -c -o "$source.o" "$runtime/$source.cpp" ||
        gsp_die 3 "Verilator's runtime does not build"
done
ar rcs libverilated.a verilated.o verilated_threads.o

# Two at a time.
boards='icebreaker lif-neuron
hx8k loihi-neuron
hx8k lif-step
icebreaker lif-array
hx8k lif-neuron-small -DGSP_BOARD_SMALL'
export -f build form_of
export GSP GSP_ROOT neurons
# shellcheck disable=SC2016 # for the inner shell
xargs -d '\n' -P 2 -n 1 bash -c '
    set -- $1
    build "$@" >"$2.log" 2>&1 || { tail -n 20 "$2.log" >&2; echo "the board $2 does not build" >&2; exit 1; }' _ <<<"$boards" ||
    exit 3

cases=0 failed=0
fail() {
    failed=$((failed + 1))
    printf 'FAILED: %s: %s\n' "$what" "$1"
    sed 's/^/    out: /' out | head -n 20
    sed 's/^/    err: /' err | head -n 20
}
# plug NAME [FAULT...]: a board on $tty.
plug() {
    local name=$1
    shift
    : >port
    "$name/obj/board" $divider "$@" >port 2>board.log &
    pid=$!
    for _ in $(seq 100); do
        tty=$(head -n 1 port)
        [ -z "$tty" ] || return 0
        sleep 0.05
    done
    gsp_die 3 "the board $name did not start: $(cat board.log)"
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
# run CODE STREAM PATTERN NAME "FAULTS" ARGUMENT...: the same with a board of its own.
run() {
    local code=$1 stream=$2 pattern=$3 name=$4 faults=$5
    shift 5
    # shellcheck disable=SC2086 # several words
    plug "$name" $faults
    expect "$code" "$stream" "$pattern" "$name${faults:+ $faults} $*" "${name%%-*}" --form "$(form_of "$name")" \
        --parameter NEURONS=$neurons --port "$tty" "$@"
    unplug
}
share() { # of the board's last run
    sed -n 's/.* \([0-9.]*\) % of the line rate.*/\1/p' board.log
}

# What is right passes, and uses the line.
for name in lif-neuron loihi-neuron lif-array; do
    run 0 out "^PASS ${name%-*} board 1500 steps" $name '' --steps 1500 --seed 7
    got=$(share)
    what="$name: line rate"
    cases=$((cases + 1))
    awk "BEGIN { exit !(\"$got\" + 0 >= $least_share) }" || fail "used ${got:-nothing} %, wanted $least_share %"
    echo "hil: $name: $got % of the line rate"
done
run 0 out '^PASS lif board 300 steps' lif-neuron '' --steps 300 --level 1 --set refractory_period=3
run 0 out '^PASS lif board 300 steps' lif-step '' --steps 300
run 0 out '^PASS lif board 300 steps' lif-neuron-small '' --steps 300
"$GSP" run lif --steps 400 --out push.csv i_t=100 gain_k=256 leak_k=20
run 0 out '^PASS lif board 400 steps, trace push.csv, 1600 trace values' lif-neuron '' --in push.csv

# Faults of the neuron are mismatches, with the report of every lockstep run.
run 1 out '^MISMATCH lif board' lif-neuron +gsp_bug=3 --steps 2000
cases=$((cases + 1)) what='report of lif'
for pattern in '<-- differs' '^  gsp step lif ' '^  gsp replay '; do
    grep -qE -- "$pattern" out || fail "lacks '$pattern'"
done
cases=$((cases + 1)) what='reproducer of lif' code=0
PATH=$(dirname "$GSP"):$PATH bash -c "$(sed -n '/^reproduce/{n;s/^ *//p}' out)" >again 2>&1 || code=$?
[ "$code" -eq 1 ] || fail "exit code $code, wanted 1"
run 1 out '^MISMATCH lif board' lif-neuron +gsp_bug=17 --steps 2000 # en is not looked at
run 1 out '^MISMATCH loihi board' loihi-neuron +gsp_bug=1 --steps 2000
sed 's/^\([0-9]*,\(.*,\)\?\)/\1/; 100,$s/,0$/,1/' push.csv | grep -v '^# end' >wrong.csv
run 1 out 'GOLDEN MODEL DIFFERS FROM THE TRACE' lif-neuron '' --in wrong.csv

# Faults of the line are neither passes nor mismatches.
for fault in flip drop add; do
    for way in in out; do
        run 3 err 'bytes were lost or changed|stopped answering|not as a Goldenspike board' lif-neuron $fault-$way=2000 --steps 300
    done
done
run 3 err 'bytes were lost or changed' loihi-neuron flip-in=150 --steps 100 # in a param
# Before the run the board is found again.
run 0 out '^PASS lif board 100 steps' lif-neuron noise=300 --steps 100
run 0 out '^PASS lif board 100 steps' lif-neuron flip-in=3 --steps 100
run 0 out '^PASS lif board 100 steps' lif-neuron drop-out=5 --steps 100
run 0 out '^PASS lif board 100 steps' lif-neuron add-out=1 --steps 100
run 3 err 'the port hung up' lif-neuron die=3000 --steps 1000
run 3 err 'stopped answering' lif-neuron deaf=3000 --steps 1000
run 3 err 'no answer at 1000000 baud' lif-neuron deaf=1 --steps 10

# An array, update by update.
run 1 out '^MISMATCH lif board, update [0-9]+ of leg 0, neuron' lif-array +gsp_bug=223 --steps 2000
run 1 out 'out_id: DUT [0-9]+, expected [0-9]+' lif-array +gsp_bug=203 --steps 2000
run 1 out '^MISMATCH lif board, .* neuron 49 of 50' lif-array +gsp_bug=205 --steps 2000
for fault in flip-in=3000 flip-out=3000; do
    run 3 err 'bytes were lost or changed' lif-array $fault --steps 300
done

# At full speed.
run 0 out '^PASS lif board 150000 steps at full speed, 5 legs' lif-neuron '' --full-speed --steps 150000
run 0 out '^PASS loihi board 40000 steps at full speed, 2 legs' loihi-neuron '' --full-speed --steps 40000
run 0 out '^PASS lif board 150000 steps at full speed, 5 legs' lif-step '' --full-speed --steps 150000
run 0 out '^PASS lif board 150000 steps at full speed, 5 legs' lif-array '' --full-speed --steps 150000
run 0 out 'PASS lif board 1 steps at full speed' lif-array '' --full-speed --steps 1

# A wrong sum ends at the first wrong step, with the report of every lockstep run. Bug 405 turns over a bit
# after cycle 5000, which a neuron's reset and 4999 updates make.
for name in lif-neuron lif-step; do
    run 1 out '^MISMATCH lif board, update 4998 of leg 0' $name +gsp_bug=405 --full-speed --steps 33000
    cases=$((cases + 1)) what="report of $name"
    for pattern in 'differs' '^> v ' '^  gsp step lif ' '^  gsp replay ' '^  cycle 15, step 15, trace'; do
        grep -qE -- "$pattern" out || fail "lacks '$pattern'"
    done
done
run 1 out '^MISMATCH lif board, update [0-9]+ of leg 0' lif-neuron +gsp_bug=3 --full-speed
cases=$((cases + 1)) what='reproducer at full speed' code=0
PATH=$(dirname "$GSP"):$PATH bash -c "$(sed -n '/^reproduce/{n;s/^ *//p}' out)" >again 2>&1 || code=$?
[ "$code" -eq 1 ] || fail "exit code $code, wanted 1"
# The same step again: its steps.csv is a trace that the golden model agrees with.
cases=$((cases + 1)) what='steps of a mismatch at full speed'
"$GSP" check lif --strict work/runs/*/steps.csv >again 2>&1 || fail "$(cat again)"
for bug in 6 17; do
    run 1 out '^MISMATCH lif board, update [0-9]+ of leg 0' lif-neuron +gsp_bug=$bug --full-speed --steps 40000
done
run 1 out 'does not show its reset values' lif-neuron +gsp_bug=18 --full-speed --steps 40000
for bug in 201 202 204 209 221; do # of the array: interlock, stall, sweep
    run 1 out '^MISMATCH lif board, update [0-9]+ of leg 0, neuron' lif-array +gsp_bug=$bug --full-speed --steps 40000
done
run 1 out 'takes no further update' lif-array +gsp_bug=208 --full-speed --steps 40000
# Bugs of the registers.
run 1 out 'register saturate reads 00000000, expected 00000001' lif-neuron +gsp_bug=401 --full-speed --steps 1000
run 1 out 'register v reads' lif-step +gsp_bug=402 --full-speed --steps 1000
run 1 out 'more or fewer updates than' lif-neuron +gsp_bug=403 --full-speed --steps 1000
run 1 out '^MISMATCH lif board' lif-neuron +gsp_bug=404 --full-speed --steps 1000
run 1 out 'takes no further update' lif-neuron +gsp_bug=406 --full-speed --steps 40000

# What the line does is asked for again, or the leg is repeated, and told.
run 0 out ' [1-9] answers read again, 0 legs repeated' lif-neuron flip-out=30 --full-speed --steps 20 # in the sum
run 0 out ' [1-9] answers read again, 0 legs repeated' lif-neuron drop-out=30 --full-speed --steps 20
run 0 out ' [1-9] legs repeated' lif-neuron flip-in=500 --full-speed --steps 40000
run 0 out ' [1-9] legs repeated' lif-array drop-in=700 --full-speed --steps 40000
run 0 out ' [1-9] legs repeated' lif-step flip-in=1170 --full-speed --steps 30 # in a state that is written
run 0 out ' [1-9] legs repeated' lif-step add-in=40 --full-speed --steps 40000
# Which one shows depends on which bytes meet which: a changed command may leave the board waiting for more.
run 3 err 'again and again: no verdict|the board stopped answering' lif-neuron every-in=400 --full-speed --steps 1000
run 3 err 'the port hung up' lif-neuron die=1500 --full-speed
run 3 err 'stopped answering' lif-neuron deaf=1000 --full-speed --steps 1000

# The wrong board, and no board.
plug loihi-neuron
expect 3 err 'another model, form or configuration is on the board: its hash is' 'wrong model' lif --port "$tty" --steps 10
unplug
run 3 err 'another model, form or configuration' lif-neuron '' --steps 10 --set fraction=7
run 3 err 'another model, form or configuration' lif-array '' --form neuron --full-speed --steps 10
run 3 err 'without full speed' lif-neuron-small '' --full-speed --steps 10
expect 2 err 'a trace is for runs cycle by cycle' 'trace at full speed' lif --port x --full-speed --in push.csv
expect 2 err 'none of neuron, step, array' 'odd form' lif --port x --form serial
expect 2 err 'must be|from 2 to 4096|NEURONS' 'too many neurons' lif --port x --form array --parameter NEURONS=5000
expect 3 err 'No such file' 'no port' lif --port "$GSP_TMP/none"
expect 3 err "no serial port" "no terminal" lif --port push.csv
expect 2 err 'name the serial port' 'no --port' lif
expect 2 err 'not a speed' 'odd speed' lif --port x --baud 12345

if [ $failed -gt 0 ]; then
    echo "FAIL hil: $failed of $cases cases ($(gsp_elapsed))"
    exit 1
fi
echo "PASS hil: $cases cases ($(gsp_elapsed))"
