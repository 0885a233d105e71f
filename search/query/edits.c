#include "search/query/edits.h"

#include <math.h>

#define BETWEEN_DF 4 /* of both grams; fewer are chance */

static bool goes_on(const struct respell *r, uint32_t at)
{
    return at < r->count && r->letters[at].goes_on;
}

/* --- swapped, one too many ---------------------------------------------------------------- */

/* 印机 不能: when words that cases have go on with both letters, only the words are strange to each
 * other. */
static bool may_be_moved(const struct respell *r, uint32_t at)
{
    return respell_is_strange(r, at) && r->letters[at].cp != r->letters[at + 1].cp &&
           !(at > 0 && respell_vouches(r, at - 1) && respell_vouches(r, at + 1));
}

void edits_moved(struct respell *r)
{
    for (uint32_t at = 0; at + 1 < r->count; at++) {
        struct change swapped = {.slip = SLIP_SWAPPED, .start = at, .end = at + 2, .count = 2};
        struct change extra = {.slip = SLIP_EXTRA, .start = at, .end = at + 1};

        if (may_be_moved(r, at)) {
            swapped.letters[0] = r->letters[at + 1].cp;
            swapped.letters[1] = r->letters[at].cp;
            respell_offer(r, &swapped);
        }
        if (at > 0 && goes_on(r, at - 1) && goes_on(r, at) &&
            (may_be_moved(r, at - 1) || may_be_moved(r, at)))
            respell_offer(r, &extra);
    }
}

/* --- one missing, another one ------------------------------------------------------------- */

struct between {
    struct respell *r;
    struct change change;
    uint32_t to;
};

/* What is in every case stands between anything: by chance their cases would not be so many. */
static bool offer(void *context, uint32_t letter, uint64_t df)
{
    struct between *b = context;
    const uint32_t second[] = {letter, b->to};
    uint64_t second_df, alone;

    if (df < BETWEEN_DF || gram_says_nothing(letter) ||
        (second_df = respell_df(b->r, second, 2)) < BETWEEN_DF)
        return b->r->status == AF_OK;
    alone = respell_df(b->r, &letter, 1);
    if (df * second_df <= alone)
        return b->r->status == AF_OK;
    b->change.letters[0] = letter;
    b->change.cost = log2f((float)alone + 1);
    respell_offer(b->r, &b->change);
    return b->r->status == AF_OK;
}

static void try_between(struct respell *r, enum slip slip, uint32_t start, uint32_t end)
{
    struct between between = {
        r, {.slip = slip, .start = start, .end = end, .count = 1},
         r->letters[end].cp
    };

    if (r->status == AF_OK)
        r->status = gram_after(r->x, r->letters[start - 1].cp, offer, &between);
}

static bool is_unknown(const struct respell *r, uint32_t at)
{
    return respell_is_strange(r, at) && r->letters[at].pair->df == 0;
}

void edits_between(struct respell *r)
{
    for (uint32_t at = 1; at < r->count; at++) {
        bool left = respell_is_strange(r, at - 1), right = respell_is_strange(r, at);

        if (is_unknown(r, at - 1) && r->letters[at - 1].guesses_count == 0)
            try_between(r, SLIP_MISSING, at, at);
        if (left && right && (is_unknown(r, at - 1) || is_unknown(r, at)) &&
            respell_best(r, at - 1) < SLIP_SCORE_SURE && respell_best(r, at) < SLIP_SCORE_SURE)
            try_between(r, SLIP_OTHER, at, at + 1);
    }
}
