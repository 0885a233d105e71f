#include "intake/staff.h"

#include "data/base/clock.h"
#include "data/base/hash.h"
#include "intake/propose.h"

#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

/* argon2id with the OWASP minimum: 19 MiB, two passes, 13 ms of one core; at most two at once
 * (STAFF_HASHINGS_MAX), else the sign-in page itself is the attack. */
#define HASH_OPS 2
#define HASH_BYTES ((size_t)19 << 20)
#define STAFF_HASHINGS_MAX 2
#define SESSIONS_MAX 1000
#define SESSION_IDLE_MS (30ll * 60 * 1000)
#define SESSION_LIFE_MS (12ll * 3600 * 1000)
#define TRIES_MAX 10 /* failures for a name within TRIES_MS; then even the right word is refused */
#define TRIES_MS (3600ll * 1000)
#define TRIED_NAMES_MAX 256

struct session {
    struct digest key; /* hash of what the browser holds */
    struct who who;
    int64_t began_ms, seen_ms; /* 0 began: free */
};

struct tries {
    uint64_t name; /* checksum: names that nobody has are counted too */
    int64_t first_ms;
    unsigned failures;
};

struct sessions {
    pthread_mutex_t lock;
    pthread_cond_t hashing_done;
    unsigned hashing;
    struct session list[SESSIONS_MAX];
    struct tries tried[TRIED_NAMES_MAX];
};

static const char refusal[] = "the name or the password is wrong, or it was tried too often";

enum status sessions_new(struct sessions **out, struct error *err)
{
    struct sessions *sessions = calloc(1, sizeof *sessions);

    if (sessions == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for sessions");
    (void)pthread_mutex_init(&sessions->lock, NULL);
    (void)pthread_cond_init(&sessions->hashing_done, NULL);
    *out = sessions;
    return AF_OK;
}

void sessions_free(struct sessions *sessions)
{
    if (sessions == NULL)
        return;
    (void)pthread_cond_destroy(&sessions->hashing_done);
    (void)pthread_mutex_destroy(&sessions->lock);
    free(sessions);
}

/* --- accounts ----------------------------------------------------------------------------- */

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
    enum role role;

    (void)result;
    if (!is_account_name(name))
        return error_set(err, AF_INVALID,
                         "an account's name has 1 to %d letters, digits, or . - _ @",
                         WHO_NAME_BYTES - 1);
    if (!role_parse(bytes_str(json_get_str(command->body, "role")), &role) || role == ROLE_CUSTOMER)
        return error_set(err, AF_INVALID, "\"role\" must be engineer, author, supervisor or admin");
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
    return propose(
        app, by, "account.set", NULL, 0,
        json_pack("{s:s,s:s,s:s}", "name", name, "role", role_name(role), "password", hash), NULL,
        err);
}

