/* language_latin.c: function words and letters vote. The first words of the text are counted, then
 * each word of each list is looked up among them: 460 look-ups, however long the text. */
#include "indexer/text/language_latin.h"

#include "data/base/utf8.h"

#include <endian.h>
#include <unicode/uchar.h>

#define VOTE_WORDS_MAX 120 /* enough to be sure */
#define WORD_BYTES_MAX 8   /* no function word is longer: one is a number */
#define WORD_SLOTS 256     /* a power of two, twice VOTE_WORDS_MAX */
#define LETTER_SLOTS 256   /* the same for the letters of all languages, some 90 */
#define LEAST_SCORE 2      /* "v1.0" does not make a text Czech */
#define WORD_WEIGHT 4      /* of a function word of three letters or more; a listed letter: 1 */

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

/* How often the text has a word of the first ones, by its bytes as a number. */
struct word_count {
    uint64_t word;
    uint32_t count; /* 0: a free slot */
};

/* The languages that a letter points at, a bit each. */
struct letter_langs {
    uint32_t letter, langs; /* 0: a free slot */
};

_Static_assert(LATIN_COUNT <= 32, "a bit for each language");

static uint32_t slot_of(uint64_t key)
{
    return (uint32_t)(key * 0x9E3779B97F4A7C15u >> 56);
}

static struct word_count *find_word(struct word_count *words, uint64_t word)
{
    uint32_t at = slot_of(word);

    while (words[at].count != 0 && words[at].word != word)
        at = (at + 1) % WORD_SLOTS;
    return &words[at];
}

static struct letter_langs *find_letter(struct letter_langs *letters, uint32_t letter)
{
    uint32_t at = slot_of(letter);

    while (letters[at].langs != 0 && letters[at].letter != letter)
        at = (at + 1) % LETTER_SLOTS;
    return &letters[at];
}

/* The next word in lower case as a number, its first byte lowest; 0 when it is too long for a
 * function word. False at the end. */
static bool next_word(struct reader *r, uint64_t *word)
{
    uint8_t bytes[WORD_BYTES_MAX + 4] = {0};
    size_t len = 0;

    while (r->at < r->end) {
        uint32_t cp = *r->at < 0x80 ? *r->at++ : utf8_next(r);
        bool is_letter = cp < 0x80 ? (cp | 0x20) >= 'a' && (cp | 0x20) <= 'z'
                                   : cp != UTF8_INVALID && u_isalpha((UChar32)cp);

        if (!is_letter && len > 0)
            break;
        if (is_letter && len <= WORD_BYTES_MAX)
            len +=
                utf8_encode(cp < 0x80 ? cp | 0x20 : (uint32_t)u_tolower((UChar32)cp), bytes + len);
    }
    memcpy(word, bytes, sizeof *word);
    *word = le64toh(*word);
    if (len > WORD_BYTES_MAX)
        *word = 0;
    return len > 0;
}

static void vote_by_words(struct bytes text, uint32_t score[LATIN_COUNT])
{
    struct word_count words[WORD_SLOTS] = {0};
    struct reader r = reader_of(text);
    uint64_t word;

    for (int left = VOTE_WORDS_MAX; left > 0 && next_word(&r, &word); left--) {
        struct word_count *found = find_word(words, word);

        found->word = word;
        found->count++;
    }
    for (size_t i = 0; i < LATIN_COUNT; i++) {
        struct reader list = reader_of(bytes_str(latins[i].words));

        while (next_word(&list, &word)) {
            uint32_t weight = word >> 16 != 0 ? WORD_WEIGHT : word >> 8 != 0 ? 2 : 1;

            score[i] += weight * find_word(words, word)->count;
        }
    }
}

static void vote_by_letters(struct bytes text, uint32_t score[LATIN_COUNT])
{
    struct letter_langs letters[LETTER_SLOTS] = {0};
    struct reader r;

    for (size_t i = 0; i < LATIN_COUNT; i++) {
        for (r = reader_of(bytes_str(latins[i].letters)); r.at < r.end;) {
            uint32_t letter = utf8_next(&r);
            struct letter_langs *found = find_letter(letters, letter);

            found->letter = letter;
            found->langs |= 1u << i;
        }
    }
    for (r = reader_of(text); r.at < r.end;) {
        uint32_t cp = *r.at < 0x80 ? *r.at++ : utf8_next(&r);

        if (cp < 0x80 || cp == UTF8_INVALID)
            continue;
        cp = (uint32_t)u_tolower((UChar32)cp);
        for (uint32_t langs = find_letter(letters, cp)->langs; langs != 0; langs &= langs - 1)
            score[__builtin_ctz(langs)]++;
    }
}

const char *language_latin(struct bytes text, const char *otherwise)
{
    uint32_t score[LATIN_COUNT] = {0};
    size_t best = 0;

    vote_by_words(text, score);
    vote_by_letters(text, score);
    for (size_t i = 0; i < LATIN_COUNT; i++) {
        if (score[i] > score[best])
            best = i;
    }
    return score[best] >= LEAST_SCORE ? latins[best].tag : otherwise;
}
