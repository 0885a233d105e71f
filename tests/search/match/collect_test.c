/* Finding the best documents by block maxima against adding up every posting: the same scores,
 * for one word and several, all of them and any, with and without a filter, in memory and on
 * disk, with documents that are out of date. */
#include "tests/cases.h"

#include "data/base/limits.h"
#include "search/match/collect.h"
#include "search/match/rank.h"
#include "search/query/expand.h"

#include <math.h>
#include <stdlib.h>

#define DOCS 24000 /* several stretches of a segment */
#define WORDS 60   /* few: lists of many blocks, whose maxima differ */
#define BATCH 250
#define ROOM 12
#define QUESTIONS 40

struct fixture {
    char *dir;
    struct store *store;
    struct journal *journal;
    struct index *index;
    struct analyzer *analyzer;
    struct stemmer *stemmer;
    struct arena *arena;
    struct txn *txn;
    struct snapshot *snapshot;
    struct bm25 bm25;
    uint32_t several; /* groups of several forms that were asked */
    double *scores;   /* of each document of each segment, one after another */
};

/* Letters that mean nothing; some end in an s, which is the same word to an English stemmer, so
 * that a group has several forms. */
static void add_word(struct buf *text, uint32_t word, bool plural)
{
    buf_printf(text, "%c%caq%s ", 'b' + (char)(word % 8), 'b' + (char)(word / 8),
               plural ? "s" : "");
}

static uint32_t random_word(struct test_random *random)
{
    return (uint32_t)pow(WORDS, (1 + test_random_below(random, 1000)) / 1001.0) - 1;
}

static json_t *random_case(struct test_random *random, unsigned id)
{
    struct buf title = {0}, body = {0};
    json_t *article;
    char name[16];

    for (uint32_t n = 1 + test_random_below(random, 6); n > 0; n--)
        add_word(&title, random_word(random), test_random_below(random, 4) == 0);
    for (uint32_t n = test_random_below(random, 40); n > 0; n--)
        add_word(&body, random_word(random), test_random_below(random, 4) == 0);
    snprintf(name, sizeof name, "c%u", id);
    article = json_pack("{s:s,s:s,s:s,s:s,s:s}", "id", name, "lang",
                        test_random_below(random, 3) == 0 ? "ja" : "en", "title", buf_str(&title),
                        "symptom", buf_str(&body), "audience",
                        test_random_below(random, 4) == 0 ? "internal" : "public");
    buf_release(&title);
    buf_release(&body);
    return article;
}

static void put(struct fixture *f, struct test_random *random, unsigned from, unsigned to)
{
    json_t *cases = json_array();

    for (unsigned id = from; id < to; id++)
        json_array_append_new(cases, random_case(random, id));
    cases_put(f->journal, cases);
}

static void open_snapshot(struct fixture *f)
{
    struct snapshot_totals totals;
    struct error err;

    assert_ok(store_begin_read(f->store, &f->txn, &err));
    assert_ok(snapshot_acquire(f->index, f->txn, &f->snapshot, &err));
    totals = snapshot_totals(f->snapshot);
    bm25_init(&f->bm25, &settings_defaults.bm25, &totals);
    f->scores = calloc(totals.docs_all + 1, sizeof *f->scores);
    assert_non_null(f->scores);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct test_random random = test_random_new();
    struct error err;

    f->dir = test_dir_new();
    assert_ok(store_open(f->dir, STORE_WRITE, &f->store, &err));
    assert_ok(journal_open(f->store, cases_kinds, &f->journal, &err));
    assert_ok(index_open(f->store, STORE_WRITE, &f->index, &err));
    assert_ok(analyzer_new(&f->analyzer, &err));
    assert_ok(stemmer_new(&f->stemmer, &err));
    f->arena = arena_new(64u << 20);
    for (unsigned at = 0; at < DOCS; at += BATCH) {
        put(f, &random, at, at + BATCH);
        if (at == DOCS / 4 * 3)
            assert_ok(index_flush(f->index, NULL, NULL, &err));
    }
    put(f, &random, 100, 100 + BATCH); /* new versions: the old ones are out of date */
    open_snapshot(f);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    snapshot_release(f->snapshot);
    txn_abort(f->txn);
    free(f->scores);
    stemmer_free(f->stemmer);
    analyzer_free(f->analyzer);
    index_close(f->index);
    journal_close(f->journal);
    store_close(f->store);
    arena_free(f->arena);
    test_dir_remove(f->dir);
    free(f);
    return 0;
}

