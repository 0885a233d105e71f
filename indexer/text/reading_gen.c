/* reading_gen.c: writes the table of reading.h while askfirst is built.
 *
 *     reading_gen OUT < lines of mecab-ipadic's dictionary, as UTF-8
 *     機会,1285,1285,4113,名詞,一般,*,*,*,*,機会,キカイ,キカイ
 *     word           cost, low for what is common              reading
 *
 * Kept are words of two to four Han characters, and those with kana that begin with one and are
 * read in three kana or more. A verb and an adjective lose the end that they share with their
 * reading, as far as that leaves so much: 使え(る ば ない) is one word, かわ too little for 変わ(る).
 * What is folded alike is one word, at the lowest cost. Whatever is not as expected ends the
 * program with a sentence. */
#include "indexer/text/fold_table.h"
#include "indexer/text/reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 400000 /* lines; most are forms of one word */
#define LINE_MAX_BYTES 1024
#define SURFACE_MAX 16 /* letters of a word before its end is cut off */
#define MIXED_KANA_MIN 3
#define FIELD_COST 3
#define FIELD_CLASS 4
#define FIELD_READING 11

struct word {
    uint16_t letters[READING_WORD_MAX];
    uint8_t kana[READING_KANA_MAX + 1];
    int cost;
    unsigned number; /* once they are in order */
};

static struct word words[WORDS_MAX];
static unsigned count;

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "reading_gen: %s\n", what);
    exit(1);
}

