#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/cli_cosim/run.sh BUILD_DIR
#
# `gsp cosim` and `gsp replay` with the simulators: verdicts, reports, reproducers, waveforms, a
# user's own Verilog, and everything that must never end as a pass: a missing simulator, one that
# crashes, Verilog that does not compile, a wrong trace. Also the vectors in a Verilog bench.
#
# GSP   the gsp program; default: BUILD_DIR/bin/gsp
#
# Exit codes: 0 pass, 1 a case failed, 2 wrong usage, 3 a tool is missing.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
[ $# -eq 1 ] || gsp_die 2 "usage: tests/cli_cosim/run.sh BUILD_DIR"
build=$(realpath "$1")
GSP=$(realpath "${GSP:-$1/bin/gsp}")
[ -x "$GSP" ] || gsp_die 2 "GSP=$GSP: not a program"
gsp_need verilator iverilog vvp c++ python3
gsp_tmpdir
cd "$GSP_TMP"
unset GSP_HOME
export GSP GSP_WORK=$GSP_TMP/work
# Compiled once for all tests.
mkdir -p "$GSP_WORK" "$build/work/runtime"
ln -s "$build/work/runtime" "$GSP_WORK/runtime"

cases=0 failed=0
fail() {
    failed=$((failed + 1))
    printf 'FAILED: %s\n    %s\n' "$1" "${last[*]}"
    head -n 60 out | sed 's/^/    out: /'
    head -n 30 err | sed 's/^/    err: /'
}
# judge CODE STREAM PATTERN: of the last run.
judge() {
    cases=$((cases + 1))
    if [ $code -ne "$1" ]; then
        fail "exit code $code, wanted $1"
    elif ! grep -qE -- "$3" "$2"; then
        fail "std$2 lacks '$3'"
    elif [ "$2" = err ] && grep -q PASS out; then
        fail 'an error, and yet a PASS'
    fi
}
# expect CODE STREAM PATTERN COMMAND...
expect() {
    local wanted=$1 stream=$2 pattern=$3
    shift 3
    last=("$@") code=0
    "$@" >out 2>err </dev/null || code=$?
    judge "$wanted" "$stream" "$pattern"
}
cosim() {
    local wanted=$1 stream=$2 pattern=$3
    shift 3
    expect "$wanted" "$stream" "$pattern" "$GSP" cosim "$@"
}
holds() {
    local what=$1
    shift
    cases=$((cases + 1))
    "$@" || fail "$what"
}
# The line under "reproduce the step:", pasted into a shell.
reproduce() {
    local line
    line=$(sed -n '/^reproduce/{n;s/^ *//p}' out)
    last=("${line:-no reproducer}") code=0
    PATH=$(dirname "$GSP"):$PATH bash -c "${line:-exit 99}" >out 2>err </dev/null || code=$?
}
folder() { # of the last report
    sed -n 's/^  gsp replay //p' out
}
elsewhere() { (cd / && "$@"); }
traces=$GSP_ROOT/tests/traces/lif examples=$GSP_ROOT/docs/examples
# A PATH with everything the benches use but the tools named.
path_without() {
    local tool dir=$GSP_TMP/path
    rm -rf "$dir"
    mkdir "$dir"
    # What comes later is found first.
    for tool in /bin /usr/bin /usr/local/bin; do
        find -H "$tool" -maxdepth 1 ! -type d -exec ln -sf -t "$dir" {} +
    done
    ln -sf -t "$dir" "$(command -v verilator)" "$(command -v iverilog)" "$(command -v vvp)"
    for tool; do rm -f "$dir/$tool"; done
    printf '%s' "$dir"
}

for sim in verilator icarus; do
    # ---- generated stimulus and traces
    cosim 0 out "^PASS lif $sim 3000 steps, [0-9]+/[0-9]+ bins, seed 5, [1-9][0-9]* spikes, " lif --sim $sim --steps 3000 --seed 5
    holds 'a passed run leaves no folder' [ -z "$(find work/runs -name '*-seed5-*')" ]
    cosim 0 out '"verdict":"PASS".*"steps":3000,' lif --sim $sim --steps 3000 --seed 18446744073709551615 --json
    holds 'the JSON line has the whole seed' grep -q '"seed":18446744073709551615,' out
    cosim 0 out "^PASS lif $sim 200 steps, trace sc_default_q8_8_pulses.csv, [1-9][0-9]* trace values" \
        lif --sim $sim --in "$traces/sc_default_q8_8_pulses.csv" --steps 200
    cosim 0 out "^PASS lif $sim [0-9]+ steps, trace directed_initial_state.csv" lif --sim $sim --in "$traces/directed_initial_state.csv"
    cosim 0 out "^PASS lif $sim 400 steps" lif --sim $sim --steps 400 --form step --level 1
    cosim 0 out "^PASS lif $sim 4096 steps" lif --sim $sim --form step --level 3 --steps 4096 --set data_width=2 --set fraction=1
    "$GSP" gen lif --steps 300 --free-state --out free.csv 2>err
    cosim 0 out "^PASS lif $sim 300 steps, trace free.csv, 1200 trace values" lif --sim $sim --in free.csv

    # ---- a trace whose answer is wrong
    sed '/^# end/d; s/^7,128,0,255,255,0/7,128,0,254,255,0/' "$traces/directed_first_step.csv" >wrong.csv
    cosim 1 out "^GOLDEN MODEL DIFFERS FROM THE TRACE: lif, .*wrong.csv:20$" lif --sim $sim --in wrong.csv
    holds 'the verdict line' grep -qE "^GOLDEN lif $sim " out
    holds 'field, trace and model' grep -q '^  field v: trace 254, golden model 255$' out

    # ---- a planted bug: report, reproducer, replay
    cosim 1 out "^MISMATCH: lif, form neuron, $sim$" lif --sim $sim --steps 3000 --bug threshold_exclusive
    holds 'bug and place' grep -qE "^  cycle [0-9]+, step [0-9]+, seed 1, level 2, planted bug 'threshold_exclusive'$" out
    holds 'DUT and expected' grep -qE '^> spike +0 +1 +0x0 +0x1 +<-- differs$' out
    for heading in 'state before:' 'inputs:' 'golden intermediates:' 'parameters:' 'configuration:' 'the last steps '; do
        holds "the report has '$heading'" grep -q "^$heading" out
    done
    holds 'the verdict line' grep -qE "^MISMATCH lif $sim [0-9]+ steps, " out
    run=$(folder) cycle=$(sed -n 's/^  cycle \([0-9]*\),.*/\1/p' out)
    expect 0 out "^PASS lif .*/window\.csv: [1-9]" "$GSP" check lif --strict "$run/window.csv"
    cp "$run/report.txt" out
    reproduce
    judge 1 out '^> spike +0 +1 +0x0 +0x1 +<-- differs$'
    expect 1 out "^reproduced: MISMATCH at cycle $cycle, as recorded$" elsewhere "$GSP" replay "$run"
    holds 'the waveform has the window' bash -c "grep -q '^\$enddefinitions' '$run/replay/wave.vcd' &&
        [ \$(grep -c '^#[0-9]' '$run/replay/wave.vcd') -ge 4 ]"
    holds 'replay names the waveform' grep -qE "^waveform: $run/replay/wave\.vcd, cycles [0-9]+ to $((cycle + 2))$" out
    # The cases of a replay that is none.
    sed 's/fail_cycle=.*/fail_cycle=99999/' "$run/record.txt" >record && mv record "$run/record.txt"
    expect 1 out '^NOT reproduced: recorded MISMATCH at cycle 99999, now MISMATCH at cycle' "$GSP" replay "$run"
    sed -i '/^end=1/d' "$run/record.txt"
    expect 2 err 'is not the folder of a finished run: .*incomplete' "$GSP" replay "$run"

    # ---- the window of a waveform
    cosim 0 out 'waveform: .*/wave\.vcd, cycles 10 to 20$' lif --sim $sim --steps 100 --wave 10:20
    wave=$(sed -n 's/^waveform: \(.*\), cycles.*/\1/p' out)
    holds 'a VCD with values' bash -c "grep -qw 'spike' '$wave' && [ \$(grep -c '^#[0-9]' '$wave') -ge 11 ]"
    cosim 0 out "^PASS lif $sim 100 steps" lif --sim $sim --steps 100 --wave 5000:5001
    holds 'a window that was not reached is told' \
        grep -qE '^gsp cosim: no waveform: the run ended after 1[0-9][0-9] cycles, before the window$' err
    holds 'and no waveform promised' bash -c '! grep -q ^waveform out'

    # ---- the user's own Verilog
    expect 0 out "^PASS lif $sim 5000 steps, .*, not compared: refractory_count v_out, " "$examples/check_my_lif.sh" --sim $sim --steps 5000
    # -{a, b} is unsigned, and makes the product unsigned.
    sed 's/= -membrane;.*/= 0;/; s/= distance \* leak;/= (-{membrane[15], membrane}) * leak;/' "$examples/my_lif.v" >unsigned_lif.v
    expect 1 out '^> v +.*differs$' env RTL=unsigned_lif.v "$examples/check_my_lif.sh" --sim $sim --steps 5000
    run=$(folder)
    reproduce
    judge 1 out '^> v +.*differs$'
    expect 1 out '^reproduced: MISMATCH' elsewhere "$GSP" replay "$run"
    sed 's/silent <= next >= THRESHOLD ? 2/silent <= next >= THRESHOLD ? 1/' "$examples/my_lif.v" >impatient_lif.v
    expect 1 out '^MISMATCH: lif' env RTL=impatient_lif.v "$examples/check_my_lif.sh" --sim $sim --steps 5000
    expect 1 out '^MISMATCH: lif' "$examples/check_my_lif.sh" --sim $sim --steps 5000 --set v_threshold=255
    # Registers that reset forgets: x under Icarus, whatever it is under Verilator.
    sed 's/reset || //; s/reset ? 2.d0 : //' "$examples/my_lif.v" >never_reset.v
    expect 1 out '^MISMATCH: lif' env RTL=never_reset.v "$examples/check_my_lif.sh" --sim $sim --steps 5000
    # What a file takes in is part of the bench.
    sed 's/^    localparam signed.*/`include "threshold.vh"/' "$examples/my_lif.v" >including.v
    echo "localparam signed [15:0] THRESHOLD = 16'sd256;" >threshold.vh
    expect 0 out "^PASS lif $sim" env RTL=including.v "$examples/check_my_lif.sh" --sim $sim --steps 5000
    echo "localparam signed [15:0] THRESHOLD = 16'sd255;" >threshold.vh
    expect 1 out '^MISMATCH: lif' env RTL=including.v "$examples/check_my_lif.sh" --sim $sim --steps 5000
    # A module with the project's own names and parameters needs no --port.
    sed 's/gsp_lif_step/GSP_STEP/g; s/module gsp_lif /module renamed /; s/GSP_STEP/gsp_lif_step/g' "$GSP_ROOT/rtl/lif/gsp_lif.v" >renamed.v
    cosim 0 out "^PASS lif $sim 3000 steps" lif --sim $sim --steps 3000 --rtl renamed.v --top renamed --set data_width=12

    # ---- what must never pass
    sed 's/always @(posedge clk)/alwayz @(posedge clk)/' "$examples/my_lif.v" >syntax.v
    expect 3 err "gsp cosim: the bench could not be built with $sim:" env RTL=syntax.v "$examples/check_my_lif.sh" --sim $sim
    holds "the tool's message" grep -qE 'syntax\.v:[0-9]+: *[0-9:]* *syntax error' err
    expect 3 err 'my_lif|nothing_there' "$GSP" cosim lif --sim $sim --rtl "$examples/my_lif.v" --top nothing_there
    expect 3 err 'could not be built' "$examples/check_my_lif.sh" --sim $sim --port v=no_such_port
done

# ---- machines without the simulators, and simulators that fail
path=$(path_without verilator verilator_bin)
expect 3 err 'verilator is not installed; run scripts/setup\.sh' env PATH="$path" "$GSP" cosim lif --steps 100
path=$(path_without iverilog vvp)
expect 3 err 'iverilog is not installed; run scripts/setup\.sh' env PATH="$path" "$GSP" cosim lif --sim icarus --steps 100
path=$(path_without vvp)
expect 3 err 'vvp is not installed|ended \(exit code 127\) without a verdict' env PATH="$path" "$GSP" cosim lif --sim icarus --steps 100
expect 3 err 'bash: No such file' env PATH=/nonexistent "$GSP" cosim lif --steps 100 --set data_width=9
mkdir fake
for way in 'exit 0' 'exit 1' 'kill -SEGV $$'; do
    printf '#!/bin/sh\n%s\n' "$way" >fake/vvp
    chmod +x fake/vvp
    expect 3 err '^gsp cosim: icarus ended \(exit code [0-9]+\) without a verdict' env PATH="$PWD/fake:$PATH" "$GSP" cosim lif --sim icarus --steps 100
done
# A verdict of an earlier run in the same folder is none of this run.
mkdir stale
printf 'verdict=PASS\nsteps_asked=100\nsteps=100\nend=1\n' >stale/record.txt
expect 3 err 'without a verdict' env PATH="$PWD/fake:$PATH" "$GSP" cosim lif --sim icarus --steps 100 --folder "$PWD/stale"
# Half a record, as a simulator leaves that dies while it writes.
cat >fake/vvp <<'END'
#!/bin/sh
for word; do
    case $word in +gsp_job=*) job=${word#+gsp_job=} ;; esac
done
printf 'verdict=PASS\nsteps=100\n' >"${job%job.txt}record.txt"
END
expect 3 err 'without a verdict: .*incomplete \(no end line\)' env PATH="$PWD/fake:$PATH" "$GSP" cosim lif --sim icarus --steps 100
printf '#!/bin/sh\nexit 1\n' | tee fake/verilator >fake/verilator_bin
chmod +x fake/verilator fake/verilator_bin
expect 3 err 'could not be built with verilator' env PATH="$PWD/fake:$PATH" "$GSP" cosim lif --steps 100 --set data_width=9
touch plain
expect 3 err 'cannot make this folder' "$GSP" cosim lif --work plain/x
expect 2 err "model loihi_rf has no form 'array'" "$GSP" cosim loihi_rf --form array
expect 2 err "NEURONS: '4097' is not a number in 2..4096" "$GSP" cosim lif --form array --parameter NEURONS=4097
expect 2 err 'bare: not for the array form' "$GSP" cosim lif --form array --bare
expect 0 out ', 5 neurons, ' "$GSP" cosim lif --form array --steps 3000 --parameter NEURONS=5
expect 2 err "OWN_PARAMS: '2' is not a number in 0..1" "$GSP" cosim lif --form array --parameter OWN_PARAMS=2
expect 0 out ', 5 neurons, ' "$GSP" cosim lif --form array --steps 3000 --parameter NEURONS=5 --parameter OWN_PARAMS=1
expect 1 out 'update [0-9]+, neuron ' "$GSP" cosim lif --form array --steps 3000 --parameter OWN_PARAMS=1 --bug array_param_lost
expect 1 out 'update 0, neuron ' "$GSP" cosim lif --form array --steps 3000 --bug array_id_off_by_one
expect 2 err "model lif_shift has no form 'serial'" "$GSP" cosim lif_shift --form serial

# ---- vectors in a Verilog bench: the one of docs/formats.md
"$GSP" gen lif --steps 250 --seed 3 --format hex --set saturate=wrap --free-state --out vectors.hex 2>err
awk '/^```/ { on = /verilog/; next } on' "$GSP_ROOT/docs/formats.md" >vectors_tb.v
holds 'docs/formats.md has a bench' grep -q readmemh vectors_tb.v
iverilog_bench() {
    iverilog -g2005 -o vectors.vvp -y "$GSP_ROOT/rtl/lif" -y "$GSP_ROOT/rtl/common" -I"$GSP_ROOT/rtl/common" vectors_tb.v && vvp -n vectors.vvp
}
verilator_bench() {
    verilator --binary -Wno-lint -Mdir vectors_obj -y "$GSP_ROOT/rtl/lif" -y "$GSP_ROOT/rtl/common" \
        +incdir+"$GSP_ROOT/rtl/common" vectors_tb.v >vectors.log 2>&1 || { cat vectors.log; return 1; }
    vectors_obj/Vvectors_tb
}
expect 0 out '^250 vectors, 0 wrong$' iverilog_bench
expect 0 out '^250 vectors, 0 wrong$' verilator_bench
# The bench sees a vector whose answer is wrong.
awk '!/^\/\// && ++n == 100 { sub(/[0-9a-f]$/, ($0 ~ /0$/ ? "1" : "0")) } { print }' vectors.hex >changed && mv changed vectors.hex
expect 0 out '^250 vectors, 1 wrong$' iverilog_bench
expect 0 out '^250 vectors, 1 wrong$' vectors_obj/Vvectors_tb

echo "cli_cosim: $cases cases, $failed failed"
[ $failed -eq 0 ]
