/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* the higher speeds, flock, cfmakeraw */
#include "line.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/file.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static const struct {
    uint64_t baud;
    speed_t speed;
} speeds[] = {
    {9600, B9600},       {19200, B19200},     {38400, B38400},     {57600, B57600},
    {115200, B115200},   {230400, B230400},
#ifdef B460800
    {460800, B460800},   {500000, B500000},   {921600, B921600},   {1000000, B1000000},
    {1500000, B1500000}, {2000000, B2000000}, {3000000, B3000000},
#endif
};
enum { N_SPEEDS = sizeof speeds / sizeof speeds[0] };

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool line_has_speed(uint64_t baud) {
    for (size_t i = 0; i < N_SPEEDS; i++)
        if (speeds[i].baud == baud)
            return true;
    return false;
}

static bool refuse(gsp_line *line, gsp_error *error, const char *what) {
    gsp_fail(error, "%s: %s", line->port, what);
    line_close(line);
    return false;
}

bool line_open(gsp_line *line, const char *port, uint64_t baud, gsp_error *error) {
    struct termios t;
    memset(line, 0, sizeof *line);
    snprintf(line->port, sizeof line->port, "%s", port);
    line->fd = open(port, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (line->fd < 0)
        return gsp_fail(error, "%s: %s%s", port, strerror(errno),
                        errno == ENOENT   ? " (is the board plugged in?)"
                        : errno == EACCES ? " (on most systems group dialout may use serial ports)"
                                          : "");
    if (!isatty(line->fd))
        return refuse(line, error, "no serial port");
    /* Two programs on one line would both see half of the answers. */
    if (flock(line->fd, LOCK_EX | LOCK_NB) != 0)
        return refuse(line, error, "in use by another program");
    if (tcgetattr(line->fd, &t) != 0)
        return refuse(line, error, strerror(errno));
    cfmakeraw(&t);
    t.c_cflag &= (tcflag_t) ~(CSTOPB | PARENB);
    t.c_cflag |= CLOCAL | CREAD | CS8;
    t.c_cc[VMIN] = 0;
    t.c_cc[VTIME] = 0;
    for (size_t i = 0; i < N_SPEEDS; i++)
        if (speeds[i].baud == baud && (cfsetispeed(&t, speeds[i].speed) || cfsetospeed(&t, speeds[i].speed)))
            return refuse(line, error, "does not have this speed");
    if (tcsetattr(line->fd, TCSANOW, &t) != 0)
        return refuse(line, error, strerror(errno));
    (void)tcflush(line->fd, TCIOFLUSH);
    return true;
}

void line_close(gsp_line *line) {
    if (line->fd >= 0)
        close(line->fd);
    line->fd = -1;
}

static bool would_block(void) {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

line_state line_pump(gsp_line *line, int milliseconds) {
    struct pollfd p = {line->fd, POLLIN, 0};
    if (line->out_at < line->out_n)
        p.events |= POLLOUT;
    const int ready = poll(&p, 1, milliseconds);
    if (ready == 0)
        return LINE_SILENT;
    if (ready < 0)
        return errno == EINTR ? LINE_OK : LINE_GONE;
    if (line->in_at > 0) {
        memmove(line->in, line->in + line->in_at, line->in_n - line->in_at);
        line->in_n -= line->in_at;
        line->in_at = 0;
    }
    if (line->out_at > 0) {
        memmove(line->out, line->out + line->out_at, line->out_n - line->out_at);
        line->out_n -= line->out_at;
        line->out_at = 0;
    }
    if (p.revents & POLLIN) {
        const ssize_t n = read(line->fd, line->in + line->in_n, sizeof line->in - line->in_n);
        if (n < 0 && !would_block())
            return LINE_GONE;
        if (n == 0 && line->in_n < sizeof line->in)
            return LINE_GONE; /* readable and at its end: hung up */
        if (n > 0) {
            line->in_n += (size_t)n;
            line->received += (uint64_t)n;
        }
    } else if (p.revents & (POLLHUP | POLLERR | POLLNVAL)) {
        return LINE_GONE;
    }
    if (p.revents & POLLOUT) {
        const ssize_t n = write(line->fd, line->out + line->out_at, line->out_n - line->out_at);
        if (n < 0 && !would_block())
            return LINE_GONE;
        if (n > 0) {
            line->out_at += (size_t)n;
            line->sent += (uint64_t)n;
        }
    }
    return LINE_OK;
}

line_state line_quiet(gsp_line *line, int milliseconds) {
    const int64_t end = now_ms() + milliseconds;
    line->out_at = line->out_n = 0;
    (void)tcflush(line->fd, TCIOFLUSH);
    for (int64_t left = milliseconds; left > 0; left = end - now_ms()) {
        line->in_at = line->in_n;
        if (line_pump(line, (int)left) == LINE_GONE)
            return LINE_GONE;
    }
    line->in_at = line->in_n = 0;
    return LINE_OK;
}

static void put_byte(gsp_line *line, unsigned byte) {
    if (line->out_n < sizeof line->out)
        line->out[line->out_n++] = (uint8_t)byte;
}

void line_put_word(gsp_line *line, uint32_t word) {
    for (int shift = 24; shift >= 0; shift -= 8)
        put_byte(line, word >> shift & 0xFF);
}

void line_put_command(gsp_line *line, bool write, bool counts_up, unsigned words, uint32_t address) {
    put_byte(line, 1u + !write + 2u * !counts_up);
    put_byte(line, words);
    line_put_word(line, address);
}

bool line_take_word(gsp_line *line, uint32_t *word) {
    if (line->in_n - line->in_at < 4)
        return false;
    const uint8_t *b = line->in + line->in_at;
    *word = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
    line->in_at += 4;
    return true;
}

line_state line_read(gsp_line *line, bool counts_up, uint32_t address, unsigned n, uint32_t *words,
                     int milliseconds) {
    const int64_t end = now_ms() + milliseconds;
    line_put_command(line, false, counts_up, n, address);
    for (unsigned k = 0; k < n;) {
        if (line_take_word(line, &words[k])) {
            k++;
            continue;
        }
        const int64_t left = end - now_ms();
        if (left <= 0)
            return LINE_SILENT;
        if (line_pump(line, (int)left) == LINE_GONE)
            return LINE_GONE;
    }
    return LINE_OK;
}
