#include "tests/harness.h"

#include "indexer/segment/segment_impl.h"
#include "tests/indexer/postings_add.h"

#include <stdlib.h>

/* A list as a naive array, and the same list written and opened again. */
struct list {
    uint32_t count;
    uint32_t *docs;
    uint8_t (*tf)[FIELD_COUNT];
    struct buf payload;
};

struct world {
    struct memory_image *memory;
    struct image image;
    struct segment_base base;
    struct segment segment;
    bool damaged;
    struct postings_writer writer;
    struct arena *arena;
};

static void world_init(struct world *w)
{
    memset(w, 0, sizeof *w);
    w->memory = memory_image_new();
    assert_non_null(w->memory);
    w->writer.sink = memory_image_sink(w->memory);
    w->base.docs = w->writer.encoder.docs_count = DOC_END - 1;
    w->image.memory = w->memory;
    w->segment = (struct segment){&w->base, NULL, &w->image, &w->damaged};
    w->arena = arena_new((size_t)64 << 20);
}

static void world_release(struct world *w)
{
    postings_writer_release(&w->writer);
    memory_image_free(w->memory);
    arena_free(w->arena);
}

/* Mostly one field with few occurrences, as in cases; now and then anything. */
static void random_tf(struct test_random *random, uint8_t tf[FIELD_COUNT])
{
    memset(tf, 0, FIELD_COUNT);
    if (test_random_below(random, 4) > 0) {
        tf[test_random_below(random, FIELD_COUNT)] =
            (uint8_t)(1 + test_random_below(random, test_random_below(random, 8) == 0 ? 255 : 4));
        return;
    }
    for (int f = 0; f < FIELD_COUNT; f++)
        tf[f] = (uint8_t)test_random_below(random, 256);
    tf[test_random_below(random, FIELD_COUNT)] = 255;
}

static void random_list(struct test_random *random, struct list *list, uint32_t count, uint32_t gap)
{
    uint32_t doc = test_random_below(random, gap);

    *list = (struct list){.count = count};
    list->docs = malloc(count * sizeof *list->docs);
    list->tf = malloc(count * sizeof *list->tf);
    for (uint32_t i = 0; i < count; i++) {
        list->docs[i] = doc;
        random_tf(random, list->tf[i]);
        doc += 1 + test_random_below(random, gap);
    }
}

static void list_release(struct list *list)
{
    free(list->docs);
    free(list->tf);
    buf_release(&list->payload);
}

static void write_list(struct world *w, struct list *list)
{
    struct error err;

    postings_encode_begin(&w->writer.encoder);
    for (uint32_t i = 0; i < list->count; i++)
        postings_add(&w->writer, list->docs[i], list->tf[i]);
    assert_ok(postings_end(&w->writer, &list->payload, &err));
}

static void open_list(struct world *w, const struct list *list, struct postings *out)
{
    struct term_entry entry = {.at = buf_bytes(&list->payload)};
    struct error err;
    uint32_t df;

    assert_true(postings_head(entry.at, &df, &entry.impact));
    assert_int_equal(list->count, df);
    arena_clear(w->arena);
    assert_ok(postings_open(&w->segment, &entry, w->arena, out, &err));
}

static void assert_on(const struct list *list, uint32_t i, const struct postings *postings)
{
    if (i >= list->count) {
        assert_int_equal(DOC_END, postings->doc);
        return;
    }
    assert_int_equal(list->docs[i], postings->doc);
    assert_memory_equal(list->tf[i], postings->tf, FIELD_COUNT);
}

static void check_walk(struct world *w, const struct list *list)
{
    struct postings postings;
    struct error err;

    open_list(w, list, &postings);
    for (uint32_t i = 0; i <= list->count + 1; i++) {
        assert_ok(postings_next(&postings, &err));
        assert_on(list, i, &postings);
    }
}

