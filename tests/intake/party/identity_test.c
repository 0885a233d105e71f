/* Mail addresses, names at WeChat, domains and serial numbers, one line each. */
#include "tests/harness.h"

#include "data/base/limits.h"
#include "intake/party/identity.h"

#include <stdio.h>

static const struct {
    enum identity_kind kind;
    const char *text, *normal; /* NULL: refused */
} table[] = {
    {IDENTITY_MAIL,   "lin@example.com",                               "lin@example.com"      },
    {IDENTITY_MAIL,   " Lin.Wei@Example.COM ",                         "lin.wei@example.com"  },
    {IDENTITY_MAIL,   "Lin Wei <Lin.Wei@Example.com>",                 "lin.wei@example.com"  },
    {IDENTITY_MAIL,   "mailto:lin@example.com",                        "lin@example.com"      },
    {IDENTITY_MAIL,   "ｌｉｎ＠ｅｘａｍｐｌｅ．ｃｏｍ", "lin@example.com"      },
    {IDENTITY_MAIL,   "lin@例え.JP",                                 "lin@xn--r8jz45g.jp"   },
    {IDENTITY_MAIL,   "lin@例え。jp",                               "lin@xn--r8jz45g.jp"   },
    {IDENTITY_MAIL,   "lin@xn--r8jz45g.jp",                            "lin@xn--r8jz45g.jp"   },
    {IDENTITY_MAIL,   "info@Straße.de",                               "info@xn--strae-oqa.de"},
    {IDENTITY_MAIL,   "张三@example.cn",                             "张三@example.cn"    },
    {IDENTITY_MAIL,   "JOSÉ@example.com",                             "josé@example.com"    },
    {IDENTITY_MAIL,   "jose\u0301@example.com",                        "josé@example.com"    },
    {IDENTITY_MAIL,   "a+b@example.com",                               "a+b@example.com"      },
    {IDENTITY_MAIL,   "l.i.n@gmail.com",                               "l.i.n@gmail.com"      },
    {IDENTITY_MAIL,   "root@localhost",                                "root@localhost"       },
    {IDENTITY_MAIL,   "lin@example.com.",                              "lin@example.com"      },
    {IDENTITY_MAIL,   "",                                              NULL                   },
    {IDENTITY_MAIL,   "lin",                                           NULL                   },
    {IDENTITY_MAIL,   "@example.com",                                  NULL                   },
    {IDENTITY_MAIL,   "lin@",                                          NULL                   },
    {IDENTITY_MAIL,   "lin@exa mple.com",                              NULL                   },
    {IDENTITY_MAIL,   "lin@-example.com",                              NULL                   },
    {IDENTITY_MAIL,   "lin@example..com",                              NULL                   },
    {IDENTITY_MAIL,   "lin@a_b.com",                                   NULL                   },
    {IDENTITY_MAIL,   "lin wei@example.com",                           NULL                   },
    {IDENTITY_MAIL,   "lin@wei@example.com",                           NULL                   },
    {IDENTITY_MAIL,   "\"lin\"@example.com",                           NULL                   },
    {IDENTITY_MAIL,   "lin\n@example.com",                             NULL                   },
    {IDENTITY_MAIL,   "lin\xff@example.com",                           NULL                   },
    {IDENTITY_DOMAIN, "Example.COM.",                                  "example.com"          },
    {IDENTITY_DOMAIN, "例え.jp",                                     "xn--r8jz45g.jp"       },
    {IDENTITY_DOMAIN, ".com.",                                         NULL                   },
    {IDENTITY_DOMAIN, "lin@example.com",                               NULL                   },
    {IDENTITY_DOMAIN, ".",                                             NULL                   },
    {IDENTITY_OPENID, " oGk3-X_y ",                                    "oGk3-X_y"             },
    {IDENTITY_OPENID, "OGK3-x_Y",                                      "OGK3-x_Y"             },
    {IDENTITY_OPENID, "two words",                                     NULL                   },
    {IDENTITY_OPENID, "名",                                           NULL                   },
    {IDENTITY_APPID,  "user/17:a",                                     "user/17:a"            },
    {IDENTITY_APPID,  "",                                              NULL                   },
    {IDENTITY_PHONE,  "138 0013 8000",                                 "+8613800138000"       },
    {IDENTITY_PHONE,  "138",                                           NULL                   },
};

