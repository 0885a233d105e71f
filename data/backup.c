/* The order of steps is the safety of it:
 *
 *   DEST/part/store/data.mdb   copy, fsync
 *   DEST/part/blobs            copy what that names; check both in a child process
 *   DEST/part/manifest.json    write, fsync
 *   DEST/blobs, DEST/store     rename; DEST/manifest.json rename; fsync DEST; rmdir part
 *
 * Whatever stops it before the last rename leaves no manifest.json, and so no backup; what is in
 * DEST/part is thrown away by the next try. */
#include "data/backup_impl.h"

#include "data/base/clock.h"
#include "data/blob_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define HASH_HEX_BYTES (2 * crypto_hash_sha256_BYTES + 1)

/* --- files -------------------------------------------------------------------------------- */

enum status backup_failed(int why, const char *doing, const char *path, struct error *err)
{
    enum status status = why == ENOSPC || why == EDQUOT                  ? AF_FULL
                         : why == EACCES || why == EPERM || why == EROFS ? AF_DENIED
                                                                         : AF_IO;

    return error_set(err, status, "%s %s: %s", doing, path, strerror(why));
}

enum status backup_path(const char *dir, const char *name, char path[PATH_MAX], struct error *err)
{
    if ((size_t)snprintf(path, PATH_MAX, "%s/%s", dir, name) >= PATH_MAX)
        return error_set(err, AF_INVALID, "the path %.100s… is too long", dir);
    return AF_OK;
}

static bool exists(const char *dir, const char *name)
{
    char path[PATH_MAX];
    struct stat st;

    return backup_path(dir, name, path, NULL) == AF_OK && lstat(path, &st) == 0;
}

static enum status make_dir(const char *dir, const char *name, struct error *err)
{
    char path[PATH_MAX];
    enum status status = backup_path(dir, name, path, err);

    if (status == AF_OK && mkdir(path, 0700) != 0 && errno != EEXIST)
        status = backup_failed(errno, "cannot make", path, err);
    return status;
}

static enum status sync_path(const char *path, struct error *err)
{
    int rc = 0, fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return backup_failed(errno, "cannot open", path, err);
    if (fsync(fd) != 0)
        rc = errno;
    close(fd);
    return rc == 0 ? AF_OK : backup_failed(rc, "cannot sync", path, err);
}

static enum status move(const char *dir, const char *from, const char *to, struct error *err)
{
    char old[PATH_MAX], new[PATH_MAX];
    enum status status = backup_path(dir, from, old, err);

    if (status == AF_OK)
        status = backup_path(dir, to, new, err);
    if (status == AF_OK && rename(old, new) != 0)
        status = backup_failed(errno, "cannot rename", old, err);
    return status;
}

/* What this or an earlier try left; only names that are ours. */
static void remove_part(const char *dest)
{
    static const char *const files[] = {"part/store/data.mdb", "part/store/lock.mdb",
                                        "part/manifest.json"};
    char path[PATH_MAX];

    if (backup_path(dest, "part", path, NULL) == AF_OK)
        blob_remove_all(path);

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (backup_path(dest, files[i], path, NULL) == AF_OK)
            (void)unlink(path);
    if (backup_path(dest, "part/store", path, NULL) == AF_OK)
        (void)rmdir(path);
    if (backup_path(dest, "part", path, NULL) == AF_OK)
        (void)rmdir(path);
}

static enum status hash_file(const char *path, uint64_t *bytes, char hex[HASH_HEX_BYTES],
                             struct error *err)
{
    crypto_hash_sha256_state state;
    uint8_t piece[65536], hash[crypto_hash_sha256_BYTES];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n;

    if (fd < 0)
        return backup_failed(errno, "cannot read", path, err);
    *bytes = 0;
    (void)crypto_hash_sha256_init(&state);
    while ((n = read(fd, piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR)) {
        if (n < 0)
            continue;
        (void)crypto_hash_sha256_update(&state, piece, (unsigned long long)n);
        *bytes += (uint64_t)n;
    }
    n = n < 0 ? errno : 0;
    close(fd);
    if (n != 0)
        return backup_failed((int)n, "cannot read", path, err);
    (void)crypto_hash_sha256_final(&state, hash);
    (void)sodium_bin2hex(hex, HASH_HEX_BYTES, hash, sizeof hash);
    return AF_OK;
}

/* --- proving a copy ----------------------------------------------------------------------- */

/* Keeps the first sentence. */
static void note_fault(void *context, const char *sentence)
{
    struct error *first = context;

    if (first->text[0] == '\0')
        (void)error_set(first, AF_CORRUPT, "%s", sentence);
}

static enum status check_copy(const char *dir, struct check_counts *counts, struct error *err)
{
    struct error first = {0};
    const struct check_options options = {.fault = note_fault, .context = &first};
    char lock[PATH_MAX];
    bool had_lock = exists(dir, "store/lock.mdb");
    enum status status = store_check_apart(dir, &options, counts, err);

    /* Reading made the lock file; a copy at rest has none. */
    if (!had_lock && backup_path(dir, "store/lock.mdb", lock, NULL) == AF_OK)
        (void)unlink(lock);
    if (status != AF_OK)
        return status;
    if (counts->faults > 0)
        return error_set(err, AF_CORRUPT, "the copy in %.80s is not sound: %s", dir, first.text);
    return AF_OK;
}

/* --- making ------------------------------------------------------------------------------- */

static enum status prepare(const char *dest, struct error *err)
{
    enum status status;

