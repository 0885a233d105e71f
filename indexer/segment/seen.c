#include "indexer/segment/seen.h"

#include "data/base/limits.h"

#include <stdatomic.h>
#include <stdlib.h>

#define SLOTS_MIN 256u

/* A slot is a word of its own, so relaxed order is enough: whoever reads a checksum there knows
 * that some thread verified a value that states it. 0 is an empty slot. */
struct seen {
    uint64_t mask;
    _Atomic uint64_t slots[];
};

struct seen *seen_new(uint64_t values)
{
    uint64_t slots = SLOTS_MIN;
    struct seen *seen;

    while (slots < values && slots < SEGMENT_SEEN_MAX)
        slots *= 2;
    seen = calloc(1, sizeof *seen + slots * sizeof seen->slots[0]);
    if (seen != NULL)
        seen->mask = slots - 1;
    return seen;
}

void seen_free(struct seen *seen)
{
    free(seen);
}

bool seen_has(const struct seen *seen, uint64_t checksum)
{
    return seen != NULL && checksum != 0 &&
           atomic_load_explicit(&seen->slots[checksum & seen->mask], memory_order_relaxed) ==
               checksum;
}

void seen_add(struct seen *seen, uint64_t checksum)
{
    if (seen != NULL)
        atomic_store_explicit(&seen->slots[checksum & seen->mask], checksum, memory_order_relaxed);
}
