#include "tests/harness.h"

#include "data/base/limits.h"
#include "indexer/segment/seen.h"

static void what_was_added_is_seen_and_nothing_else(void **state)
{
    struct seen *seen = seen_new(0);

    (void)state;
    assert_false(seen_has(seen, 7));
    seen_add(seen, 7);
    assert_true(seen_has(seen, 7));
    assert_false(seen_has(seen, 8));
    assert_false(seen_has(seen, 7 + (UINT64_C(1) << 40)));
    seen_free(seen);
}

static void an_empty_slot_is_no_checksum(void **state)
{
    struct seen *seen = seen_new(0);

    (void)state;
    assert_false(seen_has(seen, 0));
    seen_add(seen, 0);
    assert_false(seen_has(seen, 0));
    seen_free(seen);
}

static void a_newer_value_takes_the_slot(void **state)
{
    struct seen *seen = seen_new(UINT64_MAX);
    uint64_t other = 5 + (uint64_t)SEGMENT_SEEN_MAX;

    (void)state;
    seen_add(seen, 5);
    seen_add(seen, other);
    assert_false(seen_has(seen, 5));
    assert_true(seen_has(seen, other));
    seen_free(seen);
}

static void without_a_table_nothing_is_seen(void **state)
{
    (void)state;
    seen_add(NULL, 5);
    assert_false(seen_has(NULL, 5));
    seen_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_added_is_seen_and_nothing_else),
        cmocka_unit_test(an_empty_slot_is_no_checksum),
        cmocka_unit_test(a_newer_value_takes_the_slot),
        cmocka_unit_test(without_a_table_nothing_is_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
