/* manifest.json, which makes a copy a backup:
 *
 *   {"askfirst_backup":1,"store_format":1,"made_at":"…","journal":{"seq":40,"hash":"…"},
 *    "ledger":{"seq":9,"hash":"…"},"file":{"name":"store/data.mdb","bytes":81920,
 *    "sha256":"…"},"values":{"meta":5,"journal":40,…}} */
#include "data/backup_impl.h"

#include "data/base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define MANIFEST_BYTES_MAX (64u << 10)

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
        return backup_failed(errno, "cannot write", path, err);
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
    return rc == 0 ? AF_OK : backup_failed(rc, "cannot write", path, err);
}

enum status backup_manifest_write(const char *part, const struct backup_info *info,
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
        status = backup_path(part, "manifest.json", path, err);
    if (status == AF_OK)
        status = write_file(path, buf_bytes(&text), err);
    buf_release(&text);
    json_decref(json);
    return status;
}

enum status backup_manifest_read(const char *dest, json_t **out, struct error *err)
{
    char path[PATH_MAX];
    struct buf text = {.ceiling = MANIFEST_BYTES_MAX};
    enum status status = backup_path(dest, "manifest.json", path, err);
    FILE *file;
    int c;

    if (status != AF_OK)
        return status;
    file = fopen(path, "re");
    if (file == NULL)
        return errno == ENOENT || errno == ENOTDIR
                   ? error_set(err, AF_NOT_FOUND,
                               "%s is no finished backup: no manifest.json in it", dest)
                   : backup_failed(errno, "cannot read", path, err);
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

enum status backup_manifest_decode(const json_t *json, const char *dest, struct backup_info *info,
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
