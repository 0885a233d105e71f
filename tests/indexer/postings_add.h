/* postings_add.h: one posting at a time, by its occurrences; the library takes many, by their
 * codes. */
#ifndef ASKFIRST_TESTS_INDEXER_POSTINGS_ADD_H
#define ASKFIRST_TESTS_INDEXER_POSTINGS_ADD_H

#include "indexer/postings.h"

/* At least one tf is not 0. */
static inline enum status postings_add(struct postings_writer *writer, uint32_t doc,
                                       const uint8_t tf[FIELD_COUNT], struct error *err)
{
    uint8_t code = shape_code(tf), escape[1][FIELD_COUNT];

    memcpy(escape, tf, FIELD_COUNT);
    return postings_add_many(writer, &doc, &code, 1, (const uint8_t(*)[FIELD_COUNT])escape, err);
}

#endif