/* Every block in turn, and the same postings in it. */
static void check_blocks(struct world *w, const struct list *list)
{
    struct postings_block *block = malloc(sizeof *block);
    struct postings postings;
    struct error err;
    uint32_t i = 0, from = 0;

    open_list(w, list, &postings);
    for (;;) {
        assert_ok(postings_block_seek(&postings, from, &err));
        if (postings.block_last == DOC_END)
            break;
        memset(block, 0xA5, sizeof *block);
        assert_ok(postings_block_decode(&postings, block, &err));
        for (uint32_t j = 0; j < block->n; j++, i++) {
            assert_true(i < list->count);
            assert_int_equal(list->docs[i], block->docs[j]);
            assert_memory_equal(list->tf[i], postings_block_tf(block, j), FIELD_COUNT);
        }
        if (list->count > POSTINGS_BLOCK)
            assert_int_equal(list->docs[i - 1], postings.block_last);
        from = postings.block_last + 1;
    }
    assert_int_equal(list->count, i);
    free(block);
}

/* Posting `i` is the first that is not before `target`; its block is in hand, not decoded. */
static void check_find(const struct list *list, uint32_t i, struct postings *postings,
                       uint32_t target)
{
    uint8_t shape = shape_code(list->tf[i]), code;
    uint32_t at, doc;

    if (!postings_block_find(postings, target, &at, &doc)) {
        assert_true(list->count <= POSTINGS_BLOCK);
        return;
    }
    assert_int_equal(i % POSTINGS_BLOCK, at);
    assert_int_equal(list->docs[i], doc);
    assert_int_equal(shape != SHAPE_ESCAPE, postings_block_code(postings, at, &code));
    if (shape != SHAPE_ESCAPE)
        assert_int_equal(shape, code);
}

/* The block that a seek lands on is the one that holds the first document from there on. */
static void check_block_seeks(struct world *w, struct test_random *random, const struct list *list)
{
    struct postings_block *block = malloc(sizeof *block);
    struct postings postings;
    struct error err;
    uint32_t i = 0, target = 0;

    open_list(w, list, &postings);
    for (;;) {
        target += test_random_below(random, test_random_below(random, 3) == 0 ? 90000 : 900);
        while (i < list->count && list->docs[i] < target)
            i++;
        assert_ok(postings_block_seek(&postings, target, &err));
        if (postings.block_last == DOC_END)
            break;
        if (i < list->count)
            check_find(list, i, &postings, target);
        assert_ok(postings_block_decode(&postings, block, &err));
        if (i < list->count) {
            uint32_t first = i / POSTINGS_BLOCK * POSTINGS_BLOCK;

            assert_int_equal(list->docs[first], block->docs[0]);
            assert_memory_equal(list->docs + first, block->docs, block->n * sizeof *block->docs);
        }
        if (i == list->count) { /* a single block does not say where it ends */
            assert_true(list->count <= POSTINGS_BLOCK);
            break;
        }
    }
    assert_true(i == list->count || list->docs[i] >= target);
    free(block);
}

static void lists_of_every_length_read_as_written(void **state)
{
    static const uint32_t counts[] = {1, 2, 3, 127, 128, 129, 255, 256, 257, 1000, 5000, 40000};
    static const uint32_t gaps[] = {1, 2, 7, 100, 5000};
    struct test_random random = test_random_new();

    (void)state;
    for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++) {
        struct list lists[sizeof counts / sizeof *counts];
        struct world w;
        struct error err;

        world_init(&w);
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            random_list(&random, &lists[c], counts[c], gaps[g]);
            write_list(&w, &lists[c]);
        }
        assert_ok(postings_finish(&w.writer, &err));
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            check_walk(&w, &lists[c]);
            check_blocks(&w, &lists[c]);
            for (int round = 0; round < 8; round++)
                check_block_seeks(&w, &random, &lists[c]);
            list_release(&lists[c]);
        }
        world_release(&w);
    }
}

static void the_last_possible_document_can_be_listed(void **state)
{
    struct test_random random = {1};
    struct list list;
    struct world w;

    (void)state;
    world_init(&w);
    random_list(&random, &list, 3, 5);
    list.docs[1] = DOC_END / 2;
    list.docs[2] = DOC_END - 2;
    write_list(&w, &list);
    check_walk(&w, &list);
    list_release(&list);
    world_release(&w);
}

