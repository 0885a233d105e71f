/* language.c: script first, then letters that only one language has, then function words.
 *
 * A guess decides stemming and the label beside an answer, never whether a case is found:
 * folding and grams are free of language. So it may be cheap, and it reads only the beginning. */
#include "indexer/text/language.h"

#include "data/base/utf8.h"
#include "indexer/text/language_latin.h"
#include "indexer/text/script.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#define SAMPLE_BYTES 4096 /* of the beginning */
#define KANA_SHARE 20     /* one kana in so many Han characters makes it Japanese */

struct counts {
    uint32_t han, kana, hangul, hant_only, hans_only, japan_only;
    uint32_t latin, cyrillic, greek, arabic, hebrew, devanagari, tamil;
    uint32_t thai, lao, khmer, myanmar, georgian, armenian;
};

static void count_script(struct counts *n, uint32_t cp)
{
    UErrorCode e = U_ZERO_ERROR;

    switch (uscript_getScript((UChar32)cp, &e)) {
    case USCRIPT_LATIN:
        n->latin++;
        break;
    case USCRIPT_CYRILLIC:
        n->cyrillic++;
        break;
    case USCRIPT_HANGUL:
        n->hangul++;
        break;
    case USCRIPT_GREEK:
        n->greek++;
        break;
    case USCRIPT_ARABIC:
        n->arabic++;
        break;
    case USCRIPT_HEBREW:
        n->hebrew++;
        break;
    case USCRIPT_DEVANAGARI:
        n->devanagari++;
        break;
    case USCRIPT_TAMIL:
        n->tamil++;
        break;
    case USCRIPT_THAI:
        n->thai++;
        break;
    case USCRIPT_LAO:
        n->lao++;
        break;
    case USCRIPT_KHMER:
        n->khmer++;
        break;
    case USCRIPT_MYANMAR:
        n->myanmar++;
        break;
    case USCRIPT_GEORGIAN:
        n->georgian++;
        break;
    case USCRIPT_ARMENIAN:
        n->armenian++;
        break;
    default:
        break;
    }
}

static void count_character(struct counts *n, uint32_t cp)
{
    unsigned v;

    if (cp < 0x80) {
        n->latin += (cp | 0x20) >= 'a' && (cp | 0x20) <= 'z';
        return;
    }
    v = cp < 0x10000 ? script_table[cp] : (unsigned)script_of(cp) | SCRIPT_HAN;
    if ((v & SCRIPT_KANA) != 0) {
        n->kana++;
    } else if ((v & SCRIPT_HAN) != 0 && (v & SCRIPT_MASK) == SCRIPT_CJK) {
        n->han++;
        n->hant_only += (v & SCRIPT_HANT_ONLY) != 0;
        n->hans_only += (v & SCRIPT_HANS_ONLY) != 0;
        n->japan_only += (v & SCRIPT_JAPAN_ONLY) != 0;
    } else if ((v & SCRIPT_MASK) != SCRIPT_OTHER) {
        count_script(n, cp);
    }
}

static void count_all(struct counts *n, struct bytes text)
{
    struct reader r = reader_of(text);

    while (r.at < r.end) {
        uint32_t cp = *r.at < 0x80 ? *r.at++ : utf8_next(&r);

        if (cp != UTF8_INVALID)
            count_character(n, cp);
    }
}

/* --- letters and words ---------------------------------------------------------------- */

static bool has_letter(const char *letters, uint32_t cp)
{
    struct reader r = reader_of(bytes_str(letters));

    while (r.at < r.end) {
        if (utf8_next(&r) == cp)
            return true;
    }
    return false;
}

static uint32_t count_letters(struct bytes text, const char *letters)
{
    struct reader r = reader_of(text);
    uint32_t count = 0;

    while (r.at < r.end) {
        uint32_t cp = utf8_next(&r);

        if (cp >= 0x80 && cp != UTF8_INVALID)
            count += has_letter(letters, (uint32_t)u_tolower((UChar32)cp));
    }
    return count;
}

static const char *detect_cyrillic(struct bytes text)
{
    if (count_letters(text, "ў") > 0)
        return "be";
    if (count_letters(text, "іїєґ") > 0)
        return "uk";
    if (count_letters(text, "ђћџљњј") > 0)
        return "sr";
    if (count_letters(text, "ыэё") > 0)
        return "ru";
    return count_letters(text, "ъ") > 2 ? "bg" : "ru";
}

static const char *detect_arabic(struct bytes text)
{
    return count_letters(text, "پچژگ") > 0 ? "fa" : "ar";
}

static const char *detect_han(const struct counts *n)
{
    if (n->kana * KANA_SHARE > n->han || n->japan_only > n->hant_only + n->hans_only)
        return "ja";
    return n->hant_only > n->hans_only ? "zh-Hant" : "zh-Hans";
}

/* The script of letters, Latin apart, that most of the text is in; three for a letter, six for a
 * Hangul syllable, since product names are Latin in every language. */
static const char *detect_script(const struct counts *n, struct bytes text, uint32_t *weight)
{
    const struct {
        uint32_t weight;
        const char *tag;
    } scripts[] = {
        {n->cyrillic * 3,   NULL},
        {n->arabic * 3,     NULL},
        {n->hangul * 6,     "ko"},
        {n->thai * 3,       "th"},
        {n->lao * 3,        "lo"},
        {n->khmer * 3,      "km"},
        {n->myanmar * 3,    "my"},
        {n->greek * 3,      "el"},
        {n->hebrew * 3,     "he"},
        {n->devanagari * 3, "hi"},
        {n->tamil * 3,      "ta"},
        {n->georgian * 3,   "ka"},
        {n->armenian * 3,   "hy"},
    };
    size_t best = 0;

    for (size_t i = 1; i < sizeof scripts / sizeof scripts[0]; i++) {
        if (scripts[i].weight > scripts[best].weight)
            best = i;
    }
    *weight = scripts[best].weight;
    if (best > 1)
        return scripts[best].tag;
    return best == 0 ? detect_cyrillic(text) : detect_arabic(text);
}

const char *language_detect(struct bytes text, const char *otherwise)
{
    struct bytes sample = utf8_cut(text, SAMPLE_BYTES);
    struct counts n = {0};
    const char *tag;
    uint32_t weight;

    count_all(&n, sample);
    if (n.han + n.kana > 0 && (n.han + n.kana) * 6 >= n.latin && n.han + n.kana >= n.hangul)
        return detect_han(&n);
    tag = detect_script(&n, sample, &weight);
    if (n.latin > weight)
        return language_latin(sample, otherwise);
    return weight == 0 ? otherwise : tag;
}
