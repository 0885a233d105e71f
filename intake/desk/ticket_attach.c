#include "intake/desk/ticket_attach.h"

#include "data/blob.h"
#include "data/blob_ref.h"
#include "intake/desk/ticket_change.h"
#include "intake/desk/ticket_impl.h"
#include "intake/ticket/ticket_files.h"

#include <stdio.h>

static enum status not_found(uint64_t id, struct error *err)
{
    return error_set(err, AF_NOT_FOUND, "this ticket has no file %llu", (unsigned long long)id);
}

/* What its record says, for who may see it. */
static enum status describe(const json_t *ticket, const struct who *who, uint64_t id,
                            struct ticket_file *out, struct error *err)
{
    const json_t *file = ticket_file_find(ticket, id, false);
    const struct file_type *type;

    if (file == NULL || (!who_is_staff(who) &&
                         !ticket_file_is_for_customer(file, (uint32_t)json_get_u64(ticket, "n"))))
        return not_found(id, err);
    type = file_type_named(json_get_str(file, "type"));
    *out = (struct ticket_file){.fd = -1,
                                .bytes = json_get_u64(file, "bytes"),
                                /* of another program's: it is offered as what no browser opens */
                                .type = type != NULL ? type
                                                     : file_type_named("application/octet-stream")};
    (void)snprintf(out->name, sizeof out->name, "%s", json_get_str(file, "name"));
    if (!digest_parse(bytes_str(json_get_str(file, "hash")), &out->hash))
        return error_set(err, AF_CORRUPT, "damaged: table ticket: a file without a hash");
    return AF_OK;
}

enum status ticket_file_open(struct app *app, const struct who *who, uint32_t no, uint64_t id,
                             struct ticket_file *out, struct error *err)
{
    json_t *ticket;
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    if ((status = ticket_load(txn, no, &ticket, err)) == AF_OK) {
        status = describe(ticket, who, id, out, err);
        json_decref(ticket);
    }
    txn_abort(txn); /* reading a file takes longer than a transaction may */
    return status == AF_OK ? blob_open(app_dir(app), &out->hash, out->bytes, &out->fd, err)
                           : status;
}

enum status ticket_detach(struct app *app, const struct who *who, uint32_t no, uint64_t id,
                          struct bytes reason, struct error *err)
{
    json_t *body;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK ||
        (status = ticket_check_text("reason", reason, TICKET_TITLE_BYTES_MAX, err)) != AF_OK)
        return status;
    if (bytes_is_blank(reason))
        return error_set(err, AF_INVALID, "\"reason\" is missing: say why the file goes");
    body = json_pack("{s:I,s:I,s:o,s:s}", "ticket", (json_int_t)no, "file", (json_int_t)id,
                     "reason", json_from_bytes(reason), "by", who_by(who));
    return ticket_change(app, who, no,
                         &(struct ticket_change){.kind = "ticket.detach", .moment = MOMENT_NOTE},
                         body, NULL, err);
}

enum status ticket_files_sweep(struct app *app, uint64_t *files, struct error *err)
{
    struct blob_sum sum = {0};
    enum status status =
        blob_sweep(app_store(app), ORPHAN_HOURS * INT64_C(3600000), false, &sum, err);

    *files = sum.files;
    return status == AF_BUSY ? AF_OK : status;
}
