/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* clock_gettime, isatty; on Linux sched_getaffinity */
#include "lockstep.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "goldenspike/cases.h"
#include "goldenspike/report.h"
#include "goldenspike/rng.h"
#include "goldenspike/stim.h"

enum {
    BLOCK = 2048,          /* cycles computed ahead at a time */
    BLOCKS = 32,           /* the one being driven, the one before it as history, thirty ahead */
    FEW = 12,              /* blocks ahead at which a resting golden side goes on: a virtual machine may take
                            * a millisecond to wake it */
    RING = BLOCKS * BLOCK, /* of cycles */
    BARE_RING =
        1 << 18, /* cycles a bare run records: fewer, and the processor learns their branches by heart */
    HISTORY = 8, /* steps shown before a mismatch */
    HISTORY_CYCLES = 256,  /* within so many cycles */
    RESET_CYCLES = 2,      /* at the start of a run */
    QUIET = 64,            /* form neuron: a hold or a reset comes after fewer steps; */
    RESET_ONE_IN = 128,    /* a reset once in so many */
    HANG_CYCLES = 20000,   /* a serial device that answers later than this hangs */
    JUDGED_STEPS = 100000, /* generated runs from this length must fill every bin */
    COUNTED_BLOCKS = 32,   /* with every bin filled, one block in so many is still counted */
    FETCHED = 12,          /* cycles before they are driven */
    PLANES = 12,           /* of the bit-sliced bin counters */
    KEPT = 2,              /* copies of the golden side, to go back to */
    SPAN = 64,             /* blocks from one to the next: more than are computed ahead */
    APART = 128,           /* bytes: what both sides write is not in the cache lines of what one does */
    CHUNK = 32             /* bytes; the structs kept per cycle are padded to whole chunks */
};

#ifdef __GNUC__
#define GSP_PREFETCH(address) __builtin_prefetch(address)
#define COLD __attribute__((noinline)) /* out of the way of what every cycle does */
#else
#define GSP_PREFETCH(address) ((void)(address))
#define COLD
#endif

/*
 * One field's way from its struct to the port words. Sorted by the size of the
 * member, each is read as it was written: a wider read of a fresh value would
 * have to wait for the store.
 */
typedef struct slot {
    uint16_t offset; /* from the start of its struct; for observed fields, of the frame */
    uint16_t word;
    uint32_t sign; /* the member's top bit if it is signed, else 0: sign extension is (x ^ sign) - sign */
    uint8_t index; /* in the field table */
} slot;

/* Members of 1, 2, 4 and 8 bytes; those of 8 bytes in one word or two. */
enum { SLOT_8, SLOT_16, SLOT_32, SLOT_64_LOW, SLOT_64, SLOT_CLASSES };

typedef struct slots {
    slot at[GSP_MAX_FIELDS];
    unsigned end[SLOT_CLASSES]; /* of the class's slots */
} slots;

typedef enum serial_phase { SERIAL_GAP, SERIAL_OFFER, SERIAL_WAIT } serial_phase;

/* One clock cycle: what is driven before the edge and expected after it. */
typedef struct cycle {
    uint64_t step;    /* number of the step taken at this edge; of the last one when none is */
    uint32_t version; /* of the params; its place in the ring of versions */
    uint32_t neuron;  /* form array: whose step it is */
    uint8_t rst_n, valid;
    bool is_step;
} cycle;

/*
 * What the drive of forms step and neuron needs of a cycle stands behind its words: with a thread each
 * cache line that the device's side touches comes from the other processor. The rest is the version.
 */
enum { MARK_RST_N = 1, MARK_VALID = 2, MARK_STEP = 4, MARK_VERSION = 3 };

/* Bins of the drive itself, shared by all models. */
enum {
    BIN_HOLD,
    BIN_RESET,
    BIN_PARAMS,
    BIN_ARRAY, /* from here on: form array */
    BIN_NEXT = BIN_ARRAY,
    BIN_FARTHEST = BIN_NEXT + 7,
    BIN_SAME_IN_FLIGHT,
    BIN_STALL_FULL,
    BIN_IDLE_IN_FLIGHT,
    BIN_RESET_IN_FLIGHT,
    BIN_RESET_IN_SWEEP,
    BIN_PARAMS_RESET,
    BIN_PARAMS_KEPT,
    BIN_FIRST_NEURON,
    BIN_LAST_NEURON,
    BIN_OWN, /* from here on: with params of its own for each neuron */
    BIN_WRITE_WAITS = BIN_OWN,
    BIN_WRITE_IN_FLIGHT,
    BIN_WRITE_WITH_UPDATE,
    BIN_WRITE_OTHER,
    CONTROL_BINS
};
static const char *const control_bins[CONTROL_BINS] = {
    "drive_enable_low",       "drive_reset_mid_run",     "drive_params_redrawn",
    "array_same_neuron_next", "array_same_neuron_in_2",  "array_same_neuron_in_3",
    "array_same_neuron_in_4", "array_same_neuron_in_5",  "array_same_neuron_in_6",
    "array_same_neuron_in_7", "array_same_neuron_in_8",  "array_same_neuron_in_flight",
    "array_stall_when_full",  "array_idle_in_flight",    "array_reset_in_flight",
    "array_reset_in_sweep",   "array_params_with_reset", "array_params_without_reset",
    "array_first_neuron",     "array_last_neuron",       "array_write_waits",
    "array_write_in_flight",  "array_write_with_update", "array_write_other"};

/* The golden model differs from the trace that is replayed. */
typedef struct trace_fault {
    bool found;
    size_t row;
    int column;
    uint64_t cycle;
} trace_fault;

/* What the golden side counts; everything up to the last computed cycle. */
typedef struct counts {
    uint64_t drawn; /* steps */
    uint64_t events, trace_values;
    uint64_t counted, filled; /* steps that were looked at for bins, and the mask of the bins hit */
    uint64_t bin_count[GSP_MAX_BINS], plane[PLANES];
    unsigned pending;    /* steps in the planes */
    uint64_t waiting[8]; /* masks of steps that are not in the planes yet */
    unsigned n_waiting;
    uint64_t control_count[CONTROL_BINS];
    trace_fault fault;
} counts;

/* What the golden side changes from cycle to cycle: from a copy it goes on as it did. */
typedef struct golden_side {
    gsp_stim stim;
    gsp_rng control;
    gsp_frame golden;      /* after the last computed cycle */
    bool counting;         /* these steps are looked at for bins */
    uint64_t computed;     /* cycles */
    uint64_t versions;     /* of the params, so far */
    uint64_t params_drawn; /* the stimulus' count at the last version */
    unsigned quiet_left;   /* steps until the next hold or reset */
    unsigned gap_left;     /* cycles of it */
    bool resets;           /* it is a reset */
    counts tally;
} golden_side;

/* A block of computed cycles, complete when it is handed over. */
typedef struct block {
    unsigned n;   /* cycles */
    bool last;    /* the source has ended */
    counts tally; /* as it stood at the end of this block */
} block;

/*
 * Two sides work on a run. The golden side draws stimulus, takes golden steps,
 * counts coverage and packs words, block by block; the device's side drives
 * and compares. With a second processor the golden side is a thread of its
 * own. The sides share nothing but finished blocks and what never changes, so
 * that results do not depend on whether there is a thread, or on its timing.
 */
struct gsp_lockstep {
    /* Constant during the run. */
    gsp_job job;
    const gsp_model *model;
    const gsp_cases *cases;
    gsp_struct params; /* as the run began: configuration and fixed params */
    gsp_field fields[GSP_MAX_FIELDS];
    bool fixed[GSP_MAX_FIELDS];
    gsp_layout layout;
    slots params_slots, in_slots, state_slots, obs_slots;
    slots step_slots;           /* in_slots and obs_slots in one, from the frame to the words of a cycle */
    const unsigned char *event; /* the first output, the model's spike, in the golden frame */
    unsigned event_size;
    gsp_trace trace;
    bool replay;
    bool draws_state; /* the state is stimulus too */

