/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stream of updates on a board (stream.h): at full speed, when the board makes them itself and only a
 * signature of their records comes back for each leg, or one by one, for arrays.
 *
 * A leg whose signature is wrong is followed up: it is run again and again, each time as far as the
 * middle of what is in doubt, until one update is left. That one is run singly, and reported like any
 * step of the lockstep core: as a trace of a few steps that the core compares with what the board shows.
 */
#define _POSIX_C_SOURCE 200809L
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hil.h"

enum {
    LEG = 32768,     /* updates at full speed */
    SHORT_LEG = 512, /* one by one */
    PAST = 4096,     /* more than can be on their way */
    WINDOW = 16      /* updates run up to the wrong one: more than an array has in flight */
};

/* How a leg, or the begin of one, ended. */
typedef enum outcome {
    AGREES,
    DIFFERS, /* in what was observed */
    SHORT,   /* other updates than asked for */
    HANGS,
    REGISTER, /* a register reads other than it should: h->bad_register */
    LOST,     /* the line changed or lost bytes, again and again */
    SILENT,   /* no answer, again and again */
    GONE
} outcome;

/* ---- the board's counters --------------------------------------------------- */

/*
 * Reads registers until two answers in a row are the same, or one is what is wanted. `answered`: words
 * hold an answer already.
 */
static outcome read_surely(hil *h, uint32_t address, unsigned n, const uint32_t *wanted, bool answered,
                           uint32_t *words) {
    uint32_t last[GSP_BOARD_MAX_PARAMS];
    for (unsigned silent = 0, reads = 0; reads < 4 * ATTEMPTS; reads++) {
        memcpy(last, words, n * sizeof *words);
        const line_state state = line_read(&h->line, true, address, n, words, ANSWER_MS);
        if (state == LINE_GONE)
            return GONE;
        /* A byte too many would stand behind the answer. */
        const bool whole = state == LINE_OK && h->line.in_n == h->line.in_at;
        if (whole && (memcmp(words, wanted, n * sizeof *words) == 0 ||
                      (answered && memcmp(words, last, n * sizeof *words) == 0)))
            return AGREES;
        h->again++;
        if ((!whole || answered) && line_quiet(&h->line, QUIET_MS << (silent < 3 ? silent : 3)) == LINE_GONE)
            return GONE;
        answered = whole;
        silent += state == LINE_SILENT;
        if (silent == ATTEMPTS)
            return SILENT;
    }
    return LOST;
}

/* Waits until the board has done what it was told, and compares its counters. */
static outcome settle(hil *h, uint32_t ticks, uint32_t sum_out) {
    const uint32_t wanted[4] = {0, ticks, h->sum_in, sum_out};
    uint32_t r[4], moved = 0;
    double since = hil_seconds(h);
    for (unsigned silent = 0, strange = 0;;) {
        const line_state state = line_read(&h->line, true, GSP_BOARD_CONTROL, 4, r, ANSWER_MS);
        if (state == LINE_GONE)
            return GONE;
        if (state == LINE_SILENT) {
            h->again++;
            if (line_quiet(&h->line, QUIET_MS << silent) == LINE_GONE)
                return GONE;
            if (++silent == ATTEMPTS)
                return SILENT;
            continue;
        }
        if (memcmp(r, wanted, sizeof r) == 0)
            return AGREES;
        if (!(r[0] & GSP_BOARD_BUSY))
            break;
        strange = r[2] != h->sum_in ? strange + 1 : 0;
        if (strange == ATTEMPTS) /* it is at something that it was not told */
            return LOST;
        if (r[1] != moved)
            since = hil_seconds(h);
        moved = r[1];
        if (hil_seconds(h) - since > 1e-3 * SILENCE_MS)
            break;
    }
    const outcome read = read_surely(h, GSP_BOARD_CONTROL, 4, wanted, h->line.in_n == h->line.in_at, r);
    if (read == AGREES && memcmp(r, wanted, sizeof r) == 0)
        h->again++; /* the first answer was spoilt */
    if (read != AGREES)
        return read;
    if ((r[0] & ~(uint32_t)GSP_BOARD_BUSY) != 0 || r[2] != h->sum_in)
        return LOST;
    return r[0] & GSP_BOARD_BUSY ? HANGS : r[1] != ticks ? SHORT : r[3] != sum_out ? DIFFERS : AGREES;
}

