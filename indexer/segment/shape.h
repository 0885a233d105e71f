/* shape.h: how often a document has a term in each field, as one byte.
 *
 *   code   0 … 104   one field: (times - 1) × FIELD_COUNT + field, 1 to 15 times
 *        105 … 125   two fields, once each, in the order 01 02 … 06 12 … 56
 *        126 … 254   the 129 other shapes that are commonest, listed in shape.c
 *        255         any other: an escape, which names the fields and the times of each
 *
 * 98.8 % of the postings of the generated corpus and 99.9 % of those of real cases have a code
 * below 255. The numbers are part of the segments' format. */
#ifndef ASKFIRST_INDEXER_SEGMENT_SHAPE_H
#define ASKFIRST_INDEXER_SEGMENT_SHAPE_H

#include "data/base/bytes.h"
#include "indexer/segment/field.h"

#define SHAPE_TIMES 15 /* of one field that have a code */
#define SHAPE_PAIRS (SHAPE_TIMES * FIELD_COUNT)
#define SHAPE_OTHERS (SHAPE_PAIRS + FIELD_COUNT * (FIELD_COUNT - 1) / 2)
#define SHAPE_ESCAPE 255
#define SHAPE_BYTES_MAX (2 + FIELD_COUNT) /* of a code with its escape */

/* Of each code: occurrences in each field, then the mask of the fields that have any. All 0 for
 * SHAPE_ESCAPE. */
extern const uint8_t shape_table[256][FIELD_COUNT + 1];

static inline const uint8_t *shape_tf(uint8_t code)
{
    return shape_table[code];
}

static inline unsigned shape_mask(uint8_t code)
{
    return shape_table[code][FIELD_COUNT];
}

/* The code of at least one occurrence; SHAPE_ESCAPE when there is none of its own. */
uint8_t shape_code(const uint8_t tf[FIELD_COUNT]);

/* An escape: | mask of fields | occurrences in each field of the mask |. Returns its length; false
 * when damaged. */
size_t shape_escape_encode(const uint8_t tf[FIELD_COUNT], uint8_t *at);
bool shape_escape_decode(struct reader *r, uint8_t tf[FIELD_COUNT]);

#endif
