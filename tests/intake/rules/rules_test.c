/* What an administrator decides: each document's faults at their places, documents that name one
 * another, and who changes them when. */
#include "tests/harness.h"

#include "data/base/limits.h"
#include "intake/rules/rules.h"

#include <stdio.h>

struct fixture {
    char *dir;
    struct app *app;
    struct who admin;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct error err;

    f->dir = test_dir_new();
    f->admin = who_staff(ROLE_ADMIN, "boss");
    assert_ok(app_open(f->dir, APP_WRITE, &f->app, &err));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    app_close(f->app);
    test_dir_remove(f->dir);
    free(f);
    return 0;
}

static enum status set(struct fixture *f, enum rules_kind kind, const char *text,
                       int64_t if_version, uint32_t *version, json_t **complaints,
                       struct error *err)
{
    json_t *doc = test_json_quoted(text);
    enum status status =
        rules_set(f->app, &f->admin, kind, doc, if_version, version, complaints, err);

    json_decref(doc);
    return status;
}

static uint32_t set_ok(struct fixture *f, enum rules_kind kind, const char *text)
{
    json_t *complaints;
    uint32_t version = 0;
    struct error err;

    assert_ok(set(f, kind, text, RULES_ANY_VERSION, &version, &complaints, &err));
    assert_null(complaints);
    return version;
}

static void shipped_documents_are_sound_together(void **state)
{
    struct fixture *f = *state;
    struct error err;

    for (unsigned kind = 0; kind < RULES_KINDS; kind++) {
        json_t *json, *complaints;
        uint32_t version = 7;

        assert_ok(rules_get(f->app, (enum rules_kind)kind, &json, &err));
        assert_string_equal(rules_name((enum rules_kind)kind), json_get_str(json, "name"));
        assert_int_equal(0, json_get_u64(json, "version"));
        /* set as it is: checked, and no new version */
        assert_ok(rules_set(f->app, &f->admin, (enum rules_kind)kind, json_object_get(json, "doc"),
                            0, &version, &complaints, &err));
        assert_int_equal(0, version);
        json_decref(json);
    }
}

