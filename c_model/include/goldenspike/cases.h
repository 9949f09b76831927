/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cases of a model: what stimulus must reach, and how to reach it.
 *
 * Each model lists functional coverage bins and, where plain weighted random
 * numbers would hardly ever get there, a way to aim at them. One file per
 * model, c_model/cases/<model>.c, defines `const gsp_cases gsp_<model>_cases`.
 */
#ifndef GOLDENSPIKE_CASES_H
#define GOLDENSPIKE_CASES_H

#include "goldenspike/model.h"
#include "goldenspike/rng.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GSP_MAX_BINS 64

typedef struct gsp_bin {
    const char *name; /* lower_case_words */
    const char *meaning;
} gsp_bin;

typedef struct gsp_cases {
    const gsp_bin *bins;
    unsigned n_bins; /* at most GSP_MAX_BINS */

    /* Mask of the bins that one step hit: bit i stands for bins[i]. */
    uint64_t (*cover)(const void *params, const void *in, const void *before, const void *after,
                      const void *out, const void *internal);

    /* Mask of the bins that can be reached under this configuration. NULL: all. */
    uint64_t (*reachable)(const void *params);

    /*
     * Draws a value for a field whose corners the generic draw would miss.
     * False leaves the field to the generic draw. May be NULL.
     */
    bool (*draw)(gsp_rng *rng, const void *params, const gsp_field *field, int64_t *value);

    /*
     * Makes a random parameter set obey the model's constraints between fields
     * (gsp_model.check). Needed where check is set. May be NULL.
     */
    void (*legalise)(gsp_rng *rng, void *params);

    /*
     * Changes inputs, already drawn and legal, so that the next step from
     * `state` lands on a corner: exactly on a threshold, one below it, on an
     * end of the range. Inputs stay legal. Called for half of the steps. May be NULL.
     */
    void (*aim)(gsp_rng *rng, const void *params, const void *state, void *in);
} gsp_cases;

/* The cases of a model; every registered model has them. */
const gsp_cases *gsp_cases_of(const gsp_model *model);

#ifdef __cplusplus
}
#endif
#endif
