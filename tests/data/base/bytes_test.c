#include "tests/harness.h"

static int sign(int v)
{
    return (v > 0) - (v < 0);
}

static void order_is_that_of_keys(void **state)
{
    static const struct bytes rising[] = {
        BYTES_LIT(""),   BYTES_LIT("\0"), BYTES_LIT("\0\0"), BYTES_LIT("a"),    BYTES_LIT("a\0"),
        BYTES_LIT("ab"), BYTES_LIT("b"),  BYTES_LIT("\x7F"), BYTES_LIT("\x80"), BYTES_LIT("\xFF"),
    };
    const int n = (int)(sizeof rising / sizeof rising[0]);

    (void)state;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < n; k++) {
            assert_int_equal(sign(i - k), sign(bytes_compare(rising[i], rising[k])));
            assert_int_equal(i == k, bytes_equal(rising[i], rising[k]));
        }
    assert_int_equal(0, bytes_compare(BYTES_NONE, BYTES_LIT("")));
    assert_true(bytes_equal(BYTES_NONE, bytes_str(NULL)));
}

static void a_prefix_is_found_at_the_front_only(void **state)
{
    (void)state;
    assert_true(bytes_has_prefix(BYTES_LIT("abc"), BYTES_LIT("ab")));
    assert_true(bytes_has_prefix(BYTES_LIT("abc"), BYTES_LIT("abc")));
    assert_true(bytes_has_prefix(BYTES_LIT(""), BYTES_NONE));
    assert_false(bytes_has_prefix(BYTES_LIT("ab"), BYTES_LIT("abc")));
    assert_false(bytes_has_prefix(BYTES_LIT("abc"), BYTES_LIT("b")));
    assert_false(bytes_has_prefix(BYTES_NONE, BYTES_LIT("a")));
}

static void numbers_are_read_as_they_were_put(void **state)
{
    static const uint64_t numbers[] = {
        0, 1, 0x7F, 0x80, 0xFFFF, 0x10000, 0x12345678, UINT32_MAX, 0x123456789ABCDEF0, UINT64_MAX};
    uint8_t at[8];

    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct reader r;
        uint16_t v16;
        uint32_t v32;
        uint64_t v64;

        put_be64(at, numbers[i]);
        r = reader_of(bytes_of(at, 8));
        assert_true(reader_be64(&r, &v64) && v64 == numbers[i]);
        put_be32(at, (uint32_t)numbers[i]);
        r = reader_of(bytes_of(at, 4));
        assert_true(reader_be32(&r, &v32) && v32 == (uint32_t)numbers[i]);
        put_be16(at, (uint16_t)numbers[i]);
        r = reader_of(bytes_of(at, 2));
        assert_true(reader_be16(&r, &v16) && v16 == (uint16_t)numbers[i]);
        assert_int_equal(0, reader_left(&r));
    }
}

/* A call that fails changes neither the reader nor what it should have filled. */
static void too_few_bytes_change_nothing(void **state)
{
    static const uint8_t data[8] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

    (void)state;
    for (size_t len = 0; len <= 8; len++) {
        struct reader r = reader_of(bytes_of(data, len)), before = r;
        uint8_t v8 = 1;
        uint16_t v16 = 2;
        uint32_t v32 = 3;
        uint64_t v64 = 4;
        struct bytes taken = BYTES_NONE;

        if (len < 8)
            assert_true(!reader_be64(&r, &v64) && v64 == 4 && r.at == before.at);
        if (len < 4)
            assert_true(!reader_be32(&r, &v32) && v32 == 3 && r.at == before.at);
        if (len < 2)
            assert_true(!reader_be16(&r, &v16) && v16 == 2 && r.at == before.at);
        if (len < 1)
            assert_true(!reader_u8(&r, &v8) && v8 == 1 && r.at == before.at);
        assert_true(!reader_varint64(&r, &v64) && v64 == 4 && r.at == before.at);
        assert_true(!reader_varint32(&r, &v32) && v32 == 3 && r.at == before.at);
        assert_true(!reader_take(&r, len + 1, &taken) && taken.data == NULL);
        assert_false(reader_take(&r, SIZE_MAX, &taken));
        assert_true(reader_take(&r, len, &taken) && taken.len == len && reader_left(&r) == 0);
    }
}

static void varints_of_every_length_come_back(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits <= 64; bits++)
        for (int off = -1; off <= 1; off++) {
            uint64_t number = (bits == 64 ? 0 : (uint64_t)1 << bits) + (uint64_t)(int64_t)off;
            struct buf b = {0};
            struct reader r;
            uint64_t back;
            uint32_t back32;

            buf_add_varint(&b, number);
            r = reader_of(buf_bytes(&b));
            assert_true(reader_varint64(&r, &back) && back == number && reader_left(&r) == 0);
            r = reader_of(buf_bytes(&b));
            assert_int_equal(number <= UINT32_MAX, reader_varint32(&r, &back32));
            buf_release(&b);
        }
}

static void a_varint_past_64_bits_is_refused(void **state)
{
    static const struct bytes bad[] = {
        BYTES_LIT("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02"),
        BYTES_LIT("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F"),
        BYTES_LIT("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01"),
        BYTES_LIT("\x80"),
        BYTES_LIT(""),
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct reader r = reader_of(bad[i]);
        uint64_t v;

        assert_false(reader_varint64(&r, &v));
    }
}

static void blank_is_what_nobody_can_see(void **state)
{
    static const struct {
        const char *text;
        bool is_blank;
    } rows[] = {
        {"",                           true },
        {" \t\r\n",                    true },
        {"\u3000",                     true }, /* what a Chinese input method types for a blank */
        {" \u00A0\u200B\uFEFF\u3000 ", true },
        {"a",                          false},
        {"\u3000.",                    false},
        {"\u3001",                     false},
        {"\xE3\x80",                   false}, /* the first bytes of U+3000 */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(rows[i].is_blank, bytes_is_blank(bytes_str(rows[i].text)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blank_is_what_nobody_can_see),
        cmocka_unit_test(order_is_that_of_keys),
        cmocka_unit_test(a_prefix_is_found_at_the_front_only),
        cmocka_unit_test(numbers_are_read_as_they_were_put),
        cmocka_unit_test(too_few_bytes_change_nothing),
        cmocka_unit_test(varints_of_every_length_come_back),
        cmocka_unit_test(a_varint_past_64_bits_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
