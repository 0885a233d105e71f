#include "search/query/between.h"

#include "data/base/limits.h"
#include "data/base/utf8.h"

#include <math.h>

#define GRAM_DF_MIN 4 /* of both grams; fewer are chance */
static const float score_min = 2;

struct scan {
    struct expansion *x;
    struct bytes begin; /* of the terms that are walked over */
    uint32_t to, left;
    struct between *out;
    enum status status;
};

static void keep(struct between *between, uint32_t letter, float score)
{
    uint32_t at = between->count;

    if (at == BETWEEN_MAX && between->list[--at].score >= score)
        return;
    for (; at > 0 && between->list[at - 1].score < score; at--)
        between->list[at] = between->list[at - 1];
    between->list[at].letter = letter;
    between->list[at].score = score;
    between->count += between->count < BETWEEN_MAX;
}

static void weigh(struct scan *scan, uint32_t letter, uint64_t first)
{
    uint64_t second = 0, alone = 0;
    float score;

    scan->status = gram_df(scan->x, letter, scan->to, &second);
    if (scan->status == AF_OK && second >= GRAM_DF_MIN)
        scan->status = gram_df(scan->x, 0, letter, &alone);
    if (scan->status != AF_OK || second < GRAM_DF_MIN)
        return;
    score = log2f((float)first * (float)second / (float)(alone + 1));
    if (score >= score_min)
        keep(scan->out, letter, score);
}

static size_t visit(void *context, struct bytes term, uint64_t df)
{
    struct scan *scan = context;
    struct reader r = reader_of(term);
    uint32_t letter;

    if (scan->left == 0 || !bytes_has_prefix(term, scan->begin))
        return LEXICON_STOP;
    scan->left--;
    r.at += scan->begin.len;
    letter = utf8_next(&r);
    if (df >= GRAM_DF_MIN && !alternatives_never(letter))
        weigh(scan, letter, df);
    return scan->status == AF_OK ? LEXICON_NEXT : LEXICON_STOP;
}

enum status between_find(struct expansion *x, uint32_t from, uint32_t to, struct between *out)
{
    uint8_t text[GRAM_TERM_BYTES];
    struct scan scan = {.x = x, .to = to, .left = EXPAND_SCAN_MAX, .out = out};
    enum status status;

    out->count = 0;
    scan.begin = gram_term(text, 0, from);
    text[0] = TERM_GRAM2;
    status = lexicon_walk(x->lexicon, scan.begin, visit, &scan, x->err);
    return status == AF_OK ? scan.status : status;
}
