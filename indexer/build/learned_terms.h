/* learned_terms.h: what a case has learned (data/learned.h) → terms that the index finds it by.
 *
 *   L<term>  a word, code or gram of two of the questions that it solved, as a form beside those
 *            of its own text. Only one that two different people used: a name, a slip, one
 *            person's insisting stay out. In FIELD_SYMPTOM, min(3, 1 + log2 votes) times. It adds
 *            nothing to the field's length: who is asked much is not found less.
 *   Ly… Lo…  what such a question may be typed as (indexer/text/title_terms.h), in the same way.
 *   R<hex>   a whole question (indexer/text/question.h) that two different people said it solved:
 *            in FIELD_TITLE, 1 … 15 times for the lower bound of the share whom it helped (Wilson
 *            1927) of those who asked so and opened it.
 *   L        figures of the case alone, as the occurrences in each field less one (as Lucene's
 *            FeatureField has them in the frequency): enum learned_figure.
 *
 * Votes have faded to the newest day of the record. So a document depends on the case and its
 * record and on nothing else, and an index made again is the same; how far the record's newest day
 * lies back is for the search, which knows what day it is. */
#ifndef ASKFIRST_INDEXER_BUILD_LEARNED_TERMS_H
#define ASKFIRST_INDEXER_BUILD_LEARNED_TERMS_H

#include "data/learned.h"
#include "indexer/build/tally.h"
#include "indexer/text/analyzer.h"

enum learned_figure {
    LEARNED_VIEWS,    /* 0 … 100: log(1 + people who opened it) of the most that are counted */
    LEARNED_HELPED,   /* 0 … 100: lower bound of the share whom it helped; 50: nobody said */
    LEARNED_DAY_LOW,  /* the newest day, its low 7 bits */
    LEARNED_DAY_HIGH, /* and those above */
    LEARNED_FIGURES
};

#define LEARNED_REPEAT_LEVELS 15

/* Scratch of one builder; zeroed: empty. */
struct learned_terms {
    struct buf bytes;
    struct learned_term *list;
    uint32_t count, room;
};
void learned_terms_release(struct learned_terms *terms);

/* Adds them to the case that the tally counts. */
enum status learned_terms_add(struct learned_terms *terms, const struct learned *learned,
                              struct analyzer *analyzer, struct tally *tally,
                              struct error *err) MUST_USE;

#endif
