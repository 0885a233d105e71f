/* Whose ticket it is: matched, entitled and promised when it is opened; put right afterwards;
 * handed to LTC; and what somebody asked before. */
#include "tests/intake/party/party_fixture.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/commands.h"
#include "intake/desk/enquiry.h"
#include "intake/desk/ticket.h"
#include "intake/desk/ticket_party.h"
#include "intake/party/enquiry_record.h"
#include "intake/party/party_past.h"

#define MONDAY INT64_C(1795399200000) /* 2026-11-23T10:00+08:00 */
#define HOUR INT64_C(3600000)

static int begin(void **state)
{
    struct fixture *f;

    if (set_up(state) != 0)
        return -1;
    f = *state;
    clock_fix(MONDAY);
    set_rules(f, RULES_PRODUCTS,
              "{'products':[{'id':'HG8','kind':'box','line':'home'},"
              "{'id':'Other','kind':'box'}]}");
    put_ok(f, PARTY_ACCOUNT,
           "{'id':'acme','name':'Acme','rep':'wang.li','domains':['acme.example']}");
    put_ok(f, PARTY_CONTACT,
           "{'id':'lin','account':'acme','name':'Lin','kind':'customer','identities':"
           "{'phone':'13800138000','mail':'lin@acme.example','openid':'oLin'}}");
    put_ok(f, PARTY_CONTACT,
           "{'id':'pro','name':'Pro','kind':'prospect','identities':{'phone':'13900139000'}}");
    put_ok(f, PARTY_CONTACT,
           "{'id':'old','name':'Old','kind':'customer','rep':'zhao','identities':"
           "{'phone':'13700137000'}}");
    put_ok(f, PARTY_ENTITLEMENT,
           "{'id':'K-1','account':'acme','product':'home','kind':'contract','from':'2026-01-01',"
           "'to':'2026-12-31'}");
    put_ok(f, PARTY_ENTITLEMENT,
           "{'id':'W-1','contact':'old','product':'HG8','kind':'warranty','from':'2024-01-01',"
           "'to':'2025-12-31'}");
    return 0;
}

static int end(void **state)
{
    clock_fix(-1);
    return tear_down(state);
}

struct opening {
    const char *contact, *class, *severity, *channel, *serial, *product;
};

static uint32_t open_ticket(struct fixture *f, const struct who *who, const struct opening *opening)
{
    json_t *contact = test_json_quoted(opening->contact);
    const struct ticket_input input = {.title = BYTES_LIT("It hums"),
                                       .class = bytes_str(opening->class),
                                       .severity = bytes_str(opening->severity),
                                       .channel = bytes_str(opening->channel),
                                       .serial = bytes_str(opening->serial),
                                       .product = bytes_str(opening->product),
                                       .contact = contact};
    struct ticket_opened opened;
    struct error err;

    assert_ok(ticket_open(f->app, who, &input, &opened, &err));
    json_decref(contact);
    return opened.no;
}

static json_t *get_ticket(struct fixture *f, const struct who *who, uint32_t no)
{
    json_t *ticket;
    struct error err;

    assert_ok(ticket_get(f->app, who, no, &ticket, &err));
    return ticket;
}

/* "respond restore": the kinds of what the customer is promised and that is not cancelled; not the
 * groups' promises to one another. */
static void assert_clocks(const json_t *ticket, const char *wanted)
{
    struct buf kinds = {0};
    const json_t *clock;
    size_t i;

    json_array_foreach(json_object_get(ticket, "clocks"), i, clock)
    {
        if (strcmp(json_get_str(clock, "state"), "cancelled") != 0 &&
            strncmp(json_get_str(clock, "kind"), "ola:", 4) != 0)
            buf_printf(&kinds, "%s%s", kinds.len > 0 ? " " : "", json_get_str(clock, "kind"));
    }
    assert_string_equal(wanted, buf_str(&kinds));
    buf_release(&kinds);
}

/* --- opening ---------------------------------------------------------------------------------- */

