/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The oracles: every model's step written a second time, slowly and
 * independently, straight from its equations. tests/oracle/<model>.c defines
 *
 *   void gsp_oracle_<model>(const gsp_<model>_params *, const gsp_<model>_in *,
 *                           gsp_<model>_state *, gsp_<model>_out *);
 *
 * This header declares them all and lists them behind type-erased entries, in
 * registry order. An oracle includes neither fix.h nor calls the model.
 */
#ifndef GSP_TEST_ORACLE_H
#define GSP_TEST_ORACLE_H

#include "goldenspike/model.h"

#ifdef __cplusplus
extern "C" {
#endif

#define GSP_MODEL(m)                                                                  \
    struct gsp_##m##_params;                                                          \
    struct gsp_##m##_in;                                                              \
    struct gsp_##m##_state;                                                           \
    struct gsp_##m##_out;                                                             \
    void gsp_oracle_##m(const struct gsp_##m##_params *, const struct gsp_##m##_in *, \
                        struct gsp_##m##_state *, struct gsp_##m##_out *);
#include "models.def"
#undef GSP_MODEL

typedef struct gsp_oracle {
    const char *model;
    void (*step)(const void *params, const void *in, void *state, void *out);
} gsp_oracle;

/* Every model's oracle, in registry order, and their number; defined by test_oracle.c. */
extern const gsp_oracle gsp_oracles[];
extern const unsigned gsp_oracle_count;

#ifdef __cplusplus
}
#endif
#endif
