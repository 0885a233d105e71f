#include "intake/party/party_import.h"

#include "data/base/limits.h"
#include "intake/import/lines.h"
#include "intake/party/party.h"
#include "intake/propose.h"

#define BATCH PROPOSE_MANY_MAX

struct line {
    uint64_t no;
    json_t *body; /* of party.put; owned */
};

struct importing {
    struct app *app;
    const struct who *who;
    party_refused_fn refused;
    void *context;
    struct party_import result;
    struct line batch[BATCH];
    size_t count;
    enum party_kind kind; /* of all in the batch: what they name is committed */
};

static void refuse(struct importing *in, uint64_t no, const char *reason)
{
    in->result.rejected++;
    in->refused(in->context, no, reason);
}

/* --- writing -------------------------------------------------------------------------------- */

static void count_outcome(struct importing *in, const struct outcome *outcome)
{
    if (!json_get_bool(outcome->result, "changed"))
        in->result.unchanged++;
    else if (json_get_u64(outcome->result, "version") == 1)
        in->result.added++;
    else
        in->result.updated++;
    json_decref(outcome->result);
}

/* What was refused among others is proposed once more alone, for the sentence about it. */
static enum status propose_alone(struct importing *in, const struct line *line, struct error *err)
{
    struct outcome outcome;
    enum status status =
        propose(in->app, in->who, "party.put", NULL, 0, json_incref(line->body), &outcome, err);

    if (status == AF_OK)
        count_outcome(in, &outcome);
    else if (status == AF_INVALID || status == AF_CONFLICT || status == AF_TOO_LARGE)
        refuse(in, line->no, err->text);
    else
        return status;
    return AF_OK;
}

static enum status flush(struct importing *in, struct error *err)
{
    struct command commands[BATCH];
    struct outcome outcomes[BATCH];
    char actor[WHO_NAME_BYTES + 8];
    struct error first;
    enum status status;
    size_t i;

    for (i = 0; i < in->count; i++)
        commands[i] = (struct command){
            .actor = who_actor(in->who, actor), .kind = "party.put", .body = in->batch[i].body};
    status = in->count == 0 ? AF_OK
                            : journal_propose_many(app_journal(in->app), commands, in->count,
                                                   outcomes, &first);
    if (status == AF_INVALID || status == AF_CONFLICT || status == AF_TOO_LARGE)
        status = AF_OK;
    else if (status != AF_OK)
        (void)error_set(err, status, "%s", first.text);
    for (i = 0; i < in->count; i++) {
        if (outcomes[i].seq > 0)
            count_outcome(in, &outcomes[i]);
        else if (status == AF_OK)
            status = propose_alone(in, &in->batch[i], err);
        json_decref(in->batch[i].body);
    }
    in->count = 0;
    return status;
}

/* In the order of the file: those before it first. */
static enum status refuse_after(struct importing *in, uint64_t no, const char *reason,
                                struct error *err)
{
    enum status status = flush(in, err);

    if (status == AF_OK)
        refuse(in, no, reason);
    return status;
}

/* --- reading -------------------------------------------------------------------------------- */

static bool is_in_batch(const struct importing *in, const char *id)
{
    for (size_t i = 0; i < in->count; i++)
        if (strcmp(json_get_str(json_object_get(in->batch[i].body, "record"), "id"), id) == 0)
            return true;
    return false;
}

/* Is the record the newest version that is stored? */
static enum status is_stored(struct txn *txn, enum party_kind kind, const json_t *record, bool *out,
                             struct error *err)
{
    json_t *stored, *plain;
    enum status status = party_load(txn, kind, json_get_str(record, "id"), &stored, err);

    *out = false;
    if (status == AF_NOT_FOUND)
        return AF_OK;
    if (status != AF_OK)
        return status;
    plain = party_plain(stored);
    *out = plain != NULL && json_equal(plain, record);
    json_decref(plain);
    json_decref(stored);
    return AF_OK;
}

