#include "search/match/spread.h"

struct seen {
    const struct member *codes[SPREAD_CODES];
    uint32_t count;
    float likely; /* weight of the likeliest form that only ends as typed */
};

static float likeliest(const struct ranked *hits, uint32_t count)
{
    float most = 0;

    for (uint32_t i = 0; i < count; i++)
        if (hits[i].e.code != NULL && hits[i].e.code->weight < 1 && hits[i].e.code->weight > most)
            most = hits[i].e.code->weight;
    return most;
}

/* The first case of its code, among those that go first. What has none (1.1.14, of 1114) does not,
 * nor does a plain number when there are codes. */
static bool goes_first(struct seen *seen, const struct ranked *hit)
{
    const struct member *code = hit->e.code;

    for (uint32_t i = 0; i < seen->count; i++)
        if (seen->codes[i] == code)
            return false;
    if (seen->count == SPREAD_CODES || code == NULL || code->weight < seen->likely)
        return false;
    seen->codes[seen->count++] = code;
    return true;
}

void spread_codes(struct ranked *hits, uint32_t count, double step)
{
    struct seen seen = {.likely = likeliest(hits, count)};
    double last = 0, best = 0, share;

    for (uint32_t i = 0; i < count; i++)
        if (goes_first(&seen, &hits[i]))
            last = hits[i].score;
        else if (hits[i].score > best)
            best = hits[i].score;
    share = last > step ? (last - step) / best : 0;
    if (best <= 0 || share >= 1)
        return;
    seen.count = 0;
    for (uint32_t i = 0; i < count; i++)
        if (!goes_first(&seen, &hits[i]))
            hits[i].score *= share;
}
