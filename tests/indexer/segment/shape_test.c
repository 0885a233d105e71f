#include "tests/harness.h"

#include "indexer/segment/shape.h"

static void every_code_is_that_of_its_shape(void **state)
{
    (void)state;
    for (unsigned code = 0; code < SHAPE_ESCAPE; code++) {
        unsigned mask = 0;

        for (unsigned f = 0; f < FIELD_COUNT; f++)
            mask |= shape_tf((uint8_t)code)[f] > 0 ? 1u << f : 0u;
        assert_int_not_equal(0, mask);
        assert_int_equal(mask, shape_mask((uint8_t)code));
        assert_int_equal(code, shape_code(shape_tf((uint8_t)code)));
    }
}

static void one_field_has_codes_by_times_then_field(void **state)
{
    (void)state;
    for (unsigned times = 1; times <= SHAPE_TIMES; times++)
        for (unsigned f = 0; f < FIELD_COUNT; f++)
            assert_int_equal(times, shape_tf((uint8_t)((times - 1) * FIELD_COUNT + f))[f]);
}

/* All shapes of up to four times a field, and some beyond: a code of its own or an escape. */
static void a_shape_comes_back_by_its_code_or_its_escape(void **state)
{
    (void)state;
    for (unsigned shape = 1; shape < 78125; shape++) {
        uint8_t tf[FIELD_COUNT], back[FIELD_COUNT], bytes[SHAPE_BYTES_MAX], code;
        unsigned rest = shape;
        struct reader r;

        for (unsigned f = 0; f < FIELD_COUNT; f++, rest /= 5)
            tf[f] = (uint8_t)(rest % 5 == 4 ? 100 + shape % 156 : rest % 5);
        code = shape_code(tf);
        if (code != SHAPE_ESCAPE) {
            assert_memory_equal(tf, shape_tf(code), FIELD_COUNT);
            continue;
        }
        r = reader_of(bytes_of(bytes, shape_escape_encode(tf, bytes)));
        assert_true(reader_left(&r) < SHAPE_BYTES_MAX);
        assert_true(shape_escape_decode(&r, back));
        assert_int_equal(0, reader_left(&r));
        assert_memory_equal(tf, back, FIELD_COUNT);
    }
}

static void escapes_that_no_writer_makes_are_refused(void **state)
{
    static const struct {
        uint8_t bytes[3];
        size_t len;
    } table[] = {
        {{0},          0},
        {{0},          1},
        {{0x80, 1},    2},
        {{0x03, 1},    2},
        {{0x03, 1, 0}, 3}
    };
    uint8_t tf[FIELD_COUNT];

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct reader r = reader_of(bytes_of(table[i].bytes, table[i].len));

        assert_false(shape_escape_decode(&r, tf));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_is_that_of_its_shape),
        cmocka_unit_test(one_field_has_codes_by_times_then_field),
        cmocka_unit_test(a_shape_comes_back_by_its_code_or_its_escape),
        cmocka_unit_test(escapes_that_no_writer_makes_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
