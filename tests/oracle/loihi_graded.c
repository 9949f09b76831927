/* SPDX-License-Identifier: Apache-2.0 */
/* loihi_graded a second time, from lava's graded vectors. */
#include "oracle.h"

#include "goldenspike/loihi_graded.h"
#include "loihi_slow.h"

void gsp_oracle_loihi_graded(const gsp_loihi_graded_params *params, const gsp_loihi_graded_in *in,
                             gsp_loihi_graded_state *state, gsp_loihi_graded_out *out) {
    const int32_t v = in->a_in;
    int is_spike = v > params->vth;
    (void)state;
    if (params->relu == 0)
        is_spike = abs_int32(v) > params->vth;
    out->spike = v * is_spike;
}
