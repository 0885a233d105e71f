#include "tests/intake/import/fixture.h"

#include "intake/import/source.h"

#include <sys/stat.h>
#include <zlib.h>
#include <zstd.h>

/* A text that packs to something longer than one read. */
static struct buf make_text(size_t len)
{
    struct test_random random = {7};
    struct buf text = {0};

    while (text.len < len)
        buf_printf(&text, "%llx\n", (unsigned long long)test_random_next(&random));
    return text;
}

static struct buf pack_gzip(struct bytes text)
{
    struct buf packed = {0};
    z_stream z = {0};

    assert_int_equal(Z_OK, deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY));
    z.next_in = (uint8_t *)(uintptr_t)text.data;
    z.avail_in = (uInt)text.len;
    z.avail_out = (uInt)deflateBound(&z, text.len);
    z.next_out = buf_reserve(&packed, z.avail_out);
    assert_int_equal(Z_STREAM_END, deflate(&z, Z_FINISH));
    packed.len = z.total_out;
    (void)deflateEnd(&z);
    return packed;
}

static struct buf pack_zstd(struct bytes text)
{
    struct buf packed = {0};
    size_t room = ZSTD_compressBound(text.len);

    packed.len = ZSTD_compress(buf_reserve(&packed, room), room, text.data, text.len, 3);
    assert_false(ZSTD_isError(packed.len));
    return packed;
}

static enum status read_all(const char *path, struct buf *out, struct error *err)
{
    struct source *source;
    size_t got = 1;
    enum status status = source_open(path, &source, err);

    if (status != AF_OK)
        return status;
    while (status == AF_OK && got > 0) {
        uint8_t piece[1000];

        status = source_read(source, piece, sizeof piece, &got, err);
        if (status == AF_OK)
            buf_add(out, bytes_of(piece, got));
    }
    source_close(source);
    return status;
}

static enum status read_bytes(struct bytes bytes, struct buf *out, struct error *err)
{
    char *dir = test_dir_new(), *path = put_file(dir, "f", bytes);
    enum status status = read_all(path, out, err);

    free(path);
    test_dir_remove(dir);
    return status;
}

typedef struct buf (*pack_fn)(struct bytes text);

static struct buf pack_nothing(struct bytes text)
{
    struct buf copy = {0};

    buf_add(&copy, text);
    return copy;
}

static void what_was_packed_comes_out(void **state)
{
    static const pack_fn packs[] = {pack_nothing, pack_gzip, pack_zstd};
    static const size_t lengths[] = {0, 1, 1000, 131072, 1000000};

    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        for (size_t j = 0; j < sizeof packs / sizeof packs[0]; j++) {
            struct buf text = make_text(lengths[i]), packed = packs[j](buf_bytes(&text)), out = {0};
            struct error err;

            assert_ok(read_bytes(buf_bytes(&packed), &out, &err));
            assert_bytes_equal(buf_bytes(&text), buf_bytes(&out));
            buf_release(&text);
            buf_release(&packed);
            buf_release(&out);
        }
}

static void members_one_after_another_are_one_text(void **state)
{
    static const pack_fn packs[] = {pack_gzip, pack_zstd};

    (void)state;
    for (size_t j = 0; j < sizeof packs / sizeof packs[0]; j++) {
        struct buf text = make_text(100000), packed = packs[j](buf_bytes(&text)), out = {0};
        struct buf again = packs[j](buf_bytes(&text));
        struct error err;

        buf_add(&packed, buf_bytes(&again));
        assert_ok(read_bytes(buf_bytes(&packed), &out, &err));
        assert_int_equal(2 * text.len, out.len);
        assert_memory_equal(text.data, out.data, text.len);
        assert_memory_equal(text.data, out.data + text.len, text.len);
        buf_release(&text);
        buf_release(&packed);
        buf_release(&again);
        buf_release(&out);
    }
}

static void packed_data_cut_anywhere_is_noticed(void **state)
{
    static const pack_fn packs[] = {pack_gzip, pack_zstd};

    (void)state;
    for (size_t j = 0; j < sizeof packs / sizeof packs[0]; j++) {
        struct buf text = make_text(20000), packed = packs[j](buf_bytes(&text));

        for (size_t len = 4; len < packed.len; len += 1 + packed.len / 50) {
            struct buf out = {0};
            struct error err;

            assert_refused(AF_INVALID, read_bytes(bytes_of(packed.data, len), &out, &err));
            assert_non_null(strstr(err.text, "too early"));
            assert_true(out.len <= text.len &&
                        (out.len == 0 || memcmp(out.data, text.data, out.len) == 0));
            buf_release(&out);
        }
        buf_release(&text);
        buf_release(&packed);
    }
}

/* Both formats carry a check sum over the whole or fail before it; the last bytes of gzip's
 * header (time, system) are nobody's loss, so flips begin behind them. */
static void packed_data_with_a_flipped_byte_ends_in_a_sentence(void **state)
{
    struct buf text = make_text(20000), packed = pack_gzip(buf_bytes(&text));

    (void)state;
    for (size_t at = 10; at < packed.len; at += 1 + packed.len / 200) {
        struct buf out = {0};
        struct error err;

        packed.data[at] ^= 0x10;
        assert_refused(AF_INVALID, read_bytes(buf_bytes(&packed), &out, &err));
        packed.data[at] ^= 0x10;
        buf_release(&out);
    }
    buf_release(&text);
    buf_release(&packed);
}

static void what_is_no_file_is_refused(void **state)
{
    struct source *source = NULL;
    struct error err;
    char *dir = test_dir_new();

    (void)state;
    assert_refused(AF_INVALID, source_open(dir, &source, &err));
    assert_refused(AF_INVALID, source_open("/dev/null", &source, &err));
    assert_refused(AF_NOT_FOUND, source_open("build/tmp/not-there", &source, &err));
    assert_null(source);
    test_dir_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_packed_comes_out),
        cmocka_unit_test(members_one_after_another_are_one_text),
        cmocka_unit_test(packed_data_cut_anywhere_is_noticed),
        cmocka_unit_test(packed_data_with_a_flipped_byte_ends_in_a_sentence),
        cmocka_unit_test(what_is_no_file_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
