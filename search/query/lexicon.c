#include "search/query/lexicon.h"

#include "indexer/segment/bloom.h"
#include "indexer/text/analyzer.h"

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

enum status lexicon_may_have(const struct lexicon *lexicon, struct bytes term, bool *may,
                             struct error *err)
{
    uint32_t hash = bloom_hash(term);
    enum status status = AF_OK;

    *may = false;
    for (uint32_t i = 0; i < lexicon->segments && !*may && status == AF_OK; i++)
        status = segment_may_have(snapshot_segment(lexicon->snapshot, i), hash, may, err);
    return status;
}

/* --- walking all segments in step --- */

struct head {
    struct term_cursor *cursor;
    struct term_entry entry;
    bool has;      /* the cursor is on an entry */
    bool is_least; /* and that is the term in hand */
};

struct heads {
    struct head *list;
    uint32_t count;
    uint8_t term[TERM_BYTES_MAX]; /* the one in hand; the cursors move on under it */
    size_t term_len;
};

static void drop_heads(const struct heads *heads)
{
    for (uint32_t i = 0; i < heads->count; i++)
        term_cursor_close(heads->list[i].cursor);
}

static enum status open_heads(const struct lexicon *lexicon, struct bytes from, struct heads *heads,
                              struct error *err)
{
    enum status status = AF_OK;

    heads->count = 0;
    heads->list = arena_array(lexicon->arena, lexicon->segments, sizeof *heads->list);
    if (heads->list == NULL)
        return arena_exhausted(lexicon->arena, err);
    while (status == AF_OK && heads->count < lexicon->segments) {
        const struct segment *segment = snapshot_segment(lexicon->snapshot, heads->count);
        struct head *head = &heads->list[heads->count];

        status = term_cursor_open(segment, from, lexicon->arena, &head->cursor, err);
        if (status == AF_OK) {
            heads->count++;
            status = term_cursor_next(head->cursor, &head->entry, &head->has, err);
        }
    }
    return status;
}

/* Finds the least term, and which heads have it; false when none is left. */
static bool least(struct heads *heads, uint64_t *df)
{
    const struct head *best = NULL;

    *df = 0;
    for (uint32_t i = 0; i < heads->count; i++) {
        struct head *head = &heads->list[i];
        int order = best == NULL ? -1 : 1;

        if (head->has && best != NULL)
            order = bytes_compare(head->entry.term, best->entry.term);
        head->is_least = head->has && order <= 0;
        if (!head->is_least)
            continue;
        if (order < 0) {
            for (uint32_t j = 0; j < i; j++)
                heads->list[j].is_least = false;
            best = head;
            *df = 0;
        }
        *df += head->entry.df;
    }
    if (best == NULL || best->entry.term.len > sizeof heads->term)
        return false;
    heads->term_len = best->entry.term.len;
    memcpy(heads->term, best->entry.term.data, heads->term_len);
    return true;
}

/* Moves the heads past the term in hand, or past all that begin with its first `len` bytes. */
static enum status move(struct heads *heads, size_t len, struct error *err)
{
    struct bytes beginning = bytes_of(heads->term, len < heads->term_len ? len : heads->term_len);
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && i < heads->count; i++) {
        struct head *head = &heads->list[i];

        if (len == LEXICON_NEXT && head->is_least)
            status = term_cursor_next(head->cursor, &head->entry, &head->has, err);
        else if (len != LEXICON_NEXT && head->has && bytes_has_prefix(head->entry.term, beginning))
            status = term_cursor_skip(head->cursor, beginning.len, &head->entry, &head->has, err);
    }
    return status;
}

enum status lexicon_walk(const struct lexicon *lexicon, struct bytes from, lexicon_visit_fn visit,
                         void *context, struct error *err)
{
    struct heads heads;
    uint64_t df;
    enum status status = open_heads(lexicon, from, &heads, err);

    while (status == AF_OK && least(&heads, &df)) {
        size_t skip = visit(context, bytes_of(heads.term, heads.term_len), df);

        if (skip == LEXICON_STOP)
            break;
        status = move(&heads, skip, err);
    }
    drop_heads(&heads);
    return status;
}

/* --- pieces --- */

static enum status find_piece(const struct lexicon *lexicon, const struct segment *segment,
                              uint8_t term_class, struct bytes piece, uint32_t *left,
                              lexicon_piece_fn visit, void *context, struct error *err)
{
    struct term_cursor *cursor;
    enum status status;
    bool found = true;

    status = term_cursor_open(segment, bytes_of(&term_class, 1), lexicon->arena, &cursor, err);
    if (status != AF_OK)
        return status;
    while (status == AF_OK && found) {
        struct term_entry entry;

        status = term_cursor_next_holding(cursor, term_class, piece, left, &entry, &found, err);
        if (status == AF_OK && found && !visit(context, entry.term))
            break;
    }
    term_cursor_close(cursor);
    return status;
}

enum status lexicon_find_piece(const struct lexicon *lexicon, uint8_t term_class,
                               struct bytes piece, uint32_t *left, lexicon_piece_fn visit,
                               void *context, struct error *err)
{
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && i<lexicon->segments && * left> 0; i++)
        status = find_piece(lexicon, snapshot_segment(lexicon->snapshot, i), term_class, piece,
                            left, visit, context, err);
    return status;
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
