/* language_latin_table_gen.c: the words and letters that tell languages apart, as tables; run while
 * building, so that a short question costs what it has of words, not what the lists have. */
#include "indexer/text/language_latin_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>

#define WORD_BYTES_MAX 8 /* no function word is longer: one is a number */

/* Languages written in Latin letters: their commonest words that few others share, as folded
 * by lower case alone, each between blanks; and letters that point at them. */
static const struct latin {
    const char *tag, *words;
    const char32_t *letters;
} latins[] = {
  /* clang-format off */
    {"en",
     " the a of and to in is it you that for on are with not this have be from or can "
     "your when what how does cannot i my we by an as at if was after do up out set "
     "using add new no only ",
     U""},
    {"de",
     " der die das und ist nicht ein eine zu mit auf den dem von für sie es im wird "
     "werden kann bei wie oder auch nach ich wenn einen ",
     U"ßäöü"},
    {"fr",
     " le la les des et est une un pour dans que qui ne pas sur avec vous du au ce "
     "cette par il je plus ou être votre sont aux ",
     U"êèçœ"},
    {"es",
     " el los las y es una un para en que no con por del se su al como más lo cuando "
     "está puede usted si o pero este ",
     U"ñ¿¡"},
    {"it",
     " il lo gli e è una un per di che non con sono del della nel si al dei delle "
     "come più questo quando alla da ",
     U"ìò"},
    {"pt",
     " o os as e é uma um para em que não com por do da no na se ao como mais você "
     "quando são dos das pode ",
     U"ãõ"},
    {"nl",
     " de het een en is niet van voor op met zijn dat te in er aan bij naar om wordt "
     "kan u ook deze als dit ik wanneer ",
     U""},
    {"sv",
     " och att det är en ett inte som på för med av den till har jag kan om du från "
     "när eller ",
     U"åäö"},
    {"da",
     " og at det er en et ikke som på for med af den til har jeg kan hvis du fra når "
     "eller ",
     U"æøå"},
    {"no",
     " og at det er en et ikke som på for med av den til har jeg kan hvis du fra når "
     "eller etter ",
     U"æøå"},
    {"fi",
     " ja on ei se että voi oli kun myös tai ole joka mutta kuin sen olen ovat hän ",
     U"äö"},
    {"pl",
     " i w na nie się z jest do to że jak dla przez po o od czy można lub być są ",
     U"ąęłśżźćń"},
    {"cs",
     " a v na se je že to s z do pro jako není ale nebo který jsou při jsem být ",
     U"ěřůčšž"},
    {"hu",
     " a az és hogy nem egy is van meg ez de ha csak mint vagy lehet ki el ",
     U"őűö"},
    {"ro",
     " și în de la nu este o un cu pe că pentru sau din care mai sunt se ",
     U"șțăâî"},
    {"tr",
     " ve bir bu için ile de da değil olarak var çok daha ne gibi nasıl mi ben ",
     U"ğışç"},
    {"vi",
     " và của là không có được cho các trong với này một khi để bạn tôi ",
     U"ơưđạảấầậẻếệọộợụ"},
    {"id",
     " dan yang di tidak ini itu untuk dengan dari pada ke adalah anda dapat akan "
     "atau saya bisa ",
     U""},
    {"ca",
     " el la els les i és una un per amb que no del al com més o aquest quan ",
     U"ï·"},
    {"lt",
     " ir yra ne kad su iš į tai kaip bet ar nuo po jūs ",
     U"ėųįš"},
  /* clang-format on */
};

#define LATIN_COUNT (sizeof latins / sizeof latins[0])

static struct latin_word words[LATIN_SLOTS];
static struct latin_letter letters[LATIN_SLOTS];
static unsigned words_count, letters_count;

_Static_assert(LATIN_COUNT <= LATIN_LANGS_MAX, "a bit for each language");

_Noreturn static void die(const char *what, const char *tag)
{
    fprintf(stderr, "language_latin_table_gen: %s in the list of %s\n", what, tag);
    exit(1);
}

static void add_word(uint64_t word, unsigned lang)
{
    uint32_t at = latin_slot(word);

    while (words[at].langs != 0 && words[at].word != word)
        at = (at + 1) % LATIN_SLOTS;
    if ((words[at].langs >> lang & 1) != 0)
        die("a word is twice", latins[lang].tag);
    words_count += words[at].langs == 0;
    words[at].word = word;
    words[at].langs |= 1u << lang;
}

static void add_letter(uint32_t letter, unsigned lang)
{
    uint32_t at = latin_slot(letter);

    while (letters[at].langs != 0 && letters[at].letter != letter)
        at = (at + 1) % LATIN_SLOTS;
    letters_count += letters[at].langs == 0;
    letters[at].letter = letter;
    letters[at].langs |= 1u << lang;
}

static void add_language(unsigned lang)
{
    uint64_t word = 0;
    unsigned len = 0;

    for (const char *c = latins[lang].words; *c != 0; c++) {
        if (*c != ' ') {
            if (len == WORD_BYTES_MAX)
                die("a word is too long", latins[lang].tag);
            word |= (uint64_t)(unsigned char)*c << 8 * len++;
            continue;
        }
        if (len > 0)
            add_word(word, lang);
        word = len = 0;
    }
    if (len > 0)
        die("no blank is at the end", latins[lang].tag);
    for (const char32_t *letter = latins[lang].letters; *letter != 0; letter++)
        add_letter((uint32_t)*letter, lang);
}

int main(void)
{
    for (unsigned i = 0; i < LATIN_COUNT; i++)
        add_language(i);
    if (words_count > LATIN_SLOTS / 2 || letters_count > LATIN_SLOTS / 2)
        die("too many words", "all languages");
    printf("/* Written by indexer/text/language_latin_table_gen.c. */\n"
           "#include \"indexer/text/language_latin_table.h\"\n\n"
           "const unsigned latin_count = %u;\n"
           "const char *const latin_tags[] = {",
           (unsigned)LATIN_COUNT);
    for (unsigned i = 0; i < LATIN_COUNT; i++)
        printf("\"%s\", ", latins[i].tag);
    printf("};\nconst struct latin_word latin_words[LATIN_SLOTS] = {\n");
    for (unsigned i = 0; i < LATIN_SLOTS; i++)
        if (words[i].langs != 0)
            printf("[%u] = {0x%llx, 0x%x},\n", i, (unsigned long long)words[i].word,
                   (unsigned)words[i].langs);
    printf("};\nconst struct latin_letter latin_letters[LATIN_SLOTS] = {\n");
    for (unsigned i = 0; i < LATIN_SLOTS; i++)
        if (letters[i].langs != 0)
            printf("[%u] = {0x%x, 0x%x},\n", i, (unsigned)letters[i].letter,
                   (unsigned)letters[i].langs);
    printf("};\n");
    return ferror(stdout) || fflush(stdout) != 0;
}
