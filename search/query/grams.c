#include "search/query/grams.h"

#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "indexer/text/script.h"

struct bytes gram_term(uint8_t out[GRAM_TERM_BYTES], uint32_t before, uint32_t letter)
{
    size_t len = 1;

    out[0] = before == 0 ? TERM_GRAM1 : TERM_GRAM2;
    if (before != 0)
        len += utf8_encode(before, out + len);
    len += utf8_encode(letter, out + len);
    return bytes_of(out, len);
}

enum status gram_df(struct expansion *x, uint32_t before, uint32_t letter, uint64_t *df)
{
    const struct term_entry *entries;
    uint8_t text[GRAM_TERM_BYTES];

    struct bytes term = gram_term(text, before, letter);
    enum status status = AF_OK;
    bool may = true;

    *df = 0;
    if (x->grams_asked >= EXPAND_GRAMS_ASKED_MAX)
        return AF_OK;
    x->grams_asked++;
    if (before != 0)
        status = lexicon_may_have(x->lexicon, term, &may, x->err);
    return status == AF_OK && may ? lexicon_find(x->lexicon, term, df, &entries, x->err) : status;
}

bool gram_says_nothing(uint32_t letter)
{
    static const uint32_t letters[] = U"的了是哪谁吗呢么吧啊们这那几何";

    for (const uint32_t *at = letters; *at != 0; at++)
        if (*at == letter)
            return true;
    return false;
}

struct scan {
    struct bytes begin; /* of the terms that are walked over */
    uint32_t left;
    gram_fn visit;
    void *context;
};

static size_t scan_visit(void *context, struct bytes term, uint64_t df)
{
    struct scan *scan = context;
    struct reader r = reader_of(term);

    if (scan->left == 0 || !bytes_has_prefix(term, scan->begin))
        return LEXICON_STOP;
    scan->left--;
    r.at += scan->begin.len;
    return scan->visit(scan->context, utf8_next(&r), df) ? LEXICON_NEXT : LEXICON_STOP;
}

enum status gram_after(struct expansion *x, uint32_t letter, gram_fn visit, void *context)
{
    uint8_t text[GRAM_TERM_BYTES];
    struct scan scan = {gram_term(text, 0, letter), EXPAND_SCAN_MAX, visit, context};

    text[0] = TERM_GRAM2;
    return lexicon_walk(x->lexicon, scan.begin, scan_visit, &scan, x->err);
}

uint32_t gram_letter_before(struct bytes folded, size_t end, size_t *begin)
{
    size_t at = end;
    uint32_t letter;

    if (end == 0)
        return 0;
    do
        at--;
    while (at > 0 && (folded.data[at] & 0xC0) == 0x80);
    *begin = at;
    letter = script_next(folded.data, &at);
    return script_of(letter) == SCRIPT_CJK ? letter : 0;
}

uint32_t gram_letter_after(struct bytes folded, size_t begin, size_t *end)
{
    uint32_t letter;

    if (begin == folded.len)
        return 0;
    letter = script_next(folded.data, &begin);
    *end = begin;
    return script_of(letter) == SCRIPT_CJK ? letter : 0;
}
