/* image_impl.h: between image.c (memory) and image_disk.c only. */
#ifndef ASKFIRST_INDEXER_SEGMENT_IMAGE_IMPL_H
#define ASKFIRST_INDEXER_SEGMENT_IMAGE_IMPL_H

#include "indexer/segment/image.h"

enum image_find { IMAGE_EXACT, IMAGE_FLOOR, IMAGE_AFTER };

enum status disk_find(struct image *image, enum image_kind kind, enum image_find how,
                      struct bytes key, struct bytes *at, struct bytes *body, bool *found,
                      struct error *err) MUST_USE;

#endif
