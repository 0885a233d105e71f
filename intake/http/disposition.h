/* disposition.h: Content-Disposition, both ways: the name of a file that comes (RFC 7578 for forms,
 * RFC 6266 and 8187 for the rest) and of one that goes (RFC 6266 §4.3). */
#ifndef ASKFIRST_INTAKE_HTTP_DISPOSITION_H
#define ASKFIRST_INTAKE_HTTP_DISPOSITION_H

#include "data/base/arena.h"

struct disposition {
    struct bytes kind;      /* "form-data", "attachment"; as it came */
    struct bytes name;      /* of the form's field */
    struct bytes file_name; /* as its sender called it: any UTF-8; {NULL, 0}: none was given */
};

/* Arena memory. file_name* (RFC 8187, UTF-8 only) goes before file_name. In a form %22, %0D and %0A
 * stand for what a browser may not send (WHATWG); everything else is taken as it is. AF_INVALID:
 * malformed. */
enum status disposition_parse(struct arena *arena, struct bytes header, struct disposition *out,
                              struct error *err) MUST_USE;

/* `attachment; filename="…"; filename*=UTF-8''…`: for those who know the second, and in ASCII for
 * those who do not. KIND is "attachment" or "inline". NULL without memory. */
const char *disposition_format(struct arena *arena, const char *kind, const char *file_name);

#endif
