#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/scripts/lint.sh
#
# Proves that scripts/lint.sh can fail: in a small clean project it finds nothing;
# then one fault after another is planted, and each must be reported by the check
# that is there for it. Exit codes: 0 pass, 1 a fault was missed, 3 a tool is missing.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
gsp_need git
gsp_tmpdir
# The caller's checkout and build directory are not this test's.
unset "${!GIT_@}" GSP_BUILD
project=$GSP_TMP/project
mkdir -p "$project"/{scripts,c_model/{include/goldenspike,src},rtl/{common,toy}}
cd "$project"
cp "$GSP_ROOT"/scripts/{lib,lint}.sh scripts/
cp "$GSP_ROOT"/{.clang-format,.clang-tidy} .

cat >CMakeLists.txt <<'END'
# SPDX-License-Identifier: Apache-2.0
cmake_minimum_required(VERSION 3.20)
project(toy C)
add_library(toy c_model/src/toy.c)
target_include_directories(toy PUBLIC c_model/include)
END
cat >c_model/include/goldenspike/toy.h <<'END'
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GOLDENSPIKE_TOY_H
#define GOLDENSPIKE_TOY_H
#ifdef __cplusplus
extern "C" {
#endif
struct toy {
    int x;
};
int toy_half(int x);
#ifdef __cplusplus
}
#endif
#endif
END
cat >c_model/src/toy.c <<'END'
/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/toy.h"

int toy_half(int x) {
    return x / 2;
}
END
cp "$GSP_ROOT/rtl/common/gsp_bug.vh" rtl/common/
cat >rtl/toy/gsp_toy.v <<'END'
// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "gsp_bug.vh"
module gsp_toy #(
    parameter integer DATA_WIDTH = 16
) (
    input wire signed [DATA_WIDTH-1:0] a,
    input wire signed [DATA_WIDTH-1:0] b,
    output wire signed [DATA_WIDTH-1:0] y
);
    `GSP_BUG_SELECT
    // PLANT
    assign y = `GSP_BUG(1, a & b, a | b);
