/* Handoffs through their services: due times, every step, who hears, links, guards, lists. */
#include "tests/intake/desk/outside_fixture.h"

#include "intake/ticket/handoff_flow.h"

static enum status send(struct fixture *f, uint32_t no, const char *target, const char *kind,
                        struct handoff_done *done, struct error *err)
{
    const struct who who = lin();

    return handoff_send(f->app, &who, no,
                        &(struct handoff_input){.target = bytes_str(target),
                                                .kind = bytes_str(kind),
                                                .title = BYTES_LIT("It loses packets"),
                                                .text = BYTES_LIT("Since 7.2 only.")},
                        done, err);
}

static enum status step(struct fixture *f, uint32_t no, uint32_t handoff, const char *event,
                        const char *said, struct error *err)
{
    const struct who who = lin();
    struct handoff_done done;

    return handoff_step(f->app, &who, no, handoff,
                        &(struct handoff_step){.event = bytes_str(event),
                                               .reason = bytes_str(said),
                                               .text = bytes_str(said)},
                        &done, err);
}

/* 2026-11-23 is a Monday; the shipped calendar "office" has 09:00-12:00 and 13:30-18:00 in
 * Shanghai, and IPD owes an answer after 240, 900, 2250 and 4500 minutes. */
static void an_answer_is_due_after_working_time_by_severity(void **state)
{
    static const struct {
        const char *severity, *sent, *due;
    } rows[] = {
        {"S1", "2026-11-23T09:00:00+08:00", "2026-11-23T06:30:00.000Z"}, /* 3 h, lunch, 1 h */
        {"S2", "2026-11-23T09:00:00+08:00", "2026-11-24T10:00:00.000Z"}, /* two days */
        {"S3", "2026-11-27T17:00:00+08:00", "2026-12-04T09:00:00.000Z"}, /* five, over a weekend */
        {"S4", "2026-11-28T03:00:00+08:00", "2026-12-11T10:00:00.000Z"}, /* ten, from Monday */
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct handoff_done done;
        struct error err;
        uint32_t no;

        at(rows[i].sent);
        no = new_ticket(f, rows[i].severity, "x");
        assert_ok(send(f, no, "ipd", "defect", &done, &err));
        assert_int_equal(1, done.no);
        assert_int_equal(32, strlen(done.link));
        assert_string_equal(rows[i].due, text_at(f, no, "handoffs.0.due"));
        /* an S1 waits for news of its team before */
        assert_string_equal("handoff:1",
                            text_at(f, no, i == 0 ? "timers.1.what" : "timers.0.what"));
        assert_string_equal("", text_at(f, no, "handoffs.0.key"));
    }
    assert_sound(f);
}

static void what_nobody_takes_is_not_handed_over(void **state)
{
    static const struct {
        const char *target, *kind, *says;
    } rows[] = {
        {"",     "",            "\"target\""                   },
        {"moon", "defect",      "\"target\" moon is none"      },
        {"ipd",  "",            "ipd takes requirement, defect"},
        {"ipd",  "opportunity", "ipd takes requirement, defect"},
    };
    struct fixture *f = *state;
    const struct who customer = who_customer(), who = lin();
    const uint32_t no = new_ticket(f, "S3", "x");
    struct handoff_done done;
    struct error err;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_refused(AF_INVALID, send(f, no, rows[i].target, rows[i].kind, &done, &err));
        assert_non_null(strstr(err.text, rows[i].says));
    }
    assert_refused(AF_NOT_FOUND, send(f, 99, "ipd", "defect", &done, &err));
    assert_refused(AF_DENIED,
                   handoff_send(f->app, &customer, no,
                                &(struct handoff_input){.target = BYTES_LIT("ipd")}, &done, &err));
    /* without a title it has the ticket's; a target that takes one thing need not be told which */
    set_rules(f, RULES_HANDOFFS,
              "{'targets':[{'id':'acme','side':'vendor','name':'Acme','kinds':['repair'],"
              "'calendar':'24x7','due':{'S1':60,'S2':60,'S3':60,'S4':60}}]}");
    assert_ok(handoff_send(f->app, &who, no, &(struct handoff_input){.target = BYTES_LIT("acme")},
                           &done, &err));
    assert_string_equal("x", text_at(f, no, "handoffs.0.title"));
    assert_string_equal("repair", text_at(f, no, "handoffs.0.kind"));
    assert_string_equal("vendor", text_at(f, no, "handoffs.0.side"));
    assert_ok(move(f, no, "cancel", "no more", &err));
    assert_refused(AF_CONFLICT, send(f, no, "acme", "repair", &done, &err));
}

