/* The survey: whom it asks, once, until when to the millisecond, and what a bad score brings. */
#include "tests/intake/desk/ending.h"

#include "intake/ticket/ticket_survey.h"

#include <pthread.h>

static const char *key_of(struct fixture *f, uint32_t no, char key[SURVEY_KEY_BYTES])
{
    struct error err;

    assert_ok(survey_key(f->app, no, key, &err));
    return key;
}

static enum status answer(struct fixture *f, uint32_t no, int64_t score, const char *text,
                          const char *once, struct error *err)
{
    char key[SURVEY_KEY_BYTES];

    return survey_answer(f->app, bytes_str(key_of(f, no, key)), score, bytes_str(text), once, err);
}

static uint64_t score_of(struct fixture *f, uint32_t no)
{
    const struct who who = lin();
    json_t *ticket = read_ticket(f, &who, no);
    uint64_t score = json_get_u64(json_object_get(ticket, "survey"), "score");

    json_decref(ticket);
    return score;
}

static void only_a_closed_ticket_has_a_survey(void **state)
{
    static const struct {
        const char *events[4];
        bool is_asked;
    } rows[] = {
        {{"take"},                     false},
        {{"take", "resolve"},          false},
        {{"take", "resolve", "close"}, true },
        {{"cancel"},                   false},
        {{"reject"},                   false},
        {{"spam"},                     false},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t no = open_ticket(f, "S4");
        char key[SURVEY_KEY_BYTES];
        struct error err;

        for (size_t n = 0; n < 4 && rows[i].events[n] != NULL; n++)
            step(f, no, rows[i].events[n], "because");
        assert_int_equal(rows[i].is_asked, has(f, no, "survey"));
        if (!rows[i].is_asked)
            assert_refused(AF_NOT_FOUND, survey_key(f->app, no, key, &err));
    }
    demand_sound_and_repeatable(f);
}

static void it_is_answered_once_by_its_link_alone(void **state)
{
    struct fixture *f = *state;
    uint32_t no = closed_ticket(f, "S4"), other = closed_ticket(f, "S4");
    char key[SURVEY_KEY_BYTES], other_key[SURVEY_KEY_BYTES];
    struct error err;
    json_t *view;

    assert_string_not_equal(key_of(f, no, key), key_of(f, other, other_key));
    assert_ok(survey_get(f->app, bytes_str(key), &view, &err));
    assert_string_equal("open", json_get_str(view, "state"));
    assert_string_equal("It hums", json_get_str(view, "title"));
    assert_null(json_object_get(view, "contact")); /* a link that was passed on tells no more */
    assert_null(json_object_get(view, "text"));
    json_decref(view);
    assert_refused(AF_NOT_FOUND, survey_get(f->app, BYTES_LIT("no key"), &view, &err));
    assert_refused(AF_NOT_FOUND,
                   survey_answer(f->app, BYTES_LIT("no key"), 5, BYTES_LIT(""), NULL, &err));

    assert_ok(answer(f, no, 4, "quick", "one", &err));
    assert_ok(answer(f, no, 4, "quick", "one", &err)); /* pressed twice */
    assert_refused(AF_CONFLICT, answer(f, no, 5, "quick", NULL, &err));
    assert_non_null(strstr(err.text, "thank you"));
    assert_int_equal(4, score_of(f, no));
    assert_int_equal(0, score_of(f, other));
    assert_string_equal("customer", look(f, no, "survey", "by"));
    assert_string_equal("link", look(f, no, "survey", "via"));
    assert_ok(survey_get(f->app, bytes_str(key), &view, &err));
    assert_string_equal("answered", json_get_str(view, "state"));
    assert_int_equal(4, json_get_u64(view, "score"));
    json_decref(view);
    demand_sound_and_repeatable(f);
}

static void scores_and_texts_have_limits(void **state)
{
    static const int64_t wrong[] = {0, -1, 6, INT64_C(4294967297)};
    struct fixture *f = *state;
    uint32_t no = closed_ticket(f, "S4");
    char text[SURVEY_TEXT_BYTES_MAX + 2];
    struct error err;

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_refused(AF_INVALID, answer(f, no, wrong[i], "", NULL, &err));
    assert_refused(AF_TOO_LARGE, answer(f, no, 5, text, NULL, &err));
    assert_refused(AF_INVALID, answer(f, no, 5, "\xFF", NULL, &err));
    assert_ok(answer(f, no, 5, text + 1, NULL, &err));
}

