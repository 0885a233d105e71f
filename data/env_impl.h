/* env_impl.h: what env.c (opening) asks of env_once.c and env_probe.c. */
#ifndef ASKFIRST_DATA_ENV_IMPL_H
#define ASKFIRST_DATA_ENV_IMPL_H

#include "data/env.h"

#include <sys/stat.h>

/* The folder of `st` is open from now on. AF_BUSY when it is already, or too many are. */
enum status env_remember(const struct stat *st, const char *dir, struct error *err) MUST_USE;
void env_forget(dev_t dev, ino_t ino);

/* A full disk at opening is SIGBUS: the lock file is a sparse map. Filling it first turns that
 * into an answer. Only before any environment on it is open in this process, since closing a
 * descriptor of a locked file drops the lock. */
enum status env_prepare_lock_file(const char *path, const char *what, struct error *err) MUST_USE;

#endif
