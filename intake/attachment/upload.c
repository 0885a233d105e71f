#include "intake/attachment/upload.h"

#include "data/blob.h"
#include "intake/attachment/file_name.h"

#include <stdlib.h>

struct upload {
    struct blob_writer *writer;
    const char *field;
    struct sniffer sniffer;
    struct buf name; /* as it was given */
    uint64_t bytes;
};

static enum status too_large(const char *field, struct error *err)
{
    return error_set(err, AF_TOO_LARGE,
                     "\"%s\" has more than %d MiB, which are the most of one file", field,
                     ATTACHMENT_BYTES_MAX >> 20);
}

enum status upload_begin(const char *dir, const char *field, struct bytes name, uint64_t bytes,
                         struct upload **out, struct error *err)
{
    struct upload *upload;
    enum status status;

    if (bytes > ATTACHMENT_BYTES_MAX)
        return too_large(field, err);
    if ((status = blob_room(dir, bytes > 0 ? bytes : ATTACHMENT_BYTES_MAX, err)) != AF_OK)
        return status;
    upload = calloc(1, sizeof *upload);
    if (upload == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory to take a file");
    upload->field = field;
    buf_add(&upload->name, name);
    status = buf_status(&upload->name, "a file's name", err);
    if (status == AF_OK)
        status = blob_begin(dir, ATTACHMENT_BYTES_MAX, &upload->writer, err);
    if (status == AF_OK)
        *out = upload;
    else
        upload_abort(upload);
    return status;
}

enum status upload_take(struct upload *upload, struct bytes piece, struct error *err)
{
    if (piece.len > ATTACHMENT_BYTES_MAX - upload->bytes)
        return too_large(upload->field, err);
    upload->bytes += piece.len;
    sniff_add(&upload->sniffer, piece);
    return blob_write(upload->writer, piece, err);
}

static enum status check_type(const struct upload *upload, const struct uploaded *file,
                              struct error *err)
{
    if (file->bytes == 0)
        return error_set(err, AF_INVALID, "\"%s\" is empty: %.80s has no bytes", upload->field,
                         file->name);
    if (file->type->kind == FILE_PROGRAM)
        return error_set(err, AF_INVALID,
                         "\"%s\" is not taken: %.80s is a program. Logs, pictures, documents, "
                         "archives and captures are",
                         upload->field, file->name);
    if (file_name_runs(file->name))
        return error_set(err, AF_INVALID,
                         "\"%s\" is not taken: Windows would run %.80s. Put it into an archive if "
                         "it is needed",
                         upload->field, file->name);
    return AF_OK;
}

/* Without its hash. */
static struct uploaded describe(const struct upload *upload)
{
    struct uploaded file = {.bytes = upload->bytes, .type = sniff_type(&upload->sniffer)};

    file_name_clean(buf_bytes(&upload->name), file.type->ending, file.name);
    return file;
}

enum status upload_check(const struct upload *upload, struct error *err)
{
    const struct uploaded file = describe(upload);

    return check_type(upload, &file, err);
}

enum status upload_end(struct upload *upload, struct uploaded *out, struct error *err)
{
    struct uploaded file = describe(upload);
    enum status status = check_type(upload, &file, err);

    if (status == AF_OK) {
        status = blob_commit(upload->writer, &file.hash, &file.bytes, err);
        upload->writer = NULL;
    }
    upload_abort(upload);
    if (status == AF_OK)
        *out = file;
    return status;
}

void upload_abort(struct upload *upload)
{
    if (upload == NULL)
        return;
    blob_abort(upload->writer);
    buf_release(&upload->name);
    free(upload);
}

json_t *uploaded_json(const struct uploaded *file)
{
    char hash[DIGEST_HEX_BYTES];

    digest_hex(&file->hash, hash);
    return json_pack("{s:s,s:s,s:I,s:s}", "name", file->name, "type", file->type->name, "bytes",
                     (json_int_t)file->bytes, "hash", hash);
}
