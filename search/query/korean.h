/* korean.h: what a Korean word could have been. */
#ifndef ASKFIRST_SEARCH_QUERY_KOREAN_H
#define ASKFIRST_SEARCH_QUERY_KOREAN_H

#include "search/query/respell.h"

/* A wrong jamo in a word that the index does not know. */
void korean_slips(struct respell *r);
/* While typing: what the last syllable may become, unless the index knows it as it stands. 트부 is on
 * the way to 트북, 유ㄱ to 유기, and 공육 to 공유 and a ㄱ. */
void korean_unfinished(struct respell *r);

#endif
