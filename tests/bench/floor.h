/* floor.h: a yardstick, not an engine. What plain C does on this machine with nothing but
 * memory: a hash table of terms (CJK characters, pairs of them, words in lower case), lists of
 * varint (document gap, occurrences), the title counted three times, and BM25 over every posting
 * of every term. No positions, no skipping, no fuzzy words, no stored text, nothing durable.
 *
 *   list: gap varint · occurrences u8 · gap varint · …
 *
 * Terms are 64-bit keys (a word is its FNV-1a hash): two words in one list are accepted here.
 * floor.c builds, floor_driver.c asks. */
#ifndef ASKFIRST_TESTS_BENCH_FLOOR_H
#define ASKFIRST_TESTS_BENCH_FLOOR_H

#include "tests/bench/driver.h"

#define TERM_NONE UINT32_MAX
#define FLOOR_K1 1.2f
#define FLOOR_B 0.75f

struct list {
    uint8_t *data;
    uint32_t len, room, df, last_doc, occurrences; /* occurrences: in the document at hand */
};

struct floor {
    uint64_t *keys; /* open addressing; 0: free */
    uint32_t *values;
    size_t mask;
    struct list *lists;
    uint32_t lists_count, lists_room;
    float *lengths; /* by document from 1: k1 · (1 - b + b · length / mean length) */
    uint32_t docs, docs_room;
    char (*ids)[ID_BYTES];
    uint64_t tokens;
};

struct floor *floor_of(const char *corpus);
uint32_t term_find(const struct floor *floor, uint64_t key); /* the list's number, or TERM_NONE */

/* Calls `each` for every term of a text. `chars`: every CJK character is one, as for the index;
 * else only one that stands alone, as for questions. */
typedef void (*term_fn)(void *context, uint64_t key);
void cut_text(struct bytes text, bool chars, term_fn each, void *context);

#endif
