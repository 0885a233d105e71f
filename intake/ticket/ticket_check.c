#include "intake/ticket/ticket_check.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/ask/consult.h"
#include "intake/inspect.h"
#include "intake/ticket/outside_check.h"
#include "intake/ticket/ticket_clocks.h"
#include "intake/ticket/ticket_emergency.h"
#include "intake/ticket/ticket_end.h"
#include "intake/ticket/ticket_escalations.h"
#include "intake/ticket/ticket_files.h"
#include "intake/ticket/ticket_flow.h"
#include "intake/ticket/ticket_form.h"
#include "intake/ticket/ticket_merge.h"
#include "intake/ticket/ticket_notices.h"
#include "intake/ticket/ticket_party.h"
#include "intake/ticket/ticket_queue.h"
#include "intake/ticket/ticket_record.h"
#include "intake/ticket/ticket_relation.h"
#include "intake/ticket/ticket_split.h"
#include "intake/ticket/ticket_steps.h"
#include "intake/ticket/ticket_survey.h"
#include "intake/ticket/ticket_task_flow.h"
#include "intake/ticket/ticket_text.h"
#include "intake/ticket/ticket_timers.h"
#include "intake/ticket/ticket_turn_check.h"
#include "intake/ticket/ticket_visit.h"
#include "intake/ticket/ticket_watch.h"

#include <stdio.h>

static void check_history(struct inspection *in, const json_t *ticket)
{
    const char *state = json_get_str(ticket, "state"), *at = "";
    enum ticket_state ignored;
    const json_t *step;
    size_t i;

    if (!ticket_state_parse(bytes_str(state), &ignored))
        inspect_say(in, "\"%.40s\" is not a state of a ticket", state);
    json_array_foreach(json_object_get(ticket, "history"), i, step)
    {
        if (strcmp(json_get_str(step, "from"), at) != 0)
            inspect_say(in, "its history goes on from %.40s where it was %.40s",
                        json_get_str(step, "from"), at);
        at = json_get_str(step, "to");
    }
    if (strcmp(at, state) != 0)
        inspect_say(in, "its history ends in %.40s and its state is %.40s", at, state);
}

