/* finder.h: documents of one segment that may match what was typed, as a set.
 *
 * The typed letters are cut into stretches of one kind; a document must have all of them in the
 * field, each in one of its ways:
 *
 *   CJK      grams of two, the rarest of them; of one letter alone its gram. An unfinished Hangul
 *            syllable is a range of grams, initials (ㅊㅅ) are pairs of title_terms.h
 *   a-z 0-9  words, numbers, codes and parts, the last one unfinished; or one code altogether;
 *            or Chinese syllables and first letters (cuts.h), by pairs of title_terms.h
 *   others   words, the last one unfinished
 *
 * It says too much now and then, and matching.h has the last word; it says too little only past
 * its limits. */
#ifndef ASKFIRST_SEARCH_SUGGEST_FINDER_H
#define ASKFIRST_SEARCH_SUGGEST_FINDER_H

#include "indexer/segment/segment.h"
#include "search/suggest/typed.h"

struct finder {
    const struct segment *segment;
    struct arena *arena;
    bool learned; /* not the texts of cases but the questions they have learned; then any field */
    enum field field; /* that must have it */
    uint32_t words;   /* of 64 bits, in each set */
    uint32_t *left;   /* postings that may still be looked at */
    struct postings_block *block;
    enum status status;
    struct error *err;
};

/* AF_NO_MEMORY. */
enum status finder_init(struct finder *f, const struct segment *segment, enum field field,
                        bool learned, uint32_t *left, struct arena *arena,
                        struct error *err) MUST_USE;

/* An empty set; NULL without memory, which f->status says. */
uint64_t *finder_set(struct finder *f);

/* Adds the documents that may match. AF_CORRUPT, AF_NO_MEMORY. */
enum status finder_find(struct finder *f, const struct letters *typed, uint64_t *set) MUST_USE;
/* The same of documents whose texts may begin so. */
enum status finder_openings(struct finder *f, const struct letters *typed, uint64_t *set) MUST_USE;

/* Adds the documents that have a term, which is without the class of learned ones. What goes wrong
 * is in f->status. */
void finder_add(struct finder *f, struct bytes term, uint64_t *set);

#endif
