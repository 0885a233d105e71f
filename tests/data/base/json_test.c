#include "tests/harness.h"

#include "data/base/limits.h"

static void what_is_not_json_is_refused_with_a_place(void **state)
{
    static const struct bytes rows[] = {
        BYTES_LIT(""),
        BYTES_LIT("{"),
        BYTES_LIT("{\"a\":1,\"a\":2}"),
        BYTES_LIT("{\"a\":\"\xFF\"}"),
        BYTES_LIT("{\"a\":\"\\ud800\"}"),
        BYTES_LIT("{\"a\":\"\\udc00x\"}"),
        BYTES_LIT("{\"a\":\"\\u0000\"}"),
        BYTES_LIT("{\"a\":\"x\0y\"}"),
        BYTES_LIT("[8\0]"),
        BYTES_LIT("8\0"),
        BYTES_LIT("{\"a\":NaN}"),
        BYTES_LIT("{\"a\":9223372036854775808}"),
        BYTES_LIT("{\"a\":1e999}"),
        BYTES_LIT("{} x"),
        BYTES_LIT("[1,]"),
        BYTES_LIT("\xEF\xBB\xBF{}"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error err;
        json_t *json = NULL;

        if (json_parse(rows[i], &json, &err) == AF_OK)
            fail_msg("row %zu was taken", i);
        assert_refused(AF_INVALID, json_parse(rows[i], &json, &err));
        assert_null(json);
    }
}

static enum status parse_deep(unsigned depth, char open, char close, struct error *err)
{
    struct buf text = {0};
    json_t *json = NULL;
    enum status status;

    for (unsigned i = 0; i < depth; i++) {
        buf_add_u8(&text, (uint8_t)open);
        if (open == '{')
            buf_add_str(&text, "\"a\":");
    }
    if (open == '{')
        buf_add_str(&text, "1");
    for (unsigned i = 0; i < depth; i++)
        buf_add_u8(&text, (uint8_t)close);
    status = json_parse(buf_bytes(&text), &json, err);
    json_decref(json);
    buf_release(&text);
    return status;
}

static void depth_and_size_have_limits(void **state)
{
    struct buf text = {0};
    struct error err;
    json_t *json;

    (void)state;
    assert_ok(parse_deep(JSON_DEPTH_MAX, '[', ']', &err));
    assert_ok(parse_deep(JSON_DEPTH_MAX, '{', '}', &err));
    assert_refused(AF_INVALID, parse_deep(JSON_DEPTH_MAX + 1, '[', ']', &err));
    assert_refused(AF_INVALID, parse_deep(100000, '{', '}', &err));
    /* Brackets in strings do not count. */
    assert_ok(
        json_parse(BYTES_LIT("[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
                             "[[[[[[[[[[[[[[[[[[[[[\\\"[[[\"]"),
                   &json, &err));
    json_decref(json);
    buf_add_u8(&text, '[');
    for (int i = 1; i < JSON_TOKENS_MAX; i++)
        buf_add_str(&text, "1,");
    buf_add_str(&text, "1]");
    assert_ok(json_parse(buf_bytes(&text), &json, &err));
    json_decref(json);
    text.len--;
    buf_add_str(&text, ",1]");
    assert_refused(AF_INVALID, json_parse(buf_bytes(&text), &json, &err));
    buf_release(&text);
}

static void canonical_text_does_not_depend_on_order(void **state)
{
    json_t *one = test_json("{\"b\":[1,2.5,null,true],\"a\":\"\\u6253\"}");
    json_t *other = test_json("{ \"a\" : \"\xE6\x89\x93\", \"b\" : [1, 2.5, null, true] }");
    struct buf first = {0}, second = {0};
    struct error err;

    (void)state;
    assert_ok(json_write(one, true, &first, &err));
    assert_ok(json_write(other, true, &second, &err));
    assert_string_equal("{\"a\":\"\xE6\x89\x93\",\"b\":[1,2.5,null,true]}", buf_str(&first));
    assert_string_equal(buf_str(&first), buf_str(&second));
    buf_clear(&first);
    assert_ok(json_write(one, false, &first, &err));
    assert_string_equal("{\"b\":[1,2.5,null,true],\"a\":\"\xE6\x89\x93\"}", buf_str(&first));
    json_decref(one);
    json_decref(other);
    buf_release(&first);
    buf_release(&second);
}

/* Numbers that went through once come out the same from then on: prints are taken over them. */
static void a_number_written_twice_is_the_same(void **state)
{
    struct test_random random = test_random_new();

    (void)state;
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = test_random_next(&random);
        struct buf first = {0}, second = {0};
        struct error err;
        json_t *json;
        double v;

        memcpy(&v, &bits, sizeof v);
        json = json_real(v);
        if (json == NULL)
            continue; /* not finite */
        assert_ok(json_write(json, true, &first, &err));
        json_decref(json);
        assert_ok(json_parse(buf_bytes(&first), &json, &err));
        assert_ok(json_write(json, true, &second, &err));
        assert_string_equal(buf_str(&first), buf_str(&second));
        json_decref(json);
        buf_release(&first);
        buf_release(&second);
    }
}

static void a_members_text_is_asked_for_with_its_limits(void **state)
{
    static const struct {
        const char *json;
        bool required;
        enum status status;
    } rows[] = {
        {"{\"a\":\"12345\"}",  true,  AF_OK       },
        {"{\"a\":\"123456\"}", true,  AF_TOO_LARGE},
        {"{\"a\":\"\"}",       true,  AF_INVALID  },
        {"{\"a\":\"\"}",       false, AF_OK       },
        {"{\"a\":null}",       false, AF_OK       },
        {"{\"a\":null}",       true,  AF_INVALID  },
        {"{}",                 false, AF_OK       },
        {"{}",                 true,  AF_INVALID  },
        {"{\"a\":7}",          false, AF_INVALID  },
        {"{\"a\":[\"x\"]}",    false, AF_INVALID  },
        {"[]",                 true,  AF_INVALID  },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *json = test_json(rows[i].json);
        struct error err = {0};
        struct bytes text;
        enum status status = json_text(json, "a", 5, rows[i].required, &text, &err);

        assert_int_equal(rows[i].status, status);
        if (status != AF_OK)
            assert_non_null(strstr(err.text, "\"a\""));
        json_decref(json);
    }
}

static void a_write_past_the_ceiling_is_marked(void **state)
{
    json_t *json = test_json("{\"a\":\"0123456789\"}");
    struct buf text = {.ceiling = 10};
    struct error err;

    (void)state;
    assert_int_not_equal(AF_OK, json_write(json, false, &text, &err));
    assert_true(text.failed);
    assert_int_not_equal(AF_OK, json_write(NULL, false, &text, &err));
    json_decref(json);
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_json_is_refused_with_a_place),
        cmocka_unit_test(depth_and_size_have_limits),
        cmocka_unit_test(canonical_text_does_not_depend_on_order),
        cmocka_unit_test(a_number_written_twice_is_the_same),
        cmocka_unit_test(a_members_text_is_asked_for_with_its_limits),
        cmocka_unit_test(a_write_past_the_ceiling_is_marked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
