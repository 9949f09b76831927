/* SPDX-License-Identifier: Apache-2.0 */
/* Scenario files: real quantities, events in seconds, and what a reference solution did (docs/formats.md). */
#define _POSIX_C_SOURCE 200809L
#include "scenario.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_COLUMNS = 16, LINE = 4096 };

typedef struct event {
    int stimulus;
    double t, amount;
    unsigned line;
} event;

typedef struct spikes {
    double *t;
    size_t n, capacity;
} spikes;

typedef enum rows { NO_ROWS, SPIKE_ROWS, CURVE_ROWS, SAMPLE_ROWS } rows;

typedef struct scenario {
    const char *path;
    double value[GSP_MAX_QUANTITIES];
    double duration;   /* s; 0: not said */
    double initial[8]; /* of each stimulus */
    bool given[8];
    event *events;
    size_t n_events;
    rows kind;
    double *cells; /* n_rows * n_columns */
    size_t n_rows, n_columns;
    int column[4]; /* places of the columns that the kind needs */
} scenario;

static void *grown(void *list, size_t n, size_t size) {
    /* Doubles: called at each power of two. */
    return n & (n - 1) ? list : realloc(list, (n ? 2 * n : 1) * size);
}

static char *trim(char *text) {
    while (isspace((unsigned char)*text))
        text++;
    size_t n = strlen(text);
    while (n > 0 && isspace((unsigned char)text[n - 1]))
        text[--n] = '\0';
    return text;
}

static bool number(const char *text, double *x) {
    char *end;
    *x = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*x);
}

/* event0=t:0.05,Idc,amp_A:1e-10 */
static int parse_event(const gsp_verb *verb, const gsp_encoder *encoder, scenario *s, unsigned line,
                       char *text) {
    event e = {-1, 0, 0, line};
    char known[200] = "";
    char *kind = strchr(text, ',');
    char *amount = kind ? strchr(kind + 1, ',') : NULL;
    if (!amount || strncmp(text, "t:", 2) != 0)
        return cli_error(verb, "%s:%u: event '%.60s' is not t:SECONDS,KIND,amp_UNIT:AMOUNT", s->path, line,
                         text);
    *kind++ = '\0';
    *amount++ = '\0';
    const char *colon = strchr(amount, ':');
    if (!number(text + 2, &e.t) || e.t < 0)
        return cli_error(verb, "%s:%u: time '%.40s' is not a number of seconds from 0", s->path, line,
                         text + 2);
    if (strncmp(amount, "amp_", 4) != 0 || !colon || !number(colon + 1, &e.amount))
        return cli_error(verb, "%s:%u: amount '%.40s' is not amp_UNIT:NUMBER", s->path, line, amount);
    for (int i = 0; i < encoder->n_stimuli; i++) {
        if (strcmp(encoder->stimuli[i].kind, kind) == 0)
            e.stimulus = i;
        snprintf(known + strlen(known), sizeof known - strlen(known), " %s", encoder->stimuli[i].kind);
    }
    if (e.stimulus < 0)
        return cli_error(verb, "%s:%u: no event kind '%.40s'; there are:%s", s->path, line, kind, known);
    event *list = (event *)grown(s->events, s->n_events, sizeof *list);
    if (!list)
        return cli_environment(verb, "out of memory");
    s->events = list;
    s->events[s->n_events++] = e;
    return EXIT_PASS;
}

/* A key that ends in a unit but is unknown may be a misspelt quantity. */
static bool has_unit(const char *key) {
    static const char *const units[] = {"_A", "_V", "_F", "_s"};
    const size_t n = strlen(key);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (n > 2 && strcmp(key + n - 2, units[i]) == 0)
            return true;
    return false;
}

