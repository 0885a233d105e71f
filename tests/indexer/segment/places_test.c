#include "tests/harness.h"

#include "data/base/limits.h"
#include "indexer/segment/places.h"

static void what_was_noted_is_found_and_nothing_else(void **state)
{
    static const uint8_t value[40] = {0};
    struct places *places = places_new(3);
    struct bytes body;
    uint32_t tag;

    (void)state;
    assert_false(places_get(places, 1, &body, &tag));
    places_note(places, 1, bytes_of(value, 40), 7);
    places_note(places, 2, bytes_of(value + 8, 1), UINT32_MAX);
    assert_true(places_get(places, 1, &body, &tag));
    assert_ptr_equal(value, body.data);
    assert_int_equal(40, body.len);
    assert_int_equal(7, tag);
    assert_true(places_get(places, 2, &body, &tag));
    assert_int_equal(1, body.len);
    assert_int_equal(UINT32_MAX, tag);
    places_note(places, 1, bytes_of(value + 9, 5), 8); /* the first stays */
    assert_true(places_get(places, 1, &body, &tag));
    assert_ptr_equal(value, body.data);
    assert_int_equal(7, tag);
    assert_false(places_get(places, 0, &body, &tag));
    places_free(places);
}

static void a_number_without_a_slot_is_never_noted(void **state)
{
    static const uint8_t value[4] = {0};
    struct places *places = places_new(UINT64_MAX), *none = places_new(0);
    struct bytes body;
    uint32_t tag;

    (void)state;
    places_note(places, SEGMENT_PLACES_MAX - 1, bytes_of(value, 4), 0);
    places_note(places, SEGMENT_PLACES_MAX, bytes_of(value, 4), 0);
    places_note(none, 0, bytes_of(value, 4), 0);
    places_note(NULL, 0, bytes_of(value, 4), 0);
    assert_true(places_get(places, SEGMENT_PLACES_MAX - 1, &body, &tag));
    assert_false(places_get(places, SEGMENT_PLACES_MAX, &body, &tag));
    assert_false(places_get(places, UINT32_MAX, &body, &tag));
    assert_false(places_get(none, 0, &body, &tag));
    assert_false(places_get(NULL, 0, &body, &tag));
    places_free(places);
    places_free(none);
    places_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_noted_is_found_and_nothing_else),
        cmocka_unit_test(a_number_without_a_slot_is_never_noted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
