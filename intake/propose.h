/* propose.h: the one way from a service to the journal. */
#ifndef ASKFIRST_INTAKE_PROPOSE_H
#define ASKFIRST_INTAKE_PROPOSE_H

#include "intake/app.h"
#include "intake/who.h"

/* Steals `body` (NULL is no memory, or a text that is not UTF-8). `key`: idempotency key or
 * NULL; `print` as in struct command. `out` may be NULL. Errors as journal_propose. */
enum status propose(struct app *app, const struct who *who, const char *kind, const char *key,
                    uint64_t print, json_t *body, struct outcome *out, struct error *err) MUST_USE;

#endif
