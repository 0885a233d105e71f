#include "tests/harness.h"

#include "data/backup.h"
#include "data/base/clock.h"
#include "data/base/limits.h"
#include "data/blob.h"
#include "data/blob_impl.h"
#include "data/blob_ref.h"
#include "data/check.h"
#include "data/dump.h"
#include "tests/fault/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define HOUR_MS 3600000ll

/* A command that names or lets go: {"hash","owner":n,"bytes"} or {"hash","owner":n}. */
static enum status apply_name(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err)
{
    const json_t *body = command->body;
    struct digest hash;
    uint8_t owner[4];

    (void)result;
    assert_true(digest_parse(bytes_str(json_get_str(body, "hash")), &hash));
    put_be32(owner, (uint32_t)json_get_u64(body, "owner"));
    if (json_object_get(body, "bytes") == NULL)
        return blob_ref_remove(txn, &hash, bytes_of(owner, sizeof owner), err);
    return blob_ref_add(txn, &hash, bytes_of(owner, sizeof owner), json_get_u64(body, "bytes"),
                        err);
}

static const struct command_kind kinds[] = {
    {"name", 1, apply_name, false},
    {NULL,   0, NULL,       false},
};

struct fixture {
    char *dir;
    struct store *store;
    struct journal *journal;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct error err;

    f->dir = test_dir_new();
    assert_ok(store_open(f->dir, STORE_WRITE, &f->store, &err));
    assert_ok(journal_open(f->store, kinds, &f->journal, &err));
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    journal_close(f->journal);
    store_close(f->store);
    test_dir_remove(f->dir);
    free(f);
    return 0;
}

static struct digest put(const char *dir, struct bytes text)
{
    struct blob_writer *writer;
    struct digest hash;
    struct error err;
    uint64_t bytes;

    assert_ok(blob_begin(dir, text.len, &writer, &err));
    for (size_t i = 0; i < text.len; i += 1000) /* in pieces */
        assert_ok(blob_write(
            writer, bytes_of(text.data + i, text.len - i < 1000 ? text.len - i : 1000), &err));
    assert_ok(blob_commit(writer, &hash, &bytes, &err));
    assert_int_equal(text.len, bytes);
    return hash;
}

static void name(struct fixture *f, const struct digest *hash, int owner, int64_t bytes)
{
    char hex[DIGEST_HEX_BYTES];
    struct command command = {.actor = "test", .kind = "name"};
    struct outcome outcome;
    struct error err;
    json_t *body;

    digest_hex(hash, hex);
    body = bytes < 0 ? json_pack("{s:s,s:i}", "hash", hex, "owner", owner)
                     : json_pack("{s:s,s:i,s:I}", "hash", hex, "owner", owner, "bytes",
                                 (json_int_t)bytes);
    command.body = body;
    assert_ok(journal_propose(f->journal, &command, &outcome, &err));
    json_decref(outcome.result);
    json_decref(body);
}

static char *path_of(const char *dir, const struct digest *hash, char path[PATH_MAX])
{
    struct error err;

    assert_ok(blob_path_of(dir, hash, path, &err));
    return path;
}

static bool is_there(const char *dir, const struct digest *hash)
{
    char path[PATH_MAX];

    return access(path_of(dir, hash, path), F_OK) == 0;
}

static void make_old(const char *dir, const struct digest *hash, int64_t age_ms)
{
    int64_t at_ms = clock_now_ms() - age_ms;
    struct timespec times[2] = {{.tv_sec = at_ms / 1000}, {.tv_sec = at_ms / 1000}};
    char path[PATH_MAX];

    assert_int_equal(0, utimensat(AT_FDCWD, path_of(dir, hash, path), times, 0));
}

static enum status count_one(void *context, const struct blob_seen *blob, struct error *err)
{
    unsigned *count = context;

    (void)blob;
    (void)err;
    ++*count;
    return AF_OK;
}

static unsigned blobs_in(const char *dir)
{
    unsigned count = 0;
    struct error err;

    assert_ok(blob_walk(dir, count_one, &count, &err));
    return count;
}

static void keep_first(void *context, const char *sentence)
{
    char *first = context;

    if (first[0] == '\0')
        (void)snprintf(first, ERROR_TEXT_MAX, "%s", sentence);
}

