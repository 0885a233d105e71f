#include "tests/indexer/rows.h"

#include "data/base/limits.h"
#include "indexer/build/segment_build.h"
#include "indexer/build/segment_merge.h"
#include "indexer/manifest.h"
#include "indexer/segment/segment_impl.h"

#include <sys/stat.h>

#define CASES 240

/* A segment in memory or on disk, with what it needs to be looked at. */
struct made {
    struct segment_base *base;
    struct image image;
    struct segment segment;
    bool damaged;
};

struct fixture {
    struct analyzer *analyzer;
    struct stemmer *stemmer;
    struct run_store store;
    struct segment_builder *builder;
    char *dir;
    struct env env;
    MDB_txn *txn;
    uint32_t next_id;
};

static int set_up(void **state)
{
    static const struct env_options options = {.what = "a test", .dbs_max = 64, .maps_pages = true};
    struct fixture *f = calloc(1, sizeof *f);
    struct error err;

    assert_ok(hash_start(&err));
    assert_ok(analyzer_new(&f->analyzer, &err));
    assert_ok(stemmer_new(&f->stemmer, &err));
    run_store_init(&f->store, NULL, 0);
    assert_ok(segment_builder_new(f->analyzer, &f->store, &f->builder, &err));
    f->dir = test_dir_new();
    assert_ok(env_open(f->dir, &options, &f->env, &err));
    assert_int_equal(0, mdb_txn_begin(f->env.mdb, NULL, 0, &f->txn));
    f->next_id = 1;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    mdb_txn_abort(f->txn);
    env_close(&f->env);
    test_dir_remove(f->dir);
    segment_builder_free(f->builder);
    run_store_release(&f->store);
    stemmer_free(f->stemmer);
    analyzer_free(f->analyzer);
    free(f);
    return 0;
}

static enum status add_article(struct segment_builder *builder, const struct article_ref *ref,
                               const json_t *article, struct error *err)
{
    struct article_view view;
    struct buf text = {0};
    enum status status;

    assert_int_equal(AF_OK, json_write(article, false, &text, err));
    assert_true(article_view_of(buf_bytes(&text), &view));
    status = segment_builder_add(builder, ref, &view, err);
    buf_release(&text);
    return status;
}

static void made_open(struct made *made, struct image image, struct memory_image *memory)
{
    struct error err;

    made->image = image;
    made->damaged = false;
    assert_ok(segment_base_load(&made->image, memory, &made->base, &err));
    made->segment = (struct segment){made->base, NULL, &made->image, &made->damaged};
}

static void made_release(struct made *made)
{
    assert_false(made->damaged);
    deadset_unref((struct deadset *)(uintptr_t)made->segment.dead);
    segment_base_free(made->base);
}

static void build_in_memory(struct fixture *f, struct made *made)
{
    struct memory_image *memory = memory_image_new();
    struct error err;

    assert_ok(segment_builder_write(f->builder, f->stemmer, memory_image_sink(memory), &err));
    made_open(made, (struct image){.memory = memory}, memory);
}

/* Of a segment that was put in the fixture's transaction, which is a new one afterwards. */
static struct tree *commit_tree(struct fixture *f, uint32_t id)
{
    struct pages pages;
    struct buf description = {0};
    struct tree *tree;
    struct error err;

    assert_int_equal(0, mdb_txn_commit(f->txn));
    pages = env_pages(&f->env);
    assert_ok(segment_describe(&f->env, id, &description, &err));
    assert_ok(tree_new(&pages, buf_bytes(&description), &tree, &err));
    assert_int_equal(0, mdb_txn_begin(f->env.mdb, NULL, 0, &f->txn));
    buf_release(&description);
    return tree;
}

/* Merges into memory, or into a database. */
static void merge(struct fixture *f, struct made *sources, uint32_t count, bool on_disk,
                  struct made *out)
{
    const struct segment *segments[16];
    struct memory_image *memory = on_disk ? NULL : memory_image_new();
    struct disk_sink disk = {.env = &f->env, .txn = f->txn, .id = f->next_id};
    struct image image = {.memory = memory};
    struct error err;
    char name[SEGMENT_NAME_BYTES];

