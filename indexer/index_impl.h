/* index_impl.h: the inside of the index, for index*.c.
 *
 * Who holds what, in the order of taking:
 *   writer    one flush, merge or rebuild at a time: a mutex in the process, and between
 *             processes flock() on DIR/index/writer.lock, which dies with its process.
 *   changing  whoever makes the next state (follows the journal, loads the manifest), and every
 *             call of mdb_dbi_open/close: LMDB wants one thread there. Analyzer and stemmer. Held
 *             while new cases are analysed; never while a segment is written.
 *   mutex     the pointer to the state, reference counts, the pool and the list of open bases.
 *             Held for moments: no analysis, no file, no waiting under it.
 * A search that finds the state current takes the mutex alone, twice, for moments.
 *
 * state    immutable, counted: the disk segments of one generation of the manifest, then the
 *          memory segments that continue the journal from there; each with its dead set.
 * snapshot a state with a read transaction begun while the manifest had that generation. A
 *          released one goes to a pool with its transaction reset: beginning it again costs a
 *          tenth of beginning one anew.
 *
 * When the manifest's generation changes (a flush here or in another process), the memory
 * segments are let go and what the new manifest does not cover is analysed again: simple, and
 * little, since a flush writes all there is. */
#ifndef ASKFIRST_INDEXER_INDEX_IMPL_H
#define ASKFIRST_INDEXER_INDEX_IMPL_H

#include "data/journal.h"
#include "indexer/build/segment_build.h"
#include "indexer/index.h"
#include "indexer/index_source.h"
#include "indexer/manifest.h"
#include "indexer/segment/segment_impl.h"
#include "indexer/text/analyzer.h"
#include "indexer/text/stem.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

extern const struct env_options index_env_options;

#define INDEX_COPY_NAME "data.mdb.compact" /* while index_compact.c writes it */

#define MEMORY_TIERS 8 /* of segments in memory, by size: fewer than two times INDEX_TIER of each */
#define STATE_SEGMENTS_MAX (INDEX_SEGMENTS_MAX + MEMORY_TIERS * 2 * INDEX_TIER)

struct state_entry {
    struct segment_base *base;
    struct deadset *dead; /* NULL: none */
    uint64_t bytes;
};

struct state {
    unsigned refs;
    bool on_disk; /* continues the manifest of the files; false: nothing but memory is used */
    uint64_t generation, covers_seq;
    uint64_t disk_covers_seq; /* of those on disk: the manifest's */
    uint32_t disk;            /* the first ones */
    uint32_t count;           /* all */
    struct state_entry entries[STATE_SEGMENTS_MAX];
};

/* A case that is being committed: the journal's head with it, and what it says. */
struct offered {
    struct journal_head head;
    struct article_ref ref;
    struct buf text;
};

/* What was made of one: a segment in memory, or NULL when nobody shall find it. */
struct prepared {
    struct journal_head head; /* seq 0: there is none */
    uint32_t replaced;        /* the case's number when it was there before, or 0 */
    struct segment_base *base;
};

/* index_ahead.c */
struct ahead {
    struct offered making; /* the journal's writer's, in its turn */
    /* under the mutex: */
    pthread_t thread;
    pthread_cond_t work;
    bool has_thread, stops;
    bool is_wanted;  /* somebody has followed the journal since the last offer */
    bool is_offered; /* and nobody has begun with it */
    bool is_many;    /* there are segments to merge */
    struct offered offered;
    /* under `changing`: */
    struct offered taken;
    struct prepared prepared;
};

struct index {
    const struct index_source *source;
    struct store *store;
    enum store_mode mode;
    struct env env;
    MDB_dbi manifest;
    atomic_bool accounted; /* all pages fit together, at least when the file was opened */
    int writer_fd;         /* of writer.lock; -1 */
    unsigned build_threads;
    size_t build_bytes;
    size_t map_bytes;      /* of the file at least; 0: as env_open() chooses */
    uint64_t bulk_entries; /* so many that no state knows are built from the journal */
    pthread_mutex_t writer;
    pthread_mutex_t changing;
    /* under `changing`: */
    struct analyzer *analyzer;
    struct stemmer *stemmer;
    struct run_store building;       /* in memory alone; of */
    struct segment_builder *builder; /* new cases: empty between two uses, with its memory */
    pthread_mutex_t mutex;
    pthread_cond_t round_over;
    /* under the mutex; state and open are changed with `changing` held as well: */
    bool in_round; /* a search brings the state up, and others wait for it */
    uint64_t rounds;
    struct state *state;
    bool on_disk;              /* the state's; false: no DIR/index, or it cannot be used */
    struct state empty;        /* of an index without files, so that there always is one */
    struct segment_base *open; /* disk segments with an open database */
    struct snapshot *held, *pool;
    uint32_t pooled;
    uint64_t known_txn;       /* a transaction of the index in which the state's generation holds */
    uint64_t known_store_txn; /* a transaction of the store whose journal the state covers */
    atomic_bool damaged;      /* somebody met damage: to be made again */
    char met[ERROR_TEXT_MAX]; /* what was met, for index_check; empty after the next flush */
    struct ahead ahead;
};

