/* The walk: one cursor a table; each row is held against the shape that tables.h gives it, then
 * handed to what knows more of it (check_refs.c). Everything that is wrong is said and passed
 * over; the walk of one table ends early only where LMDB itself cannot go on. */
#include "data/check_impl.h"

#include "data/blob_ref.h"

#include <stdarg.h>
#include <stdio.h>

#define PROGRESS_EVERY 1024 /* rows */

void check_fault(struct check *check, const char *fmt, ...)
{
    char text[ERROR_TEXT_MAX];
    struct error sentence;
    va_list args;

    check->counts->faults++;
    if (++check->faults_here > CHECK_FAULTS_SHOWN_MAX)
        return;
    va_start(args, fmt);
    if (vsnprintf(text, sizeof text, fmt, args) < 0)
        text[0] = '\0';
    va_end(args);
    (void)error_set(&sentence, AF_CORRUPT, "%s", text); /* cuts at a character */
    check->options->fault(check->options->context, sentence.text);
}

/* --- shapes ------------------------------------------------------------------------------- */

enum body_shape { BODY_ANY, BODY_JSON, BODY_EMPTY, BODY_BYTES };

/* Tables without a row here belong to folders to the right: any key, and JSON or not as their
 * own hook says; a body that begins like an object must be one. */
static const struct shape {
    size_t key_min, key_max;
    enum body_shape body;
    size_t body_bytes; /* BODY_BYTES: exactly */
    void (*row)(struct check *check, struct bytes key, struct bytes body);
} shapes[TABLE_COUNT] = {
  /* (Aligned by hand: the tool would push the braces past column 100.) */
  /* clang-format off */
    [TABLE_META]            = {1, 64, BODY_ANY, 0, NULL},
    [TABLE_JOURNAL]         = {8, 8, BODY_JSON, 0, check_journal_row},
    [TABLE_DONE]            = {1, IDEMPOTENCY_KEY_BYTES_MAX, BODY_JSON, 0, check_done_row},
    [TABLE_DONE_AGE]        = {9, 8 + IDEMPOTENCY_KEY_BYTES_MAX, BODY_EMPTY, 0, check_done_age_row},
    [TABLE_ARTICLE]         = {1, ARTICLE_ID_BYTES_MAX, BODY_ANY, 0, check_article_row},
    [TABLE_ARTICLE_NO]      = {4, 4, BODY_ANY, 0, check_article_no_row},
    [TABLE_ARTICLE_VERSION] = {6, ARTICLE_ID_BYTES_MAX + 5, BODY_ANY, 0, check_version_row},
    [TABLE_USE]             = {1, ARTICLE_ID_BYTES_MAX, BODY_BYTES, 8 * USE_COUNTED, NULL},
    [TABLE_LEDGER]          = {8, 8, BODY_JSON, 0, NULL},
    [TABLE_LEDGER_SEEN]     = {16, 16, BODY_BYTES, 8, NULL},
    [TABLE_LEARNED]         = {1, ARTICLE_ID_BYTES_MAX, BODY_ANY, 0, NULL},
    [TABLE_LEARNED_AT]      = {12, 12, BODY_EMPTY, 0, NULL},
    [TABLE_BLOB]            = {BLOB_KEY_BYTES_MIN, BLOB_KEY_BYTES_MAX, BODY_BYTES, 8, check_blob_row},
  /* clang-format on */
};

static bool is_json_object(struct bytes body)
{
    json_t *json;
    bool is_object;

    if (json_parse(body, &json, NULL) != AF_OK)
        return false;
    is_object = json_is_object(json);
    json_decref(json);
    return is_object;
}

static bool has_shape(const struct shape *shape, struct bytes body)
{
    switch (shape->body) {
    case BODY_JSON:
        return shape->row != NULL || is_json_object(body); /* a row's own check parses it */
    case BODY_EMPTY:
        return body.len == 0;
    case BODY_BYTES:
        return body.len == shape->body_bytes;
    case BODY_ANY:
        break;
    }
    return shape->key_max > 0 || body.len == 0 || body.data[0] != '{' || is_json_object(body);
}

static void check_row(struct check *check, const struct shape *shape, struct bytes key,
                      struct bytes body)
{
    const char *table = table_name(check->table);
    char text[64];

    key_text(key, text, sizeof text);
    if (key.len < shape->key_min || (shape->key_max > 0 && key.len > shape->key_max))
        check_fault(check, "damaged: table %s, key %s: a key of %zu bytes", table, text, key.len);
    else if (!has_shape(shape, body))
        check_fault(check, "damaged: table %s, key %s: not what belongs there", table, text);
    else if (shape->row != NULL)
        shape->row(check, key, body);
    arena_clear(txn_arena(check->txn));
}

/* --- one table ---------------------------------------------------------------------------- */

/* Keys rise in a sound tree. In a damaged one a page may lead back to one above it: the walk
 * would go on for ever. */
