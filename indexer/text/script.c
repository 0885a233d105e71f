#include "indexer/text/script.h"

#include <unicode/uchar.h>

/* Outside the BMP: ideographs and kana are planes 2, 3 and the kana supplements; the rest by
 * Unicode's own property, since it is rare. */
enum script script_of_astral(uint32_t cp)
{
    if ((cp >= 0x20000 && cp <= 0x3FFFF) || (cp >= 0x1AFF0 && cp <= 0x1B16F))
        return SCRIPT_CJK;
    if (u_getCombiningClass((UChar32)cp) != 0 || (U_GET_GC_MASK((UChar32)cp) & U_GC_M_MASK) != 0)
        return SCRIPT_EXTEND;
    return u_isUAlphabetic((UChar32)cp) ? SCRIPT_LETTER : SCRIPT_OTHER;
}

size_t script_run_end(struct bytes folded, size_t at, enum script script)
{
    while (at < folded.len) {
        size_t next = at;
        enum script s = script_of(script_next(folded.data, &next));

        if (s != script && s != SCRIPT_EXTEND)
            break;
        at = next;
    }
    return at;
}
