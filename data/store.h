/* store.h: the truth: tables of framed values in one durable LMDB environment.
 *
 * Readers never block and never wait; a read transaction belongs to one request and must end
 * with it (a forgotten one makes the file grow for ever). Writing goes through the journal
 * (journal.h): only the writer begins write transactions. Each table carries a count
 * and a rolling sum of its values' checksums, so that a missing or stale page shows in check.
 *
 * Values that a get or a cursor gives are borrowed until the transaction ends. */
#ifndef ASKFIRST_DATA_STORE_H
#define ASKFIRST_DATA_STORE_H

#include "data/base/arena.h"
#include "data/base/buf.h"
#include "data/env.h"
#include "data/tables.h"

#include <jansson.h>

struct store;
struct txn;

enum store_mode { STORE_READ, STORE_WRITE };

/* DIR is the data folder; the environment is DIR/store. STORE_WRITE creates what is missing.
 * Errors as env_open; also AF_NEWER for a store of a newer format. */
enum status store_open(const char *dir, enum store_mode mode, struct store **out,
                       struct error *err) MUST_USE;
void store_close(struct store *store); /* accepts NULL; no transaction may be open */
const struct env *store_env(const struct store *store);
const char *store_dir(const struct store *store); /* DIR */

/* 32 random bytes made with the store: keys given to people are derived from it. It goes with
 * the store and its backups, never into the journal or a dump. */
#define STORE_SECRET_BYTES 32
struct bytes store_secret(const struct store *store);

enum status store_begin_read(struct store *store, struct txn **out, struct error *err) MUST_USE;
enum status store_begin_write(struct store *store, struct txn **out, struct error *err) MUST_USE;
/* Durable when it returns AF_OK. The transaction is gone in either case. */
enum status txn_commit(struct txn *txn, struct error *err) MUST_USE;
void txn_abort(struct txn *txn); /* accepts NULL; a read ends the same way whether it worked */

/* The last commit that the transaction sees; it rises with every commit. */
uint64_t txn_id(const struct txn *txn);
/* How many puts and deletes so far: tells whether a refused command left traces. */
uint64_t txn_writes(const struct txn *txn);
/* LMDB refused a put or delete: nothing of this transaction can be committed any more. */
bool txn_is_dead(const struct txn *txn);
/* Memory that ends with the transaction. */
struct arena *txn_arena(struct txn *txn);

/* AF_NOT_FOUND without a sentence (the caller knows what was looked for); AF_CORRUPT names
 * table and key. */
enum status store_get(struct txn *txn, enum table table, struct bytes key, struct bytes *body,
                      struct error *err) MUST_USE;
/* The same for tables whose values come in more than one format: *format says which it is. */
enum status store_get_format(struct txn *txn, enum table table, struct bytes key,
                             struct bytes *body, uint8_t *format, struct error *err) MUST_USE;
/* `len` bytes of a value from `offset` on, for the price of those when it is a long one. */
enum status store_get_range(struct txn *txn, enum table table, struct bytes key, size_t offset,
                            size_t len, struct bytes *out, struct error *err) MUST_USE;
enum status store_put(struct txn *txn, enum table table, struct bytes key, struct bytes body,
                      struct error *err) MUST_USE;
/* A value whose middle was packed beforehand (frame.h). */
struct frame_parts;
enum status store_put_parts(struct txn *txn, enum table table, struct bytes key, struct bytes head,
                            const struct frame_parts *parts, struct bytes tail,
                            struct error *err) MUST_USE;
/* AF_NOT_FOUND when there was none. */
enum status store_delete(struct txn *txn, enum table table, struct bytes key,
                         struct error *err) MUST_USE;

/* What the sums say is in a table; and, for check, what the sum should be. */
struct table_sum {
    uint64_t count, sum;
};
struct table_sum store_sum(const struct txn *txn, enum table table);
/* AF_CORRUPT when the tables are whole but of an older commit than the last. */
enum status store_check_commit(struct txn *txn, struct error *err) MUST_USE;

/* Walks keys in order from the first key ≥ `from`, or (backwards) from the last key ≤ `from`;
 * BYTES_NONE begins at the end it walks from. The cursor's body is valid until it moves. */
struct cursor;
enum walk { WALK_UP, WALK_DOWN };
enum status cursor_open(struct txn *txn, enum table table, struct bytes from, enum walk walk,
                        struct cursor **out, struct error *err) MUST_USE;
/* AF_NOT_FOUND (no sentence) after the last. On AF_CORRUPT *key is set and the walk can go on. */
enum status cursor_next(struct cursor *cursor, struct bytes *key, struct bytes *body,
                        struct error *err) MUST_USE;
/* The checksum that the current value states, for check: what the table's sum is made of. */
uint64_t cursor_checksum(const struct cursor *cursor);
void cursor_close(struct cursor *cursor); /* before the transaction ends; accepts NULL */

/* JSON bodies. The caller owns what it gets. */
enum status store_get_json(struct txn *txn, enum table table, struct bytes key, json_t **out,
                           struct error *err) MUST_USE;
enum status store_put_json(struct txn *txn, enum table table, struct bytes key, const json_t *json,
                           struct error *err) MUST_USE;

/* A key as people can read it, for sentences: text as it is, other bytes as hex; cut. */
void key_text(struct bytes key, char *text, size_t room);

#endif