static void an_empty_list_writes_nothing(void **state)
{
    struct world w;
    struct list list = {0};

    (void)state;
    world_init(&w);
    write_list(&w, &list);
    assert_int_equal(0, list.payload.len);
    list_release(&list);
    world_release(&w);
}

static void a_list_of_one_takes_few_bytes(void **state)
{
    struct test_random random = {1};
    struct list list;
    struct world w;

    (void)state;
    world_init(&w);
    random_list(&random, &list, 1, 1);
    memset(list.tf[0], 0, FIELD_COUNT);
    list.tf[0][FIELD_TITLE] = 2;
    write_list(&w, &list);
    assert_int_equal(1, list.payload.len); /* document 0 with code 7 */
    list_release(&list);
    world_release(&w);
}

/* From one code for all to a different one for each, so that every kind of layer is written. */
static void codes_of_a_block_come_back_whatever_they_are(void **state)
{
    struct test_random random = test_random_new();
    uint8_t codes[POSTINGS_BLOCK], back[POSTINGS_BLOCK], bytes[2 * POSTINGS_BLOCK];

    (void)state;
    for (int round = 0; round < 60000; round++) {
        unsigned n = 1 + test_random_below(&random, POSTINGS_BLOCK);
        unsigned different = 1 + test_random_below(&random, round % 2 == 0 ? 6 : 140);
        unsigned shift = test_random_below(&random, 256);
        struct reader r;
        size_t len;

        for (unsigned i = 0; i < n; i++) {
            unsigned code = test_random_below(&random, different);

            codes[i] = (uint8_t)(shift + test_random_below(&random, code + 1));
        }
        len = postings_codes_encode(codes, n, bytes);
        assert_true(len <= n + (n + 1) / 2 + 1);
        r = reader_of(bytes_of(bytes, len));
        assert_true(postings_codes_decode(&r, n, back));
        assert_int_equal(0, reader_left(&r));
        assert_memory_equal(codes, back, n);
        r = reader_of(bytes_of(bytes, len)); /* without the processor's help */
        memset(back, 0, sizeof back);
        assert_true(postings_codes_decode_by(true, &r, n, back));
        assert_int_equal(0, reader_left(&r));
        assert_memory_equal(codes, back, n);
        for (unsigned i = 0; i < n; i++) {
            r = reader_of(bytes_of(bytes, len));
            assert_true(postings_code_find(&r, n, i, &back[i]));
            assert_int_equal(codes[i], back[i]);
        }
        for (size_t cut = 0; cut < len; cut++) {
            r = reader_of(bytes_of(bytes, cut));
            assert_false(postings_codes_decode(&r, n, back));
        }
    }
}

static void random_bytes_are_documents_that_rise_or_are_refused(void **state)
{
    struct test_random random = test_random_new();
    struct postings_block *block = malloc(sizeof *block);
    unsigned read = 0;

    (void)state;
    for (int round = 0; round < 200000; round++) {
        uint32_t n = test_random_below(&random, POSTINGS_BLOCK + 2);
        uint32_t base = test_random_below(&random, 1000);
        uint32_t last = base + test_random_below(&random, 1u << test_random_below(&random, 32));
        size_t len = test_random_below(&random, 700);
        uint8_t *bytes = malloc(len + 1); /* its own, so that the sanitizer sees its end */
        struct reader r = reader_of(bytes_of(bytes, len));

        for (size_t i = 0; i < len; i++)
            bytes[i] = (uint8_t)test_random_below(&random, round % 3 == 0 ? 256 : 3);
        if (postings_body_decode(&r, n, base, last, block)) {
            assert_int_equal(n, block->n);
            assert_true(block->docs[0] >= base && block->docs[n - 1] <= last);
            for (uint32_t i = 1; i < n; i++)
                assert_true(block->docs[i] > block->docs[i - 1]);
            read++;
        }
        free(bytes);
    }
    assert_true(read > 100);
    free(block);
}

/* A list with impacts; few occurrences, as in cases, but for one posting. */
struct bounded {
    struct world world;
    struct list list;
    struct impact_table table;
    uint8_t *lengths;
};

