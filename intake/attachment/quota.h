/* quota.h: how much one address that nobody signed in from may send in an hour, so that no stranger
 * fills the disk. Kept in memory: a restart forgets it, and of more addresses than there is room
 * for the one that was heard of longest ago is forgotten. Any thread. */
#ifndef ASKFIRST_INTAKE_ATTACHMENT_QUOTA_H
#define ASKFIRST_INTAKE_ATTACHMENT_QUOTA_H

#include "data/base/bytes.h"
#include "data/base/error.h"

struct quota;

enum status quota_new(struct quota **out, struct error *err) MUST_USE;
void quota_free(struct quota *quota); /* accepts NULL */

/* Counts `files` and `bytes` against UPLOAD_HOUR_FILES_MAX and UPLOAD_HOUR_BYTES_MAX; AF_BUSY (and
 * nothing is counted) when that would be more. The hour begins with the first. */
enum status quota_take(struct quota *quota, struct bytes address, unsigned files, uint64_t bytes,
                       int64_t now_ms, struct error *err) MUST_USE;

#endif