static void what_is_known_of_him_is_on_the_ticket(void **state)
{
    static const struct {
        const char *who; /* "" a customer, "token.x" a program */
        const char *contact, *class, *severity, *channel, *product, *party, *by, *account, *rep,
            *role, *result, *clocks;
        bool is_enquiry;
    } table[] = {
        {"lin.wei", "{'phone':'138 0013 8000'}", "", "S3", "phone", "HG8", "lin", "phone", "acme", "wang.li", "agent", "standard", "respond resolve", false},
        {"", "{'mail':'LIN@acme.example'}", "", "S1", "web", "HG8", "lin", "mail", "acme", "wang.li", "customer", "standard", "respond restore resolve", false},
        {"lin.wei", "{'mail':'new@acme.example'}", "", "S3", "mail", "HG8", "", "domain", "acme", "wang.li", "agent", "standard", "respond resolve", false},
        {"wang.li", "{'account':'acme'}", "", "S3", "phone", "HG8", "", "account", "acme", "wang.li", "rep", "standard", "respond resolve", false},
        {"lin.wei", "{'phone':'13800138000'}", "", "S3", "rep", "HG8", "lin", "phone", "acme", "wang.li", "rep", "standard", "respond resolve", false},
        {"token.1", "{'openid':'oLin'}", "", "S1", "wechat", "Other", "lin", "openid", "acme", "wang.li", "customer", "none", "restore", false},
        {"lin.wei", "{'openid':'oLin'}", "", "S1", "wechat", "HG8", "lin", "openid", "acme", "wang.li", "agent", "standard", "respond restore resolve", false},
        /* The warranty ended: an outage is restored, and nothing else is promised. */
        {"lin.wei", "{'phone':'13700137000'}", "", "S1", "phone", "HG8", "old", "phone", "", "zhao", "agent", "none", "restore", false},
        {"zhao", "{'phone':'13700137000'}", "", "S2", "phone", "HG8", "old", "phone", "", "zhao", "rep", "none", "", false},
        {"lin.wei", "{'phone':'13700137000'}", "", "S3", "phone", "HG8", "old", "phone", "", "zhao", "agent", "none", "", false},
        /* Nobody known gets a ticket like anybody. */
        {"", "{'mail':'x@y.example'}", "", "S1", "web", "HG8", "", "", "", "", "customer", "no_data", "respond restore resolve", false},
        {"lin.wei", "{}", "", "S3", "phone", "HG8", "", "", "", "", "agent", "no_data", "respond resolve", false},
        /* What he wants decides about an enquiry. */
        {"lin.wei", "{}", "non_technical", "S4", "phone", "", "", "", "", "", "agent", "no_data", "respond resolve", true},
        {"", "{'phone':'13900139000'}", "non_technical", "S4", "web", "", "pro", "phone", "", "", "customer", "no_data", "respond resolve", true},
        {"lin.wei", "{'phone':'13900139000'}", "technical", "S3", "phone", "", "pro", "phone", "", "", "agent", "no_data", "respond resolve", false},
        {"lin.wei", "{'phone':'13800138000'}", "non_technical", "S4", "phone", "", "lin", "phone", "acme", "wang.li", "agent", "standard", "respond resolve", false},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct who who =
            table[i].who[0] == '\0' ? who_customer() : who_staff(ROLE_ENGINEER, table[i].who);
        const struct opening opening = {
            table[i].contact, table[i].class, table[i].severity, table[i].channel, "",
            table[i].product};
        json_t *ticket = get_ticket(f, &f->engineer, open_ticket(f, &who, &opening));

        assert_string_equal(table[i].party, json_get_str(ticket, "party"));
        assert_string_equal(table[i].by, json_get_str(ticket, "party_by"));
        assert_string_equal(table[i].account, json_get_str(ticket, "account"));
        assert_string_equal(table[i].rep, json_get_str(ticket, "rep"));
        assert_string_equal(table[i].role, json_get_str(ticket, "entered_by_role"));
        assert_string_equal(table[i].result,
                            json_get_str(json_object_get(ticket, "entitlement"), "result"));
        assert_clocks(ticket, table[i].clocks);
        assert_int_equal(table[i].is_enquiry, json_object_get(ticket, "enquiry") != NULL);
        json_decref(ticket);
    }
    assert_sound(f);
}

