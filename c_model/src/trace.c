/* SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700 /* strdup, stat, getpid, realpath */
#include "goldenspike/trace.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool gsp_fail(gsp_error *error, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return false;
}

uint32_t gsp_crc32(uint32_t crc, const void *data, size_t n) {
    const unsigned char *byte = (const unsigned char *)data;
    crc = ~crc;
    for (size_t i = 0; i < n; i++) {
        /* Reflected polynomial of IEEE 802.3, four bits at a time. */
        static const uint32_t table[16] = {
            0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
            0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
        crc = table[(crc ^ byte[i]) & 15] ^ (crc >> 4);
        crc = table[(crc ^ (byte[i] >> 4)) & 15] ^ (crc >> 4);
    }
    return ~crc;
}

/* ---- settings ---------------------------------------------------------- */

bool gsp_settings_add(gsp_settings *s, const char *name, const char *value, const char *where, bool tie) {
    if (s->n == s->capacity) {
        const size_t capacity = s->capacity ? 2 * s->capacity : 16;
        gsp_setting *list = (gsp_setting *)realloc(s->list, capacity * sizeof *list);
        if (!list)
            return false;
        s->list = list;
        s->capacity = capacity;
    }
    const gsp_setting setting = {strdup(name), strdup(value), strdup(where), tie};
    s->list[s->n++] = setting;
    return setting.name && setting.value && setting.where;
}

bool gsp_settings_add_text(gsp_settings *s, const char *text, const char *where, bool tie, gsp_error *error) {
    const char *equals = strchr(text, '=');
    char name[64];
    if (!equals || equals == text || (size_t)(equals - text) >= sizeof name)
        return gsp_fail(error, "%s: '%s' is not NAME=VALUE", where, text);
    memcpy(name, text, (size_t)(equals - text));
    name[equals - text] = '\0';
    return gsp_settings_add(s, name, equals + 1, where, tie) || gsp_fail(error, "out of memory");
}

bool gsp_settings_add_preset(gsp_settings *s, const gsp_model *model, const char *name, gsp_error *error) {
    const gsp_preset *preset = model->presets;
    while (preset && preset->name && strcmp(preset->name, name) != 0)
        preset++;
    if (!preset || !preset->name) {
        char known[300] = "";
        for (const gsp_preset *p = model->presets; p && p->name; p++)
            snprintf(known + strlen(known), sizeof known - strlen(known), " %s", p->name);
        return gsp_fail(error, "--preset: model %s has no preset '%s' (it has:%s)", model->name, name,
                        *known ? known : " none");
    }
    char where[64];
    snprintf(where, sizeof where, "preset %s", preset->name);
    for (const char *text = preset->settings; *text;) {
        char setting[128];
        const size_t n = strcspn(text, " ");
        snprintf(setting, sizeof setting, "%.*s", (int)n, text);
        if (!gsp_settings_add_text(s, setting, where, true, error))
            return false;
        text += n + strspn(text + n, " ");
    }
    return true;
}

void gsp_settings_free(gsp_settings *s) {
    for (size_t i = 0; i < s->n; i++) {
        free(s->list[i].name);
        free(s->list[i].value);
        free(s->list[i].where);
    }
    for (size_t i = 0; i < s->n_images; i++)
        free(s->images[i]);
    free(s->images);
    free(s->list);
    memset(s, 0, sizeof *s);
}

static void range_text(const gsp_field *f, char *text, size_t size) {
    if (f->labels)
        snprintf(text, size, "%" PRId64 "..%" PRId64 " or %s", f->min, f->max, f->labels);
    else if (f->width == 64 && !f->is_signed && f->min == INT64_MIN)
        snprintf(text, size, "0..%" PRIu64, UINT64_MAX);
    else
        snprintf(text, size, "%" PRId64 "..%" PRId64, f->min, f->max);
}

/* Digits, whether or not they fit 64 bits. */
static bool is_integer(const char *text) {
    text += *text == '-' || *text == '+';
    const bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    const char *digits = hex ? "0123456789abcdefABCDEF" : "0123456789";
    text += hex ? 2 : 0;
    return *text && text[strspn(text, digits)] == '\0';
}

bool gsp_value(const gsp_field *f, const char *text, const char *where, int64_t *value, gsp_error *error) {
    char range[120];
    range_text(f, range, sizeof range);
    if (gsp_parse_value(f, text, value))
        return gsp_in_range(f, *value) ||
               gsp_fail(error, "%s: field '%s': value %.40s is outside the legal range %s", where, f->name,
                        text, range);
    if (is_integer(text))
        return gsp_fail(error, "%s: field '%s': value %.40s is outside the legal range %s", where, f->name,
                        text, range);
    return gsp_fail(error, "%s: field '%s': '%.40s' is not an integer (legal: %s)", where, f->name, text,
                    range);
}

unsigned gsp_text_distance(const char *a, const char *b) {
    unsigned row[65];
    const size_t n = strlen(b);
    if (n > 64)
        return 99;
    for (unsigned j = 0; j <= n; j++)
        row[j] = j;
    for (unsigned i = 1; *a; a++, i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= n; j++) {
            const unsigned replace = diagonal + (*a != b[j - 1]);
            diagonal = row[j];
            unsigned best = row[j - 1] < row[j] ? row[j - 1] + 1 : row[j] + 1;
            row[j] = replace < best ? replace : best;
        }
    }
    return row[n];
}

