#include "intake/desk/handoff.h"

#include "data/base/clock.h"
#include "data/base/hash.h"
#include "intake/desk/outside_impl.h"
#include "intake/desk/ticket_change.h"
#include "intake/desk/ticket_impl.h"
#include "intake/ticket/ticket_handoffs.h"

#include <stdio.h>

/* --- what is decided from the rules ----------------------------------------------------------- */

static const char *only_kind(const json_t *kinds)
{
    return json_array_size(kinds) == 1 ? json_string_value(json_array_get(kinds, 0)) : "";
}

static enum status check_kind(const json_t *target, const char *kind, struct error *err)
{
    const json_t *kinds = json_object_get(target, "kinds"), *it;
    struct buf words = {0};
    enum status status;
    size_t i;

    json_array_foreach(kinds, i, it)
    {
        if (strcmp(json_string_value(it), kind) == 0) {
            buf_release(&words);
            return AF_OK;
        }
        buf_printf(&words, "%s%s", i > 0 ? ", " : "", json_string_value(it));
    }
    status = error_set(err, AF_INVALID, "\"kind\": %.60s takes %.*s", json_get_str(target, "id"),
                       (int)words.len, words.data != NULL ? (const char *)words.data : "");
    buf_release(&words);
    return status;
}

static enum status find_target(const struct rules *rules, const char *id, const json_t **target,
                               struct error *err)
{
    *target = rules_find(rules, RULES_HANDOFFS, id);
    if (*target != NULL)
        return AF_OK;
    return error_set(err, AF_INVALID, "\"target\" %.60s is none of the rules' handoffs", id);
}

struct sending {
    const char *target, *kind; /* "": as it was, or the only one */
    uint32_t no;               /* sent again; 0: a new one */
};

/* To whom, what for, and until when. */
static enum status decide_send(void *context, const struct rules *rules, const json_t *ticket,
                               int64_t now_ms, json_t *body, json_t **clocks, struct error *err)
{
    const struct sending *sending = context;
    const json_t *old = ticket_handoff(ticket, sending->no), *target;
    const char *id = sending->target[0] != '\0' ? sending->target : json_get_str(old, "target");
    const char *kind = sending->kind[0] != '\0' ? sending->kind : json_get_str(old, "kind");
    int64_t due_ms;
    bool ok = true;
    enum status status = find_target(rules, id, &target, err);

    (void)clocks;
    if (status != AF_OK)
        return status;
    if (kind[0] == '\0')
        kind = only_kind(json_object_get(target, "kinds"));
    if ((status = check_kind(target, kind, err)) != AF_OK ||
        (status = outside_due(rules, target, "due", ticket, now_ms, &due_ms, err)) != AF_OK)
        return status;
    json_put(body, "target", json_string(id), &ok);
    json_put(body, "side", json_string(json_get_str(target, "side")), &ok);
    json_put(body, "kind", json_string(kind), &ok);
    json_put(body, "due", json_from_time(due_ms), &ok);
    if (sending->no == 0 && json_get_str(body, "title")[0] == '\0')
        json_put(body, "title", json_string(json_get_str(ticket, "title")), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a handoff");
}

/* --- the link --------------------------------------------------------------------------------- */

/* Derived from the command's id with the store's secret: a repeat is given the same link, and the
 * journal has only its hash. */
static void make_link(struct app *app, const char *command_id, char link[40],
                      char hash_hex[DIGEST_HEX_BYTES])
{
    char text[IDEMPOTENCY_KEY_BYTES_MAX + 16], hex[DIGEST_HEX_BYTES];
    struct digest digest;

    (void)snprintf(text, sizeof text, "handoff:%.*s", IDEMPOTENCY_KEY_BYTES_MAX, command_id);
    digest = digest_keyed(store_secret(app_store(app)), bytes_str(text));
    digest_hex(&digest, hex);
    (void)snprintf(link, 40, "%.32s", hex);
    digest = digest_plain(bytes_str(link));
    digest_hex(&digest, hash_hex);
}

/* --- sending and stepping ------------------------------------------------------------------- */

static enum status take_no(json_t *result, struct handoff_done *out)
{
    out->no = (uint32_t)json_get_u64(result, "handoff");
    json_decref(result);
    return AF_OK;
}

enum status handoff_send(struct app *app, const struct who *who, uint32_t ticket_no,
                         const struct handoff_input *input, struct handoff_done *out,
                         struct error *err)
{
    const struct bytes parts[] = {bytes_of(&ticket_no, sizeof ticket_no),
                                  input->target,
                                  input->kind,
                                  input->title,
                                  input->text,
                                  input->ref};
    char hash[DIGEST_HEX_BYTES], id[ID_HEX_BYTES], target[RULES_ID_BYTES_MAX + 1], kind[32];
    struct sending sending = {.target = target, .kind = kind};
    json_t *body, *result = NULL;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK ||
        (status = outside_word("target", input->target, target, sizeof target, err)) != AF_OK ||
        (status = outside_word("kind", input->kind, kind, sizeof kind, err)) != AF_OK ||
        (status = ticket_check_text("title", input->title, TICKET_TITLE_BYTES_MAX, err)) != AF_OK ||
        (status = ticket_check_text("text", input->text, HANDOFF_TEXT_BYTES_MAX, err)) != AF_OK ||
        (status = ticket_check_text("ref", input->ref, HANDOFF_REF_BYTES_MAX, err)) != AF_OK)
        return status;
    id_random(id);
    make_link(app, input->key != NULL ? input->key : id, out->link, hash);
    body = json_pack("{s:I,s:o,s:o,s:o,s:s,s:s}", "ticket", (json_int_t)ticket_no, "title",
                     json_from_bytes(input->title), "text", json_from_bytes(input->text), "ref",
                     json_from_bytes(input->ref), "key", hash, "by", who_by(who));
    status = ticket_change(
        app, who, ticket_no,
        &(struct ticket_change){.kind = "handoff.send",
                                .key = input->key,
                                .print = checksum64(4, parts, sizeof parts / sizeof parts[0]),
                                .moment = MOMENT_NOTE,
                                .decide = decide_send,
                                .context = &sending},
        body, &result, err);
    return status == AF_OK ? take_no(result, out) : status;
}