struct snapshot {
    struct index *index;
    struct state *state;
    MDB_txn *txn;                  /* NULL: memory only */
    struct snapshot *next, **link; /* in held or pool */
    int64_t since_us;              /* of the steady clock; in held */
    bool on_disk;                  /* looks at the files, by a transaction */
    bool damaged, is_reported;
    struct image images[STATE_SEGMENTS_MAX];
    struct segment segments[STATE_SEGMENTS_MAX];
};

static inline void index_lock(struct index *index)
{
    (void)pthread_mutex_lock(&index->mutex);
}

static inline void index_unlock(struct index *index)
{
    (void)pthread_mutex_unlock(&index->mutex);
}

/* Damage of the index's own (not of the store, whose errors pass through): it will be made
 * again. Hands the status back. */
static inline enum status index_blame(struct index *index, enum status status)
{
    if (status == AF_CORRUPT || status == AF_NEWER)
        index->damaged = true;
    return status;
}

/* What LMDB answers to a write of the index. A place that cannot be (in the file: EINVAL, EFBIG;
 * a name that was just read: not found) comes from pages that are damaged. */
static inline enum status index_status(struct index *index, int rc, const char *doing,
                                       struct error *err)
{
    bool is_damage = rc == EINVAL || rc == EFBIG || rc == MDB_NOTFOUND;

    return index_blame(index, env_status(&index->env, is_damage ? MDB_CORRUPTED : rc, doing, err));
}

/* --- index_state.c; each takes the mutex itself --- */

struct state *state_new(uint64_t generation, uint64_t covers_seq); /* empty; NULL: no memory */
struct state *state_copy(struct index *index, const struct state *state); /* shares all it has */
void state_unref(struct index *index, struct state *state);               /* accepts NULL */
void state_unref_locked(struct state *state);                             /* with it held */
void state_drop_dead(struct index *index, struct state_entry *entry); /* its set, if it has one */
/* Takes over the references that are handed in. */
void state_append(struct state *state, struct segment_base *base, struct deadset *dead,
                  uint64_t bytes);
/* With `changing` held: an open disk segment; NULL when there is none of this id. */
struct segment_base *index_find_open(struct index *index, uint32_t id);
/* What the manifest says now, without memory segments. With `changing` held. */
enum status state_load(struct index *index, struct state **out, struct error *err) MUST_USE;
/* Makes `state` the current one; takes the reference over. With `changing` held. */
void index_set_state(struct index *index, struct state *state);
/* Closes databases that no state names any more. With `changing` held. */
void index_close_unused(struct index *index);

/* --- index_snapshot.c; each takes the mutex itself --- */

/* A look at a state that the caller holds; when the manifest is of another generation by now,
 * AF_CONFLICT. */
enum status snapshot_make(struct index *index, struct state *state, struct snapshot **out,
                          struct error *err) MUST_USE;
/* A look at the current state. AF_CONFLICT also when it does not cover `seq`, or is damaged. */
enum status snapshot_make_current(struct index *index, uint64_t seq, struct snapshot **out,
                                  struct error *err) MUST_USE;
/* With the mutex held: pooled snapshots let go of their states, or of all they have. */
void snapshots_detach_pool(struct index *index);
void snapshots_free_pool(struct index *index);
/* Does any that is held look at the files? */
bool snapshots_use_files(struct index *index);
/* How many have been held for longer than this and were not counted before. */
uint32_t snapshots_overdue(struct index *index, int64_t longer_than_us);

/* --- index_catchup.c; with `changing` held --- */

/* Indexes journal entries after state->covers_seq: all, or as many as INDEX_FLUSH_BYTES allow.
 * Begins its own transaction of the store; *head is the journal's head in it. */
enum status index_catch_up(struct index *index, uint64_t *head, struct error *err) MUST_USE;
/* Marks in `next`, a copy of the state looked at, the live documents of cases (numbers be32). */
enum status index_kill_replaced(const struct snapshot *look, struct state *next,
                                struct bytes numbers, struct error *err) MUST_USE;

/* --- index_memory.c; with `changing` held --- */

/* Analyzer, stemmer and builder, for new cases: most are one case that was just saved, and the
 * tables are there from the one before. Dropped when anything fails with it. */
enum status index_need_builder(struct index *index, struct error *err) MUST_USE;
void index_drop_builder(struct index *index);
/* A segment of what the builder has, whose one reference is the caller's; NULL: it has nothing. */
enum status index_build_memory(struct index *index, struct segment_base **out,
                               struct error *err) MUST_USE;
