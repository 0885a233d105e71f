#include "search/search.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "indexer/index_source.h"
#include "search/another_spelling.h"
#include "search/match/collect.h"
#include "search/match/confidence.h"
#include "search/match/langpref.h"
#include "search/match/rank.h"
#include "search/match/total.h"
#include "search/match/usage.h"
#include "search/match/written.h"
#include "search/own_words.h"
#include "search/query/expand.h"
#include "search/query/similar.h"
#include "search/query/synonyms.h"
#include "search/show/explain.h"
#include "search/show/facets.h"
#include "search/show/highlight.h"
#include "search/show/snippet.h"
#include "search/show/suggestion.h"
#include "search/suggest/initials.h"
#include "search/tune.h"

#include <stdlib.h>

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {
        [VERDICT_NONE] = "none", [VERDICT_LIKELY] = "likely", [VERDICT_SURE] = "sure"};

    return names[verdict];
}

struct searcher {
    struct index *index;
    struct store *store;
    struct analyzer *analyzer;
    struct stemmer *stemmer;
    struct folder *folder;
    struct window *window;
    const struct settings *settings;
    candidates_fn find; /* NULL: plan_candidates (tune.h) */
    void *find_context;
    struct bm25 bm25;
    struct own_words own_words;
};

/* What one request holds; the stages pass it along. */
struct run {
    struct searcher *searcher;
    const struct search_request *request;
    struct arena *arena;
    struct txn *txn;
    struct snapshot *snapshot;
    struct lexicon lexicon;
    struct vocabularies words;
    struct query query;
    struct filter filter;
    struct candidates candidates;
    struct ranking ranking;
    struct total total;
    uint32_t stages[STAGE_COUNT]; /* hits of each search + 1 */
    struct suggestion suggestion;
    struct bytes read_as;
    struct error *err;
};

const char *reason_name(enum reason reason)
{
    switch (reason) {
    case REASON_EXACT:
        return "exact";
    case REASON_VARIANT:
        return "variant";
    case REASON_PREFIX:
        return "prefix";
    case REASON_TYPO:
        return "typo";
    case REASON_SOUND:
        return "sound";
    case REASON_SYNONYM:
        return "synonym";
    case REASON_LEARNED:
        return "learned";
    case REASON_INITIALS:
        return "initials";
    }
    return "";
}

enum status searcher_new(struct index *index, struct store *store, struct searcher **out,
                         struct error *err)
{
    struct searcher *searcher = calloc(1, sizeof *searcher);
    enum status status;

    if (searcher == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory to begin searching");
    searcher->index = index;
    searcher->store = store;
    searcher->settings = &settings_defaults;
    own_words_init(&searcher->own_words);
    if ((status = analyzer_new(&searcher->analyzer, err)) != AF_OK ||
        (status = stemmer_new(&searcher->stemmer, err)) != AF_OK ||
        (status = folder_new(&searcher->folder, err)) != AF_OK) {
        searcher_free(searcher);
        return status;
    }
    if ((searcher->window = calloc(1, sizeof *searcher->window)) == NULL) {
        searcher_free(searcher);
        return error_set(err, AF_NO_MEMORY, "no memory to begin searching");
    }
    *out = searcher;
    return AF_OK;
}

void searcher_free(struct searcher *searcher)
{
    if (searcher == NULL)
        return;
    free(searcher->window);
    own_words_release(&searcher->own_words);
    folder_free(searcher->folder);
    stemmer_free(searcher->stemmer);
    analyzer_free(searcher->analyzer);
    free(searcher);
}

void searcher_tune(struct searcher *searcher, const struct settings *settings)
{
    searcher->settings = settings;
}

void searcher_find_with(struct searcher *searcher, candidates_fn find, void *context)
{
    searcher->find = find;
    searcher->find_context = context;
}

/* --- candidates and their order ---------------------------------------------------------- */

static uint32_t at_least(uint32_t room, uint64_t deep)
{
    return (uint32_t)(deep <= room ? room : deep < CANDIDATES_MAX ? deep : CANDIDATES_MAX);
}

static struct plan plan_of(const struct run *run)
{
    uint64_t deep = (uint64_t)run->request->offset + run->request->limit;
    bool filters = filter_is_narrow(&run->filter) && !run->request->narrow;
    bool refuses = filters || run->query.phrases_count > 0 ||
                   (run->query.one_phrase && run->query.has_synonyms) ||
                   run->request->without_count > 0 || run->query.by_end;