    /* Rings of as many entries, a power of two. Entries of blocks that are handed over belong to the device's
     * side. */
    size_t ring;
    cycle *cycles;
    unsigned char *past;    /* per cycle: inputs, and state before */
    unsigned char *scratch; /* one more of them */
    bool records;           /* cycles and past are kept */
    bool stretches;         /* the model's own loop may be used */
    size_t past_in, past_size;
    uint32_t *words, *words_end; /* per cycle: in, state, expected, mark */
    size_t n_words;
    unsigned char *version_params; /* per version of the params: the struct, and its words */
    size_t version_size;
    uint32_t *version_words;
    block blocks[BLOCKS];

    golden_side side;
    golden_side kept[KEPT]; /* as it was at the begin of blocks, SPAN apart: recall() */
    uint64_t reachable;     /* mask of the bins to fill */

    unsigned char before_handover[APART];

    /* Handing over. With a thread, under the lock: */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint64_t finished; /* blocks the golden side has finished */
    uint64_t taken;    /* blocks the device's side has taken */
    int device_cpu;    /* where it took the last one */
    bool quit;
    bool rests;  /* the golden side: until few blocks are left */
    bool hungry; /* the device's side waits for a block */
    pthread_t thread;
    bool threaded;
    unsigned char after_handover[APART];

    /* The device's side. */
    block *now;         /* the block being driven */
    uint64_t available; /* cycles up to the end of that block */
    uint64_t clocked;   /* cycles driven */
    /* Judges a cycle and finds the next drive, in this form. */
    const gsp_drive *(*clock)(gsp_lockstep *ls, const uint32_t *obs, const uint32_t *unknown);
    gsp_drive drive;
    const uint32_t *driven;   /* words of the next drive */
    bool drives_step;         /* forms step and neuron: the cycle of this drive is one */
    const uint32_t *expected; /* after it */
    unsigned n_judged;        /* words compared */
    uint64_t steps, values;
    const char *verdict;
    uint64_t fail_cycle, fail_step;
    struct timespec started;
    bool on_terminal;

    /* Serial form: both sides, one step at a time. */
    serial_phase phase;
    unsigned waited;     /* cycles since the step was offered */
    unsigned ready_of_8; /* out_ready is 1 in so many of 8 cycles */
    bool was_valid;      /* out_valid stood at the last edge and was not taken */
    bool exhausted;      /* the source has no further step */

    struct array_form *array; /* form array: array.inc */
};

/* ---- words ------------------------------------------------------------- */

static unsigned slot_class(const gsp_field *f) {
    return f->size == 1     ? SLOT_8
           : f->size == 2   ? SLOT_16
           : f->size == 4   ? SLOT_32
           : f->width <= 32 ? SLOT_64_LOW
                            : SLOT_64;
}

/* `base`: offset of the field's struct from where pack() will be pointed. */
static void add_slot(slots *s, const gsp_field *f, int index, size_t base, int word) {
    const unsigned class_of_f = slot_class(f);
    slot *place = &s->at[s->end[class_of_f]];
    memmove(place + 1, place, (s->end[SLOT_CLASSES - 1] - s->end[class_of_f]) * sizeof *place);
    for (unsigned k = class_of_f; k < SLOT_CLASSES; k++)
        s->end[k]++;
    place->offset = (uint16_t)(base + f->offset);
    place->word = (uint16_t)word;
    place->sign = f->c_signed && f->size < 4 ? UINT32_C(1) << (8 * f->size - 1) : 0;
    place->index = (uint8_t)index;
}

static unsigned n_observed(const gsp_lockstep *ls) {
    return ls->obs_slots.end[SLOT_CLASSES - 1];
}

static void make_slots(gsp_lockstep *ls) {
    for (int i = 0; i < ls->model->n_fields; i++) {
        const gsp_field *f = &ls->fields[i];
        const size_t part = (size_t)((const char *)gsp_frame_part_const(&ls->side.golden, f->kind) -
                                     (const char *)&ls->side.golden);
        if (ls->layout.drive[i] >= 0)
            add_slot(f->kind == GSP_PARAM   ? &ls->params_slots
                     : f->kind == GSP_INPUT ? &ls->in_slots
                                            : &ls->state_slots,
                     f, i, 0, ls->layout.drive[i]);
        const int observe = ls->layout.observe[i], first = (int)(ls->layout.n_in + ls->layout.n_state);
        if (observe >= 0) {
            add_slot(&ls->obs_slots, f, i, part, observe);
            add_slot(&ls->step_slots, f, i, part, first + observe);
        } else if (f->kind == GSP_INPUT && ls->layout.drive[i] >= 0) {
            add_slot(&ls->step_slots, f, i, part, ls->layout.drive[i]);
        }
        if (f->kind == GSP_OUTPUT && !ls->event) {
            ls->event = ls->side.golden.out.bytes + f->offset;
            ls->event_size = f->size;
        }
    }
}

static inline void pack(const slots *s, const void *restrict from, uint32_t *restrict words) {
    const unsigned char *bytes = (const unsigned char *)from;
    const slot *a = s->at;
    for (const slot *end = s->at + s->end[SLOT_8]; a < end; a++)
        words[a->word] = (bytes[a->offset] ^ a->sign) - a->sign;
    for (const slot *end = s->at + s->end[SLOT_16]; a < end; a++) {
        uint16_t x;
        memcpy(&x, bytes + a->offset, sizeof x);
        words[a->word] = (x ^ a->sign) - a->sign;
    }
    for (const slot *end = s->at + s->end[SLOT_32]; a < end; a++)
        memcpy(&words[a->word], bytes + a->offset, sizeof(uint32_t));
    for (const slot *end = s->at + s->end[SLOT_64], *low = s->at + s->end[SLOT_64_LOW]; a < end; a++) {
        uint64_t x;
        memcpy(&x, bytes + a->offset, sizeof x);
        words[a->word] = (uint32_t)x;
        if (a >= low)
            words[a->word + 1] = (uint32_t)(x >> 32);
    }
}

static int64_t unpack(const gsp_field *f, const slot *s, const uint32_t *words) {
    if (f->width > 32)
        return (int64_t)((uint64_t)words[s->word + 1] << 32 | words[s->word]);
    /* The bench extends to 32 bits, so a narrower field is already extended. */
    return f->is_signed ? (int32_t)words[s->word] : (int64_t)words[s->word];
}

/* Of the c-th cycle, or version, in its ring. */
static inline size_t place_of(const gsp_lockstep *ls, uint64_t c) {
    return (size_t)c & (ls->ring - 1);
}

static inline cycle *cycle_of(const gsp_lockstep *ls, uint64_t c) {
    return &ls->cycles[place_of(ls, c)];
}

static inline uint32_t *in_of(const gsp_lockstep *ls, uint64_t c) {
    return ls->words + place_of(ls, c) * ls->n_words;
}

static inline uint32_t *state_of(const gsp_lockstep *ls, uint64_t c) {
    return in_of(ls, c) + ls->layout.n_in;
}

static inline uint32_t *expected_of(const gsp_lockstep *ls, uint64_t c) {
    return in_of(ls, c) + ls->layout.n_in + ls->layout.n_state;
}

static inline uint32_t *params_of(const gsp_lockstep *ls, uint64_t c) {
    return ls->version_words + (size_t)cycle_of(ls, c)->version * ls->layout.n_params;
}

static inline unsigned char *past_in_of(const gsp_lockstep *ls, uint64_t c) {
    return ls->past + place_of(ls, c) * ls->past_size;
}

static inline unsigned char *past_state_of(const gsp_lockstep *ls, uint64_t c) {
    return past_in_of(ls, c) + ls->past_in;
}

static size_t padded(size_t size) {
    return (size + CHUNK - 1) / CHUNK * CHUNK;
}

/* Copies whole chunks: most structs are one, and that needs no call. */
static inline void copy_padded(void *to, const void *from, size_t size) {
    if (size <= CHUNK)
        memcpy(to, from, CHUNK);
    else
        memcpy(to, from, size);
}

/*
 * Params change much more rarely than the rest, so each change is kept once.
 * A cycle makes at most one version: a ring as long as that of the cycles
 * holds all that cycles in the ring refer to.
 */
static void add_version(gsp_lockstep *ls) {
    const size_t v = place_of(ls, ls->side.versions++);
    memcpy(ls->version_params + v * ls->version_size, &ls->side.golden.params, ls->version_size);
    pack(&ls->params_slots, &ls->side.golden.params, ls->version_words + v * ls->layout.n_params);
}

