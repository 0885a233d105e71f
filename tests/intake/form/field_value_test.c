/* One value of each kind: what is taken and how it is kept, what is refused and with which word. */
#include "tests/harness.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/form/field_value.h"

#include <stdio.h>
#include <stdlib.h>

#define NOW_MS 1795312390123ll /* 2026-11-22T01:53:10.123Z */

#define LINE "'kind':'line'"
#define CHOICES                                                                                    \
    "'choices':[{'id':'red','label':'R'},{'id':'green','label':'G'},{'id':'no','label':'N'}]"
#define HG8 "'kind':'serial','patterns':['HG8-######','2102****@%']"

/* `kept`: the value as JSON with ' for ", "" for none; or `code` and perhaps `limit`. */
static const struct {
    const char *field, *given, *kept, *code, *limit;
} rows[] = {
    {LINE,                              "'  two words \\t'",                      "'two words'",                    NULL,          ""          },
    {LINE,                              "'　全角　'",                         "'全角'",                       NULL,          ""          },
    {LINE,                              "'ＡＢＣ１２３'",                   "'ＡＢＣ１２３'",           NULL,          ""          },
    {LINE,                              "'a\\nb'",                                "",                               "not_line",    ""          },
    {LINE,                              "'a\\u0007b'",                            "",                               "not_line",    ""          },
    {LINE,                              "''",                                     "",                               NULL,          ""          },
    {LINE,                              "' \\n '",                                "",                               NULL,          ""          },
    {LINE,                              "null",                                   "",                               NULL,          ""          },
    {LINE,                              "7",                                      "",                               "not_text",    ""          },
    {LINE,                              "['a']",                                  "",                               "not_text",    ""          },
    {LINE ",'length_max':3",            "'abc'",                                  "'abc'",                          NULL,          ""          },
    {LINE ",'length_max':3",            "'abcd'",                                 "",                               "too_long",    "3"         },
    {LINE ",'length_max':3",            "'路由器'",                            "'路由器'",                    NULL,          ""          },
    {LINE ",'length_max':3",            "'路由器坏'",                         "",                               "too_long",    "3"         },
    {LINE ",'length_max':3",            "'👨‍👩‍👧🇯🇵é'",         "'👨‍👩‍👧🇯🇵é'",
     NULL,                                                                                                                         ""          },
    {LINE ",'length_max':2",            "'👨‍👩‍👧🇯🇵é'",         "",                               "too_long",    "2"         },
    {LINE ",'length_min':2",            "'a'",                                    "",                               "too_short",   "2"         },
    {LINE ",'length_min':2",            "''",                                     "",                               NULL,          ""          },

    {"'kind':'text'",                   "'a\\r\\nb\\rc\\td'",                     "'a\\nb\\nc\\td'",                NULL,          ""          },
    {"'kind':'text'",                   "'a\\u0001'",                             "",                               "not_line",    ""          },

    {"'kind':'choice'," CHOICES,        "'red'",                                  "'red'",                          NULL,          ""          },
    {"'kind':'choice'," CHOICES,        "'blue'",                                 "",                               "not_choice",  ""          },
    {"'kind':'choice'," CHOICES,        "['red']",                                "",                               "not_text",    ""          },
    {"'kind':'choices'," CHOICES,       "['no','red','no']",                      "['red','no']",                   NULL,          ""          },
    {"'kind':'choices'," CHOICES,       "'green'",                                "['green']",                      NULL,          ""          },
    {"'kind':'choices'," CHOICES,       "[]",                                     "",                               NULL,          ""          },
    {"'kind':'choices'," CHOICES,       "['red','blue']",                         "",                               "not_choice",  ""          },
    {"'kind':'choices'," CHOICES,       "[7]",                                    "",                               "not_choice",  ""          },
    {"'kind':'choices'," CHOICES,       "true",                                   "",                               "not_text",    ""          },

    {"'kind':'number'",                 "12",                                     "'12'",                           NULL,          ""          },
    {"'kind':'number'",                 "'012'",                                  "'012'",                          NULL,          ""          },
    {"'kind':'number'",                 "'１２'",                               "'12'",                           NULL,          ""          },
    {"'kind':'number'",                 "'－3'",                                 "'-3'",                           NULL,          ""          },
    {"'kind':'number'",                 "'+3'",                                   "'3'",                            NULL,          ""          },
    {"'kind':'number'",                 "'3.0'",                                  "'3'",                            NULL,          ""          },
    {"'kind':'number'",                 "'3.5'",                                  "",                               "not_whole",   ""          },
    {"'kind':'number','decimals':2",    "'3,50'",                                 "'3.5'",                          NULL,          ""          },
    {"'kind':'number','decimals':2",    "3.25",                                   "'3.25'",                         NULL,          ""          },
    {"'kind':'number','decimals':2",    "'3.125'",                                "",                               "decimals",    "2"         },
    {"'kind':'number'",                 "'many'",                                 "",                               "not_number",  ""          },
    {"'kind':'number'",                 "'1e5'",                                  "",                               "not_number",  ""          },
    {"'kind':'number'",                 "'-'",                                    "",                               "not_number",  ""          },
    {"'kind':'number'",                 "'.5'",                                   "",                               "not_number",  ""          },
    {"'kind':'number'",                 "'1.2.3'",                                "",                               "not_number",  ""          },
    {"'kind':'number'",                 "'123456789012345'",                      "'123456789012345'",              NULL,          ""          },
    {"'kind':'number'",                 "'1234567890123456'",                     "",                               "not_number",  ""          },
    {"'kind':'number','min':1,'max':9", "'0'",                                    "",                               "too_small",   "1"         },
    {"'kind':'number','min':1,'max':9", "'1'",                                    "'1'",                            NULL,          ""          },
    {"'kind':'number','min':1,'max':9", "'9'",                                    "'9'",                            NULL,          ""          },
    {"'kind':'number','min':1,'max':9", "10",                                     "",                               "too_large",   "9"         },
    {"'kind':'number'",                 "true",                                   "",                               "not_text",    ""          },

    {"'kind':'date'",                   "'2026-11-22'",                           "'2026-11-22'",                   NULL,          ""          },
    {"'kind':'date'",                   "'2026/1/2'",                             "'2026-01-02'",                   NULL,          ""          },
    {"'kind':'date'",                   "'2026年11月2日'",                     "'2026-11-02'",                   NULL,          ""          },
    {"'kind':'date'",                   "'２０２６．１１．２２'",       "'2026-11-22'",                   NULL,          ""          },
    {"'kind':'date'",                   "'2026-02-29'",                           "",                               "not_date",    ""          },
    {"'kind':'date'",                   "'2028-02-29'",                           "'2028-02-29'",                   NULL,          ""          },
    {"'kind':'date'",                   "'2026-13-01'",                           "",                               "not_date",    ""          },
    {"'kind':'date'",                   "'2026-00-10'",                           "",                               "not_date",    ""          },
    {"'kind':'date'",                   "'22-11-2026'",                           "",                               "not_date",    ""          },
    {"'kind':'date'",                   "'2026-11'",                              "",                               "not_date",    ""          },
    {"'kind':'date'",                   "'2026-11-22x'",                          "",                               "not_date",    ""          },
    {"'kind':'date'",                   "'yesterday'",                            "",                               "not_date",    ""          },
    {"'kind':'date','past':true",       "'2026-11-22'",                           "'2026-11-22'",                   NULL,          ""          },
    {"'kind':'date','past':true",       "'2026-11-23'",                           "",                               "in_future",   ""          },
    {"'kind':'date'",                   "'2036-11-23'",                           "'2036-11-23'",                   NULL,          ""          },

    {"'kind':'time'",                   "'09:05'",                                "'09:05'",                        NULL,          ""          },
    {"'kind':'time'",                   "'9：05'",                               "'09:05'",                        NULL,          ""          },
    {"'kind':'time'",                   "'23:59'",                                "'23:59'",                        NULL,          ""          },
    {"'kind':'time'",                   "'24:00'",                                "",                               "not_time",    ""          },
    {"'kind':'time'",                   "'9:5'",                                  "",                               "not_time",    ""          },
    {"'kind':'time'",                   "'9:60'",                                 "",                               "not_time",    ""          },
    {"'kind':'time'",                   "'905'",                                  "",                               "not_time",    ""          },
    {"'kind':'time'",                   "'9:05:30'",                              "",                               "not_time",    ""          },

    {"'kind':'serial'",                 "' 2102 abc/3 '",                         "'2102ABC/3'",                    NULL,          ""          },
    {"'kind':'serial'",                 "'ｓｎ－１２３'",                   "'SN-123'",                       NULL,          ""          },
    {"'kind':'serial'",                 "'12'",                                   "",                               "not_serial",  ""          },
    {"'kind':'serial'",                 "'a b;c'",                                "",                               "not_serial",  ""          },
    {HG8,                               "'hg8-123456'",                           "'HG8-123456'",                   NULL,          ""          },
    {HG8,                               "'hg8-12345'",                            "",                               "not_like",    "HG8-######"},
    {HG8,                               "'hg8-1234567'",                          "",                               "not_like",    "HG8-######"},
    {HG8,                               "'21021a2bZ'",                            "'21021A2BZ'",                    NULL,          ""          },
    {HG8,                               "'21021a2bZ99X'",                         "'21021A2BZ99X'",                 NULL,          ""          },
    {HG8,                               "'21021a2bZ-9'",                          "",                               "not_like",    "HG8-######"},
    {HG8,                               "'21021a2b9'",                            "",                               "not_like",    "HG8-######"},

    {"'kind':'version'",                "'V200R021C10SPC100'",                    "'V200R021C10SPC100'",            NULL,          ""          },
    {"'kind':'version'",                "'２．１．３ （beta）'",           "'2.1.3 (beta)'",                 NULL,          ""          },
    {"'kind':'version'",                "'newest'",                               "",                               "not_version", ""          },
    {"'kind':'version'",                "'最新 2'",                             "",                               "not_version", ""          },

    {"'kind':'yes_no'",                 "true",                                   "'yes'",                          NULL,          ""          },
    {"'kind':'yes_no'",                 "false",                                  "'no'",                           NULL,          ""          },
    {"'kind':'yes_no'",                 "'no'",                                   "'no'",                           NULL,          ""          },
    {"'kind':'yes_no'",                 "'maybe'",                                "",                               "not_yes_no",  ""          },
    {"'kind':'yes_no'",                 "1",                                      "",                               "not_text",    ""          },

    {"'kind':'phone'",                  "'+86 (755) 2878-0808 x12'",              "'+86 (755) 2878-0808 x12'",      NULL,          ""          },
    {"'kind':'phone'",                  "'０３ー１２３４ー５６７８'", "'03-1234-5678'",                 NULL,          ""          },
    {"'kind':'phone'",                  "'12345'",                                "'12345'",                        NULL,          ""          },
    {"'kind':'phone'",                  "'1234'",                                 "",                               "not_phone",   ""          },
    {"'kind':'phone'",                  "'call me'",                              "",                               "not_phone",   ""          },

    {"'kind':'mail'",                   "'lin＠example.com'",                    "'lin@example.com'",              NULL,          ""          },
    {"'kind':'mail'",                   "'lin'",                                  "",                               "not_mail",    ""          },
    {"'kind':'mail'",                   "'@example.com'",                         "",                               "not_mail",    ""          },
    {"'kind':'mail'",                   "'a@b@c'",                                "",                               "not_mail",    ""          },
    {"'kind':'mail'",                   "'a@.com'",                               "",                               "not_mail",    ""          },
    {"'kind':'mail'",                   "'a@com.'",                               "",                               "not_mail",    ""          },
    {"'kind':'mail'",                   "'a b@example.com'",                      "",                               "not_mail",    ""          },
    {"'kind':'mail'",                   "'张@例子.中国'",                    "'张@例子.中国'",            NULL,          ""          },

    {"'kind':'file'",                   "'log.txt'",                              "",                               "no_value",    ""          },
    {"'kind':'file'",                   "''",                                     "",                               NULL,          ""          },
};

