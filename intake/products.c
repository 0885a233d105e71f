#include "intake/products.h"

#include "data/article.h"
#include "data/base/clock.h"

#include <pthread.h>
#include <stdlib.h>

struct products {
    pthread_mutex_t lock;
    int64_t read_ms;                /* 0: never */
    json_t *counts[AUDIENCE_COUNT]; /* name → cases this audience may see */
};

enum status products_new(struct products **out, struct error *err)
{
    struct products *products = calloc(1, sizeof *products);

    if (products == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for the list of products");
    (void)pthread_mutex_init(&products->lock, NULL);
    *out = products;
    return AF_OK;
}

static void drop(json_t *counts[AUDIENCE_COUNT])
{
    for (unsigned i = 0; i < AUDIENCE_COUNT; i++) {
        json_decref(counts[i]);
        counts[i] = NULL;
    }
}

void products_free(struct products *products)
{
    if (products == NULL)
        return;
    drop(products->counts);
    (void)pthread_mutex_destroy(&products->lock);
    free(products);
}

static enum status count_segment(const struct segment *segment, json_t *counts[AUDIENCE_COUNT],
                                 struct error *err)
{
    for (uint32_t doc = 0; doc < segment_docs(segment); doc++) {
        struct document document;
        enum status status;

        if (!segment_is_live(segment, doc))
            continue;
        if ((status = segment_document(segment, doc, &document, err)) != AF_OK)
            return status;
        for (unsigned i = document.audience; document.product.len > 0 && i < AUDIENCE_COUNT; i++) {
            const char *name = (const char *)document.product.data;
            const json_t *old = json_object_getn(counts[i], name, document.product.len);

            if (json_object_setn_new(counts[i], name, document.product.len,
                                     json_integer(json_integer_value(old) + 1)) != 0)
                return error_set(err, AF_NO_MEMORY, "no memory for the list of products");
        }
    }
    return AF_OK;
}

static enum status read_all(struct store *store, struct index *index,
                            json_t *counts[AUDIENCE_COUNT], struct error *err)
{
    struct snapshot *snapshot = NULL;
    struct txn *txn;
    enum status status = store_begin_read(store, &txn, err);

    if (status != AF_OK)
        return status;
    status = snapshot_acquire(index, txn, &snapshot, err);
    txn_abort(txn);
    for (uint32_t i = 0; status == AF_OK && i < snapshot_segments(snapshot); i++)
        status = count_segment(snapshot_segment(snapshot, i), counts, err);
    snapshot_release(snapshot);
    return status;
}

/* Called with the lock: whoever comes meanwhile waits for this list instead of making another. */
static enum status refresh(struct products *products, struct store *store, struct index *index,
                           struct error *err)
{
    json_t *counts[AUDIENCE_COUNT] = {0};
    int64_t now_ms = clock_steady_us() / 1000 + 1;
    enum status status = AF_OK;

    if (products->read_ms != 0 && now_ms - products->read_ms < PRODUCTS_KEEP_MS)
        return AF_OK;
    for (unsigned i = 0; i < AUDIENCE_COUNT; i++)
        if ((counts[i] = json_object()) == NULL)
            status = error_set(err, AF_NO_MEMORY, "no memory for the list of products");
    if (status == AF_OK)
        status = read_all(store, index, counts, err);
    if (status != AF_OK) {
        drop(counts);
        return status;
    }
    drop(products->counts);
    memcpy(products->counts, counts, sizeof counts);
    products->read_ms = now_ms;
    return AF_OK;
}

struct named {
    struct bytes name;
    json_int_t cases;
};

static int commonest_first(const void *left, const void *right)
{
    const struct named *a = left, *b = right;

    if (a->cases != b->cases)
        return a->cases < b->cases ? 1 : -1;
    return bytes_compare(a->name, b->name);
}

static enum status sorted_copy(const json_t *counts, struct arena *arena,
                               const struct bytes **names, size_t *count, struct error *err)
{
    size_t total = json_object_size(counts), n = 0;
    struct named *list = arena_array(arena, total, sizeof *list);
    struct bytes *out = arena_array(arena, total, sizeof *out);
    const char *name;
    json_t *cases;

    if (list == NULL || out == NULL)
        return arena_exhausted(arena, err);
    json_object_foreach((json_t *)(uintptr_t)counts, name, cases)
    {
        list[n].name = arena_copy(arena, bytes_str(name));
        list[n].cases = json_integer_value(cases);
        if (list[n++].name.data == NULL)
            return arena_exhausted(arena, err);
    }
    if (n > 0)
        qsort(list, n, sizeof *list, commonest_first);
    *count = n < PRODUCTS_MAX ? n : PRODUCTS_MAX;
    for (size_t i = 0; i < *count; i++)
        out[i] = list[i].name;
    *names = out;
    return AF_OK;
}

enum status products_list(struct products *products, struct store *store, struct index *index,
                          uint8_t audience, struct arena *arena, const struct bytes **names,
                          size_t *count, struct error *err)
{
    enum status status;

    (void)pthread_mutex_lock(&products->lock);
    status = refresh(products, store, index, err);
    if (status == AF_OK)
        status = sorted_copy(products->counts[audience < AUDIENCE_COUNT ? audience : 0], arena,
                             names, count, err);
    (void)pthread_mutex_unlock(&products->lock);
    return status;
}