/* Each state is brought about by steps; then each event either leads where the table says or
 * leaves everything as it was. */
static void every_state_takes_the_steps_of_the_table_through_the_service(void **state)
{
    static const char *const first[] = {NULL, "accept", "decline", "accept", "answer", "withdraw"};
    static const char *const then[] = {NULL, NULL, NULL, "answer", "confirm", NULL};
    struct fixture *f = *state;

    for (unsigned from = 0; from < HANDOFF_STATES; from++)
        for (unsigned event = 0; event < HANDOFF_OVERDUE; event++) {
            const uint32_t no = new_ticket(f, "S3", "x");
            const char *name = handoff_event_name((enum handoff_event)event);
            enum handoff_state to = (enum handoff_state)from;
            struct handoff_done done;
            struct error err;
            enum status wanted;

            assert_ok(send(f, no, "scm", "quality", &done, &err));
            if (first[from] != NULL)
                assert_ok(step(f, no, 1, first[from], "so", &err));
            if (then[from] != NULL)
                assert_ok(step(f, no, 1, then[from], "so", &err));
            wanted = handoff_flow_step((enum handoff_state)from, (enum handoff_event)event, "why",
                                       &to, &err);
            assert_int_equal(wanted, step(f, no, 1, name, "why", &err));
            assert_string_equal(handoff_state_name(to), text_at(f, no, "handoffs.0.state"));
        }
    assert_sound(f);
}

static void an_answer_needs_words_and_overdue_is_nobodys_step(void **state)
{
    struct fixture *f = *state;
    const uint32_t no = new_ticket(f, "S3", "x");
    struct handoff_done done;
    struct error err;

    assert_ok(send(f, no, "scm", "quality", &done, &err));
    assert_refused(AF_INVALID, step(f, no, 1, "answer", "", &err));
    assert_refused(AF_INVALID, step(f, no, 1, "decline", "", &err));
    assert_refused(AF_INVALID, step(f, no, 1, "overdue", "", &err));
    assert_refused(AF_INVALID, step(f, no, 1, "explode", "", &err));
    assert_refused(AF_NOT_FOUND, step(f, no, 2, "accept", "", &err));
    assert_refused(AF_NOT_FOUND, step(f, no, 0, "accept", "", &err));
    assert_ok(step(f, no, 1, "answer", "It was the firmware.", &err));
    assert_string_equal("It was the firmware.", text_at(f, no, "handoffs.0.reply"));
    assert_true(text_at(f, no, "handoffs.0.accepted")[0] != '\0'); /* an answer accepts */
}

static void not_satisfied_or_declined_it_is_sent_again(void **state)
{
    struct fixture *f = *state;
    const struct who who = lin();
    const uint32_t no = new_ticket(f, "S1", "x");
    struct handoff_done first, second, third;
    struct error err;
    json_t *shown;

    at("2026-11-23T09:00:00+08:00");
    assert_ok(send(f, no, "ipd", "defect", &first, &err));
    assert_ok(step(f, no, 1, "answer", "restart it", &err));
    at("2026-11-24T09:00:00+08:00");
    assert_ok(handoff_step(f->app, &who, no, 1,
                           &(struct handoff_step){.event = BYTES_LIT("send"),
                                                  .reason = BYTES_LIT("that does not help")},
                           &second, &err));
    assert_string_not_equal(first.link, second.link);
    assert_refused(AF_NOT_FOUND, handoff_by_link(f->app, bytes_str(first.link), &shown, &err));
    assert_string_equal("2026-11-24T06:30:00.000Z", text_at(f, no, "handoffs.0.due"));
    assert_string_equal("", text_at(f, no, "handoffs.0.reply")); /* the old one is history: */
    assert_string_equal("restart it", text_at(f, no, "handoffs.0.history.1.text"));
    assert_ok(step(f, no, 1, "decline", "not our box", &err));
    /* to a target that takes something else it is said what for */
    assert_refused(AF_INVALID, handoff_step(f->app, &who, no, 1,
                                            &(struct handoff_step){.event = BYTES_LIT("send"),
                                                                   .reason = BYTES_LIT("theirs"),
                                                                   .target = BYTES_LIT("scm")},
                                            &third, &err));
    assert_ok(handoff_step(f->app, &who, no, 1,
                           &(struct handoff_step){.event = BYTES_LIT("send"),
                                                  .reason = BYTES_LIT("theirs"),
                                                  .target = BYTES_LIT("scm"),
                                                  .kind = BYTES_LIT("quality")},
                           &third, &err));
    assert_string_equal("scm", text_at(f, no, "handoffs.0.target"));
    assert_string_equal("scm", text_at(f, no, "handoffs.0.side"));
    assert_string_equal("ipd", text_at(f, no, "handoffs.0.history.0.target"));
    assert_string_equal("2026-11-23T06:30:00.000Z", text_at(f, no, "handoffs.0.history.0.due"));
    assert_sound(f);
}

