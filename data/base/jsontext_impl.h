/* jsontext_impl.h: what jsontext_compact.c and jsontext_walk.c share. */
#ifndef ASKFIRST_DATA_BASE_JSONTEXT_IMPL_H
#define ASKFIRST_DATA_BASE_JSONTEXT_IMPL_H

#include "data/base/jsontext.h"

/* Four hex digits of either case from the front; false when they are not there. */
static inline bool reader_hex4(struct reader *r, uint32_t *out)
{
    uint32_t v = 0;

    if (reader_left(r) < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        uint8_t b = r->at[i], low = b | 0x20;

        if (b >= '0' && b <= '9')
            v = v << 4 | (uint32_t)(b - '0');
        else if (low >= 'a' && low <= 'f')
            v = v << 4 | (uint32_t)(low - 'a' + 10);
        else
            return false;
    }
    r->at += 4;
    *out = v;
    return true;
}

#endif
