/* spelled.c: the likeliest characters for a run of letters.
 *
 *     l i u l i a n g        a state: at this letter, the last character is this one
 *     |---->|------>|
 *       流     量            its score: log2 of how likely the index makes it, character after
 *       留     亮            character: df(流量) / df(流), and of the first df(流) / cases
 *       …      …
 *
 * Viterbi (1967) with a beam: the best states at each letter go on with every syllable that begins
 * there and every character that is read so. */
#include "search/query/spelled.h"

#include "data/base/limits.h"
#include "indexer/text/pinyin.h"
#include "indexer/text/script.h"
#include "search/query/grams.h"
#include "search/query/slip_kinds.h"

#include <math.h>

#define SYLLABLE_LETTERS 6 /* zhuang */
#define LETTERS_MAX 32     /* that one syllable may be; commonest first */
#define FIRST_MAX 24       /* states that go on when nothing says yet which is likely, */
#define BEAM 8             /* and when a pair does */
#define UNFINISHED_MAX 4   /* states that an unfinished syllable is looked for after */
#define KNOWN_DF 3         /* a word in so many cases is a word */

static const float unknown_pair =
    0.02f; /* cases that a pair in none counts for: a word ends here */
static const float unfinished_cost = 3, path_spread = 4; /* log2; beyond, a path is no guess */

/* A run of letters of the folded question. */
struct run {
    size_t start, end; /* bytes */
    uint32_t count;
    uint8_t letters[SPELLED_LETTERS_MAX];
    size_t at[SPELLED_LETTERS_MAX + 1];    /* byte of each; then the end */
    bool begins[SPELLED_LETTERS_MAX + 1];  /* a syllable must: after ' or a digit */
    bool reaches[SPELLED_LETTERS_MAX + 1]; /* from here, syllables go to the end */
    bool is_marked;                        /* has such signs: nobody types a word so */
};

struct state {
    uint32_t letter;
    float score;
    uint64_t df, pair_df; /* of the letter; of the pair that ends with it */
    uint8_t from, before; /* the letter of the run and the state there that it goes on from */
    bool is_first;
};

struct states {
    struct state list[FIRST_MAX]; /* best first */
    uint32_t count;
};

struct speller {
    struct expansion *x;
    struct run run;
    uint32_t left, right; /* characters beside the run, or 0 */
    size_t left_at, right_end;
    uint64_t left_df;
    uint64_t rival_df; /* of the commonest word that it may be a slip for */
    struct states states[SPELLED_LETTERS_MAX + 1]; /* at each letter; the last: the end */
    enum status status;
};

/* --- the run ------------------------------------------------------------------------------ */