static void faults_are_told_all_at_once_with_their_places(void **state)
{
#define LEVEL(targets)                                                                             \
    "{'levels':[{'id':'a','calendar':'office','targets':{" targets "}}],'default':'a'}"
#define T3 ",'S2':{},'S3':{},'S4':{}"
#define HOURS "'calendar':'office','due':{'S1':1,'S2':1,'S3':1,'S4':1}"
#define FORM(more) "{'forms':[{'id':'f'," more ",'fields':[]}],'fallback':'f'}"
#define FIELD(more) "{'forms':[{'id':'f','fields':[{'id':'a'," more "}]}],'fallback':'f'}"
#define TWO(more)                                                                                  \
    "{'forms':[{'id':'f','fields':[{'id':'q','kind':'yes_no','label':'l'},"                        \
    "{'id':'a','kind':'line','label':'l'," more "}]}],'fallback':'f'}"
    static const struct {
        enum rules_kind kind;
        const char *doc, *place, *message;
        size_t count;
    } rows[] = {
        {RULES_CALENDARS,  "{'calendar':[]}",                                                         "calendar",                      "no member",                     1},
        {RULES_CALENDARS,  "{'calendars':7}",                                                         "calendars",                     "a list",                        1},
        {RULES_CALENDARS,  "{'calendars':[7]}",                                                       "calendars[0]",                  "an object",                     1},
        {RULES_CALENDARS,  "{'calendars':[{'name':'x','zone':'Nowhere','week':{}}]}",                 "calendars[0]",
         "Nowhere",                                                                                                                                                     1},
        {RULES_CALENDARS,
         "{'calendars':[{'name':'24x7','zone':'UTC','week':{}},"
         "{'name':'24x7','zone':'UTC','week':{}},{'name':'office','zone':'UTC','week':{}}]}",         "calendars[1].name",             "twice",                         1},
        {RULES_PRODUCTS,   "{'products':[{'id':'a','kind':'bix'},{'kind':'box','colour':'red'}]}",
         "products[0].kind",                                                                                                           "box or solution",               3},
        {RULES_PRODUCTS,   "{'products':[{'id':'a','kind':'solution'}]}",                             "products[0].boxes",
         "made of boxes",                                                                                                                                               1},
        {RULES_PRODUCTS,
         "{'products':[{'id':'a','kind':'box'},{'id':'b','kind':'solution','boxes':['a','c']}]}",     "products[1].boxes[1]",          "\"c\" is not in products",      1},
        {RULES_PRODUCTS,   "{'products':[{'id':'s','kind':'solution','boxes':['s']}]}",
         "products[0].boxes[0]",                                                                                                       "no box",                        1},
        {RULES_PRODUCTS,   "{'products':[{'id':'a','kind':'box','owner':'nobody'}]}",
         "products[0].owner",                                                                                                          "\"nobody\" is not in groups",   1},
        {RULES_PRODUCTS,   "{'products':[{'id':'a','kind':'box','versions':[1]}]}",
         "products[0].versions[0]",                                                                                                    "a text",                        1},
        {RULES_TYPES,      "{'types':[{'id':'a','name':'A','parent':'b'}]}",                          "types[0].parent",
         "\"b\" is not in types",                                                                                                                                       1},
        {RULES_TYPES,
         "{'types':[{'id':'a','name':'A'},{'id':'b','name':'B','parent':'a'},"
         "{'id':'c','name':'C','parent':'b'}]}",                                                      "types[2].parent",               "two deep",                      1},
        {RULES_TYPES,      "{'types':[{'id':'a','name':{'fr':'A'}}]}",                                "types[0].name.fr",              "no member",
         1                                                                                                                                                               },
        {RULES_TYPES,      "{'types':[{'id':'a','name':{}}]}",                                        "types[0].name",                 "one language",                  1},
        {RULES_SEVERITIES, "{'severities':[]}",                                                       "severities",                    "each once",                     1},
        {RULES_SEVERITIES,
         "{'severities':[{'id':'S5','name':'x','definition':'y'},{'id':'S2','name':'x',"
         "'definition':'y'},{'id':'S3','name':'x','definition':'y'},{'id':'S4','name':'x'}]}",        "severities[0].id",              "S1, S2, S3 and S4",             2},
        {RULES_LEVELS,     "{'levels':[]}",                                                           "default",                       "missing",                       1},
        {RULES_LEVELS,     LEVEL("'S1':{'respond':0}" T3),                                            "levels[0].targets.S1.respond",  "from 1 to",
         1                                                                                                                                                               },
        {RULES_LEVELS,     LEVEL("'S1':{'answer':5}" T3),                                             "levels[0].targets.S1.answer",   "no member",
         1                                                                                                                                                               },
        {RULES_LEVELS,     LEVEL("'S1':{'calendar':'moon'}" T3),                                      "levels[0].targets.S1.calendar",
         "\"moon\" is not in calendars",                                                                                                                                1},
        {RULES_LEVELS,     LEVEL("'S1':{}"),                                                          "levels[0].targets.S2",          "missing",                       3},
        {RULES_GROUPS,     "{'groups':[{'id':'desk','name':'D','ring':4,'calendar':'office'}]}",
         "groups[0].ring",                                                                                                             "from 1 to 3",                   1},
        {RULES_GROUPS,
         "{'groups':[{'id':'desk','name':'D','ring':1,'calendar':'office','ola':{'S1':'soon'},"
         "'people':[{'name':'a','away':[{'from':'2026-02-02','to':'2026-02-01'},"
         "{'from':'then','to':'2026-02-01'}],'langs':'en'},{'name':'a'}]}]}",                         "groups[0].ola.S1",              "a whole number",                5},
        {RULES_FORMS,      "{'forms':[]}",                                                            "fallback",                      "missing",                       1},
        {RULES_FORMS,      "{'forms':[],'fallback':'f'}",                                             "fallback",                      "is not in forms",               1},
        {RULES_FORMS,      FORM("'class':'odd'"),                                                     "forms[0].class",                "technical, parts",              1},
        {RULES_FORMS,      FORM("'type':'odd'"),                                                      "forms[0].type",                 "is not in types",               1},
        {RULES_FORMS,      FORM("'sort':'odd'"),                                                      "forms[0].sort",                 "no member",                     1},
        {RULES_FORMS,      FIELD("'kind':'line'"),                                                    "forms[0].fields[0].label",      "missing",                       1},
        {RULES_FORMS,      FIELD("'kind':'lien','label':'l'"),                                        "forms[0].fields[0].kind",       "mail or file",
         1                                                                                                                                                               },
        {RULES_FORMS,      FIELD("'kind':'line','label':'l','choices':[]"),                           "forms[0].fields[0].choices",
         "kind line has no such",                                                                                                                                       1},
        {RULES_FORMS,      FIELD("'kind':'line','label':'l','required':1"),
         "forms[0].fields[0].required",                                                                                                "true or false",                 1},
        {RULES_FORMS,      FIELD("'kind':'file','label':'l','required':true"),
         "forms[0].fields[0].required",                                                                                                "never required",                1},
        {RULES_FORMS,      FIELD("'kind':'line','label':'l','length_min':5,'length_max':4"),
         "forms[0].fields[0].length_min",                                                                                              "more than",                     1},
        {RULES_FORMS,      FIELD("'kind':'line','label':'l','length_min':300"),
         "forms[0].fields[0].length_min",                                                                                              "more than",                     1},
        {RULES_FORMS,      FIELD("'kind':'line','label':'l','length_max':0"),
         "forms[0].fields[0].length_max",                                                                                              "from 1 to 500",                 1},
        {RULES_FORMS,      FIELD("'kind':'choice','label':'l'"),                                      "forms[0].fields[0].choices",
         "two at least",                                                                                                                                                1},
        {RULES_FORMS,
         FIELD("'kind':'choice','label':'l','choices':[{'id':'a','label':'A'},{'id':'a','label':'A'"
               "}]"),
         "forms[0].fields[0].choices[1].id",                                                                                           "twice",                         1},
        {RULES_FORMS,
         FIELD("'kind':'choice','label':'l','choices':[{'id':'a'},{'id':'b','label':'B'}]"),
         "forms[0].fields[0].choices[0].label",                                                                                        "missing",                       1},
        {RULES_FORMS,      FIELD("'kind':'number','label':'l','min':5,'max':4"),
         "forms[0].fields[0].max",                                                                                                     "less than",                     1},
        {RULES_FORMS,      FIELD("'kind':'number','label':'l','min':'5'"),                            "forms[0].fields[0].min",
         "a number",                                                                                                                                                    1},
        {RULES_FORMS,      FIELD("'kind':'number','label':'l','decimals':7"),
         "forms[0].fields[0].decimals",                                                                                                "from 0 to 6",                   1},
        {RULES_FORMS,      FIELD("'kind':'serial','label':'l','patterns':[]"),
         "forms[0].fields[0].patterns",                                                                                                "1 to 8",                        1},
        {RULES_FORMS,      FIELD("'kind':'serial','label':'l','patterns':['A##','%5']"),
         "forms[0].fields[0].patterns[1]",                                                                                             "a digit",                       1},
        {RULES_FORMS,      FIELD("'kind':'line','label':{'en':'l','fr':'l'}"),
         "forms[0].fields[0].label.fr",                                                                                                "no member",                     1},
        {RULES_FORMS,      FIELD("'kind':'line','label':'l','when':7"),                               "forms[0].fields[0].when",
         "an object",                                                                                                                                                   1},
        {RULES_FORMS,      FIELD("'kind':'line','label':'l','when':{'field':'a','is':['yes']}"),
         "forms[0].fields[0].when.field",                                                                                              "no field before",               1},
        {RULES_FORMS,      TWO("'when':{'field':'q','is':['maybe']}"),                                "forms[0].fields[1].when.is[0]",
         "cannot be that",                                                                                                                                              1},
        {RULES_FORMS,      TWO("'when':{'field':'q','is':[]}"),                                       "forms[0].fields[1].when.is",
         "a list of values",                                                                                                                                            1},
        {RULES_FORMS,
         TWO("'when':{'field':'q','is':['yes']}},{'id':'c','kind':'line','label':'l','when':{'"
             "field':'a','is':['x']}"),
         "forms[0].fields[2].when.field",                                                                                              "one level",                     1},
        {RULES_FORMS,
         "{'forms':[{'id':'f','fields':[{'id':'A-1','kind':'line','label':'l'}]}],'fallback':'f'}",   "forms[0].fields[0].id",         "small letters",                 1},
        {RULES_ROUTING,    "{'rules':[],'fallback':'nobody'}",                                        "fallback",                      "is not in groups",              1},
        {RULES_ROUTING,    "{'rules':[{'id':'r','group':'desk','severity':'S9'}],'fallback':'desk'}",
         "rules[0].severity",                                                                                                          "\"S9\" is not in severities",   1},
        {RULES_ROUTING,
         "{'rules':[{'id':'r','group':'desk','line':'x','channel':'pigeon','class':'odd',"
         "'lang':'xx','pick':'dice','person':'eve'}],'fallback':'desk'}",                             "rules[0].line",                 "no product is of line",         6},
        {RULES_HANDOFFS,
         "{'targets':[{'id':'x','side':'moon','kinds':['defect'],'name':'X'," HOURS "}]}",
         "targets[0].side",                                                                                                            "ltc",                           1},
        {RULES_HANDOFFS,
         "{'targets':[{'id':'x','side':'ltc','kinds':['defect'],'name':'X'," HOURS "}]}",
         "targets[0].kinds[0]",                                                                                                        "nothing that ltc is asked for", 1},
        {RULES_HANDOFFS,   "{'targets':[{'id':'x','side':'scm','kinds':[],'name':'X'," HOURS "}]}",
         "targets[0].kinds",                                                                                                           "at least one",                  1},
        {RULES_HANDOFFS,
         "{'targets':[{'id':'x','side':'vendor','kinds':['repair'],'name':'X','calendar':'moon','"
         "due':{'S1':0,'S2':5,'S3':5}}]}",                                                            "targets[0].due.S4",             "a whole number",                3},
        {RULES_HANDOFFS,
         "{'targets':[{'id':'x','side':'vendor','kinds':['repair'],'name':'X'," HOURS
         ",'contact':{'fax':'1'},'boss':'y'}]}",                                                      "targets[0].contact.fax",        "no member",                     2},
        {RULES_STOCK,      "{'points':[{'id':'a','name':'A','calendar':'office'}]}",                  "points[0].promise",
         "minutes by severity",                                                                                                                                         1},
        {RULES_STOCK,
         "{'points':[{'id':'a','name':'A','calendar':'office','return':0,'contact':7,'promise':{'"
         "S1':1,'S2':1,'S3':1,'S4':1}}]}",                                                            "points[0].return",              "from 1 to",                     2},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *complaints = NULL;
        bool is_told = false;
        uint32_t version;
        struct error err;
        size_t n;
        const json_t *item;

        if (set(f, rows[i].kind, rows[i].doc, RULES_ANY_VERSION, &version, &complaints, &err) !=
            AF_INVALID)
            fail_msg("%s was taken", rows[i].doc);
        json_array_foreach(complaints, n, item)
        {
            is_told |= strcmp(rows[i].place, json_get_str(item, "place")) == 0 &&
                       strstr(json_get_str(item, "message"), rows[i].message) != NULL;
        }
        if (!is_told || json_array_size(complaints) != rows[i].count)
            fail_msg("%s: wanted %zu with %s: %s, got %s", rows[i].doc, rows[i].count,
                     rows[i].place, rows[i].message, json_dumps(complaints, 0));
        assert_true(err.text[0] != '\0');
        json_decref(complaints);
    }
}

