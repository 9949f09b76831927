/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700 /* realpath, glob */
#include "goldenspike/stim.h"
#include "lockstep.h"

#include <cjson/cJSON.h>
#include <ctype.h>
#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "cosim.h"
#include "place.h"

enum { MAX_FILES = 64 };

typedef struct cosim_options {
    cli_common common;
    gsp_place place;
    const char *work, *sim, *trace, *top, *bug, *resume;
    char *rtl[MAX_FILES];
    unsigned n_rtl;
    char *parameter[MAX_FILES];
    unsigned n_parameters;
    char *port[GSP_MAX_FIELDS];
    char *image[GSP_MAX_FIELDS]; /* of the tables, in the work folder */
    char *clk, *rst_n, *en;
    uint64_t steps, seed, level;
    uint32_t neurons;
    bool own_params;
    gsp_form form;
    uint64_t wave_from, wave_to;
    bool form_given, no_parameters, bare, keep, wave;
} cosim_options;

/* ---- what is to be run --------------------------------------------------- */

/* Number of a named test bug, from rtl/MODEL/bugs.txt ("NUMBER NAME description"). */
static int find_bug(const gsp_verb *verb, const cosim_options *o, unsigned *number) {
    char path[2 * PLACE_MAX], line[300], known[1200] = "";
    /* A device of one's own has its own faults: their number goes to +gsp_bug as it is. */
    if (o->n_rtl > 0 && strspn(o->bug, "0123456789") == strlen(o->bug)) {
        uint64_t given = 0;
        if (!cli_number(verb, "--bug", o->bug, 1, UINT32_MAX, &given))
            return EXIT_USAGE;
        *number = (unsigned)given;
        return EXIT_PASS;
    }
    snprintf(path, sizeof path, "%s/rtl/%s/bugs.txt", o->place.home, o->common.model->name);
    FILE *file = fopen(path, "r");
    if (!file)
        return cli_error(verb, "--bug: model %s has no named bugs (%s)", o->common.model->name, path);
    *number = 0;
    while (fgets(line, sizeof line, file)) {
        unsigned n;
        char name[64];
        if (sscanf(line, "%u %63s", &n, name) != 2)
            continue;
        if (strcmp(name, o->bug) == 0)
            *number = n;
        snprintf(known + strlen(known), sizeof known - strlen(known), " %s", name);
    }
    fclose(file);
    return *number ? EXIT_PASS : cli_error(verb, "--bug: no bug '%s'; there are:%s", o->bug, known);
}

static bool form_exists(const cosim_options *o, gsp_form form) {
    char path[2 * PLACE_MAX];
    snprintf(path, sizeof path, "%s/rtl/%s/gsp_%s%s.v", o->place.home, o->common.model->name,
             o->common.model->name, gsp_form_suffix(form));
    return gsp_exists(path);
}

/* ---- the bench ----------------------------------------------------------- */

static uint32_t crc_of_file(uint32_t crc, const char *path) {
    char buffer[1 << 15];
    FILE *file = fopen(path, "rb");
    crc = gsp_crc32(crc, path, strlen(path));
    if (!file)
        return crc;
    for (size_t n; (n = fread(buffer, 1, sizeof buffer, file)) > 0;)
        crc = gsp_crc32(crc, buffer, n);
    fclose(file);
    return crc;
}

static uint32_t crc_of_pattern(uint32_t crc, const char *home, const char *pattern) {
    char path[2 * PLACE_MAX];
    glob_t found;
    snprintf(path, sizeof path, "%s/%s", home, pattern);
    if (glob(path, 0, NULL, &found) == 0) {
        for (size_t i = 0; i < found.gl_pathc; i++)
            crc = crc_of_file(crc, found.gl_pathv[i]);
        globfree(&found);
    }
    return crc;
}

/* Everything a bench is made of; a change of any makes another bench. */
static uint32_t bench_key(const cosim_options *o, const char *bench_text, size_t size) {
    char pattern[128], tool[PLACE_MAX];
    const bool verilator = strcmp(o->sim, "verilator") == 0;
    uint32_t crc = gsp_crc32(0, bench_text, size);
    crc = crc_of_pattern(crc, o->place.home, "rtl/common/*.v*");
    snprintf(pattern, sizeof pattern, "rtl/%s/*.v*", o->common.model->name);
    crc = crc_of_pattern(crc, o->place.home, pattern);
    for (unsigned i = 0; i < o->n_rtl; i++)
        crc = crc_of_file(crc, o->rtl[i]);
    crc = crc_of_pattern(crc, o->place.home, "tb/build_bench.sh");
    crc = crc_of_pattern(crc, o->place.home, "tb/gate/*.vc");
    crc = crc_of_pattern(crc, o->place.home, verilator ? "tb/verilator/*" : "tb/icarus/*.v");
    if (verilator) {
        const char *optimize = getenv("GSP_BENCH_OPTIMIZE");
        crc = crc_of_pattern(crc, o->place.lib, "lib*.a");
        if (optimize)
            crc = gsp_crc32(crc, optimize, strlen(optimize));
    }
    struct stat info;
    if (gsp_which(verilator ? "verilator_bin" : "iverilog", tool) && stat(tool, &info) == 0)
        crc = gsp_crc32(crc, &info.st_size, sizeof info.st_size);
    return crc;
}

