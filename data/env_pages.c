#include "data/env.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A line of /proc/self/maps (proc(5)): "start-end perms offset dev inode path". Is it the shared,
 * read-only map of this file? LMDB does not tell where its map is. */
static bool is_map_of(const char *line, ino_t ino, uintptr_t *start, uintptr_t *end)
{
    unsigned long from, to, inode;
    char perms[5];

    if (sscanf(line, "%lx-%lx %4s %*x %*s %lu", &from, &to, perms, &inode) != 4 ||
        strcmp(perms, "r--s") != 0 || inode != ino)
        return false;
    *start = from;
    *end = to;
    return true;
}

void env_forget_pages(const struct env *env)
{
    char path[4096], *line = NULL;
    size_t room = 0;
    struct stat st;
    FILE *maps;

    if ((size_t)snprintf(path, sizeof path, "%s/data.mdb", env->dir) >= sizeof path ||
        stat(path, &st) != 0 || (maps = fopen("/proc/self/maps", "re")) == NULL)
        return;
    while (getline(&line, &room, maps) > 0) {
        uintptr_t start, end;

        if (is_map_of(line, st.st_ino, &start, &end))
            (void)madvise((void *)start, end - start, MADV_DONTNEED);
    }
    free(line);
    (void)fclose(maps);
}

/* The kernel reads no more for one request than it reads ahead: 128 KB at least. */
#define AHEAD_BYTES (128u << 10)

void env_read_ahead(struct bytes value)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), start = (uintptr_t)value.data;
    uintptr_t end = start + value.len;

    for (start -= start % page; start < end; start += AHEAD_BYTES)
        (void)madvise((void *)start, end - start < AHEAD_BYTES ? end - start : AHEAD_BYTES,
                      MADV_WILLNEED);
}

#define WHOLE_SHARE 4 /* of the machine's memory */

void env_read_whole(const struct env *env)
{
    uint64_t memory = (uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE);
    char path[4096];
    struct stat st;
    int fd;

    if ((size_t)snprintf(path, sizeof path, "%s/data.mdb", env->dir) >= sizeof path ||
        (fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
        return;
    if (fstat(fd, &st) == 0 && (uint64_t)st.st_size <= memory / WHOLE_SHARE)
        for (off_t at = 0; at < st.st_size; at += AHEAD_BYTES)
            (void)posix_fadvise(fd, at, AHEAD_BYTES, POSIX_FADV_WILLNEED);
    (void)close(fd);
}
