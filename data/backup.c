/* The order of steps is the safety of it:
 *
 *   DEST/part/store/data.mdb   copy, fsync, check in a child process
 *   DEST/part/manifest.json    write, fsync
 *   DEST/store                 rename; DEST/manifest.json rename; fsync DEST; rmdir part
 *
 * Whatever stops it before the last rename leaves no manifest.json, and so no backup; what is in
 * DEST/part is thrown away by the next try.
 *
 * manifest.json:
 *   {"askfirst_backup":1,"store_format":1,"made_at":"…","journal":{"seq":40,"hash":"…"},
 *    "ledger":{"seq":9,"hash":"…"},"file":{"name":"store/data.mdb","bytes":81920,
 *    "sha256":"…"},"values":{"meta":5,"journal":40,…}} */
#include "data/backup.h"

#include "data/base/clock.h"
#include "data/check.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define HASH_HEX_BYTES (2 * crypto_hash_sha256_BYTES + 1)
#define MANIFEST_BYTES_MAX (64u << 10)

/* --- files -------------------------------------------------------------------------------- */

static enum status failed(int why, const char *doing, const char *path, struct error *err)
{
    enum status status = why == ENOSPC || why == EDQUOT                  ? AF_FULL
                         : why == EACCES || why == EPERM || why == EROFS ? AF_DENIED
                                                                         : AF_IO;

    return error_set(err, status, "%s %s: %s", doing, path, strerror(why));
}

static enum status path_in(const char *dir, const char *name, char path[PATH_MAX],
                           struct error *err)
{
    if ((size_t)snprintf(path, PATH_MAX, "%s/%s", dir, name) >= PATH_MAX)
        return error_set(err, AF_INVALID, "the path %.100s… is too long", dir);
    return AF_OK;
}

static bool exists(const char *dir, const char *name)
{
    char path[PATH_MAX];
    struct stat st;

    return path_in(dir, name, path, NULL) == AF_OK && lstat(path, &st) == 0;
}

static enum status make_dir(const char *dir, const char *name, struct error *err)
{
    char path[PATH_MAX];
    enum status status = path_in(dir, name, path, err);

    if (status == AF_OK && mkdir(path, 0700) != 0 && errno != EEXIST)
        status = failed(errno, "cannot make", path, err);
    return status;
}

static enum status sync_path(const char *path, struct error *err)
{
    int rc = 0, fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return failed(errno, "cannot open", path, err);
    if (fsync(fd) != 0)
        rc = errno;
    close(fd);
    return rc == 0 ? AF_OK : failed(rc, "cannot sync", path, err);
}

static enum status move(const char *dir, const char *from, const char *to, struct error *err)
{
    char old[PATH_MAX], new[PATH_MAX];
    enum status status = path_in(dir, from, old, err);

    if (status == AF_OK)
        status = path_in(dir, to, new, err);
    if (status == AF_OK && rename(old, new) != 0)
        status = failed(errno, "cannot rename", old, err);
    return status;
}

/* What this or an earlier try left; only names that are ours. */
static void remove_part(const char *dest)
{
    static const char *const files[] = {"part/store/data.mdb", "part/store/lock.mdb",
                                        "part/manifest.json"};
    char path[PATH_MAX];

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (path_in(dest, files[i], path, NULL) == AF_OK)
            (void)unlink(path);
    if (path_in(dest, "part/store", path, NULL) == AF_OK)
        (void)rmdir(path);
    if (path_in(dest, "part", path, NULL) == AF_OK)
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
        return failed(errno, "cannot read", path, err);
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
        return failed((int)n, "cannot read", path, err);
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
    if (!had_lock && path_in(dir, "store/lock.mdb", lock, NULL) == AF_OK)
        (void)unlink(lock);
    if (status != AF_OK)
        return status;
    if (counts->faults > 0)
        return error_set(err, AF_CORRUPT, "the copy in %.80s is not sound: %s", dir, first.text);
    return AF_OK;
}

