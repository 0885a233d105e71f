/* Markup becomes blanks, byte for byte; the rest stays where it is. */
#include "tests/fuzz/fuzz.h"

#include "indexer/text/markup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes text = bytes_of(data, size);
    struct buf out = {0};

    markup_blank(text, &out);
    ENSURE(buf_ok(&out) && out.len == size);
    for (size_t i = 0; i < size; i++)
        ENSURE(out.data[i] == data[i] || out.data[i] == ' ');
    if (fuzz_is_utf8(text))
        ENSURE(fuzz_is_utf8(buf_bytes(&out)));
    buf_release(&out);
    return 0;
}
