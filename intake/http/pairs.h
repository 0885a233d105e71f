/* pairs.h: names and values as they come in a query or a form: "q=%E7%BD%91&limit=10".
 *
 * The bytes are application/x-www-form-urlencoded (WHATWG URL §5.1), read more strictly than
 * browsers do: a '%' without two hex digits, a NUL, or text that is not UTF-8 is refused. An
 * empty pair ("a=1&&b=2") is skipped, a name may come more than once, '+' is a space. */
#ifndef ASKFIRST_INTAKE_HTTP_PAIRS_H
#define ASKFIRST_INTAKE_HTTP_PAIRS_H

#include "data/base/arena.h"

struct pair {
    struct bytes name, value;
};

struct pairs {
    const struct pair *list;
    size_t count;
};

/* All pairs of `text`; names and values are arena memory followed by a NUL that does not
 * count. `what` ("query", "form") begins the sentence. AF_INVALID: malformed or more than
 * HTTP_PARAMETERS_MAX pairs; AF_NO_MEMORY. */
enum status pairs_parse(struct arena *arena, const char *what, struct bytes text, struct pairs *out,
                        struct error *err) MUST_USE;

/* The first value under `name` (as it is written, or in any ASCII case); NULL when there is
 * none. */
const struct bytes *pairs_find(const struct pairs *pairs, const char *name);
const struct bytes *pairs_find_caseless(const struct pairs *pairs, const char *name);

/* How often `name` comes, in any ASCII case. */
size_t pairs_count_caseless(const struct pairs *pairs, const char *name);

/* Decodes %XX into arena memory followed by a NUL; '+' becomes a space when `plus` is set.
 * AF_INVALID when malformed, not UTF-8, or holding a NUL. */
enum status percent_decode(struct arena *arena, const char *what, struct bytes text, bool plus,
                           struct bytes *out, struct error *err) MUST_USE;

#endif
