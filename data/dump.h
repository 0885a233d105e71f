/* dump.h: everything as text, and back. Also the way between formats and machines.
 *
 *   {"askfirst_dump":1,"format":1,"head_seq":40,"head_hash":"<64 hex digits>","made_at":"…",
 *    "blobs":{"files":2,"bytes":70131,"in":"/srv/askfirst/blobs"}}
 *   <journal entry 1, exactly as stored>
 *   …
 *   <journal entry 40; BLAKE2b-256 of this line is head_hash>
 *
 * Lines end with one newline. Each entry's prev_hash is the hash of the line before (journal.h),
 * so a dump that was edited, reordered or cut off does not load. The bytes of blobs (blob.h) are
 * not in it: "blobs" says how many it names and where they were. blob_copy_named() brings them
 * after a load, or says which are missing; without it `check` does. */
#ifndef ASKFIRST_DATA_DUMP_H
#define ASKFIRST_DATA_DUMP_H

#include "data/journal.h"

#include <stdio.h>

#define DUMP_FORMAT 1

/* `done` of `all` entries. May be NULL where it is asked for. */
typedef void (*dump_progress_fn)(void *context, uint64_t done, uint64_t all);

/* The journal up to its head at the time of the call. Reads in short transactions. The caller
 * opened `out` and closes it; errors of writing are noticed here. */
enum status dump_write(struct store *store, FILE *out, dump_progress_fn progress, void *context,
                       struct error *err) MUST_USE;

/* The newest version of every case, one a line, as `import` takes them; ordered by id, all of
 * one moment. *cases: how many. */
enum status dump_write_cases(struct store *store, FILE *out, uint64_t *cases,
                             struct error *err) MUST_USE;

/* Replays a dump into an empty store (AF_CONFLICT otherwise); `journal` is open on `store`.
 * A file that can be read twice is verified whole before anything is written; from a pipe,
 * what came before the fault stays, and the sentence says so. AF_INVALID: not a dump;
 * AF_CORRUPT: edited or cut off, names the line; AF_NEWER. *entries: how many were loaded. */
enum status dump_load(struct store *store, struct journal *journal, FILE *in,
                      dump_progress_fn progress, void *context, uint64_t *entries,
                      struct error *err) MUST_USE;

#endif