static void two_people_in_one_contact_are_told_of(void **state)
{
    struct fixture *f = *state;
    const struct opening opening = {
        "{'mail':'lin@acme.example','phone':'13900139000'}", "", "S3", "phone", "", ""};
    json_t *ticket = get_ticket(f, &f->engineer, open_ticket(f, &f->engineer, &opening));

    assert_string_equal("lin", json_get_str(ticket, "party"));
    assert_string_equal(
        "pro", json_string_value(json_array_get(json_object_get(ticket, "party_also"), 0)));
    json_decref(ticket);
}

static void customers_see_nothing_of_it(void **state)
{
    static const char *const ours[] = {"party", "party_by", "party_also",      "account",
                                       "rep",   "enquiry",  "entered_by_role", "entitlement",
                                       "level", "clocks"};
    struct fixture *f = *state;
    const struct who customer = who_customer();
    const struct opening opening = {"{'mail':'lin@acme.example','phone':'13900139000'}",
                                    "non_technical",
                                    "S3",
                                    "phone",
                                    "sn 1-2",
                                    ""};
    uint32_t no = open_ticket(f, &customer, &opening);
    const struct ticket_identity pro = {.contact = BYTES_LIT("pro")};
    json_t *ticket;
    struct error err;

    assert_ok(ticket_identify(f->app, &f->engineer, no, &pro, &err));
    ticket = get_ticket(f, &customer, no);
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        assert_null(json_object_get(ticket, ours[i]));
    assert_string_equal("SN12", json_get_str(ticket, "serial"));
    assert_int_equal(1, json_array_size(json_object_get(ticket, "history")));
    json_decref(ticket);
    assert_refused(AF_DENIED, ticket_identify(f->app, &customer, no, &pro, &err));
}

static void a_serial_number_is_as_long_as_its_limit(void **state)
{
    struct fixture *f = *state;
    char serial[TICKET_SERIAL_BYTES_MAX + 2];
    struct error err;

    memset(serial, '-', sizeof serial);
    serial[0] = 'A';
    for (size_t len = TICKET_SERIAL_BYTES_MAX; len <= TICKET_SERIAL_BYTES_MAX + 1; len++) {
        const struct ticket_input input = {.title = BYTES_LIT("t"),
                                           .channel = BYTES_LIT("phone"),
                                           .serial = bytes_of(serial, len)};
        struct ticket_opened opened;

        assert_int_equal(len == TICKET_SERIAL_BYTES_MAX ? AF_OK : AF_TOO_LARGE,
                         ticket_open(f->app, &f->engineer, &input, &opened, &err));
    }
}

/* --- severity of who is entitled to nothing -------------------------------------------------- */

static void an_outage_is_restored_for_anybody(void **state)
{
    struct fixture *f = *state;
    const struct opening opening = {"{'phone':'13700137000'}", "", "S3", "phone", "", "HG8"};
    uint32_t no = open_ticket(f, &f->engineer, &opening);
    json_t *ticket;
    struct error err;

    assert_ok(
        ticket_severity(f->app, &f->engineer, no, BYTES_LIT("S1"), BYTES_LIT("down"), false, &err));
    ticket = get_ticket(f, &f->engineer, no);
    assert_clocks(ticket, "restore");
    json_decref(ticket);
    assert_ok(
        ticket_severity(f->app, &f->engineer, no, BYTES_LIT("S2"), BYTES_LIT(""), true, &err));
    ticket = get_ticket(f, &f->engineer, no);
    assert_clocks(ticket, "");
    json_decref(ticket);
    assert_sound(f);
}

/* --- afterwards ------------------------------------------------------------------------------ */

static size_t past_of(struct fixture *f, enum party_kind owner, const char *id)
{
    const struct party_past_filter filter = {.owner = owner, .id = id, .limit = 100};
    json_t *page;
    struct error err;
    size_t rows;

    assert_ok(party_past(f->app, &f->engineer, &filter, &page, &err));
    rows = json_array_size(json_object_get(page, "history"));
    json_decref(page);
    return rows;
}