    for (uint32_t i = 0; i < count; i++)
        segments[i] = &sources[i].segment;
    if (on_disk) {
        segment_name(f->next_id, name);
        assert_int_equal(0, mdb_dbi_open(f->txn, name, MDB_CREATE, &disk.dbi));
        image.id = f->next_id++;
    }
    assert_ok(segment_merge(segments, count,
                            on_disk ? disk_sink_of(&disk) : memory_image_sink(memory), &err));
    disk_sink_release(&disk);
    if (on_disk)
        image.tree = commit_tree(f, image.id);
    made_open(out, image, memory);
    out->base->tree = (struct tree *)(uintptr_t)image.tree;
}

static void add_random(struct fixture *f, struct test_random *random, uint32_t no,
                       struct rows *rows)
{
    struct article_ref ref = {.no = no, .version = 1};
    struct error err;
    json_t *article;
    char id[16];

    (void)snprintf(id, sizeof id, "case-%u", (unsigned)no);
    article = random_case(random, id);
    assert_ok(add_article(f->builder, &ref, article, &err));
    if (rows != NULL)
        rows_of_case(f->analyzer, no, 1, article, rows);
    json_decref(article);
}

static void a_built_segment_holds_what_the_cases_say(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct rows naive = {0}, rows = {0};
    struct made made;

    for (uint32_t no = 1; no <= CASES; no++)
        add_random(f, &random, no, &naive);
    build_in_memory(f, &made);
    rows_of_segment(&made.segment, &rows);
    assert_rows_equal(&naive, &rows);
    made_release(&made);
}

static void memory_and_disk_and_merged_segments_are_the_same(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct made parts[5], whole, disk, again;
    struct rows naive = {0}, rows[4] = {{0}};
    uint32_t no = 1;

    for (int i = 0; i < 5; i++) {
        for (int k = 0; k < CASES / 5; k++)
            add_random(f, &random, no++, &naive);
        build_in_memory(f, &parts[i]);
    }
    merge(f, parts, 5, false, &whole);
    merge(f, parts, 5, true, &disk);
    merge(f, &disk, 1, true, &again);
    for (int i = 0; i < 5; i++)
        rows_of_segment(&parts[i].segment, &rows[0]);
    rows_of_segment(&whole.segment, &rows[1]);
    rows_of_segment(&disk.segment, &rows[2]);
    rows_of_segment(&again.segment, &rows[3]);
    assert_rows_equal(&naive, &rows[0]);
    assert_rows_equal(&rows[1], &rows[2]);
    for (int i = 0; i < 5; i++) {
        rows_of_segment(&parts[i].segment, &rows[1]);
        made_release(&parts[i]);
    }
    assert_rows_equal(&rows[1], &rows[3]);
    made_release(&whole);
    made_release(&disk);
    made_release(&again);
}

/* Every value byte for byte: what is written depends on the content alone. */
static void merging_gives_the_bytes_that_building_gives(void **state)
{
    struct fixture *f = *state;
    struct test_random random = {12345}, same = {12345};
    struct made parts[3], merged, built;

    for (uint32_t no = 1; no <= 90; no++) {
        add_random(f, &random, no, NULL);
        if (no % 30 == 0)
            build_in_memory(f, &parts[no / 30 - 1]);
    }
    merge(f, parts, 3, false, &merged);
    for (uint32_t no = 1; no <= 90; no++)
        add_random(f, &same, no, NULL);
    build_in_memory(f, &built);
    for (enum image_kind kind = 0; kind < IMAGE_KIND_COUNT; kind++) {
        struct bytes key = BYTES_NONE, a, b, body_a, body_b;
        bool found = true, also;
        struct error err;

        while (found) {
            assert_ok(image_after(&built.image, kind, key, &a, &body_a, &found, &err));
            assert_ok(image_after(&merged.image, kind, key, &b, &body_b, &also, &err));
            assert_int_equal(found, also);
            if (found) {
                assert_bytes_equal(a, b);
                assert_bytes_equal(body_a, body_b);
            }
            key = a;
        }
    }
    for (int i = 0; i < 3; i++)
        made_release(&parts[i]);
    made_release(&merged);
    made_release(&built);
}

