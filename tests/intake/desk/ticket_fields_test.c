/* What was filled in on a ticket: kept with the form it was asked with, refused when a command is
 * not sound, and missed by `check` when it is damaged. */
#include "tests/intake/api/fixture.h"

#include "intake/desk/ticket_fields.h"
#include "intake/intake_check.h"
#include "intake/ticket/ticket_form.h"

#include <stdio.h>

static void set_forms(struct fixture *f, const char *text)
{
    const struct who admin = who_staff(ROLE_ADMIN, "boss");
    json_t *doc = test_json_quoted(text), *complaints;
    uint32_t version;
    struct error err;

    assert_ok(rules_set(f->app, &admin, RULES_FORMS, doc, RULES_ANY_VERSION, &version, &complaints,
                        &err));
    json_decref(doc);
}

#define FORMS(label)                                                                               \
    "{'forms':[{'id':'f','fields':[{'id':'serial','kind':'serial','label':'" label                 \
    "','required':true},{'id':'note','kind':'line','label':'Note'}]}],'fallback':'f'}"

static enum status open_with(struct fixture *f, const char *fields, bool is_incomplete,
                             const char *key, uint32_t *no, json_t **errors, struct error *err)
{
    const struct who staff = who_staff(ROLE_ENGINEER, "lin.wei");
    json_t *values = test_json_quoted(fields);
    const struct ticket_input input = {.channel = BYTES_LIT("phone"),
                                       .title = BYTES_LIT("It hums"),
                                       .fields = values,
                                       .is_incomplete = is_incomplete,
                                       .errors = errors,
                                       .key = key};
    struct ticket_opened opened = {0};
    enum status status = ticket_open(f->app, &staff, &input, &opened, err);

    json_decref(values);
    *no = opened.no;
    return status;
}

static json_t *get(struct fixture *f, uint32_t no)
{
    const struct who staff = who_staff(ROLE_ENGINEER, "lin.wei");
    json_t *ticket;
    struct error err;

    assert_ok(ticket_get(f->app, &staff, no, &ticket, &err));
    return ticket;
}

static uint64_t forms_kept(struct fixture *f)
{
    struct error err;
    struct txn *txn;
    uint64_t count;

    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    count = store_sum(txn, TABLE_FORM).count;
    txn_abort(txn);
    return count;
}

static const char *label_of(const json_t *ticket)
{
    const json_t *fields = json_object_get(json_object_get(ticket, "form"), "fields");

    return json_get_str(json_array_get(fields, 0), "label");
}

static void a_form_is_kept_once_as_it_was(void **state)
{
    struct fixture *f = *state;
    json_t *errors = NULL, *ticket;
    uint32_t first, second, third;
    struct error err;

    set_forms(f, FORMS("Old"));
    assert_ok(open_with(f, "{'serial':'abc'}", false, NULL, &first, &errors, &err));
    assert_ok(open_with(f, "{'serial':'abd'}", false, NULL, &second, &errors, &err));
    assert_int_equal(1, forms_kept(f));
    set_forms(f, FORMS("New"));
    assert_ok(open_with(f, "{'serial':'abe'}", false, NULL, &third, &errors, &err));
    assert_int_equal(2, forms_kept(f));
    ticket = get(f, first);
    assert_string_equal("Old", label_of(ticket));
    json_decref(ticket);
    ticket = get(f, third);
    assert_string_equal("New", label_of(ticket));
    json_decref(ticket);
}

static void a_ticket_that_was_asked_nothing_has_no_form(void **state)
{
    struct fixture *f = *state;
    json_t *errors = NULL, *ticket;
    uint32_t no;
    struct error err;

    assert_ok(open_with(f, "{}", false, NULL, &no, &errors, &err)); /* shipped: nothing required */
    ticket = get(f, no);
    assert_null(json_object_get(ticket, "form"));
    assert_null(json_object_get(ticket, "fields"));
    json_decref(ticket);
}

