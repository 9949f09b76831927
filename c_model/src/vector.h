/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Batch loops are compiled for several x86-64 levels and chosen at load time,
 * so that a library built for every machine uses the vectors of this one.
 * Sanitizers run before the choice is made and cannot be combined with it.
 */
#ifndef GSP_VECTOR_H
#define GSP_VECTOR_H

#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(GSP_CHECKED)
#define GSP_VECTOR_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define GSP_VECTOR_CLONES
#endif

#endif