static enum status read_record(struct importing *in, enum party_kind kind, const json_t *given,
                               json_t **record, bool *is_same, struct error *err)
{
    struct complaints complaints = {NULL, false};
    struct rules rules;
    struct txn *txn;
    enum status status = store_begin_read(app_store(in->app), &txn, err);

    if (status != AF_OK)
        return status;
    status = rules_load_in(in->app, txn, &rules, err);
    if (status == AF_OK) {
        if ((status = complaints_init(&complaints, err)) == AF_OK)
            status = party_normalise(txn, &rules, kind, given, record, &complaints, err);
        rules_release(&rules);
    }
    if (status == AF_OK)
        status = complaints_verdict(&complaints, err);
    if (status == AF_OK)
        status = is_stored(txn, kind, *record, is_same, err);
    json_decref(complaints.list);
    txn_abort(txn);
    return status;
}

static enum status add(struct importing *in, enum party_kind kind, uint64_t no, json_t *record,
                       struct error *err)
{
    json_t *body = json_pack("{s:s,s:O}", "kind", party_kind_name(kind), "record", record);

    if (body == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a party");
    in->batch[in->count++] = (struct line){no, body};
    in->kind = kind;
    return AF_OK;
}

/* The one member of a line, which says what it is. */
static enum status kind_of(const json_t *json, enum party_kind *kind, const json_t **given,
                           struct error *err)
{
    const char *member;
    const json_t *value;

    if (json_is_object(json) && json_object_size(json) == 1)
        json_object_foreach((json_t *)(uintptr_t)json, member,
                            value) if (party_kind_parse(bytes_str(member), kind))
        {
            *given = value;
            return AF_OK;
        }
    return error_set(err, AF_INVALID,
                     "a line is {\"account\":{…}}, {\"contact\":{…}} or {\"entitlement\":{…}}");
}

static enum status take_json(struct importing *in, uint64_t no, const json_t *json,
                             struct error *err)
{
    const json_t *given = NULL;
    json_t *record = NULL;
    enum party_kind kind;
    bool is_same = false;
    enum status status = kind_of(json, &kind, &given, err);

    if (status == AF_OK && in->count > 0 &&
        (in->count == BATCH || kind != in->kind || is_in_batch(in, json_get_str(given, "id"))))
        status = flush(in, err);
    if (status == AF_OK)
        status = read_record(in, kind, given, &record, &is_same, err);
    if (status == AF_OK && is_same)
        in->result.unchanged++;
    else if (status == AF_OK)
        status = add(in, kind, no, record, err);
    json_decref(record);
    return status;
}

static enum status take_line(struct importing *in, uint64_t no, struct bytes line,
                             struct error *err)
{
    json_t *json = NULL;
    struct error why;
    enum status status;

    if (bytes_is_blank(line))
        return AF_OK;
    in->result.read++;
    status = json_parse(line, &json, &why);
    if (status == AF_OK)
        status = take_json(in, no, json, &why);
    json_decref(json);
    if (status == AF_INVALID || status == AF_TOO_LARGE)
        return refuse_after(in, no, why.text, err);
    return status == AF_OK ? AF_OK : error_set(err, status, "%s", why.text);
}

static enum status read_lines(struct importing *in, struct lines *lines, struct error *err)
{
    for (;;) {
        struct bytes line;
        struct error why;
        enum status status = lines_next(lines, &line, &why);

        if (status == AF_NOT_FOUND)
            return flush(in, err);
        if (status == AF_INVALID || status == AF_TOO_LARGE) {
            in->result.read++;
            status = refuse_after(in, lines->no, why.text, err);
        } else if (status != AF_OK) {
            return error_set(err, status, "%s", why.text);
        } else {
            status = take_line(in, lines->no, line, err);
        }
        if (status != AF_OK)
            return status;
    }
}

enum status party_import_run(struct app *app, const struct who *who, struct source *source,
                             party_refused_fn refused, void *context, struct party_import *out,
                             struct error *err)
{
    struct importing in = {.app = app, .who = who, .refused = refused, .context = context};
    struct lines lines;
    enum status status;

    if (who->role != ROLE_SUPERVISOR && who->role != ROLE_ADMIN)
        return error_set(err, AF_DENIED, "accounts are kept by supervisors and admins");
    if (app_journal(app) == NULL)
        return error_set(err, AF_DENIED, "the store is open for reading only");
    lines_init(&lines, source, PARTY_LINE_BYTES_MAX);
    status = read_lines(&in, &lines, err);
    lines_release(&lines);
    for (size_t i = 0; i < in.count; i++) /* after a failure */
        json_decref(in.batch[i].body);
    *out = in.result;
    return status;
}
