#include "search/query/query.h"

#include "data/base/hash.h"
#include "search/query/excerpt.h"
#include "search/query/logpage.h"

#include <assert.h>

/* How groups are found again while they are collected: by folded text, grams apart from words
 * (打 alone is a gram, never a word). Open addressing, at most half full. */
struct collector {
    struct arena *arena;
    struct query *query;
    const struct analysis *analysis;
    uint32_t *slots; /* index + 1 */
    uint32_t mask;
    struct group *place; /* what was typed at place_start … place_end of the folded text */
    struct group *part;  /* the last piece of it */
    uint32_t place_start, place_end;
    bool exhausted;
};

/* Forms of the typed text: a code without its separators is as good as whole, a part may be
 * of another code, a number without its zeros may be another number. */
static const float squeezed_weight = 0.98f, part_weight = 0.9f, zeros_weight = 0.7f;

static enum group_kind kind_of(uint8_t term_class)
{
    switch (term_class) {
    case TERM_GRAM1:
        return GROUP_GRAM1;
    case TERM_GRAM2:
        return GROUP_GRAM2;
    case TERM_THAI3:
        return GROUP_THAI;
    case TERM_NUMBER:
        return GROUP_NUMBER;
    case TERM_IDENT:
    case TERM_SQUEEZED:
        return GROUP_CODE;
    case TERM_PART:
        return GROUP_PART;
    default:
        return GROUP_WORD;
    }
}

static bool is_gram(enum group_kind kind)
{
    return kind == GROUP_GRAM1 || kind == GROUP_GRAM2 || kind == GROUP_THAI;
}

/* A text that is a code, a word and a part at once is what says most: the code. */
static const uint8_t rank_of_kind[GROUP_KIND_COUNT] = {
    [GROUP_CODE] = 3, [GROUP_WORD] = 2, [GROUP_NUMBER] = 2, [GROUP_PART] = 1};

bool group_add(struct group *group, struct arena *arena, struct bytes term, float weight,
               enum reason reason)
{
    struct member *member;

    for (member = group->members; member != NULL; member = member->next) {
        if (!bytes_equal(member->term, term))
            continue;
        if (member->weight < weight) {
            member->weight = weight;
            member->reason = (uint8_t)reason;
        }
        return true;
    }
    if ((member = arena_alloc(arena, sizeof *member)) == NULL)
        return false;
    if ((member->term = arena_copy(arena, term)).data == NULL)
        return false;
    member->weight = weight;
    member->reason = (uint8_t)reason;
    *group->members_end = member;
    group->members_end = &member->next;
    return true;
}

static struct group *group_at(struct collector *c, bool gram, struct bytes text)
{
    const struct bytes key[] = {gram ? BYTES_LIT("g") : BYTES_LIT("w"), text};
    uint32_t at = (uint32_t)checksum64(0, key, 2) & c->mask;
    struct query *query = c->query;
    struct group *group;

    for (; c->slots[at] != 0; at = (at + 1) & c->mask) {
        group = &query->groups[c->slots[at] - 1];
        if (is_gram(group->kind) == gram && bytes_equal(group->text, text))
            return group;
    }
    if ((text = arena_copy(c->arena, text)).data == NULL) {
        c->exhausted = true;
        return NULL;
    }
    group = &query->groups[query->groups_count++];
    c->slots[at] = query->groups_count;
    *group = (struct group){.text = text, .flags = UINT8_MAX, .members_end = &group->members};
    return group;
}

static struct bytes term_of(const struct token *token)
{
    return bytes_of(token->term, token->term_bytes);
}

static struct bytes text_of(const struct token *token)
{
    return bytes_of(token->term + 1, token->term_bytes - 1u);
}

static bool is_joiner(uint8_t c)
{
    return c < 0x80 && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9');
}

/* Are these the same letters and digits, joiners aside? */
static bool same_squeezed(struct bytes a, struct bytes b)
{
    size_t i = 0, j = 0;

    for (;;) {
        while (i < a.len && is_joiner(a.data[i]))
            i++;
        while (j < b.len && is_joiner(b.data[j]))
            j++;
        if (i == a.len || j == b.len)
            return i == a.len && j == b.len;
        if (a.data[i++] != b.data[j++])
            return false;
    }
}

