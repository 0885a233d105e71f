/* Each limit of expansion, at it and one past it: beginnings, corrections, stems, spellings and
 * pieces of a word; groups of a question; and how deep a caller may page. */
#include "tests/search/query/gram_fixture.h"

#include "search/match/rank.h"
#include "search/search.h"

/* Of cases in English: words have stems. */
static int set_up_english(void **state)
{
    int status = set_up(state);

    ((struct fixture *)*state)->lang = "en";
    return status;
}

static void add_case(struct fixture *f, const char *text)
{
    add_cases(f, text, 1);
}

/* The n-th of words that begin with `begin`, in the order of the dictionary. */
static void make_word(const char *begin, unsigned n, char word[32])
{
    (void)snprintf(word, 32, "%s%c%c%c%c", begin, 'a' + n / 17576 % 26, 'a' + n / 676 % 26,
                   'a' + n / 26 % 26, 'a' + n % 26);
}

static bool has(const struct group *group, const char *text)
{
    for (const struct member *m = group->members; m != NULL; m = m->next)
        if (m->df > 0 && bytes_equal(bytes_of(m->term.data + 1, m->term.len - 1), bytes_str(text)))
            return true;
    return false;
}

/* --- beginnings --------------------------------------------------------------------------- */

static void an_unfinished_word_becomes_so_many(void **state)
{
    struct fixture *f = *state;
    char word[32];

    for (unsigned n = 0; n < EXPAND_PREFIX_MAX; n++) {
        make_word("quartz", n, word);
        add_case(f, word);
    }
    parse(f, "quartz");
    assert_int_equal(EXPAND_PREFIX_MAX, members_count(&f->query.groups[0], REASON_PREFIX));
    add_cases(f, "quartzite", 3);
    parse(f, "quartz");
    assert_int_equal(EXPAND_PREFIX_MAX, members_count(&f->query.groups[0], REASON_PREFIX));
    assert_true(has(&f->query.groups[0], "quartzite")); /* the commonest first */
}

static void so_many_words_of_the_dictionary_are_looked_at(void **state)
{
    struct fixture *f = *state;
    char last[32], past[32], word[32];

    for (unsigned n = 0; n < EXPAND_SCAN_MAX + 10; n++) {
        make_word("scan", n, word);
        add_case(f, word);
    }
    make_word("scan", EXPAND_SCAN_MAX - 1, last);
    make_word("scan", EXPAND_SCAN_MAX, past);
    add_cases(f, last, 2);
    add_cases(f, past, 2);
    parse(f, "scan");
    assert_true(has(&f->query.groups[0], last));
    assert_false(has(&f->query.groups[0], past));
}

static void words_that_are_in_too_many_cases_are_fewer(void **state)
{
    struct fixture *f = *state;
    const unsigned half = EXPAND_PREFIX_CASES / 2;

    add_cases(f, "cartage", half);
    add_cases(f, "cartel", half);
    parse(f, "cart");
    assert_int_equal(2, members_count(&f->query.groups[0], REASON_PREFIX));
    add_case(f, "cartage");
    parse(f, "cart");
    assert_int_equal(1, members_count(&f->query.groups[0], REASON_PREFIX));
    { /* and nobody pages deeper than this */
        struct search_request request = {.query = BYTES_LIT("cartel"),
                                         .limit = 20,
                                         .offset = CANDIDATES_MAX - 10,
                                         .audience = AUDIENCE_INTERNAL};
        struct search_result result;
        struct searcher *searcher;
        struct error err;

        assert_ok(searcher_new(f->index, f->store, &searcher, &err));
        assert_ok(search_run(searcher, &request, f->arena, &result, &err));
        assert_int_equal(10, result.hits_count);
        request.offset = CANDIDATES_MAX;
        assert_ok(search_run(searcher, &request, f->arena, &result, &err));
        assert_int_equal(0, result.hits_count);
        searcher_free(searcher);
    }
}

/* --- slips and forms ---------------------------------------------------------------------- */

static void a_word_has_so_many_corrections(void **state)
{
    struct fixture *f = *state;
    char word[] = "gra_ite";

    for (unsigned n = 0; n < EXPAND_FUZZY_MAX + 4; n++) {
        word[3] = (char)('a' + n);
        add_case(f, word);
    }
    parse(f, "grazite x");
    assert_int_equal(GROUP_WORD, f->query.groups[0].kind);
    assert_in_range(members_count(&f->query.groups[0], REASON_TYPO), 2, EXPAND_FUZZY_MAX);
    parse(f, "grazite");
    assert_int_equal(EXPAND_FUZZY_MAX, members_count(&f->query.groups[0], REASON_TYPO));
}

static void so_many_words_of_a_question_are_corrected(void **state)
{
    struct fixture *f = *state;
    struct buf question = {0};
    unsigned corrected = 0;
    char word[32];

    add_case(f, "granite");
    for (unsigned n = 0; n < EXPAND_FUZZY_GROUPS_MAX + 4; n++) {
        make_word("unknown", n * 5000, word);
        buf_printf(&question, "%s ", word);
    }
    parse(f, buf_str(&question));
    buf_release(&question);
    assert_int_equal(EXPAND_FUZZY_GROUPS_MAX + 4, f->query.groups_count);
    for (uint32_t i = 0; i < f->query.groups_count; i++)
        corrected += f->query.groups[i].corrected;
    assert_int_equal(EXPAND_FUZZY_GROUPS_MAX, corrected);
}