/* ---- at full speed ------------------------------------------------------------ */

static uint32_t fold_record(const hil *h, uint32_t sum) {
    for (unsigned k = 0; k < h->board.n_obs; k++)
        sum = gsp_board_sum(sum, h->stream.record[k]);
    return sum;
}

/*
 * Brings the board to update `from` of the leg, the golden side too, and returns the signature up to
 * there. With h->from_state no run is needed for that.
 */
static uint32_t put_start(hil *h, uint64_t leg, uint64_t from, uint32_t *ticks) {
    const gsp_board *b = &h->board;
    gsp_stream *s = &h->stream;
    const uint32_t zeros[GSP_BOARD_MAX_WORDS] = {0};
    const bool load = h->from_state && from > 0;
    uint32_t sum_out = 0, seed;
    line_put_command(&h->line, true, true, 1, GSP_BOARD_CONTROL);
    line_put_word(&h->line, 0);
    h->sum_in = 0;
    gsp_stream_seek(s, leg, 0);
    gsp_stream_params(s, h->params);
    hil_put_write(h, GSP_BOARD_PARAMS, true, h->params, b->n_params);
    hil_put_write(h, GSP_BOARD_IN | GSP_BOARD_RESET, false, zeros, b->n_in);
    *ticks = 1;
    if (b->form != GSP_FORM_ARRAY)
        sum_out = fold_record(h, sum_out);
    seed = s->random_start;
    if (load) {
        uint32_t state[GSP_BOARD_MAX_WORDS];
        gsp_stream_seek(s, leg, from);
        for (int i = 0; i < b->model->n_fields; i++)
            if (b->state[i] >= 0)
                gsp_board_pack(&b->fields[i], &s->frame.state, b->state[i], state);
        hil_put_write(h, GSP_BOARD_OBS, true, state, b->n_state);
        seed = s->random;
    }
    hil_put_write(h, GSP_BOARD_SEED, false, &seed, 1);
    hil_put_write(h, GSP_BOARD_POOL, false, s->pool, b->n_in << h->pool_bits);
    if (from > 0 && !load) {
        const uint32_t n = (uint32_t)from;
        hil_put_write(h, GSP_BOARD_RUN, false, &n, 1);
        while (s->at < from) {
            gsp_stream_next(s);
            sum_out = fold_record(h, sum_out);
        }
        *ticks += n;
    }
    return sum_out;
}

/* Runs updates `from` to `to` of the leg at full speed. What the line loses is tried again. */
static outcome run_leg(hil *h, uint64_t leg, uint64_t from, uint64_t to) {
    gsp_stream *s = &h->stream;
    const uint64_t bins = s->bins, events = s->events, updates = s->updates;
    outcome o = LOST;
    for (unsigned attempt = 0; attempt < ATTEMPTS && o == LOST; attempt++) {
        uint32_t ticks;
        if (attempt > 0) {
            h->repeated++;
            if (line_quiet(&h->line, QUIET_MS << attempt) == LINE_GONE)
                return GONE;
        }
        uint32_t sum_out = put_start(h, leg, from, &ticks);
        s->bins = bins;
        s->events = events;
        s->updates = updates;
        const uint32_t n = (uint32_t)(to - from);
        hil_put_write(h, GSP_BOARD_RUN, false, &n, 1);
        if (line_pump(&h->line, 0) == LINE_GONE)
            return GONE;
        while (s->at < to) {
            gsp_stream_next(s);
            sum_out = fold_record(h, sum_out);
        }
        o = settle(h, ticks + n, sum_out);
    }
    return o;
}

