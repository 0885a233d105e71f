/* Signing in, and who is signed in: sessions live in memory, and end with the program. */
#include "intake/staff_impl.h"

#include "data/base/clock.h"
#include "data/base/hash.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

/* Hashings at once; else the sign-in page itself is the attack. */
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

    staff_random_text(key);
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