/* --- the manifest ------------------------------------------------------------------------- */

static json_t *head_json(uint64_t seq, const struct digest *hash)
{
    char hex[DIGEST_HEX_BYTES];

    digest_hex(hash, hex);
    return json_pack("{s:I,s:s}", "seq", (json_int_t)seq, "hash", hex);
}

static json_t *values_json(const struct check_counts *counts)
{
    json_t *json = json_object();
    bool ok = json != NULL;

    for (size_t i = 0; ok && i < TABLE_COUNT; i++)
        json_put(json, table_name((enum table)i), json_integer((json_int_t)counts->values[i]), &ok);
    if (ok)
        return json;
    json_decref(json);
    return NULL;
}

static json_t *manifest_json(const struct backup_info *info, const struct check_counts *counts,
                             const char *sha256)
{
    char at[CLOCK_TEXT_BYTES];

    clock_format(info->made_at_ms, at);
    return json_pack("{s:i,s:i,s:s,s:o,s:o,s:{s:s,s:I,s:s},s:o}", "askfirst_backup", BACKUP_FORMAT,
                     "store_format", STORE_FORMAT, "made_at", at, "journal",
                     head_json(info->journal.seq, &info->journal.hash), "ledger",
                     head_json(info->ledger.seq, &info->ledger.hash), "file", "name",
                     "store/data.mdb", "bytes", (json_int_t)info->bytes, "sha256", sha256, "values",
                     values_json(counts));
}

static enum status write_file(const char *path, struct bytes text, struct error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), rc = 0;

    if (fd < 0)
        return failed(errno, "cannot write", path, err);
    while (rc == 0 && text.len > 0) {
        ssize_t n = write(fd, text.data, text.len);

        if (n < 0 && errno != EINTR)
            rc = errno;
        if (n > 0)
            text = bytes_of(text.data + n, text.len - (size_t)n);
    }
    if (rc == 0 && fsync(fd) != 0)
        rc = errno;
    if (close(fd) != 0 && rc == 0)
        rc = errno;
    return rc == 0 ? AF_OK : failed(rc, "cannot write", path, err);
}

static enum status write_manifest(const char *part, const struct backup_info *info,
                                  const struct check_counts *counts, const char *sha256,
                                  struct error *err)
{
    char path[PATH_MAX];
    struct buf text = {0};
    json_t *json = manifest_json(info, counts, sha256);
    enum status status = json != NULL ? json_write(json, false, &text, err)
                                      : error_set(err, AF_NO_MEMORY, "no memory for the manifest");

    buf_add_u8(&text, '\n');
    if (status == AF_OK)
        status = buf_status(&text, "the manifest", err);
    if (status == AF_OK)
        status = path_in(part, "manifest.json", path, err);
    if (status == AF_OK)
        status = write_file(path, buf_bytes(&text), err);
    buf_release(&text);
    json_decref(json);
    return status;
}

static enum status read_manifest(const char *dest, json_t **out, struct error *err)
{
    char path[PATH_MAX];
    struct buf text = {.ceiling = MANIFEST_BYTES_MAX};
    enum status status = path_in(dest, "manifest.json", path, err);
    FILE *file;
    int c;

    if (status != AF_OK)
        return status;
    file = fopen(path, "re");
    if (file == NULL)
        return errno == ENOENT || errno == ENOTDIR
                   ? error_set(err, AF_NOT_FOUND,
                               "%s is no finished backup: no manifest.json in it", dest)
                   : failed(errno, "cannot read", path, err);
    while ((c = getc(file)) != EOF && buf_ok(&text))
        buf_add_u8(&text, (uint8_t)c);
    (void)fclose(file);
    status = buf_ok(&text) ? json_parse(buf_bytes(&text), out, err) : AF_INVALID;
    if (status == AF_INVALID)
        status = error_set(err, AF_CORRUPT, "%s is damaged", path);
    buf_release(&text);
    return status;
}

