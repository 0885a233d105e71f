#include "intake/propose.h"

enum status propose(struct app *app, const struct who *who, const char *kind, const char *key,
                    uint64_t print, json_t *body, struct outcome *out, struct error *err)
{
    char actor[WHO_NAME_BYTES + 8];
    const struct command command = {
        .id = key, .actor = who_actor(who, actor), .kind = kind, .body = body, .print = print};
    enum status status;

    if (body == NULL)
        return error_set(err, AF_INVALID, "a text is not UTF-8");
    if (app_journal(app) == NULL) {
        json_decref(body);
        return error_set(err, AF_DENIED, "the store is open for reading only");
    }
    status = journal_propose(app_journal(app), &command, out, err);
    json_decref(body);
    return status;
}