/* The file takes in others, which the key does not know. */
static bool has_include(const char *path) {
    char line[1000];
    bool found = false;
    FILE *file = fopen(path, "r");
    while (file && !found && fgets(line, sizeof line, file))
        found = strstr(line, "`include") != NULL;
    if (file)
        fclose(file);
    return found;
}

static void show_log(const char *path) {
    char line[400];
    FILE *file = fopen(path, "r");
    if (!file)
        return;
    long from = 0;
    if (fseek(file, 0, SEEK_END) == 0 && ftell(file) > 4000)
        from = ftell(file) - 4000;
    (void)fseek(file, from, SEEK_SET);
    while (fgets(line, sizeof line, file))
        fprintf(stderr, "  %s", line);
    fclose(file);
}

/*
 * Writes the image of each table into the work folder, under a name made of its words: the
 * device loads it with $readmemh when the bench starts, by a path fixed at its elaboration.
 */
static bool write_images(cosim_options *o, const void *params, gsp_error *error) {
    gsp_field fields[GSP_MAX_FIELDS];
    char folder[PLACE_MAX + 32];
    gsp_resolve(o->common.model, params, fields);
    snprintf(folder, sizeof folder, "%s/images", o->place.work);
    for (int i = 0; i < o->common.model->n_fields; i++) {
        const gsp_field *f = &fields[i];
        if (f->kind != GSP_TABLE)
            continue;
        const uint64_t *words = gsp_table_get(f, params);
        const uint32_t crc = gsp_crc32(f->width, words, f->words * sizeof *words);
        const size_t size = strlen(folder) + strlen(f->name) + 32;
        o->image[i] = (char *)malloc(size);
        if (!o->image[i])
            return gsp_fail(error, "out of memory");
        snprintf(o->image[i], size, "%s/%s-%08" PRIx32 ".hex", folder, f->name, crc);
        if (!gsp_exists(o->image[i]) && (!gsp_make_folder(folder, error) ||
                                         !gsp_table_write(o->image[i], o->common.model, f, words, error)))
            return false;
    }
    return true;
}

static char *bench_text(const cosim_options *o, const void *params, size_t *size) {
    gsp_bench_options b;
    memset(&b, 0, sizeof b);
    b.model = o->common.model;
    b.params = params;
    b.form = o->form;
    b.neurons = o->neurons;
    b.own_params = o->own_params;
    b.top = o->top;
    b.clk = o->clk;
    b.rst_n = o->rst_n;
    b.en = o->en;
    b.no_parameters = o->no_parameters;
    b.parameters = o->parameter;
    b.n_parameters = o->n_parameters;
    for (int i = 0; i < GSP_MAX_FIELDS; i++) {
        b.port[i] = o->port[i];
        b.image[i] = o->image[i];
    }
    char *text = NULL;
    FILE *file = open_memstream(&text, size);
    if (!file)
        return NULL;
    gsp_bench_write(file, &b);
    return fclose(file) == 0 ? text : NULL;
}

/* Flags the bench must share with the libraries (sanitizers), one per line. */
static unsigned read_flags(const cosim_options *o, char flags[8][64]) {
    char path[2 * PLACE_MAX];
    snprintf(path, sizeof path, "%s/gsp_bench_flags.txt", o->place.lib);
    FILE *file = fopen(path, "r");
    unsigned n = 0;
    while (file && n < 8 && fgets(flags[n], 64, file)) {
        flags[n][strcspn(flags[n], "\n")] = '\0';
        n += *flags[n] != '\0';
    }
    if (file)
        fclose(file);
    return n;
}

