#include "search/expand.h"

#include "data/base/limits.h"
#include "search/bm25.h"
#include "search/fuzzy.h"
#include "search/rank.h"

#include <math.h>
#include <stdlib.h>

#define RARE_DF 3           /* a word in fewer cases may be a slip itself */
#define PIECE_BYTES 4       /* pieces of words this long help a question that found something */
#define SHORT_HALF_BYTES 3  /* of log in, wi fi: two long words are rarely one */
#define CODE_PREFIX_BYTES 3 /* shorter beginnings of codes are everywhere */

/* Weights of forms that were not typed; 1 is the typed form. */
static const float stem_weight = 0.7f, prefix_weight = 0.8f, edit_weight = 0.7f,
                   lookalike_weight = 0.6f, infix_weight = 0.5f, class_weight = 0.9f,
                   join_weight = 0.7f;

struct expansion {
    const struct lexicon *lexicon;
    struct query *query;
    struct error *err;
    uint32_t fuzzy_left, infix_left;
    bool nothing_found;
};

static enum status add(struct expansion *x, struct group *group, struct bytes term, float weight,
                       enum reason reason)
{
    if (term.data == NULL || !group_add(group, x->lexicon->arena, term, weight, reason))
        return arena_exhausted(x->lexicon->arena, x->err);
    return AF_OK;
}

static enum status add_text(struct expansion *x, struct group *group, uint8_t term_class,
                            struct bytes text, float weight, enum reason reason)
{
    return add(x, group, lexicon_term(x->lexicon, term_class, text), weight, reason);
}

/* --- the same text in other classes ------------------------------------------------------ */

static struct bytes without_zeros(struct bytes text)
{
    while (text.len > 1 && text.data[0] == '0')
        text = bytes_of(text.data + 1, text.len - 1);
    return text;
}

/* The squeezed form of a code; its text when it has none. */
static struct bytes squeezed(const struct group *group)
{
    for (const struct member *m = group->members; m != NULL; m = m->next)
        if (m->term.data[0] == TERM_SQUEEZED)
            return bytes_of(m->term.data + 1, m->term.len - 1);
    return group->text;
}

static enum status add_classes(struct expansion *x, struct group *group)
{
    static const struct {
        enum group_kind kind;
        uint8_t term_class;
    } others[] = {
        {GROUP_WORD,   TERM_PART    },
        {GROUP_WORD,   TERM_SQUEEZED},
        {GROUP_NUMBER, TERM_PART    },
        {GROUP_NUMBER, TERM_SQUEEZED},
        {GROUP_PART,   TERM_WORD    },
        {GROUP_PART,   TERM_NUMBER  },
        {GROUP_CODE,   TERM_WORD    },
        {GROUP_CODE,   TERM_NUMBER  },
    };
    struct bytes text = group->kind == GROUP_CODE ? squeezed(group) : group->text;
    struct bytes digits = without_zeros(text);
    enum status status = AF_OK;

    for (size_t i = 0; status == AF_OK && i < sizeof others / sizeof *others; i++)
        if (others[i].kind == group->kind)
            status = add_text(x, group, others[i].term_class, text, class_weight, REASON_VARIANT);
    if (status == AF_OK && group->kind == GROUP_NUMBER && digits.len < text.len) {
        status = add_text(x, group, TERM_NUMBER, digits, stem_weight, REASON_VARIANT);
        if (status == AF_OK)
            status = add_text(x, group, TERM_PART, digits, stem_weight, REASON_VARIANT);
    }
    return status;
}

struct stem_visit {
    struct expansion *x;
    struct group *group;
    uint32_t left;
    enum status status;
};

static void add_stem(void *context, struct bytes term)
{
    struct stem_visit *visit = context;

    if (visit->left == 0 || visit->status != AF_OK)
        return;
    visit->left--;
    visit->status = add(visit->x, visit->group, term, stem_weight, REASON_VARIANT);
}

