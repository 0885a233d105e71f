/* docs.h: documents as bytes: what a search shows and filters on, and the folded text.
 *
 *   record: | no | version | audience u8 | then length and bytes of: id, title, lang, product,
 *             category, and the folded text of each field |               numbers are varints
 *   DOCS value, key = its first document be32:
 *     | count be16 | end of each record be32 … | record in a frame | record in a frame | …
 *
 * The value has no frame of its own; a record's frame has segment and document in its key, so
 * a wrong count or end can only make a checksum fail. Values are filled up to DOCS_VALUE_BYTES;
 * on average half a page of the last is unused, 3 % of the whole. Texts are not compressed:
 * rescoring reads some 200 of them for one question. */
#ifndef ASKFIRST_INDEXER_DOCS_H
#define ASKFIRST_INDEXER_DOCS_H

#include "indexer/image.h"
#include "indexer/segment.h"

#define DOCS_VALUE_BYTES (16 * IMAGE_PAGE - 16)
#define DOCS_FORMAT 1

struct docs_writer {
    struct image_sink sink;
    uint32_t id;           /* of the segment; 0 in memory */
    uint32_t first, count; /* documents in the open value */
    struct buf ends, records;
};

void docs_writer_release(struct docs_writer *writer);
/* Documents are numbered in the order of their adding. */
enum status docs_add(struct docs_writer *writer, struct bytes record, struct error *err) MUST_USE;
enum status docs_finish(struct docs_writer *writer, struct error *err) MUST_USE;

void document_encode(const struct document *document, struct buf *out);
/* Texts are borrowed from `record`. False: damaged. */
bool document_decode(struct bytes record, struct document *out);

/* The record of a document, borrowed with the image. AF_CORRUPT when it is not there. */
enum status docs_find(struct image *image, uint32_t doc, struct bytes *record,
                      struct error *err) MUST_USE;

#endif
