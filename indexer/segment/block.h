/* block.h: sorted entries, front coded, in blocks of a page: the dictionary and the stem groups.
 *
 *   block:  entry entry …  run be16 …  runs u8     its first entry's key is also the value's key
 *   entry:  | head | more | rest bytes | payload length varint | payload |
 *   head:   shared, high four bits; rest, low four; 15: what is over 15 follows as a varint
 *
 * `shared` bytes are those of the entry before it, as many as there are; keys rise strictly.
 * Every BLOCK_RUN entries a run begins, whose first entry shares nothing: a search goes to the
 * run by halving and through it by counting how much the key shares with what is sought, without
 * putting keys together (LevelDB and git's reftable do the first). `run` is the offset of such an
 * entry; the first run begins at 0 and is not listed.
 *
 * The reader checks the order inside a block: anything else is damage. That blocks follow each
 * other is LMDB's key order. A block is closed before it would pass IMAGE_BODY_BYTES, so it holds
 * at least one entry and passes a page only for one entry that alone does. */
#ifndef ASKFIRST_INDEXER_SEGMENT_BLOCK_H
#define ASKFIRST_INDEXER_SEGMENT_BLOCK_H

#include "indexer/segment/image.h"

#define BLOCK_RUN 16  /* entries; a run costs its offset and what its first key would share */
#define BLOCK_RUNS 96 /* of a block; an entry has at least 3 bytes, so there are at most 84 */

struct block_writer {
    struct image_sink sink;
    enum image_kind kind;
    struct buf body, first, last;
    uint32_t entries, runs_count; /* of the open block */
    uint16_t runs[BLOCK_RUNS];
};

void block_writer_release(struct block_writer *writer);
enum status block_add(struct block_writer *writer, struct bytes key, struct bytes payload,
                      struct error *err) MUST_USE;
/* Writes the block that is open, if any. */
enum status block_finish(struct block_writer *writer, struct error *err) MUST_USE;

#define BLOCK_KEY_SPARE 16 /* of a cursor's key, so that most rests are copied at once */

/* Walks entries in order. After block_seek the next block_next gives the first key ≥ from. */
struct block_cursor {
    struct image *image;
    enum image_kind kind;
    struct reader left; /* entries of the open block */
    struct bytes payload;
    bool pending; /* the entry in hand has not been given yet */
    size_t key_len, block_key_len;
    size_t shared; /* of the key with the one before, as stored */
    uint8_t key[IMAGE_KEY_BYTES_MAX + BLOCK_KEY_SPARE];
    uint8_t block_key[IMAGE_KEY_BYTES_MAX];
};

enum status block_seek(struct block_cursor *cursor, struct image *image, enum image_kind kind,
                       struct bytes from, struct error *err) MUST_USE;
/* False after the last. Key and payload: block_cursor_key() and cursor->payload. */
enum status block_next(struct block_cursor *cursor, bool *found, struct error *err) MUST_USE;

/* The next entry whose key does not begin with the first `len` bytes of the one in hand; as cheap
 * as can be for those that do. There must be one in hand, and it must be that long. */
enum status block_skip(struct block_cursor *cursor, size_t len, bool *found,
                       struct error *err) MUST_USE;
/* The next entry whose key begins with the byte `first` and has `piece` after it; looks at *left
 * entries at most and counts them down. False after the last that begins so, and when none are
 * left. */
enum status block_next_holding(struct block_cursor *cursor, uint8_t first, struct bytes piece,
                               uint32_t *left, bool *found, struct error *err) MUST_USE;

static inline struct bytes block_cursor_key(const struct block_cursor *cursor)
{
    return bytes_of(cursor->key, cursor->key_len);
}

/* The payload of exactly this key; borrowed with the image. */
enum status block_find(struct image *image, enum image_kind kind, struct bytes key,
                       struct bytes *payload, bool *found, struct error *err) MUST_USE;

#endif
