/* rules.h: what an administrator decides, as documents: who works when, for which products, how
 * fast, and who gets which ticket. Data with versions, not code.
 *
 *   calendars   which hours are worked                            clock/calendar.h
 *   products    lines, products, solutions made of several        doc_products.c
 *   types       problem types, two deep (大类, 小类)              doc_types.c
 *   severities  what S1 to S4 mean, shown on the form             doc_severities.c
 *   levels      service levels: targets by severity (SLA)         doc_levels.c
 *   groups      people, their ring, skills, hours and OLA         doc_groups.c
 *   routing     which group and person gets a ticket              doc_routing.c
 *   forms       what is asked on a ticket                         doc_forms.c
 *   handoffs    who outside may be asked, and answers how soon    doc_handoffs.c
 *   stock       where spare parts come from, and how soon         doc_stock.c
 *   parties     what holds of who asks where nothing else says    doc_parties.c
 *   closing     windows, survey and visits at a ticket's end      doc_closing.c
 *
 * Each is one JSON object that is replaced as a whole; one that was never set is as shipped
 * (rules/shipped/). A document is checked together with the others, since they name one another: a
 * group that routing still names cannot go. Everything wrong is told at once (complaints.h).
 *
 * Stored in table rules: NAME → {"version":3,"revision":17,"doc":{…},"retired"?:[…]}; `retired` are
 * calendars that were in an earlier version and are needed by clocks still; `revision` counts the
 * changes of all documents, and the command "rules.set" {"name","doc","revision"} is refused when
 * it is not the next one: so what was checked together was so when it was applied. The check
 * itself, which asks ICU, is the proposer's; what was once taken is taken for ever. */
#ifndef ASKFIRST_INTAKE_RULES_RULES_H
#define ASKFIRST_INTAKE_RULES_RULES_H

#include "intake/app.h"
#include "intake/rules/complaints.h"
#include "intake/who.h"

enum rules_kind {
    RULES_CALENDARS,
    RULES_PRODUCTS,
    RULES_TYPES,
    RULES_SEVERITIES,
    RULES_LEVELS,
    RULES_GROUPS,
    RULES_ROUTING,
    RULES_FORMS,
    RULES_HANDOFFS,
    RULES_STOCK,
    RULES_PARTIES,
    RULES_CLOSING,
    RULES_KINDS
};

const char *rules_name(enum rules_kind kind);
bool rules_parse(struct bytes name, enum rules_kind *out);

/* All documents at one moment. */
struct rules {
    json_t *docs[RULES_KINDS];      /* owned; never NULL after rules_load */
    uint32_t versions[RULES_KINDS]; /* 0: as shipped */
    uint32_t revision;
    json_t *retired; /* calendars that went, or NULL; owned */
};

enum status rules_load(struct txn *txn, struct rules *out, struct error *err) MUST_USE;
/* The same as the app remembers them, for who reads only (rules_cache.h). */
enum status rules_load_in(struct app *app, struct txn *txn, struct rules *out,
                          struct error *err) MUST_USE;
/* The same from a transaction of its own. */
enum status rules_load_now(struct app *app, struct rules *out, struct error *err) MUST_USE;
void rules_release(struct rules *rules); /* accepts a zeroed one */

/* The element of a document's list whose "id" (of calendars: "name") it is; NULL: none. */
const json_t *rules_find(const struct rules *rules, enum rules_kind kind, const char *id);

/* A calendar of that name, also one that is in the document no more: a clock that runs on it runs
 * to its end. NULL: there never was one. */
const json_t *rules_calendar(const struct rules *rules, const char *name);

/* {"name","version","doc"}. The caller owns it. */
enum status rules_get(struct app *app, enum rules_kind kind, json_t **out,
                      struct error *err) MUST_USE;

/* Replaces one document. AF_DENIED for anybody but an admin; AF_INVALID with *complaints (the
 * caller's) when it is not sound; AF_CONFLICT when it is not at `if_version` any more
 * (RULES_ANY_VERSION: whatever it is). The same document keeps its version. */
#define RULES_ANY_VERSION (-1)
enum status rules_set(struct app *app, const struct who *who, enum rules_kind kind,
                      const json_t *doc, int64_t if_version, uint32_t *version, json_t **complaints,
                      struct error *err) MUST_USE;

/* Would it be taken? As rules_set, for anybody; nothing is changed. */
enum status rules_try(struct app *app, enum rules_kind kind, const json_t *doc, json_t **complaints,
                      struct error *err) MUST_USE;

enum status rules_apply_set(struct txn *txn, const struct command *command, json_t *result,
                            struct error *err) MUST_USE;

#endif