static uint64_t faults_in(struct fixture *f, char first[ERROR_TEXT_MAX])
{
    struct check_counts counts;
    struct error err;

    first[0] = '\0';
    assert_ok(store_check(f->store, keep_first, first, &counts, &err));
    return counts.faults;
}

/* --- one blob ------------------------------------------------------------------------------- */

static void a_blob_is_its_bytes_under_their_blake2b_256(void **state)
{
    struct fixture *f = *state;
    const struct bytes text = BYTES_LIT("abc");
    struct digest hash = put(f->dir, text), plain = digest_plain(text);
    char path[PATH_MAX], hex[DIGEST_HEX_BYTES], found[8];
    struct error err;
    struct stat st;
    int fd;

    assert_true(digest_equal(&hash, &plain));
    digest_hex(&hash, hex); /* RFC 7693 has no vector of 256 bits; this is b2sum -l 256 */
    assert_string_equal("bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319", hex);
    assert_non_null(strstr(path_of(f->dir, &hash, path), "/blobs/bddd813c"));
    assert_int_equal(0, stat(path, &st));
    assert_int_equal(0600, st.st_mode & 0777);
    assert_ok(blob_open(f->dir, &hash, 3, &fd, &err));
    assert_int_equal(3, read(fd, found, sizeof found));
    assert_memory_equal("abc", found, 3);
    (void)close(fd);
}

static void an_empty_one_and_a_long_one_are_kept(void **state)
{
    struct fixture *f = *state;
    struct buf text = {0};
    struct digest empty = put(f->dir, BYTES_LIT("")), hash;
    struct error err;

    for (int i = 0; i < 500000; i++)
        buf_printf(&text, "%d,", i);
    hash = put(f->dir, buf_bytes(&text)); /* more than is handed to the disk at once */
    assert_ok(blob_verify(f->dir, &empty, 0, &err));
    assert_ok(blob_verify(f->dir, &hash, text.len, &err));
    buf_release(&text);
}

static void equal_contents_are_one_file(void **state)
{
    struct fixture *f = *state;

    (void)put(f->dir, BYTES_LIT("the same"));
    (void)put(f->dir, BYTES_LIT("the same"));
    (void)put(f->dir, BYTES_LIT("another"));
    assert_int_equal(2, blobs_in(f->dir));
}

static void what_is_longer_than_said_is_refused_and_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct blob_writer *writer;
    char path[PATH_MAX];
    struct error err;

    assert_ok(blob_begin(f->dir, 10, &writer, &err));
    assert_ok(blob_write(writer, BYTES_LIT("0123456789"), &err));
    assert_refused(AF_TOO_LARGE, blob_write(writer, BYTES_LIT("x"), &err));
    assert_non_null(strstr(err.text, "10"));
    blob_abort(writer);
    assert_int_equal(0, blobs_in(f->dir));
    assert_ok(blob_path(f->dir, "lock", path, &err));
    assert_int_equal(0, unlink(path));
    assert_ok(blob_path(f->dir, NULL, path, &err));
    assert_int_equal(0, rmdir(path)); /* is empty */
}

static void a_nearly_full_disk_takes_no_blobs(void **state)
{
    struct fixture *f = *state;
    struct error err;

    disk_hooks.free_bytes = (int64_t)BLOB_FREE_MIN + 100000;
    assert_ok(blob_room(f->dir, 90000, &err));
    assert_refused(AF_FULL, blob_room(f->dir, 110000, &err));
    disk_hooks.free_bytes = 1000;
    assert_refused(AF_FULL, blob_room(f->dir, 0, &err));
    disk_hooks.free_bytes = -1;
}

/* --- damage --------------------------------------------------------------------------------- */

static void damage(const char *path, off_t at, const char *text, off_t len)
{
    int fd = open(path, O_WRONLY);

    assert_true(fd >= 0);
    assert_int_equal(strlen(text), pwrite(fd, text, strlen(text), at));
    assert_int_equal(0, ftruncate(fd, len));
    (void)close(fd);
}