static void dead_documents_are_gone_after_a_merge(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct rows live = {0}, rows = {0};
    struct made parts[2], merged;
    uint32_t dead_count = 0;

    for (int i = 0; i < 2; i++) {
        struct deadset *dead;

        for (uint32_t k = 0; k < 60; k++)
            add_random(f, &random, (uint32_t)i * 60 + k + 1, NULL);
        build_in_memory(f, &parts[i]);
        dead = deadset_new(60);
        for (uint32_t doc = 0; doc < 60; doc++)
            if (test_random_below(&random, 3) > 0)
                deadset_add(dead, doc);
        dead_count += dead->count;
        parts[i].segment.dead = dead;
        rows_of_segment(&parts[i].segment, &live);
    }
    merge(f, parts, 2, true, &merged);
    assert_int_equal(120 - dead_count, segment_docs(&merged.segment));
    rows_of_segment(&merged.segment, &rows);
    assert_rows_equal(&live, &rows);
    for (int i = 0; i < 2; i++)
        made_release(&parts[i]);
    made_release(&merged);
}

static void a_segment_of_dead_documents_merges_to_an_empty_one(void **state)
{
    struct fixture *f = *state;
    struct test_random random = {7};
    struct deadset *dead = deadset_new(1);
    struct rows rows = {0};
    struct made made, merged;

    add_random(f, &random, 1, NULL);
    build_in_memory(f, &made);
    deadset_add(dead, 0);
    made.segment.dead = dead;
    merge(f, &made, 1, true, &merged);
    assert_int_equal(0, segment_docs(&merged.segment));
    rows_of_segment(&merged.segment, &rows);
    assert_int_equal(0, rows.count);
    assert_null(segment_lengths(&merged.segment, 0));
    made_release(&made);
    made_release(&merged);
}

static void a_case_is_found_by_its_number(void **state)
{
    struct fixture *f = *state;
    struct test_random random = {99};
    struct made made, merged;
    struct error err;

    for (uint32_t k = 0; k < 1200; k++) {
        struct article_ref ref = {.no = 5 + (k * 7919u % 1200u) * 3, .version = 1};
        json_t *article = test_json("{\"id\":\"x\",\"lang\":\"en\",\"title\":\"t\"}");

        assert_ok(add_article(f->builder, &ref, article, &err));
        json_decref(article);
    }
    (void)random;
    build_in_memory(f, &made);
    merge(f, &made, 1, true, &merged);
    for (uint32_t no = 0; no < 3700; no++) {
        uint32_t doc = 0, expected = DOC_END;
        bool found;

        for (uint32_t k = 0; k < 1200 && expected == DOC_END; k++)
            if (no == 5 + (k * 7919u % 1200u) * 3)
                expected = k;
        assert_ok(segment_find_number(&merged.segment, no, &doc, &found, &err));
        assert_int_equal(expected != DOC_END, found);
        if (found)
            assert_int_equal(expected, doc);
    }
    made_release(&made);
    made_release(&merged);
}

/* --- stems --- */

struct siblings {
    char text[512];
};

static void note_sibling(void *context, struct bytes term)
{
    struct siblings *s = context;
    size_t len = strlen(s->text);

    (void)snprintf(s->text + len, sizeof s->text - len, "%.*s ", (int)term.len,
                   (const char *)term.data);
}

