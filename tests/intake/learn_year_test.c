/* A year of a service desk, played in a minute: customers ask in words that the right case often
 * does not have, look at answers as people do, are sometimes wrong, and one author works for his
 * own case all year. What does the library learn, does it come to rest, and what did he gain?
 * (typesense #771: what helped before is lifted.)
 *
 * The library and the language are made up (words of syllables), from a seed. A case is about some
 * things; each thing has the library's word and three that customers use for it, of which one
 * in four is the library's word for another thing. A customer takes the library's word with 0.3.
 *
 * `make learning` plays a larger one (YEAR=full) and prints the months. */
#include "tests/intake/api/fixture.h"

#include "data/check.h"
#include "intake/ask/learn.h"
#include "intake/intake_check.h"

#include <math.h>
#include <stdio.h>

#define MONTHS 12
#define DAY_MS INT64_C(86400000)
#define WORDINGS 3 /* of customers, for a thing */
#define THINGS 3   /* in a case's title */

struct scale {
    uint32_t cases, things, consults_a_month, questions;
};

struct year {
    struct fixture *f;
    struct test_random random, his; /* his: of the author who works for his case */
    struct scale scale;
    char (*words)[16];         /* the library's, of each thing, then the customers' */
    uint32_t (*about)[THINGS]; /* things of each case */
    double *weight;            /* of each case: how often it is what is wrong, summed */
    int64_t now_ms;
    uint32_t spam; /* the case whose author works for it */
};

static double chance(struct year *y)
{
    return test_random_below(&y->random, 1 << 20) / (double)(1 << 20);
}

/* --- the world ------------------------------------------------------------------------------ */

static void make_word(struct year *y, char word[16])
{
    static const char onset[] = "bdfgklmnprstvz", vowel[] = "aeiou";

    for (unsigned i = 0; i < 6; i += 2) {
        word[i] = onset[test_random_below(&y->random, sizeof onset - 1)];
        word[i + 1] = vowel[test_random_below(&y->random, sizeof vowel - 1)];
    }
    word[6] = onset[test_random_below(&y->random, sizeof onset - 1)];
    word[7] = '\0';
}

static void make_words(struct year *y)
{
    uint32_t things = y->scale.things;

    y->words = calloc(things * (1 + WORDINGS), sizeof *y->words);
    for (uint32_t i = 0; i < things * (1 + WORDINGS); i++)
        if (i >= things && test_random_below(&y->random, 4) == 0)
            memcpy(y->words[i], y->words[test_random_below(&y->random, things)], 16);
        else
            make_word(y, y->words[i]);
}

static void make_cases(struct year *y)
{
    double sum = 0;

    y->about = calloc(y->scale.cases, sizeof *y->about);
    y->weight = calloc(y->scale.cases, sizeof *y->weight);
    for (uint32_t c = 0; c < y->scale.cases; c++) {
        char json[400], title[80] = "";

        for (unsigned i = 0; i < THINGS; i++) {
            y->about[c][i] = test_random_below(&y->random, y->scale.things);
            (void)snprintf(title + strlen(title), sizeof title - strlen(title), "%s%s",
                           i > 0 ? " " : "", y->words[y->about[c][i]]);
        }
        (void)snprintf(json, sizeof json,
                       "{\"id\":\"Y-%u\",\"lang\":\"en\",\"title\":\"%s\",\"author\":\"au%u\","
                       "\"resolution\":\"%s then %s\"}",
                       c, title, c % 7, y->words[test_random_below(&y->random, y->scale.things)],
                       y->words[test_random_below(&y->random, y->scale.things)]);
        put_case(y->f, json);
        y->weight[c] = sum += 1 / pow(c + 1, 0.8);
    }
    y->spam = y->scale.cases / 2;
}

static uint32_t draw_case(struct year *y)
{
    double at = chance(y) * y->weight[y->scale.cases - 1];
    uint32_t c = 0;

    while (c + 1 < y->scale.cases && y->weight[c] < at)
        c++;
    return c;
}

/* Two or three of its things, in the words of whoever asks. */
static void draw_question(struct year *y, uint32_t c, char text[80])
{
    unsigned left_out = test_random_below(&y->random, THINGS + 1);

    text[0] = '\0';
    for (unsigned i = 0; i < THINGS; i++) {
        uint32_t thing = y->about[c][i];

        if (i == left_out)
            continue;
        if (chance(y) > 0.3)
            thing = y->scale.things + thing * WORDINGS + test_random_below(&y->random, WORDINGS);
        (void)snprintf(text + strlen(text), 80 - strlen(text), "%s%s", text[0] != '\0' ? " " : "",
                       y->words[thing]);
    }
}

/* --- people --------------------------------------------------------------------------------- */

struct asked {
    char id[ID_HEX_BYTES];
    struct search_result answers;
};

static void ask(struct year *y, const char *person, const char *text, struct asked *out)
{
    const struct who who = who_customer();
    const struct ask_input input = {.text = bytes_str(text), .asker = bytes_str(person)};
    const char *id;
    struct error err;

    arena_clear(y->f->arena);
    clock_fix(y->now_ms += 1000);
    assert_ok(ask_begin(y->f->app, &who, &input, y->f->arena, &id, &out->answers, &err));
    (void)snprintf(out->id, sizeof out->id, "%s", id);
}

