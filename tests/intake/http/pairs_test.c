#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/base/buf.h"
#include "data/base/limits.h"
#include "intake/http/pairs.h"

#include <stdio.h>

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    return arena == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void escapes_are_decoded_or_refused(void **state)
{
    static const struct {
        const char *in, *out; /* NULL: refused */
    } rows[] = {
        {"",             ""      },
        {"abc",          "abc"   },
        {"%41%6a%6A",    "Ajj"   },
        {"a+b",          "a b"   },
        {"a%2Bb",        "a+b"   },
        {"%E7%BD%91",    "网"   },
        {"%F0%9F%98%80", "😀"  },
        {"%09%0d%0a",    "\t\r\n"},
        {"%",            NULL    },
        {"%4",           NULL    },
        {"%4g",          NULL    },
        {"%%41",         NULL    },
        {"a%00b",        NULL    },
        {"%ff",          NULL    },
        {"%C0%AF",       NULL    }, /* overlong '/' */
        {"%E0%80%AF",    NULL    }, /* overlong '/' */
        {"%ED%A0%80",    NULL    }, /* surrogate */
        {"%F4%90%80%80", NULL    }, /* past U+10FFFF */
        {"%E7%BD",       NULL    }, /* cut */
        {"\xe4",         NULL    },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bytes out = BYTES_NONE;
        struct error err = {0};
        enum status status =
            percent_decode(arena, "query", bytes_str(rows[i].in), true, &out, &err);

        if (rows[i].out == NULL) {
            assert_int_equal(status, AF_INVALID);
            assert_memory_equal(err.text, "the query ", 10);
        } else {
            assert_int_equal(status, AF_OK);
            assert_string_equal((const char *)out.data, rows[i].out);
            assert_int_equal(out.len, strlen(rows[i].out));
        }
    }
}

static void plus_is_itself_in_a_path(void **state)
{
    struct bytes out;

    (void)state;
    assert_int_equal(percent_decode(arena, "path", BYTES_LIT("a+b"), false, &out, NULL), AF_OK);
    assert_string_equal((const char *)out.data, "a+b");
}

static void pairs_are_cut_at_ampersand_and_first_equals(void **state)
{
    static const struct {
        const char *in, *out; /* as name=value; joined */
    } rows[] = {
        {"",              ""           },
        {"&&&",           ""           },
        {"a",             "a=;"        },
        {"a=",            "a=;"        },
        {"=a",            "=a;"        },
        {"a=b=c",         "a=b=c;"     },
        {"a=1&a=2&&b",    "a=1;a=2;b=;"},
        {"%61=%26&x+y=+", "a=&;x y= ;" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pairs pairs;
        struct buf joined = {0};

        assert_int_equal(pairs_parse(arena, "form", bytes_str(rows[i].in), &pairs, NULL), AF_OK);
        for (size_t k = 0; k < pairs.count; k++)
            buf_printf(&joined, "%s=%s;", (const char *)pairs.list[k].name.data,
                       (const char *)pairs.list[k].value.data);
        assert_string_equal(buf_str(&joined), rows[i].out);
        buf_release(&joined);
    }
}

static void pairs_past_the_limit_are_refused(void **state)
{
    struct buf text = {0};
    struct pairs pairs;
    struct error err;

    (void)state;
    for (int i = 0; i < HTTP_PARAMETERS_MAX; i++)
        buf_printf(&text, "&p%d=%d", i, i);
    assert_int_equal(pairs_parse(arena, "query", buf_bytes(&text), &pairs, &err), AF_OK);
    assert_int_equal(pairs.count, HTTP_PARAMETERS_MAX);
    assert_string_equal((const char *)pairs_find(&pairs, "p99")->data, "99");
    buf_add_str(&text, "&one=more");
    assert_int_equal(pairs_parse(arena, "query", buf_bytes(&text), &pairs, &err), AF_INVALID);
    assert_string_equal(err.text, "the query has 101 parameters, and 100 are the most");
    buf_release(&text);
}

static void names_are_found_as_written_or_in_any_case(void **state)
{
    static const struct pair list[] = {
        {BYTES_LIT("Host"), BYTES_LIT("1")},
        {BYTES_LIT("hOST"), BYTES_LIT("2")}
    };
    struct pairs pairs = {list, 2};

    (void)state;
    assert_null(pairs_find(&pairs, "host"));
    assert_ptr_equal(pairs_find(&pairs, "hOST"), &list[1].value);
    assert_ptr_equal(pairs_find_caseless(&pairs, "HOST"), &list[0].value);
    assert_int_equal(pairs_count_caseless(&pairs, "host"), 2);
    assert_int_equal(pairs_count_caseless(&pairs, "hos"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escapes_are_decoded_or_refused),
        cmocka_unit_test(plus_is_itself_in_a_path),
        cmocka_unit_test(pairs_are_cut_at_ampersand_and_first_equals),
        cmocka_unit_test(pairs_past_the_limit_are_refused),
        cmocka_unit_test(names_are_found_as_written_or_in_any_case),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
