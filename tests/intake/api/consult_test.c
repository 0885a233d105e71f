/* What may be said about a consult and what it counts, through the journal. */
#include "tests/intake/api/fixture.h"

#include "data/base/limits.h"
#include "intake/ask/consult.h"

#include <stdlib.h>

static struct who customer(void)
{
    return who_customer();
}

/* Text in a member of the consult's record. */
static void assert_state(struct fixture *f, const char *id, const char *wanted)
{
    json_t *consult;
    struct error err;

    assert_ok(ask_get(f->app, id, &consult, &err));
    assert_string_equal(wanted, json_get_str(consult, "state"));
    json_decref(consult);
}

static void asking_writes_down_the_question_and_what_was_shown(void **state)
{
    struct fixture *f = *state;
    const char *id = begin_consult(f, "router");
    json_t *consult, *shown;
    struct error err;

    assert_ok(ask_get(f->app, id, &consult, &err));
    assert_string_equal("open", json_get_str(consult, "state"));
    assert_string_equal("web", json_get_str(consult, "channel"));
    assert_string_equal("2026-11-22T01:53:10.123Z", json_get_str(consult, "at"));
    shown = json_object_get(json_array_get(json_object_get(consult, "queries"), 0), "shown");
    assert_int_equal(2, json_array_size(shown)); /* the internal one is not among them */
    json_decref(consult);
    assert_int_equal(1, uses(f, "K-1", USE_SHOWN));
    assert_int_equal(1, uses(f, "K-2", USE_SHOWN));
    assert_int_equal(0, uses(f, "K-3", USE_SHOWN));
}

static void bad_questions_are_refused_with_a_sentence(void **state)
{
    struct fixture *f = *state;
    const struct {
        struct ask_input input;
        enum status wanted;
    } cases[] = {
        {{.text = BYTES_LIT("")},                                                                   AF_INVALID},
        {{.text = BYTES_LIT(" \t\n")},                                                              AF_INVALID},
        {{.text = BYTES_LIT("x"), .channel = BYTES_LIT("fax")},                                     AF_INVALID},
        {{.text = BYTES_LIT("x"), .product = BYTES_LIT("\xFF")},                                    AF_INVALID},
        {{.text = BYTES_LIT("x"), .lang = BYTES_LIT("\xC0\x80")},                                   AF_INVALID},
        {{.text = BYTES_LIT("x"), .lang = BYTES_LIT("a-very-long-tag-that-is-no-language-at-all")},
         AF_INVALID                                                                                           },
    };
    const struct who who = who_customer();

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct search_result answers = {0};
        const char *id;
        struct error err;

        assert_refused(cases[i].wanted,
                       ask_begin(f->app, &who, &cases[i].input, f->arena, &id, &answers, &err));
    }
}

static void so_many_answers_are_shown_at_most(void **state)
{
    struct fixture *f = *state;
    const struct ask_input input = {.text = BYTES_LIT("modem"),
                                    .answers_max = CONSULT_SHOWN_MAX + 1};
    const struct who who = who_customer();
    struct search_result answers = {0};
    struct error err;
    const char *id;

    for (int i = 0; i <= CONSULT_SHOWN_MAX; i++) {
        char json[64];

        (void)snprintf(json, sizeof json, "{\"id\":\"M-%d\",\"lang\":\"en\",\"title\":\"Modem\"}",
                       i);
        put_case(f, json);
    }
    assert_ok(ask_begin(f->app, &who, &input, f->arena, &id, &answers, &err));
    assert_int_equal(CONSULT_SHOWN_MAX, answers.hits_count);
}

static void a_question_of_any_bytes_is_kept_as_text(void **state)
{
    struct fixture *f = *state;
    const char *id = begin_consult(f, "router \xFF\xED\xA0\x80 red");
    json_t *consult;
    struct error err;
    const char *text;

    assert_ok(ask_get(f->app, id, &consult, &err));
    text = json_get_str(json_array_get(json_object_get(consult, "queries"), 0), "text");
    assert_int_equal(strlen(text), utf8_valid_len(bytes_str(text)));
    assert_non_null(strstr(text, "router"));
    json_decref(consult);
}

static void opening_counts_once_a_consult(void **state)
{
    struct fixture *f = *state;
    const struct who who = customer();
    const char *first = begin_consult(f, "router"), *second = begin_consult(f, "router");
    struct error err;

    for (int i = 0; i < 100; i++)
        assert_ok(ask_opened(f->app, &who, first, BYTES_LIT("K-1"), &err));
    assert_int_equal(1, uses(f, "K-1", USE_OPENED));
    assert_ok(ask_opened(f->app, &who, second, BYTES_LIT("K-1"), &err));
    assert_int_equal(2, uses(f, "K-1", USE_OPENED));
}

