#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# scripts/bench.sh [OPTIONS] [MODEL...]
#
# Measures speed, and prints one table. Every ratio comes from one run on one machine: the
# figures of a model are taken in turn, three times over, and each shown is the median.
#
#   scalar     the C model, one neuron, steps per second
#   batch      the C model, 4096 neurons per call, neuron updates per second
#   bare       the Verilog under Verilator, clock cycles per second: the same bench program and
#              the same drive loop as lockstep, under 262,144 recorded cycles over and over; no golden model runs
#              and nothing is compared
#   lockstep   golden model and Verilog in lockstep under Verilator: stimulus, golden step,
#              comparison of every state and output, coverage; clock cycles per second
#   of bare    lockstep as a share of bare
#   icarus     lockstep under Icarus, clock cycles per second
#
# Lockstep uses two processors where there are two. Anything else that runs meanwhile
# spoils the figures: the load of the machine is shown with them.
#
#   MODEL              only these models; default: all of `gsp list`
#   --repetitions N    of every figure (3)
#   --json             one JSON document instead of the table
#
# GSP_BUILD  where to build; default: build
# GSP        a gsp command that is already built, with bench_models beside it: nothing is
#            installed or built then
#
# Exit codes: 0 measured, 1 a run went wrong (a mismatch), 2 wrong usage, 3 the environment
# (a tool is missing, the build failed).
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

models=() repetitions=3 json=0
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) gsp_usage "${BASH_SOURCE[0]}" && exit 0 ;;
    --json) json=1 ;;
    --repetitions)
        [[ ${2-} =~ ^[1-9][0-9]?$ ]] || gsp_die 2 "--repetitions needs a number of 1 to 99"
        repetitions=$2
        shift
        ;;
    -*) gsp_die 2 "unknown option '$1'; see scripts/bench.sh --help" ;;
    *) models+=("$1") ;;
    esac
    shift
done

: "${GSP_BUILD:=$GSP_ROOT/build}"
mkdir -p "$GSP_BUILD" || gsp_die 3 "cannot make $GSP_BUILD"
GSP_BUILD=$(cd "$GSP_BUILD" && pwd -P)
cd "$GSP_ROOT"
gsp_tmpdir
build=$GSP_BUILD/release
if [ -n "${GSP:-}" ]; then
    [ -x "$GSP" ] || gsp_die 2 "GSP=$GSP: not a program"
    : "${GSP_WORK:=$(dirname "$GSP")/../work}"
elif ! scripts/setup.sh >"$GSP_TMP/log" 2>&1; then
    tail -n 40 "$GSP_TMP/log" >&2
    exit 3
elif ! cmake --preset release -B "$build" >"$GSP_TMP/log" 2>&1 ||
    ! cmake --build "$build" -j "$GSP_JOBS" --target gsp gsp_vpi bench_models >"$GSP_TMP/log" 2>&1; then
    tail -n 40 "$GSP_TMP/log" >&2
    gsp_die 3 "the build failed"
fi
export GSP=${GSP:-$build/bin/gsp} GSP_WORK=${GSP_WORK:-$build/work}
bench_models=$(dirname "$GSP")/bench_models
[ -x "$bench_models" ] || gsp_die 3 "$bench_models is missing; build the target bench_models"
gsp_need verilator iverilog vvp python3

[ ${#models[@]} -gt 0 ] || mapfile -t models < <("$GSP" list | awk '{print $1}')
for model in "${models[@]}"; do
    "$GSP" describe "$model" >/dev/null || exit 2
done

# figure MODEL NAME ARGUMENTS...: one run of gsp cosim; a line "MODEL NAME CYCLES SECONDS".
figure() {
    local model=$1 name=$2 code=0
    shift 2
    "$GSP" cosim "$model" --json "$@" >"$GSP_TMP/run.json" 2>"$GSP_TMP/log" || code=$?
    if [ $code -ne 0 ]; then
        cat "$GSP_TMP/run.json" "$GSP_TMP/log" >&2
        gsp_die $code "gsp cosim $model $*: went wrong"
    fi
    python3 -c 'import json, sys
run = json.load(open(sys.argv[1]))
print(*sys.argv[2:], run["cycles"], run["seconds"])' "$GSP_TMP/run.json" "$model" "$name" >>"$GSP_TMP/figures"
}

# Everything once, short and unrecorded: this builds the benches.
for model in "${models[@]}"; do
    [ -f "rtl/$model/gsp_$model.v" ] || gsp_die 1 "model $model has no neuron form in rtl/$model"
    figure "$model" warm --steps 1000
    figure "$model" warm --sim icarus --steps 1000
done
: >"$GSP_TMP/figures"

for ((k = 1; k <= repetitions; k++)); do
    for model in "${models[@]}"; do
        if [ -t 2 ]; then printf '\rrepetition %d of %d: %s          ' "$k" "$repetitions" "$model" >&2; fi
        "$bench_models" "$model" >"$GSP_TMP/c" || gsp_die 1 "bench_models $model: went wrong"
        awk '{ print $1, "scalar", $2, 1; if ($3 > 0) print $1, "batch", $3, 1 }' "$GSP_TMP/c" >>"$GSP_TMP/figures"
        figure "$model" bare --bare --steps 20000000
        figure "$model" lockstep --steps 10000000
        figure "$model" icarus --sim icarus --steps 40000
    done
done
if [ -t 2 ]; then printf '\r%50s\r' '' >&2; fi

python3 - "$GSP_TMP/figures" "$json" "$(nproc)" "$repetitions" <<'PYTHON'
import collections
import json
import os
import statistics
import sys

path, as_json, processors, repetitions = sys.argv[1], sys.argv[2] == "1", int(sys.argv[3]), int(sys.argv[4])
rates = collections.defaultdict(lambda: collections.defaultdict(list))
for line in open(path):
    model, name, amount, seconds = line.split()
    rates[model][name].append(float(amount) / float(seconds))

rows = []
for model, figures in rates.items():
    row = {"model": model}
    for name in ("scalar", "batch", "bare", "lockstep", "icarus"):
        row[name] = statistics.median(figures[name]) if name in figures else None
    # Of the same repetition, so that a slow moment of the machine counts on both sides.
    row["lockstep_of_bare"] = statistics.median(a / b for a, b in zip(figures["lockstep"], figures["bare"]))
    rows.append(row)
load = os.getloadavg()[0]

if as_json:
    print(json.dumps({"processors": processors, "load": load, "repetitions": repetitions, "models": rows}, indent=2))
    sys.exit()


def text(rate):
    for unit, name in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if rate and rate >= unit:
            return f"{rate / unit:.3g} {name}"
    return "-"


print(f"{'':22} {'C, steps/s':^19}  {'Verilator, cycles/s':^28}  {'Icarus':>9}")
print(f"{'model':22} {'scalar':>9} {'batch':>9}  {'bare':>9} {'lockstep':>9} {'of bare':>8}  {'cycles/s':>9}")
for row in rows:
    print(f"{row['model']:22} {text(row['scalar']):>9} {text(row['batch']):>9}  {text(row['bare']):>9} "
          f"{text(row['lockstep']):>9} {row['lockstep_of_bare']:>8.0%}  {text(row['icarus']):>9}")
print(f"\nmedians of {repetitions}; {processors} processors, load {load:.1f} at the end")
PYTHON
