/* segment_merge.h: several segments → one, without their out-of-date documents.
 *
 * Documents keep their order, segment after segment, and are numbered anew; a term whose
 * documents are all out of date goes. Flushing new cases and tidying up old segments are the
 * same routine: the sources are in memory or on disk, the sink is too. Reads each source once,
 * in order, with a fixed amount of memory beside 4 bytes a document and 8 a surviving word. */
#ifndef ASKFIRST_INDEXER_BUILD_SEGMENT_MERGE_H
#define ASKFIRST_INDEXER_BUILD_SEGMENT_MERGE_H

#include "indexer/segment/image.h"
#include "indexer/segment/segment.h"

#define MERGE_SOURCES_MAX 384

/* AF_CORRUPT when a source is damaged. */
enum status segment_merge(const struct segment *const *sources, uint32_t count,
                          struct image_sink sink, struct error *err) MUST_USE;

#endif