static bool params_changed(const gsp_lockstep *ls) {
    const size_t v = place_of(ls, ls->side.versions - 1);
    return memcmp(ls->version_params + v * ls->version_size, &ls->side.golden.params,
                  ls->model->params_size) != 0;
}

/* Everything that went into cycle c: params, inputs and the state before it. */
static void load_past(const gsp_lockstep *ls, uint64_t c, gsp_frame *f) {
    memset(f, 0, sizeof *f);
    memcpy(&f->params, ls->version_params + (size_t)cycle_of(ls, c)->version * ls->version_size,
           ls->model->params_size);
    memcpy(&f->in, past_in_of(ls, c), ls->model->in_size);
    memcpy(&f->state, past_state_of(ls, c), ls->model->state_size);
}

/* ---- coverage ---------------------------------------------------------- */

/* Bit-sliced counters: a ripple of carries costs two planes per step on average. */
static uint64_t bin_count(const counts *t, unsigned bin) {
    uint64_t count = t->bin_count[bin];
    for (unsigned p = 0; p < PLANES; p++)
        count += ((t->plane[p] >> bin) & 1u) << p;
    return count;
}

static void flush_bins(counts *t) {
    for (unsigned b = 0; b < GSP_MAX_BINS; b++)
        t->bin_count[b] = bin_count(t, b);
    memset(t->plane, 0, sizeof t->plane);
    t->pending = 0;
}

/* Adds the bits of `mask` to the counters, from plane p on. */
static inline void carry_into(counts *t, uint64_t mask, unsigned p) {
    for (; mask; p++) {
        const uint64_t carry = t->plane[p] & mask;
        t->plane[p] ^= mask;
        mask = carry;
    }
}

/* A full adder: *sum becomes the sum of three bits, the carry is returned; 64 times. */
static inline uint64_t add_bits(uint64_t *sum, uint64_t a, uint64_t b) {
    const uint64_t half = *sum ^ a;
    const uint64_t carry = (*sum & a) | (half & b);
    *sum = half ^ b;
    return carry;
}

/* Eight steps at once: a tree of adders (Harley, Seal) has no branch that depends on the bins. */
static void count_eight(counts *t, const uint64_t m[8]) {
    uint64_t *ones = &t->plane[0], *twos = &t->plane[1], *fours = &t->plane[2];
    const uint64_t two_a = add_bits(ones, m[0], m[1]), two_b = add_bits(ones, m[2], m[3]);
    const uint64_t two_c = add_bits(ones, m[4], m[5]), two_d = add_bits(ones, m[6], m[7]);
    const uint64_t four_a = add_bits(twos, two_a, two_b), four_b = add_bits(twos, two_c, two_d);
    carry_into(t, add_bits(fours, four_a, four_b), 3);
}

static void count_waiting(counts *t) {
    for (unsigned k = 0; k < t->n_waiting; k++)
        carry_into(t, t->waiting[k], 0);
    t->n_waiting = 0;
}

static inline void count_bins(counts *t, uint64_t mask) {
    t->counted++;
    t->filled |= mask;
    t->waiting[t->n_waiting++] = mask;
    if (t->n_waiting < 8)
        return;
    count_eight(t, t->waiting);
    t->n_waiting = 0;
    t->pending += 8;
    if (t->pending > (1u << PLANES) - 1 - 2 * 8)
        flush_bins(t);
}

/* ---- golden side ------------------------------------------------------- */

/* Outputs after a reset are 0, but for those defined as the value of a state. */
static void reset_golden(gsp_lockstep *ls) {
    gsp_frame *g = &ls->side.golden;
    ls->model->reset(&g->state, &g->params);
    memset(&g->out, 0, ls->model->out_size);
    for (int i = 0; i < ls->model->n_fields; i++) {
        const gsp_field *f = &ls->fields[i];
        if (f->kind == GSP_OUTPUT && f->initial_of)
            gsp_set(f, &g->out, gsp_get(&ls->fields[gsp_field_find(ls->model, f->initial_of)], &g->state));
    }
}

static void stop(gsp_lockstep *ls, const char *verdict, uint64_t c, uint64_t step) {
    ls->verdict = verdict;
    ls->fail_cycle = c;
    ls->fail_step = step;
}

static FILE *open_in_folder(const gsp_lockstep *ls, const char *name) {
    char path[640];
    snprintf(path, sizeof path, "%s/%s", ls->job.folder, name);
    return fopen(path, "w");
}

/* The reference trace is a second oracle: the golden model must agree with it as well. */
static void compare_with_trace(gsp_lockstep *ls, size_t row) {
    size_t compared = 0;
    const int column = gsp_trace_compare(&ls->trace, row, 0, &ls->side.golden, &compared);
    trace_fault *fault = &ls->side.tally.fault;
    ls->side.tally.trace_values += compared;
    if (column >= 0 && !fault->found)
        *fault = (trace_fault){true, row, column, ls->side.computed};
}

/* Puts the next step's stimulus into the golden frame. False when the source has ended. */
static inline bool draw_step(gsp_lockstep *ls) {
    gsp_frame *g = &ls->side.golden;
    if (ls->replay) {
        if (ls->side.tally.drawn >= ls->trace.n_rows)
            return false;
        gsp_trace_load(&ls->trace, (size_t)ls->side.tally.drawn, g);
        if (params_changed(ls))
            add_version(ls);
        return true;
    }
    if (!gsp_stim_next(&ls->side.stim, &g->params, &g->state, &g->in))
        return false;
    if (ls->side.stim.params_drawn != ls->side.params_drawn) {
        ls->side.params_drawn = ls->side.stim.params_drawn;
        ls->side.tally.control_count[BIN_PARAMS] += ls->side.tally.drawn > 0;
        add_version(ls);
    }
    return true;
}

/* Read as wide as it was written: a wider read would have to wait for the store. */
static inline bool is_nonzero(const unsigned char *at, unsigned size) {
    uint32_t low, high = 0;
    if (size == 1)
        return *at != 0;
    if (size == 2)
        return (at[0] | at[1]) != 0;
    memcpy(&low, at, sizeof low);
    if (size == 8)
        memcpy(&high, at + sizeof low, sizeof high);
    return (low | high) != 0;
}

/* Keeps the inputs and the state before the step. */
static inline void keep_past(const gsp_lockstep *ls, unsigned char *past) {
    copy_padded(past, &ls->side.golden.in, ls->past_in);
    copy_padded(past + ls->past_in, &ls->side.golden.state, ls->past_size - ls->past_in);
}

/* Takes the step that has been drawn. */
static inline void take_step(gsp_lockstep *ls, const void *before) {
    gsp_frame *g = &ls->side.golden;
    counts *t = &ls->side.tally;
    if (ls->side.counting) {
        ls->model->explain(&g->params, &g->in, &g->state, &g->out, &g->internal);
        count_bins(t, ls->cases->cover(&g->params, &g->in, before, &g->state, &g->out, &g->internal));
    } else {
        ls->model->step(&g->params, &g->in, &g->state, &g->out);
    }
    t->events += is_nonzero(ls->event, ls->event_size);
    if (ls->replay)
        compare_with_trace(ls, (size_t)t->drawn);
    t->drawn++;
}

/* Draws the next step, the c-th cycle's, and takes it. False when the source has ended. */
static inline bool golden_step(gsp_lockstep *ls, uint64_t c) {
    unsigned char *past = ls->records ? past_in_of(ls, c) : ls->scratch;
    if (ls->side.tally.drawn >= ls->job.steps || !draw_step(ls))
        return false;
    if (ls->records || ls->side.counting)
        keep_past(ls, past);
    if (ls->state_slots.end[SLOT_CLASSES - 1] > 0)
        pack(&ls->state_slots, &ls->side.golden.state, state_of(ls, c));
    take_step(ls, past + ls->past_in);
    return true;
}

static void random_words(gsp_rng *rng, uint32_t *words, unsigned n) {
    for (unsigned k = 0; k < n; k++)
        words[k] = (uint32_t)(gsp_rng_next(rng) >> 32);
}

static uint32_t mark_word(const gsp_lockstep *ls, uint32_t mark) {
    return (uint32_t)place_of(ls, ls->side.versions - 1) << MARK_VERSION | mark;
}

