/* A segment's filter of terms. A damaged one is refused, or answers from within its lines; a term
 * that was added is there.
 *
 *     | term | image (image.h) |         the same image's keys are also added to a new one */
#include "tests/fuzz/image.h"

#include "indexer/segment/bloom.h"

static void check_read(struct image *image, struct bytes term)
{
    struct bloom_place *place = bloom_place_new(1000);
    const struct bloom *bloom;
    struct error err;
    enum status status = bloom_get(place, image, &bloom, &err);

    if (status != AF_OK)
        ensure_refusal(status, &err, KIND(AF_CORRUPT));
    else
        (void)bloom_may_have(bloom, bloom_hash(term));
    bloom_place_free(place);
}

static void check_written(struct reader r)
{
    struct memory_image *memory = memory_image_new();
    struct bloom_place *place = bloom_place_new(1000);
    struct image image = {.memory = memory};
    struct bloom_writer writer = {0};
    const struct bloom *bloom;
    struct bytes terms[64];
    size_t count = 0;
    struct error err;

    for (; count < 64 && reader_left(&r) > 0; count++) {
        terms[count] = take_bytes(&r, 300);
        bloom_add(&writer, bloom_hash(terms[count]));
    }
    ENSURE_OK(bloom_finish(&writer, memory_image_sink(memory), &err));
    bloom_writer_release(&writer);
    ENSURE_OK(bloom_get(place, &image, &bloom, &err));
    for (size_t i = 0; i < count; i++)
        ENSURE(bloom_may_have(bloom, bloom_hash(terms[i])));
    bloom_place_free(place);
    memory_image_free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_of(bytes_of(data, size));
    struct bytes term = take_bytes(&r, 100);
    struct reader rest = r;
    struct image image = {.memory = image_of(&r, 20)};

    check_read(&image, term);
    memory_image_free((struct memory_image *)(uintptr_t)image.memory);
    check_written(rest);
    return 0;
}