endmodule
`default_nettype wire
END
echo ' DATA_WIDTH=8 # narrow' >rtl/toy/lint.txt
printf '{ "a": 1 }\n' >data.json
printf '#!/usr/bin/env python3\n# SPDX-License-Identifier: Apache-2.0\nprint(1)\n' >tool.py
chmod +x tool.py
git init -q .
git add .

passed=0 failed=0
verdict() { # verdict OK TEXT
    if [ "$1" = 1 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $2"
        sed 's/^/    /' "$GSP_TMP/out"
    fi
}

# expect CODE TEXT WHAT [PATH]: lint (of PATH) exits with CODE and a line of its output contains TEXT.
expect() {
    local code=0
    scripts/lint.sh "${@:4}" >"$GSP_TMP/out" 2>&1 || code=$?
    if [ $code -eq "$1" ] && grep -qF -e "$2" "$GSP_TMP/out"; then verdict 1; else verdict 0 "$3: wanted exit $1 and '$2', got exit $code"; fi
}

# plant WANTED FILE SED [PATH]: the fault that SED makes of FILE is reported by a check of PATH (FILE) named WANTED.
plant() {
    cp -p "$2" "$GSP_TMP/saved"
    sed -i "$3" "$2"
    if cmp -s "$2" "$GSP_TMP/saved"; then verdict 0 "the plant '$3' changes nothing in $2"; else expect 1 "-- $1" "$3 in $2" "${4:-$2}"; fi
    cp -p "$GSP_TMP/saved" "$2"
}

# plant_file WANTED FILE TEXT [MODE]: the same for a file of its own.
plant_file() {
    mkdir -p "$(dirname "$2")"
    printf '%b' "$3" >"$2"
    chmod "${4:-644}" "$2"
    git add "$2"
    expect 1 "-- $1" "$2" "$2"
    git rm -qf --cached "$2"
    rm -f "$2"
}

expect 0 'clean (' 'a clean project'
toy=c_model/src/toy.c header=c_model/include/goldenspike/toy.h rtl=rtl/toy/gsp_toy.v
spdx='SPDX-License-Identifier: Apache-2.0'

plant "clang-format $toy" $toy 's|    return|  return|'
plant "clang-format $header" $header 's|(int x)|( int x )|'
plant "clang-tidy $toy" $toy 's|return x / 2;|int unset;\n    return x > 9 ? unset : x;|'
plant "clang-tidy $toy" $toy 's|x / 2|x - x|'
plant "cmake configures" CMakeLists.txt 's|add_library(|add_libary(|' .
plant_file "build c_model/src/stray.c" c_model/src/stray.c "/* $spdx */\nint stray;\n"
plant "gcc: $header alone as C11" $header 's|int toy_half|size_t toy_half|'
plant "clang: $header alone as C11" $header 's|int toy_half(int x);|static inline char toy(int x) {\n    return x;\n}|'
# shellcheck disable=SC2016 # $ is sed's last line
plant "gcc: $header alone as C11" $header '/GOLDENSPIKE_TOY_H/d; ${/endif/d}'
plant "gcc: $header alone as C11" $header 's|int toy_half(int x);|static inline int *toy(void *p) {\n    return p;\n}|'
plant "g++: $header alone as C++17" $header 's|int x);|int class);|'
plant "clang++: $header alone as C++17" $header 's|int toy_half|_Bool toy_half|'
plant "verilator $rtl" $rtl 's|// PLANT|wire idle = a[0];|'
plant "verilator $rtl with DATA_WIDTH=8" $rtl 's|// PLANT|wire [15:0] w = a; assign y[0] = w[0];|'
plant "verilator $rtl with GSP_TEST_BUGS" $rtl 's/a | b/{a, b}/'
plant "iverilog $rtl" $rtl 's|// PLANT|wire w; assign w = nothing;|'
plant "iverilog $rtl with DATA_WIDTH=8" $rtl 's|// PLANT|generate if (DATA_WIDTH == 8) begin : bad gsp_no_such_module x(); end endgenerate|'
plant "iverilog $rtl with GSP_TEST_BUGS" $rtl 's/a | b/a | c/'
plant "yosys $rtl" $rtl 's|// PLANT|assign y = b;|'
plant "yosys $rtl with DATA_WIDTH=8" $rtl 's|// PLANT|generate if (DATA_WIDTH == 8) begin : bad gsp_no_such_module x(); end endgenerate|'
plant "yosys $rtl" $rtl 's|// PLANT|wire l1, l2; assign l1 = ~l2; assign l2 = ~l1 \& a[0];|; s|a & b|a \& {DATA_WIDTH{l1}}|'
plant "yosys $rtl" $rtl 's|// PLANT|reg q; always @* if (a[0]) q = b[0];|'
plant "rtl/toy/lint.txt" rtl/toy/lint.txt 's|DATA_WIDTH|DATA_WITH|'
# Modules of a directory are checked together; the one with the fault is named, and no other one.
sed 's/gsp_toy/gsp_second/; s|// PLANT|reg q; always @* if (a[0]) q = b[0];|' $rtl >rtl/toy/gsp_second.v
git add rtl/toy/gsp_second.v
for tool in verilator yosys; do
    expect 1 "-- $tool rtl/toy/gsp_second.v with DATA_WIDTH=8" "$tool: the second of two modules" rtl/toy
done
if grep -q -e "-- .*$rtl" "$GSP_TMP/out"; then verdict 0 "$rtl is blamed too"; else verdict 1; fi
git rm -qf --cached rtl/toy/gsp_second.v
rm rtl/toy/gsp_second.v
plant "rtl/toy/lint.txt" rtl/toy/lint.txt 's|.*|  DATA_WIDTH=8   OTHER=1|'
plant_file "bash -n x.sh" x.sh "#!/bin/bash\n# $spdx\nif true; then\n" 755
plant_file "shellcheck x.sh" x.sh "#!/bin/bash\n# $spdx\nrm \$1\n" 755
plant_file "shellcheck run" run "#!/bin/bash\n# $spdx\nrm \$1\n" 755
plant_file "python3 x.py" x.py "# $spdx\nprint(\n"
plant_file "json x.json" x.json '{ "a": 1, }\n'
plant_file "policy: machine paths" x.md 'See /ho''me/me/notes.\n'
plant_file "policy: words" x.md 'As in sha''red/specs.\n'
plant_file "policy: unfinished" x.md 'TO''DO: write this\n'
plant_file "policy: white space" x.md 'text \n'
plant_file "policy: white space" x.md 'text\r\n'
plant_file "policy: file names" 'x y.md' 'text\n'
plant_file "policy: SPDX" x.cmake 'set(a 1)\n'
plant_file "policy: file modes" x.sh "#!/bin/bash\n# $spdx\n"
plant_file "policy: file modes" x.md 'text\n' 755

expect 0 'clean (' 'the clean project again'

# A missing tool is exit code 3, whichever it is. Every program is linked; what comes first in PATH is linked last.
mkdir "$GSP_TMP/bin"
IFS=: read -ra directories <<<"$PATH"
for ((i = ${#directories[@]} - 1; i >= 0; i--)); do
    programs=("${directories[i]}"/*)
    [ ! -e "${programs[0]}" ] || ln -sf -t "$GSP_TMP/bin" "${programs[@]}"
done
for tool in clang-tidy verilator iverilog yosys shellcheck clang++; do
    mv "$GSP_TMP/bin/$tool" "$GSP_TMP/$tool"
    PATH=$GSP_TMP/bin expect 3 "missing: $tool" "without $tool"
    mv "$GSP_TMP/$tool" "$GSP_TMP/bin/$tool"
done

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
