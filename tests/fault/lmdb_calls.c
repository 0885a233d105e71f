#include "tests/fault/lmdb_calls.h"

#include <assert.h>
#include <errno.h>
#include <lmdb.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PANICS_MAX = 8 };

static struct calls {
    atomic_bool counting;
    atomic_long made, commits, fails_at, kills_at;
    atomic_uint code_no;
    atomic_bool is_store_lost;
    uint8_t kinds[LMDB_CALLS_KEPT];
} * calls; /* shared with children */

/* Environments in panic, of this process. */
static _Atomic(MDB_env *) panics[PANICS_MAX];

/* --- what may be answered --------------------------------------------------------------------- */

#define CODES_MAX 8

static const struct {
    const char *name;
    struct lmdb_code codes[CODES_MAX]; /* ended by a zero */
} kinds[LMDB_CALLS] = {
    [LMDB_ENV_CREATE] = {"mdb_env_create",                               {{.code = ENOMEM}}                       },
    [LMDB_ENV_SET] = {"mdb_env_set_*",                                {{.code = EINVAL}}                       },
    [LMDB_ENV_OPEN] = {"mdb_env_open",
                         {{.code = MDB_INVALID},
                        {.code = EIO},
                        {.code = ENOMEM},
                        {.code = MDB_VERSION_MISMATCH},
                        {.code = EACCES},
                        {.code = EAGAIN},
                        {.code = ENOSPC}}                                                                         },
    [LMDB_ENV_SYNC] = {"mdb_env_sync",
                         {{.code = EIO}, {.code = ENOSPC}, {.code = EIO, .is_after = true}}                       },
    [LMDB_ENV_COPY] = {"mdb_env_copyfd2",
                         {{.code = ENOSPC},
                        {.code = EIO},
                        {.code = ENOMEM},
                        {.code = MDB_CORRUPTED},
                        {.code = EIO, .is_after = true}}                                                          },
    [LMDB_ENV_TELL] = {"mdb_env_info, mdb_env_stat, mdb_reader_check",
                         {{.code = EINVAL}, {.code = EIO}}                                                        },
    [LMDB_TXN_READ] = {"mdb_txn_begin (read)",
                         {{.code = MDB_READERS_FULL},
                        {.code = ENOMEM},
                        {.code = MDB_MAP_RESIZED},
                        {.code = MDB_PANIC},
                        {.code = MDB_PANIC, .is_fatal = true},
                        {.code = EAGAIN}}                                                                         },
    [LMDB_TXN_WRITE] = {"mdb_txn_begin (write)",
                         {{.code = ENOMEM},
                         {.code = EIO},
                         {.code = MDB_MAP_RESIZED},
                         {.code = MDB_PANIC, .is_fatal = true},
                         {.code = EOWNERDEAD}}                                                                    },
    [LMDB_TXN_RENEW] = {"mdb_txn_renew",
                         {{.code = MDB_PANIC},
                         {.code = MDB_READERS_FULL},
                         {.code = MDB_MAP_RESIZED},
                         {.code = MDB_PANIC, .is_fatal = true}}                                                   },
    [LMDB_COMMIT] = {"mdb_txn_commit",
                         {{.code = EIO},
                      {.code = ENOSPC},
                      {.code = EIO, .is_after = true},
                      {.code = EIO, .is_fatal = true},
                      {.code = ENOSPC, .is_fatal = true},
                      {.code = MDB_BAD_TXN},
                      {.code = ENOMEM},
                      {.code = MDB_MAP_FULL}}                                                                     },
    [LMDB_DBI_OPEN] = {"mdb_dbi_open",
                         {{.code = ENOMEM},
                        {.code = MDB_DBS_FULL},
                        {.code = MDB_CORRUPTED},
                        {.code = EIO},
                        {.code = MDB_BAD_TXN},
                        {.code = MDB_INCOMPATIBLE}}                                                               },
    [LMDB_DROP] =
        {"mdb_drop",
                         {{.code = ENOSPC}, {.code = ENOMEM}, {.code = MDB_PAGE_NOTFOUND}, {.code = MDB_MAP_FULL}}},
    [LMDB_STAT] = {"mdb_stat",                                     {{.code = MDB_BAD_TXN}, {.code = EINVAL}}},
    [LMDB_GET] = {"mdb_get",
                         {{.code = MDB_CORRUPTED},
                   {.code = MDB_PAGE_NOTFOUND},
                   {.code = EIO},
                   {.code = MDB_BAD_TXN}}                                                                         },
    [LMDB_PUT] = {"mdb_put",
                         {{.code = MDB_MAP_FULL},
                   {.code = ENOSPC},
                   {.code = ENOMEM},
                   {.code = MDB_CORRUPTED},
                   {.code = MDB_BAD_TXN},
                   {.code = MDB_TXN_FULL},
                   {.code = EIO}}                                                                                 },
    [LMDB_DEL] = {"mdb_del",
                         {{.code = MDB_MAP_FULL},
                   {.code = ENOMEM},
                   {.code = MDB_PAGE_NOTFOUND},
                   {.code = MDB_BAD_TXN}}                                                                         },
    [LMDB_CURSOR_OPEN] = {"mdb_cursor_open",
                         {{.code = ENOMEM}, {.code = MDB_BAD_TXN}, {.code = EINVAL}}                              },
    [LMDB_CURSOR_GET] = {"mdb_cursor_get",
                         {{.code = MDB_PAGE_NOTFOUND},
                          {.code = MDB_CORRUPTED},
                          {.code = EIO},
                          {.code = MDB_BAD_TXN}}                                                                  },
};

