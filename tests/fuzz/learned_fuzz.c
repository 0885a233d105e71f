/* What a case has learned, as stored: what is read can be written and is read as the same, and goes
 * on learning, opening and forgetting within its limits.
 *
 *     | steps u8 | (what u8, voter u8, day u16, text) … | record | */
#include "tests/fuzz/fuzz.h"

#include "data/learned.h"

#define STEPS_MAX 40

static void check_limits(const struct learned *learned)
{
    ENSURE(learned->openers_count <= LEARNED_OPENERS_MAX);
    ENSURE(learned->questions_count <= LEARNED_QUESTIONS_MAX);
    for (uint32_t q = 0; q < learned->questions_count; q++) {
        const struct learned_question *question = &learned->questions[q];

        ENSURE(question->text_bytes > 0 && question->text_bytes <= LEARNED_QUESTION_BYTES_MAX);
        ENSURE(question->votes_count > 0 && question->votes_count <= LEARNED_VOTES_MAX);
    }
}

/* Written, read and written again: the same bytes. */
static void check_round(const struct learned *learned)
{
    static struct learned again;
    struct buf first = {0}, second = {0};

    learned_encode(learned, &first);
    ENSURE(buf_ok(&first) && learned_decode(buf_bytes(&first), &again));
    learned_encode(&again, &second);
    ENSURE(bytes_equal(buf_bytes(&first), buf_bytes(&second)));
    ENSURE(learned_newest(learned) == learned_newest(&again));
    buf_release(&first);
    buf_release(&second);
}

static void take_step(struct learned *learned, struct reader *r)
{
    uint8_t what = take_u8(r);
    uint64_t voter = take_u8(r);
    uint16_t day = (uint16_t)take_u32(r, 2);

    if (what % 8 == 0)
        ENSURE(!learned_forget(learned, voter) || !learned_forget(learned, voter));
    else if (what % 8 == 1)
        (void)learned_open(learned, voter, day);
    else {
        struct learned_vote vote = {voter, day, (uint8_t)(what % 8 == 2 ? 0 : what / 8)};

        (void)learned_vote(learned, take_bytes(r, LEARNED_QUESTION_BYTES_MAX + 50), vote);
    }
    check_limits(learned);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct learned learned;
    struct reader r = reader_of(bytes_of(data, size)), steps;
    uint8_t count = take_u8(&r);

    steps = reader_of(take_bytes(&r, 4096));
    if (!learned_decode(bytes_of(r.at, reader_left(&r)), &learned))
        learned = (struct learned){0};
    check_limits(&learned);
    check_round(&learned);
    for (uint8_t i = 0; i < count && i < STEPS_MAX; i++)
        take_step(&learned, &steps);
    check_round(&learned);
    return 0;
}