static void check_ticket_consult(struct inspection *in, const json_t *ticket, uint32_t no)
{
    const char *id = json_get_str(ticket, "consult");
    json_t *consult = NULL;
    enum status status = AF_NOT_FOUND;

    if (id[0] == '\0') {
        if (json_get_str(ticket, "exempt")[0] == '\0')
            inspect_say(in, "it has neither a consult nor a reason why there is none");
        return;
    }
    if (strlen(id) < ID_HEX_BYTES)
        status = consult_load(in->txn, id, &consult, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "its consult %.40s is not in table consult", id);
    else if (status == AF_OK && json_get_u64(consult, "ticket") != no)
        inspect_say(in, "its consult %.40s says that it became ticket %llu", id,
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

    inspect_case(in, "it links", link);
    if (!ticket_role_parse(role_name, &role)) {
        inspect_say(in, "\"%.40s\" is not a role of a link", role_name);
        return;
    }
    if (case_id[0] == '\0' || strlen(case_id) > ARTICLE_ID_BYTES_MAX)
        return;
    if (has_link(links, i, case_id, role)) {
        inspect_say(in, "it links case %.80s twice as %s", case_id, role_name);
        return;
    }
    status =
        store_get(in->txn, TABLE_LINK, ticket_link_key(case_id, no, role, key), &ignored, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "its link to case %.80s as %s is not in table link", case_id, role_name);
    in->links_confirmed += status == AF_OK;
}

/* Its row for the sweep is there, and is where the first of its clocks is. */
static void check_due(struct inspection *in, const json_t *ticket, uint32_t no)
{
    int64_t next_ms = ticket_next_ms(ticket);
    int64_t said_ms = (int64_t)json_get_u64(ticket, "next_clock");
    uint8_t key[TICKET_DUE_KEY_BYTES];
    struct bytes ignored;
    struct error err;

    if (ticket_clocks_check(json_object_get(ticket, "clocks"), &err) != AF_OK)
        inspect_say(in, "%.120s", err.text);
    else if (!ticket_timers_are_sound(ticket))
        inspect_say(in, "its \"timers\" are none");
    else if (!ticket_notices_are_sound(ticket))
        inspect_say(in, "its \"notices\" are none");
    else if (!ticket_tasks_are_sound(ticket))
        inspect_say(in, "its \"tasks\" are none, or its group and person are not the last one's");
    else if (!ticket_escalations_are_sound(ticket))
        inspect_say(in, "its \"escalations\" are none");
    else if (!ticket_emergency_is_sound(ticket))
        inspect_say(in, "its \"emergency\" is none, or it is no S1");
    else if (!ticket_steps_are_sound(ticket))
        inspect_say(in, "its \"steps\" are none");
    else if (said_ms != next_ms)
        inspect_say(in, "it is next looked at another time than \"next_clock\"");
    else if (said_ms != 0) {
        enum status status =
            store_get(in->txn, TABLE_TICKET_DUE, ticket_due_key(said_ms, no, key), &ignored, NULL);

        if (inspect_is_missing(in, status))
            inspect_say(in, "it is not in table ticket_due");
        in->dues_confirmed += status == AF_OK;
    }
}

static void check_due_row(struct inspection *in, struct bytes key, struct bytes body)
{
    struct reader r = reader_of(key);
    json_t *ticket = NULL;
    uint64_t at_ms;
    uint32_t no;
    enum status status;

    (void)body;
    if (!reader_be64(&r, &at_ms) || !reader_be32(&r, &no) || reader_left(&r) > 0) {
        inspect_say(in, "not an instant and a ticket");
        return;
    }
    status = ticket_load(in->txn, no, &ticket, NULL);
    if (inspect_is_missing(in, status) ||
        (status == AF_OK && json_get_u64(ticket, "next_clock") != at_ms))
        inspect_say(in, "ticket %u has no clock to be looked at then", no);
    if (status == AF_OK)
        json_decref(ticket);
}

static void confirm_queue_row(void *context, struct bytes key)
{
    struct inspection *in = context;
    struct bytes ignored;
    enum status status = store_get(in->txn, TABLE_TICKET_QUEUE, key, &ignored, NULL);

    if (inspect_is_missing(in, status))
        inspect_say(in, "it is not in table ticket_queue");
    in->queued_confirmed += status == AF_OK;
}

/* Its rows of the work lists are there, and are where its record belongs. */
static void check_queue(struct inspection *in, const json_t *ticket, uint32_t no)
{
    const json_t *queued = json_object_get(ticket, "queued");
    struct queue_place place;
    int64_t updated_ms = 0;

    if (queued == NULL) /* of before there were work lists */
        return;
    (void)clock_parse(bytes_str(json_get_str(ticket, "updated")), &updated_ms);
    place = ticket_queue_place_of(ticket, updated_ms);
    if (strcmp(json_get_str(queued, "state"), ticket_state_name(place.state)) != 0 ||
        (int64_t)json_get_u64(queued, "when") != place.when)
        inspect_say(in, "its place in the work lists is another than \"queued\"");
    ticket_queue_rows(ticket, no, confirm_queue_row, in);
}

static void check_queue_row_of(void *context, struct bytes key)
{
    struct inspection *in = context;

    in->is_found |= bytes_equal(key, in->wanted);
}

static void check_queue_row(struct inspection *in, struct bytes key, struct bytes body)
{
    struct queue_place place;
    json_t *ticket;
    enum status status;

    (void)body;
    if (key.len < 15 || !ticket_queue_place(key, key.len - 13, &place)) {
        inspect_say(in, "not a ticket in a work list");
        return;
    }
    status = ticket_load(in->txn, place.no, &ticket, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "ticket %u is not in table ticket", place.no);
    if (status != AF_OK)
        return;
    in->wanted = key;
    in->is_found = false;
    ticket_queue_rows(ticket, place.no, check_queue_row_of, in);
    if (!in->is_found)
        inspect_say(in, "ticket %u does not belong there", place.no);
    json_decref(ticket);
}

static void check_ticket(struct inspection *in, struct bytes key, struct bytes body)
{
    struct reader r = reader_of(key);
    json_t *ticket = inspect_object(in, body), *links;
    uint32_t no = 0, named;

    if (ticket == NULL)
        return;
    if (!reader_be32(&r, &no) || reader_left(&r) > 0 || no == 0) {
        inspect_say(in, "not the number of a ticket");
        json_decref(ticket);
        return;
    }
    (void)snprintf(in->name, sizeof in->name, "%u", no);
    in->highest = no > in->highest ? no : in->highest;
    if (json_get_u64(ticket, "n") != no)
        inspect_say(in, "its \"n\" is %llu", (unsigned long long)json_get_u64(ticket, "n"));
    if (!ticket_parse_no(bytes_str(json_get_str(ticket, "ticket")), &named) || named != no)
        inspect_say(in, "its name is %.40s", json_get_str(ticket, "ticket"));
    check_history(in, ticket);
    check_ticket_consult(in, ticket, no);
    check_due(in, ticket, no);
    check_queue(in, ticket, no);
    ticket_merge_check(in, ticket, no);
    ticket_split_inspect(in, ticket, no);
    ticket_watch_check(in, ticket);
    ticket_end_check(in, ticket, no);
    ticket_survey_check(in, ticket, no);
    ticket_visit_check(in, ticket, no);
    outside_check_ticket(in, ticket, no);
    ticket_turn_check(in, ticket, no);
    ticket_text_check(in, ticket, no);
    ticket_form_inspect(in, ticket);
    ticket_files_check(in, ticket, no);
    ticket_party_inspect(in, ticket);
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
        inspect_say(in, "not a link of a ticket");
        return;
    }
    memcpy(case_id, key.data, key.len - 5); /* its NUL too */
    r = reader_of(bytes_of(key.data + key.len - 5, 5));
    (void)(reader_be32(&r, &no) && reader_u8(&r, &role));
    (void)snprintf(in->name, sizeof in->name, "%.40s of ticket %u", case_id, no);
    status = ticket_load(in->txn, no, &ticket, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "ticket %u is not in table ticket", no);
    if (status != AF_OK)
        return;
    links = json_object_get(ticket, "links");
    if (!has_link(links, json_array_size(links), case_id, role))
        inspect_say(in, "ticket %u has no such link", no);
    json_decref(ticket);
}

