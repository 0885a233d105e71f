#include "tests/search/query/gram_fixture.h"

#include "search/query/spelled.h"

static void add_library(struct fixture *f)
{
    add_cases(f, "流量 权限 设置 数据库 打印机 路由器 疑难解答 结账 支持工单 打开 西安", 20);
    add_cases(f, "留言 全县 大引 路有 你好 先 由奢", 2);
    add_cases(f, "change channel you", 9);
    add_cases(f, "something else", 100);
}

static bool finds(const struct fixture *f, const char *gram)
{
    for (uint32_t i = 0; i < f->query.groups_count; i++) {
        const struct group *group = &f->query.groups[i];
        const struct member *member;

        if (group->kind != GROUP_GRAM2 || !group->spelled)
            continue;
        member = member_of(group, gram);
        if (member != NULL) {
            assert_int_equal(member->reason, REASON_SOUND);
            assert_true(group->weight > 0 && member->worth > 0 && member->weight < 1);
            assert_true(group->start < group->end && group->end <= f->query.folded.len);
            return true;
        }
    }
    return false;
}

static void what_is_spelled_finds_the_characters(void **state)
{
    static const struct {
        const char *typed, *grams[4];
    } rows[] = {
        {"liuliang",                {"流量"}                    },
        {"quanxianshezhi",          {"权限", "设置"}          },
        {"疑nanjie答",            {"疑难", "难解", "解答"}},
        {"在多地址jiezhang中", {"结账"}                    },
        {"打kaizhi持工单",      {"打开", "支持"}          },
        {"打yin机",               {"打印", "印机"}          }, /* one syllable, with what is beside it */
        {"lu'you'qi",               {"路由", "由器"}          },
        {"lu'you'q",                {"路由", "由器"}          },
        {"luyouq",                  {"路由", "由器"}          },
        {"lu4you2qi4",              {"路由", "由器"}          },
        {"lùyóuqì",              {"路由", "由器"}          },
        {"shujuk",                  {"数据", "据库"}          },
        {"xian",                    {"西安"}                    },
        {"xi'an",                   {"西安"}                    },
    };
    struct fixture *f = *state;

    add_library(f);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        parse(f, rows[i].typed);
        for (size_t k = 0; rows[i].grams[k] != NULL; k++)
            if (!finds(f, rows[i].grams[k]))
                fail_msg("%s does not find %s", rows[i].typed, rows[i].grams[k]);
    }
}

/* Then what was typed in letters weighs nothing: no case has it. */
static void the_letters_count_no_more(void **state)
{
    struct fixture *f = *state;

    add_library(f);
    parse(f, "lu'you'q");
    assert_non_null(group_of(f, "you"));
    assert_true(group_of(f, "you")->weight <= 0);
    parse(f, "liuliang");
    assert_true(group_of(f, "liuliang")->weight <= 0);
}

static void what_is_no_pinyin_stays_what_it_is(void **state)
{
    static const char *const typed[] = {
        "change",     /* chang e, but a word that the index knows */
        "chan",       /* one syllable; and channel begins so */
        "can't",      /* can, and the beginning of a syllable, but of nothing known */
        "liuliangx9", /* codes */
        "liu2-7713",
        "C:/da2ku4",
        "\"liuliang\"", /* what is quoted is meant as it stands */
        "ng",
        "zhuangzz",
        "v",
        "liu",
        "'",
        "liuliangliuliangliuliangliuliangliuliang", /* longer than SPELLED_LETTERS_MAX */
    };
    struct fixture *f = *state;

    add_library(f);
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        parse(f, typed[i]);
        for (uint32_t k = 0; k < f->query.groups_count; k++)
            if (f->query.groups[k].spelled)
                fail_msg("%s is taken for pinyin", typed[i]);
    }
}

static void so_many_letters_are_read(void **state)
{
    char typed[SPELLED_LETTERS_MAX + 2] = "liuliang";
    struct fixture *f = *state;

    add_library(f);
    for (size_t at = strlen(typed); at + 4 <= SPELLED_LETTERS_MAX; at += 4)
        memcpy(typed + at, "daku", 5);
    assert_int_equal(strlen(typed), SPELLED_LETTERS_MAX);
    parse(f, typed);
    assert_true(finds(f, "流量"));
    memcpy(typed + SPELLED_LETTERS_MAX, "a", 2);
    parse(f, typed);
    assert_false(finds(f, "流量"));
}

static void so_many_groups_are_made(void **state)
{
    struct fixture *f = *state;
    uint32_t made = 0;

    add_library(f);
    parse(
        f,
        "liuliang quanxianshezhi shujuku dayinji luyouqi yinanjieda zhichi dakai liuliangliuliang "
        "quanxianquanxian shujukushujuku");
    for (uint32_t i = 0; i < f->query.groups_count; i++)
        made += f->query.groups[i].spelled && f->query.groups[i].kind == GROUP_GRAM2;
    assert_in_range(made, 8, EXPAND_SPELLED_MAX + EXPAND_FUZZY_GROUPS_MAX);
    assert_true(f->query.groups_count <= f->query.groups_room);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_spelled_finds_the_characters),
        TEST(the_letters_count_no_more),
        TEST(what_is_no_pinyin_stays_what_it_is),
        TEST(so_many_letters_are_read),
        TEST(so_many_groups_are_made),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
