#include "search/query/gram_slips.h"

#include "data/base/limits.h"
#include "indexer/text/script.h"
#include "search/query/between.h"

#include <math.h>

/* All in log2 of how much commoner the changed gram is; search/README.md says from where. */
static const float gain_min = 2;     /* itself, */
static const float score_min = 1.5f; /* with the grams beside it, and less the costs: */
static const float score_spread = 3; /* below the best, others are no guesses any more */
static const float support_max = 8;
static const float sure_score = 5;  /* then no other character is looked for */
static const float hidden_cost = 2; /* of one that neither sounds like it nor is moved */

static const float slip_weight = 0.5f; /* of a changed gram against the typed one */

#define KNOWN_DF 3 /* a gram in so many cases is none that was mistyped */
#define VOUCH_DF 8 /* a word in so many is there on purpose; with 3, a fifth of the gain is lost */
/* Of the products of ranks of two homophones: (1st, 256th) … (16th, 16th) … (256th, 1st). */
#define PAIR_RANKS_MAX 256

#define FOUND_MAX 8 /* of one gram, before the best are chosen */

/* A gram that may stand for the typed one. */
struct found {
    uint32_t letters[2];
    float score; /* log2 of how much commoner it is, less what the change costs */
    uint8_t reason;
};

/* The character before or after a gram. */
struct beside {
    uint32_t letter; /* 0: nothing, or no CJK character */
    uint64_t df;     /* of the gram with it */
    bool vouches;    /* that is a word which the index knows, so what it shares is no slip */
};

/* One gram of the question and what is around it. */
struct slip {
    struct expansion *x;
    struct group *group;
    uint32_t letters[2];
    struct beside beside[2];
    struct alternatives alternatives[2];
    struct found found[FOUND_MAX]; /* best first */
    uint32_t found_count;
    enum status status;
};

/* --- asking the index --------------------------------------------------------------------- */

/* In how many cases is this gram? 0 after a failure. */
static uint64_t df_of(struct slip *slip, uint32_t a, uint32_t b)
{
    uint64_t df = 0;

    if (slip->status == AF_OK)
        slip->status = gram_df(slip->x, a, b, &df);
    return df;
}

/* A kind of slip. */
struct change {
    enum reason reason;
    float cost;
    bool is_in_place; /* nothing is gone: the grams beside it change, too */
};

static const struct change same = {REASON_SOUND, 0, true}, like = {REASON_SOUND, 1, true},
                           both = {REASON_SOUND, 1, true}, swapped = {REASON_TYPO, 2, true},
                           extra = {REASON_TYPO, 3, false};

static float gain(uint64_t before, uint64_t after)
{
    return log2f(((float)after + 0.5f) / ((float)before + 0.5f));
}

static float within(float value, float low, float high)
{
    return value < low ? low : value > high ? high : value;
}

/* What the grams beside it would become: 路尤器 is 路由 and 由器. */
static float support(struct slip *slip, uint32_t a, uint32_t b)
{
    const struct beside *left = &slip->beside[0], *right = &slip->beside[1];
    float sum = 0;

    if (left->letter != 0 && a != slip->letters[0])
        sum += within(gain(left->df, df_of(slip, left->letter, a)), -support_max, support_max);
    if (right->letter != 0 && b != slip->letters[1])
        sum += within(gain(right->df, df_of(slip, b, right->letter)), -support_max, support_max);
    return sum;
}

static void keep(struct slip *slip, uint32_t a, uint32_t b, float score, enum reason reason)
{
    uint32_t at = slip->found_count;

    for (uint32_t i = 0; i < slip->found_count; i++)
        if (slip->found[i].letters[0] == a && slip->found[i].letters[1] == b)
            return;
    if (at == FOUND_MAX && slip->found[--at].score >= score)
        return;
    for (; at > 0 && slip->found[at - 1].score < score; at--)
        slip->found[at] = slip->found[at - 1];
    slip->found[at] = (struct found){
        {a, b},
        score, (uint8_t)reason
    };
    slip->found_count += slip->found_count < FOUND_MAX;
}