static json_t *field_of(const char *members)
{
    char text[400];

    assert_true(snprintf(text, sizeof text, "{'id':'f','label':'F',%s}", members) <
                (int)sizeof text);
    return test_json_quoted(text);
}

static json_t *value_of(const char *quoted)
{
    char text[400];
    json_t *list, *value;

    assert_true(snprintf(text, sizeof text, "[%s]", quoted) < (int)sizeof text);
    list = test_json_quoted(text);
    value = json_incref(json_array_get(list, 0));
    json_decref(list);
    return value;
}

static void each_kind_takes_what_a_person_may_type_and_refuses_the_rest(void **state)
{
    bool is_seen[FIELD_KINDS] = {false}, is_refused[FIELD_KINDS] = {false};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *field = field_of(rows[i].field), *given = value_of(rows[i].given), *kept;
        json_t *wanted = rows[i].kept[0] != '\0' ? value_of(rows[i].kept) : NULL;
        enum field_kind kind;
        struct field_fault fault;
        struct error err;

        assert_true(field_kind_parse(bytes_str(json_get_str(field, "kind")), &kind));
        assert_ok(field_value_take(field, given, NOW_MS, &kept, &fault, &err));
        if (rows[i].code == NULL ? fault.code != NULL
                                 : fault.code == NULL || strcmp(rows[i].code, fault.code) != 0 ||
                                       strcmp(rows[i].limit, fault.limit) != 0)
            fail_msg("%s, %s: \"%s\" %s", rows[i].field, rows[i].given,
                     fault.code != NULL ? fault.code : "", fault.limit);
        if ((wanted == NULL) != (kept == NULL) || (wanted != NULL && !json_equal(wanted, kept)))
            fail_msg("%s, %s: kept as %s", rows[i].field, rows[i].given,
                     kept != NULL ? json_dumps(kept, JSON_ENCODE_ANY) : "nothing");
        is_seen[kind] = true;
        is_refused[kind] |= fault.code != NULL;
        json_decref(kept);
        json_decref(wanted);
        json_decref(given);
        json_decref(field);
    }
    for (unsigned kind = 0; kind < FIELD_KINDS; kind++)
        assert_true(is_seen[kind] && is_refused[kind]);
}