static enum status add_stems(struct expansion *x, struct group *group)
{
    struct stem_visit visit = {x, group, EXPAND_STEM_MAX, AF_OK};
    struct bytes word = lexicon_term(x->lexicon, TERM_WORD, group->text);
    enum status status = AF_OK;

    if (word.data == NULL)
        return arena_exhausted(x->lexicon->arena, x->err);
    for (uint32_t i = 0; status == AF_OK && i < x->lexicon->segments; i++)
        status =
            segment_stem_siblings(snapshot_segment(x->lexicon->snapshot, i), x->lexicon->stemmer,
                                  word, x->lexicon->arena, add_stem, &visit, x->err);
    return status == AF_OK ? visit.status : status;
}

/* --- beginnings and pieces --------------------------------------------------------------- */

struct scan {
    struct bytes from, piece; /* terms that begin with `from`, and hold `piece` */
    uint32_t left;
    struct picks *picks;
};

static bool scan_visit(void *context, struct bytes term, uint32_t df)
{
    struct scan *scan = context;

    if (scan->left == 0 || !bytes_has_prefix(term, scan->from))
        return false;
    scan->left--;
    if (scan->piece.len == 0 ||
        memmem(term.data + 1, term.len - 1, scan->piece.data, scan->piece.len) != NULL)
        picks_offer(scan->picks, term, df, 0);
    return true;
}

static enum status add_scan(struct expansion *x, struct group *group, struct scan *scan,
                            float weight, enum reason reason)
{
    struct picks picks;
    enum status status;

    picks_init(&picks, x->lexicon->arena);
    scan->picks = &picks;
    status = lexicon_walk(x->lexicon, scan->from, scan_visit, scan, x->err);
    if (status == AF_OK && picks.exhausted)
        status = arena_exhausted(x->lexicon->arena, x->err);
    picks_best(&picks, EXPAND_PREFIX_MAX);
    for (uint32_t i = 0; status == AF_OK && i < picks.count; i++)
        status = add(x, group, picks.list[i].term, weight, reason);
    return status;
}

static enum status add_prefix(struct expansion *x, struct group *group, uint8_t term_class,
                              struct bytes text)
{
    struct scan scan = {.from = lexicon_term(x->lexicon, term_class, text),
                        .left = EXPAND_SCAN_MAX};

    if (scan.from.data == NULL)
        return arena_exhausted(x->lexicon->arena, x->err);
    return add_scan(x, group, &scan, prefix_weight, REASON_PREFIX);
}

static enum status add_prefixes(struct expansion *x, struct group *group)
{
    enum status status = AF_OK;

    if (group->kind == GROUP_WORD)
        status = add_prefix(x, group, TERM_WORD, group->text);
    if (status == AF_OK && group->kind == GROUP_NUMBER) {
        status = add_prefix(x, group, TERM_NUMBER, group->text);
        if (status == AF_OK)
            status = add_prefix(x, group, TERM_PART, group->text);
    }
    if (status == AF_OK && squeezed(group).len >= CODE_PREFIX_BYTES)
        status = add_prefix(x, group, TERM_SQUEEZED, squeezed(group));
    return status;
}

/* A piece from the middle of words and codes: the last resort, so that nothing that stands in
 * a case is unfindable. */
static enum status add_infixes(struct expansion *x, struct group *group)
{
    static const uint8_t classes[] = {TERM_WORD, TERM_SQUEEZED};
    enum status status = AF_OK;

    for (size_t i = 0; status == AF_OK && i < sizeof classes; i++) {
        struct scan scan = {.from = bytes_of(&classes[i], 1),
                            .piece = squeezed(group),
                            .left = EXPAND_INFIX_SCAN_MAX};

        status = add_scan(x, group, &scan, infix_weight, REASON_VARIANT);
    }
    return status;
}

/* --- slips ------------------------------------------------------------------------------- */

