/* What the services of handoffs and of parts share: due times, and who hears of them. */
#include "intake/desk/outside_impl.h"

#include "intake/clock/calendar.h"

#include <stdlib.h>

enum status outside_word(const char *field, struct bytes word, char *out, size_t size,
                         struct error *err)
{
    if (word.len >= size || memchr(word.len > 0 ? word.data : (const uint8_t *)"x", 0, word.len))
        return error_set(err, AF_INVALID, "\"%s\": nothing has this name", field);
    if (word.len > 0)
        memcpy(out, word.data, word.len);
    out[word.len] = '\0';
    return AF_OK;
}

enum status outside_after(const struct rules *rules, const json_t *entry, int64_t minutes,
                          int64_t from_ms, int64_t *out_ms, struct error *err)
{
    const json_t *json = rules_calendar(rules, json_get_str(entry, "calendar"));
    struct calendar *calendar;
    enum status status;

    if (json == NULL)
        return error_set(err, AF_NOT_FOUND, "there is no calendar %.60s",
                         json_get_str(entry, "calendar"));
    if ((status = calendar_new(json, &calendar, err)) != AF_OK)
        return status;
    status = calendar_add(calendar, from_ms, minutes * 60000, out_ms, err);
    calendar_free(calendar);
    return status;
}

enum status outside_due(const struct rules *rules, const json_t *entry, const char *member,
                        const json_t *ticket, int64_t from_ms, int64_t *due_ms, struct error *err)
{
    const uint64_t minutes =
        json_get_u64(json_object_get(entry, member), json_get_str(ticket, "severity"));

    return outside_after(rules, entry, (int64_t)minutes, from_ms, due_ms, err);
}

enum status outside_tell(const json_t *entry, const json_t *ticket, json_t *body, struct error *err)
{
    const char *to = json_get_str(entry, "manager");
    bool ok = true;

    json_put(body, "tell", json_string(to[0] != '\0' ? to : json_get_str(ticket, "group")), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a notice");
}

uint32_t outside_timer_no(const char *what)
{
    const char *colon = strchr(what, ':');

    return colon == NULL ? 0 : (uint32_t)strtoul(colon + 1, NULL, 10);
}
