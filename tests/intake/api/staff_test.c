/* Accounts, sign-in, sessions and tokens. */
#include "tests/intake/api/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MINUTE_MS 60000ll
#define HOUR_MS (60 * MINUTE_MS)

static const struct bytes RIGHT = BYTES_LIT("correct horse");

struct desk {
    struct sessions *sessions;
    char key[SESSION_KEY_BYTES];
};

static struct desk desk_open(struct fixture *f, const char *name, enum role role)
{
    const struct who operator= who_operator();
    struct desk desk = {0};
    struct error err;

    assert_ok(sessions_new(&desk.sessions, &err));
    assert_ok(staff_set(f->app, &operator, name, role, RIGHT, &err));
    return desk;
}

static enum status sign_in(struct fixture *f, struct desk *desk, const char *name,
                           struct bytes password, struct error *err)
{
    return staff_sign_in(f->app, desk->sessions, bytes_str(name), password, desk->key, err);
}

static void the_right_password_opens_a_session_of_that_role(void **state)
{
    struct fixture *f = *state;
    struct desk desk = desk_open(f, "lin.wei", ROLE_SUPERVISOR);
    struct who who;
    struct error err;

    assert_ok(sign_in(f, &desk, "lin.wei", RIGHT, &err));
    assert_true(staff_session(desk.sessions, bytes_str(desk.key), &who));
    assert_int_equal(ROLE_SUPERVISOR, who.role);
    assert_string_equal("lin.wei", who.name);
    staff_sign_out(desk.sessions, bytes_str(desk.key));
    assert_false(staff_session(desk.sessions, bytes_str(desk.key), &who));
    sessions_free(desk.sessions);
}

static void every_refusal_is_the_same_sentence(void **state)
{
    static const struct {
        const char *name;
        struct bytes password;
    } cases[] = {
        {"lin",    BYTES_LIT("wrong horse")  },
        {"lin",    BYTES_LIT("")             },
        {"lin",    BYTES_LIT("correct")      },
        {"nobody", BYTES_LIT("correct horse")},
        {"",       BYTES_LIT("correct horse")},
        {"LIN",    BYTES_LIT("correct horse")},
        {"lin ",   BYTES_LIT("correct horse")},
        {"\xFF",   BYTES_LIT("correct horse")},
    };
    struct fixture *f = *state;
    struct desk desk = desk_open(f, "lin", ROLE_ENGINEER);
    char sentence[ERROR_TEXT_MAX] = "";
    char long_name[600];
    struct error err;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_refused(AF_DENIED, sign_in(f, &desk, cases[i].name, cases[i].password, &err));
        if (i > 0)
            assert_string_equal(sentence, err.text);
        (void)snprintf(sentence, sizeof sentence, "%s", err.text);
    }
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    assert_refused(AF_DENIED, sign_in(f, &desk, long_name, RIGHT, &err));
    assert_refused(AF_DENIED, sign_in(f, &desk, "lin", bytes_str(long_name), &err));
    assert_ok(sign_in(f, &desk, "lin", RIGHT, &err));
    sessions_free(desk.sessions);
}

static void too_many_tries_refuse_even_the_right_password_for_an_hour(void **state)
{
    struct fixture *f = *state;
    struct desk desk = desk_open(f, "lin", ROLE_ENGINEER);
    struct error err;

    for (int i = 0; i < 10; i++)
        assert_refused(AF_DENIED, sign_in(f, &desk, "lin", BYTES_LIT("wrong horse"), &err));
    assert_refused(AF_DENIED, sign_in(f, &desk, "lin", RIGHT, &err));
    clock_fix(START_MS + 59 * MINUTE_MS);
    assert_refused(AF_DENIED, sign_in(f, &desk, "lin", RIGHT, &err));
    clock_fix(START_MS + 61 * MINUTE_MS);
    assert_ok(sign_in(f, &desk, "lin", RIGHT, &err));
    sessions_free(desk.sessions);
}

static void a_success_forgets_the_failures_before_it(void **state)
{
    struct fixture *f = *state;
    struct desk desk = desk_open(f, "lin", ROLE_ENGINEER);
    struct error err;

    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 9; i++)
            assert_refused(AF_DENIED, sign_in(f, &desk, "lin", BYTES_LIT("wrong horse"), &err));
        assert_ok(sign_in(f, &desk, "lin", RIGHT, &err));
    }
    sessions_free(desk.sessions);
}

static void tries_of_one_name_do_not_lock_another(void **state)
{
    struct fixture *f = *state;
    struct desk desk = desk_open(f, "lin", ROLE_ENGINEER);
    struct error err;

    for (int i = 0; i < 12; i++)
        assert_refused(AF_DENIED, sign_in(f, &desk, "mori", BYTES_LIT("wrong horse"), &err));
    assert_ok(sign_in(f, &desk, "lin", RIGHT, &err));
    sessions_free(desk.sessions);
}

