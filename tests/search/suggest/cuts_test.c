#include "tests/harness.h"

#include "search/suggest/cuts.h"

static void write_cuts(const char *typed, struct buf *out)
{
    struct cut cuts[CUTS_MAX];
    struct letters letters;
    uint32_t count;

    letters_of(bytes_str(typed), &letters);
    count = cuts_of(&letters, 0, letters.count, cuts);
    for (uint32_t i = 0; i < count; i++) {
        buf_add_str(out, i > 0 ? ", " : "");
        for (uint32_t k = 0; k < cuts[i].count; k++)
            buf_printf(out, "%s%s%s", k > 0 ? " " : "", cuts[i].units[k].text,
                       cuts[i].units[k].is_whole ? "" : "-");
    }
}

static void letters_are_cut_into_syllables(void **state)
{
    static const struct {
        const char *typed, *cuts;
    } rows[] = {
        {"luyouqi",  "lu you qi-"                    },
        {"luyouq",   "lu you q-"                     },
        {"lu'you'q", "lu you q-"                     },
        {"lu4you2",  "lu you"                        },
        {"xian",     "xian-, xia n-, xi an-, xi a n-"},
        {"xi'an",    "xi an-, xi a n-"               },
        {"lyq",      "l- y- q-"                      },
        {"zhsz",     "zh- s- z-, z- h- s- z-"        },
        {"dyin",     "d- yin-, d- yi n-"             },
        {"unix",     ""                              }, /* nothing is read u… */
        {"a",        "a-"                            },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf cuts = {0};

        write_cuts(rows[i].typed, &cuts);
        if (strcmp(buf_str(&cuts), rows[i].cuts) != 0)
            fail_msg("%s: %s, not %s", rows[i].typed, buf_str(&cuts), rows[i].cuts);
        buf_release(&cuts);
    }
}

/* What goes on in many ways goes on for so many tries and no longer. */
static void endless_ways_come_to_an_end(void **state)
{
    char typed[LETTERS_MAX + 1];

    (void)state;
    for (const char *with = "aeonghmzsci"; *with != '\0'; with++) {
        struct buf cuts = {0};

        memset(typed, *with, LETTERS_MAX);
        typed[LETTERS_MAX] = '\0';
        write_cuts(typed, &cuts);
        buf_release(&cuts);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_are_cut_into_syllables),
        cmocka_unit_test(endless_ways_come_to_an_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
