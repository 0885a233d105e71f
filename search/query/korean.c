#include "search/query/korean.h"

#include "data/base/limits.h"
#include "search/query/hangul.h"
#include "search/query/picks.h"

struct place {
    struct respell *r;
    uint32_t at;
    enum slip slip; /* that is being tried */
    bool found;
};

static void offer(void *context, uint32_t syllable, unsigned cost)
{
    struct place *place = context;
    struct change change = {.slip = cost == 1 ? SLIP_JAMO : SLIP_JAMO_FAR,
                            .start = place->at,
                            .end = place->at + 1,
                            .letters = {syllable},
                            .count = 1};

    if (change.slip == place->slip && respell_offer(place->r, &change))
        place->found = true;
}

/* The likely slips of a syllable: of two beside each other, all would be too many. */
struct likely {
    uint32_t list[HANGUL_SLIPS];
    uint32_t count;
};

static void add_likely(void *context, uint32_t syllable, unsigned cost)
{
    struct likely *likely = context;

    if (cost == 1)
        likely->list[likely->count++] = syllable;
}

/* Two wrong syllables spoil all grams of both, so no change of one makes grams that cases have. */
static bool are_strange(const struct respell *r, uint32_t at)
{
    bool left = at == 0 || !r->letters[at - 1].goes_on || respell_is_strange(r, at - 1);
    bool right = !r->letters[at + 1].goes_on || respell_is_strange(r, at + 1);

    return left && right && respell_is_strange(r, at);
}

static void correct_two(struct respell *r, uint32_t at)
{
    struct change change = {.slip = SLIP_JAMO_TWO, .start = at, .end = at + 2, .count = 2};
    struct likely first = {.count = 0}, second = {.count = 0};

    hangul_slips(r->letters[at].cp, add_likely, &first);
    hangul_slips(r->letters[at + 1].cp, add_likely, &second);
    for (uint32_t i = 0; i < first.count; i++)
        for (uint32_t k = 0; k < second.count; k++) {
            change.letters[0] = first.list[i];
            change.letters[1] = second.list[k];
            (void)respell_offer(r, &change);
        }
}

/* Likely slips of all syllables of a word before unlikely ones of any, one before two. */
static void correct_word(struct respell *r, uint32_t start, uint32_t end)
{
    struct place place = {.r = r};

    for (place.slip = SLIP_JAMO; place.slip <= SLIP_JAMO_FAR && !place.found; place.slip++)
        for (place.at = start; place.at < end; place.at++)
            if (respell_is_rare(r, place.at, place.at + 1, false))
                hangul_slips(r->letters[place.at].cp, offer, &place);
    for (uint32_t at = start; at + 1 < end && !place.found; at++)
        if (are_strange(r, at))
            correct_two(r, at);
}

void korean_slips(struct respell *r)
{
    for (uint32_t start = 0, end; start < r->count; start = end) {
        end = start + 1;
        if (!hangul_is_syllable(r->letters[start].cp))
            continue;
        while (end < r->count && r->letters[end - 1].goes_on &&
               hangul_is_syllable(r->letters[end].cp))
            end++;
        if (end - start > 1)
            correct_word(r, start, end);
    }
}

/* --- while typing ------------------------------------------------------------------------- */

struct scan {
    struct bytes last;
    uint32_t left;
    struct picks picks;
};

static size_t scan_visit(void *context, struct bytes term, uint64_t df)
{
    struct scan *scan = context;

    if (scan->left == 0 || bytes_compare(term, scan->last) > 0)
        return LEXICON_STOP;
    scan->left--;
    picks_offer(&scan->picks, term, df, 0);
    return LEXICON_NEXT;
}

/* Grams of `before` (0: none) and each of a range of syllables stand together in the dictionary. */
static void add_range(struct respell *r, struct group *group, uint32_t before,
                      struct hangul_range range)
{
    const struct lexicon *lexicon = r->x->lexicon;
    uint8_t from[GRAM_TERM_BYTES], last[GRAM_TERM_BYTES];
    struct scan scan = {.last = gram_term(last, before, range.last), .left = EXPAND_SCAN_MAX};

    picks_init(&scan.picks, lexicon->arena, EXPAND_PREFIX_MAX);
    if (r->status == AF_OK)
        r->status = lexicon_walk(lexicon, gram_term(from, before, range.first), scan_visit, &scan,
                                 r->x->err);
    if (r->status == AF_OK && scan.picks.exhausted)
        r->status = arena_exhausted(lexicon->arena, r->x->err);
    picks_sort(&scan.picks);
    for (uint32_t i = 0; i < scan.picks.count && r->status == AF_OK; i++)
        r->status =
            form_add(r->x, group, scan.picks.list[i].term, slip_kinds[SLIP_UNFINISHED].weight,
                     slip_kinds[SLIP_UNFINISHED].reason);
}

/* The group of the last syllable: with the one before it when there is one. */
static struct group *last_group(const struct respell *r, bool pair)
{
    const struct query *query = r->x->query;

    for (uint32_t i = 0; i < query->groups_count; i++)
        if (query->groups[i].last && !query->groups[i].required &&
            query->groups[i].kind == (pair ? GROUP_GRAM2 : GROUP_GRAM1))
            return &query->groups[i];
    return NULL;
}

void korean_unfinished(struct respell *r)
{
    bool pair = r->count > 1 && r->letters[r->count - 2].goes_on;
    uint32_t before = pair ? r->letters[r->count - 2].cp : 0, moved;
    struct hangul_range same, next;
    struct group *group;

    if (!r->x->query->typing || r->count == 0 || (group = last_group(r, pair)) == NULL ||
        group->df >= r->rare ||
        !hangul_unfinished(r->letters[r->count - 1].cp, &same, &moved, &next))
        return;
    group->changed = true;
    add_range(r, group, before, same);
    if (moved != 0 && pair)
        add_range(r, group, before, (struct hangul_range){moved, moved});
    else if (moved != 0)
        add_range(r, group, moved, next);
}
