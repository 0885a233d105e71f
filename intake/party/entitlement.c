#include "intake/party/entitlement.h"

#include "intake/clock/zone.h"
#include "intake/party/party_record.h"

#include <stdio.h>

enum { EXACT_SERIAL = 64, IS_CONTRACT = 1 }; /* weights; names have those between */

struct search {
    struct txn *txn;
    const struct rules *rules;
    const char *product, *zone;
    char serial[SERIAL_TEXT_BYTES];
    int64_t at_ms;

    json_t *best; /* covers it; owned */
    unsigned best_weight;
    json_t *past; /* would, on another day; owned */
    unsigned looked;
    bool any;     /* an owner has one at all */
    bool is_over; /* there were more than are looked at */
};

static const char *text_of(const char *text)
{
    return text != NULL ? text : "";
}

/* --- one entitlement ------------------------------------------------------------------------ */

static void keep(json_t **place, json_t *entitlement)
{
    json_decref(*place);
    *place = json_incref(entitlement);
}

/* Of several that are over, the one that was so last is told of; one to come before all. */
static void note_past(struct search *search, json_t *entitlement)
{
    if (search->past == NULL ||
        strcmp(json_get_str(entitlement, "to"), json_get_str(search->past, "to")) > 0)
        keep(&search->past, entitlement);
}

static void note_running(struct search *search, json_t *entitlement, unsigned weight)
{
    const char *serial = json_get_str(entitlement, "serial");

    if (search->serial[0] != '\0' && serial[0] != '\0')
        weight += EXACT_SERIAL;
    if (strcmp(json_get_str(entitlement, "kind"), "contract") == 0)
        weight += IS_CONTRACT;
    if (search->best != NULL &&
        (weight < search->best_weight ||
         (weight == search->best_weight &&
          strcmp(json_get_str(entitlement, "to"), json_get_str(search->best, "to")) <= 0)))
        return;
    keep(&search->best, entitlement);
    search->best_weight = weight;
}

static enum status judge(struct search *search, json_t *entitlement, unsigned weight,
                         struct error *err)
{
    const char *zone = json_get_str(entitlement, "zone");
    const char *serial = json_get_str(entitlement, "serial");
    char day[ZONE_DAY_BYTES];
    enum status status;

    if (serial[0] != '\0' && search->serial[0] != '\0' && strcmp(serial, search->serial) != 0)
        return AF_OK; /* another one's */
    if ((status = zone_day(zone[0] != '\0' ? zone : search->zone, search->at_ms, day, err)) !=
        AF_OK)
        return status;
    if (strcmp(json_get_str(entitlement, "from"), day) <= 0 &&
        strcmp(day, json_get_str(entitlement, "to")) <= 0)
        note_running(search, entitlement, weight);
    else
        note_past(search, entitlement);
    return AF_OK;
}

/* --- those of one owner ---------------------------------------------------------------------- */

/* The id after the last 0 of a key. */
static bool id_of(struct bytes key, char id[PARTY_ID_BYTES])
{
    size_t at = key.len;

    while (at > 0 && key.data[at - 1] != 0)
        at--;
    if (!party_is_id(bytes_of(key.data + at, key.len - at)))
        return false;
    memcpy(id, key.data + at, key.len - at);
    id[key.len - at] = '\0';
    return true;
}

static enum status look_at(struct search *search, struct bytes key, unsigned weight,
                           struct error *err)
{
    char id[PARTY_ID_BYTES];
    json_t *entitlement;
    enum status status;

    if (!id_of(key, id))
        return error_set(err, AF_CORRUPT, "damaged: table entitlement_of: not an entitlement");
    if ((status = party_load(search->txn, PARTY_ENTITLEMENT, id, &entitlement, err)) != AF_OK)
        return status;
    status = judge(search, entitlement, weight, err);
    json_decref(entitlement);
    return status;
}

