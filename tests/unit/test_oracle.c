/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every model against its oracle (tests/oracle) on generated steps: default
 * and random configurations, state carried and state drawn. Compared are all
 * state, output and flag fields, through the field table; both sides start
 * from differently poisoned outputs, so a field that is not written differs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "goldenspike/model.h"
#include "goldenspike/stim.h"
#include "oracle.h"

/* Compared per model: 200 runs of 10,400 steps make 2,080,000. */
#ifdef GSP_CHECKED /* several times as slow, and the sanitizers with it */
enum { RUNS = 200, RUN_STEPS = 2600, MIN_STEPS = 500000 };
#else
enum { RUNS = 200, RUN_STEPS = 10400, MIN_STEPS = 2000000 };
#endif
/* Steps of the default configuration after which every reachable bin is hit. */
enum { BIN_STEPS = 200000 };

#define GSP_MODEL(m)                                                                             \
    static void m##_oracle_any(const void *params, const void *in, void *state, void *out) {     \
        gsp_oracle_##m((const struct gsp_##m##_params *)params, (const struct gsp_##m##_in *)in, \
                       (struct gsp_##m##_state *)state, (struct gsp_##m##_out *)out);            \
    }
#include "models.def"
#undef GSP_MODEL

const gsp_oracle gsp_oracles[] = {
#define GSP_MODEL(m) {#m, m##_oracle_any},
#include "models.def"
#undef GSP_MODEL
};
const unsigned gsp_oracle_count = sizeof gsp_oracles / sizeof gsp_oracles[0];

typedef struct run {
    const gsp_model *model;
    const gsp_cases *cases;
    const gsp_oracle *oracle;
    gsp_field fields[GSP_MAX_FIELDS];
    int shown[GSP_MAX_FIELDS]; /* the state that an output shows, or -1 */
    uint64_t seed;
    uint64_t hits; /* bins, since it was last cleared */
} run;

static bool is_result(const gsp_field *f) {
    return f->kind == GSP_STATE || f->kind == GSP_OUTPUT || f->kind == GSP_FLAG;
}

static void print_frame(const run *r, const char *title, const gsp_frame *frame, unsigned kinds) {
    fprintf(stderr, "  %s:", title);
    for (int i = 0; i < r->model->n_fields; i++)
        if (kinds >> r->fields[i].kind & 1u)
            fprintf(stderr, " %s=%" PRId64, r->fields[i].name, gsp_frame_get(frame, &r->fields[i]));
    fprintf(stderr, "\n");
}

static void fail_step(const run *r, const gsp_field *f, const char *what, const gsp_frame *before,
                      const gsp_frame *model, const gsp_frame *oracle) {
    const unsigned results = 1u << GSP_STATE | 1u << GSP_OUTPUT | 1u << GSP_FLAG;
    fprintf(stderr, "%s: %s (%s), seed %" PRIu64 "\n", r->model->name, f->name, what, r->seed);
    print_frame(r, "params", before, 1u << GSP_CONFIG | 1u << GSP_PARAM);
    print_frame(r, "inputs", before, 1u << GSP_INPUT);
    print_frame(r, "state ", before, 1u << GSP_STATE);
    print_frame(r, "model ", model, results);
    print_frame(r, "oracle", oracle, results);
    fail();
}

/* What goes into a step: whole frames are several times as long. */
static void copy_inputs(const run *r, gsp_frame *to, const gsp_frame *from) {
    memcpy(&to->params, &from->params, r->model->params_size);
    memcpy(&to->in, &from->in, r->model->in_size);
    memcpy(&to->state, &from->state, r->model->state_size);
}