/* In place of the typed gram, and of what it goes on with, which is in `beside` cases. */
static void weigh(struct slip *slip, uint32_t a, uint32_t b, uint64_t beside, struct change change)
{
    uint64_t typed = slip->group->df > beside ? slip->group->df : beside;
    float score;

    if (alternatives_never(a) || alternatives_never(b))
        return;
    score = gain(typed, df_of(slip, a, b));
    if (score < gain_min)
        return;
    if (change.is_in_place)
        score += support(slip, a, b);
    if (score - change.cost >= score_min)
        keep(slip, a, b, score - change.cost, change.reason);
}

/* --- changes ------------------------------------------------------------------------------ */

static void replace_one(struct slip *slip, uint32_t at, enum nearness nearness)
{
    const struct alternatives *alternatives = &slip->alternatives[at];

    for (uint32_t i = 0; i < alternatives->count; i++) {
        uint32_t letter = alternatives->list[i].letter;

        if (alternatives->list[i].nearness != nearness)
            continue;
        weigh(slip, at == 0 ? letter : slip->letters[0], at == 1 ? letter : slip->letters[1], 0,
              nearness == NEAR_SAME ? same : like);
    }
}

/* Commonest first, as far as one of the two is common: a rare character beside a rare one is
 * hardly ever a word. */
static void replace_both(struct slip *slip)
{
    const struct alternatives *a = &slip->alternatives[0], *b = &slip->alternatives[1];

    for (uint32_t i = 0; i < a->same; i++)
        for (uint32_t k = 0; k < b->same && (i + 1) * (k + 1) <= PAIR_RANKS_MAX; k++)
            weigh(slip, a->list[i].letter, b->list[k].letter, 0, both);
}

static void move_letters(struct slip *slip)
{
    const struct beside *left = &slip->beside[0], *right = &slip->beside[1];

    if (slip->letters[0] == slip->letters[1])
        return;
    weigh(slip, slip->letters[1], slip->letters[0], 0, swapped);
    if (left->letter != 0)
        weigh(slip, left->letter, slip->letters[1], left->df, extra);
    if (right->letter != 0)
        weigh(slip, slip->letters[0], right->letter, right->df, extra);
}

/* --- a character that is missing, or hidden by a wrong one -------------------------------- */

static void find_between(struct slip *slip, uint32_t from, uint32_t to, struct between *out)
{
    out->count = 0;
    if (slip->status == AF_OK)
        slip->status = between_find(slip->x, from, to, out);
}

/* 数库: 数据 and 据库. */
static void add_missing(struct slip *slip)
{
    struct between between;

    find_between(slip, slip->letters[0], slip->letters[1], &between);
    if (between.count > 0) {
        keep(slip, slip->letters[0], between.list[0].letter, between.list[0].score, REASON_TYPO);
        keep(slip, between.list[0].letter, slip->letters[1], between.list[0].score, REASON_TYPO);
    }
}

static bool is_strange(const struct beside *beside)
{
    return beside->letter != 0 && beside->df < KNOWN_DF;
}

/* 数握库: whatever 握 is taken for, 据 stands between 数 and 库. */
static void add_hidden(struct slip *slip)
{
    const struct beside *left = &slip->beside[0], *right = &slip->beside[1];
    struct between between;

    if (is_strange(right)) {
        find_between(slip, slip->letters[0], right->letter, &between);
        for (uint32_t i = 0; i < between.count; i++)
            keep(slip, slip->letters[0], between.list[i].letter,
                 between.list[i].score - hidden_cost, REASON_TYPO);
    }
    if (is_strange(left)) {
        find_between(slip, left->letter, slip->letters[1], &between);
        for (uint32_t i = 0; i < between.count; i++)
            keep(slip, between.list[i].letter, slip->letters[1],
                 between.list[i].score - hidden_cost, REASON_TYPO);
    }
}