const char *lmdb_call_name(enum lmdb_call call)
{
    return kinds[call].name;
}

const struct lmdb_code *lmdb_code_of(enum lmdb_call call, unsigned i)
{
    return i < CODES_MAX && kinds[call].codes[i].code != 0 ? &kinds[call].codes[i] : NULL;
}

/* --- the plan --------------------------------------------------------------------------------- */

void lmdb_calls_begin(long fails_at, unsigned code_no, long kills_at)
{
    if (calls == NULL) {
        calls =
            mmap(NULL, sizeof *calls, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (calls == MAP_FAILED)
            abort();
    }
    atomic_store(&calls->made, 0);
    atomic_store(&calls->commits, 0);
    atomic_store(&calls->is_store_lost, false);
    calls->fails_at = fails_at;
    calls->code_no = code_no;
    calls->kills_at = kills_at;
    atomic_store(&calls->counting, true);
}

void lmdb_calls_end(void)
{
    atomic_store(&calls->counting, false);
}

long lmdb_calls_made(void)
{
    return atomic_load(&calls->made);
}

long lmdb_commits_made(void)
{
    return atomic_load(&calls->commits);
}

enum lmdb_call lmdb_call_made(long n)
{
    assert(n >= 1 && n <= LMDB_CALLS_KEPT);
    return (enum lmdb_call)calls->kinds[n - 1];
}

bool lmdb_calls_end_calmly(void)
{
    lmdb_calls_end();
    return !atomic_load(&calls->is_store_lost);
}

static bool is_store(MDB_env *env)
{
    const char *path = NULL, *slash;

    (void)mdb_env_get_path(env, &path);
    slash = path == NULL ? NULL : strrchr(path, '/');
    return slash != NULL && strcmp(slash, "/store") == 0;
}

static void begin_panic(MDB_env *env)
{
    for (size_t i = 0; i < PANICS_MAX; i++) {
        MDB_env *none = NULL;

        if (atomic_compare_exchange_strong(&panics[i], &none, env))
            break;
    }
    if (is_store(env))
        atomic_store(&calls->is_store_lost, true);
}

static bool is_in_panic(MDB_env *env)
{
    for (size_t i = 0; i < PANICS_MAX; i++)
        if (atomic_load(&panics[i]) == env)
            return true;
    return false;
}

static void end_panic(MDB_env *env)
{
    for (size_t i = 0; i < PANICS_MAX; i++) {
        MDB_env *same = env;

        (void)atomic_compare_exchange_strong(&panics[i], &same, NULL);
    }
}

static const struct lmdb_code *choose(enum lmdb_call call)
{
    unsigned count = 0;

    while (lmdb_code_of(call, count) != NULL)
        count++;
    return lmdb_code_of(call, calls->code_no % count);
}

/* Counts a call; when it is to fail, how. `env` may be NULL where it cannot be fatal. */
static struct lmdb_code next(enum lmdb_call call, MDB_env *env)
{
    const struct lmdb_code *code;
    long number, fails_at;

    if (calls == NULL || !atomic_load(&calls->counting))
        return (struct lmdb_code){0};
    number = atomic_fetch_add(&calls->made, 1) + 1;
    if (number <= LMDB_CALLS_KEPT)
        calls->kinds[number - 1] = (uint8_t)call;
    fails_at = atomic_load(&calls->fails_at);
    if (fails_at >= 0 ? number != fails_at
                      : call != LMDB_COMMIT || atomic_load(&calls->commits) + 1 != -fails_at)
        return (struct lmdb_code){0};
    code = choose(call);
    if (code->is_fatal)
        begin_panic(env);
    return *code;
}

/* --- the functions ---------------------------------------------------------------------------- */

#define WRAP(call, name, parameters, arguments)                                                    \
    int __real_##name parameters;                                                                  \
    int __wrap_##name parameters;                                                                  \
    int __wrap_##name parameters                                                                   \
    {                                                                                              \
        struct lmdb_code code = next(call, NULL);                                                  \
        int rc = code.code == 0 || code.is_after ? __real_##name arguments : 0;                    \
                                                                                                   \
        return code.code != 0 ? code.code : rc;                                                    \
    }

WRAP(LMDB_ENV_CREATE, mdb_env_create, (MDB_env * *env), (env))
WRAP(LMDB_ENV_SET, mdb_env_set_maxreaders, (MDB_env * env, unsigned n), (env, n))
WRAP(LMDB_ENV_SET, mdb_env_set_maxdbs, (MDB_env * env, MDB_dbi n), (env, n))
WRAP(LMDB_ENV_SET, mdb_env_set_mapsize, (MDB_env * env, size_t n), (env, n))
WRAP(LMDB_ENV_SET, mdb_env_set_userctx, (MDB_env * env, void *context), (env, context))
WRAP(LMDB_ENV_SET, mdb_env_set_assert, (MDB_env * env, MDB_assert_func *f), (env, f))
WRAP(LMDB_ENV_OPEN, mdb_env_open,
     (MDB_env * env, const char *path, unsigned flags, mdb_mode_t mode), (env, path, flags, mode))
WRAP(LMDB_ENV_SYNC, mdb_env_sync, (MDB_env * env, int force), (env, force))
WRAP(LMDB_ENV_COPY, mdb_env_copyfd2, (MDB_env * env, mdb_filehandle_t fd, unsigned flags),
     (env, fd, flags))
WRAP(LMDB_ENV_TELL, mdb_env_info, (MDB_env * env, MDB_envinfo *info), (env, info))
WRAP(LMDB_ENV_TELL, mdb_env_stat, (MDB_env * env, MDB_stat *stat), (env, stat))
WRAP(LMDB_ENV_TELL, mdb_reader_check, (MDB_env * env, int *dead), (env, dead))
WRAP(LMDB_DBI_OPEN, mdb_dbi_open, (MDB_txn * txn, const char *name, unsigned flags, MDB_dbi *dbi),
     (txn, name, flags, dbi))
WRAP(LMDB_DROP, mdb_drop, (MDB_txn * txn, MDB_dbi dbi, int del), (txn, dbi, del))
WRAP(LMDB_STAT, mdb_stat, (MDB_txn * txn, MDB_dbi dbi, MDB_stat *stat), (txn, dbi, stat))
WRAP(LMDB_GET, mdb_get, (MDB_txn * txn, MDB_dbi dbi, MDB_val *key, MDB_val *data),
     (txn, dbi, key, data))
WRAP(LMDB_PUT, mdb_put, (MDB_txn * txn, MDB_dbi dbi, MDB_val *key, MDB_val *data, unsigned flags),
     (txn, dbi, key, data, flags))
WRAP(LMDB_DEL, mdb_del, (MDB_txn * txn, MDB_dbi dbi, MDB_val *key, MDB_val *data),
     (txn, dbi, key, data))
WRAP(LMDB_CURSOR_OPEN, mdb_cursor_open, (MDB_txn * txn, MDB_dbi dbi, MDB_cursor **cursor),
     (txn, dbi, cursor))
WRAP(LMDB_CURSOR_GET, mdb_cursor_get,
     (MDB_cursor * cursor, MDB_val *key, MDB_val *data, MDB_cursor_op op), (cursor, key, data, op))

void __real_mdb_env_close(MDB_env *env);
void __wrap_mdb_env_close(MDB_env *env);
void __wrap_mdb_env_close(MDB_env *env)
{
    end_panic(env);
    __real_mdb_env_close(env);
}

int __real_mdb_txn_begin(MDB_env *env, MDB_txn *parent, unsigned flags, MDB_txn **txn);
int __wrap_mdb_txn_begin(MDB_env *env, MDB_txn *parent, unsigned flags, MDB_txn **txn);
int __wrap_mdb_txn_begin(MDB_env *env, MDB_txn *parent, unsigned flags, MDB_txn **txn)
{
    struct lmdb_code code = next(flags & MDB_RDONLY ? LMDB_TXN_READ : LMDB_TXN_WRITE, env);

    if (code.code != 0)
        return code.code;
    return is_in_panic(env) ? MDB_PANIC : __real_mdb_txn_begin(env, parent, flags, txn);
}

int __real_mdb_txn_renew(MDB_txn *txn);
int __wrap_mdb_txn_renew(MDB_txn *txn);
int __wrap_mdb_txn_renew(MDB_txn *txn)
{
    MDB_env *env = mdb_txn_env(txn);
    struct lmdb_code code = next(LMDB_TXN_RENEW, env);

    if (code.code != 0)
        return code.code;
    return is_in_panic(env) ? MDB_PANIC : __real_mdb_txn_renew(txn);
}

/* Reads are ended by a commit as well, to keep the handles opened in them; they have the number of
 * a commit that was before. */
static bool is_reading(MDB_txn *txn)
{
    MDB_envinfo info;

    return __real_mdb_env_info(mdb_txn_env(txn), &info) != 0 ||
           mdb_txn_id(txn) <= info.me_last_txnid;
}

static void step_beside_commit(long step)
{
    if (step == calls->kills_at)
        _exit(LMDB_KILLED);
}

/* The transaction is gone in either case, as with LMDB. */
int __real_mdb_txn_commit(MDB_txn *txn);
int __wrap_mdb_txn_commit(MDB_txn *txn);
int __wrap_mdb_txn_commit(MDB_txn *txn)
{
    struct lmdb_code code = {0};
    long commit = 0;
    int rc = 0;

    if (!is_reading(txn)) {
        code = next(LMDB_COMMIT, mdb_txn_env(txn));
        if (calls != NULL && atomic_load(&calls->counting))
            commit = atomic_fetch_add(&calls->commits, 1) + 1;
    }
    if (commit > 0)
        step_beside_commit(2 * commit - 1);
    if (code.code == 0 || code.is_after)
        rc = __real_mdb_txn_commit(txn);
    else
        mdb_txn_abort(txn);
    if (commit > 0)
        step_beside_commit(2 * commit);
    return code.code != 0 ? code.code : rc;
}
