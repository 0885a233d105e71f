/* japanese.h: what a Japanese word could have been. */
#ifndef ASKFIRST_SEARCH_QUERY_JAPANESE_H
#define ASKFIRST_SEARCH_QUERY_JAPANESE_H

#include "search/query/respell.h"

/* Words of the same reading, for Han that the index does not know. */
void japanese_homophones(struct respell *r);
/* Words read so, for hiragana that was not converted. */
void japanese_unconverted(struct respell *r);
/* Small and large, voiced and unvoiced kana, ー and ッ too many or too few, two swapped. */
void japanese_kana_slips(struct respell *r);

#endif
