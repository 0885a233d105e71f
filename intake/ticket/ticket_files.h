/* ticket_files.h: the files of a ticket: what is known of each. Their bytes are blobs
 * (data/blob.h), on the disk before the command that names them.
 *
 * Members of ticket.open and ticket.reply:  "files":[{"name","type","bytes","hash"}, …]
 * Command ticket.detach:                    {"ticket":n,"file":id,"reason","by"}
 *
 * Record: "files":[{"id":1,"name","type","bytes","hash","at","by","from":"customer|staff",
 *                   "internal":bool,"via"?}, …]   in the order they came, never renumbered
 *         a post's "files":[1,2]           which of them came with it; those that no post has
 *                                          came with the opening
 *
 * A file that was taken away (somebody attached a password) keeps its place, without "hash" and
 * with "removed":{"at","by","reason"}; its bytes are swept away when no other ticket names them.
 * Table blob: hash, ticket be32, id be32. A customer sees what is not internal, without "hash" and
 * who did it. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_FILES_H
#define ASKFIRST_INTAKE_TICKET_TICKET_FILES_H

#include "data/base/hash.h"
#include "data/journal.h"
#include "intake/inspect.h"

/* Has the body "files" that may be added to `ticket` (NULL: a new one)? Writes nothing. AF_INVALID,
 * AF_TOO_LARGE. */
enum status ticket_files_check_body(const json_t *ticket, const json_t *body,
                                    struct error *err) MUST_USE;
/* Adds them, after ticket_files_check_body; `post` (NULL: the opening) gets their ids. */
enum status ticket_files_add(struct txn *txn, json_t *ticket, const struct command *command,
                             json_t *post, struct error *err) MUST_USE;

enum status ticket_apply_detach(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err) MUST_USE;

/* The file of that id; borrowed. NULL: none, or (unless `removed_too`) it was taken away. */
json_t *ticket_file_find(const json_t *ticket, uint64_t id, bool removed_too);

/* May the reporter of ticket `no` see this file of it? Not what is internal, nor what came through
 * the link of another whose ticket was merged into his ("via", ticket_merge.h). */
bool ticket_file_is_for_customer(const json_t *file, uint32_t no);
/* What a customer may not see goes. */
void ticket_files_leave_out_internal(json_t *ticket);

/* For ticket_check: of one ticket; and a row of table blob. */
void ticket_files_check(struct inspection *in, const json_t *ticket, uint32_t no);
void ticket_files_check_row(struct inspection *in, struct bytes key, struct bytes body);

#endif