/* Form neuron: a cycle without a step, of a hold or a reset. Returns its mark. */
static uint32_t golden_idle(gsp_lockstep *ls) {
    golden_side *g = &ls->side;
    const uint64_t c = g->computed;
    const bool start = c < RESET_CYCLES;
    if (g->gap_left == 0) {
        /* A trace is one run: it is interrupted by holds, never by a reset. */
        g->resets = start || (!ls->replay && gsp_rng_one_in(&g->control, RESET_ONE_IN));
        g->gap_left = start ? RESET_CYCLES : g->resets ? 1 : 1 + gsp_rng_below(&g->control, 4);
    }
    if (ls->records)
        keep_past(ls, past_in_of(ls, c));
    if (g->resets)
        reset_golden(ls);
    random_words(&g->control, in_of(ls, c), ls->layout.n_in); /* a device must not listen now */
    pack(&ls->obs_slots, &g->golden, expected_of(ls, c));
    g->tally.control_count[BIN_RESET] += g->resets && !start;
    g->tally.control_count[BIN_HOLD] += !g->resets;
    if (--g->gap_left == 0)
        g->quiet_left = gsp_rng_below(&g->control, QUIET);
    return !g->resets ? MARK_RST_N : gsp_rng_one_in(&g->control, 2) ? MARK_VALID : 0;
}

/* Computes one cycle of the step or neuron form. False at the end of the run. */
static inline bool compute(gsp_lockstep *ls) {
    golden_side *g = &ls->side;
    const uint64_t c = g->computed;
    uint32_t *words = in_of(ls, c);
    uint32_t mark = MARK_RST_N | MARK_VALID | MARK_STEP;
    if (g->quiet_left == 0 && ls->job.form == GSP_FORM_NEURON) {
        mark = golden_idle(ls);
    } else {
        if (g->quiet_left == 0 && !ls->draws_state && ls->job.form == GSP_FORM_STEP) {
            /* As often as in form neuron the state is that of a reset: some states lead to no other for long.
             */
            reset_golden(ls);
            g->quiet_left = 1 + gsp_rng_below(&g->control, QUIET * RESET_ONE_IN);
        }
        if (!golden_step(ls, c))
            return false;
        pack(&ls->step_slots, &g->golden, words);
        g->quiet_left--; /* nobody looks at it where the state is drawn */
    }
    words[ls->n_words - 1] = mark_word(ls, mark);
    if (ls->records)
        *cycle_of(ls, c) = (cycle){g->tally.drawn ? g->tally.drawn - 1 : 0,
                                   (uint32_t)place_of(ls, g->versions - 1),
                                   0,
                                   (mark & MARK_RST_N) != 0,
                                   (mark & MARK_VALID) != 0,
                                   (mark & MARK_STEP) != 0};
    g->computed++;
    return true;
}

/* Form neuron: plain steps with the same params by the model's own loop. Returns how many. */
static unsigned compute_stretch(gsp_lockstep *ls, unsigned room) {
    golden_side *g = &ls->side;
    const uint64_t left = ls->job.steps - g->tally.drawn;
    const uint64_t n = left < room ? left : room;
    gsp_stretch stretch = {
        .stim = &g->stim,
        .frame = &g->golden,
        .words = in_of(ls, g->computed),
        .observed = ls->layout.n_in + ls->layout.n_state,
        .stride = ls->n_words,
        .mark = mark_word(ls, MARK_RST_N | MARK_VALID | MARK_STEP),
        .n = n < g->quiet_left ? n : g->quiet_left,
    };
    const uint64_t taken = ls->model->stretch(&stretch);
    g->computed += taken;
    g->quiet_left -= (unsigned)taken;
    g->tally.drawn += taken;
    g->tally.events += stretch.events;
    return (unsigned)taken;
}

/*
 * Every step is looked at until each bin has been filled: from then on it would tell nothing new, and
 * a sample is enough for bins.txt. The verdict on empty bins is the same as with all of them.
 */
static void compute_block(gsp_lockstep *ls, block *b) {
    ls->side.counting = ls->replay || (~ls->side.tally.filled & ls->reachable) != 0 ||
                        ls->side.computed / BLOCK % COUNTED_BLOCKS == 0;
    if (ls->side.computed / BLOCK % SPAN == 0)
        ls->kept[ls->side.computed / BLOCK / SPAN % KEPT] = ls->side;
    b->n = 0;
    b->last = false;
    const bool stretches = ls->stretches && !ls->side.counting;
    while (b->n < BLOCK && !b->last) {
        if (stretches)
            b->n += compute_stretch(ls, BLOCK - b->n);
        /* What the model's loop leaves: a cycle without a step, other params, the end. */
        if (b->n < BLOCK && compute(ls))
            b->n++;
        else
            b->last = b->n < BLOCK;
    }
    b->tally = ls->side.tally;
}

/* ---- handing over ------------------------------------------------------- */

/* Processors this process may use. */
static long processors(void) {
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0)
        return CPU_COUNT(&set);
#endif
    return sysconf(_SC_NPROCESSORS_ONLN);
}

/*
 * Linux may start a thread, or wake it, on the processor of the one that caused it, and leave both there
 * for tens of milliseconds with another processor idle. The golden side moves on; it is free again then.
 */
static void leave(int device_cpu) {
#ifdef __linux__
    cpu_set_t all, others;
    const int cpu = sched_getcpu();
    if (cpu < 0 || cpu != device_cpu || sched_getaffinity(0, sizeof all, &all) != 0)
        return;
    others = all;
    CPU_CLR((unsigned)cpu, &others);
    if (CPU_COUNT(&others) > 0 && sched_setaffinity(0, sizeof others, &others) == 0)
        (void)sched_setaffinity(0, sizeof all, &all);
#else
    (void)device_cpu;
#endif
}

static void *golden_thread(void *context) {
    gsp_lockstep *ls = (gsp_lockstep *)context;
    bool more = true;
    pthread_mutex_lock(&ls->lock);
    while (more && !ls->quit) {
        /* Taken is the block being driven; the one before it is history. */
        if (ls->finished >= ls->taken + BLOCKS - 2) {
            ls->rests = true;
            while (ls->rests && !ls->quit)
                pthread_cond_wait(&ls->changed, &ls->lock);
            continue;
        }
        block *b = &ls->blocks[ls->finished % BLOCKS];
        const int device_cpu = ls->device_cpu;
        pthread_mutex_unlock(&ls->lock);
        leave(device_cpu);
        compute_block(ls, b);
        more = !b->last && !b->tally.fault.found;
        pthread_mutex_lock(&ls->lock);
        ls->finished++;
        if (ls->hungry) {
            ls->hungry = false;
            pthread_cond_signal(&ls->changed);
        }
    }
    pthread_mutex_unlock(&ls->lock);
    return NULL;
}

static int this_cpu(void) {
#ifdef __linux__
    return sched_getcpu();
#else
    return -1;
#endif
}

/* A run that cannot have a thread does without. */
static void start_thread(gsp_lockstep *ls) {
    const char *wish = getenv("GSP_LOCKSTEP_THREAD");
    if (wish ? strcmp(wish, "0") == 0 : processors() < 2)
        return;
    ls->device_cpu = this_cpu();
    ls->threaded = pthread_create(&ls->thread, NULL, golden_thread, ls) == 0;
}

static void stop_thread(gsp_lockstep *ls) {
    if (!ls->threaded)
        return;
    pthread_mutex_lock(&ls->lock);
    ls->quit = true;
    pthread_cond_signal(&ls->changed);
    pthread_mutex_unlock(&ls->lock);
    pthread_join(ls->thread, NULL);
    ls->threaded = false;
}

/* Makes the next block the one being driven. */
static void take_block(gsp_lockstep *ls) {
    block *b = &ls->blocks[ls->taken % BLOCKS];
    if (!ls->threaded) {
        compute_block(ls, b);
        ls->taken++;
    } else {
        pthread_mutex_lock(&ls->lock);
        ls->taken++;
        ls->device_cpu = this_cpu();
        if (ls->rests && ls->finished <= ls->taken + FEW) {
            ls->rests = false;
            pthread_cond_signal(&ls->changed);
        }
        while (ls->finished < ls->taken) {
            ls->hungry = true;
            pthread_cond_wait(&ls->changed, &ls->lock);
        }
        pthread_mutex_unlock(&ls->lock);
    }
    ls->now = b;
    ls->available += b->n;
}