static void bounded_init(struct bounded *b, struct test_random *random, uint32_t count)
{
    double average[FIELD_COUNT];
    struct error err;
    size_t codes;

    world_init(&b->world);
    random_list(random, &b->list, count, 4);
    for (uint32_t i = 0; i < count; i++) {
        for (int f = 0; f < FIELD_COUNT; f++)
            b->list.tf[i][f] = (uint8_t)(b->list.tf[i][f] % (i == 7000 ? 64 : 3));
        b->list.tf[i][i % FIELD_COUNT] |= 1;
    }
    b->world.base.docs = b->world.writer.encoder.docs_count = b->list.docs[count - 1] + 1;
    codes = (size_t)b->world.base.docs * FIELD_COUNT;
    b->lengths = malloc(codes);
    for (size_t i = 0; i < codes; i++)
        b->lengths[i] = (uint8_t)test_random_below(random, 120);
    for (int f = 0; f < FIELD_COUNT; f++)
        average[f] = 4 + test_random_below(random, 200);
    impact_table_init(&b->table, &impact_reference, average);
    b->world.writer.encoder.lengths = b->lengths;
    b->world.writer.encoder.impacts = &b->table;
    write_list(&b->world, &b->list);
    assert_ok(postings_finish(&b->world.writer, &err));
}

static void bounded_release(struct bounded *b)
{
    free(b->lengths);
    list_release(&b->list);
    world_release(&b->world);
}

static void no_posting_says_more_than_its_block_may(void **state)
{
    struct test_random random = test_random_new();
    struct bounded b;
    struct error err;
    struct term_entry entry;
    struct postings p;
    uint8_t most = 0;

    (void)state;
    bounded_init(&b, &random, 20000);
    entry.at = buf_bytes(&b.list.payload);
    assert_true(postings_head(entry.at, &entry.df, &entry.impact));
    open_list(&b.world, &b.list, &p);
    for (uint32_t i = 0; i < b.list.count; i++) {
        assert_ok(postings_next(&p, &err));
        assert_true(impact_of(&b.table, p.tf, b.lengths + (size_t)p.doc * FIELD_COUNT) <=
                    impact_strength(p.block_impact));
        if (p.block_impact > most)
            most = p.block_impact;
    }
    assert_int_equal(most, entry.impact);
    assert_true(most < IMPACT_ANY);
    bounded_release(&b);
}

/* Against the blocks one after another; 40,000 postings are a dozen pages. */
static void a_seek_above_lands_on_the_first_block_that_says_enough(void **state)
{
    struct test_random random = test_random_new();
    struct block {
        uint32_t last;
        uint8_t impact;
    } blocks[400];
    struct bounded b;
    struct error err;
    struct postings p;
    uint32_t count = 0, from = 0;

    (void)state;
    bounded_init(&b, &random, 40000);
    open_list(&b.world, &b.list, &p);
    for (;; from = p.block_last + 1) {
        assert_ok(postings_block_seek(&p, from, &err));
        if (p.block_last == DOC_END)
            break;
        blocks[count++] = (struct block){p.block_last, p.block_impact};
    }
    assert_int_equal((b.list.count + POSTINGS_BLOCK - 1) / POSTINGS_BLOCK, count);
    for (int round = 0; round < 300; round++) {
        uint32_t at = 0, target = 0;

        open_list(&b.world, &b.list, &p);
        while (at < count) {
            uint32_t naive = 0, passed;
            uint8_t least = blocks[test_random_below(&random, count)].impact;

            least = (uint8_t)(least + test_random_below(&random, 2));
            target += test_random_below(&random, round % 2 == 0 ? 300 : 30000);
            for (; at < count && (blocks[at].last < target || blocks[at].impact < least); at++)
                naive += blocks[at].last >= target;
            assert_ok(postings_block_seek_above(&p, target, least, &passed, &err));
            assert_true(passed >= naive);
            assert_true(passed <= naive + 40); /* of the first page, a few before the target */
            assert_int_equal(at < count ? blocks[at].last : DOC_END, p.block_last);
            if (at < count)
                assert_int_equal(blocks[at].impact, p.block_impact);
        }
    }
    bounded_release(&b);
}

