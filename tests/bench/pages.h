/* pages.h: which 4 KB pages of a mapped file are touched, exactly.
 *
 * While watching, the mapping may not be read; the first touch of a page is a signal, which notes
 * the page and lets it be read. So neither what the page cache already has nor what the kernel
 * reads ahead plays a part. For one thread that reads; the kernel itself must not be handed the
 * pages (write() from them would fail). */
#ifndef ASKFIRST_TESTS_BENCH_PAGES_H
#define ASKFIRST_TESTS_BENCH_PAGES_H

#include "data/base/bytes.h"

#define PAGES_LABELS 16

/* Finds the mapping of the file whose path ends so; dies when there is none. */
void pages_open(const char *path_end);

void pages_begin(void);
/* Adds the pages touched since to the sum of their labels; 0: none was given. */
void pages_end(uint64_t sums[PAGES_LABELS]);

/* Of the pages that hold `bytes`, if they are of the mapping; before pages_open() too, which then
 * finds it. */
void pages_label(struct bytes bytes, unsigned label);

#endif
