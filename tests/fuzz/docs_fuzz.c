/* Documents as bytes: what is read as one is what document_encode makes of it; a damaged DOCS
 * value gives AF_CORRUPT or a record inside it.
 *
 *     | document u8 | … | image (image.h) |            and the input itself as a record */
#include "tests/fuzz/image.h"

#include "data/base/limits.h"
#include "indexer/segment/docs.h"

static void check_record(struct bytes record)
{
    struct document d, again;
    struct buf first = {0}, second = {0};

    if (!document_decode(record, &d))
        return;
    ENSURE(fuzz_is_inside(d.id, record) && fuzz_is_inside(d.category, record));
    document_encode(&d, &first);
    ENSURE(document_decode(buf_bytes(&first), &again));
    ENSURE(again.no == d.no && again.version == d.version && again.audience == d.audience);
    document_encode(&again, &second);
    ENSURE(bytes_equal(buf_bytes(&first), buf_bytes(&second)));
    buf_release(&first);
    buf_release(&second);
}

/* A value made by the writer, then one byte of it changed. */
static void check_flipped(struct bytes text, uint32_t at, uint8_t flip)
{
    struct memory_image *memory = memory_image_new(), *damaged = memory_image_new();
    struct docs_writer writer = {.sink = memory_image_sink(memory)};
    struct image_sink sink = memory_image_sink(damaged);
    struct image image = {.memory = memory};
    struct document given = {.no = 7, .version = 2, .id = text}, found_document;
    struct bytes key, body, damaged_body;
    struct buf copy = {0};
    struct error err;
    bool found;

    given.id.len = text.len < ARTICLE_ID_BYTES_MAX ? text.len : ARTICLE_ID_BYTES_MAX;
    given.title = bytes_of(text.data + given.id.len, text.len - given.id.len);
    if (given.title.len > ARTICLE_TITLE_BYTES_MAX)
        given.title.len = ARTICLE_TITLE_BYTES_MAX;
    for (int i = 0; i < 3; i++)
        ENSURE_OK(docs_add(&writer, &given, &err));
    ENSURE_OK(docs_finish(&writer, &err));
    docs_writer_release(&writer);
    for (uint32_t doc = 0; doc < 3; doc++) {
        ENSURE_OK(docs_find(&image, doc, &found_document, &err));
        ENSURE(found_document.no == 7 && found_document.version == 2);
        ENSURE(bytes_equal(given.id, found_document.id));
        ENSURE(bytes_equal(given.title, found_document.title));
    }
    ENSURE_OK(image_floor(&image, IMAGE_DOCS, BYTES_LIT("\0\0\0\0"), &key, &body, &found, &err));
    ENSURE(found);
    buf_add(&copy, body);
    copy.data[at % copy.len] ^= flip;
    ENSURE_OK(sink.put(sink.context, IMAGE_DOCS, key, buf_bytes(&copy), &err));
    image.memory = damaged;
    ENSURE_OK(image_get(&image, IMAGE_DOCS, key, &damaged_body, &found, &err));
    for (uint32_t doc = 0; doc < 3; doc++)
        if (docs_find(&image, doc, &found_document, &err) == AF_OK)
            ENSURE(fuzz_is_inside(found_document.id, damaged_body) &&
                   fuzz_is_inside(found_document.title, damaged_body));
    buf_release(&copy);
    memory_image_free(memory);
    memory_image_free(damaged);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_of(bytes_of(data, size));
    uint8_t doc = take_u8(&r), flip = take_u8(&r);
    uint32_t at = take_u32(&r, 2);
    struct memory_image *memory;
    struct image image = {0};
    struct document document;
    struct error err;
    enum status status;

    check_record(bytes_of(data, size));
    check_flipped(bytes_of(r.at, reader_left(&r)), at, flip);
    memory = image_of(&r, 20);
    image.memory = memory;
    status = docs_find(&image, doc, &document, &err);
    if (status != AF_OK)
        ensure_refusal(status, &err, KIND(AF_CORRUPT));
    memory_image_free(memory);
    return 0;
}
