#include "intake/api/api.h"

#include "data/article.h"
#include "data/base/clock.h"
#include "data/base/limits.h"
#include "data/ledger.h"
#include "indexer/language.h"
#include "intake/propose.h"
#include "intake/site.h"

#include <stdio.h>

#define TAG_BYTES 16

static void version_tag(uint32_t version, char tag[TAG_BYTES])
{
    (void)snprintf(tag, TAG_BYTES, "%u", version);
}

/* --- reading ------------------------------------------------------------------------------ */

struct found_case {
    struct article_ref ref;
    struct use_counts counts;
    json_t *article; /* owned by whoever asked */
};

/* A case this person may not see is answered like one that is not there. */
static enum status find_case(struct app *app, const struct who *who, struct bytes id,
                             struct found_case *out, struct error *err)
{
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    out->article = NULL;
    if ((status = article_find(txn, id, &out->ref, err)) == AF_OK &&
        (status = article_read(txn, &out->ref, &out->article, err)) == AF_OK)
        status = use_counts_get(txn, id, &out->counts, err);
    if (status == AF_OK && !who_is_staff(who) &&
        (article_audience(out->article) > who->audience || !article_is_findable(out->article)))
        status = error_set(err, AF_NOT_FOUND, "there is no case %.80s", (const char *)id.data);
    txn_abort(txn);
    if (status != AF_OK) {
        json_decref(out->article);
        out->article = NULL;
    }
    return status;
}

API_HANDLER(api_case_get)
{
    struct site *here = site;
    struct found_case found;
    char tag[TAG_BYTES];
    struct who who;
    bool ok = true;
    enum status status = site_who(here, req, rep, &who, err);

    if (status != AF_OK ||
        (status = find_case(here->app, &who, request_param(req, "id"), &found, err)) != AF_OK)
        return status;
    version_tag(found.ref.version, tag);
    json_put(found.article, "version", json_integer(found.ref.version), &ok);
    json_put(found.article, "counts", use_counts_json(&found.counts), &ok);
    reply_header(rep, "Cache-Control", "no-cache");
    reply_headerf(rep, "ETag", "\"%s\"", tag);
    if (!ok) {
        json_decref(found.article);
        return error_set(err, AF_NO_MEMORY, "no memory for a case");
    }
    return reply_json(rep, 200, found.article, err);
}

/* --- writing ------------------------------------------------------------------------------ */

/* What the writer left out: language, author, times. `version` and `counts` are ours: a case
 * that was fetched, changed and sent back carries them, and they are not part of its text. */
static bool complete(json_t *article, const struct who *who, bool is_new)
{
    bool ok = true;

    (void)json_object_del(article, "version");
    (void)json_object_del(article, "counts");
    if (json_get_str(article, "lang")[0] == '\0') {
        struct buf text = {0};

        buf_printf(&text, "%s\n%s\n%s\n%s\n%s", json_get_str(article, "title"),
                   json_get_str(article, "symptom"), json_get_str(article, "cause"),
                   json_get_str(article, "resolution"), json_get_str(article, "text"));
        json_put(article, "lang", json_string(language_detect(buf_bytes(&text), "en")), &ok);
        buf_release(&text);
    }
    if (json_get_str(article, "author")[0] == '\0' && who->name[0] != '\0')
        json_put(article, "author", json_string(who->name), &ok);
    if (is_new && json_get_str(article, "created")[0] == '\0')
        json_put(article, "created", json_from_time(clock_now_ms()), &ok);
    if (json_get_str(article, "updated")[0] == '\0')
        json_put(article, "updated", json_from_time(clock_now_ms()), &ok);
    return ok;
}

/* Proposes one case that must replace exactly this version (0: must be new). Steals it. */
static enum status put_case(struct site *site, const struct who *who, json_t *article,
                            uint32_t if_version, const char *key, struct outcome *out,
                            struct error *err)
{
    return propose(site->app, who, "case.put", key, 0,
                   json_pack("{s:[o],s:I}", "cases", article, "if_version", (json_int_t)if_version),
                   out, err);
}

static enum status reply_put(struct reply *rep, unsigned code, struct outcome *outcome,
                             struct error *err)
{
    char tag[TAG_BYTES];
    json_t *json = json_pack("{s:s,s:I}", "id", json_get_str(outcome->result, "id"), "version",
                             (json_int_t)json_get_u64(outcome->result, "version"));

