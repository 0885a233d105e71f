/* language_latin.h: which language a text in Latin letters is in; see language.h. */
#ifndef ASKFIRST_INDEXER_TEXT_LANGUAGE_LATIN_H
#define ASKFIRST_INDEXER_TEXT_LANGUAGE_LATIN_H

#include "data/base/bytes.h"

/* `otherwise` when neither its words nor its letters say enough. */
const char *language_latin(struct bytes text, const char *otherwise);

#endif