static int parse_header(const gsp_verb *verb, const gsp_model *model, scenario *s, unsigned line,
                        char *text) {
    const gsp_encoder *encoder = model->encoder;
    char *equals = strchr(text, '=');
    if (!equals)
        return EXIT_PASS;
    *equals = '\0';
    char *key = trim(text), *value = trim(equals + 1);
    char where[300];
    snprintf(where, sizeof where, "%.280s:%u", s->path, line);
    if (strncmp(key, "event", 5) == 0 && isdigit((unsigned char)key[5]))
        return parse_event(verb, encoder, s, line, value);
    if (strcmp(key, "T_s") == 0)
        return number(value, &s->duration) && s->duration > 0
                   ? EXIT_PASS
                   : cli_error(verb, "%s: T_s: '%.40s' is not a number of seconds above 0", where, value);
    for (int i = 0; i < encoder->n_stimuli; i++)
        if (encoder->stimuli[i].key && strcmp(encoder->stimuli[i].key, key) == 0) {
            s->given[i] = true;
            return number(value, &s->initial[i])
                       ? EXIT_PASS
                       : cli_error(verb, "%s: %s: '%.40s' is not a number", where, key, value);
        }
    for (int i = 0; i < encoder->n_quantities; i++)
        if (encoder->quantities[i].key && strcmp(encoder->quantities[i].key, key) == 0) {
            /* A label may be followed by its formula. */
            if (encoder->quantities[i].labels)
                value[strcspn(value, ":")] = '\0';
            return cli_quantity(verb, model, where, key, value, s->value) ? EXIT_PASS : EXIT_USAGE;
        }
    if (has_unit(key) && strcmp(key, "sample_s") != 0 && strncmp(key, "Imem_initial", 12) != 0)
        return cli_error(verb, "%s: '%.60s' is no quantity of %s; `gsp describe %s` lists them", where, key,
                         model->name, model->name);
    return EXIT_PASS;
}

static int parse_columns(const gsp_verb *verb, const gsp_encoder *encoder, scenario *s, unsigned line,
                         char *text) {
    const struct {
        rows kind;
        const char *names[4];
    } kinds[] = {{SPIKE_ROWS, {"t_spike_s"}},
                 {CURVE_ROWS, {"Idc_A", "spike_count", "t_first_s", "isi_last_s"}},
                 {SAMPLE_ROWS, {"t_s", encoder->column}}};
    const char *names[MAX_COLUMNS];
    for (char *cell = text, *next; cell; cell = next) {
        next = strchr(cell, ',');
        if (next)
            *next++ = '\0';
        if (s->n_columns == MAX_COLUMNS)
            return cli_error(verb, "%s:%u: more than %d columns", s->path, line, MAX_COLUMNS);
        names[s->n_columns++] = trim(cell);
    }
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0] && s->kind == NO_ROWS; k++) {
        bool all = true;
        for (int i = 0; i < 4 && kinds[k].names[i]; i++) {
            s->column[i] = -1;
            for (size_t c = 0; c < s->n_columns; c++)
                if (strcmp(names[c], kinds[k].names[i]) == 0)
                    s->column[i] = (int)c;
            all = all && s->column[i] >= 0;
        }
        if (all)
            s->kind = kinds[k].kind;
    }
    return s->kind != NO_ROWS
               ? EXIT_PASS
               : cli_error(
                     verb,
                     "%s:%u: these columns are no spike list (t_spike_s), no curve (Idc_A, spike_count, "
                     "t_first_s, isi_last_s) and no samples (t_s, %s)",
                     s->path, line, encoder->column);
}

static int parse_row(const gsp_verb *verb, scenario *s, unsigned line, char *text) {
    size_t n = 0;
    for (char *cell = text, *next; cell; cell = next, n++) {
        next = strchr(cell, ',');
        if (next)
            *next++ = '\0';
        if (n >= s->n_columns)
            continue; /* only counted */
        const size_t at = s->n_rows * s->n_columns + n;
        double *cells = (double *)grown(s->cells, at, sizeof *cells);
        if (!cells)
            return cli_environment(verb, "out of memory");
        s->cells = cells;
        if (!number(trim(cell), &s->cells[at]))
            return cli_error(verb, "%s:%u: '%.40s' is not a number", s->path, line, trim(cell));
    }
    if (n != s->n_columns)
        return cli_error(verb, "%s:%u: %zu cells, the header row has %zu columns", s->path, line, n,
                         s->n_columns);
    s->n_rows++;
    return EXIT_PASS;
}

static int parse(const gsp_verb *verb, const gsp_model *model, scenario *s, FILE *file) {
    char text[LINE];
    unsigned line = 0;
    int code = EXIT_PASS;
    while (code == 0 && fgets(text, sizeof text, file)) {
        line++;
        if (!strchr(text, '\n') && !feof(file))
            return cli_error(verb, "%s:%u: longer than %d characters", s->path, line, LINE - 2);
        char *start = trim(text);
        if (*start == '#')
            code = parse_header(verb, model, s, line, start + 1);
        else if (*start && s->kind == NO_ROWS)
            code = parse_columns(verb, model->encoder, s, line, start);
        else if (*start)
            code = parse_row(verb, s, line, start);
    }
    if (code == 0 && ferror(file))
        code = cli_environment(verb, "%s: %s", s->path, strerror(errno));
    if (code == 0 && s->duration == 0)
        code = cli_error(verb, "%s: no line '# T_s=SECONDS': how long is it?", s->path);
    return code;
}