    return (struct plan){.lexicon = &run->lexicon,
                         .query = &run->query,
                         .bm25 = &run->searcher->bm25,
                         .filter = &run->filter,
                         .window = run->searcher->window,
                         .folder = run->searcher->folder,
                         .preferred = langpref_of(run->request->query, run->request->page_lang),
                         .txn = run->txn,
                         .without = run->request->without,
                         .without_count = run->request->without_count,
                         .wanted = at_least(0, deep),
                         .room = at_least(refuses ? CANDIDATES_FILTERED
                                          : run->query.groups_count >= LONG_GROUPS ? CANDIDATES_LONG
                                                                                   : CANDIDATES,
                                          deep),
                         .room_short =
                             at_least(refuses ? CANDIDATES_FILTERED : CANDIDATES_SHORT, deep)};
}

static enum status find(struct run *run, const struct plan *plan)
{
    const struct searcher *searcher = run->searcher;

    return searcher->find == NULL
               ? plan_candidates(plan, &run->candidates, run->err)
               : searcher->find(searcher->find_context, plan, &run->candidates, run->err);
}

static enum status find_and_rank(struct run *run, enum explain_stage stage)
{
    struct plan plan = plan_of(run);
    enum status status = find(run, &plan);
    bool changed;

    if (status != AF_OK)
        return status;
    status = usage_add_repeats(&plan, &run->candidates, run->err);
    if (status == AF_OK)
        status = rank_candidates(&plan, &run->candidates, &run->ranking, run->err);
    if (status == AF_OK)
        status = written_add(&plan, &run->ranking, &run->candidates, &changed, run->err);
    if (status == AF_OK && changed)
        status = rank_candidates(&plan, &run->candidates, &run->ranking, run->err);
    if (status == AF_OK)
        status = total_of(&plan, &run->candidates, run->ranking.count, &run->total, run->err);
    run->stages[stage] = run->ranking.count + 1;
    return status;
}

/* Too few hits: other words for the one phrase that was asked for, then corrections of words that
 * the index does know, and pieces of words. What is too few does not depend on the page that is
 * asked for, so that pages continue each other. */
static enum status search_wider(struct run *run)
{
    bool changed;
    enum status status;

    if (run->ranking.count >= HITS_DEFAULT)
        return AF_OK;
    status = synonyms_add_wider(&run->words, run->searcher->analyzer, &run->lexicon, &run->query,
                                &changed, run->err);
    if (status == AF_OK && changed)
        status = expand_query(&run->lexicon, &run->query, run->err);
    if (status == AF_OK && changed)
        status = find_and_rank(run, STAGE_OTHER_WORDS);
    if (status != AF_OK || run->ranking.count >= HITS_DEFAULT)
        return status;
    status = expand_wider(&run->lexicon, &run->query, run->ranking.count == 0, &changed, run->err);
    return status == AF_OK && changed ? find_and_rank(run, STAGE_WIDER) : status;
}

/* Nothing but first letters, and no case has them. On a Chinese page they are rather that than a
 * slip in a word of another language. */
static enum status read_initials(struct run *run)
{
    const struct ranking *ranking = &run->ranking;
    bool guessed =
        ranking->count == 0 || (bytes_has_prefix(run->request->page_lang, BYTES_LIT("zh")) &&
                                (ranking->hits[0].e.reasons & ~(unsigned)REASON_TYPO) == 0);

    if (!guessed || !initials_are(run->query.folded))
        return AF_OK;
    return initials_words(run->snapshot, &run->filter, run->searcher->folder, run->query.folded,
                          run->arena, &run->read_as, run->err);
}

/* What is like a case: its telling terms as they stand, and nothing wider. */
static enum status search_similar(struct run *run)
{
    enum status status = similar_choose(&run->lexicon, &run->query, run->err);

    run->query.is_log = false;
    if (status == AF_OK)
        status = expand_query(&run->lexicon, &run->query, run->err);
    return status == AF_OK ? find_and_rank(run, STAGE_TYPED) : status;
}

static enum status search_query(struct run *run)
{
    struct snapshot_totals totals = snapshot_totals(run->snapshot);
    enum status status;

    own_words_refresh(&run->searcher->own_words, run->txn, run->searcher->folder);
    run->words = (struct vocabularies){&run->searcher->own_words.vocabulary, &vocabulary_shipped};
    run->filter = filter_of(run->request);
    run->lexicon = lexicon_of(run->snapshot, run->searcher->stemmer, run->arena);
    bm25_init(&run->searcher->bm25, &run->searcher->settings->bm25, &totals);
    run->query.settings = run->searcher->settings;
    if (run->request->similar)
        return search_similar(run);
    if ((status = synonyms_add(&run->words, run->searcher->analyzer, &run->lexicon, &run->query,
                               run->err)) != AF_OK ||
        (status = expand_query(&run->lexicon, &run->query, run->err)) != AF_OK ||
        (status = find_and_rank(run, STAGE_TYPED)) != AF_OK ||
        (status = read_initials(run)) != AF_OK)
        return status;
    return run->read_as.len > 0 || run->request->narrow ? AF_OK : search_wider(run);
}

/* --- what is shown ----------------------------------------------------------------------- */

static enum status copy(struct run *run, struct bytes from, struct bytes *to)
{
    *to = arena_copy(run->arena, from);
    return to->data == NULL ? arena_exhausted(run->arena, run->err) : AF_OK;
}

static enum status mark_title(struct run *run, struct highlighter *highlighter,
                              struct marked_text *title)
{
    struct matches matches;
    struct mark *marks;
    enum status status;

