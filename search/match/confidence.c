#include "search/match/confidence.h"

#include <math.h>

/* Scales that bring the signals near 0 … 1. They only say what a weight means. */
#define MASS_UNIT 60.0  /* of a question of some five rare words */
#define MATCHES_UNIT 10 /* e^10: 22,000 cases */
#define RUN_SHORT 6     /* two words, six characters: from here on a question is not short */
#define KNOWN_LEAST 0.05

static double at_most_1(double x)
{
    return x < 1 ? x : 1;
}

static double text_of(const struct ranking *ranking)
{
    double least = KNOWN_LEAST * ranking->totals.mass, known = ranking->totals.known;

    return at_most_1(ranking->hits[0].e.text / (known > least ? known : least));
}

static double title_of(const struct ranking *ranking)
{
    const struct evidence *e = &ranking->hits[0].e;
    uint32_t units = ranking->title_units > 0 ? ranking->title_units : 1;

    if (ranking->totals.whole <= 0)
        return 0;
    return at_most_1(e->title / ranking->totals.whole) * at_most_1((double)e->explained / units);
}

/* 1 for a character, 0 from RUN_SHORT on: what each further one says counts less and less. */
static double shortness(uint32_t run)
{
    double length = log(1 + (double)run) / log(1 + RUN_SHORT);

    return length < 1 ? 1 - length : 0;
}

/* The next best in the language of the first: a library's translations of one case stand side by
 * side, and each is as good an answer. */
static double second_score(const struct ranking *ranking)
{
    const struct ranked *first = &ranking->hits[0];

    for (uint32_t i = 1; i < ranking->count && first->is_read; i++)
        if (!ranking->hits[i].is_read ||
            bytes_equal(ranking->hits[i].document.lang, first->document.lang))
            return ranking->hits[i].score;
    return first->is_read || ranking->count < 2 ? 0 : ranking->hits[1].score;
}

static void read_signals(const struct ranking *ranking, uint64_t matches, double *signals)
{
    const struct ranked *first = &ranking->hits[0];

    signals[SIGNAL_TEXT] = text_of(ranking);
    signals[SIGNAL_TITLE] = title_of(ranking);
    signals[SIGNAL_MASS] = first->e.mass / MASS_UNIT;
    signals[SIGNAL_MATCHES] = log(1 + (double)matches) / MATCHES_UNIT;
    signals[SIGNAL_SHORT] = shortness(ranking->totals.run);
    signals[SIGNAL_GUESSED] = first->e.guessed / ranking->totals.mass;
    signals[SIGNAL_AHEAD] = first->score - second_score(ranking);
}

/* Many cases may suit a broad question alike; none is ahead, and yet they are no misses. What is
 * about the one word that was asked is no miss either. A code that is there whole, and all that was
 * asked, is no accident; neither is a case that solved this very question for others. Of a whole
 * sentence no case has every word, and its title says little of it; but then chance puts several
 * cases side by side. */
static bool is_no_miss(const struct ranking *ranking, const double *signals,
                       const struct confidence_settings *settings)
{
    const struct question_totals *totals = &ranking->totals;
    const struct ranked *first = &ranking->hits[0];

    if (first->repeat > 0)
        return true;
    if (totals->codes > 0 && first->e.codes == totals->codes &&
        totals->run <= totals->codes * settings->code_run)
        return true;
    if (totals->run >= settings->long_run && signals[SIGNAL_AHEAD] >= settings->far_ahead)
        return true;
    return first->e.mass >= settings->full_coverage * totals->mass &&
           (first->e.reasons & (REASON_TYPO | REASON_SOUND | REASON_SYNONYM)) == 0 &&
           (first->score >= settings->full_score ||
            (totals->run < settings->short_run &&
             first->e.about >= settings->about * totals->whole));
}

/* What is opened unasked is about what was asked, not a page that only mentions it; and there is
 * not another one as good. */
static bool may_be_opened(const struct ranking *ranking, const double *signals,
                          const struct confidence_settings *settings)
{
    const struct question_totals *totals = &ranking->totals;
    const struct ranked *first = &ranking->hits[0];
    bool is_about = first->e.about >= settings->about * totals->whole || first->repeat > 0 ||
                    (totals->codes > 0 && first->e.codes == totals->codes);

    return is_about && signals[SIGNAL_AHEAD] >= settings->ahead;
}

struct confidence confidence_of(const struct ranking *ranking, uint64_t matches,
                                const struct settings *settings)
{
    const struct confidence_settings *s = &settings->confidence;
    struct confidence c = {.verdict = VERDICT_NONE};
    double z = s->constant;

    if (ranking->count == 0 || ranking->totals.mass <= 0)
        return c;
    read_signals(ranking, matches, c.signals);
    for (int i = 0; i < SIGNAL_COUNT; i++)
        z += s->weight[i] * c.signals[i];
    c.value = 1 / (1 + exp(-z));
    c.value += ranking->hits[0].repeat * (1 - c.value);
    if (c.value >= s->sure && may_be_opened(ranking, c.signals, s))
        c.verdict = VERDICT_SURE;
    else if (c.value >= s->none || is_no_miss(ranking, c.signals, s))
        c.verdict = VERDICT_LIKELY;
    return c;
}
