#include "intake/desk/ticket_draft_case.h"

#include "data/article.h"
#include "data/base/limits.h"
#include "intake/desk/contact_mask.h"
#include "intake/desk/ticket_impl.h"
#include "intake/form/field_kind.h"
#include "intake/form/field_text.h"
#include "intake/party/party_record.h"
#include "intake/rules/names.h"
#include "intake/rules/rules.h"
#include "search/query/excerpt.h"

#include <stdio.h>
#include <strings.h>

struct drafting {
    const json_t *ticket;
    struct bytes lang;
    json_t *mask;
    const char *until; /* what was written later is left out; NULL: nothing */
    json_t *draft;
    bool ok; /* there was memory */
};

/* A text that people wrote; nothing when there is none. */
static void put_text(struct drafting *d, const char *member, struct bytes text)
{
    struct buf masked = {0};

    contact_mask_add(d->mask, text, &masked);
    if (!bytes_is_blank(buf_bytes(&masked)))
        json_put(d->draft, member, json_from_bytes(buf_bytes(&masked)), &d->ok);
    d->ok = d->ok && buf_ok(&masked);
    buf_release(&masked);
}

static void put_known(struct drafting *d, const char *member, const char *text)
{
    if (text[0] != '\0')
        json_put(d->draft, member, json_string(text), &d->ok);
}

/* --- the thread ---------------------------------------------------------------------------- */

static void add_paragraph(struct buf *out, const char *text)
{
    if (bytes_is_blank(bytes_str(text)))
        return;
    if (out->len > 0)
        buf_add_str(out, "\n\n");
    buf_add_str(out, text);
}

static const char *resolved_at(const json_t *ticket)
{
    const json_t *item;
    const char *at = NULL;
    size_t i;

    json_array_foreach(json_object_get(ticket, "history"), i, item)
    {
        if (strcmp(json_get_str(item, "event"), "resolve") == 0)
            at = json_get_str(item, "at");
    }
    return at;
}

/* RFC 3339 in UTC with milliseconds: their order is the bytes'. */
static bool is_read(const struct drafting *d, const json_t *post)
{
    return !json_get_bool(post, "internal") &&
           (d->until == NULL || strcmp(json_get_str(post, "at"), d->until) <= 0);
}

static bool is_staffs(const json_t *post)
{
    return strcmp(json_get_str(post, "from"), "staff") == 0;
}

static void put_symptom(struct drafting *d)
{
    struct buf text = {0};
    const json_t *post;
    size_t i;

    add_paragraph(&text, json_get_str(d->ticket, "text"));
    json_array_foreach(json_object_get(d->ticket, "posts"), i, post)
    {
        if (is_read(d, post) && !is_staffs(post))
            add_paragraph(&text, json_get_str(post, "text"));
    }
    put_text(d, "symptom", buf_bytes(&text));
    d->ok = d->ok && buf_ok(&text);
    buf_release(&text);
}

static void put_resolution(struct drafting *d)
{
    struct buf text = {0};
    const json_t *post;
    bool is_answered = false;
    size_t i;

    json_array_foreach(json_object_get(d->ticket, "posts"), i, post)
    {
        if (!is_read(d, post))
            continue;
        if (is_staffs(post) && !is_answered)
            buf_clear(&text);
        is_answered = is_staffs(post);
        if (is_answered)
            add_paragraph(&text, json_get_str(post, "text"));
    }
    put_text(d, "resolution", buf_bytes(&text));
    d->ok = d->ok && buf_ok(&text);
    buf_release(&text);
}

static void put_cause(struct drafting *d)
{
    const json_t *emergency = json_object_get(d->ticket, "emergency"), *notice;
    const char *text = "";
    size_t i;

    json_array_foreach(json_object_get(emergency, "notices"), i, notice)
    {
        if (strcmp(json_get_str(notice, "stage"), "root_cause") == 0)
            text = json_get_str(notice, "text");
    }
    put_text(d, "cause", bytes_str(text));
}