/*
 * The golden side of the forms step and neuron keeps nothing for reports, as most runs need none:
 * what a report shows, the block being driven and the one before, is computed once more.
 */
static void recall(gsp_lockstep *ls) {
    if (ls->records)
        return;
    stop_thread(ls);
    ls->records = true;
    const uint64_t first = ls->taken < 2 ? 0 : (ls->taken - 2) * BLOCK;
    const unsigned newest = ls->kept[0].computed < ls->kept[1].computed;
    ls->side = ls->kept[ls->kept[newest].computed <= first ? newest : !newest];
    while (ls->side.computed < ls->available && compute(ls)) {
    }
}

/* ---- reports ----------------------------------------------------------- */

static void see(const gsp_lockstep *ls, const uint32_t *obs, const uint32_t *unknown,
                gsp_seen seen[GSP_MAX_FIELDS]) {
    memset(seen, 0, GSP_MAX_FIELDS * sizeof seen[0]);
    for (unsigned k = 0; k < n_observed(ls); k++) {
        const slot *s = &ls->obs_slots.at[k];
        const gsp_field *f = &ls->fields[s->index];
        gsp_seen *e = &seen[s->index];
        e->present = true;
        e->value = unpack(f, s, obs);
        e->unknown = unknown && (unknown[s->word] || (f->width > 32 && unknown[s->word + 1]));
    }
}

static void report_history(gsp_lockstep *ls, FILE *file, uint64_t c) {
    uint64_t shown[HISTORY + 1];
    unsigned n = 0;
    for (uint64_t k = c + 1; k-- > 0 && n <= HISTORY && c - k < HISTORY_CYCLES;)
        if (k == c || cycle_of(ls, k)->is_step || !cycle_of(ls, k)->rst_n)
            shown[n++] = k;
    fprintf(file,
            "\nthe last steps (inputs, then state and outputs after the step, as expected):\n  %10s %10s",
            ls->array ? "neuron" : "cycle", "step");
    for (int i = 0; i < ls->model->n_fields; i++) {
        const gsp_kind kind = ls->fields[i].kind;
        if (kind == GSP_INPUT || kind == GSP_STATE || kind == GSP_OUTPUT)
            fprintf(file, " %11.18s", ls->fields[i].name);
    }
    fprintf(file, "\n");
    while (n-- > 0) {
        const uint64_t k = shown[n];
        const cycle *at = cycle_of(ls, k);
        gsp_frame f;
        load_past(ls, k, &f);
        fprintf(file, "%s %10" PRIu64 " ", k == c ? ">" : " ", ls->array ? at->neuron : k);
        if (!at->rst_n) {
            fprintf(file, "%10s\n", ls->array ? "dropped" : "reset"); /* by a reset */
            continue;
        }
        if (!at->is_step) {
            fprintf(file, "%10s\n", "hold");
            continue;
        }
        fprintf(file, "%10" PRIu64, at->step);
        ls->model->step(&f.params, &f.in, &f.state, &f.out);
        for (int i = 0; i < ls->model->n_fields; i++) {
            const gsp_kind kind = ls->fields[i].kind;
            if (kind == GSP_INPUT || kind == GSP_STATE || kind == GSP_OUTPUT)
                fprintf(file, " %11" PRId64, gsp_frame_get(&f, &ls->fields[i]));
        }
        fprintf(file, "\n");
    }
}

static const gsp_settings *tables_of(const gsp_lockstep *ls) {
    return ls->replay ? &ls->trace.settings : &ls->job.settings;
}

/* The failing steps as a trace of their own, from a known state: a regression test. */
static void write_window(gsp_lockstep *ls, uint64_t c) {
    const uint32_t neuron = cycle_of(ls, c)->neuron; /* the trace is one neuron's */
    uint64_t from = c;
    for (unsigned n = 0; from > 0 && n < HISTORY && c - from + 1 < HISTORY_CYCLES; from--) {
        const cycle *at = cycle_of(ls, from - 1);
        if (!at->rst_n)
            break;
        n += at->is_step && at->neuron == neuron;
    }
    gsp_frame f;
    gsp_trace_writer w;
    gsp_error error;
    char path[640];
    snprintf(path, sizeof path, "%s/window.csv", ls->job.folder);
    load_past(ls, from, &f);
    if (!gsp_trace_create(&w, path, ls->model, &f.params, &f.state, true, false, &error))
        return;
    gsp_trace_tables(&w, tables_of(ls));
    gsp_trace_note(&w, "note", "the steps up to the first mismatch; expected values are the golden model's");
    for (uint64_t k = from; k <= c; k++) {
        if (!cycle_of(ls, k)->is_step || cycle_of(ls, k)->neuron != neuron)
            continue;
        load_past(ls, k, &f);
        ls->model->step(&f.params, &f.in, &f.state, &f.out);
        gsp_trace_row(&w, &f, NULL);
    }
    if (!gsp_trace_close(&w, &error))
        fprintf(stderr, "gsp: %s\n", error.text);
}

static void report_head(const gsp_lockstep *ls, FILE *file, const char *what, uint64_t c, uint64_t step) {
    fprintf(file, "%s: %s, form %s, %s\n  cycle %" PRIu64 ", step %" PRIu64, what, ls->model->name,
            gsp_form_name(ls->job.form), ls->job.simulator, c, step);
    if (ls->replay)
        fprintf(file, ", trace %s:%u", ls->trace.path,
                ls->trace.lines[step < ls->trace.n_rows ? step : ls->trace.n_rows - 1]);
    else
        fprintf(file, ", seed %" PRIu64 ", level %d", ls->job.seed, ls->job.level);
    if (*ls->job.bug)
        fprintf(file, ", planted bug '%s'", ls->job.bug);
    fprintf(file, "\n\n");
}

static void report_array(const gsp_lockstep *ls, FILE *file, uint64_t c, const uint32_t *obs);

static void report_mismatch(gsp_lockstep *ls, uint64_t c, const uint32_t *obs, const uint32_t *unknown) {
    FILE *file = open_in_folder(ls, "report.txt");
    if (!file)
        return;
    const cycle *at = cycle_of(ls, c);
    gsp_frame f;
    gsp_seen seen[GSP_MAX_FIELDS];
    load_past(ls, c, &f);
    gsp_struct before = f.state;
    see(ls, obs, unknown, seen);
    report_head(ls, file, "MISMATCH", ls->array ? ls->clocked - 1 : c, at->step);
    if (ls->array)
        report_array(ls, file, c, obs);

    if (at->is_step) {
        ls->model->explain(&f.params, &f.in, &f.state, &f.out, &f.internal);
    } else {
        /* The golden side of a cycle without a step is what was packed for it. */
        fprintf(file, "  no step in this cycle: %s\n\n",
                at->rst_n ? "en = 0, everything holds" : "rst_n = 0, everything takes its reset value");
        for (unsigned k = 0; k < n_observed(ls); k++) {
            const gsp_field *field = &ls->fields[ls->obs_slots.at[k].index];
            gsp_frame_set(&f, field, unpack(field, &ls->obs_slots.at[k], expected_of(ls, c)));
        }
    }
    (void)gsp_report_comparison(file, ls->model, ls->fields, &f, seen, "DUT");
    fprintf(file, "\n");
    gsp_report_fields(file, ls->model, ls->fields, GSP_STATE, &before, "state before:");
    if (at->is_step) {
        gsp_report_fields(file, ls->model, ls->fields, GSP_INPUT, &f.in, "inputs:");
        gsp_report_fields(file, ls->model, ls->fields, GSP_INTERNAL, &f.internal, "golden intermediates:");
    }
    gsp_report_fields(file, ls->model, ls->fields, GSP_PARAM, &f.params, "parameters:");
    gsp_report_fields(file, ls->model, ls->fields, GSP_CONFIG, &f.params, "configuration:");
    report_history(ls, file, c);
    if (at->is_step) {
        fprintf(file, "\nreproduce the step:\n  ");
        gsp_report_reproducer(file, ls->model, ls->fields, &f, &before, seen, tables_of(ls));
    }
    fprintf(file, "\nreplay with a waveform of the window:\n  gsp replay %s\n", ls->job.folder);
    fclose(file);
    write_window(ls, c);
}

