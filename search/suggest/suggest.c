#include "search/suggest/suggest.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "indexer/text/analyzer.h"
#include "search/match/langpref.h"
#include "search/suggest/suggest_impl.h"

#include <stdlib.h>

/* How many of a kind there are room for; titles take what is left. */
static const uint32_t room_of[SUGGEST_KINDS] = {
    [SUGGEST_QUESTION] = 3, [SUGGEST_PRODUCT] = 2,         [SUGGEST_CATEGORY] = 1,
    [SUGGEST_CODE] = 2,     [SUGGEST_TITLE] = SUGGEST_MAX,
};

const char *suggest_kind_name(enum suggest_kind kind)
{
    static const char *const names[SUGGEST_KINDS] = {
        [SUGGEST_QUESTION] = "question", [SUGGEST_PRODUCT] = "product",
        [SUGGEST_CATEGORY] = "category", [SUGGEST_CODE] = "code",
        [SUGGEST_TITLE] = "title",
    };

    return names[kind];
}

enum status suggester_new(struct index *index, struct store *store, struct suggester **out,
                          struct error *err)
{
    struct suggester *s = calloc(1, sizeof *s);
    enum status status;

    if (s == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory to begin suggesting");
    s->index = index;
    s->store = store;
    status = folder_new(&s->folder, err);
    if (status == AF_OK)
        status = analyzer_new(&s->analyzer, err);
    if (status != AF_OK) {
        suggester_free(s);
        return status;
    }
    *out = s;
    return AF_OK;
}

void suggester_free(struct suggester *s)
{
    if (s == NULL)
        return;
    analyzer_free(s->analyzer);
    folder_free(s->folder);
    free(s);
}

/* --- the best of a kind ------------------------------------------------------------------- */

bool choices_want(const struct choices *choices, double score)
{
    return choices->count < choices->room || score < choices->list[choices->count - 1].score;
}

static void drop(struct choices *choices, uint32_t at)
{
    choices->count--;
    memmove(choices->list + at, choices->list + at + 1,
            (choices->count - at) * sizeof *choices->list);
}

bool choices_offer(struct choices *choices, const struct choice *choice)
{
    uint32_t at;

    for (uint32_t i = 0; i < choices->count; i++)
        if (memcmp(choices->list[i].same, choice->same, sizeof choice->same) == 0) {
            if (choices->list[i].score <= choice->score)
                return false;
            drop(choices, i);
        }
    if (!choices_want(choices, choice->score))
        return false;
    if (choices->count == choices->room)
        choices->count--;
    for (at = choices->count; at > 0 && choices->list[at - 1].score > choice->score; at--)
        choices->list[at] = choices->list[at - 1];
    choices->list[at] = *choice;
    choices->count++;
    return true;
}

/* --- one text ----------------------------------------------------------------------------- */

enum status suggest_look(struct suggesting *g, struct bytes text, bool *found,
                         struct matched *matched, struct folded *folded)
{
    struct bytes read =
        text.len > SUGGEST_TEXT_BYTES_MAX ? bytes_of(text.data, SUGGEST_TEXT_BYTES_MAX) : text;
    enum status status = folder_run(g->s->folder, read, folded, g->err);

