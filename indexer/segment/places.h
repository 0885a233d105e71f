/* places.h: where values of an open segment lie in the mapped file, by a number: LMDB searches a
 * tree for them, which at a question's pace is a handful of pages that no cache holds.
 *
 * A value is noted when it was read and verified. It stays where it is for as long as the segment
 * is open: nobody writes to a segment that is published, its pages are free for others only when it
 * was dropped and the last snapshot of it is gone, and the map is not moved while it is open.
 * Any number of threads may note and ask. */
#ifndef ASKFIRST_INDEXER_SEGMENT_PLACES_H
#define ASKFIRST_INDEXER_SEGMENT_PLACES_H

#include "data/base/bytes.h"

struct places;

/* For numbers under `count`, at most SEGMENT_PLACES_MAX of them. NULL without memory: then nothing
 * is ever noted. */
struct places *places_new(uint64_t count);
void places_free(struct places *places); /* accepts NULL */

/* `tag` is whatever else is to be known of the value. False: not noted. NULL: false. */
bool places_get(const struct places *places, uint32_t number, struct bytes *body, uint32_t *tag);
/* The first that is noted under a number stays. Of 1 byte to 4 GB. NULL: nothing. */
void places_note(struct places *places, uint32_t number, struct bytes body, uint32_t tag);

#endif
