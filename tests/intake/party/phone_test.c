/* Telephone numbers as people write them, one line each. */
#include "tests/harness.h"

#include "intake/party/phone.h"
#include "intake/party/phone_plan.h"

static const struct {
    const char *country, *text, *normal; /* NULL: refused */
} table[] = {
  /* One mobile number of China in the ways it is written. */
    {"CN",  "13800138000",                                         "+8613800138000"       },
    {"CN",  "138 0013 8000",                                       "+8613800138000"       },
    {"CN",  " 138-0013-8000 ",                                     "+8613800138000"       },
    {"CN",  "１３８００１３８０００",                   "+8613800138000"       },
    {"CN",  "+86 138 0013 8000",                                   "+8613800138000"       },
    {"CN",  "＋８６－１３８－００１３－８０００", "+8613800138000"       },
    {"CN",  "(86) 138 0013 8000",                                  "+8613800138000"       },
    {"CN",  "0086-138-0013-8000",                                  "+8613800138000"       },
    {"CN",  "8613800138000",                                       "+8613800138000"       },
    {"CN",  "tel:+86-138-0013-8000",                               "+8613800138000"       },
    {"CN",  "\u202d+86 138\u00a00013\u30008000\u202c",             "+8613800138000"       },
    {"CN",  "١٣٨٠٠١٣٨٠٠٠",                              "+8613800138000"       },
 /* Fixed lines: the 0 before an area is dialled at home only. */
    {"CN",  "010-8234 5678",                                       "+861082345678"        },
    {"CN",  "(010)82345678",                                       "+861082345678"        },
    {"CN",  "+86 (0)10 8234 5678",                                 "+861082345678"        },
    {"CN",  "+86 010 8234 5678",                                   "+861082345678"        },
    {"CN",  "0755－26780000",                                     "+8675526780000"       },
    {"CN",  "400-800-1234",                                        "+864008001234"        },
 /* Extensions are part of who is called. */
    {"CN",  "010-82345678转101",                                  "+861082345678;ext=101"},
    {"CN",  "010-82345678 分机 101",                             "+861082345678;ext=101"},
    {"CN",  "+86 10 82345678 ext. 101",                            "+861082345678;ext=101"},
    {"CN",  "+861082345678;ext=101",                               "+861082345678;ext=101"},
    {"US",  "(415) 555-2671 x22",                                  "+14155552671;ext=22"  },
    {"JP",  "03-1234-5678 内線 12",                              "+81312345678;ext=12"  },
 /* Other countries, from at home and from abroad. */
    {"US",  "415.555.2671",                                        "+14155552671"         },
    {"US",  "1-415-555-2671",                                      "+14155552671"         },
    {"US",  "011 86 138 0013 8000",                                "+8613800138000"       },
    {"CN",  "001 415 555 2671",                                    "+14155552671"         },
    {"GB",  "020 7946 0958",                                       "+442079460958"        },
    {"CN",  "+44 (0)20 7946 0958",                                 "+442079460958"        },
    {"JP",  "０９０－１２３４－５６７８",             "+819012345678"        },
    {"JP",  "010 1 415 555 2671",                                  "+14155552671"         },
    {"JP",  "０３ー１２３４ー５６７８",                "+81312345678"         },
    {"HK",  "6123 4567",                                           "+85261234567"         },
    {"TW",  "0912 345 678",                                        "+886912345678"        },
    {"KR",  "010-2000-0000",                                       "+821020000000"        },
    {"IT",  "06 6982",                                             "+39066982"            }, /* keeps it */
    {"RU",  "8 (912) 345-67-89",                                   "+79123456789"         },
    {"RU",  "8 800 123-45-67",                                     "+78001234567"         },
    {"HU",  "06 1 234 5678",                                       "+3612345678"          },
    {"001", "+800 1234 5678",                                      "+80012345678"         },
 /* What is none. */
    {"CN",  "",                                                    NULL                   },
    {"CN",  "+",                                                   NULL                   },
    {"CN",  "none",                                                NULL                   },
    {"CN",  "138001380",                                           "+86138001380"         }, /* as long as some are */
    {"CN",  "12345",                                               NULL                   },
    {"CN",  "13800138000/13900139000",                             NULL                   },
    {"CN",  "1380013800013",                                       NULL                   },
    {"CN",  "+999 12345678",                                       NULL                   },
    {"CN",  "+0 12345678",                                         NULL                   },
    {"CN",  "138+0013+8000",                                       NULL                   },
    {"CN",  "13800138000 x",                                       NULL                   },
    {"CN",  "13800138000 x123456789",                              NULL                   },
    {"CN",  "1-800-FLOWERS",                                       NULL                   },
    {"CN",  "13800138000\xff",                                     NULL                   },
    {"XX",  "13800138000",                                         NULL                   },
    {"XX",  "+8613800138000",                                      "+8613800138000"       },
    {"",    "0086 13800138000",                                    "+8613800138000"       },
};

static void numbers_are_compared_in_one_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char out[PHONE_BYTES] = "";
        struct error err = {.text = ""};
        enum status status = phone_normalise(bytes_str(table[i].text), table[i].country, out, &err);

        if (table[i].normal == NULL ? status != AF_INVALID || err.text[0] == '\0'
                                    : status != AF_OK || strcmp(out, table[i].normal) != 0)
            fail_msg("%s of %s: %s %s", table[i].text, table[i].country, out, err.text);
    }
}

static void what_comes_out_comes_out_the_same_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char out[PHONE_BYTES];
        struct error err;

        if (table[i].normal == NULL)
            continue;
        assert_ok(phone_normalise(bytes_str(table[i].normal), "DE", out, &err));
        assert_string_equal(table[i].normal, out);
    }
}

static void every_country_has_a_plan(void **state)
{
    (void)state;
    assert_true(phone_plans_count > 240);
    for (unsigned i = 0; i < phone_plans_count; i++) {
        const struct phone_plan *plan = &phone_plans[i];

        assert_true(plan->code > 0 && plan->code < 1000 && plan->lengths != 0);
        assert_int_equal(plan->region[0] >= 'A', phone_has_country(plan->region));
    }
    assert_true(phone_has_country("CN"));
    assert_false(phone_has_country("001"));
    assert_false(phone_has_country("cn"));
    assert_false(phone_has_country(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_compared_in_one_form),
        cmocka_unit_test(what_comes_out_comes_out_the_same_again),
        cmocka_unit_test(every_country_has_a_plan),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
