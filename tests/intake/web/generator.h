/* generator.h: running a generator of the build on files of a test. */
#ifndef ASKFIRST_TESTS_INTAKE_WEB_GENERATOR_H
#define ASKFIRST_TESTS_INTAKE_WEB_GENERATOR_H

#include "tests/harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* build/MODE/gen, found from where this test stands: build/MODE/tests/…; the caller frees it. */
static inline char *generator_path(const char *name)
{
    char self[1000] = {0}, *cut, *path = NULL;

    assert_true(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    cut = strstr(self, "/tests/");
    assert_non_null(cut);
    *cut = '\0';
    assert_true(asprintf(&path, "%s/gen/%s", self, name) > 0);
    return path;
}

static inline void write_file(const char *dir, const char *name, const char *text)
{
    char path[1000];
    FILE *out;

    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    out = fopen(path, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(0, fclose(out));
}

/* Runs `command` by the shell and keeps what it says; its exit code. */
static inline int run_command(const char *command, char *said, size_t room)
{
    int ends[2], status;
    size_t len = 0;
    ssize_t got = 1;
    pid_t child;

    assert_int_equal(0, pipe(ends));
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)dup2(ends[1], STDOUT_FILENO);
        (void)close(ends[0]);
        (void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    (void)close(ends[1]);
    while (len < room - 1 && (got = read(ends[0], said + len, room - 1 - len)) > 0)
        len += (size_t)got;
    said[len] = '\0';
    (void)close(ends[0]);
    assert_int_equal(child, waitpid(child, &status, 0));
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

#endif
