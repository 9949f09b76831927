/* SPDX-License-Identifier: Apache-2.0 */
/* What the unit tests of the Loihi 2 family share. */
#ifndef GSP_LOIHI_TEST_H
#define GSP_LOIHI_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "goldenspike/model.h"
#include "goldenspike/rng.h"

/* Neurons of a batch: no multiple of a vector's lanes. */
enum { BATCH = 131, BATCH_STEPS = 40 };

/* A value of the field's whole legal range, often an end of it. */
static inline int64_t any_value(gsp_rng *rng, const gsp_model *model, const char *name) {
    gsp_field fields[GSP_MAX_FIELDS];
    gsp_struct params;
    gsp_default_config(model, &params);
    gsp_default_params(model, &params);
    gsp_resolve(model, &params, fields);
    const int index = gsp_field_find(model, name);
    assert_true(index >= 0);
    const gsp_field *f = &fields[index];
    switch (gsp_rng_below(rng, 8)) {
    case 0: return f->min;
    case 1: return f->max;
    case 2: return gsp_rng_range(rng, f->min / 4096, f->max / 4096);
    default: return gsp_rng_range(rng, f->min, f->max);
    }
}

static inline void any_params(gsp_rng *rng, const gsp_model *model, void *params) {
    for (int i = 0; i < model->n_fields; i++)
        if (model->fields[i].kind == GSP_PARAM)
            gsp_set(&model->fields[i], params, any_value(rng, model, model->fields[i].name));
}

/* The defaults are legal; every param just outside its range is rejected by its own index. */
static inline void expect_ranges_checked(const gsp_model *model) {
    gsp_field fields[GSP_MAX_FIELDS];
    gsp_struct params;
    gsp_default_config(model, &params);
    gsp_default_params(model, &params);
    assert_int_equal(gsp_check(model, &params), 0);
    gsp_resolve(model, &params, fields);
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &fields[i];
        if (f->kind != GSP_PARAM)
            continue;
        const int64_t good = gsp_get(f, &params);
        const int64_t outside[2] = {f->min - 1, f->max + 1};
        const int64_t inside[2] = {f->min, f->max};
        for (int k = 0; k < 2; k++) {
            gsp_set(f, &params, inside[k]);
            assert_int_equal(gsp_check(model, &params), 0);
            gsp_set(f, &params, outside[k]);
            /* A value that the C member cannot even hold cannot arrive. */
            if (gsp_get(f, &params) == outside[k])
                assert_int_equal(gsp_check(model, &params), i + 1);
        }
        gsp_set(f, &params, good);
    }
}

#endif
