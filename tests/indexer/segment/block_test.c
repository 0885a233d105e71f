#include "tests/harness.h"

#include "indexer/segment/block.h"

#include <stdio.h>
#include <stdlib.h>

#define ENTRIES 4000

/* Keys that share much: "k0000012", values of many lengths. */
static struct bytes key_of(uint32_t i, char text[16])
{
    return bytes_of(text, (size_t)snprintf(text, 16, "k%07u", (unsigned)i * 2));
}

static struct bytes payload_of(uint32_t i, uint8_t bytes[200])
{
    memset(bytes, (int)(i & 0xFF), 200);
    return bytes_of(bytes, i * 7919u % 200);
}

static struct memory_image *make(void)
{
    struct memory_image *memory = memory_image_new();
    struct block_writer writer = {.sink = memory_image_sink(memory), .kind = IMAGE_TERMS};
    struct error err;

    for (uint32_t i = 0; i < ENTRIES; i++) {
        char text[16];
        uint8_t bytes[200];

        assert_ok(block_add(&writer, key_of(i, text), payload_of(i, bytes), &err));
    }
    assert_ok(block_finish(&writer, &err));
    block_writer_release(&writer);
    return memory;
}

static void every_key_is_found_and_no_other(void **state)
{
    struct memory_image *memory = make();
    struct image image = {.memory = memory};
    struct error err;

    (void)state;
    for (uint32_t i = 0; i < ENTRIES; i++) {
        struct bytes payload;
        char text[16];
        uint8_t bytes[200];
        bool found;

        assert_ok(block_find(&image, IMAGE_TERMS, key_of(i, text), &payload, &found, &err));
        assert_true(found);
        assert_bytes_equal(payload_of(i, bytes), payload);
        text[7]++; /* odd numbers are not there */
        assert_ok(block_find(&image, IMAGE_TERMS, bytes_of(text, 8), &payload, &found, &err));
        assert_false(found);
    }
    memory_image_free(memory);
}

static void a_walk_from_anywhere_gives_the_rest_in_order(void **state)
{
    static const uint32_t starts[] = {0, 1, 17, 500, 2999, ENTRIES - 1};
    struct memory_image *memory = make();
    struct image image = {.memory = memory};
    struct error err;

    (void)state;
    for (size_t s = 0; s < sizeof starts / sizeof *starts; s++) {
        struct block_cursor cursor;
        char text[16];
        bool found;

        assert_ok(block_seek(&cursor, &image, IMAGE_TERMS, key_of(starts[s], text), &err));
        for (uint32_t i = starts[s]; i < ENTRIES; i++) {
            assert_ok(block_next(&cursor, &found, &err));
            assert_true(found);
            assert_bytes_equal(key_of(i, text), block_cursor_key(&cursor));
        }
        for (int again = 0; again < 3; again++) {
            assert_ok(block_next(&cursor, &found, &err));
            assert_false(found);
        }
    }
    memory_image_free(memory);
}

static void a_walk_from_between_two_keys_begins_at_the_next(void **state)
{
    struct memory_image *memory = make();
    struct image image = {.memory = memory};
    struct block_cursor cursor;
    struct error err;
    bool found;

    (void)state;
    assert_ok(block_seek(&cursor, &image, IMAGE_TERMS, BYTES_LIT("k0000011"), &err));
    assert_ok(block_next(&cursor, &found, &err));
    assert_bytes_equal(BYTES_LIT("k0000012"), block_cursor_key(&cursor));
    assert_ok(block_seek(&cursor, &image, IMAGE_TERMS, BYTES_LIT("a"), &err));
    assert_ok(block_next(&cursor, &found, &err));
    assert_bytes_equal(BYTES_LIT("k0000000"), block_cursor_key(&cursor));
    assert_ok(block_seek(&cursor, &image, IMAGE_TERMS, BYTES_LIT("z"), &err));
    assert_ok(block_next(&cursor, &found, &err));
    assert_false(found);
    memory_image_free(memory);
}

