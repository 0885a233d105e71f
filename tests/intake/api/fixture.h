/* fixture.h: a store of its own with a few cases, for tests of what is behind the API. */
#ifndef ASKFIRST_TESTS_INTAKE_API_FIXTURE_H
#define ASKFIRST_TESTS_INTAKE_API_FIXTURE_H

#include "tests/harness.h"

#include "data/base/clock.h"
#include "data/base/hash.h"
#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "data/ledger.h"
#include "intake/app.h"
#include "intake/ask/ask.h"
#include "intake/desk/ticket.h"
#include "intake/propose.h"
#include "intake/staff.h"
#include "intake/token.h"

#include <stdlib.h>

#define START_MS 1795312390123ll /* 2026-11-22T01:53:10.123Z: where these tests' clock begins */

struct fixture {
    char *dir;
    struct app *app;
    struct arena *arena; /* of one search */
    struct arena *ids;   /* what lives until the end */
};

/* For the group: libsodium. */
static inline int fixture_hash_start(void **state)
{
    struct error err;

    (void)state;
    assert_ok(hash_start(&err));
    return 0;
}

static inline void put_case(struct fixture *f, const char *json)
{
    const struct who who = who_operator();
    struct error err;
    struct outcome outcome;

    assert_ok(propose(f->app, &who, "case.put", NULL, 0,
                      json_pack("{s:[o]}", "cases", test_json(json)), &outcome, &err));
    json_decref(outcome.result);
}

static inline int fixture_begin(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct error err;

    assert_non_null(f);
    clock_fix(START_MS);
    f->dir = test_dir_new();
    f->arena = arena_new(SEARCH_ARENA_BYTES);
    f->ids = arena_new(1 << 20);
    assert_true(f->arena != NULL && f->ids != NULL);
    assert_ok(app_open(f->dir, APP_WRITE, &f->app, &err));
    put_case(f,
             "{\"id\":\"K-1\",\"lang\":\"en\",\"title\":\"Router blinks red\",\"author\":\"lin\"}");
    put_case(f, "{\"id\":\"K-2\",\"lang\":\"en\",\"title\":\"Router hums\",\"author\":\"mori\"}");
    put_case(f, "{\"id\":\"K-3\",\"lang\":\"en\",\"title\":\"Router secret\",\"author\":\"mori\","
                "\"audience\":\"internal\"}");
    *state = f;
    return 0;
}

static inline int fixture_end(void **state)
{
    struct fixture *f = *state;

    app_close(f->app);
    arena_free(f->arena);
    arena_free(f->ids);
    test_dir_remove(f->dir);
    free(f);
    clock_fix(-1);
    return 0;
}

static inline uint64_t uses(struct fixture *f, const char *case_id, enum use use)
{
    struct use_counts counts;
    struct error err;
    struct txn *txn;

    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    assert_ok(use_counts_get(txn, bytes_str(case_id), &counts, &err));
    txn_abort(txn);
    return counts.of[use];
}

/* A consult of a customer; its id is good until the fixture ends. */
static inline const char *begin_consult(struct fixture *f, const char *text)
{
    const struct who who = who_customer();
    const struct ask_input input = {.text = bytes_str(text)};
    struct search_result answers = {0};
    const char *id = NULL;
    struct error err;

    arena_clear(f->arena);
    assert_ok(ask_begin(f->app, &who, &input, f->arena, &id, &answers, &err));
    return arena_str(f->ids, bytes_str(id));
}

static inline enum status settle(struct fixture *f, const struct who *who, const char *id,
                                 bool solved, const char *case_id, int rating, struct error *err)
{
    const struct ask_outcome outcome = {solved, bytes_str(case_id), rating, BYTES_LIT("")};
    json_t *consult = NULL;
    enum status status = ask_settle(f->app, who, id, &outcome, &consult, err);

    if (status == AF_OK)
        json_decref(consult);
    return status;
}

#endif
