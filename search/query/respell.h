/* respell.h: other letters for a few of the question's, as the grams of these say that they were
 * meant.
 *
 * A wrong character of Han, kana or Hangul spoils the two grams that have it, and no dictionary
 * of words is there to be compared with. But the index knows grams: what was typed wrongly is in
 * few cases or none, and of what could stand there instead few texts make grams that cases have.
 * Sources (korean.c, japanese.c) offer such changes; here each is asked about and the best become
 * forms of the groups they touch.
 *
 *     typed    클 르 우     groups 클르 르우, in no case
 *     change      라        grams  클라 라우: in 214 and 230 cases, so both groups get theirs
 *
 * A change may have more or fewer letters than what it stands for (いらい, 依頼); then grams that
 * were typed and grams that are meant are matched in order. A wrong letter in the second
 * occurrence of a gram stays as it is. */
#ifndef ASKFIRST_SEARCH_QUERY_RESPELL_H
#define ASKFIRST_SEARCH_QUERY_RESPELL_H

#include "search/query/grams.h"

#define RESPELL_LETTERS_MAX 16 /* of one change */

struct letter {
    uint32_t cp;
    uint32_t at;        /* its byte in the folded question */
    bool katakana;      /* as it was typed */
    bool goes_on;       /* the next letter follows without a blank */
    struct group *pair; /* GRAM2 of it and the next, if typed for the first time and not quoted */
};

struct change {
    uint32_t start, end; /* letters of the question that it replaces */
    uint32_t letters[RESPELL_LETTERS_MAX];
    uint32_t count;
    uint32_t cost;      /* the less the likelier */
    bool is_word;       /* says enough by itself: its neighbours need not bear it out */
    enum reason reason; /* REASON_TYPO, REASON_SOUND */
};

struct chosen {
    struct change change;
    uint32_t borne; /* grams with its neighbours that the index has */
    uint64_t df;    /* of the rarest gram that had to be there */
};

struct respell {
    struct expansion *x;
    struct letter *letters;
    uint32_t count;
    uint64_t rare;  /* a gram in fewer cases may be a slip */
    uint64_t typed; /* df of the rarest gram of the place in hand; UINT64_MAX: it has none */
    uint32_t times; /* that a change must be in more cases */
    uint32_t left;  /* changes that may still be asked about */
    uint32_t room;  /* letters that may still be appended */
    struct chosen best[RESPELL_MAX];
    uint32_t best_count;
    enum status status; /* of the first call that failed */
};

/* The letters of the question, and which are grams. */
enum status respell_init(struct respell *r, struct expansion *x) MUST_USE;

/* A place: letters start … end-1. Its grams as typed are those with its neighbours too, unless it
 * is a word. False: they are in too many cases for a slip. */
bool respell_begin(struct respell *r, uint32_t start, uint32_t end, bool is_word, uint32_t times);
/* Remembers a change if it is borne out and among the best since the last respell_end(). */
void respell_offer(struct respell *r, const struct change *change);
/* The cases of the rarest gram of a text; 0: one of its grams is in none. One letter: its own. */
uint64_t respell_df(struct respell *r, const uint32_t *letters, uint32_t count);
/* More letters, in groups of their own, that stand for a word that was typed otherwise, at the
 * weight. False: no room. */
bool respell_append(struct respell *r, const struct group *typed, const uint32_t *letters,
                    uint32_t count, float weight, enum reason reason);

/* Makes forms of the best: how many. */
uint32_t respell_end(struct respell *r, float weight);

#endif