static void a_stem_has_so_many_forms(void **state)
{
    static const char *const forms[] = {
        "connected",   "connecting",   "connection",   "connections", "connects",    "connective",
        "connectives", "connectively", "connectivity", "connectedly", "connectable",
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        add_case(f, forms[i]);
    add_case(f, "connect");
    parse(f, "connect now");
    assert_in_range(members_count(&f->query.groups[0], REASON_VARIANT), EXPAND_STEM_MAX - 1,
                    EXPAND_STEM_MAX);
}

/* Letters are turned like an odometer's, the first one quickest: the n-th spelling has an o for
 * each 0 that is a one in n, written in binary. */
static void so_many_spellings_of_a_code_are_looked_for(void **state)
{
    struct fixture *f = *state;
    char last[] = "ac-000000000000", past[] = "ac-000000000000";

    for (unsigned bit = 0; bit < 12; bit++) {
        last[3 + bit] = (EXPAND_LOOKALIKE_MAX >> bit & 1) != 0 ? 'o' : '0';
        past[3 + bit] = ((EXPAND_LOOKALIKE_MAX + 1) >> bit & 1) != 0 ? 'o' : '0';
    }
    add_case(f, last);
    add_case(f, past);
    parse(f, "ac-000000000000");
    assert_int_equal(GROUP_CODE, f->query.groups[0].kind);
    assert_true(has(&f->query.groups[0], "ac00000000o000"));
    assert_false(has(&f->query.groups[0], "aco0000000o000"));
}

/* --- pieces ------------------------------------------------------------------------------- */

static void so_many_terms_are_looked_at_for_pieces(void **state)
{
    struct fixture *f = *state;
    struct buf text = {0};
    struct error err;
    char word[32];
    bool changed;

    add_case(f, "aabcdpiecexyz");
    for (unsigned n = 0; n < EXPAND_INFIX_SCAN_MAX; n++) {
        make_word(n % 2 == 0 ? "m" : "n", n / 2, word);
        buf_printf(&text, "%s ", word);
        if (n % 1000 == 999) {
            add_case(f, buf_str(&text));
            buf_clear(&text);
        }
    }
    add_case(f, "zzbcdpiecexyz");
    buf_release(&text);
    parse(f, "dpiecex");
    assert_ok(expand_wider(&f->lexicon, &f->query, true, &changed, &err));
    assert_true(has(&f->query.groups[0], "aabcdpiecexyz"));
    assert_false(has(&f->query.groups[0], "zzbcdpiecexyz"));
}

static void so_many_terms_are_looked_at_for_ends_of_codes(void **state)
{
    struct fixture *f = *state;
    struct buf text = {0};

    add_case(f, "a1-77b9305");
    for (unsigned n = 0; n < EXPAND_ENDS_SCAN_MAX; n++) {
        buf_printf(&text, "c%07u ", n);
        if (n % 1000 == 999) {
            add_case(f, buf_str(&text));
            buf_clear(&text);
        }
    }
    add_case(f, "z1-77b9305");
    buf_release(&text);
    parse(f, "b9305");
    assert_true(has(&f->query.groups[0], "a177b9305"));
    assert_false(has(&f->query.groups[0], "z177b9305"));
}

static void a_question_has_so_many_groups(void **state)
{
    struct fixture *f = *state;
    struct buf question = {0};
    char word[32];

    for (unsigned n = 0; n < QUERY_GROUPS_MAX + 20; n++) {
        make_word("g", n * 100, word);
        buf_printf(&question, "%s ", word);
    }
    assert_true(question.len < QUERY_BYTES_MAX);
    add_case(f, buf_str(&question));
    parse(f, buf_str(&question));
    buf_release(&question);
    assert_int_equal(QUERY_GROUPS_MAX, f->query.groups_count);
}

/* Cases without it that look better than the one that has it. */
static void so_many_cases_are_read_for_what_was_quoted(void **state)
{
    struct fixture *f = *state;
    struct search_request request = {
        .query = BYTES_LIT("\"delta epsilon\""), .limit = 5, .audience = AUDIENCE_INTERNAL};
    struct search_result result;
    struct searcher *searcher;
    struct buf text = {0};
    struct error err;

    for (int i = 0; i < 300; i++)
        buf_add_str(&text, "filler words stand here ");
    buf_add_str(&text, "delta epsilon");
    add_cases(f, "delta or epsilon", PHRASE_CHECKS_MAX - 1);
    add_case(f, buf_str(&text));
    buf_release(&text);
    parse(f, "delta");
    assert_ok(searcher_new(f->index, f->store, &searcher, &err));
    assert_ok(search_run(searcher, &request, f->arena, &result, &err));
    assert_int_equal(1, result.hits_count);
    add_case(f, "delta or epsilon");
    parse(f, "delta");
    assert_ok(search_run(searcher, &request, f->arena, &result, &err));
    assert_int_equal(0, result.hits_count);
    searcher_free(searcher);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_english, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_unfinished_word_becomes_so_many),
        TEST(so_many_words_of_the_dictionary_are_looked_at),
        TEST(words_that_are_in_too_many_cases_are_fewer),
        TEST(a_word_has_so_many_corrections),
        TEST(so_many_words_of_a_question_are_corrected),
        TEST(a_stem_has_so_many_forms),
        TEST(so_many_spellings_of_a_code_are_looked_for),
        TEST(so_many_terms_are_looked_at_for_pieces),
        TEST(so_many_terms_are_looked_at_for_ends_of_codes),
        TEST(a_question_has_so_many_groups),
        TEST(so_many_cases_are_read_for_what_was_quoted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
