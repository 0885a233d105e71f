#include "search/query/other_words.h"

#include "data/base/limits.h"
#include "indexer/text/script.h"

/* What was typed is 1. Another word for it is as good as a beginning of it; a stem of that word
 * as far from it as from a typed one. */
static const float meaning_weight[] = {
    [MEANS_SAME] = 0.8f, [MEANS_WIDER] = 0.8f, [MEANS_NEAR] = 0.5f};
static const float stem_weight = 0.7f;

#define FORMS_MAX (4 + EXPAND_STEM_MAX)

/* A word or gram of the other text, in its forms. */
struct unit {
    struct bytes terms[FORMS_MAX];
    float weights[FORMS_MAX];
    uint32_t count;
    uint32_t end;  /* in the other text */
    uint64_t df;   /* of the commonest form */
    bool is_typed; /* a gram of what was typed as well: says nothing of the other word */
};

struct units {
    struct other_words *other;
    struct unit *list;
    uint32_t count;
    struct unit *rarest;
    bool is_grams, exhausted;
    struct error *err;
};

/* --- the place ----------------------------------------------------------------------------- */

static bool may_stand(const struct group *group)
{
    return !group->required && group->kind != GROUP_GRAM1 && group->kind != GROUP_PART;
}

enum status other_words_begin(struct other_words *other, uint32_t start, uint32_t end,
                              struct error *err)
{
    struct query *query = other->query;
    struct arena *arena = other->lexicon->arena;

    other->before_count = start == other->end ? other->lasts_count : 0;
    memcpy(other->before, other->lasts, sizeof other->before);
    other->lasts_count = other->followed = other->typed_count = 0;
    other->left = other->right = NULL;
    other->start = start;
    other->end = end;
    other->typed = arena_array(arena, query->groups_count + 1u, sizeof(struct group *));
    if (other->typed == NULL)
        return arena_exhausted(arena, err);
    for (uint32_t i = 0; i < query->groups_count; i++) {
        struct group *group = &query->groups[i];

        if (!may_stand(group) || group->end <= start || group->start >= end)
            continue;
        if (group->start >= start && group->end <= end)
            other->typed[other->typed_count++] = group;
        else if (group->kind == GROUP_GRAM2)
            *(group->start < start ? &other->left : &other->right) = group;
    }
    return AF_OK;
}

/* --- the other text ------------------------------------------------------------------------ */

static void add_form(struct unit *unit, struct bytes term, float weight)
{
    if (unit->count == FORMS_MAX)
        return;
    unit->terms[unit->count] = term;
    unit->weights[unit->count++] = weight;
}

/* A character alone is only looked for where no gram of two has it. */
static bool is_covered(const struct analysis *analysis, const struct token *token)
{
    for (uint32_t i = 0; i < analysis->count; i++) {
        const struct token *other = &analysis->tokens[i];

        if (other->term[0] == TERM_GRAM2 && other->fold_start <= token->fold_start &&
            token->fold_end <= other->fold_end)
            return true;
    }
    return false;
}

/* Forms of one place are one unit; the halves of wi-fi and parts of codes are in their whole. */
static void add_token(struct units *units, const struct analysis *analysis,
                      const struct token *token)
{
    struct unit *last = units->count == 0 ? NULL : &units->list[units->count - 1];
    bool gram = token->term[0] == TERM_GRAM1 || token->term[0] == TERM_GRAM2;
    struct bytes term;

    if (token->term[0] == TERM_PART || (token->flags & TOKEN_UNINDEXED) != 0 ||
        (token->term[0] == TERM_GRAM1 && is_covered(analysis, token)))
        return;
    term = arena_copy(units->other->lexicon->arena, bytes_of(token->term, token->term_bytes));
    units->exhausted = units->exhausted || term.data == NULL;
    if (gram || last == NULL || token->fold_start >= last->end) {
        last = &units->list[units->count++];
        last->end = token->fold_end;
        units->is_grams = units->is_grams && gram;
        add_form(last, term, 1);
    } else if (token->fold_end == last->end && token->term[0] != TERM_WORD) {
        add_form(last, term, 1);
    }
}

struct stem_visit {
    struct units *units;
    struct unit *unit;
};

static void add_stem(void *context, struct bytes term)
{
    struct stem_visit *visit = context;

    term = arena_copy(visit->units->other->lexicon->arena, term);
    visit->units->exhausted = visit->units->exhausted || term.data == NULL;
    add_form(visit->unit, term, stem_weight);
}

static enum status add_stems(struct units *units, struct unit *unit)
{
    const struct lexicon *lexicon = units->other->lexicon;
    struct stem_visit visit = {units, unit};
    struct bytes word = unit->terms[0];
    enum status status = AF_OK;

    if (word.data[0] != TERM_WORD)
        return AF_OK;
    for (uint32_t i = 0; status == AF_OK && i < lexicon->segments; i++)
        status = segment_stem_siblings(snapshot_segment(lexicon->snapshot, i), lexicon->stemmer,
                                       word, lexicon->arena, add_stem, &visit, units->err);
    return status;
}

static enum status look_up(struct units *units, struct unit *unit)
{
    enum status status = add_stems(units, unit);

    for (uint32_t i = 0; status == AF_OK && !units->exhausted && i < unit->count; i++) {
        const struct term_entry *entries;
        uint64_t df;

        status = lexicon_find(units->other->lexicon, unit->terms[i], &df, &entries, units->err);
        if (status == AF_OK && df > unit->df)
            unit->df = df;
    }
    return status;
}

static struct bytes gram_of(const struct unit *unit)
{
    return bytes_of(unit->terms[0].data + 1, unit->terms[0].len - 1);
}

/* センター has the んた of プリンタ, and so has プリンター itself, for which プリンタ is said: only a gram
 * that was not typed can stand for another word. */
