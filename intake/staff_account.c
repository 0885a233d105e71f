/* Accounts of staff: the command that sets one, and the first. */
#include "intake/staff_impl.h"

#include "data/base/hash.h"
#include "intake/propose.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

/* argon2id with the OWASP minimum: 19 MiB, two passes, 13 ms of one core; at most two at once
 * (staff.c). */
#define HASH_OPS 2
#define HASH_BYTES ((size_t)19 << 20)

void staff_random_text(char text[SESSION_KEY_BYTES])
{
    uint8_t bits[24];

    hash_random(bits, sizeof bits);
    (void)sodium_bin2base64(text, SESSION_KEY_BYTES, bits, sizeof bits,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static bool is_account_name(const char *name)
{
    size_t len = strlen(name);

    if (len == 0 || len >= WHO_NAME_BYTES)
        return false;
    for (size_t i = 0; i < len; i++) {
        char c = name[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '.' || c == '-' || c == '_' || c == '@'))
            return false;
    }
    return true;
}

enum status account_apply_set(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err)
{
    const char *name = json_get_str(command->body, "name");
    struct bytes password = bytes_str(json_get_str(command->body, "password"));
    enum role role;

    (void)result;
    if (!is_account_name(name))
        return error_set(err, AF_INVALID,
                         "an account's name has 1 to %d letters, digits, or . - _ @",
                         WHO_NAME_BYTES - 1);
    if (!role_parse(bytes_str(json_get_str(command->body, "role")), &role) || role == ROLE_CUSTOMER)
        return error_set(err, AF_INVALID, "\"role\" must be engineer, author, supervisor or admin");
    if (password.len >= crypto_pwhash_STRBYTES ||
        !bytes_has_prefix(password, BYTES_LIT(crypto_pwhash_STRPREFIX)))
        return error_set(err, AF_INVALID, "\"password\" is not kept as argon2id");
    return store_put_json(txn, TABLE_ACCOUNT, bytes_str(name), command->body, err);
}

static enum status hash_password(struct bytes password, char hash[crypto_pwhash_STRBYTES],
                                 struct error *err)
{
    if (password.len < PASSWORD_BYTES_MIN || password.len > PASSWORD_BYTES_MAX)
        return error_set(err, AF_INVALID, "a password has %d to %d bytes", PASSWORD_BYTES_MIN,
                         PASSWORD_BYTES_MAX);
    if (crypto_pwhash_str(hash, (const char *)password.data, password.len, HASH_OPS, HASH_BYTES) !=
        0)
        return error_set(err, AF_NO_MEMORY, "no memory to hash a password");
    return AF_OK;
}

enum status staff_set(struct app *app, const struct who *by, const char *name, enum role role,
                      struct bytes password, struct error *err)
{
    char hash[crypto_pwhash_STRBYTES];
    enum status status = hash_password(password, hash, err);

    if (status != AF_OK)
        return status;
    if (strcmp(name, "system") == 0)
        return error_set(err, AF_INVALID, "\"system\" is who does what happens by itself");
    return propose(
        app, by, "account.set", NULL, 0,
        json_pack("{s:s,s:s,s:s}", "name", name, "role", role_name(role), "password", hash), NULL,
        err);
}

static enum status count_accounts(struct app *app, uint64_t *count, struct error *err)
{
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    *count = store_sum(txn, TABLE_ACCOUNT).count;
    txn_abort(txn);
    return AF_OK;
}

enum status staff_first_start(struct app *app, char password[SESSION_KEY_BYTES], struct error *err)
{
    const char *given = getenv("ASKFIRST_ADMIN_PASSWORD");
    const struct who operator= who_operator();
    char made[SESSION_KEY_BYTES];
    uint64_t count;
    enum status status = count_accounts(app, &count, err);

    password[0] = '\0';
    if (status != AF_OK || count > 0)
        return status;
    staff_random_text(made);
    status = staff_set(app, &operator, "admin", ROLE_ADMIN,
                       bytes_str(given != NULL && given[0] != '\0' ? given : made), err);
    if (status == AF_OK && (given == NULL || given[0] == '\0'))
        (void)snprintf(password, SESSION_KEY_BYTES, "%s", made);
    return status;
}

bool staff_is_known(struct app *app, const char *name)
{
    struct bytes ignored;
    struct txn *txn;
    bool is_known;

    if (!is_account_name(name) || store_begin_read(app_store(app), &txn, NULL) != AF_OK)
        return false;
    is_known = store_get(txn, TABLE_ACCOUNT, bytes_str(name), &ignored, NULL) == AF_OK;
    txn_abort(txn);
    return is_known;
}
