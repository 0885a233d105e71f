/* receipt.h: what somebody gets for a file that he has sent and wants to name in a reply, or in a
 * ticket that is not there yet: a signed text, so that nothing needs to be stored for it.
 *
 *   base64url({"name","type","bytes","hash","until"}) "." 32 hex digits
 *
 * The digits are BLAKE2b keyed with the store's secret: who knows a hash alone, or changed the
 * type, has no receipt. Good for RECEIPT_HOURS; a file that nobody named is swept away later. */
#ifndef ASKFIRST_INTAKE_ATTACHMENT_RECEIPT_H
#define ASKFIRST_INTAKE_ATTACHMENT_RECEIPT_H

#include "data/base/json.h"
#include "data/store.h"

/* `file` as uploaded_json gives it; arena memory. */
enum status receipt_make(struct store *store, const json_t *file, int64_t now_ms,
                         struct arena *arena, const char **out, struct error *err) MUST_USE;

/* `list`: an array of receipts, or NULL or null. *files is an array as commands have it, or NULL
 * when there are none; the caller owns it. AF_INVALID names `field`: none of ours, changed, or too
 * old; AF_TOO_LARGE: more than ATTACHMENTS_A_POST_MAX. */
enum status receipts_read(struct store *store, const char *field, const json_t *list,
                          int64_t now_ms, json_t **files, struct error *err) MUST_USE;

#endif
