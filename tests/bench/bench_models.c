/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Speed of the golden models: bench_models MODEL...
 *
 * One line per model: its name, scalar steps per second, and neuron updates
 * per second of the batch form (0 when the model has none). Called by
 * scripts/bench.sh; never a timed test.
 *
 * Default parameters; inputs recorded beforehand from the weighted random
 * stimulus, so that drawing them is not measured. The scalar step is called
 * through the model's descriptor, as a program that knows no model calls it.
 * One neuron steps through all recorded inputs, each step needs the state that
 * the one before left, and the final state is checked: nothing can be left out.
 */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "goldenspike/stim.h"

enum {
    NEURONS = 4096, /* of a batch, and steps recorded */
    CHECKED = 200,  /* batches compared with scalar steps before any is timed */
    STRIDE = 64     /* neurons; the recorded inputs move on by so many per batch */
};
static const double seconds_per_figure = 0.3;

typedef struct bench {
    const gsp_model *model;
    gsp_struct params;
    unsigned char *in;                    /* recorded inputs, one struct after the other */
    unsigned char *array[GSP_MAX_FIELDS]; /* per field: NEURONS elements, inputs twice as many */
} bench;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *allocate(size_t n, size_t size) {
    void *memory = calloc(n, size);
    if (!memory) {
        fprintf(stderr, "bench_models: out of memory\n");
        exit(3);
    }
    return memory;
}

static void record_inputs(bench *b) {
    static gsp_stim stim;
    gsp_struct state, in;
    bool fixed[GSP_MAX_FIELDS] = {false};
    for (int i = 0; i < b->model->n_fields; i++)
        fixed[i] = b->model->fields[i].kind == GSP_PARAM;
    memset(&state, 0, sizeof state);
    b->model->reset(&state, &b->params);
    gsp_default_inputs(b->model, &b->params, &in);
    gsp_stim_start(&stim, b->model, &b->params, fixed, GSP_LEVEL_RANDOM, 1, false);
    for (unsigned k = 0; k < NEURONS; k++) {
        gsp_struct out;
        (void)gsp_stim_next(&stim, &b->params, &state, &in);
        memcpy(b->in + (size_t)k * b->model->in_size, &in, b->model->in_size);
        b->model->step(&b->params, &in, &state, &out);
    }
}

/* The field as if its struct began at an element of its array. */
static gsp_field element(const gsp_field *f) {
    gsp_field at = *f;
    at.offset = 0;
    return at;
}

static int64_t array_get(const bench *b, int i, size_t k) {
    const gsp_field f = element(&b->model->fields[i]);
    return gsp_get(&f, b->array[i] + k * f.size);
}

static void array_set(bench *b, int i, size_t k, int64_t value) {
    const gsp_field f = element(&b->model->fields[i]);
    gsp_set(&f, b->array[i] + k * f.size, value);
}

static void reset_arrays(bench *b) {
    gsp_struct state;
    memset(&state, 0, sizeof state);
    b->model->reset(&state, &b->params);
    for (int i = 0; i < b->model->n_fields; i++) {
        const gsp_field *f = &b->model->fields[i];
        if (f->kind == GSP_INPUT)
            for (size_t k = 0; k < 2 * NEURONS; k++)
                array_set(b, i, k, gsp_get(f, b->in + k % NEURONS * b->model->in_size));
        if (f->kind == GSP_STATE)
            for (size_t k = 0; k < NEURONS; k++)
                array_set(b, i, k, gsp_get(f, &state));
    }
}

/* Step t of all neurons: neuron k takes the recorded inputs k + STRIDE * t. */
static void take_batch(bench *b, uint64_t t) {
    void *array[GSP_MAX_FIELDS];
    const size_t shift = (size_t)(t * STRIDE % NEURONS);
    for (int i = 0; i < b->model->n_fields; i++) {
        const gsp_field *f = &b->model->fields[i];
        array[i] = f->kind == GSP_INPUT ? b->array[i] + shift * f->size : b->array[i];
    }
    (void)gsp_batch(b->model, &b->params, array, NEURONS);
}

/* A figure of a batch that computes something else would be worth nothing. */
static bool batch_is_scalar(bench *b) {
    reset_arrays(b);
    for (uint64_t t = 0; t < CHECKED; t++)
        take_batch(b, t);
    for (size_t k = 0; k < NEURONS; k++) {
        gsp_struct state, out;
        memset(&state, 0, sizeof state);
        b->model->reset(&state, &b->params);
        for (uint64_t t = 0; t < CHECKED; t++)
            b->model->step(&b->params, b->in + (k + (size_t)t * STRIDE) % NEURONS * b->model->in_size, &state,
                           &out);
        for (int i = 0; i < b->model->n_fields; i++)
            if (b->model->fields[i].kind == GSP_STATE &&
                gsp_get(&b->model->fields[i], &state) != array_get(b, i, k)) {
                fprintf(stderr,
                        "bench_models: %s: the batch differs from the scalar step in %s of neuron %zu\n",
                        b->model->name, b->model->fields[i].name, k);
                return false;
            }
    }
    return true;
}

static double scalar_rate(bench *b) {
    gsp_struct state, out;
    uint64_t steps = 0;
    memset(&state, 0, sizeof state);
    b->model->reset(&state, &b->params);
    const double start = now();
    double elapsed;
    do {
        for (unsigned k = 0; k < NEURONS; k++)
            b->model->step(&b->params, b->in + (size_t)k * b->model->in_size, &state, &out);
        steps += NEURONS;
        elapsed = now() - start;
    } while (elapsed < seconds_per_figure);
    return (double)steps / elapsed;
}

static double batch_rate(bench *b) {
    reset_arrays(b);
    uint64_t t = 0;
    const double start = now();
    double elapsed;
    do {
        for (unsigned k = 0; k < NEURONS / STRIDE; k++)
            take_batch(b, t++);
        elapsed = now() - start;
    } while (elapsed < seconds_per_figure);
    return (double)t * NEURONS / elapsed;
}

static bool measure(const gsp_model *model) {
    bench b;
    memset(&b, 0, sizeof b);
    b.model = model;
    gsp_default_config(model, &b.params);
    gsp_default_params(model, &b.params);
    b.in = (unsigned char *)allocate(NEURONS, model->in_size);
    for (int i = 0; i < model->n_fields; i++)
        b.array[i] = (unsigned char *)allocate(2 * NEURONS, model->fields[i].size);
    record_inputs(&b);
    const bool right = !model->batch || batch_is_scalar(&b);
    if (right) {
        const double scalar = scalar_rate(&b);
        printf("%s %.0f %.0f\n", model->name, scalar, model->batch ? batch_rate(&b) : 0);
    }
    for (int i = 0; i < model->n_fields; i++)
        free(b.array[i]);
    free(b.in);
    return right;
}

int main(int argc, char **argv) {
    bool right = true;
    for (int k = 1; k < argc; k++) {
        const gsp_model *model = gsp_model_find(argv[k]);
        if (!model) {
            fprintf(stderr, "bench_models: no model '%s'\n", argv[k]);
            return 2;
        }
        right = measure(model) && right;
    }
    return right ? 0 : 1;
}
