/* Accounts, contacts and entitlements: what is taken, whose an identity is, merging, lists; and
 * that check finds what was changed behind them. */
#include "tests/intake/party/party_fixture.h"

#include "data/base/limits.h"
#include "intake/commands.h"
#include "intake/party/party_match.h"

/* --- shapes --------------------------------------------------------------------------------- */

static void faults_are_told_with_their_places(void **state)
{
    static const struct {
        enum party_kind kind;
        const char *text, *places; /* of the complaints, in order */
    } table[] = {
        {PARTY_ACCOUNT,     "{'id':'a','name':'A'}",                                              ""                                   },
        {PARTY_ACCOUNT,     "{'id':'a b','name':''}",                                             "id name"                            },
        {PARTY_ACCOUNT,     "{'name':'A','nmae':'B'}",                                            "nmae id"                            },
        {PARTY_ACCOUNT,     "{'id':'a/b','name':'A'}",                                            "id"                                 },
        {PARTY_ACCOUNT,     "{'id':'a','name':'A','domains':['a.example','b c']}",                "domains[1]"                         },
        {PARTY_ACCOUNT,     "{'id':'a','name':'A','zone':'Mars','country':'XX','level':'gold'}",
         "level zone country"                                                                                                          },
        {PARTY_ACCOUNT,     "{'id':'a','name':'A','domains':'a.example'}",                        ""                                   },
        {PARTY_CONTACT,     "{'id':'c','name':'C','kind':'customer'}",                            ""                                   },
        {PARTY_CONTACT,     "{'id':'c','name':'C'}",                                              "kind"                               },
        {PARTY_CONTACT,     "{'id':'c','name':'C','kind':'king'}",                                "kind"                               },
        {PARTY_CONTACT,     "{'id':'c','name':'C','kind':'customer','identities':{'fax':'1'}}",
         "identities.fax"                                                                                                              },
        {PARTY_CONTACT,     "{'id':'c','name':'C','kind':'customer','identities':['1']}",         "identities"                         },
        {PARTY_CONTACT,
         "{'id':'c','name':'C','kind':'customer','identities':{'phone':['138 0013 "
         "8000','1'],'mail':7}}",                                                                 "identities.phone[1] identities.mail"},
        {PARTY_ENTITLEMENT,
         "{'id':'e','contact':'c','kind':'contract','from':'2026-01-01','to':'2026-01-01'}",      ""                                   },
        {PARTY_ENTITLEMENT, "{'id':'e','kind':'contract','from':'2026-01-01','to':'2026-01-01'}",
         "account"                                                                                                                     },
        {PARTY_ENTITLEMENT,
         "{'id':'e','contact':'c','account':'a','kind':'contract','from':'2026-01-01','to':'2026-"
         "01-01'}",                                                                               "account"                            },
        {PARTY_ENTITLEMENT,
         "{'id':'e','contact':'c','kind':'contract','from':'2026-02-30','to':'2026'}",            "from to"                            },
        {PARTY_ENTITLEMENT,
         "{'id':'e','contact':'c','kind':'contract','from':'2026-01-02','to':'2026-01-01'}",      "to"                                 },
        {PARTY_ENTITLEMENT,
         "{'id':'e','contact':'c','kind':'gift','from':'2026-01-01','to':'2026-01-01','serial':'--'"
         "}",                                                                                     "serial"                             },
    };
    struct fixture *f = *state;
    struct error err;

    put_ok(f, PARTY_CONTACT, "{'id':'c','name':'C','kind':'customer'}");
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        json_t *complaints = NULL;
        const json_t *item;
        struct buf places = {0};
        enum status status = put_at(f, &f->admin, table[i].kind, table[i].text, PARTY_ANY_VERSION,
                                    &complaints, NULL, &err);
        size_t j;

        json_array_foreach(complaints, j, item)
        {
            buf_printf(&places, "%s%s", j > 0 ? " " : "", json_get_str(item, "place"));
        }
        if (strcmp(table[i].places, buf_str(&places)) != 0 ||
            (status != (table[i].places[0] != '\0' ? AF_INVALID : AF_OK)))
            fail_msg("%s: %s (%s)", table[i].text, buf_str(&places), err.text);
        buf_release(&places);
        json_decref(complaints);
    }
    assert_sound(f);
}

