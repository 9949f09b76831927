/* SPDX-License-Identifier: Apache-2.0 */
#include "goldenspike/stim.h"

#include <string.h>

#include "field.h"
#include "goldenspike/fix.h"
#include "stim_inputs.h"

#define GSP_MODEL(m) extern const gsp_cases gsp_##m##_cases;
#include "models.def"
#undef GSP_MODEL

/* Out of the way of what every step does. */
#ifdef __GNUC__
#define COLD __attribute__((noinline))
#else
#define COLD
#endif

const gsp_cases *gsp_cases_of(const gsp_model *model) {
    static const gsp_cases *const all[] = {
#define GSP_MODEL(m) &gsp_##m##_cases,
#include "models.def"
#undef GSP_MODEL
    };
    for (size_t i = 0; gsp_models[i]; i++)
        if (gsp_models[i] == model)
            return all[i];
    return NULL;
}

static int64_t into_range(gsp_rng *rng, const gsp_field *f, int64_t value) {
    return gsp_in_range(f, value) ? value : gsp_rng_range(rng, f->min, f->max);
}

/* The ends of the range, their neighbours, and the values around 0. */
static unsigned special_values(const gsp_field *f, int64_t values[7]) {
    const int64_t candidates[7] = {f->min, f->max, 0, f->min + 1, f->max - 1, 1, -1};
    unsigned n = 0;
    for (unsigned i = 0; i < 7; i++) {
        bool fresh = gsp_in_range(f, candidates[i]);
        for (unsigned k = 0; k < n && fresh; k++)
            fresh = values[k] != candidates[i];
        if (fresh)
            values[n++] = candidates[i];
    }
    return n;
}

static int64_t draw_special(gsp_stim *s, const gsp_field *f) {
    const size_t i = (size_t)(f - s->fields);
    return s->specials[i][gsp_rng_below(&s->rng, s->n_specials[i])];
}

static int64_t draw_generic(gsp_stim *s, const gsp_field *f) {
    gsp_rng *rng = &s->rng;
    const uint64_t span = (uint64_t)f->max - (uint64_t)f->min;
    if (span < 16)
        return gsp_rng_range(rng, f->min, f->max);
    const unsigned bits = f->width > 62 ? 62 : f->width;
    const unsigned kind = gsp_rng_below(rng, 16);
    const int64_t sign = f->min < 0 && gsp_rng_one_in(rng, 2) ? -1 : 1;
    if (kind < 4)
        return draw_special(s, f);
    if (kind < 7) /* a power of two or its neighbour */
        return into_range(rng, f,
                          sign * (INT64_C(1) << gsp_rng_below(rng, bits)) + gsp_rng_range(rng, -1, 1));
    if (kind < 10) /* small */
        return into_range(rng, f, sign * gsp_rng_range(rng, 0, 40));
    if (kind < 13) /* middle: uniform in the logarithm */
        return into_range(rng, f,
                          sign * (int64_t)(gsp_rng_next(rng) >> (64 - bits + gsp_rng_below(rng, bits))));
    return gsp_rng_range(rng, f->min, f->max);
}

static int64_t draw(gsp_stim *s, const void *params, const gsp_field *f) {
    int64_t value;
    if (s->special)
        return draw_special(s, f);
    if (s->cases->draw && s->cases->draw(&s->rng, params, f, &value))
        return value;
    return draw_generic(s, f);
}

static bool is_stimulus(const gsp_stim *s, const gsp_field *f, gsp_kind kind) {
    return f->kind == kind && !s->fixed[f - s->fields];
}

/*
 * Makes drawn params obey the constraints between fields. The model's way to do so knows nothing
 * of fields the user tied: these take their values from `before` again. False when the set is illegal.
 */
static bool legalise(gsp_stim *s, const void *before, void *params) {
    bool undone = false;
    s->cases->legalise(&s->rng, params);
    for (int i = 0; i < s->model->n_fields; i++) {
        const gsp_field *f = &s->fields[i];
        if (!s->fixed[i] || f->kind != GSP_PARAM || gsp_get(f, params) == gsp_get(f, before))
            continue;
        gsp_field_store(f, params, gsp_get(f, before));
        undone = true;
    }
    return !undone || !s->model->check || s->model->check(params) < 0;
}

