#include "indexer/segment/elias.h"
#include "indexer/segment/postings.h"

#include <assert.h>

size_t postings_body_encode(const struct postings_block *block, uint32_t base, uint32_t last,
                            uint8_t *out)
{
    size_t len = elias_encode(block->docs, block->n, base, last, out);
    const uint8_t *at = block->codes, *end = block->codes + block->n;

    len += postings_codes_encode(block->codes, block->n, out + len);
    for (; (at = memchr(at, SHAPE_ESCAPE, (size_t)(end - at))) != NULL; at++)
        len += shape_escape_encode(block->escapes[at - block->codes], out + len);
    assert(len <= POSTINGS_BODY_MAX);
    return len;
}

bool postings_docs_decode(struct reader *r, uint32_t n, uint32_t base, uint32_t last,
                          struct postings_block *out)
{
    out->n = n;
    return elias_decode(r, n, base, last, out->docs);
}

bool postings_rest_decode(struct reader *r, struct postings_block *out)
{
    const uint8_t *at = out->codes, *end = out->codes + out->n;

    if (!postings_codes_decode(r, out->n, out->codes))
        return false;
    while ((at = memchr(at, SHAPE_ESCAPE, (size_t)(end - at))) != NULL) {
        if (!shape_escape_decode(r, out->escapes[at - out->codes]))
            return false;
        at++;
    }
    return true;
}

bool postings_body_decode(struct reader *r, uint32_t n, uint32_t base, uint32_t last,
                          struct postings_block *out)
{
    return postings_docs_decode(r, n, base, last, out) && postings_rest_decode(r, out);
}

/* --- the builder's log --- */

size_t postings_code_encode(const uint8_t tf[FIELD_COUNT], uint8_t *at)
{
    at[0] = shape_code(tf);
    return at[0] == SHAPE_ESCAPE ? 1 + shape_escape_encode(tf, at + 1) : 1;
}
