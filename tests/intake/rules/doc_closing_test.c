/* The document `closing`: each fault at its place, and who else is named by it. */
#include "tests/harness.h"

#include "data/base/limits.h"
#include "intake/rules/rules.h"

struct fixture {
    char *dir;
    struct app *app;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct error err;

    f->dir = test_dir_new();
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

/* The document as it is shipped. */
static json_t *shipped(struct fixture *f)
{
    json_t *json, *doc;
    struct error err;

    assert_ok(rules_get(f->app, RULES_CLOSING, &json, &err));
    doc = json_deep_copy(json_object_get(json, "doc"));
    json_decref(json);
    return doc;
}

static void faults_are_told_with_their_places(void **state)
{
    static const struct {
        const char *part, *members; /* put into it; of "" the document's own */
        const char *place, *message;
    } rows[] = {
        {"",        "{'confirm':7}",               "confirm",                "missing, or not"  },
        {"",        "{'survey':null}",             "survey",                 "missing, or not"  },
        {"",        "{'visits':[]}",               "visits",                 "missing, or not"  },
        {"",        "{'early_close':'yes'}",       "early_close",            "true or false"    },
        {"",        "{'reopen_days':367}",         "reopen_days",            "from 0 to 366"    },
        {"",        "{'reopen_days':-1}",          "reopen_days",            "from 0 to 366"    },
        {"",        "{'reopening':1}",             "reopening",              "no member"        },
        {"confirm", "{'S5':{'days':1}}",           "confirm.S5",             "no member"        },
        {"confirm", "{'S1':{'days':1,'hours':1}}", "confirm.S1",             "one of"           },
        {"confirm", "{'S1':{}}",                   "confirm.S1",             "one of"           },
        {"confirm", "{'S1':{'weeks':1}}",          "confirm.S1.weeks",       "no member"        },
        {"confirm", "{'S1':{'days':367}}",         "confirm.S1.days",        "from 1 to 366"    },
        {"confirm", "{'S1':{'days':0}}",           "confirm.S1.days",        "from 1 to 366"    },
        {"confirm", "{'S1':{'hours':4001}}",       "confirm.S1.hours",       "from 1 to 4000"   },
        {"confirm", "{'calendar':'moon'}",         "confirm.calendar",       "not in calendars" },
        {"survey",  "{'days':0}",                  "survey.days",            "from 1 to 366"    },
        {"survey",  "{'ask':{'fr':'ça va ?'}}",   "survey.ask.fr",          "no member"        },
        {"survey",  "{'score':5}",                 "survey.score",           "no member"        },
        {"visits",  "{'severities':['S7']}",       "visits.severities[0]",   "not in severities"},
        {"visits",  "{'severities':'S1'}",         "visits.severities",      "a list"           },
        {"visits",  "{'share_per_mille':1001}",    "visits.share_per_mille", "from 0 to 1000"   },
        {"visits",  "{'score_max':6}",             "visits.score_max",       "from 0 to 5"      },
        {"visits",  "{'group':'nobody'}",          "visits.group",           "not in groups"    },
        {"visits",  "{'calendar':'moon'}",         "visits.calendar",        "not in calendars" },
        {"visits",  "{'due':3}",                   "visits.due",             "one of"           },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *doc = shipped(f), *members = test_json_quoted(rows[i].members), *complaints;
        json_t *part = rows[i].part[0] != '\0' ? json_object_get(doc, rows[i].part) : doc;
        const json_t *first;
        struct error err;

        assert_int_equal(0, json_object_update(part, members));
        assert_refused(AF_INVALID, rules_try(f->app, RULES_CLOSING, doc, &complaints, &err));
        first = json_array_get(complaints, 0);
        if (json_array_size(complaints) != 1 ||
            strcmp(rows[i].place, json_get_str(first, "place")) != 0 ||
            strstr(json_get_str(first, "message"), rows[i].message) == NULL)
            fail_msg("%s in \"%s\": %s", rows[i].members, rows[i].part, json_dumps(complaints, 0));
        json_decref(complaints);
        json_decref(members);
        json_decref(doc);
    }
}

static void as_much_as_fits_is_taken(void **state)
{
    static const struct {
        const char *part, *members;
    } rows[] = {
        {"",        "{'early_close':false}"              },
        {"",        "{'reopen_days':0}"                  },
        {"confirm", "{'S1':{'days':366}}"                },
        {"confirm", "{'S1':{'hours':4000}}"              },
        {"survey",  "{'ask':'OK?'}"                      },
        {"visits",  "{'severities':[]}"                  },
        {"visits",  "{'share_per_mille':0,'score_max':0}"},
        {"visits",  "{'share_per_mille':1000}"           },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *doc = shipped(f), *members = test_json_quoted(rows[i].members), *complaints;
        json_t *part = rows[i].part[0] != '\0' ? json_object_get(doc, rows[i].part) : doc;
        struct error err;

        assert_int_equal(0, json_object_update(part, members));
        assert_ok(rules_try(f->app, RULES_CLOSING, doc, &complaints, &err));
        json_decref(members);
        json_decref(doc);
    }
}

static void the_group_that_visits_cannot_go(void **state)
{
    const struct who admin = who_staff(ROLE_ADMIN, "boss");
    struct fixture *f = *state;
    json_t *groups =
        test_json_quoted("{'groups':[{'id':'desk','name':'D','ring':1,'calendar':'office'}]}");
    json_t *doc = shipped(f), *complaints;
    uint32_t version;
    struct error err;
    bool ok = true;

    json_put(json_object_get(doc, "visits"), "group", json_string("experts"), &ok);
    assert_true(ok);
    assert_ok(rules_set(f->app, &admin, RULES_CLOSING, doc, 0, &version, &complaints, &err));
    assert_refused(AF_INVALID, rules_try(f->app, RULES_GROUPS, groups, &complaints, &err));
    assert_string_equal("closing.visits.group",
                        json_get_str(json_array_get(complaints, 0), "place"));
    json_decref(complaints);
    json_decref(groups);
    json_decref(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(faults_are_told_with_their_places),
        TEST(as_much_as_fits_is_taken),
        TEST(the_group_that_visits_cannot_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
