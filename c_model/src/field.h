/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gsp_get and gsp_set, inline for where the library calls them in every step.
 * Not public: inlined where a compiler knows the struct, the cases that its
 * fields never take draw warnings.
 */
#ifndef GSP_FIELD_H
#define GSP_FIELD_H

#include <string.h>

#include "goldenspike/model.h"

static inline int64_t gsp_field_load(const gsp_field *field, const void *part) {
    const unsigned char *at = (const unsigned char *)part + field->offset;
    switch (field->size) {
    case 1: {
        uint8_t u;
        memcpy(&u, at, sizeof u);
        return field->c_signed ? (int8_t)u : (int64_t)u;
    }
    case 2: {
        uint16_t u;
        memcpy(&u, at, sizeof u);
        return field->c_signed ? (int16_t)u : (int64_t)u;
    }
    case 4: {
        uint32_t u;
        memcpy(&u, at, sizeof u);
        return field->c_signed ? (int32_t)u : (int64_t)u;
    }
    default: {
        uint64_t u;
        memcpy(&u, at, sizeof u);
        return (int64_t)u;
    }
    }
}

/* Stores the low `size` bytes of a value; the most frequent size is asked first. */
static inline void gsp_store(unsigned size, void *at, int64_t value) {
    if (size == 4) {
        const uint32_t u = (uint32_t)value;
        memcpy(at, &u, sizeof u);
        return;
    }
    switch (size) {
    case 1: {
        const uint8_t u = (uint8_t)value;
        memcpy(at, &u, sizeof u);
        break;
    }
    case 2: {
        const uint16_t u = (uint16_t)value;
        memcpy(at, &u, sizeof u);
        break;
    }
    default: memcpy(at, &value, sizeof value); break;
    }
}

static inline void gsp_field_store(const gsp_field *field, void *part, int64_t value) {
    gsp_store(field->size, (unsigned char *)part + field->offset, value);
}

#endif