/* What was kept is taken again, and kept the same: a form that is shown once more loses nothing. */
static void what_was_kept_is_kept_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *field, *once, *twice;
        struct field_fault fault;
        struct error err;

        if (rows[i].kept[0] == '\0')
            continue;
        field = field_of(rows[i].field);
        once = value_of(rows[i].kept);
        assert_ok(field_value_take(field, once, NOW_MS, &twice, &fault, &err));
        assert_null(fault.code);
        assert_true(json_equal(once, twice));
        json_decref(twice);
        json_decref(once);
        json_decref(field);
    }
}

/* Anything that can be typed: pieces that mean something to a kind, and some that do not. */
static json_t *random_value(struct test_random *random)
{
    static const char *const pieces[] = {
        "1",   "9",   "0",   "-",  "+",  ".",         ",",
        ":",   "/",   "@",   "a",  "Z",  " ",         "　",
        "１",  "ー",  "。",  "年", "月", "日",        "x",
        "#",   "\n",  "\r",  "\t", "é",  "e\xCC\x81", "👨‍👩‍👧",
        "red", "yes", "2026"};
    struct buf text = {0};
    json_t *value;

    for (uint32_t n = test_random_below(random, 12); n > 0; n--)
        buf_add_str(&text, pieces[test_random_below(random, sizeof pieces / sizeof pieces[0])]);
    value = json_from_bytes(buf_bytes(&text));
    buf_release(&text);
    return value;
}

