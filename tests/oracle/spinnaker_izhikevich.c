/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spinnaker_izhikevich a second time, from the numbered equations and in
 * another style than the model's: one statement per product, random words
 * handed out by position, see also spinnaker_slow.h.
 */
#include "oracle.h"

#include "goldenspike/spinnaker_izhikevich.h"
#include "spinnaker_slow.h"

/* A product that takes word i, and notes it. */
typedef struct products {
    int mode;
    uint32_t word[17];
    uint32_t noted;
} products;

static int32_t times(products *m, int i, int32_t a, int32_t b) {
    uint32_t weight = 1;
    for (int k = 0; k < i; k++)
        weight *= 2;
    m->noted += m->mode == 4 ? weight : 0;
    return slow_mulk(a, b, m->mode, m->word[i]);
}

static int32_t plus(slow_wide a, slow_wide b) {
    return slow_wrap(a + b);
}

void gsp_oracle_spinnaker_izhikevich(const gsp_spinnaker_izhikevich_params *p,
                                     const gsp_spinnaker_izhikevich_in *in, gsp_spinnaker_izhikevich_state *s,
                                     gsp_spinnaker_izhikevich_out *out) {
    products m = {p->rounding,
                  {in->rnd0, in->rnd1, in->rnd2, in->rnd3, in->rnd4, in->rnd5, in->rnd6, in->rnd7, in->rnd8,
                   in->rnd9, in->rnd10, in->rnd11, in->rnd12, in->rnd13, in->rnd14, in->rnd15, in->rnd16},
                  0};
    const int kind = p->input_kind;
    const int32_t v = s->v, u = s->u, h = s->h;

    s->syn_exc = slow_receive(s->syn_exc, in->in_exc, p->init_exc, kind, in->first_substep);
    s->syn_inh = slow_receive(s->syn_inh, in->in_inh, p->init_inh, kind, in->first_substep);
    const slow_wide exc =
        slow_current(s->syn_exc, kind, p->scale, 1, plus(p->v_rev_exc, -(slow_wide)v), p->rounding, in->rnd0);
    const slow_wide inh = slow_current(s->syn_inh, kind, p->scale, -1, plus(p->v_rev_inh, -(slow_wide)v),
                                       p->rounding, in->rnd1);
    if (kind != 0 && p->rounding == 4)
        m.noted = 3;

    const slow_wide current = exc - inh + p->i_offset + in->current_offset;
    const int32_t pre = slow_wrap(140 * 32768 + current - u);
    int32_t t = times(&m, 2, 1311, v);
    t = times(&m, 3, plus(5 * 32768, t), v);
    const int32_t alpha = plus(pre, t);
    t = times(&m, 4, h, alpha);
    t = times(&m, 5, t, 16384);
    const int32_t eta = plus(v, t);
    const int32_t ah = times(&m, 6, p->a, h);
    t = times(&m, 7, p->b, v);
    const int32_t pull = plus(t, -(slow_wide)u);
    if (p->source_order == 1) {
        t = times(&m, 8, h, pull);
        t = times(&m, 9, t, p->a);
    } else {
        t = times(&m, 8, pull, ah);
    }
    const int32_t beta = times(&m, 10, t, 16384);

    t = times(&m, 11, 1311, eta);
    t = times(&m, 12, plus(5 * 32768, t), eta);
    const int32_t v_change = times(&m, 13, h, slow_wrap((slow_wide)pre - beta + t));
    t = times(&m, 14, p->b, eta);
    const int32_t u_change = times(&m, 15, ah, slow_wrap((slow_wide)t - u - beta));
    s->v = plus(v, v_change);
    s->u = plus(u, u_change);
    s->h = p->reset_h;
    out->spike = 0;
    if (s->v > 30 * 32768 - 1) {
        out->spike = 1;
        s->v = p->c;
        s->u = plus(s->u, p->d);
        s->h = times(&m, 16, p->reset_h, 60620);
    }
    s->syn_exc = kind == 1 ? 0 : slow_decay(s->syn_exc, p->decay_exc);
    s->syn_inh = kind == 1 ? 0 : slow_decay(s->syn_inh, p->decay_inh);
    out->draws_used = m.noted;
}