static void overdue_is_marked_once_and_the_manager_told(void **state)
{
    struct fixture *f = *state;
    struct handoff_done done;
    struct error err;
    uint32_t no;

    set_rules(f, RULES_HANDOFFS,
              "{'targets':[{'id':'ipd','side':'ipd','name':'R','kinds':['defect'],"
              "'calendar':'24x7','manager':'li.na','due':{'S1':60,'S2':60,'S3':60,'S4':60}},"
              "{'id':'scm','side':'scm','name':'S','kinds':['quality'],"
              "'calendar':'24x7','due':{'S1':60,'S2':60,'S3':60,'S4':60}}]}");
    at("2026-11-23T09:00:00Z");
    no = new_ticket(f, "S4", "x");
    assert_ok(send(f, no, "ipd", "defect", &done, &err));
    assert_ok(send(f, no, "scm", "quality", &done, &err));
    at("2026-11-23T10:00:00Z");
    assert_int_equal(0, sweep(f).timers); /* due now is not overdue */
    at("2026-11-23T10:00:01Z");
    assert_int_equal(2, sweep(f).timers);
    assert_int_equal(0, sweep(f).timers);
    assert_string_equal("2026-11-23T10:00:00.000Z", text_at(f, no, "handoffs.0.overdue"));
    assert_string_equal("sent", text_at(f, no, "handoffs.0.state"));
    assert_string_equal("handoff_overdue", text_at(f, no, "notices.0.what"));
    assert_string_equal("li.na", text_at(f, no, "notices.0.to"));
    assert_string_equal("desk",
                        text_at(f, no, "notices.1.to")); /* no manager: who must run after it */
    /* answered late it stays overdue; sent again it is so no more */
    assert_ok(step(f, no, 1, "answer", "yes", &err));
    assert_true(text_at(f, no, "handoffs.0.overdue")[0] != '\0');
    assert_ok(step(f, no, 1, "send", "and?", &err));
    assert_string_equal("", text_at(f, no, "handoffs.0.overdue"));
    at("2026-11-23T11:00:02Z");
    assert_int_equal(1, sweep(f).timers);
    assert_sound(f);
}

static void waiting_needs_a_handoff_and_ends_with_the_last_answer(void **state)
{
    struct fixture *f = *state;
    const uint32_t no = new_ticket(f, "S3", "x");
    struct handoff_done done;
    struct error err;

    assert_ok(move(f, no, "take", "", &err));
    assert_refused(AF_CONFLICT, move(f, no, "wait_handoff", "", &err));
    assert_non_null(strstr(err.text, "no handoff"));
    assert_ok(send(f, no, "ipd", "defect", &done, &err));
    assert_ok(send(f, no, "ltc", "enquiry", &done, &err));
    assert_ok(move(f, no, "wait_handoff", "", &err));
    assert_ok(step(f, no, 1, "answer", "fixed in 7.3", &err));
    assert_string_equal("pending_handoff", text_at(f, no, "state"));
    assert_ok(step(f, no, 2, "decline", "no project", &err));
    assert_string_equal("in_progress", text_at(f, no, "state"));
    /* both are ours to look at: nobody is waited for */
    assert_refused(AF_CONFLICT, move(f, no, "wait_handoff", "", &err));
    assert_string_equal("handoff_answer", text_at(f, no, "notices.0.what"));
    assert_string_equal("handoff_decline", text_at(f, no, "notices.1.what"));
    assert_sound(f);
}