/* Builds the bench unless it is there already. */
static int build_bench(const gsp_verb *verb, cosim_options *o, const void *params,
                       char bench[2 * PLACE_MAX]) {
    gsp_error error;
    size_t size;
    char *text = bench_text(o, params, &size);
    if (!text)
        return cli_environment(verb, "out of memory");
    const uint32_t key = bench_key(o, text, size);
    snprintf(bench, 2 * PLACE_MAX, "%.400s/benches/%s-%s-%s%s%s-%08" PRIx32, o->place.work,
             o->common.model->name, gsp_form_name(o->form), o->sim, o->wave ? "-wave" : "",
             o->bug ? "-bugs" : "", key);
    char done[2 * PLACE_MAX + 32], path[2 * PLACE_MAX + 32], log[2 * PLACE_MAX + 32],
        partial[2 * PLACE_MAX + 32];
    snprintf(done, sizeof done, "%s/%s", bench, strcmp(o->sim, "icarus") == 0 ? "bench.vvp" : "bench");
    for (unsigned i = 0; i < o->n_rtl; i++)
        if (has_include(o->rtl[i]))
            gsp_remove_folder(bench);
    if (gsp_exists(done)) {
        free(text);
        return EXIT_PASS;
    }
    /* Built aside and moved into place, so that runs beside each other do not meet. */
    snprintf(partial, sizeof partial, "%s.%ld", bench, (long)getpid());
    snprintf(path, sizeof path, "%.900s/bench.v", partial);
    snprintf(log, sizeof log, "%.900s/build.log", partial);
    FILE *file = gsp_make_folder(partial, &error) ? fopen(path, "w") : NULL;
    const bool written = file && fwrite(text, 1, size, file) == size;
    free(text);
    if (!file || fclose(file) != 0 || !written)
        return cli_error(verb, "%s: cannot write", path);

    char script[PLACE_MAX + 32], runtime[PLACE_MAX + 32], common[2 * PLACE_MAX], own[2 * PLACE_MAX],
        include[2 * PLACE_MAX], flags[8][64], wave[] = "wave=0", bugs[] = "bugs=0", dashes[] = "--",
                                              library[] = "-y", bash[] = "bash";
    snprintf(script, sizeof script, "%s/tb/build_bench.sh", o->place.home);
    snprintf(runtime, sizeof runtime, "%s/runtime", o->place.work);
    snprintf(common, sizeof common, "%s/rtl/common", o->place.home);
    snprintf(own, sizeof own, "%s/rtl/%s", o->place.home, o->common.model->name);
    snprintf(include, sizeof include, strcmp(o->sim, "icarus") == 0 ? "-I%s" : "+incdir+%s", common);
    wave[5] = o->wave ? '1' : '0';
    bugs[5] = o->bug ? '1' : '0';
    char sim[16];
    snprintf(sim, sizeof sim, "%s", o->sim);
    char *argv[MAX_FILES + 32];
    unsigned n = 0;
    char *const head[] = {bash, script, sim, partial, o->place.lib, runtime, wave, bugs};
    for (size_t i = 0; i < sizeof head / sizeof head[0]; i++)
        argv[n++] = head[i];
    const unsigned n_flags = read_flags(o, flags);
    for (unsigned i = 0; i < n_flags; i++)
        argv[n++] = flags[i];
    argv[n++] = dashes;
    for (unsigned i = 0; i < o->n_rtl; i++)
        argv[n++] = o->rtl[i];
    char *const tail[] = {include, library, common, library, own};
    for (size_t i = 0; i < sizeof tail / sizeof tail[0]; i++)
        argv[n++] = tail[i];
    argv[n] = NULL;
    const int code = gsp_run_program(argv, log);
    if (code != 0) {
        fprintf(stderr, "gsp cosim: the bench could not be built with %s:\n", o->sim);
        show_log(log);
        gsp_remove_folder(partial);
        return EXIT_ENVIRONMENT;
    }
    if (rename(partial, bench) != 0) {
        const int why = errno;
        gsp_remove_folder(partial);
        if (!gsp_exists(done))
            return cli_environment(verb, "%s: %s", bench, strerror(why));
    }
    return EXIT_PASS;
}

/* ---- the run ------------------------------------------------------------- */

static const char *base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void print_json(const cosim_options *o, const gsp_job *job, const gsp_record *r) {
    cJSON *root = cJSON_CreateObject();
    cJSON_AddStringToObject(root, "verdict", r->verdict);
    cJSON_AddStringToObject(root, "model", job->model->name);
    cJSON_AddStringToObject(root, "form", gsp_form_name(job->form));
    cJSON_AddStringToObject(root, "simulator", job->simulator);
    if (*job->trace) {
        cJSON_AddStringToObject(root, "trace", base_name(job->trace));
        cJSON_AddNumberToObject(root, "trace_values", (double)r->trace_values);
    } else {
        char seed[24];
        snprintf(seed, sizeof seed, "%" PRIu64, job->seed); /* a double would round it */
        cJSON_AddRawToObject(root, "seed", seed);
        cJSON_AddNumberToObject(root, "level", job->level);
    }
    if (*job->bug)
        cJSON_AddStringToObject(root, "bug", job->bug);
    cJSON_AddNumberToObject(root, "steps", (double)r->steps);
    cJSON_AddNumberToObject(root, "cycles", (double)r->cycles);
    cJSON_AddNumberToObject(root, "values", (double)r->values);
    cJSON_AddNumberToObject(root, "events", (double)r->events);
    if (job->form == GSP_FORM_ARRAY) {
        cJSON_AddNumberToObject(root, "neurons", job->neurons);
        cJSON_AddNumberToObject(root, "streak", (double)r->streak);
    }
    cJSON_AddNumberToObject(root, "bins_hit", r->bins_hit);
    cJSON_AddNumberToObject(root, "bins_wanted", r->bins_wanted);
    cJSON_AddStringToObject(root, "empty_bins", r->empty_bins);
    cJSON_AddNumberToObject(root, "seconds", r->seconds);
    if ((strcmp(r->verdict, "PASS") != 0 && !o->bare) || o->keep)
        cJSON_AddStringToObject(root, "folder", job->folder);
    char *text = cJSON_PrintUnformatted(root);
    printf("%s\n", text);
    free(text);
    cJSON_Delete(root);
}