static enum status check_step(const struct handoff_step *step, enum handoff_event *event,
                              struct error *err)
{
    enum status status;

    if ((status = ticket_check_text("event", step->event, 32, err)) != AF_OK ||
        (status = ticket_check_text("reason", step->reason, TICKET_TITLE_BYTES_MAX, err)) !=
            AF_OK ||
        (status = ticket_check_text("text", step->text, HANDOFF_TEXT_BYTES_MAX, err)) != AF_OK ||
        (status = ticket_check_text("ref", step->ref, HANDOFF_REF_BYTES_MAX, err)) != AF_OK)
        return status;
    if (handoff_event_parse(step->event, event) && *event != HANDOFF_OVERDUE)
        return AF_OK;
    return error_set(err, AF_INVALID, "\"event\" %.*s is not a step of a handoff",
                     (int)step->event.len,
                     step->event.len > 0 ? (const char *)step->event.data : "");
}

/* `link_hash`: of the link by which it is done, or "". */
static enum status propose_step(struct app *app, const struct who *who, uint32_t ticket_no,
                                uint32_t no, const struct handoff_step *step, const char *link_hash,
                                struct handoff_done *out, struct error *err)
{
    const struct bytes parts[] = {bytes_of(&ticket_no, sizeof ticket_no),
                                  bytes_of(&no, sizeof no),
                                  step->event,
                                  step->reason,
                                  step->text,
                                  step->ref,
                                  step->target,
                                  step->kind};
    const bool is_send = bytes_equal(step->event, BYTES_LIT("send"));
    char hash[DIGEST_HEX_BYTES], id[ID_HEX_BYTES], target[RULES_ID_BYTES_MAX + 1], kind[32];
    struct sending sending = {.target = target, .kind = kind, .no = no};
    json_t *body, *result = NULL;
    bool ok = true;
    enum status status = outside_word("target", step->target, target, sizeof target, err);

    if (status != AF_OK ||
        (status = outside_word("kind", step->kind, kind, sizeof kind, err)) != AF_OK)
        return status;
    body = json_pack("{s:I,s:I,s:o,s:o,s:o,s:o,s:s}", "ticket", (json_int_t)ticket_no, "handoff",
                     (json_int_t)no, "event", json_from_bytes(step->event), "reason",
                     json_from_bytes(step->reason), "text", json_from_bytes(step->text), "ref",
                     json_from_bytes(step->ref), "by", who_by(who));
    out->link[0] = '\0';
    if (is_send) {
        id_random(id);
        make_link(app, step->key != NULL ? step->key : id, out->link, hash);
        json_put(body, "key", json_string(hash), &ok);
    }
    if (link_hash[0] != '\0')
        json_put(body, "link", json_string(link_hash), &ok);
    if (!ok) {
        json_decref(body);
        return error_set(err, AF_NO_MEMORY, "no memory for a handoff");
    }
    status = ticket_change(
        app, who, ticket_no,
        &(struct ticket_change){.kind = "handoff.step",
                                .key = step->key,
                                .print = checksum64(5, parts, sizeof parts / sizeof parts[0]),
                                .moment = MOMENT_NOTE,
                                .decide = is_send ? decide_send : NULL,
                                .context = &sending},
        body, &result, err);
    return status == AF_OK ? take_no(result, out) : status;
}

