/* largepages.h: asks for large pages for memory that is read here and there.
 *
 * A table of 300,000 terms has its lines in some 5,000 pages, more than the processor remembers the
 * places of; pages of 2 MB are meant to spare it translations. Where there are none nothing
 * happens. */
#ifndef ASKFIRST_INDEXER_BUILD_LARGEPAGES_H
#define ASKFIRST_INDEXER_BUILD_LARGEPAGES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#define LARGE_PAGE ((uintptr_t)2 << 20)

static inline void prefer_large_pages(void *at, size_t bytes)
{
    uintptr_t start = ((uintptr_t)at + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
    uintptr_t end = ((uintptr_t)at + bytes) & ~(LARGE_PAGE - 1);

    if (start < end)
        (void)madvise((void *)start, end - start, MADV_HUGEPAGE);
}

#endif
