/* columns.h: what documents can be filtered and counted by, as small numbers: the language,
 * product, category and audience of each, without reading the documents.
 *
 *   value, key = column u8:
 *     | different values | length, bytes of each, rising | ids | 8 bytes of zero |
 *     numbers are varints; an id says which value a document has, in as many bits as the last id
 *     needs, documents side by side
 *
 * A missing text is the empty one. Ids are those of one segment. */
#ifndef ASKFIRST_INDEXER_SEGMENT_COLUMNS_H
#define ASKFIRST_INDEXER_SEGMENT_COLUMNS_H

#include "indexer/segment/image.h"
#include "indexer/segment/segment.h"
#include "indexer/segment/valuetable.h"

#include <endian.h>

/* --- reading ------------------------------------------------------------------------------ */

struct column {
    uint32_t docs;
    uint32_t count; /* of different values: ids are 0 … count-1 */
    unsigned width;
    const uint8_t *ids; /* where they are stored (image.h), as are the values */
    const struct bytes *values;
};

/* The value of a document, by number; doc < docs. Below `count` whatever is stored. */
static inline uint32_t column_id(const struct column *column, uint32_t doc)
{
    size_t bit = (size_t)doc * column->width;
    uint64_t word;
    uint32_t id;

    memcpy(&word, column->ids + bit / 8, sizeof word); /* eight more bytes are there */
    id = (uint32_t)(le64toh(word) >> bit % 8 & (((uint64_t)1 << column->width) - 1));
    return id < column->count ? id : 0;
}

static inline struct bytes column_value(const struct column *column, uint32_t doc)
{
    return column->values[column_id(column, doc)];
}

/* The columns of a segment, each read when it is first needed; for any number of threads. */
struct columns;
struct columns *columns_new(uint32_t docs); /* NULL without memory */
void columns_free(struct columns *columns); /* accepts NULL */
enum status columns_get(struct columns *columns, struct image *image, enum column_name name,
                        const struct column **out, struct error *err) MUST_USE;
/* Looks at the stored columns again, whatever was read before. AF_CORRUPT. */
enum status columns_verify(struct image *image, struct error *err) MUST_USE;

/* --- writing ------------------------------------------------------------------------------ */

struct column_writer {
    struct valuetable values;
    struct buf ids; /* in the order of first sight, in this machine's order of bytes */
};

void column_writer_release(struct column_writer *writer);
/* One document more. False without memory. */
bool column_add(struct column_writer *writer, struct bytes value);
enum status column_finish(struct column_writer *writer, enum column_name name,
                          struct image_sink sink, struct error *err) MUST_USE;

#endif
