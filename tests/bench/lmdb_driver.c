/* lmdb_driver.c: no engine: one durable LMDB commit that puts an article's bytes under its id.
 * It is what a save cannot be cheaper than; it finds what it saved by asking for nothing. */
#include "tests/bench/driver.h"

#include "tests/bench/text.h"

#include <lmdb.h>
#include <stdlib.h>
#include <sys/stat.h>

static void check(int code)
{
    if (code != MDB_SUCCESS)
        die("lmdb: %s", mdb_strerror(code));
}

static void *driver_open(const char *dir, bool write)
{
    MDB_env *env;

    (void)write;
    mkdir(dir, 0755);
    check(mdb_env_create(&env));
    check(mdb_env_set_mapsize(env, (size_t)1 << 30));
    check(mdb_env_open(env, dir, 0, 0644));
    return env;
}

static void *driver_session(void *engine)
{
    return engine;
}

static void driver_search(void *session, const char *name, const char *query, struct hits *out)
{
    (void)session;
    (void)name;
    hits_add(out, query, strlen(query));
}

static void driver_save(void *engine, const char *article)
{
    struct row row;
    MDB_txn *txn;
    MDB_dbi dbi;
    MDB_val key, value = {strlen(article), (void *)(uintptr_t)article};

    if (!row_parse(bytes_str(article), &row))
        die("lmdb: an article has too few fields");
    key = (MDB_val){row.id.len, (void *)(uintptr_t)row.id.data};
    check(mdb_txn_begin(engine, NULL, 0, &txn));
    check(mdb_dbi_open(txn, NULL, 0, &dbi));
    check(mdb_put(txn, dbi, &key, &value, 0));
    check(mdb_txn_commit(txn));
}

static void driver_build(const char *dir, const char *corpus, struct built *out)
{
    (void)corpus;
    (void)out;
    mdb_env_close(driver_open(dir, true));
}

static void driver_close(void *engine)
{
    mdb_env_close(engine);
}

int main(int argc, char **argv)
{
    static const struct driver driver = {
        .build = driver_build,
        .open = driver_open,
        .session = driver_session,
        .search = driver_search,
        .save = driver_save,
        .close = driver_close,
    };

    return driver_main(&driver, argc, argv);
}
