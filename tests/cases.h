/* cases.h: a journal that takes cases and nothing else, and putting some. */
#ifndef ASKFIRST_TESTS_CASES_H
#define ASKFIRST_TESTS_CASES_H

#include "tests/harness.h"

#include "data/article.h"
#include "data/journal.h"

static const struct command_kind cases_kinds[] = {
    {.name = "case.put",          .schema = 1, .apply = article_apply_put, .can_wait = true},
    {.name = NULL},
};

/* One command with a list of cases, which it steals. */
static inline void cases_put(struct journal *journal, json_t *cases)
{
    json_t *body = json_pack("{s:o}", "cases", cases);
    struct command command = {.actor = "test", .kind = "case.put", .body = body};
    struct outcome outcome;
    struct error err;

    assert_ok(journal_propose(journal, &command, &outcome, &err));
    json_decref(outcome.result);
    json_decref(body);
}

#endif
