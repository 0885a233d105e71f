/* respell_letters.c: which letters a question has, and letters that were not typed. */
#include "search/query/respell.h"

#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "indexer/text/script.h"

#define RARE_DF 3        /* in fewer cases a gram may be a slip, */
#define RARE_SHARE 10000 /* and in less than one of so many */

/* --- the question ------------------------------------------------------------------------- */

static void note_pairs(struct respell *r)
{
    struct query *query = r->x->query;
    uint32_t at = 0;

    for (uint32_t i = 0; i < query->groups_count; i++) {
        struct group *group = &query->groups[i];

        if (group->kind != GROUP_GRAM2 || group->required)
            continue;
        /* Groups stand in the order of their first occurrence, but for those of codes. */
        if (at >= r->count || r->letters[at].at > group->start)
            at = 0;
        while (at < r->count && r->letters[at].at < group->start)
            at++;
        if (at < r->count && r->letters[at].at == group->start)
            r->letters[at].pair = group;
    }
}

static bool is_katakana(const struct query *query, size_t at)
{
    struct reader r = reader_of(query->text);
    uint32_t cp;

    if (query->source[at] >= query->text.len)
        return false;
    r.at += query->source[at];
    cp = utf8_next(&r);
    return (cp > 0x30A0 && cp < 0x30FB) || (cp >= 0xFF66 && cp < 0xFF9E);
}

static bool has_words(const struct query *query)
{
    for (uint32_t i = 0; i < query->groups_count; i++)
        if (query->groups[i].kind == GROUP_WORD || query->groups[i].kind == GROUP_CODE)
            return true;
    return false;
}

enum status respell_init(struct respell *r, struct expansion *x)
{
    struct bytes text = x->query->folded;
    uint32_t room = x->query->cjk, more = has_words(x->query) ? SWITCHED_LETTERS_MAX : 0;
    size_t end = 0;

    *r = (struct respell){.x = x, .rare = x->lexicon->docs / RARE_SHARE, .room = more};
    if (r->rare < RARE_DF)
        r->rare = RARE_DF;
    if (room + more == 0)
        return AF_OK;
    r->letters = arena_array(x->lexicon->arena, room + more, sizeof *r->letters);
    if (r->letters == NULL)
        return arena_exhausted(x->lexicon->arena, x->err);
    for (size_t at = 0; at < text.len && r->count < room;) {
        size_t start = at;
        uint32_t cp = script_next(text.data, &at);

        if (script_of(cp) != SCRIPT_CJK)
            continue;
        if (r->count > 0)
            r->letters[r->count - 1].goes_on = end == start;
        r->letters[r->count++] = (struct letter){
            .cp = cp, .at = (uint32_t)start, .katakana = is_katakana(x->query, start)};
        end = at;
    }
    note_pairs(r);
    return AF_OK;
}

/* --- letters that were not typed ---------------------------------------------------------- */

/* Places follow one another inside what was typed, so that its grams make a run. */
static struct group *new_group(struct respell *r, const struct group *typed, uint32_t place,
                               struct bytes term)
{
    struct query *query = r->x->query;
    struct group *group = &query->groups[query->groups_count];

    term = arena_copy(r->x->lexicon->arena, term);
    if (term.data == NULL) {
        r->status = arena_exhausted(r->x->lexicon->arena, r->x->err);
        return NULL;
    }
    query->groups_count++;
    query->grams2 += term.data[0] == TERM_GRAM2;
    *group = (struct group){.kind = term.data[0] == TERM_GRAM2 ? GROUP_GRAM2 : GROUP_GRAM1,
                            .text = bytes_of(term.data + 1, term.len - 1),
                            .start = typed->start + place,
                            .end = typed->start + place + 2,
                            .count = 1,
                            .changed = true,
                            .members_end = &group->members};
    return group;
}

bool respell_append(struct respell *r, const struct group *typed, const uint32_t *letters,
                    uint32_t count, enum slip slip)
{
    const struct query *query = r->x->query;
    uint32_t grams = count > 1 ? count - 1 : count;

    if (count == 0 || grams > query->groups_room - query->groups_count || count > r->room)
        return false;
    r->room -= count;
    for (uint32_t i = 0; i < count; i++)
        r->letters[r->count + i] =
            (struct letter){.cp = letters[i], .at = typed->start + i, .goes_on = i + 1 < count};
    for (uint32_t i = 0; i < grams && r->status == AF_OK; i++) {
        uint8_t term[GRAM_TERM_BYTES];
        struct bytes gram = count == 1 ? gram_term(term, 0, letters[0])
                                       : gram_term(term, letters[i], letters[i + 1]);
        struct group *group = new_group(r, typed, i, gram);

        if (group != NULL)
            r->status =
                form_add(r->x, group, gram, slip_kinds[slip].weight, slip_kinds[slip].reason);
        if (group != NULL)
            group->df = count == 1 ? respell_df(r, letters, 1) : respell_df(r, &letters[i], 2);
        if (count > 1)
            r->letters[r->count + i].pair = group;
    }
    r->count += count;
    return r->status == AF_OK;
}