static bool rises(struct check *check, struct buf *last, struct bytes key)
{
    bool ok = last->len == 0 || bytes_compare(buf_bytes(last), key) < 0;
    char text[64];

    if (!ok) {
        key_text(key, text, sizeof text);
        check_fault(check, "damaged: table %s, key %s: out of order; the rest is not walked",
                    table_name(check->table), text);
    }
    buf_clear(last);
    buf_add(last, key);
    return ok;
}

static void tell_progress(const struct check *check, uint64_t all)
{
    uint64_t done = 0;

    if (check->options->progress == NULL)
        return;
    for (size_t i = 0; i < TABLE_COUNT; i++)
        done += check->counts->values[i];
    check->options->progress(check->options->context, done, all);
}

static uint64_t expected_values(const struct txn *txn)
{
    uint64_t all = 0;

    for (size_t i = 0; i < TABLE_COUNT; i++)
        all += store_sum(txn, (enum table)i).count;
    return all;
}

/* Table meta holds the sums themselves, so its own cannot be among them; its values are checked
 * one by one against what they count. */
static void compare_sum(struct check *check, const struct table_sum *walked)
{
    struct table_sum kept = store_sum(check->txn, check->table);
    const char *table = table_name(check->table);

    if (check->table == TABLE_META)
        return;
    if (kept.count != walked->count)
        check_fault(check, "damaged: table %s has %llu values and should have %llu", table,
                    (unsigned long long)walked->count, (unsigned long long)kept.count);
    else if (kept.sum != walked->sum)
        check_fault(check, "damaged: table %s: a value is not the one written last", table);
}

static enum status walk_rows(struct check *check, struct cursor *cursor, struct error *err)
{
    const struct shape *shape = &shapes[check->table];
    const uint64_t all = expected_values(check->txn);
    struct table_sum walked = {0};
    struct bytes key = BYTES_NONE, body;
    struct buf last = {0};
    struct error why;
    enum status status;

    for (;;) {
        key = BYTES_NONE;
        status = cursor_next(cursor, &key, &body, &why);
        if (status == AF_NOT_FOUND || status == AF_NO_MEMORY || key.len == 0 ||
            !rises(check, &last, key))
            break;
        if (walked.count++ % PROGRESS_EVERY == 0)
            tell_progress(check, all);
        walked.sum += cursor_checksum(cursor);
        check->counts->values[check->table]++;
        if (status == AF_OK) {
            check_row(check, shape, key, body);
            continue;
        }
        check_fault(check, "%s", why.text);
        if (check->table == TABLE_JOURNAL)
            check_journal_gap(check, key);
    }
    buf_release(&last);
    if (status == AF_NO_MEMORY)
        return error_set(err, status, "%s", why.text);
    if (status == AF_NOT_FOUND)
        compare_sum(check, &walked);
    else if (key.len == 0)
        check_fault(check, "damaged: table %s: %s", table_name(check->table), why.text);
    return AF_OK;
}

static enum status walk_table(struct check *check, enum table table, struct error *err)
{
    struct cursor *cursor;
    struct error why;
    enum status status;

    check->table = table;
    check->faults_here = 0;
    status = cursor_open(check->txn, table, BYTES_NONE, WALK_UP, &cursor, &why);
    if (status == AF_NO_MEMORY)
        return error_set(err, status, "%s", why.text);
    if (status != AF_OK) {
        check_fault(check, "damaged: table %s: %s", table_name(table), why.text);
        return AF_OK;
    }
    status = walk_rows(check, cursor, err);
    cursor_close(cursor);
    return status;
}

/* --- all of it ---------------------------------------------------------------------------- */

/* Counts what a hook or the ledger says, as one of ours. */
static void pass_on(void *context, const char *sentence)
{
    check_fault(context, "%s", sentence);
}

static enum status run(struct check *check, struct error *err)
{
    const check_more_fn *more = check->options->more;
    struct error why;
    enum status status = check_refs_begin(check, err);

    if (status == AF_OK && store_check_commit(check->txn, &why) != AF_OK)
        check_fault(check, "%s", why.text);

    for (int i = 0; status == AF_OK && i < TABLE_COUNT; i++)
        status = walk_table(check, (enum table)i, err);
    check->faults_here = 0;
    if (status == AF_OK)
        status = check_refs_end(check, err);
    for (; status == AF_OK && more != NULL && *more != NULL; more++) {
        check->faults_here = 0;
        status = (*more)(check->txn, pass_on, check, err);
    }
    return status;
}

enum status store_check_with(struct store *store, const struct check_options *options,
                             struct check_counts *out, struct error *err)
{
    struct check_counts counts = {0};
    struct check check = {.options = options, .counts = &counts, .dir = store_dir(store)};
    enum status status = store_begin_read(store, &check.txn, err);

    if (status != AF_OK)
        return status;
    status = run(&check, err);
    buf_release(&check.id);
    buf_release(&check.line);
    txn_abort(check.txn);
    if (status == AF_OK)
        *out = counts;
    return status;
}

enum status store_check(struct store *store, fault_fn fault, void *context,
                        struct check_counts *out, struct error *err)
{
    const struct check_options options = {.fault = fault, .context = context};

    return store_check_with(store, &options, out, err);
}
