/* staff.h: accounts of people, and their signed-in sessions. (Programs: token.h.)
 *
 * Passwords are kept as argon2id strings (libsodium), session keys as hashes. The sessions
 * themselves are in memory: a restart signs everybody out. */
#ifndef ASKFIRST_INTAKE_STAFF_H
#define ASKFIRST_INTAKE_STAFF_H

#include "intake/app.h"
#include "intake/who.h"

#define PASSWORD_BYTES_MIN 8
#define PASSWORD_BYTES_MAX 256
#define SESSION_KEY_BYTES 44 /* text with its NUL */

struct sessions; /* one a server */

enum status sessions_new(struct sessions **out, struct error *err) MUST_USE;
void sessions_free(struct sessions *sessions); /* accepts NULL */

/* Makes an account, or gives an existing one another password. */
enum status staff_set(struct app *app, const struct who *by, const char *name, enum role role,
                      struct bytes password, struct error *err) MUST_USE;
/* Is there an account of this name? */
bool staff_is_known(struct app *app, const char *name);
/* When there is no account at all: makes "admin" with the password in $ASKFIRST_ADMIN_PASSWORD
 * or a random one, which is written to `password` ("" when an account existed or it was given). */
enum status staff_first_start(struct app *app, char password[SESSION_KEY_BYTES],
                              struct error *err) MUST_USE;

/* AF_DENIED with one and the same sentence for an unknown name and a wrong password, and after
 * too many tries; takes about as long either way. */
enum status staff_sign_in(struct app *app, struct sessions *sessions, struct bytes name,
                          struct bytes password, char key[SESSION_KEY_BYTES],
                          struct error *err) MUST_USE;
void staff_sign_out(struct sessions *sessions, struct bytes key);
/* False when the key is unknown or too old (30 minutes idle, 12 hours in all). */
bool staff_session(struct sessions *sessions, struct bytes key, struct who *out);
/* A value to be carried by this session's forms, against cross-site requests. */
void staff_form_token(struct bytes key, char token[SESSION_KEY_BYTES]);

/* The command kind "account.set" {"name","role","password":<argon2id string>}. */
enum status account_apply_set(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err) MUST_USE;

#endif
