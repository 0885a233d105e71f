/* pinyin_table_gen.c: how Han characters are read, and which are read alike; run while building.
 *
 *   Unihan_Readings (on the standard input)     U+884C  kHanyuPinlu  xíng(2943) háng(218)
 *   → without tones, of folded characters       行: xing hang
 *   → by syllable, most used first              xing: 行 性 形 型 …   near: xin
 *
 * How often a reading is used: the counts of kHanyuPinlu (a frequency dictionary of today's
 * Chinese); readings that only dictionaries have (kTGHZ2013, kXHC1983) come after those, and
 * kMandarin alone names a character that nobody types, so no syllable lists it.
 *
 * Unihan is from Debian's unicode-data, under the licence of Unicode, Inc. */
#include "indexer/text/fold_table.h"
#include "indexer/text/pinyin_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LETTERS (PINYIN_LETTER_END - PINYIN_LETTER_FIRST)
#define READINGS_MAX 24 /* of one class of characters, before the least are left out */
#define SYLLABLES_MAX 600
#define COUNTED 10 /* for each time that a reading was counted */
#define LISTED 5   /* for a dictionary that has it */
#define NAMED 1
#define RARE_PART 50 /* a reading that is used less than 1 time in so many is never meant */

struct reading {
    char name[PINYIN_NAME_MAX];
    long weight;
    unsigned syllable;
};

static struct letter {
    struct reading readings[READINGS_MAX];
    unsigned count;
} letters[LETTERS];

static char names[SYLLABLES_MAX][PINYIN_NAME_MAX];
static unsigned names_count;

_Noreturn static void die(const char *what)
{
    fprintf(stderr, "pinyin_table_gen: %s\n", what);
    exit(1);
}

/* --- reading ------------------------------------------------------------------------------ */

/* A vowel without its tone; v is ü, as it is typed. 0: not a letter of a syllable (ê, m̀, ǹ). */
static char plain(unsigned c)
{
    static const struct {
        unsigned marked[5];
        char plain;
    } vowels[] = {
        {{0x101, 0xE1, 0x1CE, 0xE0},         'a'},
        {{0x113, 0xE9, 0x11B, 0xE8},         'e'},
        {{0x12B, 0xED, 0x1D0, 0xEC},         'i'},
        {{0x14D, 0xF3, 0x1D2, 0xF2},         'o'},
        {{0x16B, 0xFA, 0x1D4, 0xF9},         'u'},
        {{0x1D6, 0x1D8, 0x1DA, 0x1DC, 0xFC}, 'v'}
    };

    if (c >= 'a' && c <= 'z')
        return (char)c;
    for (size_t i = 0; i < sizeof vowels / sizeof *vowels; i++)
        for (size_t k = 0; k < 5; k++)
            if (vowels[i].marked[k] == c)
                return vowels[i].plain;
    return 0;
}

/* The syllable at `text` without its tone; what comes after it, or NULL when it is none. */
static const char *read_syllable(const char *text, char out[PINYIN_NAME_MAX])
{
    size_t len = 0;

    for (; *text != '\0' && strchr(" (,\n", *text) == NULL; text++) {
        unsigned c = (unsigned char)*text;

        if (c >= 0xC0)
            c = (c & 0x1F) << 6 | ((unsigned char)*++text & 0x3F);
        if (len + 1 == PINYIN_NAME_MAX || (out[len] = plain(c)) == 0)
            return NULL;
        len++;
    }
    out[len] = '\0';
    return len > 0 && strpbrk(out, "aeiouv") != NULL ? text : NULL;
}

static void add_reading(struct letter *letter, const char *name, long weight)
{
    unsigned i = 0;

    while (i < letter->count && strcmp(letter->readings[i].name, name) != 0)
        i++;
    if (i == READINGS_MAX)
        return;
    if (i == letter->count) {
        letter->count++;
        memcpy(letter->readings[i].name, name, PINYIN_NAME_MAX);
    }
    letter->readings[i].weight += weight;
}

