#include "tests/harness.h"

#include "indexer/build/postpool.h"

#include <stdio.h>
#include <stdlib.h>

#define TERMS 3000

/* Terms that share beginnings, of lengths around that of a key. */
static struct bytes make_term(uint32_t i, char text[64])
{
    int len = snprintf(text, 64, "%c%.*s%u", "w12i"[i % 4], (int)(i % 23),
                       "aaaaaaaabbbbbbbbccccccccdddddddd", (unsigned)i);

    return bytes_of(text, (size_t)len);
}

static uint32_t add(struct termtable *table, struct bytes term)
{
    const struct term_slot *slot = termtable_add(table, term_key(term), term);

    assert_non_null(slot);
    assert_int_equal(term.len > TERM_KEY_BYTES, term_slot_is_long(slot));
    return slot->no - 1;
}

static void a_term_keeps_its_number(void **state)
{
    struct termtable table = {0};
    char text[64];

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (uint32_t i = 0; i < TERMS; i++)
            assert_int_equal(i, add(&table, make_term(i, text)));
        for (uint32_t i = TERMS; i-- > 0;) {
            struct bytes term = make_term(i, text);

            assert_int_equal(i, add(&table, term));
            assert_true(bytes_equal(term, termtable_bytes_of(&table, i)));
        }
        assert_int_equal(TERMS, table.count);
        assert_true(termtable_bytes(&table) > 0);
        termtable_clear(&table);
        assert_int_equal(0, table.count);
    }
    termtable_release(&table);
}

/* A table whose first term is a long one found it again under another hash once. */
static void the_first_term_may_be_long(void **state)
{
    struct termtable table = {0};

    (void)state;
    assert_int_equal(0, add(&table, BYTES_LIT("wmuch longer than a key")));
    assert_int_equal(0, add(&table, BYTES_LIT("wmuch longer than a key")));
    assert_int_equal(1, add(&table, BYTES_LIT("wmuch longer than a kex")));
    termtable_release(&table);
}

static uint64_t low_first(const uint8_t *bytes, unsigned len)
{
    uint64_t number = 0;

    for (unsigned i = len; i-- > 0;)
        number = number << 8 | bytes[i];
    return number;
}

static void lists_come_back_as_they_were_added(void **state)
{
    enum { LISTS = 50 };
    struct test_random random = test_random_new();
    struct term terms[LISTS] = {0};
    struct buf twins[LISTS] = {0}, pool = {0}, out = {0};

    (void)state;
    for (int i = 0; i < 20000; i++) {
        uint32_t no = test_random_below(&random, LISTS) * test_random_below(&random, LISTS) / LISTS;
        uint8_t posting[POSTING_BYTES_MAX];
        unsigned len = 1 + test_random_below(&random, POSTING_BYTES_MAX);

        for (unsigned j = 0; j < len; j++)
            posting[j] = (uint8_t)test_random_next(&random);
        if (len <= POSTING_BYTES_SHORT)
            assert_true(postpool_add_short(&pool, &terms[no], low_first(posting, len), len));
        else
            assert_true(postpool_add(&pool, &terms[no], posting, len));
        terms[no].next_doc++;
        buf_add(&twins[no], bytes_of(posting, len));
    }
    for (int no = 0; no < LISTS; no++) {
        struct bytes list = BYTES_NONE;

        if (terms[no].next_doc > 0)
            list = postpool_list(&pool, &terms[no], &out);
        assert_bytes_equal(buf_bytes(&twins[no]), list);
        buf_release(&twins[no]);
    }
    buf_release(&pool);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_term_keeps_its_number),
        cmocka_unit_test(the_first_term_may_be_long),
        cmocka_unit_test(lists_come_back_as_they_were_added),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
