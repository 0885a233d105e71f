#include "search/match/usage.h"

#include "data/learned.h"
#include "indexer/build/learned_terms.h"
#include "search/match/filter.h"

#include <stdlib.h>

#define REPEAT_WALK 1024 /* documents with the question, out-of-date ones and all, looked at */

/* --- repeated questions ------------------------------------------------------------------- */

struct added {
    struct place places[REPEAT_CASES_MAX];
    uint8_t levels[REPEAT_CASES_MAX];
    uint32_t count;
};

/* Keeps those of the highest levels, in the order they come. */
static void offer(struct added *added, struct place place, uint8_t level)
{
    uint32_t at = 0;

    if (added->count < REPEAT_CASES_MAX) {
        at = added->count++;
    } else {
        for (uint32_t i = 1; i < added->count; i++)
            if (added->levels[i] < added->levels[at])
                at = i;
        if (added->levels[at] >= level)
            return;
    }
    added->places[at] = place;
    added->levels[at] = level;
}

static enum status walk_segment(const struct plan *plan, uint32_t i, struct added *added,
                                struct error *err)
{
    const struct segment *segment = snapshot_segment(plan->lexicon->snapshot, i);
    struct filter_view view;
    struct postings postings;
    enum status status = filter_view_open(&view, plan->filter, segment, plan->lexicon->arena, err);

    if (status == AF_OK)
        status =
            postings_open(segment, &plan->query->repeats[i], plan->lexicon->arena, &postings, err);
    for (uint32_t left = REPEAT_WALK; status == AF_OK && left > 0; left--) {
        status = postings_next(&postings, err);
        if (status != AF_OK || postings.doc == DOC_END)
            break;
        if (segment_is_live(segment, postings.doc) && filter_view_passes(&view, postings.doc))
            offer(added, (struct place){i, postings.doc}, postings.tf[FIELD_TITLE]);
    }
    return status;
}

enum status usage_add_repeats(const struct plan *plan, struct candidates *candidates,
                              struct error *err)
{
    struct added added = {.count = 0};
    uint32_t known = candidates->count;
    enum status status = AF_OK;

    if (plan->query->repeats == NULL)
        return AF_OK;
    for (uint32_t i = 0; status == AF_OK && i < plan->lexicon->segments; i++)
        if (plan->query->repeats[i].df > 0)
            status = walk_segment(plan, i, &added, err);
    if (status != AF_OK || added.count == 0)
        return status;
    status = candidates_add(candidates, added.places, added.count, plan->lexicon->arena, err);
    candidates->total += candidates->count - known;
    return status;
}

/* --- figures ------------------------------------------------------------------------------ */

static void note_figures(const uint8_t tf[FIELD_COUNT], uint16_t today, struct usage *usage)
{
    unsigned day = (tf[LEARNED_DAY_LOW] - 1u) | (tf[LEARNED_DAY_HIGH] - 1u) << 7;
    float views = (float)(tf[LEARNED_VIEWS] - 1) / 100, helped = (float)(tf[LEARNED_HELPED] - 1);

    usage->left = (float)learned_fade(today > day ? today - day : 0) / 65536;
    usage->prior = usage->left * (0.5f * views + 0.5f * (helped / 100 - 0.5f));
}

enum figures { FIGURES_OF_CASE, FIGURES_OF_QUESTION };

/* Occurrences in the posting of a document; NULL when it has none. Most candidates are not there,
 * and their block is not decoded to see it. */
static enum status look(struct postings *postings, uint32_t doc, struct postings_block *block,
                        const uint8_t **tf, struct error *err)
{
    uint32_t at, found;
    enum status status = postings_block_seek(postings, doc, err);

    *tf = NULL;
    if (status != AF_OK || postings->block_last == DOC_END ||
        (postings_block_find(postings, doc, &at, &found) && found != doc))
        return status;
    status = postings_block_decode(postings, block, err);
    for (uint32_t i = 0; status == AF_OK && i < block->n; i++)
        if (block->docs[i] == doc)
            *tf = postings_block_tf(block, i);
    return status;
}

/* Asks one list about the candidates first … end - 1, which are of one segment. */
static enum status ask(const struct plan *plan, const struct candidates *candidates,
                       const struct term_entry *entries, uint32_t first, uint32_t end,
                       enum figures figures, uint16_t today, struct usage *usages,
                       struct error *err)
{
    uint32_t segment = candidates->places[first].segment;
    struct postings_block *block;
    struct postings postings;
    enum status status;

    if (entries == NULL || entries[segment].df == 0)
        return AF_OK;
    status = postings_open(snapshot_segment(plan->lexicon->snapshot, segment), &entries[segment],
                           plan->lexicon->arena, &postings, err);
    block = arena_alloc(plan->lexicon->arena, sizeof *block);
    if (status == AF_OK && block == NULL)
        return arena_exhausted(plan->lexicon->arena, err);
    for (uint32_t i = first; status == AF_OK && i < end; i++) {
        const uint8_t *tf;

        status = look(&postings, candidates->places[i].doc, block, &tf, err);
        if (tf == NULL)
            continue;
        if (figures == FIGURES_OF_CASE)
            note_figures(tf, today, &usages[i]);
        else
            usages[i].repeat = (float)tf[FIELD_TITLE] / LEARNED_REPEAT_LEVELS;
    }
    return status;
}

enum status usage_gather(const struct plan *plan, const struct candidates *candidates,
                         struct usage **out, struct error *err)
{
    const struct query *query = plan->query;
    struct usage *usages;
    uint16_t today = 0;
    enum status status;

    *out = NULL;
    if (query->learned == NULL)
        return AF_OK;
    if ((usages = arena_array(plan->lexicon->arena, candidates->count + 1u, sizeof *usages)) ==
        NULL)
        return arena_exhausted(plan->lexicon->arena, err);
    status = learned_today(plan->txn, &today, err);
    if (status == AF_CORRUPT) /* said by check; then nothing has faded */
        status = AF_OK;
    for (uint32_t first = 0, end; status == AF_OK && first < candidates->count; first = end) {
        for (end = first + 1; end < candidates->count; end++)
            if (candidates->places[end].segment != candidates->places[first].segment)
                break;
        status =
            ask(plan, candidates, query->learned, first, end, FIGURES_OF_CASE, today, usages, err);
        if (status == AF_OK)
            status = ask(plan, candidates, query->repeats, first, end, FIGURES_OF_QUESTION, today,
                         usages, err);
    }
    for (uint32_t i = 0; i < candidates->count; i++)
        usages[i].repeat *= usages[i].left;
    *out = usages;
    return status;
}
