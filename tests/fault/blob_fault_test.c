/* Every file call between a blob's first byte and the commit of the command that names it fails,
 * or is the last the process makes. Afterwards: no crash, a sentence for each refusal, what was
 * acknowledged is there with its bytes, the store is sound, and what is left over is swept away.
 * And the order that a power cut asks for: bytes, name, folder, command. */
#include "tests/harness.h"

#include "data/blob_impl.h"
#include "data/blob_ref.h"
#include "data/check.h"
#include "tests/fault/disk.h"
#include "tests/fault/trial.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

enum { BLOBS = 3, KILLED = 9 };

static const struct variant {
    const char *name;
    struct disk_fault fault;
    bool for_ever, kills;
} variants[] = {
    {"EIO once",               {.error = EIO},                      false, false},
    {"EIO from then on",       {.error = EIO},                      true,  false},
    {"ENOSPC once",            {.error = ENOSPC},                   false, false},
    {"ENOSPC from then on",    {.error = ENOSPC},                   true,  false},
    {"short writes",           {.is_short = true},                  true,  false},
    {"done, then EIO",         {.error = EIO, .is_after = true},    false, false},
    {"done, then ENOSPC",      {.error = ENOSPC, .is_after = true}, true,  false},
    {"killed before the call", {0},                                 false, true },
};

static struct trying {
    struct variant variant;
    char dir[PATH_MAX];
    atomic_long calls;
    long at; /* 0: never */
    bool acknowledged[BLOBS];
    unsigned refused;
    char wrong[ERROR_TEXT_MAX + 128];
} * trying; /* shared with the child */

static struct disk_fault fail_planned(enum disk_call call, int fd)
{
    long number = atomic_fetch_add(&trying->calls, 1) + 1;

    (void)call;
    (void)fd;
    if (trying->at == 0 || (trying->variant.for_ever ? number < trying->at : number != trying->at))
        return (struct disk_fault){0};
    if (trying->variant.kills)
        _exit(KILLED);
    return trying->variant.fault;
}

/* --- the script ------------------------------------------------------------------------------- */

static enum status apply_name(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err)
{
    struct digest hash;

    (void)result;
    if (!digest_parse(bytes_str(json_get_str(command->body, "hash")), &hash))
        return error_set(err, AF_INVALID, "no hash");
    return blob_ref_add(txn, &hash, BYTES_LIT("t"), json_get_u64(command->body, "bytes"), err);
}

static const struct command_kind kinds[] = {
    {"name", 1, apply_name, false},
    {NULL,   0, NULL,       false},
};

/* The i-th content: 0, 70,000 and 140,000 bytes. */
static struct bytes content(unsigned i, struct buf *text)
{
    buf_clear(text);
    while (text->len < i * 70000)
        buf_printf(text, "%u:%zu,", i, text->len);
    return buf_bytes(text);
}

static enum status put(const char *dir, struct bytes text, struct digest *hash, uint64_t *bytes,
                       struct error *err)
{
    struct blob_writer *writer;
    enum status status = blob_begin(dir, text.len, &writer, err);

    for (size_t i = 0; status == AF_OK && i < text.len; i += 30000) {
        status = blob_write(
            writer, bytes_of(text.data + i, text.len - i < 30000 ? text.len - i : 30000), err);
        if (status != AF_OK)
            blob_abort(writer);
    }
    return status == AF_OK ? blob_commit(writer, hash, bytes, err) : status;
}

static enum status name(struct journal *journal, const struct digest *hash, uint64_t bytes,
                        struct error *err)
{
    char hex[DIGEST_HEX_BYTES];
    struct command command = {.actor = "test", .kind = "name"};
    struct outcome outcome = {0};
    json_t *body;
    enum status status;

    digest_hex(hash, hex);
    body = json_pack("{s:s,s:I}", "hash", hex, "bytes", (json_int_t)bytes);
    command.body = body;
    status = journal_propose(journal, &command, &outcome, err);
    if (status == AF_OK)
        json_decref(outcome.result);
    json_decref(body);
    return status;
}

static void demand(bool is_so, const char *what, const struct error *err)
{
    if (!is_so && trying->wrong[0] == '\0')
        (void)snprintf(trying->wrong, sizeof trying->wrong, "%s: %s", what, err->text);
}

static void play(void *context)
{
    struct store *store;
    struct journal *journal;
    struct buf text = {0};
    struct error err = {0};

    (void)context;
    demand(store_open(trying->dir, STORE_WRITE, &store, &err) == AF_OK, "opening", &err);
    demand(journal_open(store, kinds, &journal, &err) == AF_OK, "opening", &err);
    disk_hooks.before = fail_planned;
    for (unsigned i = 0; i < BLOBS; i++) {
        struct digest hash;
        uint64_t bytes;
        enum status status;

        err = (struct error){0};
        status = put(trying->dir, content(i, &text), &hash, &bytes, &err);
        if (status == AF_OK)
            status = name(journal, &hash, bytes, &err);
        trying->acknowledged[i] = status == AF_OK;
        if (status != AF_OK) {
            trying->refused++;
            demand(err.status == status && err.text[0] != '\0', "no sentence", &err);
        }
    }
    disk_hooks.before = NULL;
    journal_close(journal);
    store_close(store);
    buf_release(&text);
}

static void note_fault(void *context, const char *sentence)
{
    (void)context;
    demand(false, sentence, &(struct error){0});
}

