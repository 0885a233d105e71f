/* lexicon.h: the dictionaries of all segments of a snapshot, asked as one. */
#ifndef ASKFIRST_SEARCH_QUERY_LEXICON_H
#define ASKFIRST_SEARCH_QUERY_LEXICON_H

#include "indexer/index.h"
#include "indexer/text/stem.h"

struct lexicon {
    const struct snapshot *snapshot;
    uint32_t segments;
    uint32_t docs; /* what df is compared with: out-of-date ones included */
    struct stemmer *stemmer;
    struct arena *arena;
};

struct lexicon lexicon_of(const struct snapshot *snapshot, struct stemmer *stemmer,
                          struct arena *arena);

/* *df over all segments; 0 when none has the term, and then *entries is NULL. Otherwise one
 * entry a segment (from the arena), df 0 where it is absent. AF_CORRUPT, AF_NO_MEMORY. */
enum status lexicon_find(const struct lexicon *lexicon, struct bytes term, uint64_t *df,
                         const struct term_entry **entries, struct error *err) MUST_USE;

/* May any segment have it? False is true; true is worth a lexicon_find(). For asking after hundreds
 * of terms of which a few exist (segment.h: which classes). AF_CORRUPT, AF_NO_MEMORY. */
enum status lexicon_may_have(const struct lexicon *lexicon, struct bytes term, bool *may,
                             struct error *err) MUST_USE;

/* Visits the terms from `from` on in order, each once with its df over all segments. The visitor
 * says how to go on: LEXICON_NEXT, LEXICON_STOP, or a number of bytes: to the next term that does
 * not begin with so many of this one. `term` is borrowed until it returns. */
#define LEXICON_NEXT 0
#define LEXICON_STOP SIZE_MAX
typedef size_t (*lexicon_visit_fn)(void *context, struct bytes term, uint64_t df);
enum status lexicon_walk(const struct lexicon *lexicon, struct bytes from, lexicon_visit_fn visit,
                         void *context, struct error *err) MUST_USE;

/* Visits terms of a class that have `piece` in them, segment after segment (so one may come
 * twice), until false is answered or *left terms were looked at. */
typedef bool (*lexicon_piece_fn)(void *context, struct bytes term);
enum status lexicon_find_piece(const struct lexicon *lexicon, uint8_t term_class,
                               struct bytes piece, uint32_t *left, lexicon_piece_fn visit,
                               void *context, struct error *err) MUST_USE;

/* The class byte and the text, as one term; data is NULL without memory. */
struct bytes lexicon_term(const struct lexicon *lexicon, uint8_t term_class, struct bytes text);

#endif
