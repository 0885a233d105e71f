/* What service somebody may expect: tables of contracts and questions, days at their edges in their
 * zones, and a naive twin that looks at every contract. */
#include "tests/intake/party/party_fixture.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/party/entitlement.h"

#define NOON "2026-11-22T12:00:00+08:00"

static json_t *verdict_of(struct fixture *f, const struct entitlement_question *question)
{
    struct rules rules;
    json_t *verdict;
    struct txn *txn;
    struct error err;

    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    assert_ok(rules_load(txn, &rules, &err));
    assert_ok(entitlement_check(txn, &rules, question, &verdict, &err));
    rules_release(&rules);
    txn_abort(txn);
    return verdict;
}

static int64_t time_of(const char *text)
{
    int64_t at_ms;

    assert_true(clock_parse(bytes_str(text), &at_ms));
    return at_ms;
}

struct row {
    const char *contact, *account, *product, *serial, *at;
    const char *result, *by, *level, *why; /* why: a part of it; NULL: whatever */
};

static void assert_rows(struct fixture *f, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct row *row = &rows[i];
        const struct entitlement_question question = {row->contact, row->account, row->product,
                                                      row->serial, time_of(row->at)};
        json_t *verdict = verdict_of(f, &question);
        const char *why = json_get_str(verdict, "why");

        if (strcmp(row->result, json_get_str(verdict, "result")) != 0 ||
            strcmp(row->by, json_get_str(verdict, "by")) != 0 ||
            (row->level != NULL && strcmp(row->level, json_get_str(verdict, "level")) != 0) ||
            (row->why != NULL && strstr(why, row->why) == NULL))
            fail_msg("%s %s %s at %s: %s by %s, level %s: %s", row->contact, row->product,
                     row->serial, row->at, json_get_str(verdict, "result"),
                     json_get_str(verdict, "by"), json_get_str(verdict, "level"), why);
        json_decref(verdict);
    }
}

#define LEVEL(id)                                                                                  \
    "{'id':'" id "','calendar':'24x7','targets':{'S1':{'restore':60},'S2':{},'S3':{},'S4':{}}}"

static void make(struct fixture *f)
{
    set_rules(f, RULES_PRODUCTS,
              "{'products':[{'id':'HG8','kind':'box','line':'home'},"
              "{'id':'HG9','kind':'box','line':'home'},{'id':'Ledger','kind':'box','line':'cloud'},"
              "{'id':'Office','kind':'solution','boxes':['HG8','Ledger']}]}");
    set_rules(f, RULES_LEVELS,
              "{'levels':[" LEVEL("standard") "," LEVEL("gold") "," LEVEL("silver") "," LEVEL(
                  "best_effort") "," LEVEL("emergency") "],'default':'standard'}");
    put_ok(f, PARTY_ACCOUNT, "{'id':'acme','name':'Acme','level':'silver'}");
    put_ok(f, PARTY_ACCOUNT, "{'id':'bare','name':'Bare'}");
    put_ok(f, PARTY_CONTACT, "{'id':'lin','account':'acme','name':'Lin','kind':'customer'}");
    put_ok(f, PARTY_CONTACT, "{'id':'wu','name':'Wu','kind':'customer'}");
    put_ok(f, PARTY_CONTACT, "{'id':'none','name':'No','kind':'prospect'}");
    put_ok(f, PARTY_ENTITLEMENT,
           "{'id':'W-HG8','account':'acme','product':'HG8','serial':'SN-1','kind':'warranty',"
           "'from':'2026-01-01','to':'2026-12-31'}");
    put_ok(f, PARTY_ENTITLEMENT,
           "{'id':'W-OLD','account':'acme','product':'HG8','serial':'SN-2','kind':'warranty',"
           "'from':'2024-01-01','to':'2025-12-31'}");
    put_ok(f, PARTY_ENTITLEMENT,
           "{'id':'K-CLOUD','account':'acme','product':'cloud','kind':'contract','level':'gold',"
           "'from':'2026-01-01','to':'2026-12-31'}");
    put_ok(f, PARTY_ENTITLEMENT,
           "{'id':'K-OFFICE','contact':'wu','product':'Office','kind':'contract',"
           "'from':'2026-01-01','to':'2026-12-31'}");
    put_ok(f, PARTY_ENTITLEMENT,
           "{'id':'K-NEXT','contact':'wu','product':'HG9','kind':'contract',"
           "'from':'2027-01-01','to':'2027-12-31'}");
}

