/* SPDX-License-Identifier: Apache-2.0 */
/* loihi_sigma_delta a second time, from lava's delta_dynamics and its two run_spk. */
#include "oracle.h"

#include "goldenspike/loihi_sigma_delta.h"
#include "loihi_slow.h"

/* np.where(np.abs(test) >= vth, delta, 0) */
static int32_t thresholded(int32_t test, int32_t vth, int32_t delta) {
    return abs_int32(test) >= vth ? delta : 0;
}

/* PySigmaDeltaModelFixedCorrected.run_spk, after the activation. */
static int32_t corrected(const gsp_loihi_sigma_delta_params *params, gsp_loihi_sigma_delta_state *state,
                         int32_t activation) {
    const int32_t delta = int32((wide)activation - state->act);
    const int32_t scaled = thresholded(delta, params->vth, delta);
    const int32_t sent = (int32_t)toward_floor(scaled, params->state_exp);
    state->act = int32(state->act + sent * power_of_two(params->state_exp));
    return sent;
}

/* delta_dynamics and PySigmaDeltaModelFixed.run_spk. */
static int32_t legacy(const gsp_loihi_sigma_delta_params *params, gsp_loihi_sigma_delta_state *state,
                      int32_t activation) {
    const int32_t delta = int32((wide)activation - state->act + state->residue);
    int32_t scaled;
    if (params->cum_error) {
        state->error = int32((wide)state->error + delta);
        scaled = thresholded(state->error, params->vth, delta);
        state->error *= 1 - (abs_int32(scaled) > 0);
    } else {
        scaled = thresholded(delta, params->vth, delta);
    }
    state->residue = int32((wide)delta - scaled);
    state->act = activation;
    return (int32_t)toward_floor(scaled, params->state_exp);
}

void gsp_oracle_loihi_sigma_delta(const gsp_loihi_sigma_delta_params *params,
                                  const gsp_loihi_sigma_delta_in *in, gsp_loihi_sigma_delta_state *state,
                                  gsp_loihi_sigma_delta_out *out) {
    state->sigma = int32((wide)in->a_in + state->sigma);
    int32_t activation = int32((wide)state->sigma + params->bias);
    if (params->relu == 1 && activation < 0)
        activation = 0;
    out->spike = (params->variant == 1 ? legacy : corrected)(params, state, activation);
}
