/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hardware in the loop: the lockstep core drives a neuron on a board. Cycles go
 * out in chunks, each with the command that reads its records back, as many on
 * their way as the board's queue takes. Everything is compared by the core; what
 * is here must make sure that a difference is the neuron's and not the line's.
 */
#define _POSIX_C_SOURCE 200809L
#include "hil.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "goldenspike/stim.h"

double hil_seconds(const hil *h) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - h->start.tv_sec) + 1e-9 * (double)(now.tv_nsec - h->start.tv_nsec);
}

int hil_gone(const hil *h) {
    return cli_environment(h->verb, "%s: the port hung up (was the board unplugged?)", h->line.port);
}

/* ---- finding the board ----------------------------------------------------- */

static int connect_board(hil *h) {
    const gsp_board *b = &h->board;
    uint32_t r[4];
    bool answered = false;
    uint64_t before = 0;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        before = h->line.received;
        line_state state = line_quiet(&h->line, QUIET_MS << attempt);
        if (state != LINE_GONE)
            state = line_read(&h->line, true, GSP_BOARD_ID, 4, r, ANSWER_MS);
        if (state == LINE_GONE)
            return hil_gone(h);
        answered = state == LINE_OK && r[0] == GSP_BOARD_IDENTITY;
        if (answered)
            break;
    }
    const char *port = h->line.port;
    if (!answered && h->line.received == before)
        return cli_environment(h->verb,
                               "%s: no answer at %" PRIu64
                               " baud; is the bitstream loaded (scripts/flash.sh), is this its port?",
                               port, h->o->baud);
    if (!answered)
        return cli_environment(h->verb,
                               "%s: something answers, but not as a Goldenspike board; wrong --baud, wrong "
                               "port, or noise",
                               port);
    if ((r[1] & 0xFF) != GSP_BOARD_MAP_VERSION)
        return cli_environment(h->verb, "%s: the board has register map %u, this gsp knows %d", port,
                               (unsigned)(r[1] & 0xFF), GSP_BOARD_MAP_VERSION);
    const uint32_t sizes = b->n_params | b->n_in << 8 | b->n_obs << 16 | b->n_state << 24;
    if (r[3] != b->hash || r[2] != sizes)
        return cli_environment(
            h->verb,
            "%s: another model, form or configuration is on the board: its hash is %08" PRIx32
            ", that of %s is %08" PRIx32,
            port, r[3], b->model->name, b->hash);
    h->fifo = 1u << ((r[1] >> 8) & 0xFF & 15);
    h->pool_bits = r[1] >> 24;
    if (h->o->full_speed && (h->pool_bits < 1 || h->pool_bits > GSP_POOL_BITS_MAX))
        return cli_environment(h->verb, "%s: this bitstream is one without full speed (bitstream.sh --small)",
                               port);
    if (!h->o->full_speed)
        h->pool_bits = GSP_POOL_BITS_MAX; /* the pool is the host's */
    const unsigned least = 4 * (b->n_params + 2 * b->n_in) + 4 * COMMAND_BYTES;
    h->chunk_bytes = h->fifo / 4 > least ? h->fifo / 4 : least;
    if (h->chunk_bytes >= h->fifo)
        return cli_environment(h->verb, "%s: the board's queue of %u bytes is too small for this model", port,
                               h->fifo);
    line_put_command(&h->line, true, true, 1, GSP_BOARD_CONTROL);
    line_put_word(&h->line, 0);
    return EXIT_PASS;
}

/* ---- the run ----------------------------------------------------------------- */

void hil_put_data(hil *h, uint32_t address, uint32_t word) {
    h->sum_in = gsp_board_sum(h->sum_in, address << 24 ^ word);
    line_put_word(&h->line, word);
}

void hil_put_write(hil *h, uint32_t address, bool counts_up, const uint32_t *words, unsigned n) {
    for (unsigned k = 0; k < n; k++) {
        if (k % LINE_MAX_BURST == 0)
            line_put_command(&h->line, true, counts_up,
                             n - k < LINE_MAX_BURST ? n - k : (unsigned)LINE_MAX_BURST,
                             address + (counts_up ? k : 0));
        hil_put_data(h, address + (counts_up ? k : 0), words[k]);
    }
}

