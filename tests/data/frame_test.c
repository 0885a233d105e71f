#include "tests/harness.h"

#include "data/frame.h"

static const struct bytes key = BYTES_LIT("key");

struct made {
    struct frame_packer *packer;
    struct frame_unpacker *unpacker;
    struct buf value;
    uint64_t checksum;
};

static void make(struct made *m, struct bytes body)
{
    struct error err;

    assert_ok(frame_packer_new(&m->packer, &err));
    assert_ok(frame_unpacker_new(&m->unpacker, &err));
    assert_ok(frame_encode(m->packer, 3, key, 7, body, &m->value, &m->checksum, &err));
}

static void end(struct made *m)
{
    frame_packer_free(m->packer);
    frame_unpacker_free(m->unpacker);
    buf_release(&m->value);
}

/* Bodies of each kind: empty, small, compressible, not compressible. */
static struct bytes sample(size_t i, uint8_t room[4000])
{
    struct test_random random = {i * 2 + 1};
    static const size_t lens[] = {0, 1, FRAME_PACK_MIN - 1, FRAME_PACK_MIN, 4000, 4000};

    for (size_t k = 0; k < 4000; k++)
        room[k] = i == 5 ? (uint8_t)test_random_next(&random) : (uint8_t)(k / 100);
    return bytes_of(room, lens[i]);
}
enum { SAMPLES = 6 };

static void a_body_comes_back_as_it_went_in(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        uint8_t room[4000];
        struct bytes body = sample(i, room), back;
        struct arena *arena = arena_new(1 << 20);
        struct made m = {0};
        struct frame frame;
        struct error err;

        make(&m, body);
        assert_ok(frame_decode(3, key, buf_bytes(&m.value), &frame, &err));
        assert_int_equal(7, frame.format);
        assert_true(frame.checksum == m.checksum);
        assert_ok(frame_body(&frame, m.unpacker, arena, &back, &err));
        assert_bytes_equal(body, back);
        end(&m);
        arena_free(arena);
    }
}

static void only_what_shrinks_by_an_eighth_is_packed(void **state)
{
    static const bool packed[SAMPLES] = {false, false, false, true, true, false};

    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        uint8_t room[4000];
        struct bytes body = sample(i, room);
        struct made m = {0};

        make(&m, body);
        assert_int_equal(packed[i] ? FRAME_ZSTD : 0, m.value.data[1]);
        if (!packed[i])
            assert_int_equal(FRAME_HEADER_BYTES + body.len, m.value.len);
        end(&m);
    }
}

static void every_flipped_bit_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < SAMPLES; i++) {
        uint8_t room[4000];
        struct made m = {0};

        make(&m, sample(i, room));
        for (size_t bit = 0; bit < 8 * m.value.len; bit++) {
            struct frame frame;
            struct error err;

            m.value.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
            assert_refused(AF_CORRUPT, frame_decode(3, key, buf_bytes(&m.value), &frame, &err));
            m.value.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
        end(&m);
    }
}

static void every_length_but_its_own_is_refused(void **state)
{
    uint8_t room[4000];
    struct made m = {0};
    struct frame frame;
    struct error err;

    (void)state;
    make(&m, sample(2, room));
    for (size_t len = 0; len < m.value.len; len++)
        assert_refused(AF_CORRUPT, frame_decode(3, key, bytes_of(m.value.data, len), &frame, &err));
    buf_add_u8(&m.value, 0);
    assert_refused(AF_CORRUPT, frame_decode(3, key, buf_bytes(&m.value), &frame, &err));
    end(&m);
}

static void another_key_or_table_does_not_pass(void **state)
{
    struct made m = {0};
    struct frame frame;
    struct error err;

    (void)state;
    make(&m, BYTES_LIT("body"));
    assert_refused(AF_CORRUPT, frame_decode(4, key, buf_bytes(&m.value), &frame, &err));
    assert_refused(AF_CORRUPT,
                   frame_decode(3, BYTES_LIT("kez"), buf_bytes(&m.value), &frame, &err));
    assert_refused(AF_CORRUPT, frame_decode(3, BYTES_NONE, buf_bytes(&m.value), &frame, &err));
    end(&m);
}

