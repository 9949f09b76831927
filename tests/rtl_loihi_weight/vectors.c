/* SPDX-License-Identifier: Apache-2.0 */
/* Every legal mantissa of every synapse format, with the weight that C makes of it, one a line for $readmemh.
 */
#include <stdio.h>

#include "goldenspike/loihi.h"

int main(void) {
    for (int code = 0; code <= 7; code++)
        for (int mode = GSP_LOIHI_MIXED; mode <= GSP_LOIHI_INHIBITORY; mode++)
            for (int exponent = -8; exponent <= 7; exponent++) {
                const gsp_loihi_synapse synapse = {(uint8_t)code, (uint8_t)mode, (int8_t)exponent};
                int min, max;
                if (gsp_loihi_synapse_check(&synapse) != 0)
                    return 1;
                gsp_loihi_mantissa_range(&synapse, &min, &max);
                for (int mantissa = min; mantissa <= max; mantissa++) {
                    const gsp_loihi_weight w = gsp_loihi_weight_decode(&synapse, mantissa);
                    printf("%03x_%x_%x_%x_%03x_%06x\n", (unsigned)mantissa & 0xFFFu, (unsigned)code,
                           mode == GSP_LOIHI_MIXED ? 1u : 0u, (unsigned)exponent & 0xFu,
                           (unsigned)w.w8 & 0xFFFu, (unsigned)w.weight & 0xFFFFFFu);
                }
            }
    return 0;
}
