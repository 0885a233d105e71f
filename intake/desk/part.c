#include "intake/desk/part.h"

#include "data/base/clock.h"
#include "data/base/hash.h"
#include "intake/clock/calendar.h"
#include "intake/desk/outside_impl.h"
#include "intake/desk/ticket_change.h"
#include "intake/desk/ticket_impl.h"
#include "intake/ticket/ticket_parts.h"

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for a part request");
}

/* --- stock points and dates ----------------------------------------------------------------- */

static enum status find_point(const struct rules *rules, const char *id, const json_t **point,
                              struct error *err)
{
    const json_t *points = json_object_get(rules->docs[RULES_STOCK], "points");

    *point = id[0] != '\0'                  ? rules_find(rules, RULES_STOCK, id)
             : json_array_size(points) == 1 ? json_array_get(points, 0)
                                            : NULL;
    if (*point != NULL)
        return AF_OK;
    if (id[0] == '\0')
        return error_set(err, AF_INVALID, "\"stock_point\" is missing: there are several, or none");
    return error_set(err, AF_INVALID, "\"stock_point\" %.60s is none of the rules' stock", id);
}

/* The last instant that is worked on a day ("2026-12-01") of the calendar's zone. */
static enum status end_of_day(const json_t *calendar_json, const char *day, int64_t day_ms,
                              int64_t *out_ms, struct error *err)
{
    struct calendar *calendar;
    int64_t from_ms = day_ms - INT64_C(86400000), start_ms, end_ms;
    enum status status = calendar_new(calendar_json, &calendar, err);

    if (status != AF_OK)
        return status;
    *out_ms = INT64_MIN;
    /* Zones are at most a day away from UTC, so three days hold all of it. */
    while (from_ms < day_ms + 2 * INT64_C(86400000) &&
           (status = calendar_next(calendar, from_ms, &start_ms, &end_ms, err)) == AF_OK) {
        char local[CALENDAR_TEXT_BYTES];

        calendar_text(calendar, start_ms, local);
        if (strncmp(local, day, 10) == 0)
            *out_ms = end_ms;
        from_ms = end_ms;
    }
    if (status == AF_OK && *out_ms == INT64_MIN)
        status = error_set(err, AF_INVALID, "\"promise\": nobody works there on %s", day);
    calendar_free(calendar);
    return status;
}

/* A time, or a day on the stock point's calendar. Not what has passed. */
static enum status take_promise(const struct rules *rules, const json_t *point, const char *text,
                                int64_t now_ms, int64_t *out_ms, struct error *err)
{
    const json_t *calendar = rules_calendar(rules, json_get_str(point, "calendar"));
    enum status status = AF_OK;

    if (!clock_parse(bytes_str(text), out_ms))
        return error_set(err, AF_INVALID,
                         "\"promise\" is a day or a time like 2026-12-01T18:00:00+08:00");
    if (strlen(text) == 10 && calendar != NULL)
        status = end_of_day(calendar, text, *out_ms, out_ms, err);
    if (status == AF_OK && *out_ms <= now_ms)
        return error_set(err, AF_INVALID, "\"promise\" has passed");
    return status;
}

/* --- a request -------------------------------------------------------------------------------- */

struct requesting {
    const char *point, *promise; /* "": not said */
    enum part_answer returns;
};

static enum status decide_request(void *context, const struct rules *rules, const json_t *ticket,
                                  int64_t now_ms, json_t *body, json_t **clocks, struct error *err)
{
    const struct requesting *requesting = context;
    const json_t *point;
    bool wants_back, ok = true;
    int64_t promise_ms;
    enum status status = find_point(rules, requesting->point, &point, err);

    (void)clocks;
    if (status != AF_OK)
        return status;
    status = requesting->promise[0] != '\0'
                 ? take_promise(rules, point, requesting->promise, now_ms, &promise_ms, err)
                 : outside_due(rules, point, "promise", ticket, now_ms, &promise_ms, err);
    if (status != AF_OK)
        return status;
    wants_back = json_object_get(point, "return") != NULL;
    if (requesting->returns == PART_YES && !wants_back)
        return error_set(err, AF_INVALID, "\"returns\": %.60s wants no defective parts back",
                         json_get_str(point, "id"));
    json_put(body, "stock_point", json_string(json_get_str(point, "id")), &ok);
    json_put(body, "promise", json_from_time(promise_ms), &ok);
    json_put(body, "returns", json_boolean(wants_back && requesting->returns != PART_NO), &ok);
    return ok ? AF_OK : no_memory(err);
}

static enum status check_input(const struct part_input *input, struct error *err)
{
    enum status status;