enum status handoff_step(struct app *app, const struct who *who, uint32_t ticket_no, uint32_t no,
                         const struct handoff_step *step, struct handoff_done *out,
                         struct error *err)
{
    enum handoff_event event;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK || (status = check_step(step, &event, err)) != AF_OK)
        return status;
    return propose_step(app, who, ticket_no, no, step, "", out, err);
}

/* --- by link -------------------------------------------------------------------------------- */

struct linked {
    uint32_t ticket_no, no;
    json_t *ticket; /* owned */
    const json_t *handoff;
    int64_t expires_ms;
    char hash[DIGEST_HEX_BYTES];
};

static enum status find_linked(struct app *app, struct bytes key, struct linked *out,
                               struct error *err)
{
    const struct digest hash = digest_plain(key);
    int64_t due_ms;
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    digest_hex(&hash, out->hash);
    if ((status = handoff_by_key(txn, &hash, &out->ticket_no, &out->no, err)) == AF_OK)
        status = ticket_load(txn, out->ticket_no, &out->ticket, err);
    txn_abort(txn);
    if (status != AF_OK)
        return status;
    out->handoff = ticket_handoff(out->ticket, out->no);
    if (!clock_parse(bytes_str(json_get_str(out->handoff, "due")), &due_ms))
        due_ms = 0;
    out->expires_ms = due_ms + HANDOFF_LINK_DAYS * INT64_C(86400000);
    if (clock_now_ms() < out->expires_ms)
        return AF_OK;
    json_decref(out->ticket);
    return error_set(err, AF_NOT_FOUND, "this link has expired");
}

enum status handoff_by_link(struct app *app, struct bytes key, json_t **out, struct error *err)
{
    static const char *const shown[] = {"target", "kind", "title", "text",  "ref",
                                        "state",  "at",   "due",   "reply", NULL};
    struct linked linked;
    bool ok = true;
    json_t *json;
    enum status status = find_linked(app, key, &linked, err);

    if (status != AF_OK)
        return status;
    json = json_pack(
        "{s:O,s:I,s:O,s:O,s:o}", "ticket", json_object_get(linked.ticket, "ticket"), "handoff",
        (json_int_t)linked.no, "severity", json_object_get(linked.ticket, "severity"), "product",
        json_object_get(linked.ticket, "product"), "expires", json_from_time(linked.expires_ms));
    for (size_t i = 0; json != NULL && shown[i] != NULL; i++)
        if (json_object_get(linked.handoff, shown[i]) != NULL)
            json_put(json, shown[i], json_incref(json_object_get(linked.handoff, shown[i])), &ok);
    json_decref(linked.ticket);
    if (json != NULL && ok) {
        *out = json;
        return AF_OK;
    }
    json_decref(json);
    return error_set(err, AF_NO_MEMORY, "no memory for a handoff");
}

enum status handoff_step_by_link(struct app *app, struct bytes key, const struct handoff_step *step,
                                 struct error *err)
{
    enum handoff_event event;
    struct handoff_done done;
    struct linked linked;
    struct who who;
    enum status status = check_step(step, &event, err);

    if (status != AF_OK)
        return status;
    if (!handoff_event_is_targets(event))
        return error_set(err, AF_DENIED, "only accept, decline and answer are done by this link");
    if ((status = find_linked(app, key, &linked, err)) != AF_OK)
        return status;
    who = who_outside(json_get_str(linked.handoff, "target"));
    json_decref(linked.ticket);
    return propose_step(app, &who, linked.ticket_no, linked.no, step, linked.hash, &done, err);
}

/* --- when its time has come ----------------------------------------------------------------- */

static enum status decide_tell(void *context, const struct rules *rules, const json_t *ticket,
                               int64_t now_ms, json_t *body, json_t **clocks, struct error *err)
{
    const json_t *handoff = ticket_handoff(ticket, *(const uint32_t *)context);

    (void)now_ms;
    (void)clocks;
    return outside_tell(rules_find(rules, RULES_HANDOFFS, json_get_str(handoff, "target")), ticket,
                        body, err);
}

enum status handoff_overdue(struct app *app, const struct who *who, uint32_t ticket_no,
                            const char *what, const char *key, struct error *err)
{
    uint32_t no = outside_timer_no(what);

    return ticket_change(app, who, ticket_no,
                         &(struct ticket_change){.kind = "handoff.step",
                                                 .key = key,
                                                 .moment = MOMENT_NOTE,
                                                 .decide = decide_tell,
                                                 .context = &no},
                         json_pack("{s:I,s:I,s:s,s:s}", "ticket", (json_int_t)ticket_no, "handoff",
                                   (json_int_t)no, "event", "overdue", "by", who_by(who)),
                         NULL, err);
}
