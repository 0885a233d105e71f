#include "indexer/build/wordset.h"

#include "data/base/hash.h"

#include <stdlib.h>

void wordset_release(struct wordset *set)
{
    free(set->slots);
    *set = (struct wordset){0};
}

static void wordset_put(struct wordset *set, uint64_t hash)
{
    size_t i = hash & (set->room - 1);

    while (set->slots[i] != 0 && set->slots[i] != hash)
        i = (i + 1) & (set->room - 1);
    set->count += set->slots[i] == 0;
    set->slots[i] = hash;
}

static uint64_t word_hash(struct bytes word)
{
    return checksum64(0, &word, 1) | 1; /* never 0 */
}

bool wordset_add(struct wordset *set, struct bytes word)
{
    struct wordset old = *set;

    if (set->count * 2 >= set->room) {
        set->room = old.room == 0 ? 1024 : old.room * 2;
        set->slots = calloc(set->room, sizeof *set->slots);
        if (set->slots == NULL) {
            *set = old;
            return false;
        }
        set->count = 0;
        for (size_t i = 0; i < old.room; i++)
            if (old.slots[i] != 0)
                wordset_put(set, old.slots[i]);
        free(old.slots);
    }
    wordset_put(set, word_hash(word));
    return true;
}

bool wordset_has(const struct wordset *set, struct bytes word)
{
    uint64_t hash = word_hash(word);

    if (set->room == 0)
        return false;
    for (size_t i = hash & (set->room - 1); set->slots[i] != 0; i = (i + 1) & (set->room - 1))
        if (set->slots[i] == hash)
            return true;
    return false;
}