/* One step of the model in place, compared with the oracle and with explain. */
static void compare_step(run *r, gsp_frame *frame) {
    static gsp_frame before, other, explained;
    copy_inputs(r, &before, frame);
    copy_inputs(r, &other, frame);
    copy_inputs(r, &explained, frame);
    memset(&frame->out, 0x5A, r->model->out_size);
    memset(&other.out, 0xA5, r->model->out_size);
    memset(&explained.out, 0xC3, r->model->out_size);
    r->model->step(&frame->params, &frame->in, &frame->state, &frame->out);
    r->oracle->step(&other.params, &other.in, &other.state, &other.out);
    r->model->explain(&explained.params, &explained.in, &explained.state, &explained.out,
                      &explained.internal);

    for (int i = 0; i < r->model->n_fields; i++) {
        const gsp_field *f = &r->fields[i];
        if (!is_result(f))
            continue;
        const int64_t value = gsp_frame_get(frame, f);
        if (value != gsp_frame_get(&other, f))
            fail_step(r, f, "model and oracle differ", &before, frame, &other);
        if (value != gsp_frame_get(&explained, f))
            fail_step(r, f, "step and explain differ", &before, frame, &other);
        if (!gsp_in_range(f, value))
            fail_step(r, f, "out of range after the step", &before, frame, &other);
        if (r->shown[i] >= 0 && value != gsp_frame_get(frame, &r->fields[r->shown[i]]))
            fail_step(r, f, "not the value of the state it shows", &before, frame, &other);
    }
    r->hits |= r->cases->cover(&before.params, &before.in, &before.state, &frame->state, &frame->out,
                               &explained.internal);
}

/* Steps taken; every one is compared. */
static uint64_t run_steps(run *r, gsp_frame *frame, uint64_t steps, int level, bool free_state) {
    static gsp_stim stim; /* some 50 KB */
    gsp_stim_start(&stim, r->model, &frame->params, NULL, level, r->seed, free_state);
    r->model->reset(&frame->state, &frame->params);
    uint64_t taken = 0;
    while (taken < steps && gsp_stim_next(&stim, &frame->params, &frame->state, &frame->in)) {
        compare_step(r, frame);
        taken++;
        if (taken % 1000 == 0) {
            assert_int_equal(gsp_check(r->model, &frame->params), 0);
            r->model->reset(&frame->state, &frame->params);
        }
    }
    return taken;
}

/* Draws config fields one after the other: the range of one may hang on those before it. */
static void draw_config(gsp_rng *rng, const gsp_model *model, void *params) {
    gsp_field fields[GSP_MAX_FIELDS];
    for (int attempt = 0; attempt < 1000; attempt++) {
        gsp_default_config(model, params);
        for (int i = 0; i < model->n_fields; i++) {
            if (model->fields[i].kind != GSP_CONFIG)
                continue;
            /* A default beside a drawn field may be illegal for now; only its range is used. */
            gsp_resolve(model, params, fields);
            const gsp_field *f = &fields[i];
            switch (gsp_rng_below(rng, 4)) {
            case 0: gsp_set(f, params, f->min); break;
            case 1: gsp_set(f, params, f->max); break;
            default: gsp_set(f, params, gsp_rng_range(rng, f->min, f->max)); break;
            }
        }
        /* Params and tables, which depend on it, are still cleared. */
        const int wrong = gsp_check(model, params);
        if (wrong > 0 && model->fields[wrong - 1].kind == GSP_CONFIG)
            continue;
        gsp_default_params(model, params);
        if (gsp_check(model, params) == 0)
            return;
    }
    fail_msg("%s: no legal configuration in 1000 draws", model->name);
}

static void default_params(const gsp_model *model, void *params) {
    gsp_default_config(model, params);
    gsp_default_params(model, params);
    assert_int_equal(gsp_check(model, params), 0);
}

static run new_run(const gsp_oracle *oracle) {
    run r = {.model = gsp_model_find(oracle->model), .oracle = oracle};
    assert_non_null(r.model);
    r.cases = gsp_cases_of(r.model);
    assert_non_null(r.cases);
    for (int i = 0; i < r.model->n_fields; i++) {
        const gsp_field *f = &r.model->fields[i];
        r.shown[i] = f->kind != GSP_STATE && f->initial_of ? gsp_field_find(r.model, f->initial_of) : -1;
    }
    return r;
}