static void whatever_is_taken_is_taken_again(void **state)
{
    static const char *const fields[] = {LINE,
                                         "'kind':'text'",
                                         "'kind':'choice'," CHOICES,
                                         "'kind':'choices'," CHOICES,
                                         HG8,
                                         "'kind':'serial'",
                                         "'kind':'number','decimals':6",
                                         "'kind':'number','min':-5",
                                         "'kind':'date'",
                                         "'kind':'date','past':true",
                                         "'kind':'time'",
                                         "'kind':'version'",
                                         "'kind':'yes_no'",
                                         "'kind':'phone'",
                                         "'kind':'mail'",
                                         "'kind':'file'"};
    struct test_random random = test_random_new();
    size_t taken = 0;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        json_t *field =
            field_of(fields[test_random_below(&random, sizeof fields / sizeof fields[0])]);
        json_t *given = random_value(&random), *once, *twice;
        struct field_fault fault;
        struct error err;

        assert_ok(field_value_take(field, given, NOW_MS, &once, &fault, &err));
        assert_true(once == NULL || fault.code == NULL);
        if (once != NULL) {
            taken++;
            assert_ok(field_value_take(field, once, NOW_MS, &twice, &fault, &err));
            if (fault.code != NULL || !json_equal(once, twice))
                fail_msg("%s is kept as %s, which is %s", json_dumps(given, JSON_ENCODE_ANY),
                         json_dumps(once, JSON_ENCODE_ANY),
                         fault.code != NULL ? fault.code : "kept otherwise");
            json_decref(twice);
        }
        json_decref(once);
        json_decref(given);
        json_decref(field);
    }
    assert_true(taken > 1000);
}

