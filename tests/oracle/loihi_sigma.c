/* SPDX-License-Identifier: Apache-2.0 */
/* loihi_sigma a second time, from lava's sigma_dynamics. */
#include "oracle.h"

#include "goldenspike/loihi_sigma.h"
#include "loihi_slow.h"

void gsp_oracle_loihi_sigma(const gsp_loihi_sigma_params *params, const gsp_loihi_sigma_in *in,
                            gsp_loihi_sigma_state *state, gsp_loihi_sigma_out *out) {
    (void)params;
    out->spike = state->sigma = int32((wide)state->sigma + in->a_in);
}
