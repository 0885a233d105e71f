/* tickets.c: what a store with many tickets costs (`make bench-tickets`).
 *
 *   tickets DIR COUNT OPEN SECONDS
 *
 * Makes COUNT tickets, OPEN of them open, unless DIR has them from an earlier run: real ones,
 * opened by the services, are copied with other numbers, groups, persons and times straight into
 * the store, since a million journaled ones would measure the disk. Then, one after the other, in
 * this process: pages of work lists, single tickets, a sweep of which few clocks are due; and in a
 * store of its own, durable opening by one client and by CLIENTS. Prints rows of Markdown. */
#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/app.h"
#include "intake/desk/ticket.h"
#include "intake/desk/ticket_sweep.h"
#include "intake/ticket/ticket_record.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TEMPLATES 64
#define GROUPS 40
#define PEOPLE 400
#define BATCH 2000 /* tickets a transaction */
#define ASKED 2000 /* pages, tickets */
#define DUE 25     /* tickets whose time comes before the sweep */
#define CLIENTS 32
#define DAY_MS INT64_C(86400000)

static void must(enum status status, const struct error *err)
{
    if (status == AF_OK)
        return;
    (void)fprintf(stderr, "tickets: %s\n", err->text);
    exit(1);
}

static uint64_t seed = 20261122;
static uint32_t below(uint32_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((seed >> 33) % n);
}

/* --- making them ----------------------------------------------------------------------------- */

static const char story[] =
    "客户反映办公楼三层的路由器每天傍晚断线，重启后恢复，第二天又发生。已更换网线和电源，"
    "信号灯红色闪烁，日志里反复出现 E-013。The access point on the same floor is not affected. ";

static uint32_t open_one(struct app *app, const struct who *who, uint32_t i)
{
    static const char *const severities[] = {"S2", "S3", "S4", "S3"};
    struct ticket_opened opened;
    struct error err;
    char text[4 * sizeof story + 32];

    (void)snprintf(text, sizeof text, "%s%s%s(%u)", story, i % 2 ? story : "", i % 3 ? story : "",
                   i);
    must(ticket_open(app, who,
                     &(struct ticket_input){.channel = BYTES_LIT("phone"),
                                            .severity = bytes_str(severities[i % 4]),
                                            .title = BYTES_LIT("路由器红灯闪烁，每天傍晚断线"),
                                            .text = bytes_str(text),
                                            .product = BYTES_LIT("NetHome HG8"),
                                            .lang = BYTES_LIT("zh-Hans")},
                     &opened, &err),
         &err);
    return opened.no;
}

/* A ticket with a thread, as it is after a few days of work; open or closed. */
static json_t *make_template(struct app *app, const struct who *who, uint32_t i, bool is_open)
{
    static const char *const steps[] = {"take", "wait_customer", "resume", "resolve", "close"};
    uint32_t no = open_one(app, who, i), taken = is_open ? i % 4 : 5;
    struct txn *txn;
    json_t *ticket;
    struct error err;

    for (uint32_t s = 0; s < taken; s++) {
        must(ticket_move(app, who, no, bytes_str(steps[s]), BYTES_LIT("cable replaced"), &err),
             &err);
        must(ticket_reply(app, who, no, bytes_str(story), s % 2 == 1, NULL, &err), &err);
    }
    must(store_begin_read(app_store(app), &txn, &err), &err);
    must(ticket_load(txn, no, &ticket, &err), &err);
    txn_abort(txn);
    return ticket;
}

static void shift(json_t *object, const char *member, int64_t by_ms, bool *ok)
{
    int64_t at_ms;

    if (clock_parse(bytes_str(json_get_str(object, member)), &at_ms))
        json_put(object, member, json_from_time(at_ms + by_ms), ok);
}

static void shift_clocks(json_t *ticket, int64_t by_ms, bool *ok)
{
    static const char *const members[] = {"started", "due",      "warn",
                                          "warned",  "breached", "stopped"};
    json_t *clock, *run;
    size_t i, k;

    json_array_foreach(json_object_get(ticket, "clocks"), i, clock)
    {
        for (size_t m = 0; m < sizeof members / sizeof members[0]; m++)
            shift(clock, members[m], by_ms, ok);
        json_array_foreach(json_object_get(clock, "runs"), k, run)
        {
            shift(run, "from", by_ms, ok);
            shift(run, "to", by_ms, ok);
        }
    }
}