static void what_another_document_names_cannot_go(void **state)
{
    struct fixture *f = *state;
    json_t *complaints;
    uint32_t version;
    struct error err;

    assert_int_equal(
        1, set_ok(f, RULES_PRODUCTS, "{'products':[{'id':'HG8','kind':'box','line':'home'}]}"));
    assert_int_equal(1, set_ok(f, RULES_ROUTING,
                               "{'rules':[{'id':'r','product':'HG8','group':'experts'}],"
                               "'fallback':'desk'}"));
    assert_int_equal(AF_INVALID, set(f, RULES_PRODUCTS, "{'products':[]}", RULES_ANY_VERSION,
                                     &version, &complaints, &err));
    assert_string_equal("routing.rules[0].product",
                        json_get_str(json_array_get(complaints, 0), "place"));
    json_decref(complaints);
    /* first the rule, then the product */
    assert_int_equal(2, set_ok(f, RULES_ROUTING, "{'rules':[],'fallback':'desk'}"));
    assert_int_equal(2, set_ok(f, RULES_PRODUCTS, "{'products':[]}"));
}

/* What the shipped forms name are examples; an organisation's own forms are held to its tree. */
static void shipped_forms_stand_in_no_tree_s_way(void **state)
{
    struct fixture *f = *state;
    json_t *json, *complaints;
    uint32_t version;
    struct error err;

    set_ok(f, RULES_PRODUCTS, "{'products':[{'id':'HG8','kind':'box','line':'home'}]}");
    set_ok(f, RULES_TYPES, "{'types':[{'id':'wifi','name':'W'}]}");
    assert_ok(rules_get(f->app, RULES_FORMS, &json, &err));
    assert_int_equal(AF_INVALID,
                     rules_set(f->app, &f->admin, RULES_FORMS, json_object_get(json, "doc"),
                               RULES_ANY_VERSION, &version, &complaints, &err));
    assert_non_null(strstr(err.text, "\"NetHome HG8\" is not in products"));
    json_decref(complaints);
    json_decref(json);
    set_ok(f, RULES_FORMS,
           "{'forms':[{'id':'f','product':'HG8','line':'home','type':'wifi','fields':[]}],"
           "'fallback':'f'}");
    /* now they are the organisation's, and what they name cannot go */
    assert_int_equal(AF_INVALID, set(f, RULES_TYPES, "{'types':[]}", RULES_ANY_VERSION, &version,
                                     &complaints, &err));
    assert_non_null(strstr(err.text, "forms.forms[0].type"));
    json_decref(complaints);
}

