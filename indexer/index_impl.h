/* index_impl.h: the inside of the index, for index*.c.
 *
 * Who holds what:
 *   mutex   state, the list of open bases, reference counts, analyzer and stemmer, and every
 *           call of mdb_dbi_open/close (LMDB wants one thread there). Held while a snapshot is
 *           made, never while one is used and never while a segment is written.
 *   writer  one flush, merge or rebuild at a time: a mutex in the process, and between
 *           processes flock() on DIR/index/writer.lock, which dies with its process.
 *
 * state    immutable, counted: the disk segments of one generation of the manifest, then the
 *          memory segments that continue the journal from there; each with its dead set.
 * snapshot a state with a read transaction begun while the manifest had that generation.
 *
 * When the manifest's generation changes (a flush here or in another process), the memory
 * segments are let go and what the new manifest does not cover is analysed again: simple, and
 * little, since a flush writes all there is. */
#ifndef ASKFIRST_INDEXER_INDEX_IMPL_H
#define ASKFIRST_INDEXER_INDEX_IMPL_H

#include "indexer/analyzer.h"
#include "indexer/index.h"
#include "indexer/manifest.h"
#include "indexer/segment_impl.h"
#include "indexer/stem.h"

#include <pthread.h>

#define STATE_SEGMENTS_MAX (INDEX_SEGMENTS_MAX + 56) /* memory: 7 of each of 8 tiers */

struct state_entry {
    struct segment_base *base;
    struct deadset *dead; /* NULL: none */
    uint64_t bytes;
};

struct state {
    unsigned refs;
    uint64_t generation, covers_seq;
    uint64_t disk_covers_seq; /* of those on disk: the manifest's */
    uint32_t disk;            /* the first ones */
    uint32_t count;           /* all */
    struct state_entry entries[STATE_SEGMENTS_MAX];
};

struct index {
    struct store *store;
    enum store_mode mode;
    struct env env;
    bool on_disk; /* false: no DIR/index, or it cannot be used: all in memory */
    MDB_dbi manifest;
    int writer_fd; /* of writer.lock; -1 */
    pthread_mutex_t writer;
    pthread_mutex_t mutex;
    /* under the mutex: */
    struct state *state;
    struct segment_base *open; /* disk segments with an open database */
    struct analyzer *analyzer;
    struct stemmer *stemmer;
    unsigned snapshots;
    bool damaged;             /* somebody met damage: to be made again */
    char met[ERROR_TEXT_MAX]; /* what was met, for index_check; empty after the next flush */
};

struct snapshot {
    struct index *index;
    struct state *state;
    MDB_txn *txn; /* NULL: memory only */
    bool damaged;
    struct image images[STATE_SEGMENTS_MAX];
    struct segment segments[STATE_SEGMENTS_MAX];
};

/* Damage of the index's own (not of the store, whose errors pass through): it will be made
 * again. Hands the status back. */
static inline enum status index_blame(struct index *index, enum status status)
{
    if (status == AF_CORRUPT || status == AF_NEWER)
        index->damaged = true;
    return status;
}

/* --- index_state.c; all under the mutex --- */

struct state *state_new(uint64_t generation, uint64_t covers_seq); /* empty; NULL: no memory */
struct state *state_copy(const struct state *state);               /* shares bases and dead sets */
void state_unref(struct index *index, struct state *state);        /* accepts NULL */
/* Takes over the references that are handed in. */
void state_append(struct state *state, struct segment_base *base, struct deadset *dead,
                  uint64_t bytes);
/* An open disk segment; NULL when there is none of this id. */
struct segment_base *index_find_open(struct index *index, uint32_t id);
/* What the manifest says now, without memory segments. */
enum status state_load(struct index *index, struct state **out, struct error *err) MUST_USE;
/* Makes `state` the current one; takes the reference over. */
void index_set_state(struct index *index, struct state *state);
/* A look at a state; when the manifest is of another generation by now, AF_CONFLICT. */
enum status snapshot_make(struct index *index, struct state *state, struct snapshot **out,
                          struct error *err) MUST_USE;
void snapshot_drop(struct snapshot *snapshot); /* accepts NULL */

/* --- index_catchup.c; under the mutex --- */

/* Indexes journal entries after state->covers_seq: all, or as many as INDEX_FLUSH_BYTES allow.
 * Begins its own transaction of the store; *head is the journal's head in it. */
enum status index_catch_up(struct index *index, uint64_t *head, struct error *err) MUST_USE;
/* Bytes that the current state holds in memory. */
size_t index_memory_bytes(const struct index *index);

/* --- index_write.c, index_tidy.c; with the writer's lock, without the mutex --- */

/* What is to be done with a snapshot: merge `sources` into one segment, drop the disk segments
 * among them from the manifest. */
struct plan {
    struct snapshot *snapshot;
    const struct segment *sources[STATE_SEGMENTS_MAX];
    uint32_t count;
    bool drops[STATE_SEGMENTS_MAX]; /* by place in the state */
    bool covers;                    /* the manifest's covers_seq becomes the snapshot's */
};

enum status index_execute(struct index *index, const struct plan *plan, struct error *err) MUST_USE;

/* Drops databases that neither the manifest nor a snapshot of this process names. */
enum status index_drop_orphans(struct index *index, struct error *err) MUST_USE;

/* --- index_open.c --- */

/* When the manifest changed (another process, or a flush here): makes what it says the current
 * state. AF_CORRUPT also for a foreign journal. Under the mutex. */
enum status index_refresh(struct index *index, struct error *err) MUST_USE;

/* Begins again from an empty index; recover also says why, on stderr. Under the mutex. */
enum status index_begin_again(struct index *index, struct error *err) MUST_USE;
enum status index_recover(struct index *index, const char *why, struct error *err) MUST_USE;
/* Does the state's covers_seq belong to this journal? AF_CORRUPT when not. */
enum status index_check_cover(struct index *index, const struct manifest *manifest,
                              struct error *err) MUST_USE;
/* Checksum of the journal's line at `seq`; 0 for seq 0. */
enum status journal_print(struct index *index, uint64_t seq, uint64_t *print,
                          struct error *err) MUST_USE;
enum status index_read_manifest(struct index *index, struct manifest *out,
                                struct error *err) MUST_USE;

#endif
