/* tokens.h: the growing list of tokens of one text, and what all who add to it need to know.
 *
 * Internal to the analyzer. Terms are copied one after another into one buffer, which moves while
 * it grows and takes token.term along. Running out of memory is remembered and reported once, by
 * tokens_finish(). What is called for every character of a text is in line. */
#ifndef ASKFIRST_INDEXER_TEXT_TOKENS_H
#define ASKFIRST_INDEXER_TEXT_TOKENS_H

#include "data/base/buf.h"
#include "indexer/text/analyzer.h"
#include "indexer/text/fold.h"

/* For what runs for every character and would else be called. */
#define ALWAYS_INLINE inline __attribute__((always_inline))

struct tokens {
    struct token *list;
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

/* Adds class byte + `term`; one over TERM_BYTES_MAX or TOKEN_CODEPOINTS_MAX keeps its beginning
 * and a hash of the whole. An empty term adds nothing. */
void tokens_add(struct tokens *t, enum term_class class, struct bytes term,
                const struct place *place);

enum status tokens_finish(struct tokens *t, struct error *err) MUST_USE;
void tokens_release(struct tokens *t); /* empty and usable again */

static inline struct place tokens_place(const struct tokens *t, size_t fold_start, size_t fold_end)
{
    return (struct place){
        .start = t->folded.source[fold_start],
        .end = folded_end(&t->folded, fold_end),
        .fold_start = (uint32_t)fold_start,
        .fold_end = (uint32_t)fold_end,
        .position = t->position,
        .flags = t->is_query && fold_end == t->folded.text.len ? TOKEN_LAST : 0,
    };
}

bool tokens_grow(struct tokens *t); /* false, and marked, without memory */

/* Is there room for one more token of any length? */
static ALWAYS_INLINE bool tokens_have_room(struct tokens *t)
{
    if (t->count < t->room && t->terms.room - t->terms.len > TERM_BYTES_MAX)
        return true;
    return tokens_grow(t);
}

/* The next token, whose `term_bytes` bytes are at the end of t->terms. There is room. */
static ALWAYS_INLINE void tokens_push(struct tokens *t, uint64_t key, size_t term_bytes,
                                      const struct place *place)
{
    t->list[t->count++] = (struct token){
        .key = key,
        .term = t->terms.data + t->terms.len,
        .start = place->start,
        .end = place->end,
        .fold_start = place->fold_start,
        .fold_end = place->fold_end,
        .position = place->position,
        .term_bytes = (uint8_t)term_bytes,
        .flags = place->flags,
    };
    t->terms.len += term_bytes;
}

/* The same for a term that is given by its key: at most TERM_KEY_BYTES, class byte included. */
static ALWAYS_INLINE void tokens_add_key(struct tokens *t, uint64_t key, size_t term_bytes,
                                         const struct place *place)
{
    uint64_t bytes = htobe64(key);

    if (!tokens_have_room(t))
        return;
    memcpy(t->terms.data + t->terms.len, &bytes, sizeof bytes);
    tokens_push(t, key, term_bytes, place);
}

/* The same for a piece of the folded text, which is not empty. */
static inline void tokens_add_slice(struct tokens *t, enum term_class class, size_t start,
                                    size_t end, const struct place *place)
{
    const uint8_t *from = t->folded.text.data + start;
    size_t len = end - start;
    uint64_t bytes;

    if (len >= TERM_KEY_BYTES) {
        tokens_add(t, class, bytes_of(from, len), place);
        return;
    }
    memcpy(&bytes, from, sizeof bytes); /* FOLD_SLACK: so much can be read */
    bytes = be64toh(bytes) >> 8 & UINT64_MAX << (56 - 8 * len);
    tokens_add_key(t, (uint64_t) class << 56 | bytes, 1 + len, place);
}

#endif