/* Whether n registers read as `wanted`; keeps the first that does not. `places`: of the fields' words. */
static outcome check_words(hil *h, uint32_t address, const uint32_t *wanted, unsigned n,
                           const int16_t *places) {
    uint32_t seen[GSP_BOARD_MAX_PARAMS] = {0};
    const outcome o = read_surely(h, address, n, wanted, false, seen);
    for (unsigned k = 0; o == AGREES && k < n; k++)
        if (seen[k] != wanted[k]) {
            h->bad_register = (hil_register){"", seen[k], wanted[k]};
            for (int i = 0; i < h->board.model->n_fields; i++)
                if (places[i] >= 0 && places[i] <= (int)k)
                    h->bad_register.name = h->board.fields[i].name;
            return REGISTER;
        }
    return o;
}

static outcome check_params(hil *h) {
    const gsp_board *b = &h->board;
    uint32_t wanted[GSP_BOARD_MAX_PARAMS] = {0};
    for (unsigned k = 0; k < b->n_params; k++)
        wanted[k] = h->params[k] & b->param_mask[k];
    return check_words(h, GSP_BOARD_PARAMS, wanted, b->n_params, b->param);
}

/* Whether state that is written reads back. */
static outcome try_state(hil *h, uint32_t pattern) {
    const gsp_board *b = &h->board;
    uint32_t words[GSP_BOARD_MAX_WORDS], seen[GSP_BOARD_MAX_WORDS] = {0}, wanted[GSP_BOARD_MAX_WORDS] = {0};
    uint32_t sum;
    line_put_command(&h->line, true, true, 1, GSP_BOARD_CONTROL);
    line_put_word(&h->line, 0);
    h->sum_in = 0;
    for (unsigned k = 0; k < b->n_state; k++)
        words[k] = pattern + k * UINT32_C(0x01010101);
    hil_put_write(h, GSP_BOARD_OBS, true, words, b->n_state);
    const uint64_t again = h->again; /* what the outputs show is not known: two reads in any case */
    outcome o = read_surely(h, GSP_BOARD_OBS, b->n_obs, wanted, false, seen);
    if (o != AGREES)
        return o;
    h->again -= h->again > again;
    o = read_surely(h, GSP_BOARD_SUM_IN, 1, &h->sum_in, false, &sum);
    if (o != AGREES || sum != h->sum_in)
        return o != AGREES ? o : LOST;
    for (int i = 0; i < b->model->n_fields; i++) {
        const gsp_field *f = &b->fields[i];
        for (int k = 0; b->state[i] >= 0 && k < (f->width > 32 ? 2 : 1); k++) {
            /* Only as many bits as the field has; what is above them repeats the sign, or is 0. */
            const int bits = f->width - 32 * k < 32 ? f->width - 32 * k : 32;
            uint32_t word = words[b->state[i] + k] << (32 - bits);
            word = f->is_signed ? (uint32_t)((int32_t)word >> (32 - bits)) : word >> (32 - bits);
            if (seen[b->observe[i] + k] != word) {
                h->bad_register = (hil_register){f->name, seen[b->observe[i] + k], word};
                return REGISTER;
            }
        }
    }
    return AGREES;
}

static outcome check_state(hil *h) {
    outcome o = AGREES;
    for (unsigned k = 0; k < 2 && o == AGREES; k++) {
        o = LOST;
        for (unsigned attempt = 0; attempt < ATTEMPTS && o == LOST; attempt++) {
            if (attempt > 0 && line_quiet(&h->line, QUIET_MS << attempt) == LINE_GONE)
                return GONE;
            h->repeated += attempt > 0;
            o = try_state(h, k ? UINT32_C(0xA5C3698E) : UINT32_C(0x5A3C9671));
        }
    }
    return o;
}

