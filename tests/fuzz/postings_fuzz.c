/* Lists of documents. A damaged one ends in AF_CORRUPT, or its documents rise and are there;
 * seeking gives what walking gives. A list that was written comes back as it was.
 *
 *     | documents u8 | where to seek u8 | the term's payload | image (image.h) | */
#include "tests/fuzz/image.h"

#include "indexer/segment/segment_impl.h"
#include "tests/indexer/postings_add.h"

#include <stdlib.h>

#define DOCS_MAX (5000u * 257u) /* of a written list: steps times the widest gap */

struct made {
    struct segment_base base;
    struct image image;
    struct segment segment;
    bool damaged;
};

static void make(struct made *made, const struct memory_image *memory, uint32_t docs)
{
    *made = (struct made){
        .base = {.refs = 1, .docs = docs},
          .image = {.memory = memory        }
    };
    made->segment = (struct segment){&made->base, NULL, &made->image, &made->damaged};
}

static uint32_t refused(const struct made *made, enum status status, struct error *err)
{
    ensure_refusal(status, err, KIND(AF_CORRUPT));
    ENSURE(made->damaged);
    return DOC_END;
}

/* The first document ≥ `from` by walking all of them; DOC_END when there is none or the list is
 * damaged. */
static uint32_t walk_to(struct made *made, struct bytes payload, uint32_t from)
{
    const struct term_entry entry = {.at = payload};
    struct postings postings;
    struct error err;
    uint32_t first = DOC_END, before = 0;
    bool begun = false;
    enum status status = postings_open(&made->segment, &entry, fuzz_arena(), &postings, &err);

    while (status == AF_OK && (status = postings_next(&postings, &err)) == AF_OK &&
           postings.doc != DOC_END) {
        ENSURE(postings.doc < made->base.docs && (!begun || postings.doc > before));
        if (first == DOC_END && postings.doc >= from)
            first = postings.doc;
        before = postings.doc;
        begun = true;
    }
    return status == AF_OK ? first : refused(made, status, &err);
}

/* The same by going to the block that has it. */
static uint32_t seek_to(struct made *made, struct bytes payload, uint32_t from)
{
    const struct term_entry entry = {.at = payload};
    struct postings postings;
    struct postings_block block;
    struct error err;
    enum status status = postings_open(&made->segment, &entry, fuzz_arena(), &postings, &err);

    if (status == AF_OK)
        status = postings_block_seek(&postings, from, &err);
    if (status == AF_OK && postings.block_last == DOC_END)
        return DOC_END;
    if (status == AF_OK)
        status = postings_block_decode(&postings, &block, &err);
    if (status != AF_OK)
        return refused(made, status, &err);
    ENSURE(block.n > 0 && block.n <= POSTINGS_BLOCK);
    for (uint32_t i = 0; i < block.n; i++) {
        ENSURE(block.docs[i] < made->base.docs && (i == 0 || block.docs[i] > block.docs[i - 1]));
        if (block.docs[i] >= from)
            return block.docs[i];
    }
    return DOC_END; /* a list of one block, which does not say where it ends */
}

static void check_damaged(struct reader r)
{
    uint32_t docs = take_u8(&r) * 8u, from = take_u8(&r) * 8u;
    struct bytes payload = take_bytes(&r, 200);
    struct memory_image *memory = image_of(&r, 20);
    struct made made;

    make(&made, memory, docs);
    (void)walk_to(&made, payload, DOC_END);
    (void)seek_to(&made, payload, from);
    memory_image_free(memory);
}

/* Gaps and counts from the input, `times` over: long lists need many chunks. */
static void check_written(struct reader r)
{
    struct memory_image *memory = memory_image_new();
    struct postings_writer *writer = calloc(1, sizeof *writer);
    unsigned times = take_u8(&r), steps = 0;
    uint32_t doc = 0, wanted = DOC_END, from = take_u32(&r, 2);
    struct reader start = r;
    struct buf payload = {0};
    struct error err;
    struct made made;

    ENSURE(writer != NULL);
    writer->sink = memory_image_sink(memory);
    writer->encoder.docs_count = DOCS_MAX;
    postings_encode_begin(&writer->encoder);
    for (; times > 0 && steps < 5000; times--)
        for (r = start; reader_left(&r) > 1; steps++) {
            uint8_t code, gap = take_u8(&r), tf[FIELD_COUNT] = {0};

            code = take_u8(&r);
            tf[code % FIELD_COUNT] = (uint8_t)(code / 4 + 1);
            tf[gap % FIELD_COUNT] = code;
            if (code == 0)
                tf[0] = 1;
            doc += gap;
            postings_add(writer, doc, tf);
            if (doc >= from && wanted == DOC_END)
                wanted = doc;
            doc++;
        }
    ENSURE_OK(postings_end(writer, &payload, &err));
    ENSURE_OK(postings_finish(writer, &err));
    postings_writer_release(writer);
    free(writer);
    make(&made, memory, DOCS_MAX);
    if (payload.len > 0) {
        ENSURE(walk_to(&made, buf_bytes(&payload), from) == wanted);
        ENSURE(seek_to(&made, buf_bytes(&payload), from) == wanted);
    }
    ENSURE(!made.damaged);
    buf_release(&payload);
    memory_image_free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_of(bytes_of(data, size));

    if (take_u8(&r) % 2 == 0)
        check_damaged(r);
    else
        check_written(r);
    return 0;
}
