/* i18n_gen.c: the catalogs of the pages' texts, checked and turned into C while building.
 *
 *     i18n_gen KEYS_H TABLE_C zh-Hans.json zh-Hant.json en.json ja.json
 *
 * A catalog is one flat object of strings. The build fails, with every fault named, when a key
 * is missing in one language, a text is empty, or its places ({0} … {9}) are not those of the
 * first language. "key.one" beside "key.other" is demanded of English and refused elsewhere:
 * CLDR gives Chinese and Japanese one form only. */
#include <jansson.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LANGS 4
#define KEYS_MAX 2000
#define KEY_BYTES 64

static const char *const tags[LANGS] = {"zh-Hans", "zh-Hant", "en", "ja"};
static const bool has_one[LANGS] = {false, false, true, false};

static int faults;

static void fault(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void fault(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    fputs("i18n_gen: ", stderr);
    (void)vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    va_end(args);
    faults++;
}

/* --- keys --------------------------------------------------------------------------------- */

struct key {
    char name[KEY_BYTES]; /* without ".one" and ".other" */
    bool counts;          /* has forms */
};
static struct key keys[KEYS_MAX];
static size_t key_count;

static bool is_name(const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool letter = (name[i] >= 'a' && name[i] <= 'z') || (name[i] >= 'A' && name[i] <= 'Z');

        if (!letter && name[i] != '_' && (name[i] < '0' || name[i] > '9'))
            return false;
    }
    return len > 0 && len < KEY_BYTES;
}

static struct key *find_key(const char *name, size_t len)
{
    for (size_t i = 0; i < key_count; i++) {
        if (strlen(keys[i].name) == len && memcmp(keys[i].name, name, len) == 0)
            return &keys[i];
    }
    return NULL;
}

static void add_keys(json_t *catalog, const char *tag)
{
    const char *name;
    json_t *value;

    json_object_foreach(catalog, name, value)
    {
        size_t len = strcspn(name, ".");
        bool counts = name[len] == '.';
        struct key *key = find_key(name, len);

        if (!is_name(name, len) ||
            (counts && strcmp(name + len, ".one") != 0 && strcmp(name + len, ".other") != 0)) {
            fault("%s: \"%s\" is not a key: letters, digits, _; then .one or .other", tag, name);
            continue;
        }
        if (key == NULL && key_count < KEYS_MAX) {
            key = &keys[key_count++];
            memcpy(key->name, name, len);
        }
        if (key != NULL)
            key->counts = key->counts || counts;
    }
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(((const struct key *)a)->name, ((const struct key *)b)->name);
}

/* --- texts -------------------------------------------------------------------------------- */

/* A bit for each of {0} to {9}; other braces are faults. */
static unsigned places(const char *tag, const char *key, const char *text)
{
    unsigned seen = 0;

    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '{' && at[1] >= '0' && at[1] <= '9' && at[2] == '}') {
            seen |= 1u << (at[1] - '0');
            at += 2;
        } else if (*at == '{' || *at == '}') {
            fault("%s: \"%s\" has a brace that is not a place like {0}", tag, key);
        }
    }
    return seen;
}

static const char *text_of(json_t *catalog, const struct key *key, const char *form)
{
    char name[KEY_BYTES + 8];

    (void)snprintf(name, sizeof name, "%s%s", key->name, form);
    return json_string_value(json_object_get(catalog, name));
}

static void check_key(json_t **catalogs, const struct key *key)
{
    const char *form = key->counts ? ".other" : "", *first = text_of(catalogs[0], key, form);
    unsigned wanted = first == NULL ? 0 : places(tags[0], key->name, first);

    for (size_t i = 0; i < LANGS; i++) {
        const char *text = text_of(catalogs[i], key, form);
        const char *one = text_of(catalogs[i], key, ".one");

        if (text == NULL || text[0] == '\0')
            fault("%s: \"%s%s\" is missing", tags[i], key->name, form);
        else if (places(tags[i], key->name, text) != wanted)
            fault("%s: \"%s\" has other places than in %s", tags[i], key->name, tags[0]);
        if (key->counts && has_one[i] != (one != NULL))
            fault("%s: \"%s.one\" is %s", tags[i], key->name,
                  one == NULL ? "missing" : "one form too many");
        if (key->counts && text_of(catalogs[i], key, "") != NULL)
            fault("%s: \"%s\" is there with and without forms", tags[i], key->name);
    }
}

