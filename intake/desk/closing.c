#include "intake/desk/closing.h"

#include "data/base/clock.h"
#include "data/base/hash.h"
#include "intake/clock/window.h"

#include <stdio.h>

#define DAY_MS INT64_C(86400000)

static const json_t *part(const struct rules *rules, const char *member)
{
    return json_object_get(rules->docs[RULES_CLOSING], member);
}

/* --- windows --------------------------------------------------------------------------------- */

static int64_t window_of(const struct rules *rules, const char *calendar_name, const json_t *json,
                         int64_t now_ms)
{
    const struct window window = window_read(json);
    int64_t end_ms = window_end_plain(&window, now_ms);
    const json_t *made_of = rules_calendar(rules, calendar_name);
    struct calendar *calendar;

    if (made_of == NULL || calendar_new(made_of, &calendar, NULL) != AF_OK)
        return end_ms;
    if (window_end(calendar, &window, now_ms, &end_ms, NULL) != AF_OK)
        end_ms = window_end_plain(&window, now_ms);
    calendar_free(calendar);
    return end_ms;
}

enum status closing_add_window(const struct rules *rules, const json_t *ticket, int64_t now_ms,
                               json_t *body, struct error *err)
{
    const json_t *confirm = part(rules, "confirm");
    bool ok = true;

    json_put(body, "confirm_by",
             json_from_time(window_of(rules, json_get_str(confirm, "calendar"),
                                      json_object_get(confirm, json_get_str(ticket, "severity")),
                                      now_ms)),
             &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

bool closing_may_be_early(const struct rules *rules)
{
    return json_get_bool(rules->docs[RULES_CLOSING], "early_close");
}

/* --- visits ---------------------------------------------------------------------------------- */

bool closing_is_in_share(struct bytes secret, uint32_t no, uint32_t per_mille)
{
    char text[32];
    struct digest digest;
    struct reader r;
    uint32_t drawn = 0;

    (void)snprintf(text, sizeof text, "visit:%u", no);
    digest = digest_keyed(secret, bytes_str(text));
    r = reader_of(bytes_of(digest.b, sizeof digest.b));
    (void)reader_be32(&r, &drawn);
    return ((uint64_t)drawn * 1000) >> 32 < per_mille;
}

json_t *closing_visit(const struct rules *rules, int64_t now_ms)
{
    const json_t *visits = part(rules, "visits");
    int64_t due_ms =
        window_of(rules, json_get_str(visits, "calendar"), json_object_get(visits, "due"), now_ms);

    return json_pack("{s:o,s:s}", "due", json_from_time(due_ms), "group",
                     json_get_str(visits, "group"));
}

bool closing_score_needs_visit(const struct rules *rules, unsigned score)
{
    return score <= json_get_u64(part(rules, "visits"), "score_max");
}

/* Why somebody is to ask about this ticket; NULL: nobody need. */
static const char *visit_reason(struct app *app, const struct rules *rules, const json_t *ticket)
{
    const json_t *visits = part(rules, "visits"), *severity;
    size_t i;

    json_array_foreach(json_object_get(visits, "severities"), i, severity)
    {
        if (strcmp(json_string_value(severity), json_get_str(ticket, "severity")) == 0)
            return "severity";
    }
    return closing_is_in_share(store_secret(app_store(app)), (uint32_t)json_get_u64(ticket, "n"),
                               (uint32_t)json_get_u64(visits, "share_per_mille"))
               ? "share"
               : NULL;
}

static json_t *visits_json(const struct rules *rules, const char *why, int64_t now_ms)
{
    json_t *visit = closing_visit(rules, now_ms);
    bool ok = visit != NULL;

    if (ok)
        json_put(visit, "why", json_string(why), &ok);
    if (ok)
        return json_pack("[o]", visit);
    json_decref(visit);
    return NULL;
}

/* --- the end --------------------------------------------------------------------------------- */

void closing_survey_key(struct bytes secret, uint32_t no, char key[SURVEY_KEY_BYTES])
{
    char text[32], hex[DIGEST_HEX_BYTES];
    struct digest digest;

    (void)snprintf(text, sizeof text, "survey:%u", no);
    digest = digest_keyed(secret, bytes_str(text));
    digest_hex(&digest, hex);
    (void)snprintf(key, SURVEY_KEY_BYTES, "%.32s", hex);
}

static json_t *survey_json(struct app *app, const struct rules *rules, uint32_t no, int64_t now_ms)
{
    const int64_t days = (int64_t)json_get_u64(part(rules, "survey"), "days");
    char key[SURVEY_KEY_BYTES], hex[DIGEST_HEX_BYTES];
    struct digest hash;

    closing_survey_key(store_secret(app_store(app)), no, key);
    hash = digest_plain(bytes_str(key));
    digest_hex(&hash, hex);
    return json_pack("{s:s,s:o}", "key_hash", hex, "expires",
                     json_from_time(now_ms + days * DAY_MS));
}

enum status closing_add_end(struct app *app, const struct rules *rules, const json_t *ticket,
                            int64_t now_ms, json_t *body, struct error *err)
{
    const int64_t days = (int64_t)json_get_u64(rules->docs[RULES_CLOSING], "reopen_days");
    const uint32_t no = (uint32_t)json_get_u64(ticket, "n");
    const char *why = visit_reason(app, rules, ticket);
    json_t *closing = json_object();
    bool ok = closing != NULL;

    if (ok) {
        json_put(closing, "reopen_until", json_from_time(now_ms + days * DAY_MS), &ok);
        json_put(closing, "survey", survey_json(app, rules, no, now_ms), &ok);
    }
    if (ok && why != NULL)
        json_put(closing, "visits", visits_json(rules, why, now_ms), &ok);
    if (ok)
        json_put(body, "closing", closing, &ok);
    else
        json_decref(closing);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}