static void a_ticket_becomes_somebodys(void **state)
{
    static const struct ticket_identity lin =
                                            {
                                                .contact = {(const uint8_t *)"lin",        3 },
                                                .serial = {(const uint8_t *)"sn-7",       4 },
                                                .reason = {(const uint8_t *)"he said so", 10}
    },
                                        old = {.contact = {(const uint8_t *)"old", 3}},
                                        acme = {.account = {(const uint8_t *)"acme", 4}},
                                        nobody = {.reason = {NULL, 0}};
    const struct ticket_identity bad[] = {
        {.contact = BYTES_LIT("none")},
        {                                           .account = BYTES_LIT("none")                           },
        {                 .contact = BYTES_LIT("a b") },
        {               .contact = BYTES_LIT("old"),  .account = BYTES_LIT("acme")},
        { .contact = BYTES_LIT("lin"),                   .serial = BYTES_LIT("--")}
    };
    struct fixture *f = *state;
    const struct opening opening = {"{'name':'Lin'}", "", "S3", "phone", "", "HG8"};
    uint32_t no = open_ticket(f, &f->engineer, &opening);
    json_t *ticket;
    struct error err;

    clock_fix(MONDAY + HOUR);
    assert_ok(ticket_identify(f->app, &f->engineer, no, &lin, &err));
    ticket = get_ticket(f, &f->engineer, no);
    assert_string_equal("lin", json_get_str(ticket, "party"));
    assert_string_equal("agent", json_get_str(ticket, "party_by"));
    assert_string_equal("acme", json_get_str(ticket, "account"));
    assert_string_equal("SN7", json_get_str(ticket, "serial"));
    assert_string_equal("agent", json_get_str(ticket, "entered_by_role"));
    assert_string_equal("K-1", json_get_str(json_object_get(ticket, "entitlement"), "by"));
    json_decref(ticket);
    assert_int_equal(1, past_of(f, PARTY_CONTACT, "lin"));
    assert_int_equal(1, past_of(f, PARTY_ACCOUNT, "acme"));

    assert_ok(ticket_identify(f->app, &f->engineer, no, &old, &err));
    ticket = get_ticket(f, &f->engineer, no);
    assert_clocks(ticket, ""); /* his warranty ended: what was promised is taken back */
    assert_string_equal("SN7", json_get_str(ticket, "serial"));
    assert_null(json_object_get(ticket, "account"));
    json_decref(ticket);
    assert_int_equal(0, past_of(f, PARTY_CONTACT, "lin"));
    assert_int_equal(0, past_of(f, PARTY_ACCOUNT, "acme"));
    assert_int_equal(1, past_of(f, PARTY_CONTACT, "old"));
    assert_sound(f);

    assert_ok(ticket_identify(f->app, &f->engineer, no, &acme, &err));
    ticket = get_ticket(f, &f->engineer, no);
    assert_null(json_object_get(ticket, "party"));
    assert_string_equal("acme", json_get_str(ticket, "account"));
    json_decref(ticket);
    assert_ok(ticket_identify(f->app, &f->engineer, no, &nobody, &err));
    ticket = get_ticket(f, &f->engineer, no);
    assert_string_equal("no_data", json_get_str(json_object_get(ticket, "entitlement"), "result"));
    assert_int_equal(5, json_array_size(json_object_get(ticket, "history")));
    json_decref(ticket);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(AF_INVALID, ticket_identify(f->app, &f->engineer, no, &bad[i], &err));
    assert_refused(AF_NOT_FOUND, ticket_identify(f->app, &f->engineer, 77, &lin, &err));
    assert_sound(f);
}

/* --- enquiries ------------------------------------------------------------------------------- */

static void assert_enquiry(struct fixture *f, uint32_t no, const char *state, const char *reply)
{
    json_t *enquiry;
    struct error err;

    assert_ok(enquiry_get(f->app, &f->engineer, no, &enquiry, &err));
    assert_string_equal(state, json_get_str(enquiry, "state"));
    assert_string_equal(reply, json_get_str(enquiry, "reply"));
    json_decref(enquiry);
}

