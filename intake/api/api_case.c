#include "intake/api/api.h"

#include "data/article.h"
#include "data/base/clock.h"
#include "data/base/limits.h"
#include "data/ledger.h"
#include "indexer/text/language.h"
#include "intake/propose.h"
#include "intake/similar.h"
#include "intake/site.h"

#include <stdio.h>

#define TAG_BYTES 40

/* The ETag of a case as it is read: its counts are in the reply, so they are in the tag too,
 * else a browser that asks again would be told 304 and show old ones. Counts only grow. */
static void tag_with_uses(uint32_t version, const struct use_counts *counts, char tag[TAG_BYTES])
{
    uint64_t uses = 0;

    for (size_t i = 0; i < USE_COUNTED; i++)
        uses += counts->of[i];
    (void)snprintf(tag, TAG_BYTES, "%u-%llu", version, (unsigned long long)uses);
}

/* Does If-Match name this version? Its ETag is "2" after a change and "2-74" where the uses are
 * shown; being used is no change that a writer could overwrite. Weak tags never match. */
static bool names_version(const struct request *req, uint32_t version)
{
    struct bytes list = request_header(req, "If-Match");
    char tag[TAG_BYTES];
    size_t len = (size_t)snprintf(tag, sizeof tag, "\"%u", version);

    for (size_t i = 0; i + len < list.len; i++) {
        const uint8_t *at = list.data + i;

        if (memcmp(at, tag, len) == 0 && (at[len] == '"' || at[len] == '-') &&
            (i == 0 || at[-1] != '/'))
            return true;
    }
    return bytes_equal(list, BYTES_LIT("*"));
}

/* --- reading ------------------------------------------------------------------------------ */

struct found_case {
    struct article_ref ref;
    struct use_counts counts;
    json_t *article; /* owned by whoever asked */
};

static enum status no_such_case(struct bytes id, struct error *err)
{
    return error_set(err, AF_NOT_FOUND, "there is no case %.80s", (const char *)id.data);
}

/* A case this person may not see is answered like one that is not there, to the letter. */
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
        status = AF_NOT_FOUND;
    if (status == AF_NOT_FOUND)
        status = no_such_case(id, err);
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
    tag_with_uses(found.ref.version, &found.counts, tag);
    json_put(found.article, "version", json_integer(found.ref.version), &ok);
    json_put(found.article, "counts", use_counts_json(&found.counts), &ok);
    reply_header(rep, "Cache-Control", "no-cache");
    reply_etag(rep, tag);
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
        json_put(article, "lang", json_string(language_detect(buf_bytes(&text), "und")), &ok);
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

/* The same for a version of a case that is there. One that was fetched, changed and sent back
 * carries the time of the change before; one sent back as it was stays the version it is. */
static bool complete_version(json_t *article, const json_t *stored, const struct who *who)
{
    (void)json_object_del(article, "version");
    (void)json_object_del(article, "counts");
    if (json_equal(article, stored))
        return true;
    if (strcmp(json_get_str(article, "updated"), json_get_str(stored, "updated")) == 0)
        (void)json_object_del(article, "updated");
    return complete(article, who, false);
}

/* Proposes one case that must replace exactly this version (0: must be new). Steals it.
 * `print` is of what the client sent: the id and times that we add differ each time. */
static enum status put_case(struct site *site, const struct who *who, json_t *article,
                            uint32_t if_version, const char *key, uint64_t print,
                            struct outcome *out, struct error *err)
{
    return propose(site->app, who, "case.put", key, print,
                   json_pack("{s:[o],s:I}", "cases", article, "if_version", (json_int_t)if_version),
                   out, err);
}

/* `duplicates` is stolen, and may be NULL. */
static enum status reply_put(struct reply *rep, unsigned code, struct outcome *outcome,
                             json_t *duplicates, struct error *err)
{
    json_int_t version = (json_int_t)json_get_u64(outcome->result, "version");
    json_t *json = json_pack("{s:s,s:I,s:o*}", "id", json_get_str(outcome->result, "id"), "version",
                             version, "duplicates", duplicates);

    reply_headerf(rep, "ETag", "\"%" JSON_INTEGER_FORMAT "\"", version);
    json_decref(outcome->result);
    return reply_json(rep, code, json, err);
}

/* Cases that are nearly the same are looked for only when `?duplicates=1` asks. */
static enum status take_case(struct request *req, struct reply *rep, json_t **out,
                             uint64_t *duplicates_asked, struct error *err)
{
    const json_t *body;
    enum status status = request_query_u64(req, "duplicates", 0, 1, 0, duplicates_asked, err);

    if (status != AF_OK || (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = article_validate(body, err)) != AF_OK)
        return status;
    *out = json_copy((json_t *)(uintptr_t)body);
    return *out != NULL ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a case");
}

