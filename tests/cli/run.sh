#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/cli/run.sh BUILD_DIR
#
# The gsp command without a simulator: every verb's answers and, above all, its refusals. Each
# case states the exit code and a text; messages belong to standard error and answers to standard
# output, so each case also demands that the other stream is empty.
#
# GSP   the gsp program; default: BUILD_DIR/bin/gsp
#
# Exit codes: 0 pass, 1 a case failed, 2 wrong usage, 3 a tool is missing.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
[ $# -eq 1 ] || gsp_die 2 "usage: tests/cli/run.sh BUILD_DIR"
GSP=$(realpath "${GSP:-$1/bin/gsp}")
[ -x "$GSP" ] || gsp_die 2 "GSP=$GSP: not a program"
gsp_need python3
gsp_tmpdir
cd "$GSP_TMP"
unset GSP_HOME GSP_WORK

cases=0 failed=0
fail() {
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$1"
    printf '    gsp %s\n' "${last[*]}"
    head -n 30 out | sed 's/^/    out: /'
    head -n 30 err | sed 's/^/    err: /'
}
# run_gsp ARGUMENT...: leaves out, err and code.
run_gsp() {
    last=("$@") code=0
    "$GSP" "$@" >out 2>err </dev/null || code=$?
}
# judge CODE STREAM PATTERN: of the last run. STREAM is out or err; PATTERN an extended expression.
judge() {
    local other=out
    [ "$2" = err ] || other=err
    cases=$((cases + 1))
    if [ $code -ne "$1" ]; then
        fail "exit code $code, wanted $1"
    elif ! grep -qE -- "$3" "$2"; then
        fail "std$2 lacks '$3'"
    elif [ -s $other ]; then
        fail "std$other is not empty"
    fi
}
# answers PATTERN ARGUMENT...: exit 0, PATTERN on standard output.
answers() {
    local pattern=$1
    shift
    run_gsp "$@"
    judge 0 out "$pattern"
}
# warns WARNING PATTERN ARGUMENT...: exit 0, PATTERN on standard output, WARNING and nothing else on standard error.
warns() {
    local warning=$1 pattern=$2
    shift 2
    run_gsp "$@"
    cases=$((cases + 1))
    if [ "$(wc -l <err)" != 1 ] || ! grep -qE -- "$warning" err; then fail "no warning '$warning' alone"; fi
    : >err
    judge 0 out "$pattern"
}
# differs PATTERN ARGUMENT...: exit 1, PATTERN on standard output.
differs() {
    local pattern=$1
    shift
    run_gsp "$@"
    judge 1 out "$pattern"
}
# refuses PATTERN ARGUMENT...: exit 2, PATTERN on standard error.
refuses() {
    local pattern=$1
    shift
    run_gsp "$@"
    judge 2 err "$pattern"
}
# holds WHAT COMMAND...: any other condition; counts as a case.
holds() {
    local what=$1
    shift
    cases=$((cases + 1))
    "$@" || fail "$what"
}
# seal FILE: appends the end record, made without gsp.
seal() {
    python3 - "$1" <<'PYTHON'
import sys, zlib
text = open(sys.argv[1], "rb").read()
lines = [l for l in text.decode().splitlines() if l and not l.strip().startswith("#")]
with open(sys.argv[1], "ab") as f:
    f.write(b"# end rows=%d crc32=%08x\n" % (len(lines) - 1, zlib.crc32(text)))
PYTHON
}

# ---- the command itself

run_gsp
judge 2 err '^usage: gsp VERB'
answers '^usage: gsp VERB' --help
answers '^usage: gsp VERB' -h
answers '^gsp \(Goldenspike\) [0-9]+\.[0-9]+\.[0-9]+$' --version
refuses "^gsp: no verb 'chekc'; \`gsp --help\` lists them$" chekc
for verb in list describe run step encode gen check cosim replay doctor; do
    answers "^  $verb  *[a-z]" --help
    answers "^gsp $verb: .*" "$verb" --help
    holds "help of $verb has its usage" grep -q "^usage: gsp $verb" out
    refuses "^gsp $verb: .*(--frobnicate|name a model)" "$verb" --frobnicate
done
for verb in describe run step encode gen check cosim; do
    refuses "^gsp $verb: name a model first: gsp $verb MODEL .*gsp list" "$verb"
    refuses "^gsp $verb: no model 'fil'; there are: lif " "$verb" fil
    refuses "^gsp $verb: option --frobnicate is unknown" "$verb" lif --frobnicate
    refuses "^gsp $verb: option -q is unknown" "$verb" lif -q
    refuses "^gsp $verb: option --set is unknown or lacks its value" "$verb" lif --set
    refuses "^gsp $verb: --set: 'v_rest' is not NAME=VALUE" "$verb" lif --set v_rest
    refuses "^gsp $verb: --set: model lif has no field 'v_reste' \(did you mean 'v_rest'\?\)" "$verb" lif --set v_reste=1
    refuses "^gsp $verb: --set: model lif has no field 'zzz'; \`gsp describe lif\` lists them" "$verb" lif --set zzz=1
    refuses "^gsp $verb: --set: 'v' is a field of kind state" "$verb" lif --set v=1
    refuses "^gsp $verb: --preset: model lif has no preset 'x' \(it has: none\)" "$verb" lif --preset x
done
for verb in list doctor; do
    refuses "^gsp $verb: unexpected argument 'lif'" "$verb" lif
done
for verb in describe gen cosim; do
    refuses "^gsp $verb: unexpected argument 'more'" "$verb" lif more
done
refuses '^gsp replay: name one failure folder' replay
refuses '^gsp replay: nowhere: No such file' replay nowhere
refuses 'is not the folder of a finished run' replay .

# ---- list, describe, doctor

answers '^lif +fixed-point leaky' list
answers '"name":' list --json
holds 'list --json names the models of list' bash -c "diff <('$GSP' list | awk '{print \$1}') \
    <(python3 -c 'import json; [print(m[\"name\"]) for m in json.load(open(\"out\"))]')"
for model in $("$GSP" list | awk '{print $1}'); do
    answers "^$model: " describe "$model"
    awk '$1 ~ /^(config|table|param|input|state|output|flag|internal)$/ && $3 ~ /^[su][0-9]/ { print $1, $2, $3 }' out >table
    answers '"fields":' describe "$model" --json
    holds "describe $model --json has the fields, the step and the bins" python3 - <<'PYTHON'
import json
d = json.load(open("out"))
fields = ["%s %s %s%d" % (f["kind"], f["name"], "s" if f["signed"] else "u", f["width"]) for f in d["fields"]]
assert fields and fields == open("table").read().splitlines(), fields
assert d["step"] and d["bins"] and all(f["meaning"] for f in d["fields"])
PYTHON
    answers '^\| kind \| name \| width \| range \| default \| meaning \|$' describe "$model" --markdown
    holds "describe $model --markdown has the fields" bash -c \
        "diff <(awk '{print \$2}' table) <(sed -n 's/^| [a-z]* | \`\([a-z0-9_]*\)\`.*/\1/p' out)"
    answers '^[a-z0-9_]+  +[A-Za-z0-9(]' describe "$model" --bins
done
answers 's24 ' describe lif --set data_width=24
refuses "field 'data_width': value 33 is outside the legal range 2\.\.32" describe lif --set data_width=33

code=0
PATH='' "$GSP" doctor >out 2>err || code=$?
last=(doctor '(empty PATH)')
judge 3 out '^verilator +missing'
holds 'doctor says what to install' grep -qE 'install the Debian packages:.* verilator .*iverilog' out
holds 'doctor ends with its verdict' [ "$(tail -n 1 out)" = 'not ready' ]
# A tool that is there but does not run is no tool.
mkdir fake
printf '#!/bin/sh\nexit 127\n' >fake/verilator
chmod +x fake/verilator
code=0
PATH=$PWD/fake:$PATH "$GSP" doctor >out 2>err || code=$?
last=(doctor '(a verilator that does not run)')
judge 3 out '^verilator +broken'
code=0
PATH='' "$GSP" doctor --json >out 2>err || code=$?
judge 3 out '"missing":'
holds 'doctor --json is JSON' python3 -c 'import json; t = json.load(open("out"))["tools"]; assert all(x["state"] == "missing" for x in t)'

# ---- step

answers '^  \(1\) ' step lif
answers 'v_threshold +256 ' step lif
answers 'dv_in +100 ' step lif i_t=100 gain_k=256 leak_k=20 v=192
answers 'v +277 ' step lif i_t=100 gain_k=256 leak_k=20 v=192 v_threshold=300
answers 'reset_mode +1 +0x1 +subtract: ' step lif reset_mode=subtract
answers 'v_threshold +256 ' step lif --set fraction=8
answers '^PASS: 0 fields differ' step lif i_t=100 gain_k=256 dut.v=100 dut.spike=0
differs '^MISMATCH: 1 field differs' step lif i_t=100 gain_k=256 dut.v=101 dut.spike=0
holds 'the differing field is marked' grep -qE '^> v +101 +100 .*differs' out
differs '^> spike +x +0 ' step lif dut.spike=x
differs '^> v +99999 +0 ' step lif dut.v=99999
differs '^> dv_in +1 +0 ' step lif dut.dv_in=1
refuses "has no field 'i_tt' \(did you mean 'i_t'\?\)" step lif i_tt=1
refuses "has no field 'foo'; \`gsp describe lif\`" step lif foo=1
refuses "has no field 'vv' \(did you mean 'v'\?\)" step lif dut.vv=1
refuses "'spike' is a field of kind output: it is computed; to compare it give dut\.spike=VALUE" step lif spike=1
refuses 'dut\.i_t: a field of kind input' step lif dut.i_t=1
refuses "dut\.v: 'one' is not an integer" step lif dut.v=one
refuses "argument: 'i_t' is not NAME=VALUE" step lif i_t
refuses "argument: field 'i_t': value 40000 is outside the legal range -32768\.\.32767" step lif i_t=40000
refuses "argument: field 'i_t': '1.5' is not an integer \(legal: -32768\.\.32767\)" step lif i_t=1.5
refuses "field 'reset_mode': 'gone' is not an integer \(legal: 0\.\.2 or to\|subtract\|none\)" step lif reset_mode=gone
answers '"v":100' step lif --json i_t=100 gain_k=256
holds 'step --json has every kind' python3 -c '
import json; d = json.load(open("out"))
assert d["state"] == {"v": 100, "refractory_count": 0} and d["output"]["spike"] == 0 and d["internal"]["sum"] == 100
assert "verdict" not in d'
answers '"verdict":"PASS"' step lif --json dut.v=0
differs '"verdict":"MISMATCH"' step lif --json dut.v=1

# ---- run

answers '^step,leak_k,gain_k,i_t,noise_in,v,refractory_count,spike,v_out$' run lif --steps 3 i_t=50 gain_k=256
holds 'a row per step, state and output after it' grep -qx '2,0,256,50,0,150,0,0,150' out
answers '^lif: 1000 steps, [1-9][0-9]* spikes, first in step [0-9]+, mean interval [0-9.]+ steps$' \
    run lif --steps 1000 --summary i_t=100 gain_k=256 leak_k=20
answers '^lif: 100 steps, 0 spikes$' run lif --summary
run_gsp run lif --steps 20 --out run.csv i_t=100 gain_k=256 v=-7 --set v_threshold=500
holds 'run --out writes the file and nothing else' bash -c "[ $code = 0 ] && [ ! -s out ] && [ ! -s err ]"
answers '^PASS lif run\.csv: 20 steps, 80 values' check lif --strict run.csv
holds 'run notes where it started' grep -qx '# init.v=-7' run.csv
answers '^lif: 20 steps' run lif --in run.csv --summary
answers '^lif: 5 steps' run lif --in run.csv --steps 5 --summary
refuses '^gsp run: --steps 21: run\.csv has only 20 rows' run lif --in run.csv --steps 21
refuses "'i_t' has a column in run\.csv" run lif --in run.csv i_t=5
refuses '^gsp run: absent\.csv: No such file' run lif --in absent.csv
run_gsp run lif --in run.csv --out again.csv
holds 'a run of a trace is that trace' cmp run.csv again.csv
refuses "argument: field 'v': value 99999 is outside" run lif v=99999
refuses "'v_rest' is a field of kind param; .*--set the rest" run lif v_rest=1
refuses "has no field 'it'" run lif it=1
for steps in 0 -1 1.5 1e3 '' 99999999999999999999; do
    refuses "^gsp run: --steps: '$steps' is not a number in 1\.\." run lif --steps "$steps"
done
answers '^lif: 10 steps' run lif --summary --steps 010
answers '^lif: 16 steps' run lif --summary --steps 0x10
# Written whole or not at all; and a device stays a device. It is named by a link, so that a gsp
# that replaces what --out names harms the link and, run by root, not the machine.
ln -s /dev/full full
refuses '^gsp run: no/such/folder/x\.csv: cannot write: No such file' run lif --out no/such/folder/x.csv
refuses '^gsp run: fake: cannot write: Is a directory' run lif --out fake
run_gsp run lif --out full
judge 3 err '^gsp run: full: cannot write: No space left'
holds 'the device is still there' bash -c '[ -L full ] && [ -c full ]'
mkfifo pipe
timeout 20 cat pipe >piped &
run_gsp run lif --steps 4 --out pipe
wait $! || fail 'nothing came through the pipe'
holds 'a pipe takes a trace' bash -c '[ -p pipe ] && tail -n 1 piped | grep -q "^# end rows=4 "'
for arguments in 'run lif' 'gen lif --format hex' 'describe lif' 'list --json' 'step lif' '--help'; do
    last=("$arguments" '>/dev/full') code=0
    # shellcheck disable=SC2086 # the arguments are words
    "$GSP" $arguments >/dev/full 2>err || code=$?
    : >out
    judge 3 err 'standard output: cannot write: No space left'
done
# A trace that replaces the state before its rows keeps doing so.
cat >inits.csv <<'END'
# model=lif
init.v,i_t,gain_k
5,1,256
1000,1,256
-7,1,256
END
run_gsp run lif --in inits.csv --out inits_run.csv
answers '^PASS lif inits_run\.csv: 3 steps' check lif --strict inits_run.csv
holds 'run keeps init columns' grep -qx 'step,init.v,init.refractory_count,.*' inits_run.csv

# ---- encode

for model in lif loihi spinnaker_lif spinnaker_izhikevich dpi; do
    answers '^register +integer +stands for +wanted +error +relative$' encode "$model"
    answers "^$model: " describe "$model"
    holds "describe $model lists the real quantities" grep -q '^real quantities of .gsp encode.: ' out
    answers '"registers":' encode "$model" --json
    holds "encode $model --json has each register, its value and its error" python3 - "$model" <<'PYTHON'
import json
d = json.load(open("out"))
real = [r for r in d["registers"] if "real" in r]
assert len(real) > 3 and all(abs(r["error"] - (r["real"] - r["wanted"])) < 1e-12 for r in real)
assert all(abs(r["relative"]) < 0.05 for r in real if r["name"] != "t_refract"), real
PYTHON
    # What it prints is what another verb takes, and gives the same registers.
    run_gsp encode "$model" --args
    read -ra arguments <out
    answers "^$model: 50 steps" run "$model" "${arguments[@]}" --steps 50 --summary
    run_gsp encode "$model" --out encoded.csv --steps 50
    answers "^PASS $model encoded\.csv: 50 steps" check "$model" --strict encoded.csv
    run_gsp run "$model" "${arguments[@]}" --steps 50
    holds "$model: trace and arguments say the same" bash -c "diff <(grep -v '^#' out) <(grep -v '^#' encoded.csv)"
done
answers '^exp_tc +31170 +20\.0014659 ms +20 ms ' encode spinnaker_lif
holds 'a value that is exact has no error' grep -qE '^v_rest +-2129920 +-65 mV +-65 mV +0 +0$' out
answers '^--set v_rest=-2293760$' encode spinnaker_lif --args v_rest=-70
answers '^decay_v +200 +19\.9758' encode loihi
answers '^leak_k +5230 ' encode lif --set data_width=32 --set fraction=20 dt=0.1
refuses "^gsp encode: model loihi_rf has no encoder; there are: lif " encode loihi_rf
refuses "^gsp encode: argument: model spinnaker_lif has no quantity 'tau_mm' \(did you mean 'tau_m'\?\)" encode spinnaker_lif tau_mm=1
refuses "has no quantity 'zzzzzz'; .gsp describe lif. lists them" encode lif zzzzzz=1
refuses "^gsp encode: argument: 'tau_m' is not NAME=VALUE" encode lif tau_m
refuses "quantity 'tau_m': value 0 is outside the legal range 3\.0517578125e-05\.\.65535\.99[0-9]* ms" encode spinnaker_lif tau_m=0
refuses "quantity 'cm': tau_m / cm = 200000 is beyond s16\.15 \(at most 65535\.99" encode spinnaker_lif cm=0.0001
refuses "quantity 'n_steps': timestep / n_steps = .* below" encode spinnaker_lif timestep=0.001 n_steps=60000
refuses "quantity 'n_steps': '1.5' is not a whole number" encode spinnaker_lif n_steps=1.5
refuses "quantity 'input_kind': 'alpha' is none of exp\|delta\|conductance" encode spinnaker_lif input_kind=alpha
for text in one 1ms 0x10 nan inf ''; do
    refuses "quantity 'tau_m': '$text' is not a number \(legal: " encode lif "tau_m=$text"
done
refuses "^gsp encode: quantity 'v_rest': 900 does not fit Q8\.8 \(legal: -128\.\.127\.99" encode lif v_rest=900
refuses "quantity 'tau_m': the leak of a step, .* is 0 with 8 fraction bits" encode lif dt=0.001
refuses "quantity 't_ref': 300 steps \(legal: 0\.\.255\)" encode lif t_ref=300
refuses "^gsp encode: --set: field 'v_rest' follows from the quantities; leave it out" encode spinnaker_lif --set v_rest=3
refuses '^gsp encode: --steps: it is the length of the trace' encode lif --steps 3
refuses '^gsp encode: --tables: model lif has no tables' encode lif --tables images
holds 'nothing is left of a refused encode' [ ! -e images ]
refuses "quantity 'ahp_jump': value 1e-06 is outside .*, 0\.\.7\.37[0-9]*e-10 A" encode dpi ahp_jump=1e-6 --tables images --out x.csv
refuses "quantity 'ireset': value 1e-13 is outside .* A" encode dpi ireset=1e-13
refuses "quantity 'feedback': 'maybe' is none of power\|logistic\|none" encode dpi feedback=maybe
holds 'nothing is left of a refused encode' bash -c '[ ! -e images ] && [ ! -e x.csv ]'
refuses '^gsp encode: --tables: no/where: No such file' encode dpi --tables no/where
# The check values of the contract.
answers '^itau +484088 ' encode dpi ahp_jump=1e-17
for line in 'io +45504' 'lth +2837025' 'lnm +0' 'lspk +9232523' 'lrst +0' 'refractory_steps +10' 'dm_ampa +41734' 'dm_ahp +33521' 'ahp_jump +58'; do
    holds "dpi: $line" grep -qE "^$line " out
done
# Tables: written, read back, and used.
run_gsp encode dpi feedback=none --tables images --out tables.csv --steps 300 idc=2e-11
holds 'the images have their words and end' bash -c "grep -vc '^//' images/t_table.hex | grep -qx 257 &&
    grep -vc '^//' images/a_table.hex | grep -qx 513 && tail -qn 1 images/*.hex | grep -c '^// end words=' | grep -qx 2"
answers '^PASS dpi tables\.csv: 300 steps' check dpi --strict tables.csv
run_gsp encode dpi feedback=none --tables images idc=2e-11 --args
read -ra arguments <out
holds 'the arguments name the images' grep -q -- '--set a_table=images/a_table.hex' out
run_gsp run dpi "${arguments[@]}" --steps 300
holds 'trace and arguments say the same' bash -c "diff <(grep -v '^#' out) <(grep -v '^#' tables.csv)"
run_gsp run dpi idc=26810 --steps 300
holds 'and the default tables something else' bash -c "! diff <(grep -v '^#' out) <(grep -v '^#' tables.csv) >diff.txt"

# A trace elsewhere than its tables finds them all the same.
mkdir sub
run_gsp encode dpi feedback=none --tables images --out sub/x.csv --steps 20
answers '^PASS dpi sub/x\.csv: 20 steps' check dpi --strict sub/x.csv
run_gsp encode dpi feedback=none --tables sub/images --out sub/y.csv --steps 20
answers '^PASS dpi sub/y\.csv: 20 steps' check dpi --strict sub/y.csv
mkdir moved
mv sub moved
answers '^PASS dpi moved/sub/y\.csv: 20 steps' check dpi --strict moved/sub/y.csv
# Registers without the tables that belong to them are another neuron.
for quantity in feedback=none dt=2e-5 kappa=0.7 ut=0.026; do
    refuses '^gsp encode: --args: a_table is not the default image: say with --tables' encode dpi --args $quantity
    refuses '^gsp encode: --out: a_table is not the default image: say with --tables' encode dpi --out x.csv $quantity
    answers '^a_table is not the default image: --tables DIR writes it' encode dpi $quantity
    holds 'no arguments are printed then' bash -c '! grep -q -- --set out'
done
holds 'nothing is left of a refused encode' [ ! -e x.csv ]

# ---- run --si

data=$GSP_ROOT/tests/data/dpi
answers ', 3 spikes, the reference has 3, max abs error 0\.359 ms$' run dpi --si "$data/step_spk_20pA.csv" --summary
answers '^t_s,Imem_A,spike$' run dpi --si "$data/step_spk_20pA.csv" --dt 2e-5
# shellcheck disable=SC2016 # the inner shell expands
holds 'a row per step, then the spikes' bash -c '[ "$(grep -vc "^#" out)" = 35001 ] && [ "$(grep -c ",1$" out)" = 3 ] &&
    grep -q "^# spike 2 at 0\.5755" out'
answers ', 7 spikes, the reference has 7, ' run dpi --si "$data/sfa_ahp_jump_1pA.csv" --summary
warns '^gsp run: warning: an input of 1e-08 A needs a smaller dt: at 0\.0001 s the step is accurate up to 1\.06e-09 A' \
    ', 26 currents, 3 spike counts differ, max relative error of the last interval 6\.85e-02, ' \
    run dpi --si "$data/fi_curve_rockpool_default.csv" --summary
warns '^gsp run: warning: an input of 1e-08 A needs a smaller dt' '^Idc_A,spike_count,t_first_s,isi_last_s,reference_count,' run dpi --si "$data/refractory_fi_tref_2ms.csv"
answers '600 samples of Imem_A compared, relative error: median 3\.0[0-9]e-02' \
    run dpi --si "$data/ampa_train_100Hz_trace.csv" --summary
answers ', 25 spikes, the reference has 25, ' run dpi --preset fine --si "$data/logistic_spk_400pA.csv" --summary
# The example of docs/formats.md.
sed -n '/^# T_s=0.3$/,/^```$/p' "$GSP_ROOT/docs/formats.md" | sed '$d' >example.si
answers '^dpi example\.si: dt 0\.0001 s, 3000 steps, 1 spikes, the reference has 1, max abs error 0\.150 ms$' \
    run dpi --si example.si --summary
holds 'docs/formats.md shows this line' grep -qxF "    $(tail -n 1 out)" "$GSP_ROOT/docs/formats.md"
refuses '^gsp run: --si: model lif runs no scenarios; there are: dpi$' run lif --si example.si
refuses '^gsp run: --si: absent\.si: No such file' run dpi --si absent.si
refuses '^gsp run: --si: the file sets the inputs; not with --in' run dpi --si example.si idc=5
refuses '^gsp run: --dt: it is the time step of a scenario' run dpi --dt 1e-4
refuses "^gsp run: --dt: quantity 'dt': value 0 is outside the legal range" run dpi --si example.si --dt 0
refuses "^gsp run: --dt: quantity 'dt': '1ms' is not a number" run dpi --si example.si --dt 1ms
bad_si() { # bad_si PATTERN TEXT
    # shellcheck disable=SC2059 # the text is a format
    printf "$2" >bad.si
    refuses "^gsp run: $1" run dpi --si bad.si
}
bad_si "bad\.si: no line '# T_s=SECONDS'" '# kappa=0.7\n'
bad_si "bad\.si:1: T_s: '-1' is not a number of seconds above 0" '# T_s=-1\n'
bad_si "bad\.si:2: 'Itau_men_A' is no quantity of dpi; " '# T_s=1\n# Itau_men_A=1e-12\n'
bad_si "bad\.si:2: quantity 'kappa': value 7 is outside the legal range 0\.01\.\.1" '# T_s=1\n# kappa=7\n'
bad_si "bad\.si:2: event 'ampa' is not t:SECONDS,KIND,amp_UNIT:AMOUNT" '# T_s=1\n# event0=ampa\n'
bad_si "bad\.si:2: no event kind 'glycine'; there are: Idc ampa nmda gaba_b gaba_a_shunt" '# T_s=1\n# event0=t:0,glycine,amp_A:1e-12\n'
bad_si "bad\.si:2: time '-1' is not a number of seconds" '# T_s=1\n# event0=t:-1,ampa,amp_A:1e-12\n'
bad_si "bad\.si:2: amount 'amp_A:x' is not" '# T_s=1\n# event0=t:0,ampa,amp_A:x\n'
bad_si "bad\.si:2: event 'ampa': value 1 is outside .* A" '# T_s=1\n# event0=t:0,ampa,amp_A:1\n'
bad_si "bad\.si:2: these columns are no spike list" '# T_s=1\na,b\n'
bad_si "bad\.si:3: 2 cells, the header row has 1 columns" '# T_s=1\nt_spike_s\n1,2\n'
bad_si "bad\.si:3: 'x' is not a number" '# T_s=1\nt_spike_s\nx\n'
bad_si "quantity 'itau_mem': value 0\.0001 is outside what this configuration can hold" '# T_s=1\n# Itau_mem_A=1e-4\n'

warns '^gsp encode: warning: dt 0\.001 s is too coarse for tau_mem 0\.02 s' '^itau ' encode dpi dt=1e-3 idc=1e-11

# ---- gen

for level in 1 2; do
    for free in '' --free-state; do
        for format in csv hex; do
            for seed in 1 1 2; do
                # shellcheck disable=SC2086 # an empty option is none
                run_gsp gen lif --level $level --steps 300 --seed $seed --format $format $free --out gen.$format
                judge 0 err "^gsp gen: lif: 300 steps, level $level, seed $seed$"
                holds "gen: seed $seed repeats or differs" bash -c \
                    "case $seed in 2) ! cmp -s gen.$format first;; *) [ ! -f first ] || cmp gen.$format first;; esac"
                [ -f first ] || cp gen.$format first
            done
            rm first
        done
        answers '^PASS lif gen\.csv: 300 steps, 1200 values' check lif --strict gen.csv
        holds 'a word per step' [ "$(grep -vc '^//' gen.hex)" = 300 ]
        holds 'the end record' [ "$(tail -n 1 gen.hex)" = '// end rows=300' ]
    done
done
for model in $("$GSP" list | awk '{print $1}'); do
    run_gsp gen "$model" --steps 500 --out gen.csv
    judge 0 err "^gsp gen: $model: 500 steps"
    answers "^PASS $model gen\.csv: 500 steps" check "$model" --strict gen.csv
done
# The words hold what the trace says, at the places the header names.
run_gsp gen lif --steps 50 --set v_reset=-3 --out words.csv
run_gsp gen lif --steps 50 --set v_reset=-3 --format hex --out words.hex
holds 'hex and csv say the same' python3 - <<'PYTHON'
import csv, re
layout, words = {}, []
for line in open("words.hex"):
    place = re.match(r"//   (\w+)( \(before\))? \[(\d+):(\d+)\]", line)
    if place:
        layout[place[1] + (place[2] or "")] = (int(place[3]), int(place[4]))
    elif not line.startswith("//"):
        words.append(int(line.replace("_", ""), 16))
rows = list(csv.DictReader(l for l in open("words.csv") if not l.startswith("#")))
assert len(rows) == len(words) == 50
signed = {"v_rest", "v_reset", "v_threshold", "leak_k", "gain_k", "i_t", "noise_in", "v", "v_out"}
for k, (row, word) in enumerate(zip(rows, words)):
    assert int(row["v_reset"]) == -3
    for name, (msb, lsb) in layout.items():
        value = word >> lsb & (1 << msb - lsb + 1) - 1
        plain = name.replace(" (before)", "")
        if plain in signed and value >> (msb - lsb):
            value -= 1 << msb - lsb + 1
        if name == plain:
            assert value == int(row[name]), (k, name, value)
        elif k:
            assert value == int(rows[k - 1][plain]), (k, name, value)
PYTHON
run_gsp gen lif --level 3 --set data_width=2 --set fraction=1 --set refractory_period=0 --set v_rest=1 --set v_reset=0 --out small.csv
judge 0 err '^gsp gen: lif: 98304 steps, level 3'
answers '^PASS lif small\.csv: 98304 steps, 393216 values' check lif --strict small.csv
refuses '^gsp gen: an exhaustive run of lif has [0-9]{9,} steps' gen lif --level 3 --out big.csv
run_gsp gen lif --level 3 --steps 10 --out big.csv
judge 0 err ': 10 steps, level 3'
refuses "--level: '4' is not a number in 1\.\.3" gen lif --level 4
refuses "--format: 'xml' is neither csv nor hex" gen lif --format xml
refuses "--seed: '-1' is not a number" gen lif --seed -1
for format in csv hex; do
    run_gsp gen lif --format $format --out full
    judge 3 err '^gsp gen: full: cannot write: No space left'
    holds 'the device is still there' bash -c '[ -L full ] && [ -c full ]'
    refuses 'no/where: cannot write' gen lif --format $format --out no/where
done
holds 'no file is left half-written' [ -z "$(find . -name '*.tmp')" ]

# ---- check: files that are good

good() { # good NAME: from standard input; sealed
    cat >"$1"
    seal "$1"
}
good good.csv <<'END'
# model=lif
# v_threshold=200
# source=made by hand
# note=100
# x_anything=7
# a remark
step,i_t,gain_k,v,spike,x_free
0,100,256,100,0,anything

1,100,256,0,1,
# a remark between rows, v=64 among others
2,0,0,,0,
END
answers '^PASS lif good\.csv: 3 steps, 5 values compared, 1 spikes$' check lif --strict good.csv
answers '"verdict":"PASS"' check lif --json good.csv
sed 's/$/\r/' good.csv | sed '$d' >crlf.csv
python3 - <<'PYTHON'
import zlib
text = open("crlf.csv", "rb").read()
open("crlf.csv", "ab").write(b"# end rows=3 crc32=%08x\r\n" % zlib.crc32(text))
PYTHON
answers '^PASS lif crlf\.csv: 3 steps, 5 values' check lif --strict crlf.csv
# printf, because the lines end in blanks
printf '%s\n' '#model = lif' $'   # v_threshold\t= 200' $' step , i_t,\tgain_k ,v , spike' $' 0, 100 ,256\t, 100,0' \
    '1 ,100, 256,0 , 1  ' | good spaces.csv
answers '^PASS lif spaces\.csv: 2 steps, 4 values' check lif --strict spaces.csv
good labels.csv <<'END'
# model=lif
# reset_mode=subtract
# refractory_period=0
# v_threshold=0x64
i_t,gain_k,saturate,v
150,256,wrap,50
+1,0x100,saturate,51
END
answers '^PASS lif labels\.csv: 2 steps, 2 values' check lif --strict labels.csv
good columns.csv <<'END'
# model=lif
# init.v=5
i_t,gain_k,v_threshold,init.v,v,sum
1,256,300,,6,6
1,256,300,50,51,51
1,256,52,,0,52
END
answers '^PASS lif columns\.csv: 3 steps, 6 values' check lif --strict columns.csv
# The example of docs/formats.md, and what the page says of it.
awk '/^```/ { n++; next } n == 1' "$GSP_ROOT/docs/formats.md" >example.csv
answers '^PASS lif example\.csv: 3 steps, 6 values compared, 1 spikes$' check lif --strict example.csv
holds 'docs/formats.md shows this line' grep -qxF "    $(cat out)" "$GSP_ROOT/docs/formats.md"
printf '%s\n' '# model=lif' 'i_t,gain_k,v' '7,256,7' >open.csv
answers '^PASS lif open\.csv: 1 steps, 1 values' check lif open.csv
printf 'i_t,gain_k,v\n7,256,7' >bare.csv
answers '^PASS lif bare\.csv: 1 steps' check lif bare.csv
printf '%s\n' 'i_t,gain_k,v' '7,256,3' >fraction.csv
answers '^PASS lif fraction\.csv' check lif --set fraction=9 fraction.csv
printf '%s\n' '# fraction=8' 'i_t,gain_k,v' '7,256,7' >header.csv
answers '^PASS lif header\.csv' check lif --set fraction=9 header.csv

# ---- check: files that cannot be read as a trace

# bad PATTERN TEXT [OPTION...]: the file bad.csv of that text (printf format) is refused.
bad() {
    local pattern=$1
    # shellcheck disable=SC2059 # the text is a format
    printf "$2" >bad.csv
    shift 2
    refuses "^gsp check: $pattern" check lif "$@" bad.csv
}
refuses '^gsp check: name a trace file' check lif
refuses '^gsp check: absent\.csv: No such file' check lif absent.csv
refuses '^gsp check: fake: Is a directory' check lif fake
bad 'bad\.csv: empty file: no header row' ''
bad 'bad\.csv: no trace: no header row' '# model=lif\n# v_rest=0\n'
bad 'bad\.csv: no rows' '# model=lif\ni_t,v\n'
bad 'bad\.csv:2: byte 0x00: this is not a text file' 'i_t,v\n1,\0002\n'
refuses 'byte 0x[0-9a-f]{2}: this is not a text file' check lif "$GSP"
bad 'bad\.csv:3: 2 cells, the header row has 3 columns \(truncated\?\)' 'i_t,gain_k,v\n1,256,1\n1,256'
bad 'bad\.csv:2: 4 cells, the header row has 3 columns$' 'i_t,gain_k,v\n1,256,1,1\n'
bad 'bad\.csv: no end record .*may be truncated' 'i_t,gain_k,v\n1,256,1\n' --strict
bad 'bad\.csv:3: truncated: the end record says 2 rows, the file has 1' 'i_t,gain_k,v\n1,256,1\n# end rows=2 crc32=00000000\n'
bad 'bad\.csv:3: damaged: the end record says crc32=00000000, the file has [0-9a-f]{8}' \
    'i_t,gain_k,v\n1,256,1\n# end rows=1 crc32=00000000\n'
for record in 'rows=1' 'rows=1 crc32=' 'rows=1 crc32=123' 'rows=x crc32=00000000' 'rows=1 crc32=000000000' 'rows=1 crc32=0000ABCD'; do
    bad "bad\.csv:3: bad end record '.*' \(expected: end rows=N crc32=XXXXXXXX\)" "i_t,gain_k,v\n1,256,1\n# end $record\n"
done
cp good.csv bad.csv
echo '3,0,0,0,0,' >>bad.csv
refuses 'bad\.csv:14: text after the end record' check lif bad.csv
sed 's/^1,100/1,101/' good.csv >bad.csv
refuses 'bad\.csv:13: damaged' check lif bad.csv
bad "bad\.csv:2: model lif has no field 'v_thresold' \(did you mean 'v_threshold'\?\); a column that is no field begins with x_" \
    '# model=lif\ni_t,v_thresold,v\n1,2,3\n'
bad "bad\.csv:1: model lif has no field 'v_thresold' \(did you mean 'v_threshold'\?\)" '# v_thresold=256\ni_t,v\n0,0\n'
bad "bad\.csv:1: model lif has no field 'reset_mod' \(did you mean 'reset_mode'\?\)" '# reset_mod=subtract\ni_t,v\n0,0\n'
bad "bad\.csv:1: model lif has no field 'wholly_other'; .gsp describe lif" '# wholly_other=0x10\ni_t,v\n0,0\n'
printf '# wholly_other=some text 1\n# author=ada\ni_t,v\n0,0\n' >text.csv
answers '^PASS lif text\.csv' check lif text.csv
bad "bad\.csv:2: 'v_rest=' after the header row" 'i_t,v\n# v_rest=3\n0,0\n'
bad "bad\.csv:3: 'init\.v=' after the header row" 'i_t,v\n0,0\n# init.v=3\n0,0\n'
bad "bad\.csv:1: column 'v' appears twice" 'i_t,v,v\n0,0,0\n'
bad 'bad\.csv:1: column 2 has no name' 'i_t,,v\n0,0,0\n'
bad "bad\.csv:1: column 'fraction': a config field is fixed for the whole trace; .*'# fraction=\.\.\.'" 'i_t,fraction,v\n0,8,0\n'
bad "bad\.csv:1: column 'init\.i_t': 'i_t' is not a state" 'init.i_t,v\n0,0\n'
bad "bad\.csv:1: 'init\.v_rest' is not a state field" '# init.v_rest=1\ni_t,v\n0,0\n'
bad "bad\.csv:1: model lif has no field 'vv'" '# init.vv=1\ni_t,v\n0,0\n'
bad "bad\.csv:1: 'i_t' is input field; the header takes config, table and param" '# i_t=1\nv\n0\n'
bad "bad\.csv:2: field 'i_t': value 32768 is outside the legal range -32768\.\.32767" 'i_t,v\n32768,0\n'
bad "bad\.csv:2: field 'v': value -32769 is outside the legal range -32768\.\.32767" 'i_t,v\n0,-32769\n'
bad "bad\.csv:3: field 'reset_mode': value 3 is outside the legal range 0\.\.2 or to\|subtract\|none" \
    'i_t,reset_mode,v\n0,to,0\n0,3,0\n'
bad "bad\.csv:2: field 'i_t': value 99999999999999999999 is outside the legal range" 'i_t,v\n99999999999999999999,0\n'
for text in one 1.5 1e3 -- 0x '1 2' '"1"'; do
    bad "bad\.csv:2: field 'i_t': '$text' is not an integer \(legal: -32768\.\.32767\)" "i_t,v\n$text,0\n"
done
bad "bad\.csv:2: field 'i_t': empty; an input needs a value in every row" 'i_t,v\n,0\n'
bad "bad\.csv:1: field 'data_width': value 33 is outside the legal range 2\.\.32" '# data_width=33\ni_t,v\n0,0\n'
bad "bad\.csv:1: field 'data_width': value 1 is outside the legal range 2\.\.32" '# data_width=1\ni_t,v\n0,0\n'
bad "bad\.csv:1: field 'fraction': value 16 is outside the legal range 0\.\.15" '# fraction=16\ni_t,v\n0,0\n'
bad "default: field 'fraction': value 8 is outside the legal range 0\.\.7" '# data_width=8\ni_t,v\n0,0\n'
bad "bad\.csv:1: field 'refractory_period': value -1 is outside the legal range 0\.\.255" '# refractory_period=-1\ni_t,v\n0,0\n'
bad "bad\.csv:1: field 'v': value 99999 is outside" '# init.v=99999\ni_t,v\n0,0\n'
bad "bad\.csv:1: this is a trace of model 'loihi', not of 'lif'" '# model=loihi\ni_t,v\n0,0\n'
bad 'bad\.csv: nothing to compare: no state, output, flag or internal column has a value' 'i_t,v\n0,\n'
bad 'bad\.csv: nothing to compare' 'i_t,x_v\n0,1\n'
bad "--set: field 'data_width': value 40 is outside" 'i_t,v\n0,0\n' --set data_width=40

# ---- check: values that differ

sed 's/^1,100,256,0,1/1,100,256,7,1/; /^# end/d' good.csv >wrong.csv
seal wrong.csv
differs "^MISMATCH lif wrong\.csv:10: field 'v': the trace has 7, the model 0$" check lif --strict wrong.csv
holds 'the table marks the field' grep -qE '^> v +7 +0 ' out
holds 'the state before is shown' bash -c 'sed -n "/^state before:/,/^inputs:/p" out | grep -qE "^  v +100 "'
holds 'the last line counts' grep -qx 'MISMATCH lif wrong.csv: 3 steps, 5 values compared, 1 spikes, 1 steps differ' out
# The line is pasted into a shell, as a user would; gsp is the one under test.
reproduce() {
    local line
    line=$(sed -n '/^reproduce the step:/{n;s/^ *//p}' out)
    last=("${line#gsp }") code=0
    PATH=$(dirname "$GSP"):$PATH bash -c "$line" >out 2>err </dev/null || code=$?
}
reproduce
judge 1 out '^> v +7 +0 .*differs'
printf '# model=lif\ni_t,gain_k,sum\n5,256,5\n5,256,11\n' >internal.csv
differs "internal\.csv:4: field 'sum': the trace has 11, the model 10" check lif internal.csv
reproduce
judge 1 out '^> sum +11 +10 .*differs'
differs '"verdict":"MISMATCH"' check lif --json wrong.csv
holds 'check --json names line and field' python3 -c '
import json; d = json.load(open("out")); assert (d["line"], d["field"], d["wrong_steps"]) == (10, "v", 1), d'
# Several files: each is judged, the worst verdict is the exit code.
answers '^PASS lif labels\.csv' check lif good.csv labels.csv
holds 'both are named' grep -q '^PASS lif good\.csv' out
differs '^PASS lif labels\.csv' check lif wrong.csv labels.csv
run_gsp check lif absent.csv wrong.csv labels.csv
holds 'a file that cannot be read does not hide the others' bash -c "[ $code = 2 ] &&
    grep -q 'absent.csv: No such file' err && grep -q '^MISMATCH lif wrong' out && grep -q '^PASS lif labels' out"

