/* latin.h: the terms of words, numbers and identifiers in alphabetic text (see ident.h). */
#ifndef ASKFIRST_INDEXER_TEXT_LATIN_H
#define ASKFIRST_INDEXER_TEXT_LATIN_H

#include "indexer/text/tokens.h"

/* Adds the tokens of the chunk at `at` (a letter or digit of the folded text); its end. */
size_t latin_add(struct tokens *t, size_t at);

#endif
