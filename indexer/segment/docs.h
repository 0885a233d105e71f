/* docs.h: documents as bytes.
 *
 *   DOCS value, key = its first document be32:
 *     | count be16 | end of each record be16 … | record | record | …
 *   record:  | no | version | length and bytes of id | title: the rest |      numbers are varints
 *
 * Language, product, category and audience are in columns (columns.h). A value is a page, so that
 * one checksum guards some 45 documents; a record that does not fit in one has a value of its own.
 * Texts are not compressed: ranking reads the titles of many cases.
 *
 *   whole document, as a run has it (run.h): | no | version | audience u8 | then length and bytes
 *   of id, title, lang, product, category | */
#ifndef ASKFIRST_INDEXER_SEGMENT_DOCS_H
#define ASKFIRST_INDEXER_SEGMENT_DOCS_H

#include "indexer/segment/image.h"
#include "indexer/segment/segment.h"

struct docs_writer {
    struct image_sink sink;
    uint32_t first, count; /* documents in the open value */
    struct buf ends, records;
};

void docs_writer_release(struct docs_writer *writer);
/* Documents are numbered in the order of their adding. What columns hold is left out. */
enum status docs_add(struct docs_writer *writer, const struct document *document,
                     struct error *err) MUST_USE;
enum status docs_finish(struct docs_writer *writer, struct error *err) MUST_USE;

/* Number, version, id and title of a document, borrowed with the image; the rest is not set.
 * AF_CORRUPT when it is not there. */
enum status docs_find(struct image *image, uint32_t doc, struct document *out,
                      struct error *err) MUST_USE;

/* --- whole documents ---------------------------------------------------------------------- */

void document_encode(const struct document *document, struct buf *out);
/* Texts are borrowed from `whole`. False: damaged. */
bool document_decode(struct bytes whole, struct document *out);

#endif
