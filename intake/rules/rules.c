#include "intake/rules/docs.h"

#include "data/base/limits.h"
#include "intake/propose.h"
#include "intake/rules/rules_cache.h"
#include "intake/rules/shipped.h"

#include <assert.h>

static const struct kind {
    const char *name;
    const char *list; /* the list that rules_find looks in, and what its elements are called by */
    const char *id;
    doc_check_fn check;
} kinds[RULES_KINDS] = {
    [RULES_CALENDARS] = {"calendars",  "calendars",  "name", doc_calendars_check },
    [RULES_PRODUCTS] = {"products",   "products",   "id",   doc_products_check  },
    [RULES_TYPES] = {"types",      "types",      "id",   doc_types_check     },
    [RULES_SEVERITIES] = {"severities", "severities", "id",   doc_severities_check},
    [RULES_LEVELS] = {"levels",     "levels",     "id",   doc_levels_check    },
    [RULES_GROUPS] = {"groups",     "groups",     "id",   doc_groups_check    },
    [RULES_ROUTING] = {"routing",    "rules",      "id",   doc_routing_check   },
    [RULES_FORMS] = {"forms",      "forms",      "id",   doc_forms_check     },
    [RULES_HANDOFFS] = {"handoffs",   "targets",    "id",   doc_handoffs_check  },
    [RULES_STOCK] = {"stock",      "points",     "id",   doc_stock_check     },
    [RULES_PARTIES] = {"parties",    "",           "",     doc_parties_check   },
    [RULES_CLOSING] = {"closing",    "",           "",     doc_closing_check   },
};

const char *rules_name(enum rules_kind kind)
{
    assert((unsigned)kind < RULES_KINDS);
    return kinds[kind].name;
}

bool rules_parse(struct bytes name, enum rules_kind *out)
{
    for (unsigned i = 0; i < RULES_KINDS; i++)
        if (bytes_equal(name, bytes_str(kinds[i].name))) {
            *out = (enum rules_kind)i;
            return true;
        }
    return false;
}

/* --- reading -------------------------------------------------------------------------------- */

static enum status load_one(struct txn *txn, enum rules_kind kind, struct rules *rules,
                            struct error *err)
{
    json_t *record, *doc;
    enum status status =
        store_get_json(txn, TABLE_RULES, bytes_str(kinds[kind].name), &record, err);

    if (status == AF_NOT_FOUND)
        return json_parse(shipped_rules(kind), &rules->docs[kind], err);
    if (status != AF_OK)
        return status;
    doc = json_object_get(record, "doc");
    if (json_is_object(doc)) {
        uint32_t revision = (uint32_t)json_get_u64(record, "revision");

        rules->docs[kind] = json_incref(doc);
        rules->versions[kind] = (uint32_t)json_get_u64(record, "version");
        if (revision > rules->revision)
            rules->revision = revision;
        if (kind == RULES_CALENDARS)
            rules->retired = json_incref(json_object_get(record, "retired"));
    } else {
        status = error_set(err, AF_CORRUPT, "damaged: table rules, key %s: it has no document",
                           kinds[kind].name);
    }
    json_decref(record);
    return status;
}

enum status rules_load(struct txn *txn, struct rules *out, struct error *err)
{
    struct rules rules = {0};
    enum status status = AF_OK;

    for (unsigned i = 0; i < RULES_KINDS && status == AF_OK; i++)
        status = load_one(txn, (enum rules_kind)i, &rules, err);
    if (status == AF_OK)
        *out = rules;
    else
        rules_release(&rules);
    return status;
}

enum status rules_load_in(struct app *app, struct txn *txn, struct rules *out, struct error *err)
{
    return rules_cache_load(app_rules_cache(app), txn, out, err);
}

enum status rules_load_now(struct app *app, struct rules *out, struct error *err)
{
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    status = rules_load_in(app, txn, out, err);
    txn_abort(txn);
    return status;
}

