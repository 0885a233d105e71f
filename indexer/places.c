#include "indexer/places.h"

#include "data/base/limits.h"

#include <stdatomic.h>
#include <stdlib.h>

struct place {
    _Atomic(const uint8_t *) at; /* written last: who reads it may read the other; NULL: none */
    _Atomic uint64_t len;
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

bool places_get(const struct places *places, uint32_t number, struct bytes *body)
{
    const uint8_t *at;

    if (places == NULL || number >= places->count)
        return false;
    at = atomic_load_explicit(&places->of[number].at, memory_order_acquire);
    if (at == NULL)
        return false;
    *body = bytes_of(at, atomic_load_explicit(&places->of[number].len, memory_order_relaxed));
    return true;
}

void places_note(struct places *places, uint32_t number, struct bytes body)
{
    if (places == NULL || number >= places->count)
        return;
    atomic_store_explicit(&places->of[number].len, body.len, memory_order_relaxed);
    atomic_store_explicit(&places->of[number].at, body.data, memory_order_release);
}
