/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Generated stimulus, for every model: legal, repeatable, true to what the
 * user tied, with every end of every range in it; and the exhaustive run,
 * which visits each combination once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "goldenspike/stim.h"

enum { STEPS = 20000, MAX_COMBINATIONS = 400000 };

/* One run of stimulus with the model's own steps in between. */
typedef struct source {
    const gsp_model *model;
    gsp_field fields[GSP_MAX_FIELDS];
    bool fixed[GSP_MAX_FIELDS];
    bool free_state;
    gsp_frame frame;
    gsp_stim stim;
} source;

static void start(source *s, const gsp_model *model, int level, uint64_t seed, bool free_state) {
    s->model = model;
    s->free_state = free_state;
    model->reset(&s->frame.state, &s->frame.params);
    gsp_default_inputs(model, &s->frame.params, &s->frame.in);
    gsp_resolve(model, &s->frame.params, s->fields);
    /* What stood in the memory before must not matter. */
    memset(&s->stim, (int)(seed * 37 + 1) & 0xFF, sizeof s->stim);
    gsp_stim_start(&s->stim, model, &s->frame.params, s->fixed, level, seed, free_state);
}

static void use_defaults(source *s, const gsp_model *model) {
    memset(&s->frame, 0, sizeof s->frame);
    memset(s->fixed, 0, sizeof s->fixed);
    gsp_default_config(model, &s->frame.params);
    gsp_default_params(model, &s->frame.params);
}

static bool draw(source *s) {
    return gsp_stim_next(&s->stim, &s->frame.params, &s->frame.state, &s->frame.in);
}

static void step(source *s) {
    s->model->step(&s->frame.params, &s->frame.in, &s->frame.state, &s->frame.out);
}

static bool is_drawn(const source *s, int i) {
    const gsp_kind kind = s->fields[i].kind;
    return !s->fixed[i] && (kind == GSP_PARAM || kind == GSP_INPUT || (kind == GSP_STATE && s->free_state));
}

static void assert_legal(const source *s, uint64_t k) {
    for (int i = 0; i < s->model->n_fields; i++) {
        const gsp_field *f = &s->fields[i];
        if (f->kind > GSP_STATE || f->kind == GSP_TABLE)
            continue;
        const int64_t value = gsp_frame_get(&s->frame, f);
        if (!gsp_in_range(f, value))
            fail_msg("%s: step %" PRIu64 ": %s=%" PRId64 " is outside %" PRId64 "..%" PRId64, s->model->name,
                     k, f->name, value, f->min, f->max);
    }
    const int wrong = gsp_check(s->model, &s->frame.params);
    if (wrong != 0)
        fail_msg("%s: step %" PRIu64 ": illegal params, field %s", s->model->name, k,
                 s->fields[wrong - 1].name);
}

/* Calls `test` with every model under its default, its smallest and its largest configuration. */
static void each_configuration(void (*test)(source *s, const gsp_model *model)) {
    static source s;
    for (const gsp_model *const *m = gsp_models; *m; m++)
        for (int end = 0; end < 3; end++) {
            use_defaults(&s, *m);
            for (int i = 0; end > 0 && i < (*m)->n_fields; i++) {
                gsp_resolve(*m, &s.frame.params, s.fields);
                const gsp_field *f = &s.fields[i];
                if (f->kind == GSP_CONFIG)
                    gsp_set(f, &s.frame.params, end == 1 ? f->min : f->max);
            }
            gsp_default_params(*m, &s.frame.params);
            if (gsp_check(*m, &s.frame.params) == 0)
                test(&s, *m);
            else
                assert_int_not_equal(end, 0);
        }
}

static void check_legal(source *s, const gsp_model *model) {
    const gsp_struct params = s->frame.params;
    for (int level = GSP_LEVEL_CROSSED; level <= GSP_LEVEL_RANDOM; level++)
        for (int free_state = 0; free_state < 2; free_state++) {
            s->frame.params = params;
            start(s, model, level, 7, free_state != 0);
            for (uint64_t k = 0; k < STEPS; k++) {
                assert_true(draw(s));
                assert_legal(s, k);
                step(s);
            }
        }
}

