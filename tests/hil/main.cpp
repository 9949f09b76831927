// SPDX-License-Identifier: Apache-2.0
// A board on a pseudo-terminal: the Verilated top of a board, its serial pins bit-banged at the
// divider's rate. Prints the name of the terminal, then runs until the other side closes it.
//
//   board DIVIDER [CLAUSE...] [+gsp_bug=N]
//
//   flip-in=N flip-out=N   turn over a bit of the Nth byte to or from the board (from 1)
//   every-in=N             turn over a bit of every Nth byte to the board
//   drop-in=N drop-out=N   lose it
//   add-in=N add-out=N     a byte of noise before it
//   die=N                  end without a word after N bytes to the board
//   deaf=N                 the board gets nothing after N bytes
//   noise=N                N random bytes to the board before anything else
//
// At the end it tells on standard error which share of the line rate was used: bytes of the busier
// direction against the bit times between the first and the last byte of a run.
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <map>
#include <memory>
#include <poll.h>
#include <string>
#include <termios.h>
#include <unistd.h>

#include "Vtop.h"
#include "verilated.h"

// Bytes of one direction, with the faults that are asked for.
struct Direction {
    uint64_t count = 0, flip = 0, every = 0, drop = 0, add = 0;
    std::deque<uint8_t> queue;
    void push(uint8_t byte) {
        count++;
        if (count == drop)
            return;
        if (count == add)
            queue.push_back(0xA5);
        const bool spoilt = count == flip || (every && count % every == 0);
        queue.push_back(spoilt ? static_cast<uint8_t>(byte ^ 0x10) : byte);
    }
};

int main(int argc, char **argv) {
    std::map<std::string, uint64_t> wish;
    if (argc < 2)
        return 2;
    const unsigned divider = static_cast<unsigned>(std::atoi(argv[1]));
    for (int i = 2; i < argc; i++)
        if (argv[i][0] != '+' && std::strchr(argv[i], '='))
            wish[std::string(argv[i], std::strchr(argv[i], '='))] =
                std::strtoull(std::strchr(argv[i], '=') + 1, nullptr, 10);
    const int master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
        return 3;
    // Held open raw until the host has it: a terminal that nobody has open reads as hung up.
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    termios raw;
    if (slave < 0 || tcgetattr(slave, &raw) != 0)
        return 3;
    cfmakeraw(&raw);
    tcsetattr(slave, TCSANOW, &raw);
    std::printf("%s\n", ptsname(master));
    std::fflush(stdout);

    const auto context = std::make_unique<VerilatedContext>();
    context->commandArgs(argc, argv);
    const auto top = std::make_unique<Vtop>(context.get());
    Direction to_board, from_board;
    to_board.flip = wish["flip-in"], to_board.drop = wish["drop-in"], to_board.add = wish["add-in"];
    to_board.every = wish["every-in"];
    from_board.flip = wish["flip-out"], from_board.drop = wish["drop-out"], from_board.add = wish["add-out"];
    uint32_t noise = 1;
    for (uint64_t k = 0; k < wish["noise"]; k++) {
        noise = noise * 1664525u + 1013904223u;
        to_board.queue.push_back(static_cast<uint8_t>(noise >> 24));
    }

    unsigned in_bit = 0, in_count = 0, out_bit = 0, out_count = 0; // bit 0: idle
    uint32_t in_frame = 0, out_byte = 0;
    uint64_t cycle = 0, last_busy = 0, run_first = 0, run_last = 0, run_in = 0, run_out = 0;
    double best = 0;
    bool host_came = false;
    uint8_t buffer[4096];
    // A run is what lies between pauses of 1000 byte times; the share told is that of the longest.
    uint64_t longest = 0;
    const uint64_t pause = 10000ull * divider;
    const auto end_run = [&] {
        const uint64_t bytes = run_in > run_out ? run_in : run_out;
        if (bytes > longest && run_last > run_first) {
            longest = bytes;
            best = static_cast<double>(bytes) * 10 * divider / static_cast<double>(run_last - run_first);
        }
        run_in = run_out = 0;
    };

    for (;;) {
        // The host's side, every bit time and a half or so.
        if (cycle % (4 * divider) == 0) {
            const bool idle = to_board.queue.empty() && in_bit == 0 && out_bit == 0;
            // While nothing moves, time passes slowly: the host should not fall behind by its own load.
            if (idle && cycle - last_busy > 40ull * divider && cycle % (400 * divider) == 0) {
                pollfd p = {master, POLLIN, 0};
                (void)poll(&p, 1, 1);
            }
            if (to_board.queue.size() < 64) {
                const ssize_t n = read(master, buffer, 256);
                if (n > 0 && slave >= 0 && !host_came) {
                    host_came = true;
                    close(slave);
                    slave = -1;
                }
                for (ssize_t k = 0; k < n; k++) {
                    to_board.push(buffer[k]);
                    if (wish["die"] && to_board.count == wish["die"])
                        _exit(0);
                }
                if (wish["deaf"] && to_board.count > wish["deaf"])
                    to_board.queue.clear();
                if (n < 0 && errno == EIO && host_came)
                    break; // the host has closed it
            }
            while (!from_board.queue.empty()) {
                if (write(master, &from_board.queue.front(), 1) != 1)
                    break;
                from_board.queue.pop_front();
            }
        }
        // Pins, before the edge.
        if (in_bit == 0 && !to_board.queue.empty()) {
            in_frame = 0x200u | static_cast<uint32_t>(to_board.queue.front()) << 1;
            to_board.queue.pop_front();
            in_bit = 1;
            in_count = 0;
            if (run_in == 0 && run_out == 0)
                run_first = cycle;
            run_in++;
        }
        top->rx = in_bit ? in_frame >> (in_bit - 1) & 1u : 1u;
        if (in_bit && ++in_count == divider) {
            in_count = 0;
            in_bit = in_bit == 10 ? 0 : in_bit + 1;
            last_busy = run_last = cycle;
        }
        top->clk = 0;
        top->eval();
        top->clk = 1;
        top->eval();
        if (out_bit == 0) {
            if (!top->tx) {
                out_bit = 1;
                out_count = divider / 2;
                out_byte = 0;
            }
        } else if (++out_count == divider) {
            out_count = 0;
            // out_bit: 1 the start bit has passed half a bit ago, then the middles of 8 data bits, then stop
            if (out_bit >= 2 && out_bit <= 9)
                out_byte |= static_cast<uint32_t>(top->tx & 1u) << (out_bit - 2);
            if (out_bit == 10) {
                from_board.push(static_cast<uint8_t>(out_byte));
                run_out++;
                out_bit = 0;
            } else {
                out_bit++;
            }
            last_busy = run_last = cycle;
        }
        if ((run_in || run_out) && cycle - run_last > pause)
            end_run();
        cycle++;
    }
    end_run();
    std::fprintf(stderr, "board: %llu bytes in, %llu out, %.1f %% of the line rate in the longest run\n",
                 static_cast<unsigned long long>(to_board.count),
                 static_cast<unsigned long long>(from_board.count), 100 * best);
    return 0;
}
