/* index_source.h: whose documents an index has: the library's cases, or others that the same
 * engine shall find, from a layer above (intake/ticket/ticket_source.h: tickets).
 *
 *   entry 17 of the journal ── entry() ──► documents as they are now ──► analysed, found
 *   a hit                   ── read()  ──► its text, for snippets and quoted phrases
 *
 * A document is looked at as a case is (data/article_view.h), whatever it is made of: compact JSON
 * with "id", "lang", "title" and what else field.h knows. Its number is its own for ever, and not
 * 0; its version rises. What it says depends on the store alone, so that an index can be thrown
 * away and made again. */
#ifndef ASKFIRST_INDEXER_INDEX_SOURCE_H
#define ASKFIRST_INDEXER_INDEX_SOURCE_H

#include "data/article_view.h"

struct index_source {
    const char *folder; /* of the store's: "index" */
    bool learns;        /* from use (index_learned.h): its ids are those of cases */

    /* Calls `each` for the documents that entry `seq` was the last to change, with ref->seq the
     * same. Of those the index may have an older one it needs the numbers: a version above 1 says
     * so by itself, others are appended to `replaced` (be32). `since`: the last entry the index
     * has. */
    enum status (*entry)(struct txn *txn, uint64_t seq, uint64_t since, struct buf *replaced,
                         article_view_fn each, void *context, struct error *err);

    /* Number and version of what is to be found now; AF_NOT_FOUND. */
    enum status (*find)(struct txn *txn, struct bytes id, struct article_ref *out,
                        struct error *err);

    /* The text of a version that an index has; where versions are not kept, of the newest. The
     * caller owns it. */
    enum status (*read)(struct txn *txn, struct bytes id, uint32_t version, json_t **out,
                        struct error *err);
};

extern const struct index_source index_cases; /* the library, in DIR/index */

/* index_open() (index.h) with another source than the library: an index beside it. */
struct index;
enum status index_open_source(struct store *store, enum store_mode mode,
                              const struct index_source *source, struct index **out,
                              struct error *err) MUST_USE;

struct snapshot;
const struct index_source *snapshot_source(const struct snapshot *snapshot);

#endif
