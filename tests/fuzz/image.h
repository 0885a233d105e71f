/* image.h: images of the index made of any bytes, for the targets that read them.
 *
 *     | kind u8 | length of key u16 | key | length of body u16 | body | …
 *
 * The part of the store that hands out values checks that they are where they were put, so keys
 * rise here as they do there; bodies are anything. */
#ifndef ASKFIRST_TESTS_FUZZ_IMAGE_H
#define ASKFIRST_TESTS_FUZZ_IMAGE_H

#include "tests/fuzz/fuzz.h"

#include "indexer/segment/image.h"

static inline struct memory_image *image_of(struct reader *r, unsigned values_max)
{
    struct memory_image *memory = memory_image_new();
    struct image_sink sink = memory_image_sink(memory);
    struct bytes last[IMAGE_KIND_COUNT];
    bool any[IMAGE_KIND_COUNT] = {false};
    struct error err;

    for (unsigned i = 0; i < values_max && reader_left(r) > 0; i++) {
        enum image_kind kind = take_u8(r) % IMAGE_KIND_COUNT;
        struct bytes key = take_bytes(r, IMAGE_KEY_BYTES_MAX);
        struct bytes body = take_bytes(r, 2000);

        if (any[kind] && bytes_compare(key, last[kind]) <= 0)
            continue;
        any[kind] = true;
        last[kind] = key;
        ENSURE_OK(sink.put(sink.context, kind, key, body, &err));
    }
    return memory;
}

#endif
