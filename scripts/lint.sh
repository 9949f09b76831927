#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# scripts/lint.sh [--fix] [PATH...]
#
# Every static check, on the tracked files (below PATH, where one is given):
#
#   C, C++    clang-format; clang-tidy on what the build compiles; every header
#             compiles alone as C11, a public one also as C++17, with gcc and clang
#   Verilog   each rtl/*/*.v and tb/gate/*.v as top, and each design of fpga/ around a stand-in for the
#             neuron, under verilator -Wall, iverilog -Wall and yosys
#             check -assert, with its default parameters and with each set in
#             rtl/<dir>/lint.txt; with the test bugs compiled in (verilator, iverilog)
#   scripts   bash -n, shellcheck; Python and JSON parse
#   policy    SPDX lines, no path of one machine, file modes, white space
#
# A check is clean when its tool exits 0 and prints nothing.
#
# rtl/<dir>/lint.txt: one parameter set a line, "DATA_WIDTH=8 FRACTION=0"; # begins a
# comment. A set goes to every module of the directory that has all its parameters.
#
#   --fix     first run clang-format over the C and C++ files
#
# Exit codes: 0 clean, 1 a check failed, 2 wrong usage, 3 a tool is missing.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

fix=0 paths=()
for arg; do
    case $arg in
    --fix) fix=1 ;;
    -h | --help) gsp_usage "${BASH_SOURCE[0]}" && exit 0 ;;
    -*) gsp_die 2 "unknown argument '$arg'; see scripts/lint.sh --help" ;;
    *)
        [ -e "$arg" ] || gsp_die 2 "no such file or directory: $arg"
        path=$(realpath --relative-to="$GSP_ROOT" -- "$arg")
        case $path in ..*) gsp_die 2 "not in this project: $arg" ;; esac
        paths+=("$path")
        ;;
    esac
done
cd "$GSP_ROOT"

# Other versions of clang-format lay out a few constructs differently.
clang_format=clang-format
if command -v clang-format-14 >/dev/null; then clang_format=clang-format-14; fi
gsp_need git cmake ninja gcc g++ clang clang++ "$clang_format" clang-tidy verilator iverilog yosys shellcheck python3
gsp_tmpdir
mkdir "$GSP_TMP/failed"

gsp_files "${paths[@]}" >"$GSP_TMP/files"
n_files=$(wc -l <"$GSP_TMP/files")
[ "$n_files" -gt 0 ] || gsp_die 2 "no tracked file below: ${paths[*]-.}"
# select_files REGEX: of the files at hand, those whose path matches.
select_files() {
    grep -E "$1" "$GSP_TMP/files" || [ $? -eq 1 ]
}

# ---- the jobs: one line each, "LABEL<tab>COMMAND"

: >"$GSP_TMP/jobs"
: >"$GSP_TMP/done"
n_checks=0
# job LABEL COMMAND [N]: N checks in one.
job() {
    printf '%s\t%s\n' "$1" "$2" >>"$GSP_TMP/jobs"
    n_checks=$((n_checks + ${3:-1}))
}

# check LABEL COMMAND: clean is exit code 0 without a byte of output.
check() {
    local output code=0
    output=$(eval "$2" 2>&1 </dev/null) || code=$?
    [ $code -ne 0 ] || [ -n "$output" ] || return 0
    # A fault that cannot be written down ends it all: 255 stops xargs.
    {
        printf '%s\n' "-- $1"
        if [ -n "$output" ]; then head -n 60 <<<"$output"; else echo "exit code $code, no message"; fi
    } >"$(mktemp "$GSP_TMP/failed/$(date +%s%N).XXXXXX")" || exit 255
    return 1
}

# run_jobs LINE...
run_jobs() {
    local line
    for line; do
        check "${line%%$'\t'*}" "${line#*$'\t'}" || :
        echo >>"$GSP_TMP/done"
    done
}

# format_diff FILE: what clang-format would change.
format_diff() {
    "$clang_format" "$1" | diff -u --label "$1" --label "$1, formatted" "$1" -
}

