#include "tests/harness.h"

static void what_is_appended_stands_in_a_row(void **state)
{
    struct buf b = {0};

    (void)state;
    assert_string_equal("", buf_str(&b));
    buf_add_str(&b, "a");
    buf_add_u8(&b, 'b');
    buf_add(&b, BYTES_LIT("c"));
    buf_add(&b, BYTES_NONE);
    buf_printf(&b, "-%d-%s", 7, "x");
    assert_true(buf_ok(&b));
    assert_string_equal("abc-7-x", buf_str(&b));
    assert_int_equal(7, b.len);
    buf_clear(&b);
    assert_string_equal("", buf_str(&b));
    buf_add_be32(&b, 0x01020304);
    buf_add_be64(&b, 5);
    assert_bytes_equal(BYTES_LIT("\1\2\3\4\0\0\0\0\0\0\0\5"), buf_bytes(&b));
    buf_release(&b);
    assert_null(b.data);
}

/* Up to the ceiling all goes; past it nothing more does, and one question at the end tells. */
static void the_ceiling_holds_to_the_byte(void **state)
{
    (void)state;
    for (size_t ceiling = 1; ceiling < 200; ceiling++) {
        struct buf b = {.ceiling = ceiling};
        struct error err;

        for (size_t i = 0; i < ceiling; i++)
            buf_add_u8(&b, 'x');
        assert_true(buf_ok(&b));
        buf_add(&b, BYTES_NONE);
        assert_int_equal(AF_OK, buf_status(&b, "it", &err));
        buf_add_u8(&b, 'x');
        assert_false(buf_ok(&b));
        assert_int_equal(ceiling, b.len);
        buf_add_str(&b, "");
        assert_false(buf_ok(&b));
        assert_refused(AF_TOO_LARGE, buf_status(&b, "it", &err));
        buf_clear(&b);
        buf_printf(&b, "%*s", (int)ceiling, "");
        assert_true(buf_ok(&b));
        buf_printf(&b, "y");
        assert_false(buf_ok(&b));
        assert_int_equal(ceiling, b.len);
        buf_release(&b);
    }
}

static void an_impossible_length_is_no_memory(void **state)
{
    struct buf b = {0};
    struct error err;

    (void)state;
    buf_add_str(&b, "kept");
    assert_null(buf_reserve(&b, SIZE_MAX - 4));
    assert_refused(AF_NO_MEMORY, buf_status(&b, "it", &err));
    assert_string_equal("kept", buf_str(&b));
    buf_release(&b);
}

static void random_appends_equal_a_plain_array(void **state)
{
    struct test_random random = test_random_new();
    static uint8_t twin[1 << 16];

    (void)state;
    for (int round = 0; round < 50; round++) {
        struct buf b = {0};
        size_t len = 0;

        while (len + 300 < sizeof twin && test_random_below(&random, 300) != 0) {
            size_t n = test_random_below(&random, 300);

            for (size_t i = 0; i < n; i++)
                twin[len + i] = (uint8_t)test_random_next(&random);
            buf_add(&b, bytes_of(twin + len, n));
            len += n;
            assert_int_equal(0, b.data == NULL ? 0 : b.data[b.len]);
        }
        assert_bytes_equal(bytes_of(twin, len), buf_bytes(&b));
        buf_release(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_appended_stands_in_a_row),
        cmocka_unit_test(the_ceiling_holds_to_the_byte),
        cmocka_unit_test(an_impossible_length_is_no_memory),
        cmocka_unit_test(random_appends_equal_a_plain_array),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
