/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L /* clock_gettime, isatty */
#include "lockstep.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "goldenspike/cases.h"
#include "goldenspike/report.h"
#include "goldenspike/rng.h"
#include "goldenspike/stim.h"

enum {
    BLOCK = 256,              /* cycles computed ahead at a time */
    RING = 2 * BLOCK,         /* the block before stays, as history */
    BARE_RING = 16 * BLOCK,   /* recorded stimulus of a bare run */
    HISTORY = 8,              /* steps shown before a mismatch */
    RESET_CYCLES = 2,         /* at the start of a run */
    HANG_CYCLES = 20000,      /* a serial device that answers later than this hangs */
    JUDGED_STEPS = 100000,    /* generated runs from this length must fill every bin */
    PLANES = 12               /* of the bit-sliced bin counters */
};

/* One field's way between the frame and the port words. */
typedef struct slot {
    gsp_field field; /* with its offset counted from the start of the frame */
    uint8_t index;   /* in the field table */
    unsigned word;
} slot;

typedef enum serial_phase { SERIAL_GAP, SERIAL_OFFER, SERIAL_WAIT } serial_phase;

/* One clock cycle: what is driven before the edge and expected after it. */
typedef struct cycle {
    uint64_t step; /* number of the step taken at this edge; of the last one when none is */
    uint8_t rst_n, valid;
    bool is_step;
} cycle;

/* Bins of the drive itself, shared by all models. */
enum { BIN_HOLD, BIN_RESET, BIN_PARAMS, CONTROL_BINS };
static const char *const control_bins[CONTROL_BINS] = {"drive_enable_low", "drive_reset_mid_run",
                                                       "drive_params_redrawn"};

struct gsp_lockstep {
    gsp_job job;
    const gsp_model *model;
    const gsp_cases *cases;
    gsp_field fields[GSP_MAX_FIELDS];
    bool fixed[GSP_MAX_FIELDS];
    gsp_layout layout;
    slot params_slots[GSP_MAX_FIELDS], in_slots[GSP_MAX_FIELDS], state_slots[GSP_MAX_FIELDS],
        obs_slots[GSP_MAX_FIELDS];
    unsigned n_params_slots, n_in_slots, n_state_slots, n_obs_slots;
    const gsp_field *event; /* the first output: the model's spike */

    gsp_stim stim;
    gsp_trace trace;
    bool replay;
    gsp_rng control;

    gsp_frame golden;      /* after the last computed cycle */
    uint64_t computed;     /* cycles computed */
    uint64_t drawn;        /* steps computed */
    bool exhausted;        /* the source has no further step */
    unsigned gap_left;

    /* Ring of cycles: bookkeeping, raw structs for the report, words for the ports. */
    unsigned ring;
    cycle *cycles;
    unsigned char *raw; /* params, in, state before */
    size_t raw_size;
    uint32_t *words; /* params, in, state, expected */
    size_t n_words;

    uint64_t clocked; /* cycles driven */
    gsp_drive drive;

    /* Serial form. */
    serial_phase phase;
    unsigned waited;     /* cycles since the step was offered */
    unsigned ready_of_8; /* out_ready is 1 in so many of 8 cycles */
    bool was_valid;      /* out_valid stood at the last edge and was not taken */

    /* Counts and verdict. */
    uint64_t steps, values, events, trace_values;
    uint64_t bin_count[GSP_MAX_BINS], plane[PLANES];
    unsigned pending;
    uint64_t control_count[CONTROL_BINS];
    const char *verdict;
    uint64_t fail_cycle, fail_step;
    struct timespec started;
    bool on_terminal;
};

/* ---- words ------------------------------------------------------------- */

