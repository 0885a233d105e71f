/* segment_stem.h: keys and payloads of the stem groups; see segment_write.h for the layout. */
#ifndef ASKFIRST_INDEXER_BUILD_SEGMENT_STEM_H
#define ASKFIRST_INDEXER_BUILD_SEGMENT_STEM_H

#include "data/base/buf.h"
#include "indexer/segment/block.h"
#include "indexer/segment/segment_impl.h"

/* The language whose stems serve a document of this tag; false when there is none. */
bool stem_language(struct bytes tag, char lang[SEGMENT_LANG_BYTES]);

/* Replaces *key by the entry's key. */
void stem_key(struct buf *key, const char *lang, struct bytes stem);

/* The next surface of a payload, without class byte. False: damaged. */
bool stem_surface_next(struct reader *r, struct bytes *surface);

#endif
