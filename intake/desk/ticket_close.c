#include "intake/desk/ticket_close.h"

#include "data/base/clock.h"
#include "data/base/hash.h"
#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "intake/desk/closing.h"
#include "intake/desk/ticket_assign.h"
#include "intake/desk/ticket_change.h"
#include "intake/desk/ticket_impl.h"
#include "intake/desk/ticket_party.h"
#include "intake/ticket/ticket_end.h"
#include "intake/ticket/ticket_merge.h"

#include <stdio.h>

/* --- steps --------------------------------------------------------------------------------- */

struct stepping {
    struct app *app;
    const struct who *who;
    enum ticket_event event;
};

static enum status check_early(const struct rules *rules, const json_t *ticket, struct error *err)
{
    if (closing_may_be_early(rules) || json_object_get(ticket, "confirmed") != NULL ||
        json_object_get(ticket, "held") != NULL)
        return AF_OK;
    return error_set(err, AF_CONFLICT,
                     "it closes when the customer confirms, or when his time to say no has passed");
}

static enum status decide_step(void *context, const struct rules *rules, const json_t *ticket,
                               int64_t now_ms, json_t *body, json_t **clocks, struct error *err)
{
    const struct stepping *stepping = context;
    enum status status;

    /* Who begins with it has it. */
    if (stepping->event == EVENT_TAKE || stepping->event == EVENT_START)
        return ticket_take_decide(stepping->who, rules, ticket, body, err);
    (void)clocks;
    if (stepping->event == EVENT_RESOLVE)
        return closing_add_window(rules, ticket, now_ms, body, err);
    if (stepping->event == EVENT_REJECT) /* what is out of scope is handed to LTC */
        return ticket_add_enquiry(rules, now_ms, body, err);
    if (stepping->event != EVENT_CLOSE)
        return AF_OK;
    status = check_early(rules, ticket, err);
    return status == AF_OK ? closing_add_end(stepping->app, rules, ticket, now_ms, body, err)
                           : status;
}

/* Steals `children`. */
static json_t *step_body(const struct who *who, uint32_t no, struct bytes event,
                         struct bytes reason, bool nothing_to_record, json_t *children)
{
    json_t *body =
        json_pack("{s:I,s:o,s:o,s:s}", "ticket", (json_int_t)no, "event", json_from_bytes(event),
                  "reason", json_from_bytes(reason), "by", who_by(who));
    bool ok = body != NULL;

    if (ok && nothing_to_record)
        json_put(body, "nothing_to_record", json_true(), &ok);
    if (ok && children != NULL)
        json_put(body, "children", json_incref(children), &ok);
    json_decref(children);
    if (ok)
        return body;
    json_decref(body);
    return NULL;
}

enum status ticket_step_with(struct app *app, const struct who *who, uint32_t no,
                             struct bytes event, struct bytes reason, bool nothing_to_record,
                             json_t *children, struct error *err)
{
    struct stepping stepping = {.app = app, .who = who};
    enum status status = ticket_require_staff(who, err);

    if (status == AF_OK)
        status = ticket_check_text("reason", reason, TICKET_TITLE_BYTES_MAX, err);
    if (status == AF_OK)
        status = ticket_check_text("event", event, 64, err);
    if (status == AF_OK && !ticket_event_parse(event, &stepping.event))
        status = error_set(err, AF_INVALID, "\"event\" %.*s is not one of a ticket's steps",
                           event.len < 40 ? (int)event.len : 40, (const char *)event.data);
    if (status != AF_OK) {
        json_decref(children);
        return status;
    }
    return ticket_change(app, who, no,
                         &(struct ticket_change){.kind = "ticket.move",
                                                 .moment = (enum ticket_moment)stepping.event,
                                                 .decide = decide_step,
                                                 .context = &stepping},
                         step_body(who, no, event, reason, nothing_to_record, children), NULL, err);
}

enum status ticket_step(struct app *app, const struct who *who, uint32_t no, struct bytes event,
                        struct bytes reason, bool nothing_to_record, struct error *err)
{
    return ticket_step_with(app, who, no, event, reason, nothing_to_record, NULL, err);
}