static void draw_params(gsp_stim *s, void *params) {
    gsp_struct before;
    memcpy(&before, params, s->model->params_size);
    s->params_drawn++;
    for (unsigned attempt = 0; attempt < 100; attempt++) {
        for (int i = 0; i < s->model->n_fields; i++)
            if (is_stimulus(s, &s->fields[i], GSP_PARAM))
                gsp_field_store(&s->fields[i], params, draw(s, params, &s->fields[i]));
        if (!s->cases->legalise || legalise(s, &before, params))
            return;
    }
    memcpy(params, &before, s->model->params_size); /* legal, as always */
}

static COLD void draw_state(gsp_stim *s, const void *params, void *state) {
    for (int i = 0; i < s->model->n_fields; i++)
        if (is_stimulus(s, &s->fields[i], GSP_STATE))
            gsp_field_store(&s->fields[i], state, draw(s, params, &s->fields[i]));
}

static COLD void start_epoch(gsp_stim *s, void *params) {
    /* Mostly short, so that parameters meet many states; sometimes long, so that slow ones unfold. */
    s->epoch_left =
        gsp_rng_one_in(&s->rng, 16) ? 40 + gsp_rng_below(&s->rng, 600) : 1 + gsp_rng_below(&s->rng, 40);
    static const unsigned holds[] = {0, 0, 8, 14, 16};
    s->hold = holds[gsp_rng_below(&s->rng, sizeof holds / sizeof holds[0])];
    s->special = s->level == GSP_LEVEL_CROSSED || gsp_rng_one_in(&s->rng, 8);
    draw_params(s, params);
}

static void start_exhaustive(gsp_stim *s) {
    static const gsp_kind order[] = {GSP_INPUT, GSP_STATE, GSP_PARAM};
    for (size_t k = 0; k < sizeof order / sizeof order[0]; k++)
        for (int i = 0; i < s->model->n_fields; i++) {
            const gsp_field *f = &s->fields[i];
            if (!is_stimulus(s, f, order[k]))
                continue;
            const uint64_t span = (uint64_t)f->max - (uint64_t)f->min;
            if (span < GSP_STIM_DIGITS) {
                s->n_digits[i] = (uint8_t)(span + 1);
                for (unsigned d = 0; d <= span; d++)
                    s->digits[i][d] = f->min + (int64_t)d;
            } else {
                s->n_digits[i] = s->n_specials[i];
                memcpy(s->digits[i], s->specials[i], sizeof s->specials[i]);
            }
            s->wheel[s->n_wheels++] = (uint8_t)i;
        }
}

static COLD void renew_pool(gsp_stim *s, const void *params) {
    s->renewed = (uint8_t)(s->renewed + 1 < s->n_inputs ? s->renewed + 1 : 0);
    const unsigned place = gsp_rng_below(&s->rng, GSP_STIM_POOL);
    gsp_stim_input *input = &s->input[s->renewed];
    input->pool[place] = draw(s, params, &s->fields[input->field]);
}

static COLD void draw_special_inputs(gsp_stim *s, void *in) {
    uint64_t bits = 0;
    for (unsigned k = 0; k < s->n_inputs; k++, bits >>= GSP_STIM_INPUT_BITS) {
        if (k % GSP_STIM_INPUTS_PER_WORD == 0)
            bits = gsp_rng_next(&s->rng);
        const gsp_field *f = &s->fields[s->input[k].field];
        if ((bits & 15) >= s->hold)
            gsp_field_store(f, in, draw_special(s, f));
    }
}