static void what_is_rejected_is_handed_over_and_answered(void **state)
{
    struct fixture *f = *state;
    const struct who customer = who_customer();
    const struct opening opening = {"{'phone':'13900139000'}", "", "S3", "phone", "", ""};
    uint32_t no = open_ticket(f, &f->engineer, &opening);
    json_t *ticket, *enquiry;
    struct error err;

    assert_refused(AF_INVALID,
                   ticket_move(f->app, &f->engineer, no, BYTES_LIT("reject"), BYTES_LIT(""), &err));
    assert_ok(ticket_move(f->app, &f->engineer, no, BYTES_LIT("reject"), BYTES_LIT("wants a price"),
                          &err));
    ticket = get_ticket(f, &f->engineer, no);
    assert_string_equal("out_of_scope", json_get_str(ticket, "state"));
    assert_int_equal(1, json_get_u64(ticket, "enquiry"));
    json_decref(ticket);
    assert_ok(enquiry_get(f->app, &f->engineer, 1, &enquiry, &err));
    assert_string_equal("EQ-2026-000001", json_get_str(enquiry, "enquiry"));
    assert_string_equal("It hums", json_get_str(enquiry, "title"));
    assert_string_equal("pro", json_get_str(enquiry, "party"));
    assert_string_equal("2026-11-28T02:00:00.000Z", json_get_str(enquiry, "due"));
    assert_string_equal(
        "wants a price",
        json_get_str(json_array_get(json_object_get(enquiry, "history"), 0), "reason"));
    json_decref(enquiry);
    assert_int_equal(2, past_of(f, PARTY_CONTACT, "pro"));

    assert_ok(enquiry_accept(f->app, &f->engineer, 1, &err));
    assert_enquiry(f, 1, "accepted", "");
    assert_refused(AF_CONFLICT, enquiry_accept(f->app, &f->engineer, 1, &err));
    assert_refused(AF_INVALID, enquiry_answer(f->app, &f->engineer, 1, BYTES_LIT(" "), &err));
    assert_ok(enquiry_answer(f->app, &f->engineer, 1, BYTES_LIT("An offer is on its way"), &err));
    assert_enquiry(f, 1, "answered", "An offer is on its way");
    assert_refused(AF_CONFLICT, enquiry_answer(f->app, &f->engineer, 1, BYTES_LIT("more"), &err));
    assert_refused(AF_CONFLICT, enquiry_accept(f->app, &f->engineer, 1, &err));
    ticket = get_ticket(f, &customer, no); /* he is told */
    assert_string_equal("An offer is on its way",
                        json_get_str(json_array_get(json_object_get(ticket, "posts"), 0), "text"));
    json_decref(ticket);
    assert_sound(f);
}

static void a_ticket_is_handed_over_once(void **state)
{
    struct fixture *f = *state;
    const struct opening opening = {"{}", "non_technical", "S4", "phone", "", ""};
    uint32_t no = open_ticket(f, &f->engineer, &opening);
    json_t *ticket;
    struct error err;

    assert_ok(
        ticket_move(f->app, &f->engineer, no, BYTES_LIT("reject"), BYTES_LIT("LTC has it"), &err));
    ticket = get_ticket(f, &f->engineer, no);
    assert_int_equal(1, json_get_u64(ticket, "enquiry"));
    json_decref(ticket);
    assert_refused(AF_NOT_FOUND, enquiry_get(f->app, &f->engineer, 2, &ticket, &err));
    assert_sound(f);
}

static size_t count_enquiries(struct fixture *f, const char *state)
{
    const struct enquiry_filter filter = {.state = bytes_str(state), .limit = 200};
    json_t *page;
    struct error err;
    size_t count;

    assert_ok(enquiry_list(f->app, &f->engineer, &filter, &page, &err));
    count = json_array_size(json_object_get(page, "enquiries"));
    json_decref(page);
    return count;
}

