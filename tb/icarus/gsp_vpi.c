/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Icarus adapter: carries words between the lockstep core and the bench
 * through VPI. Nothing is judged here.
 *
 * $gsp_clock(running, dump, rst_n, valid, ready, params, in, state, obs):
 * the first call opens the job named by +gsp_job=PATH; each later one hands
 * over obs and puts the next drive; running falls at the end.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vpi_user.h>

#include "lockstep.h"

enum { RUNNING, DUMP, RST_N, VALID, READY, PARAMS, IN, STATE, OBS, ARGUMENTS };
enum { MAX_WORDS = 4 * GSP_MAX_FIELDS + 2 }; /* an array shows state and inputs twice */

/* One simulation, one job: the simulator calls back with no context of ours. */
static struct {
    gsp_lockstep *ls;
    vpiHandle argument[ARGUMENTS];
    uint32_t last_params[MAX_WORDS];
    unsigned n_obs;
    unsigned long long cycle;
    bool fresh;
    int32_t bit[READY + 1]; /* as last put */
} bench;

static void put_bit(int which, uint32_t value) {
    if (bench.bit[which] == (int32_t)value)
        return;
    s_vpi_value v = {.format = vpiIntVal};
    v.value.integer = (PLI_INT32)value;
    vpi_put_value(bench.argument[which], &v, NULL, vpiNoDelay);
    bench.bit[which] = (int32_t)value;
}

static void put_words(int which, const uint32_t *words, unsigned n) {
    s_vpi_vecval vector[MAX_WORDS];
    s_vpi_value v = {.format = vpiVectorVal};
    for (unsigned i = 0; i < n; i++) {
        vector[i].aval = (PLI_INT32)words[i];
        vector[i].bval = 0;
    }
    v.value.vector = vector;
    vpi_put_value(bench.argument[which], &v, NULL, vpiNoDelay);
}

static void put_drive(const gsp_drive *drive) {
    const gsp_layout *layout = gsp_lockstep_layout(bench.ls);
    const gsp_job *job = gsp_lockstep_job(bench.ls);
    put_bit(DUMP, job->wave_to > 0 && bench.cycle >= job->wave_from && bench.cycle <= job->wave_to);
    put_bit(RST_N, drive->rst_n);
    put_bit(VALID, drive->valid);
    put_bit(READY, drive->ready);
    if (!bench.fresh || memcmp(bench.last_params, drive->params, layout->n_params * sizeof(uint32_t)) != 0) {
        memcpy(bench.last_params, drive->params, layout->n_params * sizeof(uint32_t));
        put_words(PARAMS, drive->params, layout->n_params);
        bench.fresh = true;
    }
    put_words(IN, drive->in, layout->n_in);
    if (job->form == GSP_FORM_STEP)
        put_words(STATE, drive->state, layout->n_state);
}

static const gsp_drive *take_obs(void) {
    uint32_t words[MAX_WORDS], unknown[MAX_WORDS];
    s_vpi_value v = {.format = vpiVectorVal};
    uint32_t any = 0;
    vpi_get_value(bench.argument[OBS], &v);
    for (unsigned i = 0; i < bench.n_obs; i++) {
        words[i] = (uint32_t)v.value.vector[i].aval;
        unknown[i] = (uint32_t)v.value.vector[i].bval;
        any |= unknown[i];
    }
    bench.cycle++;
    return gsp_lockstep_clock(bench.ls, words, any ? unknown : NULL);
}

static const char *plusarg(const char *name) {
    s_vpi_vlog_info info;
    vpi_get_vlog_info(&info);
    for (int i = 0; i < info.argc; i++)
        if (strncmp(info.argv[i], name, strlen(name)) == 0)
            return info.argv[i] + strlen(name);
    return NULL;
}

static const gsp_drive *open_job(void) {
    vpiHandle iterator = vpi_iterate(vpiArgument, vpi_handle(vpiSysTfCall, NULL));
    for (int i = 0; i < ARGUMENTS; i++) {
        bench.argument[i] = vpi_scan(iterator);
        if (i <= READY)
            bench.bit[i] = -1;
    }
    gsp_error error = {"+gsp_job=PATH is missing"};
    const char *path = plusarg("+gsp_job=");
    bench.ls = path ? gsp_lockstep_open(path, &error) : NULL;
    if (!bench.ls) {
        vpi_printf("%s\n", error.text);
        return NULL;
    }
    bench.n_obs = gsp_lockstep_layout(bench.ls)->n_obs;
    return gsp_lockstep_start(bench.ls);
}

static PLI_INT32 clock_task(PLI_BYTE8 *unused) {
    (void)unused;
    const gsp_drive *drive = bench.ls ? take_obs() : open_job();
    if (drive) {
        put_drive(drive);
        return 0;
    }
    put_bit(RUNNING, 0);
    if (bench.ls)
        (void)gsp_lockstep_close(bench.ls); /* vvp's exit code says nothing; record.txt is the verdict */
    bench.ls = NULL;
    return 0;
}

static void register_tasks(void) {
    static char name[] = "$gsp_clock";
    s_vpi_systf_data task = {.type = vpiSysTask, .tfname = name, .calltf = clock_task};
    vpi_register_systf(&task);
}

void (*vlog_startup_routines[])(void) = {register_tasks, NULL};
