/* SPDX-License-Identifier: Apache-2.0 */
/* loihi_atrlif a second time, from lava's subthr_dynamics, run_spk and post_spike. */
#include "oracle.h"

#include "goldenspike/loihi_atrlif.h"
#include "loihi_slow.h"

/* lava's two np.where in sequence. */
static wide wrapped_current(wide updated) {
    const wide most = power_of_two(23);
    if (updated > most)
        return updated - 2 * most;
    if (updated <= -most)
        return updated + 2 * most;
    return updated;
}

void gsp_oracle_loihi_atrlif(const gsp_loihi_atrlif_params *params, const gsp_loihi_atrlif_in *in,
                             gsp_loihi_atrlif_state *state, gsp_loihi_atrlif_out *out) {
    /* decay_unity - decay_const_i, in 1/65536: decay_const_i = delta_i + ds_offset. */
    const wide delta_i = params->delta_i * power_of_two(16) + params->delta_i_frac;
    const wide factor_i = (4096 - 1) * power_of_two(16) - delta_i;
    const wide th0 = params->th0;

    wide bias = params->bias_mant;
    if (params->bias_exp >= 0)
        bias = bias * power_of_two(params->bias_exp);
    else
        bias = toward_floor(bias, -params->bias_exp);

    const wide i = wrapped_current(toward_zero(state->i * factor_i, 28) + (wide)in->a_in * 64);
    const wide v = clip_voltage(toward_zero((wide)state->v * (4096 - params->delta_v), 12) + i + bias);
    wide th = toward_zero((state->th - th0) * (4096 - params->delta_theta), 12) + th0;
    wide r = toward_zero((wide)state->r * (4096 - params->delta_r), 12);

    out->spike = (uint8_t)(v >= th + r ? 1 : 0);
    if (out->spike) {
        r = r + th + th;
        th = th + params->th_step;
    }
    state->i = (int32_t)i;
    state->v = (int32_t)v;
    state->th = int32(th);
    state->r = int32(r);
}