static bool is_letter(uint8_t c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_sign(uint8_t c)
{
    return c == '\'' || (c >= '1' && c <= '5');
}

/* Then the run is a piece of a code or an address: bak2-7713. */
static bool is_joined(uint8_t c)
{
    return script_is_digit(c) || (c != '\0' && strchr("-_./\\:@#+=&%", c) != NULL);
}

static size_t run_begin(struct bytes text, size_t at)
{
    while (at > 0 && (is_letter(text.data[at - 1]) || is_sign(text.data[at - 1])))
        at--;
    return at;
}

/* False when it is too long, or anything but letters and signs behind syllables. */
static bool read_run(struct bytes text, size_t at, struct run *run)
{
    run->start = at;
    run->count = 0;
    run->is_marked = false;
    memset(run->begins, 0, sizeof run->begins);
    for (; at < text.len && (is_letter(text.data[at]) || is_sign(text.data[at])); at++) {
        if (is_sign(text.data[at])) {
            run->begins[run->count] = run->is_marked = true;
            continue;
        }
        if (run->count == SPELLED_LETTERS_MAX)
            return false;
        run->at[run->count] = at;
        run->letters[run->count++] = text.data[at];
    }
    run->end = run->at[run->count] = at;
    return run->count > 0 && is_letter(text.data[run->start]) &&
           (at == text.len || !is_joined(text.data[at])) &&
           (run->start == 0 || !is_joined(text.data[run->start - 1]));
}

static bool is_cut_inside(const struct run *run, uint32_t from, uint32_t to)
{
    for (uint32_t i = from + 1; i < to; i++)
        if (run->begins[i])
            return true;
    return false;
}

static struct bytes letters_of(const struct run *run, uint32_t from, uint32_t to)
{
    return bytes_of(run->letters + from, to - from);
}

static bool is_unfinished(const struct run *run, uint32_t from)
{
    uint32_t first;

    return run->count - from <= SYLLABLE_LETTERS && !is_cut_inside(run, from, run->count) &&
           pinyin_beginning(letters_of(run, from, run->count), &first) > 0;
}

static bool syllable_at(const struct run *run, uint32_t from, uint32_t to, uint32_t *syllable)
{
    return to <= run->count && !is_cut_inside(run, from, to) &&
           pinyin_find(letters_of(run, from, to), syllable);
}

/* From the end backwards. The first syllable is a whole one; `whole`: the last one is, too. */
static bool cut_run(struct run *run, bool whole)
{
    uint32_t syllable;

    run->reaches[run->count] = true;
    for (uint32_t at = run->count; at-- > 0;) {
        run->reaches[at] = !whole && at > 0 && is_unfinished(run, at);
        for (uint32_t len = 1; len <= SYLLABLE_LETTERS && !run->reaches[at]; len++)
            run->reaches[at] = syllable_at(run, at, at + len, &syllable) && run->reaches[at + len];
    }
    return run->reaches[0];
}

/* --- states ------------------------------------------------------------------------------- */

static uint64_t df_of(struct speller *s, uint32_t a, uint32_t b)
{
    uint64_t df = 0;

    if (s->status == AF_OK)
        s->status = gram_df(s->x, a, b, &df);
    return df;
}

/* log2 of how likely this comes after what `before` cases have. */
static float likely(uint64_t before, uint64_t df)
{
    return log2f((df > 0 ? (float)df : unknown_pair) / ((float)before + 0.5f));
}

/* Of two states with the same character the worse one is no use. */
static void keep(struct states *states, const struct state *state)
{
    uint32_t at = 0, last;

    while (at < states->count && states->list[at].letter != state->letter)
        at++;
    if (at < states->count && states->list[at].score >= state->score)
        return;
    last = at < states->count ? at : states->count;
    if (last == FIRST_MAX) {
        if (states->list[--last].score >= state->score)
            return;
    } else if (at == states->count) {
        states->count++;
    }
    for (; last > 0 && states->list[last - 1].score < state->score; last--)
        states->list[last] = states->list[last - 1];
    states->list[last] = *state;
}

static void begin_with(struct speller *s, uint32_t letter, uint64_t df, uint32_t to)
{
    struct state state = {.letter = letter, .df = df, .is_first = true};

    state.score = likely(s->x->lexicon->docs, df);
    if (s->left != 0) {
        uint64_t pair = df_of(s, s->left, letter);
        float beside = likely(s->left_df, pair);

        if (pair > 0 && beside > state.score) {
            state.pair_df = pair;
            state.score = beside;
        }
    }
    keep(&s->states[to], &state);
}

static void go_on_with(struct speller *s, uint32_t from, uint32_t letter, uint64_t df, uint32_t to)
{
    const struct states *states = &s->states[from];

    for (uint32_t i = 0; i < states->count; i++) {
        const struct state *before = &states->list[i];
        struct state state = {
            .letter = letter, .df = df, .from = (uint8_t)from, .before = (uint8_t)i};

        if (i >= BEAM && before->pair_df > 0)
            continue;
        state.pair_df = df_of(s, before->letter, letter);
        state.score = before->score + likely(before->df, state.pair_df);
        keep(&s->states[to], &state);
    }
}

static void read_syllable(struct speller *s, uint32_t from, uint32_t to, uint32_t syllable)
{
    struct pinyin_list letters = pinyin_letters(syllable);

    for (uint32_t i = 0; i < letters.count && i < LETTERS_MAX && s->status == AF_OK; i++) {
        uint64_t df = df_of(s, 0, letters.items[i]);

        if (df == 0 || gram_says_nothing(letters.items[i]))
            continue;
        if (from == 0)
            begin_with(s, letters.items[i], df, to);
        else
            go_on_with(s, from, letters.items[i], df, to);
    }
}

/* --- an unfinished syllable --------------------------------------------------------------- */

struct scan {
    struct speller *s;
    uint32_t first, count; /* syllables that begin so */
    const struct state *before;
    struct state state;
};

static bool visit(void *context, uint32_t letter, uint64_t df)
{
    struct scan *scan = context;
    uint16_t readings[PINYIN_READINGS_MAX];
    uint32_t count = pinyin_readings(letter, readings);

    for (uint32_t i = 0; i < count; i++) {
        if (readings[i] < scan->first || readings[i] >= scan->first + scan->count)
            continue;
        scan->state.letter = letter;
        scan->state.pair_df = df;
        scan->state.score = scan->before->score + likely(scan->before->df, df) - unfinished_cost;
        keep(&scan->s->states[scan->s->run.count], &scan->state);
        break;
    }
    return true;
}

/* Whatever the index has after the likeliest characters that is read so. */
static void read_unfinished(struct speller *s, uint32_t from)
{
    struct scan scan = {.s = s};

    scan.count = pinyin_beginning(letters_of(&s->run, from, s->run.count), &scan.first);
    for (uint32_t i = 0; i < s->states[from].count && i < UNFINISHED_MAX; i++) {
        scan.before = &s->states[from].list[i];
        scan.state = (struct state){.df = 1, .from = (uint8_t)from, .before = (uint8_t)i};
        if (s->status == AF_OK)
            s->status = gram_after(s->x, scan.before->letter, visit, &scan);
    }
}

/* --- from states to groups ---------------------------------------------------------------- */

/* What follows in Han says which of the last characters it was. */
static void look_right(struct speller *s)
{
    struct states *last = &s->states[s->run.count], weighed = {.count = 0};

    for (uint32_t i = 0; i < last->count && s->right != 0; i++) {
        struct state state = last->list[i];
        uint64_t df = df_of(s, state.letter, s->right);

        if (df > 0)
            state.score += fmaxf(0, log2f((float)df / (float)(state.df + 1)) + path_spread);
        keep(&weighed, &state);
    }
    if (s->right != 0)
        *last = weighed;
}

static struct group *group_at(struct speller *s, size_t start, size_t end)
{
    struct query *query = s->x->query;
    struct group *group;

    for (uint32_t i = 0; i < query->groups_count; i++) {
        group = &query->groups[i];
        if (group->spelled && group->start == start && group->end == end)
            return group;
    }
    if (query->groups_count == query->groups_room)
        return NULL;
    group = &query->groups[query->groups_count++];
    *group = (struct group){.kind = GROUP_GRAM2,
                            .start = (uint32_t)start,
                            .end = (uint32_t)end,
                            .count = 1,
                            .corrected = true,
                            .changed = true,
                            .spelled = true,
                            .members_end = &group->members};
    query->grams2++;
    return group;
}

static void add_pair(struct speller *s, uint32_t a, uint32_t b, size_t start, size_t end,
                     float weight)
{
    uint8_t text[GRAM_TERM_BYTES];
    struct bytes term = gram_term(text, a, b);
    struct group *group = s->status == AF_OK ? group_at(s, start, end) : NULL;

    if (group == NULL)
        return;
    s->status = form_add(s->x, group, term, weight, slip_kinds[SLIP_PINYIN].reason);
    if (group->text.len == 0)
        group->text = bytes_of(group->members->term.data + 1, group->members->term.len - 1);
}

/* The pairs of a path from its end; those that no case has are where words end. */
static uint32_t add_path(struct speller *s, const struct state *last, float weight)
{
    uint32_t to = s->run.count, added = 0;

    if (s->right != 0 && df_of(s, last->letter, s->right) >= KNOWN_DF) {
        add_pair(s, last->letter, s->right, s->run.at[last->from], s->right_end, weight);
        added++;
    }
    for (const struct state *state = last, *before;; state = before) {
        size_t end = s->run.at[to];

        if (state->is_first) {
            if (state->pair_df > 0) {
                add_pair(s, s->left, state->letter, s->left_at, end, weight);
                added++;
            }
            return added;
        }
        before = &s->states[state->from].list[state->before];
        if (state->pair_df > 0) {
            size_t start = s->run.at[before->is_first ? 0 : before->from];

            add_pair(s, before->letter, state->letter, start, end, weight);
            added++;
        }
        to = state->from;
    }
}

static bool is_in_run(const struct group *group, const struct run *run)
{
    return !group->spelled && group->start >= run->start && group->end <= run->end;
}

/* In how many cases is the rarest pair of a path? */
static uint64_t rarest_pair(const struct speller *s, const struct state *state)
{
    uint64_t df = UINT64_MAX;

    for (; !state->is_first; state = &s->states[state->from].list[state->before])
        df = state->pair_df < df ? state->pair_df : df;
    return state->pair_df > 0 && state->pair_df < df ? state->pair_df : df;
}

/* 实体 as shiti, or a slip for shift? It is both, unless cases say otherwise. */
static enum status add_groups(struct speller *s)
{
    const struct states *last = &s->states[s->run.count];
    uint64_t pair = last->count == 0 ? 0 : rarest_pair(s, &last->list[0]);
    struct query *query = s->x->query;
    uint32_t added = 0, typed = query->groups_count;

    if (s->rival_df > 0 && pair < KNOWN_DF)
        return AF_OK;
    for (uint32_t i = 0; i < last->count && i < RESPELL_MAX; i++) {
        float below = last->list[0].score - last->list[i].score;

        if (below > path_spread)
            break;
        added += add_path(s, &last->list[i],
                          slip_kinds[SLIP_PINYIN].weight * exp2f(-below / path_spread));
    }
    if (added == 0 || s->status != AF_OK)
        return s->status;
    for (uint32_t i = 0; i < typed && s->rival_df <= pair; i++)
        if (is_in_run(&query->groups[i], &s->run))
            query->groups[i].spelled = query->groups[i].changed = true;
    return AF_OK;
}

/* --- the question ------------------------------------------------------------------------- */

static void look_around(struct speller *s)
{
    struct bytes text = s->x->query->folded;

    s->left = gram_letter_before(text, s->run.start, &s->left_at);
    s->right = gram_letter_after(text, s->run.end, &s->right_end);
    s->left_df = s->left == 0 ? 0 : df_of(s, 0, s->left);
}

static enum status spell(struct speller *s)
{
    struct run *run = &s->run;

    look_around(s);
    for (uint32_t from = 0; from < run->count && s->status == AF_OK; from++) {
        uint32_t syllable;

        if (!run->reaches[from] || (from > 0 && s->states[from].count == 0))
            continue;
        for (uint32_t to = from + 1; to <= from + SYLLABLE_LETTERS; to++)
            if (syllable_at(run, from, to, &syllable) && run->reaches[to])
                read_syllable(s, from, to, syllable);
        if (from > 0 && s->rival_df == 0 && is_unfinished(run, from))
            read_unfinished(s, from);
    }
    look_right(s);
    return s->status == AF_OK ? add_groups(s) : s->status;
}

static uint64_t greatest_df(const struct group *group, unsigned reasons)
{
    uint64_t df = 0;

    for (const struct member *m = group->members; m != NULL; m = m->next)
        if ((m->reason & reasons) != 0 && m->df > df)
            df = m->df;
    return df;
}

static bool may_be_spelled(const struct query *query, const struct group *group)
{
    if (group->spelled || group->replaced || group->required || group->kind > GROUP_PART ||
        group->kind == GROUP_NUMBER || !is_letter(query->folded.data[group->start]))
        return false;
    return greatest_df(group, REASON_EXACT | REASON_VARIANT | REASON_PREFIX) < KNOWN_DF;
}

enum status spelled_grams(struct expansion *x)
{
    const struct query *query = x->query;
    uint32_t typed = query->groups_count;
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && i < typed; i++) {
        struct run run;
        struct speller *s;

        const struct group *group = &query->groups[i];
        uint64_t rival;

        if (!may_be_spelled(query, group) ||
            !read_run(query->folded, run_begin(query->folded, group->start), &run))
            continue;
        if (!run.is_marked && (group->kind != GROUP_WORD || group->end - group->start != run.count))
            continue;
        rival = run.is_marked ? 0 : greatest_df(group, REASON_TYPO | REASON_SYNONYM);
        if (!cut_run(&run, rival > 0))
            continue;
        if ((s = arena_alloc(x->lexicon->arena, sizeof *s)) == NULL)
            return arena_exhausted(x->lexicon->arena, x->err);
        s->x = x;
        s->run = run;
        s->rival_df = rival;
        status = spell(s);
    }
    return status;
}
