/* Questions that say nothing, or too much: each is answered, the same way twice, and within a
 * budget that is counted, not timed: what the dictionary and the postings of the index are asked.
 * (Command line: tests/golden/bad_query; API: tests/http/search.mjs.) */
#include "tests/search/library.h"

#include "data/base/utf8.h"
#include "indexer/segment/segment.h"
#include "search/query/excerpt.h"

/* --- what a question costs ---------------------------------------------------------------- */

/* Calls into the index, which tests/search.mk leads here first. */
struct cost {
    uint32_t terms;  /* looked up */
    uint32_t filter; /* texts the filter was asked about */
    uint32_t steps;  /* terms that were walked over */
    uint32_t blocks; /* of postings, decoded */
};
static struct cost spent;

/* name, its parameters, what to pass on, what to count */
#define CALLS(CALL)                                                                                \
    CALL(segment_find,                                                                             \
         (const struct segment *s, struct bytes term, struct term_entry *out, bool *found,         \
          struct error *err),                                                                      \
         (s, term, out, found, err), terms)                                                        \
    CALL(segment_may_have, (const struct segment *s, uint32_t hash, bool *may, struct error *err), \
         (s, hash, may, err), filter)                                                              \
    CALL(term_cursor_next,                                                                         \
         (struct term_cursor * c, struct term_entry * out, bool *found, struct error *err),        \
         (c, out, found, err), steps)                                                              \
    CALL(term_cursor_skip,                                                                         \
         (struct term_cursor * c, size_t len, struct term_entry * out, bool *found,                \
          struct error *err),                                                                      \
         (c, len, out, found, err), steps)                                                         \
    CALL(term_cursor_next_holding,                                                                 \
         (struct term_cursor * c, uint8_t term_class, struct bytes piece, uint32_t * left,         \
          struct term_entry * out, bool *found, struct error *err),                                \
         (c, term_class, piece, left, out, found, err), steps)                                     \
    CALL(postings_block_decode,                                                                    \
         (struct postings * p, struct postings_block * out, struct error * err), (p, out, err),    \
         blocks)                                                                                   \
    CALL(postings_block_docs,                                                                      \
         (struct postings * p, struct postings_block * out, struct error * err), (p, out, err),    \
         blocks)
#define COUNTED(name, parameters, arguments, what)                                                 \
    enum status __real_##name parameters;                                                          \
    enum status __wrap_##name parameters;                                                          \
    enum status __wrap_##name parameters                                                           \
    {                                                                                              \
        spent.what++;                                                                              \
        return __real_##name arguments;                                                            \
    }
CALLS(COUNTED)

/* What one question may cost: about twice what the worst one below does (10,894 terms, 10,821
 * texts, 2,828 steps, 42 blocks), whose parts are bounded by EXPAND_GRAMS_ASKED_MAX,
 * EXPAND_FUZZY_GROUPS_MAX, EXPAND_ENDS_SCAN_MAX and QUERY_GROUPS_MAX. Looked up, a term takes
 * 0.6 µs. */
static const struct cost budget = {.terms = 16000, .filter = 20000, .steps = 9000, .blocks = 100};

static void assert_within_budget(void)
{
    if (spent.terms > budget.terms || spent.filter > budget.filter || spent.steps > budget.steps ||
        spent.blocks > budget.blocks)
        fail_msg("%u terms, %u texts, %u steps, %u blocks", spent.terms, spent.filter, spent.steps,
                 spent.blocks);
}

/* --- asking ------------------------------------------------------------------------------- */

static const char *const cases[] = {
    "{'id':'zh','lang':'zh-Hans','title':'打印机缺纸怎么办','text':'清洁传感器后重新装纸。'}",
    "{'id':'ja','lang':'ja','title':'プリンターの用紙切れ','text':'用紙センサーを清掃する。'}",
    "{'id':'ko','lang':'ko','title':'프린터 용지 걸림','text':'뒤쪽 덮개를 여세요.'}",
    "{'id':'th','lang':'th','title':'เครื่องพิมพ์กระดาษติด','text':'เปิดฝาหลัง'}",
    "{'id':'he','lang':'he','title':'המדפסת לא מדפיסה','text':'החליפו את HP-364 בבקשה'}",
    "{'id':'ar','lang':'ar','title':'الطابعة لا تعمل','text':'أعد تشغيل HP-365'}",
    "{'id':'en','lang':'en','title':'Toner leaks inside the printer','text':'Error 0x80070005'}",
    "{'id':'code','lang':'en','title':'ORA-00942 in the database','text':'a b c 1 2 3 4 5 6 7 8'}",
};

static struct search_result ask_once(struct library *l, struct bytes query, bool typing)
{
    struct search_request request = {
        .query = query, .snippets = true, .typing = typing, .audience = AUDIENCE_CUSTOMER};
    struct search_result result;