# tidy BUILD FILE, as that build compiles it.
tidy() {
    local output code=0
    # The analyzer stops at so many states of a function; its own limit, 225,000, makes it the longest of all checks.
    output=$(clang-tidy --quiet -p "$GSP_TMP/$1" --extra-arg=-Wno-unknown-warning-option --extra-arg=-Xclang \
        --extra-arg=-analyzer-config --extra-arg=-Xclang --extra-arg=max-nodes=20000 "$2" 2>&1) || code=$?
    # It counts the warnings it suppressed in system headers, even with --quiet.
    grep -vE '^([0-9]+ warnings? generated\.)?$' <<<"$output"
    return $code
}

# alone COMPILER LANGUAGE HEADER FLAG...: twice, so that the include guard is tried too.
alone() {
    local compiler=$1 language=$2 header=$3
    shift 3
    printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
        "$compiler" -x "$language" -fsyntax-only -Wall -Wextra -Wconversion -Werror \
            -Ic_model/include -Ic_model/src -I. "$@" -
}

# lint_verilog TOOL DEFINE [FILE SET]...: each FILE, all of one directory, as top, with DEFINE and the parameters of SET.
# No FILE comes twice.
lint_verilog() {
    local tool=$1 define=$2 dir=${3%/*} top parameter script='' sources options=()
    shift 2
    shopt -s nullglob
    sources=(rtl/common/*.v)
    [ "$dir" = rtl/common ] || sources+=("$dir"/*.v)
    case $tool in
    verilator)
        while [ $# -gt 0 ]; do
            top=${1##*/} options=()
            for parameter in $2; do options+=("-G$parameter"); done
            "$verilator" --lint-only -Wall ${define:+-D"$define"} -y "$dir" -y rtl/common +incdir+rtl/common \
                --top-module "${top%.v}" "${options[@]}" "$1" || return
            shift 2
        done
        ;;
    iverilog)
        while [ $# -gt 0 ]; do
            top=${1##*/}
            options+=(-s "${top%.v}")
            for parameter in $2; do options+=("-P${top%.v}.$parameter"); done
            shift 2
        done
        # All sources by name: the preprocessor of Icarus 11 crashes when a file found through -y
        # uses a macro with arguments that an earlier file has defined.
        iverilog -g2005 -Wall -t null ${define:+-D"$define"} -I rtl/common "${options[@]}" "${sources[@]}"
        ;;
    yosys)
        # Not optimized before it is checked: that takes long, and can take away what is wrong.
        while [ $# -gt 0 ]; do
            top=${1##*/} options=()
            for parameter in $2; do options+=("-chparam ${parameter%%=*} ${parameter#*=}"); done
            script+="
                design -load sources; hierarchy -check -top ${top%.v} ${options[*]}
                proc; select -assert-none t:\$dlatch t:\$adlatch t:\$dlatchsr; check -assert"
            shift 2
        done
        yosys -q -p "read_verilog -defer -I rtl/common ${sources[*]}; design -save sources $script"
        ;;
    esac
}

# lint_together TOOL DEFINE [FILE SET]...: all at once, which saves reading the sources for each; where that is not
# clean, one by one, to tell which it is.
lint_together() {
    local tool=$1 define=$2 output code=0 found=0 settings
    shift 2
    output=$(lint_verilog "$tool" "$define" "$@" 2>&1) || code=$?
    [ $code -ne 0 ] || [ -n "$output" ] || return 0
    while [ $# -gt 0 ]; do
        settings="$define${define:+${2:+ }}$2"
        check "$tool $1${settings:+ with $settings}" "lint_verilog $tool '$define' $1 '$2'" || found=1
        shift 2
    done
    [ $found = 0 ] || return 0
    printf '%s\n' "$output"
    return 1
}

# lint_board TOOL TOP DEFINE FILE...: a design of fpga/; the stand-in has the macros, so it comes first.
lint_board() {
    local tool=$1 top=$2 define=$3
    shift 3
    local sources=(fpga/lint/gsp_board_dut.v "$@") library=(rtl/board/*.v rtl/common/*.v)
    case $tool in
    verilator)
        "$verilator" --lint-only -Wall ${define:+-D"$define"} -y rtl/board -y rtl/common +incdir+rtl/common \
            --top-module "$top" "${sources[@]}"
        ;;
    iverilog)
        iverilog -g2005 -Wall -t null ${define:+-D"$define"} -I rtl/common -s "$top" "${sources[@]}" "${library[@]}"
        ;;
    yosys)
        yosys -q -p "read_verilog ${define:+-D$define} -I rtl/common ${sources[*]} ${library[*]}
            hierarchy -check -top $top
            proc; select -assert-none t:\$dlatch t:\$adlatch t:\$dlatchsr; check -assert"
        ;;
    esac
}

fail_with() { # fail_with MESSAGE LINE...: a policy check found something
    [ $# -gt 1 ] || return 0
    printf '%s\n' "$@"
    return 1
}

# match_policy MESSAGE GREP_ARGUMENT...: no text file may contain a match.
match_policy() {
    local message=$1 found=()
    shift
    mapfile -t found < <(xargs -d '\n' grep -HnI "$@" -- <"$GSP_TMP/files")
    fail_with "$message" "${found[@]}"
}

policy_spdx() {
    local found=()
    mapfile -t found < <(select_files '\.(c|h|inc|cpp|hpp|v|vh|sv|svh|sh|py|ys|tcl|cmake)$|(^|/)(CMakeLists\.txt|run)$' |
        xargs -r -d '\n' awk 'FNR <= 3 && /SPDX-License-Identifier: Apache-2\.0/ { good[FILENAME] = 1 }
            END { for (i = 1; i < ARGC; i++) if (!(ARGV[i] in good)) print ARGV[i] }')
    fail_with "no 'SPDX-License-Identifier: Apache-2.0' in the first 3 lines:" "${found[@]}"
}

policy_modes() {
    local file start found=()
    while IFS= read -r file; do
        start=''
        IFS= read -r -N 2 start <"$file" || :
        if [ "$start" = '#!' ]; then
            [ -x "$file" ] || found+=("$file begins with #! and is not executable")
        else
            [ ! -x "$file" ] || found+=("$file is executable and does not begin with #!")
        fi
    done <"$GSP_TMP/files"
    fail_with "file modes:" "${found[@]}"
}

export -f run_jobs check format_diff tidy alone lint_verilog lint_together lint_board fail_with match_policy policy_spdx policy_modes select_files
verilator=$(gsp_verilator)
export GSP_TMP clang_format verilator

# ---- C and C++

mapfile -t c_files < <(select_files '\.(c|h|inc|cpp|hpp)$')
if [ $fix = 1 ] && [ ${#c_files[@]} -gt 0 ]; then
    "$clang_format" -i "${c_files[@]}"
fi
for file in "${c_files[@]}"; do
    job "clang-format $file (scripts/lint.sh --fix mends it)" "format_diff $file"
done

n_tidy=0
mapfile -t units < <(select_files '\.(c|cpp)$')
if [ ${#units[@]} -gt 0 ]; then
    # Configurations of their own: a build directory at hand may be older than the sources.
    # `checked` is for what only GSP_CHECKED compiles.
    for build in plain checked; do
        checked=OFF
        if [ $build = checked ]; then
            checked=ON
            # Configuring takes longer than to see that there is nothing to find.
            : >"$GSP_TMP/checked.files"
            printf '%s\n' "${units[@]}" | grep -qvxFf "$GSP_TMP/plain.files" || break
        fi
        if cmake -S . -B "$GSP_TMP/$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DGSP_CHECKED=$checked \
            -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >"$GSP_TMP/$build.log" 2>&1; then
            python3 - "$GSP_TMP/$build/compile_commands.json" "$GSP_ROOT" >"$GSP_TMP/$build.files" <<'PYTHON'
import json, os, sys
for entry in json.load(open(sys.argv[1])):
    print(os.path.relpath(os.path.join(entry["directory"], entry["file"]), sys.argv[2]))
PYTHON
        else
            job "cmake configures the project" "tail -n 20 '$GSP_TMP/$build.log'; exit 1"
            units=()
            break
        fi
    done
    for file in "${units[@]}"; do
        if grep -qxF "$file" "$GSP_TMP/plain.files"; then
            job "clang-tidy $file" "tidy plain $file"
            n_tidy=$((n_tidy + 1))
        elif grep -qxF "$file" "$GSP_TMP/checked.files"; then
            job "clang-tidy $file" "tidy checked $file"
            n_tidy=$((n_tidy + 1))
        elif [[ $file =~ ^(c_model|tests/unit|tests/oracle)/ ]]; then
            job "build $file" "echo 'the build does not compile it: is its model in c_model/src/models.def?'; exit 1"
        fi
    done
fi

n_headers=0
while IFS= read -r file; do
    n_headers=$((n_headers + 1))
    for compiler in gcc clang; do
        job "$compiler: $file alone as C11" "alone $compiler c $file -std=c11 -Wc++-compat -I$(dirname "$file")"
    done
    if [[ $file == c_model/include/* ]]; then
        for compiler in g++ clang++; do
            job "$compiler: $file alone as C++17" "alone $compiler c++ $file -std=c++17"
        done
    fi
done < <(select_files '^(c_model|tests)/.*\.h$')

# ---- Verilog

# sets_of DIRECTORY FILE...: for each set of the directory that a FILE has all parameters of, "FILE<tab>SET".
sets_of() {
    local list=$1/lint.txt
    shift
    [ ! -f "$list" ] || awk '
        FILENAME == ARGV[1] { sets[++n] = $0; next }
        # NAME = VALUE, one or more in a line; what stands between "=" and "," is a value.
        {
            pieces = split($0, piece, ",")
            for (i = 1; i <= pieces; i++)
                if (match(piece[i], /[A-Za-z_][A-Za-z_0-9]*[ \t]*=/) && index(piece[i], "=") == RSTART + RLENGTH - 1) {
                    name = substr(piece[i], RSTART, RLENGTH - 1)
                    sub(/[ \t]+$/, "", name)
                    has[FILENAME, name] = 1
                }
        }
        END {
            for (file = 2; file < ARGC; file++)
                for (i = 1; i <= n; i++) {
                    assignments = split(sets[i], assignment)
                    all = 1
                    for (k = 1; k <= assignments; k++) if (!((ARGV[file], substr(assignment[k], 1, index(assignment[k], "=") - 1)) in has)) all = 0
                    if (all) print ARGV[file] "\t" sets[i]
                }
        }' <(gsp_parameter_sets "$list") "$@"
}

mapfile -t modules < <(select_files '^(rtl/[^/]+|tb/gate)/[^/]+\.v$')
n_variants=0
mapfile -t dirs < <(printf '%s\n' "${modules[@]%/*}" | sort -u)
for dir in "${dirs[@]}"; do
    [ -n "$dir" ] || continue # no module
    here=()
    for file in "${modules[@]}"; do [ "${file%/*}" != "$dir" ] || here+=("$file"); done
    # The first set of each module, the default one, together; then the second one of those that have one, and so on.
    declare -A count=() pairs=()
    while IFS=$'\t' read -r file set; do
        n_variants=$((n_variants + 1))
        count[$file]=$((${count[$file]:-0} + 1))
        pairs[${count[$file]}]+=" $file '$set'"
    done < <(
        printf '%s\t\n' "${here[@]}"
        sets_of "$dir" "${here[@]}"
    )
    for round in "${!pairs[@]}"; do
        n=$(grep -o '\.v ' <<<"${pairs[$round]}" | wc -l)
        for tool in verilator iverilog yosys; do
            job "$tool $dir" "lint_together $tool ''${pairs[$round]}" "$n"
        done
        if grep -qs GSP_BUG "$dir"/*.v; then
            for tool in verilator iverilog; do
                job "$tool $dir with GSP_TEST_BUGS" "lint_together $tool GSP_TEST_BUGS${pairs[$round]}" "$n"
            done
        fi
    done
done
mapfile -t designs < <(select_files '^fpga/(.*/)?[^/]+\.v$')
for file in "${designs[@]}"; do
    for define in '' GSP_BOARD_SMALL; do
        for tool in verilator iverilog yosys; do
            label="$tool $file${define:+ with $define}"
            case $file in
            fpga/gsp_board.v | fpga/boards/*/top.v)
                others=fpga/gsp_board.v
                if [ "$file" != "$others" ]; then others+=" $file"; fi
                job "$label" "lint_board $tool $(basename "$file" .v) '$define' $others"
                ;;
            fpga/lint/*) ;; # part of all of these
            *) job "$label" "echo 'scripts/lint.sh does not know how to check it'; exit 1" ;;
            esac
        done
    done
done
# A set that no module takes would be a check that never runs.
while IFS= read -r list; do
    dir=${list%/*}
    sets_of "$dir" "$dir"/*.v | cut -f 2 >"$GSP_TMP/taken"
    while IFS= read -r set; do
        grep -qxF -- "$set" "$GSP_TMP/taken" || job "$list" "echo 'no module in $dir has the parameters: $set'; exit 1"
    done < <(gsp_parameter_sets "$list")
done < <(select_files '^(rtl/[^/]+|tb/gate)/lint\.txt$')

# ---- scripts and data

n_scripts=0
while IFS= read -r file; do
    first=''
    IFS= read -r first <"$file" || :
    if [[ $file == *.sh || $first =~ ^'#!'.*[/\ ](ba)?sh$ ]]; then
        n_scripts=$((n_scripts + 1))
        job "bash -n $file" "bash -n $file"
        job "shellcheck $file" "shellcheck --external-sources --source-path=SCRIPTDIR $file"
    elif [[ $file == *.py ]]; then
        n_scripts=$((n_scripts + 1))
        job "python3 $file" "python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read(), sys.argv[1])' $file"
    elif [[ $file == *.json ]]; then
        job "json $file" "python3 -m json.tool $file /dev/null"
    fi
done <"$GSP_TMP/files"

# ---- policy

# Brackets keep these expressions from matching themselves.
job "policy: machine paths" "match_policy 'a path of one machine (mktemp -d, or a path relative to the project):' \
    -E '(^|[^A-Za-z0-9_.})~])/(home|root|work|tmp|farm|mnt|Users)/[A-Za-z]'"
job "policy: words" "match_policy 'words about how the work was done, not about the project:' \
    -iE '\\bs[h]ared/(specs|traces|hooks|design|anchors|proof)|sub-?a[g]ents?\\b|language m[o]del|chat ?b[o]t|workp[l]ace|\\bthe br[i]ef\\b|\\bthis s[e]ssion|\\ba hel[p]er session|\\bC[E]O\\b'"
job "policy: unfinished" "match_policy 'marks of unfinished work:' -wE '(T[O]DO|F[I]XME|X[X]X)'"
job "policy: white space" "match_policy 'white space at the end of a line, or a carriage return:' -P '[ \\t\\r]+\$'"
job "policy: file names" "! grep -nvE '^[A-Za-z0-9._/+-]+\$' '$GSP_TMP/files'"
job "policy: SPDX" policy_spdx
job "policy: file modes" policy_modes

# ---- run them, and judge

n_jobs=$(wc -l <"$GSP_TMP/jobs")
# Some at a time: most take less time than a shell takes to start.
# shellcheck disable=SC2016 # $@ is for the inner shell
xargs -d '\n' -P "$GSP_JOBS" -n 4 bash -c 'set -uo pipefail; run_jobs "$@"' _ <"$GSP_TMP/jobs" || : # what did not run is counted
n_done=$(wc -l <"$GSP_TMP/done")
[ "$n_done" -eq "$n_jobs" ] || gsp_die 3 "only $n_done of $n_jobs checks ran to their end"

what="$(gsp_count 'C file' ${#c_files[@]}) ($n_tidy through clang-tidy), $(gsp_count header $n_headers) alone,"
what+=" $(gsp_count module ${#modules[@]}) x 3 tools ($(gsp_count 'parameter set' $n_variants)),"
what+=" $(gsp_count 'board design' ${#designs[@]}),"
what+=" $(gsp_count script $n_scripts), policy on $(gsp_count file "$n_files")"
n_failed=$(find "$GSP_TMP/failed" -type f | wc -l)
if [ "$n_failed" -gt 0 ]; then
    find "$GSP_TMP/failed" -type f | sort | xargs cat
    tools=$("$clang_format" --version; clang-tidy --version)
    if grep -q version <(grep -v 'version 14\.' <<<"$tools"); then
        echo "lint: note: clang-format and clang-tidy 14 are what the settings are made for; here are others"
    fi
    echo "lint: $what: $n_failed of $n_checks checks FAILED ($(gsp_elapsed))"
    exit 1
fi
echo "lint: $what: clean ($n_checks checks, $(gsp_elapsed))"
