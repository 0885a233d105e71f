/* ending.h: what the tests of a ticket's end share: tickets that come somewhere, and looks. */
#ifndef ASKFIRST_TESTS_INTAKE_DESK_ENDING_H
#define ASKFIRST_TESTS_INTAKE_DESK_ENDING_H

#include "tests/intake/api/fixture.h"

#include "intake/desk/ticket_emergency.h"
#include "intake/desk/closing.h"
#include "intake/desk/survey.h"
#include "intake/desk/ticket_close.h"
#include "intake/desk/ticket_sweep.h"
#include "intake/desk/visits.h"
#include "intake/intake_check.h"

#include <stdio.h>

#define DAY_MS INT64_C(86400000)

static inline struct who lin(void)
{
    return who_staff(ROLE_ENGINEER, "lin");
}

static inline uint32_t open_ticket(struct fixture *f, const char *severity)
{
    const struct who who = who_customer();
    json_t *contact = json_pack("{s:s,s:s}", "name", "Wu", "mail", "wu@example.com");
    struct ticket_opened opened;
    struct error err;

    assert_ok(ticket_open(f->app, &who,
                          &(struct ticket_input){.severity = bytes_str(severity),
                                                 .channel = BYTES_LIT("phone"),
                                                 .title = BYTES_LIT("It hums"),
                                                 .product = BYTES_LIT("HG8"),
                                                 .contact = contact},
                          &opened, &err));
    json_decref(contact);
    return opened.no;
}

static inline void step(struct fixture *f, uint32_t no, const char *event, const char *reason)
{
    const struct who who = lin();
    struct error err;

    assert_ok(ticket_move(f->app, &who, no, bytes_str(event), bytes_str(reason), &err));
}

/* Resolved; with a case, with a statement, or with neither. */
enum recorded { NOTHING, CASE, STATEMENT };
static inline uint32_t resolved_ticket(struct fixture *f, const char *severity,
                                       enum recorded recorded)
{
    const struct who who = lin();
    const uint32_t no = open_ticket(f, severity);
    struct error err;

    step(f, no, "take", "");
    if (strcmp(severity, "S1") == 0) { /* restored before resolved, explained before closed */
        step(f, no, "restore", "");
        assert_ok(ticket_notice(f->app, &who, no, BYTES_LIT("root_cause"), BYTES_LIT("a plug"),
                                false, &err));
    }
    if (recorded == CASE)
        assert_ok(ticket_link(f->app, &who, no, BYTES_LIT("K-1"), BYTES_LIT("resolved_by"), &err));
    assert_ok(ticket_step(f->app, &who, no, BYTES_LIT("resolve"),
                          recorded == STATEMENT ? BYTES_LIT("a loose plug") : BYTES_LIT(""),
                          recorded == STATEMENT, &err));
    return no;
}

static inline uint32_t closed_ticket(struct fixture *f, const char *severity)
{
    const uint32_t no = resolved_ticket(f, severity, STATEMENT);

    step(f, no, "close", "");
    return no;
}

static inline json_t *read_ticket(struct fixture *f, const struct who *who, uint32_t no)
{
    json_t *ticket = NULL;
    struct error err;

    assert_ok(ticket_get(f->app, who, no, &ticket, &err));
    return ticket;
}

/* "closed", or "closed.how" of the record as staff see it; good until the next call. */
static inline const char *look(struct fixture *f, uint32_t no, const char *part, const char *member)
{
    static char text[300];
    const struct who who = lin();
    json_t *ticket = read_ticket(f, &who, no);
    const json_t *object = part != NULL ? json_object_get(ticket, part) : ticket;

    (void)snprintf(text, sizeof text, "%s", json_get_str(object, member));
    json_decref(ticket);
    return text;
}

static inline bool has(struct fixture *f, uint32_t no, const char *member)
{
    const struct who who = lin();
    json_t *ticket = read_ticket(f, &who, no);
    bool there = json_object_get(ticket, member) != NULL;

    json_decref(ticket);
    return there;
}

