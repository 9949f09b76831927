/* SPDX-License-Identifier: Apache-2.0 */
/* loihi_rf_zero a second time, from lava's PyRFZeroModelFixed.run_spk: int32 arrays and // 2**15. */
#include "oracle.h"

#include "goldenspike/loihi_rf_zero.h"
#include "loihi_slow.h"

static int32_t scaled(int32_t state, int32_t decay) {
    return (int32_t)toward_floor(int32((wide)state * decay), 15);
}

void gsp_oracle_loihi_rf_zero(const gsp_loihi_rf_zero_params *params, const gsp_loihi_rf_zero_in *in,
                              gsp_loihi_rf_zero_state *state, gsp_loihi_rf_zero_out *out) {
    const gsp_loihi_rf_zero_state old = *state;

    /* numpy wraps after each operation. */
    state->u = int32((wide)scaled(old.u, params->lct) - scaled(old.v, params->lst));
    state->u = int32((wide)state->u + in->u_in);
    state->v = int32((wide)scaled(old.v, params->lct) + scaled(old.u, params->lst));
    state->v = int32((wide)state->v + in->v_in);

    const int above = state->u > params->uth;
    const int now = state->v >= 0;
    const int before = old.v < 0;
    out->spike = state->u * (above * now * before);
}
