#include "intake/ticket/ticket_text.h"

#include "data/base/hash.h"
#include "intake/ticket/ticket_apply.h"

#include <stdio.h>

#define ROW_KEY_BYTES 12
#define PRINT_SEED 5
#define PRINT_HEX_BYTES 17

/* --- what is found ------------------------------------------------------------------------ */

const char *ticket_text_stage(enum ticket_state state)
{
    if (state < TICKET_RESOLVED)
        return TICKET_FOUND_OPEN;
    return state <= TICKET_CLOSED ? TICKET_FOUND_SOLVED : TICKET_FOUND_ENDED;
}

static bool each_post(const json_t *ticket, bool is_solved, ticket_text_fn fn, void *context)
{
    const json_t *post, *last = NULL;
    bool ok = true;
    size_t i;

    json_array_foreach(json_object_get(ticket, "posts"), i, post)
    {
        bool is_ours = strcmp(json_get_str(post, "from"), "staff") == 0;

        if (is_ours && !json_get_bool(post, "internal"))
            last = post;
        ok = ok && fn(context, is_ours ? "cause" : "text", bytes_str(json_get_str(post, "text")));
    }
    if (is_solved && last != NULL)
        ok = ok && fn(context, "resolution", bytes_str(json_get_str(last, "text")));
    return ok;
}

static bool each_case(const json_t *ticket, ticket_text_fn fn, void *context)
{
    const json_t *link;
    bool ok = true;
    size_t i;

    json_array_foreach(json_object_get(ticket, "links"), i, link)
    {
        if (strcmp(json_get_str(link, "role"), "resolved_by") == 0)
            ok = ok && fn(context, TICKET_TEXT_CASE, bytes_str(json_get_str(link, "case")));
    }
    return ok;
}

bool ticket_text_each(const json_t *ticket, ticket_text_fn fn, void *context)
{
    static const struct {
        const char *member, *is;
    } plain[] = {
        {"lang",    "lang"       },
        {"title",   "title"      },
        {"ticket",  "error_code" },
        {"product", "product"    },
        {"type",    "category"   },
        {"text",    "symptom"    },
        {"party",   "environment"},
        {"account", "environment"},
    };
    enum ticket_state state = ticket_state_of(ticket);
    bool is_solved = state == TICKET_RESOLVED || state == TICKET_CLOSED, ok = true;
    const char *member;
    json_t *value;

    for (size_t i = 0; ok && i < sizeof plain / sizeof *plain; i++)
        ok = fn(context, plain[i].is, bytes_str(json_get_str(ticket, plain[i].member)));
    ok = ok && fn(context, "category", bytes_str(ticket_text_stage(state)));
    if (ticket_state_is_open(state))
        ok = ok && fn(context, "category", BYTES_LIT(TICKET_FOUND_LIVE));
    if (state == TICKET_SPAM)
        ok = ok && fn(context, "state", BYTES_LIT("archived"));
    json_object_foreach(json_object_get(ticket, "contact"), member, value)
    {
        ok = ok && (!json_is_string(value) ||
                    fn(context, "environment", bytes_str(json_string_value(value))));
    }
    ok = ok && each_post(ticket, is_solved, fn, context);
    return ok && (!is_solved || each_case(ticket, fn, context));
}

/* --- as one number ------------------------------------------------------------------------ */

static bool add_print(void *context, const char *member, struct bytes text)
{
    struct buf *out = context;

    buf_add_str(out, member);
    buf_add_u8(out, 0);
    buf_add_varint(out, text.len);
    buf_add(out, text);
    return buf_ok(out);
}

static enum status print_of(const json_t *ticket, char hex[PRINT_HEX_BYTES], struct error *err)
{
    struct buf texts = {0};
    struct bytes all;
    enum status status;

    (void)ticket_text_each(ticket, add_print, &texts);
    all = buf_bytes(&texts);
    status = buf_status(&texts, "a ticket's text", err);
    if (status == AF_OK)
        (void)snprintf(hex, PRINT_HEX_BYTES, "%016llx",
                       (unsigned long long)checksum64(PRINT_SEED, &all, 1));
    buf_release(&texts);
    return status;
}

/* --- its row ------------------------------------------------------------------------------ */

static struct bytes row_key(uint64_t seq, uint32_t no, uint8_t key[ROW_KEY_BYTES])
{
    put_be64(key, seq);
    put_be32(key + 8, no);
    return bytes_of(key, ROW_KEY_BYTES);
}