static void an_empty_image_has_no_entries(void **state)
{
    struct memory_image *memory = memory_image_new();
    struct image image = {.memory = memory};
    struct block_cursor cursor;
    struct bytes payload;
    struct error err;
    bool found;

    (void)state;
    assert_ok(block_seek(&cursor, &image, IMAGE_TERMS, BYTES_NONE, &err));
    assert_ok(block_next(&cursor, &found, &err));
    assert_false(found);
    assert_ok(block_find(&image, IMAGE_TERMS, BYTES_LIT("x"), &payload, &found, &err));
    assert_false(found);
    memory_image_free(memory);
}

static void an_entry_larger_than_a_page_has_a_block_of_its_own(void **state)
{
    static uint8_t large[10000];
    struct memory_image *memory = memory_image_new();
    struct block_writer writer = {.sink = memory_image_sink(memory), .kind = IMAGE_STEMS};
    struct image image = {.memory = memory};
    struct bytes payload;
    struct error err;
    bool found;

    (void)state;
    assert_ok(block_add(&writer, BYTES_LIT("a"), BYTES_LIT("1"), &err));
    assert_ok(block_add(&writer, BYTES_LIT("b"), bytes_of(large, sizeof large), &err));
    assert_ok(block_add(&writer, BYTES_LIT("c"), BYTES_LIT("3"), &err));
    assert_ok(block_finish(&writer, &err));
    assert_ok(block_find(&image, IMAGE_STEMS, BYTES_LIT("b"), &payload, &found, &err));
    assert_true(found && payload.len == sizeof large);
    assert_ok(block_find(&image, IMAGE_STEMS, BYTES_LIT("c"), &payload, &found, &err));
    assert_true(found);
    block_writer_release(&writer);
    memory_image_free(memory);
}

static enum status walk(struct memory_image *memory, struct error *err)
{
    struct image image = {.memory = memory};
    struct block_cursor cursor;
    bool found = true;
    enum status status = block_seek(&cursor, &image, IMAGE_TERMS, BYTES_NONE, err);

    while (status == AF_OK && found)
        status = block_next(&cursor, &found, err);
    return status;
}

static void entries_that_no_writer_makes_are_damage(void **state)
{
    static const struct {
        const char *what;
        struct bytes body;
    } table[] = {
        {"nothing at all",         {(const uint8_t *)"", 0}                         },
        {"no entries",             {(const uint8_t *)"\0", 1}                       },
        {"more runs than bytes",   {(const uint8_t *)"\1a\0\0\3\5", 6}              },
        {"shares with nothing",
         {(const uint8_t *)"\x11"
                           "a\0\0",
          4}                                                                        },
        {"nothing of its own",     {(const uint8_t *)"\0\0\0", 3}                   },
        {"key cut off",            {(const uint8_t *)"\5abc\0", 5}                  },
        {"payload cut off",        {(const uint8_t *)"\1a\5xy\0", 6}                },
        {"the same key again",     {(const uint8_t *)"\1a\0\1a\0\0", 7}             },
        {"keys fall",              {(const uint8_t *)"\1b\0\1a\0\0", 7}             },
        {"shares more than there",
         {(const uint8_t *)"\1b\0\x21"
                           "a\0\0",
          7}                                                                        },
        {"endless varint",         {(const uint8_t *)"\17\377\377\377\377\377\0", 7}},
        {"key longer than any",    {(const uint8_t *)"\17\377\77\0", 4}             },
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct memory_image *memory = memory_image_new();
        struct image_sink sink = memory_image_sink(memory);
        struct error err = {0};

        assert_ok(sink.put(sink.context, IMAGE_TERMS, BYTES_LIT("a"), table[i].body, &err));
        if (walk(memory, &err) != AF_CORRUPT)
            fail_msg("%s was taken", table[i].what);
        memory_image_free(memory);
    }
}

/* Random keys, some long and much alike, against a sorted list. */
#define MODEL 3000
struct model_key {
    uint8_t text[40];
    size_t len;
};

