#include "indexer/text/stem.h"

#include "data/base/limits.h"

#include <libstemmer.h>

#include <stdlib.h>

#define LANG_BYTES_MAX 3 /* primary subtags of BCP 47 that we know have two, at most three */

/* Primary language subtag → libstemmer's algorithm. Norwegian has three tags. */
static const struct {
    const char lang[LANG_BYTES_MAX + 1];
    const char *algorithm;
} languages[] = {
    {"ar", "arabic"    },
    {"ca", "catalan"   },
    {"da", "danish"    },
    {"de", "german"    },
    {"el", "greek"     },
    {"en", "english"   },
    {"es", "spanish"   },
    {"eu", "basque"    },
    {"fi", "finnish"   },
    {"fr", "french"    },
    {"ga", "irish"     },
    {"hi", "hindi"     },
    {"hu", "hungarian" },
    {"hy", "armenian"  },
    {"id", "indonesian"},
    {"it", "italian"   },
    {"lt", "lithuanian"},
    {"nb", "norwegian" },
    {"ne", "nepali"    },
    {"nl", "dutch"     },
    {"nn", "norwegian" },
    {"no", "norwegian" },
    {"pt", "portuguese"},
    {"ro", "romanian"  },
    {"ru", "russian"   },
    {"sr", "serbian"   },
    {"sv", "swedish"   },
    {"ta", "tamil"     },
    {"tr", "turkish"   },
    {"yi", "yiddish"   },
};

#define LANGUAGE_COUNT (sizeof languages / sizeof languages[0])

struct stemmer {
    struct sb_stemmer *opened[LANGUAGE_COUNT];
    bool is_missing[LANGUAGE_COUNT]; /* this libstemmer was built without it */
};

enum status stemmer_new(struct stemmer **out, struct error *err)
{
    struct stemmer *s = calloc(1, sizeof *s);

    if (s == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a stemmer");
    *out = s;
    return AF_OK;
}

void stemmer_free(struct stemmer *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < LANGUAGE_COUNT; i++) {
        if (s->opened[i] != NULL)
            sb_stemmer_delete(s->opened[i]);
    }
    free(s);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static bool is_language(const char *tag, const char *lang)
{
    size_t i = 0;

    for (; lang[i] != '\0'; i++) {
        if (lower(tag[i]) != lang[i])
            return false;
    }
    return tag[i] == '\0' || tag[i] == '-' || tag[i] == '_';
}

static struct sb_stemmer *stemmer_for(struct stemmer *s, const char *tag)
{
    size_t i = 0;

    while (i < LANGUAGE_COUNT && !is_language(tag, languages[i].lang))
        i++;
    if (i == LANGUAGE_COUNT || s->is_missing[i])
        return NULL;
    if (s->opened[i] == NULL) {
        s->opened[i] = sb_stemmer_new(languages[i].algorithm, "UTF_8");
        s->is_missing[i] = s->opened[i] == NULL;
    }
    return s->opened[i];
}

static bool is_short_enough(struct bytes word)
{
    size_t characters = 0;

    if (word.len > 4 * (size_t)TOKEN_CODEPOINTS_MAX)
        return false;
    for (size_t i = 0; i < word.len; i++)
        characters += (word.data[i] & 0xC0) != 0x80;
    return characters > 0 && characters <= TOKEN_CODEPOINTS_MAX;
}

struct bytes stemmer_stem(struct stemmer *s, const char *lang, struct bytes word)
{
    struct sb_stemmer *algorithm;
    const sb_symbol *stem;
    struct bytes out;

    if (lang == NULL || !is_short_enough(word))
        return BYTES_NONE;
    algorithm = stemmer_for(s, lang);
    if (algorithm == NULL)
        return BYTES_NONE;
    stem = sb_stemmer_stem(algorithm, word.data, (int)word.len);
    if (stem == NULL)
        return BYTES_NONE;
    out = bytes_of(stem, (size_t)sb_stemmer_length(algorithm));
    return bytes_equal(out, word) ? BYTES_NONE : out;
}
