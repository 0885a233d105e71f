#include "indexer/text/question.h"

#include "data/base/hash.h"
#include "data/base/utf8.h"

#include <unicode/uchar.h>

static bool counts(uint32_t cp)
{
    if (cp < 0x80)
        return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') || cp == '+' || cp == '#';
    return cp != UTF8_INVALID &&
           (U_MASK(u_charType((UChar32)cp)) & (U_GC_L_MASK | U_GC_M_MASK | U_GC_N_MASK)) != 0;
}

bool question_term(struct bytes folded, uint8_t term[QUESTION_TERM_BYTES])
{
    static const char hex[] = "0123456789abcdef";
    const uint64_t prime = UINT64_C(0x100000001B3); /* FNV-1a, then mixed by the checksum */
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    struct reader r = reader_of(folded);
    uint8_t mixed[8];
    struct bytes part = bytes_of(mixed, sizeof mixed);
    bool any = false;

    while (reader_left(&r) > 0) {
        const uint8_t *from = r.at;

        if (!counts(utf8_next(&r)))
            continue;
        any = true;
        for (; from < r.at; from++)
            hash = (hash ^ *from) * prime;
    }
    put_be64(mixed, hash);
    hash = checksum64(0, &part, 1);
    term[0] = TERM_REPEAT;
    for (unsigned i = 0; i < 16; i++)
        term[1 + i] = (uint8_t)hex[hash >> (60 - 4 * i) & 15];
    return any;
}
