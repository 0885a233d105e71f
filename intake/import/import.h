/* import.h: files of cases → commands in the journal, in batches.
 *
 * A line that cannot be taken is reported and counted, and the import goes on. Stopped or
 * failed in the middle, everything up to the last whole command is stored; importing the same
 * again finds that unchanged and continues. Does not write the index: index_flush() does. */
#ifndef ASKFIRST_INTAKE_IMPORT_IMPORT_H
#define ASKFIRST_INTAKE_IMPORT_IMPORT_H

#include "data/journal.h"
#include "data/store.h"
#include "intake/import/cases.h"

#include <signal.h>

struct import_progress {
    uint64_t bytes_done, bytes_all; /* of the files; 0 of 0 when not known */
    uint64_t cases;                 /* read so far */
};

struct import_options {
    const char *actor;
    const volatile sig_atomic_t *stop; /* set: end after the command in flight; NULL: never */
    void *context;                     /* of the two calls below */
    void (*refused)(void *context, const struct case_place *place, const char *reason);
    void (*progress)(void *context, const struct import_progress *progress); /* or NULL */
    /* A file that could not be read (any further); the others are. */
    void (*failed)(void *context, const char *sentence);
};

struct import_result {
    uint64_t read, added, updated, unchanged, rejected; /* cases; read counts all of them */
    uint64_t files_failed;
    bool was_stopped;
};

/* *out is right in every case. AF_FULL, AF_IO … : the journal took no more. */
enum status import_run(struct store *store, struct journal *journal,
                       const struct import_options *options, const struct import_files *files,
                       struct import_result *out, struct error *err) MUST_USE;

#endif