static void limits_are_named(void **state)
{
    struct fixture *f = *state;
    struct buf text = {0};
    struct error err;
    char id[PARTY_ID_BYTES_MAX + 2];

    memset(id, 'x', sizeof id);
    for (int len = PARTY_ID_BYTES_MAX; len <= PARTY_ID_BYTES_MAX + 1; len++) {
        buf_clear(&text);
        buf_printf(&text, "{'id':'%.*s','name':'N','kind':'customer'}", len, id);
        assert_int_equal(len == PARTY_ID_BYTES_MAX ? AF_OK : AF_INVALID,
                         put(f, PARTY_CONTACT, buf_str(&text), &err));
    }
    for (int count = PARTY_IDENTITIES_MAX; count <= PARTY_IDENTITIES_MAX + 1; count++) {
        buf_clear(&text);
        buf_add_str(&text, "{'id':'n','name':'N','kind':'customer','identities':{'appid':[");
        for (int i = 0; i < count; i++)
            buf_printf(&text, "%s'u%d'", i > 0 ? "," : "", i);
        buf_add_str(&text, "]}}");
        assert_int_equal(count == PARTY_IDENTITIES_MAX ? AF_OK : AF_INVALID,
                         put(f, PARTY_CONTACT, buf_str(&text), &err));
    }
    for (int len = PARTY_NAME_BYTES_MAX; len <= PARTY_NAME_BYTES_MAX + 1; len++) {
        buf_clear(&text);
        buf_add_str(&text, "{'id':'m','kind':'customer','name':'");
        for (int i = 0; i < len; i++)
            buf_add_u8(&text, 'n');
        buf_add_str(&text, "'}");
        assert_int_equal(len == PARTY_NAME_BYTES_MAX ? AF_OK : AF_INVALID,
                         put(f, PARTY_CONTACT, buf_str(&text), &err));
    }
    buf_release(&text);
}

/* --- putting -------------------------------------------------------------------------------- */

static void a_change_is_a_version_and_the_same_is_none(void **state)
{
    struct fixture *f = *state;
    json_t *complaints, *record;
    struct error err;
    uint64_t version;

    assert_ok(put_at(f, &f->engineer, PARTY_CONTACT, "{'id':'c','name':'C','kind':'prospect'}", 0,
                     &complaints, &version, &err));
    assert_int_equal(1, version);
    assert_ok(put_at(f, &f->engineer, PARTY_CONTACT, "{'kind':'prospect','id':'c','name':'C'}", 1,
                     &complaints, &version, &err));
    assert_int_equal(1, version);
    assert_ok(put_at(f, &f->engineer, PARTY_CONTACT, "{'id':'c','name':'C','kind':'customer'}", 1,
                     &complaints, &version, &err));
    assert_int_equal(2, version);
    assert_refused(AF_CHANGED,
                   put_at(f, &f->engineer, PARTY_CONTACT, "{'id':'c','name':'D','kind':'customer'}",
                          1, &complaints, NULL, &err));
    assert_refused(AF_CHANGED,
                   put_at(f, &f->engineer, PARTY_CONTACT, "{'id':'n','name':'D','kind':'customer'}",
                          1, &complaints, NULL, &err));
    assert_ok(party_get(f->app, &f->engineer, PARTY_CONTACT, "c", &record, &err));
    assert_string_equal("customer", json_get_str(record, "kind"));
    json_decref(record);
    assert_refused(AF_NOT_FOUND,
                   party_get(f->app, &f->engineer, PARTY_CONTACT, "x", &record, &err));
    assert_refused(AF_NOT_FOUND, party_get(f->app, &f->engineer, PARTY_CONTACT, "", &record, &err));
}

static void who_may_keep_what(void **state)
{
    struct fixture *f = *state;
    const struct who customer = who_customer(), lead = who_staff(ROLE_SUPERVISOR, "lead");
    const char *account = "{'id':'a','name':'A'}",
               *contact = "{'id':'c','name':'C','kind':'customer'}";
    json_t *complaints, *record;
    struct error err;

    assert_refused(AF_DENIED, put_at(f, &f->engineer, PARTY_ACCOUNT, account, PARTY_ANY_VERSION,
                                     &complaints, NULL, &err));
    assert_refused(AF_DENIED, put_at(f, &customer, PARTY_CONTACT, contact, PARTY_ANY_VERSION,
                                     &complaints, NULL, &err));
    assert_ok(put_at(f, &lead, PARTY_ACCOUNT, account, PARTY_ANY_VERSION, &complaints, NULL, &err));
    assert_ok(put_at(f, &f->engineer, PARTY_CONTACT, contact, PARTY_ANY_VERSION, &complaints, NULL,
                     &err));
    assert_refused(AF_DENIED, party_get(f->app, &customer, PARTY_CONTACT, "c", &record, &err));
    assert_refused(AF_DENIED, party_merge(f->app, &customer, "a", "b", &err));
}

