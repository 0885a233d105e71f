#include "intake/desk/ticket_family.h"

#include "intake/desk/closing.h"
#include "intake/desk/ticket_change.h"
#include "intake/desk/ticket_close.h"
#include "intake/desk/ticket_impl.h"
#include "intake/ticket/ticket_children.h"

#include <strings.h>

/* --- what they are told ---------------------------------------------------------------------- */

enum { HANS, HANT, EN, JA, LANGS };

/* Shipped words: what whoever ends the parent need not write. */
static const char *const restored[LANGS] = {
    [HANS] = "您反映的问题源于一起影响多位用户的故障，现在业务已恢复。"
             "如仍有异常，请在此回复。",
    [HANT] = "您反映的問題源於一起影響多位使用者的故障，現在服務已恢復。"
             "如仍有異常，請在此回覆。",
    [EN] = "What you reported was part of a fault that affected several customers. Service works "
           "again. If it does not for you, please reply here.",
    [JA] = "お知らせいただいた件は複数のお客様に影響した障害の一部で、現在は復旧しています。"
           "まだ不具合がある場合はここにご返信ください。",
};
static const char *const resolved[LANGS] = {
    [HANS] = "您反映的问题源于一起影响多位用户的故障，现在已经解决。"
             "如仍有异常，请在此回复。",
    [HANT] = "您反映的問題源於一起影響多位使用者的故障，現在已經解決。"
             "如仍有異常，請在此回覆。",
    [EN] = "What you reported was part of a fault that affected several customers. It has been "
           "resolved. If something is still wrong, please reply here.",
    [JA] = "お知らせいただいた件は複数のお客様に影響した障害の一部で、解決しました。"
           "まだ不具合がある場合はここにご返信ください。",
};

static bool begins(const char *tag, const char *with)
{
    return strncasecmp(tag, with, strlen(with)) == 0;
}

static unsigned language_of(const char *tag)
{
    if (begins(tag, "zh-Hant") || begins(tag, "zh-TW") || begins(tag, "zh-HK") ||
        begins(tag, "zh-MO"))
        return HANT;
    return begins(tag, "zh") ? HANS : begins(tag, "ja") ? JA : EN;
}

static bool is_end(const json_t *telling)
{
    return strcmp(json_get_str(telling, "event"), "resolve") == 0;
}

static const char *text_for(const json_t *telling, const json_t *child)
{
    const char *own = json_get_str(telling, "text");
    const unsigned lang = language_of(json_get_str(child, "lang"));

    if (own[0] != '\0')
        return own;
    return is_end(telling) ? resolved[lang] : restored[lang];
}

/* --- ending the parent ----------------------------------------------------------------------- */

static json_t *children_json(const struct ticket_children *children)
{
    json_t *json = json_pack("{s:b}", "with", children->with);
    bool ok = json != NULL;

    if (ok && !bytes_is_blank(children->text))
        json_put(json, "text", json_from_bytes(children->text), &ok);
    if (ok)
        return json;
    json_decref(json);
    return NULL;
}