/* The next drive; the same one until it is sent. False when none is ready to go. */
static bool peek(hil *h, gsp_drive *d) {
    if (h->ls)
        return gsp_lockstep_ahead(h->ls, h->cycles_sent - h->compared, d);
    h->has_next = h->has_next || hil_stream_next(h, &h->next);
    *d = h->next;
    return h->has_next;
}

/* Queues one chunk. False when no cycle is ready to go. */
static bool put_chunk(hil *h) {
    const gsp_board *b = &h->board;
    const size_t params_bytes = b->n_params * sizeof h->params[0];
    const size_t begin = h->line.out_n;
    size_t burst = 0; /* where the length of the open burst stands */
    uint32_t burst_address = 0;
    chunk c = {0, 0};
    gsp_drive d;
    while ((c.records + 1) * b->n_obs <= LINE_MAX_BURST && peek(h, &d)) {
        const bool redrawn = !h->params_known || memcmp(d.params, h->params, params_bytes) != 0;
        const size_t needs = (redrawn ? params_bytes + COMMAND_BYTES : 0) + 4 * b->n_in + 2 * COMMAND_BYTES;
        if (c.records > 0 && h->line.out_n - begin + needs > h->chunk_bytes)
            break;
        h->has_next = false;
        if (redrawn) {
            memcpy(h->params, d.params, params_bytes);
            h->params_known = true;
            hil_put_write(h, GSP_BOARD_PARAMS, true, h->params, b->n_params);
            burst = 0;
        }
        const uint32_t address =
            GSP_BOARD_IN | (d.valid ? GSP_BOARD_EN : 0) | (d.rst_n ? 0 : GSP_BOARD_RESET);
        if (burst == 0 || address != burst_address || h->line.out[burst] + b->n_in > LINE_MAX_BURST) {
            burst = h->line.out_n + 1;
            burst_address = address;
            line_put_command(&h->line, true, false, 0, address);
        }
        h->line.out[burst] = (uint8_t)(h->line.out[burst] + b->n_in);
        for (unsigned k = 0; k < b->n_in; k++)
            hil_put_data(h, address, d.in[k]);
        /* An array has no record of its reset. */
        c.records += b->form != GSP_FORM_ARRAY || d.valid;
        h->cycles_sent++;
    }
    if (c.records == 0)
        return false;
    line_put_command(&h->line, false, false, c.records * b->n_obs, GSP_BOARD_RECORD);
    c.bytes = (unsigned)(h->line.out_n - begin);
    h->outstanding += c.bytes;
    h->chunks[h->n_chunks++] = c;
    return true;
}

/* Compares the records that have come. */
static void take_records(hil *h) {
    uint32_t obs[GSP_BOARD_MAX_WORDS];
    const unsigned n_obs = h->board.n_obs;
    while (h->n_chunks > 0 && h->line.in_n - h->line.in_at >= 4 * (size_t)n_obs) {
        for (unsigned k = 0; k < n_obs; k++) {
            (void)line_take_word(&h->line, &obs[k]);
            h->sum_out = gsp_board_sum(h->sum_out, obs[k]);
        }
        h->records_seen++;
        if (!h->ls) {
            hil_stream_record(h, obs);
        } else if (h->drive) {
            h->drive = gsp_lockstep_clock(h->ls, obs, NULL);
            h->compared++;
        }
        if (--h->chunks[0].records == 0) {
            h->outstanding -= h->chunks[0].bytes;
            memmove(&h->chunks[0], &h->chunks[1], --h->n_chunks * sizeof h->chunks[0]);
        }
    }
}