/* "xíng(2943) háng(218)", "0442.080:háng,xìng 0443.050:hàng", "xíng" */
static void read_values(struct letter *letter, const char *text, long weight)
{
    while (*text != '\0' && *text != '\n') {
        char name[PINYIN_NAME_MAX] = "";
        const char *colon = strchr(text, ':'), *blank = strchr(text, ' ');
        const char *end;

        if (colon != NULL && (blank == NULL || colon < blank))
            text = colon + 1;
        end = read_syllable(text, name);
        if (end != NULL) {
            long times = *end == '(' ? strtol(end + 1, NULL, 10) : 1;

            add_reading(letter, name, times * weight);
        }
        text += strcspn(text, " ,\n");
        text += *text == ' ' || *text == ',';
    }
}

static void read_line(const char *line)
{
    static const struct {
        const char *field;
        long weight;
    } fields[] = {
        {"kHanyuPinlu", COUNTED},
        {"kTGHZ2013",   LISTED },
        {"kXHC1983",    LISTED },
        {"kMandarin",   NAMED  }
    };
    char *end;
    unsigned long c;

    if (strncmp(line, "U+", 2) != 0)
        return;
    c = strtoul(line + 2, &end, 16);
    if (c >= 0xD800 || *end != '\t')
        return;
    c = fold_table[c];
    if (c < PINYIN_LETTER_FIRST || c >= PINYIN_LETTER_END)
        return;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        size_t len = strlen(fields[i].field);

        if (strncmp(end + 1, fields[i].field, len) == 0 && end[1 + len] == '\t')
            read_values(&letters[c - PINYIN_LETTER_FIRST], end + 2 + len, fields[i].weight);
    }
}

/* --- ordering ----------------------------------------------------------------------------- */

static int most_used_first(const void *a, const void *b)
{
    const struct reading *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return strcmp(x->name, y->name);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Most used first, without what is never meant (遗 as wei). */
static void order_readings(struct letter *letter)
{
    qsort(letter->readings, letter->count, sizeof *letter->readings, most_used_first);
    while (letter->count > 0 &&
           letter->readings[letter->count - 1].weight * RARE_PART < letter->readings[0].weight)
        letter->count--;
}

/* A syllable is one that some dictionary counts or lists. */
static void collect_names(void)
{
    for (unsigned c = 0; c < LETTERS; c++)
        for (unsigned i = 0; i < letters[c].count; i++) {
            const struct reading *reading = &letters[c].readings[i];

            if (reading->weight < LISTED ||
                bsearch(reading->name, names, names_count, sizeof *names, by_name) != NULL)
                continue;
            if (names_count == SYLLABLES_MAX)
                die("there are more syllables than there should be");
            memcpy(names[names_count++], reading->name, PINYIN_NAME_MAX);
            qsort(names, names_count, sizeof *names, by_name);
        }
    if (names_count < 400)
        die("there are fewer syllables than there should be");
}

static int name_at(const char *name)
{
    const char *at = bsearch(name, names, names_count, sizeof *names, by_name);

    return at == NULL ? -1 : (int)((at - names[0]) / PINYIN_NAME_MAX);
}

/* Keeps what is a syllable. */
static void settle_letter(struct letter *letter)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < letter->count && kept < PINYIN_READINGS_MAX; i++) {
        int at = name_at(letter->readings[i].name);

        if (at < 0)
            continue;
        letter->readings[kept] = letter->readings[i];
        letter->readings[kept++].syllable = (unsigned)at;
    }
    letter->count = kept;
}

/* --- writing ------------------------------------------------------------------------------ */

static void write_readings(void)
{
    printf("const uint16_t pinyin_of[][PINYIN_READINGS_MAX] = {\n");
    for (unsigned c = 0; c < LETTERS; c++) {
        for (unsigned i = 0; i < PINYIN_READINGS_MAX; i++)
            printf("%s%u", i == 0 ? "{" : ",",
                   i < letters[c].count ? letters[c].readings[i].syllable + 1 : 0);
        printf("},%s", c % 8 == 7 ? "\n" : "");
    }
    printf("};\n");
}

struct use {
    unsigned letter;
    long weight;
};

static int most_used(const void *a, const void *b)
{
    const struct use *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return x->letter < y->letter ? -1 : x->letter > y->letter;
}

