/* learn_impl.h: one use as a lesson: between learn.c, which tells it, and learn_store.c. */
#ifndef ASKFIRST_INTAKE_ASK_LEARN_IMPL_H
#define ASKFIRST_INTAKE_ASK_LEARN_IMPL_H

#include "intake/ask/learn.h"

struct lesson {
    enum use use;
    const char *case_id;
    json_t *consult, *ticket; /* owned; NULL: none */
    char voter[VOTER_BYTES];
    uint16_t day;
    uint64_t seq; /* of the command */
};

/* Does a use of this kind teach anything? */
bool learn_teaches(enum use use);
/* Tells the book of one use, whose consult or ticket (`subject`) is loaded and released here. */
enum status learn_one(struct txn *txn, const struct learn_book *book, struct lesson *lesson,
                      const char *subject, struct error *err) MUST_USE;

#endif