bool gsp_unknown_field(const gsp_model *model, const char *name, const char *where, gsp_error *error) {
    const char *nearest = NULL;
    /* At most three letters off, and most of the name must stay. */
    const size_t near = 1 + strlen(name) / 2;
    unsigned best = near < 4 ? (unsigned)near : 4;
    for (int i = 0; i < model->n_fields; i++) {
        const unsigned d = gsp_text_distance(name, model->fields[i].name);
        if (d < best) {
            best = d;
            nearest = model->fields[i].name;
        }
    }
    if (nearest)
        return gsp_fail(error, "%s: model %s has no field '%.60s' (did you mean '%s'?)", where, model->name,
                        name, nearest);
    return gsp_fail(error, "%s: model %s has no field '%.60s'; `gsp describe %s` lists them", where,
                    model->name, name, model->name);
}

/* ---- tables ------------------------------------------------------------ */

static char *read_file(const char *path, size_t *size, gsp_error *error);

/* The next word of an image, or NULL at its end; `line` follows. The text is cut into words. */
static char *next_word(char **at, unsigned *line) {
    for (char *c = *at; *c; c++) {
        if (*c == '/' && c[1] == '/') {
            c += strcspn(c, "\n");
            if (!*c)
                break;
        }
        *line += *c == '\n';
        if (isspace((unsigned char)*c))
            continue;
        char *word = c;
        while (*c && !isspace((unsigned char)*c) && !(*c == '/' && c[1] == '/'))
            c++;
        *at = c;
        return word;
    }
    *at += strlen(*at);
    return NULL;
}

static bool parse_image(const char *path, char *text, const gsp_field *f, uint64_t *words, gsp_error *error) {
    unsigned line = 1;
    size_t n = 0;
    for (char *at = text, *word; (word = next_word(&at, &line)) != NULL; n++) {
        const size_t length = (size_t)(at - word);
        if (strspn(word, "0123456789abcdefABCDEF") < length)
            return gsp_fail(error, "%s:%u: field '%s': '%.*s' is no hexadecimal word", path, line, f->name,
                            (int)(length < 40 ? length : 40), word);
        errno = 0;
        const uint64_t value = strtoull(word, NULL, 16);
        if (errno != 0 || (f->width < 64 && value >> f->width != 0))
            return gsp_fail(error,
                            "%s:%u: field '%s': word %zu: value %.*s is outside the legal range 0..%" PRIx64,
                            path, line, f->name, n, (int)(length < 40 ? length : 40), word,
                            f->width < 64 ? (UINT64_C(1) << f->width) - 1u : UINT64_MAX);
        if (n < f->words)
            words[n] = value;
    }
    return n == f->words || gsp_fail(error, "%s: field '%s': %zu words; this configuration needs %u", path,
                                     f->name, n, f->words);
}

bool gsp_table_read(const char *path, const gsp_field *f, uint64_t *words, gsp_error *error) {
    size_t size;
    char *text = read_file(path, &size, error);
    const bool ok = text && parse_image(path, text, f, words, error);
    free(text);
    return ok;
}

