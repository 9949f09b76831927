/* SPDX-License-Identifier: Apache-2.0 */
/* loihi_rf a second time, from lava's resonator_dynamics and run_spk. */
#include "oracle.h"

#include "goldenspike/loihi_rf.h"
#include "loihi_slow.h"

void gsp_oracle_loihi_rf(const gsp_loihi_rf_params *params, const gsp_loihi_rf_in *in,
                         gsp_loihi_rf_state *state, gsp_loihi_rf_out *out) {
    const wide cos_decay = params->cos_decay, sin_decay = params->sin_decay;
    const wide re = state->re, im = state->im;
    const wide a_re = in->a_re * power_of_two(params->state_exp);
    const wide a_im = in->a_im * power_of_two(params->state_exp);
    const int n = params->decay_bits;

    state->re = clip_voltage(toward_zero(cos_decay * re, n) - toward_zero(sin_decay * im, n) + a_re);
    state->im = clip_voltage(toward_zero(sin_decay * re, n) + toward_zero(cos_decay * im, n) + a_im);

    out->spike = 1;
    if (state->re < params->vth || state->im < 0 || im >= 0)
        out->spike = 0;
}
