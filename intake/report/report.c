#include "intake/report/report.h"

#include "data/base/clock.h"
#include "data/base/jsontext.h"
#include "data/base/limits.h"
#include "intake/clock/window.h"
#include "intake/report/measure.h"
#include "intake/ticket/ticket_queue.h"

#include <stdlib.h>

struct part {
    char *key; /* owned */
    struct figures figures;
};

struct report {
    struct period period;
    const char *by; /* "": no parts */
    struct figures all;
    struct part *parts; /* as they came */
    size_t count, room;
    json_t *places; /* key → its place in `parts` */
};

static void release(struct report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        free(report->parts[i].key);
        figures_release(&report->parts[i].figures);
    }
    free(report->parts);
    figures_release(&report->all);
    json_decref(report->places);
}

/* --- parts ----------------------------------------------------------------------------------- */

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for a report");
}

static enum status add_part(struct report *report, const char *key, struct error *err)
{
    struct part *part;
    bool ok = true;

    if (report->count == REPORT_PARTS_MAX)
        return error_set(err, AF_TOO_LARGE, "a report has at most %d parts", REPORT_PARTS_MAX);
    if (report->count == report->room) {
        const size_t room = report->room == 0 ? 16 : 2 * report->room;
        struct part *more = realloc(report->parts, room * sizeof *more);

        if (more == NULL)
            return no_memory(err);
        report->parts = more;
        report->room = room;
    }
    part = &report->parts[report->count];
    *part = (struct part){.key = strdup(key)};
    json_put(report->places, key, json_integer((json_int_t)report->count), &ok);
    if (part->key == NULL || !ok) {
        free(part->key);
        return no_memory(err);
    }
    report->count++;
    return AF_OK;
}

static enum status find_part(struct report *report, const char *key, struct figures **out,
                             struct error *err)
{
    const json_t *place = json_object_get(report->places, key);
    enum status status;

    if (place == NULL) {
        if ((status = add_part(report, key, err)) != AF_OK)
            return status;
        place = json_object_get(report->places, key);
    }
    *out = &report->parts[json_integer_value(place)].figures;
    return AF_OK;
}

static enum status add_ticket(struct report *report, const json_t *ticket, struct error *err)
{
    struct figures *figures;
    enum status status;

    measure_ticket(ticket, &report->period, &report->all);
    if (report->by[0] == '\0')
        return AF_OK;
    status = find_part(report, json_get_str(ticket, report->by), &figures, err);
    if (status == AF_OK)
        measure_ticket(ticket, &report->period, figures);
    return status;
}

/* --- the walk -------------------------------------------------------------------------------- */

/* Of a ticket that was last changed before the period began: can it count for anything? A survey
 * that nobody answers expires without a change. */
static bool expires_in(struct bytes record, const struct period *period)
{
    struct bytes name, value;
    struct reader r;
    int64_t at_ms;

    if (!jsontext_enter(record, '{', &r))
        return true; /* damage, which reading it names */
    while (jsontext_member(&r, &name, &value) == JSONTEXT_VALUE) {
        struct error ignored;
        json_t *survey;
        bool is_in;

        if (!bytes_equal(name, BYTES_LIT("survey")) ||
            json_parse(value, &survey, &ignored) != AF_OK)
            continue;
        is_in = clock_parse(bytes_str(json_get_str(survey, "expires")), &at_ms) &&
                at_ms >= period->from_ms && at_ms < period->to_ms;
        json_decref(survey);
        return is_in;
    }
    return false;
}

/* `changed_ms`: when it was last changed, as far as its place in the list says. */
static enum status add_no(struct txn *txn, struct report *report, uint32_t no, int64_t changed_ms,
                          struct error *err)
{
    struct bytes record;
    uint8_t key[4];
    json_t *ticket;
    enum status status;

    put_be32(key, no);
    if ((status = store_get(txn, TABLE_TICKET, bytes_of(key, sizeof key), &record, err)) != AF_OK)
        return status;
    if (changed_ms < report->period.from_ms && !expires_in(record, &report->period))
        return AF_OK;
    if ((status = json_parse_stored(record, &ticket, err)) != AF_OK)
        return status;
    status = add_ticket(report, ticket, err);
    json_decref(ticket);
    return status;
}

#define LOOK_BACK_MS (WINDOW_DAYS_MAX * INT64_C(86400000))

/* All tickets of a state; of one that is over, those changed since the period began, or so long
 * before that a survey may have expired in it. */
