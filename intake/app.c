#include "intake/app.h"

#include "intake/commands.h"
#include "intake/products.h"
#include "intake/rules/rules_cache.h"
#include "intake/searchers.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

struct app {
    char *dir;
    int lock_fd; /* DIR/serve.lock, or -1 */
    struct store *store;
    struct journal *journal;
    struct index *index;
    struct ticket_index *tickets;
    struct products *products;
    struct rules_cache *rules;
    struct searchers searchers;
    pthread_mutex_t idle_lock;
    struct suggester *idle_suggesters[IDLE_SEARCHERS_MAX];
    size_t idle_suggesters_count;
};

const char *app_dir(const struct app *app)
{
    return app->dir;
}

struct store *app_store(const struct app *app)
{
    return app->store;
}

struct journal *app_journal(const struct app *app)
{
    return app->journal;
}

struct index *app_index(const struct app *app)
{
    return app->index;
}

struct rules_cache *app_rules_cache(const struct app *app)
{
    return app->rules;
}

struct ticket_index *app_tickets(const struct app *app)
{
    return app->tickets;
}

void app_set_build(struct app *app, unsigned threads, size_t bytes)
{
    index_set_build(app->index, threads, bytes);
    ticket_index_set_build(app->tickets, threads, bytes);
}

/* A lock that ends with the process, however it ends. */
static enum status lock_server(struct app *app, struct error *err)
{
    struct buf path = {0};
    enum status status;

    buf_printf(&path, "%s/serve.lock", app->dir);
    if ((status = buf_status(&path, "a path", err)) != AF_OK)
        goto done;
    app->lock_fd = open(buf_str(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (app->lock_fd < 0)
        status =
            error_set(err, AF_DENIED, "%s cannot be opened: %s", buf_str(&path), strerror(errno));
    else if (flock(app->lock_fd, LOCK_EX | LOCK_NB) != 0)
        status = error_set(err, AF_BUSY,
                           "another askfirst serves %s already: stop it, or choose another --data",
                           app->dir);
done:
    buf_release(&path);
    return status;
}

enum status app_open(const char *dir, enum app_mode mode, struct app **out, struct error *err)
{
    enum store_mode store_mode = mode == APP_READ ? STORE_READ : STORE_WRITE;
    struct app *app = calloc(1, sizeof *app);
    enum status status;

    if (app == NULL || (app->dir = strdup(dir)) == NULL) {
        free(app);
        return error_set(err, AF_NO_MEMORY, "no memory to start");
    }
    app->lock_fd = -1;
    (void)pthread_mutex_init(&app->idle_lock, NULL);
    if ((status = products_new(&app->products, err)) != AF_OK ||
        (status = rules_cache_new(&app->rules, err)) != AF_OK)
        goto done;
    if ((status = store_open(dir, store_mode, &app->store, err)) != AF_OK)
        goto done;
    if (mode == APP_SERVE && (status = lock_server(app, err)) != AF_OK)
        goto done;
    if (mode != APP_READ &&
        (status = journal_open(app->store, command_kinds, &app->journal, err)) != AF_OK)
        goto done;
    if ((status = index_open(app->store, store_mode, &app->index, err)) != AF_OK)
        goto done;
    searchers_init(&app->searchers, app->index, app->store);
    status = ticket_index_new(app->store, store_mode, &app->tickets, err);
    if (status == AF_OK && app->journal != NULL)
        journal_tell_ahead(app->journal, index_ahead, app->index);
done:
    if (status == AF_OK)
        *out = app;
    else
        app_close(app);
    return status;
}

void app_close(struct app *app)
{
    struct error err;

    if (app == NULL)
        return;
    journal_close(app->journal);
    searchers_release(&app->searchers);
    while (app->idle_suggesters_count > 0)
        suggester_free(app->idle_suggesters[--app->idle_suggesters_count]);
    /* Without this flush nothing is lost: the next to open reads the journal's tail again. */
    if (app->journal != NULL && app->index != NULL &&
        index_flush(app->index, NULL, NULL, &err) != AF_OK)
        (void)fprintf(stderr, "askfirst: the index was not written: %s\n", err.text);
    ticket_index_free(app->tickets);
    products_free(app->products);
    rules_cache_free(app->rules);
    index_close(app->index);
    store_close(app->store);
    if (app->lock_fd >= 0)
        close(app->lock_fd);
    (void)pthread_mutex_destroy(&app->idle_lock);
    free(app->dir);
    free(app);
}

enum status app_borrow_searcher(struct app *app, struct searcher **out, struct error *err)
{
    return searchers_borrow(&app->searchers, out, err);
}

void app_return_searcher(struct app *app, struct searcher *searcher)
{
    searchers_return(&app->searchers, searcher);
}

enum status app_search(struct app *app, const struct search_request *request, struct arena *arena,
                       struct search_result *out, struct error *err)
{
    return searchers_search(&app->searchers, request, arena, out, err);
}

static enum status borrow_suggester(struct app *app, struct suggester **out, struct error *err)
{
    struct suggester *suggester = NULL;

    (void)pthread_mutex_lock(&app->idle_lock);
    if (app->idle_suggesters_count > 0)
        suggester = app->idle_suggesters[--app->idle_suggesters_count];
    (void)pthread_mutex_unlock(&app->idle_lock);
    if (suggester == NULL)
        return suggester_new(app->index, app->store, out, err);
    *out = suggester;
    return AF_OK;
}

static void return_suggester(struct app *app, struct suggester *suggester)
{
    (void)pthread_mutex_lock(&app->idle_lock);
    if (app->idle_suggesters_count < IDLE_SEARCHERS_MAX) {
        app->idle_suggesters[app->idle_suggesters_count++] = suggester;
        suggester = NULL;
    }
    (void)pthread_mutex_unlock(&app->idle_lock);
    suggester_free(suggester);
}

enum status app_suggest(struct app *app, const struct suggest_request *request, struct arena *arena,
                        struct suggest_result *out, struct error *err)
{
    struct suggester *suggester;
    enum status status = borrow_suggester(app, &suggester, err);

    if (status != AF_OK)
        return status;
    status = suggest_run(suggester, request, arena, out, err);
    return_suggester(app, suggester);
    return status;
}

enum status app_products(struct app *app, enum audience audience, struct arena *arena,
                         const struct bytes **names, size_t *count, struct error *err)
{
    return products_list(app->products, app->store, app->index, (uint8_t)audience, arena, names,
                         count, err);
}

char *app_default_dir(void)
{
    static const struct {
        const char *variable, *below;
    } places[] = {
        {"ASKFIRST_DATA", ""                      },
        {"XDG_DATA_HOME", "/askfirst"             },
        {"HOME",          "/.local/share/askfirst"},
    };

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const char *value = getenv(places[i].variable);
        struct buf path = {0};

        if (value == NULL || value[0] == '\0')
            continue;
        buf_printf(&path, "%s%s", value, places[i].below);
        return buf_ok(&path) ? (char *)path.data : NULL;
    }
    return NULL;
}
