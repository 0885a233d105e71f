#include "data/reserve.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define PATH_BYTES 4096

static bool reserve_path(const char *dir, char path[PATH_BYTES])
{
    return (size_t)snprintf(path, PATH_BYTES, "%s/reserve", dir) < PATH_BYTES;
}

bool reserve_keep(const char *dir)
{
    char path[PATH_BYTES];
    struct statvfs fs;
    struct stat st;
    bool kept;
    int fd;

    if (!reserve_path(dir, path))
        return false;
    if (stat(path, &st) == 0 && st.st_size >= RESERVE_BYTES)
        return true;
    if (statvfs(dir, &fs) != 0 ||
        (unsigned long long)fs.f_bavail * fs.f_frsize < (unsigned long long)RESERVE_FREE_MIN)
        return false;
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    kept = posix_fallocate(fd, 0, RESERVE_BYTES) == 0;
    if (!kept)
        (void)unlink(path);
    close(fd);
    return kept;
}

bool reserve_release(const char *dir)
{
    char path[PATH_BYTES];

    return reserve_path(dir, path) && unlink(path) == 0;
}