static void report_text(gsp_lockstep *ls, const char *what, const char *text) {
    FILE *file = open_in_folder(ls, "report.txt");
    if (!file)
        return;
    report_head(ls, file, what, ls->clocked, ls->steps);
    fprintf(file, "  %s\n\nreplay with a waveform of the window:\n  gsp replay %s\n", text, ls->job.folder);
    fclose(file);
}

static void report_trace_fault(gsp_lockstep *ls, const trace_fault *fault) {
    const gsp_field *f = &ls->fields[ls->trace.columns[fault->column].field];
    gsp_frame frame;
    FILE *file = open_in_folder(ls, "report.txt");
    if (!file)
        return;
    load_past(ls, fault->cycle, &frame);
    const gsp_struct before = frame.state;
    ls->model->explain(&frame.params, &frame.in, &frame.state, &frame.out, &frame.internal);
    fprintf(file,
            "GOLDEN MODEL DIFFERS FROM THE TRACE: %s, %s:%u\n"
            "  field %s: trace %" PRId64 ", golden model %" PRId64 "\n\nreproduce:\n  ",
            ls->model->name, ls->trace.path, ls->trace.lines[fault->row], f->name,
            gsp_trace_value(&ls->trace, fault->row, fault->column), gsp_frame_get(&frame, f));
    /* What the trace expects stands where a device's values would. */
    gsp_seen seen[GSP_MAX_FIELDS];
    memset(seen, 0, sizeof seen);
    for (size_t k = 0; k < ls->trace.n_columns; k++) {
        const gsp_column *column = &ls->trace.columns[k];
        if (column->field < 0 || column->is_init || ls->fields[column->field].kind < GSP_STATE ||
            !ls->trace.present[fault->row * ls->trace.n_columns + k])
            continue;
        seen[column->field].present = true;
        seen[column->field].value = gsp_trace_value(&ls->trace, fault->row, (int)k);
    }
    gsp_report_reproducer(file, ls->model, ls->fields, &frame, &before, seen, tables_of(ls));
    fclose(file);
}

/* ---- comparison -------------------------------------------------------- */

/*
 * With an exit at the first difference no compiler makes wide reads of this: the device has just
 * written `obs` word by word, and a wider read would have to wait for that.
 */
static inline bool differs(const gsp_lockstep *ls, const uint32_t *obs, const uint32_t *unknown,
                           const uint32_t *expected) {
    const uint32_t *const end = expected + ls->n_judged;
    for (; end - expected >= 4; expected += 4, obs += 4)
        if (obs[0] != expected[0] || obs[1] != expected[1] || obs[2] != expected[2] || obs[3] != expected[3])
            return true;
    for (; expected < end; expected++, obs++)
        if (*obs != *expected)
            return true;
    for (unsigned k = 0; unknown && k < ls->n_judged; k++)
        if (unknown[k])
            return true;
    return false;
}

static void progress(const gsp_lockstep *ls) {
    if (ls->on_terminal)
        fprintf(stderr, "\r%s %s: %" PRIu64 " of %" PRIu64 " steps ", ls->model->name, ls->job.simulator,
                ls->steps, ls->job.steps);
}

static inline gsp_drive drive_of(const gsp_lockstep *ls, const uint32_t *words) {
    const uint32_t mark = words[ls->n_words - 1];
    const uint32_t *params = ls->version_words + (size_t)(mark >> MARK_VERSION) * ls->layout.n_params;
    const gsp_drive drive = {mark & MARK_RST_N,      (mark & MARK_VALID) != 0, 1, params, words,
                             words + ls->layout.n_in};
    return drive;
}

/* The next cycle's drive, in forms step and neuron. */
static inline const gsp_drive *drive_cycle(gsp_lockstep *ls) {
    const uint32_t *words = ls->driven;
    ls->driven += ls->n_words;
    if (ls->driven == ls->words_end)
        ls->driven = ls->words;
    ls->drive = drive_of(ls, words);
    ls->expected = ls->drive.state + ls->layout.n_state;
    ls->drives_step = (words[ls->n_words - 1] & MARK_STEP) != 0;
    GSP_PREFETCH(words + FETCHED * ls->n_words); /* near the end of the ring in vain */
    return &ls->drive;
}

static COLD const gsp_drive *next_block(gsp_lockstep *ls) {
    if (ls->now && ls->now->last)
        return NULL;
    take_block(ls);
    if ((ls->clocked & 0xFFFFF) == 0)
        progress(ls);
    const trace_fault *fault = &ls->now->tally.fault;
    if (fault->found) {
        recall(ls);
        report_trace_fault(ls, fault);
        stop(ls, "GOLDEN", fault->cycle, fault->row);
        return NULL;
    }
    return ls->now->n > 0 ? drive_cycle(ls) : NULL;
}

static COLD const gsp_drive *mismatch(gsp_lockstep *ls, const uint32_t *obs, const uint32_t *unknown) {
    const uint64_t c = ls->clocked;
    recall(ls);
    report_mismatch(ls, c, obs, unknown);
    stop(ls, "MISMATCH", c, cycle_of(ls, c)->step);
    return NULL;
}

static const gsp_drive *clock_parallel(gsp_lockstep *ls, const uint32_t *obs, const uint32_t *unknown) {
    if (differs(ls, obs, unknown, ls->expected))
        return mismatch(ls, obs, unknown);
    ls->steps += ls->drives_step;
    return ++ls->clocked < ls->available ? drive_cycle(ls) : next_block(ls);
}

static const gsp_drive *clock_bare(gsp_lockstep *ls, const uint32_t *obs, const uint32_t *unknown) {
    (void)obs;
    (void)unknown;
    ls->steps += ls->drives_step;
    ls->clocked++;
    /* The ring starts over with its recorded stimulus. */
    return ls->steps < ls->job.steps ? drive_cycle(ls) : NULL;
}

/* ---- serial form ------------------------------------------------------- */

/*
 * One step is in flight at a time, and in ring entry computed - 1. The bench
 * registers what stood at the edge: obs holds the device's outputs of that
 * moment, and a word of handshake flags.
 */
enum { ACCEPTED = 1, RETIRED = 2, OUT_VALID = 4, IN_READY = 16, PARAM_READY = 32 };

static const gsp_drive *serial_drive(gsp_lockstep *ls) {
    const uint64_t item = ls->side.computed ? ls->side.computed - 1 : 0;
    ls->drive.rst_n = 1;
    ls->drive.valid = ls->phase == SERIAL_OFFER;
    ls->drive.ready = gsp_rng_below(&ls->side.control, 8) < ls->ready_of_8;
    ls->drive.params = params_of(ls, item);
    ls->drive.in = ls->drive.state = in_of(ls, item);
    if (ls->phase != SERIAL_OFFER) {
        /* Inputs are captured at acceptance; at any other time they say nothing. */
        uint32_t *noise = ls->words + ls->ring * ls->n_words;
        random_words(&ls->side.control, noise, ls->layout.n_in);
        ls->drive.in = noise;
    }
    return &ls->drive;
}

/* Takes the next golden step and offers it to the device, at once or after a gap. */
static const gsp_drive *serial_offer(gsp_lockstep *ls) {
    const uint64_t c = ls->side.computed;
    const trace_fault *fault = &ls->side.tally.fault;
    if (!golden_step(ls, c)) {
        ls->exhausted = true;
        return NULL;
    }
    cycle *now = cycle_of(ls, c);
    now->step = ls->side.tally.drawn - 1;
    now->version = (uint32_t)place_of(ls, ls->side.versions - 1);
    now->rst_n = now->valid = 1;
    now->is_step = true;
    if (fault->found) {
        report_trace_fault(ls, fault);
        stop(ls, "GOLDEN", fault->cycle, fault->row);
        return NULL;
    }
    pack(&ls->in_slots, &ls->side.golden.in, in_of(ls, c));
    pack(&ls->obs_slots, &ls->side.golden, expected_of(ls, c));
    ls->side.computed++;
    ls->waited = 0;
    ls->was_valid = false;
    /* Sometimes the taker is always ready, sometimes mostly, sometimes rarely. */
    static const uint8_t readiness[] = {8, 8, 6, 2};
    ls->ready_of_8 = readiness[gsp_rng_below(&ls->side.control, 4)];
    ls->phase = SERIAL_OFFER;
    if (gsp_rng_one_in(&ls->side.control, 4)) {
        ls->phase = SERIAL_GAP;
        ls->side.gap_left = 1 + gsp_rng_below(&ls->side.control, 4);
        ls->side.tally.control_count[BIN_HOLD]++;
    }
    return serial_drive(ls);
}