static bool read_head(const json_t *manifest, const char *name, uint64_t *seq, struct digest *hash)
{
    const json_t *head = json_object_get(manifest, name);

    *seq = json_get_u64(head, "seq");
    return digest_parse(bytes_str(json_get_str(head, "hash")), hash);
}

static enum status decode_manifest(const json_t *json, const char *dest, struct backup_info *info,
                                   struct error *err)
{
    uint64_t format = json_get_u64(json, "askfirst_backup");

    if (format > BACKUP_FORMAT || json_get_u64(json, "store_format") > STORE_FORMAT)
        return error_set(err, AF_NEWER, "the backup in %s was made by a newer program", dest);
    if (format == 0 || !read_head(json, "journal", &info->journal.seq, &info->journal.hash) ||
        !read_head(json, "ledger", &info->ledger.seq, &info->ledger.hash) ||
        !clock_parse(bytes_str(json_get_str(json, "made_at")), &info->made_at_ms))
        return error_set(err, AF_CORRUPT, "%s/manifest.json is damaged", dest);
    info->bytes = json_get_u64(json_object_get(json, "file"), "bytes");
    info->cases = json_get_u64(json_object_get(json, "values"), table_name(TABLE_ARTICLE));
    return AF_OK;
}

/* --- making ------------------------------------------------------------------------------- */

static enum status prepare(const char *dest, struct error *err)
{
    enum status status;

    if (mkdir(dest, 0700) != 0 && errno != EEXIST)
        return failed(errno, "cannot make", dest, err);
    if (exists(dest, "manifest.json"))
        return error_set(err, AF_CONFLICT, "%s holds a backup already: choose another folder",
                         dest);
    if (exists(dest, "store"))
        return error_set(err, AF_CONFLICT, "%s holds a store already: choose another folder", dest);
    remove_part(dest);
    if ((status = make_dir(dest, "part", err)) != AF_OK)
        return status;
    return make_dir(dest, "part/store", err);
}

/* One read transaction's view; compacted, so free pages and what was deleted stay behind. */
static enum status copy_file(struct store *store, const char *path, struct error *err)
{
    int rc, fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0)
        return failed(errno, "cannot write", path, err);
    rc = mdb_env_copyfd2(store_env(store)->mdb, fd, MDB_CP_COMPACT);
    if (rc == 0 && fsync(fd) != 0)
        rc = errno;
    if (close(fd) != 0 && rc == 0)
        rc = errno;
    return rc > 0 ? failed(rc, "cannot write", path, err)
                  : env_status(store_env(store), rc, "copying", err);
}

static enum status copy_and_prove(struct store *store, const char *dest, struct backup_info *info,
                                  struct error *err)
{
    char part[PATH_MAX], file[PATH_MAX], sha256[HASH_HEX_BYTES];
    struct check_counts counts;
    enum status status = path_in(dest, "part", part, err);

    if (status == AF_OK)
        status = path_in(dest, "part/store/data.mdb", file, err);
    if (status == AF_OK)
        status = copy_file(store, file, err);
    if (status == AF_OK)
        status = check_copy(part, &counts, err);
    if (status == AF_OK)
        status = hash_file(file, &info->bytes, sha256, err);
    if (status != AF_OK)
        return status;
    info->journal = counts.journal;
    info->ledger = counts.ledger;
    info->cases = counts.values[TABLE_ARTICLE];
    return write_manifest(part, info, &counts, sha256, err);
}

static enum status publish_parts(const char *dest, struct error *err)
{
    char part_store[PATH_MAX];
    enum status status = path_in(dest, "part/store", part_store, err);

    if (status == AF_OK)
        status = sync_path(part_store, err);
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
    if (status != AF_OK && !exists(dest, "manifest.json") && exists(dest, "store"))
        (void)move(dest, "store", "part/store", NULL);
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
    enum status status = path_in(dest, "store/data.mdb", path, err);

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

    if (status != AF_OK || (status = read_manifest(dest, &manifest, err)) != AF_OK)
        return status;
    status = decode_manifest(manifest, dest, &info, err);
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
