/* index_learned.h: following the journal, with what cases have learned from use (data/learned.h).
 *
 * A case is added with all that it has learned by now, and once more when a later command taught
 * it something: as a new version would be. Of several such commands only the last one counts, and
 * none when the case itself is newer than what the index has: then it comes, or came, with it.
 * Where the tables of what was learned are damaged, cases are found by their own words: check says
 * it, and `ledger recompute --repair` tells them once more. */
#ifndef ASKFIRST_INDEXER_INDEX_LEARNED_H
#define ASKFIRST_INDEXER_INDEX_LEARNED_H

#include "data/article_view.h"
#include "data/learned.h"
#include "indexer/build/segment_build.h"

/* Scratch of one thread that follows the journal; zeroed: empty. */
struct index_learner {
    bool is_off; /* the documents are no cases */
    struct learned *learned;
    struct buf id;
};
void index_learner_release(struct index_learner *learner);

/* segment_builder_add() with what the case has learned. */
enum status index_add_case(struct index_learner *learner, struct txn *txn,
                           struct segment_builder *builder, const struct article_ref *ref,
                           const struct article_view *view, struct error *err) MUST_USE;

/* Has the case learned anything? False without memory to look. */
bool index_has_learned(struct txn *txn, const struct article_view *view);

/* article_view_entry(), and then the cases that entry `seq` taught; `since`: the last entry that
 * the index has, as the caller began with it. They come with ref->seq == seq, and their numbers
 * (be32) are appended to `replaced`: the index has an older document of each. */
enum status index_view_entry(struct txn *txn, uint64_t seq, uint64_t since, struct buf *replaced,
                             article_view_fn each, void *context, struct error *err) MUST_USE;

#endif