bool gsp_table_write(const char *path, const gsp_model *model, const gsp_field *f, const uint64_t *words,
                     gsp_error *error) {
    gsp_file file;
    if (!gsp_file_create(&file, path, error))
        return false;
    fprintf(file.stream, "// %s of model %s: %u words of %u bits\n", f->name, model->name, f->words,
            f->width);
    for (unsigned i = 0; i < f->words; i++)
        fprintf(file.stream, "%0*" PRIx64 "\n", (f->width + 3) / 4, words[i]);
    fprintf(file.stream, "// end words=%u\n", f->words);
    return gsp_file_close(&file, error);
}

const char *gsp_settings_table(const gsp_settings *s, const char *name) {
    for (size_t k = s->n; k-- > 0;)
        if (strcmp(s->list[k].name, name) == 0)
            return s->list[k].value;
    return NULL;
}

static bool apply_tables(gsp_settings *s, const gsp_model *model, void *params, gsp_error *error) {
    gsp_field fields[GSP_MAX_FIELDS];
    gsp_resolve(model, params, fields);
    for (int i = 0; i < model->n_fields; i++) {
        const char *path = fields[i].kind == GSP_TABLE ? gsp_settings_table(s, fields[i].name) : NULL;
        if (!path)
            continue;
        uint64_t **images = (uint64_t **)realloc(s->images, (s->n_images + 1) * sizeof *images);
        if (images)
            s->images = images;
        uint64_t *image = images ? (uint64_t *)calloc(fields[i].words, sizeof *image) : NULL;
        if (!image)
            return gsp_fail(error, "out of memory");
        s->images[s->n_images++] = image;
        if (!gsp_table_read(path, &fields[i], image, error))
            return false;
        gsp_table_set(&fields[i], params, image);
    }
    return true;
}

static bool apply_kind(const gsp_settings *s, const gsp_model *model, gsp_kind kind, void *params,
                       bool *fixed, gsp_error *error) {
    gsp_field fields[GSP_MAX_FIELDS];
    if (kind == GSP_CONFIG)
        /* Each against its own bounds; one against another only when all are set. */
        memcpy(fields, model->fields, model->n_fields * sizeof fields[0]);
    else
        gsp_resolve(model, params, fields);
    for (size_t k = 0; k < s->n; k++) {
        const int i = gsp_field_find(model, s->list[k].name);
        int64_t value;
        if (i < 0 || fields[i].kind != kind)
            continue;
        if (!gsp_value(&fields[i], s->list[k].value, s->list[k].where, &value, error))
            return false;
        gsp_set(&fields[i], params, value);
        if (fixed)
            fixed[i] = fixed[i] || s->list[k].tie;
    }
    return true;
}

/* The setting that last gave the field its value, for a message. */
static const char *origin(const gsp_settings *s, const char *name) {
    for (size_t k = s->n; k-- > 0;)
        if (strcmp(s->list[k].name, name) == 0)
            return s->list[k].where;
    return "default";
}

bool gsp_settings_apply(gsp_settings *s, const gsp_model *model, void *params, bool fixed[GSP_MAX_FIELDS],
                        gsp_error *error) {
    gsp_default_config(model, params);
    if (!apply_kind(s, model, GSP_CONFIG, params, fixed, error))
        return false;
    int wrong = gsp_check(model, params); /* config against config, before widths are taken from it */
    if (wrong == 0 || model->fields[wrong - 1].kind != GSP_CONFIG) {
        gsp_default_params(model, params);
        if (!apply_tables(s, model, params, error) || !apply_kind(s, model, GSP_PARAM, params, fixed, error))
            return false;
        wrong = gsp_check(model, params);
    }
    if (wrong == 0)
        return true;
    gsp_field fields[GSP_MAX_FIELDS];
    gsp_resolve(model, params, fields);
    const gsp_field *f = &fields[wrong - 1];
    if (f->kind == GSP_TABLE)
        return gsp_fail(
            error,
            "field '%s': no image is shipped for this configuration; give %s=FILE, %u words of %u bits",
            f->name, f->name, f->words, f->width);
    const int64_t value = gsp_get(f, params);
    char range[120];
    range_text(f, range, sizeof range);
    if (!gsp_in_range(f, value))
        return gsp_fail(error, "%s: field '%s': value %" PRId64 " is outside the legal range %s",
                        origin(s, f->name), f->name, value, range);
    return gsp_fail(error, "%s: field '%s': value %" PRId64 " contradicts another field (%s)",
                    origin(s, f->name), f->name, value, f->meaning);
}

