#include "tests/harness.h"

#include "intake/desk/contact_mask.h"

static const char contact[] =
    "{'name':'Anna Lee','mail':'anna@example.org','phone':'+86 138 0013 8000','company':'Acme Ltd',"
    "'desk':'B-12','empty':'','n':1}";
static const char party[] = "{'name':'王小美','identities':{'phone':['+861082345678;ext=101'],"
                            "'mail':['mei@example.cn'],'openid':['oGk3x']}}";

static void assert_masked(const json_t *mask, const char *text, const char *expected)
{
    struct buf out = {0};

    contact_mask_add(mask, bytes_str(text), &out);
    assert_true(buf_ok(&out));
    assert_string_equal(expected, buf_str(&out));
    buf_release(&out);
}

static void what_names_the_contact_is_taken_out_and_nothing_else(void **state)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"",                                                 ""                                        },
        {"It blinks.",                                       "It blinks."                              },
        {"Anna Lee here, anna lee of ACME LTD.",             "[name] here, [name] of [company]."       },
        {"Regards, Anna",                                    "Regards, [name]"                         },
        {"Regards,\nLee.",                                   "Regards,\n[name]."                       },
        {"an anna, fleeting, Leeds, Annabel",                "an anna, fleeting, Leeds, Annabel"       },
        {"mail ANNA@Example.org!",                           "mail [mail]!"                            },
        {"joanna@example.org, anna@example.organic",         "joanna@example.org, anna@example.organic"},
        {"我是王小美，邮箱mei@example.cn谢谢",     "我是[name]，邮箱[mail]谢谢"       },
        {"王小明",                                        "王小明"                               },
        {"openid oGk3x at B-12",                             "openid [contact] at [contact]"           },
        {"Tel. 13800138000.",                                "Tel. [phone]."                           },
        {"+86-138-0013-8000",                                "[phone]"                                 },
        {"(0086) 138 0013 8000",                             "[phone]"                                 },
        {"电话１３８００１３８０００，红灯", "电话[phone]，红灯"                  },
        {"010 8234 5678 or 8234-5678",                       "[phone] or [phone]"                      },
        {"13800138001, 0013 800, 38000",                     "13800138001, 0013 800, 38000"            },
        {"error 0x80070005 in 7.5.1",                        "error 0x80070005 in 7.5.1"               },
    };
    json_t *person = test_json_quoted(contact), *record = test_json_quoted(party);
    json_t *mask = contact_mask_new(person, record, NULL);

    (void)state;
    assert_non_null(mask);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_masked(mask, cases[i].text, cases[i].expected);
    json_decref(mask);
    json_decref(person);
    json_decref(record);
}

static void what_the_header_says_is_not_caught_is_not(void **state)
{
    static const char *const texts[] = {"Ana Lee's sister Bea, bea@example.org, 139 0013 9000",
                                        "wang xiaomei", "anna＠example.org"};
    json_t *person = test_json_quoted("{'name':'Anna Leeson','mail':'anna@example.org'}");
    json_t *mask = contact_mask_new(person, NULL, NULL);

    (void)state;
    assert_non_null(mask);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_masked(mask, texts[i], texts[i]);
    json_decref(mask);
    json_decref(person);
}

static void without_a_contact_every_byte_stays(void **state)
{
    json_t *mask = contact_mask_new(NULL, NULL, NULL);

    (void)state;
    assert_non_null(mask);
    assert_masked(mask, "Anna 13800138000 \xF0\x9F\x98\x80", "Anna 13800138000 \xF0\x9F\x98\x80");
    json_decref(mask);
}

static void an_account_is_known_by_its_name(void **state)
{
    json_t *account = test_json_quoted("{'id':'acme','name':'Nordwind'}");
    json_t *mask = contact_mask_new(NULL, NULL, account);

    (void)state;
    assert_non_null(mask);
    assert_masked(mask, "the routers of nordwind", "the routers of [company]");
    json_decref(mask);
    json_decref(account);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_names_the_contact_is_taken_out_and_nothing_else),
        cmocka_unit_test(what_the_header_says_is_not_caught_is_not),
        cmocka_unit_test(without_a_contact_every_byte_stays),
        cmocka_unit_test(an_account_is_known_by_its_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
