#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/rtl_uartbone/run.sh [BUILD_DIR]
#
# The serial bridge of the boards from its pins, under Icarus: every command, queued commands,
# garbage, half commands, a full queue; then the same with faults put into copies of its files, each
# of which must be caught. BUILD_DIR is what every test here gets; this one needs none.
# Exit codes: 0 pass and every fault caught, 1 a check failed or a fault missed, 3 the environment.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib.sh"
case ${1:-} in -h | --help) gsp_usage "${BASH_SOURCE[0]}" && exit 0 ;; esac
gsp_need iverilog vvp
gsp_tmpdir
cd "$GSP_ROOT"

# bench FOLDER: 0 when all its checks hold; `end` is its last line. No end line: not 0.
bench() {
    iverilog -g2005 -Wall -o "$GSP_TMP/bench.vvp" -s bench tests/rtl_uartbone/bench.v \
        "$1"/gsp_uart*.v "$1"/gsp_fifo.v >"$GSP_TMP/log" 2>&1 || { cat "$GSP_TMP/log"; gsp_die 3 "iverilog failed"; }
    timeout 120 vvp -n "$GSP_TMP/bench.vvp" >"$GSP_TMP/out" 2>&1 || echo "vvp failed" >>"$GSP_TMP/out"
    end=$(tail -n 1 "$GSP_TMP/out")
    [[ $end =~ ^END\ [1-9][0-9]*\ checks,\ 0\ wrong$ ]]
}

bench rtl/board || { cat "$GSP_TMP/out"; exit 1; }
good=$end

# FILE<tab>what is right<tab>what is wrong
faults='gsp_uartbone.v	counts_up <= in_data[1] ^ in_data[0]	counts_up <= 1'"'"'b1
gsp_uartbone.v	left == 8'"'"'d0 ? COMMAND	1'"'"'b0 ? COMMAND
gsp_uartbone.v	in_data <= 8'"'"'d4	in_data <= 8'"'"'d5
gsp_uartbone.v	|| waited[TIMEOUT_BITS]) state	) state
gsp_uartbone.v	if (in_valid || state == COMMAND || !listens)	if (state == COMMAND || !listens)
gsp_uartbone.v	is_read ? READ : DATA	is_read ? SEND : DATA
gsp_uartbone.v	WRITE, READ: if (ack)	WRITE, READ: if (1'"'"'b1)
gsp_uart_rx.v	valid <= line;	valid <= 1'"'"'b1;
gsp_uart_rx.v	place == 4'"'"'d0 && line	1'"'"'b0
gsp_uart_tx.v	left <= 4'"'"'d10	left <= 4'"'"'d9
gsp_fifo.v	assign full = after_head == tail	assign full = 1'"'"'b0
gsp_fifo.v	next_tail != head;	next_tail != after_head;
gsp_fifo.v	memory[next_tail]	memory[tail]'
caught=0 total=0
while IFS=$'\t' read -r file right wrong; do
    total=$((total + 1))
    rm -rf "$GSP_TMP/rtl" && cp -r rtl/board "$GSP_TMP/rtl"
    text=$(<"rtl/board/$file")
    printf '%s\n' "${text/"$right"/"$wrong"}" >"$GSP_TMP/rtl/$file"
    ! cmp -s "rtl/board/$file" "$GSP_TMP/rtl/$file" || gsp_die 2 "$file no longer has: $right"
    if bench "$GSP_TMP/rtl"; then
        echo "MISSED: $file: $wrong"
    else
        caught=$((caught + 1))
    fi
done <<<"$faults"
[ $caught -eq $total ] || exit 1
echo "PASS uartbone icarus: ${good#END }, $caught/$total faults caught"
