#include "indexer/build/run_walk.h"

#include "indexer/text/analyzer.h"

#include <stdlib.h>

#define NOBODY UINT32_MAX

/* Of two entries with equal keys: nearly all terms are no longer than their key. */
static int compare_long(const struct run_entry *x, const struct run_entry *y)
{
    return x->term.len <= TERM_KEY_BYTES && x->term.len == y->term.len
               ? 0
               : bytes_compare(x->term, y->term);
}

static bool is_before(const struct run_walk *walk, uint32_t a, uint32_t b)
{
    const struct run_source *x = &walk->sources[a], *y = &walk->sources[b];
    int order;

    if (!x->has || !y->has)
        return x->has;
    if (x->entry.key != y->entry.key)
        return x->entry.key < y->entry.key;
    order = compare_long(&x->entry, &y->entry);
    return order != 0 ? order < 0 : a < b;
}

/* `source` has another entry, or came in: it plays its way up. */
static void play(struct run_walk *walk, uint32_t source)
{
    uint32_t winner = source;

    for (uint32_t node = (source + walk->count) / 2; node > 0; node /= 2) {
        uint32_t other = walk->losers[node];

        if (other == NOBODY) { /* while the tree is filled: waits for whom comes from there */
            walk->losers[node] = winner;
            return;
        }
        if (is_before(walk, other, winner)) {
            walk->losers[node] = winner;
            winner = other;
        }
    }
    walk->losers[0] = winner;
}

enum status run_walk_open(struct run_walk *walk, struct run_store *store,
                          struct run_list *const *lists, uint32_t count, struct run_range range,
                          struct error *err)
{
    enum status status = AF_OK;

    *walk = (struct run_walk){.count = count};
    if (count == 0)
        return AF_OK;
    walk->sources = calloc(count, sizeof *walk->sources);
    walk->losers = malloc(count * sizeof *walk->losers);
    if (walk->sources == NULL || walk->losers == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for indexing cases");
    for (uint32_t i = 0; i < count; i++) {
        run_reader_init(&walk->sources[i].reader, store, lists[i], range);
        walk->losers[i] = NOBODY;
    }
    for (uint32_t i = 0; status == AF_OK && i < count; i++) {
        struct run_source *source = &walk->sources[i];

        status = run_next_entry(&source->reader, &source->entry, &source->has, err);
    }
    for (uint32_t i = 0; status == AF_OK && i < count; i++)
        play(walk, i);
    return status;
}

void run_walk_release(struct run_walk *walk)
{
    for (uint32_t i = 0; walk->sources != NULL && i < walk->count; i++)
        run_reader_release(&walk->sources[i].reader);
    free(walk->sources);
    free(walk->losers);
    *walk = (struct run_walk){0};
}

enum status run_walk_next(struct run_walk *walk, struct error *err)
{
    struct run_source *source = &walk->sources[walk->losers[0]];
    enum status status = run_next_entry(&source->reader, &source->entry, &source->has, err);

    if (status == AF_OK)
        play(walk, walk->losers[0]);
    return status;
}