/* The text without leading zeros, when it is a number that has some. */
static bool is_without_zeros(struct bytes zeros, struct bytes text)
{
    size_t at = zeros.len > text.len ? zeros.len - text.len : 0;

    for (size_t i = 0; i < at; i++)
        if (zeros.data[i] != '0')
            return false;
    return at > 0 && bytes_equal(bytes_of(zeros.data + at, text.len), text);
}

/* Adds an occurrence. Several forms of one come one after another: counted once. */
static void note(struct group *group, const struct token *token, enum group_kind kind)
{
    if (group->count == 0) {
        group->kind = kind;
        group->start = token->fold_start;
        group->end = token->fold_end;
    }
    if (group->count == 0 || token->fold_start >= group->seen) {
        group->count++;
        group->seen = token->fold_end;
    }
    if (!is_gram(kind) && rank_of_kind[kind] > rank_of_kind[group->kind])
        group->kind = kind;
    group->flags &= token->flags;
    group->last = group->last || (token->flags & TOKEN_LAST) != 0;
}

/* The first form of a place is what was typed there; of the others, the same letters without
 * joiners belong to it, and pieces (of codes, of wi-fi) are groups of their own. */
static void add_token(struct collector *c, const struct token *token)
{
    enum group_kind kind = kind_of(token->term[0]);
    struct bytes text = text_of(token);
    enum reason reason = REASON_VARIANT;
    struct group *group = c->place;
    float weight = part_weight;

    if (c->place_start != token->fold_start || c->place_end != token->fold_end || is_gram(kind))
        group = NULL;
    if (group == NULL) {
        group = group_at(c, is_gram(kind), text);
        reason = REASON_EXACT;
        weight = 1;
    } else if (group->kind == GROUP_NUMBER && is_without_zeros(group->text, text)) {
        weight = zeros_weight;
    } else if (c->part != NULL && kind == GROUP_PART && is_without_zeros(c->part->text, text)) {
        group = c->part;
        kind = GROUP_PART;
        weight = zeros_weight;
    } else if (!same_squeezed(group->text, text)) {
        group = c->part = group_at(c, false, text);
        kind = GROUP_PART;
        reason = token->term[0] == TERM_PART ? REASON_VARIANT : REASON_EXACT;
    } else if (kind != GROUP_PART) {
        bool other = token->term[0] == TERM_SQUEEZED && group->members != NULL;

        weight = other ? squeezed_weight : 1;
        reason = other ? REASON_VARIANT : REASON_EXACT;
    }
    if (group == NULL)
        return;
    note(group, token, kind);
    if (!is_gram(kind) && kind != GROUP_PART) {
        c->place = group;
        c->place_start = token->fold_start;
        c->place_end = token->fold_end;
    }
    if ((token->flags & TOKEN_UNINDEXED) == 0 &&
        !group_add(group, c->arena, term_of(token), weight, reason))
        c->exhausted = true;
}

/* --- quotes ------------------------------------------------------------------------------ */

/* Folding turns every double quotation mark people type into one of these. */
static size_t quote_at(struct bytes text, size_t at)
{
    static const struct bytes quotes[] = {BYTES_LIT("\""), BYTES_LIT("\xE2\x80\x9C"),
                                          BYTES_LIT("\xE2\x80\x9D"), BYTES_LIT("\xEF\xBC\x82")};

    for (size_t i = 0; i < sizeof quotes / sizeof *quotes; i++)
        if (bytes_has_prefix(bytes_of(text.data + at, text.len - at), quotes[i]))
            return quotes[i].len;
    return 0;
}

static void note_phrase(struct query *query, size_t start, size_t end, bool *any)
{
    for (uint32_t i = 0; i < query->groups_count; i++) {
        struct group *group = &query->groups[i];

        if (group->start < start || group->end > end || group->kind == GROUP_PART)
            continue;
        *any = true;
        if (group->kind != GROUP_GRAM1 || query->grams2 == 0)
            group->required = true;
    }
}

