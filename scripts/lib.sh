# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# What the scripts of this project share. Source it; it does nothing by itself.
#
# Exit codes, the same everywhere:
#   0  everything asked for was done and is right
#   1  a check failed
#   2  wrong usage or bad data
#   3  the environment: a tool is missing, too old or crashed. Never a pass.

# shellcheck disable=SC2034 # for the scripts that source this
GSP_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
: "${GSP_JOBS:=$(nproc)}" # parallel jobs

# gsp_die CODE MESSAGE...: one line on standard error, then exit.
gsp_die() {
    local code=$1 name=${0##*/}
    shift
    printf '%s: %s\n' "${name%.sh}" "$*" >&2
    exit "$code"
}

# gsp_usage FILE: the comment at the head of a script, which is its --help.
gsp_usage() {
    awk 'NR == 1 || /^# SPDX/ { next }  /^#/ { sub(/^# ?/, ""); if (text || $0) print; text = 1; next }  { exit }' "$1"
}

# gsp_need TOOL...: exit 3 unless every tool can be run.
gsp_need() {
    local tool missing=()
    for tool; do
        command -v "$tool" >/dev/null || missing+=("$tool")
    done
    [ ${#missing[@]} -eq 0 ] || gsp_die 3 "missing: ${missing[*]}. Run scripts/setup.sh"
}

# gsp_verilator: the name of Verilator's program. Where that finds its files by itself it needs no Perl script before it,
# which takes longer to start than a small module to read.
gsp_verilator() {
    local name=verilator
    if command -v verilator_bin >/dev/null && [ -f "$(verilator_bin --getenv VERILATOR_ROOT)/include/verilated.h" ]; then
        name=verilator_bin
    fi
    echo "$name"
}

# gsp_tmpdir: GSP_TMP becomes a directory that goes away with this script.
gsp_tmpdir() {
    GSP_TMP=$(mktemp -d) || gsp_die 3 "mktemp failed"
    trap 'rm -rf "$GSP_TMP"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

# gsp_files [PATTERN...]: the project's own files, one a line, below the current
# directory, which must be GSP_ROOT. Patterns are those of `git ls-files`. In a
# checkout they are the tracked files; in an unpacked archive, every file that
# is no build product.
gsp_files() {
    if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
        git ls-files -- "$@" | while IFS= read -r file; do
            # A tracked file may be deleted and not yet committed.
            if [ -f "$file" ]; then printf '%s\n' "$file"; fi
        done
    else
        local pattern
        find . -path ./build -prune -o -path ./.git -prune -o -type f -print | sed 's|^\./||' | sort |
            while IFS= read -r file; do
                [ $# -gt 0 ] || printf '%s\n' "$file"
                for pattern; do
                    # shellcheck disable=SC2053 # the pattern is meant as a pattern
                    if [[ $file == $pattern || $file == "$pattern"/* ]]; then
                        printf '%s\n' "$file"
                        break
                    fi
                done
            done
    fi
}

# gsp_parameter_sets FILE: of a lint.txt, one set a line, without comments.
gsp_parameter_sets() {
    awk '{ sub(/#.*/, ""); $1 = $1 } $0 != ""' "$1"
}

# gsp_count WHAT N: "1 script", "5 scripts".
gsp_count() {
    if [ "$2" -eq 1 ]; then printf '%s %s' "$2" "$1"; else printf '%s %ss' "$2" "$1"; fi
}

# gsp_elapsed: the time since the script began, "42 s" or "3 min 05 s".
gsp_elapsed() {
    if [ "$SECONDS" -lt 60 ]; then
        printf '%d s' "$SECONDS"
    else
        printf '%d min %02d s' $((SECONDS / 60)) $((SECONDS % 60))
    fi
}