# ---- cosim: what is refused before a simulator is asked

refuses "--sim: 'vcs' is neither verilator nor icarus" cosim lif --sim vcs
refuses "--form: 'ring' is none of step, neuron, serial, array" cosim lif --form ring
refuses 'level 3 draws the state as well: it needs --form step' cosim lif --form neuron --level 3
refuses "--steps: '0' is not a number" cosim lif --steps 0
refuses '--in: absent\.csv: No such file' cosim lif --in absent.csv
printf 'i_t,v\n32768,0\n' >bad.csv
refuses "bad\.csv:2: field 'i_t': value 32768 is outside" cosim lif --in bad.csv
refuses '--steps 21: .*run\.csv has only 20 rows' cosim lif --in run.csv --steps 21
refuses 'run\.csv: starts from a state that is not the reset state: it needs --form step' cosim lif --in run.csv --form neuron
refuses "--bug: no bug 'moth'; there are: difference_wrapped " cosim lif --bug moth
for window in x 5 5: :5 5:6:7 -1:5 5:x 1.5:3 ' 1:2' 99999999999:; do
    refuses "--wave: '$window' is not FROM:TO in cycles" cosim lif --wave "$window"
done
refuses '--wave: 9:8 ends before it begins' cosim lif --wave 9:8
refuses '--wave: 0:0 ends before it begins' cosim lif --wave 0:0
refuses '--rtl: absent\.v: No such file' cosim lif --rtl absent.v --top x
refuses '--rtl: name the top module of your files with --top' cosim lif --rtl "$GSP_ROOT/rtl/lif/gsp_lif.v"
refuses "--port: 'v' is not FIELD=PORT" cosim lif --port v
refuses "--port: model lif has no field 'vv'" cosim lif --port vv=x
refuses "--port: 'a-b' is not the name of a port" cosim lif --port v=a-b
for field in clk rst_n i_t; do
    refuses "--port: '$field' needs a port" cosim lif --port $field=
done
refuses "--port: form step takes the state from outside: 'v' needs a port" cosim lif --form step --port v=
refuses 'nothing to compare' cosim lif --port v= --port refractory_count= --port spike= --port v_out=
refuses '--bare: not with --in' cosim lif --bare --in good.csv
code=0
GSP_HOME=$PWD "$GSP" cosim lif >out 2>err </dev/null || code=$?
judge 3 err "GSP_HOME=.*: no tb/build_bench.sh there"
holds 'a refused cosim leaves no run behind' [ ! -d gsp-work/runs ]

echo "cli: $cases cases, $failed failed"
[ $failed -eq 0 ]
