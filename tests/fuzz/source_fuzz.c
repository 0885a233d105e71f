/* A file unpacked in large pieces and in small ones gives the same bytes and the same end. The
 * first byte is the size of the small pieces. */
#include "tests/fuzz/fuzz.h"

#include "intake/import/source.h"

#include "data/base/hash.h"

#define READ_MAX ((size_t)4 << 20) /* packed data makes much of few bytes */

static enum status read_all(struct bytes file, size_t piece, struct buf *out)
{
    struct source *source;
    struct error err = {.status = AF_OK};
    enum status status;
    size_t got = 0;

    ENSURE_OK(source_open(fuzz_file(file), &source, &err));
    do {
        uint8_t *at = buf_reserve(out, piece);

        ENSURE(at != NULL);
        status = source_read(source, at, piece, &got, &err);
        ENSURE(got <= piece && (status == AF_OK || got == 0));
        out->len += got;
    } while (status == AF_OK && got > 0 && out->len < READ_MAX);
    if (status != AF_OK)
        ensure_refusal(status, &err, KIND(AF_INVALID) | KIND(AF_CORRUPT));
    ENSURE(source_taken(source) <= file.len);
    source_close(source);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_of(bytes_of(data, size));
    size_t piece = take_u8(&r) + 1u;
    struct bytes file = take_rest(&r);
    struct buf large = {0}, small = {0};
    enum status a = read_all(file, (size_t)64 << 10, &large), b = read_all(file, piece, &small);

    if (large.len < READ_MAX && small.len < READ_MAX) {
        ENSURE(a == b);
        ENSURE(a != AF_OK || bytes_equal(buf_bytes(&large), buf_bytes(&small)));
    }
    buf_release(&large);
    buf_release(&small);
    return 0;
}