static void a_session_ends_after_half_an_hour_without_use(void **state)
{
    struct fixture *f = *state;
    struct desk desk = desk_open(f, "lin", ROLE_ENGINEER);
    struct who who;
    struct error err;

    assert_ok(sign_in(f, &desk, "lin", RIGHT, &err));
    clock_fix(START_MS + 29 * MINUTE_MS);
    assert_true(staff_session(desk.sessions, bytes_str(desk.key), &who));
    clock_fix(START_MS + 58 * MINUTE_MS); /* 29 after the last use */
    assert_true(staff_session(desk.sessions, bytes_str(desk.key), &who));
    clock_fix(START_MS + 89 * MINUTE_MS);
    assert_false(staff_session(desk.sessions, bytes_str(desk.key), &who));
    clock_fix(START_MS + 59 * MINUTE_MS); /* and does not come back */
    assert_false(staff_session(desk.sessions, bytes_str(desk.key), &who));
    sessions_free(desk.sessions);
}

static void a_session_ends_after_twelve_hours_however_used(void **state)
{
    struct fixture *f = *state;
    struct desk desk = desk_open(f, "lin", ROLE_ENGINEER);
    struct who who;
    struct error err;

    assert_ok(sign_in(f, &desk, "lin", RIGHT, &err));
    for (int64_t at = 0; at <= 12 * HOUR_MS; at += 20 * MINUTE_MS) {
        clock_fix(START_MS + at);
        assert_true(staff_session(desk.sessions, bytes_str(desk.key), &who));
    }
    clock_fix(START_MS + 12 * HOUR_MS + MINUTE_MS);
    assert_false(staff_session(desk.sessions, bytes_str(desk.key), &who));
    sessions_free(desk.sessions);
}

static void a_key_that_was_not_given_opens_nothing(void **state)
{
    struct fixture *f = *state;
    struct desk desk = desk_open(f, "lin", ROLE_ENGINEER);
    static const struct bytes wrong[] = {BYTES_NONE, BYTES_LIT(""), BYTES_LIT("x"),
                                         BYTES_LIT("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")};
    struct who who;
    struct error err;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(staff_session(desk.sessions, wrong[i], &who));
    assert_ok(sign_in(f, &desk, "lin", RIGHT, &err));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(staff_session(desk.sessions, wrong[i], &who));
    desk.key[3] = desk.key[3] == 'A' ? 'B' : 'A';
    assert_false(staff_session(desk.sessions, bytes_str(desk.key), &who));
    sessions_free(desk.sessions);
}

static void accounts_have_plain_names_roles_and_passwords(void **state)
{
    struct fixture *f = *state;
    const struct who operator= who_operator();
    struct error err;
    char name[WHO_NAME_BYTES + 1];

    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    for (size_t i = 0; i < 6; i++) {
        const char *const names[] = {"", "a b", "a/b", "<b>", "\xE6\x9E\x97", name};

        assert_refused(AF_INVALID, staff_set(f->app, &operator, names[i], ROLE_ADMIN, RIGHT, &err));
    }
    assert_refused(AF_INVALID, staff_set(f->app, &operator, "lin", ROLE_CUSTOMER, RIGHT, &err));
    assert_refused(AF_INVALID,
                   staff_set(f->app, &operator, "lin", ROLE_ADMIN, BYTES_LIT("1234567"), &err));
}

static void the_journal_never_holds_a_password(void **state)
{
    struct fixture *f = *state;
    struct desk desk = desk_open(f, "lin", ROLE_ENGINEER);
    struct journal_head head;
    struct bytes line;
    struct error err;
    struct txn *txn;

    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    assert_ok(journal_head(txn, &head, &err));
    assert_ok(journal_line(txn, head.seq, &line, &err));
    assert_null(memmem(line.data, line.len, RIGHT.data, RIGHT.len));
    assert_non_null(memmem(line.data, line.len, "$argon2id$", 10));
    txn_abort(txn);
    sessions_free(desk.sessions);
}

static void the_first_start_makes_one_administrator(void **state)
{
    struct fixture *f = *state;
    char password[SESSION_KEY_BYTES], again[SESSION_KEY_BYTES];
    struct desk desk = {0};
    struct who who;
    struct error err;

    (void)unsetenv("ASKFIRST_ADMIN_PASSWORD");
    assert_ok(sessions_new(&desk.sessions, &err));
    assert_ok(staff_first_start(f->app, password, &err));
    assert_true(strlen(password) >= 20);
    assert_ok(staff_first_start(f->app, again, &err));
    assert_string_equal("", again);
    assert_ok(sign_in(f, &desk, "admin", bytes_str(password), &err));
    assert_true(staff_session(desk.sessions, bytes_str(desk.key), &who));
    assert_int_equal(ROLE_ADMIN, who.role);
    sessions_free(desk.sessions);
}

static void a_form_token_belongs_to_its_session(void **state)
{
    char first[SESSION_KEY_BYTES], second[SESSION_KEY_BYTES], again[SESSION_KEY_BYTES];

    (void)state;
    staff_form_token(BYTES_LIT("one"), first);
    staff_form_token(BYTES_LIT("two"), second);
    staff_form_token(BYTES_LIT("one"), again);
    assert_string_equal(first, again);
    assert_string_not_equal(first, second);
    assert_null(strstr(first, "one"));
}

