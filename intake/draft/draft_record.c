#include "intake/draft/draft_record.h"

#include "data/base/clock.h"
#include "data/base/limits.h"

#include <assert.h>

/* --- records and rows ---------------------------------------------------------------------- */

#define AGE_KEY_BYTES (8 + DRAFT_ID_BYTES)
#define NAME_BYTES_MAX (DRAFT_BY_KEY_BYTES_MAX - 1 - DRAFT_ID_BYTES)

static bool is_id(const char *id)
{
    size_t len = strspn(id, "0123456789abcdef");

    return len == DRAFT_ID_BYTES && id[len] == '\0';
}

static struct bytes age_key(int64_t at_ms, const char *id, uint8_t key[AGE_KEY_BYTES])
{
    put_be64(key, (uint64_t)at_ms);
    memcpy(key + 8, id, DRAFT_ID_BYTES);
    return bytes_of(key, AGE_KEY_BYTES);
}

struct bytes draft_by_prefix(const char *name, uint8_t key[DRAFT_BY_KEY_BYTES_MAX])
{
    size_t len = strlen(name);

    assert(len <= NAME_BYTES_MAX);
    memcpy(key, name, len);
    key[len] = 0;
    return bytes_of(key, len + 1);
}

static struct bytes by_key(const char *name, const char *id, uint8_t key[DRAFT_BY_KEY_BYTES_MAX])
{
    size_t len = draft_by_prefix(name, key).len;

    memcpy(key + len, id, DRAFT_ID_BYTES);
    return bytes_of(key, len + DRAFT_ID_BYTES);
}

static int64_t saved_ms(const json_t *draft)
{
    int64_t at_ms = 0;

    (void)clock_parse(bytes_str(json_get_str(draft, "at")), &at_ms);
    return at_ms;
}

enum status draft_load(struct txn *txn, const char *id, json_t **out, struct error *err)
{
    enum status status = store_get_json(txn, TABLE_DRAFT, bytes_str(id), out, err);

    if (status == AF_NOT_FOUND)
        return error_set(err, AF_NOT_FOUND, "there is no such draft: sent, or too old");
    return status;
}

/* The rows that find a draft. */
static enum status put_rows(struct txn *txn, const json_t *draft, struct error *err)
{
    const char *id = json_get_str(draft, "id"), *by = json_get_str(draft, "by");
    uint8_t age[AGE_KEY_BYTES], name[DRAFT_BY_KEY_BYTES_MAX];
    enum status status =
        store_put(txn, TABLE_DRAFT_AGE, age_key(saved_ms(draft), id, age), BYTES_LIT(""), err);

    if (status == AF_OK && by[0] != '\0')
        status = store_put(txn, TABLE_DRAFT_BY, by_key(by, id, name), BYTES_LIT(""), err);
    return status;
}

static enum status delete_rows(struct txn *txn, const json_t *draft, struct error *err)
{
    const char *id = json_get_str(draft, "id"), *by = json_get_str(draft, "by");
    uint8_t age[AGE_KEY_BYTES], name[DRAFT_BY_KEY_BYTES_MAX];
    enum status status = store_delete(txn, TABLE_DRAFT_AGE, age_key(saved_ms(draft), id, age), err);

    if (status == AF_OK && by[0] != '\0')
        status = store_delete(txn, TABLE_DRAFT_BY, by_key(by, id, name), err);
    if (status == AF_NOT_FOUND)
        return error_set(err, AF_CORRUPT, "damaged: table draft, key %.40s: its rows are gone", id);
    return status;
}

enum status draft_remove(struct txn *txn, const char *id, struct error *err)
{
    json_t *draft;
    enum status status = is_id(id) ? draft_load(txn, id, &draft, err) : AF_NOT_FOUND;

    if (status == AF_NOT_FOUND)
        return AF_OK;
    if (status != AF_OK)
        return status;
    status = delete_rows(txn, draft, err);
    json_decref(draft);
    return status == AF_OK ? store_delete(txn, TABLE_DRAFT, bytes_str(id), err) : status;
}

/* --- saving -------------------------------------------------------------------------------- */

static bool is_text_list(const json_t *list)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        if (!json_is_string(item))
            return false;
    }
    return json_is_array(list);
}

static enum status check_set(const json_t *set, struct error *err)
{
    const char *name;
    json_t *value;

    if (!json_is_object(set))
        return error_set(err, AF_INVALID, "the values of a draft are an object");
    json_object_foreach((json_t *)(uintptr_t)set, name, value)
    {
        if (name[0] == '\0' || strlen(name) > RULES_ID_BYTES_MAX)
            return error_set(err, AF_INVALID, "a value's name has 1 to %d bytes",
                             RULES_ID_BYTES_MAX);
        if (!json_is_null(value) && !json_is_string(value) && !is_text_list(value))
            return error_set(err, AF_INVALID, "\"%.60s\" is neither a text nor a list of texts",
                             name);
    }
    return AF_OK;
}

static enum status check_limits(const json_t *draft, struct error *err)
{
    const json_t *values = json_object_get(draft, "values");
    struct buf text = {.ceiling = DRAFT_BYTES_MAX + 1};
    enum status status = AF_OK;

