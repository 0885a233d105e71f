/* chain.h: lines in a table under their numbers, each naming the hash of the one before; the
 * journal and the ledger are such chains.
 *
 * The head is kept in table meta: seq be64, BLAKE2b-256 of the last line. It is what makes a
 * cut-off tail visible: a chain that lost its last lines would still be sound without it. */
#ifndef ASKFIRST_DATA_CHAIN_H
#define ASKFIRST_DATA_CHAIN_H

#include "data/base/hash.h"
#include "data/store.h"

struct chain_head {
    uint64_t seq;       /* 0: empty */
    struct digest hash; /* of the last line */
};

/* `name` is the head's key in meta. AF_CORRUPT when what is kept there is cut off. */
enum status chain_head(struct txn *txn, const char *name, struct chain_head *out,
                       struct error *err) MUST_USE;
/* A stretch of a line that was packed beforehand: it begins at `offset`. */
struct chain_parts {
    size_t offset;
    const struct frame_parts *parts;
};
/* Stores the line after `head` and moves the head, here and in meta. `packed` may be NULL. */
enum status chain_append(struct txn *txn, enum table table, const char *name, struct bytes line,
                         const struct chain_parts *packed, struct chain_head *head,
                         struct error *err) MUST_USE;

#endif
