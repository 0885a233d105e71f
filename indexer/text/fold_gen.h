/* fold_gen.h: shared by the parts of fold_table_gen, the program that runs while building: ICU,
 * short strings, and the steps of folding one character. Nothing here is in askfirst itself.
 *
 * Whatever is not as expected ends the program with a sentence. */
#ifndef ASKFIRST_INDEXER_TEXT_FOLD_GEN_H
#define ASKFIRST_INDEXER_TEXT_FOLD_GEN_H

#include <unicode/unorm2.h>
#include <unicode/utrans.h>

#include <stdint.h>

#define GEN_CP_END 0x40000 /* past the last ideograph there is */
#define GEN_STR_MAX 64     /* UTF-16 units of one expansion; U+FDFA has 18 */

struct gen_str {
    UChar u[GEN_STR_MAX];
    int32_t len;
};

/* The one state of the program: gen_open() makes it, then gen_han_make(); read-only after. */
struct gen {
    const UNormalizer2 *nfc, *nfd, *nfkc, *nfkc_cf;
    UTransliterator *latin_ascii, *trad_simp;
    /* Is the code point in GB 2312, Big5, the sets of EUC-JP? */
    uint8_t in_gb[GEN_CP_END], in_big5[GEN_CP_END], in_jis[GEN_CP_END];
    uint32_t han[GEN_CP_END]; /* the next one towards the representative, which has itself */
};

extern struct gen gen;

void gen_open(void);
void gen_close(void);
_Noreturn void gen_die(const char *what);

void gen_str_add(struct gen_str *s, UChar32 c);
UChar32 gen_str_next(const struct gen_str *s, int32_t *at);
struct gen_str gen_str_of(UChar32 c);
struct gen_str gen_normalize(const UNormalizer2 *form, const struct gen_str *in);
struct gen_str gen_transliterate(const UTransliterator *t, struct gen_str s);

/* Classes of Han: fold_han_gen.c. */
void gen_han_make(const char *opencc_dir);
uint32_t gen_han_root(uint32_t c);

/* One character: fold_char_gen.c. A dropped mark goes when it did not compose. */
struct gen_str gen_fold_char(UChar32 c);
int gen_is_dropped_mark(UChar32 c);

#endif
