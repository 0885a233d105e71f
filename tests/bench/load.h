/* load.h: many threads asking one engine, with or without somebody who saves all the while. */
#ifndef ASKFIRST_TESTS_BENCH_LOAD_H
#define ASKFIRST_TESTS_BENCH_LOAD_H

#include "tests/bench/driver.h"

enum { LOAD_THREADS_MAX = 256 };

/* Asks the questions of a file for so long and prints what driver.h says of `load`. `articles`:
 * a corpus whose lines are saved one after the other meanwhile; "" to save nothing. */
void load_run(const struct driver *driver, void *engine, unsigned threads, double seconds,
              const char *questions, const char *articles);

#endif
