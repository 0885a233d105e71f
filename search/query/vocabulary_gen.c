/* vocabulary_gen.c: writes the vocabulary that comes with the program as C, while it is built.
 *
 *     vocabulary_gen VOCABULARY.txt OPENCC_PHRASES.txt OUT.c
 *
 * OpenCC's list has "mainland TAB taiwan [BLANK taiwan …]" a line; each pair is a line of the
 * vocabulary for Chinese. Those that folding makes equal go by themselves, those of one character
 * would be found inside other words. */
#include "data/base/buf.h"
#include "search/query/vocabulary_build.h"
#include "search/query/vocabulary_text.h"

#include <stdio.h>
#include <stdlib.h>

#define ARENA_BYTES ((size_t)64 << 20)
#define CHARACTER_BYTES 3 /* of nearly every Chinese one */

static bool read_file(const char *path, struct buf *out)
{
    FILE *file = fopen(path, "rb");
    uint8_t block[4096];
    size_t len;

    if (file == NULL)
        return false;
    while ((len = fread(block, 1, sizeof block, file)) > 0)
        buf_add(out, bytes_of(block, len));
    return fclose(file) == 0 && buf_ok(out);
}

static void add_pair(struct buf *text, struct bytes mainland, struct bytes taiwan)
{
    if (mainland.len <= CHARACTER_BYTES || taiwan.len <= CHARACTER_BYTES)
        return;
    buf_add_str(text, "zh: ");
    buf_add(text, mainland);
    buf_add_str(text, ", ");
    buf_add(text, taiwan);
    buf_add_str(text, "\n");
}

/* Up to one of the separators, which is passed. */
static struct bytes take_until(struct reader *r, const char *separators, char *met)
{
    const uint8_t *start = r->at;

    while (r->at < r->end && strchr(separators, *r->at) == NULL)
        r->at++;
    *met = r->at < r->end ? (char)*r->at++ : '\n';
    return bytes_of(start, (size_t)(r->at - start) - (r->at > start && r->at[-1] == (uint8_t)*met));
}

static void add_opencc(struct buf *text, struct bytes list)
{
    struct reader r = reader_of(list);
    char met;

    while (reader_left(&r) > 0) {
        struct bytes mainland = take_until(&r, "\t\n", &met);

        while (met != '\n' && reader_left(&r) > 0)
            add_pair(text, mainland, take_until(&r, " \n", &met));
    }
}

static void write_text(FILE *out, struct bytes text)
{
    (void)fputs("    \"", out);
    for (size_t i = 0; i < text.len; i++)
        (void)fprintf(out, "\\%03o", text.data[i]);
    (void)fputs("\"\n", out);
}

static void write_tables(FILE *out, const struct vocabulary *v)
{
    (void)fputs("#include \"search/query/vocabulary.h\"\n\nstatic const char texts[] =\n", out);
    for (uint32_t i = 0; i < v->phrases_count; i++)
        write_text(out, vocabulary_text(v, &v->phrases[i]));
    (void)fputs(";\nstatic const struct vocabulary_phrase phrases[] = {\n", out);
    for (uint32_t i = 0; i < v->phrases_count; i++)
        (void)fprintf(out, "{%u,%u,%u,%u,%u,%u},\n", v->phrases[i].at, v->phrases[i].rules,
                      v->phrases[i].begins, v->phrases[i].rules_count, v->phrases[i].len,
                      v->phrases[i].flags);
    (void)fputs("};\nstatic const struct vocabulary_rule rules[] = {\n", out);
    for (uint32_t i = 0; i < v->rules_count; i++)
        (void)fprintf(out, "{%u,%u,%u},\n", v->rules[i].phrase, v->rules[i].langs,
                      v->rules[i].meaning);
    (void)fputs("};\nstatic const struct vocabulary_slot slots[] = {\n", out);
    for (uint32_t i = 0; i <= v->mask; i++)
        (void)fprintf(out, "{%lluu,%u,%u},\n", (unsigned long long)v->slots[i].beginning,
                      v->slots[i].first, v->slots[i].count);
    (void)fprintf(out,
                  "};\nconst struct vocabulary vocabulary_shipped = {\n"
                  "    texts, phrases, rules, slots, %u, %u, %u, false,\n};\n",
                  v->phrases_count, v->rules_count, v->mask);
}

static int fail(const char *what, const struct error *err)
{
    (void)fprintf(stderr, "vocabulary_gen: %s%s\n", what, err == NULL ? "" : err->text);
    return 1;
}

int main(int argc, char **argv)
{
    struct arena *arena = arena_new(ARENA_BYTES);
    struct buf text = {0}, opencc = {0};
    struct vocabulary vocabulary;
    struct folder *folder;
    struct error err;
    FILE *out;

    if (argc != 4)
        return fail("VOCABULARY.txt OPENCC_PHRASES.txt OUT.c", NULL);
    if (arena == NULL || !read_file(argv[1], &text) || !read_file(argv[2], &opencc))
        return fail("a file cannot be read", NULL);
    buf_add_str(&text, "\n");
    add_opencc(&text, buf_bytes(&opencc));
    if (!buf_ok(&text) || folder_new(&folder, &err) != AF_OK)
        return fail("no memory", NULL);
    if (vocabulary_build(buf_bytes(&text), folder, arena, &vocabulary, &err) != AF_OK)
        return fail("", &err);
    if ((out = fopen(argv[3], "w")) == NULL)
        return fail("the output cannot be written", NULL);
    write_tables(out, &vocabulary);
    return fclose(out) == 0 ? 0 : fail("the output cannot be written", NULL);
}