enum status ticket_step_family(struct app *app, const struct who *who, uint32_t no,
                               struct bytes event, struct bytes reason, bool nothing_to_record,
                               const struct ticket_children *children, struct error *err)
{
    enum ticket_event step = EVENT_RESTORE;
    json_t *json;
    enum status status =
        ticket_check_text("children_text", children->text, TICKET_TEXT_BYTES_MAX, err);

    if (status != AF_OK)
        return status;
    if (!ticket_event_parse(event, &step) || (step != EVENT_RESTORE && step != EVENT_RESOLVE))
        return error_set(err, AF_INVALID, "\"event\": children hear of restore and resolve alone");
    if ((json = children_json(children)) == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a change");
    return ticket_step_with(app, who, no, event, reason, nothing_to_record, json, err);
}

/* --- telling --------------------------------------------------------------------------------- */

struct batch {
    json_t *telling;
    struct relation_key places[TICKET_CHILDREN_BATCH];
    size_t count;
    bool is_last; /* there are no others */
};

static enum status find_children(struct txn *txn, const json_t *ticket, struct batch *batch,
                                 struct error *err)
{
    struct relation_key place = {(uint32_t)json_get_u64(batch->telling, "of"),
                                 (enum relation)json_get_u64(batch->telling, "kind"),
                                 (uint32_t)json_get_u64(batch->telling, "after")};
    enum status status = AF_OK;

    while (batch->count < TICKET_CHILDREN_BATCH &&
           (status = ticket_child_next(txn, ticket, &place, &place, err)) == AF_OK)
        batch->places[batch->count++] = place;
    batch->is_last = status == AF_NOT_FOUND;
    return status == AF_NOT_FOUND ? AF_OK : status;
}

static enum status read_batch(struct app *app, uint32_t no, struct batch *batch, struct error *err)
{
    json_t *ticket = NULL;
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    if ((status = ticket_load(txn, no, &ticket, err)) == AF_OK) {
        batch->telling = json_incref(json_object_get(ticket, "telling"));
        status = batch->telling != NULL
                     ? find_children(txn, ticket, batch, err)
                     : error_set(err, AF_CONFLICT, "there is nothing to tell its children");
    }
    json_decref(ticket);
    txn_abort(txn);
    return status;
}

/* Looked at anew by ticket_change each time somebody was faster: its language and whether it still
 * listens. */
struct word {
    const json_t *telling;
    uint32_t parent;
};

static enum status choose_word(void *context, const struct rules *rules, const json_t *child,
                               int64_t now_ms, json_t *body, json_t **clocks, struct error *err)
{
    const struct word *word = context;
    bool ok = true;

    (void)clocks;
    if (!ticket_child_listens(child, word->parent, json_get_u64(word->telling, "round")))
        return error_set(err, AF_CONFLICT, "it was told already, or is over");
    json_put(body, "text", json_string(text_for(word->telling, child)), &ok);
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    return is_end(word->telling) && json_get_bool(word->telling, "with")
               ? closing_add_window(rules, child, now_ms, body, err)
               : AF_OK;
}

/* So that a child that is resolved with it tells its own children the same. */
static json_t *told_body(const struct word *word, uint32_t child)
{
    const json_t *telling = word->telling, *own = json_object_get(telling, "text");
    json_t *body = json_pack(
        "{s:I,s:I,s:O,s:O,s:O,s:s,s:O,s:{s:O}}", "ticket", (json_int_t)child, "parent",
        (json_int_t)word->parent, "round", json_object_get(telling, "round"), "event",
        json_object_get(telling, "event"), "with", json_object_get(telling, "with"), "reason", "",
        "by", json_object_get(telling, "by"), "children", "with", json_object_get(telling, "with"));
    bool ok = body != NULL;

    if (ok && own != NULL)
        json_put(json_object_get(body, "children"), "text", json_deep_copy(own), &ok);
    if (ok)
        return body;
    json_decref(body);
    return NULL;
}

static enum status tell(struct app *app, const struct who *who, const struct word *word,
                        uint32_t child, struct error *err)
{
    struct word copy = *word;
    const enum ticket_moment moment = !json_get_bool(word->telling, "with") ? MOMENT_STAFF_REPLY
                                      : is_end(word->telling) ? (enum ticket_moment)EVENT_RESOLVE
                                                              : (enum ticket_moment)EVENT_RESTORE;

    return ticket_change(
        app, who, child,
        &(struct ticket_change){
            .kind = "ticket.told", .moment = moment, .decide = choose_word, .context = &copy},
        told_body(word, child), NULL, err);
}

/* Before a crash, or by another process. */
static bool has_heard(struct app *app, const struct word *word, uint32_t child)
{
    struct txn *txn;
    json_t *ticket;
    bool has = false;

    if (store_begin_read(app_store(app), &txn, NULL) != AF_OK)
        return false;
    if (ticket_load(txn, child, &ticket, NULL) == AF_OK) {
        const json_t *heard = json_object_get(ticket, "heard");

        has = json_get_u64(heard, "parent") == word->parent &&
              json_get_u64(heard, "round") == json_get_u64(word->telling, "round");
        json_decref(ticket);
    }
    txn_abort(txn);
    return has;
}

static bool is_refusal(enum status status)
{
    return status == AF_CONFLICT || status == AF_TOO_LARGE || status == AF_NOT_FOUND ||
           status == AF_INVALID;
}

static enum status close_batch(struct app *app, const struct who *who, uint32_t no,
                               const struct batch *batch, uint32_t told, uint32_t missed,
                               struct error *err)
{
    struct relation_key at = {(uint32_t)json_get_u64(batch->telling, "of"),
                              (enum relation)json_get_u64(batch->telling, "kind"),
                              (uint32_t)json_get_u64(batch->telling, "after")};
    struct error why;
    enum status status;

    if (batch->count > 0)
        at = batch->places[batch->count - 1];
    status = ticket_change(
        app, who, no, &(struct ticket_change){.kind = "ticket.children", .moment = MOMENT_NOTE},
        json_pack("{s:I,s:O,s:I,s:i,s:I,s:I,s:I,s:b,s:s,s:s}", "ticket", (json_int_t)no, "round",
                  json_object_get(batch->telling, "round"), "of", (json_int_t)at.ticket, "kind",
                  (int)at.kind, "after", (json_int_t)at.other, "told", (json_int_t)told, "missed",
                  (json_int_t)missed, "done", batch->is_last, "reason", "", "by", who_by(who)),
        NULL, &why);
    /* Another process was faster: what it told, it has counted. */
    return status == AF_OK || status == AF_CONFLICT ? AF_OK
                                                    : error_set(err, status, "%s", why.text);
}

enum status ticket_tell_children(struct app *app, const struct who *who, uint32_t no,
                                 const char *what, const char *key, struct error *err)
{
    struct batch batch = {.count = 0};
    uint32_t told = 0, missed = 0;
    enum status status = read_batch(app, no, &batch, err);
    const struct word word = {batch.telling, no};

    (void)what;
    (void)key; /* the round does what it is for, without keeping an answer for each child */
    for (size_t i = 0; i < batch.count && status == AF_OK; i++) {
        struct error why;

        status = tell(app, who, &word, batch.places[i].other, &why);
        told += status == AF_OK ||
                (status == AF_CONFLICT && has_heard(app, &word, batch.places[i].other));
        if (status == AF_OK)
            continue;
        missed += status != AF_CONFLICT; /* that is: told before, or over */
        status = is_refusal(status) ? AF_OK : error_set(err, status, "%s", why.text);
    }
    if (status == AF_OK)
        status = close_batch(app, who, no, &batch, told, missed, err);
    json_decref(batch.telling);
    return status;
}
