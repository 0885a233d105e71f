#include "tests/indexer/index_fixture.h"

#include "data/base/hash.h"
#include "indexer/segment/block.h"
#include "indexer/segment/segment_impl.h"

#include <fcntl.h>
#include <lmdb.h>
#include <unistd.h>

/* --- everything an index can be asked, as one number -------------------------------------- */

/* A sum over what is read, whatever the order and the cut into segments. */
struct asking {
    uint64_t sum;
    struct arena *arena;
};

static void add_parts(struct asking *a, const struct bytes *parts, size_t count)
{
    a->sum += checksum64(17, parts, count);
}

static enum status ask_documents(struct asking *a, const struct segment *segment, uint32_t *numbers,
                                 struct error *err)
{
    enum status status = AF_OK;

    for (uint32_t doc = 0; status == AF_OK && doc < segment_docs(segment); doc++) {
        struct document d;
        uint32_t at;
        bool found;

        status = segment_document(segment, doc, &d, err);
        if (status == AF_OK)
            status = segment_find_number(segment, d.no, &at, &found, err);
        if (status != AF_OK)
            return status;
        assert_true(found && at == doc);
        numbers[doc] = d.no;
        if (segment_is_live(segment, doc)) {
            struct bytes parts[6] = {
                d.id,      d.title,    d.lang,
                d.product, d.category, bytes_of(segment_lengths(segment, doc), FIELD_COUNT)};

            add_parts(a, parts, 6);
        }
    }
    return status;
}

static enum status ask_postings(struct asking *a, const struct segment *segment,
                                const struct term_entry *entry, const uint32_t *numbers,
                                struct error *err)
{
    struct postings p;
    enum status status = postings_open(segment, entry, a->arena, &p, err);

    if (status == AF_OK)
        status = postings_next(&p, err);
    while (status == AF_OK && p.doc != DOC_END) {
        if (segment_is_live(segment, p.doc)) {
            struct bytes parts[] = {entry->term, bytes_of(&numbers[p.doc], 4),
                                    bytes_of(p.tf, FIELD_COUNT)};

            add_parts(a, parts, 3);
        }
        status = postings_next(&p, err);
    }
    return status;
}

static enum status ask_terms(struct asking *a, const struct segment *segment,
                             const uint32_t *numbers, struct error *err)
{
    struct arena *cursors = arena_new(1 << 20);
    struct term_cursor *cursor = NULL;
    struct term_entry entry;
    bool found = true;
    enum status status = term_cursor_open(segment, BYTES_NONE, cursors, &cursor, err);

    while (status == AF_OK && found) {
        status = term_cursor_next(cursor, &entry, &found, err);
        arena_clear(a->arena);
        if (status == AF_OK && found)
            status = ask_postings(a, segment, &entry, numbers, err);
        if (status == AF_OK && found && bloom_takes(entry.term))
            status = segment_may_have(segment, bloom_hash(entry.term), &found, err);
    }
    arena_free(cursors);
    return status;
}

static enum status ask_stems(struct asking *a, const struct segment *segment, struct error *err)
{
    struct block_cursor cursor;
    bool found = true;
    enum status status =
        segment_note(segment, block_seek(&cursor, segment->image, IMAGE_STEMS, BYTES_NONE, err));

    (void)a;
    while (status == AF_OK && found)
        status = segment_note(segment, block_next(&cursor, &found, err));
    return status;
}

static enum status ask_everything(const struct snapshot *snapshot, uint64_t *sum, struct error *err)
{
    struct asking a = {0, arena_new((size_t)16 << 20)};
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && i < snapshot_segments(snapshot); i++) {
        const struct segment *segment = snapshot_segment(snapshot, i);
        uint32_t *numbers = calloc(segment_docs(segment) + 1u, sizeof *numbers);

        status = ask_documents(&a, segment, numbers, err);
        if (status == AF_OK)
            status = ask_terms(&a, segment, numbers, err);
        if (status == AF_OK)
            status = ask_stems(&a, segment, err);
        free(numbers);
    }
    arena_free(a.arena);
    *sum = a.sum;
    return status;
}

/* Asks; after damage was met asks once more, as a search does. */
static uint64_t ask_twice(struct fixture *f, bool *met)
{
    struct error err = {0};
    uint64_t sum = 0;

    *met = false;
    for (int i = 0; i < 2; i++) {
        struct snapshot *snapshot = acquire(f);
        enum status status = ask_everything(snapshot, &sum, &err);

        snapshot_release(snapshot);
        if (status == AF_OK)
            return sum;
        assert_int_equal(AF_CORRUPT, status);
        assert_true(strstr(err.text, "index") != NULL);
        *met = true;
    }
    fail_msg("still damaged when asked again: %s", err.text);
    return 0;
}

