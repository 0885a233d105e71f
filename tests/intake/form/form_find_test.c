/* Which form a ticket is asked with: a table, and a naive twin over random documents. */
#include "tests/harness.h"

#include "intake/form/form_find.h"
#include "intake/rules/shipped.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const products = "{'products':["
                                    "{'id':'HG8','kind':'box','line':'home'},"
                                    "{'id':'HG9','kind':'box','line':'home'},"
                                    "{'id':'Ledger','kind':'box','line':'cloud'}]}";
static const char *const types = "{'types':[{'id':'network','name':'n'},"
                                 "{'id':'wifi','name':'w','parent':'network'},"
                                 "{'id':'bill','name':'b','products':['Ledger']}]}";

static struct rules rules_of(json_t *forms)
{
    struct rules rules = {0};

    rules.docs[RULES_PRODUCTS] = test_json_quoted(products);
    rules.docs[RULES_TYPES] = test_json_quoted(types);
    rules.docs[RULES_FORMS] = forms;
    return rules;
}

static void the_most_specific_form_is_taken(void **state)
{
    static const char *const forms = "{'forms':["
                                     "{'id':'technical','class':'technical'},"
                                     "{'id':'twice','class':'technical'},"
                                     "{'id':'network','type':'network'},"
                                     "{'id':'wifi','type':'wifi','class':'technical'},"
                                     "{'id':'home','line':'home'},"
                                     "{'id':'home-parts','line':'home','class':'parts'},"
                                     "{'id':'hg8','product':'HG8'},"
                                     "{'id':'any'}],'fallback':'any'}";
    static const struct {
        const char *class, *product, *type, *wanted;
    } rows[] = {
        {"technical", "",        "",        "technical" },
        {"complaint", "",        "",        "any"       },
        {NULL,        NULL,      NULL,      "any"       },
        {"complaint", "",        "network", "network"   },
        {"complaint", "",        "wifi",    "network"   },
        {"technical", "",        "wifi",    "wifi"      },
        {"technical", "",        "network", "network"   },
        {"technical", "HG9",     "wifi",    "home"      },
        {"parts",     "HG9",     "wifi",    "home-parts"},
        {"parts",     "HG8",     "wifi",    "hg8"       },
        {"technical", "Ledger",  "",        "technical" },
        {"technical", "unknown", "unknown", "technical" },
    };
    struct rules rules = rules_of(test_json_quoted(forms));

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct form_question question = {rows[i].class, rows[i].product, rows[i].type};

        assert_string_equal(rows[i].wanted, json_get_str(form_find(&rules, &question), "id"));
    }
    rules_release(&rules);
}

static const char *line_of(const char *product)
{
    return strcmp(product, "HG8") == 0 || strcmp(product, "HG9") == 0 ? "home"
           : strcmp(product, "Ledger") == 0                           ? "cloud"
                                                                      : "";
}

/* In our own words: does the form apply, and how do two that do compare? Member by member, as one
 * would on paper. */
static bool applies(const json_t *form, const struct form_question *q)
{
    const char *product = json_get_str(form, "product"), *line = json_get_str(form, "line"),
               *type = json_get_str(form, "type"), *class = json_get_str(form, "class");

    if (product[0] + line[0] + type[0] + class[0] == 0)
        return strcmp(json_get_str(form, "id"), "all") == 0;
    if (product[0] != '\0' && strcmp(product, q->product) != 0)
        return false;
    if (line[0] != '\0' && strcmp(line, line_of(q->product)) != 0)
        return false;
    if (type[0] != '\0' && strcmp(type, q->type) != 0 &&
        !(strcmp(type, "network") == 0 && strcmp(q->type, "wifi") == 0))
        return false;
    return class[0] == '\0' || strcmp(class, q->class) == 0;
}

static int rank(const json_t *form, const struct form_question *q, int by)
{
    const char *type = json_get_str(form, "type");

    switch (by) {
    case 0:
        return json_get_str(form, "product")[0] != '\0';
    case 1:
        return json_get_str(form, "line")[0] != '\0';
    case 2:
        return type[0] == '\0' ? 0 : strcmp(type, q->type) == 0 ? 2 : 1;
    default:
        return json_get_str(form, "class")[0] != '\0';
    }
}

