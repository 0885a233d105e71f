/* store_impl.h: what txn.c, store.c (values), cursor.c (walking) and store_open.c share.
 * Nobody else looks inside a store. */
#ifndef ASKFIRST_DATA_STORE_IMPL_H
#define ASKFIRST_DATA_STORE_IMPL_H

#include "data/store.h"

#include <limits.h>
#include <stdatomic.h>

struct frame_packer;
struct frame_unpacker;

#define KEY_BYTES_MAX 511 /* LMDB's own limit */

/* A table that a store opened for reading does not have: an older program made it. Empty. */
#define DBI_ABSENT UINT_MAX

struct store {
    struct env env;
    char *dir;
    enum store_mode mode;
    MDB_dbi dbi[TABLE_COUNT];
    struct frame_packer *packer; /* the writer's */
    /* Left by the transaction that ended last, for the next that needs one: it has 150 KB, which
     * to ask for and to give back costs more than to unpack a case. */
    _Atomic(struct frame_unpacker *) spare_unpacker;
    uint8_t secret[STORE_SECRET_BYTES];
};

struct txn {
    struct store *store;
    MDB_txn *mdb;
    bool is_write, is_dead;
    uint64_t writes;
    struct arena *arena;
    struct frame_unpacker *unpacker; /* made when the first packed value is read */
    struct buf scratch;              /* a value being framed */
    struct table_sum sums[TABLE_COUNT];
};

/* txn.c: a transaction whose sums are not loaded yet: there may be no tables to load them from. */
enum status txn_begin_bare(struct store *store, bool is_write, struct txn **out,
                           struct error *err) MUST_USE;
enum status txn_load_sums(struct txn *txn, struct error *err) MUST_USE;
enum status txn_save_sums(struct txn *txn, struct error *err) MUST_USE;
/* After LMDB's own transaction has ended. */
void txn_free(struct txn *txn);

/* store.c: verifies a stored value and gives its body, in `arena` when it was compressed.
 * AF_CORRUPT names table and key. `range` NULL: the whole body. *format may be NULL. */
struct value_range {
    size_t offset, len;
};
enum status value_open(struct txn *txn, enum table table, struct bytes key, struct bytes value,
                       const struct value_range *range, struct arena *arena, struct bytes *body,
                       uint8_t *format, struct error *err) MUST_USE;
/* What the header says, verified or not; 0 when there is no whole header. */
uint64_t value_checksum(struct bytes value);

#endif
