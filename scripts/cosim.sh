#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# scripts/cosim.sh [OPTIONS] [MODEL...]
#
# The main job: runs each model's Verilog in lockstep with its C golden model under
# Verilator and Icarus, on generated stimulus and on the reference traces, compares every
# state and output of every step, and shows that a planted bug is caught. Installs what
# is missing, builds what is not built. Ends with a table; writes an HTML and a JUnit report.
#
#   MODEL            only these models; default: all of `gsp list`
#   --sim NAME       only verilator or icarus
#   --steps N        generated steps per run under Verilator (1000000); Icarus runs a tenth, and a
#                    fortieth of the serial and array forms, which take it many cycles a step
#   --icarus-steps N steps of the runs under Icarus without a planted bug (a tenth of --steps); a fourth
#                    of them in the serial and array forms
#   --seed S         seed of the generated stimulus (1)
#   --no-traces      without the reference traces
#   --all-bugs       plant every named bug, not only the first of each model and of its array
#   --report DIR     where the reports go (build/report)
#
# GSP_JOBS   parallel jobs; default: the number of processors
# GSP_BUILD  where to build; default: build
# GSP        a gsp command that is already built: nothing is installed or built then
#
# Exit codes: 0 every run as expected, 1 a mismatch or an uncaught bug, 2 wrong usage,
# 3 the environment (a tool is missing, a simulator crashed).
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

sims=(verilator icarus) steps=1000000 icarus_steps='' seed=1 traces=1 all_bugs=0 report='' models=()
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) gsp_usage "${BASH_SOURCE[0]}" && exit 0 ;;
    --sim | --steps | --icarus-steps | --seed | --report)
        [ $# -ge 2 ] || gsp_die 2 "$1 needs a value"
        case $1 in
        --sim) sims=("$2") ;;
        --steps) steps=$2 ;;
        --icarus-steps) icarus_steps=$2 ;;
        --seed) seed=$2 ;;
        --report) report=$2 ;;
        esac
        shift
        ;;
    --no-traces) traces=0 ;;
    --all-bugs) all_bugs=1 ;;
    -*) gsp_die 2 "unknown option '$1'; see scripts/cosim.sh --help" ;;
    *) models+=("$1") ;;
    esac
    shift
done
case ${sims[*]} in verilator | icarus | 'verilator icarus') ;; *) gsp_die 2 "--sim: '${sims[*]}' is neither verilator nor icarus" ;; esac
[[ $steps =~ ^[1-9][0-9]{0,17}$ ]] || gsp_die 2 "--steps: '$steps' is not a number of at least 1"
[[ ${icarus_steps:-1} =~ ^[1-9][0-9]{0,17}$ ]] || gsp_die 2 "--icarus-steps: '$icarus_steps' is not a number of at least 1"
[[ $seed =~ ^[0-9]{1,19}$ ]] || gsp_die 2 "--seed: '$seed' is not a number"

: "${GSP_BUILD:=$GSP_ROOT/build}"
mkdir -p "$GSP_BUILD" || gsp_die 3 "cannot make $GSP_BUILD"
GSP_BUILD=$(cd "$GSP_BUILD" && pwd -P)
report=$(realpath -m "${report:-$GSP_BUILD/report}")
cd "$GSP_ROOT"

gsp_tmpdir
build=$GSP_BUILD/release
if [ -n "${GSP:-}" ]; then
    [ -x "$GSP" ] || gsp_die 2 "GSP=$GSP: not a program"
    : "${GSP_WORK:=$(dirname "$GSP")/../work}"
elif ! scripts/setup.sh; then
    exit 3
elif ! cmake --preset release -B "$build" >"$GSP_TMP/log" 2>&1 ||
    ! cmake --build "$build" -j "$GSP_JOBS" --target gsp gsp_vpi >"$GSP_TMP/log" 2>&1; then
    tail -n 40 "$GSP_TMP/log"
    gsp_die 3 "the build failed"
fi
export GSP=${GSP:-$build/bin/gsp} GSP_WORK=${GSP_WORK:-$build/work} GSP_TMP

