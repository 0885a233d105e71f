/* article.h: a case and its versions. (Outwardly it is a "case"; that is a keyword of C.)
 *
 * A case's text lives once: in the journal, inside the `case.put` command that wrote it. The
 * article record (struct article_ref) says where; records of older versions are kept apart.
 * `no` is a small number for the index; it is never reused.
 *
 * The body of case.put is {"cases":[case, …]}; a case is the JSON object of the import format
 * with at least id, lang and title. Unknown members are kept as they are. */
#ifndef ASKFIRST_DATA_ARTICLE_H
#define ASKFIRST_DATA_ARTICLE_H

#include "data/base/json.h"
#include "data/journal.h"
#include "data/store.h"

enum audience { AUDIENCE_PUBLIC, AUDIENCE_CUSTOMER, AUDIENCE_PARTNER, AUDIENCE_INTERNAL };
#define AUDIENCE_COUNT 4
bool audience_parse(struct bytes name, enum audience *out);

/* Where one version of a case is, and what is known without reading its text. */
struct article_ref {
    uint32_t no;
    uint32_t version;      /* from 1 */
    uint64_t seq;          /* of the command that holds the text */
    size_t offset, length; /* of the case's JSON in that line */
    uint64_t print;        /* checksum of the canonical text: equal means unchanged */
};

/* AF_NOT_FOUND with a sentence that names the id; article_look: without one, which is much
 * quicker. */
enum status article_find(struct txn *txn, struct bytes id, struct article_ref *out,
                         struct error *err) MUST_USE;
enum status article_look(struct txn *txn, struct bytes id, struct article_ref *out,
                         struct error *err) MUST_USE;
/* The id of a number; borrowed until the transaction ends. */
enum status article_id_of(struct txn *txn, uint32_t no, struct bytes *id,
                          struct error *err) MUST_USE;
/* A named version; 0 is the newest. */
enum status article_find_version(struct txn *txn, struct bytes id, uint32_t version,
                                 struct article_ref *out, struct error *err) MUST_USE;
/* The case's JSON text, borrowed until the transaction ends; and parsed (caller owns). */
enum status article_text(struct txn *txn, const struct article_ref *ref, struct bytes *text,
                         struct error *err) MUST_USE;
enum status article_read(struct txn *txn, const struct article_ref *ref, json_t **out,
                         struct error *err) MUST_USE;

/* Does this object have the shape of a case? AF_INVALID names the member; AF_TOO_LARGE the
 * limit. The id may be absent here (the proposer makes one). */
enum status article_validate(const json_t *article, struct error *err) MUST_USE;

/* False for the states that are not (or no longer) for searching: wip, archived. */
bool article_is_findable(const json_t *article);
/* The checksum of the canonical text. */
enum status article_print(const json_t *article, uint64_t *print, struct error *err) MUST_USE;
enum audience article_audience(const json_t *article);
/* First string of a member that may be a string or a list; "" when absent. */
const char *article_first(const json_t *article, const char *member);

/* The command kind. Result: {"added","updated","unchanged"}, and for a single case also
 * {"id","version","no"}. A body of one case may have "if_version" after "cases": AF_CONFLICT
 * when the newest version is another (0: must not exist yet). */
enum status article_apply_put(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err) MUST_USE;

#endif
