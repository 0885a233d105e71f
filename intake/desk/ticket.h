/* ticket.h: a question that the answers did not settle, and what people do with it.
 *
 * On self-service channels (web, wechat, app, api) a ticket needs a consult that ended in "not
 * solved" or found nothing; it then carries all that was typed, shown, opened and rejected.
 * Exempt, and recorded as such: severity S1, the channels phone, mail, rep and audit, and the
 * class non_technical.
 *
 * The life cycle is a table in ticket_flow.h. Whoever opened the ticket follows it by a link
 * with a random key; only the key's hash is stored. */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_H
#define ASKFIRST_INTAKE_DESK_TICKET_H

#include "intake/app.h"
#include "intake/ticket/ticket_flow.h"
#include "intake/ticket/ticket_record.h"
#include "intake/who.h"

#define TICKET_NAME_BYTES 20 /* "AF-2026-000123" and more */

struct ticket_input {
    const char *consult_id; /* NULL or "": none */
    struct bytes class;     /* technical (default), parts, non_technical, complaint */
    struct bytes severity;  /* S1 … S4, default S3 */
    struct bytes channel;   /* web (default), wechat, app, api, phone, mail, rep, audit */
    struct bytes title, text, product, lang; /* title: required unless the consult has one */
    struct bytes serial; /* which one of the product; empty: the serial number of the form */
    struct bytes reported_at;                /* RFC 3339, when the customer said so; empty: now */
    const json_t *follows; /* the ticket that this one follows (ticket_close.h), or NULL */
    const json_t *split;   /* what ticket.open has of it (ticket_split.h), or NULL */
    const json_t *files;   /* array (ticket_files.h), or NULL */
    const json_t *contact; /* object of strings: name, mail, phone, company …; or NULL */
    struct bytes type;     /* a problem type; empty: not known yet */
    const json_t *fields;  /* what was filled in on the form (form/form_check.h), or NULL */
    bool is_incomplete;    /* staff: what the form requires may be missing */
    struct bytes draft;    /* it was written in (draft/draft.h); empty: its consult's */
    json_t **errors; /* or NULL: where AF_INVALID puts [{"field","code","limit"?,"message"}] */
    const json_t *proposed; /* what the form proposed (ticket_proposed.h), or NULL */
    const char *key;        /* idempotency key, or NULL */
};

struct ticket_opened {
    uint32_t no;
    char name[TICKET_NAME_BYTES]; /* AF-2026-000123 */
    char follow_up[40];           /* the key in the follow-up link */
};

/* AF_CONFLICT when the answer step is missing (or has become a ticket already): the sentence
 * says which. AF_INVALID names the field. A repeat with the same key gives the same answer. */
enum status ticket_open(struct app *app, const struct who *who, const struct ticket_input *input,
                        struct ticket_opened *out, struct error *err) MUST_USE;

/* {"ticket":"AF-…","n","at","updated","state","class","severity","channel","product","title",
 *  "text","lang","contact":{},"entered_by","exempt"?,"consult"?:{…as ask_get},"version",
 *  "reported","level","clocks":[{…as service_clock_json}],"clock_fault"?,"group","person"?,
 *  "rule"?,"type"?,"form"?:{"id","version","fields":[…as asked]},"fields"?,"missing"?,"proposals"?,
 *  what ticket/ticket_party.h draws,
 *  "posts":[{"at","by","from":"customer|staff","text","internal"?}],"links":[{"case",
 *  "version","role","by","at"}],"merged_into"?,"merged"?:[n],"history":[{"at","by","event","from",
 *  "to","reason"?,"other"?}]}.
 * For a customer (`who`) internal posts, who-did-it names, clocks and whose work it is are left
 * out; merged tickets are read as ticket_together.h says. A ticket of before there were rules has
 * none of what they say. Caller owns it. */
enum status ticket_get(struct app *app, const struct who *who, uint32_t no, json_t **ticket,
                       struct error *err) MUST_USE;
