/* token.h: what a program shows instead of signing in: "af_<id>_<secret>".
 *
 * The secret is shown once, when the token is made; kept is its hash. A token acts with a role,
 * and may be narrowed to scopes (who.h). */
#ifndef ASKFIRST_INTAKE_TOKEN_H
#define ASKFIRST_INTAKE_TOKEN_H

#include "intake/app.h"
#include "intake/who.h"

#define TOKEN_BYTES 80 /* text with its NUL */

/* `scope` as scopes_parse takes it. AF_INVALID names the word that is none. */
enum status token_new(struct app *app, const struct who *by, enum role role, const char *scope,
                      char text[TOKEN_BYTES], struct error *err) MUST_USE;
/* AF_DENIED when it is unknown. */
enum status token_check(struct app *app, struct bytes text, struct who *out,
                        struct error *err) MUST_USE;

/* The command kind "token.new" {"token":<id>,"hash","role","scope"}. */
enum status token_apply_new(struct txn *txn, const struct command *command, json_t *result,
                            struct error *err) MUST_USE;

#endif
