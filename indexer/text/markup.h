/* markup.h: the body of a case (plain text, Markdown, HTML) → the text a person reads.
 *
 * Every byte of markup becomes a blank, so that offsets keep pointing into the original; the
 * texts of links and images stay; entities are left to the page (they are rare in cases and
 * would move offsets). */
#ifndef ASKFIRST_INDEXER_TEXT_MARKUP_H
#define ASKFIRST_INDEXER_TEXT_MARKUP_H

#include "data/base/buf.h"

/* Appends exactly text.len bytes to `out`. */
void markup_blank(struct bytes text, struct buf *out);

#endif