static void what_a_record_names_is_there(void **state)
{
    struct fixture *f = *state;
    struct error err;

    assert_refused(AF_INVALID, put(f, PARTY_CONTACT,
                                   "{'id':'c','account':'a','name':'C','kind':'customer'}", &err));
    assert_refused(AF_INVALID, put(f, PARTY_ENTITLEMENT,
                                   "{'id':'e','contact':'c','kind':'warranty','from':'2026-01-01',"
                                   "'to':'2026-12-31'}",
                                   &err));
    assert_sound(f);
}

/* --- identities ----------------------------------------------------------------------------- */

/* Whose it is, by the way of ticket intake. "" nobody; "@a" an account alone. */
static void assert_found(struct fixture *f, const char *given, const char *by, const char *who)
{
    json_t *contact = test_json_quoted(given);
    struct party_match match;
    struct rules rules;
    struct txn *txn;
    struct error err;

    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    assert_ok(rules_load(txn, &rules, &err));
    assert_ok(party_find(txn, &rules, contact, &match, &err));
    assert_string_equal(by, match.by != NULL ? match.by : "");
    if (who[0] == '@')
        assert_string_equal(who + 1, json_get_str(match.account, "id"));
    assert_string_equal(who[0] == '@' ? "" : who, json_get_str(match.contact, "id"));
    party_match_release(&match);
    rules_release(&rules);
    txn_abort(txn);
    json_decref(contact);
}

static void make_people(struct fixture *f)
{
    put_ok(f, PARTY_ACCOUNT, "{'id':'acme','name':'Acme','domains':['acme.example']}");
    put_ok(f, PARTY_ACCOUNT, "{'id':'us','name':'US Inc','country':'US'}");
    put_ok(f, PARTY_CONTACT,
           "{'id':'lin','account':'acme','name':'Lin','kind':'customer','identities':"
           "{'phone':['138 0013 8000','+86 10 8234 5678'],'mail':'Lin@Acme.example',"
           "'openid':'oLin'}}");
    put_ok(f, PARTY_CONTACT,
           "{'id':'wu','name':'Wu','kind':'prospect','identities':{'mail':'wu@x.example',"
           "'appid':'u-7'}}");
    put_ok(f, PARTY_CONTACT,
           "{'id':'bob','account':'us','name':'Bob','kind':'customer','identities':"
           "{'phone':'(415) 555-2671'}}");
}

static void whoever_asks_is_found(void **state)
{
    static const struct {
        const char *given, *by, *who;
    } table[] = {
        {"{'phone':'0086 138-0013-8000'}",                "phone",   "lin"  },
        {"{'phone':'010 82345678'}",                      "phone",   "lin"  },
        {"{'phone':'+1 415 555 2671'}",                   "phone",   "bob"  },
        {"{'phone':'415 555 2671'}",                      "",        ""     }, /* not of the US, here */
        {"{'mail':'LIN@acme.EXAMPLE'}",                   "mail",    "lin"  },
        {"{'openid':'oLin'}",                             "openid",  "lin"  },
        {"{'openid':'olin'}",                             "",        ""     },
        {"{'appid':'u-7'}",                               "appid",   "wu"   },
        {"{'id':'wu'}",                                   "id",      "wu"   },
        {"{'account':'acme'}",                            "account", "@acme"},
        {"{'account':'nobody'}",                          "",        ""     },
        {"{'mail':'new@acme.example'}",                   "domain",  "@acme"},
        {"{'mail':'new@sub.acme.example'}",               "",        ""     },
        {"{'mail':'wu@x.example','phone':'13800138000'}", "mail",    "wu"   },
        {"{'openid':'oLin','mail':'wu@x.example'}",       "openid",  "lin"  },
        {"{'phone':'call me','mail':'@','name':'Lin'}",   "",        ""     },
        {"{}",                                            "",        ""     },
    };
    struct fixture *f = *state;

    make_people(f);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        assert_found(f, table[i].given, table[i].by, table[i].who);
    assert_sound(f);
}

