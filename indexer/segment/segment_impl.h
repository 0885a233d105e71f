/* segment_impl.h: the inside of segments, for the files that make, read and merge them.
 *
 * A base is the immutable thing: one heap object a segment, shared by all snapshots and counted
 * (index_state.h; the counter is under the index's mutex). A segment is one snapshot's look at
 * it: with the snapshot's transaction and its set of out-of-date documents. */
#ifndef ASKFIRST_INDEXER_SEGMENT_SEGMENT_IMPL_H
#define ASKFIRST_INDEXER_SEGMENT_SEGMENT_IMPL_H

#include "indexer/segment/bloom.h"
#include "indexer/segment/columns.h"
#include "indexer/segment/deadset.h"
#include "indexer/segment/image.h"
#include "indexer/segment/places.h"
#include "indexer/segment/segment.h"

#define SEGMENT_FORMAT 13    /* of all values; another number: the index is built again */
#define SEGMENT_LANGS_MAX 32 /* languages that stem groups tell apart; a term has a bit each */
#define SEGMENT_LANG_BYTES 9 /* a primary language subtag has at most 8 letters (BCP 47) */

struct segment_base {
    unsigned refs;
    uint32_t id; /* 0: in memory */
    uint32_t docs;
    uint64_t terms;
    uint64_t units[FIELD_COUNT];
    uint32_t langs_count;
    char langs[SEGMENT_LANGS_MAX][SEGMENT_LANG_BYTES];
    struct memory_image *memory; /* owned, or of the database the */
    struct tree *tree;           /* owned */
    const uint8_t *lengths;      /* FIELD_COUNT codes a document, where they are stored: image.h */
    struct seen *seen;           /* of the database's values; NULL in memory */
    struct places *places, *doc_places; /* of its postings and documents; NULL in memory */
    struct bloom_place *bloom;
    struct columns *columns;
    struct segment_base *next; /* in the index's list of open databases */
};

struct segment {
    const struct segment_base *base;
    const struct deadset *dead; /* NULL: all live */
    struct image *image;
    bool *damaged; /* set when anything of it proves damaged */
};

/* Reads the header of an image and verifies its lengths. The base owns `memory` from now on when
 * AF_OK; a tree is handed to it by setting it. */
enum status segment_base_load(struct image *image, struct memory_image *memory,
                              struct segment_base **out, struct error *err) MUST_USE;
void segment_base_free(struct segment_base *base); /* accepts NULL */

/* Verifies anew what is read in place, for who copies it on or checks it: it may have gone bad
 * since a search looked at it. For a segment whose image trusts nothing (image.h: seen). */
enum status segment_verify_again(const struct segment *segment, struct error *err) MUST_USE;

/* The document that holds the newest version of a case in this segment, dead or not. */
enum status segment_find_number(const struct segment *segment, uint32_t no, uint32_t *doc,
                                bool *found, struct error *err) MUST_USE;
/* Marks the damage and hands the status back. */
static inline enum status segment_note(const struct segment *segment, enum status status)
{
    if (status == AF_CORRUPT)
        *segment->damaged = true;
    return status;
}

#endif