static void its_last_millisecond_is_the_one_before_it_expires(void **state)
{
    static const struct {
        int64_t after_ms;
        bool is_taken;
    } rows[] = {
        {30 * DAY_MS - 1, true },
        {30 * DAY_MS,     false},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t no;
        char key[SURVEY_KEY_BYTES];
        struct error err;
        json_t *view;

        clock_fix(START_MS);
        no = closed_ticket(f, "S4");
        clock_fix(START_MS + rows[i].after_ms);
        assert_ok(survey_get(f->app, bytes_str(key_of(f, no, key)), &view, &err));
        assert_string_equal(rows[i].is_taken ? "open" : "expired", json_get_str(view, "state"));
        json_decref(view);
        assert_int_equal(rows[i].is_taken ? AF_OK : AF_CONFLICT,
                         answer(f, no, 5, "late", NULL, &err));
    }
    demand_sound_and_repeatable(f);
}

static void an_agent_enters_what_he_was_told_and_that_is_recorded(void **state)
{
    const struct who who = lin(), customer = who_customer();
    struct fixture *f = *state;
    uint32_t no = closed_ticket(f, "S4");
    struct error err;

    assert_refused(AF_DENIED, survey_answer_for(f->app, &customer, no, 5, BYTES_LIT(""), &err));
    assert_ok(survey_answer_for(f->app, &who, no, 3, BYTES_LIT("so so"), &err));
    assert_string_equal("lin", look(f, no, "survey", "by"));
    assert_string_equal("agent", look(f, no, "survey", "via"));
    assert_refused(AF_CONFLICT, answer(f, no, 5, "", NULL, &err));
}

static void a_ticket_that_closes_again_keeps_its_survey(void **state)
{
    struct fixture *f = *state;
    uint32_t no = closed_ticket(f, "S4");
    char before[SURVEY_KEY_BYTES], after[SURVEY_KEY_BYTES];
    struct error err;

    (void)key_of(f, no, before);
    clock_fix(START_MS + DAY_MS);
    step(f, no, "reopen", "again");
    step(f, no, "resolve", "");
    step(f, no, "close", "nothing new");
    assert_string_equal(before, key_of(f, no, after));
    assert_string_equal("2026-12-23T01:53:10.123Z", look(f, no, "survey", "expires"));
    assert_string_equal("2026-11-22T01:53:10.123Z", look(f, no, "survey", "sent"));
    assert_ok(answer(f, no, 2, "twice", NULL, &err));
    step(f, no, "reopen", "again");
    step(f, no, "resolve", "");
    step(f, no, "close", "nothing new");
    assert_refused(AF_CONFLICT, answer(f, no, 5, "", NULL, &err)); /* one a ticket */
    assert_int_equal(2, score_of(f, no));
    demand_sound_and_repeatable(f);
}

static void a_bad_score_sends_somebody_to_ask(void **state)
{
    struct fixture *f = *state;

    set_closing(f, "visits",
                "{'is':{'severities':['S1'],'share_per_mille':0,'score_max':2,'group':'experts',"
                "'calendar':'office','due':{'days':1}}}");
    for (int64_t score = 1; score <= 5; score++) {
        const struct who who = lin();
        uint32_t no = closed_ticket(f, "S4"), known = closed_ticket(f, "S1");
        const json_t *visit;
        struct error err;
        json_t *ticket;

        assert_ok(answer(f, no, score, "", NULL, &err));
        assert_ok(answer(f, known, score, "", NULL, &err));
        assert_int_equal(score <= 2, has(f, no, "visits"));
        if (score > 2)
            continue;
        ticket = read_ticket(f, &who, no);
        visit = json_array_get(json_object_get(ticket, "visits"), 0);
        assert_string_equal("score", json_get_str(visit, "why"));
        assert_string_equal("experts", json_get_str(visit, "group"));
        assert_string_equal("2026-11-23T10:00:00.000Z", json_get_str(visit, "due"));
        json_decref(ticket);
        /* somebody will call him anyway: one call for both */
        ticket = read_ticket(f, &who, known);
        assert_int_equal(1, json_array_size(json_object_get(ticket, "visits")));
        visit = json_array_get(json_object_get(ticket, "visits"), 0);
        assert_string_equal("severity", json_get_str(visit, "why"));
        assert_string_equal("score", json_get_str(visit, "also"));
        json_decref(ticket);
    }
    demand_sound_and_repeatable(f);
}

