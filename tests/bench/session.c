#include "tests/bench/session.h"

#include "intake/app.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 64 << 20 };

void check(enum status status, const struct error *err)
{
    if (status != AF_OK)
        die("askfirst: %s", err->text);
}

struct app *session_app(const char *dir, bool write)
{
    struct app *app;
    struct error err;

    check(app_open(dir, write ? APP_WRITE : APP_READ, &app, &err), &err);
    return app;
}

struct session *session_new(struct app *app)
{
    struct session *session = calloc(1, sizeof *session);
    struct error err;

    if (session == NULL || (session->arena = arena_new(ARENA_BYTES)) == NULL)
        die("askfirst: no memory");
    check(app_borrow_searcher(app, &session->searcher, &err), &err);
    return session;
}

void session_ask(struct session *session, const char *name, const char *query,
                 struct search_result *out)
{
    struct search_request request = {.query = bytes_str(query),
                                     .limit = HITS,
                                     .audience = AUDIENCE_INTERNAL,
                                     .typing = strcmp(name, "prefix") == 0};
    struct error err;

    arena_clear(session->arena);
    check(search_run(session->searcher, &request, session->arena, out, &err), &err);
}
