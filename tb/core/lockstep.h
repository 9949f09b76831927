/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lockstep core: the joint of golden model and device under test.
 *
 * Everything that verifies is here: stimulus, golden steps, comparison of
 * every state field and output of every step, coverage, history, reports. An
 * adapter (Verilator, Icarus, ...) only carries words to and from a
 * simulator, one clock at a time:
 *
 *   gsp_lockstep *ls = gsp_lockstep_open(job, &error);
 *   const gsp_drive *drive = gsp_lockstep_start(ls);
 *   while (drive) {
 *       ... put drive on the bench's ports while clk = 0; raise clk; lower clk; read obs ...
 *       drive = gsp_lockstep_clock(ls, obs, unknown);
 *   }
 *   exit_code = gsp_lockstep_close(ls);
 *
 * Drives and expectations are computed ahead of the device, in blocks; with
 * two processors or more by a thread of its own (GSP_LOCKSTEP_THREAD=0 in the
 * environment forbids it, 1 demands it). Nothing of a result depends on that.
 * The serial form computes each step when it is due.
 *
 * Bare: to show what the above costs, a job may run the device alone. It is
 * the same bench program and the same loop of the adapter, driven with the
 * first 262,144 cycles of the same stimulus over and over, recorded before the
 * clock is read; no golden step is taken, and nothing is compared or counted.
 *
 * Words: each field takes one 32-bit word, or two when it is wider than 32
 * bits, sign- or zero-extended, in the order of the field table. The bench
 * around the RTL is generated from the same table (bench.c), so that a word
 * means the same on both sides.
 */
#ifndef GSP_LOCKSTEP_H
#define GSP_LOCKSTEP_H

#include "goldenspike/model.h"
#include "goldenspike/trace.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Exit codes, everywhere in the project. */
enum { GSP_EXIT_PASS = 0, GSP_EXIT_MISMATCH = 1, GSP_EXIT_USAGE = 2, GSP_EXIT_ENVIRONMENT = 3 };

/* How the RTL is attached; docs/rtl.md. */
typedef enum gsp_form {
    GSP_FORM_STEP,   /* combinational: the state is driven too */
    GSP_FORM_NEURON, /* registers and en */
    GSP_FORM_SERIAL, /* valid/ready, several cycles a step */
    GSP_FORM_ARRAY,  /* many neurons behind one pipelined datapath, valid/ready */
    GSP_FORM_COUNT
} gsp_form;

const char *gsp_form_name(gsp_form form);
/* The form of that name, or GSP_FORM_COUNT. */
gsp_form gsp_form_find(const char *name);
/* What the module's name ends with: "_step", "", ... */
const char *gsp_form_suffix(gsp_form form);

/* Neurons of an array form: what its parameter NEURONS may be, and is by default. */
enum { GSP_NEURONS_MIN = 2, GSP_NEURONS_MAX = 4096, GSP_NEURONS = 256 };

/* Places of the fields in the packed ports, in words; -1: not in that port. */
typedef struct gsp_layout {
    int16_t drive[GSP_MAX_FIELDS];           /* params in `params`, inputs in `in`, state in `state` */
    int16_t observe[GSP_MAX_FIELDS];         /* state, outputs, flags in `obs` */
    int16_t echo[GSP_MAX_FIELDS];            /* form array: state before and inputs taken, in `obs` */
    unsigned n_params, n_in, n_state, n_obs; /* words; at least 1 each */
} gsp_layout;

/* `hidden` (may be NULL) marks fields without a port. */
void gsp_layout_make(gsp_layout *layout, const gsp_model *model, const gsp_field *fields, gsp_form form,
                     const bool hidden[GSP_MAX_FIELDS]);

/* What the bench's ports get before a rising edge. While `params` keeps its address, its words keep their
 * values. */
typedef struct gsp_drive {
    uint32_t rst_n, valid, ready; /* 0 or 1 */
    const uint32_t *params, *in, *state;
} gsp_drive;