static void the_same_key_with_other_fields_is_another_request(void **state)
{
    struct fixture *f = *state;
    json_t *errors = NULL;
    uint32_t first, again;
    struct error err;

    set_forms(f, FORMS("L"));
    assert_ok(open_with(f, "{'serial':'abc'}", false, "k1", &first, &errors, &err));
    assert_ok(open_with(f, "{'serial':'abc'}", false, "k1", &again, &errors, &err));
    assert_int_equal(first, again);
    assert_refused(AF_CONFLICT,
                   open_with(f, "{'serial':'abd'}", false, "k1", &again, &errors, &err));
    assert_refused(AF_CONFLICT,
                   open_with(f, "{'serial':'abc'}", true, "k1", &again, &errors, &err));
}

/* Whatever a dump from elsewhere brings: a command that is not sound leaves nothing behind. */
static void commands_that_are_not_sound_are_refused(void **state)
{
#define OPEN(more)                                                                                 \
    "{'follow_up':'0000000000000000000000000000000000000000000000000000000000000007',"             \
    "'class':'technical','severity':'S3','channel':'phone','product':'','title':'t','text':'',"    \
    "'lang':'','contact':{}," more "}"
    static const struct {
        const char *kind, *body;
        enum status wanted;
    } rows[] = {
        {"ticket.open",     OPEN("'type':7"),                                        AF_INVALID  },
        {"ticket.open",     OPEN("'fields':{}"),                                     AF_INVALID  },
        {"ticket.open",     OPEN("'missing':['a']"),                                 AF_INVALID  },
        {"ticket.open",     OPEN("'form':{'id':'f'},'fields':{}"),                   AF_INVALID  },
        {"ticket.open",     OPEN("'form':{'id':'f','hash':'0123'},'fields':{}"),     AF_INVALID  },
        {"ticket.open",
         OPEN("'form':{'id':'f','hash':'00112233445566778899aabbccddeeff'},"
              "'fields':{},'form_text':{'id':'f'}"),
         AF_INVALID                                                                              },
        {"ticket.open",     OPEN("'form':{'id':'f'},'fields':{'a':7}"),              AF_INVALID  },
        {"ticket.open",     OPEN("'form':{'id':'f'},'fields':{'a':['x',7]}"),        AF_INVALID  },
        {"ticket.open",     OPEN("'form':{'id':'f'},'fields':{},'missing':'a'"),     AF_INVALID  },
        {"ticket.classify", "{'ticket':1,'by':'x','reason':''}",                     AF_CONFLICT },
        {"ticket.classify", "{'ticket':1,'by':'x','reason':'','class':'technical'}", AF_CONFLICT },
        {"ticket.classify", "{'ticket':1,'by':'x','reason':'','class':'odd'}",       AF_INVALID  },
        {"ticket.classify", "{'ticket':1,'by':'x','reason':'','type':7}",            AF_INVALID  },
        {"ticket.classify", "{'ticket':9,'by':'x','reason':'','type':'y'}",          AF_NOT_FOUND},
        {"ticket.classify", "{'ticket':1,'by':'x','reason':'','type':'y','seen':7}", AF_CONFLICT },
        {"ticket.fields",   "{'ticket':1,'by':'x','reason':'','fields':{}}",         AF_INVALID  },
        {"ticket.fields",   "{'ticket':1,'by':'x','reason':'','form':{'id':'f'}}",   AF_INVALID  },
    };
    struct fixture *f = *state;
    json_t *errors = NULL;
    uint32_t no;
    struct error err;

    assert_ok(open_with(f, "{}", false, NULL, &no, &errors, &err));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *body = test_json_quoted(rows[i].body);
        const struct command command = {.actor = "cli", .kind = rows[i].kind, .body = body};
        struct outcome outcome = {0};
        enum status status = journal_propose(app_journal(f->app), &command, &outcome, &err);

        if (status != rows[i].wanted)
            fail_msg("%s %s: %s", rows[i].kind, rows[i].body, status_name(status));
        json_decref(body);
    }
    assert_int_equal(0, forms_kept(f));
}

