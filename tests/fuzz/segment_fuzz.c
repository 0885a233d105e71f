/* A whole segment with damage in it: loading it, walking its dictionary and its lists, and
 * reading its documents gives AF_CORRUPT or answers that stay within its bounds.
 *
 * The segment is a real one, made once. The input is what is done to its values:
 *
 *     | kind u8 | value u8 | what u8 | at u16 | byte u8 | …      what: change, cut, insert, drop */
#include "tests/fuzz/fuzz.h"

#include "indexer/build/segment_build.h"
#include "indexer/segment/segment_impl.h"

#define EDITS_MAX 16

static const char *const cases[] = {
    "{\"id\":\"a\",\"lang\":\"en\",\"title\":\"Toner leaks inside the "
    "printer\",\"product\":\"MFP\","
    "\"symptom\":\"Black powder on pages, printing prints printed.\",\"error_code\":\"E-013\"}",
    "{\"id\":\"b\",\"lang\":\"zh-Hans\",\"title\":\"打印机缺纸怎么办\",\"cause\":\"传感器脏污\"}",
    "{\"id\":\"c\",\"lang\":\"de\",\"title\":\"Drucker\",\"text\":\"Der Drucker druckt.\"}",
    "{\"id\":\"d\",\"lang\":\"ja\",\"title\":\"ルーターが再起動\",\"keywords\":[\"HG8245H\"]}",
};

struct edit {
    uint8_t kind, value, what, byte;
    uint32_t at;
};

static struct memory_image *build(void)
{
    struct memory_image *memory = memory_image_new();
    struct segment_builder *builder;
    struct run_store store;
    struct analyzer *analyzer;
    struct stemmer *stemmer;
    struct error err;

    run_store_init(&store, NULL, 0);
    ENSURE_OK(analyzer_new(&analyzer, &err));
    ENSURE_OK(stemmer_new(&stemmer, &err));
    ENSURE_OK(segment_builder_new(analyzer, &store, &builder, &err));
    for (uint32_t i = 0; i < 160; i++) { /* more than a block of postings */
        struct article_ref ref = {.no = i + 1, .version = 1, .seq = i + 1};
        struct article_view view;

        ENSURE(article_view_of(bytes_str(cases[i % 4]), &view));
        ENSURE_OK(segment_builder_add(builder, &ref, &view, &err));
    }
    ENSURE_OK(segment_builder_write(builder, stemmer, memory_image_sink(memory), &err));
    segment_builder_free(builder);
    run_store_release(&store);
    stemmer_free(stemmer);
    analyzer_free(analyzer);
    return memory;
}

/* False: the value goes. */
static bool apply(const struct edit *edit, struct buf *body)
{
    uint32_t at = body->len == 0 ? 0 : edit->at % (uint32_t)body->len;

    switch (edit->what % 4) {
    case 0:
        if (body->len > 0)
            body->data[at] = edit->byte;
        break;
    case 1:
        body->len = at;
        break;
    case 2:
        buf_add_u8(body, 0);
        memmove(body->data + at + 1, body->data + at, body->len - at - 1);
        body->data[at] = edit->byte;
        break;
    default:
        return edit->byte % 2 == 0;
    }
    return true;
}

static struct memory_image *damage(const struct memory_image *whole, const struct edit *edits,
                                   size_t count)
{
    struct memory_image *memory = memory_image_new();
    struct image_sink sink = memory_image_sink(memory);
    struct image image = {.memory = whole};
    struct error err;

    for (uint8_t kind = 0; kind < IMAGE_KIND_COUNT; kind++) {
        struct bytes key = BYTES_NONE, body;
        bool found;

        ENSURE_OK(image_get(&image, kind, BYTES_NONE, &body, &found, &err));
        for (uint8_t value = 0;; value++) {
            struct buf copy = {0};
            bool stays = true;

            if (!found || value > 0)
                ENSURE_OK(image_after(&image, kind, key, &key, &body, &found, &err));
            if (!found)
                break;
            buf_add(&copy, body);
            for (size_t i = 0; i < count; i++)
                if (edits[i].kind % IMAGE_KIND_COUNT == kind && edits[i].value % 4 == value % 4)
                    stays = apply(&edits[i], &copy) && stays;
            if (stays)
                ENSURE_OK(sink.put(sink.context, kind, key, buf_bytes(&copy), &err));
            buf_release(&copy);
        }
    }
    return memory;
}

