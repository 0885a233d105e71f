#include "search/match/confidence.h"

#include <math.h>

/* A question of many words leaves less to chance: 0 … 1, a word counts 3, a character 1. */
static double length_of(uint32_t run)
{
    double length = log(1 + (double)run) / 4;

    return length < 1 ? length : 1;
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

/* Many cases may suit a broad question alike; none is ahead, and yet they are no misses. A word or
 * two says too little to be sure that nothing fits. A code that is there whole, and all that was
 * asked, is no accident; neither is a case that solved this very question for others. */
static bool is_no_miss(const struct ranking *ranking, const struct confidence *c,
                       const struct confidence_settings *settings)
{
    const struct question_totals *totals = &ranking->totals;

    if (ranking->hits[0].repeat > 0)
        return true;
    if (totals->codes > 0 && ranking->hits[0].e.codes == totals->codes &&
        totals->run <= totals->codes * settings->code_run)
        return true;
    return c->signals[SIGNAL_COVERAGE] >= settings->full_coverage &&
           (c->signals[SIGNAL_SCORE] >= settings->full_score || totals->run < settings->short_run);
}

struct confidence confidence_of(const struct ranking *ranking, const struct settings *settings)
{
    const struct question_totals *totals = &ranking->totals;
    struct confidence c = {.verdict = VERDICT_NONE};
    double z = settings->confidence.constant;

    if (ranking->count == 0 || totals->mass <= 0)
        return c;
    c.signals[SIGNAL_SCORE] = ranking->hits[0].score;
    c.signals[SIGNAL_AHEAD] = ranking->hits[0].score - second_score(ranking);
    c.signals[SIGNAL_COVERAGE] = ranking->hits[0].e.mass / totals->mass;
    c.signals[SIGNAL_ABOUT] = totals->whole > 0 ? ranking->hits[0].e.about / totals->whole : 0;
    c.signals[SIGNAL_LENGTH] = length_of(totals->run);
    c.signals[SIGNAL_LONG_SCORE] = c.signals[SIGNAL_SCORE] * c.signals[SIGNAL_LENGTH];
    for (int i = 0; i < SIGNAL_COUNT; i++)
        z += settings->confidence.weight[i] * c.signals[i];
    c.value = 1 / (1 + exp(-z));
    if (c.value >= settings->confidence.sure)
        c.verdict = VERDICT_SURE;
    else if (c.value >= settings->confidence.none || is_no_miss(ranking, &c, &settings->confidence))
        c.verdict = VERDICT_LIKELY;
    return c;
}