/* ---- reading ----------------------------------------------------------- */

static char *read_file(const char *path, size_t *size, gsp_error *error) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        gsp_fail(error, "%s: %s", path, strerror(errno));
        return NULL;
    }
    size_t capacity = 1 << 16, n = 0;
    char *text = (char *)malloc(capacity + 1);
    while (text) {
        n += fread(text + n, 1, capacity - n, file);
        if (n < capacity)
            break;
        capacity *= 2;
        char *larger = (char *)realloc(text, capacity + 1);
        if (!larger)
            free(text);
        text = larger;
    }
    const bool bad = ferror(file) != 0;
    const int why = errno;
    fclose(file);
    if (!text || bad) {
        gsp_fail(error, "%s: %s", path, text ? strerror(why) : "out of memory");
        free(text);
        return NULL;
    }
    text[n] = '\0';
    *size = n;
    for (size_t i = 0; i < n; i++) {
        const unsigned char c = (unsigned char)text[i];
        if (c < 32 && c != '\n' && c != '\r' && c != '\t') {
            unsigned line = 1;
            for (size_t k = 0; k < i; k++)
                line += text[k] == '\n';
            gsp_fail(error, "%s:%u: byte 0x%02x: this is not a text file", path, line, c);
            free(text);
            return NULL;
        }
    }
    return text;
}

static char *trim(char *text) {
    while (isspace((unsigned char)*text))
        text++;
    size_t n = strlen(text);
    while (n > 0 && isspace((unsigned char)text[n - 1]))
        text[--n] = '\0';
    return text;
}

/*
 * Keys that are no field. Text is free provenance; an integer or the label of
 * a field's value might belong to a misspelt parameter, so only known names may carry one.
 */
static bool is_note(const gsp_model *model, const char *key, const char *value) {
    static const char *const known[] = {"seed",    "stimulus_seed", "rows",   "steps",  "ticks",
                                        "version", "commit",        "source", "title",  "date",
                                        "level",   "generator",     "note",   "licence"};
    if (strncmp(key, "x_", 2) == 0 || strncmp(key, "note", 4) == 0)
        return true;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(key, known[i]) == 0)
            return true;
    int64_t unused;
    for (int i = 0; i < model->n_fields; i++)
        if (model->fields[i].labels && gsp_parse_value(&model->fields[i], value, &unused))
            return false;
    return !is_integer(value);
}

static bool parse_end(gsp_trace *t, char *text, uint32_t crc, unsigned line, size_t rows, gsp_error *error) {
    uint64_t said_rows;
    uint32_t said_crc;
    int length = 0;
    /* Eight lower-case digits, so that a record that lost some is not taken for whole. */
    if (sscanf(text, "end rows=%" SCNu64 " crc32=%*8[0-9a-f]%n", &said_rows, &length) != 1 ||
        text[length] != '\0' || length < 8 || sscanf(text + length - 8, "%8" SCNx32, &said_crc) != 1 ||
        text[length - 9] != '=')
        return gsp_fail(error, "%s:%u: bad end record '%.60s' (expected: end rows=N crc32=XXXXXXXX)", t->path,
                        line, text);
    if (said_rows != rows)
        return gsp_fail(error, "%s:%u: truncated: the end record says %" PRIu64 " rows, the file has %zu",
                        t->path, line, said_rows, rows);
    if (said_crc != crc)
        return gsp_fail(error,
                        "%s:%u: damaged: the end record says crc32=%08" PRIx32 ", the file has %08" PRIx32,
                        t->path, line, said_crc, crc);
    t->has_end = true;
    return true;
}