void rules_release(struct rules *rules)
{
    for (unsigned i = 0; i < RULES_KINDS; i++)
        json_decref(rules->docs[i]);
    json_decref(rules->retired);
    *rules = (struct rules){0};
}

const json_t *rules_find(const struct rules *rules, enum rules_kind kind, const char *id)
{
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(rules->docs[kind], kinds[kind].list), i, item)
    {
        if (strcmp(json_get_str(item, kinds[kind].id), id) == 0)
            return item;
    }
    return NULL;
}

const json_t *rules_calendar(const struct rules *rules, const char *name)
{
    const json_t *calendar = rules_find(rules, RULES_CALENDARS, name), *item;
    size_t i;

    if (calendar != NULL)
        return calendar;
    json_array_foreach(rules->retired, i, item)
    {
        if (strcmp(json_get_str(item, "name"), name) == 0)
            return item;
    }
    return NULL;
}

/* --- checking ------------------------------------------------------------------------------- */

/* Is the whole sound? A fault of another document can only come from the one that was changed: a
 * name that went. */
static void check_together(const struct rules *rules, enum rules_kind changed,
                           struct complaints *complaints)
{
    struct doc_check check = {.rules = rules, .complaints = complaints};

    kinds[changed].check(&check, rules->docs[changed]);
    for (unsigned i = 0; i < RULES_KINDS && json_array_size(complaints->list) == 0; i++) {
        const struct place root = {NULL, kinds[i].name, 0};

        check.root = &root;
        if (i != (unsigned)changed)
            kinds[i].check(&check, rules->docs[i]);
    }
}

/* --- asking and replacing ------------------------------------------------------------------- */

enum status rules_get(struct app *app, enum rules_kind kind, json_t **out, struct error *err)
{
    struct rules rules;
    json_t *json;
    enum status status = rules_load_now(app, &rules, err);

    if (status != AF_OK)
        return status;
    json = json_pack("{s:s,s:i,s:O}", "name", kinds[kind].name, "version",
                     (int)rules.versions[kind], "doc", rules.docs[kind]);
    rules_release(&rules);
    if (json == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a document");
    *out = json;
    return AF_OK;
}

static bool has_calendar(const json_t *list, const char *name)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        if (strcmp(json_get_str(item, "name"), name) == 0)
            return true;
    }
    return false;
}

/* Those of `list` that are in neither `now` nor `retired` are added to `retired`. */
static bool retire(json_t *retired, const json_t *list, const json_t *now)
{
    const json_t *item;
    bool ok = true;
    size_t i;

    json_array_foreach(list, i, item)
    {
        const char *name = json_get_str(item, "name");

        if (!has_calendar(now, name) && !has_calendar(retired, name))
            ok = json_array_append(retired, (json_t *)(uintptr_t)item) == 0 && ok;
    }
    return ok;
}

/* The newest that was retired is the one that is kept of a name. */
static json_t *retired_with(const struct rules *rules, const json_t *doc)
{
    const json_t *now = json_object_get(doc, "calendars");
    json_t *retired = json_array();

    if (retired != NULL &&
        retire(retired, json_object_get(rules->docs[RULES_CALENDARS], "calendars"), now) &&
        retire(retired, rules->retired, now))
        return retired;
    json_decref(retired);
    return NULL;
}

enum status rules_apply_set(struct txn *txn, const struct command *command, json_t *result,
                            struct error *err)
{
    const json_t *doc = json_object_get(command->body, "doc");
    enum rules_kind kind;
    struct rules rules;
    bool ok = true;
    json_t *record;
    enum status status;