static enum status move_row(struct txn *txn, uint32_t no, uint64_t from, uint64_t to,
                            struct error *err)
{
    uint8_t key[ROW_KEY_BYTES];
    enum status status = AF_OK;

    if (from == to)
        return AF_OK;
    if (from != 0)
        status = store_delete(txn, TABLE_TICKET_TEXT, row_key(from, no, key), err);
    if (status == AF_NOT_FOUND)
        return error_set(err, AF_CORRUPT, "damaged: table ticket_text: ticket %u is not in it", no);
    if (status == AF_OK)
        status = store_put(txn, TABLE_TICKET_TEXT, row_key(to, no, key), BYTES_LIT(""), err);
    return status;
}

enum status ticket_text_note(struct txn *txn, json_t *ticket, uint64_t seq, struct error *err)
{
    const json_t *before = json_object_get(ticket, "indexed");
    uint64_t from = json_get_u64(before, "seq"), version = json_get_u64(before, "version");
    char print[PRINT_HEX_BYTES];
    bool ok = true;
    enum status status = print_of(ticket, print, err);

    if (status != AF_OK || strcmp(json_get_str(before, "print"), print) == 0)
        return status;
    json_put(ticket, "indexed",
             json_pack("{s:I,s:I,s:s}", "seq", (json_int_t)seq, "version", (json_int_t)version + 1,
                       "print", print),
             &ok);
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    return move_row(txn, (uint32_t)json_get_u64(ticket, "n"), from, seq, err);
}

enum status ticket_text_next(struct txn *txn, uint64_t seq, uint32_t *no, bool *found,
                             struct error *err)
{
    uint8_t from[ROW_KEY_BYTES];
    struct cursor *cursor;
    struct bytes key, body;
    uint64_t at;
    enum status status =
        cursor_open(txn, TABLE_TICKET_TEXT, row_key(seq, *no + 1, from), WALK_UP, &cursor, err);

    *found = false;
    if (status != AF_OK)
        return status;
    status = cursor_next(cursor, &key, &body, err);
    if (status == AF_OK) {
        struct reader r = reader_of(key);

        *found = reader_be64(&r, &at) && reader_be32(&r, no) && at == seq;
    }
    cursor_close(cursor);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

enum status ticket_text_last(struct txn *txn, uint64_t *seq, struct error *err)
{
    struct cursor *cursor;
    struct bytes key, body;
    enum status status = cursor_open(txn, TABLE_TICKET_TEXT, BYTES_NONE, WALK_DOWN, &cursor, err);

    *seq = 0;
    if (status != AF_OK)
        return status;
    status = cursor_next(cursor, &key, &body, err);
    if (status == AF_OK) {
        struct reader r = reader_of(key);

        (void)reader_be64(&r, seq);
    }
    cursor_close(cursor);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

/* --- check -------------------------------------------------------------------------------- */

void ticket_text_check(struct inspection *in, const json_t *ticket, uint32_t no)
{
    const json_t *indexed = json_object_get(ticket, "indexed");
    char print[PRINT_HEX_BYTES];
    uint8_t key[ROW_KEY_BYTES];
    struct bytes ignored;
    enum status status;

    if (indexed == NULL)
        return;
    if (print_of(ticket, print, NULL) != AF_OK) {
        in->no_memory = true;
        return;
    }
    if (strcmp(print, json_get_str(indexed, "print")) != 0)
        inspect_say(in, "its texts are not those that it is found by");
    status = store_get(in->txn, TABLE_TICKET_TEXT, row_key(json_get_u64(indexed, "seq"), no, key),
                       &ignored, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "it is not in table ticket_text");
    in->texts_confirmed += status == AF_OK;
}

void ticket_text_check_row(struct inspection *in, struct bytes key, struct bytes body)
{
    struct reader r = reader_of(key);
    json_t *ticket = NULL;
    uint64_t seq;
    uint32_t no;
    enum status status;

    (void)body;
    if (!reader_be64(&r, &seq) || !reader_be32(&r, &no) || reader_left(&r) > 0) {
        inspect_say(in, "not a command and a ticket");
        return;
    }
    status = ticket_load(in->txn, no, &ticket, NULL);
    if (inspect_is_missing(in, status) ||
        (status == AF_OK && json_get_u64(json_object_get(ticket, "indexed"), "seq") != seq))
        inspect_say(in, "ticket %u did not change then", no);
    if (status == AF_OK)
        json_decref(ticket);
}
