#include "tests/relevance/constants.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { REAL, SINGLE };
struct name {
    const char *name;
    size_t at; /* in struct constants */
    enum kind kind;
};

#define AT(member) offsetof(struct constants, member)

static const struct name names[] = {
    {"k1",          AT(settings.bm25.k1),            REAL  },
    {"text",        AT(settings.text),               REAL  },
    {"coverage",    AT(settings.coverage),           REAL  },
    {"span",        AT(settings.span),               REAL  },
    {"span_inside", AT(settings.span_inside),        REAL  },
    {"title",       AT(settings.title),              REAL  },
    {"about",       AT(settings.about),              REAL  },
    {"named",       AT(settings.named),              REAL  },
    {"plain_k1",    AT(settings.plain_k1),           REAL  },
    {"lang",        AT(settings.lang),               REAL  },
    {"code",        AT(settings.code),               REAL  },
    {"unquoted",    AT(settings.unquoted),           REAL  },
    {"cover_min",   AT(settings.cover_min),          REAL  },
    {"straddles",   AT(settings.straddles),          SINGLE},
    {"bridged",     AT(settings.bridged),            SINGLE},
    {"filler",      AT(settings.filler),             SINGLE},
    {"word",        AT(settings.kind[GROUP_WORD]),   SINGLE},
    {"number",      AT(settings.kind[GROUP_NUMBER]), SINGLE},
    {"part",        AT(settings.kind[GROUP_PART]),   SINGLE},
    {"gram1",       AT(settings.kind[GROUP_GRAM1]),  SINGLE},
    {"W.title",     AT(fields.weight[FIELD_TITLE]),  REAL  },
    {"W.body",      AT(fields.weight[FIELD_BODY]),   REAL  },
    {"b.title",     AT(fields.b[FIELD_TITLE]),       REAL  },
    {"b.body",      AT(fields.b[FIELD_BODY]),        REAL  },
};
enum { NAMES = sizeof names / sizeof *names };

void constants_init(struct constants *constants)
{
    constants->settings = settings_defaults;
    constants->fields = impact_reference;
    constants->settings.bm25.fields = &constants->fields;
}

static bool set(struct constants *constants, const char *name, double value)
{
    for (size_t i = 0; i < NAMES; i++) {
        char *at = (char *)constants + names[i].at;
        float single = (float)value;

        if (strcmp(names[i].name, name) != 0)
            continue;
        if (names[i].kind == REAL)
            memcpy(at, &value, sizeof value);
        else
            memcpy(at, &single, sizeof single);
        return true;
    }
    return false;
}

bool constants_set(struct constants *constants, char *words)
{
    char *rest, *word;

    for (word = strtok_r(words, " \n", &rest); word != NULL; word = strtok_r(NULL, " \n", &rest)) {
        char *equals = strchr(word, '='), *end;
        double value;

        if (equals == NULL)
            return false;
        *equals = '\0';
        value = strtod(equals + 1, &end);
        if (end == equals + 1 || *end != '\0' || !set(constants, word, value))
            return false;
    }
    return true;
}

void constants_print(const struct constants *constants)
{
    for (size_t i = 0; i < NAMES; i++) {
        const char *at = (const char *)constants + names[i].at;
        double value;
        float single;

        if (names[i].kind == REAL) {
            memcpy(&value, at, sizeof value);
        } else {
            memcpy(&single, at, sizeof single);
            value = (double)single;
        }
        printf("%s\t%g\n", names[i].name, value);
    }
}
