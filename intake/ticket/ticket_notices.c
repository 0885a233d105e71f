#include "intake/ticket/ticket_notices.h"

#include "data/base/clock.h"
#include "data/base/limits.h"

#include <assert.h>

enum status ticket_notice_add(json_t *ticket, const char *what, const char *to, int64_t at_ms,
                              const char *text, struct error *err)
{
    json_t *list = json_object_get(ticket, "notices"), *notice;
    bool ok = true;

    assert(what[0] != '\0' && strlen(what) <= TICKET_NOTICE_WHAT_BYTES_MAX);
    if (list == NULL)
        json_put(ticket, "notices", list = json_array(), &ok);
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a notice");
    if (json_array_size(list) >= TICKET_NOTICES_MAX)
        return error_set(err, AF_TOO_LARGE, "a ticket has at most %d notices", TICKET_NOTICES_MAX);
    notice = json_pack("{s:I,s:s,s:s,s:o,s:s}", "no", (json_int_t)json_array_size(list) + 1, "what",
                       what, "to", to, "at", json_from_time(at_ms), "state", "due");
    if (notice != NULL && text[0] != '\0')
        json_put(notice, "text", json_string(text), &ok);
    if (json_array_append_new(list, notice) == 0 && ok)
        return AF_OK;
    return error_set(err, AF_NO_MEMORY, "no memory for a notice");
}

static bool is_sound(const json_t *notice, size_t no)
{
    const char *what = json_get_str(notice, "what"), *state = json_get_str(notice, "state");
    int64_t at_ms;

    return json_get_u64(notice, "no") == no && what[0] != '\0' &&
           strlen(what) <= TICKET_NOTICE_WHAT_BYTES_MAX &&
           json_is_string(json_object_get(notice, "to")) &&
           clock_parse(bytes_str(json_get_str(notice, "at")), &at_ms) &&
           (strcmp(state, "due") == 0 || strcmp(state, "sent") == 0);
}

bool ticket_notices_are_sound(const json_t *ticket)
{
    const json_t *list = json_object_get(ticket, "notices"), *notice;
    size_t i;

    if (list == NULL)
        return true;
    if (!json_is_array(list) || json_array_size(list) > TICKET_NOTICES_MAX)
        return false;
    json_array_foreach(list, i, notice)
    {
        if (!is_sound(notice, i + 1))
            return false;
    }
    return true;
}