    version_tag((uint32_t)json_get_u64(outcome->result, "version"), tag);
    reply_headerf(rep, "ETag", "\"%s\"", tag);
    json_decref(outcome->result);
    return reply_json(rep, code, json, err);
}

static enum status take_case(struct request *req, struct reply *rep, json_t **out,
                             struct error *err)
{
    const json_t *body;
    enum status status = site_object(req, rep, &body, err);

    if (status != AF_OK || (status = article_validate(body, err)) != AF_OK)
        return status;
    *out = json_copy((json_t *)(uintptr_t)body);
    return *out != NULL ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a case");
}

API_HANDLER(api_case_new)
{
    struct site *here = site;
    struct outcome outcome;
    char id[ID_HEX_BYTES];
    json_t *article;
    const char *key;
    struct who who;
    bool ok = true;
    enum status status = site_staff(here, req, rep, &who, err);

    if (status != AF_OK || (status = site_key(req, "case", &key, err)) != AF_OK ||
        (status = take_case(req, rep, &article, err)) != AF_OK)
        return status;
    if (json_get_str(article, "id")[0] == '\0') {
        id_random(id);
        json_put(article, "id", json_sprintf("c-%.12s", id), &ok);
    }
    if (!ok || !complete(article, &who, true)) {
        json_decref(article);
        return error_set(err, AF_NO_MEMORY, "no memory for a case");
    }
    status = put_case(here, &who, article, 0, key, &outcome, err);
    if (status == AF_CONFLICT)
        (void)error_prefix(err, "a case with this id exists already");
    return status == AF_OK ? reply_put(rep, 201, &outcome, err) : status;
}

/* Which version a PUT may replace. If-Match is asked for when the case exists: two people who
 * write at once must learn of each other (RFC 6585 §3, RFC 9110 §13.1.1). */
static enum status expected_version(struct site *site, const struct who *who, struct request *req,
                                    struct reply *rep, struct bytes id, uint32_t *version,
                                    struct error *err)
{
    bool has_match = request_header(req, "If-Match").len > 0;
    struct found_case found;
    char tag[TAG_BYTES];
    enum status status = find_case(site->app, who, id, &found, err);

    *version = 0;
    if (status == AF_NOT_FOUND && !has_match)
        return AF_OK;
    if (status != AF_OK)
        return status;
    json_decref(found.article);
    if (!has_match) {
        reply_problem(rep, &PROBLEM_PRECONDITION, NULL);
        return error_set(err, AF_CONFLICT,
                         "send If-Match with the version you changed (now \"%u\")",
                         found.ref.version);
    }
    version_tag(found.ref.version, tag);
    *version = found.ref.version;
    if (reply_matches(req, tag))
        return AF_OK;
    reply_problem(rep, &PROBLEM_CHANGED, NULL);
    return error_set(err, AF_CONFLICT, "somebody changed this case meanwhile: it is version %u now",
                     found.ref.version);
}

API_HANDLER(api_case_put)
{
    struct site *here = site;
    struct bytes id = request_param(req, "id");
    struct outcome outcome;
    json_t *article;
    uint32_t version;
    struct who who;
    bool ok = true;
    enum status status = site_staff(here, req, rep, &who, err);

    if (status != AF_OK ||
        (status = expected_version(here, &who, req, rep, id, &version, err)) != AF_OK ||
        (status = take_case(req, rep, &article, err)) != AF_OK)
        return status;
    if (json_get_str(article, "id")[0] != '\0' &&
        !bytes_equal(id, bytes_str(json_get_str(article, "id")))) {
        json_decref(article);
        return error_set(err, AF_INVALID, "\"id\" is another than the address says");
    }
    json_put(article, "id", json_from_bytes(id), &ok);
    if (!ok || !complete(article, &who, version == 0)) {
        json_decref(article);
        return error_set(err, AF_NO_MEMORY, "no memory for a case");
    }
    status = put_case(here, &who, article, version, NULL, &outcome, err);
    if (status == AF_CONFLICT)
        reply_problem(rep, &PROBLEM_CHANGED, NULL);
    return status == AF_OK ? reply_put(rep, version == 0 ? 201 : 200, &outcome, err) : status;
}
