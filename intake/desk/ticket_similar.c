#include "intake/desk/ticket_similar.h"

#include "data/article.h"
#include "data/base/clock.h"
#include "data/base/utf8.h"
#include "intake/desk/ticket_impl.h"
#include "intake/desk/ticket_row.h"
#include "intake/desk/ticket_search.h"
#include "intake/ticket/ticket_text.h"

#include <strings.h>

#define LOOK 100           /* hits that a list is chosen from */
#define REPLY_BYTES 400    /* of what was answered last: enough to see whether to open it */
#define PHONE_DIGITS 7     /* at the end, that two writings of one number share */
#define CONTACT_BYTES 1000 /* of names and addresses that are looked for */

/* --- whose ----------------------------------------------------------------------------------- */

static bool same_text(const json_t *a, const json_t *b, const char *member)
{
    const char *x = json_get_str(a, member), *y = json_get_str(b, member);

    return x[0] != '\0' && strcasecmp(x, y) == 0;
}

/* The last digits of a number, from the last on. False: there are not as many. */
static bool last_digits(const char *number, char digits[PHONE_DIGITS])
{
    size_t at = strlen(number), n = 0;

    while (at > 0 && n < PHONE_DIGITS) {
        char c = number[--at];

        if (c >= '0' && c <= '9')
            digits[n++] = c;
    }
    return n == PHONE_DIGITS;
}

static bool same_phone(const json_t *a, const json_t *b)
{
    char x[PHONE_DIGITS], y[PHONE_DIGITS];

    return last_digits(json_get_str(a, "phone"), x) && last_digits(json_get_str(b, "phone"), y) &&
           memcmp(x, y, PHONE_DIGITS) == 0;
}

bool ticket_same_customer(const json_t *ticket, const json_t *other)
{
    const json_t *a = json_object_get(ticket, "contact"), *b = json_object_get(other, "contact");

    return same_text(ticket, other, "party") || same_text(ticket, other, "account") ||
           same_text(a, b, "mail") || same_phone(a, b);
}

/* What finds the tickets of the same customer: names and addresses are words of a ticket too. */
static void contact_question(const json_t *ticket, struct buf *out)
{
    const char *member;
    json_t *value;

    json_object_foreach(json_object_get(ticket, "contact"), member, value)
    {
        if (json_is_string(value) && out->len < CONTACT_BYTES)
            buf_printf(out, "%s\n", json_string_value(value));
    }
    buf_printf(out, "%s %s", json_get_str(ticket, "party"), json_get_str(ticket, "account"));
}

/* --- lists ----------------------------------------------------------------------------------- */

enum list { OWN_LIKE, OWN_ALL, OTHERS, SOLVED };

struct likeness {
    struct app *app;
    struct txn *txn;
    struct arena *arena;
    const json_t *ticket;
    struct bytes words, contact; /* the questions */
    uint32_t no, limit;
    double bar; /* coverage of what is like it */
    int64_t now_ms;
    json_t *own, *others, *solved;
    uint32_t others_7_days, others_90_days;
    enum list list; /* being made */
};

static bool is_in(const json_t *rows, uint32_t no)
{
    const json_t *row;
    size_t i;

    json_array_foreach(rows, i, row)
    {
        if (json_get_u64(row, "n") == no)
            return true;
    }
    return false;
}

static json_t *same_of(const json_t *ticket, const json_t *other)
{
    json_t *same = json_array();
    bool ok = same != NULL;

    if (ticket_same_customer(ticket, other))
        ok = ok && json_array_append_new(same, json_string("customer")) == 0;
    if (same_text(ticket, other, "product"))
        ok = ok && json_array_append_new(same, json_string("product")) == 0;
    if (same_text(ticket, other, "type"))
        ok = ok && json_array_append_new(same, json_string("type")) == 0;
    if (ok)
        return same;
    json_decref(same);
    return NULL;
}