/* --- the file ----------------------------------------------------------------------------- */

struct place {
    size_t at, len; /* of a value in the file */
    char kind;
};

struct places {
    struct place list[2000];
    size_t count;
    struct buf file;
};

static void file_path(const struct fixture *f, char path[4096])
{
    (void)snprintf(path, 4096, "%s/index/data.mdb", f->dir);
}

static void read_file(const struct fixture *f, struct buf *out)
{
    char path[4096];
    uint8_t part[4096];
    ssize_t n;
    int fd;

    file_path(f, path);
    fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    while ((n = read(fd, part, sizeof part)) > 0)
        buf_add(out, bytes_of(part, (size_t)n));
    close(fd);
}

static void write_file(const struct fixture *f, struct bytes bytes)
{
    char path[4096];
    int fd;

    file_path(f, path);
    fd = open(path, O_WRONLY | O_TRUNC | O_CREAT, 0600);
    assert_true(fd >= 0);
    assert_int_equal(bytes.len, write(fd, bytes.data, bytes.len));
    close(fd);
}

static void flip(const struct fixture *f, size_t at, uint8_t bits)
{
    char path[4096];
    uint8_t byte;
    int fd;

    file_path(f, path);
    fd = open(path, O_RDWR);
    assert_true(fd >= 0);
    assert_int_equal(1, pread(fd, &byte, 1, (off_t)at));
    byte ^= bits;
    assert_int_equal(1, pwrite(fd, &byte, 1, (off_t)at));
    close(fd);
}

/* Where in the file a value of the map is: each page begins with its number. Looking for the bytes
 * would find older copies of them in pages that are free by now. */
static size_t place_of(const struct places *places, MDB_val value)
{
    uintptr_t address = (uintptr_t)value.mv_data, within = address % IMAGE_PAGE;
    uint64_t number;
    size_t at;

    memcpy(&number, (const void *)(address - within), sizeof number);
    at = number * IMAGE_PAGE + within;
    assert_true(at + value.mv_size <= places->file.len);
    assert_memory_equal(places->file.data + at, value.mv_data, value.mv_size);
    return at;
}

static void find_in_database(struct places *places, MDB_txn *txn, const char *name)
{
    MDB_cursor *cursor;
    MDB_val k, v;
    MDB_dbi dbi;

    assert_int_equal(0, mdb_dbi_open(txn, name, 0, &dbi));
    assert_int_equal(0, mdb_cursor_open(txn, dbi, &cursor));
    while (mdb_cursor_get(cursor, &k, &v, MDB_NEXT) == 0) {
        assert_true(places->count < 2000);
        places->list[places->count++] =
            (struct place){place_of(places, v), v.mv_size, *(char *)k.mv_data};
    }
    mdb_cursor_close(cursor);
}

/* Every value of the closed index and where it is in the file. */
static void find_places(const struct fixture *f, struct places *places)
{
    char dir[4096], names[32][32];
    size_t names_count = 0;
    MDB_env *env;
    MDB_txn *txn;
    MDB_cursor *cursor;
    MDB_val k, v;
    MDB_dbi main_dbi;

    read_file(f, &places->file);
    (void)snprintf(dir, sizeof dir, "%s/index", f->dir);
    assert_int_equal(0, mdb_env_create(&env));
    assert_int_equal(0, mdb_env_set_maxdbs(env, 64));
    assert_int_equal(0, mdb_env_open(env, dir, MDB_RDONLY | MDB_NOTLS, 0600));
    assert_int_equal(0, mdb_txn_begin(env, NULL, MDB_RDONLY, &txn));
    assert_int_equal(0, mdb_dbi_open(txn, NULL, 0, &main_dbi));
    assert_int_equal(0, mdb_cursor_open(txn, main_dbi, &cursor));
    while (mdb_cursor_get(cursor, &k, &v, MDB_NEXT) == 0)
        (void)snprintf(names[names_count++], 32, "%.*s", (int)k.mv_size, (char *)k.mv_data);
    mdb_cursor_close(cursor);
    for (size_t i = 0; i < names_count; i++)
        find_in_database(places, txn, names[i]);
    mdb_txn_abort(txn);
    mdb_env_close(env);
}

/* stderr is silent between these: every damage is said in a line there. */
static int hush(void)
{
    int kept = dup(2), null = open("/dev/null", O_WRONLY);

    (void)dup2(null, 2);
    close(null);
    return kept;
}

static void speak(int kept)
{
    (void)dup2(kept, 2);
    close(kept);
}

