#include "intake/ticket/ticket_files.h"

#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "data/blob_ref.h"
#include "intake/ticket/ticket_apply.h"

#define OWNER_BYTES 8
#define TYPE_BYTES_MAX 128

static struct bytes owner_of(uint32_t no, uint32_t id, uint8_t owner[OWNER_BYTES])
{
    put_be32(owner, no);
    put_be32(owner + 4, id);
    return bytes_of(owner, OWNER_BYTES);
}

static bool hash_of(const json_t *file, struct digest *hash)
{
    return digest_parse(bytes_str(json_get_str(file, "hash")), hash);
}

json_t *ticket_file_find(const json_t *ticket, uint64_t id, bool removed_too)
{
    json_t *file = id == 0 ? NULL : json_array_get(json_object_get(ticket, "files"), id - 1);

    if (file != NULL && !removed_too && json_object_get(file, "removed") != NULL)
        return NULL;
    return file;
}

/* --- adding ------------------------------------------------------------------------------- */

static enum status check_file(const json_t *file, struct error *err)
{
    const json_t *bytes = json_object_get(file, "bytes");
    const char *name = json_get_str(file, "name");
    struct digest hash;

    if (name[0] == '\0' || strlen(name) > FILE_NAME_BYTES_MAX)
        return error_set(err, AF_INVALID, "\"files\" has a name of none or more than %d bytes",
                         FILE_NAME_BYTES_MAX);
    if (json_get_str(file, "type")[0] == '\0' ||
        strlen(json_get_str(file, "type")) > TYPE_BYTES_MAX || !hash_of(file, &hash))
        return error_set(err, AF_INVALID, "\"files\" has no type or no hash of %.80s", name);
    if (!json_is_integer(bytes) || json_integer_value(bytes) <= 0)
        return error_set(err, AF_INVALID, "\"files\" has no size of %.80s", name);
    if (json_integer_value(bytes) > ATTACHMENT_BYTES_MAX)
        return error_set(err, AF_TOO_LARGE, "\"files\": %.80s has more than %d MiB", name,
                         ATTACHMENT_BYTES_MAX >> 20);
    return AF_OK;
}

/* What counts is what is there: a file that was taken away makes room. */
static uint64_t bytes_of_all(const json_t *files)
{
    const json_t *file;
    uint64_t sum = 0;
    size_t i;

    json_array_foreach(files, i, file)
    {
        if (json_object_get(file, "removed") == NULL)
            sum += json_get_u64(file, "bytes");
    }
    return sum;
}

enum status ticket_files_check_body(const json_t *ticket, const json_t *body, struct error *err)
{
    const json_t *files = json_object_get(body, "files"), *have, *file;
    enum status status = AF_OK;
    size_t i;

    if (files == NULL)
        return AF_OK;
    have = json_object_get(ticket, "files");
    if (!json_is_array(files))
        return error_set(err, AF_INVALID, "\"files\" is not a list");
    if (json_array_size(files) > ATTACHMENTS_A_POST_MAX)
        return error_set(err, AF_TOO_LARGE, "\"files\" has more than %d: send them in two",
                         ATTACHMENTS_A_POST_MAX);
    if (json_array_size(files) + json_array_size(have) > ATTACHMENTS_MAX)
        return error_set(err, AF_TOO_LARGE, "a ticket has at most %d files", ATTACHMENTS_MAX);
    json_array_foreach(files, i, file)
    {
        if ((status = check_file(file, err)) != AF_OK)
            return status;
    }
    if (bytes_of_all(files) + bytes_of_all(have) > ATTACHMENTS_BYTES_MAX)
        return error_set(err, AF_TOO_LARGE, "the files of a ticket have at most %u MiB together",
                         ATTACHMENTS_BYTES_MAX >> 20);
    return AF_OK;
}