static enum status add_found(struct slip *slip)
{
    for (uint32_t i = 0; i < slip->found_count && i < EXPAND_GRAM_MAX; i++) {
        const struct found *found = &slip->found[i];
        uint8_t text[GRAM_TERM_BYTES];
        enum status status;

        if (found->score < slip->found[0].score - score_spread)
            break;
        status =
            form_add(slip->x, slip->group, gram_term(text, found->letters[0], found->letters[1]),
                     slip_weight, (enum reason)found->reason);
        if (status != AF_OK)
            return status;
        slip->group->corrected = slip->group->changed = true;
    }
    return AF_OK;
}

/* --- the question ------------------------------------------------------------------------- */

/* Tokens come in the order of the text, so the gram that shares a character is near. */
#define NEAR_GROUPS 6

static const struct group *group_beside(const struct slip *slip, bool after)
{
    const struct query *query = slip->x->query;
    uint32_t at = (uint32_t)(slip->group - query->groups);

    for (uint32_t i = 1; i <= NEAR_GROUPS; i++) {
        const struct group *other, *first, *second;

        if (after ? i >= query->groups_count - at : i > at)
            return NULL;
        other = &query->groups[after ? at + i : at - i];
        first = after ? slip->group : other;
        second = after ? other : slip->group;
        if (other->kind == GROUP_GRAM2 && first->start < second->start &&
            second->start < first->end && first->end < second->end)
            return other;
    }
    return NULL;
}

static void look_beside(struct slip *slip, bool after)
{
    struct bytes folded = slip->x->query->folded;
    const struct group *other = group_beside(slip, after);
    struct beside *beside = &slip->beside[after];
    size_t other_end;

    beside->letter = after ? gram_letter_after(folded, slip->group->end, &other_end)
                           : gram_letter_before(folded, slip->group->start, &other_end);
    if (beside->letter == 0)
        return;
    if (other == NULL) /* it stood somewhere before */
        beside->df = after ? df_of(slip, slip->letters[1], beside->letter)
                           : df_of(slip, beside->letter, slip->letters[0]);
    else
        beside->df = other->df;
    beside->vouches =
        other != NULL && other->df >= VOUCH_DF && (other->flags & TOKEN_STRADDLES) == 0;
}

static enum status correct(struct slip *slip)
{
    bool vouched[2];
    size_t at = 0;

    slip->letters[0] = script_next(slip->group->text.data, &at);
    slip->letters[1] = script_next(slip->group->text.data, &at);
    if (alternatives_never(slip->letters[0]) || alternatives_never(slip->letters[1]))
        return AF_OK;
    for (uint32_t i = 0; i < 2; i++) {
        look_beside(slip, i > 0);
        vouched[i] = slip->beside[i].vouches;
        if (!vouched[i])
            alternatives_of(slip->letters[i], &slip->alternatives[i]);
    }
    if (vouched[0] && vouched[1]) /* 印机 不能: only the words are strange to each other */
        return AF_OK;
    replace_one(slip, 0, NEAR_SAME);
    replace_one(slip, 1, NEAR_SAME);
    move_letters(slip);
    replace_both(slip);
    replace_one(slip, 0, NEAR_LIKE);
    replace_one(slip, 1, NEAR_LIKE);
    if (slip->group->df == 0 && slip->found_count == 0)
        add_missing(slip);
    if (slip->group->df == 0 && (slip->found_count == 0 || slip->found[0].score < sure_score))
        add_hidden(slip);
    return slip->status == AF_OK ? add_found(slip) : slip->status;
}

static bool may_be_slip(const struct group *group)
{
    return group->kind == GROUP_GRAM2 && group->df < KNOWN_DF && !group->required &&
           !group->filler && (group->flags & TOKEN_BRIDGED) == 0;
}

enum status gram_slips(struct expansion *x)
{
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && i < x->query->groups_count; i++) {
        if (may_be_slip(&x->query->groups[i])) {
            struct slip slip = {.x = x, .group = &x->query->groups[i]};

            status = correct(&slip);
        }
    }
    return status;
}