static void damage_is_noticed_and_never_opened(void **state)
{
    static const struct {
        off_t at;
        const char *text;
        off_t len;
        const char *word;
    } damages[] = {
        {3, "X",  10, "other bytes"},
        {0, "0",  9,  "cut off"    },
        {0, "0",  0,  "cut off"    },
        {9, "9y", 11, "longer"     },
    };
    struct fixture *f = *state;
    const struct bytes text = BYTES_LIT("0123456789");
    char path[PATH_MAX], first[ERROR_TEXT_MAX];
    struct error err;
    int fd = -1;

    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        struct digest hash = put(f->dir, text); /* an equal one mends what was damaged before */

        if (i == 0)
            name(f, &hash, 1, 10);
        assert_int_equal(0, faults_in(f, first));
        damage(path_of(f->dir, &hash, path), damages[i].at, damages[i].text, damages[i].len);
        assert_refused(AF_CORRUPT, blob_open(f->dir, &hash, 10, &fd, &err));
        assert_non_null(strstr(err.text, damages[i].word));
        assert_int_equal(1, faults_in(f, first));
        assert_string_equal(err.text, first);
    }
    assert_int_equal(-1, fd);
}

static void a_missing_one_and_a_link_in_its_place_are_faults(void **state)
{
    struct fixture *f = *state;
    struct digest hash = put(f->dir, BYTES_LIT("secret"));
    char path[PATH_MAX], first[ERROR_TEXT_MAX];
    struct error err;
    int fd;

    name(f, &hash, 1, 6);
    assert_int_equal(0, unlink(path_of(f->dir, &hash, path)));
    assert_int_equal(1, faults_in(f, first));
    assert_non_null(strstr(first, "is missing"));
    assert_int_equal(0, symlink("/etc/passwd", path));
    assert_refused(AF_CORRUPT, blob_open(f->dir, &hash, 6, &fd, &err));
}

static void two_sizes_of_one_blob_are_a_fault(void **state)
{
    struct fixture *f = *state;
    struct digest hash = put(f->dir, BYTES_LIT("12345"));
    char first[ERROR_TEXT_MAX];

    name(f, &hash, 1, 5);
    name(f, &hash, 2, 5);
    assert_int_equal(0, faults_in(f, first));
    name(f, &hash, 3, 6);
    assert_int_equal(1, faults_in(f, first));
    assert_non_null(strstr(first, "two sizes"));
}

/* --- who names what --------------------------------------------------------------------------- */

static void what_nobody_names_goes_when_it_is_old(void **state)
{
    struct fixture *f = *state;
    struct digest named = put(f->dir, BYTES_LIT("named")), old = put(f->dir, BYTES_LIT("old")),
                  young = put(f->dir, BYTES_LIT("young"));
    struct blob_sum sum;
    struct error err;

    name(f, &named, 1, 5);
    name(f, &named, 2, 5);
    make_old(f->dir, &named, 100 * HOUR_MS);
    make_old(f->dir, &old, 49 * HOUR_MS);
    make_old(f->dir, &young, 47 * HOUR_MS);
    assert_ok(blob_sweep(f->store, 48 * HOUR_MS, true, &sum, &err)); /* only counted */
    assert_int_equal(1, sum.files);
    assert_int_equal(3, sum.bytes);
    assert_true(is_there(f->dir, &old));
    assert_ok(blob_sweep(f->store, 48 * HOUR_MS, false, &sum, &err));
    assert_int_equal(1, sum.files);
    assert_false(is_there(f->dir, &old));
    assert_true(is_there(f->dir, &young));
    name(f, &named, 1, -1);
    assert_ok(blob_sweep(f->store, 48 * HOUR_MS, false, &sum, &err));
    assert_true(is_there(f->dir, &named)); /* the other owner still has it */
    name(f, &named, 2, -1);
    assert_ok(blob_sweep(f->store, 48 * HOUR_MS, false, &sum, &err));
    assert_false(is_there(f->dir, &named));
}

static void an_old_orphan_that_comes_again_is_young(void **state)
{
    struct fixture *f = *state;
    struct digest hash = put(f->dir, BYTES_LIT("again"));
    struct blob_sum sum;
    struct error err;

    make_old(f->dir, &hash, 100 * HOUR_MS);
    (void)put(f->dir, BYTES_LIT("again"));
    assert_ok(blob_sweep(f->store, 48 * HOUR_MS, false, &sum, &err));
    assert_int_equal(0, sum.files);
    assert_true(is_there(f->dir, &hash));
}

static void nothing_is_removed_while_somebody_copies(void **state)
{
    struct fixture *f = *state;
    struct digest hash = put(f->dir, BYTES_LIT("copied"));
    struct blob_sum sum;
    struct error err;
    int lock;

    make_old(f->dir, &hash, 100 * HOUR_MS);
    assert_ok(blob_lock(f->dir, BLOB_SHARED, &lock, &err));
    assert_refused(AF_BUSY, blob_sweep(f->store, HOUR_MS, false, &sum, &err));
    blob_unlock(lock);
    assert_ok(blob_sweep(f->store, HOUR_MS, false, &sum, &err));
    assert_int_equal(1, sum.files);
}

