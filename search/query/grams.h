/* grams.h: grams of two characters as terms, and how many cases have them; counted, so that a
 * question asks for no more than EXPAND_GRAMS_ASKED_MAX that nobody typed.
 *
 * Most of what a slip could have been is in no case: the segments' filters say so
 * (indexer/segment/bloom.h) in a tenth of the time that a look-up takes. */
#ifndef ASKFIRST_SEARCH_QUERY_GRAMS_H
#define ASKFIRST_SEARCH_QUERY_GRAMS_H

#include "search/query/forms.h"

#define GRAM_TERM_BYTES (1 + 2 * 4)

/* The term of a gram: of `letter` alone when `before` is 0. */
struct bytes gram_term(uint8_t out[GRAM_TERM_BYTES], uint32_t before, uint32_t letter);

/* In how many cases is it? 0 past the limit. AF_CORRUPT, AF_NO_MEMORY. */
enum status gram_df(struct expansion *x, uint32_t before, uint32_t letter, uint64_t *df) MUST_USE;

/* Characters of grammar (的 了 是): a gram with one of them says nothing, so neither is it corrected,
 * nor a correction. */
bool gram_says_nothing(uint32_t letter);

/* Visits the letters that the index has after this one, with the cases of both together; false from
 * the visitor ends this. At most EXPAND_SCAN_MAX. AF_CORRUPT, AF_NO_MEMORY. */
typedef bool (*gram_fn)(void *context, uint32_t letter, uint64_t df);
enum status gram_after(struct expansion *x, uint32_t letter, gram_fn visit, void *context) MUST_USE;

/* The CJK character that ends at a byte of folded text, or begins there, and its other end; 0:
 * none. */
uint32_t gram_letter_before(struct bytes folded, size_t end, size_t *begin);
uint32_t gram_letter_after(struct bytes folded, size_t begin, size_t *end);

#endif
