#include "search/query/expand.h"

#include "data/base/limits.h"
#include "search/query/chinese.h"
#include "search/query/edits.h"
#include "search/query/ends.h"
#include "search/query/forms.h"
#include "search/query/japanese.h"
#include "search/query/korean.h"
#include "search/query/learned.h"
#include "search/query/logpage.h"
#include "search/query/slips.h"
#include "search/query/spelled.h"
#include "search/query/switched.h"
#include "search/query/written.h"
#include "search/score/bm25.h"

#include <math.h>
#include <stdlib.h>

#define RARE_DF 3     /* a word in fewer cases may be a slip itself */
#define PIECE_BYTES 4 /* pieces of words this long help a question that found something */

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

/* 2, of a number that was typed as 0002: how common it is says nothing about that. */
static bool lacks_zeros(const struct group *group, const struct member *member)
{
    return group->kind == GROUP_NUMBER && member->reason == REASON_VARIANT &&
           member->term.len <= group->text.len;
}

static uint64_t greatest_df(const struct group *group, unsigned reasons)
{
    uint64_t df = 0;

    for (const struct member *m = group->members; m != NULL; m = m->next)
        if ((m->reason & reasons) != 0 && m->df > df)
            df = m->df;
    return df;
}

static uint64_t typed_df(const struct group *group)
{
    uint64_t df = 0;

    for (const struct member *m = group->members; m != NULL; m = m->next)
        if ((m->reason & (REASON_EXACT | REASON_VARIANT)) != 0 && m->df > df &&
            !lacks_zeros(group, m))
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
    const struct settings *s = query->settings;
    float weight = s->kind[group->kind];

    if (group->kind == GROUP_GRAM1 && query->grams2 == 0)
        weight = 1;
    if ((group->flags & TOKEN_STRADDLES) != 0)
        weight *= s->straddles;
    if ((group->flags & TOKEN_BRIDGED) != 0)
        weight *= s->bridged;
    if (group->filler)
        weight *= s->filler;
    if (group->spelled && group->kind != GROUP_GRAM2) /* its characters count instead */
        weight = 0;
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

    group->df = typed_df(group);
    if (group->df == 0)
        group->df = greatest_df(group, REASON_EXACT | REASON_VARIANT);
    group->df = group->same_df > group->df ? group->same_df : group->df;
    if (group->df == 0)
        group->df = begun < docs ? begun : docs;
    group->learned = group->df == 0;
    if (group->df == 0)
        group->df = greatest_df(group, REASON_LEARNED);
    group->learned = group->learned && group->df > 0;
    if (group->df == 0)
        group->df = greatest_df(group, REASON_TYPO | REASON_SYNONYM | REASON_SOUND);
    group->weight = group->df == 0 && is_compound(x->query, group) ? 0 : weight_of(x->query, group);
    group->idf = (float)bm25_idf(docs, group->df > 0 ? group->df : 1);
    for (struct member *m = group->members; m != NULL; m = m->next) {
        float own = (float)bm25_idf(docs, m->reason == REASON_PREFIX ? begun : m->df);

        m->worth = m->weight * (own < group->idf ? own : group->idf);
    }
}

static bool has_digit(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] >= '0' && text.data[i] <= '9')
            return true;
    return false;
}

/* What was typed may be a slip. A code that the index knows never is: another code is another
 * fault. TiiDB is a code by its capitals only, and corrected as the word it is. */
static enum status correct(struct expansion *x, struct group *group, bool unfinished)
{
    bool code = group->kind == GROUP_CODE && has_digit(group->text);

    if (code && (unfinished || greatest_df(group, REASON_EXACT | REASON_VARIANT) > 0))
        return AF_OK;
    if (code)
        return slips_codes(x, group);
    if (group->kind == GROUP_NUMBER || group->df >= RARE_DF ||
        summed_df(group, REASON_PREFIX | REASON_LEARNED) > 0)
        return AF_OK;
    return slips_fuzzy(x, group, unfinished);
}

static enum status expand_group(struct expansion *x, struct group *group)
{
    bool unfinished = x->query->typing && group->last && !group->required;
    bool word = group->kind == GROUP_WORD, code = group->kind == GROUP_CODE;
    enum status status = learned_forms(x, group);

