/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spinnaker_lif a second time, from the numbered equations and in another
 * style than the model's: see spinnaker_slow.h.
 */
#include "oracle.h"

#include "goldenspike/spinnaker_lif.h"
#include "spinnaker_slow.h"

void gsp_oracle_spinnaker_lif(const gsp_spinnaker_lif_params *p, const gsp_spinnaker_lif_in *in,
                              gsp_spinnaker_lif_state *s, gsp_spinnaker_lif_out *out) {
    const int kind = p->input_kind, mode = p->rounding;
    const int draws = mode == 4;
    int used[5] = {0, 0, 0, 0, 0};

    s->syn_exc = slow_receive(s->syn_exc, in->in_exc, p->init_exc, kind, in->first_substep);
    s->syn_inh = slow_receive(s->syn_inh, in->in_inh, p->init_inh, kind, in->first_substep);
    const slow_wide exc = slow_current(s->syn_exc, kind, p->scale, 1,
                                       slow_wrap((slow_wide)p->v_rev_exc - s->v), mode, in->rnd0);
    const slow_wide inh = slow_current(s->syn_inh, kind, p->scale, -1,
                                       slow_wrap((slow_wide)p->v_rev_inh - s->v), mode, in->rnd1);
    if (draws && kind != 0)
        used[0] = used[1] = 1;

    slow_wide total = exc - inh + p->i_offset + in->current_offset;
    if (p->ca2_enable) {
        s->ca2 = slow_mulk(s->ca2, p->ca2_decay, mode, in->rnd2);
        used[2] = draws;
        total -= s->ca2;
    }

    if (s->refract_timer > 0) {
        s->refract_timer = s->refract_timer - 1;
    } else {
        const int32_t driven = slow_mulk(slow_wrap(total), p->r_membrane, mode, in->rnd3);
        const int32_t alpha = slow_wrap((slow_wide)driven + p->v_rest);
        const int32_t kept = slow_mulk(p->exp_tc, slow_wrap((slow_wide)alpha - s->v), mode, in->rnd4);
        s->v = slow_wrap((slow_wide)alpha - kept);
        used[3] = used[4] = draws;
    }

    out->spike = 0;
    if (!(s->v < p->v_thresh)) {
        out->spike = 1;
        s->v = p->v_reset;
        s->refract_timer = slow_wrap(p->t_refract);
        if (p->ca2_enable)
            s->ca2 = slow_wrap((slow_wide)s->ca2 + p->ca2_alpha);
    }
    s->syn_exc = kind == 1 ? 0 : slow_decay(s->syn_exc, p->decay_exc);
    s->syn_inh = kind == 1 ? 0 : slow_decay(s->syn_inh, p->decay_inh);

    out->draws_used = 0;
    for (int i = 4; i >= 0; i--)
        out->draws_used = (uint8_t)(out->draws_used * 2 + used[i]);
}
