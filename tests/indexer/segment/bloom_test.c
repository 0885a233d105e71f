#include "tests/harness.h"

#include "indexer/segment/bloom.h"

#include <stdio.h>

/* A term of the number: a class and some digits, so that all lengths from 2 to 20 occur. */
static struct bytes term_of(uint32_t i, char text[32])
{
    int len = snprintf(text, 32, "%c%0*u", "wqpn"[i % 4], 1 + (int)(i % 19), (unsigned)i);

    return bytes_of(text, (size_t)len);
}

static struct memory_image *make(uint32_t terms)
{
    struct memory_image *memory = memory_image_new();
    struct bloom_writer writer = {0};
    struct error err;

    for (uint32_t i = 0; i < terms; i++) {
        char text[32];

        bloom_add(&writer, bloom_hash(term_of(i, text)));
    }
    assert_ok(bloom_finish(&writer, memory_image_sink(memory), &err));
    bloom_writer_release(&writer);
    return memory;
}

static void every_term_is_there_and_few_others(void **state)
{
    static const uint32_t sizes[] = {0, 1, 64, 65, 1000, 200000};

    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct memory_image *memory = make(sizes[s]);
        struct image image = {.memory = memory};
        struct bloom_place *place = bloom_place_new(sizes[s]);
        const struct bloom *bloom, *again;
        uint32_t wrong = 0;
        struct error err;
        char text[32];

        assert_null(bloom_peek(place));
        assert_ok(bloom_get(place, &image, &bloom, &err));
        assert_ok(bloom_get(place, &image, &again, &err));
        assert_ptr_equal(bloom, again);
        assert_ptr_equal(bloom, bloom_peek(place));
        for (uint32_t i = 0; i < sizes[s]; i++)
            assert_true(bloom_may_have(bloom, bloom_hash(term_of(i, text))));
        for (uint32_t i = 0; i < 100000; i++)
            wrong += bloom_may_have(bloom, bloom_hash(term_of(sizes[s] + i, text)));
        if (wrong > 4000)
            fail_msg("%u of 100,000 absent terms of %u are said to be there", wrong, sizes[s]);
        bloom_place_free(place);
        memory_image_free(memory);
    }
}

static void the_hash_is_the_same_on_every_machine(void **state)
{
    static const struct {
        const char *term;
        uint32_t hash;
    } table[] = {
        {"",                 0x00000000},
        {"w",                0xF6EBB01B},
        {"wprinter",         0x4DF15BD2},
        {"qhg8245h",         0x7DD54145},
        {"wadministrations", 0x83C580B1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (bloom_hash(bytes_str(table[i].term)) != table[i].hash)
            fail_msg("%s: 0x%08X", table[i].term, bloom_hash(bytes_str(table[i].term)));
}

static void words_numbers_codes_and_grams_of_two_are_taken(void **state)
{
    (void)state;
    assert_true(bloom_takes(BYTES_LIT("wlog")));
    assert_true(bloom_takes(BYTES_LIT("n12")));
    assert_true(bloom_takes(BYTES_LIT("qora1")));
    assert_true(bloom_takes(BYTES_LIT("pora")));
    assert_true(bloom_takes(BYTES_LIT("2\xE6\x89\x93\xE5\x8D\xB0")));
    assert_false(bloom_takes(BYTES_LIT("iora-1")));
    assert_false(bloom_takes(BYTES_LIT("1\xE6\x89\x93")));
    assert_false(bloom_takes(BYTES_NONE));
}

static void a_missing_filter_is_damage(void **state)
{
    struct memory_image *memory = memory_image_new();
    struct image image = {.memory = memory};
    struct bloom_place *place = bloom_place_new(1000);
    const struct bloom *bloom;
    struct error err;

    (void)state;
    assert_int_equal(bloom_get(place, &image, &bloom, &err), AF_CORRUPT);
    bloom_place_free(place);
    memory_image_free(memory);
}

static void values_that_no_writer_makes_are_damage(void **state)
{
    enum { HEAD = 32 };
    static const struct {
        const char *what;
        uint8_t head[4];
        size_t bytes; /* of the value */
        enum status status;
    } table[] = {
        {"a line",                 {0, 0, 0, 1},  HEAD + BLOOM_LINE,      AF_OK     },
        {"no line",                {0, 0, 0, 0},  HEAD,                   AF_OK     },
        {"nothing",                {0, 0, 0, 0},  0,                      AF_CORRUPT},
        {"a head cut off",         {0, 0, 0, 0},  HEAD - 1,               AF_CORRUPT},
        {"lines that are missing", {0, 0, 0, 2},  HEAD + BLOOM_LINE,      AF_CORRUPT},
        {"a line cut off",         {0, 0, 0, 1},  HEAD + BLOOM_LINE - 1,  AF_CORRUPT},
        {"more than it says",      {0, 0, 0, 1},  HEAD + BLOOM_LINE + 1,  AF_CORRUPT},
        {"more than terms need",   {0, 0, 0, 17}, HEAD + 17 * BLOOM_LINE, AF_CORRUPT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct memory_image *memory = memory_image_new();
        struct image_sink sink = memory_image_sink(memory);
        struct image image = {.memory = memory};
        struct bloom_place *place = bloom_place_new(1000);
        const struct bloom *bloom;
        uint8_t body[18 * BLOOM_LINE] = {0};
        struct error err = {0};

        memcpy(body, table[i].head, 4);
        assert_ok(
            sink.put(sink.context, IMAGE_BLOOM, BYTES_NONE, bytes_of(body, table[i].bytes), &err));
        if (bloom_get(place, &image, &bloom, &err) != table[i].status)
            fail_msg("%s: %s", table[i].what, table[i].status == AF_OK ? "refused" : "taken");
        bloom_place_free(place);
        memory_image_free(memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_term_is_there_and_few_others),
        cmocka_unit_test(the_hash_is_the_same_on_every_machine),
        cmocka_unit_test(words_numbers_codes_and_grams_of_two_are_taken),
        cmocka_unit_test(a_missing_filter_is_damage),
        cmocka_unit_test(values_that_no_writer_makes_are_damage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
