/* desk.h: tickets of a fixture's store, for tests of what people do with them. */
#ifndef ASKFIRST_TESTS_INTAKE_DESK_DESK_H
#define ASKFIRST_TESTS_INTAKE_DESK_DESK_H

#include "tests/intake/api/fixture.h"

#include "intake/desk/handoff.h"
#include "intake/desk/part.h"
#include "intake/intake_check.h"

/* clang-format off */
#define LIN      ((struct who[]){who_staff(ROLE_ENGINEER, "lin.wei")})
#define MORI     ((struct who[]){who_staff(ROLE_SUPERVISOR, "mori")})
#define CUSTOMER ((struct who[]){who_customer()})
/* clang-format on */

static inline uint32_t desk_open_as(struct fixture *f, const char *severity, const char *mail)
{
    json_t *contact = json_pack("{s:s}", "mail", mail);
    struct ticket_opened opened;
    struct error err;

    assert_ok(ticket_open(f->app, CUSTOMER,
                          &(struct ticket_input){.severity = bytes_str(severity),
                                                 .channel = BYTES_LIT("phone"),
                                                 .title = BYTES_LIT("It blinks"),
                                                 .text = BYTES_LIT("Since this morning."),
                                                 .lang = BYTES_LIT("en"),
                                                 .contact = contact},
                          &opened, &err));
    json_decref(contact);
    return opened.no;
}

static inline uint32_t desk_open(struct fixture *f)
{
    return desk_open_as(f, "S3", "a@example.org");
}

/* What waits, waits for something. */
static inline void desk_ask_others(struct fixture *f, uint32_t no, struct bytes step)
{
    struct handoff_done done;
    uint32_t request;
    struct error err;

    if (bytes_equal(step, BYTES_LIT("wait_parts")))
        assert_ok(part_request(f->app, LIN, no,
                               &(struct part_input){.part = BYTES_LIT("PSU-650"), .qty = 1},
                               &request, &err));
    if (bytes_equal(step, BYTES_LIT("wait_handoff")))
        assert_ok(handoff_send(
            f->app, LIN, no,
            &(struct handoff_input){.target = BYTES_LIT("ipd"), .kind = BYTES_LIT("defect")}, &done,
            &err));
}

/* The words are steps. */
static inline void desk_move(struct fixture *f, uint32_t no, const char *steps)
{
    while (*steps != '\0') {
        const size_t len = strcspn(steps, " ");
        struct error err;

        desk_ask_others(f, no, bytes_of(steps, len));
        if (ticket_move(f->app, LIN, no, bytes_of(steps, len), BYTES_LIT("a reason"), &err) !=
            AF_OK)
            fail_msg("%.*s: %s", (int)len, steps, err.text);
        steps += len;
        steps += *steps == ' ';
    }
}

static inline void desk_reply(struct fixture *f, const struct who *who, uint32_t no,
                              const char *text)
{
    struct error err;

    assert_ok(ticket_reply(f->app, who, no, bytes_str(text), false, NULL, &err));
}

/* Until the fixture's arena is cleared the caller need not care; it is his to decref. */
static inline json_t *desk_get(struct fixture *f, const struct who *who, uint32_t no)
{
    struct error err;
    json_t *ticket;

    assert_ok(ticket_get(f->app, who, no, &ticket, &err));
    return ticket;
}

static inline void desk_assert_state(struct fixture *f, uint32_t no, const char *state)
{
    json_t *ticket = desk_get(f, LIN, no);

    assert_string_equal(state, json_get_str(ticket, "state"));
    json_decref(ticket);
}

/* Everything that is stored of it. */
static inline json_t *desk_record(struct fixture *f, uint32_t no)
{
    struct error err;
    struct txn *txn;
    json_t *ticket;

    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    assert_ok(ticket_load(txn, no, &ticket, &err));
    txn_abort(txn);
    return ticket;
}

/* The posts' texts, one after another with a comma between. */
static inline const char *desk_texts(struct fixture *f, const json_t *ticket)
{
    struct buf texts = {0};
    const json_t *post;
    const char *joined;
    size_t i;

    json_array_foreach(json_object_get(ticket, "posts"), i, post)
        buf_printf(&texts, "%s%s", i > 0 ? ", " : "", json_get_str(post, "text"));
    joined = arena_str(f->ids, buf_bytes(&texts));
    buf_release(&texts);
    return joined;
}

static inline void desk_note_fault(void *context, const char *sentence)
{
    struct buf *said = context;

    buf_printf(said, "%s\n", sentence);
}

/* What check says of the store, "" when it is sound; arena memory. */
static inline const char *desk_faults(struct fixture *f)
{
    struct buf said = {0};
    const struct check_options options = {
        .fault = desk_note_fault, .context = &said, .more = intake_checks};
    struct check_counts counts;
    struct error err;
    const char *text;

    assert_ok(store_check_with(app_store(f->app), &options, &counts, &err));
    text = arena_str(f->ids, buf_bytes(&said));
    buf_release(&said);
    return text;
}

/* Members put in place of a record's own, with sums as they should be. */
static inline void desk_damage(struct fixture *f, uint32_t no, const char *members)
{
    json_t *record, *more = test_json_quoted(members);
    uint8_t key[4];
    struct error err;
    struct txn *txn;

    put_be32(key, no);
    assert_ok(store_begin_write(app_store(f->app), &txn, &err));
    assert_ok(ticket_load(txn, no, &record, &err));
    assert_int_equal(0, json_object_update(record, more));
    assert_ok(store_put_json(txn, TABLE_TICKET, bytes_of(key, sizeof key), record, &err));
    assert_ok(txn_commit(txn, &err));
    json_decref(record);
    json_decref(more);
}

/* A thread of `count` posts, without writing one after another. */
static inline void desk_fill_thread(struct fixture *f, uint32_t no, int count)
{
    struct buf members = {0};

    buf_add_str(&members, "{'posts':[");
    for (int i = 0; i < count; i++)
        buf_printf(&members,
                   "%s{'at':'2026-11-22T01:53:10.123Z','by':'x','from':'staff','text':'x',"
                   "'internal':false}",
                   i > 0 ? "," : "");
    buf_add_str(&members, "]}");
    desk_damage(f, no, buf_str(&members));
    buf_release(&members);
}

#endif