static enum status walk_state(struct txn *txn, struct report *report, enum ticket_state state,
                              struct error *err)
{
    const struct queue_place first = {.state = state};
    const bool is_over = !ticket_state_is_open(state);
    const int64_t oldest_ms = report->period.from_ms - LOOK_BACK_MS;
    const size_t prefix_len = 2; /* "a", 0 */
    uint8_t from[QUEUE_KEY_BYTES_MAX];
    struct queue_place place;
    struct bytes key, body;
    struct cursor *cursor;
    enum status status = cursor_open(
        txn, TABLE_TICKET_QUEUE, ticket_queue_key('a', "", &first, from), WALK_UP, &cursor, err);

    if (status != AF_OK)
        return status;
    while ((status = cursor_next(cursor, &key, &body, err)) == AF_OK) {
        if (key.len < prefix_len || memcmp(key.data, from, prefix_len) != 0)
            break;
        if (!ticket_queue_place(key, prefix_len, &place)) {
            status = error_set(err, AF_CORRUPT, "damaged: table ticket_queue: not a key of it");
            break;
        }
        if (place.state != state || (is_over && INT64_MAX - place.when < oldest_ms))
            break;
        status = add_no(txn, report, place.no, is_over ? INT64_MAX - place.when : INT64_MAX, err);
        if (status != AF_OK)
            break;
    }
    cursor_close(cursor);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

static enum status walk(struct app *app, struct report *report, struct error *err)
{
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    for (unsigned s = 0; s < TICKET_STATES && status == AF_OK; s++)
        status = walk_state(txn, report, (enum ticket_state)s, err);
    txn_abort(txn);
    return status;
}

/* --- asking ---------------------------------------------------------------------------------- */

static enum status read_request(const struct report_request *request, struct report *report,
                                struct error *err)
{
    static const char *const members[] = {"",      "product", "group",      "person", "severity",
                                          "class", "channel", "entered_by", "account"};
    struct period *period = &report->period;

    period->now_ms = period->to_ms = clock_now_ms();
    if (!clock_parse(request->from, &period->from_ms) || period->from_ms < 0)
        return error_set(err, AF_INVALID, "\"from\" is a date like 2026-11-01, or a time");
    if (request->to.len > 0 && !clock_parse(request->to, &period->to_ms))
        return error_set(err, AF_INVALID, "\"to\" is a date like 2026-12-01, or a time");
    if (period->to_ms <= period->from_ms)
        return error_set(err, AF_INVALID, "\"to\" is not after \"from\"");
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        if (bytes_equal(request->by, bytes_str(members[i]))) {
            report->by = members[i];
            return AF_OK;
        }
    return error_set(err, AF_INVALID,
                     "\"by\" is one of product, group, person, severity, class, channel, "
                     "entered_by, account");
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct part *)a)->key, ((const struct part *)b)->key);
}

static json_t *report_json(struct report *report)
{
    json_t *parts = json_array();
    json_t *json = json_pack("{s:o,s:o,s:o,s:o}", "from", json_from_time(report->period.from_ms),
                             "to", json_from_time(report->period.to_ms), "figures",
                             figures_json(&report->all), "parts", parts);
    bool ok = json != NULL;

    if (ok && report->by[0] != '\0')
        json_put(json, "by", json_string(report->by), &ok);
    if (report->count > 0)
        qsort(report->parts, report->count, sizeof report->parts[0], by_key);
    for (size_t i = 0; ok && i < report->count; i++)
        ok = json_array_append_new(parts,
                                   json_pack("{s:s,s:o}", "key", report->parts[i].key, "figures",
                                             figures_json(&report->parts[i].figures))) == 0;
    if (ok)
        return json;
    json_decref(json);
    return NULL;
}

enum status report_tickets(struct app *app, const struct who *who,
                           const struct report_request *request, json_t **out, struct error *err)
{
    struct report report = {.by = ""};
    enum status status;

    if (who->role != ROLE_SUPERVISOR && who->role != ROLE_ADMIN)
        return error_set(err, AF_DENIED, "reports are for supervisors");
    if ((status = read_request(request, &report, err)) != AF_OK)
        return status;
    report.places = json_object();
    status = report.places != NULL ? walk(app, &report, err) : no_memory(err);
    if (status == AF_OK && (*out = report_json(&report)) == NULL)
        status = no_memory(err);
    release(&report);
    return status;
}

json_t *report_definitions(void)
{
    json_t *json = json_object();
    bool ok = json != NULL;

    for (unsigned i = 0; ok && i < FIGURES; i++) {
        const struct figure_kinds *figure = figure_of((enum figure)i);

        json_put(json, figure->name, json_string(figure->definition), &ok);
    }
    if (ok)
        return json;
    json_decref(json);
    return NULL;
}