    spent = (struct cost){0};
    result = library_search(l, &request);
    assert_within_budget();
    assert_false(result.degraded);
    return result;
}

static void assert_same(const struct search_result *one, const struct search_result *other)
{
    assert_int_equal(one->hits_count, other->hits_count);
    assert_int_equal(one->total, other->total);
    for (uint32_t i = 0; i < one->hits_count; i++) {
        assert_bytes_equal(one->hits[i].id, other->hits[i].id);
        assert_true(one->hits[i].score == other->hits[i].score);
    }
}

/* Twice; lives in the library's arena until the next. */
static struct search_result ask(struct library *l, struct bytes query, bool typing)
{
    struct search_result first, again;
    struct cost once;

    arena_clear(l->arena);
    first = ask_once(l, query, typing);
    once = spent;
    again = ask_once(l, query, typing);
    assert_memory_equal(&once, &spent, sizeof once);
    assert_same(&first, &again);
    assert_int_equal(first.query_cut, query.len > QUERY_BYTES_MAX);
    return first;
}

static struct bytes repeated(struct buf *text, const char *piece, uint32_t times)
{
    text->len = 0;
    while (times-- > 0)
        buf_add_str(text, piece);
    return buf_bytes(text);
}

static bool has_hit(const struct search_result *result, const char *id)
{
    for (uint32_t i = 0; i < result->hits_count; i++)
        if (bytes_equal(result->hits[i].id, bytes_str(id)))
            return true;
    return false;
}

/* --- too little --------------------------------------------------------------------------- */

static void what_says_nothing_finds_nothing(void **state)
{
    static const char *const questions[] = {
        "",
        " \t\r\n\v\f",
        "\u3000\u00A0\u2003\u2028\u2029", /* blanks and line ends */
        "\u200B\u200C\u200D\u2060\uFEFF", /* of no width */
        "\u00AD\u034F\u115F\u3164\uFFA0", /* fold to nothing */
        "\u0301\u0300\u20DD\u0E47\u3099", /* marks with nothing below */
        "\uFE0F\uFE0E",                   /* variation selectors */
        "\U000E0067\U000E0062\U000E007F", /* tags */
        "\u202E\u2066\u2069\u200F\u061C", /* directions */
        "\x01\x02\x7F\xC2\x80\xC2\x9F",   /* controls */
        "\uFFFD\uFFFE\uFFFF",
        "\xFF\xFE\x80\xC0\xAF", /* no UTF-8 */
        "!?.,;:-_/\\|@#%^&*()[]{}<>~`'+=$",
        "。，、？！…—「」《》“”·",
        "\"\" “” \"",
        "🖨️🔥😀👩‍👩‍👧‍👦🇨🇳🏳️‍🌈", /* emoji, joined ones, flags */
        "←→▲■☆♪",
    };
    struct library *l = *state;

    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        struct search_result result = ask(l, bytes_str(questions[i]), true);

        if (result.hits_count != 0 || result.total != 0)
            fail_msg("question %zu finds %.*s", i, (int)result.hits[0].id.len,
                     (const char *)result.hits[0].id.data);
        assert_int_equal(result.confidence.verdict, VERDICT_NONE);
        assert_int_equal(spent.blocks, 0);
    }
}

/* --- too much ----------------------------------------------------------------------------- */

static void one_character_a_thousand_times_costs_little(void **state)
{
    static const struct {
        const char *character, *finds; /* "": nothing */
    } table[] = {
        {"a",                   ""    },
        {"1",                   ""    },
        {"打",                 "zh"  },
        {"用",                 "ja"  },
        {"プ",                 "ja"  },
        {"ー",                 ""    },
        {"프",                 "ko"  },
        {"ㅍ",                 ""    },
        {"ก",                 ""    },
        {"ה",                  ""    },
        {"ا",                  ""    },
        {"é",                  ""    },
        {"e\u0301\u0301\u0301", ""    },
        {"\u0301",              ""    },
        {"ﷺ",                 ""    }, /* folds to 18 letters */
        {"0o1il5s8b2z-",        ""    },
        {"a ",                  "code"},
        {"1 ",                  "code"},
        {"a,",                  "code"},
        {"1 2 3 4 5 6 7 8 ",    "code"},
        {"\"a",                 ""    },
        {"\"",                  ""    },
        {"toner ",              "en"  },
        {"tonre ",              "en"  },
        {"ora-00943 ",          ""    },
        {"HP-364/",             ""    },
        {".",                   ""    },
        {"🔥",                ""    },
        {"\xFF",                ""    },
        {"\xE6\x89",            ""    },
    };
    struct library *l = *state;
    struct buf text = {0};

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct search_result result = ask(l, repeated(&text, table[i].character, 1000), true);

        if (*table[i].finds != '\0' && !has_hit(&result, table[i].finds))
            fail_msg("1,000 times %s does not find %s", table[i].character, table[i].finds);
    }
    buf_release(&text);
}