    highlighter_begin(highlighter);
    status = highlighter_find(highlighter, title->text, &matches, run->err);

    if (status == AF_OK)
        status = highlight_marks(&matches, run->arena, &marks, &title->marks_count, run->err);
    if (status == AF_OK)
        title->marks = marks;
    return status;
}

static enum status make_snippet(struct run *run, struct highlighter *highlighter, struct hit *hit)
{
    const struct index_source *source = snapshot_source(run->snapshot);
    json_t *article = NULL;
    enum status status = source->read(run->txn, hit->id, hit->version, &article, run->err);

    if (status == AF_OK)
        status = snippet_make(article, highlighter, run->arena, &hit->snippet, run->err);
    json_decref(article);
    return status;
}

static enum status make_hit(struct run *run, const struct ranked *ranked,
                            struct highlighter *highlighter, struct hit *hit)
{
    const struct document *document = &ranked->document;
    enum status status;

    hit->no = document->no;
    hit->version = document->version;
    hit->score = ranked->score;
    hit->reasons = ranked->e.reasons;
    hit->coverage =
        ranked->e.mass < run->ranking.totals.mass ? ranked->e.mass / run->ranking.totals.mass : 1;
    if ((status = copy(run, document->id, &hit->id)) != AF_OK ||
        (status = copy(run, document->title, &hit->title.text)) != AF_OK ||
        (status = copy(run, document->lang, &hit->lang)) != AF_OK ||
        (status = copy(run, document->product, &hit->product)) != AF_OK)
        return status;
    if (highlighter == NULL)
        return AF_OK;
    if ((status = mark_title(run, highlighter, &hit->title)) != AF_OK)
        return status;
    return make_snippet(run, highlighter, hit);
}

static enum status make_page(struct run *run, struct search_result *out)
{
    uint32_t offset = run->request->offset, limit = run->request->limit, most;
    struct highlighter *highlighter = NULL;
    enum status status = AF_OK;

    out->total = run->total.cases;
    out->total_is_estimate = run->total.is_least;
    out->degraded = run->candidates.degraded;
    out->confidence = confidence_of(&run->ranking, run->total.cases, run->searcher->settings);
    if (run->ranking.count <= offset)
        return AF_OK;
    limit = limit < run->ranking.count - offset ? limit : run->ranking.count - offset;
    if ((out->hits = arena_array(run->arena, limit, sizeof *out->hits)) == NULL)
        return arena_exhausted(run->arena, run->err);
    if (run->request->snippets)
        status = highlighter_new(&run->query, run->searcher->analyzer, run->arena, &highlighter,
                                 run->err);
    most = run->request->snippets_most > 0 ? run->request->snippets_most : limit;
    for (uint32_t i = 0; status == AF_OK && i < limit; i++)
        status = make_hit(run, &run->ranking.hits[offset + i], i < most ? highlighter : NULL,
                          &out->hits[i]);
    if (status == AF_OK)
        out->hits_count = limit;
    return status;
}

static enum status explain(struct run *run, struct search_result *out)
{
    const struct search_request *request = run->request;
    struct explanation *explanation = arena_alloc(run->arena, sizeof *explanation);
    struct plan plan = plan_of(run);

    if (explanation == NULL)
        return arena_exhausted(run->arena, run->err);
    memcpy(explanation->stages, run->stages, sizeof run->stages);
    explanation->confidence = out->confidence;
    out->explanation = explanation;
    return explain_make(&plan, &run->candidates, &run->ranking, request->offset, request->limit,
                        request->explain_id, explanation, run->err);
}

/* As if the page were as deep as it may be. */
static enum status count_facets(struct run *run, struct search_result *out)
{
    struct plan plan = plan_of(run);
    struct facet *facets;
    enum status status;

    plan.wanted = plan.room = plan.room_short = CANDIDATES_MAX;
    status = facets_count(&plan, run->request->facets, &facets, &out->facets_count, run->err);
    if (status == AF_OK)
        out->facets = facets;
    return status;
}

static enum status show_around(struct run *run, struct search_result *out)
{
    enum status status = AF_OK;

