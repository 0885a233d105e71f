/* UTF-8: what is cleaned is clean, cuts end between characters, and the ways of reading agree on
 * where the first bad byte is. The first byte of the input is the length to cut at. */
#include "tests/fuzz/fuzz.h"

static size_t first_bad(struct bytes text)
{
    struct reader r = reader_of(text);

    while (r.at < r.end) {
        const uint8_t *before = r.at;
        uint32_t cp = utf8_next(&r);
        uint8_t again[4];
        size_t len;

        ENSURE(r.at > before && r.at <= r.end);
        if (cp == UTF8_INVALID)
            return (size_t)(before - text.data);
        len = utf8_encode(cp, again);
        ENSURE(bytes_equal(bytes_of(again, len), bytes_of(before, (size_t)(r.at - before))));
    }
    return text.len;
}

static void check_clean(struct bytes text)
{
    struct buf clean = {0}, again = {0};

    utf8_add_clean(&clean, text);
    ENSURE(buf_ok(&clean) && fuzz_is_utf8(buf_bytes(&clean)));
    if (fuzz_is_utf8(text))
        ENSURE(bytes_equal(buf_bytes(&clean), text));
    utf8_add_clean(&again, buf_bytes(&clean));
    ENSURE(bytes_equal(buf_bytes(&clean), buf_bytes(&again)));
    buf_release(&clean);
    buf_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_of(bytes_of(data, size));
    size_t max = take_u8(&r);
    struct bytes text = take_rest(&r), cut = utf8_cut(text, max);

    ENSURE(utf8_valid_len(text) == first_bad(text));
    check_clean(text);
    ENSURE(cut.len <= max && cut.len <= text.len);
    if (utf8_valid_len(text) == text.len) {
        ENSURE(utf8_valid_len(cut) == cut.len);
        ENSURE(cut.len == text.len || cut.len + 3 >= max);
    }
    return 0;
}
