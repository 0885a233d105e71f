/* termtable.h: the terms of a batch of cases: bytes → a small number, in the order they were first
 * seen, with what the builder knows of each.
 *
 * Most terms are as long as TERM_KEY_BYTES or shorter, and then their key (analyzer.h) is all of
 * them: a look-up compares one number. A longer one goes by a hash whose first byte is 0, which
 * no term begins with, and is compared. A token costs one line of memory, its slot's, which the
 * table can be asked to fetch ahead; a posting costs its term's. */
#ifndef ASKFIRST_INDEXER_BUILD_TERMTABLE_H
#define ASKFIRST_INDEXER_BUILD_TERMTABLE_H

#include "data/base/buf.h"
#include "indexer/text/analyzer.h"

struct term {
    uint32_t at; /* of its bytes */
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
    uint32_t no;    /* term + 1; 0 is free */
    uint32_t count; /* the builder's: where the case being added counts it */
};

struct termtable {
    struct term *terms;
    uint32_t count, room;
    struct term_slot *slots; /* open addressing */
    uint32_t slots_count;    /* a power of two */
    struct buf bytes;
    uint64_t seed; /* nobody who writes cases shall know which of them collide */
};

void termtable_release(struct termtable *table);       /* the struct is empty and usable again */
void termtable_clear(struct termtable *table);         /* empty, with its memory */
size_t termtable_bytes(const struct termtable *table); /* about what its terms need */

/* Where a term with this key is looked for first; right as long as nothing is added. */
static inline uint32_t termtable_place(const struct termtable *table, uint64_t key)
{
    /* Both halves of the product depend on all bits of the key and of the seed. */
    unsigned __int128 product =
        (unsigned __int128)(key ^ table->seed) * (table->seed ^ 0x9E3779B97F4A7C15u);

    return (uint32_t)((uint64_t)product ^ (uint64_t)(product >> 64)) & (table->slots_count - 1);
}

/* The slot of a term, new or known; a new one is zeroed but for its key and number. `key` is its
 * term_key(). NULL without memory. Slots move when a term is added. */
struct term_slot *termtable_add(struct termtable *table, uint64_t key, struct bytes term);

/* Grows beforehand, so that `more` terms can be added without moving slots. */
bool termtable_reserve(struct termtable *table, uint32_t more);

static inline bool term_slot_is_long(const struct term_slot *slot)
{
    return slot->key >> 56 == 0;
}

static inline struct bytes termtable_bytes_of(const struct termtable *table, uint32_t no)
{
    return bytes_of(table->bytes.data + table->terms[no].at, table->terms[no].len);
}

#endif
