#include "intake/desk/ticket_propose.h"

#include "data/article.h"
#include "data/base/utf8.h"
#include "intake/desk/neighbour_vote.h"
#include "intake/desk/ticket_impl.h"
#include "intake/desk/ticket_search.h"
#include "intake/rules/rules.h"
#include "intake/ticket/ticket_text.h"

#include <stdlib.h>

#define FROM_SHOWN 3

enum part { PRODUCT, TYPE, SEVERITY, PARTS };
static const char *const parts[PARTS] = {"product", "type", "severity"};

struct near {
    struct bytes values[PARTS]; /* empty: none, or none that is known */
    struct bytes id, title;
    double score;
    bool is_ticket;
};

struct proposing {
    struct app *app;
    const struct who *who;
    const struct ticket_words *words;
    struct bytes question;
    struct rules rules;
    struct txn *txn;
    struct arena *arena;          /* of a search; */
    struct arena *kept;           /* and of what is kept of it */
    const struct bytes *products; /* those of cases that he may see, when there is no tree */
    size_t products_count;
    struct near nears[2 * PROPOSE_NEIGHBOURS];
    uint32_t count;
};

/* --- what may be proposed -------------------------------------------------------------------- */

static const char *kept(struct proposing *p, const char *text)
{
    return arena_str(p->kept, bytes_str(text));
}

static bool is_product(const struct proposing *p, const char *name)
{
    if (json_array_size(json_object_get(p->rules.docs[RULES_PRODUCTS], "products")) > 0)
        return rules_find(&p->rules, RULES_PRODUCTS, name) != NULL;
    for (size_t i = 0; i < p->products_count && !who_is_staff(p->who); i++)
        if (bytes_equal(p->products[i], bytes_str(name)))
            return true;
    return who_is_staff(p->who);
}

static bool has_name(const json_t *type, const char *word)
{
    json_t *names = json_object_get(type, "name"), *name;
    const char *lang;

    if (json_is_string(names))
        return strcmp(json_string_value(names), word) == 0;
    json_object_foreach(names, lang, name)
    {
        if (json_is_string(name) && strcmp(json_string_value(name), word) == 0)
            return true;
    }
    return false;
}

/* The id of a type that is called so; NULL: none is. */
static const char *type_of(const struct proposing *p, const char *word)
{
    const json_t *types = json_object_get(p->rules.docs[RULES_TYPES], "types"), *type;
    size_t i;

    if (word[0] == '\0' || rules_find(&p->rules, RULES_TYPES, word) != NULL)
        return word[0] == '\0' ? NULL : word;
    json_array_foreach(types, i, type)
    {
        if (has_name(type, word))
            return json_get_str(type, "id");
    }
    return NULL;
}

static void take(struct proposing *p, struct near *near, enum part part, const char *value)
{
    bool is_known = value != NULL && value[0] != '\0' &&
                    (part != PRODUCT || is_product(p, value)) &&
                    (part != SEVERITY || ticket_severity_rank(bytes_str(value)) > 0);

    if (is_known && (value = kept(p, value)) != NULL)
        near->values[part] = bytes_str(value);
}

/* --- neighbours ------------------------------------------------------------------------------ */

static struct near *new_near(struct proposing *p, const struct hit *hit, bool is_ticket)
{
    struct near *near = &p->nears[p->count++];

    *near = (struct near){.id = arena_copy(p->kept, hit->id),
                          .title = arena_copy(p->kept, hit->title.text),
                          .score = hit->score,
                          .is_ticket = is_ticket};
    return near;
}

/* Its category may be a word or a path of them; the last that is a type says most. */
static void take_category(struct proposing *p, struct near *near, const json_t *article)
{
    const json_t *category = json_object_get(article, "category"), *word;
    size_t i;

    if (json_is_string(category))
        take(p, near, TYPE, type_of(p, json_string_value(category)));
    json_array_foreach(category, i, word)
    {
        if (json_is_string(word) && type_of(p, json_string_value(word)) != NULL)
            take(p, near, TYPE, type_of(p, json_string_value(word)));
    }
}

static enum status add_case(struct proposing *p, const struct hit *hit, struct error *err)
{
    struct near *near = new_near(p, hit, false);
    struct article_ref ref;
    json_t *article;
    enum status status = article_look(p->txn, hit->id, &ref, err);

    if (status == AF_NOT_FOUND) /* newer than this transaction */
        return AF_OK;
    if (status == AF_OK)
        status = article_read(p->txn, &ref, &article, err);
    if (status != AF_OK)
        return status;
    take(p, near, PRODUCT, article_first(article, "product"));
    take_category(p, near, article);
    json_decref(article);
    return AF_OK;
}

static enum status find_cases(struct proposing *p, struct error *err)
{
    const struct search_request request = {.query = p->question,
                                           .limit = PROPOSE_NEIGHBOURS,
                                           .product = p->words->product,
                                           .narrow = true,
                                           .audience = p->who->audience};
    struct search_result result;
    enum status status = app_search(p->app, &request, p->arena, &result, err);

    for (uint32_t i = 0; status == AF_OK && i < result.hits_count; i++)
        status = add_case(p, &result.hits[i], err);
    arena_clear(p->arena);
    return status;
}

static enum status add_ticket(void *context, const struct hit *hit, struct bytes record,
                              bool *enough, struct error *err)
{
    struct proposing *p = context;
    struct near *near = new_near(p, hit, true);
    json_t *ticket;
    enum status status = json_parse_stored(record, &ticket, err);

    (void)enough;
    if (status != AF_OK)
        return status;
    take(p, near, PRODUCT, json_get_str(ticket, "product"));
    take(p, near, TYPE, type_of(p, json_get_str(ticket, "type")));
    take(p, near, SEVERITY, json_get_str(ticket, "severity"));
    json_decref(ticket);
    return AF_OK;
}