void gsp_print_report(const char *folder) {
    char path[PLACE_MAX + 200], line[1000];
    snprintf(path, sizeof path, "%s/report.txt", folder);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        fputs(line, stdout);
    if (file)
        fclose(file);
}

void gsp_print_line(const gsp_job *job, const gsp_record *r) {
    printf("%s %s %s %" PRIu64 " steps", r->verdict, job->model->name, job->simulator, r->steps);
    if (job->bare)
        printf(" driven, nothing compared");
    /* What the golden side reached says something only of a run that came to its end. */
    const bool whole = strcmp(r->verdict, "PASS") == 0 || strcmp(r->verdict, "EMPTY_BIN") == 0;
    if (*job->trace)
        printf(", trace %s", base_name(job->trace));
    if (*job->trace && whole)
        printf(", %" PRIu64 " trace values", r->trace_values);
    if (!*job->trace && whole)
        printf(", %u/%u bins", r->bins_hit, r->bins_wanted);
    if (!*job->trace)
        printf(", seed %" PRIu64, job->seed);
    if (whole)
        printf(", %" PRIu64 " spikes", r->events);
    if (whole && job->form == GSP_FORM_ARRAY)
        printf(", %" PRIu32 " neurons, up to %" PRIu64 " updates in as many cycles", job->neurons, r->streak);
    const char *heading = ", not compared:";
    for (int i = 0; i < job->model->n_fields; i++)
        if (job->hidden[i] && job->model->fields[i].kind >= GSP_STATE) {
            printf("%s %s", heading, job->model->fields[i].name);
            heading = "";
        }
    const double rate = r->seconds > 0 ? (double)r->steps / r->seconds : 0;
    if (!whole && !job->bare)
        printf("\n");
    else if (rate >= 1e6)
        printf(", %.1f Msteps/s\n", rate / 1e6);
    else
        printf(", %.1f ksteps/s\n", rate / 1e3);
}

/* What the verdicts other than PASS and MISMATCH mean. */
void gsp_explain_verdict(const gsp_record *r) {
    if (strcmp(r->verdict, "EMPTY_BIN") == 0)
        printf("  the device agreed in every step, but the stimulus never reached:%s\n", r->empty_bins);
    else if (strcmp(r->verdict, "SHORT") == 0)
        printf("  only %" PRIu64 " of %" PRIu64 " steps were compared\n", r->steps, r->steps_asked);
}

static int run_bench(const gsp_verb *verb, const cosim_options *o, gsp_job *job, const char *bench,
                     unsigned bug) {
    char job_path[PLACE_MAX + 200], log[PLACE_MAX + 200], record_path[PLACE_MAX + 200],
        program[2 * PLACE_MAX + 32], bug_arg[32], job_arg[PLACE_MAX + 220], wave_arg[PLACE_MAX + 220],
        lib[PLACE_MAX];
    char vvp[] = "vvp", quiet[] = "-n", modules[] = "-M", module[] = "-m", gsp[] = "gsp";
    gsp_error error;
    gsp_record record;
    snprintf(job_path, sizeof job_path, "%s/job.txt", job->folder);
    snprintf(log, sizeof log, "%s/run.log", job->folder);
    snprintf(record_path, sizeof record_path, "%s/record.txt", job->folder);
    snprintf(bug_arg, sizeof bug_arg, "+gsp_bug=%u", bug);
    snprintf(job_arg, sizeof job_arg, "+gsp_job=%s", job_path);
    snprintf(wave_arg, sizeof wave_arg, "+gsp_wave=%s/wave.vcd", job->folder);
    snprintf(lib, sizeof lib, "%s", o->place.lib);
    remove(record_path); /* one of an earlier run is no verdict of this one */
    if (!gsp_job_write(job, job_path, &error))
        return cli_error(verb, "%s", error.text);
    const bool icarus = strcmp(o->sim, "icarus") == 0;
    snprintf(program, sizeof program, "%.900s/%s", bench, icarus ? "bench.vvp" : "bench");
    char *const verilator_argv[] = {program, job_path, bug_arg, NULL};
    char *const icarus_argv[] = {vvp,     quiet,   modules, lib,      module, gsp,
                                 program, job_arg, bug_arg, wave_arg, NULL};
    const int code = gsp_run_program(icarus ? icarus_argv : verilator_argv, log);
    if (code == EXIT_USAGE && !icarus) {
        show_log(log);
        return EXIT_USAGE;
    }
    /* The judge is the record, never the simulator's exit code. */
    if (!gsp_record_read(&record, record_path, &error)) {
        fprintf(stderr, "gsp cosim: %s ended (exit code %d) without a verdict: %s\n", o->sim, code,
                error.text);
        show_log(log);
        return EXIT_ENVIRONMENT;
    }
    const bool pass = strcmp(record.verdict, o->bare ? "BARE" : "PASS") == 0;
    if (!o->common.json && !pass)
        gsp_print_report(job->folder);
    if (o->common.json)
        print_json(o, job, &record);
    else
        gsp_print_line(job, &record);
    if (!o->common.json)
        gsp_explain_verdict(&record);
    if (pass && !o->keep && !o->wave)
        gsp_remove_folder(job->folder);
    else if (o->wave && record.cycles + !pass <= job->wave_from)
        fprintf(stderr, "gsp cosim: no waveform: the run ended after %" PRIu64 " cycles, before the window\n",
                record.cycles);
    else if (o->wave && !o->common.json)
        printf("waveform: %s/wave.vcd, cycles %" PRIu64 " to %" PRIu64 "\n", job->folder, job->wave_from,
               job->wave_to);
    return pass ? EXIT_PASS : EXIT_MISMATCH;
}

