#include "indexer/segment/valuetable.h"

#include "data/base/hash.h"

#include <stdlib.h>

void valuetable_release(struct valuetable *table)
{
    free(table->values);
    free(table->slots);
    buf_release(&table->bytes);
    memset(table, 0, sizeof *table);
}

static void put_slot(struct valuetable *table, uint32_t no)
{
    uint32_t mask = table->slots_count - 1, i = (uint32_t)table->values[no].hash & mask;

    while (table->slots[i] != 0)
        i = (i + 1) & mask;
    table->slots[i] = no + 1;
}

static bool grow_slots(struct valuetable *table)
{
    uint32_t count = table->slots_count == 0 ? 256 : table->slots_count * 2;
    uint32_t *slots;

    if (count == 0 || (slots = calloc(count, sizeof *slots)) == NULL)
        return false;
    free(table->slots);
    table->slots = slots;
    table->slots_count = count;
    for (uint32_t no = 0; no < table->count; no++)
        put_slot(table, no);
    return true;
}

static bool grow_values(struct valuetable *table)
{
    uint32_t room = table->room == 0 ? 128 : table->room * 2;
    struct value *values = realloc(table->values, room * sizeof *values);

    if (values == NULL)
        return false;
    table->values = values;
    table->room = room;
    return true;
}

bool valuetable_add(struct valuetable *table, struct bytes value, uint32_t *no)
{
    uint64_t hash = checksum64(0, &value, 1);
    uint32_t mask = table->slots_count - 1;

    if (table->slots_count > 0) {
        for (uint32_t i = (uint32_t)hash & mask; table->slots[i] != 0; i = (i + 1) & mask) {
            *no = table->slots[i] - 1;
            if (table->values[*no].hash == hash &&
                bytes_equal(valuetable_bytes_of(table, *no), value))
                return true;
        }
    }
    if (table->count == table->room && !grow_values(table))
        return false;
    if ((table->count + 1) * 2ull > table->slots_count && !grow_slots(table))
        return false;
    *no = table->count;
    table->values[*no] =
        (struct value){.hash = hash, .at = table->bytes.len, .len = (uint32_t)value.len};
    buf_add(&table->bytes, value);
    if (!buf_ok(&table->bytes)) {
        table->bytes.failed = false; /* what is there stays right */
        return false;
    }
    table->count++;
    put_slot(table, *no);
    return true;
}