/* One run, as written to a job file by `gsp cosim` and read by the adapters. */
typedef struct gsp_job {
    const gsp_model *model;
    gsp_form form;
    gsp_settings settings;       /* config and tied params */
    bool hidden[GSP_MAX_FIELDS]; /* fields without a port on the device */
    char simulator[40];
    char trace[512];    /* trace to replay; empty: generated stimulus */
    char folder[512];   /* where record.txt and failure files go */
    char bug[64];       /* name of the planted bug, for the report */
    char command[1024]; /* the user's command, for the report */
    uint64_t seed, steps;
    uint32_t neurons; /* form array */
    bool own_params;  /* form array: each neuron has its own */
    int level;
    bool bare;                   /* benchmark: the RTL alone under recorded stimulus, nothing compared */
    uint64_t wave_from, wave_to; /* cycles of the waveform window; to = 0: none */
} gsp_job;

bool gsp_job_read(gsp_job *job, const char *path, gsp_error *error);
bool gsp_job_write(const gsp_job *job, const char *path, gsp_error *error);
void gsp_job_free(gsp_job *job);

typedef struct gsp_lockstep gsp_lockstep;

/* NULL and a message when the job cannot be run. */
gsp_lockstep *gsp_lockstep_open(const char *job_path, gsp_error *error);
const gsp_layout *gsp_lockstep_layout(const gsp_lockstep *ls);
const gsp_job *gsp_lockstep_job(const gsp_lockstep *ls);
/* The first drive. */
const gsp_drive *gsp_lockstep_start(gsp_lockstep *ls);
/*
 * Takes what the bench shows after the edge and returns the next drive, or
 * NULL at the end. `unknown` has a bit set for each x or z bit, or is NULL
 * for a two-state simulator.
 */
const gsp_drive *gsp_lockstep_clock(gsp_lockstep *ls, const uint32_t *obs, const uint32_t *unknown);
/*
 * The drive `n` cycles after the one that is due (0: that one), for a device so far away that
 * several cycles are on their way at once. False when it is not computed yet: clock what is on
 * its way first. Not for the serial form, whose drive depends on what it sees.
 */
bool gsp_lockstep_ahead(const gsp_lockstep *ls, uint64_t n, gsp_drive *drive);
/* Writes record.txt and frees everything. Returns the exit code. */
int gsp_lockstep_close(gsp_lockstep *ls);

/* Verdict and counts of a run, from record.txt. */
typedef struct gsp_record {
    char verdict[16]; /* PASS, MISMATCH, GOLDEN, EMPTY_BIN, SHORT, PROTOCOL, HANG; BARE: nothing compared */
    uint64_t steps_asked, steps, cycles, values, events, trace_values;
    uint64_t fail_cycle, fail_step;
    uint64_t streak; /* form array: most updates accepted in as many cycles */
    unsigned bins_hit, bins_wanted;
    double seconds;
    char empty_bins[1024];
} gsp_record;

/* False when the record is missing or has no end line: the run did not finish. */
bool gsp_record_read(gsp_record *record, const char *path, gsp_error *error);

/* The Verilog bench around the device: words in, words out. */
typedef struct gsp_bench_options {
    const gsp_model *model;
    const void *params; /* configuration */
    gsp_form form;
    uint32_t neurons;                  /* form array */
    bool own_params;                   /* form array: each neuron has its own */
    const char *module;                /* name of the bench; NULL: gsp_bench */
    const char *top;                   /* NULL: the model's own module */
    const char *image[GSP_MAX_FIELDS]; /* of a table field: the file of its words */
    const char *port[GSP_MAX_FIELDS];  /* port name of a field; NULL: the field's; "": none */
    const char *clk, *rst_n, *en; /* port names; NULL: these; en "": none; rst_n "~x": x is active high */
    bool live;               /* for boards: obs shows what stands, not what stood at the edge; ports for the
                              * handshakes instead of the word of flags, which is 0 */
    bool no_parameters;      /* the device has no Verilog parameters for the configuration */
    char *const *parameters; /* further ones, "NAME=VALUE" each */
    unsigned n_parameters;
} gsp_bench_options;

void gsp_bench_write(FILE *file, const gsp_bench_options *options);

#ifdef __cplusplus
}
#endif
#endif
