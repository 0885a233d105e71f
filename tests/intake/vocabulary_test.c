/* The library's own words: who may set them, versions, that the next question knows. */
#include "tests/intake/api/fixture.h"

#include "intake/vocabulary.h"

static uint32_t set(struct fixture *f, const char *text)
{
    const struct who who = who_operator();
    struct error err;
    uint32_t version = 0;

    assert_ok(
        vocabulary_set(f->app, &who, bytes_str(text), VOCABULARY_ANY_VERSION, &version, &err));
    return version;
}

static void a_set_replaces_all_and_counts_versions(void **state)
{
    struct fixture *f = *state;
    struct vocabulary_state now;
    struct error err;

    assert_ok(vocabulary_get(f->app, f->ids, &now, &err));
    assert_int_equal(0, now.version);
    assert_int_equal(0, now.text.len);
    assert_int_equal(1, set(f, "beacon, router\n? pray tell\n"));
    assert_int_equal(1, set(f, "beacon, router\n? pray tell\n")); /* the same text */
    assert_ok(vocabulary_get(f->app, f->ids, &now, &err));
    assert_int_equal(2, now.counts.lines);
    assert_int_equal(3, now.counts.phrases);
    assert_int_equal(2, now.counts.rules);
    assert_int_equal(1, now.counts.asking);
    assert_int_equal(2, set(f, ""));
    assert_ok(vocabulary_get(f->app, f->ids, &now, &err));
    assert_int_equal(2, now.version);
    assert_int_equal(0, now.text.len);
}

static void only_an_admin_sets_it_and_only_over_what_was_seen(void **state)
{
    struct fixture *f = *state;
    const struct who admin = who_staff(ROLE_ADMIN, "root"), author = who_staff(ROLE_AUTHOR, "mori");
    uint32_t version;
    struct error err;

    assert_refused(AF_DENIED,
                   vocabulary_set(f->app, &author, BYTES_LIT("one, two"), 0, &version, &err));
    assert_ok(vocabulary_set(f->app, &admin, BYTES_LIT("one, two"), 0, &version, &err));
    assert_refused(AF_CONFLICT,
                   vocabulary_set(f->app, &admin, BYTES_LIT("one, three"), 0, &version, &err));
    assert_ok(vocabulary_set(f->app, &admin, BYTES_LIT("one, three"), 1, &version, &err));
    assert_int_equal(2, version);
    assert_refused(AF_INVALID, vocabulary_set(f->app, &admin, BYTES_LIT("one"), 2, &version, &err));
    assert_refused(AF_INVALID,
                   vocabulary_set(f->app, &admin, BYTES_LIT("one, \xFF\xFE"), 2, &version, &err));
}

static uint32_t hits(struct fixture *f, const char *query, unsigned *reasons)
{
    const struct search_request request = {.query = bytes_str(query), .limit = 10};
    struct search_result result;
    struct error err;

    arena_clear(f->arena);
    assert_ok(app_search(f->app, &request, f->arena, &result, &err));
    *reasons = result.hits_count > 0 ? result.hits[0].reasons : 0;
    return result.hits_count;
}

static void the_next_question_knows(void **state)
{
    struct fixture *f = *state;
    unsigned reasons;

    assert_int_equal(0, hits(f, "beacon", &reasons));
    (void)set(f, "beacon, router");
    assert_int_equal(2, hits(f, "beacon", &reasons));
    assert_int_equal(REASON_SYNONYM, reasons);
    (void)set(f, "beacon > hums");
    assert_int_equal(1, hits(f, "beacon", &reasons));
    (void)set(f, "# nothing");
    assert_int_equal(0, hits(f, "beacon", &reasons));
}

static void what_it_says_is_shown_for_a_question(void **state)
{
    struct fixture *f = *state;
    json_t *places;
    struct error err;
    struct buf text = {0};

    (void)set(f, "beacon, router\n- 滑鼠\n? pray tell\n");
    assert_ok(vocabulary_try(f->app, BYTES_LIT("Pray tell, BEACON 滑鼠 伺服器"), &places, &err));
    assert_ok(json_write(places, true, &text, &err));
    assert_non_null(strstr(buf_str(&text), "{\"asks\":true,\"text\":\"pray tell\",\"words\":[]}"));
    assert_non_null(
        strstr(buf_str(&text), "{\"means\":\"same\",\"own\":true,\"text\":\"router\"}"));
    assert_non_null(strstr(buf_str(&text), "服务器"));
    assert_null(strstr(buf_str(&text), "滑鼠"));
    buf_release(&text);
    json_decref(places);
}

static void at_most_what_a_limit_allows_is_taken(void **state)
{
    struct fixture *f = *state;
    const struct who who = who_operator();
    struct buf text = {0};
    struct error err;
    uint32_t version;

    while (text.len < VOCABULARY_BYTES_MAX)
        buf_add_str(&text, "#");
    assert_ok(
        vocabulary_set(f->app, &who, buf_bytes(&text), VOCABULARY_ANY_VERSION, &version, &err));
    buf_add_str(&text, "#");
    assert_refused(AF_TOO_LARGE, vocabulary_set(f->app, &who, buf_bytes(&text),
                                                VOCABULARY_ANY_VERSION, &version, &err));
    buf_release(&text);
}

static void every_line_that_is_not_sound_is_told(void **state)
{
    static const struct {
        uint32_t number;
        enum vocabulary_fault fault;
        const char *line;
    } wanted[] = {
        {1, FAULT_ALONE, "one"       },
        {3, FAULT_COLON, "http: a, b"},
        {4, FAULT_SHORT, "x, ab"     },
        {6, FAULT_ARROW, "? ab > cd" },
        {7, FAULT_BYTES, "ab, \xFF"  },
    };
    const struct bytes text =
        BYTES_LIT("one\r\nab, cd\nhttp: a, b\n  x, ab\n\n? ab > cd\nab, \xFF");
    struct vocabulary_faulty faults[8];
    size_t count;

    (void)state;
    vocabulary_faulty_lines(text, faults, 8, &count);
    assert_int_equal(count, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(faults[i].number, wanted[i].number);
        assert_int_equal(faults[i].fault, wanted[i].fault);
        assert_bytes_equal(faults[i].line, bytes_str(wanted[i].line));
        assert_true(vocabulary_fault_name(faults[i].fault)[0] != '\0');
    }
    vocabulary_faulty_lines(text, faults, 2, &count);
    assert_int_equal(count, 5); /* all are counted, two are told */
    vocabulary_faulty_lines(BYTES_LIT("ab, cd\n"), faults, 8, &count);
    assert_int_equal(count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_set_replaces_all_and_counts_versions),
        TEST(only_an_admin_sets_it_and_only_over_what_was_seen),
        TEST(the_next_question_knows),
        TEST(what_it_says_is_shown_for_a_question),
        TEST(at_most_what_a_limit_allows_is_taken),
        TEST(every_line_that_is_not_sound_is_told),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
