/* vocabulary.h: which words say the same as others, and which say only that something is asked.
 *
 * A vocabulary is made of text (vocabulary_text.h) by vocabulary_build.c: the one that comes with
 * the program while that is built, an administrator's when it is first needed. Here it is only
 * looked at: which phrases begin at a place of a folded text, and what stands for them. It does not
 * touch the index; what a question makes of it is synonyms.h.
 *
 * A place costs one look into a table of beginnings (a word, or two characters of a script without
 * blanks) and, where some phrase begins so, a search among those: linear in the text. */
#ifndef ASKFIRST_SEARCH_QUERY_VOCABULARY_H
#define ASKFIRST_SEARCH_QUERY_VOCABULARY_H

#include "data/base/bytes.h"

/* Which questions a line is for: a script that one language has tells (vocabulary_langs_of). */
enum vocabulary_lang {
    VOCABULARY_ZH = 1,
    VOCABULARY_JA = 2,
    VOCABULARY_KO = 4,
    VOCABULARY_EN = 8,
    VOCABULARY_ANY = 15
};

enum phrase_flag {
    PHRASE_ASKS = 1,    /* a manner of asking: 请问, how do I */
    PHRASE_WITHOUT = 2, /* what comes with the program is not used for it */
};

struct vocabulary_phrase {
    uint32_t at;     /* of its folded text in `texts` */
    uint32_t rules;  /* its first one */
    uint32_t begins; /* place + 1 of the longest other phrase that it begins with; 0: none */
    uint16_t rules_count;
    uint8_t len;   /* at most VOCABULARY_PHRASE_BYTES_MAX */
    uint8_t flags; /* enum phrase_flag */
};

/* How near the other phrase is, the nearest first. */
enum vocabulary_meaning {
    MEANS_SAME,
    MEANS_WIDER, /* one way: it may be this, and may be something else */
    MEANS_NEAR
};

/* "also look for this phrase" */
struct vocabulary_rule {
    uint32_t phrase; /* its place */
    uint8_t langs;   /* enum vocabulary_lang */
    uint8_t meaning; /* enum vocabulary_meaning */
};

/* Phrases that begin alike stand together, in the order of their bytes. */
struct vocabulary_slot {
    uint64_t beginning; /* vocabulary_beginning(); 0: free */
    uint32_t first, count;
};

struct vocabulary {
    const char *texts;
    const struct vocabulary_phrase *phrases;
    const struct vocabulary_rule *rules;
    const struct vocabulary_slot *slots;
    uint32_t phrases_count, rules_count;
    uint32_t mask; /* slots - 1; a free one ends a search */
    bool has_without;
};

/* What comes with the program: vocabulary.txt and OpenCC's regional phrases. */
extern const struct vocabulary vocabulary_shipped;
extern const struct vocabulary vocabulary_empty;

static inline struct bytes vocabulary_text(const struct vocabulary *v,
                                           const struct vocabulary_phrase *phrase)
{
    return bytes_of(v->texts + phrase->at, phrase->len);
}

/* May a phrase begin at `at` of folded text? Not within a word or number. */
bool vocabulary_may_begin(struct bytes text, size_t at);

/* The longest phrase that begins at `at`, where one may, and ends with a word; NULL: none does.
 * Then the next longest, and so on. */
const struct vocabulary_phrase *vocabulary_longest(const struct vocabulary *v, struct bytes text,
                                                   size_t at);
const struct vocabulary_phrase *vocabulary_shorter(const struct vocabulary *v, struct bytes text,
                                                   size_t at,
                                                   const struct vocabulary_phrase *phrase);

/* A phrase by its whole folded text; NULL: it has none such. */
const struct vocabulary_phrase *vocabulary_find(const struct vocabulary *v, struct bytes text);

/* The languages a folded question may be in: kana is Japanese, Hangul Korean, Han either Chinese
 * or Japanese; English words are in all. */
unsigned vocabulary_langs_of(struct bytes folded);

/* For vocabulary_build.c: the first word, else the first two characters, as a number; never 0. */
uint64_t vocabulary_beginning(struct bytes text);
static inline uint32_t vocabulary_hash(uint64_t beginning)
{
    return (uint32_t)((beginning * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
}

#endif