static void an_identity_is_one_contacts_until_he_gives_it_up(void **state)
{
    struct fixture *f = *state;
    struct error err;

    make_people(f);
    assert_refused(AF_CONFLICT, put(f, PARTY_CONTACT,
                                    "{'id':'new','name':'N','kind':'customer','identities':"
                                    "{'phone':'13800138000'}}",
                                    &err));
    assert_non_null(strstr(err.text, "contact lin's already"));
    assert_refused(AF_CONFLICT,
                   put(f, PARTY_ACCOUNT, "{'id':'x','name':'X','domains':['acme.example']}", &err));
    put_ok(f, PARTY_CONTACT, "{'id':'lin','account':'us','name':'Lin','kind':'customer'}");
    assert_found(f, "{'phone':'13800138000'}", "", "");
    put_ok(f, PARTY_CONTACT,
           "{'id':'new','name':'N','kind':'customer','identities':{'phone':'13800138000'}}");
    assert_found(f, "{'phone':'13800138000'}", "phone", "new");
    assert_sound(f);
}

/* --- merging -------------------------------------------------------------------------------- */

static void merged_contacts_are_one(void **state)
{
    struct fixture *f = *state;
    json_t *record;
    struct error err;

    make_people(f);
    put_ok(f, PARTY_CONTACT,
           "{'id':'old','name':'Old','kind':'customer','account':'acme',"
           "'identities':{'phone':'139 0013 9000'}}");
    assert_ok(party_merge(f->app, &f->engineer, "old", "wu", &err));
    assert_ok(party_merge(f->app, &f->engineer, "wu", "lin", &err));
    assert_found(f, "{'mail':'wu@x.example'}", "mail", "lin");
    assert_found(f, "{'phone':'13900139000'}", "phone", "lin");
    assert_found(f, "{'id':'old'}", "id", "lin"); /* both point to the last one */
    assert_ok(party_get(f->app, &f->engineer, PARTY_CONTACT, "lin", &record, &err));
    assert_int_equal(2, json_array_size(json_object_get(record, "merged")));
    json_decref(record);
    assert_refused(AF_CONFLICT, party_merge(f->app, &f->engineer, "old", "bob", &err));
    assert_refused(AF_CONFLICT, party_merge(f->app, &f->engineer, "bob", "wu", &err));
    assert_refused(AF_INVALID, party_merge(f->app, &f->engineer, "bob", "bob", &err));
    assert_refused(AF_NOT_FOUND, party_merge(f->app, &f->engineer, "nobody", "bob", &err));
    assert_refused(AF_CONFLICT,
                   put(f, PARTY_CONTACT, "{'id':'wu','name':'Wu','kind':'customer'}", &err));
    assert_refused(AF_CONFLICT,
                   put(f, PARTY_ENTITLEMENT,
                       "{'id':'e','contact':'wu','kind':'warranty','from':'2026-01-01',"
                       "'to':'2026-12-31'}",
                       &err));
    assert_sound(f);
}

static void so_many_are_merged_and_no_more(void **state)
{
    struct fixture *f = *state;
    struct error err;
    char text[100], id[20];

    put_ok(f, PARTY_CONTACT, "{'id':'one','name':'N','kind':'customer'}");
    for (int i = 0; i <= PARTY_MERGED_MAX; i++) {
        (void)snprintf(id, sizeof id, "c%d", i);
        (void)snprintf(text, sizeof text, "{'id':'%s','name':'N','kind':'customer'}", id);
        put_ok(f, PARTY_CONTACT, text);
        assert_int_equal(i < PARTY_MERGED_MAX ? AF_OK : AF_TOO_LARGE,
                         party_merge(f->app, &f->engineer, id, "one", &err));
    }
    assert_sound(f);
}

/* --- lists ---------------------------------------------------------------------------------- */

static size_t count_pages(struct fixture *f, enum party_kind kind, const char *owner,
                          uint32_t limit, size_t *rows)
{
    char after[PARTY_KEY_BYTES_MAX] = "";
    size_t pages = 0;

    *rows = 0;
    do {
        const struct party_filter filter = {kind, bytes_str(owner), bytes_str(after), limit};
        json_t *page, *list;
        struct error err;

        assert_ok(party_list(f->app, &f->engineer, &filter, &page, &err));
        list = json_object_iter_value(json_object_iter(page));
        *rows += json_array_size(list);
        (void)snprintf(after, sizeof after, "%s", json_get_str(page, "next"));
        json_decref(page);
        pages++;
    } while (after[0] != '\0');
    return pages;
}

