/* termtable.h: the terms of a batch: bytes → small number, in the order they were first seen. */
#ifndef ASKFIRST_INDEXER_TERMTABLE_H
#define ASKFIRST_INDEXER_TERMTABLE_H

#include "data/base/buf.h"

struct term {
    uint64_t hash;
    size_t at; /* in bytes */
    uint32_t len;
    uint32_t doc_mark, slot; /* the builder's: where this document counts it */
};

struct termtable {
    struct term *terms;
    uint32_t count, room;
    uint32_t *slots;      /* open addressing: term number + 1, 0 is free */
    uint32_t slots_count; /* a power of two */
    struct buf bytes;
};

void termtable_release(struct termtable *table); /* the struct is empty and usable again */
/* The number of a term, new or known. False without memory. */
bool termtable_add(struct termtable *table, struct bytes term, uint32_t *no);
size_t termtable_bytes(const struct termtable *table);

static inline struct bytes termtable_bytes_of(const struct termtable *table, uint32_t no)
{
    return bytes_of(table->bytes.data + table->terms[no].at, table->terms[no].len);
}

#endif