line_state hil_run_cycles(hil *h) {
    const bool on_terminal = isatty(2) != 0;
    double shown = 0, heard = 0;
    uint64_t received = h->line.received;
    for (;;) {
        while ((h->ls ? h->drive != NULL : !h->failed) && h->n_chunks < MAX_CHUNKS &&
               h->outstanding + h->chunk_bytes < h->fifo && put_chunk(h)) {
        }
        if (h->n_chunks == 0)
            return LINE_OK;
        if (line_pump(&h->line, 100) == LINE_GONE)
            return LINE_GONE;
        take_records(h);
        const double seconds = hil_seconds(h);
        if (h->line.received != received) {
            received = h->line.received;
            heard = seconds;
        } else if (seconds - heard > 1e-3 * SILENCE_MS) {
            return LINE_SILENT;
        }
        if (on_terminal && seconds - shown > 0.2) {
            shown = seconds;
            fprintf(stderr, "\r%s %s: %" PRIu64 " cycles, %.0f a second ", h->board.model->name, h->line.port,
                    h->compared, (double)h->compared / seconds);
        }
    }
}

/* What the board counted, against what was sent and received. */
static bool sums_agree(const hil *h, const uint32_t r[4]) {
    return r[0] == 0 && r[1] == (uint32_t)h->cycles_sent && r[2] == h->sum_in && r[3] == h->sum_out;
}

/*
 * Whether everything arrived as it was sent, both ways: only then is there a
 * verdict. The registers are read once more after silence when they do not
 * agree: the fault may be in this very answer, or a byte before it.
 */
int hil_check_line(hil *h, line_state ended) {
    uint32_t r[4] = {0, 0, 0, 0};
    const char *port = h->line.port;
    line_state state = LINE_SILENT;
    for (int attempt = ended == LINE_OK ? 0 : 1; attempt < ATTEMPTS; attempt++) {
        state = attempt == 0 ? LINE_OK : line_quiet(&h->line, QUIET_MS << attempt);
        if (state == LINE_OK)
            state = line_read(&h->line, true, GSP_BOARD_CONTROL, 4, r, ANSWER_MS);
        if (state == LINE_GONE)
            return hil_gone(h);
        if (state == LINE_OK && (attempt > 0 || sums_agree(h, r)))
            break;
    }
    if (state == LINE_SILENT)
        return cli_environment(h->verb, "%s: the board stopped answering after %" PRIu64 " cycles", port,
                               h->records_seen);
    if (ended == LINE_OK && sums_agree(h, r))
        return EXIT_PASS;
    return cli_environment(
        h->verb,
        "%s: bytes were lost or changed on the line%s%s%s: no verdict about the neuron\n"
        "  the board took %" PRIu32 " of %" PRIu64 " cycles, %" PRIu64 " records came back, status %" PRIu32,
        port, r[1] != (uint32_t)h->cycles_sent || r[2] != h->sum_in ? ", to the board" : "",
        r[3] != h->sum_out ? ", from the board" : "",
        r[0] & GSP_BOARD_LOST_BYTE ? ", its queue was full" : "", r[1], h->cycles_sent, h->records_seen,
        r[0]);
}

static int run_board(hil *h, const gsp_job *job) {
    char path[PLACE_MAX + 200];
    gsp_error error;
    gsp_record record;
    const uint64_t sent = h->line.sent, received = h->line.received;
    snprintf(path, sizeof path, "%s/job.txt", job->folder);
    if (!gsp_job_write(job, path, &error))
        return cli_environment(h->verb, "%s", error.text);
    h->ls = gsp_lockstep_open(path, &error);
    if (!h->ls)
        return cli_error(h->verb, "%s", error.text);
    clock_gettime(CLOCK_MONOTONIC, &h->start);
    h->drive = gsp_lockstep_start(h->ls);
    const line_state ended = hil_run_cycles(h);
    const double seconds = hil_seconds(h);
    if (isatty(2))
        fprintf(stderr, "\r%70s\r", "");
    const int line_code = ended == LINE_GONE ? hil_gone(h) : hil_check_line(h, ended);
    const int code = gsp_lockstep_close(h->ls);
    if (line_code != 0)
        return line_code;
    snprintf(path, sizeof path, "%s/record.txt", job->folder);
    if (!gsp_record_read(&record, path, &error))
        return cli_environment(h->verb, "%s", error.text);
    if (code != EXIT_PASS)
        gsp_print_report(job->folder);
    gsp_print_line(job, &record);
    gsp_explain_verdict(&record);
    const uint64_t out = h->line.sent - sent, in = h->line.received - received;
    printf("  %s: %" PRIu64 " cycles, %" PRIu64 " bytes out, %" PRIu64 " in, %.1f s, %.0f %% of %" PRIu64
           " baud; sums agree\n",
           h->line.port, record.cycles, out, in, seconds,
           seconds > 0 ? 1e3 * (double)(out > in ? out : in) / seconds / (double)h->o->baud : 0.0,
           h->o->baud);
    return code;
}

