// SPDX-License-Identifier: Apache-2.0
// The LFSR of truenorth and a neuron fed by it, Verilog against C, clock by clock. Argument: the number of
// clocks. Prints what was compared. Exit code 0: equal throughout, 1: a mismatch.
#include <cstdio>
#include <cstdlib>

#include "Vtop.h"
#include "verilated.h"

#include "goldenspike/rng.h"
#include "goldenspike/truenorth.h"
#include "goldenspike/truenorth_lfsr.h"

/* The registry is not linked: nothing here asks whether parameters are legal. */
int gsp_check(const gsp_model *, const void *) {
    std::abort();
}

namespace {

unsigned long long draws, both, spikes, clocks, resets;

int fail(const char *what, unsigned seen, unsigned expected) {
    std::printf("MISMATCH at clock %llu: %s is 0x%x, expected 0x%x\n", clocks, what, seen, expected);
    return 1;
}

} // namespace

int main(int argc, char **argv) {
    Verilated::commandArgs(argc, argv);
    const unsigned long long asked = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 0;
    Vtop top;
    gsp_rng rng;
    gsp_rng_seed(&rng, 1);

    gsp_truenorth_params params = {};
    params.s0 = 128;
    params.s1 = -64;
    params.s2 = 200;
    params.s3 = -255;
    params.leak = 77;
    params.alpha = 150;
    params.beta = 100;
    params.gamma = GSP_TRUENORTH_RESET_LINEAR;
    gsp_truenorth_lfsr lfsr = {};
    gsp_truenorth_state state = {};
    gsp_truenorth_out out = {};

    for (; clocks < asked; clocks++) {
        const bool reset = clocks == 0 || gsp_rng_one_in(&rng, 1000);
        const bool enabled = !gsp_rng_one_in(&rng, 8);
        static const uint32_t seeds[] = {0, 1, 0x7FFFFFFF, 0x121FB544};
        const uint32_t choice = gsp_rng_below(&rng, 8);
        const uint32_t seed = choice < 4 ? seeds[choice] : gsp_rng_below(&rng, UINT64_C(1) << 31);
        if (gsp_rng_one_in(&rng, 16)) {
            params.b0 = gsp_rng_one_in(&rng, 2);
            params.b1 = gsp_rng_one_in(&rng, 2);
            params.b2 = gsp_rng_one_in(&rng, 2);
            params.b3 = gsp_rng_one_in(&rng, 2);
            params.leak_stochastic = gsp_rng_one_in(&rng, 2);
            params.mask = gsp_truenorth_mask(
                static_cast<uint8_t>(gsp_rng_one_in(&rng, 3) ? 0 : gsp_rng_below(&rng, 18)));
        }
        gsp_truenorth_in in = {};
        in.op = static_cast<uint8_t>(gsp_rng_below(&rng, 3));
        in.axon_type = static_cast<uint8_t>(gsp_rng_below(&rng, 4));

        top.clk = 0;
        top.rst_n = !reset;
        top.en = enabled;
        top.seed = seed;
        top.b0 = params.b0;
        top.b1 = params.b1;
        top.b2 = params.b2;
        top.b3 = params.b3;
        top.leak_stochastic = params.leak_stochastic;
        top.mask = params.mask;
        top.op = in.op;
        top.axon_type = in.axon_type;
        top.eval();

        /* What the neuron is about to consume; before the first reset the register holds nothing. */
        gsp_truenorth_lfsr after = lfsr;
        gsp_truenorth_lfsr_feed(&after, &params, &in);
        if (clocks > 0 && top.rho != in.rho)
            return fail("rho", top.rho, in.rho);
        if (clocks > 0 && top.rho_threshold != in.rho_threshold)
            return fail("rho_threshold", top.rho_threshold, in.rho_threshold);

        top.clk = 1;
        top.eval();
        if (reset) {
            gsp_truenorth_lfsr_seed(&lfsr, seed);
            gsp_truenorth_reset(&state, &params);
            out = {};
            resets++;
        } else if (enabled) {
            lfsr = after;
            gsp_truenorth_step(&params, &in, &state, &out);
            draws += (out.draws_used & 1u) + (out.draws_used >> 1);
            both += out.draws_used == 3;
            spikes += out.spike;
        }
        if (top.state != lfsr.state)
            return fail("state", top.state, lfsr.state);
        if (top.v != (static_cast<uint32_t>(state.v) & 0xFFFFFu))
            return fail("v", top.v, static_cast<uint32_t>(state.v) & 0xFFFFFu);
        if (top.spike != out.spike)
            return fail("spike", top.spike, out.spike);
        if (top.negative != out.negative)
            return fail("negative", top.negative, out.negative);
        if (top.draws_used != out.draws_used)
            return fail("draws_used", top.draws_used, out.draws_used);
    }
    std::printf("%llu clocks, %llu resets, %llu draws, %llu ticks with both, %llu spikes compared\n", clocks,
                resets, draws, both, spikes);
    if (clocks == 0 || draws == 0 || both == 0 || spikes == 0) {
        std::printf("MISMATCH: nothing was compared\n");
        return 1;
    }
    return 0;
}