static void contracts_and_warranties_decide(void **state)
{
    static const struct row rows[] = {
  /* A warranty for one serial number. */
        {"lin",  "",     "HG8",    "SN1",  NOON,         "standard", "W-HG8",    "silver",
         "serial number SN1, until 2026-12-31"                                                                     },
        {"lin",  "",     "HG8",    "sn 1", NOON,         "standard", "W-HG8",    NULL,       NULL                  },
        {"lin",  "",     "HG8",    "SN2",  NOON,         "none",     "W-OLD",    "standard", "ended on 2025-12-31" },
        {"lin",  "",     "HG8",    "SN3",  NOON,         "none",     "",         NULL,
         "no contract or warranty covers HG8, serial number SN3"                                                   },
        {"lin",  "",     "HG8",    "",     NOON,         "standard", "W-HG8",    NULL,
         "which one it is about was not said"                                                                      },
        {"",     "acme", "HG8",    "SN1",  NOON,         "standard", "W-HG8",    NULL,       NULL                  },
 /* A line is for its products, a solution for its boxes. */
        {"lin",  "",     "Ledger", "",     NOON,         "standard", "K-CLOUD",  "gold",     "covers cloud"        },
        {"lin",  "",     "Ledger", "SN9",  NOON,         "standard", "K-CLOUD",  "gold",     NULL                  },
        {"wu",   "",     "Ledger", "",     NOON,         "standard", "K-OFFICE", "standard", "covers Office"       },
        {"wu",   "",     "HG8",    "SN1",  NOON,         "standard", "K-OFFICE", NULL,       NULL                  },
        {"wu",   "",     "HG9",    "",     NOON,         "none",     "K-NEXT",   NULL,       "begins on 2027-01-01"},
        {"wu",   "",     "Office", "",     NOON,         "standard", "K-OFFICE", NULL,       NULL                  },
        {"wu",   "",     "Other",  "",     NOON,         "none",     "",         NULL,       "covers Other"        },
 /* No product, or no serial number: what is known of anything. */
        {"lin",  "",     "",       "",     NOON,         "standard", "K-CLOUD",  "gold",     NULL                  },
        {"lin",  "",     "",       "SN2",  "2025-06-01", "standard", "W-OLD",    NULL,       NULL                  },
        {"lin",  "",     "",       "SN1",  NOON,         "standard", "W-HG8",    NULL,       NULL                  },
 /* Nothing known. */
        {"",     "bare", "HG8",    "",     NOON,         "no_data",  "",         "standard",
         "no contract or warranty is known"                                                                        },
        {"none", "",     "HG8",    "",     NOON,         "no_data",  "",         NULL,       NULL                  },
        {"",     "",     "HG8",    "",     NOON,         "no_data",  "",         NULL,       "not a known customer"},
        {NULL,   NULL,   NULL,     NULL,   NOON,         "no_data",  "",         NULL,       NULL                  },
    };
    static const struct row named[] = {
        {"",    "bare", "HG8",    "",    NOON, "no_data",  "",        "best_effort", NULL},
        {"lin", "",     "HG8",    "SN2", NOON, "none",     "W-OLD",   "emergency",   NULL},
        {"lin", "",     "Ledger", "",    NOON, "standard", "K-CLOUD", "gold",        NULL},
    };
    struct fixture *f = *state;

    make(f);
    assert_rows(f, rows, sizeof rows / sizeof rows[0]);
    set_rules(f, RULES_PARTIES,
              "{'country':'CN','zone':'Asia/Shanghai','enquiry_days':5,"
              "'no_data_level':'best_effort','none_level':'emergency'}");
    assert_rows(f, named, sizeof named / sizeof named[0]);
}

/* Of several that cover it the one that says most decides. */
static void the_one_that_says_most_decides(void **state)
{
    static const char *const order[] = {
        /* from the weakest to the strongest */
        "'id':'1','kind':'warranty','to':'2028-12-31'",
        "'id':'2','kind':'contract','to':'2026-12-31'",
        "'id':'3','kind':'contract','to':'2027-12-31'",
        "'id':'4','product':'home','kind':'warranty','to':'2026-12-31'",
        "'id':'5','product':'Office','kind':'warranty','to':'2026-12-31'",
        "'id':'6','product':'HG8','kind':'warranty','to':'2026-12-31'",
        "'id':'7','product':'HG8','kind':'contract','to':'2026-12-31'",
        "'id':'8','serial':'SN1','kind':'warranty','to':'2026-12-31'",
        "'id':'9','product':'HG8','serial':'SN1','kind':'warranty','to':'2026-12-31'"};
    struct fixture *f = *state;

    make(f);
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        const char by[2] = {(char)('1' + i), '\0'};
        const struct row row = {"",         "bare", "HG8", "SN1", "2026-06-01T00:00:00Z",
                                "standard", by,     NULL,  NULL};
        char text[200];

        (void)snprintf(text, sizeof text, "{%s,'account':'bare','from':'2026-01-01'}", order[i]);
        put_ok(f, PARTY_ENTITLEMENT, text);
        assert_rows(f, &row, 1);
    }
}

