/* docs.h: the documents of rules.h one by one: each file checks one, beside the others it names. */
#ifndef ASKFIRST_INTAKE_RULES_DOCS_H
#define ASKFIRST_INTAKE_RULES_DOCS_H

#include "intake/rules/rules.h"

struct doc_check {
    const struct rules *rules;
    struct complaints *complaints;
    const struct place *root; /* NULL: of the document that is being changed */
};

/* What a list's elements are checked with. */
struct doc_list {
    struct doc_check *check;
    json_t *ids;      /* so far: an object used as a set */
    const json_t *of; /* the list */
};

typedef void (*doc_check_fn)(struct doc_check *check, const json_t *doc);

void doc_calendars_check(struct doc_check *check, const json_t *doc);
void doc_products_check(struct doc_check *check, const json_t *doc);
void doc_types_check(struct doc_check *check, const json_t *doc);
void doc_severities_check(struct doc_check *check, const json_t *doc);
void doc_levels_check(struct doc_check *check, const json_t *doc);
void doc_groups_check(struct doc_check *check, const json_t *doc);
void doc_routing_check(struct doc_check *check, const json_t *doc);
void doc_forms_check(struct doc_check *check, const json_t *doc);
void doc_handoffs_check(struct doc_check *check, const json_t *doc);
void doc_stock_check(struct doc_check *check, const json_t *doc);
void doc_parties_check(struct doc_check *check, const json_t *doc);
void doc_closing_check(struct doc_check *check, const json_t *doc);

/* Each object of a list goes to `fn`, with a struct doc_list as its context. */
void doc_want_items(struct doc_check *check, const struct place *up, const json_t *object,
                    const char *member, size_t count_max, want_item_fn fn);

/* The "id" of a list's element: present, short enough, and the first of its name. "" when not. */
const char *doc_want_id(struct doc_list *list, const struct place *up, const json_t *item,
                        const char *member);

/* A member that names an element of another document; absent is well unless `required`. */
void doc_want_reference(struct doc_check *check, const struct place *up, const json_t *item,
                        const char *member, enum rules_kind kind, bool required);

/* "steps" of a group or level: what happens by itself when a clock runs out (doc_steps.c); of a
 * level each may name one "clock". */
void doc_want_steps(struct doc_check *check, const struct place *up, const json_t *item,
                    bool is_level);

/* The same for a list of such names. */
void doc_want_references(struct doc_check *check, const struct place *up, const json_t *item,
                         const char *member, enum rules_kind kind);

/* Minutes by severity, like {"S1":30}: each that is there, or all four when `required`. */
void doc_want_minutes(struct doc_check *check, const struct place *up, const json_t *item,
                      const char *member, bool required);

/* "contact":{"name"?,"mail"?,"phone"?}, if it is there. */
void doc_want_contact(struct doc_check *check, const struct place *up, const json_t *item);

#endif
