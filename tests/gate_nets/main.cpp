// SPDX-License-Identifier: Apache-2.0
// Prints every output of the net in every cycle, one character each.
#include <cstdio>

#include "Vnet.h"
#include "stimulus.h"
#include "verilated.h"

int main() {
    Vnet net;
    net.clk = 0;
    for (const unsigned word : stimulus) {
        net.in = word;
        net.eval();
        for (int i = 0; i < N_OUT; i++)
            std::putchar('0' + static_cast<int>(net.out[i / 32] >> (i % 32) & 1));
        std::putchar('\n');
        net.clk = 1;
        net.eval();
        net.clk = 0;
        net.eval();
    }
    return 0;
}
