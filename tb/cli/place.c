/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700 /* nftw, readlink */
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

bool gsp_exists(const char *path) {
    return access(path, F_OK) == 0;
}

static bool has_bench(const char *folder) {
    char path[3 * PLACE_MAX];
    snprintf(path, sizeof path, "%s/tb/build_bench.sh", folder);
    return gsp_exists(path);
}

static bool set_path(char target[PLACE_MAX], const char *path, gsp_error *error) {
    char *full = realpath(path, NULL);
    if (!full)
        return gsp_fail(error, "%s: %s", path, strerror(errno));
    const bool fits = strlen(full) < PLACE_MAX;
    if (fits)
        strcpy(target, full);
    free(full);
    return fits || gsp_fail(error, "%s: path too long", path);
}

/* A build tree notes where its sources are. */
static bool read_home(const char *lib, char path[2 * PLACE_MAX]) {
    snprintf(path, 2 * PLACE_MAX, "%s/gsp_home.txt", lib);
    FILE *file = fopen(path, "r");
    const bool ok = file && fgets(path, 2 * PLACE_MAX, file);
    if (file)
        fclose(file);
    path[strcspn(path, "\n")] = '\0';
    return ok;
}

bool gsp_place_find(gsp_place *place, const char *work, gsp_error *error) {
    char program[PLACE_MAX], path[2 * PLACE_MAX];
    const ssize_t n = readlink("/proc/self/exe", program, sizeof program - 1);
    if (n <= 0)
        return gsp_fail(error, "cannot find my own place: %s", strerror(errno));
    program[n] = '\0';
    *strrchr(program, '/') = '\0';

    snprintf(path, sizeof path, "%s/../lib", program);
    if (!set_path(place->lib, path, error))
        return false;

    const char *home = getenv("GSP_HOME");
    snprintf(path, sizeof path, "%s/../share/goldenspike", program);
    if (home && *home) {
        if (!has_bench(home))
            return gsp_fail(error, "GSP_HOME=%s: no tb/build_bench.sh there", home);
        if (!set_path(place->home, home, error))
            return false;
    } else if (has_bench(path)) {
        if (!set_path(place->home, path, error))
            return false;
    } else if (!read_home(place->lib, path) || !has_bench(path)) {
        return gsp_fail(error, "cannot find the RTL and the benches; set GSP_HOME to the project's folder");
    } else if (!set_path(place->home, path, error)) {
        return false;
    }

    if (!work)
        work = getenv("GSP_WORK");
    if (!work || !*work)
        work = "gsp-work";
    return gsp_make_folder(work, error) && set_path(place->work, work, error);
}

bool gsp_make_folder(const char *path, gsp_error *error) {
    char part[2 * PLACE_MAX];
    if (strlen(path) >= sizeof part)
        return gsp_fail(error, "%s: path too long", path);
    for (size_t n = 1; n <= strlen(path); n++) {
        if (path[n] != '/' && path[n] != '\0')
            continue;
        memcpy(part, path, n);
        part[n] = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return gsp_fail(error, "%s: cannot make this folder: %s", path, strerror(errno));
    }
    return true;
}

static int remove_one(const char *path, const struct stat *info, int flag, struct FTW *walk) {
    (void)info;
    (void)flag;
    (void)walk;
    return remove(path);
}

void gsp_remove_folder(const char *path) {
    (void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

bool gsp_which(const char *program, char path[PLACE_MAX]) {
    const char *list = getenv("PATH");
    while (list && *list) {
        const size_t n = strcspn(list, ":");
        if (n > 0 && (size_t)snprintf(path, PLACE_MAX, "%.*s/%s", (int)n, list, program) < PLACE_MAX &&
            access(path, X_OK) == 0)
            return true;
        list += n + (list[n] == ':');
    }
    return false;
}

int gsp_run_program(char *const argv[], const char *log) {
    fflush(NULL);
    const pid_t child = fork();
    if (child < 0)
        return 127;
    if (child == 0) {
        if (log) {
            const int file = open(log, O_WRONLY | O_CREAT | O_APPEND, 0666);
            const int none = open("/dev/null", O_RDONLY);
            if (file < 0 || none < 0 || dup2(none, 0) < 0 || dup2(file, 1) < 0)
                _exit(127);
            /* Progress on a terminal stays visible; everything else is in the log. */
            if (!isatty(2) && dup2(file, 2) < 0)
                _exit(127);
        }
        execvp(argv[0], argv);
        fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
        _exit(127);
    }
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return 127;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool gsp_program_line(char *const argv[], char *line, size_t size) {
    int ends[2];
    if (pipe(ends) != 0)
        return false;
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        const int none = open("/dev/null", O_RDWR);
        (void)dup2(none, 0);
        (void)dup2(ends[1], 1);
        (void)dup2(ends[1], 2);
        close(ends[0]);
        close(ends[1]);
        execvp(argv[0], argv);
        _exit(127);
    }
    close(ends[1]);
    FILE *file = child > 0 ? fdopen(ends[0], "r") : NULL;
    bool ok = file && fgets(line, (int)size, file);
    char rest[256];
    while (file && fgets(rest, sizeof rest, file)) {
    }
    if (file)
        fclose(file);
    int status = -1;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    ok = ok && WIFEXITED(status) && WEXITSTATUS(status) != 127;
    if (ok)
        line[strcspn(line, "\n")] = '\0';
    return ok;
}
