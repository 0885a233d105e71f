/* An index of other documents than cases: here the shadow of each case, which says only how the
 * case is called, in a folder of its own beside the library's index. */
#include "tests/indexer/index_fixture.h"

#include "indexer/index_source.h"

#include <fcntl.h>
#include <unistd.h>

/* --- a source ----------------------------------------------------------------------------- */

struct shadowing {
    article_view_fn each;
    void *context;
};

static json_t *shadow_of(struct bytes id, struct bytes title)
{
    struct buf text = {0};
    json_t *shadow;

    buf_printf(&text, "shadow of %.*s", (int)title.len, (const char *)title.data);
    shadow = json_pack("{s:o,s:s,s:o}", "id", json_from_bytes(id), "lang", "en", "title",
                       json_from_bytes(buf_bytes(&text)));
    buf_release(&text);
    return shadow;
}

static enum status shadow_one(void *context, const struct article_ref *ref,
                              const struct article_view *view, struct error *err)
{
    const struct shadowing *shadowing = context;
    struct buf id = {0}, title = {0}, text = {0};
    struct article_view shadow;
    json_t *json;
    enum status status;

    if (!article_view_is_findable(view))
        json =
            test_json("{\"id\":\"gone\",\"lang\":\"en\",\"title\":\"x\",\"state\":\"archived\"}");
    else
        json = shadow_of(article_view_str(view, ARTICLE_ID, &id),
                         article_view_str(view, ARTICLE_TITLE, &title));
    status = json_write(json, false, &text, err);
    assert_int_equal(AF_OK, status);
    assert_true(article_view_of(buf_bytes(&text), &shadow));
    status = shadowing->each(shadowing->context, ref, &shadow, err);
    json_decref(json);
    buf_release(&id);
    buf_release(&title);
    buf_release(&text);
    return status;
}

static enum status shadows_of_entry(struct txn *txn, uint64_t seq, uint64_t since,
                                    struct buf *replaced, article_view_fn each, void *context,
                                    struct error *err)
{
    struct shadowing shadowing = {each, context};

    (void)since;
    (void)replaced;
    return article_view_entry(txn, seq, shadow_one, &shadowing, err);
}

static enum status read_shadow(struct txn *txn, struct bytes id, uint32_t version, json_t **out,
                               struct error *err)
{
    struct article_ref ref;
    json_t *article;
    enum status status = article_find_version(txn, id, version, &ref, err);

    if (status == AF_OK)
        status = article_read(txn, &ref, &article, err);
    if (status != AF_OK)
        return status;
    *out = shadow_of(id, bytes_str(json_get_str(article, "title")));
    json_decref(article);
    return AF_OK;
}

static const struct index_source shadows = {
    .folder = "index-shadows",
    .entry = shadows_of_entry,
    .find = article_find,
    .read = read_shadow,
};

/* --- both of them ------------------------------------------------------------------------- */

/* The fixture looks at one of them; its own is put aside meanwhile. */
struct both {
    struct fixture *f;
    struct index *cases;
};

static struct both open_shadows(struct fixture *f)
{
    struct both both = {f, f->index};
    struct error err;

    f->index = NULL;
    assert_ok(index_open_source(f->store, STORE_WRITE, &shadows, &f->index, &err));
    return both;
}

static void close_shadows(struct both *both)
{
    index_close(both->f->index);
    both->f->index = both->cases;
}

/* Titles are lists now and then; what a shadow says of those is what a view says. */
static struct rows rows_of_shadows(struct fixture *f)
{
    struct rows rows = {0};

    for (int i = 0; i < FIXTURE_CASES; i++) {
        json_t *shadow;

        if (f->cases[i] == NULL)
            continue;
        shadow = shadow_of(bytes_str(json_get_str(f->cases[i], "id")),
                           bytes_str(json_get_str(f->cases[i], "title")));
        rows_of_case(f->analyzer, f->numbers[i], f->versions[i], shadow, &rows);
        json_decref(shadow);
    }
    return rows;
}

