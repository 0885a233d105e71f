/* fixture.h: a file with given bytes, in a folder of its own. */
#ifndef ASKFIRST_TESTS_INTAKE_IMPORT_FIXTURE_H
#define ASKFIRST_TESTS_INTAKE_IMPORT_FIXTURE_H

#include "tests/harness.h"

#include <stdio.h>
#include <stdlib.h>

/* Writes DIR/NAME and gives its path; the caller frees it. */
static inline char *put_file(const char *dir, const char *name, struct bytes bytes)
{
    char *path = NULL;
    FILE *file;

    assert_true(asprintf(&path, "%s/%s", dir, name) > 0);
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(bytes.len, bytes.len == 0 ? 0 : fwrite(bytes.data, 1, bytes.len, file));
    assert_int_equal(0, fclose(file));
    return path;
}

#endif
