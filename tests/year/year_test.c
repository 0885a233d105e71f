/* A year of a small company, and every figure of its reports against an independent count of the
 * journal (count.py): the whole year, its quarters as they were asked at their ends, by everything
 * that a report can be asked by. TEST_SEED plays another year. */
#include "tests/year/year.h"

#include "data/check.h"
#include "data/dump.h"
#include "intake/desk/ticket_sweep.h"
#include "intake/intake_check.h"
#include "intake/report/report.h"
#include "intake/ticket/ticket_flow.h"

#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define HOUR_MS INT64_C(3600000)
#define DAYS 365
#define TICKETS_AT_LEAST 300
#define SEED 20261123 /* any odd number; the same year each time */

static const char *const bys[] = {"",         "product", "group",   "person",
                                  "severity", "class",   "channel", "entered_by"};

/* --- asking for reports ---------------------------------------------------------------------- */

/* A line for count.py: what was asked, after which entry of the journal, and the answer. */
static void ask_report(struct year *year, const char *from, const char *to, const char *by,
                       FILE *out)
{
    const struct who boss = who_staff(ROLE_SUPERVISOR, "boss");
    struct journal_head head;
    json_t *report, *line;
    struct txn *txn;
    struct error err;
    char *text;

    assert_ok(report_tickets(
        year->f->app, &boss,
        &(struct report_request){bytes_str(from), bytes_str(to), bytes_str(by)}, &report, &err));
    assert_ok(store_begin_read(app_store(year->f->app), &txn, &err));
    assert_ok(journal_head(txn, &head, &err));
    txn_abort(txn);
    line = json_pack("{s:I,s:I,s:s,s:o}", "seq", (json_int_t)head.seq, "now",
                     (json_int_t)clock_now_ms(), "by", by, "report", report);
    text = json_dumps(line, JSON_COMPACT);
    assert_non_null(text);
    assert_true(fprintf(out, "%s\n", text) > 0);
    free(text);
    json_decref(line);
}

static void ask_all(struct year *year, const char *from, const char *to, FILE *out)
{
    for (size_t i = 0; i < sizeof bys / sizeof bys[0]; i++)
        ask_report(year, from, to, bys[i], out);
}

/* --- playing --------------------------------------------------------------------------------- */

static unsigned done[64];

static const struct deed *choose_deed(struct year *year)
{
    uint32_t sum = 0, at;
    size_t i = 0;

    for (size_t k = 0; k < year_deeds_count; k++)
        sum += year_deeds[k].weight;
    at = year_below(year, sum);
    while (at >= year_deeds[i].weight)
        at -= year_deeds[i++].weight;
    return &year_deeds[i];
}

static bool is_refusal(enum status status)
{
    return status == AF_CONFLICT || status == AF_INVALID || status == AF_DENIED ||
           status == AF_NOT_FOUND;
}

static void look_whether_over(struct year *year, struct ticket_of_year *ticket)
{
    const struct who who = who_staff(ROLE_ENGINEER, "lin.wei");
    enum ticket_state state;
    struct error err;
    json_t *json;

    assert_ok(ticket_get(year->f->app, &who, ticket->no, &json, &err));
    assert_true(ticket_state_parse(bytes_str(json_get_str(json, "state")), &state));
    ticket->is_over = !ticket_state_is_open(state);
    json_decref(json);
}

static void do_something(struct year *year)
{
    struct ticket_of_year *ticket = &year->tickets[year_below(year, year->count)];
    const struct deed *deed = choose_deed(year);
    struct error err;
    enum status status;

    for (int i = 0; i < 20 && ticket->is_over && !year_chance(year, 60); i++)
        ticket = &year->tickets[year_below(year, year->count)];
    status = deed->fn(year, ticket, &err);
    if (status == AF_OK)
        done[deed - year_deeds]++;
    else if (!is_refusal(status))
        fail_msg("%s on ticket %u: %s", deed->name, ticket->no, err.text);
    look_whether_over(year, ticket);
}

static void play_hour(struct year *year, int64_t hour_ms)
{
    const uint32_t hour_utc = (uint32_t)(hour_ms / HOUR_MS % 24);
    const bool is_day = hour_utc < 10; /* 08:00 to 18:00 in Shanghai */
    uint32_t deeds = is_day ? 2 + year_below(year, 4) : year_below(year, 6) == 0;
    struct ticket_swept swept;
    struct error err;

    year->now_ms = hour_ms + (int64_t)year_below(year, 300) * 1000;
    clock_fix(year->now_ms);
    assert_ok(ticket_sweep(year->f->app, &swept, &err));
    if (year_chance(year, is_day ? 90 : 14)) {
        enum status status = year_open(year, &err);

        if (status != AF_OK && status != AF_CONFLICT)
            fail_msg("opening: %s", err.text);
    }
    while (year->count > 0 && deeds-- > 0) {
        year->now_ms += (int64_t)(30 + year_below(year, 300)) * 1000;
        clock_fix(year->now_ms);
        do_something(year);
    }
}

