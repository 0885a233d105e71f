/* vocabulary.h: the administrator's own words: reading, replacing, trying out. What a line means is
 * in search/query/vocabulary_text.h; how the record looks, in search/own_words.h. */
#ifndef ASKFIRST_INTAKE_VOCABULARY_H
#define ASKFIRST_INTAKE_VOCABULARY_H

#include "intake/app.h"
#include "intake/who.h"
#include "search/query/vocabulary_text.h"

struct vocabulary_state {
    uint32_t version; /* 0: nothing was ever set */
    struct bytes text;
    struct vocabulary_counts counts;
};

/* `text` is in the arena. */
enum status vocabulary_get(struct app *app, struct arena *arena, struct vocabulary_state *out,
                           struct error *err) MUST_USE;

/* Replaces all of it. AF_DENIED for anybody but an admin; AF_INVALID and AF_TOO_LARGE name the
 * line; AF_CONFLICT when it is not at `if_version` any more (VOCABULARY_ANY_VERSION: whatever it
 * is). The same text keeps its version. */
#define VOCABULARY_ANY_VERSION (-1)
enum status vocabulary_set(struct app *app, const struct who *who, struct bytes text,
                           int64_t if_version, uint32_t *version, struct error *err) MUST_USE;

/* Every line that is not sound: the first `room` of them; *count: how many there are. Lines are
 * borrowed from the text. */
struct vocabulary_faulty {
    uint32_t number; /* from 1 */
    enum vocabulary_fault fault;
    struct bytes line;
};
void vocabulary_faulty_lines(struct bytes text, struct vocabulary_faulty *out, size_t room,
                             size_t *count);

/* How a question is understood: [{"text":"滑鼠","asks":false,"words":[{"text":"鼠标",
 * "means":"same","own":false}]}]. The caller owns *out. */
enum status vocabulary_try(struct app *app, struct bytes question, json_t **out,
                           struct error *err) MUST_USE;

/* The command kind "vocabulary.set" {"text","if_version"?}. */
enum status vocabulary_apply_set(struct txn *txn, const struct command *command, json_t *result,
                                 struct error *err) MUST_USE;

#endif
