/* Which group, who is on duty, and why: tables of rules and questions. */
#include "tests/intake/clock/calendars.h"

#include "intake/route/route.h"

#include <stdio.h>

static const char *const docs[RULES_KINDS] = {
    [RULES_CALENDARS] =
        "{'calendars':[" DESK "," NIGHTS ","
        "{'name':'tokyo','zone':'Asia/Tokyo','week':{" WORKDAYS("'09:00-18:00'") "}},"
        "{'name':'never','zone':'UTC','week':{}}]}",
    [RULES_PRODUCTS] = "{'products':["
                       "{'id':'HG8','kind':'box','line':'home'},"
                       "{'id':'HG9','kind':'box','line':'home'},"
                       "{'id':'Ledger','kind':'box','line':'cloud'},"
                       "{'id':'Office','kind':'solution','boxes':['HG8','Ledger']}]}",
    [RULES_TYPES] = "{'types':[{'id':'network','name':'n'},"
                    "{'id':'wifi','name':'w','parent':'network'},{'id':'bill','name':'b'}]}",
    [RULES_SEVERITIES] = "{}",
    [RULES_LEVELS] = "{}",
    [RULES_GROUPS] =
        "{'groups':["
        "{'id':'desk','ring':1,'calendar':'cn-desk'},"
        "{'id':'net','ring':2,'calendar':'cn-desk','people':["
        "  {'name':'ann','langs':['en'],'skills':['network']},"
        "  {'name':'bo','langs':['zh-Hans']},"
        "  {'name':'cai','langs':['zh-Hans','en'],'skills':['HG8','wifi'],"
        "   'away':[{'from':'2026-11-24','to':'2026-11-25'}]},"
        "  {'name':'dai','langs':['ja'],'calendar':'tokyo'},"
        "  {'name':'eve','calendar':'never'}]},"
        "{'id':'cloud','ring':2,'calendar':'cn-desk'},"
        "{'id':'urgent','ring':1,'calendar':'nights'}]}",
    [RULES_FORMS] = "{}",
    [RULES_ROUTING] = "{'fallback':'desk','rules':["
                      "{'id':'s1','severity':'S1','group':'urgent'},"
                      "{'id':'home','line':'home','group':'net'},"
                      "{'id':'hg9','product':'HG9','group':'desk'},"
                      "{'id':'home-ja','line':'home','lang':'ja','group':'net','person':'dai'},"
                      "{'id':'net-all','type':'network','group':'net'},"
                      "{'id':'wifi','type':'wifi','group':'desk'},"
                      "{'id':'cloud-1','line':'cloud','group':'cloud'},"
                      "{'id':'cloud-2','line':'cloud','group':'desk'},"
                      "{'id':'parts','class':'parts','channel':'phone','region':'CN','group':"
                      "'cloud'}]}",
    [RULES_PARTIES] = "{}",
};

static struct rules rules_of(void)
{
    struct rules rules = {0};

    for (unsigned i = 0; i < RULES_KINDS; i++)
        rules.docs[i] = test_json_quoted(docs[i] != NULL ? docs[i] : "{}");
    return rules;
}

#define MONDAY_MORNING "2026-11-23T09:30:00+08:00"

static void the_most_specific_rule_decides(void **state)
{
    static const struct {
        struct route_question question;
        const char *rule, *group;
    } rows[] = {
        {{0}, "", "desk"},
        {{.product = "HG8"}, "home", "net"},
        {{.product = "HG9"}, "hg9", "desk"},                          /* before its line */
        {{.product = "HG8", .severity = "S1"}, "home", "net"},        /* line before severity */
        {{.severity = "S1"}, "s1", "urgent"},
        {{.product = "HG8", .lang = "ja"}, "home-ja", "net"},         /* one more that holds */
        {{.product = "HG9", .lang = "ja"}, "hg9", "desk"},            /* but product before line */
        {{.type = "network"}, "net-all", "net"},
        {{.type = "wifi"}, "wifi", "desk"},                           /* itself before its parent */
        {{.type = "wifi", .severity = "S1"}, "wifi", "desk"},
        {{.type = "bill"}, "", "desk"},
        {{.product = "Ledger"}, "cloud-1", "cloud"},                  /* alike: the first */
        {{.product = "Office"}, "", "desk"},                          /* a solution is not its boxes */
        {{.product = "unheard of", .type = "network"}, "net-all", "net"},
        {{.class = "parts", .channel = "phone"}, "", "desk"},         /* the region is not known */
        {{.class = "parts", .channel = "phone", .region = "CN"}, "parts", "cloud"},
        {{.class = "parts", .channel = "mail", .region = "CN"}, "", "desk"},
    };
    struct rules rules = rules_of();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena *arena = arena_new(1 << 20);
        struct route_question question = rows[i].question;
        struct route_answer answer;
        struct error err;

        question.at_ms = at(MONDAY_MORNING);
        assert_ok(route_find(&rules, &question, arena, &answer, &err));
        if (strcmp(rows[i].rule, json_get_str(answer.rule, "id")) != 0 ||
            strcmp(rows[i].group, json_get_str(answer.group, "id")) != 0)
            fail_msg("row %zu: wanted %s by %s, got %s by %s", i, rows[i].group, rows[i].rule,
                     json_get_str(answer.group, "id"), json_get_str(answer.rule, "id"));
        arena_free(arena);
    }
    rules_release(&rules);
}

