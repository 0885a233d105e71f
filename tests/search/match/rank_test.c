/* Is what is asked a title, or something inside a text? What `titled`, `plain_k1` and `named` of
 * rank.h do with either, in a library of pages that all say a little of everything. */
#include "tests/search/library.h"

#include "search/show/explain.h"
#include "search/tune.h"

#define OTHERS 30

static int set_up(void **state)
{
    struct library *l = library_new();
    char json[1000];

    for (int i = 0; i < OTHERS; i++) {
        (void)snprintf(
            json, sizeof json,
            "{'id':'other-%02d','lang':'en','title':'Page %d of the handbook','text':'Unrelated "
            "matters of chapter %d, with tables, figures and an appendix.'}",
            i, i, i);
        library_add(l, json);
    }
    library_add(l, "{'id':'short','lang':'en','title':'Restore deleted mailbox items',"
                   "'text':'Open the folder.'}");
    library_add(
        l, "{'id':'long','lang':'en','title':'Restore deleted mailbox items, shared calendars, "
           "delegated contacts, archived tasks and notes','text':'Open the folder.'}");
    library_add(l, "{'id':'repeats','lang':'en','title':'Lighthouse','text':'The keeper wrote to "
                   "the keeper of "
                   "the keepers: keeper by keeper, the lamp of the keeper, his lamp, a lamp.'}");
    library_add(
        l,
        "{'id':'tells','lang':'en','title':'Harbour','text':'In that winter the keeper trimmed the "
        "lamp at midnight, and ships passed.'}");
    *state = l;
    return 0;
}

static int tear_down(void **state)
{
    library_free(*state);
    return 0;
}

static struct search_result ask(struct library *l, const char *question)
{
    const struct search_request request = {.query = bytes_str(question), .explain = true};

    return library_search(l, &request);
}

static void of_two_titles_that_say_it_the_one_that_says_little_else_is_first(void **state)
{
    struct search_result result = ask(*state, "restore deleted mailbox items quickly");
    const struct score_parts *parts = &result.explanation->hits[0].parts;

    assert_bytes_equal(result.hits[0].id, BYTES_LIT("short"));
    assert_bytes_equal(result.hits[1].id, BYTES_LIT("long"));
    assert_true(parts->weight[PART_NAMED] > 0);
    assert_true(parts->value[PART_NAMED] > 0.99);
    assert_true(result.explanation->hits[1].parts.value[PART_NAMED] < 0.25);
}

static void the_share_of_a_title_is_not_asked_in_a_short_question(void **state)
{
    static const char *const questions[] = {"mailbox", "mailbox items"};

    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        struct search_result result = ask(*state, questions[i]);

        assert_int_equal(2, result.hits_count);
        assert_true(result.explanation->hits[0].parts.weight[PART_NAMED] <= 0);
    }
}

/* Nor is it where no title says any of it; and a text that has more of the words comes before one
 * that has some of them over and over. */
static void what_no_title_says_is_looked_for_in_texts(void **state)
{
    struct search_result result = ask(*state, "when did the keeper trim the lamp at midnight");

    assert_bytes_equal(result.hits[0].id, BYTES_LIT("tells"));
    assert_true(result.explanation->hits[0].parts.weight[PART_NAMED] <= 0);
}

/* With the usual k1, of the same words in the same texts, the one that repeats them would gain
 * more on the other. */
static void repeating_a_word_gains_less_there(void **state)
{
    struct library *l = *state;
    struct settings settings = settings_defaults;
    double gain[2];

    for (int usual = 0; usual < 2; usual++) {
        struct search_result result;

        settings.plain_k1 = usual ? settings.bm25.k1 : settings_defaults.plain_k1;
        searcher_tune(l->searcher, &settings);
        result = ask(l, "keeper of a lamp");
        assert_bytes_equal(result.hits[0].id, BYTES_LIT("repeats"));
        assert_bytes_equal(result.hits[1].id, BYTES_LIT("tells"));
        gain[usual] = result.explanation->hits[0].parts.value[PART_TEXT] /
                      result.explanation->hits[1].parts.value[PART_TEXT];
    }
    searcher_tune(l->searcher, &settings_defaults);
    assert_true(gain[0] < gain[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_two_titles_that_say_it_the_one_that_says_little_else_is_first),
        cmocka_unit_test(the_share_of_a_title_is_not_asked_in_a_short_question),
        cmocka_unit_test(what_no_title_says_is_looked_for_in_texts),
        cmocka_unit_test(repeating_a_word_gains_less_there),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
