#include "tests/fault/alloc.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

static struct counting {
    atomic_bool is_on;
    atomic_long made, fails_at;
} * counting; /* shared with children */

void alloc_begin(long fails_at)
{
    if (counting == NULL) {
        counting =
            mmap(NULL, sizeof *counting, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (counting == MAP_FAILED)
            abort();
    }
    atomic_store(&counting->made, 0);
    atomic_store(&counting->fails_at, fails_at);
    atomic_store(&counting->is_on, true);
}

void alloc_end(void)
{
    atomic_store(&counting->is_on, false);
}

long alloc_made(void)
{
    return atomic_load(&counting->made);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
/* glibc's own names for the real ones. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *at, size_t size);

static bool fails_now(void)
{
    if (counting == NULL || !atomic_load(&counting->is_on) ||
        atomic_fetch_add(&counting->made, 1) + 1 != atomic_load(&counting->fails_at))
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return fails_now() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *at, size_t size)
{
    return fails_now() ? NULL : __libc_realloc(at, size);
}
#endif
