/* keysort.h: sorting by eight bytes each, the rest compared only where these are equal.
 *
 * A radix sort: two linear passes a byte in which any keys differ, where comparing would take
 * 18 steps an element for a quarter of a million terms. Stable. */
#ifndef ASKFIRST_INDEXER_BUILD_KEYSORT_H
#define ASKFIRST_INDEXER_BUILD_KEYSORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct keyed {
    uint64_t key;
    uint32_t no; /* whose it is */
};

/* Of two elements with equal keys; NULL: they stay in the order they came in. */
typedef int (*keyed_compare_fn)(const void *a, const void *b, void *context);

/* False without memory: nothing was moved. */
bool keysort(struct keyed *items, size_t count, keyed_compare_fn compare, void *context);

#endif
