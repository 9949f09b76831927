/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Real quantities to registers and back: what `gsp encode` and `gsp run --si`
 * know of a model.
 *
 * A model that has real parameters offers a gsp_encoder in its descriptor.
 * Values travel as an array of double, one for each quantity, in the unit that
 * the quantity names. Floating point belongs to the host: no step uses it.
 */
#ifndef GOLDENSPIKE_ENCODE_H
#define GOLDENSPIKE_ENCODE_H

#include "goldenspike/model.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GSP_MAX_QUANTITIES 48

typedef struct gsp_quantity {
    const char *name;
    const char *unit;         /* "" for a plain number */
    const char *meaning;      /* one line */
    const char *labels;       /* names of the values 0, 1, 2... joined by '|', or NULL */
    const char *key;          /* its name in the header of a scenario file, or NULL */
    double initial, min, max; /* default and legal range, inclusive */
    bool whole;               /* an integer */
} gsp_quantity;

/* What an encoder refused. */
typedef struct gsp_encode_fault {
    int quantity;     /* place in the list, or -1: the amount of a stimulus */
    char reason[240]; /* with the legal range */
} gsp_encode_fault;

/* What the integer in a register stands for. */
typedef struct gsp_real {
    const char *unit;
    double value;  /* what the register holds */
    double wanted; /* what it was to hold; NAN where nothing was asked */
} gsp_real;

/* An input that a scenario sets or adds to. */
typedef struct gsp_stimulus {
    const char *kind;  /* its name in an event */
    const char *field; /* the input */
    const char *key;   /* header key of the value before the first event, or NULL */
    bool holds;        /* the amount stays until the next event; else it is added in one step */
} gsp_stimulus;

typedef struct gsp_encoder {
    const gsp_quantity *quantities;
    uint16_t n_quantities;
    const char *note; /* one line on units and rounding */
    /*
     * Real values, each within its range, to the fields of params and in that
     * they decide; the others stay. The configuration is in params already.
     * words[f] has room for the words of table field f; params then points to
     * them. False, with the fault told, when a value does not fit.
     */
    bool (*encode)(const double *value, void *params, void *in, uint64_t *const *words,
                   gsp_encode_fault *fault);
    /* Word `index` (0 where the field is no table) of a field of params, in or state, as a real. False: it
     * stands for none. */
    bool (*real)(const double *value, const void *params, const gsp_field *field, size_t index, int64_t word,
                 gsp_real *real);
    /*
     * Where legal values give a poor model of the neuron: true, and why. `held`
     * is the largest amount of a held stimulus, or 0. May be NULL.
     */
    bool (*caution)(const double *value, double held, char *why, size_t size);

    /* Scenarios; n_stimuli = 0 where a model has none. Times are in seconds. */
    const gsp_stimulus *stimuli;
    uint16_t n_stimuli;
    uint16_t time_step;   /* the quantity that is the time step, in s */
    const char *observed; /* the state that a scenario reports */
    const char *column;   /* its column in a file */
    /* Amount of stimulus s, in the unit of the files, to the word of its input. */
    bool (*stimulus)(const double *value, const void *params, int s, double amount, int64_t *word,
                     gsp_encode_fault *fault);
} gsp_encoder;

/* Sets every value to its default. */
void gsp_quantities_default(const gsp_encoder *encoder, double value[GSP_MAX_QUANTITIES]);
/* Place of the quantity of that name (or key), or -1. */
int gsp_quantity_find(const gsp_encoder *encoder, const char *name);
/* Reads a number or a label and checks the range; `why`, of at least 240 bytes, tells what is wrong. */
bool gsp_quantity_parse(const gsp_quantity *quantity, const char *text, double *value, char *why);
/* The value as it is read: a label where there are labels. */
void gsp_quantity_text(const gsp_quantity *quantity, double value, char *text, size_t size);

/* For encoders: fills in the fault; returns false. */
bool gsp_encode_refuse(gsp_encode_fault *fault, int quantity, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#ifdef __cplusplus
}
#endif
#endif
