/* stem.h: stems of words by libstemmer, for grouping surface forms at query time.
 *
 * The index keeps surface forms only; a segment also keeps stem → surface forms, so an exact
 * form always beats a conflated one and the language is only needed per document. */
#ifndef ASKFIRST_INDEXER_TEXT_STEM_H
#define ASKFIRST_INDEXER_TEXT_STEM_H

#include "data/base/bytes.h"
#include "data/base/error.h"

struct stemmer; /* one a thread */

enum status stemmer_new(struct stemmer **out, struct error *err) MUST_USE;
void stemmer_free(struct stemmer *stemmer); /* accepts NULL */

/* The stem of a folded word in the language `lang` (BCP 47, "en", "de-CH"…). Borrowed until the
 * next call. BYTES_NONE when libstemmer has no such language, the word is longer than 64
 * characters, or the stem equals the word. */
struct bytes stemmer_stem(struct stemmer *stemmer, const char *lang, struct bytes word);

#endif