static enum status add_fuzzy(struct expansion *x, struct group *group, bool prefix)
{
    struct picks picks;
    enum status status;

    if (x->fuzzy_left == 0 || group->corrected)
        return AF_OK;
    x->fuzzy_left--;
    group->corrected = true;
    picks_init(&picks, x->lexicon->arena);
    status = fuzzy_find(x->lexicon, group->text, prefix, &picks, x->err);
    picks_best(&picks, EXPAND_FUZZY_MAX);
    for (uint32_t i = 0; status == AF_OK && i < picks.count; i++)
        if (picks.list[i].cost > 0)
            status = add(x, group, picks.list[i].term, powf(edit_weight, (float)picks.list[i].cost),
                         REASON_TYPO);
    return status;
}

/* The others of the letters and digits that are taken for this one. */
static const char *lookalikes(uint8_t letter)
{
    static const char *const classes[] = {"0o", "1il", "5s", "8b", "2z"};

    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (letter != '\0' && strchr(classes[i], letter) != NULL)
            return classes[i];
    return NULL;
}

/* Counts through the spellings as an odometer does; at most EXPAND_LOOKALIKE_MAX of them. */
static enum status add_lookalikes(struct expansion *x, struct group *group)
{
    struct bytes typed = squeezed(group), term;
    uint8_t text[TERM_BYTES_MAX];
    enum status status = AF_OK;

    if (typed.len >= TERM_BYTES_MAX)
        return AF_OK;
    text[0] = TERM_SQUEEZED;
    memcpy(text + 1, typed.data, typed.len);
    term = bytes_of(text, typed.len + 1);
    for (unsigned n = 0; status == AF_OK && n < EXPAND_LOOKALIKE_MAX; n++) {
        const struct term_entry *entries;
        uint64_t df;
        size_t at = 1;

        for (; at < term.len; at++) { /* the next spelling */
            const char *class = lookalikes(typed.data[at - 1]);
            const char *now = class == NULL ? NULL : strchr(class, text[at]);

            if (class == NULL)
                continue;
            text[at] = (uint8_t)(now[1] != '\0' ? now[1] : class[0]);
            if (text[at] != typed.data[at - 1])
                break; /* no carry: the round of this letter begins where it was typed */
        }
        if (at == term.len)
            break;
        status = lexicon_find(x->lexicon, term, &df, &entries, x->err);
        if (status == AF_OK && df > 0)
            status = add(x, group, term, lookalike_weight, REASON_TYPO);
    }
    return status;
}

/* --- looking up, settling ---------------------------------------------------------------- */

static enum status look_up(struct expansion *x, struct group *group)
{
    enum status status = AF_OK;

    for (struct member *m = group->members; status == AF_OK && m != NULL; m = m->next)
        if (!m->is_looked_up) {
            status = lexicon_find(x->lexicon, m->term, &m->df, &m->entries, x->err);
            m->is_looked_up = true;
        }
    return status;
}

static uint64_t greatest_df(const struct group *group, unsigned reasons)
{
    uint64_t df = 0;

    for (const struct member *m = group->members; m != NULL; m = m->next)
        if ((m->reason & reasons) != 0 && m->df > df)
            df = m->df;
    return df;
}

static uint64_t summed_df(const struct group *group, unsigned reasons)
{
    uint64_t df = 0;

    for (const struct member *m = group->members; m != NULL; m = m->next)
        df += (m->reason & reasons) != 0 ? m->df : 0;
    return df;
}

static float weight_of(const struct query *query, const struct group *group)
{
    const struct rank_settings *rank = query->rank;
    float weight = rank->kind[group->kind];

    if (group->kind == GROUP_GRAM1 && query->grams2 == 0)
        weight = 1;
    if ((group->flags & TOKEN_STRADDLES) != 0)
        weight *= rank->straddles;
    if ((group->flags & TOKEN_BRIDGED) != 0)
        weight *= rank->bridged;
    return weight * (1 + logf((float)group->count));
}