/* ---- one run ------------------------------------------------------------------ */

typedef struct machine {
    const gsp_verb *verb;
    const gsp_model *model;
    const scenario *s;
    cli_encoded e;
    double dt;
    uint64_t steps;
    const gsp_field *observed, *spike;
} machine;

/* The observed state as a real quantity. */
static double observe(const machine *m) {
    gsp_real r;
    return m->model->encoder->real(m->s->value, &m->e.frame.params, m->observed, 0,
                                   gsp_frame_get(&m->e.frame, m->observed), &r)
               ? r.value
               : (double)NAN;
}

static int stimulate(machine *m, int k, double amount, unsigned line) {
    const gsp_encoder *encoder = m->model->encoder;
    const gsp_field *f = &m->e.fields[gsp_field_find(m->model, encoder->stimuli[k].field)];
    gsp_encode_fault fault;
    int64_t word;
    if (!encoder->stimulus(m->s->value, &m->e.frame.params, k, amount, &word, &fault))
        return line ? cli_error(m->verb, "%s:%u: event '%s': %s", m->s->path, line, encoder->stimuli[k].kind,
                                fault.reason)
                    : cli_error(m->verb, "%s: '%s': %s", m->s->path, encoder->stimuli[k].kind, fault.reason);
    if (!encoder->stimuli[k].holds)
        word += gsp_frame_get(&m->e.frame, f);
    gsp_frame_set(&m->e.frame, f, word > f->max ? f->max : word);
    return EXIT_PASS;
}

/*
 * From reset, with the first stimulus at `level` where that is no NAN. Each
 * step goes to `out` (may be NULL), samples (may be NULL) get the observed
 * quantity before each step.
 */
static int simulate(machine *m, double level, FILE *out, double *samples, spikes *found) {
    const gsp_encoder *encoder = m->model->encoder;
    const scenario *s = m->s;
    m->model->reset(&m->e.frame.state, &m->e.frame.params);
    found->n = 0;
    for (int k = 0; k < encoder->n_stimuli; k++) {
        const gsp_field *f = &m->e.fields[gsp_field_find(m->model, encoder->stimuli[k].field)];
        const bool swept = k == 0 && !isnan(level);
        int code = EXIT_PASS;
        if (swept || s->given[k])
            code = stimulate(m, k, swept ? level : s->initial[k], 0);
        else if (!encoder->stimuli[k].holds)
            gsp_frame_set(&m->e.frame, f, 0);
        if (code != EXIT_PASS)
            return code;
    }
    for (uint64_t n = 0; n < m->steps; n++) {
        bool added = false;
        for (size_t k = 0; k < s->n_events; k++)
            if ((uint64_t)llround(s->events[k].t / m->dt) == n) {
                const int code = stimulate(m, s->events[k].stimulus, s->events[k].amount, s->events[k].line);
                if (code != EXIT_PASS)
                    return code;
                added = added || !encoder->stimuli[s->events[k].stimulus].holds;
            }
        if (samples)
            samples[n] = observe(m);
        m->model->step(&m->e.frame.params, &m->e.frame.in, &m->e.frame.state, &m->e.frame.out);
        const double now = (double)(n + 1) * m->dt;
        const bool spiked = gsp_frame_get(&m->e.frame, m->spike) != 0;
        if (spiked) {
            double *list = (double *)grown(found->t, found->n, sizeof *list);
            if (!list)
                return cli_environment(m->verb, "out of memory");
            found->t = list;
            found->t[found->n++] = now;
        }
        if (out)
            fprintf(out, "%.9g,%.6g,%d\n", now, observe(m), spiked);
        for (int k = 0; added && k < encoder->n_stimuli; k++)
            if (!encoder->stimuli[k].holds)
                gsp_frame_set(&m->e.frame, &m->e.fields[gsp_field_find(m->model, encoder->stimuli[k].field)],
                              0);
    }
    return EXIT_PASS;
}

/* ---- comparison with the file -------------------------------------------------- */

static double cell(const scenario *s, size_t row, int column) {
    return s->cells[row * s->n_columns + (size_t)s->column[column]];
}

