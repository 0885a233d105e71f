#include "search/query/respell.h"

#include "data/base/limits.h"

#include <math.h>

/* --- places ------------------------------------------------------------------------------- */

static bool has_left(const struct respell *r, uint32_t start)
{
    return start > 0 && r->letters[start - 1].goes_on;
}

static bool has_right(const struct respell *r, uint32_t end)
{
    return end < r->count && end > 0 && r->letters[end - 1].goes_on;
}

/* Of the gram of a letter and the next; UINT64_MAX: there is none. */
static uint64_t typed_df(const struct respell *r, uint32_t at)
{
    const struct letter *letter = &r->letters[at];

    return letter->goes_on && letter->pair != NULL ? letter->pair->df : UINT64_MAX;
}

struct typed {
    uint64_t least, most; /* cases of grams; UINT64_MAX and 0: there are none */
};

static struct typed typed_at(const struct respell *r, uint32_t start, uint32_t end, bool is_word)
{
    uint32_t first = !is_word && start > 0 ? start - 1 : start;
    uint32_t last = is_word && end > 0 ? end - 1 : end; /* past the last gram */
    struct typed typed = {UINT64_MAX, 0};

    for (uint32_t i = first; i < last; i++) {
        uint64_t df = typed_df(r, i);

        typed.least = df < typed.least ? df : typed.least;
        typed.most = df != UINT64_MAX && df > typed.most ? df : typed.most;
    }
    return typed;
}

/* One that no case has need not be alone: its neighbour may be grammar. */
bool respell_is_rare(struct respell *r, uint32_t start, uint32_t end, bool is_word)
{
    struct typed typed = typed_at(r, start, end, is_word);

    return typed.least == 0 || (typed.least < r->rare && typed.most < r->rare);
}

uint64_t respell_typed(const struct respell *r, uint32_t start, uint32_t end)
{
    return typed_at(r, start, end, true).least;
}

bool respell_is_strange(const struct respell *r, uint32_t at)
{
    const struct letter *letter = &r->letters[at];

    return typed_df(r, at) < SLIP_STRANGE_DF && !letter->pair->filler &&
           !gram_says_nothing(letter->cp) && !gram_says_nothing(r->letters[at + 1].cp);
}

bool respell_vouches(const struct respell *r, uint32_t at)
{
    uint64_t df = typed_df(r, at);

    return df != UINT64_MAX && df >= SLIP_VOUCH_DF &&
           (r->letters[at].pair->flags & TOKEN_STRADDLES) == 0;
}

float respell_best(const struct respell *r, uint32_t at)
{
    return r->letters[at].guesses_count > 0 ? r->letters[at].guesses[0].score : 0;
}

/* --- asking ------------------------------------------------------------------------------- */

static uint64_t ask(struct respell *r, uint32_t first, uint32_t second)
{
    uint64_t df = 0;

    if (r->status == AF_OK)
        r->status = gram_df(r->x, first, second, &df);
    return df;
}

uint64_t respell_df(struct respell *r, const uint32_t *letters, uint32_t count)
{
    uint64_t least = count == 1 ? ask(r, 0, letters[0]) : UINT64_MAX;

    for (uint32_t i = 0; i + 1 < count && least > 0; i++) {
        uint64_t df = ask(r, letters[i], letters[i + 1]);

        least = df < least ? df : least;
    }
    return count == 0 ? 0 : least;
}

/* The grams of a change: gram 0 is its first letter with the one before it, gram `count` its last
 * with the one after it; of a change that is nothing but gone, gram 0 has both. */
struct meant {
    const struct change *change;
    const struct slip_kind *kind;
    uint64_t df[RESPELL_LETTERS_MAX + 1];
    bool is_there[RESPELL_LETTERS_MAX + 1];
    float gain[RESPELL_LETTERS_MAX + 1];
    uint32_t last;
};

/* Letter i of a change, where -1 and `count` are its neighbours. */
static uint32_t letter_of(const struct respell *r, const struct change *change, uint32_t i)
{
    if (i == UINT32_MAX)
        return r->letters[change->start - 1].cp;
    return i < change->count ? change->letters[i] : r->letters[change->end].cp;
}

