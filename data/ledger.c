#include "data/ledger_impl.h"

#include "data/base/clock.h"
#include "data/chain.h"

#include <assert.h>

static const char *const names[USE_KINDS] = {
    [USE_SHOWN] = "shown",
    [USE_OPENED] = "opened",
    [USE_SOLVED] = "solved",
    [USE_SENT] = "sent",
    [USE_CITED] = "cited",
    [USE_SELF_USED] = "self_used",
    [USE_NOT_HELPFUL] = "not_helpful",
    [USE_CONSULTED] = "consulted",
};

const char *use_name(enum use use)
{
    assert((unsigned)use < USE_KINDS && names[use] != NULL);
    return names[use];
}

bool use_parse(const char *name, enum use *out)
{
    for (unsigned i = 0; i < USE_KINDS; i++)
        if (strcmp(names[i], name) == 0) {
            *out = (enum use)i;
            return true;
        }
    return false;
}

/* --- counts: USE_COUNTED × be64 ----------------------------------------------------------- */

enum status use_counts_get(struct txn *txn, struct bytes case_id, struct use_counts *out,
                           struct error *err)
{
    struct use_counts counts = {0};
    struct bytes body;
    enum status status = store_get(txn, TABLE_USE, case_id, &body, err);

    if (status == AF_OK) {
        struct reader r = reader_of(body);

        for (size_t i = 0; i < USE_COUNTED; i++)
            if (!reader_be64(&r, &counts.of[i]))
                return error_set(err, AF_CORRUPT, "damaged: table use: cut off");
    } else if (status != AF_NOT_FOUND) {
        return status;
    }
    *out = counts;
    return AF_OK;
}

enum status use_counts_put(struct txn *txn, struct bytes case_id, const struct use_counts *counts,
                           struct error *err)
{
    uint8_t body[8 * USE_COUNTED];

    for (size_t i = 0; i < USE_COUNTED; i++)
        put_be64(body + 8 * i, counts->of[i]);
    return store_put(txn, TABLE_USE, case_id, bytes_of(body, sizeof body), err);
}

json_t *use_counts_json(const struct use_counts *counts)
{
    json_t *json = json_object();
    bool ok = json != NULL;

    for (size_t i = 0; ok && i < USE_COUNTED; i++)
        json_put(json, names[i], json_integer((json_int_t)counts->of[i]), &ok);
    if (!ok) {
        json_decref(json);
        return NULL;
    }
    return json;
}

/* --- the chain ---------------------------------------------------------------------------- */

static const char head_name[] = "ledger"; /* in meta */

enum status ledger_head(struct txn *txn, struct ledger_head *out, struct error *err)
{
    struct chain_head head;
    enum status status = chain_head(txn, head_name, &head, err);

    if (status == AF_OK)
        *out = (struct ledger_head){head.seq, head.hash};
    return status;
}

static enum status compose(const struct chain_head *head, const struct command *command,
                           const struct use_event *event, struct buf *out, struct error *err)
{
    char at[CLOCK_TEXT_BYTES], prev[DIGEST_HEX_BYTES];
    json_t *json = json_object();
    bool ok = json != NULL;
    enum status status;

    clock_format(command->at_ms, at);
    digest_hex(&head->hash, prev);
    if (ok) {
        json_put(json, "seq", json_integer((json_int_t)head->seq + 1), &ok);
        json_put(json, "at", json_string(at), &ok);
        json_put(json, "actor", json_string(command->actor), &ok);
        json_put(json, "role", json_string(event->role), &ok);
        json_put(json, "type", json_string(use_name(event->use)), &ok);
        json_put(json, "case", json_from_bytes(event->case_id), &ok);
        json_put(json, "version", json_integer(event->version), &ok);
        json_put(json, "subject", json_string(event->subject), &ok);
        json_put(json, "command", json_integer((json_int_t)command->seq), &ok);
        json_put(json, "prev_hash", json_string(prev), &ok);
    }
    status = ok ? json_write(json, false, out, err)
                : error_set(err, AF_NO_MEMORY, "no memory for a ledger entry");
    json_decref(json);
    return status;
}

void use_event_key(const struct use_event *event, uint8_t key[USE_EVENT_KEY_BYTES])
{
    const struct bytes parts[] = {bytes_str(use_name(event->use)), event->case_id,
                                  bytes_str(event->subject)};
    struct digest digest = digest_of(parts, 3);

    memcpy(key, digest.b, USE_EVENT_KEY_BYTES);
}

static enum status count(struct txn *txn, const struct use_event *event, struct error *err)
{
    struct use_counts counts;
    enum status status;

    if (event->use >= USE_COUNTED)
        return AF_OK;
    status = use_counts_get(txn, event->case_id, &counts, err);
    if (status != AF_OK)
        return status;
    counts.of[event->use]++;
    return use_counts_put(txn, event->case_id, &counts, err);
}

enum status ledger_add(struct txn *txn, const struct command *command,
                       const struct use_event *event, bool *counted, struct error *err)
{
    uint8_t key[USE_EVENT_KEY_BYTES], seq[8];
    struct chain_head head;
    struct buf line = {0};
    struct bytes seen;
    enum status status;

    use_event_key(event, key);
    status = store_get(txn, TABLE_LEDGER_SEEN, bytes_of(key, sizeof key), &seen, err);
    if (status != AF_NOT_FOUND) {
        if (status == AF_OK)
            *counted = false;
        return status;
    }
    if ((status = chain_head(txn, head_name, &head, err)) != AF_OK)
        return status;
    put_be64(seq, head.seq + 1);
    status = compose(&head, command, event, &line, err);
    if (status == AF_OK)
        status = chain_append(txn, TABLE_LEDGER, head_name, buf_bytes(&line), NULL, &head, err);
    if (status == AF_OK)
        status = store_put(txn, TABLE_LEDGER_SEEN, bytes_of(key, sizeof key),
                           bytes_of(seq, sizeof seq), err);
    if (status == AF_OK)
        status = count(txn, event, err);
    buf_release(&line);
    if (status == AF_OK)
        *counted = true;
    return status;
}
