/* field.h: the parts of a case that are told apart when ranking, and how a case becomes them. */
#ifndef ASKFIRST_INDEXER_SEGMENT_FIELD_H
#define ASKFIRST_INDEXER_SEGMENT_FIELD_H

#include "data/article_view.h"
#include "data/base/buf.h"
#include "data/base/error.h"

#include <jansson.h>

enum field {
    FIELD_TITLE,
    FIELD_KEYWORDS, /* keywords and error codes */
    FIELD_PRODUCT,  /* product, category, environment */
    FIELD_SYMPTOM,
    FIELD_CAUSE,
    FIELD_RESOLUTION, /* resolution and advice */
    FIELD_BODY,       /* text: a case that is not split in parts */
    FIELD_COUNT
};

/* Appends the original text of a field of a case: its members one after another, lists and
 * members separated by a line feed. What a highlight's offsets refer to. */
void field_text(const json_t *article, enum field field, struct buf *out);
/* The same of a case that is not parsed. */
void field_view_text(const struct article_view *view, enum field field, struct buf *out);

/* A field's length in one byte: exact up to 40 units, then 4 bits of mantissa (as Lucene's
 * SmallFloat.intToByte4): decoding gives the lower bound, less than an eighth too short. */
uint8_t field_length_encode(uint32_t units);
uint32_t field_length_decode(uint8_t code);

#endif