/* The first and last millisecond of the days, where the contract is; then where the account is. */
static void days_are_those_of_the_contracts_zone(void **state)
{
    static const struct row rows[] = {
        {"",  "z", "A", "", "2026-02-28T15:59:59.999Z", "none",     "sh", NULL, "begins on 2026-03-01"},
        {"",  "z", "A", "", "2026-02-28T16:00:00.000Z", "standard", "sh", NULL, NULL                  },
        {"",  "z", "A", "", "2026-03-31T15:59:59.999Z", "standard", "sh", NULL, NULL                  },
        {"",  "z", "A", "", "2026-03-31T16:00:00.000Z", "none",     "sh", NULL, "ended on 2026-03-31" },
 /* New York puts its clocks forward on 8 March: the last day ends an hour earlier. */
        {"",  "z", "B", "", "2026-03-01T04:59:59.999Z", "none",     "ny", NULL, "begins on"           },
        {"",  "z", "B", "", "2026-03-01T05:00:00.000Z", "standard", "ny", NULL, NULL                  },
        {"",  "z", "B", "", "2026-04-01T03:59:59.999Z", "standard", "ny", NULL, NULL                  },
        {"",  "z", "B", "", "2026-04-01T04:00:00.000Z", "none",     "ny", NULL, "ended on"            },
 /* The account's, which is Tokyo. */
        {"",  "z", "C", "", "2026-02-28T14:59:59.999Z", "none",     "tk", NULL, NULL                  },
        {"",  "z", "C", "", "2026-02-28T15:00:00.000Z", "standard", "tk", NULL, NULL                  },
        {"",  "z", "C", "", "2026-03-31T14:59:59.999Z", "standard", "tk", NULL, NULL                  },
        {"",  "z", "C", "", "2026-03-31T15:00:00.000Z", "none",     "tk", NULL, NULL                  },
 /* The document's, Shanghai. */
        {"q", "",  "C", "", "2026-03-31T15:59:59.999Z", "standard", "q",  NULL, NULL                  },
        {"q", "",  "C", "", "2026-03-31T16:00:00.000Z", "none",     "q",  NULL, NULL                  },
    };
    struct fixture *f = *state;

    put_ok(f, PARTY_ACCOUNT, "{'id':'z','name':'Z','zone':'Asia/Tokyo'}");
    put_ok(f, PARTY_CONTACT, "{'id':'q','name':'Q','kind':'customer'}");
    put_ok(f, PARTY_ENTITLEMENT,
           "{'id':'sh','account':'z','product':'A','kind':'contract',"
           "'from':'2026-03-01','to':'2026-03-31','zone':'Asia/Shanghai'}");
    put_ok(f, PARTY_ENTITLEMENT,
           "{'id':'ny','account':'z','product':'B','kind':'contract','from':"
           "'2026-03-01','to':'2026-03-31','zone':'America/New_York'}");
    put_ok(f, PARTY_ENTITLEMENT,
           "{'id':'tk','account':'z','product':'C','kind':'contract',"
           "'from':'2026-03-01','to':'2026-03-31'}");
    put_ok(f, PARTY_ENTITLEMENT,
           "{'id':'q','contact':'q','product':'C','kind':'contract',"
           "'from':'2026-03-01','to':'2026-03-31'}");
    assert_rows(f, rows, sizeof rows / sizeof rows[0]);
}

static void a_merged_contact_keeps_his_contracts(void **state)
{
    static const struct row row = {"lin",      "",         "HG8", "SN9", NOON,
                                   "standard", "K-OFFICE", NULL,  NULL};
    struct fixture *f = *state;
    struct error err;

    make(f);
    assert_ok(party_merge(f->app, &f->admin, "wu", "lin", &err));
    assert_rows(f, &row, 1);
}