static void random_text(char text[SESSION_KEY_BYTES])
{
    uint8_t bits[24];

    hash_random(bits, sizeof bits);
    (void)sodium_bin2base64(text, SESSION_KEY_BYTES, bits, sizeof bits,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
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
    random_text(made);
    status = staff_set(app, &operator, "admin", ROLE_ADMIN,
                       bytes_str(given != NULL && given[0] != '\0' ? given : made), err);
    if (status == AF_OK && (given == NULL || given[0] == '\0'))
        (void)snprintf(password, SESSION_KEY_BYTES, "%s", made);
    return status;
}

/* --- signing in --------------------------------------------------------------------------- */

/* The slot that counts a name's failures; an old or the oldest one is taken over. */
static struct tries *tries_of(struct sessions *sessions, struct bytes name, int64_t now_ms)
{
    uint64_t sum = checksum64(3, &name, 1);
    struct tries *oldest = &sessions->tried[0];

    for (size_t i = 0; i < TRIED_NAMES_MAX; i++) {
        struct tries *tries = &sessions->tried[i];

        if (tries->name == sum && now_ms - tries->first_ms < TRIES_MS)
            return tries;
        if (tries->first_ms < oldest->first_ms)
            oldest = tries;
    }
    *oldest = (struct tries){sum, now_ms, 0};
    return oldest;
}

/* Every try hashes once, whether the name exists or not, so that time tells nothing. */
static bool verify(struct sessions *sessions, const char *stored, struct bytes password)
{
    static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$"
                                 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    bool matches;

    (void)pthread_mutex_lock(&sessions->lock);
    while (sessions->hashing >= STAFF_HASHINGS_MAX)
        (void)pthread_cond_wait(&sessions->hashing_done, &sessions->lock);
    sessions->hashing++;
    (void)pthread_mutex_unlock(&sessions->lock);
    matches = crypto_pwhash_str_verify(stored[0] != '\0' ? stored : nobody,
                                       (const char *)password.data, password.len) == 0;
    (void)pthread_mutex_lock(&sessions->lock);
    sessions->hashing--;
    (void)pthread_cond_signal(&sessions->hashing_done);
    (void)pthread_mutex_unlock(&sessions->lock);
    return matches && stored[0] != '\0';
}

static void begin_session(struct sessions *sessions, const struct who *who, int64_t now_ms,
                          char key[SESSION_KEY_BYTES])
{
    struct session *slot = &sessions->list[0];

    random_text(key);
    for (size_t i = 0; i < SESSIONS_MAX; i++) {
        struct session *session = &sessions->list[i];

        if (session->began_ms == 0) {
            slot = session;
            break;
        }
        if (session->seen_ms < slot->seen_ms)
            slot = session; /* all taken: the one idle longest goes */
    }
    *slot = (struct session){digest_plain(bytes_str(key)), *who, now_ms, now_ms};
}

static enum status find_account(struct app *app, struct bytes name, json_t **account,
                                struct error *err)
{
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    status = store_get_json(txn, TABLE_ACCOUNT, name, account, err);
    txn_abort(txn);
    return status;
}

enum status staff_sign_in(struct app *app, struct sessions *sessions, struct bytes name,
                          struct bytes password, char key[SESSION_KEY_BYTES], struct error *err)
{
    int64_t now_ms = clock_now_ms();
    json_t *account = NULL;
    enum role role = ROLE_CUSTOMER;
    bool matches, tired;
    struct tries *tries;
    enum status status = find_account(app, name, &account, err);

    if (status != AF_OK && status != AF_NOT_FOUND)
        return status;
    (void)pthread_mutex_lock(&sessions->lock);
    tired = tries_of(sessions, name, now_ms)->failures >= TRIES_MAX;
    (void)pthread_mutex_unlock(&sessions->lock);
    matches = password.len <= PASSWORD_BYTES_MAX &&
              verify(sessions, json_get_str(account, "password"), password) && !tired &&
              role_parse(bytes_str(json_get_str(account, "role")), &role);
    (void)pthread_mutex_lock(&sessions->lock);
    tries = tries_of(sessions, name, now_ms);
    tries->failures = matches ? 0 : tries->failures + 1;
    if (matches) {
        const struct who who = who_staff(role, json_get_str(account, "name"));

        begin_session(sessions, &who, now_ms, key);
    }
    (void)pthread_mutex_unlock(&sessions->lock);
    json_decref(account);
    return matches ? AF_OK : error_set(err, AF_DENIED, "%s", refusal);
}

static struct session *find_session(struct sessions *sessions, struct bytes key)
{
    struct digest hash = digest_plain(key);

    for (size_t i = 0; i < SESSIONS_MAX; i++)
        if (sessions->list[i].began_ms != 0 && digest_equal(&sessions->list[i].key, &hash))
            return &sessions->list[i];
    return NULL;
}

void staff_sign_out(struct sessions *sessions, struct bytes key)
{
    struct session *session;

    (void)pthread_mutex_lock(&sessions->lock);
    session = find_session(sessions, key);
    if (session != NULL)
        *session = (struct session){0};
    (void)pthread_mutex_unlock(&sessions->lock);
}

bool staff_session(struct sessions *sessions, struct bytes key, struct who *out)
{
    int64_t now_ms = clock_now_ms();
    struct session *session;
    bool is_valid = false;

    if (key.len == 0)
        return false;
    (void)pthread_mutex_lock(&sessions->lock);
    session = find_session(sessions, key);
    if (session != NULL && (now_ms - session->seen_ms > SESSION_IDLE_MS ||
                            now_ms - session->began_ms > SESSION_LIFE_MS)) {
        *session = (struct session){0};
    } else if (session != NULL) {
        session->seen_ms = now_ms;
        *out = session->who;
        is_valid = true;
    }
    (void)pthread_mutex_unlock(&sessions->lock);
    return is_valid;
}

void staff_form_token(struct bytes key, char token[SESSION_KEY_BYTES])
{
    const struct bytes parts[] = {BYTES_LIT("form"), key};
    struct digest digest = digest_of(parts, 2);

    (void)sodium_bin2base64(token, SESSION_KEY_BYTES, digest.b, 24,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}