static void store_one(struct txn *txn, const json_t *template, uint32_t no, bool is_open,
                      int64_t now_ms)
{
    json_t *ticket = json_deep_copy(template);
    struct command command = {.at_ms = now_ms, .seq = 1};
    bool ok = ticket != NULL;
    struct error err;

    json_put(ticket, "n", json_integer(no), &ok);
    json_put(ticket, "ticket", json_sprintf("AF-2026-%06u", no), &ok);
    json_put(ticket, "group", json_sprintf("group-%u", below(GROUPS)), &ok);
    json_put(ticket, "person", json_sprintf("person-%u", below(PEOPLE)), &ok);
    (void)json_object_del(ticket, "queued");
    (void)json_object_del(ticket, "next_clock");
    (void)json_object_del(ticket, "indexed");
    if (is_open) /* reported within the last days: due in the days to come, or past already */
        shift_clocks(ticket, DAY_MS / 24 + (int64_t)below((uint32_t)(20 * DAY_MS / 1000)) * 1000,
                     &ok);
    else
        command.at_ms -= (int64_t)below(300) * DAY_MS;
    if (!ok) {
        (void)fprintf(stderr, "tickets: no memory\n");
        exit(1);
    }
    must(ticket_save(txn, ticket, &command, &err), &err);
    json_decref(ticket);
}

static void make_tickets(struct app *app, uint32_t count, uint32_t open)
{
    const struct who who = who_operator();
    json_t *templates[2][TEMPLATES];
    const int64_t now_ms = clock_now_ms();
    struct txn *txn = NULL;
    struct error err;

    for (uint32_t i = 0; i < TEMPLATES; i++)
        for (unsigned is_open = 0; is_open < 2; is_open++)
            templates[is_open][i] = make_template(app, &who, i, is_open == 1);
    for (uint32_t i = 0; i < count; i++) {
        const bool is_open = (uint64_t)i * open / count != (uint64_t)(i + 1) * open / count;

        if (i % BATCH == 0)
            must(store_begin_write(app_store(app), &txn, &err), &err);
        store_one(txn, templates[is_open][below(TEMPLATES)], 2 * TEMPLATES + 1 + i, is_open,
                  now_ms);
        if (i % BATCH == BATCH - 1 || i + 1 == count)
            must(txn_commit(txn, &err), &err);
    }
    for (uint32_t i = 0; i < TEMPLATES; i++) {
        json_decref(templates[0][i]);
        json_decref(templates[1][i]);
    }
}

static uint64_t count_tickets(struct app *app)
{
    struct txn *txn;
    struct error err;
    uint64_t count;

    must(store_begin_read(app_store(app), &txn, &err), &err);
    count = store_sum(txn, TABLE_TICKET).count;
    txn_abort(txn);
    return count;
}

/* --- asking ---------------------------------------------------------------------------------- */

