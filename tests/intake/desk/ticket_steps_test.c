/* Every state with everything that may happen to it, through the services that the API, the pages
 * and the command line share: where it leads, or a sentence and nothing changed. */
#include "tests/intake/desk/desk.h"

#include "intake/desk/ticket_ties.h"

#include <stdio.h>

/* How a new ticket comes to each state; merged: into another. */
static const char *const ways[TICKET_STATES] = {
    [TICKET_SUBMITTED] = "",
    [TICKET_ACCEPTED] = "accept",
    [TICKET_TRIAGED] = "accept triage",
    [TICKET_DISPATCHED] = "accept triage dispatch",
    [TICKET_IN_PROGRESS] = "take",
    [TICKET_PENDING_CUSTOMER] = "take wait_customer",
    [TICKET_PENDING_PARTS] = "take wait_parts",
    [TICKET_PENDING_HANDOFF] = "take wait_handoff",
    [TICKET_RESTORED] = "take restore",
    [TICKET_RESOLVED] = "take resolve",
    [TICKET_CLOSED] = "take resolve close",
    [TICKET_OUT_OF_SCOPE] = "reject",
    [TICKET_CANCELLED] = "cancel",
    [TICKET_SPAM] = "spam",
    [TICKET_MERGED] = "",
};

/* Letters of states, as in tests/intake/api/flow_test. Columns: the steps in the order of enum
 * ticket_event up to spam; then merge into an open ticket, unmerge; a customer's reply, a reply of
 * staff, a note, another severity, a link to a case. A dot: refused. */
static const char letters[] = "SATDPcphRVXONMG";
static const char *const table[TICKET_STATES] = {
    /* a t d s  t c p h  r r r c  r r c s  m u  c s n v l */
    "A...P........ONMG.SSSSS", /* submitted */
    ".T..P........ONMG.AAAAA", /* accepted */
    "..D.P........ONMG.TTTTT", /* triaged */
    "...PP........ONMG.DDDDD", /* dispatched */
    ".....c...RV..ONMG.PPPPP", /* in_progress: nothing is owed that it could wait for */
    "........P....ONMG.Pcccc", /* pending_customer */
    "........P.....N...ppppp", /* pending_parts: a part is still to come */
    "........P.....N...hhhhh", /* pending_handoff: an answer is */
    "........P.V..ONMG.RRRRR", /* restored */
    "........P..X....G.PVVVV", /* resolved */
    "............P...G.PXX.X", /* closed */
    "...................OO.O", /* out_of_scope */
    "...................NN.N", /* cancelled */
    "...................MM.M", /* spam */
    ".................SGGG.G", /* merged: words go to the one that goes on */
};

enum { MERGE = EVENT_MERGE, UNMERGE, CUSTOMER_REPLY, STAFF_REPLY, NOTE, SEVERITY, LINK, COLUMNS };

static uint32_t ticket_that_is(struct fixture *f, enum ticket_state state, uint32_t survivor)
{
    const uint32_t no = desk_open(f);
    uint32_t ignored;
    struct error err;

    desk_move(f, no, ways[state]);
    if (state == TICKET_MERGED)
        assert_ok(ticket_merge(f->app, LIN, no, survivor, BYTES_LIT(""), &ignored, &err));
    return no;
}

static enum status happen(struct fixture *f, uint32_t no, unsigned what, uint32_t survivor,
                          struct error *err)
{
    const struct bytes why = BYTES_LIT("a reason");
    uint32_t ignored;

    switch (what) {
    case MERGE:
        return ticket_merge(f->app, LIN, no, survivor, why, &ignored, err);
    case UNMERGE:
        return ticket_unmerge(f->app, MORI, no, why, err);
    case CUSTOMER_REPLY:
        return ticket_reply(f->app, CUSTOMER, no, BYTES_LIT("x"), false, NULL, err);
    case STAFF_REPLY:
        return ticket_reply(f->app, LIN, no, BYTES_LIT("x"), false, NULL, err);
    case NOTE:
        return ticket_reply(f->app, LIN, no, BYTES_LIT("x"), true, NULL, err);
    case SEVERITY:
        return ticket_severity(f->app, LIN, no, BYTES_LIT("S2"), why, true, err);
    case LINK:
        return ticket_link(f->app, LIN, no, BYTES_LIT("K-1"), BYTES_LIT("consulted"), err);
    default:
        return ticket_move(f->app, LIN, no, bytes_str(ticket_event_name((enum ticket_event)what)),
                           why, err);
    }
}

static const char *name_of(unsigned what)
{
    static const char *const more[] = {"customer's reply", "staff's reply", "note", "severity",
                                       "link"};

    return what < TICKET_EVENTS ? ticket_event_name((enum ticket_event)what)
                                : more[what - TICKET_EVENTS];
}

static void every_pair_leads_where_it_should_or_changes_nothing(void **state)
{
    struct fixture *f = *state;
    unsigned allowed = 0, refused = 0;

    assert_int_equal(TICKET_EVENTS, CUSTOMER_REPLY);
    for (unsigned from = 0; from < TICKET_STATES; from++)
        for (unsigned what = 0; what < COLUMNS; what++) {
            const uint32_t survivor = desk_open(f);
            const uint32_t no = ticket_that_is(f, (enum ticket_state)from, survivor);
            const char wanted = table[from][what];
            json_t *before = desk_record(f, no), *after;
            struct error err = {.text = ""};
            const enum status status = happen(f, no, what, survivor, &err);
            enum ticket_state to = TICKET_STATES;

            after = desk_record(f, no);
            assert_true(ticket_state_parse(bytes_str(json_get_str(after, "state")), &to));
            if ((status == AF_OK ? letters[to] : '.') != wanted)
                fail_msg("%s, %s: wanted %c, got %s (%s)", ticket_state_name(from), name_of(what),
                         wanted, ticket_state_name(to), err.text);
            if (status != AF_OK && (!json_equal(before, after) || strlen(err.text) < 15))
                fail_msg("%s, %s: changed, or without a sentence", ticket_state_name(from),
                         name_of(what));
            allowed += status == AF_OK;
            refused += status != AF_OK;
            json_decref(before);
            json_decref(after);
        }
    assert_int_equal(TICKET_STATES * COLUMNS, allowed + refused);
    assert_true(allowed > 100 && refused > 100);
    assert_string_equal("", desk_faults(f));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_pair_leads_where_it_should_or_changes_nothing,
                                        fixture_begin, fixture_end),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
