#include "search/query/learned.h"

#include "indexer/segment/bloom.h"
#include "indexer/text/question.h"

/* Of most terms no segment has a learned form, which its filter says for a tenth of the price. */
static enum status find_in(const struct segment *segment, struct bytes term,
                           struct term_entry *entry, bool *found, struct error *err)
{
    enum status status = segment_may_have(segment, bloom_hash(term), found, err);

    return status == AF_OK && *found ? segment_find(segment, term, entry, found, err) : status;
}

/* As lexicon_find(), in the segments alone that learned anything. */
static enum status find(struct expansion *x, struct bytes term, uint64_t *df,
                        const struct term_entry **entries)
{
    const struct lexicon *lexicon = x->lexicon;
    struct term_entry *all = NULL;

    *df = 0;
    for (uint32_t i = 0; i < lexicon->segments; i++) {
        struct term_entry entry;
        bool found;
        enum status status;

        if (x->query->learned != NULL && x->query->learned[i].df == 0)
            continue;
        status = find_in(snapshot_segment(lexicon->snapshot, i), term, &entry, &found, x->err);
        if (status != AF_OK)
            return status;
        if (!found)
            continue;
        if (all == NULL &&
            (all = arena_array(lexicon->arena, lexicon->segments, sizeof *all)) == NULL)
            return arena_exhausted(lexicon->arena, x->err);
        all[i] = entry;
        all[i].term = term;
        *df += entry.df;
    }
    *entries = all;
    return AF_OK;
}

enum status learned_begin(struct expansion *x)
{
    static const uint8_t figures = TERM_LEARNED;
    struct query *query = x->query;
    uint8_t *whole;
    uint64_t df;
    enum status status;

    query->learned = query->repeats = NULL;
    if (!query->settings->uses)
        return AF_OK;
    status = find(x, bytes_of(&figures, 1), &df, &query->learned);
    if (status != AF_OK || df == 0)
        return status;
    if ((whole = arena_alloc(x->lexicon->arena, QUESTION_TERM_BYTES)) == NULL)
        return arena_exhausted(x->lexicon->arena, x->err);
    if (!question_term(query->folded, whole))
        return AF_OK;
    return find(x, bytes_of(whole, QUESTION_TERM_BYTES), &df, &query->repeats);
}

/* Those that learned_terms.c makes of the questions. */
static bool has_learned_form(const struct member *member)
{
    uint8_t class = member->term.data[0];

    return (member->reason & (REASON_EXACT | REASON_VARIANT)) != 0 &&
           member->term.len < TERM_BYTES_MAX &&
           (class == TERM_GRAM2 || class == TERM_WORD || class == TERM_NUMBER ||
            class == TERM_IDENT || class == TERM_SQUEEZED || class == TERM_THAI3);
}

enum status learned_forms(struct expansion *x, struct group *group)
{
    struct member *last = NULL;

    if (x->query->learned == NULL || x->query->settings->learned <= 0)
        return AF_OK;
    for (struct member *m = group->members; m != NULL; m = m->next)
        last = m;
    for (struct member *m = group->members; m != NULL; m = m == last ? NULL : m->next) {
        const struct term_entry *entries;
        struct bytes term;
        uint64_t df;
        enum status status;

        if (!has_learned_form(m))
            continue;
        term = lexicon_term(x->lexicon, TERM_LEARNED, m->term);
        if (term.data == NULL)
            return arena_exhausted(x->lexicon->arena, x->err);
        if ((status = find(x, term, &df, &entries)) != AF_OK)
            return status;
        if (df == 0)
            continue;
        status = form_add(x, group, term, m->weight * x->query->settings->learned, REASON_LEARNED);
        if (status != AF_OK)
            return status;
    }
    return AF_OK;
}
