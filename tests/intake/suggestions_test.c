/* Questions that people asked, as suggestions to others: which, and above all which not. */
#include "tests/intake/api/fixture.h"

#include "intake/ask/learn.h"
#include "intake/suggestions.h"

static const char *ask_as(struct fixture *f, const char *asker, const char *text)
{
    const struct ask_input input = {.text = bytes_str(text), .asker = bytes_str(asker)};
    const struct who customer = who_customer();
    struct search_result answers;
    const char *id;
    struct error err;

    arena_clear(f->arena);
    assert_ok(ask_begin(f->app, &customer, &input, f->arena, &id, &answers, &err));
    return arena_str(f->ids, bytes_str(id));
}

static void solve(struct fixture *f, const char *asker, const char *text, const char *case_id)
{
    const struct who customer = who_customer();
    struct error err;

    assert_ok(settle(f, &customer, ask_as(f, asker, text), true, case_id, 0, &err));
}

/* "a / b": the questions that are suggested. */
static const char *questions(struct fixture *f, enum audience audience, const char *typed)
{
    const struct suggest_request request = {
        .typed = bytes_str(typed), .limit = SUGGEST_MAX, .audience = audience};
    struct suggest_result result;
    struct buf list = {0};
    const char *copy;
    struct error err;

    arena_clear(f->arena);
    assert_ok(app_suggest(f->app, &request, f->arena, &result, &err));
    for (uint32_t i = 0; i < result.count; i++) {
        if (result.items[i].kind != SUGGEST_QUESTION)
            continue;
        if (list.len > 0)
            buf_add_str(&list, " / ");
        buf_add(&list, result.items[i].text.text);
    }
    copy = arena_str(f->ids, buf_bytes(&list));
    buf_release(&list);
    return copy;
}

static void what_two_people_found_solved_is_suggested(void **state)
{
    struct fixture *f = *state;

    solve(f, "10.0.0.1", "router light red", "K-1");
    assert_string_equal("", questions(f, AUDIENCE_PUBLIC, "router l"));
    solve(f, "10.0.0.1", "router light red", "K-1"); /* once more is no second person */
    assert_string_equal("", questions(f, AUDIENCE_PUBLIC, "router l"));
    solve(f, "10.0.0.2", "router light red", "K-1");
    assert_string_equal("router light red", questions(f, AUDIENCE_PUBLIC, "router l"));
    assert_string_equal("router light red", questions(f, AUDIENCE_PUBLIC, "LIG"));
    assert_string_equal("", questions(f, AUDIENCE_PUBLIC, "ight"));
}

static void a_question_is_found_as_titles_are(void **state)
{
    struct fixture *f = *state;

    put_case(f, "{\"id\":\"Z-1\",\"lang\":\"zh-Hans\",\"title\":\"家里的路由器\"}");
    put_case(f, "{\"id\":\"Z-2\",\"lang\":\"ko\",\"title\":\"무선 공유기\"}");
    for (int i = 1; i < 3; i++) {
        solve(f, i == 1 ? "10.0.0.1" : "10.0.0.2", "路由器红灯", "Z-1");
        solve(f, i == 1 ? "10.0.0.1" : "10.0.0.2", "공유기 청소", "Z-2");
    }
    assert_string_equal("路由器红灯", questions(f, AUDIENCE_PUBLIC, "路"));
    assert_string_equal("路由器红灯", questions(f, AUDIENCE_PUBLIC, "紅燈"));
    assert_string_equal("路由器红灯", questions(f, AUDIENCE_PUBLIC, "luyouq"));
    assert_string_equal("路由器红灯", questions(f, AUDIENCE_PUBLIC, "lyq"));
    assert_string_equal("공유기 청소", questions(f, AUDIENCE_PUBLIC, "ㄱㅇㄱ"));
    assert_string_equal("공유기 청소", questions(f, AUDIENCE_PUBLIC, "공유ㄱ"));
}

/* Words that two people used, in questions of their own: neither question is anybody else's. */
static void words_in_common_are_not_a_question_in_common(void **state)
{
    struct fixture *f = *state;

    solve(f, "10.0.0.1", "router of Mrs Wang hums", "K-2");
    solve(f, "10.0.0.2", "router of Mr Lin hums", "K-2");
    assert_string_equal("", questions(f, AUDIENCE_PUBLIC, "router"));
    assert_string_equal("", questions(f, AUDIENCE_INTERNAL, "router"));
}

static void what_names_somebody_is_not_suggested(void **state)
{
    static const char *const texts[] = {"router of lin@example.com", "router 13800138000 hums",
                                        "router 138-0013-8000 hums", "router 138 0013 8000 hums"};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        solve(f, "10.0.0.1", texts[i], "K-2");
        solve(f, "10.0.0.2", texts[i], "K-2");
    }
    assert_string_equal("", questions(f, AUDIENCE_INTERNAL, "router"));
    solve(f, "10.0.0.1", "router 8245 hums", "K-2");
    solve(f, "10.0.0.2", "router 8245 hums", "K-2");
    assert_string_equal("router 8245 hums", questions(f, AUDIENCE_PUBLIC, "router"));
}

