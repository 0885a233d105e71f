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
    if (x->gram_lookups >= EXPAND_GRAM_LOOKUPS_MAX)
        return AF_OK;
    x->gram_lookups++;
    if (before != 0)
        status = lexicon_may_have(x->lexicon, term, &may, x->err);
    return status == AF_OK && may ? lexicon_find(x->lexicon, term, df, &entries, x->err) : status;
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
