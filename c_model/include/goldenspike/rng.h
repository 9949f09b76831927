/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The project's random numbers: xoshiro256** (Blackman, Vigna 2018) seeded by
 * splitmix64, both public domain algorithms, so that a seed means the same
 * stimulus on every machine.
 */
#ifndef GOLDENSPIKE_RNG_H
#define GOLDENSPIKE_RNG_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gsp_rng {
    uint64_t s[4];
} gsp_rng;

static inline uint64_t gsp_splitmix64(uint64_t *state) {
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static inline void gsp_rng_seed(gsp_rng *rng, uint64_t seed) {
    for (int i = 0; i < 4; i++)
        rng->s[i] = gsp_splitmix64(&seed);
}

static inline uint64_t gsp_rng_next(gsp_rng *rng) {
    uint64_t *s = rng->s;
    const uint64_t m = s[1] * 5;
    const uint64_t result = ((m << 7) | (m >> 57)) * 9;
    const uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 45) | (s[3] >> 19);
    return result;
}

/* Uniform 0..n-1 for n in 1..2^32 (bias below 2^-32). */
static inline uint32_t gsp_rng_below(gsp_rng *rng, uint64_t n) {
    return (uint32_t)(((gsp_rng_next(rng) >> 32) * n) >> 32);
}

/* Uniform lo..hi, any 64-bit range (bias below 2^-32 for ranges under 2^32). */
static inline int64_t gsp_rng_range(gsp_rng *rng, int64_t lo, int64_t hi) {
    const uint64_t span = (uint64_t)hi - (uint64_t)lo + 1u;
    if (span == 0)
        return (int64_t)gsp_rng_next(rng);
    if (span <= UINT64_C(0x100000000))
        return (int64_t)((uint64_t)lo + gsp_rng_below(rng, span));
    return (int64_t)((uint64_t)lo + gsp_rng_next(rng) % span);
}

/* True in one of n calls. */
static inline bool gsp_rng_one_in(gsp_rng *rng, uint32_t n) {
    return gsp_rng_below(rng, n) == 0;
}

#ifdef __cplusplus
}
#endif
#endif