static void who_is_on_duty_and_knows_the_matter_comes_first(void **state)
{
    static const struct {
        const char *at, *lang, *product, *type, *people, *named;
        bool are_off_duty;
    } rows[] = {
        /* nobody fits better than another: the document's order; eve never works */
        {MONDAY_MORNING, "", "HG8", "", "cai ann bo dai", "", false},
        {MONDAY_MORNING, "zh-Hans", "HG8", "", "cai bo ann dai", "", false},
        {MONDAY_MORNING, "en", "", "wifi", "", "", true}, /* desk has nobody */
        {MONDAY_MORNING, "en", "", "network", "ann cai bo dai", "", false},
        {MONDAY_MORNING, "ja", "HG8", "", "dai cai ann bo", "dai", false},
        /* away on Tuesday; Tokyo begins an hour earlier and has no lunch break */
        {"2026-11-24T09:30:00+08:00", "", "HG8", "", "ann bo dai", "", false},
        {"2026-11-24T08:30:00+08:00", "", "HG8", "", "dai", "", false},
        {"2026-11-24T12:30:00+08:00", "ja", "HG8", "", "dai", "dai", false},
        /* Sunday: nobody; all who are not away */
        {"2026-11-22T09:30:00+08:00", "", "HG8", "", "cai ann bo dai eve", "", true},
    };
    struct rules rules = rules_of();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct route_question question = {.at_ms = at(rows[i].at),
                                          .lang = rows[i].lang,
                                          .product = rows[i].product,
                                          .type = rows[i].type};
        struct arena *arena = arena_new(1 << 20);
        struct route_answer answer;
        struct buf people = {0};
        struct error err;

        assert_ok(route_find(&rules, &question, arena, &answer, &err));
        for (size_t n = 0; n < answer.people_count; n++)
            buf_printf(&people, "%s%s", n == 0 ? "" : " ",
                       json_get_str(answer.people[n], "name"));
        if (strcmp(rows[i].people, buf_str(&people)) != 0 ||
            strcmp(rows[i].named, json_get_str(answer.named, "name")) != 0 ||
            rows[i].are_off_duty != answer.are_off_duty)
            fail_msg("row %zu: wanted \"%s\" and \"%s\", got \"%s\" and \"%s\"%s", i,
                     rows[i].people, rows[i].named, buf_str(&people),
                     json_get_str(answer.named, "name"),
                     answer.are_off_duty ? ", off duty" : "");
        buf_release(&people);
        arena_free(arena);
    }
    rules_release(&rules);
}

static void each_rule_says_why(void **state)
{
    struct rules rules = rules_of();
    struct route_question question = {.product = "HG8", .severity = "S1",
                                      .at_ms = at(MONDAY_MORNING)};
    struct arena *arena = arena_new(1 << 20);
    json_t *json, *wanted = test_json_quoted(
        "[{'id':'s1','holds':true,'weight':32},{'id':'home','holds':true,'weight':256},"
        "{'id':'hg9','holds':false,'weight':0,'failed':'product'},"
        "{'id':'home-ja','holds':false,'weight':0,'failed':'lang'},"
        "{'id':'net-all','holds':false,'weight':0,'failed':'type'},"
        "{'id':'wifi','holds':false,'weight':0,'failed':'type'},"
        "{'id':'cloud-1','holds':false,'weight':0,'failed':'line'},"
        "{'id':'cloud-2','holds':false,'weight':0,'failed':'line'},"
        "{'id':'parts','holds':false,'weight':0,'failed':'region'}]");
    struct route_answer answer;
    struct error err;

    (void)state;
    assert_ok(route_find(&rules, &question, arena, &answer, &err));
    json = route_answer_json(&answer);
    assert_string_equal("home", json_get_str(json, "rule"));
    if (!json_equal(wanted, json_object_get(json, "rules")))
        fail_msg("got %s", json_dumps(json_object_get(json, "rules"), 0));
    json_decref(json);
    json_decref(wanted);
    arena_free(arena);
    rules_release(&rules);
}

/* Weights are so that what comes earlier outweighs all that comes after it: any two sets of
 * conditions compare as their lists do. */
static void what_comes_earlier_outweighs_all_after_it(void **state)
{
    static const char *const members[] = {"product", "type",  "severity", "region",
                                          "lang",    "class", "channel"};
    struct rules rules = rules_of();
    struct route_question question = {"HG8", "bill", "S1", "CN", "en", "parts", "phone",
                                      at(MONDAY_MORNING)};

    (void)state;
    for (unsigned a = 0; a < 128; a++)
        for (unsigned b = a + 1; b < 128; b++) {
            json_t *list = json_array();
            struct arena *arena = arena_new(1 << 20);
            struct route_answer answer;
            struct error err;

            for (unsigned set = 0; set < 2; set++) {
                json_t *rule = json_pack("{s:s,s:s}", "id", set == 0 ? "a" : "b", "group", "desk");
                const char *const values[] = {"HG8", "bill", "S1", "CN", "en", "parts", "phone"};

                /* the highest bit is the first member: a number compares as its list does */
                for (unsigned m = 0; m < 7; m++)
                    if (((set == 0 ? a : b) >> (6 - m) & 1) != 0)
                        json_object_set_new(rule, members[m], json_string(values[m]));
                json_array_append_new(list, rule);
            }
            json_object_set_new(rules.docs[RULES_ROUTING], "rules", list);
            assert_ok(route_find(&rules, &question, arena, &answer, &err));
            assert_string_equal("b", json_get_str(answer.rule, "id"));
            arena_free(arena);
        }
    rules_release(&rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_most_specific_rule_decides),
        cmocka_unit_test(who_is_on_duty_and_knows_the_matter_comes_first),
        cmocka_unit_test(each_rule_says_why),
        cmocka_unit_test(what_comes_earlier_outweighs_all_after_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