/* A right checksum over a wrong zstd frame: what a faulty writer would have made. */
static void what_does_not_unpack_is_refused(void **state)
{
    static const struct bytes bodies[] = {
        BYTES_LIT(""),
        BYTES_LIT("not zstd at all"),
        BYTES_LIT("\x28\xB5\x2F\xFD"),
        BYTES_LIT("\x28\xB5\x2F\xFD\x20\x05\x01\x00\x00"),
        BYTES_LIT("\x28\xB5\x2F\xFD\xE0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01\x00\x00"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        const struct frame frame = {.flags = FRAME_ZSTD, .body = bodies[i]};
        struct arena *arena = arena_new(1 << 20);
        struct frame_unpacker *unpacker;
        struct bytes back;
        struct error err;

        assert_ok(frame_unpacker_new(&unpacker, &err));
        assert_refused(AF_CORRUPT, frame_body(&frame, unpacker, arena, &back, &err));
        frame_unpacker_free(unpacker);
        arena_free(arena);
    }
}

/* --- bodies in parts ---------------------------------------------------------------------- */

enum { LONG = 100000 };

/* Words that come again, as in cases; every third stretch is noise, which is stored as it is. */
static struct bytes long_text(size_t len)
{
    static uint8_t room[LONG];
    struct test_random random = {7};

    for (size_t i = 0; i < sizeof room; i++) {
        uint8_t noise = (uint8_t)test_random_next(&random);

        room[i] = i / 17000 % 3 == 2 ? noise : (uint8_t)("lorem ipsum dolor"[noise % 17]);
    }
    return bytes_of(room, len);
}

static void a_long_body_is_in_parts_and_comes_back(void **state)
{
    static const size_t lens[] = {FRAME_PARTS_MIN - 1,
                                  FRAME_PARTS_MIN,
                                  FRAME_PARTS_MIN + 1,
                                  FRAME_PARTS_MIN + FRAME_PART_BYTES / 4 - 1,
                                  FRAME_PARTS_MIN + FRAME_PART_BYTES / 4,
                                  LONG};

    (void)state;
    for (size_t i = 0; i < sizeof lens / sizeof lens[0]; i++) {
        struct bytes body = long_text(lens[i]), back;
        struct arena *arena = arena_new(1 << 20);
        struct made m = {0};
        struct frame frame;
        struct error err;

        make(&m, body);
        assert_int_equal(lens[i] < FRAME_PARTS_MIN ? FRAME_ZSTD : FRAME_PARTS, m.value.data[1]);
        assert_true(m.value.len < body.len);
        assert_ok(frame_decode(3, key, buf_bytes(&m.value), &frame, &err));
        assert_ok(frame_body(&frame, m.unpacker, arena, &back, &err));
        assert_bytes_equal(body, back);
        end(&m);
        arena_free(arena);
    }
}

/* zstd would read entropy tables out of it, and the parts behind it were lost. */
static void a_body_that_begins_like_a_dictionary_of_zstd_comes_back(void **state)
{
    struct bytes body = long_text(LONG), back;
    struct arena *arena = arena_new(1 << 20);
    struct made m = {0};
    struct frame frame;
    struct error err;

    (void)state;
    memcpy((uint8_t *)(uintptr_t)body.data, "\x37\xA4\x30\xEC", 4);
    make(&m, body);
    assert_ok(frame_decode(3, key, buf_bytes(&m.value), &frame, &err));
    assert_ok(frame_body(&frame, m.unpacker, arena, &back, &err));
    assert_bytes_equal(body, back);
    end(&m);
    arena_free(arena);
}

/* One value that is packed whole, one in parts, and one that was packed beforehand. */
static void any_range_is_read_as_a_slice_of_the_body(void **state)
{
    struct bytes text = long_text(LONG), head = bytes_of(text.data, 100),
                 tail = bytes_of(text.data + LONG - 1, 1);
    struct test_random random = test_random_new();
    struct frame_parts parts = {0};
    struct made of[3] = {0};
    struct arena *arena = arena_new(1 << 20);
    struct error err;

    (void)state;
    make(&of[0], bytes_of(text.data, 3000));
    make(&of[1], text);
    make(&of[2], BYTES_NONE);
    buf_clear(&of[2].value);
    assert_ok(frame_parts_pack(of[2].packer, bytes_of(text.data + 100, LONG - 101), &parts, &err));
    assert_ok(
        frame_encode_parts(3, key, 7, head, &parts, tail, &of[2].value, &of[2].checksum, &err));
    for (int i = 0; i < 3000; i++) {
        struct made *m = &of[i % 3];
        size_t all = i % 3 == 0 ? 3000 : LONG;
        size_t offset = test_random_below(&random, (uint32_t)all + 1);
        size_t len = test_random_below(&random, (uint32_t)(all - offset) + 1);
        struct frame frame;
        struct bytes back;

        if (i % 2 == 1 && len > 2000)
            len = 2000; /* as a case is */
        assert_ok(frame_decode(3, key, buf_bytes(&m->value), &frame, &err));
        assert_ok(frame_range(&frame, m->unpacker, arena, offset, len, &back, &err));
        assert_bytes_equal(bytes_of(text.data + offset, len), back);
        assert_refused(AF_CORRUPT, frame_range(&frame, m->unpacker, arena, offset, all - offset + 1,
                                               &back, &err));
        assert_refused(AF_CORRUPT,
                       frame_range(&frame, m->unpacker, arena, all + 1, 0, &back, &err));
        arena_clear(arena);
    }
    for (int i = 0; i < 3; i++)
        end(&of[i]);
    frame_parts_release(&parts);
    arena_free(arena);
}

static void a_flipped_bit_of_a_long_body_is_refused_where_it_is_read(void **state)
{
    struct made m = {0};
    struct arena *arena = arena_new(1 << 20);
    struct error err;

    (void)state;
    make(&m, long_text(40000));
    for (size_t at = 0; at < m.value.len; at++) {
        uint8_t bit = (uint8_t)(1u << at % 8);
        struct frame frame;
        struct bytes back;
        enum status status;

        m.value.data[at] ^= bit;
        status = frame_decode(3, key, buf_bytes(&m.value), &frame, &err);
        if (at < FRAME_HEADER_BYTES + 8 + 2 * 16)
            assert_int_equal(AF_CORRUPT, status);
        if (status == AF_OK)
            status = frame_body(&frame, m.unpacker, arena, &back, &err);
        assert_int_equal(AF_CORRUPT, status);
        m.value.data[at] ^= bit;
        arena_clear(arena);
    }
    end(&m);
    arena_free(arena);
}

/* Tables with right checksums that a faulty writer could have made. */
static void parts_that_do_not_fit_are_refused(void **state)
{
    static const struct bytes bodies[] = {
        BYTES_LIT(""),
        BYTES_LIT("\0\0\0\1"),
        BYTES_LIT("\0\0\0\0\0\0\0\0x"),
        BYTES_LIT("\0\0\0\1\0\0\0\1"),
        BYTES_LIT("\xFF\xFF\xFF\xFF\0\0\0\0"),
        BYTES_LIT("\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\2\0\0\0\0\0\0\0\0xy"),
        BYTES_LIT("\0\0\0\1\0\0\0\1\xFF\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0x"),
        BYTES_LIT("\0\0\0\1\0\0\0\1\0\0\0\2\0\0\0\1\0\0\0\0\0\0\0\0x"),
        BYTES_LIT("\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\0\0\0\0\0xy"),
    };
    struct made m = {0};

    (void)state;
    make(&m, BYTES_NONE);
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        const struct frame frame = {.flags = FRAME_PARTS, .body = bodies[i]};
        struct arena *arena = arena_new(1 << 20);
        struct bytes back;
        struct error err;

        assert_refused(AF_CORRUPT, frame_body(&frame, m.unpacker, arena, &back, &err));
        assert_refused(AF_CORRUPT, frame_range(&frame, m.unpacker, arena, 0, 1, &back, &err));
        arena_free(arena);
    }
    end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_comes_back_as_it_went_in),
        cmocka_unit_test(only_what_shrinks_by_an_eighth_is_packed),
        cmocka_unit_test(every_flipped_bit_is_refused),
        cmocka_unit_test(every_length_but_its_own_is_refused),
        cmocka_unit_test(another_key_or_table_does_not_pass),
        cmocka_unit_test(what_does_not_unpack_is_refused),
        cmocka_unit_test(a_long_body_is_in_parts_and_comes_back),
        cmocka_unit_test(a_body_that_begins_like_a_dictionary_of_zstd_comes_back),
        cmocka_unit_test(any_range_is_read_as_a_slice_of_the_body),
        cmocka_unit_test(a_flipped_bit_of_a_long_body_is_refused_where_it_is_read),
        cmocka_unit_test(parts_that_do_not_fit_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