static bool parse_key(gsp_trace *t, gsp_settings *settings, char *text, unsigned line, gsp_error *error) {
    char *equals = strchr(text, '=');
    if (!equals)
        return true; /* a plain comment */
    *equals = '\0';
    const char *key = trim(text), *value = trim(equals + 1);
    char where[300];
    snprintf(where, sizeof where, "%.280s:%u", t->path, line);
    if (strcmp(key, "model") == 0) {
        if (strcmp(value, t->model->name) != 0)
            return gsp_fail(error, "%s: this is a trace of model '%.40s', not of '%s'", where, value,
                            t->model->name);
        return true;
    }
    const bool is_init = strncmp(key, "init.", 5) == 0;
    const int i = gsp_field_find(t->model, is_init ? key + 5 : key);
    /* Between the rows any remark may stand; but a setting would do nothing there. */
    if (t->columns)
        return i < 0 ||
               gsp_fail(error, "%s: '%s=' after the header row; settings come before it", where, key);
    if (i >= 0) {
        const gsp_kind kind = t->model->fields[i].kind;
        if (is_init ? kind != GSP_STATE : kind > GSP_PARAM)
            return gsp_fail(error,
                            "%s: '%s' is %s field; the header takes config, table and param fields, and "
                            "init.<state>",
                            where, key, is_init ? "not a state" : gsp_kind_name(kind));
    } else if (is_init || !is_note(t->model, key, value)) {
        return gsp_unknown_field(t->model, is_init ? key + 5 : key, where, error);
    } else {
        return true;
    }
    /* The path of an image is seen from the trace. */
    const char *slash = strrchr(t->path, '/');
    char path[1000];
    if (i >= 0 && t->model->fields[i].kind == GSP_TABLE && *value != '/' && slash) {
        snprintf(path, sizeof path, "%.*s/%.400s", (int)(slash - t->path < 500 ? slash - t->path : 500),
                 t->path, value);
        value = path;
    }
    return gsp_settings_add(settings, key, value, where, true) || gsp_fail(error, "out of memory");
}

static bool parse_columns(gsp_trace *t, char *text, unsigned line, gsp_error *error) {
    size_t n = 1;
    for (const char *c = text; *c; c++)
        n += *c == ',';
    t->columns = (gsp_column *)calloc(n, sizeof *t->columns);
    if (!t->columns)
        return gsp_fail(error, "out of memory");
    char where[300];
    snprintf(where, sizeof where, "%.280s:%u", t->path, line);
    for (char *cell = text, *next; cell; cell = next) {
        next = strchr(cell, ',');
        if (next)
            *next++ = '\0';
        const char *name = trim(cell);
        gsp_column *column = &t->columns[t->n_columns];
        column->field = -1;
        column->is_init = strncmp(name, "init.", 5) == 0;
        if (strcmp(name, "step") != 0 && strncmp(name, "x_", 2) != 0) {
            const int i = gsp_field_find(t->model, column->is_init ? name + 5 : name);
            if (i < 0) {
                if (!*name)
                    return gsp_fail(error, "%s: column %zu has no name", where, t->n_columns + 1);
                gsp_unknown_field(t->model, name, where, error);
                const size_t used = strlen(error->text);
                snprintf(error->text + used, sizeof error->text - used,
                         "; a column that is no field begins with x_");
                return false;
            }
            const gsp_kind kind = t->model->fields[i].kind;
            if (column->is_init && kind != GSP_STATE)
                return gsp_fail(error, "%s: column '%s': '%s' is not a state", where, name, name + 5);
            if (kind == GSP_CONFIG || kind == GSP_TABLE)
                return gsp_fail(error,
                                "%s: column '%s': a %s field is fixed for the whole trace; give it in "
                                "the header as '# %s=...'",
                                where, name, gsp_kind_name(kind), name);
            for (size_t k = 0; k < t->n_columns; k++)
                if (t->columns[k].field == i && t->columns[k].is_init == column->is_init)
                    return gsp_fail(error, "%s: column '%s' appears twice", where, name);
            column->field = (int16_t)i;
            t->varies |= kind == GSP_PARAM;
            t->custom_init |= column->is_init;
        }
        t->n_columns++;
    }
    return true;
}