static void equals_oracle(void **state) {
    run r = new_run((const gsp_oracle *)*state);
    gsp_rng rng;
    uint64_t compared = 0;
    gsp_rng_seed(&rng, 2026);
    for (unsigned k = 0; k < RUNS; k++) {
        gsp_frame frame = {.params.align = 0};
        if (k % 4 == 0)
            default_params(r.model, &frame.params);
        else
            draw_config(&rng, r.model, &frame.params);
        gsp_resolve(r.model, &frame.params, r.fields);
        r.seed = 1000 + k;
        const uint64_t reachable = r.cases->reachable ? r.cases->reachable(&frame.params) : UINT64_MAX;
        r.hits = 0;
        compared +=
            run_steps(&r, &frame, RUN_STEPS, k % 8 == 7 ? GSP_LEVEL_CROSSED : GSP_LEVEL_RANDOM, k % 2 == 1);
        if (r.hits & ~reachable)
            fail_msg("%s: a bin called unreachable was hit, mask %" PRIx64 ", seed %" PRIu64, r.model->name,
                     r.hits & ~reachable, r.seed);
    }
    printf("%s: %" PRIu64 " steps equal to the oracle\n", r.model->name, compared);
    assert_true(compared >= MIN_STEPS);
}

/* From any seed, the default configuration fills every bin that it can. */
static void fills_bins(void **state) {
    run r = new_run((const gsp_oracle *)*state);
    assert_in_range(r.cases->n_bins, 1, GSP_MAX_BINS);
    for (unsigned i = 0; i < r.cases->n_bins; i++)
        for (unsigned k = 0; k < i; k++)
            assert_string_not_equal(r.cases->bins[i].name, r.cases->bins[k].name);

    const uint64_t all = UINT64_MAX >> (64 - r.cases->n_bins);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        gsp_frame frame = {.params.align = 0};
        default_params(r.model, &frame.params);
        gsp_resolve(r.model, &frame.params, r.fields);
        r.seed = seed;
        r.hits = 0;
        assert_int_equal(run_steps(&r, &frame, BIN_STEPS, GSP_LEVEL_RANDOM, false), BIN_STEPS);
        const uint64_t reachable =
            all & (r.cases->reachable ? r.cases->reachable(&frame.params) : UINT64_MAX);
        for (unsigned i = 0; i < r.cases->n_bins; i++)
            if ((reachable & ~r.hits) >> i & 1)
                fail_msg("%s: bin %s not hit in %d steps, seed %" PRIu64, r.model->name,
                         r.cases->bins[i].name, BIN_STEPS, seed);
        if (r.hits & ~reachable)
            fail_msg("%s: a bin called unreachable was hit, mask %" PRIx64, r.model->name,
                     r.hits & ~reachable);
    }
    printf("%s: all reachable of %u bins hit in %d steps\n", r.model->name, r.cases->n_bins, BIN_STEPS);
}

/* The table is complete and in order: no model goes without an oracle. */
static void every_model_has_an_oracle(void **state) {
    (void)state;
    unsigned n = 0;
    while (gsp_models[n]) {
        assert_true(n < gsp_oracle_count);
        assert_string_equal(gsp_models[n]->name, gsp_oracles[n].model);
        n++;
    }
    assert_int_equal(n, gsp_oracle_count);
    assert_true(n > 0);
}

int main(void) {
    enum { MAX_MODELS = 64 };
    struct CMUnitTest tests[1 + 2 * MAX_MODELS];
    static char names[2 * MAX_MODELS][48];
    size_t n = 0;
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(every_model_has_an_oracle);
    for (unsigned i = 0; i < gsp_oracle_count && i < MAX_MODELS; i++) {
        /* cmocka hands the pre-state on as void *, and the test only reads it. */
        void *oracle = (void *)(uintptr_t)&gsp_oracles[i];
        (void)snprintf(names[2 * i], sizeof names[0], "%.32s equals_oracle", gsp_oracles[i].model);
        (void)snprintf(names[2 * i + 1], sizeof names[0], "%.32s fills_bins", gsp_oracles[i].model);
        tests[n++] = (struct CMUnitTest){names[2 * i], equals_oracle, NULL, NULL, oracle};
        tests[n++] = (struct CMUnitTest){names[2 * i + 1], fills_bins, NULL, NULL, oracle};
    }
    return _cmocka_run_group_tests("oracle", tests, n, NULL, NULL);
}
