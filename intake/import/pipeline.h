/* pipeline.h: commands are written by one thread while the next ones are being read, so that
 * parsing and committing each have a core. One thread writes, so the order is that of pushing.
 * Cases that are stored as they are become no command at all. */
#ifndef ASKFIRST_INTAKE_IMPORT_PIPELINE_H
#define ASKFIRST_INTAKE_IMPORT_PIPELINE_H

#include "data/journal.h"

struct pipeline;

struct pipeline_counts {
    uint64_t added, updated, unchanged;
};

/* `journal` is open on `store`; `actor` is borrowed until the end. */
enum status pipeline_start(struct store *store, struct journal *journal, const char *actor,
                           struct pipeline **out, struct error *err) MUST_USE;

/* Takes the body of one case.put (in every case); waits while IMPORT_AHEAD others wait. Answers
 * with the failure of an earlier command: then nothing more is written. */
enum status pipeline_push(struct pipeline *pipeline, json_t *body, struct error *err) MUST_USE;

/* What is durable so far. */
struct pipeline_counts pipeline_counts(struct pipeline *pipeline);

/* Waits for what was pushed, and frees. *counts is right in every case. */
enum status pipeline_finish(struct pipeline *pipeline, struct pipeline_counts *counts,
                            struct error *err) MUST_USE;

#endif
