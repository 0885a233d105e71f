/* disk.h: file calls with our own function before the system's: for LMDB's calls as well as
 * ours, since a program's symbols come before those of the libraries it loads.
 *
 * A test sets the hooks it wants; without any, every call does what it always does. The calls go
 * to the kernel directly, so they work from inside each other. */
#ifndef ASKFIRST_TESTS_FAULT_DISK_H
#define ASKFIRST_TESTS_FAULT_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum disk_call {
    DISK_OPEN,
    DISK_WRITE, /* write, pwrite, writev, pwritev */
    DISK_SYNC,  /* fsync, fdatasync, msync */
    DISK_TRUNCATE,
    DISK_ALLOCATE, /* posix_fallocate */
    DISK_MAP,
    DISK_RENAME,
    DISK_CALLS
};

/* What shall happen instead of the call. */
struct disk_fault {
    int error;     /* 0: the call is made */
    bool is_short; /* a write writes half of what it was given */
    bool is_after; /* the call is made, and then answers `error` all the same */
};

struct disk_hooks {
    /* Before every call; NULL: none fails. */
    struct disk_fault (*before)(enum disk_call call, int fd);
    /* After every write to, and sync of, a file named data.mdb. `is_synced`: the descriptor was
     * opened with O_DSYNC. */
    void (*wrote)(int fd, off_t at, const void *data, size_t len, bool is_synced);
    void (*synced)(int fd);
    /* Free bytes that statvfs answers; negative: the truth. */
    int64_t free_bytes;
};

extern struct disk_hooks disk_hooks;

#endif