static void two_who_change_the_same_are_told(void **state)
{
    struct fixture *f = *state;
    struct who author = who_staff(ROLE_AUTHOR, "ann");
    json_t *complaints, *doc = test_json_quoted("{'products':[]}");
    uint32_t version = 0;
    struct error err;

    assert_ok(set(f, RULES_PRODUCTS, "{'products':[{'id':'a','kind':'box'}]}", 0, &version,
                  &complaints, &err));
    assert_int_equal(1, version);
    assert_refused(AF_CONFLICT, set(f, RULES_PRODUCTS, "{'products':[{'id':'b','kind':'box'}]}", 0,
                                    &version, &complaints, &err));
    assert_non_null(strstr(err.text, "version 1"));
    assert_null(complaints);
    assert_ok(set(f, RULES_PRODUCTS, "{'products':[{'id':'b','kind':'box'}]}", 1, &version,
                  &complaints, &err));
    assert_int_equal(2, version);
    assert_refused(AF_DENIED, rules_set(f->app, &author, RULES_PRODUCTS, doc, RULES_ANY_VERSION,
                                        &version, &complaints, &err));
    json_decref(doc);
}

/* The journal's own check, for whoever writes commands by other ways: only the next revision. */
static void a_command_that_was_checked_before_another_is_refused(void **state)
{
    static const struct {
        int revision;
        enum status wanted;
    } rows[] = {
        {0, AF_CONFLICT},
        {2, AF_CONFLICT},
        {1, AF_OK      },
        {1, AF_CONFLICT},
        {2, AF_OK      }
    };
    struct fixture *f = *state;
    struct error err;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *body = json_pack("{s:s,s:i,s:{s:[]}}", "name", "products", "revision",
                                 rows[i].revision, "doc", "products");
        struct command command = {.actor = "cli", .kind = "rules.set", .body = body};
        struct outcome outcome;
        enum status status = journal_propose(app_journal(f->app), &command, &outcome, &err);

        assert_int_equal(rows[i].wanted, status);
        if (status == AF_OK)
            json_decref(outcome.result);
        json_decref(body);
    }
}

