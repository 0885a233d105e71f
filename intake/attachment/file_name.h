/* file_name.h: what a person's file is called, made safe to show and to save under.
 *
 * Kept: letters of every script, blanks, the ending. Gone: folders before it, control characters,
 * marks that turn the direction of writing ("exe.gpj" read backwards), invisible ones, what
 * Windows does not take, device names, a dot at the front. Always one to FILE_NAME_BYTES_MAX
 * bytes of UTF-8; cleaning what is clean changes nothing. */
#ifndef ASKFIRST_INTAKE_ATTACHMENT_FILE_NAME_H
#define ASKFIRST_INTAKE_ATTACHMENT_FILE_NAME_H

#include "data/base/buf.h"
#include "data/base/limits.h"

/* `given` may be any bytes; `ending` is for one that has nothing left: "file.png". */
void file_name_clean(struct bytes given, const char *ending, char name[FILE_NAME_BYTES_MAX + 1]);

/* Would Windows run it when it is opened (by its ending, in any case)? */
bool file_name_runs(const char *name);

#endif
