/* The dictionary's blocks. Damaged ones end in AF_CORRUPT, or in entries that are within the
 * block, as many as it can hold; written ones give back what was written.
 *
 *     | key to look for | image (image.h) |         the same image's keys are also written anew */
#include "tests/fuzz/image.h"

#include "indexer/segment/block.h"

static void check_walk(struct image *image, enum image_kind kind, struct bytes from)
{
    struct block_cursor cursor;
    struct error err;
    bool found = true;
    enum status status = block_seek(&cursor, image, kind, from, &err);

    for (unsigned steps = 0; status == AF_OK && found; steps++) {
        status = block_next(&cursor, &found, &err);
        ENSURE(steps < 100000);
        if (status == AF_OK && found)
            ENSURE(cursor.key_len <= IMAGE_KEY_BYTES_MAX && cursor.payload.len <= 2000);
    }
    if (status != AF_OK)
        ensure_refusal(status, &err, KIND(AF_CORRUPT));
}

static void check_find(struct image *image, enum image_kind kind, struct bytes key)
{
    struct bytes payload;
    struct error err;
    bool found;
    enum status status = block_find(image, kind, key, &payload, &found, &err);

    if (status != AF_OK)
        ensure_refusal(status, &err, KIND(AF_CORRUPT));
    else if (found)
        ENSURE(payload.len <= 2000);
}

/* Faster walks give entries of the slow one, and end. */
static void check_jumps(struct image *image, struct bytes piece)
{
    struct block_cursor cursor;
    struct error err;
    bool found = true;
    uint32_t left = 50000;
    enum status status = block_seek(&cursor, image, IMAGE_TERMS, BYTES_NONE, &err);

    if (status == AF_OK)
        status = block_next(&cursor, &found, &err);
    while (status == AF_OK && found)
        status = block_skip(&cursor, cursor.key_len > 2 ? 2 : cursor.key_len, &found, &err);
    if (status == AF_OK && piece.len > 0)
        status = block_seek(&cursor, image, IMAGE_TERMS, BYTES_NONE, &err);
    found = piece.len > 0;
    while (status == AF_OK && found) {
        status = block_next_holding(&cursor, 'w', piece, &left, &found, &err);
        if (status == AF_OK && found)
            ENSURE(memmem(cursor.key + 1, cursor.key_len - 1, piece.data, piece.len) != NULL);
    }
    if (status != AF_OK)
        ensure_refusal(status, &err, KIND(AF_CORRUPT));
}

/* Pairs of increments and payloads, written as entries and looked up again. */
static void check_written(struct reader r)
{
    struct memory_image *memory = memory_image_new();
    struct block_writer writer = {.sink = memory_image_sink(memory), .kind = IMAGE_TERMS};
    struct image image = {.memory = memory};
    struct block_cursor cursor;
    struct bytes keys[64], payloads[64], payload;
    size_t count = 0;
    struct error err;
    bool found;

    while (count < 64 && reader_left(&r) > 0) {
        keys[count] = take_bytes(&r, 300);
        payloads[count] = take_bytes(&r, 1000);
        if (keys[count].len == 0 || (count > 0 && bytes_compare(keys[count - 1], keys[count]) >= 0))
            continue;
        ENSURE_OK(block_add(&writer, keys[count], payloads[count], &err));
        count++;
    }
    ENSURE_OK(block_finish(&writer, &err));
    block_writer_release(&writer);
    ENSURE_OK(block_seek(&cursor, &image, IMAGE_TERMS, BYTES_NONE, &err));
    for (size_t i = 0; i < count; i++) {
        ENSURE_OK(block_next(&cursor, &found, &err));
        ENSURE(found && bytes_equal(block_cursor_key(&cursor), keys[i]));
        ENSURE(bytes_equal(cursor.payload, payloads[i]));
        ENSURE_OK(block_find(&image, IMAGE_TERMS, keys[i], &payload, &found, &err));
        ENSURE(found && bytes_equal(payload, payloads[i]));
    }
    ENSURE_OK(block_next(&cursor, &found, &err));
    ENSURE(!found);
    memory_image_free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_of(bytes_of(data, size));
    struct bytes key = take_bytes(&r, 100);
    struct reader rest = r;
    struct image image = {.memory = image_of(&r, 20)};

    check_walk(&image, IMAGE_TERMS, BYTES_NONE);
    check_walk(&image, IMAGE_STEMS, key);
    check_find(&image, IMAGE_TERMS, key);
    check_jumps(&image, key);
    memory_image_free((struct memory_image *)(uintptr_t)image.memory);
    check_written(rest);
    return 0;
}
