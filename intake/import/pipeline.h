/* pipeline.h: lines → commands in the journal, with every core at work.
 *
 *   reader (the caller) ──► chunks ──► workers: check, compact, pack ──► one thread: leave out
 *      ▲                                                                  what is stored already,
 *      └───────── reports, in the order of the input ◄────────────────── commit several at once
 *
 * The journal has the chunks in the order in which they were read, whatever worker was quicker,
 * so of two lines with one id the later one wins. Memory is bounded by IMPORT_CHUNKS and
 * IMPORT_AHEAD_BYTES. All calls, and all callbacks, are the caller's thread. */
#ifndef ASKFIRST_INTAKE_IMPORT_PIPELINE_H
#define ASKFIRST_INTAKE_IMPORT_PIPELINE_H

#include "data/journal.h"
#include "intake/import/chunk.h"

struct pipeline;

struct pipeline_options {
    struct store *store;
    struct journal *journal; /* open on `store` */
    const char *actor;       /* borrowed until the end */
    void *context;
    void (*refused)(void *context, const struct case_place *place, const char *reason);
};

enum status pipeline_start(const struct pipeline_options *options, struct pipeline **out,
                           struct error *err) MUST_USE;

/* A line of JSONL, which is copied; or one that the reader refused, so that it is reported in its
 * turn. Both answer with the failure of an earlier command: then nothing more is written. */
enum status pipeline_add(struct pipeline *pipeline, const struct case_place *place,
                         struct bytes line, struct error *err) MUST_USE;
enum status pipeline_refuse(struct pipeline *pipeline, const struct case_place *place,
                            const char *reason, struct error *err) MUST_USE;

/* Waits until all that was added is written and reported. */
enum status pipeline_flush(struct pipeline *pipeline, struct error *err) MUST_USE;

/* Ends and frees. What was added and is in no full command yet is written too, or (drop) left;
 * *dropped: how many lines that were. *counts is right in every case: what is durable. */
enum status pipeline_finish(struct pipeline *pipeline, bool drop, uint64_t *dropped,
                            struct import_counts *counts, struct error *err) MUST_USE;

#endif