/* The command, to be repeated by `gsp replay`: the folder it was given in, then one argument per line. */
bool gsp_save_command(const gsp_job *job, char *const *words) {
    char path[PLACE_MAX + 200], here[PLACE_MAX];
    snprintf(path, sizeof path, "%s/command.txt", job->folder);
    FILE *file = getcwd(here, sizeof here) ? fopen(path, "w") : NULL;
    if (!file)
        return false;
    fprintf(file, "%s\n", here);
    for (; *words; words++)
        fprintf(file, "%s\n", *words);
    return fclose(file) == 0;
}

/* What does not fit together, before anything is built. */
static int check_options(const gsp_verb *verb, const cosim_options *o) {
    const gsp_model *model = o->common.model;
    bool any = false;
    if (o->level == GSP_LEVEL_EXHAUSTIVE && o->form != GSP_FORM_STEP)
        return cli_error(verb, "level 3 draws the state as well: it needs --form step");
    if (o->bare && (o->form == GSP_FORM_SERIAL || o->form == GSP_FORM_ARRAY))
        return cli_error(verb, "--bare: not for the %s form", gsp_form_name(o->form));
    if (o->bare && o->trace)
        return cli_error(verb, "--bare: not with --in");
    if (!o->top && !form_exists(o, o->form))
        return cli_error(verb, "model %s has no form '%s' (rtl/%s)", model->name, gsp_form_name(o->form),
                         model->name);
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_kind kind = model->fields[i].kind;
        const bool hidden = o->port[i] && !*o->port[i];
        if (hidden && kind == GSP_STATE && o->form == GSP_FORM_STEP)
            return cli_error(verb, "--port: form step takes the state from outside: '%s' needs a port",
                             model->fields[i].name);
        any = any || (!hidden && (kind == GSP_STATE || kind == GSP_OUTPUT || kind == GSP_FLAG));
    }
    return any ? EXIT_PASS
               : cli_error(verb, "--port: no state, output or flag has a port: nothing to compare");
}

/* An array's parameters NEURONS and OWN_PARAMS are known to the golden side too. */
bool gsp_array_parameters(const gsp_verb *verb, gsp_form form, char *const parameters[],
                          unsigned n_parameters, uint32_t *neurons, bool *own_params) {
    static const char *const names[] = {"NEURONS=", "OWN_PARAMS="};
    static const uint64_t least[] = {GSP_NEURONS_MIN, 0};
    const uint64_t most[] = {GSP_NEURONS_MAX, own_params ? 1 : 0};
    uint64_t values[] = {GSP_NEURONS, 0};
    for (unsigned k = 0; k < n_parameters && form == GSP_FORM_ARRAY; k++)
        for (unsigned i = 0; i < 2; i++)
            if (strncmp(parameters[k], names[i], strlen(names[i])) == 0 &&
                !cli_number(verb, i ? "--parameter OWN_PARAMS" : "--parameter NEURONS",
                            parameters[k] + strlen(names[i]), least[i], most[i], &values[i]))
                return false;
    *neurons = (uint32_t)values[0];
    if (own_params)
        *own_params = values[1] != 0;
    return true;
}

