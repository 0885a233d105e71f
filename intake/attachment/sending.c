#include "intake/attachment/sending.h"

#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "intake/attachment/upload.h"
#include "intake/http/multipart.h"
#include "intake/http/pairs.h"

#include <stdlib.h>
#include <strings.h>

struct sending {
    const char *dir;
    struct multipart *multipart; /* NULL: the body is one file */
    struct arena *arena;         /* names and fields */
    struct upload *uploads[ATTACHMENTS_A_POST_MAX];
    size_t upload_count;
    struct pair fields[HTTP_PARAMETERS_MAX];
    size_t field_count;
    json_t *files;

    /* The part of the form that is being read. */
    enum { IN_NOTHING, IN_FIELD, IN_FILE, IN_UNNAMED } part;
    struct bytes name;
    struct buf value;
    size_t value_bytes; /* of all fields */
};

static enum status begin_upload(struct sending *sending, const char *field, struct bytes name,
                                uint64_t bytes, struct error *err)
{
    enum status status;

    if (sending->upload_count == ATTACHMENTS_A_POST_MAX)
        return error_set(err, AF_TOO_LARGE, "\"%s\": at most %d files are sent at once", field,
                         ATTACHMENTS_A_POST_MAX);
    status = upload_begin(sending->dir, field, name, bytes,
                          &sending->uploads[sending->upload_count], err);
    if (status == AF_OK)
        sending->upload_count++;
    return status;
}

/* --- the form ----------------------------------------------------------------------------- */

/* A file that was not chosen comes as one without a name and without a byte. */
static enum status on_begin(void *context, const struct disposition *part, struct error *err)
{
    struct sending *sending = context;

    buf_clear(&sending->value);
    sending->name = arena_copy(sending->arena, part->name);
    if (sending->name.data == NULL)
        return arena_exhausted(sending->arena, err);
    if (part->file_name.data == NULL) {
        sending->part = IN_FIELD;
        return AF_OK;
    }
    sending->part = part->file_name.len == 0 ? IN_UNNAMED : IN_FILE;
    return part->file_name.len == 0
               ? AF_OK
               : begin_upload(sending, (const char *)sending->name.data, part->file_name, 0, err);
}

static enum status add_to_field(struct sending *sending, struct bytes piece, struct error *err)
{
    sending->value_bytes += piece.len;
    if (sending->value_bytes > HTTP_BODY_TICKET_MAX)
        return error_set(err, AF_TOO_LARGE, "the fields of the form have more than %u bytes",
                         HTTP_BODY_TICKET_MAX);
    buf_add(&sending->value, piece);
    return buf_status(&sending->value, "a form", err);
}

static enum status on_data(void *context, struct bytes piece, struct error *err)
{
    struct sending *sending = context;
    enum status status = AF_OK;

    if (sending->part == IN_FIELD)
        return add_to_field(sending, piece, err);
    if (sending->part == IN_UNNAMED) {
        status = begin_upload(sending, (const char *)sending->name.data, BYTES_NONE, 0, err);
        sending->part = IN_FILE;
    }
    return status == AF_OK ? upload_take(sending->uploads[sending->upload_count - 1], piece, err)
                           : status;
}

static enum status on_end(void *context, struct error *err)
{
    struct sending *sending = context;
    struct bytes value = buf_bytes(&sending->value);
    bool is_field = sending->part == IN_FIELD;

    sending->part = IN_NOTHING;
    if (!is_field)
        return AF_OK;
    if (utf8_valid_len(value) != value.len ||
        (value.len > 0 && memchr(value.data, 0, value.len) != NULL))
        return error_set(err, AF_INVALID, "\"%.40s\" is not UTF-8 text",
                         (const char *)sending->name.data);
    value = arena_copy(sending->arena, value);
    if (value.data == NULL)
        return arena_exhausted(sending->arena, err);
    sending->fields[sending->field_count++] = (struct pair){sending->name, value};
    return AF_OK;
}

/* --- the body ----------------------------------------------------------------------------- */

static bool is_form(struct bytes type)
{
    static const char prefix[] = "multipart/";

    return type.len > sizeof prefix &&
           strncasecmp((const char *)type.data, prefix, sizeof prefix - 1) == 0;
}

static enum status begin_single(struct sending *sending, const struct sending_options *options,
                                struct error *err)
{
    struct disposition said = {0};
    enum status status = AF_OK;

    if (options->name.len == 0 && options->disposition.len > 0)
        status = disposition_parse(sending->arena, options->disposition, &said, err);
    if (status != AF_OK)
        return status;
    return begin_upload(sending, "file", options->name.len > 0 ? options->name : said.file_name,
                        options->bytes, err);
}

enum status sending_new(const struct sending_options *options, struct sending **out,
                        struct error *err)
{
    struct sending *sending = calloc(1, sizeof *sending);
    enum status status;

    if (sending == NULL || (sending->arena = arena_new(HTTP_BODY_TICKET_MAX * 2)) == NULL) {
        free(sending);
        return error_set(err, AF_NO_MEMORY, "no memory to take files");
    }
    sending->dir = options->dir;
    if (is_form(options->content_type)) {
        const struct multipart_sink sink = {on_begin, on_data, on_end, sending};

        status = multipart_new(options->content_type, &sink, &sending->multipart, err);
    } else {
        status = begin_single(sending, options, err);
    }
    if (status == AF_OK)
        *out = sending;
    else
        sending_free(sending);
    return status;
}

enum status sending_take(struct sending *sending, struct bytes piece, struct error *err)
{
    return sending->multipart != NULL ? multipart_feed(sending->multipart, piece, err)
                                      : upload_take(sending->uploads[0], piece, err);
}

static enum status end_one(struct sending *sending, size_t i, struct error *err)
{
    struct uploaded file;
    enum status status = upload_end(sending->uploads[i], &file, err);

    sending->uploads[i] = NULL;
    if (status == AF_OK && json_array_append_new(sending->files, uploaded_json(&file)) != 0)
        status = error_set(err, AF_NO_MEMORY, "no memory for files");
    return status;
}

enum status sending_end(struct sending *sending, struct error *err)
{
    enum status status =
        sending->multipart != NULL ? multipart_finish(sending->multipart, err) : AF_OK;

    for (size_t i = 0; status == AF_OK && i < sending->upload_count; i++)
        status = upload_check(sending->uploads[i], err);
    if (status != AF_OK || sending->upload_count == 0)
        return status;
    sending->files = json_array();
    for (size_t i = 0; status == AF_OK && i < sending->upload_count; i++)
        status = end_one(sending, i, err);
    return status;
}

const json_t *sending_files(const struct sending *sending)
{
    return sending->files;
}

struct pairs sending_fields(const struct sending *sending)
{
    return (struct pairs){sending->fields, sending->field_count};
}

struct bytes sending_field(const struct sending *sending, const char *name)
{
    const struct pairs fields = sending_fields(sending);
    const struct bytes *value = pairs_find(&fields, name);

    return value == NULL ? BYTES_NONE : *value;
}

void sending_free(struct sending *sending)
{
    if (sending == NULL)
        return;
    for (size_t i = 0; i < sending->upload_count; i++)
        upload_abort(sending->uploads[i]);
    multipart_free(sending->multipart);
    buf_release(&sending->value);
    json_decref(sending->files);
    arena_free(sending->arena);
    free(sending);
}
