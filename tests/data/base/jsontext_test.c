/* JSON where it stands, against jansson. */
#include "tests/harness.h"

#include "data/base/limits.h"
#include "tests/data/base/jsontext_oracle.h"

/* Taken by both, or refused by both; which of the two is said, so that a table of refusals
 * cannot be empty by accident. */
static const struct {
    struct bytes text;
    bool is_json;
} rows[] = {
  /* clang-format off */
    {BYTES_LIT("{}"), true}, {BYTES_LIT("[]"), true}, {BYTES_LIT("\"\""), true},
    {BYTES_LIT("0"), true}, {BYTES_LIT("-1"), true}, {BYTES_LIT("true"), true},
    {BYTES_LIT(" \t\r\n{ \"a\" : [ 1 , 2 ] } \n"), true},
    {BYTES_LIT("[[],{},[{}],\"\",null,false]"), true},
    {BYTES_LIT("{\"\":1}"), true}, {BYTES_LIT("{\"a\":{\"a\":{\"a\":1}}}"), true},
    {BYTES_LIT("[{\"a\":1},{\"a\":2}]"), true}, {BYTES_LIT("{\"a\":{\"b\":1},\"b\":2}"), true},
    {BYTES_LIT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), true},
    {BYTES_LIT("\"\\u0001\\u001F\\u001f\\u000b\\u007f\\u0020\\u0022\\u005c\\u002F\""), true},
    {BYTES_LIT("\"\\u00e9\\u6253\\uFFFF\\uD834\\uDD1E\\ud800\\udc00\\uDBFF\\uDFFF\""), true},
    {BYTES_LIT("\"\x7f\xC2\x80\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF\""), true},
    {BYTES_LIT("{\"\\u0061\":1,\"b\":2}"), true}, {BYTES_LIT("999999999999999999"), true},
    {BYTES_LIT("-999999999999999999"), true},
    {BYTES_LIT("\"}]{[,:\\\"}\""), true},
    {BYTES_LIT("[\"12345678\",\"1234567\",\"123456789\"]"), true},
    {BYTES_LIT(""), false}, {BYTES_LIT(" "), false}, {BYTES_LIT("{"), false}, {BYTES_LIT("}"), false},
    {BYTES_LIT("["), false}, {BYTES_LIT("]"), false}, {BYTES_LIT("[}"), false},
    {BYTES_LIT("{]"), false}, {BYTES_LIT("[1,]"), false}, {BYTES_LIT("[,1]"), false},
    {BYTES_LIT("[1 2]"), false}, {BYTES_LIT("[1,,2]"), false}, {BYTES_LIT("{\"a\"}"), false},
    {BYTES_LIT("{\"a\":}"), false}, {BYTES_LIT("{\"a\":1,}"), false}, {BYTES_LIT("{,}"), false},
    {BYTES_LIT("{\"a\" 1}"), false}, {BYTES_LIT("{\"a\"::1}"), false}, {BYTES_LIT("{a:1}"), false},
    {BYTES_LIT("{1:1}"), false}, {BYTES_LIT("{'a':1}"), false}, {BYTES_LIT("{\"a\":1 \"b\":2}"), false},
    {BYTES_LIT("{\"a\":1,\"a\":2}"), false}, {BYTES_LIT("{\"a\":1,\"\\u0061\":2}"), false},
    {BYTES_LIT("[{\"a\":{\"b\":1,\"b\":1}}]"), false},
    {BYTES_LIT("{\"a\":{},\"b\":{\"c\":1},\"a\":1}"), false},
    {BYTES_LIT("{} x"), false}, {BYTES_LIT("1 1"), false}, {BYTES_LIT("[]]"), false},
    {BYTES_LIT("{}}"), false}, {BYTES_LIT("truee"), false}, {BYTES_LIT("tru"), false},
    {BYTES_LIT("nul"), false}, {BYTES_LIT("True"), false}, {BYTES_LIT("NaN"), false},
    {BYTES_LIT("Infinity"), false}, {BYTES_LIT("-"), false}, {BYTES_LIT("+1"), false},
    {BYTES_LIT("01"), false}, {BYTES_LIT("-01"), false}, {BYTES_LIT("00"), false},
    {BYTES_LIT("1a"), false}, {BYTES_LIT(".5"), false}, {BYTES_LIT("5."), false},
    {BYTES_LIT("1e"), false}, {BYTES_LIT("0x1"), false}, {BYTES_LIT("\""), false},
    {BYTES_LIT("\"a"), false}, {BYTES_LIT("\"\\\""), false}, {BYTES_LIT("\"\\"), false},
    {BYTES_LIT("\"\\x\""), false}, {BYTES_LIT("\"\\0\""), false}, {BYTES_LIT("\"\\\0\""), false},
    {BYTES_LIT("\"\\U0041\""), false}, {BYTES_LIT("\"\\u\""), false}, {BYTES_LIT("\"\\u12\""), false},
    {BYTES_LIT("\"\\u12G4\""), false}, {BYTES_LIT("\"\\u0000\""), false},
    {BYTES_LIT("\"\\ud800\""), false}, {BYTES_LIT("\"\\udc00\""), false},
    {BYTES_LIT("\"\\ud800\\u0041\""), false}, {BYTES_LIT("\"\\ud800\\ud800\""), false},
    {BYTES_LIT("\"\\ud800\\n\""), false}, {BYTES_LIT("\"\\ud800x\""), false},
    {BYTES_LIT("\"a\nb\""), false}, {BYTES_LIT("\"a\tb\""), false}, {BYTES_LIT("\"a\0b\""), false},
    {BYTES_LIT("\"1234567\n\""), false}, {BYTES_LIT("\"\x1f\""), false},
    {BYTES_LIT("\"\xFF\""), false}, {BYTES_LIT("\"\xC0\xAF\""), false},
    {BYTES_LIT("\"\xE0\x80\x80\""), false}, {BYTES_LIT("\"\xED\xA0\x80\""), false},
    {BYTES_LIT("\"\xF4\x90\x80\x80\""), false}, {BYTES_LIT("\"\xE6\x89\""), false},
    {BYTES_LIT("\"abcdefgh\xE6\x89\""), false}, {BYTES_LIT("\"\x80\""), false},
    {BYTES_LIT("\xEF\xBB\xBF{}"), false}, {BYTES_LIT("[\xC2\xA0 1]"), false},
    {BYTES_LIT("[1]\0"), false}, {BYTES_LIT("\0"), false}, {BYTES_LIT("[\v1]"), false},
    {BYTES_LIT("/**/{}"), false}, {BYTES_LIT("[1]//"), false}, {BYTES_LIT("9223372036854775808"), false},
    {BYTES_LIT("1e999"), false},
  /* clang-format on */
};