/* The first and the last gram that stand for gram `at` of what was typed, at = 0 … end - start: the
 * first for the first, the last for the last, those between as evenly as can be. */
static void stands_for(const struct change *change, uint32_t at, uint32_t *first, uint32_t *last)
{
    uint32_t typed = change->end - change->start, inner = change->count - 1;

    *first = *last = at == 0 ? 0 : change->count;
    if (typed == 0) { /* nothing but new: the gram is torn in two */
        *last = change->count;
    } else if (at > 0 && at < typed && change->count > 0) {
        *first = (at - 1) * inner / (typed - 1) + 1;
        *last = at * inner / (typed - 1);
        *last = *last < *first ? *first : *last;
    }
}

static float gain(uint64_t before, uint64_t after)
{
    return before == 0 && after == 0 ? 0 : log2f(((float)after + 0.5f) / ((float)before + 0.5f));
}

/* The cases of what it stands for: of several grams the rarest, unless a letter is merely gone from
 * between them. */
static uint64_t before(struct respell *r, const struct change *change, uint32_t at)
{
    uint64_t least = UINT64_MAX, most = 0;

    for (uint32_t i = 0; i <= change->end - change->start; i++) {
        uint32_t first, last, place = change->start + i - 1;
        uint64_t df;

        stands_for(change, i, &first, &last);
        if (at < first || at > last || change->start + i == 0 || !r->letters[place].goes_on)
            continue;
        df = typed_df(r, place);
        if (df == UINT64_MAX) /* it stood somewhere before */
            df = ask(r, r->letters[place].cp, r->letters[place + 1].cp);
        least = df < least ? df : least;
        most = df > most ? df : most;
    }
    return change->count == 0 || least == UINT64_MAX ? most : least;
}

/* False: without this gram the change says nothing. */
static bool ask_meant(struct respell *r, struct meant *meant, uint32_t at, bool is_needed)
{
    const struct change *change = meant->change;
    uint32_t a = letter_of(r, change, at - 1), b = letter_of(r, change, at);

    meant->is_there[at] = true;
    meant->df[at] = ask(r, a, b);
    if (is_needed && meant->df[at] == 0)
        return false;
    meant->gain[at] = gain(before(r, change, at), meant->df[at]);
    return !is_needed || meant->kind->is_whole || meant->gain[at] >= SLIP_SCORE_MIN;
}

/* Its own grams first: there are fewer of them. */
static bool ask_all(struct respell *r, struct meant *meant)
{
    const struct change *change = meant->change;
    bool is_needed = meant->kind->is_whole && !meant->kind->is_word;
    bool left = has_left(r, change->start), right = has_right(r, change->end);

    meant->last = change->count;
    if (change->count == 0)
        return left && right && ask_meant(r, meant, 0, true);
    for (uint32_t i = 1; i < change->count; i++)
        if (!ask_meant(r, meant, i, true))
            return false;
    if (left && !ask_meant(r, meant, 0, is_needed))
        return false;
    return !right || ask_meant(r, meant, change->count, is_needed);
}

/* --- judging ------------------------------------------------------------------------------ */

static float within(float value, float low, float high)
{
    return value < low ? low : value > high ? high : value;
}

/* Whether the rarest gram that has to be there is in enough cases. */
static bool is_commoner(const struct meant *meant, uint64_t typed)
{
    uint64_t least = UINT64_MAX;

    for (uint32_t i = 0; i <= meant->last; i++) {
        bool is_edge = i == 0 || i == meant->last;

        if (meant->is_there[i] && !(is_edge && meant->kind->is_word))
            least = meant->df[i] < least ? meant->df[i] : least;
    }
    return least != UINT64_MAX && typed <= UINT32_MAX && least > typed * meant->kind->times;
}

