/* The type of any bytes is one of ours, whatever pieces they come in; and what a browser might run
 * is never called a picture that may be shown. The first byte is the length of pieces. */
#include "tests/fuzz/fuzz.h"

#include "intake/attachment/sniff.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_of(bytes_of(data, size));
    size_t piece = (size_t)take_u8(&r) + 1;
    struct bytes body = take_rest(&r);
    struct sniffer whole = {0}, pieces = {0};
    const struct file_type *type;

    sniff_add(&whole, body);
    for (size_t at = 0; at < body.len; at += piece)
        sniff_add(&pieces, bytes_of(body.data + at, body.len - at < piece ? body.len - at : piece));
    type = sniff_type(&whole);
    ENSURE(type == sniff_type(&pieces));
    ENSURE(type == file_type_named(type->name));
    if (type->is_shown)
        ENSURE(body.len > 0 && (body.data[0] == 0x89 || body.data[0] == 0xFF ||
                                body.data[0] == 'G' || body.data[0] == 'R'));
    if (type->kind == FILE_TEXT || type->kind == FILE_MARKUP)
        ENSURE(!whole.has_binary || body.data[0] >= 0xFE);
    return 0;
}
