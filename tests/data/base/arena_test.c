#include "tests/harness.h"

#include "data/base/arena.h"

#include <stdalign.h>

enum { PIECES = 2000 };

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
    struct test_random random = test_random_new();
    struct arena *arena = arena_new((size_t)64 << 20);
    static uint8_t *pieces[PIECES];
    static size_t sizes[PIECES];

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < PIECES; i++) {
            sizes[i] = test_random_below(&random, i % 50 == 0 ? 40000 : 200);
            pieces[i] = arena_alloc(arena, sizes[i]);
            assert_non_null(pieces[i]);
            assert_int_equal(0, (uintptr_t)pieces[i] % alignof(max_align_t));
            for (size_t k = 0; k < sizes[i]; k++)
                assert_int_equal(0, pieces[i][k]);
            memset(pieces[i], (int)(i % 251), sizes[i]);
        }
        for (size_t i = 0; i < PIECES; i++)
            for (size_t k = 0; k < sizes[i]; k++)
                assert_int_equal(i % 251, pieces[i][k]);
        arena_clear(arena);
    }
    arena_free(arena);
}

static void past_the_ceiling_there_is_nothing(void **state)
{
    struct arena *arena = arena_new(100000);
    struct error err;
    size_t taken = 0;

    (void)state;
    while (arena_alloc(arena, 1000) != NULL)
        taken += 1000;
    assert_true(taken > 50000 && taken <= 100000);
    err.text[0] = '\0';
    assert_int_not_equal(AF_OK, arena_exhausted(arena, &err));
    assert_true(err.text[0] != '\0');
    assert_null(arena_alloc(arena, SIZE_MAX));
    assert_null(arena_array(arena, SIZE_MAX / 2, 3));
    arena_clear(arena);
    assert_non_null(arena_alloc(arena, 1000));
    arena_free(arena);
    arena_free(NULL);
}

static void copies_end_with_a_nul(void **state)
{
    struct arena *arena = arena_new(1 << 20);
    struct bytes copy = arena_copy(arena, BYTES_LIT("a\0b"));

    (void)state;
    assert_bytes_equal(BYTES_LIT("a\0b"), copy);
    assert_int_equal(0, copy.data[3]);
    assert_non_null(arena_copy(arena, BYTES_NONE).data);
    assert_string_equal("text", arena_str(arena, BYTES_LIT("text")));
    assert_string_equal("7 of 9", arena_printf(arena, "%d of %d", 7, 9));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
        cmocka_unit_test(past_the_ceiling_there_is_nothing),
        cmocka_unit_test(copies_end_with_a_nul),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
