/* language.c: script first, then letters that only one language has, then function words.
 *
 * A guess decides stemming and the label beside an answer, never whether a case is found:
 * folding and grams are free of language. So it may be cheap, and it reads only the beginning. */
#include "indexer/language.h"

#include "data/base/utf8.h"
#include "indexer/script.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

#define SAMPLE_BYTES 4096  /* of the beginning */
#define VOTE_WORDS_MAX 120 /* enough to be sure, and 0.1 ms */
#define WORD_BYTES_MAX 16  /* no function word is longer */
#define KANA_SHARE 20      /* one kana in so many Han characters makes it Japanese */
#define LEAST_SCORE 2      /* "v1.0" does not make a text Czech */
#define WORD_WEIGHT 4      /* of a function word of three letters or more; a listed letter: 1 */

struct counts {
    uint32_t han, kana, hangul, hant_only, hans_only, japan_only;
    uint32_t latin, cyrillic, greek, arabic, hebrew, devanagari, tamil;
    uint32_t thai, lao, khmer, myanmar, georgian, armenian;
};

/* Languages written in Latin letters: their commonest words that few others share, as folded
 * by lower case alone, each between blanks; and letters that point at them. */
static const struct latin {
    const char *tag, *words, *letters;
} latins[] = {
  /* clang-format off */
    {"en",
     " the a of and to in is it you that for on are with not this have be from or can "
     "your when what how does cannot i my we by an as at if was after do up out set "
     "using add new no only ",
     ""},
    {"de",
     " der die das und ist nicht ein eine zu mit auf den dem von für sie es im wird "
     "werden kann bei wie oder auch nach ich wenn einen ",
     "ßäöü"},
    {"fr",
     " le la les des et est une un pour dans que qui ne pas sur avec vous du au ce "
     "cette par il je plus ou être votre sont aux ",
     "êèçœ"},
    {"es",
     " el los las y es una un para en que no con por del se su al como más lo cuando "
     "está puede usted si o pero este ",
     "ñ¿¡"},
    {"it",
     " il lo gli e è una un per di che non con sono del della nel si al dei delle "
     "come più questo quando alla da ",
     "ìò"},
    {"pt",
     " o os as e é uma um para em que não com por do da no na se ao como mais você "
     "quando são dos das pode ",
     "ãõ"},
    {"nl",
     " de het een en is niet van voor op met zijn dat te in er aan bij naar om wordt "
     "kan u ook deze als dit ik wanneer ",
     ""},
    {"sv",
     " och att det är en ett inte som på för med av den till har jag kan om du från "
     "när eller ",
     "åäö"},
    {"da",
     " og at det er en et ikke som på for med af den til har jeg kan hvis du fra når "
     "eller ",
     "æøå"},
    {"no",
     " og at det er en et ikke som på for med av den til har jeg kan hvis du fra når "
     "eller etter ",
     "æøå"},
    {"fi",
     " ja on ei se että voi oli kun myös tai ole joka mutta kuin sen olen ovat hän ",
     "äö"},
    {"pl",
     " i w na nie się z jest do to że jak dla przez po o od czy można lub być są ",
     "ąęłśżźćń"},
    {"cs",
     " a v na se je že to s z do pro jako není ale nebo který jsou při jsem být ",
     "ěřůčšž"},
    {"hu",
     " a az és hogy nem egy is van meg ez de ha csak mint vagy lehet ki el ",
     "őűö"},
    {"ro",
     " și în de la nu este o un cu pe că pentru sau din care mai sunt se ",
     "șțăâî"},
    {"tr",
     " ve bir bu için ile de da değil olarak var çok daha ne gibi nasıl mi ben ",
     "ğışç"},
    {"vi",
     " và của là không có được cho các trong với này một khi để bạn tôi ",
     "ơưđạảấầậẻếệọộợụ"},
    {"id",
     " dan yang di tidak ini itu untuk dengan dari pada ke adalah anda dapat akan "
     "atau saya bisa ",
     ""},
    {"ca",
     " el la els les i és una un per amb que no del al com més o aquest quan ",
     "ï·"},
    {"lt",
     " ir yra ne kad su iš į tai kaip bet ar nuo po jūs ",
     "ėųįš"},
  /* clang-format on */
};

#define LATIN_COUNT (sizeof latins / sizeof latins[0])

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
        uint32_t cp = utf8_next(&r);

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

/* Is `word`, which stands between blanks, in a list of words between blanks? */
static bool has_word(const char *words, const uint8_t *word, size_t len)
{
    return memmem(words, strlen(words), word, len) != NULL;
}

/* The next word in lower case between blanks; its length with them, 0 at the end. A longer word
 * comes out cut, and so is no function word, since all of those are shorter. */
static size_t next_word(struct reader *r, uint8_t word[WORD_BYTES_MAX + 8])
{
    size_t len = 1;

    word[0] = ' ';
    while (r->at < r->end) {
        uint32_t cp = utf8_next(r);
        bool is_letter = cp != UTF8_INVALID && u_isalpha((UChar32)cp);

        if (is_letter && len <= WORD_BYTES_MAX)
            len += utf8_encode((uint32_t)u_tolower((UChar32)cp), word + len);
        if (!is_letter && len > 1)
            break;
    }
    word[len] = ' ';
    return len == 1 ? 0 : len + 1;
}

static const char *detect_latin(struct bytes text, const char *otherwise)
{
    uint32_t score[LATIN_COUNT] = {0};
    struct reader r = reader_of(text);
    uint8_t word[WORD_BYTES_MAX + 8];
    size_t len, best = 0;

    for (int left = VOTE_WORDS_MAX; left > 0 && (len = next_word(&r, word)) > 0; left--) {
        uint32_t weight = len > 4 ? WORD_WEIGHT : (uint32_t)len - 2;

        for (size_t i = 0; i < LATIN_COUNT; i++)
            score[i] += has_word(latins[i].words, word, len) ? weight : 0;
    }
    for (size_t i = 0; i < LATIN_COUNT; i++) {
        score[i] += count_letters(text, latins[i].letters);
        if (score[i] > score[best])
            best = i;
    }
    return score[best] >= LEAST_SCORE ? latins[best].tag : otherwise;
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
        return detect_latin(sample, otherwise);
    return weight == 0 ? otherwise : tag;
}