    if (run->request->explain)
        status = explain(run, out);
    if (status == AF_OK && run->request->facets != 0)
        status = count_facets(run, out);
    if (status == AF_OK && run->request->suggest)
        status = suggestion_of(&run->query, run->arena, &run->suggestion, run->err);
    return status;
}

/* --- a request --------------------------------------------------------------------------- */

static enum status validate(const struct search_request *request, struct error *err)
{
    if (request->limit < 1 || request->limit > HITS_MAX)
        return error_set(err, AF_INVALID, "limit is %u; it must be 1 to %d", request->limit,
                         HITS_MAX);
    if (request->without_count > SEARCH_WITHOUT_MAX)
        return error_set(err, AF_INVALID, "%u cases are to be left out; at most %u can be",
                         request->without_count, SEARCH_WITHOUT_MAX);
    if (request->query.len > QUERY_INPUT_BYTES_MAX)
        return error_set(err, AF_TOO_LARGE, "the question has %zu bytes; at most %u are taken",
                         request->query.len, QUERY_INPUT_BYTES_MAX);
    return AF_OK;
}

/* The snapshot may know of cases that were saved after it was asked for, so the transaction that
 * snippets are read in begins after it: it has every version that can be hit. */
static enum status acquire(struct run *run)
{
    enum status status = snapshot_acquire(run->searcher->index, NULL, &run->snapshot, run->err);

    if (status == AF_OK)
        status = store_begin_read(run->searcher->store, &run->txn, run->err);
    return status;
}

static enum status run_once(struct run *run, struct search_result *out)
{
    enum status status = acquire(run);

    if (status == AF_OK)
        status = search_query(run);
    if (status == AF_OK)
        status = make_page(run, out);
    if (status == AF_OK)
        status = show_around(run, out);
    snapshot_release(run->snapshot);
    txn_abort(run->txn);
    run->snapshot = NULL;
    run->txn = NULL;
    return status;
}

static enum status parse(struct run *run)
{
    return query_parse(run->searcher->analyzer, run->request->query, run->request->typing,
                       run->arena, &run->query, run->err);
}

/* A damaged value of the index was met: the index is then made again at the next acquiring, and
 * the person who asked should not be the one who pays for it. What the question's words were
 * found to be in the damaged one is forgotten. */
static enum status run_snapshot(struct run *run, struct search_result *out)
{
    enum status status = run_once(run, out);

    if (status != AF_CORRUPT)
        return status;
    *run = (struct run){
        .searcher = run->searcher, .request = run->request, .arena = run->arena, .err = run->err};
    *out = (struct search_result){0};
    status = parse(run);
    return status == AF_OK ? run_once(run, out) : status;
}

enum status search_once(struct searcher *searcher, const struct search_request *request,
                        struct arena *arena, struct search_result *out,
                        struct suggestion *suggestion, struct error *err)
{
    struct run run = {.searcher = searcher, .request = request, .arena = arena, .err = err};
    int64_t started_us = clock_steady_us();
    struct search_result result = {0};
    enum status status = validate(request, err);

    if (status == AF_OK)
        status = parse(&run);
    if (status == AF_OK && run.query.groups_count > 0)
        status = run_snapshot(&run, &result);
    if (status != AF_OK)
        return status;
    result.query_cut = run.query.cut;
    result.read_as = run.read_as;
    result.took_us = clock_steady_us() - started_us;
    *suggestion = run.suggestion;
    *out = result;
    return AF_OK;
}

/* The words that first letters stand for are asked as if they had been typed, but it stays a guess:
 * no hit is what was typed, and none is a sure answer. */
static enum status ask_read(struct searcher *searcher, const struct search_request *request,
                            struct arena *arena, struct search_result *out, struct error *err)
{
    struct search_request again = *request;
    struct search_result found;
    struct suggestion none;
    enum status status;

    again.query = out->read_as;
    status = search_once(searcher, &again, arena, &found, &none, err);
    if (status != AF_OK)
        return status;
    for (uint32_t i = 0; i < found.hits_count; i++)
        found.hits[i].reasons = REASON_INITIALS | (found.hits[i].reasons & REASON_LEARNED);
    if (found.confidence.verdict == VERDICT_SURE)
        found.confidence.verdict = VERDICT_LIKELY;
    found.read_as = out->read_as;
    found.took_us += out->took_us;
    *out = found;
    return AF_OK;
}

enum status search_run(struct searcher *searcher, const struct search_request *request,
                       struct arena *arena, struct search_result *out, struct error *err)
{
    struct suggestion suggestion;
    enum status status = search_once(searcher, request, arena, out, &suggestion, err);

    if (status == AF_OK && out->read_as.len > 0)
        return ask_read(searcher, request, arena, out, err);
    if (status == AF_OK && suggestion.text.len > 0)
        status = another_spelling_try(searcher, request, &suggestion, arena, out, err);
    return status;
}