/* The case that solved it is for staff now: so is what led to it. */
static void a_question_is_seen_by_those_who_may_see_its_case(void **state)
{
    struct fixture *f = *state;

    solve(f, "10.0.0.1", "router light red", "K-1");
    solve(f, "10.0.0.2", "router light red", "K-1");
    put_case(f, "{\"id\":\"K-1\",\"lang\":\"en\",\"title\":\"Router blinks red\","
                "\"audience\":\"internal\"}");
    assert_string_equal("", questions(f, AUDIENCE_PUBLIC, "router"));
    assert_string_equal("router light red", questions(f, AUDIENCE_INTERNAL, "router"));
    put_case(f, "{\"id\":\"K-1\",\"lang\":\"en\",\"title\":\"Router blinks red\","
                "\"state\":\"archived\"}");
    assert_string_equal("", questions(f, AUDIENCE_INTERNAL, "router"));
}

static void who_is_forgotten_says_nothing_any_more(void **state)
{
    const struct who who = who_operator();
    struct fixture *f = *state;
    struct outcome outcome;
    char voter[VOTER_BYTES];
    struct error err;

    solve(f, "10.0.0.1", "router light red", "K-1");
    solve(f, "10.0.0.2", "router light red", "K-1");
    (void)voter_of("customer", BYTES_LIT("10.0.0.2"), store_secret(app_store(f->app)), voter);
    assert_ok(propose(f->app, &who, "learned.forget", NULL, 0, json_pack("{s:s}", "voter", voter),
                      &outcome, &err));
    json_decref(outcome.result);
    assert_string_equal("", questions(f, AUDIENCE_PUBLIC, "router"));
}

static void what_more_people_asked_comes_first(void **state)
{
    static const char *const people[] = {"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"};
    struct fixture *f = *state;

    for (int i = 0; i < 4; i++) {
        solve(f, people[i], "router light red", "K-1");
        if (i < 2)
            solve(f, people[i], "router blinking", "K-1");
    }
    assert_string_equal("router light red / router blinking",
                        questions(f, AUDIENCE_PUBLIC, "router"));
    clock_fix(START_MS + INT64_C(86400000) * 600); /* and fades */
    solve(f, "10.0.0.1", "router hot", "K-2");
    solve(f, "10.0.0.2", "router hot", "K-2");
    assert_string_equal("router hot", questions(f, AUDIENCE_PUBLIC, "router"));
}

/* SUGGEST_LEARNED_MAX cases are read, and a question longer than SUGGEST_TEXT_BYTES_MAX is none. */
static void what_is_read_has_limits(void **state)
{
    struct fixture *f = *state;
    char text[SUGGEST_TEXT_BYTES_MAX + 2];

    for (size_t i = 0; i < sizeof text - 1; i++)
        text[i] = "xxx router red "[i % 15];
    text[sizeof text - 1] = '\0';
    solve(f, "10.0.0.1", text, "K-1");
    solve(f, "10.0.0.2", text, "K-1");
    assert_string_equal("", questions(f, AUDIENCE_PUBLIC, "xxx"));
    text[SUGGEST_TEXT_BYTES_MAX] = '\0';
    solve(f, "10.0.0.1", text, "K-1");
    solve(f, "10.0.0.2", text, "K-1");
    assert_true(questions(f, AUDIENCE_PUBLIC, "xxx")[0] != '\0');
    for (int i = 0; i < SUGGEST_LEARNED_MAX + 2; i++) {
        char json[120], id[16];

        (void)snprintf(id, sizeof id, "L-%d", i);
        (void)snprintf(json, sizeof json, "{\"id\":\"%s\",\"lang\":\"en\",\"title\":\"Mouse %d\"}",
                       id, i);
        put_case(f, json);
        (void)snprintf(json, sizeof json, "mouse %d", i);
        solve(f, "10.0.0.1", json, id);
        solve(f, "10.0.0.2", json, id);
    }
    assert_non_null(strstr(questions(f, AUDIENCE_PUBLIC, "mouse"), " / "));
}

static void json_says_all_of_it(void **state)
{
    struct fixture *f = *state;
    const struct suggest_request request = {.typed = BYTES_LIT("rou\xFF"), .limit = 1};
    struct suggest_result result;
    json_t *json;
    struct error err;

    assert_ok(app_suggest(f->app, &request, f->arena, &result, &err));
    json = suggest_result_json(request.typed, &result);
    assert_string_equal("rou\uFFFD", json_get_str(json, "typed"));
    assert_int_equal(1, json_array_size(json_object_get(json, "suggestions")));
    json_decref(json);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_two_people_found_solved_is_suggested),
        TEST(a_question_is_found_as_titles_are),
        TEST(words_in_common_are_not_a_question_in_common),
        TEST(what_names_somebody_is_not_suggested),
        TEST(a_question_is_seen_by_those_who_may_see_its_case),
        TEST(who_is_forgotten_says_nothing_any_more),
        TEST(what_more_people_asked_comes_first),
        TEST(what_is_read_has_limits),
        TEST(json_says_all_of_it),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