static void a_ticket_does_not_close_over_an_open_handoff(void **state)
{
    static const char *const ends[] = {"close", "reject", "spam"};
    struct fixture *f = *state;
    struct handoff_done done;
    struct error err;

    for (unsigned i = 0; i < 3; i++) {
        const uint32_t no = new_ticket(f, "S3", "x");

        assert_ok(send(f, no, "ipd", "defect", &done, &err));
        assert_ok(move(f, no, "take", "", &err));
        if (i == 0)
            assert_ok(move(f, no, "resolve", "", &err));
        assert_refused(AF_CONFLICT, move(f, no, ends[i], "nothing to record", &err));
        assert_non_null(strstr(err.text, "handoff 1 to ipd (sent) is open"));
        assert_ok(step(f, no, 1, "answer", "a", &err));
        assert_refused(AF_CONFLICT, move(f, no, ends[i], "nothing to record", &err));
        assert_ok(step(f, no, 1, "confirm", "", &err));
        assert_ok(move(f, no, ends[i], "nothing to record", &err));
    }
}

static void a_cancelled_ticket_withdraws_what_is_open(void **state)
{
    struct fixture *f = *state;
    const uint32_t no = new_ticket(f, "S3", "x");
    struct handoff_done open, answered, over;
    struct error err;
    json_t *shown;

    assert_ok(send(f, no, "ipd", "defect", &open, &err));
    assert_ok(send(f, no, "ipd", "defect", &answered, &err));
    assert_ok(send(f, no, "ipd", "defect", &over, &err));
    assert_ok(step(f, no, 2, "answer", "a", &err));
    assert_ok(step(f, no, 3, "answer", "a", &err));
    assert_ok(step(f, no, 3, "confirm", "", &err));
    assert_ok(move(f, no, "cancel", "the customer wrote by mistake", &err));
    assert_string_equal("withdrawn", text_at(f, no, "handoffs.0.state"));
    assert_string_equal("the customer wrote by mistake",
                        text_at(f, no, "handoffs.0.history.1.reason"));
    assert_string_equal("withdrawn", text_at(f, no, "handoffs.1.state"));
    assert_string_equal("confirmed", text_at(f, no, "handoffs.2.state"));
    assert_string_equal("", text_at(f, no, "timers.0.what"));
    assert_refused(AF_NOT_FOUND, handoff_by_link(f->app, bytes_str(open.link), &shown, &err));
    assert_sound(f);
}

static void a_link_shows_the_question_and_takes_the_answer(void **state)
{
    struct fixture *f = *state;
    const uint32_t no = new_ticket(f, "S2", "Our own words about him");
    struct handoff_done done;
    struct error err;
    json_t *shown;

    assert_ok(move(f, no, "take", "", &err));
    assert_ok(send(f, no, "ipd", "defect", &done, &err));
    assert_ok(move(f, no, "wait_handoff", "", &err));
    assert_ok(handoff_by_link(f->app, bytes_str(done.link), &shown, &err));
    assert_string_equal("It loses packets", json_get_str(shown, "title"));
    assert_string_equal("Since 7.2 only.", json_get_str(shown, "text"));
    assert_string_equal("S2", json_get_str(shown, "severity"));
    assert_null(json_object_get(shown, "history")); /* nor anything else of the ticket */
    assert_null(json_object_get(shown, "contact"));
    json_decref(shown);
    for (unsigned event = HANDOFF_CONFIRM; event < HANDOFF_OVERDUE; event++)
        assert_refused(AF_DENIED, handoff_step_by_link(
                                      f->app, bytes_str(done.link),
                                      &(struct handoff_step){.event = bytes_str(handoff_event_name(
                                                                 (enum handoff_event)event)),
                                                             .reason = BYTES_LIT("why")},
                                      &err));
    assert_refused(AF_NOT_FOUND, handoff_step_by_link(
                                     f->app, BYTES_LIT("0123456789abcdef0123456789abcdef"),
                                     &(struct handoff_step){.event = BYTES_LIT("accept")}, &err));
    assert_ok(handoff_step_by_link(f->app, bytes_str(done.link),
                                   &(struct handoff_step){.event = BYTES_LIT("answer"),
                                                          .text = BYTES_LIT("fixed in 7.3"),
                                                          .ref = BYTES_LIT("DTS-4711")},
                                   &err));
    assert_string_equal("in_progress", text_at(f, no, "state"));
    assert_string_equal("DTS-4711", text_at(f, no, "handoffs.0.ref"));
    assert_string_equal("target:ipd", text_at(f, no, "handoffs.0.history.1.by"));
    assert_refused(AF_CONFLICT,
                   handoff_step_by_link(f->app, bytes_str(done.link),
                                        &(struct handoff_step){.event = BYTES_LIT("answer"),
                                                               .text = BYTES_LIT("twice")},
                                        &err));
    assert_ok(step(f, no, 1, "confirm", "", &err));
    assert_refused(AF_NOT_FOUND, handoff_by_link(f->app, bytes_str(done.link), &shown, &err));
}