static void enquiries_are_listed_by_state_and_due(void **state)
{
    struct fixture *f = *state;
    const struct who customer = who_customer();
    struct enquiry_input input = {.title = BYTES_LIT("A price"), .key = "k"};
    const struct enquiry_filter page_of_two = {.limit = 2},
                                bad = {.state = BYTES_LIT("new"), .limit = 2};
    json_t *page;
    struct error err;
    uint32_t no;

    assert_ok(enquiry_new(f->app, &f->engineer, &input, &no, &err));
    clock_fix(MONDAY + HOUR);
    assert_ok(enquiry_new(f->app, &f->engineer, &input, &no, &err)); /* the same key: the same */
    assert_int_equal(1, no);
    input.key = NULL;
    for (uint32_t i = 2; i <= 4; i++) {
        assert_ok(enquiry_new(f->app, &f->engineer, &input, &no, &err));
        assert_int_equal(i, no);
    }
    assert_ok(enquiry_accept(f->app, &f->engineer, 2, &err));
    assert_ok(
        enquiry_answer(f->app, &f->engineer, 3, BYTES_LIT("yes"), &err)); /* it has no ticket */
    assert_int_equal(4, count_enquiries(f, ""));
    assert_int_equal(2, count_enquiries(f, "sent"));
    assert_int_equal(1, count_enquiries(f, "accepted"));
    assert_int_equal(1, count_enquiries(f, "answered"));
    assert_int_equal(3, count_enquiries(f, "open"));
    assert_int_equal(0, count_enquiries(f, "overdue"));
    clock_fix(MONDAY + 5 * 24 * HOUR + 1);
    assert_int_equal(1, count_enquiries(f, "overdue"));
    clock_fix(MONDAY + 6 * 24 * HOUR);
    assert_int_equal(3, count_enquiries(f, "overdue"));
    assert_ok(enquiry_list(f->app, &f->engineer, &page_of_two, &page, &err));
    assert_int_equal(3, json_get_u64(page, "next"));
    json_decref(page);
    assert_refused(AF_INVALID, enquiry_list(f->app, &f->engineer, &bad, &page, &err));
    assert_refused(AF_DENIED, enquiry_new(f->app, &customer, &input, &no, &err));
    input.title = BYTES_LIT("");
    assert_refused(AF_INVALID, enquiry_new(f->app, &f->engineer, &input, &no, &err));
    input.title = BYTES_LIT("t");
    input.channel = BYTES_LIT("pigeon");
    assert_refused(AF_INVALID, enquiry_new(f->app, &f->engineer, &input, &no, &err));
    assert_sound(f);
}

static void an_enquiry_is_called_by_number_or_name(void **state)
{
    uint32_t no;

    (void)state;
    assert_true(enquiry_parse_no(BYTES_LIT("12"), &no) && no == 12);
    assert_true(enquiry_parse_no(BYTES_LIT("eq-2026-000012"), &no) && no == 12);
    assert_false(enquiry_parse_no(BYTES_LIT("AF-2026-000012"), &no));
    assert_false(enquiry_parse_no(BYTES_LIT("0"), &no));
    assert_false(enquiry_parse_no(BYTES_LIT(""), &no));
    assert_false(enquiry_parse_no(BYTES_LIT("99999999999"), &no));
}

/* --- what he asked before -------------------------------------------------------------------- */

/* Tickets of three people at random times; two of them are merged. The twin sorts a list. */
static void the_past_is_read_newest_first_in_pages(void **state)
{
    static const char *const phones[] = {"13800138000", "13900139000", "13700137000"};
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    uint64_t wanted[60];
    size_t count = 0, at = 0;
    char before[200] = "";
    struct error err;

    for (unsigned i = 0; i < 60; i++) {
        unsigned who = test_random_below(&random, 3);
        char contact[60];
        struct opening opening = {contact, "", "S3", "phone", "", ""};
        uint32_t no;

        (void)snprintf(contact, sizeof contact, "{'phone':'%s'}", phones[who]);
        clock_fix(MONDAY + (int64_t)i * HOUR / 2 * (1 + (i & 1)));
        no = open_ticket(f, &f->engineer, &opening);
        if (who != 1)
            wanted[count++] = (uint64_t)clock_now_ms() << 8 | no;
    }
    assert_ok(party_merge(f->app, &f->engineer, "old", "lin", &err));
    for (size_t i = 0; i < count; i++) /* newest first; of one time the higher number */
        for (size_t j = i + 1; j < count; j++)
            if (wanted[j] > wanted[i]) {
                uint64_t other = wanted[i];

                wanted[i] = wanted[j];
                wanted[j] = other;
            }
    do {
        const struct party_past_filter filter = {
            .owner = PARTY_CONTACT, .id = "lin", .before = bytes_str(before), .limit = 7};
        const json_t *row;
        json_t *page;
        size_t i;

        assert_ok(party_past(f->app, &f->engineer, &filter, &page, &err));
        json_array_foreach(json_object_get(page, "history"), i, row)
        {
            assert_true(at < count);
            assert_int_equal(wanted[at++] & 0xFF, json_get_u64(row, "n"));
        }
        (void)snprintf(before, sizeof before, "%s", json_get_str(page, "next"));
        json_decref(page);
    } while (before[0] != '\0');
    assert_int_equal(count, at);
    assert_sound(f);
}