static void it_takes_and_refuses_what_jansson_does(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *what = oracle_disagreement(rows[i].text);
        struct buf out = {0};

        if (what != NULL)
            fail_msg("%.*s: %s", (int)rows[i].text.len, (const char *)rows[i].text.data, what);
        if (jsontext_compact(rows[i].text, &out) != rows[i].is_json)
            fail_msg("%.*s: is it JSON?", (int)rows[i].text.len, (const char *)rows[i].text.data);
        buf_release(&out);
    }
}

static void what_it_does_not_know_is_left_to_jansson(void **state)
{
    static const char *const left[] = {"1.0",
                                       "1e2",
                                       "[-0]",
                                       "0.1",
                                       "9223372036854775807",
                                       "1000000000000000000",
                                       "-1000000000000000000"};

    (void)state;
    for (size_t i = 0; i < sizeof left / sizeof left[0]; i++) {
        struct buf out = {0};

        assert_false(jsontext_compact(bytes_str(left[i]), &out));
        assert_int_equal(0, out.len);
        json_decref(test_json(left[i]));
        buf_release(&out);
    }
}

static void add_many(struct buf *text, int count, char open, const char *format, char close)
{
    buf_clear(text);
    buf_add_u8(text, (uint8_t)open);
    for (int i = 0; i < count; i++) {
        if (i > 0)
            buf_add_u8(text, ',');
        buf_printf(text, strchr(format, '%') != NULL ? "\"%d\":1" : "1", i);
    }
    buf_add_u8(text, (uint8_t)close);
}