/* What the signatures do not need, after a leg: registers read back, state written. */
static outcome check_registers(hil *h) {
    const gsp_board *b = &h->board;
    outcome o = check_params(h);
    if (o == AGREES && b->form != GSP_FORM_ARRAY) /* there they stand only until they are taken */
        o = check_words(h, GSP_BOARD_OBS, h->stream.record, b->n_obs, b->observe);
    return o == AGREES && b->n_state > 0 ? check_state(h) : o;
}

/*
 * Runs the n updates before `end` of the leg, after the board has come to where they begin, with their
 * records. `past[k]` is update end - n + k. The line is checked by the signature of what came back.
 */
static outcome run_window(hil *h, uint64_t leg, uint64_t end, unsigned n, hil_past past[WINDOW]) {
    const gsp_board *b = &h->board;
    gsp_stream *s = &h->stream;
    const unsigned resets = b->form != GSP_FORM_ARRAY; /* records of it */
    uint32_t words[LINE_MAX_BURST], ticks;
    outcome o = LOST;
    for (unsigned attempt = 0; attempt < ATTEMPTS && o == LOST; attempt++) {
        if (attempt > 0 && line_quiet(&h->line, QUIET_MS << attempt) == LINE_GONE)
            return GONE;
        uint32_t sum_out = put_start(h, leg, end - n, &ticks);
        const uint32_t updates = n;
        hil_put_write(h, GSP_BOARD_RUN_RECORDED, false, &updates, 1);
        for (unsigned k = 0; k < n; k++) {
            gsp_stream_next(s);
            past[k].leg = leg;
            past[k].at = s->at - 1;
            memcpy(past[k].expected, s->record, sizeof s->record);
        }
        /* The reset's record is in the queue, and folded as the golden one: it has been compared. */
        const line_state state =
            line_read(&h->line, false, GSP_BOARD_RECORD, (n + resets) * b->n_obs, words, SILENCE_MS);
        if (state == LINE_GONE)
            return GONE;
        if (state == LINE_SILENT)
            continue;
        for (unsigned k = 0; k < n; k++) {
            memcpy(past[k].seen, words + (size_t)(resets + k) * b->n_obs, b->n_obs * sizeof words[0]);
            for (unsigned w = 0; w < b->n_obs; w++)
                sum_out = gsp_board_sum(sum_out, past[k].seen[w]);
        }
        o = settle(h, ticks + n, sum_out);
        if (o == DIFFERS)
            o = LOST;
    }
    return o;
}

/* ---- reports --------------------------------------------------------------------- */

static void say_where(const hil *h, const hil_past *p) {
    printf("update %" PRIu64 " of leg %" PRIu64, p->at, p->leg);
    if (h->board.form == GSP_FORM_ARRAY)
        printf(", neuron %" PRIu32 " of %" PRIu32, p->expected[h->board.n_obs - 1], h->board.neurons);
    printf(", seed %" PRIu64, h->o->seed);
}

/* The updates of one neuron, up to past[n - 1], as a trace from the state before them. */
static bool write_steps(hil *h, const char *path, const hil_past *past, unsigned n, uint32_t neuron,
                        gsp_error *error) {
    gsp_stream *s = &h->stream;
    gsp_trace_writer w;
    bool begun = false;
    gsp_stream_seek(s, past[0].leg, past[0].at);
    for (unsigned k = 0; k < n; k++) {
        gsp_stream_next(s);
        if (s->neuron != neuron)
            continue;
        if (!begun) {
            if (!gsp_trace_create(&w, path, h->board.model, &s->frame.params, &s->before, true, false, error))
                return false;
            gsp_trace_tables(&w, &h->o->common.settings);
            gsp_trace_note(&w, "note", "the steps on the board up to the first wrong one");
            begun = true;
        }
        gsp_trace_row(&w, &s->frame, NULL);
    }
    return begun ? gsp_trace_close(&w, error) : gsp_fail(error, "no step to report");
}

