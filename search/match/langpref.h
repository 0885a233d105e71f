/* langpref.h: in which language does the asker read? Of cases that answer equally well, the one in
 * that language comes first: a library has its articles in many, and product names are in all.
 *
 * What was typed says it: by its script, and Latin letters by the commonest words. Where it does
 * not, a product's name or Han that several languages write the same way (language.h takes that
 * for zh-Hans), the page says it; without a page, Latin letters are English. */
#ifndef ASKFIRST_SEARCH_MATCH_LANGPREF_H
#define ASKFIRST_SEARCH_MATCH_LANGPREF_H

#include "data/base/bytes.h"

/* `page`: BCP 47 tag of what the asker has before them, or empty. Borrowed, or lives for ever;
 * empty when there is nothing to tell it from. */
struct bytes langpref_of(struct bytes question, struct bytes page);

/* 1: the same language and script, or one of them does not say which; ½: another script
 * (zh-Hans for zh-Hant); 0: another language, or nothing is preferred. */
double langpref_match(struct bytes preferred, struct bytes lang);

#endif
