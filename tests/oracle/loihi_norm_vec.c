/* SPDX-License-Identifier: Apache-2.0 */
/* loihi_norm_vec a second time, from lava's NormVecDelayModel.run_spk. */
#include "oracle.h"

#include "goldenspike/loihi_norm_vec.h"
#include "loihi_slow.h"

void gsp_oracle_loihi_norm_vec(const gsp_loihi_norm_vec_params *params, const gsp_loihi_norm_vec_in *in,
                               gsp_loihi_norm_vec_state *state, gsp_loihi_norm_vec_out *out) {
    const int32_t older = state->v;
    state->v = in->a_in1;
    out->s2_out = int32((wide)state->v * state->v);

    const int32_t output = int32((wide)older * in->a_in2);
    out->spike = output * (abs_int32(output) > params->vth);
}