static void a_token_is_good_for_its_role_and_no_other_text_is(void **state)
{
    struct fixture *f = *state;
    const struct who operator= who_operator();
    char text[TOKEN_BYTES], wrong[TOKEN_BYTES + 1];
    struct who who;
    struct error err;

    assert_ok(token_new(f->app, &operator, ROLE_AUTHOR, "", text, &err));
    assert_int_equal(0, strncmp(text, "af_", 3));
    assert_ok(token_check(f->app, bytes_str(text), &who, &err));
    assert_int_equal(ROLE_AUTHOR, who.role);
    assert_int_equal(AUDIENCE_INTERNAL, who.audience);
    assert_int_equal(0, strncmp(who.name, "token.", 6));
    for (size_t i = 0; i < strlen(text); i++) { /* one letter wrong anywhere */
        memcpy(wrong, text, sizeof text);
        wrong[i] = wrong[i] == 'x' ? 'y' : 'x';
        assert_refused(AF_DENIED, token_check(f->app, bytes_str(wrong), &who, &err));
        assert_refused(AF_DENIED, token_check(f->app, bytes_of(text, i), &who, &err)); /* cut */
    }
    (void)snprintf(wrong, sizeof wrong, "%s0", text);
    assert_refused(AF_DENIED, token_check(f->app, bytes_str(wrong), &who, &err));
    assert_refused(AF_INVALID, token_new(f->app, &operator, ROLE_CUSTOMER, "", text, &err));
}

static void a_token_may_be_narrowed_to_scopes(void **state)
{
    static const struct {
        const char *scope;
        unsigned scopes;
        enum audience audience;
    } rows[] = {
        {"",                             SCOPE_ALL,                                AUDIENCE_INTERNAL},
        {"search:read",                  SCOPE_SEARCH_READ,                        AUDIENCE_INTERNAL},
        {"cases:write",                  SCOPE_CASES_WRITE,                        AUDIENCE_PUBLIC  },
        {"tickets:write",                SCOPE_TICKETS_WRITE | SCOPE_TICKETS_READ, AUDIENCE_PUBLIC  },
        {" tickets:read,  search:read ", SCOPE_TICKETS_READ | SCOPE_SEARCH_READ,   AUDIENCE_INTERNAL},
    };
    struct fixture *f = *state;
    const struct who operator= who_operator();
    char text[TOKEN_BYTES];
    struct error err;
    struct who who;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_ok(token_new(f->app, &operator, ROLE_ENGINEER, rows[i].scope, text, &err));
        assert_ok(token_check(f->app, bytes_str(text), &who, &err));
        assert_int_equal(rows[i].scopes, who.scopes);
        assert_int_equal(rows[i].audience, who.audience);
    }
    assert_refused(AF_INVALID, token_new(f->app, &operator, ROLE_ENGINEER, "search:read everything",
                                         text, &err));
    assert_non_null(strstr(err.text, "\"everything\""));
}

static void a_token_is_kept_as_a_hash_only(void **state)
{
    struct fixture *f = *state;
    const struct who operator= who_operator();
    char text[TOKEN_BYTES];
    struct journal_head head;
    struct bytes line;
    struct error err;
    struct txn *txn;

    assert_ok(token_new(f->app, &operator, ROLE_ENGINEER, "", text, &err));
    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    assert_ok(journal_head(txn, &head, &err));
    assert_ok(journal_line(txn, head.seq, &line, &err));
    assert_null(memmem(line.data, line.len, text + 16, strlen(text + 16)));
    txn_abort(txn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_right_password_opens_a_session_of_that_role,
                                        fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(every_refusal_is_the_same_sentence, fixture_begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(too_many_tries_refuse_even_the_right_password_for_an_hour,
                                        fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(a_success_forgets_the_failures_before_it, fixture_begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(tries_of_one_name_do_not_lock_another, fixture_begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(a_session_ends_after_half_an_hour_without_use,
                                        fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(a_session_ends_after_twelve_hours_however_used,
                                        fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(a_key_that_was_not_given_opens_nothing, fixture_begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(accounts_have_plain_names_roles_and_passwords,
                                        fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(the_journal_never_holds_a_password, fixture_begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(the_first_start_makes_one_administrator, fixture_begin,
                                        fixture_end),
        cmocka_unit_test(a_form_token_belongs_to_its_session),
        cmocka_unit_test_setup_teardown(a_token_is_good_for_its_role_and_no_other_text_is,
                                        fixture_begin, fixture_end),
        cmocka_unit_test_setup_teardown(a_token_may_be_narrowed_to_scopes, fixture_begin,
                                        fixture_end),
        cmocka_unit_test_setup_teardown(a_token_is_kept_as_a_hash_only, fixture_begin, fixture_end),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
