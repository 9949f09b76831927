/* SPDX-License-Identifier: Apache-2.0 */
/* Job and record files: how `gsp cosim` and an adapter's process talk. Plain key=value lines, "end=1" last.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lockstep.h"

static bool copy(char *target, size_t size, const char *value, const char *where, gsp_error *error) {
    if (strlen(value) >= size)
        return gsp_fail(error, "%s: too long: %.80s...", where, value);
    strcpy(target, value);
    return true;
}

static bool job_line(gsp_job *job, const char *key, const char *value, const char *path, gsp_error *error) {
    if (strcmp(key, "model") == 0) {
        job->model = gsp_model_find(value);
        return job->model || gsp_fail(error, "%s: no model '%s'", path, value);
    }
    if (!job->model)
        return gsp_fail(error, "%s: the first line must be model=...", path);
    if (strcmp(key, "form") == 0) {
        job->form = gsp_form_find(value);
        return job->form < GSP_FORM_COUNT || gsp_fail(error, "%s: no form '%s'", path, value);
    }
    if (strcmp(key, "hide") == 0) {
        const int i = gsp_field_find(job->model, value);
        if (i < 0)
            return gsp_unknown_field(job->model, value, path, error);
        job->hidden[i] = true;
        return true;
    }
    if (strncmp(key, "set.", 4) == 0)
        return gsp_settings_add(&job->settings, key + 4, value, "job", true) ||
               gsp_fail(error, "out of memory");
    if (strcmp(key, "simulator") == 0)
        return copy(job->simulator, sizeof job->simulator, value, path, error);
    if (strcmp(key, "trace") == 0)
        return copy(job->trace, sizeof job->trace, value, path, error);
    if (strcmp(key, "folder") == 0)
        return copy(job->folder, sizeof job->folder, value, path, error);
    if (strcmp(key, "bug") == 0)
        return copy(job->bug, sizeof job->bug, value, path, error);
    if (strcmp(key, "command") == 0)
        return copy(job->command, sizeof job->command, value, path, error);
    const uint64_t number = strtoull(value, NULL, 10);
    if (strcmp(key, "seed") == 0)
        job->seed = number;
    else if (strcmp(key, "steps") == 0)
        job->steps = number;
    else if (strcmp(key, "neurons") == 0)
        job->neurons = (uint32_t)number;
    else if (strcmp(key, "own_params") == 0)
        job->own_params = number != 0;
    else if (strcmp(key, "level") == 0)
        job->level = (int)number;
    else if (strcmp(key, "bare") == 0)
        job->bare = number != 0;
    else if (strcmp(key, "wave_from") == 0)
        job->wave_from = number;
    else if (strcmp(key, "wave_to") == 0)
        job->wave_to = number;
    else if (strcmp(key, "end") != 0)
        return gsp_fail(error, "%s: unknown key '%s'", path, key);
    return true;
}

/* Calls `line` for each key=value line; false when the file has no end=1. */
static bool read_lines(const char *path,
                       bool (*line)(void *, const char *, const char *, const char *, gsp_error *),
                       void *context, gsp_error *error) {
    FILE *file = fopen(path, "r");
    if (!file)
        return gsp_fail(error, "%s: %s", path, strerror(errno));
    char text[2048];
    bool ok = true, ended = false;
    while (ok && fgets(text, sizeof text, file)) {
        text[strcspn(text, "\n")] = '\0';
        char *equals = strchr(text, '=');
        if (!equals)
            continue;
        *equals = '\0';
        ended = strcmp(text, "end") == 0;
        ok = line(context, text, equals + 1, path, error);
    }
    fclose(file);
    if (ok && !ended)
        return gsp_fail(error, "%s: incomplete (no end line)", path);
    return ok;
}

static bool job_line_any(void *job, const char *key, const char *value, const char *path, gsp_error *error) {
    return job_line((gsp_job *)job, key, value, path, error);
}

bool gsp_job_read(gsp_job *job, const char *path, gsp_error *error) {
    memset(job, 0, sizeof *job);
    return read_lines(path, job_line_any, job, error) || (gsp_job_free(job), false);
}

void gsp_job_free(gsp_job *job) {
    gsp_settings_free(&job->settings);
}

bool gsp_job_write(const gsp_job *job, const char *path, gsp_error *error) {
    FILE *file = fopen(path, "w");
    if (!file)
        return gsp_fail(error, "%s: cannot write: %s", path, strerror(errno));
    fprintf(file,
            "model=%s\nform=%s\nsimulator=%s\nfolder=%s\nseed=%" PRIu64 "\nsteps=%" PRIu64 "\nlevel=%d\n",
            job->model->name, gsp_form_name(job->form), job->simulator, job->folder, job->seed, job->steps,
            job->level);
    fprintf(file, "neurons=%" PRIu32 "\nown_params=%d\n", job->neurons, job->own_params);
    fprintf(file, "bare=%d\nwave_from=%" PRIu64 "\nwave_to=%" PRIu64 "\ntrace=%s\nbug=%s\ncommand=%s\n",
            job->bare, job->wave_from, job->wave_to, job->trace, job->bug, job->command);
    for (size_t k = 0; k < job->settings.n; k++)
        fprintf(file, "set.%s=%s\n", job->settings.list[k].name, job->settings.list[k].value);
    for (int i = 0; i < job->model->n_fields; i++)
        if (job->hidden[i])
            fprintf(file, "hide=%s\n", job->model->fields[i].name);
    fprintf(file, "end=1\n");
    if (fclose(file) != 0)
        return gsp_fail(error, "%s: cannot write: %s", path, strerror(errno));
    return true;
}

static bool record_line(void *context, const char *key, const char *value, const char *path,
                        gsp_error *error) {
    gsp_record *r = (gsp_record *)context;
    const struct {
        const char *key;
        uint64_t *number;
    } numbers[] = {
        {"steps_asked", &r->steps_asked}, {"steps", &r->steps},         {"cycles", &r->cycles},
        {"values", &r->values},           {"events", &r->events},       {"trace_values", &r->trace_values},
        {"fail_cycle", &r->fail_cycle},   {"fail_step", &r->fail_step}, {"streak", &r->streak}};
    if (strcmp(key, "verdict") == 0)
        return copy(r->verdict, sizeof r->verdict, value, path, error);
    if (strcmp(key, "empty_bins") == 0)
        return copy(r->empty_bins, sizeof r->empty_bins, value, path, error);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (strcmp(key, numbers[i].key) == 0)
            *numbers[i].number = strtoull(value, NULL, 10);
    if (strcmp(key, "bins_hit") == 0)
        r->bins_hit = (unsigned)strtoul(value, NULL, 10);
    if (strcmp(key, "bins_wanted") == 0)
        r->bins_wanted = (unsigned)strtoul(value, NULL, 10);
    if (strcmp(key, "seconds") == 0)
        r->seconds = strtod(value, NULL);
    return true;
}

bool gsp_record_read(gsp_record *record, const char *path, gsp_error *error) {
    memset(record, 0, sizeof *record);
    return read_lines(path, record_line, record, error);
}
