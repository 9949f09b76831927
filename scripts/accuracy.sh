#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# scripts/accuracy.sh [OPTIONS]
#
# How far fixed point is from the continuous equation. `dpi` against double-precision solutions
# of the circuit equation (tests/data/dpi), with 24 and 32 bits at time steps of 100, 20 and 10 us;
# `lif` and `loihi` against the closed form of the leaky integrate-and-fire neuron. Prints the
# tables, and fails when a bound of docs/models/dpi.md is exceeded or a reference is missing.
#
#   --svg DIR     draw the curves there as well: dpi_accuracy.svg, lif_accuracy.svg
#   --json        one JSON document instead of the tables
#
# GSP   the gsp program; default: build/release/bin/gsp
#
# Exit codes: 0 within every bound, 1 a bound is exceeded, 2 wrong usage or bad data, 3 a tool is missing.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

options=()
while [ $# -gt 0 ]; do
    case $1 in
    -h | --help) gsp_usage "${BASH_SOURCE[0]}" && exit 0 ;;
    --json) options+=(--json) ;;
    --svg)
        [ $# -ge 2 ] || gsp_die 2 "--svg: name a folder"
        [ -d "$2" ] || gsp_die 2 "--svg: $2: no such folder"
        options+=(--svg "$2")
        shift
        ;;
    *) gsp_die 2 "unknown argument '$1'; --help tells more" ;;
    esac
    shift
done
GSP=${GSP:-$GSP_ROOT/build/release/bin/gsp}
[ -x "$GSP" ] || gsp_die 3 "GSP=$GSP: not a program; build it: cmake --preset release && cmake --build --preset release"
gsp_need python3
exec python3 "$GSP_ROOT/scripts/accuracy.py" --gsp "$GSP" --data "${GSP_DATA:-$GSP_ROOT/tests/data/dpi}" \
    ${options[@]+"${options[@]}"}