/* client-server as one word, beside its halves: only meant when the index knows it so. */
static bool is_compound(const struct query *query, const struct group *group)
{
    if (group->kind != GROUP_WORD || group->end - group->start <= group->text.len)
        return false;
    for (uint32_t at = group->start; at < group->end; at++)
        if (memchr("-_./", query->folded.data[at], 4) != NULL)
            return true;
    return false;
}

/* df is what was typed; only when the index does not know that, what it stands for. A member's
 * own rarity never lifts it over the group: a rare slip is not worth more than the word. */
static void settle(struct expansion *x, struct group *group)
{
    uint32_t docs = x->lexicon->docs;
    uint64_t begun = summed_df(group, REASON_PREFIX);

    group->df = greatest_df(group, REASON_EXACT | REASON_VARIANT);
    if (group->df == 0)
        group->df = begun < docs ? begun : docs;
    if (group->df == 0)
        group->df = greatest_df(group, REASON_TYPO);
    group->weight = group->df == 0 && is_compound(x->query, group) ? 0 : weight_of(x->query, group);
    group->idf = (float)bm25_idf(docs, group->df > 0 ? group->df : 1);
    for (struct member *m = group->members; m != NULL; m = m->next) {
        float own = (float)bm25_idf(docs, m->reason == REASON_PREFIX ? begun : m->df);

        m->worth = m->weight * (own < group->idf ? own : group->idf);
    }
}

static enum status expand_group(struct expansion *x, struct group *group)
{
    bool unfinished = x->query->typing && group->last && !group->required;
    bool word = group->kind == GROUP_WORD, code = group->kind == GROUP_CODE;
    enum status status = AF_OK;

    if (!word && !code && group->kind != GROUP_NUMBER && group->kind != GROUP_PART)
        return look_up(x, group);
    if ((status = add_classes(x, group)) != AF_OK || (status = look_up(x, group)) != AF_OK)
        return status;
    if (group->required || group->kind == GROUP_PART)
        return AF_OK;
    if (is_compound(x->query, group))
        return AF_OK;
    if (word && (status = add_stems(x, group)) != AF_OK)
        return status;
    if ((status = look_up(x, group)) != AF_OK)
        return status;
    settle(x, group);
    if (unfinished || (code && group->df == 0))
        status = add_prefixes(x, group);
    if (status == AF_OK && !word && group->df == 0)
        status = add_lookalikes(x, group);
    if (status == AF_OK && word && group->df < RARE_DF && summed_df(group, REASON_PREFIX) == 0)
        status = add_fuzzy(x, group, unfinished);
    return status == AF_OK ? look_up(x, group) : status;
}

/* --- words that may be one --------------------------------------------------------------- */

static bool is_halves(const struct query *query, const struct group *a, const struct group *b)
{
    if ((a->kind != GROUP_WORD && a->kind != GROUP_NUMBER) || a->required ||
        (b->kind != GROUP_WORD && b->kind != GROUP_NUMBER))
        return false;
    if (a->text.len < 2 || b->text.len < 2 ||
        (a->text.len > SHORT_HALF_BYTES && b->text.len > SHORT_HALF_BYTES))
        return false;
    return b->start == a->end + 1 && query->folded.data[a->end] == ' ';
}

/* "log in" is login and "ora 942" is ora942, if the index knows them: a form of both halves. */
static enum status join(struct expansion *x, struct group *a, struct group *b)
{
    const struct lexicon *lexicon = x->lexicon;
    bool digits = a->kind == GROUP_NUMBER || b->kind == GROUP_NUMBER;
    const struct term_entry *entries;
    enum status status;
    struct bytes term;
    uint64_t df;
    char *text;

