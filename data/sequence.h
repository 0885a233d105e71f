/* sequence.h: small numbers given out one after another, from 1, and never again.
 *
 * For what people or the index call by number: cases, tickets. The next number is kept in table
 * meta (be32) and moves inside the command that takes one, so a command that is refused takes
 * none and a replay gives the same. */
#ifndef ASKFIRST_DATA_SEQUENCE_H
#define ASKFIRST_DATA_SEQUENCE_H

#include "data/store.h"

/* `name` is the key in meta, "next_case". AF_CORRUPT when what is kept there is no number, or no
 * number is left. */
enum status sequence_next(struct txn *txn, const char *name, uint32_t *out,
                          struct error *err) MUST_USE;

/* The same for many in one command: the first number to give, and afterwards the one after the
 * last that was given. */
enum status sequence_begin(struct txn *txn, const char *name, uint32_t *first,
                           struct error *err) MUST_USE;
enum status sequence_end(struct txn *txn, const char *name, uint32_t next,
                         struct error *err) MUST_USE;

#endif