static void what_was_being_written_goes_after_a_day(void **state)
{
    struct fixture *f = *state;
    struct blob_writer *writer;
    struct blob_sum sum;
    struct digest hash;
    struct error err;
    uint64_t bytes;

    assert_ok(blob_begin(f->dir, 100, &writer, &err));
    assert_ok(blob_write(writer, BYTES_LIT("half"), &err));
    assert_ok(blob_sweep(f->store, 0, false, &sum, &err)); /* a running upload is left alone */
    clock_fix(clock_now_ms() + 25 * HOUR_MS);
    assert_ok(blob_sweep(f->store, 48 * HOUR_MS, false, &sum, &err));
    clock_fix(-1);
    assert_refused(AF_IO, blob_commit(writer, &hash, &bytes, &err)); /* its file is gone */
    assert_int_equal(0, blobs_in(f->dir));
}

static void a_store_without_blobs_has_no_folder_and_nothing_to_sweep(void **state)
{
    struct fixture *f = *state;
    struct blob_sum sum;
    struct error err;
    char path[PATH_MAX];

    assert_ok(blob_sweep(f->store, 0, false, &sum, &err));
    assert_int_equal(0, sum.files);
    assert_ok(blob_path(f->dir, NULL, path, &err));
    assert_int_not_equal(0, access(path, F_OK));
}

/* --- copies ----------------------------------------------------------------------------------- */

static void a_backup_has_the_blobs_and_verifies_them(void **state)
{
    struct fixture *f = *state;
    struct digest one = put(f->dir, BYTES_LIT("one")), orphan = put(f->dir, BYTES_LIT("orphan"));
    char *base = test_dir_new(), dest[PATH_MAX], path[PATH_MAX], lock[PATH_MAX + 32];
    struct error err;

    name(f, &one, 7, 3);
    (void)snprintf(dest, sizeof dest, "%s/copy", base);
    assert_ok(backup_make(f->store, dest, NULL, &err));
    assert_ok(backup_verify(dest, NULL, &err));
    assert_ok(blob_verify(dest, &one, 3, &err));
    assert_false(is_there(dest, &orphan));
    (void)snprintf(lock, sizeof lock, "%s/store/lock.mdb", dest);
    assert_int_not_equal(0, access(lock, F_OK));
    damage(path_of(dest, &one, path), 0, "X", 3);
    assert_refused(AF_CORRUPT, backup_verify(dest, NULL, &err));
    assert_non_null(strstr(err.text, "blob"));
    test_dir_remove(base);
}

static void no_backup_is_made_of_a_damaged_blob_and_nothing_is_left(void **state)
{
    struct fixture *f = *state;
    struct digest one = put(f->dir, BYTES_LIT("one")), two = put(f->dir, BYTES_LIT("two"));
    char *base = test_dir_new(), dest[PATH_MAX], path[PATH_MAX];
    struct error err;

    name(f, &one, 7, 3);
    name(f, &two, 7, 3);
    damage(path_of(f->dir, &two, path), 0, "X", 3);
    (void)snprintf(dest, sizeof dest, "%s/copy", base);
    assert_refused(AF_CORRUPT, backup_make(f->store, dest, NULL, &err));
    assert_int_equal(0, rmdir(dest)); /* is empty */
    name(f, &two, 7, -1);             /* its owner lets go of it */
    assert_ok(backup_make(f->store, dest, NULL, &err));
    assert_ok(backup_verify(dest, NULL, &err));
    test_dir_remove(base);
}

struct lost {
    unsigned count;
    char last[ERROR_TEXT_MAX];
};

static void note_lost(void *context, const char *sentence)
{
    struct lost *lost = context;

    lost->count++;
    (void)snprintf(lost->last, sizeof lost->last, "%s", sentence);
}