    if (mkdir(dest, 0700) != 0 && errno != EEXIST)
        return backup_failed(errno, "cannot make", dest, err);
    if (exists(dest, "manifest.json"))
        return error_set(err, AF_CONFLICT, "%s holds a backup already: choose another folder",
                         dest);
    if (exists(dest, "store"))
        return error_set(err, AF_CONFLICT, "%s holds a store already: choose another folder", dest);
    if (exists(dest, "blobs"))
        return error_set(err, AF_CONFLICT, "%s holds files already: choose another folder", dest);
    remove_part(dest);
    if ((status = make_dir(dest, "part", err)) != AF_OK)
        return status;
    return make_dir(dest, "part/store", err);
}

static enum status copy_and_prove(struct store *store, const char *dest, struct backup_info *info,
                                  struct error *err)
{
    char part[PATH_MAX], file[PATH_MAX], sha256[HASH_HEX_BYTES];
    struct check_counts counts;
    enum status status = backup_path(dest, "part", part, err);

    if (status == AF_OK)
        status = backup_path(dest, "part/store/data.mdb", file, err);
    if (status == AF_OK)
        status = backup_copy(store, part, err);
    if (status == AF_OK)
        status = check_copy(part, &counts, err);
    if (status == AF_OK)
        status = hash_file(file, &info->bytes, sha256, err);
    if (status != AF_OK)
        return status;
    info->journal = counts.journal;
    info->ledger = counts.ledger;
    info->cases = counts.values[TABLE_ARTICLE];
    return backup_manifest_write(part, info, &counts, sha256, err);
}

static enum status publish_parts(const char *dest, struct error *err)
{
    char part_store[PATH_MAX];
    enum status status = backup_path(dest, "part/store", part_store, err);

    if (status == AF_OK)
        status = sync_path(part_store, err);
    if (status == AF_OK && exists(dest, "part/blobs"))
        status = move(dest, "part/blobs", "blobs", err);
    if (status == AF_OK)
        status = move(dest, "part/store", "store", err);
    if (status == AF_OK)
        status = sync_path(dest, err);
    if (status == AF_OK)
        status = move(dest, "part/manifest.json", "manifest.json", err);
    if (status == AF_OK)
        status = sync_path(dest, err);
    return status;
}

static enum status publish(const char *dest, struct error *err)
{
    enum status status = publish_parts(dest, err);

    /* A store without its manifest would look like one to use: back into part, and away. */
    if (status != AF_OK && !exists(dest, "manifest.json")) {
        if (exists(dest, "store"))
            (void)move(dest, "store", "part/store", NULL);
        if (exists(dest, "blobs"))
            (void)move(dest, "blobs", "part/blobs", NULL);
    }
    return status;
}

enum status backup_make(struct store *store, const char *dest, struct backup_info *out,
                        struct error *err)
{
    struct backup_info info = {.made_at_ms = clock_now_ms()};
    enum status status = prepare(dest, err);

    if (status != AF_OK)
        return status;
    status = copy_and_prove(store, dest, &info, err);
    if (status == AF_OK)
        status = publish(dest, err);
    remove_part(dest);
    if (status == AF_OK && out != NULL)
        *out = info;
    return status;
}

/* --- verifying ---------------------------------------------------------------------------- */

static enum status verify_file(const char *dest, const json_t *manifest,
                               const struct backup_info *info, struct error *err)
{
    char path[PATH_MAX], sha256[HASH_HEX_BYTES];
    uint64_t bytes;
    enum status status = backup_path(dest, "store/data.mdb", path, err);

    if (status == AF_OK)
        status = hash_file(path, &bytes, sha256, err);
    if (status != AF_OK)
        return status;
    if (bytes != info->bytes ||
        strcmp(sha256, json_get_str(json_object_get(manifest, "file"), "sha256")) != 0)
        return error_set(err, AF_CORRUPT,
                         "the backup in %s is not what was written: its file has another size or "
                         "SHA-256 than its manifest says",
                         dest);
    return AF_OK;
}

enum status backup_verify(const char *dest, struct backup_info *out, struct error *err)
{
    struct backup_info info = {0};
    struct check_counts counts;
    json_t *manifest;
    enum status status = hash_start(err);

    if (status != AF_OK || (status = backup_manifest_read(dest, &manifest, err)) != AF_OK)
        return status;
    status = backup_manifest_decode(manifest, dest, &info, err);
    if (status == AF_OK)
        status = verify_file(dest, manifest, &info, err);
    if (status == AF_OK)
        status = check_copy(dest, &counts, err);
    if (status == AF_OK && (counts.journal.seq != info.journal.seq ||
                            !digest_equal(&counts.journal.hash, &info.journal.hash) ||
                            counts.ledger.seq != info.ledger.seq ||
                            !digest_equal(&counts.ledger.hash, &info.ledger.hash)))
        status = error_set(err, AF_CORRUPT,
                           "the backup in %s ends at another entry than its manifest says", dest);
    json_decref(manifest);
    if (status == AF_OK && out != NULL)
        *out = info;
    return status;
}
