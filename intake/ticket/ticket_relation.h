/* ticket_relation.h: what one ticket is to another: table ticket_relation.
 *
 *   key: ticket be32, kind u8, other be32   → JSON {"by","at","reason"?}
 *
 *   5 parent 7        7 child 5          a part of a mass fault, and the problem behind it
 *   5 duplicate_of 7  7 duplicate 5      the same, told by somebody else
 *   5 related 7       7 related 5
 *   5 follows 7       7 followed_by 5    asked again after 7 was closed
 *   5 split_from 7    7 split_into 5     written by splitting alone (ticket_split.h)
 *
 * Read "ticket 5 has the parent 7", "ticket 5 is a duplicate of 7". Each stands there from both
 * sides, written by one command. They are rows and not members of the record, since a mass fault
 * has thousands of children, which are then linked and told without reading each other.
 *
 *   ticket.relate, ticket.unrelate  {"ticket":n,"kind":"parent|duplicate_of|related|follows",
 *                                    "other":m,"reason","by","seen"?,"other_seen"?}
 *
 * A ticket has one parent, or is a duplicate of one. Its parent's record does not change: a
 * thousand linked at once do not wait for one another. The others' records both say it in their
 * histories. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_RELATION_H
#define ASKFIRST_INTAKE_TICKET_TICKET_RELATION_H

#include "data/journal.h"
#include "intake/inspect.h"

/* Numbers in keys. The two that lead up come first, those that lead down are neighbours. */
enum relation {
    RELATION_PARENT,
    RELATION_DUPLICATE_OF,
    RELATION_CHILD,
    RELATION_DUPLICATE,
    RELATION_RELATED,
    RELATION_FOLLOWS,
    RELATION_FOLLOWED_BY,
    RELATION_SPLIT_FROM,
    RELATION_SPLIT_INTO,
    RELATIONS
};

const char *relation_name(enum relation kind);
bool relation_parse(struct bytes name, enum relation *out);
enum relation relation_inverse(enum relation kind);
static inline bool relation_leads_up(enum relation kind)
{
    return kind == RELATION_PARENT || kind == RELATION_DUPLICATE_OF;
}

#define RELATION_KEY_BYTES 9
struct relation_key { /* as drawn above */
    uint32_t ticket;
    enum relation kind;
    uint32_t other;
};

/* Both rows, when they may be. AF_CONFLICT: they are so already; AF_TOO_LARGE: too many are. */
enum status relation_add(struct txn *txn, const struct relation_key *key,
                         const struct command *command, struct error *err) MUST_USE;

/* The first row at or after `from` of the same ticket, of a kind up to `last`; AF_NOT_FOUND. */
enum status relation_next(struct txn *txn, const struct relation_key *from, enum relation last,
                          struct relation_key *out, struct error *err) MUST_USE;

/* [{"kind","ticket","by","at","reason"?}] after a place (NULL: from the first), at most `limit`;
 * *more: there are others. The caller owns it. */
enum status relation_list(struct txn *txn, uint32_t no, const struct relation_key *after,
                          uint32_t limit, json_t **out, bool *more, struct error *err) MUST_USE;

enum status ticket_apply_relate(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err) MUST_USE;
enum status ticket_apply_unrelate(struct txn *txn, const struct command *command, json_t *result,
                                  struct error *err) MUST_USE;

/* For `check`: each row has its other side, both tickets are there, none is its own parent. */
enum status relation_check(struct inspection *in, struct error *err) MUST_USE;

#endif
