/* What json_parse accepts is written as text that it accepts again, and the same text comes of
 * that: otherwise the journal could hold a line that nobody can read. */
#include "tests/fuzz/fuzz.h"

#include "data/base/json.h"

static void check_written(const json_t *json, bool canonical)
{
    struct buf first = {0}, second = {0};
    struct error err;
    json_t *again;

    ENSURE_OK(json_write(json, canonical, &first, &err));
    ENSURE(fuzz_is_utf8(buf_bytes(&first)));
    ENSURE_OK(json_parse(buf_bytes(&first), &again, &err));
    ENSURE_OK(json_write(again, canonical, &second, &err));
    ENSURE(bytes_equal(buf_bytes(&first), buf_bytes(&second)));
    json_decref(again);
    buf_release(&first);
    buf_release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err;
    json_t *json = NULL;
    enum status status = json_parse(bytes_of(data, size), &json, &err);

    if (status != AF_OK) {
        ensure_refusal(status, &err, KIND(AF_INVALID));
        return 0;
    }
    check_written(json, false);
    check_written(json, true);
    json_decref(json);
    return 0;
}