[ ${#models[@]} -gt 0 ] || mapfile -t models < <("$GSP" list | awk '{print $1}')
for model in "${models[@]}"; do
    "$GSP" describe "$model" >/dev/null || exit 2
done

# variants MODEL SIM: a run of each form that takes it for each parameter set of rtl/MODEL/lint.txt. What is a
# config field is set on both sides; any other parameter is the Verilog's own.
variants() {
    local config set name words form file taken
    config=$("$GSP" describe "$1" | awk '$1 == "config" { print toupper($2) }')
    gsp_parameter_sets "rtl/$1/lint.txt" | while read -r set; do
        for form in neuron serial array; do
            file=rtl/$1/gsp_$1_$form.v
            [ $form != neuron ] || file=rtl/$1/gsp_$1.v
            [ -f "$file" ] || continue
            words='' taken=1
            for name in $set; do
                case "
$config
" in
                *"
${name%%=*}
"*) words+=" --set $(tr '[:upper:]' '[:lower:]' <<<"${name%%=*}")=${name#*=}" ;;
                *)
                    words+=" --parameter $name"
                    grep -qE "parameter .*\b${name%%=*}\b" "$file" || taken=0
                    ;;
                esac
            done
            [ $taken = 0 ] || echo "PASS $1 --sim $2 --form $form --steps $(((steps + 3) / 4)) --seed $seed$words"
        done
    done
}

# ---- the runs: one line each, "EXPECTED_VERDICT ARGUMENTS of gsp cosim"
: >"$GSP_TMP/jobs"
for model in "${models[@]}"; do
    for sim in "${sims[@]}"; do
        n=$steps plain=$steps
        [ "$sim" = verilator ] || n=$(((steps + 9) / 10)) plain=${icarus_steps:-$(((steps + 9) / 10))}
        for form in neuron serial array step; do
            suffix=_$form
            [ $form != neuron ] || suffix=''
            [ -f "rtl/$model/gsp_$model$suffix.v" ] || continue
            m=$plain
            case $sim$form in icarusserial | icarusarray) m=$(((plain + 3) / 4)) ;; esac
            echo "PASS $model --sim $sim --form $form --steps $m --seed $seed" >>"$GSP_TMP/jobs"
        done
        # NUMBER NAME what it does [-- OPTIONS that show it]; what agrees under these options without the bug is run too.
        bugs=$(awk '$1 ~ /^[0-9]+$/ { options = match($0, / -- /) ? substr($0, RSTART + 4) : ""; print $2, options }' \
            "rtl/$model/bugs.txt")
        # The first bug, and the first of the array form.
        [ $all_bugs = 1 ] || bugs=$(awk 'NR == 1 || (/^array_/ && !n++)' <<<"$bugs")
        shown=' '
        while read -r bug options; do
            # A bug that only one form has says so by its name.
            form=neuron
            case $bug in serial_*) form=serial ;; array_*) form=array ;; esac
            echo "MISMATCH $model --sim $sim --form $form --steps $n --seed $seed --bug $bug${options:+ $options}" >>"$GSP_TMP/jobs"
            [ -n "$options" ] || continue
            case $shown in *" $form $options "*) continue ;; esac
            shown+="$form $options "
            # Too short to be judged by its bins, which belong to the default.
            echo "PASS $model --sim $sim --form $form --steps $(((plain + 7) / 8)) --seed $seed $options" >>"$GSP_TMP/jobs"
        done <<<"$bugs"
        # Other parameter sets of the Verilog than its default: the lines of lint.txt.
        if [ "$sim" = verilator ] && [ -f "rtl/$model/lint.txt" ]; then variants "$model" "$sim" >>"$GSP_TMP/jobs"; fi
        [ $traces = 1 ] || continue
        for trace in tests/traces/"$model"/*.csv; do
            [ -f "$trace" ] || gsp_die 3 "model $model has no trace"
            echo "PASS $model --sim $sim --in $trace" >>"$GSP_TMP/jobs"
        done
    done
done
total=$(wc -l <"$GSP_TMP/jobs")
echo "cosim: $total runs of ${#models[@]} models, $GSP_JOBS at a time; Verilator benches are built once and kept"

# run_job NUMBER LINE TOTAL: leaves what the run printed in NUMBER.out and NUMBER.err, and its exit code in NUMBER.code.
run_job() {
    local arguments=${2#* } code=0
    # shellcheck disable=SC2086 # the arguments are words
    "$GSP" cosim $arguments --json >"$GSP_TMP/$1.out" 2>"$GSP_TMP/$1.err" || code=$?
    echo $code >"$GSP_TMP/$1.code"
    if [ -t 2 ]; then printf '\r%d of %d runs ' "$(find "$GSP_TMP" -name '*.code' | wc -l)" "$3" >&2; fi
}
export -f run_job
# shellcheck disable=SC2016 # the inner shell expands
# Longest first would be best; the generated runs come first in each model, which is close.
nl -ba -w6 -n rz "$GSP_TMP/jobs" | TOTAL=$total xargs -P "$GSP_JOBS" -d '\n' -I{} bash -c \
    'read -r number line <<<"$1"; run_job "$number" "$line" "$TOTAL"' _ {} ||
    echo "cosim: not every run ended" >&2 # the report counts what is missing and fails
if [ -t 2 ]; then printf '\r%40s\r' '' >&2; fi

mkdir -p "$report"
python3 - "$GSP_TMP" >"$report/results.jsonl" <<'PYTHON'
import json
import sys

folder = sys.argv[1]


def text(number, kind):
    try:
        return open(f"{folder}/{number:06}.{kind}", errors="replace").read()
    except FileNotFoundError:
        return ""


for number, line in enumerate(open(f"{folder}/jobs"), 1):
    expected, arguments = line.strip().split(" ", 1)
    # A run that ends without a verdict is an error, whatever it printed; one without an exit code did not end.
    code = text(number, "code").strip()
    if not code:
        continue
    try:
        result = json.loads(text(number, "out"))
    except ValueError:
        words = arguments.split()
        result = {"verdict": "ERROR", "model": words[0], "simulator": words[words.index("--sim") + 1],
                  "message": text(number, "err")[-2000:]}
    result.update(expected=expected, command="gsp cosim " + arguments, exit_code=int(code))
    print(json.dumps(result))
PYTHON
scripts/report.py --expect "$total" --html "$report/index.html" --junit "$report/junit.xml" "$report/results.jsonl"