/* --- the tests ---------------------------------------------------------------------------- */

/* Two segments with dead documents, and a term that is long enough to leave the dictionary. */
static uint64_t fill(struct fixture *f, struct test_random *random)
{
    struct error err;
    bool met;

    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = round * 40; i < 44 + round * 16; i++)
            put_random(f, random, i);
        assert_ok(index_flush(f->index, NULL, NULL, &err));
    }
    return ask_twice(f, &met);
}

/* Opens for reading, so that the file stays as it was damaged. */
static bool try_damaged(struct fixture *f, uint64_t expected)
{
    struct error err;
    bool met;

    assert_ok(index_open(f->store, STORE_READ, &f->index, &err));
    assert_int_equal(expected, ask_twice(f, &met));
    index_close(f->index);
    f->index = NULL;
    return met;
}

/* Each byte of the header and a few by chance; with $TEST_EVERY_BYTE all (minutes). */
static void a_flipped_byte_of_any_value_is_noticed_or_harmless(void **state)
{
    const size_t flips = getenv("TEST_EVERY_BYTE") != NULL ? SIZE_MAX : 30;
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct places places = {.count = 0};
    uint64_t expected = fill(f, &random);
    unsigned kinds['z' + 1] = {0}, seen = 0;
    int kept;

    index_close(f->index);
    f->index = NULL;
    find_places(f, &places);
    kept = hush();
    for (size_t i = 0; i < places.count; i++) {
        const struct place *place = &places.list[i];

        kinds[(unsigned char)place->kind]++;
        for (size_t k = 0; k < flips && k < place->len; k++) {
            size_t at = k < 17 || flips > 30 ? k : test_random_below(&random, (uint32_t)place->len);

            flip(f, place->at + at, (uint8_t)(1u << test_random_below(&random, 8)));
            seen += try_damaged(f, expected);
            write_file(f, buf_bytes(&places.file));
        }
    }
    speak(kept);
    assert_true(seen > 0);
    for (const char *kind = "hlnptxsbcmd"; *kind != '\0'; kind++) /* all were there */
        if (kinds[(unsigned char)*kind] == 0)
            fail_msg("no value of kind %c", *kind);
    buf_release(&places.file);
    {
        struct error err;

        assert_ok(index_open(f->store, STORE_WRITE, &f->index, &err));
    }
}

static void check_counts_what_a_flip_breaks(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct places places = {.count = 0};
    struct error err;

    (void)fill(f, &random);
    assert_sound(f);
    index_close(f->index);
    find_places(f, &places);
    for (size_t i = 0; i < places.count; i++) {
        uint64_t faults = 0;
        int kept = hush();

        flip(f, places.list[i].at + places.list[i].len / 2, 0x10);
        assert_ok(index_open(f->store, STORE_READ, &f->index, &err));
        assert_ok(index_check(f->index, NULL, NULL, &faults, &err));
        index_close(f->index);
        f->index = NULL;
        assert_true(faults > 0);
        write_file(f, buf_bytes(&places.file));
        speak(kept);
    }
    buf_release(&places.file);
    assert_ok(index_open(f->store, STORE_WRITE, &f->index, &err));
}

static void a_writer_that_meets_damage_writes_the_index_anew(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    uint64_t expected = fill(f, &random);

    for (const char *kind = "mhltpx"; *kind != '\0'; kind++) {
        struct places *places = calloc(1, sizeof *places);
        struct error err;
        size_t i = 0;
        bool met;
        int kept;

        fixture_close(f);
        find_places(f, places);
        while (i < places->count && places->list[i].kind != *kind)
            i++;
        if (i < places->count)
            flip(f, places->list[i].at + places->list[i].len - 1, 1);
        kept = hush();
        fixture_open(f);
        assert_int_equal(expected, ask_twice(f, &met));
        assert_ok(index_flush(f->index, NULL, NULL, &err));
        speak(kept);
        assert_sound(f);
        assert_int_equal(expected, ask_twice(f, &met));
        assert_false(met);
        fixture_close(f);
        fixture_open(f);
        assert_int_equal(1, stats_of(f).segments);
        assert_int_equal(expected, ask_twice(f, &met));
        buf_release(&places->file);
        free(places);
    }
}

