#include "data/journal.h"

#include "data/base/clock.h"
#include "data/base/jsontext.h"
#include "data/base/limits.h"
#include "data/chain.h"

#include <assert.h>

static const char head_name[] = "head"; /* in meta */
static const char body_member[] = ",\"body\":";

/* --- reading ------------------------------------------------------------------------------ */

enum status journal_head(struct txn *txn, struct journal_head *out, struct error *err)
{
    struct chain_head head;
    enum status status = chain_head(txn, head_name, &head, err);

    if (status == AF_OK)
        *out = (struct journal_head){head.seq, head.hash};
    return status;
}

enum status journal_line(struct txn *txn, uint64_t seq, struct bytes *line, struct error *err)
{
    uint8_t key[8];

    put_be64(key, seq);
    return store_get(txn, TABLE_JOURNAL, bytes_of(key, sizeof key), line, err);
}

enum status journal_text(struct txn *txn, uint64_t seq, size_t offset, size_t len,
                         struct bytes *text, struct error *err)
{
    uint8_t key[8];

    put_be64(key, seq);
    return store_get_range(txn, TABLE_JOURNAL, bytes_of(key, sizeof key), offset, len, text, err);
}

static bool parse_hex64(const char *hex, uint64_t *out)
{
    uint64_t v = 0;

    for (size_t i = 0; i < 16; i++) {
        char c = hex[i];

        if (c >= '0' && c <= '9')
            v = v << 4 | (uint64_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            v = v << 4 | (uint64_t)(c - 'a' + 10);
        else
            return false;
    }
    *out = v;
    return hex[16] == '\0';
}

/* The body is the last member, so its text runs from the first `,"body":` outside a string to
 * the closing brace. Members before it are ours and hold that sequence only escaped (`\"`). */
static bool find_body(struct bytes line, struct bytes *body)
{
    const size_t n = sizeof body_member - 1;
    const uint8_t *at = line.len == 0 ? NULL : memmem(line.data, line.len, body_member, n);
    size_t start;

    if (at == NULL)
        return false;
    start = (size_t)(at - line.data) + n;
    if (start + 1 >= line.len || line.data[line.len - 1] != '}')
        return false;
    *body = bytes_of(line.data + start, line.len - start - 1);
    return true;
}

/* The members before the body. `out` has its json and body_text already. */
static bool read_head(struct entry *out)
{
    const char *print = json_get_str(out->json, "print");

    out->seq = json_get_u64(out->json, "seq");
    out->id = json_get_str(out->json, "id");
    out->actor = json_get_str(out->json, "actor");
    out->kind = json_get_str(out->json, "kind");
    out->schema = (unsigned)json_get_u64(out->json, "schema");
    return out->seq != 0 && out->id[0] != '\0' && out->kind[0] != '\0' &&
           clock_parse(bytes_str(json_get_str(out->json, "at")), &out->at_ms) &&
           digest_parse(bytes_str(json_get_str(out->json, "prev_hash")), &out->prev) &&
           (print[0] == '\0' || (strlen(print) == 16 && parse_hex64(print, &out->print)));
}

static enum status not_an_entry(struct entry *entry, struct error *err)
{
    json_decref(entry->json);
    return error_set(err, AF_INVALID, "not a journal entry: a member is missing or wrong");
}

enum status entry_parse(struct bytes line, struct entry *out, struct error *err)
{
    struct entry entry = {0};
    enum status status = json_parse_stored(line, &entry.json, err);

    if (status != AF_OK)
        return status;
    entry.body = json_object_get(entry.json, "body");
    if (!json_is_object(entry.body) || !find_body(line, &entry.body_text) || !read_head(&entry))
        return not_an_entry(&entry, err);
    *out = entry;
    return AF_OK;
}

enum status entry_parse_head(struct bytes line, struct entry *out, struct error *err)
{
    struct entry entry = {0};
    struct buf head = {0};
    enum status status;

    if (!find_body(line, &entry.body_text))
        return not_an_entry(&entry, err);
    buf_add(&head, bytes_of(line.data, (size_t)(entry.body_text.data - line.data)));
    buf_add_str(&head, "null}");
    status = buf_status(&head, "a journal entry", err);
    if (status == AF_OK)
        status = json_parse(buf_bytes(&head), &entry.json, err);
    buf_release(&head);
    if (status != AF_OK)
        return status;
    if (!read_head(&entry))
        return not_an_entry(&entry, err);
    *out = entry;
    return AF_OK;
}

enum status journal_hash(struct txn *txn, uint64_t seq, struct digest *out, struct error *err)
{
    struct journal_head head;
    struct bytes line;
    struct entry next;
    enum status status = journal_head(txn, &head, err);

    if (status == AF_OK && seq > head.seq)
        return error_set(err, AF_NOT_FOUND, "the journal has no entry %llu",
                         (unsigned long long)seq);
    if (status != AF_OK || seq == head.seq) {
        *out = head.hash;
        return status;
    }
    status = journal_line(txn, seq + 1, &line, err);
    if (status == AF_OK)
        status = entry_parse_head(line, &next, err);
    if (status != AF_OK)
        return status;
    *out = next.prev;
    json_decref(next.json);
    return AF_OK;
}

/* The kind as it stands in a line that we wrote. False: another program's line, which may have
 * blanks and escapes anywhere. */
static bool find_kind(struct bytes line, struct bytes *kind)
{
    struct bytes name, value;
    bool has_escapes;
    struct reader r;

    if (!jsontext_enter(line, '{', &r))
        return false;
    while (jsontext_member(&r, &name, &value) == JSONTEXT_VALUE &&
           !bytes_equal(name, BYTES_LIT("body"))) {
        if (!bytes_equal(name, BYTES_LIT("kind")) || !jsontext_is_string(value))
            continue;
        *kind = jsontext_inside(value, &has_escapes);
        return !has_escapes;
    }
    return false;
}

enum status entry_body_of(struct bytes line, const char *kind, struct bytes *body, bool *is_of,
                          struct error *err)
{
    struct bytes found;
    struct entry entry;
    enum status status;

    if (find_kind(line, &found) && find_body(line, body)) {
        *is_of = bytes_equal(found, bytes_str(kind));
        return AF_OK;
    }
    status = entry_parse_head(line, &entry, err);
    if (status != AF_OK)
        return status;
    *is_of = strcmp(entry.kind, kind) == 0;
    *body = entry.body_text;
    json_decref(entry.json);
    return AF_OK;
}

/* --- writing ------------------------------------------------------------------------------ */

static bool is_plain(const char *name)
{
    while (*name >= 0x20 && *name < 0x7F && *name != '"' && *name != '\\')
        name++;
    return *name == '\0';
}

/* A name as a JSON string. Most need no escapes; a tree for them is a tenth of a command. */
static enum status add_name(const char *name, struct buf *out, struct error *err)
{
    json_t *json;
    enum status status;

    if (name != NULL && is_plain(name)) {
        buf_printf(out, "\"%s\"", name);
        return AF_OK;
    }
    json = json_string(name);
    if (json == NULL)
        return error_set(err, AF_INVALID, "the command's id, actor or kind is not UTF-8");
    status = json_write(json, false, out, err);
    json_decref(json);
    return status;
}

static enum status compose_head(const struct journal_head *head, const struct command *command,
                                unsigned schema, struct buf *out, struct error *err)
{
    char at[CLOCK_TEXT_BYTES], prev[DIGEST_HEX_BYTES];
    enum status status;

    clock_format(command->at_ms, at);
    digest_hex(&head->hash, prev);
    buf_printf(out, "{\"seq\":%llu,\"id\":", (unsigned long long)command->seq);
    status = add_name(command->id, out, err);
    buf_printf(out, ",\"at\":\"%s\",\"actor\":", at);
    if (status == AF_OK)
        status = add_name(command->actor, out, err);
    buf_add_str(out, ",\"kind\":");
    if (status == AF_OK)
        status = add_name(command->kind, out, err);
    buf_printf(out, ",\"schema\":%u", schema);
    if (command->print != 0)
        buf_printf(out, ",\"print\":\"%016llx\"", (unsigned long long)command->print);
    buf_printf(out, ",\"prev_hash\":\"%s\"", prev);
    return status;
}

enum status journal_compose(const struct journal_head *head, struct command *command,
                            unsigned schema, struct bytes body_text, struct buf *out,
                            struct error *err)
{
    enum status status;

    command->seq = head->seq + 1;
    buf_clear(out);
    status = compose_head(head, command, schema, out, err);
    if (status != AF_OK)
        return status;
    buf_add_str(out, body_member);
    command->body_offset = out->len;
    buf_add(out, body_text);
    buf_add_u8(out, '}');
    command->line = buf_bytes(out);
    return buf_status(out, "a journal entry", err);
}

enum status journal_append(struct txn *txn, struct bytes line, size_t body_offset,
                           const struct frame_parts *parts, struct journal_head *head,
                           struct error *err)
{
    const struct chain_parts packed = {body_offset, parts};
    struct chain_head chain = {head->seq, head->hash};
    enum status status = chain_append(txn, TABLE_JOURNAL, head_name, line,
                                      parts != NULL ? &packed : NULL, &chain, err);

    if (status == AF_OK)
        *head = (struct journal_head){chain.seq, chain.hash};
    return status;
}

/* --- commands seen before ----------------------------------------------------------------- */

enum status done_find(struct txn *txn, const char *id, struct done *out, struct error *err)
{
    json_t *json;
    enum status status;

    if (id_is_own(id))
        return AF_NOT_FOUND;
    status = store_get_json(txn, TABLE_DONE, bytes_str(id), &json, err);
    if (status != AF_OK)
        return status;
    out->seq = json_get_u64(json, "seq");
    out->result = json_incref(json_object_get(json, "result"));
    if (!parse_hex64(json_get_str(json, "print"), &out->print))
        out->print = 0;
    json_decref(json);
    return AF_OK;
}

/* Each new answer forgets two old ones, so the table shrinks as fast as it grew. The age is
 * measured against the command's own time: replaying forgets the same ones. */
static enum status forget_old(struct txn *txn, int64_t now_ms, struct error *err)
{
    const int64_t keep_ms = (int64_t)IDEMPOTENCY_DAYS * 86400000;

    for (int i = 0; i < 2; i++) {
        uint8_t copy[8 + IDEMPOTENCY_KEY_BYTES_MAX];
        struct bytes key, body;
        struct cursor *cursor;
        struct reader r;
        uint64_t at_ms;
        size_t len = 0;
        enum status status = cursor_open(txn, TABLE_DONE_AGE, BYTES_NONE, WALK_UP, &cursor, err);

        if (status != AF_OK)
            return status;
        status = cursor_next(cursor, &key, &body, err);
        r = reader_of(key);
        if (status == AF_OK && key.len <= sizeof copy && reader_be64(&r, &at_ms) &&
            (int64_t)at_ms < now_ms - keep_ms) {
            len = key.len;
            memcpy(copy, key.data, len);
        }
        cursor_close(cursor);
        if (status != AF_OK && status != AF_NOT_FOUND)
            return status;
        if (len <= 8)
            return AF_OK;
        status = store_delete(txn, TABLE_DONE_AGE, bytes_of(copy, len), err);
        if (status == AF_OK)
            status = store_delete(txn, TABLE_DONE, bytes_of(copy + 8, len - 8), err);
        if (status != AF_OK && status != AF_NOT_FOUND)
            return status;
    }
    return AF_OK;
}

enum status done_add(struct txn *txn, const struct command *command, uint64_t print, json_t *result,
                     struct error *err)
{
    uint8_t key[8 + IDEMPOTENCY_KEY_BYTES_MAX];
    size_t id_len = strlen(command->id);
    char hex[17];
    json_t *json;
    bool ok;
    enum status status;

    if (id_is_own(command->id))
        return AF_OK;
    json = json_object();
    ok = json != NULL;
    assert(id_len > 0 && id_len <= IDEMPOTENCY_KEY_BYTES_MAX && command->at_ms >= 0);
    (void)snprintf(hex, sizeof hex, "%016llx", (unsigned long long)print);
    if (ok) {
        json_put(json, "seq", json_integer((json_int_t)command->seq), &ok);
        json_put(json, "print", json_string(hex), &ok);
        json_put(json, "result", json_incref(result), &ok);
    }
    status = ok ? store_put_json(txn, TABLE_DONE, bytes_str(command->id), json, err)
                : error_set(err, AF_NO_MEMORY, "no memory to remember a command");
    json_decref(json);
    if (status != AF_OK)
        return status;
    put_be64(key, (uint64_t)command->at_ms);
    memcpy(key + 8, command->id, id_len);
    status = store_put(txn, TABLE_DONE_AGE, bytes_of(key, 8 + id_len), BYTES_LIT(""), err);
    if (status == AF_OK)
        status = forget_old(txn, command->at_ms, err);
    return status;
}
