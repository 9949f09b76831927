/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stimulus for any model, drawn from its field table.
 *
 *   level 1  special values of every field, crossed at random
 *   level 2  weighted random in epochs of constant parameters: corners, powers
 *            of two and their neighbours, small, middle and uniform values,
 *            held and changing inputs; half of the steps aimed by the model's
 *            cases at its corners. Contains level 1.
 *   level 3  exhaustive: every value of every field of at most 4 bits, special
 *            values of the wider ones, state included; the count is finite
 *
 * The same seed gives the same stimulus on every machine.
 */
#ifndef GOLDENSPIKE_STIM_H
#define GOLDENSPIKE_STIM_H

#include "goldenspike/cases.h"
#include "goldenspike/model.h"
#include "goldenspike/rng.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { GSP_LEVEL_CROSSED = 1, GSP_LEVEL_RANDOM = 2, GSP_LEVEL_EXHAUSTIVE = 3 };

/* Values kept per input field; a step takes one of them. */
#define GSP_STIM_POOL 64
/* One value of one pool is drawn anew in so many steps, and so many steps in a row are aimed or are not. */
#define GSP_STIM_RENEW 8
/* Most values a field takes part with in an exhaustive run. */
#define GSP_STIM_DIGITS 16

/* An input that is drawn, and the values it takes. */
typedef struct gsp_stim_input {
    int64_t pool[GSP_STIM_POOL];
    uint16_t offset; /* in its struct */
    uint8_t size;    /* bytes */
    uint8_t field;   /* its place in the field table */
    uint8_t taken;   /* place in the pool of the value it has now */
} gsp_stim_input;

typedef struct gsp_stim {
    /* By pointer: the file of a model, whose loop calls these, is of use without any other. */
    void (*renew)(struct gsp_stim *stim,
                  const void *params);                     /* one value of one pool; the pools take turns */
    void (*draw_special)(struct gsp_stim *stim, void *in); /* inputs, in an epoch of special values */
    const gsp_model *model;
    const gsp_cases *cases;
    gsp_field fields[GSP_MAX_FIELDS];
    bool fixed[GSP_MAX_FIELDS]; /* set by the user, never drawn */
    gsp_rng rng;
    int level;
    bool free_state;       /* the state is stimulus too, not carried from step to step */
    unsigned epoch_left;   /* steps until the parameters are drawn again */
    unsigned hold;         /* an input keeps its value in hold of 16 steps */
    bool aimed;            /* these GSP_STIM_RENEW steps are aimed */
    bool special;          /* this epoch draws special values only */
    uint64_t position;     /* steps drawn so far */
    uint64_t params_drawn; /* counts the changes of params */

    /* Special values per field, see special_values(). */
    int64_t specials[GSP_MAX_FIELDS][7];
    uint8_t n_specials[GSP_MAX_FIELDS];

    gsp_stim_input input[GSP_MAX_FIELDS];
    uint8_t n_inputs;
    uint8_t renewed; /* whose pool was renewed last */

    /* Odometer of level 3, fastest digit first: inputs, state, params. */
    uint8_t wheel[GSP_MAX_FIELDS], n_wheels;
    uint8_t digit[GSP_MAX_FIELDS], n_digits[GSP_MAX_FIELDS];
    int64_t digits[GSP_MAX_FIELDS][GSP_STIM_DIGITS];
    bool done;
} gsp_stim;

/*
 * Starts a stimulus. `params` holds the configuration and the values of the
 * fields marked in `fixed` (NULL: none), which stay as they are. Level 3 needs
 * free_state.
 */
void gsp_stim_start(gsp_stim *stim, const gsp_model *model, const void *params,
                    const bool fixed[GSP_MAX_FIELDS], int level, uint64_t seed, bool free_state);

/*
 * The next step's stimulus: inputs, sometimes new params, with free_state the
 * state as well. `params`, `state` and `in` hold what the step before left.
 * Returns false when an exhaustive run is complete (nothing is changed then).
 */
bool gsp_stim_next(gsp_stim *stim, void *params, void *state, void *in);

/*
 * Steps in a row with the same params, drawn and taken as gsp_stim_next and the model's step would, each
 * with the words of its inputs and of its state, outputs and flags after it: one word for each field in the
 * order of the field table, two for one wider than 32 bits, sign- or zero-extended.
 */
typedef struct gsp_stretch {
    gsp_stim *stim; /* not exhaustive, with no input tied and no state drawn */
    gsp_frame *frame;
    uint32_t *words;         /* of the first step: its inputs, */
    size_t observed, stride; /* from word `observed` on what is observed, and in the last, stride - 1, */
    uint32_t mark;           /* this */
    uint64_t n;              /* steps asked for; fewer are taken when the params are to change */
    uint64_t events;         /* is increased by those whose first output is not 0 */
} gsp_stretch;

/* Steps of a complete exhaustive run; UINT64_MAX when they exceed 64 bits. */
uint64_t gsp_stim_count(const gsp_stim *stim);

#ifdef __cplusplus
}
#endif
#endif