    if ((status = ticket_check_text("part", input->part, PART_NUMBER_BYTES_MAX, err)) != AF_OK ||
        (status = ticket_check_text("name", input->name, RULES_NAME_BYTES_MAX, err)) != AF_OK ||
        (status = ticket_check_text("ship_to", input->ship_to, CONTACT_BYTES_MAX, err)) != AF_OK)
        return status;
    if (bytes_is_blank(input->part))
        return error_set(err, AF_INVALID, "\"part\" is empty: which part?");
    if (input->qty < 1 || input->qty > PART_QTY_MAX)
        return error_set(err, AF_INVALID, "\"qty\" is a number from 1 to %d", PART_QTY_MAX);
    return AF_OK;
}

enum status part_request(struct app *app, const struct who *who, uint32_t ticket_no,
                         const struct part_input *input, uint32_t *no, struct error *err)
{
    const uint32_t numbers[] = {ticket_no, input->qty, (uint32_t)input->from_stock,
                                (uint32_t)input->returns};
    const struct bytes parts[] = {bytes_of(numbers, sizeof numbers),
                                  input->part,
                                  input->name,
                                  input->stock_point,
                                  input->ship_to,
                                  input->promise};
    char point[RULES_ID_BYTES_MAX + 1], promise[64];
    struct requesting requesting = {.point = point, .promise = promise, .returns = input->returns};
    json_t *body, *result = NULL;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK || (status = check_input(input, err)) != AF_OK ||
        (status = outside_word("stock_point", input->stock_point, point, sizeof point, err)) !=
            AF_OK ||
        (status = outside_word("promise", input->promise, promise, sizeof promise, err)) != AF_OK)
        return status;
    body = json_pack("{s:I,s:o,s:o,s:I,s:b,s:o,s:s}", "ticket", (json_int_t)ticket_no, "part",
                     json_from_bytes(input->part), "name", json_from_bytes(input->name), "qty",
                     (json_int_t)input->qty, "from_stock", input->from_stock != PART_NO, "ship_to",
                     json_from_bytes(input->ship_to), "by", who_by(who));
    status = ticket_change(
        app, who, ticket_no,
        &(struct ticket_change){.kind = "part.request",
                                .key = input->key,
                                .print = checksum64(6, parts, sizeof parts / sizeof parts[0]),
                                .moment = MOMENT_NOTE,
                                .decide = decide_request,
                                .context = &requesting},
        body, &result, err);
    if (status != AF_OK)
        return status;
    *no = (uint32_t)json_get_u64(result, "request");
    json_decref(result);
    return AF_OK;
}

/* --- a step --------------------------------------------------------------------------------- */

struct stepping {
    uint32_t no, qty;
    enum part_event event;
    const char *promise;
};

/* All that is left, of what the event counts. */
static uint64_t rest_of(const json_t *part, enum part_event event)
{
    const uint64_t shipped = json_get_u64(part, "shipped");
    const uint64_t received = json_get_u64(part, "received");

    switch (event) {
    case PART_SHIP:
        return json_get_u64(part, "qty") - shipped;
    case PART_RECEIVE:
    case PART_LOST:
        return shipped - received;
    case PART_RETURN:
        return received - json_get_u64(part, "returned");
    default:
        return 0;
    }
}

static bool is_counted(enum part_event event)
{
    return event == PART_SHIP || event == PART_RECEIVE || event == PART_LOST ||
           event == PART_RETURN || event == PART_REDUCE;
}

static enum status decide_dates(const struct stepping *stepping, const struct rules *rules,
                                const json_t *point, int64_t now_ms, json_t *body,
                                struct error *err)
{
    const uint64_t minutes = json_get_u64(point, "return");
    int64_t at_ms;
    bool ok = true;
    enum status status = AF_OK;

    if (stepping->event == PART_PROMISE) {
        status = take_promise(rules, point, stepping->promise, now_ms, &at_ms, err);
        if (status == AF_OK)
            json_put(body, "promise", json_from_time(at_ms), &ok);
    } else if ((stepping->event == PART_RECEIVE || stepping->event == PART_REDUCE) && minutes > 0) {
        status = outside_after(rules, point, (int64_t)minutes, now_ms, &at_ms, err);
        if (status == AF_OK)
            json_put(body, "return_due", json_from_time(at_ms), &ok);
    }
    return status != AF_OK || ok ? status : no_memory(err);
}

