/* Proving the ledger: its chain, what was seen, and the counters made from it again. */
#include "data/ledger_impl.h"

struct verifier {
    ledger_fault_fn fault;
    void *context;
};

static void report(const struct verifier *verifier, const char *fmt, uint64_t seq)
{
    struct error sentence;

    (void)error_set(&sentence, AF_CORRUPT, fmt, (unsigned long long)seq);
    verifier->fault(verifier->context, sentence.text);
}

/* One line against what the chain so far demands of it. */
static void verify_line(const struct verifier *verifier, struct bytes line, uint64_t seq,
                        const struct digest *prev)
{
    struct digest stated;
    struct error ignored;
    json_t *json;

    if (json_parse(line, &json, &ignored) != AF_OK) {
        report(verifier, "ledger entry %llu is not JSON", seq);
        return;
    }
    if (json_get_u64(json, "seq") != seq)
        report(verifier, "ledger entry %llu states another number: it was moved", seq);
    if (!digest_parse(bytes_str(json_get_str(json, "prev_hash")), &stated) ||
        !digest_equal(&stated, prev))
        report(verifier,
               "ledger entry %llu does not continue the chain: it or the entry before "
               "it was changed or removed",
               seq);
    json_decref(json);
}

enum status ledger_verify(struct txn *txn, ledger_fault_fn fault, void *context, uint64_t *entries,
                          struct error *err)
{
    const struct verifier verifier = {fault, context};
    struct ledger_head head, at = {0};
    struct cursor *cursor;
    struct bytes key, line;
    enum status status = ledger_head(txn, &head, err);

    *entries = 0;
    if (status != AF_OK ||
        (status = cursor_open(txn, TABLE_LEDGER, BYTES_NONE, WALK_UP, &cursor, err)) != AF_OK)
        return status;
    while ((status = cursor_next(cursor, &key, &line, err)) == AF_OK || status == AF_CORRUPT) {
        struct reader r = reader_of(key);
        uint64_t seq;

        (*entries)++;
        if (!reader_be64(&r, &seq) || reader_left(&r) != 0) {
            fault(context, "the ledger has a key that is not a number");
            continue;
        }
        if (seq != at.seq + 1)
            report(&verifier, "ledger entries before %llu are missing", seq);
        if (status == AF_CORRUPT)
            fault(context, err != NULL ? err->text : "a ledger entry is damaged");
        else
            verify_line(&verifier, line, seq, &at.hash);
        at.seq = seq;
        at.hash = status == AF_OK ? digest_plain(line) : (struct digest){0};
    }
    cursor_close(cursor);
    if (status != AF_NOT_FOUND)
        return status;
    if (at.seq != head.seq || !digest_equal(&at.hash, &head.hash))
        report(&verifier,
               "the ledger does not end with entry %llu as its head says: the last "
               "entries were changed or removed",
               head.seq);
    return AF_OK;
}

/* What this line's event is remembered under, against the number kept there. */
static void verify_seen_line(struct txn *txn, const struct verifier *verifier, struct bytes line,
                             uint64_t seq)
{
    struct use_event event = {0};
    uint8_t key[USE_EVENT_KEY_BYTES];
    uint64_t kept = 0;
    struct bytes body;
    enum status status;
    json_t *json;

    if (json_parse(line, &json, NULL) != AF_OK)
        return; /* ledger_verify names it */
    if (use_parse(json_get_str(json, "type"), &event.use)) {
        event.case_id = bytes_str(json_get_str(json, "case"));
        event.subject = json_get_str(json, "subject");
        use_event_key(&event, key);
        status = store_get(txn, TABLE_LEDGER_SEEN, bytes_of(key, sizeof key), &body, NULL);
        if (status == AF_OK) {
            struct reader r = reader_of(body);

            (void)reader_be64(&r, &kept);
        }
        if (status == AF_NOT_FOUND)
            report(verifier, "ledger entry %llu can be counted again: ledger_seen lacks it", seq);
        else if (status == AF_OK && kept != seq)
            report(verifier, "ledger entry %llu is remembered as another in ledger_seen", seq);
    } else {
        report(verifier, "ledger entry %llu is of an unknown type", seq);
    }
    json_decref(json);
}

enum status ledger_verify_seen(struct txn *txn, ledger_fault_fn fault, void *context,
                               struct error *err)
{
    const struct verifier verifier = {fault, context};
    uint64_t seen = store_sum(txn, TABLE_LEDGER_SEEN).count;
    uint64_t lines = store_sum(txn, TABLE_LEDGER).count;
    struct cursor *cursor;
    struct bytes key, line;
    enum status status = cursor_open(txn, TABLE_LEDGER, BYTES_NONE, WALK_UP, &cursor, err);