static json_t *new_file(const json_t *given, uint32_t id, const struct command *command)
{
    const json_t *body = command->body;
    const char *from = json_get_str(body, "from"), *by = json_get_str(body, "by");
    json_t *file;
    bool ok = true;

    if (from[0] == '\0') /* an opening has "role" */
        from = strcmp(json_get_str(body, "role"), "customer") == 0 ? "customer" : "staff";
    file =
        json_pack("{s:I,s:s,s:s,s:I,s:s,s:o,s:s,s:s,s:b}", "id", (json_int_t)id, "name",
                  json_get_str(given, "name"), "type", json_get_str(given, "type"), "bytes",
                  (json_int_t)json_get_u64(given, "bytes"), "hash", json_get_str(given, "hash"),
                  "at", json_from_time(command->at_ms), "by", by[0] != '\0' ? by : command->actor,
                  "from", from, "internal", json_get_bool(body, "internal"));
    if (file != NULL && json_object_get(body, "via") != NULL)
        json_put(file, "via", json_incref(json_object_get(body, "via")), &ok);
    if (ok)
        return file;
    json_decref(file);
    return NULL;
}

enum status ticket_files_add(struct txn *txn, json_t *ticket, const struct command *command,
                             json_t *post, struct error *err)
{
    const json_t *given = json_object_get(command->body, "files"), *item;
    json_t *files = json_object_get(ticket, "files"), *ids;
    const uint32_t no = (uint32_t)json_get_u64(ticket, "n");
    enum status status = AF_OK;
    uint8_t owner[OWNER_BYTES];
    struct digest hash;
    bool ok = true;
    size_t i;

    if (json_array_size(given) == 0)
        return AF_OK;
    if (files == NULL)
        json_put(ticket, "files", files = json_array(), &ok);
    ids = json_array();
    json_array_foreach(given, i, item)
    {
        uint32_t id = (uint32_t)json_array_size(files) + 1;

        if (!ok || status != AF_OK || !hash_of(item, &hash))
            break;
        ok = json_array_append_new(files, new_file(item, id, command)) == 0 &&
             json_array_append_new(ids, json_integer(id)) == 0;
        if (ok)
            status =
                blob_ref_add(txn, &hash, owner_of(no, id, owner), json_get_u64(item, "bytes"), err);
    }
    if (post != NULL)
        json_put(post, "files", ids, &ok);
    else
        json_decref(ids);
    return status != AF_OK || ok ? status : error_set(err, AF_NO_MEMORY, "no memory for files");
}

/* --- taking away -------------------------------------------------------------------------- */

static enum status detach(struct txn *txn, json_t *ticket, const struct command *command,
                          json_t *result, struct error *err)
{
    const json_t *body = command->body;
    const uint64_t id = json_get_u64(body, "file");
    json_t *file = ticket_file_find(ticket, id, false);
    uint8_t owner[OWNER_BYTES];
    struct digest hash;
    bool ok = true;
    enum status status;

    (void)result;
    if (file == NULL || !hash_of(file, &hash))
        return error_set(err, AF_NOT_FOUND, "this ticket has no file %llu", (unsigned long long)id);
    if (json_get_str(body, "reason")[0] == '\0')
        return error_set(err, AF_INVALID, "\"reason\" is missing: say why the file goes");
    status = ticket_add_event(
        ticket, command, "file_removed",
        json_pack("{s:I,s:s}", "file", (json_int_t)id, "name", json_get_str(file, "name")), err);
    if (status != AF_OK)
        return status;
    json_put(file, "removed",
             json_pack("{s:o,s:s,s:s}", "at", json_from_time(command->at_ms), "by",
                       json_get_str(body, "by"), "reason", json_get_str(body, "reason")),
             &ok);
    (void)json_object_del(file, "hash");
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for files");
    return blob_ref_remove(txn, &hash,
                           owner_of((uint32_t)json_get_u64(ticket, "n"), (uint32_t)id, owner), err);
}

enum status ticket_apply_detach(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err)
{
    return ticket_apply_change(txn, command, detach, result, err);
}

