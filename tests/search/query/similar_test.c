/* Cases like a case: the one that shares its rare terms comes first, and its source not at all.
 * (meilisearch #466: documents like this one.) */
#include "tests/search/library.h"

#include "search/query/similar.h"
#include "search/show/explain.h"

#define FILLER 60

static int set_up(void **state)
{
    struct library *l = library_new();

    for (int i = 0; i < FILLER; i++) {
        char text[300];

        (void)snprintf(text, sizeof text,
                       "{'id':'f-%02d','lang':'en','title':'The printer reports a problem %d'}", i,
                       i);
        library_add(l, text);
    }
    library_add(l, "{'id':'a','lang':'en','title':'The printer reports a zebra pattern F-77'}");
    library_add(l, "{'id':'b','lang':'en','title':'A zebra pattern on each page'}");
    library_add(l, "{'id':'c','lang':'en','title':'Fault F-77 on the panel'}");
    library_add(l, "{'id':'d','lang':'en','title':'zebra pattern note','audience':'internal'}");
    *state = l;
    return 0;
}

static int tear_down(void **state)
{
    library_free(*state);
    return 0;
}

static struct search_result ask(struct library *l, enum audience audience)
{
    const struct bytes without[] = {BYTES_LIT("a")};
    const struct search_request request = {
        .query = BYTES_LIT("The printer reports a zebra pattern F-77"),
        .audience = audience,
        .without = without,
        .without_count = 1,
        .similar = true};

    return library_search(l, &request);
}

static bool has(const struct search_result *result, const char *id)
{
    for (uint32_t i = 0; i < result->hits_count; i++)
        if (bytes_equal(result->hits[i].id, bytes_str(id)))
            return true;
    return false;
}

static void rare_terms_tell_and_common_ones_do_not(void **state)
{
    struct search_result result = ask(*state, AUDIENCE_PUBLIC);

    assert_true(has(&result, "b") && has(&result, "c"));
    for (uint32_t i = 0; i < result.hits_count; i++)
        assert_true(result.hits[i].id.data[0] != 'f');
}

static void the_source_and_what_may_not_be_seen_are_left_out(void **state)
{
    struct search_result result = ask(*state, AUDIENCE_PUBLIC);

    assert_false(has(&result, "a"));
    assert_false(has(&result, "d"));
    result = ask(*state, AUDIENCE_INTERNAL);
    assert_true(has(&result, "d"));
}

static void a_text_of_common_and_of_unknown_words_is_like_nothing(void **state)
{
    const struct search_request request = {.query = BYTES_LIT("the printer reports qqqqzzzz"),
                                           .similar = true};

    assert_int_equal(0, library_search(*state, &request).hits_count);
}

/* 40 words that two cases have: only SIMILAR_TERMS of them are asked for. */
static void a_long_text_is_asked_by_its_best_terms(void **state)
{
    struct library *l = library_new();
    struct buf words = {0}, json = {0};
    struct search_request request = {.similar = true, .explain = true};
    struct search_result result;

    (void)state;
    for (int i = 0; i < 40; i++)
        buf_printf(&words, "word%c%c ", 'a' + i / 20, 'a' + i % 20);
    for (int i = 0; i < 2; i++) {
        json.len = 0;
        buf_printf(&json, "{'id':'long-%d','lang':'en','title':'long %d','text':'%s'}", i, i,
                   buf_str(&words));
        library_add(l, buf_str(&json));
    }
    request.query = buf_bytes(&words);
    result = library_search(l, &request);
    assert_int_equal(2, result.hits_count);
    assert_int_equal(SIMILAR_TERMS, result.explanation->groups_count);
    buf_release(&words);
    buf_release(&json);
    library_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rare_terms_tell_and_common_ones_do_not),
        cmocka_unit_test(the_source_and_what_may_not_be_seen_are_left_out),
        cmocka_unit_test(a_text_of_common_and_of_unknown_words_is_like_nothing),
        cmocka_unit_test(a_long_text_is_asked_by_its_best_terms),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