    if (json_object_size(values) > DRAFT_VALUES_MAX)
        return error_set(err, AF_TOO_LARGE, "a draft has at most %d values", DRAFT_VALUES_MAX);
    if (json_get_u64(draft, "saves") > DRAFT_SAVES_MAX)
        return error_set(err, AF_TOO_LARGE, "a draft is saved at most %d times", DRAFT_SAVES_MAX);
    if (json_write(values, false, &text, err) != AF_OK || !buf_ok(&text))
        status = error_set(err, AF_TOO_LARGE, "a draft has at most %u bytes", DRAFT_BYTES_MAX);
    buf_release(&text);
    return status;
}

static bool merge(json_t *values, const json_t *set)
{
    const char *name;
    json_t *value;
    bool ok = true;

    json_object_foreach((json_t *)(uintptr_t)set, name, value)
    {
        if (json_is_null(value))
            (void)json_object_del(values, name);
        else
            ok = json_object_set(values, name, value) == 0 && ok;
    }
    return ok;
}

/* The draft with what came over it; `draft` is changed. */
static enum status change(json_t *draft, const struct command *command, struct error *err)
{
    const char *by = json_get_str(command->body, "by");
    bool ok = merge(json_object_get(draft, "values"), json_object_get(command->body, "set"));

    json_put(draft, "at", json_from_time(command->at_ms), &ok);
    json_put(draft, "saves", json_integer((json_int_t)json_get_u64(draft, "saves") + 1), &ok);
    if (by[0] != '\0')
        json_put(draft, "by", json_string(by), &ok);
    return ok ? check_limits(draft, err) : error_set(err, AF_NO_MEMORY, "no memory for a draft");
}

enum status draft_apply_put(struct txn *txn, const struct command *command, json_t *result,
                            struct error *err)
{
    const char *id = json_get_str(command->body, "id");
    json_t *old = NULL, *draft;
    enum status status;

    (void)result;
    if (!is_id(id))
        return error_set(err, AF_INVALID, "\"id\" is not a draft's");
    if (strlen(json_get_str(command->body, "by")) > NAME_BYTES_MAX)
        return error_set(err, AF_INVALID, "\"by\" is no account's name");
    if ((status = check_set(json_object_get(command->body, "set"), err)) != AF_OK)
        return status;
    status = draft_load(txn, id, &old, err);
    if (status != AF_OK && status != AF_NOT_FOUND)
        return status;
    draft = old != NULL ? json_deep_copy(old) : json_pack("{s:s,s:{}}", "id", id, "values");
    status = draft != NULL ? change(draft, command, err)
                           : error_set(err, AF_NO_MEMORY, "no memory for a draft");
    if (status == AF_OK && old != NULL)
        status = delete_rows(txn, old, err);
    if (status == AF_OK)
        status = put_rows(txn, draft, err);
    if (status == AF_OK)
        status = store_put_json(txn, TABLE_DRAFT, bytes_str(id), draft, err);
    json_decref(draft);
    json_decref(old);
    return status;
}

/* --- going --------------------------------------------------------------------------------- */

enum status draft_apply_drop(struct txn *txn, const struct command *command, json_t *result,
                             struct error *err)
{
    (void)result;
    return draft_remove(txn, json_get_str(command->body, "id"), err);
}

/* The first of them, when it was saved before that instant. */
static enum status find_oldest(struct txn *txn, int64_t before_ms, char id[DRAFT_ID_BYTES + 1],
                               struct error *err)
{
    struct bytes key, body, name;
    struct cursor *cursor;
    uint64_t at_ms = 0;
    enum status status = cursor_open(txn, TABLE_DRAFT_AGE, BYTES_NONE, WALK_UP, &cursor, err);

    if (status != AF_OK)
        return status;
    if ((status = cursor_next(cursor, &key, &body, err)) == AF_OK) {
        struct reader r = reader_of(key);

        if (!reader_be64(&r, &at_ms) || !reader_take(&r, DRAFT_ID_BYTES, &name))
            status = error_set(err, AF_CORRUPT, "damaged: table draft_age: a key is cut off");
        else if ((int64_t)at_ms >= before_ms)
            status = AF_NOT_FOUND;
        else {
            memcpy(id, name.data, DRAFT_ID_BYTES);
            id[DRAFT_ID_BYTES] = '\0';
        }
    }
    cursor_close(cursor);
    return status;
}

enum status draft_apply_forget(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err)
{
    char id[DRAFT_ID_BYTES + 1];
    int64_t before_ms;
    int count = 0;
    bool ok = true;
    enum status status = AF_OK;

    if (!clock_parse(bytes_str(json_get_str(command->body, "before")), &before_ms))
        return error_set(err, AF_INVALID, "\"before\" is no time");
    while (status == AF_OK && count < DRAFT_FORGET_MAX) {
        status = find_oldest(txn, before_ms, id, err);
        if (status == AF_OK)
            status = draft_remove(txn, id, err);
        count += status == AF_OK;
    }
    json_put(result, "count", json_integer(count), &ok);
    if (status == AF_OK || status == AF_NOT_FOUND)
        return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory");
    return status;
}
