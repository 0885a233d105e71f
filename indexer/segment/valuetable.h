/* valuetable.h: any bytes → a small number, in the order they were first seen. For the few values
 * of columns; the builder's terms have a table of their own (termtable.h). */
#ifndef ASKFIRST_INDEXER_SEGMENT_VALUETABLE_H
#define ASKFIRST_INDEXER_SEGMENT_VALUETABLE_H

#include "data/base/buf.h"

struct value {
    uint64_t hash;
    size_t at; /* in bytes */
    uint32_t len;
};

struct valuetable {
    struct value *values;
    uint32_t count, room;
    uint32_t *slots;      /* open addressing: value number + 1, 0 is free */
    uint32_t slots_count; /* a power of two */
    struct buf bytes;
};

void valuetable_release(struct valuetable *table); /* the struct is empty and usable again */
/* The number of a value, new or known. False without memory. */
bool valuetable_add(struct valuetable *table, struct bytes value, uint32_t *no);

static inline struct bytes valuetable_bytes_of(const struct valuetable *table, uint32_t no)
{
    return bytes_of(table->bytes.data + table->values[no].at, table->values[no].len);
}

#endif
