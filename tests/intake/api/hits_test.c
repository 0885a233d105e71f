/* Answers as JSON: the members that scripts rely on, whatever text is in them. */
#include "tests/harness.h"

#include "intake/hits.h"

static const struct mark title_marks[] = {
    {0, 3},
    {7, 9}
};

static struct hit one_hit(void)
{
    return (struct hit){
        .id = BYTES_LIT("NH/0001 \xE7\xBD\x91"),
        .version = 3,
        .score = 0.5,
        .lang = BYTES_LIT("zh-Hans"),
        .product = BYTES_LIT(""),
        .title = {BYTES_LIT("\xE7\xBD\x91\xE7\xBB\x9C \"x\""), title_marks, 2},
        .snippet = {BYTES_LIT("line\nline \xF0\x9F\x98\x80"),    NULL,        0},
        .reasons = REASON_EXACT | REASON_TYPO | REASON_SYNONYM,
        .coverage = 1,
    };
}

static void assert_json(const char *wanted, json_t *got)
{
    json_t *expected = test_json(wanted);
    char *text = json_dumps(got, JSON_COMPACT);

    if (!json_equal(expected, got))
        fail_msg("wanted %s\ngot    %s", wanted, text);
    free(text);
    json_decref(expected);
    json_decref(got);
}

static void a_hit_has_every_member(void **state)
{
    struct hit hit = one_hit();
    const struct search_result result = {.hits = &hit, .hits_count = 1, .total = 1};

    (void)state;
    assert_json(
        "[{\"id\":\"NH/0001 \xE7\xBD\x91\",\"title\":\"\xE7\xBD\x91\xE7\xBB\x9C \\\"x\\\"\","
        "\"score\":0.5,\"lang\":\"zh-Hans\",\"product\":\"\","
        "\"snippet\":\"line\\nline \xF0\x9F\x98\x80\","
        "\"reasons\":[\"exact\",\"typo\",\"synonym\"],\"version\":3,\"coverage\":1.0,"
        "\"title_marks\":[[0,3],[7,9]],\"snippet_marks\":[]}]",
        hits_json(&result));
}

static void each_reason_has_the_name_of_the_contract(void **state)
{
    static const char *const names[] = {"exact", "variant", "prefix", "typo",
                                        "sound", "synonym", "learned", "initials"};

    (void)state;
    assert_int_equal(REASON_COUNT, sizeof names / sizeof names[0]);
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        struct hit hit = one_hit();
        const struct search_result result = {.hits = &hit, .hits_count = 1};
        json_t *json, *reasons;

        hit.reasons = 1u << i;
        json = hits_json(&result);
        reasons = json_object_get(json_array_get(json, 0), "reasons");
        assert_int_equal(1, json_array_size(reasons));
        assert_string_equal(names[i], json_string_value(json_array_get(reasons, 0)));
        json_decref(json);
    }
}

static void nothing_found_is_an_empty_list(void **state)
{
    const struct search_result result = {.took_us = 1500};

    (void)state;
    assert_json("{\"query\":\"x\",\"total\":0,\"took_ms\":1.5,\"hits\":[],"
                "\"verdict\":\"none\",\"confidence\":0.0}",
                search_result_json(BYTES_LIT("x"), &result));
}

static void an_estimate_and_a_cut_query_are_said(void **state)
{
    const struct search_result result = {
        .total = 7, .total_is_estimate = true, .query_cut = true, .degraded = true};

    (void)state;
    assert_json("{\"query\":\"\",\"total\":7,\"took_ms\":0.0,\"hits\":[],"
                "\"verdict\":\"none\",\"confidence\":0.0,\"total_is_estimate\":true,\"query_cut\":"
                "true,\"degraded\":true}",
                search_result_json(BYTES_LIT(""), &result));
}

static void bytes_that_are_no_text_come_back_as_text(void **state)
{
    static const struct bytes queries[] = {
        BYTES_LIT("\xFF\xFE"),          BYTES_LIT("a\0b"),      BYTES_LIT("\xED\xA0\x80"),
        BYTES_LIT("\xE7\xBD"),          BYTES_LIT("\xC0\x80"),  BYTES_LIT("caf\xE9"),
        BYTES_LIT("\xF4\x90\x80\x80x"), BYTES_LIT("\x01\x02x"),
    };
    const struct search_result result = {0};

    (void)state;
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        json_t *json = search_result_json(queries[i], &result);
        struct buf text = {0};
        struct error err;
        json_t *back;

        assert_non_null(json);
        assert_ok(json_write(json, false, &text, &err));
        assert_ok(json_parse(buf_bytes(&text), &back, &err)); /* and anybody can read it */
        json_decref(back);
        json_decref(json);
        buf_release(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hit_has_every_member),
        cmocka_unit_test(each_reason_has_the_name_of_the_contract),
        cmocka_unit_test(nothing_found_is_an_empty_list),
        cmocka_unit_test(an_estimate_and_a_cut_query_are_said),
        cmocka_unit_test(bytes_that_are_no_text_come_back_as_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
