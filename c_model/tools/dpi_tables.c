/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes c_model/src/dpi_tables.inc, the images dpi ships, with the encoder:
 *
 *   cc -std=c11 -I c_model/include -o dpi_tables c_model/tools/dpi_tables.c c_model/src/dpi_encode.c -lm
 *   ./dpi_tables >c_model/src/dpi_tables.inc
 *
 * tests/unit/test_dpi.c compares each word with the encoder of its build.
 */
#include <inttypes.h>
#include <stdio.h>

#include "goldenspike/dpi_encode.h"

enum { MOST_SEGMENT_BITS = 6, PER_LINE = 8 };

static void print_table(const char *name, const uint64_t *words, size_t n) {
    printf("\nstatic const uint64_t %s[%zu] = {", name, n);
    for (size_t j = 0; j < n; j++)
        printf("%s%" PRIu64 ",", j % PER_LINE == 0 ? "\n    " : " ", words[j]);
    printf("\n};\n");
}

int main(void) {
    static uint64_t t[(GSP_DPI_T_OCTAVES << MOST_SEGMENT_BITS) + 1],
        a[(GSP_DPI_A_OCTAVES << MOST_SEGMENT_BITS) + 1];
    static const uint8_t segment_bits[] = {4, 6}, i_fraction[] = {26, 30};
    gsp_dpi_si si;
    gsp_dpi_si_default(&si);
    printf("/* SPDX-License-Identifier: Apache-2.0 */\n"
           "/* Written by c_model/tools/dpi_tables.c: the typical neuron at dt 100 us, power feedback. */\n"
           "/* clang-format off */\n");
    for (int s = 0; s < 2; s++)
        for (int g = 0; g < 2; g++) {
            gsp_dpi_params p = {.l_fraction = 19,
                                .i_fraction = i_fraction[g],
                                .segment_bits = segment_bits[s],
                                .state_width = 32};
            gsp_dpi_fault fault;
            char name[32];
            if (!gsp_dpi_encode(&si, &p, t, a, &fault)) {
                fprintf(stderr, "dpi_tables: %s=%g is outside %g..%g\n", fault.quantity, fault.value,
                        fault.min, fault.max);
                return 1;
            }
            if (g == 0) {
                (void)snprintf(name, sizeof name, "t_table_%d", segment_bits[s]);
                print_table(name, t, gsp_dpi_t_words(&p));
            }
            (void)snprintf(name, sizeof name, "a_table_%d_%d", segment_bits[s], i_fraction[g]);
            print_table(name, a, gsp_dpi_a_words(&p));
        }
    printf("/* clang-format on */\n");
    return ferror(stdout) != 0;
}
