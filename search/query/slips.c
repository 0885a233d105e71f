#include "search/query/slips.h"

#include "data/base/limits.h"
#include "search/query/fuzzy.h"
#include "search/query/neighbours.h"

#include <math.h>

/* 1 is the typed form; each further edit costs a factor. A correction of a word that the index
 * does not know competes with nothing that was typed, so it is nearly as good. */
static const float only_weight = 0.9f, edit_weight = 0.7f, lookalike_weight = 0.6f,
                   code_weight = 0.9f;

#define CODE_LETTERS 4     /* of shorter codes every neighbour is a code */
#define FULL_CORRECTIONS 2 /* the likeliest, which are looked for in their other forms too */

static float weight_of(const struct group *group, uint32_t edits)
{
    return (group->df == 0 ? only_weight : edit_weight) * powf(edit_weight, (float)edits - 1);
}

enum status slips_fuzzy(struct expansion *x, struct group *group, bool prefix)
{
    struct picks picks;
    enum status status;
    uint32_t full;

    if (x->fuzzy_left == 0 || group->corrected)
        return AF_OK;
    x->fuzzy_left--;
    group->corrected = true;
    picks_init(&picks, x->lexicon->arena, EXPAND_FUZZY_MAX);
    status = fuzzy_find(x->lexicon, form_squeezed(group), prefix, &picks, x->err);
    picks_sort(&picks);
    /* A word alone: other forms of one guess would stand before the next guess. Beside others these
     * say which guess is right. */
    full = x->query->groups_count > 1 ? FULL_CORRECTIONS : 0;
    for (uint32_t i = 0; status == AF_OK && i < picks.count; i++) {
        struct bytes term = picks.list[i].term;
        float weight;

        if (picks.list[i].cost == 0)
            continue;
        weight = weight_of(group, picks.list[i].cost);
        status = form_add(x, group, term, weight, REASON_TYPO);
        if (status == AF_OK && full > 0) {
            full--;
            status = forms_of_correction(x, group, bytes_of(term.data + 1, term.len - 1), weight);
        }
    }
    return status;
}

/* No more groups than query.c made room for. */
static struct group *new_group(struct query *query, const struct group *typed)
{
    struct group *group;

    if (query->groups_count == query->groups_room)
        return NULL;
    group = &query->groups[query->groups_count++];
    *group = (struct group){.kind = GROUP_PART,
                            .text = typed->text,
                            .start = typed->start,
                            .end = typed->end,
                            .count = 1,
                            .corrected = true,
                            .members_end = &group->members};
    return group;
}

/* In a group of its own, of the weight of a piece: what has another code lacks the one that was
 * typed, and must not look as if it had it. */
enum status slips_codes(struct expansion *x, struct group *typed)
{
    struct bytes text = form_squeezed(typed);
    struct group *group;
    struct picks picks;
    enum status status;

    if (x->fuzzy_left == 0 || typed->corrected || text.len < CODE_LETTERS)
        return AF_OK;
    x->fuzzy_left--;
    typed->corrected = true;
    picks_init(&picks, x->lexicon->arena, EXPAND_FUZZY_MAX);
    status = neighbours_find(x->lexicon, TERM_SQUEEZED, text, &alphabet_codes, &picks, x->err);
    if (status != AF_OK || picks.count == 0 || (group = new_group(x->query, typed)) == NULL)
        return status;
    typed->replaced = true;
    picks_sort(&picks);
    for (uint32_t i = 0; status == AF_OK && i < picks.count; i++)
        status = form_add(x, group, picks.list[i].term, code_weight, REASON_TYPO);
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
enum status slips_lookalikes(struct expansion *x, struct group *group)
{
    static const uint8_t classes[] = {TERM_SQUEEZED, TERM_PART}; /* KB958559 in a file's name */
    struct bytes typed = form_squeezed(group), term;
    uint8_t text[TERM_BYTES_MAX];
    enum status status = AF_OK;

    if (typed.len >= TERM_BYTES_MAX)
        return AF_OK;
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
        for (size_t i = 0; status == AF_OK && i < sizeof classes; i++) {
            text[0] = classes[i];
            status = lexicon_find(x->lexicon, term, &df, &entries, x->err);
            if (status == AF_OK && df > 0)
                status = form_add(x, group, term, lookalike_weight, REASON_TYPO);
        }
    }
    return status;
}
