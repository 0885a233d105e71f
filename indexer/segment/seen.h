/* seen.h: which values of a segment have had their checksums verified, so that a search does not
 * compute one over 4 KB to read twenty bytes of it.
 *
 * A segment never changes while it is open, so once is enough; what goes bad on the disk later is
 * index_check's to find, and merging verifies again what it copies. A value is known by the
 * checksum it states. The table is direct-mapped: a newer value takes the slot of an older one,
 * which is then verified again. Any number of threads may use it. */
#ifndef ASKFIRST_INDEXER_SEGMENT_SEEN_H
#define ASKFIRST_INDEXER_SEGMENT_SEEN_H

#include <stdbool.h>
#include <stdint.h>

struct seen;

/* For about so many values. NULL without memory: then nothing is ever seen. */
struct seen *seen_new(uint64_t values);
void seen_free(struct seen *seen); /* accepts NULL */

bool seen_has(const struct seen *seen, uint64_t checksum); /* NULL: false */
void seen_add(struct seen *seen, uint64_t checksum);       /* NULL: nothing */

#endif