static void lists_go_on_where_a_page_ended(void **state)
{
    struct fixture *f = *state;
    const struct party_filter none = {.kind = PARTY_CONTACT, .limit = 0};
    json_t *page;
    struct error err;
    char text[200];
    size_t rows;

    put_ok(f, PARTY_ACCOUNT, "{'id':'a','name':'A'}");
    put_ok(f, PARTY_ACCOUNT, "{'id':'b','name':'B'}");
    for (int i = 0; i < 25; i++) {
        (void)snprintf(text, sizeof text,
                       "{'id':'c%02d','account':'%s','name':'N','kind':'customer'}", i,
                       i % 5 == 0 ? "b" : "a");
        put_ok(f, PARTY_CONTACT, text);
        (void)snprintf(text, sizeof text,
                       "{'id':'e%02d','account':'%s','product':'P%d','kind':'warranty',"
                       "'from':'2026-01-01','to':'2026-12-31'}",
                       i, i % 5 == 0 ? "b" : "a", i % 3);
        put_ok(f, PARTY_ENTITLEMENT, text);
    }
    assert_int_equal(3, count_pages(f, PARTY_CONTACT, "", 10, &rows));
    assert_int_equal(25, rows);
    assert_int_equal(2, count_pages(f, PARTY_CONTACT, "a", 10, &rows));
    assert_int_equal(20, rows);
    assert_int_equal(7, count_pages(f, PARTY_ENTITLEMENT, "a", 3, &rows));
    assert_int_equal(20, rows);
    assert_int_equal(1, count_pages(f, PARTY_ENTITLEMENT, "b", 5, &rows));
    assert_int_equal(5, rows);
    assert_int_equal(1, count_pages(f, PARTY_CONTACT, "nobody", 10, &rows));
    assert_int_equal(0, rows);
    assert_refused(AF_INVALID, party_list(f->app, &f->engineer, &none, &page, &err));
}

/* --- against a naive twin -------------------------------------------------------------------- */

#define PEOPLE 6
#define NUMBERS 8

/* Random puts and merges; the twin is a table of whose each number is. */
static void identities_are_whose_the_twin_says(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    int owner[NUMBERS], merged[PEOPLE];
    struct error err;

    for (int i = 0; i < NUMBERS; i++)
        owner[i] = -1;
    for (int i = 0; i < PEOPLE; i++) {
        char text[100];

        merged[i] = -1;
        (void)snprintf(text, sizeof text, "{'id':'p%d','name':'N','kind':'customer'}", i);
        put_ok(f, PARTY_CONTACT, text);
    }
    for (int round = 0; round < 300; round++) {
        int who = (int)test_random_below(&random, PEOPLE);
        char a[20], b[20];

        (void)snprintf(a, sizeof a, "p%d", who);
        if (test_random_below(&random, 40) == 0) {
            int into = (int)test_random_below(&random, PEOPLE);
            bool may = who != into && merged[who] < 0 && merged[into] < 0;

            (void)snprintf(b, sizeof b, "p%d", into);
            assert_int_equal(may, party_merge(f->app, &f->admin, a, b, &err) == AF_OK);
            for (int i = 0; may && i < NUMBERS; i++)
                owner[i] = owner[i] == who ? into : owner[i];
            merged[who] = may ? into : merged[who];
        } else {
            uint32_t wanted =
                test_random_below(&random, 1 << NUMBERS) & test_random_below(&random, 1 << NUMBERS);
            bool may = merged[who] < 0;
            struct buf text = {0};

            buf_printf(&text, "{'id':'%s','name':'%d','kind':'customer','identities':{'phone':[", a,
                       round);
            for (int i = 0, n = 0; i < NUMBERS; i++)
                if ((wanted >> i & 1) != 0) {
                    may = may && (owner[i] < 0 || owner[i] == who);
                    buf_printf(&text, "%s'1380013800%d'", n++ > 0 ? "," : "", i);
                }
            buf_add_str(&text, "]}}");
            assert_int_equal(may, put(f, PARTY_CONTACT, buf_str(&text), &err) == AF_OK);
            buf_release(&text);
            for (int i = 0; may && i < NUMBERS; i++)
                owner[i] = (wanted >> i & 1) != 0 ? who : owner[i] == who ? -1 : owner[i];
        }
        for (int i = 0; round % 10 == 0 && i < NUMBERS; i++) {
            (void)snprintf(a, sizeof a, "p%d", owner[i]);
            (void)snprintf(b, sizeof b, "1380013800%d", i);
            {
                char given[60];

                (void)snprintf(given, sizeof given, "{'phone':'%s'}", b);
                assert_found(f, given, owner[i] < 0 ? "" : "phone", owner[i] < 0 ? "" : a);
            }
        }
    }
    assert_sound(f);
}

