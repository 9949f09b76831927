#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# scripts/setup.sh [--check] [--timing] [--fpga] [--quiet]
#
# Installs what building and testing need and this machine lacks, with apt-get.
# Tested on a bare Debian 12; newer Debian and Ubuntu 24.04 have the same packages.
# Does nothing, in a fraction of a second, when everything is there.
#
#   --check   only report what is missing or too old; install nothing
#   --timing  also nextpnr, for scripts/area.sh --fmax and the test `fmax`
#   --fpga    also nextpnr and icestorm, for bitstreams
#   --quiet   no line when everything is there
#
# Exit codes: 0 everything is there, 2 wrong usage, 3 something is missing, too
# old or could not be installed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# TEST PACKAGE: a command to find, or pc:NAME for a library known to pkg-config,
# or c:HEADER for a header that the C compiler finds. pkg-config and gcc stand
# before the lines that use them.
needs='
git             git
cmake           cmake
ninja           ninja-build
make            make
pkg-config      pkg-config
gcc             gcc
g++             g++
c:stdio.h       libc6-dev
clang           clang
clang++         clang
clang-format    clang-format
clang-tidy      clang-tidy
ccache          ccache
python3         python3
perl            perl
verilator       verilator
iverilog        iverilog
vvp             iverilog
yosys           yosys
shellcheck      shellcheck
pc:cmocka       libcmocka-dev
pc:libcjson     libcjson-dev
pc:zlib         zlib1g-dev
'
timing_needs='
nextpnr-ice40   nextpnr-ice40
'
fpga_needs='
icepack                                     fpga-icestorm
icetime                                     fpga-icestorm
f:/usr/share/fpga-icestorm/chipdb           fpga-icestorm-chipdb
'

# TOOL LEAST_VERSION COMMAND: the first number that the command prints.
floors='
cmake      3.21   cmake --version
verilator  5.006  verilator --version
iverilog   11     iverilog -V
yosys      0.23   yosys -V
'

check=0 quiet=0 timing=0 fpga=0
for arg; do
    case $arg in
    --check) check=1 ;;
    --timing) timing=1 ;;
    --fpga) timing=1 fpga=1 ;;
    --quiet) quiet=1 ;;
    -h | --help) gsp_usage "${BASH_SOURCE[0]}" && exit 0 ;;
    *) gsp_die 2 "unknown argument '$arg'; see scripts/setup.sh --help" ;;
    esac
done
[ $timing = 0 ] || needs+=$timing_needs
[ $fpga = 0 ] || needs+=$fpga_needs

has() {
    case $1 in
    pc:*) command -v pkg-config >/dev/null && pkg-config --exists "${1#pc:}" ;;
    c:*) command -v gcc >/dev/null && echo "#include <${1#c:}>" | gcc -E -x c -o /dev/null - 2>/dev/null ;;
    f:*) [ -e "${1#f:}" ] ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

# find_missing: `missing` = tests that fail, `packages` = what holds them, each once.
find_missing() {
    missing=() packages=() total=0
    local test package
    while read -r test package; do
        [ -n "$test" ] || continue
        total=$((total + 1))
        has "$test" && continue
        missing+=("${test#*:}")
        case " ${packages[*]-} " in
        *" $package "*) ;;
        *) packages+=("$package") ;;
        esac
    done <<<"$needs"
}

# at_least HAVE LEAST: versions compared number by number.
at_least() {
    [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

# find_old: `old` = one text a tool below its floor, `versions` = what was found.
find_old() {
    old=() versions=()
    local tool least command have text
    while read -r tool least command; do
        [ -n "$tool" ] || continue
        command -v "$tool" >/dev/null || continue
        # A version command may fail after it has told its version (no standard input, no licence
        # file...); what counts is whether there is a number to compare.
        # All of it: cut off by a pipe, iverilog leaves its files in /tmp.
        text=$($command 2>&1 </dev/null) || :
        text=${text%%$'\n'*}
        have=$(grep -oE '[0-9]+(\.[0-9]+)*' <<<"$text" | head -n 1) || have=
        if [ -z "$have" ]; then
            old+=("$tool: no version in what '$command' prints")
        elif ! at_least "$have" "$least"; then
            old+=("$tool $have, need $least")
        fi
        versions+=("$tool $have")
    done <<<"$floors"
}

join() { # join SEPARATOR WORD...
    local separator=$1 text=${2-}
    shift 2 || return 0
    printf '%s' "$text" "${@/#/$separator}"
}

finish() { # everything is installed: are the versions good?
    find_old
    if [ ${#old[@]} -gt 0 ]; then
        printf 'setup: too old: %s\n' "${old[@]}" >&2
        gsp_die 3 "this distribution's packages are below what the project needs (Debian 12 or Ubuntu 24.04 have them)"
    fi
    [ $quiet = 1 ] || echo "setup: all $total tools and libraries are here ($(join ', ' "${versions[@]}"))"
    exit 0
}

find_missing
[ ${#missing[@]} -gt 0 ] || finish

as_root=
if [ "$(id -u)" -ne 0 ]; then
    as_root=sudo
    # Without a terminal nobody can type a password.
    [ -t 0 ] || as_root='sudo -n'
fi
install="apt-get install -y --no-install-recommends ${packages[*]}"
by_hand="${as_root:+sudo }apt-get update && ${as_root:+sudo }$install"

give_up() {
    {
        echo "setup: missing: $(join ', ' "${missing[@]}")"
        echo "setup: $1"
        if command -v apt-get >/dev/null; then echo "setup: to install: $by_hand"; fi
    } >&2
    exit 3
}

[ $check = 0 ] || give_up "nothing was installed (--check)"
command -v apt-get >/dev/null || give_up "there is no apt-get here; install these packages (Debian names) your way: ${packages[*]}"
if [ -n "$as_root" ]; then
    command -v sudo >/dev/null || give_up "installing needs root, and there is no sudo"
    $as_root true 2>/dev/null || give_up "installing needs root, and sudo refused"
fi

echo "setup: missing: $(join ', ' "${missing[@]}")"
echo "setup: installing: ${packages[*]}"
log=$(mktemp) || gsp_die 3 "mktemp failed"
apt() {
    # Another apt may hold the lock for a while, on a machine that has just started.
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@" >>"$log" 2>&1 </dev/null
}
# One broken third-party list fails the update and need not hinder the install, so the install decides.
apt update || echo "setup: apt-get update failed; trying the package lists at hand" >&2
if ! apt install -y --no-install-recommends "${packages[@]}"; then
    tail -n 20 "$log" >&2
    find_missing
    give_up "apt-get failed (whole log: $log)"
fi
hash -r
find_missing
if [ ${#missing[@]} -gt 0 ]; then
    tail -n 20 "$log" >&2
    give_up "apt-get reported success, yet these are still not found (whole log: $log)"
fi
rm -f "$log"
finish