static void check_key_row(struct inspection *in, struct bytes key, struct bytes body)
{
    struct reader r = reader_of(body);
    json_t *ticket;
    uint32_t no = 0;
    enum status status;

    if (key.len != DIGEST_BYTES || !reader_be32(&r, &no) || reader_left(&r) > 0) {
        inspect_say(in, "not a follow-up key of a ticket");
        return;
    }
    status = ticket_load(in->txn, no, &ticket, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "ticket %u is not in table ticket", no);
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
    } else if (!inspect_is_missing(in, status)) {
        return;
    }
    if (next <= in->highest)
        inspect_say(in, "%u is not above ticket %u", next, in->highest);
}

enum status ticket_check(struct txn *txn, fault_fn fault, void *context, struct error *err)
{
    struct inspection in = {.txn = txn, .fault = fault, .context = context};
    enum status status = inspect_rows(&in, TABLE_TICKET, check_ticket, err);

    if (status != AF_OK)
        return status;
    if ((status = ticket_form_check_table(txn, fault, context, err)) != AF_OK)
        return status;
    check_next_ticket(&in);
    check_key_count(&in);
    /* As many rows as links that have theirs: each row is one of those. Else the wrong one is
     * looked for, which costs a ticket a row. */
    if (in.links_confirmed != store_sum(txn, TABLE_LINK).count)
        status = inspect_rows(&in, TABLE_LINK, check_link_row, err);
    if (status == AF_OK && in.dues_confirmed != store_sum(txn, TABLE_TICKET_DUE).count)
        status = inspect_rows(&in, TABLE_TICKET_DUE, check_due_row, err);
    if (status == AF_OK && in.queued_confirmed != store_sum(txn, TABLE_TICKET_QUEUE).count)
        status = inspect_rows(&in, TABLE_TICKET_QUEUE, check_queue_row, err);
    if (status == AF_OK)
        status = outside_check_rows(&in, err);
    if (status == AF_OK && in.texts_confirmed != store_sum(txn, TABLE_TICKET_TEXT).count)
        status = inspect_rows(&in, TABLE_TICKET_TEXT, ticket_text_check_row, err);
    if (status == AF_OK && in.visits_confirmed != store_sum(txn, TABLE_TICKET_VISIT).count)
        status = inspect_rows(&in, TABLE_TICKET_VISIT, ticket_visit_check_row, err);
    if (status == AF_OK && in.blobs_confirmed != store_sum(txn, TABLE_BLOB).count)
        status = inspect_rows(&in, TABLE_BLOB, ticket_files_check_row, err);
    if (status == AF_OK && in.turns_confirmed != store_sum(txn, TABLE_TICKET_TURN).count)
        status = inspect_rows(&in, TABLE_TICKET_TURN, ticket_turn_check_row, err);
    if (status == AF_OK)
        status = inspect_rows(&in, TABLE_TICKET_KEY, check_key_row, err);
    if (status == AF_OK)
        status = inspect_rows(&in, TABLE_SURVEY_KEY, ticket_survey_check_row, err);
    if (status == AF_OK)
        status = relation_check(&in, err);
    return status;
}
