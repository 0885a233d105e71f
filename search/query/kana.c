#include "search/query/kana.h"

#include <string.h>

#define COUNT_OF(a) (sizeof(a) / sizeof *(a))

/* --- kana for kana ------------------------------------------------------------------------ */

/* Each line: letters that are typed for each other. */
static const uint16_t classes[][3] = {
    {0x3041,  0x3042}, /* ぁあ */
    {0x3043,  0x3044}, /* ぃい */
    {0x3045,  0x3046, 0x3094}, /* ぅうゔ */
    {0x3047,       0x3048       }, /* ぇえ */
    {0x3049,       0x304A}, /* ぉお */
    {0x3063,       0x3064,        0x3065}, /* っつづ */
    {0x3083, 0x3084}, /* ゃや */
    {0x3085, 0x3086       }, /* ゅゆ */
    {0x3087, 0x3088}, /* ょよ */
    {0x308E, 0x308F       }, /* ゎわ */
};

#define KA 0x304B /* か, and from it to ど each with its voice after it, but for っ */
#define DO 0x3069
#define HA 0x306F /* は ば ぱ, up to ぽ */
#define PO 0x307D

static bool is_voiced_row(uint32_t kana)
{
    return kana >= KA && kana <= DO && !(kana >= 0x3063 && kana <= 0x3065);
}

size_t kana_variants(uint32_t kana, uint32_t out[KANA_VARIANTS])
{
    size_t count = 0;

    for (size_t i = 0; i < COUNT_OF(classes); i++)
        for (size_t j = 0; j < 3; j++)
            for (size_t k = 0; classes[i][j] == kana && k < 3; k++)
                if (k != j && classes[i][k] != 0)
                    out[count++] = classes[i][k];
    if (is_voiced_row(kana)) {
        uint32_t past = kana > 0x3063 ? 1 : 0; /* って comes after っ, so pairs are shifted */

        out[count++] = (kana - KA - past) % 2 == 0 ? kana + 1 : kana - 1;
    }
    for (uint32_t i = 0; kana >= HA && kana <= PO && i < 3; i++)
        if (i != (kana - HA) % 3)
            out[count++] = kana - (kana - HA) % 3 + i;
    return count;
}

#define VOWELS 5

/* 0 … 4 for a i u e o; VOWELS: none of them. */
static unsigned vowel_index(uint8_t letter)
{
    static const uint8_t vowels[VOWELS] = {'a', 'i', 'u', 'e', 'o'};
    unsigned i = 0;

    while (i < VOWELS && vowels[i] != letter)
        i++;
    return i;
}

/* The vowel a kana ends in. */
static unsigned vowel_of(uint32_t kana)
{
    static const char vowels[] = "aaiiuueeoo"           /* ぁ … お */
                                 "aaiiuueeooaaiiuueeoo" /* か … ぞ */
                                 "aaiiuuueeoo"          /* た … ど, with っ */
                                 "aiueo"                /* な … の */
                                 "aaaiiiuuueeeooo"      /* は … ぽ */
                                 "aiueo"                /* ま … も */
                                 "aauuoo"               /* ゃ … よ */
                                 "aiueo"                /* ら … ろ */
                                 "aaieo";               /* ゎ わ ゐ ゑ を */

    if (kana < 0x3041 || kana >= 0x3041 + sizeof vowels - 1)
        return VOWELS;
    return vowel_index((uint8_t)vowels[kana - 0x3041]);
}

bool kana_is_long(uint32_t before, uint32_t kana)
{
    static const uint16_t plain[] = {0x3042, 0x3044, 0x3046, 0x3048, 0x304A}; /* あ い う え お */
    unsigned vowel = vowel_of(before);

    if (vowel == VOWELS)
        return false;
    if (kana == plain[vowel])
        return true;
    return (vowel == 4 && kana == plain[2]) || (vowel == 3 && kana == plain[1]); /* おう えい */
}

/* --- romaji ------------------------------------------------------------------------------- */

/* A row: its consonant and the five kana with a i u e o, 0 where there is none; `small`: what
 * follows each, as 1 + the number of ぁぃぅぇぉゃゅょ. */
enum { NONE, SA, SI, SU, SE, SO, YA, YU, YO };

