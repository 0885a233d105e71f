/* What the records are made of: members, their types and bounds. Nothing here asks the store, ICU
 * or the time, so a proposer and a replay agree. */
#include "intake/party/party_record.h"

#include "data/base/clock.h"

bool party_is_id(struct bytes id)
{
    if (id.len == 0 || id.len > PARTY_ID_BYTES_MAX)
        return false;
    for (size_t i = 0; i < id.len; i++)
        if (id.data[i] <= ' ' || id.data[i] == 0x7F || id.data[i] == '/')
            return false;
    return true;
}

static void want_id(struct complaints *complaints, const json_t *record, const char *member,
                    bool required)
{
    const struct place at = {NULL, member, 0};
    const json_t *id = json_object_get(record, member);

    if (id == NULL && !required)
        return;
    if (!json_is_string(id) || !party_is_id(bytes_str(json_string_value(id))))
        complain(complaints, &at, "an id has 1 to %d bytes, and no blank or slash",
                 PARTY_ID_BYTES_MAX);
}

/* Identities of one kind, normalised, none twice. */
static void want_identities(struct complaints *complaints, const struct place *up,
                            const json_t *object, enum identity_kind kind, const char *member)
{
    const json_t *list = json_object_get(object, member), *item;
    const struct place at = {up, member, 0};
    size_t i;

    if (list == NULL)
        return;
    if (!json_is_array(list) || json_array_size(list) > PARTY_IDENTITIES_MAX) {
        complain(complaints, &at, "this is a list of at most %d texts", PARTY_IDENTITIES_MAX);
        return;
    }
    json_array_foreach(list, i, item)
    {
        const struct place here = {&at, NULL, i};
        bool is_twice = false;

        for (size_t j = 0; j < i; j++)
            is_twice = is_twice || json_equal(json_array_get(list, j), item);
        if (!json_is_string(item) || !identity_is_normal(kind, bytes_str(json_string_value(item))))
            complain(complaints, &here, "this is no normalised %s", identity_name(kind));
        else if (is_twice)
            complain(complaints, &here, "this is there twice");
    }
}

static void account_shape(const json_t *record, struct complaints *complaints)
{
    static const char *const members[] = {"id",  "name",  "region", "lang",    "country",
                                          "rep", "level", "zone",   "domains", NULL};

    want_only(complaints, NULL, record, members);
    want_id(complaints, record, "id", true);
    (void)want_text(complaints, NULL, record, "name", PARTY_NAME_BYTES_MAX, true);
    (void)want_text(complaints, NULL, record, "country", 2, false);
    (void)want_text(complaints, NULL, record, "level", RULES_ID_BYTES_MAX, false);
    (void)want_text(complaints, NULL, record, "zone", CALENDAR_NAME_BYTES_MAX, false);
    want_identities(complaints, NULL, record, IDENTITY_DOMAIN, "domains");
}

static void contact_shape(const json_t *record, struct complaints *complaints)
{
    static const char *const members[] = {"id",     "account", "name", "kind", "identities",
                                          "region", "lang",    "rep",  NULL};
    static const char *const kinds[] = {"customer", "prospect", "internal", NULL};
    static const char *const identities[] = {"phone", "mail", "openid", "appid", NULL};
    const json_t *object = json_object_get(record, "identities");
    const struct place at = {NULL, "identities", 0};

    want_only(complaints, NULL, record, members);
    want_id(complaints, record, "id", true);
    want_id(complaints, record, "account", false);
    (void)want_text(complaints, NULL, record, "name", PARTY_NAME_BYTES_MAX, true);
    (void)want_word(complaints, NULL, record, "kind", kinds, true);
    if (object == NULL)
        return;
    if (!json_is_object(object)) {
        complain(complaints, &at, "this is an object of lists");
        return;
    }
    want_only(complaints, &at, object, identities);
    for (unsigned kind = 0; kind < IDENTITY_OF_CONTACT; kind++)
        want_identities(complaints, &at, object, (enum identity_kind)kind,
                        identity_name((enum identity_kind)kind));
}

static const char *want_day(struct complaints *complaints, const json_t *record, const char *member)
{
    const struct place at = {NULL, member, 0};
    const char *day = json_get_str(record, member);
    int64_t ignored;

    if (strlen(day) != 10 || !clock_parse(bytes_str(day), &ignored)) {
        complain(complaints, &at, "a day is like 2026-12-31");
        return "";
    }
    return day;
}

static void want_serial(struct complaints *complaints, const json_t *record)
{
    const struct place at = {NULL, "serial", 0};
    const json_t *serial = json_object_get(record, "serial");
    char normal[SERIAL_TEXT_BYTES];
    struct error err;

    if (serial == NULL)
        return;
    if (!json_is_string(serial) ||
        serial_normalise(bytes_str(json_string_value(serial)), normal, &err) != AF_OK ||
        strcmp(normal, json_string_value(serial)) != 0)
        complain(complaints, &at, "this is no normalised serial number");
}

static void entitlement_shape(const json_t *record, struct complaints *complaints)
{
    static const char *const members[] = {"id",   "account", "contact", "product", "serial", "kind",
                                          "from", "to",      "level",   "zone",    NULL};
    static const char *const kinds[] = {"contract", "warranty", NULL};
    const struct place to_at = {NULL, "to", 0}, owner_at = {NULL, "account", 0};
    const char *from = want_day(complaints, record, "from"),
               *to = want_day(complaints, record, "to");

    want_only(complaints, NULL, record, members);
    want_id(complaints, record, "id", true);
    want_id(complaints, record, "account", false);
    want_id(complaints, record, "contact", false);
    if ((json_object_get(record, "account") == NULL) ==
        (json_object_get(record, "contact") == NULL))
        complain(complaints, &owner_at, "an entitlement is an account's or a contact's");
    (void)want_word(complaints, NULL, record, "kind", kinds, true);
    (void)want_text(complaints, NULL, record, "product", RULES_ID_BYTES_MAX, false);
    (void)want_text(complaints, NULL, record, "level", RULES_ID_BYTES_MAX, false);
    (void)want_text(complaints, NULL, record, "zone", CALENDAR_NAME_BYTES_MAX, false);
    want_serial(complaints, record);
    if (from[0] != '\0' && to[0] != '\0' && strcmp(from, to) > 0)
        complain(complaints, &to_at, "it ends before it begins");
}

void party_shape(enum party_kind kind, const json_t *record, struct complaints *complaints)
{
    if (kind != PARTY_ENTITLEMENT) {
        (void)want_text(complaints, NULL, record, "region", PARTY_NAME_BYTES_MAX, false);
        (void)want_text(complaints, NULL, record, "lang", 35, false);
        (void)want_text(complaints, NULL, record, "rep", PARTY_NAME_BYTES_MAX, false);
    }
    if (kind == PARTY_ACCOUNT)
        account_shape(record, complaints);
    else if (kind == PARTY_CONTACT)
        contact_shape(record, complaints);
    else
        entitlement_shape(record, complaints);
}
