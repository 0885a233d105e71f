/* neighbour_vote.h: k nearest neighbours, each with a vote that falls with its score: which value
 * has the most? Equal ones: the one whose first neighbour is nearer. */
#ifndef ASKFIRST_INTAKE_DESK_NEIGHBOUR_VOTE_H
#define ASKFIRST_INTAKE_DESK_NEIGHBOUR_VOTE_H

#include "data/base/bytes.h"

struct neighbour {
    struct bytes value; /* empty: it has none, and no vote */
    double score;       /* falling */
};

struct elected {
    struct bytes value; /* empty: nobody had a vote */
    double share;       /* of all votes, 0 … 1 */
    uint32_t voters;    /* that voted for it */
};

struct elected neighbour_vote(const struct neighbour *neighbours, uint32_t count);

#endif
