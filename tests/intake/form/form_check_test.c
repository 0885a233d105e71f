/* What somebody filled in: kept, refused at its field, left out, missing. */
#include "tests/harness.h"

#include "data/base/limits.h"
#include "intake/form/characters.h"
#include "intake/form/form_check.h"

#include <stdio.h>
#include <stdlib.h>

#define NOW_MS 1795312390123ll

static const char *const form_text =
    "{'id':'f','fields':["
    "{'id':'power','kind':'yes_no','label':'P','required':true},"
    "{'id':'lights','kind':'choices','label':'L','choices':[{'id':'red','label':'R'},"
    "{'id':'off','label':'O'}]},"
    "{'id':'colour','kind':'line','label':'C','required':true,'length_max':4,"
    "'when':{'field':'lights','is':['red']}},"
    "{'id':'fuse','kind':'line','label':'F','when':{'field':'power','is':['no']}},"
    "{'id':'log','kind':'file','label':'G'}]}";

static const struct {
    const char *given;
    bool may_miss;
    const char *values, *errors, *missing;
} rows[] = {
    {"{}",                                                  false, "{}",                                    "power missing;",             ""             },
    {"null",                                                false, "{}",                                    "power missing;",             ""             },
    {"{}",                                                  true,  "{}",                                    "",                           "power;"       },
    {"{'power':true}",                                      false, "{'power':'yes'}",                       "",                           ""             },
    {"{'power':''}",                                        false, "{}",                                    "power missing;",             ""             },
    {"{'power':'maybe'}",                                   true,  "{}",                                    "power not_yes_no;",          ""             },
    {"{'power':'yes','fuse':'left out'}",                   false, "{'power':'yes'}",                       "",                           ""             },
    {"{'power':'yes','fuse':7}",                            false, "{'power':'yes'}",                       "",                           ""             },
    {"{'power':'no','fuse':'blown'}",                       false, "{'power':'no','fuse':'blown'}",         "",                           ""             },
    {"{'power':'no','lights':['off']}",                     false, "{'power':'no','lights':['off']}",       "",                           ""             },
    {"{'power':'no','lights':['off','red']}",               false, "{'power':'no','lights':['red','off']}",
     "colour missing;",                                                                                                                   ""             },
    {"{'power':'no','lights':['red'],'colour':'deep red'}", false,
     "{'power':'no','lights':['red']}",                                                                     "colour too_long 4;",         ""             },
    {"{'lights':['red']}",                                  true,  "{'lights':['red']}",                    "",                           "power;colour;"},
    {"{'power':'no','fuze':'x','log':'y'}",                 false, "{'power':'no'}",                        "log no_value;fuze unknown;",
     ""                                                                                                                                                  },
};

static void add_words(struct buf *out, const json_t *list)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        if (json_is_string(item)) {
            buf_printf(out, "%s;", json_string_value(item));
            continue;
        }
        buf_printf(out, "%s %s", json_get_str(item, "field"), json_get_str(item, "code"));
        if (json_object_get(item, "limit") != NULL)
            buf_printf(out, " %d", (int)json_get_u64(item, "limit"));
        buf_add_str(out, ";");
        assert_true(json_get_str(item, "message")[0] != '\0');
    }
}

static void what_is_asked_is_kept_and_the_rest_told(void **state)
{
    json_t *form = test_json_quoted(form_text);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *given = strcmp(rows[i].given, "null") == 0 ? NULL : test_json_quoted(rows[i].given);
        json_t *values = test_json_quoted(rows[i].values);
        struct buf errors = {0}, missing = {0};
        struct form_result result;
        struct error err;
        enum status status = form_check(form, given, rows[i].may_miss, NOW_MS, &result, &err);

        add_words(&errors, result.errors);
        add_words(&missing, result.missing);
        if (status != (rows[i].errors[0] == '\0' ? AF_OK : AF_INVALID) ||
            strcmp(rows[i].errors, buf_str(&errors)) != 0 ||
            strcmp(rows[i].missing, buf_str(&missing)) != 0 || !json_equal(values, result.values))
            fail_msg("%s: %s, errors %s, missing %s, values %s", rows[i].given, status_name(status),
                     buf_str(&errors), buf_str(&missing), json_dumps(result.values, 0));
        form_result_release(&result);
        buf_release(&errors);
        buf_release(&missing);
        json_decref(values);
        json_decref(given);
    }
    json_decref(form);
}

static void the_sentence_names_the_first_field_and_how_many(void **state)
{
    json_t *form = test_json_quoted(form_text), *list = json_array(), *given;
    struct form_result result;
    struct error err;

    (void)state;
    assert_refused(AF_INVALID, form_check(form, list, false, NOW_MS, &result, &err));
    assert_non_null(strstr(err.text, "an object"));
    form_result_release(&result);
    given = test_json_quoted("{'power':'x','nothing':1}");
    assert_refused(AF_INVALID, form_check(form, given, false, NOW_MS, &result, &err));
    assert_string_equal("2 faults, the first: \"fields\", \"power\": this is yes or no", err.text);
    form_result_release(&result);
    json_decref(given);
    json_decref(list);
    json_decref(form);
}

static void all_values_together_have_so_many_bytes(void **state)
{
    json_t *fields = json_array(), *form = json_pack("{s:s,s:o}", "id", "f", "fields", fields);
    json_t *given = json_object();
    size_t each = FORM_VALUES_BYTES_MAX / 4;
    char *text = calloc(1, each + 1);
    struct form_result result;
    struct error err;
    char id[16];

    (void)state;
    for (size_t at = 0; at + 3 <= each; at += 3)
        memcpy(text + at, "\xE8\xB7\xAF", 3);
    for (int i = 0; i < 4; i++) {
        (void)snprintf(id, sizeof id, "f%d", i);
        json_array_append_new(fields, json_pack("{s:s,s:s,s:s,s:i}", "id", id, "kind", "text",
                                                "label", "l", "length_max", 20000));
        if (i < 3)
            json_object_set_new(given, id, json_string(text));
    }
    assert_ok(form_check(form, given, false, NOW_MS, &result, &err));
    form_result_release(&result);
    json_object_set_new(given, "f3", json_string(text));
    assert_refused(AF_TOO_LARGE, form_check(form, given, false, NOW_MS, &result, &err));
    form_result_release(&result);
    json_decref(given);
    json_decref(form);
    free(text);
}

static void characters_are_counted_as_people_do(void **state)
{
    static const struct {
        const char *text;
        size_t count;
    } counts[] = {
        {"",                   0},
        {"abc",                3},
        {"路由器",          3},
        {"e\xCC\x81t\xC3\xA9", 3},
        {"👨‍👩‍👧", 1},
        {"🇯🇵🇨🇳",   2},
        {"각",                1},
        {"が",                1},
        {"a\r\nb",             3},
    };

    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        size_t count;
        struct error err;

        assert_ok(characters_count(bytes_str(counts[i].text), &count, &err));
        if (count != counts[i].count)
            fail_msg("%s has %zu characters, not %zu", counts[i].text, counts[i].count, count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_asked_is_kept_and_the_rest_told),
        cmocka_unit_test(the_sentence_names_the_first_field_and_how_many),
        cmocka_unit_test(all_values_together_have_so_many_bytes),
        cmocka_unit_test(characters_are_counted_as_people_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
