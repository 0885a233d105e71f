#include "intake/desk/neighbour_vote.h"

static double weight_of(const struct neighbour *neighbour, double best)
{
    double part = best > 0 ? neighbour->score / best : 0;

    return neighbour->value.len == 0 ? 0 : part * part * part * part;
}

/* The votes for a value, from its first neighbour on. */
static double votes_for(const struct neighbour *neighbours, uint32_t first, uint32_t count,
                        uint32_t *voters)
{
    double votes = 0;

    *voters = 0;
    for (uint32_t i = first; i < count; i++)
        if (bytes_equal(neighbours[i].value, neighbours[first].value)) {
            votes += weight_of(&neighbours[i], neighbours[0].score);
            ++*voters;
        }
    return votes;
}

struct elected neighbour_vote(const struct neighbour *neighbours, uint32_t count)
{
    struct elected best = {.share = 0};
    double all = 0, most = 0;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t voters;
        double votes;

        if (neighbours[i].value.len == 0)
            continue;
        all += weight_of(&neighbours[i], neighbours[0].score);
        votes = votes_for(neighbours, i, count, &voters);
        if (votes > most) {
            best = (struct elected){neighbours[i].value, 0, voters};
            most = votes;
        }
    }
    if (all > 0)
        best.share = most / all;
    return best;
}