static const struct row {
    char consonant[4];
    uint16_t kana[5];
    uint8_t small[5];
} rows[] = {
    {"",    {0x3042, 0x3044, 0x3046, 0x3048, 0x304A}, {0}                 },
    {"k",   {0x304B, 0x304D, 0x304F, 0x3051, 0x3053}, {0}                 },
    {"c",   {0x304B, 0, 0x304F, 0, 0x3053},           {0}                 },
    {"g",   {0x304C, 0x304E, 0x3050, 0x3052, 0x3054}, {0}                 },
    {"s",   {0x3055, 0x3057, 0x3059, 0x305B, 0x305D}, {0}                 },
    {"z",   {0x3056, 0x3058, 0x305A, 0x305C, 0x305E}, {0}                 },
    {"j",   {0x3058, 0x3058, 0x3058, 0x3058, 0x3058}, {YA, 0, YU, SE, YO} },
    {"t",   {0x305F, 0x3061, 0x3064, 0x3066, 0x3068}, {0}                 },
    {"d",   {0x3060, 0x3062, 0x3065, 0x3067, 0x3069}, {0}                 },
    {"n",   {0x306A, 0x306B, 0x306C, 0x306D, 0x306E}, {0}                 },
    {"h",   {0x306F, 0x3072, 0x3075, 0x3078, 0x307B}, {0}                 },
    {"f",   {0x3075, 0x3075, 0x3075, 0x3075, 0x3075}, {SA, SI, 0, SE, SO} },
    {"b",   {0x3070, 0x3073, 0x3076, 0x3079, 0x307C}, {0}                 },
    {"p",   {0x3071, 0x3074, 0x3077, 0x307A, 0x307D}, {0}                 },
    {"m",   {0x307E, 0x307F, 0x3080, 0x3081, 0x3082}, {0}                 },
    {"y",   {0x3084, 0, 0x3086, 0, 0x3088},           {0}                 },
    {"r",   {0x3089, 0x308A, 0x308B, 0x308C, 0x308D}, {0}                 },
    {"w",   {0x308F, 0x3046, 0, 0x3046, 0x3092},      {0, SI, 0, SE, 0}   },
    {"v",   {0x3094, 0x3094, 0x3094, 0x3094, 0x3094}, {SA, SI, 0, SE, SO} },
    {"x",   {0x3041, 0x3043, 0x3045, 0x3047, 0x3049}, {0}                 },
    {"l",   {0x3041, 0x3043, 0x3045, 0x3047, 0x3049}, {0}                 },
    {"xt",  {0, 0, 0x3063, 0, 0},                     {0}                 },
    {"lt",  {0, 0, 0x3063, 0, 0},                     {0}                 },
    {"xy",  {0x3083, 0, 0x3085, 0, 0x3087},           {0}                 },
    {"ly",  {0x3083, 0, 0x3085, 0, 0x3087},           {0}                 },
    {"ky",  {0x304D, 0x304D, 0x304D, 0x304D, 0x304D}, {YA, SI, YU, SE, YO}},
    {"gy",  {0x304E, 0x304E, 0x304E, 0x304E, 0x304E}, {YA, SI, YU, SE, YO}},
    {"sy",  {0x3057, 0x3057, 0x3057, 0x3057, 0x3057}, {YA, SI, YU, SE, YO}},
    {"sh",  {0x3057, 0x3057, 0x3057, 0x3057, 0x3057}, {YA, 0, YU, SE, YO} },
    {"zy",  {0x3058, 0x3058, 0x3058, 0x3058, 0x3058}, {YA, SI, YU, SE, YO}},
    {"jy",  {0x3058, 0x3058, 0x3058, 0x3058, 0x3058}, {YA, SI, YU, SE, YO}},
    {"ty",  {0x3061, 0x3061, 0x3061, 0x3061, 0x3061}, {YA, SI, YU, SE, YO}},
    {"ch",  {0x3061, 0x3061, 0x3061, 0x3061, 0x3061}, {YA, 0, YU, SE, YO} },
    {"cy",  {0x3061, 0x3061, 0x3061, 0x3061, 0x3061}, {YA, SI, YU, SE, YO}},
    {"ts",  {0x3064, 0x3064, 0x3064, 0x3064, 0x3064}, {SA, SI, 0, SE, SO} },
    {"th",  {0x3066, 0x3066, 0x3066, 0x3066, 0x3066}, {YA, SI, YU, SE, YO}},
    {"dh",  {0x3067, 0x3067, 0x3067, 0x3067, 0x3067}, {YA, SI, YU, SE, YO}},
    {"dy",  {0x3062, 0x3062, 0x3062, 0x3062, 0x3062}, {YA, SI, YU, SE, YO}},
    {"tw",  {0x3068, 0x3068, 0x3068, 0x3068, 0x3068}, {SA, SI, SU, SE, SO}},
    {"dw",  {0x3069, 0x3069, 0x3069, 0x3069, 0x3069}, {SA, SI, SU, SE, SO}},
    {"ny",  {0x306B, 0x306B, 0x306B, 0x306B, 0x306B}, {YA, SI, YU, SE, YO}},
    {"hy",  {0x3072, 0x3072, 0x3072, 0x3072, 0x3072}, {YA, SI, YU, SE, YO}},
    {"by",  {0x3073, 0x3073, 0x3073, 0x3073, 0x3073}, {YA, SI, YU, SE, YO}},
    {"py",  {0x3074, 0x3074, 0x3074, 0x3074, 0x3074}, {YA, SI, YU, SE, YO}},
    {"my",  {0x307F, 0x307F, 0x307F, 0x307F, 0x307F}, {YA, SI, YU, SE, YO}},
    {"ry",  {0x308A, 0x308A, 0x308A, 0x308A, 0x308A}, {YA, SI, YU, SE, YO}},
    {"fy",  {0x3075, 0, 0x3075, 0, 0x3075},           {YA, 0, YU, 0, YO}  },
    {"kw",  {0x304F, 0x304F, 0, 0x304F, 0x304F},      {SA, SI, 0, SE, SO} },
    {"q",   {0x304F, 0x304F, 0x304F, 0x304F, 0x304F}, {SA, SI, 0, SE, SO} },
    {"xts", {0, 0, 0x3063, 0, 0},                     {0}                 },
    {"lts", {0, 0, 0x3063, 0, 0},                     {0}                 },
};
static const uint16_t smalls[] = {0,      0x3041, 0x3043, 0x3045, 0x3047,
                                  0x3049, 0x3083, 0x3085, 0x3087};

