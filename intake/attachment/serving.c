#include "intake/attachment/serving.h"

#include "intake/desk/ticket_attach.h"
#include "intake/http/disposition.h"

#include <unistd.h>

static bool is_still(const struct ticket_file *file)
{
    struct sniffer sniffer = {0};
    uint8_t head[SNIFF_BYTES];
    ssize_t n = pread(file->fd, head, sizeof head, 0);

    if (n > 0)
        sniff_add(&sniffer, bytes_of(head, (size_t)n));
    return sniff_type(&sniffer) == file->type;
}

static const char *type_of(const struct ticket_file *file)
{
    return file->type->kind == FILE_MARKUP    ? "text/plain"
           : file->type->kind == FILE_PROGRAM ? "application/octet-stream"
                                              : file->type->name;
}

enum status serve_ticket_file(struct app *app, const struct who *who, uint32_t no, uint64_t id,
                              struct request *req, struct reply *rep, struct error *err)
{
    struct ticket_file file;
    char hex[DIGEST_HEX_BYTES];
    const char *disposition;
    bool is_shown;
    enum status status = ticket_file_open(app, who, no, id, &file, err);

    if (status != AF_OK)
        return status;
    is_shown = request_query(req, "show").data != NULL && file.type->is_shown && is_still(&file);
    disposition = disposition_format(req->arena, is_shown ? "inline" : "attachment", file.name);
    if (disposition == NULL) {
        (void)close(file.fd);
        return arena_exhausted(req->arena, err);
    }
    digest_hex(&file.hash, hex);
    reply_etag(rep, hex);
    reply_header(rep, "Content-Disposition", disposition);
    reply_header(rep, "Content-Security-Policy",
                 "default-src 'none'; sandbox; frame-ancestors 'none'");
    reply_header(rep, "Cross-Origin-Resource-Policy", "same-origin");
    reply_header(rep, "Cache-Control", "private, no-cache");
    return reply_file(rep, req, type_of(&file), file.fd, file.bytes, err);
}