static void make_slots(gsp_lockstep *ls) {
    for (int i = 0; i < ls->model->n_fields; i++) {
        const gsp_field *f = &ls->fields[i];
        gsp_field in_frame = *f;
        const char *part = (const char *)gsp_frame_part_const(&ls->golden, f->kind);
        in_frame.offset = (uint16_t)(in_frame.offset + (part - (const char *)&ls->golden));
        if (ls->layout.drive[i] >= 0) {
            const slot s = {in_frame, (uint8_t)i, (unsigned)ls->layout.drive[i]};
            if (f->kind == GSP_PARAM)
                ls->params_slots[ls->n_params_slots++] = s;
            else if (f->kind == GSP_INPUT)
                ls->in_slots[ls->n_in_slots++] = s;
            else
                ls->state_slots[ls->n_state_slots++] = s;
        }
        if (ls->layout.observe[i] >= 0) {
            const slot s = {in_frame, (uint8_t)i, (unsigned)ls->layout.observe[i]};
            ls->obs_slots[ls->n_obs_slots++] = s;
        }
        if (f->kind == GSP_OUTPUT && !ls->event)
            ls->event = f;
    }
}

static inline void pack(const slot *s, unsigned n, const gsp_frame *frame, uint32_t *words) {
    for (unsigned k = 0; k < n; k++) {
        const int64_t value = gsp_get(&s[k].field, frame);
        words[s[k].word] = (uint32_t)value;
        if (s[k].field.width > 32)
            words[s[k].word + 1] = (uint32_t)((uint64_t)value >> 32);
    }
}

static int64_t unpack(const slot *s, const uint32_t *words) {
    if (s->field.width > 32)
        return (int64_t)((uint64_t)words[s->word + 1] << 32 | words[s->word]);
    /* The bench extends to 32 bits, so a narrower field is already extended. */
    return s->field.is_signed ? (int32_t)words[s->word] : (int64_t)words[s->word];
}

static uint32_t *words_of(const gsp_lockstep *ls, uint64_t c) {
    return ls->words + (size_t)(c % ls->ring) * ls->n_words;
}

static uint32_t *expected_of(const gsp_lockstep *ls, uint64_t c) {
    return words_of(ls, c) + ls->layout.n_params + ls->layout.n_in + ls->layout.n_state;
}

static unsigned char *raw_of(const gsp_lockstep *ls, uint64_t c) {
    return ls->raw + (size_t)(c % ls->ring) * ls->raw_size;
}

static void store_raw(gsp_lockstep *ls, uint64_t c, const gsp_frame *f, const void *before) {
    unsigned char *raw = raw_of(ls, c);
    memcpy(raw, &f->params, ls->model->params_size);
    memcpy(raw + ls->model->params_size, &f->in, ls->model->in_size);
    memcpy(raw + ls->model->params_size + ls->model->in_size, before, ls->model->state_size);
}

static void load_raw(const gsp_lockstep *ls, uint64_t c, gsp_frame *f) {
    const unsigned char *raw = raw_of(ls, c);
    memset(f, 0, sizeof *f);
    memcpy(&f->params, raw, ls->model->params_size);
    memcpy(&f->in, raw + ls->model->params_size, ls->model->in_size);
    memcpy(&f->state, raw + ls->model->params_size + ls->model->in_size, ls->model->state_size);
}

/* ---- coverage ---------------------------------------------------------- */

/* Bit-sliced counters: a ripple of carries costs two planes per step on average. */
static void flush_bins(gsp_lockstep *ls) {
    for (unsigned b = 0; b < ls->cases->n_bins; b++)
        for (unsigned p = 0; p < PLANES; p++)
            ls->bin_count[b] += ((ls->plane[p] >> b) & 1u) << p;
    memset(ls->plane, 0, sizeof ls->plane);
    ls->pending = 0;
}

static inline void count_bins(gsp_lockstep *ls, uint64_t mask) {
    for (unsigned p = 0; mask; p++) {
        const uint64_t carry = ls->plane[p] & mask;
        ls->plane[p] ^= mask;
        mask = carry;
    }
    if (++ls->pending == (1u << PLANES) - 1)
        flush_bins(ls);
}

/* ---- golden side ------------------------------------------------------- */