static void only_what_was_shown_can_be_opened_or_have_solved_it(void **state)
{
    static const struct bytes others[] = {BYTES_LIT("K-2"), BYTES_LIT("K-3"), BYTES_LIT("none"),
                                          BYTES_LIT("k-1")};
    struct fixture *f = *state;
    const struct who who = customer();
    const char *id = begin_consult(f, "blinks");
    struct error err;

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_refused(AF_CONFLICT, ask_opened(f->app, &who, id, others[i], &err));
        assert_refused(AF_CONFLICT,
                       settle(f, &who, id, true, (const char *)others[i].data, 0, &err));
    }
    assert_refused(AF_NOT_FOUND, ask_opened(f->app, &who, "nobody", BYTES_LIT("K-1"), &err));
    assert_int_equal(0, uses(f, "K-2", USE_OPENED) + uses(f, "K-2", USE_SOLVED));
    assert_state(f, id, "open");
}

static void solved_counts_once_and_says_the_same_again(void **state)
{
    struct fixture *f = *state;
    const struct who who = customer();
    const char *id = begin_consult(f, "router");
    struct error err;

    assert_ok(settle(f, &who, id, true, "K-1", 0, &err));
    assert_ok(settle(f, &who, id, true, "K-1", 4, &err)); /* the rating may come later */
    for (int i = 0; i < 100; i++)
        assert_ok(settle(f, &who, id, true, "K-1", 4, &err));
    assert_int_equal(1, uses(f, "K-1", USE_SOLVED));
    assert_state(f, id, "solved");
    assert_refused(AF_CONFLICT, settle(f, &who, id, true, "K-1", 5, &err));
    assert_refused(AF_CONFLICT, settle(f, &who, id, true, "K-2", 0, &err));
    assert_refused(AF_CONFLICT, settle(f, &who, id, false, "", 0, &err));
    assert_int_equal(0, uses(f, "K-2", USE_SOLVED));
}

static void not_solved_and_no_result_are_told_apart(void **state)
{
    struct fixture *f = *state;
    const struct who who = customer();
    const char *shown = begin_consult(f, "router"), *nothing = begin_consult(f, "qqqq zzzz");
    struct error err;

    assert_ok(settle(f, &who, shown, false, "", 0, &err));
    assert_ok(settle(f, &who, nothing, false, "", 0, &err));
    assert_ok(settle(f, &who, nothing, false, "", 0, &err));
    assert_state(f, shown, "not_solved");
    assert_state(f, nothing, "no_result");
    assert_refused(AF_CONFLICT, settle(f, &who, shown, true, "K-1", 0, &err));
    assert_int_equal(0, uses(f, "K-1", USE_SOLVED));
}

static void after_the_end_there_are_no_more_questions_and_uses(void **state)
{
    struct fixture *f = *state;
    const struct who who = customer();
    const char *id = begin_consult(f, "router");
    struct search_result answers = {0};
    struct error err;

    assert_ok(settle(f, &who, id, true, "", 0, &err)); /* solved otherwise: no case counts */
    assert_int_equal(0, uses(f, "K-1", USE_SOLVED) + uses(f, "K-2", USE_SOLVED));
    assert_refused(AF_CONFLICT,
                   ask_again(f->app, &who, id, BYTES_LIT("hums"), f->arena, &answers, &err));
    assert_ok(ask_opened(f->app, &who, id, BYTES_LIT("K-1"), &err)); /* read, not counted */
    assert_int_equal(0, uses(f, "K-1", USE_OPENED));
}

static void a_case_shown_by_several_wordings_counts_as_shown_once(void **state)
{
    struct fixture *f = *state;
    const struct who who = customer();
    const char *id = begin_consult(f, "blinks");
    struct search_result answers = {0};
    struct error err;

    for (int i = 0; i < 5; i++)
        assert_ok(ask_again(f->app, &who, id, BYTES_LIT("router"), f->arena, &answers, &err));
    assert_int_equal(1, uses(f, "K-1", USE_SHOWN));
    assert_int_equal(1, uses(f, "K-2", USE_SHOWN));
    assert_ok(ask_opened(f->app, &who, id, BYTES_LIT("K-2"), &err));
}

static void a_consult_ends_at_its_limit_of_questions(void **state)
{
    struct fixture *f = *state;
    const struct who who = customer();
    const char *id = begin_consult(f, "hums");
    struct search_result answers = {0};
    struct error err;

    for (int i = 1; i < CONSULT_QUERIES_MAX; i++) {
        arena_clear(f->arena);
        assert_ok(ask_again(f->app, &who, id, BYTES_LIT("hums"), f->arena, &answers, &err));
    }
    assert_refused(AF_TOO_LARGE,
                   ask_again(f->app, &who, id, BYTES_LIT("hums"), f->arena, &answers, &err));
}