static void who_may_read_the_past_and_how_much(void **state)
{
    struct fixture *f = *state;
    const struct who customer = who_customer();
    const struct party_past_filter bad[] = {
        {.owner = PARTY_CONTACT, .id = "lin",                      .limit = 0},
        {                      .owner = PARTY_CONTACT,           .id = "lin", .limit = PARTY_PAST_LIST_MAX + 1          },
        { .owner = PARTY_CONTACT,            .id = "lin",                   .limit = 1,           .before = BYTES_LIT("zz")},
        { .owner = PARTY_CONTACT,            .id = "lin",                   .limit = 1,           .before = BYTES_LIT("00")},
    };
    const struct party_past_filter nobody = {.owner = PARTY_CONTACT, .id = "none", .limit = 1};
    json_t *page;
    struct error err;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_refused(AF_INVALID, party_past(f->app, &f->engineer, &bad[i], &page, &err));
    assert_refused(AF_NOT_FOUND, party_past(f->app, &f->engineer, &nobody, &page, &err));
    assert_refused(AF_DENIED, party_past(f->app, &customer, &nobody, &page, &err));
}

/* --- again elsewhere ------------------------------------------------------------------------- */

static void replay_into(struct fixture *f, struct app *other)
{
    struct journal_head head;
    struct txn *txn;
    struct error err;

    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    assert_ok(journal_head(txn, &head, &err));
    for (uint64_t seq = 1; seq <= head.seq; seq++) {
        struct bytes line;

        assert_ok(journal_line(txn, seq, &line, &err));
        assert_ok(journal_replay(app_journal(other), line, &err));
    }
    txn_abort(txn);
}

static void a_replay_gives_the_same_tables(void **state)
{
    static const enum table tables[] = {
        TABLE_PARTY_ACCOUNT, TABLE_CONTACT,     TABLE_CONTACT_KEY,
        TABLE_CONTACT_OF,    TABLE_ENTITLEMENT, TABLE_ENTITLEMENT_OF,
        TABLE_PARTY_PAST,    TABLE_ENQUIRY,     TABLE_TICKET};
    struct fixture *f = *state;
    const struct opening openings[] = {
        {"{'phone':'13800138000'}", "",              "S3", "phone", "sn1", "HG8"},
        {"{'phone':'13900139000'}", "non_technical", "S3", "phone", "",    ""   },
        {"{'phone':'13700137000'}", "",              "S1", "phone", "",    "HG8"},
    };
    const struct ticket_identity lin = {.contact = BYTES_LIT("lin")};
    char *dir = test_dir_new();
    struct txn *here, *there;
    struct app *other;
    struct error err;

    for (size_t i = 0; i < 3; i++)
        (void)open_ticket(f, &f->engineer, &openings[i]);
    assert_ok(ticket_identify(f->app, &f->engineer, 3, &lin, &err));
    assert_ok(ticket_move(f->app, &f->engineer, 1, BYTES_LIT("reject"), BYTES_LIT("no"), &err));
    assert_ok(enquiry_answer(f->app, &f->engineer, 1, BYTES_LIT("yes"), &err));
    assert_ok(party_merge(f->app, &f->engineer, "old", "pro", &err));
    assert_ok(app_open(dir, APP_WRITE, &other, &err));
    replay_into(f, other);
    assert_ok(store_begin_read(app_store(f->app), &here, &err));
    assert_ok(store_begin_read(app_store(other), &there, &err));
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        struct table_sum a = store_sum(here, tables[i]), b = store_sum(there, tables[i]);

        assert_true(a.count > 0);
        assert_int_equal(a.count, b.count);
        assert_int_equal(a.sum, b.sum);
    }
    txn_abort(here);
    txn_abort(there);
    app_close(other);
    test_dir_remove(dir);
}

/* --- damage ---------------------------------------------------------------------------------- */