static void stimulus_is_legal(void **state) {
    (void)state;
    each_configuration(check_legal);
}

static bool same_stimulus(const source *a, const source *b) {
    for (int i = 0; i < a->model->n_fields; i++) {
        const gsp_field *f = &a->fields[i];
        if (f->kind <= GSP_INPUT && gsp_frame_get(&a->frame, f) != gsp_frame_get(&b->frame, f))
            return false;
    }
    return true;
}

static void check_repeats(source *s, const gsp_model *model) {
    static source again, other;
    for (int level = GSP_LEVEL_CROSSED; level <= GSP_LEVEL_RANDOM; level++) {
        again = other = *s;
        source *const all[] = {s, &again, &other};
        const uint64_t seeds[] = {11, 11, 12};
        uint64_t same = 0;
        for (int n = 0; n < 3; n++)
            start(all[n], model, level, seeds[n], false);
        /* The poison of start() depends on the seed: give the second another. */
        memset(&again.stim, 0xEE, sizeof again.stim);
        gsp_stim_start(&again.stim, model, &again.frame.params, again.fixed, level, 11, false);
        for (int k = 0; k < 2000; k++) {
            for (int n = 0; n < 3; n++) {
                assert_true(draw(all[n]));
                step(all[n]);
            }
            assert_memory_equal(&s->frame, &again.frame, sizeof s->frame);
            same += same_stimulus(s, &other);
        }
        /* A model with one input meets the same corner by chance now and then. */
        if (same > 1000)
            fail_msg("%s: seeds 11 and 12 agree in %" PRIu64 " of 2000 steps", model->name, same);
        use_defaults(s, model);
    }
}

static void a_seed_says_it_all(void **state) {
    (void)state;
    static source s;
    for (const gsp_model *const *m = gsp_models; *m; m++) {
        use_defaults(&s, *m);
        check_repeats(&s, *m);
    }
}

/* Every drawn field reaches both ends of its range, at level 1 and at level 2. */
static void check_ends(source *s, const gsp_model *model) {
    const gsp_struct params = s->frame.params;
    for (int level = GSP_LEVEL_CROSSED; level <= GSP_LEVEL_RANDOM; level++) {
        bool low[GSP_MAX_FIELDS] = {false}, high[GSP_MAX_FIELDS] = {false}, zero[GSP_MAX_FIELDS] = {false};
        s->frame.params = params;
        start(s, model, level, 3, true);
        for (int k = 0; k < STEPS; k++) {
            assert_true(draw(s));
            for (int i = 0; i < model->n_fields; i++) {
                const int64_t value = gsp_frame_get(&s->frame, &s->fields[i]);
                low[i] = low[i] || value == s->fields[i].min;
                high[i] = high[i] || value == s->fields[i].max;
                zero[i] = zero[i] || value == 0;
            }
            step(s);
        }
        for (int i = 0; i < model->n_fields; i++)
            if (is_drawn(s, i) && !(low[i] && high[i] && (zero[i] || !gsp_in_range(&s->fields[i], 0))))
                fail_msg("%s, level %d: %s never was %s", model->name, level, s->fields[i].name,
                         !low[i]    ? "least"
                         : !high[i] ? "greatest"
                                    : "0");
    }
}

static void both_ends_are_reached(void **state) {
    (void)state;
    each_configuration(check_ends);
}

/* Level 1 draws special values and nothing else. */
static void level_1_is_special(void **state) {
    (void)state;
    static source s;
    const gsp_model *model = gsp_model_find("lif");
    use_defaults(&s, model);
    start(&s, model, GSP_LEVEL_CROSSED, 1, true);
    for (int k = 0; k < STEPS; k++) {
        assert_true(draw(&s));
        for (int i = 0; i < model->n_fields; i++) {
            const gsp_field *f = &s.fields[i];
            const int64_t v = gsp_frame_get(&s.frame, f);
            if (is_drawn(&s, i) && v > 1 && v < f->max - 1)
                fail_msg("%s=%" PRId64, f->name, v);
            if (is_drawn(&s, i) && v < -1 && v > f->min + 1)
                fail_msg("%s=%" PRId64, f->name, v);
        }
        step(&s);
    }
}

