/* A store made by the real services is sound; whatever is then edited behind them, with right
 * checksums and sums so that only its meaning is wrong, is named with table and key. */
#include "tests/intake/api/fixture.h"

#include "intake/desk/handoff.h"
#include "intake/desk/part.h"
#include "intake/intake_check.h"
#include "intake/rules/rules.h"
#include "intake/vocabulary.h"

#include <stdio.h>

/* --- what the services make ----------------------------------------------------------------- */

enum which {
    SOLVED,
    ASKED,
    TICKET_1,
    TICKET_2,
    LINK_1,
    NEXT,
    ACCOUNT,
    TOKEN,
    WORDS,
    TYPES,
    OUTSIDE_H,
    OUTSIDE_P,
    NEW,
    WHICHES
};

struct made {
    const char *solved, *asked; /* ids of consults */
    char token[TOKEN_BYTES];
};

static void make_tickets(struct fixture *f, const char *asked)
{
    const struct who lin = who_staff(ROLE_ENGINEER, "lin.wei"), customer = who_customer();
    const struct ticket_input after_asking = {.consult_id = asked},
                              by_phone = {.channel = BYTES_LIT("phone"),
                                          .title = BYTES_LIT("It hums at night")};
    struct ticket_opened opened;
    struct handoff_done done;
    uint32_t part;
    struct error err;

    assert_ok(ticket_open(f->app, &customer, &after_asking, &opened, &err));
    assert_int_equal(1, opened.no);
    assert_ok(ticket_open(f->app, &customer, &by_phone, &opened, &err));
    assert_int_equal(2, opened.no);
    assert_ok(ticket_reply(f->app, &customer, 1, BYTES_LIT("still red"), false, NULL, &err));
    assert_ok(ticket_move(f->app, &lin, 1, BYTES_LIT("take"), BYTES_LIT(""), &err));
    assert_ok(ticket_link(f->app, &lin, 1, BYTES_LIT("K-1"), BYTES_LIT("resolved_by"), &err));
    assert_ok(ticket_link(f->app, &lin, 1, BYTES_LIT("K-2"), BYTES_LIT("consulted"), &err));
    assert_ok(handoff_send(f->app, &lin, 1,
                           &(struct handoff_input){.target = BYTES_LIT("ipd"),
                                                   .kind = BYTES_LIT("defect")},
                           &done, &err));
    assert_ok(part_request(f->app, &lin, 1,
                           &(struct part_input){.part = BYTES_LIT("PSU"), .qty = 2}, &part, &err));
    assert_ok(ticket_move(f->app, &lin, 1, BYTES_LIT("resolve"), BYTES_LIT(""), &err));
    assert_ok(ticket_reply(f->app, &customer, 1, BYTES_LIT("red again"), false, NULL, &err));
}

static struct made make(struct fixture *f)
{
    const struct who customer = who_customer(), operator= who_operator();
    struct made made = {begin_consult(f, "router"), begin_consult(f, "router blinks"), ""};
    json_t *types, *complaints;
    struct error err;
    uint32_t version;

    assert_ok(ask_opened(f->app, &customer, made.solved, BYTES_LIT("K-1"), &err));
    assert_ok(settle(f, &customer, made.solved, true, "K-1", 5, &err));
    assert_ok(settle(f, &customer, made.asked, false, "", 0, &err));
    make_tickets(f, made.asked);
    assert_ok(
        staff_set(f->app, &operator, "lin.wei", ROLE_ENGINEER, BYTES_LIT("correct horse"), &err));
    assert_ok(token_new(f->app, &operator, ROLE_ENGINEER, "tickets:read", made.token, &err));
    assert_ok(vocabulary_set(f->app, &operator, BYTES_LIT("hum, buzz"), 0, &version, &err));
    types = test_json("{\"types\":[]}");
    assert_ok(rules_set(f->app, &operator, RULES_TYPES, types, 0, &version, &complaints, &err));
    json_decref(types);
    return made;
}

/* --- walking -------------------------------------------------------------------------------- */

struct faults {
    int count;
    char said[4096]; /* a line each */
};

static void note_fault(void *context, const char *sentence)
{
    struct faults *faults = context;
    size_t len = strlen(faults->said);

    faults->count++;
    (void)snprintf(faults->said + len, sizeof faults->said - len, "%s\n", sentence);
}