static int spike_list(machine *m, FILE *out, bool summary) {
    const scenario *s = m->s;
    const char *const mark = summary ? "" : "# ";
    spikes found = {NULL, 0, 0};
    if (!summary)
        fprintf(out, "t_s,%s,spike\n", m->model->encoder->column);
    const int code = simulate(m, (double)NAN, summary ? NULL : out, NULL, &found);
    double worst = 0;
    for (size_t k = 0; code == 0 && k < found.n; k++) {
        fprintf(out, "%sspike %zu at %.6f s", mark, k, found.t[k]);
        if (s->kind == SPIKE_ROWS && k < s->n_rows) {
            const double error = found.t[k] - cell(s, k, 0);
            fprintf(out, ", reference %.6f s, error %+.3f ms", cell(s, k, 0), 1e3 * error);
            worst = fmax(worst, fabs(error));
        }
        fprintf(out, "\n");
    }
    if (code == 0) {
        fprintf(out, "%s%s %s: dt %g s, %" PRIu64 " steps, %zu spikes", mark, m->model->name, s->path, m->dt,
                m->steps, found.n);
        if (s->kind == SPIKE_ROWS)
            fprintf(out, ", the reference has %zu, max abs error %.3f ms", s->n_rows, 1e3 * worst);
        fprintf(out, "\n");
    }
    free(found.t);
    return code;
}

static int curve(machine *m, FILE *out, bool summary) {
    const scenario *s = m->s;
    spikes found = {NULL, 0, 0};
    double worst_isi = 0, worst_first = 0;
    size_t counts = 0;
    int code = EXIT_PASS;
    if (!summary)
        fprintf(out, "Idc_A,spike_count,t_first_s,isi_last_s,reference_count,reference_t_first_s,"
                     "reference_isi_last_s\n");
    for (size_t r = 0; code == 0 && r < s->n_rows; r++) {
        code = simulate(m, cell(s, r, 0), NULL, NULL, &found);
        if (code != EXIT_PASS)
            break;
        const double first = found.n > 0 ? found.t[0] : -1;
        const double isi = found.n > 1 ? found.t[found.n - 1] - found.t[found.n - 2] : -1;
        if (!summary)
            fprintf(out, "%g,%zu,%.7g,%.7g,%g,%.9g,%.9g\n", cell(s, r, 0), found.n, first, isi, cell(s, r, 1),
                    cell(s, r, 2), cell(s, r, 3));
        counts += (double)found.n != cell(s, r, 1);
        if (isi > 0 && cell(s, r, 3) > 0)
            worst_isi = fmax(worst_isi, fabs(isi / cell(s, r, 3) - 1));
        if (first > 0 && cell(s, r, 2) > 0)
            worst_first = fmax(worst_first, fabs(first - cell(s, r, 2)));
    }
    if (code == 0)
        fprintf(out,
                "%s%s %s: dt %g s, %zu currents, %zu spike counts differ, max relative error of the last "
                "interval %.2e, max abs error of the first spike %.3f ms\n",
                summary ? "" : "# ", m->model->name, s->path, m->dt, s->n_rows, counts, worst_isi,
                1e3 * worst_first);
    free(found.t);
    return code;
}

