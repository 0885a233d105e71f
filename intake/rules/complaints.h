/* complaints.h: what is wrong with a document, all of it at once, each with its place, so that who
 * edits it need not come back for every comma.
 *
 * A place is a chain on the stack, written out only when there is something to say:
 *
 *   struct place rule = {&rules, NULL, 3}, group = {&rule, "group", 0};   → "rules[3].group" */
#ifndef ASKFIRST_INTAKE_RULES_COMPLAINTS_H
#define ASKFIRST_INTAKE_RULES_COMPLAINTS_H

#include "data/base/json.h"

struct place {
    const struct place *up;
    const char *member; /* NULL: an element of the list above */
    size_t index;
};

struct complaints {
    json_t *list; /* [{"place","message"}], the caller's */
    bool no_memory;
};

enum status complaints_init(struct complaints *complaints, struct error *err) MUST_USE;
/* Past COMPLAINTS_MAX they are counted no more: one document is wrong altogether. */
void complain(struct complaints *complaints, const struct place *at, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

/* AF_OK when there are none; else AF_INVALID with the first one's sentence and how many more. */
enum status complaints_verdict(const struct complaints *complaints, struct error *err) MUST_USE;

/* --- members of a document: each says what is wrong and gives a harmless value --------------- */

/* The members of a list that are objects; `fn` is called for each with its place. */
typedef void (*want_item_fn)(void *context, const struct place *at, const json_t *item);
void want_list(struct complaints *complaints, const struct place *up, const json_t *object,
               const char *member, size_t count_max, want_item_fn fn, void *context);
/* Text, "" when it is absent (and `required` complains), of at most `bytes_max`. */
const char *want_text(struct complaints *complaints, const struct place *up, const json_t *object,
                      const char *member, size_t bytes_max, bool required);
/* A text that is one of `words`, which end with NULL; "" when it is absent or another. */
const char *want_word(struct complaints *complaints, const struct place *up, const json_t *object,
                      const char *member, const char *const words[], bool required);
/* A whole number from `min` to `max`; `min` when it is absent or wrong. */
int64_t want_number(struct complaints *complaints, const struct place *up, const json_t *object,
                    const char *member, int64_t min, int64_t max, bool required);
/* A name in the languages of the pages, {"en":"Network","zh-Hans":"网络"}, or one text for all. */
void want_name(struct complaints *complaints, const struct place *up, const json_t *object,
               const char *member, bool required);
/* The same with room for more than a name: `bytes_max` in each language. */
void want_prose(struct complaints *complaints, const struct place *up, const json_t *object,
                const char *member, size_t bytes_max, bool required);
/* No other members than these: a misspelt one would quietly do nothing. `known` ends with NULL. */
void want_only(struct complaints *complaints, const struct place *up, const json_t *object,
               const char *const known[]);

#endif