/* The lockstep core compares the board's records of that trace's steps, and writes the report. */
static int report_steps(hil *h, gsp_job *job, const hil_past *past, unsigned n, uint32_t neuron) {
    char path[PLACE_MAX + 200], form[] = "--form", step[] = "step", in[] = "--in", name[64];
    gsp_error error;
    snprintf(job->trace, sizeof job->trace, "%.480s/steps.csv", job->folder);
    snprintf(name, sizeof name, "%s", job->model->name);
    char *const words[] = {name, form, step, in, job->trace, NULL};
    snprintf(path, sizeof path, "%s/job.txt", job->folder);
    job->form = GSP_FORM_STEP;
    job->steps = 0;
    if (!write_steps(h, job->trace, past, n, neuron, &error) || !gsp_job_write(job, path, &error))
        return cli_environment(h->verb, "%s", error.text);
    if (!gsp_save_command(job, words))
        return cli_environment(h->verb, "%s: cannot write", job->folder);
    gsp_lockstep *ls = gsp_lockstep_open(path, &error);
    if (!ls)
        return cli_environment(h->verb, "%s", error.text);
    const gsp_drive *drive = gsp_lockstep_start(ls);
    for (unsigned k = 0; k < n && drive; k++)
        if (h->board.form != GSP_FORM_ARRAY || past[k].expected[h->board.n_obs - 1] == neuron)
            drive = gsp_lockstep_clock(ls, past[k].seen, NULL);
    if (gsp_lockstep_close(ls) == EXIT_MISMATCH)
        gsp_print_report(job->folder);
    return EXIT_MISMATCH;
}

/* past[n - 1] is the first wrong update. */
static int report(hil *h, gsp_job *job, const hil_past *past, unsigned n) {
    const hil_past *p = &past[n - 1];
    const unsigned last = h->board.n_obs - 1;
    const bool array = h->board.form == GSP_FORM_ARRAY;
    printf("The first wrong step is ");
    say_where(h, p);
    printf(".\n");
    if (array && p->seen[last] != p->expected[last])
        printf("  out_id: DUT %" PRIu32 ", expected %" PRIu32 "\n", p->seen[last], p->expected[last]);
    const int code = report_steps(h, job, past, n, array ? p->expected[last] : 0);
    if (code == EXIT_MISMATCH) {
        printf("MISMATCH %s board, ", job->model->name);
        say_where(h, p);
        printf("\n");
    }
    return code;
}

/* ---- a wrong leg ------------------------------------------------------------------- */

/* Narrows to the first wrong update: `*bad` updates of the leg differ, one less agrees. */
static outcome narrow(hil *h, uint64_t leg, uint64_t *bad, unsigned *runs) {
    uint64_t good = 0;
    while (*bad - good > 1) {
        const uint64_t middle = good + (*bad - good) / 2;
        const outcome o = run_leg(h, leg, h->from_state ? good : 0, middle);
        ++*runs;
        if (isatty(2))
            fprintf(stderr, "\r%s %s: leg %" PRIu64 ", the first wrong update is among %" PRIu64 " ",
                    h->verb->name, h->line.port, leg, *bad - good);
        if (o == AGREES)
            good = middle;
        else if (o == DIFFERS)
            *bad = middle;
        else
            return o;
    }
    return AGREES;
}

static int mismatch(const hil *h, uint64_t leg) {
    printf("MISMATCH %s board, leg %" PRIu64 ", seed %" PRIu64 "\n", h->board.model->name, leg, h->o->seed);
    return EXIT_MISMATCH;
}

/* The end of a run that an outcome other than AGREES and DIFFERS brings. */
static int explain(const hil *h, outcome o, uint64_t leg) {
    const char *port = h->line.port;
    const hil_register *r = &h->bad_register;
    switch (o) {
    case GONE: return hil_gone(h);
    case SILENT:
        return cli_environment(h->verb, "%s: the board stopped answering in leg %" PRIu64, port, leg);
    case LOST:
        return cli_environment(h->verb,
                               "%s: bytes were lost or changed on the line, again and again: no verdict "
                               "about the neuron",
                               port);
    case HANGS: printf("%s: the neuron takes no further update\n", port); break;
    case REGISTER:
        printf("%s: register %s reads %08" PRIx32 ", expected %08" PRIx32 "\n", port, r->name, r->seen,
               r->wanted);
        break;
    default: printf("%s: the board took more or fewer updates than it was told to\n", port); break;
    }
    return mismatch(h, leg);
}