static void what_is_closed_is_not_sorted_anew(void **state)
{
    const struct who staff = who_staff(ROLE_ENGINEER, "lin.wei"), customer = who_customer();
    const struct ticket_class class = {.type = BYTES_LIT("fault")};
    struct fixture *f = *state;
    json_t *errors = NULL, *proposed, *values = json_object();
    uint32_t no;
    struct error err;

    assert_ok(open_with(f, "{}", false, NULL, &no, &errors, &err));
    assert_refused(AF_DENIED, ticket_classify(f->app, &customer, no, &class, &proposed, &err));
    assert_refused(AF_DENIED,
                   ticket_set_fields(f->app, &customer, no, values, true, &errors, &err));
    assert_ok(ticket_classify(f->app, &staff, no, &class, &proposed, &err));
    assert_string_equal("desk", json_get_str(proposed, "group"));
    json_decref(proposed);
    assert_ok(ticket_move(f->app, &staff, no, BYTES_LIT("cancel"), BYTES_LIT("no use"), &err));
    assert_refused(AF_CONFLICT, ticket_classify(f->app, &staff, no,
                                                &(struct ticket_class){.type = BYTES_LIT("setup")},
                                                &proposed, &err));
    assert_refused(AF_CONFLICT, ticket_set_fields(f->app, &staff, no, values, true, &errors, &err));
    json_decref(values);
}

/* --- damage -------------------------------------------------------------------------------- */

static void note_fault(void *context, const char *sentence)
{
    struct buf *said = context;

    buf_printf(said, "%s\n", sentence);
}

static void damage_is_named(void **state)
{
    static const struct {
        const char *members, *said; /* put over the ticket's; NULL: the form's row is changed */
    } rows[] = {
        {"{'fields':{'colour':'red'}}",                                               "its form has no field \"colour\""},
        {"{'fields':{'note':7}}",                                                     "its field \"note\" has no value" },
        {"{'missing':['colour']}",                                                    "its form has no field that it"   },
        {"{'form':{'id':'f','version':1,'hash':'00112233445566778899aabbccddeeff'}}",
         "its form f is not in table form"                                                                              },
        {NULL,                                                                        "it is not the form of that hash" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture *f;
        struct buf said = {0};
        const struct check_options options = {
            .fault = note_fault, .context = &said, .more = intake_checks};
        struct check_counts counts;
        json_t *errors = NULL, *record, *members;
        uint32_t no;
        struct error err;
        struct bytes key = BYTES_LIT("\0\0\0\1");
        struct bytes form_key, ignored;
        struct cursor *cursor;
        struct txn *txn;

        fixture_begin((void **)&f);
        set_forms(f, FORMS("L"));
        assert_ok(open_with(f, "{'serial':'abc'}", false, NULL, &no, &errors, &err));
        assert_ok(store_check_with(app_store(f->app), &options, &counts, &err));
        assert_string_equal("", buf_str(&said));
        assert_ok(store_begin_write(app_store(f->app), &txn, &err));
        if (rows[i].members != NULL) {
            members = test_json_quoted(rows[i].members);
            assert_ok(store_get_json(txn, TABLE_TICKET, key, &record, &err));
            assert_int_equal(0, json_object_update(record, members));
            assert_ok(store_put_json(txn, TABLE_TICKET, key, record, &err));
            json_decref(record);
            json_decref(members);
        } else {
            uint8_t copy[FORM_HASH_BYTES];

            assert_ok(cursor_open(txn, TABLE_FORM, BYTES_NONE, WALK_UP, &cursor, &err));
            assert_ok(cursor_next(cursor, &form_key, &ignored, &err));
            memcpy(copy, form_key.data, sizeof copy);
            cursor_close(cursor);
            assert_ok(
                store_put(txn, TABLE_FORM, bytes_of(copy, sizeof copy), BYTES_LIT("{}"), &err));
        }
        assert_ok(txn_commit(txn, &err));
        assert_ok(store_check_with(app_store(f->app), &options, &counts, &err));
        if (strstr(buf_str(&said), rows[i].said) == NULL)
            fail_msg("row %zu: \"%s\" was not said, but: %s", i, rows[i].said, buf_str(&said));
        buf_release(&said);
        fixture_end((void **)&f);
    }
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
        TEST(a_form_is_kept_once_as_it_was),
        TEST(a_ticket_that_was_asked_nothing_has_no_form),
        TEST(the_same_key_with_other_fields_is_another_request),
        TEST(commands_that_are_not_sound_are_refused),
        TEST(what_is_closed_is_not_sorted_anew),
        cmocka_unit_test(damage_is_named),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
