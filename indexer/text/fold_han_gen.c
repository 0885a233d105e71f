/* fold_han_gen.c: one representative for each class of Han characters.
 *
 * First OpenCC's Traditional → Simplified (the first meaning that differs, so 瞭 → 了, 覆 → 复: a
 * search wants both sides to meet, and context is of no use to it), then ICU's own table, then
 * Japanese new forms (図 = 圖 = 图) and the variants of Taiwan and Hong Kong. Two characters
 * that are both in GB 2312 are two words of today's Chinese (予 豫, 欠 缺): only OpenCC's first
 * table and own_han() may join those. It comes to 3,320 characters that fold, 22 of them in
 * GB 2312.
 *
 * Lists: "key TAB value SPACE value…" a line, from Debian's libopencc-data (Apache-2.0). */
#include "indexer/text/fold_gen.h"
#include "indexer/text/script.h"

#include <stdio.h>
#include <string.h>

#define VALUES_MAX 8

static uint8_t from_opencc[GEN_CP_END];

uint32_t gen_han_root(uint32_t c)
{
    while (c < GEN_CP_END && gen.han[c] != c)
        c = gen.han[c];
    return c;
}

/* Puts two characters into one class unless both are words of today's Chinese. */
static void han_link(uint32_t variant, uint32_t standard)
{
    uint32_t v = gen_han_root(variant), s = gen_han_root(standard);

    if (v == s || v >= GEN_CP_END || s >= GEN_CP_END || (gen.in_gb[v] && gen.in_gb[s]))
        return;
    if ((gen.in_gb[v] && !gen.in_gb[s]) || (v < 0x10000 && s >= 0x10000))
        gen.han[s] = v;
    else
        gen.han[v] = s;
}

/* Reads "key TAB value SPACE value…"; how many values, 0 at the end of the file. */
static int read_line(FILE *file, uint32_t *key, uint32_t values[VALUES_MAX])
{
    char line[512];
    int count = 0;

    while (fgets(line, sizeof line, file) != NULL) {
        size_t len = strcspn(line, "\r\n"), at = 0;

        line[len] = '\0';
        if (len == 0 || strchr(line, '\t') == NULL)
            continue;
        *key = script_next((const uint8_t *)line, &at);
        if (line[at] != '\t')
            continue; /* a phrase */
        while (count < VALUES_MAX && at < len) {
            at++;
            values[count++] = script_next((const uint8_t *)line, &at);
            at += strcspn(line + at, " ");
        }
        return count;
    }
    return 0;
}

static FILE *open_list(const char *dir, const char *name)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s.txt", dir, name);
    file = fopen(path, "r");
    if (file == NULL)
        gen_die("a list of OpenCC is missing; is libopencc-data installed?");
    return file;
}

static void read_traditional(const char *dir)
{
    FILE *file = open_list(dir, "TSCharacters");
    uint32_t key, values[VALUES_MAX];
    int count, lines = 0;

    for (; (count = read_line(file, &key, values)) > 0; lines++) {
        uint32_t to = key;

        for (int i = 0; i < count && to == key; i++) {
            if (values[i] < 0x10000 || key >= 0x10000)
                to = values[i];
        }
        if (key >= GEN_CP_END || to >= GEN_CP_END)
            continue;
        if (to != key) {
            gen.han[key] = to;
            from_opencc[key] = 1;
        } else if (values[0] != key && values[0] < GEN_CP_END) {
            gen.han[values[0]] = key; /* only an ideograph outside the BMP: it follows */
        }
    }
    if (lines < 3000)
        gen_die("TSCharacters is not the list that was expected");
    fclose(file);
}

static void read_variants(const char *dir, const char *name, int key_is_standard)
{
    FILE *file = open_list(dir, name);
    uint32_t key, values[VALUES_MAX];
    int count;

    while ((count = read_line(file, &key, values)) > 0) {
        for (int i = 0; i < count; i++) {
            if (key_is_standard)
                han_link(values[i], key);
            else
                han_link(key, values[i]);
        }
    }
    fclose(file);
}

/* What the lists leave out or get wrong for support texts: a character, its class. */
static void own_han(void)
{
    static const char pairs[] = "芸艺"     /* 藝 in Japanese (芸術); in Chinese a rare plant */
                                "著着"     /* 執著 is 执着; OpenCC needs the phrase to know */
                                "俱具倶具" /* 傢俱 is 家具 */
                                "幷并揹背擕携"
                                /* Japanese forms that are in no list */
                                "値值働动氷冰窓窗隣邻隷隶姫姬兎兔冨富呑吞嚢囊壷壶姉姊尭尧毘毗"
                                "涜渎篭笼脇胁艶艳蝿蝇讃赞賎贱鑛矿靭韧頬颊駄驮鴬莺嶋岛欝郁穐秋";

    for (size_t at = 0; at < sizeof pairs - 1;) {
        uint32_t from = script_next((const uint8_t *)pairs, &at);
        uint32_t to = script_next((const uint8_t *)pairs, &at);

        gen.han[gen_han_root(from)] = gen_han_root(to);
    }
}

static void break_han_cycles(void)
{
    for (uint32_t c = 0; c < GEN_CP_END; c++) {
        uint32_t at = c;

        for (int steps = 0; gen.han[at] != at; steps++, at = gen.han[at]) {
            if (steps > 16) {
                gen.han[at] = at;
                break;
            }
        }
    }
}

void gen_han_make(const char *dir)
{
    for (uint32_t c = 0; c < GEN_CP_END; c++)
        gen.han[c] = c;
    read_traditional(dir);
    break_han_cycles();
    for (uint32_t c = 0x3400; c < 0x10000; c++) {
        struct gen_str s;

        if (from_opencc[c] || (c >= 0xA000 && c < 0xF900))
            continue;
        s = gen_transliterate(gen.trad_simp, gen_str_of((UChar32)c));
        if (s.len == 1 && s.u[0] != c)
            han_link(c, s.u[0]);
    }
    own_han();
    read_variants(dir, "JPShinjitaiCharacters", 0);
    read_variants(dir, "JPVariants", 1);
    read_variants(dir, "TWVariants", 1);
    read_variants(dir, "HKVariants", 1);
    break_han_cycles();
}