/* --- the naive way ----------------------------------------------------------------------- */

static int falling(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x > y ? -1 : x < y;
}

/* What each document gets for one form of a group, if that is more than for another. */
static void add_form(struct fixture *f, const struct member *m, uint32_t segment, double *best)
{
    const struct segment *in = snapshot_segment(f->snapshot, segment);
    struct postings p;
    struct error err;

    if (m->entries == NULL || m->entries[segment].df == 0)
        return;
    assert_ok(postings_open(in, &m->entries[segment], f->arena, &p, &err));
    assert_ok(postings_next(&p, &err));
    while (p.doc != DOC_END) {
        float strength = bm25_strength(&f->bm25, p.tf, segment_lengths(in, p.doc));
        double worth = (double)(m->worth * bm25_saturate(&f->bm25, strength));

        best[p.doc] = worth > best[p.doc] ? worth : best[p.doc];
        assert_ok(postings_next(&p, &err));
    }
}

static void add_group(struct fixture *f, const struct group *group, uint32_t segment, double *sums,
                      uint8_t *found)
{
    uint32_t docs = segment_docs(snapshot_segment(f->snapshot, segment));
    double *best = calloc(docs + 1, sizeof *best);

    for (const struct member *m = group->members; m != NULL; m = m->next)
        add_form(f, m, segment, best);
    for (uint32_t doc = 0; doc < docs; doc++) {
        sums[doc] += (double)group->weight * best[doc];
        found[doc] = (uint8_t)(found[doc] + (best[doc] > 0));
    }
    free(best);
}

static bool is_shown(const struct segment *segment, const struct filter *filter, uint32_t doc,
                     struct arena *arena)
{
    struct filter_view view;
    struct error err;

    assert_ok(filter_view_open(&view, filter, segment, arena, &err));
    return segment_is_live(segment, doc) && filter_view_passes(&view, doc);
}

enum way { ALL, ANY, SOME, WAYS }; /* of the groups; SOME: not all */

static bool is_wanted(enum way way, uint32_t found, uint32_t groups)
{
    return way == ALL ? found == groups : found > 0 && (way == ANY || found < groups);
}

/* The scores of all that have the groups, the greatest first; how many. */
static uint32_t add_everything(struct fixture *f, const struct query *query,
                               const struct filter *filter, enum way way)
{
    uint32_t count = 0;

    for (uint32_t s = 0; s < snapshot_segments(f->snapshot); s++) {
        const struct segment *segment = snapshot_segment(f->snapshot, s);
        uint32_t docs = segment_docs(segment);
        double *sums = calloc(docs + 1, sizeof *sums);
        uint8_t *found = calloc(docs + 1, 1);

        for (uint32_t g = 0; g < query->groups_count; g++)
            add_group(f, &query->groups[g], s, sums, found);
        for (uint32_t doc = 0; doc < docs; doc++)
            if (is_wanted(way, found[doc], query->groups_count) &&
                is_shown(segment, filter, doc, f->arena))
                f->scores[count++] = sums[doc];
        free(sums);
        free(found);
    }
    qsort(f->scores, count, sizeof *f->scores, falling);
    return count;
}

/* --- against it -------------------------------------------------------------------------- */

static int best_first(const void *a, const void *b)
{
    const struct topk_item *x = a, *y = b;

    return x->score > y->score ? -1 : x->score < y->score;
}

static void find(struct fixture *f, struct lexicon *lexicon, const struct query *query,
                 struct collect *c, enum way way, const struct topk *all)
{
    struct lane *lanes = arena_array(f->arena, query->groups_count, sizeof *lanes);
    struct error err;

    for (uint32_t s = 0; s < snapshot_segments(f->snapshot); s++) {
        assert_ok(collect_segment(c, snapshot_segment(f->snapshot, s), s));
        for (uint32_t g = 0; g < query->groups_count; g++) {
            assert_ok(lane_open(&lanes[g], lexicon, s, &query->groups[g], &f->bm25, &err));
            f->several += lanes[g].count > 1;
        }
        assert_ok(way == ALL ? collect_all(c, lanes, query->groups_count, query->groups_count)
                             : collect_any(c, lanes, query->groups_count, all));
    }
}

