/* latin_impl.h: between latin.c (identifiers) and latin_word.c (words). Nobody else includes it. */
#ifndef ASKFIRST_INDEXER_TEXT_LATIN_IMPL_H
#define ASKFIRST_INDEXER_TEXT_LATIN_IMPL_H

#include "indexer/text/ident.h"
#include "indexer/text/tokens.h"

#define UNITS_PER_WORD 3 /* a word weighs as much as three grams; see analyzer.h */

static inline struct bytes slice(const struct tokens *t, struct ident_range range)
{
    return bytes_of(t->folded.text.data + range.start, range.end - range.start);
}

static inline void add_range(struct tokens *t, enum term_class class, struct ident_range range,
                             const struct place *place)
{
    tokens_add_slice(t, class, range.start, range.end, place);
}

/* The whole of an identifier that is in the index by another form. */
static inline void add_typed(struct tokens *t, struct ident_range range, const struct place *place)
{
    struct place typed = *place;

    typed.flags |= TOKEN_UNINDEXED;
    if (t->is_query)
        add_range(t, TERM_IDENT, range, &typed);
}

static inline void next_position(struct tokens *t)
{
    t->position++;
    t->units += UNITS_PER_WORD;
}

/* A word as it is, or put together from what joiners parted. */
void latin_add_word(struct tokens *t, struct bytes word, const struct place *place);

/* A word that stands in the text, and its humps when it has inner capitals. */
void latin_add_component(struct tokens *t, struct ident_range range, const struct place *place);

/* A chunk that is one word, with what an apostrophe joins to it; where it ends. */
size_t latin_add_plain_word(struct tokens *t, const struct ident *ident);

/* The same without a scan, for a word that a look at the byte behind it shows to be one: most of
 * them. `at` when it takes more than that. */
size_t latin_add_quick_word(struct tokens *t, size_t at);

/* Codes inside a longer chunk (latin_inner.c), among the first `most` components of it. */
void latin_add_inner_codes(struct tokens *t, const struct ident *ident, unsigned most,
                           const struct place *place);

#endif
