#include "intake/similar.h"

#include "data/article.h"
#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "search/query/simhash.h"

#include <stdlib.h>

#define BEGINNING_BYTES 1000 /* of the text of a case without a symptom */

/* What a case is about, as its author would ask it. */
static void add_question(const json_t *article, struct buf *out)
{
    const char *symptom = article_first(article, "symptom");

    buf_printf(out, "%s\n", article_first(article, "title"));
    if (symptom[0] != '\0')
        buf_add_str(out, symptom);
    else
        buf_add(out, utf8_cut(bytes_str(article_first(article, "text")), BEGINNING_BYTES));
}

static void add_whole(const json_t *article, struct buf *out)
{
    static const char *const members[] = {"title",      "symptom", "cause",
                                          "resolution", "advice",  "text"};

    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        buf_printf(out, "%s\n", article_first(article, members[i]));
}

static enum status search(struct app *app, const struct who *who, const json_t *article,
                          struct bytes id, uint32_t limit, bool snippets, struct arena *arena,
                          struct search_result *out, struct error *err)
{
    struct search_request request = {.limit = limit,
                                     .audience = who->audience,
                                     .without = &id,
                                     .without_count = id.len > 0,
                                     .similar = true,
                                     .snippets = snippets};
    struct buf text = {0};
    enum status status;

    add_question(article, &text);
    request.query = buf_bytes(&text);
    if ((status = buf_status(&text, "a question", err)) == AF_OK)
        status = app_search(app, &request, arena, out, err);
    if (status == AF_OK) /* likeness is no answer */
        out->confidence = (struct confidence){.verdict = VERDICT_LIKELY};
    buf_release(&text);
    return status;
}

static enum status read_case(struct txn *txn, const struct who *who, struct bytes id, json_t **out,
                             struct error *err)
{
    struct article_ref ref;
    enum status status = article_find(txn, id, &ref, err);

    if (status == AF_OK)
        status = article_read(txn, &ref, out, err);
    if (status == AF_OK && (article_audience(*out) > who->audience || !article_is_findable(*out))) {
        json_decref(*out);
        status = AF_NOT_FOUND;
    }
    return status == AF_NOT_FOUND
               ? error_set(err, AF_NOT_FOUND, "there is no case %.*s",
                           (int)(id.len < 80 ? id.len : 80), (const char *)id.data)
               : status;
}

enum status similar_find(struct app *app, const struct who *who, struct bytes id, uint32_t limit,
                         struct arena *arena, struct search_result *out, struct error *err)
{
    json_t *article;
    struct txn *txn;
    enum status status;

    if (id.len == 0 || id.len > ARTICLE_ID_BYTES_MAX)
        return error_set(err, AF_NOT_FOUND, "there is no case of that id");
    if ((status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    status = read_case(txn, who, id, &article, err);
    txn_abort(txn);
    if (status != AF_OK)
        return status;
    status = search(app, who, article, id, limit, true, arena, out, err);
    json_decref(article);
    return status;
}

/* --- nearly the same --------------------------------------------------------------------- */

struct near_case {
    struct bytes id, title;
    double shared; /* of the terms of both, 0 … 1 */
};

struct near {
    struct analyzer *analyzer;
    const struct who *who;
    struct arena *arena;
    struct txn *txn;
    struct simhash print; /* of the case in hand */
    struct near_case *list;
    uint32_t count;
    struct error *err;
};

static enum status print_of(struct near *n, const json_t *article, struct simhash *out)
{
    struct buf text = {0};
    enum status status;

    add_whole(article, &text);
    if ((status = buf_status(&text, "a case", n->err)) == AF_OK)
        status = simhash_of(n->analyzer, buf_bytes(&text), n->arena, out, n->err);
    buf_release(&text);
    return status;
}

static enum status compare(struct near *n, const struct hit *hit)
{
    struct simhash other;
    json_t *article;
    enum status status = read_case(n->txn, n->who, hit->id, &article, n->err);

    if (status == AF_NOT_FOUND) /* hidden since it was found */
        return AF_OK;
    if (status != AF_OK)
        return status;
    status = print_of(n, article, &other);
    json_decref(article);
    if (status == AF_OK && simhash_near(&n->print, &other))
        n->list[n->count++] =
            (struct near_case){hit->id, hit->title.text, simhash_shared(&n->print, &other)};
    return status;
}

static int nearest_first(const void *a, const void *b)
{
    const struct near_case *x = a, *y = b;

    if (x->shared < y->shared || y->shared < x->shared)
        return x->shared > y->shared ? -1 : 1;
    return bytes_compare(x->id, y->id);
}

/* Only what a search finds is compared: what shares nearly all its terms is among the first. */
static enum status find_near(struct app *app, const struct who *who, const json_t *article,
                             struct arena *arena, struct near_case **out, uint32_t *count,
                             struct error *err)
{
    struct near n = {.who = who, .arena = arena, .err = err};
    struct search_result found;
    enum status status = search(app, who, article, bytes_str(json_get_str(article, "id")),
                                HITS_DEFAULT, false, arena, &found, err);

    *count = 0;
    if (status != AF_OK || found.hits_count == 0)
        return status;
    if ((n.list = arena_array(arena, found.hits_count, sizeof *n.list)) == NULL)
        return arena_exhausted(arena, err);
    if ((status = analyzer_new(&n.analyzer, err)) != AF_OK)
        return status;
    if ((status = store_begin_read(app_store(app), &n.txn, err)) == AF_OK)
        status = print_of(&n, article, &n.print);
    for (uint32_t i = 0; status == AF_OK && i < found.hits_count; i++)
        status = compare(&n, &found.hits[i]);
    txn_abort(n.txn);
    analyzer_free(n.analyzer);
    if (n.count > 1)
        qsort(n.list, n.count, sizeof *n.list, nearest_first);
    *out = n.list;
    *count = n.count;
    return status;
}

void similar_warn(struct app *app, const struct who *who, const json_t *article,
                  struct arena *arena, json_t **out)
{
    struct near_case *list;
    struct error err;
    uint32_t count;

    *out = NULL;
    if (find_near(app, who, article, arena, &list, &count, &err) != AF_OK || count == 0)
        return;
    *out = json_array();
    for (uint32_t i = 0; *out != NULL && i < count; i++)
        if (json_array_append_new(
                *out, json_pack("{s:o,s:o,s:f}", "id", json_from_bytes(list[i].id), "title",
                                json_from_bytes(list[i].title), "shared", list[i].shared)) != 0) {
            json_decref(*out);
            *out = NULL;
        }
}
