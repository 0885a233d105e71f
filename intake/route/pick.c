#include "intake/route/pick.h"

#include <assert.h>

static const char *const modes[PICK_MODES] = {"rotation", "least_loaded"};

bool pick_parse(struct bytes name, enum pick_mode *out)
{
    for (unsigned i = 0; i < PICK_MODES; i++)
        if (bytes_equal(name, bytes_str(modes[i]))) {
            *out = (enum pick_mode)i;
            return true;
        }
    return false;
}

const char *pick_name(enum pick_mode mode)
{
    assert((unsigned)mode < PICK_MODES);
    return modes[mode];
}

static bool is_before(enum pick_mode mode, const struct pick_candidate *a,
                      const struct pick_candidate *b)
{
    if (a->fit != b->fit)
        return a->fit > b->fit;
    if (mode == PICK_LEAST_LOADED && a->open != b->open)
        return a->open < b->open;
    return a->last_ms < b->last_ms;
}

size_t pick(enum pick_mode mode, const struct pick_candidate *candidates, size_t count)
{
    size_t best = count;

    for (size_t i = 0; i < count; i++) {
        if (candidates[i].open_max > 0 && candidates[i].open >= candidates[i].open_max)
            continue;
        if (best == count || is_before(mode, &candidates[i], &candidates[best]))
            best = i;
    }
    return best;
}