static void assert_shadows_right(struct fixture *f)
{
    struct snapshot *snapshot = acquire(f);
    struct rows naive = rows_of_shadows(f), rows = rows_of_snapshot(snapshot);

    assert_ptr_equal(&shadows, snapshot_source(snapshot));
    snapshot_release(snapshot);
    assert_rows_equal(&naive, &rows);
}

static void put_some(struct fixture *f, struct test_random *random, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        put_random(f, random, test_random_below(random, FIXTURE_CASES));
}

/* --- the tests ---------------------------------------------------------------------------- */

static void each_index_has_the_documents_of_its_source(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct both both = open_shadows(f);
    struct error err;

    for (int round = 0; round < 6; round++) {
        put_some(f, &random, 1 + test_random_below(&random, 30)); /* few: memory; many: threads */
        assert_shadows_right(f);
        if (round % 2 == 1)
            assert_ok(index_flush(f->index, NULL, NULL, &err));
        assert_shadows_right(f);
        assert_sound(f);
    }
    close_shadows(&both);
    assert_right(f);
    assert_sound(f);
}

static void remove_folder(const struct fixture *f, const char *folder)
{
    static const char *const files[] = {"data.mdb", "lock.mdb", "writer.lock"};
    char path[4096];

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        (void)snprintf(path, sizeof path, "%s/%s/%s", f->dir, folder, files[i]);
        assert_int_equal(0, unlink(path));
    }
    (void)snprintf(path, sizeof path, "%s/%s", f->dir, folder);
    assert_int_equal(0, rmdir(path));
}

static void its_folder_may_be_removed(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct both both;
    struct error err;

    put_some(f, &random, 40);
    for (int round = 0; round < 2; round++) {
        both = open_shadows(f);
        assert_ok(index_flush(f->index, NULL, NULL, &err));
        assert_shadows_right(f);
        close_shadows(&both);
        remove_folder(f, shadows.folder);
    }
    both = open_shadows(f);
    assert_shadows_right(f);
    close_shadows(&both);
    assert_right(f);
}

/* Every page in turn, all of it overwritten. */
static void damage_of_one_is_mended_and_the_other_does_not_notice(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    char path[4096];
    struct both both = open_shadows(f);
    struct error err;
    off_t size;
    int fd, kept = dup(2), null = open("/dev/null", O_WRONLY);

    put_some(f, &random, 60);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    close_shadows(&both);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    (void)snprintf(path, sizeof path, "%s/%s/data.mdb", f->dir, shadows.folder);
    assert_true((fd = open(path, O_RDWR)) >= 0);
    size = lseek(fd, 0, SEEK_END);
    close(fd);
    assert_true(size >= 4 * 4096);
    (void)dup2(null, 2); /* each damage is said there */
    for (off_t at = 0; at < size; at += 4096) {
        uint8_t page[4096];

        memset(page, (int)(at >> 12), sizeof page);
        assert_true((fd = open(path, O_RDWR)) >= 0);
        assert_int_equal(sizeof page, pwrite(fd, page, sizeof page, at));
        close(fd);
        both = open_shadows(f);
        assert_shadows_right(f);
        assert_ok(index_flush(f->index, NULL, NULL, &err));
        assert_shadows_right(f);
        assert_sound(f);
        close_shadows(&both);
    }
    (void)dup2(kept, 2);
    close(kept);
    close(null);
    assert_right(f);
    assert_sound(f);
}

static void it_is_made_one_segment_as_the_librarys_is(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct both both = open_shadows(f);
    struct index_compacted done;
    struct error err;

    for (int round = 0; round < 3; round++) {
        put_some(f, &random, 20);
        assert_ok(index_flush(f->index, NULL, NULL, &err));
    }
    assert_ok(index_compact(f->index, NULL, NULL, &done, &err));
    assert_int_equal(1, stats_of(f).segments);
    assert_int_equal(0, stats_of(f).deleted);
    assert_shadows_right(f);
    close_shadows(&both);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_index_has_the_documents_of_its_source, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(its_folder_may_be_removed, fixture_set_up,
                                        fixture_tear_down),
        cmocka_unit_test_setup_teardown(damage_of_one_is_mended_and_the_other_does_not_notice,
                                        fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(it_is_made_one_segment_as_the_librarys_is, fixture_set_up,
                                        fixture_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
