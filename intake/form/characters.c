#include "intake/form/characters.h"

#include <unicode/ubrk.h>
#include <unicode/utext.h>

/* Printable ASCII is what most values are: each byte is a character. */
static bool is_plain(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] < 0x20 || text.data[i] > 0x7E)
            return false;
    return true;
}

enum status characters_count(struct bytes text, size_t *count, struct error *err)
{
    UErrorCode e = U_ZERO_ERROR;
    UText units = UTEXT_INITIALIZER;
    UBreakIterator *breaks;
    size_t n = 0;

    if (is_plain(text)) {
        *count = text.len;
        return AF_OK;
    }
    breaks = ubrk_open(UBRK_CHARACTER, "", NULL, 0, &e);
    (void)utext_openUTF8(&units, (const char *)text.data, (int64_t)text.len, &e);
    if (breaks != NULL)
        ubrk_setUText(breaks, &units, &e);
    if (U_SUCCESS(e))
        while (ubrk_next(breaks) != UBRK_DONE)
            n++;
    (void)utext_close(&units);
    ubrk_close(breaks);
    if (U_FAILURE(e))
        return error_set(err, AF_NO_MEMORY, "no memory to count characters");
    *count = n;
    return AF_OK;
}
