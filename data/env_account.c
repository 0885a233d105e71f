/* Do the pages of a file fit together?
 *
 * LMDB believes its list of free pages, and whatever its own trees say: a page that is free and
 * used is written over, one that is no page ends the process. So each page is counted where it is
 * named: once, as a page of a tree, of a long value, or a free one.
 *
 *   meta page ──► free:  key u64 ─► | count u64 | count × page u64, falling |
 *             └─► names: name ─► record of a named database ─► its tree */
#include "data/env.h"

#include <stdlib.h>

enum { META_FREE = 40, META_NAMES = 88, META_TXN = 144, RECORD_FLAGS = 4, RECORD_ROOT = 40 };
#define FLAGS_FREE 0x08u      /* its keys are numbers */
#define FLAGS_OF_FILE 0x4000u /* how the file was made stands beside it: by its own name */

struct account {
    struct pages pages;
    const char *only;
    uint8_t *named;             /* a bit a page */
    uint64_t txn, freed_before; /* the newest; the one whose free pages were taken last */
};

static uint64_t u64_at(const uint8_t *at)
{
    uint64_t v;

    memcpy(&v, at, 8);
    return v;
}

static enum status damaged(const char *what, struct error *err)
{
    return error_set(err, AF_CORRUPT, "its pages do not fit together: %s", what);
}

static enum status take(struct account *account, uint64_t first, uint64_t count, struct error *err)
{
    for (uint64_t i = first; i < first + count; i++) {
        if ((account->named[i / 8] & 1u << i % 8) != 0)
            return damaged("one is named twice", err);
        account->named[i / 8] |= (uint8_t)(1u << i % 8);
    }
    return AF_OK;
}

static enum status take_page(void *context, uint64_t number, struct error *err)
{
    return take(context, number, 1, err);
}

static enum status take_value(void *context, const struct page_node *node, struct error *err)
{
    struct account *account = context;

    if (node->page == 0)
        return AF_OK;
    if (!pages_is_overflow(&account->pages, node))
        return damaged("a long value does not begin as it should", err);
    return take(account, node->page, pages_overflow(&account->pages, node->value.len), err);
}

/* Pages that a transaction has freed: their numbers fall, and those of the transactions rise. */
static bool is_next_freed(struct account *account, struct bytes key)
{
    uint64_t before = account->freed_before;

    if (key.len != 8)
        return false;
    account->freed_before = u64_at(key.data);
    return account->freed_before > before && account->freed_before <= account->txn;
}

static enum status take_free(void *context, const struct page_node *node, struct error *err)
{
    struct account *account = context;
    uint64_t count = node->value.len < 8 ? UINT64_MAX : u64_at(node->value.data);
    uint64_t before = account->pages.count;
    enum status status = take_value(context, node, err);

    if (status != AF_OK)
        return status;
    if (node->flags == NODE_RECORD || !is_next_freed(account, node->key) ||
        count > node->value.len / 8 - 1)
        return damaged("a list of free ones is damaged", err);
    for (uint64_t i = 1; status == AF_OK && i <= count; i++) {
        uint64_t number = u64_at(node->value.data + i * 8);

        if (number < 2 || number >= before)
            return damaged("a list of free ones is damaged", err);
        status = take(account, number, 1, err);
        before = number;
    }
    return status;
}

/* A database; of those that are not walked the first page is looked at. */
static enum status take_named(void *context, const struct page_node *node, struct error *err)
{
    struct account *account = context;
    const struct pages_visitor visitor = {take_page, take_value, account};
    uint64_t root;

    if (node->flags != NODE_RECORD || !pages_root(node->value, &root))
        return damaged("a name is damaged", err);
    if (account->only == NULL || bytes_equal(node->key, bytes_str(account->only)))
        return pages_walk(&account->pages, root, &visitor, err);
    return root == PAGES_NONE || pages_is_sound(&account->pages, root)
               ? AF_OK
               : damaged("a database begins nowhere", err);
}

static enum status take_all(struct account *account, const uint8_t *meta, struct error *err)
{
    const struct pages_visitor free_pages = {take_page, take_free, account};
    const struct pages_visitor names = {take_page, take_named, account};
    uint16_t free_flags, names_flags;
    enum status status;

    memcpy(&free_flags, meta + META_FREE + RECORD_FLAGS, 2);
    memcpy(&names_flags, meta + META_NAMES + RECORD_FLAGS, 2);
    if ((free_flags & ~FLAGS_OF_FILE) != FLAGS_FREE || names_flags != 0)
        return damaged("its first page is damaged", err);
    status = pages_walk(&account->pages, u64_at(meta + META_FREE + RECORD_ROOT), &free_pages, err);
    if (status != AF_OK)
        return status;
    return pages_walk(&account->pages, u64_at(meta + META_NAMES + RECORD_ROOT), &names, err);
}

#define TRIES_MAX 20 /* each later commit but one takes its place */

/* The meta page of the transaction, copied. */
static bool copy_meta(const struct env *env, uint64_t txn, uint8_t *meta)
{
    size_t page_bytes = env_pages(env).page_bytes;

    memcpy(meta, env->pages + txn % 2 * page_bytes, META_TXN + 8);
    return u64_at(meta + META_TXN) == txn;
}

static enum status begin(const struct env *env, MDB_txn **txn, uint8_t *meta, struct error *err)
{
    for (int i = 0; i < TRIES_MAX; i++) {
        int rc = mdb_txn_begin(env->mdb, NULL, MDB_RDONLY, txn);

        if (rc != 0)
            return env_status(env, rc, "looking at the pages", err);
        if (copy_meta(env, mdb_txn_id(*txn), meta))
            return AF_OK;
        mdb_txn_abort(*txn);
    }
    *txn = NULL;
    return error_set(err, AF_BUSY, "%s is written too fast to be looked at", env->what);
}

enum status env_account(const struct env *env, const char *only, struct error *err)
{
    struct account account = {.only = only};
    uint8_t meta[META_TXN + 8] = {0};
    MDB_txn *txn = NULL;
    enum status status = begin(env, &txn, meta, err);

    if (status != AF_OK)
        return status;
    account.txn = u64_at(meta + META_TXN);
    account.pages = env_pages(env); /* after: it has all that the transaction has */
    account.named = calloc(account.pages.count / 8 + 1, 1);
    if (account.named == NULL)
        status = error_set(err, AF_NO_MEMORY, "no memory to look at the pages");
    if (status == AF_OK)
        status = take_all(&account, meta, err);
    if (status == AF_CORRUPT)
        error_prefix(err, "%s in %s", env->what, env->dir);
    mdb_txn_abort(txn);
    free(account.named);
    return status;
}