/* The number behind a follow-up key. */
enum status ticket_by_follow_up(struct app *app, struct bytes key, uint32_t *no,
                                struct error *err) MUST_USE;

/* Lists of tickets. By due time they are read from the work lists (ticket/ticket_queue.h): the most
 * urgent first, then those that nothing is promised on, then what is closed, newest first. */
struct ticket_filter {
    struct bytes state;   /* a state's name, "open" (all that are not closed), or empty: all */
    struct bytes product; /* these three: empty is all */
    struct bytes group;
    struct bytes person;  /* his open ones */
    struct bytes watcher; /* those he watches, by due time whatever by_due says */
    struct bytes text;    /* empty: all; else what it finds, best first (ticket_search.h) */
    bool by_due;          /* else newest first */
    uint32_t limit;       /* 1 … TICKET_LIST_MAX */
    uint32_t before;      /* page on, newest first: only numbers below this; 0: from the newest */
    struct bytes after;   /* page on, by due time: what the page before gave; or empty */
};
/* {"tickets":[{"ticket","n","at","updated","state","class","severity","channel","product","title",
 *  "group"?,"person"?,"type"?,"missing"?,"due"?,"posts":count}],"next"?:n,
 *  "after"?:"…"}: "next" or "after" when there may be more; a page may have fewer than `limit`
 * then, since no more than TICKET_LIST_SCAN_MAX tickets are looked at for one.
 * Staff only (AF_DENIED); AF_INVALID names the field. */
enum status ticket_list(struct app *app, const struct who *who, const struct ticket_filter *filter,
                        json_t **list, struct error *err) MUST_USE;

/* How many there are in each state: of all, of a group, or a person's open ones (both empty: all;
 * person before group). TICKET_COUNT_MAX: so many or more. Reads no ticket. Staff only. */
enum status ticket_counts(struct app *app, const struct who *who, struct bytes group,
                          struct bytes person, uint32_t counts[TICKET_STATES],
                          struct error *err) MUST_USE;

/* Adds to the thread, of a merged ticket to that of the one that goes on; a customer's post on a
 * resolved ticket sends it back to in_progress. */
enum status ticket_reply(struct app *app, const struct who *who, uint32_t no, struct bytes text,
                         bool internal, const char *key, struct error *err) MUST_USE;

/* The same with files: `files` as ticket_files.h has them, or NULL; then `text` may be empty. */
struct ticket_post {
    struct bytes text;
    bool internal;
    const json_t *files;
    const char *key;
};
enum status ticket_reply_with(struct app *app, const struct who *who, uint32_t no,
                              const struct ticket_post *post, struct error *err) MUST_USE;

/* One step of the life cycle: event is a name of ticket_flow.h. AF_CONFLICT when the table does
 * not allow it from the present state, or the guard's sentence. Staff only. */
enum status ticket_move(struct app *app, const struct who *who, uint32_t no, struct bytes event,
                        struct bytes reason, struct error *err) MUST_USE;

/* Another severity. Raising it needs a reason, lowering it the customer's consent (AF_INVALID says
 * which); AF_CONFLICT when it is that already or the ticket is closed. Staff only. */
enum status ticket_severity(struct app *app, const struct who *who, uint32_t no,
                            struct bytes severity, struct bytes reason, bool has_consent,
                            struct error *err) MUST_USE;

/* role: resolved_by, consulted, sent, not_helpful. The use is counted with it. Staff only. */
enum status ticket_link(struct app *app, const struct who *who, uint32_t no, struct bytes case_id,
                        struct bytes role, struct error *err) MUST_USE;

/* Prior cases for a ticket: a search by its title and text (and its newest customer post). */
enum status ticket_prior_cases(struct app *app, const struct who *who, const json_t *ticket,
                               uint32_t limit, struct arena *arena, struct search_result *out,
                               struct error *err) MUST_USE;

#endif