/* What `gsp replay` needs: the same run in a simulator. */
static bool save_command(const hil_options *o, const gsp_job *job) {
    char seed[24], steps[24], level[24];
    char *words[2 * 64 + 12];
    unsigned n = 0;
    char seed_option[] = "--seed", steps_option[] = "--steps", level_option[] = "--level", in[] = "--in",
         set[] = "--set", name[64], trace[512], value[64][160];
    snprintf(name, sizeof name, "%s", job->model->name);
    snprintf(trace, sizeof trace, "%s", job->trace);
    snprintf(seed, sizeof seed, "%" PRIu64, job->seed);
    snprintf(steps, sizeof steps, "%" PRIu64, job->steps);
    snprintf(level, sizeof level, "%d", job->level);
    words[n++] = name;
    for (size_t k = 0; k < o->common.settings.n && k < 64; k++) {
        snprintf(value[k], sizeof value[k], "%.60s=%.90s", o->common.settings.list[k].name,
                 o->common.settings.list[k].value);
        words[n++] = set;
        words[n++] = value[k];
    }
    words[n++] = seed_option;
    words[n++] = seed;
    words[n++] = level_option;
    words[n++] = level;
    if (job->steps) {
        words[n++] = steps_option;
        words[n++] = steps;
    }
    if (*job->trace) {
        words[n++] = in;
        words[n++] = trace;
    }
    words[n] = NULL;
    return gsp_save_command(job, words);
}

/* What the board must hold, and for a trace its path. 0, or an exit code after a message. */
static int describe_board(hil *h, hil_options *o, gsp_job *job, gsp_struct *params, bool *fixed) {
    const gsp_verb *verb = h->verb;
    const gsp_model *model = o->common.model;
    gsp_error error;
    gsp_trace trace;
    uint32_t neurons;
    memset(&trace, 0, sizeof trace);
    if (!gsp_array_parameters(verb, o->form, o->parameters, o->n_parameters, &neurons, NULL))
        return EXIT_USAGE;
    if (!gsp_settings_apply(&o->common.settings, model, params, fixed, &error))
        return cli_error(verb, "%s", error.text);
    if (o->trace) {
        /* Read here for its configuration and its errors; read again by the core. */
        if (o->full_speed || o->form == GSP_FORM_ARRAY)
            return cli_error(verb, "--in: a trace is for runs cycle by cycle of one neuron");
        if (strlen(o->trace) >= sizeof job->trace)
            return cli_error(verb, "--in: path too long");
        strcpy(job->trace, o->trace);
        if (!gsp_trace_read(&trace, o->trace, model, &o->common.settings, false, &error))
            return cli_error(verb, "%s", error.text);
        *params = trace.params;
    }
    const size_t rows = trace.n_rows;
    const bool custom_init = trace.custom_init;
    const bool made = gsp_board_make(&h->board, model, params, o->form, neurons, &error);
    if (o->trace)
        gsp_trace_free(&trace); /* with its tables, which the hash is made of */
    if (!made)
        return cli_error(verb, "%s", error.text);
    if (custom_init)
        return cli_error(verb, "%s: starts from a state that is not the reset state; a board cannot",
                         o->trace);
    if (o->trace && o->steps > rows)
        return cli_error(verb, "--steps %" PRIu64 ": %s has only %zu rows", o->steps, o->trace, rows);
    return EXIT_PASS;
}