static size_t count_faults(struct fixture *f, enum rules_kind kind, const json_t *doc)
{
    json_t *complaints;
    uint32_t version;
    struct error err;
    enum status status =
        rules_set(f->app, &f->admin, kind, doc, RULES_ANY_VERSION, &version, &complaints, &err);
    size_t count = json_array_size(complaints);

    assert_int_equal(count == 0 ? AF_OK : AF_INVALID, status);
    json_decref(complaints);
    return count;
}

/* Names, targets and calendars: as much as fits, and one more. */
static void name_limits(struct fixture *f)
{
    char name[RULES_NAME_BYTES_MAX + 2];
    json_t *type = json_pack("{s:s,s:s}", "id", "a", "name", "n");
    json_t *types = json_pack("{s:[o]}", "types", type), *json, *list, *target;
    struct error err;

    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    json_object_set_new(type, "name", json_string(name));
    assert_int_equal(1, count_faults(f, RULES_TYPES, types));
    json_object_set_new(type, "name", json_string(name + 1));
    assert_int_equal(0, count_faults(f, RULES_TYPES, types));
    json_decref(types);

    assert_ok(rules_get(f->app, RULES_LEVELS, &json, &err));
    list = json_object_get(json_object_get(json, "doc"), "levels");
    target = json_object_get(json_object_get(json_array_get(list, 0), "targets"), "S4");
    json_object_set_new(target, "resolve", json_integer(RULES_TARGET_MINUTES_MAX + 1));
    assert_int_equal(1, count_faults(f, RULES_LEVELS, json_object_get(json, "doc")));
    json_object_set_new(target, "resolve", json_integer(RULES_TARGET_MINUTES_MAX));
    assert_int_equal(0, count_faults(f, RULES_LEVELS, json_object_get(json, "doc")));
    json_decref(json);

    assert_ok(rules_get(f->app, RULES_CALENDARS, &json, &err));
    list = json_object_get(json_object_get(json, "doc"), "calendars");
    while (json_array_size(list) < RULES_CALENDARS_MAX) {
        json_t *copy = json_deep_copy(json_array_get(list, 1));

        (void)snprintf(name, sizeof name, "c%zu", json_array_size(list));
        json_object_set_new(copy, "name", json_string(name));
        assert_int_equal(0, json_array_append_new(list, copy));
    }
    assert_int_equal(0, count_faults(f, RULES_CALENDARS, json_object_get(json, "doc")));
    assert_int_equal(0, json_array_append(list, json_array_get(list, 1)));
    assert_int_equal(1, count_faults(f, RULES_CALENDARS, json_object_get(json, "doc")));
    json_decref(json);
}

