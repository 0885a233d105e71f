/* language_latin_table.h: the tables that language_latin_table_gen.c writes at build time;
 * language_latin.c reads them. */
#ifndef ASKFIRST_INDEXER_TEXT_LANGUAGE_LATIN_TABLE_H
#define ASKFIRST_INDEXER_TEXT_LANGUAGE_LATIN_TABLE_H

#include <stdint.h>

#define LATIN_LANGS_MAX 32
#define LATIN_SLOTS_LOG2 10 /* for some 340 words; the program that fills them checks that */
#define LATIN_SLOTS (1u << LATIN_SLOTS_LOG2)

/* A function word of at most eight bytes as a number, its first byte lowest; a letter. `langs`: a
 * bit for each language that it speaks for, 0 for a free slot, which ends a search. */
struct latin_word {
    uint64_t word;
    uint32_t langs;
};

struct latin_letter {
    uint32_t letter, langs;
};

extern const unsigned latin_count;
extern const char *const latin_tags[];
extern const struct latin_word latin_words[LATIN_SLOTS];
extern const struct latin_letter latin_letters[LATIN_SLOTS];

static inline uint32_t latin_slot(uint64_t key)
{
    return (uint32_t)(key * 0x9E3779B97F4A7C15u >> (64 - LATIN_SLOTS_LOG2));
}

#endif