    *found = false;
    if (status != AF_OK)
        return status;
    letters_of(folded->text, &g->s->letters);
    *found = matching_of(&g->s->typed, &g->s->letters, matched);
    return AF_OK;
}

static int by_start(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;

    return (x->start > y->start) - (x->start < y->start);
}

/* Rising and not touching, as marks are. */
static uint32_t join_marks(struct mark *marks, uint32_t count)
{
    uint32_t joined = 0;

    if (count > 1)
        qsort(marks, count, sizeof *marks, by_start);
    for (uint32_t i = 0; i < count; i++)
        if (joined > 0 && marks[i].start <= marks[joined - 1].end)
            marks[joined - 1].end =
                marks[i].end > marks[joined - 1].end ? marks[i].end : marks[joined - 1].end;
        else
            marks[joined++] = marks[i];
    return joined;
}

enum status suggest_mark(struct suggesting *g, struct bytes text, const struct matched *matched,
                         const struct folded *folded, struct choice *out)
{
    const struct letters *letters = &g->s->letters;
    struct mark *marks = arena_array(g->arena, matched->spans_count, sizeof *marks);
    struct marked_text *item = &out->item.text;

    item->text = arena_copy(g->arena, text);
    if (item->text.data == NULL || marks == NULL)
        return arena_exhausted(g->arena, g->err);
    for (uint32_t i = 0; i < matched->spans_count; i++) {
        marks[i].start = folded->source[letters->list[matched->spans[i].start].start];
        marks[i].end = folded_end(folded, letters->list[matched->spans[i].end - 1].end);
    }
    item->marks = marks;
    item->marks_count = join_marks(marks, matched->spans_count);
    if (!question_term(folded->text, out->same))
        memset(out->same, 0, sizeof out->same);
    return AF_OK;
}

/* --- all kinds ---------------------------------------------------------------------------- */

static enum status choose(struct suggesting *g, enum suggest_kind kind, struct choices *out)
{
    out->count = 0;
    out->room = kind == SUGGEST_TITLE ? CHOICES_MAX : room_of[kind];
    switch (kind) {
    case SUGGEST_QUESTION:
        return suggest_questions(g, out);
    case SUGGEST_PRODUCT:
        return g->filter.product.len > 0 ? AF_OK : suggest_names(g, kind, out);
    case SUGGEST_CATEGORY:
        return g->filter.category.len > 0 ? AF_OK : suggest_names(g, kind, out);
    case SUGGEST_CODE:
        return suggest_codes(g, out);
    case SUGGEST_TITLE:
    case SUGGEST_KINDS:
        break;
    }
    return suggest_titles(g, out);
}

/* A title that says what a question above it says is left out. */
static bool is_there(const struct suggest_result *out, struct bytes text)
{
    for (uint32_t i = 0; i < out->count; i++)
        if (bytes_equal(out->items[i].text.text, text))
            return true;
    return false;
}

static enum status suggest_all(struct suggesting *g, struct suggest_result *out)
{
    uint32_t limit = g->request->limit;
    struct choices *choices = arena_alloc(g->arena, sizeof *choices);
    enum status status = AF_OK;

    out->items = arena_array(g->arena, limit, sizeof *out->items);
    if (choices == NULL || out->items == NULL)
        return arena_exhausted(g->arena, g->err);
    for (int kind = 0; status == AF_OK && kind < SUGGEST_KINDS; kind++) {
        status = choose(g, (enum suggest_kind)kind, choices);
        for (uint32_t i = 0, n = 0;
             status == AF_OK && i < choices->count && out->count < limit && n < room_of[kind]; i++)
            if (!is_there(out, choices->list[i].item.text.text)) {
                out->items[out->count++] = choices->list[i].item;
                n++;
            }
    }
    return status;
}

/* As search.c does: the transaction is younger than the snapshot and has what that may name. */
static enum status run_once(struct suggesting *g, struct suggest_result *out)
{
    enum status status = snapshot_acquire(g->s->index, NULL, &g->snapshot, g->err);

    out->count = 0;
    if (status == AF_OK)
        status = store_begin_read(g->s->store, &g->txn, g->err);
    if (status == AF_OK)
        status = suggest_all(g, out);
    snapshot_release(g->snapshot);
    txn_abort(g->txn);
    g->snapshot = NULL;
    g->txn = NULL;
    return status;
}

static enum status validate(const struct suggest_request *request, struct error *err)
{
    if (request->limit < 1 || request->limit > SUGGEST_MAX)
        return error_set(err, AF_INVALID, "limit is %u; it must be 1 to %d", request->limit,
                         SUGGEST_MAX);
    if (request->typed.len > QUERY_INPUT_BYTES_MAX)
        return error_set(err, AF_TOO_LARGE, "what was typed has %zu bytes; at most %u are taken",
                         request->typed.len, QUERY_INPUT_BYTES_MAX);
    return AF_OK;
}

enum status suggest_run(struct suggester *s, const struct suggest_request *request,
                        struct arena *arena, struct suggest_result *out, struct error *err)
{
    struct suggesting g = {
        .s = s,
        .request = request,
        .arena = arena,
        .filter = {request->product, request->category, request->lang, request->audience},
        .preferred = langpref_of(request->typed, request->page_lang),
        .err = err
    };
    int64_t started_us = clock_steady_us();
    enum status status = validate(request, err);

    *out = (struct suggest_result){0};
    if (status == AF_OK)
        status = typed_of(request->typed, s->folder, &s->typed, err);
    if (status == AF_OK && s->typed.count > 0) {
        status = run_once(&g, out);
        if (status == AF_CORRUPT) /* the index is made anew at the next acquiring (search.c) */
            status = run_once(&g, out);
    }
    out->took_us = clock_steady_us() - started_us;
    return status;
}