/* A character of the BMP; 0 at the end, and for what is none. */
static unsigned next(const char **at)
{
    const unsigned char *p = (const unsigned char *)*at;
    unsigned cp = p[0];

    if (p[0] == 0)
        return 0;
    if (p[0] < 0x80)
        *at += 1;
    else if (p[0] >= 0xE0 && p[0] < 0xF0 && p[1] != 0 && p[2] != 0) {
        cp = (p[0] & 0xFu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
        *at += 3;
    } else
        return 0;
    return cp;
}

/* As folding leaves it; 0 when that is not one character. */
static unsigned fold(unsigned cp, unsigned before)
{
    unsigned folded = fold_table[cp];

    if (folded == FOLD_REPEAT)
        return before;
    if (folded == FOLD_DASH)
        return cp;
    return folded >= FOLD_DROP && folded < FOLD_CODE_END ? 0 : folded;
}

static int is_han(unsigned cp)
{
    return (script_table[cp] & SCRIPT_HAN) != 0;
}

/* Han, and behind the first of them kana too; how many. */
static unsigned read_letters(const char *field, uint16_t letters[SURFACE_MAX])
{
    unsigned n = 0, cp, before = 0;

    while ((cp = next(&field)) != 0) {
        before = fold(cp, before);
        if (n == SURFACE_MAX || (!is_han(before) && (n == 0 || reading_code(before) == 0)))
            return 0;
        letters[n++] = (uint16_t)before;
    }
    return *field == '\0' ? n : 0;
}

static int read_kana(const char *field, uint8_t kana[READING_KANA_MAX + 1])
{
    unsigned n = 0, cp;

    memset(kana, 0, READING_KANA_MAX + 1);
    while ((cp = next(&field)) != 0) {
        uint8_t code = reading_code(fold(cp, 0));

        if (n == READING_KANA_MAX || code == 0)
            return 0;
        kana[n++] = code;
    }
    return *field == '\0' && n > 0;
}

/* Cuts off the end that letters and kana share, while there are too many, or of a word that is
 * inflected, more than say which it is; 0 when the rest says too little or is too long. */
static int shorten(struct word *word, const uint16_t *letters, unsigned n, int is_inflected)
{
    unsigned kana = (unsigned)strlen((const char *)word->kana), han = 0;

    while (n > READING_WORD_MIN && !is_han(letters[n - 1]) && kana > 0 &&
           reading_code(letters[n - 1]) == word->kana[kana - 1] &&
           (n > READING_WORD_MAX || (is_inflected && kana > MIXED_KANA_MIN))) {
        n--;
        word->kana[--kana] = 0;
    }
    if (n < READING_WORD_MIN || n > READING_WORD_MAX)
        return 0;
    memset(word->letters, 0, sizeof word->letters);
    for (unsigned i = 0; i < n; i++) {
        word->letters[i] = letters[i];
        han += is_han(letters[i]) != 0;
    }
    return han == n || kana >= MIXED_KANA_MIN;
}

static int is_inflected(const char *class)
{
    return strcmp(class, "動詞") == 0 || strcmp(class, "形容詞") == 0;
}

/* Fields end with commas; one in quotes would have a comma, which no word of ours has. */
static void read_line(char *line)
{
    char *fields[FIELD_READING + 1], *save = NULL;
    struct word *word = &words[count];
    uint16_t letters[SURFACE_MAX];
    unsigned n = 0;

    for (char *f = strtok_r(line, ",", &save); f != NULL && n <= FIELD_READING;
         f = strtok_r(NULL, ",", &save))
        fields[n++] = f;
    if (n <= FIELD_READING || (n = read_letters(fields[0], letters)) == 0 ||
        !read_kana(fields[FIELD_READING], word->kana) ||
        !shorten(word, letters, n, is_inflected(fields[FIELD_CLASS])))
        return;
    word->cost = (int)strtol(fields[FIELD_COST], NULL, 10);
    if (++count == WORDS_MAX)
        die("too many words");
}

static int compare_letters(const struct word *x, const struct word *y)
{
    for (int i = 0; i < READING_WORD_MAX; i++)
        if (x->letters[i] != y->letters[i])
            return x->letters[i] < y->letters[i] ? -1 : 1;
    return 0;
}

static int by_kana_and_word(const void *a, const void *b)
{
    const struct word *x = a, *y = b;
    int order = memcmp(x->kana, y->kana, sizeof x->kana);

    if (order == 0)
        order = compare_letters(x, y);
    return order != 0 ? order : (x->cost > y->cost) - (x->cost < y->cost);
}

static int by_kana_and_cost(const void *a, const void *b)
{
    const struct word *x = a, *y = b;
    int order = memcmp(x->kana, y->kana, sizeof x->kana);

    if (order == 0)
        order = (x->cost > y->cost) - (x->cost < y->cost);
    return order != 0 ? order : compare_letters(x, y);
}

static int by_word(const void *a, const void *b)
{
    const struct word *x = a, *y = b;
    int order = compare_letters(x, y);

    return order != 0 ? order : (x->number > y->number) - (x->number < y->number);
}

/* Of lines with the same word and reading the first, which costs least. */
static void drop_doubles(void)
{
    unsigned kept = 0;

    qsort(words, count, sizeof *words, by_kana_and_word);
    for (unsigned i = 0; i < count; i++)
        if (kept == 0 || memcmp(words[i].kana, words[kept - 1].kana, sizeof words[i].kana) != 0 ||
            compare_letters(&words[i], &words[kept - 1]) != 0)
            words[kept++] = words[i];
    count = kept;
}

static void write_words(FILE *out)
{
    fprintf(out, "const uint16_t reading_letters[][READING_WORD_MAX] = {\n");
    for (unsigned i = 0; i < count; i++) {
        const uint16_t *l = words[i].letters;

        words[i].number = i;
        fprintf(out, "{%u,%u,%u,%u},\n", l[0], l[1], l[2], l[3]);
    }
    fprintf(out, "};\n");
}

static void write_readings(FILE *out)
{
    unsigned readings = 0, bytes = 0;

    fprintf(out, "const struct reading_entry reading_entries[] = {\n");
    for (unsigned i = 0; i < count; i++) {
        if (i > 0 && memcmp(words[i].kana, words[i - 1].kana, sizeof words[i].kana) == 0)
            continue;
        fprintf(out, "{%u,%u},\n", bytes, i);
        bytes += (unsigned)strlen((const char *)words[i].kana);
        readings++;
    }
    fprintf(out,
            "{%u,%u}};\nconst uint32_t reading_count = %u;\nconst uint8_t reading_kana[] = {\n",
            bytes, count, readings);
    for (unsigned i = 0; i < count; i++) {
        if (i > 0 && memcmp(words[i].kana, words[i - 1].kana, sizeof words[i].kana) == 0)
            continue;
        for (const uint8_t *k = words[i].kana; *k != 0; k++)
            fprintf(out, "%u,", *k);
        fprintf(out, "\n");
    }
    fprintf(out, "};\n");
}

int main(int argc, char **argv)
{
    char line[LINE_MAX_BYTES];
    FILE *out;

    if (argc != 2)
        die("usage: reading_gen OUT < DICTIONARY");
    while (fgets(line, sizeof line, stdin) != NULL)
        read_line(line);
    drop_doubles();
    if (count == 0)
        die("no word was read");
    qsort(words, count, sizeof *words, by_kana_and_cost);
    if ((out = fopen(argv[1], "w")) == NULL)
        die("cannot write the output");
    fprintf(out, "/* Written by indexer/text/reading_gen.c. */\n"
                 "#include \"indexer/text/reading.h\"\n\n");
    write_words(out);
    write_readings(out);
    qsort(words, count, sizeof *words, by_word);
    fprintf(out, "const uint32_t reading_by_word[] = {\n");
    for (unsigned i = 0; i < count; i++)
        fprintf(out, "%u,\n", words[i].number);
    fprintf(out, "};\nconst uint32_t reading_words_count = %u;\n", count);
    if (fclose(out) != 0)
        die("cannot write the output");
    return 0;
}
