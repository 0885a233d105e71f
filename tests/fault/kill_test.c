/* kill -9 at a random moment, again and again: every acknowledged command is there once. It says
 * little about power cuts (power_test), but all about locks, half-made groups and repeats.
 *
 * KILLS sets the number (default 500); TEST_SEED repeats the moments. */
#include "tests/harness.h"

#include "data/base/clock.h"
#include "tests/fault/scenario.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KILLS = 500, CLIENTS = 4, LIVES_A_STORE = 50, NUMBERS_MAX = 1 << 16 };

/* --- the one that is killed ----------------------------------------------------------------- */

/* What a client tells: written at once, less than PIPE_BUF, so whole or not at all. */
struct ack {
    uint32_t client, number;
    uint64_t seq;
};

struct client {
    struct scenario *s;
    uint32_t client, next;
    int fd;
};

static void make_prefix(uint32_t client, char prefix[16])
{
    (void)snprintf(prefix, 16, "k%u", client);
}

/* Begins with the number after the last acknowledged one, which may be in the journal already:
 * a repeat of what was under way when the one before was killed. */
static void *send_commands(void *context)
{
    struct client *client = context;
    char prefix[16];

    make_prefix(client->client, prefix);
    for (;; client->next++) {
        struct ack ack = {client->client, client->next, 0};
        struct error err;
        bool repeated;

        if (scenario_step(client->s, prefix, client->next, &ack.seq, &repeated, &err) != AF_OK ||
            write(client->fd, &ack, sizeof ack) != (ssize_t)sizeof ack)
            _exit(3);
    }
}

static void live(const char *dir, const uint32_t next[CLIENTS], int fd)
{
    struct client clients[CLIENTS];
    pthread_t threads[CLIENTS];
    struct scenario s;
    struct error err;

    if (scenario_open(&s, dir, &err) != AF_OK)
        _exit(2);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){&s, i, next[i], fd};
        if (pthread_create(&threads[i], NULL, send_commands, &clients[i]) != 0)
            _exit(2);
    }
    for (;;)
        (void)pause();
}

/* --- the one that kills --------------------------------------------------------------------- */

struct history {
    uint64_t *seqs[CLIENTS]; /* of each acknowledged number, from 1; 0: not heard of */
    uint32_t next[CLIENTS];
    uint64_t acks;
};

static void note_ack(struct history *history, const struct ack *ack)
{
    assert_true(ack->client < CLIENTS && ack->number < NUMBERS_MAX);
    assert_int_equal(0, history->seqs[ack->client][ack->number]);
    history->seqs[ack->client][ack->number] = ack->seq;
    history->next[ack->client] = ack->number + 1;
    history->acks++;
}

/* Reads until the pipe ends. Most are killed some time after their first acknowledgement, some
 * while they open the store. */
static void hear_and_kill(struct history *history, pid_t pid, int fd, struct test_random *random)
{
    uint32_t delay_us = test_random_below(random, 12000);
    struct ack acks[256];
    bool killed = test_random_below(random, 8) == 0;
    ssize_t n;

    if (killed) {
        (void)usleep(delay_us / 2);
        assert_int_equal(0, kill(pid, SIGKILL));
    }
    while ((n = read(fd, acks, sizeof acks)) > 0 || (n < 0 && errno == EINTR)) {
        for (ssize_t i = 0; i < n / (ssize_t)sizeof acks[0]; i++)
            note_ack(history, &acks[i]);
        if (!killed) {
            (void)usleep(delay_us);
            assert_int_equal(0, kill(pid, SIGKILL));
            killed = true;
        }
    }
}

static void one_life(struct history *history, const char *dir, struct test_random *random)
{
    int ends[2], how = 0;
    pid_t pid;

    assert_int_equal(0, pipe(ends));
    (void)fflush(NULL);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        close(ends[0]);
        live(dir, history->next, ends[1]);
    }
    close(ends[1]);
    hear_and_kill(history, pid, ends[0], random);
    close(ends[0]);
    while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
        continue;
    if (!WIFSIGNALED(how))
        fail_msg("the program ended by itself with %d", WEXITSTATUS(how));
}

/* Every acknowledgement, against what a new process finds. */
static void demand_all(const struct history *history, const char *dir,
                       const uint32_t since[CLIENTS])
{
    struct check_counts counts;
    struct scenario s;
    struct error err;

    assert_ok(scenario_open(&s, dir, &err));
    for (uint32_t i = 0; i < CLIENTS; i++) {
        char prefix[16];

        make_prefix(i, prefix);
        for (uint32_t number = since[i]; number < history->next[i]; number++)
            assert_ok(scenario_find(s.store, prefix, number, history->seqs[i][number], &err));
    }
    assert_ok(scenario_check(s.store, &counts, &err));
    assert_true(counts.journal.seq >= history->acks);
    scenario_close(&s);
}

static uint64_t one_store(unsigned lives, struct test_random *random)
{
    static const uint32_t all[CLIENTS] = {1, 1, 1, 1};
    struct history history = {
        .next = {1, 1, 1, 1}
    };
    char *dir = test_dir_new();

    for (size_t i = 0; i < CLIENTS; i++) {
        history.seqs[i] = calloc(NUMBERS_MAX, sizeof *history.seqs[i]);
        assert_non_null(history.seqs[i]);
    }
    for (unsigned life = 0; life < lives; life++) {
        uint32_t since[CLIENTS];

        memcpy(since, history.next, sizeof since);
        one_life(&history, dir, random);
        demand_all(&history, dir, since);
    }
    demand_all(&history, dir, all);
    for (size_t i = 0; i < CLIENTS; i++)
        free(history.seqs[i]);
    test_dir_remove(dir);
    return history.acks;
}

static void every_acknowledged_command_survives_a_kill_once(void **state)
{
    const char *given = getenv("KILLS");
    unsigned kills = given != NULL ? (unsigned)strtoul(given, NULL, 10) : KILLS;
    struct test_random random = test_random_new();
    int64_t start_us = clock_steady_us();
    uint64_t acks = 0;

    (void)state;
    for (unsigned done = 0; done < kills; done += LIVES_A_STORE)
        acks += one_store(kills - done < LIVES_A_STORE ? kills - done : LIVES_A_STORE, &random);
    print_message("kills: %u, acknowledged %llu, lost 0, doubled 0; %.1f s\n", kills,
                  (unsigned long long)acks, (double)(clock_steady_us() - start_us) / 1e6);
    assert_true(acks > kills);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_acknowledged_command_survives_a_kill_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
