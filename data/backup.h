/* backup.h: a copy of the store, made while it is used, and proved before it counts.
 *
 *   DEST/store/data.mdb    the store, compacted, laid out as in a data folder
 *   DEST/manifest.json     what it must be; written last, so without it there is no backup
 *
 * To restore, copy DEST and give the copy as --data (the index is built again by itself); or
 * put DEST/store where DIR/store was while nothing runs. */
#ifndef ASKFIRST_DATA_BACKUP_H
#define ASKFIRST_DATA_BACKUP_H

#include "data/journal.h"
#include "data/ledger.h"
#include "data/store.h"

#define BACKUP_FORMAT 1

struct backup_info {
    int64_t made_at_ms;
    uint64_t bytes; /* of DEST/store/data.mdb */
    uint64_t cases;
    struct journal_head journal;
    struct ledger_head ledger;
};

/* Copies to DEST/part, syncs, walks the whole copy in a child process, writes the manifest,
 * renames. DEST is made when missing. AF_CONFLICT when DEST holds a backup or a store already;
 * AF_FULL without room (nothing that looks like a backup is left); AF_CORRUPT when the copy is
 * not sound, with the first fault. `out` may be NULL. */
enum status backup_make(struct store *store, const char *dest, struct backup_info *out,
                        struct error *err) MUST_USE;

/* Size and SHA-256 as in the manifest, a whole check in a child process, heads as in the
 * manifest. AF_NOT_FOUND when DEST is no (finished) backup; AF_CORRUPT; AF_NEWER. */
enum status backup_verify(const char *dest, struct backup_info *out, struct error *err) MUST_USE;

#endif
