/* What a ticket and a command may hold: each limit is taken, one more is refused by name. */
#include "tests/intake/api/fixture.h"

#include "data/base/limits.h"
#include "intake/propose.h"

#include <stdlib.h>

static struct bytes many(char *room, size_t count)
{
    memset(room, 'a', count);
    return bytes_of(room, count);
}

static void a_text_of_a_ticket_is_taken_up_to_its_limit(void **state)
{
    struct fixture *f = *state;
    const struct who who = who_customer();
    char *room = malloc(TICKET_TEXT_BYTES_MAX + 1);
    struct ticket_input input = {.channel = BYTES_LIT("phone")};
    struct ticket_opened opened;
    struct error err;

    assert_non_null(room);
    input.title = many(room, TICKET_TITLE_BYTES_MAX);
    assert_ok(ticket_open(f->app, &who, &input, &opened, &err));
    input.title.len++;
    room[TICKET_TITLE_BYTES_MAX] = 'a';
    assert_refused(AF_TOO_LARGE, ticket_open(f->app, &who, &input, &opened, &err));
    assert_non_null(strstr(err.text, "\"title\""));

    input.title = BYTES_LIT("t");
    input.text = many(room, TICKET_TEXT_BYTES_MAX + 1);
    assert_refused(AF_TOO_LARGE, ticket_open(f->app, &who, &input, &opened, &err));
    assert_non_null(strstr(err.text, "\"text\""));
    input.text.len--;
    assert_ok(ticket_open(f->app, &who, &input, &opened, &err));
    free(room);
}

static void a_contact_is_taken_up_to_its_limit(void **state)
{
    struct fixture *f = *state;
    const struct who who = who_customer();
    char room[CONTACT_BYTES_MAX + 1];
    struct ticket_input input = {.channel = BYTES_LIT("phone"), .title = BYTES_LIT("t")};
    struct ticket_opened opened;
    struct error err;
    json_t *contact = json_pack("{s:o}", "name", json_from_bytes(many(room, CONTACT_BYTES_MAX)));

    input.contact = contact;
    assert_ok(ticket_open(f->app, &who, &input, &opened, &err));
    json_object_set_new(contact, "name", json_from_bytes(many(room, CONTACT_BYTES_MAX + 1)));
    assert_refused(AF_TOO_LARGE, ticket_open(f->app, &who, &input, &opened, &err));
    assert_non_null(strstr(err.text, "\"name\""));
    json_decref(contact);
}

static void an_idempotency_key_is_taken_up_to_its_limit(void **state)
{
    struct fixture *f = *state;
    const struct who who = who_customer();
    char key[IDEMPOTENCY_KEY_BYTES_MAX + 2] = {0};
    struct ticket_input input = {
        .channel = BYTES_LIT("phone"), .title = BYTES_LIT("t"), .key = key};
    struct ticket_opened opened;
    struct error err;

    (void)many(key, IDEMPOTENCY_KEY_BYTES_MAX);
    assert_ok(ticket_open(f->app, &who, &input, &opened, &err));
    (void)many(key, IDEMPOTENCY_KEY_BYTES_MAX + 1);
    assert_refused(AF_INVALID, ticket_open(f->app, &who, &input, &opened, &err));
}

static void a_thread_is_taken_up_to_its_limit(void **state)
{
    struct fixture *f = *state;
    const struct who who = who_operator();
    const struct ticket_input input = {.channel = BYTES_LIT("phone"), .title = BYTES_LIT("t")};
    struct ticket_opened opened;
    struct error err;

    assert_ok(ticket_open(f->app, &who, &input, &opened, &err));
    for (int i = 0; i < TICKET_POSTS_MAX; i++)
        assert_ok(ticket_reply(f->app, &who, opened.no, BYTES_LIT("x"), false, NULL, &err));
    assert_refused(AF_TOO_LARGE,
                   ticket_reply(f->app, &who, opened.no, BYTES_LIT("x"), false, NULL, &err));
}

static void a_command_larger_than_its_limit_is_refused(void **state)
{
    struct fixture *f = *state;
    const struct who who = who_operator();
    char *room = malloc(COMMAND_BYTES_MAX);
    struct error err;

    assert_non_null(room);
    assert_refused(AF_TOO_LARGE, propose(f->app, &who, "case.put", NULL, 0,
                                         json_pack("{s:o}", "cases",
                                                   json_from_bytes(many(room, COMMAND_BYTES_MAX))),
                                         NULL, &err));
    free(room);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_text_of_a_ticket_is_taken_up_to_its_limit), TEST(a_contact_is_taken_up_to_its_limit),
        TEST(an_idempotency_key_is_taken_up_to_its_limit), TEST(a_thread_is_taken_up_to_its_limit),
        TEST(a_command_larger_than_its_limit_is_refused),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