/* Postings passed over. */
static uint64_t compare(struct fixture *f, const char *text, const struct filter *filter,
                        enum way way)
{
    static struct window window;
    static struct topk_item items[ROOM], all_items[DOCS + BATCH];
    struct lexicon lexicon = lexicon_of(f->snapshot, f->stemmer, f->arena);
    struct query query = {.settings = &settings_defaults};
    struct topk all = {.items = all_items, .room = DOCS + BATCH};
    struct error err;
    struct collect c = {
        .top = {.items = items, .room = ROOM},
        .window = &window,
        .filter = filter,
        .arena = f->arena,
        .err = &err
    };
    uint32_t count;

    assert_ok(query_parse(f->analyzer, bytes_str(text), false, f->arena, &query, &err));
    query.settings = &settings_defaults;
    assert_ok(expand_query(&lexicon, &query, &err));
    if (way == SOME) {
        c.top = all;
        find(f, &lexicon, &query, &c, ALL, NULL);
        all = c.top;
        c.top = (struct topk){.items = items, .room = ROOM};
    }
    window.postings = window.passed_over = 0;
    window.lane = UINT16_MAX - 3; /* numbers begin again in the middle */
    find(f, &lexicon, &query, &c, way, way == SOME ? &all : NULL);
    count = add_everything(f, &query, filter, way);
    qsort(c.top.items, c.top.count, sizeof *c.top.items, best_first);
    assert_int_equal(c.top.count, count < ROOM ? count : ROOM);
    for (uint32_t i = 0; i < c.top.count; i++)
        assert_true(fabs(c.top.items[i].score - f->scores[i]) < 1e-4);
    assert_false(c.degraded);
    for (uint32_t i = 0; i < COLLECT_WINDOW; i++)
        assert_true(window.cells[i].sum + window.cells[i].mass <= 0); /* as it was */
    arena_clear(f->arena);
    return window.passed_over;
}

static void the_best_are_those_of_adding_up_everything(void **state)
{
    static const struct filter open = {.audience = AUDIENCE_INTERNAL};
    static const struct filter narrow = {.lang = BYTES_LIT("ja"), .audience = AUDIENCE_PUBLIC};
    struct test_random random = test_random_new();
    uint64_t passed = 0;

    for (int round = 0; round < QUESTIONS; round++) {
        uint32_t words[5], count = 1 + test_random_below(&random, 5);
        struct buf text = {0};

        for (uint32_t i = 0; i < count; i++) {
            words[i] = random_word(&random);
            for (uint32_t j = 0; j < i; j++)
                if (words[j] == words[i]) { /* each once */
                    words[i] = random_word(&random);
                    j = UINT32_MAX;
                }
            add_word(&text, words[i], false);
        }
        for (enum way way = 0; way < WAYS; way++)
            passed += compare(*state, buf_str(&text), &open, way) +
                      compare(*state, buf_str(&text), &narrow, way);
        buf_release(&text);
    }
    assert_true(passed > 0); /* else nothing was tried */
    assert_true(((struct fixture *)*state)->several > QUESTIONS);
}

/* The work is counted over all segments; what was found before its limit stays. */
static void too_much_work_ends_with_what_was_found(void **state)
{
    static const struct filter open = {.audience = AUDIENCE_INTERNAL};
    static struct window window;
    struct fixture *f = *state;
    struct lexicon lexicon = lexicon_of(f->snapshot, f->stemmer, f->arena);
    struct query query;
    struct buf text = {0};
    struct error err;

    add_word(&text, 0, false);
    add_word(&text, 1, false);
    assert_ok(query_parse(f->analyzer, buf_bytes(&text), false, f->arena, &query, &err));
    query.settings = &settings_defaults;
    assert_ok(expand_query(&lexicon, &query, &err));
    for (int way = 0; way < 4; way++) {
        bool all = way % 2 == 0, spent = way >= 2;
        struct topk_item items[ROOM];
        struct collect c = {
            .top = {.items = items, .room = ROOM},
            .window = &window,
            .filter = &open,
            .arena = f->arena,
            .err = &err
        };

        window.postings = spent ? SEARCH_POSTINGS_MAX : 0;
        find(f, &lexicon, &query, &c, all ? ALL : ANY, NULL);
        assert_int_equal(c.degraded, spent);
        assert_true(c.top.count > 0);
        assert_true(window.postings > (spent ? SEARCH_POSTINGS_MAX : 0));
    }
    buf_release(&text);
    arena_clear(f->arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_are_those_of_adding_up_everything),
        cmocka_unit_test(too_much_work_ends_with_what_was_found),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
