#include "search/query/written.h"

#include "data/base/utf8.h"
#include "indexer/text/written.h"

/* Nothing but one or two CJK characters, which may have a gram between them. */
static bool is_asked(const struct query *query)
{
    if (query->cjk == 0 || query->cjk > WRITTEN_CJK_MAX || query->phrases_count > 0)
        return false;
    for (uint32_t i = 0; i < query->groups_count; i++)
        if (query->groups[i].kind != GROUP_GRAM1 && query->groups[i].kind != GROUP_GRAM2)
            return false;
    return true;
}

static uint32_t characters_in(struct bytes text)
{
    struct reader r = reader_of(text);
    uint32_t count = 0;

    for (; reader_left(&r) > 0; count++)
        utf8_next(&r);
    return count;
}

/* A group that only asks for a term; df 0: no title has it. What it is worth puts titles in order:
 * as much as what was typed. */
static enum status make_group(struct expansion *x, struct bytes term, struct group *out)
{
    struct member *member;
    enum status status;

    *out = (struct group){.kind = GROUP_GRAM1, .weight = 1, .count = 1};
    out->members_end = &out->members;
    if (!group_add(out, x->lexicon->arena, term, 1, REASON_EXACT))
        return arena_exhausted(x->lexicon->arena, x->err);
    member = out->members;
    status = lexicon_find(x->lexicon, member->term, &member->df, &member->entries, x->err);
    out->text = bytes_of(member->term.data + 1, member->term.len - 1);
    out->df = member->df;
    out->idf = member->worth = x->query->groups[0].idf;
    return status;
}

/* The end of the word whose beginning came before it? */
static bool is_end(const struct query *query, struct bytes term)
{
    struct bytes last;

    if (query->written_count == 0 || term.data[term.len - 1] != WRITTEN_WHOLE)
        return false;
    last = query->written[query->written_count - 1].text;
    return term.len == last.len + 2 && memcmp(term.data + 1, last.data, last.len) == 0;
}

static enum status find_all(struct expansion *x, struct written *written)
{
    struct query *query = x->query;
    uint8_t bytes[WRITTEN_TERM_BYTES];
    size_t len;

    while ((len = written_next(written, bytes)) > 0) {
        struct bytes term = bytes_of(bytes, len);
        bool end = is_end(query, term);
        struct group *group = end ? &query->written_word : &query->written[query->written_count];
        enum status status = make_group(x, term, group);

        if (status != AF_OK || (group->df == 0 && !end)) {
            query->written_count = 0;
            return status;
        }
        query->written_count += !end;
    }
    return AF_OK;
}

enum status written_find(struct expansion *x)
{
    struct query *query = x->query;
    struct analysis analysis = {.folded = query->folded, .source = query->source};
    struct written written = {.text = query->text, .analysis = &analysis};
    enum status status;

    query->written_count = 0;
    query->written_whole = false;
    query->written_word.df = 0;
    if (!is_asked(query))
        return AF_OK;
    status = find_all(x, &written);
    query->written_whole =
        query->written_count == 1 && characters_in(query->written[0].members->term) > query->cjk;
    return status;
}