#define N 0x3093 /* ん */

static bool is_one_of(const char *letters, uint8_t letter)
{
    return letter != '\0' && strchr(letters, letter) != NULL;
}

/* Letters of the syllable that begins here; 0: none does. */
static size_t take_syllable(const uint8_t *text, size_t count, uint32_t out[2], size_t *kana)
{
    size_t consonants = 0;
    unsigned vowel;

    while (consonants < count && consonants < 3 && vowel_index(text[consonants]) == VOWELS)
        consonants++;
    if (consonants == count || (vowel = vowel_index(text[consonants])) == VOWELS)
        return 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (strlen(rows[i].consonant) != consonants ||
            memcmp(rows[i].consonant, text, consonants) != 0 || rows[i].kana[vowel] == 0)
            continue;
        *kana = 0;
        out[(*kana)++] = rows[i].kana[vowel];
        if (rows[i].small[vowel] != NONE)
            out[(*kana)++] = smalls[rows[i].small[vowel]];
        return consonants + 1;
    }
    return 0;
}

/* ん, っ and ー, which no vowel ends; how many letters they take. */
static size_t take_alone(const uint8_t *text, size_t count, uint32_t *out)
{
    uint8_t next = count > 1 ? text[1] : 0;

    if (text[0] == '-') {
        *out = KANA_LONG;
        return 1;
    }
    if (text[0] == 'n' && !is_one_of("aiueoy", next)) {
        *out = N;
        /* nn is typed for ん, but in konna it is んな */
        return next == 'n' && !is_one_of("aiueoy", count > 2 ? text[2] : 0) ? 2
               : next == '\''                                               ? 2
                                                                            : 1;
    }
    *out = text[0] == 'm' ? N : KANA_TSU;
    if (text[0] == 'm' && is_one_of("bpm", next))
        return 1;
    if (is_one_of("kgsztdhfbpcjrmyw", text[0]) &&
        (next == text[0] || (text[0] == 't' && next == 'c')))
        return 1;
    return 0;
}

size_t kana_of_romaji(const uint8_t *text, size_t count, bool unfinished, uint32_t *out, size_t max)
{
    size_t kana = 0;

    for (size_t at = 0, taken; at < count; at += taken) {
        uint32_t got[2];
        size_t n = 1;

        if ((taken = take_alone(text + at, count - at, got)) == 0)
            taken = take_syllable(text + at, count - at, got, &n);
        if (taken == 0)
            return unfinished && count - at <= 2 && vowel_index(text[count - 1]) == VOWELS ? kana
                                                                                           : 0;
        if (kana + n > max)
            return 0;
        memcpy(out + kana, got, n * sizeof *got);
        kana += n;
    }
    return kana;
}
