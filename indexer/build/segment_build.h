/* segment_build.h: cases → a run of documents with their terms in order (run.h).
 *
 * Cases are added in journal order, each once. When enough are there (segment_builder_bytes) the
 * run is ended and a new one begun; segment_runs.h makes a segment of all of them. */
#ifndef ASKFIRST_INDEXER_BUILD_SEGMENT_BUILD_H
#define ASKFIRST_INDEXER_BUILD_SEGMENT_BUILD_H

#include "data/article_view.h"
#include "data/learned.h"
#include "indexer/build/run.h"
#include "indexer/segment/image.h"
#include "indexer/text/analyzer.h"
#include "indexer/text/stem.h"

struct segment_builder;

/* Analyzer and store are borrowed for the builder's life. */
enum status segment_builder_new(struct analyzer *analyzer, struct run_store *store,
                                struct segment_builder **out, struct error *err) MUST_USE;
void segment_builder_free(struct segment_builder *builder); /* accepts NULL */

/* After a failure nothing can be done with the builder but to free it. */
enum status segment_builder_add(struct segment_builder *builder, const struct article_ref *ref,
                                const struct article_view *view, struct error *err) MUST_USE;

/* What the case added next has learned from use; NULL: nothing. Borrowed until then. */
void segment_builder_set_learned(struct segment_builder *builder, const struct learned *learned);

uint32_t segment_builder_docs(const struct segment_builder *builder);
size_t segment_builder_bytes(const struct segment_builder *builder); /* of memory */

/* What was added, as a run that is now the caller's; the builder is empty afterwards, with its
 * memory. */
enum status segment_builder_end(struct segment_builder *builder, struct run *out,
                                struct error *err) MUST_USE;

/* The same, straight into a sink. */
enum status segment_builder_write(struct segment_builder *builder, struct stemmer *stemmer,
                                  struct image_sink sink, struct error *err) MUST_USE;

#endif
