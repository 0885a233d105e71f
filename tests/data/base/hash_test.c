#include "tests/harness.h"

#include "data/base/hash.h"

#include <xxhash.h>

static int setup(void **state)
{
    struct error err;

    (void)state;
    assert_ok(hash_start(&err));
    assert_ok(hash_start(&err));
    return 0;
}

/* As `b2sum -l 256` prints them. */
static void a_plain_digest_is_blake2b_256(void **state)
{
    static const struct {
        struct bytes text;
        const char *hex;
    } rows[] = {
        {BYTES_LIT(""),    "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"},
        {BYTES_LIT("abc"), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct digest digest = digest_plain(rows[i].text), back;
        char hex[DIGEST_HEX_BYTES];

        digest_hex(&digest, hex);
        assert_string_equal(rows[i].hex, hex);
        assert_true(digest_parse(bytes_str(hex), &back));
        assert_true(digest_equal(&digest, &back));
    }
}

static void what_is_no_digest_in_hex_is_refused(void **state)
{
    static const char good[] = "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8";
    struct digest digest;

    (void)state;
    for (size_t len = 0; len < 64; len++)
        assert_false(digest_parse(bytes_of(good, len), &digest));
    for (size_t i = 0; i < 64; i++) {
        char bad[65];

        memcpy(bad, good, sizeof bad);
        bad[i] = 'g';
        assert_false(digest_parse(bytes_str(bad), &digest));
        bad[i] = ' ';
        assert_false(digest_parse(bytes_str(bad), &digest));
    }
    assert_false(digest_parse(BYTES_LIT("0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf1"
                                        "2fe3a800"),
                              &digest));
}

/* Whatever instructions were chosen: a store moves between machines. */
static void the_checksum_is_plain_xxh3_at_every_length(void **state)
{
    struct test_random random = test_random_new();
    uint8_t bytes[70000];

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)test_random_below(&random, 256);
    for (size_t len = 0; len < sizeof bytes; len += len < 3000 ? 1 : 1999) {
        struct bytes part = bytes_of(bytes + len % 64 % (sizeof bytes - len), len);
        uint64_t seed = test_random_below(&random, UINT32_MAX);

        assert_true(XXH3_64bits_withSeed(part.data, len, seed + len * 0x9E3779B97F4A7C15u) ==
                    checksum64(seed, &part, 1));
    }
}

/* Where one part ends is part of what is hashed. */
static void parts_do_not_run_together(void **state)
{
    static const struct bytes splits[][3] = {
        {BYTES_LIT("a"),   BYTES_LIT("bc"), BYTES_LIT("")   },
        {BYTES_LIT("ab"),  BYTES_LIT("c"),  BYTES_LIT("")   },
        {BYTES_LIT(""),    BYTES_LIT(""),   BYTES_LIT("abc")},
        {BYTES_LIT("abc"), BYTES_LIT(""),   BYTES_LIT("")   },
        {BYTES_LIT("a"),   BYTES_LIT("b"),  BYTES_LIT("c")  },
    };
    enum { N = sizeof splits / sizeof splits[0] };

    (void)state;
    for (size_t i = 0; i < N; i++)
        for (size_t k = 0; k < N; k++) {
            struct digest a = digest_of(splits[i], 3), b = digest_of(splits[k], 3);

            assert_int_equal(i == k, digest_equal(&a, &b));
            assert_int_equal(i == k, checksum64(0, splits[i], 3) == checksum64(0, splits[k], 3));
        }
    assert_true(checksum64(0, splits[0], 3) != checksum64(1, splits[0], 3));
    assert_true(checksum64(0, splits[0], 2) != checksum64(0, splits[0], 3));
}

static void a_keyed_digest_needs_its_key(void **state)
{
    static const struct bytes one = BYTES_LIT("0123456789abcdef0123456789abcdef"),
                              other = BYTES_LIT("0123456789abcdef0123456789abcdeg");
    struct digest a, b, plain;

    (void)state;
    a = digest_keyed(one, BYTES_LIT("text"));
    b = digest_keyed(other, BYTES_LIT("text"));
    plain = digest_plain(BYTES_LIT("text"));
    assert_false(digest_equal(&a, &b));
    assert_false(digest_equal(&a, &plain));
    b = digest_keyed(one, BYTES_LIT("text"));
    assert_true(digest_equal(&a, &b));
}

static void ids_are_hex_and_differ(void **state)
{
    char a[ID_HEX_BYTES], b[ID_HEX_BYTES];

    (void)state;
    for (int i = 0; i < 1000; i++) {
        id_random(a);
        id_random(b);
        assert_int_equal(32, strlen(a));
        assert_int_equal(32, strspn(a, "0123456789abcdef"));
        assert_string_not_equal(a, b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_digest_is_blake2b_256),
        cmocka_unit_test(what_is_no_digest_in_hex_is_refused),
        cmocka_unit_test(the_checksum_is_plain_xxh3_at_every_length),
        cmocka_unit_test(parts_do_not_run_together),
        cmocka_unit_test(a_keyed_digest_needs_its_key),
        cmocka_unit_test(ids_are_hex_and_differ),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
