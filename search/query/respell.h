/* respell.h: what the CJK letters of the question could have been, and which of that the index
 * knows.
 *
 * A wrong character spoils the grams that have it, and no dictionary of words is there to be
 * compared with. But the index knows grams: what was typed wrongly is in few cases or none, and of
 * what could stand there instead few texts make grams that cases have.
 *
 *     letters of the question       채 틴        数 握 库       い ら い
 *                                   │            │            │
 *     sources say what a stretch    채 팅        数 据 库       依 頼        struct change
 *     of them could have been       korean.h     edits.h       japanese.h
 *                                   │            │            │
 *     grams that this makes, asked  채팅 214     数据 20       依赖 9       grams.h: one budget
 *                                                据库 20
 *     judged: how much commoner     the best of each gram that was typed become its forms
 *
 * Sources: chinese.h (characters that sound alike), japanese.h (words of one reading, kana),
 * korean.h (jamo), edits.h (of any script: swapped, one too many, one missing, any other),
 * switched.h (Latin letters). slip_kinds.h has what they weigh. Pinyin (spelled.h) finds a path
 * through many letters instead. Where a change has more or fewer letters than were typed, grams
 * are matched in order. A wrong letter in the second occurrence of a gram stays as it is. */
#ifndef ASKFIRST_SEARCH_QUERY_RESPELL_H
#define ASKFIRST_SEARCH_QUERY_RESPELL_H

#include "search/query/grams.h"
#include "search/query/slip_kinds.h"

#define RESPELL_LETTERS_MAX 16 /* of one change */

struct change {
    enum slip slip;
    uint32_t start, end; /* letters of the question that it replaces */
    uint32_t letters[RESPELL_LETTERS_MAX];
    uint32_t count;
    float cost; /* over that of its kind */
};

/* A gram that may stand for one that was typed. */
struct guess {
    uint32_t letters[2];
    float score;  /* log2 of how much commoner it is, and those beside it, less the costs */
    float weight; /* of the form that it becomes */
    enum reason reason;
};

struct letter {
    uint32_t cp;
    uint32_t at;        /* its byte in the folded question */
    bool katakana;      /* as it was typed */
    bool is_read;       /* of kana that are a word: then none of them is a slip */
    bool goes_on;       /* the next letter follows without a blank */
    struct group *pair; /* GRAM2 of it and the next, if typed for the first time and not quoted */
    struct guess *guesses; /* for that, best first; room for RESPELL_MAX */
    uint32_t guesses_count;
};

struct respell {
    struct expansion *x;
    struct letter *letters;
    uint32_t count;
    uint64_t rare;      /* a gram in fewer cases may be a slip */
    uint32_t room;      /* letters that may still be appended */
    enum status status; /* of the first call that failed */
};

enum status respell_init(struct respell *r, struct expansion *x) MUST_USE;

/* May letters start … end-1 be wrong, as all grams say that have one; of a whole word its own? */
bool respell_is_rare(struct respell *r, uint32_t start, uint32_t end, bool is_word);
/* The cases of the rarest gram inside; UINT64_MAX: there is none. */
uint64_t respell_typed(const struct respell *r, uint32_t start, uint32_t end);
/* May this gram be? In fewer than three cases, and not corrected yet. */
bool respell_is_strange(const struct respell *r, uint32_t at);
/* Is this gram a word that cases have, so that its letters are there on purpose? */
bool respell_vouches(const struct respell *r, uint32_t at);
/* The score of the best guess for this gram; 0: there is none. */
float respell_best(const struct respell *r, uint32_t at);

/* Asks about a change and remembers it if the index bears it out: whether it did. */
bool respell_offer(struct respell *r, const struct change *change);
/* Makes forms of what was remembered, and forgets it. */
void respell_apply(struct respell *r);

/* The cases of the rarest gram of a text; 0: one of its grams is in none. One letter: its own. */
uint64_t respell_df(struct respell *r, const uint32_t *letters, uint32_t count);
/* More letters, in groups of their own, that stand for a word that was typed otherwise, at the
 * kind's weight. False: no room. */
bool respell_append(struct respell *r, const struct group *typed, const uint32_t *letters,
                    uint32_t count, enum slip slip);

#endif
