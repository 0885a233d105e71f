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

/* Runs `command` and keeps what it says; its exit code. */
static inline int run_command(const char *command, char *said, size_t room)
{
    FILE *in = popen(command, "r");
    size_t len;
    int status;

    assert_non_null(in);
    len = fread(said, 1, room - 1, in);
    said[len] = '\0';
    while (fgetc(in) != EOF) /* or the program dies of a closed pipe */
        ;
    status = pclose(in);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

#endif
