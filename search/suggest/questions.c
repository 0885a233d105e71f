#include "data/base/limits.h"
#include "search/suggest/suggest_impl.h"

#include <math.h>

#define PEOPLE_MIN 2    /* different ones, who asked it word for word */
#define VOTES_LEAST 0.5 /* less, all together, has faded away (as learned_terms.c) */
#define DIGITS_MAX 6    /* in a row: more are a phone number, a serial number, an order */

/* What two people typed alike may still be about somebody. */
static bool is_private(struct bytes folded)
{
    unsigned digits = 0;

    for (size_t i = 0; i < folded.len; i++) {
        uint8_t c = folded.data[i];

        digits = script_is_digit(c) ? digits + 1 : c == ' ' || c == '-' ? digits : 0;
        if (c == '@' || digits > DIGITS_MAX)
            return true;
    }
    return false;
}

/* Votes of those whom it helped, as they have faded; 0 when they are not two. A voter has one. */
static double votes_of(const struct learned_question *question, uint16_t today)
{
    double votes = 0;
    unsigned people = 0;

    for (uint32_t i = 0; i < question->votes_count; i++) {
        const struct learned_vote *vote = &question->votes[i];

        people += vote->weight > 0;
        votes += vote->weight * (learned_left(vote->day, today) / 65536.0) / LEARNED_WHOLE;
    }
    return people < PEOPLE_MIN || votes < VOTES_LEAST ? 0 : votes;
}

static enum status read_question(struct suggesting *g, const struct learned_question *question,
                                 uint16_t today, struct choices *out)
{
    struct choice choice = {.item.kind = SUGGEST_QUESTION};
    struct bytes text = bytes_of(question->text, question->text_bytes);
    double votes = votes_of(question, today);
    struct matched matched;
    struct folded folded;
    bool found;
    enum status status;

    if (votes <= 0 || text.len > SUGGEST_TEXT_BYTES_MAX)
        return AF_OK;
    status = suggest_look(g, text, &found, &matched, &folded);
    if (status != AF_OK || !found || is_private(folded.text))
        return status;
    choice.score = matched.rank - log2(1 + votes);
    if (!choices_want(out, choice.score))
        return AF_OK;
    if ((status = suggest_mark(g, text, &matched, &folded, &choice)) == AF_OK)
        (void)choices_offer(out, &choice);
    return status;
}

static enum status read_case(struct suggesting *g, const struct segment *segment, uint32_t doc,
                             uint16_t today, struct choices *out)
{
    struct learned *learned = &g->s->learned;
    struct document document;
    bool found = false;
    enum status status = segment_document(segment, doc, &document, g->err);

    if (status == AF_OK)
        status = learned_get(g->txn, document.id, learned, &found, g->err);
    if (status == AF_CORRUPT && found == false)
        return AF_OK; /* of the store: said by check */
    for (uint32_t i = 0; status == AF_OK && found && i < learned->questions_count; i++)
        status = read_question(g, &learned->questions[i], today, out);
    return status;
}

static enum status read_segment(struct suggesting *g, const struct segment *segment, uint16_t today,
                                uint32_t *left, uint32_t *postings, struct choices *out)
{
    const struct typed *typed = &g->s->typed;
    struct filter_view view;
    struct finder f;
    uint64_t *set;
    enum status status = finder_init(&f, segment, FIELD_SYMPTOM, true, postings, g->arena, g->err);

    if (status == AF_OK)
        status = filter_view_open(&view, &g->filter, segment, g->arena, g->err);
    if (status != AF_OK || (set = finder_set(&f)) == NULL)
        return status == AF_OK ? f.status : status;
    for (uint32_t i = 0; status == AF_OK && i < typed->count; i++) {
        status = finder_openings(&f, &typed->forms[i], set);
        if (status == AF_OK)
            status = finder_find(&f, &typed->forms[i], set);
    }
    for (uint32_t i = f.words; i-- > 0 && status == AF_OK;)
        for (uint64_t bits = set[i]; bits != 0 && status == AF_OK && *left > 0;) {
            uint32_t bit = 63 - (uint32_t)__builtin_clzll(bits), doc = i * 64 + bit;

            bits &= ~(UINT64_C(1) << bit);
            if (!segment_is_live(segment, doc) || !filter_view_passes(&view, doc))
                continue;
            --*left;
            status = read_case(g, segment, doc, today, out);
        }
    return status;
}

/* Has the segment learned anything? Most have not, and then nothing is looked for. */
static enum status has_learned(const struct segment *segment, bool *has, struct error *err)
{
    static const uint8_t figures = TERM_LEARNED;
    struct term_entry entry;

    return segment_find(segment, bytes_of(&figures, 1), &entry, has, err);
}

enum status suggest_questions(struct suggesting *g, struct choices *out)
{
    uint32_t left = SUGGEST_LEARNED_MAX, postings = SUGGEST_POSTINGS_MAX;
    uint16_t today = 0;
    enum status status = AF_OK;

    if (learned_is_empty(g->txn))
        return AF_OK;
    if (learned_today(g->txn, &today, g->err) == AF_CORRUPT)
        today = 0; /* said by check; then nothing has faded */
    for (uint32_t i = 0; status == AF_OK && i < snapshot_segments(g->snapshot); i++) {
        const struct segment *segment = snapshot_segment(g->snapshot, i);
        bool has = false;

        status = has_learned(segment, &has, g->err);
        if (status == AF_OK && has)
            status = read_segment(g, segment, today, &left, &postings, out);
    }
    return status;
}