static inline void sweep_at(struct fixture *f, int64_t at_ms)
{
    struct ticket_swept swept;
    struct error err;

    clock_fix(at_ms);
    assert_ok(ticket_sweep(f->app, &swept, &err));
}

/* Another document `closing` with one member changed: set("survey", "{'days':1,…}"). */
static inline void set_closing(struct fixture *f, const char *member, const char *value)
{
    const struct who admin = who_staff(ROLE_ADMIN, "boss");
    json_t *json, *complaints, *object = test_json_quoted(value);
    uint32_t version;
    struct error err;

    assert_ok(rules_get(f->app, RULES_CLOSING, &json, &err));
    assert_int_equal(
        0, json_object_set(json_object_get(json, "doc"), member, json_object_get(object, "is")));
    assert_ok(rules_set(f->app, &admin, RULES_CLOSING, json_object_get(json, "doc"),
                        RULES_ANY_VERSION, &version, &complaints, &err));
    json_decref(object);
    json_decref(json);
}

/* --- sound, and the same when it is told again ------------------------------------------------ */

static inline void add_fault(void *context, const char *sentence)
{
    struct buf *said = context;

    buf_printf(said, "%s\n", sentence);
}

/* What `check` says inside this transaction; the caller releases it. */
static inline struct buf faults_in(struct txn *txn)
{
    struct buf said = {0};
    struct error err;

    for (const check_more_fn *look_at = intake_checks; *look_at != NULL; look_at++)
        assert_ok((*look_at)(txn, add_fault, &said, &err));
    buf_add_u8(&said, 0);
    return said;
}

static inline void table_text(struct app *app, enum table table, struct buf *out)
{
    struct bytes key, body;
    struct cursor *cursor;
    struct txn *txn;
    struct error err;

    assert_ok(store_begin_read(app_store(app), &txn, &err));
    assert_ok(cursor_open(txn, table, BYTES_NONE, WALK_UP, &cursor, &err));
    while (cursor_next(cursor, &key, &body, &err) == AF_OK) {
        buf_add(out, key);
        buf_add(out, body);
    }
    cursor_close(cursor);
    txn_abort(txn);
}

static inline void demand_same_tables(struct app *a, struct app *b)
{
    static const enum table tables[] = {TABLE_TICKET,     TABLE_TICKET_DUE,   TABLE_TICKET_QUEUE,
                                        TABLE_SURVEY_KEY, TABLE_TICKET_VISIT, TABLE_TICKET_KEY};

    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        struct buf one = {0}, other = {0};

        table_text(a, tables[i], &one);
        table_text(b, tables[i], &other);
        if (!bytes_equal(buf_bytes(&one), buf_bytes(&other)))
            fail_msg("table %s differs after a replay", table_name(tables[i]));
        buf_release(&one);
        buf_release(&other);
    }
}

/* At the end of a test: `check` finds nothing, and another store that is told the journal holds
 * the same rows. */
static inline void demand_sound_and_repeatable(struct fixture *f)
{
    struct journal_head head;
    struct app *again;
    struct buf said;
    struct txn *txn;
    struct error err;
    char *dir = test_dir_new();

    assert_ok(app_open(dir, APP_WRITE, &again, &err));
    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    said = faults_in(txn);
    assert_string_equal("", (const char *)said.data);
    buf_release(&said);
    assert_ok(journal_head(txn, &head, &err));
    for (uint64_t seq = 1; seq <= head.seq; seq++) {
        struct bytes line;

        assert_ok(journal_line(txn, seq, &line, &err));
        assert_ok(journal_replay(app_journal(again), line, &err));
    }
    txn_abort(txn);
    demand_same_tables(f->app, again);
    app_close(again);
    test_dir_remove(dir);
}

#endif
