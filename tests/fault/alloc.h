/* alloc.h: malloc, calloc and realloc with our own before them, for the libraries as well as for
 * us, since a program's symbols come before those of the libraries it loads: one chosen
 * allocation finds no memory.
 *
 * Not under the sanitizers, which have their own. Counts are shared with child processes. */
#ifndef ASKFIRST_TESTS_FAULT_ALLOC_H
#define ASKFIRST_TESTS_FAULT_ALLOC_H

#include <stdbool.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ALLOC_CAN_FAIL false
#else
#define ALLOC_CAN_FAIL true
#endif

/* From now on allocations are counted from 1, and the fails_at-th fails; 0: none does. */
void alloc_begin(long fails_at);
void alloc_end(void);
long alloc_made(void); /* since alloc_begin */

#endif