API_HANDLER(api_case_new)
{
    struct site *here = site;
    struct outcome outcome;
    char id[ID_HEX_BYTES];
    json_t *article, *duplicates = NULL;
    const char *key;
    struct who who;
    uint64_t print, asked;
    bool ok = true;
    enum status status = site_scope(here, req, rep, SCOPE_CASES_WRITE, &who, err);

    if (status != AF_OK || (status = site_key(req, "case", &key, err)) != AF_OK ||
        (status = take_case(req, rep, &article, &asked, err)) != AF_OK)
        return status;
    if ((status = article_print(article, &print, err)) != AF_OK) {
        json_decref(article);
        return status;
    }
    if (json_get_str(article, "id")[0] == '\0') {
        id_random(id);
        json_put(article, "id", json_sprintf("c-%.12s", id), &ok);
    }
    if (!ok || !complete(article, &who, true)) {
        json_decref(article);
        return error_set(err, AF_NO_MEMORY, "no memory for a case");
    }
    status = put_case(here, &who, json_incref(article), 0, key, print, &outcome, err);
    if (status == AF_CONFLICT && key == NULL) /* else it may be the key that was used before */
        (void)error_prefix(err, "a case with this id exists already");
    if (status == AF_OK) { /* a repeat has the id of the first time */
        json_put(article, "id", json_string(json_get_str(outcome.result, "id")), &ok);
        if (asked)
            similar_warn(here->app, &who, article, req->arena, &duplicates);
        status = reply_put(rep, 201, &outcome, duplicates, err);
    }
    json_decref(article);
    return status;
}

/* Which version a PUT may replace: *found is that, or version 0 without an article when there is
 * none; the caller owns the article. If-Match is asked for when the case exists: two people who
 * write at once must learn of each other (RFC 6585 §3, RFC 9110 §13.1.1). */
static enum status find_replaced(struct site *site, const struct who *who, struct request *req,
                                 struct reply *rep, struct bytes id, struct found_case *found,
                                 struct error *err)
{
    bool has_match = request_header(req, "If-Match").len > 0;
    enum status status = find_case(site->app, who, id, found, err);

    if (status != AF_OK)
        *found = (struct found_case){0};
    if (status == AF_NOT_FOUND && !has_match)
        return AF_OK;
    if (status == AF_NOT_FOUND)
        reply_problem(rep, &PROBLEM_CHANGED, NULL);
    if (status != AF_OK || names_version(req, found->ref.version))
        return status;
    json_decref(found->article);
    if (!has_match) {
        reply_problem(rep, &PROBLEM_PRECONDITION, NULL);
        return error_set(err, AF_CONFLICT,
                         "send If-Match with the version you changed (now \"%u\")",
                         found->ref.version);
    }
    reply_problem(rep, &PROBLEM_CHANGED, NULL);
    return error_set(err, AF_CONFLICT, "somebody changed this case meanwhile: it is version %u now",
                     found->ref.version);
}

API_HANDLER(api_case_put)
{
    struct site *here = site;
    struct bytes id = request_param(req, "id");
    struct found_case old;
    struct outcome outcome;
    json_t *article = NULL, *duplicates = NULL;
    struct who who;
    uint64_t asked;
    bool ok = true;
    enum status status = site_scope(here, req, rep, SCOPE_CASES_WRITE, &who, err);

    if (status != AF_OK || (status = find_replaced(here, &who, req, rep, id, &old, err)) != AF_OK)
        return status;
    if ((status = take_case(req, rep, &article, &asked, err)) != AF_OK)
        goto done;
    if (json_get_str(article, "id")[0] != '\0' &&
        !bytes_equal(id, bytes_str(json_get_str(article, "id")))) {
        status = error_set(err, AF_INVALID, "\"id\" is another than the address says");
        goto done;
    }
    json_put(article, "id", json_from_bytes(id), &ok);
    if (ok)
        ok = old.article == NULL ? complete(article, &who, true)
                                 : complete_version(article, old.article, &who);
    if (!ok) {
        status = error_set(err, AF_NO_MEMORY, "no memory for a case");
        goto done;
    }
    status = put_case(here, &who, json_incref(article), old.ref.version, NULL, 0, &outcome, err);
    if (status == AF_CONFLICT)
        reply_problem(rep, &PROBLEM_CHANGED, NULL);
    if (status == AF_OK) {
        if (asked)
            similar_warn(here->app, &who, article, req->arena, &duplicates);
        status = reply_put(rep, old.ref.version == 0 ? 201 : 200, &outcome, duplicates, err);
    }
done:
    json_decref(old.article);
    json_decref(article);
    return status;
}
