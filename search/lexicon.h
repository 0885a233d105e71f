/* lexicon.h: the dictionaries of all segments of a snapshot, asked as one. */
#ifndef ASKFIRST_SEARCH_LEXICON_H
#define ASKFIRST_SEARCH_LEXICON_H

#include "indexer/index.h"
#include "indexer/stem.h"

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

/* Visits the terms from `from` on, segment after segment: a term of two segments comes twice.
 * The visitor answers false to leave a segment; `term` is borrowed until it returns. */
typedef bool (*lexicon_visit_fn)(void *context, struct bytes term, uint32_t df);
enum status lexicon_walk(const struct lexicon *lexicon, struct bytes from, lexicon_visit_fn visit,
                         void *context, struct error *err) MUST_USE;

/* The class byte and the text, as one term; data is NULL without memory. */
struct bytes lexicon_term(const struct lexicon *lexicon, uint8_t term_class, struct bytes text);

#endif