    if (status != AF_OK)
        return status;
    while ((status = cursor_next(cursor, &key, &line, err)) == AF_OK || status == AF_CORRUPT) {
        struct reader r = reader_of(key);
        uint64_t seq;

        if (status == AF_OK && reader_be64(&r, &seq))
            verify_seen_line(txn, &verifier, line, seq);
    }
    cursor_close(cursor);
    if (seen != lines)
        report(&verifier, "ledger_seen has %llu events, which is not the ledger's number", seen);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

/* Counts per case, built from the entries: an object case id → array of USE_COUNTED numbers. */
static enum status add_line(json_t *totals, struct bytes line, struct error *err)
{
    json_t *json, *row;
    enum status status = json_parse(line, &json, err);
    const char *id;
    enum use use;

    if (status != AF_OK)
        return status;
    id = json_get_str(json, "case");
    if (!use_parse(json_get_str(json, "type"), &use) || use >= USE_COUNTED)
        goto done;
    row = json_object_get(totals, id);
    if (row == NULL) {
        bool ok = true;

        row = json_array();
        for (size_t i = 0; i < USE_COUNTED; i++)
            ok = ok && json_array_append_new(row, json_integer(0)) == 0;
        if (!ok || json_object_set_new(totals, id, row) != 0) {
            status = error_set(err, AF_NO_MEMORY, "no memory to count the ledger");
            goto done;
        }
    }
    json_integer_set(json_array_get(row, use), json_integer_value(json_array_get(row, use)) + 1);
done:
    json_decref(json);
    return status;
}

static enum status total_entries(struct txn *txn, json_t **out, struct error *err)
{
    json_t *totals = json_object();
    struct cursor *cursor = NULL;
    struct bytes key, line;
    enum status status = totals != NULL
                             ? cursor_open(txn, TABLE_LEDGER, BYTES_NONE, WALK_UP, &cursor, err)
                             : error_set(err, AF_NO_MEMORY, "no memory to count the ledger");

    while (status == AF_OK && (status = cursor_next(cursor, &key, &line, err)) == AF_OK)
        status = add_line(totals, line, err);
    cursor_close(cursor);
    if (status != AF_NOT_FOUND) {
        json_decref(totals);
        return status;
    }
    *out = totals;
    return AF_OK;
}

static struct use_counts row_counts(const json_t *row)
{
    struct use_counts counts = {0};

    for (size_t i = 0; i < USE_COUNTED; i++)
        counts.of[i] = (uint64_t)json_integer_value(json_array_get(row, i));
    return counts;
}

static void compare(ledger_fault_fn fault, void *context, const char *id,
                    const struct use_counts *kept, const struct use_counts *counted)
{
    for (size_t i = 0; i < USE_COUNTED; i++) {
        struct error sentence;

        if (kept->of[i] == counted->of[i])
            continue;
        (void)error_set(&sentence, AF_CORRUPT,
                        "case %.80s: %s is kept as %llu, the ledger says %llu", id,
                        use_name((enum use)i), (unsigned long long)kept->of[i],
                        (unsigned long long)counted->of[i]);
        fault(context, sentence.text);
    }
}

/* Counters of cases that the ledger does not know at all. */
static enum status find_strays(struct txn *txn, const json_t *totals, ledger_fault_fn fault,
                               void *context, struct error *err)
{
    struct cursor *cursor;
    struct bytes key, body;
    enum status status = cursor_open(txn, TABLE_USE, BYTES_NONE, WALK_UP, &cursor, err);

    if (status != AF_OK)
        return status;
    while ((status = cursor_next(cursor, &key, &body, err)) == AF_OK) {
        char id[128];
        struct use_counts kept, none = {0};

        if (json_object_getn(totals, (const char *)key.data, key.len) != NULL)
            continue;
        key_text(key, id, sizeof id);
        if ((status = use_counts_get(txn, key, &kept, err)) != AF_OK)
            break;
        compare(fault, context, id, &kept, &none);
    }
    cursor_close(cursor);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

enum status ledger_recount(struct txn *txn, ledger_fault_fn fault, void *context, uint64_t *cases,
                           struct error *err)
{
    json_t *totals, *row;
    const char *id;
    enum status status = total_entries(txn, &totals, err);

    if (status != AF_OK)
        return status;
    *cases = json_object_size(totals);
    json_object_foreach(totals, id, row)
    {
        struct use_counts kept, counted = row_counts(row);

        if ((status = use_counts_get(txn, bytes_str(id), &kept, err)) != AF_OK)
            break;
        compare(fault, context, id, &kept, &counted);
    }
    if (status == AF_OK)
        status = find_strays(txn, totals, fault, context, err);
    json_decref(totals);
    return status;
}

enum status ledger_apply_recount(struct txn *txn, const struct command *command, json_t *result,
                                 struct error *err)
{
    json_t *totals, *row;
    const char *id;
    bool ok = true;
    enum status status = total_entries(txn, &totals, err);

    (void)command;
    if (status != AF_OK)
        return status;
    json_object_foreach(totals, id, row)
    {
        struct use_counts counts = row_counts(row);

        if ((status = use_counts_put(txn, bytes_str(id), &counts, err)) != AF_OK)
            break;
    }
    json_put(result, "cases", json_integer((json_int_t)json_object_size(totals)), &ok);
    json_decref(totals);
    return status != AF_OK || ok ? status : error_set(err, AF_NO_MEMORY, "no memory");
}
