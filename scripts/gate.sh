#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# scripts/gate.sh [OPTIONS] [MODEL...]
#
# Gate level: synthesises each model for iCE40 (scripts/netlist.sh) and runs the netlist, made of
# the cells of tb/gate, in lockstep with the C golden model under Verilator; shows that a planted
# bug, synthesised like the rest, is caught. Ends with a table.
#
#   MODEL              only these models; default: all of `gsp list`
#   --form F           only this form: step, neuron, serial, array or pipeline
#   --target T         only this target: lut or dsp
#   --free             every port free, so that coverage bins are judged; otherwise inputs are tied and outputs
#                      left open as fpga/budgets.json says
#   --set NAME=VALUE   one run of the given form (neuron) and target (dsp), with this parameter;
#                      a config field is set on both sides. May be repeated, as may the next two
#   --tie PORT=VALUE   with this input tied; a param is set on both sides
#   --open PORT        with this output left open and not compared
#   --steps N          generated steps per run (1000000)
#   --seed S           seed of the generated stimulus (1)
#   --first            only the first configuration of each model
#   --sim NAME         verilator (default) or icarus, for a short run to cross-check
#   --bugs N           N named bugs of each model, in its first configuration with every port free: the first of that
#                      form (1)
#   --bug NAME         this bug instead, with the ports as they are there
#   --mutants N        N faults of one LUT bit in the first configuration of each model. One that no
#                      step shows is listed as a survivor: the bit may be out of reach
#   --caught M         so many mutants of each model must be caught (1)
#   --report DIR       where the report goes (build/report-gate)
#
# Which forms, parameters and targets a model is run in: those that fpga/budgets.json budgets, each with the netlist
# whose cells are counted there, and `neuron dsp` where no neuron is budgeted. Left out are those that --form and
# --target rule out, and those without reset or enable. `pipeline` is the netlist of an array's datapath, with the
# Verilog of memory and interlock around it, run as an array; `array` is the netlist of the whole, every port free.
#
# GSP_JOBS, GSP_BUILD, GSP: as for scripts/cosim.sh. Netlists and benches are kept and used again.
# Exit codes: 0 every run as expected, 1 a mismatch, an uncaught bug or too few mutants caught,
# 2 wrong usage, 3 the environment.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

steps=1000000 seed=1 bugs=1 bug_name='' mutants=0 caught=1 first=0 free=0 sim=verilator report='' form='' target='' sets=() models=()
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) gsp_usage "${BASH_SOURCE[0]}" && exit 0 ;;
    --first) first=1 ;;
    --free) free=1 ;;
    --form | --target | --set | --tie | --open | --steps | --seed | --sim | --bugs | --bug | --mutants | --caught | --report)
        [ $# -ge 2 ] || gsp_die 2 "$1 needs a value"
        case $1 in
        --form) form=$2 ;;
        --target) target=$2 ;;
        --set)
            [[ $2 =~ ^[A-Za-z_][A-Za-z_0-9]*=[0-9]+$ ]] || gsp_die 2 "--set: '$2' is not NAME=NUMBER"
            sets+=("$2")
            ;;
        --tie)
            [[ $2 =~ ^[A-Za-z_][A-Za-z_0-9]*=-?[0-9]+$ ]] || gsp_die 2 "--tie: '$2' is not PORT=NUMBER"
            sets+=("${2%%=*}:=${2#*=}")
            ;;
        --open)
            [[ $2 =~ ^[A-Za-z_][A-Za-z_0-9]*$ ]] || gsp_die 2 "--open: '$2' is not a port"
            sets+=("$2:=")
            ;;
        --steps) steps=$2 ;;
        --seed) seed=$2 ;;
        --sim) sim=$2 ;;
        --bugs) bugs=$2 ;;
        --bug) bug_name=$2 ;;
        --mutants) mutants=$2 ;;
        --caught) caught=$2 ;;
        --report) report=$2 ;;
        esac
        shift
        ;;
    -*) gsp_die 2 "unknown option '$1'; see scripts/gate.sh --help" ;;
    *) models+=("$1") ;;
    esac
    shift