/* --- what a customer sees ------------------------------------------------------------------ */

bool ticket_file_is_for_customer(const json_t *file, uint32_t no)
{
    const uint64_t via = json_get_u64(file, "via");

    return !json_get_bool(file, "internal") && (via == 0 || via == no);
}

void ticket_files_leave_out_internal(json_t *ticket)
{
    const uint32_t no = (uint32_t)json_get_u64(ticket, "n");
    json_t *files = json_object_get(ticket, "files"), *removed;

    for (size_t i = json_array_size(files); i-- > 0;) {
        json_t *file = json_array_get(files, i);

        if (!ticket_file_is_for_customer(file, no)) {
            (void)json_array_remove(files, i);
            continue;
        }
        (void)json_object_del(file, "via");
        (void)json_object_del(file, "internal");
        (void)json_object_del(file, "hash");
        (void)json_object_del(file, "by");
        removed = json_object_get(file, "removed");
        (void)json_object_del(removed, "by");
        (void)json_object_del(removed, "reason");
    }
}

/* --- check -------------------------------------------------------------------------------- */

static void check_one(struct inspection *in, const json_t *file, uint32_t no, uint32_t id)
{
    uint8_t owner[OWNER_BYTES];
    struct digest hash;
    uint64_t bytes = 0;
    enum status status;

    if (json_get_u64(file, "id") != id || json_get_str(file, "name")[0] == '\0') {
        inspect_say(in, "its file %u has another \"id\", or no name", id);
        return;
    }
    if (json_object_get(file, "removed") != NULL) {
        if (json_object_get(file, "hash") != NULL)
            inspect_say(in, "its file %u was taken away and still has a hash", id);
        return;
    }
    if (!hash_of(file, &hash)) {
        inspect_say(in, "its file %u has no hash", id);
        return;
    }
    status = blob_ref_find(in->txn, &hash, owner_of(no, id, owner), &bytes, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "its file %u is not in table blob", id);
    else if (status == AF_OK && bytes != json_get_u64(file, "bytes"))
        inspect_say(in, "its file %u has another size in table blob", id);
    in->blobs_confirmed += status == AF_OK;
}

void ticket_files_check(struct inspection *in, const json_t *ticket, uint32_t no)
{
    const json_t *files = json_object_get(ticket, "files"), *post, *id;
    size_t i, j;

    for (i = 0; i < json_array_size(files); i++)
        check_one(in, json_array_get(files, i), no, (uint32_t)i + 1);
    json_array_foreach(json_object_get(ticket, "posts"), i, post)
    {
        json_array_foreach(json_object_get(post, "files"), j, id)
        {
            if (!json_is_integer(id) ||
                ticket_file_find(ticket, (uint64_t)json_integer_value(id), true) == NULL)
                inspect_say(in, "its post %zu has a file that it has not", i + 1);
        }
    }
}

void ticket_files_check_row(struct inspection *in, struct bytes key, struct bytes body)
{
    struct reader r = reader_of(key);
    struct digest hash, said;
    struct bytes digest;
    json_t *ticket = NULL, *file;
    uint32_t no = 0, id = 0;
    enum status status;

    (void)body;
    if (!reader_take(&r, DIGEST_BYTES, &digest) || !reader_be32(&r, &no) || !reader_be32(&r, &id) ||
        reader_left(&r) > 0) {
        inspect_say(in, "not a file of a ticket");
        return;
    }
    memcpy(hash.b, digest.data, DIGEST_BYTES);
    status = ticket_load(in->txn, no, &ticket, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "ticket %u is not in table ticket", no);
    if (status != AF_OK)
        return;
    file = ticket_file_find(ticket, id, false);
    if (file == NULL || !hash_of(file, &said) || !digest_equal(&hash, &said))
        inspect_say(in, "ticket %u has no such file %u", no, id);
    json_decref(ticket);
}