static void check_finds_what_disagrees(void **state)
{
    static const struct {
        const char *kind, *said;
    } edits[] = {
        {"past",    "is not in the past of contact lin"    },
        {"other",   "is another's, or of another time"     },
        {"enquiry", "its enquiry 1 is not in table enquiry"},
        {"state",   "is not a state of an enquiry"         },
        {"next",    "is not above enquiry 1"               },
        {"role",    "\"entered_by_role\" is"               },
    };

    (void)state;
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        const struct opening opening = {"{'phone':'13800138000'}", "", "S3", "phone", "", ""};
        uint8_t one[4] = {0, 0, 0, 1};
        struct party_key past =
            party_past_key(PARTY_CONTACT, "lin", MONDAY, PAST_TICKET, bytes_of(one, 4));
        struct party_key other =
            party_past_key(PARTY_CONTACT, "pro", MONDAY, PAST_TICKET, bytes_of(one, 4));
        struct fixture *f;
        json_t *record;
        struct buf faults;
        struct txn *txn;
        struct error err;
        bool ok = true;

        assert_int_equal(0, begin((void **)&f));
        (void)open_ticket(f, &f->engineer, &opening);
        assert_ok(ticket_move(f->app, &f->engineer, 1, BYTES_LIT("reject"), BYTES_LIT("no"), &err));
        assert_sound(f);
        assert_ok(store_begin_write(app_store(f->app), &txn, &err));
        if (strcmp(edits[i].kind, "past") == 0) {
            assert_ok(store_delete(txn, TABLE_PARTY_PAST, party_key_bytes(&past), &err));
        } else if (strcmp(edits[i].kind, "other") == 0) {
            assert_ok(
                store_put(txn, TABLE_PARTY_PAST, party_key_bytes(&other), BYTES_LIT(""), &err));
        } else if (strcmp(edits[i].kind, "enquiry") == 0) {
            assert_ok(store_delete(txn, TABLE_ENQUIRY, bytes_of(one, 4), &err));
        } else if (strcmp(edits[i].kind, "next") == 0) {
            assert_ok(
                store_put(txn, TABLE_META, BYTES_LIT("next_enquiry"), bytes_of(one, 4), &err));
        } else {
            enum table table = strcmp(edits[i].kind, "state") == 0 ? TABLE_ENQUIRY : TABLE_TICKET;

            assert_ok(store_get_json(txn, table, bytes_of(one, 4), &record, &err));
            json_put(record, table == TABLE_ENQUIRY ? "state" : "entered_by_role",
                     json_string("king"), &ok);
            assert_ok(store_put_json(txn, table, bytes_of(one, 4), record, &err));
            json_decref(record);
        }
        assert_ok(txn_commit(txn, &err));
        faults = faults_of(f);
        if (strstr(buf_str(&faults), edits[i].said) == NULL)
            fail_msg("%s: %s", edits[i].kind, buf_str(&faults));
        buf_release(&faults);
        (void)end((void **)&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_known_of_him_is_on_the_ticket, begin, end),
        cmocka_unit_test_setup_teardown(two_people_in_one_contact_are_told_of, begin, end),
        cmocka_unit_test_setup_teardown(customers_see_nothing_of_it, begin, end),
        cmocka_unit_test_setup_teardown(a_serial_number_is_as_long_as_its_limit, begin, end),
        cmocka_unit_test_setup_teardown(an_outage_is_restored_for_anybody, begin, end),
        cmocka_unit_test_setup_teardown(a_ticket_becomes_somebodys, begin, end),
        cmocka_unit_test_setup_teardown(what_is_rejected_is_handed_over_and_answered, begin, end),
        cmocka_unit_test_setup_teardown(a_ticket_is_handed_over_once, begin, end),
        cmocka_unit_test_setup_teardown(enquiries_are_listed_by_state_and_due, begin, end),
        cmocka_unit_test(an_enquiry_is_called_by_number_or_name),
        cmocka_unit_test_setup_teardown(the_past_is_read_newest_first_in_pages, begin, end),
        cmocka_unit_test_setup_teardown(who_may_read_the_past_and_how_much, begin, end),
        cmocka_unit_test_setup_teardown(a_replay_gives_the_same_tables, begin, end),
        cmocka_unit_test(check_finds_what_disagrees),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