static struct faults walk(struct fixture *f)
{
    struct faults faults = {0};
    const struct check_options options = {
        .fault = note_fault, .context = &faults, .more = intake_checks};
    struct check_counts counts;
    struct error err;

    assert_ok(store_check_with(app_store(f->app), &options, &counts, &err));
    assert_int_equal(faults.count, counts.faults);
    return faults;
}

static void what_the_services_make_is_sound(void **state)
{
    struct fixture *f = *state;
    struct faults faults;

    faults = walk(f);
    assert_string_equal("", faults.said); /* cases alone */
    (void)make(f);
    faults = walk(f);
    assert_string_equal("", faults.said);
}

/* --- edits ---------------------------------------------------------------------------------- */

static struct bytes key_of(const struct made *made, enum which which)
{
    const struct bytes keys[WHICHES] = {
        [SOLVED] = bytes_str(made->solved),
        [ASKED] = bytes_str(made->asked),
        [TICKET_1] = BYTES_LIT("\0\0\0\1"),
        [TICKET_2] = BYTES_LIT("\0\0\0\2"),
        [LINK_1] = BYTES_LIT("K-1\0\0\0\0\1\0"),
        [NEXT] = BYTES_LIT("next_ticket"),
        [ACCOUNT] = BYTES_LIT("lin.wei"),
        [TOKEN] = bytes_of((const uint8_t *)made->token + 3, 12),
        [WORDS] = BYTES_LIT("words"),
        [TYPES] = BYTES_LIT("types"),
        /* of the handoff and the part of ticket 1, due when shipped rules say so */
        [OUTSIDE_H] = BYTES_LIT("h\0\000\000\001\242\034\162\221\000\0\0\0\1\0\0\0\1"),
        [OUTSIDE_P] = BYTES_LIT("p\0\000\000\001\242\014\377\175\000\0\0\0\1\0\0\0\1"),
    };

    return keys[which];
}

/* Each is one of: members put in place of a record's own; a row's bytes put (`key` names a new
 * row); a row removed (neither). `said` follows "damaged: table ". */
