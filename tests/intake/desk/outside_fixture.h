/* outside_fixture.h: for tests of handoffs and parts: tickets by phone, rules, and short calls. */
#ifndef ASKFIRST_TESTS_INTAKE_DESK_OUTSIDE_FIXTURE_H
#define ASKFIRST_TESTS_INTAKE_DESK_OUTSIDE_FIXTURE_H

#include "tests/intake/api/fixture.h"

#include "intake/desk/handoff.h"
#include "intake/desk/outside.h"
#include "intake/desk/part.h"
#include "intake/desk/ticket_sweep.h"
#include "intake/intake_check.h"
#include "intake/rules/rules.h"

#include <stdio.h>

static inline struct who lin(void)
{
    return who_staff(ROLE_ENGINEER, "lin.wei");
}

static inline void at(const char *time)
{
    int64_t ms;

    assert_true(clock_parse(bytes_str(time), &ms));
    clock_fix(ms);
}

static inline void set_rules(struct fixture *f, enum rules_kind kind, const char *quoted)
{
    const struct who operator= who_operator();
    json_t *doc = test_json_quoted(quoted), *complaints = NULL;
    struct error err;
    uint32_t version;

    assert_ok(
        rules_set(f->app, &operator, kind, doc, RULES_ANY_VERSION, &version, &complaints, &err));
    json_decref(doc);
}

static inline uint32_t new_ticket(struct fixture *f, const char *severity, const char *title)
{
    const struct who who = lin();
    struct ticket_opened opened;
    struct error err;

    assert_ok(ticket_open(f->app, &who,
                          &(struct ticket_input){.channel = BYTES_LIT("phone"),
                                                 .severity = bytes_str(severity),
                                                 .title = bytes_str(title)},
                          &opened, &err));
    return opened.no;
}

static inline enum status move(struct fixture *f, uint32_t no, const char *event,
                               const char *reason, struct error *err)
{
    const struct who who = lin();

    return ticket_move(f->app, &who, no, bytes_str(event), bytes_str(reason), err);
}

static inline json_t *get(struct fixture *f, const struct who *who, uint32_t no)
{
    json_t *ticket;
    struct error err;

    assert_ok(ticket_get(f->app, who, no, &ticket, &err));
    return ticket;
}

/* A text at a path like "handoffs.0.state" of the ticket as staff see it; "" when it is none. */
static inline const char *text_at(struct fixture *f, uint32_t no, const char *path)
{
    const struct who who = lin();
    json_t *ticket = get(f, &who, no);
    const json_t *value = ticket;
    char copy[128], *rest = copy, *word;
    const char *text;

    (void)snprintf(copy, sizeof copy, "%s", path);
    while ((word = strsep(&rest, ".")) != NULL)
        value = json_is_array(value) ? json_array_get(value, strtoul(word, NULL, 10))
                                     : json_object_get(value, word);
    if (json_is_integer(value))
        (void)snprintf(copy, sizeof copy, "%lld", (long long)json_integer_value(value));
    else
        (void)snprintf(copy, sizeof copy, "%s",
                       json_is_string(value) ? json_string_value(value) : "");
    text = arena_str(f->ids, bytes_str(copy));
    json_decref(ticket);
    return text;
}

static inline struct ticket_swept sweep(struct fixture *f)
{
    struct ticket_swept swept;
    struct error err;

    assert_ok(ticket_sweep(f->app, &swept, &err));
    return swept;
}

static inline void say_it(void *context, const char *sentence)
{
    (void)context;
    fail_msg("%s", sentence);
}

/* Do the records agree with one another and with their tables? */
static inline void assert_sound(struct fixture *f)
{
    struct error err;
    struct txn *txn;

    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    for (const check_more_fn *check = intake_checks; *check != NULL; check++)
        assert_ok((*check)(txn, say_it, NULL, &err));
    txn_abort(txn);
}

#endif
