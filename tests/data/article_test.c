/* What a case may be: each limit is taken and one more is refused by name. */
#include "tests/harness.h"

#include "data/article_view.h"
#include "data/base/limits.h"

#include <stdlib.h>

/* {"title":"t","MEMBER":<count × 'a'>} */
static json_t *with_text(const char *member, size_t count)
{
    json_t *article = test_json("{\"title\":\"t\"}");
    char *text = malloc(count + 1);

    assert_non_null(text);
    memset(text, 'a', count);
    assert_int_equal(0, json_object_set_new(article, member, json_stringn(text, count)));
    free(text);
    return article;
}

static json_t *with_list(const char *member, size_t count)
{
    json_t *article = test_json("{\"title\":\"t\"}"), *list = json_array();

    for (size_t i = 0; i < count; i++)
        assert_int_equal(0, json_array_append_new(list, json_string("a")));
    assert_int_equal(0, json_object_set_new(article, member, list));
    return article;
}

/* A case in its text is judged as its tree is, and has the same print. */
static void check_view(json_t *article, bool is_valid)
{
    struct buf text = {0}, scratch = {0};
    struct article_view view;
    uint64_t mine, theirs;
    struct error err;

    if (json_object_get(article, "id") == NULL)
        assert_int_equal(0, json_object_set_new(article, "id", json_string("i")));
    if (json_object_get(article, "lang") == NULL)
        assert_int_equal(0, json_object_set_new(article, "lang", json_string("en")));
    assert_ok(json_write(article, false, &text, &err));
    assert_true(article_view_of(buf_bytes(&text), &view));
    assert_int_equal(is_valid, article_view_is_sound(&view, &scratch));
    assert_ok(article_view_print(&view, &scratch, &mine, &err));
    assert_ok(article_print(article, &theirs, &err));
    assert_true(mine == theirs);
    buf_release(&text);
    buf_release(&scratch);
}

static void check_limit(json_t *at_limit, json_t *past, const char *member)
{
    struct error err;

    assert_ok(article_validate(at_limit, &err));
    assert_refused(AF_TOO_LARGE, article_validate(past, &err));
    assert_non_null(strstr(err.text, member));
    check_view(at_limit, json_string_length(json_object_get(at_limit, member)) + 2 <=
                             ARTICLE_JSON_BYTES_MAX); /* its quotes count: then a tree tells */
    check_view(past, false);
    json_decref(at_limit);
    json_decref(past);
}

static void a_text_is_taken_up_to_its_limit_and_named_past_it(void **state)
{
    static const struct {
        const char *member;
        size_t bytes_max;
    } rows[] = {
        {"title",   ARTICLE_TITLE_BYTES_MAX},
        {"id",      ARTICLE_ID_BYTES_MAX   },
        {"symptom", ARTICLE_JSON_BYTES_MAX },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        check_limit(with_text(rows[i].member, rows[i].bytes_max),
                    with_text(rows[i].member, rows[i].bytes_max + 1), rows[i].member);
}

static void a_list_is_taken_up_to_its_limit_and_named_past_it(void **state)
{
    static const char *const members[] = {"category", "keywords", "error_code"};

    (void)state;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        check_limit(with_list(members[i], ARTICLE_LIST_MAX),
                    with_list(members[i], ARTICLE_LIST_MAX + 1), members[i]);
}

static void what_is_no_case_is_refused_by_name(void **state)
{
    static const struct {
        const char *text, *named;
    } rows[] = {
        {"[]",                                           "object"      },
        {"{}",                                           "\"title\""   },
        {"{\"title\":\"\\u3000\"}",                      "\"title\""   },
        {"{\"title\":7}",                                "\"title\""   },
        {"{\"title\":\"t\",\"id\":\"a\\nb\"}",           "\"id\""      },
        {"{\"title\":\"t\",\"lang\":\"zh Hans\"}",       "\"lang\""    },
        {"{\"title\":\"t\",\"category\":[1]}",           "\"category\""},
        {"{\"title\":\"t\",\"created\":\"yesterday\"}",  "\"created\"" },
        {"{\"title\":\"t\",\"audience\":\"everybody\"}", "\"audience\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *article = test_json(rows[i].text);
        struct error err;

        assert_refused(AF_INVALID, article_validate(article, &err));
        assert_non_null(strstr(err.text, rows[i].named));
        if (json_is_object(article))
            check_view(article, false);
        json_decref(article);
    }
}

static void an_unknown_audience_is_shown_to_the_fewest(void **state)
{
    static const struct {
        const char *text;
        enum audience audience;
    } rows[] = {
        {"{}",                           AUDIENCE_PUBLIC  },
        {"{\"audience\":\"customer\"}",  AUDIENCE_CUSTOMER},
        {"{\"audience\":\"partner\"}",   AUDIENCE_PARTNER },
        {"{\"audience\":\"internal\"}",  AUDIENCE_INTERNAL},
        {"{\"audience\":\"everybody\"}", AUDIENCE_INTERNAL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *article = test_json(rows[i].text);

        assert_int_equal(rows[i].audience, article_audience(article));
        json_decref(article);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_taken_up_to_its_limit_and_named_past_it),
        cmocka_unit_test(a_list_is_taken_up_to_its_limit_and_named_past_it),
        cmocka_unit_test(what_is_no_case_is_refused_by_name),
        cmocka_unit_test(an_unknown_audience_is_shown_to_the_fewest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