static void an_author_who_is_helped_by_his_own_case_earns_nothing(void **state)
{
    struct fixture *f = *state;
    const struct who lin = who_staff(ROLE_ENGINEER, "lin"), mori = who_staff(ROLE_AUTHOR, "mori");
    const char *first = begin_consult(f, "router"), *second = begin_consult(f, "router");
    struct error err;

    assert_ok(settle(f, &lin, first, true, "K-1", 0, &err));
    assert_int_equal(0, uses(f, "K-1", USE_SOLVED));
    assert_int_equal(1, uses(f, "K-1", USE_SELF_USED));
    assert_ok(settle(f, &mori, second, true, "K-1", 0, &err));
    assert_int_equal(1, uses(f, "K-1", USE_SOLVED));
}

static void a_key_used_again_gives_the_same_consult(void **state)
{
    struct fixture *f = *state;
    const struct who who = customer();
    struct ask_input input = {.text = BYTES_LIT("router"), .key = "consult:abc"};
    struct search_result answers = {0};
    const char *first, *second;
    struct error err;

    assert_ok(ask_begin(f->app, &who, &input, f->arena, &first, &answers, &err));
    assert_ok(ask_begin(f->app, &who, &input, f->arena, &second, &answers, &err));
    assert_string_equal(first, second);
    assert_int_equal(1, uses(f, "K-1", USE_SHOWN));
    input.text = BYTES_LIT("hums");
    assert_refused(AF_CONFLICT, ask_begin(f->app, &who, &input, f->arena, &second, &answers, &err));
}

/* The body of a consult.open as the first program wrote it: journals and dumps hold it for ever. */
static void a_command_of_the_first_program_still_applies(void **state)
{
    struct fixture *f = *state;
    const struct who who = customer();
    json_t *body =
        test_json("{\"consult\":\"0123456789abcdef0123456789abcdef\",\"channel\":\"web\","
                  "\"product\":\"\",\"lang\":\"\",\"text\":\"router\","
                  "\"role\":\"customer\",\"shown\":[{\"case\":\"K-1\",\"version\":1}]}");
    struct search_result answers = {0};
    struct outcome outcome;
    struct error err;

    assert_ok(propose(f->app, &who, "consult.open", NULL, 0, body, &outcome, &err));
    json_decref(outcome.result);
    assert_ok(ask_again(f->app, &who, "0123456789abcdef0123456789abcdef", BYTES_LIT("hums"),
                        f->arena, &answers, &err));
    assert_ok(settle(f, &who, "0123456789abcdef0123456789abcdef", true, "K-1", 5, &err));
    assert_int_equal(1, uses(f, "K-1", USE_SOLVED));
}

/* Cases saved meanwhile may rank above the first answers; they were never shown. */
static void a_repeat_shows_what_was_shown_at_first(void **state)
{
    struct fixture *f = *state;
    const struct who who = who_customer();
    const struct ask_input input = {
        .text = BYTES_LIT("router"), .answers_max = 2, .key = "consult:abc"};
    struct search_result first = {0}, again = {0};
    const char *id, *repeated;
    struct error err;

    assert_ok(ask_begin(f->app, &who, &input, f->arena, &id, &first, &err));
    assert_int_equal(2, first.hits_count);
    put_case(f, "{\"id\":\"K-8\",\"lang\":\"en\",\"title\":\"Router\"}");
    put_case(f, "{\"id\":\"K-9\",\"lang\":\"en\",\"title\":\"Router\"}");
    assert_ok(ask_begin(f->app, &who, &input, f->arena, &repeated, &again, &err));
    assert_string_equal(id, repeated);
    assert_int_equal(2, again.hits_count);
    for (uint32_t i = 0; i < again.hits_count; i++) {
        assert_bytes_equal(first.hits[i].id, again.hits[i].id);
        assert_ok(ask_opened(f->app, &who, id, again.hits[i].id, &err));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(asking_writes_down_the_question_and_what_was_shown,
                                        fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(bad_questions_are_refused_with_a_sentence, fixture_begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(so_many_answers_are_shown_at_most, fixture_begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(a_question_of_any_bytes_is_kept_as_text, fixture_begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(opening_counts_once_a_consult, fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(only_what_was_shown_can_be_opened_or_have_solved_it,
                                        fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(solved_counts_once_and_says_the_same_again, fixture_begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(not_solved_and_no_result_are_told_apart, fixture_begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(after_the_end_there_are_no_more_questions_and_uses,
                                        fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(a_case_shown_by_several_wordings_counts_as_shown_once,
                                        fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(a_consult_ends_at_its_limit_of_questions, fixture_begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(an_author_who_is_helped_by_his_own_case_earns_nothing,
                                        fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(a_key_used_again_gives_the_same_consult, fixture_begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(a_repeat_shows_what_was_shown_at_first, fixture_begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(a_command_of_the_first_program_still_applies, fixture_begin,
                                        fixture_end),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