static void a_link_ends_some_days_after_the_answer_was_due(void **state)
{
    struct fixture *f = *state;
    struct handoff_done done;
    struct error err;
    json_t *shown;
    uint32_t no;

    at("2026-11-23T09:00:00+08:00");
    no = new_ticket(f, "S2", "x");
    assert_ok(send(f, no, "ipd", "defect", &done, &err));
    clock_fix(1795514400000 + HANDOFF_LINK_DAYS * INT64_C(86400000) -
              1); /* 24th, 18:00, Shanghai */
    assert_ok(handoff_by_link(f->app, bytes_str(done.link), &shown, &err));
    json_decref(shown);
    clock_fix(1795514400000 + HANDOFF_LINK_DAYS * INT64_C(86400000));
    assert_refused(AF_NOT_FOUND, handoff_by_link(f->app, bytes_str(done.link), &shown, &err));
    assert_refused(AF_NOT_FOUND, handoff_step_by_link(
                                     f->app, bytes_str(done.link),
                                     &(struct handoff_step){.event = BYTES_LIT("accept")}, &err));
}

static void a_repeat_with_its_key_sends_once_and_gives_the_same_link(void **state)
{
    struct fixture *f = *state;
    const struct who who = lin();
    const uint32_t no = new_ticket(f, "S2", "x");
    struct handoff_input input = {
        .target = BYTES_LIT("ipd"), .kind = BYTES_LIT("defect"), .key = "k-1"};
    struct handoff_done first, again;
    struct error err;

    assert_ok(handoff_send(f->app, &who, no, &input, &first, &err));
    assert_ok(handoff_send(f->app, &who, no, &input, &again, &err));
    assert_int_equal(first.no, again.no);
    assert_string_equal(first.link, again.link);
    assert_string_equal("", text_at(f, no, "handoffs.1.state"));
    input.text = BYTES_LIT("another");
    assert_refused(AF_CONFLICT, handoff_send(f->app, &who, no, &input, &again, &err));
}

static void limits_of_handoffs_are_told(void **state)
{
    struct fixture *f = *state;
    const struct who who = lin();
    const uint32_t no = new_ticket(f, "S2", "x");
    char *text = calloc(1, HANDOFF_TEXT_BYTES_MAX + 2), *ref = calloc(1, HANDOFF_REF_BYTES_MAX + 2);
    struct handoff_done done;
    struct error err;

    assert_true(text != NULL && ref != NULL);
    memset(text, 'a', HANDOFF_TEXT_BYTES_MAX + 1);
    memset(ref, 'a', HANDOFF_REF_BYTES_MAX + 1);
    assert_refused(AF_TOO_LARGE, handoff_send(f->app, &who, no,
                                              &(struct handoff_input){.target = BYTES_LIT("ipd"),
                                                                      .kind = BYTES_LIT("defect"),
                                                                      .text = bytes_str(text)},
                                              &done, &err));
    assert_refused(AF_TOO_LARGE, handoff_send(f->app, &who, no,
                                              &(struct handoff_input){.target = BYTES_LIT("ipd"),
                                                                      .kind = BYTES_LIT("defect"),
                                                                      .ref = bytes_str(ref)},
                                              &done, &err));
    for (unsigned i = 0; i < TICKET_HANDOFFS_MAX; i++)
        assert_ok(send(f, no, "ipd", "defect", &done, &err));
    assert_refused(AF_TOO_LARGE, send(f, no, "ipd", "defect", &done, &err));
    assert_string_equal("sent", text_at(f, no, "handoffs.0.state"));
    for (unsigned i = 1; i + 1 < HANDOFF_TURNS_MAX; i += 2) {
        assert_ok(step(f, no, 1, "answer", "a", &err));
        assert_ok(step(f, no, 1, "send", "more", &err));
    }
    assert_ok(step(f, no, 1, "answer", "a", &err));
    assert_refused(AF_TOO_LARGE, step(f, no, 1, "send", "more", &err));
    assert_ok(step(f, no, 1, "confirm", "", &err)); /* what ends it is always possible */
    assert_sound(f);
    free(text);
    free(ref);
}

