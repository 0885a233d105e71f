/* env.h: one LMDB environment, opened with care. Used for the store and for the index.
 *
 * LMDB has no page checksums and dies by signal where a library should answer: a truncated
 * file is SIGBUS, a full disk at opening too, and opening one environment twice in a process
 * silently drops its lock. env_open() looks before it opens. Values are guarded by frame.h.
 *
 * Never MDB_WRITEMAP (SIGBUS on a full disk) and never MDB_DUPSORT (bugs fixed after 0.9.24).
 * Always MDB_NOTLS: a read transaction belongs to a request, not to a thread. */
#ifndef ASKFIRST_DATA_ENV_H
#define ASKFIRST_DATA_ENV_H

#include "data/base/bytes.h"
#include "data/base/error.h"
#include "data/pages.h"

#include <lmdb.h>
#include <sys/types.h>

#define ENV_READERS_MAX 1024 /* slots; one an open request, all processes */
/* Of the map, which is address space only, and the most that the file can have until it is opened
 * anew: then the map is of twice the file's size, should that be more. */
#define ENV_MAP_BYTES ((size_t)64 << 30)

struct env_options {
    const char *what; /* for sentences: "the store", "the index" */
    const char *cure; /* what a person does about damage: "; restore …"; NULL: nothing */
    unsigned dbs_max; /* named databases */
    bool read_only;   /* never creates anything; works in a folder one may not write */
    bool rebuildable; /* commits are not synced; the owner syncs before what must last */
    bool maps_pages;  /* for env_pages() */
    const char *only; /* of env_account(), when opening; NULL: nothing is looked at */
    size_t map_bytes; /* at least; 0: ENV_MAP_BYTES */
};

struct env {
    MDB_env *mdb;
    char *dir;
    const char *what, *cure;
    bool read_only;
    const uint8_t *pages; /* a map of our own, as long as LMDB's, which does not tell where it is */
    size_t pages_bytes;
    dev_t dev; /* of the folder: what "open in this process already" goes by */
    ino_t ino;
};

/* Opens (and unless read_only, creates) DIR/data.mdb. AF_NOT_FOUND (read_only and absent),
 * AF_DENIED, AF_FULL, AF_CORRUPT (not LMDB, truncated), AF_NEWER, AF_BUSY (open in this
 * process already), AF_IO. */
enum status env_open(const char *dir, const struct env_options *options, struct env *out,
                     struct error *err) MUST_USE;
/* A file by its own name, which no other process knows yet. */
enum status env_open_unshared(const char *path, const struct env_options *options, struct env *out,
                              struct error *err) MUST_USE;
/* No transaction may be open. Accepts a zeroed struct. */
void env_close(struct env *env);

/* Of the map, and of those the ones that the file does not have yet. Less than a transaction may
 * want is what AF_FULL means when it is not the disk. 0 without an open file. */
size_t env_map_bytes(const struct env *env);
size_t env_map_room(const struct env *env);

/* The pages that are committed, to be read without LMDB; for who asked for it when opening. What
 * keeps them from being used again is a transaction. */
struct pages env_pages(const struct env *env);

/* Do the pages fit together: is each sound, and none named twice, or used and free? Looks at the
 * names, at the list of free pages and at the database `only` (NULL: at all). AF_CORRUPT. */
enum status env_account(const struct env *env, const char *only, struct error *err) MUST_USE;

/* Turns an LMDB code into ours with a sentence: "`doing` in the store: …". 0 is AF_OK. */
enum status env_status(const struct env *env, int rc, const char *doing,
                       struct error *err) MUST_USE;

/* Gives back the memory of pages that were read: they count as the process's until it is scarce, so
 * a walk over everything would seem to need as much as there is. Safe at any time. */
void env_forget_pages(const struct env *env);

/* `value` lies in the map of an environment and will be read whole: the kernel is asked for all of
 * it at once, where it would read a page at a time. Returns at once, and may not be heeded. */
void env_read_ahead(struct bytes value);

/* Asks the kernel to have the whole file in memory, when that is at most a quarter of the
 * machine's: else every page is read when it is first wanted, one by one. May take some tenths of
 * a second; may not be heeded. */
void env_read_whole(const struct env *env);

/* Looks at the file only: is it LMDB, of this page size and version, and as long as its newest
 * meta page says? AF_OK for a missing or empty file. Safe on any bytes. */
enum status env_probe_file(const char *path, const char *what, struct error *err) MUST_USE;

/* fork() for a child that opens environments anew; it must not touch those of the parent. Safe
 * with other threads about, as far as our own locks go. */
pid_t env_fork(void);

static inline MDB_val env_val(struct bytes b)
{
    return (MDB_val){b.len, (void *)(uintptr_t)b.data};
}

static inline struct bytes env_bytes(MDB_val v)
{
    return bytes_of(v.mv_data, v.mv_size);
}

#endif