static void every_code_has_a_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct field_fault fault = {.code = rows[i].code};
        struct buf sentence = {0};

        if (rows[i].code == NULL)
            continue;
        (void)snprintf(fault.limit, sizeof fault.limit, "%s", rows[i].limit);
        field_fault_sentence(&fault, &sentence);
        assert_null(strchr(buf_str(&sentence), '_')); /* a sentence, not the code */
        if (rows[i].limit[0] != '\0')
            assert_non_null(strstr(buf_str(&sentence), rows[i].limit));
        buf_release(&sentence);
    }
}

/* A text is cut nowhere: at the limit it is kept whole, past it refused. */
static void a_value_has_so_many_bytes(void **state)
{
    json_t *field = field_of("'kind':'text','length_max':10000");
    char *text = calloc(1, FORM_VALUE_BYTES_MAX + 2);
    json_t *given, *kept;
    struct field_fault fault;
    struct error err;

    (void)state;
    for (unsigned count = FORM_TEXT_CHARACTERS_MAX; count <= FORM_TEXT_CHARACTERS_MAX + 1;
         count++) {
        for (size_t i = 0; i < count; i++)
            memcpy(text + 3 * i, "路", 3);
        given = json_string(text);
        assert_ok(field_value_take(field, given, NOW_MS, &kept, &fault, &err));
        assert_int_equal(count == FORM_TEXT_CHARACTERS_MAX, kept != NULL);
        json_decref(kept);
        json_decref(given);
    }
    memset(text, 0, FORM_VALUE_BYTES_MAX + 2);
    text[0] = 'e';
    for (size_t i = 1; i + 1 < FORM_VALUE_BYTES_MAX; i += 2) /* one letter and all its accents */
        memcpy(text + i, "\xCC\x81", 2);
    given = json_string(text);
    assert_ok(field_value_take(field, given, NOW_MS, &kept, &fault, &err));
    assert_non_null(kept);
    json_decref(kept);
    json_decref(given);
    memcpy(text + FORM_VALUE_BYTES_MAX - 1, "ee", 2);
    given = json_string(text);
    assert_ok(field_value_take(field, given, NOW_MS, &kept, &fault, &err));
    assert_string_equal("too_long", fault.code);
    json_decref(given);
    json_decref(field);
    free(text);
    assert_int_equal(15, FORM_NUMBER_DIGITS_MAX);    /* rows above: one more digit is no number */
    assert_int_equal(500, FORM_LINE_CHARACTERS_MAX); /* rules_test: from 1 to 500 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_takes_what_a_person_may_type_and_refuses_the_rest),
        cmocka_unit_test(what_was_kept_is_kept_the_same),
        cmocka_unit_test(whatever_is_taken_is_taken_again),
        cmocka_unit_test(every_code_has_a_sentence),
        cmocka_unit_test(a_value_has_so_many_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
