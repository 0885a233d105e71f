/* Prints of texts: equal for equal terms, near for small changes, far for other texts. */
#include "tests/harness.h"

#include "search/query/simhash.h"

static const char text[] =
    "Wifi keeps dropping every few minutes. Laptops and phones lose the wireless connection for "
    "ten seconds and come back. The router is new, the cable is not. 打印机缺纸，面板显示缺纸。 "
    "Error E-013 appears on the panel after the restart of the box in the evening.";

struct fixture {
    struct analyzer *analyzer;
    struct arena *arena;
};

static int set_up(void **state)
{
    static struct fixture f;
    struct error err;

    assert_ok(analyzer_new(&f.analyzer, &err));
    f.arena = arena_new(1 << 20);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    analyzer_free(f->analyzer);
    arena_free(f->arena);
    return 0;
}

static struct simhash print(struct fixture *f, const char *of)
{
    struct simhash out;
    struct error err;

    assert_ok(simhash_of(f->analyzer, bytes_str(of), f->arena, &out, &err));
    return out;
}

static void a_text_is_near_itself_in_other_order_case_and_script(void **state)
{
    struct simhash a = print(*state, "Wifi drops. 打印机缺纸 E-013"),
                   b = print(*state, "打印機缺紙  e-013 WIFI: drops wifi");

    assert_int_equal(0, simhash_apart(&a, &b));
    assert_true(simhash_shared(&a, &b) >= 1);
    assert_true(simhash_near(&a, &b));
}

static void a_word_more_is_near_and_another_text_is_not(void **state)
{
    struct simhash a = print(*state, text), more, other;
    struct buf longer = {0};

    buf_printf(&longer, "%s Twice.", text);
    more = print(*state, buf_str(&longer));
    other = print(*state, "Toner leaks inside the printer. Black powder on every page. The toner "
                          "cartridge is cracked; replace it and vacuum the tray.");
    buf_release(&longer);
    assert_true(simhash_near(&a, &more));
    assert_true(simhash_shared(&a, &more) < 1);
    assert_false(simhash_near(&a, &other));
    assert_true(simhash_shared(&a, &other) < 0.2);
}

static void half_of_the_terms_is_not_enough(void **state)
{
    struct simhash a = print(*state, "alpha beta gamma delta"),
                   b = print(*state, "alpha beta gamma epsilon");

    assert_true(simhash_shared(&a, &b) > 0.59 && simhash_shared(&a, &b) < 0.61);
    assert_false(simhash_near(&a, &b));
}

static void empty_texts_are_like_nothing(void **state)
{
    struct simhash a = print(*state, ""), b = print(*state, "?!");

    assert_int_equal(0, a.count);
    assert_false(simhash_near(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_is_near_itself_in_other_order_case_and_script),
        cmocka_unit_test(a_word_more_is_near_and_another_text_is_not),
        cmocka_unit_test(half_of_the_terms_is_not_enough),
        cmocka_unit_test(empty_texts_are_like_nothing),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