enum status ticket_move(struct app *app, const struct who *who, uint32_t no, struct bytes event,
                        struct bytes reason, struct error *err)
{
    return ticket_step(app, who, no, event, reason, false, err);
}

/* --- the customer's yes, and time's --------------------------------------------------------- */

/* What the apply will find, for the clocks: they end only when the ticket does. */
static enum status decide_confirm(void *context, const struct rules *rules, const json_t *ticket,
                                  int64_t now_ms, json_t *body, json_t **clocks, struct error *err)
{
    enum ticket_state to;
    enum status status;

    if (ticket_flow_step(ticket_state_of(ticket), EVENT_CLOSE, ticket, "", &to, NULL) != AF_OK)
        return AF_OK;
    status =
        ticket_clocks_after(rules, ticket, (enum ticket_moment)EVENT_CLOSE, now_ms, clocks, err);
    return status == AF_OK ? closing_add_end(context, rules, ticket, now_ms, body, err) : status;
}

static enum status propose_confirm(struct app *app, const struct who *who, uint32_t no,
                                   const char *how, const char *reason, const char *key,
                                   struct error *err)
{
    /* What makes a repeat the same request: the instants in the body differ each time. */
    const struct bytes parts[] = {bytes_of(&no, sizeof no), bytes_str(how), bytes_str(who_by(who))};
    json_t *body = json_pack("{s:I,s:s,s:s,s:s}", "ticket", (json_int_t)no, "by", who_by(who),
                             "how", how, "reason", reason);

    return ticket_change(app, who, no,
                         &(struct ticket_change){.kind = "ticket.confirm",
                                                 .key = key,
                                                 .print = checksum64(6, parts, 3),
                                                 .moment = MOMENT_NOTE,
                                                 .decide = decide_confirm,
                                                 .context = app},
                         body, NULL, err);
}

enum status ticket_confirm(struct app *app, const struct who *who, uint32_t no, const char *key,
                           struct error *err)
{
    return propose_confirm(app, who, no, "customer", "", key, err);
}

enum status ticket_window_passed(struct app *app, const struct who *who, uint32_t no,
                                 const char *what, const char *key, struct error *err)
{
    (void)what;
    return propose_confirm(app, who, no, "window", "the time to say no has passed", key, err);
}

/* --- the customer's words -------------------------------------------------------------------- */

/* The ticket, or the one that goes on for it when it was merged. */
static enum status load(struct app *app, uint32_t no, json_t **ticket, struct error *err)
{
    uint32_t survivor;
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    if ((status = ticket_survivor(txn, no, &survivor, err)) == AF_OK)
        status = ticket_load(txn, survivor, ticket, err);
    txn_abort(txn);
    return status;
}

/* The idempotency key of the ticket that is the `count`th to follow `old`: so two who write at once
 * open one, and the way to it can be told again. */
static void follow_key(uint32_t old, size_t count, char key[64])
{
    (void)snprintf(key, 64, "follows:%u:%zu", old, count);
}

/* An emergency is for a person to declare: "thank you" a month later is none. */
static struct bytes severity_after(const json_t *old)
{
    const char *severity = json_get_str(old, "severity");

    return bytes_str(strcmp(severity, "S1") == 0 ? "S2" : severity);
}

static enum status open_follower(struct app *app, const struct who *who, const json_t *old,
                                 const struct ticket_post *post, struct ticket_said *out,
                                 struct error *err)
{
    const uint32_t no = (uint32_t)json_get_u64(old, "n");
    char key[64];
    struct ticket_opened opened;
    const struct ticket_input input = {.class = bytes_str(json_get_str(old, "class")),
                                       .severity = severity_after(old),
                                       .channel = BYTES_LIT("web"),
                                       .title = bytes_str(json_get_str(old, "title")),
                                       .text = post->text,
                                       .files = post->files,
                                       .product = bytes_str(json_get_str(old, "product")),
                                       .lang = bytes_str(json_get_str(old, "lang")),
                                       .contact = json_object_get(old, "contact"),
                                       .follows = old,
                                       .key = key};
    enum status status;