/* Every row whose key begins so; `weight` NULL: only whether there is one. */
static enum status walk(struct search *search, const struct party_key *prefix,
                        const unsigned *weight, struct error *err)
{
    struct bytes key, body;
    struct cursor *cursor;
    enum status status = cursor_open(search->txn, TABLE_ENTITLEMENT_OF, party_key_bytes(prefix),
                                     WALK_UP, &cursor, err);

    if (status != AF_OK)
        return status;
    while ((status = cursor_next(cursor, &key, &body, err)) == AF_OK &&
           bytes_has_prefix(key, party_key_bytes(prefix))) {
        search->any = true;
        search->is_over = weight != NULL && search->looked == ENTITLEMENT_LOOKED_MAX;
        if (weight == NULL || search->is_over)
            break;
        search->looked++;
        if ((status = look_at(search, key, *weight, err)) != AF_OK)
            break;
    }
    cursor_close(cursor);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

/* The serial number's, and those for any; or, when none was said, all of the name. */
static enum status walk_name(struct search *search, const struct party_key *owner, const char *name,
                             unsigned weight, struct error *err)
{
    struct party_key key = *owner;
    enum status status;

    party_key_add(&key, name);
    party_key_add(&key, "");
    if (search->serial[0] != '\0') {
        struct party_key exact = *owner;

        party_key_add(&exact, name);
        party_key_add(&exact, search->serial);
        party_key_add(&exact, "");
        if ((status = walk(search, &exact, &weight, err)) != AF_OK)
            return status;
        party_key_add(&key, "");
    }
    return walk(search, &key, &weight, err);
}

static bool has_box(const json_t *solution, const char *product)
{
    const json_t *box;
    size_t i;

    json_array_foreach(json_object_get(solution, "boxes"), i, box)
    {
        if (json_is_string(box) && strcmp(json_string_value(box), product) == 0)
            return true;
    }
    return false;
}

/* By every name that stands for the product: itself, its solutions, its line, all. */
static enum status walk_names(struct search *search, const struct party_key *owner,
                              struct error *err)
{
    const json_t *products = json_object_get(search->rules->docs[RULES_PRODUCTS], "products"),
                 *item;
    const char *line =
        json_get_str(rules_find(search->rules, RULES_PRODUCTS, search->product), "line");
    enum status status = walk_name(search, owner, search->product, 32, err);
    size_t i;

    json_array_foreach(products, i, item)
    {
        if (status == AF_OK && has_box(item, search->product))
            status = walk_name(search, owner, json_get_str(item, "id"), 16, err);
    }
    if (status == AF_OK && line[0] != '\0' && strcmp(line, search->product) != 0)
        status = walk_name(search, owner, line, 8, err);
    return status == AF_OK ? walk_name(search, owner, "", 4, err) : status;
}

static enum status walk_owner(struct search *search, enum party_kind kind, const char *id,
                              struct error *err)
{
    const unsigned weight = 2;
    struct party_key owner, all;
    enum status status;

    if (id[0] == '\0')
        return AF_OK;
    party_key_begin(&owner, kind, id);
    all = owner;
    party_key_add(&all, "");
    if (search->product[0] != '\0') {
        status = walk_names(search, &owner, err);
        return status == AF_OK && !search->any ? walk(search, &all, NULL, err) : status;
    }
    return walk(search, &all, &weight, err);
}

/* --- the verdict ------------------------------------------------------------------------------ */

static const char *known_level(const struct rules *rules, const char *level)
{
    return level[0] != '\0' && rules_find(rules, RULES_LEVELS, level) != NULL ? level : NULL;
}

static const char *level_of(const struct search *search, const json_t *account, const char *result)
{
    const json_t *parties = search->rules->docs[RULES_PARTIES];
    const char *level = NULL;

    if (strcmp(result, "none") == 0)
        level = known_level(search->rules, json_get_str(parties, "none_level"));
    else if ((level = known_level(search->rules, json_get_str(search->best, "level"))) == NULL)
        level = known_level(search->rules, json_get_str(account, "level"));
    if (level == NULL && strcmp(result, "no_data") == 0)
        level = known_level(search->rules, json_get_str(parties, "no_data_level"));
    return level != NULL ? level : json_get_str(search->rules->docs[RULES_LEVELS], "default");
}

static void add_named(struct buf *why, const json_t *entitlement)
{
    buf_printf(why, "%s %.64s", json_get_str(entitlement, "kind"), json_get_str(entitlement, "id"));
}

static void say_covers(struct buf *why, const struct search *search)
{
    const char *product = json_get_str(search->best, "product");
    const char *serial = json_get_str(search->best, "serial");

    add_named(why, search->best);
    buf_printf(why, " covers %.128s", product[0] != '\0' ? product : "every product");
    if (serial[0] != '\0')
        buf_printf(why, ", serial number %.64s", serial);
    buf_printf(why, ", until %.10s", json_get_str(search->best, "to"));
    if (serial[0] != '\0' && search->serial[0] == '\0')
        buf_add_str(why, "; which one it is about was not said");
}

static void say_past(struct buf *why, const struct search *search)
{
    char day[ZONE_DAY_BYTES] = "";
    const char *zone = json_get_str(search->past, "zone");
    const char *from = json_get_str(search->past, "from");

    if (zone_day(zone[0] != '\0' ? zone : search->zone, search->at_ms, day, NULL) != AF_OK)
        day[0] = '\0';
    add_named(why, search->past);
    if (strcmp(from, day) > 0)
        buf_printf(why, " begins on %.10s", from);
    else
        buf_printf(why, " ended on %.10s", json_get_str(search->past, "to"));
}

static const char *say_verdict(const struct search *search, bool is_somebody, struct buf *why)
{
    if (search->best != NULL) {
        say_covers(why, search);
        return "standard";
    }
    if (search->is_over) {
        buf_printf(why, "more than %d contracts and warranties: name the serial number",
                   ENTITLEMENT_LOOKED_MAX);
        return "no_data";
    }
    if (search->past != NULL) {
        say_past(why, search);
        return "none";
    }
    if (search->any) {
        buf_printf(why, "no contract or warranty covers %.128s%s%s",
                   search->product[0] != '\0' ? search->product : "it",
                   search->serial[0] != '\0' ? ", serial number " : "", search->serial);
        return "none";
    }
    buf_add_str(why, is_somebody ? "no contract or warranty is known" : "not a known customer");
    return "no_data";
}

static enum status verdict_of(const struct search *search, const json_t *account, bool is_somebody,
                              json_t **out, struct error *err)
{
    struct buf why = {0};
    const char *result = say_verdict(search, is_somebody, &why);
    json_t *json = json_pack("{s:s,s:s,s:s}", "result", result, "why", buf_str(&why), "level",
                             level_of(search, account, result));
    const json_t *by = search->best != NULL          ? search->best
                       : strcmp(result, "none") == 0 ? search->past
                                                     : NULL;
    bool ok = json != NULL && buf_ok(&why);

    if (ok && by != NULL) {
        json_put(json, "by", json_string(json_get_str(by, "id")), &ok);
        json_put(json, "kind", json_string(json_get_str(by, "kind")), &ok);
        json_put(json, "until", json_string(json_get_str(by, "to")), &ok);
    }
    buf_release(&why);
    if (ok)
        *out = json;
    else
        json_decref(json);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for an entitlement");
}

static enum status walk_contact(struct search *search, const json_t *contact, struct error *err)
{
    const json_t *merged;
    enum status status = walk_owner(search, PARTY_CONTACT, json_get_str(contact, "id"), err);
    size_t i;

    json_array_foreach(json_object_get(contact, "merged"), i, merged)
    {
        if (status == AF_OK)
            status = walk_owner(search, PARTY_CONTACT, text_of(json_string_value(merged)), err);
    }
    return status;
}

enum status entitlement_check(struct txn *txn, const struct rules *rules,
                              const struct entitlement_question *question, json_t **verdict,
                              struct error *err)
{
    const char *contact_id = text_of(question->contact), *account_id = text_of(question->account);
    struct search search = {.txn = txn,
                            .rules = rules,
                            .product = text_of(question->product),
                            .at_ms = question->at_ms};
    json_t *contact = NULL, *account = NULL;
    enum status status = AF_OK;

    if (text_of(question->serial)[0] != '\0')
        status = serial_normalise(bytes_str(question->serial), search.serial, err);
    if (status == AF_OK && contact_id[0] != '\0')
        status = party_load(txn, PARTY_CONTACT, contact_id, &contact, err);
    if (status == AF_OK && account_id[0] == '\0')
        account_id = json_get_str(contact, "account");
    if (status == AF_OK && account_id[0] != '\0')
        status = party_load(txn, PARTY_ACCOUNT, account_id, &account, err);
    search.zone = json_get_str(account, "zone");
    if (search.zone[0] == '\0')
        search.zone = json_get_str(rules->docs[RULES_PARTIES], "zone");
    if (status == AF_OK && contact != NULL)
        status = walk_contact(&search, contact, err);
    if (status == AF_OK)
        status = walk_owner(&search, PARTY_ACCOUNT, account_id, err);
    if (status == AF_OK)
        status = verdict_of(&search, account, contact != NULL || account != NULL, verdict, err);
    json_decref(search.best);
    json_decref(search.past);
    json_decref(contact);
    json_decref(account);
    return status;
}

bool entitlement_is_none(const json_t *entitlement)
{
    return strcmp(json_get_str(entitlement, "result"), "none") == 0;
}