/* Leg `leg` of n updates differs: where, and how. */
static int follow_up(hil *h, gsp_job *job, uint64_t leg, uint64_t n) {
    const unsigned most = LINE_MAX_BURST / h->board.n_obs - 1;
    unsigned runs = 0;
    hil_past past[WINDOW];
    outcome o = check_params(h);
    if (o == AGREES)
        o = run_leg(h, leg, 0, 0);
    if (o == DIFFERS) {
        printf("%s: after a reset the neuron does not show its reset values\n", h->line.port);
        return mismatch(h, leg);
    }
    /* From written states where the board has that; but what is wrong may need all that went before. */
    h->from_state = h->board.n_state > 0;
    for (bool last = false; o == AGREES && !last; h->from_state = false) {
        uint64_t bad = n;
        last = !h->from_state;
        o = narrow(h, leg, &bad, &runs);
        if (o != AGREES)
            break;
        unsigned shown = bad < WINDOW ? (unsigned)bad : (unsigned)WINDOW;
        if (shown > most)
            shown = most;
        o = run_window(h, leg, bad, shown, past);
        if (isatty(2))
            fprintf(stderr, "\r%78s\r", "");
        for (unsigned k = 0; o == AGREES && k < shown; k++)
            if (memcmp(past[k].seen, past[k].expected, h->board.n_obs * sizeof(uint32_t)) != 0) {
                printf("%s: the sum of leg %" PRIu64 " is wrong; followed up with %u runs\n", h->line.port,
                       leg, runs);
                return report(h, job, past, k + 1);
            }
    }
    if (o != AGREES)
        return explain(h, o, leg);
    printf("%s: the sum of leg %" PRIu64 " was wrong, but shorter runs are right:\n"
           "  the board does not always do the same (timing? supply?)\n",
           h->line.port, leg);
    return mismatch(h, leg);
}

static int run_full_speed(hil *h, gsp_job *job) {
    const gsp_stream *s = &h->stream;
    const uint64_t legs = (job->steps + LEG - 1) / LEG;
    unsigned hit = 0;
    for (uint64_t leg = 0; leg < legs; leg++) {
        const uint64_t n = job->steps - leg * LEG < LEG ? job->steps - leg * LEG : LEG;
        outcome o = run_leg(h, leg, 0, n);
        if (o == DIFFERS)
            return follow_up(h, job, leg, n);
        if (o == AGREES && leg == 0)
            o = check_registers(h);
        if (o != AGREES)
            return explain(h, o, leg);
        if (isatty(2))
            fprintf(stderr, "\r%s %s: %" PRIu64 " of %" PRIu64 " updates ", job->model->name, h->line.port,
                    s->updates, job->steps);
    }
    for (unsigned k = 0; k < s->cases->n_bins; k++)
        hit += (unsigned)((s->bins >> k) & 1);
    const double seconds = hil_seconds(h);
    if (isatty(2))
        fprintf(stderr, "\r%70s\r", "");
    printf("PASS %s board %" PRIu64 " steps at full speed, %" PRIu64 " legs, %u/%u bins, seed %" PRIu64
           ", %" PRIu64 " spikes, %.0f a second\n",
           job->model->name, s->updates, legs, hit, s->cases->n_bins, h->o->seed, s->events,
           (double)s->updates / seconds);
    printf("  %s: sums agree; %" PRIu64 " answers read again, %" PRIu64 " legs repeated\n", h->line.port,
           h->again, h->repeated);
    return EXIT_PASS;
}