static bool parse_row(gsp_trace *t, char *text, unsigned line, size_t *capacity, gsp_error *error) {
    if (t->n_rows == *capacity) {
        *capacity = *capacity ? 2 * *capacity : 1024;
        int64_t *values = (int64_t *)realloc(t->values, *capacity * t->n_columns * sizeof *values);
        if (values)
            t->values = values;
        unsigned char *present = (unsigned char *)realloc(t->present, *capacity * t->n_columns);
        if (present)
            t->present = present;
        unsigned *lines = (unsigned *)realloc(t->lines, *capacity * sizeof *lines);
        if (lines)
            t->lines = lines;
        if (!values || !present || !lines)
            return gsp_fail(error, "out of memory");
    }
    int64_t *values = t->values + t->n_rows * t->n_columns;
    unsigned char *present = t->present + t->n_rows * t->n_columns;
    char where[300];
    snprintf(where, sizeof where, "%.280s:%u", t->path, line);
    size_t n = 0;
    for (char *cell = text, *next; cell; cell = next, n++) {
        next = strchr(cell, ',');
        if (next)
            *next++ = '\0';
        if (n >= t->n_columns)
            continue; /* counted, and refused below */
        cell = trim(cell);
        values[n] = 0;
        present[n] = 0;
        const int i = t->columns[n].field;
        if (i < 0)
            continue;
        const gsp_field *f = &t->fields[i];
        const bool expected = f->kind >= GSP_STATE && !t->columns[n].is_init;
        if (!*cell) {
            if (f->kind == GSP_INPUT)
                return gsp_fail(error, "%s: field '%s': empty; an input needs a value in every row", where,
                                f->name);
            continue;
        }
        if (!gsp_value(f, cell, where, &values[n], error))
            return false;
        present[n] = 1;
        t->n_expected += expected;
    }
    if (n != t->n_columns)
        return gsp_fail(error, "%s: %zu cells, the header row has %zu columns%s", where, n, t->n_columns,
                        n < t->n_columns ? " (truncated?)" : "");
    t->lines[t->n_rows++] = line;
    return true;
}

/* Header settings are complete: fixes the configuration, the ranges and the initial state. */
static bool finish_header(gsp_trace *t, gsp_settings *settings, gsp_error *error) {
    if (!gsp_settings_apply(settings, t->model, &t->params, NULL, error))
        return false;
    gsp_resolve(t->model, &t->params, t->fields);
    t->model->reset(&t->state, &t->params);
    for (size_t k = 0; k < settings->n; k++) {
        const gsp_setting *s = &settings->list[k];
        int64_t value;
        if (strncmp(s->name, "init.", 5) != 0)
            continue;
        const gsp_field *f = &t->fields[gsp_field_find(t->model, s->name + 5)];
        if (!gsp_value(f, s->value, s->where, &value, error))
            return false;
        t->custom_init |= value != gsp_get(f, &t->state);
        gsp_set(f, &t->state, value);
    }
    return true;
}

static bool check_params_of_rows(gsp_trace *t, gsp_error *error) {
    gsp_frame frame;
    memset(&frame, 0, sizeof frame);
    for (size_t r = 0; t->varies && r < t->n_rows; r++) {
        gsp_trace_load(t, r, &frame);
        const int wrong = gsp_check(t->model, &frame.params);
        if (wrong != 0)
            return gsp_fail(error, "%s:%u: field '%s': value %" PRId64 " contradicts another field (%s)",
                            t->path, t->lines[r], t->fields[wrong - 1].name,
                            gsp_get(&t->fields[wrong - 1], &frame.params), t->fields[wrong - 1].meaning);
    }
    return true;
}

static bool parse(gsp_trace *t, char *text, size_t size, gsp_settings *settings, bool strict,
                  gsp_error *error) {
    unsigned line = 0;
    size_t capacity = 0;
    char *end_of_file = text + size;
    uint32_t crc = 0;
    for (char *at = text, *next; at < end_of_file; at = next) {
        next = (char *)memchr(at, '\n', (size_t)(end_of_file - at));
        next = next ? next + 1 : end_of_file;
        const size_t length = (size_t)(next - at);
        const uint32_t crc_before = crc;
        crc = gsp_crc32(crc, at, length);
        char saved = at[length];
        at[length] = '\0';
        line++;
        char *content = trim(at);
        bool ok = true;
        if (t->has_end && *content)
            ok = gsp_fail(error, "%s:%u: text after the end record", t->path, line);
        else if (*content == '#') {
            char *comment = trim(content + 1);
            if (strncmp(comment, "end rows", 8) == 0)
                ok = parse_end(t, comment, crc_before, line, t->n_rows, error);
            else
                ok = parse_key(t, settings, comment, line, error);
        } else if (*content && !t->columns)
            ok = finish_header(t, settings, error) && parse_columns(t, content, line, error);
        else if (*content)
            ok = parse_row(t, content, line, &capacity, error);
        at[length] = saved;
        if (!ok)
            return false;
    }
    if (!t->columns)
        return gsp_fail(error, "%s: %s: no header row", t->path, size == 0 ? "empty file" : "no trace");
    if (t->n_rows == 0)
        return gsp_fail(error, "%s: no rows", t->path);
    if (strict && !t->has_end)
        return gsp_fail(error, "%s: no end record (# end rows=N crc32=...): the trace may be truncated",
                        t->path);
    return check_params_of_rows(t, error);
}

