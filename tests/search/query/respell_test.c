/* Other characters than were typed: people's own slips in Korean and Japanese, what each becomes in
 * a library that knows what was meant, and that what the library knows is left alone. */
#include "tests/search/query/gram_fixture.h"

#include "search/query/respell.h"

static const char *const library[] = {
    "클라우드 인프라의 로그 파일 위치",
    "지원 티켓 제출",
    "최대 크기를 변경하는 방법",
    "채팅 창이 열리지 않음",
    "병렬 처리 오류",
    "세션이 만료되었습니다",
    "노트북 화면이 깜박임",
    "공유기 재부팅 반복",
    "작업을 잠급니다",
    "구성 관리",
    "공유할 수 있습니다",
    "이 機会を逃さずに",
    "機械の電源を入れる",
    "購買依頼リストの更新",
    "注文の発送が遅れる",
    "承認の要求を送る",
    "問題を修正するパッチ",
    "ネットワークの設定を変更する",
    "バッテリーの残量",
    "パスワードをリセットする",
    "ルーターにログインできない",
    "アクティビティの更新",
    "サポートチケットを送信",
    "このボタンは使えない",
    "状態が変わらない",
    "取り消しの手順",
};

static void add_case(struct fixture *f, const char *text)
{
    add_cases(f, text, 1);
}

static int set_up_library(void **state)
{
    struct fixture *f;

    (void)set_up(state);
    f = *state;
    f->lang = "ko";
    for (size_t i = 0; i < sizeof library / sizeof *library; i++)
        add_case(f, library[i]);
    return 0;
}

/* The form of any group that is this gram, if a case has it. */
static const struct member *form(const struct fixture *f, const char *gram)
{
    for (uint32_t i = 0; i < f->query.groups_count; i++)
        for (const struct member *m = f->query.groups[i].members; m != NULL; m = m->next)
            if (m->df > 0 && (m->term.data[0] == TERM_GRAM2 || m->term.data[0] == TERM_GRAM1) &&
                bytes_equal(bytes_of(m->term.data + 1, m->term.len - 1), bytes_str(gram)))
                return m;
    return NULL;
}

static unsigned count_of(const struct fixture *f, unsigned reasons)
{
    unsigned count = 0;

    for (uint32_t i = 0; i < f->query.groups_count; i++)
        for (const struct member *m = f->query.groups[i].members; m != NULL; m = m->next)
            count += (m->reason & reasons) != 0 && m->df > 0;
    return count;
}

static void what_was_meant_becomes_a_form(void **state)
{
    static const struct {
        const char *typed, *gram; /* folded */
        enum reason reason;
    } rows[] = {
        {"최데",                   "최대", REASON_TYPO }, /* sounds alike */
        {"채틴",                   "채팅", REASON_TYPO }, /* one key beside */
        {"녕렬",                   "병렬", REASON_TYPO },
        {"체틴",                   "채팅", REASON_TYPO }, /* two beside each other */
        {"지원 티캣",            "티켓", REASON_TYPO },
        {"클르우드",             "클라", REASON_TYPO }, /* both grams of a syllable */
        {"클르우드",             "라우", REASON_TYPO },
        {"만료돼었습니다",    "료되", REASON_TYPO },
        {"wkrdjqdmf",                "작업", REASON_TYPO }, /* the keyboard was not switched */
        {"dlTtmqslek",               "있습", REASON_TYPO }, /* shifted keys */
        {"구성 rhksfl",            "관리", REASON_TYPO },
        {"器械",                   "机会", REASON_SOUND}, /* another word of the reading */
        {"昇任",                   "承认", REASON_SOUND},
        {"注文の発走",          "发送", REASON_SOUND},
        {"いらい",                "依赖", REASON_SOUND}, /* not converted */
        {"問題をしゅうせい", "修正", REASON_SOUND},
        {"つかえない",          "使え", REASON_SOUND}, /* verbs, in any form */
        {"つかえれば",          "使え", REASON_SOUND},
        {"状態がかわらない", "变わ", REASON_SOUND},
        {"とりけし",             "消し", REASON_SOUND},
        {"代わらない",          "变わ", REASON_SOUND},
        {"settei",                   "设定", REASON_SOUND},
        {"バテリー",             "ばっ", REASON_TYPO }, /* a small っ is missing */
        {"リセツト",             "せっ", REASON_TYPO }, /* a large one was typed */
        {"アクテイビテイ",    "てぃ", REASON_TYPO },
        {"サポトチケット",    "ぽー", REASON_TYPO }, /* ー is missing */
        {"チケトッ",             "けっ", REASON_TYPO }, /* swapped */
        {"roguin",                   "ろぐ", REASON_SOUND},
        {"ru-ta-",                   "るー", REASON_SOUND},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct member *member;

        parse_as(f, rows[i].typed, false);
        if ((member = form(f, rows[i].gram)) == NULL)
            fail_msg("%s does not find %s", rows[i].typed, rows[i].gram);
        assert_int_equal(rows[i].reason, member->reason);
        assert_true(member->weight < 1);
    }
}