/* --- the form ------------------------------------------------------------------------------ */

static bool is_environment(const json_t *ticket, const json_t *field)
{
    enum field_kind kind;

    if (!field_kind_parse(bytes_str(json_get_str(field, "kind")), &kind))
        return false;
    switch (kind) {
    case FIELD_CHOICE:
    case FIELD_CHOICES:
    case FIELD_NUMBER:
    case FIELD_VERSION:
    case FIELD_YES_NO:
        return true;
    case FIELD_LINE:
    case FIELD_TEXT: /* of others they are order numbers, and where to deliver */
        return strcmp(json_get_str(ticket, "class"), "technical") == 0;
    default:
        return false;
    }
}

static void add_field(struct drafting *d, const json_t *field, json_t *list)
{
    const json_t *values = json_object_get(d->ticket, "fields");
    const json_t *value = json_object_get(values, json_get_str(field, "id"));
    struct buf text = {0}, masked = {0};

    if (value == NULL || !is_environment(d->ticket, field))
        return;
    buf_printf(&text, "%s: ", rules_name_in(json_object_get(field, "label"), d->lang));
    field_text_add(field, value, d->lang, &text);
    contact_mask_add(d->mask, buf_bytes(&text), &masked);
    d->ok = d->ok && buf_ok(&text) && buf_ok(&masked) &&
            json_array_append_new(list, json_from_bytes(buf_bytes(&masked))) == 0;
    buf_release(&text);
    buf_release(&masked);
}

static void put_environment(struct drafting *d)
{
    const json_t *form = json_object_get(d->ticket, "form"), *field;
    json_t *list = json_array();
    size_t i;

    json_array_foreach(json_object_get(form, "fields"), i, field)
    {
        add_field(d, field, list);
    }
    if (json_array_size(list) > 0)
        json_put(d->draft, "environment", json_incref(list), &d->ok);
    json_decref(list);
}

/* --- what it is about ---------------------------------------------------------------------- */

static void add_type(struct drafting *d, const struct rules *rules, const char *id, json_t *list)
{
    const json_t *type = rules_find(rules, RULES_TYPES, id);
    const char *name = rules_name_in(json_object_get(type, "name"), d->lang);

    if (id[0] != '\0' && json_array_append_new(list, json_string(name[0] != '\0' ? name : id)) != 0)
        d->ok = false;
}

static void put_category(struct drafting *d, const struct rules *rules)
{
    const char *id = json_get_str(d->ticket, "type");
    json_t *list = json_array();

    add_type(d, rules, json_get_str(rules_find(rules, RULES_TYPES, id), "parent"), list);
    add_type(d, rules, id, list);
    if (json_array_size(list) > 0)
        json_put(d->draft, "category", json_incref(list), &d->ok);
    json_decref(list);
}

static bool says(const char *text, struct bytes code)
{
    for (; strlen(text) >= code.len; text++)
        if (strncasecmp(text, (const char *)code.data, code.len) == 0)
            return true;
    return false;
}

static bool has_code(const json_t *codes, struct bytes code)
{
    const json_t *item;
    size_t i;

    json_array_foreach(codes, i, item)
    {
        if (json_string_length(item) == code.len && says(json_string_value(item), code))
            return true;
    }
    return false;
}

static void add_codes(struct drafting *d, struct bytes text, json_t *codes)
{
    for (size_t at = 0; at < text.len && json_array_size(codes) < DRAFT_CODES_MAX; at++) {
        size_t end = excerpt_fault_end(text, at);
        struct bytes code = bytes_of(text.data + at, end - at);

        if (end == at)
            continue;
        if (!has_code(codes, code) && !says(json_get_str(d->ticket, "product"), code) &&
            json_array_append_new(codes, json_from_bytes(code)) != 0)
            d->ok = false;
        at = end - 1;
    }
}