/* What is not in the 4 KB that are read of it (excerpt.h) is not paid for. (A question that goes on
 * has no unfinished word at its 4,096th byte, so these are not being typed.) */
static void a_question_of_1_mb_costs_what_4_kb_of_it_cost(void **state)
{
    static const char *const pieces[] = {"a",     "打印机缺纸，", "toner w1 w2 ",
                                         "용지 ", "0x80070005 ",  "המדפסת HP-364 "};
    struct library *l = *state;
    struct buf text = {0};

    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct bytes all =
            repeated(&text, pieces[i], QUERY_INPUT_BYTES_MAX / (uint32_t)strlen(pieces[i]));
        struct arena *arena = arena_new(1 << 20);
        struct search_result whole, part;
        struct cost of_all;

        arena_clear(l->arena);
        whole = ask_once(l, all, false);
        of_all = spent;
        part = ask_once(l, excerpt_of(all, QUERY_BYTES_MAX, arena), false);
        assert_true(whole.query_cut && !part.query_cut);
        assert_same(&whole, &part);
        assert_memory_equal(&of_all, &spent, sizeof spent);
        arena_free(arena);
    }
    buf_release(&text);
}

/* In questions of 4 KB: 1,100 of them. */
static void every_code_point_is_asked_once(void **state)
{
    struct library *l = *state;
    struct buf text = {0};

    for (uint32_t cp = 1; cp < 0x110000; cp++) {
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        utf8_add(&text, cp);
        if (text.len + 4 > QUERY_BYTES_MAX || cp == 0x10FFFF) {
            arena_clear(l->arena);
            (void)ask_once(l, buf_bytes(&text), true);
            text.len = 0;
        }
    }
    buf_release(&text);
}

static void many_different_words_are_weighed_not_all_scored(void **state)
{
    struct library *l = *state;
    struct buf texts[3] = {{0}};

    for (unsigned i = 0; i < 2000; i++)
        buf_printf(&texts[0], "w%u ", i);
    for (uint32_t cp = 0x4E00; cp < 0x4E00 + 1300; cp++)
        utf8_add(&texts[1], cp);
    for (unsigned i = 0; i < 300; i++)
        buf_printf(&texts[2], "tonr%c%c ", 'a' + i % 26, 'a' + i / 26);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        (void)ask(l, buf_bytes(&texts[i]), true);
        buf_release(&texts[i]);
    }
}

/* --- both directions at once -------------------------------------------------------------- */

static void directions_change_nothing(void **state)
{
    static const struct {
        const char *query, *first;
    } table[] = {
        {"המדפסת HP-364",                             "he"},
        {"HP-364 המדפסת",                             "he"},
        {"\u202Bהמדפסת\u202C \u202AHP-364\u202C",     "he"},
        {"\u2067המדפסת\u2069\u2066HP-364\u2069",      "he"},
        {"\u200Fהמדפסת\u200E HP-364\u061C",           "he"},
        {"HP\u200E-\u200E364",                              "he"},
        {"הַמַּדְפֶּסֶת",                      "he"}, /* pointed */
        {"الطابعة 打印机 HP-365",                 "ar"},
        {"\u202Eالطابعة\u202C toner",                "ar"},
        {"الطّابعة",                                "ar"}, /* with a shadda */
        {"\u202E打印机\u202C缺\u200F纸",               "zh"},
        {"\u202A\u202A\u202A\u202A\u202A\u202Btoner leaks", "en"}, /* never closed */
    };
    struct library *l = *state;
    unsigned failed = 0;

    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct search_result result = ask(l, bytes_str(table[i].query), true);

        if (result.hits_count > 0 && bytes_equal(result.hits[0].id, bytes_str(table[i].first)))
            continue;
        failed++;
        print_error("question %zu: wanted %s, got %.*s\n", i, table[i].first,
                    result.hits_count > 0 ? (int)result.hits[0].id.len : 0,
                    result.hits_count > 0 ? (const char *)result.hits[0].id.data : "");
    }
    assert_int_equal(failed, 0);
}

static int set_up(void **state)
{
    *state = library_of(cases, sizeof cases / sizeof *cases);
    return 0;
}

static int tear_down(void **state)
{
    library_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_says_nothing_finds_nothing),
        cmocka_unit_test(one_character_a_thousand_times_costs_little),
        cmocka_unit_test(a_question_of_1_mb_costs_what_4_kb_of_it_cost),
        cmocka_unit_test(every_code_point_is_asked_once),
        cmocka_unit_test(many_different_words_are_weighed_not_all_scored),
        cmocka_unit_test(directions_change_nothing),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