void gsp_stim_start(gsp_stim *s, const gsp_model *model, const void *params, const bool fixed[GSP_MAX_FIELDS],
                    int level, uint64_t seed, bool free_state) {
    memset(s, 0, sizeof *s);
    s->renew = renew_pool;
    s->draw_special = draw_special_inputs;
    s->model = model;
    s->cases = gsp_cases_of(model);
    s->level = level;
    s->free_state = free_state;
    if (fixed)
        memcpy(s->fixed, fixed, sizeof s->fixed);
    gsp_resolve(model, params, s->fields);
    gsp_rng_seed(&s->rng, seed);
    s->special = level == GSP_LEVEL_CROSSED;
    for (int i = 0; i < model->n_fields; i++)
        s->n_specials[i] = (uint8_t)special_values(&s->fields[i], s->specials[i]);
    for (int i = 0; i < model->n_fields; i++) {
        if (!is_stimulus(s, &s->fields[i], GSP_INPUT))
            continue;
        gsp_stim_input *input = &s->input[s->n_inputs++];
        for (unsigned k = 0; k < GSP_STIM_POOL; k++)
            input->pool[k] = draw(s, params, &s->fields[i]);
        input->offset = s->fields[i].offset;
        input->size = s->fields[i].size;
        input->field = (uint8_t)i;
    }
    if (level == GSP_LEVEL_EXHAUSTIVE)
        start_exhaustive(s);
}

static bool turn_wheels(gsp_stim *s, void *params, void *state, void *in) {
    if (s->done)
        return false;
    bool carry = s->position > 0;
    for (unsigned w = 0; w < s->n_wheels; w++) {
        const unsigned i = s->wheel[w];
        const gsp_field *f = &s->fields[i];
        if (carry) {
            s->digit[i] = (uint8_t)(s->digit[i] + 1);
            carry = s->digit[i] == s->n_digits[i];
            if (carry)
                s->digit[i] = 0;
        } else if (s->position > 0 && f->kind == GSP_PARAM) {
            break; /* slower wheels stand still, and nothing else changes params */
        }
        void *part = f->kind == GSP_PARAM ? params : f->kind == GSP_STATE ? state : in;
        gsp_field_store(f, part, s->digits[i][s->digit[i]]);
        s->params_drawn += f->kind == GSP_PARAM;
    }
    if (carry) {
        s->done = true;
        return false;
    }
    s->position++;
    return true;
}

/* Sets that break a constraint between fields are no stimulus. */
static COLD bool next_exhaustive(gsp_stim *s, void *params, void *state, void *in) {
    do {
        if (!turn_wheels(s, params, state, in))
            return false;
    } while (s->model->check && s->model->check(params) >= 0);
    return true;
}

static inline void draw_inputs(gsp_stim *s, void *in) {
    const gsp_stim_input *const end = s->input + s->n_inputs;
    for (gsp_stim_input *input = s->input; input < end;) {
        uint64_t bits = gsp_rng_next(&s->rng);
        const gsp_stim_input *const last =
            end - input > GSP_STIM_INPUTS_PER_WORD ? input + GSP_STIM_INPUTS_PER_WORD : end;
        for (; input < last; input++, bits >>= GSP_STIM_INPUT_BITS)
            gsp_stim_draw_input(input, s->hold, bits, input->size, (unsigned char *)in + input->offset);
    }
}

bool gsp_stim_next(gsp_stim *s, void *params, void *state, void *in) {
    if (s->level == GSP_LEVEL_EXHAUSTIVE)
        return next_exhaustive(s, params, state, in);
    if (s->epoch_left == 0)
        start_epoch(s, params);
    gsp_stim_advance(s, params);
    if (s->special)
        draw_special_inputs(s, in);
    else
        draw_inputs(s, in);
    if (s->free_state)
        draw_state(s, params, state);
    if (s->cases->aim && !s->special && s->aimed)
        s->cases->aim(&s->rng, params, state, in);
    return true;
}

uint64_t gsp_stim_count(const gsp_stim *s) {
    uint64_t count = 1;
    for (unsigned w = 0; w < s->n_wheels; w++) {
        const uint64_t n = s->n_digits[s->wheel[w]];
        if (count > UINT64_MAX / n)
            return UINT64_MAX;
        count *= n;
    }
    return count;
}
