#include "indexer/segment/places.h"

#include "data/base/limits.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

/* Who turns `rest` from 0 writes `at`, after it: whoever reads `at` may read the other. */
struct place {
    _Atomic(const uint8_t *) at;
    _Atomic uint64_t rest; /* tag << 32 | length */
};

struct places {
    uint32_t count;
    struct place of[];
};

struct places *places_new(uint64_t count)
{
    uint32_t kept = count < SEGMENT_PLACES_MAX ? (uint32_t)count : SEGMENT_PLACES_MAX;
    struct places *places = calloc(1, sizeof *places + kept * sizeof places->of[0]);

    if (places != NULL)
        places->count = kept;
    return places;
}

void places_free(struct places *places)
{
    free(places);
}

bool places_get(const struct places *places, uint32_t number, struct bytes *body, uint32_t *tag)
{
    const uint8_t *at;
    uint64_t rest;

    if (places == NULL || number >= places->count)
        return false;
    at = atomic_load_explicit(&places->of[number].at, memory_order_acquire);
    if (at == NULL)
        return false;
    rest = atomic_load_explicit(&places->of[number].rest, memory_order_relaxed);
    *body = bytes_of(at, (uint32_t)rest);
    *tag = (uint32_t)(rest >> 32);
    return true;
}

void places_note(struct places *places, uint32_t number, struct bytes body, uint32_t tag)
{
    uint64_t rest = (uint64_t)tag << 32 | body.len, none = 0;

    assert(body.len > 0 && body.len <= UINT32_MAX);
    if (places == NULL || number >= places->count)
        return;
    if (atomic_compare_exchange_strong(&places->of[number].rest, &none, rest))
        atomic_store_explicit(&places->of[number].at, body.data, memory_order_release);
}
