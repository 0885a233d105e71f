#include "intake/import/files.h"

#include "data/base/buf.h"
#include "data/base/limits.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

static const struct {
    const char *suffix;
    enum file_form form;
    bool may_be_packed;
} suffixes[] = {
    {".jsonl",    FORM_JSONL,    true },
    {".ndjson",   FORM_JSONL,    true },
    {".csv",      FORM_CSV,      true },
    {".md",       FORM_MARKDOWN, false},
    {".markdown", FORM_MARKDOWN, false},
    {".txt",      FORM_MARKDOWN, false},
};

/* ASCII letters count as equal in both cases: files come from Windows too. */
static bool ends_with(struct bytes name, const char *suffix)
{
    size_t len = strlen(suffix);

    return name.len > len &&
           strncasecmp((const char *)name.data + name.len - len, suffix, len) == 0;
}

static bool form_of(const char *path, enum file_form *form)
{
    struct bytes name = bytes_str(path);
    bool is_packed = true;

    if (ends_with(name, ".gz"))
        name.len -= 3;
    else if (ends_with(name, ".zst"))
        name.len -= 4;
    else
        is_packed = false;
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (ends_with(name, suffixes[i].suffix) && (!is_packed || suffixes[i].may_be_packed)) {
            *form = suffixes[i].form;
            return true;
        }
    return false;
}

static enum status add(struct import_files *files, const char *path, size_t below,
                       enum file_form form, uint64_t bytes, struct error *err)
{
    char *copy = strdup(path);

    if (files->count == files->room) {
        size_t room = files->room == 0 ? 16 : files->room * 2;
        struct import_file *of = reallocarray(files->of, room, sizeof *of);

        if (of != NULL) {
            files->of = of;
            files->room = room;
        }
    }
    if (copy == NULL || files->count == files->room) {
        free(copy);
        return error_set(err, AF_NO_MEMORY, "no memory for the list of files");
    }
    files->of[files->count++] = (struct import_file){copy, below, form, bytes};
    files->bytes += bytes;
    return AF_OK;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_wanted(const struct dirent *entry)
{
    struct bytes name = bytes_str(entry->d_name);

    return name.data[0] != '.' && name.data[0] != '#' && !bytes_has_prefix(name, BYTES_LIT("~$")) &&
           name.data[name.len - 1] != '~' && strncasecmp(entry->d_name, "readme", 6) != 0;
}

static enum status add_folder(struct import_files *files, const char *path, size_t below,
                              unsigned depth, struct error *err);

static enum status add_entry(struct import_files *files, const char *path, size_t below,
                             unsigned depth, struct error *err)
{
    enum file_form form;
    struct stat st;

    if (lstat(path, &st) != 0)
        return AF_OK; /* gone since the folder was listed */
    if (S_ISDIR(st.st_mode))
        return add_folder(files, path, below, depth + 1, err);
    if (S_ISREG(st.st_mode) && form_of(path, &form))
        return add(files, path, below, form, (uint64_t)st.st_size, err);
    files->passed_over++;
    return AF_OK;
}

static enum status add_folder(struct import_files *files, const char *path, size_t below,
                              unsigned depth, struct error *err)
{
    struct dirent **entries;
    enum status status = AF_OK;
    int count;

    if (depth > IMPORT_DEPTH_MAX)
        return error_set(err, AF_TOO_LARGE, "%s lies deeper than %d folders", path,
                         IMPORT_DEPTH_MAX);
    count = scandir(path, &entries, is_wanted, by_bytes);
    if (count < 0)
        return error_set(err, errno == EACCES ? AF_DENIED : AF_IO,
                         "the folder %s cannot be read: %s", path, strerror(errno));
    for (int i = 0; i < count; i++) {
        struct buf child = {0};

        if (status == AF_OK) {
            buf_printf(&child, "%s/%s", path, entries[i]->d_name);
            status = buf_status(&child, "a path", err);
        }
        if (status == AF_OK)
            status = add_entry(files, buf_str(&child), below, depth, err);
        buf_release(&child);
        free(entries[i]);
    }
    free(entries);
    return status;
}

/* Where "KB/x/y.md" begins in "/home/me/KB/x/y.md" when /home/me/KB/ was named: the folder's
 * own name is part of a case's place, so that two folders do not mix up their files. */
static size_t below_of(const char *path)
{
    size_t end = strlen(path), at;

    while (end > 0 && path[end - 1] == '/')
        end--;
    for (at = end; at > 0 && path[at - 1] != '/';)
        at--;
    return at;
}

enum status import_files_add(struct import_files *files, const char *path, struct error *err)
{
    enum file_form form = FORM_JSONL;
    struct buf clean = {0};
    struct stat st;
    enum status status;

    if (strcmp(path, "-") == 0)
        return add(files, path, 0, FORM_JSONL, 0, err);
    if (stat(path, &st) != 0)
        return error_set(err, errno == ENOENT ? AF_NOT_FOUND : AF_DENIED,
                         errno == ENOENT ? "there is no file %s" : "%s cannot be read", path);
    if (!S_ISDIR(st.st_mode)) {
        (void)form_of(path, &form);
        return add(files, path, below_of(path), form, (uint64_t)st.st_size, err);
    }
    buf_add_str(&clean, path);
    while (clean.len > 1 && clean.data[clean.len - 1] == '/')
        clean.data[--clean.len] = '\0';
    status = buf_status(&clean, "a path", err);
    if (status == AF_OK)
        status = add_folder(files, buf_str(&clean), below_of(buf_str(&clean)), 0, err);
    buf_release(&clean);
    return status;
}

void import_files_release(struct import_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        free(files->of[i].path);
    free(files->of);
    *files = (struct import_files){0};
}