static enum status find_tickets(struct proposing *p, struct error *err)
{
    struct search_request request = {.query = p->question,
                                     .product = p->words->product,
                                     .limit = PROPOSE_NEIGHBOURS,
                                     .narrow = true,
                                     .category = BYTES_LIT(TICKET_FOUND_SOLVED)};

    return ticket_search_walk(p->app, p->txn, &request, PROPOSE_NEIGHBOURS, p->arena, add_ticket, p,
                              NULL, err);
}

/* Equal scores: cases first, since somebody wrote them to be right; then as they were found. */
static int nearest_first(const void *a, const void *b)
{
    const struct near *x = a, *y = b;

    if (x->score < y->score || y->score < x->score)
        return x->score > y->score ? -1 : 1;
    if (x->is_ticket != y->is_ticket)
        return x->is_ticket ? 1 : -1;
    return bytes_compare(x->id, y->id);
}

static enum status find_nears(struct proposing *p, struct error *err)
{
    enum status status = find_cases(p, err);

    if (status == AF_OK)
        status = find_tickets(p, err);
    if (status != AF_OK)
        return status;
    if (p->count > 1)
        qsort(p->nears, p->count, sizeof *p->nears, nearest_first);
    p->count = p->count < PROPOSE_NEIGHBOURS ? p->count : PROPOSE_NEIGHBOURS;
    return AF_OK;
}

/* --- proposals ------------------------------------------------------------------------------- */

static json_t *from_json(const struct proposing *p, enum part part, struct bytes value)
{
    json_t *from = json_array();
    uint32_t shown = 0;

    for (uint32_t i = 0; from != NULL && i < p->count && shown < FROM_SHOWN; i++) {
        const struct near *near = &p->nears[i];

        if (!bytes_equal(near->values[part], value) || (near->is_ticket && !who_is_staff(p->who)))
            continue;
        shown++;
        if (json_array_append_new(
                from, json_pack("{s:o,s:o,s:f}", near->is_ticket ? "ticket" : "case",
                                json_from_bytes(near->id), "title", json_from_bytes(near->title),
                                "score", near->score)) != 0) {
            json_decref(from);
            return NULL;
        }
    }
    return from;
}

static bool add_proposal(const struct proposing *p, enum part part, json_t *out)
{
    struct neighbour neighbours[PROPOSE_NEIGHBOURS];
    struct elected best;
    bool ok = true;

    for (uint32_t i = 0; i < p->count; i++)
        neighbours[i] = (struct neighbour){p->nears[i].values[part], p->nears[i].score};
    best = neighbour_vote(neighbours, p->count);
    if (best.value.len == 0)
        return true;
    json_put(out, parts[part],
             json_pack("{s:o,s:f,s:b,s:I,s:o}", "value", json_from_bytes(best.value), "share",
                       best.share, "sure", best.share >= PROPOSE_SURE && best.voters > 1,
                       "neighbours", (json_int_t)best.voters, "from",
                       from_json(p, part, best.value)),
             &ok);
    return ok;
}

static enum status propose_all(struct proposing *p, json_t **out, struct error *err)
{
    json_t *proposals = json_object();
    bool ok = proposals != NULL;
    enum status status = find_nears(p, err);

    for (enum part part = PRODUCT; status == AF_OK && ok && part < PARTS; part++)
        if (part != PRODUCT || p->words->product.len == 0)
            ok = add_proposal(p, part, proposals);
    if (status == AF_OK && !ok)
        status = error_set(err, AF_NO_MEMORY, "no memory for proposals");
    if (status == AF_OK)
        *out = proposals;
    else
        json_decref(proposals);
    return status;
}

static enum status prepare(struct proposing *p, struct error *err)
{
    enum status status = rules_load_now(p->app, &p->rules, err);

    if (status == AF_OK && !who_is_staff(p->who))
        status =
            app_products(p->app, p->who->audience, p->kept, &p->products, &p->products_count, err);
    return status == AF_OK ? store_begin_read(app_store(p->app), &p->txn, err) : status;
}

static enum status ask(struct proposing *p, json_t **out, struct error *err)
{
    struct buf question = {0};
    enum status status;

    buf_add(&question, p->words->title);
    buf_add_u8(&question, '\n');
    buf_add(&question, p->words->text);
    p->question = utf8_cut(buf_bytes(&question), QUERY_INPUT_BYTES_MAX);
    status = buf_status(&question, "a question", err);
    if (status == AF_OK && (status = prepare(p, err)) == AF_OK)
        status = propose_all(p, out, err);
    buf_release(&question);
    return status;
}

enum status ticket_propose(struct app *app, const struct who *who, const struct ticket_words *words,
                           json_t **out, struct error *err)
{
    struct proposing p = {.app = app,
                          .who = who,
                          .words = words,
                          .arena = arena_new(SEARCH_ARENA_BYTES),
                          .kept = arena_new(SEARCH_ARENA_BYTES)};
    enum status status;

    if (bytes_is_blank(words->title) && bytes_is_blank(words->text))
        status = error_set(err, AF_INVALID, "\"title\" and \"text\" are empty: say what is wrong");
    else if (p.arena == NULL || p.kept == NULL)
        status = error_set(err, AF_NO_MEMORY, "no memory for proposals");
    else
        status = ask(&p, out, err);
    txn_abort(p.txn);
    rules_release(&p.rules);
    arena_free(p.arena);
    arena_free(p.kept);
    return status;
}
