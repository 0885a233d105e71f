#include "tests/harness.h"

#include "indexer/segment/columns.h"

#include <stdlib.h>

struct world {
    struct memory_image *memory;
    struct image image;
    struct columns *columns;
};

/* Writes `docs` values made by `make`, and opens the column again. */
static const struct column *write_and_read(struct world *w, uint32_t docs,
                                           struct bytes (*make)(uint32_t doc, char *room))
{
    struct column_writer writer = {0};
    const struct column *column;
    struct error err;
    char room[32];

    w->memory = memory_image_new();
    w->image = (struct image){.memory = w->memory};
    w->columns = columns_new(docs);
    for (uint32_t doc = 0; doc < docs; doc++)
        assert_true(column_add(&writer, make(doc, room)));
    assert_ok(column_finish(&writer, COLUMN_PRODUCT, memory_image_sink(w->memory), &err));
    column_writer_release(&writer);
    assert_ok(columns_get(w->columns, &w->image, COLUMN_PRODUCT, &column, &err));
    return column;
}

static void world_release(struct world *w)
{
    columns_free(w->columns);
    memory_image_free(w->memory);
}

static struct bytes same(uint32_t doc, char *room)
{
    (void)doc;
    (void)room;
    return BYTES_NONE;
}

static struct bytes few(uint32_t doc, char *room)
{
    (void)snprintf(room, 32, "product %u", (unsigned)(doc * 7919u % 5u));
    return bytes_str(room);
}

static struct bytes each_its_own(uint32_t doc, char *room)
{
    (void)snprintf(room, 32, "serial number %u", (unsigned)(doc * 2654435761u));
    return bytes_str(room);
}

static void every_document_has_the_value_it_was_given(void **state)
{
    static const struct {
        struct bytes (*make)(uint32_t doc, char *room);
        uint32_t docs, count;
    } table[] = {
        {same,         0,     0    },
        {same,         1,     1    },
        {same,         9,     1    },
        {few,          2,     2    },
        {few,          1000,  5    },
        {each_its_own, 129,   129  },
        {each_its_own, 20000, 20000},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct world w;
        const struct column *column = write_and_read(&w, table[i].docs, table[i].make);
        char room[32];

        assert_int_equal(table[i].count, column->count);
        for (uint32_t doc = 0; doc < table[i].docs; doc++) {
            struct bytes value = table[i].make(doc, room);

            assert_bytes_equal(value, column_value(column, doc));
            assert_true(column_id(column, doc) < column->count);
        }
        for (uint32_t j = 1; j < column->count; j++)
            assert_true(bytes_compare(column->values[j - 1], column->values[j]) < 0);
        world_release(&w);
    }
}

/* Below the checksum, damage cannot come from the disk; the reader must survive it anyway. */
static void a_damaged_column_is_refused_or_has_a_value_for_each_document(void **state)
{
    struct test_random random = test_random_new();
    unsigned refused = 0;

    (void)state;
    for (int round = 0; round < 4000; round++) {
        struct world w;
        const struct column *column = write_and_read(&w, 40, round % 2 == 0 ? few : each_its_own);
        struct memory_image *memory = memory_image_new();
        struct image image = {.memory = memory};
        struct columns *columns = columns_new(40);
        struct bytes body;
        struct error err;
        uint8_t key = COLUMN_PRODUCT, *bytes;
        bool found;
        size_t len;

        assert_ok(image_get(&w.image, IMAGE_COLUMNS, bytes_of(&key, 1), &body, &found, &err));
        len = round % 3 == 0 ? test_random_below(&random, (uint32_t)body.len) : body.len;
        bytes = malloc(body.len);
        memcpy(bytes, body.data, body.len);
        bytes[test_random_below(&random, (uint32_t)body.len)] ^=
            (uint8_t)(1u << test_random_below(&random, 8));
        assert_ok(memory_image_sink(memory).put(memory, IMAGE_COLUMNS, bytes_of(&key, 1),
                                                bytes_of(bytes, len), &err));
        if (columns_get(columns, &image, COLUMN_PRODUCT, &column, &err) == AF_OK) {
            for (uint32_t doc = 0; doc < 40; doc++)
                assert_true(column_value(column, doc).len < 100);
        } else {
            assert_int_equal(AF_CORRUPT,
                             columns_get(columns, &image, COLUMN_PRODUCT, &column, &err));
            refused++;
        }
        free(bytes);
        columns_free(columns);
        memory_image_free(memory);
        world_release(&w);
    }
    assert_true(refused > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_document_has_the_value_it_was_given),
        cmocka_unit_test(a_damaged_column_is_refused_or_has_a_value_for_each_document),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