/* After the texts: contacts' data are out of them by now. */
static void put_codes(struct drafting *d)
{
    static const char *const members[] = {"title", "symptom", "cause", "resolution"};
    json_t *codes = json_array();
    const json_t *line;
    size_t i;

    for (i = 0; i < sizeof members / sizeof *members; i++)
        add_codes(d, bytes_str(json_get_str(d->draft, members[i])), codes);
    json_array_foreach(json_object_get(d->draft, "environment"), i, line)
    {
        add_codes(d, bytes_str(json_string_value(line)), codes);
    }
    if (json_array_size(codes) > 0)
        json_put(d->draft, "error_code", json_incref(codes), &d->ok);
    json_decref(codes);
}

/* --- all of it ----------------------------------------------------------------------------- */

/* A party that is not there (any more) has nothing to mask. */
static enum status load_party(struct txn *txn, enum party_kind kind, const char *id, json_t **out,
                              struct error *err)
{
    enum status status;

    *out = NULL;
    if (id[0] == '\0')
        return AF_OK;
    status = party_load(txn, kind, id, out, err);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

static enum status make_mask(struct txn *txn, struct drafting *d, struct error *err)
{
    json_t *party = NULL, *account = NULL;
    enum status status =
        load_party(txn, PARTY_CONTACT, json_get_str(d->ticket, "party"), &party, err);

    if (status == AF_OK)
        status = load_party(txn, PARTY_ACCOUNT, json_get_str(d->ticket, "account"), &account, err);
    if (status == AF_OK) {
        d->mask = contact_mask_new(json_object_get(d->ticket, "contact"), party, account);
        d->ok = d->ok && d->mask != NULL;
    }
    json_decref(party);
    json_decref(account);
    return status;
}

static void fill_in(struct drafting *d, const struct who *who, const struct rules *rules)
{
    char source[16 + TICKET_NAME_BYTES];

    put_text(d, "title", bytes_str(json_get_str(d->ticket, "title")));
    put_known(d, "lang", json_get_str(d->ticket, "lang"));
    put_known(d, "product", json_get_str(d->ticket, "product"));
    put_category(d, rules);
    put_environment(d);
    put_symptom(d);
    put_cause(d);
    put_resolution(d);
    put_codes(d);
    (void)snprintf(source, sizeof source, "ticket:%s", json_get_str(d->ticket, "ticket"));
    put_known(d, "source", source);
    put_known(d, "state", "wip");
    put_known(d, "audience", "internal");
    put_known(d, "author", who->name);
}

static enum status draft_in(struct app *app, struct txn *txn, const struct who *who,
                            struct drafting *d, struct error *err)
{
    struct rules rules = {0};
    enum status status = make_mask(txn, d, err);

    if (status == AF_OK && (status = rules_load_in(app, txn, &rules, err)) == AF_OK && d->ok)
        fill_in(d, who, &rules);
    rules_release(&rules);
    if (status == AF_OK && !d->ok)
        status = error_set(err, AF_NO_MEMORY, "no memory for the draft of a case");
    return status == AF_OK ? article_validate(d->draft, err) : status;
}

enum status ticket_draft_case(struct app *app, const struct who *who, uint32_t no, json_t **out,
                              struct error *err)
{
    struct drafting d = {.draft = json_object(), .ok = true};
    json_t *ticket = NULL;
    struct txn *txn = NULL;
    enum status status = ticket_require_staff(who, err);

    if (status == AF_OK)
        status = ticket_get(app, who, no, &ticket, err);
    if (status == AF_OK && (status = store_begin_read(app_store(app), &txn, err)) == AF_OK) {
        d.ticket = ticket;
        d.lang = bytes_str(json_get_str(ticket, "lang"));
        d.until = resolved_at(ticket);
        d.ok = d.draft != NULL;
        status = draft_in(app, txn, who, &d, err);
    }
    txn_abort(txn);
    json_decref(ticket);
    json_decref(d.mask);
    if (status == AF_OK)
        *out = d.draft;
    else
        json_decref(d.draft);
    return status;
}
