#include "data/dump.h"

#include "data/article.h"
#include "data/base/clock.h"
#include "data/base/limits.h"
#include "data/blob_ref.h"

#include <errno.h>
#include <stdlib.h>

#define LINES_A_TRANSACTION 1000                  /* read while dumping: milliseconds */
#define LINE_BYTES_MAX (COMMAND_BYTES_MAX + 4096) /* a body and what stands around it */
#define BATCH_BYTES ((size_t)4 << 20)             /* of lines on their way into the journal */

/* --- out ---------------------------------------------------------------------------------- */

static enum status put_line(FILE *out, struct bytes line, struct error *err)
{
    if (fwrite(line.data, 1, line.len, out) != line.len || putc('\n', out) == EOF)
        return error_set(err, errno == ENOSPC ? AF_FULL : AF_IO, "the dump cannot be written: %s",
                         strerror(errno));
    return AF_OK;
}

static enum status finish(FILE *out, struct error *err)
{
    if (fflush(out) != 0)
        return error_set(err, errno == ENOSPC ? AF_FULL : AF_IO, "the dump cannot be written: %s",
                         strerror(errno));
    return AF_OK;
}

static json_t *header_json(const char *dir, const struct journal_head *head,
                           const struct blob_sum *blobs)
{
    char hash[DIGEST_HEX_BYTES], at[CLOCK_TEXT_BYTES];
    json_t *json;
    bool ok = true;

    digest_hex(&head->hash, hash);
    clock_format(clock_now_ms(), at);
    json = json_pack("{s:i,s:i,s:I,s:s,s:s}", "askfirst_dump", 1, "format", DUMP_FORMAT, "head_seq",
                     (json_int_t)head->seq, "head_hash", hash, "made_at", at);
    if (json != NULL && blobs->files > 0)
        json_put(json, "blobs",
                 json_pack("{s:I,s:I,s:o}", "files", (json_int_t)blobs->files, "bytes",
                           (json_int_t)blobs->bytes, "in", json_sprintf("%s/blobs", dir)),
                 &ok);
    return json;
}

static enum status put_header(struct store *store, FILE *out, const struct journal_head *head,
                              const struct blob_sum *blobs, struct error *err)
{
    struct buf line = {0};
    json_t *json = header_json(store_dir(store), head, blobs);
    enum status status = json != NULL ? json_write(json, false, &line, err)
                                      : error_set(err, AF_NO_MEMORY, "no memory for a dump");

    json_decref(json);
    if (status == AF_OK)
        status = put_line(out, buf_bytes(&line), err);
    buf_release(&line);
    return status;
}

static enum status put_entries(struct store *store, FILE *out, uint64_t from, uint64_t to,
                               struct error *err)
{
    struct txn *txn;
    enum status status = store_begin_read(store, &txn, err);

    if (status != AF_OK)
        return status;
    for (uint64_t seq = from; status == AF_OK && seq <= to; seq++) {
        struct bytes line;

        status = journal_line(txn, seq, &line, err);
        if (status == AF_NOT_FOUND)
            status = error_set(err, AF_CORRUPT, "damaged: table journal: entry %llu is missing",
                               (unsigned long long)seq);
        if (status == AF_OK)
            status = put_line(out, line, err);
        arena_clear(txn_arena(txn));
    }
    txn_abort(txn);
    return status;
}

/* `blobs` may be NULL. */
static enum status read_head(struct store *store, struct journal_head *head, struct blob_sum *blobs,
                             struct error *err)
{
    struct txn *txn;
    enum status status = store_begin_read(store, &txn, err);

    if (status != AF_OK)
        return status;
    status = journal_head(txn, head, err);
    if (status == AF_OK && blobs != NULL)
        status = blob_ref_sum(txn, blobs, err);
    txn_abort(txn);
    return status;
}

/* Entries never change, so the transactions need not be one: nothing is kept from being freed
 * while a slow reader takes its time. */
enum status dump_write(struct store *store, FILE *out, dump_progress_fn progress, void *context,
                       struct error *err)
{
    struct journal_head head;
    struct blob_sum blobs;
    uint64_t seq = 1;
    enum status status = read_head(store, &head, &blobs, err);

