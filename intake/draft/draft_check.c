/* For `check`: each draft has its rows, and each row its draft. */
#include "intake/draft/draft_record.h"

#include "data/base/clock.h"
#include "intake/inspect.h"

#include <stdio.h>

static void check_draft(struct inspection *in, struct bytes key, struct bytes body)
{
    json_t *draft = inspect_object(in, body);
    int64_t at_ms;

    if (draft == NULL)
        return;
    if (!bytes_equal(key, bytes_str(json_get_str(draft, "id"))) || key.len != DRAFT_ID_BYTES)
        inspect_say(in, "its \"id\" is %.40s", json_get_str(draft, "id"));
    else if (!clock_parse(bytes_str(json_get_str(draft, "at")), &at_ms))
        inspect_say(in, "its \"at\" is no time");
    else if (!json_is_object(json_object_get(draft, "values")))
        inspect_say(in, "it has no values");
    json_decref(draft);
}

/* The draft that the row names; NULL: said, or not to be known. */
static json_t *draft_of(struct inspection *in, struct bytes id)
{
    char name[DRAFT_ID_BYTES + 1];
    json_t *draft = NULL;
    enum status status;

    if (id.len != DRAFT_ID_BYTES) {
        inspect_say(in, "not a draft's");
        return NULL;
    }
    (void)snprintf(name, sizeof name, "%.*s", DRAFT_ID_BYTES, (const char *)id.data);
    (void)snprintf(in->name, sizeof in->name, "%s", name);
    status = draft_load(in->txn, name, &draft, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "there is no such draft");
    return status == AF_OK ? draft : NULL;
}

static void check_age(struct inspection *in, struct bytes key, struct bytes body)
{
    struct bytes id = key.len > 8 ? bytes_of(key.data + 8, key.len - 8) : BYTES_NONE;
    struct reader r = reader_of(key);
    uint64_t at_ms = 0;
    int64_t saved_ms = 0;
    json_t *draft;

    (void)body;
    (void)reader_be64(&r, &at_ms);
    if ((draft = draft_of(in, id)) == NULL)
        return;
    if (clock_parse(bytes_str(json_get_str(draft, "at")), &saved_ms) && (int64_t)at_ms != saved_ms)
        inspect_say(in, "the draft was saved at another time");
    json_decref(draft);
}

static void check_by(struct inspection *in, struct bytes key, struct bytes body)
{
    const uint8_t *end = memchr(key.data, 0, key.len);
    size_t len = end == NULL ? key.len : (size_t)(end - key.data);
    json_t *draft;

    (void)body;
    if (end == NULL) {
        inspect_say(in, "not a name and a draft");
        return;
    }
    if ((draft = draft_of(in, bytes_of(end + 1, key.len - len - 1))) == NULL)
        return;
    if (!bytes_equal(bytes_of(key.data, len), bytes_str(json_get_str(draft, "by"))))
        inspect_say(in, "the draft is another's");
    json_decref(draft);
}

/* As many rows as drafts, and none that is wrong: so each has its own. */
static void check_count(struct inspection *in)
{
    uint64_t drafts = store_sum(in->txn, TABLE_DRAFT).count;
    uint64_t rows = store_sum(in->txn, TABLE_DRAFT_AGE).count;
    struct error sentence;

    if (drafts == rows)
        return;
    (void)error_set(&sentence, AF_CORRUPT,
                    "damaged: table draft_age has %llu rows, table draft %llu drafts",
                    (unsigned long long)rows, (unsigned long long)drafts);
    in->fault(in->context, sentence.text);
}

enum status draft_check(struct txn *txn, fault_fn fault, void *context, struct error *err)
{
    struct inspection in = {.txn = txn, .fault = fault, .context = context};
    enum status status = inspect_rows(&in, TABLE_DRAFT, check_draft, err);

    if (status == AF_OK)
        status = inspect_rows(&in, TABLE_DRAFT_AGE, check_age, err);
    if (status == AF_OK)
        status = inspect_rows(&in, TABLE_DRAFT_BY, check_by, err);
    if (status == AF_OK)
        check_count(&in);
    return status;
}
