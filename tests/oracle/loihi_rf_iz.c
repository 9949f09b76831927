/* SPDX-License-Identifier: Apache-2.0 */
/* loihi_rf_iz a second time, from lava's resonator_dynamics and the run_spk of PyRF_IZModelFixed. */
#include "oracle.h"

#include "goldenspike/loihi_rf_iz.h"
#include "loihi_slow.h"

static wide turned(const gsp_loihi_rf_iz_params *p, wide times_cos, wide times_sin, wide input) {
    return toward_zero(times_cos * p->cos_decay, p->decay_bits) +
           toward_zero(times_sin * p->sin_decay, p->decay_bits) + input * power_of_two(p->state_exp);
}

void gsp_oracle_loihi_rf_iz(const gsp_loihi_rf_iz_params *params, const gsp_loihi_rf_iz_in *in,
                            gsp_loihi_rf_iz_state *state, gsp_loihi_rf_iz_out *out) {
    const wide re = state->re, im = state->im;

    /* Toward zero is odd: subtracting the shifted product is adding that of -im. */
    state->re = clip_voltage(turned(params, re, -im, in->a_re));
    state->im = clip_voltage(turned(params, im, re, in->a_im));
    out->spike = 0;
    if (state->im < params->vth)
        return;

    out->spike = 1;
    state->re = 0;
    state->im = params->vth;
    state->im--;
}
