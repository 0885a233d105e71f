#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/base/buf.h"
#include "data/base/clock.h"
#include "data/base/limits.h"
#include "indexer/text/analyzer.h"

#include <stdlib.h>

/* Words have a short way and a long one, which an apostrophe with nothing to join takes. Whatever
 * stands behind a word and does not join it, the tokens of the word are those of the long way. */

struct fixture {
    struct analyzer *shorter, *longer;
};

static int set_up(void **state)
{
    static struct fixture f;

    *state = &f;
    return analyzer_new(&f.shorter, NULL) == AF_OK && analyzer_new(&f.longer, NULL) == AF_OK ? 0
                                                                                             : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    analyzer_free(f->shorter);
    analyzer_free(f->longer);
    return 0;
}

static struct analysis analyze(struct analyzer *analyzer, enum analyze_mode mode, struct buf *text,
                               const char *behind)
{
    struct analysis a;
    size_t len = text->len;

    buf_add_str(text, behind);
    assert_int_equal(analyzer_run(analyzer, mode, buf_bytes(text), &a, NULL), AF_OK);
    text->len = len;
    return a;
}

static void check_same(const struct token *a, const struct token *b)
{
    assert_int_equal(a->term_bytes, b->term_bytes);
    assert_memory_equal(a->term, b->term, a->term_bytes);
    assert_true(a->key == b->key && a->start == b->start && a->end == b->end);
    assert_true(a->fold_start == b->fold_start && a->fold_end == b->fold_end);
    assert_int_equal(a->position, b->position);
    assert_int_equal(a->flags & ~(unsigned)TOKEN_LAST, b->flags & ~(unsigned)TOKEN_LAST);
}

static void the_short_way_of_a_word_gives_what_the_long_one_gives(void **state)
{
    static const char *const letters[] = {"a", "b", "xyz", "www", "C",       "HTTP",
                                          "é", "ß", "Ａ",  "ﬁ",   "e\u0301", "Ж"};
    static const char *const behind[] = {"",   " ",   "\n",   ".",  ". ", ", ", "- ",
                                         "_ ", "/\n", ": ",   "@ ", ")",  "\"", "\xFF",
                                         "中", "。",  "です", "！", "ไทย"};
    unsigned seed = (unsigned)clock_steady_us();
    struct fixture *f = *state;
    struct buf text = {0};

    print_message("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 20000; round++) {
        enum analyze_mode mode = rand() % 2 == 0 ? ANALYZE_DOCUMENT : ANALYZE_QUERY;
        struct analysis a, b;

        buf_clear(&text);
        for (int i = rand() % 8; i >= 0; i--)
            buf_add_str(&text, letters[(size_t)rand() % (sizeof letters / sizeof *letters)]);
        a = analyze(f->shorter, mode, &text,
                    behind[(size_t)rand() % (sizeof behind / sizeof *behind)]);
        b = analyze(f->longer, mode, &text, "'");
        assert_true(b.count > 0 && a.count >= b.count);
        for (uint32_t i = 0; i < b.count; i++)
            check_same(&a.tokens[i], &b.tokens[i]);
        assert_true(a.count == b.count || a.tokens[b.count].position > a.tokens[0].position);
    }
    buf_release(&text);
}

/* What a joiner, a digit or an apostrophe holds together is never cut by the short way. */
static void what_joins_is_left_to_the_long_way(void **state)
{
    static const struct {
        const char *text, *term;
    } rows[] = {
        {"wi-fi",      "wwifi"      },
        {"node.js",    "inode.js"   },
        {"my_name",    "imy_name"   },
        {"a/b",        "wa"         },
        {"c++",        "ic++"       },
        {"c#",         "ic#"        },
        {"hg8245",     "qhg8245"    },
        {"don't",      "wdont"      },
        {"a@b.cn",     "ia@b.cn"    },
        {"www.abc.cn", "iwww.abc.cn"},
        {"http://a",   "ihttp://a"  },
        {"c:\\a",      "ic:\\a"     },
        {"naïve",     "wnaive"     },
        {"caféx",     "wcafex"     },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct analysis a;

        assert_int_equal(
            analyzer_run(f->shorter, ANALYZE_DOCUMENT, bytes_str(rows[i].text), &a, NULL), AF_OK);
        if (a.count == 0 || !bytes_equal(bytes_of(a.tokens[0].term, a.tokens[0].term_bytes),
                                         bytes_str(rows[i].term)))
            fail_msg("%s: the first term is not %s", rows[i].text, rows[i].term);
    }
}

static void an_identifier_has_so_many_parts(void **state)
{
    struct fixture *f = *state;
    struct buf text = {0};

    for (unsigned count = IDENT_PARTS_MAX - 1; count <= IDENT_PARTS_MAX; count++) {
        struct analysis a;
        unsigned parts = 0;

        buf_clear(&text);
        for (unsigned i = 0; i < count; i++)
            buf_printf(&text, "%s%u", i == 0 ? "ora-" : "-", 100 + i);
        a = analyze(f->shorter, ANALYZE_DOCUMENT, &text, "");
        for (uint32_t i = 0; i < a.count; i++)
            parts += a.tokens[i].term[0] == TERM_PART;
        assert_int_equal(IDENT_PARTS_MAX, parts); /* with ora */
    }
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_short_way_of_a_word_gives_what_the_long_one_gives),
        cmocka_unit_test(what_joins_is_left_to_the_long_way),
        cmocka_unit_test(an_identifier_has_so_many_parts),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