void state_append_memory(struct state *state, struct segment_base *base);
/* Makes one of those in a tier that has `many` of them. On failure *next is yet to be let go. */
enum status index_merge_memory(struct index *index, struct state **next, uint32_t many,
                               struct error *err) MUST_USE;
bool index_memory_is_many(const struct state *state, uint32_t many);
/* Bytes that the current state holds in memory. */
size_t index_memory_bytes(const struct index *index);

/* --- index_ahead.c; with `changing` held --- */

/* What was made of a case that the journal has and the state does not cover; *out is the caller's.
 * What is offered and not begun is withdrawn. */
bool index_ahead_take(struct index *index, struct txn *txn, const struct journal_head *head,
                      struct prepared *out);
/* With how many in a tier they are merged at once: when its thread helps, it is late by then. */
uint32_t index_memory_limit(struct index *index);
void index_ahead_merge(struct index *index);
/* Without any lock, at the end. */
void index_ahead_stop(struct index *index);

/* --- index_write.c, index_tidy.c; with the writer's lock, without the others --- */

/* A change of the manifest: a new segment, and which of the disk segments go. */
struct plan {
    struct snapshot *snapshot;
    const struct state *state; /* the manifest's, with what is dead by now */
    const struct segment *sources[STATE_SEGMENTS_MAX];
    uint32_t count;
    bool drops[STATE_SEGMENTS_MAX]; /* by place in the state */
    bool covers;                    /* the manifest's covers_seq becomes covers_seq */
    uint64_t covers_seq;
    uint32_t docs; /* of the new segment; 0: there is none */
    bool rests;    /* pauses after each commit: a merge, which nobody waits for */
    /* Writes it; plan_merge merges the sources. */
    enum status (*write)(const struct plan *plan, struct image_sink sink, struct error *err);
    void *context;
};

struct plan *plan_new(struct error *err); /* NULL: AF_NO_MEMORY */
void plan_free(struct plan *plan);        /* releases the snapshot; accepts NULL */
enum status plan_merge(const struct plan *plan, struct image_sink sink, struct error *err) MUST_USE;
enum status index_execute(struct index *index, const struct plan *plan, struct error *err) MUST_USE;

/* Drops databases that neither the manifest nor a snapshot of this process names. */
enum status index_drop_orphans(struct index *index, struct error *err) MUST_USE;
/* LMDB follows whatever a database's pages say when it copies them or gives them back, so they are
 * looked at before. A segment that was never finished has no description; then they are at least
 * sound. */
enum status index_verify_tree(struct index *index, MDB_txn *txn, uint32_t id,
                              struct error *err) MUST_USE;

/* --- index_bulk.c; with the writer's lock, without the others --- */

/* Indexes all of the journal that the manifest does not cover, as one segment on disk, with
 * several threads. *covers: up to where the manifest covers it now. */
enum status index_bulk(struct index *index, index_progress_fn progress, void *context,
                       uint64_t *covers, struct error *err) MUST_USE;

/* --- index_flush.c --- */

enum status index_writer_lock(struct index *index, struct error *err) MUST_USE;
void index_writer_unlock(struct index *index);
/* With the writer's lock. Flushes, merges what is due (all: everything into one), drops orphans. */
enum status index_flush_all(struct index *index, bool all, index_progress_fn progress,
                            void *context, struct error *err) MUST_USE;

/* --- index_open.c --- */

/* Closes and opens the files; nobody else may use the index meanwhile. */
enum status index_open_files(struct index *index, struct error *err) MUST_USE;
void index_close_files(struct index *index);

/* Opens the files of an index that had to go on in memory, unless a search looks at them yet; when
 * they cannot be believed, or are gone, new ones. With the writer's lock. */
void index_reopen(struct index *index);
/* The map is full: opens the file for twice as much, unless a search looks at it. False: it is for
 * as much as before. The writer's lock is held. */
bool index_grow(struct index *index);
/* Goes on in memory, and removes the files. With `changing` held. */
void index_leave_files(struct index *index);

/* Before anything is written: do the pages of the file fit together? Looked at once. */
enum status index_account(struct index *index, struct error *err) MUST_USE;

/* When the manifest changed (another process, or a flush here): makes what it says the current
 * state. AF_CORRUPT also for a foreign journal. With `changing` held. */
enum status index_refresh(struct index *index, struct error *err) MUST_USE;

/* Begins again from an empty index; recover also says why, on stderr. With `changing`
 * held. */
enum status index_begin_again(struct index *index, struct error *err) MUST_USE;
enum status index_recover(struct index *index, const char *why, struct error *err) MUST_USE;
/* The first bytes of the journal's hash at `seq`; 0 for seq 0. */
enum status journal_print(struct index *index, uint64_t seq, uint64_t *print,
                          struct error *err) MUST_USE;
enum status index_read_manifest(struct index *index, struct manifest *out,
                                struct error *err) MUST_USE;

#endif
