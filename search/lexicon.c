#include "search/lexicon.h"

struct lexicon lexicon_of(const struct snapshot *snapshot, struct stemmer *stemmer,
                          struct arena *arena)
{
    return (struct lexicon){.snapshot = snapshot,
                            .segments = snapshot_segments(snapshot),
                            .docs = snapshot_totals(snapshot).docs_all,
                            .stemmer = stemmer,
                            .arena = arena};
}

enum status lexicon_find(const struct lexicon *lexicon, struct bytes term, uint64_t *df,
                         const struct term_entry **entries, struct error *err)
{
    struct term_entry *all = NULL;
    enum status status;

    *df = 0;
    *entries = NULL;
    for (uint32_t i = 0; i < lexicon->segments; i++) {
        const struct segment *segment = snapshot_segment(lexicon->snapshot, i);
        struct term_entry entry;
        bool found;

        if ((status = segment_find(segment, term, &entry, &found, err)) != AF_OK)
            return status;
        if (!found || entry.df == 0)
            continue;
        if (all == NULL &&
            (all = arena_array(lexicon->arena, lexicon->segments, sizeof *all)) == NULL)
            return arena_exhausted(lexicon->arena, err);
        all[i] = entry;
        all[i].term = term;
        *df += entry.df;
    }
    *entries = all;
    return AF_OK;
}

static enum status walk_segment(const struct segment *segment, struct bytes from,
                                struct arena *arena, lexicon_visit_fn visit, void *context,
                                struct error *err)
{
    struct term_cursor *cursor;
    enum status status;
    bool found = true;

    if ((status = term_cursor_open(segment, from, arena, &cursor, err)) != AF_OK)
        return status;
    while (found) {
        struct term_entry entry;

        if ((status = term_cursor_next(cursor, &entry, &found, err)) != AF_OK)
            break;
        if (found && !visit(context, entry.term, entry.df))
            break;
    }
    term_cursor_close(cursor);
    return status;
}

enum status lexicon_walk(const struct lexicon *lexicon, struct bytes from, lexicon_visit_fn visit,
                         void *context, struct error *err)
{
    for (uint32_t i = 0; i < lexicon->segments; i++) {
        enum status status = walk_segment(snapshot_segment(lexicon->snapshot, i), from,
                                          lexicon->arena, visit, context, err);

        if (status != AF_OK)
            return status;
    }
    return AF_OK;
}

struct bytes lexicon_term(const struct lexicon *lexicon, uint8_t term_class, struct bytes text)
{
    uint8_t *at = arena_alloc(lexicon->arena, text.len + 1);

    if (at == NULL)
        return BYTES_NONE;
    at[0] = term_class;
    if (text.len > 0)
        memcpy(at + 1, text.data, text.len);
    return bytes_of(at, text.len + 1);
}
