#include "tests/harness.h"

#include "indexer/postings.h"
#include "indexer/segment_impl.h"

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
    w->base.docs = DOC_END - 1;
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

    postings_begin(&w->writer);
    for (uint32_t i = 0; i < list->count; i++)
        assert_ok(postings_add(&w->writer, list->docs[i], list->tf[i], &err));
    assert_ok(postings_end(&w->writer, &list->payload, &err));
}

static void open_list(struct world *w, const struct list *list, struct postings *out)
{
    struct term_entry entry = {.at = buf_bytes(&list->payload)};
    struct error err;
    uint32_t df;

    assert_true(postings_df(entry.at, &df));
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

/* Random steps and seeks, near and far, to documents that are there and that are not. */
static void check_seeks(struct world *w, struct test_random *random, const struct list *list)
{
    struct postings postings;
    struct error err;
    uint32_t i = 0;
    bool started = false;

    open_list(w, list, &postings);
    while (i < list->count) {
        if (test_random_below(random, 2) == 0) {
            assert_ok(postings_next(&postings, &err));
            i += started;
        } else {
            uint32_t ahead = test_random_below(random, 3) == 0 ? 20000 : 300;
            uint32_t target = list->docs[i] + test_random_below(random, ahead);

            assert_ok(postings_seek(&postings, target, &err));
            while (i < list->count && list->docs[i] < target)
                i++;
        }
        started = true;
        assert_on(list, i, &postings);
    }
    assert_ok(postings_seek(&postings, DOC_END - 1, &err));
    assert_int_equal(DOC_END, postings.doc);
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
            for (int round = 0; round < 8; round++)
                check_seeks(&w, &random, &lists[c]);
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
    assert_int_equal(3, list.payload.len); /* df, document, code */
    list_release(&list);
    world_release(&w);
}

static void every_code_decodes_to_what_was_encoded(void **state)
{
    struct test_random random = test_random_new();

    (void)state;
    for (int round = 0; round < 20000; round++) {
        uint8_t tf[FIELD_COUNT], back[FIELD_COUNT], code[POSTINGS_CODE_BYTES_MAX];
        struct reader r;
        size_t len;

        random_tf(&random, tf);
        len = postings_code_encode(tf, code);
        r = reader_of(bytes_of(code, len));
        assert_true(postings_code_decode(&r, back));
        assert_int_equal(0, reader_left(&r));
        assert_memory_equal(tf, back, FIELD_COUNT);
    }
}

static void codes_that_no_writer_makes_are_refused(void **state)
{
    static const struct {
        uint8_t code[4];
        size_t len;
    } table[] = {
        {{0},               0},
        {{217},             1},
        {{254},             1},
        {{255},             1},
        {{255, 0},          2},
        {{255, 0x80, 1},    3},
        {{255, 0x03, 1},    3},
        {{255, 0x03, 1, 0}, 4},
    };
    uint8_t tf[FIELD_COUNT];

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct reader r = reader_of(bytes_of(table[i].code, table[i].len));

        assert_false(postings_code_decode(&r, tf));
    }
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
        w.base.docs = 100000;
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_of_every_length_read_as_written),
        cmocka_unit_test(the_last_possible_document_can_be_listed),
        cmocka_unit_test(an_empty_list_writes_nothing),
        cmocka_unit_test(a_list_of_one_takes_few_bytes),
        cmocka_unit_test(every_code_decodes_to_what_was_encoded),
        cmocka_unit_test(codes_that_no_writer_makes_are_refused),
        cmocka_unit_test(flipped_bytes_never_crash_a_reader),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