/* The run, with a folder that stays when it ends in a mismatch. */
static int run_in_folder(hil *h, const hil_options *o, gsp_job *job) {
    gsp_error error;
    int code;
    gsp_remove_folder(job->folder);
    if (!gsp_make_folder(job->folder, &error))
        code = cli_environment(h->verb, "%s", error.text);
    else if (o->full_speed || o->form == GSP_FORM_ARRAY)
        code = hil_stream_run(h, job);
    else if (!save_command(o, job))
        code = cli_environment(h->verb, "%s: cannot write", job->folder);
    else
        code = run_board(h, job);
    if (code != EXIT_MISMATCH)
        gsp_remove_folder(job->folder);
    return code;
}

static int hil_run(const gsp_verb *verb, hil_options *o) {
    gsp_struct params;
    bool fixed[GSP_MAX_FIELDS];
    gsp_error error;
    gsp_job job;
    memset(&params, 0, sizeof params);
    memset(&job, 0, sizeof job);
    if (!o->port)
        return cli_error(verb, "name the serial port of the board: --port /dev/tty...");
    hil *h = (hil *)calloc(1, sizeof *h);
    if (!h)
        return cli_environment(verb, "out of memory");
    h->verb = verb;
    h->o = o;
    int code = describe_board(h, o, &job, &params, fixed);
    if (code != 0) {
        free(h);
        return code;
    }
    if (!gsp_place_find(&o->place, o->work, &error) || !line_open(&h->line, o->port, o->baud, &error)) {
        free(h);
        return cli_environment(verb, "%s", error.text);
    }
    job.model = o->common.model;
    job.form = GSP_FORM_NEURON;
    job.seed = o->seed;
    job.steps = o->steps ? o->steps : o->trace ? 0 : o->full_speed ? 1000000 : 100000;
    job.level = (int)o->level;
    job.settings = o->common.settings;
    snprintf(job.simulator, sizeof job.simulator, "board");
    snprintf(job.folder, sizeof job.folder, "%.350s/runs/%.30s-board-%ld", o->place.work, job.model->name,
             (long)getpid());
    code = connect_board(h);
    if (code == 0 &&
        !gsp_stream_open(&h->stream, &h->board, &params, fixed, (int)o->level, o->seed, h->pool_bits, &error))
        code = cli_error(verb, "%s", error.text);
    if (code == 0)
        code = run_in_folder(h, o, &job);
    gsp_stream_close(&h->stream);
    line_close(&h->line);
    free(h);
    return code;
}

