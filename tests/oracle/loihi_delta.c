/* SPDX-License-Identifier: Apache-2.0 */
/* loihi_delta a second time, from lava's delta_dynamics and PyDeltaModelFixed.run_spk. */
#include "oracle.h"

#include "goldenspike/loihi_delta.h"
#include "loihi_slow.h"

void gsp_oracle_loihi_delta(const gsp_loihi_delta_params *params, const gsp_loihi_delta_in *in,
                            gsp_loihi_delta_state *state, gsp_loihi_delta_out *out) {
    const int32_t input = int32(in->a_in * power_of_two(params->spike_exp + params->state_exp));
    const int32_t delta = int32((wide)input - state->act + state->residue);
    const int32_t error = int32((wide)state->error + delta);
    const int32_t test = params->cum_error ? error : delta;

    state->residue = delta;
    out->spike = 0;
    if (params->cum_error)
        state->error = error;
    if (abs_int32(test) >= params->vth) {
        out->spike = (int32_t)toward_floor(delta, params->state_exp);
        state->residue = 0;
        if (params->cum_error)
            state->error = abs_int32(delta) > 0 ? 0 : error;
    }
    state->act = input;
}
