/* segment_build.h: a batch of cases → one segment.
 *
 * Cases are added in journal order; a case that comes again replaces its earlier self. When
 * enough are there (segment_builder_bytes) the builder writes them to a sink and starts anew. */
#ifndef ASKFIRST_INDEXER_SEGMENT_BUILD_H
#define ASKFIRST_INDEXER_SEGMENT_BUILD_H

#include "data/article.h"
#include "indexer/analyzer.h"
#include "indexer/image.h"
#include "indexer/stem.h"

struct segment_builder;

/* Analyzer and stemmer are borrowed for the builder's life. */
enum status segment_builder_new(struct analyzer *analyzer, struct stemmer *stemmer,
                                struct segment_builder **out, struct error *err) MUST_USE;
void segment_builder_free(struct segment_builder *builder); /* accepts NULL */

enum status segment_builder_add(struct segment_builder *builder, const struct article_ref *ref,
                                const json_t *article, struct error *err) MUST_USE;
/* Takes a case out that was added before (hidden since); nothing when it was not. */
void segment_builder_remove(struct segment_builder *builder, uint32_t no);

uint32_t segment_builder_docs(const struct segment_builder *builder); /* live ones */
size_t segment_builder_bytes(const struct segment_builder *builder);  /* memory, with writing */

/* Writes all of it; `id` as segment_writer_init. The builder is empty afterwards. */
enum status segment_builder_write(struct segment_builder *builder, struct image_sink sink,
                                  uint32_t id, struct error *err) MUST_USE;

#endif
