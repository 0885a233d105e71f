#include "intake/ticket/ticket_watch.h"

#include "intake/ticket/ticket_notices.h"

#include <ctype.h>

#define ACCOUNT_NAME_MAX 63

static size_t find(const json_t *list, const char *name)
{
    size_t i = 0;

    while (i < json_array_size(list) &&
           strcmp(json_string_value(json_array_get(list, i)), name) != 0)
        i++;
    return i;
}

static enum status has_account(struct txn *txn, const char *name, bool *has, struct error *err)
{
    struct bytes ignored;
    enum status status = AF_NOT_FOUND;

    if (name[0] != '\0' && strlen(name) <= ACCOUNT_NAME_MAX)
        status = store_get(txn, TABLE_ACCOUNT, bytes_str(name), &ignored, err);
    *has = status == AF_OK;
    return status == AF_NOT_FOUND ? AF_OK : status;
}

static enum status add(json_t *ticket, const char *name, struct error *err)
{
    json_t *list = json_object_get(ticket, "watchers");
    bool ok = true;

    if (list == NULL)
        json_put(ticket, "watchers", list = json_array(), &ok);
    if (ok && json_array_size(list) >= TICKET_WATCHERS_MAX)
        return error_set(err, AF_TOO_LARGE, "at most %d people watch a ticket",
                         TICKET_WATCHERS_MAX);
    return ok ? ticket_append(ticket, "watchers", json_string(name), err)
              : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

/* --- the command --------------------------------------------------------------------------- */

static enum status watch(struct txn *txn, json_t *ticket, const struct command *command,
                         json_t *result, struct error *err)
{
    const char *name = json_get_str(command->body, "name");
    const bool on = json_get_bool(command->body, "on");
    json_t *list = json_object_get(ticket, "watchers");
    const size_t i = find(list, name);
    bool has = true;
    enum status status = AF_OK;

    (void)result;
    if (on && (status = has_account(txn, name, &has, err)) != AF_OK)
        return status;
    if (!has)
        return error_set(err, AF_NOT_FOUND, "there is no account %.63s", name);
    if (on == (i < json_array_size(list)))
        return error_set(err, AF_CONFLICT,
                         on ? "%.63s watches it already" : "%.63s does not watch it", name);
    if (on)
        status = add(ticket, name, err);
    else if (json_array_remove(list, i) == 0 && json_array_size(list) == 0)
        (void)json_object_del(ticket, "watchers");
    if (status != AF_OK)
        return status;
    return ticket_add_event(ticket, command, on ? "watch" : "unwatch",
                            json_pack("{s:s}", "who", name), err);
}

enum status ticket_apply_watch(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err)
{
    return ticket_apply_change(txn, command, watch, result, err);
}

/* --- mentions -------------------------------------------------------------------------------- */

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == '.' || c == '_' || c == '-';
}

/* The name after an @ that begins a word. Names may end in a dot as sentences do: the longest that
 * is an account's. Empty: nobody's. */
static enum status read_mention(struct txn *txn, const char *at, char name[ACCOUNT_NAME_MAX + 1],
                                struct error *err)
{
    size_t len = 0;
    bool has = false;
    enum status status = AF_OK;

    while (is_name_char(at[len]) && len < ACCOUNT_NAME_MAX)
        len++;
    memcpy(name, at, len);
    for (name[len] = '\0'; len > 0 && !has && status == AF_OK; len--) {
        name[len] = '\0';
        status = has_account(txn, name, &has, err);
        if (!has && !ispunct((unsigned char)name[len - 1]))
            break; /* only punctuation may be too much */
    }
    if (!has)
        name[0] = '\0';
    return status;
}

static enum status mention(json_t *ticket, const struct command *command, const char *name,
                           struct error *err)
{
    const char *by = json_get_str(command->body, "by");
    enum status status = AF_OK;

    if (strcmp(name, by) == 0)
        return AF_OK;
    if (find(json_object_get(ticket, "watchers"), name) ==
        json_array_size(json_object_get(ticket, "watchers")))
        status = add(ticket, name, err);
    if (status == AF_OK)
        status = ticket_notice_add(ticket, "mentioned", name, command->at_ms, by, err);
    return status == AF_TOO_LARGE ? AF_OK : status;
}

enum status ticket_watch_mentioned(struct txn *txn, json_t *ticket, const struct command *command,
                                   struct error *err)
{
    const char *text = json_get_str(command->body, "text");
    unsigned count = 0;
    enum status status = AF_OK;

    if (strcmp(json_get_str(command->body, "from"), "staff") != 0)
        return AF_OK;
    for (const char *at = strchr(text, '@');
         at != NULL && count < TICKET_MENTIONS_MAX && status == AF_OK; at = strchr(at + 1, '@')) {
        char name[ACCOUNT_NAME_MAX + 1];

        if (at > text && is_name_char(at[-1]))
            continue;
        if ((status = read_mention(txn, at + 1, name, err)) != AF_OK || name[0] == '\0')
            continue;
        count++;
        status = mention(ticket, command, name, err);
    }
    return status;
}

void ticket_watch_check(struct inspection *in, const json_t *ticket)
{
    const json_t *list = json_object_get(ticket, "watchers"), *name;
    size_t i;

    if (list == NULL)
        return;
    if (!json_is_array(list) || json_array_size(list) == 0 ||
        json_array_size(list) > TICKET_WATCHERS_MAX) {
        inspect_say(in, "its \"watchers\" are none");
        return;
    }
    json_array_foreach(list, i, name)
    {
        if (!json_is_string(name) || find(list, json_string_value(name)) != i) {
            inspect_say(in, "its watcher %zu is no name, or is there twice", i);
            return;
        }
    }
}
