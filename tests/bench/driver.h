/* driver.h: one engine as a process of its own, asked over pipes by bench.py.
 *
 * Every engine has the same program around it, so that the clock is read in the same place: in
 * the engine's own process, just before and just after the call. Fields are parted by tabs.
 *
 *   DRIVER build DIR CORPUS       built DOCS CPU_NS WALL_NS PEAK_KB MEMORY_BYTES
 *   DRIVER open DIR QUERY         opened CPU_NS WALL_NS HITS           (open and first question)
 *   DRIVER serve DIR read|write   answers lines on standard input:
 *       search CLASS QUERY            hits CPU_NS WALL_NS ID ID …
 *       load THREADS SECONDS FILE ARTICLES
 *           loaded ASKED CPU_NS WALL_NS SAVED SLOWEST_NS      (ARTICLES may be empty)
 *       save TOKEN ARTICLE            saved CPU_NS WALL_NS             (durable, and found by it)
 *       memory                        memory PEAK_KB
 *       flush                         nothing: sends what was answered so far
 *   DRIVER count DIR FILE CLASS N see `count_calls`: for callgrind
 *
 * Answers are held back until `flush`: a slice of questions runs without the process sleeping
 * between them. CPU_NS of a search is that of its thread; of all else, of the process.
 * LuceneDriver.java speaks the same. */
#ifndef ASKFIRST_TESTS_BENCH_DRIVER_H
#define ASKFIRST_TESTS_BENCH_DRIVER_H

#include "data/base/bytes.h"
#include "data/base/error.h"

enum { HITS = 10, ID_BYTES = 32 };

struct hits {
    unsigned count;
    char ids[HITS][ID_BYTES];
};
void hits_add(struct hits *hits, const char *id, size_t len); /* past ten: ignored */

struct built {
    uint64_t docs;
    /* 0: what the process itself used. An engine that is built by another program says that. */
    int64_t cpu_ns;
    uint64_t peak_kb;
    uint64_t memory_bytes; /* of an index that is in memory only; 0: look at the disk */
};

/* What a driver implements. Whatever fails calls die(): a benchmark has no second try. */
struct driver {
    void (*build)(const char *dir, const char *corpus, struct built *out);
    void *(*open)(const char *dir, bool write);
    void (*settle)(void *engine);   /* what the engine's server does at its start; or NULL */
    void *(*session)(void *engine); /* what one thread needs to ask */
    void (*search)(void *session, const char *name, const char *query, struct hits *out);
    /* Puts the article in place of the one with its id; durable when it returns. `article` is a
     * line of the corpus as `build` reads it. NULL: the engine cannot. */
    void (*save)(void *engine, const char *article);
    void (*close)(void *engine); /* the sessions are closed with it */
};
int driver_main(const struct driver *driver, int argc, char **argv);

__attribute__((noreturn)) void die(const char *fmt, ...) PRINTF_LIKE(1, 2);
int64_t wall_ns(void);
int64_t process_cpu_ns(void);

#endif