static void allow(enum status status, struct error *err)
{
    if (status != AF_OK)
        ensure_refusal(status, err, KIND(AF_CORRUPT));
}

static void walk_list(const struct segment *segment, const struct term_entry *entry)
{
    struct arena *arena = arena_new((size_t)16 << 20);
    struct postings postings;
    struct error err;
    uint32_t before = 0;
    bool begun = false;
    enum status status = postings_open(segment, entry, arena, &postings, &err);

    while (status == AF_OK) {
        status = postings_next(&postings, &err);
        if (status != AF_OK || postings.doc == DOC_END)
            break;
        ENSURE(postings.doc < segment_docs(segment) && (!begun || postings.doc > before));
        before = postings.doc;
        begun = true;
    }
    allow(status, &err);
    arena_free(arena);
}

static void ignore_sibling(void *context, struct bytes term)
{
    (void)context;
    ENSURE(term.len > 0 && term.data[0] == 'w');
}

static void walk_terms(const struct segment *segment, struct stemmer *stemmer)
{
    struct arena *arena = fuzz_arena();
    struct term_cursor *cursor = NULL;
    struct term_entry entry;
    struct error err;
    bool found = true;
    enum status status = term_cursor_open(segment, BYTES_NONE, arena, &cursor, &err);

    for (unsigned steps = 0; status == AF_OK && found; steps++) {
        ENSURE(steps < 10000);
        status = term_cursor_next(cursor, &entry, &found, &err);
        if (status != AF_OK || !found)
            break;
        if (steps % 8 == 0)
            walk_list(segment, &entry);
        if (steps % 8 == 0 && entry.term.len > 0 && entry.term.data[0] == 'w')
            allow(segment_stem_siblings(segment, stemmer, entry.term, arena, ignore_sibling, NULL,
                                        &err),
                  &err);
    }
    allow(status, &err);
    term_cursor_close(cursor);
}

static void walk_documents(const struct segment *segment)
{
    uint32_t docs = segment_docs(segment);

    for (uint32_t doc = 0; doc < docs && doc < 200; doc += doc < 8 ? 1 : 37) {
        struct document document;
        struct error err;
        uint32_t at;
        bool found;

        allow(segment_document(segment, doc, &document, &err), &err);
        enum status status = segment_find_number(segment, doc, &at, &found, &err);
        allow(status, &err);
        ENSURE(status != AF_OK || !found || at < docs);
        ENSURE(segment_lengths(segment, doc) != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct memory_image *whole;
    static struct stemmer *stemmer;
    struct reader r = reader_of(bytes_of(data, size));
    struct edit edits[EDITS_MAX];
    size_t count = 0;
    struct memory_image *memory;
    struct segment_base *base;
    struct image image = {0};
    struct error err;
    enum status status;
    bool damaged = false;

    if (whole == NULL) {
        whole = build();
        ENSURE_OK(stemmer_new(&stemmer, &err));
    }
    while (reader_left(&r) > 0 && count < EDITS_MAX) {
        struct edit edit = {take_u8(&r), take_u8(&r), take_u8(&r), 0, take_u32(&r, 2)};

        edit.byte = take_u8(&r);
        edits[count++] = edit;
    }
    memory = damage(whole, edits, count);
    image.memory = memory;
    status = segment_base_load(&image, memory, &base, &err);
    if (status != AF_OK) {
        allow(status, &err);
        ENSURE(count > 0);
        memory_image_free(memory);
        return 0;
    }
    const struct segment segment = {base, NULL, &image, &damaged};

    walk_terms(&segment, stemmer);
    walk_documents(&segment);
    ENSURE(count > 0 || !damaged);
    segment_base_free(base);
    return 0;
}
