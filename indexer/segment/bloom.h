/* bloom.h: which words, numbers, codes and grams of two a segment may have, in a byte a term.
 *
 * Corrections are found by asking for every text one edit away (search/query/neighbours.h), and for
 * every gram of characters that sound or look alike, several hundred of them, of which the
 * dictionary has a few: a look-up each would cost 20 to 100 times what this does. Answers "no" are
 * true; of the "yes", about 3 % are not.
 *
 *   value   | lines be32 | 28 bytes of zero | line of 64 bytes, line …
 *   line    512 bits of a Bloom filter (Bloom 1970), one for 64 terms: a term has all its bits in
 *           one line, so asking touches one line of the cache (Putze, Sanders, Singler 2007).
 *           With what LMDB and the frame put in front, they begin where lines of the cache do.
 *
 * A term's hash is 32 bits; line and bits are taken from it, so a segment of a hundred million
 * terms would answer "yes" more often and nothing worse. Numbers are little-endian where they are
 * hashed, so a file may move between machines. */
#ifndef ASKFIRST_INDEXER_SEGMENT_BLOOM_H
#define ASKFIRST_INDEXER_SEGMENT_BLOOM_H

#include "data/base/buf.h"
#include "indexer/segment/image.h"

#define BLOOM_LINE 64

struct bloom_writer {
    struct buf hashes; /* 4 bytes each, in this machine's order */
};

/* Only terms of these classes: single characters nearly always exist. */
bool bloom_takes(struct bytes term);
uint32_t bloom_hash(struct bytes term);

void bloom_add(struct bloom_writer *writer, uint32_t hash);
enum status bloom_finish(struct bloom_writer *writer, struct image_sink sink,
                         struct error *err) MUST_USE;
void bloom_writer_release(struct bloom_writer *writer);

struct bloom {
    uint32_t lines_count; /* 0: nothing was added */
    const uint8_t *lines; /* where they are stored (image.h) */
};

bool bloom_may_have(const struct bloom *bloom, uint32_t hash);

/* One of a segment of so many terms at most (a filter of more is damage), read when it is first
 * needed; for any number of threads. */
struct bloom_place;
struct bloom_place *bloom_place_new(uint64_t terms_max); /* NULL without memory */
void bloom_place_free(struct bloom_place *place);        /* accepts NULL */
/* Borrowed from the place. AF_CORRUPT, AF_NO_MEMORY. */
enum status bloom_get(struct bloom_place *place, struct image *image, const struct bloom **out,
                      struct error *err) MUST_USE;
/* NULL when nobody needed it yet. */
const struct bloom *bloom_peek(struct bloom_place *place);

#endif
