/* What the checks of documents share: ids, names of elements elsewhere, minutes, contacts. */
#include "intake/rules/docs.h"

#include "data/base/limits.h"

void doc_want_items(struct doc_check *check, const struct place *up, const json_t *object,
                    const char *member, size_t count_max, want_item_fn fn)
{
    struct doc_list list = {check, json_object(), json_object_get(object, member)};

    if (list.ids == NULL)
        check->complaints->no_memory = true;
    else
        want_list(check->complaints, up, object, member, count_max, fn, &list);
    json_decref(list.ids);
}

const char *doc_want_id(struct doc_list *list, const struct place *up, const json_t *item,
                        const char *member)
{
    struct complaints *complaints = list->check->complaints;
    const char *id = want_text(complaints, up, item, member, RULES_ID_BYTES_MAX, true);
    const struct place at = {up, member, 0};

    if (id[0] == '\0')
        return id;
    if (json_object_get(list->ids, id) != NULL) {
        complain(complaints, &at, "\"%.60s\" is there twice", id);
        return "";
    }
    if (json_object_set_new(list->ids, id, json_true()) != 0)
        complaints->no_memory = true;
    return id;
}

static void want_known(struct doc_check *check, const struct place *at, const char *id,
                       enum rules_kind kind)
{
    if (id[0] != '\0' && rules_find(check->rules, kind, id) == NULL)
        complain(check->complaints, at, "\"%.60s\" is not in %s", id, rules_name(kind));
}

void doc_want_reference(struct doc_check *check, const struct place *up, const json_t *item,
                        const char *member, enum rules_kind kind, bool required)
{
    const struct place at = {up, member, 0};

    want_known(check, &at,
               want_text(check->complaints, up, item, member, RULES_ID_BYTES_MAX, required), kind);
}

void doc_want_references(struct doc_check *check, const struct place *up, const json_t *item,
                         const char *member, enum rules_kind kind)
{
    const json_t *list = json_object_get(item, member), *name;
    const struct place at = {up, member, 0};
    size_t i;

    if (list != NULL && !json_is_array(list))
        complain(check->complaints, &at, "this is a list of names");
    json_array_foreach(list, i, name)
    {
        const struct place here = {&at, NULL, i};

        if (json_is_string(name))
            want_known(check, &here, json_string_value(name), kind);
        else
            complain(check->complaints, &here, "this is a name");
    }
}

void doc_want_minutes(struct doc_check *check, const struct place *up, const json_t *item,
                      const char *member, bool required)
{
    static const char *const severities[] = {"S1", "S2", "S3", "S4", NULL};
    const json_t *minutes = json_object_get(item, member);
    const struct place at = {up, member, 0};

    if (minutes == NULL && !required)
        return;
    if (!json_is_object(minutes)) {
        complain(check->complaints, &at, "minutes by severity, like {\"S1\":30}");
        return;
    }
    want_only(check->complaints, &at, minutes, severities);
    for (unsigned i = 0; severities[i] != NULL; i++)
        (void)want_number(check->complaints, &at, minutes, severities[i], 1,
                          RULES_TARGET_MINUTES_MAX, required);
}

void doc_want_contact(struct doc_check *check, const struct place *up, const json_t *item)
{
    static const char *const members[] = {"name", "mail", "phone", NULL};
    const json_t *contact = json_object_get(item, "contact");
    const struct place at = {up, "contact", 0};

    if (contact == NULL)
        return;
    if (!json_is_object(contact)) {
        complain(check->complaints, &at, "an object with a name, mail or phone");
        return;
    }
    want_only(check->complaints, &at, contact, members);
    for (unsigned i = 0; members[i] != NULL; i++)
        (void)want_text(check->complaints, &at, contact, members[i], RULES_NAME_BYTES_MAX, false);
}