static void again(struct year *y, const char *text, struct asked *asked)
{
    const struct who who = who_customer();
    struct error err;

    arena_clear(y->f->arena);
    assert_ok(
        ask_again(y->f->app, &who, asked->id, bytes_str(text), y->f->arena, &asked->answers, &err));
}

static void open_case(struct year *y, const char *id, struct bytes case_id)
{
    const struct who who = who_customer();
    struct error err;

    assert_ok(ask_opened(y->f->app, &who, id, case_id, &err));
}

static void solved(struct year *y, const char *id, const char *case_id)
{
    const struct who who = who_customer();
    struct error err;

    assert_ok(settle(y->f, &who, id, true, case_id, 0, &err));
}

static void case_name(uint32_t c, char name[16])
{
    (void)snprintf(name, 16, "Y-%u", c);
}

/* Looks at rank r with a chance of r^-0.7; opens what looks right, and now and then something
 * else, which now and then is taken for the solution. False: nothing helped. */
static bool look(struct year *y, struct asked *asked, uint32_t c)
{
    char right[16];

    case_name(c, right);
    for (uint32_t i = 0; i < asked->answers.hits_count; i++) {
        char name[16];
        bool is_right = bytes_equal(asked->answers.hits[i].id, bytes_str(right));

        if (chance(y) > pow(i + 1, -0.7) || (!is_right && chance(y) > 0.2))
            continue;
        (void)snprintf(name, sizeof name, "%.*s", (int)asked->answers.hits[i].id.len,
                       (const char *)asked->answers.hits[i].id.data);
        open_case(y, asked->id, bytes_str(name));
        if (is_right || chance(y) < 0.1) {
            solved(y, asked->id, name);
            return true;
        }
    }
    return false;
}

/* What nothing helped becomes a ticket, and an engineer says what solved it. */
static void ticket(struct year *y, const struct asked *asked, uint32_t c)
{
    const struct who customer = who_customer(), staff = who_staff(ROLE_ENGINEER, "resolver");
    const struct ticket_input input = {.consult_id = asked->id, .title = BYTES_LIT("")};
    struct ticket_opened opened;
    char right[16];
    struct error err;

    case_name(c, right);
    assert_ok(settle(y->f, &customer, asked->id, false, "", 0, &err));
    assert_ok(ticket_open(y->f->app, &customer, &input, &opened, &err));
    assert_ok(ticket_link(y->f->app, &staff, opened.no, bytes_str(right), BYTES_LIT("resolved_by"),
                          &err));
}

static void one_consult(struct year *y)
{
    char person[32], text[80];
    uint32_t c = draw_case(y);
    struct asked asked;

    (void)snprintf(person, sizeof person, "10.0.%u.%u", test_random_below(&y->random, 4),
                   test_random_below(&y->random, 100));
    draw_question(y, c, text);
    ask(y, person, text, &asked);
    for (unsigned tries = 0; !look(y, &asked, c); tries++) {
        if (tries == 2) {
            if (chance(y) < 0.5)
                ticket(y, &asked, c);
            return;
        }
        draw_question(y, c, text);
        again(y, text, &asked);
    }
}

/* The author, at home: what is asked most, as often as he likes, with his case as the solution
 * whenever it is shown; and signed in, which the ledger calls self-use. */
static void one_spam(struct year *y)
{
    char text[80], name[16], author[16];
    struct who staff;
    struct asked asked;
    struct error err;
    bool is_shown = false;

    struct test_random others = y->random;

    y->random = y->his;
    case_name(y->spam, name);
    (void)snprintf(author, sizeof author, "au%u", y->spam % 7);
    staff = who_staff(ROLE_AUTHOR, author);
    draw_question(y, draw_case(y), text);
    /* His case's first word brings it up. */
    (void)snprintf(text + strlen(text), 80 - strlen(text), " %s", y->words[y->about[y->spam][0]]);
    y->his = y->random;
    y->random = others;
    ask(y, "192.0.2.66", text, &asked);
    for (uint32_t i = 0; i < asked.answers.hits_count; i++)
        is_shown = is_shown || bytes_equal(asked.answers.hits[i].id, bytes_str(name));
    if (!is_shown)
        return;
    open_case(y, asked.id, bytes_str(name));
    if (test_random_below(&y->his, 2) == 0)
        solved(y, asked.id, name);
    else
        assert_ok(settle(y->f, &staff, asked.id, true, name, 0, &err));
}

/* --- what it is worth ----------------------------------------------------------------------- */

struct exam {
    char (*questions)[80];
    uint32_t *answers;
};

struct grade {
    double hit1, mrr;
    double spam; /* reciprocal rank of the author's case where it is not the answer */
};

static struct exam make_exam(struct year *y)
{
    struct exam exam = {calloc(y->scale.questions, 80), calloc(y->scale.questions, 4)};

    for (uint32_t i = 0; i < y->scale.questions; i++) {
        exam.answers[i] = draw_case(y);
        draw_question(y, exam.answers[i], exam.questions[i]);
    }
    return exam;
}

