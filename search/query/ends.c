#include "search/query/ends.h"

#include "data/base/limits.h"
#include "search/query/picks.h"

#define BYTES_MIN 4 /* shorter ends are of too many codes */
#define BYTES_MAX 8 /* what is longer is mostly whole */
#define CODE_MAX 24 /* letters and digits of a code; what is longer is a digest or a dump */
#define KNOWN_DF 30 /* a number that more cases have is meant as it is */

static const float code_weight = 0.85f, number_weight = 0.4f;

/* What a term is, the likeliest to be asked for by its end first. */
enum likely {
    LIKELY_CODE, /* acsd53309 */
    LIKELY_INNER_CODE,
    LIKELY_NUMBER,
    LIKELY_PART,
};

static bool has(struct bytes text, uint8_t first, uint8_t last)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] >= first && text.data[i] <= last)
            return true;
    return false;
}

static uint64_t typed_df(const struct group *group)
{
    uint64_t df = 0;

    for (const struct member *m = group->members; m != NULL; m = m->next)
        if (m->reason == REASON_EXACT && m->df > df)
            df = m->df;
    return df;
}

/* Nothing else was typed, and no case has it as it is, or, a number, hardly one. */
static bool may_be_end(const struct query *query, const struct group *group)
{
    bool number = group->kind == GROUP_NUMBER;

    if ((!number && group->kind != GROUP_CODE) || !has(group->text, '0', '9') ||
        group->text.len < BYTES_MIN || group->text.len > BYTES_MAX ||
        typed_df(group) > (number ? KNOWN_DF : 0))
        return false;
    for (uint32_t i = 0; i < query->groups_count; i++)
        if (&query->groups[i] != group && query->groups[i].kind != GROUP_PART)
            return false;
    return true;
}

static bool ends_with(struct bytes text, struct bytes end)
{
    return text.len > end.len && memcmp(text.data + text.len - end.len, end.data, end.len) == 0;
}

static struct bytes text_of(const struct member *member)
{
    return bytes_of(member->term.data + 1, member->term.len - 1);
}

const struct member *ends_likelier(const struct group *group, const struct member *found,
                                   const struct member *other)
{
    bool typed = found == group->members;

    if (ends_with(text_of(other), form_squeezed(group)))
        return found == NULL || typed || other->weight > found->weight ? other : found;
    if (found == NULL && other->term.data[0] != TERM_SQUEEZED &&
        bytes_equal(text_of(other), group->text))
        return group->members;
    return found;
}

/* Letters and digits; not v1114, which is v1.1.14 without its dots. */
static bool is_code(struct bytes text)
{
    bool version = text.data[0] == 'v' && !has(bytes_of(text.data + 1, text.len - 1), 'a', 'z');

    return text.len <= CODE_MAX && !version && has(text, 'a', 'z') && has(text, '0', '9');
}

struct found {
    struct bytes end;
    struct picks picks;
};

static bool offer(void *context, struct bytes term)
{
    struct found *found = context;
    struct bytes text = bytes_of(term.data + 1, term.len - 1);
    bool code = is_code(text);
    enum likely likely = code ? LIKELY_CODE : LIKELY_NUMBER;

    if (!ends_with(text, found->end))
        return true;
    if (term.data[0] == TERM_PART)
        likely = code ? LIKELY_INNER_CODE : LIKELY_PART;
    picks_offer(&found->picks, term, 0, likely);
    return !found->picks.exhausted;
}

static enum status find(struct expansion *x, struct found *found)
{
    static const uint8_t classes[] = {TERM_SQUEEZED, TERM_NUMBER, TERM_PART};
    uint32_t left = EXPAND_ENDS_SCAN_MAX;
    enum status status = AF_OK;

    picks_init(&found->picks, x->lexicon->arena, EXPAND_PREFIX_MAX);
    for (size_t i = 0; status == AF_OK && i < sizeof classes; i++)
        status =
            lexicon_find_piece(x->lexicon, classes[i], found->end, &left, offer, found, x->err);
    if (status == AF_OK && found->picks.exhausted)
        status = arena_exhausted(x->lexicon->arena, x->err);
    picks_sort(&found->picks);
    return status;
}

enum status ends_add(struct expansion *x, struct group *group)
{
    struct found found = {.end = form_squeezed(group)};
    enum status status;

    if (!may_be_end(x->query, group))
        return AF_OK;
    status = find(x, &found);
    for (uint32_t i = 0; status == AF_OK && i < found.picks.count; i++) {
        const struct pick *pick = &found.picks.list[i];

        status = form_add(x, group, pick->term,
                          pick->cost < LIKELY_NUMBER ? code_weight : number_weight, REASON_VARIANT);
    }
    x->query->by_end = status == AF_OK && found.picks.count > 0;
    return status;
}