/* --- output ------------------------------------------------------------------------------- */

/* A C string. Octal escapes are three digits, so that none eats what follows. */
static void put_string(FILE *out, const char *text)
{
    if (text == NULL) {
        fputs("NULL", out);
        return;
    }
    fputc('"', out);
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            fprintf(out, "\\%c", *at);
        else if (*at < ' ' || *at > '~')
            fprintf(out, "\\%03o", (unsigned)*at);
        else
            fputc(*at, out);
    }
    fputc('"', out);
}

static void write_keys(FILE *out)
{
    fputs("/* made by i18n_gen */\n#ifndef ASKFIRST_INTAKE_WEB_I18N_KEYS_H\n"
          "#define ASKFIRST_INTAKE_WEB_I18N_KEYS_H\n\nenum text_key {\n",
          out);
    for (size_t i = 0; i < key_count; i++)
        fprintf(out, "    T_%s,\n", keys[i].name);
    fputs("    TEXT_COUNT\n};\n\n#endif\n", out);
}

static void write_table(FILE *out, json_t **catalogs)
{
    fputs("/* made by i18n_gen */\n#include \"intake/web/i18n.h\"\n\n"
          "const struct text text_table[TEXT_COUNT][LANG_COUNT] = {\n",
          out);
    for (size_t i = 0; i < key_count; i++) {
        fprintf(out, "    [T_%s] = {\n", keys[i].name);
        for (size_t l = 0; l < LANGS; l++) {
            fputs("        {", out);
            put_string(out, text_of(catalogs[l], &keys[i], ".one"));
            fputs(", ", out);
            put_string(out, text_of(catalogs[l], &keys[i], keys[i].counts ? ".other" : ""));
            fputs("},\n", out);
        }
        fputs("    },\n", out);
    }
    fputs("};\n\nconst char *const text_key_names[TEXT_COUNT] = {\n", out);
    for (size_t i = 0; i < key_count; i++)
        fprintf(out, "    \"%s\",\n", keys[i].name);
    fputs("};\n", out);
}

static FILE *open_out(const char *path)
{
    FILE *out = fopen(path, "w");

    if (out == NULL) {
        perror(path);
        exit(1);
    }
    return out;
}

static void close_out(FILE *out, const char *path)
{
    if (ferror(out) != 0 || fclose(out) != 0) {
        perror(path);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    json_t *catalogs[LANGS];
    FILE *out;

    if (argc != 3 + LANGS) {
        fputs("usage: i18n_gen KEYS_H TABLE_C zh-Hans.json zh-Hant.json en.json ja.json\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < LANGS; i++) {
        json_error_t error;

        catalogs[i] = json_load_file(argv[3 + i], JSON_REJECT_DUPLICATES, &error);
        if (!json_is_object(catalogs[i])) {
            fprintf(stderr, "i18n_gen: %s:%d: %s\n", argv[3 + i], error.line, error.text);
            return 1;
        }
        add_keys(catalogs[i], tags[i]);
    }
    qsort(keys, key_count, sizeof keys[0], compare_keys);
    for (size_t i = 0; i < key_count; i++)
        check_key(catalogs, &keys[i]);
    if (faults > 0)
        return 1;
    out = open_out(argv[1]);
    write_keys(out);
    close_out(out, argv[1]);
    out = open_out(argv[2]);
    write_table(out, catalogs);
    close_out(out, argv[2]);
    for (size_t i = 0; i < LANGS; i++)
        json_decref(catalogs[i]);
    return 0;
}
