#include "indexer/build/learned_terms.h"

#include "indexer/segment/field.h"
#include "indexer/text/question.h"
#include "indexer/text/title_terms.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define PEOPLE_MIN 2 /* different ones, before anything counts */
#define TIMES_MAX 3  /* of a learned term */
#define LEAST 0.5    /* votes that are less, all together, have faded away */
#define HELPED_UNKNOWN 50

/* One occurrence of a term in one of the questions. */
struct learned_term {
    uint32_t at; /* in `bytes` */
    uint8_t len;
    uint8_t question;
};

void learned_terms_release(struct learned_terms *terms)
{
    buf_release(&terms->bytes);
    free(terms->list);
    *terms = (struct learned_terms){0};
}

/* The lower bound at one standard deviation; 0 of nothing. */
static double wilson(double good, double all)
{
    double share;

    if (all <= 0)
        return 0;
    share = good / all;
    return (share + 0.5 / all - sqrt(share * (1 - share) / all + 0.25 / (all * all))) /
           (1 + 1 / all);
}

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for indexing cases");
}

/* --- people and what they said ------------------------------------------------------------ */

/* Of some questions: how many people, and their votes as faded to `day`. */
struct verdict {
    uint64_t people[PEOPLE_MIN]; /* who found it solved */
    unsigned people_count;       /* at most PEOPLE_MIN */
    double votes;                /* of those, by weight */
    double good, all;            /* each as one, with those whom it did not help */
};

static void add_person(struct verdict *verdict, uint64_t voter)
{
    for (unsigned i = 0; i < verdict->people_count; i++)
        if (verdict->people[i] == voter)
            return;
    if (verdict->people_count < PEOPLE_MIN)
        verdict->people[verdict->people_count++] = voter;
}

static void add_votes(struct verdict *verdict, const struct learned_question *question,
                      uint16_t day)
{
    for (uint32_t i = 0; i < question->votes_count; i++) {
        const struct learned_vote *vote = &question->votes[i];
        double left = learned_left(vote->day, day) / 65536.0;

        verdict->all += left;
        if (vote->weight == 0)
            continue;
        verdict->good += left;
        verdict->votes += left * vote->weight / LEARNED_WHOLE;
        add_person(verdict, vote->voter);
    }
}

/* --- terms -------------------------------------------------------------------------------- */

/* Characters alone are in most cases, and parts of a code are not the code. */
static bool is_learned(const struct token *token)
{
    switch (token->term[0]) {
    case TERM_GRAM2:
    case TERM_WORD:
    case TERM_NUMBER:
    case TERM_IDENT:
    case TERM_SQUEEZED:
    case TERM_THAI3:
        return (token->flags & (TOKEN_BRIDGED | TOKEN_VOLATILE)) == 0 &&
               token->term_bytes < TERM_BYTES_MAX;
    default:
        return false;
    }
}

static bool note(struct learned_terms *terms, uint8_t class, struct bytes text, uint32_t question)
{
    if (terms->count == terms->room) {
        uint32_t room = terms->room == 0 ? 256 : terms->room * 2;
        struct learned_term *list = realloc(terms->list, room * sizeof *list);

        if (list == NULL)
            return false;
        terms->list = list;
        terms->room = room;
    }
    terms->list[terms->count++] = (struct learned_term){(uint32_t)terms->bytes.len,
                                                        (uint8_t)(text.len + 1), (uint8_t)question};
    buf_add_u8(&terms->bytes, class);
    buf_add(&terms->bytes, text);
    return buf_ok(&terms->bytes);
}

/* What a question may be typed as, so that it is suggested (search/suggest/). */
static bool note_title_terms(struct learned_terms *terms, struct bytes folded, uint32_t question)
{
    struct title_terms typed;
    bool ok = true;

    title_terms_of(folded, &typed);
    for (uint32_t i = 0; ok && i < typed.count; i++)
        ok = note(terms, TERM_LEARNED, title_term(&typed, i), question);
    return ok;
}

static enum status note_question(struct learned_terms *terms, const struct learned *learned,
                                 uint32_t q, struct analyzer *analyzer, struct error *err)
{
    const struct learned_question *question = &learned->questions[q];
    uint8_t whole[QUESTION_TERM_BYTES];
    struct analysis analysis;
    enum status status = analyzer_run(
        analyzer, ANALYZE_DOCUMENT, bytes_of(question->text, question->text_bytes), &analysis, err);

    if (status != AF_OK)
        return status;
    for (uint32_t i = 0; i < analysis.count; i++) {
        const struct token *token = &analysis.tokens[i];

        if (is_learned(token) &&
            !note(terms, TERM_LEARNED, bytes_of(token->term, token->term_bytes), q))
            return no_memory(err);
    }
    if (!note_title_terms(terms, analysis.folded, q))
        return no_memory(err);
    if (question_term(analysis.folded, whole) &&
        !note(terms, TERM_REPEAT, bytes_of(whole + 1, sizeof whole - 1), q))
        return no_memory(err);
    return AF_OK;
}

