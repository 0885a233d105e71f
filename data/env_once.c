/* One environment, one handle.
 *
 * LMDB takes a POSIX lock on its lock file; a second open in the same process succeeds, and
 * closing either drops the lock for both. So the process remembers which files it has open.
 * This is the one mutable global of the folder: the lock it mirrors is per process as well. */
#include "data/env_impl.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#define OPEN_MAX 8 /* a program has two; tests a few more */

static struct open_file {
    dev_t dev;
    ino_t ino;
    bool used;
} open_files[OPEN_MAX];
static pthread_mutex_t open_files_lock = PTHREAD_MUTEX_INITIALIZER;

enum status env_remember(const struct stat *st, const char *dir, struct error *err)
{
    enum status status = AF_OK;
    struct open_file *free_slot = NULL;

    (void)pthread_mutex_lock(&open_files_lock);
    for (size_t i = 0; i < OPEN_MAX; i++) {
        struct open_file *file = &open_files[i];

        if (!file->used)
            free_slot = file;
        else if (file->dev == st->st_dev && file->ino == st->st_ino)
            status = error_set(err, AF_BUSY, "%s is open in this process already", dir);
    }
    if (status == AF_OK && free_slot == NULL)
        status =
            error_set(err, AF_BUSY, "more than %d environments are open in this process", OPEN_MAX);
    if (status == AF_OK)
        *free_slot = (struct open_file){st->st_dev, st->st_ino, true};
    (void)pthread_mutex_unlock(&open_files_lock);
    return status;
}

void env_forget(dev_t dev, ino_t ino)
{
    (void)pthread_mutex_lock(&open_files_lock);
    for (size_t i = 0; i < OPEN_MAX; i++)
        if (open_files[i].used && open_files[i].dev == dev && open_files[i].ino == ino)
            open_files[i].used = false;
    (void)pthread_mutex_unlock(&open_files_lock);
}

/* POSIX locks stay with the parent, so the child has nothing open. */
pid_t env_fork(void)
{
    pid_t pid;

    (void)pthread_mutex_lock(&open_files_lock);
    pid = fork();
    if (pid == 0)
        memset(open_files, 0, sizeof open_files);
    (void)pthread_mutex_unlock(&open_files_lock);
    return pid;
}