    if (status == AF_OK)
        status = put_header(store, out, &head, &blobs, err);
    while (status == AF_OK && seq <= head.seq) {
        uint64_t left = head.seq - seq + 1;
        uint64_t count = left < LINES_A_TRANSACTION ? left : LINES_A_TRANSACTION;

        status = put_entries(store, out, seq, seq + count - 1, err);
        seq += count;
        if (status == AF_OK && progress != NULL)
            progress(context, seq - 1, head.seq);
    }
    return status == AF_OK ? finish(out, err) : status;
}

static enum status put_cases(struct txn *txn, FILE *out, uint64_t *cases, struct error *err)
{
    struct cursor *cursor;
    struct bytes id, body, text;
    struct article_ref ref;
    enum status status = cursor_open(txn, TABLE_ARTICLE, BYTES_NONE, WALK_UP, &cursor, err);

    if (status != AF_OK)
        return status;
    while ((status = cursor_next(cursor, &id, &body, err)) == AF_OK) {
        if ((status = article_find(txn, id, &ref, err)) != AF_OK ||
            (status = article_text(txn, &ref, &text, err)) != AF_OK ||
            (status = put_line(out, text, err)) != AF_OK)
            break;
        (*cases)++;
        arena_clear(txn_arena(txn));
    }
    cursor_close(cursor);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

enum status dump_write_cases(struct store *store, FILE *out, uint64_t *cases, struct error *err)
{
    struct txn *txn;
    enum status status = store_begin_read(store, &txn, err);

    if (status != AF_OK)
        return status;
    *cases = 0;
    status = put_cases(txn, out, cases, err);
    txn_abort(txn);
    return status == AF_OK ? finish(out, err) : status;
}

/* --- in: the reader ----------------------------------------------------------------------- */

/* Reads lines and holds each against the chain: number, prev_hash, and at the end the head that
 * the first line promised. */
struct dump_reader {
    FILE *in;
    struct journal_head promised, at;
    struct buf line;
};

static enum status damaged(const struct dump_reader *reader, const char *what, struct error *err)
{
    return error_set(err, AF_CORRUPT, "the dump is damaged at line %llu: %s",
                     (unsigned long long)reader->at.seq + 2, what);
}

/* AF_NOT_FOUND at the end of the file. */
static enum status read_line(struct dump_reader *reader, struct error *err)
{
    struct buf *line = &reader->line;
    int c;

    buf_clear(line);
    line->ceiling = LINE_BYTES_MAX;
    while ((c = getc_unlocked(reader->in)) != EOF && c != '\n' && buf_ok(line))
        buf_add_u8(line, (uint8_t)c);
    if (ferror(reader->in))
        return error_set(err, AF_IO, "the dump cannot be read: %s", strerror(errno));
    if (!buf_ok(line))
        return damaged(reader, "longer than any entry can be", err);
    if (c == EOF && line->len == 0)
        return AF_NOT_FOUND;
    return c == '\n' ? AF_OK : damaged(reader, "cut off in the middle", err);
}

static enum status read_header(struct dump_reader *reader, struct error *err)
{
    json_t *json = NULL;
    struct error why;
    uint64_t format;
    enum status status = read_line(reader, &why);

    if (status == AF_IO)
        return error_set(err, status, "%s", why.text);
    if (status != AF_OK || json_parse(buf_bytes(&reader->line), &json, NULL) != AF_OK ||
        json_get_u64(json, "askfirst_dump") == 0) {
        json_decref(json);
        return error_set(err, AF_INVALID,
                         "not a dump: the first line should begin {\"askfirst_dump\": …}");
    }
    format = json_get_u64(json, "format");
    reader->promised.seq = json_get_u64(json, "head_seq");
    status = AF_OK;
    if (format > DUMP_FORMAT)
        status = error_set(err, AF_NEWER, "the dump has format %llu, this program knows up to %d",
                           (unsigned long long)format, DUMP_FORMAT);
    else if (!digest_parse(bytes_str(json_get_str(json, "head_hash")), &reader->promised.hash))
        status = error_set(err, AF_CORRUPT, "the dump is damaged at line 1: no head_hash");
    json_decref(json);
    return status;
}

/* AF_NOT_FOUND after the last entry, when it is the promised one. */
static enum status read_entry(struct dump_reader *reader, struct error *err)
{
    struct entry entry;
    enum status status = read_line(reader, err);
    bool follows;