static const gsp_drive *serial_fault(gsp_lockstep *ls, const char *verdict, const char *text) {
    report_text(ls, verdict, text);
    stop(ls, verdict, ls->clocked - 1, ls->steps);
    return NULL;
}

static const gsp_drive *clock_serial(gsp_lockstep *ls, const uint32_t *obs, const uint32_t *unknown) {
    const uint32_t flags = obs[ls->layout.n_obs - 1];
    const uint64_t item = ls->side.computed - 1;
    const bool was_reset = ls->drive.rst_n == 0;
    const bool retired = flags & RETIRED, out_valid = flags & OUT_VALID;
    ls->clocked++;
    if ((ls->clocked & 0xFFFF) == 0)
        progress(ls);
    if (was_reset)
        return ls->clocked < RESET_CYCLES ? &ls->drive : serial_offer(ls);
    if (unknown && unknown[ls->layout.n_obs - 1])
        return serial_fault(ls, "PROTOCOL", "in_ready or out_valid has x or z bits");
    if (out_valid && ls->phase != SERIAL_WAIT)
        return serial_fault(ls, "PROTOCOL", "out_valid = 1 without a step in flight");
    if (ls->was_valid && !out_valid)
        return serial_fault(ls, "PROTOCOL", "out_valid fell before out_ready took the step");
    if (out_valid && differs(ls, obs, unknown, expected_of(ls, item))) {
        report_mismatch(ls, item, obs, unknown);
        stop(ls, "MISMATCH", ls->clocked - 1, cycle_of(ls, item)->step);
        return NULL;
    }
    if (++ls->waited > HANG_CYCLES)
        return serial_fault(ls, "HANG",
                            ls->phase == SERIAL_OFFER ? "in_ready never came" : "out_valid never came");
    ls->was_valid = out_valid && !retired;
    if (retired) {
        ls->steps++;
        return serial_offer(ls);
    }
    if (ls->phase == SERIAL_OFFER && (flags & ACCEPTED))
        ls->phase = SERIAL_WAIT;
    else if (ls->phase == SERIAL_GAP && --ls->side.gap_left == 0)
        ls->phase = SERIAL_OFFER;
    (void)serial_drive(ls);
    /* A reset drops the step in flight, on both sides. A trace is one run and is not interrupted. */
    if (!ls->replay && gsp_rng_one_in(&ls->side.control, 8192)) {
        ls->side.tally.control_count[BIN_RESET]++;
        ls->side.tally.drawn--;
        reset_golden(ls);
        ls->drive.rst_n = 0;
    }
    return &ls->drive;
}

/* ---- array form -------------------------------------------------------- */

#include "array.inc"

/* ---- the adapter's side ------------------------------------------------ */

const gsp_layout *gsp_lockstep_layout(const gsp_lockstep *ls) {
    return &ls->layout;
}

const gsp_job *gsp_lockstep_job(const gsp_lockstep *ls) {
    return &ls->job;
}

static bool make_rings(gsp_lockstep *ls) {
    ls->ring = ls->job.bare ? BARE_RING : RING;
    ls->records = ls->job.form == GSP_FORM_SERIAL || ls->job.form == GSP_FORM_ARRAY;
    ls->past_in = padded(ls->model->in_size);
    ls->past_size = ls->past_in + padded(ls->model->state_size);
    ls->n_words = ls->layout.n_in + ls->layout.n_state + ls->layout.n_obs + 1;
    ls->version_size = padded(ls->model->params_size);
    ls->cycles = (cycle *)calloc(ls->ring, sizeof *ls->cycles);
    ls->past = (unsigned char *)calloc(ls->ring + 1, ls->past_size);
    ls->scratch = ls->past + ls->ring * ls->past_size;
    /* One entry more: the serial form keeps its noise there. */
    ls->words = (uint32_t *)calloc(ls->ring + 1, ls->n_words * sizeof *ls->words);
    ls->version_params = (unsigned char *)calloc(ls->ring, ls->version_size);
    ls->version_words = (uint32_t *)calloc(ls->ring, ls->layout.n_params * sizeof *ls->version_words);
    if (!ls->cycles || !ls->past || !ls->words || !ls->version_params || !ls->version_words)
        return false;
    ls->driven = ls->words;
    ls->words_end = ls->words + ls->ring * ls->n_words;
    add_version(ls);
    return true;
}

/* Whether the model's loop draws and packs what the general one would. */
static bool may_stretch(const gsp_lockstep *ls) {
    unsigned n_in = 0, n_observed = 0;
    if (!ls->model->stretch || ls->job.form != GSP_FORM_NEURON || ls->replay ||
        ls->job.level == GSP_LEVEL_EXHAUSTIVE)
        return false;
    for (int i = 0; i < ls->model->n_fields; i++) {
        const gsp_field *f = &ls->model->fields[i];
        const bool input = f->kind == GSP_INPUT, observed = f->kind >= GSP_STATE && f->kind <= GSP_FLAG;
        const unsigned words = f->width > 32 ? 2 : 1;
        if ((input || observed) && (ls->fields[i].width > 32) != (words == 2))
            return false; /* the configuration made it wide */
        if (input && (ls->fixed[i] || ls->layout.drive[i] != (int)n_in))
            return false;
        if (observed && ls->layout.observe[i] != (int)n_observed)
            return false;
        n_in += input ? words : 0;
        n_observed += observed ? words : 0;
    }
    return true;
}

static bool prepare(gsp_lockstep *ls, gsp_error *error) {
    gsp_struct params;
    memset(&params, 0, sizeof params);
    ls->model = ls->job.model;
    ls->cases = gsp_cases_of(ls->model);
    ls->replay = *ls->job.trace != '\0';
    if (!gsp_settings_apply(&ls->job.settings, ls->model, &params, ls->fixed, error))
        return false;
    if (ls->replay) {
        if (!gsp_trace_read(&ls->trace, ls->job.trace, ls->model, &ls->job.settings, false, error))
            return false;
        params = ls->trace.params;
        if (ls->job.steps == 0 || ls->job.steps > ls->trace.n_rows)
            ls->job.steps = ls->trace.n_rows;
        if (ls->trace.custom_init && ls->job.form != GSP_FORM_STEP)
            return gsp_fail(error,
                            "%s: starts from a state that is not the reset state; only form 'step' can "
                            "replay it",
                            ls->job.trace);
    }
    for (int i = 0; i < ls->model->n_fields; i++)
        if (ls->job.hidden[i] && ls->model->fields[i].kind == GSP_PARAM)
            ls->fixed[i] = true; /* a parameter without a port keeps its value */
    gsp_resolve(ls->model, &params, ls->fields);
    gsp_layout_make(&ls->layout, ls->model, ls->fields, ls->job.form, ls->job.hidden);
    make_slots(ls);
    /* The last word of the forms with handshakes is these. */
    ls->n_judged = ls->layout.n_obs - (ls->job.form == GSP_FORM_SERIAL || ls->job.form == GSP_FORM_ARRAY);
    ls->params = ls->side.golden.params = params;
    gsp_default_inputs(ls->model, &params, &ls->side.golden.in);
    reset_golden(ls);
    const bool free_state = ls->job.form == GSP_FORM_STEP && ls->job.level != GSP_LEVEL_RANDOM;
    if (!ls->replay)
        gsp_stim_start(&ls->side.stim, ls->model, &params, ls->fixed, ls->job.level, ls->job.seed,
                       free_state);
    ls->draws_state = ls->replay || free_state;
    ls->stretches = may_stretch(ls);
    ls->clock = ls->job.bare                      ? clock_bare
                : ls->job.form == GSP_FORM_ARRAY  ? clock_array
                : ls->job.form == GSP_FORM_SERIAL ? clock_serial
                                                  : clock_parallel;
    const uint64_t all = ls->cases->n_bins >= 64 ? UINT64_MAX : (UINT64_C(1) << ls->cases->n_bins) - 1;
    ls->reachable = ls->cases->reachable ? ls->cases->reachable(&params) & all : all;
    ls->side.counting = true;
    gsp_rng_seed(&ls->side.control, ls->job.seed ^ UINT64_C(0x636F6E74726F6C)); /* "control" */
    return (make_rings(ls) && (ls->job.form != GSP_FORM_ARRAY || array_open(ls))) ||
           gsp_fail(error, "out of memory");
}

