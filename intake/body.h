/* body.h: has the body of a command what its apply reads?
 *
 * What a service proposes always has it. A dump that somebody brings, or another machine, may hold
 * anything, and an apply must leave records that agree with one another or refuse. */
#ifndef ASKFIRST_INTAKE_BODY_H
#define ASKFIRST_INTAKE_BODY_H

#include "data/base/error.h"
#include "data/base/json.h"

#define BODY_ID_BYTES_MAX 64 /* of a consult: 32 hex digits are made, a key has room for more */

enum body_kind {
    BODY_TEXT,   /* a string */
    BODY_ID,     /* a string of 1 to BODY_ID_BYTES_MAX bytes */
    BODY_SHOWN,  /* [{"case","version"}]: cases by their ids, versions from 1 */
    BODY_OBJECT, /* an object, or null */
};

struct body_member {
    const char *name; /* NULL ends a list */
    enum body_kind kind;
};

/* AF_INVALID names the first member that is missing or another thing. */
enum status body_check(const json_t *body, const struct body_member *members,
                       struct error *err) MUST_USE;

#endif
