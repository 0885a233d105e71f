/* A record as somebody wrote it becomes the record that is stored. */
#include "intake/party/party.h"

#include "intake/clock/zone.h"
#include "intake/party/phone.h"

struct task {
    const struct rules *rules;
    struct complaints *complaints;
    const char *country; /* of phone numbers that name none */
    bool ok;             /* there was memory */
};

static bool has_text(const json_t *list, const char *text)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        if (strcmp(json_string_value(item), text) == 0)
            return true;
    }
    return false;
}

static void add_identity(struct task *task, const struct place *at, enum identity_kind kind,
                         const json_t *text, json_t *list)
{
    char normal[IDENTITY_TEXT_BYTES];
    struct error why;

    if (!json_is_string(text))
        complain(task->complaints, at, "this is a text");
    else if (identity_normalise(kind, bytes_str(json_string_value(text)), task->country, normal,
                                &why) != AF_OK)
        complain(task->complaints, at, "%s", why.text);
    else if (!has_text(list, normal) && json_array_append_new(list, json_string(normal)) != 0)
        task->ok = false;
}

/* A list, or one text for a list of one. */
static void normalise_list(struct task *task, const struct place *up, enum identity_kind kind,
                           json_t *object, const char *member)
{
    const json_t *given = json_object_get(object, member), *item;
    const struct place at = {up, member, 0};
    json_t *list;
    size_t i;

    if (given == NULL)
        return;
    list = json_array();
    if (json_is_array(given) && json_array_size(given) <= PARTY_IDENTITIES_MAX) {
        json_array_foreach(given, i, item)
        {
            const struct place here = {&at, NULL, i};

            add_identity(task, &here, kind, item, list);
        }
    } else if (json_is_array(given)) {
        complain(task->complaints, &at, "at most %d texts", PARTY_IDENTITIES_MAX);
    } else {
        add_identity(task, &at, kind, given, list);
    }
    json_put(object, member, list, &task->ok);
}

static void normalise_serial(struct task *task, json_t *record)
{
    const json_t *given = json_object_get(record, "serial");
    const struct place at = {NULL, "serial", 0};
    char serial[SERIAL_TEXT_BYTES];
    struct error why;

    if (!json_is_string(given)) /* absent, or the shape's to complain of */
        return;
    if (serial_normalise(bytes_str(json_string_value(given)), serial, &why) != AF_OK)
        complain(task->complaints, &at, "%s", why.text);
    else
        json_put(record, "serial", json_string(serial), &task->ok);
}

/* What only a proposer can know: rules change, and ICU's zones do. */
static void check_names(struct task *task, const json_t *record)
{
    const struct place level_at = {NULL, "level", 0}, zone_at = {NULL, "zone", 0},
                       country_at = {NULL, "country", 0};
    const char *level = json_get_str(record, "level"), *zone = json_get_str(record, "zone");
    const char *country = json_get_str(record, "country");

    if (level[0] != '\0' && rules_find(task->rules, RULES_LEVELS, level) == NULL)
        complain(task->complaints, &level_at, "there is no service level \"%.60s\"", level);
    if (zone[0] != '\0' && !zone_is_known(zone))
        complain(task->complaints, &zone_at, "\"%.60s\" is not a time zone like Asia/Shanghai",
                 zone);
    if (country[0] != '\0' && !phone_has_country(country))
        complain(task->complaints, &country_at, "\"%.8s\" is no country like CN", country);
}

static void normalise(struct task *task, enum party_kind kind, json_t *record)
{
    json_t *identities = json_object_get(record, "identities");
    const struct place at = {NULL, "identities", 0};

    if (kind == PARTY_ACCOUNT)
        normalise_list(task, NULL, IDENTITY_DOMAIN, record, "domains");
    for (unsigned i = 0; kind == PARTY_CONTACT && i < IDENTITY_OF_CONTACT; i++)
        if (json_is_object(identities))
            normalise_list(task, &at, (enum identity_kind)i, identities,
                           identity_name((enum identity_kind)i));
    if (kind == PARTY_ENTITLEMENT)
        normalise_serial(task, record);
    check_names(task, record);
}

/* The account's country says how its people write their numbers. */
static enum status country_of(struct txn *txn, const struct rules *rules, const json_t *given,
                              json_t **account, const char **country, struct error *err)
{
    const char *id = json_get_str(given, "account");
    enum status status = AF_OK;

    *account = NULL;
    if (party_is_id(bytes_str(id)))
        status = party_load(txn, PARTY_ACCOUNT, id, account, err);
    if (status != AF_OK && status != AF_NOT_FOUND)
        return status;
    *country = json_get_str(*account, "country");
    if ((*country)[0] == '\0')
        *country = json_get_str(rules->docs[RULES_PARTIES], "country");
    return AF_OK;
}

enum status party_normalise(struct txn *txn, const struct rules *rules, enum party_kind kind,
                            const json_t *given, json_t **out, struct complaints *complaints,
                            struct error *err)
{
    struct task task = {.rules = rules, .complaints = complaints, .ok = true};
    json_t *record, *account;
    enum status status;

    if (!json_is_object(given))
        return error_set(err, AF_INVALID, "%s is a JSON object", party_kind_name(kind));
    if ((status = country_of(txn, rules, given, &account, &task.country, err)) != AF_OK)
        return status;
    record = json_deep_copy(given);
    normalise(&task, kind, record);
    json_decref(account);
    if (record == NULL || !task.ok) {
        json_decref(record);
        return error_set(err, AF_NO_MEMORY, "no memory for a party");
    }
    if (json_array_size(complaints->list) == 0) /* else it would say the same once more */
        party_shape(kind, record, complaints);
    *out = record;
    return AF_OK;
}
