#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# scripts/netlist.sh MODEL [FORM] [OPTIONS] --out FILE
#
# Makes the gate-level netlist of a model for iCE40 with Yosys (synth_ice40, as scripts/area.sh does) and
# writes it as Verilog: a module with the name, parameters and ports of the RTL, made of the cells of tb/gate. Given
# other parameters than it was made with it stops elaboration.
#
#   FORM             step, neuron (default), serial, array or pipeline (the datapath of an array)
#   --dsp            products in DSP blocks
#   --set NAME=N     a Verilog parameter, DATA_WIDTH=8; may be repeated
#   --tie PORT=N     this input is the constant N, whatever the module around gives; may be repeated
#   --open PORT      nobody reads this output: it is 0; may be repeated
#   --bug NAME       with this bug of rtl/MODEL/bugs.txt built in
#   --mutants N      N of its LUTs can be run with one bit of their content inverted: the one
#                    that the plusarg +gsp_bug names, 1001 to 1000 + N; 0: none
#   --seed S         which LUTs and bits (1)
#   --out FILE       the netlist
#
# A cell or a setting of its parameters that tb/gate/checked.py does not list is an error, and so is a netlist that is not the one
# recorded in fpga/recorded.json for the same inputs (scripts/area.sh --record). Prints one line: cells of each kind.
# Exit codes: 0 done, 1 not as recorded, 2 wrong usage, 3 a tool is missing or failed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

model='' form=neuron dsp='' bug='' out='' mutants=0 seed=1 chparam=() ports=() define=() words=()
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) gsp_usage "${BASH_SOURCE[0]}" && exit 0 ;;
    --dsp) dsp=-dsp ;;
    --set | --tie | --open | --bug | --mutants | --seed | --out)
        [ $# -ge 2 ] || gsp_die 2 "$1 needs a value"
        case $1 in
        --set)
            [[ $2 =~ ^[A-Za-z_][A-Za-z_0-9]*=[0-9]+$ ]] || gsp_die 2 "--set: '$2' is not NAME=NUMBER"
            chparam+=(-chparam "${2%%=*}" "${2#*=}")
            ports+=("$2")
            ;;
        --tie)
            [[ $2 =~ ^[A-Za-z_][A-Za-z_0-9]*=-?[0-9]+$ ]] || gsp_die 2 "--tie: '$2' is not PORT=NUMBER"
            ports+=("${2%%=*}:=${2#*=}")
            ;;
        --open) ports+=("$2:=") ;;
        --bug) bug=$2 ;;
        --mutants) mutants=$2 ;;
        --seed) seed=$2 ;;
        --out) out=$2 ;;
        esac
        shift
        ;;
    -*) gsp_die 2 "unknown option '$1'; see scripts/netlist.sh --help" ;;
    *) words+=("$1") ;;
    esac
    shift
done
[[ ${#words[@]} -ge 1 && ${#words[@]} -le 2 ]] || gsp_die 2 "name one model and at most one form; see --help"
[ -n "$out" ] || gsp_die 2 "--out FILE is missing"
[[ $mutants =~ ^[0-9]{1,6}$ && $seed =~ ^[0-9]{1,9}$ ]] || gsp_die 2 "--mutants and --seed take a number"
model=${words[0]} form=${words[1]-neuron}
case $form in
neuron) top=gsp_$model ;;
step | serial | array | pipeline) top=gsp_${model}_$form ;;
*) gsp_die 2 "form '$form' is none of step, neuron, serial, array, pipeline" ;;
esac
folder=$GSP_ROOT/rtl/$model common=$GSP_ROOT/rtl/common
[[ $model =~ ^[a-z0-9_]+$ && -d $folder && $model != common ]] || gsp_die 2 "no model '$model' in rtl"
[ -f "$folder/$top.v" ] || gsp_die 2 "model $model has no form '$form'"
if [ -n "$bug" ]; then
    number=$(awk -v name="$bug" '$2 == name { print $1 }' "$folder/bugs.txt")
    [ -n "$number" ] || gsp_die 2 "--bug: no bug '$bug' in rtl/$model/bugs.txt"
    define=("-DGSP_FIXED_BUG=$number")
fi
gsp_need yosys python3
gsp_tmpdir

# Elaborated apart, so that a wrong parameter is told from a fault of the synthesis, and for the ports. Around the
# module comes the wrapper of scripts/area.py, so that this netlist is the one whose cells are counted there. Its ports
# are split into bits and put together again by a module of their own: Verilator would see a loop where one bit of a
# vector depends on another one.
cat >"$GSP_TMP/script.ys" <<EOF
read_verilog ${define[*]-} -I$common $common/*.v $folder/*.v
hierarchy -check -top $top ${chparam[*]-}
proc
write_json $GSP_TMP/ports.json
EOF
yosys -q -s "$GSP_TMP/script.ys" >"$GSP_TMP/log" 2>&1 || {
    tail -n 3 "$GSP_TMP/log" >&2
    gsp_die 2 "$top cannot be elaborated with these parameters"
}
python3 -B "$GSP_ROOT/scripts/netlist.py" wrap "$GSP_TMP" "$top" "${ports[@]}" || exit $?
cat >"$GSP_TMP/script.ys" <<EOF
read_verilog ${define[*]-} -I$common $common/*.v $folder/*.v
read_verilog $GSP_TMP/wrapper.v
synth_ice40 $dsp -top area_top
write_json $GSP_TMP/area.json
check -assert -noinit
splitnets -ports
rename area_top ${top}_gates
clean
write_json $GSP_TMP/gates.json
write_verilog -noattr $GSP_TMP/gates.v
EOF
yosys -q -s "$GSP_TMP/script.ys" >"$GSP_TMP/log" 2>&1 || {
    tail -n 5 "$GSP_TMP/log" >&2
    gsp_die 3 "yosys failed on $top"
}
kind=lut
[ -z "$dsp" ] || kind=dsp
[ -z "$bug" ] || kind=bug
python3 -B "$GSP_ROOT/scripts/netlist.py" finish "$GSP_TMP" "$top" "$GSP_ROOT/tb/gate" "$mutants" "$seed" \
    "$model" "$kind" "${ports[@]}" >"$GSP_TMP/line" || exit $?
# Moved into place whole: a run beside this one may look.
mkdir -p "$(dirname "$out")"
{ cp "$GSP_TMP/netlist.v" "$out.$$" && mv "$out.$$" "$out"; } || gsp_die 2 "$out: cannot write"
cat "$GSP_TMP/line"
