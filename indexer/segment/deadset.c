#include "indexer/segment/deadset.h"

#include <assert.h>
#include <stdlib.h>

static size_t bits_bytes(uint32_t docs)
{
    return ((size_t)docs + 7) / 8;
}

struct deadset *deadset_new(uint32_t docs)
{
    struct deadset *set = calloc(1, sizeof *set + bits_bytes(docs));

    if (set == NULL)
        return NULL;
    set->refs = 1;
    set->docs = docs;
    return set;
}

struct deadset *deadset_copy(const struct deadset *set)
{
    struct deadset *copy = deadset_new(set->docs);

    if (copy == NULL)
        return NULL;
    copy->count = set->count;
    memcpy(copy->bits, set->bits, bits_bytes(set->docs));
    return copy;
}

struct deadset *deadset_load(uint32_t docs, struct bytes bits)
{
    struct deadset *set;

    if (bits.len != bits_bytes(docs))
        return NULL;
    set = deadset_new(docs);
    if (set == NULL)
        return NULL;
    for (uint32_t doc = 0; doc < docs; doc++)
        if ((bits.data[doc >> 3] & (1u << (doc & 7))) != 0)
            deadset_add(set, doc);
    return set;
}

struct bytes deadset_bytes(const struct deadset *set)
{
    return bytes_of(set->bits, bits_bytes(set->docs));
}

void deadset_unref(struct deadset *set)
{
    if (set != NULL && --set->refs == 0)
        free(set);
}

void deadset_add(struct deadset *set, uint32_t doc)
{
    assert(doc < set->docs);
    if (deadset_has(set, doc))
        return;
    set->bits[doc >> 3] = (uint8_t)(set->bits[doc >> 3] | 1u << (doc & 7));
    set->count++;
}