static int cosim_run(const gsp_verb *verb, cosim_options *o, char *const *words) {
    gsp_error error;
    gsp_struct params;
    gsp_job job;
    unsigned bug = 0;
    char bench[2 * PLACE_MAX];
    memset(&params, 0, sizeof params);
    memset(&job, 0, sizeof job);

    if (!gsp_place_find(&o->place, o->work, &error))
        return cli_environment(verb, "%s", error.text);
    if (!gsp_settings_apply(&o->common.settings, o->common.model, &params, NULL, &error))
        return cli_error(verb, "%s", error.text);
    if (o->bug) {
        const int code = find_bug(verb, o, &bug);
        if (code != 0)
            return code;
    }
    if (o->trace) {
        /* Read here for its errors, its configuration and its initial state; read again by the bench. */
        gsp_trace trace;
        if (!gsp_trace_read(&trace, o->trace, o->common.model, &o->common.settings, false, &error))
            return cli_error(verb, "%s", error.text);
        params = trace.params;
        const bool custom_init = trace.custom_init;
        const size_t rows = trace.n_rows;
        const bool written = write_images(o, &params, &error);
        gsp_trace_free(&trace);
        if (!written)
            return cli_environment(verb, "%s", error.text);
        if (o->steps > rows)
            return cli_error(verb, "--steps %" PRIu64 ": %s has only %zu rows", o->steps, o->trace, rows);
        if (custom_init && o->form_given && o->form != GSP_FORM_STEP)
            return cli_error(
                verb, "%s: starts from a state that is not the reset state: it needs --form step", o->trace);
        if (custom_init)
            o->form = GSP_FORM_STEP;
    } else if (!write_images(o, &params, &error)) {
        return cli_environment(verb, "%s", error.text);
    }
    if (o->level == GSP_LEVEL_EXHAUSTIVE && !o->form_given)
        o->form = GSP_FORM_STEP;
    int code = check_options(verb, o);
    if (code == 0)
        code = gsp_array_parameters(verb, o->form, o->parameter, o->n_parameters, &o->neurons, &o->own_params)
                   ? EXIT_PASS
                   : EXIT_USAGE;
    if (code == 0)
        code = build_bench(verb, o, &params, bench);
    if (code != 0)
        return code;

    job.model = o->common.model;
    job.form = o->form;
    job.seed = o->seed;
    job.neurons = o->neurons;
    job.own_params = o->own_params;
    job.steps = o->steps;
    job.level = (int)o->level;
    job.bare = o->bare;
    job.settings = o->common.settings;
    for (int i = 0; i < GSP_MAX_FIELDS; i++)
        job.hidden[i] = o->port[i] && !*o->port[i];
    snprintf(job.simulator, sizeof job.simulator, "%s", o->sim);
    snprintf(job.bug, sizeof job.bug, "%s", o->bug ? o->bug : "");
    snprintf(job.trace, sizeof job.trace, "%s", o->trace ? o->trace : "");
    job.wave_from = o->wave_from;
    job.wave_to = o->wave_to;
    if (job.steps == 0 && !o->trace && o->level == GSP_LEVEL_EXHAUSTIVE)
        job.steps = UINT64_MAX;
    else if (job.steps == 0 && !o->trace)
        job.steps = strcmp(o->sim, "icarus") == 0 ? 100000 : 1000000;

    char source[80];
    snprintf(source, sizeof source, "%.70s", o->trace ? base_name(o->trace) : "seed");
    if (!o->trace)
        snprintf(source, sizeof source, "seed%" PRIu64, o->seed);
    if (o->resume)
        snprintf(job.folder, sizeof job.folder, "%.500s", o->resume);
    else
        snprintf(job.folder, sizeof job.folder, "%.350s/runs/%.30s-%.10s-%.12s-%.60s%s%.20s-%ld",
                 o->place.work, job.model->name, gsp_form_name(job.form), o->sim, source, o->bug ? "-" : "",
                 o->bug ? o->bug : "", (long)getpid());
    if (!o->resume)
        gsp_remove_folder(job.folder); /* process numbers come again */
    if (!gsp_make_folder(job.folder, &error))
        return cli_error(verb, "%s", error.text);
    if (!o->resume && !gsp_save_command(&job, words))
        return cli_error(verb, "%s: cannot write", job.folder);
    return run_bench(verb, o, &job, bench, bug);
}

/* ---- options -------------------------------------------------------------- */

bool gsp_is_parameter(const char *text) {
    const size_t name = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");
    const char *value = text + name + 1;
    return name > 0 && !isdigit((unsigned char)*text) && text[name] == '=' &&
           strspn(value + (*value == '-'), "0123456789") > 0 &&
           value[(*value == '-') + strspn(value + (*value == '-'), "0123456789")] == '\0';
}

