#include "intake/rules/rules_cache.h"

#include "intake/rules/rules.h"

#include <pthread.h>
#include <stdlib.h>

struct rules_cache {
    pthread_mutex_t lock;
    bool is_filled;
    struct table_sum sum; /* of table rules when they were read */
    struct rules rules;
};

enum status rules_cache_new(struct rules_cache **out, struct error *err)
{
    struct rules_cache *cache = calloc(1, sizeof *cache);

    if (cache == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for the rules");
    (void)pthread_mutex_init(&cache->lock, NULL);
    *out = cache;
    return AF_OK;
}

void rules_cache_free(struct rules_cache *cache)
{
    if (cache == NULL)
        return;
    rules_release(&cache->rules);
    (void)pthread_mutex_destroy(&cache->lock);
    free(cache);
}

/* Another hand on the same documents. */
static struct rules share(const struct rules *rules)
{
    struct rules shared = *rules;

    for (unsigned i = 0; i < RULES_KINDS; i++)
        (void)json_incref(shared.docs[i]);
    (void)json_incref(shared.retired);
    return shared;
}

static bool find(struct rules_cache *cache, struct table_sum sum, struct rules *out)
{
    bool found;

    (void)pthread_mutex_lock(&cache->lock);
    found = cache->is_filled && cache->sum.count == sum.count && cache->sum.sum == sum.sum;
    if (found)
        *out = share(&cache->rules);
    (void)pthread_mutex_unlock(&cache->lock);
    return found;
}

enum status rules_cache_load(struct rules_cache *cache, struct txn *txn, struct rules *out,
                             struct error *err)
{
    const struct table_sum sum = store_sum(txn, TABLE_RULES);
    struct rules old = {0};
    enum status status;

    if (find(cache, sum, out))
        return AF_OK;
    if ((status = rules_load(txn, out, err)) != AF_OK)
        return status;
    (void)pthread_mutex_lock(&cache->lock);
    old = cache->rules;
    cache->rules = share(out);
    cache->sum = sum;
    cache->is_filled = true;
    (void)pthread_mutex_unlock(&cache->lock);
    rules_release(&old);
    return AF_OK;
}