static struct grade grade(struct year *y, const struct exam *exam)
{
    struct grade g = {0};

    for (uint32_t i = 0; i < y->scale.questions; i++) {
        const struct search_request request = {.query = bytes_str(exam->questions[i]), .limit = 10};
        struct search_result result;
        char right[16], spam[16];
        struct error err;

        case_name(exam->answers[i], right);
        case_name(y->spam, spam);
        arena_clear(y->f->arena);
        assert_ok(app_search(y->f->app, &request, y->f->arena, &result, &err));
        for (uint32_t r = 0; r < result.hits_count; r++) {
            if (bytes_equal(result.hits[r].id, bytes_str(right))) {
                g.hit1 += r == 0;
                g.mrr += 1.0 / (r + 1);
            } else if (bytes_equal(result.hits[r].id, bytes_str(spam))) {
                g.spam += 1.0 / (r + 1);
            }
        }
    }
    g.hit1 /= y->scale.questions;
    g.mrr /= y->scale.questions;
    g.spam /= y->scale.questions;
    return g;
}

static void note_fault(void *context, const char *sentence)
{
    (void)context;
    fail_msg("%s", sentence);
}

/* From the same seed with the author's work and without it. */
static void play(struct fixture *f, const struct scale *scale, uint64_t seed, bool has_spam,
                 struct grade grades[MONTHS + 1])
{
    struct year y = {
        .f = f,
        .random = {seed},
        .his = {66},
        .scale = *scale,
        .now_ms = START_MS,
    };
    struct exam exam;
    struct txn *txn;
    struct error err;

    make_words(&y);
    make_cases(&y);
    exam = make_exam(&y);
    grades[0] = grade(&y, &exam);
    for (unsigned month = 1; month <= MONTHS; month++) {
        for (uint32_t i = 0; i < y.scale.consults_a_month; i++) {
            y.now_ms = START_MS + ((month - 1) * 30 + i * 30 / y.scale.consults_a_month) * DAY_MS +
                       i * 5000;
            one_consult(&y);
            if (has_spam && i % 5 == 0)
                one_spam(&y);
        }
        grades[month] = grade(&y, &exam);
        print_message("%s%5u  %.3f   %.3f   %.4f\n",
                      month == 1 ? "month  hit@1   MRR@10  his\n" : "", month, grades[month].hit1,
                      grades[month].mrr, grades[month].spam);
    }
    print_message("before %.3f   %.3f   %.4f\n", grades[0].hit1, grades[0].mrr, grades[0].spam);
    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    assert_ok(learn_check(txn, note_fault, NULL, &err));
    txn_abort(txn);
    free(y.words);
    free(y.about);
    free(y.weight);
    free(exam.questions);
    free(exam.answers);
}

/* Adds what a year was worth. */
static void add_year(const struct scale *scale, uint64_t seed, bool has_spam,
                     struct grade sums[MONTHS + 1])
{
    struct grade grades[MONTHS + 1];
    void *fixture;

    assert_int_equal(0, fixture_begin(&fixture));
    play(fixture, scale, seed, has_spam, grades);
    assert_int_equal(0, fixture_end(&fixture));
    for (unsigned month = 0; month <= MONTHS; month++) {
        sums[month].hit1 += grades[month].hit1;
        sums[month].mrr += grades[month].mrr;
        sums[month].spam += grades[month].spam;
    }
}

/* A small world depends on who came by: in one of twelve, one more voter by chance gave the author
 * 0.06, in another he lost 0.02. So the means of a few are looked at. */
static void a_year_of_use_teaches_and_comes_to_rest(void **state)
{
    const struct scale check = {60, 60, 60, 200}, large = {1000, 400, 1500, 2000};
    const bool is_large = getenv("YEAR") != NULL;
    const char *given = getenv("TEST_SEED");
    const uint64_t seed = given != NULL ? strtoull(given, NULL, 10) : 20261122;
    const unsigned worlds = is_large ? 1 : 4;
    struct grade with[MONTHS + 1] = {0}, without[MONTHS + 1] = {0};

    (void)state;
    for (unsigned i = 0; i < worlds; i++) {
        add_year(is_large ? &large : &check, seed + i, true, with);
        add_year(is_large ? &large : &check, seed + i, false, without);
    }
    assert_true(with[MONTHS].mrr > with[0].mrr * 1.4);
    assert_true(with[MONTHS].hit1 > with[0].hit1 * 1.4);
    for (unsigned month = MONTHS - 2; month <= MONTHS; month++)
        assert_true(fabs(with[month].mrr - with[month - 1].mrr) < 0.04 * worlds);
    /* One person's work of a year: next to nothing. Where one is enough to teach a word (PEOPLE_MIN
     * 1) it is 0.10 a world. */
    assert_true(with[MONTHS].spam < without[MONTHS].spam + 0.05 * worlds);
    assert_true(with[MONTHS].mrr > without[MONTHS].mrr - 0.05 * worlds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_year_of_use_teaches_and_comes_to_rest, fixture_begin,
                                        fixture_end),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
