// SPDX-License-Identifier: Apache-2.0
// Verilator adapter: carries words between the lockstep core and the bench. Nothing is judged here.
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "Vgsp_bench.h"
#include "verilated.h"
#ifdef GSP_WAVE
#include "verilated_vcd_c.h"
#endif

#include "lockstep.h"

// Ports are multiples of 32 bits: one word, two, or an array of words.
static inline void put(IData &port, const uint32_t *words) {
    port = words[0];
}
static inline void put(QData &port, const uint32_t *words) {
    port = static_cast<QData>(words[1]) << 32 | words[0];
}
template <std::size_t N> static inline void put(VlWide<N> &port, const uint32_t *words) {
    for (std::size_t i = 0; i < N; i++)
        port[i] = words[i];
}
static inline const uint32_t *get(const IData &port, uint32_t *) {
    return &port;
}
static inline const uint32_t *get(const QData &port, uint32_t *words) {
    words[0] = static_cast<uint32_t>(port);
    words[1] = static_cast<uint32_t>(port >> 32);
    return words;
}
template <std::size_t N> static inline const uint32_t *get(const VlWide<N> &port, uint32_t *) {
    return port.data();
}

int main(int argc, char **argv) {
    gsp_error error;
    if (argc < 2) {
        std::fprintf(stderr, "usage: bench JOB [+plusargs]\n");
        return GSP_EXIT_USAGE;
    }
    gsp_lockstep *ls = gsp_lockstep_open(argv[1], &error);
    if (!ls) {
        std::fprintf(stderr, "%s\n", error.text);
        return GSP_EXIT_USAGE;
    }
    const auto context = std::make_unique<VerilatedContext>();
    context->commandArgs(argc, argv);
#ifdef GSP_WAVE
    context->traceEverOn(true);
#endif
    const auto bench = std::make_unique<Vgsp_bench>(context.get());
#ifdef GSP_WAVE
    const gsp_job *job = gsp_lockstep_job(ls);
    VerilatedVcdC wave;
    bench->trace(&wave, 99);
    wave.open((std::string(job->folder) + "/wave.vcd").c_str());
    uint64_t cycle = 0;
#endif
    uint32_t words[2];
    const uint32_t *params = nullptr;
    const gsp_drive *drive = gsp_lockstep_start(ls);
    while (drive) {
        bench->rst_n = drive->rst_n & 1u;
        bench->valid = drive->valid & 1u;
        bench->ready = drive->ready & 1u;
        /* Params stay where they are until they change. */
        if (drive->params != params)
            put(bench->params, params = drive->params);
        put(bench->in, drive->in);
        put(bench->state, drive->state);
        bench->clk = 0;
        bench->eval();
#ifdef GSP_WAVE
        const bool shown = cycle >= job->wave_from && cycle <= job->wave_to;
        if (shown)
            wave.dump(2 * cycle);
#endif
        bench->clk = 1;
        bench->eval();
#ifdef GSP_WAVE
        if (shown)
            wave.dump(2 * cycle + 1);
        cycle++;
#endif
        drive = gsp_lockstep_clock(ls, get(bench->obs, words), nullptr);
    }
#ifdef GSP_WAVE
    wave.close();
#endif
    bench->final();
    return gsp_lockstep_close(ls);
}
