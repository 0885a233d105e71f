/* run_walk.h: the entries of many runs in one order, each source's own order kept among equals.
 *
 * A tree of losers: the next entry costs one comparison a level, nearly always of two numbers. */
#ifndef ASKFIRST_INDEXER_BUILD_RUN_WALK_H
#define ASKFIRST_INDEXER_BUILD_RUN_WALK_H

#include "indexer/build/run.h"

struct run_source {
    struct run_reader reader;
    struct run_entry entry;
    bool has;
};

struct run_walk {
    struct run_source *sources;
    uint32_t count;
    uint32_t *losers; /* [0]: the winner; [i]: who lost at node i */
};

/* Source i reads the range of lists[i]; what it gives has i as its number. Release after a failure
 * too. */
enum status run_walk_open(struct run_walk *walk, struct run_store *store,
                          struct run_list *const *lists, uint32_t count, struct run_range range,
                          struct error *err) MUST_USE;
void run_walk_release(struct run_walk *walk);

/* The source whose entry is the smallest; NULL at the end. Borrowed until run_walk_next. */
static inline const struct run_source *run_walk_first(const struct run_walk *walk)
{
    const struct run_source *first;

    if (walk->count == 0)
        return NULL;
    first = &walk->sources[walk->losers[0]];
    return first->has ? first : NULL;
}

static inline uint32_t run_walk_number(const struct run_walk *walk)
{
    return walk->losers[0];
}

enum status run_walk_next(struct run_walk *walk, struct error *err) MUST_USE;

#endif
