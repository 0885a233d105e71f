#include "search/show/suggestion.h"

#define CORRECTED (REASON_TYPO | REASON_SOUND)

static uint64_t typed_df(const struct group *group)
{
    uint64_t df = 0;

    for (const struct member *m = group->members; m != NULL; m = m->next)
        if ((m->reason & CORRECTED) == 0 && m->df > df)
            df = m->df;
    return df;
}

/* The likeliest: what is worth most, then what is commonest. A term of another class is another
 * kind of thing, and cannot stand in the text for this one. */
static const struct member *correction(const struct group *group)
{
    const struct member *best = NULL;
    uint64_t typed = typed_df(group);

    for (const struct member *m = group->members; m != NULL; m = m->next) {
        if ((m->reason & CORRECTED) == 0 || m->df == 0 || m->df < SUGGESTION_GAIN * typed)
            continue;
        if (m->term.data[0] != TERM_WORD && m->term.data[0] != TERM_GRAM2)
            continue;
        if (best == NULL || m->weight > best->weight ||
            (m->weight >= best->weight && m->df > best->df))
            best = m;
    }
    return best;
}

static const struct group *next_from(const struct query *query, uint32_t at)
{
    const struct group *next = NULL;

    for (uint32_t i = 0; i < query->groups_count; i++) {
        const struct group *group = &query->groups[i];

        if (group->start < at || (group->kind != GROUP_WORD && group->kind != GROUP_GRAM2) ||
            group->required || (next != NULL && group->start >= next->start) ||
            correction(group) == NULL)
            continue;
        next = group;
    }
    return next;
}

static struct bytes stretch(struct bytes text, uint32_t from, uint32_t end)
{
    return bytes_of(text.data + from, end - from);
}

/* The first place of a word is put right; one that is there twice is typed twice by no accident. */
enum status suggestion_of(const struct query *query, struct arena *arena, struct suggestion *out,
                          struct error *err)
{
    const struct group *group;
    struct buf text = {0};
    uint32_t at = 0;
    enum status status;

    *out = (struct suggestion){.typed_most = UINT64_MAX};
    while ((group = next_from(query, at)) != NULL) {
        struct bytes term = correction(group)->term;
        uint64_t typed = typed_df(group);

        buf_add(&text, stretch(query->folded, at, group->start));
        buf_add(&text, bytes_of(term.data + 1, term.len - 1));
        out->typed_most = typed < out->typed_most ? typed : out->typed_most;
        at = group->end;
    }
    if (at == 0) {
        buf_release(&text);
        return AF_OK;
    }
    buf_add(&text, stretch(query->folded, at, (uint32_t)query->folded.len));
    status = buf_status(&text, "a suggestion", err);
    if (status == AF_OK && (out->text = arena_copy(arena, buf_bytes(&text))).data == NULL)
        status = arena_exhausted(arena, err);
    buf_release(&text);
    return status;
}