done
case $form in
'' | step | neuron | serial | array | pipeline) ;;
*) gsp_die 2 "--form: '$form' is none of step, neuron, serial, array, pipeline" ;;
esac
case $target in '' | lut | dsp) ;; *) gsp_die 2 "--target: '$target' is neither lut nor dsp" ;; esac
case $sim in verilator | icarus) ;; *) gsp_die 2 "--sim: '$sim' is neither verilator nor icarus" ;; esac
[[ $steps =~ ^[1-9][0-9]{0,17}$ ]] || gsp_die 2 "--steps: '$steps' is not a number of at least 1"
[[ $seed =~ ^[0-9]{1,19}$ ]] || gsp_die 2 "--seed: '$seed' is not a number"
[[ $bugs =~ ^[0-9]{1,4}$ && $mutants =~ ^[0-9]{1,4}$ && $caught =~ ^[0-9]{1,4}$ ]] || gsp_die 2 "--bugs, --mutants and --caught take a number"

: "${GSP_BUILD:=$GSP_ROOT/build}"
mkdir -p "$GSP_BUILD" || gsp_die 3 "cannot make $GSP_BUILD"
GSP_BUILD=$(cd "$GSP_BUILD" && pwd -P)
report=$(realpath -m "${report:-$GSP_BUILD/report-gate}")
cd "$GSP_ROOT"
tools=(verilator)
[ "$sim" = verilator ] || tools=(iverilog vvp)
gsp_need yosys python3 "${tools[@]}"
gsp_tmpdir
build=$GSP_BUILD/release
if [ -n "${GSP:-}" ]; then
    [ -x "$GSP" ] || gsp_die 2 "GSP=$GSP: not a program"
    : "${GSP_WORK:=$(dirname "$GSP")/../work}"
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