/* Params stand still for a while and change often; each takes many values, of many orders of magnitude. */
static void params_change_in_epochs(void **state) {
    (void)state;
    static source s;
    for (const gsp_model *const *m = gsp_models; *m; m++) {
        gsp_struct last;
        uint64_t changes[GSP_MAX_FIELDS] = {0}, magnitudes[GSP_MAX_FIELDS] = {0};
        unsigned epochs = 0;
        use_defaults(&s, *m);
        start(&s, *m, GSP_LEVEL_RANDOM, 5, false);
        assert_true(draw(&s));
        for (int k = 0; k < STEPS; k++) {
            last = s.frame.params;
            step(&s);
            assert_true(draw(&s));
            epochs += memcmp(&last, &s.frame.params, (*m)->params_size) != 0;
            for (int i = 0; i < (*m)->n_fields; i++) {
                if (s.fields[i].kind != GSP_PARAM)
                    continue;
                const int64_t v = gsp_frame_get(&s.frame, &s.fields[i]);
                unsigned bits = 0;
                while (bits < 63 && (v < 0 ? ~v : v) >> bits)
                    bits++;
                changes[i] += gsp_get(&s.fields[i], &last) != v;
                magnitudes[i] |= UINT64_C(1) << bits;
            }
        }
        bool any = false;
        for (int i = 0; i < (*m)->n_fields; i++)
            any = any || s.fields[i].kind == GSP_PARAM;
        if (any && epochs < STEPS / 200)
            fail_msg("%s: params changed %u times in %d steps", (*m)->name, epochs, STEPS);
        if (epochs > STEPS / 4)
            fail_msg("%s: params changed %u times in %d steps", (*m)->name, epochs, STEPS);
        for (int i = 0; i < (*m)->n_fields; i++) {
            const gsp_field *f = &s.fields[i];
            if (f->kind != GSP_PARAM)
                continue;
            unsigned n = 0;
            for (uint64_t mask = magnitudes[i]; mask; mask &= mask - 1)
                n++;
            if (changes[i] < 50)
                fail_msg("%s: %s changed %" PRIu64 " times", (*m)->name, f->name, changes[i]);
            if (f->min <= 1 && f->max - f->min > 1000 && n < 8)
                fail_msg("%s: %s took %u orders of magnitude", (*m)->name, f->name, n);
        }
    }
}

/* What the user ties stays as it is: each param and each input in turn. */
static void tied_fields_stay(void **state) {
    (void)state;
    static source s;
    for (const gsp_model *const *m = gsp_models; *m; m++)
        for (int i = 0; i < (*m)->n_fields; i++) {
            if ((*m)->fields[i].kind != GSP_PARAM)
                continue;
            use_defaults(&s, *m);
            gsp_resolve(*m, &s.frame.params, s.fields);
            const gsp_field f = s.fields[i];
            /* A value that a draw would hardly choose, where it is legal. */
            gsp_set(&f, &s.frame.params, f.min + (f.max - f.min) / 3);
            if (gsp_check(*m, &s.frame.params) != 0)
                gsp_set(&f, &s.frame.params, f.initial);
            const int64_t tied = gsp_get(&f, &s.frame.params);
            s.fixed[i] = true;
            start(&s, *m, GSP_LEVEL_RANDOM, 9, true);
            for (uint64_t k = 0; k < 3000; k++) {
                assert_true(draw(&s));
                if (gsp_get(&f, &s.frame.params) != tied)
                    fail_msg("%s: tied %s=%" PRId64 " became %" PRId64, (*m)->name, f.name, tied,
                             gsp_get(&f, &s.frame.params));
                assert_legal(&s, k);
                step(&s);
            }
        }
}

/* ---- the exhaustive run --------------------------------------------------- */

/* The values a field takes part with, as stim.h says; independent of stim.c. */
static unsigned values_of(const gsp_field *f, int64_t values[16]) {
    unsigned n = 0;
    if ((uint64_t)f->max - (uint64_t)f->min < 16) {
        for (int64_t v = f->min; v <= f->max; v++)
            values[n++] = v;
        return n;
    }
    const int64_t special[] = {f->min, f->min + 1, -1, 0, 1, f->max - 1, f->max};
    for (size_t k = 0; k < sizeof special / sizeof special[0]; k++) {
        bool fresh = gsp_in_range(f, special[k]);
        for (unsigned j = 0; j < n; j++)
            fresh = fresh && values[j] != special[k];
        if (fresh)
            values[n++] = special[k];
    }
    return n;
}