static bool was_typed(const struct other_words *other, const struct unit *unit)
{
    for (uint32_t i = 0; i < other->typed_count; i++)
        if (bytes_equal(other->typed[i]->text, gram_of(unit)))
            return true;
    return false;
}

/* 应用程序 has the 应用 of 应用程式: who has the one word's has the other's. */
static bool has_gram(const struct units *units, const struct group *typed)
{
    for (uint32_t i = 0; units->is_grams && i < units->count; i++)
        if (bytes_equal(typed->text, gram_of(&units->list[i])))
            return true;
    return false;
}

/* The units of the text, looked up. *known: the index has all of them. */
static enum status read_units(struct units *units, struct bytes text, bool *known)
{
    struct arena *arena = units->other->lexicon->arena;
    struct analysis analysis;
    enum status status =
        analyzer_run(units->other->analyzer, ANALYZE_QUERY, text, &analysis, units->err);

    if (status != AF_OK)
        return status;
    if ((units->list = arena_array(arena, analysis.count + 1u, sizeof *units->list)) == NULL)
        return arena_exhausted(arena, units->err);
    units->is_grams = true;
    for (uint32_t i = 0; i < analysis.count; i++)
        add_token(units, &analysis, &analysis.tokens[i]);
    *known = units->count > 0;
    for (uint32_t i = 0; *known && i < units->count; i++) {
        struct unit *unit = &units->list[i];

        if (units->exhausted)
            return arena_exhausted(arena, units->err);
        if ((status = look_up(units, unit)) != AF_OK)
            return status;
        *known = unit->df > 0;
        unit->is_typed = units->is_grams && was_typed(units->other, unit);
        if (!unit->is_typed && (units->rarest == NULL || unit->df < units->rarest->df))
            units->rarest = unit;
    }
    return AF_OK;
}

/* --- members ------------------------------------------------------------------------------- */

static enum status add_unit(struct units *units, struct group *group, const struct unit *unit,
                            enum vocabulary_meaning meaning)
{
    struct arena *arena = units->other->lexicon->arena;

    for (uint32_t i = 0; i < unit->count; i++)
        if (!group_add(group, arena, unit->terms[i], meaning_weight[meaning] * unit->weights[i],
                       REASON_SYNONYM))
            return arena_exhausted(arena, units->err);
    if (meaning == MEANS_SAME && unit->df > group->same_df)
        group->same_df = unit->df;
    return AF_OK;
}

/* What stands for the i-th of what was typed; NULL: the other text is a piece of that. */
static const struct unit *stands_for(const struct units *units, uint32_t i)
{
    uint32_t typed = units->other->typed_count;
    uint32_t first = i * units->count / typed, end = (i + 1) * units->count / typed;
    const struct unit *rarest = &units->list[first];

    if (units->is_grams)
        return units->rarest;
    for (uint32_t k = first + 1; k < end; k++)
        rarest = units->list[k].df < rarest->df ? &units->list[k] : rarest;
    return rarest;
}

static struct bytes first_character(struct bytes text)
{
    size_t end = 0;

    return text.len > 0 && script_of(script_next(text.data, &end)) == SCRIPT_CJK
               ? bytes_of(text.data, end)
               : BYTES_NONE;
}

static struct bytes last_character(struct bytes text)
{
    size_t start = text.len;

    while (start > 0 && (text.data[--start] & 0xC0) == 0x80)
        ;
    return first_character(bytes_of(text.data + start, text.len - start));
}

/* A gram of two characters, one of which nobody typed. */
static enum status add_gram(struct units *units, struct group *group, struct bytes a,
                            struct bytes b, float weight)
{
    struct arena *arena = units->other->lexicon->arena;
    char *term;

    if (group == NULL || a.len == 0 || b.len == 0)
        return AF_OK;
    term = arena_printf(arena, "%c%.*s%.*s", TERM_GRAM2, (int)a.len, (const char *)a.data,
                        (int)b.len, (const char *)b.data);
    if (term == NULL || !group_add(group, arena, bytes_str(term), weight, REASON_SYNONYM))
        return arena_exhausted(arena, units->err);
    return AF_OK;
}

static enum status add_edges(struct units *units, struct bytes text,
                             enum vocabulary_meaning meaning)
{
    struct other_words *other = units->other;
    struct bytes first = first_character(text), last = last_character(text);
    float weight = meaning_weight[meaning];
    enum status status = AF_OK;

    if (other->left != NULL)
        status = add_gram(units, other->left, first_character(other->left->text), first, weight);
    for (uint32_t i = 0; status == AF_OK && i < other->before_count; i++)
        status = add_gram(units, other->left, other->before[i], first, weight);
    if (status == AF_OK && other->right != NULL)
        status = add_gram(units, other->right, last, last_character(other->right->text), weight);
    if (last.len > 0)
        other->lasts[other->lasts_count++] = last;
    return status;
}

enum status other_words_add(struct other_words *other, struct bytes text,
                            enum vocabulary_meaning meaning, struct error *err)
{
    struct units units = {.other = other, .err = err};
    enum status status;
    bool known = false;

    if (other->typed_count == 0 || other->followed == EXPAND_SYNONYMS_MAX)
        return AF_OK;
    if ((status = read_units(&units, text, &known)) != AF_OK || !known)
        return status;
    other->followed++;
    other->query->has_synonyms = true;
    for (uint32_t i = 0; status == AF_OK && i < other->typed_count; i++)
        if (!has_gram(&units, other->typed[i]) && stands_for(&units, i) != NULL)
            status = add_unit(&units, other->typed[i], stands_for(&units, i), meaning);
    return status == AF_OK ? add_edges(&units, text, meaning) : status;
}
