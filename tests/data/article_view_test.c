/* A case seen in its text says what its tree says. */
#include "tests/harness.h"

#include "data/article_view.h"
#include "tests/fault/scenario.h"

#include <stdlib.h>

static const char *const cases[] = {
    "{\"id\":\"a\",\"lang\":\"en\",\"title\":\"t\"}",
    "{\"title\":\"a \\\"b\\\" \\\\\",\"id\":\"\\\\\",\"lang\":\"zh-Hans\"}",
    "{\"id\":\"a\",\"title\":\"t\",\"keywords\":[],\"product\":[\"x\",\"\",\"y\\nz\"],"
    "\"category\":[\"]\",\"[\"],\"error_code\":\"E\\t1\",\"environment\":null}",
    "{\"id\":\"a\",\"title\":\"\xE6\x89\x93\",\"mine\":{\"title\":\"no\",\"l\":[1,{\"id\":2}]},"
    "\"state\":\"archived\",\"audience\":\"partner\",\"n\":-5,\"b\":true}",
    "{\"id\":\"a\",\"title\":\"t\",\"state\":\"wip\",\"audience\":\"nobody\",\"keywords\":[\"k\",5]"
    "}",
    "{\"id\":\"a\",\"title\":\"t\",\"state\":5,\"audience\":null,\"symptom\":\"\\u0001\"}",
    "{\"symptom\":\"s\",\"cause\":\"c\",\"resolution\":\"r\",\"advice\":\"v\",\"text\":\"x\","
    "\"author\":\"w\",\"source\":\"o\",\"licence\":\"l\",\"created\":\"d\",\"updated\":\"u\"}",
    "{}",
};

/* What field_text() gives for one member: by way of a case that has no other. */
static void tree_text(const json_t *article, const char *member, struct buf *out)
{
    const json_t *value = json_object_get(article, member), *element;
    size_t i;

    if (json_is_string(value))
        buf_add_str(out, json_string_value(value));
    json_array_foreach(value, i, element)
    {
        if (json_string_length(element) > 0 && out->len > 0)
            buf_add_u8(out, '\n');
        buf_add_str(out, json_is_string(element) ? json_string_value(element) : "");
    }
}

static void every_member_says_what_the_tree_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_t *article = test_json(cases[i]);
        struct buf scratch = {0}, mine = {0}, theirs = {0};
        uint64_t my_print, their_print;
        struct article_view view;
        struct error err;

        assert_true(article_view_of(bytes_str(cases[i]), &view));
        for (int m = 0; m < ARTICLE_MEMBER_COUNT; m++) {
            const char *name = article_member_name((enum article_member)m);

            assert_bytes_equal(bytes_str(json_get_str(article, name)),
                               article_view_str(&view, (enum article_member)m, &scratch));
            buf_clear(&mine);
            buf_clear(&theirs);
            article_view_add(&view, (enum article_member)m, 0, &mine);
            tree_text(article, name, &theirs);
            assert_bytes_equal(buf_bytes(&theirs), buf_bytes(&mine));
            assert_int_equal(json_object_get(article, name) != NULL, view.of[m].data != NULL);
        }
        assert_int_equal(article_is_findable(article), article_view_is_findable(&view));
        assert_int_equal(article_audience(article), article_view_audience(&view));
        assert_ok(article_view_print(&view, &scratch, &my_print, &err));
        assert_ok(article_print(article, &their_print, &err));
        assert_true(my_print == their_print);
        json_decref(article);
        buf_release(&scratch);
        buf_release(&mine);
        buf_release(&theirs);
    }
}

static void what_is_no_object_is_not_seen_as_one(void **state)
{
    static const char *const broken[] = {"", "[]", "\"id\"", "{", "{\"id\":1", "{}{}", "{\"id\"}"};
    struct article_view view;

    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        assert_false(article_view_of(bytes_str(broken[i]), &view));
}

/* --- the journal seen both ways ----------------------------------------------------------- */

struct seen {
    struct buf text;
    unsigned count;
};

static void note(struct seen *seen, const struct article_ref *ref, struct bytes id)
{
    buf_printf(&seen->text, "%u v%u at %llu+%zu:%zu ", ref->no, ref->version,
               (unsigned long long)ref->seq, ref->offset, ref->length);
    buf_add(&seen->text, id);
    seen->count++;
}

/* The naive twin: a tree of the whole entry; each of its cases is found by its id, and is the
 * newest when its text stands where the record says. */
static void see_trees(struct txn *txn, uint64_t seq, struct seen *seen)
{
    struct article_ref ref;
    struct bytes line, text;
    struct entry entry;
    struct error err;
    const json_t *article;
    size_t i;

    assert_ok(journal_line(txn, seq, &line, &err));
    assert_ok(entry_parse(line, &entry, &err));
    json_array_foreach(json_object_get(entry.body, "cases"), i, article)
    {
        struct buf written = {0};

        assert_ok(article_find(txn, bytes_str(json_get_str(article, "id")), &ref, &err));
        assert_ok(article_text(txn, &ref, &text, &err));
        assert_ok(json_write(article, false, &written, &err));
        if (ref.seq == seq && bytes_equal(text, buf_bytes(&written)))
            note(seen, &ref, bytes_str(json_get_str(article, "id")));
        buf_release(&written);
    }
    json_decref(entry.json);
}

static enum status see_view(void *context, const struct article_ref *ref,
                            const struct article_view *view, struct error *err)
{
    struct buf scratch = {0};

    (void)err;
    note(context, ref, article_view_str(view, ARTICLE_ID, &scratch));
    buf_release(&scratch);
    return AF_OK;
}

static void the_newest_cases_of_an_entry_are_seen_in_order(void **state)
{
    char *dir = test_dir_new();
    struct seen trees = {0}, views = {0};
    struct journal_head head;
    struct scenario s;
    struct txn *txn;
    struct error err;
    uint64_t seq;
    bool repeated;

    (void)state;
    assert_ok(scenario_open(&s, dir, &err));
    for (unsigned i = 1; i <= 120; i++)
        assert_ok(scenario_step(&s, "a", i, &seq, &repeated, &err));
    assert_ok(store_begin_read(s.store, &txn, &err));
    assert_ok(journal_head(txn, &head, &err));
    for (seq = 1; seq <= head.seq; seq++) {
        see_trees(txn, seq, &trees);
        assert_ok(article_view_entry(txn, seq, see_view, &views, &err));
    }
    assert_true(trees.count > 10);
    assert_bytes_equal(buf_bytes(&trees.text), buf_bytes(&views.text));

    txn_abort(txn);
    scenario_close(&s);
    buf_release(&trees.text);
    buf_release(&views.text);
    test_dir_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_member_says_what_the_tree_says),
        cmocka_unit_test(what_is_no_object_is_not_seen_as_one),
        cmocka_unit_test(the_newest_cases_of_an_entry_are_seen_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
