#include "search/slips.h"

#include "data/base/limits.h"
#include "search/fuzzy.h"

#include <math.h>

/* 1 is the typed form; each edit costs this factor. */
static const float edit_weight = 0.7f, lookalike_weight = 0.6f;

enum status slips_fuzzy(struct expansion *x, struct group *group, bool prefix)
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
            status = form_add(x, group, picks.list[i].term,
                              powf(edit_weight, (float)picks.list[i].cost), REASON_TYPO);
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
    struct bytes typed = form_squeezed(group), term;
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
            status = form_add(x, group, term, lookalike_weight, REASON_TYPO);
    }
    return status;
}
