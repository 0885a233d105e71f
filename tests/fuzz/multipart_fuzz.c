/* Forms with files: read in any pieces the parts are the same, and what was taken for content never
 * holds the delimiter. The first byte is the length of pieces; the boundary is XyZ. */
#include "tests/fuzz/fuzz.h"

#include "data/base/limits.h"
#include "intake/attachment/file_name.h"
#include "intake/http/multipart.h"

struct heard {
    struct buf text, content;
    bool is_open;
};

static enum status hear_begin(void *context, const struct disposition *part, struct error *err)
{
    struct heard *heard = context;
    char name[FILE_NAME_BYTES_MAX + 1], again[FILE_NAME_BYTES_MAX + 1];

    (void)err;
    ENSURE(!heard->is_open && part->name.len > 0);
    heard->is_open = true;
    buf_clear(&heard->content);
    buf_add(&heard->text, part->name);
    buf_add_u8(&heard->text, 0);
    buf_add(&heard->text, part->file_name);
    buf_add_u8(&heard->text, 0);
    file_name_clean(part->file_name, "bin", name);
    ENSURE(name[0] != '\0' && strchr(name, '/') == NULL && strchr(name, '\\') == NULL);
    ENSURE(fuzz_is_utf8(bytes_str(name)));
    file_name_clean(bytes_str(name), "bin", again);
    ENSURE(strcmp(name, again) == 0);
    return AF_OK;
}

static enum status hear_data(void *context, struct bytes piece, struct error *err)
{
    struct heard *heard = context;

    (void)err;
    ENSURE(heard->is_open && piece.len > 0);
    buf_add(&heard->content, piece);
    return AF_OK;
}

static enum status hear_end(void *context, struct error *err)
{
    struct heard *heard = context;
    struct bytes content = buf_bytes(&heard->content);

    (void)err;
    ENSURE(heard->is_open);
    heard->is_open = false;
    ENSURE(content.len == 0 || memmem(content.data, content.len, "\r\n--XyZ", 7) == NULL);
    buf_add(&heard->text, content);
    buf_add_u8(&heard->text, 0);
    return AF_OK;
}

static enum status read_form(struct bytes body, size_t piece, struct heard *heard,
                             struct error *err)
{
    const struct multipart_sink sink = {hear_begin, hear_data, hear_end, heard};
    struct multipart *multipart;
    enum status status;

    ENSURE_OK(
        multipart_new(BYTES_LIT("multipart/form-data; boundary=XyZ"), &sink, &multipart, err));
    status = AF_OK;
    for (size_t at = 0; status == AF_OK && at < body.len; at += piece)
        status = multipart_feed(
            multipart, bytes_of(body.data + at, body.len - at < piece ? body.len - at : piece),
            err);
    if (status == AF_OK)
        status = multipart_finish(multipart, err);
    multipart_free(multipart);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_of(bytes_of(data, size));
    size_t piece = (size_t)take_u8(&r) + 1;
    struct bytes body = take_rest(&r);
    struct heard whole = {0}, pieces = {0};
    struct error err;
    enum status status = read_form(body, body.len + 1, &whole, &err);

    if (status != AF_OK)
        ensure_refusal(status, &err, KIND(AF_INVALID) | KIND(AF_TOO_LARGE));
    ENSURE(read_form(body, piece, &pieces, &err) == status);
    if (status == AF_OK)
        ENSURE(bytes_equal(buf_bytes(&whole.text), buf_bytes(&pieces.text)));
    buf_release(&whole.text);
    buf_release(&whole.content);
    buf_release(&pieces.text);
    buf_release(&pieces.content);
    return 0;
}