    follow_key(no, json_array_size(json_object_get(old, "followed_by")), key);
    status = ticket_open(app, who, &input, &opened, err);
    if (status != AF_OK)
        return status;
    out->no = opened.no;
    out->is_new = true;
    (void)snprintf(out->name, sizeof out->name, "%s", opened.name);
    (void)snprintf(out->follow_up, sizeof out->follow_up, "%s", opened.follow_up);
    return AF_OK;
}

/* The newest ticket that follows this one, when it is there to take the words. */
static enum status take_follower(struct app *app, const json_t *old, json_t **out,
                                 struct ticket_said *said, struct error *err)
{
    const json_t *list = json_object_get(old, "followed_by");
    const size_t count = json_array_size(list);
    char key[64];
    uint32_t of_key;
    enum status status;

    *out = NULL;
    if (count == 0)
        return AF_OK;
    said->no = (uint32_t)json_integer_value(json_array_get(list, count - 1));
    if ((status = load(app, said->no, out, err)) != AF_OK)
        return status;
    (void)snprintf(said->name, sizeof said->name, "%s", json_get_str(*out, "ticket"));
    follow_key((uint32_t)json_get_u64(old, "n"), count - 1, key);
    ticket_follow_up_key(app, key, said->follow_up);
    /* Opened in another store, with another secret: then only who has its link can be told it. */
    if (ticket_by_follow_up(app, bytes_str(said->follow_up), &of_key, NULL) != AF_OK ||
        of_key != said->no)
        said->name[0] = said->follow_up[0] = '\0';
    return AF_OK;
}

/* The very words that opened it: a button pressed twice. */
static bool is_what_opened(const json_t *ticket, const struct ticket_post *post)
{
    return json_array_size(json_object_get(ticket, "posts")) == 0 && post->files == NULL &&
           bytes_equal(post->text, bytes_str(json_get_str(ticket, "text")));
}

static enum status say_after(struct app *app, const struct who *who, const json_t *old,
                             const struct ticket_post *post, struct ticket_said *out,
                             struct error *err)
{
    struct who writer = *who;
    json_t *later;
    enum status status = take_follower(app, old, &later, out, err);

    writer.if_version = 0; /* that was the old one's */

    if (status != AF_OK)
        return status;
    if (later == NULL || ticket_end_may_be_followed(later))
        status = open_follower(app, &writer, old, post, out, err);
    else if (!is_what_opened(later, post))
        status = ticket_reply_with(app, &writer, out->no, post, err);
    json_decref(later);
    return status;
}

#define SAY_TRIES 4 /* it was closed, or followed, between looking and writing */

enum status ticket_say_with(struct app *app, const struct who *who, uint32_t no,
                            const struct ticket_post *post, struct ticket_said *out,
                            struct error *err)
{
    enum status status = ticket_check_text("text", post->text, TICKET_TEXT_BYTES_MAX, err);

    if (status != AF_OK)
        return status;
    if (bytes_is_blank(post->text) && post->files == NULL)
        return error_set(err, AF_INVALID, "\"text\" is empty");
    status = AF_CONFLICT;
    for (int try = 0; try < SAY_TRIES && status == AF_CONFLICT; try++) {
        json_t *ticket;

        *out = (struct ticket_said){.no = no};
        if ((status = load(app, no, &ticket, err)) != AF_OK)
            return status;
        if (ticket_end_may_be_followed(ticket) && !ticket_end_may_reopen(ticket, clock_now_ms()))
            status = say_after(app, who, ticket, post, out, err);
        else
            status = ticket_reply_with(app, who, no, post, err);
        json_decref(ticket);
    }
    return status;
}

enum status ticket_say(struct app *app, const struct who *who, uint32_t no, struct bytes text,
                       const char *key, struct ticket_said *out, struct error *err)
{
    return ticket_say_with(app, who, no, &(struct ticket_post){.text = text, .key = key}, out, err);
}
