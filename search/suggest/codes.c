#include "data/article_view.h"
#include "data/base/limits.h"
#include "indexer/text/analyzer.h"
#include "search/query/picks.h"
#include "search/suggest/suggest_impl.h"

#define CODES_LOOKED_AT 8 /* the commonest that begin so; a case is read for each */
#define CODE_BYTES_MIN 2  /* one letter begins half of all codes */

/* What was typed as a code: letters and digits, whatever stands between. */
static size_t squeezed(const struct letters *typed, uint8_t *out, size_t room)
{
    for (uint32_t i = 0; i < typed->count; i++)
        if (typed->list[i].cp >= 0x80)
            return 0;
    return letters_utf8(typed, 0, typed->count, out, room);
}

/* The code as the text has it. */
static enum status find_in_text(struct suggesting *g, struct bytes text, struct bytes term,
                                struct bytes *out)
{
    struct analysis analysis;
    enum status status = analyzer_run(g->s->analyzer, ANALYZE_DOCUMENT, text, &analysis, g->err);

    for (uint32_t i = 0; status == AF_OK && i < analysis.count; i++) {
        const struct token *token = &analysis.tokens[i];

        if (!bytes_equal(bytes_of(token->term, token->term_bytes), term))
            continue;
        *out = bytes_of(text.data + token->start, token->end - token->start);
        return AF_OK;
    }
    return status;
}

/* Borrowed until the transaction's arena is cleared, or copied. */
static enum status find_in_keywords(struct suggesting *g, const struct document *document,
                                    struct bytes term, struct bytes *out)
{
    struct article_view view;
    struct article_ref ref;
    struct buf text = {0};
    struct bytes body, code = BYTES_NONE;
    enum status status =
        article_find_version(g->txn, document->id, document->version, &ref, g->err);

    if (status == AF_OK)
        status = article_text(g->txn, &ref, &body, g->err);
    if (status == AF_OK && article_view_of(body, &view)) {
        field_view_text(&view, FIELD_KEYWORDS, &text);
        status = buf_status(&text, "keywords", g->err);
        if (status == AF_OK)
            status = find_in_text(g, buf_bytes(&text), term, &code);
    }
    if (status == AF_OK && code.len > 0 && (*out = arena_copy(g->arena, code)).data == NULL)
        status = arena_exhausted(g->arena, g->err);
    buf_release(&text);
    return status;
}

/* The first case that the asker may see and that names the code in its title or keywords. */
static enum status find_case(struct suggesting *g, const struct segment *segment,
                             const struct filter_view *view, struct bytes term,
                             struct document *document, bool *in_title, bool *found)
{
    struct postings postings;
    struct term_entry entry;
    bool has = false;
    enum status status = segment_find(segment, term, &entry, &has, g->err);

    *found = *in_title = false;
    if (status != AF_OK || !has)
        return status;
    status = postings_open(segment, &entry, g->arena, &postings, g->err);
    for (uint32_t left = SUGGEST_CODE_CASES_MAX; status == AF_OK && left > 0; left--) {
        status = postings_next(&postings, g->err);
        if (status != AF_OK || postings.doc == DOC_END)
            break;
        *in_title = postings.tf[FIELD_TITLE] > 0;
        if ((!*in_title && postings.tf[FIELD_KEYWORDS] == 0) ||
            !segment_is_live(segment, postings.doc) || !filter_view_passes(view, postings.doc))
            continue;
        *found = true;
        return segment_document(segment, postings.doc, document, g->err);
    }
    return status;
}

static enum status read_code(struct suggesting *g, const struct segment *segment,
                             const struct filter_view *view, const struct pick *pick,
                             struct choices *out)
{
    struct choice choice = {.item.kind = SUGGEST_CODE, .score = -(double)pick->df * 1e-9};
    struct bytes code = BYTES_NONE;
    struct document document;
    struct matched matched;
    struct folded folded;
    bool in_title, found;
    enum status status;

    if (!choices_want(out, choice.score)) /* reading a case takes longer than all the rest */
        return AF_OK;
    status = find_case(g, segment, view, pick->term, &document, &in_title, &found);
    if (status != AF_OK || !found)
        return status;
    status = in_title ? find_in_text(g, document.title, pick->term, &code)
                      : find_in_keywords(g, &document, pick->term, &code);
    if (status != AF_OK || code.len == 0)
        return status;
    status = suggest_look(g, code, &found, &matched, &folded);
    if (status != AF_OK || !found)
        return status;
    choice.score += matched.rank;
    status = suggest_mark(g, code, &matched, &folded, &choice);
    if (status == AF_OK)
        (void)choices_offer(out, &choice);
    return status;
}

static enum status read_segment(struct suggesting *g, const struct segment *segment,
                                struct bytes from, struct choices *out)
{
    struct term_cursor *cursor = NULL;
    struct term_entry entry;
    struct filter_view view;
    struct picks picks;
    bool found = true;
    enum status status = filter_view_open(&view, &g->filter, segment, g->arena, g->err);

    picks_init(&picks, g->arena, CODES_LOOKED_AT);
    if (status == AF_OK)
        status = term_cursor_open(segment, from, g->arena, &cursor, g->err);
    for (uint32_t left = SUGGEST_TERMS_MAX; status == AF_OK && left > 0 && found; left--) {
        status = term_cursor_next(cursor, &entry, &found, g->err);
        found = status == AF_OK && found && bytes_has_prefix(entry.term, from);
        if (found)
            picks_offer(&picks, entry.term, entry.df, 0);
    }
    term_cursor_close(cursor);
    if (status == AF_OK && picks.exhausted)
        status = arena_exhausted(g->arena, g->err);
    picks_sort(&picks);
    for (uint32_t i = 0; status == AF_OK && i < picks.count; i++)
        status = read_code(g, segment, &view, &picks.list[i], out);
    return status;
}

enum status suggest_codes(struct suggesting *g, struct choices *out)
{
    uint8_t from[1 + 4 * LETTERS_MAX] = {TERM_SQUEEZED};
    size_t len = squeezed(&g->s->typed.forms[0], from + 1, sizeof from - 1);
    enum status status = AF_OK;

    if (len < CODE_BYTES_MIN || len + 1 >= TERM_BYTES_MAX)
        return AF_OK;
    for (uint32_t i = 0; status == AF_OK && i < snapshot_segments(g->snapshot); i++)
        status = read_segment(g, snapshot_segment(g->snapshot, i), bytes_of(from, len + 1), out);
    return status;
}