static double cpu_us(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static void print_row(const char *what, double *us, uint32_t count)
{
    qsort(us, count, sizeof us[0], by_size);
    (void)printf("| %s | %.2f | %.2f | %.2f |\n", what, us[count / 2] / 1e3,
                 us[count * 99 / 100] / 1e3, us[count - 1] / 1e3);
}

/* Pages one after another, each list begun anew after some. */
static void measure_pages(struct app *app, const char *what, const char *state, bool of_group,
                          bool of_person)
{
    static double us[ASKED];
    const struct who who = who_operator();
    char name[32] = "", after[64] = "";

    for (uint32_t i = 0; i < ASKED; i++) {
        struct ticket_filter filter = {
            .state = bytes_str(state), .by_due = true, .limit = 50, .after = bytes_str(after)};
        struct error err;
        json_t *list;
        double from;

        if (after[0] == '\0')
            (void)snprintf(name, sizeof name, "%s-%u", of_group ? "group" : "person",
                           below(of_group ? GROUPS : PEOPLE));
        if (of_group)
            filter.group = bytes_str(name);
        if (of_person)
            filter.person = bytes_str(name);
        from = cpu_us();
        must(ticket_list(app, &who, &filter, &list, &err), &err);
        us[i] = cpu_us() - from;
        (void)snprintf(after, sizeof after, "%s", i % 7 == 6 ? "" : json_get_str(list, "after"));
        json_decref(list);
    }
    print_row(what, us, ASKED);
}

static void measure_views(struct app *app, uint32_t count)
{
    static double us[ASKED];
    const struct who who = who_operator();

    for (uint32_t i = 0; i < ASKED; i++) {
        struct error err;
        json_t *ticket;
        double from = cpu_us();

        must(ticket_get(app, &who, 1 + below(count), &ticket, &err), &err);
        us[i] = cpu_us() - from;
        json_decref(ticket);
    }
    print_row("one ticket", us, ASKED);
}

/* The instant before which the first DUE of the open ones are to be looked at. */
static int64_t instant_of_due(struct app *app)
{
    struct bytes key, body;
    struct cursor *cursor;
    struct txn *txn;
    struct error err;
    uint64_t at_ms = 0;

    must(store_begin_read(app_store(app), &txn, &err), &err);
    must(cursor_open(txn, TABLE_TICKET_DUE, BYTES_NONE, WALK_UP, &cursor, &err), &err);
    for (uint32_t i = 0; i < DUE && cursor_next(cursor, &key, &body, &err) == AF_OK; i++) {
        struct reader r = reader_of(key);

        (void)reader_be64(&r, &at_ms);
    }
    cursor_close(cursor);
    txn_abort(txn);
    return (int64_t)at_ms + 1;
}

static void measure_sweep(struct app *app)
{
    struct ticket_swept swept;
    uint64_t waiting;
    struct txn *txn;
    struct error err;
    double us;

    must(store_begin_read(app_store(app), &txn, &err), &err);
    waiting = store_sum(txn, TABLE_TICKET_DUE).count;
    txn_abort(txn);
    clock_fix(instant_of_due(app));
    us = cpu_us();
    must(ticket_sweep(app, &swept, &err), &err);
    us = cpu_us() - us;
    (void)printf(
        "\n%llu tickets wait for a clock or a timer; %u were due: a sweep read %u rows of\n"
        "`ticket_due` and changed %u tickets",
        (unsigned long long)waiting, swept.tickets, swept.rows, swept.tickets);
    us = cpu_us();
    must(ticket_sweep(app, &swept, &err), &err);
    us = cpu_us() - us;
    (void)printf("; the next one read %u in %.2f ms.\n", swept.rows, us / 1e3);
    clock_fix(-1);
}

/* --- opening --------------------------------------------------------------------------------- */

struct client {
    pthread_t thread;
    struct app *app;
    int64_t until_us;
    uint32_t opened;
};

static void *open_until(void *context)
{
    const struct who who = who_operator();
    struct client *client = context;

    while (clock_steady_us() < client->until_us)
        (void)open_one(client->app, &who, client->opened++);
    return NULL;
}

static double opened_a_second(struct app *app, unsigned clients, double seconds)
{
    struct client all[CLIENTS];
    const int64_t from_us = clock_steady_us();
    double count = 0;

    for (unsigned i = 0; i < clients; i++) {
        all[i] = (struct client){.app = app, .until_us = from_us + (int64_t)(seconds * 1e6)};
        if (pthread_create(&all[i].thread, NULL, open_until, &all[i]) != 0) {
            (void)fprintf(stderr, "tickets: no thread\n");
            exit(1);
        }
    }
    for (unsigned i = 0; i < clients; i++) {
        (void)pthread_join(all[i].thread, NULL);
        count += all[i].opened;
    }
    return count / ((double)(clock_steady_us() - from_us) / 1e6);
}

/* In turn, three times: whatever else the machine does hits both. */
static void measure_opening(const char *dir, double seconds)
{
    double one = 0, many = 0;
    struct buf path = {0};
    struct app *app;
    struct error err;
    uint64_t before;

    buf_printf(&path, "%s-opening", dir);
    must(app_open(buf_str(&path), APP_WRITE, &app, &err), &err);
    before = count_tickets(app);
    for (int round = 0; round < 3; round++) {
        one += opened_a_second(app, 1, seconds / 3);
        many += opened_a_second(app, CLIENTS, seconds / 3);
    }
    (void)printf("\nDurable opening: %.0f a second by one client, %.0f by %d: %.1f times "
                 "(%llu tickets are there).\n",
                 one / 3, many / 3, CLIENTS, many / one,
                 (unsigned long long)(count_tickets(app) - before));
    app_close(app);
    buf_release(&path);
}

int main(int argc, char **argv)
{
    const uint32_t count = argc == 5 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0;
    const uint32_t open = argc == 5 ? (uint32_t)strtoul(argv[3], NULL, 10) : 0;
    const double seconds = argc == 5 ? strtod(argv[4], NULL) : 0;
    struct app *app;
    struct error err;

    if (count < 100 || open > count || seconds <= 0) {
        (void)fprintf(stderr, "usage: tickets DIR COUNT OPEN SECONDS (COUNT at least 100)\n");
        return 2;
    }
    must(app_open(argv[1], APP_WRITE, &app, &err), &err);
    if (count_tickets(app) < count)
        make_tickets(app, count, open);
    (void)printf("%llu tickets; CPU ms in this process, %d asked of each:\n\n"
                 "| asked | p50 | p99 | worst |\n|---|---|---|---|\n",
                 (unsigned long long)count_tickets(app), ASKED);
    measure_pages(app, "50 open ones of a group, by due time", "open", true, false);
    measure_pages(app, "50 of a group in progress, by due time", "in_progress", true, false);
    measure_pages(app, "50 closed ones of a group, newest first", "closed", true, false);
    measure_pages(app, "50 open ones of a person, by due time", "open", false, true);
    measure_pages(app, "50 open ones of all, by due time", "open", false, false);
    measure_views(app, count);
    measure_sweep(app);
    app_close(app);
    measure_opening(argv[1], seconds);
    return 0;
}