    if (status == AF_NOT_FOUND) {
        if (reader->at.seq == reader->promised.seq &&
            digest_equal(&reader->at.hash, &reader->promised.hash))
            return AF_NOT_FOUND;
        return error_set(
            err, AF_CORRUPT, "the dump ends after entry %llu of %llu: it was cut off or changed",
            (unsigned long long)reader->at.seq, (unsigned long long)reader->promised.seq);
    }
    if (status != AF_OK)
        return status;
    if (reader->at.seq == reader->promised.seq)
        return damaged(reader, "more entries than the first line says", err);
    if (entry_parse(buf_bytes(&reader->line), &entry, NULL) != AF_OK)
        return damaged(reader, "not a journal entry", err);
    follows = entry.seq == reader->at.seq + 1 && digest_equal(&entry.prev, &reader->at.hash);
    json_decref(entry.json);
    if (!follows)
        return damaged(reader, "it does not follow the line before; one of them was changed", err);
    reader->at = (struct journal_head){reader->at.seq + 1, digest_plain(buf_bytes(&reader->line))};
    return AF_OK;
}

/* --- in: the journal ---------------------------------------------------------------------- */

/* Lines that were read and not yet replayed; their texts stand in one buffer. */
struct batch {
    struct buf text;
    size_t ends[REPLAY_LINES_MAX];
    size_t count;
};

static void batch_add(struct batch *batch, struct bytes line)
{
    buf_add(&batch->text, line);
    batch->ends[batch->count++] = batch->text.len;
}

static enum status batch_replay(struct batch *batch, struct journal *journal, uint64_t *entries,
                                struct error *err)
{
    struct bytes lines[REPLAY_LINES_MAX];
    size_t start = 0, replayed = 0;
    enum status status = buf_status(&batch->text, "a dump's lines", err);

    if (status != AF_OK || batch->count == 0)
        return status;
    for (size_t i = 0; i < batch->count; i++) {
        lines[i] = bytes_of(batch->text.data + start, batch->ends[i] - start);
        start = batch->ends[i];
    }
    status = journal_replay_many(journal, lines, batch->count, &replayed, err);
    *entries += replayed;
    batch->count = 0;
    buf_clear(&batch->text);
    return status;
}

static enum status verify_whole(FILE *in, struct error *err)
{
    struct dump_reader reader = {.in = in};
    enum status status = read_header(&reader, err);

    while (status == AF_OK)
        status = read_entry(&reader, err);
    buf_release(&reader.line);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

static enum status load_all(struct journal *journal, FILE *in, dump_progress_fn progress,
                            void *context, uint64_t *entries, struct error *err)
{
    struct dump_reader reader = {.in = in};
    struct batch batch = {.count = 0};
    enum status status = read_header(&reader, err);
    bool at_end = false;

    while (status == AF_OK && !at_end) {
        status = read_entry(&reader, err);
        at_end = status == AF_NOT_FOUND;
        if (status == AF_OK)
            batch_add(&batch, buf_bytes(&reader.line));
        if (status != AF_OK && !at_end)
            break;
        status = AF_OK;
        if (!at_end && batch.count < REPLAY_LINES_MAX && batch.text.len < BATCH_BYTES)
            continue;
        status = batch_replay(&batch, journal, entries, err);
        if (progress != NULL)
            progress(context, *entries, reader.promised.seq);
    }
    buf_release(&reader.line);
    buf_release(&batch.text);
    return status;
}

enum status dump_load(struct store *store, struct journal *journal, FILE *in,
                      dump_progress_fn progress, void *context, uint64_t *entries,
                      struct error *err)
{
    struct journal_head head;
    off_t start = ftello(in); /* -1: a pipe */
    enum status status = read_head(store, &head, NULL, err);

    *entries = 0;
    if (status != AF_OK)
        return status;
    if (head.seq > 0)
        return error_set(err, AF_CONFLICT,
                         "%s has %llu journal entries already: a dump is loaded into an empty "
                         "store only; choose another --data",
                         store_dir(store), (unsigned long long)head.seq);
    if (start >= 0) {
        if ((status = verify_whole(in, err)) != AF_OK)
            return status;
        if (fseeko(in, start, SEEK_SET) != 0)
            return error_set(err, AF_IO, "the dump cannot be read twice: %s", strerror(errno));
    }
    status = load_all(journal, in, progress, context, entries, err);
    if (status != AF_OK && *entries > 0 && err != NULL) {
        struct error why = *err;

        return error_set(err, status, "%.170s; %llu entries were loaded", why.text,
                         (unsigned long long)*entries);
    }
    return status;
}
