/* The language of any bytes is a tag in ASCII, always the same one; nothing to go by gives the
 * one that was handed in. The tag is also put to those who read tags. */
#include "tests/fuzz/fuzz.h"

#include "indexer/text/language.h"
#include "intake/web/i18n.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char otherwise[] = "otherwise";
    struct bytes text = bytes_of(data, size);
    const char *tag = language_detect(text, otherwise);
    enum lang lang;

    ENSURE(tag != NULL && tag == language_detect(text, otherwise));
    ENSURE(!bytes_is_blank(text) || tag == otherwise);
    if (tag != otherwise)
        ENSURE(strlen(tag) >= 2 && strlen(tag) <= 8);
    ENSURE((unsigned)lang_accept(text) < LANG_COUNT);
    if (lang_of_tag(text, &lang))
        ENSURE((unsigned)lang < LANG_COUNT && lang_accept(bytes_str(lang_tag(lang))) == lang);
    return 0;
}
