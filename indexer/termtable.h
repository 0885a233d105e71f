/* termtable.h: the terms of a batch of cases: bytes → a small number, in the order they were first
 * seen, with what the builder knows of each.
 *
 * Most terms are as long as TERM_KEY_BYTES or shorter, and then their key (analyzer.h) is all of
 * them: a look-up compares one number. Longer ones are looked up by a hash and compared. A slot
 * is 16 bytes and a term half a line of the cache, so a token costs two lines that the table can
 * be asked to fetch ahead. */
#ifndef ASKFIRST_INDEXER_TERMTABLE_H
#define ASKFIRST_INDEXER_TERMTABLE_H

#include "data/base/buf.h"
#include "indexer/analyzer.h"

struct term {
    uint32_t slot; /* where the case being added counts it, see segment_build.c */
    uint32_t at;   /* of its bytes */
    /* the builder's postings of it (postpool.h): */
    uint32_t head, tail;
    uint32_t next_doc; /* last document + 1 */
    uint32_t langs;    /* a bit a language of the batch: of documents that hold it */
    uint16_t room;
    uint8_t level;
    uint8_t len;
};

struct term_slot {
    uint64_t key;
    uint32_t no;  /* term + 1; 0 is free */
    uint32_t len; /* of the term */
};

struct termtable {
    struct term *terms;
    uint32_t count, room;
    struct term_slot *slots; /* open addressing */
    uint32_t slots_count;    /* a power of two */
    struct buf bytes;
    uint64_t seed; /* nobody who writes cases shall know which of them collide */
};

void termtable_release(struct termtable *table); /* the struct is empty and usable again */
void termtable_clear(struct termtable *table);   /* empty, with its memory */
size_t termtable_bytes(const struct termtable *table); /* about what its terms need */

/* The number of a term, new or known; a new one is zeroed but for its bytes. `key` is its
 * term_key(). False without memory. */
bool termtable_add(struct termtable *table, uint64_t key, struct bytes term, uint32_t *no);
/* Has the memory fetched where a term of at most TERM_KEY_BYTES is looked for. */
void termtable_prefetch(const struct termtable *table, uint64_t key);

static inline struct bytes termtable_bytes_of(const struct termtable *table, uint32_t no)
{
    return bytes_of(table->bytes.data + table->terms[no].at, table->terms[no].len);
}

#endif