static void a_file_that_is_cut_or_no_index_is_made_again(void **state)
{
    static const size_t cuts[] = {0, 1, 100, 4096, 8192, 8193, 12288, 40000};
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    uint64_t expected = fill(f, &random);
    struct error err;
    bool met;

    for (size_t i = 0; i <= sizeof cuts / sizeof *cuts; i++) {
        struct buf file = {0};
        int kept;

        assert_ok(index_flush(f->index, NULL, NULL, &err));
        fixture_close(f);
        read_file(f, &file);
        if (i == sizeof cuts / sizeof *cuts)
            memset(file.data, 'x', file.len);
        else
            file.len = cuts[i] < file.len ? cuts[i] : file.len / 2;
        write_file(f, buf_bytes(&file));
        buf_release(&file);
        kept = hush();
        fixture_open(f);
        speak(kept);
        assert_int_equal(expected, ask_twice(f, &met));
        assert_false(met);
        assert_ok(index_flush(f->index, NULL, NULL, &err));
        assert_sound(f);
    }
}

/* Opens, asks, and damages the first value of the kind under the open index. */
static void damage_what_was_read(struct fixture *f, char kind, uint64_t expected)
{
    struct places *places = calloc(1, sizeof *places);
    size_t i = 0;
    bool met;

    fixture_close(f);
    find_places(f, places);
    while (i < places->count && places->list[i].kind != kind)
        i++;
    assert_true(i < places->count);
    fixture_open(f);
    assert_int_equal(expected, ask_twice(f, &met));
    assert_false(met);
    flip(f, places->list[i].at + places->list[i].len / 2, 0x10);
    buf_release(&places->file);
    free(places);
}

/* Lengths and columns are read where they are stored, and verified once: a merge must not give
 * what went bad since then a new checksum. */
static void what_goes_bad_after_a_search_is_not_copied_on(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    uint64_t expected = fill(f, &random), faults;

    for (const char *kind = "lc"; *kind != '\0'; kind++)
        for (int merges = 0; merges < 2; merges++) {
            struct index_compacted compacted;
            struct error err;
            bool met;
            int kept;

            damage_what_was_read(f, *kind, expected);
            kept = hush();
            if (merges)
                assert_int_equal(AF_CORRUPT, index_compact(f->index, NULL, NULL, &compacted, &err));
            else
                assert_ok(index_check(f->index, NULL, NULL, &faults, &err));
            assert_true(merges || faults > 0);
            assert_int_equal(expected, ask_twice(f, &met)); /* it is made again by this */
            assert_ok(index_flush(f->index, NULL, NULL, &err));
            put_random(f, &random, 0); /* two segments again */
            assert_ok(index_flush(f->index, NULL, NULL, &err));
            speak(kept);
            assert_sound(f);
            expected = ask_twice(f, &met);
            assert_false(met);
        }
}

/* Two segments whose values have the same lengths, so that one may stand in another's place. */
static uint64_t fill_with_twins(struct fixture *f)
{
    static const char *const titles[] = {"alpha", "gamma"};
    struct error err;
    bool met;

    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 10; i++) {
            char id[32];

            (void)snprintf(id, sizeof id, "%d-%d", round, i);
            put_article(f, json_pack("{s:s,s:s,s:s,s:s}", "id", id, "lang", "en", "title",
                                     titles[round], "text", i % 2 == 0 ? "lamps" : "doors"));
        }
        assert_ok(index_flush(f->index, NULL, NULL, &err));
    }
    return ask_twice(f, &met);
}

static void a_value_from_another_place_is_noticed(void **state)
{
    struct fixture *f = *state;
    uint64_t expected = fill_with_twins(f);
    struct places places = {.count = 0};
    unsigned swaps = 0;
    struct error err;
    int kept;

    index_close(f->index);
    f->index = NULL;
    find_places(f, &places);
    kept = hush();
    for (size_t i = 0; i < places.count; i++)
        for (size_t j = 0; j < i; j++) {
            const struct place *a = &places.list[i], *b = &places.list[j];
            struct buf file = {0};

            if (a->len != b->len || a->kind != b->kind)
                continue;
            buf_add(&file, buf_bytes(&places.file));
            memcpy(file.data + a->at, places.file.data + b->at, a->len);
            write_file(f, buf_bytes(&file));
            buf_release(&file);
            swaps++;
            (void)try_damaged(f, expected);
            write_file(f, buf_bytes(&places.file));
        }
    speak(kept);
    assert_true(swaps >= 5); /* lengths, numbers, stems, terms, documents */
    buf_release(&places.file);
    assert_ok(index_open(f->store, STORE_WRITE, &f->index, &err));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_flipped_byte_of_any_value_is_noticed_or_harmless),
        TEST(check_counts_what_a_flip_breaks),
        TEST(a_writer_that_meets_damage_writes_the_index_anew),
        TEST(a_file_that_is_cut_or_no_index_is_made_again),
        TEST(what_goes_bad_after_a_search_is_not_copied_on),
        TEST(a_value_from_another_place_is_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