/* Damage below the checksum cannot come from the disk; the reader must survive it anyway. */
static void flipped_bytes_never_crash_a_reader(void **state)
{
    struct test_random random = test_random_new();
    struct error err;

    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct postings postings;
        struct term_entry entry;
        struct list list;
        struct world w;
        uint32_t steps = 0;

        world_init(&w);
        w.base.docs = w.writer.encoder.docs_count = 100000;
        random_list(&random, &list, 1 + test_random_below(&random, 60), 900);
        write_list(&w, &list);
        list.payload.data[test_random_below(&random, (uint32_t)list.payload.len)] ^=
            (uint8_t)(1u << test_random_below(&random, 8));
        entry.at = buf_bytes(&list.payload);
        if (postings_open(&w.segment, &entry, w.arena, &postings, &err) == AF_OK)
            while (postings_next(&postings, &err) == AF_OK && postings.doc != DOC_END) {
                assert_true(postings.doc < w.base.docs);
                assert_true(++steps <= w.base.docs);
            }
        list_release(&list);
        world_release(&w);
    }
}

/* One bit of a chunk, wherever it lies; the list's head stays whole. */
static void flip_in_chunk(struct world *w, struct test_random *random)
{
    struct bytes body;
    struct error err;
    bool found;

    assert_ok(image_get_chunk(&w->image, 0, &body, &found, &err));
    assert_true(found);
    ((uint8_t *)body.data)[test_random_below(random, (uint32_t)body.len)] ^=
        (uint8_t)(1u << test_random_below(random, 8));
}

/* Counts the documents that were found in blocks that could be decoded, and those in the others. */
static void find_then_decode(struct test_random *random, struct postings *postings,
                             struct postings_block *block, int found[2])
{
    uint32_t target = 0, at, doc;
    struct error err;

    while (postings_block_seek(postings, target, &err) == AF_OK &&
           postings->block_last != DOC_END) {
        bool sought = postings_block_find(postings, target, &at, &doc);
        enum status status = postings_block_docs(postings, block, &err);

        if (sought) {
            assert_true(doc >= target && doc <= postings->block_last);
            found[status == AF_OK]++;
        }
        if (status != AF_OK)
            return;
        if (sought) {
            assert_true(at < block->n);
            assert_int_equal(doc, block->docs[at]);
        }
        if (postings->block_last < target) /* a damaged list may say so: it is not asked again */
            return;
        target = postings->block_last + 1 + test_random_below(random, 900);
    }
}

static void what_is_found_in_a_damaged_block_is_in_it_or_it_is_refused(void **state)
{
    struct test_random random = test_random_new();
    struct postings_block *block = malloc(sizeof *block);
    int found[2] = {0, 0};

    (void)state;
    for (int round = 0; round < 3000; round++) {
        struct postings postings;
        struct error err;
        struct list list;
        struct world w;

        world_init(&w);
        w.base.docs = w.writer.encoder.docs_count = 1000000;
        random_list(&random, &list, 200 + test_random_below(&random, 400),
                    1 + test_random_below(&random, 900));
        write_list(&w, &list);
        assert_ok(postings_finish(&w.writer, &err));
        flip_in_chunk(&w, &random);
        open_list(&w, &list, &postings);
        find_then_decode(&random, &postings, block, found);
        list_release(&list);
        world_release(&w);
    }
    assert_true(found[false] > 0 && found[true] > 0);
    free(block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_of_every_length_read_as_written),
        cmocka_unit_test(the_last_possible_document_can_be_listed),
        cmocka_unit_test(an_empty_list_writes_nothing),
        cmocka_unit_test(a_list_of_one_takes_few_bytes),
        cmocka_unit_test(codes_of_a_block_come_back_whatever_they_are),
        cmocka_unit_test(random_bytes_are_documents_that_rise_or_are_refused),
        cmocka_unit_test(no_posting_says_more_than_its_block_may),
        cmocka_unit_test(a_seek_above_lands_on_the_first_block_that_says_enough),
        cmocka_unit_test(flipped_bytes_never_crash_a_reader),
        cmocka_unit_test(what_is_found_in_a_damaged_block_is_in_it_or_it_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