bool gsp_trace_read(gsp_trace *t, const char *path, const gsp_model *model, const gsp_settings *extra,
                    bool strict, gsp_error *error) {
    memset(t, 0, sizeof *t);
    t->model = model;
    size_t size;
    char *text = read_file(path, &size, error);
    if (!text)
        return false;
    t->path = strdup(path);
    bool ok = t->path != NULL;
    for (size_t k = 0; ok && extra && k < extra->n; k++)
        ok = gsp_settings_add(&t->settings, extra->list[k].name, extra->list[k].value, extra->list[k].where,
                              true);
    ok = ok ? parse(t, text, size, &t->settings, strict, error) : gsp_fail(error, "out of memory");
    free(text);
    if (!ok)
        gsp_trace_free(t);
    return ok;
}

void gsp_trace_free(gsp_trace *t) {
    free(t->path);
    free(t->columns);
    free(t->values);
    free(t->present);
    free(t->lines);
    gsp_settings_free(&t->settings);
    memset(t, 0, sizeof *t);
}

int64_t gsp_trace_value(const gsp_trace *t, size_t row, int column) {
    return t->values[row * t->n_columns + (size_t)column];
}

void gsp_trace_load(const gsp_trace *t, size_t row, gsp_frame *frame) {
    const unsigned char *present = t->present + row * t->n_columns;
    if (row == 0) {
        frame->state = t->state;
        gsp_default_inputs(t->model, &t->params, &frame->in);
    }
    frame->params = t->params;
    for (size_t c = 0; c < t->n_columns; c++) {
        if (t->columns[c].field < 0 || !present[c])
            continue;
        const gsp_field *f = &t->fields[t->columns[c].field];
        if (f->kind == GSP_PARAM || f->kind == GSP_INPUT || t->columns[c].is_init)
            gsp_frame_set(frame, f, gsp_trace_value(t, row, (int)c));
    }
}

int gsp_trace_compare(const gsp_trace *t, size_t row, int from, const gsp_frame *frame, size_t *compared) {
    const unsigned char *present = t->present + row * t->n_columns;
    for (int c = from; c < (int)t->n_columns; c++) {
        if (t->columns[c].field < 0 || t->columns[c].is_init || !present[c])
            continue;
        const gsp_field *f = &t->fields[t->columns[c].field];
        if (f->kind < GSP_STATE)
            continue;
        ++*compared;
        if (gsp_frame_get(frame, f) != gsp_trace_value(t, row, c))
            return c;
    }
    return -1;
}

/* ---- writing ----------------------------------------------------------- */

bool gsp_file_create(gsp_file *f, const char *path, gsp_error *error) {
    struct stat info;
    memset(f, 0, sizeof *f);
    if (strcmp(path, "-") == 0) {
        f->stream = stdout;
        return true;
    }
    const size_t size = strlen(path) + 32;
    f->path = strdup(path);
    if (stat(path, &info) != 0 || S_ISREG(info.st_mode))
        f->temporary = (char *)malloc(size);
    if (f->temporary)
        snprintf(f->temporary, size, "%s.%ld.tmp", path, (long)getpid());
    f->stream = fopen(f->temporary ? f->temporary : path, "wb");
    if (f->stream)
        return true;
    gsp_fail(error, "%s: cannot write: %s", path, strerror(errno));
    free(f->path);
    free(f->temporary);
    return false;
}

static void forget(gsp_file *f) {
    free(f->path);
    free(f->temporary);
    memset(f, 0, sizeof *f);
}

bool gsp_file_close(gsp_file *f, gsp_error *error) {
    bool ok = fflush(f->stream) == 0 && !ferror(f->stream);
    if (f->stream != stdout)
        ok = fclose(f->stream) == 0 && ok;
    if (f->temporary)
        ok = ok && rename(f->temporary, f->path) == 0;
    if (!ok)
        gsp_fail(error, "%s: cannot write: %s", f->path ? f->path : "standard output", strerror(errno));
    if (!ok && f->temporary)
        remove(f->temporary);
    forget(f);
    return ok;
}

