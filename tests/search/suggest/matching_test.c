#include "tests/harness.h"

#include "data/base/utf8.h"
#include "indexer/text/pinyin.h"
#include "search/suggest/matching.h"

static struct folder *folder;

static int make_folder(void **state)
{
    (void)state;
    return folder_new(&folder, NULL) == AF_OK ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    folder_free(folder);
    return 0;
}

static void letters_from(const char *text, struct letters *out)
{
    struct folded folded;
    struct error err;

    assert_ok(folder_run(folder, bytes_str(text), &folded, &err));
    letters_of(folded.text, out);
}

/* -1: it does not match. */
static int rank_of(const char *typed, const char *text)
{
    static struct typed t;
    struct letters letters;
    struct matched matched;
    struct error err;

    assert_ok(typed_of(bytes_str(typed), folder, &t, &err));
    letters_from(text, &letters);
    return matching_of(&t, &letters, &matched) ? (int)matched.rank : -1;
}

static void a_title_matches_what_may_become_it(void **state)
{
    static const struct {
        const char *typed, *title;
        int rank;
    } rows[] = {
        {"打印",        "打印机缺纸",          0 }, /* as it is written */
        {"印机",        "打印机缺纸",          1 },
        {"印表機",     "印表机缺纸",          0 },
        {"机纸",        "打印机缺纸",          -1},
        {"Print",         "printer offline",          0 },
        {"off",           "Printer offline",          1 },
        {"inter",         "Printer offline",          -1}, /* the middle of a word is no beginning */
        {"wifi",          "Wi-Fi drops",              0 },
        {"e013",          "Fault E-013",              1 },
        {"e-0",           "Fault E-013",              1 },
        {"013",           "Fault E-013",              1 },
        {"luyou",         "路由器重启",          2 }, /* as it is read */
        {"luyouq",        "路由器重启",          2 },
        {"lu'you'q",      "路由器重启",          2 },
        {"lu4you2qi4",    "路由器重启",          2 },
        {"chongqi",       "路由器重启",          3 },
        {"zhongqi",       "路由器重启",          3 },
        {"luo",           "路由器重启",          -1},
        {"xian",          "西安分行",             2 },
        {"xi'an",         "限速",                   -1}, /* a gap ends a syllable */
        {"lvse",          "绿色",                   2 },
        {"lüse",         "绿色",                   2 },
        {"luyouqi重",    "路由器重启",          2 },
        {"lyq",           "路由器重启",          5 }, /* by first letters */
        {"lyqcq",         "路由器重启",          5 },
        {"cq",            "路由器重启",          -1}, /* two say nothing inside */
        {"ly",            "路由器重启",          5 },
        {"l",             "路由器重启",          2 },
        {"yqc",           "路由器重启",          6 },
        {"dyj",           "USB 打印机",            6 },
        {"usbdyj",        "USB 打印机",            5 },
        {"shezh",         "设置",                   2 },
        {"shzh",          "设置",                   5 },
        {"ㅊㅅ",        "청소 방법",            5 },
        {"ㅂㅂ",        "청소 방법",            6 },
        {"ㄳ",           "가습기",                5 }, /* an input method put ㄱ ㅅ together */
        {"청ㅅ",        "청소 방법",            0 }, /* unfinished Hangul */
        {"처",           "청소 방법",            0 },
        {"청솝",        "청소 방법",            0 },
        {"청곱",        "청소 방법",            -1},
        {"cjdth",         "청소 방법",            2 }, /* the keyboard was not switched */
        {"roguin",        "ログインできない", 2 },
        {"ログ",        "ろぐいん",             0 },
        {"settei",        "画面の設定",          3 },
        {"せってい",  "設定の変更",          2 },
        {"ru-ta-",        "ルーターの再起動", 2 },
        {"printer red",   "Red light, printer dead",  4 }, /* all pieces, anywhere */
        {"print red",     "Red light, printer dead",  -1}, /* all but the last are whole */
        {"red prin",      "Red light, printer dead",  4 },
        {"缺纸 打印", "打印机缺纸",          4 },
        {"缺纸 扫描", "打印机缺纸",          -1},
        {"",              "打印机",                -1},
        {"。！",        "打印机",                -1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rank_of(rows[i].typed, rows[i].title) != rows[i].rank)
            fail_msg("%s in %s: %d, not %d", rows[i].typed, rows[i].title,
                     rank_of(rows[i].typed, rows[i].title), rows[i].rank);
}

static void the_span_is_what_was_typed(void **state)
{
    static struct typed t;
    struct letters letters;
    struct matched matched;
    struct error err;

    (void)state;
    assert_ok(typed_of(BYTES_LIT("youq"), folder, &t, &err));
    letters_from("新路由器", &letters);
    assert_true(matching_of(&t, &letters, &matched));
    assert_int_equal(1, matched.spans_count);
    assert_int_equal(2, matched.spans[0].start);
    assert_int_equal(4, matched.spans[0].end);
}

/* --- against the same by trying everything ------------------------------------------------- */

static bool twin(const struct letters *typed, uint32_t at, const struct letters *text, uint32_t to,
                 enum matching_how how);

static bool twin_reading(const struct letters *typed, uint32_t at, const struct letters *text,
                         uint32_t to, enum matching_how how, const char *name)
{
    uint32_t len = 0;

    for (; name[len] != '\0'; len++) {
        uint32_t c = at + len < typed->count ? typed->list[at + len].cp : 0;

        if (c == 0 || (len > 0 && typed->list[at + len].gap) || c != (uint8_t)name[len])
            break;
    }
    if (len == 0)
        return false;
    if (at + len == typed->count)
        return true;
    if (name[len] == '\0') {
        uint32_t c = typed->list[at + len].cp;

        if (twin(typed, at + len, text, to + 1, how) ||
            (c >= '1' && c <= '5' && twin(typed, at + len + 1, text, to + 1, how)))
            return true;
    }
    return how == HOW_INITIALS &&
           (twin(typed, at + 1, text, to + 1, how) ||
            (len >= 2 && name[1] == 'h' && twin(typed, at + 2, text, to + 1, how)));
}

static bool twin(const struct letters *typed, uint32_t at, const struct letters *text, uint32_t to,
                 enum matching_how how)
{
    uint16_t readings[PINYIN_READINGS_MAX];
    uint32_t count;

    if (at == typed->count)
        return true;
    if (to == text->count)
        return false;
    if (typed->list[at].cp == text->list[to].cp)
        return twin(typed, at + 1, text, to + 1, how);
    if (how == HOW_WRITTEN)
        return false;
    count = pinyin_readings(text->list[to].cp, readings);
    for (uint32_t i = 0; i < count; i++)
        if (twin_reading(typed, at, text, to, how, pinyin_name(readings[i])))
            return true;
    return false;
}

static void make_text(struct test_random *random, const char *const *pieces, uint32_t count,
                      uint32_t most, char out[200])
{
    uint32_t n = 1 + test_random_below(random, most);

    out[0] = '\0';
    for (uint32_t i = 0; i < n; i++)
        strncat(out, pieces[test_random_below(random, count)], 20);
}

static void it_matches_what_trying_everything_matches(void **state)
{
    static const char *const typed_pieces[] = {"a", "n", "g", "x", "i", "'", "h", "c", "1", "安"};
    static const char *const text_pieces[] = {"西", "安", "先", "长", "昂",
                                              "a",  "吃", "n",  " ",  "恩"};
    struct test_random random = test_random_new();
    uint32_t matching = 0;

    (void)state;
    for (int round = 0; round < 200000; round++) {
        char typed_text[200], text[200];
        struct letters typed, letters;
        enum matching_how how = (enum matching_how)test_random_below(&random, 3);
        uint32_t end = 0;
        bool found;

        make_text(&random, typed_pieces, 10, 7, typed_text);
        make_text(&random, text_pieces, 10, 6, text);
        letters_of(bytes_str(typed_text), &typed);
        letters_of(bytes_str(text), &letters);
        if (typed.count == 0)
            continue;
        found = matching_from(&typed, &letters, 0, how, &end);
        if (found != twin(&typed, 0, &letters, 0, how))
            fail_msg("%s in %s, how %d: %d", typed_text, text, (int)how, found);
        matching += found;
    }
    assert_true(matching > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_title_matches_what_may_become_it),
        cmocka_unit_test(the_span_is_what_was_typed),
        cmocka_unit_test(it_matches_what_trying_everything_matches),
    };

    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