static unsigned write_letters_of(unsigned syllable)
{
    static struct use uses[LETTERS];
    unsigned count = 0;

    for (unsigned c = 0; c < LETTERS; c++)
        for (unsigned i = 0; i < letters[c].count; i++)
            if (letters[c].readings[i].syllable == syllable &&
                letters[c].readings[i].weight >= LISTED)
                uses[count++] = (struct use){c, letters[c].readings[i].weight};
    qsort(uses, count, sizeof *uses, most_used);
    for (unsigned i = 0; i < count; i++)
        printf("%u,%s", PINYIN_LETTER_FIRST + uses[i].letter, i % 16 == 15 ? "\n" : "");
    printf("\n");
    return count;
}

/* Sounds that many speakers do not tell apart, and so type one for the other. */
static const char *const starts[][2] = {
    {"zh", "z"},
    {"ch", "c"},
    {"sh", "s"},
    {"n",  "l"},
    {"r",  "l"},
    {"f",  "h"}
};
static const char *const ends[][2] = {
    {"ang", "an"},
    {"eng", "en"},
    {"ing", "in"}
};

static unsigned write_near(const char *name, const char *start, size_t dropped, const char *end)
{
    char other[4 * PINYIN_NAME_MAX];
    int at;

    snprintf(other, sizeof other, "%s%.*s%s", start, (int)(strlen(name) - dropped), name, end);
    at = name_at(other);
    if (at < 0 || strcmp(other, name) == 0)
        return 0;
    printf("%d,", at);
    return 1;
}

static unsigned write_near_of(const char *name)
{
    unsigned count = 0;

    for (size_t i = 0; i < 2 * sizeof starts / sizeof *starts; i++) {
        const char *from = starts[i / 2][i % 2], *to = starts[i / 2][1 - i % 2];
        size_t len = strlen(from);

        /* zhang begins with z, too, but is not zan with an h */
        if (strncmp(name, from, len) == 0 && strchr("aeiouv", name[len]) != NULL)
            count += write_near(name + len, to, 0, "");
    }
    for (size_t i = 0; i < 2 * sizeof ends / sizeof *ends; i++) {
        const char *from = ends[i / 2][i % 2], *to = ends[i / 2][1 - i % 2];
        size_t len = strlen(from), all = strlen(name);

        if (all >= len && strcmp(name + all - len, from) == 0)
            count += write_near(name, "", len, to);
    }
    return count;
}

static void write_starts(const char *name, const unsigned *counts)
{
    unsigned at = 0;

    printf("const uint16_t %s[] = {0,", name);
    for (unsigned i = 0; i < names_count; i++)
        printf("%u,%s", at += counts[i], i % 16 == 15 ? "\n" : "");
    printf("};\n");
}

int main(void)
{
    static unsigned counts[SYLLABLES_MAX], nears[SYLLABLES_MAX];
    char line[4096];

    while (fgets(line, sizeof line, stdin) != NULL)
        read_line(line);
    for (unsigned c = 0; c < LETTERS; c++)
        order_readings(&letters[c]);
    collect_names();
    for (unsigned c = 0; c < LETTERS; c++)
        settle_letter(&letters[c]);
    printf("/* Written by indexer/text/pinyin_table_gen.c. */\n"
           "#include \"indexer/text/pinyin_table.h\"\n\n"
           "const uint16_t pinyin_syllables_count = %u;\n"
           "const char pinyin_names[][PINYIN_NAME_MAX] = {\n",
           names_count);
    for (unsigned i = 0; i < names_count; i++)
        printf("\"%s\",%s", names[i], i % 8 == 7 ? "\n" : "");
    printf("};\n");
    write_readings();
    printf("const uint16_t pinyin_letter_list[] = {\n");
    for (unsigned i = 0; i < names_count; i++)
        counts[i] = write_letters_of(i);
    printf("};\n");
    write_starts("pinyin_letter_at", counts);
    printf("const uint16_t pinyin_near_list[] = {\n");
    for (unsigned i = 0; i < names_count; i++)
        nears[i] = write_near_of(names[i]);
    printf("};\n");
    write_starts("pinyin_near_at", nears);
    return ferror(stdout) || fflush(stdout) != 0;
}
