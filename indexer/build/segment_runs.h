/* segment_runs.h: runs → one segment. The second half of building, for a few cases in memory and
 * for a million on disk alike: what is written is written once, straight into the sink. */
#ifndef ASKFIRST_INDEXER_BUILD_SEGMENT_RUNS_H
#define ASKFIRST_INDEXER_BUILD_SEGMENT_RUNS_H

#include "indexer/build/run.h"
#include "indexer/segment/image.h"
#include "indexer/text/stem.h"

/* Called now and then, in the thread that called: how many blocks of all were read. */
typedef void (*segment_runs_fn)(void *context, uint64_t done, uint64_t all);

struct segment_runs {
    struct run_store *store;
    struct run *runs; /* in the order of their documents; emptied by reading */
    uint32_t count;
    struct stemmer *stemmer;
    unsigned threads;         /* that may join terms; 0 is 1 */
    segment_runs_fn progress; /* or NULL */
    void *context;
};

/* What comes out depends on the documents and their order alone. */
enum status segment_from_runs(const struct segment_runs *runs, struct image_sink sink,
                              struct error *err) MUST_USE;

#endif
