/* matching.h: does a text begin, somewhere, as it was typed?
 *
 * A typed text matches from a place where letters begin if each letter of the text from there on
 * takes some of it, until nothing is left:
 *
 *   itself            any letter takes itself; blanks and marks do not count
 *   Han as it is read lu, and a digit for its tone; the last may be unfinished (HOW_READ)
 *   … first letters   l, or both of zh ch sh (HOW_INITIALS)
 *   Hangul initials   ㅊ (HOW_INITIALS); the last of what was typed at any time
 *   unfinished Hangul 트 is on the way to 특, 공육 to 공유 and a ㄱ
 *
 * Several ways to take may fit (xi an, xian): all are followed at once, a bit for each number of
 * letters taken (Thompson 1968; Baeza-Yates & Gonnet 1992), so that the time is letters typed ×
 * letters of the text at most. */
#ifndef ASKFIRST_SEARCH_SUGGEST_MATCHING_H
#define ASKFIRST_SEARCH_SUGGEST_MATCHING_H

#include "search/suggest/typed.h"

enum matching_how {
    HOW_WRITTEN,  /* letter by letter */
    HOW_READ,     /* Han as it is read, whole syllables but the last */
    HOW_INITIALS, /* … or first letters: three of them, two of Hangul or where the text begins */
};

/* From letter `at` of `text`? *end: the letter after. */
bool matching_from(const struct letters *typed, const struct letters *text, uint32_t at,
                   enum matching_how how, uint32_t *end);

#define MATCHING_SPANS 4

struct matched {
    unsigned rank; /* 0: the text begins as it was typed; more is worse */
    uint32_t spans_count;
    struct {
        uint32_t start, end; /* letters */
    } spans[MATCHING_SPANS];
};
#define MATCHED_WORST 8

/* The best way in which the text matches any form of what was typed, at its first such place; or
 * every piece of what was typed with blanks, anywhere (printer red: red light of a printer). */
bool matching_of(const struct typed *typed, const struct letters *text, struct matched *out);

#endif
