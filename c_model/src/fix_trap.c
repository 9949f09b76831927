/* SPDX-License-Identifier: Apache-2.0 */
/* The default answer of a GSP_CHECKED build to a broken contract of fix.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "goldenspike/fix.h"

void gsp_fix_trap(const char *operation, int64_t a, int64_t b) {
    fprintf(stderr, "GSP_CHECKED: %s (operands %" PRId64 ", %" PRId64 ")\n", operation, a, b);
    abort();
}