/* --- one term of all questions ------------------------------------------------------------ */

static struct bytes bytes_at(const struct learned_terms *terms, const struct learned_term *term)
{
    return bytes_of(terms->bytes.data + term->at, term->len);
}

static int in_order(const void *a, const void *b, void *context)
{
    const struct learned_term *x = a, *y = b;
    int order = bytes_compare(bytes_at(context, x), bytes_at(context, y));

    return order != 0 ? order : (int)x->question - (int)y->question;
}

static unsigned times_of(const struct verdict *verdict)
{
    double times = verdict->votes <= 1 ? 1 : 1 + log2(verdict->votes);

    return verdict->votes < LEAST ? 0 : times < TIMES_MAX ? (unsigned)times : TIMES_MAX;
}

static unsigned level_of(const struct verdict *verdict)
{
    double level = wilson(verdict->good, verdict->all) * LEARNED_REPEAT_LEVELS;

    return verdict->good < LEAST ? 0 : (unsigned)lround(level);
}

static bool put(struct tally *tally, struct bytes term, enum field field, unsigned times)
{
    return times == 0 || tally_term(tally, term, (uint64_t)times << 8 * (unsigned)field);
}

/* Entries first … end - 1 are of one term. */
static bool put_term(struct learned_terms *terms, const struct learned *learned, uint16_t day,
                     uint32_t first, uint32_t end, struct tally *tally)
{
    struct bytes term = bytes_at(terms, &terms->list[first]);
    struct verdict verdict = {0};

    for (uint32_t i = first; i < end; i++)
        if (i == first || terms->list[i].question != terms->list[i - 1].question)
            add_votes(&verdict, &learned->questions[terms->list[i].question], day);
    if (verdict.people_count < PEOPLE_MIN)
        return true;
    return term.data[0] == TERM_REPEAT ? put(tally, term, FIELD_TITLE, level_of(&verdict))
                                       : put(tally, term, FIELD_SYMPTOM, times_of(&verdict));
}

static bool put_terms(struct learned_terms *terms, const struct learned *learned, uint16_t day,
                      struct tally *tally)
{
    bool ok = true;

    if (terms->count > 1)
        qsort_r(terms->list, terms->count, sizeof *terms->list, in_order, terms);
    for (uint32_t first = 0, end; ok && first < terms->count; first = end) {
        for (end = first + 1; end < terms->count; end++)
            if (!bytes_equal(bytes_at(terms, &terms->list[first]),
                             bytes_at(terms, &terms->list[end])))
                break;
        ok = put_term(terms, learned, day, first, end, tally);
    }
    return ok;
}

/* --- the case as a whole ------------------------------------------------------------------ */

static bool put_figures(const struct learned *learned, uint16_t day, struct tally *tally)
{
    struct verdict verdict = {0};
    double views = 0;
    unsigned figures[LEARNED_FIGURES];
    uint64_t tf = 0;
    uint8_t term = TERM_LEARNED;

    for (uint32_t q = 0; q < learned->questions_count; q++)
        add_votes(&verdict, &learned->questions[q], day);
    for (uint32_t i = 0; i < learned->openers_count; i++)
        views += learned_left(learned->openers[i].day, day) / 65536.0;
    figures[LEARNED_VIEWS] = (unsigned)lround(100 * log1p(views) / log1p(LEARNED_OPENERS_MAX));
    figures[LEARNED_HELPED] = verdict.people_count < PEOPLE_MIN
                                  ? HELPED_UNKNOWN
                                  : (unsigned)lround(100 * wilson(verdict.good, verdict.all));
    figures[LEARNED_DAY_LOW] = day & 0x7Fu;
    figures[LEARNED_DAY_HIGH] = day >> 7 & 0x7Fu;
    for (unsigned i = 0; i < LEARNED_FIGURES; i++)
        tf |= (uint64_t)(figures[i] + 1) << 8 * i;
    return tally_term(tally, bytes_of(&term, 1), tf);
}

enum status learned_terms_add(struct learned_terms *terms, const struct learned *learned,
                              struct analyzer *analyzer, struct tally *tally, struct error *err)
{
    uint16_t day = learned_newest(learned);
    enum status status = AF_OK;

    _Static_assert((int)LEARNED_FIGURES <= (int)FIELD_COUNT, "a figure has a field");
    _Static_assert(LEARNED_QUESTIONS_MAX <= UINT8_MAX, "a question has a small number");
    buf_clear(&terms->bytes);
    terms->count = 0;
    if (learned->questions_count + learned->openers_count == 0)
        return AF_OK;
    for (uint32_t q = 0; status == AF_OK && q < learned->questions_count; q++)
        status = note_question(terms, learned, q, analyzer, err);
    if (status == AF_OK &&
        (!put_terms(terms, learned, day, tally) || !put_figures(learned, day, tally)))
        status = no_memory(err);
    return status;
}