static int model_order(const void *a, const void *b)
{
    const struct model_key *x = a, *y = b;

    return bytes_compare(bytes_of(x->text, x->len), bytes_of(y->text, y->len));
}

static struct model_key random_key(unsigned *seed)
{
    struct model_key key = {.len = 1 + (size_t)rand_r(seed) % sizeof key.text};

    for (size_t i = 0; i < key.len; i++) {
        unsigned letters = i < 20 ? 2 : 200;

        key.text[i] =
            (uint8_t)(i < 8 || rand_r(seed) % 4 == 0 ? (unsigned)rand_r(seed) % letters : 7);
    }
    return key;
}

static bool begins(struct bytes key, const struct model_key *with, size_t len)
{
    return key.len >= len && memcmp(key.data, with->text, len) == 0;
}

/* The model's image and its keys; *kept of them. */
static struct memory_image *make_model(struct model_key keys[MODEL], size_t *kept)
{
    struct memory_image *memory = memory_image_new();
    struct block_writer writer = {.sink = memory_image_sink(memory), .kind = IMAGE_TERMS};
    unsigned seed = 12;
    struct error err;

    *kept = 1;
    for (size_t i = 0; i < MODEL; i++)
        keys[i] = random_key(&seed);
    qsort(keys, MODEL, sizeof *keys, model_order);
    for (size_t i = 1; i < MODEL; i++)
        if (model_order(&keys[i], &keys[*kept - 1]) != 0)
            keys[(*kept)++] = keys[i];
    for (size_t i = 0; i < *kept; i++)
        assert_ok(block_add(&writer, bytes_of(keys[i].text, keys[i].len),
                            bytes_of(&keys[i], i % 20), &err));
    assert_ok(block_finish(&writer, &err));
    block_writer_release(&writer);
    return memory;
}

static void lookups_agree_with_a_sorted_list(void **state)
{
    static struct model_key keys[MODEL];
    size_t kept;
    struct memory_image *memory = make_model(keys, &kept);
    struct image image = {.memory = memory};
    unsigned seed = 11;
    struct error err;

    (void)state;
    print_message("seed %u\n", seed);
    for (int i = 0; i < 20000; i++) {
        struct model_key key = i < (int)kept ? keys[i] : random_key(&seed);
        struct bytes sought = bytes_of(key.text, key.len), payload;
        const struct model_key *at = bsearch(&key, keys, kept, sizeof *keys, model_order);
        size_t n = 0;
        struct block_cursor cursor;
        bool found;

        assert_ok(block_find(&image, IMAGE_TERMS, sought, &payload, &found, &err));
        assert_int_equal(found, at != NULL);
        if (found)
            assert_bytes_equal(bytes_of(at, (size_t)(at - keys) % 20), payload);
        if (i % 16 != 0)
            continue;
        while (n < kept && model_order(&keys[n], &key) < 0)
            n++;
        assert_ok(block_seek(&cursor, &image, IMAGE_TERMS, sought, &err));
        assert_ok(block_next(&cursor, &found, &err));
        assert_int_equal(found, n < kept);
        if (found)
            assert_bytes_equal(bytes_of(keys[n].text, keys[n].len), block_cursor_key(&cursor));
    }
    memory_image_free(memory);
}

static void skipping_passes_all_that_begin_alike(void **state)
{
    static struct model_key keys[MODEL];
    size_t kept;
    struct memory_image *memory = make_model(keys, &kept);
    struct image image = {.memory = memory};
    struct error err;

    (void)state;
    for (size_t len = 1; len < 12; len++) {
        struct block_cursor cursor;
        size_t n = 0;
        bool found;

        assert_ok(block_seek(&cursor, &image, IMAGE_TERMS, BYTES_NONE, &err));
        assert_ok(block_next(&cursor, &found, &err));
        while (found) {
            const struct model_key *at = &keys[n];

            assert_bytes_equal(bytes_of(at->text, at->len), block_cursor_key(&cursor));
            if (at->len < len) {
                assert_ok(block_next(&cursor, &found, &err));
                n++;
                continue;
            }
            assert_ok(block_skip(&cursor, len, &found, &err));
            while (n < kept && begins(bytes_of(keys[n].text, keys[n].len), at, len))
                n++;
        }
        assert_int_equal(n, kept);
    }
    memory_image_free(memory);
}