static const char *twin(const json_t *doc, const struct form_question *q)
{
    const json_t *form, *best = NULL;
    size_t i;

    json_array_foreach(json_object_get(doc, "forms"), i, form)
    {
        int more = best == NULL;

        if (!applies(form, q))
            continue;
        for (int by = 0; by < 4 && best != NULL && more == 0; by++)
            more = rank(form, q, by) - rank(best, q, by);
        if (more > 0)
            best = form;
    }
    return json_get_str(best, "id");
}

static const char *pick(struct test_random *random, const char *const *words, uint32_t count)
{
    return words[test_random_below(random, count)];
}

static void it_agrees_with_a_naive_twin(void **state)
{
    static const char *const ps[] = {"", "", "HG8", "HG9", "Ledger"},
                             *const ls[] = {"", "", "home", "cloud"},
                             *const ts[] = {"", "", "network", "wifi", "bill"},
                             *const cs[] = {"", "technical", "parts"};
    struct test_random random = test_random_new();

    (void)state;
    for (int round = 0; round < 400; round++) {
        json_t *list = json_array();
        struct rules rules = rules_of(json_pack("{s:o,s:s}", "forms", list, "fallback", "all"));
        uint32_t count = test_random_below(&random, 12);
        char id[12];

        for (uint32_t i = 0; i < count; i++) {
            (void)snprintf(id, sizeof id, "f%u", i);
            json_array_append_new(
                list, json_pack("{s:s,s:s,s:s,s:s,s:s}", "id", id, "product", pick(&random, ps, 5),
                                "line", pick(&random, ls, 4), "type", pick(&random, ts, 5), "class",
                                pick(&random, cs, 3)));
        }
        json_array_append_new(list, json_pack("{s:s}", "id", "all"));
        for (int ask = 0; ask < 40; ask++) {
            const struct form_question q = {pick(&random, cs, 3), pick(&random, ps, 5),
                                            pick(&random, ts, 5)};

            assert_string_equal(twin(rules.docs[RULES_FORMS], &q),
                                json_get_str(form_find(&rules, &q), "id"));
        }
        rules_release(&rules);
    }
}

static void a_type_may_be_of_some_products_alone(void **state)
{
    struct rules rules = rules_of(json_object());
    const json_t *bill = rules_find(&rules, RULES_TYPES, "bill");
    const json_t *wifi = rules_find(&rules, RULES_TYPES, "wifi");

    (void)state;
    assert_true(form_type_fits(bill, "Ledger") && !form_type_fits(bill, "HG8"));
    assert_true(!form_type_fits(bill, "") && form_type_fits(wifi, NULL));
    rules_release(&rules);
}

/* --- what is shipped ------------------------------------------------------------------------ */

static void demand_languages(const json_t *item, const char *member, bool required)
{
    static const char *const langs[] = {"zh-Hans", "zh-Hant", "en", "ja"};
    const json_t *text = json_object_get(item, member);

    if (text == NULL && !required)
        return;
    for (size_t i = 0; i < 4; i++)
        if (json_get_str(text, langs[i])[0] == '\0')
            fail_msg("\"%s\" of %s has no %s", member, json_get_str(item, "id"), langs[i]);
}

static void shipped_forms_are_in_all_four_languages(void **state)
{
    const json_t *form, *field, *choice;
    json_t *doc;
    struct error err;
    size_t i, j, k, asked = 0;

    (void)state;
    assert_ok(json_parse(shipped_rules(RULES_FORMS), &doc, &err));
    json_array_foreach(json_object_get(doc, "forms"), i, form)
    {
        demand_languages(form, "name", true);
        json_array_foreach(json_object_get(form, "fields"), j, field)
        {
            demand_languages(field, "label", true);
            demand_languages(field, "help", false);
            demand_languages(field, "unit", false);
            json_array_foreach(json_object_get(field, "choices"), k, choice)
            {
                demand_languages(choice, "label", true);
            }
            /* nobody is stopped before an organisation says so */
            assert_false(json_get_bool(field, "required"));
            asked++;
        }
    }
    assert_int_equal(7, i);
    assert_true(asked > 20);
    json_decref(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_most_specific_form_is_taken),
        cmocka_unit_test(it_agrees_with_a_naive_twin),
        cmocka_unit_test(a_type_may_be_of_some_products_alone),
        cmocka_unit_test(shipped_forms_are_in_all_four_languages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