/* FIELD=PORT. The text is kept as it is: it goes into command.txt. */
static int set_port(const gsp_verb *verb, cosim_options *o, char *text) {
    char field[64];
    char *equals = strchr(text, '=');
    if (!equals || (size_t)snprintf(field, sizeof field, "%.*s", (int)(equals - text), text) >= sizeof field)
        return cli_error(verb, "--port: '%s' is not FIELD=PORT", text);
    char *const port = equals + 1;
    const char *const name = port + (*port == '~' && strcmp(field, "rst_n") == 0);
    if (name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$")] != '\0')
        return cli_error(verb, "--port: '%s' is not the name of a port", port);
    const int i = gsp_field_find(o->common.model, field);
    const bool clock = strcmp(field, "clk") == 0, reset = strcmp(field, "rst_n") == 0;
    if (!*name && (clock || reset || (i >= 0 && o->common.model->fields[i].kind == GSP_INPUT)))
        return cli_error(verb, "--port: '%s' needs a port; without one the device cannot follow", field);
    if (clock)
        o->clk = port;
    else if (reset)
        o->rst_n = port;
    else if (strcmp(field, "en") == 0)
        o->en = port;
    else if (i >= 0)
        o->port[i] = port;
    else {
        gsp_error error;
        gsp_unknown_field(o->common.model, field, "--port", &error);
        return cli_error(verb, "%s", error.text);
    }
    return EXIT_PASS;
}

/* FROM:TO in cycles; TO is at least 1, for 0 means no waveform in a job. */
static int set_wave(const gsp_verb *verb, cosim_options *o, const char *text) {
    int length = 0;
    if (strspn(text, "0123456789:") != strlen(text) ||
        sscanf(text, "%" SCNu64 ":%" SCNu64 "%n", &o->wave_from, &o->wave_to, &length) != 2 ||
        text[length] != '\0')
        return cli_error(verb, "--wave: '%s' is not FROM:TO in cycles", text);
    if (o->wave_to < o->wave_from || o->wave_to == 0)
        return cli_error(verb, "--wave: %s ends before it begins", text);
    o->wave = true;
    return EXIT_PASS;
}

/* Paths become absolute, so that `gsp replay` works from anywhere. */
static int set_path(const gsp_verb *verb, const char *option, const char *text, char **path) {
    *path = realpath(text, NULL);
    return *path ? EXIT_PASS : cli_error(verb, "%s: %s: %s", option, text, strerror(errno));
}

static int cosim(const gsp_verb *verb, int argc, char **argv) {
    enum {
        OPT_SIM = OPT_FIRST,
        OPT_STEPS,
        OPT_SEED,
        OPT_LEVEL,
        OPT_IN,
        OPT_WAVE,
        OPT_FORM,
        OPT_RTL,
        OPT_TOP,
        OPT_PORT,
        OPT_NO_PARAMETERS,
        OPT_PARAMETER,
        OPT_BUG,
        OPT_BARE,
        OPT_WORK,
        OPT_KEEP,
        OPT_FOLDER
    };
    static const struct option options[] = {CLI_COMMON_OPTIONS,
                                            {"sim", required_argument, NULL, OPT_SIM},
                                            {"steps", required_argument, NULL, OPT_STEPS},
                                            {"seed", required_argument, NULL, OPT_SEED},
                                            {"level", required_argument, NULL, OPT_LEVEL},
                                            {"in", required_argument, NULL, OPT_IN},
                                            {"wave", required_argument, NULL, OPT_WAVE},
                                            {"form", required_argument, NULL, OPT_FORM},
                                            {"rtl", required_argument, NULL, OPT_RTL},
                                            {"top", required_argument, NULL, OPT_TOP},
                                            {"port", required_argument, NULL, OPT_PORT},
                                            {"no-parameters", no_argument, NULL, OPT_NO_PARAMETERS},
                                            {"parameter", required_argument, NULL, OPT_PARAMETER},
                                            {"bug", required_argument, NULL, OPT_BUG},
                                            {"bare", no_argument, NULL, OPT_BARE},
                                            {"work", required_argument, NULL, OPT_WORK},
                                            {"keep", no_argument, NULL, OPT_KEEP},
                                            {"folder", required_argument, NULL, OPT_FOLDER},
                                            {NULL, 0, NULL, 0}};
    char **const words = argv;
    cosim_options o;
    bool done;
    char *trace = NULL;
    memset(&o, 0, sizeof o);
    o.sim = "verilator";
    o.seed = 1;
    o.level = GSP_LEVEL_RANDOM;
    o.form = GSP_FORM_NEURON;
    int code = cli_model(verb, &argc, &argv, &o.common, &done);
    for (int option;
         code == 0 && !done && (option = getopt_long(argc, argv, CLI_COMMON_SHORT, options, NULL)) != -1;) {
        code = cli_common_option(verb, option, &o.common, &done);
        if (code >= 0)
            continue;
        code = EXIT_PASS;
        switch (option) {
        case OPT_SIM:
            o.sim = optarg;
            if (strcmp(optarg, "verilator") != 0 && strcmp(optarg, "icarus") != 0)
                code = cli_error(verb, "--sim: '%s' is neither verilator nor icarus", optarg);
            break;
        case OPT_STEPS:
            code = cli_number(verb, "--steps", optarg, 1, UINT64_MAX, &o.steps) ? EXIT_PASS : EXIT_USAGE;
            break;
        case OPT_SEED:
            code = cli_number(verb, "--seed", optarg, 0, UINT64_MAX, &o.seed) ? EXIT_PASS : EXIT_USAGE;
            break;
        case OPT_LEVEL:
            code = cli_number(verb, "--level", optarg, 1, 3, &o.level) ? EXIT_PASS : EXIT_USAGE;
            break;
        case OPT_IN:
            code = set_path(verb, "--in", optarg, &trace);
            o.trace = trace;
            break;
        case OPT_WAVE: code = set_wave(verb, &o, optarg); break;
        case OPT_FORM:
            o.form = gsp_form_find(optarg);
            o.form_given = true;
            if (o.form == GSP_FORM_COUNT)
                code = cli_error(verb, "--form: '%s' is none of step, neuron, serial, array", optarg);
            break;
        case OPT_RTL:
            if (o.n_rtl == MAX_FILES)
                code = cli_error(verb, "--rtl: more than %d files", MAX_FILES);
            else
                code = set_path(verb, "--rtl", optarg, &o.rtl[o.n_rtl++]);
            break;
        case OPT_TOP: o.top = optarg; break;
        case OPT_PORT: code = set_port(verb, &o, optarg); break;
        case OPT_NO_PARAMETERS: o.no_parameters = true; break;
        case OPT_PARAMETER:
            if (o.n_parameters == MAX_FILES)
                code = cli_error(verb, "--parameter: more than %d", MAX_FILES);
            else if (!gsp_is_parameter(optarg))
                code = cli_error(verb, "--parameter: '%s' is not NAME=INTEGER", optarg);
            else
                o.parameter[o.n_parameters++] = optarg;
            break;
        case OPT_BUG: o.bug = optarg; break;
        case OPT_BARE: o.bare = true; break;
        case OPT_WORK: o.work = optarg; break;
        case OPT_KEEP: o.keep = true; break;
        case OPT_FOLDER: o.resume = optarg; break;
        default: code = cli_bad_option(verb, argv);
        }
    }
    if (code == 0 && !done && optind < argc)
        code = cli_error(verb, "unexpected argument '%s'", argv[optind]);
    if (code == 0 && !done && o.n_rtl > 0 && !o.top)
        code = cli_error(verb, "--rtl: name the top module of your files with --top");
    if (code == 0 && !done)
        code = cosim_run(verb, &o, words + 1);
    free(trace);
    for (unsigned i = 0; i < o.n_rtl; i++)
        free(o.rtl[i]);
    for (int i = 0; i < GSP_MAX_FIELDS; i++)
        free(o.image[i]);
    cli_common_free(&o.common);
    return code;
}

const gsp_verb gsp_verb_cosim = {
    .name = "cosim",
    .summary = "run RTL and golden model in lockstep and compare every state, every step",
    .usage =
        "usage: gsp cosim MODEL [--sim verilator|icarus] [--form step|neuron|serial|array] [--steps N] [--seed S]\n"
        "                 [--level 1|2|3] [--in TRACE] [--set NAME=VALUE] [--preset NAME] [--wave A:B]\n"
        "                 [--rtl FILE... --top MODULE] [--port FIELD=PORT] [--bug NAME] [--json]\n\n"
        "  --sim NAME        the simulator (verilator)\n"
        "  --form NAME       how the device is attached; docs/rtl.md (neuron)\n"
        "  --steps N         steps to compare (verilator 1000000, icarus 100000; with --in the whole trace)\n"
        "  --seed S          seed of the generated stimulus (1)\n"
        "  --level L         1 special values, 2 weighted random and aimed (default), 3 exhaustive (--form step)\n"
        "  --in TRACE        replay this trace; its expected values are compared with the golden model too\n"
        "  --set NAME=VALUE  configuration, or a param that stays as it is\n"
        "  --wave A:B        write the waveform of cycles A to B (VCD)\n"
        "  --keep            keep the run's folder when it passes\n"
        "  --work DIR        where benches and runs go ($GSP_WORK, else ./gsp-work)\n"
        "  --bare            benchmark: the device alone under recorded stimulus, nothing compared\n"
        "  --bug NAME        plant a named bug of rtl/MODEL/bugs.txt: the run must end in a mismatch;\n"
        "                    with --rtl also a number, given to your files as +gsp_bug\n\n"
        "your own device:\n"
        "  --rtl FILE        a Verilog file of yours; may be repeated\n"
        "  --top MODULE      its top module, with ports named after the fields (`gsp describe MODEL`)\n"
        "  --port FIELD=PORT your port's name for a field, clk, rst_n or en; FIELD= alone: no such port;\n"
        "                    rst_n=~PORT: the reset is active high\n"
        "  --parameter N=V   a further Verilog parameter of the device (also of the project's: MULTIPLIER=1,\n"
        "                    NEURONS=1000, 256 by default, and OWN_PARAMS=1 for form array)\n"
        "  --no-parameters   your module has no Verilog parameters for the configuration\n\n"
        "A run passes when every step asked for was compared and, for generated stimulus of at least\n"
        "100000 steps with free parameters, every coverage bin was reached. A mismatch leaves a folder with\n"
        "the report, the last steps as a trace, and all that `gsp replay` needs.\n",
    .run = cosim,
};