/* --- lists ---------------------------------------------------------------------------------- */

static unsigned list_all(struct fixture *f, const char *target, const char *state, uint32_t limit,
                         char *seen, size_t size)
{
    const struct who who = lin();
    char after[64] = "";
    unsigned pages = 0;

    seen[0] = '\0';
    do {
        json_t *list;
        const json_t *row;
        struct error err;
        size_t i;

        assert_ok(handoff_list(f->app, &who,
                               &(struct outside_filter){.name = bytes_str(target),
                                                        .state = bytes_str(state),
                                                        .limit = limit,
                                                        .after = bytes_str(after)},
                               &list, &err));
        json_array_foreach(json_object_get(list, "handoffs"), i, row)
        {
            const size_t len = strlen(seen);

            assert_null(json_object_get(json_object_get(row, "handoff"), "text"));
            assert_null(json_object_get(json_object_get(row, "handoff"), "key"));
            (void)snprintf(seen + len, size - len, "%llu.%llu ",
                           (unsigned long long)json_get_u64(row, "n"),
                           (unsigned long long)json_get_u64(json_object_get(row, "handoff"), "no"));
        }
        (void)snprintf(after, sizeof after, "%s", json_get_str(list, "after"));
        json_decref(list);
        pages++;
    } while (after[0] != '\0');
    return pages;
}

static void open_handoffs_of_all_tickets_are_listed_by_due_time(void **state)
{
    struct fixture *f = *state;
    const struct who customer = who_customer(), who = lin();
    struct handoff_done done;
    struct error err;
    char seen[256];
    json_t *list;

    at("2026-11-23T09:00:00+08:00");
    (void)new_ticket(f, "S4", "a");
    (void)new_ticket(f, "S1", "b");
    assert_ok(send(f, 1, "ipd", "defect", &done, &err));  /* 4500 minutes */
    assert_ok(send(f, 1, "ltc", "enquiry", &done, &err)); /* 2250 */
    assert_ok(send(f, 2, "ipd", "defect", &done, &err));  /* 240 */
    assert_ok(send(f, 2, "ipd", "defect", &done, &err));
    assert_int_equal(1, list_all(f, "", "", 50, seen, sizeof seen));
    assert_string_equal("2.1 2.2 1.2 1.1 ", seen);
    assert_int_equal(4, list_all(f, "", "", 1, seen, sizeof seen));
    assert_string_equal("2.1 2.2 1.2 1.1 ", seen);
    (void)list_all(f, "ipd", "", 2, seen, sizeof seen);
    assert_string_equal("2.1 2.2 1.1 ", seen);
    assert_ok(step(f, 2, 1, "answer", "a", &err));
    (void)list_all(f, "ipd", "awaited", 50, seen, sizeof seen);
    assert_string_equal("2.2 1.1 ", seen);
    (void)list_all(f, "", "answered", 50, seen, sizeof seen);
    assert_string_equal("2.1 ", seen);
    assert_ok(step(f, 2, 1, "confirm", "", &err));
    (void)list_all(f, "ipd", "", 50, seen, sizeof seen);
    assert_string_equal("2.2 1.1 ", seen);
    (void)list_all(f, "nobody", "", 50, seen, sizeof seen);
    assert_string_equal("", seen);
    assert_refused(AF_DENIED, handoff_list(f->app, &customer, &(struct outside_filter){.limit = 1},
                                           &list, &err));
    assert_refused(AF_INVALID,
                   handoff_list(f->app, &who, &(struct outside_filter){.limit = 0}, &list, &err));
    for (unsigned i = 0; i < 4; i++) {
        static const char *const wrong[] = {"1", "1-2", "x-1-1", "1-2-3x"};

        assert_refused(AF_INVALID, handoff_list(f->app, &who,
                                                &(struct outside_filter){
                                                    .limit = 1, .after = bytes_str(wrong[i])},
                                                &list, &err));
    }
    assert_refused(AF_INVALID, handoff_list(f->app, &who,
                                            &(struct outside_filter){
                                                .limit = 1, .state = BYTES_LIT("confirmed")},
                                            &list, &err));
}