static uint64_t combinations(const source *s) {
    uint64_t count = 1;
    int64_t values[16];
    for (int i = 0; i < s->model->n_fields; i++)
        if (is_drawn(s, i))
            count *= values_of(&s->fields[i], values);
    return count;
}

/* Number of the combination at hand; a value that has no place fails. */
static uint64_t place(const source *s) {
    uint64_t index = 0;
    for (int i = 0; i < s->model->n_fields; i++) {
        int64_t values[16];
        if (!is_drawn(s, i))
            continue;
        const unsigned n = values_of(&s->fields[i], values);
        const int64_t v = gsp_frame_get(&s->frame, &s->fields[i]);
        unsigned d = 0;
        while (d < n && values[d] != v)
            d++;
        if (d == n)
            fail_msg("%s: %s=%" PRId64 " has no place", s->model->name, s->fields[i].name, v);
        index = index * n + d;
    }
    return index;
}

/* Sets the params of combination `index`; the inverse of place(). */
static void set_params(const source *s, uint64_t index, gsp_struct *params) {
    for (int i = s->model->n_fields; i-- > 0;) {
        int64_t values[16];
        if (!is_drawn(s, i))
            continue;
        const unsigned n = values_of(&s->fields[i], values);
        if (s->fields[i].kind == GSP_PARAM)
            gsp_set(&s->fields[i], params, values[index % n]);
        index /= n;
    }
}

static void visit_all(source *s, const gsp_model *model) {
    start(s, model, GSP_LEVEL_EXHAUSTIVE, 1, true);
    const gsp_struct tied = s->frame.params;
    const uint64_t count = combinations(s);
    assert_true(count <= MAX_COMBINATIONS);
    assert_true(gsp_stim_count(&s->stim) == count);
    unsigned char *visits = (unsigned char *)calloc(count, 1);
    assert_non_null(visits);
    uint64_t steps = 0;
    while (draw(s)) {
        const uint64_t index = place(s);
        if (visits[index]++)
            fail_msg("%s: combination %" PRIu64 " came twice", model->name, index);
        for (int i = 0; i < model->n_fields; i++)
            if (s->fixed[i] && s->fields[i].kind == GSP_PARAM)
                assert_true(gsp_get(&s->fields[i], &s->frame.params) == gsp_get(&s->fields[i], &tied));
        steps++;
        step(s); /* the state after it is not the next step's state */
    }
    const gsp_frame at_end = s->frame;
    assert_false(draw(s)); /* the end is the end */
    assert_memory_equal(&at_end, &s->frame, sizeof at_end);
    uint64_t legal = 0;
    for (uint64_t k = 0; k < count; k++) {
        gsp_struct params = tied;
        set_params(s, k, &params);
        const bool ok = gsp_check(model, &params) == 0;
        legal += ok;
        if (visits[k] != ok)
            fail_msg("%s: combination %" PRIu64 " (%s) was visited %u times", model->name, k,
                     ok ? "legal" : "illegal", visits[k]);
    }
    assert_true(steps == legal && legal > 0);
    free(visits);
}

/* Ties fields, the widest choice first, until the rest can be counted out. */
static void tie_down(source *s, const gsp_model *model, uint64_t limit, gsp_kind kept) {
    start(s, model, GSP_LEVEL_EXHAUSTIVE, 1, true);
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < model->n_fields; i++)
            if (combinations(s) > limit && (pass == 1 || s->fields[i].kind != kept))
                s->fixed[i] = s->fixed[i] || is_drawn(s, i);
}

static void every_combination_once(void **state) {
    (void)state;
    static source s;
    for (const gsp_model *const *m = gsp_models; *m; m++) {
        static const gsp_kind kept[] = {GSP_PARAM, GSP_INPUT, GSP_STATE};
        for (size_t k = 0; k < sizeof kept / sizeof kept[0]; k++) {
            use_defaults(&s, *m);
            tie_down(&s, *m, MAX_COMBINATIONS / 8, kept[k]);
            visit_all(&s, *m);
        }
    }
}