static void its_limits_are_those_of_json_parse_but_for_members(void **state)
{
    struct buf text = {0}, out = {0};

    (void)state;
    for (int depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
        buf_clear(&text);
        for (int i = 0; i < depth; i++)
            buf_add_u8(&text, '[');
        for (int i = 0; i < depth; i++)
            buf_add_u8(&text, ']');
        assert_null(oracle_disagreement(buf_bytes(&text)));
        assert_int_equal(depth == JSON_DEPTH_MAX, jsontext_compact(buf_bytes(&text), &out));
    }
    for (int count = JSON_TOKENS_MAX; count <= JSON_TOKENS_MAX + 1; count++) {
        add_many(&text, count, '[', "1", ']');
        assert_null(oracle_disagreement(buf_bytes(&text)));
        assert_int_equal(count == JSON_TOKENS_MAX, jsontext_compact(buf_bytes(&text), &out));
    }
    for (int count = JSONTEXT_KEYS_MAX; count <= JSONTEXT_KEYS_MAX + 1; count++) {
        add_many(&text, count, '{', "%", '}');
        assert_int_equal(count == JSONTEXT_KEYS_MAX, jsontext_compact(buf_bytes(&text), &out));
    }
    buf_release(&text);
    buf_release(&out);
}

/* One to four bytes of a sound text changed, removed or put in: near the border of what is JSON,
 * where the two could differ. */
static void near_misses_are_judged_as_jansson_judges_them(void **state)
{
    static const char bytes[] = "\"\\{}[],: \t\n0123456789-+.eEutrnfalsb/\x01\x7f\x80\xE6\xC3";
    struct test_random random = test_random_new();
    unsigned taken = 0;

    (void)state;
    for (int i = 0; i < 60000; i++) {
        struct bytes from = rows[test_random_below(&random, sizeof rows / sizeof rows[0])].text;
        uint32_t edits = 1 + test_random_below(&random, 4);
        struct buf text = {0}, out = {0};
        const char *what;

        buf_add(&text, from);
        while (edits-- > 0 && text.len > 0) {
            size_t at = test_random_below(&random, (uint32_t)text.len);

            if (test_random_below(&random, 3) == 0) {
                memmove(text.data + at, text.data + at + 1, text.len - at - 1);
                text.len--;
                continue;
            }
            if (test_random_below(&random, 2) == 0) {
                buf_add_u8(&text, 0);
                memmove(text.data + at + 1, text.data + at, text.len - at - 1);
            }
            text.data[at] = (uint8_t)bytes[test_random_below(&random, sizeof bytes - 1)];
        }
        what = oracle_disagreement(buf_bytes(&text));
        if (what != NULL)
            fail_msg("%.*s: %s", (int)text.len, (const char *)text.data, what);
        taken += jsontext_compact(buf_bytes(&text), &out);
        buf_release(&text);
        buf_release(&out);
    }
    assert_true(taken > 1000); /* else it shows little about values */
}

static void a_walk_over_damaged_text_ends(void **state)
{
    static const char *const broken[] = {
        "",         "{",        "{\"", "{\"a",      "{\"a\"", "{\"a\":",     "{\"a\":\"",
        "{\"a\":[", "{\"a\":1", "{,",  "{\"a\":[}", "{1:2}",  "{\"a\":\"\\", "{\"a\":\"\\\"}"};
    struct bytes name, value;
    struct reader r;

    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        enum jsontext_step step = JSONTEXT_BAD;

        if (jsontext_enter(bytes_str(broken[i]), '{', &r))
            while ((step = jsontext_member(&r, &name, &value)) == JSONTEXT_VALUE)
                ;
        assert_int_equal(JSONTEXT_BAD, step);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_takes_and_refuses_what_jansson_does),
        cmocka_unit_test(what_it_does_not_know_is_left_to_jansson),
        cmocka_unit_test(its_limits_are_those_of_json_parse_but_for_members),
        cmocka_unit_test(near_misses_are_judged_as_jansson_judges_them),
        cmocka_unit_test(a_walk_over_damaged_text_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
