/* library.h: a searcher over a few cases, for tests of what is shown around a list of hits. */
#ifndef ASKFIRST_TESTS_SEARCH_LIBRARY_H
#define ASKFIRST_TESTS_SEARCH_LIBRARY_H

#include "tests/cases.h"

#include "data/base/limits.h"
#include "search/search.h"

#include <stdlib.h>

struct library {
    char *dir;
    struct store *store;
    struct journal *journal;
    struct index *index;
    struct searcher *searcher;
    struct arena *arena;
};

static inline struct library *library_new(void)
{
    struct library *l = calloc(1, sizeof *l);
    struct error err;

    l->dir = test_dir_new();
    assert_ok(store_open(l->dir, STORE_WRITE, &l->store, &err));
    assert_ok(journal_open(l->store, cases_kinds, &l->journal, &err));
    assert_ok(index_open(l->store, STORE_WRITE, &l->index, &err));
    assert_ok(searcher_new(l->index, l->store, &l->searcher, &err));
    l->arena = arena_new(SEARCH_ARENA_BYTES);
    return l;
}

static inline void library_free(struct library *l)
{
    searcher_free(l->searcher);
    index_close(l->index);
    journal_close(l->journal);
    store_close(l->store);
    test_dir_remove(l->dir);
    arena_free(l->arena);
    free(l);
}

/* One case, written with ' for \". */
static inline void library_add(struct library *l, const char *text)
{
    struct buf json = {0};

    for (; *text != '\0'; text++)
        buf_add_u8(&json, *text == '\'' ? '"' : (uint8_t)*text);
    cases_put(l->journal, json_pack("[o]", test_json(buf_str(&json))));
    buf_release(&json);
}

static inline struct library *library_of(const char *const *texts, size_t count)
{
    struct library *l = library_new();

    for (size_t i = 0; i < count; i++)
        library_add(l, texts[i]);
    return l;
}

/* Any number of cases, which it steals; a command takes 256 of them. */
static inline void library_add_all(struct library *l, json_t *cases)
{
    for (size_t i = 0; i < json_array_size(cases); i += 200) {
        json_t *some = json_array();

        for (size_t k = i; k < i + 200 && k < json_array_size(cases); k++)
            json_array_append(some, json_array_get(cases, k));
        cases_put(l->journal, some);
    }
    json_decref(cases);
}

static inline struct search_result library_search(struct library *l,
                                                  const struct search_request *request)
{
    struct search_request asked = *request;
    struct search_result result;
    struct error err;

    if (asked.limit == 0)
        asked.limit = HITS_DEFAULT;
    assert_ok(search_run(l->searcher, &asked, l->arena, &result, &err));
    return result;
}

#endif
