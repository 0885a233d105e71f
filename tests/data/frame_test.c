#include "tests/harness.h"

#include "data/frame.h"

static const struct bytes key = BYTES_LIT("key");

struct made {
    struct frame_packer *packer;
    struct buf value;
    uint64_t checksum;
};

static void make(struct made *m, struct bytes body)
{
    struct error err;

    assert_ok(frame_packer_new(&m->packer, &err));
    assert_ok(frame_encode(m->packer, 3, key, 7, body, &m->value, &m->checksum, &err));
}

static void end(struct made *m)
{
    frame_packer_free(m->packer);
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
        assert_ok(frame_body(&frame, arena, &back, &err));
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
        struct bytes back;
        struct error err;

        assert_refused(AF_CORRUPT, frame_body(&frame, arena, &back, &err));
        arena_free(arena);
    }
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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