static json_t *fields_of(size_t count, const char *kind, size_t choices)
{
    json_t *fields = json_array();
    char id[32];

    for (size_t i = 0; i < count; i++) {
        json_t *field, *list = json_array();

        (void)snprintf(id, sizeof id, "f%zu", i);
        field = json_pack("{s:s,s:s,s:s}", "id", id, "kind", kind, "label", "l");
        for (size_t n = 0; n < choices; n++) {
            (void)snprintf(id, sizeof id, "c%zu", n);
            json_array_append_new(list, json_pack("{s:s,s:s}", "id", id, "label", "l"));
        }
        if (choices > 0)
            json_object_set(field, "choices", list);
        json_decref(list);
        json_array_append_new(fields, field);
    }
    return fields;
}

static void limits_of_forms_are_told(void **state)
{
    static const struct {
        size_t count;
        const char *kind;
        size_t choices, faults;
    } rows[] = {
        {FORM_FIELDS_MAX,     "line",    0,                    0},
        {FORM_FIELDS_MAX + 1, "line",    0,                    1},
        {1,                   "choice",  FORM_CHOICES_MAX,     0},
        {1,                   "choice",  FORM_CHOICES_MAX + 1, 1},
        {1,                   "choices", FORM_INPUTS_MAX,      0},
        {1,                   "choices", FORM_INPUTS_MAX + 1,  1},
        {2,                   "choices", FORM_INPUTS_MAX / 2,  0},
    };
    static const struct {
        const char *member;
        size_t bytes;
    } texts[] = {
        {"help",  FORM_HELP_BYTES_MAX },
        {"label", RULES_NAME_BYTES_MAX},
    };
    struct fixture *f = *state;
    char text[FORM_HELP_BYTES_MAX + 2], pattern[FORM_PATTERN_BYTES_MAX + 2];
    json_t *doc, *field, *patterns;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        doc = json_pack("{s:[{s:s,s:o}],s:s}", "forms", "id", "f", "fields",
                        fields_of(rows[i].count, rows[i].kind, rows[i].choices), "fallback", "f");
        assert_int_equal(rows[i].faults, count_faults(f, RULES_FORMS, doc));
        json_decref(doc);
    }
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        memset(text, 'x', texts[i].bytes + 1);
        text[texts[i].bytes + 1] = '\0';
        field = json_pack("{s:s,s:s,s:s}", "id", "a", "kind", "line", "label", "l");
        doc = json_pack("{s:[{s:s,s:[o]}],s:s}", "forms", "id", "f", "fields", field, "fallback",
                        "f");
        json_object_set_new(field, texts[i].member, json_string(text));
        assert_int_equal(1, count_faults(f, RULES_FORMS, doc));
        json_object_set_new(field, texts[i].member, json_string(text + 1));
        assert_int_equal(0, count_faults(f, RULES_FORMS, doc));
        json_decref(doc);
    }
    memset(pattern, '#', sizeof pattern - 1);
    pattern[sizeof pattern - 1] = '\0';
    patterns = json_array();
    doc = json_pack("{s:[{s:s,s:[{s:s,s:s,s:s,s:o}]}],s:s}", "forms", "id", "f", "fields", "id",
                    "a", "kind", "serial", "label", "l", "patterns", patterns, "fallback", "f");
    while (json_array_size(patterns) < FORM_PATTERNS_MAX)
        json_array_append_new(patterns, json_string(pattern + 1));
    assert_int_equal(0, count_faults(f, RULES_FORMS, doc));
    json_array_append_new(patterns, json_string(pattern + 1));
    assert_int_equal(1, count_faults(f, RULES_FORMS, doc));
    json_array_clear(patterns);
    json_array_append_new(patterns, json_string(pattern));
    assert_int_equal(1, count_faults(f, RULES_FORMS, doc));
    json_decref(doc);
}