# configurations MODEL: "FORM TARGET [WORD...]", one a line. WORD: NAME=VALUE a parameter, NAME:=VALUE a tied input,
# NAME:= an open output.
configurations() {
    if [ ${#sets[@]} -gt 0 ]; then
        echo "${form:-neuron} ${target:-dsp} ${sets[*]}"
        return
    fi
    python3 - "$1" "$form" "$target" "$free" <<'PYTHON'
import json, sys
model, form, target, free = sys.argv[1:]
found = []
for entry in json.load(open("fpga/budgets.json"))["entries"]:
    tied, opened = entry.get("tied", {}), entry.get("open", [])
    if entry["model"] != model or (free == "0" and {"rst_n", "en"} & set(tied)):
        continue
    words = ["dsp" if entry.get("dsp") else "lut"] + [f"{k}={v}" for k, v in entry.get("parameters", {}).items()]
    if entry["form"] == "pipeline":
        found.append(" ".join(["array"] + words))
    if free == "0":
        words += [f"{k}:={v}" for k, v in tied.items()] + [f"{k}:=" for k in opened]
    found.append(" ".join([entry["form"]] + words))
found = list(dict.fromkeys(found))
# The arrays last.
found.sort(key=lambda line: line.startswith("array "))
if not any(line.startswith("neuron ") for line in found):
    found.insert(0, "neuron dsp")
found = [line for line in found if form in ("", line.split()[0]) and target in ("", line.split()[1])]
# What was asked for by name is run, budgeted or not.
if not found:
    found = [f"{form or 'neuron'} {target or 'dsp'}"] if form or target else []
print("\n".join(found))
PYTHON
}

# bugs_of MODEL FORM: those that its netlist can have and that need no option of the bench, the form's own first.
bugs_of() {
    local files=("rtl/$1"/*.v) common
    # Its files, and the common ones that they name, and those that these name.
    for _ in 1 2 3; do
        for common in rtl/common/*.v; do
            [[ " ${files[*]} " == *" $common "* ]] || ! grep -qw "$(basename "$common" .v)" "${files[@]}" || files+=("$common")
        done
    done
    awk -v form="${2/pipeline/array}" -v around="$([ "$2" != pipeline ] || echo " rtl/common/gsp_array.v rtl/$1/gsp_$1_array.v ")" '
        FILENAME != ARGV[ARGC - 1] {
            # Of an array the netlist of the datapath has what is not in the Verilog around it.
            outside = index(around, " " FILENAME " ")
            while (match($0, /GSP_BUG\([0-9]+/)) {
                place[substr($0, RSTART + 8, RLENGTH - 8)] = outside ? "outside" : "inside"
                $0 = substr($0, RSTART + RLENGTH)
            }
            next
        }
        $1 !~ /^[0-9]+$/ || / -- / || place[$1] != "inside" { next }
        $2 !~ /^(serial|array)_/ { shared[++s] = $2; next }
        index($2, form "_") == 1 { print $2 }
        END { for (i = 1; i <= s; i++) print shared[i] }' "${files[@]}" "rtl/$1/bugs.txt"
}

# ---- the runs: "EXPECTED BUG MUTANTS MODEL FORM TARGET [WORD...]", - for none
: >"$GSP_TMP/jobs"
for model in "${models[@]}"; do
    mapfile -t lines < <(configurations "$model")
    [ $first = 0 ] || lines=("${lines[0]}")
    for line in "${lines[@]}"; do
        [ -f "rtl/$model/gsp_${model}$(case ${line%% *} in neuron) ;; *) echo "_${line%% *}" ;; esac).v" ] ||
            gsp_die 2 "model $model has no form '${line%% *}'"
        echo "PASS - 0 $model $line" >>"$GSP_TMP/jobs"
    done
    # Where ports are tied a bug may have no effect: those not asked for by name are planted with every port free.
    bug_line=${lines[0]}
    if [ -n "$bug_name" ]; then
        named=("$bug_name")
    else
        bug_line=$(tr ' ' '\n' <<<"$bug_line" | grep -v ':=' | paste -sd ' ')
        mapfile -t named < <(bugs_of "$model" "${bug_line%% *}")
        named=("${named[@]:0:bugs}")
        [ "${#named[@]}" = "$bugs" ] || gsp_die 2 "model $model: --bugs $bugs: form ${bug_line%% *} has only ${#named[@]}"
    fi
    for bug in "${named[@]}"; do echo "MISMATCH $bug 0 $model $bug_line" >>"$GSP_TMP/jobs"; done
    for ((k = 1; k <= mutants; k++)); do echo "MISMATCH $k $mutants $model ${lines[0]}" >>"$GSP_TMP/jobs"; done
done
total=$(wc -l <"$GSP_TMP/jobs")
echo "gate: $total runs of ${#models[@]} models, $GSP_JOBS at a time; netlists and benches are built once and kept"

# run_job NUMBER "JOB"; xargs calls it
# shellcheck disable=SC2317
run_job() {
    local bug mutants model form target words=() netlist_words=() code=0 out='' top key netlist word name
    read -r _ bug mutants model form target _ <<<"$2"
    read -ra words <<<"${2#* * * * * * }"
    [ "$2" != "${2#* * * * * * }" ] || words=()
    top=gsp_$model
    [ "$form" = neuron ] || top+=_$form
    declare -A kind=()
    while read -r word name _; do kind[$name]=$word; done < <("$GSP" describe "$model" | grep -E '^(config|param) ')
    local cosim_words=(--form "$form" --top "$top")
    # The Verilog of the array passes the parameters on to its datapath.
    [ "$form" != pipeline ] || cosim_words=(--form array --top "gsp_${model}_array")
    for word in "${words[@]}"; do
        name=$(tr '[:upper:]' '[:lower:]' <<<"${word%%[:=]*}")
        case $word in
        *:=)
            netlist_words+=(--open "${word%:=}")
            # A datapath has the next state beside the old one.
            cosim_words+=(--port "${name%_next}=")
            ;;
        *:=*)
            netlist_words+=(--tie "${word/:=/=}")
            # Of an input or state that changes nothing once the params are tied, lockstep needs no word.
            [ "${kind[$name]-}" != param ] || cosim_words+=(--set "$name=${word#*=}")
            ;;
        *)
            netlist_words+=(--set "${name^^}=${word#*=}")
            # The C model knows its config fields; any other parameter is the Verilog's own.
            if [ "${kind[$name]-}" = config ]; then
                cosim_words+=(--set "$name=${word#*=}")
            elif [ "$form" = pipeline ]; then
                cosim_words+=(--parameter "${name^^}=${word#*=}")
            fi
            ;;
        esac
    done
    [ "$target" = lut ] || netlist_words+=(--dsp)
    if [ "$mutants" -gt 0 ]; then
        netlist_words+=(--mutants "$mutants")
    elif [ "$bug" != - ]; then
        netlist_words+=(--bug "$bug")
    fi
    # Kept under the content of all it is made of.
    key=$({ cat scripts/netlist.* scripts/area.py tb/gate/* rtl/common/*.v* rtl/"$model"/*; yosys -V; echo "$form" "${netlist_words[@]}"; } | sha256sum | cut -c1-16)
    netlist=$GSP_WORK/netlists/$model-$form-$target-$key.v
    mkdir -p "$GSP_WORK/netlists"
    (
        flock 9
        [ -f "$netlist" ] || scripts/netlist.sh "$model" "$form" "${netlist_words[@]}" --out "$netlist" >"$netlist.cells"
    ) 9>"$netlist.lock" >"$GSP_TMP/$1.err" 2>&1 || code=$?
    cosim_words=(cosim "$model" --sim "$SIM" --steps "$STEPS" --seed "$SEED" "${cosim_words[@]}" --rtl "$netlist")
    local cell
    for cell in tb/gate/*.v; do cosim_words+=(--rtl "$cell"); done
    # A named bug is in the netlist, and nowhere else. It shows soon.
    if [ "$mutants" -gt 0 ]; then
        cosim_words+=(--bug "$((1000 + bug))")
    elif [ "$bug" != - ]; then
        export GSP_BENCH_OPTIMIZE=-Og
    fi
    if [ "$code" = 0 ]; then
        # One bench serves all mutants: the first of them builds it.
        out=$(flock "$netlist.lock" true; { [ "$mutants" = 0 ] || flock 8; "$GSP" "${cosim_words[@]}" --json 2>>"$GSP_TMP/$1.err"; } 8>"$netlist.bench") || code=$?
    fi
    python3 - "$2" "$code" "$GSP_TMP/$1.err" "$SIM" "$out" "$netlist.cells" >"$GSP_TMP/$1.json" <<'PYTHON'
import json, re, sys
job, code, err, sim, out, cells = sys.argv[1:]
expected, bug, mutants, model, form, target, *words = job.split()
try:
    result = json.loads(out)
except ValueError:
    result = {"verdict": "ERROR", "model": model, "simulator": sim, "message": open(err, errors="replace").read()[-2000:]}
options = [re.sub("^(.*?):=$", r"--open \1", re.sub("^(.*?):=(.+)$", r"--tie \1=\2", re.sub("^(\\w+=.*)$", r"--set \1", w))) for w in words]
command = " ".join(["scripts/gate.sh", "--form", form, "--target", target] + options + [model])
if int(mutants):
    result["bug"] = f"LUT mutant {bug} of {mutants}"
    # No verdict of its own: a survivor may be a bit that nothing reaches.
    if result["verdict"] == "PASS":
        expected = "PASS"
elif bug != "-":
    command += f" --bug {bug}"
    result["bug"] = bug
# Of the cells those that boards run out of.
try:
    counts = {cell: int(number) for number, cell in re.findall(r"(\d+) (SB_\w+)", open(cells).read())}
    shown = (("LUT4", "SB_LUT4"), ("DSP", "SB_MAC16"), ("BRAM", "SB_RAM40_4K"))
    result["netlist"] = ", ".join(f"{counts[cell]} {name}" for name, cell in shown if cell in counts)
except OSError:
    pass
result.update(expected=expected, form=f"{form} {target}", command=command, exit_code=int(code))
print(json.dumps(result))
PYTHON
}
export -f run_job
export SIM=$sim STEPS=$steps SEED=$seed
# shellcheck disable=SC2016 # the inner shell expands
nl -ba -w6 -n rz "$GSP_TMP/jobs" | xargs -P "$GSP_JOBS" -d '\n' -I{} bash -c \
    'read -r number line <<<"$1"; run_job "$number" "$line"' _ {}

mkdir -p "$report"
find "$GSP_TMP" -name '*.json' | sort | xargs cat >"$report/all.jsonl"
grep -v 'LUT mutant' "$report/all.jsonl" >"$report/results.jsonl" || [ $? -eq 1 ] # 1: mutants only
n_mutants=$((mutants * ${#models[@]}))
code=0
scripts/report.py --expect $((total - n_mutants)) --html "$report/index.html" --junit "$report/junit.xml" "$report/results.jsonl" || code=$?
if [ $n_mutants -gt 0 ]; then
    python3 - "$report/all.jsonl" $n_mutants "$caught" <<'PYTHON' || { late=$?; [ $code -ne 0 ] || code=$late; }
import json, sys
runs = [r for r in map(json.loads, open(sys.argv[1])) if "LUT mutant" in r.get("bug", "")]
caught = [r for r in runs if r["verdict"] == "MISMATCH"]
passed = [r for r in runs if r["verdict"] == "PASS"]
for run in passed:
    print(f"survived {run['steps']:.0f} steps: {run['model']} {run['form']}, {run['bug']}")
models = sorted({run["model"] for run in runs})
few = [model for model in models if sum(run["model"] == model for run in caught) < int(sys.argv[3])]
print(f"mutants: {len(caught)} of {len(runs)} caught, {len(passed)} survived"
      + (f"; fewer than {sys.argv[3]} of {', '.join(few)} caught" if few else ""))
if len(runs) != int(sys.argv[2]) or len(caught) + len(passed) != len(runs):
    print("a mutant ended without a verdict")
    sys.exit(3)
sys.exit(1 if few else 0)
PYTHON
fi
exit $code