static bool keep(struct respell *r, struct letter *letter, const struct guess *guess)
{
    uint32_t at = letter->guesses_count;

    if (letter->guesses == NULL)
        letter->guesses = arena_array(r->x->lexicon->arena, RESPELL_MAX, sizeof *letter->guesses);
    if (letter->guesses == NULL) {
        r->status = arena_exhausted(r->x->lexicon->arena, r->x->err);
        return false;
    }
    for (uint32_t i = 0; i < at; i++)
        if (letter->guesses[i].letters[0] == guess->letters[0] &&
            letter->guesses[i].letters[1] == guess->letters[1])
            return true;
    if (at == RESPELL_MAX && letter->guesses[--at].score >= guess->score)
        return true;
    for (; at > 0 && letter->guesses[at - 1].score < guess->score; at--)
        letter->guesses[at] = letter->guesses[at - 1];
    letter->guesses[at] = *guess;
    letter->guesses_count += letter->guesses_count < RESPELL_MAX;
    return true;
}

/* A gram of the change stands for one that was typed, if that may be wrong. */
static bool keep_gram(struct respell *r, const struct meant *meant, uint32_t place, uint32_t at,
                      struct guess guess)
{
    const struct change *change = meant->change;

    guess.letters[0] = letter_of(r, change, at - 1);
    guess.letters[1] = letter_of(r, change, at);
    guess.score += meant->gain[at] - within(meant->gain[at], -SLIP_SUPPORT_MAX, SLIP_SUPPORT_MAX);
    if (r->letters[place].pair == NULL || meant->df[at] == 0)
        return false;
    if (!meant->kind->is_whole &&
        (!respell_is_strange(r, place) || meant->gain[at] < SLIP_SCORE_MIN ||
         guess.score < SLIP_SCORE_MIN))
        return false;
    return keep(r, &r->letters[place], &guess);
}

static bool keep_all(struct respell *r, const struct meant *meant, uint64_t typed)
{
    const struct change *change = meant->change;
    const struct slip_kind *kind = meant->kind;
    struct guess guess = {.score = -kind->cost - change->cost,
                          .weight = typed == 0 ? kind->weight : kind->known_weight,
                          .reason = kind->reason};
    bool kept = false;

    for (uint32_t i = 0; i <= meant->last; i++)
        if (meant->is_there[i])
            guess.score += within(meant->gain[i], -SLIP_SUPPORT_MAX, SLIP_SUPPORT_MAX);
    for (uint32_t i = 0; i <= change->end - change->start; i++) {
        uint32_t first, last, place = change->start + i - 1;

        if (change->start + i == 0 || !r->letters[place].goes_on)
            continue;
        stands_for(change, i, &first, &last);
        for (uint32_t k = first; k <= last; k++)
            if (meant->is_there[k])
                kept = keep_gram(r, meant, place, k, guess) || kept;
    }
    return kept;
}

bool respell_offer(struct respell *r, const struct change *change)
{
    const struct slip_kind *kind = &slip_kinds[change->slip];
    struct meant meant = {.change = change, .kind = kind};
    struct typed typed = typed_at(r, change->start, change->end, kind->is_word);

    if (r->status != AF_OK || !ask_all(r, &meant))
        return false;
    if (kind->is_whole && !is_commoner(&meant, typed.least))
        return false;
    return keep_all(r, &meant, typed.least) && r->status == AF_OK;
}

void respell_apply(struct respell *r)
{
    for (uint32_t i = 0; i < r->count; i++) {
        struct letter *letter = &r->letters[i];

        for (uint32_t k = 0; k < letter->guesses_count && r->status == AF_OK; k++) {
            const struct guess *guess = &letter->guesses[k];
            uint8_t term[GRAM_TERM_BYTES];

            if (guess->score < letter->guesses[0].score - SLIP_SPREAD)
                break;
            r->status =
                form_add(r->x, letter->pair, gram_term(term, guess->letters[0], guess->letters[1]),
                         guess->weight, guess->reason);
            letter->pair->corrected = letter->pair->changed = true;
        }
        letter->guesses_count = 0;
    }
}