static const struct edit {
    enum table table;
    enum which which;
    struct bytes key, body;
    const char *members, *said;
} edits[] = {
    {TABLE_CONSULT,    SOLVED,   {0},                                           {0},                   "{'id':'elsewhere'}",           "its \"id\" is elsewhere"                                                },
    {TABLE_CONSULT,    SOLVED,   {0},                                           {0},                   "{'state':'happy'}",            "\"happy\" is not a state of a con"                                      },
    {TABLE_CONSULT,    SOLVED,   {0},                                           {0},                   "{'state':'open'}",             "it is open and its outcome says"                                        },
    {TABLE_CONSULT,    ASKED,    {0},                                           {0},                   "{'state':'solved'}",           "it is solved and its outcome"                                           },
    {TABLE_CONSULT,
     SOLVED,                     {0},
     {0},
     "{'opened':[{'case':'K-9','version':1}]}",                                                                                        "it opened case K-9, which is not in table case"                         },
    {TABLE_CONSULT,
     SOLVED,                     {0},
     {0},
     "{'opened':[{'case':'K-1','version':7}]}",                                                                                        "it opened version 7 of case K-1, which has 1"                           },
    {TABLE_CONSULT,
     SOLVED,                     {0},
     {0},
     "{'opened':[{'case':'K-1','version':0}]}",                                                                                        "it opened version 0 of case K-1, which has 1"                           },
    {TABLE_CONSULT,
     SOLVED,                     {0},
     {0},
     "{'opened':[{'case':'K-3','version':1}]}",                                                                                        "it opened case K-3, which it never showed"                              },
    {TABLE_CONSULT,
     ASKED,                      {0},
     {0},
     "{'queries':[{'shown':[{'case':'K-9','version':1}]}]}",                                                                           "it showed case K-9, which is not in table case"                         },
    {TABLE_CONSULT,    ASKED,    {0},                                           {0},                   "{'queries':[{'shown':[{}]}]}", "it showed case , which"                                                 },
    {TABLE_CONSULT,
     SOLVED,                     {0},
     {0},
     "{'outcome':{'solved':true,'case':'K-3'}}",                                                                                       "it was settled with case K-3, which it never showed"                    },
    {TABLE_CONSULT,    SOLVED,   {0},                                           {0},                   "{'ticket':99}",                "it became ticket 99, which is not in"                                   },
    {TABLE_CONSULT,    SOLVED,   {0},                                           {0},                   "{'ticket':0}",                 "it became ticket 0, which is not in"                                    },
    {TABLE_CONSULT,    SOLVED,   {0},                                           {0},                   "{'ticket':4294967297}",        "it became ticket 4294967297,"                                           },
    {TABLE_CONSULT,    SOLVED,   {0},                                           {0},                   "{'ticket':1}",                 "ticket 1, which has another consult"                                    },
    {TABLE_CONSULT,    SOLVED,   {0},                                           BYTES_LIT("[]"),       NULL,                           "not what belongs there"                                                 },

    {TABLE_TICKET,     TICKET_1, {0},                                           {0},                   "{'n':5}",                      "key 1: its \"n\" is 5"                                                  },
    {TABLE_TICKET,     TICKET_1, {0},                                           {0},                   "{'ticket':'AF-2026-000002'}",  "key 1: its name is AF-2"                                                },
    {TABLE_TICKET,     TICKET_1, {0},                                           {0},                   "{'state':'lost'}",             "\"lost\" is not a state of a ticket"                                    },
    {TABLE_TICKET,
     TICKET_1,                   {0},
     {0},
     "{'state':'closed'}",                                                                                                             "key 1: its history ends in in_progress and its state is closed"         },
    {TABLE_TICKET,     TICKET_1, {0},                                           {0},                   "{'history':[]}",               "its history ends in  and its state"                                     },
    {TABLE_TICKET,
     TICKET_2,                   {0},
     {0},
     "{'history':[{'from':'','to':'accepted'},{'from':'triaged','to':'submitted'}]}",                                                  "key 2: its history goes on from triaged where it was accepted"          },
    {TABLE_TICKET,     TICKET_2, {0},                                           {0},                   "{'exempt':''}",                "key 2: it has neither a consult nor"                                    },
    {TABLE_TICKET,     TICKET_2, {0},                                           {0},                   "{'consult':'nobody'}",         "its consult nobody is not in"                                           },
    {TABLE_CONSULT,    ASKED,    {0},                                           {0},                   NULL,                           "ticket, key 1: its consult "                                            },
    {TABLE_CONSULT,    ASKED,    {0},                                           {0},                   "{'ticket':2}",                 "says that it became ticket 2"                                           },
    {TABLE_TICKET,     NEW,      BYTES_LIT("\1\2"),                             BYTES_LIT("{}"),       NULL,
     "ticket, key 0102: not the number of a ticket"                                                                                                                                                             },
    {TABLE_TICKET,     TICKET_2, {0},                                           {0},                   NULL,                           "ticket 2 is not in table ticket"                                        },
    {TABLE_TICKET,     TICKET_2, {0},                                           {0},                   NULL,                           "ticket_key has 2 keys, table ticket 1 tickets"                          },

    {TABLE_TICKET,
     TICKET_1,                   {0},
     {0},
     "{'links':[]}",                                                                                                                   "link, key K-1 of ticket 1: ticket 1 has no such link"                   },
    {TABLE_TICKET,
     TICKET_1,                   {0},
     {0},
     "{'links':[{'case':'K-9','version':1,'role':'sent'}]}",                                                                           "ticket, key 1: it links case K-9, which is not in table case"           },
    {TABLE_TICKET,
     TICKET_1,                   {0},
     {0},
     "{'links':[{'case':'K-1','version':1,'role':'liked'}]}",                                                                          "ticket, key 1: \"liked\" is not a role of a link"                       },
    {TABLE_TICKET,
     TICKET_1,                   {0},
     {0},
     "{'links':[{'case':'K-1','version':1,'role':'sent'},{'case':'K-1','version':1,'role':'sent'}]"
     "}",                                                                                                                              "ticket, key 1: it links case K-1 twice as sent"                         },
    {TABLE_LINK,
     LINK_1,                     {0},
     {0},
     NULL,                                                                                                                             "ticket, key 1: its link to case K-1 as resolved_by is not in table link"},
    {TABLE_LINK,
     NEW,                        BYTES_LIT("K-1\0\0\0\0\1\3"),
     {0},
     NULL,                                                                                                                             "link, key K-1 of ticket 1: ticket 1 has no such link"                   },
    {TABLE_LINK,
     NEW,                        BYTES_LIT("K-1\0\0\0\0\7\3"),
     {0},
     NULL,                                                                                                                             "link, key K-1 of ticket 7: ticket 7 is not in table ticket"             },
    {TABLE_LINK,       NEW,      BYTES_LIT("K-1"),                              {0},                   NULL,                           "link, key K-1: not a link of a tic"                                     },
    {TABLE_TICKET_KEY, NEW,      BYTES_LIT("abcdefghijklmnopqrstuvwxyz012345"), BYTES_LIT("\0\0\0\3"),
     NULL,                                                                                                                             "ticket_key, key abcdefghijklmnopqrstuvwxyz012345: ticket 3"             },
    {TABLE_TICKET_KEY, NEW,      BYTES_LIT("abc"),                              BYTES_LIT("\0\0\0\1"), NULL,
     "ticket_key, key abc: not a follow-up key"                                                                                                                                                                 },
    {TABLE_META,
     NEXT,                       {0},
     BYTES_LIT("\0\0\0\2"),
     NULL,                                                                                                                             "meta, key next_ticket: 2 is not above ticket 2"                         },
    {TABLE_META,       NEXT,     {0},                                           BYTES_LIT("\0\0\7"),   NULL,                           "meta, key next_ticket: 0 is not"                                        },
    {TABLE_META,       NEXT,     {0},                                           {0},                   NULL,                           "meta, key next_ticket: 1 is not above ticket 2"                         },

    {TABLE_ACCOUNT,    ACCOUNT,  {0},                                           {0},                   "{'name':'mori'}",              "account, key lin.wei: its \"name\""                                     },
    {TABLE_ACCOUNT,    ACCOUNT,  {0},                                           {0},                   "{'role':'customer'}",          "account, key lin.wei: \"customer\""                                     },
    {TABLE_ACCOUNT,    ACCOUNT,  {0},                                           {0},                   "{'role':'king'}",              "\"king\" is not a role of staff"                                        },
    {TABLE_ACCOUNT,    ACCOUNT,  {0},                                           {0},                   "{'password':'horse'}",         "key lin.wei: its password is no"                                        },
    {TABLE_TOKEN,      TOKEN,    {0},                                           {0},                   "{'token':'other'}",            "its \"token\" is other"                                                 },
    {TABLE_TOKEN,      TOKEN,    {0},                                           {0},                   "{'role':'customer'}",          "\"customer\" is not a role of st"                                       },
    {TABLE_TOKEN,      TOKEN,    {0},                                           {0},                   "{'hash':'abcd'}",              "its \"hash\" is not a hash"                                             },
    {TABLE_TOKEN,      TOKEN,    {0},                                           {0},                   "{'scope':'tickets:burn'}",     "no scope \"tickets:burn\""                                              },
    {TABLE_VOCABULARY, WORDS, {0}, {0}, "{'text':'alone'}", "vocabulary, key words: line 1: one phrase alone"},
    {TABLE_VOCABULARY, WORDS, {0}, {0}, "{'version':0}", "vocabulary, key words: it has no version"},
    {TABLE_VOCABULARY, NEW, BYTES_LIT("other"), BYTES_LIT("{\"version\":1,\"text\":\"\"}"), NULL, "vocabulary, key other: no record has this key"},
    {TABLE_RULES, TYPES, {0}, {0}, "{'version':0}", "rules, key types: its version or revision"},
    {TABLE_RULES, TYPES, {0}, {0}, "{'version':2}", "rules, key types: its version or revision"},
    {TABLE_RULES, TYPES, {0}, {0}, "{'doc':7}", "rules, key types: it has no document"},
    {TABLE_RULES, NEW, BYTES_LIT("other"), BYTES_LIT("{\"version\":1,\"revision\":1,\"doc\":{}}"), NULL, "rules, key other: no document has this name"},
    {TABLE_TICKET, TICKET_1, {0}, {0}, "{'handoffs':{}}", "ticket, key 1: its \"handoffs\" are none"},
    {TABLE_TICKET, TICKET_1, {0}, {0}, "{'handoffs':[{'no':1,'target':'ipd','title':'x','state':'sent','due':'2026-11-27T10:00:00.000Z'}]}", "ticket, key 1: its \"handoffs\" are none"},
    {TABLE_TICKET, TICKET_1, {0}, {0}, "{'handoffs':[]}", "ticket 1 has none that is open and due then"},
    {TABLE_TICKET, TICKET_1, {0}, {0}, "{'handoffs':[]}", "ticket 1 has no handoff with this key"},
    {TABLE_TICKET, TICKET_1, {0}, {0}, "{'parts':[{'no':1}]}", "ticket, key 1: its \"parts\" are none"},
    {TABLE_TICKET, TICKET_1, {0}, {0}, "{'parts':[]}", "ticket 1 has none that is open and due then"},
    {TABLE_OUTSIDE, OUTSIDE_H, {0}, {0}, NULL, "ticket, key 1: its handoff 1 is not in table outside"},
    {TABLE_OUTSIDE, OUTSIDE_H, {0}, BYTES_LIT("\3"), NULL, "ticket, key 1: its handoff 1 is in table outside with another state"},
    {TABLE_OUTSIDE, OUTSIDE_P, {0}, {0}, NULL, "ticket, key 1: its part request 1 is not in table outside"},
    {TABLE_OUTSIDE, NEW, BYTES_LIT("h\0abc"), BYTES_LIT("\0"), NULL, "not a handoff or part request"},
    {TABLE_OUTSIDE, NEW, BYTES_LIT("h\0\0\0\0\0\0\0\0\1\0\0\0\7\0\0\0\1"), BYTES_LIT("\0"), NULL, "ticket 7 is not in table ticket"},
    {TABLE_OUTSIDE, NEW, BYTES_LIT("h\0\0\0\0\0\0\0\0\1\0\0\0\1\0\0\0\1"), BYTES_LIT("\0"), NULL, "ticket 1 has none that is open and due then"},
    {TABLE_HANDOFF_KEY, NEW, BYTES_LIT("abc"), BYTES_LIT("\0\0\0\1\0\0\0\1"), NULL, "not the key of a handoff's link"},
    {TABLE_HANDOFF_KEY, NEW, BYTES_LIT("abcdefghijklmnopqrstuvwxyz012345"), BYTES_LIT("\0\0\0\3\0\0\0\1"), NULL, "ticket 3 is not in table ticket"},
    {TABLE_HANDOFF_KEY, NEW, BYTES_LIT("abcdefghijklmnopqrstuvwxyz012345"), BYTES_LIT("\0\0\0\1\0\0\0\1"), NULL, "ticket 1 has no handoff with this key"},
};