static void what_the_library_knows_is_left_alone(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof library / sizeof *library; i++) {
        parse_as(f, library[i], false);
        if (count_of(f, REASON_TYPO | REASON_SOUND | REASON_PREFIX) > 0)
            fail_msg("%s is changed", library[i]);
    }
}

static void what_is_quoted_is_left_alone(void **state)
{
    static const char *const questions[] = {"\"최데\"",   "\"器械\"",   "\"いらい\"",
                                            "\"roguin\"", "\"rhksfl\"", "\"バテリー\""};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        parse_as(f, questions[i], true);
        if (count_of(f, REASON_TYPO | REASON_SOUND | REASON_PREFIX) > 0)
            fail_msg("%s is changed", questions[i]);
    }
}

static void a_syllable_is_completed_while_typing(void **state)
{
    static const struct {
        const char *typed, *gram;
    } rows[] = {
        {"노트부",          "트북"}, /* no final yet */
        {"공유\xE3\x84\xB1", "유기"}, /* ㄱ alone */
        {"공윢",             "공유"}, /* its ㄲ may be the next initial */
        {"티켖",             "티켓"}, /* a slip */
        {"최",                "최"   },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        parse_as(f, rows[i].typed, true);
        if (form(f, rows[i].gram) == NULL)
            fail_msg("%s does not find %s", rows[i].typed, rows[i].gram);
    }
    parse_as(f, "육", true); /* 유기 is what the next letter would make of it */
    assert_non_null(form(f, "유기"));
    add_case(f, "아르헨티나"); /* 채팅 was meant; 채티 and then 나 would be strange */
    parse_as(f, "채틴", true);
    assert_null(form(f, "티나"));
    assert_non_null(form(f, "채팅"));
    parse_as(f, "노트부", false);
    assert_int_equal(0, count_of(f, REASON_PREFIX));
}

static void what_is_known_is_changed_only_for_what_is_in_many_more_cases(void **state)
{
    struct fixture *f = *state;

    add_case(f, "최데");
    for (unsigned i = 0; i < 7; i++)
        add_case(f, "최대");
    parse_as(f, "최데", false); /* one case, and eight */
    assert_null(form(f, "최대"));
    add_case(f, "최대");
    parse_as(f, "최데", false);
    assert_non_null(form(f, "최대"));
}

static void hiragana_that_may_be_grammar_is_left_alone(void **state)
{
    struct fixture *f = *state;

    for (unsigned i = 0; i < 40; i++) {
        add_case(f, "ログインしようとする");
        add_case(f, "使用する");
    }
    parse_as(f, "ログインしようとすると", false);
    assert_null(form(f, "使用"));
    parse_as(f, "しよう", false);
    assert_non_null(form(f, "使用"));
}

static void han_of_a_library_without_japanese_is_not_read_in_japanese(void **state)
{
    struct fixture *f = *state;

    json_array_clear(f->batch);
    add_case(f, "把握机会");
    parse_as(f, "器械", false);
    assert_null(form(f, "机会"));
    add_case(f, "機会の");
    parse_as(f, "器械", false);
    assert_non_null(form(f, "机会"));
}

static void one_gram_has_so_many_guesses(void **state)
{
    static const char *const finals[] = {"각", "간", "갇", "갈", "감", "갑",
                                         "갓", "강", "갖", "갚", "갛"};
    struct fixture *f = *state;
    char word[16];

    for (size_t i = 0; i < sizeof finals / sizeof *finals; i++) {
        (void)snprintf(word, sizeof word, "%s뷁", finals[i]);
        add_case(f, word);
    }
    parse_as(f, "같뷁", false);
    assert_int_equal(RESPELL_MAX, count_of(f, REASON_TYPO));
}

static void so_many_grams_are_asked_about(void **state)
{
    struct fixture *f = *state;
    struct expansion x = {0};
    struct respell r;
    struct change change = {
        .slip = SLIP_ONLY_KANA, .end = 2, .letters = {0xCD5C, 0xB300},
                .count = 2
    }; /* 최대 */

    parse_as(f, "최데", false);
    x.lexicon = &f->lexicon;
    x.query = &f->query;
    assert_int_equal(AF_OK, respell_init(&r, &x));
    assert_true(respell_offer(&r, &change));
    assert_int_equal(1, x.grams_asked);
    x.grams_asked = EXPAND_GRAMS_ASKED_MAX - 1;
    assert_true(respell_offer(&r, &change));
    assert_false(respell_offer(&r, &change));
    assert_int_equal(EXPAND_GRAMS_ASKED_MAX, x.grams_asked);
}

