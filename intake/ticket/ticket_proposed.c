#include "intake/ticket/ticket_proposed.h"

#include "data/base/limits.h"

const char *const ticket_proposed_parts[TICKET_PROPOSED_PARTS] = {"product", "type", "severity"};

static bool is_part(const char *name)
{
    for (size_t i = 0; i < TICKET_PROPOSED_PARTS; i++)
        if (strcmp(name, ticket_proposed_parts[i]) == 0)
            return true;
    return false;
}

enum status ticket_proposed_check(const json_t *proposed, struct error *err)
{
    const char *member;
    json_t *value;

    if (proposed == NULL || json_is_null(proposed))
        return AF_OK;
    if (!json_is_object(proposed))
        return error_set(err, AF_INVALID, "\"proposals\" is an object of product, type, severity");
    json_object_foreach((json_t *)(uintptr_t)proposed, member, value)
    {
        if (!is_part(member))
            return error_set(err, AF_INVALID,
                             "\"proposals\" has product, type and severity, and no \"%.40s\"",
                             member);
        if (!json_is_string(value))
            return error_set(err, AF_INVALID, "\"proposals\" member \"%s\" must be a string",
                             member);
        if (json_string_length(value) > TICKET_TITLE_BYTES_MAX)
            return error_set(err, AF_TOO_LARGE,
                             "\"proposals\" member \"%s\" is longer than %d bytes", member,
                             TICKET_TITLE_BYTES_MAX);
    }
    return AF_OK;
}

enum status ticket_proposed_note(json_t *ticket, const struct command *command, struct error *err)
{
    const json_t *proposed = json_object_get(command->body, "proposals");
    json_t *noted;
    bool ok;
    enum status status = ticket_proposed_check(proposed, err);

    if (status != AF_OK || !json_is_object(proposed))
        return status;
    noted = json_object();
    ok = noted != NULL;
    for (size_t i = 0; ok && i < TICKET_PROPOSED_PARTS; i++) {
        const char *part = ticket_proposed_parts[i], *value = json_get_str(proposed, part);

        if (value[0] != '\0')
            json_put(noted, part,
                     json_pack("{s:s,s:s}", "value", value, "given", json_get_str(ticket, part)),
                     &ok);
    }
    json_put(ticket, "proposals", noted, &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}
