/* SPDX-License-Identifier: Apache-2.0 */
/* loihi_prod a second time, from lava's PyProdNeuronModelFixed.run_spk. */
#include "oracle.h"

#include "goldenspike/loihi_prod.h"
#include "loihi_slow.h"

void gsp_oracle_loihi_prod(const gsp_loihi_prod_params *params, const gsp_loihi_prod_in *in,
                           gsp_loihi_prod_state *state, gsp_loihi_prod_out *out) {
    const int32_t v = (int32_t)toward_floor(int32((wide)in->a_in1 * in->a_in2), params->exp);
    (void)state;
    out->spike = v * (abs_int32(v) > params->vth);
}
