#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "indexer/text/ident.h"

/* Folded text whose first chunk is `chunk`. */
static void chunks_end_and_have_a_kind(void **state)
{
    static const struct {
        const char *text, *chunk;
        enum ident_kind kind;
    } rows[] = {
        {"router down",      "router",         IDENT_WORD    },
        {"8080,",            "8080",           IDENT_NUMBER  },
        {"8080.",            "8080",           IDENT_NUMBER  },
        {"wi-fi-",           "wi-fi",          IDENT_COMPOUND},
        {"node.js.",         "node.js",        IDENT_COMPOUND},
        {"and/or",           "and/or",         IDENT_COMPOUND},
        {"a--b",             "a",              IDENT_WORD    },
        {"a..b",             "a",              IDENT_WORD    },
        {"ora-00942:",       "ora-00942",      IDENT_CODE    },
        {"error:404",        "error",          IDENT_WORD    },
        {"10:22:33",         "10:22:33",       IDENT_CODE    },
        {"fe80:0:a",         "fe80:0:a",       IDENT_CODE    },
        {"c++ x",            "c++",            IDENT_CODE    },
        {"c+++",             "c",              IDENT_WORD    },
        {"c++11",            "c++11",          IDENT_CODE    },
        {"c#.",              "c#",             IDENT_CODE    },
        {"cat#1",            "cat#1",          IDENT_CODE    },
        {"hash#",            "hash",           IDENT_WORD    },
        {"a@b.cn>",          "a@b.cn",         IDENT_ADDRESS },
        {"c:\\a\\b.txt",     "c:\\a\\b.txt",   IDENT_ADDRESS },
        {"http://x/y?z=1).", "http://x/y?z=1", IDENT_ADDRESS },
        {"http:// x",        "http",           IDENT_WORD    },
        {"www.x.cn。",      "www.x.cn",       IDENT_ADDRESS },
        {"x中",             "x",              IDENT_WORD    },
        {"мод-5",         "мод-5",       IDENT_CODE    },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bytes text = bytes_str(rows[i].text);
        struct ident ident;

        ident_scan(text, 0, &ident);
        if (ident.end != strlen(rows[i].chunk) || ident.kind != rows[i].kind)
            fail_msg("\"%s\" ends at %zu as kind %d", rows[i].text, ident.end, (int)ident.kind);
    }
}

static void components_stand_between_joiners(void **state)
{
    struct bytes text = bytes_str("a-bc/d.7 next");
    static const size_t want[][2] = {
        {0, 1},
        {2, 4},
        {5, 6},
        {7, 8}
    };
    struct ident ident;
    struct ident_range range;
    size_t at = 0, count = 0;

    (void)state;
    ident_scan(text, 0, &ident);
    assert_int_equal(ident.components, 4);
    while (ident_component(text, &ident, &at, &range)) {
        assert_int_equal(range.start, want[count][0]);
        assert_int_equal(range.end, want[count][1]);
        count++;
    }
    assert_int_equal(count, 4);
}

static void parts_never_pass_their_limit(void **state)
{
    const char *typed = "AaBbCcDdEeFf";
    struct folder *folder;
    struct folded folded;
    struct ident_range parts[3];

    (void)state;
    assert_int_equal(folder_new(&folder, NULL), AF_OK);
    assert_int_equal(folder_run(folder, bytes_str(typed), &folded, NULL), AF_OK);
    assert_int_equal(ident_parts(&folded, bytes_str(typed), (struct ident_range){0, 12}, parts, 3),
                     3);
    assert_int_equal(parts[2].end, 12);
    folder_free(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_end_and_have_a_kind),
        cmocka_unit_test(components_stand_between_joiners),
        cmocka_unit_test(parts_never_pass_their_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