static void pieces_are_found_as_by_looking_at_each(void **state)
{
    static struct model_key keys[MODEL];
    size_t kept;
    struct memory_image *memory = make_model(keys, &kept);
    struct image image = {.memory = memory};
    uint8_t piece[] = {1, 0, 0, 1};
    struct error err;

    (void)state;
    for (size_t len = 1; len <= sizeof piece; len++) {
        for (uint8_t first = 0; first < 2; first++) {
            uint8_t from[] = {first};
            uint32_t left = 1000, looked = 0;
            struct block_cursor cursor;
            bool found = true;

            assert_ok(block_seek(&cursor, &image, IMAGE_TERMS, bytes_of(from, first), &err));
            for (size_t n = 0; n < kept && looked < 1000; n++) {
                if (keys[n].text[0] != first)
                    continue;
                looked++;
                if (memmem(keys[n].text + 1, keys[n].len - 1, piece, len) == NULL)
                    continue;
                assert_ok(
                    block_next_holding(&cursor, first, bytes_of(piece, len), &left, &found, &err));
                assert_true(found);
                assert_bytes_equal(bytes_of(keys[n].text, keys[n].len), block_cursor_key(&cursor));
                assert_int_equal(left, 1000 - looked);
            }
            assert_ok(
                block_next_holding(&cursor, first, bytes_of(piece, len), &left, &found, &err));
            assert_false(found);
        }
    }
    memory_image_free(memory);
}

/* Whatever a byte of a block becomes, reading gives an answer or damage and stays inside (the
 * builds with sanitizers watch that: the copy has no byte to spare). */
static void any_changed_byte_is_survived(void **state)
{
    struct memory_image *whole = make();
    struct image image = {.memory = whole};
    struct bytes at, body, payload;
    struct error err = {0};
    bool found;
    uint8_t *copy;

    (void)state;
    assert_ok(image_floor(&image, IMAGE_TERMS, BYTES_LIT("k0004000"), &at, &body, &found, &err));
    assert_true(found);
    copy = malloc(body.len);
    assert_non_null(copy);
    for (size_t i = 0; i < body.len; i++) {
        static const uint8_t flips[] = {0x01, 0x10, 0x80, 0xFF};
        struct memory_image *memory = memory_image_new();
        struct image_sink sink = memory_image_sink(memory);
        struct image damaged = {.memory = memory};
        enum status status;

        memcpy(copy, body.data, body.len);
        copy[i] ^= flips[i % 4];
        assert_ok(sink.put(sink.context, IMAGE_TERMS, at, bytes_of(copy, body.len), &err));
        status = walk(memory, &err);
        assert_true(status == AF_OK || status == AF_CORRUPT);
        for (uint32_t k = 0; k < ENTRIES; k += 97) {
            char text[16];

            status = block_find(&damaged, IMAGE_TERMS, key_of(k, text), &payload, &found, &err);
            assert_true(status == AF_OK || status == AF_CORRUPT);
        }
        memory_image_free(memory);
    }
    free(copy);
    memory_image_free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_is_found_and_no_other),
        cmocka_unit_test(a_walk_from_anywhere_gives_the_rest_in_order),
        cmocka_unit_test(a_walk_from_between_two_keys_begins_at_the_next),
        cmocka_unit_test(an_empty_image_has_no_entries),
        cmocka_unit_test(an_entry_larger_than_a_page_has_a_block_of_its_own),
        cmocka_unit_test(entries_that_no_writer_makes_are_damage),
        cmocka_unit_test(lookups_agree_with_a_sorted_list),
        cmocka_unit_test(skipping_passes_all_that_begin_alike),
        cmocka_unit_test(pieces_are_found_as_by_looking_at_each),
        cmocka_unit_test(any_changed_byte_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
