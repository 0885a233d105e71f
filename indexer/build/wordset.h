/* wordset.h: which words survived a merge, as hashes: eight bytes a word and no text. */
#ifndef ASKFIRST_INDEXER_BUILD_WORDSET_H
#define ASKFIRST_INDEXER_BUILD_WORDSET_H

#include "data/base/bytes.h"

/* Hashes of the words that made it, to drop the others from stem groups. A word too many by a
 * collision (one in 2^64 per pair) would only be a group member that finds nothing. */
struct wordset {
    uint64_t *slots; /* 0 is free */
    size_t count, room;
};

void wordset_release(struct wordset *set);
bool wordset_add(struct wordset *set, struct bytes word); /* false without memory */
bool wordset_has(const struct wordset *set, struct bytes word);

#endif