/* ---- one by one -------------------------------------------------------------------- */

bool hil_stream_next(hil *h, gsp_drive *drive) {
    static const uint32_t zeros[GSP_BOARD_MAX_WORDS] = {0};
    gsp_stream *s = &h->stream;
    if (h->drawn >= h->steps)
        return false;
    if (h->drawn % SHORT_LEG == 0 && !h->was_reset) {
        h->was_reset = true;
        gsp_stream_leg(s, h->drawn / SHORT_LEG);
        gsp_stream_params(s, h->stream_params);
        *drive = (gsp_drive){0, 0, 1, h->stream_params, zeros, zeros};
        return true;
    }
    h->was_reset = false;
    gsp_stream_next(s);
    hil_past *p = &h->past[h->drawn++ % PAST];
    p->leg = s->leg;
    p->at = s->at - 1;
    memcpy(p->expected, s->record, sizeof s->record);
    *drive = (gsp_drive){1, 1, 1, h->stream_params, s->in, zeros};
    return true;
}

void hil_stream_record(hil *h, const uint32_t *obs) {
    hil_past *p = &h->past[h->compared % PAST];
    if (h->failed)
        return;
    memcpy(p->seen, obs, h->board.n_obs * sizeof *obs);
    h->failed = memcmp(p->seen, p->expected, h->board.n_obs * sizeof *obs) != 0;
    h->compared++; /* after a failure: the wrong one is the last that counts */
}

static int report_failure(hil *h, gsp_job *job) {
    hil_past past[WINDOW] = {0};
    const uint64_t end = h->compared, in_leg = h->past[(end - 1) % PAST].at + 1;
    const unsigned n = in_leg < WINDOW ? (unsigned)in_leg : (unsigned)WINDOW;
    for (unsigned k = 0; k < n; k++)
        past[k] = h->past[(end - n + k) % PAST];
    return report(h, job, past, n);
}

static int run_singly(hil *h, gsp_job *job) {
    const gsp_stream *s = &h->stream;
    unsigned hit = 0;
    h->past = (hil_past *)calloc(PAST, sizeof *h->past);
    if (!h->past)
        return cli_environment(h->verb, "out of memory");
    const uint64_t sent = h->line.sent, received = h->line.received;
    const line_state ended = hil_run_cycles(h);
    const double seconds = hil_seconds(h);
    if (isatty(2))
        fprintf(stderr, "\r%70s\r", "");
    int code = ended == LINE_GONE ? hil_gone(h) : hil_check_line(h, ended);
    if (code == EXIT_PASS && h->failed)
        code = report_failure(h, job);
    free(h->past);
    if (code != EXIT_PASS)
        return code;
    for (unsigned k = 0; k < s->cases->n_bins; k++)
        hit += (unsigned)((s->bins >> k) & 1);
    const uint64_t out = h->line.sent - sent, in = h->line.received - received;
    printf("PASS %s board %" PRIu64 " steps, %" PRIu32 " neurons, %u/%u bins, seed %" PRIu64 ", %" PRIu64
           " values compared, %" PRIu64 " spikes\n",
           job->model->name, h->compared, h->board.neurons, hit, s->cases->n_bins, h->o->seed,
           h->compared * h->board.n_obs, s->events);
    printf("  %s: %" PRIu64 " cycles, %" PRIu64 " bytes out, %" PRIu64 " in, %.1f s, %.0f %% of %" PRIu64
           " baud; sums agree\n",
           h->line.port, h->cycles_sent, out, in, seconds,
           1e3 * (double)(out > in ? out : in) / seconds / (double)h->o->baud, h->o->baud);
    return EXIT_PASS;
}

int hil_stream_run(hil *h, gsp_job *job) {
    h->steps = job->steps;
    clock_gettime(CLOCK_MONOTONIC, &h->start);
    return h->o->full_speed ? run_full_speed(h, job) : run_singly(h, job);
}
