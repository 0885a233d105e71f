/* tokens.h: the growing list of tokens of one text, and what all who add to it need to know.
 *
 * Internal to the analyzer. Terms are copied into one buffer; token.term is only set by
 * tokens_finish(), because the buffer moves while it grows. Running out of memory is
 * remembered and reported once, by tokens_finish(). */
#ifndef ASKFIRST_INDEXER_TOKENS_H
#define ASKFIRST_INDEXER_TOKENS_H

#include "data/base/buf.h"
#include "indexer/analyzer.h"
#include "indexer/fold.h"

struct tokens {
    struct token *list;
    uint32_t *term_at; /* where in `terms` the term of a token begins */
    uint32_t count, room;
    struct buf terms;
    struct buf scratch; /* for a term that is put together */
    bool failed;

    struct bytes text; /* as typed */
    struct folded folded;
    bool is_query;
    uint32_t position; /* of the next word or character */
    uint32_t units;
};

/* Where the tokens that are being added stand; several forms share one. */
struct place {
    uint32_t start, end, fold_start, fold_end;
    uint32_t position;
    uint8_t flags;
};

void tokens_begin(struct tokens *t, struct bytes text, struct folded folded, bool is_query);
struct place tokens_place(const struct tokens *t, size_t fold_start, size_t fold_end);

/* Adds class byte + `term`; one over TERM_BYTES_MAX or TOKEN_CODEPOINTS_MAX keeps its beginning
 * and a hash of the whole. An empty term adds nothing. */
void tokens_add(struct tokens *t, enum term_class class, struct bytes term,
                const struct place *place);

enum status tokens_finish(struct tokens *t, struct error *err) MUST_USE;
void tokens_release(struct tokens *t); /* empty and usable again */

#endif