static void so_many_letters_may_be_typed_in_latin(void **state)
{
    struct fixture *f = *state;
    char keys[2 * SWITCHED_LETTERS_MAX + 3];

    add_case(f, "가가");
    for (unsigned i = 0; i < SWITCHED_LETTERS_MAX + 1; i++)
        memcpy(keys + 2 * i, "rk", 3);
    parse_as(f, keys + 2, false);
    assert_non_null(form(f, "가가"));
    parse_as(f, keys, false);
    assert_null(form(f, "가가"));
}

/* Neither slips of what the keys wrote, nor the pieces of what is romaji. */
static void what_latin_letters_meant_stands_for_them(void **state)
{
    static const char *const questions[] = {"rhksfl", "ru-ta-"};
    struct fixture *f = *state;

    add_case(f, "TA");
    add_case(f, "RU");
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        parse_as(f, questions[i], false);
        for (uint32_t g = 0; g < f->query.groups_count; g++) {
            const struct group *group = &f->query.groups[g];

            assert_int_equal(group->kind == GROUP_GRAM2, group->weight > 0);
            assert_true(group->kind != GROUP_GRAM2 || group->members->next == NULL);
        }
    }
}

static void the_commoner_of_romaji_and_a_correction_is_meant(void **state)
{
    struct fixture *f = *state;

    add_case(f, "settee");
    parse_as(f, "settei", false); /* settee and 設定 are in a case each */
    assert_null(form(f, "设定"));
    add_case(f, "設定");
    parse_as(f, "settei", false);
    assert_non_null(form(f, "设定"));
}

/* Pieces of everything that is looked at, in any order, while typing and not. */
static void questions_of_random_pieces_are_expanded(void **state)
{
    static const char *const pieces[] = {"채", "틴", "각", "ㄱ", "최데",
                                         "き", "ー", "っ", "ッ", "い",
                                         "ら", "器", "械", "機", " ",
                                         "\"", "rk", "s",  "ro", "gu",
                                         "-",  "設", "K",  "1",  "\xF0\xA0\x80\x8B",
                                         "を", "ﾊﾞ", "々"};
    struct test_random random = test_random_new();
    struct fixture *f = *state;

    for (unsigned n = 0; n < 500; n++) {
        char text[128] = "";
        size_t len = 0;

        for (uint32_t i = test_random_below(&random, 14); i > 0; i--) {
            const char *piece = pieces[test_random_below(&random, sizeof pieces / sizeof *pieces)];

            memcpy(text + len, piece, strlen(piece) + 1);
            len += strlen(piece);
        }
        parse_as(f, text, test_random_below(&random, 2) == 1);
        for (uint32_t i = 0; i < f->query.groups_count; i++)
            for (const struct member *m = f->query.groups[i].members; m != NULL; m = m->next)
                assert_true(m->is_looked_up && m->weight > 0 && m->weight <= 1);
    }
}

static void a_whole_page_of_slips_ends(void **state)
{
    struct fixture *f = *state;
    struct buf page = {0};

    while (page.len < QUERY_BYTES_MAX)
        buf_add(&page, BYTES_LIT("녕렬최데いらい器械バテリー roguin "));
    buf_add(&page, BYTES_LIT("\0"));
    parse_as(f, (const char *)page.data, true);
    assert_true(f->query.groups_count <= QUERY_GROUPS_MAX);
    buf_release(&page);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_library, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_meant_becomes_a_form),
        TEST(what_the_library_knows_is_left_alone),
        TEST(what_is_quoted_is_left_alone),
        TEST(a_syllable_is_completed_while_typing),
        TEST(what_is_known_is_changed_only_for_what_is_in_many_more_cases),
        TEST(hiragana_that_may_be_grammar_is_left_alone),
        TEST(han_of_a_library_without_japanese_is_not_read_in_japanese),
        TEST(one_gram_has_so_many_guesses),
        TEST(so_many_grams_are_asked_about),
        TEST(so_many_letters_may_be_typed_in_latin),
        TEST(what_latin_letters_meant_stands_for_them),
        TEST(the_commoner_of_romaji_and_a_correction_is_meant),
        TEST(questions_of_random_pieces_are_expanded),
        TEST(a_whole_page_of_slips_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
