/* deadset.h: which documents of a segment are out of date: one bit a document.
 *
 * Immutable once shared; a change is a copy (deadset_copy) that the next snapshot gets. Stored
 * in the manifest as its bytes. A plain bit array: a million documents are 125 KB. */
#ifndef ASKFIRST_INDEXER_SEGMENT_DEADSET_H
#define ASKFIRST_INDEXER_SEGMENT_DEADSET_H

#include "data/base/bytes.h"

struct deadset {
    unsigned refs;
    uint32_t docs, count;
    uint8_t bits[];
};

/* Empty; one reference. NULL without memory. */
struct deadset *deadset_new(uint32_t docs);
struct deadset *deadset_copy(const struct deadset *set);
/* From stored bytes; NULL also when they are not for `docs` documents. */
struct deadset *deadset_load(uint32_t docs, struct bytes bits);
struct bytes deadset_bytes(const struct deadset *set);
void deadset_unref(struct deadset *set); /* accepts NULL; under the owner's lock */

static inline bool deadset_has(const struct deadset *set, uint32_t doc)
{
    return set != NULL && doc < set->docs && (set->bits[doc >> 3] & (1u << (doc & 7))) != 0;
}

void deadset_add(struct deadset *set, uint32_t doc);

#endif