static void find_phrases(struct query *query)
{
    struct bytes text = query->folded;
    size_t start = SIZE_MAX, outside = 0, step;

    for (size_t at = 0; at < text.len; at += step) {
        size_t quote = quote_at(text, at);
        bool any = false;

        step = quote > 0 ? quote : 1;
        if (quote == 0) {
            if (start == SIZE_MAX && text.data[at] > ' ')
                outside++;
            continue;
        }
        if (start == SIZE_MAX) {
            start = at + quote;
            continue;
        }
        if (query->phrases_count < QUERY_PHRASES_MAX)
            note_phrase(query, start, at, &any);
        if (any)
            query->phrases[query->phrases_count++] = bytes_of(text.data + start, at - start);
        start = SIZE_MAX;
    }
    query->phrases_only = query->phrases_count > 0 && outside == 0 && start == SIZE_MAX;
    for (uint32_t i = 0; i < query->groups_count && !query->phrases_only; i++)
        query->groups[i].required = false;
}

/* --- the whole --------------------------------------------------------------------------- */

/* Latin letters may be kana or Hangul that need groups of their own (switched.h). */
static bool has_words(const struct analysis *analysis)
{
    for (uint32_t i = 0; i < analysis->count; i++)
        if (kind_of(analysis->tokens[i].term[0]) == GROUP_WORD)
            return true;
    return false;
}

static enum status collect(struct collector *c, struct error *err)
{
    const struct analysis *analysis = c->analysis;
    struct query *query = c->query;
    uint32_t slots = 16;

    while (slots < 2 * analysis->count)
        slots *= 2;
    c->mask = slots - 1;
    c->slots = arena_array(c->arena, slots, sizeof *c->slots);
    query->groups_room = analysis->count + EXPAND_FUZZY_GROUPS_MAX; /* for corrections of codes */
    if (has_words(analysis))
        query->groups_room += SWITCHED_LETTERS_MAX + EXPAND_SPELLED_MAX;
    query->groups = arena_array(c->arena, query->groups_room, sizeof *query->groups);
    if (c->slots == NULL || query->groups == NULL)
        return arena_exhausted(c->arena, err);
    for (uint32_t i = 0; i < analysis->count && !c->exhausted; i++)
        add_token(c, &analysis->tokens[i]);
    if (c->exhausted)
        return arena_exhausted(c->arena, err);
    for (uint32_t i = 0; i < query->groups_count; i++) {
        query->grams2 += query->groups[i].kind == GROUP_GRAM2;
        query->cjk += query->groups[i].kind == GROUP_GRAM1 ? query->groups[i].count : 0;
    }
    return AF_OK;
}

/* Time stamps and addresses of a pasted log say nothing, unless they are all there is. */
static void drop_volatile(struct query *query)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < query->groups_count; i++)
        kept += (query->groups[i].flags & TOKEN_VOLATILE) == 0;
    if (kept == 0 || kept == query->groups_count)
        return;
    kept = 0;
    for (uint32_t i = 0; i < query->groups_count; i++) {
        struct group *from = &query->groups[i], *to = &query->groups[kept];

        if ((from->flags & TOKEN_VOLATILE) != 0)
            continue;
        if (from != to) {
            *to = *from;
            if (to->members == NULL)
                to->members_end = &to->members;
        }
        kept++;
    }
    query->groups_count = kept;
}

static const uint32_t *copy_source(const struct analysis *analysis, struct arena *arena)
{
    size_t bytes = (analysis->folded.len + 1) * sizeof *analysis->source;

    return (const void *)arena_copy(arena, bytes_of(analysis->source, bytes)).data;
}

enum status query_parse(struct analyzer *analyzer, struct bytes text, bool typing,
                        struct arena *arena, struct query *out, struct error *err)
{
    struct bytes cut = excerpt_of(text, QUERY_BYTES_MAX, arena);
    struct collector collector = {.arena = arena, .query = out};
    struct analysis analysis;
    enum status status;

    if (cut.data == NULL && text.data != NULL)
        return arena_exhausted(arena, err);
    *out = (struct query){.cut = cut.len < text.len, .typing = typing && cut.len == text.len};
    if ((status = analyzer_run(analyzer, ANALYZE_QUERY, cut, &analysis, err)) != AF_OK)
        return status;
    out->text = arena_copy(arena, cut);
    out->folded = arena_copy(arena, analysis.folded);
    out->source = copy_source(&analysis, arena);
    if (out->text.data == NULL || out->folded.data == NULL || out->source == NULL)
        return arena_exhausted(arena, err);
    collector.analysis = &analysis;
    if ((status = collect(&collector, err)) != AF_OK)
        return status;
    out->is_log = logpage_is(out);
    if (!out->is_log) /* its quotes are those of a program */
        find_phrases(out);
    drop_volatile(out);
    return AF_OK;
}