void gsp_file_abandon(gsp_file *f) {
    if (f->stream != stdout)
        fclose(f->stream);
    if (f->temporary)
        remove(f->temporary);
    forget(f);
}

static void put(gsp_trace_writer *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(gsp_trace_writer *w, const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    const int n = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (n < 0 || (size_t)n >= sizeof text || fwrite(text, 1, (size_t)n, w->file.stream) != (size_t)n)
        w->failed = true;
    else
        w->crc = gsp_crc32(w->crc, text, (size_t)n);
}

/* The columns, in table order; calls for each of them. */
static bool in_row(const gsp_trace_writer *w, const gsp_field *f) {
    return f->kind == GSP_INPUT || f->kind == GSP_STATE || f->kind == GSP_OUTPUT || f->kind == GSP_FLAG ||
           (f->kind == GSP_PARAM && w->params_vary);
}

bool gsp_trace_create(gsp_trace_writer *w, const char *path, const gsp_model *model, const void *params,
                      const void *init, bool params_vary, bool with_init, gsp_error *error) {
    memset(w, 0, sizeof *w);
    w->model = model;
    w->params_vary = params_vary;
    w->with_init = with_init;
    if (!gsp_file_create(&w->file, path, error))
        return false;
    put(w, "# model=%s\n", model->name);
    for (int i = 0; i < model->n_fields; i++) {
        const gsp_field *f = &model->fields[i];
        if (f->kind == GSP_CONFIG || (f->kind == GSP_PARAM && !params_vary))
            put(w, "# %s=%" PRId64 "\n", f->name, gsp_get(f, params));
    }
    for (int i = 0; init && i < model->n_fields; i++)
        if (model->fields[i].kind == GSP_STATE)
            put(w, "# init.%s=%" PRId64 "\n", model->fields[i].name, gsp_get(&model->fields[i], init));
    return true;
}

void gsp_trace_tables(gsp_trace_writer *w, const gsp_settings *settings) {
    for (int i = 0; i < w->model->n_fields; i++) {
        const gsp_field *f = &w->model->fields[i];
        const char *path = f->kind == GSP_TABLE ? gsp_settings_table(settings, f->name) : NULL;
        /* In full: the trace may be written to another folder than this one. */
        char *full = path ? realpath(path, NULL) : NULL;
        if (path)
            put(w, "# %s=%s\n", f->name, full ? full : path);
        free(full);
    }
}

void gsp_trace_note(gsp_trace_writer *w, const char *key, const char *value) {
    put(w, "# %s=%s\n", key, value);
}

static void header_row(gsp_trace_writer *w) {
    put(w, "step");
    for (int i = 0; w->with_init && i < w->model->n_fields; i++)
        if (w->model->fields[i].kind == GSP_STATE)
            put(w, ",init.%s", w->model->fields[i].name);
    for (int i = 0; i < w->model->n_fields; i++)
        if (in_row(w, &w->model->fields[i]))
            put(w, ",%s", w->model->fields[i].name);
    put(w, "\n");
}

void gsp_trace_row(gsp_trace_writer *w, const gsp_frame *frame, const void *before) {
    if (w->rows == 0)
        header_row(w);
    put(w, "%" PRIu64, w->rows++);
    for (int i = 0; w->with_init && i < w->model->n_fields; i++)
        if (w->model->fields[i].kind == GSP_STATE)
            put(w, ",%" PRId64, gsp_get(&w->model->fields[i], before));
    for (int i = 0; i < w->model->n_fields; i++)
        if (in_row(w, &w->model->fields[i]))
            put(w, ",%" PRId64, gsp_frame_get(frame, &w->model->fields[i]));
    put(w, "\n");
}

bool gsp_trace_close(gsp_trace_writer *w, gsp_error *error) {
    if (w->rows == 0)
        header_row(w);
    put(w, "# end rows=%" PRIu64 " crc32=%08" PRIx32 "\n", w->rows, w->crc);
    if (!w->failed)
        return gsp_file_close(&w->file, error);
    gsp_fail(error, "%s: cannot write: %s", w->file.path ? w->file.path : "standard output", strerror(errno));
    gsp_file_abandon(&w->file);
    return false;
}

void gsp_trace_abandon(gsp_trace_writer *w) {
    gsp_file_abandon(&w->file);
}