/* --- damage ---------------------------------------------------------------------------------- */

static struct party_key text_key(const char *text, size_t len)
{
    struct party_key key = {.len = len};

    memcpy(key.b, text, len);
    return key;
}

/* Each row that is taken away, or put where it does not belong, is missed. */
static void check_finds_what_was_changed_behind_it(void **state)
{
    const struct {
        enum table table;
        struct party_key key;
        const char *value; /* NULL: taken away */
        const char *said;
    } edits[] = {
        {TABLE_CONTACT_KEY,    text_key("\0+8613800138000",     15), NULL,                                        "is not in table contact_key"},
        {TABLE_CONTACT_KEY,    text_key("\0+8613800138000",     15), "wu",
         "is another's in table contact_key"                                                                                                   },
        {TABLE_CONTACT_KEY,    text_key("\0+8613900139000",     15), "wu",                                        "table contact_key"          },
        {TABLE_CONTACT_KEY,    text_key("\4acme.example",       13), NULL,                                        "is not in table contact_key"},
        {TABLE_CONTACT_OF,     text_key("acme\0lin",            8),  NULL,                                        "is not in table contact_of" },
        {TABLE_CONTACT_OF,     text_key("acme\0wu",             7),  "",                                          "table contact_of"           },
        {TABLE_ENTITLEMENT_OF, text_key("aacme\0HG8\0SN1\0W-1", 17), NULL,
         "is not in table entitlement_of"                                                                                                      },
        {TABLE_ENTITLEMENT_OF, text_key("aacme\0HG8\0SN2\0W-1", 17), "",                                          "table entitlement_of"       },
        {TABLE_CONTACT,        text_key("lin",                  3),  "{\"id\":\"lin\",\"name\":7,\"version\":1}", "name"                       },
        {TABLE_CONTACT,        text_key("wu",                   2),  "{\"id\":\"lin\",\"version\":1}",            "its \"id\" is lin"          },
        {TABLE_PARTY_ACCOUNT,  text_key("acme",                 4),  NULL,
         "it names account acme, which there is not"                                                                                           },
        {TABLE_ENTITLEMENT,    text_key("W-1",                  3),  "{}",                                        "its \"id\" is"              },
    };

    (void)state;
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        struct fixture *f;
        struct buf faults;
        struct txn *txn;
        struct error err;

        assert_int_equal(0, set_up((void **)&f));
        make_people(f);
        put_ok(f, PARTY_ENTITLEMENT,
               "{'id':'W-1','account':'acme','product':'HG8','serial':'sn-1','kind':'warranty',"
               "'from':'2026-01-01','to':'2026-12-31'}");
        assert_sound(f);
        assert_ok(store_begin_write(app_store(f->app), &txn, &err));
        if (edits[i].value == NULL)
            assert_ok(store_delete(txn, edits[i].table, party_key_bytes(&edits[i].key), &err));
        else
            assert_ok(store_put(txn, edits[i].table, party_key_bytes(&edits[i].key),
                                bytes_str(edits[i].value), &err));
        assert_ok(txn_commit(txn, &err));
        faults = faults_of(f);
        if (strstr(buf_str(&faults), edits[i].said) == NULL)
            fail_msg("edit %zu: %s", i, buf_str(&faults));
        buf_release(&faults);
        (void)tear_down((void **)&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(faults_are_told_with_their_places, set_up, tear_down),
        cmocka_unit_test_setup_teardown(limits_are_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_change_is_a_version_and_the_same_is_none, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(who_may_keep_what, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_record_names_is_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(whoever_asks_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_identity_is_one_contacts_until_he_gives_it_up, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(merged_contacts_are_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(so_many_are_merged_and_no_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lists_go_on_where_a_page_ended, set_up, tear_down),
        cmocka_unit_test_setup_teardown(identities_are_whose_the_twin_says, set_up, tear_down),
        cmocka_unit_test(check_finds_what_was_changed_behind_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
