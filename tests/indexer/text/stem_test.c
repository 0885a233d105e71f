#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/base/buf.h"
#include "data/base/limits.h"
#include "indexer/text/stem.h"

static int open_stemmer(void **state)
{
    return stemmer_new((struct stemmer **)state, NULL) == AF_OK ? 0 : -1;
}

static int close_stemmer(void **state)
{
    stemmer_free(*state);
    return 0;
}

/* Words as the folder leaves them: lower case, without accents. */
static void words_have_the_stem_of_their_language(void **state)
{
    static const struct {
        const char *lang, *word, *stem;
    } rows[] = {
        {"en",    "connections",  "connect" },
        {"en",    "connected",    "connect" },
        {"en-GB", "printing",     "print"   },
        {"EN_us", "printers",     "printer" },
        {"de",    "druckern",     "druck"   },
        {"de-CH", "verbindungen", "verbind" },
        {"fr",    "imprimantes",  "imprim"  },
        {"es",    "conexiones",   "conexion"},
        {"ru",    "сетями", "сет"  },
        {"sv",    "skrivarna",    "skriv"   },
        {"nb",    "skrivere",     "skriver" },
        {"tr",    "baglantilar",  "baglanti"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bytes stem = stemmer_stem(*state, rows[i].lang, bytes_str(rows[i].word));

        if (!bytes_equal(stem, bytes_str(rows[i].stem)))
            fail_msg("%s %s gives \"%.*s\", not %s", rows[i].lang, rows[i].word, (int)stem.len,
                     (const char *)stem.data, rows[i].stem);
    }
}

static void what_cannot_be_stemmed_gives_nothing(void **state)
{
    assert_null(stemmer_stem(*state, "zh-Hans", bytes_str("printing")).data);
    assert_null(stemmer_stem(*state, "", bytes_str("printing")).data);
    assert_null(stemmer_stem(*state, NULL, bytes_str("printing")).data);
    assert_null(stemmer_stem(*state, "english", bytes_str("printing")).data);
    assert_null(stemmer_stem(*state, "en", BYTES_NONE).data);
    assert_null(stemmer_stem(*state, "en", bytes_str("print")).data);
}

static void long_words_are_left_alone(void **state)
{
    struct buf word = {0};

    while (word.len < TOKEN_CODEPOINTS_MAX - 3)
        buf_add_str(&word, "a");
    buf_add_str(&word, "ing");
    assert_non_null(stemmer_stem(*state, "en", bytes_str("baking")).data);
    assert_int_equal(word.len, TOKEN_CODEPOINTS_MAX);
    buf_add_str(&word, "s");
    assert_null(stemmer_stem(*state, "en", buf_bytes(&word)).data);
    buf_release(&word);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, open_stemmer, close_stemmer)
    const struct CMUnitTest tests[] = {
        T(words_have_the_stem_of_their_language),
        T(what_cannot_be_stemmed_gives_nothing),
        T(long_words_are_left_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