static void free_lockstep(gsp_lockstep *ls) {
    stop_thread(ls);
    pthread_mutex_destroy(&ls->lock);
    pthread_cond_destroy(&ls->changed);
    gsp_job_free(&ls->job);
    gsp_trace_free(&ls->trace);
    array_free(ls->array);
    free(ls->cycles);
    free(ls->past);
    free(ls->words);
    free(ls->version_params);
    free(ls->version_words);
    free(ls);
}

gsp_lockstep *gsp_lockstep_open(const char *job_path, gsp_error *error) {
    gsp_lockstep *ls = (gsp_lockstep *)calloc(1, sizeof *ls);
    if (!ls) {
        gsp_fail(error, "out of memory");
        return NULL;
    }
    pthread_mutex_init(&ls->lock, NULL);
    pthread_cond_init(&ls->changed, NULL);
    ls->on_terminal = isatty(2) != 0;
    if (!gsp_job_read(&ls->job, job_path, error) || !prepare(ls, error)) {
        free_lockstep(ls);
        return NULL;
    }
    return ls;
}

const gsp_drive *gsp_lockstep_start(gsp_lockstep *ls) {
    clock_gettime(CLOCK_MONOTONIC, &ls->started);
    if (ls->job.bare) {
        while (ls->side.computed < ls->ring && compute(ls)) {
        }
        clock_gettime(CLOCK_MONOTONIC, &ls->started);
        return drive_cycle(ls);
    }
    if (ls->job.form == GSP_FORM_ARRAY)
        return array_start(ls);
    if (ls->job.form != GSP_FORM_SERIAL) {
        start_thread(ls);
        return next_block(ls);
    }
    /* Reset first, with nothing in flight. */
    (void)serial_drive(ls);
    ls->drive.rst_n = 0;
    return &ls->drive;
}

const gsp_drive *gsp_lockstep_clock(gsp_lockstep *ls, const uint32_t *obs, const uint32_t *unknown) {
    return ls->clock(ls, obs, unknown);
}

/* Values compared per step. */
static unsigned n_compared(const gsp_lockstep *ls) {
    const struct array_form *a = ls->array;
    return n_observed(ls) +
           (a ? a->before_slots.end[SLOT_CLASSES - 1] + a->taken_slots.end[SLOT_CLASSES - 1] + 1 : 0);
}

bool gsp_lockstep_ahead(const gsp_lockstep *ls, uint64_t n, gsp_drive *drive) {
    /* The block being driven is this side's; those after it are not handed over. */
    if (ls->job.form == GSP_FORM_SERIAL || ls->job.bare || n >= ls->available - ls->clocked)
        return false;
    *drive = drive_of(ls, in_of(ls, ls->clocked + n));
    return true;
}

/* What the golden side counted for the cycles that count: not those it computed ahead. */
static counts *final_tally(gsp_lockstep *ls) {
    return ls->now ? &ls->now->tally : &ls->side.tally;
}

static bool has_control_bin(const gsp_lockstep *ls, unsigned k) {
    return k >= BIN_OWN     ? ls->job.form == GSP_FORM_ARRAY && ls->job.own_params
           : k >= BIN_ARRAY ? ls->job.form == GSP_FORM_ARRAY
                            : k == BIN_PARAMS || ls->job.form != GSP_FORM_STEP;
}

static int judge(gsp_lockstep *ls, unsigned *hit, unsigned *wanted, char *empty, size_t empty_size) {
    const counts *t = final_tally(ls);
    bool tied = false;
    for (int i = 0; i < ls->model->n_fields; i++)
        tied = tied || (ls->fixed[i] && ls->model->fields[i].kind == GSP_PARAM);
    *hit = *wanted = 0;
    *empty = '\0';
    for (unsigned b = 0; b < ls->cases->n_bins + CONTROL_BINS; b++) {
        const bool control = b >= ls->cases->n_bins;
        const unsigned k = control ? b - ls->cases->n_bins : b;
        if (control ? !has_control_bin(ls, k) : !((ls->reachable >> b) & 1u))
            continue;
        const bool is_hit = control ? t->control_count[k] > 0 : bin_count(t, k) > 0;
        ++*wanted;
        *hit += is_hit;
        if (!is_hit)
            snprintf(empty + strlen(empty), empty_size - strlen(empty), " %s",
                     control ? control_bins[k] : ls->cases->bins[k].name);
    }
    if (ls->job.bare) {
        ls->verdict = "BARE"; /* nothing was compared: this is no pass */
        return GSP_EXIT_PASS;
    }
    ls->values = ls->steps * n_compared(ls);
    if (ls->verdict)
        return GSP_EXIT_MISMATCH;
    const bool exhausted = ls->now ? ls->now->last : ls->exhausted;
    const uint64_t asked = ls->job.level == GSP_LEVEL_EXHAUSTIVE && exhausted && t->drawn < ls->job.steps
                               ? t->drawn
                               : ls->job.steps;
    if (ls->steps < asked || ls->steps == 0) {
        ls->verdict = "SHORT";
        return GSP_EXIT_MISMATCH;
    }
    const bool judged =
        !ls->replay && ls->job.level == GSP_LEVEL_RANDOM && !tied && ls->steps >= JUDGED_STEPS;
    if (judged && *hit < *wanted) {
        ls->verdict = "EMPTY_BIN";
        return GSP_EXIT_MISMATCH;
    }
    ls->verdict = "PASS";
    return GSP_EXIT_PASS;
}

int gsp_lockstep_close(gsp_lockstep *ls) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const double seconds =
        (double)(now.tv_sec - ls->started.tv_sec) + 1e-9 * (double)(now.tv_nsec - ls->started.tv_nsec);
    unsigned hit, wanted;
    char empty[1024];
    stop_thread(ls);
    counts *t = final_tally(ls);
    count_waiting(t);
    int code = judge(ls, &hit, &wanted, empty, sizeof empty);
    if (ls->on_terminal)
        fprintf(stderr, "\r%60s\r", "");
    FILE *file = open_in_folder(ls, "bins.txt");
    if (file) {
        fprintf(file, "# the model's bins: counted in %" PRIu64 " of %" PRIu64 " steps\n", t->counted,
                t->drawn);
        for (unsigned b = 0; b < ls->cases->n_bins; b++)
            fprintf(file, "%" PRIu64 " %s: %s\n", bin_count(t, b), ls->cases->bins[b].name,
                    ls->cases->bins[b].meaning);
        for (unsigned k = 0; k < CONTROL_BINS; k++)
            if (has_control_bin(ls, k))
                fprintf(file, "%" PRIu64 " %s: of the drive itself\n", t->control_count[k], control_bins[k]);
        fclose(file);
    }
    file = open_in_folder(ls, "record.txt");
    if (file) {
        fprintf(file,
                "verdict=%s\nsteps_asked=%" PRIu64 "\nsteps=%" PRIu64 "\ncycles=%" PRIu64 "\nvalues=%" PRIu64
                "\nevents=%" PRIu64 "\ntrace_values=%" PRIu64 "\nfail_cycle=%" PRIu64 "\nfail_step=%" PRIu64
                "\nstreak=%" PRIu64 "\nbins_hit=%u\nbins_wanted=%u\nempty_bins=%s\nseconds=%.6f\nend=1\n",
                ls->verdict, ls->job.steps, ls->steps, ls->clocked, ls->values, t->events, t->trace_values,
                ls->fail_cycle, ls->fail_step, ls->array ? ls->array->longest : 0, hit, wanted, empty,
                seconds);
        if (fclose(file) != 0)
            code = GSP_EXIT_ENVIRONMENT;
    } else {
        fprintf(stderr, "gsp: %s/record.txt: cannot write: %s\n", ls->job.folder, strerror(errno));
        code = GSP_EXIT_ENVIRONMENT;
    }
    free_lockstep(ls);
    return code;
}