    if (status != AF_OK)
        return status;
    if ((!word && !code && group->kind != GROUP_NUMBER && group->kind != GROUP_PART) ||
        group->corrected) /* made by slips_codes() */
        return look_up(x, group);
    if ((status = forms_classes(x, group)) != AF_OK || (status = look_up(x, group)) != AF_OK)
        return status;
    if (group->required || group->kind == GROUP_PART)
        return AF_OK;
    if (is_compound(x->query, group))
        return AF_OK;
    if (word && (status = forms_stems(x, group)) != AF_OK)
        return status;
    if ((status = look_up(x, group)) != AF_OK)
        return status;
    settle(x, group);
    if (x->query->is_log) /* nobody typed it */
        return status;
    if (unfinished || (code && group->df == 0))
        status = forms_prefixes(x, group);
    if (status == AF_OK && (status = ends_add(x, group)) == AF_OK && x->query->by_end)
        return look_up(x, group); /* whoever types the end of a code made no slip */
    if (status == AF_OK && !word && group->df == 0)
        status = slips_lookalikes(x, group);
    if (status == AF_OK)
        status = correct(x, group, unfinished);
    return status == AF_OK ? look_up(x, group) : status;
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

/* --- other characters --------------------------------------------------------------------- */

static enum status settle_changed(struct expansion *x)
{
    for (uint32_t i = 0; i < x->query->groups_count; i++) {
        struct group *group = &x->query->groups[i];
        enum status status;

        if (!group->changed)
            continue;
        group->changed = false;
        if ((status = look_up(x, group)) != AF_OK)
            return status;
        settle(x, group);
    }
    return AF_OK;
}

static enum status apply(struct respell *r)
{
    respell_apply(r);
    return r->status == AF_OK ? settle_changed(r->x) : r->status;
}

/* Which characters were meant: once all grams are looked up. Sources that know whole words go
 * first, and what they explain is no slip of the others. */
static enum status respell(struct expansion *x)
{
    struct respell r;
    enum status status = respell_init(&r, x);

    if (status != AF_OK)
        return status;
    switched_words(&r);
    korean_slips(&r);
    korean_unfinished(&r);
    japanese_homophones(&r);
    japanese_unconverted(&r);
    japanese_kana_slips(&r);
    if ((status = apply(&r)) != AF_OK)
        return status;
    chinese_homophones(&r);
    edits_moved(&r);
    edits_between(&r);
    if ((status = apply(&r)) != AF_OK || (status = spelled_grams(x)) != AF_OK)
        return status;
    return settle_changed(x);
}

enum status expand_query(const struct lexicon *lexicon, struct query *query, struct error *err)
{
    struct expansion x = {
        .lexicon = lexicon, .query = query, .err = err, .fuzzy_left = EXPAND_FUZZY_GROUPS_MAX};
    enum status status;

    if ((status = forms_joined(&x)) != AF_OK || (status = learned_begin(&x)) != AF_OK)
        return status;
    for (uint32_t i = 0; i < query->groups_count; i++) {
        if ((status = expand_group(&x, &query->groups[i])) != AF_OK)
            return status;
        settle(&x, &query->groups[i]);
    }
    if (query->is_log)
        logpage_weigh(query, lexicon->docs);
    else if ((status = respell(&x)) != AF_OK)
        return status;
    keep_worthiest(query);
    return written_find(&x);
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
        status = slips_fuzzy(x, group, false);
    if (status == AF_OK)
        status = look_up(x, group);
    if (status == AF_OK && summed_df(group, UINT8_MAX) == 0 && x->infix_left > 0 &&
        may_be_piece(x, group)) {
        if ((status = forms_prefixes(x, group)) == AF_OK)
            status = look_up(x, group);
        if (status == AF_OK && summed_df(group, UINT8_MAX) == 0)
            status = forms_infixes(x, group);
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
                          .infix_left = EXPAND_INFIX_SCAN_MAX,
                          .nothing_found = nothing_found};
    enum status status = AF_OK;

    *changed = false;
    if (query->is_log)
        return AF_OK;
    for (uint32_t i = 0; status == AF_OK && i < query->groups_count; i++) {
        struct group *group = &query->groups[i];

        if (group->required || group->replaced || group->spelled || group->kind > GROUP_CODE)
            continue;
        status = widen(&x, group, changed);
    }
    return status;
}
