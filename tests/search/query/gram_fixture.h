/* gram_fixture.h: a store of a few cases, and a question parsed and expanded against it; for
 * tests of what becomes of grams. */
#ifndef ASKFIRST_TESTS_SEARCH_QUERY_GRAM_FIXTURE_H
#define ASKFIRST_TESTS_SEARCH_QUERY_GRAM_FIXTURE_H

#include "tests/cases.h"

#include "data/base/limits.h"
#include "search/query/expand.h"

#include <stdio.h>
#include <stdlib.h>

struct fixture {
    char *dir;
    struct store *store;
    struct journal *journal;
    struct index *index;
    struct analyzer *analyzer;
    struct stemmer *stemmer;
    struct arena *arena;
    struct snapshot *snapshot;
    struct lexicon lexicon;
    struct query query;
    json_t *batch;
    unsigned cases;
    const char *lang; /* of the cases */
};

static inline int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct error err;

    f->dir = test_dir_new();
    assert_ok(store_open(f->dir, STORE_WRITE, &f->store, &err));
    assert_ok(journal_open(f->store, cases_kinds, &f->journal, &err));
    assert_ok(index_open(f->store, STORE_WRITE, &f->index, &err));
    assert_ok(analyzer_new(&f->analyzer, &err));
    assert_ok(stemmer_new(&f->stemmer, &err));
    assert_non_null(f->arena = arena_new(SEARCH_ARENA_BYTES));
    f->batch = json_array();
    f->lang = "zh-Hans";
    *state = f;
    return 0;
}

static inline int tear_down(void **state)
{
    struct fixture *f = *state;

    snapshot_release(f->snapshot);
    analyzer_free(f->analyzer);
    stemmer_free(f->stemmer);
    index_close(f->index);
    journal_close(f->journal);
    store_close(f->store);
    arena_free(f->arena);
    json_decref(f->batch);
    test_dir_remove(f->dir);
    free(f);
    return 0;
}

static inline void save_batch(struct fixture *f)
{
    cases_put(f->journal, f->batch);
    f->batch = json_array();
}

/* `count` cases with this text, saved with the batch they are in. */
static inline void add_cases(struct fixture *f, const char *text, unsigned count)
{
    while (count-- > 0) {
        char id[16];

        (void)snprintf(id, sizeof id, "%u", ++f->cases);
        (void)json_array_append_new(f->batch, json_pack("{s:s,s:s,s:s,s:s}", "id", id, "lang",
                                                        f->lang, "title", id, "text", text));
        if (json_array_size(f->batch) == ARTICLE_BATCH_MAX)
            save_batch(f);
    }
}

static inline void parse_as(struct fixture *f, const char *question, bool typing)
{
    struct error err;

    if (json_array_size(f->batch) > 0)
        save_batch(f);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    snapshot_release(f->snapshot);
    f->snapshot = NULL;
    arena_clear(f->arena);
    f->query = (struct query){0};
    assert_ok(snapshot_acquire(f->index, NULL, &f->snapshot, &err));
    f->lexicon = lexicon_of(f->snapshot, f->stemmer, f->arena);
    assert_ok(query_parse(f->analyzer, bytes_str(question), typing, f->arena, &f->query, &err));
    f->query.settings = &settings_defaults;
    assert_ok(expand_query(&f->lexicon, &f->query, &err));
}

static inline void parse(struct fixture *f, const char *question)
{
    parse_as(f, question, true);
}

static inline const struct group *group_of(const struct fixture *f, const char *text)
{
    for (uint32_t i = 0; i < f->query.groups_count; i++)
        if (bytes_equal(f->query.groups[i].text, bytes_str(text)))
            return &f->query.groups[i];
    return NULL;
}

/* The form of a group that says this, if the index has it. */
static inline const struct member *member_of(const struct group *group, const char *text)
{
    if (group == NULL)
        return NULL;
    for (const struct member *m = group->members; m != NULL; m = m->next)
        if (m->df > 0 && bytes_equal(bytes_of(m->term.data + 1, m->term.len - 1), bytes_str(text)))
            return m;
    return NULL;
}

static inline unsigned members_count(const struct group *group, enum reason reason)
{
    unsigned count = 0;

    for (const struct member *m = group->members; m != NULL; m = m->next)
        count += m->reason == reason && m->df > 0;
    return count;
}

#endif
