/* stem_groups.h: gathers which words of a segment share a stem while its terms are written, and
 * writes the groups after them.
 *
 * Words come in order, so a group's surfaces rise of themselves; groups are sorted by language and
 * stem, as runs (run.h) when there are more of them than STEM_GROUPS_BYTES. */
#ifndef ASKFIRST_INDEXER_BUILD_STEM_GROUPS_H
#define ASKFIRST_INDEXER_BUILD_STEM_GROUPS_H

#include "indexer/build/keysort.h"
#include "indexer/build/run.h"
#include "indexer/segment/segment_write.h"
#include "indexer/text/stem.h"

#define STEM_GROUPS_BYTES (32u << 20)

struct stem_groups {
    struct run_store *store;
    struct stemmer *stemmer;
    struct buf bytes, key; /* language, 0, stem, word; … */
    struct keyed *items;
    struct stem_member *members;
    uint32_t count, room;
    struct run_list *runs;
    uint32_t runs_count;
};

void stem_groups_init(struct stem_groups *groups, struct run_store *store, struct stemmer *stemmer);
void stem_groups_release(struct stem_groups *groups);
/* A word (without its class) of documents in a language. Words rise. */
enum status stem_groups_add(struct stem_groups *groups, const char *lang, struct bytes word,
                            struct error *err) MUST_USE;
enum status stem_groups_write(struct stem_groups *groups, struct segment_writer *writer,
                              struct error *err) MUST_USE;

#endif
