#include "indexer/build/termtable.h"

#include "data/base/hash.h"
#include "indexer/build/largepages.h"

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

static void put_slot(struct termtable *table, struct term_slot slot)
{
    uint32_t i = termtable_place(table, slot.key);

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
    prefer_large_pages(slots, count * sizeof *slots);
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
    prefer_large_pages(terms, room * sizeof *terms);
    table->terms = terms;
    table->room = room;
    return true;
}

static bool is_crowded(const struct termtable *table, uint32_t more)
{
    return (table->count + (uint64_t)more) * 3 > table->slots_count * 2ull;
}

bool termtable_reserve(struct termtable *table, uint32_t more)
{
    while (is_crowded(table, more))
        if (!grow_slots(table))
            return false;
    while (table->room - table->count < more)
        if (!grow_terms(table))
            return false;
    return true;
}

/* Puts a new term into the free slot where the search for it ended. */
static struct term_slot *add_new(struct termtable *table, uint32_t place, uint64_t key,
                                 struct bytes term)
{
    size_t at = table->bytes.len;

    if (table->count == table->room && !grow_terms(table))
        return NULL;
    if (at + term.len > UINT32_MAX)
        return NULL;
    buf_add(&table->bytes, term);
    if (!buf_ok(&table->bytes)) {
        table->bytes.failed = false; /* what is there stays right */
        return NULL;
    }
    table->terms[table->count] = (struct term){.at = (uint32_t)at, .len = (uint8_t)term.len};
    table->slots[place] = (struct term_slot){key, ++table->count, 0};
    return &table->slots[place];
}

struct term_slot *termtable_add(struct termtable *table, uint64_t key, struct bytes term)
{
    bool is_long = term.len > TERM_KEY_BYTES;
    uint32_t i;

    if (is_crowded(table, 1) && !grow_slots(table))
        return NULL;
    if (is_long)
        key = checksum64(table->seed, &term, 1) >> 8;
    for (i = termtable_place(table, key); table->slots[i].no != 0;
         i = (i + 1) & (table->slots_count - 1)) {
        struct term_slot *slot = &table->slots[i];

        if (slot->key == key &&
            (!is_long || bytes_equal(termtable_bytes_of(table, slot->no - 1), term)))
            return slot;
    }
    return add_new(table, i, key, term);
}