/* What a page looks at is bounded, whatever the filter wants. */
static void a_page_looks_at_a_bounded_number_of_rows(void **state)
{
    struct fixture *f = *state;
    struct handoff_done done;
    struct error err;
    char seen[64];

    for (unsigned i = 0; i < OUTSIDE_SCAN_MAX / TICKET_HANDOFFS_MAX; i++) {
        const uint32_t no = new_ticket(f, "S4", "x");

        for (unsigned j = 0; j < TICKET_HANDOFFS_MAX; j++)
            assert_ok(send(f, no, "ipd", "defect", &done, &err));
    }
    (void)new_ticket(f, "S4", "x");
    assert_ok(send(f, OUTSIDE_SCAN_MAX / TICKET_HANDOFFS_MAX + 1, "ipd", "defect", &done, &err));
    assert_ok(step(f, OUTSIDE_SCAN_MAX / TICKET_HANDOFFS_MAX + 1, 1, "answer", "a", &err));
    assert_int_equal(2, list_all(f, "ipd", "answered", 50, seen, sizeof seen));
    assert_string_equal("101.1 ", seen);
}

/* --- who sees what -------------------------------------------------------------------------- */

static void a_customer_sees_that_others_are_asked_and_no_more(void **state)
{
    struct fixture *f = *state;
    const struct who customer = who_customer();
    const uint32_t no = new_ticket(f, "S2", "x");
    struct handoff_done done;
    struct error err;
    json_t *ticket, *list;
    char *all;

    assert_ok(move(f, no, "take", "", &err));
    for (unsigned i = 0; i < 3; i++)
        assert_ok(send(f, no, "ipd", "defect", &done, &err));
    assert_ok(step(f, no, 1, "answer", "our secret", &err));
    assert_ok(step(f, no, 2, "withdraw", "our reason", &err));
    assert_ok(move(f, no, "wait_handoff", "", &err));
    ticket = get(f, &customer, no);
    list = json_object_get(ticket, "handoffs");
    assert_int_equal(2, json_array_size(list));
    assert_string_equal("answered", json_get_str(json_array_get(list, 0), "state"));
    assert_string_equal("waiting", json_get_str(json_array_get(list, 1), "state"));
    assert_int_equal(3, json_object_size(json_array_get(list, 1)));
    all = json_dumps(ticket, 0);
    for (unsigned i = 0; i < 8; i++) {
        static const char *const internal[] = {"secret",        "our reason", "ipd",
                                               "loses packets", "Since 7.2",  "lin.wei",
                                               "notices",       "handoff_"};

        if (strstr(all, internal[i]) != NULL)
            fail_msg("a customer sees \"%s\" in %s", internal[i], all);
    }
    free(all);
    json_decref(ticket);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
    const struct CMUnitTest tests[] = {
        TEST(an_answer_is_due_after_working_time_by_severity),
        TEST(what_nobody_takes_is_not_handed_over),
        TEST(every_state_takes_the_steps_of_the_table_through_the_service),
        TEST(an_answer_needs_words_and_overdue_is_nobodys_step),
        TEST(not_satisfied_or_declined_it_is_sent_again),
        TEST(overdue_is_marked_once_and_the_manager_told),
        TEST(waiting_needs_a_handoff_and_ends_with_the_last_answer),
        TEST(a_ticket_does_not_close_over_an_open_handoff),
        TEST(a_cancelled_ticket_withdraws_what_is_open),
        TEST(a_link_shows_the_question_and_takes_the_answer),
        TEST(a_link_ends_some_days_after_the_answer_was_due),
        TEST(a_repeat_with_its_key_sends_once_and_gives_the_same_link),
        TEST(limits_of_handoffs_are_told),
        TEST(open_handoffs_of_all_tickets_are_listed_by_due_time),
        TEST(a_page_looks_at_a_bounded_number_of_rows),
        TEST(a_customer_sees_that_others_are_asked_and_no_more),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