static enum status decide_step(void *context, const struct rules *rules, const json_t *ticket,
                               int64_t now_ms, json_t *body, json_t **clocks, struct error *err)
{
    const struct stepping *stepping = context;
    const json_t *part = ticket_part(ticket, stepping->no);
    const json_t *point = rules_find(rules, RULES_STOCK, json_get_str(part, "stock_point"));
    const uint64_t qty = stepping->qty > 0 ? stepping->qty : rest_of(part, stepping->event);
    bool ok = true;

    (void)clocks;
    if (part == NULL)
        return AF_OK; /* the apply says so */
    if (is_counted(stepping->event))
        json_put(body, "qty", json_integer((json_int_t)qty), &ok);
    if (!ok)
        return no_memory(err);
    if (part_event_is_systems(stepping->event))
        return outside_tell(point, ticket, body, err);
    return decide_dates(stepping, rules, point, now_ms, body, err);
}

static enum status check_step(const struct part_step *step, struct error *err)
{
    enum part_event event;
    enum status status;

    if ((status = ticket_check_text("event", step->event, 32, err)) != AF_OK ||
        (status = ticket_check_text("reason", step->reason, TICKET_TITLE_BYTES_MAX, err)) !=
            AF_OK ||
        (status = ticket_check_text("carrier", step->carrier, TRACKING_BYTES_MAX, err)) != AF_OK ||
        (status = ticket_check_text("tracking", step->tracking, TRACKING_BYTES_MAX, err)) != AF_OK)
        return status;
    if (step->qty > PART_QTY_MAX)
        return error_set(err, AF_INVALID, "\"qty\" is a number from 1 to %d", PART_QTY_MAX);
    if (part_event_parse(step->event, &event) && !part_event_is_systems(event))
        return AF_OK;
    return error_set(err, AF_INVALID, "\"event\" %.*s is not a step of a part request",
                     (int)step->event.len,
                     step->event.len > 0 ? (const char *)step->event.data : "");
}

static enum status propose_step(struct app *app, const struct who *who, uint32_t ticket_no,
                                const struct part_step *step, struct stepping *stepping,
                                struct error *err)
{
    const uint32_t numbers[] = {ticket_no, stepping->no, step->qty, (uint32_t)step->from_stock};
    const struct bytes parts[] = {bytes_of(numbers, sizeof numbers),
                                  step->event,
                                  step->carrier,
                                  step->tracking,
                                  step->promise,
                                  step->reason};
    bool ok = true;
    json_t *body =
        json_pack("{s:I,s:I,s:o,s:o,s:o,s:o,s:s}", "ticket", (json_int_t)ticket_no, "request",
                  (json_int_t)stepping->no, "event", json_from_bytes(step->event), "reason",
                  json_from_bytes(step->reason), "carrier", json_from_bytes(step->carrier),
                  "tracking", json_from_bytes(step->tracking), "by", who_by(who));

    if (step->from_stock != PART_AS_IT_IS)
        json_put(body, "from_stock", json_boolean(step->from_stock == PART_YES), &ok);
    if (!ok) {
        json_decref(body);
        return no_memory(err);
    }
    return ticket_change(
        app, who, ticket_no,
        &(struct ticket_change){.kind = "part.step",
                                .key = step->key,
                                .print = checksum64(7, parts, sizeof parts / sizeof parts[0]),
                                .moment = MOMENT_NOTE,
                                .decide = decide_step,
                                .context = stepping},
        body, NULL, err);
}

enum status part_step(struct app *app, const struct who *who, uint32_t ticket_no, uint32_t no,
                      const struct part_step *step, struct error *err)
{
    char promise[64];
    struct stepping stepping = {.no = no, .qty = step->qty, .promise = promise};
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK || (status = check_step(step, err)) != AF_OK ||
        (status = outside_word("promise", step->promise, promise, sizeof promise, err)) != AF_OK)
        return status;
    (void)part_event_parse(step->event, &stepping.event);
    return propose_step(app, who, ticket_no, step, &stepping, err);
}

/* --- when its time has come ----------------------------------------------------------------- */

enum status part_late(struct app *app, const struct who *who, uint32_t ticket_no, const char *what,
                      const char *key, struct error *err)
{
    struct stepping stepping = {.no = outside_timer_no(what), .event = PART_LATE, .promise = ""};

    return propose_step(app, who, ticket_no,
                        &(struct part_step){.event = BYTES_LIT("late"), .key = key}, &stepping,
                        err);
}

enum status part_return_late(struct app *app, const struct who *who, uint32_t ticket_no,
                             const char *what, const char *key, struct error *err)
{
    struct stepping stepping = {
        .no = outside_timer_no(what), .event = PART_RETURN_LATE, .promise = ""};

    return propose_step(app, who, ticket_no,
                        &(struct part_step){.event = BYTES_LIT("return_late"), .key = key},
                        &stepping, err);
}
