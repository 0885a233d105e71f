/* Stored values. Bytes that pass as a value are exactly what frame_encode makes of their body;
 * a value that was encoded comes back, and with any bit changed it does not, nor under another
 * key. A body that claims to be compressed is unpacked or refused, whatever it is.
 *
 *     | mode | length of the key | key | body or value | */
#include "tests/fuzz/fuzz.h"

#include "data/base/hash.h"
#include "data/frame.h"

#define PLACE 7

static struct frame_unpacker *unpacker(void)
{
    static struct frame_unpacker *one;
    struct error err;

    if (one == NULL)
        ENSURE_OK(frame_unpacker_new(&one, &err));
    return one;
}

static void check_any(struct bytes key, struct bytes value)
{
    struct frame frame;
    struct error err;
    struct buf again = {0};
    struct bytes body;
    uint64_t checksum;
    enum status status = frame_decode(PLACE, key, value, &frame, &err);

    if (status != AF_OK) {
        ensure_refusal(status, &err, KIND(AF_CORRUPT));
        return;
    }
    status = frame_body(&frame, unpacker(), fuzz_arena(), &body, &err);
    if (status != AF_OK)
        ensure_refusal(status, &err, KIND(AF_CORRUPT));
    if (frame.flags == 0) {
        ENSURE_OK(
            frame_encode(NULL, PLACE, key, frame.format, frame.body, &again, &checksum, &err));
        ENSURE(bytes_equal(value, buf_bytes(&again)) && checksum == frame.checksum);
    }
    buf_release(&again);
}

static void check_encoded(struct bytes key, struct bytes body, uint32_t bit, bool pack)
{
    static struct frame_packer *packer;
    struct buf value = {0};
    struct frame frame;
    struct error err;
    struct bytes back;
    uint64_t checksum;

    if (packer == NULL)
        ENSURE_OK(frame_packer_new(&packer, &err));
    ENSURE_OK(frame_encode(pack ? packer : NULL, PLACE, key, 3, body, &value, &checksum, &err));
    ENSURE_OK(frame_decode(PLACE, key, buf_bytes(&value), &frame, &err));
    ENSURE(frame.format == 3 && frame.checksum == checksum);
    ENSURE_OK(frame_body(&frame, unpacker(), fuzz_arena(), &back, &err));
    ENSURE(bytes_equal(body, back));
    ENSURE(frame_decode(PLACE + 1, key, buf_bytes(&value), &frame, &err) == AF_CORRUPT);
    ENSURE(frame_decode(PLACE, BYTES_LIT("another key"), buf_bytes(&value), &frame, &err) ==
           AF_CORRUPT);
    bit %= (uint32_t)value.len * 8;
    value.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
    ENSURE(frame_decode(PLACE, key, buf_bytes(&value), &frame, &err) == AF_CORRUPT);
    buf_release(&value);
}

/* The header says that these bytes are compressed, or in parts, and its checksum is right. */
static void check_claimed(struct bytes key, struct bytes packed, uint8_t flags)
{
    uint8_t header[FRAME_HEADER_BYTES] = {1, flags};
    struct bytes covered = packed;
    struct buf value = {0};
    struct reader r = reader_of(packed);
    uint32_t count;

    if (flags == FRAME_PARTS && reader_be32(&r, &count) && count <= (packed.len - 4) / 16 &&
        8 + count * 16 <= packed.len)
        covered.len = 8 + count * 16;
    put_be32(header + 4, (uint32_t)packed.len);
    put_be64(header + 8, checksum64(PLACE, (struct bytes[]){key, bytes_of(header, 8), covered}, 3));
    buf_add(&value, bytes_of(header, sizeof header));
    buf_add(&value, packed);
    check_any(key, buf_bytes(&value));
    buf_release(&value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_of(bytes_of(data, size));
    uint8_t mode = take_u8(&r);
    struct bytes key = take_bytes(&r, 10);
    uint32_t bit = mode % 4 == 3 ? 0 : take_u32(&r, 2);
    struct bytes rest = take_rest(&r);

    if (mode % 4 == 0)
        check_any(key, rest);
    else if (mode % 4 == 3)
        check_claimed(key, rest, mode & 4 ? FRAME_PARTS : FRAME_ZSTD);
    else
        check_encoded(key, rest, bit, mode % 4 == 2);
    return 0;
}
