/* Slips of the finger among CJK letters: people's own, and a naive twin that tries every text one
 * edit away against a table of counts. */
#include "tests/search/query/gram_fixture.h"

#include "search/query/edits.h"

#include <math.h>

static void letters_that_moved_are_put_right_in_any_script(void **state)
{
    static const struct {
        const char *typed, *gram, *meant;
    } rows[] = {
        {"支分",       "支分", "分支"},
        {"打件印机", "件印", "打印"},
        {"打件印机", "打件", "打印"},
        {"路器",       "路器", "路由"},
        {"路器",       "路器", "由器"},
        {"路我器",    "路我", "路由"},
        {"路我器",    "我器", "由器"},
        {"路的由器", "的由", NULL    }, /* grammar says nothing */
        {"路由路由", "由路", NULL    },
        {"\"支分\"",   "支分", NULL    },
        {"노북트",    "북트", "트북"}, /* Korean */
        {"노북",       "노북", "노트"},
        {"設変定更", "设变", "设定"}, /* Japanese */
    };
    struct fixture *f = *state;

    add_cases(f, "分支 打印机 路由器 노트북 設定 変更 分割", 20);
    add_cases(f, "别的", 200);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct member *member;

        parse(f, rows[i].typed);
        if (rows[i].meant == NULL) {
            assert_false(group_of(f, rows[i].gram)->corrected);
            continue;
        }
        member = member_of(group_of(f, rows[i].gram), rows[i].meant);
        if (member == NULL || member->reason != REASON_TYPO)
            fail_msg("%s in %s does not find %s", rows[i].gram, rows[i].typed, rows[i].meant);
        assert_true(member->weight < 1 && member->worth > 0);
    }
}

/* --- a naive twin ------------------------------------------------------------------------- */

#define ALPHABET 6
#define TYPED 3
static const char *const letters[ALPHABET] = {"銅", "鉄", "鉛", "錫", "鋼", "銀"};

struct twin {
    unsigned df[ALPHABET][ALPHABET], alone[ALPHABET];
    unsigned typed[TYPED];
    double best[ALPHABET][ALPHABET]; /* for gram `at` of the typed ones; below 0: no guess */
    unsigned at;
};

static double gain(unsigned before, unsigned after)
{
    return log2((after + 0.5) / (before + 0.5));
}

static double within(double value)
{
    return fmin(8, fmax(-8, value));
}

/* Gram `at` of the typed becomes a, b; `rest` is the gain of the others that the edit makes. */
static void guess(struct twin *t, unsigned a, unsigned b, double own, double rest, double cost)
{
    if (own >= 1.5 && own + rest - cost >= 1.5 && t->df[a][b] > 0)
        t->best[a][b] = fmax(t->best[a][b], own + rest - cost);
}

static unsigned df_typed(const struct twin *t, unsigned at)
{
    return t->df[t->typed[at]][t->typed[at + 1]];
}

/* Of three letters x y z, gram 0 is xy and gram 1 yz. */
static void try_moves(struct twin *t)
{
    unsigned x = t->typed[0], y = t->typed[1], z = t->typed[2], extra;

    for (unsigned a = 0; a < ALPHABET; a++)
        for (unsigned b = 0; b < ALPHABET; b++)
            t->best[a][b] = -1;
    extra = df_typed(t, 0) > df_typed(t, 1) ? df_typed(t, 0) : df_typed(t, 1);
    guess(t, x, z, gain(extra, t->df[x][z]), 0, 3);
    if (df_typed(t, 0) < 3 && x != y) { /* y x z */
        double inner = gain(df_typed(t, 0), t->df[y][x]), edge = gain(df_typed(t, 1), t->df[x][z]);

        if (inner >= 1.5 && t->at == 0)
            guess(t, y, x, inner, within(edge), 2);
        else if (inner >= 1.5)
            guess(t, x, z, edge, within(inner), 2);
    }
    if (df_typed(t, 1) < 3 && y != z) { /* x z y */
        double inner = gain(df_typed(t, 1), t->df[z][y]), edge = gain(df_typed(t, 0), t->df[x][z]);

        if (inner >= 1.5 && t->at == 1)
            guess(t, z, y, inner, within(edge), 2);
        else if (inner >= 1.5)
            guess(t, x, z, edge, within(inner), 2);
    }
}

/* Of what moved letters give, the best is always among the forms, and nothing else is. */
static void the_same_grams_are_found_by_moving_the_letters_by_hand(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct twin t = {.at = 0};
    unsigned found = 0;

    for (unsigned i = 0; i < 14; i++) {
        unsigned a = test_random_below(&random, ALPHABET), b = test_random_below(&random, ALPHABET);
        unsigned count = 1 + test_random_below(&random, 7);
        char text[32];

        if (a == b || t.df[a][b] > 0)
            continue;
        snprintf(text, sizeof text, "%s%s", letters[a], letters[b]);
        add_cases(f, text, count);
        t.df[a][b] += count;
    }
    for (unsigned i = 0; i < 400; i++) {
        char text[64], gram[32];
        const struct group *group;
        double best = -1;

        for (unsigned k = 0; k < TYPED; k++)
            t.typed[k] = test_random_below(&random, ALPHABET);
        if (t.typed[0] == t.typed[1] || t.typed[1] == t.typed[2] || t.typed[0] == t.typed[2])
            continue;
        t.at = test_random_below(&random, 2);
        if (df_typed(&t, t.at) >= 3)
            continue;
        snprintf(text, sizeof text, "の %s%s%s", letters[t.typed[0]], letters[t.typed[1]],
                 letters[t.typed[2]]);
        snprintf(gram, sizeof gram, "%s%s", letters[t.typed[t.at]], letters[t.typed[t.at + 1]]);
        parse(f, text);
        try_moves(&t);
        for (unsigned a = 0; a < ALPHABET; a++)
            for (unsigned b = 0; b < ALPHABET; b++)
                best = fmax(best, t.best[a][b]);
        group = NULL;
        for (uint32_t g = 0; g < f->query.groups_count; g++)
            if (f->query.groups[g].kind == GROUP_GRAM2 && f->query.groups[g].start == 4 + 3 * t.at)
                group = &f->query.groups[g];
        assert_non_null(group);
        found += best >= 1.5;
        if (best >= 1.5 && !group->corrected)
            fail_msg("%s of %s is not corrected", gram, text);
        for (unsigned a = 0; a < ALPHABET; a++)
            for (unsigned b = 0; b < ALPHABET; b++)
                if (t.best[a][b] >= 1.5 && t.best[a][b] >= best) {
                    bool there = false;

                    snprintf(gram, sizeof gram, "%s%s", letters[a], letters[b]);
                    for (const struct member *m = group->members; m != NULL; m = m->next)
                        there = there || (m->reason == REASON_TYPO && m->df == t.df[a][b]);
                    if (!there)
                        fail_msg("%s is not found from %s", gram, text);
                }
    }
    assert_true(found > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(letters_that_moved_are_put_right_in_any_script),
        TEST(the_same_grams_are_found_by_moving_the_letters_by_hand),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
