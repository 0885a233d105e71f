/* language.h: which language a text is in, from its letters and commonest words. */
#ifndef ASKFIRST_INDEXER_TEXT_LANGUAGE_H
#define ASKFIRST_INDEXER_TEXT_LANGUAGE_H

#include "data/base/bytes.h"

/* A BCP 47 tag that lives for ever: by script first (kana → "ja", Hangul → "ko", Thai → "th",
 * Han alone → "zh-Hans" or "zh-Hant" by the characters only one of them uses, Cyrillic …), then
 * for Latin letters by function words. `otherwise` when nothing can be said. */
const char *language_detect(struct bytes text, const char *otherwise);

#endif