static void identities_are_compared_in_one_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char out[IDENTITY_TEXT_BYTES] = "", again[IDENTITY_TEXT_BYTES];
        struct error err = {.text = ""};
        enum status status =
            identity_normalise(table[i].kind, bytes_str(table[i].text), "CN", out, &err);

        if (table[i].normal == NULL ? status != AF_INVALID || err.text[0] == '\0'
                                    : status != AF_OK || strcmp(out, table[i].normal) != 0)
            fail_msg("%s: %s %s", table[i].text, out, err.text);
        if (table[i].normal == NULL)
            continue;
        assert_true(identity_is_normal(table[i].kind, bytes_str(out)));
        assert_ok(identity_normalise(table[i].kind, bytes_str(out), "US", again, &err));
        assert_string_equal(out, again);
    }
}

static void what_is_no_identity_is_not_taken_for_one(void **state)
{
    (void)state;
    assert_false(identity_is_normal(IDENTITY_MAIL, BYTES_LIT("Lin@example.com")));
    assert_false(identity_is_normal(IDENTITY_MAIL, BYTES_LIT("example.com")));
    assert_false(identity_is_normal(IDENTITY_PHONE, BYTES_LIT("13800138000")));
    assert_false(identity_is_normal(IDENTITY_OPENID, BYTES_LIT("")));
    assert_false(identity_is_normal(IDENTITY_OPENID, BYTES_LIT("a b")));
    assert_true(identity_is_normal(IDENTITY_OPENID, BYTES_LIT("Ab")));
    assert_bytes_equal(BYTES_LIT("b.c"), identity_domain(BYTES_LIT("a@b.c")));
    assert_bytes_equal(BYTES_NONE, identity_domain(BYTES_LIT("a")));
}

static void long_ones_are_refused_at_their_limits(void **state)
{
    char text[300], out[IDENTITY_TEXT_BYTES];
    struct error err;

    (void)state;
    memset(text, 'a', sizeof text);
    assert_ok(identity_normalise(IDENTITY_OPENID, bytes_of(text, IDENTITY_OPAQUE_BYTES_MAX), "CN",
                                 out, &err));
    assert_refused(AF_INVALID, identity_normalise(IDENTITY_OPENID,
                                                  bytes_of(text, IDENTITY_OPAQUE_BYTES_MAX + 1),
                                                  "CN", out, &err));
    memcpy(text + 64, "@example.com", 12);
    assert_ok(identity_normalise(IDENTITY_MAIL, bytes_of(text, 76), "CN", out, &err));
    text[64] = 'a';
    memcpy(text + 65, "@example.com", 12);
    assert_refused(AF_INVALID,
                   identity_normalise(IDENTITY_MAIL, bytes_of(text, 77), "CN", out, &err));
    assert_refused(AF_INVALID,
                   identity_normalise(IDENTITY_MAIL, bytes_of(text, sizeof text), "CN", out, &err));
}

static void serial_numbers_lose_what_separates(void **state)
{
    static const struct {
        const char *text, *normal;
    } serials[] = {
        {"sn 12-ab",          "SN12AB"      },
        {"ＳＮ１２－ab", "SN12AB"      },
        {"SN12AB",            "SN12AB"      },
        {"a.b/c_d",           "ABCD"        },
        {"210235A0KL#1",      "210235A0KL#1"},
        {"",                  NULL          },
        {" - ",               NULL          },
        {"编号1",           NULL          },
    };
    char out[SERIAL_TEXT_BYTES], text[SERIAL_BYTES_MAX + 2];
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof serials / sizeof serials[0]; i++) {
        enum status status = serial_normalise(bytes_str(serials[i].text), out, &err);

        assert_int_equal(serials[i].normal == NULL ? AF_INVALID : AF_OK, status);
        if (status == AF_OK)
            assert_string_equal(serials[i].normal, out);
    }
    memset(text, '7', sizeof text);
    assert_ok(serial_normalise(bytes_of(text, SERIAL_BYTES_MAX), out, &err));
    assert_refused(AF_INVALID, serial_normalise(bytes_of(text, SERIAL_BYTES_MAX + 1), out, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identities_are_compared_in_one_form),
        cmocka_unit_test(what_is_no_identity_is_not_taken_for_one),
        cmocka_unit_test(long_ones_are_refused_at_their_limits),
        cmocka_unit_test(serial_numbers_lose_what_separates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
