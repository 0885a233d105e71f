/* characters.h: how long a text is, as a person counts: a letter with its accents is one, and so is
 * a flag, a family, a syllable of Hangul (grapheme clusters, UAX #29). */
#ifndef ASKFIRST_INTAKE_FORM_CHARACTERS_H
#define ASKFIRST_INTAKE_FORM_CHARACTERS_H

#include "data/base/bytes.h"
#include "data/base/error.h"

/* `text` is UTF-8. AF_NO_MEMORY. */
enum status characters_count(struct bytes text, size_t *count, struct error *err) MUST_USE;

#endif