/* lif with 2 bits: counted by hand. */
static void lif_of_2_bits(void **state) {
    (void)state;
    static source s;
    const gsp_model *model = gsp_model_find("lif");
    use_defaults(&s, model);
    gsp_set(&model->fields[gsp_field_find(model, "data_width")], &s.frame.params, 2);
    gsp_set(&model->fields[gsp_field_find(model, "fraction")], &s.frame.params, 1);
    gsp_default_params(model, &s.frame.params);
    start(&s, model, GSP_LEVEL_EXHAUSTIVE, 1, true);
    /* Eight fields of 2 bits, two of 8 bits with 0, 1, 254, 255, three reset modes, two narrowings. */
    assert_true(gsp_stim_count(&s.stim) == 65536u * 16u * 3u * 2u);
    static const char *const tied[] = {"v_rest", "v_reset", "reset_mode", "refractory_period"};
    for (size_t k = 0; k < sizeof tied / sizeof tied[0]; k++)
        s.fixed[gsp_field_find(model, tied[k])] = true;
    start(&s, model, GSP_LEVEL_EXHAUSTIVE, 1, true);
    assert_true(gsp_stim_count(&s.stim) == 4096u * 4u * 2u);
    visit_all(&s, model);
}

static void too_many_to_count(void **state) {
    (void)state;
    static source s;
    for (const gsp_model *const *m = gsp_models; *m; m++) {
        use_defaults(&s, *m);
        start(&s, *m, GSP_LEVEL_EXHAUSTIVE, 1, true);
        int64_t values[16];
        long double exact = 1;
        for (int i = 0; i < (*m)->n_fields; i++)
            if (is_drawn(&s, i))
                exact *= values_of(&s.fields[i], values);
        assert_true(gsp_stim_count(&s.stim) == (exact < 0x1p64L ? (uint64_t)exact : UINT64_MAX));
    }
    /* No model need be as wide as that. */
    memset(&s.stim, 0, sizeof s.stim);
    for (unsigned w = 0; w < 16; w++) {
        s.stim.wheel[w] = (uint8_t)w;
        s.stim.n_digits[w] = 16;
    }
    s.stim.n_wheels = 15;
    assert_true(gsp_stim_count(&s.stim) == UINT64_C(1) << 60);
    s.stim.n_wheels = 16;
    assert_true(gsp_stim_count(&s.stim) == UINT64_MAX);
}

/* Any params tied, to any legal values: what makes the others legal must not move them. */
static void many_tied_fields_stay(void **state) {
    (void)state;
    static source s;
    gsp_rng rng;
    gsp_rng_seed(&rng, 31);
    for (const gsp_model *const *m = gsp_models; *m; m++)
        for (uint64_t run = 0; run < 60; run++) {
            use_defaults(&s, *m);
            start(&s, *m, GSP_LEVEL_RANDOM, run, false);
            assert_true(draw(&s));
            for (int k = 0; k < (*m)->n_fields; k++)
                s.fixed[k] = (*m)->fields[k].kind == GSP_PARAM && gsp_rng_one_in(&rng, 2);
            start(&s, *m, GSP_LEVEL_RANDOM, run, false);
            const gsp_struct tied = s.frame.params;
            for (uint64_t n = 0; n < 1000; n++) {
                assert_true(draw(&s));
                assert_legal(&s, n);
                for (int k = 0; k < (*m)->n_fields; k++)
                    if (s.fixed[k] && gsp_get(&s.fields[k], &s.frame.params) != gsp_get(&s.fields[k], &tied))
                        fail_msg("%s: tied %s changed", (*m)->name, s.fields[k].name);
                step(&s);
            }
        }
}

