#include "indexer/segment/image_impl.h"

#include <assert.h>
#include <stdlib.h>

const char *image_kind_name(enum image_kind kind)
{
    static const char *const names[IMAGE_KIND_COUNT] = {
        "header", "lengths", "numbers",   "postings", "skips",
        "stems",  "terms",   "documents", "filter",   "columns",
    };

    assert((unsigned)kind < IMAGE_KIND_COUNT);
    return names[kind];
}

/* Keys and bodies of a kind stand one after another in one buffer; entries say where. Nothing
 * may point into it before the image is whole, since it moves while it grows. */
struct entry {
    size_t at; /* of the key; the body follows */
    size_t body_bytes;
    uint32_t key_bytes;
};

struct column {
    struct buf bytes;
    struct entry *entries;
    size_t count, room;
};

struct memory_image {
    struct column columns[IMAGE_KIND_COUNT];
};

struct memory_image *memory_image_new(void)
{
    return calloc(1, sizeof(struct memory_image));
}

void memory_image_free(struct memory_image *image)
{
    if (image == NULL)
        return;
    for (int kind = 0; kind < IMAGE_KIND_COUNT; kind++) {
        buf_release(&image->columns[kind].bytes);
        free(image->columns[kind].entries);
    }
    free(image);
}

size_t memory_image_bytes(const struct memory_image *image)
{
    size_t bytes = sizeof *image;

    for (int kind = 0; kind < IMAGE_KIND_COUNT; kind++)
        bytes += image->columns[kind].bytes.room + image->columns[kind].room * sizeof(struct entry);
    return bytes;
}

static struct bytes entry_key(const struct column *column, size_t i)
{
    return bytes_of(column->bytes.data + column->entries[i].at, column->entries[i].key_bytes);
}

static struct bytes entry_body(const struct column *column, size_t i)
{
    const struct entry *entry = &column->entries[i];

    return bytes_of(column->bytes.data + entry->at + entry->key_bytes, entry->body_bytes);
}

static bool column_grow(struct column *column)
{
    size_t room = column->room == 0 ? 8 : column->room * 2;
    struct entry *entries = realloc(column->entries, room * sizeof *entries);

    if (entries == NULL)
        return false;
    column->entries = entries;
    column->room = room;
    return true;
}

static enum status memory_put(void *context, enum image_kind kind, struct bytes key,
                              struct bytes body, struct error *err)
{
    struct memory_image *image = context;
    struct column *column = &image->columns[kind];
    size_t at = column->bytes.len;

    assert(column->count == 0 || bytes_compare(entry_key(column, column->count - 1), key) < 0);
    if (column->count == column->room && !column_grow(column))
        return error_set(err, AF_NO_MEMORY, "no memory for the index of new cases");
    buf_add(&column->bytes, key);
    buf_add(&column->bytes, body);
    if (!buf_ok(&column->bytes))
        return buf_status(&column->bytes, "the index of new cases", err);
    column->entries[column->count++] = (struct entry){at, body.len, (uint32_t)key.len};
    return AF_OK;
}

struct image_sink memory_image_sink(struct memory_image *image)
{
    return (struct image_sink){memory_put, image};
}

/* How many keys are ≤ `key`. */
static size_t count_up_to(const struct column *column, struct bytes key)
{
    size_t low = 0, high = column->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (bytes_compare(entry_key(column, middle), key) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool memory_find(const struct memory_image *image, enum image_kind kind, enum image_find how,
                        struct bytes key, struct bytes *at, struct bytes *body)
{
    const struct column *column = &image->columns[kind];
    size_t n = count_up_to(column, key);
    size_t i = how == IMAGE_AFTER ? n : n - 1;

    if (how == IMAGE_AFTER ? n == column->count : n == 0)
        return false;
    if (how == IMAGE_EXACT && !bytes_equal(entry_key(column, i), key))
        return false;
    *at = entry_key(column, i);
    *body = entry_body(column, i);
    return true;
}

static enum status find(struct image *image, enum image_kind kind, enum image_find how,
                        struct bytes key, struct bytes *at, struct bytes *body, bool *found,
                        struct error *err)
{
    if (image->memory == NULL)
        return disk_find(image, kind, how, key, at, body, found, err);
    *found = memory_find(image->memory, kind, how, key, at, body);
    return AF_OK;
}

enum status image_get(struct image *image, enum image_kind kind, struct bytes key,
                      struct bytes *body, bool *found, struct error *err)
{
    struct bytes at;

    return find(image, kind, IMAGE_EXACT, key, &at, body, found, err);
}

enum status image_get_chunk(struct image *image, uint32_t chunk, struct bytes *body, bool *found,
                            struct error *err)
{
    enum status status;
    uint8_t key[4];
    uint32_t tag;

    *found = places_get(image->places, chunk, body, &tag);
    if (*found)
        return AF_OK;
    put_be32(key, chunk);
    status = image_get(image, IMAGE_POSTINGS, bytes_of(key, sizeof key), body, found, err);
    if (status == AF_OK && *found && body->len > 0)
        places_note(image->places, chunk, *body, 0);
    return status;
}

enum status image_floor(struct image *image, enum image_kind kind, struct bytes key,
                        struct bytes *at, struct bytes *body, bool *found, struct error *err)
{
    return find(image, kind, IMAGE_FLOOR, key, at, body, found, err);
}

enum status image_after(struct image *image, enum image_kind kind, struct bytes key,
                        struct bytes *at, struct bytes *body, bool *found, struct error *err)
{
    return find(image, kind, IMAGE_AFTER, key, at, body, found, err);
}
