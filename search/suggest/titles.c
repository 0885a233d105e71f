#include "data/base/limits.h"
#include "data/ledger.h"
#include "search/match/langpref.h"
#include "search/suggest/suggest_impl.h"

#include <math.h>

/* What a title loses, in ranks of matching.h: */
static const double other_language = 1.5;
/* and gains by use: at most so much, a third of a rank each time the cases it solved double. */
static const double use_most = 1.2, use_doubled = 0.3, letter_cost = 0.002;

/* The documents of one segment that are worth reading, in the order in which they are read. */
struct shelf {
    struct finder finder;
    struct filter_view view;
    uint64_t *openings, *found, *used, *seen;
    uint32_t left; /* titles that may still be read */
};

static bool is_live(const struct shelf *shelf, uint32_t doc)
{
    return doc < segment_docs(shelf->finder.segment) &&
           segment_is_live(shelf->finder.segment, doc) && filter_view_passes(&shelf->view, doc);
}

static double score_of(const struct suggesting *g, const struct matched *matched,
                       const struct document *document)
{
    double other = g->preferred.len == 0 ? 0 : 1 - langpref_match(g->preferred, document->lang);

    return matched->rank + other_language * other + letter_cost * g->s->letters.count;
}

static enum status copy_into(struct suggesting *g, struct bytes from, struct bytes *to)
{
    *to = arena_copy(g->arena, from);
    return to->data == NULL ? arena_exhausted(g->arena, g->err) : AF_OK;
}

/* Use is looked up for the best few only; until then a case that was used is thought much of. */
static enum status read_title(struct suggesting *g, const struct segment *segment, uint32_t doc,
                              bool is_used, struct choices *out)
{
    struct choice choice = {.item.kind = SUGGEST_TITLE, .place = is_used};
    struct document document;
    struct matched matched;
    struct folded folded;
    bool found;
    enum status status = segment_document(segment, doc, &document, g->err);

    if (status == AF_OK)
        status = suggest_look(g, document.title, &found, &matched, &folded);
    if (status != AF_OK || !found)
        return status;
    choice.score = score_of(g, &matched, &document) - (is_used ? use_most : 0);
    if (!choices_want(out, choice.score))
        return AF_OK;
    if ((status = suggest_mark(g, document.title, &matched, &folded, &choice)) != AF_OK ||
        (status = copy_into(g, document.id, &choice.item.id)) != AF_OK ||
        (status = copy_into(g, document.lang, &choice.item.lang)) != AF_OK)
        return status;
    (void)choices_offer(out, &choice);
    return AF_OK;
}

/* Those of `set` (and of `with`, unless it is NULL) that were not read yet, the newest first. */
static enum status read_set(struct suggesting *g, struct shelf *shelf, const uint64_t *set,
                            const uint64_t *with, struct choices *out)
{
    for (uint32_t i = shelf->finder.words; i-- > 0;) {
        uint64_t bits = set[i] & ~shelf->seen[i] & (with == NULL ? UINT64_MAX : with[i]);

        shelf->seen[i] |= bits;
        while (bits != 0) {
            uint32_t bit = 63 - (uint32_t)__builtin_clzll(bits), doc = i * 64 + bit;
            bool is_used = (shelf->used[i] >> bit & 1) != 0;
            enum status status;

            bits &= ~(UINT64_C(1) << bit);
            if (!is_live(shelf, doc))
                continue;
            if (shelf->left-- == 0) {
                shelf->left = 0;
                return AF_OK;
            }
            status = read_title(g, shelf->finder.segment, doc, is_used, out);
            if (status != AF_OK)
                return status;
        }
    }
    return AF_OK;
}

/* Cases that have learned anything were used (learned_terms.h). */
static void find_used(struct shelf *shelf)
{
    static const uint8_t figures = TERM_LEARNED;
    struct finder any = shelf->finder;
    struct term_entry entry;
    bool found;

    any.status = segment_find(any.segment, bytes_of(&figures, 1), &entry, &found, any.err);
    any.field = FIELD_TITLE; /* each figure is a field's occurrences, and none is 0 */
    if (any.status == AF_OK && found)
        finder_add(&any, bytes_of(&figures, 1), shelf->used);
    shelf->finder.status = any.status;
}

