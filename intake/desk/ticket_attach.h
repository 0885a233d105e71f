/* ticket_attach.h: what people do with the files of a ticket: reading one, taking one away. They
 * come with a reply or the opening (ticket.h); what is known of each: ticket/ticket_files.h. */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_ATTACH_H
#define ASKFIRST_INTAKE_DESK_TICKET_ATTACH_H

#include "data/base/limits.h"
#include "intake/app.h"
#include "intake/attachment/sniff.h"
#include "intake/who.h"

/* Open for reading, from its beginning; every byte was verified. */
struct ticket_file {
    int fd;
    uint64_t bytes;
    struct digest hash;
    char name[FILE_NAME_BYTES_MAX + 1];
    const struct file_type *type; /* of what it was found to be when it came */
};

/* AF_NOT_FOUND: no such file, it was taken away, or it is internal and `who` is a customer: one
 * sentence for all. AF_CORRUPT: it is not what was stored. The caller closes out->fd. */
enum status ticket_file_open(struct app *app, const struct who *who, uint32_t no, uint64_t id,
                             struct ticket_file *out, struct error *err) MUST_USE;

/* Takes it away, for good once no other ticket has the same. Staff only; `reason` is required. */
enum status ticket_detach(struct app *app, const struct who *who, uint32_t no, uint64_t id,
                          struct bytes reason, struct error *err) MUST_USE;

/* Forgets files that nobody named within ORPHAN_HOURS; for the server, once in a while. While a
 * backup copies nothing goes: AF_OK then too, the next time will do. *files: how many. */
enum status ticket_files_sweep(struct app *app, uint64_t *files, struct error *err) MUST_USE;

#endif
