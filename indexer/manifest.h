/* manifest.h: which segments are the index, and up to where they cover the journal.
 *
 *   database "manifest"
 *     "manifest"        | versions: segment format, analyzer | generation | next segment id |
 *                       | covers: seq, print u64 be | segments | id docs dead bytes | … |
 *     "dead" + id be32  the segment's deadset, when it has one
 *     "tree" + id be32  the description of its database (tree.h)
 *   database "s" + 8 hex digits of the id: a segment (image.h)
 *
 * Numbers are varints, values are framed. The generation rises with every change, so that a
 * process sees that another one has flushed. `print` is a checksum of the journal's line at
 * `seq`: an index does not belong to a store that was restored to another past. */
#ifndef ASKFIRST_INDEXER_MANIFEST_H
#define ASKFIRST_INDEXER_MANIFEST_H

#include "data/base/buf.h"
#include "data/base/limits.h"
#include "data/env.h"
#include "indexer/segment/deadset.h"

struct manifest_segment {
    uint32_t id, docs, dead;
    uint64_t bytes;
};

struct manifest {
    uint64_t generation;
    uint32_t next_id;
    uint64_t covers_seq, covers_print;
    uint32_t count;
    struct manifest_segment segments[INDEX_SEGMENTS_MAX];
};

/* A missing manifest is an empty one of generation 0. AF_CORRUPT also when other versions of
 * program wrote it: in both cases the index is made again. */
enum status manifest_read(const struct env *env, MDB_txn *txn, MDB_dbi dbi, struct manifest *out,
                          struct error *err) MUST_USE;
enum status manifest_write(const struct env *env, MDB_txn *txn, MDB_dbi dbi,
                           const struct manifest *manifest, struct error *err) MUST_USE;

/* The deadset of a segment of the manifest; NULL in *out when it has none. */
enum status dead_read(const struct env *env, MDB_txn *txn, MDB_dbi dbi,
                      const struct manifest_segment *segment, struct deadset **out,
                      struct error *err) MUST_USE;
enum status dead_write(const struct env *env, MDB_txn *txn, MDB_dbi dbi, uint32_t id,
                       const struct deadset *set, struct error *err) MUST_USE;
enum status dead_delete(const struct env *env, MDB_txn *txn, MDB_dbi dbi, uint32_t id,
                        struct error *err) MUST_USE;

/* The description of a segment's tree, whether the manifest names it or not: AF_NOT_FOUND when it
 * was never finished. segment_describe() makes it, of what is committed. */
enum status segment_description(const struct env *env, MDB_txn *txn, MDB_dbi dbi, uint32_t id,
                                struct bytes *out, struct error *err) MUST_USE;
enum status segment_describe(const struct env *env, uint32_t id, struct buf *out,
                             struct error *err) MUST_USE;
enum status description_write(const struct env *env, MDB_txn *txn, MDB_dbi dbi, uint32_t id,
                              struct bytes description, struct error *err) MUST_USE;
enum status description_delete(const struct env *env, MDB_txn *txn, MDB_dbi dbi, uint32_t id,
                               struct error *err) MUST_USE;
/* The root of a segment's tree, as the transaction sees it. */
enum status segment_root(const struct env *env, MDB_txn *txn, uint32_t id, uint64_t *root,
                         struct error *err) MUST_USE;

#define SEGMENT_NAME_BYTES 10
void segment_name(uint32_t id, char name[SEGMENT_NAME_BYTES]); /* "s0000002a" */
/* The id in a database's name; false when it is no segment's. */
bool segment_name_parse(struct bytes name, uint32_t *id);

#endif
