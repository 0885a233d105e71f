#include "indexer/build/keysort.h"

#include <stdlib.h>
#include <string.h>

#define DIGITS 8
#define VALUES 256

/* Moves `from` to `to` in the order of one byte of the keys. `counts` become places. */
static void scatter(const struct keyed *from, struct keyed *to, size_t count, unsigned shift,
                    size_t counts[VALUES])
{
    size_t place = 0;

    for (unsigned v = 0; v < VALUES; v++) {
        size_t n = counts[v];

        counts[v] = place;
        place += n;
    }
    for (size_t i = 0; i < count; i++)
        to[counts[from[i].key >> shift & (VALUES - 1)]++] = from[i];
}

static void count_digits(const struct keyed *items, size_t count, size_t counts[DIGITS][VALUES])
{
    memset(counts, 0, DIGITS * sizeof *counts);
    for (size_t i = 0; i < count; i++)
        for (unsigned d = 0; d < DIGITS; d++)
            counts[d][items[i].key >> 8 * d & (VALUES - 1)]++;
}

static void sort_equal(struct keyed *items, size_t count, keyed_compare_fn compare, void *context)
{
    size_t next;

    for (size_t i = 0; i < count; i = next) {
        for (next = i + 1; next < count && items[next].key == items[i].key; next++)
            ;
        if (next - i > 1)
            qsort_r(items + i, next - i, sizeof *items, compare, context);
    }
}

bool keysort(struct keyed *items, size_t count, keyed_compare_fn compare, void *context)
{
    struct keyed *other, *from = items, *to;
    size_t counts[DIGITS][VALUES];

    if (count < 2)
        return true;
    other = malloc(count * sizeof *other);
    if (other == NULL)
        return false;
    to = other;
    count_digits(items, count, counts);
    for (unsigned d = 0; d < DIGITS; d++) {
        struct keyed *sorted = to;

        if (counts[d][items[0].key >> 8 * d & (VALUES - 1)] == count)
            continue; /* all alike */
        scatter(from, to, count, 8 * d, counts[d]);
        to = from;
        from = sorted;
    }
    if (from != items)
        memcpy(items, from, count * sizeof *items);
    free(other);
    if (compare != NULL)
        sort_equal(items, count, compare, context);
    return true;
}
