#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: run.sh BUILD_DIR
# Nothing of a lockstep run may depend on whether the golden side has a thread of its own, nor on
# that thread's timing: verdict, counts, bins and reports must be the same, to the byte.
set -euo pipefail
build=$1
cd "$(dirname "$0")/../.."
: "${GSP:=$build/bin/gsp}"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

# run THREAD EXPECTED_CODE ARGUMENTS...: leaves what the run wrote, without times and paths, in $tmp/THREAD.
run() {
    local thread=$1 expected=$2 code=0
    shift 2
    rm -rf "$tmp/run"
    GSP_LOCKSTEP_THREAD=$thread GSP_WORK=$build/work "$GSP" cosim "$@" --keep --folder "$tmp/run" >"$tmp/out" 2>&1 ||
        code=$?
    if [ $code -ne "$expected" ]; then
        cat "$tmp/out"
        echo "FAIL: gsp cosim $*, GSP_LOCKSTEP_THREAD=$thread: exit code $code, not $expected"
        exit 1
    fi
    for file in record.txt bins.txt report.txt window.csv; do
        echo "== $file"
        if [ -f "$tmp/run/$file" ]; then sed '/^seconds=/d' "$tmp/run/$file"; fi
    done >"$tmp/$thread"
    grep -q '^verdict=' "$tmp/$thread"
}

# same EXPECTED_CODE ARGUMENTS...: several threaded runs, since a race need not show in the first.
same() {
    run 0 "$@"
    mv "$tmp/0" "$tmp/alone"
    for _ in 1 2 3; do
        run 1 "$@"
        if ! diff "$tmp/alone" "$tmp/1"; then
            echo "FAIL: gsp cosim ${*:2}: the thread changes the result"
            failed=1
        fi
    done
}

# One block, a block's end, many blocks; both simulators; a trace; the step form; an exhaustive run.
same 0 lif --steps 100
same 0 lif --steps 2048
same 0 lif --steps 300000 --seed 7
same 0 lif --steps 20000 --sim icarus
same 0 lif --in tests/traces/lif/sc_thr_max.csv
same 0 lif --form step --steps 100000
same 0 lif --form step --level 3 --set data_width=2 --set fraction=1 --steps 100000
# A mismatch at once, one in a later block, and one with a thread that is far ahead.
same 1 lif --bug compare_unsigned
same 1 lif --bug subtract_wraps --set reset_mode=subtract --set refractory_period=0
same 1 lif --bug reset_keeps_count --sim icarus
# Late ones: for the report the golden side goes back to a copy of itself, up to some 131072 cycles, and computes what
# led there once more. The steps it shows must be the golden model's, and the line that it prints must show the mismatch.
for edge in 131073 135170 300001; do
    sed "s|^    assign v_out = v;|    integer edges = 0; always @(posedge clk) edges <= edges + 1;\\
    assign v_out = edges == $edge ? ~v : v;|" rtl/lif/gsp_lif.v >"$tmp/late.v"
    same 1 lif --rtl "$tmp/late.v" --rtl rtl/lif/gsp_lif_step.v --top gsp_lif --steps 400000
    grep -q "^  cycle $((edge - 1)), step " "$tmp/run/report.txt" || { echo "FAIL: no mismatch at cycle $((edge - 1))"; failed=1; }
    if ! "$GSP" check lif --strict "$tmp/run/window.csv" >"$tmp/out" || ! grep -q ": 9 steps," "$tmp/out"; then
        cat "$tmp/out"
        echo "FAIL: window.csv is not nine steps of the golden model"
        failed=1
    fi
    read -ra line < <(sed -n '/^reproduce/{n;s/^ *gsp //p}' "$tmp/run/report.txt")
    code=0
    "$GSP" "${line[@]}" >/dev/null || code=$?
    [ $code -eq 1 ] || { echo "FAIL: gsp ${line[*]}: exit code $code, not 1"; failed=1; }
done
# The golden model and the trace disagree.
sed -e '/^# end/d' -e '/^1500,/s/,-\{0,1\}[0-9]*$/,12345/' tests/traces/lif/sc_thr_max.csv >"$tmp/wrong.csv"
same 1 lif --in "$tmp/wrong.csv"

# counted STEPS LEAST MOST ARGUMENTS...: of so many steps, this number was looked at for coverage bins.
counted() {
    local steps=$1 least=$2 most=$3 n
    shift 3
    run 1 0 "$@" --steps "$steps"
    n=$(sed -n "s/^# the model's bins: counted in \([0-9]*\) of $steps steps\$/\1/p" "$tmp/1")
    if [ -z "$n" ] || [ "$n" -lt "$least" ] || [ "$n" -gt "$most" ]; then
        echo "FAIL: gsp cosim $*: bins counted in '$n' of $steps steps, not $least to $most"
        failed=1
    fi
}

# Every step as long as a bin is empty: a parameter that is tied keeps some empty for ever. Then a sample.
counted 400000 400000 400000 lif --set saturate=1
counted 1500000 45000 65000 lif

[ $failed -eq 0 ] && echo "PASS: 14 runs, each with and without the thread; 2 counts of bins"
exit $failed