    if (!rules_parse(bytes_str(json_get_str(command->body, "name")), &kind))
        return error_set(err, AF_INVALID, "\"name\" is not one of the documents");
    if (!json_is_object(doc))
        return error_set(err, AF_INVALID, "\"doc\" is an object");
    if ((status = rules_load(txn, &rules, err)) != AF_OK)
        return status;
    if (json_get_u64(command->body, "revision") != rules.revision + 1) {
        rules_release(&rules);
        return error_set(err, AF_CONFLICT, "somebody changed the rules meanwhile");
    }
    record = json_pack("{s:i,s:i,s:O}", "version", (int)rules.versions[kind] + 1, "revision",
                       (int)rules.revision + 1, "doc", doc);
    if (kind == RULES_CALENDARS)
        json_put(record, "retired", retired_with(&rules, doc), &ok);
    status = record == NULL || !ok
                 ? error_set(err, AF_NO_MEMORY, "no memory for a document")
                 : store_put_json(txn, TABLE_RULES, bytes_str(kinds[kind].name), record, err);
    json_put(result, "version", json_integer(rules.versions[kind] + 1), &ok);
    json_decref(record);
    rules_release(&rules);
    return status != AF_OK || ok ? status : error_set(err, AF_NO_MEMORY, "no memory");
}

/* Checked beside the others as they are now. */
static enum status check_change(struct rules *rules, enum rules_kind kind, const json_t *doc,
                                json_t **out, struct error *err)
{
    json_t *old = rules->docs[kind];
    struct complaints complaints;
    enum status status = complaints_init(&complaints, err);

    if (status != AF_OK)
        return status;
    rules->docs[kind] = (json_t *)doc;
    check_together(rules, kind, &complaints);
    rules->docs[kind] = old;
    status = complaints_verdict(&complaints, err);
    if (status == AF_INVALID)
        *out = complaints.list;
    else
        json_decref(complaints.list);
    return status;
}

enum status rules_try(struct app *app, enum rules_kind kind, const json_t *doc, json_t **complaints,
                      struct error *err)
{
    struct rules rules;
    enum status status;

    *complaints = NULL;
    if (!json_is_object(doc))
        return error_set(err, AF_INVALID, "a document is a JSON object");
    if ((status = rules_load_now(app, &rules, err)) != AF_OK)
        return status;
    status = check_change(&rules, kind, doc, complaints, err);
    rules_release(&rules);
    return status;
}

static enum status propose_set(struct app *app, const struct who *who, enum rules_kind kind,
                               const json_t *doc, uint32_t revision, uint32_t *version,
                               struct error *err)
{
    struct outcome outcome;
    enum status status = propose(app, who, "rules.set", NULL, 0,
                                 json_pack("{s:s,s:I,s:O}", "name", kinds[kind].name, "revision",
                                           (json_int_t)revision + 1, "doc", doc),
                                 &outcome, err);

    if (status != AF_OK)
        return status;
    *version = (uint32_t)json_get_u64(outcome.result, "version");
    json_decref(outcome.result);
    return AF_OK;
}

#define SET_TRIES 3 /* somebody else's change between check and commit; then the caller decides */

enum status rules_set(struct app *app, const struct who *who, enum rules_kind kind,
                      const json_t *doc, int64_t if_version, uint32_t *version, json_t **complaints,
                      struct error *err)
{
    enum status status = AF_CONFLICT;

    *complaints = NULL;
    if (who->role != ROLE_ADMIN)
        return error_set(err, AF_DENIED, "only an admin may change the rules");
    if (!json_is_object(doc))
        return error_set(err, AF_INVALID, "a document is a JSON object");
    for (int try = 0; try < SET_TRIES && status == AF_CONFLICT; try++) {
        struct rules rules;

        if ((status = rules_load_now(app, &rules, err)) != AF_OK)
            return status;
        if (if_version != RULES_ANY_VERSION && if_version != rules.versions[kind]) {
            status =
                error_set(err, AF_CONFLICT, "somebody changed %s meanwhile: it is version %u now",
                          kinds[kind].name, rules.versions[kind]);
            rules_release(&rules);
            return status;
        }
        status = check_change(&rules, kind, doc, complaints, err);
        if (status == AF_OK && json_equal(doc, rules.docs[kind]))
            *version = rules.versions[kind];
        else if (status == AF_OK)
            status = propose_set(app, who, kind, doc, rules.revision, version, err);
        rules_release(&rules);
    }
    return status;
}
