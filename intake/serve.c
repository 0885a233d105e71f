#include "intake/serve.h"

#include "data/base/clock.h"
#include "intake/api/api.h"
#include "intake/attachment/quota.h"
#include "intake/desk/ticket_attach.h"
#include "intake/desk/ticket_sweep.h"
#include "intake/http/server.h"
#include "intake/site.h"
#include "intake/web/web.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define STOP_GRACE_MS 5000 /* what a slow reply gets when the server stops */
#define TICK_MS 200        /* how soon a signal is noticed */
#define SWEEP_MS 1000      /* how late a breach may be written down; it keeps its own instant */
#define FORGET_MS 3600000  /* how often files that nobody named are looked for */
#define FLUSH_MS 30000     /* how long a case may be in memory only; it is in the journal anyway */

/* The API's routes, then the pages': one table, since the router takes one. */
static struct route *all_routes(size_t *count)
{
    struct route *routes = calloc(api_routes_count + web_routes_count, sizeof *routes);

    *count = 0;
    for (size_t i = 0; routes != NULL && i < api_routes_count; i++)
        routes[(*count)++] = api_routes[i];
    for (size_t i = 0; routes != NULL && i < web_routes_count; i++)
        routes[(*count)++] = web_routes[i];
    return routes;
}

static enum status first_start(struct app *app, struct error *err)
{
    char password[SESSION_KEY_BYTES];
    enum status status = staff_first_start(app, password, err);

    if (status == AF_OK && password[0] != '\0')
        (void)fprintf(stderr,
                      "made the account \"admin\" with the password %s\n"
                      "(shown once; change it with: askfirst --data %s account set admin --role "
                      "admin)\n",
                      password, app_dir(app));
    return status;
}

struct keeping {
    int64_t flushed_ms, swept_ms, forgot_ms; /* of the steady clock */
    enum status swept;                       /* how the last sweep ended */
};

/* Clocks whose time has come. A sweep that fails is said once, until one works again. */
static void sweep(struct app *app, int64_t now_ms, struct keeping *state)
{
    struct ticket_swept swept;
    struct error why;
    enum status status;

    if (now_ms - state->swept_ms < SWEEP_MS)
        return;
    state->swept_ms = now_ms;
    status = ticket_sweep(app, &swept, &why);
    if (status != AF_OK && status != state->swept)
        (void)fprintf(stderr, "askfirst: tickets' clocks were not looked at: %s\n", why.text);
    state->swept = status;
}

/* Files that nobody named. */
static void forget(struct app *app, int64_t now_ms, struct keeping *state)
{
    struct error why;
    uint64_t files;

    if (now_ms - state->forgot_ms < FORGET_MS)
        return;
    state->forgot_ms = now_ms;
    if (ticket_files_sweep(app, &files, &why) != AF_OK)
        (void)fprintf(stderr, "askfirst: old files were not looked for: %s\n", why.text);
}

/* Housekeeping between ticks. A flush that fails is said and tried again later: nothing is
 * lost by it, the journal has everything. */
static void housekeep(struct app *app, struct keeping *state)
{
    int64_t now_ms = clock_steady_us() / 1000;
    struct error why;
    int dead;

    sweep(app, now_ms, state);
    forget(app, now_ms, state);
    if (now_ms - state->flushed_ms < FLUSH_MS)
        return;
    state->flushed_ms = now_ms;
    if (index_flush(app_index(app), NULL, NULL, &why) != AF_OK)
        (void)fprintf(stderr, "askfirst: the index was not written: %s\n", why.text);
    if (ticket_index_flush(app_tickets(app), &why) != AF_OK)
        (void)fprintf(stderr, "askfirst: the index of tickets was not written: %s\n", why.text);
    (void)mdb_reader_check(store_env(app_store(app))->mdb, &dead);
}

static void wait_for_stop(struct app *app, const volatile sig_atomic_t *stop)
{
    const struct timespec tick = {.tv_nsec = TICK_MS * 1000000l};
    struct keeping state = {.flushed_ms = clock_steady_us() / 1000};

    index_read_whole(app_index(app)); /* while the first questions are answered */
    while (!*stop) {
        (void)nanosleep(&tick, NULL);
        housekeep(app, &state);
    }
}

enum status serve_run(struct app *app, const struct serve_options *options,
                      const volatile sig_atomic_t *stop, struct error *err)
{
    struct site site = {.app = app, .started_ms = clock_now_ms()};
    struct server_options server_options = {.listen = options->listen,
                                            .threads = options->threads,
                                            .access_log = options->access_log,
                                            .error_page = web_error_page,
                                            .app = &site};
    struct server *server = NULL;
    struct route *routes = NULL;
    size_t count;
    enum status status;

    if ((status = sessions_new(&site.sessions, err)) != AF_OK ||
        (status = quota_new(&site.quota, err)) != AF_OK ||
        (status = first_start(app, err)) != AF_OK)
        goto done;
    routes = all_routes(&count);
    if (routes == NULL) {
        status = error_set(err, AF_NO_MEMORY, "no memory to start the server");
        goto done;
    }
    server_options.routes = (struct routes){routes, count};
    if ((status = server_start(&server_options, &server, err)) != AF_OK)
        goto done;
    (void)fprintf(stderr, "listening on http://%s\n", server_address(server));
    wait_for_stop(app, stop);
done:
    server_stop(server, STOP_GRACE_MS);
    sessions_free(site.sessions);
    quota_free(site.quota);
    free(routes);
    return status;
}