static int hil_verb(const gsp_verb *verb, int argc, char **argv) {
    enum {
        OPT_PORT = OPT_FIRST,
        OPT_BAUD,
        OPT_STEPS,
        OPT_SEED,
        OPT_LEVEL,
        OPT_IN,
        OPT_WORK,
        OPT_FORM,
        OPT_FULL_SPEED,
        OPT_PARAMETER
    };
    static const struct option options[] = {CLI_COMMON_OPTIONS,
                                            {"port", required_argument, NULL, OPT_PORT},
                                            {"baud", required_argument, NULL, OPT_BAUD},
                                            {"steps", required_argument, NULL, OPT_STEPS},
                                            {"seed", required_argument, NULL, OPT_SEED},
                                            {"level", required_argument, NULL, OPT_LEVEL},
                                            {"in", required_argument, NULL, OPT_IN},
                                            {"work", required_argument, NULL, OPT_WORK},
                                            {"form", required_argument, NULL, OPT_FORM},
                                            {"full-speed", no_argument, NULL, OPT_FULL_SPEED},
                                            {"parameter", required_argument, NULL, OPT_PARAMETER},
                                            {NULL, 0, NULL, 0}};
    hil_options o;
    bool done;
    memset(&o, 0, sizeof o);
    o.baud = 1000000;
    o.seed = 1;
    o.level = GSP_LEVEL_RANDOM;
    o.form = GSP_FORM_NEURON;
    int code = cli_model(verb, &argc, &argv, &o.common, &done);
    for (int option;
         code == 0 && !done && (option = getopt_long(argc, argv, CLI_COMMON_SHORT, options, NULL)) != -1;) {
        code = cli_common_option(verb, option, &o.common, &done);
        if (code >= 0)
            continue;
        bool good = true;
        switch (option) {
        case OPT_PORT: o.port = optarg; break;
        case OPT_BAUD: good = cli_number(verb, "--baud", optarg, 1, UINT32_MAX, &o.baud); break;
        case OPT_STEPS: good = cli_number(verb, "--steps", optarg, 1, UINT64_MAX, &o.steps); break;
        case OPT_SEED: good = cli_number(verb, "--seed", optarg, 0, UINT64_MAX, &o.seed); break;
        case OPT_LEVEL: good = cli_number(verb, "--level", optarg, 1, 2, &o.level); break;
        case OPT_IN: o.trace = optarg; break;
        case OPT_WORK: o.work = optarg; break;
        case OPT_FORM: good = cli_board_form(verb, optarg, &o.form) == EXIT_PASS; break;
        case OPT_FULL_SPEED: o.full_speed = true; break;
        case OPT_PARAMETER:
            good = o.n_parameters < sizeof o.parameters / sizeof o.parameters[0] && gsp_is_parameter(optarg);
            if (good)
                o.parameters[o.n_parameters++] = optarg;
            else
                (void)cli_error(verb, "--parameter: '%s' is not NAME=INTEGER, or one too many", optarg);
            break;
        default: good = cli_bad_option(verb, argv) == EXIT_PASS; break;
        }
        code = good ? EXIT_PASS : EXIT_USAGE;
    }
    if (code == 0 && !done && !line_has_speed(o.baud))
        code = cli_error(verb, "--baud: %" PRIu64 " is not a speed of serial ports (115200, 1000000...)",
                         o.baud);
    if (code == 0 && !done && optind < argc)
        code = cli_error(verb, "unexpected argument '%s'", argv[optind]);
    if (code == 0 && !done)
        code = hil_run(verb, &o);
    cli_common_free(&o.common);
    return code;
}

const gsp_verb gsp_verb_hil = {
    .name = "hil",
    .summary = "compare a neuron on an FPGA board with the golden model",
    .usage =
        "usage: gsp hil MODEL --port TTY [--baud N] [--form neuron|step|array] [--full-speed] [--steps N]\n"
        "               [--seed S] [--level 1|2] [--in TRACE] [--set NAME=VALUE] [--preset NAME]\n\n"
        "  --port TTY        serial port of the board\n"
        "  --baud N          its speed (1000000, that of the boards in fpga/boards)\n"
        "  --form FORM       what the bitstream has: neuron (default), step, array\n"
        "  --full-speed      the board makes its inputs itself, at its own clock, and sums up what it observes\n"
        "  --steps N         steps to compare (100000; 1000000 at full speed; with --in the whole trace)\n"
        "  --seed S          seed of the generated stimulus (1)\n"
        "  --level L         1 special values, 2 weighted random and aimed (default)\n"
        "  --in TRACE        replay this trace; its expected values are compared with the golden model too\n"
        "  --set NAME=VALUE  configuration, as the bitstream has it, or a param that stays as it is\n"
        "  --parameter N=V   of the bitstream; NEURONS=256 matters here (form array)\n"
        "  --work DIR        where a failed run goes ($GSP_WORK, else ./gsp-work)\n\n"
        "Cycle by cycle, cycles, resets and holds are those of `gsp cosim MODEL` with the same seed. At full\n"
        "speed a wrong sum is followed up to the first wrong step. A mismatch ends with the same report and\n"
        "folder either way; `gsp replay` repeats it in a simulator. What the line changes or loses is told\n"
        "apart from a mismatch by signatures of all words in both directions: exit code 3.\n",
    .run = hil_verb,
};