    text = arena_printf(lexicon->arena, "%c%.*s%.*s", digits ? TERM_SQUEEZED : TERM_WORD,
                        (int)a->text.len, (const char *)a->text.data, (int)b->text.len,
                        (const char *)b->text.data);
    if (text == NULL)
        return arena_exhausted(lexicon->arena, x->err);
    term = bytes_str(text);
    if ((status = lexicon_find(lexicon, term, &df, &entries, x->err)) != AF_OK || df == 0)
        return status;
    if ((status = add(x, a, term, join_weight, REASON_VARIANT)) == AF_OK)
        status = add(x, b, term, join_weight, REASON_VARIANT);
    return status;
}

static enum status join_halves(struct expansion *x)
{
    struct query *query = x->query;
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && i + 1 < query->groups_count; i++)
        if (is_halves(query, &query->groups[i], &query->groups[i + 1]))
            status = join(x, &query->groups[i], &query->groups[i + 1]);
    return status;
}

/* --- too many groups --------------------------------------------------------------------- */

static int worthiest_first(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    float p = x->df == 0 ? 0 : x->weight * x->idf, q = y->df == 0 ? 0 : y->weight * y->idf;

    if (p < q || q < p)
        return p > q ? -1 : 1;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return bytes_compare(x->text, y->text);
}

static void keep_worthiest(struct query *query)
{
    if (query->groups_count <= QUERY_GROUPS_MAX)
        return;
    qsort(query->groups, query->groups_count, sizeof *query->groups, worthiest_first);
    query->groups_count = QUERY_GROUPS_MAX;
}

enum status expand_query(const struct lexicon *lexicon, struct query *query, struct error *err)
{
    struct expansion x = {
        .lexicon = lexicon, .query = query, .err = err, .fuzzy_left = EXPAND_FUZZY_GROUPS_MAX};
    enum status status;

    if ((status = join_halves(&x)) != AF_OK)
        return status;
    for (uint32_t i = 0; i < query->groups_count; i++) {
        if ((status = expand_group(&x, &query->groups[i])) != AF_OK)
            return status;
        settle(&x, &query->groups[i]);
    }
    keep_worthiest(query);
    return AF_OK;
}

/* A short piece stands in too many words to help a question that found something. */
static bool may_be_piece(const struct expansion *x, const struct group *group)
{
    return x->nothing_found || group->text.len >= PIECE_BYTES;
}

static enum status widen(struct expansion *x, struct group *group, bool *changed)
{
    uint64_t before = summed_df(group, UINT8_MAX);
    enum status status = AF_OK;

    if (group->kind == GROUP_WORD)
        status = add_fuzzy(x, group, false);
    if (status == AF_OK)
        status = look_up(x, group);
    if (status == AF_OK && summed_df(group, UINT8_MAX) == 0 && x->infix_left > 0 &&
        may_be_piece(x, group)) {
        x->infix_left--;
        if ((status = add_prefixes(x, group)) == AF_OK)
            status = look_up(x, group);
        if (status == AF_OK && summed_df(group, UINT8_MAX) == 0)
            status = add_infixes(x, group);
        if (status == AF_OK)
            status = look_up(x, group);
    }
    settle(x, group);
    *changed = *changed || summed_df(group, UINT8_MAX) > before;
    return status;
}

enum status expand_wider(const struct lexicon *lexicon, struct query *query, bool nothing_found,
                         bool *changed, struct error *err)
{
    struct expansion x = {.lexicon = lexicon,
                          .query = query,
                          .err = err,
                          .fuzzy_left = EXPAND_FUZZY_GROUPS_MAX,
                          .infix_left = EXPAND_INFIX_GROUPS_MAX,
                          .nothing_found = nothing_found};
    enum status status = AF_OK;

    *changed = false;
    for (uint32_t i = 0; status == AF_OK && i < query->groups_count; i++) {
        struct group *group = &query->groups[i];

        if (group->required || group->kind > GROUP_CODE)
            continue;
        status = widen(&x, group, changed);
    }
    return status;
}