static enum status change_members(struct txn *txn, const struct edit *edit, struct bytes key,
                                  struct error *err)
{
    json_t *record, *members = test_json_quoted(edit->members);
    enum status status = store_get_json(txn, edit->table, key, &record, err);

    if (status == AF_OK) {
        assert_int_equal(0, json_object_update(record, members));
        status = store_put_json(txn, edit->table, key, record, err);
        json_decref(record);
    }
    json_decref(members);
    return status;
}

static void apply(struct fixture *f, const struct edit *edit, const struct made *made)
{
    struct bytes key = edit->which == NEW ? edit->key : key_of(made, edit->which);
    struct error err;
    struct txn *txn;

    assert_ok(store_begin_write(app_store(f->app), &txn, &err));
    if (edit->members != NULL)
        assert_ok(change_members(txn, edit, key, &err));
    else if (edit->which == NEW || edit->body.len > 0)
        assert_ok(store_put(txn, edit->table, key, edit->body, &err));
    else
        assert_ok(store_delete(txn, edit->table, key, &err));
    assert_ok(txn_commit(txn, &err));
}

static void every_edit_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        struct fixture *f;
        struct faults faults;
        struct made made;

        fixture_begin((void **)&f);
        made = make(f);
        apply(f, &edits[i], &made);
        faults = walk(f);
        if (strstr(faults.said, edits[i].said) == NULL)
            fail_msg("edit %zu: \"%s\" was not said, but: %s", i, edits[i].said, faults.said);
        fixture_end((void **)&f);
    }
}

static void a_check_apart_does_the_same(void **state)
{
    struct fixture *f = *state;
    const struct made made = make(f);
    const struct edit edit = {.table = TABLE_TICKET, .which = TICKET_1, .members = "{'n':5}"};
    struct faults faults = {0};
    const struct check_options options = {
        .fault = note_fault, .context = &faults, .more = intake_checks};
    struct check_counts counts;
    struct error err;

    apply(f, &edit, &made);
    assert_ok(store_check_apart(f->dir, &options, &counts, &err));
    assert_string_equal("damaged: table ticket, key 1: its \"n\" is 5\n", faults.said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_the_services_make_is_sound, fixture_begin,
                                        fixture_end),
        cmocka_unit_test(every_edit_is_named),
        cmocka_unit_test_setup_teardown(a_check_apart_does_the_same, fixture_begin, fixture_end),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
