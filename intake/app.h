/* app.h: everything a command or the server needs, opened in the right order. */
#ifndef ASKFIRST_INTAKE_APP_H
#define ASKFIRST_INTAKE_APP_H

#include "data/journal.h"
#include "data/store.h"
#include "indexer/index.h"
#include "intake/ticket_index.h"
#include "search/search.h"
#include "search/suggest/suggest.h"

struct app; /* shared by all threads */

enum app_mode {
    APP_READ,  /* no journal; works beside a server and in a folder one may not write */
    APP_WRITE, /* proposes commands; works beside a server too */
    APP_SERVE, /* the same, and holds DIR/serve.lock: AF_BUSY when another server has it */
};

/* AF_NOT_FOUND when there is no store and the mode is APP_READ. */
enum status app_open(const char *dir, enum app_mode mode, struct app **out,
                     struct error *err) MUST_USE;
/* Flushes the index (APP_WRITE, APP_SERVE); says on stderr what failed. Accepts NULL. */
void app_close(struct app *app);

const char *app_dir(const struct app *app);
struct store *app_store(const struct app *app);
struct journal *app_journal(const struct app *app); /* NULL for APP_READ */
struct index *app_index(const struct app *app);
struct ticket_index *app_tickets(const struct app *app);

/* index_set_build() of both indexes; before other threads have the app. */
void app_set_build(struct app *app, unsigned threads, size_t bytes);

/* A searcher belongs to a thread; the app keeps those that are idle. */
enum status app_borrow_searcher(struct app *app, struct searcher **out, struct error *err) MUST_USE;
void app_return_searcher(struct app *app, struct searcher *searcher);

/* Borrows, searches, returns. */
enum status app_search(struct app *app, const struct search_request *request, struct arena *arena,
                       struct search_result *out, struct error *err) MUST_USE;

/* The same while a question is being typed. */
enum status app_suggest(struct app *app, const struct suggest_request *request, struct arena *arena,
                        struct suggest_result *out, struct error *err) MUST_USE;

/* The products whose cases `audience` may see, commonest first (products.h). */
enum status app_products(struct app *app, enum audience audience, struct arena *arena,
                         const struct bytes **names, size_t *count, struct error *err) MUST_USE;

/* The rules as they were last read (rules/rules_cache.h). */
struct rules_cache;
struct rules_cache *app_rules_cache(const struct app *app);

/* Where the data is when nothing says so: $ASKFIRST_DATA, else $XDG_DATA_HOME/askfirst, else
 * ~/.local/share/askfirst. The caller frees it; NULL without a home. */
char *app_default_dir(void);

#endif
