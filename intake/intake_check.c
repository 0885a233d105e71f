#include "intake/intake_check.h"

#include "data/article.h"
#include "data/base/limits.h"
#include "intake/ask/consult.h"
#include "intake/ticket/ticket.h"
#include "intake/ticket/ticket_flow.h"
#include "intake/ticket/ticket_record.h"
#include "intake/who.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>

struct inspection {
    struct txn *txn;
    fault_fn fault;
    void *context;
    enum table table;         /* being walked */
    char name[64];            /* of the row */
    bool no_memory;           /* something could not be looked at: then nothing is called sound */
    uint32_t highest;         /* number of a ticket */
    uint64_t links_confirmed; /* links of tickets whose row is in table link */
};

/* "damaged: table T, key K: " and the rest. */
static void say(struct inspection *in, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void say(struct inspection *in, const char *fmt, ...)
{
    char text[ERROR_TEXT_MAX];
    struct error sentence;
    va_list args;

    va_start(args, fmt);
    if (vsnprintf(text, sizeof text, fmt, args) < 0)
        text[0] = '\0';
    va_end(args);
    (void)error_set(&sentence, AF_CORRUPT, "damaged: table %s, key %s: %s", table_name(in->table),
                    in->name, text);
    in->fault(in->context, sentence.text);
}

/* Is it certain that there is none? A damaged one was named when its own table was walked. */
static bool is_missing(struct inspection *in, enum status status)
{
    in->no_memory = in->no_memory || status == AF_NO_MEMORY;
    return status == AF_NOT_FOUND;
}

/* --- rows --------------------------------------------------------------------------------- */

typedef void (*row_fn)(struct inspection *in, struct bytes key, struct bytes body);

static enum status could_not_look(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory to check the store");
}

/* Ends early where keys do not rise: a page of a damaged tree that leads back would be walked
 * for ever (data/check.c names it). */
static enum status each_row(struct inspection *in, enum table table, row_fn row, struct error *err)
{
    struct bytes key, body;
    struct buf last = {0};
    struct cursor *cursor;
    enum status status = cursor_open(in->txn, table, BYTES_NONE, WALK_UP, &cursor, NULL);

    if (status != AF_OK)
        return status == AF_NO_MEMORY ? could_not_look(err) : AF_OK;
    in->table = table;
    for (;;) {
        key = BYTES_NONE;
        status = cursor_next(cursor, &key, &body, NULL);
        if (status == AF_NOT_FOUND || key.len == 0 ||
            (last.len > 0 && bytes_compare(buf_bytes(&last), key) >= 0))
            break;
        buf_clear(&last);
        buf_add(&last, key);
        key_text(key, in->name, sizeof in->name);
        if (status == AF_OK)
            row(in, key, body);
        in->no_memory = in->no_memory || status == AF_NO_MEMORY || !buf_ok(&last);
        if (in->no_memory)
            break;
        arena_clear(txn_arena(in->txn));
    }
    cursor_close(cursor);
    buf_release(&last);
    return in->no_memory || status == AF_NO_MEMORY ? could_not_look(err) : AF_OK;
}

/* NULL for what is no object; one that only begins like an object was named already. */
static json_t *object_of(struct inspection *in, struct bytes body)
{
    json_t *json = NULL;
    enum status status = json_parse(body, &json, NULL);

    in->no_memory = in->no_memory || status == AF_NO_MEMORY;
    if (status == AF_OK && json_is_object(json))
        return json;
    if (status != AF_NO_MEMORY && (body.len == 0 || body.data[0] != '{'))
        say(in, "not what belongs there");
    json_decref(json);
    return NULL;
}

/* A case in a record, {"case","version",…}: there, and old enough to have that version. */
static void check_case(struct inspection *in, const char *what, const json_t *item)
{
    const char *id = json_get_str(item, "case");
    uint64_t version = json_get_u64(item, "version");
    struct article_ref ref = {0};
    enum status status = AF_NOT_FOUND;

    if (id[0] != '\0' && strlen(id) <= ARTICLE_ID_BYTES_MAX)
        status = article_find(in->txn, bytes_str(id), &ref, NULL);
    if (is_missing(in, status))
        say(in, "%s case %.80s, which is not in table case", what, id);
    else if (status == AF_OK && (version == 0 || version > ref.version))
        say(in, "%s version %llu of case %.80s, which has %u", what, (unsigned long long)version,
            id, ref.version);
}

/* --- consults ------------------------------------------------------------------------------ */

static void check_answers(struct inspection *in, const json_t *consult)
{
    const json_t *query, *item;
    size_t i, j;

    json_array_foreach(json_object_get(consult, "queries"), i, query)
    {
        json_array_foreach(json_object_get(query, "shown"), j, item)
        {
            check_case(in, "it showed", item);
        }
    }
    json_array_foreach(json_object_get(consult, "opened"), i, item)
    {
        check_case(in, "it opened", item);
        if (consult_shown_version(consult, json_get_str(item, "case")) == 0)
            say(in, "it opened case %.80s, which it never showed", json_get_str(item, "case"));
    }
}

/* One that became a ticket without a word has a state and no outcome. */
static void check_consult_state(struct inspection *in, const json_t *consult)
{
    const json_t *outcome = json_object_get(consult, "outcome");
    const char *state = json_get_str(consult, "state");
    const char *solved_by = json_get_str(outcome, "case");
    bool is_open = strcmp(state, "open") == 0, is_solved = strcmp(state, "solved") == 0;

    if (!is_open && !is_solved && strcmp(state, "not_solved") != 0 &&
        strcmp(state, "no_result") != 0)
        say(in, "\"%.40s\" is not a state of a consult", state);
    else if (is_solved != json_get_bool(outcome, "solved") || (is_open && outcome != NULL))
        say(in, "it is %s and its outcome says otherwise", state);
    if (solved_by[0] != '\0' && consult_shown_version(consult, solved_by) == 0)
        say(in, "it was settled with case %.80s, which it never showed", solved_by);
}

static void check_consult_ticket(struct inspection *in, const json_t *consult)
{
    uint64_t no = json_get_u64(consult, "ticket");
    json_t *ticket = NULL;
    enum status status = AF_NOT_FOUND;

    if (json_object_get(consult, "ticket") == NULL)
        return;
    if (no > 0 && no <= UINT32_MAX)
        status = ticket_load(in->txn, (uint32_t)no, &ticket, NULL);
    if (is_missing(in, status))
        say(in, "it became ticket %llu, which is not in table ticket", (unsigned long long)no);
    else if (status == AF_OK &&
             strcmp(json_get_str(ticket, "consult"), json_get_str(consult, "id")) != 0)
        say(in, "it became ticket %llu, which has another consult", (unsigned long long)no);
    if (status == AF_OK)
        json_decref(ticket);
}

static void check_consult(struct inspection *in, struct bytes key, struct bytes body)
{
    json_t *consult = object_of(in, body);

    if (consult == NULL)
        return;
    if (!bytes_equal(key, bytes_str(json_get_str(consult, "id"))))
        say(in, "its \"id\" is %.40s", json_get_str(consult, "id"));
    check_answers(in, consult);
    check_consult_state(in, consult);
    check_consult_ticket(in, consult);
    json_decref(consult);
}

static enum status check_consults(struct txn *txn, fault_fn fault, void *context, struct error *err)
{
    struct inspection in = {.txn = txn, .fault = fault, .context = context};

    return each_row(&in, TABLE_CONSULT, check_consult, err);
}

/* --- tickets ------------------------------------------------------------------------------- */

static void check_history(struct inspection *in, const json_t *ticket)
{
    const char *state = json_get_str(ticket, "state"), *at = "";
    enum ticket_state ignored;
    const json_t *step;
    size_t i;

    if (!ticket_state_parse(bytes_str(state), &ignored))
        say(in, "\"%.40s\" is not a state of a ticket", state);
    json_array_foreach(json_object_get(ticket, "history"), i, step)
    {
        if (strcmp(json_get_str(step, "from"), at) != 0)
            say(in, "its history goes on from %.40s where it was %.40s", json_get_str(step, "from"),
                at);
        at = json_get_str(step, "to");
    }
    if (strcmp(at, state) != 0)
        say(in, "its history ends in %.40s and its state is %.40s", at, state);
}

static void check_ticket_consult(struct inspection *in, const json_t *ticket, uint32_t no)
{
    const char *id = json_get_str(ticket, "consult");
    json_t *consult = NULL;
    enum status status = AF_NOT_FOUND;

    if (id[0] == '\0') {
        if (json_get_str(ticket, "exempt")[0] == '\0')
            say(in, "it has neither a consult nor a reason why there is none");
        return;
    }
    if (strlen(id) < ID_HEX_BYTES)
        status = consult_load(in->txn, id, &consult, NULL);
    if (is_missing(in, status))
        say(in, "its consult %.40s is not in table consult", id);
    else if (status == AF_OK && json_get_u64(consult, "ticket") != no)
        say(in, "its consult %.40s says that it became ticket %llu", id,
            (unsigned long long)json_get_u64(consult, "ticket"));
    if (status == AF_OK)
        json_decref(consult);
}

static bool has_link(const json_t *links, size_t end, const char *case_id, uint8_t role)
{
    for (size_t i = 0; i < end; i++) {
        const json_t *link = json_array_get(links, i);
        uint8_t its_role;

        if (ticket_role_parse(json_get_str(link, "role"), &its_role) && its_role == role &&
            strcmp(json_get_str(link, "case"), case_id) == 0)
            return true;
    }
    return false;
}

static void check_link(struct inspection *in, const json_t *links, size_t i, uint32_t no)
{
    const json_t *link = json_array_get(links, i);
    const char *case_id = json_get_str(link, "case"), *role_name = json_get_str(link, "role");
    uint8_t key[TICKET_LINK_KEY_BYTES_MAX], role;
    struct bytes ignored;
    enum status status;

    check_case(in, "it links", link);
    if (!ticket_role_parse(role_name, &role)) {
        say(in, "\"%.40s\" is not a role of a link", role_name);
        return;
    }
    if (case_id[0] == '\0' || strlen(case_id) > ARTICLE_ID_BYTES_MAX)
        return;
    if (has_link(links, i, case_id, role)) {
        say(in, "it links case %.80s twice as %s", case_id, role_name);
        return;
    }
    status =
        store_get(in->txn, TABLE_LINK, ticket_link_key(case_id, no, role, key), &ignored, NULL);
    if (is_missing(in, status))
        say(in, "its link to case %.80s as %s is not in table link", case_id, role_name);
    in->links_confirmed += status == AF_OK;
}

static void check_ticket(struct inspection *in, struct bytes key, struct bytes body)
{
    struct reader r = reader_of(key);
    json_t *ticket = object_of(in, body), *links;
    uint32_t no = 0, named;

    if (ticket == NULL)
        return;
    if (!reader_be32(&r, &no) || reader_left(&r) > 0 || no == 0) {
        say(in, "not the number of a ticket");
        json_decref(ticket);
        return;
    }
    (void)snprintf(in->name, sizeof in->name, "%u", no);
    in->highest = no > in->highest ? no : in->highest;
    if (json_get_u64(ticket, "n") != no)
        say(in, "its \"n\" is %llu", (unsigned long long)json_get_u64(ticket, "n"));
    if (!ticket_parse_no(bytes_str(json_get_str(ticket, "ticket")), &named) || named != no)
        say(in, "its name is %.40s", json_get_str(ticket, "ticket"));
    check_history(in, ticket);
    check_ticket_consult(in, ticket, no);
    links = json_object_get(ticket, "links");
    for (size_t i = 0; i < json_array_size(links); i++)
        check_link(in, links, i, no);
    json_decref(ticket);
}

/* --- what points at tickets ---------------------------------------------------------------- */

static void check_link_row(struct inspection *in, struct bytes key, struct bytes body)
{
    char case_id[ARTICLE_ID_BYTES_MAX + 1];
    struct reader r;
    uint32_t no = 0;
    uint8_t role = 0;
    json_t *ticket = NULL, *links;
    enum status status = AF_NOT_FOUND;

    (void)body;
    if (key.len < 7 || key.len > TICKET_LINK_KEY_BYTES_MAX || key.data[key.len - 6] != 0) {
        say(in, "not a link of a ticket");
        return;
    }
    memcpy(case_id, key.data, key.len - 5); /* its NUL too */
    r = reader_of(bytes_of(key.data + key.len - 5, 5));
    (void)(reader_be32(&r, &no) && reader_u8(&r, &role));
    (void)snprintf(in->name, sizeof in->name, "%.40s of ticket %u", case_id, no);
    status = ticket_load(in->txn, no, &ticket, NULL);
    if (is_missing(in, status))
        say(in, "ticket %u is not in table ticket", no);
    if (status != AF_OK)
        return;
    links = json_object_get(ticket, "links");
    if (!has_link(links, json_array_size(links), case_id, role))
        say(in, "ticket %u has no such link", no);
    json_decref(ticket);
}

static void check_key_row(struct inspection *in, struct bytes key, struct bytes body)
{
    struct reader r = reader_of(body);
    json_t *ticket;
    uint32_t no = 0;
    enum status status;

    if (key.len != DIGEST_BYTES || !reader_be32(&r, &no) || reader_left(&r) > 0) {
        say(in, "not a follow-up key of a ticket");
        return;
    }
    status = ticket_load(in->txn, no, &ticket, NULL);
    if (is_missing(in, status))
        say(in, "ticket %u is not in table ticket", no);
    if (status == AF_OK)
        json_decref(ticket);
}

/* Each ticket has one, and none is ever taken away. */
static void check_key_count(struct inspection *in)
{
    uint64_t keys = store_sum(in->txn, TABLE_TICKET_KEY).count;
    uint64_t tickets = store_sum(in->txn, TABLE_TICKET).count;
    struct error sentence;

    if (keys == tickets)
        return;
    (void)error_set(&sentence, AF_CORRUPT,
                    "damaged: table ticket_key has %llu keys, table ticket %llu tickets",
                    (unsigned long long)keys, (unsigned long long)tickets);
    in->fault(in->context, sentence.text);
}

static void check_next_ticket(struct inspection *in)
{
    uint32_t next = 1;
    struct bytes body;
    enum status status = store_get(in->txn, TABLE_META, BYTES_LIT("next_ticket"), &body, NULL);

    in->table = TABLE_META;
    (void)snprintf(in->name, sizeof in->name, "next_ticket");
    if (status == AF_OK) {
        struct reader r = reader_of(body);

        if (!reader_be32(&r, &next) || reader_left(&r) > 0)
            next = 0;
    } else if (!is_missing(in, status)) {
        return;
    }
    if (next <= in->highest)
        say(in, "%u is not above ticket %u", next, in->highest);
}

static enum status check_tickets(struct txn *txn, fault_fn fault, void *context, struct error *err)
{
    struct inspection in = {.txn = txn, .fault = fault, .context = context};
    enum status status = each_row(&in, TABLE_TICKET, check_ticket, err);

    if (status != AF_OK)
        return status;
    check_next_ticket(&in);
    check_key_count(&in);
    /* As many rows as links that have theirs: each row is one of those. Else the wrong one is
     * looked for, which costs a ticket a row. */
    if (in.links_confirmed != store_sum(txn, TABLE_LINK).count)
        status = each_row(&in, TABLE_LINK, check_link_row, err);
    if (status == AF_OK)
        status = each_row(&in, TABLE_TICKET_KEY, check_key_row, err);
    return status;
}

/* --- staff --------------------------------------------------------------------------------- */

static bool is_staff_role(const json_t *record)
{
    enum role role;

    return role_parse(bytes_str(json_get_str(record, "role")), &role) && role != ROLE_CUSTOMER;
}

static void check_account(struct inspection *in, struct bytes key, struct bytes body)
{
    json_t *account = object_of(in, body);
    const char *password = json_get_str(account, "password");

    if (account == NULL)
        return;
    if (!bytes_equal(key, bytes_str(json_get_str(account, "name"))))
        say(in, "its \"name\" is %.63s", json_get_str(account, "name"));
    if (!is_staff_role(account))
        say(in, "\"%.40s\" is not a role of staff", json_get_str(account, "role"));
    if (strlen(password) >= crypto_pwhash_STRBYTES ||
        !bytes_has_prefix(bytes_str(password), BYTES_LIT(crypto_pwhash_STRPREFIX)))
        say(in, "its password is not kept as argon2id");
    json_decref(account);
}

static void check_token(struct inspection *in, struct bytes key, struct bytes body)
{
    json_t *token = object_of(in, body);
    struct digest ignored;
    struct bytes bad;
    unsigned scopes;

    if (token == NULL)
        return;
    if (!bytes_equal(key, bytes_str(json_get_str(token, "token"))))
        say(in, "its \"token\" is %.40s", json_get_str(token, "token"));
    if (!is_staff_role(token))
        say(in, "\"%.40s\" is not a role of staff", json_get_str(token, "role"));
    if (!digest_parse(bytes_str(json_get_str(token, "hash")), &ignored))
        say(in, "its \"hash\" is not a hash");
    if (!scopes_parse(bytes_str(json_get_str(token, "scope")), &scopes, &bad))
        say(in, "no scope \"%.*s\"", (int)(bad.len < 40 ? bad.len : 40), (const char *)bad.data);
    json_decref(token);
}

static enum status check_staff(struct txn *txn, fault_fn fault, void *context, struct error *err)
{
    struct inspection in = {.txn = txn, .fault = fault, .context = context};
    enum status status = each_row(&in, TABLE_ACCOUNT, check_account, err);

    return status == AF_OK ? each_row(&in, TABLE_TOKEN, check_token, err) : status;
}

const check_more_fn intake_checks[] = {check_consults, check_tickets, check_staff, NULL};
