/* session.h: a store of askfirst, asked in this process as the server asks it, but for snippets. */
#ifndef ASKFIRST_TESTS_BENCH_SESSION_H
#define ASKFIRST_TESTS_BENCH_SESSION_H

#include "search/search.h"
#include "tests/bench/driver.h"

/* What one thread needs; goes with the process. Whatever fails calls die(). */
struct session {
    struct searcher *searcher;
    struct arena *arena;
};

void check(enum status status, const struct error *err);

struct app *session_app(const char *dir, bool write);
struct session *session_new(struct app *app);

/* `name`: the class of the question; prefixes are still being typed. */
void session_ask(struct session *session, const char *name, const char *query,
                 struct search_result *out);

#endif
