/* postings_add.h: one posting at a time, by its occurrences; the library takes many, by their
 * codes. */
#ifndef ASKFIRST_TESTS_INDEXER_POSTINGS_ADD_H
#define ASKFIRST_TESTS_INDEXER_POSTINGS_ADD_H

#include "indexer/segment/postings_write.h"

/* At least one tf is not 0. */
static inline void postings_add(struct postings_writer *writer, uint32_t doc,
                                const uint8_t tf[FIELD_COUNT])
{
    uint8_t code = shape_code(tf), escape[1][FIELD_COUNT];

    memcpy(escape, tf, FIELD_COUNT);
    postings_encode_add(&writer->encoder, &doc, &code, 1, (const uint8_t(*)[FIELD_COUNT])escape);
}

/* The end of the list, with its place. */
static inline enum status postings_end(struct postings_writer *writer, struct buf *payload,
                                       struct error *err)
{
    struct postings_list list;
    enum status status = postings_encode_end(&writer->encoder, &list, err);

    return status == AF_OK ? postings_put(writer, &list, payload, err) : status;
}

#endif
