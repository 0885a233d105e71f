/* The library's cases as the source of an index. */
#include "indexer/index_learned.h"
#include "indexer/index_source.h"

static enum status read_version(struct txn *txn, struct bytes id, uint32_t version, json_t **out,
                                struct error *err)
{
    struct article_ref ref;
    enum status status = article_find_version(txn, id, version, &ref, err);

    return status == AF_OK ? article_read(txn, &ref, out, err) : status;
}

const struct index_source index_cases = {
    .folder = "index",
    .learns = true,
    .entry = index_view_entry,
    .find = article_find,
    .read = read_version,
};
