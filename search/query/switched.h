/* switched.h: Latin letters where kana or Hangul was meant: romaji, and a Korean keyboard that was
 * not switched. Only for words that the index does not know, and only when it knows every gram of
 * what they would be, or a word that is read so: then those grams are looked for instead of the
 * word. Romaji must be in more cases than any correction of the word as Latin letters. */
#ifndef ASKFIRST_SEARCH_QUERY_SWITCHED_H
#define ASKFIRST_SEARCH_QUERY_SWITCHED_H

#include "search/query/respell.h"

void switched_words(struct respell *r);

#endif
