/* image.h: what a segment is made of: values under sorted keys, in memory or in a named database.
 *
 *   kind      key                        body
 *   HEADER    empty                      counts, languages, sums of lengths   (segment_write.c)
 *   LENGTHS   empty                      length codes, FIELD_COUNT a document (segment_write.c)
 *   NUMBERS   first case number be32     case number → document               (segment_write.c)
 *   POSTINGS  chunk be32                 postings of the longer lists         (postings.c)
 *   SKIPS     chunk be32, offset be16    last document of each chunk of a list(postings.c)
 *   STEMS     first entry of the block   language, stem → surface words       (block.c)
 *   TERMS     first term of the block    term → postings                      (block.c)
 *   BLOOM     empty                      which terms there may be             (bloom.c)
 *   COLUMNS   column u8                  language, product … of each document (columns.c)
 *   DOCS      first document be32        number, version, id, title           (docs.c)
 *
 * In a database the key begins with the kind's letter and the value stands in a frame whose key
 * is segment id + database key, so that a value of another segment or place does not pass.
 *
 * A value of LMDB over 2 KB has pages of its own, less 16 bytes: bodies are filled up to
 * IMAGE_BODY_BYTES, which with the frame is exactly one page. LENGTHS, BLOOM and COLUMNS are one
 * value each, which is read in place, by index: a segment never changes and LMDB maps its file
 * once, so such a body stays where it is as long as the segment is part of the index, and
 * whoever has a snapshot of it may read there. */
#ifndef ASKFIRST_INDEXER_SEGMENT_IMAGE_H
#define ASKFIRST_INDEXER_SEGMENT_IMAGE_H

#include "data/base/arena.h"
#include "data/env.h"
#include "data/frame.h"
#include "data/tree.h"
#include "indexer/segment/places.h"
#include "indexer/segment/seen.h"

enum image_kind {
    IMAGE_HEADER,
    IMAGE_LENGTHS,
    IMAGE_NUMBERS,
    IMAGE_POSTINGS,
    IMAGE_SKIPS,
    IMAGE_STEMS,
    IMAGE_TERMS,
    IMAGE_DOCS,
    IMAGE_BLOOM,
    IMAGE_COLUMNS,
    IMAGE_KIND_COUNT
};

#define DOCS_PER_PLACE 8u /* a value has some sixty: most places are of one value */
#define IMAGE_PAGE 4096u
#define IMAGE_BODY_BYTES (IMAGE_PAGE - 16 - FRAME_HEADER_BYTES)
#define IMAGE_KEY_BYTES_MAX 500 /* LMDB takes 511, one is the kind */
#define IMAGE_PLACE 0x100u      /* + kind: the frame's place; the store's tables are below */

const char *image_kind_name(enum image_kind kind);

/* --- writing: keys of one kind must rise; kinds may be mixed ------------------------------ */

struct image_sink {
    enum status (*put)(void *context, enum image_kind kind, struct bytes key, struct bytes body,
                       struct error *err);
    void *context;
};

struct memory_image;
struct memory_image *memory_image_new(void);        /* NULL without memory */
void memory_image_free(struct memory_image *image); /* accepts NULL */
size_t memory_image_bytes(const struct memory_image *image);
struct image_sink memory_image_sink(struct memory_image *image);

/* Puts into a named database within a write transaction that the caller commits. */
struct disk_sink {
    const struct env *env;
    MDB_txn *txn;
    MDB_dbi dbi;
    uint32_t id; /* of the segment */
    struct buf frame;
    uint64_t bytes;   /* put so far */
    size_t txn_bytes; /* put since the caller last cleared it */
    enum status (*full)(struct disk_sink *sink, struct error *err); /* may renew txn; or NULL */
    void *context;                                                  /* of full */
};
struct image_sink disk_sink_of(struct disk_sink *sink);
void disk_sink_release(struct disk_sink *sink);

/* --- reading ------------------------------------------------------------------------------ */

/* One of the two; bodies are borrowed from the memory image, or from the pages of the tree for as
 * long as a transaction keeps them. Several threads may read one. */
struct image {
    const struct memory_image *memory;
    const struct tree *tree; /* of a database: whatever LMDB's own pages say is proved there */
    uint32_t id;
    struct seen *seen;     /* values that need no checksum any more; NULL: every one is verified */
    struct places *places; /* values of IMAGE_POSTINGS that need not be looked for, */
    struct places *doc_places; /* and of IMAGE_DOCS, by document / DOCS_PER_PLACE; or NULL */
};

/* What is under a key, the key that begins the range `key` lies in (the greatest ≤ `key`), and
 * the one after. Keys come back without the kind. AF_CORRUPT when the value's frame is wrong. */
enum status image_get(struct image *image, enum image_kind kind, struct bytes key,
                      struct bytes *body, bool *found, struct error *err) MUST_USE;
/* The same for a value of IMAGE_POSTINGS. */
enum status image_get_chunk(struct image *image, uint32_t chunk, struct bytes *body, bool *found,
                            struct error *err) MUST_USE;
enum status image_floor(struct image *image, enum image_kind kind, struct bytes key,
                        struct bytes *at, struct bytes *body, bool *found,
                        struct error *err) MUST_USE;
enum status image_after(struct image *image, enum image_kind kind, struct bytes key,
                        struct bytes *at, struct bytes *body, bool *found,
                        struct error *err) MUST_USE;

#endif
