/* outside_impl.h: what the services of handoffs and of parts share. */
#ifndef ASKFIRST_INTAKE_DESK_OUTSIDE_IMPL_H
#define ASKFIRST_INTAKE_DESK_OUTSIDE_IMPL_H

#include "intake/rules/rules.h"

/* A word as a string; AF_INVALID when it does not fit or has a NUL: then nothing has that name. */
enum status outside_word(const char *field, struct bytes word, char *out, size_t size,
                         struct error *err) MUST_USE;

/* `minutes` of the working time of the calendar that `entry` (a target, a stock point) names. */
enum status outside_after(const struct rules *rules, const json_t *entry, int64_t minutes,
                          int64_t from_ms, int64_t *out_ms, struct error *err) MUST_USE;
/* The same for the minutes that its `member` has for the ticket's severity. */
enum status outside_due(const struct rules *rules, const json_t *entry, const char *member,
                        const json_t *ticket, int64_t from_ms, int64_t *due_ms,
                        struct error *err) MUST_USE;

/* Sets the body's "tell": the entry's manager, or the ticket's own group. `entry` may be NULL: it
 * is in the rules no more. */
enum status outside_tell(const json_t *entry, const json_t *ticket, json_t *body,
                         struct error *err) MUST_USE;

/* The number after the colon of a timer's name; 0: none. */
uint32_t outside_timer_no(const char *what);

#endif