/* --- two at once ------------------------------------------------------------------------------ */

struct racer {
    struct fixture *f;
    uint32_t no;
    int64_t score;
    enum status status;
};

static void *race(void *context)
{
    struct racer *racer = context;
    char key[SURVEY_KEY_BYTES];
    struct error err;

    racer->status = survey_key(racer->f->app, racer->no, key, &err);
    if (racer->status == AF_OK)
        racer->status =
            survey_answer(racer->f->app, bytes_str(key), racer->score, BYTES_LIT(""), NULL, &err);
    return NULL;
}

static void of_two_answers_at_once_one_is_taken(void **state)
{
    struct fixture *f = *state;

    for (int round = 0; round < 20; round++) {
        const uint32_t no = closed_ticket(f, "S4");
        struct racer racers[2] = {
            {f, no, 4, AF_OK},
            {f, no, 5, AF_OK}
        };
        pthread_t threads[2];

        for (int i = 0; i < 2; i++)
            assert_int_equal(0, pthread_create(&threads[i], NULL, race, &racers[i]));
        for (int i = 0; i < 2; i++)
            assert_int_equal(0, pthread_join(threads[i], NULL));
        assert_true((racers[0].status == AF_OK) != (racers[1].status == AF_OK));
        assert_int_equal(racers[0].status == AF_OK ? 4 : 5, score_of(f, no));
        assert_int_equal(AF_CONFLICT,
                         racers[0].status == AF_OK ? racers[1].status : racers[0].status);
    }
}

static void a_link_of_another_store_is_said_to_be_one(void **state)
{
    struct fixture *f = *state;
    uint32_t no = closed_ticket(f, "S4");
    char key[SURVEY_KEY_BYTES];
    struct digest hash = digest_plain(BYTES_LIT("made elsewhere"));
    char hex[DIGEST_HEX_BYTES];
    struct txn *txn;
    struct error err;
    json_t *ticket;

    /* as after a load: the hash in the record is the old store's */
    assert_ok(store_begin_write(app_store(f->app), &txn, &err));
    assert_ok(ticket_load(txn, no, &ticket, &err));
    (void)key_of(f, no, key);
    digest_hex(&hash, hex);
    {
        const struct command command = {.at_ms = clock_now_ms()};
        struct digest old = digest_plain(bytes_str(key));
        uint8_t number[4];
        bool ok = true;

        json_put(json_object_get(ticket, "survey"), "key_hash", json_string(hex), &ok);
        assert_true(ok);
        put_be32(number, no);
        assert_ok(store_delete(txn, TABLE_SURVEY_KEY, bytes_of(old.b, DIGEST_BYTES), &err));
        assert_ok(store_put(txn, TABLE_SURVEY_KEY, bytes_of(hash.b, DIGEST_BYTES),
                            bytes_of(number, 4), &err));
        assert_ok(ticket_save(txn, ticket, &command, &err));
    }
    json_decref(ticket);
    assert_ok(txn_commit(txn, &err));
    assert_refused(AF_CONFLICT, survey_key(f->app, no, key, &err));
    step(f, no, "reopen", "again");
    step(f, no, "resolve", "");
    step(f, no, "close", "nothing new");
    assert_ok(answer(f, no, 5, "", NULL, &err)); /* a new link, and the old one is gone */
    assert_refused(AF_NOT_FOUND, survey_answer(f->app, BYTES_LIT("made elsewhere"), 5,
                                               BYTES_LIT(""), NULL, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
        TEST(only_a_closed_ticket_has_a_survey),
        TEST(it_is_answered_once_by_its_link_alone),
        TEST(scores_and_texts_have_limits),
        TEST(its_last_millisecond_is_the_one_before_it_expires),
        TEST(an_agent_enters_what_he_was_told_and_that_is_recorded),
        TEST(a_ticket_that_closes_again_keeps_its_survey),
        TEST(a_bad_score_sends_somebody_to_ask),
        TEST(of_two_answers_at_once_one_is_taken),
        TEST(a_link_of_another_store_is_said_to_be_one),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