static void limits_are_told(void **state)
{
    struct fixture *f = *state;
    json_t *list = json_array(), *doc = json_pack("{s:o}", "products", list), *complaints;
    char id[RULES_ID_BYTES_MAX + 2];
    uint32_t version;
    struct error err;

    for (int i = 0; i <= RULES_ENTRIES_MAX; i++) {
        (void)snprintf(id, sizeof id, "p%d", i);
        assert_int_equal(
            0, json_array_append_new(list, json_pack("{s:s,s:s}", "id", id, "kind", "box")));
    }
    assert_int_equal(AF_INVALID, rules_set(f->app, &f->admin, RULES_PRODUCTS, doc,
                                           RULES_ANY_VERSION, &version, &complaints, &err));
    assert_non_null(strstr(err.text, "at most"));
    json_decref(complaints);
    assert_int_equal(0, json_array_remove(list, 0));
    assert_ok(rules_set(f->app, &f->admin, RULES_PRODUCTS, doc, RULES_ANY_VERSION, &version,
                        &complaints, &err));
    /* more faults than are read */
    for (size_t i = 0; i < RULES_ENTRIES_MAX; i++)
        json_object_del(json_array_get(list, i), "kind");
    assert_int_equal(AF_INVALID, rules_set(f->app, &f->admin, RULES_PRODUCTS, doc,
                                           RULES_ANY_VERSION, &version, &complaints, &err));
    assert_int_equal(COMPLAINTS_MAX, json_array_size(complaints));
    json_decref(complaints);
    /* one id of the longest, and one byte more */
    json_array_clear(list);
    memset(id, 'x', sizeof id - 1);
    id[sizeof id - 1] = '\0';
    json_array_append_new(list, json_pack("{s:s,s:s}", "id", id, "kind", "box"));
    assert_int_equal(AF_INVALID, rules_set(f->app, &f->admin, RULES_PRODUCTS, doc,
                                           RULES_ANY_VERSION, &version, &complaints, &err));
    json_decref(complaints);
    json_object_set_new(json_array_get(list, 0), "id", json_string(id + 1));
    assert_ok(rules_set(f->app, &f->admin, RULES_PRODUCTS, doc, RULES_ANY_VERSION, &version,
                        &complaints, &err));
    json_decref(doc);
    name_limits(f);
}

