#include "intake/token.h"

#include "data/base/hash.h"
#include "intake/propose.h"

#include <stdio.h>

enum status token_apply_new(struct txn *txn, const struct command *command, json_t *result,
                            struct error *err)
{
    struct bytes id = bytes_str(json_get_str(command->body, "token")), bad;
    struct digest ignored;
    unsigned scopes;
    enum role role;

    (void)result;
    if (id.len == 0 || id.len >= ID_HEX_BYTES)
        return error_set(err, AF_INVALID, "\"token\" is not the name of a token");
    if (!digest_parse(bytes_str(json_get_str(command->body, "hash")), &ignored))
        return error_set(err, AF_INVALID, "\"hash\" is not a hash");
    if (!role_parse(bytes_str(json_get_str(command->body, "role")), &role) || role == ROLE_CUSTOMER)
        return error_set(err, AF_INVALID, "\"role\" must be engineer, author, supervisor or admin");
    if (!scopes_parse(bytes_str(json_get_str(command->body, "scope")), &scopes, &bad))
        return error_set(err, AF_INVALID, "no scope \"%.*s\"", (int)(bad.len < 40 ? bad.len : 40),
                         (const char *)bad.data);
    return store_put_json(txn, TABLE_TOKEN, id, command->body, err);
}

enum status token_new(struct app *app, const struct who *by, enum role role, const char *scope,
                      char text[TOKEN_BYTES], struct error *err)
{
    char id[ID_HEX_BYTES], secret[ID_HEX_BYTES], hex[DIGEST_HEX_BYTES];
    struct bytes bad;
    struct digest hash;
    unsigned scopes;

    if (role == ROLE_CUSTOMER)
        return error_set(err, AF_INVALID,
                         "a token's role is engineer, author, supervisor or admin");
    if (!scopes_parse(bytes_str(scope), &scopes, &bad))
        return error_set(err, AF_INVALID,
                         "no scope \"%.*s\"; there are search:read, tickets:read, tickets:write "
                         "and cases:write",
                         (int)(bad.len < 40 ? bad.len : 40), (const char *)bad.data);
    id_random(id);
    id[12] = '\0'; /* 48 bits tell tokens apart; the secret is what must not be guessed */
    id_random(secret);
    (void)snprintf(text, TOKEN_BYTES, "af_%s_%s", id, secret);
    hash = digest_plain(bytes_str(secret));
    digest_hex(&hash, hex);
    return propose(app, by, "token.new", NULL, 0,
                   json_pack("{s:s,s:s,s:s,s:s}", "token", id, "hash", hex, "role", role_name(role),
                             "scope", scope),
                   NULL, err);
}

enum status token_check(struct app *app, struct bytes text, struct who *out, struct error *err)
{
    const size_t id_at = 3, secret_at = 16;
    struct digest given, kept;
    enum role role = ROLE_CUSTOMER;
    json_t *token = NULL;
    struct bytes bad;
    struct txn *txn;
    unsigned scopes = 0;
    char name[WHO_NAME_BYTES];
    bool matches = false;
    enum status status;

    if (text.len <= secret_at || !bytes_has_prefix(text, BYTES_LIT("af_")) || text.data[15] != '_')
        return error_set(err, AF_DENIED, "this token is unknown");
    if ((status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    status = store_get_json(txn, TABLE_TOKEN, bytes_of(text.data + id_at, 12), &token, err);
    txn_abort(txn);
    if (status != AF_OK && status != AF_NOT_FOUND)
        return status;
    given = digest_plain(bytes_of(text.data + secret_at, text.len - secret_at));
    if (token != NULL && digest_parse(bytes_str(json_get_str(token, "hash")), &kept) &&
        role_parse(bytes_str(json_get_str(token, "role")), &role) && role != ROLE_CUSTOMER &&
        scopes_parse(bytes_str(json_get_str(token, "scope")), &scopes, &bad))
        matches = digest_equal(&given, &kept);
    (void)snprintf(name, sizeof name, "token.%.12s", json_get_str(token, "token"));
    json_decref(token);
    if (!matches)
        return error_set(err, AF_DENIED, "this token is unknown");
    *out = who_staff(role, name);
    out->scopes = scopes;
    if ((scopes & SCOPE_SEARCH_READ) == 0)
        out->audience = AUDIENCE_PUBLIC;
    return AF_OK;
}