/* The words of one part of the frame, as gsp_stretch promises them. */
static unsigned pack(const source *s, bool inputs, uint32_t *words) {
    unsigned n = 0;
    for (int i = 0; i < s->model->n_fields; i++) {
        const gsp_field *f = &s->fields[i];
        if (inputs ? f->kind != GSP_INPUT
                   : f->kind != GSP_STATE && f->kind != GSP_OUTPUT && f->kind != GSP_FLAG)
            continue;
        const uint64_t value = (uint64_t)gsp_frame_get(&s->frame, f);
        words[n++] = (uint32_t)value;
        if (s->model->fields[i].width > 32)
            words[n++] = (uint32_t)(value >> 32);
    }
    return n;
}

static bool is_event(const source *s) {
    int i = 0;
    while (s->fields[i].kind != GSP_OUTPUT)
        i++;
    return gsp_frame_get(&s->frame, &s->fields[i]) != 0;
}

/* The loop compiled for a model does what the general one does, step by step and word by word. */
static void stretches_are_steps(void **state) {
    (void)state;
    enum { LONGEST = 40, GAP = 3, POISON = 0xA5A5A5A5 };
    static source s, general;
    static uint32_t words[LONGEST * (4 * GSP_MAX_FIELDS)], expected[4 * GSP_MAX_FIELDS];
    gsp_rng rng;
    gsp_rng_seed(&rng, 61);
    for (const gsp_model *const *m = gsp_models; *m; m++)
        for (int level = GSP_LEVEL_CROSSED; level <= GSP_LEVEL_RANDOM; level++) {
            assert_non_null((*m)->stretch);
            use_defaults(&s, *m);
            start(&s, *m, level, 5, false);
            general = s;
            const unsigned n_in = pack(&s, true, expected), n_observed = pack(&s, false, expected);
            gsp_stretch stretch = {.stim = &s.stim,
                                   .frame = &s.frame,
                                   .words = words,
                                   .observed = n_in + GAP,
                                   .stride = n_in + GAP + n_observed + 1};
            uint64_t steps = 0, stretched = 0, events = 0;
            while (steps < STEPS) {
                stretch.n = gsp_rng_below(&rng, LONGEST + 1);
                stretch.mark = (uint32_t)steps;
                memset(words, 0xA5, sizeof words);
                const uint64_t taken = (*m)->stretch(&stretch);
                assert_true(taken <= stretch.n);
                for (uint64_t k = 0; k < taken; k++) {
                    const uint32_t *of_step = words + k * stretch.stride;
                    const uint64_t drawn = general.stim.params_drawn;
                    assert_true(draw(&general));
                    assert_true(general.stim.params_drawn == drawn);
                    step(&general);
                    events += is_event(&general);
                    pack(&general, true, expected);
                    assert_memory_equal(of_step, expected, n_in * sizeof *words);
                    for (unsigned gap = 0; gap < GAP; gap++)
                        assert_int_equal(of_step[n_in + gap], POISON);
                    pack(&general, false, expected);
                    assert_memory_equal(of_step + n_in + GAP, expected, n_observed * sizeof *words);
                    assert_int_equal(of_step[stretch.stride - 1], stretch.mark);
                }
                assert_int_equal(words[taken * stretch.stride], POISON);
                steps += taken;
                stretched += taken;
                if (taken < stretch.n) {
                    /* Params are due. */
                    assert_int_equal(s.stim.epoch_left, 0);
                    source *const both[] = {&s, &general};
                    for (int k = 0; k < 2; k++) {
                        assert_true(draw(both[k]));
                        step(both[k]);
                    }
                    steps++;
                }
                assert_memory_equal(&s.stim, &general.stim, sizeof s.stim);
                assert_memory_equal(&s.frame, &general.frame, sizeof s.frame);
            }
            assert_true(stretched > STEPS * 9 / 10);
            assert_true(stretch.events == events);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stimulus_is_legal),       cmocka_unit_test(a_seed_says_it_all),
        cmocka_unit_test(both_ends_are_reached),   cmocka_unit_test(level_1_is_special),
        cmocka_unit_test(params_change_in_epochs), cmocka_unit_test(tied_fields_stay),
        cmocka_unit_test(many_tied_fields_stay),   cmocka_unit_test(every_combination_once),
        cmocka_unit_test(lif_of_2_bits),           cmocka_unit_test(too_many_to_count),
        cmocka_unit_test(stretches_are_steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
