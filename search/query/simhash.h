/* simhash.h: are two texts nearly the same? (Charikar, "Similarity estimation techniques from
 * rounding algorithms", 2002; as used on pages by Manku, Jain & Das Sarma 2007.)
 *
 * Each term of a text votes with the bits of its hash; the majority of each of 64 bits makes the
 * print. Texts that share most terms have prints that differ in few bits. So do, seldom, texts that
 * do not, and short ones are decided by a handful of terms: the terms themselves are compared as
 * well, which tells for certain. */
#ifndef ASKFIRST_SEARCH_QUERY_SIMHASH_H
#define ASKFIRST_SEARCH_QUERY_SIMHASH_H

#include "data/base/arena.h"
#include "indexer/text/analyzer.h"

#define SIMHASH_BITS_APART 6     /* of 64, at most, */
#define SIMHASH_TERMS_SHARED 0.7 /* and of the terms of both together at least so many; */
#define SIMHASH_TERMS_SURE 0.9   /* so many are enough, whatever the prints of short texts say */

struct simhash {
    uint64_t bits;
    const uint64_t *terms; /* a hash of each different word, code or gram of two; rising */
    uint32_t count;
};

/* In the arena. What analyzer_run() answers, AF_NO_MEMORY. */
enum status simhash_of(struct analyzer *analyzer, struct bytes text, struct arena *arena,
                       struct simhash *out, struct error *err) MUST_USE;

unsigned simhash_apart(const struct simhash *a, const struct simhash *b);
/* Shared terms over all terms of both (Jaccard): 0 … 1. */
double simhash_shared(const struct simhash *a, const struct simhash *b);
/* A text without terms is like no other. */
bool simhash_near(const struct simhash *a, const struct simhash *b);

#endif
