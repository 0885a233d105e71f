/* chunk.h: some lines of an import on their way into one command: read, made, written.
 *
 *   lines  one after another, as the reader copied them        (the reader's thread)
 *   body   {"cases":[…]} of those that are cases; packed       (a worker: chunk_make)
 *   counts what the command did                                (the writing thread)
 *
 * Whoever holds a chunk works on it alone; pipeline.c hands it on. */
#ifndef ASKFIRST_INTAKE_IMPORT_CHUNK_H
#define ASKFIRST_INTAKE_IMPORT_CHUNK_H

#include "data/base/limits.h"
#include "data/frame.h"
#include "intake/import/cases.h"

struct import_counts {
    uint64_t added, updated, unchanged, rejected;
};

struct chunk_item {
    struct case_place place;
    size_t start, len; /* in `lines`, or of a refused one its reason in `reasons` */
    bool is_refused;
};

struct chunk_case {
    size_t start, len; /* in `body` */
};

struct chunk {
    struct chunk_item items[ARTICLE_BATCH_MAX];
    struct chunk_case cases[ARTICLE_BATCH_MAX];
    size_t item_count, case_count;
    struct buf lines, reasons, body;
    struct frame_parts parts; /* of the body */
    struct import_counts counts;
    enum status status; /* of making it: AF_NO_MEMORY */
    struct error err;
};

/* Empties it; memory of a usual size is kept. */
void chunk_clear(struct chunk *chunk);
void chunk_release(struct chunk *chunk);

/* The next line, or one that is refused already. Memory that is short shows in chunk_make(). */
void chunk_add(struct chunk *chunk, const struct case_place *place, struct bytes line);
void chunk_refuse(struct chunk *chunk, const struct case_place *place, const char *reason);
/* Is it as large as a command shall be? */
bool chunk_is_full(const struct chunk *chunk);

/* What a worker needs for itself. */
struct chunk_maker {
    struct frame_packer *packer;
    struct buf scratch;
};
/* Lines → cases → body → parts. */
void chunk_make(struct chunk *chunk, struct chunk_maker *maker);

/* Leaves the cases marked in `without` out of the body, and packs what remains. */
enum status chunk_leave_out(struct chunk *chunk, const bool *without, struct chunk_maker *maker,
                            struct error *err) MUST_USE;

#endif
