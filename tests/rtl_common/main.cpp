// SPDX-License-Identifier: Apache-2.0
// Every instance of cells.c over all its operands, and wide products over corners and random operands.
#include <cinttypes>
#include <cstdio>
#include <map>
#include <string>

#include "Vcells.h"
#include "Vwide.h"
#include "cells.h"
#include "goldenspike/fix.h"

namespace {

uint64_t random_state = 1;

// splitmix64 (Steele, Lea, Flood 2014)
uint64_t draw() {
    uint64_t z = random_state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

int64_t operand(unsigned w) {
    switch (draw() % 4) {
    case 0: return gsp_min_s(w) + static_cast<int64_t>(draw() % 2);
    case 1: return gsp_max_s(w) - static_cast<int64_t>(draw() % 2);
    case 2: return static_cast<int64_t>(draw() % 5) - 2;
    default: return gsp_wrap(static_cast<int64_t>(draw()), w);
    }
}

} // namespace

// Any argument: only a few of the random wide operands.
int main(int argc, char **) {
    struct Count {
        uint64_t instances, compared, wanted;
    };
    Vcells dut;
    Vwide products;
    std::map<std::string, Count> counts;
    uint64_t bad = 0;
    const int n = cells_count();
    for (int k = 0; k < n; k++) {
        Count &count = counts[cells_name(k)];
        count.instances++;
        count.wanted += UINT64_C(1) << cells_bits(k);
    }
    for (uint32_t x = 0; x < 1u << CELL_BITS; x++) {
        dut.x = x;
        dut.eval();
        for (int k = 0; k < n; k++) {
            if (x >> cells_bits(k) != 0)
                continue; // these operands were compared already
            const uint32_t slot = dut.out[k / 2] >> (SLOT_BITS * (k % 2)) & 0xFFFFu;
            const uint32_t expected = cells_expected(k, x);
            counts[cells_name(k)].compared++;
            if (slot != expected && bad++ < 5)
                std::printf("gsp_%s, instance %d, operands 0x%03x: 0x%04x, expected 0x%04x\n", cells_name(k),
                            k, x, slot, expected);
        }
    }
    const uint64_t wide_wanted = argc > 1 ? 1000 : 400000;
    uint64_t wide = 0;
    for (; wide < wide_wanted; wide++) {
        const int64_t a = operand(33), b = operand(32);
        products.a = static_cast<uint64_t>(a) & 0x1FFFFFFFFu;
        products.b = static_cast<uint32_t>(b);
        products.eval();
        // 33 x 32 bits: 65 bits are declared, 64 suffice for every product but min * min = 2^63.
        const uint64_t p = static_cast<uint64_t>(a) * static_cast<uint64_t>(b);
        const bool sign = a != 0 && b != 0 && (a < 0) != (b < 0);
        const int64_t q = gsp_mul(gsp_wrap(a, 17), gsp_wrap(b, 16));
        const uint64_t q33 = static_cast<uint64_t>(q) & 0x1FFFFFFFFu;
        const auto same = [&](const WData *w) {
            return (static_cast<uint64_t>(w[1]) << 32 | w[0]) == p && (w[2] & 1) == (sign ? 1u : 0u);
        };
        if ((!same(products.p0.data()) || !same(products.p1.data()) || !same(products.p2.data()) ||
             products.q0 != q33 || products.q1 != q33 || products.q2 != q33) &&
            bad++ < 5)
            std::printf("gsp_mul: %" PRId64 " * %" PRId64 "\n", a, b);
    }
    uint64_t total = 0;
    bool is_short = wide != wide_wanted;
    for (const auto &[name, count] : counts) {
        std::printf("  gsp_%-10s %3" PRIu64 " instances %7" PRIu64 " operands, all there are\n", name.c_str(),
                    count.instances, count.compared);
        total += count.compared;
        is_short |= count.compared != count.wanted || count.compared == 0;
    }
    std::printf("  gsp_mul 33x32 and 17x16, 3 forms: %" PRIu64 " operand pairs, seed 1\n", wide);
    std::printf("end compared=%" PRIu64 " bad=%" PRIu64 " short=%d\n", total + wide, bad, is_short);
    return bad != 0 || is_short;
}
