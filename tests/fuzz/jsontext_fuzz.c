/* JSON read where it stands agrees with jansson on any bytes; and the walkers, which expect
 * compact text, stay inside whatever they are given. */
#include "tests/fuzz/fuzz.h"

#include "tests/data/base/jsontext_oracle.h"

#include <stdio.h>

/* Any bytes as an object and as a list. */
static void walk(struct bytes text)
{
    struct bytes name, value;
    struct buf said = {0};
    struct reader r;

    if (jsontext_enter(text, '{', &r))
        while (jsontext_member(&r, &name, &value) == JSONTEXT_VALUE)
            ENSURE(fuzz_is_inside(name, text) && fuzz_is_inside(value, text));
    if (jsontext_enter(text, '[', &r))
        while (jsontext_element(&r, &value) == JSONTEXT_VALUE) {
            ENSURE(fuzz_is_inside(value, text));
            if (jsontext_is_string(value))
                jsontext_unescape(value, &said);
        }
    ENSURE(buf_ok(&said));
    buf_release(&said);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *what = oracle_disagreement(bytes_of(data, size));

    if (what != NULL)
        (void)fprintf(stderr, "%s\n", what);
    ENSURE(what == NULL);
    walk(bytes_of(data, size));
    return 0;
}