/* --- remembered ------------------------------------------------------------------------------ */

#define TYPES_OF(id) "{'types':[{'id':'" id "','name':{'en':'" id "'}}]}"

static json_t *types_now(struct app *app)
{
    struct rules rules;
    struct error err;
    json_t *types;

    assert_ok(rules_load_now(app, &rules, &err));
    types = json_incref(rules.docs[RULES_TYPES]);
    rules_release(&rules);
    return types;
}

static const char *only_id(const json_t *types)
{
    return json_get_str(json_array_get(json_object_get(types, "types"), 0), "id");
}

/* Who asks again gets the very same documents; what was set is seen by the next to ask, while an
 * older transaction goes on reading what it began with. */
static void rules_are_remembered_until_they_change(void **state)
{
    struct fixture *f = *state;
    json_t *first, *again, *changed;
    struct rules rules;
    struct txn *txn;
    struct error err;

    (void)set_ok(f, RULES_TYPES, TYPES_OF("before"));
    first = types_now(f->app);
    again = types_now(f->app);
    assert_string_equal("before", only_id(first));
    assert_ptr_equal(first, again);

    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    (void)set_ok(f, RULES_TYPES, TYPES_OF("after"));
    changed = types_now(f->app);
    assert_string_equal("after", only_id(changed));
    assert_ok(rules_load_in(f->app, txn, &rules, &err));
    assert_string_equal("before", only_id(rules.docs[RULES_TYPES]));
    rules_release(&rules);
    txn_abort(txn);
    assert_string_equal("before", only_id(first)); /* nobody changed what somebody holds */
    json_decref(first);
    json_decref(again);
    json_decref(changed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(shipped_documents_are_sound_together),
        TEST(faults_are_told_all_at_once_with_their_places),
        TEST(what_another_document_names_cannot_go),
        TEST(two_who_change_the_same_are_told),
        TEST(a_command_that_was_checked_before_another_is_refused),
        TEST(shipped_forms_stand_in_no_tree_s_way),
        TEST(limits_of_forms_are_told),
        TEST(limits_are_told),
        TEST(rules_are_remembered_until_they_change),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