static void a_dump_says_where_they_are_and_a_load_can_bring_them(void **state)
{
    struct fixture *f = *state;
    struct digest one = put(f->dir, BYTES_LIT("one")), two = put(f->dir, BYTES_LIT("two"));
    char *dir = test_dir_new(), line[512], path[PATH_MAX];
    struct store *store;
    struct journal *journal;
    struct lost lost = {0};
    struct blob_sum sum;
    struct error err;
    uint64_t entries;
    FILE *file = tmpfile();
    json_t *header;

    name(f, &one, 7, 3);
    name(f, &one, 8, 3);
    name(f, &two, 8, 3);
    assert_ok(dump_write(f->store, file, NULL, NULL, &err));
    rewind(file);
    assert_non_null(fgets(line, sizeof line, file));
    header = test_json(line);
    assert_int_equal(2, json_get_u64(json_object_get(header, "blobs"), "files"));
    assert_int_equal(6, json_get_u64(json_object_get(header, "blobs"), "bytes"));
    assert_ok(blob_path(f->dir, NULL, path, &err));
    assert_string_equal(path, json_get_str(json_object_get(header, "blobs"), "in"));
    json_decref(header);

    rewind(file);
    assert_ok(store_open(dir, STORE_WRITE, &store, &err));
    assert_ok(journal_open(store, kinds, &journal, &err));
    assert_ok(dump_load(store, journal, file, NULL, NULL, &entries, &err));
    assert_ok(blob_copy_named(store, NULL, dir, note_lost, &lost, &sum, &err));
    assert_int_equal(2, lost.count);
    assert_non_null(strstr(lost.last, "is missing"));
    damage(path_of(f->dir, &two, path), 0, "X", 3);
    lost.count = 0;
    assert_ok(blob_copy_named(store, f->dir, dir, note_lost, &lost, &sum, &err));
    assert_int_equal(1, lost.count); /* what is damaged there is not copied */
    assert_non_null(strstr(lost.last, "other bytes"));
    assert_int_equal(1, sum.files);
    (void)put(f->dir, BYTES_LIT("two"));
    lost.count = 0;
    assert_ok(blob_copy_named(store, f->dir, dir, note_lost, &lost, &sum, &err));
    assert_int_equal(0, lost.count);
    assert_int_equal(2, sum.files);
    assert_int_equal(6, sum.bytes);
    journal_close(journal);
    store_close(store);
    (void)fclose(file);
    test_dir_remove(dir);
}

static void owners_are_found_and_of_at_most_their_length(void **state)
{
    static const uint8_t longest[BLOB_OWNER_BYTES_MAX] = {9};
    struct fixture *f = *state;
    struct digest one = put(f->dir, BYTES_LIT("one"));
    struct txn *txn;
    struct error err;
    uint64_t bytes = 0;
    uint8_t owner[4];

    name(f, &one, 7, 3);
    assert_ok(store_begin_write(f->store, &txn, &err));
    put_be32(owner, 7);
    assert_ok(blob_ref_find(txn, &one, bytes_of(owner, 4), &bytes, &err));
    assert_int_equal(3, bytes);
    put_be32(owner, 8);
    assert_int_equal(AF_NOT_FOUND, blob_ref_find(txn, &one, bytes_of(owner, 4), &bytes, &err));
    assert_refused(AF_CORRUPT, blob_ref_remove(txn, &one, bytes_of(owner, 4), &err));
    assert_ok(blob_ref_add(txn, &one, bytes_of(longest, sizeof longest), 3, &err));
    txn_abort(txn);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_blob_is_its_bytes_under_their_blake2b_256),
        TEST(an_empty_one_and_a_long_one_are_kept),
        TEST(equal_contents_are_one_file),
        TEST(what_is_longer_than_said_is_refused_and_leaves_nothing),
        TEST(a_nearly_full_disk_takes_no_blobs),
        TEST(damage_is_noticed_and_never_opened),
        TEST(a_missing_one_and_a_link_in_its_place_are_faults),
        TEST(two_sizes_of_one_blob_are_a_fault),
        TEST(what_nobody_names_goes_when_it_is_old),
        TEST(an_old_orphan_that_comes_again_is_young),
        TEST(nothing_is_removed_while_somebody_copies),
        TEST(what_was_being_written_goes_after_a_day),
        TEST(a_store_without_blobs_has_no_folder_and_nothing_to_sweep),
        TEST(a_backup_has_the_blobs_and_verifies_them),
        TEST(no_backup_is_made_of_a_damaged_blob_and_nothing_is_left),
        TEST(a_dump_says_where_they_are_and_a_load_can_bring_them),
        TEST(owners_are_found_and_of_at_most_their_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