static int by_size(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int samples(machine *m, FILE *out, bool summary) {
    const scenario *s = m->s;
    spikes found = {NULL, 0, 0};
    double *observed = (double *)malloc((size_t)m->steps * sizeof *observed);
    double *errors = (double *)malloc((s->n_rows + 1) * sizeof *errors);
    size_t n = 0;
    if (!observed || !errors) {
        free(observed);
        free(errors);
        return cli_environment(m->verb, "out of memory");
    }
    int code = simulate(m, (double)NAN, NULL, observed, &found);
    if (code == 0 && !summary)
        fprintf(out, "t_s,%s,reference_%s\n", m->model->encoder->column, m->model->encoder->column);
    for (size_t r = 0; code == 0 && r < s->n_rows; r++) {
        const uint64_t step = (uint64_t)llround(cell(s, r, 0) / m->dt);
        if (cell(s, r, 0) < 0 || step >= m->steps)
            continue;
        if (!summary)
            fprintf(out, "%.9g,%.6g,%.6g\n", cell(s, r, 0), observed[step], cell(s, r, 1));
        errors[n++] = fabs(observed[step] / cell(s, r, 1) - 1);
    }
    if (code == 0 && n == 0)
        code = cli_error(m->verb, "%s: no sample lies within T_s", s->path);
    if (code == 0) {
        qsort(errors, n, sizeof *errors, by_size);
        fprintf(out, "%s%s %s: dt %g s, %zu samples of %s compared, relative error: median %.2e, max %.2e\n",
                summary ? "" : "# ", m->model->name, s->path, m->dt, n, m->model->encoder->column,
                errors[n / 2], errors[n - 1]);
    }
    free(observed);
    free(errors);
    free(found.t);
    return code;
}

/* Every amount, before anything is written. */
static int check_amounts(machine *m) {
    int code = EXIT_PASS;
    for (size_t k = 0; code == 0 && k < m->s->n_events; k++)
        code = stimulate(m, m->s->events[k].stimulus, m->s->events[k].amount, m->s->events[k].line);
    for (size_t r = 0; code == 0 && m->s->kind == CURVE_ROWS && r < m->s->n_rows; r++)
        code = stimulate(m, 0, cell(m->s, r, 0), 0);
    for (int k = 0; code == 0 && k < m->model->encoder->n_stimuli; k++)
        if (m->s->given[k])
            code = stimulate(m, k, m->s->initial[k], 0);
    gsp_default_inputs(m->model, &m->e.frame.params, &m->e.frame.in);
    return code;
}

/* The largest amount that a stimulus holds. */
static double largest_held(const machine *m) {
    const gsp_stimulus *stimuli = m->model->encoder->stimuli;
    double most = 0;
    for (size_t k = 0; k < m->s->n_events; k++)
        if (stimuli[m->s->events[k].stimulus].holds)
            most = fmax(most, m->s->events[k].amount);
    for (size_t r = 0; m->s->kind == CURVE_ROWS && r < m->s->n_rows; r++)
        most = fmax(most, cell(m->s, r, 0));
    for (int k = 0; k < m->model->encoder->n_stimuli; k++)
        if (m->s->given[k] && stimuli[k].holds)
            most = fmax(most, m->s->initial[k]);
    return most;
}

static int drive(const gsp_verb *verb, cli_common *common, scenario *s, const cli_scenario *o) {
    const gsp_model *model = common->model;
    const gsp_encoder *encoder = model->encoder;
    gsp_error error;
    gsp_file out;
    machine m;
    memset(&m, 0, sizeof m);
    m.verb = verb;
    m.model = model;
    m.s = s;
    m.dt = s->value[encoder->time_step];
    m.steps = o->steps ? o->steps : (uint64_t)llround(s->duration / m.dt);
    if (m.steps < 1 || m.steps > UINT64_C(1000000000))
        return cli_error(verb, "%s: %g s in steps of %g s are %" PRIu64 " steps (legal: 1..1000000000)",
                         s->path, s->duration, m.dt, m.steps);
    int code = cli_encode(verb, common, s->value, &m.e);
    if (code != EXIT_PASS)
        return code;
    m.observed = &m.e.fields[gsp_field_find(model, encoder->observed)];
    for (int i = model->n_fields - 1; i >= 0; i--)
        if (m.e.fields[i].kind == GSP_OUTPUT)
            m.spike = &m.e.fields[i];
    code = check_amounts(&m);
    if (code == 0)
        cli_caution(verb, model, s->value, largest_held(&m));
    if (code == 0 && !gsp_file_create(&out, o->out, &error))
        code = cli_error(verb, "%s", error.text);
    if (code != EXIT_PASS) {
        cli_encoded_free(&m.e);
        return code;
    }
    code = s->kind == CURVE_ROWS    ? curve(&m, out.stream, o->summary)
           : s->kind == SAMPLE_ROWS ? samples(&m, out.stream, o->summary)
                                    : spike_list(&m, out.stream, o->summary);
    cli_encoded_free(&m.e);
    if (code != EXIT_PASS)
        gsp_file_abandon(&out);
    else if (!gsp_file_close(&out, &error))
        code = cli_environment(verb, "%s", error.text);
    return code;
}

int cli_scenario_run(const gsp_verb *verb, cli_common *common, const cli_scenario *o) {
    const gsp_model *model = common->model;
    if (!model->encoder || model->encoder->n_stimuli == 0) {
        char known[300] = "";
        for (const gsp_model *const *k = gsp_models; *k; k++)
            if ((*k)->encoder && (*k)->encoder->n_stimuli)
                snprintf(known + strlen(known), sizeof known - strlen(known), " %s", (*k)->name);
        return cli_error(verb, "--si: model %s runs no scenarios; there are:%s", model->name,
                         *known ? known : " none");
    }
    scenario s;
    memset(&s, 0, sizeof s);
    s.path = o->path;
    gsp_quantities_default(model->encoder, s.value);
    FILE *file = fopen(o->path, "r");
    if (!file)
        return cli_error(verb, "--si: %s: %s", o->path, strerror(errno));
    int code = parse(verb, model, &s, file);
    fclose(file);
    if (code == 0 && o->dt &&
        !cli_quantity(verb, model, "--dt", model->encoder->quantities[model->encoder->time_step].name, o->dt,
                      s.value))
        code = EXIT_USAGE;
    if (code == 0)
        code = drive(verb, common, &s, o);
    free(s.events);
    free(s.cells);
    return code;
}
