#include "intake/http/form.h"

enum status form_parse(struct request *req, struct reply *rep, struct pairs *out, struct error *err)
{
    enum status status = pairs_parse(req->arena, "form", buf_bytes(&req->body), out, err);

    if (status == AF_INVALID)
        reply_problem(rep, &PROBLEM_MALFORMED, NULL);
    return status;
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

enum status form_text(const struct pairs *form, const char *name, size_t bytes_max, bool required,
                      struct bytes *out, struct error *err)
{
    const struct bytes *found = pairs_find(form, name);
    struct bytes text = found == NULL ? BYTES_LIT("") : *found;

    while (text.len > 0 && is_blank(text.data[text.len - 1]))
        text.len--;
    while (text.len > 0 && is_blank(text.data[0]))
        text = bytes_of(text.data + 1, text.len - 1);
    if (text.len > bytes_max)
        return error_set(err, AF_TOO_LARGE, "\"%s\" is longer than %zu bytes", name, bytes_max);
    if (required && text.len == 0)
        return error_set(err, AF_INVALID, "\"%s\" is empty", name);
    *out = text;
    return AF_OK;
}
