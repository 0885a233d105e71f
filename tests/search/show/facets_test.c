/* Counts by product, category and language, against a page that shows everything. */
#include "tests/search/library.h"

#include "indexer/segment/segment.h"
#include "search/show/facets.h"

#define CASES 300

static const char *const products[] = {"MFP", "Net", "", "DB"};
static const char *const langs[] = {"en", "de", "zh-Hans"};
static const char *const words[] = {"toner", "paper", "drops", "leaks", "jam"};

static int set_up(void **state)
{
    struct library *l = library_new();
    struct test_random random = test_random_new();
    json_t *cases = json_array();

    for (int i = 0; i < CASES; i++)
        json_array_append_new(
            cases,
            json_pack("{s:o,s:s,s:o,s:s,s:[s,s],s:s}", "id", json_sprintf("c-%d", i), "lang",
                      langs[test_random_below(&random, 3)], "title",
                      json_sprintf("%s %s", words[test_random_below(&random, 5)],
                                   words[test_random_below(&random, 5)]),
                      "product", products[test_random_below(&random, 4)], "category", "All",
                      i % 2 == 0 ? "Even" : "Odd", "audience", i % 7 == 0 ? "internal" : "public"));
    library_add_all(l, cases);
    *state = l;
    return 0;
}

static int tear_down(void **state)
{
    library_free(*state);
    return 0;
}

static uint32_t count_of(const struct facet *facet, struct bytes value)
{
    for (uint32_t i = 0; i < facet->count; i++)
        if (bytes_equal(facet->values[i].value, value))
            return facet->values[i].count;
    return 0;
}

static uint32_t sum_of(const struct facet *facet)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < facet->count; i++)
        sum += facet->values[i].count;
    return sum;
}

static void counts_are_those_of_a_page_with_all_hits(void **state)
{
    static const char *const questions[] = {"toner", "toner leaks", "paper jam toner", "jam"};

    for (size_t q = 0; q < sizeof questions / sizeof *questions; q++)
        for (int internal = 0; internal < 2; internal++) {
            struct search_request request = {.query = bytes_str(questions[q]),
                                             .audience =
                                                 internal ? AUDIENCE_INTERNAL : AUDIENCE_PUBLIC,
                                             .limit = 1,
                                             .facets = 1u << COLUMN_PRODUCT | 1u << COLUMN_LANG};
            struct search_result small = library_search(*state, &request), all;
            uint32_t with_product = 0;

            request.limit = HITS_MAX;
            request.facets = 0;
            all = library_search(*state, &request);
            assert_int_equal(2, small.facets_count);
            assert_int_equal(COLUMN_LANG, small.facets[0].column);
            assert_int_equal(COLUMN_PRODUCT, small.facets[1].column);
            assert_false(small.facets[0].is_least);
            assert_int_equal(all.hits_count, sum_of(&small.facets[0]));
            for (size_t v = 0; v < 4; v++) {
                uint32_t hits = 0;

                for (uint32_t i = 0; i < all.hits_count; i++)
                    hits += bytes_equal(all.hits[i].product, bytes_str(products[v]));
                with_product += products[v][0] != '\0' ? hits : 0;
                assert_int_equal(products[v][0] != '\0' ? hits : 0,
                                 count_of(&small.facets[1], bytes_str(products[v])));
            }
            assert_int_equal(with_product, sum_of(&small.facets[1]));
            arena_clear(((struct library *)*state)->arena);
        }
}

static void a_case_counts_in_each_of_its_categories(void **state)
{
    const struct search_request request = {.query = BYTES_LIT("toner"),
                                           .audience = AUDIENCE_INTERNAL,
                                           .facets = 1u << COLUMN_CATEGORY};
    struct search_result result = library_search(*state, &request);
    const struct facet *facet = &result.facets[0];

    assert_int_equal(3, facet->count);
    assert_bytes_equal(facet->values[0].value, BYTES_LIT("All"));
    assert_int_equal(facet->values[0].count, facet->values[1].count + facet->values[2].count);
}

static void facets_change_no_hit_and_are_not_counted_unasked(void **state)
{
    struct search_request request = {.query = BYTES_LIT("toner leaks")};
    struct search_result plain = library_search(*state, &request), counted;

    assert_int_equal(0, plain.facets_count);
    request.facets = 1u << COLUMN_PRODUCT;
    counted = library_search(*state, &request);
    assert_int_equal(plain.hits_count, counted.hits_count);
    assert_int_equal(plain.total, counted.total);
    for (uint32_t i = 0; i < plain.hits_count; i++)
        assert_bytes_equal(plain.hits[i].id, counted.hits[i].id);
}

/* More than CANDIDATES_MAX cases match. */
static void what_was_not_all_counted_is_flagged(void **state)
{
    const struct search_request request = {.query = BYTES_LIT("toner"),
                                           .facets = 1u << COLUMN_PRODUCT};
    struct library *l = library_new();
    struct search_result result;
    json_t *cases = json_array();

    (void)state;
    for (int i = 0; i <= CANDIDATES_MAX; i++)
        json_array_append_new(cases, json_pack("{s:o,s:s,s:s,s:s}", "id", json_sprintf("m-%d", i),
                                               "lang", "en", "title", "toner", "product", "P"));
    library_add_all(l, cases);
    result = library_search(l, &request);
    assert_true(result.facets[0].is_least);
    assert_int_equal(CANDIDATES_MAX, result.facets[0].values[0].count);
    library_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_those_of_a_page_with_all_hits),
        cmocka_unit_test(a_case_counts_in_each_of_its_categories),
        cmocka_unit_test(facets_change_no_hit_and_are_not_counted_unasked),
        cmocka_unit_test(what_was_not_all_counted_is_flagged),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