static bool add_case(struct txn *txn, json_t *cases, const json_t *link)
{
    const char *id = json_get_str(link, "case");
    struct article_ref ref;
    json_t *article;
    bool ok;

    if (strcmp(json_get_str(link, "role"), "resolved_by") != 0 ||
        article_look(txn, bytes_str(id), &ref, NULL) != AF_OK ||
        article_read(txn, &ref, &article, NULL) != AF_OK)
        return true;
    ok = json_array_append_new(cases, json_pack("{s:s,s:s}", "case", id, "title",
                                                article_first(article, "title"))) == 0;
    json_decref(article);
    return ok;
}

static json_t *resolved_of(struct txn *txn, const json_t *ticket)
{
    json_t *cases = json_array(), *resolved = json_pack("{s:o}", "cases", cases);
    const json_t *item;
    const char *said = "";
    bool ok = resolved != NULL;
    size_t i;

    json_array_foreach(json_object_get(ticket, "links"), i, item)
    {
        ok = ok && add_case(txn, cases, item);
    }
    json_array_foreach(json_object_get(ticket, "posts"), i, item)
    {
        if (strcmp(json_get_str(item, "from"), "staff") == 0 && !json_get_bool(item, "internal"))
            said = json_get_str(item, "text");
    }
    if (ok && said[0] != '\0')
        json_put(resolved, "reply", json_from_bytes(utf8_cut(bytes_str(said), REPLY_BYTES)), &ok);
    if (ok)
        return resolved;
    json_decref(resolved);
    return NULL;
}

static enum status add_row(struct likeness *l, json_t *rows, const struct hit *hit,
                           const struct ticket_row *read, const json_t *other, struct error *err)
{
    json_t *row = ticket_row_json(read);
    bool ok = ticket_search_why(row, hit);

    json_put(row, "coverage", json_real(l->list == OWN_ALL ? 0 : hit->coverage), &ok);
    json_put(row, "same", same_of(l->ticket, other), &ok);
    if (l->list == SOLVED)
        json_put(row, "resolved", resolved_of(l->txn, other), &ok);
    if (ok && json_array_append(rows, row) != 0)
        ok = false;
    json_decref(row);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for similar tickets");
}

static int64_t age_days(const struct likeness *l, const json_t *other)
{
    int64_t at_ms = 0;

    (void)clock_parse(bytes_str(json_get_str(other, "at")), &at_ms);
    return (l->now_ms - at_ms) / INT64_C(86400000);
}

/* Does what is like it belong in the list that is being made? Counts the others. */
static bool belongs(struct likeness *l, uint32_t no, const json_t *other)
{
    enum ticket_state state = TICKET_SPAM;
    bool is_own = ticket_same_customer(l->ticket, other);
    int64_t days;

    switch (l->list) {
    case OWN_LIKE:
        return is_own;
    case OWN_ALL:
        return is_own && !is_in(l->own, no);
    case SOLVED:
        return true;
    case OTHERS:
        break;
    }
    (void)ticket_state_parse(bytes_str(json_get_str(other, "state")), &state);
    days = age_days(l, other);
    if (is_own || days >= TICKET_LIKE_DAYS || state > TICKET_CLOSED)
        return false;
    l->others_90_days++;
    l->others_7_days += days < 7;
    return true;
}

static json_t *rows_of(const struct likeness *l)
{
    return l->list == OTHERS ? l->others : l->list == SOLVED ? l->solved : l->own;
}

static enum status look_at(void *context, const struct hit *hit, struct bytes record, bool *enough,
                           struct error *err)
{
    struct likeness *l = context;
    json_t *rows = rows_of(l), *other;
    struct ticket_row read;
    enum status status;

    if (hit->no == l->no || (l->list != OWN_ALL && hit->coverage < l->bar))
        return AF_OK; /* most of them: before anything is read */
    if (!ticket_row_read(record, &read))
        return error_set(err, AF_CORRUPT, "damaged: table ticket: a record is no object");
    if ((status = json_parse_stored(record, &other, err)) != AF_OK)
        return status;
    if (belongs(l, hit->no, other) && json_array_size(rows) < l->limit)
        status = add_row(l, rows, hit, &read, other, err);
    json_decref(other);
    *enough = l->list != OTHERS && json_array_size(rows) >= l->limit; /* the others are counted */
    return status;
}

