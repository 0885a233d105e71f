#include "indexer/termtable.h"

#include "data/base/hash.h"

#include <stdlib.h>

#define SLOTS_MIN 256u

void termtable_release(struct termtable *table)
{
    free(table->terms);
    free(table->slots);
    buf_release(&table->bytes);
    memset(table, 0, sizeof *table);
}

void termtable_clear(struct termtable *table)
{
    if (table->slots != NULL)
        memset(table->slots, 0, table->slots_count * sizeof *table->slots);
    buf_clear(&table->bytes);
    table->count = 0;
}

size_t termtable_bytes(const struct termtable *table)
{
    return table->count * (sizeof *table->terms + 2 * sizeof *table->slots) + table->bytes.len;
}

/* Both halves of a product depend on all bits of the key and of the seed. */
static uint32_t place_of(const struct termtable *table, uint64_t key)
{
    unsigned __int128 product =
        (unsigned __int128)(key ^ table->seed) * (table->seed ^ 0x9E3779B97F4A7C15u);

    return (uint32_t)((uint64_t)product ^ (uint64_t)(product >> 64)) & (table->slots_count - 1);
}

void termtable_prefetch(const struct termtable *table, uint64_t key)
{
    if (table->slots_count > 0)
        __builtin_prefetch(&table->slots[place_of(table, key)], 0);
}

static void put_slot(struct termtable *table, struct term_slot slot)
{
    uint32_t i = place_of(table, slot.key);

    while (table->slots[i].no != 0)
        i = (i + 1) & (table->slots_count - 1);
    table->slots[i] = slot;
}

static bool grow_slots(struct termtable *table)
{
    uint32_t count = table->slots_count == 0 ? SLOTS_MIN : table->slots_count * 2;
    struct term_slot *old = table->slots, *slots;
    uint32_t old_count = table->slots_count;

    if (count == 0 || (slots = calloc(count, sizeof *slots)) == NULL)
        return false;
    if (table->seed == 0)
        hash_random((uint8_t *)&table->seed, sizeof table->seed);
    table->slots = slots;
    table->slots_count = count;
    for (uint32_t i = 0; i < old_count; i++)
        if (old[i].no != 0)
            put_slot(table, old[i]);
    free(old);
    return true;
}

static bool grow_terms(struct termtable *table)
{
    uint32_t room = table->room == 0 ? 128 : table->room * 2;
    struct term *terms = realloc(table->terms, room * sizeof *terms);

    if (terms == NULL)
        return false;
    table->terms = terms;
    table->room = room;
    return true;
}

static bool add_new(struct termtable *table, uint64_t key, struct bytes term, uint32_t *no)
{
    size_t at = table->bytes.len;

    if (table->count == table->room && !grow_terms(table))
        return false;
    if ((table->count + 1) * 3ull > table->slots_count * 2ull && !grow_slots(table))
        return false;
    if (at + term.len > UINT32_MAX)
        return false;
    buf_add(&table->bytes, term);
    if (!buf_ok(&table->bytes)) {
        table->bytes.failed = false; /* what is there stays right */
        return false;
    }
    *no = table->count++;
    table->terms[*no] = (struct term){.at = (uint32_t)at, .len = (uint8_t)term.len};
    put_slot(table, (struct term_slot){key, *no + 1, (uint32_t)term.len});
    return true;
}

bool termtable_add(struct termtable *table, uint64_t key, struct bytes term, uint32_t *no)
{
    bool is_long = term.len > TERM_KEY_BYTES;

    if (table->slots_count == 0 && !grow_slots(table))
        return false;
    if (is_long)
        key = checksum64(table->seed, &term, 1);
    for (uint32_t i = place_of(table, key); table->slots[i].no != 0;
         i = (i + 1) & (table->slots_count - 1)) {
        const struct term_slot *slot = &table->slots[i];

        if (slot->key != key || slot->len != term.len)
            continue;
        *no = slot->no - 1;
        if (!is_long || bytes_equal(termtable_bytes_of(table, *no), term))
            return true;
    }
    return add_new(table, key, term, no);
}
