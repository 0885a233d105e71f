/* Records of what cases have learned: arithmetic, who may say what, room, bytes. */
#include "tests/harness.h"

#include "data/learned.h"

#include <math.h>
#include <stdlib.h>

static bool say(struct learned *l, const char *text, uint64_t voter, unsigned day, uint8_t weight)
{
    return learned_vote(l, bytes_str(text), (struct learned_vote){voter, (uint16_t)day, weight});
}

static void votes_fade_by_half_in_ninety_days(void **state)
{
    static const struct {
        uint32_t days, left;
    } cases[] = {
        {0,       65536},
        {90,      32768},
        {180,     16384},
        {90 * 16, 1    },
        {90 * 17, 0    },
        {60000,   0    }
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(cases[i].left, learned_fade(cases[i].days));
    for (uint32_t days = 0; days < 400; days++) {
        double exact = 65536 * pow(0.5, days / 90.0);

        assert_true(fabs(learned_fade(days) - exact) <= 1);
        assert_true(learned_fade(days + 1) <= learned_fade(days));
    }
    assert_int_equal(65536, learned_left(100, 10)); /* a clock that went back */
}

static void a_vote_from_far_down_the_list_weighs_more_up_to_five(void **state)
{
    (void)state;
    assert_int_equal(LEARNED_WHOLE / 2, learned_weight(0)); /* it did not find the case */
    for (unsigned rank = 1; rank <= 10; rank++)
        assert_true(fabs(learned_weight(rank) - fmin(5, pow(rank, 0.7)) * LEARNED_WHOLE) <= 0.51);
    assert_int_equal(5 * LEARNED_WHOLE, learned_weight(11));
    assert_int_equal(5 * LEARNED_WHOLE, learned_weight(4000000000u));
}

static void one_voter_has_one_vote_for_a_question(void **state)
{
    struct learned *l = calloc(1, sizeof *l);

    (void)state;
    for (unsigned i = 0; i < 100; i++)
        assert_true(say(l, "modem dark", 7, 10 + i, 8));
    assert_int_equal(1, l->questions_count);
    assert_int_equal(1, l->questions[0].votes_count);
    assert_int_equal(109, l->questions[0].votes[0].day); /* his newest */
    assert_true(say(l, "modem dark", 8, 20, 8));
    assert_int_equal(2, l->questions[0].votes_count);
    assert_int_equal(109, learned_newest(l));
    free(l);
}

static void what_did_not_help_counts_against_a_solved_question_only(void **state)
{
    struct learned *l = calloc(1, sizeof *l);

    (void)state;
    assert_false(say(l, "modem dark", 1, 5, 0));
    assert_int_equal(0, l->questions_count);
    assert_true(say(l, "modem dark", 1, 5, 8));
    assert_true(say(l, "modem dark", 2, 6, 0));
    assert_int_equal(2, l->questions[0].votes_count);
    assert_true(say(l, "modem dark", 1, 7, 0)); /* he thought better of it */
    assert_int_equal(0, l->questions_count);
    assert_false(say(l, "", 1, 5, 8));
    free(l);
}

static void a_question_keeps_the_newest_votes(void **state)
{
    struct learned *l = calloc(1, sizeof *l);

    (void)state;
    for (unsigned i = 0; i < LEARNED_VOTES_MAX + 3; i++)
        assert_true(say(l, "q", 100 + i, i, 8));
    assert_int_equal(LEARNED_VOTES_MAX, l->questions[0].votes_count);
    assert_int_equal(103, l->questions[0].votes[0].voter);
    assert_int_equal(100 + LEARNED_VOTES_MAX + 2,
                     l->questions[0].votes[LEARNED_VOTES_MAX - 1].voter);
    free(l);
}

static void the_least_worthy_question_gives_its_place(void **state)
{
    struct learned *l = calloc(1, sizeof *l);
    char text[16];

    (void)state;
    for (unsigned i = 0; i < LEARNED_QUESTIONS_MAX; i++) {
        (void)snprintf(text, sizeof text, "q%u", i);
        assert_true(say(l, text, 1000 + i, i == 40 ? 1 : 300, 8)); /* 40 is old */
    }
    assert_true(say(l, "new", 5, 300, 8));
    assert_int_equal(LEARNED_QUESTIONS_MAX, l->questions_count);
    for (unsigned q = 0; q < LEARNED_QUESTIONS_MAX; q++)
        assert_false(bytes_equal(bytes_of(l->questions[q].text, l->questions[q].text_bytes),
                                 BYTES_LIT("q40")));
    assert_memory_equal("new", l->questions[LEARNED_QUESTIONS_MAX - 1].text, 3);
    free(l);
}

static void one_voter_cannot_fill_a_case(void **state)
{
    struct learned *l = calloc(1, sizeof *l);
    char text[16];

    (void)state;
    assert_true(say(l, "of somebody else", 1, 1, 8));
    for (unsigned i = 0; i < 500; i++) {
        (void)snprintf(text, sizeof text, "mine %u", i);
        assert_true(say(l, text, 66, 1 + i / 10, 40));
    }
    assert_int_equal(1 + LEARNED_VOTER_QUESTIONS_MAX, l->questions_count);
    assert_memory_equal("of somebody else", l->questions[0].text, 16);
    assert_memory_equal("mine 499", l->questions[LEARNED_VOTER_QUESTIONS_MAX].text, 8);
    free(l);
}

static void a_long_question_is_cut_between_characters(void **state)
{
    struct learned *l = calloc(1, sizeof *l);
    char text[LEARNED_QUESTION_BYTES_MAX + 10];

    (void)state;
    memset(text, 'a', sizeof text);
    memcpy(text + LEARNED_QUESTION_BYTES_MAX - 1, "\xE7\xBA\xB8", 3);
    text[sizeof text - 1] = '\0';
    assert_true(say(l, text, 1, 1, 8));
    assert_int_equal(LEARNED_QUESTION_BYTES_MAX - 1, l->questions[0].text_bytes);
    assert_true(say(l, text, 2, 1, 8));
    assert_int_equal(1, l->questions_count); /* the same, cut the same */
    free(l);
}

static void the_index_is_told_of_openers_when_they_doubled(void **state)
{
    struct learned *l = calloc(1, sizeof *l);
    unsigned told = 0;

    (void)state;
    for (uint64_t voter = 1; voter <= 1000; voter++) {
        assert_false(learned_open(l, 1, 3)); /* the same person again and again */
        told += learned_open(l, voter, 3);
    }
    assert_int_equal(LEARNED_OPENERS_MAX, l->openers_count);
    assert_int_equal(5, told); /* 3 7 15 31 63 */
    free(l);
}

static void a_voter_can_be_forgotten(void **state)
{
    struct learned *l = calloc(1, sizeof *l);

    (void)state;
    (void)learned_open(l, 66, 4);
    assert_true(say(l, "his alone", 66, 1, 8));
    assert_true(say(l, "of both", 66, 1, 8));
    assert_true(say(l, "of both", 2, 1, 8));
    assert_true(say(l, "not his", 2, 1, 8));
    assert_true(learned_forget(l, 66));
    assert_false(learned_forget(l, 66));
    assert_int_equal(2, l->questions_count);
    assert_int_equal(1, l->questions[0].votes_count);
    assert_int_equal(0, l->openers_count);
    free(l);
}

static void a_record_is_read_as_it_was_written_and_no_shorter(void **state)
{
    struct learned *l = calloc(1, sizeof *l), *back = calloc(1, sizeof *back);
    struct buf once = {0}, twice = {0};

    (void)state;
    l->seq = 12345;
    (void)learned_open(l, 9, 17);
    assert_true(say(l, "打印机卡纸", 3, 2000, 13));
    assert_true(say(l, "打印机卡纸", 4, 2001, 0));
    assert_true(say(l, "paper jam", 5, 2002, 8));
    learned_encode(l, &once);
    assert_true(learned_decode(buf_bytes(&once), back));
    learned_encode(back, &twice);
    assert_bytes_equal(buf_bytes(&once), buf_bytes(&twice));
    for (size_t len = 0; len < once.len; len++)
        assert_false(learned_decode(bytes_of(once.data, len), back));
    buf_add_u8(&once, 0);
    assert_false(learned_decode(buf_bytes(&once), back));
    buf_release(&once);
    buf_release(&twice);
    free(back);
    free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(votes_fade_by_half_in_ninety_days),
        cmocka_unit_test(a_vote_from_far_down_the_list_weighs_more_up_to_five),
        cmocka_unit_test(one_voter_has_one_vote_for_a_question),
        cmocka_unit_test(what_did_not_help_counts_against_a_solved_question_only),
        cmocka_unit_test(a_question_keeps_the_newest_votes),
        cmocka_unit_test(the_least_worthy_question_gives_its_place),
        cmocka_unit_test(one_voter_cannot_fill_a_case),
        cmocka_unit_test(a_long_question_is_cut_between_characters),
        cmocka_unit_test(the_index_is_told_of_openers_when_they_doubled),
        cmocka_unit_test(a_voter_can_be_forgotten),
        cmocka_unit_test(a_record_is_read_as_it_was_written_and_no_shorter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
