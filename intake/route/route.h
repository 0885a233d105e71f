/* route.h: which group gets a ticket, who in it is on duty, and why (派单).
 *
 * A rule holds when everything it names is so. Of those that hold the most specific decides: one
 * that names the product before one that names its line, then type, severity, region, language,
 * class, channel; of two alike the first in the document. No rule: the fallback group. A rule
 * about a solution is not one about its boxes; a solution that no rule names goes to its
 * first-triage owner, or the triage group, whatever else rules say:
 * which box it is has to be found out first.
 *
 * Pure: rules, a question and an instant in, an answer out; nothing is read or written here. */
#ifndef ASKFIRST_INTAKE_ROUTE_ROUTE_H
#define ASKFIRST_INTAKE_ROUTE_ROUTE_H

#include "intake/rules/rules.h"

/* What is known of a ticket; "" or NULL: not known, and a rule that names it does not hold. */
struct route_question {
    const char *product, *type, *severity, *region, *lang, *class, *channel;
    int64_t at_ms; /* who is on duty when */
};

/* Why one rule did or did not hold. */
struct route_verdict {
    const json_t *rule;
    bool holds;
    unsigned weight;    /* how specific it is */
    const char *failed; /* the first member that is not so; NULL when it holds */
};

struct route_answer {
    const json_t *rule;    /* the one that decided; NULL: is_first_triage says which other way */
    const json_t *group;   /* of the rules; never NULL */
    const json_t *named;   /* the person the rule names, when on duty; or NULL */
    const json_t **people; /* of the group who are on duty, those who know the matter first */
    unsigned *fits;        /* how well each of them knows it */
    size_t people_count;
    bool is_first_triage; /* a solution: its owner, or the triage group; not the fallback */
    bool are_off_duty;    /* nobody is on duty: people are all who are not away */
    struct route_verdict *verdicts; /* of each rule, in the document's order */
    size_t verdicts_count;
};

/* The answer lives in `arena` and borrows from `rules`. AF_CORRUPT when the documents do not fit
 * together, which rules_set does not let happen. */
enum status route_find(const struct rules *rules, const struct route_question *question,
                       struct arena *arena, struct route_answer *out, struct error *err) MUST_USE;

/* Who of ring `ring` knows the matter: of the rules that hold and name a group of it the most
 * specific one's; else the group with the most skilled person; else the first of that ring.
 * AF_NOT_FOUND when no group is of it. `verdicts` are not filled. */
enum status route_find_in_ring(const struct rules *rules, const struct route_question *question,
                               unsigned ring, struct arena *arena, struct route_answer *out,
                               struct error *err) MUST_USE;

/* The group whose lead decides where a ticket that goes round belongs: the owner of its solution,
 * or routing's "triage", or the fallback. */
const json_t *route_triage_group(const struct rules *rules, const char *product);

/* {"group","rule"?,"triage"?,"person"?,"people":[…],"off_duty",
 * "rules":[{"id","holds","weight","failed"?}]}: for the dry run. The caller owns it;
 * NULL without memory. */
json_t *route_answer_json(const struct route_answer *answer);

#endif