static enum status find_shelf(struct suggesting *g, struct shelf *shelf)
{
    struct finder *f = &shelf->finder;
    const struct typed *typed = &g->s->typed;

    if ((shelf->openings = finder_set(f)) == NULL || (shelf->found = finder_set(f)) == NULL ||
        (shelf->used = finder_set(f)) == NULL || (shelf->seen = finder_set(f)) == NULL)
        return f->status;
    for (uint32_t i = 0; i < typed->count && f->status == AF_OK; i++) {
        f->status = finder_openings(f, &typed->forms[i], shelf->openings);
        if (f->status == AF_OK)
            f->status = finder_find(f, &typed->forms[i], shelf->found);
    }
    if (f->status == AF_OK)
        find_used(shelf);
    return f->status;
}

/* Are there enough that begin as it was typed? Then others would not be shown. */
static bool is_full(const struct choices *out)
{
    return out->count >= SUGGEST_MAX && out->list[SUGGEST_MAX - 1].score < 1;
}

static enum status read_segment(struct suggesting *g, const struct segment *segment,
                                uint32_t titles, uint32_t *postings, struct choices *out)
{
    struct shelf shelf = {.left = titles};
    enum status status =
        finder_init(&shelf.finder, segment, FIELD_TITLE, false, postings, g->arena, g->err);

    if (status == AF_OK)
        status = filter_view_open(&shelf.view, &g->filter, segment, g->arena, g->err);
    if (status == AF_OK)
        status = find_shelf(g, &shelf);
    if (status == AF_OK)
        status = read_set(g, &shelf, shelf.openings, shelf.used, out);
    if (status == AF_OK)
        status = read_set(g, &shelf, shelf.found, shelf.used, out);
    shelf.left = shelf.left / 2 + titles / 4; /* the rest is for texts that do not begin so */
    if (status == AF_OK)
        status = read_set(g, &shelf, shelf.openings, NULL, out);
    shelf.left += titles / 4;
    if (status == AF_OK && !is_full(out))
        status = read_set(g, &shelf, shelf.found, NULL, out);
    return status;
}

static int by_score(const void *a, const void *b)
{
    const struct choice *x = a, *y = b;
    int order = (x->score > y->score) - (x->score < y->score);

    return order != 0 ? order : bytes_compare(x->item.id, y->item.id);
}

/* What the ledger says of the best few. */
static enum status weigh_use(struct suggesting *g, struct choices *out)
{
    for (uint32_t i = 0; i < out->count; i++) {
        struct choice *choice = &out->list[i];
        struct use_counts counts;
        enum status status;
        double gain;

        status = use_counts_get(g->txn, choice->item.id, &counts, g->err);
        if (status != AF_OK)
            return status;
        gain = use_doubled * log2(1 + (double)counts.of[USE_SOLVED]);
        choice->score += (choice->place != 0 ? use_most : 0) - (gain < use_most ? gain : use_most);
    }
    if (out->count > 1)
        qsort(out->list, out->count, sizeof *out->list, by_score);
    return AF_OK;
}

enum status suggest_titles(struct suggesting *g, struct choices *out)
{
    struct snapshot_totals totals = snapshot_totals(g->snapshot);
    uint32_t postings = SUGGEST_POSTINGS_MAX;
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && i < snapshot_segments(g->snapshot); i++) {
        const struct segment *segment = snapshot_segment(g->snapshot, i);
        uint64_t share = (uint64_t)SUGGEST_TITLES_MAX * segment_docs(segment);

        share = totals.docs_all == 0 ? 0 : share / totals.docs_all;
        status = read_segment(g, segment, (uint32_t)share + 16, &postings, out);
    }
    return status == AF_OK ? weigh_use(g, out) : status;
}