static enum status count_one(void *context, const struct blob_seen *blob, struct error *err)
{
    (void)blob;
    (void)err;
    ++*(unsigned *)context;
    return AF_OK;
}

/* What the next process finds. */
static void look(void *context)
{
    unsigned acknowledged = 0, there = 0;
    struct check_counts counts;
    struct blob_sum sum, named;
    struct buf text = {0};
    struct store *store;
    struct error err = {0};
    struct txn *txn;
    char path[PATH_MAX];

    (void)context;
    demand(store_open(trying->dir, STORE_WRITE, &store, &err) == AF_OK, "opening again", &err);
    for (unsigned i = 0; i < BLOBS; i++) {
        struct bytes plain = content(i, &text);
        struct digest hash = digest_plain(plain);

        acknowledged += trying->acknowledged[i];
        if (trying->acknowledged[i])
            demand(blob_verify(trying->dir, &hash, plain.len, &err) == AF_OK, "lost", &err);
    }
    demand(store_check(store, note_fault, NULL, &counts, &err) == AF_OK, "checking", &err);
    demand(blob_sweep(store, -1000, false, &sum, &err) == AF_OK, "sweeping", &err);
    demand(store_begin_read(store, &txn, &err) == AF_OK, "reading", &err);
    demand(blob_ref_sum(txn, &named, &err) == AF_OK, "reading", &err);
    txn_abort(txn);
    demand(blob_walk(trying->dir, count_one, &there, &err) == AF_OK, "walking", &err);
    demand(there == named.files && named.files >= acknowledged, "left over or lost", &err);
    blob_remove_all(trying->dir); /* only what is ours */
    if (blob_path(trying->dir, NULL, path, &err) == AF_OK)
        demand(access(path, F_OK) != 0, "something is left over", &err);
    store_close(store);
    buf_release(&text);
}

static void try_once(const struct variant *variant, long at)
{
    char *dir = test_dir_new();

    memset(trying, 0, sizeof *trying);
    trying->variant = *variant;
    trying->at = at;
    (void)snprintf(trying->dir, sizeof trying->dir, "%s", dir);
    (void)trial_run(play, NULL, KILLED, trying->wrong, sizeof trying->wrong);
    if (trying->wrong[0] == '\0')
        (void)trial_run(look, NULL, 0, trying->wrong, sizeof trying->wrong);
    if (trying->wrong[0] != '\0')
        fail_msg("call %ld, %s: %s", at, variant->name, trying->wrong);
    test_dir_remove(dir);
}

static void every_file_call_may_fail_or_be_the_last(void **state)
{
    unsigned refused = 0, tries = 0;
    long calls;

    (void)state;
    try_once(&variants[0], 0);
    calls = atomic_load(&trying->calls);
    assert_true(calls > 20);
    for (unsigned i = 0; i < BLOBS; i++)
        assert_true(trying->acknowledged[i]);
    for (size_t v = 0; v < sizeof variants / sizeof variants[0]; v++)
        for (long at = 1; at <= calls; at++, tries++) {
            try_once(&variants[v], at);
            refused += trying->refused;
        }
    print_message("%ld calls, %u tries, %u refusals\n", calls, tries, refused);
    assert_true(refused > 100);
}

/* --- the order ---------------------------------------------------------------------------- */

/* What happened to files, a letter each: w written, s synced, r renamed, d a folder synced; upper
 * case: the store's file. Equal ones in a row once. */
static char order[256];

static struct disk_fault note_order(enum disk_call call, int fd)
{
    char link[64], path[PATH_MAX] = "";
    bool is_store;
    size_t len = strlen(order);
    char c;

    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    if (fd >= 0 && readlink(link, path, sizeof path - 1) < 0)
        path[0] = '\0';
    is_store = strstr(path, "/store") != NULL;
    if (call == DISK_WRITE)
        c = is_store ? 'W' : 'w';
    else if (call == DISK_SYNC)
        c = is_store ? 'S' : strstr(path, "/" BLOB_NEW) != NULL ? 's' : 'd';
    else if (call == DISK_RENAME)
        c = 'r';
    else
        return (struct disk_fault){0};
    if (len + 1 < sizeof order && (len == 0 || order[len - 1] != c))
        order[len] = c;
    return (struct disk_fault){0};
}

static void bytes_then_name_then_folder_then_command(void **state)
{
    char *dir = test_dir_new();
    struct store *store;
    struct journal *journal;
    struct buf text = {0};
    struct digest hash;
    struct error err;
    uint64_t bytes;

    (void)state;
    assert_ok(store_open(dir, STORE_WRITE, &store, &err));
    assert_ok(journal_open(store, kinds, &journal, &err));
    assert_ok(put(dir, content(1, &text), &hash, &bytes, &err)); /* makes the folders */
    disk_hooks.before = note_order;
    assert_ok(put(dir, content(2, &text), &hash, &bytes, &err));
    assert_string_equal("wsrd", order);
    assert_ok(name(journal, &hash, bytes, &err));
    disk_hooks.before = NULL;
    assert_non_null(strstr(order, "wsrdW"));
    journal_close(journal);
    store_close(store);
    buf_release(&text);
    test_dir_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_file_call_may_fail_or_be_the_last),
        cmocka_unit_test(bytes_then_name_then_folder_then_command),
    };

    trying = trial_share(sizeof *trying);
    disk_hooks.free_bytes = 0; /* no reserve: it is full_disk_test's */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