static void play(struct year *year, FILE *reports)
{
    static const char *const quarters[] = {"2026-01-01", "2026-04-01", "2026-07-01", "2026-10-01",
                                           "2027-01-01"};
    int64_t start_ms, quarter_ms;
    unsigned quarter = 1;

    assert_true(clock_parse(BYTES_LIT("2026-01-01"), &start_ms));
    year->now_ms = start_ms;
    clock_fix(start_ms);
    year_rules(year);
    for (int64_t hour = 0; hour < DAYS * 24; hour++) {
        assert_true(clock_parse(bytes_str(quarters[quarter]), &quarter_ms));
        if (start_ms + hour * HOUR_MS >= quarter_ms) {
            clock_fix(quarter_ms);
            ask_all(year, quarters[quarter - 1], quarters[quarter], reports);
            quarter++;
        }
        play_hour(year, start_ms + hour * HOUR_MS);
    }
    clock_fix(start_ms + (DAYS + 3) * 24 * HOUR_MS); /* what is open by then is late or not */
    ask_all(year, quarters[0], quarters[4], reports);
    ask_all(year, "2026-02-10T08:00:00Z", "2026-02-25T03:00:00Z", reports);
}

static void demand_deeds(const struct year *year)
{
    assert_true(year->count >= TICKETS_AT_LEAST);
    print_message("%u tickets; done:", year->count);
    for (size_t i = 0; i < year_deeds_count; i++)
        print_message(" %s %u", year_deeds[i].name, done[i]);
    print_message("\n");
    for (size_t i = 0; i < year_deeds_count; i++)
        if (done[i] < year_deeds[i].at_least)
            fail_msg("%s was done %u times, and has to be %u times", year_deeds[i].name, done[i],
                     year_deeds[i].at_least);
}

/* --- what has to hold afterwards ------------------------------------------------------------- */

static void demand_sound(void *context, const char *sentence)
{
    (void)context;
    fail_msg("%s", sentence);
}

static FILE *open_file(const struct fixture *f, const char *name, const char *mode)
{
    char path[512];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", f->dir, name);
    file = fopen(path, mode);
    assert_non_null(file);
    return file;
}

static int count_again(const struct fixture *f, const char *reports)
{
    char dump[512], asked[512];
    char *const words[] = {
        (char *)"python3", (char *)"-B", (char *)"tests/year/count.py", dump, asked, NULL};
    int code;
    pid_t pid;

    (void)snprintf(dump, sizeof dump, "%s/dump.jsonl", f->dir);
    (void)snprintf(asked, sizeof asked, "%s/%s", f->dir, reports);
    (void)fflush(stdout);
    assert_int_equal(0, posix_spawnp(&pid, words[0], NULL, NULL, words, environ));
    assert_int_equal(pid, waitpid(pid, &code, 0));
    assert_true(WIFEXITED(code));
    return WEXITSTATUS(code);
}

/* One figure of one report written wrongly: were it not noticed, nothing would be. */
static void write_wrong_reports(const struct fixture *f)
{
    FILE *from = open_file(f, "reports.jsonl", "r"), *to = open_file(f, "wrong.jsonl", "w");
    char *line = NULL, *closed;
    size_t room = 0;

    assert_true(getline(&line, &room, from) > 0);
    closed = strstr(line, "\"closed\":");
    assert_non_null(closed);
    closed += strlen("\"closed\":");
    assert_true(fprintf(to, "%.*s1%s", (int)(closed - line), line, closed) > 0);
    while (getline(&line, &room, from) > 0)
        assert_true(fputs(line, to) >= 0);
    free(line);
    (void)fclose(from);
    assert_int_equal(0, fclose(to));
}

/* The same journal in another store gives the same tables. */
static void demand_replayed(struct fixture *f)
{
    char *dir = test_dir_new();
    FILE *dump = open_file(f, "dump.jsonl", "r");
    struct app *other;
    struct txn *a, *b;
    struct error err;
    uint64_t entries;

    assert_ok(app_open(dir, APP_WRITE, &other, &err));
    assert_ok(dump_load(app_store(other), app_journal(other), dump, NULL, NULL, &entries, &err));
    assert_ok(store_begin_read(app_store(f->app), &a, &err));
    assert_ok(store_begin_read(app_store(other), &b, &err));
    for (unsigned table = TABLE_CONSULT; table < TABLE_COUNT; table++) {
        struct table_sum x = store_sum(a, (enum table)table), y = store_sum(b, (enum table)table);

        if (x.count != y.count || x.sum != y.sum)
            fail_msg("table %s is another after a replay", table_name((enum table)table));
    }
    txn_abort(a);
    txn_abort(b);
    app_close(other);
    (void)fclose(dump);
    test_dir_remove(dir);
}

static void every_figure_of_a_year_equals_a_count_of_the_journal(void **state)
{
    static struct year year;
    const char *given = getenv("TEST_SEED"); /* another year */
    struct fixture *f = *state;
    FILE *reports = open_file(f, "reports.jsonl", "w"), *dump = open_file(f, "dump.jsonl", "w");
    struct txn *txn;
    struct error err;

    year.f = f;
    year.random.state = given != NULL ? strtoull(given, NULL, 10) | 1 : SEED;
    play(&year, reports);
    assert_int_equal(0, fclose(reports));
    demand_deeds(&year);
    assert_ok(dump_write(app_store(f->app), dump, NULL, NULL, &err));
    assert_int_equal(0, fclose(dump));
    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    for (const check_more_fn *look = intake_checks; *look != NULL; look++)
        assert_ok((*look)(txn, demand_sound, NULL, &err));
    txn_abort(txn);
    assert_int_equal(0, count_again(f, "reports.jsonl"));
    write_wrong_reports(f);
    assert_int_equal(1, count_again(f, "wrong.jsonl"));
    demand_replayed(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_figure_of_a_year_equals_a_count_of_the_journal,
                                        fixture_begin, fixture_end),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