/* Outputs after a reset are 0, but for those defined as the value of a state. */
static void reset_golden(gsp_lockstep *ls) {
    gsp_frame *g = &ls->golden;
    ls->model->reset(&g->state, &g->params);
    memset(&g->out, 0, ls->model->out_size);
    for (int i = 0; i < ls->model->n_fields; i++) {
        const gsp_field *f = &ls->fields[i];
        if (f->kind == GSP_OUTPUT && f->initial_of)
            gsp_set(f, &g->out,
                    gsp_get(&ls->fields[gsp_field_find(ls->model, f->initial_of)], &g->state));
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
static void compare_with_trace(gsp_lockstep *ls, size_t row, const void *before) {
    size_t compared = 0;
    const int column = gsp_trace_compare(&ls->trace, row, 0, &ls->golden, &compared);
    ls->trace_values += compared;
    if (column < 0 || ls->verdict)
        return;
    stop(ls, "GOLDEN", ls->computed, ls->drawn);
    FILE *file = open_in_folder(ls, "report.txt");
    if (!file)
        return;
    const gsp_field *f = &ls->fields[ls->trace.columns[column].field];
    fprintf(file,
            "GOLDEN MODEL DIFFERS FROM THE TRACE: %s, %s:%u\n"
            "  field %s: trace %" PRId64 ", golden model %" PRId64 "\n\nreproduce:\n  ",
            ls->model->name, ls->trace.path, ls->trace.lines[row], f->name,
            gsp_trace_value(&ls->trace, row, column), gsp_frame_get(&ls->golden, f));
    gsp_report_reproducer(file, ls->model, ls->fields, &ls->golden, before, NULL);
    fclose(file);
}

/* Draws the next step and takes it. False when the source has ended. */
static bool golden_step(gsp_lockstep *ls, gsp_struct *before) {
    gsp_frame *g = &ls->golden;
    if (ls->replay) {
        if (ls->drawn >= ls->trace.n_rows)
            return false;
        gsp_trace_load(&ls->trace, (size_t)ls->drawn, g);
    } else {
        const unsigned left = ls->stim.epoch_left;
        if (!gsp_stim_next(&ls->stim, &g->params, &g->state, &g->in))
            return false;
        ls->control_count[BIN_PARAMS] += left == 0 && ls->drawn > 0;
    }
    memcpy(before, &g->state, ls->model->state_size);
    ls->model->explain(&g->params, &g->in, &g->state, &g->out, &g->internal);
    count_bins(ls, ls->cases->cover(&g->params, &g->in, before, &g->state, &g->out, &g->internal));
    ls->events += ls->event && gsp_get(ls->event, &g->out) != 0;
    if (ls->replay)
        compare_with_trace(ls, (size_t)ls->drawn, before);
    ls->drawn++;
    return true;
}

static void random_words(gsp_rng *rng, uint32_t *words, unsigned n) {
    for (unsigned k = 0; k < n; k++)
        words[k] = (uint32_t)(gsp_rng_next(rng) >> 32);
}

/* Computes one cycle of the step or neuron form. False at the end of the run. */
static bool compute(gsp_lockstep *ls) {
    const uint64_t c = ls->computed;
    cycle *now = &ls->cycles[c % ls->ring];
    uint32_t *words = words_of(ls, c);
    uint32_t *in_words = words + ls->layout.n_params;
    gsp_struct before;

    const bool registered = ls->job.form == GSP_FORM_NEURON;
    const uint64_t r = registered ? gsp_rng_next(&ls->control) : 0;
    const bool start = registered && c < RESET_CYCLES;
    /* A trace is one run: it is interrupted by holds, never by a reset. */
    const bool reset = start || (registered && !ls->replay && (r & 0xFFF) == 0);
    if (registered && ls->gap_left == 0 && ((r >> 12) & 31) == 0)
        ls->gap_left = 1 + (unsigned)((r >> 17) & 3);

    now->rst_n = !reset;
    now->is_step = false;
    if (reset) {
        memcpy(&before, &ls->golden.state, ls->model->state_size);
        reset_golden(ls);
        now->valid = (r >> 20) & 1;
        ls->control_count[BIN_RESET] += !start;
    } else if (ls->gap_left > 0) {
        memcpy(&before, &ls->golden.state, ls->model->state_size);
        ls->gap_left--;
        now->valid = 0;
        ls->control_count[BIN_HOLD]++;
    } else {
        if (ls->drawn >= ls->job.steps || !golden_step(ls, &before))
            return false;
        now->valid = 1;
        now->is_step = true;
    }
    now->step = ls->drawn ? ls->drawn - 1 : 0;
    store_raw(ls, c, &ls->golden, &before);
    pack(ls->params_slots, ls->n_params_slots, &ls->golden, words);
    if (now->is_step)
        pack(ls->in_slots, ls->n_in_slots, &ls->golden, in_words);
    else
        random_words(&ls->control, in_words, ls->layout.n_in); /* a device must not listen now */
    pack(ls->obs_slots, ls->n_obs_slots, &ls->golden, expected_of(ls, c));
    if (ls->n_state_slots > 0) {
        const gsp_struct after = ls->golden.state;
        memcpy(&ls->golden.state, &before, ls->model->state_size);
        pack(ls->state_slots, ls->n_state_slots, &ls->golden, in_words + ls->layout.n_in);
        memcpy(&ls->golden.state, &after, ls->model->state_size);
    }
    ls->computed++;
    return true;
}

/* ---- reports ----------------------------------------------------------- */

static void see(const gsp_lockstep *ls, const uint32_t *obs, const uint32_t *unknown, gsp_seen seen[GSP_MAX_FIELDS]) {
    memset(seen, 0, GSP_MAX_FIELDS * sizeof seen[0]);
    for (unsigned k = 0; k < ls->n_obs_slots; k++) {
        const slot *s = &ls->obs_slots[k];
        gsp_seen *e = &seen[s->index];
        e->present = true;
        e->value = unpack(s, obs);
        e->unknown = unknown && (unknown[s->word] || (s->field.width > 32 && unknown[s->word + 1]));
    }
}

static void report_history(gsp_lockstep *ls, FILE *file, uint64_t c) {
    uint64_t shown[HISTORY + 1];
    unsigned n = 0;
    for (uint64_t k = c + 1; k-- > 0 && n <= HISTORY && c - k < BLOCK;)
        if (k == c || ls->cycles[k % ls->ring].is_step || !ls->cycles[k % ls->ring].rst_n)
            shown[n++] = k;
    fprintf(file, "\nthe last steps (inputs, then state and outputs after the step, as expected):\n  %10s %10s", "cycle",
            "step");
    for (int i = 0; i < ls->model->n_fields; i++) {
        const gsp_kind kind = ls->fields[i].kind;
        if (kind == GSP_INPUT || kind == GSP_STATE || kind == GSP_OUTPUT)
            fprintf(file, " %11.18s", ls->fields[i].name);
    }
    fprintf(file, "\n");
    while (n-- > 0) {
        const uint64_t k = shown[n];
        const cycle *at = &ls->cycles[k % ls->ring];
        gsp_frame f;
        load_raw(ls, k, &f);
        fprintf(file, "%s %10" PRIu64 " ", k == c ? ">" : " ", k);
        if (!at->rst_n) {
            fprintf(file, "%10s\n", "reset");
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

/* The failing steps as a trace of their own, from a known state: a regression test. */
static void write_window(gsp_lockstep *ls, uint64_t c) {
    uint64_t from = c;
    for (unsigned n = 0; from > 0 && n < HISTORY && c - from + 1 < BLOCK; from--) {
        const cycle *at = &ls->cycles[(from - 1) % ls->ring];
        if (!at->rst_n)
            break;
        n += at->is_step;
    }
    gsp_frame f;
    gsp_trace_writer w;
    gsp_error error;
    char path[640];
    snprintf(path, sizeof path, "%s/window.csv", ls->job.folder);
    load_raw(ls, from, &f);
    if (!gsp_trace_create(&w, path, ls->model, &f.params, &f.state, true, false, &error))
        return;
    gsp_trace_note(&w, "note", "the steps up to the first mismatch; expected values are the golden model's");
    for (uint64_t k = from; k <= c; k++) {
        if (!ls->cycles[k % ls->ring].is_step)
            continue;
        load_raw(ls, k, &f);
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

static void report_mismatch(gsp_lockstep *ls, uint64_t c, const uint32_t *obs, const uint32_t *unknown) {
    const cycle *at = &ls->cycles[c % ls->ring];
    FILE *file = open_in_folder(ls, "report.txt");
    if (!file)
        return;
    gsp_frame f;
    gsp_seen seen[GSP_MAX_FIELDS];
    load_raw(ls, c, &f);
    gsp_struct before = f.state;
    see(ls, obs, unknown, seen);
    report_head(ls, file, "MISMATCH", c, at->step);

    if (at->is_step) {
        ls->model->explain(&f.params, &f.in, &f.state, &f.out, &f.internal);
    } else {
        /* The golden side of a cycle without a step is what was packed for it. */
        fprintf(file, "  no step in this cycle: %s\n\n",
                at->rst_n ? "en = 0, everything holds" : "rst_n = 0, everything takes its reset value");
        for (unsigned k = 0; k < ls->n_obs_slots; k++)
            gsp_set(&ls->obs_slots[k].field, &f, unpack(&ls->obs_slots[k], expected_of(ls, c)));
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
        gsp_report_reproducer(file, ls->model, ls->fields, &f, &before, seen);
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

/* ---- comparison -------------------------------------------------------- */

static inline bool differs(const gsp_lockstep *ls, const uint32_t *obs, const uint32_t *unknown,
                           const uint32_t *expected) {
    uint32_t difference = 0;
    const unsigned n = ls->layout.n_obs - (ls->job.form == GSP_FORM_SERIAL);
    for (unsigned k = 0; k < n; k++)
        difference |= obs[k] ^ expected[k];
    for (unsigned k = 0; unknown && k < n; k++)
        difference |= unknown[k];
    return difference != 0;
}

static void progress(const gsp_lockstep *ls) {
    if (ls->on_terminal)
        fprintf(stderr, "\r%s %s: %" PRIu64 " of %" PRIu64 " steps ", ls->model->name, ls->job.simulator, ls->steps,
                ls->job.steps);
}

static const gsp_drive *drive_cycle(gsp_lockstep *ls) {
    const uint64_t c = ls->clocked;
    const uint32_t *words = words_of(ls, c);
    const cycle *now = &ls->cycles[c % ls->ring];
    ls->drive.rst_n = now->rst_n;
    ls->drive.valid = now->valid;
    ls->drive.ready = 1;
    ls->drive.params = words;
    ls->drive.in = words + ls->layout.n_params;
    ls->drive.state = words + ls->layout.n_params + ls->layout.n_in;
    return &ls->drive;
}

static const gsp_drive *next_cycle(gsp_lockstep *ls) {
    if (ls->clocked == ls->computed && !ls->exhausted) {
        for (unsigned k = 0; k < BLOCK && !ls->exhausted; k++)
            ls->exhausted = !compute(ls);
        if ((ls->clocked & 0xFFFFF) == 0)
            progress(ls);
    }
    if (ls->verdict || ls->clocked == ls->computed)
        return NULL;
    return drive_cycle(ls);
}

static const gsp_drive *clock_parallel(gsp_lockstep *ls, const uint32_t *obs, const uint32_t *unknown) {
    const uint64_t c = ls->clocked;
    if (differs(ls, obs, unknown, expected_of(ls, c))) {
        report_mismatch(ls, c, obs, unknown);
        stop(ls, "MISMATCH", c, ls->cycles[c % ls->ring].step);
        return NULL;
    }
    ls->steps += ls->cycles[c % ls->ring].is_step;
    ls->clocked++;
    return next_cycle(ls);
}

/* ---- serial form ------------------------------------------------------- */

/*
 * One step is in flight at a time, and in ring entry computed - 1. The bench
 * registers what stood at the edge: obs holds the device's outputs of that
 * moment, and a word of handshake flags.
 */
enum { ACCEPTED = 1, RETIRED = 2, OUT_VALID = 4 };

static const gsp_drive *serial_drive(gsp_lockstep *ls) {
    uint32_t *words = words_of(ls, ls->computed ? ls->computed - 1 : 0);
    ls->drive.rst_n = 1;
    ls->drive.valid = ls->phase == SERIAL_OFFER;
    ls->drive.ready = gsp_rng_below(&ls->control, 8) < ls->ready_of_8;
    ls->drive.params = ls->drive.state = words;
    ls->drive.in = words + ls->layout.n_params;
    if (ls->phase != SERIAL_OFFER) {
        /* Inputs are captured at acceptance; at any other time they say nothing. */
        uint32_t *noise = ls->words + (size_t)ls->ring * ls->n_words;
        random_words(&ls->control, noise, ls->layout.n_in);
        ls->drive.in = noise;
    }
    return &ls->drive;
}

/* Takes the next golden step and offers it to the device, at once or after a gap. */
static const gsp_drive *serial_offer(gsp_lockstep *ls) {
    gsp_struct before;
    const uint64_t c = ls->computed;
    if (ls->drawn >= ls->job.steps || !golden_step(ls, &before) || ls->verdict) {
        ls->exhausted = true;
        return NULL;
    }
    cycle *now = &ls->cycles[c % ls->ring];
    uint32_t *words = words_of(ls, c);
    now->step = ls->drawn - 1;
    now->rst_n = now->valid = 1;
    now->is_step = true;
    store_raw(ls, c, &ls->golden, &before);
    pack(ls->params_slots, ls->n_params_slots, &ls->golden, words);
    pack(ls->in_slots, ls->n_in_slots, &ls->golden, words + ls->layout.n_params);
    pack(ls->obs_slots, ls->n_obs_slots, &ls->golden, expected_of(ls, c));
    ls->computed++;
    ls->waited = 0;
    ls->was_valid = false;
    /* Sometimes the taker is always ready, sometimes mostly, sometimes rarely. */
    static const uint8_t readiness[] = {8, 8, 6, 2};
    ls->ready_of_8 = readiness[gsp_rng_below(&ls->control, 4)];
    ls->phase = SERIAL_OFFER;
    if (gsp_rng_one_in(&ls->control, 4)) {
        ls->phase = SERIAL_GAP;
        ls->gap_left = 1 + gsp_rng_below(&ls->control, 4);
        ls->control_count[BIN_HOLD]++;
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
    const uint64_t item = ls->computed - 1;
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
        stop(ls, "MISMATCH", ls->clocked - 1, ls->cycles[item % ls->ring].step);
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
    else if (ls->phase == SERIAL_GAP && --ls->gap_left == 0)
        ls->phase = SERIAL_OFFER;
    (void)serial_drive(ls);
    /* A reset drops the step in flight, on both sides. A trace is one run and is not interrupted. */
    if (!ls->replay && gsp_rng_one_in(&ls->control, 8192)) {
        ls->control_count[BIN_RESET]++;
        ls->drawn--;
        reset_golden(ls);
        ls->drive.rst_n = 0;
    }
    return &ls->drive;
}

/* ---- the adapter's side ------------------------------------------------ */

const gsp_layout *gsp_lockstep_layout(const gsp_lockstep *ls) {
    return &ls->layout;
}

const gsp_job *gsp_lockstep_job(const gsp_lockstep *ls) {
    return &ls->job;
}

static bool prepare(gsp_lockstep *ls, gsp_error *error) {
    gsp_struct params;
    memset(&params, 0, sizeof params);
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
            return gsp_fail(error, "%s: starts from a state that is not the reset state; only form 'step' can "
                            "replay it", ls->job.trace);
    }
    for (int i = 0; i < ls->model->n_fields; i++)
        if (ls->job.hidden[i] && ls->model->fields[i].kind == GSP_PARAM)
            ls->fixed[i] = true; /* a parameter without a port keeps its value */
    gsp_resolve(ls->model, &params, ls->fields);
    gsp_layout_make(&ls->layout, ls->model, ls->fields, ls->job.form, ls->job.hidden);
    make_slots(ls);
    ls->golden.params = params;
    gsp_default_inputs(ls->model, &params, &ls->golden.in);
    reset_golden(ls);
    if (!ls->replay)
        gsp_stim_start(&ls->stim, ls->model, &params, ls->fixed, ls->job.level, ls->job.seed,
                       ls->job.form == GSP_FORM_STEP && ls->job.level != GSP_LEVEL_RANDOM);
    gsp_rng_seed(&ls->control, ls->job.seed ^ UINT64_C(0x636F6E74726F6C)); /* "control" */

    ls->ring = ls->job.bare ? BARE_RING : RING;
    ls->raw_size = (size_t)ls->model->params_size + ls->model->in_size + ls->model->state_size;
    ls->n_words = ls->layout.n_params + ls->layout.n_in + ls->layout.n_state + ls->layout.n_obs;
    ls->cycles = (cycle *)calloc(ls->ring, sizeof *ls->cycles);
    ls->raw = (unsigned char *)calloc(ls->ring, ls->raw_size);
    ls->words = (uint32_t *)calloc((size_t)ls->ring + 1, ls->n_words * sizeof *ls->words);
    if (!ls->cycles || !ls->raw || !ls->words)
        return gsp_fail(error, "out of memory");
    return true;
}

gsp_lockstep *gsp_lockstep_open(const char *job_path, gsp_error *error) {
    gsp_lockstep *ls = (gsp_lockstep *)calloc(1, sizeof *ls);
    if (!ls) {
        gsp_fail(error, "out of memory");
        return NULL;
    }
    if (!gsp_job_read(&ls->job, job_path, error)) {
        free(ls);
        return NULL;
    }
    ls->model = ls->job.model;
    ls->cases = gsp_cases_of(ls->model);
    ls->on_terminal = isatty(2) != 0;
    if (!prepare(ls, error)) {
        gsp_job_free(&ls->job);
        gsp_trace_free(&ls->trace);
        free(ls->cycles);
        free(ls->raw);
        free(ls->words);
        free(ls);
        return NULL;
    }
    return ls;
}

const gsp_drive *gsp_lockstep_start(gsp_lockstep *ls) {
    if (ls->job.bare)
        while (ls->computed < ls->ring && compute(ls)) {
        }
    clock_gettime(CLOCK_MONOTONIC, &ls->started);
    if (ls->job.form != GSP_FORM_SERIAL)
        return ls->job.bare ? drive_cycle(ls) : next_cycle(ls);
    /* Reset first, with nothing in flight. */
    pack(ls->params_slots, ls->n_params_slots, &ls->golden, ls->words);
    (void)serial_drive(ls);
    ls->drive.rst_n = 0;
    return &ls->drive;
}

const gsp_drive *gsp_lockstep_clock(gsp_lockstep *ls, const uint32_t *obs, const uint32_t *unknown) {
    if (ls->job.bare) {
        ls->steps += ls->cycles[ls->clocked % ls->ring].is_step;
        ls->clocked++;
        if (ls->steps >= ls->job.steps)
            return NULL;
        /* The ring starts over with its recorded stimulus. */
        return drive_cycle(ls);
    }
    return ls->job.form == GSP_FORM_SERIAL ? clock_serial(ls, obs, unknown) : clock_parallel(ls, obs, unknown);
}

static int judge(gsp_lockstep *ls, unsigned *hit, unsigned *wanted, char *empty, size_t empty_size) {
    const uint64_t all = ls->cases->n_bins >= 64 ? UINT64_MAX : (UINT64_C(1) << ls->cases->n_bins) - 1;
    const uint64_t reachable = ls->cases->reachable ? ls->cases->reachable(&ls->golden.params) & all : all;
    bool tied = false;
    for (int i = 0; i < ls->model->n_fields; i++)
        tied = tied || (ls->fixed[i] && ls->model->fields[i].kind == GSP_PARAM);
    *hit = *wanted = 0;
    *empty = '\0';
    flush_bins(ls);
    for (unsigned b = 0; b < ls->cases->n_bins + CONTROL_BINS; b++) {
        const bool control = b >= ls->cases->n_bins;
        const unsigned k = control ? b - ls->cases->n_bins : b;
        if (control ? ls->job.form == GSP_FORM_STEP && k != BIN_PARAMS : !((reachable >> b) & 1u))
            continue;
        const bool is_hit = control ? ls->control_count[k] > 0 : ls->bin_count[k] > 0;
        ++*wanted;
        *hit += is_hit;
        if (!is_hit)
            snprintf(empty + strlen(empty), empty_size - strlen(empty), " %s",
                     control ? control_bins[k] : ls->cases->bins[k].name);
    }
    ls->values = ls->steps * ls->n_obs_slots;
    if (ls->verdict)
        return GSP_EXIT_MISMATCH;
    const uint64_t asked = ls->job.level == GSP_LEVEL_EXHAUSTIVE && ls->exhausted && ls->drawn < ls->job.steps
                               ? ls->drawn
                               : ls->job.steps;
    if (ls->steps < asked || ls->steps == 0) {
        ls->verdict = "SHORT";
        return GSP_EXIT_MISMATCH;
    }
    const bool judged = !ls->job.bare && !ls->replay && ls->job.level == GSP_LEVEL_RANDOM && !tied &&
                        ls->steps >= JUDGED_STEPS;
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
    int code = judge(ls, &hit, &wanted, empty, sizeof empty);
    if (ls->on_terminal)
        fprintf(stderr, "\r%60s\r", "");
    FILE *file = open_in_folder(ls, "bins.txt");
    if (file) {
        for (unsigned b = 0; b < ls->cases->n_bins; b++)
            fprintf(file, "%" PRIu64 " %s: %s\n", ls->bin_count[b], ls->cases->bins[b].name,
                    ls->cases->bins[b].meaning);
        for (unsigned k = 0; k < CONTROL_BINS; k++)
            fprintf(file, "%" PRIu64 " %s: of the drive itself\n", ls->control_count[k], control_bins[k]);
        fclose(file);
    }
    file = open_in_folder(ls, "record.txt");
    if (file) {
        fprintf(file,
                "verdict=%s\nsteps_asked=%" PRIu64 "\nsteps=%" PRIu64 "\ncycles=%" PRIu64 "\nvalues=%" PRIu64
                "\nevents=%" PRIu64 "\ntrace_values=%" PRIu64 "\nfail_cycle=%" PRIu64 "\nfail_step=%" PRIu64
                "\nbins_hit=%u\nbins_wanted=%u\nempty_bins=%s\nseconds=%.6f\nend=1\n",
                ls->verdict, ls->job.steps, ls->steps, ls->clocked, ls->values, ls->events, ls->trace_values,
                ls->fail_cycle, ls->fail_step, hit, wanted, empty, seconds);
        if (fclose(file) != 0)
            code = GSP_EXIT_ENVIRONMENT;
    } else {
        fprintf(stderr, "gsp: %s/record.txt: cannot write: %s\n", ls->job.folder, strerror(errno));
        code = GSP_EXIT_ENVIRONMENT;
    }
    gsp_job_free(&ls->job);
    gsp_trace_free(&ls->trace);
    free(ls->cycles);
    free(ls->raw);
    free(ls->words);
    free(ls);
    return code;
}