static enum status make_list(struct likeness *l, enum list list, struct error *err)
{
    struct search_request request = {.query = list == OWN_ALL ? l->contact : l->words,
                                     .limit = LOOK,
                                     .narrow = true,
                                     .snippets = list == OTHERS || list == SOLVED,
                                     .snippets_most = 2 * l->limit};

    l->list = list;
    if (list == OTHERS)
        request.product = bytes_str(json_get_str(l->ticket, "product"));
    else
        request.category =
            list == SOLVED ? BYTES_LIT(TICKET_FOUND_SOLVED) : BYTES_LIT(TICKET_FOUND_OPEN);
    if (list <= OWN_ALL && bytes_is_blank(l->contact))
        return AF_OK; /* nobody knows whose */
    arena_clear(l->arena);
    return ticket_search_walk(l->app, l->txn, &request, LOOK, l->arena, look_at, l, NULL, err);
}

static double bar_of(uint64_t tickets)
{
    return TICKET_LIKE_COVERAGE * (double)tickets / (double)(tickets + TICKET_LIKE_FEW);
}

static enum status make_lists(struct likeness *l, struct error *err)
{
    static const enum list lists[] = {OWN_LIKE, OWN_ALL, OTHERS, SOLVED};
    struct buf words = {0}, contact = {0};
    enum status status;

    l->bar = bar_of(store_sum(l->txn, TABLE_TICKET).count);
    ticket_question(l->ticket, &words);
    contact_question(l->ticket, &contact);
    l->words = utf8_cut(buf_bytes(&words), QUERY_INPUT_BYTES_MAX);
    l->contact = buf_bytes(&contact);
    if ((status = buf_status(&words, "a question", err)) == AF_OK)
        status = buf_status(&contact, "a question", err);
    for (size_t i = 0; status == AF_OK && i < sizeof lists / sizeof *lists; i++)
        status = make_list(l, lists[i], err);
    buf_release(&words);
    buf_release(&contact);
    return status;
}

enum status ticket_similar(struct app *app, const struct who *who, const json_t *ticket,
                           uint32_t limit, json_t **out, struct error *err)
{
    struct likeness l = {.app = app,
                         .ticket = ticket,
                         .no = (uint32_t)json_get_u64(ticket, "n"),
                         .limit = limit,
                         .now_ms = clock_now_ms(),
                         .own = json_array(),
                         .others = json_array(),
                         .solved = json_array(),
                         .arena = arena_new(SEARCH_ARENA_BYTES)};
    enum status status = ticket_require_staff(who, err);

    if (status == AF_OK && (limit < 1 || limit > TICKET_LIKE_MAX))
        status = error_set(err, AF_INVALID, "\"limit\" is a number from 1 to %d", TICKET_LIKE_MAX);
    if (status == AF_OK &&
        (l.arena == NULL || l.own == NULL || l.others == NULL || l.solved == NULL))
        status = error_set(err, AF_NO_MEMORY, "no memory for similar tickets");
    if (status == AF_OK && (status = store_begin_read(app_store(app), &l.txn, err)) == AF_OK)
        status = make_lists(&l, err);
    txn_abort(l.txn);
    if (status == AF_OK &&
        (*out = json_pack("{s:O,s:O,s:O,s:I,s:I}", "own", l.own, "others", l.others, "solved",
                          l.solved, "others_7_days", (json_int_t)l.others_7_days, "others_90_days",
                          (json_int_t)l.others_90_days)) == NULL)
        status = error_set(err, AF_NO_MEMORY, "no memory for similar tickets");
    json_decref(l.own);
    json_decref(l.others);
    json_decref(l.solved);
    arena_free(l.arena);
    return status;
}

enum status ticket_similar_to(struct app *app, const struct who *who, uint32_t no, uint32_t limit,
                              json_t **out, struct error *err)
{
    struct txn *txn;
    json_t *ticket;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK || (status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    status = ticket_load(txn, no, &ticket, err);
    txn_abort(txn);
    if (status != AF_OK)
        return status;
    status = ticket_similar(app, who, ticket, limit, out, err);
    json_decref(ticket);
    return status;
}