static void past_the_limit_it_is_best_effort(void **state)
{
    const struct row over = {
        "", "acme", "P", "", NOON, "no_data", "", NULL, "name the serial number"};
    const struct row all = {"", "acme", "P", "", NOON, "none", "e0", NULL, "ended on"};
    const struct row exact = {"", "acme", "P", "SNX", NOON, "standard", "zz", NULL, NULL};
    struct fixture *f = *state;

    put_ok(f, PARTY_ACCOUNT, "{'id':'acme','name':'Acme'}");
    for (int i = 0; i < ENTITLEMENT_LOOKED_MAX; i++) {
        char text[200];

        (void)snprintf(text, sizeof text,
                       "{'id':'e%d','account':'acme','product':'P','serial':'S%04d','kind':"
                       "'warranty','from':'2020-01-01','to':'2020-12-31'}",
                       i, i);
        put_ok(f, PARTY_ENTITLEMENT, text);
    }
    assert_rows(f, &all, 1);
    put_ok(f, PARTY_ENTITLEMENT,
           "{'id':'zz','account':'acme','product':'P','serial':'SNX','kind':"
           "'warranty','from':'2026-01-01','to':'2026-12-31'}");
    assert_rows(f, &over, 1);
    assert_rows(f, &exact, 1);
}

/* --- the twin --------------------------------------------------------------------------------- */

#define CONTRACTS 40
static const char *const names[] = {"", "HG8", "HG9", "Ledger", "Office", "home", "cloud"};
static const char *const serials[] = {"", "S1", "S2"};

struct contract {
    bool is_contacts;                /* wu's; else acme's, whom lin is of */
    unsigned name, serial, from, to; /* months of 2026, 1 to 12 */
};

/* Every rule of entitlement.h said once more, without any index. */
static bool covers(const struct contract *contract, unsigned product, unsigned serial)
{
    static const char *const of[] = {
        [0] = "", [1] = "HG8 Office home", [2] = "HG9 home", [3] = "Ledger Office cloud"};

    if (product != 0 && contract->name != 0 && strstr(of[product], names[contract->name]) == NULL)
        return false;
    return contract->serial == 0 || serial == 0 || contract->serial == serial;
}

static const char *twin(const struct contract *contracts, size_t count, bool is_contacts,
                        unsigned product, unsigned serial, unsigned month)
{
    const char *result = "no_data";

    for (size_t i = 0; i < count; i++) {
        const struct contract *contract = &contracts[i];

        if (contract->is_contacts != is_contacts)
            continue;
        if (covers(contract, product, serial) && contract->from <= month && month <= contract->to)
            return "standard";
        result = "none";
    }
    return result;
}

static void the_index_finds_what_looking_at_all_finds(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct contract contracts[CONTRACTS];

    make(f);
    put_ok(f, PARTY_ACCOUNT, "{'id':'t','name':'T'}");
    put_ok(f, PARTY_CONTACT, "{'id':'tc','name':'T','kind':'customer'}");
    for (size_t i = 0; i < CONTRACTS; i++) {
        struct contract *c = &contracts[i];
        char text[300], serial[40] = "", product[40] = "";

        *c =
            (struct contract){test_random_below(&random, 2) == 0, test_random_below(&random, 7),
                              test_random_below(&random, 3), 1 + test_random_below(&random, 12), 0};
        c->to = c->from + test_random_below(&random, 13 - c->from);
        if (c->serial != 0)
            (void)snprintf(serial, sizeof serial, ",'serial':'%s'", serials[c->serial]);
        if (c->name != 0)
            (void)snprintf(product, sizeof product, ",'product':'%s'", names[c->name]);
        (void)snprintf(text, sizeof text,
                       "{'id':'t%zu','%s':'%s','kind':'contract','from':'2026-%02u-01','to':"
                       "'2026-%02u-28'%s%s}",
                       i, c->is_contacts ? "contact" : "account", c->is_contacts ? "tc" : "t",
                       c->from, c->to, serial, product);
        put_ok(f, PARTY_ENTITLEMENT, text);
        for (int asked = 0; asked < 20; asked++) {
            bool is_contacts = test_random_below(&random, 2) == 0;
            unsigned product_no = test_random_below(&random, 4);
            unsigned serial_no = test_random_below(&random, 3);
            unsigned month = 1 + test_random_below(&random, 12);
            char at[40];
            struct entitlement_question question = {is_contacts ? "tc" : "", is_contacts ? "" : "t",
                                                    names[product_no], serials[serial_no], 0};
            json_t *verdict;

            (void)snprintf(at, sizeof at, "2026-%02u-15T12:00:00+08:00", month);
            question.at_ms = time_of(at);
            verdict = verdict_of(f, &question);
            assert_string_equal(twin(contracts, i + 1, is_contacts, product_no, serial_no, month),
                                json_get_str(verdict, "result"));
            json_decref(verdict);
        }
    }
    assert_sound(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(contracts_and_warranties_decide, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_one_that_says_most_decides, set_up, tear_down),
        cmocka_unit_test_setup_teardown(days_are_those_of_the_contracts_zone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_merged_contact_keeps_his_contracts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(past_the_limit_it_is_best_effort, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_index_finds_what_looking_at_all_finds, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