static int compare_words(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void assert_siblings(struct fixture *f, const struct segment *segment, const char *word,
                            const char *expected)
{
    struct arena *arena = arena_new(1 << 20);
    struct siblings s = {""};
    char *words[32], *save = NULL, sorted[512] = "";
    size_t n = 0;
    struct error err;

    assert_ok(
        segment_stem_siblings(segment, f->stemmer, bytes_str(word), arena, note_sibling, &s, &err));
    for (char *w = strtok_r(s.text, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save))
        words[n++] = w;
    qsort(words, n, sizeof *words, compare_words);
    for (size_t i = 0; i < n; i++) {
        size_t len = strlen(sorted);

        (void)snprintf(sorted + len, sizeof sorted - len, "%s%s", i > 0 ? " " : "", words[i]);
    }
    assert_string_equal(expected, sorted);
    arena_free(arena);
}

static void assert_all_siblings(struct fixture *f, const struct segment *segment)
{
    assert_siblings(f, segment, "wprinter", "wprinters");
    assert_siblings(f, segment, "wprinters", "wprinter");
    assert_siblings(f, segment, "wresets", "wreset wresetting"); /* not in the segment */
    assert_siblings(f, segment, "wreset", "wresetting");
    assert_siblings(f, segment, "whaus", "whausern"); /* German, folded */
    assert_siblings(f, segment, "wunknowable", "");
    assert_siblings(f, segment, "2reset", "");
    assert_siblings(f, segment, "w", "");
}

static void add_case(struct fixture *f, uint32_t no, const char *lang, const char *title)
{
    struct article_ref ref = {.no = no, .version = 1};
    json_t *article = json_pack("{s:s,s:s,s:s}", "id", "x", "lang", lang, "title", title);
    struct error err;

    assert_ok(add_article(f->builder, &ref, article, &err));
    json_decref(article);
}

static void words_of_one_stem_find_each_other(void **state)
{
    struct fixture *f = *state;
    struct made parts[2], merged;

    add_case(f, 1, "zh-Hans", "打印机 printers resetting"); /* Latin words there are English */
    add_case(f, 2, "de", "haus");
    build_in_memory(f, &parts[0]);
    add_case(f, 3, "en-GB", "printer reset");
    add_case(f, 4, "de-AT", "hausern");
    build_in_memory(f, &parts[1]);
    merge(f, parts, 2, true, &merged);
    assert_all_siblings(f, &merged.segment);
    made_release(&merged);
    made_release(&parts[0]);
    made_release(&parts[1]);
}

static void words_of_dead_cases_are_nobodys_siblings(void **state)
{
    struct fixture *f = *state;
    struct deadset *dead = deadset_new(2);
    struct made made, merged;

    add_case(f, 1, "en", "printers");
    add_case(f, 2, "en", "printer printing");
    build_in_memory(f, &made);
    deadset_add(dead, 0);
    made.segment.dead = dead;
    merge(f, &made, 1, false, &merged);
    assert_siblings(f, &merged.segment, "wprinter", "");
    assert_siblings(f, &merged.segment, "wprinters", "wprinter");
    made_release(&merged);
    made_release(&made);
}

/* Nothing of a transaction may be written before it is committed: LMDB 0.9.24 loses pages then. */
static void the_largest_value_fits_beside_a_full_transaction(void **state)
{
    static const char name[] = "s00000001";
    struct fixture *f = *state;
    struct disk_sink disk = {.env = &f->env, .txn = f->txn, .id = 1};
    struct image_sink sink = disk_sink_of(&disk);
    uint8_t *bytes = calloc(1, INDEX_VALUE_BYTES_MAX + 1), key[4];
    struct image image = {.id = 1};
    char path[4096];
    struct stat before, after;
    struct bytes body;
    struct error err;
    bool found;

    (void)snprintf(path, sizeof path, "%s/data.mdb", f->dir);
    assert_int_equal(0, stat(path, &before));
    assert_int_equal(0, mdb_dbi_open(f->txn, name, MDB_CREATE, &disk.dbi));
    for (uint32_t i = 0; disk.txn_bytes < INDEX_TXN_BYTES; i++) {
        put_be32(key, i);
        assert_ok(sink.put(sink.context, IMAGE_POSTINGS, bytes_of(key, 4),
                           bytes_of(bytes, IMAGE_BODY_BYTES), &err));
    }
    memset(bytes, 7, INDEX_VALUE_BYTES_MAX);
    assert_ok(sink.put(sink.context, IMAGE_LENGTHS, BYTES_NONE,
                       bytes_of(bytes, INDEX_VALUE_BYTES_MAX), &err));
    assert_int_equal(0, stat(path, &after));
    assert_int_equal(before.st_size, after.st_size);
    assert_refused(AF_FULL, sink.put(sink.context, IMAGE_BLOOM, BYTES_NONE,
                                     bytes_of(bytes, INDEX_VALUE_BYTES_MAX + 1), &err));
    image.tree = commit_tree(f, 1);
    assert_ok(image_get(&image, IMAGE_LENGTHS, BYTES_NONE, &body, &found, &err));
    assert_true(found && bytes_equal(bytes_of(bytes, INDEX_VALUE_BYTES_MAX), body));
    tree_free((struct tree *)(uintptr_t)image.tree);
    disk_sink_release(&disk);
    free(bytes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_built_segment_holds_what_the_cases_say),
        TEST(memory_and_disk_and_merged_segments_are_the_same),
        TEST(merging_gives_the_bytes_that_building_gives),
        TEST(dead_documents_are_gone_after_a_merge),
        TEST(a_segment_of_dead_documents_merges_to_an_empty_one),
        TEST(a_case_is_found_by_its_number),
        TEST(words_of_one_stem_find_each_other),
        TEST(words_of_dead_cases_are_nobodys_siblings),
        TEST(the_largest_value_fits_beside_a_full_transaction),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
